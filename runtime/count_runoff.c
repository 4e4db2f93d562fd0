/*
 * Instant runoff, and its two ways to several seats: sequential and bottoms-up.
 *
 * Every ballot counts for the first candidate on it who is still in. Whoever has more than the
 * share asked for is elected; otherwise the last goes out, and the ballots that counted for them
 * count for the next. Robert's Rules of Order call it preferential voting. In its details (batches,
 * the minimum, going on until two are left, the two forms of bottoms-up) it does as the Universal
 * RCV Tabulator does, with a round where that has one: also the round in which somebody is elected
 * and nobody goes out, when the count goes on after it.
 */
#include "runoff.h"
#include "exact.h"

/* ---- one seat ---- */

/* The least number of votes that is more than the share, and no less than the minimum. */
static uint64_t votes_needed(const bl_runoff *run)
{
    const bl_count_options *options = run->count->options;
    const uint64_t of = options->majority_of == 0 ? run->active : run->first_active;
    const uint64_t needed = bl_runoff_beyond(of, options->threshold);
    const uint64_t minimum = bl_runoff_minimum(run);
    return needed < minimum ? minimum : needed;
}

static void say_elected(bl_runoff *run, const bl_round *round, uint32_t winner)
{
    bl_count *count = run->count;
    const bool is_of_first = count->options->majority_of != 0;
    bl_runoff_say_round(run, round);
    bl_say_name(count, winner);
    if (run->in_count == 1) {
        bl_say_text(count, " is the only one left, with ");
        bl_runoff_say_votes(run, run->tally[winner]);
        bl_say_text(count, ",");
    } else if (run->tally[winner] >= votes_needed(run)) {
        bl_say_text(count, " has ");
        bl_runoff_say_votes(run, run->tally[winner]);
        bl_say_text(count, ", more than ");
        bl_runoff_say_share(run, count->options->threshold);
        bl_say_text(count, " of the ");
        bl_runoff_say_amount(run, is_of_first ? run->first_active : run->active);
        bl_say_text(count, is_of_first ? " that counted in the first round," : " that count,");
    } else {
        bl_say_text(count, " has the most votes, ");
        bl_runoff_say_amount(run, run->tally[winner]);
        bl_say_text(count, ", now that two are left,");
    }
}

/* Elects one, unless it is the default option: then the rounds end without. */
static void elect(bl_runoff *run, bl_round *round, uint32_t winner, bool by_tie)
{
    bl_count *count = run->count;
    const bool goes_on = count->options->until != 0 && run->in_count > 2;
    if (by_tie) {
        bl_runoff_say_round(run, round);
        bl_buffer_text(&count->told, bl_runoff_last_tie(run));
        bl_say_text(count, ",");
    } else {
        say_elected(run, round, winner);
    }
    if (winner == count->contest->default_option) {
        bl_say_text(count, " and wins: it is the default option, and nobody is elected");
        bl_runoff_say_end(run, round);
        run->is_over = true;
        bl_count_none(count, BL_TEXT("the default option wins"));
        return;
    }
    bl_say_text(count, " and is elected");
    if (goes_on) bl_say_text(count, "; the count goes on until two are left");
    bl_runoff_say_end(run, round);
    bl_round_elect(round, winner);
    bl_winner_add(count, winner);
    run->is_over = !goes_on;
}

/* Elects whoever has enough, or has most when two are left. False: out of memory. */
static bool find_winner(bl_runoff *run, bl_round *round)
{
    const uint64_t needed = votes_needed(run), most = bl_runoff_most(run);
    if (run->active == 0) {
        bl_runoff_give_up(run, round, BL_TEXT("no ballot counts for anybody"));
        return true;
    }
    run->needed = needed;
    round->threshold = bl_amount_whole(run->count, needed);
    if (bl_runoff_has_undeclared(run)) return true;
    const bool is_last = run->in_count <= 2 && bl_runoff_least(run) >= bl_runoff_minimum(run);
    if (most < needed && !is_last) return true;
    const uint32_t size = bl_runoff_list(run, most);
    uint32_t chosen = run->some[0];
    if (size > 1 && !bl_runoff_break_tie(run, round, BL_TIE_ELECT, size, most, &chosen))
        return false;
    if (chosen == BL_NONE)
        bl_runoff_give_up(run, round, bl_runoff_last_tie(run));
    else
        elect(run, round, chosen, size > 1);
    return true;
}

