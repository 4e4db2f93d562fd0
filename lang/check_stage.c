/*
 * One stage: a body, the procedure it uses, its window. Also a veto and a dispute, which look like
 * one.
 */
#include "check.h"
#include "emit.h"

/* ---- modifiers: what may stand where ---- */

typedef enum plan_sort { PLAN_STAGE, PLAN_TOGETHER, PLAN_VETO, PLAN_DISPUTE } plan_sort;

static plan_sort sort_of(const bl_node *node)
{
    if (node->kind == BL_NODE_VETO) return PLAN_VETO;
    if (node->kind == BL_NODE_DISPUTE) return PLAN_DISPUTE;
    return node->flags & BL_FLAG_TOGETHER ? PLAN_TOGETHER : PLAN_STAGE;
}

static bool modifier_fits(plan_sort sort, bool has_procedure, bl_node_kind modifier)
{
    bool is_act = sort == PLAN_VETO || sort == PLAN_DISPUTE;
    switch (modifier) {
    case BL_NODE_WITHIN:
    case BL_NODE_THROUGH:
    case BL_NODE_WITH_REASON: return true;
    case BL_NODE_WHEN: return sort != PLAN_TOGETHER;
    case BL_NODE_WHILE_OPEN: return is_act;
    case BL_NODE_AS_OF_OPENING:
    case BL_NODE_QUORUM: return !is_act || (sort == PLAN_VETO && has_procedure);
    default: return !is_act; /* after, reasoned within */
    }
}

static const char *plan_words(const bl_node *node)
{
    if (node->kind == BL_NODE_VETO) return "veto by";
    if (node->kind == BL_NODE_DISPUTE) return "dispute by";
    if (node->flags & BL_FLAG_THEN) return "then by";
    if (node->flags & BL_FLAG_TOGETHER) return "together with";
    return node->flags & BL_FLAG_ESCALATES ? "escalates to" : "decided by";
}

static bool is_window(bl_node_kind kind)
{
    return kind == BL_NODE_WITHIN || kind == BL_NODE_THROUGH || kind == BL_NODE_WHILE_OPEN;
}

static void check_repeats(bl_compiler *compiler, const bl_node *modifiers)
{
    for (const bl_node *a = modifiers; a; a = a->next)
        for (const bl_node *b = modifiers; b != a; b = b->next)
            if (a->kind == b->kind || (is_window(a->kind) && is_window(b->kind))) {
                bl_check_single(compiler, b, a);
                break;
            }
}

static void check_places(bl_compiler *compiler, const bl_node *node, const bl_node *modifiers,
                         bool has_procedure)
{
    for (; modifiers; modifiers = modifiers->next) {
        if (modifier_fits(sort_of(node), has_procedure, modifiers->kind)) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0419, modifiers->span,
                                   "`%s` cannot stand in `%s …`", bl_node_words(modifiers->kind),
                                   plan_words(node));
        bl_diag_label(compiler->diagnostics, d, "has no meaning here");
        if (modifiers->kind == BL_NODE_WHEN)
            bl_diag_help(compiler->diagnostics, d,
                         "the `when` of the first body is for all of them");
    }
}

/* ---- taking them ---- */

static bool take_duration(bl_compiler *compiler, const bl_env *env, const bl_node *modifier,
                          uint32_t *out)
{
    const bl_type duration = {.base = BL_BASE_DURATION, .index = BL_NONE};
    _Static_assert(BL_WITHIN_DURATION == 0 && BL_THROUGH_DURATION == 0 && BL_AFTER_DURATION == 0 &&
                       BL_REASONED_DURATION == 0,
                   "the duration is the first kid");
    return bl_emit_expression(compiler, env, modifier->kids[0], &duration, out) ||
           bl_check_memory(compiler);
}

static bool take_when(bl_compiler *compiler, const bl_env *env, const bl_node *modifier,
                      uint32_t *out)
{
    const bl_type boolean = {.base = BL_BASE_BOOLEAN, .index = BL_NONE};
    return bl_emit_expression(compiler, env, modifier->kids[BL_WHEN_CONDITION], &boolean, out) ||
           bl_check_memory(compiler);
}

