/*
 * Exact numbers of any size: non-negative ratios in lowest terms.
 *
 * For counts whose fractions grow from round to round. Where numerator and denominator fit into 64
 * bits nothing is allocated and no more is done than for a bl_rational; larger ones are worked out
 * by GMP's mpn functions, which take all their room from the caller and the stack. (GMP's mpz and
 * mpq are not used: they have one allocator for the whole process and abort when memory ends.)
 *
 * Failing is noted in the context and stays there: counting goes on with zeros and asks once a
 * round. A value never changes once it is made; it lives as long as the arena it was made in.
 */
#ifndef BL_EXACT_H
#define BL_EXACT_H

#include "text.h"

typedef struct bl_exact {
    const unsigned long *limbs; /* num's and behind them den's, lowest first; NULL: both below */
    uint64_t num;
    uint64_t den;
    uint32_t num_count; /* of limbs */
    uint32_t den_count;
} bl_exact;

#define BL_EXACT(n) ((bl_exact){NULL, (n), 1, 0, 0})

typedef struct bl_exact_context {
    bl_arena *arena; /* where results live; may be changed between two operations */
    bl_arena *home; /* where the room for work is taken from, once, when first needed */
    unsigned long *room;
    bool is_out_of_memory;
    bool is_too_large; /* a result needs more than BL_EXACT_LIMBS_MAX; or was divided by zero */
} bl_exact_context;

/* Results and room for work in `arena`. To give back results early, set context.arena to another.
 */
void bl_exact_begin(bl_exact_context *context, bl_arena *arena);
/* Whether anything failed since the beginning; all results since then may be wrong. */
bool bl_exact_has_failed(const bl_exact_context *context);

/* Each gives zero where it fails, and where it has failed before. Any two may be the same value. */
bl_exact bl_exact_ratio(bl_exact_context *context, uint64_t num, uint64_t den);
bl_exact bl_exact_add(bl_exact_context *context, bl_exact a, bl_exact b);
bl_exact bl_exact_subtract(bl_exact_context *context, bl_exact a, bl_exact b); /* a >= b */
bl_exact bl_exact_multiply(bl_exact_context *context, bl_exact a, bl_exact b);
bl_exact bl_exact_divide(bl_exact_context *context, bl_exact a, bl_exact b);
/* The same value in context.arena, where its own may go. */
bl_exact bl_exact_copy(bl_exact_context *context, bl_exact a);

typedef enum bl_exact_rounding {
    BL_EXACT_DOWN,
    BL_EXACT_UP,
    BL_EXACT_HALF_UP /* to the nearest, up from the middle */
} bl_exact_rounding;

#define BL_EXACT_PLACES_MOST 20 /* decimal places of one rounding or text */

/* To a multiple of 1 / 10^places. */
bl_exact bl_exact_round(bl_exact_context *context, bl_exact a, uint32_t places,
                        bl_exact_rounding rounding);

bool bl_exact_is_zero(bl_exact a);
bool bl_exact_is_whole(bl_exact a);
/* -1, 0 or 1; 0 where it fails. */
int bl_exact_compare(bl_exact_context *context, bl_exact a, bl_exact b);
/* a / b in 1/10000, cut down, for bars; 10000 at most, 0 where b is zero. */
uint32_t bl_exact_share(bl_exact_context *context, bl_exact a, bl_exact b);

/*
 * As a decimal with so many places, the rest cut off: "12.34500"; `is_trimmed`: without the zeros
 * at the end, and the point where nothing follows: "12.345".
 */
void bl_exact_write_decimal(bl_exact_context *context, bl_buffer *buffer, bl_exact a,
                            uint32_t places, bool is_trimmed);
/* Exactly: "7"; "0.25" where six places are enough; else the ratio, "7/3". */
void bl_exact_write(bl_exact_context *context, bl_buffer *buffer, bl_exact a);

#endif
