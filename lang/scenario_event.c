/*
 * From a statement of a scenario to the event lines it stands for.
 *
 * Only writes: scenario_check.c has made sure that what is written here has a form in JSON.
 */
#include "scenario.h"

#include <assert.h>

#include "../runtime/json.h"
#include "../runtime/limits.h"
#include "emit.h"

/* ---- values ---- */

static bool is_writable(const bl_node *value, unsigned depth)
{
    bl_rational number;
    switch (value->kind) {
    case BL_NODE_TEXT:
    case BL_NODE_NAME:
    case BL_NODE_HANDLE:
    case BL_NODE_BOOLEAN:
    case BL_NODE_DURATION:
    case BL_NODE_TIME:
    case BL_NODE_NUMBER: return true;
    case BL_NODE_LIST:
        if (depth >= BL_JSON_DEPTH_MAX) return false;
        for (const bl_node *item = value->kids[BL_LIST_ITEMS]; item; item = item->next)
            if (!is_writable(item, depth + 1)) return false;
        return true;
    default: return bl_number_fold(value, 0, &number);
    }
}

bool bl_scenario_is_writable(const bl_node *value)
{
    return is_writable(value, 0);
}

static void write_time(bl_time time, bool is_date, bl_buffer *line)
{
    bl_buffer_char(line, '"');
    if (is_date)
        bl_date_write(line, time);
    else
        bl_time_write(line, time);
    bl_buffer_char(line, '"');
}

static void write_duration(bl_duration duration, bl_buffer *line)
{
    bl_buffer_char(line, '"');
    bl_duration_write(line, duration);
    bl_buffer_char(line, '"');
}

static void write_number(const bl_node *value, bl_buffer *line)
{
    bl_rational number = value->as.number;
    const bool is_number = value->kind == BL_NODE_NUMBER || bl_number_fold(value, 0, &number);
    assert(is_number);
    if (is_number) bl_json_write_number(line, number);
}

/* `type` is that of the field: a date and a moment are written differently. */
static void write_value(const bl_node *value, bl_type type, unsigned depth, bl_buffer *line)
{
    if (depth > BL_JSON_DEPTH_MAX) {
        line->failed = true;
        return;
    }
    switch (value->kind) {
    case BL_NODE_TEXT:
    case BL_NODE_NAME:
    case BL_NODE_HANDLE: bl_json_write_text(line, value->name); break;
    case BL_NODE_BOOLEAN:
        bl_buffer_cstring(line, value->flags & BL_FLAG_TRUE ? "true" : "false");
        break;
    case BL_NODE_DURATION: write_duration(value->as.duration, line); break;
    case BL_NODE_TIME: write_time(value->as.time, type.is_date, line); break;
    case BL_NODE_LIST:
        bl_buffer_char(line, '[');
        for (const bl_node *item = value->kids[BL_LIST_ITEMS]; item; item = item->next) {
            write_value(item, type, depth + 1, line);
            if (item->next) bl_buffer_char(line, ',');
        }
        bl_buffer_char(line, ']');
        break;
    default: write_number(value, line); break;
    }
}

/* ---- members ---- */

static void put_key(bl_buffer *line, bl_text key)
{
    bl_buffer_char(line, ',');
    bl_json_write_text(line, key);
    bl_buffer_char(line, ':');
}

static void put_text(bl_buffer *line, const char *key, bl_text text)
{
    put_key(line, bl_text_of(key));
    bl_json_write_text(line, text);
}

/* The name of an id, a handle or a text; nothing without one. */
static void put_node(bl_buffer *line, const char *key, const bl_node *node)
{
    if (node) put_text(line, key, node->name);
}

static void put_fields(bl_buffer *line, const bl_node *bindings)
{
    for (const bl_node *binding = bindings; binding; binding = binding->next) {
        put_key(line, binding->name);
        write_value(binding->kids[BL_BINDING_VALUE], binding->type, 0, line);
    }
}

/* `maintainer of nn`: the role, and where. */
static void put_role(bl_buffer *line, const bl_node *role)
{
    put_text(line, "role", role->name);
    if (role->kind == BL_NODE_OF) put_node(line, "on", role->kids[BL_OF_E]);
}

