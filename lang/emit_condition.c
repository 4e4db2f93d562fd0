/*
 * Conditions of stages: as trees that settling can question, and as sums that a ballot changes by
 * one.
 *
 * A comparison is brought to the form Σ coefficient * aggregate + constant (comparison) 0, where
 * coefficients are fixed when the stage opens. What cannot be brought there is still tested, but
 * settles only at its deadline. An aggregate is a set in the place of a number. Its members are
 * told one by one: by their ballot alone (uniform), by code, or, where it has nothing to do with
 * the ballots, by making the set.
 */
#include "emit.h"

#include "../runtime/limits.h"

/* ---- aggregates ---- */

bl_weighing bl_weighing_of_env(const bl_env *env)
{
    if (!env->is_weighed) return BL_HEADS;
    return (bl_weighing){env->weight_chunk, env->weight_attribute};
}

static bool is_heads(bl_weighing weighing)
{
    return weighing.chunk == BL_NONE && weighing.attribute == BL_NONE;
}

static bool make_weight(bl_compiler *compiler, bl_weighing *weighing, bl_span span)
{
    if (weighing->chunk != BL_NONE || weighing->attribute == BL_NONE) return true;
    return bl_emit_weight(compiler, weighing->attribute, span, &weighing->chunk);
}

static bool is_set_operation(const bl_node *node)
{
    if (node->kind != BL_NODE_BINARY || !bl_type_is(node->type, BL_BASE_SET)) return false;
    bl_operator op = bl_node_operator(node);
    return op == BL_OPERATOR_OR || op == BL_OPERATOR_AMONG || op == BL_OPERATOR_EXCEPT;
}

/* The set as ballot states, where it is nothing else: `approve or reject`, `body except approve`.
 */
static bool fold_mask(const bl_node *node, unsigned depth, uint8_t *mask)
{
    node = bl_node_meant(node);
    if (depth >= BL_AST_DEPTH_MAX) return false;
    if (node->kind == BL_NODE_NAME && node->ref == BL_MEANING_BALLOT) {
        *mask = (uint8_t)node->ref2;
        return true;
    }
    uint8_t left, right;
    if (!is_set_operation(node) || !fold_mask(node->kids[BL_BINARY_LEFT], depth + 1, &left) ||
        !fold_mask(node->kids[BL_BINARY_RIGHT], depth + 1, &right))
        return false;
    bl_operator op = bl_node_operator(node);
    if (op == BL_OPERATOR_OR)
        *mask = left | right;
    else
        *mask = op == BL_OPERATOR_AMONG ? left & right : (uint8_t)(left & ~right);
    return true;
}

/* Whether who is in the set is in the stage's body: by the ballots it is made of. */
typedef enum reach { REACH_INSIDE, REACH_OUTSIDE, REACH_MIXED } reach;

static reach reach_of_pair(bl_operator op, reach left, reach right)
{
    if (op == BL_OPERATOR_OR) return left == right ? left : REACH_MIXED;
    if (op == BL_OPERATOR_AMONG) {
        if (left == REACH_INSIDE || right == REACH_INSIDE) return REACH_INSIDE;
        return left == right ? left : REACH_MIXED;
    }
    if (left != REACH_OUTSIDE) return left;
    return right == REACH_OUTSIDE ? REACH_OUTSIDE : REACH_MIXED;
}

static reach reach_of(bl_compiler *compiler, const bl_node *node, unsigned depth)
{
    node = bl_node_meant(node);
    if (depth >= BL_AST_DEPTH_MAX) return REACH_MIXED;
    if (is_set_operation(node))
        return reach_of_pair(bl_node_operator(node),
                             reach_of(compiler, node->kids[BL_BINARY_LEFT], depth + 1),
                             reach_of(compiler, node->kids[BL_BINARY_RIGHT], depth + 1));
    if (node->kind == BL_NODE_NAME && node->ref == BL_MEANING_BALLOT) return REACH_INSIDE;
    bl_uses uses = {0};
    if (!bl_uses_add(compiler, node, &uses)) return REACH_MIXED;
    return uses.has_ballots ? REACH_MIXED : REACH_OUTSIDE;
}

