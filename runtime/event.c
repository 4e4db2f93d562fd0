/*
 * From a line to what follows: reading an event, moving the clock, and handing it to those who
 * know.
 *
 * A line that is no event is `malformed`, with its place; an event that the policy does not allow
 * is `refused`, with the clause. Deadlines up to the event's time fire before it. The line's tree
 * lives in engine->reading.
 */
#include "machine.h"

#include <string.h>

void bl_event_malformed(bl_engine *engine, uint32_t column, bylaw_text because)
{
    engine->malformed_count++;
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_MALFORMED, NULL);
    if (!outcome) return;
    outcome->because = because;
    outcome->line = engine->line_number;
    outcome->column = column;
    bl_outcome_end(engine, outcome);
}

void bl_event_refuse(bl_engine *engine, const bl_event *event, bl_span clause, bylaw_text because)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_REFUSED, NULL);
    if (!outcome) return;
    outcome->event = (bylaw_text){event->type.bytes, event->type.size};
    outcome->actor = (bylaw_text){event->actor_handle.bytes, event->actor_handle.size};
    const char *const keys[] = {"proposal", "kind", "on"};
    bylaw_text *const places[] = {&outcome->proposal, &outcome->kind, &outcome->on};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const bl_json *value = bl_json_find(event->json, bl_text_of(keys[i]));
        if (value && value->kind == BL_JSON_TEXT)
            *places[i] = (bylaw_text){value->as.text.bytes, value->as.text.size};
    }
    const bl_json *id = bl_json_find(event->json, BL_TEXT("id"));
    if (event->verb == BL_VERB_PROPOSE && id && id->kind == BL_JSON_TEXT)
        outcome->proposal = (bylaw_text){id->as.text.bytes, id->as.text.size};
    outcome->because = because;
    outcome->clause = bl_say_place(engine, clause);
    bl_outcome_end(engine, outcome);
}

static uint32_t column_of(const bl_event *event, const bl_json *value)
{
    return bl_json_column(event->line, value ? value->at : event->json->at);
}

bool bl_event_text(bl_engine *engine, const bl_event *event, const char *key, bool is_needed,
                   bl_text *out)
{
    const bl_json *value = bl_json_find(event->json, bl_text_of(key));
    *out = (bl_text){NULL, 0};
    if (value && value->kind == BL_JSON_TEXT && (value->as.text.size > 0 || !is_needed)) {
        *out = value->as.text;
        return true;
    }
    if (!value && !is_needed) return true;
    if (!value)
        bl_event_malformed(engine, column_of(event, NULL),
                           event->type.size == 0 ? bl_say(engine, "an event needs a `%s`", key)
                                                 : bl_say(engine, "an event `%.*s` needs `%s`",
                                                          BL_SAID(event->type), key));
    else if (value->kind == BL_JSON_TEXT)
        bl_event_malformed(engine, column_of(event, value), bl_say(engine, "`%s` is empty", key));
    else
        bl_event_malformed(
            engine, column_of(event, value),
            bl_say(engine, "`%s` is %s, and must be a text", key, bl_json_kind_name(value->kind)));
    return false;
}

uint32_t bl_event_actor(bl_engine *engine, const bl_event *event, bl_text handle)
{
    const char *why = NULL;
    const uint32_t actor = bl_actor_of(engine, handle, &why);
    if (actor == BL_NONE && why)
        bl_event_malformed(engine, column_of(event, NULL),
                           bl_say(engine, "`%.*s` is no handle: %s", BL_SAID(handle), why));
    else if (actor == BL_NONE)
        bl_no_memory(engine);
    return actor;
}

static bl_text row_name(const bl_engine *engine, int table, uint32_t row)
{
    const bl_program *program = engine->program;
    const uint32_t name = table == 0   ? program->kinds[row].name
                          : table == 1 ? program->roles[row].name
                          : table == 2 ? program->scopes[row].name
                                       : program->events[row].name;
    return bl_names_text(program->names, name);
}

