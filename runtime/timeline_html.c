/*
 * A timeline as a page: the picture, in three widths of which the window shows one, and below it
 * tables with every span and every mark.
 */
#include <string.h>

#include "markup.h"
#include "timeline.h"

static bl_text to_text(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

static bl_text built(const bl_timeline *t, size_t mark)
{
    return to_text(bl_say_built(t->engine, mark));
}

static void put_time(bl_buffer *out, bl_time time)
{
    bl_buffer_cstring(out, "<time datetime=\"");
    bl_time_write(out, time);
    bl_buffer_cstring(out, "\"><span>");
    bl_date_write(out, time);
    bl_buffer_cstring(out, "</span>");
    const size_t mark = out->size;
    bl_timeline_time(out, time);
    if (!out->failed) { /* the day was said */
        memmove(out->bytes + mark, out->bytes + mark + 10, out->size - mark - 10);
        out->size -= 10;
    }
    bl_buffer_cstring(out, "</time>");
}

static void open_cell(bl_buffer *out, const char *label)
{
    bl_buffer_format(out, "<td data-label=\"%s\">", label);
}

/* A cell with the place in the policy below it. */
static void put_cell_of(bl_buffer *out, const char *label, bl_text text, bl_text place)
{
    open_cell(out, label);
    if (text.size > 0) {
        bl_buffer_cstring(out, "<bdi>");
        bl_markup_text(out, text);
        bl_buffer_cstring(out, "</bdi>");
    }
    if (place.size > 0) {
        bl_buffer_cstring(out,
                          text.size > 0 ? " <span class=\"quiet\">" : "<span class=\"quiet\">");
        bl_markup_text(out, place);
        bl_buffer_cstring(out, "</span>");
    }
    bl_buffer_cstring(out, "</td>");
}

static void put_cell(bl_buffer *out, const char *label, bl_text text)
{
    put_cell_of(out, label, text, BL_TEXT(""));
}

static void put_time_cell(bl_buffer *out, const char *label, bl_time time)
{
    open_cell(out, label);
    if (time != BL_TIME_MAX) put_time(out, time);
    bl_buffer_cstring(out, "</td>");
}

static void put_lane_cell(const bl_timeline *t, uint32_t lane, bl_buffer *out)
{
    const size_t mark = t->engine->buffer.size;
    bl_timeline_lane_name(t, lane, &t->engine->buffer);
    put_cell(out, "where", built(t, mark));
}

static void open_table(bl_buffer *out, const char *class, const char *const *heads)
{
    bl_buffer_format(out, "<div class=\"wide\"><table class=\"cards %s\">\n<thead><tr>", class);
    for (; *heads; heads++)
        bl_buffer_format(out, "<th>%s</th>", *heads);
    bl_buffer_cstring(out, "</tr></thead>\n<tbody>\n");
}

static void put_deadline_cell(const bl_timeline *t, const bl_timeline_span *span, bl_buffer *out)
{
    open_cell(out, "deadline");
    if (span->deadline != BL_TIME_MAX) {
        put_time(out, span->deadline);
        bl_buffer_format(out, ", %s", bl_timeline_deadline_state(t, span));
    }
    bl_buffer_cstring(out, "</td>");
}

static void put_spans(const bl_timeline *t, bl_buffer *out)
{
    static const char *const heads[] = {"Where", "From", "Until", "Deadline",
                                        "State", "Rule", NULL};
    if (t->span_count == 0) return;
    bl_buffer_cstring(out, "<h2>Votes, windows, duties</h2>\n");
    open_table(out, "spans", heads);
    for (uint32_t i = 0; i < t->span_count; i++) {
        const bl_timeline_span *span = &t->spans[i];
        const size_t mark = t->engine->buffer.size;
        bl_timeline_span_words(span, &t->engine->buffer);
        const bl_text words = built(t, mark);
        bl_buffer_cstring(out, "<tr>");
        put_lane_cell(t, span->lane, out);
        put_time_cell(out, "from", span->from);
        put_time_cell(out, "until", span->until);
        put_deadline_cell(t, span, out);
        put_cell(out, "state", words);
        put_cell_of(out, "rule", t->lanes[span->lane].clause, t->lanes[span->lane].place);
        bl_buffer_cstring(out, "</tr>\n");
    }
    bl_buffer_cstring(out, "</tbody></table></div>\n");
}

static void put_mark(const bl_timeline *t, const bl_timeline_mark *mark, bl_buffer *out)
{
    const size_t start = t->engine->buffer.size;
    if (mark->when == BL_MARK_TO_COME) bl_buffer_cstring(&t->engine->buffer, "to come: ");
    bl_timeline_mark_words(t, mark, false, &t->engine->buffer);
    const bl_text words = built(t, start);
    bl_buffer_cstring(out, "<tr>");
    put_time_cell(out, "time", mark->time);
    open_cell(out, "event");
    if (mark->outcome.seq > 0) bl_buffer_format(out, "%llu", (unsigned long long)mark->outcome.seq);
    bl_buffer_cstring(out, "</td>");
    put_lane_cell(t, mark->lane, out);
    put_cell(out, "what", words);
    put_cell_of(out, "because", to_text(mark->outcome.because), to_text(mark->outcome.clause));
    bl_buffer_cstring(out, "</tr>\n");
}

static void put_marks(const bl_timeline *t, bl_buffer *out)
{
    static const char *const heads[] = {
        "Time (UTC)", "Event", "Where", "What", "Because, and the clause", NULL};
    bl_buffer_cstring(out, "<h2>In order</h2>\n");
    open_table(out, "marks", heads);
    for (uint32_t i = 0; i < t->mark_count; i++)
        put_mark(t, &t->marks[i], out);
    bl_buffer_cstring(out, "</tbody></table></div>\n");
}

bl_result bl_timeline_write_html(const bl_timeline *timeline, bl_buffer *out)
{
    static const struct width {
        const char *class;
        uint32_t pixels;
    } widths[] = {{"narrow", 368}, {"middle", 640}, {"broad", 928}};
    const size_t mark = timeline->engine->buffer.size;
    bl_timeline_status(timeline, &timeline->engine->buffer);
    const bl_text status = built(timeline, mark);
    bl_markup_page_begin(out, status);
    bl_buffer_cstring(out, "<h1><bdi>");
    bl_markup_text(out, status);
    bl_buffer_cstring(out, "</bdi></h1>\n<p class=\"quiet\">");
    bl_timeline_about(timeline, &timeline->engine->buffer);
    bl_markup_text(out, built(timeline, mark));
    bl_buffer_cstring(out, "</p>\n");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        bl_buffer_format(out, "<div class=\"picture %s\">\n", widths[i].class);
        const bl_result result = bl_timeline_write_svg(timeline, widths[i].pixels, false, out);
        if (result != BL_OK) return result;
        bl_buffer_cstring(out, "</div>\n");
    }
    put_spans(timeline, out);
    put_marks(timeline, out);
    bl_markup_page_end(out);
    return BL_OK;
}