static bool take_quorum(bl_check *check, const bl_env *env, const bl_node *modifier,
                        bl_stage_plan *plan)
{
    bl_compiler *compiler = check->compiler;
    bl_env counting = *env;
    counting.has_ballots = true;
    if (plan->procedure != BL_NONE && check->weight_chunks[plan->procedure] != BL_NONE) {
        counting.is_weighed = true;
        counting.weight_chunk = check->weight_chunks[plan->procedure];
        counting.weight_attribute = check->weight_attributes[plan->procedure];
    }
    plan->aggregates.first = compiler->program->aggregate_count;
    if (!bl_emit_condition(compiler, &counting, modifier->kids[BL_QUORUM_CONDITION],
                           &plan->quorum) &&
        !bl_check_memory(compiler))
        return false;
    plan->aggregates.count = compiler->program->aggregate_count - plan->aggregates.first;
    return true;
}

static bool take_modifier(bl_check *check, const bl_env *env, const bl_node *modifier,
                          bl_stage_plan *plan)
{
    bl_compiler *compiler = check->compiler;
    switch (modifier->kind) {
    case BL_NODE_THROUGH:
    case BL_NODE_WITHIN:
        plan->is_through = modifier->kind == BL_NODE_THROUGH;
        return take_duration(compiler, env, modifier, &plan->window_chunk);
    case BL_NODE_AFTER: return take_duration(compiler, env, modifier, &plan->after_chunk);
    case BL_NODE_REASONED: return take_duration(compiler, env, modifier, &plan->reasoned_chunk);
    case BL_NODE_WHEN: return take_when(compiler, env, modifier, &plan->when_chunk);
    case BL_NODE_QUORUM: return take_quorum(check, env, modifier, plan);
    case BL_NODE_WHILE_OPEN: plan->is_while_open = true; return true;
    case BL_NODE_WITH_REASON: plan->needs_reason = true; return true;
    case BL_NODE_AS_OF_OPENING: plan->is_as_of_opening = true; return true;
    default: return true; /* no other modifiers exist */
    }
}

/* ---- the procedure ---- */

/* The parameter that an argument gives: by its name, or by its place; BL_NONE after reporting. */
static uint32_t parameter_of(bl_compiler *compiler, const bl_node *argument, uint32_t place,
                             bl_range parameters)
{
    if (argument->kind != BL_NODE_BINDING) return place;
    const uint32_t field = bl_field_find(compiler, parameters, argument->name);
    if (field != BL_NONE) return field - parameters.first;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0407, bl_name_span(argument),
                               "the procedure takes no `%.*s`", BL_NAME_ARGUMENT(argument->name));
    bl_diag_label(compiler->diagnostics, d, "not among its values");
    bl_nearest nearest = bl_nearest_to(argument->name);
    bl_nearest_offer_fields(compiler, parameters, &nearest);
    bl_nearest_help(compiler, d, &nearest);
    return BL_NONE;
}

static void report_again(bl_compiler *compiler, const bl_node *argument)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0407, argument->span,
                               "this value is given twice");
    bl_diag_label(compiler->diagnostics, d, "again");
}

/* Where the procedure takes a parameter as a portion: `portion of body`; NULL. Trees are at most
 * BL_AST_DEPTH_MAX deep: the parser sees to it. */
static const bl_node *find_portion(const bl_node *node, bl_text parameter)
{
    for (; node; node = node->next) {
        const bool is_of = node->kind == BL_NODE_OF && !(node->flags & BL_FLAG_ANY);
        if (is_of && bl_text_equal(node->name, parameter)) return node;
        for (unsigned i = 0; i < BL_NODE_KIDS; i++) {
            const bl_node *found = find_portion(node->kids[i], parameter);
            if (found) return found;
        }
    }
    return NULL;
}

