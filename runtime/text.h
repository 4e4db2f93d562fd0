/*
 * Slices of text and interned names.
 *
 * A `bl_text` is a pointer and a length into memory that somebody else owns; NUL is an ordinary
 * byte. A `bl_names` maps text to dense numbers 0, 1, 2 … in order of first appearance, so that
 * everything else compares and indexes numbers. The table is a uthash over XXH3 with a seed, so
 * that forged names cannot slow it down; the seed never shows in any output.
 */
#ifndef BL_TEXT_H
#define BL_TEXT_H

#include <stdarg.h>

#include "arena.h"

typedef struct bl_text {
    const char *bytes;
    size_t size;
} bl_text;

#define BL_TEXT(literal) ((bl_text){(literal), sizeof(literal) - 1})
#define BL_NONE UINT32_MAX /* "no index": no name, no chunk, no table entry */

bl_text bl_text_of(const char *nul_terminated); /* NULL gives the empty text */
/* The same number for equal texts with one seed, on one machine: XXH3. */
uint64_t bl_text_hash(bl_text text, uint64_t seed);
bool bl_text_equal(bl_text a, bl_text b);
/* Byte order, shorter first among equals: -1, 0, 1. */
int bl_text_compare(bl_text a, bl_text b);
bool bl_text_contains(bl_text text, bl_text part);
/* Whether `text` is well-formed UTF-8; on false `*at` (may be NULL) is the offset of the first bad
 * byte. */
bool bl_text_is_utf8(bl_text text, size_t *at);

/*
 * Globs: `?` is one byte except `/`, `*` any run without `/`, `**` any run at all; everything else
 * stands for itself. `bl_glob_matches` wants the whole text, `bl_glob_begins` some beginning of it.
 * Time is O(pattern * text), without recursion.
 */
bool bl_glob_matches(bl_text pattern, bl_text text);
bool bl_glob_begins(bl_text pattern, bl_text text);

/* The edit distance (Levenshtein with transposition of neighbours) of two short names, capped at
 * `most` + 1. */
size_t bl_text_distance(bl_text a, bl_text b, size_t most);

/* What stands behind the number to make it an ordinal: "st" of 1st, 21st, "th" of 11th. */
const char *bl_ordinal_ending(uint32_t number);

typedef struct bl_names bl_names;
/* NULL when out of memory. */
bl_names *bl_names_create(const bl_memory *memory, uint64_t seed);
/*
 * A table that begins with the names of `base` and adds its own behind them, for work that is
 * forgotten with it. `base` was made by bl_names_create, outlives it, and is not added to
 * meanwhile.
 */
bl_names *bl_names_create_over(const bl_names *base, const bl_memory *memory);
void bl_names_destroy(bl_names *names);
/* The number of `name`, added (and its bytes copied) when new; BL_NONE when out of memory. */
uint32_t bl_names_add(bl_names *names, bl_text name);
/* The number of `name`, or BL_NONE where it was never added. */
uint32_t bl_names_find(const bl_names *names, bl_text name);
/* The text of a number; it lives as long as the table, NUL-terminated for show. */
bl_text bl_names_text(const bl_names *names, uint32_t number);
uint32_t bl_names_count(const bl_names *names);

/* A growable output buffer. After a failed growth `failed` is set and appends do nothing. */
typedef struct bl_buffer {
    const bl_memory *memory;
    char *bytes;
    size_t size;
    size_t capacity;
    bool failed;
} bl_buffer;
void bl_buffer_init(bl_buffer *buffer, const bl_memory *memory);
void bl_buffer_free(bl_buffer *buffer);
void bl_buffer_clear(bl_buffer *buffer); /* keeps the capacity */
void bl_buffer_bytes(bl_buffer *buffer, const char *bytes, size_t size);
void bl_buffer_text(bl_buffer *buffer, bl_text text);
void bl_buffer_cstring(bl_buffer *buffer, const char *text);
void bl_buffer_char(bl_buffer *buffer, char byte);
void bl_buffer_number(bl_buffer *buffer, int64_t number);
/* printf over the C locale's plain conversions (%s %.*s %d %u %zu %lld %c %%); no floats. */
void bl_buffer_format(bl_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bl_buffer_format_list(bl_buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/*
 * Map from a 64-bit key to a 32-bit value: open addressing, for hot paths keyed by packed numbers.
 * Zero-initialise it (and set nothing else); the memory is passed to each call that may allocate.
 */
typedef struct bl_map {
    uint64_t *keys; /* key + 1; 0 is an empty place */
    uint32_t *values;
    size_t count;
    size_t capacity; /* a power of two, or 0 */
} bl_map;
/* Sets or replaces; false when out of memory. Key UINT64_MAX is not allowed. */
bool bl_map_put(const bl_memory *memory, bl_map *map, uint64_t key, uint32_t value);
/* The value, or BL_NONE. */
uint32_t bl_map_get(const bl_map *map, uint64_t key);
void bl_map_remove(bl_map *map, uint64_t key);
void bl_map_free(const bl_memory *memory, bl_map *map);

#endif
