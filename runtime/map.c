/*
 * Map from a 64-bit key to a 32-bit value: linear probing, at most three quarters full. Removing
 * shifts what follows back, so there are no tombstones and lookups never get slower with use.
 */
#include "text.h"

#include <assert.h>

static size_t home_of(const bl_map *map, uint64_t stored)
{
    uint64_t mixed = (stored ^ stored >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= mixed >> 29;
    mixed *= UINT64_C(0xBF58476D1CE4E5B9);
    return (size_t)(mixed ^ mixed >> 32) & (map->capacity - 1);
}

/* Where the key is, or the empty place where it belongs. The map has a capacity. */
static size_t place_of(const bl_map *map, uint64_t stored)
{
    size_t at = home_of(map, stored);
    while (map->keys[at] != 0 && map->keys[at] != stored)
        at = (at + 1) & (map->capacity - 1);
    return at;
}

static bool map_grow(const bl_memory *memory, bl_map *map)
{
    size_t capacity = map->capacity ? map->capacity * 2 : 16;
    if (capacity > SIZE_MAX / 2 / sizeof(uint64_t)) return false;
    bl_map grown = {.count = map->count, .capacity = capacity};
    grown.keys = bl_memory_alloc(memory, capacity * sizeof *grown.keys);
    grown.values = bl_memory_alloc(memory, capacity * sizeof *grown.values);
    if (!grown.keys || !grown.values) {
        bl_map_free(memory, &grown);
        return false;
    }
    for (size_t i = 0; i < capacity; i++)
        grown.keys[i] = 0;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->keys[i] == 0) continue;
        size_t at = place_of(&grown, map->keys[i]);
        grown.keys[at] = map->keys[i];
        grown.values[at] = map->values[i];
    }
    bl_map_free(memory, map);
    *map = grown;
    return true;
}

bool bl_map_put(const bl_memory *memory, bl_map *map, uint64_t key, uint32_t value)
{
    assert(key != UINT64_MAX);
    if (map->capacity) {
        size_t at = place_of(map, key + 1);
        if (map->keys[at] != 0) {
            map->values[at] = value;
            return true;
        }
    }
    if (map->count + 1 > map->capacity / 4 * 3 && !map_grow(memory, map)) return false;
    size_t at = place_of(map, key + 1);
    map->keys[at] = key + 1;
    map->values[at] = value;
    map->count++;
    return true;
}

uint32_t bl_map_get(const bl_map *map, uint64_t key)
{
    if (map->count == 0 || key == UINT64_MAX) return BL_NONE;
    size_t at = place_of(map, key + 1);
    return map->keys[at] ? map->values[at] : BL_NONE;
}

void bl_map_remove(bl_map *map, uint64_t key)
{
    if (map->count == 0 || key == UINT64_MAX) return;
    size_t mask = map->capacity - 1;
    size_t hole = place_of(map, key + 1);
    if (map->keys[hole] == 0) return;
    /* An entry may move back into the hole only if that is not before its home. */
    for (size_t at = (hole + 1) & mask; map->keys[at] != 0; at = (at + 1) & mask) {
        size_t distance = (at - home_of(map, map->keys[at])) & mask;
        if (distance < ((at - hole) & mask)) continue;
        map->keys[hole] = map->keys[at];
        map->values[hole] = map->values[at];
        hole = at;
    }
    map->keys[hole] = 0;
    map->count--;
}

void bl_map_free(const bl_memory *memory, bl_map *map)
{
    bl_memory_free(memory, map->keys, map->capacity * sizeof *map->keys);
    bl_memory_free(memory, map->values, map->capacity * sizeof *map->values);
    *map = (bl_map){0};
}
