/*
 * Exact numbers of any size, compared with GMP's own rationals; their limit; memory that ends; and
 * that GMP takes nothing from the heap on their behalf.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gmp.h>

#include "exact.h"
#include "limits.h"

typedef struct fixture {
    bl_memory memory;
    bl_arena arena;
    bl_exact_context context;
    bl_buffer buffer;
    uint64_t seed;
    size_t allocations;
    size_t fail_from; /* allocations from this one on fail; 0: none does */
} fixture;

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    fixture *f = context;
    if (new_size && ++f->allocations >= f->fail_from && f->fail_from) return NULL;
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->memory = (bl_memory){metered_resize, f};
    bl_arena_init(&f->arena, &f->memory);
    bl_exact_begin(&f->context, &f->arena);
    bl_buffer_init(&f->buffer, &bl_memory_default);
    f->seed = 1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_buffer_free(&f->buffer);
    bl_arena_destroy(&f->arena);
    free(f);
    return 0;
}

static uint64_t next_random(fixture *f)
{
    f->seed = f->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (f->seed >> 33) * UINT64_C(0x9E3779B97F4A7C15) ^ f->seed >> 7;
}

static uint64_t below(fixture *f, uint64_t most)
{
    return next_random(f) % most;
}

/* ---- both kinds of numbers side by side ---- */

static const char *exact_text(fixture *f, bl_exact a)
{
    bl_buffer_clear(&f->buffer);
    bl_exact_write(&f->context, &f->buffer, a);
    bl_buffer_char(&f->buffer, '\0');
    assert_false(f->buffer.failed);
    return f->buffer.bytes;
}

static const char *decimal_text(fixture *f, bl_exact a, uint32_t places, bool is_trimmed)
{
    bl_buffer_clear(&f->buffer);
    bl_exact_write_decimal(&f->context, &f->buffer, a, places, is_trimmed);
    bl_buffer_char(&f->buffer, '\0');
    assert_false(f->buffer.failed);
    return f->buffer.bytes;
}

/* What the limbs of a value say, by the shapes that exact.h tells. */
static void set_mpq(mpq_t out, bl_exact a)
{
    const uint64_t *num = a.limbs ? a.limbs : &a.num;
    const uint64_t *den = a.limbs ? a.limbs + a.num_count : &a.den;
    mpz_import(mpq_numref(out), a.limbs ? a.num_count : 1, -1, 8, 0, 0, num);
    mpz_import(mpq_denref(out), a.limbs ? a.den_count : 1, -1, 8, 0, 0, den);
}

static void assert_same(fixture *f, bl_exact a, const mpq_t expected)
{
    assert_false(bl_exact_has_failed(&f->context));
    mpq_t got;
    mpq_init(got);
    set_mpq(got, a);
    assert_true(mpq_equal(got, expected)); /* also: both are in lowest terms */
    mpq_clear(got);
    if (a.limbs) assert_true(a.num_count > 1 || a.den_count > 1);
}

/* A number that is often small, often at the edge of 64 bits, sometimes of many limbs. */
static bl_exact draw(fixture *f)
{
    const uint64_t kinds[] = {10, 1000, UINT64_C(1) << 32, UINT64_MAX};
    bl_exact a = bl_exact_ratio(&f->context, below(f, kinds[below(f, 4)]),
                                1 + below(f, kinds[below(f, 4)]));
    for (uint64_t i = below(f, 8) * below(f, 8); i > 0; i--) {
        const bl_exact b = bl_exact_ratio(&f->context, next_random(f), 1 + below(f, kinds[2]));
        a = below(f, 2) ? bl_exact_add(&f->context, a, b) : bl_exact_multiply(&f->context, a, b);
    }
    assert_false(bl_exact_has_failed(&f->context));
    return a;
}

