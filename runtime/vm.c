/*
 * The machine's interpreter: runs the chunks of a program.
 *
 * bl_vm_run is one dispatch loop over a frame (locals and a stack of values); a case is a few
 * lines, and what takes more is a function in front of it or in builtins.c. Nothing here changes
 * the world: effects go through world.c, stage.c and effect.c. What is made on the way (lists,
 * sets, joined text) lives in scratch until the event is done.
 *
 * The verifier counts stacks, locals and targets, so those are only asserted.
 */
#include "vm.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    SMALL_FRAME = 40
}; /* values of a frame that are kept on the C stack; larger frames are in scratch */
#define NO_LOCAL UINT16_MAX

/* ---- faults ---- */

/* Drops a character that was cut at the end of the message. */
static void drop_cut_character(char *message, size_t size)
{
    size_t at = 0;
    if (!bl_text_is_utf8((bl_text){message, size}, &at) && size - at < 4) message[at] = '\0';
}

bl_result bl_fail(bl_engine *engine, bl_span span, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = engine->fault.message;
    const int size = vsnprintf(message, sizeof engine->fault.message, format, arguments);
    va_end(arguments);
    assert(size >= 0);
    if (size >= (int)sizeof engine->fault.message) drop_cut_character(message, strlen(message));
    engine->fault.span = span;
    return BL_FAULT;
}

bl_result bl_no_memory(bl_engine *engine)
{
    engine->out_of_memory = true;
    return BL_NOMEM;
}

/* ---- the stack ---- */

static void push_boolean(bl_frame *f, bool boolean)
{
    bl_frame_push(f, bl_value_boolean(boolean));
}

/* An index, or nothing for BL_NONE. */
static void push_index(bl_frame *f, bl_base base, uint32_t index)
{
    bl_frame_push(f, index == BL_NONE ? BL_NOTHING : bl_value_index(base, index));
}

static bl_value time_value(bl_time time)
{
    return (bl_value){.base = BL_BASE_TIME, .as.time = time};
}

static bl_result pop_index(bl_frame *f, bl_base base, uint32_t *out)
{
    bl_value value;
    BL_TRY(bl_frame_pop_as(f, base, &value));
    *out = value.as.index;
    return BL_OK;
}

/*
 * What a proposal that is only known as `proposal` is on can be an instance of any scope: whoever
 * takes an instance asks, because the verifier cannot.
 */
static bool is_of_scope(const bl_frame *f, uint32_t instance, uint32_t scope)
{
    return f->engine->instances.items[instance].scope == scope;
}

static bl_text scope_word(const bl_frame *f, uint32_t scope)
{
    return bl_names_text(f->program->names, f->program->scopes[scope].name);
}

static bl_text scope_word_of(const bl_frame *f, uint32_t instance)
{
    return scope_word(f, f->engine->instances.items[instance].scope);
}

/* An instance of the scope to which what is called `name` belongs. */
static bl_result pop_instance(bl_frame *f, uint32_t scope, uint32_t name, uint32_t *out)
{
    BL_TRY(pop_index(f, BL_BASE_INSTANCE, out));
    if (is_of_scope(f, *out, scope)) return BL_OK;
    return BL_FRAME_FAIL(f, "`%.*s` belongs to each %.*s, not to %.*s `%.*s`",
                         BL_SAID(bl_names_text(f->program->names, name)),
                         BL_SAID(scope_word(f, scope)), BL_SAID(scope_word_of(f, *out)),
                         BL_SAID(bl_instance_id(f->engine, *out)));
}

static bl_result pop_instance_of_role(bl_frame *f, uint32_t role, uint32_t *out)
{
    const bl_role *row = &f->program->roles[role];
    return pop_instance(f, row->scope, row->name, out);
}

/* What is kept has the scope that it is declared with, each item of a list too. */
static bl_result expect_scope(const bl_frame *f, const bl_value *value, bl_type type)
{
    const bool has_scope = type.base == BL_BASE_INSTANCE && type.index != BL_NONE;
    if (!has_scope || value->base == BL_BASE_NOTHING) return BL_OK;
    const bool is_list = value->base == BL_BASE_LIST;
    const bl_value *items = is_list ? value->as.list.items : value;
    const uint32_t count = is_list ? value->as.list.count : 1;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t instance = items[i].as.index;
        if (is_of_scope(f, instance, type.index)) continue;
        return BL_FRAME_FAIL(f, "%.*s `%.*s` is no %.*s", BL_SAID(scope_word_of(f, instance)),
                             BL_SAID(bl_instance_id(f->engine, instance)),
                             BL_SAID(scope_word(f, type.index)));
    }
    return BL_OK;
}

static bl_result local_actor(const bl_frame *f, uint32_t local, uint32_t *out)
{
    BL_TRY(bl_frame_expect(f, &f->locals[local], BL_BASE_ACTOR));
    *out = f->locals[local].as.index;
    return BL_OK;
}

/* ---- names and reading ---- */

