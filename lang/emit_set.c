/*
 * Sets of actors, both ways: to make them, and to ask for one member; and what expressions depend
 * on.
 *
 * Asking must give what making gives. The two functions stand side by side and go through the same
 * meanings, so that what is added to one is seen to be missing in the other.
 */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

#include "../runtime/limits.h"

/* ---- making ---- */

static bl_opcode set_opcode(const bl_node *node)
{
    if (node->kind != BL_NODE_BINARY) return OP_NOTHING;
    switch (bl_node_operator(node)) {
    case BL_OPERATOR_OR: return OP_SET_UNION;
    case BL_OPERATOR_AMONG: return OP_SET_AMONG;
    case BL_OPERATOR_EXCEPT: return OP_SET_EXCEPT;
    case BL_OPERATOR_NOT:
    case BL_OPERATOR_NEGATE:
    case BL_OPERATOR_COUNT:
    case BL_OPERATOR_AND:
    case BL_OPERATOR_EQUAL:
    case BL_OPERATOR_UNEQUAL:
    case BL_OPERATOR_LESS:
    case BL_OPERATOR_LESS_EQUAL:
    case BL_OPERATOR_GREATER:
    case BL_OPERATOR_GREATER_EQUAL:
    case BL_OPERATOR_ADD:
    case BL_OPERATOR_SUBTRACT:
    case BL_OPERATOR_MULTIPLY:
    case BL_OPERATOR_DIVIDE:
    case BL_OPERATOR_OF_NUMBER:
    case BL_OPERATOR_IN:
    case BL_OPERATOR_MATCHES:
    case BL_OPERATOR_BEGINS_WITH:
    case BL_OPERATOR_CONTAINS: break;
    }
    return OP_NOTHING;
}

static void report_anyone(bl_emitter *code, const bl_node *node)
{
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0306, node->span,
                               "`anyone` has no size and no members that could be listed");
    bl_diag_help(code->compiler->diagnostics, d, "`anyone` stands alone, as in `raised by anyone`");
    code->has_failed = true;
}

/* Pushes the instance that a role `of E` or `of any other` speaks of. */
static void emit_place(bl_emitter *code, const bl_node *node)
{
    const bl_node *place = node->kids[node->ref == BL_MEANING_ROLE_OF ? BL_OF_E : BL_EXPANSION];
    if (place)
        bl_code_value(code, place, BL_BASE_INSTANCE);
    else
        bl_code_add(code, OP_INSTANCE, 0, 0, node->span);
}

static void emit_actors(bl_emitter *code, const bl_node *node)
{
    bl_code_fit(code, node, node->type);
    bl_code_add(code, OP_SET_ACTOR, 0, 0, node->span);
}

static bool is_set_name(const bl_node *node)
{
    return node->kind == BL_NODE_NAME || node->kind == BL_NODE_OF;
}

/* A set by name; false where the name is a plain value. */
static bool emit_set_name(bl_emitter *code, const bl_node *node)
{
    bl_span span = node->span;
    if (!is_set_name(node)) return false;
    if (node->ref == BL_MEANING_ANYONE)
        report_anyone(code, node);
    else if (node->ref == BL_MEANING_EXPANDED)
        bl_code_set(code, node->kids[BL_EXPANSION]);
    else if (node->ref == BL_MEANING_BALLOT)
        bl_code_add(code, OP_SET_BALLOT, node->ref2, 0, span);
    else if (node->ref == BL_MEANING_CONFLICTED)
        bl_code_add(code, OP_SET_CONFLICTED, 0, 0, span);
    else if (node->ref == BL_MEANING_ROLE)
        bl_code_add(code, OP_SET_ROLE, 0, node->ref2, span);
    else if (node->ref == BL_MEANING_ROLE_ANY)
        bl_code_add(code, OP_SET_ROLE_ANY, 0, node->ref2, span);
    else if (node->ref == BL_MEANING_ROLE_OF || node->ref == BL_MEANING_ROLE_OTHER) {
        emit_place(code, node);
        bool is_of = node->ref == BL_MEANING_ROLE_OF;
        bl_code_add(code, is_of ? OP_SET_ROLE_OF : OP_SET_ROLE_OTHER, 0, node->ref2, span);
    } else
        return false;
    return true;
}

