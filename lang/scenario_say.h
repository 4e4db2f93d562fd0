/*
 * From an event line back to the statement that says it.
 *
 * The idea to have: a statement is good when the line it stands for says the same as the event.
 * Whoever writes one compiles it and compares (bl_tale_covers); so nothing is lost unseen.
 */
#ifndef BL_SCENARIO_SAY_H
#define BL_SCENARIO_SAY_H

#include "../runtime/json.h"
#include "statement.h"

/* What is known of the ids in the events: which can stand as plain names. */
typedef struct bl_ids {
    bl_names *instances; /* of all that is created */
    bl_names *proposals; /* of all that is proposed */
    bl_names *said; /* those that a statement has brought in so far */
} bl_ids;

typedef struct bl_tale {
    const bl_compiler *compiler;
    const bl_engine *engine;
    bl_ids ids;
} bl_tale;

/* An event, with what all need of it. */
typedef struct bl_told {
    const bl_json *json;
    bl_text type;
    bool is_given; /* a founding fact */
    bool *is_said; /* by member of the event: some statement says it */
} bl_told;

/*
 * The statement. `who` is empty where it is whole in `one`; else it begins with "given " where
 * is_given, then who, then `one`, or `many` where several share it (empty: they cannot).
 */
typedef struct bl_wording {
    bool is_given;
    bl_buffer who;
    bl_buffer one;
    bl_buffer many;
} bl_wording;

void bl_wording_init(bl_wording *wording, const bl_memory *memory);
void bl_wording_free(bl_wording *wording);

bl_verb bl_tale_verb(bl_text type);
/*
 * Words for the event; of a `set` of several attributes, for the one that is the n-th member.
 * False: there are none.
 */
bool bl_tale_word(const bl_tale *tale, const bl_told *told, uint32_t n, bl_wording *out);
/* Whether the line says what the event says and nothing else; marks the members it says. */
bool bl_tale_covers(const bl_tale *tale, bl_told *told, const bl_json *line);
/* Whether leaving this member out changes nothing. */
bool bl_tale_may_omit(const bl_tale *tale, const bl_told *told, const bl_json_member *member);
/* An id where one is expected, as a name or a text. */
void bl_tale_put_id(const bl_tale *tale, bl_text id, bl_buffer *out);
/* The same of an instance: one that an effect created is written as a text, for its id may be that
 * of a proposal too. */
void bl_tale_put_instance(const bl_tale *tale, bl_text id, bl_buffer *out);
void bl_tale_put_handle(bl_text handle, bl_buffer *out);
void bl_tale_put_text(bl_text text, bl_buffer *out);

#endif
