/*
 * Clauses of roles: how many hold one, who may hold it, who gives and takes it.
 */
#include "check.h"

/* Each may stand once. `exactly` says both bounds; otherwise a bound is said once. */
typedef struct said_clauses {
    const bl_node *by_kind[BL_NODE_KIND_COUNT];
    const bl_node *exactly, *at_least, *at_most;
} said_clauses;

static bool is_single(const bl_node *clause)
{
    return clause->kind == BL_NODE_HELD_BY || clause->kind == BL_NODE_FROM ||
           clause->kind == BL_NODE_GRANTED_BY || clause->kind == BL_NODE_REVOKED_BY ||
           clause->kind == BL_NODE_CITES;
}

/* Of two that may be NULL the one that stands first. */
static const bl_node *earlier(const bl_node *a, const bl_node *b)
{
    if (!a || !b) return a ? a : b;
    return a->span.start <= b->span.start ? a : b;
}

/* The first number that says the same as this one, which is noted; NULL. */
static const bl_node *clashing_number(said_clauses *said, const bl_node *clause)
{
    const bl_node *clash = said->exactly;
    if (clause->flags & (BL_FLAG_EXACTLY | BL_FLAG_AT_LEAST))
        clash = earlier(clash, said->at_least);
    if (clause->flags & (BL_FLAG_EXACTLY | BL_FLAG_AT_MOST)) clash = earlier(clash, said->at_most);
    const bl_node **own = clause->flags & BL_FLAG_EXACTLY    ? &said->exactly
                          : clause->flags & BL_FLAG_AT_LEAST ? &said->at_least
                                                             : &said->at_most;
    if (!*own) *own = clause;
    return clash;
}

static void check_repeats(bl_compiler *compiler, const bl_node *clauses)
{
    said_clauses said = {.exactly = NULL};
    for (const bl_node *clause = clauses; clause; clause = clause->next) {
        const bl_node *first = NULL;
        if (clause->kind == BL_NODE_CARDINALITY) {
            first = clashing_number(&said, clause);
        } else if (is_single(clause)) {
            first = said.by_kind[clause->kind];
            if (!first) said.by_kind[clause->kind] = clause;
        }
        if (first) bl_check_single(compiler, first, clause);
    }
}

static void check_anyone(bl_compiler *compiler, const bl_node *role, const bl_node *clauses)
{
    for (; clauses; clauses = clauses->next) {
        if (clauses->kind == BL_NODE_CITES || clauses->kind == BL_NODE_LATER) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0420, clauses->span,
                                   "`%.*s` is anyone: nobody is given it, nobody can lose it",
                                   BL_NAME_ARGUMENT(role->name));
        bl_diag_label(compiler->diagnostics, d, "so this says nothing");
        return;
    }
}

static void report_number(bl_compiler *compiler, const bl_node *count)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0402, count->span,
                               "a number of holders is a whole number, 0 or more");
    bl_diag_label(compiler->diagnostics, d, "not such a number");
    if (count->kind == BL_NODE_NAME)
        bl_diag_help(compiler->diagnostics, d, "write a number in digits, as in `exactly 1`");
}

static bool whole_number(bl_compiler *compiler, const bl_node *count, uint32_t *out)
{
    bool is_whole = count->kind == BL_NODE_NUMBER && bl_rational_is_integer(count->as.number) &&
                    count->as.number.num >= 0 && count->as.number.num < BL_NONE;
    if (!is_whole) {
        report_number(compiler, count);
        return false;
    }
    *out = (uint32_t)count->as.number.num;
    return true;
}

static void check_bounds(bl_compiler *compiler, const bl_role *row)
{
    if (row->at_most == BL_NONE || row->at_least <= row->at_most) return;
    bl_diag(compiler->diagnostics, BL_B0402, row->cardinality_span,
            "at least %u and at most %u cannot both hold", row->at_least, row->at_most);
}

static void take_number(bl_compiler *compiler, const bl_node *clause, bl_role *row)
{
    uint32_t number;
    if (!whole_number(compiler, clause->kids[BL_CARDINALITY_COUNT], &number)) return;
    row->cardinality_span = clause->span;
    if (clause->flags & (BL_FLAG_EXACTLY | BL_FLAG_AT_LEAST)) row->at_least = number;
    if (clause->flags & (BL_FLAG_EXACTLY | BL_FLAG_AT_MOST)) row->at_most = number;
}

static bool take_clause(bl_check *check, const bl_env *env, bl_node *clause, bl_role *row)
{
    bl_compiler *compiler = check->compiler;
    if (clause->kind == BL_NODE_CARDINALITY) take_number(compiler, clause, row);
    if (clause->kind == BL_NODE_FROM) {
        row->from_span = clause->span;
        return bl_emit_body(compiler, env, clause->kids[BL_FROM_BODY], &row->from_body) ||
               bl_check_memory(compiler);
    }
    if (clause->kind == BL_NODE_GRANTED_BY) {
        row->has_granters = true;
        row->granters_span = clause->span;
        return bl_check_changers(check, env, clause->kids[BL_GRANTED_BY_REFS], &row->granters);
    }
    if (clause->kind == BL_NODE_REVOKED_BY) {
        row->has_revokers = true;
        row->revokers_span = clause->span;
        return bl_check_changers(check, env, clause->kids[BL_REVOKED_BY_REFS], &row->revokers);
    }
    return true;
}

static bool check_role(bl_check *check, const bl_symbol *symbol)
{
    bl_compiler *compiler = check->compiler;
    bl_node *clauses = symbol->node->kids[BL_ROLE_CLAUSES];
    bl_role row = compiler->program->roles[symbol->index];
    check_repeats(compiler, clauses);
    if (row.is_anyone) check_anyone(compiler, symbol->node, clauses);
    bl_env env = bl_env_empty;
    env.instance_scope = row.scope;
    for (bl_node *clause = clauses; clause; clause = clause->next)
        if (!take_clause(check, &env, clause, &row)) return false;
    check_bounds(compiler, &row);
    compiler->program->roles[symbol->index] = row;
    return true;
}

bool bl_check_roles(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (compiler->symbols[i].kind == BL_SYMBOL_ROLE &&
            !check_role(check, &compiler->symbols[i]))
            return false;
    return true;
}
