/*
 * The way into the front end: text to a tree, through the generated lexer and parser.
 *
 * Here are what checks the text as a whole, the stream of tokens (neighbouring texts are joined;
 * what a slip broke is skipped, so that one slip gives one message), and the constructors that the
 * grammar's actions call. Everything lives in the caller's arena.
 */
#include "parse.h"

#include <string.h>

#include "../runtime/limits.h"
#include "compile.h"
#include "grammar.h"

int bl_yylex(BL_YYSTYPE *value, bl_span *span, bl_parser *parser);

/* ---- constructors ---- */

bl_nodes bl_nodes_of(bl_node *node)
{
    return (bl_nodes){node, node};
}

/* NULL adds nothing: it stands for what a slip broke. */
bl_nodes bl_nodes_add(bl_nodes list, bl_node *node)
{
    if (!node) return list;
    if (!list.last) return bl_nodes_of(node);
    list.last->next = node;
    return (bl_nodes){list.first, node};
}

static bl_node *create(bl_parser *parser, bl_node_kind kind, bl_span span)
{
    bl_node *node = bl_node_create(parser->arena, kind, span);
    if (!node) parser->out_of_memory = true;
    return node;
}

bl_node *bl_make(bl_parser *parser, bl_node_kind kind, bl_span span, uint32_t flags, bl_word name,
                 bl_node *const kids[BL_NODE_KIDS])
{
    bl_node *node = create(parser, kind, span);
    if (!node) return NULL;
    node->flags = flags;
    node->name = name.text;
    node->name_span = name.span;
    memcpy(node->kids, kids, sizeof node->kids);
    return node;
}

bl_node *bl_make_name(bl_parser *parser, bl_node_kind kind, bl_word name)
{
    bl_node *const kids[BL_NODE_KIDS] = {NULL};
    return bl_make(parser, kind, name.span, 0, name, kids);
}

/* The lexer's pattern leaves size as the only thing that can be wrong. */
bl_node *bl_make_number(bl_parser *parser, bl_word number)
{
    bl_node *node = create(parser, BL_NODE_NUMBER, number.span);
    if (!node) return NULL;
    node->as.number = BL_RATIONAL(0);
    if (!bl_rational_parse(number.text, &node->as.number))
        bl_diag(parser->diagnostics, BL_B0104, number.span,
                "this number is too large or too exact");
    return node;
}

bl_node *bl_make_duration(bl_parser *parser, bl_span span, bl_word number, bl_word unit)
{
    bl_node *node = create(parser, BL_NODE_DURATION, span);
    bl_rational count;
    if (!node) return NULL;
    if (!bl_rational_parse(number.text, &count)) {
        bl_diag(parser->diagnostics, BL_B0104, number.span,
                "this number is too large or too exact");
    } else if (!bl_rational_is_integer(count)) {
        bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0104, span,
                                            "a duration counts whole units");
        bl_diag_help(parser->diagnostics, diagnostic, "use a smaller unit, as in `36 hours`");
    } else if (!bl_duration_of(count.num, unit.text, &node->as.duration)) {
        bl_diag(parser->diagnostics, BL_B0104, span, "this duration is too long");
    }
    return node;
}

bl_node *bl_make_time(bl_parser *parser, bl_word time, bool is_date)
{
    bl_node *node = create(parser, BL_NODE_TIME, time.span);
    if (!node) return NULL;
    const char *why = "it is not in the calendar";
    node->flags = is_date ? BL_FLAG_DATE : 0;
    bool is_good = is_date ? bl_date_parse(time.text, &node->as.time, &why)
                           : bl_time_parse(time.text, &node->as.time, &why);
    if (!is_good)
        bl_diag(parser->diagnostics, BL_B0108, time.span, "there is no such %s: %s",
                is_date ? "date" : "time", why);
    return node;
}

