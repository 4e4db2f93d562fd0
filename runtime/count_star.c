/*
 * STAR: score, then automatic runoff (Mark Frohnmayer, 2014; starvoting.org).
 *
 * The two candidates with the highest totals meet, and who is scored higher on more ballots is
 * elected. Several seats are bloc STAR: again for each seat, without those who have one.
 *
 * Ties by the official rules (starvoting.org/ties) before those that are declared. For a place in
 * the runoff: who loses fewer comparisons with the others of the tie goes on; then who has the
 * highest score on more ballots. In the runoff: the higher total; then the highest score on more
 * ballots.
 */
#include "count_scores.h"

typedef struct star {
    bl_count *count;
    bl_scores scores;
    bool *is_in; /* who can still take a seat */
    uint32_t *tied;
    uint64_t *measure; /* by place in `tied` */
    uint32_t final[2];
    uint32_t final_count;
    bl_text clauses; /* how ties for the runoff were broken: "; of bo and chi with 19 each …" */
    uint32_t *order; /* for the ranking: the elected, and who lost to the only one */
    uint32_t order_count;
} star;

static const bl_exact *value_of(const star *run, uint32_t candidate)
{
    return &run->scores.totals.values[candidate];
}

static int compare_values(star *run, uint32_t a, uint32_t b)
{
    return bl_exact_compare(&run->scores.totals.exact, *value_of(run, a), *value_of(run, b));
}

static uint32_t round_number(const star *run)
{
    return (uint32_t)run->count->rounds.count + 1;
}

/* ---- a place in the runoff ---- */

static bool is_final(const star *run, uint32_t candidate)
{
    for (uint32_t i = 0; i < run->final_count; i++)
        if (run->final[i] == candidate) return true;
    return false;
}

/* Those with the highest total of those who can take a seat and are not in the runoff yet. */
static uint32_t find_highest(star *run)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++) {
        if (!run->is_in[i] || is_final(run, i)) continue;
        const int order = size == 0 ? 1 : compare_values(run, i, run->tied[0]);
        if (order < 0) continue;
        if (order > 0) size = 0;
        run->tied[size++] = i;
    }
    return size;
}

static void take_first(star *run, uint32_t size)
{
    for (uint32_t i = 0; i < size && run->final_count < 2; i++)
        run->final[run->final_count++] = run->tied[i];
}

/*
 * Puts those of the tie with the best measure first (the least, or the most) and returns how many
 * they are.
 */
static uint32_t put_best_first(star *run, uint32_t size, bool is_most)
{
    uint64_t best = run->measure[0];
    for (uint32_t i = 1; i < size; i++)
        if (is_most ? run->measure[i] > best : run->measure[i] < best) best = run->measure[i];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < size; i++) {
        if (run->measure[i] != best) continue;
        const uint32_t candidate = run->tied[i];
        for (uint32_t j = i; j > kept; j--) { /* the others keep their order */
            run->tied[j] = run->tied[j - 1];
            run->measure[j] = run->measure[j - 1];
        }
        run->tied[kept] = candidate;
        run->measure[kept++] = best;
    }
    return kept;
}

static void say_value(star *run, uint32_t candidate)
{
    const bl_text text =
        bl_totals_amount(&run->scores.totals, *value_of(run, candidate), BL_EXACT(1)).text;
    bl_say_text(run->count, "%.*s", (int)text.size, text.bytes);
}

/* "; of bo, chi and dee with 19 each" */
static void begin_clause(star *run, uint32_t size)
{
    bl_count *count = run->count;
    bl_say_text(count, "%.*s; of ", (int)run->clauses.size, run->clauses.bytes);
    bl_say_names(count, run->tied, size);
    bl_say_text(count, " with ");
    say_value(run, run->tied[0]);
    bl_say_text(count, " each ");
}

/*
 * Goes on with a tie of which the first `kept` came out best: they are in the runoff where there is
 * a place for each, and the others are still tied; else they alone are tied. False: nothing was
 * told apart. The clause has begun with those who were tied.
 */
