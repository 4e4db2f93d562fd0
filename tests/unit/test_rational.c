/* Exact numbers: arithmetic at its limits, comparing with roots, reading and writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rational.h"

static bl_rational r(int64_t num, int64_t den)
{
    bl_rational out = {0, 0};
    assert_true(bl_rational_make(num, den, &out));
    return out;
}

static void assert_rational(bl_rational a, int64_t num, int64_t den)
{
    assert_int_equal(a.num, num);
    assert_int_equal(a.den, den);
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static void a_ratio_is_made_in_lowest_terms_with_a_positive_denominator(void **state)
{
    (void)state;
    assert_rational(r(6, -4), -3, 2);
    assert_rational(r(0, -7), 0, 1);
    assert_rational(r(-8, -4), 2, 1);
    assert_rational(r(INT64_MIN, 2), INT64_MIN / 2, 1);
    assert_rational(r(INT64_MIN, INT64_MIN), 1, 1);
    assert_rational(r(2, INT64_MIN), -1, INT64_C(1) << 62);
    bl_rational out;
    assert_false(bl_rational_make(1, 0, &out));
    assert_false(bl_rational_make(0, 0, &out));
    assert_false(bl_rational_make(INT64_MIN, -1, &out));
    assert_false(bl_rational_make(1, INT64_MIN, &out));
}

static void sums_and_products_are_exact(void **state)
{
    (void)state;
    bl_rational out;
    assert_true(bl_rational_add(r(1, 3), r(1, 6), &out));
    assert_rational(out, 1, 2);
    assert_true(bl_rational_subtract(r(1, 3), r(1, 3), &out));
    assert_rational(out, 0, 1);
    assert_true(bl_rational_multiply(r(2, 3), r(-3, 4), &out));
    assert_rational(out, -1, 2);
    assert_true(bl_rational_divide(r(2, 3), r(-4, 9), &out));
    assert_rational(out, -3, 2);
    assert_true(bl_rational_multiply(r(INT64_MAX, 7), r(7, INT64_MAX), &out));
    assert_rational(out, 1, 1);
    assert_true(bl_rational_divide(r(INT64_MIN, 1), r(INT64_MIN, 1), &out));
    assert_rational(out, 1, 1);
    assert_true(bl_rational_subtract(r(INT64_MIN, 1), r(INT64_MIN, 1), &out));
    assert_rational(out, 0, 1);
}

static void what_does_not_fit_is_an_error_and_never_a_wrong_answer(void **state)
{
    (void)state;
    bl_rational out = {5, 7};
    assert_false(bl_rational_add(r(INT64_MAX, 1), r(1, 1), &out));
    assert_false(bl_rational_subtract(r(INT64_MIN, 1), r(1, 1), &out));
    assert_false(bl_rational_multiply(r(INT64_MAX, 1), r(2, 1), &out));
    assert_false(bl_rational_multiply(r(INT64_MIN, 1), r(INT64_MIN, 1), &out));
    assert_false(bl_rational_add(r(1, INT64_MAX), r(1, INT64_MAX - 1), &out));
    assert_false(bl_rational_add(r(INT64_MIN, INT64_MAX), r(INT64_MIN, INT64_MAX - 2), &out));
    assert_false(bl_rational_divide(r(1, INT64_MAX), r(INT64_MIN, 1), &out));
    assert_false(bl_rational_divide(r(1, 1), r(0, 1), &out));
    assert_false(bl_rational_divide(r(1, 1), r(INT64_MIN, 1), &out));
    assert_false(bl_rational_negate(r(INT64_MIN, 1), &out));
    assert_rational(out, 5, 7);
    assert_true(bl_rational_negate(r(INT64_MIN, 3), &out) == false);
    assert_true(bl_rational_negate(r(1, 3), &out));
    assert_rational(out, -1, 3);
}

static void floor_and_ceiling_go_their_way_below_zero_too(void **state)
{
    (void)state;
    assert_int_equal(bl_rational_floor(r(7, 2)), 3);
    assert_int_equal(bl_rational_ceiling(r(7, 2)), 4);
    assert_int_equal(bl_rational_floor(r(-7, 2)), -4);
    assert_int_equal(bl_rational_ceiling(r(-7, 2)), -3);
    assert_int_equal(bl_rational_floor(r(-4, 1)), -4);
    assert_int_equal(bl_rational_ceiling(r(-4, 1)), -4);
    assert_int_equal(bl_rational_floor(r(INT64_MIN, 1)), INT64_MIN);
    assert_int_equal(bl_rational_ceiling(r(INT64_MAX, 1)), INT64_MAX);
    assert_int_equal(bl_rational_floor(r(-1, INT64_MAX)), -1);
    assert_int_equal(bl_rational_ceiling(r(1, INT64_MAX)), 1);
    assert_true(bl_rational_is_integer(r(4, 2)));
    assert_false(bl_rational_is_integer(r(1, 2)));
}

static void comparing_is_exact_for_the_closest_neighbours(void **state)
{
    (void)state;
    assert_int_equal(bl_rational_compare(r(1, 3), r(2, 6)), 0);
    assert_int_equal(bl_rational_compare(r(2, 3), r(3, 4)), -1);
    assert_int_equal(
        bl_rational_compare(r(INT64_MAX - 1, INT64_MAX), r(INT64_MAX - 2, INT64_MAX - 1)), 1);
    assert_int_equal(bl_rational_compare(r(INT64_MIN, 1), r(INT64_MAX, 1)), -1);
    assert_int_equal(bl_rational_compare(r(INT64_MIN, INT64_MAX), r(-1, 1)), -1);
}

static int root_sign(bl_rational a, bl_rational b, bl_rational c)
{
    int sign = 9;
    assert_true(bl_rational_compare_root(a, b, c, &sign));
    return sign;
}

static void comparing_with_a_root_is_exact(void **state)
{
    (void)state;
    assert_int_equal(root_sign(r(3, 1), r(1, 1), r(9, 1)), 0);
    assert_int_equal(root_sign(r(3, 2), r(1, 1), r(9, 4)), 0);
    assert_int_equal(root_sign(r(-3, 1), r(-1, 1), r(9, 1)), 0);
    assert_int_equal(root_sign(r(-3, 1), r(-1, 1), r(10, 1)), 1);
    assert_int_equal(root_sign(r(-3, 1), r(1, 1), r(9, 1)), -1);
    assert_int_equal(root_sign(r(3, 1), r(-1, 1), r(9, 1)), 1);
    assert_int_equal(root_sign(r(0, 1), r(0, 1), r(9, 1)), 0);
    assert_int_equal(root_sign(r(1, 1), r(5, 1), r(0, 1)), 1);
    assert_int_equal(root_sign(r(-1, 1), r(-5, 1), r(0, 1)), -1);
    assert_int_equal(root_sign(r(665857, 470832), r(1, 1), r(2, 1)), 1);
    assert_int_equal(root_sign(r(INT64_C(3037000499), 1), r(1, 1), r(INT64_MAX, 1)), -1);
    assert_int_equal(root_sign(r(INT64_C(3037000500), 1), r(1, 1), r(INT64_MAX, 1)), 1);
    assert_int_equal(root_sign(r(INT64_MAX, 1), r(INT64_MAX, 1), r(1, 1)), 0);
    assert_int_equal(root_sign(r(INT64_MIN, 1), r(INT64_MIN, 1), r(1, 1)), 0);
    assert_int_equal(root_sign(r(INT64_MAX, INT64_MAX - 1), r(INT64_MAX, INT64_MAX - 1),
                               r(INT64_MAX, INT64_MAX - 1)),
                     -1);
    int sign;
    assert_false(bl_rational_compare_root(r(1, 1), r(1, 1), r(-1, 1), &sign));
}

static int64_t ceiling_root(bl_rational b, bl_rational c)
{
    int64_t least = 0;
    assert_true(bl_rational_ceiling_root(b, c, &least));
    return least;
}

static void the_least_whole_number_not_below_a_root(void **state)
{
    (void)state;
    assert_int_equal(ceiling_root(r(3, 2), r(4, 1)), 3);
    assert_int_equal(ceiling_root(r(3, 2), r(5, 1)), 4);
    assert_int_equal(ceiling_root(r(3, 2), r(3, 1)), 3);
    assert_int_equal(ceiling_root(r(1, 2), r(1024, 1)), 16);
    assert_int_equal(ceiling_root(r(1, 2), r(1025, 1)), 17);
    assert_int_equal(ceiling_root(r(3, 2), r(1003, 1)), 48); /* 47.506 */
    assert_int_equal(ceiling_root(r(1, 3), r(1, 9)), 1);
    assert_int_equal(ceiling_root(r(9, 1), r(1, 9)), 3);
    assert_int_equal(ceiling_root(r(5, 1), r(0, 1)), 0);
    assert_int_equal(ceiling_root(r(0, 1), r(7, 1)), 0);
    assert_int_equal(ceiling_root(r(-1, 1), r(9, 1)), -3);
    assert_int_equal(ceiling_root(r(-1, 1), r(10, 1)), -3);
    assert_int_equal(ceiling_root(r(1, 1), r(INT64_MAX, 1)), INT64_C(3037000500));
    assert_int_equal(ceiling_root(r(INT64_MAX, 1), r(1, 1)), INT64_MAX);
    assert_int_equal(ceiling_root(r(-INT64_MAX, 1), r(1, 1)), -INT64_MAX);
    for (int64_t root = 1; root < INT64_C(3037000499); root = root * 3 + 1) {
        assert_int_equal(ceiling_root(r(1, 1), r(root * root - 1, 1)), root == 1 ? 0 : root);
        assert_int_equal(ceiling_root(r(1, 1), r(root * root, 1)), root);
        assert_int_equal(ceiling_root(r(1, 1), r(root * root + 1, 1)), root + 1);
    }
    int64_t least;
    assert_false(bl_rational_ceiling_root(r(1, 1), r(-1, 1), &least));
    assert_false(bl_rational_ceiling_root(r(INT64_MAX, 1), r(2, 1), &least));
    assert_false(bl_rational_ceiling_root(r(INT64_MIN, 1), r(2, 1), &least));
}