/* Who or what has the attribute that is set: `by` sets it, or the founding. */
static void put_target(bl_buffer *line, const bl_node *target, const bl_node *by)
{
    const bl_node *owner = target->kids[BL_DOT_OF];
    put_node(line, "actor", by);
    if (owner->kind == BL_NODE_HANDLE)
        put_text(line, by ? "to" : "actor", owner->name);
    else
        put_text(line, "on", owner->name);
}

static void put_value(bl_buffer *line, const bl_node *target, const bl_node *value)
{
    put_key(line, target->name);
    write_value(value, target->type, 0, line);
}

/* ---- acts ---- */

/* [["ana"],["bo","cy"]] is written as ["ana",["bo","cy"]]. */
static void put_ranking(bl_buffer *line, const bl_node *ranks)
{
    put_key(line, BL_TEXT("ranking"));
    bl_buffer_char(line, '[');
    for (const bl_node *rank = ranks; rank; rank = rank->next) {
        const bl_node *items = rank->kids[BL_LIST_ITEMS];
        if (items->next)
            write_value(rank, rank->type, 0, line);
        else
            bl_json_write_text(line, items->name);
        if (rank->next) bl_buffer_char(line, ',');
    }
    bl_buffer_char(line, ']');
}

/* One name, or a list of several. */
static void put_choice(bl_buffer *line, const bl_node *chosen)
{
    put_key(line, BL_TEXT("choice"));
    if (chosen->next) bl_buffer_char(line, '[');
    for (const bl_node *item = chosen; item; item = item->next) {
        bl_json_write_text(line, item->name);
        if (item->next) bl_buffer_char(line, ',');
    }
    if (chosen->next) bl_buffer_char(line, ']');
}

static void put_scores(bl_buffer *line, const bl_node *scores)
{
    put_key(line, BL_TEXT("scores"));
    bl_buffer_char(line, '{');
    for (const bl_node *score = scores; score; score = score->next) {
        bl_json_write_text(line, score->name);
        bl_buffer_char(line, ':');
        write_number(score->kids[BL_BINDING_VALUE], line);
        if (score->next) bl_buffer_char(line, ',');
    }
    bl_buffer_char(line, '}');
}

static void put_propose(bl_buffer *line, const bl_node *act)
{
    const bl_node *kind = act->kids[BL_ACT_WHAT];
    put_text(line, "kind", kind->name);
    put_node(line, "on", act->kids[BL_ACT_TARGET]);
    put_node(line, "id", kind->next);
}

static void put_remove(bl_buffer *line, const bl_node *what)
{
    put_node(line, "id", what);
}

static bool is_verb(const bl_node *act, bl_verb verb)
{
    return bl_text_equal(act->name, bl_text_of(bl_verb_word(verb)));
}

/* What stands behind the actor, in the order of the event's keys. */
static void put_act(bl_buffer *line, const bl_node *act)
{
    const bl_node *what = act->kids[BL_ACT_WHAT], *target = act->kids[BL_ACT_TARGET];
    if (is_verb(act, BL_VERB_PROPOSE)) {
        put_propose(line, act);
    } else if (is_verb(act, BL_VERB_GRANT) || is_verb(act, BL_VERB_REVOKE)) {
        put_role(line, what);
        put_node(line, is_verb(act, BL_VERB_GRANT) ? "to" : "from", target);
    } else if (is_verb(act, BL_VERB_RESIGN)) {
        put_role(line, what);
    } else if (is_verb(act, BL_VERB_CREATE)) {
        put_node(line, "scope", what);
        put_node(line, "id", target);
    } else if (is_verb(act, BL_VERB_REMOVE)) {
        put_remove(line, target);
    } else if (is_verb(act, BL_VERB_SEED)) {
        put_node(line, "proposal", target);
        put_node(line, "seed", what);
    } else if (!bl_text_equal(act->name, BL_TEXT("emit"))) {
        put_node(line, "proposal", target);
        if (is_verb(act, BL_VERB_CONFLICT)) put_node(line, "to", what);
        if (is_verb(act, BL_VERB_RANK)) put_ranking(line, what);
        if (is_verb(act, BL_VERB_CHOOSE)) put_choice(line, what);
        if (is_verb(act, BL_VERB_SCORE)) put_scores(line, what);
    }
    put_fields(line, act->kids[BL_ACT_FIELDS]);
}

