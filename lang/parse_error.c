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
      TK_TAKES, TK_ON, TK_OPEN}},
    {"a clause of a role (`held by`, `granted by`, …)",
     true,
     {TK_HELD, TK_INCLUDES},
     {TK_CITES, TK_HELD, TK_FROM, TK_EXACTLY, TK_AT, TK_INCLUDES, TK_GRANTED, TK_REVOKED, TK_TERM,
      TK_BECOMES}},
    {"a clause of a procedure (`passes when`, `fails when`, …)",
     true,
     {TK_PASSES, TK_CLOSES},
     {TK_CITES, TK_BALLOT, TK_COUNTS, TK_QUORUM, TK_WEIGH, TK_PASSES, TK_FAILS, TK_CLOSES, TK_OPEN,
      TK_TIES, TK_EXTENDED, TK_REOPENS, TK_DELEGATION}},
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

static void find_phrases(finding *f)
{
    leave_out_words(f);
    say_phrase(f, &expression);
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

/* The bytes of a span, cut at a character's end. */
static bl_text slice(const bl_parser *parser, bl_span span)
{
    bl_text text = parser->text;
    uint32_t start = span.start - parser->text_offset, end = span.end - parser->text_offset;
    if (span.start < parser->text_offset || end > text.size || start >= end)
        return (bl_text){"", 0};
    if (end - start > FOUND_SIZE_MAX) end = start + FOUND_SIZE_MAX;
    while (end > start && end < text.size && ((unsigned char)text.bytes[end] & 0xC0) == 0x80)
        end--;
    return (bl_text){text.bytes + start, end - start};
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

/* The keyword that was expected and is nearest to `word`; NULL where none is near. */
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
        most = distance - 1; /* only a nearer one is better */
        nearest = bl_keywords[i].word;
        if (most == 0) break;
    }
    return nearest;
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

static void advise(const finding *f, bl_diagnostic *diagnostic, bl_span span, int found)
{
    bl_diagnostics *diagnostics = f->parser->diagnostics;
    bl_text text = slice(f->parser, span);
    bool is_word = found == TK_NAME || class_of(found) != BL_KEYWORD_RESERVED;
    const char *nearest = is_word ? nearest_keyword(f, text) : NULL;
    if (nearest)
        bl_diag_help(diagnostics, diagnostic, "did you mean `%s`?", nearest);
    else if (found == TK_ASSIGN && is_expected(f, TK_EQUAL))
        bl_diag_help(diagnostics, diagnostic, "write `==` to compare");
    else if (found == TK_EQUAL && is_expected(f, TK_ASSIGN))
        bl_diag_help(diagnostics, diagnostic, "write `=` to give a value; `==` compares");
    else if (is_comparison(found) && is_expected(f, TK_AND))
        bl_diag_help(diagnostics, diagnostic,
                     "comparisons do not follow each other: write `a < b and b < c`");
    else if (found == TK_END && is_expected(f, TK_RBRACE))
        bl_diag_help(diagnostics, diagnostic, "a `{` further up has no `}`");
    else if (f->parser->depth > 0 && is_expected(f, TK_RBRACE) && begins_declaration(found))
        bl_diag_help(diagnostics, diagnostic, "is a `}` missing in front of it?");
    else if (found == TK_MINUS && (is_expected(f, TK_GIVEN) || is_expected(f, TK_HANDLE)))
        bl_diag_help(diagnostics, diagnostic,
                     "an id with other characters is written as a text: `\"new-name\"`");
    else if (is_expected(f, TK_NAME) && !is_expected(f, TK_NUMBER) &&
             class_of(found) == BL_KEYWORD_LABEL)
        bl_diag_help(diagnostics, diagnostic,
                     "`%.*s` is a word of the language: choose another name", (int)text.size,
                     text.bytes);
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
    add(&l, "expected ");
    add_expected(&l, &f);
    bl_text before = slice(parser, parser->before);
    if (!f.has_list && f.phrase_count <= 2 && before.size && before.bytes[0] != '"')
        add(&l, " after `%.*s`", (int)before.size, before.bytes);
    add(&l, ", found ");
    add_found(&l, parser, span, found, found_words);
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0101, span, "%s", l.bytes);
    advise(&f, diagnostic, span, found);
}
