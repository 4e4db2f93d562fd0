/*
 * The line of time: from moments to places, ticks at round moments of the calendar, and labels that
 * do not cover each other. All in whole pixels or columns.
 */
#include <stdio.h>

#include "markup.h"
#include "timeline.h"

uint32_t bl_axis_at(const bl_axis *axis, bl_time time)
{
    if (time <= axis->from || axis->until <= axis->from || axis->width < 2) return 0;
    if (time >= axis->until) return axis->width - 1;
    uint64_t part = (uint64_t)time - (uint64_t)axis->from;
    uint64_t whole = (uint64_t)axis->until - (uint64_t)axis->from;
    while (whole >= UINT64_C(1) << 44) { /* so that the product fits; far below a pixel */
        part >>= 1;
        whole >>= 1;
    }
    return (uint32_t)((part * (axis->width - 1) + whole / 2) / whole);
}

/* ---- ticks ---- */

#define MINUTE (INT64_C(60) * BL_SECOND)
#define HOUR (INT64_C(3600) * BL_SECOND)
#define MONTH_ROUGHLY (INT64_C(2629746) * BL_SECOND)

typedef enum unit_sort { UNIT_CLOCK, UNIT_SECONDS, UNIT_DAYS, UNIT_MONTHS, UNIT_YEARS } unit_sort;

static const struct unit {
    unit_sort sort;
    int64_t size; /* microseconds, or months */
} units[] = {
    {UNIT_SECONDS, BL_SECOND},
    {UNIT_SECONDS, 5 * BL_SECOND},
    {UNIT_SECONDS, 15 * BL_SECOND},
    {UNIT_SECONDS, 30 * BL_SECOND},
    {UNIT_CLOCK, MINUTE},
    {UNIT_CLOCK, 5 * MINUTE},
    {UNIT_CLOCK, 15 * MINUTE},
    {UNIT_CLOCK, 30 * MINUTE},
    {UNIT_CLOCK, HOUR},
    {UNIT_CLOCK, 3 * HOUR},
    {UNIT_CLOCK, 6 * HOUR},
    {UNIT_CLOCK, 12 * HOUR},
    {UNIT_DAYS, BL_DAY},
    {UNIT_DAYS, 2 * BL_DAY},
    {UNIT_DAYS, 7 * BL_DAY},
    {UNIT_DAYS, 14 * BL_DAY},
    {UNIT_MONTHS, 1},
    {UNIT_MONTHS, 2},
    {UNIT_MONTHS, 3},
    {UNIT_MONTHS, 6},
    {UNIT_YEARS, 12},
    {UNIT_YEARS, 24},
    {UNIT_YEARS, 60},
    {UNIT_YEARS, 120},
    {UNIT_YEARS, 240},
    {UNIT_YEARS, 600},
    {UNIT_YEARS, 1200},
    {UNIT_YEARS, 6000},
    {UNIT_YEARS, 12000},
};
#define UNIT_COUNT (sizeof units / sizeof *units)

static bool is_of_months(const struct unit *unit)
{
    return unit->sort == UNIT_MONTHS || unit->sort == UNIT_YEARS;
}

/* The smallest unit of which there are not too many. */
static const struct unit *find_unit(const bl_axis *axis, uint32_t room)
{
    const int64_t range = axis->until - axis->from;
    const int64_t most = axis->width / room > BL_TICK_COUNT_MAX - 2 ? BL_TICK_COUNT_MAX - 2
                                                                    : axis->width / room;
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        const int64_t size = is_of_months(&units[i]) ? units[i].size * MONTH_ROUGHLY
                                                     : units[i].size;
        if (range / size <= most) return &units[i];
    }
    return &units[UNIT_COUNT - 1];
}