static void push_event(bl_frame *f)
{
    const bl_record *event = f->context->event;
    bl_frame_push(f, event ? (bl_value){.base = BL_BASE_EVENT, .as.event = event} : BL_NOTHING);
}

static bl_result actor_named(bl_frame *f, uint32_t name)
{
    const bl_text handle = bl_names_text(f->program->names, name);
    const uint32_t actor = bl_actor_find(f->engine, handle);
    if (f->engine->out_of_memory) return BL_NOMEM;
    if (actor == BL_NONE) return BL_FRAME_FAIL(f, "nobody is called @%.*s", BL_SAID(handle));
    bl_frame_push(f, bl_value_index(BL_BASE_ACTOR, actor));
    return BL_OK;
}

static bl_result instance_named(bl_frame *f, uint32_t scope, uint32_t name)
{
    const bl_text id = bl_names_text(f->program->names, name);
    const uint32_t instance = bl_instance_find(f->engine, scope, id);
    if (instance == BL_NONE) {
        return BL_FRAME_FAIL(f, "there is no %.*s `%.*s`", BL_SAID(scope_word(f, scope)),
                             BL_SAID(id));
    }
    bl_frame_push(f, bl_value_index(BL_BASE_INSTANCE, instance));
    return BL_OK;
}

static bl_result proposal_named(bl_frame *f, uint32_t name)
{
    const bl_text id = bl_names_text(f->program->names, name);
    const uint32_t number = bl_names_find(f->engine->ids, id);
    const uint32_t proposal = number == BL_NONE ? BL_NONE
                                                : bl_map_get(&f->engine->proposal_of, number);
    if (proposal == BL_NONE) return BL_FRAME_FAIL(f, "there is no proposal `%.*s`", BL_SAID(id));
    bl_frame_push(f, bl_value_index(BL_BASE_PROPOSAL, proposal));
    return BL_OK;
}

static bl_result push_instances(bl_frame *f, uint32_t scope)
{
    const bl_engine *engine = f->engine;
    bl_frame_charge(f, engine->instances.count);
    uint32_t count = 0;
    for (size_t i = 0; i < engine->instances.count; i++)
        count += engine->instances.items[i].scope == scope &&
                 !engine->instances.items[i].is_removed;
    bl_value *items = bl_arena_array(&f->engine->scratch, count, sizeof *items);
    if (!items) return bl_no_memory(f->engine);
    uint32_t at = 0;
    for (size_t i = 0; i < engine->instances.count; i++)
        if (engine->instances.items[i].scope == scope && !engine->instances.items[i].is_removed)
            items[at++] = bl_value_index(BL_BASE_INSTANCE, (uint32_t)i);
    bl_frame_push(f, (bl_value){.base = BL_BASE_LIST, .as.list = {items, count}});
    return BL_OK;
}

static bool is_in_range(bl_range range, uint32_t row)
{
    return row >= range.first && row - range.first < range.count;
}

static bl_result no_such_field(const bl_frame *f, uint32_t field)
{
    const bl_text name = bl_names_text(f->program->names, f->program->fields[field].name);
    return BL_FRAME_FAIL(f, "there is no `%.*s` here", BL_SAID(name));
}

static bl_result push_field(bl_frame *f, uint32_t field)
{
    uint32_t index;
    BL_TRY(pop_index(f, BL_BASE_PROPOSAL, &index));
    const bl_proposal *proposal = f->engine->proposals.items[index];
    if (!is_in_range(bl_kind_of(f->engine, proposal)->fields, field))
        return no_such_field(f, field);
    bl_frame_push(f, proposal->fields[f->program->fields[field].slot]);
    return BL_OK;
}

static bl_result push_event_field(bl_frame *f, uint32_t field)
{
    bl_value value;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_EVENT, &value));
    const bl_record *record = value.as.event;
    if (record->event == BL_NONE || !is_in_range(f->program->events[record->event].fields, field))
        return no_such_field(f, field);
    bl_frame_push(f, record->fields[f->program->fields[field].slot]);
    return BL_OK;
}

/* Whose attribute it is: an actor, or an instance of its scope. */
static bl_result pop_target(bl_frame *f, const bl_attribute *row, uint32_t *out)
{
    if (row->scope == BL_NONE) return pop_index(f, BL_BASE_ACTOR, out);
    return pop_instance(f, row->scope, row->name, out);
}

static bl_result push_attribute(bl_frame *f, uint32_t attribute)
{
    uint32_t target;
    BL_TRY(pop_target(f, &f->program->attributes[attribute], &target));
    bl_value value;
    BL_TRY(bl_world_attribute(f->engine, attribute, target, bl_frame_span(f), &value));
    bl_frame_push(f, value);
    return BL_OK;
}

static bl_text actor_kind_word(uint8_t kind)
{
    if (kind == BL_ACTOR_ORGANIZATION) return BL_TEXT("organization");
    if (kind == BL_ACTOR_AGENT) return BL_TEXT("agent");
    return BL_TEXT("person");
}

