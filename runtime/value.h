/*
 * Values: what an expression of a policy comes to, and the types they have.
 *
 * A value is small and copied freely. Text, lists and sets point into an arena that outlives the
 * use: the program's for constants, the engine's for what the world keeps, scratch for one event.
 */
#ifndef BL_VALUE_H
#define BL_VALUE_H

#include "calendar.h"
#include "rational.h"

typedef enum bl_base {
    BL_BASE_NOTHING, /* no value: an optional field that was not given */
    BL_BASE_NUMBER,
    BL_BASE_BOOLEAN,
    BL_BASE_TEXT,
    BL_BASE_DURATION,
    BL_BASE_TIME, /* dates too: midnight UTC */
    BL_BASE_ACTOR,
    BL_BASE_INSTANCE, /* of a scope */
    BL_BASE_ROLE,
    BL_BASE_PROCEDURE,
    BL_BASE_PROPOSAL,
    BL_BASE_EVENT,
    BL_BASE_SET, /* of actors */
    BL_BASE_LIST /* as the kind of a value; in a bl_type, is_list with the element's base */
} bl_base;

typedef struct bl_type {
    uint8_t base; /* bl_base; of a list, its element's */
    bool is_list;
    bool is_optional;
    bool is_date; /* of BL_BASE_TIME: written as a date */
    uint32_t index; /* scope of an instance, kind of a proposal, event of an event; BL_NONE: any */
} bl_type;

/* Sorted by actor, without doubles. */
typedef struct bl_set {
    const uint32_t *actors;
    uint32_t count;
} bl_set;

typedef struct bl_value bl_value;
typedef struct bl_list {
    const bl_value *items;
    uint32_t count;
} bl_list;

struct bl_value {
    uint8_t base; /* bl_base; BL_BASE_LIST for lists */
    union {
        bl_rational number;
        bool boolean;
        bl_text text;
        bl_duration duration;
        bl_time time;
        uint32_t index; /* actor, instance, role, procedure, proposal */
        const struct bl_record *event;
        bl_set set;
        bl_list list;
    } as;
};

#define BL_NOTHING ((bl_value){.base = BL_BASE_NOTHING})
static inline bl_value bl_value_number(bl_rational number)
{
    return (bl_value){.base = BL_BASE_NUMBER, .as.number = number};
}
static inline bl_value bl_value_boolean(bool boolean)
{
    return (bl_value){.base = BL_BASE_BOOLEAN, .as.boolean = boolean};
}
static inline bl_value bl_value_text(bl_text text)
{
    return (bl_value){.base = BL_BASE_TEXT, .as.text = text};
}
static inline bl_value bl_value_index(bl_base base, uint32_t index)
{
    return (bl_value){.base = (uint8_t)base, .as.index = index};
}

/* Same base and same content; lists item by item, sets as sets. */
bool bl_value_equal(const bl_value *a, const bl_value *b);
/* The same number for equal values with one seed, on one machine. */
uint64_t bl_value_hash(const bl_value *value, uint64_t seed);
/* Deep copy of text, lists and sets into the arena. False when out of memory. */
bool bl_value_copy(bl_arena *arena, const bl_value *value, bl_value *out);

/* Sets, all in the given arena; false when out of memory. */
bool bl_set_union(bl_arena *arena, bl_set a, bl_set b, bl_set *out);
bool bl_set_among(bl_arena *arena, bl_set a, bl_set b, bl_set *out);
bool bl_set_except(bl_arena *arena, bl_set a, bl_set b, bl_set *out);
bool bl_set_has(bl_set set, uint32_t actor);
/* Sorts and drops doubles in place of a fresh copy. */
bool bl_set_of(bl_arena *arena, const uint32_t *actors, uint32_t count, bl_set *out);

#endif
