/*
 * What it needs: all minimal sets of acts that bring an outcome about.
 *
 * needs_trial.c tries acts on a copy of one proposal, with the machine's own functions;
 * needs_vote.c finds what decides one vote; needs_search.c goes through the life of a proposal;
 * needs_text.c tells, of elections needs_election.c. People whose acts change the same numbers in
 * the same way are one class, so that a set of acts is a number for each class.
 */
#ifndef BL_NEEDS_H
#define BL_NEEDS_H

#include "machine.h"

/* What is asked for. */
typedef enum bl_wanted {
    BL_WANTED_ACCEPTED,
    BL_WANTED_REJECTED,
    BL_WANTED_VETOED,
    BL_WANTED_OVERRIDDEN,
    BL_WANTED_ESCALATED,
    BL_WANTED_DISPUTED,
    BL_WANTED_WITHDRAWN,
    BL_WANTED_LAPSED,
    BL_WANTED_EFFECTIVE,
    BL_WANTED_FINAL,
    BL_WANTED_COUNT
} bl_wanted;
const char *bl_wanted_word(bl_wanted wanted);
/* Whether the proposal has come to it. */
bool bl_wanted_is_so(const bl_proposal *proposal, bl_wanted wanted);

/* `any` of `people` do the same. */
typedef struct bl_need {
    bl_verb verb;
    uint8_t before; /* the ballot they change; 0: none */
    bool is_anyone; /* whoever it is: `people` is empty */
    bool needs_reason;
    uint32_t any;
    bl_set people;
    uint32_t plan; /* the clause; BL_NONE: of the kind itself */
    uint32_t stage; /* number of the vote; 0: none */
    bl_time from; /* not earlier: another vote must have closed; BL_TIME_MIN: now */
    bl_time by; /* BL_TIME_MAX: no date is known */
    bl_duration within; /* where `by` is not known: this long after its vote opens */
    bool has_within;
    bool is_later; /* what it acts on does not exist yet */
} bl_need;

/* One set of acts, in an order that works. */
typedef struct bl_needed {
    const bl_need *needs;
    uint32_t count;
    uint32_t size; /* acts of single people */
} bl_needed;
typedef bl_vector(bl_needed) bl_needed_list;

/* ---- needs_trial.c ---- */

/* A copy of how a proposal stands, to go on from. */
typedef struct bl_moment bl_moment;

typedef struct bl_trial {
    bl_engine *engine;
    bl_engine saved; /* the engine as it was */
    bl_proposal *proposal; /* the real one */
    bl_stage **stages; /* its real stages */
    bl_memory memory; /* the host's */
    bl_arena arena; /* whatever lives as long as the trial */
    bl_moment *start;
    bl_text watched; /* the type of outcome that is waited for */
    bool has_come; /* it came since the start, if only to be followed by another */
} bl_trial;

/* From here to bl_trial_end the engine holds copies; `watched` is set before. False: out of memory,
 * the engine is as it was.
 */
bool bl_trial_begin(bl_trial *trial, bl_engine *engine, const bl_proposal *proposal);
void bl_trial_end(bl_trial *trial);
/* The proposal as it stands in the trial. */
bl_proposal *bl_trial_proposal(const bl_trial *trial);
/* NULL: out of memory. */
bl_moment *bl_moment_take(bl_trial *trial);
bool bl_moment_restore(bl_trial *trial, const bl_moment *moment);
/* Two moments with one key go on alike, but for their times. */
uint64_t bl_moment_key(const bl_moment *moment);
uint64_t bl_trial_key(const bl_trial *trial); /* as things stand */
/* Somebody does something; a reason is given. */
bl_result bl_trial_act(bl_trial *trial, bl_verb verb, uint32_t actor, bool *allowed);
/* Lets time pass until the next thing is due; *found false: nothing is. */
bl_result bl_trial_wait(bl_trial *trial, bool *found);

/* ---- needs_vote.c ---- */

/* A vote, or votes side by side, as they stand in the trial. */
typedef struct bl_vote {
    bl_stage *stages[BL_GROUP_MAX];
    uint32_t stage_count;
    bool is_veto; /* takes `veto` and `uphold` */
    bool needs_call; /* nobody has called for it yet: a `veto` comes first */
    bl_set people; /* who may vote */
    bl_set callers; /* of a veto's vote: who may `veto`, others only `uphold` */
} bl_vote;

/* A way to act: one class of people, one choice. */
typedef struct bl_way {
    bl_set people; /* alike */
    uint8_t choice;
    uint8_t before; /* the ballot it changes; BL_BALLOT_NONE: none */
    uint32_t group; /* ways of the same people have the same */
} bl_way;

/* A set of ballots that brings a result: a number for each way, and their order. */
typedef struct bl_ballots {
    const uint16_t *counts;
    const uint16_t *order; /* ways, one for each ballot */
    const bl_time *times; /* when each is cast at the earliest; BL_TIME_MIN: now */
    uint32_t size;
} bl_ballots;

typedef struct bl_answer {
    bl_way *ways;
    uint32_t way_count;
    bl_vector(bl_ballots) sets[4]; /* by bl_stage_result */
    bool is_complete;
} bl_answer;

/*
 * All minimal sets of ballots for each result of the vote, beside the empty one. The stages are
 * left changed: restore the moment. *budget is how many states may be looked at still.
 */
bl_result bl_vote_solve(bl_trial *trial, const bl_vote *vote, uint32_t *budget, bl_answer *out);

/* ---- needs_search.c ---- */

typedef struct bl_search {
    bl_trial trial;
    bl_wanted wanted;
    bl_needed_list sets; /* the smallest first */
    bool is_complete;
    bool has_election; /* on some way a ranking is asked for */
    bool is_now; /* it has come to it already */
    bl_time comes_at; /* where no act is needed */
    uint32_t budget;
    struct bl_known *known;
} bl_search;

/* The trial must have begun. Memory of the answer is the trial's. */
bl_result bl_search_run(bl_search *search);

/* ---- needs_election.c ---- */

/* "; @bo leads with 3 votes; to lead alone @chi needs 2 more …", of an election of one by plurality
 * or approval without weights; nothing of others. */
bl_result bl_needs_write_leading(bl_engine *engine, const bl_stage *stage, bl_buffer *out);

/* ---- needs_text.c ---- */

/* The trial stands at its start. Memory that runs out shows in `out`, or in the engine. */
void bl_needs_write_text(bl_search *search, bl_buffer *out);
void bl_needs_write_json(bl_search *search, bl_buffer *out);
void bl_needs_write_brief(bl_search *search, bl_buffer *out); /* a sentence or two, no line end */

#endif
