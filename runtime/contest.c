/*
 * Making a contest: candidates and groups by name, and equal ballots on one pile.
 *
 * Three hash tables of one kind find numbers by XXH3 with a seed: linear probing over slots that
 * hold 32 bits of the hash beside the number, so that growing looks at nothing else and a lookup
 * rarely compares what is not equal. Adding a ballot allocates nothing but what doubles: its marks
 * are put in order in place, hashed as bytes, and kept only where they are new.
 *
 * Among a million piles each look at a slot, a pile and its marks waits for memory. So ballots wait
 * in a short queue, and what all of them will look at is asked for before the first one looks.
 *
 * Marks are kept by value and candidate, which is one order for each set of marks whatever the
 * kind, so that they can be grouped before the kind is known; those of scores are put in the order
 * of the candidates at the end.
 */
#include "contest.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Numbers by hash. */
typedef struct table {
    uint64_t *slots; /* hash << 32 | number + 1; 0 is an empty one */
    size_t count;
    size_t capacity; /* a power of two, or 0 */
} table;

/* A name that somebody is found by. */
typedef struct name {
    bl_text text;
    uint32_t number; /* of the candidate or the group */
} name;
typedef bl_vector(name) name_list;

/* A ballot in the queue. */
typedef struct waiting {
    uint64_t weight;
    uint32_t first_mark; /* in waiting_marks */
    uint32_t mark_count;
    uint32_t hash;
} waiting;
enum { WAITING_MOST = 32, WAITING_MARKS_MOST = 512 };

struct bl_contest_builder {
    bl_arena *arena;
    const bl_memory *memory;
    uint64_t seed;
    table candidate_of; /* in candidate_names */
    table group_of; /* in group_names */
    table pile_of;
    name_list candidate_names;
    name_list group_names;
    bl_vector(bl_candidate) candidates;
    bl_vector(bl_text) groups;
    bl_vector(bl_mark) marks;
    bl_vector(bl_pile) piles;
    uint64_t total;
    uint32_t waiting_count;
    uint32_t waiting_mark_count;
    waiting waiting[WAITING_MOST];
    bl_mark waiting_marks[WAITING_MARKS_MOST];
};

_Static_assert(sizeof(bl_mark) == 8, "marks are hashed and compared as bytes: no gaps");
_Static_assert(BL_MARK_COUNT_MAX < BL_NONE / 2, "a pile has a mark, but one: piles fit a slot too");

bl_contest_builder *bl_contest_begin(bl_arena *arena, const bl_memory *memory, uint64_t seed)
{
    bl_contest_builder *builder = bl_arena_alloc(arena, sizeof *builder);
    if (!builder) return NULL;
    *builder = (bl_contest_builder){.arena = arena, .memory = memory, .seed = seed};
    return builder;
}

/* ---- tables ---- */

static void table_put(table *t, uint32_t hash, uint32_t number)
{
    size_t at = hash & (t->capacity - 1);
    while (t->slots[at] != 0)
        at = (at + 1) & (t->capacity - 1);
    t->slots[at] = (uint64_t)hash << 32 | (number + 1);
    t->count++;
}

/* Room for one more; at most half of the slots are in use. */
static bool table_reserve(const bl_memory *memory, table *t)
{
    if (t->count < t->capacity / 2) return true;
    table grown = {.capacity = t->capacity ? t->capacity * 2 : 64};
    if (grown.capacity > SIZE_MAX / 2 / sizeof *grown.slots) return false;
    grown.slots = bl_memory_alloc(memory, grown.capacity * sizeof *grown.slots);
    if (!grown.slots) return false;
    memset(grown.slots, 0, grown.capacity * sizeof *grown.slots);
    for (size_t i = 0; i < t->capacity; i++)
        if (t->slots[i] != 0)
            table_put(&grown, (uint32_t)(t->slots[i] >> 32), (uint32_t)t->slots[i] - 1);
    bl_memory_free(memory, t->slots, t->capacity * sizeof *t->slots);
    *t = grown;
    return true;
}