static bool narrow(star *run, uint32_t *size, uint32_t kept)
{
    if (kept == *size) return false;
    if (run->final_count + kept > 2) {
        *size = kept;
        return true;
    }
    take_first(run, kept);
    *size -= kept;
    for (uint32_t i = 0; i < *size; i++)
        run->tied[i] = run->tied[i + kept];
    return true;
}

static bool narrow_by_ballots(star *run, uint32_t *size)
{
    bl_count *count = run->count;
    bl_scores_defeats(&run->scores, run->tied, *size, run->measure);
    uint32_t kept = put_best_first(run, *size, false);
    const char *one = *size == 2 ? " is scored higher on more ballots" : " loses fewer comparisons";
    const char *several = " lose fewer comparisons";
    if (kept == *size) {
        bl_scores_tops(&run->scores, run->tied, *size, run->measure);
        kept = put_best_first(run, *size, true);
        one = " has the highest score on more ballots";
        several = " have the highest score on more ballots";
    }
    if (kept == *size) return false;
    uint32_t *const chosen = run->tied;
    begin_clause(run, *size);
    bl_say_names(count, chosen, kept);
    bl_say_text(count, "%s", kept == 1 ? one : several);
    run->clauses = bl_say_end(count);
    return narrow(run, size, kept);
}

static bool narrow_by_rules(star *run, uint32_t *size)
{
    bl_count *count = run->count;
    uint32_t chosen;
    const bl_tie tie = {.purpose = BL_TIE_ELECT,
                        .round = round_number(run),
                        .tied = run->tied,
                        .tied_count = *size,
                        .what = "a place in the runoff"};
    if (!bl_tie_break(count, &tie, &chosen)) return false;
    if (chosen == BL_NONE) {
        bl_say_names(count, run->tied, *size);
        bl_say_text(count, " are tied for a place in the runoff, and nothing breaks the tie");
        return bl_count_none(count, bl_say_end(count));
    }
    begin_clause(run, *size);
    bl_say_name(count, chosen);
    bl_say_text(count, " goes on as the tie was broken");
    run->clauses = bl_say_end(count);
    for (uint32_t i = 0; i < *size; i++)
        run->measure[i] = run->tied[i] == chosen;
    return narrow(run, size, put_best_first(run, *size, true));
}

/* The two who meet; fewer where fewer are left or a tie stays. */
static bool find_final(star *run)
{
    run->final_count = 0;
    run->clauses = BL_TEXT("");
    while (run->final_count < 2) {
        uint32_t size = find_highest(run);
        if (size == 0) return true;
        while (run->final_count < 2 && run->final_count + size > 2) {
            if (narrow_by_ballots(run, &size)) continue;
            if (!narrow_by_rules(run, &size)) return false;
            if (run->count->none_because.size > 0) return true;
        }
        take_first(run, size);
    }
    return true;
}

/* ---- rounds ---- */

/* Whether the seat that is filled now is the last: then who is out is out for good. */
static bool is_last_seat(const star *run)
{
    return run->count->winner_count + 1 == run->count->options->seats;
}

static void show_elected(const star *run, bl_round *round)
{
    for (uint32_t i = 0; i < run->count->winner_count; i++)
        ((bl_standing *)round->standing)[run->count->winners[i]] = BL_STANDING_ELECTED;
}

static void end_round(star *run, bl_round *round)
{
    bl_say_text(run->count, ".");
    round->sentence = bl_say_end(run->count);
    bl_round_add(run->count, round);
}

static void take_seat(star *run, bl_round *round, uint32_t winner)
{
    bl_count *count = run->count;
    run->is_in[winner] = false;
    run->order[run->order_count++] = winner;
    if (winner == count->contest->default_option) {
        bl_say_text(count, "nobody comes before ");
        bl_say_name(count, winner);
        bl_count_none(count, bl_say_end(count));
        return;
    }
    bl_winner_add(count, winner);
    bl_round_elect(round, winner);
}

