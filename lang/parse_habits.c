/*
 * What to do about a slip that is a habit of another language, or of legal English: `if` for
 * `refuses … when`, `role a = b or c` for a body, `elected by`, `@ana and @bo`.
 *
 * A habit is a row of a table: what was found, the words around it, and the help. It is told by the
 * words alone, so it is asked before the advice that looks for what is missing or misspelt, which
 * would take `no later than 14 days` for a misspelt `on`.
 */
#include <stdio.h>
#include <string.h>

#include "grammar.h"
#include "parse_error.h"

/*
 * Words in a row are separated by blanks, and any of them fits; `@` is any person, `"` any text
 * and `#` whatever begins with a digit. NULL, or no token, is anything. In a help `<found>`,
 * `<before>`, `<second>` and `<behind>` stand for what was written.
 */
typedef struct habit {
    int expected[2]; /* what could have stood there: tells where in a policy it is */
    const char *found;
    const char *before; /* right in front of it */
    const char *second; /* in front of that, on the same line */
    const char *behind; /* right behind it */
    const char *line; /* further in front, on the line where `before` stands */
    const char *help;
    bool is_first; /* it begins its line */
} habit;

static const habit habits[] = {
    /* anywhere */
    {.found = "-", .behind = "-", .help = "a comment begins with `#` and ends with its line"},
    {.found = "not",
     .behind = "in",
     .help = "`not` stands in front: `not (… in …)`, or of a role `… is not …`"},
    {.found = "in", .before = "not", .second = "is", .help = "write `is not`, without `in`"},
    {.found = "isnt aint", .help = "write `is not`"},
    {.found = "a the",
     .before = "with",
     .behind = "reason",
     .help = "leave out `<found>`: `with reason`"},
    {.expected = {TK_WITHIN},
     .found = "no not at up",
     .behind = "later more most to",
     .help = "did you mean `within`?"},
    {.expected = {TK_IN},
     .second = "any each every",
     .line = "by",
     .help = "leave out `<second>`: a name stands for all who are in it"},

    /* roles and bodies */
    {.expected = {TK_LBRACE, TK_OF},
     .found = "=",
     .second = "role",
     .help = "a set that is made of roles is a body: `body <before> = …`"},
    {.expected = {TK_LBRACE, TK_OF},
     .found = "extends from (",
     .second = "role",
     .help = "who can hold it is a clause: `role <before> { from <behind> }`"},
    {.expected = {TK_LBRACE, TK_OF},
     .found = ",",
     .second = "role",
     .help = "each role has a declaration of its own: `role <before>`, `role <behind>`"},
    {.expected = {TK_ANYONE},
     .before = "is",
     .behind = "or except among and",
     .line = "role",
     .help = "a set that is made of roles is a body: `body <second> = <found> <behind> …`"},
    {.expected = {TK_ANYONE},
     .before = "is",
     .line = "role",
     .help = "who can hold it is a clause: `role <second> { from <found> }`"},
    {.expected = {TK_HELD},
     .found = "elected appointed chosen nominated assigned",
     .help = "what gives it is a kind of proposal: `granted by election`"},
    {.expected = {TK_HELD},
     .found = "\"",
     .help = "clauses stand without quotes and colons: `from member`"},
    {.expected = {TK_HELD},
     .found = "count number between limit up",
     .help = "how many may hold it is told by `exactly 1`, `at most 3` or `at least 2`"},
    {.expected = {TK_HELD},
     .found = "for",
     .help = "a role has no term yet: an election that is held again ends it"},
    {.expected = {TK_ASSIGN},
     .found = "is are {",
     .second = "body",
     .help = "write `=`: `body <before> = …`"},
    {.found = "{",
     .before = "=",
     .line = "body",
     .help = "those who are in it are joined by `or`, without braces"},
    {.expected = {TK_LADDER},
     .found = ",",
     .line = "body",
     .help = "those who are in it are joined by `or`: `<before> or <behind>`"},

    /* proposals */
    {.expected = {TK_LADDER},
     .found = "overridden",
     .is_first = true,
     .help = "`overridden { … }` stands in the proposal, behind the veto that it lifts"},
    {.expected = {TK_RAISED, TK_COMMA},
     .found = "and",
     .line = "requires accepts",
     .help = "fields are joined by a comma: `, <behind> : …`"},
    {.expected = {TK_RAISED},
     .found = "if",
     .is_first = true,
     .help = "what is not allowed is told by `refuses \"…\" when …`"},
    {.found = "when",
     .before = "refuses",
     .help = "what is told to them comes first: `refuses \"…\" when …`"},
    {.expected = {TK_RAISED},
     .behind =
         "may can shall must should will decide decides vote votes veto vetoes propose proposes",
     .help = "clauses tell who does what: `veto by <found>`, `raised by <found>`, `decided by "
             "<found> using …`"},
    {.found = "grant revoke set emit open",
     .before = "then",
     .help = "effects stand behind an outcome: `on accepted { <found> … }`"},
    {.found = "/",
     .before = "#",
     .second = "using",
     .behind = "#",
     .help = "a portion is given to a procedure: `using supermajority(<before>/<behind>)`, from "
             "\"std/procedures\""},
    {.found = "> >= < <= == !=",
     .second = "using",
     .help = "a condition stands in a procedure: `procedure mine { passes when <before> <found> … "
             "}`, then `using mine`"},
    {.found = "of",
     .second = "using",
     .behind = "#",
     .help = "what a procedure is given stands in parentheses: `<before>(…)`"},

    {.expected = {TK_REASON},
     .before = "with",
     .behind = "within ( }",
     .line = "decided escalates",
     .help = "how they decide is told by `using`: `using <found>`"},
    {.expected = {TK_USING},
     .found = "by",
     .line = "decided",
     .help = "how they decide is told by `using`: `using <behind>`"},
    {.expected = {TK_COLON},
     .found = ". in is == > >= < <=",
     .second = "requires",
     .help = "`requires` names fields; a condition is told by `refuses \"…\" when not …`"},
    {.expected = {TK_RAISED},
     .found = "=",
     .line = "requires accepts",
     .help = "a field has no default: what need not be given is told by `accepts`"},
    {.expected = {TK_OVERRIDDEN},
     .found = "unless",
     .behind = "overridden",
     .help = "write `overridden { by … using … }`, without `unless`"},
    {.found = "when",
     .before = "overridden",
     .help = "who can lift it, and how, stands in braces: `overridden { by … using … }`"},
    {.expected = {TK_WHEN}, .found = "unless", .help = "write `when not (…)`"},
    {.expected = {TK_RAISED, TK_WHEN},
     .found = "over above exceeding under below",
     .behind = "#",
     .help = "a condition stands behind `when`, as in `when proposal.price > <behind>`"},
    {.expected = {TK_LBRACE},
     .found = "[ (",
     .second = "on",
     .help = "effects stand in braces: `{ … }`"},
    {.expected = {TK_LBRACE},
     .found = "and or",
     .second = "on",
     .help = "each outcome has an `on` of its own"},
    {.expected = {TK_LBRACE},
     .found = "(",
     .second = "proposal",
     .help = "fields are told by a clause: `requires <behind> : …`"},
    {.expected = {TK_LBRACE},
     .found = "by",
     .second = "proposal",
     .help = "who can raise it is told by a clause: `{ raised by <behind> … }`"},

    /* effects */
    {.expected = {TK_TO},
     .found = ".",
     .second = "grant",
     .help = "the role comes first: `grant … to <before>.<behind>`"},
    {.expected = {TK_FROM},
     .found = ".",
     .second = "revoke",
     .help = "the role comes first: `revoke … from <before>.<behind>`"},
    {.expected = {TK_DISCARD},
     .found = "from",
     .line = "remove",
     .help = "a role is taken away with `revoke`: `revoke <behind> from …`"},
    {.expected = {TK_DISCARD},
     .found = "add make appoint elect admit assign promote award",
     .help = "a role is given with `grant`, as in `grant member to author`"},
    {.expected = {TK_DISCARD},
     .found = "expel dismiss delete drop ban exclude demote",
     .help = "a role is taken away with `revoke`, as in `revoke member from author`"},

    {.expected = {TK_DISCARD}, .found = ",", .help = "effects follow each other without a sign"},
    {.found = "grant revoke set emit",
     .before = "and",
     .help = "effects follow each other without `and`"},

    /* procedures */
    {.expected = {TK_PASSES},
     .found = "if return",
     .help = "a procedure has conditions: `passes when …`, `fails otherwise`"},
    {.expected = {TK_LBRACE},
     .found = "= is",
     .second = "procedure",
     .help = "its conditions stand in braces: `procedure <before> { passes when … fails otherwise "
             "}`"},
    {.found = "votes ballots",
     .before = "yes no",
     .help = "votes for it are counted by `approve`, those against it by `reject`"},
    {.expected = {TK_PASSES}, .found = "else", .help = "write `fails otherwise`"},

    /* statements of a scenario */
    {.expected = {TK_COMMA},
     .found = "and",
     .before = "@",
     .behind = "@",
     .help = "people are joined by commas: `<before>, <behind>`"},
    {.expected = {TK_NAME},
     .found = "@",
     .before = "approves approve rejects reject vetoes veto disputes dispute",
     .help = "a proposal goes by its name, without `@`"},
    {.expected = {TK_GIVEN},
     .behind = "should must shall will",
     .help = "what must hold is asked with `expect`: `expect <found> is …`"},
    {.expected = {TK_GIVEN},
     .found = "and ,",
     .behind = "@",
     .line = "given",
     .help = "each fact has a `given` of its own: `given <behind> is …`"},
    {.expected = {TK_GIVEN},
     .found = "then",
     .is_first = true,
     .help = "what must hold is asked with `expect …`"},
    {.expected = {TK_GIVEN},
     .found = "everyone everybody members they",
     .is_first = true,
     .help = "each person is named: `@ana, @bo approve …`"},
    {.expected = {TK_COLON, TK_ASSIGN}, .found = "@ #", .help = "write `:` behind `<before>`"},
    {.before = "proposal motion",
     .second = "approves approve rejects reject vetoes veto disputes dispute",
     .help = "leave out `<before>`: a proposal goes by its name"},
    {.expected = {TK_BECAUSE},
     .found = "for reason as since",
     .behind = "\"",
     .help = "a reason is told with `because \"…\"`"},
    {.expected = {TK_VERBS},
     .found = "override overrides",
     .help = "a veto is overridden by a vote of its own: `approves …`"},
    {.found = "to", .behind = "be", .line = "expect", .help = "write `is` for `to be`"},
    {.found = "fails passes succeeds lapses loses wins",
     .line = "expect",
     .help = "a state is asked with `is`: `<before> is accepted`, `<before> is rejected`"},
    {.found = "has have contains",
     .behind = "#",
     .line = "expect",
     .help = "how many they are is asked with `count`: `count <before> == <behind>`"},
    {.expected = {TK_GIVEN},
     .found = "on",
     .behind = "#",
     .help = "a moment is told with `at`: `at 2024-01-31`"},
    {.found = "{",
     .before = "error errors rejected denied failure failed refuse refusal",
     .second = "expect",
     .help = "what is not allowed stands in `expect refused { … }`"},
    {.found = "cannot",
     .before = "@",
     .second = "expect",
     .help = "write `expect not <before> can …`, or try it: `expect refused { <before> … }`"},
    {.found = "{ [ (", .before = "given", .help = "write `given @ana, @bo are ROLE`"},
    {.found = ": =",
     .second = "given",
     .behind = "@ [ {",
     .help = "who it is comes first: `given @ana, @bo are <before>`"},
    {.expected = {TK_LBRACE},
     .found = "for of",
     .behind = "@",
     .line = "proposes propose",
     .help = "what it is about stands in a field, as in `{ who : <behind> }`"},
    {.found = "#",
     .before = ",",
     .second = "#",
     .help = "a number has no comma: write `<second><found>` or `<second>.<found>`"},

    /* clauses as other languages give values; last, for a name can be one of these words */
    {.found = ": =",
     .before = "requires accepts by from to using within when at exactly least most refuses given "
               "expect quorum",
     .help = "leave out the `<found>`"},
};

