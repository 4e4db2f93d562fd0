/*
 * Everything behind a proposal: what it says, each vote with its times, its conditions part by part
 * and those who have not voted, and what is still to come.
 */
#include "explain.h"

#define MISSING_SHOWN_MAX 12 /* people named; the rest are counted */

static const bl_stage_plan *plan_of(const bl_teller *t, const bl_stage *stage)
{
    return &t->engine->program->plans[stage->plan];
}

static bl_text body_of(const bl_teller *t, const bl_stage *stage)
{
    return t->engine->program->bodies[plan_of(t, stage)->body].text;
}

/* ---- who has not voted ---- */

/*
 * The members without a ballot, of an open vote; count 0 for a closed one, whose body may have
 * changed since: of that one only the number is known. False: they cannot be told.
 */
static bool find_missing(const bl_teller *t, const bl_stage *stage, bl_set *out)
{
    *out = (bl_set){0};
    if (stage->state != BL_STAGE_OPEN ||
        t->engine->program->bodies[plan_of(t, stage)->body].is_anyone)
        return false;
    const bl_context context = bl_stage_context(t->engine, stage);
    bl_set members = stage->snapshot;
    if (!plan_of(t, stage)->is_as_of_opening &&
        bl_body_set(t->engine, plan_of(t, stage)->body, &context, &members) != BL_OK)
        return false;
    uint32_t *missing = bl_arena_array(&t->engine->scratch, members.count, sizeof *missing);
    if (!missing) {
        bl_no_memory(t->engine);
        return false;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < members.count; i++)
        if (bl_stage_ballot_of(stage, members.actors[i]) == BL_BALLOT_NONE)
            missing[count++] = members.actors[i];
    *out = (bl_set){missing, count};
    return true;
}

static void tell_missing(const bl_teller *t, const bl_stage *stage)
{
    bl_set missing;
    bl_buffer *out = t->out;
    if (stage->body_count == 0) return;
    bl_tell_indent(t, 0);
    if (stage->counts[0] == 0) {
        if (stage->body_count == 1)
            bl_buffer_cstring(out, "the only one voted\n");
        else
            bl_buffer_format(out, "all %u voted\n", stage->body_count);
        return;
    }
    bl_buffer_format(out, "%u of %u %s", stage->counts[0], stage->body_count,
                     stage->state == BL_STAGE_CLOSED ? "did not vote"
                     : stage->counts[0] == 1         ? "has not voted"
                                                     : "have not voted");
    if (find_missing(t, stage, &missing))
        for (uint32_t i = 0; i < missing.count && i < MISSING_SHOWN_MAX; i++) {
            bl_buffer_cstring(out, i == 0 ? ": @" : ", @");
            bl_outcome_show(out, t->engine->actors.items[missing.actors[i]].shown);
        }
    else
        missing = (bl_set){0};
    if (missing.count > MISSING_SHOWN_MAX)
        bl_buffer_format(out, " and %u more", missing.count - MISSING_SHOWN_MAX);
    bl_buffer_char(out, '\n');
}

static void write_missing(const bl_teller *t, const bl_stage *stage)
{
    bl_set missing;
    bl_buffer_format(t->out, ",\"missing\":%u", stage->counts[0]);
    if (!find_missing(t, stage, &missing)) return;
    bl_buffer_cstring(t->out, ",\"missingNamed\":[");
    for (uint32_t i = 0; i < missing.count && i < MISSING_SHOWN_MAX; i++) {
        if (i > 0) bl_buffer_char(t->out, ',');
        bl_json_write_text(t->out, t->engine->actors.items[missing.actors[i]].shown);
    }
    bl_buffer_char(t->out, ']');
}

/* ---- a vote ---- */

static const char *purpose_word(const bl_stage *stage)
{
    switch (stage->purpose) {
    case BL_PURPOSE_DECISION: return "decision";
    case BL_PURPOSE_RUNG: return "rung";
    case BL_PURPOSE_VETO: return "veto";
    case BL_PURPOSE_OVERRIDE: return "override";
    }
    return "";
}

static const char *result_word(const bl_stage *stage)
{
    switch (stage->result) {
    case BL_RESULT_PASSED: return "passed";
    case BL_RESULT_FAILED: return "failed";
    case BL_RESULT_UNRESOLVED: return "unresolved";
    case BL_RESULT_NONE: break;
    }
    switch (stage->state) {
    case BL_STAGE_WAITING: return "waiting";
    case BL_STAGE_OPEN: return "open";
    case BL_STAGE_CLOSED: return "abandoned";
    }
    return "";
}

