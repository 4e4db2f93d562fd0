/*
 * The single transferable vote as B. L. Meek described it: the elected keep a share of every ballot
 * that reaches them and the rest goes on, so that a ballot counts the same in whatever order
 * candidates are elected.
 *
 * Sources: I. D. Hill, B. A. Wichmann and D. R. Woodall, "Algorithm 123: Single transferable vote
 * by Meek's method", The Computer Journal 30 (1987); New Zealand, Local Electoral Regulations 2001,
 * schedule 1A; the Proportional Representation Foundation's reference Meek rule, which is followed
 * where they differ: all numbers have 9 decimals (`decimals`); what a candidate keeps of a ballot
 * is rounded up, and so are keep factors, after multiplying and after dividing; the quota is cut
 * off and one last place is added. Passes over the ballots are repeated until the surpluses
 * together are below 10^-omega or shrink no more. Then the last candidate goes out; who has no more
 * than the last and the surplus left together is tied with the last.
 *
 * Numbers are whole: a unit of weight is worth 10^decimals parts. What is kept of a part is
 * rounded, what goes on is what is left of it: parts are never lost, they are with candidates or
 * exhausted.
 */
#include "count_meek.h"
#include "limits.h"
#include "totals.h"

#include <string.h>

typedef bl_meek_parts wide;

/* ---- numbers for people ---- */

/* The decimal places of any number of ballots; more than BL_EXACT_PLACES_MOST: no decimal is exact.
 */
static uint32_t exact_places(const bl_meek *run)
{
    uint64_t rest = run->count->contest->weight_scale;
    uint32_t places = run->decimals;
    for (; rest > 1 && places <= BL_EXACT_PLACES_MOST; places++) {
        if (rest % 2 != 0 && rest % 5 != 0) return BL_EXACT_PLACES_MOST + 1;
        rest /= rest % 10 == 0 ? 10 : rest % 2 == 0 ? 2 : 5;
    }
    return places;
}

static bl_exact to_ballots(bl_meek *run, wide parts)
{
    bl_exact_context *exact = &run->exact;
    const bl_exact whole = bl_totals_wide(exact, (uint64_t)(parts >> 64), (uint64_t)parts);
    const bl_exact units = bl_exact_divide(exact, whole, BL_EXACT(run->one));
    return bl_exact_divide(exact, units, BL_EXACT(run->count->contest->weight_scale));
}

/* Parts as ballots, exactly. */
static bl_amount to_amount(bl_meek *run, wide parts, wide most)
{
    bl_count *count = run->count;
    bl_exact_context *exact = &run->exact;
    const bl_exact whole = bl_totals_wide(exact, (uint64_t)(parts >> 64), (uint64_t)parts);
    const bl_exact all = bl_totals_wide(exact, (uint64_t)(most >> 64), (uint64_t)most);
    const uint32_t places = exact_places(run);
    bl_buffer text;
    bl_buffer_init(&text, count->memory);
    if (places <= BL_EXACT_PLACES_MOST)
        bl_exact_write_decimal(exact, &text, to_ballots(run, parts), places, true);
    else
        bl_exact_write(exact, &text, to_ballots(run, parts));
    if (text.failed) bl_count_nomem(count);
    bl_amount amount = bl_amount_text(count, (bl_text){text.bytes, text.size});
    bl_buffer_free(&text);
    amount.share = bl_exact_share(exact, whole, all);
    return amount;
}

/* The same for sentences: what a weight adds to the decimals is cut off behind six places more. */
static void say_parts(bl_meek *run, wide parts)
{
    const uint32_t places = run->decimals + (run->count->contest->weight_scale == 1 ? 0 : 6);
    bl_exact_write_decimal(&run->exact, &run->count->told, to_ballots(run, parts),
                           places < BL_EXACT_PLACES_MOST ? places : BL_EXACT_PLACES_MOST, true);
}

/* "ana (40), bo (30.5) and chi (30)" */
static void say_candidates(bl_meek *run, const uint32_t *candidates, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_say_text(run->count, i + 1 == size ? " and " : ", ");
        bl_say_name(run->count, candidates[i]);
        bl_say_text(run->count, " (");
        say_parts(run, run->votes[candidates[i]]);
        bl_say_text(run->count, ")");
    }
}

