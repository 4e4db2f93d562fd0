/*
 * Kemeny's method: the ranking that agrees with the most preferences of two, over all ballots. J.
 * G. Kemeny, "Mathematics without numbers" (1959); H. P. Young, "Condorcet's theory of voting",
 * American Political Science Review 82 (1988).
 *
 * Exact, by dynamic programming over sets: the best order of a set begins with one of it, who is
 * above the others, and goes on with the best order of these. That is 2^n sets, which is why the
 * field is small.
 *
 * Several rankings may be best. What all of them say is sure; where that leaves open who gets the
 * seats, tie rules choose who comes next, from the first place down.
 */
#include "count_pairs.h"

#include <string.h>

typedef struct kemeny {
    bl_count *count;
    bl_pairs pairs;
    uint64_t *best; /* by set: what the best order of it agrees with */
    uint64_t *ways; /* by set: how many orders are that good */
    bool *is_reached; /* by set: what may be left to rank, from `left` on */
    uint32_t left; /* the set of those who are not yet ranked */
    uint32_t *ranked; /* numbers, the first first */
    uint32_t ranked_count;
    bl_relation sure; /* what all rankings that are still possible say */
} kemeny;

static bool holds(uint32_t set, uint32_t a)
{
    return set >> a & 1;
}

/* What it agrees with that `a` is above all others of a set. */
static uint64_t gain(const kemeny *run, uint32_t set, uint32_t a)
{
    const uint64_t *const row = run->pairs.votes + (size_t)a * run->pairs.size;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < run->pairs.size; i++)
        if (holds(set, i)) sum += row[i]; /* its own is 0 */
    return sum;
}

static bool is_best_first(const kemeny *run, uint32_t set, uint32_t a)
{
    return holds(set, a) && gain(run, set, a) + run->best[set & ~(1u << a)] == run->best[set];
}

static void find_best(kemeny *run)
{
    run->ways[0] = 1;
    for (uint32_t set = 1; set <= run->left; set++) {
        for (uint32_t i = 0; i < run->pairs.size; i++) {
            if (!holds(set, i)) continue;
            const uint32_t rest = set & ~(1u << i);
            const uint64_t sum = gain(run, set, i) + run->best[rest];
            if (sum > run->best[set]) run->ways[set] = 0;
            if (sum >= run->best[set]) run->ways[set] += run->ways[rest];
            if (sum > run->best[set]) run->best[set] = sum;
        }
    }
}

static bool begin(bl_count *count, kemeny *run)
{
    *run = (kemeny){.count = count};
    if (!bl_pairs_make(count, &run->pairs)) return false;
    const uint32_t size = run->pairs.size;
    if (size > BL_KEMENY_MAX) {
        bl_say_text(count, "kemeny tries every ranking of at most %d candidates, and here are %u",
                    BL_KEMENY_MAX, size);
        return bl_count_refuse(count, bl_say_end(count));
    }
    const size_t sets = (size_t)1 << size;
    run->left = (uint32_t)(sets - 1);
    run->best = bl_arena_array(count->arena, sets, sizeof *run->best);
    run->ways = bl_arena_array(count->arena, sets, sizeof *run->ways);
    run->is_reached = bl_arena_array(count->arena, sets, sizeof *run->is_reached);
    run->ranked = bl_arena_array(count->arena, size, sizeof *run->ranked);
    return (run->best && run->ways && run->is_reached && run->ranked) || bl_count_nomem(count);
}

/* ---- what is sure ---- */

static void add_all_above(bl_relation *relation, uint32_t set, uint32_t a)
{
    for (uint32_t i = 0; i < relation->size; i++)
        if (i != a && holds(set, i)) bl_relation_add(relation, a, i);
}

/* Who is above whom in some best ranking of those who are left. */
static void find_possible(kemeny *run, bl_relation *possible)
{
    memset(run->is_reached, 0, ((size_t)run->left + 1) * sizeof *run->is_reached);
    run->is_reached[run->left] = true;
    for (uint32_t set = run->left; set > 0; set--) {
        for (uint32_t i = 0; run->is_reached[set] && i < run->pairs.size; i++) {
            if (!is_best_first(run, set, i)) continue;
            run->is_reached[set & ~(1u << i)] = true;
            add_all_above(possible, set, i);
        }
    }
}

static bool find_sure(kemeny *run)
{
    bl_relation possible;
    if (!bl_relation_make(run->count, run->pairs.size, &possible)) return false;
    if (!bl_relation_make(run->count, run->pairs.size, &run->sure)) return false;
    find_possible(run, &possible);
    uint32_t set = (uint32_t)(((size_t)1 << run->pairs.size) - 1);
    for (uint32_t i = 0; i < run->ranked_count; i++) {
        add_all_above(&run->sure, set, run->ranked[i]);
        set &= ~(1u << run->ranked[i]);
    }
    for (uint32_t i = 0; i < run->pairs.size; i++)
        for (uint32_t j = 0; j < run->pairs.size; j++)
            if (bl_relation_has(&possible, i, j) && !bl_relation_has(&possible, j, i))
                bl_relation_add(&run->sure, i, j);
    return true;
}

