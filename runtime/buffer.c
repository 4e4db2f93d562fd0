/*
 * A growable output buffer. Writers append without looking; the one who owns the buffer asks
 * `failed` once at the end.
 */
#include "text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_SIZE = 512 }; /* an outcome fits: growing from nothing would take seven steps */

void bl_buffer_init(bl_buffer *buffer, const bl_memory *memory)
{
    *buffer = (bl_buffer){.memory = memory};
}

void bl_buffer_free(bl_buffer *buffer)
{
    bl_memory_free(buffer->memory, buffer->bytes, buffer->capacity);
    bl_buffer_init(buffer, buffer->memory);
}

void bl_buffer_clear(bl_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

/* Room for `more` further bytes; false, and `failed` set, when there is none. */
static bool reserve(bl_buffer *buffer, size_t more)
{
    if (buffer->failed) return false;
    if (buffer->capacity == 0 && more < FIRST_SIZE) more = FIRST_SIZE;
    void *bytes = buffer->bytes;
    if (!bl_vector_grow(buffer->memory, &bytes, buffer->size, &buffer->capacity, 1, more)) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    return true;
}

void bl_buffer_bytes(bl_buffer *buffer, const char *bytes, size_t size)
{
    if (size == 0 || !reserve(buffer, size)) return;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

void bl_buffer_text(bl_buffer *buffer, bl_text text)
{
    bl_buffer_bytes(buffer, text.bytes, text.size);
}

void bl_buffer_cstring(bl_buffer *buffer, const char *text)
{
    bl_buffer_text(buffer, bl_text_of(text));
}

void bl_buffer_char(bl_buffer *buffer, char byte)
{
    if (reserve(buffer, 1)) buffer->bytes[buffer->size++] = byte;
}

void bl_buffer_number(bl_buffer *buffer, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) digits[--at] = '-';
    bl_buffer_bytes(buffer, digits + at, sizeof digits - at);
}

void bl_buffer_format_list(bl_buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(size >= 0);
    if (size < 0) {
        buffer->failed = true;
        return;
    }
    if (!reserve(buffer, (size_t)size + 1)) return; /* vsnprintf adds a NUL */
    vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, arguments);
    buffer->size += (size_t)size;
}

void bl_buffer_format(bl_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bl_buffer_format_list(buffer, format, arguments);
    va_end(arguments);
}
