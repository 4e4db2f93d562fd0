/*
 * Inside of typing and emitting: what names turned out to be, and how code is put together.
 *
 * typing.c writes what a node means into `ref` (a bl_meaning) and `ref2` (its index), and hangs
 * what a name stands for (the expression of a body) behind it as its kid BL_EXPANSION. A tree may
 * be typed many times, each time for another place; it is emitted before it is typed again.
 *
 * Local slots are given out by typing, so that all chunks made from one tree agree on them.
 */
#ifndef BL_EMIT_H
#define BL_EMIT_H

#include "compile.h"

typedef enum bl_meaning {
    BL_MEANING_PLAIN, /* what the node's kind says */
    BL_MEANING_LOCAL, /* ref2: slot */
    BL_MEANING_NAMED, /* an id or handle, looked up when it runs; the type says of what */
    BL_MEANING_FIELD, /* of a proposal: a row of fields; without a base: the context's */
    BL_MEANING_PROPOSAL,
    BL_MEANING_AUTHOR,
    BL_MEANING_NOW,
    BL_MEANING_EVENT,
    BL_MEANING_INSTANCE,
    BL_MEANING_INSTANCES, /* a scope as the list of its instances */
    BL_MEANING_BALLOT, /* ref2: mask */
    BL_MEANING_CONFLICTED,
    BL_MEANING_ANYONE,
    BL_MEANING_ROLE, /* ref2: role; a set of actors, as are the next three */
    BL_MEANING_ROLE_OF,
    BL_MEANING_ROLE_ANY,
    BL_MEANING_ROLE_OTHER, /* than the instance in BL_EXPANSION, or the context's */
    BL_MEANING_ROLE_VALUE,
    BL_MEANING_PROCEDURE,
    BL_MEANING_FUNCTION,
    BL_MEANING_BUILTIN, /* ref2: bl_builtin */
    BL_MEANING_EXPANDED, /* the same as the kid BL_EXPANSION */
    BL_MEANING_PRODUCT, /* `portion of body`: the kid BL_EXPANSION times E */
    BL_MEANING_PROPERTY,
    BL_MEANING_ATTRIBUTE,
    BL_MEANING_EVENT_FIELD,
    BL_MEANING_STATE, /* of `is`: ref2 is the state */
    BL_MEANING_GIVEN,
    BL_MEANING_ACTOR_KIND,
    BL_MEANING_MEMBER, /* of `is`: ref2 is the slot that holds the actor meanwhile */
    BL_MEANING_SAME
} bl_meaning;

typedef enum bl_builtin {
    BL_BUILTIN_SIZE,
    BL_BUILTIN_MIN,
    BL_BUILTIN_MAX,
    BL_BUILTIN_FLOOR,
    BL_BUILTIN_CEILING,
    BL_BUILTIN_SQRT
} bl_builtin;

/* The kid of NAME and OF that typing adds. */
enum { BL_EXPANSION = 1 };
/* Slots of a QUANTIFIER from its ref2 on: list, position, item, for `count every` the number found,
 * and for highest: best, its key, the key looked at. */
enum { BL_LOOP_SLOTS = 3, BL_QUANTIFIER_SLOTS = 6 };

/* ---- typing.c ---- */
static inline bl_type bl_type_of_base(bl_base base)
{
    return (bl_type){.base = (uint8_t)base, .index = BL_NONE};
}
static inline bool bl_type_is(bl_type type, bl_base base)
{
    return type.base == base && !type.is_list;
}
/* Numbers, and sets, which stand for their size. */
static inline bool bl_type_is_numeric(bl_type type)
{
    return bl_type_is(type, BL_BASE_NUMBER) || bl_type_is(type, BL_BASE_SET);
}
/* What can be made a set: a set, an actor, a list of actors. */
static inline bool bl_type_is_actors(bl_type type)
{
    return bl_type_is(type, BL_BASE_SET) || type.base == BL_BASE_ACTOR;
}
static inline bool bl_operator_is_comparison(bl_operator op)
{
    return op >= BL_OPERATOR_EQUAL && op <= BL_OPERATOR_GREATER_EQUAL;
}
/* Types what a loop goes through (a list, a set, a scope's name) and tells what one item is. */
bool bl_type_range(bl_compiler *compiler, const bl_env *env, bl_node *in, bl_type *item);
/* The node that a name or an `of` in the end stands for. */
const bl_node *bl_node_meant(const bl_node *node);
/* Whether the set is everybody. */
bool bl_node_is_anyone(const bl_node *node);
/* Reports that something is nested too deeply. */
void bl_report_depth(bl_compiler *compiler, bl_span span);
/* As text for a message, in the compile arena: a span of the policy, a type with its article, a
 * name of the program. */
bl_text bl_words_of(bl_compiler *compiler, bl_span span);
bl_text bl_words_of_type(bl_compiler *compiler, bl_type type);
bl_text bl_words_of_name(const bl_compiler *compiler, uint32_t name);
/* Whether a value of type `got` can stand where `want` is wanted. */
bool bl_type_fits(bl_type want, bl_type got);
/* The name nearest to a misspelt one, near enough to be meant, among those offered; the first of
 * equals. */
typedef struct bl_nearest {
    bl_text wanted;
    bl_text best; /* empty: none is near */
    size_t distance;
} bl_nearest;
/* Says what to do about a value that is not of the type that is wanted. */
void bl_typing_advise(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node, bl_type want);
/* Whether it was told of another use that what is declared there is not of the type that is wanted;
 * the span is added to that message. */
