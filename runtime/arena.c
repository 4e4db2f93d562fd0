/*
 * Memory by lifetime: the default allocator, arenas and growable arrays.
 *
 * An arena is a list of blocks. Pieces are cut from the current block; a piece that does not fit
 * moves the arena on to a later block (left from before a reset) or to a new one. Built with the
 * address sanitizer, what is not handed out is poisoned, so that a piece used past its end or after
 * a reset is caught although the block itself is alive.
 */
#include "arena.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#endif

#ifdef POISONING
#include <sanitizer/asan_interface.h>
#define GAP 16 /* poisoned bytes behind each piece */
#define POISON(at, size) ASAN_POISON_MEMORY_REGION((at), (size))
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION((at), (size))
#else
#define GAP 0
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

#define ALIGNMENT _Alignof(max_align_t)
#define BLOCK_SIZE_MIN ((size_t)4096)
#define BLOCK_SIZE_MAX                                                                             \
    ((size_t)1 << 20) /* of a block made ahead; a larger piece gets a larger one */

struct bl_arena_block {
    bl_arena_block *next;
    size_t size; /* of bytes */
    size_t used;
    _Alignas(max_align_t) char bytes[];
};

static void *default_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)context;
    (void)old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    return realloc(pointer, new_size);
}

const bl_memory bl_memory_default = {default_resize, NULL};

void *bl_memory_alloc(const bl_memory *memory, size_t size)
{
    if (size == 0) return NULL;
    return memory->resize(memory->context, NULL, 0, size);
}

void bl_memory_free(const bl_memory *memory, void *pointer, size_t size)
{
    if (pointer) memory->resize(memory->context, pointer, size, 0);
}

/* ---- a limit ---- */

/* On the heap, so that a memory that is copied counts in one place (test_host.c:
 * a_question_gives_back_what_it_took). */
typedef struct meter {
    bl_memory below;
    _Atomic(size_t) used;
    size_t most;
} meter;

static void *meter_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    meter *m = context;
    const size_t more = new_size > old_size ? new_size - old_size : 0;
    const size_t used = atomic_fetch_add(&m->used, more);
    if (more > 0 && (used > m->most || more > m->most - used)) {
        atomic_fetch_sub(&m->used, more);
        return NULL;
    }
    void *got = m->below.resize(m->below.context, pointer, old_size, new_size);
    if (!got && new_size > 0)
        atomic_fetch_sub(&m->used, more);
    else if (old_size > new_size)
        atomic_fetch_sub(&m->used, old_size - new_size);
    return got;
}

bool bl_memory_limit(bl_memory *memory, size_t most)
{
    if (most == 0) return true;
    if (most < sizeof(meter)) return false;
    meter *m = bl_memory_alloc(memory, sizeof *m);
    if (!m) return false;
    m->below = *memory;
    m->most = most;
    atomic_init(&m->used, sizeof *m);
    *memory = (bl_memory){meter_resize, m};
    return true;
}

void bl_memory_unlimit(bl_memory *memory, size_t most)
{
    if (most == 0) return;
    assert(memory->resize == meter_resize);
    meter *m = memory->context;
    *memory = m->below;
    bl_memory_free(memory, m, sizeof *m);
}

/* ---- arenas ---- */

void bl_arena_init(bl_arena *arena, const bl_memory *memory)
{
    *arena = (bl_arena){.memory = memory};
}

static bl_arena_block *block_create(const bl_arena *arena, size_t piece_size)
{
    size_t size = arena->current ? arena->current->size : BLOCK_SIZE_MIN / 2;
    size = size < BLOCK_SIZE_MAX / 2 ? size * 2 : BLOCK_SIZE_MAX;
    if (size < piece_size) size = piece_size;
    if (size > SIZE_MAX - sizeof(bl_arena_block)) return NULL;
    bl_arena_block *block = bl_memory_alloc(arena->memory, sizeof *block + size);
    if (!block) return NULL;
    *block = (bl_arena_block){.size = size};
    POISON(block->bytes, size);
    return block;
}

/* Takes the first block behind the current one that has room out of the list; NULL when none has.
 */
static bl_arena_block *block_take(bl_arena *arena, size_t piece_size)
{
    for (bl_arena_block **link = &arena->current->next; *link; link = &(*link)->next) {
        bl_arena_block *block = *link;
        if (block->size < piece_size) continue;
        *link = block->next;
        return block;
    }
    return NULL;
}

/* Makes a block with room current. Blocks behind the current one are always unused: nothing is
 * lost. */
static bool arena_advance(bl_arena *arena, size_t piece_size)
{
    bl_arena_block *block = arena->current ? block_take(arena, piece_size) : NULL;
    if (!block) block = block_create(arena, piece_size);
    if (!block) return false;
    if (arena->current) {
        block->next = arena->current->next;
        arena->current->next = block;
    } else {
        arena->first = block;
    }
    arena->current = block;
    return true;
}

void *bl_arena_alloc(bl_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) return NULL;
    size_t piece_size = size ? size : 1;
    piece_size = (piece_size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GAP;
    bl_arena_block *block = arena->current;
    if (!block || block->size - block->used < piece_size) {
        if (!arena_advance(arena, piece_size)) return NULL;
        block = arena->current;
    }
    char *piece = block->bytes + block->used;
    block->used += piece_size;
    UNPOISON(piece, size);
    return memset(piece, 0, size);
}

void *bl_arena_array(bl_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    return bl_arena_alloc(arena, count * size);
}

char *bl_arena_copy(bl_arena *arena, const char *bytes, size_t size)
{
    if (size == SIZE_MAX) return NULL;
    char *copy = bl_arena_alloc(arena, size + 1);
    if (copy && size) memcpy(copy, bytes, size);
    return copy;
}

void bl_arena_reset(bl_arena *arena)
{
    for (bl_arena_block *block = arena->first; block; block = block->next) {
        POISON(block->bytes, block->size);
        block->used = 0;
    }
    arena->current = arena->first;
}

void bl_arena_destroy(bl_arena *arena)
{
    bl_arena_block *block = arena->first;
    while (block) {
        bl_arena_block *next = block->next;
        UNPOISON(block->bytes, block->size); /* the host may hand the block out again */
        bl_memory_free(arena->memory, block, sizeof *block + block->size);
        block = next;
    }
    arena->first = arena->current = NULL;
}

/* `items` points to a pointer of some other type; memcpy reads and writes it whatever that type is.
 */
bool bl_vector_grow(const bl_memory *memory, void **items, size_t count, size_t *capacity,
                    size_t item_size, size_t more)
{
    assert(count <= *capacity && item_size > 0);
    if (more <= *capacity - count) return true;
    size_t most = SIZE_MAX / 2 / item_size;
    if (more > most || count > most - more) return false;
    size_t wanted = *capacity < most / 2 ? *capacity * 2 : most;
    if (wanted < count + more) wanted = count + more;
    if (wanted < 8 && most >= 8) wanted = 8;
    void *old;
    memcpy(&old, items, sizeof old);
    void *grown = memory->resize(memory->context, old, *capacity * item_size, wanted * item_size);
    if (!grown) return false;
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}
