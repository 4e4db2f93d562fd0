/*
 * Relations between candidates, defeats by strength, and what becomes of them: places and seats.
 */
#include "count_pairs.h"

#include <string.h>

enum { WORD_BITS = 64, DEFEATS_SAID_MAX = 8 };

/* ---- relations ---- */

bool bl_relation_make(bl_count *count, uint32_t size, bl_relation *out)
{
    out->size = size;
    out->words = (size + WORD_BITS - 1) / WORD_BITS;
    out->bits = bl_arena_array(count->arena, (size_t)size * out->words, sizeof *out->bits);
    return out->bits || bl_count_nomem(count);
}

static uint64_t *row_of(const bl_relation *relation, uint32_t a)
{
    return relation->bits + (size_t)a * relation->words;
}

static uint64_t bit_of(uint32_t b)
{
    return UINT64_C(1) << b % WORD_BITS;
}

void bl_relation_add(bl_relation *relation, uint32_t a, uint32_t b)
{
    row_of(relation, a)[b / WORD_BITS] |= bit_of(b);
}

void bl_relation_remove(bl_relation *relation, uint32_t a, uint32_t b)
{
    row_of(relation, a)[b / WORD_BITS] &= ~bit_of(b);
}

bool bl_relation_has(const bl_relation *relation, uint32_t a, uint32_t b)
{
    return (row_of(relation, a)[b / WORD_BITS] & bit_of(b)) != 0;
}

void bl_relation_copy(bl_relation *to, const bl_relation *from)
{
    memcpy(to->bits, from->bits, (size_t)from->size * from->words * sizeof *from->bits);
}

void bl_relation_join(bl_relation *relation, uint32_t a, uint32_t b)
{
    if (bl_relation_has(relation, a, b)) return;
    const uint64_t *const added = row_of(relation, b);
    for (uint32_t i = 0; i < relation->size; i++) {
        if (i != a && !bl_relation_has(relation, i, a)) continue;
        uint64_t *const row = row_of(relation, i);
        for (uint32_t word = 0; word < relation->words; word++)
            row[word] |= added[word];
        bl_relation_add(relation, i, b);
    }
}

/* ---- the Schwartz set ---- */

bool bl_schwartz_make(bl_count *count, const bl_pairs *pairs, bl_schwartz *out)
{
    const uint32_t size = pairs->size;
    if (!bl_relation_make(count, size, &out->beats)) return false;
    if (!bl_relation_make(count, size, &out->beaten_by)) return false;
    out->sets = bl_arena_array(count->arena, (size_t)out->beats.words * 3, sizeof *out->sets);
    out->queue = bl_arena_array(count->arena, size, sizeof *out->queue);
    out->is_in = bl_arena_array(count->arena, size, sizeof *out->is_in);
    out->was_in = bl_arena_array(count->arena, size, sizeof *out->was_in);
    if (!out->sets || !out->queue || !out->is_in || !out->was_in) return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++)
        for (uint32_t j = 0; j < size; j++)
            if (i != j && bl_pairs_beats(pairs, i, j)) {
                bl_relation_add(&out->beats, i, j);
                bl_relation_add(&out->beaten_by, j, i);
            }
    out->is_stale = true;
    bl_schwartz_find(out);
    return true;
}

/* Where the loser is still reached over a third one, everybody reaches whom they did. */
void bl_schwartz_drop(bl_schwartz *schwartz, uint32_t winner, uint32_t loser)
{
    bl_relation_remove(&schwartz->beats, winner, loser);
    bl_relation_remove(&schwartz->beaten_by, loser, winner);
    const uint64_t *const ahead = row_of(&schwartz->beats, winner);
    const uint64_t *const behind = row_of(&schwartz->beaten_by, loser);
    for (uint32_t i = 0; i < schwartz->beats.words; i++)
        if (ahead[i] & behind[i]) return;
    schwartz->is_stale = true;
}

