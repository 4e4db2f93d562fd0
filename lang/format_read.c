/*
 * Text to tokens and comments, and what the tree knows of each token.
 *
 * The lexer gives the tokens; what stands between two of them is white space and comments. The tree
 * is asked only where things begin: a node's span starts at its first token.
 */
#include <string.h>

#include "../runtime/limits.h"
#include "../runtime/markup.h"
#include "format.h"
#include "grammar.h"
#include "parse.h"

/* ---- tokens and comments ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f' || byte == '\v';
}

static void add_comment(bl_format *format, bl_text text, bool is_trailing, bool has_blank)
{
    while (text.size > 0 && is_blank(text.bytes[text.size - 1]))
        text.size--;
    if (!bl_vector_reserve(format->memory, &format->comments, 1)) {
        format->out_of_memory = true;
        return;
    }
    format->comments.items[format->comments.count++] = (bl_format_comment){text, is_trailing,
                                                                           has_blank};
}

/* What stands between two tokens: comments, and whether lines and blank lines end there. */
static void read_gap(bl_format *format, bl_format_token *token, uint32_t from)
{
    uint32_t newline_count = 0;
    token->first_comment = (uint32_t)format->comments.count;
    for (uint32_t at = from; at < token->start; at++) {
        const char *byte = format->text.bytes + at;
        if (*byte == '\n') newline_count++;
        token->has_newline |= *byte == '\n';
        if (*byte != '#') continue;
        const char *end = memchr(byte, '\n', token->start - at);
        size_t size = end ? (size_t)(end - byte) : token->start - at;
        add_comment(format, (bl_text){byte, size}, from > 0 && !token->has_newline,
                    newline_count > 1);
        at += (uint32_t)size - 1;
        newline_count = 0;
    }
    token->has_blank = newline_count > 1;
    token->comment_count = (uint32_t)format->comments.count - token->first_comment;
}

static void add_token(bl_format *format, int kind, bl_span span)
{
    uint32_t from = 0;
    if (format->tokens.count > 0) {
        const bl_format_token *last = &format->tokens.items[format->tokens.count - 1];
        from = last->start + (uint32_t)last->text.size;
    }
    bl_format_token token = {.token = kind,
                             .text = {format->text.bytes + span.start, span.end - span.start},
                             .start = span.start};
    token.width = bl_markup_columns(token.text);
    read_gap(format, &token, from);
    if (!bl_vector_reserve(format->memory, &format->tokens, 1)) {
        format->out_of_memory = true;
        return;
    }
    format->tokens.items[format->tokens.count++] = token;
}