/* What a property is of. */
static bl_base property_owner(bl_property property)
{
    switch (property) {
    case BL_PROPERTY_PROPOSAL_ID:
    case BL_PROPERTY_PROPOSAL_KIND:
    case BL_PROPERTY_PROPOSAL_AUTHOR:
    case BL_PROPERTY_PROPOSAL_ON:
    case BL_PROPERTY_PROPOSAL_OPENED:
    case BL_PROPERTY_PROPOSAL_DECIDED:
    case BL_PROPERTY_PROPOSAL_RUNG: return BL_BASE_PROPOSAL;
    case BL_PROPERTY_ACTOR_HANDLE:
    case BL_PROPERTY_ACTOR_KIND: return BL_BASE_ACTOR;
    case BL_PROPERTY_INSTANCE_ID: return BL_BASE_INSTANCE;
    case BL_PROPERTY_EVENT_ACTOR:
    case BL_PROPERTY_EVENT_TIME: return BL_BASE_EVENT;
    }
    assert(false && "a property");
    return BL_BASE_NOTHING;
}

static bl_result push_property(bl_frame *f, bl_property property)
{
    bl_engine *engine = f->engine;
    bl_value owner;
    BL_TRY(bl_frame_pop_as(f, property_owner(property), &owner));
    const bl_proposal *proposal = NULL;
    if (owner.base == BL_BASE_PROPOSAL) proposal = engine->proposals.items[owner.as.index];
    const bl_actor *actor = NULL;
    if (owner.base == BL_BASE_ACTOR) actor = &engine->actors.items[owner.as.index];
    switch (property) {
    case BL_PROPERTY_PROPOSAL_ID:
        bl_frame_push(f, bl_value_text(bl_proposal_id(engine, proposal)));
        break;
    case BL_PROPERTY_PROPOSAL_KIND:
        bl_frame_push(
            f, bl_value_text(bl_names_text(f->program->names, bl_kind_of(engine, proposal)->name)));
        break;
    case BL_PROPERTY_PROPOSAL_AUTHOR: push_index(f, BL_BASE_ACTOR, proposal->author); break;
    case BL_PROPERTY_PROPOSAL_ON: push_index(f, BL_BASE_INSTANCE, proposal->instance); break;
    case BL_PROPERTY_PROPOSAL_OPENED: bl_frame_push(f, time_value(proposal->opened)); break;
    case BL_PROPERTY_PROPOSAL_DECIDED:
        bl_frame_push(f, bl_proposal_is_undecided(proposal) ? BL_NOTHING
                                                            : time_value(proposal->decided));
        break;
    case BL_PROPERTY_PROPOSAL_RUNG:
        bl_frame_push(f, bl_value_number(BL_RATIONAL(proposal->rung)));
        break;
    case BL_PROPERTY_ACTOR_HANDLE: bl_frame_push(f, bl_value_text(actor->shown)); break;
    case BL_PROPERTY_ACTOR_KIND:
        bl_frame_push(f, bl_value_text(actor_kind_word(actor->kind)));
        break;
    case BL_PROPERTY_INSTANCE_ID:
        bl_frame_push(f, bl_value_text(bl_instance_id(engine, owner.as.index)));
        break;
    case BL_PROPERTY_EVENT_ACTOR: push_index(f, BL_BASE_ACTOR, owner.as.event->actor); break;
    case BL_PROPERTY_EVENT_TIME: bl_frame_push(f, time_value(owner.as.event->time)); break;
    }
    return BL_OK;
}

static bl_result push_state(bl_frame *f, bl_state_test test)
{
    uint32_t proposal;
    BL_TRY(pop_index(f, BL_BASE_PROPOSAL, &proposal));
    push_boolean(f, bl_proposal_test(f->engine->proposals.items[proposal], test));
    return BL_OK;
}

static bl_result call(bl_frame *f, uint32_t index)
{
    const bl_function *function = &f->program->functions[index];
    const uint32_t count = function->parameters.count;
    assert(count <= (size_t)(f->top - f->stack));
    bl_value value;
    BL_TRY(bl_vm_run(f->engine, function->chunk, f->context, f->top - count, count, &value));
    f->top -= count;
    bl_frame_push(f, value);
    return BL_OK;
}

/* ---- sets of actors ---- */

/* `mode` as in bl_holders. */
static bl_result push_holders(bl_frame *f, uint32_t role, uint32_t instance, int mode)
{
    bl_set set;
    BL_TRY(bl_holders(f->engine, role, instance, mode, &set));
    bl_frame_push_set(f, set);
    return BL_OK;
}

static bl_result push_holders_of(bl_frame *f, uint32_t role, int mode)
{
    uint32_t instance;
    BL_TRY(pop_instance_of_role(f, role, &instance));
    return push_holders(f, role, instance, mode);
}

static const bl_proposal *proposal_of(const bl_frame *f)
{
    const uint32_t proposal = f->context->proposal;
    return proposal == BL_NONE ? NULL : f->engine->proposals.items[proposal];
}

