/*
 * Typed expressions to code: chunks and values. The program's tables are in emit_tables.c, sets of
 * actors in emit_set.c, conditions of stages in emit_condition.c, effects in emit_effects.c.
 *
 * A chunk is put together apart and copied into the program when it is finished, because one
 * expression may need others (weights, coefficients) and code of a chunk stands together. Jumps
 * count from its start. Who pushes knows the type that is wanted: a set becomes a number, an actor
 * a set, where the consumer says so.
 */
#include "emit.h"

#include <assert.h>
#include <string.h>

#include "../runtime/limits.h"

const bl_env bl_env_empty = {.given_to = {BL_NONE, 0, 0},
                             .kind = BL_NONE,
                             .instance_scope = BL_NONE,
                             .weight_chunk = BL_NONE,
                             .weight_attribute = BL_NONE,
                             .event = BL_NONE,
                             .effects_kind = BL_NONE,
                             .effects_event = BL_NONE};

/* ---- chunks ---- */

void bl_code_init(bl_emitter *code, bl_compiler *compiler, const bl_env *env, bl_span span)
{
    *code = (bl_emitter){.compiler = compiler, .env = env, .span = span};
    code->local_count = env->local_count;
}

enum { CAPACITY_LEAST = 32 };
_Static_assert(BL_CHUNK_SIZE_MAX % CAPACITY_LEAST == 0, "doubling meets the limit");

static bool grow_code(bl_emitter *code)
{
    if (code->count < code->capacity) return true;
    if (code->count >= BL_CHUNK_SIZE_MAX) {
        bl_diag(code->compiler->diagnostics, BL_B0315, code->span,
                "this needs more than %u instructions", BL_CHUNK_SIZE_MAX);
        code->has_failed = true;
        return false;
    }
    uint32_t capacity = code->capacity ? code->capacity * 2 : CAPACITY_LEAST;
    bl_instruction *instructions = bl_arena_array(code->compiler->arena, capacity,
                                                  sizeof *instructions);
    bl_span *spans = bl_arena_array(code->compiler->arena, capacity, sizeof *spans);
    if (!instructions || !spans) {
        code->compiler->out_of_memory = true;
        code->has_failed = true;
        return false;
    }
    if (code->count) {
        memcpy(instructions, code->instructions, code->count * sizeof *instructions);
        memcpy(spans, code->spans, code->count * sizeof *spans);
    }
    code->instructions = instructions;
    code->spans = spans;
    code->capacity = capacity;
    return true;
}

static bool is_local_operand(bl_opcode op)
{
    static const char *const operands[] = {
#define OPCODE(name, a, b, pops, pushes, does) #a,
#include "../runtime/opcodes.def"
#undef OPCODE
    };
    return strcmp(operands[op], "LOCAL") == 0;
}

static void note_local(bl_emitter *code, bl_opcode op, uint32_t local)
{
    if (!is_local_operand(op)) return;
    uint32_t last = op == OP_NEXT || op == OP_LOOP ? local + 2 : local;
    if (last + 1 > code->local_count) code->local_count = last + 1;
}

static int pops_of(bl_opcode op)
{
    static const int8_t pops_by_op[] = {
#define OPCODE(name, a, b, pops, pushes, does) pops,
#include "../runtime/opcodes.def"
#undef OPCODE
    };
    return pops_by_op[op];
}

static uint32_t pushes_of(bl_opcode op)
{
    static const uint8_t pushes_by_op[] = {
#define OPCODE(name, a, b, pops, pushes, does) pushes,
#include "../runtime/opcodes.def"
#undef OPCODE
    };
    /* `and` and `or` keep the top only where they jump, and there the other side has pushed its own
     */
    return op == OP_AND || op == OP_OR ? 0 : pushes_by_op[op];
}

/* Told where it is reached: what follows would need more, for each attribute of a scope maybe. */
static void check_size(bl_emitter *code)
{
    if (code->stack_most <= BL_STACK_MAX && code->local_count <= BL_STACK_MAX) return;
    bl_diag(code->compiler->diagnostics, BL_B0315, code->span,
            "this needs more than %d values at once", BL_STACK_MAX);
    code->has_failed = true;
}

uint32_t bl_code_add_popping(bl_emitter *code, bl_opcode op, uint32_t a, uint32_t b, uint32_t pops,
                             bl_span span)
{
    if (code->has_failed || !grow_code(code)) return 0;
    assert(code->stack_size >= pops);
    code->stack_size = code->stack_size - pops + pushes_of(op);
    if (code->stack_size > code->stack_most) code->stack_most = code->stack_size;
    note_local(code, op, a);
    code->instructions[code->count] = (bl_instruction){(uint16_t)op, (uint16_t)a, b};
    code->spans[code->count] = span;
    if (a > UINT16_MAX) code->stack_most = UINT32_MAX;
    check_size(code);
    return code->count++;
}