static void comparing_with_a_root_agrees_with_squares(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 200000; i++) {
        int64_t a = (int64_t)(next_random(&seed) % 2001) - 1000;
        int64_t b = (int64_t)(next_random(&seed) % 41) - 20;
        int64_t c = next_random(&seed) % 4000;
        int64_t left = a < 0 ? -a * a : a * a;
        int64_t right = (b < 0 ? -b * b : b * b) * c;
        assert_int_equal(root_sign(r(a, 7), r(b, 7), r(c, 1)), (left > right) - (left < right));
        assert_int_equal(root_sign(r(a, 3), r(b, 1), r(c, 9)), (left > right) - (left < right));
    }
}

static void numbers_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t num, den;
    } rows[] = {
        {"12", 12, 1},
        {"-0.75", -3, 4},
        {"3/4", 3, 4},
        {"-6/8", -3, 4},
        {"75%", 3, 4},
        {"66.6%", 333, 500},
        {"5%", 1, 20},
        {"0.5%", 1, 200},
        {"0", 0, 1},
        {"-0", 0, 1},
        {"007", 7, 1},
        {"1.50000000000000000000000000000000000000000000000", 3, 2},
        {"0.000000000000000001", 1, INT64_C(1000000000000000000)},
        {"0.0000000000000000002168404344971008868014905601739883422851562500", 1, INT64_C(1) << 62},
        {"9223372036854775807", INT64_MAX, 1},
        {"-9223372036854775808", INT64_MIN, 1},
        {"-9223372036854775808/9223372036854775808", -1, 1},
        {"922337203685477580700%", INT64_MAX, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_rational out;
        if (!bl_rational_parse(bl_text_of(rows[i].text), &out)) fail_msg("%s", rows[i].text);
        assert_rational(out, rows[i].num, rows[i].den);
    }
}

