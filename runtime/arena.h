/*
 * Memory by lifetime.
 *
 * Everything the core allocates goes through a `bl_memory` (the host's allocator) and mostly
 * through an arena on top of it: pieces are never freed one by one, the whole arena is. Four arenas
 * exist in a run: compile, program, engine, and scratch for one event (reset, not destroyed,
 * between events). Nothing here exits or prints; out of memory is a NULL that the caller passes on
 * as BYLAW_NOMEM.
 */
#ifndef BL_ARENA_H
#define BL_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The host's allocator: `resize(context, NULL, 0, n)` allocates, `resize(context, p, n, 0)` frees.
 */
typedef struct bl_memory {
    void *(*resize)(void *context, void *pointer, size_t old_size, size_t new_size);
    void *context;
} bl_memory;

/* malloc, realloc and free behind the interface above. */
extern const bl_memory bl_memory_default;

/* NULL when out of memory or when size is 0. Contents are not initialised. */
void *bl_memory_alloc(const bl_memory *memory, size_t size);
void bl_memory_free(const bl_memory *memory, void *pointer, size_t size);

/*
 * From here on the memory hands out at most so many bytes at once; beyond, it is out of memory. 0:
 * it stays as it is. Several threads may use it if they could before. False: out of memory.
 */
bool bl_memory_limit(bl_memory *memory, size_t most);
/* Once all is freed: what it was before. `most` is what bl_memory_limit was given; with 0 nothing
 * was put in, and what limits this memory is somebody else's: a policy's, of an engine that runs
 * its scenarios (test_host.c: a_limited_policy_runs_its_scenarios). */
void bl_memory_unlimit(bl_memory *memory, size_t most);

typedef struct bl_arena_block bl_arena_block;
typedef struct bl_arena {
    const bl_memory *memory;
    bl_arena_block *first;
    bl_arena_block *current;
} bl_arena;

void bl_arena_init(bl_arena *arena, const bl_memory *memory);
/* Zeroed, aligned for any type; NULL when out of memory. A size of 0 gives a valid unique pointer.
 */
void *bl_arena_alloc(bl_arena *arena, size_t size);
/* Array of `count` zeroed elements; NULL too when count * size overflows. */
void *bl_arena_array(bl_arena *arena, size_t count, size_t size);
/* A copy of `size` bytes with a NUL behind it that does not count; NULL when out of memory. */
char *bl_arena_copy(bl_arena *arena, const char *bytes, size_t size);
/* Forgets every piece and keeps the blocks for reuse: no allocation in steady state. */
void bl_arena_reset(bl_arena *arena);
void bl_arena_destroy(bl_arena *arena);

/*
 * A growable array outside an arena, for what lives long and grows (heaps, tables):
 *   bl_vector(int) v = {0};  if (!bl_vector_reserve(memory, &v, 1)) ...;  v.items[v.count++] = 7;
 * Growth doubles. `bl_vector_free` leaves it empty and usable.
 */
#define bl_vector(type)                                                                            \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }
#define bl_vector_reserve(memory, v, more)                                                         \
    bl_vector_grow((memory), (void **)&(v)->items, (v)->count, &(v)->capacity, sizeof *(v)->items, \
                   (more))
#define bl_vector_free(memory, v)                                                                  \
    (bl_memory_free((memory), (v)->items, (v)->capacity * sizeof *(v)->items), (v)->items = NULL,  \
     (v)->count = (v)->capacity = 0)
bool bl_vector_grow(const bl_memory *memory, void **items, size_t count, size_t *capacity,
                    size_t item_size, size_t more);

#endif