/* Of a round after the one in which the seat was filled, whose threshold stays: ends when two are
 * left. */
static void end_at_two(bl_runoff *run, bl_round *round)
{
    round->threshold = bl_amount_whole(run->count, run->needed);
    if (run->in_count > 2) return;
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i]) run->some[size++] = i;
    bl_runoff_say_round(run, round);
    bl_say_names(run->count, run->some, size);
    bl_say_text(run->count, " are left, and the count ends");
    bl_runoff_say_end(run, round);
    run->is_over = true;
}

/* Of several runoffs each has as many rounds as `rounds_most` says. */
static void stop_early(bl_runoff *run, bool is_filled)
{
    const size_t rounds = run->count->rounds.count - run->rounds_before;
    if (!run->is_over) run->is_over = bl_count_stop(run->count, rounds, is_filled);
}

/* One runoff among those who are in, for the next seat. */
static bool run_for_one(bl_runoff *run)
{
    const uint32_t seats_before = run->count->winner_count;
    bl_runoff_start(run);
    while (!run->is_over) {
        bl_round *round = bl_runoff_open(run);
        if (!round) return false;
        if (run->count->winner_count > seats_before)
            end_at_two(run, round);
        else if (!find_winner(run, round))
            return false;
        const bool is_decided = run->is_over || round->elected_count > 0;
        if (!is_decided && !bl_runoff_drop(run, round)) return false;
        if (!bl_runoff_close(run, round)) return false;
        stop_early(run, run->count->winner_count > seats_before);
    }
    return true;
}

/* ---- one seat after the other ---- */

static bool is_winner(const bl_count *count, uint32_t candidate)
{
    for (uint32_t i = 0; i < count->winner_count; i++)
        if (count->winners[i] == candidate) return true;
    return false;
}

static void note_passed_over(bl_count *count, uint32_t candidate)
{
    const bl_contest *contest = count->contest;
    const bl_text group = contest->groups[contest->candidates[candidate].group];
    bl_say_name(count, candidate);
    bl_say_text(count,
                " is passed over from seat %u on: %.*s has the %u %s that one group may have",
                count->winner_count + 1, (int)group.size, group.bytes, count->options->group_most,
                count->options->group_most == 1 ? "seat" : "seats");
    bl_note_add(count, bl_say_end(count));
}

/* Everybody is in again who has no seat, has not withdrawn, and whose group may have another. */
static void gather(bl_runoff *run, bool *is_noted)
{
    bl_count *count = run->count;
    run->in_count = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        run->is_in[i] = false;
        if (count->contest->candidates[i].is_withdrawn || is_winner(count, i)) continue;
        if (bl_group_is_full(count, i)) {
            if (!is_noted[i]) note_passed_over(count, i);
            is_noted[i] = true;
            continue;
        }
        run->is_in[i] = true;
        run->in_count++;
    }
}

static bool fill_seats(bl_runoff *run)
{
    bl_count *count = run->count;
    bool *is_noted = bl_arena_array(count->arena, count->contest->candidate_count, sizeof(bool));
    if (!is_noted) return bl_count_nomem(count);
    while (count->winner_count < count->options->seats) {
        const uint32_t before = count->winner_count;
        gather(run, is_noted);
        if (run->in_count == 0)
            return bl_count_none(count, BL_TEXT("nobody is left who may have a seat"));
        if (!run_for_one(run)) return false;
        if (count->winner_count == before) return true;
    }
    count->none_because = BL_TEXT("");
    return true;
}

