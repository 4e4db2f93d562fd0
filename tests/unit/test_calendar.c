/* Moments and durations: the calendar day by day, reading, writing, adding, comparing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar.h"

static bl_time at(const char *text)
{
    bl_time time = 0;
    const char *why = "";
    if (!bl_time_parse(bl_text_of(text), &time, &why)) fail_msg("%s: %s", text, why);
    return time;
}

static bl_duration of(int64_t number, const char *unit)
{
    bl_duration duration = {0, 0};
    assert_true(bl_duration_of(number, bl_text_of(unit), &duration));
    return duration;
}

static void assert_buffer(bl_buffer *buffer, const char *expected)
{
    assert_false(buffer->failed);
    bl_buffer_char(buffer, '\0');
    assert_string_equal(buffer->bytes, expected);
    bl_buffer_free(buffer);
}

static void assert_time(bl_time time, const char *expected)
{
    bl_buffer buffer;
    bl_buffer_init(&buffer, &bl_memory_default);
    bl_time_write(&buffer, time);
    assert_buffer(&buffer, expected);
}

static void days_of_ten_thousand_years_are_read_and_written(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bl_time expected = -INT64_C(62135596800) * BL_SECOND;
    bl_buffer buffer;
    bl_buffer_init(&buffer, &bl_memory_default);
    for (int year = 1; year <= 9999; year++) {
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && is_leap);
            for (int day = 1; day <= length; day++, expected += BL_DAY) {
                if (year > 2400 && day != 1 && day != length) continue; /* 400 years repeat */
                char text[40];
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                bl_time time = 0;
                const char *why;
                bl_buffer_clear(&buffer);
                bl_date_write(&buffer, expected + BL_DAY - 1);
                if (!bl_date_parse(bl_text_of(text), &time, &why) || time != expected ||
                    buffer.size != 10 || memcmp(buffer.bytes, text, 10) != 0)
                    fail_msg("%s", text);
            }
        }
    }
    bl_buffer_free(&buffer);
    assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(at("2024-03-01T12:00:00Z"), INT64_C(1709294400) * BL_SECOND);
}

static void a_moment_is_written_as_it_was_read(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"2024-03-01T12:00:00Z", "2024-03-01T12:00:00Z"},
        {"2024-03-01t12:00:00z", "2024-03-01T12:00:00Z"},
        {"2024-03-01T12:00:00.5Z", "2024-03-01T12:00:00.5Z"},
        {"2024-03-01T12:00:00.000001Z", "2024-03-01T12:00:00.000001Z"},
        {"2024-03-01T12:00:00.100000Z", "2024-03-01T12:00:00.1Z"},
        {"2024-03-01T12:00:00+02:00", "2024-03-01T10:00:00Z"},
        {"2024-02-29T23:30:00-05:30", "2024-03-01T05:00:00Z"},
        {"2024-03-01T12:00:00-00:00", "2024-03-01T12:00:00Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
        {"1969-12-31T23:59:59.75Z", "1969-12-31T23:59:59.75Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_time(at(rows[i].in), rows[i].out);
    assert_time(BL_TIME_MAX, "never");
    assert_time(BL_TIME_MIN, "no time yet");
}

static void what_is_no_moment_is_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "a date is written YYYY-MM-DD"},
        {"24-03-01T12:00:00Z", "a date is written YYYY-MM-DD"},
        {"2024-3-01T12:00:00Z", "a date is written YYYY-MM-DD"},
        {"0000-03-01T12:00:00Z", "there is no year 0"},
        {"2024-13-01T12:00:00Z", "a month is 01 to 12"},
        {"2024-00-01T12:00:00Z", "a month is 01 to 12"},
        {"2023-02-29T12:00:00Z", "that month has no such day"},
        {"2100-02-29T12:00:00Z", "that month has no such day"},
        {"2024-04-31T12:00:00Z", "that month has no such day"},
        {"2024-04-00T12:00:00Z", "that month has no such day"},
        {"2024-03-01", "`T` and a time of day were expected after the date"},
        {"2024-03-01 12:00:00Z", "`T` and a time of day were expected after the date"},
        {"2024-03-01T12:00Z", "a time of day is written HH:MM:SS"},
        {"2024-03-01T24:00:00Z", "an hour is 00 to 23"},
        {"2024-03-01T12:60:00Z", "a minute is 00 to 59"},
        {"2016-12-31T23:59:60Z", "leap seconds are left out: a second is 00 to 59"},
        {"2016-12-31T23:59:61Z", "a second is 00 to 59"},
        {"2024-03-01T12:00:00.Z", "digits were expected after the point of the seconds"},
        {"2024-03-01T12:00:00.1234567Z", "a second has at most six digits of fraction"},
        {"2024-03-01T12:00:00", "`Z` or an offset like +02:00 was expected"},
        {"2024-03-01T12:00:00,5Z", "`Z` or an offset like +02:00 was expected"},
        {"2024-03-01T12:00:00+0200", "an offset is written +HH:MM or -HH:MM"},
        {"2024-03-01T12:00:00+24:00", "an offset is written +HH:MM or -HH:MM"},
        {"2024-03-01T12:00:00Zx", "nothing may follow"},
        {"0001-01-01T00:00:00+00:01", "in UTC it is outside the years 1 to 9999"},
        {"9999-12-31T23:59:59-00:01", "in UTC it is outside the years 1 to 9999"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_time time = 77;
        const char *why = "";
        assert_false(bl_time_parse(bl_text_of(rows[i].text), &time, &why));
        assert_string_equal(why, rows[i].why);
        assert_int_equal(time, 77);
    }
    bl_time time;
    const char *why;
    assert_false(bl_date_parse(BL_TEXT("2024-03-01T00:00:00Z"), &time, &why));
    assert_string_equal(why, "nothing may follow");
    assert_false(bl_date_parse(BL_TEXT("2024\0003-01"), &time, &why));
}

