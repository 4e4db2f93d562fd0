/*
 * Types in code from a file: what each instruction takes and what it gives.
 *
 * The rules are those of the language (lang/typing.c), asked of instructions in the place of
 * expressions. Which instructions are followed in which order, and what jumps carry, is
 * verify_code.c's.
 */
#include "verify.h"

#include <string.h>

#define NO_LOCAL UINT16_MAX
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const bl_load_result tried = (call);                                                       \
        if (tried != BL_LOAD_OK) return tried;                                                     \
    } while (0)

/* ---- types ---- */

static bool has_index(bl_type type)
{
    return type.base == BL_BASE_INSTANCE || type.base == BL_BASE_PROPOSAL ||
           type.base == BL_BASE_EVENT;
}

bl_type bl_type_of_row(bl_type type)
{
    return (bl_type){.base = type.base,
                     .is_list = type.is_list,
                     .index = has_index(type) ? type.index : BL_NONE};
}

static bl_type indexed(bl_base base, uint32_t index)
{
    return (bl_type){.base = (uint8_t)base, .index = index};
}

static bl_type list_of(bl_type item)
{
    item.is_list = true;
    return item;
}

static bl_type item_of(bl_type list)
{
    list.is_list = false;
    return list;
}

static bool is_plain(bl_type type, bl_base base)
{
    return type.base == base && !type.is_list;
}

static bool is_nothing(bl_type type)
{
    return is_plain(type, BL_BASE_NOTHING);
}

static bool is_value(bl_type type)
{
    return type.base != BL_TYPE_UNKNOWN.base && type.base != BL_TYPE_PLACE.base;
}

/* A list that is always empty is of every type of lists. */
static bool is_empty_list(bl_type type)
{
    return type.is_list && type.base == BL_BASE_NOTHING;
}

bool bl_type_is_within(bl_type wanted, bl_type found)
{
    if (is_value(wanted) && is_nothing(found)) return true;
    if (wanted.is_list && is_empty_list(found)) return true;
    if (wanted.base != found.base || wanted.is_list != found.is_list) return false;
    return wanted.index == found.index || wanted.index == BL_NONE || found.index == BL_NONE;
}

bool bl_type_join(bl_type *type, bl_type other)
{
    const bl_type one = *type;
    if (bl_type_is_within(other, one) && (is_nothing(one) || is_empty_list(one))) {
        *type = other;
        return true;
    }
    if (bl_type_is_within(one, other)) {
        if (!is_nothing(other) && !is_empty_list(other) && other.index == BL_NONE)
            type->index = BL_NONE;
        return true;
    }
    if (one.base != other.base || one.is_list != other.is_list) return false;
    /* Proposals of two kinds are proposals. Instances of two scopes have nothing in common. */
    type->index = BL_NONE;
    return one.base != BL_BASE_INSTANCE;
}

/* What can be made a set: a set, an actor, a list of actors. */
static bool is_actors(bl_type type)
{
    return is_plain(type, BL_BASE_SET) || type.base == BL_BASE_ACTOR || is_nothing(type) ||
           is_empty_list(type);
}

/* ---- words ---- */

/* "a list of " and "text", "an " and "actor". */
typedef struct words {
    const char *before;
    bl_text noun;
} words;

enum { NAME_MOST = 40 }; /* bytes of a name in a message, which has room for two */

/* A name from a file may be anything; a message is one line. */
static bool can_be_said(bl_text name)
{
    for (size_t i = 0; i < name.size; i++)
        if ((unsigned char)name.bytes[i] < ' ') return false;
    return name.size > 0 && name.size <= NAME_MOST;
}

