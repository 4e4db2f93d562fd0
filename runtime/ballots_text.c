/*
 * Ballot files: words, lines and numbers of their texts, and how a problem is told.
 */
#include <stdio.h>
#include <string.h>

#include "ballots_read.h"
#include "json_scan.h"

/* Bytes of the file that a message repeats, and of a sentence that quotes it. */
enum { SHOWN_SIZE = 60, SENTENCE_SIZE = 600 };

/* ---- words ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bl_text bl_ballots_trim(bl_text text)
{
    while (text.size > 0 && is_blank(text.bytes[0]))
        text.bytes++, text.size--;
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    return text;
}

/* A small letter or digit, of a capital its small one; 0 for what parts words. */
static char letter_of(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ? c : '\0';
}

static bool is_word(bl_text text, const char *word, size_t word_size)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < text.size && letter_of(text.bytes[i]) == '\0')
            i++;
        while (k < word_size && letter_of(word[k]) == '\0')
            k++;
        if (i == text.size || k == word_size) return i == text.size && k == word_size;
        if (letter_of(text.bytes[i++]) != letter_of(word[k++])) return false;
    }
}

bool bl_ballots_is_word(bl_text text, bl_text word)
{
    return is_word(text, word.bytes, word.size);
}

bool bl_ballots_is(bl_text text, const char *word)
{
    return is_word(text, word, strlen(word));
}

bool bl_ballots_is_any(bl_text text, const char *words)
{
    for (const char *at = words;;) {
        const size_t size = strcspn(at, "|");
        if (is_word(text, at, size)) return true;
        if (at[size] == '\0') return false;
        at += size + 1;
    }
}

bool bl_ballots_line(bl_ballots_reader *r, bl_text *line)
{
    if (r->at == r->end) return false;
    const char *const end = memchr(r->at, '\n', (size_t)(r->end - r->at));
    *line = (bl_text){r->at, (size_t)((end ? end : r->end) - r->at)};
    if (line->size > 0 && line->bytes[line->size - 1] == '\r') line->size--;
    r->at = end ? end + 1 : r->end;
    return true;
}

bool bl_ballots_whole(bl_text text, uint64_t most, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.bytes[i];
        const uint64_t digit = (uint64_t)(c - '0');
        if (c < '0' || c > '9' || digit > most || value > (most - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return text.size > 0;
}

/* ---- problems ---- */

static void find_place(const bl_ballots_reader *r, const char *at, uint32_t *number,
                       uint32_t *column_number)
{
    *number = *column_number = 0;
    if (!at) return;
    const char *line = r->start;
    *number = 1;
    for (const char *end; (end = memchr(line, '\n', (size_t)(at - line))) != NULL; line = end + 1)
        ++*number;
    static const char mark[] = "\xEF\xBB\xBF";
    if (line == r->start && at - line >= 3 && memcmp(line, mark, 3) == 0) line += 3;
    uint32_t column = 1;
    for (; line < at; line++)
        column += !bl_character_continues(line);
    *column_number = column;
}

bool bl_ballots_fail(bl_ballots_reader *r, const char *at, const char *format, ...)
{
    if (r->out->problem.size > 0) return false;
    bl_buffer told;
    bl_buffer_init(&told, r->memory);
    va_list arguments;
    va_start(arguments, format);
    bl_buffer_format_list(&told, format, arguments);
    va_end(arguments);
    const char *const copy = told.failed ? NULL : bl_arena_copy(r->arena, told.bytes, told.size);
    if (copy) {
        r->out->problem = (bl_text){copy, told.size};
        r->out->file = r->file;
        find_place(r, at, &r->out->line, &r->out->column);
    }
    bl_buffer_free(&told);
    return false;
}

static bool comes_before(const bl_ballots_passed *a, const bl_ballots_passed *b)
{
    if (!bl_text_equal(a->file, b->file)) return a->file.size == 0;
    return a->line < b->line || (a->line == b->line && a->column < b->column);
}

bool bl_ballots_pass_over(bl_ballots_reader *r, const char *at, bl_text key)
{
    for (size_t i = 0; i < r->passed.count; i++)
        if (bl_text_equal(r->passed.items[i].key, key)) return true;
    r->out->has_passed_more = r->passed.count >= BL_BALLOTS_PASSED_MOST;
    if (r->out->has_passed_more) return true;
    const char *const copy = bl_arena_copy(r->arena, key.bytes, key.size);
    if (!copy || !bl_vector_reserve(r->memory, &r->passed, 1)) return bl_ballots_nomem(r);
    bl_ballots_passed one = {.key = {copy, key.size}, .shown = bl_text_of(bl_ballots_show(r, key))};
    if (r->is_inside) one.file = r->file;
    find_place(r, at, &one.line, &one.column);
    size_t i = r->passed.count++;
    for (; i > 0 && comes_before(&one, &r->passed.items[i - 1]); i--)
        r->passed.items[i] = r->passed.items[i - 1];
    r->passed.items[i] = one;
    return true;
}

bool bl_ballots_nomem(bl_ballots_reader *r)
{
    (void)r; /* what is no problem is out of memory: see bl_ballots_read */
    return false;
}

bool bl_ballots_check(bl_ballots_reader *r, const char *at, bl_contest_status status)
{
    switch (status) {
    case BL_CONTEST_OK: return true;
    case BL_CONTEST_NOMEM: return bl_ballots_nomem(r);
    case BL_CONTEST_TWICE: return bl_ballots_fail(r, at, "this name stands for two candidates");
    case BL_CONTEST_TOO_MANY:
        return bl_ballots_fail(r, at,
                               "too many ballots: all weights together, and all different ballots "
                               "together, no longer fit");
    }
    return false;
}

/* Whether a character may stand in a message: no control, nothing that hides or turns the rest. */
static bool is_showable(uint32_t code)
{
    const bool is_control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    const bool is_hidden = code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
                           (code >= 0x2028 && code <= 0x202E) ||
                           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
                           (code >= 0xE0000 && code <= 0xE0FFF);
    return !is_control && !is_hidden;
}

static const char *show(bl_ballots_reader *r, bl_text text, size_t most)
{
    char *const out = bl_arena_alloc(r->arena, most + sizeof "…");
    if (!out) return "…";
    size_t used = 0;
    const char *at = text.bytes;
    const char *const end = at + text.size;
    while (at < end) {
        const size_t size = bl_character_size(at, end);
        if (used + (size ? size : 1) > most) break;
        if (size > 0 && is_showable(bl_character_code(at, size))) {
            memcpy(out + used, at, size);
            used += size;
        } else {
            out[used++] = '?';
        }
        at += size > 0 ? size : 1;
    }
    if (at < end) memcpy(out + used, "…", sizeof "…");
    return out;
}

const char *bl_ballots_show(bl_ballots_reader *r, bl_text text)
{
    return show(r, text, SHOWN_SIZE);
}

const char *bl_ballots_show_all(bl_ballots_reader *r, bl_text text)
{
    return show(r, text, SENTENCE_SIZE);
}

const char *bl_ballots_found(bl_ballots_reader *r, const char *at)
{
    if (at >= r->end) return "the end of the file";
    if (*at == '\n' || *at == '\r') return "the end of the line";
    if (*at == '\t') return "a tab";
    if (*at == ' ') return "a blank";
    const size_t size = bl_character_size(at, r->end);
    if (size == 0 || !is_showable(bl_character_code(at, size))) return "a hidden character";
    char *const out = bl_arena_alloc(r->arena, size + sizeof "``");
    if (!out) return "…";
    out[0] = '`';
    memcpy(out + 1, at, size);
    out[size + 1] = '`';
    return out;
}