static void report_mixed(bl_emitter *code, const bl_node *set)
{
    bl_text words = bl_words_of(code->compiler, set->span);
    bl_diagnostic *d = bl_diag(
        code->compiler->diagnostics, BL_B0309, set->span,
        "`%.*s` joins ballots of the body with people who may not belong to it", BL_SLICE(words));
    bl_diag_help(code->compiler->diagnostics, d,
                 "`among` keeps those who belong to it, as in `approve or (body among …)`");
    code->has_failed = true;
}

static bool same_weighing(const bl_aggregate *a, bl_weighing weighing)
{
    if (a->weight_attribute != weighing.attribute) return false;
    return weighing.attribute != BL_NONE || a->weight_chunk == weighing.chunk;
}

enum { SHARED_TEXT_MOST = 150 }; /* longer texts may have been cut, and then say nothing */

static bool same_aggregate(const bl_aggregate *a, const bl_aggregate *b, bl_weighing weighing)
{
    if (!same_weighing(a, weighing) || a->is_uniform != b->is_uniform) return false;
    if (a->is_uniform) return a->mask == b->mask;
    return a->is_outside == b->is_outside && b->text.size > 0 && b->text.size < SHARED_TEXT_MOST &&
           bl_text_equal(a->text, b->text);
}

static uint32_t find_aggregate(const bl_emitter *code, const bl_aggregate *wanted,
                               bl_weighing weighing)
{
    const bl_program *program = code->compiler->program;
    for (uint32_t i = code->first_aggregate; i < program->aggregate_count; i++)
        if (same_aggregate(&program->aggregates[i], wanted, weighing)) return i;
    return BL_NONE;
}

/* The chunk that tells members (local 0) or makes the set. */
static bool emit_members(bl_emitter *code, const bl_node *set, bl_aggregate *aggregate)
{
    bl_env env = *code->env;
    env.local_count = 1;
    bl_emitter inner;
    bl_code_init(&inner, code->compiler, &env, set->span);
    if (aggregate->is_outside)
        bl_code_set(&inner, set);
    else
        bl_code_member(&inner, set, 0);
    bl_code_add(&inner, OP_RETURN, 0, 0, set->span);
    return bl_code_finish(&inner,
                          aggregate->is_outside ? &aggregate->set_chunk : &aggregate->member_chunk);
}

static bool fill_weight(bl_emitter *code, bl_weighing weighing, bl_span span,
                        bl_aggregate *aggregate)
{
    const bl_program *program = code->compiler->program;
    if (!make_weight(code->compiler, &weighing, span)) return false;
    aggregate->weight_chunk = weighing.chunk;
    aggregate->weight_attribute = weighing.attribute;
    aggregate->is_weight_fixed = true;
    if (weighing.attribute == BL_NONE) return true;
    const bl_attribute *attribute = &program->attributes[weighing.attribute];
    aggregate->is_weight_fixed = !attribute->can_change && !attribute->has_changers;
    return true;
}

static bool add_aggregate(bl_emitter *code, const bl_node *set, bl_weighing weighing, bl_span span,
                          bl_aggregate *made)
{
    bl_compiler *compiler = code->compiler;
    bl_uses uses = {0};
    if (!bl_uses_add(compiler, set, &uses)) return false;
    made->uses_conflicts = uses.has_conflicts;
    if (!bl_uses_roles(compiler, span, &made->roles)) return false;
    if (!fill_weight(code, weighing, span, made)) return false;
    if (!made->is_uniform && !emit_members(code, set, made)) return false;
    bl_aggregate *row = bl_table_row(compiler, aggregate);
    if (row) *row = *made;
    return row != NULL;
}

/* The aggregate of a set, found or made; BL_NONE where it has to be made anew each time (or after
 * an error). */