static bool is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '_' || byte == '@';
}

static bool fits_word(bl_text text, const char *word, size_t size)
{
    const char first = text.size ? text.bytes[0] : 0;
    if (size == 1 && *word == '@') return first == '@';
    if (size == 1 && *word == '"') return first == '"';
    if (size == 1 && *word == '#') return first >= '0' && first <= '9';
    return text.size == size && memcmp(text.bytes, word, size) == 0;
}

/* Whether the text is one of the words of a row. */
static bool fits(bl_text text, const char *words)
{
    if (!words) return true;
    while (*words) {
        const size_t size = strcspn(words, " ");
        if (fits_word(text, words, size)) return true;
        words += size + (words[size] == ' ');
    }
    return false;
}

/* Whether one of the words stands in the line, in front of the token before. */
static bool stands_in_line(const bl_parser *parser, const char *words)
{
    bl_span at = parser->before;
    if (!words) return true;
    for (;;) {
        const bl_text word = bl_parse_word_before(parser, at);
        const uint32_t start = (uint32_t)(word.bytes - parser->given.bytes) + parser->text_offset;
        if (word.size && fits(word, words)) return true;
        /* A sign is stepped over; where the line begins nothing is left. */
        if (!word.size && (start == parser->text_offset || word.bytes[-1] == '\n')) return false;
        at.start = word.size ? start : start - 1;
    }
}