static bl_text noun_of(const bl_program *program, bl_type type)
{
    static const char *const nouns[] = {
        [BL_BASE_NOTHING] = "nothing",   [BL_BASE_NUMBER] = "number",
        [BL_BASE_BOOLEAN] = "boolean",   [BL_BASE_TEXT] = "text",
        [BL_BASE_DURATION] = "duration", [BL_BASE_TIME] = "time",
        [BL_BASE_ACTOR] = "actor",       [BL_BASE_INSTANCE] = "instance of a scope",
        [BL_BASE_ROLE] = "role",         [BL_BASE_PROCEDURE] = "procedure",
        [BL_BASE_PROPOSAL] = "proposal", [BL_BASE_EVENT] = "event",
        [BL_BASE_SET] = "set of actors", [BL_BASE_LIST] = "list"};
    if (type.base == BL_TYPE_UNKNOWN.base) return BL_TEXT("nothing known");
    if (type.base == BL_TYPE_PLACE.base) return BL_TEXT("place in a list");
    uint32_t name = BL_NONE;
    if (type.index != BL_NONE && type.base == BL_BASE_INSTANCE)
        name = program->scopes[type.index].name;
    if (type.index != BL_NONE && type.base == BL_BASE_PROPOSAL)
        name = program->kinds[type.index].name;
    if (type.index != BL_NONE && type.base == BL_BASE_EVENT)
        name = program->events[type.index].name;
    if (name != BL_NONE && can_be_said(bl_names_text(program->names, name)))
        return bl_names_text(program->names, name);
    return bl_text_of(nouns[type.base]);
}

static words words_of(const bl_program *program, bl_type type)
{
    const bl_text noun = noun_of(program, type);
    const char *article = noun.size > 0 && strchr("aeiou", noun.bytes[0]) ? "an " : "a ";
    if (is_nothing(type) || type.base == BL_TYPE_UNKNOWN.base) article = "";
    return (words){type.is_list ? "a list of " : article, noun};
}

#define SAID(w) (w).before, (int)(w).noun.size, (w).noun.bytes
#define REFUSE(w, format, ...)                                                                     \
    return bl_load_refuse((w)->error, "chunk %u, instruction %u, %s: " format, (w)->number,        \
                          (w)->at, bl_opcode_name((bl_opcode)(w)->in.op), __VA_ARGS__)

bl_load_result bl_walk_refuse(const bl_walk *w, const char *why)
{
    REFUSE(w, "%s", why);
}

bl_load_result bl_walk_refuse_pair(const bl_walk *w, bl_type a, bl_type b)
{
    const words first = words_of(w->program, a), second = words_of(w->program, b);
    REFUSE(w, "%s%.*s and %s%.*s do not go together", SAID(first), SAID(second));
}

static bl_load_result refuse_other(const bl_walk *w, const char *wanted, bl_type found)
{
    const words there = words_of(w->program, found);
    REFUSE(w, "it takes %s, and %s%.*s is there", wanted, SAID(there));
}

bl_load_result bl_walk_refuse_local(const bl_walk *w, uint32_t local, bl_type wanted)
{
    const words asked = words_of(w->program, wanted);
    const words there = words_of(w->program, w->locals[local]);
    REFUSE(w, "local %u has to be %s%.*s, and %s%.*s is there", local, SAID(asked), SAID(there));
}

/* ---- the stack ---- */

static bl_load_result pop(bl_walk *w, bl_type *out)
{
    *out = bl_type_plain(BL_BASE_NOTHING);
    if (w->depth == 0) return bl_walk_refuse(w, "it takes a value and none is there");
    *out = w->stack[--w->depth];
    return BL_LOAD_OK;
}

static bl_load_result take(bl_walk *w, bl_type wanted)
{
    bl_type found;
    TRY(pop(w, &found));
    if (bl_type_is_within(wanted, found)) return BL_LOAD_OK;
    const words asked = words_of(w->program, wanted), there = words_of(w->program, found);
    REFUSE(w, "it takes %s%.*s, and %s%.*s is there", SAID(asked), SAID(there));
}

static bl_load_result take_plain(bl_walk *w, bl_base base)
{
    return take(w, bl_type_plain(base));
}

bl_load_result bl_walk_give(bl_walk *w)
{
    if (w->depth >= w->chunk->stack_size)
        return bl_walk_refuse(w, "its chunk's stack is too small");
    w->stack[w->depth++] = w->result;
    if (w->depth > w->deepest) w->deepest = w->depth;
    return BL_LOAD_OK;
}

static bl_load_result give(bl_walk *w, bl_type type)
{
    w->result = type;
    return BL_LOAD_OK;
}

/* ---- instructions that always take and give the same ---- */

enum { TAKES_MOST = 3 };
typedef struct signature {
    bool is_there;
    bl_base takes[TAKES_MOST]; /* the deepest first; BL_BASE_NOTHING: no more */
    bl_base gives;
} signature;

