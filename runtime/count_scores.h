/*
 * Score ballots added up: what score and STAR have in common.
 *
 * Scores are whole numbers of 1 / score_scale. A ballot with a score outside the range is spoiled.
 * Whom a ballot does not score has the lowest score on it where two candidates are compared.
 */
#ifndef BL_COUNT_SCORES_H
#define BL_COUNT_SCORES_H

#include "totals.h"

typedef struct bl_scores {
    bl_count *count;
    bl_totals totals; /* its values are totals, or averages where unscored = ignored */
    bool *is_spoiled; /* by pile */
    uint64_t counted; /* units of the ballots that are not spoiled */
    int64_t least, most; /* the range, in units of 1 / score_scale */
    int64_t unscored; /* below every score that is above the lowest, equal to the lowest */
    bool has_top; /* the highest score is one a ballot can have */
} bl_scores;

/* Adds up all ballots. False: failed or refused. */
bool bl_scores_begin(bl_count *count, bl_scores *scores);
/* Units of the ballots that score `a` higher than `b`, and the other way. */
void bl_scores_compare(const bl_scores *scores, uint32_t a, uint32_t b, uint64_t *prefer_a,
                       uint64_t *prefer_b);
/* By place in `tied`: how many of the others more ballots prefer to it than it to them. */
void bl_scores_defeats(const bl_scores *scores, const uint32_t *tied, uint32_t size,
                       uint64_t *defeats);
/* By place in `tied`: units of the ballots that give the highest score. */
void bl_scores_tops(const bl_scores *scores, const uint32_t *tied, uint32_t size, uint64_t *tops);

#endif
