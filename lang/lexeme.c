/*
 * From the bytes of one token to its value: keywords, names, texts with their escapes, and what to
 * say of characters that can be no token.
 */
#include <string.h>

#include <utf8proc.h>

#include "compile.h"
#include "grammar.h"
#include "parse.h"

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

/* Digits as East Asian texts have them. */
static bool is_broad_digit(utf8proc_int32_t character)
{
    return character >= 0xFF10 && character <= 0xFF19;
}

static bool is_name_character(utf8proc_int32_t character)
{
    if (is_broad_digit(character)) return false;
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

void bl_lexeme_unterminated(bl_parser *parser, bl_text text, bl_span span)
{
    bool ends_curly = bl_text_contains(text, BL_TEXT("”")) || bl_text_contains(text, BL_TEXT("“"));
    span.end = span.start + 1;
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0103, span,
                                        "this text has no end on its line");
    bl_diag_label(parser->diagnostics, diagnostic, "begins here");
    if (ends_curly) {
        bl_diag_help(parser->diagnostics, diagnostic, "it ends with a curly quote: write `\"`");
        return;
    }
    bl_diag_help(
        parser->diagnostics, diagnostic,
        "close it with `\"`; texts that follow each other are joined, and `\\n` is a line's end");
}

/* What people type instead of what Bylaw wants, and the token they mean by it, if any. */
static const struct {
    const char *found;
    int meant;
    const char *help;
} slips[] = {
    {";", 0, "nothing is needed here: every clause begins with its own word"},
    {"；", 0, "nothing is needed here: every clause begins with its own word"},
    {"&", TK_AND, "write `and`"},
    {"&&", TK_AND, "write `and`"},
    {"|", TK_OR, "write `or`"},
    {"||", TK_OR, "write `or`"},
    {"!", TK_NOT, "write `not`, or `!=` for \"is not equal to\""},
    {"%", 0, "write a percentage without a blank, as in `75%`"},
    {"@", 0, "a handle is `@` and a name, or `@\"any text\"`"},
    {"//", 0, "a comment begins with `#` and ends with its line"},
    {"/*", 0, "a comment begins with `#` and ends with its line"},
    {"'", 0, "write a text in straight double quotes: `\"`"},
    {"‘", 0, "write a text in straight double quotes: `\"`"},
    {"’", 0, "write a text in straight double quotes: `\"`"},
    {"“", 0, "write a text in straight quotes: `\"`"},
    {"”", 0, "write a text in straight quotes: `\"`"},
    {"„", 0, "write a text in straight quotes: `\"`"},
    {"«", 0, "write a text in straight quotes: `\"`"},
    {"»", 0, "write a text in straight quotes: `\"`"},
    {"=>", TK_GREATER_EQUAL, "write `>=`"},
    {"=<", TK_LESS_EQUAL, "write `<=`"},
    {"<>", TK_UNEQUAL, "write `!=`"},
    {"===", TK_EQUAL, "write `==`"},
    {"≥", TK_GREATER_EQUAL, "write `>=`"},
    {"≤", TK_LESS_EQUAL, "write `<=`"},
    {"≠", TK_UNEQUAL, "write `!=`"},
    {"×", TK_TIMES_SIGN, "write `*`"},
    {"÷", TK_SLASH, "write `/`"},
    {"⁄", TK_SLASH, "write `/`"},
    {"−", TK_MINUS, "write `-`"},
    {"–", TK_MINUS, "write `-`"},
    {"—", TK_MINUS, "write `-`"},
    {"∧", TK_AND, "write `and`"},
    {"∨", TK_OR, "write `or`"},
    {"¬", TK_NOT, "write `not`"},
    {"，", TK_COMMA, "write a plain `,`"},
    {"、", TK_COMMA, "write a plain `,`"},
    {"：", TK_COLON, "write a plain `:`"},
    {"（", TK_LPAREN, "write a plain `(`"},
    {"）", TK_RPAREN, "write a plain `)`"},
    {"｛", TK_LBRACE, "write a plain `{`"},
    {"｝", TK_RBRACE, "write a plain `}`"},
    {"€", 0, "a number stands alone, without its currency"},
    {"$", 0, "a number stands alone, without its currency"},
    {"£", 0, "a number stands alone, without its currency"},
    {"½", 0, "write `1/2`"},
    {"⅓", 0, "write `1/3`"},
    {"⅔", 0, "write `2/3`"},
    {"¾", 0, "write `3/4`"},
    {"…", 0, "a policy has no ellipsis; write out what is meant"},
};

/* Blanks and marks that nobody sees: U+00A0, U+200B and their like. */
static bool is_unseen(bl_text character, utf8proc_int32_t *out)
{
    if (utf8proc_iterate((const utf8proc_uint8_t *)character.bytes,
                         (utf8proc_ssize_t)character.size, out) <= 0)
        return false;
    switch (utf8proc_category(*out)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CF: return true;
    default: return false; /* of somebody else's enum: what can be seen, and controls */
    }
}

/* Told once in a file: who types one types all of them so. */
static void report_broad_digit(bl_parser *parser, bl_text digit, bl_span span)
{
    if (parser->has_told_broad) return;
    parser->has_told_broad = true;
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0102, span,
                                        "`%.*s` is a broad digit and cannot stand here",
                                        (int)digit.size, digit.bytes);
    bl_diag_help(parser->diagnostics, diagnostic,
                 "write plain digits, here and wherever else they stand in this file");
}

