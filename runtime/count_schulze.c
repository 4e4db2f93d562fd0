/*
 * Schulze's method, and Debian's rules around it.
 *
 * Schulze: a path from one candidate to another is as strong as its weakest defeat; who has the
 * stronger path is above (M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
 * Condorcet-consistent single-winner election method", Social Choice and Welfare 36, 2011). The
 * ranking comes from the paths.
 *
 * The rounds are those of Debian's constitution, version 1.9, A.5: with a default option, options
 * without their quorum or their majority over it are dropped (A.5.2, A.5.3); then, while there are
 * defeats within the Schwartz set, the weakest of these are dropped, all that are equal together
 * (A.5.4 to A.5.7). Who is left in the end are those with no stronger path against them: the rounds
 * tell why, and the tests hold that both give the same.
 *
 * The majority: "V(A,D) is greater or equal to N * V(D,A) and V(A,D) is strictly greater than
 * V(D,A)" since 2015; the option `majority_exceeded` is the text before that, "strictly greater
 * than N * V(D,A)".
 */
#include "count_pairs.h"

#include <string.h>

typedef struct schulze {
    bl_count *count;
    bl_pairs pairs; /* those who were not dropped */
    bl_defeats defeats;
    bl_schwartz schwartz;
    bl_relation above;
    const bl_defeat **dropped; /* of the round at hand */
    uint32_t dropped_count;
    uint32_t
        next; /* defeats from here on have been looked at: the list is gone through backwards */
    bool *is_kept; /* by number of all pairs */
} schulze;

/* ---- A.5.2 and A.5.3: quorum and majority over the default option ---- */

typedef enum verdict { KEPT, BELOW_QUORUM, BELOW_MAJORITY } verdict;

static bl_rational quorum_of(const bl_count *count, uint32_t candidate)
{
    const bl_rational own = count->contest->candidates[candidate].quorum;
    return own.den == 0 ? count->options->quorum : own;
}

static bl_rational majority_of(const bl_count *count, uint32_t candidate)
{
    const bl_rational own = count->contest->candidates[candidate].majority;
    return own.den == 0 ? count->options->majority : own;
}

/* Weights are at most BL_WEIGHT_MAX, so that each of these ratios can be made. */
static bl_rational ratio_of(uint64_t num, uint64_t den)
{
    bl_rational ratio = BL_RATIONAL(0);
    bl_rational_make((int64_t)num, (int64_t)den, &ratio);
    return ratio;
}

static verdict judge(const bl_count *count, uint32_t candidate, uint64_t over, uint64_t below)
{
    const bl_rational votes = ratio_of(over, count->contest->weight_scale);
    if (bl_rational_compare(votes, quorum_of(count, candidate)) < 0) return BELOW_QUORUM;
    if (over <= below) return BELOW_MAJORITY;
    if (below == 0) return KEPT;
    const int order = bl_rational_compare(ratio_of(over, below), majority_of(count, candidate));
    return order > 0 || (order == 0 && !count->options->majority_exceeded) ? KEPT : BELOW_MAJORITY;
}

static void say_ratio(bl_count *count, bl_rational value)
{
    bl_rational_write_decimal(&count->told, value);
}

/* "dee is dropped: 20 votes over nobody, and the quorum is 35". */
static void say_dropped(bl_count *count, uint32_t candidate, verdict found, uint64_t over,
                        uint64_t below)
{
    bl_say_name(count, candidate);
    bl_say_text(count, " is dropped, with ");
    bl_say_votes(count, over);
    bl_say_text(count, " over ");
    bl_say_name(count, count->contest->default_option);
    if (found == BELOW_QUORUM) {
        bl_say_text(count, " where the quorum is ");
        say_ratio(count, quorum_of(count, candidate));
        return;
    }
    const bl_rational majority = majority_of(count, candidate);
    const bl_text amount = bl_amount_whole(count, below).text;
    bl_say_text(count, " and %.*s below", (int)amount.size, amount.bytes);
    if (bl_rational_compare(majority, BL_RATIONAL(1)) <= 0) {
        bl_say_text(count, " where more must be over it than below");
        return;
    }
    bl_say_text(count, " where a majority of %s",
                count->options->majority_exceeded ? "more than " : "");
    say_ratio(count, majority);
    bl_say_text(count, " to 1 is needed");
}