/* The set of `from` and all whom it reaches. */
static void reach(const bl_relation *relation, uint32_t from, uint64_t *set, uint32_t *queue)
{
    uint32_t end = 1;
    memset(set, 0, relation->words * sizeof *set);
    set[from / WORD_BITS] |= bit_of(from);
    queue[0] = from;
    for (uint32_t at = 0; at < end; at++) {
        const uint64_t *const row = row_of(relation, queue[at]);
        for (uint32_t word = 0; word < relation->words; word++) {
            const uint64_t found = row[word] & ~set[word];
            set[word] |= found;
            for (uint32_t bit = 0; bit < WORD_BITS && found >> bit; bit++)
                if (found >> bit & 1) queue[end++] = word * WORD_BITS + bit;
        }
    }
}

static bool is_within(const uint64_t *part, const uint64_t *whole, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++)
        if (part[i] & ~whole[i]) return false;
    return true;
}

/* Where everybody who reaches `from` is reached in turn, they are all in the Schwartz set. */
static void look_from(bl_schwartz *schwartz, uint32_t from)
{
    const uint32_t words = schwartz->beats.words;
    uint64_t *const seen = schwartz->sets, *const ahead = seen + words,
                    *const behind = ahead + words;
    if (seen[from / WORD_BITS] & bit_of(from)) return;
    reach(&schwartz->beats, from, ahead, schwartz->queue);
    reach(&schwartz->beaten_by, from, behind, schwartz->queue);
    for (uint32_t i = 0; i < words; i++)
        seen[i] |= ahead[i];
    if (!is_within(behind, ahead, words)) return;
    for (uint32_t i = 0; i < schwartz->beats.size; i++)
        if (behind[i / WORD_BITS] & bit_of(i)) schwartz->is_in[i] = true;
}

/*
 * Each part of the set is reached from itself only, so a search that begins wherever none has come
 * yet finds it. It begins with those who were in before: there it mostly ends.
 */
void bl_schwartz_find(bl_schwartz *schwartz)
{
    const uint32_t size = schwartz->beats.size;
    if (!schwartz->is_stale) return;
    schwartz->is_stale = false;
    memcpy(schwartz->was_in, schwartz->is_in, size * sizeof *schwartz->is_in);
    memset(schwartz->is_in, 0, size * sizeof *schwartz->is_in);
    memset(schwartz->sets, 0, schwartz->beats.words * sizeof *schwartz->sets);
    for (uint32_t i = 0; i < size; i++)
        if (schwartz->was_in[i]) look_from(schwartz, i);
    for (uint32_t i = 0; i < size; i++)
        look_from(schwartz, i);
}

/* ---- defeats ---- */

static bl_defeat defeat_of(const bl_count *count, const bl_pairs *pairs, uint32_t a, uint32_t b)
{
    const uint64_t with = bl_pairs_votes(pairs, a, b), against = bl_pairs_votes(pairs, b, a);
    bl_defeat defeat = {.winner = a, .loser = b};
    switch ((bl_strength)count->options->strength) {
    case BL_STRENGTH_WINNING_VOTES:
        defeat.strong = with;
        defeat.stronger = UINT64_MAX - against;
        break;
    case BL_STRENGTH_MARGINS: defeat.strong = with - against; break;
    case BL_STRENGTH_OPPOSITION:
        defeat.strong = UINT64_MAX - against;
        defeat.stronger = with;
        break;
    }
    return defeat;
}

static bool is_stronger(const bl_defeat *a, const bl_defeat *b)
{
    return a->strong != b->strong ? a->strong > b->strong : a->stronger > b->stronger;
}

/* Two runs that lie side by side, each in order, into one; of equal ones those of the first come
 * first. */
static void merge(const bl_defeat *from, size_t first, size_t middle, size_t end, bl_defeat *to)
{
    size_t left = first, right = middle;
    for (size_t i = first; i < end; i++)
        to[i] = left == middle || (right < end && is_stronger(&from[right], &from[left]))
                    ? from[right++]
                    : from[left++];
}

