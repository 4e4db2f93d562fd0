/*
 * Between two tokens: how many blanks in a line, and how gladly a line breaks there.
 *
 * Ranks of breaks go from what is loosest to what is tightest, as the grammar binds.
 */
#include "format.h"
#include "grammar.h"

static bool is_number(const bl_format *format, uint32_t at)
{
    return format->tokens.items[at].token == TK_NUMBER;
}

/* `2/3`, but `approve / n`. */
static bool is_fraction(const bl_format *format, uint32_t slash)
{
    return slash > 0 && slash + 1 < format->tokens.count && is_number(format, slash - 1) &&
           is_number(format, slash + 1);
}

static bool touches(const bl_format *format, uint32_t at)
{
    const bl_format_token *token = &format->tokens.items[at], *before = token - 1;
    return token->start == before->start + before->text.size;
}

uint32_t bl_format_space(const bl_format *format, uint32_t at)
{
    if (at == 0) return 0;
    const bl_format_token *token = &format->tokens.items[at], *before = token - 1;
    switch (before->token) {
    case TK_LPAREN:
    case TK_LBRACKET:
    case TK_DOT: return 0;
    case TK_SLASH:
        if (is_fraction(format, at - 1)) return 0;
        break;
    case TK_MINUS:
        if (before->is_negation) return 0;
        if (before->is_later && touches(format, at)) return 0;
        break;
    default: break;
    }
    switch (token->token) {
    case TK_RPAREN:
    case TK_RBRACKET:
    case TK_COMMA:
    case TK_DOT: return 0;
    case TK_SLASH: return is_fraction(format, at) ? 0 : 1;
    case TK_LPAREN:
        if (before->is_called) return 0;
        return token->is_later && before->token == TK_NAME && touches(format, at) ? 0 : 1;
    default: break;
    }
    /* Clauses in one line stand a little apart. */
    const bool is_second = token->item && before->token != TK_LBRACE && before->token != TK_COMMA;
    return is_second ? 2 : 1;
}

/* Whether the word begins a part of a clause: `within 3 days`, `when …`. */
static bool begins_part(const bl_format *format, uint32_t at)
{
    const bl_format_token *token = &format->tokens.items[at];
    const int before = token[-1].token;
    switch (token->token) {
    case TK_USING:
    case TK_THROUGH:
    case TK_WHILE:
    case TK_REASONED:
    case TK_QUORUM:
    case TK_OVERRIDDEN:
    case TK_BECAUSE:
    case TK_CHANGED: return true;
    case TK_WITHIN: return before != TK_REASONED && before != TK_REACHED;
    case TK_AFTER: return before != TK_EFFECT;
    case TK_AS: return token[1].token == TK_OF;
    case TK_WITH: return before != TK_BEGINS && before != TK_TOGETHER;
    case TK_WHEN:
        return before != TK_PASSES && before != TK_FAILS && before != TK_CLOSES &&
               before != TK_EFFECT;
    default: return false;
    }
}

uint32_t bl_format_rank(const bl_format *format, uint32_t at)
{
    const bl_format_token *token = &format->tokens.items[at];
    const int before = token[-1].token;
    if (bl_format_space(format, at) == 0) return BL_FORMAT_NO_BREAK;
    if (token->token == TK_LBRACE || token->token == TK_RBRACE || before == TK_LBRACE)
        return BL_FORMAT_NO_BREAK;
    if (before == TK_RBRACE && token->token == TK_ELSE) return BL_FORMAT_NO_BREAK;
    if (before == TK_COMMA || (before == TK_TEXT && token->token == TK_TEXT)) return 5;
    if (before == TK_ASSIGN && token->depth == 0) return 0;
    if (begins_part(format, at)) return 0;
    if (token->is_condition) return 1;
    switch (token->token) {
    case TK_ELSE: return 1;
    case TK_THEN:
    case TK_EXCEPT: return 2;
    case TK_OR: return 3;
    case TK_AND: return 4;
    case TK_UNIT: return BL_FORMAT_LAST + 1;
    default: return BL_FORMAT_LAST;
    }
}
