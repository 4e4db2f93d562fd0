/*
 * A timeline as a picture: a line of life with labels, below it a lane for each vote, window, duty
 * and sort of consequence, and the line of time.
 *
 * Two passes: the first finds how high each lane is, by stacking marks that would cover each other;
 * the second draws. A mark is always at the exact place of its moment; of a stack that would be too
 * high the rest are thin strokes with their number above. Every span and mark carries what it
 * shows as data-…, so that it can be read back.
 */
#include "markup.h"
#include "timeline.h"

enum {
    MARGIN = 16,
    COLUMN = 8, /* a letter, generously */
    LABEL_HEIGHT = 17,
    LABEL_ROW_MAX = 12,
    STEP = 11, /* from mark to mark in a stack */
    LEVEL_MAX = 8,
    BAR = 10,
    GAP = 16,
    MORE_WIDTH = 40 /* for the number of marks that found no place in a stack */
};

typedef struct layout {
    uint32_t top; /* of the heading */
    uint32_t line; /* the middle of its first bar, or of its lowest marks */
    uint32_t levels; /* of marks above it */
    uint32_t rows; /* of bars */
    uint32_t more; /* marks without a place */
    bool is_split; /* the heading takes two lines */
} layout;

typedef struct picture {
    const bl_timeline *t;
    bl_buffer *out;
    bl_axis axis;
    uint32_t width, height;
    layout *lanes;
    uint32_t *levels; /* of each mark, from 0; BL_NONE: no place */
    uint32_t *rows; /* of each span */
    bl_label *labels;
    uint32_t label_count, label_rows;
    uint32_t life; /* where the line of life is */
    uint32_t bottom; /* where the line of time is */
    bool has_title;
} picture;

static uint32_t x_of(const picture *p, bl_time time)
{
    return MARGIN + bl_axis_at(&p->axis, time);
}

static bool is_shown(const picture *p, const bl_timeline_mark *mark)
{
    return mark->when != BL_MARK_NOW || bl_timeline_shows_now(p->t);
}

/* ---- where everything is ---- */

/* Results and deadlines stand on the bar, not in the stack above it. */
static bool is_on_bar(const picture *p, const bl_timeline_mark *mark)
{
    return p->lanes[mark->lane].rows > 0 &&
           (mark->when == BL_MARK_TO_COME || mark->look->shape == BL_SHAPE_DIAMOND);
}

static void stack_marks(picture *p, uint32_t lane)
{
    uint32_t right[LEVEL_MAX] = {0}; /* of the last mark on each level, exclusive */
    layout *own = &p->lanes[lane];
    for (uint32_t i = 0; i < p->t->mark_count; i++) {
        const bl_timeline_mark *mark = &p->t->marks[i];
        if (mark->lane != lane || is_on_bar(p, mark)) continue;
        const uint32_t x = x_of(p, mark->time);
        uint32_t level = 0;
        while (level < LEVEL_MAX && right[level] > x)
            level++;
        p->levels[i] = level < LEVEL_MAX ? level : BL_NONE;
        if (level == LEVEL_MAX) {
            own->more++;
            continue;
        }
        right[level] = x + STEP;
        if (level >= own->levels) own->levels = level + 1;
    }
}

/* Bars that overlap are put below each other. */
static void stack_spans(picture *p, uint32_t lane)
{
    layout *own = &p->lanes[lane];
    for (uint32_t i = 0; i < p->t->span_count; i++) {
        const bl_timeline_span *span = &p->t->spans[i];
        if (span->lane != lane) continue;
        uint32_t row = 0;
        for (uint32_t k = 0; k < i; k++) {
            const bl_timeline_span *other = &p->t->spans[k];
            if (other->lane == lane && other->until > span->from && p->rows[k] >= row)
                row = p->rows[k] + 1;
        }
        p->rows[i] = row;
        if (row >= own->rows) own->rows = row + 1;
    }
}

static bl_text built(const picture *p, size_t mark)
{
    const bylaw_text text = bl_say_built(p->t->engine, mark);
    return (bl_text){text.bytes, text.size};
}