/* ---- rounds ---- */

static bool keep_votes(bl_meek *run)
{
    const size_t size = bl_meek_size(run) * sizeof *run->votes;
    wide *kept = bl_arena_alloc(run->count->arena, size);
    if (!kept || !bl_vector_reserve(run->count->memory, &run->history, 1))
        return bl_count_nomem(run->count);
    memcpy(kept, run->votes, size);
    run->history.items[run->history.count++] = kept;
    return true;
}

static int compare_in_round(const void *context, uint32_t round, uint32_t a, uint32_t b)
{
    const bl_meek *run = context;
    const wide *votes = run->history.items[round - 1];
    return (votes[a] > votes[b]) - (votes[a] < votes[b]);
}

static bl_round *open_round(bl_meek *run)
{
    bl_count *count = run->count;
    bl_round *round = bl_round_new(count);
    if (!round || !keep_votes(run)) return NULL;
    const wide active = bl_meek_active(run), all = (wide)count->contest->total * run->one;
    wide most = 1;
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        if (run->votes[i] > most) most = run->votes[i];
    for (uint32_t i = 0; i < bl_meek_size(run); i++) {
        if (!run->is_in[i]) continue;
        ((bl_amount *)round->tally)[i] = to_amount(run, run->votes[i], most);
        ((bl_standing *)round->standing)[i] = run->is_elected[i] ? BL_STANDING_ELECTED
                                                                 : BL_STANDING_IN;
    }
    round->number = (uint32_t)count->rounds.count + 1;
    round->threshold = to_amount(run, run->quota, 1);
    round->exhausted = to_amount(run, all - active, 1);
    bl_say_text(count, "Round %u: ", round->number);
    return round;
}

static bool close_round(bl_meek *run, bl_round *round)
{
    bl_say_text(run->count, ".");
    round->sentence = bl_say_end(run->count);
    bl_round_add(run->count, round);
    if (bl_exact_has_failed(&run->exact)) return bl_count_nomem(run->count);
    return !run->count->failed;
}

/* Ends the count with the round, for a reason that the caller has said into the sentence. */
static bool give_up(bl_meek *run, bl_round *round, bl_text because)
{
    run->is_over = true;
    bl_count_none(run->count, because);
    bl_buffer_text(&run->count->told, because);
    return close_round(run, round);
}

static bl_text last_tie(const bl_meek *run)
{
    return run->count->ties.items[run->count->ties.count - 1].sentence;
}

/* ---- being elected ---- */

/* Hopefuls with the most votes of those who may have a seat; with `is_quota` of those who reach it.
 */
static uint32_t find_most(bl_meek *run, bool is_quota)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++) {
        if (!bl_meek_is_hopeful(run, i) || bl_group_is_full(run->count, i)) continue;
        if (is_quota && run->votes[i] < run->quota) continue;
        if (size > 0 && run->votes[i] < run->votes[run->some[0]]) continue;
        if (size > 0 && run->votes[i] > run->votes[run->some[0]]) size = 0;
        run->some[size++] = i;
    }
    return size;
}

static void elect(bl_meek *run, bl_round *round, uint32_t candidate)
{
    run->is_elected[candidate] = true;
    run->hopeful_count--;
    run->elected_count++;
    if (candidate == run->count->contest->default_option) {
        run->is_over = true;
        return;
    }
    bl_winner_add(run->count, candidate);
    bl_round_elect(round, candidate);
}

/*
 * Elects those who reach the quota (or are left), most votes first. In which order makes a
 * difference only where a group can get full: then a tie is broken. False: failed. BL_NONE in
 * `*stuck` unless a tie stays.
 */