static void what_is_no_number_or_does_not_fit_is_not_read(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "-",
                                       "+1",
                                       "1.",
                                       ".5",
                                       "1_000",
                                       "1e3",
                                       " 1",
                                       "1 ",
                                       "1/0",
                                       "1/",
                                       "/2",
                                       "1/2%",
                                       "1.5/2",
                                       "1/-2",
                                       "--1",
                                       "%",
                                       "1%%",
                                       "0x10",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "99999999999999999999999999999999999999999999999999",
                                       "1/9223372036854775808",
                                       "0.00000000000000000001",
                                       "3.14159265358979323846"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_rational out;
        if (bl_rational_parse(bl_text_of(rows[i]), &out)) fail_msg("%s", rows[i]);
    }
    bl_rational out;
    assert_false(bl_rational_parse(BL_TEXT("1\0"), &out));
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const bl_rational rows[] = {{7, 1}, {3, 4}, {-3, 4}, {0, 1}, {INT64_MIN, INT64_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_buffer buffer;
        bl_buffer_init(&buffer, &bl_memory_default);
        bl_rational_write(&buffer, rows[i]);
        bl_rational out;
        assert_true(bl_rational_parse((bl_text){buffer.bytes, buffer.size}, &out));
        assert_rational(out, rows[i].num, rows[i].den);
        bl_buffer_free(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ratio_is_made_in_lowest_terms_with_a_positive_denominator),
        cmocka_unit_test(sums_and_products_are_exact),
        cmocka_unit_test(what_does_not_fit_is_an_error_and_never_a_wrong_answer),
        cmocka_unit_test(floor_and_ceiling_go_their_way_below_zero_too),
        cmocka_unit_test(comparing_is_exact_for_the_closest_neighbours),
        cmocka_unit_test(comparing_with_a_root_is_exact),
        cmocka_unit_test(the_least_whole_number_not_below_a_root),
        cmocka_unit_test(comparing_with_a_root_agrees_with_squares),
        cmocka_unit_test(numbers_are_read_exactly),
        cmocka_unit_test(what_is_no_number_or_does_not_fit_is_not_read),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