static const bl_timeline_span *last_span(const picture *p, uint32_t lane)
{
    const bl_timeline_span *last = NULL;
    for (uint32_t i = 0; i < p->t->span_count; i++)
        if (p->t->spans[i].lane == lane) last = &p->t->spans[i];
    return last;
}

static bl_text say_heading(const picture *p, uint32_t lane, const bl_timeline_span *last)
{
    bl_buffer *words = &p->t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_lane_name(p->t, lane, words);
    bl_buffer_cstring(words, ": ");
    bl_timeline_span_words(last, words);
    return built(p, mark);
}

static bool heading_fits(const picture *p, uint32_t lane, const bl_timeline_span *last)
{
    return bl_markup_columns(say_heading(p, lane, last)) * (COLUMN + 1) <= p->axis.width;
}

static uint32_t place_lane(picture *p, uint32_t lane, uint32_t top)
{
    layout *own = &p->lanes[lane];
    own->top = top;
    stack_spans(p, lane);
    stack_marks(p, lane);
    const bl_timeline_span *last = last_span(p, lane);
    own->is_split = last && !heading_fits(p, lane, last);
    const uint32_t heading = (p->t->lanes[lane].clause.size > 0 ? 36u : 20u) +
                             (own->is_split ? 16u : 0u);
    const uint32_t stack = own->levels * STEP + (own->more > 0 ? 14 : 0);
    own->line = top + heading + stack + BAR / 2;
    const uint32_t bars = own->rows > 1 ? (own->rows - 1) * (BAR + 3) : 0;
    return own->line + bars + BAR / 2 + GAP;
}

static bl_result place(picture *p)
{
    bl_arena *scratch = &p->t->engine->scratch;
    p->lanes = bl_arena_array(scratch, p->t->lane_count + 1, sizeof *p->lanes);
    p->levels = bl_arena_array(scratch, p->t->mark_count + 1, sizeof *p->levels);
    p->rows = bl_arena_array(scratch, p->t->span_count + 1, sizeof *p->rows);
    p->labels = bl_timeline_labels(p->t, &p->axis, COLUMN, &p->label_count);
    if (!p->lanes || !p->levels || !p->rows || !p->labels) return bl_no_memory(p->t->engine);
    p->label_rows = bl_labels_place(p->labels, p->label_count, p->axis.width, LABEL_ROW_MAX);
    p->life = (p->has_title ? 66 : 20) + p->label_rows * LABEL_HEIGHT;
    uint32_t top = p->life + 24;
    for (uint32_t i = 1; i < p->t->lane_count; i++)
        top = place_lane(p, i, top);
    p->bottom = top;
    return BL_OK;
}

/* ---- pieces ---- */

