/*
 * Nodes of the tree: making them, their names in words, measuring depth, and a dump for looking.
 *
 * What nodes there are, and what their kids mean, is in ast.def alone.
 */
#include "ast.h"

#include <assert.h>

#include "../runtime/limits.h"

bl_node *bl_node_create(bl_arena *arena, bl_node_kind kind, bl_span span)
{
    assert(kind < BL_NODE_KIND_COUNT);
    bl_node *node = bl_arena_alloc(arena, sizeof *node);
    if (!node) return NULL;
    node->kind = kind;
    node->span = span;
    node->name_span = BL_SPAN_NONE;
    node->name = (bl_text){"", 0};
    return node;
}

static const char *const words[] = {
#define NODE(kind, words, a, b, c, d, e) words,
#include "ast.def"
#undef NODE
};

const char *bl_node_words(bl_node_kind kind)
{
    assert(kind < BL_NODE_KIND_COUNT);
    return words[kind];
}

/* Only the dump shows how nodes and kids are called in ast.def. */
static const char *const kind_names[] = {
#define NODE(kind, words, a, b, c, d, e) #kind,
#include "ast.def"
#undef NODE
};

static const char *const kid_names[][BL_NODE_KIDS] = {
#define NODE(kind, words, a, b, c, d, e) {#a, #b, #c, #d, #e},
#include "ast.def"
#undef NODE
};

static const bl_node *too_deep(const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return node;
    for (size_t i = 0; i < BL_NODE_KIDS; i++)
        for (const bl_node *kid = node->kids[i]; kid; kid = kid->next) {
            const bl_node *deep = too_deep(kid, depth + 1);
            if (deep) return deep;
        }
    return NULL;
}

/* A declaration stands at depth 1, in its file. */
const bl_node *bl_node_too_deep(const bl_node *node)
{
    return node ? too_deep(node, 1) : NULL;
}

static const char *const operator_names[] = {
    [BL_OPERATOR_NOT] = "not",
    [BL_OPERATOR_NEGATE] = "-",
    [BL_OPERATOR_COUNT] = "count",
    [BL_OPERATOR_OR] = "or",
    [BL_OPERATOR_AND] = "and",
    [BL_OPERATOR_EXCEPT] = "except",
    [BL_OPERATOR_AMONG] = "among",
    [BL_OPERATOR_EQUAL] = "==",
    [BL_OPERATOR_UNEQUAL] = "!=",
    [BL_OPERATOR_LESS] = "<",
    [BL_OPERATOR_LESS_EQUAL] = "<=",
    [BL_OPERATOR_GREATER] = ">",
    [BL_OPERATOR_GREATER_EQUAL] = ">=",
    [BL_OPERATOR_ADD] = "+",
    [BL_OPERATOR_SUBTRACT] = "-",
    [BL_OPERATOR_MULTIPLY] = "*",
    [BL_OPERATOR_DIVIDE] = "/",
    [BL_OPERATOR_OF_NUMBER] = "of",
    [BL_OPERATOR_IN] = "in",
    [BL_OPERATOR_MATCHES] = "matches",
    [BL_OPERATOR_BEGINS_WITH] = "begins with",
    [BL_OPERATOR_CONTAINS] = "contains",
};

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {BL_FLAG_PERSON, "person"},
    {BL_FLAG_ORGANIZATION, "organization"},
    {BL_FLAG_AGENT, "agent"},
    {BL_FLAG_ANYONE, "anyone"},
    {BL_FLAG_LIST, "list"},
    {BL_FLAG_OPTIONAL, "optional"},
    {BL_FLAG_EXACTLY, "exactly"},
    {BL_FLAG_AT_LEAST, "at_least"},
    {BL_FLAG_AT_MOST, "at_most"},
    {BL_FLAG_DECIDED, "decided"},
    {BL_FLAG_THEN, "then"},
    {BL_FLAG_TOGETHER, "together"},
    {BL_FLAG_ESCALATES, "escalates"},
    {BL_FLAG_AT_ONCE, "at_once"},
    {BL_FLAG_WHEN_FINAL, "when_final"},
    {BL_FLAG_AFTER, "after"},
    {BL_FLAG_OTHERWISE, "otherwise"},
    {BL_FLAG_WHEN_SETTLED, "when_settled"},
    {BL_FLAG_AT_DEADLINE, "at_deadline"},
    {BL_FLAG_TRUE, "true"},
    {BL_FLAG_DATE, "date"},
    {BL_FLAG_ANY, "any"},
    {BL_FLAG_OTHER, "other"},
    {BL_FLAG_EVERY, "every"},
    {BL_FLAG_COUNT, "count"},
    {BL_FLAG_FIRST, "first"},
    {BL_FLAG_HIGHEST, "highest"},
    {BL_FLAG_LOWEST, "lowest"},
    {BL_FLAG_NEGATED, "negated"},
    {BL_FLAG_EXACT, "exact"},
    {BL_FLAG_PARENTHESES, "parentheses"},
};

static bool is_operation(const bl_node *node)
{
    return node->kind == BL_NODE_UNARY || node->kind == BL_NODE_BINARY;
}

static void dump_flags(const bl_node *node, bl_buffer *buffer)
{
    uint32_t flags = node->flags;
    if (is_operation(node)) {
        bl_buffer_format(buffer, " `%s`", operator_names[bl_node_operator(node)]);
        flags &= BL_FLAG_PARENTHESES;
    }
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (flags & flag_names[i].flag) bl_buffer_format(buffer, " +%s", flag_names[i].name);
}

static void dump_value(const bl_node *node, bl_buffer *buffer)
{
    bool is_text = node->kind == BL_NODE_TEXT;
    if (node->name.size || is_text) {
        bl_buffer_cstring(buffer, is_text ? " \"" : " ");
        bl_buffer_text(buffer, node->name);
        if (is_text) bl_buffer_char(buffer, '"');
    }
    if (node->kind != BL_NODE_NUMBER && node->kind != BL_NODE_DURATION &&
        node->kind != BL_NODE_TIME)
        return;
    bl_buffer_char(buffer, ' ');
    if (node->kind == BL_NODE_NUMBER) bl_rational_write(buffer, node->as.number);
    if (node->kind == BL_NODE_DURATION) bl_duration_write(buffer, node->as.duration);
    if (node->kind == BL_NODE_TIME) bl_time_write(buffer, node->as.time);
}

static bool dump(const bl_node *node, const char *kid_name, unsigned depth, bl_buffer *buffer)
{
    if (depth > BL_AST_DEPTH_MAX) return false;
    for (unsigned i = 0; i < depth; i++)
        bl_buffer_cstring(buffer, "  ");
    if (kid_name) bl_buffer_format(buffer, "%s: ", kid_name);
    bl_buffer_cstring(buffer, kind_names[node->kind]);
    dump_value(node, buffer);
    dump_flags(node, buffer);
    bl_buffer_char(buffer, '\n');
    for (size_t i = 0; i < BL_NODE_KIDS; i++)
        for (const bl_node *kid = node->kids[i]; kid; kid = kid->next)
            if (!dump(kid, kid_names[node->kind][i], depth + 1, buffer)) return false;
    return true;
}

bool bl_node_dump(const bl_node *node, bl_buffer *buffer)
{
    for (; node; node = node->next)
        if (!dump(node, NULL, 0, buffer)) return false;
    return true;
}