static uint32_t aggregate_of(bl_emitter *code, const bl_node *set, bl_weighing weighing,
                             bl_span span)
{
    bl_uses uses = {0};
    if (!code->has_aggregates || !bl_uses_add(code->compiler, set, &uses)) return BL_NONE;
    if (uses.has_free_locals) return BL_NONE;
    bl_aggregate made = {.member_chunk = BL_NONE,
                         .set_chunk = BL_NONE,
                         .weight_chunk = BL_NONE,
                         .weight_attribute = BL_NONE};
    reach r = reach_of(code->compiler, set, 0);
    if (r == REACH_MIXED) {
        report_mixed(code, set);
        return BL_NONE;
    }
    made.is_outside = r == REACH_OUTSIDE;
    made.is_uniform = fold_mask(set, 0, &made.mask);
    made.text = bl_emit_text(code->compiler, weighing.attribute == BL_NONE ? set->span : span);
    uint32_t found = find_aggregate(code, &made, weighing);
    if (found != BL_NONE) return found;
    if (!add_aggregate(code, set, weighing, span, &made)) {
        code->has_failed = true;
        return BL_NONE;
    }
    return code->compiler->program->aggregate_count - 1;
}

void bl_code_aggregate(bl_emitter *code, const bl_node *set, bl_weighing weighing, bl_span span)
{
    uint32_t aggregate = aggregate_of(code, set, weighing, span);
    if (aggregate != BL_NONE) {
        bl_code_add(code, OP_AGGREGATE, 0, aggregate, span);
        return;
    }
    if (code->has_failed) return;
    bl_code_set(code, set);
    if (is_heads(weighing))
        bl_code_add(code, OP_SIZE, 0, 0, span);
    else if (make_weight(code->compiler, &weighing, span))
        bl_code_add(code, OP_SET_TOTAL, 0, weighing.chunk, span);
    else
        code->has_failed = true;
}

/* ---- arithmetic on nodes ---- */

static bl_node *number_node(bl_emitter *code, bl_rational number, bl_span span)
{
    bl_node *node = bl_node_create(code->compiler->arena, BL_NODE_NUMBER, span);
    if (!node) {
        code->compiler->out_of_memory = true;
        code->has_failed = true;
        return NULL;
    }
    node->as.number = number;
    node->type = bl_type_of_base(BL_BASE_NUMBER);
    return node;
}

/* A node for `left operator right`, already added up where both are plain numbers. */
static bl_node *pair_node(bl_emitter *code, bl_operator op, const bl_node *left,
                          const bl_node *right)
{
    if (!left || !right) return NULL;
    bl_node *node = bl_node_create(code->compiler->arena, BL_NODE_BINARY, left->span);
    if (!node) {
        code->compiler->out_of_memory = true;
        code->has_failed = true;
        return NULL;
    }
    node->flags = (uint32_t)op;
    node->type = bl_type_of_base(BL_BASE_NUMBER);
    node->kids[BL_BINARY_LEFT] = (bl_node *)left; /* read only from here on */
    node->kids[BL_BINARY_RIGHT] = (bl_node *)right;
    bl_rational number;
    return bl_number_fold(node, 0, &number) ? number_node(code, number, left->span) : node;
}

static bl_node *negated(bl_emitter *code, const bl_node *node)
{
    return pair_node(code, BL_OPERATOR_MULTIPLY, node,
                     number_node(code, BL_RATIONAL(-1), node->span));
}

/* Either may be NULL, which is 0. */
static const bl_node *sum_of(bl_emitter *code, const bl_node *left, const bl_node *right,
                             bool is_difference)
{
    if (!right) return left;
    if (!left) return is_difference ? negated(code, right) : right;
    return pair_node(code, is_difference ? BL_OPERATOR_SUBTRACT : BL_OPERATOR_ADD, left, right);
}

static bool is_one(const bl_node *node)
{
    return node->kind == BL_NODE_NUMBER &&
           bl_rational_compare(node->as.number, BL_RATIONAL(1)) == 0;
}

static const bl_node *scaled(bl_emitter *code, const bl_node *node, const bl_node *factor,
                             bool is_division)
{
    if (!node) return NULL;
    if (is_division) return pair_node(code, BL_OPERATOR_DIVIDE, node, factor);
    return is_one(node) ? factor : pair_node(code, BL_OPERATOR_MULTIPLY, node, factor);
}

