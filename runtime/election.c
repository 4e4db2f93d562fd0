/*
 * An election in the making: who stands, by which rules it is counted, who may break its ties, who
 * withdraws.
 *
 * Rules are fixed when the vote opens: options that are expressions get their values then. What a
 * ballot says is read by election_ballot.c, the counting is election_count.c's.
 */
#include "machine.h"

static const bl_procedure *procedure_of(const bl_engine *engine, const bl_stage *stage)
{
    return &engine->program->procedures[stage->procedure];
}

static const bl_kind *kind_of(const bl_engine *engine, const bl_stage *stage)
{
    return bl_kind_of(engine, engine->proposals.items[stage->proposal]);
}

bool bl_stage_is_election(const bl_engine *engine, const bl_stage *stage)
{
    return stage->procedure != BL_NONE && procedure_of(engine, stage)->method != BL_METHOD_NONE;
}

bool bl_candidate_is_actor(const bl_engine *engine, const bl_stage *stage, uint32_t candidate)
{
    return candidate != stage->default_option && kind_of(engine, stage)->candidates_body != BL_NONE;
}

bl_text bl_candidate_name(const bl_engine *engine, const bl_stage *stage, uint32_t candidate)
{
    const uint32_t number = stage->candidates[candidate];
    return bl_candidate_is_actor(engine, stage, candidate)
               ? engine->actors.items[number].shown
               : bl_names_text(engine->program->names, number);
}

uint32_t bl_candidate_find(bl_engine *engine, const bl_stage *stage, bl_text name)
{
    const uint32_t actor = bl_actor_find(engine, name);
    const uint32_t word = bl_names_find(engine->program->names, name);
    for (uint32_t i = 0; i < stage->candidate_count; i++) {
        const uint32_t wanted = bl_candidate_is_actor(engine, stage, i) ? actor : word;
        if (wanted != BL_NONE && stage->candidates[i] == wanted) return i;
    }
    return BL_NONE;
}

bool bl_candidate_is_withdrawn(const bl_engine *engine, const bl_stage *stage, uint32_t candidate)
{
    const bl_proposal *proposal = engine->proposals.items[stage->proposal];
    if (!bl_candidate_is_actor(engine, stage, candidate)) return false;
    for (size_t i = 0; i < proposal->withdrawn.count; i++)
        if (proposal->withdrawn.items[i] == stage->candidates[candidate]) return true;
    return false;
}

bool bl_election_is_candidate(const bl_engine *engine, const bl_proposal *proposal, uint32_t actor)
{
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stage + i];
        for (uint32_t c = 0; c < stage->candidate_count; c++)
            if (stage->candidates[c] == actor && bl_candidate_is_actor(engine, stage, c) &&
                !bl_candidate_is_withdrawn(engine, stage, c))
                return true;
    }
    return false;
}

/* ---- who stands ---- */

static bl_result find_people(bl_engine *engine, bl_stage *stage, const bl_kind *kind)
{
    const bl_context context = bl_proposal_context(engine->proposals.items[stage->proposal]);
    bl_set people;
    const bl_result result = bl_body_set(engine, kind->candidates_body, &context, &people);
    if (result != BL_OK) return result;
    uint32_t *all = bl_arena_array(&engine->arena, (size_t)people.count + 1, sizeof *all);
    if (!all) return bl_no_memory(engine);
    for (uint32_t i = 0; i < people.count; i++)
        all[i] = people.actors[i];
    stage->candidates = all;
    stage->candidate_count = people.count;
    if (kind->default_option == BL_NONE) return BL_OK;
    all[people.count] = kind->default_option;
    stage->default_option = stage->candidate_count++;
    return BL_OK;
}

static bl_result find_candidates(bl_engine *engine, bl_stage *stage)
{
    const bl_kind *kind = kind_of(engine, stage);
    if (kind->candidates_body != BL_NONE) return find_people(engine, stage, kind);
    uint32_t *options = bl_arena_array(&engine->arena, (size_t)kind->options.count + 1,
                                       sizeof *options);
    if (!options) return bl_no_memory(engine);
    for (uint32_t i = 0; i < kind->options.count; i++)
        options[i] = engine->program->indexes[kind->options.first + i];
    stage->candidates = options;
    stage->candidate_count = kind->options.count;
    if (kind->default_option != BL_NONE) stage->default_option = kind->options.count - 1;
    return BL_OK;
}

/* ---- by which rules ---- */

static bl_result set_number(bl_engine *engine, bl_count_options *options, bl_text name,
                            bl_rational value, bl_span span)
{
    bl_buffer text, problem;
    bl_buffer_init(&text, &engine->memory);
    bl_buffer_init(&problem, &engine->memory);
    bl_rational_write(&text, value);
    const bool is_set = bl_count_option_set(options, name, (bl_text){text.bytes, text.size},
                                            &problem);
    bl_result result = BL_OK;
    if (text.failed || problem.failed)
        result = bl_no_memory(engine);
    else if (!is_set)
        result = bl_fail(engine, span, "%.*s", (int)problem.size, problem.bytes);
    bl_buffer_free(&text);
    bl_buffer_free(&problem);
    return result;
}

