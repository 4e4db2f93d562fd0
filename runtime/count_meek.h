/*
 * Meek's method, between count_meek.c (the rules, rounds as data and words) and count_meek_pass.c
 * (passing over the ballots). Nobody else includes this.
 */
#ifndef BL_COUNT_MEEK_H
#define BL_COUNT_MEEK_H

#include "exact.h"
#include "ranking.h"

__extension__ typedef unsigned __int128 bl_meek_parts;

/* A beginning that ballots have in common: those who keep of them, up to here. */
typedef struct bl_meek_node {
    uint32_t parent; /* stands before it; BL_NONE: the ballots begin here */
    uint32_t candidate;
    uint64_t weight; /* of the ballots that come through */
    uint64_t rest; /* parts of each that go on, in this pass */
} bl_meek_node;

typedef struct bl_meek {
    bl_count *count;
    bl_exact_context exact;
    bl_rankings rankings;
    bool *is_in; /* hopeful or elected */
    bool *is_elected;
    uint32_t *start; /* by pile: its first entry that can still count */
    uint64_t *keep; /* by candidate, in parts */
    bl_meek_parts *votes; /* by candidate, in parts */
    uint32_t *some; /* candidates of a tie, or who go out together */
    uint32_t decimals;
    uint64_t one; /* 10^decimals */
    bl_meek_parts omega; /* the surplus that counts as none */
    bl_meek_parts quota, surplus;
    uint32_t passes; /* of this round */
    uint32_t elected_count, hopeful_count;
    bl_vector(bl_meek_node) nodes; /* parents before children */
    bl_map child_of; /* parent and candidate -> node */
    bl_vector(bl_meek_parts *) history; /* by round, from 0: votes */
    bool is_over;
} bl_meek;

/* Candidates of the contest. */
uint32_t bl_meek_size(const bl_meek *run);
/* Neither elected nor out. */
bool bl_meek_is_hopeful(const bl_meek *run, uint32_t candidate);
/* Parts of all ballots that candidates keep. */
bl_meek_parts bl_meek_active(const bl_meek *run);
/* Whether a hopeful reaches the quota who may have a seat. */
bool bl_meek_has_winner(const bl_meek *run);
/*
 * Passes until somebody reaches the quota, or no surplus is left that could help anybody; sets
 * votes, quota, surplus and passes. False: out of memory, noted in the count.
 */
bool bl_meek_converge(bl_meek *run);
/* One pass with the keep factors as they are. */
bool bl_meek_pass(bl_meek *run);

#endif
