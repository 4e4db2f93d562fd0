/*
 * The world: actors, instances of scopes, and their attributes. Who holds which role is in
 * holding.c.
 *
 * Every change is journaled before it is made, so that a block of effects can be rolled back
 * whatever stopped it; stages that count the changed thing are touched before and after. The bare
 * changes (`_put`, `_place`) do only the last step.
 */
#include "world.h"
#include "handle.h"

#include <assert.h>

/* ---- beginning and end ---- */

static bool map_names(bl_engine *engine, size_t table, uint32_t name, uint32_t row)
{
    return bl_map_put(&engine->memory, &engine->names_of_program[table], name, row);
}

static bool map_program(bl_engine *engine)
{
    const bl_program *program = engine->program;
    bool is_done = true;
    for (uint32_t i = 0; i < program->kind_count; i++)
        is_done = is_done && map_names(engine, 0, program->kinds[i].name, i);
    for (uint32_t i = 0; i < program->role_count; i++)
        is_done = is_done && map_names(engine, 1, program->roles[i].name, i);
    for (uint32_t i = 0; i < program->scope_count; i++)
        is_done = is_done && map_names(engine, 2, program->scopes[i].name, i);
    for (uint32_t i = 0; i < program->event_count; i++)
        is_done = is_done && map_names(engine, 3, program->events[i].name, i);
    return is_done;
}

/* The engine's memory, arena and program are set; everything else is zero. */
bool bl_world_init(bl_engine *engine)
{
    const bl_program *program = engine->program;
    /* The seed differs from run to run and shows nowhere: numbers are given in order of appearance.
     */
    const uint64_t seed = (uint64_t)(uintptr_t)engine * UINT64_C(0x9E3779B97F4A7C15);
    engine->ids = bl_names_create(&engine->memory, seed);
    engine->handles = bl_names_create(&engine->memory, ~seed);
    engine->said = bl_names_create(&engine->memory, seed);
    if (!engine->ids || !engine->handles || !engine->said) return false;
    bl_arena *arena = &engine->arena;
    engine->role_heads = bl_arena_array(arena, program->role_count, sizeof *engine->role_heads);
    engine->role_stages = bl_arena_array(arena, program->role_count, sizeof *engine->role_stages);
    engine->attribute_stages = bl_arena_array(arena, program->attribute_count,
                                              sizeof *engine->attribute_stages);
    engine->opened_by_effects = bl_arena_array(arena, program->kind_count,
                                               sizeof *engine->opened_by_effects);
    return engine->role_heads && engine->role_stages && engine->attribute_stages &&
           engine->opened_by_effects && map_program(engine);
}

static void destroy_stage_indexes(bl_engine *engine)
{
    const bl_memory *memory = &engine->memory;
    for (uint32_t i = 0; engine->role_stages && i < engine->program->role_count; i++)
        bl_vector_free(memory, &engine->role_stages[i]);
    for (uint32_t i = 0; engine->attribute_stages && i < engine->program->attribute_count; i++)
        bl_vector_free(memory, &engine->attribute_stages[i]);
}

/* Also after bl_world_init failed. What is in the arena goes with it. */
void bl_world_destroy(bl_engine *engine)
{
    const bl_memory *memory = &engine->memory;
    destroy_stage_indexes(engine);
    for (size_t i = 0; i < engine->posts.count; i++)
        bl_vector_free(memory, &engine->posts.items[i].actors);
    bl_vector_free(memory, &engine->posts);
    bl_vector_free(memory, &engine->holdings);
    bl_vector_free(memory, &engine->instances);
    bl_vector_free(memory, &engine->actors);
    for (size_t i = 0; i < sizeof engine->names_of_program / sizeof *engine->names_of_program; i++)
        bl_map_free(memory, &engine->names_of_program[i]);
    bl_map_free(memory, &engine->instance_of);
    bl_map_free(memory, &engine->holding_of);
    bl_map_free(memory, &engine->post_of);
    bl_map_free(memory, &engine->held_anywhere);
    bl_names_destroy(engine->ids);
    bl_names_destroy(engine->handles);
    bl_names_destroy(engine->said);
    engine->ids = engine->handles = engine->said = NULL;
}

/* ---- outcomes ---- */

bylaw_text bl_world_name(bl_engine *engine, uint32_t name)
{
    return bl_say_copy(engine, bl_names_text(engine->program->names, name));
}

