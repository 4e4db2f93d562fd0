/*
 * Tokens to lines.
 *
 * A clause stands on one line where it fits and nobody broke it. Otherwise its blocks are opened,
 * and what is still too long is broken at the loosest place, the last such that fits. Line breaks
 * of a person are kept in front of parts and behind commas, and blocks that were written in lines
 * stay so.
 */
#include "../runtime/limits.h"
#include "format.h"
#include "grammar.h"

/* A run of tokens of one clause, or of what is in the braces of a record. */
typedef struct run {
    uint32_t first;
    uint32_t end;
    uint32_t indent;
    uint32_t more; /* indentation of lines that go on, besides */
    uint32_t block; /* that the clause stands in: see bl_format_line */
    uint32_t padding; /* blanks behind its first words, which its first line needs besides */
} run;

static void lay_items(bl_format *format, uint32_t first, uint32_t end, uint32_t indent,
                      uint32_t depth);
static void lay_run(bl_format *format, const run *r, uint32_t depth);

static const bl_format_token *token_of(const bl_format *format, uint32_t at)
{
    return &format->tokens.items[at];
}

/* The width of the tokens in one line. */
static uint32_t width_of(const bl_format *format, uint32_t first, uint32_t end)
{
    const bl_format_token *last = token_of(format, end - 1);
    return last->at + last->width - token_of(format, first)->at;
}

static bool has_breaks(const bl_format *format, uint32_t first, uint32_t end)
{
    return token_of(format, end - 1)->break_count != token_of(format, first)->break_count;
}

static bool breaks_before(const bl_format *format, uint32_t at)
{
    return token_of(format, at)->break_count != token_of(format, at - 1)->break_count;
}

/* ---- lines ---- */

static bl_format_line *add_line(bl_format *format, uint32_t indent, bool has_blank)
{
    if (!bl_vector_reserve(format->memory, &format->lines, 1)) {
        format->out_of_memory = true;
        return &format->lost;
    }
    bl_format_line *line = &format->lines.items[format->lines.count++];
    *line = (bl_format_line){.start = format->code.size,
                             .indent = indent,
                             .has_blank = has_blank && !format->is_block_start,
                             .block = BL_NONE};
    format->is_block_start = false;
    return line;
}

/* The comments in front of a token: one of the line before, others on their own. */
static void put_comments(bl_format *format, uint32_t at, uint32_t indent)
{
    const bl_format_token *token = token_of(format, at);
    for (uint32_t i = 0; i < token->comment_count && !format->out_of_memory; i++) {
        const bl_format_comment *comment = &format->comments.items[token->first_comment + i];
        if (comment->is_trailing && format->lines.count > 0) {
            format->lines.items[format->lines.count - 1].comment = comment->text;
            continue;
        }
        bl_format_line *line = add_line(format, indent, comment->has_blank);
        line->is_comment = true;
        line->comment = comment->text;
    }
}

/* Writes tokens behind the last line. */
static void put_tokens(bl_format *format, uint32_t first, uint32_t end, bool begins_line)
{
    if (format->out_of_memory || first == end) return;
    bl_format_line *line = &format->lines.items[format->lines.count - 1];
    for (uint32_t i = first; i < end; i++) {
        const bl_format_token *token = token_of(format, i);
        const uint32_t space = begins_line && i == first ? 0 : token->space;
        for (uint32_t k = 0; k < space; k++)
            bl_buffer_char(&format->code, ' ');
        bl_buffer_text(&format->code, token->text);
        line->width += space + token->width;
    }
    line->size = format->code.size - line->start;
}

/* ---- where lines are aligned ---- */

static void put_stop(bl_format *format, bl_format_line *line, size_t number, uint32_t first,
                     uint32_t at)
{
    const bl_format_token *token = token_of(format, at), *begin = token_of(format, first);
    uint32_t size = 0;
    for (uint32_t i = first; i < at; i++)
        size += (uint32_t)token_of(format, i)->text.size + token_of(format, i + 1)->space;
    line->stops[number] = (bl_format_stop){size, token->at - begin->at};
}