/* What the only value of a procedure may be; NULL where an example says nothing. */
static const char *example_of(const bl_compiler *compiler, const bl_symbol *procedure,
                              bl_range parameters)
{
    const bl_field *parameter = &compiler->program->fields[parameters.first];
    const bl_text name = bl_names_text(compiler->program->names, parameter->name);
    if (parameter->type.is_list) return NULL;
    if (parameter->type.base == BL_BASE_DURATION) return "3 days";
    if (parameter->type.base != BL_BASE_NUMBER) return NULL;
    return find_portion(procedure->node->kids[BL_PROCEDURE_CLAUSES], name) ? "2/3" : "3";
}

static bool report_arguments(bl_compiler *compiler, const bl_node *using,
                             const bl_symbol *procedure, bl_range parameters, uint32_t given)
{
    const uint32_t wanted = parameters.count;
    bl_text name = bl_symbol_text(compiler, procedure);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0407, using->span,
                               "the procedure `%.*s` takes %u %s, not %u", BL_NAME_ARGUMENT(name),
                               wanted, wanted == 1 ? "value" : "values", given);
    bl_diag_label(compiler->diagnostics, d, "%u given", given);
    const char *example = wanted == 1 ? example_of(compiler, procedure, parameters) : NULL;
    if (wanted == 0)
        bl_diag_help(compiler->diagnostics, d, "write `%.*s` alone", BL_NAME_ARGUMENT(name));
    else if (example)
        bl_diag_help(compiler->diagnostics, d, "write for example `%.*s(%s)`",
                     BL_NAME_ARGUMENT(name), example);
    bl_diag_note(compiler->diagnostics, d, bl_name_span(procedure->node), "it is declared here");
    return true;
}

/* A set is as good as its size where a number is wanted, but not where a portion is. */
static void check_portion(bl_compiler *compiler, const bl_symbol *procedure,
                          const bl_field *parameter, const bl_node *value)
{
    const bool wants_number = parameter->type.base == BL_BASE_NUMBER && !parameter->type.is_list;
    if (!wants_number || !bl_type_is_actors(value->type)) return;
    const bl_text name = bl_names_text(compiler->program->names, parameter->name);
    const bl_node *use = find_portion(procedure->node->kids[BL_PROCEDURE_CLAUSES], name);
    if (!use) return;
    const bl_text words = bl_words_of(compiler, value->span);
    const bl_text type = bl_words_of_type(compiler, value->type);
    const bl_text procedure_name = bl_symbol_text(compiler, procedure);
    bl_diagnostic *d = bl_diag(
        compiler->diagnostics, BL_B0407, value->span, "`%.*s` is %.*s where `%.*s` wants a portion",
        BL_NAME_ARGUMENT(words), BL_NAME_ARGUMENT(type), BL_NAME_ARGUMENT(procedure_name));
    bl_diag_label(compiler->diagnostics, d, "how large a part?");
    bl_diag_help(compiler->diagnostics, d,
                 "write a portion such as `2/3`; who decides stands in front of `using`");
    bl_diag_note(compiler->diagnostics, d, use->span, "it is taken as a portion here");
}

static bool take_arguments(bl_check *check, const bl_env *env, const bl_node *using,
                           const bl_symbol *procedure, bl_stage_plan *plan)
{
    bl_compiler *compiler = check->compiler;
    bl_range wanted = compiler->program->procedures[procedure->index].parameters;
    bl_node *first = using->kind == BL_NODE_CALL ? using->kids[BL_CALL_ARGUMENTS] : NULL;
    uint32_t count = 0;
    for (const bl_node *argument = first; argument; argument = argument->next)
        count++;
    if (count != wanted.count) return report_arguments(compiler, using, procedure, wanted, count);
    uint32_t *chunks = bl_arena_array(compiler->arena, count, sizeof *chunks);
    bool *is_given = bl_arena_array(compiler->arena, count, sizeof *is_given);
    if (!chunks || !is_given) return bl_check_nomem(compiler);
    uint32_t place = 0;
    for (bl_node *argument = first; argument; argument = argument->next, place++) {
        const uint32_t i = parameter_of(compiler, argument, place, wanted);
        if (i == BL_NONE) return true;
        if (is_given[i]) report_again(compiler, argument);
        is_given[i] = true;
        const bl_type type = compiler->program->fields[wanted.first + i].type;
        bl_node *value = argument->kind == BL_NODE_BINDING ? argument->kids[BL_BINDING_VALUE]
                                                           : argument;
        const bl_env giving = bl_env_giving(env, compiler->program->fields[wanted.first + i].span);
        if (!bl_emit_expression(compiler, &giving, value, &type, &chunks[i]))
            return bl_check_memory(compiler);
        check_portion(compiler, procedure, &compiler->program->fields[wanted.first + i], value);
    }
    return bl_emit_indexes(compiler, using->span, chunks, count, &plan->arguments) ||
           bl_check_memory(compiler);
}

