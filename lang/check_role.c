/*
 * Clauses of roles: how many hold one, who may hold it, who gives and takes it.
 */
#include "check.h"

static bool is_single(const bl_node *clause)
{
    return clause->kind == BL_NODE_HELD_BY || clause->kind == BL_NODE_FROM ||
           clause->kind == BL_NODE_GRANTED_BY || clause->kind == BL_NODE_REVOKED_BY ||
           clause->kind == BL_NODE_CITES;
}

/* `exactly` says both bounds; otherwise a bound is said once. */
static bool numbers_clash(const bl_node *a, const bl_node *b)
{
    const uint32_t bounds = BL_FLAG_EXACTLY | BL_FLAG_AT_LEAST | BL_FLAG_AT_MOST;
    if (a->kind != BL_NODE_CARDINALITY || b->kind != BL_NODE_CARDINALITY) return false;
    return ((a->flags | b->flags) & BL_FLAG_EXACTLY) || (a->flags & b->flags & bounds);
}

static void check_repeats(bl_compiler *compiler, const bl_node *clauses)
{
    for (const bl_node *a = clauses; a; a = a->next)
        for (const bl_node *b = clauses; b != a; b = b->next) {
            bool is_again = is_single(a) && a->kind == b->kind;
            if (!is_again && !numbers_clash(a, b)) continue;
            bl_check_single(compiler, b, a);
            break;
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