static void put_attribute_time(bl_buffer *out, const char *name, bl_time time)
{
    if (time == BL_TIME_MAX) return;
    bl_buffer_format(out, " data-%s=\"", name);
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

static void put_attribute(bl_buffer *out, const char *name, bl_text text)
{
    bl_buffer_format(out, " data-%s=\"", name);
    bl_markup_text(out, text);
    bl_buffer_char(out, '"');
}

static void put_lane(const picture *p, uint32_t lane)
{
    bl_buffer *words = &p->t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_lane_name(p->t, lane, words);
    put_attribute(p->out, "lane", built(p, mark));
}

/* A text that is shortened says all of itself in its title. */
static void put_text(const picture *p, uint32_t x, uint32_t y, const char *class, bl_text text,
                     uint32_t columns)
{
    bl_buffer_format(p->out, "<text x=\"%u\" y=\"%u\" class=\"%s\">", x, y, class);
    const bool fits = bl_markup_columns(text) <= columns;
    if (!fits) {
        bl_buffer_cstring(p->out, "<title>");
        bl_markup_text(p->out, text);
        bl_buffer_cstring(p->out, "</title>");
        text.size = bl_markup_cut(text, columns > 1 ? columns - 1 : 0);
    }
    bl_markup_text(p->out, text);
    bl_buffer_cstring(p->out, fits ? "</text>\n" : "…</text>\n");
}

static void put_shape(bl_buffer *out, const bl_look *look, bool is_to_come)
{
    const char *class = is_to_come ? "come" : look->shape == BL_SHAPE_RING ? "ring" : look->tone;
    switch (look->shape) {
    case BL_SHAPE_DOT: bl_buffer_format(out, "<circle r=\"5\" class=\"%s\"/>", class); break;
    case BL_SHAPE_RING: bl_buffer_format(out, "<circle r=\"4\" class=\"%s\"/>", class); break;
    case BL_SHAPE_CROSS:
        bl_buffer_format(out,
                         "<path d=\"M-5-3L-3-5 0-2 3-5 5-3 2 0 5 3 3 5 0 2-3 5-5 3-2 0Z\" "
                         "class=\"%s\"/>",
                         class);
        break;
    case BL_SHAPE_DOWN:
        bl_buffer_format(out, "<path d=\"M-5-4H5L0 5Z\" class=\"%s\"/>", class);
        break;
    case BL_SHAPE_UP:
        bl_buffer_format(out, "<path d=\"M-5 4H5L0-5Z\" class=\"%s\"/>", class);
        break;
    case BL_SHAPE_SQUARE:
        bl_buffer_format(out, "<path d=\"M-4-4H4V4H-4Z\" class=\"%s\"/>", class);
        break;
    case BL_SHAPE_DIAMOND:
        bl_buffer_format(out, "<path d=\"M0-6L6 0 0 6-6 0Z\" class=\"%s\"/>", class);
        break;
    }
}

/* ---- marks ---- */

static void put_mark_title(const picture *p, const bl_timeline_mark *mark)
{
    bl_buffer *words = &p->t->engine->buffer;
    const size_t start = words->size;
    if (mark->when == BL_MARK_TO_COME) bl_buffer_cstring(words, "to come: ");
    bl_timeline_mark_words(p->t, mark, false, words);
    bl_buffer_cstring(words, ", ");
    bl_timeline_time(words, mark->time);
    if (mark->outcome.because.size > 0) {
        bl_buffer_cstring(words, ": ");
        bl_buffer_text(words, (bl_text){mark->outcome.because.bytes, mark->outcome.because.size});
    }
    bl_buffer_cstring(p->out, "<title>");
    bl_markup_text(p->out, built(p, start));
    bl_buffer_cstring(p->out, "</title>");
}

static void open_mark(const picture *p, const bl_timeline_mark *mark, uint32_t y)
{
    bl_buffer_format(p->out, "<g class=\"mark%s\" transform=\"translate(%u,%u)\"",
                     mark->spoilt ? " faint" : "", x_of(p, mark->time), y);
    put_attribute(p->out, "kind", mark->word);
    put_attribute(p->out, "when", bl_text_of(bl_timeline_when(mark->when)));
    if (mark->outcome.seq > 0)
        bl_buffer_format(p->out, " data-seq=\"%llu\"", (unsigned long long)mark->outcome.seq);
    put_attribute_time(p->out, "time", mark->time);
    put_lane(p, mark->lane);
    if (mark->outcome.actor.size > 0)
        put_attribute(p->out, "actor",
                      (bl_text){mark->outcome.actor.bytes, mark->outcome.actor.size});
    if (mark->spoilt) put_attribute(p->out, "spoilt", bl_text_of(mark->spoilt));
    bl_buffer_char(p->out, '>');
    put_mark_title(p, mark);
}

static uint32_t y_of_mark(const picture *p, uint32_t mark)
{
    const uint32_t lane = p->t->marks[mark].lane;
    if (lane == 0) return p->life;
    const layout *own = &p->lanes[lane];
    if (is_on_bar(p, &p->t->marks[mark]) || p->levels[mark] == BL_NONE) return own->line;
    const uint32_t lift = own->rows > 0 || own->more > 0 ? BAR / 2 + STEP / 2 + 1 : 0;
    return own->line - lift - p->levels[mark] * STEP;
}

static void draw_mark(const picture *p, uint32_t index)
{
    const bl_timeline_mark *mark = &p->t->marks[index];
    open_mark(p, mark, y_of_mark(p, index));
    if (mark->lane != 0 && p->levels[index] == BL_NONE)
        bl_buffer_format(p->out, "<path d=\"M0-5V5\" class=\"due\"/>");
    else
        put_shape(p->out, mark->look, mark->when == BL_MARK_TO_COME);
    bl_buffer_cstring(p->out, "</g>\n");
}

static void put_more(const picture *p, uint32_t lane, uint32_t x, uint32_t count)
{
    const uint32_t last = p->width - MARGIN - MORE_WIDTH + 8;
    const uint32_t y = p->lanes[lane].line - p->lanes[lane].levels * STEP - BAR / 2 - 4;
    bl_buffer_format(p->out,
                     "<text x=\"%u\" y=\"%u\" class=\"small quiet\" data-more=\"%u\">+%u</text>\n",
                     x < last ? x : last, y, count, count);
}

/* How many more there were, beside each heap. */
static void draw_more(const picture *p, uint32_t lane)
{
    uint32_t start = 0, count = 0;
    for (uint32_t i = 0; i < p->t->mark_count; i++) {
        if (p->t->marks[i].lane != lane || p->levels[i] != BL_NONE) continue;
        const uint32_t x = x_of(p, p->t->marks[i].time);
        if (count > 0 && x >= start + MORE_WIDTH) {
            put_more(p, lane, start, count);
            count = 0;
        }
        if (count++ == 0) start = x;
    }
    if (count > 0) put_more(p, lane, start, count);
}

/* ---- bars ---- */

static void put_span_title(const picture *p, const bl_timeline_span *span)
{
    bl_buffer *words = &p->t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_lane_name(p->t, span->lane, words);
    bl_buffer_cstring(words, ", ");
    bl_timeline_span_words(span, words);
    bl_buffer_cstring(words, ": from ");
    bl_timeline_time(words, span->from);
    if (span->until != BL_TIME_MAX) {
        bl_buffer_cstring(words, " to ");
        bl_timeline_time(words, span->until);
    }
    if (span->deadline != BL_TIME_MAX) {
        bl_buffer_cstring(words, ", deadline ");
        bl_timeline_time(words, span->deadline);
        bl_buffer_format(words, " (%s)", bl_timeline_deadline_state(p->t, span));
    }
    bl_buffer_cstring(p->out, "<title>");
    bl_markup_text(p->out, built(p, mark));
    bl_buffer_cstring(p->out, "</title>");
}

static void put_bar(const picture *p, uint32_t from, uint32_t until, uint32_t y, const char *tone,
                    const char *more)
{
    bl_buffer_format(
        p->out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"2\" class=\"%s%s\"/>",
        from, y - BAR / 2, until > from + 1 ? until - from : 2, (unsigned)BAR, tone, more);
}

static void draw_span(const picture *p, uint32_t index)
{
    const bl_timeline_span *span = &p->t->spans[index];
    const uint32_t y = p->lanes[span->lane].line + p->rows[index] * (BAR + 3);
    const bool is_waiting = bl_text_equal(bl_text_of(span->state), BL_TEXT("waiting"));
    const bool has_deadline = span->deadline != BL_TIME_MAX && span->deadline <= p->t->until;
    const uint32_t from = x_of(p, span->from);
    const uint32_t until = is_waiting ? from : x_of(p, bl_timeline_solid_end(p->t, span));
    const uint32_t edge = has_deadline ? x_of(p, span->deadline) : p->width - MARGIN;
    bl_buffer_cstring(p->out, "<g class=\"span\"");
    put_lane(p, span->lane);
    put_attribute(p->out, "state", bl_text_of(span->state));
    put_attribute_time(p->out, "from", span->from);
    put_attribute_time(p->out, "until", span->until);
    put_attribute_time(p->out, "deadline", span->deadline);
    bl_buffer_char(p->out, '>');
    put_span_title(p, span);
    if (span->until == BL_TIME_MAX && edge > until)
        put_bar(p, until, edge, y, span->tone, " faint");
    const bool is_window = p->t->lanes[span->lane].sort == BL_LANE_WINDOW;
    if (!is_waiting) put_bar(p, from, until, y, span->tone, is_window ? " soft" : "");
    if (has_deadline)
        bl_buffer_format(p->out, "<path d=\"M%u %uV%u\" class=\"due%s\"/>", edge, y - BAR / 2 - 3,
                         y + BAR / 2 + 3,
                         span->until < span->deadline && span->until != BL_TIME_MAX ? " faint"
                                                                                    : "");
    bl_buffer_cstring(p->out, "</g>\n");
}

/* ---- lanes ---- */

static bl_text count_word(const picture *p, const bl_timeline_mark *mark)
{
    const bool is_refused = p->t->lanes[mark->lane].sort == BL_LANE_REFUSED;
    const bl_text event = {mark->outcome.event.bytes, mark->outcome.event.size};
    return is_refused && event.size > 0 ? event : mark->word;
}

/* "effects: 2 granted, 1 changed": of a lane without bars; refusals are told by what was refused.
 */
static bl_text say_counts(const picture *p, uint32_t lane)
{
    bl_buffer *words = &p->t->engine->buffer;
    const size_t start = words->size;
    const char *comma = ": ";
    bl_timeline_lane_name(p->t, lane, words);
    for (uint32_t i = 0; i < p->t->mark_count; i++) {
        const bl_timeline_mark *mark = &p->t->marks[i];
        uint32_t count = 0;
        bool is_first = mark->lane == lane;
        for (uint32_t k = p->t->lanes[lane].first_mark; k < p->t->mark_count && is_first; k++) {
            const bl_timeline_mark *other = &p->t->marks[k];
            if (other->lane != lane || !bl_text_equal(count_word(p, other), count_word(p, mark)))
                continue;
            is_first = k >= i;
            count++;
        }
        if (!is_first) continue;
        bl_buffer_format(words, "%s%u ", comma, count);
        bl_buffer_text(words, count_word(p, mark));
        comma = ", ";
    }
    return built(p, start);
}

static void draw_heading(const picture *p, uint32_t lane)
{
    const uint32_t columns = p->axis.width / COLUMN;
    uint32_t y = p->lanes[lane].top + 12;
    const bl_timeline_span *last = last_span(p, lane);
    if (p->lanes[lane].is_split) {
        const size_t mark = p->t->engine->buffer.size;
        bl_timeline_lane_name(p->t, lane, &p->t->engine->buffer);
        put_text(p, MARGIN, y, "strong halo", built(p, mark), columns);
        bl_timeline_span_words(last, &p->t->engine->buffer);
        put_text(p, MARGIN, y + 16, "small halo", built(p, mark), p->axis.width / (COLUMN - 1));
        y += 16;
    } else {
        put_text(p, MARGIN, y, "strong halo",
                 last ? say_heading(p, lane, last) : say_counts(p, lane), columns);
    }
    if (p->t->lanes[lane].clause.size > 0)
        put_text(p, MARGIN, y + 16, "small quiet halo", p->t->lanes[lane].clause, columns);
}

static void draw_lane(const picture *p, uint32_t lane)
{
    draw_heading(p, lane);
    for (uint32_t i = 0; i < p->t->span_count; i++)
        if (p->t->spans[i].lane == lane) draw_span(p, i);
    for (uint32_t i = 0; i < p->t->mark_count; i++)
        if (p->t->marks[i].lane == lane) draw_mark(p, i);
    draw_more(p, lane);
}

static void draw_label(const picture *p, const bl_label *label)
{
    if (label->row == BL_NONE) return;
    const uint32_t y = p->life - 12 - label->row * LABEL_HEIGHT;
    const bool fits = label->text.size == label->title.size;
    const bool is_left = label->left < label->at; /* of its mark, at the right edge */
    bl_buffer_format(p->out, "<text x=\"%u\" y=\"%u\" class=\"halo\"%s>",
                     MARGIN + (is_left ? label->left + label->width : label->left), y,
                     is_left ? " text-anchor=\"end\"" : "");
    if (!fits) {
        bl_buffer_cstring(p->out, "<title>");
        bl_markup_text(p->out, label->title);
        bl_buffer_cstring(p->out, "</title>");
    }
    bl_markup_text(p->out, label->text);
    bl_buffer_cstring(p->out, fits ? "</text>\n" : "…</text>\n");
}

/* What turned out well or badly is drawn last, over what happened at the same moment. */
static void draw_turns(const picture *p, bool is_colored)
{
    for (uint32_t i = 0; i < p->t->mark_count; i++) {
        const bl_timeline_mark *mark = &p->t->marks[i];
        const bool has_color = mark->when == BL_MARK_PAST &&
                               !bl_text_equal(bl_text_of(mark->look->tone), BL_TEXT("now"));
        if (mark->lane == 0 && has_color == is_colored && is_shown(p, mark)) draw_mark(p, i);
    }
}

static void draw_life(const picture *p)
{
    const uint32_t now = bl_timeline_shows_now(p->t) ? x_of(p, p->t->engine->now)
                                                     : p->width - MARGIN;
    bl_buffer_format(p->out, "<path d=\"M%u %uH%u\" class=\"line\"/>\n", (unsigned)MARGIN, p->life,
                     now);
    for (uint32_t i = 0; i < p->label_count; i++)
        if (p->labels[i].row != BL_NONE && p->labels[i].row > 0)
            bl_buffer_format(p->out, "<path d=\"M%u %uV%u\" class=\"grid\"/>\n",
                             MARGIN + p->labels[i].at,
                             p->life - 8 - p->labels[i].row * LABEL_HEIGHT, p->life);
    for (uint32_t i = 0; i < p->label_count; i++)
        draw_label(p, &p->labels[i]);
    draw_turns(p, false);
    draw_turns(p, true);
}

/* ---- the line of time ---- */

static void draw_axis(const picture *p)
{
    bl_tick ticks[BL_TICK_COUNT_MAX];
    const uint32_t count = bl_axis_ticks(&p->axis, 96, ticks);
    const uint32_t edge = p->width - MARGIN;
    uint32_t free = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t x = x_of(p, ticks[i].time);
        const uint32_t width = COLUMN * (uint32_t)bl_text_of(ticks[i].fine).size;
        const uint32_t coarse = COLUMN * (uint32_t)bl_text_of(ticks[i].coarse).size;
        const uint32_t most = coarse > width ? coarse : width;
        const uint32_t at = x + most > edge ? edge - most : x;
        bl_buffer_format(p->out, "<path d=\"M%u %uV%u\" class=\"grid tick\"", x, p->life,
                         p->bottom + 5);
        put_attribute_time(p->out, "time", ticks[i].time);
        bl_buffer_cstring(p->out, "/>\n");
        if (at < free) continue;
        put_text(p, at, p->bottom + 20, "small quiet", bl_text_of(ticks[i].fine), 99);
        if (coarse > 0)
            put_text(p, at, p->bottom + 35, "small quiet", bl_text_of(ticks[i].coarse), 99);
        free = at + most;
    }
    bl_buffer_format(p->out, "<path d=\"M%u %uH%u\" class=\"line\"/>\n", (unsigned)MARGIN,
                     p->bottom, edge);
}

