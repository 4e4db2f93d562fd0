/*
 * Values: comparing and copying them, and sets of actors as sorted arrays.
 *
 * A list never holds lists (OP_LIST and the event reader see to it), so nothing here recurses more
 * than once.
 */
#include "value.h"

#include <assert.h>
#include <string.h>

enum { DENSE = 16 }; /* numbers up to so many times their count are sorted by marks */

static bool sets_equal(bl_set a, bl_set b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(a.actors, b.actors, a.count * sizeof *a.actors) == 0);
}

/* Values that are no lists; two lists are never equal here. */
static bool items_equal(const bl_value *a, const bl_value *b)
{
    if (a->base != b->base) return false;
    switch ((bl_base)a->base) {
    case BL_BASE_NOTHING: return true;
    case BL_BASE_NUMBER: return bl_rational_compare(a->as.number, b->as.number) == 0;
    case BL_BASE_BOOLEAN: return a->as.boolean == b->as.boolean;
    case BL_BASE_TEXT: return bl_text_equal(a->as.text, b->as.text);
    case BL_BASE_DURATION:
        return a->as.duration.months == b->as.duration.months &&
               a->as.duration.micros == b->as.duration.micros;
    case BL_BASE_TIME: return a->as.time == b->as.time;
    case BL_BASE_ACTOR:
    case BL_BASE_INSTANCE:
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE:
    case BL_BASE_PROPOSAL: return a->as.index == b->as.index;
    case BL_BASE_EVENT: return a->as.event == b->as.event;
    case BL_BASE_SET: return sets_equal(a->as.set, b->as.set);
    case BL_BASE_LIST: return false;
    }
    return false;
}

bool bl_value_equal(const bl_value *a, const bl_value *b)
{
    if (a->base != BL_BASE_LIST || b->base != BL_BASE_LIST) return items_equal(a, b);
    if (a->as.list.count != b->as.list.count) return false;
    for (uint32_t i = 0; i < a->as.list.count; i++)
        if (!items_equal(&a->as.list.items[i], &b->as.list.items[i])) return false;
    return true;
}

static uint64_t hash_bytes(const void *bytes, size_t size, uint64_t seed)
{
    return size > 0 ? bl_text_hash((bl_text){bytes, size}, seed) : seed;
}

static uint64_t hash_pair(int64_t first, int64_t second, uint64_t seed)
{
    const int64_t both[2] = {first, second};
    return hash_bytes(both, sizeof both, seed);
}

/* Values that are no lists. */
static uint64_t hash_item(const bl_value *value, uint64_t seed)
{
    seed = seed * 31 + value->base;
    switch ((bl_base)value->base) {
    case BL_BASE_NOTHING:
    case BL_BASE_LIST: return seed;
    case BL_BASE_NUMBER: return hash_pair(value->as.number.num, value->as.number.den, seed);
    case BL_BASE_BOOLEAN: return seed * 2 + value->as.boolean;
    case BL_BASE_TEXT: return hash_bytes(value->as.text.bytes, value->as.text.size, seed);
    case BL_BASE_DURATION:
        return hash_pair(value->as.duration.months, value->as.duration.micros, seed);
    case BL_BASE_TIME: return hash_pair(value->as.time, 0, seed);
    case BL_BASE_ACTOR:
    case BL_BASE_INSTANCE:
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE:
    case BL_BASE_PROPOSAL: return hash_pair(value->as.index, 0, seed);
    case BL_BASE_EVENT: return seed; /* kept in no table */
    case BL_BASE_SET:
        return hash_bytes(value->as.set.actors, value->as.set.count * sizeof(uint32_t), seed);
    }
    return seed;
}

uint64_t bl_value_hash(const bl_value *value, uint64_t seed)
{
    uint64_t hash = seed;
    if (value->base != BL_BASE_LIST) return hash_item(value, seed);
    for (uint32_t i = 0; i < value->as.list.count; i++)
        hash = hash_item(&value->as.list.items[i], hash);
    return hash;
}

static bool copy_text(bl_arena *arena, bl_text text, bl_text *out)
{
    *out = (bl_text){bl_arena_copy(arena, text.bytes, text.size), text.size};
    return out->bytes != NULL;
}

static bool copy_set(bl_arena *arena, bl_set set, bl_set *out)
{
    uint32_t *actors = bl_arena_array(arena, set.count, sizeof *actors);
    if (!actors) return false;
    if (set.count) memcpy(actors, set.actors, set.count * sizeof *actors);
    *out = (bl_set){actors, set.count};
    return true;
}

static bool copy_item(bl_arena *arena, const bl_value *value, bl_value *out)
{
    *out = *value;
    if (value->base == BL_BASE_TEXT) return copy_text(arena, value->as.text, &out->as.text);
    if (value->base == BL_BASE_SET) return copy_set(arena, value->as.set, &out->as.set);
    assert(value->base != BL_BASE_LIST);
    return true;
}