/* How many words of a clause stand in its first column; 0: it is not aligned. */
static uint32_t head_count(const bl_format_token *first)
{
    const bl_node *item = first->item;
    switch (item->kind) {
    case BL_NODE_STAGE: return first->token == TK_DECIDED || first->token == TK_THEN ? 1 : 0;
    case BL_NODE_HELD_BY: return 2;
    case BL_NODE_FACE: return item->kids[BL_FACE_VALUE] ? 1 : 0;
    case BL_NODE_CITES:
    case BL_NODE_FROM:
    case BL_NODE_INCLUDES:
    case BL_NODE_RAISED_BY:
    case BL_NODE_REQUIRES:
    case BL_NODE_ACCEPTS:
    case BL_NODE_OPTIONS:
    case BL_NODE_ALONG:
    case BL_NODE_VETO:
    case BL_NODE_DISPUTE:
    case BL_NODE_REFUSES:
    case BL_NODE_BALLOT:
    case BL_NODE_COUNTS_BY:
    case BL_NODE_SEATS:
    case BL_NODE_QUORUM:
    case BL_NODE_WEIGH:
    case BL_NODE_PASSES:
    case BL_NODE_FAILS:
    case BL_NODE_CLOSES: return 1;
    default: return 0; /* most kinds are no clauses, and `on accepted` is a sentence */
    }
}

/* `name : type = default changed by …` */
static void align_attribute(bl_format *format, bl_format_line *line, uint32_t first, uint32_t end)
{
    line->class = BL_FORMAT_COLUMNS;
    put_stop(format, line, 0, first, first + 1);
    for (uint32_t i = first + 2; i < end; i++) {
        const int kind = token_of(format, i)->token;
        if (kind == TK_ASSIGN && line->stops[1].at == 0) put_stop(format, line, 1, first, i);
        if (kind == TK_CHANGED && token_of(format, i + 1)->token == TK_BY)
            put_stop(format, line, 2, first, i);
    }
}

/* The place of a token in a line, or `end`. */
static uint32_t find(const bl_format *format, int kind, uint32_t first, uint32_t end)
{
    while (first < end && token_of(format, first)->token != kind)
        first++;
    return first;
}

/* `is_whole`: the line is all of the item. */
static void align_line(bl_format *format, bl_format_line *line, uint32_t first, uint32_t end,
                       uint32_t block, bool is_whole)
{
    const bl_node *item = token_of(format, first)->item;
    if (!item) return;
    line->block = block;
    const uint32_t heads = head_count(token_of(format, first));
    if (heads > 0 && heads < end - first) {
        line->class = BL_FORMAT_HEAD;
        put_stop(format, line, 0, first, first + heads);
    }
    if (!is_whole) return;
    if ((item->kind == BL_NODE_ATTRIBUTE || item->kind == BL_NODE_FIELD) && block != BL_NONE)
        align_attribute(format, line, first, end);
    const bool is_let = item->kind == BL_NODE_LET;
    if (!is_let && item->kind != BL_NODE_EVENT && item->kind != BL_NODE_ON_OUTCOME) return;
    const uint32_t stop = find(format, is_let ? TK_ASSIGN : TK_LBRACE, first, end);
    if (stop == end) return;
    line->class = is_let                        ? BL_FORMAT_LET
                  : item->kind == BL_NODE_EVENT ? BL_FORMAT_EVENT
                                                : BL_FORMAT_ON;
    put_stop(format, line, 0, first, stop);
}

/* ---- clauses ---- */

/* `if … then … else if … else …` is broken at each `else` or at none. */
static bool goes_on_chain(const bl_format *format, uint32_t from, uint32_t at)
{
    const bl_format_token *first = token_of(format, from), *token = token_of(format, at);
    return at > from && first->token == TK_ELSE && token->token == TK_ELSE &&
           first->depth == token->depth;
}

