/*
 * From an order of candidates to places, seats and the last round of a Condorcet method.
 *
 * An order may leave open who of two is above. Two such may still share a place or not: a place is
 * one more than the number of those whom the order puts there before it. Where a tie was not
 * broken, the order holds what is sure however it were broken, and no seat is given on less.
 */
#include "count_pairs.h"

#include <string.h>

bool bl_places_make(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    count->places = bl_arena_array(count->arena, size, sizeof *count->places);
    return count->places || bl_count_nomem(count);
}

static bool is_undominated(const bl_relation *above, const bool *is_done, uint32_t a)
{
    for (uint32_t i = 0; i < above->size; i++)
        if (!is_done[i] && bl_relation_has(above, i, a)) return false;
    return true;
}

/* Level by level: first those who have nobody above them, then those who have only these. */
bool bl_places_by_order(bl_count *count, const bl_pairs *pairs, const bl_relation *above)
{
    bool *is_done = bl_arena_array(count->arena, pairs->size, sizeof *is_done);
    uint32_t *level = bl_arena_array(count->arena, pairs->size, sizeof *level);
    if (!is_done || !level) return bl_count_nomem(count);
    if (!bl_places_make(count)) return false;
    for (uint32_t placed = 0; placed < pairs->size;) {
        uint32_t size = 0;
        for (uint32_t i = 0; i < pairs->size; i++)
            if (!is_done[i] && is_undominated(above, is_done, i)) level[size++] = i;
        for (uint32_t i = 0; i < size; i++) {
            is_done[level[i]] = true;
            count->places[pairs->candidates[level[i]]] = placed + 1;
        }
        placed += size;
    }
    return true;
}

/* ---- what is sure ---- */

/* Whether `a` can take a seat for all that the default option does, and whether that is sure. */
static bool is_above_default(const bl_relation *above, uint32_t fallback, uint32_t a)
{
    return fallback == BL_NONE || (a != fallback && bl_relation_has(above, a, fallback));
}

static bool is_default_sure(const bl_relation *above, uint32_t fallback)
{
    for (uint32_t i = 0; fallback != BL_NONE && i < above->size; i++)
        if (i != fallback && !bl_relation_has(above, i, fallback) &&
            !bl_relation_has(above, fallback, i))
            return false;
    return true;
}

bool bl_places_are_settled(const bl_count *count, const bl_pairs *pairs, const bl_relation *above)
{
    const uint32_t fallback = bl_pairs_find(pairs, count->contest->default_option);
    const uint32_t seats = count->options->seats;
    if (!is_default_sure(above, fallback)) return false;
    uint32_t able = 0, sure = 0;
    for (uint32_t i = 0; i < pairs->size; i++)
        able += is_above_default(above, fallback, i);
    for (uint32_t i = 0; i < pairs->size; i++) {
        if (!is_above_default(above, fallback, i)) continue;
        uint32_t below = 0, related = 0;
        for (uint32_t j = 0; j < pairs->size; j++) {
            if (i == j || !is_above_default(above, fallback, j)) continue;
            below += bl_relation_has(above, i, j);
            related += bl_relation_has(above, i, j) || bl_relation_has(above, j, i);
        }
        if (count->options->group_most != BL_NO_MOST && related + 1 < able) return false;
        sure += able <= seats || below >= able - seats;
    }
    return sure == (able < seats ? able : seats);
}

/* ---- rounds ---- */

void bl_say_round(bl_count *count)
{
    bl_say_text(count, "Round %u: ", (uint32_t)count->rounds.count + 1);
}

bl_round *bl_pairs_round(bl_count *count, const bl_pairs *pairs)
{
    bl_round *round = bl_round_new(count);
    if (!round) return NULL;
    round->number = (uint32_t)count->rounds.count + 1;
    for (uint32_t i = 0; i < pairs->size; i++)
        ((bl_standing *)round->standing)[pairs->candidates[i]] = BL_STANDING_IN;
    return round;
}

void bl_pairs_round_add(bl_count *count, bl_round *round)
{
    round->sentence = bl_say_end(count);
    bl_round_add(count, round);
}

/* ---- the end ---- */

static uint32_t count_at_place(const bl_count *count, uint32_t place)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        found += count->places[i] == place;
    return found;
}

/* Fills seats from the first places that nobody shares, as if nobody else were ranked. */
static bool fill_from_sure(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    uint32_t *const all = count->places, sure = 0;
    while (count_at_place(count, sure + 1) == 1)
        sure++;
    if (!bl_places_make(count)) return false;
    for (uint32_t i = 0; i < size; i++)
        count->places[i] = all[i] <= sure ? all[i] : 0;
    const bool is_done = bl_count_fill(count);
    count->places = all;
    return is_done;
}

static void end_sentence(bl_count *count, bl_text finding)
{
    bl_say_text(count, "Round %u: %.*s; ", (uint32_t)count->rounds.count, (int)finding.size,
                finding.bytes);
    if (count->winner_count > 0) {
        bl_say_names(count, count->winners, count->winner_count);
        bl_say_text(count, " %s elected", count->winner_count == 1 ? "is" : "are");
    } else {
        bl_say_text(count, "nobody is elected");
    }
    if (count->none_because.size > 0)
        bl_say_text(count, ": %.*s", (int)count->none_because.size, count->none_because.bytes);
    bl_say_text(count, ".");
}

bool bl_pairs_end(bl_count *count, bl_round *last, bl_text finding, bool is_settled)
{
    bl_round_add(count, last); /* before the seats: a tie is told as one of this round */
    if (count->failed) return false;
    if (!(is_settled ? bl_count_fill(count) : fill_from_sure(count))) return false;
    if (!is_settled && count->winner_count < count->options->seats)
        bl_count_none(count, BL_TEXT("a tie is left that nothing declared breaks"));
    bl_round *const added = &count->rounds.items[count->rounds.count - 1];
    for (uint32_t i = 0; i < count->winner_count; i++)
        bl_round_elect(added, count->winners[i]);
    end_sentence(count, finding);
    added->sentence = bl_say_end(count);
    return !count->failed;
}
