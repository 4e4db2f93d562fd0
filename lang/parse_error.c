/*
 * What to say of a token that does not fit: what was expected, in the reader's words, and what was
 * found.
 *
 * The parser knows every token that could have stood there, often dozens. Those that belong
 * together (the beginnings of clauses, of an expression …) become one phrase, what only could go on
 * goes unsaid where something else is expected, and the few that remain are listed.
 */
#include "parse.h"

#include <stdarg.h>
#include <stdio.h>

#include "grammar.h"

#define PHRASE_COUNT_MAX 6
#define FOUND_SIZE_MAX 40

typedef struct finding {
    bl_parser *parser;
    const bl_expected *expected;
    size_t count;
    bool *is_said; /* one for each expected token: taken up into a phrase, or left out */
    bool names_only; /* every word is expected, because any may be a name here */
    bool has_list; /* the beginnings of clauses, declarations …: it does not matter what came before
                    */
    const char *phrases[PHRASE_COUNT_MAX + 1];
    size_t phrase_count; /* may pass the limit; then the rest is not kept */
} finding;

/* The tokens of a phrase; 0 ends both lists. */
typedef struct phrase {
    const char *words; /* NULL: the members go unsaid */
    bool is_list;
    int markers[4]; /* the phrase is meant where all of these are expected */
    int members[40];
} phrase;

static const phrase expression = {"an expression",
                                  false,
                                  {TK_NUMBER, TK_LPAREN, TK_LBRACKET},
                                  {TK_NAME,    TK_NUMBER,   TK_TEXT,  TK_HANDLE, TK_DATE,  TK_TIME,
                                   TK_LPAREN,  TK_LBRACKET, TK_MINUS, TK_TRUE,   TK_FALSE, TK_COUNT,
                                   TK_TOTAL,   TK_LAST,     TK_NOT,   TK_ANY,    TK_EVERY, TK_FIRST,
                                   TK_HIGHEST, TK_LOWEST,   TK_IF}};

/* What an expression is called behind these words. */
static const struct {
    const char *before, *words;
} wanted[] = {
    {"by", "a role or a body"},
    {"with", "a role or a body"},
    {"when", "a condition"},
    {"within", "a duration (such as `14 days`)"},
    {"through", "a duration (such as `14 days`)"},
    {"after", "a duration (such as `14 days`)"},
    {"least", "a number or a duration"},
    {"most", "a number"},
    {"exactly", "a number"},
    {"quorum", "a condition (such as `cast >= 5`)"},
};

static const phrase clauses[] = {
    {"a declaration (`role`, `proposal`, …)",
     true,
     {TK_LADDER, TK_LET, TK_SCENARIO},
     {TK_POLICY, TK_USE,      TK_PERSON,    TK_ORGANIZATION, TK_AGENT,     TK_SCOPE,      TK_ROLE,
      TK_BODY,   TK_LADDER,   TK_PROPOSAL,  TK_EVERY,        TK_PROCEDURE, TK_EVENT,      TK_LET,
      TK_DUTY,   TK_FUNCTION, TK_CONFLICTS, TK_SCENARIO,     TK_PROPERTY,  TK_SIMULATION, TK_ON}},
    {"a clause of a proposal kind (`raised by`, `decided by`, …)",
     true,
     {TK_RAISED, TK_DECIDED},
     {TK_CITES, TK_RAISED, TK_SECONDED, TK_REQUIRES, TK_ACCEPTS, TK_CANDIDATES, TK_OPTIONS,
      TK_DECIDED, TK_THEN, TK_TOGETHER, TK_ESCALATES, TK_ALONG, TK_VETO, TK_DISPUTE, TK_REFUSES,
      TK_TAKES, TK_ON, TK_OPEN, TK_AT}},
    {"a rung (`escalates to …`)", true, {TK_ESCALATES, TK_CITES}, {TK_ESCALATES, TK_CITES}},
    {"a clause of a role (`held by`, `granted by`, …)",
     true,
     {TK_HELD, TK_INCLUDES},
     {TK_CITES, TK_HELD, TK_FROM, TK_EXACTLY, TK_AT, TK_INCLUDES, TK_GRANTED, TK_REVOKED, TK_TERM,
      TK_BECOMES}},
    {"a clause of a procedure (`passes when`, `fails when`, …)",
     true,
     {TK_PASSES, TK_CLOSES},
     {TK_CITES, TK_BALLOT, TK_COUNTS, TK_QUORUM, TK_WEIGH, TK_PASSES, TK_FAILS, TK_CLOSES, TK_OPEN,
      TK_TIES, TK_SEATS, TK_EXTENDED, TK_REOPENS, TK_DELEGATION}},
    {"an effect (`grant`, `open`, …)",
     true,
     {TK_GRANT, TK_EMIT, TK_DISCARD},
     {TK_GRANT, TK_REVOKE, TK_CREATE, TK_REMOVE, TK_SET, TK_OPEN, TK_EMIT, TK_DISCARD, TK_ADOPT,
      TK_FOR, TK_IF}},
    {"a statement (`given …`, `@name approves …`, `expect …`)",
     true,
     {TK_GIVEN, TK_EXPECT, TK_HANDLE},
     {TK_GIVEN, TK_EXPECT, TK_HANDLE, TK_AFTER, TK_AT, TK_SEED, TK_EMIT}},
    {"what they do (`approves`, `proposes`, `vetoes`, …)",
     false,
     {TK_PROPOSES, TK_VERBS},
     {TK_PROPOSES, TK_VERBS, TK_VERB, TK_VETO, TK_DISPUTE, TK_RECUSES, TK_DECLARES, TK_RESIGNS,
      TK_GRANTS, TK_REVOKES, TK_CREATES, TK_REMOVES, TK_SETS, TK_RANKS, TK_CHOOSES, TK_SCORES,
      TK_EMITS, TK_DELEGATES, TK_UNDELEGATES}},
    {"a modifier (`within`, `with reason`, …)",
     false,
     {TK_WITHIN, TK_THROUGH, TK_REASONED},
     {TK_WITHIN, TK_THROUGH, TK_AFTER, TK_WHILE, TK_WITH, TK_REASONED, TK_QUORUM, TK_WHEN, TK_AS}},
};

