/*
 * Exact numbers: a ratio of two 64-bit integers, always in lowest terms with a positive
 * denominator.
 *
 * Products use 128 bits inside; a result that does not fit is an error and never a wrong answer.
 * Comparisons never fail. There is no conversion to or from floating point.
 */
#ifndef BL_RATIONAL_H
#define BL_RATIONAL_H

#include "text.h"

#ifndef __SIZEOF_INT128__
#error "Bylaw needs a machine of 64 bits, and gcc or clang: exact numbers are computed in 128"
#endif

typedef struct bl_rational {
    int64_t num;
    int64_t den; /* > 0 */
} bl_rational;

#define BL_RATIONAL(n) ((bl_rational){(n), 1})

/* Each stores into *out and returns true, or returns false (does not fit, or division by zero). */
bool bl_rational_make(int64_t num, int64_t den, bl_rational *out);
bool bl_rational_add(bl_rational a, bl_rational b, bl_rational *out);
bool bl_rational_subtract(bl_rational a, bl_rational b, bl_rational *out);
bool bl_rational_multiply(bl_rational a, bl_rational b, bl_rational *out);
bool bl_rational_divide(bl_rational a, bl_rational b, bl_rational *out);
bool bl_rational_negate(bl_rational a, bl_rational *out);
/* Toward minus infinity, plus infinity. Always fit. */
int64_t bl_rational_floor(bl_rational a);
int64_t bl_rational_ceiling(bl_rational a);
/* -1, 0 or 1, exact for all values. */
int bl_rational_compare(bl_rational a, bl_rational b);
bool bl_rational_is_integer(bl_rational a);
/*
 * The sign of a - b * sqrt(c), exact, for c >= 0. False where c is negative or a square does not
 * fit.
 */
bool bl_rational_compare_root(bl_rational a, bl_rational b, bl_rational c, int *sign);
/* The least whole number that is not below b * sqrt(c). False where c is negative or it does not
 * fit. */
bool bl_rational_ceiling_root(bl_rational b, bl_rational c, int64_t *out);
/*
 * Reads an unsigned or signed decimal ("12", "-0.75", "3/4", "75%", with `_` nowhere). False where
 * it is not exactly such a number or does not fit.
 */
bool bl_rational_parse(bl_text text, bl_rational *out);
/* "7", "3/4"; for people: "75%" is never chosen, the ratio is. */
void bl_rational_write(bl_buffer *buffer, bl_rational a);
/* "7", "0.75"; as a ratio where no decimal of up to 18 places is exact. */
void bl_rational_write_decimal(bl_buffer *buffer, bl_rational a);

#endif
