/*
 * Clauses of procedures: the ballot, when it passes and fails, when it closes.
 */
#include "check.h"
#include "emit.h"

typedef struct clause_list {
    bl_count_clauses election;
    bl_node *quorum;
    bl_node *weigh;
    bl_node *passes;
    bl_node *fails;
    bl_node *closes;
    bl_node *open_for;
    bl_node *cites;
} clause_list;

static bl_node **place_of(clause_list *list, bl_node_kind kind)
{
    switch (kind) {
    case BL_NODE_BALLOT: return &list->election.ballot;
    case BL_NODE_COUNTS_BY: return &list->election.counts;
    case BL_NODE_QUORUM: return &list->quorum;
    case BL_NODE_WEIGH: return &list->weigh;
    case BL_NODE_PASSES: return &list->passes;
    case BL_NODE_FAILS: return &list->fails;
    case BL_NODE_CLOSES: return &list->closes;
    case BL_NODE_OPEN_FOR: return &list->open_for;
    case BL_NODE_SEATS: return &list->election.seats;
    case BL_NODE_TIES: return &list->election.ties;
    case BL_NODE_CITES: return &list->cites;
    default: return NULL; /* the grammar lets nothing else stand here */
    }
}

static clause_list sort_clauses(bl_compiler *compiler, bl_node *clauses)
{
    clause_list list = {0};
    for (; clauses; clauses = clauses->next) {
        bl_node **place = place_of(&list, clauses->kind);
        if (!place) continue;
        if (*place)
            bl_check_single(compiler, *place, clauses);
        else
            *place = clauses;
    }
    return list;
}

/* `fails` may be the same clause, or none. */
static void report_condition(bl_compiler *compiler, const bl_node *clause, const bl_node *fails)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0417, clause->span,
                               "an election passes by its count, not by a condition");
    bl_diag_label(compiler->diagnostics, d, "belongs to yes or no ballots");
    if (fails) bl_diag_again(compiler->diagnostics, d, fails->span);
}

/* ---- what belongs to which form of ballot ---- */

/* `fails` in the place of `passes`, which is told as said twice. */
static bool has_two_fails(const bl_node *clauses)
{
    uint32_t count = 0;
    for (; clauses; clauses = clauses->next)
        count += clauses->kind == BL_NODE_FAILS;
    return count > 1;
}

static void check_yes_no(bl_compiler *compiler, const bl_node *procedure, const clause_list *list)
{
    if (list->passes || has_two_fails(procedure->kids[BL_PROCEDURE_CLAUSES])) return;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0417, bl_name_span(procedure),
                               "the procedure `%.*s` does not say when it passes",
                               BL_NAME_ARGUMENT(procedure->name));
    bl_diag_help(compiler->diagnostics, d, "add a clause like `passes when approve > reject`");
}

static void check_election(bl_compiler *compiler, const bl_node *procedure, const clause_list *list,
                           bl_ballot_form form)
{
    static const char *const usual[] = {
        [BL_FORM_RANKING] = "irv", [BL_FORM_CHOICE] = "approval", [BL_FORM_SCORES] = "score"};
    const bl_node *condition = list->passes ? list->passes : list->fails;
    if (list->election.counts) {
        if (condition) report_condition(compiler, condition, list->fails);
        return;
    }
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0417, bl_name_span(procedure),
                               "the procedure `%.*s` does not say how %s are counted",
                               BL_NAME_ARGUMENT(procedure->name), bl_form_words(form));
    bl_diag_help(compiler->diagnostics, d, "add `counts by %s`", usual[form]);
    if (condition)
        bl_diag_note(compiler->diagnostics, d, condition->span,
                     "a condition belongs to yes or no ballots");
}

static void take_closing(const clause_list *list, bl_procedure *row)
{
    if (!list->closes) return;
    if (list->closes->flags & BL_FLAG_AT_ONCE) row->closing = BL_CLOSES_AT_ONCE;
    if (list->closes->flags & BL_FLAG_AT_DEADLINE) row->closing = BL_CLOSES_AT_DEADLINE;
}

/* ---- conditions ---- */

/* The chunk that reads a voter's weight: the attribute of local 0. */
static bool take_weight(bl_check *check, const bl_node *weigh, uint32_t procedure, bl_env *env)
{
    bl_compiler *compiler = check->compiler;
    uint32_t attribute = bl_attribute_find(compiler, BL_NONE, weigh->name);
    const bl_attribute *known = attribute == BL_NONE ? NULL
                                                     : &compiler->program->attributes[attribute];
    bool is_number = known && known->type.base == BL_BASE_NUMBER && !known->type.is_list;
    if (!is_number) {
        static const bl_attribute_words words = {"a number", "to weigh ballots by", "number = 0"};
        bl_report_attribute(compiler, BL_B0414, weigh, known, &words);
        return bl_check_memory(compiler);
    }
    bl_node *dot = bl_node_create(compiler->arena, BL_NODE_DOT, weigh->span);
    bl_node *voter = bl_node_create(compiler->arena, BL_NODE_NAME, weigh->span);
    if (!dot || !voter) return bl_check_nomem(compiler);
    const bl_type actor = {.base = BL_BASE_ACTOR, .index = BL_NONE};
    /* no name of a policy looks like this */
    const bl_local local = {BL_TEXT("(voter)"), actor, 0, NULL, NULL};
    voter->name = local.name;
    dot->name = weigh->name;
    dot->kids[BL_DOT_OF] = voter;
    bl_env reading = bl_env_empty;
    reading.locals = &local;
    reading.local_count = 1;
    const bl_type number = {.base = BL_BASE_NUMBER, .index = BL_NONE};
    uint32_t chunk;
    if (!bl_emit_expression(compiler, &reading, dot, &number, &chunk))
        return bl_check_memory(compiler);
    check->weight_chunks[procedure] = env->weight_chunk = chunk;
    check->weight_attributes[procedure] = env->weight_attribute = attribute;
    env->is_weighed = true;
    return true;
}

