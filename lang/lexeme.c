/*
 * From the bytes of one token to its value: keywords, names, texts with their escapes, and what to
 * say of characters that can be no token.
 */
#include <string.h>

#include <utf8proc.h>

#include "parse.h"
#include "grammar.h"

const bl_keyword bl_keywords[] = {
#define KEYWORD(word, token, class) {#word, TK_##token, BL_KEYWORD_##class},
#include "keywords.def"
#undef KEYWORD
};
const size_t bl_keyword_count = sizeof bl_keywords / sizeof *bl_keywords;

int bl_lexeme_name_token(bl_text text)
{
    size_t low = 0, high = bl_keyword_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = bl_text_compare(text, bl_text_of(bl_keywords[middle].word));
        if (order == 0) return bl_keywords[middle].token;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return TK_NAME;
}

static bool is_name_character(utf8proc_int32_t character)
{
    switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL: return true;
    default: return false; /* of somebody else's enum: punctuation, signs, controls */
    }
}

size_t bl_lexeme_name_size(bl_text text)
{
    size_t at = 0;
    while (at < text.size) {
        if ((unsigned char)text.bytes[at] < 0x80) {
            at++;
            continue;
        }
        utf8proc_int32_t character;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.bytes + at,
                                                 (utf8proc_ssize_t)(text.size - at), &character);
        if (size <= 0 || !is_name_character(character)) return at;
        at += (size_t)size;
    }
    return at;
}

/* A text being read: where it is, where the result goes. The result is never longer than what is
 * read. */
typedef struct reader {
    bl_parser *parser;
    bl_text inside;
    uint32_t start; /* of `inside` in the file */
    size_t at;
    char *out;
    size_t out_size;
} reader;

static bl_span reader_span(const reader *r, size_t from)
{
    return (bl_span){r->parser->file, r->start + (uint32_t)from, r->start + (uint32_t)r->at};
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
}

/* The number in `{…}` behind `\u`, or -1. */
static int32_t read_code_point(reader *r)
{
    if (r->at >= r->inside.size || r->inside.bytes[r->at] != '{') return -1;
    int32_t point = 0;
    size_t digit_count = 0;
    for (r->at++; r->at < r->inside.size && r->inside.bytes[r->at] != '}'; r->at++) {
        int digit = hex_digit(r->inside.bytes[r->at]);
        if (digit < 0 || ++digit_count > 6) return -1;
        point = point * 16 + digit;
    }
    if (r->at >= r->inside.size || digit_count == 0) return -1;
    r->at++;
    return point;
}

static void read_unicode(reader *r, size_t from)
{
    int32_t point = read_code_point(r);
    if (point > 0 && utf8proc_codepoint_valid(point)) {
        r->out_size += (size_t)utf8proc_encode_char(point,
                                                    (utf8proc_uint8_t *)r->out + r->out_size);
        return;
    }
    bl_diagnostic *diagnostic = bl_diag(r->parser->diagnostics, BL_B0102, reader_span(r, from),
                                        "`\\u` stands for no character here");
    bl_diag_help(r->parser->diagnostics, diagnostic,
                 "write its number in hexadecimal in braces, as in `\\u{e9}`");
}

static void read_escape(reader *r)
{
    size_t from = r->at++;
    char byte = r->inside.bytes[r->at++];
    switch (byte) {
    case '"':
    case '\\': r->out[r->out_size++] = byte; return;
    case 'n': r->out[r->out_size++] = '\n'; return;
    case 't': r->out[r->out_size++] = '\t'; return;
    case 'u': read_unicode(r, from); return;
    default: break;
    }
    while (r->at < r->inside.size && ((unsigned char)r->inside.bytes[r->at] & 0xC0) == 0x80)
        r->at++;
    bl_diagnostic *diagnostic = bl_diag(r->parser->diagnostics, BL_B0102, reader_span(r, from),
                                        "`%.*s` stands for nothing", (int)(r->at - from),
                                        r->inside.bytes + from);
    bl_diag_help(
        r->parser->diagnostics, diagnostic,
        "a text knows `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`; write `\\\\` for a backslash");
}

/* The lexer sees to it that a backslash is never the last byte. */
bl_text bl_lexeme_text(bl_parser *parser, bl_text inside, uint32_t at)
{
    if (!memchr(inside.bytes, '\\', inside.size)) return inside;
    reader r = {parser, inside, at, 0, bl_arena_alloc(parser->arena, inside.size), 0};
    if (!r.out) {
        parser->out_of_memory = true;
        return inside;
    }
    while (r.at < inside.size) {
        if (inside.bytes[r.at] == '\\')
            read_escape(&r);
        else
            r.out[r.out_size++] = inside.bytes[r.at++];
    }
    return (bl_text){r.out, r.out_size};
}

void bl_lexeme_unterminated(bl_parser *parser, bl_span span)
{
    span.end = span.start + 1;
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0103, span,
                                        "this text has no end on its line");
    bl_diag_label(parser->diagnostics, diagnostic, "begins here");
    bl_diag_help(
        parser->diagnostics, diagnostic,
        "close it with `\"`; texts that follow each other are joined, and `\\n` is a line's end");
}

/* What people type instead of what Bylaw wants. */
static const struct {
    const char *found;
    const char *help;
} slips[] = {
    {";", "nothing is needed here: every clause begins with its own word"},
    {"&", "write `and`"},
    {"&&", "write `and`"},
    {"|", "write `or`"},
    {"||", "write `or`"},
    {"!", "write `not`, or `!=` for \"is not equal to\""},
    {"%", "write a percentage without a blank, as in `75%`"},
    {"@", "a handle is `@` and a name, or `@\"any text\"`"},
    {"'", "write a text in double quotes"},
    {"“", "write a text in straight quotes: `\"`"},
    {"”", "write a text in straight quotes: `\"`"},
    {"„", "write a text in straight quotes: `\"`"},
    {"«", "write a text in straight quotes: `\"`"},
    {"»", "write a text in straight quotes: `\"`"},
    {"≥", "write `>=`"},
    {"≤", "write `<=`"},
    {"≠", "write `!=`"},
    {"×", "write `*`"},
    {"÷", "write `/`"},
    {"−", "write `-`"},
    {"–", "write `-`"},
    {"∧", "write `and`"},
    {"∨", "write `or`"},
    {"¬", "write `not`"},
    {"…", "a policy has no ellipsis; write out what is meant"},
};

void bl_lexeme_odd_character(bl_parser *parser, bl_text character, bl_span span)
{
    unsigned char first = (unsigned char)character.bytes[0];
    bl_diagnostic *diagnostic =
        first < ' ' || first == 0x7F
            ? bl_diag(parser->diagnostics, BL_B0102, span, "a control character cannot stand here")
            : bl_diag(parser->diagnostics, BL_B0102, span, "`%.*s` cannot stand here",
                      (int)(character.size < 8 ? character.size : 8), character.bytes);
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (bl_text_equal(character, bl_text_of(slips[i].found)))
            bl_diag_help(parser->diagnostics, diagnostic, "%s", slips[i].help);
    if (bl_text_equal(character, BL_TEXT("\xC2\xA0")))
        bl_diag_help(parser->diagnostics, diagnostic,
                     "this is a no-break space: write a plain one");
}
