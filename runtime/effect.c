/*
 * Effects: blocks that happen whole or not at all, what follows them, and their undoing.
 *
 * Every change a block makes is in the journal before it is made; a fault rolls the journal back
 * and one `refused` outcome says why. What a decision changed is kept with it, so that it can be
 * undone should the decision fall. Openings and emissions wait in engine->follows until the block
 * is done.
 */
#include "machine.h"

bool bl_journal_add(bl_engine *engine, const bl_change *change)
{
    if (!bl_vector_reserve(&engine->memory, &engine->journal, 1)) return false;
    engine->journal.items[engine->journal.count++] = *change;
    return true;
}

/* ---- rolling back: a block that failed leaves no trace ---- */

static void put_back_holding(bl_engine *engine, const bl_change *change)
{
    bl_holding *holding = &engine->holdings.items[change->index];
    if (change->kind == BL_CHANGE_SUPPORTED) {
        holding->supports = change->supports;
        return;
    }
    const bool was_held = change->kind == BL_CHANGE_REVOKED;
    bl_touch_role(engine, holding->role, holding->instance, holding->actor, -1);
    bl_holding_put(engine, change->index, was_held);
    holding = &engine->holdings.items[change->index];
    holding->supports = change->supports;
    if (was_held) {
        holding->since = change->since;
        holding->since_seq = change->since_seq;
    }
    bl_touch_role(engine, holding->role, holding->instance, holding->actor, 1);
}

static void put_back_value(bl_engine *engine, const bl_change *change)
{
    bl_value *value;
    uint32_t *decision;
    bl_touch_attribute(engine, change->attribute, change->index, -1);
    if (bl_attribute_place(engine, change->attribute, change->index, &value, &decision)) {
        *value = change->old_value;
        *decision = change->old_decision;
    }
    bl_touch_attribute(engine, change->attribute, change->index, 1);
}

void bl_journal_roll_back(bl_engine *engine, size_t mark)
{
    while (engine->journal.count > mark) {
        const bl_change change = engine->journal.items[--engine->journal.count];
        switch (change.kind) {
        case BL_CHANGE_GRANTED:
        case BL_CHANGE_SUPPORTED:
        case BL_CHANGE_REVOKED: put_back_holding(engine, &change); break;
        case BL_CHANGE_SET: put_back_value(engine, &change); break;
        case BL_CHANGE_CREATED: bl_instance_put(engine, change.index, false); break;
        case BL_CHANGE_REMOVED: bl_instance_put(engine, change.index, true); break;
        case BL_CHANGE_OPENED: break; /* openings follow a block, they are not in it */
        }
    }
}

/* ---- running a block ---- */

/* Moves what the block changed from the journal to the proposal whose decision it was. */
static bl_result keep_changes(bl_engine *engine, const bl_context *context, size_t mark)
{
    const size_t count = engine->journal.count - mark;
    engine->journal.count = mark;
    if (context->decision == 0 || context->proposal == BL_NONE || count == 0) return BL_OK;
    bl_proposal *proposal = engine->proposals.items[context->proposal];
    bl_change *changes = bl_arena_array(&engine->arena, proposal->change_count + count,
                                        sizeof *changes);
    if (!changes) return bl_no_memory(engine);
    for (uint32_t i = 0; i < proposal->change_count; i++)
        changes[i] = proposal->changes[i];
    for (size_t i = 0; i < count; i++)
        changes[proposal->change_count + i] = engine->journal.items[mark + i];
    proposal->changes = changes;
    proposal->change_count += (uint32_t)count;
    return BL_OK;
}

static void tell_refused(bl_engine *engine, const bl_context *context, bl_span clause)
{
    const bl_proposal *proposal = context->proposal == BL_NONE
                                      ? NULL
                                      : engine->proposals.items[context->proposal];
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_REFUSED, proposal);
    if (!outcome) return;
    const bl_span span = engine->fault.span.file == BL_NONE ? clause : engine->fault.span;
    outcome->because = bl_say(engine, "none of its effects happened: %s", engine->fault.message);
    outcome->clause = bl_say_place(engine, span);
    bl_outcome_end(engine, outcome);
}