static bool elect_all(bl_meek *run, bl_round *round, bool is_quota, bool *is_stuck)
{
    bl_count *count = run->count;
    *is_stuck = false;
    while (!run->is_over && count->winner_count < count->options->seats) {
        const uint32_t size = find_most(run, is_quota);
        uint32_t chosen = run->some[0];
        if (size == 0) return true;
        const bl_tie tie = {.purpose = BL_TIE_ELECT,
                            .round = round->number,
                            .tied = run->some,
                            .tied_count = size,
                            .what = "the next seat",
                            .compare = compare_in_round,
                            .context = run};
        if (size > 1 && count->options->group_most != BL_NO_MOST &&
            !bl_tie_break(count, &tie, &chosen))
            return false;
        *is_stuck = chosen == BL_NONE;
        if (*is_stuck) return true;
        elect(run, round, chosen);
    }
    return true;
}

/* The default option would have a seat: nobody takes it, nor those after it. */
static bool end_with_default(bl_meek *run, bl_round *round)
{
    bl_count *count = run->count;
    const bl_text before = bl_say_end(count);
    bl_say_name(count, count->contest->default_option);
    bl_say_text(count, " comes next: the seats that are left stay vacant");
    const bl_text because = bl_say_end(count);
    bl_buffer_text(&count->told, before);
    if (round->elected_count > 0) bl_say_text(count, "; ");
    return give_up(run, round, because);
}

static bool elect_by_quota(bl_meek *run, bl_round *round)
{
    bl_count *count = run->count;
    bool is_stuck;
    const bl_text before = bl_say_end(count); /* who is elected is known only later */
    if (!elect_all(run, round, true, &is_stuck)) return false;
    bl_buffer_text(&count->told, before);
    if (round->elected_count > 0) {
        say_candidates(run, round->elected, round->elected_count);
        bl_say_text(count,
                    round->elected_count == 1 ? " reaches the quota, " : " reach the quota, ");
        say_parts(run, run->quota);
        bl_say_text(count, round->elected_count == 1 ? ", and is elected" : ", and are elected");
    }
    if (is_stuck) {
        if (round->elected_count > 0) bl_say_text(count, "; ");
        return give_up(run, round, last_tie(run));
    }
    if (run->is_over) return end_with_default(run, round);
    return close_round(run, round);
}

/* As many are left as there are seats. */
static bool elect_remaining(bl_meek *run)
{
    bl_count *count = run->count;
    bool is_stuck;
    bl_round *round = open_round(run);
    if (!round) return false;
    run->is_over = false;
    const bl_text before = bl_say_end(count);
    if (!elect_all(run, round, false, &is_stuck)) return false;
    bl_buffer_text(&count->told, before);
    if (round->elected_count > 0) {
        bl_say_text(count, "no more are left than seats: ");
        say_candidates(run, round->elected, round->elected_count);
        bl_say_text(count, round->elected_count == 1 ? " is elected" : " are elected");
    } else if (!is_stuck && !run->is_over) {
        bl_say_text(count, "nobody who is left can take a seat");
    }
    if (is_stuck) {
        if (round->elected_count > 0) bl_say_text(count, "; ");
        return give_up(run, round, last_tie(run));
    }
    if (run->is_over) return end_with_default(run, round);
    run->is_over = true;
    return close_round(run, round);
}

/* ---- going out ---- */

static bool eliminate(bl_meek *run, bl_round *round, const uint32_t *candidates, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        run->is_in[candidates[i]] = false;
        run->keep[candidates[i]] = 0;
        bl_round_eliminate(round, candidates[i]);
    }
    run->hopeful_count -= size;
    return close_round(run, round);
}

/* Those who cannot have a seat because their group has its own, into `some`. */
static uint32_t find_barred(bl_meek *run)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        if (bl_meek_is_hopeful(run, i) && bl_group_is_full(run->count, i)) run->some[size++] = i;
    return size;
}

static bool eliminate_barred(bl_meek *run, bl_round *round, uint32_t size)
{
    const uint32_t most = run->count->options->group_most;
    say_candidates(run, run->some, size);
    bl_say_text(run->count, " can take no seat, for a group may have %u, and %s out", most,
                size == 1 ? "goes" : "go");
    return eliminate(run, round, run->some, size);
}