/* What goes on an expression: behind a sum more than behind a comparison. */
static const phrase continuations[] = {
    {"an operator (`and`, `==`, …)",
     false,
     {TK_PLUS},
     {TK_PLUS,       TK_MINUS,    TK_TIMES_SIGN,    TK_SLASH, TK_OF,      TK_AMONG,
      TK_DOT,        TK_LPAREN,   TK_UNIT,          TK_EQUAL, TK_UNEQUAL, TK_LESS,
      TK_LESS_EQUAL, TK_GREATER,  TK_GREATER_EQUAL, TK_IN,    TK_IS,      TK_MATCHES,
      TK_BEGINS,     TK_CONTAINS, TK_CAN,           TK_AND,   TK_OR,      TK_EXCEPT}},
    {"an operator (`and`, `or`, `except`)", false, {TK_AND, TK_OR}, {TK_AND, TK_OR, TK_EXCEPT}},
    {"`.` or `(`", false, {TK_DOT}, {TK_DOT, TK_LPAREN}},
    {"`of`", false, {TK_OF, TK_TO}, {TK_OF}},
    {"`of`", false, {TK_OF, TK_FROM}, {TK_OF}},
};

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
};

static bool is_expected(const finding *f, int token)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->expected[i].token == token) return true;
    return false;
}

static void say(finding *f, const char *words)
{
    if (f->phrase_count < PHRASE_COUNT_MAX) f->phrases[f->phrase_count] = words;
    f->phrase_count++;
}

/* Takes the tokens up into a phrase; whether there were any. */
static bool take(finding *f, const int *members, size_t count)
{
    bool is_any = false;
    for (size_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < count && members[k]; k++)
            if (!f->is_said[i] && f->expected[i].token == members[k]) f->is_said[i] = is_any = true;
    return is_any;
}

static bool is_meant(const finding *f, const phrase *p)
{
    for (size_t i = 0; i < sizeof p->markers / sizeof *p->markers && p->markers[i]; i++)
        if (!is_expected(f, p->markers[i])) return false;
    return true;
}

static void say_phrase(finding *f, const phrase *p)
{
    if (!is_meant(f, p) || !take(f, p->members, sizeof p->members / sizeof *p->members)) return;
    say(f, p->words);
    f->has_list |= p->is_list;
}

/* The class by which a token may be a name; RESERVED for what is no word. */
static bl_keyword_class class_of(int token)
{
    for (size_t i = 0; i < bl_keyword_count; i++)
        if (bl_keywords[i].token == token) return bl_keywords[i].class;
    return BL_KEYWORD_RESERVED;
}

