/*
 * How a proposal stands and what decided that, in one or two sentences to read aloud.
 *
 * The first says the state, since when, who decided it with which numbers, and under which clause;
 * the second what may still happen. The condition is quoted only where the numbers do not speak for
 * themselves: where more for than against did not carry it, or the reverse.
 */
#include "explain.h"

#include <string.h>

/* The last record of a type; BL_NONE. */
static uint32_t last_record(const bl_proposal *proposal, bl_outcome_type type)
{
    for (uint32_t i = bl_record_count(proposal); i-- > 0;)
        if (bl_record_type(proposal, i) == type) return i;
    return BL_NONE;
}

static bool read_last(const bl_teller *t, bl_outcome_type type, bylaw_outcome *out)
{
    const uint32_t at = last_record(t->proposal, type);
    return at != BL_NONE && bl_record_read(t->engine, t->proposal, at, out);
}

static void put_shown(const bl_teller *t, bylaw_text text)
{
    bl_outcome_show(t->out, (bl_text){text.bytes, text.size});
}

static void put_clause(const bl_teller *t, bylaw_text place)
{
    if (place.size > 0) bl_buffer_format(t->out, " (%.*s)", BL_SAID(place));
}

static bl_outcome_type deciding_type(const bl_proposal *proposal)
{
    switch (proposal->status) {
    case BL_STATUS_OPEN:
        if (proposal->is_disputed) return BL_OUTCOME_DISPUTED;
        return proposal->is_escalated ? BL_OUTCOME_ESCALATED : BL_OUTCOME_OPENED;
    case BL_STATUS_ACCEPTED: return BL_OUTCOME_ACCEPTED;
    case BL_STATUS_REJECTED: return BL_OUTCOME_REJECTED;
    case BL_STATUS_VETOED: return BL_OUTCOME_VETOED;
    case BL_STATUS_WITHDRAWN: return BL_OUTCOME_WITHDRAWN;
    case BL_STATUS_LAPSED: return BL_OUTCOME_LAPSED;
    }
    return BL_OUTCOME_OPENED;
}

/* "rename is vetoed since 2024-03-11" */
static void tell_standing(const bl_teller *t, const bylaw_outcome *deciding)
{
    bl_outcome_show(t->out, t->says_it ? BL_TEXT("It") : bl_proposal_id(t->engine, t->proposal));
    bl_buffer_format(t->out, " is %s", bl_explain_status(t->proposal));
    if (deciding->time.size >= 10) bl_buffer_format(t->out, " since %.10s", deciding->time.bytes);
    bl_buffer_cstring(t->out, ": ");
}

/* ---- what decided ---- */

/* Whether more were for it than against, and it passed; or the reverse. */
static bool speaks_for_itself(const bl_stage *stage)
{
    if (!stage->is_uniform) return false;
    return stage->result == BL_RESULT_PASSED ? stage->counts[1] > stage->counts[2]
                                             : stage->counts[2] > stage->counts[1];
}

static void tell_way_up(const bl_teller *t, const bl_stage *stage)
{
    if (stage->purpose != BL_PURPOSE_RUNG) return;
    const bool is_told = !t->proposal->is_disputed || bl_proposal_is_undecided(t->proposal);
    bl_buffer_format(t->out, "it %s rung %u of the ladder, where ",
                     is_told ? "went up to" : "was disputed and went up to", t->proposal->rung);
}

static void tell_overridden(const bl_teller *t)
{
    bylaw_outcome veto;
    if (!t->proposal->is_veto_proof || !read_last(t, BL_OUTCOME_VETOED, &veto)) return;
    put_shown(t, veto.because);
    bl_buffer_cstring(t->out, ", but that was overridden: ");
}

/* The votes of the same life that had to pass before this one. */
static void tell_before(const bl_teller *t, const bl_stage *last)
{
    if (last->purpose == BL_PURPOSE_RUNG) return;
    for (size_t i = 0; i < t->proposal->stages.count; i++) {
        const bl_stage *stage = t->engine->stages.items[t->proposal->stages.items[i]];
        if (stage == last || stage->purpose != last->purpose || stage->result != BL_RESULT_PASSED)
            continue;
        bl_tell_count(t, stage);
        bl_buffer_cstring(t->out, ", then ");
    }
}

static void tell_decision(const bl_teller *t, const bylaw_outcome *deciding)
{
    const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, deciding->stage);
    tell_overridden(t);
    if (stage) tell_way_up(t, stage);
    if (!stage || !deciding->has_tally) {
        put_shown(t, deciding->because);
        return;
    }
    tell_before(t, stage);
    bl_tell_count(t, stage);
    if (speaks_for_itself(stage)) return;
    bl_buffer_cstring(t->out, "; it ");
    put_shown(t, deciding->because);
}

/* The vote on the veto that struck it down; NULL where one alone did. */
static const bl_stage *veto_vote(const bl_teller *t)
{
    const uint32_t stage = t->proposal->vetoes[t->proposal->veto].stage;
    return stage == BL_NONE ? NULL : t->engine->stages.items[stage];
}

static const bl_stage *override_vote(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    for (size_t i = proposal->stages.count; i-- > 0;) {
        const bl_stage *stage = t->engine->stages.items[proposal->stages.items[i]];
        if (stage->purpose == BL_PURPOSE_OVERRIDE) return stage;
    }
    return NULL;
}