bool bl_count_irv(bl_count *count)
{
    bl_runoff run;
    bool is_done = bl_runoff_begin(count, &run);
    run.keep = count->options->until != 0 ? 2 : 1;
    is_done = is_done && fill_seats(&run);
    bl_runoff_end(&run);
    return is_done;
}

/* One that goes on for other seats; whoever has one seat stands for no other. */
bool bl_count_sequential_irv(bl_count *count)
{
    return bl_count_irv(count);
}

/* ---- as many as are left ---- */

/* Places of options in `said`. */
enum {
#define OPTION(field, name, type, fallback, methods, words, help) SAID_##field,
#include "count_options.def"
#undef OPTION
};

/* Whether all who are left must reach a share, however many that are. */
static bool has_share(const bl_count *count)
{
    return (count->options->said >> SAID_threshold & 1) != 0;
}

/* Exactly the share of what counts; no whole number of votes. */
static bl_amount share_of_active(bl_runoff *run)
{
    bl_count *count = run->count;
    const bl_rational share = count->options->threshold;
    bl_exact_context exact;
    bl_buffer text;
    bl_exact_begin(&exact, count->arena);
    bl_buffer_init(&text, count->memory);
    const bl_exact active = bl_exact_ratio(&exact, run->active, count->contest->weight_scale);
    const bl_exact part = bl_exact_ratio(&exact, (uint64_t)share.num, (uint64_t)share.den);
    bl_exact_write(&exact, &text, bl_exact_multiply(&exact, active, part));
    const bl_amount amount = bl_amount_text(count, (bl_text){text.bytes, text.size});
    if (bl_exact_has_failed(&exact) || text.failed) bl_count_nomem(count);
    bl_buffer_free(&text);
    return amount;
}

static bool all_reach_share(const bl_runoff *run)
{
    return run->active > 0 &&
           bl_runoff_reaches(bl_runoff_least(run), run->active, run->count->options->threshold);
}

/* How many of a list have more votes than one of them. */
static uint32_t count_above(const bl_runoff *run, const uint32_t *list, uint32_t size,
                            uint32_t candidate)
{
    uint32_t above = 0;
    for (uint32_t i = 0; i < size; i++)
        above += run->tally[list[i]] > run->tally[candidate];
    return above;
}

/* Ranks those on a list behind `before` others, by their votes. Who is no candidate has no place.
 */
static void rank_list(bl_runoff *run, const uint32_t *list, uint32_t size, uint32_t before)
{
    for (uint32_t i = 0; i < size; i++) {
        const uint32_t place = before + 1 + count_above(run, list, size, list[i]);
        const bool is_candidate = !run->count->contest->candidates[list[i]].is_undeclared;
        run->count->places[list[i]] = is_candidate ? place : 0;
    }
}

static uint32_t list_left(bl_runoff *run)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i]) run->some[size++] = i;
    return size;
}

/* "a and b are left for 2 seats and are elected", or who else is. */
static void say_left(bl_runoff *run, const bl_round *round, uint32_t left)
{
    bl_count *count = run->count;
    bool are_elected = count->winner_count == left;
    for (uint32_t i = 0; i < count->winner_count; i++)
        are_elected = are_elected && run->is_in[count->winners[i]];
    bl_runoff_say_round(run, round);
    bl_say_names(count, are_elected ? count->winners : run->some, left);
    bl_say_text(count, left == 1 ? " is left for " : " are left for ");
    if (count->options->seats == 1)
        bl_say_text(count, "the seat");
    else
        bl_say_text(count, "%u seats", count->options->seats);
    if (are_elected) {
        bl_say_text(count, left == 1 ? " and is elected" : " and are elected");
        return;
    }
    bl_say_text(count, "; ");
    if (count->winner_count == 0) bl_say_text(count, "nobody");
    bl_say_names(count, count->winners, count->winner_count);
    bl_say_text(count, count->winner_count > 1 ? " are elected" : " is elected");
}

/* Who is left has the seats, unless a group has too many of them, or the default option stands
 * above: then the last who went out moves up. */