/* Those below `minimum` in the first round. */
static uint32_t find_below_minimum(bl_meek *run)
{
    const bl_count *count = run->count;
    const wide minimum = (wide)count->options->minimum * count->contest->weight_scale * run->one;
    uint32_t size = 0;
    for (uint32_t i = 0; i < bl_meek_size(run) && count->rounds.count == 0; i++)
        if (bl_meek_is_hopeful(run, i) && run->votes[i] < minimum) run->some[size++] = i;
    return size;
}

static bool eliminate_below_minimum(bl_meek *run, bl_round *round, uint32_t size)
{
    say_candidates(run, run->some, size);
    bl_say_text(run->count, size == 1 ? " has" : " have");
    bl_say_text(run->count, " fewer than the %u %s the least, and %s out",
                run->count->options->minimum,
                run->count->options->minimum == 1 ? "vote that is" : "votes that are",
                size == 1 ? "goes" : "go");
    return eliminate(run, round, run->some, size);
}

/* Hopefuls into `some`, fewest votes first. */
static uint32_t sort_hopefuls(bl_meek *run)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++) {
        if (!bl_meek_is_hopeful(run, i)) continue;
        uint32_t at = size++;
        for (; at > 0 && run->votes[run->some[at - 1]] > run->votes[i]; at--)
            run->some[at] = run->some[at - 1];
        run->some[at] = i;
    }
    return size;
}

/* The most of `some`, sorted, who together with the surplus have fewer votes than the next. */
static uint32_t find_batch(bl_meek *run, uint32_t size)
{
    const uint32_t seats = run->count->options->seats;
    wide sum = run->surplus;
    uint32_t batch = 0;
    for (uint32_t i = 0; i + 1 < size && run->elected_count + size - (i + 1) >= seats; i++) {
        sum += run->votes[run->some[i]];
        if (sum < run->votes[run->some[i + 1]]) batch = i + 1;
    }
    return batch;
}

/* Puts those who are tied for the last place first in `some`, in the order of their numbers. */
static uint32_t find_last(bl_meek *run)
{
    wide least = ~(wide)0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        if (bl_meek_is_hopeful(run, i) && run->votes[i] < least) least = run->votes[i];
    uint32_t size = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        if (bl_meek_is_hopeful(run, i) && run->votes[i] <= least + run->surplus)
            run->some[size++] = i;
    return size;
}

/* What rounding, or the limit of passes, leaves makes a tie of those it could help. */
static void say_surplus(bl_meek *run)
{
    if (run->passes == 1) return;
    bl_say_text(run->count, "surpluses are shared out in %u passes", run->passes);
    if (run->surplus >= run->omega && run->surplus > 0) {
        bl_say_text(run->count, ", all but ");
        say_parts(run, run->surplus);
    }
    bl_say_text(run->count, "; ");
}

static bool eliminate_last(bl_meek *run, bl_round *round)
{
    bl_count *count = run->count;
    say_surplus(run);
    const uint32_t batch = count->options->elimination == BL_ELIMINATION_BATCH
                               ? find_batch(run, sort_hopefuls(run))
                               : 0;
    if (batch > 1) {
        say_candidates(run, run->some, batch);
        bl_say_text(count, " cannot catch up together, and go out");
        return eliminate(run, round, run->some, batch);
    }
    const uint32_t size = find_last(run);
    uint32_t chosen = run->some[0];
    const bl_tie tie = {.purpose = BL_TIE_ELIMINATE,
                        .round = round->number,
                        .tied = run->some,
                        .tied_count = size,
                        .what = "the last place",
                        .compare = compare_in_round,
                        .context = run};
    if (size > 1 && !bl_tie_break(count, &tie, &chosen)) return false;
    if (chosen == BL_NONE) return give_up(run, round, last_tie(run));
    if (size > 1) {
        bl_buffer_text(&count->told, last_tie(run));
    } else {
        bl_say_name(count, chosen);
        bl_say_text(count, " has the fewest votes, ");
        say_parts(run, run->votes[chosen]);
        bl_say_text(count, ", and goes out");
    }
    return eliminate(run, round, &chosen, 1);
}

/* ---- the count ---- */

