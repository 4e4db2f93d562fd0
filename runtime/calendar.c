/*
 * Moments and durations on the proleptic Gregorian calendar, in UTC.
 *
 * A moment becomes a date by counting days from 1 March of year 0: with the year beginning in March
 * a leap day is the year's last day, and months follow one regular pattern of lengths.
 */
#include "calendar.h"

#include <string.h>

#define YEAR_MAX 9999
#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_FROM_MARCH 719468 /* days from 0000-03-01 to 1970-01-01 */
#define MINUTE (INT64_C(60) * BL_SECOND)
#define HOUR (INT64_C(3600) * BL_SECOND)

static const bl_time first_moment = INT64_C(-719162) * BL_DAY; /* 0001-01-01 */
static const bl_time last_moment = INT64_C(2932897) * BL_DAY - 1; /* end of 9999-12-31 */

typedef struct date {
    int64_t year;
    int64_t month; /* 1 to 12 */
    int64_t day; /* 1 to 31 */
} date;

static bool is_in_range(bl_time time)
{
    return time >= first_moment && time <= last_moment;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t month_length(int64_t year, int64_t month)
{
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days since 1970-01-01, for years from 1. */
static int64_t days_of(date d)
{
    int64_t year = d.month > 2 ? d.year : d.year - 1; /* beginning in March */
    int64_t month = (d.month + 9) % 12; /* 0 is March */
    int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - EPOCH_FROM_MARCH;
}

static date date_of(int64_t days)
{
    int64_t from_march = days + EPOCH_FROM_MARCH;
    int64_t era = floor_divide(from_march, DAYS_PER_ERA);
    int64_t day_of_era = from_march - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    date d = {era * 400 + year_of_era, month < 10 ? month + 3 : month - 9,
              day_of_year - (153 * month + 2) / 5 + 1};
    if (d.month <= 2) d.year++;
    return d;
}

bl_time_parts bl_time_split(bl_time time)
{
    const int64_t days = floor_divide(time, BL_DAY);
    const int64_t second = (time - days * BL_DAY) / BL_SECOND;
    const date d = date_of(days);
    return (bl_time_parts){d.year, d.month, d.day, second / 3600, second / 60 % 60, second % 60};
}

bl_time bl_time_of_day(int64_t year, int64_t month, int64_t day)
{
    return days_of((date){year, month, day}) * BL_DAY;
}

/* A place in text being read. */
typedef struct reader {
    bl_text text;
    size_t at;
    const char *why;
} reader;

static bool fail(reader *r, const char *why)
{
    if (!r->why) r->why = why;
    return false;
}

/* Exactly `count` digits. */
static bool read_digits(reader *r, int count, int64_t *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, r->at++) {
        if (r->at >= r->text.size) return false;
        char byte = r->text.bytes[r->at];
        if (byte < '0' || byte > '9') return false;
        *out = *out * 10 + (byte - '0');
    }
    return true;
}

static bool read_byte(reader *r, const char *any_of)
{
    if (r->at >= r->text.size || r->text.bytes[r->at] == '\0') return false;
    if (!strchr(any_of, r->text.bytes[r->at])) return false;
    r->at++;
    return true;
}

static bool read_date(reader *r, int64_t *days)
{
    date d;
    if (!read_digits(r, 4, &d.year) || !read_byte(r, "-") || !read_digits(r, 2, &d.month) ||
        !read_byte(r, "-") || !read_digits(r, 2, &d.day))
        return fail(r, "a date is written YYYY-MM-DD");
    if (d.year == 0) return fail(r, "there is no year 0");
    if (d.month < 1 || d.month > 12) return fail(r, "a month is 01 to 12");
    if (d.day < 1 || d.day > month_length(d.year, d.month))
        return fail(r, "that month has no such day");
    *days = days_of(d);
    return true;
}

static bool read_fraction(reader *r, int64_t *micros)
{
    *micros = 0;
    if (!read_byte(r, ".")) return true;
    int64_t scale = BL_SECOND;
    int64_t digit;
    size_t start = r->at;
    while (read_digits(r, 1, &digit)) {
        if (scale == 1) return fail(r, "a second has at most six digits of fraction");
        scale /= 10;
        *micros += digit * scale;
    }
    if (r->at == start) return fail(r, "digits were expected after the point of the seconds");
    return true;
}

static bool read_clock(reader *r, int64_t *micros)
{
    int64_t hour, minute, second, fraction;
    if (!read_digits(r, 2, &hour) || !read_byte(r, ":") || !read_digits(r, 2, &minute) ||
        !read_byte(r, ":") || !read_digits(r, 2, &second))
        return fail(r, "a time of day is written HH:MM:SS");
    if (hour > 23) return fail(r, "an hour is 00 to 23");
    if (minute > 59) return fail(r, "a minute is 00 to 59");
    if (second == 60) return fail(r, "leap seconds are left out: a second is 00 to 59");
    if (second > 59) return fail(r, "a second is 00 to 59");
    if (!read_fraction(r, &fraction)) return false;
    *micros = hour * HOUR + minute * MINUTE + second * BL_SECOND + fraction;
    return true;
}

/* What to subtract to get UTC. */
static bool read_offset(reader *r, int64_t *micros)
{
    *micros = 0;
    if (read_byte(r, "Zz")) return true;
    bool is_west = r->at < r->text.size && r->text.bytes[r->at] == '-';
    int64_t hour, minute;
    if (!read_byte(r, "+-")) return fail(r, "`Z` or an offset like +02:00 was expected");
    if (!read_digits(r, 2, &hour) || !read_byte(r, ":") || !read_digits(r, 2, &minute) ||
        hour > 23 || minute > 59)
        return fail(r, "an offset is written +HH:MM or -HH:MM");
    *micros = hour * HOUR + minute * MINUTE;
    if (is_west) *micros = -*micros;
    return true;
}

static bool read_end(reader *r)
{
    return r->at == r->text.size || fail(r, "nothing may follow");
}

static bool read_moment(reader *r, bl_time *out)
{
    int64_t days = 0, clock = 0, offset = 0;
    if (!read_date(r, &days)) return false;
    if (!read_byte(r, "Tt")) return fail(r, "`T` and a time of day were expected after the date");
    if (!read_clock(r, &clock) || !read_offset(r, &offset) || !read_end(r)) return false;
    bl_time moment = days * BL_DAY + clock - offset;
    if (!is_in_range(moment)) return fail(r, "in UTC it is outside the years 1 to 9999");
    *out = moment;
    return true;
}

bool bl_time_parse(bl_text text, bl_time *out, const char **why)
{
    reader r = {.text = text};
    bool is_read = read_moment(&r, out);
    if (!is_read) *why = r.why;
    return is_read;
}

bool bl_date_parse(bl_text text, bl_time *out, const char **why)
{
    reader r = {.text = text};
    int64_t days;
    if (!read_date(&r, &days) || !read_end(&r)) {
        *why = r.why;
        return false;
    }
    *out = days * BL_DAY;
    return true;
}

static void write_digits(bl_buffer *buffer, int count, int64_t number)
{
    char digits[8];
    for (int i = count; i-- > 0; number /= 10)
        digits[i] = (char)('0' + number % 10);
    bl_buffer_bytes(buffer, digits, (size_t)count);
}

/* ".5" for half a second, nothing for none. */
static void write_fraction(bl_buffer *buffer, int64_t micros)
{
    if (micros == 0) return;
    int count = 6;
    while (micros % 10 == 0) {
        micros /= 10;
        count--;
    }
    bl_buffer_char(buffer, '.');
    write_digits(buffer, count, micros);
}

/* The two ends of time have no date. True: it was one of them. */
static bool write_end_of_time(bl_buffer *buffer, bl_time time)
{
    if (is_in_range(time)) return false;
    bl_buffer_cstring(buffer, time > last_moment ? "never" : "no time yet");
    return true;
}

static void write_date(bl_buffer *buffer, int64_t days)
{
    date d = date_of(days);
    write_digits(buffer, 4, d.year);
    bl_buffer_char(buffer, '-');
    write_digits(buffer, 2, d.month);
    bl_buffer_char(buffer, '-');
    write_digits(buffer, 2, d.day);
}

void bl_time_write(bl_buffer *buffer, bl_time time)
{
    if (write_end_of_time(buffer, time)) return;
    int64_t days = floor_divide(time, BL_DAY);
    int64_t clock = time - days * BL_DAY;
    write_date(buffer, days);
    bl_buffer_char(buffer, 'T');
    write_digits(buffer, 2, clock / HOUR);
    bl_buffer_char(buffer, ':');
    write_digits(buffer, 2, clock / MINUTE % 60);
    bl_buffer_char(buffer, ':');
    write_digits(buffer, 2, clock / BL_SECOND % 60);
    write_fraction(buffer, clock % BL_SECOND);
    bl_buffer_char(buffer, 'Z');
}

void bl_date_write(bl_buffer *buffer, bl_time time)
{
    if (!write_end_of_time(buffer, time)) write_date(buffer, floor_divide(time, BL_DAY));
}

static bool add_months(bl_time time, int64_t months, bl_time *out)
{
    int64_t days = floor_divide(time, BL_DAY);
    date d = date_of(days);
    int64_t total;
    if (__builtin_add_overflow(d.year * 12 + d.month - 1, months, &total)) return false;
    d.year = floor_divide(total, 12);
    d.month = total - d.year * 12 + 1;
    if (d.year < 1 || d.year > YEAR_MAX) return false;
    int64_t last = month_length(d.year, d.month);
    if (d.day > last) d.day = last;
    *out = days_of(d) * BL_DAY + (time - days * BL_DAY);
    return true;
}

bool bl_time_add(bl_time time, bl_duration duration, bl_time *out)
{
    bl_time moved;
    if (!is_in_range(time) || !add_months(time, duration.months, &moved)) return false;
    if (__builtin_add_overflow(moved, duration.micros, &moved) || !is_in_range(moved)) return false;
    *out = moved;
    return true;
}

bool bl_time_subtract(bl_time time, bl_duration duration, bl_time *out)
{
    bl_duration negated;
    return bl_duration_multiply(duration, -1, &negated) && bl_time_add(time, negated, out);
}

bool bl_duration_add(bl_duration a, bl_duration b, bl_duration *out)
{
    bl_duration sum;
    if (__builtin_add_overflow(a.months, b.months, &sum.months)) return false;
    if (__builtin_add_overflow(a.micros, b.micros, &sum.micros)) return false;
    *out = sum;
    return true;
}

bool bl_duration_multiply(bl_duration a, int64_t factor, bl_duration *out)
{
    bl_duration product;
    if (__builtin_mul_overflow(a.months, factor, &product.months)) return false;
    if (__builtin_mul_overflow(a.micros, factor, &product.micros)) return false;
    *out = product;
    return true;
}

bool bl_duration_compare(bl_duration a, bl_duration b, int *sign)
{
    int months = (a.months > b.months) - (a.months < b.months);
    int micros = (a.micros > b.micros) - (a.micros < b.micros);
    if (months * micros < 0) return false;
    *sign = months ? months : micros;
    return true;
}

static const struct unit {
    const char *name;
    bl_duration one;
} units[] = {
    {"second", {0, BL_SECOND}}, {"minute", {0, MINUTE}}, {"hour", {0, HOUR}}, {"day", {0, BL_DAY}},
    {"week", {0, 7 * BL_DAY}},  {"month", {1, 0}},       {"quarter", {3, 0}}, {"year", {12, 0}},
};

bool bl_duration_of(int64_t number, bl_text unit, bl_duration *out)
{
    if (unit.size && unit.bytes[unit.size - 1] == 's') unit.size--;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (bl_text_equal(unit, bl_text_of(units[i].name)))
            return bl_duration_multiply(units[i].one, number, out);
    return false;
}

/* A duration being written as "1 month, 3 days and 2 hours". */
typedef struct listing {
    bl_buffer *buffer;
    int written;
    int total;
} listing;

/* `micros`, of the number's sign, is the fraction of a number of seconds. */
static void write_part(listing *l, int64_t number, int64_t micros, const char *unit)
{
    if (number == 0 && micros == 0) return;
    if (l->written > 0) bl_buffer_cstring(l->buffer, l->written + 1 == l->total ? " and " : ", ");
    l->written++;
    if (number == 0 && micros < 0) bl_buffer_char(l->buffer, '-');
    bl_buffer_number(l->buffer, number);
    write_fraction(l->buffer, micros < 0 ? -micros : micros);
    bl_buffer_char(l->buffer, ' ');
    bl_buffer_cstring(l->buffer, unit);
    if (micros != 0 || (number != 1 && number != -1)) bl_buffer_char(l->buffer, 's');
}

#define CLOCK_UNIT_COUNT 4
static const struct clock_unit {
    int64_t size;
    const char *name;
} clock_units[CLOCK_UNIT_COUNT] = {
    {BL_DAY, "day"}, {HOUR, "hour"}, {MINUTE, "minute"}, {BL_SECOND, "second"}};

/* A count up to this of one unit is not split into larger ones: "90 minutes", "36 hours". */
#define UNSPLIT_MAX 120

/* The largest unit to use: the smallest that divides `micros` if there are few of it, else the day.
 */
static int largest_unit(int64_t micros)
{
    int exact = 0;
    while (exact < CLOCK_UNIT_COUNT - 1 && micros % clock_units[exact].size != 0)
        exact++;
    int64_t count = micros / clock_units[exact].size;
    return count >= -UNSPLIT_MAX && count <= UNSPLIT_MAX ? exact : 0;
}

void bl_duration_write(bl_buffer *buffer, bl_duration duration)
{
    bool is_years = duration.months % 12 == 0;
    int64_t counts[CLOCK_UNIT_COUNT] = {0};
    int64_t rest = duration.micros;
    listing l = {buffer, 0, duration.months != 0};
    for (int i = largest_unit(rest); i < CLOCK_UNIT_COUNT; i++) {
        counts[i] = rest / clock_units[i].size;
        rest %= clock_units[i].size;
        bool has_fraction = i == CLOCK_UNIT_COUNT - 1 && rest != 0;
        if (counts[i] != 0 || has_fraction) l.total++;
    }
    write_part(&l, is_years ? duration.months / 12 : duration.months, 0,
               is_years ? "year" : "month");
    for (int i = 0; i < CLOCK_UNIT_COUNT; i++)
        write_part(&l, counts[i], i == CLOCK_UNIT_COUNT - 1 ? rest : 0, clock_units[i].name);
    if (l.total == 0) bl_buffer_cstring(buffer, "0 days");
}