/* The first multiple of the unit at or after a moment; weeks begin on Mondays. */
static bl_time first_tick(const struct unit *unit, bl_time from)
{
    if (is_of_months(unit)) {
        const bl_time_parts p = bl_time_split(from);
        int64_t month = p.year * 12 + p.month - 1;
        if (bl_time_of_day(p.year, p.month, 1) < from) month++;
        month = (month + unit->size - 1) / unit->size * unit->size;
        return bl_time_of_day(month / 12, month % 12 + 1, 1);
    }
    const bl_time monday = 4 * BL_DAY;
    const bl_time base = unit->size % (7 * BL_DAY) == 0 ? monday : 0;
    const int64_t past = (from - base) % unit->size;
    if (past == 0) return from;
    return from - past + (past > 0 ? unit->size : 0);
}

static bool next_tick(const struct unit *unit, bl_time *time)
{
    const bl_duration step = is_of_months(unit) ? (bl_duration){unit->size, 0}
                                                : (bl_duration){0, unit->size};
    return bl_time_add(*time, step, time);
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void label_tick(unit_sort sort, bl_tick *tick)
{
    const bl_time_parts p = bl_time_split(tick->time);
    const char *month = months[p.month - 1];
    const int year = (int)p.year, day = (int)p.day;
    const unsigned hour = (unsigned)p.hour % 24, minute = (unsigned)p.minute % 60;
    tick->coarse[0] = '\0';
    switch (sort) {
    case UNIT_SECONDS:
        snprintf(tick->fine, sizeof tick->fine, "%02u:%02u:%02u", hour, minute,
                 (unsigned)p.second % 60);
        break;
    case UNIT_CLOCK: snprintf(tick->fine, sizeof tick->fine, "%02u:%02u", hour, minute); break;
    case UNIT_DAYS: snprintf(tick->fine, sizeof tick->fine, "%d %s", day % 100, month); break;
    case UNIT_MONTHS: snprintf(tick->fine, sizeof tick->fine, "%s", month); break;
    case UNIT_YEARS: snprintf(tick->fine, sizeof tick->fine, "%d", year % 10000); return;
    }
    if (sort == UNIT_SECONDS || sort == UNIT_CLOCK)
        snprintf(tick->coarse, sizeof tick->coarse, "%d %s %d", day % 100, month, year % 10000);
    else
        snprintf(tick->coarse, sizeof tick->coarse, "%d", year % 10000);
}

/* What is as in the tick before is said once. */
static void say_coarse_once(bl_tick *ticks, uint32_t count)
{
    uint32_t said = 0;
    for (uint32_t i = 1; i < count; i++) {
        if (bl_text_equal(bl_text_of(ticks[i].coarse), bl_text_of(ticks[said].coarse)))
            ticks[i].coarse[0] = '\0';
        else
            said = i;
    }
}

uint32_t bl_axis_ticks(const bl_axis *axis, uint32_t room, bl_tick ticks[BL_TICK_COUNT_MAX])
{
    const struct unit *unit = find_unit(axis, room);
    uint32_t count = 0;
    bl_time at = first_tick(unit, axis->from);
    while (at <= axis->until && count < BL_TICK_COUNT_MAX) {
        ticks[count].time = at;
        label_tick(unit->sort, &ticks[count++]);
        if (!next_tick(unit, &at)) break;
    }
    if (count == 0) { /* a life shorter than the way to the next round moment */
        ticks[0].time = axis->from;
        label_tick(UNIT_SECONDS, &ticks[0]);
        count = 1;
    }
    say_coarse_once(ticks, count);
    return count;
}

/* ---- labels ---- */

static bool is_covered(const bl_label *label, uint32_t at)
{
    return at >= label->left && at <= label->left + label->width;
}

/* Whether a label can be in a row: none is in its way there, and no pole of one above. */
static bool is_free(const bl_label *labels, uint32_t count, uint32_t label, uint32_t row)
{
    const bl_label *own = &labels[label];
    for (uint32_t i = 0; i < count; i++) {
        const bl_label *other = &labels[i];
        if (i == label || other->row == BL_NONE) continue;
        const bool is_beside = other->left > own->left + own->width ||
                               own->left > other->left + other->width;
        if (other->row == row && !is_beside) return false;
        if (other->row > row && is_covered(own, other->at)) return false;
    }
    return true;
}

static void place_label(bl_label *labels, uint32_t count, uint32_t label, uint32_t row_max)
{
    for (uint32_t row = 0; row < row_max && labels[label].row == BL_NONE; row++)
        if (is_free(labels, count, label, row)) labels[label].row = row;
}

/*
 * Like flags on poles, from the last to the first: the earlier one flies above the later. Those
 * that would leave the drawing stand left of their mark, above all whose poles would go through
 * them.
 */
uint32_t bl_labels_place(bl_label *labels, uint32_t count, uint32_t width, uint32_t row_max)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t last = width > labels[i].width ? width - labels[i].width : 0;
        labels[i].left = labels[i].at < last ? labels[i].at : last;
        labels[i].row = BL_NONE;
    }
    for (uint32_t i = count; i-- > 0;)
        if (labels[i].left == labels[i].at) place_label(labels, count, i, row_max);
    for (uint32_t i = 0; i < count; i++) {
        if (labels[i].left != labels[i].at) place_label(labels, count, i, row_max);
        if (labels[i].row != BL_NONE && labels[i].row >= rows) rows = labels[i].row + 1;
    }
    return rows;
}