#define SAME(gives, ...)                                                                           \
    {                                                                                              \
        true, {__VA_ARGS__}, BL_BASE_##gives                                                       \
    }
static const signature signatures[BL_OPCODE_COUNT] = {
    [OP_NOTHING] = SAME(NOTHING, 0),
    [OP_NOW] = SAME(TIME, 0),
    [OP_ACTOR_NAMED] = SAME(ACTOR, 0),
    [OP_PROPOSAL_NAMED] = SAME(PROPOSAL, 0),
    [OP_STATE] = SAME(BOOLEAN, BL_BASE_PROPOSAL),
    [OP_DIVIDE] = SAME(NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER),
    [OP_NEGATE] = SAME(NUMBER, BL_BASE_NUMBER),
    [OP_FLOOR] = SAME(NUMBER, BL_BASE_NUMBER),
    [OP_CEILING] = SAME(NUMBER, BL_BASE_NUMBER),
    [OP_MINIMUM] = SAME(NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER),
    [OP_MAXIMUM] = SAME(NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER),
    [OP_COMPARE_ROOT] = SAME(BOOLEAN, BL_BASE_NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER),
    [OP_CEILING_ROOT] = SAME(NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER),
    [OP_NOT] = SAME(BOOLEAN, BL_BASE_BOOLEAN),
    [OP_CONTAINS] = SAME(BOOLEAN, BL_BASE_TEXT, BL_BASE_TEXT),
    [OP_JUMP] = SAME(NOTHING, 0),
    [OP_JUMP_IF_FALSE] = SAME(NOTHING, BL_BASE_BOOLEAN),
    [OP_AND] = SAME(BOOLEAN, BL_BASE_BOOLEAN),
    [OP_OR] = SAME(BOOLEAN, BL_BASE_BOOLEAN),
    [OP_END] = SAME(NOTHING, 0),
    [OP_SET_ROLE_ANY] = SAME(SET, 0),
    [OP_SET_CONFLICTED] = SAME(SET, 0),
    [OP_SET_BALLOT] = SAME(SET, 0),
    [OP_SET_UNION] = SAME(SET, BL_BASE_SET, BL_BASE_SET),
    [OP_SET_AMONG] = SAME(SET, BL_BASE_SET, BL_BASE_SET),
    [OP_SET_EXCEPT] = SAME(SET, BL_BASE_SET, BL_BASE_SET),
    [OP_SET_TOTAL] = SAME(NUMBER, BL_BASE_SET),
    [OP_AGGREGATE] = SAME(NUMBER, 0),
    [OP_CAN] = SAME(BOOLEAN, BL_BASE_ACTOR, BL_BASE_PROPOSAL),
    [OP_REMOVE] = SAME(NOTHING, BL_BASE_INSTANCE),
    [OP_DISCARD] = SAME(NOTHING, BL_BASE_PROPOSAL),
};

static bl_load_result take_signature(bl_walk *w, const signature *same)
{
    for (int i = TAKES_MOST; i > 0; i--)
        if (same->takes[i - 1] != BL_BASE_NOTHING) TRY(take_plain(w, same->takes[i - 1]));
    return give(w, bl_type_plain(same->gives));
}

/* ---- two values that must suit each other ---- */

static const struct {
    bl_opcode op;
    bl_base left, right, gives;
} pairs[] = {
    {OP_ADD, BL_BASE_NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER},
    {OP_ADD, BL_BASE_DURATION, BL_BASE_DURATION, BL_BASE_DURATION},
    {OP_ADD, BL_BASE_TIME, BL_BASE_DURATION, BL_BASE_TIME},
    {OP_ADD, BL_BASE_DURATION, BL_BASE_TIME, BL_BASE_TIME},
    {OP_ADD, BL_BASE_TEXT, BL_BASE_TEXT, BL_BASE_TEXT},
    {OP_SUBTRACT, BL_BASE_NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER},
    {OP_SUBTRACT, BL_BASE_DURATION, BL_BASE_DURATION, BL_BASE_DURATION},
    {OP_SUBTRACT, BL_BASE_TIME, BL_BASE_DURATION, BL_BASE_TIME},
    {OP_SUBTRACT, BL_BASE_TIME, BL_BASE_TIME, BL_BASE_DURATION},
    {OP_MULTIPLY, BL_BASE_NUMBER, BL_BASE_NUMBER, BL_BASE_NUMBER},
    {OP_MULTIPLY, BL_BASE_DURATION, BL_BASE_NUMBER, BL_BASE_DURATION},
    {OP_MULTIPLY, BL_BASE_NUMBER, BL_BASE_DURATION, BL_BASE_DURATION},
};