static void each_condition(const bl_teller *t, const bl_stage *stage,
                           void (*show)(const bl_teller *, const bl_stage *, const char *,
                                        uint32_t))
{
    if (stage->procedure == BL_NONE || stage->is_faulty || stage->state == BL_STAGE_WAITING) return;
    const bl_procedure *procedure = &t->engine->program->procedures[stage->procedure];
    show(t, stage, "quorum", procedure->quorum);
    show(t, stage, "quorum", plan_of(t, stage)->quorum);
    show(t, stage, "passes", procedure->passes);
    show(t, stage, "fails", procedure->fails);
}

void bl_tell_vote(const bl_teller *t, const bl_stage *stage)
{
    bl_buffer *out = t->out;
    bl_tell_indent(t, 0);
    bl_buffer_format(out, "vote of `%.*s`", BL_SAID(body_of(t, stage)));
    if (stage->opened != BL_TIME_MIN) {
        bl_buffer_cstring(out, stage->state == BL_STAGE_WAITING ? ", opens " : ", opened ");
        bl_time_write(out, stage->opened);
    }
    if (stage->deadline == BL_TIME_MAX) {
        bl_buffer_cstring(out, ", no deadline");
    } else {
        bl_buffer_cstring(out, ", until ");
        bl_time_write(out, stage->deadline);
        if (stage->state != BL_STAGE_CLOSED && stage->is_through)
            bl_buffer_cstring(out, " inclusive");
    }
    bl_buffer_char(out, '\n');
    each_condition(t, stage, bl_tell_condition);
    tell_missing(t, stage);
}