/* Judges one; dropped ones are listed, and said with "; " between them. */
static void judge_one(schulze *run, bl_round *round, uint32_t number, uint32_t fallback)
{
    bl_count *count = run->count;
    const uint32_t candidate = run->pairs.candidates[number];
    const uint64_t over = bl_pairs_votes(&run->pairs, number, fallback);
    const uint64_t below = bl_pairs_votes(&run->pairs, fallback, number);
    const verdict found = judge(count, candidate, over, below);
    ((bl_amount *)round->tally)[candidate] = bl_amount_whole(count, over);
    run->is_kept[number] = found == KEPT;
    if (found == KEPT) return;
    if (round->eliminated_count > 0) bl_say_text(count, "; ");
    bl_round_eliminate(round, candidate);
    say_dropped(count, candidate, found, over, below);
}

static bool share_votes_over(schulze *run, bl_round *round, uint32_t fallback)
{
    const bl_contest *contest = run->count->contest;
    uint64_t *units = bl_arena_array(run->count->arena, contest->candidate_count, sizeof *units);
    if (!units) return bl_count_nomem(run->count);
    for (uint32_t i = 0; i < run->pairs.size; i++)
        if (i != fallback)
            units[run->pairs.candidates[i]] = bl_pairs_votes(&run->pairs, i, fallback);
    bl_amount_shares((bl_amount *)round->tally, units, contest->candidate_count);
    return true;
}

/* The round in which options are dropped. Its tally is of the votes over the default option. */
static bool drop_options(schulze *run)
{
    bl_count *count = run->count;
    const uint32_t fallback = bl_pairs_find(&run->pairs, count->contest->default_option);
    if (fallback == BL_NONE) return true;
    bl_round *round = bl_pairs_round(count, &run->pairs);
    run->is_kept = bl_arena_array(count->arena, run->pairs.size, sizeof *run->is_kept);
    if (!round || !run->is_kept) return bl_count_nomem(count);
    bl_say_round(count);
    run->is_kept[fallback] = true;
    for (uint32_t i = 0; i < run->pairs.size; i++)
        if (i != fallback) judge_one(run, round, i, fallback);
    if (round->eliminated_count == 0) {
        bl_say_text(count, "everybody else has the quorum and the majority over ");
        bl_say_name(count, count->contest->default_option);
    }
    bl_say_text(count, ".");
    if (!share_votes_over(run, round, fallback)) return false;
    bl_pairs_round_add(count, round);
    const bl_pairs all = run->pairs;
    return bl_pairs_keep(count, &all, run->is_kept, &run->pairs);
}

/* ---- A.5.4 to A.5.7: Schwartz sequential dropping ---- */

static bool is_within(const schulze *run, const bl_defeat *defeat)
{
    return run->schwartz.is_in[defeat->winner] && run->schwartz.is_in[defeat->loser];
}

/*
 * Finds the weakest defeats within the Schwartz set. Who has left the set does not come back, since
 * only defeats within it are dropped: so the list need be gone through only once, from its end.
 */
static bool find_weakest(schulze *run)
{
    run->dropped_count = 0;
    for (; run->next > 0; run->next--) {
        const bl_defeat *defeat = &run->defeats.items[run->next - 1];
        if (run->dropped_count > 0 && run->dropped[0]->rank != defeat->rank) break;
        if (is_within(run, defeat)) run->dropped[run->dropped_count++] = defeat;
    }
    /* They were found from the end: told in the order of their numbers. */
    for (uint32_t i = 0, j = run->dropped_count; i + 1 < j; i++) {
        const bl_defeat *const first = run->dropped[i];
        run->dropped[i] = run->dropped[--j];
        run->dropped[j] = first;
    }
    return run->dropped_count > 0;
}

static void say_drop(schulze *run)
{
    bl_count *count = run->count;
    bl_say_round(count);
    bl_say_set(count, &run->pairs, run->schwartz.is_in);
    bl_say_text(count, " beat each other in a circle; the weakest of these defeats, ");
    bl_say_defeats(count, &run->pairs, run->dropped, run->dropped_count);
    bl_say_text(count, ", %s dropped.", run->dropped_count == 1 ? "is" : "are");
}

/* One round, of those that are told one by one. */
static bool tell_drop(schulze *run)
{
    bl_round *round = bl_pairs_round(run->count, &run->pairs);
    if (!round) return false;
    say_drop(run);
    bl_pairs_round_add(run->count, round);
    return true;
}

static bool tell_other_drops(schulze *run, uint32_t dropped)
{
    bl_round *round = bl_pairs_round(run->count, &run->pairs);
    if (!round) return false;
    bl_say_round(run->count);
    bl_say_text(run->count,
                dropped == 1 ? "%u more defeat is dropped, the weakest that is left."
                             : "%u more defeats are dropped, always the weakest that are left.",
                dropped);
    bl_pairs_round_add(run->count, round);
    return true;
}