static void tell_veto(const bl_teller *t, const bylaw_outcome *deciding)
{
    const bl_stage *vote = veto_vote(t), *override = override_vote(t);
    if (vote)
        bl_tell_count(t, vote);
    else
        put_shown(t, deciding->because);
    if (!override) return;
    bl_buffer_cstring(t->out, override->state == BL_STAGE_CLOSED
                                  ? ", and the veto stood: "
                                  : ", and whether to override that is being voted on: ");
    bl_tell_count(t, override);
}

/* ---- an open one ---- */

static void tell_asking(const bl_teller *t, const bl_stage *stage)
{
    const bl_program *program = t->engine->program;
    bl_tell_count(t, stage);
    if (stage->counts[0] < stage->body_count) bl_buffer_cstring(t->out, " so far");
    const uint32_t passes = program->procedures[stage->procedure].passes;
    if (passes != BL_NONE && !stage->is_faulty) {
        bl_buffer_cstring(t->out, "; it passes when ");
        bl_condition_explain(t->engine, stage, passes, t->out);
    }
    if (stage->deadline == BL_TIME_MAX) return;
    bl_buffer_cstring(t->out, ", and the vote ends on ");
    bl_date_write(t->out, stage->deadline);
}

static void tell_open(const bl_teller *t, const bylaw_outcome *deciding)
{
    const bl_proposal *proposal = t->proposal;
    if (proposal->is_disputed) {
        put_shown(t, deciding->because);
        bl_buffer_cstring(t->out, ", and ");
    }
    if (proposal->stage == BL_NONE) {
        bl_buffer_cstring(t->out, "nothing is being voted on");
        return;
    }
    for (uint32_t i = 0; i < proposal->group; i++) {
        const bl_stage *stage = t->engine->stages.items[proposal->stage + i];
        if (i > 0) bl_buffer_cstring(t->out, "; and beside it ");
        if (i == 0) tell_way_up(t, stage);
        if (stage->state == BL_STAGE_WAITING) {
            bl_buffer_cstring(t->out, "its vote opens on ");
            bl_date_write(t->out, stage->opened);
        } else if (stage->state == BL_STAGE_CLOSED) {
            bl_tell_count(t, stage);
        } else {
            tell_asking(t, stage);
        }
    }
}

/* ---- the second sentence ---- */

static void tell_rest(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    const bool is_accepted = proposal->status == BL_STATUS_ACCEPTED;
    if (!is_accepted && proposal->status != BL_STATUS_REJECTED) return;
    if (is_accepted && proposal->is_effective)
        bl_buffer_cstring(t->out,
                          proposal->is_final ? " It is in effect and final." : " It is in effect");
    else if (is_accepted && proposal->has_run)
        bl_buffer_cstring(t->out, proposal->is_final ? " Its effects could not happen."
                                                     : " Its effects could not happen");
    else if (is_accepted)
        bl_buffer_cstring(t->out, " It has not taken effect yet");
    else
        bl_buffer_cstring(t->out, proposal->is_final ? " That is final." : " That stands");
    if (proposal->is_final) return;
    bl_buffer_cstring(t->out, ", and can be overturned");
    if (proposal->final_at != BL_TIME_MAX) {
        bl_buffer_cstring(t->out, " until ");
        bl_date_write(t->out, proposal->final_at);
    }
    bl_buffer_char(t->out, '.');
}

/* Of an open one the clause of the vote under way. */
static bylaw_text clause_of(const bl_teller *t, const bylaw_outcome *deciding)
{
    if (!bl_proposal_is_undecided(t->proposal) || t->proposal->stage == BL_NONE)
        return deciding->clause;
    const bl_stage *stage = t->engine->stages.items[t->proposal->stage];
    return bl_say_place(t->engine, t->engine->program->plans[stage->plan].span);
}

void bl_tell_sentence(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    bylaw_outcome deciding;
    if (!read_last(t, deciding_type(proposal), &deciding)) deciding = (bylaw_outcome){0};
    tell_standing(t, &deciding);
    switch (proposal->status) {
    case BL_STATUS_OPEN: tell_open(t, &deciding); break;
    case BL_STATUS_ACCEPTED:
    case BL_STATUS_REJECTED: tell_decision(t, &deciding); break;
    case BL_STATUS_VETOED: tell_veto(t, &deciding); break;
    case BL_STATUS_WITHDRAWN:
    case BL_STATUS_LAPSED: put_shown(t, deciding.because); break;
    }
    put_clause(t, clause_of(t, &deciding));
    bl_buffer_char(t->out, '.');
    tell_rest(t);
}

void bl_write_sentence(const bl_teller *t)
{
    bl_buffer text;
    bl_buffer_init(&text, &t->engine->memory);
    bl_teller plain = *t;
    plain.out = &text;
    bl_tell_sentence(&plain);
    bylaw_outcome deciding;
    if (!read_last(t, deciding_type(t->proposal), &deciding)) deciding = (bylaw_outcome){0};
    deciding.type = (bylaw_text){"sentence", sizeof "sentence" - 1};
    deciding.because = (bylaw_text){text.bytes, text.size};
    deciding.clause = clause_of(t, &deciding);
    if (bl_proposal_is_undecided(t->proposal)) deciding.to = (bylaw_text){NULL, 0};
    const char *status = bl_explain_status(t->proposal);
    const bylaw_text json = bl_say(t->engine, "\"%s\"", status);
    const bylaw_field fields[] = {{.name = {"status", sizeof "status" - 1}, .json = json}};
    deciding.fields = fields;
    deciding.field_count = 1;
    if (text.failed) t->out->failed = true;
    bl_outcome_write(&deciding, BYLAW_JSON, false, t->out);
    bl_buffer_free(&text);
}