/* Both sides of a product or quotient, and what it is; false for other nodes. */
typedef struct product {
    const bl_node *left, *right;
    bool is_division;
} product;

static bool product_of(const bl_node *node, product *out)
{
    if (node->kind == BL_NODE_OF && node->ref == BL_MEANING_PRODUCT) {
        *out = (product){node->kids[BL_EXPANSION], node->kids[BL_OF_E], false};
        return true;
    }
    if (node->kind != BL_NODE_BINARY || !bl_type_is(node->type, BL_BASE_NUMBER)) return false;
    bl_operator op = bl_node_operator(node);
    if (op != BL_OPERATOR_MULTIPLY && op != BL_OPERATOR_DIVIDE && op != BL_OPERATOR_OF_NUMBER)
        return false;
    *out = (product){node->kids[BL_BINARY_LEFT], node->kids[BL_BINARY_RIGHT],
                     op == BL_OPERATOR_DIVIDE};
    return true;
}

static bool is_sum(const bl_node *node)
{
    if (node->kind != BL_NODE_BINARY || !bl_type_is(node->type, BL_BASE_NUMBER)) return false;
    bl_operator op = bl_node_operator(node);
    return op == BL_OPERATOR_ADD || op == BL_OPERATOR_SUBTRACT;
}

static bool is_negation(const bl_node *node)
{
    return node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_NEGATE;
}

/* ---- linear forms ---- */

enum {
    LINEAR_TERMS_MAX = 16
}; /* a comparison of more sets than this is tested but not settled early */

typedef struct linear {
    uint32_t count;
    struct {
        uint32_t aggregate;
        const bl_node *coefficient;
    } terms[LINEAR_TERMS_MAX];
    const bl_node *constant; /* NULL: 0 */
} linear;

static bool linearize(bl_emitter *code, const bl_node *node, linear *out);

static bool add_term(bl_emitter *code, linear *form, uint32_t aggregate, const bl_node *coefficient,
                     bool is_difference)
{
    for (uint32_t i = 0; i < form->count; i++) {
        if (form->terms[i].aggregate != aggregate) continue;
        form->terms[i].coefficient = sum_of(code, form->terms[i].coefficient, coefficient,
                                            is_difference);
        return form->terms[i].coefficient != NULL;
    }
    if (form->count == LINEAR_TERMS_MAX) return false;
    form->terms[form->count].aggregate = aggregate;
    form->terms[form->count].coefficient = is_difference ? negated(code, coefficient) : coefficient;
    return form->terms[form->count++].coefficient != NULL;
}

static bool add_linear(bl_emitter *code, linear *form, const linear *more, bool is_difference)
{
    for (uint32_t i = 0; i < more->count; i++)
        if (!add_term(code, form, more->terms[i].aggregate, more->terms[i].coefficient,
                      is_difference))
            return false;
    form->constant = sum_of(code, form->constant, more->constant, is_difference);
    return !code->has_failed;
}

static bool scale_linear(bl_emitter *code, linear *form, const bl_node *factor, bool is_division)
{
    for (uint32_t i = 0; i < form->count; i++)
        form->terms[i].coefficient = scaled(code, form->terms[i].coefficient, factor, is_division);
    form->constant = scaled(code, form->constant, factor, is_division);
    return !code->has_failed;
}

static bool linearize_sum(bl_emitter *code, const bl_node *node, linear *out)
{
    linear right;
    return linearize(code, node->kids[BL_BINARY_LEFT], out) &&
           linearize(code, node->kids[BL_BINARY_RIGHT], &right) &&
           add_linear(code, out, &right, bl_node_operator(node) == BL_OPERATOR_SUBTRACT);
}

