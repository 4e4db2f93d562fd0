/*
 * The JSON writer: outcomes and values as one line, keys in the order they were put.
 *
 * It gives only what the reader takes back, except for ratios, which become texts.
 */
#include "json_scan.h"
#include "limits.h"

static void write_escape(bl_buffer *buffer, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = "\"\\bfnrt";
    static const char meanings[] = "\"\\\b\f\n\r\t";
    const char *found = memchr(meanings, byte, sizeof meanings - 1);
    bl_buffer_char(buffer, '\\');
    if (found != NULL) {
        bl_buffer_char(buffer, letters[found - meanings]);
        return;
    }
    bl_buffer_bytes(buffer, "u00", 3);
    bl_buffer_char(buffer, hex[byte >> 4]);
    bl_buffer_char(buffer, hex[byte & 15]);
}

void bl_json_write_text(bl_buffer *buffer, bl_text text)
{
    const char *at = text.size > 0 ? text.bytes : "";
    const char *const end = at + text.size;
    bl_buffer_char(buffer, '"');
    while (at < end) {
        const char *run = at;
        at = bl_json_skip_plain(at, end);
        const size_t size = at < end && bl_byte_at(at) >= 0x80 ? bl_character_size(at, end) : 0;
        at += size;
        bl_buffer_bytes(buffer, run, (size_t)(at - run));
        if (size > 0 || at == end) continue;
        if (bl_byte_at(at) >= 0x80)
            bl_buffer_bytes(buffer, "\xEF\xBF\xBD", 3);
        else
            write_escape(buffer, bl_byte_at(at));
        at++;
    }
    bl_buffer_char(buffer, '"');
}

void bl_json_write_number(bl_buffer *buffer, bl_rational number)
{
    if (bl_rational_is_integer(number)) {
        bl_buffer_number(buffer, number.num);
        return;
    }
    bl_buffer_char(buffer, '"');
    bl_rational_write(buffer, number);
    bl_buffer_char(buffer, '"');
}

static void write_value(bl_buffer *buffer, const bl_json *value, int depth);

static void write_array(bl_buffer *buffer, const bl_json *array, int depth)
{
    bl_buffer_char(buffer, '[');
    for (uint32_t i = 0; i < array->count; i++) {
        if (i > 0) bl_buffer_char(buffer, ',');
        write_value(buffer, &array->as.items[i], depth);
    }
    bl_buffer_char(buffer, ']');
}

static void write_object(bl_buffer *buffer, const bl_json *object, int depth)
{
    bl_buffer_char(buffer, '{');
    for (uint32_t i = 0; i < object->count; i++) {
        if (i > 0) bl_buffer_char(buffer, ',');
        bl_json_write_text(buffer, object->as.members[i].key);
        bl_buffer_char(buffer, ':');
        write_value(buffer, &object->as.members[i].value, depth);
    }
    bl_buffer_char(buffer, '}');
}

/*
 * A tree built by hand may be deeper than what the reader gives: the buffer then counts as
 * failed.
 */
static void write_value(bl_buffer *buffer, const bl_json *value, int depth)
{
    if (depth > BL_JSON_DEPTH_MAX) {
        buffer->failed = true;
        return;
    }
    switch (value->kind) {
    case BL_JSON_NULL: bl_buffer_cstring(buffer, "null"); break;
    case BL_JSON_BOOLEAN: bl_buffer_cstring(buffer, value->as.boolean ? "true" : "false"); break;
    case BL_JSON_NUMBER: bl_json_write_number(buffer, value->as.number); break;
    case BL_JSON_TEXT: bl_json_write_text(buffer, value->as.text); break;
    case BL_JSON_ARRAY: write_array(buffer, value, depth + 1); break;
    case BL_JSON_OBJECT: write_object(buffer, value, depth + 1); break;
    }
}

void bl_json_write(bl_buffer *buffer, const bl_json *value)
{
    write_value(buffer, value, 0);
}