static void emit_set(bl_emitter *code, const bl_node *node)
{
    bl_opcode op = set_opcode(node);
    if (!bl_type_is(node->type, BL_BASE_SET))
        emit_actors(code, node);
    else if (op != OP_NOTHING) {
        bl_code_set(code, node->kids[BL_BINARY_LEFT]);
        bl_code_set(code, node->kids[BL_BINARY_RIGHT]);
        bl_code_add(code, op, 0, 0, node->span);
    } else if (!emit_set_name(code, node))
        bl_code_plain(code, node);
}

void bl_code_set(bl_emitter *code, const bl_node *node)
{
    if (!bl_code_enter(code, node)) return;
    emit_set(code, node);
    code->depth--;
}

/* ---- asking ---- */

static void emit_membership_of_name(bl_emitter *code, const bl_node *node, uint32_t local)
{
    bl_span span = node->span;
    if (node->ref == BL_MEANING_ANYONE)
        bl_code_constant(code, bl_value_boolean(true), span);
    else if (node->ref == BL_MEANING_EXPANDED)
        bl_code_member(code, node->kids[BL_EXPANSION], local);
    else if (node->ref == BL_MEANING_BALLOT)
        bl_code_add(code, OP_BALLOT_IN, local, node->ref2, span);
    else if (node->ref == BL_MEANING_CONFLICTED)
        bl_code_add(code, OP_IS_CONFLICTED, local, 0, span);
    else if (node->ref == BL_MEANING_ROLE)
        bl_code_add(code, OP_HOLDS, local, node->ref2, span);
    else if (node->ref == BL_MEANING_ROLE_ANY)
        bl_code_add(code, OP_HOLDS_ANY, local, node->ref2, span);
    else {
        emit_place(code, node);
        bool is_of = node->ref == BL_MEANING_ROLE_OF;
        bl_code_add(code, is_of ? OP_HOLDS_OF : OP_HOLDS_OTHER, local, node->ref2, span);
    }
}

static void emit_membership_of_pair(bl_emitter *code, const bl_node *node, uint32_t local,
                                    bl_opcode op)
{
    bl_code_member(code, node->kids[BL_BINARY_LEFT], local);
    uint32_t jump = bl_code_add(code, op == OP_SET_UNION ? OP_OR : OP_AND, 0, 0, node->span);
    bl_code_member(code, node->kids[BL_BINARY_RIGHT], local);
    if (op == OP_SET_EXCEPT) bl_code_add(code, OP_NOT, 0, 0, node->span);
    bl_code_land(code, jump);
}

/* A set that only running can make: the actor is looked up in it. */
static void emit_membership_of_plain(bl_emitter *code, const bl_node *node, uint32_t local)
{
    bl_code_add(code, OP_LOCAL, local, 0, node->span);
    bl_code_plain(code, node);
    bl_code_add(code, OP_IN, 0, 0, node->span);
}

static bool is_plain_name(const bl_node *node)
{
    return node->ref == BL_MEANING_LOCAL || node->ref == BL_MEANING_FIELD ||
           node->ref == BL_MEANING_FUNCTION;
}

void bl_code_member(bl_emitter *code, const bl_node *node, uint32_t local)
{
    if (!bl_code_enter(code, node)) return;
    bl_opcode op = set_opcode(node);
    if (!bl_type_is(node->type, BL_BASE_SET)) {
        bl_code_fit(code, node, node->type);
        bl_code_add(code, OP_SAME_ACTOR, local, 0, node->span);
    } else if (op != OP_NOTHING)
        emit_membership_of_pair(code, node, local, op);
    else if (is_set_name(node) && !is_plain_name(node))
        emit_membership_of_name(code, node, local);
    else
        emit_membership_of_plain(code, node, local);
    code->depth--;
}

/* ---- what an expression depends on ---- */

typedef struct walk {
    bl_compiler *compiler;
    bl_uses *uses;
    unsigned depth;
    uint32_t step_count;
    uint32_t bound_from; /* slots from here on were given out inside of what is walked */
} walk;

static bool is_out_of_memory(bl_compiler *compiler)
{
    compiler->out_of_memory = true;
    return false;
}

/* Takes all marks away. False when out of memory. */
static bool marks_begin(bl_compiler *compiler, bl_marks *marks, uint32_t size)
{
    if (marks->size < size) {
        *marks = (bl_marks){bl_arena_array(compiler->arena, size, sizeof *marks->stamps), size, 0};
        if (!marks->stamps) return is_out_of_memory(compiler);
    }
    marks->stamp++;
    return true;
}

/* Whether it was not marked yet. */
static bool marks_add(bl_marks *marks, uint32_t number)
{
    if (marks->stamps[number] == marks->stamp) return false;
    marks->stamps[number] = marks->stamp;
    return true;
}