static bool linearize_product(bl_emitter *code, const product *p, linear *out)
{
    linear right;
    if (!linearize(code, p->left, out) || !linearize(code, p->right, &right)) return false;
    if (right.count == 0) {
        const bl_node *zero = number_node(code, BL_RATIONAL(0), p->right->span);
        return scale_linear(code, out, right.constant ? right.constant : zero, p->is_division);
    }
    if (out->count > 0 || p->is_division) return false;
    const bl_node *factor = out->constant;
    *out = right;
    return scale_linear(code, out,
                        factor ? factor : number_node(code, BL_RATIONAL(0), p->left->span), false);
}

static bool linearize_aggregate(bl_emitter *code, const bl_node *set, bl_weighing weighing,
                                bl_span span, linear *out)
{
    uint32_t aggregate = aggregate_of(code, set, weighing, span);
    bl_node *one = number_node(code, BL_RATIONAL(1), span);
    return aggregate != BL_NONE && one && add_term(code, out, aggregate, one, false);
}

/* Whether it is the same number as long as a stage is open. */
static bool is_fixed_number(bl_emitter *code, const bl_node *node)
{
    bl_uses uses = {0};
    if (!bl_uses_add(code->compiler, node, &uses)) return false;
    return !uses.has_ballots && !uses.can_change;
}

static bool linearize_node(bl_emitter *code, const bl_node *node, linear *out)
{
    product p;
    if (bl_type_is(node->type, BL_BASE_SET))
        return linearize_aggregate(code, node, bl_weighing_of_env(code->env), node->span, out);
    if (is_fixed_number(code, node)) {
        out->constant = node;
        return true;
    }
    if (is_sum(node)) return linearize_sum(code, node, out);
    if (product_of(node, &p)) return linearize_product(code, &p, out);
    if (is_negation(node)) {
        const bl_node *minus = number_node(code, BL_RATIONAL(-1), node->span);
        return minus && linearize(code, node->kids[BL_UNARY_E], out) &&
               scale_linear(code, out, minus, false);
    }
    if (node->kind == BL_NODE_UNARY)
        return linearize_aggregate(code, node->kids[BL_UNARY_E], BL_HEADS, node->span, out);
    if (node->kind != BL_NODE_TOTAL) return false;
    bl_weighing weighing = {BL_NONE, node->ref2};
    return linearize_aggregate(code, node->kids[BL_TOTAL_OF], weighing, node->span, out);
}

static bool linearize(bl_emitter *code, const bl_node *node, linear *out)
{
    *out = (linear){0};
    if (!bl_code_enter(code, node)) return false;
    bool is_linear = linearize_node(code, node, out);
    code->depth--;
    return is_linear && !code->has_failed;
}

/* ---- square roots ---- */

/* plain + factor * sqrt(root); plain and factor NULL are 0. */
typedef struct root_form {
    const bl_node *plain, *factor, *root;
} root_form;

static bool is_root(const bl_node *node)
{
    return node->kind == BL_NODE_CALL && node->ref == BL_MEANING_BUILTIN &&
           node->ref2 == BL_BUILTIN_SQRT;
}

/* Whether a root stands in the arithmetic of the node. */
static bool has_root(const bl_node *node, unsigned depth)
{
    product p;
    if (depth >= BL_AST_DEPTH_MAX) return false;
    if (is_root(node)) return true;
    if (is_negation(node)) return has_root(node->kids[BL_UNARY_E], depth + 1);
    if (is_sum(node))
        return has_root(node->kids[BL_BINARY_LEFT], depth + 1) ||
               has_root(node->kids[BL_BINARY_RIGHT], depth + 1);
    return product_of(node, &p) && (has_root(p.left, depth + 1) || has_root(p.right, depth + 1));
}

static bool join_roots(bl_emitter *code, root_form *out, const root_form *right, bool is_difference)
{
    if (out->root && right->root) return false;
    out->plain = sum_of(code, out->plain, right->plain, is_difference);
    out->factor = sum_of(code, out->factor, right->factor, is_difference);
    if (right->root) out->root = right->root;
    return !code->has_failed;
}