static bl_result push_conflicted(bl_frame *f)
{
    const bl_proposal *proposal = proposal_of(f);
    bl_set set = {NULL, 0};
    if (proposal && !bl_set_of(&f->engine->scratch, proposal->conflicts.items,
                               (uint32_t)proposal->conflicts.count, &set))
        return bl_no_memory(f->engine);
    bl_frame_push_set(f, set);
    return BL_OK;
}

static bl_result total(bl_frame *f, uint32_t chunk)
{
    bl_value set, part;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_SET, &set));
    bl_rational sum = BL_RATIONAL(0);
    for (uint32_t i = 0; i < set.as.set.count; i++) {
        const bl_value actor = bl_value_index(BL_BASE_ACTOR, set.as.set.actors[i]);
        BL_TRY(bl_vm_run(f->engine, chunk, f->context, &actor, 1, &part));
        BL_TRY(bl_frame_expect(f, &part, BL_BASE_NUMBER));
        if (!bl_rational_add(sum, part.as.number, &sum))
            return BL_FRAME_FAIL(f, "a number too large");
    }
    bl_frame_push(f, bl_value_number(sum));
    return BL_OK;
}

static bool has_index(const uint32_t *indexes, size_t count, uint32_t wanted)
{
    for (size_t i = 0; i < count; i++)
        if (indexes[i] == wanted) return true;
    return false;
}

static bool is_recused(const bl_engine *engine, const bl_context *context, uint32_t actor)
{
    if (context->proposal == BL_NONE) return false;
    const bl_proposal *proposal = engine->proposals.items[context->proposal];
    return has_index(proposal->recusals.items, proposal->recusals.count, actor);
}

/* ---- stages ---- */

static bl_result stage_of(const bl_frame *f, const bl_stage **out)
{
    if (f->context->stage == BL_NONE) return BL_FRAME_FAIL(f, "there are no ballots here");
    *out = f->engine->stages.items[f->context->stage];
    return BL_OK;
}

static bl_result stage_members(bl_frame *f, const bl_stage *stage, bl_set *out)
{
    const bl_stage_plan *plan = &f->program->plans[stage->plan];
    if (plan->is_as_of_opening) {
        *out = stage->snapshot;
        return BL_OK;
    }
    const bl_context context = bl_stage_context(f->engine, stage);
    return bl_body_set(f->engine, plan->body, &context, out);
}

static bl_result push_ballot_set(bl_frame *f, uint32_t mask)
{
    const bl_stage *stage = NULL;
    bl_set members;
    BL_TRY(stage_of(f, &stage));
    BL_TRY(stage_members(f, stage, &members));
    uint32_t *actors = bl_arena_array(&f->engine->scratch, members.count, sizeof *actors);
    if (!actors) return bl_no_memory(f->engine);
    uint32_t count = 0;
    for (uint32_t i = 0; i < members.count; i++) {
        const uint32_t actor = members.actors[i];
        const uint8_t ballot = f->context->ballot ? f->context->ballot
                                                  : bl_stage_ballot_of(stage, actor);
        if ((ballot & mask) && !is_recused(f->engine, f->context, actor)) actors[count++] = actor;
    }
    bl_frame_push_set(f, (bl_set){actors, count});
    return BL_OK;
}

static bl_result push_ballot_in(bl_frame *f, uint32_t local, uint32_t mask)
{
    uint32_t actor;
    BL_TRY(local_actor(f, local, &actor));
    uint8_t ballot = f->context->ballot;
    if (ballot == 0) {
        const bl_stage *stage = NULL;
        bool is_member;
        BL_TRY(stage_of(f, &stage));
        BL_TRY(bl_stage_has_member(f->engine, stage, actor, &is_member));
        if (is_member) ballot = bl_stage_ballot_of(stage, actor);
    }
    push_boolean(f, (ballot & mask) != 0);
    return BL_OK;
}

static bl_result push_aggregate(bl_frame *f, uint32_t aggregate)
{
    const bl_stage *stage = NULL;
    bl_rational sum;
    BL_TRY(stage_of(f, &stage));
    BL_TRY(bl_stage_aggregate(f->engine, stage, aggregate, &sum));
    bl_frame_push(f, bl_value_number(sum));
    return BL_OK;
}

/* ---- one member ---- */

static bl_result push_holds(bl_frame *f, bl_opcode op, uint32_t local, uint32_t role)
{
    uint32_t actor, instance = BL_NONE;
    if (op == OP_HOLDS_OF || op == OP_HOLDS_OTHER) BL_TRY(pop_instance_of_role(f, role, &instance));
    BL_TRY(local_actor(f, local, &actor));
    if (op == OP_HOLDS_ANY)
        push_boolean(f, bl_holds_any(f->engine, role, actor));
    else if (op == OP_HOLDS_OTHER)
        push_boolean(f, bl_holds_other(f->engine, role, instance, actor));
    else
        push_boolean(f, bl_holds(f->engine, role, instance, actor));
    return BL_OK;
}