bool bl_value_copy(bl_arena *arena, const bl_value *value, bl_value *out)
{
    if (value->base != BL_BASE_LIST) return copy_item(arena, value, out);
    const bl_list list = value->as.list;
    bl_value *items = bl_arena_array(arena, list.count, sizeof *items);
    if (!items) return false;
    for (uint32_t i = 0; i < list.count; i++)
        if (!copy_item(arena, &list.items[i], &items[i])) return false;
    *out = (bl_value){.base = BL_BASE_LIST, .as.list = {items, list.count}};
    return true;
}

/* ---- sets ---- */

bool bl_set_union(bl_arena *arena, bl_set a, bl_set b, bl_set *out)
{
    if (b.count > UINT32_MAX - a.count) return false;
    uint32_t *actors = bl_arena_array(arena, (size_t)a.count + b.count, sizeof *actors);
    if (!actors) return false;
    uint32_t count = 0, i = 0, j = 0;
    while (i < a.count && j < b.count) {
        const uint32_t from_a = a.actors[i], from_b = b.actors[j];
        actors[count++] = from_a < from_b ? from_a : from_b;
        i += from_a <= from_b;
        j += from_b <= from_a;
    }
    while (i < a.count)
        actors[count++] = a.actors[i++];
    while (j < b.count)
        actors[count++] = b.actors[j++];
    *out = (bl_set){actors, count};
    return true;
}

/* The members of `a` that are, or are not, in `b`. */
static bool set_filter(bl_arena *arena, bl_set a, bl_set b, bool wanted, bl_set *out)
{
    uint32_t *actors = bl_arena_array(arena, a.count, sizeof *actors);
    if (!actors) return false;
    uint32_t count = 0, j = 0;
    for (uint32_t i = 0; i < a.count; i++) {
        while (j < b.count && b.actors[j] < a.actors[i])
            j++;
        const bool is_in_both = j < b.count && b.actors[j] == a.actors[i];
        if (is_in_both == wanted) actors[count++] = a.actors[i];
    }
    *out = (bl_set){actors, count};
    return true;
}

bool bl_set_among(bl_arena *arena, bl_set a, bl_set b, bl_set *out)
{
    return set_filter(arena, a, b, true, out);
}

bool bl_set_except(bl_arena *arena, bl_set a, bl_set b, bl_set *out)
{
    return set_filter(arena, a, b, false, out);
}

bool bl_set_has(bl_set set, uint32_t actor)
{
    uint32_t low = 0, high = set.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (set.actors[middle] < actor)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set.count && set.actors[low] == actor;
}

/* Puts the item at `root` where it belongs in the heap of the first `count` items, greatest first.
 */
static void sift(uint32_t *items, size_t root, size_t count)
{
    const uint32_t moved = items[root];
    for (size_t child = root * 2 + 1; child < count; child = root * 2 + 1) {
        if (child + 1 < count && items[child] < items[child + 1]) child++;
        if (items[child] <= moved) break;
        items[root] = items[child];
        root = child;
    }
    items[root] = moved;
}

/* In place, without memory and without a worst case: the C library's may allocate. */
static void sort(uint32_t *items, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(items, root, count);
    for (size_t last = count; last-- > 1;) {
        const uint32_t greatest = items[0];
        items[0] = items[last];
        items[last] = greatest;
        sift(items, 0, last);
    }
}

/*
 * Sorts by marking each number that is there, where the numbers are dense enough for that to be
 * quicker: the holders of a role in any module come as many sorted runs, with doubles. Doubles are
 * dropped: *kept is how many are left. *done false: too sparse, nothing was changed. Returns false
 * when out of memory.
 */
static bool sort_dense(bl_arena *arena, uint32_t *items, uint32_t count, uint32_t *kept, bool *done)
{
    uint32_t greatest = 0;
    for (uint32_t i = 0; i < count; i++)
        if (items[i] > greatest) greatest = items[i];
    *done = greatest / DENSE < count;
    if (!*done) return true;
    bool *is_there = bl_arena_array(arena, (size_t)greatest + 1, sizeof *is_there);
    if (!is_there) return false;
    for (uint32_t i = 0; i < count; i++)
        is_there[items[i]] = true;
    *kept = 0;
    for (uint32_t i = 0; i <= greatest; i++)
        if (is_there[i]) items[(*kept)++] = i;
    return true;
}

bool bl_set_of(bl_arena *arena, const uint32_t *actors, uint32_t count, bl_set *out)
{
    bl_set set;
    if (!copy_set(arena, (bl_set){actors, count}, &set)) return false;
    uint32_t *items = (uint32_t *)set.actors; /* our own copy */
    bool is_sorted = true;
    for (uint32_t i = 1; i < count && is_sorted; i++)
        is_sorted = items[i - 1] < items[i];
    uint32_t kept = 0;
    bool is_done = false;
    if (!is_sorted && !sort_dense(arena, items, count, &kept, &is_done)) return false;
    if (!is_sorted && !is_done) sort(items, count);
    for (uint32_t i = 0; i < count && !is_done; i++)
        if (kept == 0 || items[kept - 1] != items[i]) items[kept++] = items[i];
    *out = (bl_set){items, kept};
    return true;
}