static bool take_condition(bl_compiler *compiler, const bl_env *env, bl_node *clause, uint32_t *out,
                           bl_span *span)
{
    bl_node *condition = clause ? clause->kids[0] : NULL;
    _Static_assert(BL_QUORUM_CONDITION == 0 && BL_PASSES_CONDITION == 0 && BL_FAILS_CONDITION == 0,
                   "the condition is the first kid");
    if (!clause) return true;
    *span = clause->span;
    if (!condition) return true;
    return bl_emit_condition(compiler, env, condition, out) || bl_check_memory(compiler);
}

static bool take_conditions(bl_check *check, const clause_list *list, bl_env *env,
                            bl_procedure *row)
{
    bl_compiler *compiler = check->compiler;
    if (list->open_for) {
        const bl_type duration = {.base = BL_BASE_DURATION, .index = BL_NONE};
        row->open_for_at_least = (list->open_for->flags & BL_FLAG_AT_LEAST) != 0;
        if (!bl_emit_expression(compiler, env, list->open_for->kids[BL_OPEN_FOR_DURATION],
                                &duration, &row->open_for_chunk) &&
            !bl_check_memory(compiler))
            return false;
    }
    env->has_ballots = true;
    const uint32_t aggregates_from = row->aggregates.first = compiler->program->aggregate_count;
    env->aggregates_from = &aggregates_from;
    row->fails_otherwise = list->fails && (list->fails->flags & BL_FLAG_OTHERWISE);
    if (!take_condition(compiler, env, list->quorum, &row->quorum, &row->quorum_span) ||
        !take_condition(compiler, env, list->passes, &row->passes, &row->passes_span) ||
        !take_condition(compiler, env, list->fails, &row->fails, &row->fails_span))
        return false;
    row->aggregates.count = compiler->program->aggregate_count - row->aggregates.first;
    env->aggregates_from = NULL;
    return true;
}

bool bl_check_parameters(bl_compiler *compiler, bl_range parameters, bl_local **out)
{
    bl_local *locals = bl_arena_array(compiler->arena, parameters.count, sizeof *locals);
    if (!locals) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < parameters.count; i++) {
        const bl_field *field = &compiler->program->fields[parameters.first + i];
        bl_text name = bl_names_text(compiler->program->names, field->name);
        locals[i] = (bl_local){name, field->type, i,
                               i + 1 < parameters.count ? &locals[i + 1] : NULL, NULL};
    }
    *out = parameters.count ? locals : NULL;
    return true;
}

static bool check_procedure(bl_check *check, const bl_symbol *symbol)
{
    bl_compiler *compiler = check->compiler;
    bl_procedure row = compiler->program->procedures[symbol->index];
    clause_list list = sort_clauses(compiler, symbol->node->kids[BL_PROCEDURE_CLAUSES]);
    bl_local *locals;
    if (!bl_check_parameters(compiler, row.parameters, &locals)) return false;
    bl_env env = bl_env_empty;
    env.has_proposal = true;
    env.locals = locals;
    env.local_count = row.parameters.count;
    if (list.weigh && !take_weight(check, list.weigh, symbol->index, &env)) return false;
    if (!bl_check_count(compiler, &env, &list.election, &row)) return false;
    take_closing(&list, &row);
    const bool is_election = row.form != BL_FORM_YES_NO;
    if (is_election)
        check_election(compiler, symbol->node, &list, row.form);
    else if (!list.election.counts) /* else its ballots are of the wrong form, which was told */
        check_yes_no(compiler, symbol->node, &list);
    if (!take_conditions(check, &list, &env, &row)) return false;
    if (is_election) row.weight_chunk = check->weight_chunks[symbol->index];
    compiler->program->procedures[symbol->index] = row;
    return true;
}

bool bl_check_procedures(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    uint32_t count = compiler->program->procedure_count;
    check->weight_chunks = bl_arena_array(compiler->arena, count, sizeof *check->weight_chunks);
    check->weight_attributes = bl_arena_array(compiler->arena, count,
                                              sizeof *check->weight_attributes);
    if (!check->weight_chunks || !check->weight_attributes) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < count; i++)
        check->weight_chunks[i] = check->weight_attributes[i] = BL_NONE;
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (symbol->kind == BL_SYMBOL_PROCEDURE && !check_procedure(check, symbol)) return false;
    }
    return true;
}