static bl_result push_is_conflicted(bl_frame *f, uint32_t local)
{
    uint32_t actor;
    BL_TRY(local_actor(f, local, &actor));
    const bl_proposal *proposal = proposal_of(f);
    push_boolean(f, proposal &&
                        has_index(proposal->conflicts.items, proposal->conflicts.count, actor));
    return BL_OK;
}

static bl_result push_same_actor(bl_frame *f, uint32_t local)
{
    const bl_value value = bl_frame_pop(f);
    uint32_t actor;
    BL_TRY(local_actor(f, local, &actor));
    bool is_same = value.base == BL_BASE_ACTOR && value.as.index == actor;
    if (value.base == BL_BASE_SET) is_same = bl_set_has(value.as.set, actor);
    if (value.base == BL_BASE_LIST) {
        bl_frame_charge(f, value.as.list.count);
        for (uint32_t i = 0; i < value.as.list.count && !is_same; i++)
            is_same = bl_value_equal(&value.as.list.items[i], &f->locals[local]);
    }
    push_boolean(f, is_same);
    return BL_OK;
}

static bl_result push_can(bl_frame *f, bl_verb verb)
{
    uint32_t proposal, actor;
    BL_TRY(pop_index(f, BL_BASE_PROPOSAL, &proposal));
    BL_TRY(pop_index(f, BL_BASE_ACTOR, &actor));
    const bl_act act = {
        .verb = verb,
        .actor = actor,
        .proposal = f->engine->proposals.items[proposal],
        .other = BL_NONE,
        .is_question = true,
    };
    bool allowed = false;
    BL_TRY(bl_act_perform(f->engine, &act, &allowed));
    push_boolean(f, allowed);
    return BL_OK;
}

/* ---- effects ---- */

/* What the handed-over values become in an event or a proposal that outlives the frame. */
static bl_result keep_values(bl_frame *f, bl_range fields, bl_value **out)
{
    const uint32_t count = fields.count;
    assert(count <= (size_t)(f->top - f->stack));
    f->top -= count;
    bl_arena *arena = &f->engine->arena;
    *out = bl_arena_array(arena, count, sizeof **out);
    if (!*out) return bl_no_memory(f->engine);
    for (uint32_t i = 0; i < count; i++) {
        BL_TRY(expect_scope(f, &f->top[i], f->program->fields[fields.first + i].type));
        if (!bl_value_copy(arena, &f->top[i], &(*out)[i])) return bl_no_memory(f->engine);
    }
    return BL_OK;
}

static bl_result change_role(bl_frame *f, bl_opcode op, uint32_t role)
{
    const bl_value whom = bl_frame_pop(f);
    uint32_t instance = BL_NONE;
    if (f->program->roles[role].scope != BL_NONE) BL_TRY(pop_instance_of_role(f, role, &instance));
    bl_set actors;
    BL_TRY(bl_frame_set_of(f, &whom, &actors));
    const bl_text because = BL_TEXT("");
    for (uint32_t i = 0; i < actors.count; i++) {
        const uint32_t actor = actors.actors[i];
        if (op == OP_GRANT)
            BL_TRY(bl_world_grant(f->engine, role, instance, actor, f->context, bl_frame_span(f),
                                  because));
        else
            BL_TRY(bl_world_revoke(f->engine, role, instance, actor, f->context, bl_frame_span(f),
                                   because));
    }
    return BL_OK;
}

static bl_result set_attribute(bl_frame *f, uint32_t attribute)
{
    const bl_attribute *row = &f->program->attributes[attribute];
    const bl_value value = bl_frame_pop(f);
    if (value.base == BL_BASE_NOTHING && !row->type.is_optional)
        return bl_frame_expect(f, &value, BL_BASE_TEXT);
    BL_TRY(expect_scope(f, &value, row->type));
    uint32_t target;
    BL_TRY(pop_target(f, row, &target));
    return bl_world_set(f->engine, attribute, target, &value, f->context, bl_frame_span(f),
                        BL_TEXT(""));
}

static bl_result create_instance(bl_frame *f, uint32_t local, uint32_t scope)
{
    const bl_range rows = f->program->scopes[scope].attributes;
    assert(rows.count < (size_t)(f->top - f->stack));
    f->top -= rows.count;
    const bl_value *attributes = f->top;
    for (uint32_t i = 0; i < rows.count; i++)
        BL_TRY(expect_scope(f, &attributes[i], f->program->attributes[rows.first + i].type));
    bl_value id;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_TEXT, &id));
    uint32_t instance;
    BL_TRY(bl_world_create(f->engine, scope, id.as.text, attributes, f->context, bl_frame_span(f),
                           BL_TEXT(""), &instance));
    if (local != NO_LOCAL) f->locals[local] = bl_value_index(BL_BASE_INSTANCE, instance);
    return BL_OK;
}

static bl_result remove_instance(bl_frame *f)
{
    uint32_t instance;
    BL_TRY(pop_index(f, BL_BASE_INSTANCE, &instance));
    return bl_world_remove(f->engine, instance, f->context, bl_frame_span(f), BL_TEXT(""));
}