static void check_pair(fixture *f, bl_exact a, bl_exact b)
{
    mpq_t x, y, z;
    mpq_inits(x, y, z, NULL);
    set_mpq(x, a);
    set_mpq(y, b);
    mpq_add(z, x, y);
    assert_same(f, bl_exact_add(&f->context, a, b), z);
    mpq_mul(z, x, y);
    assert_same(f, bl_exact_multiply(&f->context, a, b), z);
    const int order = mpq_cmp(x, y);
    assert_int_equal(bl_exact_compare(&f->context, a, b), (order > 0) - (order < 0));
    if (order >= 0) {
        mpq_sub(z, x, y);
        assert_same(f, bl_exact_subtract(&f->context, a, b), z);
    } else {
        mpq_sub(z, y, x);
        assert_same(f, bl_exact_subtract(&f->context, b, a), z);
    }
    if (!bl_exact_is_zero(b)) {
        mpq_div(z, x, y);
        assert_same(f, bl_exact_divide(&f->context, a, b), z);
        mpz_mul_ui(mpq_numref(z), mpq_numref(z), 10000);
        mpz_fdiv_q(mpq_numref(z), mpq_numref(z), mpq_denref(z));
        const uint64_t share = mpz_cmp_ui(mpq_numref(z), 10000) > 0 ? 10000
                                                                    : mpz_get_ui(mpq_numref(z));
        assert_int_equal(bl_exact_share(&f->context, a, b), share);
    }
    mpq_clears(x, y, z, NULL);
}

static void operations_agree_with_mpq(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 20000; i++) {
        const bl_exact a = draw(f);
        check_pair(f, a, below(f, 8) ? draw(f) : a);
        if (i % 100 == 99) {
            bl_arena_reset(&f->arena);
            bl_exact_begin(&f->context, &f->arena);
        }
    }
}

/* x * 10^places, rounded, as a whole number. */
static void round_mpq(mpz_t out, const mpq_t x, uint32_t places, bl_exact_rounding rounding)
{
    mpz_t den;
    mpz_init_set(den, mpq_denref(x));
    mpz_ui_pow_ui(out, 10, places);
    mpz_mul(out, out, mpq_numref(x));
    switch (rounding) {
    case BL_EXACT_DOWN: mpz_fdiv_q(out, out, den); break;
    case BL_EXACT_UP: mpz_cdiv_q(out, out, den); break;
    case BL_EXACT_HALF_UP:
        mpz_mul_ui(out, out, 2);
        mpz_add(out, out, den);
        mpz_mul_ui(den, den, 2);
        mpz_fdiv_q(out, out, den);
        break;
    }
    mpz_clear(den);
}

static void check_rounding(fixture *f, bl_exact a, uint32_t places, bl_exact_rounding rounding)
{
    mpq_t x;
    mpq_init(x);
    mpz_t scaled;
    mpz_init(scaled);
    set_mpq(x, a);
    round_mpq(scaled, x, places, rounding);
    mpz_set(mpq_numref(x), scaled);
    mpz_ui_pow_ui(mpq_denref(x), 10, places);
    mpq_canonicalize(x);
    const bl_exact rounded = bl_exact_round(&f->context, a, places, rounding);
    assert_same(f, rounded, x);

    /* The text of the rounded value: its digits with the point put in. */
    char *digits = mpz_get_str(NULL, 10, scaled);
    const size_t size = strlen(digits);
    char *expected = malloc(size + places + 3);
    const size_t zeros = size <= places ? places + 1 - size : 0;
    memset(expected, '0', zeros);
    memcpy(expected + zeros, digits, size + 1);
    const size_t whole_size = zeros + size - places;
    memmove(expected + whole_size + 1, expected + whole_size, places + 1);
    expected[whole_size] = places ? '.' : '\0';
    assert_string_equal(decimal_text(f, rounded, places, false), expected);
    if (rounding == BL_EXACT_DOWN) assert_string_equal(decimal_text(f, a, places, false), expected);
    if (places) {
        char *end = expected + whole_size + 1 + places;
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.') end[-1] = '\0';
    }
    assert_string_equal(decimal_text(f, rounded, places, true), expected);
    free(expected);
    free(digits);
    mpz_clear(scaled);
    mpq_clear(x);
}