static bool elect_left(bl_runoff *run, bl_round *round)
{
    bl_count *count = run->count;
    const uint32_t left = list_left(run);
    rank_list(run, run->some, left, 0);
    if (!bl_count_fill(count)) return false;
    for (uint32_t i = 0; i < count->winner_count; i++)
        bl_round_elect(round, count->winners[i]);
    say_left(run, round, left);
    bl_runoff_say_end(run, round);
    run->is_over = true;
    return true;
}

/* All who are left are elected, however many, by their votes. */
static void elect_who_reach(bl_runoff *run, bl_round *round)
{
    bl_count *count = run->count;
    const uint32_t left = list_left(run), fallback = count->contest->default_option;
    rank_list(run, run->some, left, 0);
    for (uint32_t place = 1; place <= left; place++) {
        if (fallback != BL_NONE && run->is_in[fallback] && count->places[fallback] <= place) break;
        for (uint32_t i = 0; i < left; i++) {
            if (count->places[run->some[i]] != place) continue;
            bl_round_elect(round, run->some[i]);
            count->winners[count->winner_count++] = run->some[i];
        }
    }
    bl_runoff_say_round(run, round);
    bl_say_text(count, "all who are left have at least ");
    bl_runoff_say_share(run, count->options->threshold);
    bl_say_text(count, " of the ");
    bl_runoff_say_amount(run, run->active);
    bl_say_text(count, " that count: ");
    if (count->winner_count == 0) bl_say_text(count, "nobody");
    bl_say_names(count, count->winners, count->winner_count);
    bl_say_text(count, count->winner_count > 1 ? " are elected" : " is elected");
    if (count->winner_count < left) bl_say_text(count, ", for the default option stands above");
    bl_runoff_say_end(run, round);
    run->is_over = true;
}

/* Elects, where enough have gone. False: out of memory. */
static bool find_winners(bl_runoff *run, bl_round *round)
{
    const bl_count_options *options = run->count->options;
    if (run->active == 0) {
        bl_runoff_give_up(run, round, BL_TEXT("no ballot counts for anybody"));
        return true;
    }
    if (bl_runoff_has_undeclared(run)) return true;
    if (!has_share(run->count)) return run->in_count > options->seats || elect_left(run, round);
    round->threshold = share_of_active(run);
    if (all_reach_share(run))
        elect_who_reach(run, round);
    else if (run->in_count == 1)
        bl_runoff_give_up(run, round, BL_TEXT("nobody has the share that is asked for"));
    return true;
}

/* Who goes out for the minimum has no place: nobody below it moves up. */
static void rank_eliminated(bl_runoff *run, const bl_round *round)
{
    if (run->was_minimum || round->eliminated_count == 0) return;
    rank_list(run, round->eliminated, round->eliminated_count,
              run->in_count - round->eliminated_count);
}

static bool run_bottoms_up(bl_runoff *run)
{
    bl_count *count = run->count;
    count->places = bl_arena_array(count->arena, count->contest->candidate_count,
                                   sizeof *count->places);
    if (!count->places) return bl_count_nomem(count);
    run->keep = has_share(count) ? 1 : count->options->seats;
    bl_runoff_start(run);
    while (!run->is_over) {
        bl_round *round = bl_runoff_open(run);
        if (!round || !find_winners(run, round)) return false;
        if (!run->is_over && !bl_runoff_drop(run, round)) return false;
        rank_eliminated(run, round);
        if (!bl_runoff_close(run, round)) return false;
        stop_early(run, false);
    }
    return true;
}

bool bl_count_bottoms_up(bl_count *count)
{
    if (has_share(count) && count->options->group_most != BL_NO_MOST)
        return bl_count_refuse(count, BL_TEXT("`threshold` elects all who reach it: `group_most` "
                                              "says nothing of who then goes without"));
    bl_runoff run;
    bool is_done = bl_runoff_begin(count, &run);
    is_done = is_done && run_bottoms_up(&run);
    bl_runoff_end(&run);
    return is_done;
}