void bl_format_read_tokens(bl_format *format)
{
    bl_diagnostics unheard; /* the text was parsed before */
    bl_diagnostics_init(&unheard, format->arena);
    bl_parser parser = {.arena = format->arena, .diagnostics = &unheard};
    bl_text text = format->text;
    if (text.size >= 3 && memcmp(text.bytes, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        parser.text_offset = 3;
        text = (bl_text){text.bytes + 3, text.size - 3};
    }
    char *copy = bl_arena_alloc(format->arena, text.size + 2);
    parser.lexer_memory = bl_arena_alloc(format->arena, BL_LEXER_MEMORY_SIZE);
    format->out_of_memory = !copy || !parser.lexer_memory;
    if (format->out_of_memory) return;
    if (text.size) memcpy(copy, text.bytes, text.size);
    parser.text = (bl_text){copy, text.size};
    format->out_of_memory = !bl_lexer_open(&parser, copy, text.size + 2);
    bl_word word;
    int kind = TK_END;
    do {
        if (format->out_of_memory) return;
        kind = bl_lexer_next(&parser, &word);
        add_token(format, kind, word.span);
        format->out_of_memory |= parser.out_of_memory || parser.has_broken_lexer;
    } while (kind != TK_END);
}

/* ---- brackets ---- */

static bool is_opening(int token)
{
    return token == TK_LBRACE || token == TK_LPAREN || token == TK_LBRACKET;
}

static bool is_closing(int token)
{
    return token == TK_RBRACE || token == TK_RPAREN || token == TK_RBRACKET;
}

/* An open bracket's `match` is the one around it until its own end comes. */
static void match_brackets(bl_format *format)
{
    bl_format_token *tokens = format->tokens.items;
    uint32_t depth = 0, open = BL_NONE;
    for (uint32_t i = 0; i < format->tokens.count; i++) {
        if (is_closing(tokens[i].token) && open != BL_NONE) {
            const uint32_t outer = tokens[open].match;
            depth--;
            tokens[i].match = open;
            tokens[open].match = i;
            open = outer;
        }
        tokens[i].depth = depth;
        if (!is_opening(tokens[i].token)) continue;
        tokens[i].match = open;
        open = i;
        depth++;
    }
}

/* ---- what the tree knows ---- */

/* The token that begins at a byte, or the first one behind it. */
static uint32_t token_at(const bl_format *format, uint32_t start)
{
    size_t low = 0, high = format->tokens.count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (format->tokens.items[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* Whether a list of nodes is written as a block: clauses, effects, statements … */
static bool is_block(bl_node_kind kind, size_t kid)
{
    static const struct {
        bl_node_kind kind;
        size_t kid;
    } blocks[] = {
        {BL_NODE_FILE, BL_FILE_DECLS},
        {BL_NODE_POLICY, BL_POLICY_FACES},
        {BL_NODE_ACTOR, BL_ACTOR_ATTRIBUTES},
        {BL_NODE_SCOPE, BL_SCOPE_ATTRIBUTES},
        {BL_NODE_ROLE, BL_ROLE_CLAUSES},
        {BL_NODE_LADDER, BL_LADDER_CLAUSES},
        {BL_NODE_PROPOSAL, BL_PROPOSAL_CLAUSES},
        {BL_NODE_EVERY_PROPOSAL, BL_EVERY_PROPOSAL_CLAUSES},
        {BL_NODE_PROCEDURE, BL_PROCEDURE_CLAUSES},
        {BL_NODE_EVENT, BL_EVENT_FIELDS},
        {BL_NODE_RULE, BL_RULE_EFFECTS},
        {BL_NODE_SCENARIO, BL_SCENARIO_STATEMENTS},
        {BL_NODE_VETO, BL_VETO_OVERRIDES},
        {BL_NODE_ON_OUTCOME, BL_ON_OUTCOME_EFFECTS},
        {BL_NODE_FOR_EACH, BL_FOR_EACH_EFFECTS},
        {BL_NODE_IF, BL_IF_THENS},
        {BL_NODE_IF, BL_IF_ELSES},
        {BL_NODE_EXPECT_REFUSED, BL_EXPECT_REFUSED_STATEMENTS},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (blocks[i].kind == kind && blocks[i].kid == kid) return true;
    return false;
}

static bool is_called_by_name(bl_node_kind kind)
{
    return kind == BL_NODE_CALL || kind == BL_NODE_PROCEDURE || kind == BL_NODE_FUNCTION ||
           kind == BL_NODE_RULE || kind == BL_NODE_EMIT || kind == BL_NODE_COUNTS_BY;
}

static void mark_node(bl_format *format, const bl_node *node)
{
    bl_format_token *tokens = format->tokens.items;
    uint32_t first = token_at(format, node->span.start);
    if (is_called_by_name(node->kind))
        tokens[token_at(format, node->name_span.start)].is_called = true;
    if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_NEGATE) {
        while (tokens[first].token == TK_LPAREN)
            first++; /* its span has the parentheses around it */
        tokens[first].is_negation = true;
    }
    if (node->kind == BL_NODE_QUANTIFIER && node->kids[BL_QUANTIFIER_CONDITION])
        tokens[token_at(format, node->kids[BL_QUANTIFIER_CONDITION]->span.start)].is_condition =
            true;
    if (node->kind == BL_NODE_LATER)
        for (uint32_t i = first; tokens[i].token != TK_END && tokens[i].start < node->span.end; i++)
            tokens[i].is_later = true;
}

/* `else if` goes on a line that has begun: it is no item of a block. */
static void mark_item(bl_format *format, const bl_node *node)
{
    uint32_t first = token_at(format, node->span.start);
    if (first > 0 && format->tokens.items[first - 1].token == TK_ELSE) return;
    format->tokens.items[first].item = node;
}

static void mark(bl_format *format, const bl_node *node, uint32_t depth)
{
    if (depth > BL_AST_DEPTH_MAX) {
        format->is_too_deep = true;
        return;
    }
    mark_node(format, node);
    for (size_t kid = 0; kid < BL_NODE_KIDS; kid++)
        for (const bl_node *each = node->kids[kid]; each; each = each->next) {
            if (is_block(node->kind, kid)) mark_item(format, each);
            mark(format, each, depth + 1);
        }
}

/* ---- what follows from both ---- */

/* Whether what is in the braces was written in lines. A record is, where it begins with one. */
static bool is_in_lines(const bl_format *format, uint32_t open)
{
    const bl_format_token *tokens = format->tokens.items;
    const uint32_t close = tokens[open].match;
    if (close == open + 1) return tokens[close].comment_count > 0;
    if (tokens[open + 1].has_newline || tokens[open + 1].comment_count > 0) return true;
    if (!tokens[open + 1].item && !tokens[open].is_later) return tokens[close].comment_count > 0;
    for (uint32_t i = open + 1; i <= close; i++)
        if (tokens[i].has_newline) return true;
    return false;
}

static bool must_break(const bl_format *format, uint32_t at)
{
    const bl_format_token *token = &format->tokens.items[at];
    if (at == 0) return false;
    if (token->comment_count > 0) return true;
    if (token[-1].token == TK_LBRACE && is_in_lines(format, at - 1)) return true;
    if (!token->has_newline || token->token == TK_RBRACE || token->token == TK_LBRACE) return false;
    return token->is_later ? token[-1].is_later : bl_format_rank(format, at) <= BL_FORMAT_KEPT;
}

static void measure(bl_format *format)
{
    bl_format_token *tokens = format->tokens.items;
    for (uint32_t i = 0; i < format->tokens.count; i++) {
        tokens[i].space = bl_format_space(format, i);
        tokens[i].break_count = must_break(format, i);
        if (i == 0) continue;
        tokens[i].at = tokens[i - 1].at + tokens[i - 1].width + tokens[i].space;
        tokens[i].break_count += tokens[i - 1].break_count;
    }
}

void bl_format_read(bl_format *format, const bl_node *tree)
{
    bl_format_read_tokens(format);
    if (format->out_of_memory) return;
    match_brackets(format);
    mark(format, tree, 0);
    measure(format);
}
