/*
 * Facts: create, remove, set, grant, revoke; and resigning.
 *
 * Before the world is founded facts are simply stated. Afterwards one is refused unless a clause
 * (`granted by`, `revoked by`, `changed by`) names a body that its actor is in. What decisions do
 * is effect.c's and world.c's business.
 */
#include "machine.h"

static bl_text program_name(const bl_engine *engine, uint32_t name)
{
    return bl_names_text(engine->program->names, name);
}

static uint32_t find_row(const bl_engine *engine, int table, bl_text name)
{
    const uint32_t number = bl_names_find(engine->program->names, name);
    return number == BL_NONE ? BL_NONE : bl_map_get(&engine->names_of_program[table], number);
}

/* Whether one of the clause's bodies has the actor. */
static bl_result may_change(bl_engine *engine, const bl_event *event, bl_range changers,
                            uint32_t instance, bool *may)
{
    bl_context context = BL_CONTEXT_NONE;
    context.instance = instance;
    *may = !engine->is_founded || engine->is_roster;
    for (uint32_t i = 0; i < changers.count && !*may && event->actor != BL_NONE; i++) {
        const bl_changer *changer = &engine->program->changers[changers.first + i];
        if (changer->kind != BL_CHANGER_BODY) continue;
        const bl_result result = bl_body_has(engine, changer->index, &context, event->actor, may);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* The instance that `on` names, of the scope or (BL_NONE) of whichever has it. */
static uint32_t find_instance(const bl_engine *engine, uint32_t scope, bl_text id)
{
    if (scope != BL_NONE) return bl_instance_find(engine, scope, id);
    for (uint32_t i = 0; i < engine->program->scope_count; i++) {
        const uint32_t instance = bl_instance_find(engine, i, id);
        if (instance != BL_NONE) return instance;
    }
    return BL_NONE;
}

/* ---- roles ---- */

typedef struct post_named {
    uint32_t role, instance, actor;
} post_named;

/* Reads role, on and who. BL_FAULT says what is wrong; false in *is_read: reported as malformed. */
static bl_result read_post(bl_engine *engine, const bl_event *event, const char *who,
                           post_named *out, bool *is_read)
{
    bl_text role, on, handle = {NULL, 0};
    *is_read = bl_event_text(engine, event, "role", true, &role) &&
               bl_event_text(engine, event, "on", false, &on) &&
               (!who || bl_event_text(engine, event, who, true, &handle));
    if (!*is_read) return BL_OK;
    out->role = find_row(engine, 1, role);
    if (out->role == BL_NONE)
        return bl_fail(engine, BL_SPAN_NONE, "the policy knows no role `%.*s`%s", BL_SAID(role),
                       bl_event_nearest(engine, 1, role).bytes);
    const bl_role *row = &engine->program->roles[out->role];
    out->instance = BL_NONE;
    if (row->scope == BL_NONE && on.size > 0)
        return bl_fail(engine, row->span, "`%.*s` has no scope: it takes no `on`", BL_SAID(role));
    if (row->scope != BL_NONE) {
        const bl_text scope = program_name(engine, engine->program->scopes[row->scope].name);
        if (on.size == 0)
            return bl_fail(engine, row->span, "`%.*s` is of a %.*s: say which with `on`",
                           BL_SAID(role), BL_SAID(scope));
        out->instance = bl_instance_find(engine, row->scope, on);
        if (out->instance == BL_NONE)
            return bl_fail(engine, row->span, "there is no %.*s `%.*s`", BL_SAID(scope),
                           BL_SAID(on));
    }
    out->actor = who ? bl_event_actor(engine, event, handle) : event->actor;
    *is_read = out->actor != BL_NONE;
    return engine->out_of_memory ? BL_NOMEM : BL_OK;
}

static bl_result do_role(bl_engine *engine, const bl_event *event)
{
    const bool is_grant = event->verb == BL_VERB_GRANT;
    post_named post;
    bool is_read, may;
    bl_result result = read_post(engine, event, is_grant ? "to" : "from", &post, &is_read);
    if (result != BL_OK || !is_read) return result;
    const bl_role *role = &engine->program->roles[post.role];
    result = may_change(engine, event, is_grant ? role->granters : role->revokers, post.instance,
                        &may);
    if (result != BL_OK) return result;
    const bool has_clause = is_grant ? role->has_granters : role->has_revokers;
    const bl_span clause = !has_clause ? role->span
                           : is_grant  ? role->granters_span
                                       : role->revokers_span;
    if (!may)
        return bl_fail(engine, clause, "since the founding `%.*s` is %s only %s",
                       BL_SAID(program_name(engine, role->name)), is_grant ? "granted" : "revoked",
                       has_clause ? "as its clause says, and nothing there lets this actor do it"
                                  : "by decisions");
    const bl_context context = BL_CONTEXT_NONE;
    const bl_text because = event->reason;
    return is_grant ? bl_world_grant(engine, post.role, post.instance, post.actor, &context, clause,
                                     because)
                    : bl_world_revoke(engine, post.role, post.instance, post.actor, &context,
                                      clause, because);
}

static bl_result do_resign(bl_engine *engine, const bl_event *event)
{
    post_named post;
    bool is_read;
    const bl_result result = read_post(engine, event, NULL, &post, &is_read);
    if (result != BL_OK || !is_read) return result;
    const bylaw_text because = bl_say(engine, "@%.*s resigned",
                                      BL_SAID(engine->actors.items[event->actor].shown));
    const bl_context context = BL_CONTEXT_NONE;
    return bl_world_revoke(engine, post.role, post.instance, post.actor, &context,
                           engine->program->roles[post.role].span,
                           (bl_text){because.bytes, because.size});
}

/* ---- attributes ---- */

static uint32_t find_attribute(const bl_engine *engine, uint32_t scope, bl_text name)
{
    const uint32_t number = bl_names_find(engine->program->names, name);
    for (uint32_t i = 0; number != BL_NONE && i < engine->program->attribute_count; i++) {
        const bl_attribute *attribute = &engine->program->attributes[i];
        if (attribute->name == number && attribute->scope == scope) return i;
    }
    return BL_NONE;
}

static bool is_own_key(bl_text key)
{
    static const char *const keys[] = {"type", "time",  "actor",  "to",
                                       "on",   "scope", "reason", "id"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (bl_text_equal(key, bl_text_of(keys[i]))) return true;
    return false;
}

static bl_result set_one(bl_engine *engine, const bl_event *event, const bl_json_member *member,
                         uint32_t scope, uint32_t target)
{
    const uint32_t index = find_attribute(engine, scope, member->key);
    if (index == BL_NONE)
        return bl_fail(engine, BL_SPAN_NONE, "there is no attribute `%.*s`", BL_SAID(member->key));
    const bl_attribute *attribute = &engine->program->attributes[index];
    bool may;
    bl_result result = may_change(engine, event, attribute->changers,
                                  scope == BL_NONE ? BL_NONE : target, &may);
    if (result != BL_OK) return result;
    if (!may)
        return bl_fail(engine, attribute->span, "since the founding `%.*s` is changed only %s",
                       BL_SAID(member->key),
                       attribute->has_changers
                           ? "as `changed by` says, and nothing there lets this actor do it"
                           : "by decisions: it has no `changed by`");
    bl_value value;
    result = bl_event_value(engine, &member->value, attribute->type, attribute->span, &value);
    if (result != BL_OK) return result;
    const bl_context context = BL_CONTEXT_NONE;
    return bl_world_set(engine, index, target, &value, &context, attribute->span, event->reason);
}

static bl_result set_all(bl_engine *engine, const bl_event *event, uint32_t scope, uint32_t target,
                         bool may_have_others)
{
    for (uint32_t i = 0; i < event->json->count; i++) {
        const bl_json_member *member = &event->json->as.members[i];
        if (is_own_key(member->key)) continue;
        if (may_have_others && find_attribute(engine, scope, member->key) == BL_NONE) continue;
        const bl_result result = set_one(engine, event, member, scope, target);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

static bl_result do_set(bl_engine *engine, const bl_event *event)
{
    bl_text on, to, scope_name;
    if (!bl_event_text(engine, event, "on", false, &on) ||
        !bl_event_text(engine, event, "to", false, &to) ||
        !bl_event_text(engine, event, "scope", false, &scope_name))
        return BL_OK;
    if (on.size > 0) {
        const uint32_t scope = scope_name.size > 0 ? find_row(engine, 2, scope_name) : BL_NONE;
        const uint32_t instance = find_instance(engine, scope, on);
        if (instance == BL_NONE)
            return bl_fail(engine, BL_SPAN_NONE, "there is nothing called `%.*s`", BL_SAID(on));
        return set_all(engine, event, engine->instances.items[instance].scope, instance, false);
    }
    uint32_t actor = event->actor;
    if (to.size > 0) actor = bl_event_actor(engine, event, to);
    if (actor == BL_NONE && to.size == 0)
        return bl_fail(engine, BL_SPAN_NONE,
                       "`set` needs `on`, `to` or `actor`: whose attribute it is");
    if (actor == BL_NONE) return engine->out_of_memory ? BL_NOMEM : BL_OK;
    return set_all(engine, event, BL_NONE, actor, false);
}

/* ---- creating and removing ---- */

static uint8_t actor_kind_of(bl_text scope)
{
    if (bl_text_equal(scope, BL_TEXT("person"))) return BL_ACTOR_PERSON;
    if (bl_text_equal(scope, BL_TEXT("organization"))) return BL_ACTOR_ORGANIZATION;
    return bl_text_equal(scope, BL_TEXT("agent")) ? BL_ACTOR_AGENT : 0;
}

static bl_result create_actor(bl_engine *engine, const bl_event *event, uint8_t kind, bl_text id)
{
    const uint32_t actor = bl_event_actor(engine, event, id);
    if (actor == BL_NONE) return engine->out_of_memory ? BL_NOMEM : BL_OK;
    bl_actor *row = &engine->actors.items[actor];
    if (row->kind != 0 && row->kind != kind)
        return bl_fail(engine, BL_SPAN_NONE, "@%.*s is of another kind already", BL_SAID(id));
    row->kind = kind;
    return set_all(engine, event, BL_NONE, actor, true);
}

static bl_result create_instance(bl_engine *engine, const bl_event *event, uint32_t scope,
                                 bl_text id)
{
    const bl_scope *row = &engine->program->scopes[scope];
    bl_value *values = bl_arena_array(&engine->reading, row->attributes.count + (size_t)1,
                                      sizeof *values);
    if (!values) return bl_no_memory(engine);
    for (uint32_t i = 0; i < row->attributes.count; i++) {
        const bl_attribute *attribute = &engine->program->attributes[row->attributes.first + i];
        const bl_json *json = bl_json_find(event->json, program_name(engine, attribute->name));
        values[i] = BL_NOTHING;
        if (!json) continue;
        const bl_result result = bl_event_value(engine, json, attribute->type, attribute->span,
                                                &values[i]);
        if (result != BL_OK) return result;
    }
    const bl_context context = BL_CONTEXT_NONE;
    uint32_t instance;
    return bl_world_create(engine, scope, id, values, &context, row->span, event->reason,
                           &instance);
}

static bl_result do_create(bl_engine *engine, const bl_event *event)
{
    bl_text scope_name, id;
    if (!bl_event_text(engine, event, "scope", true, &scope_name) ||
        !bl_event_text(engine, event, "id", true, &id))
        return BL_OK;
    const uint8_t kind = actor_kind_of(scope_name);
    const uint32_t scope = kind ? BL_NONE : find_row(engine, 2, scope_name);
    if (!kind && scope == BL_NONE)
        return bl_fail(engine, BL_SPAN_NONE, "the policy knows no scope `%.*s`%s",
                       BL_SAID(scope_name), bl_event_nearest(engine, 2, scope_name).bytes);
    if (engine->is_founded && !engine->is_roster)
        return bl_fail(engine, kind ? BL_SPAN_NONE : engine->program->scopes[scope].span,
                       "since the founding only decisions create");
    if (kind) return create_actor(engine, event, kind, id);
    if (id.size > BL_HANDLE_SIZE_MAX)
        return bl_fail(engine, BL_SPAN_NONE, "an id of %zu bytes: at most %d", id.size,
                       BL_HANDLE_SIZE_MAX);
    return create_instance(engine, event, scope, id);
}

static bl_result do_remove(bl_engine *engine, const bl_event *event)
{
    bl_text scope_name, id;
    if (!bl_event_text(engine, event, "scope", false, &scope_name) ||
        !bl_event_text(engine, event, "id", true, &id))
        return BL_OK;
    const uint32_t scope = scope_name.size > 0 ? find_row(engine, 2, scope_name) : BL_NONE;
    if (scope_name.size > 0 && scope == BL_NONE)
        return bl_fail(engine, BL_SPAN_NONE, "the policy knows no scope `%.*s`",
                       BL_SAID(scope_name));
    const uint32_t instance = find_instance(engine, scope, id);
    if (instance == BL_NONE)
        return bl_fail(engine, BL_SPAN_NONE, "there is nothing called `%.*s`", BL_SAID(id));
    const bl_span clause = engine->program->scopes[engine->instances.items[instance].scope].span;
    if (engine->is_founded && !engine->is_roster)
        return bl_fail(engine, clause, "since the founding only decisions remove");
    const bl_context context = BL_CONTEXT_NONE;
    return bl_world_remove(engine, instance, &context, clause, event->reason);
}

static bl_result state(bl_engine *engine, const bl_event *event)
{
    switch (event->verb) {
    case BL_VERB_CREATE: return do_create(engine, event);
    case BL_VERB_REMOVE: return do_remove(engine, event);
    case BL_VERB_SET: return do_set(engine, event);
    case BL_VERB_GRANT:
    case BL_VERB_REVOKE: return do_role(engine, event);
    default: return do_resign(engine, event);
    }
}

/* A fact is whole or nothing, like a block; founding facts are stated, and say nothing unless
 * refused. */
bl_result bl_fact_state(bl_engine *engine, const bl_event *event)
{
    const size_t journal = engine->journal.count, follows = engine->follows.count,
                 queue = engine->queue.count;
    const uint64_t malformed = engine->malformed_count;
    const bool is_founding = !engine->is_founded || engine->is_roster;
    if (event->verb == BL_VERB_RESIGN && !engine->is_roster) engine->is_founded = true;
    engine->block_depth++;
    bl_result result = state(engine, event);
    engine->block_depth--;
    if (result == BL_FAULT) {
        bl_journal_roll_back(engine, journal);
        engine->follows.count = follows;
        engine->queue.count = queue;
        bl_event_refuse(engine, event, engine->fault.span,
                        bl_say(engine, "%s", engine->fault.message));
        result = BL_OK;
    } else if (is_founding && !engine->options.verbose && engine->malformed_count == malformed) {
        engine->queue.count = queue;
    }
    engine->journal.count = journal;
    bl_queue_flush(engine);
    return result;
}
