/*
 * Interned names: text to dense numbers and back.
 *
 * uthash stays inside this file. Its macros are bound to a variable called `names`: they take
 * memory from that table's allocator, hash with its seed, and report a failed allocation instead of
 * exiting.
 */
#include "text.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define HASH_NONFATAL_OOM 1
#define HASH_FUNCTION(key, key_size, hash)                                                         \
    ((hash) = (unsigned)XXH3_64bits_withSeed((key), (key_size), names->seed))
#define uthash_malloc(size) bl_memory_alloc(names->memory, (size))
#define uthash_free(pointer, size) bl_memory_free(names->memory, (pointer), (size))
#define uthash_nonfatal_oom(entry) ((entry)->number = BL_NONE)
#include <uthash.h>

typedef struct name_entry {
    bl_text text;
    uint32_t number;
    UT_hash_handle hh;
} name_entry;

struct bl_names {
    const bl_memory *memory;
    const bl_names *base; /* NULL, or a table that this one goes on from */
    uint32_t first; /* number of the first name of its own */
    uint64_t seed;
    bl_arena arena; /* entries and their bytes */
    name_entry *table;
    bl_vector(const name_entry *) by_number;
};

uint64_t bl_text_hash(bl_text text, uint64_t seed)
{
    return XXH3_64bits_withSeed(text.bytes, text.size, seed);
}

bl_names *bl_names_create(const bl_memory *memory, uint64_t seed)
{
    bl_names *names = bl_memory_alloc(memory, sizeof *names);
    if (!names) return NULL;
    *names = (bl_names){.memory = memory, .seed = seed};
    bl_arena_init(&names->arena, memory);
    return names;
}

bl_names *bl_names_create_over(const bl_names *base, const bl_memory *memory)
{
    bl_names *names = bl_names_create(memory, base->seed);
    if (!names) return NULL;
    names->base = base;
    names->first = bl_names_count(base);
    return names;
}

void bl_names_destroy(bl_names *names)
{
    if (!names) return;
    HASH_CLEAR(hh, names->table);
    bl_vector_free(names->memory, &names->by_number);
    bl_arena_destroy(&names->arena);
    bl_memory_free(names->memory, names, sizeof *names);
}

static const name_entry *find(const bl_names *names, bl_text name)
{
    name_entry *entry = NULL;
    if (name.size >= BL_NONE) return NULL; /* uthash counts a key's bytes in 32 bits */
    if (name.size == 0) name.bytes = "";
    HASH_FIND(hh, names->table, name.bytes, (unsigned)name.size, entry);
    return entry;
}

uint32_t bl_names_find(const bl_names *names, bl_text name)
{
    const uint32_t known = names->base ? bl_names_find(names->base, name) : BL_NONE;
    if (known != BL_NONE) return known;
    const name_entry *entry = find(names, name);
    return entry ? entry->number : BL_NONE;
}

uint32_t bl_names_add(bl_names *names, bl_text name)
{
    const uint32_t known = bl_names_find(names, name);
    if (known != BL_NONE) return known;
    if (name.size >= BL_NONE || names->by_number.count >= BL_NONE - names->first) return BL_NONE;
    if (!bl_vector_reserve(names->memory, &names->by_number, 1)) return BL_NONE;
    name_entry *entry = bl_arena_alloc(&names->arena, sizeof *entry);
    if (!entry) return BL_NONE;
    entry->text = (bl_text){bl_arena_copy(&names->arena, name.bytes, name.size), name.size};
    if (!entry->text.bytes) return BL_NONE;
    entry->number = names->first + (uint32_t)names->by_number.count;
    HASH_ADD_KEYPTR(hh, names->table, entry->text.bytes, (unsigned)name.size, entry);
    if (entry->number == BL_NONE) return BL_NONE; /* set by uthash_nonfatal_oom */
    names->by_number.items[names->by_number.count++] = entry;
    return entry->number;
}

bl_text bl_names_text(const bl_names *names, uint32_t number)
{
    if (number < names->first) return bl_names_text(names->base, number);
    if (number - names->first >= names->by_number.count) return (bl_text){"", 0};
    return names->by_number.items[number - names->first]->text;
}

uint32_t bl_names_count(const bl_names *names)
{
    return names->first + (uint32_t)names->by_number.count;
}