static void assert_added(const char *from, bl_duration duration, const char *expected)
{
    bl_time time;
    assert_true(bl_time_add(at(from), duration, &time));
    assert_time(time, expected);
}

static void a_month_ends_at_its_last_day(void **state)
{
    (void)state;
    assert_added("2024-01-31T10:00:00Z", of(1, "month"), "2024-02-29T10:00:00Z");
    assert_added("2023-01-31T10:00:00Z", of(1, "month"), "2023-02-28T10:00:00Z");
    assert_added("2024-02-29T10:00:00Z", of(1, "year"), "2025-02-28T10:00:00Z");
    assert_added("2024-02-29T10:00:00Z", of(4, "years"), "2028-02-29T10:00:00Z");
    assert_added("2024-03-31T10:00:00Z", of(-1, "month"), "2024-02-29T10:00:00Z");
    assert_added("2024-11-30T10:00:00Z", of(1, "quarter"), "2025-02-28T10:00:00Z");
    assert_added("1969-12-31T23:59:59.5Z", of(2, "months"), "1970-02-28T23:59:59.5Z");
    assert_added("2024-01-31T00:00:00Z", (bl_duration){1, BL_DAY}, "2024-03-01T00:00:00Z");
    bl_time time;
    assert_true(bl_time_subtract(at("2024-03-31T00:00:00Z"), (bl_duration){1, BL_DAY}, &time));
    assert_time(time, "2024-02-28T00:00:00Z");
}

static void time_outside_the_calendar_is_refused(void **state)
{
    (void)state;
    bl_time time = 7;
    bl_time last = at("9999-12-31T23:59:59.999999Z"), first = at("0001-01-01T00:00:00Z");
    assert_false(bl_time_add(last, (bl_duration){0, 1}, &time));
    assert_false(bl_time_add(last, (bl_duration){1, 0}, &time));
    assert_false(bl_time_add(first, (bl_duration){0, -1}, &time));
    assert_false(bl_time_add(first, (bl_duration){-1, 0}, &time));
    assert_false(bl_time_add(0, (bl_duration){INT64_MAX, 0}, &time));
    assert_false(bl_time_add(0, (bl_duration){INT64_MIN, 0}, &time));
    assert_false(bl_time_add(last, (bl_duration){0, INT64_MAX}, &time));
    assert_false(bl_time_add(first, (bl_duration){0, INT64_MIN}, &time));
    assert_false(bl_time_subtract(0, (bl_duration){0, INT64_MIN}, &time));
    assert_false(bl_time_add(BL_TIME_MAX, (bl_duration){0, 0}, &time));
    assert_false(bl_time_add(BL_TIME_MIN, (bl_duration){0, 0}, &time));
    assert_int_equal(time, 7);
    assert_true(bl_time_add(first, (bl_duration){0, last - first}, &time));
    assert_int_equal(time, last);
    assert_true(bl_time_add(first, (bl_duration){9999 * 12 - 1, 0}, &time));
    assert_time(time, "9999-12-01T00:00:00Z");
}

