/*
 * How the answers to `why` share their work: one teller writes one answer.
 *
 * explain.c finds what is asked about and picks the depth; explain_life.c tells a life by its
 * rules, explain_everything.c adds what stands behind it, explain_sentence.c says it in a sentence,
 * explain_not.c says what is missing. Ballots and clauses are told in the same words everywhere.
 */
#ifndef BL_EXPLAIN_H
#define BL_EXPLAIN_H

#include "machine.h"

typedef struct bl_teller {
    bl_engine *engine;
    const bl_proposal *proposal;
    bl_buffer *out;
    bool color;
    bool is_everything; /* tell all there is */
    bool says_it; /* the proposal was named: "It" */
    bool is_undated; /* what is told of a vote stands below no date, and needs no room for it */
} bl_teller;

/* Begins a line that belongs to the vote above it, so many steps further in than the first. */
void bl_tell_indent(const bl_teller *t, unsigned depth);

/* ---- explain_clause.c ---- */
/* The clause that begins at "file:line", in its own words on one line; nothing where the policy's
 * text is not at hand. */
bylaw_text bl_clause_words(bl_engine *engine, bylaw_text place);
/* Each part of a condition of a stage with the numbers of both sides, one a line, indented. */
void bl_tell_condition(const bl_teller *t, const bl_stage *stage, const char *part,
                       uint32_t condition);
void bl_write_condition(const bl_teller *t, const bl_stage *stage, const char *part,
                        uint32_t condition);

/* ---- explain_ballot.c ---- */
/* One line each: with who cast it and by what right. Void ones are left out. */
void bl_tell_ballots(const bl_teller *t, const bl_stage *stage);
void bl_write_ballots(const bl_teller *t, const bl_stage *stage);
/* "3 of the 4 in `core_maintainer` approved it, none rejected it" */
void bl_tell_count(const bl_teller *t, const bl_stage *stage);

/* ---- explain_life.c ---- */
bl_stage *bl_stage_numbered(const bl_engine *engine, const bl_proposal *proposal, uint32_t number);
/* "rename is vetoed, final" and a line end. */
void bl_tell_head(const bl_teller *t);
void bl_tell_life(const bl_teller *t);
void bl_write_life(const bl_teller *t);

/* ---- explain_everything.c ---- */
/* The vote behind a stage: its times, its conditions, and who has not voted. */
void bl_tell_vote(const bl_teller *t, const bl_stage *stage);
void bl_write_vote(const bl_teller *t, const bl_stage *stage);
/* The votes that came to no result: those under way, and those that ended before they could. */
void bl_tell_open_votes(const bl_teller *t);
void bl_write_open_votes(const bl_teller *t);
void bl_tell_everything(const bl_teller *t);
void bl_write_everything(const bl_teller *t);

/* ---- explain_sentence.c ---- */
/* How it stands and what decided that, without a line end. */
void bl_tell_sentence(const bl_teller *t);
void bl_write_sentence(const bl_teller *t);

/* ---- explain_not.c ---- */
/* The refusals of a proposal that never came to be; false: none is kept. */
bool bl_tell_refused(const bl_teller *t, bl_text id, bylaw_format format, bylaw_depth depth);
/* Refusals to raise the proposal of the teller, or another of its id, by the events from `first` to
 * `last`. */
void bl_show_refused_between(const bl_teller *t, uint64_t first, uint64_t last, bool is_json);
/* The words that can be asked for, with what they ask of a proposal; false past the last. */
bool bl_not_word(size_t index, const char **word, bl_state_test *state);
/* Which clause kept the proposal from a state first, how it stands now, and what is missing. */
void bl_tell_not(const bl_teller *t, bl_state_test state, const char *word, bylaw_depth depth);
void bl_write_not(const bl_teller *t, bl_state_test state, const char *word, bylaw_depth depth);

#endif