uint32_t bl_code_add(bl_emitter *code, bl_opcode op, uint32_t a, uint32_t b, bl_span span)
{
    assert(pops_of(op) >= 0);
    return bl_code_add_popping(code, op, a, b, (uint32_t)pops_of(op), span);
}

void bl_code_land(bl_emitter *code, uint32_t jump)
{
    if (!code->has_failed) code->instructions[jump].b = code->count;
}

void bl_code_constant(bl_emitter *code, bl_value value, bl_span span)
{
    uint32_t constant = bl_emit_constant(code->compiler, value);
    if (constant == BL_NONE) code->has_failed = true;
    bl_code_add(code, OP_CONSTANT, 0, constant, span);
}

static bool append_code(bl_emitter *code)
{
    bl_program *program = code->compiler->program;
    for (uint32_t i = 0; i < code->count; i++) {
        uint32_t span_count = program->code_count;
        bl_instruction *instruction = bl_table_add(code->compiler, &program->code,
                                                   &program->code_count, sizeof *instruction);
        if (!instruction) return false;
        bl_span *span = bl_table_add(code->compiler, &program->code_spans, &span_count,
                                     sizeof *span);
        if (!span) return false;
        *instruction = code->instructions[i];
        *span = code->spans[i];
    }
    return true;
}

/* Told once: nothing is compiled from then on. */
static bool fills_program(bl_emitter *code)
{
    bl_compiler *compiler = code->compiler;
    if (code->count <= BL_CODE_COUNT_MAX - compiler->program->code_count) return false;
    if (!compiler->is_full) {
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, code->span,
                                   "a policy may need %u instructions at most", BL_CODE_COUNT_MAX);
        bl_diag_label(compiler->diagnostics, d, "too many with this");
    }
    compiler->is_full = true;
    return true;
}

bool bl_code_finish(bl_emitter *code, uint32_t *chunk)
{
    bl_compiler *compiler = code->compiler;
    bl_program *program = compiler->program;
    if (code->has_failed || compiler->out_of_memory || fills_program(code)) return false;
    uint32_t first = program->code_count;
    if (!append_code(code)) return false;
    bl_chunk *row = bl_table_row(compiler, chunk);
    if (!row) return false;
    *row = (bl_chunk){first, code->count, code->local_count, code->stack_most, code->span};
    *chunk = program->chunk_count - 1;
    return true;
}

bool bl_code_enter(bl_emitter *code, const bl_node *node)
{
    if (code->has_failed) return false;
    if (code->depth < BL_AST_DEPTH_MAX) {
        code->depth++;
        return true;
    }
    bl_report_depth(code->compiler, node->span);
    code->has_failed = true;
    return false;
}

bool bl_emit_weight(bl_compiler *compiler, uint32_t attribute, bl_span span, uint32_t *chunk)
{
    bl_env env = bl_env_empty;
    env.local_count = 1; /* the actor */
    bl_emitter code;
    bl_code_init(&code, compiler, &env, span);
    bl_code_add(&code, OP_LOCAL, 0, 0, span);
    bl_code_add(&code, OP_ATTRIBUTE, 0, attribute, span);
    bl_code_add(&code, OP_RETURN, 0, 0, span);
    return bl_code_finish(&code, chunk);
}

/* ---- arithmetic that needs no running ---- */

static bool fold_binary(const bl_node *node, unsigned depth, bl_rational *out)
{
    bl_rational left, right;
    if (!bl_number_fold(node->kids[BL_BINARY_LEFT], depth + 1, &left) ||
        !bl_number_fold(node->kids[BL_BINARY_RIGHT], depth + 1, &right))
        return false;
    bl_operator op = bl_node_operator(node);
    if (op == BL_OPERATOR_ADD) return bl_rational_add(left, right, out);
    if (op == BL_OPERATOR_SUBTRACT) return bl_rational_subtract(left, right, out);
    if (op == BL_OPERATOR_DIVIDE) return bl_rational_divide(left, right, out);
    return (op == BL_OPERATOR_MULTIPLY || op == BL_OPERATOR_OF_NUMBER) &&
           bl_rational_multiply(left, right, out);
}