static void put_whole_act(bl_buffer *line, const bl_node *act, const bl_node *actor)
{
    const bl_node *target = act->kids[BL_ACT_TARGET];
    if (is_verb(act, BL_VERB_SET)) {
        put_target(line, target, actor);
        put_value(line, target, act->kids[BL_ACT_WHAT]);
    } else {
        put_node(line, "actor", actor);
        put_act(line, act);
        /* `withdraws from lead` is about the candidacy, `withdraws lead` about the proposal. */
        if (is_verb(act, BL_VERB_WITHDRAW) && (act->flags & BL_FLAG_FROM))
            put_node(line, "candidate", actor);
    }
    put_node(line, "reason", act->kids[BL_ACT_REASON]);
}

/* ---- statements ---- */

const bl_node *bl_scenario_items(const bl_node *statement)
{
    switch (statement->kind) {
    case BL_NODE_GIVEN_INSTANCE: return statement->kids[BL_GIVEN_INSTANCE_IDS];
    case BL_NODE_GIVEN_ACTORS: return statement->kids[BL_GIVEN_ACTORS_HANDLES];
    case BL_NODE_GIVEN_ROLE: return statement->kids[BL_GIVEN_ROLE_HANDLES];
    case BL_NODE_ACT: return statement->kids[BL_ACT_ACTORS];
    default: return NULL;
    }
}

bl_text bl_scenario_event_type(const bl_node *statement)
{
    switch (statement->kind) {
    case BL_NODE_GIVEN_INSTANCE:
    case BL_NODE_GIVEN_ACTORS: return BL_TEXT("create");
    case BL_NODE_GIVEN_ROLE: return BL_TEXT("grant");
    case BL_NODE_GIVEN_SET: return BL_TEXT("set");
    case BL_NODE_ACT:
        if (bl_text_equal(statement->name, BL_TEXT("emit")))
            return statement->kids[BL_ACT_WHAT]->name;
        return statement->name;
    default: return BL_TEXT("tick");
    }
}

static const char *actor_scope(const bl_node *given)
{
    if (given->flags & BL_FLAG_ORGANIZATION) return "organization";
    return given->flags & BL_FLAG_AGENT ? "agent" : "person";
}

static void begin_line(bl_time time, bl_text type, bl_buffer *line)
{
    bl_buffer_cstring(line, "{\"time\":\"");
    bl_time_write(line, time);
    bl_buffer_cstring(line, "\",\"type\":");
    bl_json_write_text(line, type);
}

void bl_scenario_line(const bl_node *statement, const bl_node *item, bl_time time, bl_buffer *line)
{
    begin_line(time, bl_scenario_event_type(statement), line);
    switch (statement->kind) {
    case BL_NODE_GIVEN_INSTANCE:
        put_text(line, "scope", statement->name);
        put_node(line, "id", item);
        put_fields(line, statement->kids[BL_GIVEN_INSTANCE_FIELDS]);
        break;
    case BL_NODE_GIVEN_ACTORS:
        put_text(line, "scope", bl_text_of(actor_scope(statement)));
        put_node(line, "id", item);
        put_fields(line, statement->kids[BL_GIVEN_ACTORS_FIELDS]);
        break;
    case BL_NODE_GIVEN_ROLE:
        put_role(line, statement->kids[BL_GIVEN_ROLE_ROLE]);
        put_node(line, "to", item);
        break;
    case BL_NODE_GIVEN_SET:
        put_target(line, statement->kids[BL_GIVEN_SET_TARGET], NULL);
        put_value(line, statement->kids[BL_GIVEN_SET_TARGET], statement->kids[BL_GIVEN_SET_VALUE]);
        break;
    case BL_NODE_ACT: put_whole_act(line, statement, item); break;
    default: break;
    }
    bl_buffer_cstring(line, "}\n");
}

void bl_scenario_tick(bl_time time, bl_buffer *line)
{
    begin_line(time, BL_TEXT("tick"), line);
    bl_buffer_cstring(line, "}\n");
}
