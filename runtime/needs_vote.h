/*
 * Inside of needs_vote.c: a vote that is being solved, and what both ways of searching use.
 *
 * A state is how many ballots of each way are cast. The stages in the trial stand at the present
 * state; moving changes their numbers.
 */
#ifndef BL_NEEDS_VOTE_H
#define BL_NEEDS_VOTE_H

#include "needs.h"

/* What one ballot of a class changes in one stage. */
typedef struct bl_effect {
    bool is_member;
    uint8_t from, to; /* of the four counters */
    bl_rational *sums;
    bl_rational *lows, *highs; /* by comparison */
} bl_effect;

typedef struct bl_solver {
    bl_trial *trial;
    bl_engine *engine;
    const bl_vote *vote;
    bl_answer *answer;
    uint32_t *budget;
    bl_effect *effects; /* by way and stage */
    uint32_t *group_sizes; /* people of each group of ways */
    uint32_t *group_used;
    uint16_t *counts; /* the present state */
    bool keeps_slack; /* ballots that only bring a closing nearer are ways too */
    bool reads_ballots; /* a condition looks at people and not at sums: real ballots are cast */
    bool has_overflow;
} bl_solver;

bl_arena *bl_solver_arena(const bl_solver *s);
bl_effect *bl_solver_effect(const bl_solver *s, uint32_t way, uint32_t stage);
/* One ballot more of this way, or one less. */
bl_result bl_solver_move(bl_solver *s, uint32_t way, int sign);
bl_result bl_solver_go_to(bl_solver *s, const uint16_t *counts);
/* How many more people may act in this way. */
uint32_t bl_solver_free(const bl_solver *s, uint32_t way);
/* bl_stage_would_close, in the present state. */
bl_result bl_solver_would_close(bl_solver *s, const bl_stage *stage, bool at_deadline,
                                bl_stage_result *out);
/* What a stage comes to if nobody does anything more. */
bl_result bl_solver_in_the_end(bl_solver *s, const bl_stage *stage, bl_stage_result *out);
/* What votes side by side come to, out of what each does; as proposal.c joins them. */
bl_stage_result bl_solver_join(const bl_stage_result *results, uint32_t count);
/* Whether a set that is found already is part of this one. */
bool bl_solver_is_known(const bl_solver *s, bl_stage_result result, const uint16_t *counts);
/* Keeps a set (times NULL: all of it now), unless it is empty or has a known one as its part. */
bl_result bl_solver_keep(bl_solver *s, bl_stage_result result, const uint16_t *counts,
                         const uint16_t *order, const bl_time *times, uint32_t size);
/* False: no more states may be looked at. */
bool bl_solver_spend(bl_solver *s);

bl_result bl_solver_cast(bl_solver *s, bl_stage *stage, uint32_t actor, uint8_t choice);

/* needs_rise.c, where conditions look at people: whether more ballots of one choice, and no others,
 * can only help (*choice 0: none does anything); all sets of them that pass. */
bool bl_solver_rises(const bl_solver *s, uint8_t *choice);
bl_result bl_solver_rise(bl_solver *s, uint8_t choice);
/* needs_walk.c, for few states; needs_descend.c, for many. */
bl_result bl_solver_walk(bl_solver *s);
bl_result bl_solver_descend(bl_solver *s);

#endif
