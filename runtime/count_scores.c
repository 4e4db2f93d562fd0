/*
 * Score voting: each ballot scores any number of candidates, and the highest total wins (range
 * voting; Warren D. Smith, "Range voting", 2000). With unscored = ignored the highest average over
 * those who scored a candidate.
 */
#include "count_scores.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* ---- the range ---- */

static bool set_range(bl_scores *scores)
{
    bl_count *count = scores->count;
    const bl_count_options *options = count->options;
    const bl_rational scale = BL_RATIONAL(count->contest->score_scale);
    bl_rational low, high;
    if (!bl_rational_multiply(options->lowest, scale, &low) ||
        !bl_rational_multiply(options->highest, scale, &high) || high.num < 0)
        return bl_count_refuse(count, BL_TEXT("the lowest or the highest score is too large"));
    if (bl_rational_compare(options->lowest, options->highest) >= 0)
        return bl_count_refuse(count, BL_TEXT("the lowest score is not below the highest"));
    scores->least = bl_rational_ceiling(low);
    scores->most = bl_rational_floor(high);
    scores->unscored = scores->least - !bl_rational_is_integer(low);
    scores->has_top = bl_rational_is_integer(high);
    return true;
}

static bool is_candidate(const bl_contest *contest, bl_mark mark)
{
    return mark.candidate < contest->candidate_count;
}

static bool is_outside(const bl_scores *scores, const bl_pile *pile)
{
    const bl_mark *marks = scores->count->contest->marks + pile->first_mark;
    for (uint32_t i = 0; i < pile->mark_count; i++)
        if (marks[i].value < scores->least || marks[i].value > scores->most) return true;
    return false;
}

/* ---- adding up ---- */

typedef struct sums {
    wide *points; /* by candidate, weight times score */
    uint64_t *scored; /* by candidate, units of the ballots that score them */
} sums;

static void add_pile(bl_scores *scores, sums *all, const bl_pile *pile)
{
    const bl_contest *contest = scores->count->contest;
    const bl_mark *marks = contest->marks + pile->first_mark;
    scores->counted += pile->weight;
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        if (!is_candidate(contest, marks[i])) continue;
        all->points[marks[i].candidate] += (wide)pile->weight * (wide)marks[i].value;
        all->scored[marks[i].candidate] += pile->weight;
    }
}

/* Units of weight times score, divided by their scales and `by`. */
static bl_exact to_points(bl_scores *scores, wide points, uint64_t by)
{
    const bl_contest *contest = scores->count->contest;
    bl_exact_context *exact = &scores->totals.exact;
    const bl_exact sum = bl_totals_wide(exact, (uint64_t)(points >> 64), (uint64_t)points);
    const bl_exact parts = bl_exact_multiply(exact, BL_EXACT(contest->score_scale), BL_EXACT(by));
    return bl_exact_divide(exact, sum, parts);
}

static bl_exact lowest_of(bl_scores *scores)
{
    const bl_rational lowest = scores->count->options->lowest;
    return bl_exact_ratio(&scores->totals.exact, (uint64_t)lowest.num, (uint64_t)lowest.den);
}

static bl_exact find_value(bl_scores *scores, const sums *all, uint32_t candidate)
{
    bl_exact_context *exact = &scores->totals.exact;
    const uint64_t scored = all->scored[candidate];
    const uint32_t scale = scores->count->contest->weight_scale;
    if (scores->count->options->unscored == BL_UNSCORED_IGNORED)
        return scored == 0 ? lowest_of(scores) : to_points(scores, all->points[candidate], scored);
    const bl_exact unscored = bl_exact_ratio(exact, scores->counted - scored, scale);
    return bl_exact_add(exact, to_points(scores, all->points[candidate], scale),
                        bl_exact_multiply(exact, unscored, lowest_of(scores)));
}