bool bl_number_fold(const bl_node *node, unsigned depth, bl_rational *out)
{
    if (depth >= BL_AST_DEPTH_MAX || !bl_type_is(node->type, BL_BASE_NUMBER)) return false;
    if (node->kind == BL_NODE_NUMBER) {
        *out = node->as.number;
        return true;
    }
    if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_NEGATE)
        return bl_number_fold(node->kids[BL_UNARY_E], depth + 1, out) &&
               bl_rational_negate(*out, out);
    return node->kind == BL_NODE_BINARY && fold_binary(node, depth, out);
}

/* ---- values: leaves ---- */

static void emit_number(bl_emitter *code, const bl_node *node)
{
    bl_code_constant(code, bl_value_number(node->as.number), node->span);
}

static void emit_named(bl_emitter *code, const bl_node *node)
{
    uint32_t name = bl_emit_name(code->compiler, node->name);
    if (name == BL_NONE) code->has_failed = true;
    if (node->type.base == BL_BASE_ACTOR)
        bl_code_add(code, OP_ACTOR_NAMED, 0, name, node->span);
    else if (node->type.base == BL_BASE_INSTANCE)
        bl_code_add(code, OP_INSTANCE_NAMED, node->type.index, name, node->span);
    else
        bl_code_add(code, OP_PROPOSAL_NAMED, 0, name, node->span);
}

static void emit_text(bl_emitter *code, const bl_node *node)
{
    if (node->name.size > BL_TEXT_SIZE_MAX) {
        bl_diag(code->compiler->diagnostics, BL_B0315, node->span, "a text of more than %u bytes",
                BL_TEXT_SIZE_MAX);
        code->has_failed = true;
        return;
    }
    if (node->ref == BL_MEANING_NAMED)
        emit_named(code, node);
    else
        bl_code_constant(code, bl_value_text(node->name), node->span);
}

static void emit_boolean(bl_emitter *code, const bl_node *node)
{
    bl_code_constant(code, bl_value_boolean((node->flags & BL_FLAG_TRUE) != 0), node->span);
}

static void emit_duration(bl_emitter *code, const bl_node *node)
{
    bl_value value = {.base = BL_BASE_DURATION, .as.duration = node->as.duration};
    bl_code_constant(code, value, node->span);
}

static void emit_time(bl_emitter *code, const bl_node *node)
{
    bl_value value = {.base = BL_BASE_TIME, .as.time = node->as.time};
    bl_code_constant(code, value, node->span);
}

static void emit_list(bl_emitter *code, const bl_node *node)
{
    uint32_t count = 0;
    bl_type type = node->type;
    type.is_list = false;
    for (const bl_node *item = node->kids[BL_LIST_ITEMS]; item; item = item->next, count++)
        bl_code_fit(code, item, type);
    bl_code_add_popping(code, OP_LIST, count, 0, count, node->span);
}

/* ---- values: names ---- */

static void emit_expansion(bl_emitter *code, const bl_node *node)
{
    const bl_node *meant = node->kids[BL_EXPANSION];
    bl_code_fit(code, meant, meant->type);
}

static void emit_function(bl_emitter *code, const bl_node *node)
{
    const bl_program *program = code->compiler->program;
    bl_range parameters = program->functions[node->ref2].parameters;
    const bl_node *argument = node->kind == BL_NODE_CALL ? node->kids[BL_CALL_ARGUMENTS] : NULL;
    for (uint32_t i = 0; i < parameters.count && argument; i++, argument = argument->next)
        bl_code_fit(code, argument, program->fields[parameters.first + i].type);
    bl_code_add_popping(code, OP_CALL, 0, node->ref2, parameters.count, node->span);
}

static void emit_product(bl_emitter *code, const bl_node *node)
{
    bl_code_value(code, node->kids[BL_EXPANSION], BL_BASE_NUMBER);
    bl_code_value(code, node->kids[BL_OF_E], BL_BASE_NUMBER);
    bl_code_add(code, OP_MULTIPLY, 0, 0, node->span);
}

/* What a field, property or attribute is read from: the base of a DOT, or the context's proposal.
 */
static void emit_base(bl_emitter *code, const bl_node *node)
{
    if (node->kind == BL_NODE_DOT) {
        const bl_node *of = node->kids[BL_DOT_OF];
        bl_code_fit(code, of, of->type);
    } else
        bl_code_add(code, OP_PROPOSAL, 0, 0, node->span);
}

static void emit_read(bl_emitter *code, const bl_node *node, bl_opcode op)
{
    emit_base(code, node);
    bl_code_add(code, op, 0, node->ref2, node->span);
}

