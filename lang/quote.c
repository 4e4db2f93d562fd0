/*
 * Quotes of clauses. They depend on tokens alone, so that another layout gives the same program.
 *
 * Only expressions and who decides how are quoted. There a name in front of a parenthesis is
 * called, and a minus sign belongs to one operand where none ends in front of it: no tree is
 * needed.
 */
#include "quote.h"

#include "format.h"
#include "grammar.h"
#include "parse_error.h"

static bool is_name(const bl_format_token *token)
{
    return token->token == TK_NAME || bl_class_of(token->token) == BL_KEYWORD_NAMING;
}

/* Whether a value can end with the token. */
static bool ends_operand(const bl_format_token *token)
{
    switch (token->token) {
    case TK_NUMBER:
    case TK_UNIT:
    case TK_TEXT:
    case TK_HANDLE:
    case TK_DATE:
    case TK_TIME:
    case TK_TRUE:
    case TK_FALSE:
    case TK_RPAREN:
    case TK_RBRACKET: return true;
    default: return is_name(token);
    }
}

static void mark_tokens(bl_format *format)
{
    bool is_behind_operand = false, is_behind_dot = false;
    for (size_t i = 0; i < format->tokens.count; i++) {
        bl_format_token *token = &format->tokens.items[i];
        token->is_called = is_name(token);
        token->is_negation = token->token == TK_MINUS && !is_behind_operand;
        is_behind_operand = is_behind_dot || ends_operand(token); /* any word names a field */
        is_behind_dot = token->token == TK_DOT;
    }
}

static void write_tokens(const bl_format *format, bl_buffer *out)
{
    for (uint32_t i = 0; i + 1 < format->tokens.count; i++) { /* the last one is the end */
        if (bl_format_space(format, i) > 0) bl_buffer_char(out, ' ');
        bl_buffer_text(out, format->tokens.items[i].text);
    }
}

bool bl_quote(bl_arena *arena, bl_text text, bl_buffer *out)
{
    bl_format format = {.arena = arena, .memory = arena->memory, .text = text};
    bl_format_read_tokens(&format);
    if (!format.out_of_memory) {
        mark_tokens(&format);
        write_tokens(&format, out);
    }
    bl_vector_free(format.memory, &format.tokens);
    bl_vector_free(format.memory, &format.comments);
    return !format.out_of_memory && !out->failed;
}