/* What a proposal of the kind is opened on. */
static bl_result pop_instance_of_kind(bl_frame *f, const bl_kind *kind, uint32_t *out)
{
    BL_TRY(pop_index(f, BL_BASE_INSTANCE, out));
    if (is_of_scope(f, *out, kind->scope)) return BL_OK;
    return BL_FRAME_FAIL(f, "`%.*s` can be opened on each %.*s, not on %.*s `%.*s`",
                         BL_SAID(bl_names_text(f->program->names, kind->name)),
                         BL_SAID(scope_word(f, kind->scope)), BL_SAID(scope_word_of(f, *out)),
                         BL_SAID(bl_instance_id(f->engine, *out)));
}

/* Notes an opening or an emission, which follows the block. */
static bl_result follow(bl_frame *f, bl_opcode op, uint32_t index)
{
    bl_follow later = {
        .is_event = op == OP_EMIT,
        .index = index,
        .instance = BL_NONE,
        .span = bl_frame_span(f),
        .decision = f->context->decision,
        .proposal = f->context->proposal,
    };
    const bl_range fields = op == OP_EMIT ? f->program->events[index].fields
                                          : f->program->kinds[index].fields;
    BL_TRY(keep_values(f, fields, &later.fields));
    if (op == OP_OPEN && f->program->kinds[index].scope != BL_NONE)
        BL_TRY(pop_instance_of_kind(f, &f->program->kinds[index], &later.instance));
    return bl_effects_follow(f->engine, &later);
}

static bl_result discard_ballots(bl_frame *f)
{
    uint32_t index;
    BL_TRY(pop_index(f, BL_BASE_PROPOSAL, &index));
    const bl_proposal *proposal = f->engine->proposals.items[index];
    for (size_t i = 0; i < proposal->stages.count; i++) {
        bl_stage *stage = f->engine->stages.items[proposal->stages.items[i]];
        if (stage->state == BL_STAGE_OPEN) BL_TRY(bl_stage_discard(f->engine, stage));
    }
    return BL_OK;
}

/* ---- the loop ---- */

/* Runs from the frame's instruction on to the chunk's RETURN or END. Long, as a dispatch loop is.
 */
