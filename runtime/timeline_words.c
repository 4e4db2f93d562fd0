/*
 * A timeline in words: what lanes, spans and marks are called, and all of it as JSON Lines.
 *
 * Words are not escaped here: who writes them into a terminal, a page or a picture does that.
 */
#include "timeline.h"

static bl_text to_text(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

void bl_timeline_time(bl_buffer *out, bl_time time)
{
    const size_t mark = out->size;
    bl_time_write(out, time);
    if (out->failed || out->size < mark + 20) return;
    out->bytes[mark + 10] = ' ';
    out->size--; /* the Z */
    const char *end = out->bytes + out->size;
    if (out->size == mark + 19 && end[-1] == '0' && end[-2] == '0') out->size -= 3;
}

void bl_timeline_status(const bl_timeline *timeline, bl_buffer *out)
{
    bl_buffer_text(out, bl_proposal_id(timeline->engine, timeline->proposal));
    bl_buffer_format(out, " is %s", bl_explain_status(timeline->proposal));
    if (timeline->proposal->is_effective) bl_buffer_cstring(out, ", in effect");
    if (timeline->proposal->is_final) bl_buffer_cstring(out, ", final");
}

void bl_timeline_about(const bl_timeline *timeline, bl_buffer *out)
{
    const bl_engine *engine = timeline->engine;
    bl_buffer_text(
        out, bl_names_text(engine->program->names, bl_kind_of(engine, timeline->proposal)->name));
    if (timeline->proposal->instance != BL_NONE) {
        bl_buffer_cstring(out, " on ");
        bl_buffer_text(out, bl_instance_id(engine, timeline->proposal->instance));
    }
    bl_buffer_cstring(out, ", seen from ");
    bl_timeline_time(out, engine->now);
}

/* Several clauses of one sort are numbered. */
static uint32_t number_of_window(const bl_timeline *timeline, uint32_t lane)
{
    uint32_t before = 0, all = 0;
    for (uint32_t i = 0; i < timeline->lane_count; i++) {
        const bl_timeline_lane *other = &timeline->lanes[i];
        if (other->sort != BL_LANE_WINDOW || other->word != timeline->lanes[lane].word) continue;
        all++;
        if (i <= lane) before++;
    }
    return all > 1 ? before : 0;
}

void bl_timeline_lane_name(const bl_timeline *timeline, uint32_t lane, bl_buffer *out)
{
    const bl_timeline_lane *row = &timeline->lanes[lane];
    const bool is_window = row->sort == BL_LANE_WINDOW;
    const uint32_t number = is_window ? number_of_window(timeline, lane) : row->stage;
    bl_buffer_format(out, is_window ? "%s window" : "%s", row->word);
    if (number > 0) bl_buffer_format(out, " %u", number);
}

static void put_tally(const bl_timeline_span *span, bl_buffer *out)
{
    if (span->has_tally) {
        bl_buffer_format(out, span->is_veto ? ", %u veto, %u uphold" : ", %u approve, %u reject",
                         span->approve, span->reject);
        if (span->abstain > 0) bl_buffer_format(out, ", %u abstain", span->abstain);
        bl_buffer_format(out, " of %u", span->body);
    } else if (span->ballot_count > 0) {
        bl_buffer_format(out, ", %u ballot%s of %u", span->ballot_count,
                         span->ballot_count == 1 ? "" : "s", span->body);
    }
}

void bl_timeline_span_words(const bl_timeline_span *span, bl_buffer *out)
{
    bl_buffer_cstring(out, span->state);
    put_tally(span, out);
}

bl_time bl_timeline_solid_end(const bl_timeline *timeline, const bl_timeline_span *span)
{
    if (span->until != BL_TIME_MAX) return span->until;
    const bl_time now = timeline->engine->now;
    return now > span->from ? now : span->from;
}

const char *bl_timeline_deadline_state(const bl_timeline *timeline, const bl_timeline_span *span)
{
    (void)timeline;
    if (span->deadline == BL_TIME_MAX) return NULL;
    if (span->until == BL_TIME_MAX) return "to come";
    return span->until >= span->deadline ? "reached" : "not needed";
}

bool bl_timeline_shows_now(const bl_timeline *timeline)
{
    return timeline->engine->now <= timeline->until;
}

/* ---- marks ---- */

const char *bl_timeline_when(bl_mark_when when)
{
    switch (when) {
    case BL_MARK_PAST: return "past";
    case BL_MARK_NOW: return "now";
    case BL_MARK_TO_COME: return "to come";
    }
    return "";
}

typedef struct part {
    const char *before;
    bylaw_text text;
} part;

static void put_part(bl_buffer *out, const char *before, bylaw_text text)
{
    if (text.size == 0) return;
    bl_buffer_cstring(out, before);
    bl_buffer_text(out, to_text(text));
}

static bool is_counted(const bl_timeline_mark *mark)
{
    return bl_text_equal(to_text(mark->outcome.type),
                         bl_text_of(bl_outcome_word(BL_OUTCOME_COUNTED)));
}

static void put_where(const bl_timeline *t, const bl_timeline_mark *mark, bl_buffer *out)
{
    const bl_lane_sort sort = t->lanes[mark->lane].sort;
    const bool is_past = mark->when == BL_MARK_PAST;
    if (sort != BL_LANE_VOTE && (is_past || sort == BL_LANE_LIFE)) return;
    bl_buffer_cstring(out, is_past ? " in " : " of ");
    bl_timeline_lane_name(t, mark->lane, out);
}

void bl_timeline_mark_words(const bl_timeline *timeline, const bl_timeline_mark *mark,
                            bool with_lane, bl_buffer *out)
{
    const bylaw_outcome *o = &mark->outcome;
    bl_buffer_text(out, mark->word);
    const bool is_ballot = is_counted(mark);
    const bool is_elected = bl_text_equal(to_text(o->type),
                                          bl_text_of(bl_outcome_word(BL_OUTCOME_ELECTED)));
    const bylaw_text value = is_elected ? (bylaw_text){NULL, 0} : o->value_json; /* `to` says it */
    if (!is_ballot) put_part(out, " ", o->event);
    const part parts[] = {
        {" ", o->role},      {" ", o->scope},     {" ", o->attribute},
        {" ", o->id},        {" by @", o->actor}, {is_elected ? " " : " to ", o->to},
        {" from ", o->from}, {" to ", value},     {" by ", o->due}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        put_part(out, parts[i].before, parts[i].text);
    if (with_lane) put_where(timeline, mark, out);
    put_part(out, ": ", mark->ranking);
    if (mark->spoilt) bl_buffer_format(out, ", %s", mark->spoilt);
}

/* ---- JSON ---- */

static void put_text(bl_buffer *out, const char *key, bl_text text)
{
    if (text.size == 0) return;
    bl_buffer_format(out, ",\"%s\":", key);
    bl_json_write_text(out, text);
}

static void put_time(bl_buffer *out, const char *key, bl_time time)
{
    if (time == BL_TIME_MAX) return;
    bl_buffer_format(out, ",\"%s\":\"", key);
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

static void put_lane(const bl_timeline *t, uint32_t lane, bl_buffer *out)
{
    bl_buffer_cstring(out, ",\"lane\":\"");
    bl_timeline_lane_name(t, lane, out);
    bl_buffer_char(out, '"');
    if (t->lanes[lane].stage > 0) bl_buffer_format(out, ",\"stage\":%u", t->lanes[lane].stage);
}

static void write_head(const bl_timeline *t, bl_buffer *out)
{
    const bl_proposal *p = t->proposal;
    const bl_engine *engine = t->engine;
    bl_buffer_cstring(out, "{\"type\":\"timeline\"");
    put_text(out, "proposal", bl_proposal_id(engine, p));
    put_text(out, "kind", bl_names_text(engine->program->names, bl_kind_of(engine, p)->name));
    if (p->instance != BL_NONE) put_text(out, "on", bl_instance_id(engine, p->instance));
    put_text(out, "status", bl_text_of(bl_explain_status(p)));
    bl_buffer_format(out, ",\"effective\":%s,\"final\":%s", p->is_effective ? "true" : "false",
                     p->is_final ? "true" : "false");
    put_time(out, "from", t->from);
    put_time(out, "until", t->until);
    put_time(out, "now", engine->now);
    bl_buffer_cstring(out, "}\n");
}

static void write_span(const bl_timeline *t, const bl_timeline_span *span, bl_buffer *out)
{
    const bl_timeline_lane *lane = &t->lanes[span->lane];
    bl_buffer_cstring(out, "{\"type\":\"span\"");
    put_lane(t, span->lane, out);
    put_text(out, "state", bl_text_of(span->state));
    put_time(out, "from", span->from);
    put_time(out, "until", span->until);
    put_time(out, "deadline", span->deadline);
    put_text(out, "deadline_is", bl_text_of(bl_timeline_deadline_state(t, span)));
    if (span->has_tally)
        bl_buffer_format(out,
                         ",\"tally\":{\"approve\":%u,\"reject\":%u,\"abstain\":%u,\"body\":%u}",
                         span->approve, span->reject, span->abstain, span->body);
    if (span->ballot_count > 0)
        bl_buffer_format(out, ",\"ballots\":%u,\"body\":%u", span->ballot_count, span->body);
    put_text(out, "rule", lane->clause);
    put_text(out, "clause", lane->place);
    bl_buffer_cstring(out, "}\n");
}

static void write_mark(const bl_timeline *t, const bl_timeline_mark *mark, bl_buffer *out)
{
    const bylaw_outcome *o = &mark->outcome;
    bl_buffer_cstring(out, "{\"type\":\"mark\"");
    if (o->seq > 0) bl_buffer_format(out, ",\"seq\":%llu", (unsigned long long)o->seq);
    put_time(out, "time", mark->time);
    put_text(out, "when", bl_text_of(bl_timeline_when(mark->when)));
    put_text(out, "what", mark->word);
    put_lane(t, mark->lane, out);
    if (!is_counted(mark)) put_text(out, "event", to_text(o->event));
    put_text(out, "actor", to_text(o->actor));
    put_text(out, "role", to_text(o->role));
    put_text(out, "scope", to_text(o->scope));
    put_text(out, "id", to_text(o->id));
    put_text(out, "to", to_text(o->to));
    put_text(out, "from", to_text(o->from));
    put_text(out, "attribute", to_text(o->attribute));
    if (o->value_json.size > 0) {
        bl_buffer_cstring(out, ",\"value\":");
        bl_buffer_text(out, to_text(o->value_json));
    }
    put_text(out, "due", to_text(o->due));
    put_text(out, "ranking", to_text(mark->ranking));
    put_text(out, "spoilt", bl_text_of(mark->spoilt));
    put_text(out, "because", to_text(o->because));
    put_text(out, "clause", to_text(o->clause));
    bl_buffer_cstring(out, "}\n");
}

void bl_timeline_write_json(const bl_timeline *timeline, bl_buffer *out)
{
    write_head(timeline, out);
    for (uint32_t i = 0; i < timeline->span_count; i++)
        write_span(timeline, &timeline->spans[i], out);
    for (uint32_t i = 0; i < timeline->mark_count; i++)
        write_mark(timeline, &timeline->marks[i], out);
}