bl_result bl_effects_run(bl_engine *engine, uint32_t chunk, const bl_context *context,
                         const bl_value *arguments, uint32_t argument_count, bl_span clause,
                         bool *done)
{
    *done = true;
    if (engine->is_trial) return BL_OK;
    const size_t journal = engine->journal.count, follows = engine->follows.count,
                 queue = engine->queue.count;
    engine->block_depth++;
    bl_result result = bl_vm_run(engine, chunk, context, arguments, argument_count, NULL);
    engine->block_depth--;
    *done = result == BL_OK;
    if (result == BL_FAULT) {
        bl_journal_roll_back(engine, journal);
        engine->follows.count = follows;
        engine->queue.count = queue;
        tell_refused(engine, context, clause);
        result = BL_OK;
    } else if (result == BL_OK) {
        result = keep_changes(engine, context, journal);
    }
    if (engine->block_depth == 0) bl_queue_flush(engine);
    return result;
}

bl_result bl_effects_follow(bl_engine *engine, const bl_follow *follow)
{
    if (!bl_vector_reserve(&engine->memory, &engine->follows, 1)) return bl_no_memory(engine);
    engine->follows.items[engine->follows.count++] = *follow;
    return BL_OK;
}

/* ---- what follows ---- */

static bl_result tell_emitted(bl_engine *engine, const bl_follow *follow)
{
    const bl_event_type *type = &engine->program->events[follow->index];
    const bl_proposal *proposal = follow->proposal == BL_NONE
                                      ? NULL
                                      : engine->proposals.items[follow->proposal];
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_EMITTED, proposal);
    bylaw_field *fields = bl_arena_array(&engine->scratch, type->fields.count + 1, sizeof *fields);
    if (!outcome || !fields) return bl_no_memory(engine);
    const bl_text name = bl_names_text(engine->program->names, type->name);
    outcome->event = (bylaw_text){name.bytes, name.size};
    size_t count = 0;
    for (uint32_t i = 0; i < type->fields.count; i++) {
        if (follow->fields[i].base == BL_BASE_NOTHING) continue;
        const bl_field *field = &engine->program->fields[type->fields.first + i];
        const bl_text key = bl_names_text(engine->program->names, field->name);
        fields[count].name = (bylaw_text){key.bytes, key.size};
        fields[count++].json = bl_say_value(engine, &follow->fields[i]);
    }
    outcome->fields = fields;
    outcome->field_count = count;
    outcome->clause = bl_say_place(engine, follow->span);
    bl_outcome_end(engine, outcome);
    return BL_OK;
}

static bl_result follow_event(bl_engine *engine, const bl_follow *follow)
{
    bl_result result = tell_emitted(engine, follow);
    if (result != BL_OK) return result;
    const bl_record record = {follow->index, BL_NONE, engine->now, follow->fields};
    bool admitted, any;
    bl_span clause;
    return bl_rules_run(engine, &record, &admitted, &clause, &any);
}

static bl_result follow_opening(bl_engine *engine, const bl_follow *follow)
{
    const bl_opening opening = {.kind = follow->index,
                                .instance = follow->instance,
                                .author = BL_NONE,
                                .fields = follow->fields,
                                .decision = follow->decision,
                                .parent = follow->proposal,
                                .span = follow->span};
    bl_proposal *opened;
    bl_result result = bl_proposal_open(engine, &opening, &opened);
    if (result != BL_OK || !opened || follow->decision == 0 || follow->proposal == BL_NONE)
        return result;
    const bl_proposal *parent = engine->proposals.items[follow->proposal];
    if (parent->decision != follow->decision) return BL_OK;
    const size_t mark = engine->journal.count;
    const bl_change change = {.kind = BL_CHANGE_OPENED, .index = opened->index};
    if (!bl_journal_add(engine, &change)) return bl_no_memory(engine);
    const bl_context context = {.proposal = follow->proposal, .decision = follow->decision};
    return keep_changes(engine, &context, mark);
}

static bl_result follow(bl_engine *engine, const bl_follow *next)
{
    if (++engine->cascade > BL_CASCADE_MAX) {
        engine->follows.count = 0;
        bl_announce(engine, BL_OUTCOME_REFUSED, NULL, next->span,
                    bl_say(engine, "one event caused more than %d others: the rest is left out",
                           BL_CASCADE_MAX));
        return BL_OK;
    }
    if (next->is_lapse)
        return bl_proposal_lapse(engine, engine->proposals.items[next->index], next->span,
                                 BL_TEXT("what it was about was removed"));
    return next->is_event ? follow_event(engine, next) : follow_opening(engine, next);
}