/* Where a name can stand, the words that may be names go unsaid. */
static void leave_out_words(finding *f)
{
    if (!is_expected(f, TK_NAME)) return;
    f->names_only = is_expected(f, TK_HELD) && is_expected(f, TK_PASSES) &&
                    is_expected(f, TK_REFUSED);
    for (size_t i = 0; i < f->count; i++) {
        bl_keyword_class class = class_of(f->expected[i].token);
        if (class == BL_KEYWORD_NAMING || (f->names_only && class != BL_KEYWORD_RESERVED))
            f->is_said[i] = true;
    }
}

static size_t unsaid_count(const finding *f)
{
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++)
        count += !f->is_said[i];
    return count;
}

/* Operators go unsaid, unless nothing else could come. */
static void say_continuations(finding *f)
{
    for (size_t i = 0; i < sizeof continuations / sizeof *continuations; i++) {
        const phrase *p = &continuations[i];
        if (!is_meant(f, p) || !take(f, p->members, sizeof p->members / sizeof *p->members))
            continue;
        if (f->phrase_count == 0 && unsaid_count(f) == 0) say(f, p->words);
    }
}

/* The bytes of a span, cut at a character's end. */
static bl_text slice(const bl_parser *parser, bl_span span)
{
    bl_text text = parser->given;
    uint32_t start = span.start - parser->text_offset, end = span.end - parser->text_offset;
    if (span.start < parser->text_offset || end > text.size || start >= end)
        return (bl_text){"", 0};
    if (end - start > FOUND_SIZE_MAX) end = start + FOUND_SIZE_MAX;
    while (end > start && end < text.size && ((unsigned char)text.bytes[end] & 0xC0) == 0x80)
        end--;
    return (bl_text){text.bytes + start, end - start};
}

/* An expression, named for what stands before it. */
static void say_expression(finding *f)
{
    phrase named = expression;
    bl_text before = slice(f->parser, f->parser->before);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (bl_text_equal(before, bl_text_of(wanted[i].before))) named.words = wanted[i].words;
    say_phrase(f, &named);
}

static void find_phrases(finding *f)
{
    leave_out_words(f);
    say_expression(f);
    for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++)
        say_phrase(f, &clauses[i]);
    say_continuations(f);
    for (size_t i = 0; i < f->count; i++)
        if (!f->is_said[i]) say(f, f->expected[i].words);
}

/* ---- writing ---- */

typedef struct line {
    char bytes[600];
    size_t size;
} line;

/* Cuts what does not fit; the phrases above all do. */
__attribute__((format(printf, 2, 3))) static void add(line *l, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(l->bytes + l->size, sizeof l->bytes - l->size, format, arguments);
    va_end(arguments);
    if (size < 0) return;
    l->size += (size_t)size;
    if (l->size >= sizeof l->bytes) l->size = sizeof l->bytes - 1;
}

static void add_expected(line *l, const finding *f)
{
    size_t shown = f->phrase_count < PHRASE_COUNT_MAX ? f->phrase_count : PHRASE_COUNT_MAX;
    for (size_t i = 0; i < shown; i++) {
        bool is_last = i + 1 == f->phrase_count;
        add(l, "%s%s", i == 0 ? "" : is_last ? " or " : ", ", f->phrases[i]);
    }
    if (shown < f->phrase_count) add(l, " …");
}

static void add_found(line *l, const bl_parser *parser, bl_span span, int found, const char *words)
{
    bl_text text = slice(parser, span);
    if (found == TK_END)
        add(l, "%s", parser->is_statements ? "the end" : "the end of the file");
    else if (found == TK_TEXT || text.size == 0)
        add(l, "%s", words);
    else
        add(l, "`%.*s`", (int)text.size, text.bytes);
}

/* ---- help ---- */

/* The keyword that was expected and is nearest to `word`, of the same length where there are two;
 * NULL where none is near. */
