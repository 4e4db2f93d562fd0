/*
 * Counting what of a policy was used: which instructions ran, what conditions came to, how stages
 * ended.
 *
 * Counters stand beside the program's tables, row by row; the engine has a pointer to them that is
 * NULL while nobody counts. What the counts mean for the policy's text is said in lang/coverage.c.
 *
 * The idea to have: a part of a condition is told by the instruction behind it, which is an AND, an
 * OR, a JUMP_IF_FALSE, or where an AND or OR jumps to. Whoever gets there by another way than such
 * a jump has that part's value on top of the stack.
 */
#ifndef BL_COVERAGE_H
#define BL_COVERAGE_H

#include "program.h"

/* What can be counted of a stage plan. */
typedef enum bl_plan_count {
    BL_PLAN_OPENED,
    BL_PLAN_PASSED,
    BL_PLAN_FAILED,
    BL_PLAN_UNRESOLVED,
    BL_PLAN_USED, /* somebody acted under this veto or dispute */
    BL_PLAN_UNUSED, /* a decision that it could have hit stood without it */
    BL_PLAN_COUNTS
} bl_plan_count;

typedef struct bl_sides {
    uint32_t of[2]; /* how often false, how often true */
} bl_sides;

typedef struct bl_coverage {
    uint32_t code_count; /* instructions that are counted: those of the program when it began */
    bool *ends; /* for each instruction: a part of a condition stands before it */
    uint32_t *runs; /* for each instruction */
    bl_sides *parts; /* for each instruction that `ends`: the part before it */
    bl_sides *chunks; /* conditions as a whole: guards */
    bl_sides *conditions; /* of stages: true, or settled to be; false, or settled to be */
    bl_sides *refusals; /* let through, refused */
    uint32_t *kinds; /* raised by somebody */
    uint32_t (*plans)[BL_PLAN_COUNTS];
} bl_coverage;

/* Counters for a program, all zero, in the arena; NULL out of memory. */
bl_coverage *bl_coverage_create(bl_arena *arena, const bl_program *program);
/* All zero again; of the same program. */
void bl_coverage_clear(bl_coverage *coverage, const bl_program *program);
/* The instruction at `at` comes next, after the one at `previous` (BL_NONE: it is the first). `top`
 * is what its stack has on top, or NULL. */
void bl_coverage_step(bl_coverage *coverage, const bl_program *program, uint32_t previous,
                      uint32_t at, const bl_value *top);
static inline void bl_coverage_side(bl_sides *sides, uint32_t row, bool is_true)
{
    sides[row].of[is_true]++;
}

#endif
