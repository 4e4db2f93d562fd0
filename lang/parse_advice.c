/*
 * What to do about a token that does not fit: one piece of advice, or none.
 *
 * What stands around it is looked at in the text itself: the parser has forgotten it. The first
 * advice that fits is given, so what tells more of the slip is asked before what tells less.
 */
#include <stdio.h>

#include "grammar.h"
#include "parse_error.h"

/* What people write in place of a word that could stand there. */
static const struct {
    const char *found;
    int token;
    const char *meant;
} synonyms[] = {
    {"proposed", TK_RAISED, "raised by"},
    {"opened", TK_RAISED, "raised by"},
    {"approved", TK_DECIDED, "decided by"},
    {"voted", TK_DECIDED, "decided by"},
    {"vote", TK_DECIDED, "decided by"},
    {"blocked", TK_VETO, "veto by"},
    {"vetoed", TK_VETO, "veto by"},
    {"disputed", TK_DISPUTE, "dispute by"},
    {"appeal", TK_DISPUTE, "dispute by"},
    {"needs", TK_REQUIRES, "requires"},
    {"forbids", TK_REFUSES, "refuses"},
    {"else", TK_OTHERWISE, "otherwise"},
    {"if", TK_WHEN, "when"},
    {"until", TK_WITHIN, "within"},
    {"for", TK_WITHIN, "within"},
    {"in", TK_WITHIN, "within"},
    {"has", TK_IS, "is"},
    {"have", TK_ARE, "are"},
    {"import", TK_USE, "use"},
    {"include", TK_USE, "use"},
    {"const", TK_LET, "let"},
    {"var", TK_LET, "let"},
    {"def", TK_FUNCTION, "function"},
    {"motion", TK_PROPOSAL, "proposal"},
    {"resolution", TK_PROPOSAL, "proposal"},
    {"decision", TK_PROPOSAL, "proposal"},
    {"group", TK_BODY, "body"},
    {"committee", TK_BODY, "body"},
    {"rule", TK_PROCEDURE, "procedure"},
    {"test", TK_SCENARIO, "scenario"},
    {"assert", TK_EXPECT, "expect"},
    {"votes", TK_VERBS, "approves` or `rejects"},
    {"suggests", TK_PROPOSES, "proposes"},
    {"give", TK_GRANT, "grant"},
    {"requires", TK_QUORUM, "quorum"},
    {"accepted", TK_PASSES, "passes when"},
    {"succeeds", TK_PASSES, "passes when"},
    {"appeals", TK_VERBS, "disputes"},
    {"maximum", TK_EXACTLY, "at most"},
    {"max", TK_EXACTLY, "at most"},
    {"most", TK_EXACTLY, "at most"},
    {"minimum", TK_EXACTLY, "at least"},
    {"min", TK_EXACTLY, "at least"},
    {"least", TK_EXACTLY, "at least"},
    {"only", TK_EXACTLY, "exactly"},
    {"without", TK_EXCEPT, "except"},
    {"but", TK_EXCEPT, "except"},
    {"excluding", TK_EXCEPT, "except"},
    {"exceeds", TK_GREATER, ">"},
    {"over", TK_GREATER, ">"},
    {"above", TK_GREATER, ">"},
    {"under", TK_LESS, "<"},
    {"below", TK_LESS, "<"},
    {"equals", TK_EQUAL, "=="},
    {"equal", TK_EQUAL, "=="},
    {"minus", TK_MINUS, "-"},
    {"plus", TK_PLUS, "+"},
    {"times", TK_TIMES_SIGN, "*"},
    {"unless", TK_AND, "and not"},
    {"was", TK_IS, "is"},
    {"accepted", TK_RAISED, "on accepted"},
    {"rejected", TK_RAISED, "on rejected"},
    {"elected", TK_RAISED, "on elected"},
    {"wait", TK_GIVEN, "after"},
    {"advance", TK_GIVEN, "after"},
    {"sleep", TK_GIVEN, "after"},
    {"skip", TK_GIVEN, "after"},
    {"later", TK_GIVEN, "after"},
    {"assume", TK_GIVEN, "given"},
    {"suppose", TK_GIVEN, "given"},
    {"check", TK_EXPECT, "expect"},
    {"should", TK_EXPECT, "expect"},
    {"raises", TK_PROPOSES, "proposes"},
    {"submits", TK_PROPOSES, "proposes"},
    {"moves", TK_PROPOSES, "proposes"},
    {"accepts", TK_VERBS, "approves"},
    {"accept", TK_VERBS, "approves"},
    {"agrees", TK_VERBS, "approves"},
    {"agree", TK_VERBS, "approves"},
    {"supports", TK_VERBS, "approves"},
    {"support", TK_VERBS, "approves"},
    {"vote", TK_VERBS, "approves` or `rejects"},
    {"opposes", TK_VERBS, "rejects"},
    {"oppose", TK_VERBS, "rejects"},
    {"appeal", TK_VERBS, "dispute"},
};

