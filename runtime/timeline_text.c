/*
 * A timeline for a terminal of 80 columns: a drawing, a legend of the signs in it, and below all
 * moments exactly.
 *
 * Each lane is a heading and some rows of cells. Marks of one sort stand in one row, several at one
 * place as their number, so that nothing hides anything.
 */
#include "markup.h"
#include "timeline.h"

enum { NAME_WIDTH = 13, DRAW_WIDTH = 66, LINE_WIDTH = 79, LABEL_ROW_MAX = 8 };

typedef enum sign {
    SIGN_BAR,
    SIGN_WINDOW,
    SIGN_AHEAD,
    SIGN_DEADLINE,
    SIGN_MET,
    SIGN_NUMBER,
    SIGN_MANY,
    SIGN_SPOILT,
    SIGN_NOW,
    SIGN_COUNT
} sign;
static const char *const legend[SIGN_COUNT] = {"├─┤ from opening to closing",
                                               "╞═╡ a veto or dispute may come",
                                               "╌ still to come",
                                               "╎ deadline",
                                               "┫ closed at the deadline",
                                               "2 to 9: so many",
                                               "# ten or more",
                                               "· replaced or discarded",
                                               "▲ now"};

typedef struct drawing {
    const bl_timeline *t;
    bl_buffer *out;
    bool color;
    bl_axis axis;
    bool is_used[SIGN_COUNT];
    const char *cells[DRAW_WIDTH];
} drawing;

static void paint(const drawing *d, const char *code)
{
    if (d->color) bl_buffer_cstring(d->out, code);
}

static const char *color_of(const char *tone)
{
    switch (tone[0]) {
    case 'g': return "\033[32m";
    case 'b': return "\033[31m";
    case 'w': return "\033[33m";
    case 'n': return "\033[34m";
    default: return "\033[2m";
    }
}

static void put_spaces(bl_buffer *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        bl_buffer_char(out, ' ');
}

/* At most so many columns; the last is an ellipsis where something was left out. What it took. */
static uint32_t put_short(const drawing *d, bl_text text, uint32_t columns)
{
    const uint32_t all = bl_markup_columns(text);
    if (all <= columns) {
        bl_outcome_show(d->out, text);
        return all;
    }
    text.size = bl_markup_cut(text, columns - 1);
    bl_outcome_show(d->out, text);
    bl_buffer_cstring(d->out, "…");
    return bl_markup_columns(text) + 1;
}

/* ---- rows ---- */

static void clear_row(drawing *d)
{
    for (uint32_t i = 0; i < DRAW_WIDTH; i++)
        d->cells[i] = " ";
}

static void put_name(drawing *d, bl_text name)
{
    bl_buffer_cstring(d->out, "  ");
    const uint32_t taken = put_short(d, name, NAME_WIDTH - 3) + 2;
    put_spaces(d->out, NAME_WIDTH - taken);
}

static void put_row(drawing *d, bl_text name, const char *tone)
{
    uint32_t end = DRAW_WIDTH;
    while (end > 0 && d->cells[end - 1][0] == ' ')
        end--;
    put_name(d, name);
    paint(d, color_of(tone));
    for (uint32_t i = 0; i < end; i++)
        bl_buffer_cstring(d->out, d->cells[i]);
    paint(d, "\033[0m");
    bl_buffer_char(d->out, '\n');
}

static const char *use(drawing *d, sign which, const char *cell)
{
    d->is_used[which] = true;
    return cell;
}

/* ---- the line of life ---- */

/* The label that begins at a column of a row, or the pole of one above that stands there; NULL. */
static const bl_label *label_at(const bl_label *labels, uint32_t count, uint32_t row,
                                uint32_t column)
{
    const bl_label *pole = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (labels[i].row == row && labels[i].left == column) return &labels[i];
        if (labels[i].row != BL_NONE && labels[i].row > row && labels[i].at == column)
            pole = &labels[i];
    }
    return pole;
}

static void put_labels(drawing *d, const bl_label *labels, uint32_t count, uint32_t row)
{
    uint32_t written = 0;
    put_name(d, BL_TEXT(""));
    for (uint32_t column = 0; column < DRAW_WIDTH; column++) {
        const bl_label *label = label_at(labels, count, row, column);
        if (!label) continue;
        put_spaces(d->out, column - written);
        if (label->row != row) {
            bl_buffer_cstring(d->out, "│");
            written = column + 1;
            continue;
        }
        bl_outcome_show(d->out, label->text);
        if (label->text.size < label->title.size) bl_buffer_cstring(d->out, "…");
        written = column + label->width;
        column = written - 1;
    }
    bl_buffer_char(d->out, '\n');
}