/* A name that is a field of the proposal holds a procedure, if anything. */
static bool is_chosen_later(const bl_compiler *compiler, const bl_env *env, const bl_node *using)
{
    if (using->kind != BL_NODE_NAME && using->kind != BL_NODE_CALL) return true;
    if (using->kind == BL_NODE_CALL || env->kind == BL_NONE) return false;
    bl_range fields = compiler->program->kinds[env->kind].fields;
    return bl_field_find(compiler, fields, using->name) != BL_NONE;
}

static bool take_procedure(bl_check *check, const bl_env *env, bl_node *using, bl_stage_plan *plan)
{
    bl_compiler *compiler = check->compiler;
    bool is_named = using->kind == BL_NODE_NAME || using->kind == BL_NODE_CALL;
    const bl_symbol *symbol = is_named ? bl_symbol_find(compiler, using->name) : NULL;
    if (symbol && symbol->kind == BL_SYMBOL_PROCEDURE) {
        plan->procedure = symbol->index;
        return take_arguments(check, env, using, symbol, plan);
    }
    if (!is_chosen_later(compiler, env, using)) {
        bl_symbol_missing(compiler, bl_name_span(using), using->name,
                          BL_SYMBOL_BIT(BL_SYMBOL_PROCEDURE), "procedure");
        return true;
    }
    const bl_type procedure = {.base = BL_BASE_PROCEDURE, .index = BL_NONE};
    return bl_emit_expression(compiler, env, using, &procedure, &plan->procedure_chunk) ||
           bl_check_memory(compiler);
}

static void report_no_procedure(bl_compiler *compiler, const bl_node *node)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0406, node->span,
                               "`%s …` does not say by which procedure", plan_words(node));
    bl_diag_label(compiler->diagnostics, d, "`using …` is missing");
    bl_diag_help(compiler->diagnostics, d,
                 "add for example `using majority`, from \"std/procedures\"");
}

/* ---- an end ---- */

/* Whether something was told of its `open for …`. */
static bool has_broken_duration(const bl_compiler *compiler, const bl_procedure *procedure)
{
    const bl_text name = bl_names_text(compiler->program->names, procedure->name);
    const bl_symbol *symbol = bl_symbol_find(compiler, name);
    const bl_node *clause = symbol ? symbol->node->kids[BL_PROCEDURE_CLAUSES] : NULL;
    while (clause && clause->kind != BL_NODE_OPEN_FOR)
        clause = clause->next;
    return clause && bl_diag_has_error_in(compiler->diagnostics, clause->span);
}

static void check_end(bl_compiler *compiler, const bl_node *node, const bl_stage_plan *plan)
{
    if (plan->window_chunk != BL_NONE || plan->is_while_open) return;
    if (bl_diag_has_error_in(compiler->diagnostics, plan->span))
        return; /* in its window, it may be */
    bool is_chosen_later = plan->procedure_chunk != BL_NONE;
    if (!is_chosen_later) {
        if (plan->procedure == BL_NONE) return;
        const bl_procedure *procedure = &compiler->program->procedures[plan->procedure];
        if (procedure->closing != BL_CLOSES_AT_DEADLINE) return;
        if (procedure->open_for_chunk != BL_NONE && !procedure->open_for_at_least) return;
        if (has_broken_duration(compiler, procedure)) return;
    }
    bl_diagnostic *d = bl_diag(
        compiler->diagnostics, BL_B0408, node->span,
        is_chosen_later ? "any procedure may be chosen here, also one that closes at its deadline"
                        : "this procedure closes at the deadline, and there is none");
    bl_diag_label(compiler->diagnostics, d, "`within …` is missing");
    bl_diag_help(compiler->diagnostics, d, "add for example `within 14 days`");
}

