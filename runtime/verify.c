/*
 * Rows seen together: owners, trees, and what the machine indexes without asking.
 *
 * Each rule below is one that the machine takes for granted somewhere; the compiler keeps it by the
 * way it works, a file has to be asked.
 */
#include "verify.h"

typedef struct verifier {
    const bl_program *program;
    bl_load_error *error;
    bl_code_check *code;
    bool *is_condition_used; /* each condition is in one tree, once */
    bool *is_body_used;
    uint32_t *kind_of_plan; /* whose proposals run it; BL_NONE: nobody's */
    uint32_t *kind_of_alternative;
    uint32_t *kind_of_step;
    uint32_t *kind_of_veto;
} verifier;

#define REFUSE(v, ...) return bl_load_refuse((v)->error, __VA_ARGS__)
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const bl_load_result tried = (call);                                                       \
        if (tried != BL_LOAD_OK) return tried;                                                     \
    } while (0)

/* ---- lists ---- */

static bl_load_result check_list(const verifier *v, bl_table table, uint32_t row,
                                 const bl_cell *cell)
{
    const bl_range *range = (const bl_range *)(const void *)((const char *)bl_table_at(v->program,
                                                                                       table, row) +
                                                             cell->offset);
    const uint32_t count = bl_table_count(v->program, (bl_table)cell->detail);
    for (uint32_t i = 0; i < range->count; i++)
        if (v->program->indexes[range->first + i] >= count)
            REFUSE(v, "%s %u: `%s` names row %u, which is not there", bl_table_name(table), row,
                   cell->name, v->program->indexes[range->first + i]);
    return BL_LOAD_OK;
}

static bl_load_result check_lists(const verifier *v)
{
    for (bl_table table = BL_TABLE_FIRST; table < BL_TABLE_ROWS_END; table++)
        for (const bl_cell *cell = bl_table_cells(table); cell->sort != BL_CELL_END; cell++)
            for (uint32_t i = 0;
                 cell->sort == BL_CELL_LIST && i < bl_table_count(v->program, table); i++)
                TRY(check_list(v, table, i, cell));
    return BL_LOAD_OK;
}

/* ---- who owns what ---- */

/* Values are kept by slot: the n-th field has slot n. */
static bl_load_result check_slots(const verifier *v, const char *owner, uint32_t row,
                                  bl_range fields)
{
    for (uint32_t i = 0; i < fields.count; i++)
        if (v->program->fields[fields.first + i].slot != i)
            REFUSE(v, "%s %u: its fields are out of order", owner, row);
    return BL_LOAD_OK;
}

static bl_load_result check_all_slots(const verifier *v)
{
    const bl_program *program = v->program;
    for (uint32_t i = 0; i < program->kind_count; i++)
        TRY(check_slots(v, "kind", i, program->kinds[i].fields));
    for (uint32_t i = 0; i < program->event_count; i++)
        TRY(check_slots(v, "event", i, program->events[i].fields));
    for (uint32_t i = 0; i < program->procedure_count; i++)
        TRY(check_slots(v, "procedure", i, program->procedures[i].parameters));
    for (uint32_t i = 0; i < program->function_count; i++)
        TRY(check_slots(v, "function", i, program->functions[i].parameters));
    return BL_LOAD_OK;
}

static bl_load_result check_attribute(const verifier *v, uint32_t row)
{
    const bl_program *program = v->program;
    const bl_attribute *attribute = &program->attributes[row];
    if (attribute->scope == BL_NONE) {
        if (attribute->slot >= program->actor_attribute_count)
            REFUSE(v, "attribute %u: its slot is past those of actors", row);
        return BL_LOAD_OK;
    }
    const bl_range own = program->scopes[attribute->scope].attributes;
    if (attribute->slot >= own.count || own.first + attribute->slot != row)
        REFUSE(v, "attribute %u: it is not where its scope keeps it", row);
    return BL_LOAD_OK;
}