bylaw_outcome *bl_world_outcome(bl_engine *engine, bl_outcome_type type, const bl_context *context,
                                bl_span clause, bl_text because)
{
    const bl_proposal *proposal = NULL;
    if (context->proposal != BL_NONE) proposal = engine->proposals.items[context->proposal];
    bylaw_outcome *outcome = bl_outcome_begin(engine, type, proposal);
    if (!outcome) return NULL;
    outcome->on = (bylaw_text){NULL, 0};
    outcome->because = bl_say_copy(engine, because);
    outcome->clause = bl_say_place(engine, clause);
    return outcome;
}

/* ---- actors ---- */

/*
 * The key of a handle, in engine->buffer behind what is there already: whoever builds text there
 * may ask for an actor on the way. The caller cuts the buffer back to *mark.
 */
static bool handle_key(bl_engine *engine, bl_text handle, size_t *mark, bl_text *key,
                       const char **why)
{
    bl_buffer *buffer = &engine->buffer;
    *mark = buffer->size;
    if (!bl_handle_key(handle, engine->program->handles_exact, buffer, why)) {
        if (!*why) engine->out_of_memory = true;
        buffer->size = *mark;
        return false;
    }
    *key = (bl_text){buffer->bytes + *mark, buffer->size - *mark};
    return true;
}

static uint32_t add_actor(bl_engine *engine, bl_text handle, bl_text key, const char **why)
{
    if (engine->actors.count >= engine->options.limits.actor_count) {
        *why = "there are too many people";
        return BL_NONE;
    }
    if (handle.size > 0 && handle.bytes[0] == '@')
        handle = (bl_text){handle.bytes + 1, handle.size - 1};
    const char *shown = bl_arena_copy(&engine->arena, handle.bytes, handle.size);
    if (!shown || !bl_vector_reserve(&engine->memory, &engine->actors, 1)) return BL_NONE;
    const uint32_t actor = bl_names_add(engine->handles, key);
    if (actor == BL_NONE) return BL_NONE;
    assert(actor == engine->actors.count);
    engine->actors.items[engine->actors.count++] = (bl_actor){.shown = {shown, handle.size}};
    return actor;
}

uint32_t bl_actor_of(bl_engine *engine, bl_text handle, const char **why)
{
    size_t mark;
    bl_text key;
    *why = NULL;
    if (!handle_key(engine, handle, &mark, &key, why)) return BL_NONE;
    uint32_t actor = bl_names_find(engine->handles, key);
    if (actor == BL_NONE) actor = add_actor(engine, handle, key, why);
    if (actor == BL_NONE && !*why) engine->out_of_memory = true;
    engine->buffer.size = mark;
    return actor;
}

uint32_t bl_actor_find(bl_engine *engine, bl_text handle)
{
    size_t mark;
    bl_text key;
    const char *why = NULL;
    if (!handle_key(engine, handle, &mark, &key, &why)) return BL_NONE;
    const uint32_t actor = bl_names_find(engine->handles, key);
    engine->buffer.size = mark;
    return actor;
}

uint8_t bl_actor_kind(const bl_engine *engine, uint32_t actor)
{
    const uint8_t kind = engine->actors.items[actor].kind;
    return kind ? kind : BL_ACTOR_PERSON;
}

bool bl_actor_suits(const bl_engine *engine, uint32_t actor, uint8_t kinds)
{
    const uint8_t kind = engine->actors.items[actor].kind;
    return kind == 0 || (kind & kinds);
}

void bl_actor_settle_kind(bl_engine *engine, uint32_t actor, uint8_t kinds)
{
    bl_actor *row = &engine->actors.items[actor];
    if (row->kind == 0 && (kinds == BL_ACTOR_ORGANIZATION || kinds == BL_ACTOR_AGENT))
        row->kind = kinds;
}

const char *bl_actor_kind_phrase(const bl_engine *engine, uint32_t actor)
{
    const uint8_t kind = bl_actor_kind(engine, actor);
    if (kind == BL_ACTOR_ORGANIZATION) return "an organization";
    return kind == BL_ACTOR_AGENT ? "an agent" : "a person";
}

const char *bl_actor_kinds_phrase(uint8_t kinds)
{
    static const char *const phrases[8] = {
        "nobody", "people",           "organizations",           "people or organizations",
        "agents", "people or agents", "organizations or agents", "anyone",
    };
    return phrases[kinds & 7];
}

/* ---- instances ---- */

static uint64_t instance_key(uint32_t scope, uint32_t id)
{
    return (uint64_t)scope << 32 | id;
}

uint32_t bl_instance_find(const bl_engine *engine, uint32_t scope, bl_text id)
{
    const uint32_t number = bl_names_find(engine->ids, id);
    if (number == BL_NONE) return BL_NONE;
    return bl_map_get(&engine->instance_of, instance_key(scope, number));
}