static void check_size(bl_compiler *compiler, const bl_node *node, const bl_node *body,
                       const bl_stage_plan *plan)
{
    bool needs_size = node->kind == BL_NODE_STAGE || plan->procedure != BL_NONE ||
                      plan->procedure_chunk != BL_NONE;
    if (!needs_size || plan->body == BL_NONE) return;
    if (!compiler->program->bodies[plan->body].is_anyone) return;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0413, body->span,
                               "anyone is no body that could decide: it has no size");
    bl_diag_label(compiler->diagnostics, d, "who exactly?");
    const bool is_decided_by = node->kind == BL_NODE_STAGE && !(node->flags & BL_FLAG_ESCALATES);
    if (is_decided_by && !node->kids[BL_STAGE_USING])
        bl_diag_help(compiler->diagnostics, d, "who may propose stands behind `raised by`");
    else
        bl_diag_help(compiler->diagnostics, d, "name a role or a body that people belong to");
}

/* Of anyone it is told that they cannot decide. */
static bool lacks_procedure(const bl_compiler *compiler, const bl_node *stage,
                            const bl_stage_plan *plan)
{
    const bl_node *body = stage->kids[BL_STAGE_BODY];
    if (stage->kind != BL_NODE_STAGE || stage->kids[BL_STAGE_USING]) return false;
    if (bl_diag_has_error_in(compiler->diagnostics, body->span)) return false;
    return plan->body == BL_NONE || !compiler->program->bodies[plan->body].is_anyone;
}

bool bl_check_plan(bl_check *check, const bl_env *env, bl_node *node, bl_stage_plan *plan)
{
    bl_compiler *compiler = check->compiler;
    _Static_assert(BL_STAGE_BODY == 0 && BL_VETO_BODY == 0 && BL_DISPUTE_BODY == 0,
                   "the first kid");
    bl_node *body = node->kids[0];
    bl_node *using = NULL, *modifiers = NULL;
    if (node->kind == BL_NODE_STAGE) {
        using = node->kids[BL_STAGE_USING];
        modifiers = node->kids[BL_STAGE_MODIFIERS];
    } else if (node->kind == BL_NODE_VETO) {
        using = node->kids[BL_VETO_USING];
        modifiers = node->kids[BL_VETO_MODIFIERS];
    } else {
        modifiers = node->kids[BL_DISPUTE_MODIFIERS];
    }
    *plan = (bl_stage_plan){.body = BL_NONE,
                            .procedure = BL_NONE,
                            .procedure_chunk = BL_NONE,
                            .window_chunk = BL_NONE,
                            .after_chunk = BL_NONE,
                            .reasoned_chunk = BL_NONE,
                            .when_chunk = BL_NONE,
                            .quorum = BL_NONE,
                            .text = bl_emit_text(compiler, node->span),
                            .span = node->span};
    check_repeats(compiler, modifiers);
    check_places(compiler, node, modifiers, using != NULL);
    if (!bl_emit_body(compiler, env, body, &plan->body) && !bl_check_memory(compiler)) return false;
    if (using && !take_procedure(check, env, using, plan)) return false;
    if (lacks_procedure(compiler, node, plan)) report_no_procedure(compiler, node);
    for (const bl_node *modifier = modifiers; modifier; modifier = modifier->next)
        if (!take_modifier(check, env, modifier, plan)) return false;
    check_end(compiler, node, plan);
    check_size(compiler, node, body, plan);
    return bl_check_memory(compiler);
}