static bool is_on_life(const bl_timeline *timeline, const bl_timeline_mark *mark)
{
    return timeline->lanes[mark->lane].sort == BL_LANE_LIFE &&
           (mark->when != BL_MARK_NOW || bl_timeline_shows_now(timeline));
}

/* Appends the words of the marks at one place, each word once; gives the mark behind the last. */
static uint32_t say_place(const bl_timeline *timeline, const bl_axis *axis, uint32_t first)
{
    bl_buffer *out = &timeline->engine->buffer;
    const uint32_t at = bl_axis_at(axis, timeline->marks[first].time);
    const bl_timeline_mark *before = NULL;
    uint32_t i = first;
    for (; i < timeline->mark_count; i++) {
        const bl_timeline_mark *mark = &timeline->marks[i];
        if (!is_on_life(timeline, mark)) continue;
        if (bl_axis_at(axis, mark->time) != at) break;
        if (before && before->when == mark->when && bl_text_equal(before->word, mark->word))
            continue;
        bl_buffer_cstring(out, before ? ", " : "");
        bl_buffer_text(out, mark->word);
        if (mark->when == BL_MARK_TO_COME) bl_buffer_cstring(out, " (to come)");
        before = mark;
    }
    return i;
}

bl_label *bl_timeline_labels(const bl_timeline *timeline, const bl_axis *axis,
                             uint32_t column_width, uint32_t *count)
{
    bl_engine *engine = timeline->engine;
    bl_label *labels = bl_arena_array(&engine->scratch, timeline->mark_count, sizeof *labels);
    *count = 0;
    if (!labels) return NULL;
    const uint32_t most = axis->width / column_width;
    for (uint32_t i = 0; i < timeline->mark_count;) {
        if (!is_on_life(timeline, &timeline->marks[i])) {
            i++;
            continue;
        }
        bl_label *label = &labels[(*count)++];
        const size_t mark = engine->buffer.size;
        label->at = bl_axis_at(axis, timeline->marks[i].time);
        i = say_place(timeline, axis, i);
        const bylaw_text all = bl_say_built(engine, mark);
        if (engine->out_of_memory) return NULL;
        label->title = (bl_text){all.bytes, all.size};
        label->text = label->title;
        label->width = bl_markup_columns(label->text) * column_width;
        if (label->width <= most * column_width) continue;
        label->text.size = bl_markup_cut(label->text, most - 1);
        label->width = (bl_markup_columns(label->text) + 1) * column_width;
    }
    return labels;
}
