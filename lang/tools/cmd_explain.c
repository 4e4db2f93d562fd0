/*
 * bylaw explain: the page on a message, or the list of all codes.
 *
 * The pages are docs/errors/CODE.md: a title, paragraphs, and blocks between fences. Here they
 * become plain text: paragraphs are set anew for a terminal, blocks are indented.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "output.h"
#include "pages.h"

#define LINE_WIDTH 80
#define TITLE_AT 9 /* bytes of `# B0101: ` */

/* ---- lines of a page ---- */

static bylaw_text next_line(const tool_page *page, size_t *at)
{
    const char *start = page->bytes + *at;
    const char *end = memchr(start, '\n', page->size - *at);
    size_t size = end ? (size_t)(end - start) : page->size - *at;
    *at += size + (end != NULL);
    return (bylaw_text){start, size};
}

static bylaw_text title_of(const tool_page *page)
{
    size_t at = 0;
    bylaw_text line = next_line(page, &at);
    return line.size < TITLE_AT ? (bylaw_text){"", 0}
                                : (bylaw_text){line.bytes + TITLE_AT, line.size - TITLE_AT};
}

/* ---- as text ---- */

static size_t width_of(const char *bytes, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++)
        width += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    return width;
}

/* Adds the words of a line to the paragraph, whose last line has `column` columns so far. */
static void write_words(tool_output *out, bylaw_text line, size_t *column)
{
    size_t at = 0;
    while (at < line.size) {
        size_t end = at;
        while (end < line.size && line.bytes[end] != ' ')
            end++;
        size_t width = width_of(line.bytes + at, end - at);
        if (*column > 0) {
            bool fits = *column + 1 + width <= LINE_WIDTH;
            output_text(out, fits ? " " : "\n");
            *column = fits ? *column + 1 : 0;
        }
        output_write(out, line.bytes + at, end - at);
        *column += width;
        at = end + (end < line.size);
    }
}

static void write_block_line(tool_output *out, bylaw_text line)
{
    if (line.size > 0) output_text(out, "    ");
    output_write(out, line.bytes, line.size);
    output_text(out, "\n");
}

static bool is_fence(bylaw_text line)
{
    return line.size >= 3 && memcmp(line.bytes, "```", 3) == 0;
}

static void write_page(tool_output *out, const tool_page *page)
{
    size_t at = 0, column = 0;
    bool is_block = false;
    next_line(page, &at);
    output_text(out, page->code);
    output_text(out, ": ");
    output_write(out, title_of(page).bytes, title_of(page).size);
    output_text(out, "\n");
    while (at < page->size) {
        bylaw_text line = next_line(page, &at);
        if (is_fence(line)) {
            is_block = !is_block;
        } else if (is_block) {
            write_block_line(out, line);
        } else if (line.size > 0) {
            write_words(out, line, &column);
        } else {
            output_text(out, column > 0 ? "\n\n" : "\n");
            column = 0;
        }
    }
    if (column > 0) output_text(out, "\n");
}

/* ---- as JSON ---- */

static void write_json(tool_output *out, const tool_page *page, bool with_text)
{
    output_text(out, "{\"code\":\"");
    output_text(out, page->code);
    output_text(out, "\",\"severity\":");
    output_text(out, page->code[0] == 'W' ? "\"warning\"" : "\"error\"");
    output_text(out, ",\"title\":");
    output_json_text(out, title_of(page));
    if (with_text) {
        output_text(out, ",\"markdown\":");
        output_json_text(out, (bylaw_text){page->bytes, page->size});
    }
    output_text(out, "}\n");
}

/* ---- which ---- */

static const tool_page *find_page(const char *code)
{
    for (size_t i = 0; i < tool_page_count; i++)
        if (strcasecmp(tool_pages[i].code, code) == 0) return &tool_pages[i];
    return NULL;
}

static const char *code_at(const void *context, size_t index)
{
    (void)context;
    return tool_pages[index].code;
}

/* The code with these digits and the other letter, else the nearest; NULL. */
static const char *nearest_code(const char *word)
{
    for (size_t i = 0; i < tool_page_count; i++)
        if (word[0] && strcmp(word + 1, tool_pages[i].code + 1) == 0) return tool_pages[i].code;
    return nearest_word(word, code_at, NULL, tool_page_count);
}

static exit_status complain(const char *word)
{
    size_t index = 0;
    const char *near = nearest_code(word);
    fprintf(stderr, "bylaw: there is no message `%s`", word);
    if (bylaw_word_find((bylaw_text){word, strlen(word)}, 0, &index))
        fprintf(stderr, "; what a word means is told by `bylaw help %s`", word);
    else if (near)
        fprintf(stderr, "; did you mean `bylaw explain %s`?", near);
    else
        fputs("; `bylaw explain` lists them all", stderr);
    fputs("\n", stderr);
    return STATUS_USAGE;
}

static void write_list(tool_output *out, bool is_json)
{
    for (size_t i = 0; i < tool_page_count; i++) {
        if (is_json) {
            write_json(out, &tool_pages[i], false);
            continue;
        }
        bylaw_text title = title_of(&tool_pages[i]);
        output_text(out, tool_pages[i].code);
        output_text(out, "  ");
        output_write(out, title.bytes, title.size);
        output_text(out, "\n");
    }
}

exit_status cmd_explain(const tool_arguments *arguments)
{
    bool is_json = arguments->format == BYLAW_JSON;
    for (size_t i = 0; i < arguments->operand_count; i++)
        if (!find_page(arguments->operands[i])) return complain(arguments->operands[i]);
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    if (arguments->operand_count == 0) write_list(&out, is_json);
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const tool_page *page = find_page(arguments->operands[i]);
        if (i > 0 && !is_json) output_text(&out, "\n");
        if (is_json)
            write_json(&out, page, true);
        else
            write_page(&out, page);
    }
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}