/* Where a side is always nothing, no value ever comes of it. */
static bl_load_result take_sum(bl_walk *w)
{
    bl_type left, right;
    TRY(pop(w, &right));
    TRY(pop(w, &left));
    const bool is_void = is_nothing(left) || is_nothing(right);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].op == (bl_opcode)w->in.op &&
            bl_type_is_within(bl_type_plain(pairs[i].left), left) &&
            bl_type_is_within(bl_type_plain(pairs[i].right), right))
            return give(w, bl_type_plain(is_void ? BL_BASE_NOTHING : pairs[i].gives));
    return bl_walk_refuse_pair(w, left, right);
}

static bool is_ordered(bl_type type)
{
    return is_plain(type, BL_BASE_NUMBER) || is_plain(type, BL_BASE_TIME) ||
           is_plain(type, BL_BASE_DURATION) || is_nothing(type);
}

static bl_load_result take_alike(bl_walk *w, bool has_order)
{
    bl_type left, right;
    TRY(pop(w, &right));
    TRY(pop(w, &left));
    if (has_order && !is_ordered(left))
        return refuse_other(w, "a number, a time or a duration", left);
    if (!bl_type_is_within(left, right) && !bl_type_is_within(right, left))
        return bl_walk_refuse_pair(w, left, right);
    return give(w, bl_type_plain(BL_BASE_BOOLEAN));
}

/* ---- lists, texts, sets ---- */

static bl_load_result take_list(bl_walk *w)
{
    bl_type item = bl_type_plain(BL_BASE_NOTHING), found;
    for (uint32_t i = 0; i < w->in.a; i++) {
        TRY(pop(w, &found));
        if (found.is_list || found.base == BL_BASE_SET)
            return refuse_other(w, "single values", found);
        if (!bl_type_join(&item, found)) return bl_walk_refuse_pair(w, item, found);
    }
    return give(w, list_of(item));
}

static bool is_many(bl_type type)
{
    return type.is_list || type.base == BL_BASE_SET || is_nothing(type);
}

static bl_load_result take_many(bl_walk *w, bl_type *out)
{
    TRY(pop(w, out));
    return is_many(*out) ? BL_LOAD_OK : refuse_other(w, "a list or a set of actors", *out);
}

/* What is in a list or a set. */
static bl_type member_of(bl_type many)
{
    return is_plain(many, BL_BASE_SET) ? bl_type_plain(BL_BASE_ACTOR) : item_of(many);
}

static bl_load_result take_in(bl_walk *w)
{
    bl_type many, value;
    TRY(take_many(w, &many));
    TRY(pop(w, &value));
    const bl_type member = member_of(many);
    if (!bl_type_is_within(member, value) && !bl_type_is_within(value, member))
        return bl_walk_refuse_pair(w, value, many);
    return give(w, bl_type_plain(BL_BASE_BOOLEAN));
}

static bl_load_result take_size(bl_walk *w)
{
    bl_type found;
    TRY(pop(w, &found));
    if (!is_many(found) && found.base != BL_BASE_TEXT)
        return refuse_other(w, "a list, a set of actors or a text", found);
    return give(w, bl_type_plain(BL_BASE_NUMBER));
}

static bl_load_result take_globs(bl_walk *w)
{
    bl_type found;
    TRY(pop(w, &found));
    const bl_type text = bl_type_plain(BL_BASE_TEXT);
    if (!bl_type_is_within(text, found) && !bl_type_is_within(list_of(text), found))
        return refuse_other(w, "a text or a list of text", found);
    TRY(take(w, text));
    return give(w, bl_type_plain(BL_BASE_BOOLEAN));
}

static bl_load_result take_actors(bl_walk *w, bl_base gives)
{
    bl_type found;
    TRY(pop(w, &found));
    if (!is_actors(found))
        return refuse_other(w, "an actor, a list of actors or a set of actors", found);
    return give(w, bl_type_plain(gives));
}

