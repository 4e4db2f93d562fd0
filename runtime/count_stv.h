/*
 * The single transferable vote, between count_stv.c (the rules), count_stv_parcels.c (ballots that
 * move) and count_stv_round.c (a round as data and words). Nobody else includes this.
 *
 * A candidate holds parcels: piles of ballots that are worth the same. What moves is a parcel, pile
 * by pile; those who keep theirs are not looked at.
 */
#ifndef BL_COUNT_STV_H
#define BL_COUNT_STV_H

#include "count.h"
#include "exact.h"
#include "ranking.h"

typedef struct bl_stv_parcel {
    uint32_t value; /* in bl_stv.values: what a whole ballot of it is worth */
    uint32_t batch; /* the round that brought it, where only the last parcel counts; else 0 */
    uint32_t first_pile; /* then by bl_stv.next_pile; BL_NONE */
    uint32_t next; /* parcel of the same candidate; BL_NONE */
    uint64_t units; /* weight of its piles */
} bl_stv_parcel;

typedef enum bl_stv_state {
    BL_STV_OUT, /* withdrawn, or eliminated and all passed on */
    BL_STV_IN,
    BL_STV_LEAVING, /* eliminated, with ballots still to be passed on */
    BL_STV_ELECTED
} bl_stv_state;

/* Why somebody goes out in a round: for the sentence. */
typedef enum bl_stv_reason {
    BL_STV_FEWEST,
    BL_STV_BATCH, /* together fewer than the next */
    BL_STV_MINIMUM, /* fewer than options.minimum */
    BL_STV_FULL, /* the group has what one group may have */
    BL_STV_UNDECLARED /* no candidate, but all names that are none */
} bl_stv_reason;

/* What happened in a round, for count_stv_round.c. */
typedef struct bl_stv_events {
    uint32_t by_quota; /* so many of the elected reached the quota, the others are who was left */
    bl_stv_reason eliminated_because;
    uint32_t *surplus_of; /* whose surplus moves */
    uint32_t surplus_count;
    bl_exact surplus; /* of all of them together */
    bool is_passing_on; /* more ballots of those who went out before */
    bool is_deferred; /* surpluses wait */
    bool is_epilogue; /* after the last seat, only to show where surpluses went */
} bl_stv_events;

typedef struct bl_stv {
    bl_count *count;
    const bl_contest *contest;
    const bl_count_options *options;
    bl_rankings rankings;
    uint32_t *at; /* by pile: see bl_ranking_next */
    bl_arena keep; /* what lives from round to round */
    bl_arena work; /* what is forgotten with the round */
    bl_exact_context exact; /* results in `work`, unless bl_stv_keep moves them */
    bl_stv_state *state; /* by candidate */
    bool *is_in; /* by candidate: state is BL_STV_IN */
    bool *holds_all; /* by candidate: elected with a surplus, which has not moved yet */
    uint32_t *head; /* by candidate: first parcel; BL_NONE */
    uint32_t *next_pile; /* by pile */
    uint32_t *last_batch; /* by candidate: the batch that came last */
    bl_vector(bl_exact) values;
    bl_vector(bl_stv_parcel) parcels;
    bl_vector(bl_exact *) history; /* by round, from 0: tallies by candidate */
    bl_exact *tally; /* of this round, by candidate */
    bl_exact *gained; /* in this round's transfers: by candidate, then what exhausted */
    uint32_t *target; /* by candidate: the parcel that piles are put on at the moment */
    bl_exact quota;
    bool has_cut; /* a number was too long to be told in full */
    bool is_exceeded; /* the quota is not reached but exceeded */
    bool is_over;
    bl_exact exhausted;
    bl_exact lost; /* by cutting down to decimals */
    bl_exact active; /* what counted in the first round: the quota is of this */
    uint32_t in_count; /* candidates who are in */
    bl_round *round;
    bl_vector(bl_transfer_row) rows;
    bl_stv_events events;
} bl_stv;

/* Everything but the first distribution. False, with what bl_count_nomem notes: out of memory. */
bool bl_stv_begin(bl_stv *stv, bl_count *count);
void bl_stv_end(bl_stv *stv);
/* The value, in an arena that lives as long as the count. */
bl_exact bl_stv_keep(bl_stv *stv, bl_exact value);
/* Whether counting can go on: neither memory nor the size of fractions ended. */
bool bl_stv_is_fine(const bl_stv *stv);
void bl_stv_set_state(bl_stv *stv, uint32_t candidate, bl_stv_state state);

/* Puts every pile with whom it ranks first. */
bool bl_stv_distribute(bl_stv *stv);
/* Passes the surplus of an elected candidate on, by options.transfer. */
bool bl_stv_move_surplus(bl_stv *stv, uint32_t candidate);
/* Passes on what those who are leaving hold: all, or with last_parcel what is worth most. */
bool bl_stv_move_leaving(bl_stv *stv);
bool bl_stv_has_leaving(const bl_stv *stv);
/* Cut down to options.decimals; exact where none are set. */
bl_exact bl_stv_cut(bl_stv *stv, bl_exact value);

/* Begins the round that follows; the tallies are those of the moment. */
bool bl_stv_begin_round(bl_stv *stv);
/* What is to be told of the round, and the round itself, as data. */
bool bl_stv_end_round(bl_stv *stv);
/* A number as rounds tell it: in full up to BL_RATIO_LIMBS_MAX. */
bl_amount bl_stv_amount(bl_stv *stv, bl_exact value);

#endif