static bl_result draw_life(drawing *d)
{
    uint32_t count;
    bl_label *labels = bl_timeline_labels(d->t, &d->axis, 1, &count);
    if (!labels) return BL_NOMEM;
    for (uint32_t row = bl_labels_place(labels, count, DRAW_WIDTH, LABEL_ROW_MAX); row-- > 0;)
        put_labels(d, labels, count, row);
    clear_row(d);
    const uint32_t now = bl_axis_at(&d->axis, d->t->engine->now);
    for (uint32_t i = 0; i < DRAW_WIDTH && d->t->until > d->t->from; i++)
        d->cells[i] = i <= now ? "─" : use(d, SIGN_AHEAD, "╌");
    for (uint32_t i = 0; i < d->t->mark_count; i++) {
        const bl_timeline_mark *mark = &d->t->marks[i];
        if (mark->lane != 0 || mark->time > d->t->until) continue;
        const bool is_past = mark->when == BL_MARK_PAST;
        const char **cell = &d->cells[bl_axis_at(&d->axis, mark->time)];
        if (is_past)
            *cell = "●";
        else if (!bl_text_equal(bl_text_of(*cell), BL_TEXT("●")))
            *cell = mark->when == BL_MARK_NOW ? use(d, SIGN_NOW, "▲") : "○";
    }
    put_row(d, BL_TEXT("life"), "now");
    return BL_OK;
}

static void draw_axis(drawing *d)
{
    bl_tick ticks[BL_TICK_COUNT_MAX];
    const uint32_t count = bl_axis_ticks(&d->axis, 12, ticks);
    clear_row(d);
    for (uint32_t i = 0; i < DRAW_WIDTH; i++)
        d->cells[i] = "─";
    for (uint32_t i = 0; i < count; i++)
        d->cells[bl_axis_at(&d->axis, ticks[i].time)] = "┬";
    put_row(d, BL_TEXT("time"), "quiet");
    for (int line = 0; line < 2; line++) {
        uint32_t column = 0;
        put_name(d, BL_TEXT(""));
        for (uint32_t i = 0; i < count; i++) {
            const char *text = line == 0 ? ticks[i].fine : ticks[i].coarse;
            const uint32_t width = (uint32_t)bl_text_of(text).size;
            uint32_t at = bl_axis_at(&d->axis, ticks[i].time);
            if (at + width > DRAW_WIDTH) at = DRAW_WIDTH - width;
            if (width == 0 || (column > 0 && at <= column)) continue;
            put_spaces(d->out, at - column);
            bl_buffer_cstring(d->out, text);
            column = at + width;
        }
        bl_buffer_char(d->out, '\n');
    }
}

/* ---- lanes ---- */

/* The name of the row a mark stands in. */
static bl_text row_name(const bl_timeline *t, const bl_timeline_mark *mark)
{
    if (t->lanes[mark->lane].sort != BL_LANE_REFUSED) return mark->word;
    return (bl_text){mark->outcome.event.bytes, mark->outcome.event.size};
}

/* What stands in rows of marks: not what the rows of spans show. */
static bool is_in_rows(const bl_timeline *t, const bl_timeline_mark *mark, uint32_t lane)
{
    if (mark->lane != lane || mark->when != BL_MARK_PAST) return false;
    const bool is_result = bl_text_equal(
        (bl_text){mark->outcome.type.bytes, mark->outcome.type.size}, mark->word);
    return t->lanes[lane].sort != BL_LANE_VOTE || !is_result;
}

static void draw_marks(drawing *d, uint32_t first)
{
    static const char *const digits[] = {"2", "3", "4", "5", "6", "7", "8", "9"};
    const bl_timeline *t = d->t;
    const bl_timeline_mark *model = &t->marks[first];
    uint32_t counts[DRAW_WIDTH] = {0};
    clear_row(d);
    for (uint32_t i = first; i < t->mark_count; i++) {
        const bl_timeline_mark *mark = &t->marks[i];
        if (!is_in_rows(t, mark, model->lane) ||
            !bl_text_equal(row_name(t, mark), row_name(t, model)))
            continue;
        const uint32_t at = bl_axis_at(&d->axis, mark->time);
        if (mark->spoilt) {
            if (counts[at] == 0) d->cells[at] = use(d, SIGN_SPOILT, "·");
            continue;
        }
        counts[at]++;
        if (counts[at] == 1)
            d->cells[at] = mark->look->sign;
        else if (counts[at] < 10)
            d->cells[at] = use(d, SIGN_NUMBER, digits[counts[at] - 2]);
        else
            d->cells[at] = use(d, SIGN_MANY, "#");
    }
    put_row(d, row_name(t, model), model->look->tone);
}