bl_text bl_instance_id(const bl_engine *engine, uint32_t instance)
{
    return bl_names_text(engine->ids, engine->instances.items[instance].id);
}

/* Another instance may have taken the id meanwhile: then this one stays removed. */
bool bl_instance_put(bl_engine *engine, uint32_t instance, bool is_there)
{
    bl_instance *row = &engine->instances.items[instance];
    const uint64_t key = instance_key(row->scope, row->id);
    const uint32_t present = bl_map_get(&engine->instance_of, key);
    if (is_there) {
        if (present != BL_NONE && present != instance) return true;
        if (!bl_map_put(&engine->memory, &engine->instance_of, key, instance)) return false;
    } else if (present == instance) {
        bl_map_remove(&engine->instance_of, key);
    }
    row->is_removed = !is_there;
    return true;
}

uint32_t bl_instance_built_upon(const bl_engine *engine, uint32_t instance)
{
    return instance == BL_NONE ? 0 : engine->instances.items[instance].built_upon;
}

void bl_instance_build_upon(bl_engine *engine, uint32_t instance, uint32_t decision)
{
    if (instance == BL_NONE) return;
    bl_instance *row = &engine->instances.items[instance];
    if (row->decision != decision) row->built_upon++;
}

/* ---- attributes ---- */

static uint32_t attribute_count(const bl_engine *engine, uint32_t attribute, uint32_t target)
{
    const bl_program *program = engine->program;
    if (program->attributes[attribute].scope == BL_NONE) return program->actor_attribute_count;
    return program->scopes[engine->instances.items[target].scope].attributes.count;
}

bool bl_attribute_place(bl_engine *engine, uint32_t attribute, uint32_t target, bl_value **value,
                        uint32_t **decision)
{
    const bl_attribute *row = &engine->program->attributes[attribute];
    const bool is_of_actors = row->scope == BL_NONE;
    bl_value **values = is_of_actors ? &engine->actors.items[target].attributes
                                     : &engine->instances.items[target].attributes;
    uint32_t **decisions = is_of_actors ? &engine->actors.items[target].attribute_decisions
                                        : &engine->instances.items[target].attribute_decisions;
    const uint32_t count = attribute_count(engine, attribute, target);
    assert(row->slot < count);
    _Static_assert(BL_BASE_NOTHING == 0, "zeroed values are not set");
    if (!*values) *values = bl_arena_array(&engine->arena, count, sizeof **values);
    if (!*decisions) *decisions = bl_arena_array(&engine->arena, count, sizeof **decisions);
    if (!*values || !*decisions) return false;
    *value = &(*values)[row->slot];
    *decision = &(*decisions)[row->slot];
    return true;
}

static bl_result never_set(bl_engine *engine, uint32_t attribute, uint32_t target, bl_span span)
{
    const bl_attribute *row = &engine->program->attributes[attribute];
    const bl_text name = bl_names_text(engine->program->names, row->name);
    if (row->scope == BL_NONE)
        return bl_fail(engine, span, "`%.*s` of @%.*s was never set", BL_SAID(name),
                       BL_SAID(engine->actors.items[target].shown));
    return bl_fail(engine, span, "`%.*s` of `%.*s` was never set", BL_SAID(name),
                   BL_SAID(bl_instance_id(engine, target)));
}

bl_result bl_world_attribute(bl_engine *engine, uint32_t attribute, uint32_t target, bl_span span,
                             bl_value *out)
{
    const bl_attribute *row = &engine->program->attributes[attribute];
    const bool is_of_actors = row->scope == BL_NONE;
    const bl_value *values = is_of_actors ? engine->actors.items[target].attributes
                                          : engine->instances.items[target].attributes;
    *out = values ? values[row->slot] : BL_NOTHING;
    if (out->base != BL_BASE_NOTHING) return BL_OK;
    if (row->default_chunk == BL_NONE) {
        if (row->type.is_optional) return BL_OK;
        return never_set(engine, attribute, target, span);
    }
    bl_context context = BL_CONTEXT_NONE;
    if (!is_of_actors) context.instance = target;
    return bl_vm_run(engine, row->default_chunk, &context, NULL, 0, out);
}