static void draw_now(const picture *p)
{
    if (!bl_timeline_shows_now(p->t)) return;
    bl_buffer_format(p->out, "<path d=\"M%u %uV%u\" class=\"nowline\"/>\n",
                     x_of(p, p->t->engine->now), p->life - 6, p->bottom);
}

/* ---- legend ---- */

typedef struct legend {
    const picture *p;
    uint32_t x, y;
    bool is_drawn; /* else only its height is wanted */
} legend;

/* Makes room for one entry; where its sign is to be. */
static uint32_t place_entry(legend *l, bl_text words)
{
    const uint32_t width = 26 + bl_markup_columns(words) * COLUMN;
    if (l->x + width > l->p->width && l->x > MARGIN) {
        l->x = MARGIN;
        l->y += 20;
    }
    const uint32_t x = l->x;
    l->x += width;
    if (l->is_drawn) put_text(l->p, x + 16, l->y, "small quiet", words, 99);
    return x + 6;
}

/* The first mark in a vote that looks like this. */
static bool is_first_of_look(const picture *p, uint32_t mark)
{
    if (p->t->lanes[p->t->marks[mark].lane].sort != BL_LANE_VOTE) return false;
    for (uint32_t i = 0; i <= mark; i++)
        if (p->t->lanes[p->t->marks[i].lane].sort == BL_LANE_VOTE &&
            p->t->marks[i].look == p->t->marks[mark].look)
            return i == mark;
    return false;
}