static void table_free(const bl_memory *memory, table *t)
{
    bl_memory_free(memory, t->slots, t->capacity * sizeof *t->slots);
    *t = (table){0};
}

/* The next number with that hash from slot `*at` on, which moves behind it; BL_NONE: no more. */
static inline uint32_t table_next(const table *t, uint32_t hash, size_t *at)
{
    if (t->capacity == 0) return BL_NONE;
    for (size_t i = *at;; i++) {
        const uint64_t slot = t->slots[i & (t->capacity - 1)];
        if (slot == 0) return BL_NONE;
        if (slot >> 32 != hash) continue;
        *at = i + 1;
        return (uint32_t)slot - 1;
    }
}

static uint32_t hash_of(const bl_contest_builder *b, const void *bytes, size_t size)
{
    return (uint32_t)XXH3_64bits_withSeed(size ? bytes : "", size, b->seed);
}

/* ---- names ---- */

static uint32_t find_name(const table *t, const name_list *names, bl_text wanted, uint32_t hash)
{
    uint32_t at_name;
    for (size_t at = hash; (at_name = table_next(t, hash, &at)) != BL_NONE;)
        if (bl_text_equal(names->items[at_name].text, wanted)) return names->items[at_name].number;
    return BL_NONE;
}

/* Copies the name, for somebody who is not found by it yet; empty when out of memory. */
static bool put_name(bl_contest_builder *b, table *t, name_list *names, bl_text text,
                     uint32_t number, bl_text *copy)
{
    *copy = (bl_text){NULL, text.size};
    if (!table_reserve(b->memory, t) || !bl_vector_reserve(b->memory, names, 1)) return false;
    copy->bytes = bl_arena_copy(b->arena, text.bytes, text.size);
    if (!copy->bytes) return false;
    table_put(t, hash_of(b, text.bytes, text.size), (uint32_t)names->count);
    names->items[names->count++] = (name){*copy, number};
    return true;
}

uint32_t bl_contest_find(const bl_contest_builder *b, bl_text text)
{
    return find_name(&b->candidate_of, &b->candidate_names, text,
                     hash_of(b, text.bytes, text.size));
}

bl_contest_status bl_contest_add_candidate(bl_contest_builder *b, bl_text text, uint32_t *out)
{
    *out = bl_contest_find(b, text);
    if (*out != BL_NONE) return BL_CONTEST_TWICE;
    if (b->candidates.count >= BL_CANDIDATE_COUNT_MAX) return BL_CONTEST_TOO_MANY;
    const uint32_t number = (uint32_t)b->candidates.count;
    bl_candidate candidate = {.group = BL_NONE};
    if (!bl_vector_reserve(b->memory, &b->candidates, 1) ||
        !put_name(b, &b->candidate_of, &b->candidate_names, text, number, &candidate.name))
        return BL_CONTEST_NOMEM;
    b->candidates.items[b->candidates.count++] = candidate;
    *out = number;
    return BL_CONTEST_OK;
}

bl_contest_status bl_contest_add_name(bl_contest_builder *b, uint32_t candidate, bl_text text)
{
    const uint32_t known = bl_contest_find(b, text);
    if (known != BL_NONE) return known == candidate ? BL_CONTEST_OK : BL_CONTEST_TWICE;
    if (b->candidate_names.count >= 4 * BL_CANDIDATE_COUNT_MAX) return BL_CONTEST_TOO_MANY;
    bl_text copy;
    const bool is_put = put_name(b, &b->candidate_of, &b->candidate_names, text, candidate, &copy);
    return is_put ? BL_CONTEST_OK : BL_CONTEST_NOMEM;
}

uint32_t bl_contest_candidate_count(const bl_contest_builder *b)
{
    return (uint32_t)b->candidates.count;
}

bl_candidate *bl_contest_candidate(bl_contest_builder *b, uint32_t candidate)
{
    return &b->candidates.items[candidate];
}