bylaw_text bl_event_nearest(bl_engine *engine, int table, bl_text name)
{
    const bl_program *program = engine->program;
    const uint32_t counts[] = {program->kind_count, program->role_count, program->scope_count,
                               program->event_count};
    bl_text best = {NULL, 0};
    size_t least = 3;
    for (uint32_t i = 0; i < counts[table]; i++) {
        const size_t distance = bl_text_distance(name, row_name(engine, table, i), 2);
        if (distance >= least) continue;
        least = distance;
        best = row_name(engine, table, i);
    }
    if (table == 3)
        for (int verb = 0; verb < BL_VERB_COUNT; verb++) {
            const bl_text word = bl_text_of(bl_verb_word((bl_verb)verb));
            const size_t distance = bl_text_distance(name, word, 2);
            if (distance >= least) continue;
            least = distance;
            best = word;
        }
    return best.bytes ? bl_say(engine, "; did you mean `%.*s`?", BL_SAID(best))
                      : bl_say(engine, "%s", "");
}

static uint32_t row_of(const bl_engine *engine, int table, bl_text name)
{
    const uint32_t number = bl_names_find(engine->program->names, name);
    return number == BL_NONE ? BL_NONE : bl_map_get(&engine->names_of_program[table], number);
}

/* ---- values ---- */

static bl_result unfit(bl_engine *engine, const bl_json *json, bl_span span, const char *wanted)
{
    if (json->kind == BL_JSON_TEXT)
        return bl_fail(engine, span, "`%.*s` is not %s", BL_SAID(json->as.text), wanted);
    return bl_fail(engine, span, "%s is not %s", bl_json_kind_name(json->kind), wanted);
}

/* "14 days", "1 month and 3 days". */
static bool parse_duration(bl_text text, bl_duration *out)
{
    *out = (bl_duration){0, 0};
    const char *at = text.bytes, *end = text.bytes + text.size;
    while (at < end) {
        int64_t number = 0;
        const char *digits = at;
        while (at < end && *at >= '0' && *at <= '9' && number < INT64_MAX / 100)
            number = number * 10 + (*at++ - '0');
        if (at == digits || at == end || *at++ != ' ') return false;
        const char *unit = at;
        while (at < end && *at != ' ' && *at != ',')
            at++;
        bl_duration part;
        if (!bl_duration_of(number, (bl_text){unit, (size_t)(at - unit)}, &part) ||
            !bl_duration_add(*out, part, out))
            return false;
        if (at == end) return true;
        if (end - at > 5 && memcmp(at, " and ", 5) == 0)
            at += 5;
        else if (end - at > 2 && memcmp(at, ", ", 2) == 0)
            at += 2;
        else
            return false;
    }
    return false;
}

static bl_result named_value(bl_engine *engine, const bl_json *json, bl_type type, bl_span span,
                             bl_value *out)
{
    const bl_text text = json->as.text;
    const bl_program *program = engine->program;
    uint32_t index = BL_NONE;
    const char *why = NULL, *wanted = "known";
    switch ((bl_base)type.base) {
    case BL_BASE_ACTOR:
        index = bl_actor_of(engine, text, &why);
        if (index == BL_NONE && !why) return bl_no_memory(engine);
        wanted = "a handle";
        break;
    case BL_BASE_INSTANCE:
        index = bl_instance_find(engine, type.index, text);
        wanted = bl_say(engine, "the id of a %.*s", BL_SAID(row_name(engine, 2, type.index))).bytes;
        break;
    case BL_BASE_ROLE:
        index = row_of(engine, 1, text);
        wanted = "a role";
        break;
    case BL_BASE_PROPOSAL: {
        const uint32_t id = bl_names_find(engine->ids, text);
        index = id == BL_NONE ? BL_NONE : bl_map_get(&engine->proposal_of, id);
        wanted = "the id of a proposal";
        break;
    }
    case BL_BASE_PROCEDURE:
        for (uint32_t i = 0; i < program->procedure_count; i++)
            if (program->procedures[i].parameters.count == 0 &&
                bl_text_equal(bl_names_text(program->names, program->procedures[i].name), text))
                index = i;
        wanted = "a procedure without parameters";
        break;
    case BL_BASE_NOTHING:
    case BL_BASE_NUMBER:
    case BL_BASE_BOOLEAN:
    case BL_BASE_TEXT:
    case BL_BASE_DURATION:
    case BL_BASE_TIME:
    case BL_BASE_EVENT:
    case BL_BASE_SET:
    case BL_BASE_LIST: break;
    }
    *out = bl_value_index((bl_base)type.base, index);
    return index == BL_NONE ? unfit(engine, json, span, wanted) : BL_OK;
}