/* ---- ties among best rankings ---- */

static void rank_next(kemeny *run, uint32_t a)
{
    run->ranked[run->ranked_count++] = a;
    run->left &= ~(1u << a);
}

/* Chooses among those who may come next; `*is_broken` is false where nothing does. */
static bool choose_next(kemeny *run, const uint32_t *next, uint32_t size, bool *is_broken)
{
    uint32_t tied[BL_KEMENY_MAX], chosen = BL_NONE;
    for (uint32_t i = 0; i < size; i++)
        tied[i] = run->pairs.candidates[next[i]];
    const bl_tie tie = {.purpose = BL_TIE_ELECT,
                        .round = (uint32_t)run->count->rounds.count + 1,
                        .tied = tied,
                        .tied_count = size,
                        .what = "the next place, in rankings that are equally good"};
    if (!bl_tie_break(run->count, &tie, &chosen)) return false;
    *is_broken = chosen != BL_NONE;
    if (*is_broken) rank_next(run, bl_pairs_find(&run->pairs, chosen));
    return true;
}

/* Ranks on from the first place until it is sure who gets the seats, or nothing says who is next.
 */
static bool settle(kemeny *run, bool *is_settled)
{
    for (;;) {
        if (!find_sure(run)) return false;
        *is_settled = bl_places_are_settled(run->count, &run->pairs, &run->sure);
        if (*is_settled) return true;
        uint32_t next[BL_KEMENY_MAX], size = 0;
        for (uint32_t i = 0; i < run->pairs.size; i++)
            if (is_best_first(run, run->left, i)) next[size++] = i;
        bool is_broken = size == 1;
        if (size == 1)
            rank_next(run, next[0]);
        else if (!choose_next(run, next, size, &is_broken))
            return false;
        if (!is_broken) return true;
    }
}

/* ---- telling ---- */

/* All preferences of two that the ballots tell. */
static uint64_t count_preferences(const kemeny *run)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < run->pairs.size; i++)
        for (uint32_t j = 0; j < run->pairs.size; j++)
            if (i != j) sum += bl_pairs_votes(&run->pairs, i, j);
    return sum;
}

/* "ana > bo and chi": of those with an "and" between it is not sure who is above. */
static void say_ranking(kemeny *run)
{
    const bl_count *count = run->count;
    for (uint32_t place = 1; place <= run->pairs.size; place++) {
        uint32_t names[BL_KEMENY_MAX], size = 0;
        for (uint32_t i = 0; i < run->pairs.size; i++)
            if (count->places[run->pairs.candidates[i]] == place)
                names[size++] = run->pairs.candidates[i];
        if (size == 0) continue;
        if (place > 1) bl_say_text(run->count, " > ");
        bl_say_names(run->count, names, size);
    }
}

static bl_text say_finding(kemeny *run, uint64_t score, uint64_t ways)
{
    bl_count *count = run->count;
    const bl_text agreed = bl_amount_whole(count, score).text;
    const bl_text all = bl_amount_whole(count, count_preferences(run)).text;
    if (ways == 1) {
        bl_say_text(count, "the ranking ");
        say_ranking(run);
    } else {
        bl_say_text(count, "%lld rankings", (long long)ways);
    }
    bl_say_text(count, " %s with %.*s of %.*s preferences between two, and no other with so many",
                ways == 1 ? "agrees" : "agree", (int)agreed.size, agreed.bytes, (int)all.size,
                all.bytes);
    return bl_say_end(count);
}

static void note_ways(kemeny *run, uint64_t ways)
{
    if (ways == 1) return;
    bl_say_text(run->count, "%lld rankings are equally good; ", (long long)ways);
    say_ranking(run);
    bl_say_text(run->count, run->ranked_count > 0
                                ? " is what those have in common that broken ties leave"
                                : " is what they have in common");
    bl_note_add(run->count, bl_say_end(run->count));
}

bool bl_count_kemeny(bl_count *count)
{
    kemeny run;
    bool is_settled = false;
    if (!begin(count, &run)) return false;
    find_best(&run);
    const uint64_t score = run.best[run.left], ways = run.ways[run.left];
    const bl_text shown = bl_amount_whole(count, score).text;
    bl_figure_add(count, "score", BL_FIGURE_ONE, &shown, 1);
    bl_say_text(count, "%lld", (long long)ways);
    const bl_text best = bl_say_end(count);
    bl_figure_add(count, "best_rankings", BL_FIGURE_ONE, &best, 1);
    if (!settle(&run, &is_settled)) return false;
    if (!bl_places_by_order(count, &run.pairs, &run.sure)) return false;
    note_ways(&run, ways);
    bl_round *last = bl_pairs_round(count, &run.pairs);
    return last && bl_pairs_end(count, last, say_finding(&run, score, ways), is_settled);
}