/* `1/n of body`: in front of `of` a bare name belongs to it, which divides by the product. */
bl_node *bl_make_divide(bl_parser *parser, bl_span span, bl_node *left, bl_node *right)
{
    if (right->kind == BL_NODE_OF && !(right->flags & (BL_FLAG_PARENTHESES | BL_FLAG_ANY))) {
        bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0109, span,
                                            "this division can be read in two ways");
        bl_diag_help(parser->diagnostics, diagnostic, "write `(a / b) of c`, or `a / (b of c)`");
    }
    bl_node *const kids[BL_NODE_KIDS] = {left, right};
    return bl_make(parser, BL_NODE_BINARY, span, BL_OPERATOR_DIVIDE, BL_NO_WORD, kids);
}

/* The parentheses belong to the text, so that what is quoted can stand where it stood. */
bl_node *bl_make_parentheses(bl_node *node, bl_span span)
{
    node->span = span;
    node->flags |= BL_FLAG_PARENTHESES;
    return node;
}

bl_node *bl_make_type(bl_node *element, bl_span span, uint32_t flag)
{
    element->span = span;
    element->flags |= flag;
    return element;
}

bl_node *bl_make_policy(bl_parser *parser, bl_span span, bl_word name, bl_node *title,
                        bl_node *extends, bl_node *faces)
{
    uint32_t flags = 0;
    for (const bl_node *face = faces; face; face = face->next)
        flags |= face->flags & BL_FLAG_EXACT;
    bl_node *const kids[BL_NODE_KIDS] = {title, extends, faces};
    return bl_make(parser, BL_NODE_POLICY, span, flags, name, kids);
}

/* The option takes its majority along: `needs 3 to 1`. */
bl_node *bl_make_option(bl_parser *parser, bl_span span, bl_node *option, bl_node *more,
                        bl_node *less)
{
    bl_node *const kids[BL_NODE_KIDS] = {more, less};
    const bl_word name = {option->name, option->name_span};
    return bl_make(parser, BL_NODE_OPTION, span, 0, name, kids);
}

bl_node *bl_make_act(bl_node *act, bl_span span, bl_node *actors, bl_node *reason)
{
    act->span = span;
    if (act->kind != BL_NODE_ACT) return act;
    act->kids[BL_ACT_ACTORS] = actors;
    act->kids[BL_ACT_REASON] = reason;
    return act;
}

static bool ends_in(bl_text text, bl_text end)
{
    return text.size >= end.size &&
           memcmp(text.bytes + text.size - end.size, end.bytes, end.size) == 0;
}

bl_word bl_base_form(bl_word verb)
{
    if (ends_in(verb.text, BL_TEXT("oes")) || ends_in(verb.text, BL_TEXT("shes")))
        verb.text.size -= 2;
    else if (ends_in(verb.text, BL_TEXT("s")))
        verb.text.size--;
    return verb;
}

void bl_parser_take(bl_parser *parser, bl_nodes nodes)
{
    if (!nodes.first) return;
    parser->results = bl_nodes_add(parser->results, nodes.first);
    parser->results.last = nodes.last;
}

/* ---- skipping what a slip broke ---- */

/* ON is not among them: it may as well begin a clause of a declaration whose head is broken. */
static bool starts_declaration(int token)
{
    static const int starters[] = {
        TK_POLICY, TK_USE,      TK_PERSON,    TK_ORGANIZATION, TK_AGENT,     TK_SCOPE,     TK_ROLE,
        TK_BODY,   TK_LADDER,   TK_PROPOSAL,  TK_EVERY,        TK_PROCEDURE, TK_EVENT,     TK_LET,
        TK_DUTY,   TK_FUNCTION, TK_CONFLICTS, TK_SCENARIO,     TK_PROPERTY,  TK_SIMULATION};
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
        if (starters[i] == token) return true;
    return false;
}