/* NAME, OF and DOT by what they mean; sets are not among them. */
static void emit_meaning(bl_emitter *code, const bl_node *node)
{
    bl_span span = node->span;
    switch ((bl_meaning)node->ref) {
    case BL_MEANING_LOCAL: bl_code_add(code, OP_LOCAL, node->ref2, 0, span); return;
    case BL_MEANING_NAMED: emit_named(code, node); return;
    case BL_MEANING_FIELD: emit_read(code, node, OP_FIELD); return;
    case BL_MEANING_PROPOSAL: bl_code_add(code, OP_PROPOSAL, 0, 0, span); return;
    case BL_MEANING_AUTHOR:
        bl_code_add(code, OP_PROPOSAL, 0, 0, span);
        bl_code_add(code, OP_PROPERTY, 0, BL_PROPERTY_PROPOSAL_AUTHOR, span);
        return;
    case BL_MEANING_NOW: bl_code_add(code, OP_NOW, 0, 0, span); return;
    case BL_MEANING_EVENT: bl_code_add(code, OP_EVENT, 0, 0, span); return;
    case BL_MEANING_INSTANCE: bl_code_add(code, OP_INSTANCE, 0, 0, span); return;
    case BL_MEANING_INSTANCES: bl_code_add(code, OP_INSTANCES, 0, node->ref2, span); return;
    case BL_MEANING_ROLE_VALUE:
        bl_code_constant(code, bl_value_index(BL_BASE_ROLE, node->ref2), span);
        return;
    case BL_MEANING_PROCEDURE:
        bl_code_constant(code, bl_value_index(BL_BASE_PROCEDURE, node->ref2), span);
        return;
    case BL_MEANING_FUNCTION: emit_function(code, node); return;
    case BL_MEANING_EXPANDED: emit_expansion(code, node); return;
    case BL_MEANING_PRODUCT: emit_product(code, node); return;
    case BL_MEANING_PROPERTY: emit_read(code, node, OP_PROPERTY); return;
    case BL_MEANING_ATTRIBUTE: emit_read(code, node, OP_ATTRIBUTE); return;
    case BL_MEANING_EVENT_FIELD: emit_read(code, node, OP_EVENT_FIELD); return;
    case BL_MEANING_PLAIN:
    case BL_MEANING_BALLOT:
    case BL_MEANING_CONFLICTED:
    case BL_MEANING_ANYONE:
    case BL_MEANING_ROLE:
    case BL_MEANING_ROLE_OF:
    case BL_MEANING_ROLE_ANY:
    case BL_MEANING_ROLE_OTHER:
    case BL_MEANING_BUILTIN:
    case BL_MEANING_STATE:
    case BL_MEANING_GIVEN:
    case BL_MEANING_ACTOR_KIND:
    case BL_MEANING_MEMBER:
    case BL_MEANING_SAME: break;
    }
    assert(false && "a name that is a value");
}

/* ---- values: calls of built-in functions ---- */

static void report_root(bl_emitter *code, const bl_node *node)
{
    code->has_failed = true;
    if (code->env->has_body) {
        bl_diag(code->compiler->diagnostics, BL_B0308, node->span,
                "a square root stands alone here, or times or divided by numbers");
        return;
    }
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0308, node->span,
                               "a square root stands only in comparisons, where it is exact");
    bl_diag_help(code->compiler->diagnostics, d,
                 "compare with a multiple of it: `approve > 1/2 * sqrt(count body)`");
}

static void emit_size(bl_emitter *code, const bl_node *argument)
{
    bl_type type = argument->type;
    if (bl_type_is(type, BL_BASE_SET)) {
        bl_code_aggregate(code, argument, BL_HEADS, argument->span);
        return;
    }
    bl_code_fit(code, argument, type);
    bl_code_add(code, OP_SIZE, 0, 0, argument->span);
}

static void emit_extreme(bl_emitter *code, const bl_node *node, bl_opcode op)
{
    const bl_node *argument = node->kids[BL_CALL_ARGUMENTS];
    bl_code_value(code, argument, BL_BASE_NUMBER);
    while ((argument = argument->next) != NULL) {
        bl_code_value(code, argument, BL_BASE_NUMBER);
        bl_code_add(code, op, 0, 0, node->span);
    }
}

static void emit_rounding(bl_emitter *code, const bl_node *node, bl_opcode op)
{
    bl_code_value(code, node->kids[BL_CALL_ARGUMENTS], BL_BASE_NUMBER);
    bl_code_add(code, op, 0, 0, node->span);
}