static inline __attribute__((always_inline)) bl_result
dispatch(bl_frame *f, const bl_chunk *chunk, bl_value *out, bl_coverage *coverage)
{
    const bl_program *program = f->program;
    bl_engine *engine = f->engine;
    const uint32_t step_limit = engine->options.limits.step_count;
    uint32_t previous = BL_NONE; /* for counting */
    for (uint32_t next = chunk->first;;) {
        assert(next - chunk->first < chunk->count);
        assert(f->top >= f->stack && f->top <= f->stack + chunk->stack_size);
        if (coverage)
            bl_coverage_step(coverage, program, previous, next,
                             f->top > f->stack ? f->top - 1 : NULL);
        previous = next;
        f->at = next++;
        if (++engine->steps > step_limit)
            return BL_FRAME_FAIL(f, "more than %u steps for one event", step_limit);
        const bl_instruction in = program->code[f->at];
        bl_result result = BL_OK;
        bl_value value;
        switch ((bl_opcode)in.op) {
        case OP_CONSTANT: bl_frame_push(f, program->constants[in.b]); break;
        case OP_NOTHING: bl_frame_push(f, BL_NOTHING); break;
        case OP_LOCAL: bl_frame_push(f, f->locals[in.a]); break;
        case OP_STORE: f->locals[in.a] = bl_frame_pop(f); break;
        case OP_POP: bl_frame_pop(f); break;
        case OP_PROPOSAL: push_index(f, BL_BASE_PROPOSAL, f->context->proposal); break;
        case OP_INSTANCE: push_index(f, BL_BASE_INSTANCE, f->context->instance); break;
        case OP_EVENT: push_event(f); break;
        case OP_NOW: bl_frame_push(f, time_value(engine->now)); break;
        case OP_ACTOR_NAMED: result = actor_named(f, in.b); break;
        case OP_INSTANCE_NAMED: result = instance_named(f, in.a, in.b); break;
        case OP_PROPOSAL_NAMED: result = proposal_named(f, in.b); break;
        case OP_INSTANCES: result = push_instances(f, in.b); break;

        case OP_FIELD: result = push_field(f, in.b); break;
        case OP_PROPERTY: result = push_property(f, (bl_property)in.b); break;
        case OP_ATTRIBUTE: result = push_attribute(f, in.b); break;
        case OP_EVENT_FIELD: result = push_event_field(f, in.b); break;
        case OP_IS_GIVEN: push_boolean(f, bl_frame_pop(f).base != BL_BASE_NOTHING); break;
        case OP_STATE: result = push_state(f, (bl_state_test)in.b); break;

        case OP_ADD:
        case OP_SUBTRACT:
        case OP_MULTIPLY:
        case OP_DIVIDE:
        case OP_MINIMUM:
        case OP_MAXIMUM: result = bl_do_arithmetic(f, (bl_opcode)in.op); break;
        case OP_NEGATE:
        case OP_FLOOR:
        case OP_CEILING: result = bl_do_unary(f, (bl_opcode)in.op); break;
        case OP_EQUAL: bl_do_equal(f, true); break;
        case OP_UNEQUAL: bl_do_equal(f, false); break;
        case OP_LESS: result = bl_do_compare(f, BL_LESS); break;
        case OP_LESS_EQUAL: result = bl_do_compare(f, BL_LESS_EQUAL); break;
        case OP_GREATER: result = bl_do_compare(f, BL_GREATER); break;
        case OP_GREATER_EQUAL: result = bl_do_compare(f, BL_GREATER_EQUAL); break;
        case OP_COMPARE_ROOT: result = bl_do_compare_root(f, (bl_comparison)in.a); break;
        case OP_CEILING_ROOT: result = bl_do_ceiling_root(f); break;
        case OP_NOT:
            result = bl_frame_pop_as(f, BL_BASE_BOOLEAN, &value);
            if (result == BL_OK) push_boolean(f, !value.as.boolean);
            break;
        case OP_CONTAINS: result = bl_do_contains(f); break;
        case OP_MATCHES: result = bl_do_matches(f, bl_glob_matches); break;
        case OP_BEGINS_WITH: result = bl_do_matches(f, bl_glob_begins); break;

        case OP_LIST: result = bl_do_list(f, in.a); break;
        case OP_SIZE: result = bl_do_size(f); break;
        case OP_IN: result = bl_do_in(f); break;
        case OP_LOOP: result = bl_do_loop(f, in.a); break;
        case OP_NEXT:
            if (!bl_do_next(f, in.a)) next = chunk->first + in.b;
            break;

        case OP_JUMP: next = chunk->first + in.b; break;
        case OP_JUMP_IF_FALSE:
            result = bl_frame_pop_as(f, BL_BASE_BOOLEAN, &value);
            if (result == BL_OK && !value.as.boolean) next = chunk->first + in.b;
            break;
        case OP_AND:
        case OP_OR:
            result = bl_frame_pop_as(f, BL_BASE_BOOLEAN, &value);
            if (result != BL_OK || value.as.boolean != (in.op == OP_OR)) break;
            bl_frame_push(f, value);
            next = chunk->first + in.b;
            break;
        case OP_CALL: result = call(f, in.b); break;
        case OP_RETURN:
            value = bl_frame_pop(f);
            if (out) *out = value;
            return BL_OK;
        case OP_END: return BL_OK;

        case OP_SET_ROLE: result = push_holders(f, in.b, BL_NONE, 0); break;
        case OP_SET_ROLE_OF: result = push_holders_of(f, in.b, 0); break;
        case OP_SET_ROLE_ANY: result = push_holders(f, in.b, BL_NONE, 1); break;
        case OP_SET_ROLE_OTHER: result = push_holders_of(f, in.b, 2); break;
        case OP_SET_ACTOR: result = bl_do_set(f); break;
        case OP_SET_CONFLICTED: result = push_conflicted(f); break;
        case OP_SET_BALLOT: result = push_ballot_set(f, in.a); break;
        case OP_SET_UNION: result = bl_do_combine(f, bl_set_union); break;
        case OP_SET_AMONG: result = bl_do_combine(f, bl_set_among); break;
        case OP_SET_EXCEPT: result = bl_do_combine(f, bl_set_except); break;
        case OP_SET_TOTAL: result = total(f, in.b); break;

        case OP_HOLDS:
        case OP_HOLDS_OF:
        case OP_HOLDS_ANY:
        case OP_HOLDS_OTHER: result = push_holds(f, (bl_opcode)in.op, in.a, in.b); break;
        case OP_IS_CONFLICTED: result = push_is_conflicted(f, in.a); break;
        case OP_BALLOT_IN: result = push_ballot_in(f, in.a, in.b); break;
        case OP_SAME_ACTOR: result = push_same_actor(f, in.a); break;
        case OP_AGGREGATE: result = push_aggregate(f, in.b); break;
        case OP_CAN: result = push_can(f, (bl_verb)in.b); break;

        case OP_GRANT:
        case OP_REVOKE: result = change_role(f, (bl_opcode)in.op, in.b); break;
        case OP_SET_ATTRIBUTE: result = set_attribute(f, in.b); break;
        case OP_CREATE: result = create_instance(f, in.a, in.b); break;
        case OP_REMOVE: result = remove_instance(f); break;
        case OP_OPEN:
        case OP_EMIT: result = follow(f, (bl_opcode)in.op, in.b); break;
        case OP_DISCARD: result = discard_ballots(f); break;
        case BL_OPCODE_COUNT: assert(false && "an opcode"); break;
        }
        if (result != BL_OK) return result;
    }
}