static bool count_scoring(star *run)
{
    bl_count *count = run->count;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        run->scores.totals.is_in[i] = run->is_in[i];
    bl_round *round = bl_totals_round(&run->scores.totals);
    if (!round || !find_final(run)) return false;
    show_elected(run, round);
    const bl_text because = count->none_because;
    bl_say_text(count, "Round %u: ", round->number);
    for (uint32_t i = 0; i < run->final_count && because.size == 0; i++) {
        if (i > 0) bl_say_text(count, " and ");
        bl_say_name(count, run->final[i]);
        bl_say_text(count, " (");
        say_value(run, run->final[i]);
        bl_say_text(count, ")");
    }
    if (because.size > 0) {
        bl_say_text(count, "%.*s", (int)because.size, because.bytes);
    } else if (run->final_count == 2) {
        bl_say_text(count, " have the highest scores and go into the runoff%.*s",
                    (int)run->clauses.size, run->clauses.bytes);
        for (uint32_t i = 0; i < count->contest->candidate_count && is_last_seat(run); i++)
            if (run->is_in[i] && !is_final(run, i)) bl_round_eliminate(round, i);
    } else {
        bl_say_text(count, " has no opponent left");
        const bl_text text = bl_say_end(count);
        take_seat(run, round, run->final[0]);
        bl_say_text(count, "%.*s%s", (int)text.size, text.bytes,
                    round->elected_count > 0 ? " and is elected" : "");
    }
    end_round(run, round);
    return !count->failed;
}

/* Who is first where both are preferred on as many ballots; `why` says by what. */
static bool break_final(star *run, uint32_t *winner, const char **why)
{
    const uint32_t *const final = run->final;
    const int order = compare_values(run, final[0], final[1]);
    *why = "has the higher score";
    *winner = final[order < 0];
    if (order != 0) return true;
    bl_scores_tops(&run->scores, final, 2, run->measure);
    *why = "has the highest score on more ballots";
    *winner = final[run->measure[0] < run->measure[1]];
    if (run->measure[0] != run->measure[1]) return true;
    const bool is_ordered = final[0] < final[1];
    const uint32_t tied[2] = {final[!is_ordered], final[is_ordered]};
    const bl_tie tie = {.purpose = BL_TIE_ELECT,
                        .round = round_number(run),
                        .tied = tied,
                        .tied_count = 2,
                        .what = "the runoff"};
    *why = "comes first as the tie was broken";
    return bl_tie_break(run->count, &tie, winner);
}

static bl_round *show_runoff(star *run, const uint64_t *votes)
{
    bl_count *count = run->count;
    bl_round *round = bl_round_new(count);
    if (!round) return NULL;
    round->number = round_number(run);
    show_elected(run, round);
    for (uint32_t i = 0; i < count->contest->candidate_count && !is_last_seat(run); i++)
        if (run->is_in[i]) ((bl_standing *)round->standing)[i] = BL_STANDING_IN;
    bl_amount tally[2] = {bl_amount_whole(count, votes[0]), bl_amount_whole(count, votes[1])};
    bl_amount_shares(tally, votes, 2);
    for (uint32_t i = 0; i < 2; i++) {
        ((bl_amount *)round->tally)[run->final[i]] = tally[i];
        ((bl_standing *)round->standing)[run->final[i]] = BL_STANDING_IN;
    }
    round->exhausted = bl_amount_whole(count, count->contest->total - votes[0] - votes[1]);
    return round;
}

/* "ana is scored higher on 12 ballots, bo on 10" */
static void say_preferences(star *run, const bl_round *round, const uint64_t *votes)
{
    bl_count *count = run->count;
    const uint32_t more = votes[1] > votes[0];
    const uint32_t first = run->final[more], second = run->final[1 - more];
    const bl_text fewer = round->tally[second].text;
    bl_say_text(count, "Round %u: ", round->number);
    bl_say_name(count, first);
    bl_say_text(count, " is scored higher on ");
    bl_say_ballots(count, votes[more]);
    bl_say_text(count, ", ");
    bl_say_name(count, second);
    bl_say_text(count, " on %.*s", (int)fewer.size, fewer.bytes);
}