static void rounding_and_decimals_agree_with_mpz(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 10000; i++) {
        const bl_exact_rounding roundings[] = {BL_EXACT_DOWN, BL_EXACT_UP, BL_EXACT_HALF_UP};
        check_rounding(f, draw(f), (uint32_t)below(f, BL_EXACT_PLACES_MOST + 1),
                       roundings[below(f, 3)]);
        if (i % 100 == 99) {
            bl_arena_reset(&f->arena);
            bl_exact_begin(&f->context, &f->arena);
        }
    }
}

static void texts_are_as_people_write_them(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    assert_string_equal(exact_text(f, BL_EXACT(0)), "0");
    assert_string_equal(exact_text(f, BL_EXACT(7)), "7");
    assert_string_equal(exact_text(f, BL_EXACT(1000)), "1000");
    assert_string_equal(exact_text(f, bl_exact_ratio(c, 1, 4)), "0.25");
    assert_string_equal(exact_text(f, bl_exact_ratio(c, 5, 2)), "2.5");
    assert_string_equal(exact_text(f, bl_exact_ratio(c, 14, 6)), "7/3");
    assert_string_equal(exact_text(f, bl_exact_ratio(c, 1, 1000000)), "0.000001");
    assert_string_equal(exact_text(f, bl_exact_ratio(c, 1, 10000000)), "1/10000000");
    const bl_exact large = bl_exact_multiply(c, BL_EXACT(UINT64_MAX), BL_EXACT(UINT64_MAX));
    assert_string_equal(exact_text(f, large), "340282366920938463426481119284349108225");
    assert_string_equal(exact_text(f, bl_exact_divide(c, large, BL_EXACT(4))),
                        "85070591730234615856620279821087277056.25");
    assert_string_equal(exact_text(f, bl_exact_divide(c, BL_EXACT(1), large)),
                        "1/340282366920938463426481119284349108225");
    assert_string_equal(decimal_text(f, bl_exact_ratio(c, 12345, 1000), 5, false), "12.34500");
    assert_string_equal(decimal_text(f, bl_exact_ratio(c, 12345, 1000), 5, true), "12.345");
    assert_string_equal(decimal_text(f, bl_exact_ratio(c, 2, 3), 2, false), "0.66");
    assert_string_equal(decimal_text(f, BL_EXACT(120), 0, true), "120");
    assert_string_equal(decimal_text(f, BL_EXACT(120), 3, true), "120");
    assert_string_equal(decimal_text(f, BL_EXACT(0), 2, false), "0.00");
}

static void rounding_says_which_way(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    const bl_exact two_thirds = bl_exact_ratio(c, 2, 3), half = bl_exact_ratio(c, 1, 2);
    assert_string_equal(exact_text(f, bl_exact_round(c, two_thirds, 2, BL_EXACT_DOWN)), "0.66");
    assert_string_equal(exact_text(f, bl_exact_round(c, two_thirds, 2, BL_EXACT_UP)), "0.67");
    assert_string_equal(exact_text(f, bl_exact_round(c, two_thirds, 2, BL_EXACT_HALF_UP)), "0.67");
    assert_string_equal(exact_text(f, bl_exact_round(c, half, 0, BL_EXACT_HALF_UP)), "1");
    assert_string_equal(exact_text(f, bl_exact_round(c, half, 0, BL_EXACT_DOWN)), "0");
    assert_string_equal(exact_text(f, bl_exact_round(c, half, 1, BL_EXACT_UP)), "0.5");
    assert_true(bl_exact_is_whole(bl_exact_round(c, two_thirds, 0, BL_EXACT_UP)));
    assert_false(bl_exact_is_whole(two_thirds));
}

/* ---- the limit ---- */

/* 2^(64 * limbs) - 1 */
static bl_exact all_ones(fixture *f, size_t limbs)
{
    bl_exact power = BL_EXACT(1);
    for (size_t i = 1; i < limbs; i++)
        power = bl_exact_add(
            &f->context,
            bl_exact_multiply(&f->context,
                              bl_exact_multiply(&f->context, power, BL_EXACT(UINT64_C(1) << 32)),
                              BL_EXACT(UINT64_C(1) << 32)),
            BL_EXACT(1));
    return bl_exact_multiply(&f->context, power, BL_EXACT(UINT64_MAX));
}

