/*
 * One number for each candidate, and the highest are elected: the end of plurality, approval, score
 * and Borda, whose one round is told here. How the numbers come about is theirs.
 */
#ifndef BL_TOTALS_H
#define BL_TOTALS_H

#include "count.h"
#include "exact.h"

typedef struct bl_totals {
    bl_count *count;
    bl_exact_context exact; /* with the arena of the count */
    bl_exact *values; /* by candidate */
    bool *is_in; /* by candidate: who stands; the others have no tally and no place */
} bl_totals;

/* Zeros, and everybody in who has not withdrawn. False: out of memory. */
bool bl_totals_begin(bl_count *count, bl_totals *totals);
/* Sets a value from whole units of 1 / weight_scale ballots. */
void bl_totals_set(bl_totals *totals, uint32_t candidate, uint64_t units);
/* Sets count->places from the values, equal ones for equal values. False: out of memory. */
bool bl_totals_rank(bl_totals *totals);
/* The same, with those in `first` before all others, in that order, each at a place of its own. */
bool bl_totals_rank_behind(bl_totals *totals, const uint32_t *first, uint32_t size);
/* A round with the values as its tally, everybody's standing in or out; NULL when out of memory. */
bl_round *bl_totals_round(bl_totals *totals);
/*
 * Ranks, adds the one round, fills the seats and tells it. `best` is what the first of all has:
 * "the most votes". False: out of memory, or an answer that is too large.
 */
bool bl_totals_elect(bl_totals *totals, const char *best);
/* Adds the values as a figure of that name. */
void bl_totals_figure(bl_totals *totals, const char *name);
/* Whether numbers failed: tells the count so and returns true. */
bool bl_totals_failed(bl_totals *totals);

/* The exact value of a whole number of 128 bits, given in two halves. */
bl_exact bl_totals_wide(bl_exact_context *context, uint64_t high, uint64_t low);
/* A value as an amount, its share of `most` with it. */
bl_amount bl_totals_amount(bl_totals *totals, bl_exact value, bl_exact most);
/* "1 ballot", "2.5 ballots": units of 1 / weight_scale, said into the sentence. */
void bl_say_ballots(bl_count *count, uint64_t units);
/* "1 ballot has no choice", "2 ballots have no choice": a note, where there are any. */
void bl_note_ballots(bl_count *count, uint64_t units, const char *one, const char *several);

#endif
