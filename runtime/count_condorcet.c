/*
 * Condorcet methods that give each candidate a number: Copeland and minimax.
 *
 * Copeland: a point for each candidate one beats, `half` for each draw (A. H. Copeland, 1951).
 * Minimax: whose worst defeat is the smallest comes first (Simpson 1969, Kramer 1977).
 */
#include "count_pairs.h"

#include <string.h>

/* ---- Copeland ---- */

static bool points_of(const bl_count *count, const bl_pairs *pairs, uint32_t a, bl_rational *out)
{
    uint32_t won = 0, drawn = 0;
    for (uint32_t i = 0; i < pairs->size; i++) {
        if (i == a) continue;
        won += bl_pairs_beats(pairs, a, i);
        drawn += !bl_pairs_beats(pairs, a, i) && !bl_pairs_beats(pairs, i, a);
    }
    bl_rational halves;
    return bl_rational_multiply(count->options->half, BL_RATIONAL(drawn), &halves) &&
           bl_rational_add(BL_RATIONAL(won), halves, out);
}

static bl_amount show_points(bl_count *count, bl_rational points, bl_rational most)
{
    const size_t mark = count->told.size;
    bl_rational_write_decimal(&count->told, points);
    bl_amount amount = bl_amount_text(count,
                                      (bl_text){count->told.bytes + mark, count->told.size - mark});
    count->told.size = mark;
    bl_rational share;
    if (most.num > 0 && bl_rational_divide(points, most, &share) &&
        bl_rational_multiply(share, BL_RATIONAL(10000), &share))
        amount.share = (uint32_t)bl_rational_floor(share);
    return amount;
}

/* Places by points: one more than how many have a better score. */
static void place_by_points(bl_count *count, const bl_pairs *pairs, const bl_rational *points)
{
    for (uint32_t i = 0; i < pairs->size; i++) {
        uint32_t better = 0;
        for (uint32_t j = 0; j < pairs->size; j++)
            better += bl_rational_compare(points[j], points[i]) > 0;
        count->places[pairs->candidates[i]] = better + 1;
    }
}

/* The figure "scores", of the tally of the only round. */
static bool show_scores(bl_count *count, const bl_round *round)
{
    const uint32_t size = count->contest->candidate_count;
    bl_text *cells = bl_arena_array(count->arena, size, sizeof *cells);
    if (!cells) return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++)
        cells[i] = round->tally[i].text;
    bl_figure_add(count, "scores", BL_FIGURE_LIST, cells, size);
    return !count->failed;
}

/* Says who has the first place, and returns the number of one of them; `*size` says how many. */
static uint32_t say_first(bl_count *count, const bl_pairs *pairs, uint32_t *size)
{
    bool *is_first = bl_arena_array(count->arena, pairs->size, sizeof *is_first);
    uint32_t one = 0;
    *size = 0;
    if (!is_first) {
        bl_count_nomem(count);
        return 0;
    }
    for (uint32_t i = 0; i < pairs->size; i++) {
        is_first[i] = count->places[pairs->candidates[i]] == 1;
        if (is_first[i]) one = i;
        *size += is_first[i];
    }
    bl_say_set(count, pairs, is_first);
    return one;
}

bool bl_count_copeland(bl_count *count)
{
    bl_pairs pairs;
    if (!bl_pairs_make(count, &pairs) || !bl_places_make(count)) return false;
    bl_rational *points = bl_arena_array(count->arena, pairs.size, sizeof *points);
    bl_round *round = bl_pairs_round(count, &pairs);
    if (!points || !round) return bl_count_nomem(count);
    bl_rational most = BL_RATIONAL(0);
    for (uint32_t i = 0; i < pairs.size; i++) {
        if (!points_of(count, &pairs, i, &points[i]))
            return bl_count_refuse(count, BL_TEXT("`half` has too many digits to be added up"));
        if (bl_rational_compare(points[i], most) > 0) most = points[i];
    }
    for (uint32_t i = 0; i < pairs.size; i++)
        ((bl_amount *)round->tally)[pairs.candidates[i]] = show_points(count, points[i], most);
    place_by_points(count, &pairs, points);
    if (!show_scores(count, round)) return false;
    uint32_t size;
    const bl_text shown = round->tally[pairs.candidates[say_first(count, &pairs, &size)]].text;
    bl_say_text(count, " %s the most points, %.*s", size == 1 ? "has" : "have", (int)shown.size,
                shown.bytes);
    return bl_pairs_end(count, round, bl_say_end(count), true);
}

