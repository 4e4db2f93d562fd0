/*
 * Constants and functions, each after those it calls; what comes back to itself is reported.
 *
 * A function's code is called, so what it calls must be there first and its type known. Named
 * bodies are compiled where they stand, so a function also depends on what a body it names depends
 * on.
 */
#include "check.h"

#include "../runtime/limits.h"

typedef struct visit {
    bool is_open;
    bool is_done;
    bool is_bad; /* part of a circle, or over one: not compiled */
    uint32_t height; /* functions inside each other, itself included */
} visit;

typedef struct visitor {
    bl_check *check;
    visit *visits; /* by symbol */
} visitor;

static bool visit_symbol(visitor *v, const bl_symbol *symbol, unsigned depth);

static bool is_called(const bl_symbol *symbol)
{
    return symbol->kind == BL_SYMBOL_LET || symbol->kind == BL_SYMBOL_FUNCTION ||
           symbol->kind == BL_SYMBOL_BODY;
}

static bl_node *value_of(const bl_symbol *symbol)
{
    if (symbol->kind == BL_SYMBOL_LET) return symbol->node->kids[BL_LET_VALUE];
    if (symbol->kind == BL_SYMBOL_BODY) return symbol->node->kids[BL_BODY_VALUE];
    return symbol->node->kids[BL_FUNCTION_VALUE];
}

static const bl_node *parameters_of(const bl_symbol *symbol)
{
    return symbol->kind == BL_SYMBOL_FUNCTION ? symbol->node->kids[BL_FUNCTION_PARAMETERS] : NULL;
}

static bool is_parameter(const bl_symbol *symbol, bl_text name)
{
    for (const bl_node *field = parameters_of(symbol); field; field = field->next)
        if (bl_text_equal(field->name, name)) return true;
    return false;
}

static uint32_t number_of(const visitor *v, const bl_symbol *symbol)
{
    return (uint32_t)(symbol - v->check->compiler->symbols);
}

static void report_recursion(visitor *v, const bl_symbol *symbol, const bl_node *at)
{
    bl_diagnostics *diagnostics = v->check->compiler->diagnostics;
    bl_text name = bl_symbol_text(v->check->compiler, symbol);
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0415, bl_name_span(at), "`%.*s` depends on itself",
                               BL_NAME_ARGUMENT(name));
    bl_diag_label(diagnostics, d, "this leads back to it");
    bl_diag_note(diagnostics, d, bl_name_span(symbol->node), "it is declared here");
    bl_diag_help(diagnostics, d, "every evaluation must end, so there is no recursion");
}

static void report_height(visitor *v, const bl_symbol *symbol)
{
    bl_diagnostics *diagnostics = v->check->compiler->diagnostics;
    bl_diag(diagnostics, BL_B0415, bl_name_span(symbol->node),
            "more than %d constants and functions stand inside each other", BL_CALL_DEPTH_MAX);
}

/* What `node` refers to must be there before `user`. */
static bool visit_reference(visitor *v, const bl_symbol *user, const bl_node *node, unsigned depth)
{
    bool is_reference = node->kind == BL_NODE_NAME || node->kind == BL_NODE_CALL ||
                        node->kind == BL_NODE_OF;
    if (!is_reference || is_parameter(user, node->name)) return true;
    const bl_symbol *used = bl_symbol_find(v->check->compiler, node->name);
    if (!used || !is_called(used)) return true;
    visit *mine = &v->visits[number_of(v, user)];
    visit *other = &v->visits[number_of(v, used)];
    if (other->is_open) {
        report_recursion(v, used, node);
        mine->is_bad = true;
        return true;
    }
    if (!other->is_done && !visit_symbol(v, used, depth + 1)) return false;
    if (other->is_bad) mine->is_bad = true;
    if (other->height >= mine->height) mine->height = other->height + 1;
    return true;
}

/* Trees are no deeper than BL_AST_DEPTH_MAX: the parser refuses others. */
static bool visit_tree(visitor *v, const bl_symbol *user, const bl_node *node, unsigned depth)
{
    for (; node; node = node->next) {
        if (!visit_reference(v, user, node, depth)) return false;
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            if (node->kids[i] && !visit_tree(v, user, node->kids[i], depth)) return false;
    }
    return true;
}

static bool compile_function(bl_check *check, const bl_symbol *symbol)
{
    bl_compiler *compiler = check->compiler;
    bl_program *program = compiler->program;
    bl_range parameters = program->functions[symbol->index].parameters;
    bl_local *locals;
    if (!bl_check_parameters(compiler, parameters, &locals)) return false;
    bl_env env = bl_env_giving(&bl_env_empty, program->functions[symbol->index].span);
    env.locals = locals;
    env.local_count = parameters.count;
    bl_type declared = program->functions[symbol->index].type;
    bool is_declared = declared.base != BL_BASE_NOTHING;
    bl_node *value = value_of(symbol);
    uint32_t chunk;
    if (!bl_emit_expression(compiler, &env, value, is_declared ? &declared : NULL, &chunk))
        return bl_check_memory(compiler);
    bl_function *row = &program->functions[symbol->index];
    row->chunk = chunk;
    if (!is_declared) row->type = value->type;
    return true;
}

static bool visit_symbol(visitor *v, const bl_symbol *symbol, unsigned depth)
{
    visit *mine = &v->visits[number_of(v, symbol)];
    mine->height = 1;
    if (depth > BL_CALL_DEPTH_MAX) {
        report_height(v, symbol);
        mine->is_bad = mine->is_done = true;
        return true;
    }
    mine->is_open = true;
    if (!visit_tree(v, symbol, value_of(symbol), depth)) return false;
    mine->is_open = false;
    mine->is_done = true;
    if (mine->height > BL_CALL_DEPTH_MAX) {
        report_height(v, symbol);
        mine->is_bad = true;
    }
    if (mine->is_bad || symbol->kind == BL_SYMBOL_BODY) return true;
    return compile_function(v->check, symbol);
}

bool bl_check_functions(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    visitor v = {check, bl_arena_array(compiler->arena, compiler->symbol_count, sizeof *v.visits)};
    if (!v.visits) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (!is_called(symbol) || v.visits[i].is_done) continue;
        if (!visit_symbol(&v, symbol, 1)) return false;
    }
    return true;
}
