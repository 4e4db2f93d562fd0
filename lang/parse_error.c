/*
 * What to say of a token that does not fit: what was expected, in the reader's words, and what was
 * found.
 *
 * The parser knows every token that could have stood there, often dozens. Those that belong
 * together (the beginnings of clauses, of an expression …) become one phrase, what only could go on
 * goes unsaid where something else is expected, and the few that remain are listed.
 */
#include "parse_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compile.h"
#include "grammar.h"

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

static bool is_any_expected(const bl_expected *expected, size_t count, int token)
{
    for (size_t i = 0; i < count; i++)
        if (expected[i].token == token) return true;
    return false;
}

bool bl_is_expected(const finding *f, int token)
{
    return is_any_expected(f->expected, f->count, token);
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
        if (!bl_is_expected(f, p->markers[i])) return false;
    return true;
}

static void say_phrase(finding *f, const phrase *p)
{
    if (!is_meant(f, p) || !take(f, p->members, sizeof p->members / sizeof *p->members)) return;
    say(f, p->words);
    f->has_list |= p->is_list;
}

/* The class by which a token may be a name; RESERVED for what is no word. */
bl_keyword_class bl_class_of(int token)
{
    for (size_t i = 0; i < bl_keyword_count; i++)
        if (bl_keywords[i].token == token) return bl_keywords[i].class;
    return BL_KEYWORD_RESERVED;
}

/* Where a name can stand, the words that may be names go unsaid. */
static void leave_out_words(finding *f)
{
    if (!bl_is_expected(f, TK_NAME)) return;
    f->names_only = bl_is_expected(f, TK_HELD) && bl_is_expected(f, TK_PASSES) &&
                    bl_is_expected(f, TK_REFUSED);
    for (size_t i = 0; i < f->count; i++) {
        bl_keyword_class class = bl_class_of(f->expected[i].token);
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
bl_text bl_parse_slice(const bl_parser *parser, bl_span span)
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
    bl_text before = bl_parse_slice(f->parser, f->parser->before);
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
    bl_text text = bl_parse_slice(parser, span);
    if (found == TK_END)
        add(l, "%s", parser->is_statements ? "the end" : "the end of the file");
    else if (found == TK_TEXT || text.size == 0)
        add(l, "%s", words);
    else
        add(l, "`%.*s`", (int)text.size, text.bytes);
}

bool bl_token_begins_declaration(int token)
{
    return take(
        &(finding){.expected = &(bl_expected){token, ""}, .count = 1, .is_said = &(bool){false}},
        clauses[0].members, sizeof clauses[0].members / sizeof *clauses[0].members);
}

static void write_message(line *l, finding *f, bl_span span, int found, const char *found_words)
{
    bl_text before = bl_parse_slice(f->parser, f->parser->before);
    add(l, "expected ");
    add_expected(l, f);
    if (!f->has_list && f->phrase_count <= 2 && before.size && before.bytes[0] != '"')
        add(l, " after `%.*s`", (int)before.size, before.bytes);
    add(l, ", found ");
    add_found(l, f->parser, span, found, found_words);
}

static bool is_about_characters(bl_code code)
{
    return code == BL_B0102 || code == BL_B0103 || code == BL_B0104;
}

/* Whether no line ends between two places of a file. */
static bool shares_line(const bl_parser *parser, uint32_t start, uint32_t end)
{
    const char *bytes = parser->given.bytes + (start - parser->text_offset);
    return start >= end || !memchr(bytes, '\n', end - start);
}

/* Whether what was told of one place is why the token at another does not fit: it is in the token
 * before, or on this line up to here. */
static bool explains(const bl_parser *parser, bl_span told, bl_span span)
{
    const bl_span before = parser->before;
    if (told.file != span.file) return false;
    return (told.start < span.end && shares_line(parser, told.start, span.start)) ||
           (before.file == span.file && told.start >= before.start && told.start < before.end);
}

/* A text without an end or a sign that was left out has been told. One slip, one message. */
static bool is_told(const bl_parser *parser, bl_span span)
{
    for (const bl_diagnostic *d = parser->diagnostics->first; d; d = d->next)
        if (is_about_characters(d->code) && explains(parser, d->span, span)) return true;
    return explains(parser, parser->odd, span);
}

/* What a slip further up left of its block, which was told: a `}` that has its `{`, or one that was
 * asked for; the clauses behind a declaration that stands within the block. Where such a one ends
 * with its head, only what comes next can be told from its own clauses without a `{`. */
static bool is_left_over(const bl_parser *parser, bl_span span, int found, bool wants_brace)
{
    if (parser->depth > 0) return false;
    if (found == TK_RBRACE) {
        bool is_told = false;
        for (const bl_diagnostic *d = parser->diagnostics->first; d && !is_told; d = d->next)
            is_told = d->code == BL_B0101 && d->span.file == parser->file;
        return is_told && parser->nesting + parser->missing >= 0;
    }
    const bool is_clause = bl_token_starts_clause(found) &&
                           bl_parser_is_line_start(parser, span.start) &&
                           !bl_token_begins_declaration(found);
    if (!is_clause || parser->nesting <= 0 || parser->kept.span.end == 0) return false;
    return !wants_brace || shares_line(parser, parser->kept.span.start, parser->before.start);
}

/* A keyword where a name could stand. */
static bool is_word_for_name(const slip *s)
{
    const int token = bl_lexeme_name_token(s->text);
    return token != TK_NAME && token == s->found && bl_is_expected(s->f, TK_NAME);
}

/* What stands there, behind blanks, as a word of its own: where it ends; NULL. */
static const char *behind_word(const char *at, const char *end, bl_text word)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if ((size_t)(end - at) < word.size || memcmp(at, word.bytes, word.size) != 0) return NULL;
    at += word.size;
    return at < end && bl_is_word_byte(*at) ? NULL : at;
}