uint32_t bl_contest_add_group(bl_contest_builder *b, bl_text text)
{
    const uint32_t known = find_name(&b->group_of, &b->group_names, text,
                                     hash_of(b, text.bytes, text.size));
    if (known != BL_NONE) return known;
    const uint32_t number = (uint32_t)b->groups.count;
    bl_text copy;
    if (number >= BL_NONE / 2 || !bl_vector_reserve(b->memory, &b->groups, 1) ||
        !put_name(b, &b->group_of, &b->group_names, text, number, &copy))
        return BL_NONE;
    b->groups.items[b->groups.count++] = copy;
    return number;
}

/* ---- ballots ---- */

/* The order of marks as one number: value, which may be negative, then candidate. */
static inline uint64_t rank_of(bl_mark mark)
{
    return (uint64_t)((uint32_t)mark.value ^ UINT32_C(0x80000000)) << 32 | mark.candidate;
}

static inline uint64_t place_of(bl_mark mark)
{
    return mark.candidate;
}

/* Puts marks[at] where it belongs in the heap of `count` marks below it, the last one on top. */
static void sift(bl_mark *marks, size_t at, size_t count, uint64_t (*key)(bl_mark))
{
    const bl_mark moved = marks[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && key(marks[child]) < key(marks[child + 1])) child++;
        if (key(marks[child]) <= key(moved)) break;
        marks[at] = marks[child];
    }
    marks[at] = moved;
}

static bool are_sorted(const bl_mark *marks, size_t count, uint64_t (*key)(bl_mark))
{
    for (size_t i = 1; i < count; i++)
        if (key(marks[i - 1]) > key(marks[i])) return false;
    return true;
}

/* For ballots as long as nobody writes them: n log n however they are forged. */
static void sort_many(bl_mark *marks, size_t count, uint64_t (*key)(bl_mark))
{
    if (are_sorted(marks, count, key)) return;
    for (size_t i = count / 2; i-- > 0;)
        sift(marks, i, count, key);
    for (size_t end = count; end-- > 1;) {
        const bl_mark last = marks[0];
        marks[0] = marks[end];
        marks[end] = last;
        sift(marks, 0, end, key);
    }
}

static inline void sort_few(bl_mark *marks, size_t count, uint64_t (*key)(bl_mark))
{
    for (size_t i = 1; i < count; i++) {
        const bl_mark moved = marks[i];
        size_t at = i;
        for (; at > 0 && key(marks[at - 1]) > key(moved); at--)
            marks[at] = marks[at - 1];
        marks[at] = moved;
    }
}

static inline void sort_marks(bl_mark *marks, size_t count, uint64_t (*key)(bl_mark))
{
    enum { FEW = 32 };
    if (count <= FEW)
        sort_few(marks, count, key);
    else
        sort_many(marks, count, key);
}

static uint32_t find_pile(const bl_contest_builder *b, const bl_mark *marks, uint32_t count,
                          uint32_t hash)
{
    uint32_t number;
    for (size_t at = hash; (number = table_next(&b->pile_of, hash, &at)) != BL_NONE;) {
        const bl_pile *pile = &b->piles.items[number];
        if (pile->mark_count != count) continue;
        if (count == 0 ||
            memcmp(&b->marks.items[pile->first_mark], marks, count * sizeof *marks) == 0)
            return number;
    }
    return BL_NONE;
}

static bl_contest_status add_pile(bl_contest_builder *b, const bl_mark *marks, uint32_t count,
                                  uint64_t weight, uint32_t hash)
{
    if (count > BL_MARK_COUNT_MAX - b->marks.count) return BL_CONTEST_TOO_MANY;
    if (!table_reserve(b->memory, &b->pile_of) || !bl_vector_reserve(b->memory, &b->piles, 1) ||
        !bl_vector_reserve(b->memory, &b->marks, count))
        return BL_CONTEST_NOMEM;
    table_put(&b->pile_of, hash, (uint32_t)b->piles.count);
    b->piles.items[b->piles.count++] = (bl_pile){(uint32_t)b->marks.count, count, weight};
    if (count > 0) memcpy(b->marks.items + b->marks.count, marks, count * sizeof *marks);
    b->marks.count += count;
    return BL_CONTEST_OK;
}