static bool root_form_of(bl_emitter *code, const bl_node *node, unsigned depth, root_form *out)
{
    product p;
    root_form right;
    *out = (root_form){0};
    if (depth >= BL_AST_DEPTH_MAX) return false;
    if (!has_root(node, depth)) {
        out->plain = node;
        return true;
    }
    if (is_root(node)) {
        out->root = node->kids[BL_CALL_ARGUMENTS];
        out->factor = number_node(code, BL_RATIONAL(1), node->span);
        return out->factor && !has_root(out->root, depth);
    }
    if (is_negation(node))
        return root_form_of(code, node->kids[BL_UNARY_E], depth + 1, &right) &&
               join_roots(code, out, &right, true);
    if (is_sum(node))
        return root_form_of(code, node->kids[BL_BINARY_LEFT], depth + 1, out) &&
               root_form_of(code, node->kids[BL_BINARY_RIGHT], depth + 1, &right) &&
               join_roots(code, out, &right, bl_node_operator(node) == BL_OPERATOR_SUBTRACT);
    if (!product_of(node, &p)) return false;
    bool is_left = has_root(p.left, depth);
    const bl_node *other = is_left ? p.right : p.left;
    if (has_root(other, depth) || (p.is_division && !is_left)) return false;
    if (!root_form_of(code, is_left ? p.left : p.right, depth + 1, out)) return false;
    out->plain = scaled(code, out->plain, other, p.is_division);
    out->factor = scaled(code, out->factor, other, p.is_division);
    return !code->has_failed;
}

static bl_comparison comparison_of(bl_operator op)
{
    if (op == BL_OPERATOR_LESS) return BL_LESS;
    if (op == BL_OPERATOR_LESS_EQUAL) return BL_LESS_EQUAL;
    if (op == BL_OPERATOR_GREATER) return BL_GREATER;
    if (op == BL_OPERATOR_GREATER_EQUAL) return BL_GREATER_EQUAL;
    return op == BL_OPERATOR_EQUAL ? BL_EQUAL : BL_UNEQUAL;
}

static bool has_root_in_comparison(const bl_node *node)
{
    return has_root(node->kids[BL_BINARY_LEFT], 0) || has_root(node->kids[BL_BINARY_RIGHT], 0);
}

static void report_roots(bl_emitter *code, const bl_node *node)
{
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0308, node->span,
                               "this comparison cannot be brought to the form a > b * sqrt(c)");
    bl_diag_help(code->compiler->diagnostics, d,
                 "use one square root, times or divided by numbers");
    code->has_failed = true;
}

static void emit_or_zero(bl_emitter *code, const bl_node *node, bl_span span)
{
    if (node)
        bl_code_value(code, node, BL_BASE_NUMBER);
    else
        bl_code_constant(code, bl_value_number(BL_RATIONAL(0)), span);
}

/* left = p1 + q1 sqrt(c), right = p2 + q2 sqrt(c): p1 - p2 (comparison) (q2 - q1) sqrt(c) */
bool bl_code_root_comparison(bl_emitter *code, const bl_node *node)
{
    if (!has_root_in_comparison(node)) return false;
    root_form left, right;
    if (!root_form_of(code, node->kids[BL_BINARY_LEFT], 0, &left) ||
        !root_form_of(code, node->kids[BL_BINARY_RIGHT], 0, &right) || (left.root && right.root)) {
        report_roots(code, node);
        return true;
    }
    const bl_node *a = sum_of(code, left.plain, right.plain, true);
    const bl_node *b = sum_of(code, right.factor, left.factor, true);
    const bl_node *c = left.root ? left.root : right.root;
    if (code->has_failed) return true;
    emit_or_zero(code, a, node->span);
    emit_or_zero(code, b, node->span);
    bl_code_value(code, c, BL_BASE_NUMBER);
    bl_code_add(code, OP_COMPARE_ROOT, (uint32_t)comparison_of(bl_node_operator(node)), 0,
                node->span);
    return true;
}