/* ---- rows of the program ---- */

static bl_type field_type(const bl_walk *w, uint32_t field)
{
    return bl_type_of_row(w->program->fields[field].type);
}

/* The values of fields, the last on top. */
static bl_load_result take_fields(bl_walk *w, bl_range fields)
{
    for (uint32_t i = fields.count; i > 0; i--)
        TRY(take(w, field_type(w, fields.first + i - 1)));
    return BL_LOAD_OK;
}

static bl_load_result take_instance(bl_walk *w, uint32_t scope)
{
    return scope == BL_NONE ? BL_LOAD_OK : take(w, indexed(BL_BASE_INSTANCE, scope));
}

/* A field of what is of another kind is never there. */
static bl_load_result take_owner_of_field(bl_walk *w, bl_base base)
{
    bl_type owner;
    TRY(pop(w, &owner));
    if (!bl_type_is_within(bl_type_plain(base), owner))
        return refuse_other(w, base == BL_BASE_EVENT ? "an event" : "a proposal", owner);
    if (!is_nothing(owner) && owner.index != BL_NONE) {
        const bl_range fields = base == BL_BASE_EVENT ? w->program->events[owner.index].fields
                                                      : w->program->kinds[owner.index].fields;
        if (w->in.b < fields.first || w->in.b - fields.first >= fields.count)
            return refuse_other(w, "what has that field", owner);
    }
    return give(w, field_type(w, w->in.b));
}

/* An actor, or an instance of the attribute's scope. */
static bl_load_result take_owner_of_attribute(bl_walk *w)
{
    const bl_attribute *attribute = &w->program->attributes[w->in.b];
    TRY(attribute->scope == BL_NONE ? take_plain(w, BL_BASE_ACTOR)
                                    : take_instance(w, attribute->scope));
    return give(w, bl_type_of_row(attribute->type));
}

static bl_load_result take_attribute_value(bl_walk *w)
{
    TRY(take(w, bl_type_of_row(w->program->attributes[w->in.b].type)));
    return take_owner_of_attribute(w);
}

static bl_load_result take_attributes(bl_walk *w, uint32_t scope)
{
    const bl_range attributes = w->program->scopes[scope].attributes;
    for (uint32_t i = attributes.count; i > 0; i--)
        TRY(take(w, bl_type_of_row(w->program->attributes[attributes.first + i - 1].type)));
    TRY(take_plain(w, BL_BASE_TEXT));
    return give(w, indexed(BL_BASE_INSTANCE, scope));
}

static bl_load_result take_owner_of_property(bl_walk *w)
{
    static const struct {
        bl_base owner, gives;
    } properties[] = {
        [BL_PROPERTY_PROPOSAL_ID] = {BL_BASE_PROPOSAL, BL_BASE_TEXT},
        [BL_PROPERTY_PROPOSAL_KIND] = {BL_BASE_PROPOSAL, BL_BASE_TEXT},
        [BL_PROPERTY_PROPOSAL_AUTHOR] = {BL_BASE_PROPOSAL, BL_BASE_ACTOR},
        [BL_PROPERTY_PROPOSAL_ON] = {BL_BASE_PROPOSAL, BL_BASE_INSTANCE},
        [BL_PROPERTY_PROPOSAL_OPENED] = {BL_BASE_PROPOSAL, BL_BASE_TIME},
        [BL_PROPERTY_PROPOSAL_DECIDED] = {BL_BASE_PROPOSAL, BL_BASE_TIME},
        [BL_PROPERTY_PROPOSAL_RUNG] = {BL_BASE_PROPOSAL, BL_BASE_NUMBER},
        [BL_PROPERTY_ACTOR_HANDLE] = {BL_BASE_ACTOR, BL_BASE_TEXT},
        [BL_PROPERTY_ACTOR_KIND] = {BL_BASE_ACTOR, BL_BASE_TEXT},
        [BL_PROPERTY_INSTANCE_ID] = {BL_BASE_INSTANCE, BL_BASE_TEXT},
        [BL_PROPERTY_EVENT_ACTOR] = {BL_BASE_EVENT, BL_BASE_ACTOR},
        [BL_PROPERTY_EVENT_TIME] = {BL_BASE_EVENT, BL_BASE_TIME},
    };
    const uint32_t property = w->in.b;
    const uint32_t at = w->depth;
    TRY(take_plain(w, properties[property].owner));
    bl_type gives = bl_type_plain(properties[property].gives);
    const bl_type owner = w->stack[at - 1];
    if (property == BL_PROPERTY_PROPOSAL_ON && !is_nothing(owner) && owner.index != BL_NONE)
        gives.index = w->program->kinds[owner.index].scope;
    return give(w, gives);
}