static void put_looks(legend *l)
{
    for (uint32_t i = 0; i < l->p->t->mark_count; i++) {
        const bl_timeline_mark *mark = &l->p->t->marks[i];
        if (mark->when != BL_MARK_PAST || !is_first_of_look(l->p, i)) continue;
        const uint32_t x = place_entry(l, mark->word);
        if (!l->is_drawn) continue;
        bl_buffer_format(l->p->out, "<g class=\"mark\" transform=\"translate(%u,%u)\">", x,
                         l->y - 4);
        put_shape(l->p->out, mark->look, false);
        bl_buffer_cstring(l->p->out, "</g>\n");
    }
}

static void put_stroke(legend *l, bl_text words)
{
    const uint32_t x = place_entry(l, words);
    if (l->is_drawn)
        bl_buffer_format(l->p->out, "<path d=\"M%u %uV%u\" class=\"due\"/>\n", x, l->y - 11,
                         l->y + 2);
}

/* What stands in the picture, each sign once. Where it ends. */
static uint32_t draw_legend(const picture *p, uint32_t y, bool is_drawn)
{
    legend l = {p, MARGIN, y, is_drawn};
    put_looks(&l);
    bool has_deadline = false, has_more = false;
    for (uint32_t i = 0; i < p->t->span_count; i++)
        has_deadline = has_deadline || p->t->spans[i].deadline <= p->t->until;
    for (uint32_t i = 1; i < p->t->lane_count; i++)
        has_more = has_more || p->lanes[i].more > 0;
    if (has_deadline) put_stroke(&l, BL_TEXT("deadline"));
    if (has_more) put_stroke(&l, BL_TEXT("or one more, of +n"));
    return l.x > MARGIN ? l.y : l.y - 20;
}