/* Does what waits in engine->follows. */
static bl_result follow_up(bl_engine *engine)
{
    bl_result result = BL_OK;
    for (size_t i = 0; i < engine->follows.count && result == BL_OK; i++) {
        const bl_follow next = engine->follows.items[i];
        result = follow(engine, &next);
        if (result == BL_OK) result = bl_touched_test(engine);
    }
    engine->follows.count = 0;
    return result;
}

bl_result bl_settle(bl_engine *engine)
{
    bl_result result = BL_OK;
    do {
        result = bl_touched_test(engine);
        if (result == BL_OK) result = follow_up(engine);
    } while (result == BL_OK && (engine->touched.count > 0 || engine->follows.count > 0));
    return result;
}

/* ---- rules ---- */

static bl_result run_rule(bl_engine *engine, const bl_rule *rule, const bl_record *record,
                          bool *admitted, bool *ran)
{
    bl_context context = BL_CONTEXT_NONE;
    context.event = record;
    *ran = false;
    *admitted = rule->body == BL_NONE;
    bl_result result = BL_OK;
    if (rule->body != BL_NONE && record->actor != BL_NONE)
        result = bl_body_has(engine, rule->body, &context, record->actor, admitted);
    if (result != BL_OK || !*admitted) return result;
    bool holds = true;
    if (rule->when_chunk != BL_NONE)
        result = bl_vm_boolean(engine, rule->when_chunk, &context, NULL, 0, &holds);
    if (result != BL_OK || !holds) return result;
    *ran = true;
    bool done;
    return bl_effects_run(engine, rule->effects_chunk, &context, NULL, 0, rule->span, &done);
}

bl_result bl_rules_run(bl_engine *engine, const bl_record *record, bool *admitted, bl_span *clause,
                       bool *any)
{
    const bl_event_type *type = &engine->program->events[record->event];
    *admitted = type->rules.count == 0;
    *any = *admitted;
    *clause = type->span;
    for (uint32_t i = 0; i < type->rules.count; i++) {
        const bl_rule *rule = &engine->program->rules[type->rules.first + i];
        bool admits = false, ran = false;
        bl_result result = run_rule(engine, rule, record, &admits, &ran);
        if (result == BL_FAULT) {
            bl_announce(engine, BL_OUTCOME_REFUSED, NULL, engine->fault.span,
                        bl_say(engine, "%s", engine->fault.message));
            result = BL_OK;
            ran = admits = true;
        }
        if (result != BL_OK) return result;
        if (!*admitted || (!*any && !ran)) *clause = rule->span;
        *admitted = *admitted || admits;
        *any = *any || ran;
    }
    return BL_OK;
}

/* ---- undoing ---- */

/* Takes the decision's support from a holding. Tells whether any is left. */
static bool drop_support(bl_holding *holding, uint32_t decision)
{
    for (bl_support **at = &holding->supports; *at; at = &(*at)->next)
        if ((*at)->decision == decision) {
            *at = (*at)->next;
            break;
        }
    return holding->supports != NULL;
}

static const bl_text fell = {"the decision that did it fell",
                             sizeof "the decision that did it fell" - 1};

static bl_result undo_grant(bl_engine *engine, const bl_change *change, uint32_t decision,
                            bl_span clause)
{
    bl_holding *holding = &engine->holdings.items[change->index];
    if (!holding->is_held || drop_support(holding, decision)) return BL_OK;
    const bl_context context = BL_CONTEXT_NONE;
    return bl_world_revoke(engine, holding->role, holding->instance, holding->actor, &context,
                           clause, fell);
}

static bl_result undo_revoke(bl_engine *engine, const bl_change *change, bl_span clause,
                             bool *is_refused)
{
    const bl_holding *holding = &engine->holdings.items[change->index];
    if (holding->is_held) return BL_OK;
    const bl_context context = BL_CONTEXT_NONE;
    const bl_result result = bl_world_grant(engine, holding->role, holding->instance,
                                            holding->actor, &context, clause, fell);
    *is_refused = result == BL_FAULT;
    if (result == BL_OK) engine->holdings.items[change->index].supports = change->supports;
    return result == BL_FAULT ? BL_OK : result;
}