static bool count_round(bl_meek *run)
{
    uint32_t size;
    if (!bl_meek_converge(run)) return false;
    bl_round *round = open_round(run);
    if (!round) return false;
    if ((size = find_below_minimum(run)) > 0) return eliminate_below_minimum(run, round, size);
    if ((size = find_barred(run)) > 0) return eliminate_barred(run, round, size);
    if (bl_meek_has_winner(run)) return elect_by_quota(run, round);
    return eliminate_last(run, round);
}

/* The count is over when the seats are filled, or no more are left than seats. */
static bool count_rounds(bl_meek *run)
{
    bl_count *count = run->count;
    while (!run->is_over && count->winner_count < count->options->seats) {
        if (bl_count_stop(count, count->rounds.count, false)) break;
        if (run->elected_count + run->hopeful_count > count->options->seats) {
            if (!count_round(run)) return false;
            continue;
        }
        if (run->hopeful_count == 0) break;
        if (!bl_meek_pass(run) || !elect_remaining(run)) return false;
    }
    if (count->winner_count < count->options->seats && count->none_because.size == 0)
        bl_count_none(count, BL_TEXT("there are more seats than candidates for them"));
    return true;
}

static void show_figures(bl_meek *run)
{
    bl_count *count = run->count;
    const uint32_t size = bl_meek_size(run);
    bl_text *cells = bl_arena_array(count->arena, size, sizeof *cells);
    if (!cells || count->rounds.count == 0) return;
    bl_figure_add(count, "quota", BL_FIGURE_ONE,
                  &count->rounds.items[count->rounds.count - 1].threshold.text, 1);
    for (uint32_t i = 0; i < size;
         i++) /* a keep factor is of one ballot, not of a unit of weight */
        cells[i] = to_amount(run, (wide)run->keep[i] * count->contest->weight_scale, 1).text;
    bl_figure_add(count, "keep", BL_FIGURE_LIST, cells, size);
}

/* 10^places; places <= 18. */
static uint64_t power_of_ten(uint32_t places)
{
    uint64_t power = 1;
    for (uint32_t i = 0; i < places; i++)
        power *= 10;
    return power;
}

static bool begin(bl_meek *run)
{
    bl_count *count = run->count;
    const bl_count_options *options = count->options;
    const uint32_t size = bl_meek_size(run);
    enum { DECIMALS_DEFAULT = 9, DECIMALS_MOST = 18 };
    run->decimals = options->decimals == BL_NO_MOST ? DECIMALS_DEFAULT : options->decimals;
    if (run->decimals > DECIMALS_MOST)
        return bl_count_refuse(count, BL_TEXT("meek counts with 18 decimals at most"));
    run->one = power_of_ten(run->decimals);
    run->omega = options->omega > run->decimals
                     ? 0
                     : (wide)power_of_ten(run->decimals - options->omega) *
                           count->contest->weight_scale;
    bl_exact_begin(&run->exact, count->arena);
    run->is_in = bl_arena_array(count->arena, size, sizeof *run->is_in);
    run->is_elected = bl_arena_array(count->arena, size, sizeof *run->is_elected);
    run->start = bl_arena_array(count->arena, count->contest->pile_count, sizeof *run->start);
    run->keep = bl_arena_array(count->arena, size, sizeof *run->keep);
    run->votes = bl_arena_array(count->arena, size, sizeof *run->votes);
    run->some = bl_arena_array(count->arena, size, sizeof *run->some);
    if (!run->is_in || !run->is_elected || !run->start || !run->keep || !run->votes || !run->some)
        return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++) {
        run->is_in[i] = !count->contest->candidates[i].is_withdrawn;
        run->keep[i] = run->is_in[i] ? run->one : 0;
        run->hopeful_count += run->is_in[i];
    }
    return bl_rankings_read(count, false, &run->rankings);
}

bool bl_count_meek(bl_count *count)
{
    bl_meek run = {.count = count};
    bool is_counted = begin(&run);
    if (is_counted) {
        bl_rankings_note(count, &run.rankings);
        is_counted = count_rounds(&run);
        show_figures(&run);
    }
    bl_vector_free(count->memory, &run.nodes);
    bl_vector_free(count->memory, &run.history);
    bl_map_free(count->memory, &run.child_of);
    return is_counted;
}