/* ---- all of it ---- */

static void begin(const picture *p)
{
    const bl_timeline *t = p->t;
    bl_buffer *words = &t->engine->buffer;
    const size_t mark = words->size;
    bl_timeline_status(t, words);
    const bl_text status = built(p, mark);
    bl_timeline_about(t, words);
    const bl_text about = built(p, mark);
    bl_markup_svg_begin(p->out, p->width, p->height, status, about);
    if (!p->has_title) return;
    put_text(p, MARGIN, 26, "large strong", status, p->axis.width / 10);
    put_text(p, MARGIN, 45, "quiet", about, p->axis.width / COLUMN);
}

bl_result bl_timeline_write_svg(const bl_timeline *timeline, uint32_t width, bool has_title,
                                bl_buffer *out)
{
    picture p = {.t = timeline,
                 .out = out,
                 .has_title = has_title,
                 .width = width,
                 .axis = {timeline->from, timeline->until, width - 2 * MARGIN + 1}};
    const bl_result result = place(&p);
    if (result != BL_OK) return result;
    const uint32_t below = p.bottom + 62;
    p.height = draw_legend(&p, below, false) + 14;
    begin(&p);
    bl_buffer_format(out, "<g class=\"axis\" data-x=\"%u\" data-width=\"%u\"", (unsigned)MARGIN,
                     p.axis.width);
    put_attribute_time(out, "from", timeline->from);
    put_attribute_time(out, "until", timeline->until);
    put_attribute_time(out, "now", timeline->engine->now);
    bl_buffer_cstring(out, ">\n");
    draw_axis(&p);
    draw_now(&p);
    bl_buffer_cstring(out, "</g>\n");
    draw_life(&p);
    for (uint32_t i = 1; i < timeline->lane_count; i++)
        draw_lane(&p, i);
    draw_legend(&p, below, true);
    bl_markup_svg_end(out);
    return timeline->engine->out_of_memory ? BL_NOMEM : BL_OK;
}
