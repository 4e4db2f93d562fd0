/*
 * Lines to text: blanks that align what belongs together, then line by line.
 *
 * Where a line breaks was decided before: with the blanks behind
 * the first words of clauses, without the others.
 */
#include <string.h>

#include "format.h"

#define COMMENT_DISTANCE 4 /* from the longest line of a group to its comments */

/* The widest of each column. */
typedef struct columns {
    uint32_t widths[BL_FORMAT_STOPS];
} columns;

static void widen(uint32_t *width, uint32_t other)
{
    if (other > *width) *width = other;
}

static void measure_line(const bl_format_line *line, columns *all)
{
    const bl_format_stop *stops = line->stops;
    if (line->class == BL_FORMAT_HEAD && stops[0].column > BL_FORMAT_HEAD_MAX) return;
    widen(&all->widths[0], stops[0].column);
    if (stops[1].at > 0) widen(&all->widths[1], stops[1].column - stops[0].column);
    if (stops[2].at == 0) return;
    if (stops[1].at > 0)
        widen(&all->widths[2], stops[2].column - stops[1].column);
    else
        widen(&all->widths[1], stops[2].column - stops[0].column);
}

/* How many blanks go in front of each stop: none where the line would be too long with them, but
 * where they are counted already. Gives their sum. */
static uint32_t pad_line(const bl_format_line *line, const columns *all,
                         uint32_t pads[BL_FORMAT_STOPS])
{
    uint32_t sum = 0, target = 0;
    for (size_t i = 0; i < BL_FORMAT_STOPS; i++) {
        pads[i] = 0;
        target += all->widths[i];
        const bl_format_stop *stop = &line->stops[i];
        if (stop->at == 0 || stop->column + sum >= target) continue;
        pads[i] = target - stop->column - sum;
        sum += pads[i];
    }
    if (line->class == BL_FORMAT_HEAD || line->indent + line->width + sum <= BL_FORMAT_WIDTH)
        return sum;
    memset(pads, 0, BL_FORMAT_STOPS * sizeof *pads);
    return 0;
}

static bool goes_by_block(const bl_format_line *line)
{
    return line->class == BL_FORMAT_HEAD || line->class == BL_FORMAT_COLUMNS;
}

/* Lines that are aligned where they follow each other. */
static bool goes_on(const bl_format_line *line, const bl_format_line *before)
{
    return !line->has_blank && line->class == before->class && line->indent == before->indent;
}

static void write_code(const bl_format *format, const bl_format_line *line,
                       const uint32_t pads[BL_FORMAT_STOPS], bl_buffer *out)
{
    const char *code = format->code.bytes + line->start;
    size_t done = 0;
    for (size_t i = 0; i < BL_FORMAT_STOPS; i++) {
        if (line->stops[i].at == 0) continue;
        bl_buffer_bytes(out, code + done, line->stops[i].at - done);
        for (uint32_t k = 0; k < pads[i]; k++)
            bl_buffer_char(out, ' ');
        done = line->stops[i].at;
    }
    bl_buffer_bytes(out, code + done, line->size - done);
}

/* What the lines of a format are aligned to. */
typedef struct alignment {
    columns *blocks; /* by the token that opens a block */
    columns *lines; /* by line, of those that follow each other */
    uint32_t *comments; /* by line: the column of the comment behind it */
} alignment;

static const columns *columns_of(const bl_format *format, const alignment *a, size_t number)
{
    const bl_format_line *line = &format->lines.items[number];
    static const columns none;
    if (line->class == BL_FORMAT_PLAIN) return &none;
    if (!goes_by_block(line)) return &a->lines[number];
    return line->block == BL_NONE ? &none : &a->blocks[line->block];
}

static void align_columns(const bl_format *format, alignment *a)
{
    const bl_format_line *lines = format->lines.items;
    for (size_t i = 0; i < format->lines.count; i++) {
        if (lines[i].class == BL_FORMAT_PLAIN) continue;
        if (goes_by_block(&lines[i]) && lines[i].block != BL_NONE)
            measure_line(&lines[i], &a->blocks[lines[i].block]);
        if (goes_by_block(&lines[i])) continue;
        if (i > 0 && goes_on(&lines[i], &lines[i - 1])) a->lines[i] = a->lines[i - 1];
        measure_line(&lines[i], &a->lines[i]);
    }
    for (size_t i = format->lines.count; i-- > 1;)
        if (goes_on(&lines[i], &lines[i - 1])) a->lines[i - 1] = a->lines[i];
}

static bool has_trailing(const bl_format_line *line)
{
    return !line->is_comment && line->comment.size > 0;
}

static bool opens_block(const bl_format *format, const bl_format_line *line)
{
    return line->size > 0 && format->code.bytes[line->start + line->size - 1] == '{';
}

/* Whether the comments of two lines that follow each other stand in one column: also across lines
 * without one, in what is aligned otherwise. */
static bool shares_comments(const bl_format *format, const bl_format_line *line,
                            const bl_format_line *before)
{
    if (line->has_blank || line->is_comment || before->is_comment) return false;
    if (line->indent != before->indent) return false;
    if (opens_block(format, line) || opens_block(format, before)) return false;
    if (has_trailing(line) && has_trailing(before)) return true;
    return line->class == before->class && line->class != BL_FORMAT_PLAIN &&
           line->class != BL_FORMAT_HEAD;
}

static void align_comments(const bl_format *format, alignment *a)
{
    const bl_format_line *lines = format->lines.items;
    for (size_t i = 0; i < format->lines.count; i++) {
        uint32_t pads[BL_FORMAT_STOPS];
        if (i > 0 && shares_comments(format, &lines[i], &lines[i - 1]))
            a->comments[i] = a->comments[i - 1];
        if (!has_trailing(&lines[i])) continue;
        const uint32_t width = lines[i].indent + lines[i].width +
                               pad_line(&lines[i], columns_of(format, a, i), pads);
        widen(&a->comments[i], width + COMMENT_DISTANCE);
    }
    for (size_t i = format->lines.count; i-- > 1;)
        if (shares_comments(format, &lines[i], &lines[i - 1])) a->comments[i - 1] = a->comments[i];
}

static void put_blanks(bl_buffer *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bl_buffer_char(out, ' ');
}

static void write_line(const bl_format *format, const alignment *a, size_t number, bl_buffer *out)
{
    const bl_format_line *line = &format->lines.items[number];
    uint32_t pads[BL_FORMAT_STOPS];
    const uint32_t padding = pad_line(line, columns_of(format, a, number), pads);
    if (line->has_blank) bl_buffer_char(out, '\n');
    put_blanks(out, line->indent);
    if (!line->is_comment) write_code(format, line, pads, out);
    if (has_trailing(line))
        put_blanks(out, a->comments[number] - line->indent - line->width - padding);
    if (line->comment.size > 0) bl_buffer_text(out, line->comment);
    bl_buffer_char(out, '\n');
}

void bl_format_write(bl_format *format, bl_buffer *out)
{
    const size_t count = format->lines.count;
    alignment a = {bl_arena_array(format->arena, format->tokens.count, sizeof *a.blocks),
                   bl_arena_array(format->arena, count + 1, sizeof *a.lines),
                   bl_arena_array(format->arena, count + 1, sizeof *a.comments)};
    if (!a.blocks || !a.lines || !a.comments) {
        format->out_of_memory = true;
        return;
    }
    align_columns(format, &a);
    align_comments(format, &a);
    for (size_t i = 0; i < count; i++)
        write_line(format, &a, i, out);
}