static bl_result time_value(bl_engine *engine, const bl_json *json, bl_span span, bl_value *out)
{
    const char *why = "";
    *out = (bl_value){.base = BL_BASE_TIME};
    if (bl_date_parse(json->as.text, &out->as.time, &why) ||
        bl_time_parse(json->as.text, &out->as.time, &why))
        return BL_OK;
    return bl_fail(engine, span, "`%.*s` is no date or time: %s", BL_SAID(json->as.text), why);
}

static bl_result one_value(bl_engine *engine, const bl_json *json, bl_type type, bl_span span,
                           bl_value *out)
{
    const bool is_text = json->kind == BL_JSON_TEXT;
    *out = (bl_value){.base = type.base};
    switch ((bl_base)type.base) {
    case BL_BASE_NUMBER:
        if (json->kind == BL_JSON_NUMBER)
            out->as.number = json->as.number;
        else if (!is_text || !bl_rational_parse(json->as.text, &out->as.number))
            return unfit(engine, json, span, "a number");
        return BL_OK;
    case BL_BASE_BOOLEAN:
        if (json->kind != BL_JSON_BOOLEAN) return unfit(engine, json, span, "true or false");
        out->as.boolean = json->as.boolean;
        return BL_OK;
    case BL_BASE_TEXT:
        if (!is_text) return unfit(engine, json, span, "a text");
        out->as.text = json->as.text;
        return BL_OK;
    case BL_BASE_DURATION:
        return is_text && parse_duration(json->as.text, &out->as.duration)
                   ? BL_OK
                   : unfit(engine, json, span, "a duration such as \"14 days\"");
    case BL_BASE_TIME:
        return is_text ? time_value(engine, json, span, out) : unfit(engine, json, span, "a time");
    case BL_BASE_ACTOR:
    case BL_BASE_INSTANCE:
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE:
    case BL_BASE_PROPOSAL:
        return is_text ? named_value(engine, json, type, span, out)
                       : unfit(engine, json, span, "a name");
    case BL_BASE_NOTHING:
    case BL_BASE_EVENT:
    case BL_BASE_SET:
    case BL_BASE_LIST: break;
    }
    return unfit(engine, json, span, "a value that an event can carry");
}

bl_result bl_event_value(bl_engine *engine, const bl_json *json, bl_type type, bl_span span,
                         bl_value *out)
{
    if (json->kind == BL_JSON_NULL && type.is_optional) {
        *out = BL_NOTHING;
        return BL_OK;
    }
    if (!type.is_list) return one_value(engine, json, type, span, out);
    if (json->kind != BL_JSON_ARRAY) return unfit(engine, json, span, "a list");
    if (json->count > BL_LIST_COUNT_MAX)
        return bl_fail(engine, span, "a list of %u items: at most %u", json->count,
                       BL_LIST_COUNT_MAX);
    bl_value *items = bl_arena_array(&engine->reading, json->count + (size_t)1, sizeof *items);
    if (!items) return bl_no_memory(engine);
    for (uint32_t i = 0; i < json->count; i++) {
        const bl_result result = one_value(engine, &json->as.items[i], type, span, &items[i]);
        if (result != BL_OK) return result;
    }
    *out = (bl_value){.base = BL_BASE_LIST, .as.list = {items, json->count}};
    return BL_OK;
}

/* The fields of a proposal kind or an event, in slot order. BL_FAULT: one is missing or does not
 * fit. */
