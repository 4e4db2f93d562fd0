/*
 * The life of a proposal as data: lanes, spans of time in them, and marks at moments.
 *
 * One pass over the engine (timeline.c) makes the lists; what is written as JSON, drawn for a
 * terminal (timeline_text.c) or as a picture (timeline_svg.c, timeline_html.c) is read off them and
 * nothing else, so that all of it says the same. Everything lives in the engine's scratch.
 */
#ifndef BL_TIMELINE_H
#define BL_TIMELINE_H

#include "machine.h"

typedef enum bl_lane_sort {
    BL_LANE_LIFE, /* what moved the proposal itself */
    BL_LANE_VOTE,
    BL_LANE_WINDOW, /* of a veto or dispute clause */
    BL_LANE_DUTY,
    BL_LANE_EFFECT, /* what followed in the world */
    BL_LANE_REFUSED
} bl_lane_sort;

typedef struct bl_timeline_lane {
    bl_lane_sort sort;
    uint32_t stage; /* number of a vote; 0 */
    const char *word; /* "vote", "vote on a veto", "dispute", "effects" … */
    bl_text clause; /* as the policy has it; empty */
    bl_text place; /* of that clause, file:line; empty */
    uint32_t first_mark; /* no mark before it is in this lane */
} bl_timeline_lane;

typedef struct bl_timeline_span {
    uint32_t lane;
    bl_time from;
    bl_time until; /* BL_TIME_MAX: it goes on */
    bl_time deadline; /* BL_TIME_MAX: none */
    const char *state; /* "open", "passed", "over", "violated" … */
    const char *tone; /* class of its color: "good", "bad", "warn", "now", "quiet" */
    bool has_tally;
    bool is_veto; /* `approve` are vetoes, `reject` are for upholding */
    uint32_t approve, reject, abstain, body;
    uint32_t ballot_count; /* that count; of an election */
} bl_timeline_span;

typedef enum bl_mark_when { BL_MARK_PAST, BL_MARK_NOW, BL_MARK_TO_COME } bl_mark_when;

/* What it looks like: the sign for a terminal, and for a picture its shape and color. */
typedef enum bl_mark_shape {
    BL_SHAPE_DOT,
    BL_SHAPE_RING,
    BL_SHAPE_CROSS,
    BL_SHAPE_DOWN,
    BL_SHAPE_UP,
    BL_SHAPE_SQUARE,
    BL_SHAPE_DIAMOND
} bl_mark_shape;
typedef struct bl_look {
    const char *word;
    const char *sign; /* one column wide */
    bl_mark_shape shape;
    const char *tone;
} bl_look;

typedef struct bl_timeline_mark {
    uint32_t lane;
    bl_mark_when when;
    bl_time time;
    bl_text word; /* "opened", "approve", "deadline" … */
    const bl_look *look;
    const char *spoilt; /* of a ballot: "replaced" or "discarded"; NULL: it counts */
    bylaw_outcome outcome; /* as it was recorded; of other marks only `because` may be there */
    bylaw_text ranking; /* of a ballot in an election: "chi > dee", "chi, dee", "chi 5, dee 2" */
} bl_timeline_mark;

typedef struct bl_timeline {
    bl_engine *engine;
    const bl_proposal *proposal;
    bl_time from, until; /* what a picture shows */
    bl_timeline_lane *lanes;
    bl_timeline_span *spans; /* by lane, then by time */
    bl_timeline_mark *marks; /* by time: as recorded, then now, then what is to come */
    uint32_t lane_count, span_count, mark_count;
} bl_timeline;

/* "to come", "reached", "not needed"; NULL where the span has no deadline. */
const char *bl_timeline_deadline_state(const bl_timeline *timeline, const bl_timeline_span *span);
/* Where drawing the solid part of a span ends: its end, or now. */
bl_time bl_timeline_solid_end(const bl_timeline *timeline, const bl_timeline_span *span);
/* Whether now is in the range: of a life that came to its end long ago it is not. */
bool bl_timeline_shows_now(const bl_timeline *timeline);
/* "vote 1", "veto window 2", "effects": a lane's name. */
void bl_timeline_lane_name(const bl_timeline *timeline, uint32_t lane, bl_buffer *out);
/* "passed, 4 approve, 0 reject of 6": how a span ended, or stands. */
void bl_timeline_span_words(const bl_timeline_span *span, bl_buffer *out);
/* "approve by @ana in vote 1, replaced": what a mark is, with its lane or without, but not its
 * reason; neither escaped nor fit for a terminal. */
void bl_timeline_mark_words(const bl_timeline *timeline, const bl_timeline_mark *mark,
                            bool with_lane, bl_buffer *out);
/* "drop is accepted, in effect, final". */
void bl_timeline_status(const bl_timeline *timeline, bl_buffer *out);
/* "change on nn, seen from 2023-11-06 09:00". */
void bl_timeline_about(const bl_timeline *timeline, bl_buffer *out);
/* "past", "now", "to come". */
const char *bl_timeline_when(bl_mark_when when);
/* "2023-11-06 09:00", seconds only where there are some. */
void bl_timeline_time(bl_buffer *out, bl_time time);

/* ---- timeline_axis.c ---- */
/* The line of time on a drawing of so many pixels or columns. */
typedef struct bl_axis {
    bl_time from, until;
    uint32_t width;
} bl_axis;
/* Where a moment is, 0 to width - 1; what lies outside is moved to the end that is nearer. */
uint32_t bl_axis_at(const bl_axis *axis, bl_time time);
typedef struct bl_tick {
    bl_time time;
    char fine[16]; /* "12:00", "6 Nov" */
    char coarse[16]; /* "6 Nov 2023", "2023"; empty where it is that of the tick before */
} bl_tick;
enum { BL_TICK_COUNT_MAX = 64 };
/* Ticks at round moments of the calendar, `room` or more apart. How many. */
uint32_t bl_axis_ticks(const bl_axis *axis, uint32_t room, bl_tick ticks[BL_TICK_COUNT_MAX]);

/* Labels of marks on one line are put into rows, so that none covers another. */
typedef struct bl_label {
    uint32_t at; /* of the mark */
    uint32_t width;
    uint32_t left; /* where the label begins */
    uint32_t row; /* 0: nearest to the line; BL_NONE: there was no room */
    bl_text text; /* what fits; where that is less than the title an ellipsis follows */
    bl_text title;
} bl_label;
/* Finds `left` and `row` of labels that are ordered by `at`. How many rows there are. */
uint32_t bl_labels_place(bl_label *labels, uint32_t count, uint32_t width, uint32_t row_max);
/* One label for what happened at one place of the line of life: "passed, accepted". NULL: out of
 * memory. `column_width` is that of a letter. */
bl_label *bl_timeline_labels(const bl_timeline *timeline, const bl_axis *axis,
                             uint32_t column_width, uint32_t *count);

/* ---- timeline_words.c, timeline_text.c, timeline_svg.c, timeline_html.c ---- */
/* BL_NOMEM or BL_OK. */
bl_result bl_timeline_write_text(const bl_timeline *timeline, bool color, bl_buffer *out);
void bl_timeline_write_json(const bl_timeline *timeline, bl_buffer *out);
/* `width` in pixels, from 300. */
bl_result bl_timeline_write_svg(const bl_timeline *timeline, uint32_t width, bool has_title,
                                bl_buffer *out);
bl_result bl_timeline_write_html(const bl_timeline *timeline, bl_buffer *out);

#endif