/* What the words of a row are compared with. */
typedef struct surroundings {
    bl_text found, before, second, behind;
} surroundings;

/* Whether a token was expected for what it is: where any name can stand, so can all words. */
static bool tells_place(const finding *f, int token)
{
    return bl_is_expected(f, token) &&
           !(f->names_only && bl_class_of(token) != BL_KEYWORD_RESERVED);
}

/* The text of `<name>` at the beginning of `at`; NULL where none begins there. */
static const bl_text *placeholder(const surroundings *around, const char *at, size_t *size)
{
    const struct {
        const char *name;
        const bl_text *text;
    } names[] = {{"<found>", &around->found},
                 {"<before>", &around->before},
                 {"<second>", &around->second},
                 {"<behind>", &around->behind}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *size = strlen(names[i].name);
        if (strncmp(at, names[i].name, *size) == 0) return names[i].text;
    }
    return NULL;
}

/* Whether what the help repeats is a name or a number, so that it can be typed as it stands. A sign
 * is repeated where the row asked for it. */
static bool can_be_said(const habit *h, const slip *s, const surroundings *around)
{
    size_t size;
    for (const char *at = h->help; (at = strchr(at, '<')); at++) {
        const bl_text *text = placeholder(around, at, &size);
        if (!text) continue;
        const char first = text->size ? text->bytes[0] : 0;
        const bool is_found = text == &around->found;
        if (is_found && !h->found && s->found != TK_NAME) return false;
        if (!is_found && !is_word_byte(first)) return false;
    }
    return true;
}