/* Onto its pile, which may be new. */
static bl_contest_status place(bl_contest_builder *b, const bl_mark *marks, uint32_t count,
                               uint64_t weight, uint32_t hash)
{
    const uint32_t known = find_pile(b, marks, count, hash);
    if (known == BL_NONE) return add_pile(b, marks, count, weight, hash);
    b->piles.items[known].weight += weight;
    return BL_CONTEST_OK;
}

/* Asks memory for the piles that waiting ballots may fall on, then for the marks of those. */
static void fetch_piles(const bl_contest_builder *b)
{
    uint32_t numbers[WAITING_MOST];
    for (uint32_t i = 0; i < b->waiting_count; i++) {
        size_t at = b->waiting[i].hash;
        numbers[i] = table_next(&b->pile_of, b->waiting[i].hash, &at);
        if (numbers[i] != BL_NONE) __builtin_prefetch(&b->piles.items[numbers[i]], 1);
    }
    for (uint32_t i = 0; i < b->waiting_count; i++)
        if (numbers[i] != BL_NONE)
            __builtin_prefetch(b->marks.items + b->piles.items[numbers[i]].first_mark);
}

/* Ends the queue. What fails is told by the ballot that is added next, or at the end. */
static bl_contest_status place_waiting(bl_contest_builder *b)
{
    bl_contest_status status = BL_CONTEST_OK;
    fetch_piles(b);
    for (uint32_t i = 0; i < b->waiting_count && status == BL_CONTEST_OK; i++) {
        const waiting *one = &b->waiting[i];
        status = place(b, b->waiting_marks + one->first_mark, one->mark_count, one->weight,
                       one->hash);
    }
    b->waiting_count = b->waiting_mark_count = 0;
    return status;
}

static void let_wait(bl_contest_builder *b, const bl_mark *marks, uint32_t count, uint64_t weight,
                     uint32_t hash)
{
    if (b->pile_of.capacity > 0)
        __builtin_prefetch(&b->pile_of.slots[hash & (b->pile_of.capacity - 1)]);
    if (count > 0) memcpy(b->waiting_marks + b->waiting_mark_count, marks, count * sizeof *marks);
    b->waiting[b->waiting_count++] = (waiting){weight, b->waiting_mark_count, count, hash};
    b->waiting_mark_count += count;
}

bl_contest_status bl_contest_add_ballot(bl_contest_builder *b, bl_mark *marks, uint32_t count,
                                        uint64_t weight)
{
    if (weight == 0) return BL_CONTEST_OK;
    if (weight > BL_WEIGHT_MAX - b->total || count > BL_MARK_COUNT_MAX) return BL_CONTEST_TOO_MANY;
    sort_marks(marks, count, rank_of);
    const uint32_t hash = hash_of(b, marks, count * sizeof *marks);
    if (b->waiting_count == WAITING_MOST || count > WAITING_MARKS_MOST - b->waiting_mark_count) {
        const bl_contest_status status = place_waiting(b);
        if (status != BL_CONTEST_OK) return status;
    }
    /* A long ballot, and one that may be beyond the limit, is placed at once. */
    const bool is_near = b->marks.count + WAITING_MARKS_MOST >= BL_MARK_COUNT_MAX;
    if (count > WAITING_MARKS_MOST || is_near) {
        bl_contest_status status = place_waiting(b);
        if (status == BL_CONTEST_OK) status = place(b, marks, count, weight, hash);
        if (status != BL_CONTEST_OK) return status;
    } else {
        let_wait(b, marks, count, weight, hash);
    }
    b->total += weight;
    return BL_CONTEST_OK;
}

/* ---- other units ---- */

static bool scale_weights(bl_contest_builder *b, uint32_t factor)
{
    if (b->total > BL_WEIGHT_MAX / factor) return false;
    for (size_t i = 0; i < b->piles.count; i++)
        b->piles.items[i].weight *= factor;
    b->total *= factor;
    return true;
}

static bool scale_scores(bl_contest_builder *b, uint32_t factor)
{
    const int64_t most = INT32_MAX / (int64_t)factor;
    for (size_t i = 0; i < b->marks.count; i++)
        if (b->marks.items[i].value > most || b->marks.items[i].value < -most) return false;
    for (size_t i = 0; i < b->marks.count; i++)
        b->marks.items[i].value *= (int32_t)factor;
    return true;
}