/* Runs the chunk in a frame with room for its locals and its stack behind them. */
static bl_result run_in(bl_frame *f, bl_value *room, const bl_chunk *chunk,
                        const bl_value *arguments, uint32_t argument_count, bl_value *out)
{
    f->locals = room;
    f->stack = f->top = room + chunk->local_count;
    f->at = chunk->first;
    if (argument_count) memcpy(room, arguments, argument_count * sizeof *room);
    for (uint32_t i = argument_count; i < chunk->local_count; i++)
        room[i] = BL_NOTHING;
    /* The outermost frame is the expression that calls, and no function. */
    if (f->engine->call_depth > BL_CALL_DEPTH_MAX)
        return BL_FRAME_FAIL(f, "functions inside functions, more than %u deep", BL_CALL_DEPTH_MAX);
    f->engine->call_depth++;
    bl_coverage *coverage = bl_coverage_now(f->engine);
    const bl_result result = coverage ? dispatch(f, chunk, out, coverage)
                                      : dispatch(f, chunk, out, NULL);
    f->engine->call_depth--;
    return result;
}

bl_result bl_vm_run(bl_engine *engine, uint32_t chunk, const bl_context *context,
                    const bl_value *arguments, uint32_t argument_count, bl_value *out)
{
    assert(chunk < engine->program->chunk_count);
    const bl_chunk *row = &engine->program->chunks[chunk];
    /* Code that uses no arguments has no locals for them: a quorum beside a procedure with
     * parameters. */
    if (argument_count > row->local_count) argument_count = row->local_count;
    assert(row->local_count <= BL_STACK_MAX && row->stack_size <= BL_STACK_MAX);
    bl_frame frame = {.engine = engine, .program = engine->program, .context = context};
    const size_t size = (size_t)row->local_count + row->stack_size;
    bl_value small[SMALL_FRAME];
    if (size <= SMALL_FRAME) return run_in(&frame, small, row, arguments, argument_count, out);
    bl_value *large = bl_arena_array(&engine->scratch, size, sizeof *large);
    if (!large) return bl_no_memory(engine);
    return run_in(&frame, large, row, arguments, argument_count, out);
}

bl_result bl_vm_value(bl_engine *engine, uint32_t chunk, const bl_context *context,
                      const bl_value *arguments, uint32_t argument_count, bl_base base,
                      bl_value *out)
{
    BL_TRY(bl_vm_run(engine, chunk, context, arguments, argument_count, out));
    if (out->base == base) return BL_OK;
    return bl_fail(engine, engine->program->chunks[chunk].span,
                   out->base == BL_BASE_NOTHING ? "a value that was not given"
                                                : "a value of another type than is wanted here");
}

bl_result bl_vm_boolean(bl_engine *engine, uint32_t chunk, const bl_context *context,
                        const bl_value *arguments, uint32_t argument_count, bool *out)
{
    bl_value value = BL_NOTHING;
    BL_TRY(bl_vm_run(engine, chunk, context, arguments, argument_count, &value));
    const bl_span span = engine->program->chunks[chunk].span;
    if (value.base == BL_BASE_NOTHING) return bl_fail(engine, span, "a value that was not given");
    if (value.base != BL_BASE_BOOLEAN) return bl_fail(engine, span, "neither true nor false");
    *out = value.as.boolean;
    bl_coverage *coverage = bl_coverage_now(engine);
    if (coverage) bl_coverage_side(coverage->chunks, chunk, *out);
    return BL_OK;
}

/* ---- bodies ---- */

bl_result bl_body_has(bl_engine *engine, uint32_t body, const bl_context *context, uint32_t actor,
                      bool *out)
{
    const bl_body *row = &engine->program->bodies[body];
    *out = false;
    if (is_recused(engine, context, actor)) return BL_OK;
    *out = row->is_anyone;
    if (row->is_anyone) return BL_OK;
    const bl_value member = bl_value_index(BL_BASE_ACTOR, actor);
    return bl_vm_boolean(engine, row->member_chunk, context, &member, 1, out);
}

/* The set without those who are recused in the context's proposal. */
static bl_result without_recused(bl_engine *engine, const bl_context *context, bl_set all,
                                 bl_set *out)
{
    *out = all;
    if (context->proposal == BL_NONE) return BL_OK;
    const bl_proposal *proposal = engine->proposals.items[context->proposal];
    if (proposal->recusals.count == 0) return BL_OK;
    bl_set recused;
    if (!bl_set_of(&engine->scratch, proposal->recusals.items, (uint32_t)proposal->recusals.count,
                   &recused) ||
        !bl_set_except(&engine->scratch, all, recused, out))
        return bl_no_memory(engine);
    return BL_OK;
}

bl_result bl_body_set(bl_engine *engine, uint32_t body, const bl_context *context, bl_set *out)
{
    const bl_body *row = &engine->program->bodies[body];
    if (row->is_anyone) return bl_fail(engine, row->span, "anyone has no size");
    bl_value value = BL_NOTHING;
    BL_TRY(bl_vm_run(engine, row->set_chunk, context, NULL, 0, &value));
    if (value.base != BL_BASE_SET) return bl_fail(engine, row->span, "a value that was not given");
    return without_recused(engine, context, value.as.set, out);
}