/* ---- roles ---- */

/* `scope`: whether the role has one, as the instruction takes for granted. */
static bl_load_result check_role(const bl_walk *w, bool has_scope)
{
    const bool is_scoped = w->program->roles[w->in.b].scope != BL_NONE;
    if (is_scoped == has_scope) return BL_LOAD_OK;
    return bl_walk_refuse(w, has_scope ? "its role has no scope" : "its role has a scope");
}

static bl_load_result take_role(bl_walk *w, bool has_scope, bl_base gives)
{
    TRY(check_role(w, has_scope));
    TRY(take_instance(w, w->program->roles[w->in.b].scope));
    return give(w, bl_type_plain(gives));
}

static bl_load_result take_role_change(bl_walk *w)
{
    TRY(take_actors(w, BL_BASE_NOTHING));
    return take_instance(w, w->program->roles[w->in.b].scope);
}

/* ---- locals ---- */

static bl_load_result take_local(bl_walk *w)
{
    const bl_type found = w->locals[w->in.a];
    if (!is_value(found)) return refuse_other(w, "a value from a local", found);
    return give(w, found);
}

static bl_load_result check_actor(const bl_walk *w)
{
    const bl_type actor = bl_type_plain(BL_BASE_ACTOR);
    if (bl_type_is_within(actor, w->locals[w->in.a])) return BL_LOAD_OK;
    return bl_walk_refuse_local(w, w->in.a, actor);
}

/* A loop goes on with what LOOP put there. */
static bl_load_result check_loop(const bl_walk *w)
{
    const uint32_t local = w->in.a;
    if (w->locals[local + 1].base != BL_TYPE_PLACE.base)
        return bl_walk_refuse_local(w, local + 1, BL_TYPE_PLACE);
    if (!is_value(w->locals[local]) || !is_many(w->locals[local]))
        return bl_walk_refuse_local(w, local, list_of(w->locals[local]));
    return BL_LOAD_OK;
}

/* Locals are given out like a stack: those behind a loop's own are free when it begins. */
static void begin_loop(bl_walk *w)
{
    const uint32_t local = w->in.a;
    w->locals[local] = w->result;
    w->locals[local + 1] = BL_TYPE_PLACE;
    w->locals[local + 2] = member_of(w->result);
    for (uint32_t i = local + 3; i < w->chunk->local_count; i++)
        w->locals[i] = BL_TYPE_UNKNOWN;
}

void bl_walk_set_locals(bl_walk *w)
{
    const bl_opcode op = (bl_opcode)w->in.op;
    if (op == OP_LOOP) begin_loop(w);
    if (op == OP_NEXT) w->locals[w->in.a + 2] = member_of(w->locals[w->in.a]);
    if (op == OP_STORE || (op == OP_CREATE && w->in.a != NO_LOCAL)) w->locals[w->in.a] = w->result;
}

/* ---- all of them ---- */

static bl_load_result take_context(bl_walk *w)
{
    const bl_code_context *context = &w->use->context;
    if (w->in.op == OP_PROPOSAL) return give(w, indexed(BL_BASE_PROPOSAL, context->kind));
    if (w->in.op == OP_EVENT) return give(w, indexed(BL_BASE_EVENT, context->event));
    if (context->scope == BL_NONE) return bl_walk_refuse(w, "no instance is meant here");
    return give(w, indexed(BL_BASE_INSTANCE, context->scope));
}

static bl_load_result take_any(bl_walk *w)
{
    return pop(w, &w->result);
}

static bl_load_result take_call(bl_walk *w)
{
    const bl_function *function = &w->program->functions[w->in.b];
    TRY(take_fields(w, function->parameters));
    return give(w, bl_type_of_row(function->type));
}