static bl_load_result check_attributes(const verifier *v)
{
    const bl_program *program = v->program;
    if (program->actor_attribute_count > program->attribute_count)
        REFUSE(v, "there are fewer attributes than actors have");
    for (uint32_t i = 0; i < program->attribute_count; i++)
        TRY(check_attribute(v, i));
    for (uint32_t i = 0; i < program->scope_count; i++) {
        const bl_range own = program->scopes[i].attributes;
        for (uint32_t k = 0; k < own.count; k++)
            if (program->attributes[own.first + k].scope != i)
                REFUSE(v, "scope %u: it has an attribute of something else", i);
    }
    return BL_LOAD_OK;
}

static bl_load_result check_changers(const verifier *v)
{
    const bl_program *program = v->program;
    const uint32_t counts[] = {[BL_CHANGER_KIND] = program->kind_count,
                               [BL_CHANGER_EVENT] = program->event_count,
                               [BL_CHANGER_BODY] = program->body_count};
    for (uint32_t i = 0; i < program->changer_count; i++)
        if (program->changers[i].index >= counts[program->changers[i].kind])
            REFUSE(v, "changer %u: what it names is not there", i);
    return BL_LOAD_OK;
}

/* Roles and scopes are kept in 16 bits, in keys and in operands. */
static bl_load_result check_counts(const verifier *v)
{
    const bl_program *program = v->program;
    if (program->role_count > BL_DECLARATION_COUNT_MAX ||
        program->scope_count > BL_DECLARATION_COUNT_MAX)
        REFUSE(v, "it has more than %u roles or scopes", BL_DECLARATION_COUNT_MAX);
    for (uint32_t i = 0; i < program->kind_count; i++)
        if (program->kinds[i].fields.count > BL_FIELD_COUNT_MAX)
            REFUSE(v, "kind %u: it has more than %d fields", i, BL_FIELD_COUNT_MAX);
    for (uint32_t i = 0; i < program->event_count; i++)
        if (program->events[i].fields.count > BL_FIELD_COUNT_MAX)
            REFUSE(v, "event %u: it has more than %d fields", i, BL_FIELD_COUNT_MAX);
    if (program->code_count > BL_CODE_COUNT_MAX)
        REFUSE(v, "it has more than %u instructions", BL_CODE_COUNT_MAX);
    if (program->index_count > BL_INDEX_COUNT_MAX)
        REFUSE(v, "its lists have more than %u places", BL_INDEX_COUNT_MAX);
    for (uint32_t i = 0; i < program->role_count; i++) {
        const bl_range included_by = program->roles[i].included_by;
        for (uint32_t k = 0; k < included_by.count; k++)
            if (program->indexes[included_by.first + k] == i)
                REFUSE(v, "role %u: it includes itself", i);
    }
    for (uint32_t i = 0; i < program->constant_count; i++) {
        const bl_value *value = &program->constants[i];
        if (value->base == BL_BASE_PROCEDURE &&
            program->procedures[value->as.index].parameters.count > 0)
            REFUSE(v, "constant %u: a procedure with parameters is no value", i);
    }
    return BL_LOAD_OK;
}

/* ---- code and its uses ---- */

static bl_use value_of(bl_code_context context, bl_base base)
{
    return (bl_use){.context = context, .result = bl_type_plain(base)};
}

static bl_use value_with(bl_base base, bl_range parameters)
{
    bl_use use = value_of(BL_CODE_NOWHERE, base);
    use.parameters = parameters;
    return use;
}

/* Of an actor, whom it is given. */
static bl_use of_actor(bl_code_context context, bl_base base)
{
    bl_use use = value_of(context, base);
    use.given = bl_type_plain(BL_BASE_ACTOR);
    return use;
}

static bl_use effects(bl_code_context context)
{
    return (bl_use){.context = context, .is_effects = true};
}

static bl_code_context of_scope(uint32_t scope)
{
    bl_code_context context = BL_CODE_NOWHERE;
    context.scope = scope;
    return context;
}

static bl_code_context of_kind(const verifier *v, uint32_t kind)
{
    bl_code_context context = BL_CODE_NOWHERE;
    context.kind = kind;
    if (kind != BL_NONE) context.scope = v->program->kinds[kind].scope;
    return context;
}