/* Whether a declaration that begins there has the name. */
static bool declares(const char *start, const char *end, bl_text name)
{
    static const char *const heads[] = {"scope", "role",      "body",     "ladder", "proposal",
                                        "event", "procedure", "function", "let"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char *at = behind_word(start, end, bl_text_of(heads[i]));
        if (at && behind_word(at, end, name)) return true;
    }
    return false;
}

/* Whoever chose such a word wrote it wherever what is declared is used, before it or behind. The
 * text is looked through for messages that are kept, which are few. */
bool bl_slip_names_declaration(const slip *s)
{
    const bl_parser *parser = s->f->parser;
    const char *at = parser->given.bytes, *end = at + parser->given.size;
    if (!is_word_for_name(s) || !s->diagnostic) return false;
    while (at && at < end) {
        if (declares(at, end, s->text)) return true;
        at = memchr(at, '\n', (size_t)(end - at));
        if (at) at++;
    }
    return false;
}

void bl_parse_unexpected(bl_parser *parser, bl_span span, int found, const char *found_words,
                         const bl_expected *expected, size_t count)
{
    const bool wants_brace = is_any_expected(expected, count, TK_LBRACE);
    if (parser->out_of_memory || is_told(parser, span)) return;
    if (is_left_over(parser, span, found, wants_brace)) return;
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
              .text = bl_parse_slice(parser, span),
              .before = bl_parse_slice(parser, parser->before)};
    const bl_slip word = {
        is_word_for_name(&s) ? BL_SLIP_WORD : BL_SLIP_NONE, {parser->file, 0, 0}, s.text};
    if (bl_diag_told(parser->diagnostics, &word, span)) return;
    bool is_behind = bl_slip_is_on_new_line(&s) && !f.has_list && f.phrase_count <= 2 &&
                     s.before.size > 0;
    s.diagnostic = bl_diag(parser->diagnostics, BL_B0101, is_behind ? parser->before : span, "%s",
                           l.bytes);
    if (is_behind) bl_diag_label(parser->diagnostics, s.diagnostic, "expected behind this");
    if (bl_slip_names_declaration(&s)) s.diagnostic->slip = word;
    parser->missing += wants_brace && !f.has_list;
    if (s.diagnostic) bl_slip_advise(&s); /* it looks through the line, which may be the file */
}