/* Other values, other hashes: every pile is put anew. They stay different from each other. */
static void put_piles_anew(bl_contest_builder *b)
{
    table *t = &b->pile_of;
    if (t->capacity > 0) memset(t->slots, 0, t->capacity * sizeof *t->slots);
    t->count = 0;
    for (size_t i = 0; i < b->piles.count; i++) {
        const bl_pile *pile = &b->piles.items[i];
        const bl_mark *marks = pile->mark_count > 0 ? &b->marks.items[pile->first_mark] : NULL;
        table_put(t, hash_of(b, marks, pile->mark_count * sizeof *marks), (uint32_t)i);
    }
}

bl_contest_status bl_contest_rescale(bl_contest_builder *b, uint32_t weights, uint32_t scores)
{
    const bl_contest_status status = place_waiting(b);
    if (status != BL_CONTEST_OK) return status;
    if (!scale_weights(b, weights)) return BL_CONTEST_TOO_MANY;
    if (scores == 1) return BL_CONTEST_OK;
    if (!scale_scores(b, scores)) return BL_CONTEST_TOO_MANY;
    put_piles_anew(b);
    return BL_CONTEST_OK;
}

/* ---- the end ---- */

static void *copy_array(bl_contest_builder *b, const void *items, size_t count, size_t size)
{
    void *const copy = bl_arena_array(b->arena, count, size);
    if (copy && count > 0) memcpy(copy, items, count * size);
    return copy;
}

static void order_scores(bl_mark *marks, const bl_pile *piles, uint32_t pile_count)
{
    for (uint32_t i = 0; i < pile_count; i++)
        sort_marks(marks + piles[i].first_mark, piles[i].mark_count, place_of);
}

static bl_contest *to_contest(bl_contest_builder *b, bl_ballot_kind kind)
{
    bl_contest *contest = bl_arena_alloc(b->arena, sizeof *contest);
    bl_mark *marks = copy_array(b, b->marks.items, b->marks.count, sizeof *marks);
    bl_pile *piles = copy_array(b, b->piles.items, b->piles.count, sizeof *piles);
    bl_candidate *candidates = copy_array(b, b->candidates.items, b->candidates.count,
                                          sizeof *candidates);
    bl_text *groups = copy_array(b, b->groups.items, b->groups.count, sizeof *groups);
    if (!contest || !marks || !piles || !candidates || !groups) return NULL;
    if (kind == BL_BALLOTS_SCORES) order_scores(marks, piles, (uint32_t)b->piles.count);
    *contest = (bl_contest){
        .title = BL_TEXT(""),
        .candidates = candidates,
        .candidate_count = (uint32_t)b->candidates.count,
        .groups = groups,
        .group_count = (uint32_t)b->groups.count,
        .kind = kind,
        .marks = marks,
        .piles = piles,
        .mark_count = (uint32_t)b->marks.count,
        .pile_count = (uint32_t)b->piles.count,
        .total = b->total,
        .weight_scale = 1,
        .score_scale = 1,
        .default_option = BL_NONE,
        .seed = BL_TEXT(""),
    };
    return contest;
}

bl_contest *bl_contest_end(bl_contest_builder *b, bl_ballot_kind kind)
{
    bl_contest *contest = place_waiting(b) == BL_CONTEST_OK ? to_contest(b, kind) : NULL;
    bl_contest_abandon(b);
    return contest;
}

void bl_contest_abandon(bl_contest_builder *b)
{
    table_free(b->memory, &b->candidate_of);
    table_free(b->memory, &b->group_of);
    table_free(b->memory, &b->pile_of);
    bl_vector_free(b->memory, &b->candidate_names);
    bl_vector_free(b->memory, &b->group_names);
    bl_vector_free(b->memory, &b->candidates);
    bl_vector_free(b->memory, &b->groups);
    bl_vector_free(b->memory, &b->marks);
    bl_vector_free(b->memory, &b->piles);
}
