/*
 * The run-side bodies of bylaw.h that belong to no unit of their own: engines come and go, and what
 * the world looks like now.
 */
#include "machine.h"
#include "policy.h"

#include <assert.h>

const char *bylaw_version(void)
{
    return BYLAW_VERSION;
}

const char *bylaw_status_text(bylaw_status status)
{
    switch (status) {
    case BYLAW_OK: return "all is well";
    case BYLAW_NOMEM: return "out of memory";
    case BYLAW_ERRORS: return "it has errors";
    case BYLAW_STOPPED: return "stopped";
    case BYLAW_LIMIT: return "something is out of range";
    case BYLAW_ABSENT: return "there is nothing of that name";
    case BYLAW_NO_WORD: return "no such word is known here";
    case BYLAW_NO_SOURCE: return "this policy was compiled: that needs its source";
    }
    return "an unknown status";
}

/* ---- engines ---- */

static const bylaw_engine_options no_options;

/* A limit in force: the host's where it is the lower one. */
static uint32_t lower(uint32_t of_host, uint32_t own)
{
    return of_host > 0 && of_host < own ? of_host : own;
}

static bylaw_limits limits_in_force(const bylaw_limits *of_host)
{
    return (bylaw_limits){
        .memory_size = of_host->memory_size,
        .line_size = lower(of_host->line_size, BL_LINE_SIZE_MAX),
        .step_count = lower(of_host->step_count, BL_STEP_MAX),
        .actor_count = lower(of_host->actor_count, BL_ACTOR_COUNT_MAX),
        .instance_count = lower(of_host->instance_count, BL_INSTANCE_COUNT_MAX - 1),
        .proposal_count = lower(of_host->proposal_count, BL_PROPOSAL_COUNT_MAX)};
}

static bl_engine *engine_alloc(const bylaw_engine_options *options)
{
    bl_memory memory = bl_memory_default;
    if (options->allocator)
        memory = (bl_memory){options->allocator->resize, options->allocator->context};
    if (!bl_memory_limit(&memory, options->limits.memory_size)) return NULL;
    bl_engine *engine = bl_memory_alloc(&memory, sizeof *engine);
    if (!engine) {
        bl_memory_unlimit(&memory, options->limits.memory_size);
        return NULL;
    }
    *engine = (bl_engine){.memory = memory, .options = *options};
    engine->options.limits = limits_in_force(&options->limits);
    engine->options.allocator = NULL; /* the host's need not outlive this call */
    bl_arena_init(&engine->arena, &engine->memory);
    bl_arena_init(&engine->scratch, &engine->memory);
    bl_arena_init(&engine->reading, &engine->memory);
    bl_buffer_init(&engine->buffer, &engine->memory);
    bl_buffer_init(&engine->line, &engine->memory);
    return engine;
}

bylaw_status bylaw_engine_create(const bylaw_policy *policy, const bylaw_engine_options *options,
                                 bylaw_engine **out)
{
    assert(policy && out);
    *out = NULL;
    const bl_program *program = bl_policy_program(policy);
    if (!program) return BYLAW_ERRORS;
    bl_engine *engine = engine_alloc(options ? options : &no_options);
    if (!engine) return BYLAW_NOMEM;
    engine->program = program;
    if (!bl_world_init(engine)) {
        bylaw_engine_destroy(engine);
        return BYLAW_NOMEM;
    }
    const char *why;
    const bl_text at = {engine->options.at.bytes, engine->options.at.size};
    engine->options.at = (bylaw_text){NULL, 0}; /* the host's need not outlive this call */
    engine->at = BL_TIME_MAX;
    if (at.size > 0 && !bl_time_parse(at, &engine->at, &why) &&
        !bl_date_parse(at, &engine->at, &why)) {
        bylaw_engine_destroy(engine);
        return BYLAW_LIMIT;
    }
    *out = engine;
    return BYLAW_OK;
}

static void free_stages(bl_engine *engine)
{
    const bl_memory *memory = &engine->memory;
    for (size_t i = 0; i < engine->stages.count; i++) {
        bl_stage *stage = engine->stages.items[i];
        bl_map_free(memory, &stage->ballot_of);
        bl_vector_free(memory, &stage->ballots);
    }
    bl_vector_free(memory, &engine->stages);
}

