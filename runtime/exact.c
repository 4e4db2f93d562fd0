/*
 * Exact numbers of any size, on GMP's mpn functions.
 *
 * Small ratios are computed in 128 bits, as in rational.c; what overflows, and what is large
 * already, is computed in slots: places for whole numbers in the context's room, each wide enough
 * for any intermediate result. Sums and products are reduced before they are multiplied out, so
 * that operands stay short (Knuth, The Art of Computer Programming, 4.5.1).
 *
 * mpn functions take scratch from the stack, and from the heap only where they would need more than
 * 32,512 bytes at once (TMP_ALLOC in gmp-impl.h). BL_EXACT_LIMBS_MAX keeps them below that:
 * test_exact.c, no_operation_takes_memory_from_the_heap.
 */
#include "exact.h"

#include "limits.h"

#include <assert.h>
#include <gmp.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

_Static_assert(GMP_NUMB_BITS == 64 && sizeof(mp_limb_t) == 8, "a limb has 64 bits");
_Static_assert(_Generic((mp_limb_t)0, unsigned long : 1, default : 0), "bl_exact has GMP's limbs");

/* A sum of two products of two numbers at the limit, and one limb more. */
#define SLOT_LIMBS (2 * BL_EXACT_LIMBS_MAX + 2)
enum { DECIMAL_DIGITS = 19, SHORT_PLACES = 6 };
#define DECIMAL_BASE UINT64_C(10000000000000000000) /* 10^19: the largest power in a limb */

/* The slots by what they are for. X, Y and Z are for gcd_of and divide_by alone. */
enum slot { SLOT_A, SLOT_B, SLOT_C, SLOT_D, SLOT_E, SLOT_F, SLOT_X, SLOT_Y, SLOT_Z, SLOT_COUNT };

/* A whole number: `count` limbs without leading zeros; 0 has none. */
typedef struct whole {
    mp_limb_t *limbs;
    mp_size_t count;
} whole;

void bl_exact_begin(bl_exact_context *context, bl_arena *arena)
{
    *context = (bl_exact_context){.arena = arena, .home = arena};
}

bool bl_exact_has_failed(const bl_exact_context *context)
{
    return context->is_out_of_memory || context->is_too_large;
}

bool bl_exact_is_zero(bl_exact a)
{
    return !a.limbs && a.num == 0;
}

bool bl_exact_is_whole(bl_exact a)
{
    if (!a.limbs) return a.den == 1;
    return a.den_count == 1 && a.limbs[a.num_count] == 1;
}

/* ---- small ones ---- */

