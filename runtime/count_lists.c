/*
 * Party lists: seats by the highest averages.
 *
 * Each seat goes to the list whose votes, divided by its next divisor, are most: D'Hondt divides by
 * 1, 2, 3 … (Thomas Jefferson 1792, Victor D'Hondt 1878), Sainte-Laguë by 1, 3, 5 … (Daniel Webster
 * 1832, André Sainte-Laguë 1910). The modified Sainte-Laguë of Norway and Sweden begins with 1.4 or
 * 1.2 instead of 1 (`first_divisor`). A list below least_share of all votes for lists gets nothing.
 * The same apportions seats to constituencies by their people.
 *
 * A ballot is for one list; one with several is an overvote and does not count. The default option
 * gets no seat, and its votes are votes. Each seat is a round, its tally the quotients.
 */
#include "totals.h"

typedef struct lists {
    bl_count *count;
    bl_totals totals; /* its values are the quotients; is_in: lists that may get seats */
    uint64_t *votes;
    uint64_t all; /* of lists */
    uint64_t spoiled, blank;
    bl_amount *tally; /* the last round's: only the quotient that changes is written anew */
    uint32_t *best; /* lists with the highest quotient */
} lists;

/* ---- votes ---- */

static void count_pile(lists *run, const bl_pile *pile)
{
    const bl_contest *contest = run->count->contest;
    uint32_t chosen = BL_NONE, choices = 0;
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        const uint32_t list = contest->marks[pile->first_mark + i].candidate;
        const bool is_list = list < contest->candidate_count;
        if (is_list && contest->candidates[list].is_withdrawn) continue;
        choices += list == BL_MARK_OVERVOTE ? 2 : 1;
        if (is_list) chosen = list;
    }
    if (choices > 1)
        run->spoiled += pile->weight;
    else if (chosen == BL_NONE)
        run->blank += pile->weight;
    else
        run->votes[chosen] += pile->weight;
}

static void count_votes(lists *run)
{
    const bl_contest *contest = run->count->contest;
    for (uint32_t i = 0; i < contest->pile_count; i++)
        count_pile(run, &contest->piles[i]);
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        run->all += run->votes[i];
    bl_note_ballots(run->count, run->spoiled, "is for several lists and does not count",
                    "are for several lists and do not count");
    bl_note_ballots(run->count, run->blank, "is for no list that stands",
                    "are for no list that stands");
}

/* Whether votes / all reaches least_share. */
static bool reaches_share(lists *run, uint64_t votes)
{
    const bl_rational least = run->count->options->least_share;
    bl_exact_context *exact = &run->totals.exact;
    const bl_exact share = bl_exact_ratio(exact, (uint64_t)least.num, (uint64_t)least.den);
    const bl_exact needed = bl_exact_multiply(exact, share, BL_EXACT(run->all));
    return bl_exact_compare(exact, BL_EXACT(votes), needed) >= 0;
}

/* Lists without votes and those below the share are out before the first seat. */
static void leave_out(lists *run)
{
    bl_count *count = run->count;
    uint32_t *below = run->best, below_count = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (!run->totals.is_in[i]) continue;
        const bool is_enough = reaches_share(run, run->votes[i]);
        if (!is_enough && run->votes[i] > 0) below[below_count++] = i;
        run->totals.is_in[i] = is_enough && run->votes[i] > 0 &&
                               i != count->contest->default_option;
    }
    if (below_count == 0) return;
    bl_buffer share;
    bl_buffer_init(&share, count->memory);
    bl_rational_write_decimal(&share, count->options->least_share);
    if (share.failed) bl_count_nomem(count);
    bl_say_names(count, below, below_count);
    bl_say_text(count, " %s below %.*s of all votes and %s no seat",
                below_count == 1 ? "is" : "are", (int)share.size, share.bytes ? share.bytes : "",
                below_count == 1 ? "gets" : "get");
    bl_buffer_free(&share);
    bl_note_add(count, bl_say_end(count));
}

/* ---- quotients ---- */

/* The divisor of a list that has so many seats. */
static bl_exact divisor_of(lists *run, uint32_t seats)
{
    const bl_count_options *options = run->count->options;
    const bl_rational first = options->first_divisor;
    if (seats == 0)
        return bl_exact_ratio(&run->totals.exact, (uint64_t)first.num, (uint64_t)first.den);
    return BL_EXACT(options->method == BL_METHOD_DHONDT ? (uint64_t)seats + 1
                                                        : 2 * (uint64_t)seats + 1);
}

static void divide(lists *run, uint32_t list)
{
    bl_totals *totals = &run->totals;
    bl_totals_set(totals, list, run->votes[list]);
    totals->values[list] = bl_exact_divide(&totals->exact, totals->values[list],
                                           divisor_of(run, run->count->seats[list]));
    run->tally[list] = bl_totals_amount(totals, totals->values[list], BL_EXACT(1));
}

static bool group_is_full(const lists *run, uint32_t list)
{
    const bl_count *count = run->count;
    const uint32_t group = count->contest->candidates[list].group;
    if (group == BL_NONE || count->options->group_most == BL_NO_MOST) return false;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        if (count->contest->candidates[i].group == group) taken += count->seats[i];
    return taken >= count->options->group_most;
}

/* Lists with the highest quotient, into run->best; how many. */
static uint32_t find_best(lists *run)
{
    bl_totals *totals = &run->totals;
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++) {
        if (!totals->is_in[i]) continue;
        const int order = size == 0 ? 1
                                    : bl_exact_compare(&totals->exact, totals->values[i],
                                                       totals->values[run->best[0]]);
        if (order < 0) continue;
        if (order > 0) size = 0;
        run->best[size++] = i;
    }
    return size;
}