static bl_load_result use_body(const verifier *v, uint32_t row, bl_code_context context)
{
    if (row == BL_NONE) return BL_LOAD_OK;
    const bl_body *body = &v->program->bodies[row];
    v->is_body_used[row] = true;
    if (body->is_anyone) return BL_LOAD_OK;
    if (body->set_chunk == BL_NONE || body->member_chunk == BL_NONE)
        REFUSE(v, "body %u: it has no code", row);
    TRY(bl_code_check_use(v->code, body->set_chunk, value_of(context, BL_BASE_SET)));
    return bl_code_check_use(v->code, body->member_chunk, of_actor(context, BL_BASE_BOOLEAN));
}

static bl_load_result use_changers(const verifier *v, bl_range changers, uint32_t scope)
{
    for (uint32_t i = 0; i < changers.count; i++) {
        const bl_changer *changer = &v->program->changers[changers.first + i];
        if (changer->kind == BL_CHANGER_BODY) TRY(use_body(v, changer->index, of_scope(scope)));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_roles(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->role_count; i++) {
        const bl_role *role = &v->program->roles[i];
        TRY(use_body(v, role->from_body, of_scope(role->scope)));
        TRY(use_changers(v, role->granters, role->scope));
        TRY(use_changers(v, role->revokers, role->scope));
    }
    return use_body(v, v->program->conflicts_body, BL_CODE_NOWHERE);
}

/* Bodies that nothing asks. */
static bl_load_result use_other_bodies(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->body_count; i++)
        if (!v->is_body_used[i]) TRY(use_body(v, i, BL_CODE_NOWHERE));
    return BL_LOAD_OK;
}

/* What conditions of one stage may see. */
typedef struct condition_scope {
    bl_code_context context;
    bl_range parameters;
    bl_range aggregates;
    bl_range more_aggregates;
} condition_scope;

static bool is_within(bl_range range, uint32_t row)
{
    return row >= range.first && row - range.first < range.count;
}