static bool walk_node(walk *w, const bl_node *node);

static bool walk_list(walk *w, const bl_node *list)
{
    for (; list; list = list->next)
        if (!walk_node(w, list)) return false;
    return true;
}

static void add_role(bl_compiler *compiler, uint32_t role)
{
    if (marks_add(&compiler->role_marks, role))
        compiler->roles_used[compiler->role_used_count++] = role;
}

static void use_role(walk *w, uint32_t role)
{
    w->uses->can_change = true;
    add_role(w->compiler, role);
}

static void use_attribute(walk *w, uint32_t index)
{
    const bl_attribute *attribute = &w->compiler->program->attributes[index];
    if (attribute->can_change || attribute->has_changers) w->uses->can_change = true;
}

/* The expression of a constant or function; its own locals are not free. */
static bool walk_function(walk *w, uint32_t index)
{
    const bl_program *program = w->compiler->program;
    const bl_symbol *symbol = bl_symbol_find(
        w->compiler, bl_names_text(program->names, program->functions[index].name));
    if (!symbol || !marks_add(&w->compiler->function_marks, index)) return true;
    bool is_let = symbol->kind == BL_SYMBOL_LET;
    uint32_t bound_from = w->bound_from;
    w->bound_from = 0;
    bool is_good = walk_node(w, symbol->node->kids[is_let ? BL_LET_VALUE : BL_FUNCTION_VALUE]);
    w->bound_from = bound_from;
    return is_good;
}

static bool walk_meaning(walk *w, const bl_node *node)
{
    bl_uses *uses = w->uses;
    switch ((bl_meaning)node->ref) {
    case BL_MEANING_LOCAL:
        if (node->ref2 < w->bound_from) uses->has_free_locals = true;
        return true;
    case BL_MEANING_BALLOT: uses->has_ballots = true; return true;
    case BL_MEANING_CONFLICTED:
        uses->has_conflicts = true;
        uses->can_change = true;
        return true;
    case BL_MEANING_ROLE:
    case BL_MEANING_ROLE_OF:
    case BL_MEANING_ROLE_ANY:
    case BL_MEANING_ROLE_OTHER: use_role(w, node->ref2); return true;
    case BL_MEANING_ATTRIBUTE: use_attribute(w, node->ref2); return true;
    case BL_MEANING_FUNCTION: return walk_function(w, node->ref2);
    case BL_MEANING_NOW:
    case BL_MEANING_EVENT:
    case BL_MEANING_EVENT_FIELD:
    case BL_MEANING_INSTANCES:
    case BL_MEANING_STATE: uses->can_change = true; return true;
    case BL_MEANING_PROPERTY:
        if (node->ref2 == BL_PROPERTY_PROPOSAL_DECIDED || node->ref2 == BL_PROPERTY_PROPOSAL_RUNG)
            uses->can_change = true;
        return true;
    case BL_MEANING_PLAIN:
    case BL_MEANING_NAMED:
    case BL_MEANING_FIELD:
    case BL_MEANING_PROPOSAL:
    case BL_MEANING_AUTHOR:
    case BL_MEANING_INSTANCE:
    case BL_MEANING_ANYONE:
    case BL_MEANING_ROLE_VALUE:
    case BL_MEANING_PROCEDURE:
    case BL_MEANING_BUILTIN:
    case BL_MEANING_EXPANDED:
    case BL_MEANING_PRODUCT:
    case BL_MEANING_GIVEN:
    case BL_MEANING_ACTOR_KIND:
    case BL_MEANING_MEMBER:
    case BL_MEANING_SAME: return true;
    }
    return true;
}

/* Names that typing never looked at: binders, scopes behind `any`, states and the like behind `is`.
 */
static bool is_mere_word(const bl_node *node, int kid)
{
    if (node->kind == BL_NODE_QUANTIFIER) return kid == BL_QUANTIFIER_BINDER;
    if (node->kind == BL_NODE_OF) return kid == BL_OF_E && (node->flags & BL_FLAG_ANY);
    return node->kind == BL_NODE_IS && kid == BL_IS_RIGHT && node->ref != BL_MEANING_MEMBER &&
           node->ref != BL_MEANING_SAME;
}

static bool walk_kids(walk *w, const bl_node *node)
{
    uint32_t bound_from = w->bound_from;
    if (node->kind == BL_NODE_QUANTIFIER && node->ref2 < bound_from) w->bound_from = node->ref2;
    bool is_good = true;
    for (int i = 0; i < BL_NODE_KIDS && is_good; i++)
        if (!is_mere_word(node, i)) is_good = walk_list(w, node->kids[i]);
    w->bound_from = bound_from;
    return is_good;
}