#define HELP(s, ...) bl_diag_help((s)->f->parser->diagnostics, (s)->diagnostic, __VA_ARGS__)

/* The keyword that was expected and is nearest to `word`, of the same length where there are two;
 * NULL where none is near. */
static const char *nearest_keyword(const finding *f, bl_text word)
{
    size_t most = word.size < 4 ? 1 : 2;
    const char *nearest = NULL;
    for (size_t i = 0; i < bl_keyword_count && !f->names_only; i++) {
        bl_text candidate = bl_text_of(bl_keywords[i].word);
        if (candidate.size < 3 && most > 1) continue;
        if (!bl_is_expected(f, bl_keywords[i].token)) continue;
        if (bl_is_expected(f, TK_NAME) && bl_keywords[i].class == BL_KEYWORD_NAMING) continue;
        size_t distance = bl_text_distance(word, candidate, most);
        if (distance == 0 || distance > most || distance >= word.size) continue;
        if (nearest && distance == most && candidate.size != word.size) continue;
        most = distance;
        nearest = bl_keywords[i].word;
    }
    return nearest;
}

static const char *synonym(const finding *f, bl_text word)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (bl_text_equal(word, bl_text_of(synonyms[i].found)) &&
            bl_is_expected(f, synonyms[i].token))
            return synonyms[i].meant;
    return NULL;
}

static bool is_comparison(int token)
{
    switch (token) {
    case TK_EQUAL:
    case TK_UNEQUAL:
    case TK_LESS:
    case TK_LESS_EQUAL:
    case TK_GREATER:
    case TK_GREATER_EQUAL: return true;
    default: return false;
    }
}

/* The byte `distance` behind a span; 0 past the end. */
static char byte_behind(const bl_parser *parser, bl_span span, uint32_t distance)
{
    size_t at = (size_t)(span.end - parser->text_offset) + distance;
    return at < parser->given.size ? parser->given.bytes[at] : 0;
}