/* Words that begin a clause, an effect or a statement; which of them fit, the grammar knows. */
bool bl_token_starts_clause(int token)
{
    static const int starters[] = {
        TK_HELD,       TK_FROM,    TK_EXACTLY,    TK_AT,     TK_INCLUDES, TK_GRANTED,   TK_REVOKED,
        TK_CITES,      TK_TERM,    TK_BECOMES,    TK_RAISED, TK_SECONDED, TK_REQUIRES,  TK_ACCEPTS,
        TK_CANDIDATES, TK_OPTIONS, TK_DECIDED,    TK_THEN,   TK_TOGETHER, TK_ESCALATES, TK_ALONG,
        TK_VETO,       TK_DISPUTE, TK_REFUSES,    TK_TAKES,  TK_ON,       TK_OPEN,      TK_BALLOT,
        TK_COUNTS,     TK_QUORUM,  TK_WEIGH,      TK_PASSES, TK_FAILS,    TK_CLOSES,    TK_TIES,
        TK_EXTENDED,   TK_REOPENS, TK_DELEGATION, TK_GRANT,  TK_REVOKE,   TK_CREATE,    TK_REMOVE,
        TK_SET,        TK_EMIT,    TK_DISCARD,    TK_IF,     TK_FOR,      TK_ADOPT,     TK_GIVEN,
        TK_EXPECT,     TK_SEED,    TK_HANDLE,     TK_AFTER,  TK_EACH,     TK_EVERY,     TK_RUN,
        TK_MEASURE,    TK_NEVER,   TK_ALWAYS,     TK_SEATS};
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
        if (starters[i] == token) return true;
    return false;
}

static bool starts_statement(int token)
{
    return token == TK_GIVEN || token == TK_HANDLE || token == TK_AFTER || token == TK_AT ||
           token == TK_SEED || token == TK_EMIT || token == TK_EXPECT;
}