static bl_result read_fields(bl_engine *engine, const bl_event *event, bl_range fields,
                             bl_value **out)
{
    bl_value *values = bl_arena_array(&engine->reading, fields.count + (size_t)1, sizeof *values);
    if (!values) return bl_no_memory(engine);
    for (uint32_t i = 0; i < fields.count; i++) {
        const bl_field *field = &engine->program->fields[fields.first + i];
        const bl_text name = bl_names_text(engine->program->names, field->name);
        const bl_json *json = bl_json_find(event->json, name);
        values[field->slot] = BL_NOTHING;
        if (!json && field->type.is_list && !field->is_required)
            values[field->slot] = (bl_value){.base = BL_BASE_LIST};
        if (!json && !field->is_required) continue;
        if (!json) return bl_fail(engine, field->span, "`%.*s` is missing", BL_SAID(name));
        bl_result result = bl_event_value(engine, json, field->type, field->span,
                                          &values[field->slot]);
        if (result == BL_FAULT) {
            const bylaw_text why = bl_say(engine, "%s", engine->fault.message);
            return bl_fail(engine, field->span, "`%.*s`: %.*s", BL_SAID(name), BL_SAID(why));
        }
        if (result != BL_OK) return result;
    }
    *out = values;
    return BL_OK;
}

/* ---- propose ---- */

static bl_result refuse_fault(bl_engine *engine, const bl_event *event)
{
    bl_event_refuse(engine, event, engine->fault.span, bl_say(engine, "%s", engine->fault.message));
    return BL_OK;
}

static bl_result find_subject(bl_engine *engine, const bl_event *event, const bl_kind *kind,
                              bl_text on, uint32_t *instance)
{
    *instance = BL_NONE;
    const bl_text kind_name = bl_names_text(engine->program->names, kind->name);
    if (kind->scope == BL_NONE)
        return on.size == 0 ? BL_OK
                            : bl_fail(engine, kind->span,
                                      "`%.*s` is about nothing in particular: it takes no `on`",
                                      BL_SAID(kind_name));
    const bl_text scope = row_name(engine, 2, kind->scope);
    if (on.size == 0)
        return bl_fail(engine, kind->span, "`%.*s` is about a %.*s: say which with `on`",
                       BL_SAID(kind_name), BL_SAID(scope));
    *instance = bl_instance_find(engine, kind->scope, on);
    (void)event;
    return *instance != BL_NONE ? BL_OK
                                : bl_fail(engine, kind->span, "there is no %.*s `%.*s`",
                                          BL_SAID(scope), BL_SAID(on));
}

static bl_result do_propose(bl_engine *engine, const bl_event *event)
{
    bl_text kind_name, id, on;
    if (!bl_event_text(engine, event, "kind", true, &kind_name) ||
        !bl_event_text(engine, event, "id", true, &id) ||
        !bl_event_text(engine, event, "on", false, &on))
        return BL_OK;
    if (id.size > BL_HANDLE_SIZE_MAX) {
        bl_event_malformed(
            engine, column_of(event, bl_json_find(event->json, BL_TEXT("id"))),
            bl_say(engine, "an `id` of %zu bytes: at most %d", id.size, BL_HANDLE_SIZE_MAX));
        return BL_OK;
    }
    const uint32_t kind = row_of(engine, 0, kind_name);
    if (kind == BL_NONE) {
        bl_event_refuse(engine, event, BL_SPAN_NONE,
                        bl_say(engine, "the policy knows no proposal `%.*s`%s", BL_SAID(kind_name),
                               bl_event_nearest(engine, 0, kind_name).bytes));
        return BL_OK;
    }
    const bl_kind *row = &engine->program->kinds[kind];
    const uint32_t number = bl_names_find(engine->ids, id);
    if (number != BL_NONE && bl_map_get(&engine->proposal_of, number) != BL_NONE) {
        bl_event_refuse(engine, event, row->span,
                        bl_say(engine, "there is already a proposal `%.*s`", BL_SAID(id)));
        return BL_OK;
    }
    bl_opening opening = {
        .kind = kind, .author = event->actor, .id = id, .parent = BL_NONE, .span = row->span};
    bl_value *fields = NULL;
    bl_result result = find_subject(engine, event, row, on, &opening.instance);
    if (result == BL_OK) result = read_fields(engine, event, row->fields, &fields);
    if (result == BL_FAULT) return refuse_fault(engine, event);
    if (result != BL_OK) return result;
    opening.fields = fields;
    bl_proposal *opened;
    return bl_proposal_open(engine, &opening, &opened);
}

/* ---- acts in a proposal ---- */