/* Merge sort from below: it is stable, and asks for no memory but the second table. */
static bl_defeat *sort(bl_defeat *items, bl_defeat *other, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            const size_t middle = first + width < count ? first + width : count;
            const size_t end = first + 2 * width < count ? first + 2 * width : count;
            merge(items, first, middle, end, other);
        }
        bl_defeat *const sorted = other;
        other = items;
        items = sorted;
    }
    return items;
}

/* The second number tells all those apart that are equal in the first, or none of them. */
static void mark_close_ones(bl_defeats *defeats)
{
    bl_defeat *const items = defeats->items;
    for (uint32_t first = 0, end; first < defeats->count; first = end) {
        for (end = first + 1; end < defeats->count && items[end].strong == items[first].strong;)
            end++;
        for (uint32_t i = first; i < end; i++)
            items[i].is_close = items[first].stronger != items[end - 1].stronger;
    }
}

bool bl_defeats_make(bl_count *count, const bl_pairs *pairs, bl_defeats *out)
{
    const size_t most = (size_t)pairs->size * pairs->size / 2;
    bl_defeat *items = bl_arena_array(count->arena, most, sizeof *items);
    bl_defeat *other = bl_arena_array(count->arena, most, sizeof *other);
    if (!items || !other) return bl_count_nomem(count);
    *out = (bl_defeats){NULL, 0, 0};
    for (uint32_t i = 0; i < pairs->size; i++)
        for (uint32_t j = 0; j < pairs->size; j++)
            if (i != j && bl_pairs_beats(pairs, i, j))
                items[out->count++] = defeat_of(count, pairs, i, j);
    out->items = sort(items, other, out->count);
    for (uint32_t i = out->count; i-- > 0;) {
        if (i + 1 == out->count || is_stronger(&out->items[i], &out->items[i + 1]))
            out->rank_count++;
        out->items[i].rank = out->rank_count;
    }
    mark_close_ones(out);
    return true;
}

uint64_t bl_defeat_votes(const bl_count *count, const bl_pairs *pairs, const bl_defeat *defeat)
{
    const uint64_t with = bl_pairs_votes(pairs, defeat->winner, defeat->loser);
    const uint64_t against = bl_pairs_votes(pairs, defeat->loser, defeat->winner);
    switch ((bl_strength)count->options->strength) {
    case BL_STRENGTH_WINNING_VOTES: return with;
    case BL_STRENGTH_MARGINS: return with - against;
    case BL_STRENGTH_OPPOSITION: return against;
    }
    return with;
}

void bl_say_defeats(bl_count *count, const bl_pairs *pairs, const bl_defeat *const *defeats,
                    uint32_t size)
{
    static const char *const words[] = {"with", "by", "against"};
    const uint32_t said = size > DEFEATS_SAID_MAX ? DEFEATS_SAID_MAX : size;
    for (uint32_t i = 0; i < said; i++) {
        if (i > 0) bl_say_text(count, i + 1 == size ? " and " : ", ");
        bl_say_name(count, pairs->candidates[defeats[i]->winner]);
        bl_say_text(count, " over ");
        bl_say_name(count, pairs->candidates[defeats[i]->loser]);
    }
    if (said < size) bl_say_text(count, " and %u more", size - said);
    const uint32_t winner = defeats[0]->winner, loser = defeats[0]->loser;
    if (defeats[0]->is_close) {
        const bl_text against = bl_amount_whole(count, bl_pairs_votes(pairs, loser, winner)).text;
        bl_say_text(count, " with ");
        bl_say_votes(count, bl_pairs_votes(pairs, winner, loser));
        bl_say_text(count, " to %.*s", (int)against.size, against.bytes);
    } else {
        bl_say_text(count, " %s ", words[count->options->strength]);
        bl_say_votes(count, bl_defeat_votes(count, pairs, defeats[0]));
    }
    if (size > 1) bl_say_text(count, " each");
}