/* Whether the attribute is one of this target, which is still there. */
static bl_result check_target(bl_engine *engine, uint32_t attribute, uint32_t target)
{
    const bl_attribute *row = &engine->program->attributes[attribute];
    if (row->scope != BL_NONE) {
        if (!engine->instances.items[target].is_removed) return BL_OK;
        return bl_fail(engine, row->span, "`%.*s` was removed",
                       BL_SAID(bl_instance_id(engine, target)));
    }
    if (bl_actor_suits(engine, target, row->actor_kinds)) return BL_OK;
    const bl_text name = bl_names_text(engine->program->names, row->name);
    return bl_fail(engine, row->span, "@%.*s is %s, and `%.*s` is an attribute of %s",
                   BL_SAID(engine->actors.items[target].shown),
                   bl_actor_kind_phrase(engine, target), BL_SAID(name),
                   bl_actor_kinds_phrase(row->actor_kinds));
}

static bl_result say_changed(bl_engine *engine, uint32_t attribute, uint32_t target,
                             const bl_value *value, const bl_context *context, bl_span clause,
                             bl_text because)
{
    const bl_attribute *row = &engine->program->attributes[attribute];
    bylaw_outcome *outcome = bl_world_outcome(engine, BL_OUTCOME_CHANGED, context, clause, because);
    if (!outcome) return bl_no_memory(engine);
    if (row->scope == BL_NONE)
        outcome->to = bl_say_copy(engine, engine->actors.items[target].shown);
    else
        outcome->on = bl_say_copy(engine, bl_instance_id(engine, target));
    outcome->attribute = bl_world_name(engine, row->name);
    outcome->value_json = bl_say_value(engine, value);
    bl_outcome_end(engine, outcome);
    return BL_OK;
}

bl_result bl_world_set(bl_engine *engine, uint32_t attribute, uint32_t target,
                       const bl_value *value, const bl_context *context, bl_span clause,
                       bl_text because)
{
    bl_result result = check_target(engine, attribute, target);
    if (result != BL_OK) return result;
    const bl_attribute *row = &engine->program->attributes[attribute];
    const uint32_t instance = row->scope == BL_NONE ? BL_NONE : target;
    bl_value *place, kept;
    uint32_t *decision;
    if (!bl_attribute_place(engine, attribute, target, &place, &decision) ||
        !bl_value_copy(&engine->arena, value, &kept))
        return bl_no_memory(engine);
    const bl_change change = {
        .kind = BL_CHANGE_SET,
        .index = target,
        .attribute = attribute,
        .old_decision = *decision,
        .old_value = *place,
        .new_value = kept,
        .built_upon = bl_instance_built_upon(engine, instance),
    };
    if (!bl_journal_add(engine, &change)) return bl_no_memory(engine);
    result = bl_touch_attribute(engine, attribute, target, -1);
    if (result != BL_OK) return result;
    *place = kept;
    *decision = context->decision;
    bl_instance_build_upon(engine, instance, context->decision);
    if (instance == BL_NONE) bl_actor_settle_kind(engine, target, row->actor_kinds);
    result = bl_touch_attribute(engine, attribute, target, 1);
    if (result != BL_OK) return result;
    return say_changed(engine, attribute, target, &kept, context, clause, because);
}

/* ---- creating and removing ---- */

static bl_result check_id(bl_engine *engine, uint32_t scope, bl_text id, bl_span clause)
{
    const bl_text word = bl_names_text(engine->program->names, engine->program->scopes[scope].name);
    if (id.size == 0)
        return bl_fail(engine, clause, "the id of a `%.*s` is not empty", BL_SAID(word));
    if (id.size > BL_HANDLE_SIZE_MAX)
        return bl_fail(engine, clause, "an id has at most %d bytes", BL_HANDLE_SIZE_MAX);
    if (bl_instance_find(engine, scope, id) != BL_NONE)
        return bl_fail(engine, clause, "there is already a %.*s `%.*s`", BL_SAID(word),
                       BL_SAID(id));
    if (engine->instances.count >= engine->options.limits.instance_count)
        return bl_fail(engine, clause, "more than %u instances of scopes",
                       engine->options.limits.instance_count);
    return BL_OK;
}

static bl_result fill_attributes(bl_engine *engine, bl_instance *row, const bl_value *attributes,
                                 uint32_t decision)
{
    const uint32_t count = engine->program->scopes[row->scope].attributes.count;
    row->attributes = bl_arena_array(&engine->arena, count, sizeof *row->attributes);
    row->attribute_decisions = bl_arena_array(&engine->arena, count,
                                              sizeof *row->attribute_decisions);
    if (!row->attributes || !row->attribute_decisions) return bl_no_memory(engine);
    for (uint32_t i = 0; attributes && i < count; i++) {
        if (!bl_value_copy(&engine->arena, &attributes[i], &row->attributes[i]))
            return bl_no_memory(engine);
        if (attributes[i].base != BL_BASE_NOTHING) row->attribute_decisions[i] = decision;
    }
    return BL_OK;
}