static bl_load_result take_opening(bl_walk *w)
{
    const bl_kind *kind = &w->program->kinds[w->in.b];
    TRY(take_fields(w, kind->fields));
    return take_instance(w, kind->scope);
}

static bl_load_result take_by_operands(bl_walk *w)
{
    const bl_program *program = w->program;
    const bl_instruction in = w->in;
    switch (in.op) {
    case OP_CONSTANT: return give(w, bl_type_plain((bl_base)program->constants[in.b].base));
    case OP_LOCAL: return take_local(w);
    case OP_STORE:
    case OP_POP: return take_any(w);
    case OP_PROPOSAL:
    case OP_INSTANCE:
    case OP_EVENT: return take_context(w);
    case OP_INSTANCE_NAMED: return give(w, indexed(BL_BASE_INSTANCE, in.a));
    case OP_INSTANCES: return give(w, list_of(indexed(BL_BASE_INSTANCE, in.b)));
    case OP_FIELD: return take_owner_of_field(w, BL_BASE_PROPOSAL);
    case OP_EVENT_FIELD: return take_owner_of_field(w, BL_BASE_EVENT);
    case OP_PROPERTY: return take_owner_of_property(w);
    case OP_ATTRIBUTE: return take_owner_of_attribute(w);
    case OP_IS_GIVEN: TRY(take_any(w)); return give(w, bl_type_plain(BL_BASE_BOOLEAN));
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY: return take_sum(w);
    case OP_EQUAL:
    case OP_UNEQUAL: return take_alike(w, false);
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL: return take_alike(w, true);
    case OP_MATCHES:
    case OP_BEGINS_WITH: return take_globs(w);
    case OP_LIST: return take_list(w);
    case OP_SIZE: return take_size(w);
    case OP_IN: return take_in(w);
    case OP_LOOP: return take_many(w, &w->result);
    case OP_NEXT: return check_loop(w);
    case OP_CALL: return take_call(w);
    case OP_RETURN: return take(w, w->use->result);
    case OP_SET_ROLE: return take_role(w, false, BL_BASE_SET);
    case OP_SET_ROLE_OF:
    case OP_SET_ROLE_OTHER: return take_role(w, true, BL_BASE_SET);
    case OP_SET_ACTOR: return take_actors(w, BL_BASE_SET);
    case OP_HOLDS: TRY(check_actor(w)); return take_role(w, false, BL_BASE_BOOLEAN);
    case OP_HOLDS_OF:
    case OP_HOLDS_OTHER: TRY(check_actor(w)); return take_role(w, true, BL_BASE_BOOLEAN);
    case OP_HOLDS_ANY:
    case OP_IS_CONFLICTED:
    case OP_BALLOT_IN: TRY(check_actor(w)); return give(w, bl_type_plain(BL_BASE_BOOLEAN));
    case OP_SAME_ACTOR: TRY(check_actor(w)); return take_actors(w, BL_BASE_BOOLEAN);
    case OP_GRANT:
    case OP_REVOKE: return take_role_change(w);
    case OP_SET_ATTRIBUTE: return take_attribute_value(w);
    case OP_CREATE: return take_attributes(w, in.b);
    case OP_OPEN: return take_opening(w);
    case OP_EMIT: return take_fields(w, program->events[in.b].fields);
    default: break;
    }
    return bl_walk_refuse(w, "its types are not known");
}

bl_load_result bl_walk_take(bl_walk *w)
{
    const signature *same = &signatures[w->in.op];
    return same->is_there ? take_signature(w, same) : take_by_operands(w);
}

void bl_walk_begin(bl_walk *w, const bl_program *program, bl_load_error *error, uint32_t chunk,
                   const bl_use *use)
{
    w->program = program;
    w->error = error;
    w->chunk = &program->chunks[chunk];
    w->number = chunk;
    w->use = use;
    w->depth = w->deepest = 0;
    for (uint32_t i = 0; i < w->chunk->local_count; i++)
        w->locals[i] = i < use->parameters.count ? field_type(w, use->parameters.first + i)
                                                 : BL_TYPE_UNKNOWN;
    if (w->chunk->local_count > 0 && use->given.base != BL_BASE_NOTHING) w->locals[0] = use->given;
}