/* Told once in a file: where one came in with a copied text, there are many. */
static void report_unseen(bl_parser *parser, utf8proc_int32_t point, bl_span span)
{
    if (parser->has_told_unseen) return;
    parser->has_told_unseen = true;
    bl_diagnostic *diagnostic = bl_diag(
        parser->diagnostics, BL_B0102, span, "%s (U+%04X) cannot stand here",
        point == 0xA0 ? "a no-break space" : "a character that cannot be seen", (unsigned)point);
    bl_diag_help(parser->diagnostics, diagnostic,
                 "write a plain space, here and wherever else it stands in this file");
}

int bl_lexeme_odd_character(bl_parser *parser, bl_text character, bl_span span)
{
    unsigned char first = (unsigned char)character.bytes[0];
    utf8proc_int32_t point = 0;
    parser->odd = span;
    if (is_unseen(character, &point)) {
        report_unseen(parser, point, span);
        return 0;
    }
    if (is_broad_digit(point)) {
        report_broad_digit(parser, character, span);
        return 0;
    }
    const bl_slip slip = {BL_SLIP_CHARACTER, {parser->file, 0, 0}, character};
    bl_diagnostic *diagnostic =
        first < ' ' || first == 0x7F
            ? bl_diag(parser->diagnostics, BL_B0102, span, "a control character cannot stand here")
            : bl_diag_slip(parser->diagnostics, BL_B0102, span, &slip, "`%.*s` cannot stand here",
                           (int)(character.size < 8 ? character.size : 8), character.bytes);
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        if (!bl_text_equal(character, bl_text_of(slips[i].found))) continue;
        if (diagnostic) bl_diag_help(parser->diagnostics, diagnostic, "%s", slips[i].help);
        return slips[i].meant;
    }
    return 0;
}

/* ---- letters that look like others ---- */

/* Cyrillic and Greek letters that nobody can tell from the Latin one. */
static const struct {
    const char *letter;
    char latin;
} look_alikes[] = {
    {"а", 'a'}, {"е", 'e'}, {"о", 'o'}, {"р", 'p'}, {"с", 'c'}, {"у", 'y'}, {"х", 'x'},
    {"і", 'i'}, {"ј", 'j'}, {"ѕ", 's'}, {"һ", 'h'}, {"ԁ", 'd'}, {"А", 'A'}, {"В", 'B'},
    {"Е", 'E'}, {"К", 'K'}, {"М", 'M'}, {"Н", 'H'}, {"О", 'O'}, {"Р", 'P'}, {"С", 'C'},
    {"Т", 'T'}, {"Х", 'X'}, {"Ѕ", 'S'}, {"І", 'I'}, {"Ј", 'J'}, {"ο", 'o'}, {"Α", 'A'},
    {"Β", 'B'}, {"Ε", 'E'}, {"Ζ", 'Z'}, {"Η", 'H'}, {"Ι", 'I'}, {"Κ", 'K'}, {"Μ", 'M'},
    {"Ν", 'N'}, {"Ο", 'O'}, {"Ρ", 'P'}, {"Τ", 'T'}, {"Υ", 'Y'}, {"Χ", 'X'},
};
enum { LOOK_ALIKE_SIZE = 2 }; /* bytes of each of them */

/* The Latin letter that the one at `at` looks like; 0 for any other. */
static char latin_of(bl_text text, size_t at)
{
    if (at + LOOK_ALIKE_SIZE > text.size) return 0;
    for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++)
        if (memcmp(text.bytes + at, look_alikes[i].letter, LOOK_ALIKE_SIZE) == 0)
            return look_alikes[i].latin;
    return 0;
}

/* Where the first look-alike stands in a name of Latin letters; its size where there is none, or
 * where the name has letters of its own alphabet too. */
static size_t first_look_alike(bl_text name)
{
    size_t first = name.size;
    bool has_latin = false;
    for (size_t at = 0; at < name.size;) {
        if ((unsigned char)name.bytes[at] < 0x80) {
            has_latin |= (name.bytes[at] | 0x20) >= 'a' && (name.bytes[at] | 0x20) <= 'z';
            at++;
            continue;
        }
        if (!latin_of(name, at)) return name.size;
        if (first == name.size) first = at;
        at += LOOK_ALIKE_SIZE;
    }
    return has_latin ? first : name.size;
}

static void report_look_alike(bl_parser *parser, bl_text letter, char latin, bl_span span)
{
    utf8proc_int32_t point = 0;
    utf8proc_iterate((const utf8proc_uint8_t *)letter.bytes, (utf8proc_ssize_t)letter.size, &point);
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0102, span,
                                        "`%.*s` (U+%04X) is not the letter `%c`, which it looks "
                                        "like",
                                        (int)letter.size, letter.bytes, (unsigned)point, latin);
    bl_diag_help(parser->diagnostics, diagnostic, "type this word anew");
}

void bl_lexeme_fold(bl_parser *parser, bl_word *word)
{
    bl_text name = word->text;
    size_t first = first_look_alike(name);
    if (first == name.size) return;
    bl_span span = {word->span.file, word->span.start + (uint32_t)first,
                    word->span.start + (uint32_t)(first + LOOK_ALIKE_SIZE)};
    report_look_alike(parser, (bl_text){name.bytes + first, LOOK_ALIKE_SIZE}, latin_of(name, first),
                      span);
    char *folded = bl_arena_alloc(parser->arena, name.size);
    if (!folded) {
        parser->out_of_memory = true;
        return;
    }
    size_t size = 0;
    for (size_t at = 0; at < name.size; size++) {
        char latin = latin_of(name, at);
        folded[size] = latin ? latin : name.bytes[at];
        at += latin ? LOOK_ALIKE_SIZE : 1;
    }
    word->text = (bl_text){folded, size};
}