static bool walk_node(walk *w, const bl_node *node)
{
    if (w->depth >= BL_AST_DEPTH_MAX) {
        bl_report_depth(w->compiler, node->span);
        return false;
    }
    if (++w->step_count > BL_WALK_MAX) {
        bl_diag(w->compiler->diagnostics, BL_B0315, node->span,
                "this has more than %u parts, those of bodies counted too", BL_WALK_MAX);
        return false;
    }
    w->depth++;
    if (node->kind == BL_NODE_TOTAL) use_attribute(w, node->ref2);
    bool is_name = node->kind == BL_NODE_NAME;
    bool is_good = walk_meaning(w, node);
    if (is_good && !is_name)
        is_good = walk_kids(w, node);
    else if (is_good && node->ref == BL_MEANING_EXPANDED)
        is_good = walk_node(w, node->kids[BL_EXPANSION]);
    w->depth--;
    return is_good;
}

static bool begin_roles(bl_compiler *compiler)
{
    const uint32_t role_count = compiler->program->role_count;
    compiler->role_used_count = 0;
    if (!compiler->roles_used)
        compiler->roles_used = bl_arena_array(compiler->arena, role_count,
                                              sizeof *compiler->roles_used);
    if (!compiler->roles_used) return is_out_of_memory(compiler);
    return marks_begin(compiler, &compiler->role_marks, role_count);
}

bool bl_uses_add(bl_compiler *compiler, const bl_node *node, bl_uses *uses)
{
    if (!begin_roles(compiler) ||
        !marks_begin(compiler, &compiler->function_marks, compiler->program->function_count))
        return false;
    walk w = {.compiler = compiler, .uses = uses, .bound_from = UINT32_MAX};
    return walk_node(&w, node);
}

static int compare_roles(const void *a, const void *b)
{
    const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

bool bl_uses_roles(bl_compiler *compiler, bl_span span, bl_range *out)
{
    const bl_program *program = compiler->program;
    const uint32_t written = compiler->role_used_count;
    for (uint32_t i = 0; i < written; i++) {
        const bl_range by = program->roles[compiler->roles_used[i]].included_by;
        for (uint32_t k = 0; k < by.count; k++)
            add_role(compiler, program->indexes[by.first + k]);
    }
    if (compiler->role_used_count > 1)
        qsort(compiler->roles_used, compiler->role_used_count, sizeof *compiler->roles_used,
              compare_roles);
    return bl_emit_indexes(compiler, span, compiler->roles_used, compiler->role_used_count, out);
}

/* ---- bodies ---- */

static bool emit_both_ways(bl_compiler *compiler, const bl_env *env, const bl_node *node,
                           bl_body *body)
{
    bl_emitter code;
    bl_code_init(&code, compiler, env, node->span);
    bl_code_set(&code, node);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    if (!bl_code_finish(&code, &body->set_chunk)) return false;
    bl_code_init(&code, compiler, env, node->span);
    bl_code_member(&code, node, 0);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    return bl_code_finish(&code, &body->member_chunk);
}

static bool emit_body(bl_compiler *compiler, const bl_env *env, const bl_node *node, bl_body *body)
{
    bl_uses uses = {0};
    if (!bl_uses_add(compiler, node, &uses)) return false;
    body->uses_conflicts = uses.has_conflicts;
    return bl_uses_roles(compiler, node->span, &body->roles) &&
           emit_both_ways(compiler, env, node, body);
}

bool bl_emit_body(bl_compiler *compiler, const bl_env *env, bl_node *node, uint32_t *body)
{
    bl_type want = bl_type_of_base(BL_BASE_SET);
    bl_env inside = *env;
    inside.locals = NULL; /* a body is asked about an actor and knows no other local */
    inside.local_count = 1;
    if (!bl_type_expression(compiler, &inside, node, &want)) return false;
    bl_body made = {.set_chunk = BL_NONE, .member_chunk = BL_NONE, .span = node->span};
    made.is_anyone = bl_node_is_anyone(node);
    made.text = bl_emit_text(compiler, node->span);
    if (!made.is_anyone && !emit_body(compiler, &inside, node, &made)) return false;
    bl_program *program = compiler->program;
    bl_body *row = bl_table_add(compiler, &program->bodies, &program->body_count, sizeof *row);
    if (!row) return false;
    *row = made;
    *body = program->body_count - 1;
    return true;
}