static void write_moment(bl_buffer *out, const char *key, bl_time time)
{
    if (time == BL_TIME_MIN || time == BL_TIME_MAX) return;
    bl_buffer_format(out, ",\"%s\":\"", key);
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

void bl_write_vote(const bl_teller *t, const bl_stage *stage)
{
    bl_buffer *out = t->out;
    bl_buffer_cstring(out, "{\"type\":\"vote\",\"proposal\":");
    bl_json_write_text(out, bl_proposal_id(t->engine, t->proposal));
    bl_buffer_format(out,
                     ",\"stage\":%u,\"purpose\":\"%s\",\"result\":\"%s\",\"body\":", stage->number,
                     purpose_word(stage), result_word(stage));
    bl_json_write_text(out, body_of(t, stage));
    write_moment(out, "opened", stage->opened);
    write_moment(out, "deadline", stage->deadline);
    bl_buffer_format(out, ",\"tally\":{\"approve\":%u,\"reject\":%u,\"abstain\":%u,\"body\":%u}",
                     stage->counts[1], stage->counts[2], stage->counts[3], stage->body_count);
    write_missing(t, stage);
    bl_buffer_cstring(out, ",\"clause\":");
    const bylaw_text place = bl_say_place(t->engine, plan_of(t, stage)->span);
    bl_json_write_text(out, (bl_text){place.bytes, place.size});
    bl_buffer_cstring(out, "}\n");
    each_condition(t, stage, bl_write_condition);
}

/* Votes that came to no result: those under way, and those that ended before they could. */
static bool has_no_result(const bl_stage *stage)
{
    return stage->result == BL_RESULT_NONE && stage->procedure != BL_NONE;
}

void bl_tell_open_votes(const bl_teller *t)
{
    bl_teller undated = *t;
    undated.is_undated = true;
    for (size_t i = 0; i < t->proposal->stages.count; i++) {
        const bl_stage *stage = t->engine->stages.items[t->proposal->stages.items[i]];
        if (!has_no_result(stage)) continue;
        bl_buffer_format(t->out, "stage %u is %s\n", stage->number, result_word(stage));
        bl_tell_vote(&undated, stage);
        bl_tell_ballots(&undated, stage);
    }
}

void bl_write_open_votes(const bl_teller *t)
{
    for (size_t i = 0; i < t->proposal->stages.count; i++) {
        const bl_stage *stage = t->engine->stages.items[t->proposal->stages.items[i]];
        if (!has_no_result(stage)) continue;
        bl_write_vote(t, stage);
        bl_write_ballots(t, stage);
    }
}

/* ---- what it says, and what is to come ---- */

static void tell_fields(const bl_teller *t)
{
    const bl_program *program = t->engine->program;
    const bl_range fields = bl_kind_of(t->engine, t->proposal)->fields;
    for (uint32_t i = 0; i < fields.count; i++) {
        const bl_field *field = &program->fields[fields.first + i];
        const bl_value *value = &t->proposal->fields[field->slot];
        const bool is_empty = value->base == BL_BASE_LIST && value->as.list.count == 0;
        if (value->base == BL_BASE_NOTHING || is_empty) continue;
        const bylaw_text json = bl_say_value(t->engine, value);
        bl_buffer_format(t->out, "  %.*s : ", BL_SAID(bl_names_text(program->names, field->name)));
        bl_outcome_show(t->out, (bl_text){json.bytes, json.size});
        bl_buffer_char(t->out, '\n');
    }
}

static void tell_left_out(const bl_teller *t, const uint32_t *actors, size_t count,
                          const char *because)
{
    for (size_t i = 0; i < count; i++) {
        bl_buffer_cstring(t->out, "  @");
        bl_outcome_show(t->out, t->engine->actors.items[actors[i]].shown);
        bl_buffer_format(t->out, " %s\n", because);
    }
}

static bool can_be_overturned(const bl_proposal *proposal)
{
    return !proposal->is_final &&
           (proposal->status == BL_STATUS_ACCEPTED || proposal->status == BL_STATUS_REJECTED);
}

static void tell_coming(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    if (can_be_overturned(proposal)) {
        bl_buffer_cstring(t->out, "it can be overturned");
        if (proposal->final_at != BL_TIME_MAX) {
            bl_buffer_cstring(t->out, " until ");
            bl_time_write(t->out, proposal->final_at);
        }
        bl_buffer_char(t->out, '\n');
    }
    if (proposal->status == BL_STATUS_ACCEPTED && !proposal->has_run)
        bl_buffer_cstring(t->out, "it has not taken effect yet\n");
    if (proposal->status == BL_STATUS_ACCEPTED && proposal->has_run && !proposal->is_effective)
        bl_buffer_cstring(t->out, "its effects could not happen, or were undone\n");
    if (proposal->owes_reasons)
        bl_buffer_format(t->out, "reasons are owed by `%.*s`\n",
                         BL_SAID(body_of(t, proposal->reasoned_stage)));
}

void bl_tell_everything(const bl_teller *t)
{
    bl_tell_head(t);
    tell_fields(t);
    tell_left_out(t, t->proposal->recusals.items, t->proposal->recusals.count, "is recused");
    tell_left_out(t, t->proposal->conflicts.items, t->proposal->conflicts.count,
                  "has a conflict of interest");
    bl_show_refused_between(t, 0, t->proposal->opened_seq, false);
    bl_tell_life(t);
    bl_show_refused_between(t, t->proposal->opened_seq + 1, UINT64_MAX, false);
    bl_tell_open_votes(t);
    tell_coming(t);
}

static void write_fields(const bl_teller *t)
{
    const bl_program *program = t->engine->program;
    const bl_range fields = bl_kind_of(t->engine, t->proposal)->fields;
    const char *before = ",\"fields\":{";
    for (uint32_t i = 0; i < fields.count; i++) {
        const bl_field *field = &program->fields[fields.first + i];
        const bl_value *value = &t->proposal->fields[field->slot];
        if (value->base == BL_BASE_NOTHING) continue;
        bl_buffer_cstring(t->out, before);
        bl_json_write_text(t->out, bl_names_text(program->names, field->name));
        bl_buffer_char(t->out, ':');
        bl_value_write(t->engine, value, t->out);
        before = ",";
    }
    if (before[1] == '\0') bl_buffer_char(t->out, '}');
}

static void write_actors(const bl_teller *t, const char *key, const uint32_t *actors, size_t count)
{
    if (count == 0) return;
    bl_buffer_format(t->out, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) bl_buffer_char(t->out, ',');
        bl_json_write_text(t->out, t->engine->actors.items[actors[i]].shown);
    }
    bl_buffer_char(t->out, ']');
}

static void write_head(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    bl_buffer *out = t->out;
    bl_buffer_cstring(out, "{\"type\":\"proposal\",\"proposal\":");
    bl_json_write_text(out, bl_proposal_id(t->engine, proposal));
    bl_buffer_format(out, ",\"status\":\"%s\"", bl_explain_status(proposal));
    if (proposal->is_effective) bl_buffer_cstring(out, ",\"effective\":true");
    if (proposal->is_final) bl_buffer_cstring(out, ",\"final\":true");
    if (proposal->rung > 0) bl_buffer_format(out, ",\"rung\":%u", proposal->rung);
    write_fields(t);
    write_actors(t, "recused", proposal->recusals.items, proposal->recusals.count);
    write_actors(t, "conflicted", proposal->conflicts.items, proposal->conflicts.count);
    if (can_be_overturned(proposal)) write_moment(out, "finalAt", proposal->final_at);
    if (proposal->owes_reasons) bl_buffer_cstring(out, ",\"owesReasons\":true");
    bl_buffer_cstring(out, "}\n");
}

void bl_write_everything(const bl_teller *t)
{
    write_head(t);
    bl_show_refused_between(t, 0, t->proposal->opened_seq, true);
    bl_write_life(t);
    bl_show_refused_between(t, t->proposal->opened_seq + 1, UINT64_MAX, true);
    bl_write_open_votes(t);
}