static void numbers_at_the_limit_work_and_beyond_it_fail(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    const bl_exact most = all_ones(f, BL_EXACT_LIMBS_MAX);
    assert_false(bl_exact_has_failed(c));
    assert_int_equal(most.num_count, BL_EXACT_LIMBS_MAX);
    const bl_exact least = bl_exact_divide(c, BL_EXACT(1), most);
    assert_int_equal(least.den_count, BL_EXACT_LIMBS_MAX);
    assert_true(bl_exact_is_zero(bl_exact_subtract(c, most, most)));
    assert_int_equal(bl_exact_compare(c, bl_exact_multiply(c, most, least), BL_EXACT(1)), 0);
    assert_int_equal(bl_exact_compare(c, most, least), 1);
    assert_int_equal(bl_exact_share(c, bl_exact_divide(c, most, BL_EXACT(3)), most), 3333);
    assert_int_equal(bl_exact_round(c, least, 0, BL_EXACT_UP).num, 1);
    assert_true(strlen(decimal_text(f, most, BL_EXACT_PLACES_MOST, false)) == 9865 + 21);
    assert_true(bl_exact_is_zero(bl_exact_round(c, least, 20, BL_EXACT_DOWN)));
    assert_false(bl_exact_has_failed(c));

    assert_true(bl_exact_is_zero(bl_exact_add(c, most, BL_EXACT(1))));
    assert_true(c->is_too_large);
    assert_false(c->is_out_of_memory);
    /* Failing stays. */
    assert_true(bl_exact_is_zero(bl_exact_subtract(c, BL_EXACT(3), BL_EXACT(1))));
    assert_true(bl_exact_has_failed(c));
}

static void a_denominator_beyond_the_limit_fails(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    const bl_exact least = bl_exact_divide(c, BL_EXACT(1), all_ones(f, BL_EXACT_LIMBS_MAX));
    assert_false(bl_exact_has_failed(c));
    assert_true(bl_exact_is_zero(bl_exact_divide(c, least, BL_EXACT(2))));
    assert_true(c->is_too_large);
}

static void dividing_by_zero_fails(void **state)
{
    fixture *f = *state;
    assert_true(bl_exact_is_zero(bl_exact_divide(&f->context, BL_EXACT(1), BL_EXACT(0))));
    assert_true(f->context.is_too_large);
    bl_exact_begin(&f->context, &f->arena);
    assert_true(bl_exact_is_zero(bl_exact_ratio(&f->context, 1, 0)));
    assert_true(f->context.is_too_large);
}

/* ---- memory ---- */

/* The weights of ballots that are passed on eight times, each time as much larger as in a count. */
static bl_exact pass_on(fixture *f, int times)
{
    bl_exact_context *c = &f->context;
    bl_exact weight = BL_EXACT(1), sum = BL_EXACT(1000003);
    for (int i = 0; i < times; i++) {
        sum = bl_exact_add(c, sum, bl_exact_multiply(c, weight, BL_EXACT(7919)));
        const bl_exact surplus = bl_exact_subtract(c, sum, BL_EXACT(900001));
        weight = bl_exact_multiply(c, weight, bl_exact_divide(c, surplus, sum));
    }
    return weight;
}

static void out_of_memory_is_noted(void **state)
{
    fixture *f = *state;
    size_t failed = 0;
    for (size_t from = 1;; from++) {
        bl_arena_destroy(&f->arena);
        bl_arena_init(&f->arena, &f->memory);
        bl_exact_begin(&f->context, &f->arena);
        f->allocations = 0;
        f->fail_from = from;
        const bl_exact weight = bl_exact_copy(&f->context, pass_on(f, 8));
        f->fail_from = 0;
        if (!bl_exact_has_failed(&f->context)) {
            assert_non_null(weight.limbs);
            break;
        }
        assert_true(f->context.is_out_of_memory);
        assert_false(f->context.is_too_large);
        assert_true(bl_exact_is_zero(weight));
        failed++;
    }
    assert_true(failed >= 2); /* the room for work, and what is left */
}