static const char *nearest_keyword(const finding *f, bl_text word)
{
    size_t most = word.size < 4 ? 1 : 2;
    const char *nearest = NULL;
    for (size_t i = 0; i < bl_keyword_count && !f->names_only; i++) {
        bl_text candidate = bl_text_of(bl_keywords[i].word);
        if (candidate.size < 3 && most > 1) continue;
        if (!is_expected(f, bl_keywords[i].token)) continue;
        if (is_expected(f, TK_NAME) && bl_keywords[i].class == BL_KEYWORD_NAMING) continue;
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
        if (bl_text_equal(word, bl_text_of(synonyms[i].found)) && is_expected(f, synonyms[i].token))
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

static bool begins_declaration(int token)
{
    return take(
        &(finding){.expected = &(bl_expected){token, ""}, .count = 1, .is_said = &(bool){false}},
        clauses[0].members, sizeof clauses[0].members / sizeof *clauses[0].members);
}

/* What is being advised on: the token that was found, and the one before it. */
typedef struct slip {
    const finding *f;
    bl_diagnostic *diagnostic;
    bl_span span;
    int found;
    bl_text text;
    bl_text before;
} slip;

#define HELP(s, ...) bl_diag_help((s)->f->parser->diagnostics, (s)->diagnostic, __VA_ARGS__)

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
static bool is_on_new_line(const slip *s)
{
    return s->found != TK_END && bl_parser_is_line_start(s->f->parser, s->span.start);
}

/* Whether the word in front of the token before is `word`. */
static bool comes_after(const slip *s, const char *word)
{
    const bl_parser *parser = s->f->parser;
    bl_text all = {parser->given.bytes, parser->before.start - parser->text_offset};
    while (all.size && (all.bytes[all.size - 1] == ' ' || all.bytes[all.size - 1] == '\t'))
        all.size--;
    bl_text wanted_word = bl_text_of(word);
    return all.size >= wanted_word.size &&
           bl_text_equal((bl_text){all.bytes + all.size - wanted_word.size, wanted_word.size},
                         wanted_word);
}

/* Another spelling of a word that could stand there. */
static bool advise_word(const slip *s)
{
    bool is_word = s->found == TK_NAME || class_of(s->found) != BL_KEYWORD_RESERVED ||
                   is_letter(s->text.size ? s->text.bytes[0] : 0);
    if (!is_word) return false;
    const char *meant = synonym(s->f, s->text);
    if (!meant && class_of(s->found) == BL_KEYWORD_RESERVED && s->found != TK_NAME) return false;
    if (!meant) meant = nearest_keyword(s->f, s->text);
    if (meant) HELP(s, "did you mean `%s`?", meant);
    return meant != NULL;
}

static bool advise_sign(const slip *s)
{
    const finding *f = s->f;
    if (s->found == TK_ASSIGN && is_expected(f, TK_EQUAL))
        HELP(s, "write `==` to compare");
    else if (s->found == TK_EQUAL && is_expected(f, TK_ASSIGN))
        HELP(s, "write `=` to give a value; `==` compares");
    else if (is_comparison(s->found) && is_expected(f, TK_AND))
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
    if (!is_at_dash && (!is_expected(s->f, TK_NAME) || byte_behind(parser, s->span, 0) != '-'))
        return false;
    uint32_t count = letters_behind(parser, s->span, from);
    const char *rest = parser->given.bytes + (s->span.end - parser->text_offset) + from;
    if (count == 0 || !first.size || !is_letter(first.bytes[0])) return false;
    char name[2 * FOUND_SIZE_MAX + 2];
    snprintf(name, sizeof name, "%.*s-%.*s", (int)first.size, first.bytes, (int)count, rest);
    if (is_expected(s->f, TK_GIVEN) || is_expected(s->f, TK_HANDLE)) {
        HELP(s, "an id with other characters is written as a text: `\"%s\"`", name);
        return true;
    }
    for (char *at = name; *at; at++)
        if (*at == '-') *at = '_';
    HELP(s, "a name has letters, digits and `_`: write `%s`", name);
    return true;
}

/* People without their `@`. */
static bool advise_handle(const slip *s)
{
    const finding *f = s->f;
    bl_text person = {"", 0};
    if (s->found == TK_NAME && is_expected(f, TK_GIVEN) && is_expected(f, TK_HANDLE))
        person = s->text;
    if ((s->found == TK_COMMA || s->found == TK_IS || s->found == TK_ARE) &&
        comes_after(s, "given"))
        person = s->before;
    if (person.size)
        HELP(s, "a person is written with `@`: `@%.*s`", (int)person.size, person.bytes);
    return person.size > 0;
}

/* Something that stands in another place of its clause. */
static bool advise_order(const slip *s)
{
    const finding *f = s->f;
    if (s->found == TK_USING && is_expected(f, TK_WITHIN) && !is_expected(f, TK_USING))
        HELP(s, "`using …` stands right behind who decides, in front of `within …` and its like");
    else if ((s->found == TK_OF || s->found == TK_ON) && is_expected(f, TK_LBRACE) &&
             s->before.size && s->before.bytes[0] == '"')
        HELP(s, "`%.*s …` stands in front of the title", (int)s->text.size, s->text.bytes);
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
    if (s->found == TK_END && is_expected(f, TK_RBRACE)) {
        HELP(s, "a `{` further up has no `}`");
        note_brace(s);
    } else if (f->parser->depth > 0 && is_expected(f, TK_RBRACE) && begins_declaration(s->found)) {
        HELP(s, "is a `}` missing in front of it?");
        note_brace(s);
    } else if (s->found == TK_RBRACE && f->parser->depth == 0 && !is_expected(f, TK_RBRACE) &&
               is_expected(f, TK_END)) {
        HELP(s, "this `}` has no `{`: take it away, or look for one too many further up");
    } else if (is_expected(f, TK_LBRACE) && !is_expected(f, TK_RBRACE) &&
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
    const finding *f = s->f;
    int size = (int)s->text.size;
    const char *only = only_expected(f);
    if (s->found == TK_END) return false;
    if (only && s->before.size)
        HELP(s, "write %s behind `%.*s`", only, (int)s->before.size, s->before.bytes);
    else if (is_on_new_line(s) && (is_expected(f, TK_RPAREN) || is_expected(f, TK_RBRACKET)) &&
             !f->has_list)
        HELP(s, "is a `%s` missing behind `%.*s`?", is_expected(f, TK_RPAREN) ? ")" : "]",
             (int)s->before.size, s->before.bytes);
    else if (is_expected(f, TK_COMMA) && (s->found == TK_HANDLE || next_visible_byte(s) == ':'))
        HELP(s, "is a `,` missing in front of `%.*s`?", size, s->text.bytes);
    else if (is_expected(f, TK_ARE) && s->found == TK_NAME)
        HELP(s, "is `is` or `are` missing in front of `%.*s`?", size, s->text.bytes);
    else if (is_expected(f, TK_USING) && s->found == TK_NAME)
        HELP(s, "is `using` missing in front of `%.*s`?", size, s->text.bytes);
    else
        return false;
    return true;
}

/* `1 fortnight`, `40 euros`. */
static bool advise_unit(const slip *s)
{
    bool is_behind_number = s->before.size && is_digit(s->before.bytes[0]);
    if (s->found != TK_NAME || !is_behind_number || !is_expected(s->f, TK_UNIT)) return false;
    HELP(s, "only units of time follow a number: `minutes`, `hours`, `days`, `weeks`, `months` …");
    return true;
}

/* `raised by chair with reason`, `refuses "…" with reason`. */
static bool advise_reason(const slip *s)
{
    if (s->found != TK_WITH || !is_expected(s->f, TK_RAISED)) return false;
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

static void advise(const slip *s)
{
    const finding *f = s->f;
    if (advise_number(s) || advise_dash(s) || advise_word(s) || advise_sign(s) || advise_order(s) ||
        advise_brace(s) || advise_handle(s) || advise_missing(s) || advise_unit(s) ||
        advise_reason(s) || advise_state(s))
        return;
    bl_keyword_class class = class_of(s->found);
    if (is_expected(f, TK_NAME) && !is_expected(f, TK_NUMBER) &&
        (class == BL_KEYWORD_LABEL || class == BL_KEYWORD_UNIT))
        HELP(s, "`%.*s` is a word of the language: choose another name", (int)s->text.size,
             s->text.bytes);
}

static void write_message(line *l, finding *f, bl_span span, int found, const char *found_words)
{
    bl_text before = slice(f->parser, f->parser->before);
    add(l, "expected ");
    add_expected(l, f);
    if (!f->has_list && f->phrase_count <= 2 && before.size && before.bytes[0] != '"')
        add(l, " after `%.*s`", (int)before.size, before.bytes);
    add(l, ", found ");
    add_found(l, f->parser, span, found, found_words);
}

void bl_parse_unexpected(bl_parser *parser, bl_span span, int found, const char *found_words,
                         const bl_expected *expected, size_t count)
{
    if (parser->out_of_memory) return;
    bool *is_said = bl_arena_array(parser->arena, count, sizeof *is_said);
    if (!is_said) {
        parser->out_of_memory = true;
        return;
    }
    finding f = {.parser = parser, .expected = expected, .count = count, .is_said = is_said};
    find_phrases(&f);
    line l = {.size = 0};
    write_message(&l, &f, span, found, found_words);
    slip s = {.f = &f,
              .span = span,
              .found = found,
              .text = slice(parser, span),
              .before = slice(parser, parser->before)};
    bool is_behind = is_on_new_line(&s) && !f.has_list && f.phrase_count <= 2 && s.before.size > 0;
    s.diagnostic = bl_diag(parser->diagnostics, BL_B0101, is_behind ? parser->before : span, "%s",
                           l.bytes);
    if (is_behind) bl_diag_label(parser->diagnostics, s.diagnostic, "expected behind this");
    advise(&s);
}