static bl_result refuse_unknown_proposal(bl_engine *engine, const bl_event *event, bl_text id)
{
    bl_event_refuse(engine, event, BL_SPAN_NONE,
                    bl_say(engine, "there is no proposal `%.*s`", BL_SAID(id)));
    return BL_OK;
}

/* What the ballot of an election says; false: it is not there, which was reported. */
static bool find_what_ballot_says(bl_engine *engine, const bl_event *event, const bl_json **out)
{
    static const struct {
        bl_verb verb;
        const char *key;
        bl_json_kind kind, other; /* what it may be */
        const char *needs;
    } ballots[] = {
        {BL_VERB_RANK, "ranking", BL_JSON_ARRAY, BL_JSON_ARRAY, "a list, best first"},
        {BL_VERB_CHOOSE, "choice", BL_JSON_ARRAY, BL_JSON_TEXT, "a candidate or a list of them"},
        {BL_VERB_SCORE, "scores", BL_JSON_OBJECT, BL_JSON_OBJECT, "an object with a number each"},
    };
    for (size_t i = 0; i < sizeof ballots / sizeof *ballots; i++) {
        if (ballots[i].verb != event->verb) continue;
        *out = bl_json_find(event->json, bl_text_of(ballots[i].key));
        if (*out && ((*out)->kind == ballots[i].kind || (*out)->kind == ballots[i].other)) continue;
        bl_event_malformed(engine, column_of(event, *out),
                           bl_say(engine, "an event `%s` needs `%s`, %s", bl_verb_word(event->verb),
                                  ballots[i].key, ballots[i].needs));
        return false;
    }
    return true;
}

static bl_result do_act(bl_engine *engine, const bl_event *event)
{
    bl_text id, other, candidate;
    if (!bl_event_text(engine, event, "proposal", true, &id) ||
        !bl_event_text(engine, event, "to", false, &other) ||
        !bl_event_text(engine, event, "candidate", false, &candidate))
        return BL_OK;
    bl_act act = {
        .verb = event->verb, .actor = event->actor, .reason = event->reason, .other = BL_NONE};
    act.proposal = bl_proposal_find(engine, id);
    if (!act.proposal) return refuse_unknown_proposal(engine, event, id);
    if (event->verb == BL_VERB_CONFLICT && other.size > 0) {
        act.other = bl_event_actor(engine, event, other);
        if (act.other == BL_NONE) return engine->out_of_memory ? BL_NOMEM : BL_OK;
    }
    if (event->verb == BL_VERB_WITHDRAW && candidate.size > 0) {
        act.other = bl_event_actor(engine, event, candidate);
        if (act.other == BL_NONE) return engine->out_of_memory ? BL_NOMEM : BL_OK;
    }
    if (!find_what_ballot_says(engine, event, &act.says)) return BL_OK;
    bool allowed;
    return bl_act_perform(engine, &act, &allowed);
}

/* ---- seed, and the policy's own events ---- */

static bl_result do_seed(bl_engine *engine, const bl_event *event)
{
    bl_text seed, id;
    if (!bl_event_text(engine, event, "seed", true, &seed) ||
        !bl_event_text(engine, event, "proposal", false, &id))
        return BL_OK;
    bl_proposal *proposal = id.size == 0 ? NULL : bl_proposal_find(engine, id);
    if (id.size > 0 && !proposal) return refuse_unknown_proposal(engine, event, id);
    bool is_late = proposal && proposal->has_ballots;
    for (size_t i = 0; i < engine->proposals.count && !proposal && !is_late; i++) {
        const bl_proposal *open = engine->proposals.items[i];
        const bl_kind *kind = bl_kind_of(engine, open);
        const bool is_election = kind->candidates_body != BL_NONE || kind->options.count > 0;
        is_late = is_election && open->has_ballots && bl_proposal_is_undecided(open);
    }
    if (is_late) {
        bl_event_refuse(engine, event, BL_SPAN_NONE,
                        bl_say(engine, "a seed must come before the first ballot"));
        return BL_OK;
    }
    bl_text *place = proposal ? &proposal->seed : &engine->seed;
    place->bytes = bl_arena_copy(&engine->arena, seed.bytes, seed.size);
    place->size = place->bytes ? seed.size : 0;
    return place->bytes ? BL_OK : bl_no_memory(engine);
}