static void code_least_whole(bl_emitter *code, const bl_node *node)
{
    root_form form;
    if (root_form_of(code, node, 0, &form) && !form.plain) {
        bl_code_value(code, form.factor, BL_BASE_NUMBER);
        bl_code_value(code, form.root, BL_BASE_NUMBER);
        bl_code_add(code, OP_CEILING_ROOT, 0, 0, node->span);
    } else if (!code->has_failed) {
        bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0308, node->span,
                                   "this cannot be brought to the form b * sqrt(c)");
        bl_diag_help(code->compiler->diagnostics, d,
                     "use one square root, times or divided by numbers");
        code->has_failed = true;
    }
}

bool bl_emit_least_whole(bl_compiler *compiler, const bl_env *env, bl_node *node, uint32_t *chunk)
{
    const bl_type number = bl_type_of_base(BL_BASE_NUMBER);
    if (!bl_type_expression(compiler, env, node, &number)) return false;
    bl_emitter code;
    bl_code_init(&code, compiler, env, node->span);
    code_least_whole(&code, node);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    return bl_code_finish(&code, chunk);
}

bool bl_node_has_root(const bl_node *node)
{
    return has_root(node, 0);
}

/* ---- the tree ---- */

typedef struct tree {
    bl_compiler *compiler;
    const bl_env *env;
    uint32_t first_aggregate;
    unsigned depth;
} tree;

static void tree_code(const tree *t, bl_emitter *code, bl_span span)
{
    bl_code_init(code, t->compiler, t->env, span);
    code->has_aggregates = true;
    code->first_aggregate = t->first_aggregate;
}

static bool emit_chunk(const tree *t, const bl_node *node, bl_base base, uint32_t *chunk)
{
    bl_emitter code;
    tree_code(t, &code, node->span);
    bl_code_value(&code, node, base);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    return bl_code_finish(&code, chunk);
}

/* A number that is fixed when the stage opens: it sees no running sums. */
static bool emit_fixed(const tree *t, const bl_node *node, uint32_t *chunk)
{
    bl_emitter code;
    bl_code_init(&code, t->compiler, t->env, node->span);
    bl_code_value(&code, node, BL_BASE_NUMBER);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    return bl_code_finish(&code, chunk);
}

static bool is_zero(const bl_node *node)
{
    bl_rational number;
    return !node ||
           (bl_number_fold(node, 0, &number) && bl_rational_compare(number, BL_RATIONAL(0)) == 0);
}

static bool emit_terms(const tree *t, const linear *form, bl_condition *condition)
{
    uint32_t chunks[LINEAR_TERMS_MAX];
    for (uint32_t i = 0; i < form->count; i++)
        if (!emit_fixed(t, form->terms[i].coefficient, &chunks[i])) return false;
    if (!is_zero(form->constant) && !emit_fixed(t, form->constant, &condition->constant_chunk))
        return false;
    condition->terms = (bl_range){t->compiler->program->term_count, form->count};
    for (uint32_t i = 0; i < form->count; i++) {
        bl_term *row = bl_table_row(t->compiler, term);
        if (!row) return false;
        *row = (bl_term){form->terms[i].aggregate, chunks[i]};
    }
    condition->is_linear = true;
    return true;
}

/* left - right as a sum, where it is one. */
static bool emit_linear(const tree *t, const bl_node *node, bl_condition *condition)
{
    bl_emitter code;
    linear left, right;
    tree_code(t, &code, node->span);
    bool is_linear = linearize(&code, node->kids[BL_BINARY_LEFT], &left) &&
                     linearize(&code, node->kids[BL_BINARY_RIGHT], &right) &&
                     add_linear(&code, &left, &right, true);
    if (code.has_failed) return false;
    return !is_linear || emit_terms(t, &left, condition);
}

static bool emit_comparison(const tree *t, const bl_node *node, bl_condition *condition)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    condition->kind = BL_CONDITION_COMPARE;
    condition->comparison = comparison_of(bl_node_operator(node));
    condition->left_text = bl_emit_text(t->compiler, left->span);
    condition->right_text = bl_emit_text(t->compiler, right->span);
    if (!emit_chunk(t, node, BL_BASE_BOOLEAN, &condition->test_chunk)) return false;
    if (has_root_in_comparison(node)) return true;
    return emit_chunk(t, left, BL_BASE_NUMBER, &condition->left_chunk) &&
           emit_chunk(t, right, BL_BASE_NUMBER, &condition->right_chunk) &&
           emit_linear(t, node, condition);
}