/* ---- seats ---- */

/* "Round 3: Reds have the highest quotient, 56.5, and get their 2nd seat." of a list by name */
static void say_seat(lists *run, bl_round *round, uint32_t list)
{
    bl_count *count = run->count;
    const bl_text quotient = run->tally[list].text;
    bl_say_text(count, "Round %u: ", round->number);
    bl_say_name(count, list);
    bl_say_text(count, " has the highest quotient, %.*s, and gets its %u%s seat.",
                (int)quotient.size, quotient.bytes, count->seats[list],
                bl_ordinal_ending(count->seats[list]));
    round->sentence = bl_say_end(count);
}

static bl_round *show_quotients(lists *run, uint32_t number)
{
    bl_count *count = run->count;
    bl_round *round = bl_round_new(count);
    if (!round) return NULL;
    const bl_exact most = run->totals.values[run->best[0]];
    round->number = number;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        ((bl_standing *)round->standing)[i] = count->seats[i] > 0    ? BL_STANDING_ELECTED
                                              : run->totals.is_in[i] ? BL_STANDING_IN
                                                                     : BL_STANDING_OUT;
        if (!run->totals.is_in[i]) continue;
        ((bl_amount *)round->tally)[i] = run->tally[i];
        ((bl_amount *)round->tally)[i].share = bl_exact_share(&run->totals.exact,
                                                              run->totals.values[i], most);
    }
    return round;
}

/* The list that gets the next seat; BL_NONE where a tie for the last ones is not broken. Equal
 * quotients are no tie while there is a seat for each. */
static bool choose_list(lists *run, uint32_t number, uint32_t size, uint32_t *chosen)
{
    bl_count *count = run->count;
    *chosen = run->best[0];
    const bool all_fit = size <= count->options->seats - number + 1 &&
                         count->options->group_most == BL_NO_MOST;
    if (size == 1 || all_fit) return true;
    const bl_tie tie = {.purpose = BL_TIE_ELECT,
                        .round = number,
                        .tied = run->best,
                        .tied_count = size,
                        .what = number == count->options->seats ? "the last seat"
                                                                : "the next seat"};
    return bl_tie_break(count, &tie, chosen);
}

static void give_seat(lists *run, bl_round *round, uint32_t list)
{
    bl_count *count = run->count;
    if (count->seats[list] == 0) bl_winner_add(count, list);
    count->seats[list]++;
    bl_round_elect(round, list);
    say_seat(run, round, list);
    bl_round_add(count, round);
    divide(run, list);
    if (count->options->group_most == BL_NO_MOST) return;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        if (run->totals.is_in[i] && group_is_full(run, i)) run->totals.is_in[i] = false;
}

static bool give_seats(lists *run)
{
    bl_count *count = run->count;
    for (uint32_t number = 1; number <= count->options->seats; number++) {
        uint32_t chosen;
        const uint32_t size = find_best(run);
        if (size == 0) return bl_count_none(count, BL_TEXT("no list may have another seat"));
        bl_round *round = show_quotients(run, number);
        if (!round || bl_totals_failed(&run->totals)) return false;
        if (!choose_list(run, number, size, &chosen)) return false;
        if (chosen == BL_NONE) {
            bl_say_names(count, run->best, size);
            bl_say_text(count,
                        " have the same quotient, and nothing that is declared breaks the tie");
            bl_count_none(count, bl_say_end(count));
            bl_say_text(count, "Round %u: %.*s.", number, (int)count->none_because.size,
                        count->none_because.bytes);
            round->sentence = bl_say_end(count);
            bl_round_add(count, round);
            return true;
        }
        give_seat(run, round, chosen);
    }
    return true;
}

/* ---- the method ---- */

static void show_votes(lists *run)
{
    bl_count *count = run->count;
    const uint32_t size = count->contest->candidate_count;
    bl_text *cells = bl_arena_array(count->arena, size, sizeof *cells);
    if (!cells) {
        bl_count_nomem(count);
        return;
    }
    for (uint32_t i = 0; i < size; i++)
        cells[i] = count->contest->candidates[i].is_withdrawn
                       ? BL_TEXT("")
                       : bl_amount_whole(count, run->votes[i]).text;
    bl_figure_add(count, "votes", BL_FIGURE_LIST, cells, size);
}

bool bl_count_apportion(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    lists run = {.count = count};
    if (count->options->first_divisor.num == 0)
        return bl_count_refuse(count,
                               BL_TEXT("first_divisor is 0, and no votes can be divided by that"));
    run.votes = bl_arena_array(count->arena, size, sizeof *run.votes);
    run.tally = bl_arena_array(count->arena, size, sizeof *run.tally);
    run.best = bl_arena_array(count->arena, size, sizeof *run.best);
    count->seats = bl_arena_array(count->arena, size, sizeof *count->seats);
    if (!run.votes || !run.tally || !run.best || !count->seats) return bl_count_nomem(count);
    if (!bl_totals_begin(count, &run.totals)) return false;
    count_votes(&run);
    show_votes(&run);
    leave_out(&run);
    for (uint32_t i = 0; i < size; i++) {
        if (run.totals.is_in[i] && group_is_full(&run, i)) run.totals.is_in[i] = false;
        if (run.totals.is_in[i]) divide(&run, i);
    }
    if (run.all == 0) return bl_count_none(count, BL_TEXT("no ballot is for a list that stands"));
    return give_seats(&run);
}