static void emit_call(bl_emitter *code, const bl_node *node)
{
    if (node->ref == BL_MEANING_FUNCTION) {
        emit_function(code, node);
        return;
    }
    switch ((bl_builtin)node->ref2) {
    case BL_BUILTIN_SIZE: emit_size(code, node->kids[BL_CALL_ARGUMENTS]); return;
    case BL_BUILTIN_MIN: emit_extreme(code, node, OP_MINIMUM); return;
    case BL_BUILTIN_MAX: emit_extreme(code, node, OP_MAXIMUM); return;
    case BL_BUILTIN_FLOOR: emit_rounding(code, node, OP_FLOOR); return;
    case BL_BUILTIN_CEILING: emit_rounding(code, node, OP_CEILING); return;
    case BL_BUILTIN_SQRT: report_root(code, node); return;
    }
}

/* ---- values: operators ---- */

static void emit_unary(bl_emitter *code, const bl_node *node)
{
    const bl_node *kid = node->kids[BL_UNARY_E];
    if (bl_node_operator(node) == BL_OPERATOR_COUNT) {
        bl_code_aggregate(code, kid, BL_HEADS, node->span);
        return;
    }
    bool is_not = bl_node_operator(node) == BL_OPERATOR_NOT;
    bl_code_value(code, kid, is_not ? BL_BASE_BOOLEAN : BL_BASE_NUMBER);
    bl_code_add(code, is_not ? OP_NOT : OP_NEGATE, 0, 0, node->span);
}

static void emit_junction(bl_emitter *code, const bl_node *node, bl_opcode op)
{
    bl_code_value(code, node->kids[BL_BINARY_LEFT], BL_BASE_BOOLEAN);
    uint32_t jump = bl_code_add(code, op, 0, 0, node->span);
    bl_code_value(code, node->kids[BL_BINARY_RIGHT], BL_BASE_BOOLEAN);
    bl_code_land(code, jump);
}

static bl_opcode opcode_of(bl_operator op)
{
    switch (op) {
    case BL_OPERATOR_EQUAL: return OP_EQUAL;
    case BL_OPERATOR_UNEQUAL: return OP_UNEQUAL;
    case BL_OPERATOR_LESS: return OP_LESS;
    case BL_OPERATOR_LESS_EQUAL: return OP_LESS_EQUAL;
    case BL_OPERATOR_GREATER: return OP_GREATER;
    case BL_OPERATOR_GREATER_EQUAL: return OP_GREATER_EQUAL;
    case BL_OPERATOR_ADD: return OP_ADD;
    case BL_OPERATOR_SUBTRACT: return OP_SUBTRACT;
    case BL_OPERATOR_MULTIPLY:
    case BL_OPERATOR_OF_NUMBER: return OP_MULTIPLY;
    case BL_OPERATOR_DIVIDE: return OP_DIVIDE;
    case BL_OPERATOR_IN: return OP_IN;
    case BL_OPERATOR_MATCHES: return OP_MATCHES;
    case BL_OPERATOR_BEGINS_WITH: return OP_BEGINS_WITH;
    case BL_OPERATOR_CONTAINS: return OP_CONTAINS;
    case BL_OPERATOR_OR: return OP_OR;
    case BL_OPERATOR_AND: return OP_AND;
    case BL_OPERATOR_NOT: return OP_NOT;
    case BL_OPERATOR_NEGATE: return OP_NEGATE;
    case BL_OPERATOR_COUNT: return OP_SIZE;
    case BL_OPERATOR_EXCEPT: return OP_SET_EXCEPT;
    case BL_OPERATOR_AMONG: return OP_SET_AMONG;
    }
    return OP_NOTHING;
}

/* A side of an operator: sets are numbers there. */
static void emit_side(bl_emitter *code, const bl_node *side)
{
    if (bl_type_is(side->type, BL_BASE_SET))
        bl_code_value(code, side, BL_BASE_NUMBER);
    else
        bl_code_fit(code, side, side->type);
}

static void emit_sides(bl_emitter *code, const bl_node *node)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    bl_operator op = bl_node_operator(node);
    /* the duration stands first: duration * number */
    bool is_turned = op >= BL_OPERATOR_MULTIPLY && op <= BL_OPERATOR_OF_NUMBER &&
                     bl_type_is(right->type, BL_BASE_DURATION);
    emit_side(code, is_turned ? right : left);
    if (op == BL_OPERATOR_IN)
        bl_code_fit(code, right, right->type);
    else
        emit_side(code, is_turned ? left : right);
    bl_code_add(code, opcode_of(op), 0, 0, node->span);
}

