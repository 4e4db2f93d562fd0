/*
 * Time from events, in UTC, on the proleptic Gregorian calendar, years 1 to 9999.
 *
 * A moment is microseconds since 1970-01-01T00:00:00Z, leap seconds left out (":60" is refused). A
 * duration keeps months and microseconds apart, because a month has no fixed length: 31 January + 1
 * month is the last day of February. Nothing here reads a clock.
 */
#ifndef BL_CALENDAR_H
#define BL_CALENDAR_H

#include "text.h"

typedef int64_t bl_time;
#define BL_TIME_MIN INT64_MIN /* "no time yet"; earlier than every moment */
#define BL_TIME_MAX INT64_MAX /* "never"; later than every moment */
#define BL_SECOND INT64_C(1000000)
#define BL_DAY (INT64_C(86400) * BL_SECOND)

typedef struct bl_duration {
    int64_t months;
    int64_t micros;
} bl_duration;

/* RFC 3339 date-time, `Z` or an offset, up to six digits of fraction. False: `*why` says what is
 * wrong, in words. */
bool bl_time_parse(bl_text text, bl_time *out, const char **why);
/* YYYY-MM-DD, midnight UTC. */
bool bl_date_parse(bl_text text, bl_time *out, const char **why);
/* "2024-03-01T12:00:00Z", fraction only where there is one. */
void bl_time_write(bl_buffer *buffer, bl_time time);
void bl_date_write(bl_buffer *buffer, bl_time time);
/* The parts of a moment, and the moment a day begins (month 1 to 12, day 1 to 31 that exist). */
typedef struct bl_time_parts {
    int64_t year, month, day, hour, minute, second;
} bl_time_parts;
bl_time_parts bl_time_split(bl_time time);
bl_time bl_time_of_day(int64_t year, int64_t month, int64_t day);
/* Months first, day cut to the month's last, then the rest. False where outside years 1 to 9999. */
bool bl_time_add(bl_time time, bl_duration duration, bl_time *out);
bool bl_time_subtract(bl_time time, bl_duration duration, bl_time *out);
bool bl_duration_add(bl_duration a, bl_duration b, bl_duration *out);
bool bl_duration_multiply(bl_duration a, int64_t factor, bl_duration *out);
/* Ordered by (months of 30.436875 days, micros) is *not* offered: durations of mixed units have no
   order. This compares only when both have the same months, or one dominates in both parts; else
   false. */
bool bl_duration_compare(bl_duration a, bl_duration b, int *sign);
/* `number` of a unit named "second(s)", "minute(s)", "hour(s)", "day(s)", "week(s)", "month(s)",
 * "quarter(s)", "year(s)". */
bool bl_duration_of(int64_t number, bl_text unit, bl_duration *out);
/* "14 days", "1 month and 3 days", "90 minutes" … */
void bl_duration_write(bl_buffer *buffer, bl_duration duration);

#endif