/* The token that begins the next line of what stands from `from` on; `end` where all fits. */
static uint32_t next_break(const bl_format *format, uint32_t from, uint32_t end, uint32_t indent)
{
    uint32_t best = end, best_rank = BL_FORMAT_NO_BREAK;
    const uint32_t depth = token_of(format, from)->depth;
    for (uint32_t i = from; i < end; i++) {
        if (i > from && (breaks_before(format, i) || goes_on_chain(format, from, i))) return i;
        const uint32_t own = i > from ? bl_format_rank(format, i) : BL_FORMAT_NO_BREAK;
        const uint32_t inner = token_of(format, i)->depth;
        const uint32_t rank = own + 10 * (inner > depth ? inner - depth : 0);
        const bool is_else = token_of(format, i)->token == TK_ELSE;
        if (own < BL_FORMAT_NO_BREAK &&
            (best == end || (is_else ? rank < best_rank : rank <= best_rank))) {
            best = i;
            best_rank = rank;
        }
        if (indent + width_of(format, from, i + 1) > BL_FORMAT_WIDTH && best != end) return best;
    }
    return end;
}

/* Lines without a block of their own in them. */
static void lay_lines(bl_format *format, const run *r, uint32_t first, uint32_t end)
{
    const uint32_t outer = token_of(format, r->first)->depth;
    uint32_t from = first;
    uint32_t indent = r->indent;
    while (from < end && !format->out_of_memory) {
        const uint32_t padding = from == r->first ? r->padding : 0;
        const uint32_t next = next_break(format, from, end, indent + padding);
        bl_format_line *line = add_line(format, indent, token_of(format, from)->has_blank);
        if (from == r->first) align_line(format, line, from, next, r->block, next == r->end);
        put_tokens(format, from, next, true);
        if (next == end) return;
        const uint32_t depth = token_of(format, next)->depth;
        indent = r->indent + r->more + BL_FORMAT_STEP * (depth > outer ? depth - outer : 0);
        put_comments(format, next, indent);
        from = next;
    }
}

/* A record is opened only where its clause is short without it, or it has no room of its own. */
static bool is_opened_when_long(const bl_format *format, const run *r, uint32_t open)
{
    const bl_format_token *token = token_of(format, open);
    if (token->match == open + 1) return false;
    if (token[1].item || token->is_later) return true;
    const uint32_t head = r->indent + r->padding + width_of(format, r->first, open + 1);
    const uint32_t own = r->indent + r->more + width_of(format, open - 1, token->match + 1);
    return head <= BL_FORMAT_WIDTH || own > BL_FORMAT_WIDTH;
}

static bool is_opened(const bl_format *format, const run *r, uint32_t open, bool is_too_long,
                      bool has_opened)
{
    if (token_of(format, open)->token != TK_LBRACE) return false;
    if (has_breaks(format, open, open + 2)) return true;
    if (token_of(format, open + 1)->item && has_opened) return true;
    return is_too_long && is_opened_when_long(format, r, open);
}

static bool must_open_one(const bl_format *format, const run *r)
{
    for (uint32_t i = r->first; i < r->end; i++) {
        const bl_format_token *token = token_of(format, i);
        if (token->token != TK_LBRACE) continue;
        if (token[1].item && has_breaks(format, i, i + 2)) return true;
        i = token->match;
    }
    return false;
}

/* What is in the braces, in lines. */
static void lay_inside(bl_format *format, uint32_t open, uint32_t indent, uint32_t depth)
{
    const uint32_t close = token_of(format, open)->match;
    format->is_block_start = true;
    if (token_of(format, open + 1)->item) {
        lay_items(format, open + 1, close, indent, depth + 1);
    } else if (open + 1 < close) {
        put_comments(format, open + 1, indent);
        const run inside = {open + 1, close, indent, 0, BL_NONE, 0};
        lay_run(format, &inside, depth + 1);
    }
    put_comments(format, close, indent);
    format->is_block_start = true; /* no blank line before the brace */
}

/* A block that does not fit behind what it overrides stands below it. */
static bool stands_below(const bl_format *format, uint32_t open, uint32_t first)
{
    return open > first + 1 && token_of(format, open - 1)->token == TK_OVERRIDDEN;
}