static void small_numbers_take_no_memory(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    bl_exact sum = BL_EXACT(0);
    for (uint64_t i = 1; i < 40; i++)
        sum = bl_exact_add(c, sum, bl_exact_ratio(c, i, 5040));
    sum = bl_exact_round(c, bl_exact_divide(c, sum, BL_EXACT(7)), 5, BL_EXACT_DOWN);
    assert_string_equal(exact_text(f, sum), "0.0221");
    assert_int_equal(f->allocations, 0);
}

static void a_result_may_move_to_another_arena(void **state)
{
    fixture *f = *state;
    bl_arena other;
    bl_arena_init(&other, &f->memory);
    const bl_exact first = pass_on(f, 5);
    f->context.arena = &other;
    const bl_exact copy = bl_exact_copy(&f->context, first);
    assert_int_equal(bl_exact_compare(&f->context, first, copy), 0);
    assert_ptr_not_equal(first.limbs, copy.limbs);
    const bl_exact second = bl_exact_add(&f->context, copy, BL_EXACT(1));
    assert_int_equal(bl_exact_compare(&f->context, second, copy), 1);
    f->context.arena = &f->arena;
    bl_arena_destroy(&other);
}

static void *refuse_alloc(size_t size)
{
    (void)size;
    fail_msg("GMP wants memory of its own");
    return NULL;
}

static void *refuse_resize(void *pointer, size_t old_size, size_t new_size)
{
    (void)old_size;
    (void)pointer;
    return refuse_alloc(new_size);
}

/* Numbers of all sizes up to the limit, among them those whose sums have twice as many limbs. */
static void no_operation_takes_memory_from_the_heap(void **state)
{
    fixture *f = *state;
    bl_exact_context *c = &f->context;
    void *(*alloc)(size_t);
    void *(*resize)(void *, size_t, size_t);
    void (*release)(void *, size_t);
    mp_get_memory_functions(&alloc, &resize, &release);
    mp_set_memory_functions(refuse_alloc, refuse_resize, release);
    uint32_t largest = 0;
    for (size_t limbs = 1; limbs <= BL_EXACT_LIMBS_MAX; limbs += 1 + limbs / 3) {
        for (int i = 0; i < 40; i++) {
            bl_arena_reset(&f->arena);
            bl_exact_begin(c, &f->arena);
            const size_t count = i % 4 ? limbs : BL_EXACT_LIMBS_MAX;
            bl_exact a = BL_EXACT(1 | next_random(f)), b = BL_EXACT(1 | next_random(f));
            while (a.num_count < count && count > 1)
                a = bl_exact_multiply(c, a, BL_EXACT(next_random(f)));
            for (size_t at = 1; at < count - (size_t)below(f, limbs); at++)
                b = bl_exact_multiply(c, b, BL_EXACT(next_random(f)));
            assert_false(bl_exact_has_failed(c));
            const bl_exact ratio = bl_exact_divide(c, a, b);
            const bl_exact inverse = bl_exact_divide(c, BL_EXACT(1), b);
            bl_exact_compare(c, ratio, inverse);
            bl_exact_round(c, ratio, (uint32_t)below(f, 21), BL_EXACT_HALF_UP);
            exact_text(f, ratio);
            decimal_text(f, ratio, 20, false);
            assert_false(bl_exact_has_failed(c));
            if (a.num_count > largest) largest = a.num_count;
            bl_exact_add(c, ratio, bl_exact_divide(c, BL_EXACT(3), a));
            c->is_too_large = false;
            bl_exact_add(c, ratio, inverse);
            c->is_too_large = false;
            bl_exact_multiply(c, a, b);
        }
    }
    mp_set_memory_functions(alloc, resize, release);
    assert_int_equal(largest, BL_EXACT_LIMBS_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(operations_agree_with_mpq),
        TEST(rounding_and_decimals_agree_with_mpz),
        TEST(texts_are_as_people_write_them),
        TEST(rounding_says_which_way),
        TEST(numbers_at_the_limit_work_and_beyond_it_fail),
        TEST(a_denominator_beyond_the_limit_fails),
        TEST(dividing_by_zero_fails),
        TEST(out_of_memory_is_noted),
        TEST(small_numbers_take_no_memory),
        TEST(a_result_may_move_to_another_arena),
        TEST(no_operation_takes_memory_from_the_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