/* ---- minimax ---- */

/* The worst that is against one, by the option `strength`: of winning votes and margins the worst
 * defeat (a margin of somebody who beats everybody is below zero), of opposition the most votes. */
static int64_t worst_of(const bl_count *count, const bl_pairs *pairs, uint32_t a)
{
    const bl_strength strength = (bl_strength)count->options->strength;
    int64_t worst = strength == BL_STRENGTH_MARGINS && pairs->size > 1 ? INT64_MIN : 0;
    for (uint32_t i = 0; i < pairs->size; i++) {
        if (i == a) continue;
        const int64_t against = (int64_t)bl_pairs_votes(pairs, i, a);
        const int64_t with = (int64_t)bl_pairs_votes(pairs, a, i);
        int64_t this = against;
        if (strength == BL_STRENGTH_WINNING_VOTES && against <= with) this = 0;
        if (strength == BL_STRENGTH_MARGINS) this = against - with;
        if (this > worst) worst = this;
    }
    return worst;
}

static bl_amount show_worst(bl_count *count, int64_t worst)
{
    if (worst >= 0) return bl_amount_whole(count, (uint64_t)worst);
    const bl_text text = bl_amount_whole(count, (uint64_t)-worst).text;
    const size_t mark = count->told.size;
    bl_say_text(count, "-%.*s", (int)text.size, text.bytes);
    const bl_amount amount = bl_amount_text(
        count, (bl_text){count->told.bytes + mark, count->told.size - mark});
    count->told.size = mark;
    return amount;
}

static void place_by_worst(bl_count *count, const bl_pairs *pairs, const int64_t *worst)
{
    for (uint32_t i = 0; i < pairs->size; i++) {
        uint32_t better = 0;
        for (uint32_t j = 0; j < pairs->size; j++)
            better += worst[j] < worst[i];
        count->places[pairs->candidates[i]] = better + 1;
    }
}

static bool show_all_worst(bl_count *count, const bl_pairs *pairs, const int64_t *worst,
                           bl_round *round)
{
    const uint32_t size = count->contest->candidate_count;
    bl_amount *tally = (bl_amount *)round->tally;
    uint64_t *units = bl_arena_array(count->arena, size, sizeof *units);
    if (!units) return bl_count_nomem(count);
    for (uint32_t i = 0; i < pairs->size; i++) {
        tally[pairs->candidates[i]] = show_worst(count, worst[i]);
        units[pairs->candidates[i]] = worst[i] > 0 ? (uint64_t)worst[i] : 0;
    }
    bl_amount_shares(tally, units, size);
    return show_scores(count, round);
}

static void say_worst(bl_count *count, const bl_pairs *pairs, const int64_t *worst)
{
    uint32_t size;
    const uint32_t first = say_first(count, pairs, &size);
    const bool is_most = count->options->strength == BL_STRENGTH_OPPOSITION;
    if (worst[first] <= 0 && !is_most) {
        bl_say_text(count, size == 1 ? " is beaten by nobody" : " are beaten by nobody");
        return;
    }
    bl_say_text(count, "%s the smallest worst %s, ", size == 1 ? " has" : " have",
                is_most ? "opposition" : "defeat");
    if (count->options->strength == BL_STRENGTH_MARGINS) bl_say_text(count, "by ");
    bl_say_votes(count, (uint64_t)worst[first]);
}

bool bl_count_minimax(bl_count *count)
{
    bl_pairs pairs;
    if (!bl_pairs_make(count, &pairs) || !bl_places_make(count)) return false;
    int64_t *worst = bl_arena_array(count->arena, pairs.size, sizeof *worst);
    bl_round *round = bl_pairs_round(count, &pairs);
    if (!worst || !round) return bl_count_nomem(count);
    for (uint32_t i = 0; i < pairs.size; i++)
        worst[i] = worst_of(count, &pairs, i);
    place_by_worst(count, &pairs, worst);
    if (!show_all_worst(count, &pairs, worst, round)) return false;
    say_worst(count, &pairs, worst);
    return bl_pairs_end(count, round, bl_say_end(count), true);
}