static bl_load_result use_comparison(const verifier *v, const condition_scope *scope, uint32_t row)
{
    const bl_program *program = v->program;
    const bl_condition *condition = &program->conditions[row];
    bl_use fixed = value_of(scope->context, BL_BASE_NUMBER);
    fixed.parameters = scope->parameters;
    bl_use side = fixed, test = fixed;
    side.aggregates = test.aggregates = scope->aggregates;
    side.more_aggregates = test.more_aggregates = scope->more_aggregates;
    test.result = bl_type_plain(BL_BASE_BOOLEAN);
    if (condition->test_chunk == BL_NONE) REFUSE(v, "condition %u: it has no code", row);
    TRY(bl_code_check_use(v->code, condition->test_chunk, test));
    if (condition->kind == BL_CONDITION_TEST) return BL_LOAD_OK;
    TRY(bl_code_check_use(v->code, condition->left_chunk, side));
    TRY(bl_code_check_use(v->code, condition->right_chunk, side));
    if (!condition->is_linear) return BL_LOAD_OK;
    TRY(bl_code_check_use(v->code, condition->constant_chunk, fixed));
    for (uint32_t i = 0; i < condition->terms.count; i++) {
        const bl_term *term = &program->terms[condition->terms.first + i];
        if (!is_within(scope->aggregates, term->aggregate) &&
            !is_within(scope->more_aggregates, term->aggregate))
            REFUSE(v, "condition %u: it counts what its stage does not", row);
        TRY(bl_code_check_use(v->code, term->coefficient_chunk, fixed));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_condition(const verifier *v, const condition_scope *scope, uint32_t row,
                                    unsigned depth)
{
    if (row == BL_NONE) return BL_LOAD_OK;
    if (depth > BL_AST_DEPTH_MAX) REFUSE(v, "condition %u: it is nested too deeply", row);
    if (v->is_condition_used[row]) REFUSE(v, "condition %u: it stands in two places", row);
    v->is_condition_used[row] = true;
    const bl_condition *condition = &v->program->conditions[row];
    const bool is_leaf = condition->kind == BL_CONDITION_COMPARE ||
                         condition->kind == BL_CONDITION_TEST;
    const bool has_right = condition->kind == BL_CONDITION_AND ||
                           condition->kind == BL_CONDITION_OR;
    if ((condition->left == BL_NONE) != is_leaf || (condition->right != BL_NONE) != has_right)
        REFUSE(v, "condition %u: its parts do not fit its kind", row);
    if (is_leaf) return use_comparison(v, scope, row);
    TRY(use_condition(v, scope, condition->left, depth + 1));
    return use_condition(v, scope, condition->right, depth + 1);
}

static bl_load_result use_aggregates(const verifier *v, const condition_scope *scope,
                                     bl_range aggregates)
{
    const bl_use weight = of_actor(BL_CODE_NOWHERE, BL_BASE_NUMBER); /* shared by all stages */
    for (uint32_t i = 0; i < aggregates.count; i++) {
        const uint32_t row = aggregates.first + i;
        const bl_aggregate *aggregate = &v->program->aggregates[row];
        bl_use set = value_of(scope->context, BL_BASE_SET);
        set.parameters = scope->parameters;
        const uint32_t needed = aggregate->is_outside ? aggregate->set_chunk
                                                      : aggregate->member_chunk;
        if (needed == BL_NONE && (aggregate->is_outside || !aggregate->is_uniform))
            REFUSE(v, "aggregate %u: it has no code", row);
        TRY(bl_code_check_use(v->code, aggregate->set_chunk, set));
        TRY(bl_code_check_use(v->code, aggregate->member_chunk,
                              of_actor(scope->context, BL_BASE_BOOLEAN)));
        TRY(bl_code_check_use(v->code, aggregate->weight_chunk, weight));
    }
    return BL_LOAD_OK;
}

/* What an election is counted by can be counted so, and its ballots are of that form. */
static bl_load_result use_count(const verifier *v, uint32_t row)
{
    static const bl_ballot_form forms[] = {[BL_BALLOTS_RANKING] = BL_FORM_RANKING,
                                           [BL_BALLOTS_CHOICE] = BL_FORM_CHOICE,
                                           [BL_BALLOTS_SCORES] = BL_FORM_SCORES};
    const bl_procedure *procedure = &v->program->procedures[row];
    bl_count_options options = {.method = BL_METHOD_NONE};
    bl_ballot_form form = BL_FORM_YES_NO;
    if (procedure->count.size > 0) {
        if (!bl_count_options_read(procedure->count, &options, NULL))
            REFUSE(v, "procedure %u: nothing can be counted so", row);
        form = forms[bl_methods[options.method].ballots];
    }
    if (procedure->method != options.method || procedure->form != form)
        REFUSE(v, "procedure %u: its ballots are not those that it counts", row);
    for (uint32_t i = 0; i < procedure->settings.count; i++) {
        const bl_setting *setting = &v->program->settings[procedure->settings.first + i];
        TRY(bl_code_check_use(v->code, setting->chunk,
                              value_with(BL_BASE_NUMBER, procedure->parameters)));
    }
    TRY(use_body(v, procedure->casting_body, BL_CODE_NOWHERE));
    return bl_code_check_use(v->code, procedure->weight_chunk,
                             of_actor(BL_CODE_NOWHERE, BL_BASE_NUMBER));
}

static bl_load_result use_procedures(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->procedure_count; i++) {
        const bl_procedure *procedure = &v->program->procedures[i];
        const condition_scope scope = {.context = BL_CODE_NOWHERE,
                                       .parameters = procedure->parameters,
                                       .aggregates = procedure->aggregates};
        TRY(use_condition(v, &scope, procedure->quorum, 0));
        TRY(use_condition(v, &scope, procedure->passes, 0));
        TRY(use_condition(v, &scope, procedure->fails, 0));
        TRY(use_aggregates(v, &scope, procedure->aggregates));
        TRY(bl_code_check_use(v->code, procedure->open_for_chunk,
                              value_with(BL_BASE_DURATION, procedure->parameters)));
        TRY(use_count(v, i));
    }
    return BL_LOAD_OK;
}

/* The arguments are the procedure's parameters, one by one. */
static bl_load_result use_arguments(const verifier *v, uint32_t row, const condition_scope *scope)
{
    const bl_range parameters = scope->parameters;
    const bl_stage_plan *plan = &v->program->plans[row];
    if (plan->arguments.count != parameters.count)
        REFUSE(v, "stage_plan %u: its arguments are not those of its procedure", row);
    for (uint32_t i = 0; i < parameters.count; i++) {
        const bl_type type = v->program->fields[parameters.first + i].type;
        const bl_use use = {.context = scope->context, .result = bl_type_of_row(type)};
        TRY(bl_code_check_use(v->code, v->program->indexes[plan->arguments.first + i], use));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_plan(const verifier *v, uint32_t row)
{
    const bl_stage_plan *plan = &v->program->plans[row];
    const bl_procedure *procedure = plan->procedure == BL_NONE
                                        ? NULL
                                        : &v->program->procedures[plan->procedure];
    const bl_code_context context = of_kind(v, v->kind_of_plan[row]);
    const condition_scope scope = {.context = context,
                                   .parameters = procedure ? procedure->parameters : (bl_range){0},
                                   .aggregates = plan->aggregates,
                                   .more_aggregates = procedure ? procedure->aggregates
                                                                : (bl_range){0}};
    if (procedure && plan->procedure_chunk != BL_NONE)
        REFUSE(v, "stage_plan %u: it has two procedures", row);
    const bl_use duration = value_of(context, BL_BASE_DURATION);
    TRY(use_body(v, plan->body, context));
    TRY(use_arguments(v, row, &scope));
    TRY(bl_code_check_use(v->code, plan->procedure_chunk, value_of(context, BL_BASE_PROCEDURE)));
    TRY(bl_code_check_use(v->code, plan->window_chunk, duration));
    TRY(bl_code_check_use(v->code, plan->after_chunk, duration));
    TRY(bl_code_check_use(v->code, plan->reasoned_chunk, duration));
    TRY(bl_code_check_use(v->code, plan->when_chunk, value_of(context, BL_BASE_BOOLEAN)));
    TRY(use_aggregates(v, &scope, plan->aggregates));
    return use_condition(v, &scope, plan->quorum, 0);
}

/* ---- whose steps and votes they are ---- */

/* Rows of a range belong to one kind: their code sees its proposals. */
static bl_load_result own(const verifier *v, uint32_t *kinds, bl_table table, bl_range rows,
                          uint32_t kind)
{
    for (uint32_t i = rows.first; i - rows.first < rows.count; i++) {
        if (kinds[i] != BL_NONE && kinds[i] != kind)
            REFUSE(v, "%s %u: it is of two kinds of proposals", bl_table_name(table), i);
        kinds[i] = kind;
    }
    return BL_LOAD_OK;
}

static bl_load_result own_of_vetoes(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->veto_count; i++) {
        const bl_veto *veto = &v->program->vetoes[i];
        const uint32_t kind = v->kind_of_veto[i];
        if (kind == BL_NONE) continue;
        const bl_range plan = {veto->plan, 1};
        TRY(own(v, v->kind_of_plan, BL_TABLE_stage_plan, plan, kind));
        TRY(own(v, v->kind_of_step, BL_TABLE_step, veto->overrides, kind));
    }
    return BL_LOAD_OK;
}

static bl_load_result own_of_steps(const verifier *v)
{
    const bl_program *program = v->program;
    for (uint32_t i = 0; i < program->step_count; i++)
        if (v->kind_of_step[i] != BL_NONE)
            TRY(own(v, v->kind_of_alternative, BL_TABLE_alternative, program->steps[i],
                    v->kind_of_step[i]));
    for (uint32_t i = 0; i < program->alternative_count; i++)
        if (v->kind_of_alternative[i] != BL_NONE)
            TRY(own(v, v->kind_of_plan, BL_TABLE_stage_plan, program->alternatives[i],
                    v->kind_of_alternative[i]));
    return BL_LOAD_OK;
}

static bl_load_result find_kinds(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->kind_count; i++) {
        const bl_kind *kind = &v->program->kinds[i];
        TRY(own(v, v->kind_of_step, BL_TABLE_step, kind->steps, i));
        TRY(own(v, v->kind_of_veto, BL_TABLE_veto, kind->vetoes, i));
        TRY(own(v, v->kind_of_plan, BL_TABLE_stage_plan, kind->rungs, i));
        TRY(own(v, v->kind_of_plan, BL_TABLE_stage_plan, kind->disputes, i));
    }
    TRY(own_of_vetoes(v));
    return own_of_steps(v);
}

/* ---- kinds of proposals ---- */

/* Stages side by side, each of which is a vote. */
static bl_load_result check_votes(const verifier *v, bl_range plans, uint32_t most)
{
    if (plans.count > most) REFUSE(v, "there are more than %u votes side by side", most);
    for (uint32_t i = 0; i < plans.count; i++) {
        const bl_stage_plan *plan = &v->program->plans[plans.first + i];
        if (plan->procedure == BL_NONE && plan->procedure_chunk == BL_NONE)
            REFUSE(v, "stage_plan %u: it has no procedure", plans.first + i);
    }
    return BL_LOAD_OK;
}

/* Each once, however many kinds and vetoes have it. */
static bl_load_result check_steps(const verifier *v)
{
    const bl_program *program = v->program;
    for (uint32_t i = 0; i < program->step_count; i++)
        if (program->steps[i].count == 0) REFUSE(v, "step %u: it has no votes", i);
    for (uint32_t i = 0; i < program->alternative_count; i++) {
        if (program->alternatives[i].count == 0) REFUSE(v, "alternative %u: it has no votes", i);
        TRY(check_votes(v, program->alternatives[i], BL_GROUP_MAX));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_handlers(const verifier *v, const bl_kind *kind, bl_code_context context)
{
    for (uint32_t i = 0; i < kind->handlers.count; i++) {
        const bl_handler *handler = &v->program->handlers[kind->handlers.first + i];
        bl_use use = effects(context);
        if (handler->outcome == BL_OUTCOME_ELECTED)
            use.given = bl_type_plain(kind->candidates_body == BL_NONE ? BL_BASE_TEXT
                                                                       : BL_BASE_ACTOR);
        TRY(bl_code_check_use(v->code, handler->chunk, use));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_candidates(const verifier *v, uint32_t row)
{
    const bl_kind *kind = &v->program->kinds[row];
    const bl_range options = kind->options, majorities = kind->majorities;
    if (majorities.count > 0 && majorities.count != options.count)
        REFUSE(v, "kind %u: its majorities are not those of its options", row);
    for (uint32_t i = 0; i < majorities.count; i++) {
        const bl_value *ratio = &v->program->constants[v->program->indexes[majorities.first + i]];
        if (ratio->base != BL_BASE_NUMBER || ratio->as.number.num <= 0)
            REFUSE(v, "kind %u: a majority of its options is none", row);
    }
    if (kind->default_option != BL_NONE && options.count > 0 &&
        v->program->indexes[options.first + options.count - 1] != kind->default_option)
        REFUSE(v, "kind %u: its default is not the last of its options", row);
    if ((kind->cap_chunk == BL_NONE) != (kind->cap_attribute == BL_NONE))
        REFUSE(v, "kind %u: its cap lacks a part", row);
    if (kind->cap_attribute != BL_NONE) {
        const bl_attribute *attribute = &v->program->attributes[kind->cap_attribute];
        if (attribute->scope != BL_NONE || attribute->type.base != BL_BASE_TEXT ||
            attribute->type.is_list || kind->candidates_body == BL_NONE)
            REFUSE(v, "kind %u: its cap is on nothing that people have", row);
    }
    TRY(use_body(v, kind->candidates_body, of_kind(v, row)));
    return bl_code_check_use(v->code, kind->cap_chunk, value_of(of_kind(v, row), BL_BASE_NUMBER));
}

static bl_load_result use_kind(const verifier *v, uint32_t row)
{
    const bl_kind *kind = &v->program->kinds[row];
    const bl_code_context context = of_kind(v, row);
    const bl_use condition = value_of(context, BL_BASE_BOOLEAN);
    if (kind->steps.count == 0) REFUSE(v, "kind %u: nobody decides it", row);
    TRY(check_votes(v, kind->rungs, BL_NONE));
    for (uint32_t i = 0; i < kind->refusals.count; i++) {
        const bl_refusal *refusal = &v->program->refusals[kind->refusals.first + i];
        TRY(bl_code_check_use(v->code, refusal->when_chunk, condition));
    }
    TRY(use_candidates(v, row));
    TRY(use_handlers(v, kind, context));
    TRY(use_body(v, kind->raised_body, context));
    TRY(bl_code_check_use(v->code, kind->raised_when, condition));
    if (kind->effect_time == BL_EFFECT_AFTER && kind->effect_after_chunk == BL_NONE)
        REFUSE(v, "kind %u: its effects come after nothing", row);
    return bl_code_check_use(v->code, kind->effect_after_chunk,
                             value_of(context, BL_BASE_DURATION));
}

/* ---- attributes, rules, functions ---- */

static bl_load_result use_attributes(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->attribute_count; i++) {
        const bl_attribute *attribute = &v->program->attributes[i];
        const bl_use use = {.context = BL_CODE_NOWHERE, .result = bl_type_of_row(attribute->type)};
        TRY(bl_code_check_use(v->code, attribute->default_chunk, use));
        TRY(use_changers(v, attribute->changers, attribute->scope));
    }
    return BL_LOAD_OK;
}

static bl_load_result use_rules(const verifier *v)
{
    const bl_program *program = v->program;
    for (uint32_t i = 0; i < program->rule_count; i++) {
        const bl_rule *rule = &program->rules[i];
        bl_code_context context = BL_CODE_NOWHERE;
        context.event = rule->event;
        TRY(use_body(v, rule->body, context));
        TRY(bl_code_check_use(v->code, rule->when_chunk, value_of(context, BL_BASE_BOOLEAN)));
        TRY(bl_code_check_use(v->code, rule->effects_chunk, effects(context)));
    }
    for (uint32_t i = 0; i < program->event_count; i++) {
        const bl_range rules = program->events[i].rules;
        for (uint32_t k = 0; k < rules.count; k++)
            if (program->rules[rules.first + k].event != i)
                REFUSE(v, "event_type %u: it has a rule of something else", i);
    }
    return BL_LOAD_OK;
}

static bl_load_result use_functions(const verifier *v)
{
    for (uint32_t i = 0; i < v->program->function_count; i++) {
        const bl_function *function = &v->program->functions[i];
        const bl_use use = {.context = BL_CODE_NOWHERE,
                            .result = bl_type_of_row(function->type),
                            .parameters = function->parameters};
        TRY(bl_code_check_use(v->code, function->chunk, use));
    }
    return BL_LOAD_OK;
}

/* ---- all of it ---- */

static bl_load_result check_rows(const verifier *v)
{
    TRY(check_lists(v));
    TRY(check_counts(v));
    TRY(check_all_slots(v));
    TRY(check_attributes(v));
    return check_changers(v);
}

static bl_load_result use_all(const verifier *v)
{
    TRY(check_steps(v));
    TRY(find_kinds(v));
    TRY(use_roles(v));
    TRY(use_procedures(v));
    for (uint32_t i = 0; i < v->program->plan_count; i++)
        TRY(use_plan(v, i));
    for (uint32_t i = 0; i < v->program->kind_count; i++)
        TRY(use_kind(v, i));
    TRY(use_attributes(v));
    TRY(use_rules(v));
    TRY(use_functions(v));
    TRY(use_other_bodies(v));
    return bl_code_check_end(v->code);
}

/* Room for a kind for each row of a table, none of which is known. */
static bool make_kinds(const bl_program *program, uint32_t count, uint32_t **out)
{
    *out = bl_arena_array(program->arena, count, sizeof **out);
    for (uint32_t i = 0; *out && i < count; i++)
        (*out)[i] = BL_NONE;
    return *out != NULL;
}

static bool make_room(verifier *v)
{
    const bl_program *program = v->program;
    v->is_condition_used = bl_arena_array(program->arena, program->condition_count,
                                          sizeof *v->is_condition_used);
    v->is_body_used = bl_arena_array(program->arena, program->body_count, sizeof *v->is_body_used);
    return v->is_condition_used && v->is_body_used &&
           make_kinds(program, program->plan_count, &v->kind_of_plan) &&
           make_kinds(program, program->alternative_count, &v->kind_of_alternative) &&
           make_kinds(program, program->step_count, &v->kind_of_step) &&
           make_kinds(program, program->veto_count, &v->kind_of_veto);
}

bl_load_result bl_verify(const bl_program *program, bl_load_error *error)
{
    verifier v = {.program = program, .error = error};
    if (!make_room(&v)) return BL_LOAD_NOMEM;
    bl_load_result result = check_rows(&v);
    if (result == BL_LOAD_OK) result = bl_code_check_begin(program, error, &v.code);
    if (result == BL_LOAD_OK) result = use_all(&v);
    bl_code_check_free(v.code);
    return result;
}