static void emit_binary(bl_emitter *code, const bl_node *node)
{
    bl_operator op = bl_node_operator(node);
    bl_rational number;
    if (op == BL_OPERATOR_OR || op == BL_OPERATOR_AND)
        emit_junction(code, node, opcode_of(op));
    else if (bl_number_fold(node, code->depth, &number))
        bl_code_constant(code, bl_value_number(number), node->span);
    else if (!bl_operator_is_comparison(op) || !bl_code_root_comparison(code, node))
        emit_sides(code, node);
}

static void emit_total(bl_emitter *code, const bl_node *node)
{
    bl_weighing weighing = {BL_NONE, node->ref2};
    bl_code_aggregate(code, node->kids[BL_TOTAL_OF], weighing, node->span);
}

static void emit_conditional(bl_emitter *code, const bl_node *node)
{
    bl_code_value(code, node->kids[BL_CONDITIONAL_CONDITION], BL_BASE_BOOLEAN);
    uint32_t otherwise = bl_code_add(code, OP_JUMP_IF_FALSE, 0, 0, node->span);
    bl_code_fit(code, node->kids[BL_CONDITIONAL_THEN], node->type);
    uint32_t done = bl_code_add(code, OP_JUMP, 0, 0, node->span);
    bl_code_land(code, otherwise);
    if (code->stack_size) code->stack_size--; /* only one of the two values is ever there */
    bl_code_fit(code, node->kids[BL_CONDITIONAL_ELSE], node->type);
    bl_code_land(code, done);
}

/* ---- values: loops ---- */

static void store(bl_emitter *code, uint32_t slot, bl_span span)
{
    bl_code_add(code, OP_STORE, slot, 0, span);
}

static void load(bl_emitter *code, uint32_t slot, bl_span span)
{
    bl_code_add(code, OP_LOCAL, slot, 0, span);
}

/* Jumps back to `start` unless the loop's condition holds; without one it always does. */
static void emit_loop_condition(bl_emitter *code, const bl_node *node, uint32_t start)
{
    const bl_node *condition = node->kids[BL_QUANTIFIER_CONDITION];
    if (!condition) return;
    bl_code_value(code, condition, BL_BASE_BOOLEAN);
    bl_code_add(code, OP_JUMP_IF_FALSE, 0, start, node->span);
}

/* any x in S: true at the first that holds; every: false at the first that does not. */
static void emit_question(bl_emitter *code, const bl_node *node, uint32_t start, uint32_t next)
{
    bool is_any = (node->flags & BL_FLAG_ANY) != 0;
    uint32_t broken = 0;
    if (is_any)
        emit_loop_condition(code, node, start);
    else {
        bl_code_value(code, node->kids[BL_QUANTIFIER_CONDITION], BL_BASE_BOOLEAN);
        broken = bl_code_add(code, OP_JUMP_IF_FALSE, 0, 0, node->span);
        bl_code_add(code, OP_JUMP, 0, start, node->span);
        bl_code_land(code, broken);
    }
    bl_code_constant(code, bl_value_boolean(is_any), node->span);
    uint32_t done = bl_code_add(code, OP_JUMP, 0, 0, node->span);
    bl_code_land(code, next);
    if (code->stack_size) code->stack_size--;
    bl_code_constant(code, bl_value_boolean(!is_any), node->span);
    bl_code_land(code, done);
}

static void emit_first(bl_emitter *code, const bl_node *node, uint32_t start, uint32_t next)
{
    emit_loop_condition(code, node, start);
    load(code, node->ref2 + BL_LOOP_SLOTS - 1, node->span);
    uint32_t done = bl_code_add(code, OP_JUMP, 0, 0, node->span);
    bl_code_land(code, next);
    if (code->stack_size) code->stack_size--;
    bl_code_add(code, OP_NOTHING, 0, 0, node->span);
    bl_code_land(code, done);
}

