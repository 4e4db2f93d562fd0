/*
 * What answers to questions are made of: handles, moments, clauses and keys, as text for people and
 * as JSON for programs. What is asked, and of whom, is in the files of the questions.
 */
#ifndef BL_ANSWER_H
#define BL_ANSWER_H

#include "machine.h"

/* An answer being written. */
typedef struct bl_answer {
    bl_engine *engine;
    bl_buffer *out;
    bool color; /* of text */
} bl_answer;

/* Until when something can be done. */
typedef enum bl_until_kind {
    BL_UNTIL_NEVER, /* at any time */
    BL_UNTIL_TIME,
    BL_UNTIL_DECIDED, /* while the proposal is open */
    BL_UNTIL_AFTER, /* while it is open, and so long after the decision */
    BL_UNTIL_SETTLED /* while the vote is open, which has no deadline */
} bl_until_kind;
typedef struct bl_until {
    bl_until_kind kind;
    bl_time time;
    bl_duration after;
    bool is_through; /* that very moment included */
} bl_until;

/* Until when an act that has this standing can come. */
bl_result bl_until_of(bl_engine *engine, const bl_act *act, const bl_entitlement *standing,
                      bl_until *out);
/* Until when a vote that is under way takes ballots. */
bl_until bl_until_of_stage(const bl_stage *stage);

/* ---- text ---- */
void bl_answer_dim(const bl_answer *answer, bool begins);
void bl_answer_bold(const bl_answer *answer, bool begins);
/* "@chi" */
void bl_answer_handle(const bl_answer *answer, uint32_t actor);
/* "@chi, @dee, @eli" in lines that begin so far to the right. */
void bl_answer_handles(const bl_answer *answer, const uint32_t *actors, size_t count, int indent);
/* "2024-03-04 12:00", seconds only where there are some. */
void bl_answer_time(const bl_answer *answer, bl_time time);
/* "until 2024-03-04 12:00", "while it is open"; nothing where it can be done at any time. */
void bl_answer_until(const bl_answer *answer, const bl_until *until);
/* "change on nn" */
void bl_answer_kind(const bl_answer *answer, const bl_proposal *proposal);
/* Blanks up to a column of the line that begins at byte `from`; two at the least. */
void bl_answer_pad(const bl_answer *answer, size_t from, size_t column);

/* ---- JSON: members of an object that was begun with `{` ---- */
void bl_answer_key(const bl_answer *answer, const char *key);
void bl_answer_json_text(const bl_answer *answer, const char *key, bl_text text);
void bl_answer_json_true(const bl_answer *answer, const char *key, bool is_true);
void bl_answer_json_time(const bl_answer *answer, const char *key, bl_time time);
void bl_answer_json_until(const bl_answer *answer, const bl_until *until);
void bl_answer_json_clause(const bl_answer *answer, bl_span clause);
void bl_answer_json_handles(const bl_answer *answer, const char *key, const uint32_t *actors,
                            size_t count);
/* "proposal", "kind", "on" */
void bl_answer_json_proposal(const bl_answer *answer, const bl_proposal *proposal);

/* ---- the rest ---- */
bl_text bl_answer_role(const bl_engine *engine, uint32_t role);
/* Sorts numbers; `is_before` is a strict order without equals. */
void bl_answer_sort(uint32_t *items, size_t count,
                    bool (*is_before)(const void *context, uint32_t a, uint32_t b),
                    const void *context);

#endif