/* What could have been meant by a type that is none: a kind of proposal, a vote, or the nearest. */
static bylaw_text type_meant(bl_engine *engine, bl_text type)
{
    if (row_of(engine, 0, type) != BL_NONE)
        return bl_say(engine,
                      "; `%.*s` is a kind of proposal: the event is `propose`, with this `kind`",
                      BL_SAID(type));
    if (bl_text_equal(type, BL_TEXT("vote")) || bl_text_equal(type, BL_TEXT("votes")))
        return bl_say(engine, "; a vote is an `approve`, a `reject` or an `abstain`");
    return bl_event_nearest(engine, 3, type);
}

static bl_result do_own(bl_engine *engine, const bl_event *event)
{
    const uint32_t type = row_of(engine, 3, event->type);
    if (type == BL_NONE) {
        bl_event_refuse(engine, event, BL_SPAN_NONE,
                        bl_say(engine, "the policy knows no event `%.*s`%s", BL_SAID(event->type),
                               type_meant(engine, event->type).bytes));
        return BL_OK;
    }
    bl_value *fields;
    bl_result result = read_fields(engine, event, engine->program->events[type].fields, &fields);
    if (result == BL_FAULT) return refuse_fault(engine, event);
    if (result != BL_OK) return result;
    const bl_record record = {type, event->actor, engine->now, fields};
    bool admitted, any;
    bl_span clause;
    result = bl_rules_run(engine, &record, &admitted, &clause, &any);
    if (result == BL_FAULT) return refuse_fault(engine, event);
    if (result != BL_OK || any) return result;
    if (admitted)
        bl_event_refuse(engine, event, clause,
                        bl_say(engine, "no rule for it applies: `when` does not hold"));
    else if (event->actor == BL_NONE)
        bl_event_refuse(engine, event, clause,
                        bl_say(engine, "nobody sent it, and the rule says by whom"));
    else
        bl_event_refuse(engine, event, clause,
                        bl_say(engine, "@%.*s is not in the body that may send it",
                               BL_SAID(event->actor_handle)));
    return BL_OK;
}

/* ---- one event ---- */

static bool is_fact(bl_verb verb)
{
    return verb == BL_VERB_CREATE || verb == BL_VERB_REMOVE || verb == BL_VERB_SET ||
           verb == BL_VERB_GRANT || verb == BL_VERB_REVOKE;
}

static bl_result do_founded(bl_engine *engine, const bl_event *event)
{
    if (engine->is_founded)
        bl_event_refuse(engine, event, BL_SPAN_NONE, bl_say(engine, "it was founded already"));
    engine->is_founded = true;
    return BL_OK;
}

static bl_result dispatch(bl_engine *engine, const bl_event *event)
{
    if (is_fact(event->verb) || event->verb == BL_VERB_RESIGN) return bl_fact_state(engine, event);
    if (event->verb == BL_VERB_FOUNDED) return do_founded(engine, event);
    if (engine->is_roster) {
        bl_event_refuse(engine, event, BL_SPAN_NONE,
                        bl_say(engine, "a roster holds founding facts, and `%.*s` is none",
                               BL_SAID(event->type)));
        return BL_OK;
    }
    engine->is_founded = true;
    switch (event->verb) {
    case BL_VERB_TICK: return BL_OK;
    case BL_VERB_SEED: return do_seed(engine, event);
    case BL_VERB_COUNT: return do_own(engine, event);
    default: break;
    }
    return event->verb == BL_VERB_PROPOSE ? do_propose(engine, event) : do_act(engine, event);
}

static bool needs_actor(const bl_engine *engine, bl_verb verb)
{
    if (verb == BL_VERB_CREATE || verb == BL_VERB_REMOVE || verb == BL_VERB_GRANT ||
        verb == BL_VERB_REVOKE || verb == BL_VERB_SET)
        return engine->is_founded && !engine->is_roster;
    return verb != BL_VERB_FOUNDED && verb != BL_VERB_TICK && verb != BL_VERB_SEED &&
           verb != BL_VERB_COUNT;
}