static bool is_meant(const habit *h, const slip *s, const surroundings *around)
{
    for (size_t i = 0; i < sizeof h->expected / sizeof *h->expected; i++)
        if (h->expected[i] && !tells_place(s->f, h->expected[i])) return false;
    /* What a line begins with belongs to no words on the line before. */
    const bool is_within = h->found && (h->before || h->second || h->line);
    if (bl_slip_is_on_new_line(s) ? is_within : h->is_first) return false;
    return fits(around->found, h->found) && fits(around->before, h->before) &&
           fits(around->second, h->second) && fits(around->behind, h->behind) &&
           can_be_said(h, s, around) && stands_in_line(s->f->parser, h->line);
}

/* All that a row and four slices can take. */
enum { HELP_SIZE = 200 + 4 * FOUND_SIZE_MAX };

static void say(const slip *s, const habit *h, const surroundings *around)
{
    char help[HELP_SIZE];
    size_t used = 0;
    for (const char *at = h->help; *at && used + FOUND_SIZE_MAX < sizeof help;) {
        size_t size;
        const bl_text *text = placeholder(around, at, &size);
        if (text) {
            memcpy(help + used, text->bytes, text->size);
            used += text->size;
            at += size;
        } else {
            help[used++] = *at++;
        }
    }
    bl_diag_help(s->f->parser->diagnostics, s->diagnostic, "%.*s", (int)used, help);
}

static bl_text cut(bl_text text)
{
    if (text.size > FOUND_SIZE_MAX) text.size = FOUND_SIZE_MAX;
    return text;
}

/* The word behind a place, or the one sign. */
static bl_text piece_behind(const bl_parser *parser, bl_span span)
{
    bl_text word = bl_parse_word_behind(parser, span);
    const char *end = parser->given.bytes + parser->given.size;
    if (!word.size && word.bytes < end) word.size = 1;
    return cut(word);
}

bool bl_slip_advise_habit(const slip *s)
{
    const bl_parser *parser = s->f->parser;
    const surroundings around = {s->text, s->before,
                                 cut(bl_parse_word_before(parser, parser->before)),
                                 piece_behind(parser, s->span)};
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        if (!is_meant(&habits[i], s, &around)) continue;
        say(s, &habits[i], &around);
        return true;
    }
    return false;
}