static bool count_runoff(star *run)
{
    bl_count *count = run->count;
    uint64_t votes[2];
    bl_scores_compare(&run->scores, run->final[0], run->final[1], &votes[0], &votes[1]);
    bl_round *round = show_runoff(run, votes);
    if (!round) return false;
    uint32_t winner = run->final[votes[1] > votes[0]];
    const char *why = NULL;
    if (votes[0] == votes[1] && !break_final(run, &winner, &why)) return false;
    if (winner == BL_NONE) {
        bl_say_names(count, run->final, 2);
        bl_say_text(count, " are tied in the runoff, and nothing breaks the tie");
        bl_count_none(count, bl_say_end(count));
        bl_say_text(count, "Round %u: %.*s", round->number, (int)count->none_because.size,
                    count->none_because.bytes);
        end_round(run, round);
        return !count->failed;
    }
    const uint32_t loser = run->final[winner == run->final[0]];
    if (is_last_seat(run)) bl_round_eliminate(round, loser);
    take_seat(run, round, winner);
    if (count->options->seats == 1) run->order[run->order_count++] = loser;
    say_preferences(run, round, votes);
    bl_say_text(count, "; ");
    bl_say_name(count, winner);
    if (why) bl_say_text(count, " %s and", why);
    bl_say_text(count, round->elected_count > 0 ? " is elected" : " wins, and nobody is elected");
    end_round(run, round);
    return !count->failed;
}

/* ---- seats ---- */

/* Whoever is of a group that has all the seats it may have is out. */
static void leave_out_full_groups(star *run)
{
    bl_count *count = run->count;
    uint32_t size = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (!run->is_in[i] || !bl_group_is_full(count, i)) continue;
        run->is_in[i] = false;
        run->tied[size++] = i;
    }
    if (size == 0) return;
    bl_say_names(count, run->tied, size);
    bl_say_text(count, " can take no seat: one group may have %u %s", count->options->group_most,
                count->options->group_most == 1 ? "seat" : "seats");
    bl_note_add(count, bl_say_end(count));
}

static bool has_anybody(const star *run)
{
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i]) return true;
    return false;
}

static bool fill_seats(star *run)
{
    bl_count *count = run->count;
    while (count->winner_count < count->options->seats && count->none_because.size == 0) {
        leave_out_full_groups(run);
        if (!has_anybody(run))
            return bl_count_none(count, BL_TEXT("there are more seats than candidates for them"));
        if (!count_scoring(run)) return false;
        if (run->final_count < 2 || count->none_because.size > 0) continue;
        if (!count_runoff(run)) return false;
    }
    return true;
}

bool bl_count_star(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    star run = {.count = count, .clauses = BL_TEXT("")};
    if (!bl_scores_begin(count, &run.scores)) return false;
    if (run.scores.counted == 0)
        return bl_count_none(count, BL_TEXT("every ballot has a score outside the range"));
    run.is_in = bl_arena_array(count->arena, size, sizeof *run.is_in);
    run.tied = bl_arena_array(count->arena, size, sizeof *run.tied);
    run.measure = bl_arena_array(count->arena, (size_t)size + 2, sizeof *run.measure);
    run.order = bl_arena_array(count->arena, (size_t)size + 1, sizeof *run.order);
    if (!run.is_in || !run.tied || !run.measure || !run.order) return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++)
        run.is_in[i] = run.scores.totals.is_in[i];
    bl_totals_figure(&run.scores.totals, "scores");
    if (!fill_seats(&run)) return false;
    for (uint32_t i = 0; i < size; i++)
        run.scores.totals.is_in[i] = !count->contest->candidates[i].is_withdrawn;
    return bl_totals_rank_behind(&run.scores.totals, run.order, run.order_count) &&
           !bl_totals_failed(&run.scores.totals);
}