static bool emit_test(const tree *t, const bl_node *node, bl_condition *condition)
{
    bl_uses uses = {0};
    condition->kind = BL_CONDITION_TEST;
    if (!bl_uses_add(t->compiler, node, &uses)) return false;
    condition->is_fixed = !uses.has_ballots && !uses.can_change;
    return emit_chunk(t, node, BL_BASE_BOOLEAN, &condition->test_chunk);
}

static bool is_comparison_of_numbers(const bl_node *node)
{
    return node->kind == BL_NODE_BINARY && bl_operator_is_comparison(bl_node_operator(node)) &&
           bl_type_is_numeric(node->kids[BL_BINARY_LEFT]->type) &&
           bl_type_is_numeric(node->kids[BL_BINARY_RIGHT]->type);
}

static bool emit_tree(tree *t, const bl_node *node, uint32_t *out);

static bool emit_branches(tree *t, const bl_node *node, bl_condition *condition)
{
    if (node->kind == BL_NODE_UNARY) {
        condition->kind = BL_CONDITION_NOT;
        return emit_tree(t, node->kids[BL_UNARY_E], &condition->left);
    }
    bool is_and = bl_node_operator(node) == BL_OPERATOR_AND;
    condition->kind = is_and ? BL_CONDITION_AND : BL_CONDITION_OR;
    return emit_tree(t, node->kids[BL_BINARY_LEFT], &condition->left) &&
           emit_tree(t, node->kids[BL_BINARY_RIGHT], &condition->right);
}

static bool is_branching(const bl_node *node)
{
    if (node->kind == BL_NODE_UNARY) return bl_node_operator(node) == BL_OPERATOR_NOT;
    if (node->kind != BL_NODE_BINARY) return false;
    return bl_node_operator(node) == BL_OPERATOR_AND || bl_node_operator(node) == BL_OPERATOR_OR;
}

static bool emit_tree_node(tree *t, const bl_node *node, uint32_t *out)
{
    bl_program *program = t->compiler->program;
    bl_condition made = {.left = BL_NONE,
                         .right = BL_NONE,
                         .test_chunk = BL_NONE,
                         .left_chunk = BL_NONE,
                         .right_chunk = BL_NONE,
                         .constant_chunk = BL_NONE,
                         .text = bl_emit_text(t->compiler, node->span),
                         .span = node->span};
    if (!bl_table_row(t->compiler, condition)) return false;
    *out = program->condition_count - 1; /* before those below it */
    if (!is_branching(node)) bl_rise_of(t->compiler, node, &made.rises_with, &made.falls_with);
    bool is_good = is_branching(node)               ? emit_branches(t, node, &made)
                   : is_comparison_of_numbers(node) ? emit_comparison(t, node, &made)
                                                    : emit_test(t, node, &made);
    program->conditions[*out] = made;
    return is_good;
}

static bool emit_tree(tree *t, const bl_node *node, uint32_t *out)
{
    if (t->depth >= BL_AST_DEPTH_MAX) {
        bl_report_depth(t->compiler, node->span);
        return false;
    }
    t->depth++;
    bool is_good = emit_tree_node(t, node, out);
    t->depth--;
    return is_good;
}

bool bl_emit_condition(bl_compiler *compiler, const bl_env *env, bl_node *node, uint32_t *condition)
{
    bl_type want = bl_type_of_base(BL_BASE_BOOLEAN);
    bl_env inside = *env;
    if (inside.local_count == 0)
        inside.local_count = 1; /* the actor of aggregates; loops go behind it */
    if (!bl_type_expression(compiler, &inside, node, &want)) return false;
    uint32_t from = env->aggregates_from ? *env->aggregates_from
                                         : compiler->program->aggregate_count;
    tree t = {compiler, &inside, from, 0};
    return emit_tree(&t, node, condition);
}
