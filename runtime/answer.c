/*
 * What answers to questions are made of; see answer.h.
 */
#include "answer.h"

#define LINE_WIDTH 100

/* ---- until when ---- */

static const bl_stage_plan *plan_at(const bl_engine *engine, uint32_t plan)
{
    return &engine->program->plans[plan];
}

bl_until bl_until_of_stage(const bl_stage *stage)
{
    if (stage->deadline == BL_TIME_MAX) return (bl_until){.kind = BL_UNTIL_SETTLED};
    return (bl_until){
        .kind = BL_UNTIL_TIME, .time = stage->deadline, .is_through = stage->is_through};
}

/* Of a veto or dispute clause; `within` counts from the decision. */
static bl_result until_of_window(bl_engine *engine, const bl_proposal *proposal, uint32_t plan,
                                 bl_until *out)
{
    const bl_stage_plan *row = plan_at(engine, plan);
    *out = (bl_until){.kind = BL_UNTIL_DECIDED, .is_through = row->is_through};
    if (row->is_while_open) return BL_OK;
    out->kind = BL_UNTIL_NEVER;
    if (row->window_chunk == BL_NONE) return BL_OK;
    if (bl_proposal_is_undecided(proposal)) {
        const bl_context context = bl_proposal_context(proposal);
        bl_value value;
        const bl_result result = bl_vm_value(engine, row->window_chunk, &context, NULL, 0,
                                             BL_BASE_DURATION, &value);
        if (result != BL_OK) return result;
        out->kind = BL_UNTIL_AFTER;
        out->after = value.as.duration;
        return BL_OK;
    }
    const bl_result result = bl_window_end(engine, proposal, plan, &out->time);
    if (result == BL_OK) out->kind = BL_UNTIL_TIME;
    return result;
}

bl_result bl_until_of(bl_engine *engine, const bl_act *act, const bl_entitlement *standing,
                      bl_until *out)
{
    *out = (bl_until){.kind = BL_UNTIL_NEVER};
    if (act->verb == BL_VERB_WITHDRAW) out->kind = BL_UNTIL_DECIDED;
    if (standing->plan == BL_NONE) return BL_OK;
    if (act->verb == BL_VERB_PUBLISH) {
        *out = (bl_until){.kind = BL_UNTIL_TIME, .time = act->proposal->reasons_due};
        return BL_OK;
    }
    const bool is_clause = act->verb == BL_VERB_VETO || act->verb == BL_VERB_UPHOLD ||
                           act->verb == BL_VERB_DISPUTE;
    if (standing->stage != BL_NONE) {
        *out = bl_until_of_stage(engine->stages.items[standing->stage]);
        if (!is_clause || out->kind == BL_UNTIL_TIME) return BL_OK;
    }
    const bl_result result = until_of_window(engine, act->proposal, standing->plan, out);
    return result == BL_FAULT ? BL_OK : result;
}

/* ---- text ---- */

void bl_answer_dim(const bl_answer *answer, bool begins)
{
    if (answer->color) bl_buffer_cstring(answer->out, begins ? "\033[2m" : "\033[0m");
}

void bl_answer_bold(const bl_answer *answer, bool begins)
{
    if (answer->color) bl_buffer_cstring(answer->out, begins ? "\033[1m" : "\033[0m");
}

void bl_answer_handle(const bl_answer *answer, uint32_t actor)
{
    bl_buffer_char(answer->out, '@');
    bl_outcome_show(answer->out, answer->engine->actors.items[actor].shown);
}

/* Characters, not bytes; escapes of colours are none. */
static size_t width_of(const char *bytes, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\033')
            while (i < size && bytes[i] != 'm')
                i++;
        else
            width += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    return width;
}

void bl_answer_pad(const bl_answer *answer, size_t from, size_t column)
{
    if (answer->out->failed) return;
    const size_t width = width_of(answer->out->bytes + from, answer->out->size - from);
    bl_buffer_format(answer->out, "%*s", (int)(width + 2 < column ? column - width : 2), "");
}

void bl_answer_handles(const bl_answer *answer, const uint32_t *actors, size_t count, int indent)
{
    size_t width = LINE_WIDTH;
    for (size_t i = 0; i < count; i++) {
        const bl_text handle = answer->engine->actors.items[actors[i]].shown;
        const size_t own = width_of(handle.bytes, handle.size) + 3;
        const bool is_new = width + own > LINE_WIDTH;
        if (i > 0) bl_buffer_cstring(answer->out, is_new ? ",\n" : ", ");
        if (is_new) bl_buffer_format(answer->out, "%*s", indent, "");
        width = is_new ? (size_t)indent + own : width + own;
        bl_answer_handle(answer, actors[i]);
    }
    bl_buffer_char(answer->out, '\n');
}

void bl_answer_time(const bl_answer *answer, bl_time time)
{
    bl_buffer *out = answer->out;
    const size_t from = out->size;
    bl_time_write(out, time);
    if (out->failed || out->size < from + 20) return;
    out->bytes[from + 10] = ' ';
    out->size--; /* the Z */
    if (out->size == from + 19 && out->bytes[from + 17] == '0' && out->bytes[from + 18] == '0')
        out->size -= 3;
}

