/*
 * The margin of an instant runoff, by branch and bound: see margin.h and margin_runoff.c.
 */
#ifndef BL_MARGIN_RUNOFF_H
#define BL_MARGIN_RUNOFF_H

#include "arena.h"
#include "limits.h"
#include "text.h"

/* What an order that is looked at costs beside its program; it bounds how many can wait. */
#define BL_MARGIN_STEP (UINT64_C(1) << 16)

/* Strict rankings, of those who stand. */
typedef struct bl_runoff_ballot {
    const uint32_t *ranking; /* best first, each once */
    uint32_t count;
    uint64_t weight;
} bl_runoff_ballot;

typedef struct bl_runoff_ballots {
    const bl_runoff_ballot *items;
    uint32_t count;
    uint32_t all_count; /* candidates are numbered below it */
    const bool *stands; /* by candidate */
    uint32_t candidate_count; /* who stand */
    uint32_t winner;
    uint32_t ranks_most; /* ranks a ballot may have */
} bl_runoff_ballots;

typedef struct bl_runoff_margin {
    uint64_t least, most; /* ballots; equal: the margin */
    const uint32_t *order; /* that costs `most`, the winner last; NULL: none below `enough` */
    uint64_t looked_at; /* orders */
} bl_runoff_margin;

/*
 * `enough`: ballots that are known to be enough. `effort`: multiplications it may spend. Orders
 * live in `arena`. False: out of memory.
 */
bool bl_margin_runoff(const bl_runoff_ballots *ballots, uint64_t enough, uint64_t effort,
                      bl_arena *arena, const bl_memory *memory, bl_runoff_margin *out);

#endif
