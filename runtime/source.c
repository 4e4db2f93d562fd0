/*
 * Where in the policy's text a thing stands: from byte offsets to lines, columns and snippets.
 */
#include "source.h"

#include <string.h>

/* Bytes before the first line: a byte order mark, which editors keep out of the text they show. */
static uint32_t mark_size(bl_text content)
{
    return content.size >= 3 && memcmp(content.bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static uint32_t count_lines(bl_text content)
{
    uint32_t count = 1;
    for (size_t i = 0; i < content.size; i++)
        count += content.bytes[i] == '\n';
    return count;
}

bool bl_source_init(bl_source *source, bl_arena *arena, bl_text name, bl_text content)
{
    if (content.size >= BL_NONE) return false;
    uint32_t line_count = count_lines(content);
    uint32_t *line_starts = bl_arena_array(arena, line_count, sizeof *line_starts);
    char *name_copy = bl_arena_copy(arena, name.bytes, name.size);
    char *content_copy = bl_arena_copy(arena, content.bytes, content.size);
    if (!line_starts || !name_copy || !content_copy) return false;
    line_starts[0] = mark_size(content);
    uint32_t line = 1;
    for (uint32_t i = 0; i < content.size; i++)
        if (content.bytes[i] == '\n') line_starts[line++] = i + 1;
    *source = (bl_source){
        {name_copy, name.size}, {content_copy, content.size}, line_starts, line_count};
    return true;
}

static bool is_inside_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The index of the last line that begins at or before `at`. */
static uint32_t line_index(const bl_source *source, uint32_t at)
{
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Without the content, which a compiled program need not keep, a column counts bytes. */
bl_place bl_source_place(const bl_source *source, uint32_t at)
{
    if (source->content.size && at > source->content.size) at = (uint32_t)source->content.size;
    if (source->line_count == 0) return (bl_place){1, at + 1};
    uint32_t index = line_index(source, at);
    uint32_t start = source->line_starts[index];
    if (at < start) at = start; /* within the mark */
    if (source->content.size == 0) return (bl_place){index + 1, at - start + 1};
    uint32_t column = 1;
    for (uint32_t i = start; i < at; i++)
        column += !is_inside_character(source->content.bytes[i]);
    return (bl_place){index + 1, column};
}

bl_text bl_source_line(const bl_source *source, uint32_t line)
{
    if (line == 0 || line > source->line_count || source->content.size == 0)
        return (bl_text){"", 0};
    size_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] - 1 : source->content.size;
    if (end > start && source->content.bytes[end - 1] == '\r') end--;
    return (bl_text){source->content.bytes + start, end - start};
}

static bool is_blank(char byte)
{
    return (unsigned char)byte <= ' ' || byte == 0x7F;
}

/* Drops what is past `most` bytes behind `start`, whole characters only, and says so. */
static void cut(bl_buffer *buffer, size_t start, size_t most)
{
    size_t end = start + most;
    while (end > start && is_inside_character(buffer->bytes[end]))
        end--;
    while (end > start && buffer->bytes[end - 1] == ' ')
        end--;
    buffer->size = end;
    bl_buffer_cstring(buffer, "…");
}

void bl_source_snippet(const bl_source *source, bl_span span, size_t most, bl_buffer *buffer)
{
    bl_text content = source->content;
    size_t end = span.end < content.size ? span.end : content.size;
    size_t start = buffer->size;
    bool is_in_text = false, is_in_comment = false, has_gap = false;
    for (size_t i = span.start; i < end && !buffer->failed; i++) {
        char byte = content.bytes[i];
        if (byte == '\n') is_in_comment = false;
        if (byte == '#' && !is_in_text) is_in_comment = true;
        if (is_in_comment || is_blank(byte)) {
            has_gap = true;
            continue;
        }
        if (has_gap && buffer->size > start) bl_buffer_char(buffer, ' ');
        has_gap = false;
        bl_buffer_char(buffer, byte);
        if (is_in_text && byte == '\\' && i + 1 < end && !is_blank(content.bytes[i + 1]))
            bl_buffer_char(buffer, content.bytes[++i]); /* an escaped quote ends nothing */
        else if (byte == '"')
            is_in_text = !is_in_text;
        if (buffer->size - start > most) break;
    }
    if (!buffer->failed && buffer->size - start > most) cut(buffer, start, most);
}