static void free_proposals(bl_engine *engine)
{
    const bl_memory *memory = &engine->memory;
    for (size_t i = 0; i < engine->proposals.count; i++) {
        bl_proposal *proposal = engine->proposals.items[i];
        bl_vector_free(memory, &proposal->conflicts);
        bl_vector_free(memory, &proposal->recusals);
        bl_vector_free(memory, &proposal->withdrawn);
        bl_vector_free(memory, &proposal->stages);
        bl_vector_free(memory, &proposal->records);
    }
    bl_vector_free(memory, &engine->proposals);
    bl_map_free(memory, &engine->proposal_of);
}

void bylaw_engine_destroy(bylaw_engine *engine)
{
    if (!engine) return;
    bl_memory memory = engine->memory;
    const size_t most = engine->options.limits.memory_size;
    free_stages(engine);
    free_proposals(engine);
    bl_records_destroy(engine);
    bl_world_destroy(engine);
    bl_vector_free(&engine->memory, &engine->touched);
    bl_vector_free(&engine->memory, &engine->agenda);
    bl_vector_free(&engine->memory, &engine->journal);
    bl_vector_free(&engine->memory, &engine->follows);
    bl_vector_free(&engine->memory, &engine->queue);
    bl_buffer_free(&engine->buffer);
    bl_buffer_free(&engine->line);
    bl_arena_destroy(&engine->reading);
    bl_arena_destroy(&engine->scratch);
    bl_arena_destroy(&engine->arena);
    bl_memory_free(&memory, engine, sizeof *engine);
    bl_memory_unlimit(&memory, most);
}

uint64_t bylaw_engine_malformed_count(const bylaw_engine *engine)
{
    assert(engine);
    return engine->malformed_count;
}

/* ---- the state of the world ---- */

typedef struct field_list {
    bl_engine *engine;
    bylaw_field *fields;
    size_t count;
} field_list;

static bool begin_fields(field_list *list, bl_engine *engine, size_t most)
{
    *list = (field_list){.engine = engine};
    list->fields = bl_arena_array(&engine->scratch, most + 1, sizeof *list->fields);
    if (!list->fields) bl_no_memory(engine);
    return list->fields != NULL;
}

static void add_field(field_list *list, const char *name, bl_value value)
{
    const bl_text text = bl_text_of(name);
    list->fields[list->count++] = (bylaw_field){.name = {text.bytes, text.size},
                                                .json = bl_say_value(list->engine, &value)};
}

static void end_with_fields(bylaw_outcome *outcome, const field_list *list)
{
    outcome->fields = list->fields;
    outcome->field_count = list->count;
    bl_outcome_end(list->engine, outcome);
}

static void add_truth(field_list *list, const char *name, bool is_true)
{
    if (is_true) add_field(list, name, bl_value_boolean(true));
}

static bl_value winner_of(const bl_engine *engine, const bl_proposal *proposal, uint32_t index)
{
    const uint32_t number = proposal->winners[index];
    return bl_kind_of(engine, proposal)->candidates_body != BL_NONE
               ? bl_value_index(BL_BASE_ACTOR, number)
               : bl_value_text(bl_names_text(engine->program->names, number));
}

/* Who or what was elected: an actor or the name of an option; of several a list. */
static void add_winners(field_list *list, const bl_proposal *proposal)
{
    if (proposal->winner_count == 0 || proposal->status != BL_STATUS_ACCEPTED) return;
    if (proposal->winner_count == 1) {
        add_field(list, "elected", winner_of(list->engine, proposal, 0));
        return;
    }
    bl_value *all = bl_arena_array(&list->engine->scratch, proposal->winner_count, sizeof *all);
    if (!all) {
        bl_no_memory(list->engine);
        return;
    }
    for (uint32_t i = 0; i < proposal->winner_count; i++)
        all[i] = winner_of(list->engine, proposal, i);
    const bl_value value = {.base = BL_BASE_LIST,
                            .as.list = {.items = all, .count = proposal->winner_count}};
    add_field(list, "elected", value);
}

/* How the first vote that is under way stands. */
static void add_vote(bl_engine *engine, bylaw_outcome *outcome, const bl_proposal *proposal)
{
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stage + i];
        if (stage->state != BL_STAGE_OPEN) continue;
        outcome->stage = stage->number;
        bl_outcome_tally(engine, outcome, stage);
        return;
    }
}