/* The end of what must fit in one line: `because` behind a block can go on the next. */
static uint32_t end_of_one_line(const bl_format *format, const run *r)
{
    for (uint32_t i = r->first; i < r->end; i++) {
        if (token_of(format, i)->token != TK_LBRACE) continue;
        i = token_of(format, i)->match;
        if (i + 1 < r->end && token_of(format, i + 1)->token == TK_BECAUSE) return i + 1;
    }
    return r->end;
}

/* The next brace of the run that is opened, from a token on; `end` where none is. */
static uint32_t next_opened(const bl_format *format, const run *r, uint32_t from)
{
    const uint32_t width = width_of(format, r->first, end_of_one_line(format, r));
    const bool is_too_long = r->indent + r->padding + width > BL_FORMAT_WIDTH;
    const bool has_opened = must_open_one(format, r);
    for (uint32_t i = from; i < r->end; i++) {
        if (token_of(format, i)->token != TK_LBRACE) continue;
        if (is_opened(format, r, i, is_too_long, has_opened)) return i;
        i = token_of(format, i)->match;
    }
    return r->end;
}

static void lay_run(bl_format *format, const run *r, uint32_t depth)
{
    format->is_too_deep |= depth > BL_AST_DEPTH_MAX;
    if (format->is_too_deep) return;
    run now = *r;
    uint32_t from = r->first, indent = r->indent;
    uint32_t open = next_opened(format, r, from);
    if (open < r->end && r->more > 0 && !stands_below(format, open, from))
        now.more = 2 * BL_FORMAT_STEP; /* apart from what is in the braces */
    for (; open < r->end; open = next_opened(format, r, from)) {
        if (stands_below(format, open, from)) {
            lay_lines(format, &now, from, open - 1);
            put_comments(format, open - 1, r->indent + BL_FORMAT_STEP);
            from = open - 1;
            indent = r->indent + BL_FORMAT_STEP;
        }
        now.indent = indent;
        lay_lines(format, &now, from, open + 1);
        lay_inside(format, open, indent + BL_FORMAT_STEP, depth);
        from = token_of(format, open)->match;
    }
    lay_lines(format, &now, from, r->end);
}

/* ---- blocks ---- */

/* The token behind a clause that begins here. */
static uint32_t end_of_item(const bl_format *format, uint32_t first, uint32_t end)
{
    uint32_t i = first;
    do {
        i = (token_of(format, i)->token == TK_LBRACE ? token_of(format, i)->match : i) + 1;
    } while (i < end && !token_of(format, i)->item);
    return i;
}

/* The width of the first words of a clause, where they are aligned. */
static uint32_t head_width(const bl_format *format, uint32_t first, uint32_t end)
{
    const uint32_t count = head_count(token_of(format, first));
    if (count == 0 || count >= end - first) return 0;
    const uint32_t width = token_of(format, first + count)->at - token_of(format, first)->at;
    return width <= BL_FORMAT_HEAD_MAX ? width : 0;
}

static uint32_t widest_head(const bl_format *format, uint32_t first, uint32_t end)
{
    uint32_t widest = 0;
    for (uint32_t next; first < end; first = next) {
        next = end_of_item(format, first, end);
        const uint32_t width = head_width(format, first, next);
        if (width > widest) widest = width;
    }
    return widest;
}

static void lay_items(bl_format *format, uint32_t first, uint32_t end, uint32_t indent,
                      uint32_t depth)
{
    const uint32_t block = first > 0 ? first - 1 : BL_NONE;
    const uint32_t widest = block == BL_NONE ? 0 : widest_head(format, first, end);
    while (first < end && !format->out_of_memory && !format->is_too_deep) {
        const uint32_t next = end_of_item(format, first, end);
        const uint32_t head = head_width(format, first, next);
        const uint32_t padding = head > 0 && head < widest ? widest - head : 0;
        const run item = {first, next, indent, BL_FORMAT_STEP, block, padding};
        put_comments(format, first, indent);
        lay_run(format, &item, depth);
        first = next;
    }
}

void bl_format_layout(bl_format *format)
{
    const uint32_t end = (uint32_t)format->tokens.count - 1;
    format->is_block_start = true;
    lay_items(format, 0, end, 0, 0);
    put_comments(format, end, 0);
}