/* Whether an earlier mark has begun the row this one stands in. */
static bool is_drawn(const bl_timeline *t, uint32_t mark)
{
    for (uint32_t i = t->lanes[t->marks[mark].lane].first_mark; i < mark; i++)
        if (is_in_rows(t, &t->marks[i], t->marks[mark].lane) &&
            bl_text_equal(row_name(t, &t->marks[i]), row_name(t, &t->marks[mark])))
            return true;
    return false;
}

static void draw_span(drawing *d, const bl_timeline_span *span)
{
    const bool is_window = d->t->lanes[span->lane].sort == BL_LANE_WINDOW;
    const uint32_t from = bl_axis_at(&d->axis, span->from);
    const uint32_t until = bl_axis_at(&d->axis, bl_timeline_solid_end(d->t, span));
    const bool is_open = span->until == BL_TIME_MAX;
    const bool has_deadline = span->deadline != BL_TIME_MAX && span->deadline <= d->t->until;
    const uint32_t deadline = bl_axis_at(&d->axis, span->deadline);
    const uint32_t ahead = has_deadline ? deadline : DRAW_WIDTH;
    for (uint32_t i = until; i < ahead && is_open; i++)
        d->cells[i] = use(d, SIGN_AHEAD, "╌");
    if (has_deadline && (is_open || span->until < span->deadline))
        d->cells[deadline] = use(d, SIGN_DEADLINE, "╎");
    if (bl_text_equal(bl_text_of(span->state), BL_TEXT("waiting"))) return;
    for (uint32_t i = from; i <= until; i++)
        d->cells[i] = use(d, is_window ? SIGN_WINDOW : SIGN_BAR, is_window ? "═" : "─");
    if (!is_open && span->until == span->deadline)
        d->cells[until] = use(d, SIGN_MET, "┫");
    else if (!is_open)
        d->cells[until] = is_window ? "╡" : "┤";
    if (from < until || is_open) d->cells[from] = is_window ? "╞" : "├";
}

/* Spans of a window follow each other in one row; duties may overlap and have a row each. */
static void draw_spans(drawing *d, uint32_t lane)
{
    const bool is_duty = d->t->lanes[lane].sort == BL_LANE_DUTY;
    const bl_timeline_span *last = NULL;
    clear_row(d);
    for (uint32_t i = 0; i < d->t->span_count; i++) {
        const bl_timeline_span *span = &d->t->spans[i];
        if (span->lane != lane) continue;
        if (last && is_duty) {
            put_row(d, bl_text_of(last->state), last->tone);
            clear_row(d);
        }
        draw_span(d, span);
        last = span;
    }
    if (last) put_row(d, bl_text_of(last->state), last->tone);
}

static void put_heading(drawing *d, uint32_t lane)
{
    bl_buffer *words = &d->t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_lane_name(d->t, lane, words);
    const bylaw_text name = bl_say_built(d->t->engine, mark);
    const bl_timeline_span *last = NULL;
    for (uint32_t i = 0; i < d->t->span_count; i++)
        if (d->t->spans[i].lane == lane) last = &d->t->spans[i];
    if (last) {
        bl_buffer_cstring(words, ": ");
        bl_timeline_span_words(last, words);
    }
    if (d->t->lanes[lane].clause.size > 0) {
        bl_buffer_cstring(words, ", ");
        bl_buffer_text(words, d->t->lanes[lane].clause);
    }
    const bylaw_text rest = bl_say_built(d->t->engine, mark);
    paint(d, "\033[1m");
    const uint32_t taken = put_short(d, (bl_text){name.bytes, name.size}, LINE_WIDTH);
    paint(d, "\033[0m");
    put_short(d, (bl_text){rest.bytes, rest.size}, LINE_WIDTH - taken);
    bl_buffer_char(d->out, '\n');
}

static void draw_lane(drawing *d, uint32_t lane)
{
    put_heading(d, lane);
    for (uint32_t i = 0; i < d->t->mark_count; i++)
        if (is_in_rows(d->t, &d->t->marks[i], lane) && !is_drawn(d->t, i)) draw_marks(d, i);
    draw_spans(d, lane);
}

/* ---- below the drawing ---- */

static void put_legend(const drawing *d)
{
    uint32_t column = 0;
    for (int i = 0; i < SIGN_COUNT; i++) {
        if (!d->is_used[i]) continue;
        const uint32_t width = bl_markup_columns(bl_text_of(legend[i]));
        const bool fits = column > 0 && column + 3 + width <= LINE_WIDTH;
        if (column > 0) bl_buffer_cstring(d->out, fits ? "   " : "\n");
        bl_buffer_cstring(d->out, legend[i]);
        column = fits ? column + 3 + width : width;
    }
    if (column > 0) bl_buffer_cstring(d->out, "\n\n");
}