/* `created` or `removed`. */
static bl_result say_instance(bl_engine *engine, bl_outcome_type type, uint32_t instance,
                              const bl_context *context, bl_span clause, bl_text because)
{
    bylaw_outcome *outcome = bl_world_outcome(engine, type, context, clause, because);
    if (!outcome) return bl_no_memory(engine);
    const uint32_t scope = engine->instances.items[instance].scope;
    outcome->scope = bl_world_name(engine, engine->program->scopes[scope].name);
    outcome->id = bl_say_copy(engine, bl_instance_id(engine, instance));
    bl_outcome_end(engine, outcome);
    return BL_OK;
}

bl_result bl_world_create(bl_engine *engine, uint32_t scope, bl_text id, const bl_value *attributes,
                          const bl_context *context, bl_span clause, bl_text because,
                          uint32_t *instance)
{
    bl_result result = check_id(engine, scope, id, clause);
    if (result != BL_OK) return result;
    bl_instance row = {.scope = scope, .decision = context->decision, .is_removed = true};
    result = fill_attributes(engine, &row, attributes, context->decision);
    if (result != BL_OK) return result;
    row.id = bl_names_add(engine->ids, id);
    if (row.id == BL_NONE || !bl_vector_reserve(&engine->memory, &engine->instances, 1))
        return bl_no_memory(engine);
    *instance = (uint32_t)engine->instances.count;
    engine->instances.items[engine->instances.count++] = row;
    const bl_change change = {.kind = BL_CHANGE_CREATED, .index = *instance};
    if (!bl_journal_add(engine, &change) || !bl_instance_put(engine, *instance, true))
        return bl_no_memory(engine);
    return say_instance(engine, BL_OUTCOME_CREATED, *instance, context, clause, because);
}

/* Whoever holds a role there holds it no longer. */
static bl_result end_roles(bl_engine *engine, uint32_t instance, const bl_context *context,
                           bl_span clause)
{
    const bylaw_text because = bl_say(engine, "`%.*s` is removed",
                                      BL_SAID(bl_instance_id(engine, instance)));
    for (size_t i = 0; i < engine->posts.count; i++) {
        const bl_post *post = &engine->posts.items[i];
        if (post->instance != instance) continue;
        const uint32_t role = post->role;
        bl_set holders;
        if (!bl_set_of(&engine->scratch, post->actors.items, (uint32_t)post->actors.count,
                       &holders))
            return bl_no_memory(engine);
        for (uint32_t k = 0; k < holders.count; k++) {
            /* An earlier revocation can have ended this one: who loses eligibility loses the role.
             */
            const bl_holding *holding = bl_holding_find(engine, role, instance, holders.actors[k]);
            if (!holding || !holding->is_held) continue;
            const bl_result result = bl_world_revoke(engine, role, instance, holders.actors[k],
                                                     context, clause,
                                                     (bl_text){because.bytes, because.size});
            if (result != BL_OK) return result;
        }
    }
    return BL_OK;
}

static bl_result lapse_proposals(bl_engine *engine, uint32_t instance, const bl_context *context,
                                 bl_span clause)
{
    for (size_t i = 0; i < engine->proposals.count; i++) {
        const bl_proposal *proposal = engine->proposals.items[i];
        if (proposal->instance != instance || !bl_proposal_is_undecided(proposal)) continue;
        const bl_follow follow = {
            .is_lapse = true,
            .index = proposal->index,
            .instance = instance,
            .span = clause,
            .decision = context->decision,
            .proposal = context->proposal,
        };
        const bl_result result = bl_effects_follow(engine, &follow);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

bl_result bl_world_remove(bl_engine *engine, uint32_t instance, const bl_context *context,
                          bl_span clause, bl_text because)
{
    if (engine->instances.items[instance].is_removed)
        return bl_fail(engine, clause, "`%.*s` is removed already",
                       BL_SAID(bl_instance_id(engine, instance)));
    const bl_change change = {
        .kind = BL_CHANGE_REMOVED,
        .index = instance,
        .built_upon = bl_instance_built_upon(engine, instance),
    };
    if (!bl_journal_add(engine, &change) || !bl_instance_put(engine, instance, false))
        return bl_no_memory(engine);
    bl_result result = end_roles(engine, instance, context, clause);
    if (result == BL_OK) result = lapse_proposals(engine, instance, context, clause);
    if (result != BL_OK) return result;
    return say_instance(engine, BL_OUTCOME_REMOVED, instance, context, clause, because);
}