static void tell_proposal(bl_engine *engine, const bl_proposal *proposal)
{
    field_list list;
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_STATE, proposal);
    if (!outcome || !begin_fields(&list, engine, 8)) return;
    if (proposal->author != BL_NONE) {
        const bl_text author = engine->actors.items[proposal->author].shown;
        outcome->actor = (bylaw_text){author.bytes, author.size};
    }
    add_vote(engine, outcome, proposal);
    add_field(&list, "status", bl_value_text(bl_text_of(bl_explain_status(proposal))));
    if (proposal->rung > 0) add_field(&list, "rung", bl_value_number(BL_RATIONAL(proposal->rung)));
    add_winners(&list, proposal);
    add_truth(&list, "effective", proposal->is_effective);
    add_truth(&list, "final", proposal->is_final);
    const bl_value opened = {.base = BL_BASE_TIME, .as.time = proposal->opened};
    if (proposal->opened != BL_TIME_MIN) add_field(&list, "opened", opened);
    end_with_fields(outcome, &list);
}

static void tell_holding(bl_engine *engine, const bl_holding *holding)
{
    field_list list;
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_STATE, NULL);
    if (!outcome || !begin_fields(&list, engine, 1)) return;
    const bl_program *program = engine->program;
    const bl_text role = bl_names_text(program->names, program->roles[holding->role].name);
    const bl_text to = engine->actors.items[holding->actor].shown;
    outcome->role = (bylaw_text){role.bytes, role.size};
    outcome->to = (bylaw_text){to.bytes, to.size};
    if (holding->instance != BL_NONE) {
        const bl_text on = bl_instance_id(engine, holding->instance);
        outcome->on = (bylaw_text){on.bytes, on.size};
    }
    const bl_value since = {.base = BL_BASE_TIME, .as.time = holding->since};
    if (holding->since != BL_TIME_MIN) add_field(&list, "since", since);
    end_with_fields(outcome, &list);
}

/* An attribute without a value and without a default is left out. */
static void add_attribute(field_list *list, uint32_t attribute, uint32_t instance)
{
    bl_engine *engine = list->engine;
    const bl_program *program = engine->program;
    bl_value value;
    const bl_result result = bl_world_attribute(engine, attribute, instance,
                                                program->attributes[attribute].span, &value);
    if (result != BL_OK || value.base == BL_BASE_NOTHING) return;
    const bl_text name = bl_names_text(program->names, program->attributes[attribute].name);
    add_field(list, name.bytes, value);
}

static void tell_instance(bl_engine *engine, uint32_t index)
{
    const bl_instance *instance = &engine->instances.items[index];
    const bl_scope *scope = &engine->program->scopes[instance->scope];
    field_list list;
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_STATE, NULL);
    if (!outcome || !begin_fields(&list, engine, scope->attributes.count)) return;
    const bl_text name = bl_names_text(engine->program->names, scope->name);
    const bl_text id = bl_instance_id(engine, index);
    outcome->scope = (bylaw_text){name.bytes, name.size};
    outcome->id = (bylaw_text){id.bytes, id.size};
    for (uint32_t i = 0; i < scope->attributes.count; i++)
        add_attribute(&list, scope->attributes.first + i, index);
    end_with_fields(outcome, &list);
}

bylaw_status bylaw_engine_state(bylaw_engine *engine)
{
    assert(engine);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    for (size_t i = 0; i < engine->proposals.count && !engine->out_of_memory; i++) {
        bl_arena_reset(&engine->scratch);
        tell_proposal(engine, engine->proposals.items[i]);
    }
    for (size_t i = 0; i < engine->holdings.count && !engine->out_of_memory; i++) {
        bl_arena_reset(&engine->scratch);
        if (engine->holdings.items[i].is_held) tell_holding(engine, &engine->holdings.items[i]);
    }
    for (size_t i = 0; i < engine->instances.count && !engine->out_of_memory; i++) {
        bl_arena_reset(&engine->scratch);
        engine->steps = 0;
        if (!engine->instances.items[i].is_removed) tell_instance(engine, (uint32_t)i);
    }
    bl_arena_reset(&engine->scratch);
    return engine->out_of_memory ? BYLAW_NOMEM : BYLAW_OK;
}