bool bl_typing_told_again(bl_compiler *compiler, bl_span declared, bl_type want, bl_span span);
bl_nearest bl_nearest_to(bl_text wanted);
void bl_nearest_offer(bl_nearest *nearest, bl_text name);
void bl_nearest_offer_fields(const bl_compiler *compiler, bl_range fields, bl_nearest *nearest);
/* Of a scope, or of actors (BL_NONE). */
void bl_nearest_offer_attributes(const bl_compiler *compiler, uint32_t scope, bl_nearest *nearest);
/* Adds "did you mean" where one is near. */
void bl_nearest_help(bl_compiler *compiler, bl_diagnostic *diagnostic, const bl_nearest *nearest);
/* What a clause wants of an attribute of people: its type, what for, and how it could be declared.
 */
typedef struct bl_attribute_words {
    const char *type; /* "a number" */
    const char *purpose; /* "to weigh ballots by" */
    const char *declaration; /* "number = 0" */
} bl_attribute_words;
/* Reports that the attribute a node names is not there, or, where it is `known`, of another type.
 */
void bl_report_attribute(bl_compiler *compiler, bl_code code, const bl_node *node,
                         const bl_attribute *known, const bl_attribute_words *words);
/* Arguments of printf for a slice. */
#define BL_SLICE(text) (int)(text).size, (text).bytes

/* ---- emit.c ---- */
/* A chunk while it is made. */
typedef struct bl_emitter {
    bl_compiler *compiler;
    const bl_env *env;
    bl_instruction *instructions; /* in the compile arena */
    bl_span *spans;
    uint32_t count;
    uint32_t capacity;
    uint32_t local_count;
    uint32_t stack_size; /* at this point */
    uint32_t stack_most;
    unsigned depth;
    bool has_aggregates; /* a condition of a stage: sizes of sets are its running sums */
    uint32_t first_aggregate; /* from here on equal ones are shared */
    bool has_failed;
    bl_span span;
} bl_emitter;

void bl_code_init(bl_emitter *code, bl_compiler *compiler, const bl_env *env, bl_span span);
/* Appends one instruction and returns where it stands. */
uint32_t bl_code_add(bl_emitter *code, bl_opcode op, uint32_t a, uint32_t b, bl_span span);
/* The same for an opcode that pops as many as its operands say. */
uint32_t bl_code_add_popping(bl_emitter *code, bl_opcode op, uint32_t a, uint32_t b, uint32_t pops,
                             bl_span span);
/* The jump at `jump` goes to the next instruction. */
void bl_code_land(bl_emitter *code, uint32_t jump);
void bl_code_constant(bl_emitter *code, bl_value value, bl_span span);
/* Makes it a chunk of the program. */
bool bl_code_finish(bl_emitter *code, uint32_t *chunk);
/* Pushes the value of a typed expression, made to fit `base` (sets of actors, numbers of sets). */
void bl_code_value(bl_emitter *code, const bl_node *node, bl_base base);
/* The same as bl_code_value for a type: lists stay lists. */
void bl_code_fit(bl_emitter *code, const bl_node *node, bl_type want);
/* Pushes a set that is no operation on sets and no role: of a function, a field, a conditional. */
void bl_code_plain(bl_emitter *code, const bl_node *node);
/* A number that needs no running. */
bool bl_number_fold(const bl_node *node, unsigned depth, bl_rational *out);
/* Whether going one deeper is allowed; reports. Leave with code->depth--. */
bool bl_code_enter(bl_emitter *code, const bl_node *node);
/* The chunk that reads a numeric attribute of local 0. */
bool bl_emit_weight(bl_compiler *compiler, uint32_t attribute, bl_span span, uint32_t *chunk);

/* ---- emit_set.c ---- */
/* Pushes a set; pushes whether `local` is a member. */
void bl_code_set(bl_emitter *code, const bl_node *node);
void bl_code_member(bl_emitter *code, const bl_node *node, uint32_t local);

/* What a typed expression depends on. */
typedef struct bl_uses {
    bool has_ballots;
    bool has_conflicts;
    bool has_free_locals; /* parameters and binders from outside of it */
    bool can_change; /* roles, conflicts, the clock, attributes that change: not ballots */
} bl_uses;
/* Adds to *uses. False past the depth limit (reported). */
bool bl_uses_add(bl_compiler *compiler, const bl_node *node, bl_uses *uses);
/* The roles on which the expression depends that was added last, and those that include them, as a
 * range of indexes. */
bool bl_uses_roles(bl_compiler *compiler, bl_span span, bl_range *out);

/* ---- emit_rise.c ---- */
/* The ballots of which more can make a typed condition true, and those of which more can make it
 * false: masks of BL_BALLOT_…. One that no ballot touches has neither. */
void bl_rise_of(bl_compiler *compiler, const bl_node *condition, uint8_t *up, uint8_t *down);

/* ---- emit_condition.c ---- */
/* How members of an aggregate count. */
typedef struct bl_weighing {
    uint32_t chunk; /* BL_NONE: made when needed */
    uint32_t attribute; /* that the chunk reads; BL_NONE with BL_NONE as chunk: heads */
} bl_weighing;
#define BL_HEADS ((bl_weighing){BL_NONE, BL_NONE})
bl_weighing bl_weighing_of_env(const bl_env *env);
/* Pushes the size or weight of a set in a condition: a running sum where it can be one. */
void bl_code_aggregate(bl_emitter *code, const bl_node *set, bl_weighing weighing, bl_span span);
/* Pushes a comparison of two numbers in which a square root stands; false where there is none. */
bool bl_code_root_comparison(bl_emitter *code, const bl_node *node);
/* Whether a square root stands in the arithmetic of an expression that was typed. */
bool bl_node_has_root(const bl_node *node);

#endif