static void note_spoiled(bl_scores *scores, uint64_t spoiled)
{
    bl_count *count = scores->count;
    if (spoiled == 0) return;
    const bool is_one = spoiled == count->contest->weight_scale;
    bl_buffer range;
    bl_buffer_init(&range, count->memory);
    bl_rational_write_decimal(&range, count->options->lowest);
    bl_buffer_cstring(&range, " to ");
    bl_rational_write_decimal(&range, count->options->highest);
    bl_buffer_char(&range, '\0');
    if (range.failed) bl_count_nomem(count);
    bl_say_ballots(count, spoiled);
    bl_say_text(count, " %s a score outside %s and %s not count", is_one ? "has" : "have",
                range.failed ? "" : range.bytes, is_one ? "does" : "do");
    bl_buffer_free(&range);
    bl_note_add(count, bl_say_end(count));
}

bool bl_scores_begin(bl_count *count, bl_scores *scores)
{
    const bl_contest *contest = count->contest;
    const uint32_t size = contest->candidate_count;
    *scores = (bl_scores){.count = count};
    if (!set_range(scores) || !bl_totals_begin(count, &scores->totals)) return false;
    sums all = {bl_arena_array(count->arena, size, sizeof *all.points),
                bl_arena_array(count->arena, size, sizeof *all.scored)};
    scores->is_spoiled = bl_arena_array(count->arena, contest->pile_count,
                                        sizeof *scores->is_spoiled);
    if (!all.points || !all.scored || !scores->is_spoiled) return bl_count_nomem(count);
    uint64_t spoiled = 0;
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        scores->is_spoiled[i] = is_outside(scores, &contest->piles[i]);
        if (scores->is_spoiled[i])
            spoiled += contest->piles[i].weight;
        else
            add_pile(scores, &all, &contest->piles[i]);
    }
    note_spoiled(scores, spoiled);
    for (uint32_t i = 0; i < size; i++)
        scores->totals.values[i] = find_value(scores, &all, i);
    return !bl_totals_failed(&scores->totals);
}

/* ---- comparing ---- */

static int64_t score_of(const bl_scores *scores, const bl_pile *pile, uint32_t candidate)
{
    const bl_mark *marks = scores->count->contest->marks + pile->first_mark;
    for (uint32_t i = 0; i < pile->mark_count; i++)
        if (marks[i].candidate == candidate) return marks[i].value;
    return scores->unscored;
}

void bl_scores_compare(const bl_scores *scores, uint32_t a, uint32_t b, uint64_t *prefer_a,
                       uint64_t *prefer_b)
{
    const bl_contest *contest = scores->count->contest;
    *prefer_a = *prefer_b = 0;
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        const bl_pile *pile = &contest->piles[i];
        if (scores->is_spoiled[i]) continue;
        const int64_t of_a = score_of(scores, pile, a), of_b = score_of(scores, pile, b);
        if (of_a > of_b) *prefer_a += pile->weight;
        if (of_b > of_a) *prefer_b += pile->weight;
    }
}

void bl_scores_defeats(const bl_scores *scores, const uint32_t *tied, uint32_t size,
                       uint64_t *defeats)
{
    memset(defeats, 0, size * sizeof *defeats);
    for (uint32_t i = 0; i < size; i++) {
        for (uint32_t j = i + 1; j < size; j++) {
            uint64_t prefer_i, prefer_j;
            bl_scores_compare(scores, tied[i], tied[j], &prefer_i, &prefer_j);
            defeats[i] += prefer_j > prefer_i;
            defeats[j] += prefer_i > prefer_j;
        }
    }
}

void bl_scores_tops(const bl_scores *scores, const uint32_t *tied, uint32_t size, uint64_t *tops)
{
    const bl_contest *contest = scores->count->contest;
    memset(tops, 0, size * sizeof *tops);
    if (!scores->has_top) return;
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        if (scores->is_spoiled[i]) continue;
        for (uint32_t j = 0; j < size; j++)
            if (score_of(scores, &contest->piles[i], tied[j]) == scores->most)
                tops[j] += contest->piles[i].weight;
    }
}

/* ---- score voting ---- */

bool bl_count_score(bl_count *count)
{
    bl_scores scores;
    if (!bl_scores_begin(count, &scores)) return false;
    if (scores.counted == 0)
        return bl_count_none(count, BL_TEXT("every ballot has a score outside the range"));
    const bool is_average = count->options->unscored == BL_UNSCORED_IGNORED;
    bl_totals_figure(&scores.totals, "scores");
    return bl_totals_elect(&scores.totals,
                           is_average ? "the highest average" : "the highest score");
}