static bl_result undo_set(bl_engine *engine, const bl_change *change, uint32_t decision,
                          bl_span clause, bool *superseded)
{
    bl_value *value;
    uint32_t *set_by;
    if (!bl_attribute_place(engine, change->attribute, change->index, &value, &set_by))
        return bl_no_memory(engine);
    if (*set_by != decision || !bl_value_equal(value, &change->new_value)) {
        *superseded = true;
        return BL_OK;
    }
    bl_result result = BL_OK;
    if (change->old_value.base == BL_BASE_NOTHING) {
        put_back_value(engine, change);
        return BL_OK;
    }
    const bl_context context = {BL_NONE, BL_NONE, BL_NONE, NULL, 0, change->old_decision};
    result = bl_world_set(engine, change->attribute, change->index, &change->old_value, &context,
                          clause, fell);
    return result;
}

static bl_result undo_create(bl_engine *engine, const bl_change *change, bl_span clause,
                             bool *superseded)
{
    const bl_instance *instance = &engine->instances.items[change->index];
    if (instance->is_removed) return BL_OK;
    if (instance->built_upon > 0) {
        *superseded = true;
        return BL_OK;
    }
    const bl_context context = BL_CONTEXT_NONE;
    return bl_world_remove(engine, change->index, &context, clause, fell);
}

static bl_result undo_change(bl_engine *engine, const bl_change *change, uint32_t decision,
                             bl_span clause, bool *is_refused, bool *superseded)
{
    *is_refused = false;
    switch (change->kind) {
    case BL_CHANGE_GRANTED:
    case BL_CHANGE_SUPPORTED: return undo_grant(engine, change, decision, clause);
    case BL_CHANGE_REVOKED: return undo_revoke(engine, change, clause, is_refused);
    case BL_CHANGE_SET: return undo_set(engine, change, decision, clause, superseded);
    case BL_CHANGE_CREATED: return undo_create(engine, change, clause, superseded);
    case BL_CHANGE_REMOVED: bl_instance_put(engine, change->index, true); return BL_OK;
    case BL_CHANGE_OPENED:
        return bl_proposal_lapse(engine, engine->proposals.items[change->index], clause,
                                 BL_TEXT("the decision that opened it fell"));
    }
    return BL_OK;
}

/*
 * The last change first. A role whose holder is not eligible yet is asked for again once another
 * has come back: losing that one may have ended it. (test: tests/policies/falls.bylaw)
 */
static bl_result undo_all(bl_engine *engine, const bl_proposal *proposal, bl_span clause,
                          bool *superseded)
{
    bool *is_waiting = bl_arena_array(&engine->scratch, proposal->change_count, sizeof *is_waiting);
    if (!is_waiting) return bl_no_memory(engine);
    for (uint32_t i = 0; i < proposal->change_count; i++)
        is_waiting[i] = true;
    uint32_t waiting = proposal->change_count, before;
    do {
        before = waiting;
        for (uint32_t i = proposal->change_count; i > 0; i--) {
            if (!is_waiting[i - 1]) continue;
            const bl_result result = undo_change(engine, &proposal->changes[i - 1],
                                                 proposal->decision, clause, &is_waiting[i - 1],
                                                 superseded);
            if (result != BL_OK) return result;
            waiting -= !is_waiting[i - 1];
        }
    } while (waiting > 0 && waiting < before);
    *superseded = *superseded || waiting > 0;
    return BL_OK;
}

bl_result bl_effects_undo(bl_engine *engine, bl_proposal *proposal, bl_span clause)
{
    proposal->has_run = proposal->is_effective = false;
    if (proposal->change_count == 0 || engine->is_trial) return BL_OK;
    const size_t mark = engine->journal.count;
    bool superseded = false;
    engine->block_depth++;
    const bl_result result = undo_all(engine, proposal, clause, &superseded);
    engine->block_depth--;
    engine->journal.count = mark;
    proposal->change_count = 0;
    if (result != BL_OK) return result;
    bl_announce(engine, BL_OUTCOME_UNDONE, proposal, clause,
                superseded
                    ? bl_say(engine, "its effects are taken back, but for what later decisions "
                                     "superseded")
                    : bl_say(engine, "its effects are taken back"));
    if (engine->block_depth == 0) bl_queue_flush(engine);
    return BL_OK;
}