static bl_result take_settings(bl_engine *engine, const bl_stage *stage, bl_count_options *options)
{
    const bl_context context = bl_stage_context(engine, stage);
    const bl_range settings = procedure_of(engine, stage)->settings;
    for (uint32_t i = settings.first; i < settings.first + settings.count; i++) {
        const bl_setting *setting = &engine->program->settings[i];
        bl_value value;
        bl_result result = bl_vm_value(engine, setting->chunk, &context, stage->arguments,
                                       stage->argument_count, BL_BASE_NUMBER, &value);
        if (result == BL_OK)
            result = set_number(engine, options,
                                bl_names_text(engine->program->names, setting->name),
                                value.as.number, setting->span);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* A number below 1 is a share of the seats, cut down to a whole one. */
static bl_result take_cap(bl_engine *engine, const bl_stage *stage, bl_count_options *options)
{
    const bl_kind *kind = kind_of(engine, stage);
    if (kind->cap_chunk == BL_NONE) return BL_OK;
    const bl_context context = bl_stage_context(engine, stage);
    bl_value value;
    const bl_result result = bl_vm_value(engine, kind->cap_chunk, &context, NULL, 0, BL_BASE_NUMBER,
                                         &value);
    if (result != BL_OK) return result;
    bl_rational most = value.as.number;
    if (bl_rational_compare(most, BL_RATIONAL(1)) < 0) {
        if (!bl_rational_multiply(most, BL_RATIONAL(options->seats), &most))
            return bl_fail(engine, kind->cap_span, "the cap is too exact a number");
        most = BL_RATIONAL(most.num / most.den);
    }
    if (most.num < 1) return bl_fail(engine, kind->cap_span, "the cap leaves no seat for anybody");
    return set_number(engine, options, BL_TEXT("group_most"), most, kind->cap_span);
}

static bl_result take_rules(bl_engine *engine, bl_stage *stage)
{
    bl_count_options *options = bl_arena_alloc(&engine->arena, sizeof *options);
    if (!options) return bl_no_memory(engine);
    if (!bl_count_options_read(procedure_of(engine, stage)->count, options, NULL))
        return bl_fail(engine, procedure_of(engine, stage)->span, "nothing can be counted so");
    bl_result result = take_settings(engine, stage, options);
    if (result == BL_OK) result = take_cap(engine, stage, options);
    if (result == BL_OK && options->seats > 1 && !bl_methods[options->method].has_seats)
        result = bl_fail(engine, procedure_of(engine, stage)->span, "%s fills one seat, not %u",
                         bl_methods[options->method].name, options->seats);
    stage->rules = options;
    return result;
}

bl_result bl_election_open(bl_engine *engine, bl_stage *stage)
{
    const bl_result result = find_candidates(engine, stage);
    return result == BL_OK ? take_rules(engine, stage) : result;
}

/* ---- weights ---- */

bl_result bl_election_weight(bl_engine *engine, const bl_stage *stage, const bl_context *context,
                             uint32_t actor, bl_rational *out)
{
    const uint32_t chunk = procedure_of(engine, stage)->weight_chunk;
    const bl_value argument = bl_value_index(BL_BASE_ACTOR, actor);
    bl_value value;
    const bl_result result = bl_vm_value(engine, chunk, context, &argument, 1, BL_BASE_NUMBER,
                                         &value);
    if (result != BL_OK) return result;
    *out = value.as.number;
    return out->num >= 0 ? BL_OK
                         : bl_fail(engine, engine->program->chunks[chunk].span,
                                   "the weight of @%.*s is negative",
                                   BL_SAID(engine->actors.items[actor].shown));
}

/* ---- who breaks ties ---- */

bl_result bl_election_is_casting(bl_engine *engine, const bl_stage *stage, uint32_t actor,
                                 bool *out)
{
    *out = false;
    if (!bl_stage_is_election(engine, stage)) return BL_OK;
    const uint32_t body = procedure_of(engine, stage)->casting_body;
    if (body == BL_NONE) return BL_OK;
    const bl_context context = bl_stage_context(engine, stage);
    return bl_body_has(engine, body, &context, actor, out);
}

bl_result bl_election_awaits_casting(bl_engine *engine, const bl_stage *stage, bool *out)
{
    const uint32_t body = procedure_of(engine, stage)->casting_body;
    *out = false;
    if (body == BL_NONE) return BL_OK;
    const bl_context context = bl_stage_context(engine, stage);
    bl_set members;
    const bl_result result = bl_body_set(engine, body, &context, &members);
    for (uint32_t i = 0; result == BL_OK && i < members.count; i++) {
        const uint8_t choice = bl_stage_ballot_of(stage, members.actors[i]);
        *out = *out || choice == 0 || choice == BL_BALLOT_NONE;
    }
    return result;
}