/* The first of those with the greatest (or least) key. */
static void emit_best(bl_emitter *code, const bl_node *node, uint32_t start, uint32_t next)
{
    const bl_node *by = node->kids[BL_QUANTIFIER_BY];
    uint32_t best = node->ref2 + BL_LOOP_SLOTS, best_key = best + 1, key = best + 2;
    bl_span span = node->span;
    emit_loop_condition(code, node, start);
    emit_side(code, by);
    store(code, key, span);
    load(code, best, span);
    bl_code_add(code, OP_IS_GIVEN, 0, 0, span);
    uint32_t take = bl_code_add(code, OP_JUMP_IF_FALSE, 0, 0, span);
    load(code, key, span);
    load(code, best_key, span);
    bl_code_add(code, node->flags & BL_FLAG_LOWEST ? OP_LESS : OP_GREATER, 0, 0, span);
    bl_code_add(code, OP_JUMP_IF_FALSE, 0, start, span);
    bl_code_land(code, take);
    load(code, best - 1, span);
    store(code, best, span);
    load(code, key, span);
    store(code, best_key, span);
    bl_code_add(code, OP_JUMP, 0, start, span);
    bl_code_land(code, next);
    load(code, best, span);
}

/* count every x in S: how many of them it holds of. */
static void emit_count(bl_emitter *code, const bl_node *node, uint32_t start, uint32_t next)
{
    uint32_t found = node->ref2 + BL_LOOP_SLOTS;
    emit_loop_condition(code, node, start);
    load(code, found, node->span);
    bl_code_constant(code, bl_value_number(BL_RATIONAL(1)), node->span);
    bl_code_add(code, OP_ADD, 0, 0, node->span);
    store(code, found, node->span);
    bl_code_add(code, OP_JUMP, 0, start, node->span);
    bl_code_land(code, next);
    load(code, found, node->span);
}

/* A key of that type, which is never looked at. */
static bl_value any_key(bl_type type)
{
    if (bl_type_is(type, BL_BASE_TIME)) return (bl_value){.base = BL_BASE_TIME};
    if (bl_type_is(type, BL_BASE_DURATION)) return (bl_value){.base = BL_BASE_DURATION};
    return bl_value_number(BL_RATIONAL(0));
}

/* What a loop begins with: an item that is none yet, with a key of the type that keys have, or none
 * found. Behind LOOP, because the list may be made by loops that use the same slots. */
static void emit_loop_start(bl_emitter *code, const bl_node *node)
{
    uint32_t slot = node->ref2 + BL_LOOP_SLOTS;
    if (node->flags & BL_FLAG_COUNT) {
        bl_code_constant(code, bl_value_number(BL_RATIONAL(0)), node->span);
        store(code, slot, node->span);
    }
    if (!(node->flags & (BL_FLAG_HIGHEST | BL_FLAG_LOWEST))) return;
    load(code, slot - 1, node->span);
    store(code, slot, node->span);
    bl_code_constant(code, any_key(node->kids[BL_QUANTIFIER_BY]->type), node->span);
    store(code, slot + 1, node->span);
}

static void emit_quantifier(bl_emitter *code, const bl_node *node)
{
    const bl_node *in = node->kids[BL_QUANTIFIER_IN];
    bl_span span = node->span;
    bool is_best = (node->flags & (BL_FLAG_HIGHEST | BL_FLAG_LOWEST)) != 0;
    bl_code_fit(code, in, in->type);
    bl_code_add(code, OP_LOOP, node->ref2, 0, span);
    emit_loop_start(code, node);
    uint32_t start = bl_code_add(code, OP_NEXT, node->ref2, 0, span);
    if (node->flags & (BL_FLAG_ANY | BL_FLAG_EVERY))
        emit_question(code, node, start, start);
    else if (is_best)
        emit_best(code, node, start, start);
    else if (node->flags & BL_FLAG_COUNT)
        emit_count(code, node, start, start);
    else
        emit_first(code, node, start, start);
}

/* ---- values: questions ---- */

/* What asks, from an instruction on, asks for `node` as a whole where it has no parts. */
static void place_question(bl_emitter *code, uint32_t first, const bl_node *node)
{
    for (uint32_t i = first; i < code->count; i++)
        if (code->instructions[i].op == OP_AND || code->instructions[i].op == OP_OR) return;
    if (code->count > first) code->spans[code->count - 1] = node->span;
}

/* Is the actor in the set? Who is not given is in none. */
static void emit_membership(bl_emitter *code, const bl_node *node)
{
    const bl_node *left = node->kids[BL_IS_LEFT], *right = node->kids[BL_IS_RIGHT];
    bl_code_fit(code, left, left->type);
    store(code, node->ref2, node->span);
    uint32_t first = code->count;
    if (!left->type.is_optional) {
        bl_code_member(code, right, node->ref2);
        place_question(code, first, node);
        return;
    }
    load(code, node->ref2, node->span);
    bl_code_add(code, OP_IS_GIVEN, 0, 0, node->span);
    uint32_t nobody = bl_code_add(code, OP_AND, 0, 0, node->span);
    first = code->count;
    bl_code_member(code, right, node->ref2);
    place_question(code, first, node);
    bl_code_land(code, nobody);
}