static bl_verb verb_of(bl_text type)
{
    for (int verb = 0; verb < BL_VERB_COUNT; verb++)
        if (bl_text_equal(type, bl_text_of(bl_verb_word((bl_verb)verb)))) return (bl_verb)verb;
    return BL_VERB_COUNT;
}

/* Moves the clock to the event's time; false: it was refused or malformed. */
static bool move_clock(bl_engine *engine, const bl_event *event, bl_result *result)
{
    bl_text text;
    bl_time time = engine->has_time ? engine->now : 0;
    const char *why = "";
    *result = BL_OK;
    if (!bl_event_text(engine, event, "time", false, &text)) return false;
    if (text.bytes && !bl_time_parse(text, &time, &why)) {
        bl_event_malformed(engine, column_of(event, bl_json_find(event->json, BL_TEXT("time"))),
                           bl_say(engine, "`%.*s` is no time: %s", BL_SAID(text), why));
        return false;
    }
    if (engine->has_time && time < engine->now) {
        bl_event_refuse(engine, event, BL_SPAN_NONE,
                        bl_say(engine, "it is earlier than the event before it"));
        return false;
    }
    if (time > engine->at) {
        engine->is_past = true;
        *result = bl_agenda_fire(engine, engine->at, 2);
        return false;
    }
    if (engine->has_time) *result = bl_agenda_fire(engine, time, 1);
    engine->has_time = true;
    engine->now = time;
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    engine->cascade = 0;
    return *result == BL_OK;
}

static bl_result handle(bl_engine *engine, bl_event *event)
{
    bl_result result;
    if (!bl_event_text(engine, event, "type", true, &event->type)) return BL_OK;
    event->verb = verb_of(event->type);
    if (!bl_event_text(engine, event, "actor", needs_actor(engine, event->verb),
                       &event->actor_handle) ||
        !bl_event_text(engine, event, "reason", false, &event->reason) ||
        !move_clock(engine, event, &result))
        return engine->out_of_memory ? BL_NOMEM : BL_OK;
    if (event->actor_handle.size > 0) {
        event->actor = bl_event_actor(engine, event, event->actor_handle);
        if (event->actor == BL_NONE) return engine->out_of_memory ? BL_NOMEM : BL_OK;
        event->actor_handle = engine->actors.items[event->actor].shown;
    }
    return dispatch(engine, event);
}

static bool is_blank(bl_text line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.bytes[i] != ' ' && line.bytes[i] != '\t' && line.bytes[i] != '\r') return false;
    return true;
}

/* What other programs write around the objects of a file, or all of them on one line. */
static bool begins_list(bl_text line)
{
    size_t at = 0;
    while (line.bytes[at] == ' ' || line.bytes[at] == '\t')
        at++;
    return line.bytes[at] == '[';
}

bl_result bl_event_line(bl_engine *engine, bl_text line)
{
    bl_arena_reset(&engine->scratch);
    bl_arena_reset(&engine->reading);
    engine->steps = 0;
    engine->cascade = 0;
    if (is_blank(line)) return BL_OK;
    bl_json json;
    bl_json_error error;
    if (begins_list(line)) {
        bl_event_malformed(engine, 1,
                           bl_say(engine, "expected an object, found a list: each event is an "
                                          "object on a line of its own"));
        return BL_OK;
    }
    if (!bl_json_read(line, &engine->reading, &json, &error)) {
        if (error.out_of_memory) return bl_no_memory(engine);
        bl_event_malformed(engine, error.column, bl_say(engine, "%s", error.message));
        return BL_OK;
    }
    if (json.kind != BL_JSON_OBJECT) {
        bl_event_malformed(
            engine, bl_json_column(line, json.at),
            bl_say(engine, "expected an object, found %s", bl_json_kind_name(json.kind)));
        return BL_OK;
    }
    bl_event event = {.json = &json, .line = line, .actor = BL_NONE, .verb = BL_VERB_COUNT};
    bl_result result = handle(engine, &event);
    if (result == BL_FAULT) result = refuse_fault(engine, &event);
    return result == BL_OK ? bl_settle(engine) : result;
}