static uint64_t gcd_narrow(uint64_t a, uint64_t b)
{
    while (b) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static wide gcd_wide(wide a, wide b)
{
    while (b > UINT64_MAX) {
        const wide rest = a % b;
        a = b;
        b = rest;
    }
    return b ? gcd_narrow((uint64_t)b, (uint64_t)(a % b)) : a;
}

/* Stores num / den in lowest terms where it is small. */
static bool settle(wide num, wide den, bl_exact *out)
{
    if (den != 1) {
        const wide common = gcd_wide(num, den);
        num /= common;
        den /= common;
    }
    if (num > UINT64_MAX || den > UINT64_MAX) return false;
    *out = (bl_exact){.num = (uint64_t)num, .den = (uint64_t)den};
    return true;
}

static bool add_small(bl_exact a, bl_exact b, bl_exact *out)
{
    if (a.limbs || b.limbs) return false;
    if (a.den == b.den) return settle((wide)a.num + b.num, a.den, out);
    wide sum;
    if (__builtin_add_overflow((wide)a.num * b.den, (wide)b.num * a.den, &sum)) return false;
    return settle(sum, (wide)a.den * b.den, out);
}

static bool subtract_small(bl_exact a, bl_exact b, bl_exact *out)
{
    if (a.limbs || b.limbs) return false;
    const wide left = (wide)a.num * b.den;
    const wide right = (wide)b.num * a.den;
    assert(left >= right);
    if (left <= right) return settle(0, 1, out);
    if (a.den == b.den) return settle(a.num - b.num, a.den, out);
    return settle(left - right, (wide)a.den * b.den, out);
}

static bool multiply_small(bl_exact a, bl_exact b, bl_exact *out)
{
    if (a.limbs || b.limbs) return false;
    return settle((wide)a.num * b.num, (wide)a.den * b.den, out);
}

/* ---- whole numbers in slots ---- */

static bl_exact fail_memory(bl_exact_context *context)
{
    context->is_out_of_memory = true;
    return BL_EXACT(0);
}

static bl_exact fail_size(bl_exact_context *context)
{
    context->is_too_large = true;
    return BL_EXACT(0);
}

/* Room for work, unless something has failed. */
static bool has_room(bl_exact_context *context)
{
    if (bl_exact_has_failed(context)) return false;
    if (context->room) return true;
    context->room = bl_arena_array(context->home, (size_t)SLOT_COUNT * SLOT_LIMBS,
                                   sizeof *context->room);
    if (!context->room) fail_memory(context);
    return context->room != NULL;
}

static whole slot_of(const bl_exact_context *context, enum slot slot)
{
    return (whole){context->room + (size_t)slot * SLOT_LIMBS, 0};
}

static void trim(whole *a)
{
    while (a->count > 0 && a->limbs[a->count - 1] == 0)
        a->count--;
}

static void set(whole *to, const mp_limb_t *limbs, size_t count)
{
    memcpy(to->limbs, limbs, count * sizeof *limbs);
    to->count = (mp_size_t)count;
    trim(to);
}

/* Numerator and denominator of any value in two slots. */
static void unpack(bl_exact a, whole *num, whole *den)
{
    if (a.limbs) {
        set(num, a.limbs, a.num_count);
        set(den, a.limbs + a.num_count, a.den_count);
        return;
    }
    set(num, &(mp_limb_t){a.num}, 1);
    set(den, &(mp_limb_t){a.den}, 1);
}

/* The value of two slots in lowest terms, in the arena where it is not small. */
static bl_exact pack(bl_exact_context *context, const whole *num, const whole *den)
{
    if (num->count <= 1 && den->count == 1)
        return (bl_exact){.num = num->count ? num->limbs[0] : 0, .den = den->limbs[0]};
    if (num->count > BL_EXACT_LIMBS_MAX || den->count > BL_EXACT_LIMBS_MAX)
        return fail_size(context);
    const size_t num_count = (size_t)num->count, den_count = (size_t)den->count;
    unsigned long *limbs = bl_arena_array(context->arena, num_count + den_count, sizeof *limbs);
    if (!limbs) return fail_memory(context);
    memcpy(limbs, num->limbs, num_count * sizeof *limbs);
    memcpy(limbs + num_count, den->limbs, den_count * sizeof *limbs);
    return (bl_exact){
        .limbs = limbs, .num_count = (uint32_t)num_count, .den_count = (uint32_t)den_count};
}

static int compare_wholes(const whole *a, const whole *b)
{
    if (a->count != b->count) return a->count < b->count ? -1 : 1;
    if (a->count == 0) return 0;
    const int order = mpn_cmp(a->limbs, b->limbs, a->count);
    return (order > 0) - (order < 0);
}

static bool is_one(const whole *a)
{
    return a->count == 1 && a->limbs[0] == 1;
}

/* out = a * b; `out` is neither of them. */
static void multiply_into(whole *out, const whole *a, const whole *b)
{
    if (a->count == 0 || b->count == 0) {
        out->count = 0;
        return;
    }
    if (a->count >= b->count) {
        mpn_mul(out->limbs, a->limbs, a->count, b->limbs, b->count);
    } else {
        mpn_mul(out->limbs, b->limbs, b->count, a->limbs, a->count);
    }
    out->count = a->count + b->count;
    trim(out);
}

static void add_to(whole *a, const whole *b)
{
    if (b->count == 0) return;
    if (a->count < b->count) {
        memset(a->limbs + a->count, 0, (size_t)(b->count - a->count) * sizeof *a->limbs);
        a->count = b->count;
    }
    const mp_limb_t carry = mpn_add(a->limbs, a->limbs, a->count, b->limbs, b->count);
    if (carry) a->limbs[a->count++] = carry;
}

/* a >= b */
static void subtract_from(whole *a, const whole *b)
{
    if (b->count == 0) return;
    mpn_sub(a->limbs, a->limbs, a->count, b->limbs, b->count);
    trim(a);
}

/* a = a / b without the rest, and whether there was one. Uses Y and Z. */
static bool divide_by(const bl_exact_context *context, whole *a, const whole *b)
{
    if (a->count < b->count) {
        const bool has_rest = a->count > 0;
        a->count = 0;
        return has_rest;
    }
    whole quotient = slot_of(context, SLOT_Y);
    whole rest = slot_of(context, SLOT_Z);
    mpn_tdiv_qr(quotient.limbs, rest.limbs, 0, a->limbs, a->count, b->limbs, b->count);
    rest.count = b->count;
    trim(&rest);
    set(a, quotient.limbs, (size_t)(a->count - b->count + 1));
    return rest.count > 0;
}

/* Takes the factors of two out of `a`, which is not 0, and tells how many there were. */
static mp_bitcnt_t take_twos(whole *a)
{
    const mp_bitcnt_t twos = mpn_scan1(a->limbs, 0);
    const mp_size_t limbs = (mp_size_t)(twos / GMP_NUMB_BITS);
    const unsigned bits = (unsigned)(twos % GMP_NUMB_BITS);
    if (limbs) {
        a->count -= limbs;
        memmove(a->limbs, a->limbs + limbs, (size_t)a->count * sizeof *a->limbs);
    }
    if (bits) mpn_rshift(a->limbs, a->limbs, a->count, bits);
    trim(a);
    return twos;
}

static void put_twos(whole *a, mp_bitcnt_t twos)
{
    const mp_size_t limbs = (mp_size_t)(twos / GMP_NUMB_BITS);
    const unsigned bits = (unsigned)(twos % GMP_NUMB_BITS);
    if (limbs) {
        memmove(a->limbs + limbs, a->limbs, (size_t)a->count * sizeof *a->limbs);
        memset(a->limbs, 0, (size_t)limbs * sizeof *a->limbs);
        a->count += limbs;
    }
    if (!bits) return;
    const mp_limb_t carry = mpn_lshift(a->limbs, a->limbs, a->count, bits);
    if (carry) a->limbs[a->count++] = carry;
}

/* The greatest common divisor of two numbers that are not 0. Uses X, Y and the slot of `out`. */
static void gcd_of(const bl_exact_context *context, whole *out, const whole *a, const whole *b)
{
    whole x = slot_of(context, SLOT_X);
    whole y = slot_of(context, SLOT_Y);
    set(&x, a->limbs, (size_t)a->count);
    set(&y, b->limbs, (size_t)b->count);
    const mp_bitcnt_t x_twos = take_twos(&x), y_twos = take_twos(&y);
    /* mpn_gcd spoils both, and wants the larger one first. */
    if (compare_wholes(&x, &y) < 0) {
        const whole swapped = x;
        x = y;
        y = swapped;
    }
    out->count = mpn_gcd(out->limbs, x.limbs, x.count, y.limbs, y.count);
    put_twos(out, x_twos < y_twos ? x_twos : y_twos);
}

/* Divides both by what they have in common. */
static void reduce(const bl_exact_context *context, whole *a, whole *b)
{
    whole common = slot_of(context, SLOT_F);
    gcd_of(context, &common, a, b);
    if (is_one(&common)) return;
    divide_by(context, a, &common);
    divide_by(context, b, &common);
}

/* ---- large ones ---- */

/* a / b and c / d are in lowest terms: ac / bd is, once a, d and c, b have nothing in common. */
static bl_exact multiply_slots(bl_exact_context *context, whole *a, whole *b, whole *c, whole *d)
{
    if (a->count == 0 || c->count == 0) return BL_EXACT(0);
    reduce(context, a, d);
    reduce(context, c, b);
    whole num = slot_of(context, SLOT_E);
    whole den = slot_of(context, SLOT_F);
    multiply_into(&num, a, c);
    multiply_into(&den, b, d);
    return pack(context, &num, &den);
}

static bl_exact multiply_large(bl_exact_context *context, bl_exact a, bl_exact b, bool is_divided)
{
    if (!has_room(context)) return BL_EXACT(0);
    whole a_num = slot_of(context, SLOT_A), a_den = slot_of(context, SLOT_B);
    whole b_num = slot_of(context, SLOT_C), b_den = slot_of(context, SLOT_D);
    unpack(a, &a_num, &a_den);
    unpack(b, &b_num, &b_den);
    if (is_divided) return multiply_slots(context, &a_num, &a_den, &b_den, &b_num);
    return multiply_slots(context, &a_num, &a_den, &b_num, &b_den);
}

/*
 * a / b + c / d, with g the greatest common divisor of b and d: t = a (d / g) + c (b / g), and
 * t / (b (d / g)) has nothing to be divided by but what t and g have in common.
 */
static bl_exact add_large(bl_exact_context *context, bl_exact left, bl_exact right, bool is_minus)
{
    if (!has_room(context)) return BL_EXACT(0);
    whole a = slot_of(context, SLOT_A), b = slot_of(context, SLOT_B);
    whole c = slot_of(context, SLOT_C), d = slot_of(context, SLOT_D);
    unpack(left, &a, &b);
    unpack(right, &c, &d);
    whole g = slot_of(context, SLOT_F);
    gcd_of(context, &g, &b, &d);
    divide_by(context, &b, &g);
    divide_by(context, &d, &g);
    whole t = slot_of(context, SLOT_E);
    multiply_into(&t, &a, &d);
    whole other = slot_of(context, SLOT_A); /* a's, which is done with */
    multiply_into(&other, &c, &b);
    if (is_minus) {
        assert(compare_wholes(&t, &other) >= 0);
        if (compare_wholes(&t, &other) <= 0) return BL_EXACT(0);
        subtract_from(&t, &other);
    } else {
        add_to(&t, &other);
    }
    if (t.count == 0) return BL_EXACT(0);
    whole common = slot_of(context, SLOT_C);
    gcd_of(context, &common, &t, &g);
    divide_by(context, &t, &common);
    divide_by(context, &g, &common);
    whole part = slot_of(context, SLOT_A);
    multiply_into(&part, &b, &d);
    whole den = slot_of(context, SLOT_C);
    multiply_into(&den, &part, &g);
    return pack(context, &t, &den);
}

/* ---- operations ---- */

bl_exact bl_exact_ratio(bl_exact_context *context, uint64_t num, uint64_t den)
{
    bl_exact result = BL_EXACT(0);
    if (bl_exact_has_failed(context)) return result;
    if (den == 0) return fail_size(context);
    settle(num, den, &result);
    return result;
}

bl_exact bl_exact_add(bl_exact_context *context, bl_exact a, bl_exact b)
{
    bl_exact result;
    if (add_small(a, b, &result)) return result;
    return add_large(context, a, b, false);
}

bl_exact bl_exact_subtract(bl_exact_context *context, bl_exact a, bl_exact b)
{
    if (bl_exact_has_failed(context)) return BL_EXACT(0);
    bl_exact result;
    if (subtract_small(a, b, &result)) return result;
    return add_large(context, a, b, true);
}

bl_exact bl_exact_multiply(bl_exact_context *context, bl_exact a, bl_exact b)
{
    bl_exact result;
    if (multiply_small(a, b, &result)) return result;
    return multiply_large(context, a, b, false);
}

bl_exact bl_exact_divide(bl_exact_context *context, bl_exact a, bl_exact b)
{
    if (bl_exact_has_failed(context)) return BL_EXACT(0);
    if (bl_exact_is_zero(b)) return fail_size(context);
    bl_exact result;
    const bl_exact inverse = {.num = b.den, .den = b.num};
    if (!b.limbs && multiply_small(a, inverse, &result)) return result;
    return multiply_large(context, a, b, true);
}

bl_exact bl_exact_copy(bl_exact_context *context, bl_exact a)
{
    if (!a.limbs || bl_exact_has_failed(context)) return a;
    const size_t size = ((size_t)a.num_count + a.den_count) * sizeof *a.limbs;
    unsigned long *limbs = bl_arena_alloc(context->arena, size);
    if (!limbs) return fail_memory(context);
    memcpy(limbs, a.limbs, size);
    a.limbs = limbs;
    return a;
}

int bl_exact_compare(bl_exact_context *context, bl_exact a, bl_exact b)
{
    if (!a.limbs && !b.limbs) {
        const wide left = (wide)a.num * b.den, right = (wide)b.num * a.den;
        return (left > right) - (left < right);
    }
    if (!has_room(context)) return 0;
    whole a_num = slot_of(context, SLOT_A), a_den = slot_of(context, SLOT_B);
    whole b_num = slot_of(context, SLOT_C), b_den = slot_of(context, SLOT_D);
    unpack(a, &a_num, &a_den);
    unpack(b, &b_num, &b_den);
    whole left = slot_of(context, SLOT_E), right = slot_of(context, SLOT_F);
    multiply_into(&left, &a_num, &b_den);
    multiply_into(&right, &b_num, &a_den);
    return compare_wholes(&left, &right);
}

/* ---- decimals ---- */

static uint64_t power_of_ten(uint32_t places)
{
    uint64_t power = 1;
    for (uint32_t i = 0; i < places; i++)
        power *= 10;
    return power;
}

static void multiply_by(whole *a, uint64_t factor)
{
    if (a->count == 0) return;
    const mp_limb_t carry = mpn_mul_1(a->limbs, a->limbs, a->count, factor);
    if (carry) a->limbs[a->count++] = carry;
}

static void scale(whole *a, uint32_t places)
{
    for (; places > DECIMAL_DIGITS; places -= DECIMAL_DIGITS)
        multiply_by(a, DECIMAL_BASE);
    multiply_by(a, power_of_ten(places));
}

/* num = num * 10^places / den, rounded. */
static void round_slots(const bl_exact_context *context, whole *num, whole *den, uint32_t places,
                        bl_exact_rounding rounding)
{
    scale(num, places);
    if (rounding == BL_EXACT_HALF_UP) { /* x + 1/2, rounded down */
        put_twos(num, num->count ? 1 : 0);
        add_to(num, den);
        put_twos(den, 1);
    }
    const bool has_rest = divide_by(context, num, den);
    if (rounding == BL_EXACT_UP && has_rest) add_to(num, &(whole){&(mp_limb_t){1}, 1});
}

static bool is_decimal(bl_exact a, uint32_t places)
{
    return !a.limbs && places <= DECIMAL_DIGITS && power_of_ten(places) % a.den == 0;
}

bl_exact bl_exact_round(bl_exact_context *context, bl_exact a, uint32_t places,
                        bl_exact_rounding rounding)
{
    assert(places <= BL_EXACT_PLACES_MOST);
    if (bl_exact_is_whole(a) || is_decimal(a, places)) return a;
    bl_exact result;
    if (!a.limbs && places < DECIMAL_DIGITS && rounding == BL_EXACT_DOWN) {
        const uint64_t scaled_by = power_of_ten(places);
        if (settle((wide)a.num * scaled_by / a.den, scaled_by, &result)) return result;
    }
    if (!has_room(context)) return BL_EXACT(0);
    whole num = slot_of(context, SLOT_A), den = slot_of(context, SLOT_B);
    unpack(a, &num, &den);
    round_slots(context, &num, &den, places, rounding);
    if (num.count == 0) return BL_EXACT(0);
    set(&den, &(mp_limb_t){1}, 1);
    scale(&den, places);
    reduce(context, &num, &den);
    return pack(context, &num, &den);
}

uint32_t bl_exact_share(bl_exact_context *context, bl_exact a, bl_exact b)
{
    if (bl_exact_is_zero(b)) return 0;
    const bl_exact ratio = bl_exact_divide(context, a, b);
    if (bl_exact_compare(context, ratio, BL_EXACT(1)) >= 0)
        return bl_exact_has_failed(context) ? 0 : 10000;
    if (!ratio.limbs) return (uint32_t)((wide)ratio.num * 10000 / ratio.den);
    whole num = slot_of(context, SLOT_A), den = slot_of(context, SLOT_B);
    unpack(ratio, &num, &den);
    round_slots(context, &num, &den, 4, BL_EXACT_DOWN);
    return num.count ? (uint32_t)num.limbs[0] : 0;
}

/* ---- text ---- */

static void reverse(char *bytes, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        const char byte = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
}

/* Digits come from the last to the first: written so, with the point among them, then turned round.
 */
typedef struct digits {
    bl_buffer *buffer;
    uint32_t written;
    uint32_t places;
    bool is_trimmed; /* zeros are left out until another digit has come */
} digits;

static void put_digit(digits *d, char digit)
{
    if (d->is_trimmed && d->written < d->places && digit == '0') {
        d->written++;
        return;
    }
    if (d->written == d->places && d->places > 0 && !d->is_trimmed) {
        bl_buffer_char(d->buffer, '.');
    }
    if (d->written < d->places) d->is_trimmed = false;
    bl_buffer_char(d->buffer, digit);
    d->written++;
}

/* a / 10^places as a decimal; `a` is used up. */
static void write_scaled(bl_buffer *buffer, whole *a, uint32_t places, bool is_trimmed)
{
    const size_t from = buffer->size;
    digits d = {buffer, 0, places, is_trimmed};
    while (a->count > 0) {
        mp_limb_t rest = mpn_divrem_1(a->limbs, 0, a->limbs, a->count, DECIMAL_BASE);
        trim(a);
        for (uint32_t i = 0; i < DECIMAL_DIGITS && (a->count > 0 || rest > 0); i++) {
            put_digit(&d, (char)('0' + rest % 10));
            rest /= 10;
        }
    }
    while (d.written <= places)
        put_digit(&d, '0');
    if (!buffer->failed) reverse(buffer->bytes + from, buffer->size - from);
}

void bl_exact_write_decimal(bl_exact_context *context, bl_buffer *buffer, bl_exact a,
                            uint32_t places, bool is_trimmed)
{
    assert(places <= BL_EXACT_PLACES_MOST);
    if (!a.limbs && places < DECIMAL_DIGITS) {
        const wide scaled = (wide)a.num * power_of_ten(places) / a.den;
        mp_limb_t limbs[2] = {(mp_limb_t)scaled, (mp_limb_t)(scaled >> 64)};
        whole digits_of = {limbs, 2};
        trim(&digits_of);
        write_scaled(buffer, &digits_of, places, is_trimmed);
        return;
    }
    if (!has_room(context)) return;
    whole num = slot_of(context, SLOT_A), den = slot_of(context, SLOT_B);
    unpack(a, &num, &den);
    round_slots(context, &num, &den, places, BL_EXACT_DOWN);
    write_scaled(buffer, &num, places, is_trimmed);
}

static bl_exact denominator_of(bl_exact a)
{
    if (!a.limbs) return BL_EXACT(a.den);
    if (a.den_count == 1) return BL_EXACT(a.limbs[a.num_count]);
    return a;
}

void bl_exact_write(bl_exact_context *context, bl_buffer *buffer, bl_exact a)
{
    const bl_exact den = denominator_of(a);
    if (!den.limbs && power_of_ten(SHORT_PLACES) % den.num == 0) {
        bl_exact_write_decimal(context, buffer, a, SHORT_PLACES, true);
        return;
    }
    if (!has_room(context)) return;
    whole num = slot_of(context, SLOT_A), rest = slot_of(context, SLOT_B);
    unpack(a, &num, &rest);
    write_scaled(buffer, &num, 0, false);
    bl_buffer_char(buffer, '/');
    write_scaled(buffer, &rest, 0, false);
}