static void list_span(const drawing *d, const bl_timeline_span *span)
{
    bl_buffer *words = &d->t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_lane_name(d->t, span->lane, words);
    const bylaw_text name = bl_say_built(d->t->engine, mark);
    const uint32_t taken = put_short(d, (bl_text){name.bytes, name.size}, 19);
    put_spaces(d->out, 20 - taken);
    bl_timeline_time(d->out, span->from);
    bl_buffer_cstring(d->out, " to ");
    if (span->until == BL_TIME_MAX)
        bl_buffer_cstring(d->out, span->from > d->t->engine->now ? "…" : "now");
    else
        bl_timeline_time(d->out, span->until);
    bl_buffer_cstring(d->out, ", ");
    bl_timeline_span_words(span, d->out);
    if (span->deadline != BL_TIME_MAX) {
        bl_buffer_cstring(d->out, "\n                    deadline ");
        bl_timeline_time(d->out, span->deadline);
        bl_buffer_format(d->out, ", %s", bl_timeline_deadline_state(d->t, span));
    }
    bl_buffer_char(d->out, '\n');
    if (d->t->lanes[span->lane].clause.size == 0) return;
    bl_buffer_cstring(d->out, "                    ");
    bl_outcome_show(d->out, d->t->lanes[span->lane].clause);
    bl_buffer_char(d->out, '\n');
}

/* The same reason is said once, of what followed from it as well. */
static void list_mark(const drawing *d, const bl_timeline_mark *mark, bl_text *reason)
{
    bl_buffer *words = &d->t->engine->buffer;
    const size_t built = words->size;
    bl_timeline_mark_words(d->t, mark, true, words);
    const bylaw_text said = bl_say_built(d->t->engine, built);
    const bl_text because = {mark->outcome.because.bytes, mark->outcome.because.size};
    if (mark->when != BL_MARK_PAST) paint(d, "\033[34m");
    bl_timeline_time(d->out, mark->time);
    bl_buffer_cstring(d->out, mark->when == BL_MARK_TO_COME ? "  to come: " : "  ");
    bl_outcome_show(d->out, (bl_text){said.bytes, said.size});
    if (mark->outcome.seq > 0)
        bl_buffer_format(d->out, "  [%llu]", (unsigned long long)mark->outcome.seq);
    if (mark->when != BL_MARK_PAST) paint(d, "\033[0m");
    bl_buffer_char(d->out, '\n');
    if (because.size > 0 && !bl_text_equal(because, *reason)) {
        bl_buffer_cstring(d->out, "                    ");
        const bool is_quote = mark->outcome.event.size > 0 &&
                              bl_text_equal(mark->word, (bl_text){mark->outcome.event.bytes,
                                                                  mark->outcome.event.size});
        bl_buffer_cstring(d->out, is_quote ? "\"" : "");
        bl_outcome_show(d->out, because);
        bl_buffer_cstring(d->out, is_quote ? "\"\n" : "\n");
    }
    *reason = because;
}

static void put_lists(const drawing *d)
{
    bl_text reason = BL_TEXT("");
    for (uint32_t i = 0; i < d->t->span_count; i++)
        list_span(d, &d->t->spans[i]);
    if (d->t->span_count > 0) bl_buffer_char(d->out, '\n');
    bl_buffer_cstring(d->out, "In order, with the number of the event that caused it:\n");
    for (uint32_t i = 0; i < d->t->mark_count; i++)
        list_mark(d, &d->t->marks[i], &reason);
}

static void put_head(const drawing *d)
{
    const bl_timeline *t = d->t;
    const size_t mark = t->engine->buffer.size;
    bl_timeline_status(t, &t->engine->buffer);
    const bylaw_text status = bl_say_built(t->engine, mark);
    paint(d, "\033[1m");
    bl_outcome_show(d->out, (bl_text){status.bytes, status.size});
    paint(d, "\033[0m");
    bl_buffer_cstring(d->out, "\n");
    bl_timeline_about(t, &t->engine->buffer);
    const bylaw_text about = bl_say_built(t->engine, mark);
    bl_outcome_show(d->out, (bl_text){about.bytes, about.size});
    bl_buffer_cstring(d->out, "\n\n");
}

bl_result bl_timeline_write_text(const bl_timeline *timeline, bool color, bl_buffer *out)
{
    drawing d = {.t = timeline,
                 .out = out,
                 .color = color,
                 .axis = {timeline->from, timeline->until, DRAW_WIDTH}};
    put_head(&d);
    const bl_result result = draw_life(&d);
    if (result != BL_OK) return result;
    draw_axis(&d);
    for (uint32_t i = 1; i < timeline->lane_count; i++)
        draw_lane(&d, i);
    bl_buffer_char(out, '\n');
    put_legend(&d);
    put_lists(&d);
    return BL_OK;
}
