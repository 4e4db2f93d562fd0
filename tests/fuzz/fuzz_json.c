/*
 * libFuzzer over the JSON reader: no input may crash it, read outside the line or leave a place
 * outside it; and what was read must, written and read and written again, give the same bytes.
 *
 * A ratio is written as a text, so what is compared is the first writing with the second.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Reads, which must succeed, and appends what was read. */
static void rewrite(bl_text line, bl_arena *arena, bl_buffer *out)
{
    bl_json value;
    bl_json_error error;
    require(bl_json_read(line, arena, &value, &error));
    bl_json_write(out, &value);
    require(!out->failed);
}

static void check_error(const bl_json_error *error, size_t size)
{
    require(error->at <= size && error->column >= 1 && error->column <= error->at + 1);
    require(!error->out_of_memory);
    const size_t message_size = strnlen(error->message, sizeof error->message);
    require(message_size > 0 && message_size < sizeof error->message - 1);
    require(bl_text_is_utf8((bl_text){error->message, message_size}, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bl_arena arena;
    bl_buffer once, twice;
    bl_json value;
    bl_json_error error;
    const bl_text line = {(const char *)data, size};
    bl_arena_init(&arena, &bl_memory_default);
    bl_buffer_init(&once, &bl_memory_default);
    bl_buffer_init(&twice, &bl_memory_default);
    if (!bl_json_read(line, &arena, &value, &error)) {
        check_error(&error, size);
    } else {
        require(bl_text_is_utf8(line, NULL) && memchr(data, 0, size) == NULL);
        bl_json_write(&once, &value);
        rewrite((bl_text){once.bytes, once.size}, &arena, &twice);
        require(
            bl_text_equal((bl_text){once.bytes, once.size}, (bl_text){twice.bytes, twice.size}));
    }
    bl_buffer_free(&once);
    bl_buffer_free(&twice);
    bl_arena_destroy(&arena);
    return 0;
}