void bl_answer_until(const bl_answer *answer, const bl_until *until)
{
    bl_buffer *out = answer->out;
    switch (until->kind) {
    case BL_UNTIL_NEVER: return;
    case BL_UNTIL_TIME:
        bl_buffer_cstring(out, until->is_through ? "through " : "until ");
        bl_answer_time(answer, until->time);
        return;
    case BL_UNTIL_DECIDED: bl_buffer_cstring(out, "while it is open"); return;
    case BL_UNTIL_AFTER:
        bl_buffer_cstring(out, until->is_through ? "through " : "until ");
        bl_duration_write(out, until->after);
        bl_buffer_cstring(out, " after it is decided");
        return;
    case BL_UNTIL_SETTLED: bl_buffer_cstring(out, "while the vote is open"); return;
    }
}

void bl_answer_kind(const bl_answer *answer, const bl_proposal *proposal)
{
    const bl_engine *engine = answer->engine;
    bl_buffer_text(answer->out,
                   bl_names_text(engine->program->names, bl_kind_of(engine, proposal)->name));
    if (proposal->instance == BL_NONE) return;
    bl_buffer_cstring(answer->out, " on ");
    bl_outcome_show(answer->out, bl_instance_id(engine, proposal->instance));
}

/* ---- JSON ---- */

void bl_answer_key(const bl_answer *answer, const char *key)
{
    bl_buffer *out = answer->out;
    if (out->size > 0 && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
    bl_json_write_text(out, bl_text_of(key));
    bl_buffer_char(out, ':');
}

void bl_answer_json_text(const bl_answer *answer, const char *key, bl_text text)
{
    if (text.size == 0) return;
    bl_answer_key(answer, key);
    bl_json_write_text(answer->out, text);
}

void bl_answer_json_true(const bl_answer *answer, const char *key, bool is_true)
{
    if (!is_true) return;
    bl_answer_key(answer, key);
    bl_buffer_cstring(answer->out, "true");
}

void bl_answer_json_time(const bl_answer *answer, const char *key, bl_time time)
{
    if (time == BL_TIME_MIN || time == BL_TIME_MAX) return;
    bl_answer_key(answer, key);
    bl_buffer_char(answer->out, '"');
    bl_time_write(answer->out, time);
    bl_buffer_char(answer->out, '"');
}

void bl_answer_json_until(const bl_answer *answer, const bl_until *until)
{
    switch (until->kind) {
    case BL_UNTIL_NEVER:
    case BL_UNTIL_SETTLED: return;
    case BL_UNTIL_TIME: bl_answer_json_time(answer, "until", until->time); break;
    case BL_UNTIL_DECIDED: bl_answer_json_true(answer, "while_open", true); return;
    case BL_UNTIL_AFTER:
        bl_answer_key(answer, "after_decision");
        bl_buffer_char(answer->out, '"');
        bl_duration_write(answer->out, until->after);
        bl_buffer_char(answer->out, '"');
        break;
    }
    bl_answer_json_true(answer, "through", until->is_through);
}

void bl_answer_json_clause(const bl_answer *answer, bl_span clause)
{
    if (clause.file == BL_NONE) return;
    bl_buffer place;
    bl_buffer_init(&place, &answer->engine->memory);
    bl_program_place(answer->engine->program, clause, &place);
    if (place.failed) answer->out->failed = true;
    bl_answer_json_text(answer, "clause", (bl_text){place.bytes, place.size});
    bl_buffer_free(&place);
}

void bl_answer_json_handles(const bl_answer *answer, const char *key, const uint32_t *actors,
                            size_t count)
{
    bl_answer_key(answer, key);
    bl_buffer_char(answer->out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) bl_buffer_char(answer->out, ',');
        bl_json_write_text(answer->out, answer->engine->actors.items[actors[i]].shown);
    }
    bl_buffer_char(answer->out, ']');
}

void bl_answer_json_proposal(const bl_answer *answer, const bl_proposal *proposal)
{
    const bl_engine *engine = answer->engine;
    bl_answer_json_text(answer, "proposal", bl_proposal_id(engine, proposal));
    bl_answer_json_text(answer, "kind",
                        bl_names_text(engine->program->names, bl_kind_of(engine, proposal)->name));
    if (proposal->instance != BL_NONE)
        bl_answer_json_text(answer, "on", bl_instance_id(engine, proposal->instance));
}

/* ---- the rest ---- */

bl_text bl_answer_role(const bl_engine *engine, uint32_t role)
{
    return bl_names_text(engine->program->names, engine->program->roles[role].name);
}

/* A heap with the last of the order on top. */
static void sift(uint32_t *items, size_t root, size_t count,
                 bool (*is_before)(const void *context, uint32_t a, uint32_t b),
                 const void *context)
{
    const uint32_t moved = items[root];
    for (size_t child = root * 2 + 1; child < count; child = root * 2 + 1) {
        if (child + 1 < count && is_before(context, items[child], items[child + 1])) child++;
        if (!is_before(context, moved, items[child])) break;
        items[root] = items[child];
        root = child;
    }
    items[root] = moved;
}

void bl_answer_sort(uint32_t *items, size_t count,
                    bool (*is_before)(const void *context, uint32_t a, uint32_t b),
                    const void *context)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(items, root, count, is_before, context);
    for (size_t last = count; last-- > 1;) {
        const uint32_t first = items[0];
        items[0] = items[last];
        items[last] = first;
        sift(items, 0, last, is_before, context);
    }
}