static void emit_is(bl_emitter *code, const bl_node *node)
{
    const bl_node *left = node->kids[BL_IS_LEFT], *right = node->kids[BL_IS_RIGHT];
    bl_span span = node->span;
    if (node->ref == BL_MEANING_MEMBER)
        emit_membership(code, node);
    else
        bl_code_fit(code, left, left->type);
    if (node->ref == BL_MEANING_STATE) bl_code_add(code, OP_STATE, 0, node->ref2, span);
    if (node->ref == BL_MEANING_GIVEN) bl_code_add(code, OP_IS_GIVEN, 0, 0, span);
    if (node->ref == BL_MEANING_ACTOR_KIND) {
        bl_code_add(code, OP_PROPERTY, 0, BL_PROPERTY_ACTOR_KIND, span);
        bl_code_constant(code, bl_value_text(right->name), span);
        bl_code_add(code, OP_EQUAL, 0, 0, span);
    }
    if (node->ref == BL_MEANING_SAME) {
        bl_code_fit(code, right, right->type);
        bl_code_add(code, OP_EQUAL, 0, 0, span);
    }
    if (node->flags & BL_FLAG_NEGATED) bl_code_add(code, OP_NOT, 0, 0, span);
}

static void emit_can(bl_emitter *code, const bl_node *node)
{
    bl_code_value(code, node->kids[BL_CAN_ACTOR], BL_BASE_ACTOR);
    bl_code_value(code, node->kids[BL_CAN_PROPOSAL], BL_BASE_PROPOSAL);
    bl_code_add(code, OP_CAN, 0, node->ref2, node->span);
}

/* ---- all of them ---- */

typedef void (*emit_node)(bl_emitter *code, const bl_node *node);
static const emit_node emitters[BL_NODE_KIND_COUNT] = {
    [BL_NODE_NUMBER] = emit_number,
    [BL_NODE_TEXT] = emit_text,
    [BL_NODE_BOOLEAN] = emit_boolean,
    [BL_NODE_DURATION] = emit_duration,
    [BL_NODE_TIME] = emit_time,
    [BL_NODE_HANDLE] = emit_named,
    [BL_NODE_LIST] = emit_list,
    [BL_NODE_NAME] = emit_meaning,
    [BL_NODE_DOT] = emit_meaning,
    [BL_NODE_OF] = emit_meaning,
    [BL_NODE_CALL] = emit_call,
    [BL_NODE_UNARY] = emit_unary,
    [BL_NODE_BINARY] = emit_binary,
    [BL_NODE_TOTAL] = emit_total,
    [BL_NODE_IS] = emit_is,
    [BL_NODE_QUANTIFIER] = emit_quantifier,
    [BL_NODE_CONDITIONAL] = emit_conditional,
    [BL_NODE_CAN] = emit_can,
};

void bl_code_fit(bl_emitter *code, const bl_node *node, bl_type want)
{
    bool is_set = bl_type_is(node->type, BL_BASE_SET);
    if (!bl_code_enter(code, node)) return;
    if (bl_type_is(want, BL_BASE_SET))
        bl_code_set(code, node);
    else if (bl_type_is(want, BL_BASE_NUMBER) && is_set)
        bl_code_aggregate(code, node, bl_weighing_of_env(code->env), node->span);
    else if (is_set)
        bl_code_set(code, node);
    else
        emitters[node->kind](code, node);
    code->depth--;
}

void bl_code_value(bl_emitter *code, const bl_node *node, bl_base base)
{
    bl_code_fit(code, node, bl_type_of_base(base));
}

/* What a set that is no operation on sets is made by: functions, fields, conditionals. */
void bl_code_plain(bl_emitter *code, const bl_node *node)
{
    emitters[node->kind](code, node);
}

bool bl_emit_expression(bl_compiler *compiler, const bl_env *env, bl_node *node,
                        const bl_type *want, uint32_t *chunk)
{
    return bl_type_expression(compiler, env, node, want) &&
           bl_emit_typed(compiler, env, node, want ? *want : node->type, chunk);
}

bool bl_emit_typed(bl_compiler *compiler, const bl_env *env, const bl_node *node, bl_type want,
                   uint32_t *chunk)
{
    bl_emitter code;
    bl_code_init(&code, compiler, env, node->span);
    bl_code_fit(&code, node, want);
    bl_code_add(&code, OP_RETURN, 0, 0, node->span);
    return bl_code_finish(&code, chunk);
}
