/*
 * Linear programs in whole numbers: minimise a sum of variables, each between 0 and its bound,
 * under constraints with coefficients -1, 0 and 1. Exact, without a float.
 *
 * The dual simplex method with bounded variables (Lemke 1954; Chvátal, Linear Programming, 1983,
 * chapters 8 and 10) on a tableau of integers over one denominator (Edmonds' integer pivoting), and
 * branch and bound over variables that are not whole. All costs are 1, so that the slack basis is
 * dual feasible and no first phase is needed. What does not fit into 64 bits ends it with a bound.
 */
#ifndef BL_LINEAR_H
#define BL_LINEAR_H

#include "arena.h"

typedef struct bl_linear {
    uint32_t row_count; /* each: sum of coefficients times variables >= needed */
    uint32_t column_count;
    const int8_t *coefficients; /* by column: row_count for each column */
    const int64_t *needed; /* by row */
    const int64_t *most; /* by column: its greatest value; BL_LINEAR_FREE: none */
    uint32_t equal_row; /* this row holds as an equation; BL_NONE */
    int64_t
        step; /* every sum of whole variables that is possible is a multiple of it; 1: of none */
} bl_linear;

#define BL_LINEAR_FREE (INT64_MAX / 4)

typedef enum bl_linear_end {
    BL_LINEAR_BEST, /* `least` is the minimum, and `values` a solution in whole numbers */
    BL_LINEAR_BEYOND, /* the minimum is at least `cutoff`; `least` is what is known of it */
    BL_LINEAR_BOUND, /* the budget or 64 bits ended first: the minimum is at least `least` */
    BL_LINEAR_IMPOSSIBLE,
    BL_LINEAR_NOMEM
} bl_linear_end;

/* What may be spent, in multiplications; counted down, and shared by many programs. */
typedef struct bl_linear_budget {
    uint64_t left;
} bl_linear_budget;

/*
 * Solves it. `is_whole`: the variables are to be whole; else the minimum is that of fractions,
 * rounded up. `cutoff`: it stops when the minimum cannot be below. `values` (column_count, may be
 * NULL) is written with BL_LINEAR_BEST of whole ones only. Memory comes from `memory` and is given
 * back.
 */
bl_linear_end bl_linear_solve(const bl_linear *linear, bool is_whole, int64_t cutoff,
                              bl_linear_budget *budget, const bl_memory *memory, int64_t *least,
                              int64_t *values);

#endif