static bool drop_defeats(schulze *run)
{
    uint32_t steps = 0, untold = 0;
    run->next = run->defeats.count;
    for (; find_weakest(run); steps++) {
        if (steps >= BL_STEPS_TOLD_MAX)
            untold += run->dropped_count;
        else if (!tell_drop(run))
            return false;
        for (uint32_t i = 0; i < run->dropped_count; i++)
            bl_schwartz_drop(&run->schwartz, run->dropped[i]->winner, run->dropped[i]->loser);
        bl_schwartz_find(&run->schwartz);
    }
    return untold == 0 || tell_other_drops(run, untold);
}

/* ---- paths ---- */

/* The strongest paths, as ranks among the strengths of defeats; 0: none (Floyd and Warshall). */
static uint32_t *find_paths(schulze *run)
{
    const size_t size = run->pairs.size;
    uint32_t *paths = bl_arena_array(run->count->arena, size * size, sizeof *paths);
    if (!paths) return NULL;
    for (uint32_t i = 0; i < run->defeats.count; i++) {
        const bl_defeat *defeat = &run->defeats.items[i];
        paths[defeat->winner * size + defeat->loser] = defeat->rank;
    }
    for (size_t via = 0; via < size; via++) {
        const uint32_t *const on = paths + via * size;
        for (size_t from = 0; from < size; from++) {
            uint32_t *const row = paths + from * size;
            const uint32_t first = row[via];
            for (size_t to = 0; first > 0 && to < size; to++) {
                const uint32_t strength = on[to] < first ? on[to] : first;
                if (strength > row[to]) row[to] = strength;
            }
        }
    }
    return paths;
}

/* The figure "paths": their strengths in votes; where there is no path "0", and nothing where less
 * is stronger. */
static bool show_paths(schulze *run, const uint32_t *paths)
{
    bl_count *count = run->count;
    const size_t size = run->pairs.size, all = count->contest->candidate_count;
    bl_text *cells = bl_arena_array(count->arena, all * all, sizeof *cells);
    bl_text *texts = bl_arena_array(count->arena, run->defeats.rank_count + 1, sizeof *texts);
    if (!cells || !texts) return bl_count_nomem(count);
    texts[0] = count->options->strength == BL_STRENGTH_OPPOSITION ? BL_TEXT("") : BL_TEXT("0");
    for (uint32_t i = 0; i < run->defeats.count; i++) {
        const bl_defeat *defeat = &run->defeats.items[i];
        if (texts[defeat->rank].size > 0) continue;
        texts[defeat->rank] =
            bl_amount_whole(count, bl_defeat_votes(count, &run->pairs, defeat)).text;
    }
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            if (i != j)
                cells[run->pairs.candidates[i] * all + run->pairs.candidates[j]] =
                    texts[paths[i * size + j]];
    bl_figure_add(count, "paths", BL_FIGURE_MATRIX, cells, (uint32_t)(all * all));
    return !count->failed;
}

static bool rank_by_paths(schulze *run)
{
    const size_t size = run->pairs.size;
    const uint32_t *const paths = find_paths(run);
    if (!paths) return bl_count_nomem(run->count);
    if (!show_paths(run, paths)) return false;
    if (!bl_relation_make(run->count, run->pairs.size, &run->above)) return false;
    for (uint32_t i = 0; i < size; i++)
        for (uint32_t j = 0; j < size; j++)
            if (paths[i * size + j] > paths[j * size + i]) bl_relation_add(&run->above, i, j);
    return bl_places_by_order(run->count, &run->pairs, &run->above);
}

/* ---- A.5.8: who is left ---- */

static bool end(schulze *run, bool has_dropped)
{
    bl_count *count = run->count;
    uint32_t left = 0;
    for (uint32_t i = 0; i < run->pairs.size; i++)
        left += run->schwartz.is_in[i];
    bl_say_text(count, left == 1 ? "nobody beats " : "no defeats are left among ");
    bl_say_set(count, &run->pairs, run->schwartz.is_in);
    if (left == 1 && has_dropped) bl_say_text(count, " any more");
    const bl_text finding = bl_say_end(count);
    bl_round *last = bl_pairs_round(count, &run->pairs);
    return last && bl_pairs_end(count, last, finding, true);
}

bool bl_count_schulze(bl_count *count)
{
    schulze run = {.count = count};
    if (!bl_pairs_make(count, &run.pairs) || !drop_options(&run)) return false;
    if (!bl_defeats_make(count, &run.pairs, &run.defeats)) return false;
    run.dropped = bl_arena_array(count->arena, run.defeats.count, sizeof *run.dropped);
    if (!run.dropped) return bl_count_nomem(count);
    if (!bl_schwartz_make(count, &run.pairs, &run.schwartz)) return false;
    const size_t before = count->rounds.count;
    return drop_defeats(&run) && rank_by_paths(&run) && end(&run, count->rounds.count > before);
}