static void units_are_known_in_both_numbers(void **state)
{
    (void)state;
    assert_int_equal(of(2, "weeks").micros, 14 * BL_DAY);
    assert_int_equal(of(1, "second").micros, BL_SECOND);
    assert_int_equal(of(1, "minutes").micros, 60 * BL_SECOND);
    assert_int_equal(of(1, "hour").micros, 3600 * BL_SECOND);
    assert_int_equal(of(2, "quarters").months, 6);
    bl_duration duration;
    assert_false(bl_duration_of(1, BL_TEXT("fortnight"), &duration));
    assert_false(bl_duration_of(1, BL_TEXT("dayss"), &duration));
    assert_false(bl_duration_of(1, BL_TEXT("s"), &duration));
    assert_false(bl_duration_of(1, BL_TEXT(""), &duration));
    assert_false(bl_duration_of(INT64_MAX, BL_TEXT("day"), &duration));
    assert_false(bl_duration_of(INT64_MAX, BL_TEXT("years"), &duration));
}

static void durations_add_and_multiply_or_say_that_they_do_not_fit(void **state)
{
    (void)state;
    bl_duration sum;
    assert_true(bl_duration_add((bl_duration){1, 2}, (bl_duration){3, 4}, &sum));
    assert_int_equal(sum.months, 4);
    assert_int_equal(sum.micros, 6);
    assert_true(bl_duration_multiply((bl_duration){1, 2}, -3, &sum));
    assert_int_equal(sum.months, -3);
    assert_int_equal(sum.micros, -6);
    assert_false(bl_duration_add((bl_duration){INT64_MAX, 0}, (bl_duration){1, 0}, &sum));
    assert_false(bl_duration_add((bl_duration){0, INT64_MIN}, (bl_duration){0, -1}, &sum));
    assert_false(bl_duration_multiply((bl_duration){0, INT64_MIN}, -1, &sum));
}

static void durations_of_mixed_units_have_an_order_only_where_it_is_certain(void **state)
{
    (void)state;
    int sign = 9;
    assert_true(bl_duration_compare(of(14, "days"), of(2, "weeks"), &sign));
    assert_int_equal(sign, 0);
    assert_true(bl_duration_compare(of(13, "days"), of(2, "weeks"), &sign));
    assert_int_equal(sign, -1);
    assert_true(bl_duration_compare(of(1, "year"), of(11, "months"), &sign));
    assert_int_equal(sign, 1);
    assert_true(bl_duration_compare((bl_duration){1, 5}, (bl_duration){1, 4}, &sign));
    assert_int_equal(sign, 1);
    assert_true(bl_duration_compare((bl_duration){1, 5}, (bl_duration){0, 4}, &sign));
    assert_int_equal(sign, 1);
    assert_false(bl_duration_compare(of(1, "month"), of(30, "days"), &sign));
}

static void durations_are_written_as_people_say_them(void **state)
{
    (void)state;
    static const struct {
        bl_duration duration;
        const char *expected;
    } rows[] = {
        {{0, 14 * BL_DAY}, "14 days"},
        {{0, BL_DAY}, "1 day"},
        {{0, 400 * BL_DAY}, "400 days"},
        {{1, 3 * BL_DAY}, "1 month and 3 days"},
        {{0, 90 * 60 * BL_SECOND}, "90 minutes"},
        {{0, 36 * 3600 * BL_SECOND}, "36 hours"},
        {{0, 1000 * 3600 * BL_SECOND}, "41 days and 16 hours"},
        {{0, BL_DAY + BL_SECOND}, "1 day and 1 second"},
        {{0, BL_DAY + 3661 * BL_SECOND}, "1 day, 1 hour, 1 minute and 1 second"},
        {{0, 3 * BL_SECOND / 2}, "1.5 seconds"},
        {{0, -BL_SECOND / 4}, "-0.25 seconds"},
        {{0, 3600 * BL_SECOND + 1}, "1 hour and 0.000001 seconds"},
        {{12, 0}, "1 year"},
        {{24, 0}, "2 years"},
        {{18, 0}, "18 months"},
        {{-1, 0}, "-1 month"},
        {{0, -14 * BL_DAY}, "-14 days"},
        {{0, 0}, "0 days"},
        {{INT64_MIN, INT64_MIN},
         "-9223372036854775808 months, -106751991 days, -4 hours and -54.775808 seconds"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_buffer buffer;
        bl_buffer_init(&buffer, &bl_memory_default);
        bl_duration_write(&buffer, rows[i].duration);
        assert_buffer(&buffer, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_of_ten_thousand_years_are_read_and_written),
        cmocka_unit_test(a_moment_is_written_as_it_was_read),
        cmocka_unit_test(what_is_no_moment_is_refused_in_words),
        cmocka_unit_test(a_month_ends_at_its_last_day),
        cmocka_unit_test(time_outside_the_calendar_is_refused),
        cmocka_unit_test(units_are_known_in_both_numbers),
        cmocka_unit_test(durations_add_and_multiply_or_say_that_they_do_not_fit),
        cmocka_unit_test(durations_of_mixed_units_have_an_order_only_where_it_is_certain),
        cmocka_unit_test(durations_are_written_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