bool bl_parser_is_line_start(const bl_parser *parser, uint32_t at)
{
    const char *bytes = parser->given.bytes;
    uint32_t i = at - parser->text_offset;
    while (i > 0 && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t'))
        i--;
    return i == 0 || bytes[i - 1] == '\n' || bytes[i - 1] == '\r' || bytes[i - 1] == '{' ||
           bytes[i - 1] == '}';
}

/* Words that begin a clause together with `by`, and mean other things alone. */
static bool is_with_by(int token)
{
    return token == TK_VETO || token == TK_DISPUTE || token == TK_RAISED || token == TK_DECIDED ||
           token == TK_GRANTED || token == TK_REVOKED;
}

static bool is_before(const bl_parser *parser, bl_span span, bl_text word)
{
    size_t at = span.end - parser->text_offset;
    while (at < parser->given.size && parser->given.bytes[at] == ' ')
        at++;
    return at + word.size <= parser->given.size &&
           memcmp(parser->given.bytes + at, word.bytes, word.size) == 0;
}

static bool is_before_outcome(const bl_parser *parser, bl_span span)
{
    for (int i = 0; i < BL_OUTCOME_COUNT; i++)
        if (is_before(parser, span, bl_text_of(bl_outcome_word((bl_outcome_type)i)))) return true;
    return false;
}

/* Words that begin a declaration, and within others are types, or the proposal. */
static bool is_also_within(int token)
{
    return token == TK_PERSON || token == TK_ORGANIZATION || token == TK_AGENT ||
           token == TK_PROPOSAL;
}

/* Whether parsing can go on with this token. A handle also stands in lists of people, `on` behind
 * what is proposed, and a veto in other words than the language's, which a slip breaks: in the
 * middle of a line they begin nothing.
 */
static bool is_fresh_start(const bl_parser *parser, int token, bl_span span, uint32_t depth)
{
    const bool is_doubtful = token == TK_HANDLE || (depth == 0 && is_also_within(token)) ||
                             (token == TK_ON && !is_before_outcome(parser, span)) ||
                             (is_with_by(token) && !is_before(parser, span, BL_TEXT("by")));
    if (is_doubtful && !bl_parser_is_line_start(parser, span.start)) return false;
    if (parser->is_statements || (parser->is_in_scenario && depth > 0))
        return starts_statement(token);
    if (token == TK_HANDLE) return false;
    return depth == 0 ? starts_declaration(token) : bl_token_starts_clause(token);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Of the line that the place is in. */
static uint32_t indentation(const bl_parser *parser, bl_span span)
{
    const char *bytes = parser->given.bytes;
    uint32_t start = span.start - parser->text_offset, size = 0;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    while (start + size < parser->given.size && is_blank(bytes[start + size]))
        size++;
    return size;
}

/* It looks at blanks only: lines can be as long as the file. */
static bool begins_line(const bl_parser *parser, bl_span span)
{
    uint32_t at = span.start - parser->text_offset;
    while (at > 0 && is_blank(parser->given.bytes[at - 1]))
        at--;
    return at == 0 || parser->given.bytes[at - 1] == '\n';
}

/* Counts a brace. One that is closed by a `}` of another indentation may lack its own. */
static void count_brace(bl_parser *parser, int token, bl_span span)
{
    if (token == TK_LBRACE) {
        if (parser->depth < BL_BRACES_KEPT) parser->braces[parser->depth] = span;
        parser->depth++;
    }
    if (token != TK_RBRACE || parser->depth == 0) return;
    parser->depth--;
    if (parser->depth >= BL_BRACES_KEPT || parser->suspect.file != BL_NONE) return;
    bl_span opened = parser->braces[parser->depth];
    if (begins_line(parser, span) && indentation(parser, span) < indentation(parser, opened))
        parser->suspect = opened;
}

/* Whether the token is where parsing can go on. Whole blocks on the way are left out. */
static bool ends_skipping(bl_parser *parser, int token, bl_span span)
{
    if (token == TK_END) return true;
    if (token == TK_LBRACE) count_brace(parser, token, span);
    if (token != TK_RBRACE)
        return parser->depth == parser->skip_depth &&
               is_fresh_start(parser, token, span, parser->depth);
    if (parser->depth == parser->skip_depth && parser->depth > 0) return true;
    count_brace(parser, token, span);
    return false;
}

/* What begins a declaration, and a line, inside of braces: a `}` was forgotten. */
static bool is_out_of_place(const bl_parser *parser, int token, bl_span span)
{
    return parser->depth > 0 && starts_declaration(token) && begins_line(parser, span) &&
           indentation(parser, span) == 0;
}

static void close_before(bl_parser *parser, int token, bl_word word)
{
    parser->is_closing = true;
    parser->is_skipping = false;
    parser->depth = parser->skip_depth; /* the grammar does not know of braces left out */
    parser->kept_token = token;
    parser->kept = word;
}

void bl_parser_skip(bl_parser *parser, int found)
{
    uint32_t depth = parser->depth;
    if (found == TK_LBRACE && depth > 0) depth--; /* it is counted already */
    /* An `if` that does not fit is a habit of other languages, and its blocks go with it. */
    const bool is_fresh = found != TK_IF && is_fresh_start(parser, found, parser->last, depth);
    parser->is_skipping = found != TK_END && found != TK_RBRACE && !is_fresh;
    parser->skip_depth = depth;
    const bl_word word = {BL_TEXT(""), parser->last}; /* of a keyword nobody reads the text */
    if (is_out_of_place(parser, found, parser->last)) close_before(parser, found, word);
}

/* The next of the `}` that were forgotten, then what they were forgotten in front of. */
static int next_closing(bl_parser *parser, bl_word *word)
{
    *word = parser->kept;
    parser->is_closing = parser->depth > 0;
    if (!parser->is_closing) return parser->kept_token;
    word->text.size = 0;
    word->span.end = word->span.start;
    return TK_RBRACE;
}

/* ---- the stream of tokens ---- */

/* Two texts as one; places for what is between them are not kept. */
static bool join(bl_parser *parser, bl_word *text, size_t *capacity, bl_text more)
{
    size_t size = text->text.size + more.size;
    if (size > *capacity) {
        *capacity = size * 2;
        char *bytes = bl_arena_alloc(parser->arena, *capacity);
        if (!bytes) return false;
        memcpy(bytes, text->text.bytes, text->text.size);
        text->text.bytes = bytes;
    }
    /* Behind the first piece, which is the lexer's, the bytes are always our own copy. */
    memcpy((char *)text->text.bytes + text->text.size, more.bytes, more.size);
    text->text.size = size;
    return true;
}

/* The next token, texts that follow each other joined. */
static int next_token(bl_parser *parser, bl_word *word)
{
    int token = parser->pending_token;
    if (parser->has_pending)
        *word = parser->pending;
    else
        token = bl_lexer_next(parser, word);
    parser->has_pending = false;
    size_t capacity = 0;
    while (token == TK_TEXT && !parser->out_of_memory) {
        parser->pending_token = bl_lexer_next(parser, &parser->pending);
        parser->has_pending = true;
        if (parser->pending_token != TK_TEXT) break;
        if (!join(parser, word, &capacity, parser->pending.text)) parser->out_of_memory = true;
        word->span.end = parser->pending.span.end;
    }
    parser->nesting += (token == TK_LBRACE) - (token == TK_RBRACE);
    return token;
}

int bl_yylex(BL_YYSTYPE *value, bl_span *span, bl_parser *parser)
{
    if (parser->start_token) {
        int token = parser->start_token;
        parser->start_token = 0;
        return token;
    }
    int token = parser->is_closing ? next_closing(parser, &value->word)
                                   : next_token(parser, &value->word);
    while (parser->is_skipping && !ends_skipping(parser, token, value->word.span)) {
        if (is_out_of_place(parser, token, value->word.span)) {
            close_before(parser, token, value->word);
            token = next_closing(parser, &value->word);
            break;
        }
        token = next_token(parser, &value->word);
    }
    parser->is_skipping = false;
    if (parser->depth == 0 && token != TK_TEXT && token != TK_LBRACE)
        parser->is_in_scenario = token == TK_SCENARIO;
    count_brace(parser, token, value->word.span);
    parser->before = parser->last;
    *span = value->word.span;
    parser->last = *span;
    return parser->out_of_memory ? TK_END : token;
}

/* ---- the whole ---- */

void bl_parser_exhausted(bl_parser *parser, bl_span span)
{
    if (parser->out_of_memory) return;
    bl_diagnostic *diagnostic = bl_diag(parser->diagnostics, BL_B0105, span,
                                        "this is nested too deeply");
    bl_diag_help(parser->diagnostics, diagnostic,
                 "give parts of it a name with `let`, `function` or `body`");
}

/* Whether the text can be scanned at all; says why not. */
static bool check_text(bl_parser *parser, bl_text text)
{
    if (text.size > BL_POLICY_SIZE_MAX) {
        bl_diag(parser->diagnostics, BL_B0107, (bl_span){parser->file, 0, 0},
                "this file is too large: it has more than %u bytes", BL_POLICY_SIZE_MAX);
        return false;
    }
    size_t at;
    if (!bl_text_is_utf8(text, &at)) {
        bl_diag(parser->diagnostics, BL_B0106,
                (bl_span){parser->file, (uint32_t)at, (uint32_t)at + 1},
                "this byte does not belong to any character: the text is not UTF-8");
        return false;
    }
    const char *nul = text.size ? memchr(text.bytes, 0, text.size) : NULL;
    if (nul) {
        uint32_t nul_at = (uint32_t)(nul - text.bytes);
        bl_diag(parser->diagnostics, BL_B0102, (bl_span){parser->file, nul_at, nul_at + 1},
                "a zero byte cannot stand in a policy");
    }
    return !nul;
}

/* Copies the text for the lexer, without a byte order mark, with the two zero bytes that flex
 * wants. */
static bool open_text(bl_parser *parser, bl_text text)
{
    static const bl_text mark = {"\xEF\xBB\xBF", 3};
    if (text.size >= mark.size && memcmp(text.bytes, mark.bytes, mark.size) == 0) {
        parser->text_offset = (uint32_t)mark.size;
        text = (bl_text){text.bytes + mark.size, text.size - mark.size};
    }
    parser->given = text;
    parser->last = (bl_span){parser->file, parser->text_offset, parser->text_offset}; /* no token */
    char *copy = bl_arena_alloc(parser->arena, text.size + 2);
    parser->lexer_memory = bl_arena_alloc(parser->arena, BL_LEXER_MEMORY_SIZE);
    parser->out_of_memory = !copy || !parser->lexer_memory;
    if (parser->out_of_memory) return false;
    if (text.size) memcpy(copy, text.bytes, text.size);
    parser->text = (bl_text){copy, text.size};
    return bl_lexer_open(parser, copy, text.size + 2);
}

/* Leaves out what later passes could not walk over. */
static bl_node *without_too_deep(bl_parser *parser, bl_node *list)
{
    bl_nodes kept = {NULL, NULL};
    while (list) {
        bl_node *node = list;
        list = node->next;
        node->next = NULL;
        const bl_node *deep = bl_node_too_deep(node);
        if (deep)
            bl_parser_exhausted(parser, deep->span);
        else
            kept = bl_nodes_add(kept, node);
    }
    return kept.first;
}

/* False out of memory. */
static bool parse(bl_parser *parser, bl_text text)
{
    parser->suspect = BL_SPAN_NONE;
    parser->odd = BL_SPAN_NONE;
    if (!check_text(parser, text)) return true;
    if (open_text(parser, text)) bl_yyparse(parser);
    if (parser->has_broken_lexer) parser->out_of_memory = true; /* flex knows no other reason */
    if (parser->out_of_memory) parser->diagnostics->out_of_memory = true;
    return !parser->diagnostics->out_of_memory;
}

bl_node *bl_parse(bl_arena *arena, uint32_t file, bl_text text, bl_diagnostics *diagnostics)
{
    bl_parser parser = {.arena = arena, .diagnostics = diagnostics, .file = file};
    if (!parse(&parser, text)) return NULL;
    uint32_t end = text.size < BL_NONE ? (uint32_t)text.size : 0;
    bl_node *root = bl_node_create(arena, BL_NODE_FILE, (bl_span){file, 0, end});
    if (!root) {
        diagnostics->out_of_memory = true;
        return NULL;
    }
    root->kids[BL_FILE_DECLS] = without_too_deep(&parser, parser.results.first);
    return root;
}

bl_node *bl_parse_statements(bl_arena *arena, uint32_t file, bl_text text,
                             bl_diagnostics *diagnostics)
{
    bl_parser parser = {.arena = arena,
                        .diagnostics = diagnostics,
                        .file = file,
                        .start_token = TK_START_STATEMENTS,
                        .is_statements = true};
    if (!parse(&parser, text)) return NULL;
    return without_too_deep(&parser, parser.results.first);
}

/* ---- an outline ---- */

static bool is_opening(int token)
{
    return token == TK_LBRACE || token == TK_LPAREN || token == TK_LBRACKET;
}

static bool is_closing(int token)
{
    return token == TK_RBRACE || token == TK_RPAREN || token == TK_RBRACKET;
}

/* What stands before a byte that is no text tells what it was to be; parsing tells of the byte. */
static bl_text before_odd_byte(bl_text text)
{
    size_t at = text.size;
    if (text.size > BL_POLICY_SIZE_MAX) return (bl_text){text.bytes, 0};
    bl_text_is_utf8(text, &at);
    const char *nul = at ? memchr(text.bytes, 0, at) : NULL;
    return (bl_text){text.bytes, nul ? (size_t)(nul - text.bytes) : at};
}

bool bl_parse_outline(bl_arena *arena, bl_text text, bl_outline *out)
{
    bl_diagnostics unheard; /* what is no token is told when the text is parsed */
    bl_diagnostics_init(&unheard, arena);
    bl_parser parser = {.arena = arena, .diagnostics = &unheard};
    *out = (bl_outline){.is_blank = true};
    const bool is_odd = !check_text(&parser, text);
    if (unheard.out_of_memory) return false;
    if (is_odd) text = before_odd_byte(text);
    if (!open_text(&parser, text)) return false;
    bl_word word;
    int64_t depth = 0;
    int token, last = TK_END;
    while ((token = bl_lexer_next(&parser, &word)) != TK_END && !parser.out_of_memory) {
        if (out->is_blank) {
            out->starts_statement = starts_statement(token);
            out->starts_declaration = starts_declaration(token) || token == TK_ON;
        }
        out->is_blank = false;
        if (is_opening(token)) depth++;
        if (is_closing(token)) depth--;
        last = token;
    }
    out->is_open = !is_odd && (depth > 0 || last == TK_COMMA); /* more lines do not mend it */
    out->is_blank = out->is_blank && unheard.error_count == 0;
    return !parser.out_of_memory && !parser.has_broken_lexer && !unheard.out_of_memory;
}
