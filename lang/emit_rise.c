/*
 * Which ballots can only make a condition truer, and which can only make it less true.
 *
 * `approve >= 2` rises with approvals: whoever approves besides can make it true but never false.
 * Who asks what a vote needs can then leave out whole crowds by one question (needs_rise.c). What
 * is not understood here may rise and fall with every ballot, which is always right to say.
 */
#include "emit.h"

#include "../runtime/limits.h"

enum { CAST_BALLOTS = BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN };

typedef struct rise {
    bl_compiler *compiler;
    uint8_t up, down; /* ballots of which more make it greater or truer, or less so */
    unsigned depth;
} rise;

static void visit(rise *r, const bl_node *node, bool is_upwards);

static void add(rise *r, uint8_t ballots, bool is_upwards)
{
    if (is_upwards)
        r->up |= ballots;
    else
        r->down |= ballots;
}

static void add_anything(rise *r)
{
    r->up = r->down = CAST_BALLOTS;
}

/* More of one of these ballots is one less of those that have none yet. */
static void visit_ballots(rise *r, uint8_t mask, bool is_upwards)
{
    if (mask & BL_BALLOT_NONE)
        add(r, CAST_BALLOTS & (uint8_t)~mask, !is_upwards);
    else
        add(r, mask, is_upwards);
}

static void visit_both(rise *r, const bl_node *node, bool left, bool right)
{
    visit(r, node->kids[BL_BINARY_LEFT], left);
    visit(r, node->kids[BL_BINARY_RIGHT], right);
}

static void visit_binary(rise *r, const bl_node *node, bool is_upwards)
{
    switch ((unsigned)bl_node_operator(node)) {
    case BL_OPERATOR_OR:
    case BL_OPERATOR_AND:
    case BL_OPERATOR_AMONG:
    case BL_OPERATOR_ADD: visit_both(r, node, is_upwards, is_upwards); return;
    case BL_OPERATOR_EXCEPT:
    case BL_OPERATOR_SUBTRACT:
    case BL_OPERATOR_GREATER:
    case BL_OPERATOR_GREATER_EQUAL: visit_both(r, node, is_upwards, !is_upwards); return;
    case BL_OPERATOR_LESS:
    case BL_OPERATOR_LESS_EQUAL: visit_both(r, node, !is_upwards, is_upwards); return;
    }
    add_anything(r);
}

static void visit_quantifier(rise *r, const bl_node *node, bool is_upwards)
{
    const bool is_every = (node->flags & BL_FLAG_EVERY) != 0;
    if (!is_every && !(node->flags & (BL_FLAG_ANY | BL_FLAG_COUNT))) {
        add_anything(r);
        return;
    }
    visit(r, node->kids[BL_QUANTIFIER_IN], is_every ? !is_upwards : is_upwards);
    visit(r, node->kids[BL_QUANTIFIER_CONDITION], is_upwards);
}

static void visit_kind(rise *r, const bl_node *node, bool is_upwards)
{
    if (node->kind == BL_NODE_NAME && node->ref == BL_MEANING_BALLOT)
        visit_ballots(r, (uint8_t)node->ref2, is_upwards);
    else if (node->kind == BL_NODE_BINARY)
        visit_binary(r, node, is_upwards);
    else if (node->kind == BL_NODE_QUANTIFIER)
        visit_quantifier(r, node, is_upwards);
    else if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_COUNT)
        visit(r, node->kids[BL_UNARY_E], is_upwards);
    else if (node->kind == BL_NODE_UNARY)
        visit(r, node->kids[BL_UNARY_E], !is_upwards);
    else
        add_anything(r);
}

static void visit(rise *r, const bl_node *node, bool is_upwards)
{
    bl_uses uses = {0};
    node = bl_node_meant(node);
    if (r->depth >= BL_AST_DEPTH_MAX || !bl_uses_add(r->compiler, node, &uses)) {
        add_anything(r);
        return;
    }
    if (!uses.has_ballots) return;
    r->depth++;
    visit_kind(r, node, is_upwards);
    r->depth--;
}

void bl_rise_of(bl_compiler *compiler, const bl_node *condition, uint8_t *up, uint8_t *down)
{
    rise r = {.compiler = compiler};
    visit(&r, condition, true);
    *up = r.up;
    *down = r.down;
}
