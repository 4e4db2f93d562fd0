/*
 * Text that grows: room is doubled when there is no more.
 */
#include "growing_text.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(growing_text *to, size_t size)
{
    if (size <= to->capacity - to->size) return true;
    if (size > SIZE_MAX / 2 - to->size) return false;
    const size_t capacity = (to->size + size) * 2;
    char *larger = realloc(to->bytes, capacity);
    if (!larger) return false;
    to->bytes = larger;
    to->capacity = capacity;
    return true;
}

void growing_text_write(void *context, const char *bytes, size_t size)
{
    growing_text *to = context;
    if (size == 0 || to->is_cut) return;
    to->is_cut = !make_room(to, size);
    if (to->is_cut) return;
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

bylaw_writer growing_text_writer(growing_text *to)
{
    return (bylaw_writer){growing_text_write, to};
}

void growing_text_add(growing_text *to, const char *words)
{
    growing_text_write(to, words, strlen(words));
}

bylaw_text growing_text_all(const growing_text *of)
{
    return (bylaw_text){of->bytes ? of->bytes : "", of->size};
}

void growing_text_free(growing_text *of)
{
    free(of->bytes);
    *of = (growing_text){0};
}
