/*
 * What the programs share that a script in Python hands texts: strings of bytes that grow, and the
 * files that a policy names. Without memory the program ends, with status 3.
 */
#ifndef TEST_HANDED_H
#define TEST_HANDED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"

/* ---- bytes ---- */

/* Zero-initialise it; `at` is yours to free, and a NUL stands behind what was added. */
typedef struct bytes {
    char *at;
    size_t size;
    size_t capacity;
} bytes;

/* The `write` of a bylaw_writer; the context is the bytes. */
static inline void add(void *context, const char *piece, size_t size)
{
    bytes *to = context;
    if (to->size + size + 1 > to->capacity) {
        to->capacity = 2 * (to->size + size + 1);
        to->at = realloc(to->at, to->capacity);
        if (!to->at) exit(3);
    }
    if (size) memcpy(to->at + to->size, piece, size);
    to->size += size;
    to->at[to->size] = '\0';
}

static inline bylaw_writer into(bytes *to)
{
    return (bylaw_writer){add, to};
}

static inline bool is_same(const bytes *a, const bytes *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->at, b->at, a->size) == 0);
}

static inline bylaw_text text_of(const bytes *of)
{
    return (bylaw_text){of->at, of->size};
}

/* What is handed next, from standard input; false where there is less. A piece of its own, which
 * ends where the bytes end: the sanitizer sees who reads on. */
static inline bool take_bytes(size_t size, bytes *out)
{
    *out = (bytes){malloc(size ? size : 1), size, size};
    if (!out->at) exit(3);
    return fread(out->at, 1, size, stdin) == size;
}

/* ---- what a policy names ---- */

typedef struct loaded {
    char *path;
    bytes content;
    struct loaded *next;
} loaded;

static inline bool read_file(const char *path, bytes *content)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        add(content, piece, got);
    add(content, "", 0);
    const bool is_read = !ferror(file);
    fclose(file);
    return is_read;
}

static inline bool load_with_ending(loaded **all, bylaw_text path, bylaw_text from,
                                    const char *ending, bylaw_text *shown, bylaw_text *content)
{
    size_t folder_size = path.size > 0 && path.bytes[0] == '/' ? 0 : from.size;
    while (folder_size > 0 && from.bytes[folder_size - 1] != '/')
        folder_size--;
    bytes joined = {0};
    add(&joined, from.bytes, folder_size);
    add(&joined, path.bytes, path.size);
    add(&joined, ending, strlen(ending));
    loaded *file = calloc(1, sizeof *file);
    if (!file) exit(3);
    *file = (loaded){.path = joined.at, .next = *all};
    *all = file;
    *shown = text_of(&joined);
    const bool is_read = read_file(file->path, &file->content);
    *content = text_of(&file->content);
    return is_read;
}

/* A bylaw_load, of files beside that which names them, as the command does; the context is a
 * `loaded *`, at first NULL. They live until free_loaded. */
static inline bool load_named(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                              bylaw_text *content)
{
    return !memchr(path.bytes, '\0', path.size) &&
           (load_with_ending(context, path, from, ".bylaw", shown, content) ||
            load_with_ending(context, path, from, "", shown, content));
}

static inline void free_loaded(loaded *file)
{
    while (file) {
        loaded *next = file->next;
        free(file->path);
        free(file->content.at);
        free(file);
        file = next;
    }
}

#endif