static char next_visible_byte(const slip *s)
{
    for (uint32_t i = 0;; i++) {
        char byte = byte_behind(s->f->parser, s->span, i);
        if (byte != ' ' && byte != '\t') return byte;
    }
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* Whether this token begins a line, so that what is missing is missing behind the one before. */
bool bl_slip_is_on_new_line(const slip *s)
{
    return s->found != TK_END && bl_parser_is_line_start(s->f->parser, s->span.start);
}

bool bl_is_word_byte(char byte)
{
    return is_letter(byte) || is_digit(byte) || byte == '_' || byte == '@' || byte == '%';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* The word that ends in front of a place, on the same line; empty where a sign does. */
bl_text bl_parse_word_before(const bl_parser *parser, bl_span span)
{
    const char *bytes = parser->given.bytes;
    size_t end = span.start - parser->text_offset;
    while (end && is_blank(bytes[end - 1]))
        end--;
    size_t start = end;
    while (start && bl_is_word_byte(bytes[start - 1]))
        start--;
    return (bl_text){bytes + start, end - start};
}

/* The word behind a place, on the same line. */
bl_text bl_parse_word_behind(const bl_parser *parser, bl_span span)
{
    size_t start = span.end - parser->text_offset;
    while (start < parser->given.size && is_blank(parser->given.bytes[start]))
        start++;
    size_t end = start;
    while (end < parser->given.size && bl_is_word_byte(parser->given.bytes[end]))
        end++;
    return (bl_text){parser->given.bytes + start, end - start};
}

/* Whether the word in front of the token before is `word`. */
static bool comes_after(const slip *s, const char *word)
{
    return bl_text_equal(bl_parse_word_before(s->f->parser, s->f->parser->before),
                         bl_text_of(word));
}

static bool is_among(bl_text text, const char *const *words)
{
    for (; *words; words++)
        if (bl_text_equal(text, bl_text_of(*words))) return true;
    return false;
}

/* A name, or a word of the language. */
static bool looks_like_name(bl_text text)
{
    return text.size && is_letter(text.bytes[0]);
}

/* Another spelling of a word that could stand there. */
static bool advise_word(const slip *s)
{
    bool is_word = s->found == TK_NAME || bl_class_of(s->found) != BL_KEYWORD_RESERVED ||
                   is_letter(s->text.size ? s->text.bytes[0] : 0);
    if (!is_word) return false;
    const char *meant = synonym(s->f, s->text);
    if (!meant && bl_class_of(s->found) == BL_KEYWORD_RESERVED && s->found != TK_NAME) return false;
    if (!meant) meant = nearest_keyword(s->f, s->text);
    if (meant) HELP(s, "did you mean `%s`?", meant);
    return meant != NULL;
}

static bool advise_sign(const slip *s)
{
    const finding *f = s->f;
    if (s->found == TK_ASSIGN && bl_is_expected(f, TK_EQUAL))
        HELP(s, "write `==` to compare");
    else if (s->found == TK_EQUAL && bl_is_expected(f, TK_ASSIGN))
        HELP(s, "write `=` to give a value; `==` compares");
    else if (is_comparison(s->found) && bl_is_expected(f, TK_AND))
        HELP(s, "comparisons do not follow each other: write `a < b and b < c`");
    else
        return false;
    return true;
}

/* `0,5`, `5,000` and `66 percent`. */
static bool advise_number(const slip *s)
{
    const bl_parser *parser = s->f->parser;
    if (!s->before.size || !is_digit(s->before.bytes[0])) return false;
    int size = (int)s->before.size;
    if (bl_text_equal(s->text, BL_TEXT("percent")) || bl_text_equal(s->text, BL_TEXT("per"))) {
        HELP(s, "write `%.*s%%`", size, s->before.bytes);
        return true;
    }
    uint32_t digits = 0;
    while (is_digit(byte_behind(parser, s->span, digits)))
        digits++;
    if (s->found != TK_COMMA || digits == 0 || digits > 9) return false;
    HELP(s, "a number has no comma: write `%.*s%s%.*s`", size, s->before.bytes,
         digits == 3 ? "" : ".", (int)digits,
         parser->given.bytes + (s->span.end - parser->text_offset));
    return true;
}

static uint32_t letters_behind(const bl_parser *parser, bl_span span, uint32_t from)
{
    uint32_t count = 0;
    while (count < FOUND_SIZE_MAX && (is_letter(byte_behind(parser, span, from + count)) ||
                                      is_digit(byte_behind(parser, span, from + count)) ||
                                      byte_behind(parser, span, from + count) == '_' ||
                                      byte_behind(parser, span, from + count) == '-'))
        count++;
    return count;
}

/* `grant-money`, found at its dash or, where its first part is a word of the language, at that. */
static bool advise_dash(const slip *s)
{
    const bl_parser *parser = s->f->parser;
    bool is_at_dash = s->found == TK_MINUS && parser->before.end == s->span.start;
    bl_text first = is_at_dash ? s->before : s->text;
    uint32_t from = is_at_dash ? 0 : 1;
    if (!is_at_dash && (!bl_is_expected(s->f, TK_NAME) || byte_behind(parser, s->span, 0) != '-'))
        return false;
    uint32_t count = letters_behind(parser, s->span, from);
    const char *rest = parser->given.bytes + (s->span.end - parser->text_offset) + from;
    if (count == 0 || !first.size || !is_letter(first.bytes[0])) return false;
    char name[2 * FOUND_SIZE_MAX + 2];
    snprintf(name, sizeof name, "%.*s-%.*s", (int)first.size, first.bytes, (int)count, rest);
    if (bl_is_expected(s->f, TK_GIVEN) || bl_is_expected(s->f, TK_HANDLE)) {
        HELP(s, "an id with other characters is written as a text: `\"%s\"`", name);
        return true;
    }
    for (char *at = name; *at; at++)
        if (*at == '-') *at = '_';
    HELP(s, "a name has letters, digits and `_`: write `%s`", name);
    return true;
}

/* Whether the word is something that people do, in either form. */
static bool is_deed(bl_text word)
{
    const int token = bl_lexeme_name_token(word);
    return token == TK_VERB || token == TK_VERBS || token == TK_PROPOSES || token == TK_VETO ||
           token == TK_DISPUTE || token == TK_RESIGNS || token == TK_RECUSES;
}

/* People without their `@`; what stands at the beginning of a statement may be something else. */
static bool advise_handle(const slip *s)
{
    const finding *f = s->f;
    const bool is_start = s->found == TK_NAME && bl_is_expected(f, TK_GIVEN) &&
                          bl_is_expected(f, TK_HANDLE) && bl_slip_is_on_new_line(s);
    const bl_text behind = bl_parse_word_behind(f->parser, s->span);
    if (is_start && (is_deed(behind) || next_visible_byte(s) == ',')) {
        HELP(s, "a person is written with `@`: `@%.*s`", (int)s->text.size, s->text.bytes);
        return true;
    }
    if (bl_is_expected(f, TK_GIVEN) && bl_slip_is_on_new_line(s) && is_deed(s->text)) {
        HELP(s, "who does it comes first: `@name %.*s …`", (int)s->text.size, s->text.bytes);
        return true;
    }
    if (is_start && looks_like_name(behind)) {
        HELP(s, "what holds from the beginning is told with `given …`");
        return true;
    }
    if (!comes_after(s, "given") || !looks_like_name(s->before)) return false;
    if (s->found == TK_IS && next_visible_byte(s) == '@')
        HELP(s, "who it is comes first: `given %.*s is %.*s`", (int)behind.size, behind.bytes,
             (int)s->before.size, s->before.bytes);
    else if (s->found == TK_IS)
        HELP(s,
             "a person is written with `@`: `@%.*s`; a thing is given by its sort: `given room "
             "%.*s`",
             (int)s->before.size, s->before.bytes, (int)s->before.size, s->before.bytes);
    else if (s->found == TK_COMMA || s->found == TK_ARE)
        HELP(s, "a person is written with `@`: `@%.*s`", (int)s->before.size, s->before.bytes);
    else if (s->found == TK_HANDLE)
        HELP(s, "who it is comes first: `given %.*s is …`", (int)s->text.size, s->text.bytes);
    else
        return false;
    return true;
}

/* Something that stands in another place of its clause. */
static bool advise_order(const slip *s)
{
    const finding *f = s->f;
    if (s->found == TK_USING && bl_is_expected(f, TK_WITHIN) && !bl_is_expected(f, TK_USING))
        HELP(s, "`using …` stands right behind who decides, in front of `within …` and its like");
    else if ((s->found == TK_OF || s->found == TK_ON) && bl_is_expected(f, TK_LBRACE) &&
             s->before.size && s->before.bytes[0] == '"')
        HELP(s, "`%.*s …` stands in front of the title", (int)s->text.size, s->text.bytes);
    else if ((s->found == TK_IN || s->found == TK_ON) && bl_is_expected(f, TK_OF) &&
             bl_is_expected(f, TK_LBRACE) && bl_is_expected(f, TK_IS))
        HELP(s, "did you mean `of`?");
    else if ((s->found == TK_IN || s->found == TK_OF) && bl_is_expected(f, TK_ON) &&
             (bl_is_expected(f, TK_AS) || !f->has_list))
        HELP(s, "did you mean `on`?");
    else
        return false;
    return true;
}

static void note_brace(const slip *s)
{
    const bl_parser *parser = s->f->parser;
    bl_span brace = parser->suspect;
    if (brace.file == BL_NONE && parser->depth > 0 && parser->depth <= BL_BRACES_KEPT)
        brace = parser->braces[parser->depth - 1];
    if (brace.file != BL_NONE)
        bl_diag_note(parser->diagnostics, s->diagnostic, brace,
                     "the `}` for this `{` seems to be missing");
}

static bool advise_brace(const slip *s)
{
    const finding *f = s->f;
    if (s->found == TK_END && bl_is_expected(f, TK_RBRACE)) {
        HELP(s, "a `{` further up has no `}`");
        note_brace(s);
    } else if (f->parser->depth > 0 && bl_is_expected(f, TK_RBRACE) &&
               bl_token_begins_declaration(s->found)) {
        HELP(s, "is a `}` missing in front of it?");
        note_brace(s);
    } else if (s->found == TK_RBRACE && f->parser->depth == 0 && !bl_is_expected(f, TK_RBRACE) &&
               bl_is_expected(f, TK_END)) {
        HELP(s, "this `}` has no `{`: take it away, or look for one too many further up");
    } else if (bl_is_expected(f, TK_LBRACE) && !bl_is_expected(f, TK_RBRACE) &&
               (s->found == TK_BY || bl_token_starts_clause(s->found))) {
        HELP(s, "is a `{` missing in front of it?");
    } else {
        return false;
    }
    return true;
}

/* The one sign or word that was expected, `quoted`; NULL where there are several. */
static const char *only_expected(const finding *f)
{
    return f->phrase_count == 1 && f->phrases[0][0] == '`' ? f->phrases[0] : NULL;
}

static bool advise_missing(const slip *s)
{
    static const char *const types[] = {"number", "text", "boolean", "duration",
                                        "date",   "time", "person",  NULL};
    const finding *f = s->f;
    int size = (int)s->text.size;
    const char *only = only_expected(f);
    if (s->found == TK_END) return false;
    if (only && s->found == TK_NAME && bl_is_expected(f, TK_COLON) && is_among(s->before, types))
        HELP(s, "the name comes first: `%.*s : %.*s`", size, s->text.bytes, (int)s->before.size,
             s->before.bytes);
    else if (only && s->before.size)
        HELP(s, "write %s behind `%.*s`", only, (int)s->before.size, s->before.bytes);
    else if ((bl_slip_is_on_new_line(s) || s->found == TK_WITHIN) &&
             (bl_is_expected(f, TK_RPAREN) || bl_is_expected(f, TK_RBRACKET)) && !f->has_list)
        HELP(s, "is a `%s` missing behind `%.*s`?", bl_is_expected(f, TK_RPAREN) ? ")" : "]",
             (int)s->before.size, s->before.bytes);
    else if (bl_is_expected(f, TK_COMMA) && (s->found == TK_HANDLE || next_visible_byte(s) == ':'))
        HELP(s, "is a `,` missing in front of `%.*s`?", size, s->text.bytes);
    else if (bl_is_expected(f, TK_ARE) && s->found == TK_NAME)
        HELP(s, "is `is` or `are` missing in front of `%.*s`?", size, s->text.bytes);
    else if (bl_is_expected(f, TK_USING) && s->found == TK_NAME)
        HELP(s, "is `using` missing in front of `%.*s`?", size, s->text.bytes);
    else if (bl_is_expected(f, TK_BY) && bl_is_expected(f, TK_TOGETHER) && s->found == TK_NAME)
        HELP(s, "is `by` missing in front of `%.*s`?", size, s->text.bytes);
    else if (bl_is_expected(f, TK_AS) && s->found == TK_NAME && comes_after(s, "proposes"))
        HELP(s, "is `as` missing in front of `%.*s`?", size, s->text.bytes);
    else if (bl_is_expected(f, TK_EXPECT) && bl_is_expected(f, TK_IS) && s->found == TK_NAME &&
             !bl_slip_is_on_new_line(s))
        HELP(s, "is `is` missing in front of `%.*s`?", size, s->text.bytes);
    else
        return false;
    return true;
}

/* `1 fortnight`, `40 euros`, `exactly 1 member`, `1/2 body`. */
static bool advise_unit(const slip *s)
{
    static const char *const bounds[] = {"exactly", "least", "most", NULL};
    static const char *const sets[] = {"body", "cast", "approve", "reject", "abstain", NULL};
    const bool is_behind_number = s->before.size && is_digit(s->before.bytes[0]);
    if (!is_behind_number || !looks_like_name(s->text)) return false;
    if (bl_slip_is_on_new_line(s) || next_visible_byte(s) == ':') return false;
    const int size = (int)s->text.size;
    if (bl_is_expected(s->f, TK_OF) && is_among(s->text, sets))
        HELP(s, "is `of` missing in front of `%.*s`?", size, s->text.bytes);
    else if (s->found != TK_NAME || !bl_is_expected(s->f, TK_UNIT))
        return false;
    else if (is_among(bl_parse_word_before(s->f->parser, s->f->parser->before), bounds))
        HELP(s, "a number stands alone here: leave out `%.*s`", size, s->text.bytes);
    else if (comes_after(s, "by"))
        HELP(s, "who it is stands here without a number; any one of them does");
    else
        HELP(s,
             "only units of time follow a number: `minutes`, `hours`, `days`, `weeks`, `months` …");
    return true;
}

/* ---- numbers, names and dates that are written otherwise ---- */

static unsigned number_of_word(bl_text word)
{
    static const char *const words[] = {"one",   "two",   "three", "four", "five",   "six",
                                        "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (bl_text_equal(word, bl_text_of(words[i]))) return i + 1;
    return bl_text_equal(word, BL_TEXT("a")) || bl_text_equal(word, BL_TEXT("an"));
}

static unsigned part_of_word(bl_text word)
{
    static const struct {
        const char *word;
        unsigned part;
    } parts[] = {{"half", 2},     {"halves", 2}, {"third", 3},  {"thirds", 3}, {"quarter", 4},
                 {"quarters", 4}, {"fifth", 5},  {"fifths", 5}, {"fourths", 4}};
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        if (bl_text_equal(word, bl_text_of(parts[i].word))) return parts[i].part;
    return 0;
}

/* `three weeks`, `two thirds`, `14-days`, `2:3`. */
static bool advise_number_words(const slip *s)
{
    static const char *const ordinals[] = {"rds", "rd", "ths", "th", "nds", "nd", "st", NULL};
    const unsigned number = number_of_word(s->before), part = part_of_word(s->text);
    const bool is_behind_digit = s->before.size && is_digit(s->before.bytes[0]);
    const int size = (int)s->text.size;
    if (is_behind_digit && is_among(s->text, ordinals))
        HELP(s, "leave out `%.*s`", size, s->text.bytes);
    else if (s->found == TK_UNIT && number)
        HELP(s, "write the number in digits: `%u %.*s`", number, size, s->text.bytes);
    else if (part && number && !bl_is_expected(s->f, TK_LBRACE))
        HELP(s, "write it as a fraction: `%u/%u`", number, part);
    else if (s->found == TK_UNIT && bl_text_equal(s->before, BL_TEXT("-")))
        HELP(s, "a number and its unit stand without a dash, as in `14 days`");
    else if (s->found == TK_COLON && is_behind_digit && is_digit(next_visible_byte(s)))
        HELP(s, "write a part as a fraction: `%.*s/%.*s`", (int)s->before.size, s->before.bytes,
             (int)bl_parse_word_behind(s->f->parser, s->span).size,
             bl_parse_word_behind(s->f->parser, s->span).bytes);
    else
        return false;
    return true;
}

/* `31.01.2024`, `31 January 2024`, `2024-01-31 12:00`. */
static bool advise_date(const slip *s)
{
    static const char *const months[] = {"January",  "February", "March",  "April",     "May",
                                         "June",     "July",     "August", "September", "October",
                                         "November", "December", NULL};
    const bool is_date = s->before.size == 10 && s->before.bytes[4] == '-';
    if (is_among(s->text, months) || is_among(s->before, months) ||
        (s->found == TK_NUMBER && bl_text_equal(s->before, BL_TEXT("."))))
        HELP(s, "a date is written year first: `2024-01-31`");
    else if (is_date && s->found == TK_NUMBER)
        HELP(s, "a time is written `2024-01-31T12:00:00Z`, in UTC");
    else
        return false;
    return true;
}

/* `raised by a member`, `expect that …`. */
static bool advise_article(const slip *s)
{
    static const char *const idle[] = {"a", "an", "the", "that", "all", "our", NULL};
    if (!looks_like_name(s->text) || bl_slip_is_on_new_line(s)) return false;
    const bl_text second = bl_parse_word_before(s->f->parser, s->f->parser->before);
    const bl_text word = is_among(s->before, idle) ? s->before
                         : is_among(second, idle)  ? second
                                                   : (bl_text){"", 0};
    if (!word.size) return false;
    HELP(s, "leave out `%.*s`: names stand alone", (int)word.size, word.bytes);
    return true;
}

/* `procedure two thirds`, `using simple majority`, `on building north`. */
static bool advise_two_words(const slip *s)
{
    static const char *const heads[] = {"policy",   "scope",     "role",  "body",
                                        "proposal", "procedure", "event", "ladder",
                                        "function", "using",     "let",   NULL};
    static const char *const places[] = {"on", "of", NULL};
    if (!looks_like_name(s->text) || !looks_like_name(s->before) || bl_slip_is_on_new_line(s))
        return false;
    const bl_text second = bl_parse_word_before(s->f->parser, s->f->parser->before);
    const int size = (int)s->text.size, before = (int)s->before.size;
    if (s->found == TK_NAME && bl_is_expected(s->f, TK_GIVEN) && is_among(second, places))
        HELP(s, "what has a name stands alone: leave out `%.*s`", before, s->before.bytes);
    else if (is_among(second, heads) &&
             (s->found == TK_NAME || bl_text_equal(second, BL_TEXT("using"))) && s->found != TK_OF)
        HELP(s, "a name is one word: `%.*s_%.*s`, or one of the two is too many", before,
             s->before.bytes, size, s->text.bytes);
    else
        return false;
    return true;
}

/* `using supermajority 2/3`, `using majority of member`. */
static bool advise_procedure(const slip *s)
{
    if (!comes_after(s, "using") || !looks_like_name(s->before)) return false;
    const int size = (int)s->before.size;
    if (s->found == TK_NUMBER || s->found == TK_LBRACKET || s->found == TK_LBRACE)
        HELP(s, "what a procedure is given stands in parentheses: `%.*s(…)`", size,
             s->before.bytes);
    else if (s->found == TK_OF)
        HELP(s, "who decides stands in front of `using`: `by … using %.*s`", size, s->before.bytes);
    else
        return false;
    return true;
}

/* Words and names without their quotes, names with them. */
static bool advise_quotes(const slip *s)
{
    const finding *f = s->f;
    const bool wants_name = bl_is_expected(f, TK_NAME) && !bl_is_expected(f, TK_TEXT);
    const bool wants_text = bl_is_expected(f, TK_TEXT) && !bl_is_expected(f, TK_NAME);
    if (s->found == TK_TEXT && bl_text_equal(s->before, BL_TEXT("policy")))
        HELP(s, "a name stands in front of the title: `policy club \"…\"`");
    else if (s->found == TK_TEXT && wants_name && f->phrase_count <= 2)
        HELP(s, "a name stands without quotes");
    else if (wants_text && f->phrase_count == 1 && looks_like_name(s->text))
        HELP(s, "write a text in quotes: `\"…\"`");
    else
        return false;
    return true;
}

/* `reserve = 3` and `building.reserve = 3` for `set building.reserve = 3`. */
static bool advise_set(const slip *s)
{
    const finding *f = s->f;
    const int before = (int)s->before.size, size = (int)s->text.size;
    if (s->found == TK_ASSIGN && bl_is_expected(f, TK_DOT) && comes_after(s, "set"))
        HELP(s, "say whose it is: `set NAME.%.*s = …`", before, s->before.bytes);
    else if (bl_is_expected(f, TK_SET) && bl_is_expected(f, TK_EMIT) && looks_like_name(s->text) &&
             (next_visible_byte(s) == '.' || next_visible_byte(s) == '='))
        HELP(s, "did you mean `set %.*s%s`?", size, s->text.bytes,
             next_visible_byte(s) == '.' ? ".…" : " = …");
    else
        return false;
    return true;
}

/* ---- what is told by the words around it ---- */

/* A slip by the token that was found, the word in front of it, and what else could have come. */
static const struct {
    int found;
    const char *before; /* NULL: any */
    int expected; /* 0: anything */
    const char *help;
} hints[] = {
    {TK_IS, "quorum", 0, "a quorum is a condition: `quorum cast >= 1/2 of body`"},
    {TK_AT, "quorum", 0, "a quorum is a condition: `quorum cast >= 1/2 of body`"},
    {TK_OF, "quorum", 0, "a quorum is a condition: `quorum cast >= 1/2 of body`"},
    {TK_WHEN, "quorum", 0, "write `quorum cast >= 1/2 of body`, without `when`"},
    {TK_AT, "when", TK_NUMBER, "compare: `approve >= 2/3 of body` is at least two thirds of them"},
    {TK_OTHERWISE, "when", 0, "write `fails otherwise`, without `when`"},
    {TK_OTHERWISE, NULL, TK_FAILS, "write `fails otherwise`"},
    {TK_OTHERWISE, NULL, TK_RAISED,
     "the last `decided by` takes all that the others leave: it needs neither `when` nor "
     "`otherwise`"},
    {TK_OVERRIDDEN, NULL, TK_RAISED, "`overridden { … }` stands behind the veto that it lifts"},
    {TK_DECIDED, NULL, TK_TOGETHER, "in `overridden { … }` it is `by …` alone"},
    {TK_WHEN, NULL, TK_RAISED, "`when …` stands at the end of the clause that it belongs to"},
    {TK_FROM, NULL, TK_DISCARD, "`on … { … }` holds effects; a role has its scope by `of`"},
    {TK_HELD, NULL, TK_DISCARD, "`on … { … }` holds effects; a role has its scope by `of`"},
    {TK_EXACTLY, NULL, TK_DISCARD, "`on … { … }` holds effects; a role has its scope by `of`"},
    {TK_AT, NULL, TK_DISCARD, "`on … { … }` holds effects; a role has its scope by `of`"},
    {TK_GRANTED, NULL, TK_DISCARD, "`on … { … }` holds effects; a role has its scope by `of`"},
    {TK_IS, NULL, TK_PROPOSES, "a fact is told with `given …`, a question with `expect …`"},
    {TK_ARE, NULL, TK_PROPOSES, "a fact is told with `given …`"},
    {TK_ON, NULL, TK_BECAUSE, "`on …` stands in front of `as …`"},
    {TK_COMMA, NULL, TK_BECAUSE, "a reason is told with `because \"…\"`"},
    {TK_COLON, NULL, TK_ASSIGN, "write `=`"},
    {TK_COLON, NULL, TK_LBRACE, "leave out the `:`"},
    {TK_LPAREN, NULL, TK_EXPECT, "fields stand in braces: `{ … }`"},
    {TK_RPAREN, NULL, 0, "this `)` has no `(`"},
    {TK_AND, ",", TK_HANDLE, "people are joined by commas alone"},
    {TK_IN, "is", 0, "write `is`, without `in`"},
    {TK_VETO, "is", 0, "did you mean `vetoed`?"},
    {TK_DISPUTE, "is", 0, "did you mean `disputed`?"},
    {TK_GREATER, "and", 0, "say again what is compared: `a > b and a > c`"},
    {TK_GREATER_EQUAL, "and", 0, "say again what is compared: `a > b and a >= c`"},
    {TK_LESS, "and", 0, "say again what is compared: `a > b and a < c`"},
    {TK_LESS_EQUAL, "and", 0, "say again what is compared: `a > b and a <= c`"},
    {TK_NUMBER, NULL, TK_GIVEN, "time passes with `after`, as in `after 14 days`"},
};

static bool advise_hint(const slip *s)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (hints[i].found != s->found) continue;
        if (s->found == TK_ON && bl_slip_is_on_new_line(s)) continue;
        if (hints[i].before && !bl_text_equal(s->before, bl_text_of(hints[i].before))) continue;
        if (hints[i].expected && !bl_is_expected(s->f, hints[i].expected)) continue;
        HELP(s, "%s", hints[i].help);
        return true;
    }
    return false;
}

/* A comma between the parts of a clause, or between those who are meant. */
static bool advise_comma(const slip *s)
{
    if (s->found != TK_COMMA || !bl_is_expected(s->f, TK_RAISED)) return false;
    const int behind = bl_lexeme_name_token(bl_parse_word_behind(s->f->parser, s->span));
    if (behind == TK_NAME && looks_like_name(s->before) && bl_is_expected(s->f, TK_OR))
        HELP(s, "several are joined by `or`");
    else
        HELP(s, "nothing stands between the parts of a clause: leave out the `,`");
    return true;
}

/* `is greater than 3`. */
static bool advise_than(const slip *s)
{
    static const char *const more[] = {"greater", "more", "larger", "higher", "bigger", NULL};
    if (!bl_text_equal(s->text, BL_TEXT("than"))) return false;
    HELP(s, "write `%s`", is_among(s->before, more) ? ">" : "<");
    return true;
}

/* `when accepted { … }`, `expect @ana approves walk`. */
static bool advise_other_clause(const slip *s)
{
    const bool is_person = s->before.size && s->before.bytes[0] == '@';
    if (s->found == TK_LBRACE && comes_after(s, "when") && bl_is_expected(s->f, TK_RAISED))
        HELP(s, "effects stand behind `on`: `on %.*s { … }`", (int)s->before.size, s->before.bytes);
    else if (s->found == TK_WITH && bl_is_expected(s->f, TK_BECAUSE))
        HELP(s, "a reason is told with `because \"…\"`, fields stand in `{ … }`");
    else if (is_person && comes_after(s, "expect") && is_deed(s->text))
        HELP(s, "what somebody may do is asked with `can`; what they do is a statement without "
                "`expect`");
    else
        return false;
    return true;
}

/* `raised by chair with reason`, `refuses "…" with reason`. */
static bool advise_reason(const slip *s)
{
    if (s->found != TK_WITH || !bl_is_expected(s->f, TK_RAISED)) return false;
    HELP(s, "`with reason` goes with `decided by`, `escalates to`, `veto by` and `dispute by`");
    return true;
}

/* `expect clocks is overridden`: that is what happened, and no state. */
static bool advise_state(const slip *s)
{
    bool is_asked = bl_text_equal(s->before, BL_TEXT("is")) || comes_after(s, "is");
    if (s->found != TK_OVERRIDDEN || !is_asked) return false;
    HELP(s, "a proposal whose veto was overridden is `accepted` again");
    return true;
}

void bl_slip_advise(const slip *s)
{
    static bool (*const advices[])(const slip *s) = {
        bl_slip_advise_habit, advise_number, advise_number_words, advise_date,
        advise_procedure,     advise_dash,   advise_than,         advise_set,
        advise_other_clause,  advise_hint,   advise_comma,        advise_word,
        advise_article,       advise_sign,   advise_order,        advise_two_words,
        advise_unit,          advise_brace,  advise_handle,       advise_quotes,
        advise_missing,       advise_reason, advise_state};
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i](s)) return;
    const finding *f = s->f;
    const bl_keyword_class class = bl_class_of(s->found);
    const bool is_word = bl_is_expected(f, TK_NAME) && !bl_is_expected(f, TK_NUMBER) &&
                         (class == BL_KEYWORD_LABEL || class == BL_KEYWORD_UNIT);
    if (is_word || bl_slip_names_declaration(s))
        HELP(s, "`%.*s` is a word of the language: choose another name", (int)s->text.size,
             s->text.bytes);
}
