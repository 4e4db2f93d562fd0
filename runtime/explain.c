/*
 * Why: what came to a proposal in its life, kept as it was said, and told again with the ballots.
 *
 * Records live in the engine's arena. Ballots of a closed stage stay as closing froze them, so that
 * they need no copy.
 */
#include "machine.h"

#include <assert.h>
#include <string.h>

const char *bl_explain_status(const bl_proposal *proposal)
{
    switch (proposal->status) {
    case BL_STATUS_OPEN:
        if (proposal->is_disputed) return "disputed";
        return proposal->is_escalated ? "escalated" : "open";
    case BL_STATUS_ACCEPTED: return "accepted";
    case BL_STATUS_REJECTED: return "rejected";
    case BL_STATUS_VETOED: return "vetoed";
    case BL_STATUS_WITHDRAWN: return "withdrawn";
    case BL_STATUS_LAPSED: return "lapsed";
    }
    return "open";
}

/* ---- ballots ---- */

typedef struct teller {
    bl_engine *engine;
    bl_buffer *out;
    bool color;
} teller;

/* A stage that the outcome closed, or NULL. */
static const bl_stage *stage_of(const bl_engine *engine, const bl_proposal *proposal,
                                const bylaw_outcome *outcome)
{
    static const bl_outcome_type closing[] = {BL_OUTCOME_PASSED, BL_OUTCOME_FAILED,
                                              BL_OUTCOME_UNRESOLVED};
    const bl_text type = {outcome->type.bytes, outcome->type.size};
    bool closes = false;
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        closes = closes || bl_text_equal(type, bl_text_of(bl_outcome_word(closing[i])));
    for (size_t i = 0; closes && i < proposal->stages.count; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stages.items[i]];
        if (stage->number == outcome->stage) return stage;
    }
    return NULL;
}

static bool is_void(const bl_ballot *ballot)
{
    return ballot->choice == 0 || ballot->choice == BL_BALLOT_NONE;
}

static bool is_ranking(const bl_engine *engine, const bl_stage *stage)
{
    return stage->procedure != BL_NONE &&
           engine->program->procedures[stage->procedure].form != BL_FORM_YES_NO;
}

static const char *choice_word(const bl_engine *engine, const bl_stage *stage,
                               const bl_ballot *ballot)
{
    if (is_ranking(engine, stage)) return "ranked";
    const bool is_veto = stage->purpose == BL_PURPOSE_VETO;
    if (ballot->choice == BL_BALLOT_APPROVE) return is_veto ? "veto" : "approve";
    if (ballot->choice == BL_BALLOT_REJECT) return is_veto ? "uphold" : "reject";
    return "abstain";
}

static bl_text candidate_name(const bl_engine *engine, const bl_stage *stage, uint32_t candidate)
{
    const uint32_t number = stage->candidates[candidate];
    const bl_proposal *proposal = engine->proposals.items[stage->proposal];
    return bl_kind_of(engine, proposal)->candidates_body != BL_NONE
               ? engine->actors.items[number].shown
               : bl_names_text(engine->program->names, number);
}

/*
 * The holding that gave the caster its ballot, where it is simple: of a role the body names,
 * without scope or where the proposal is, and held still.
 */
static const bl_holding *holding_of(const bl_engine *engine, const bl_stage *stage, uint32_t actor)
{
    const bl_program *program = engine->program;
    const bl_range roles = program->bodies[program->plans[stage->plan].body].roles;
    const uint32_t instance = engine->proposals.items[stage->proposal]->instance;
    for (uint32_t i = 0; i < roles.count; i++) {
        const uint32_t role = program->indexes[roles.first + i];
        const bool has_scope = program->roles[role].scope != BL_NONE;
        const bl_holding *found = bl_holding_find(engine, role, has_scope ? instance : BL_NONE,
                                                  actor);
        if (found && found->is_held) return found;
    }
    return NULL;
}

static bl_text role_name(const bl_engine *engine, uint32_t role)
{
    return bl_names_text(engine->program->names, engine->program->roles[role].name);
}

static void tell_since(const teller *t, const bl_holding *holding)
{
    const bl_text role = role_name(t->engine, holding->role);
    bl_buffer_cstring(t->out, t->color ? "  \033[2m" : "  ");
    if (holding->since_seq == 0)
        bl_buffer_format(t->out, "%.*s since the founding", BL_SAID(role));
    else
        bl_buffer_format(t->out, "%.*s since event %llu", BL_SAID(role),
                         (unsigned long long)holding->since_seq);
    bl_buffer_cstring(t->out, t->color ? "\033[0m" : "");
}

static void tell_ranking(const teller *t, const bl_stage *stage, const bl_ballot *ballot)
{
    for (uint32_t i = 0; i < ballot->ranking_count; i++) {
        bl_buffer_cstring(t->out, i == 0 ? " " : " > ");
        bl_outcome_show(t->out, candidate_name(t->engine, stage, ballot->ranking[i]));
    }
}

/* `@chi on 2024-03-04: veto, "breaks callers"    core_maintainer since event 3` */
static void tell_ballot(const teller *t, const bl_stage *stage, const bl_ballot *ballot)
{
    bl_buffer_cstring(t->out, "                      @");
    bl_outcome_show(t->out, t->engine->actors.items[ballot->actor].shown);
    if (ballot->time != BL_TIME_MIN) {
        bl_buffer_cstring(t->out, " on ");
        bl_date_write(t->out, ballot->time);
    }
    bl_buffer_format(t->out, ": %s", choice_word(t->engine, stage, ballot));
    tell_ranking(t, stage, ballot);
    if (ballot->reason.size > 0) {
        bl_buffer_cstring(t->out, ", \"");
        bl_outcome_show(t->out, ballot->reason);
        bl_buffer_char(t->out, '"');
    }
    const bl_holding *holding = holding_of(t->engine, stage, ballot->actor);
    if (holding) tell_since(t, holding);
    bl_buffer_char(t->out, '\n');
}

static void put_json_text(bl_buffer *out, const char *key, bl_text text)
{
    if (text.size == 0) return;
    bl_buffer_format(out, ",\"%s\":", key);
    bl_json_write_text(out, text);
}

static void put_json_time(bl_buffer *out, bl_time time)
{
    if (time == BL_TIME_MIN) return;
    bl_buffer_cstring(out, ",\"time\":\"");
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

static void put_json_ranking(const teller *t, const bl_stage *stage, const bl_ballot *ballot)
{
    if (ballot->ranking_count == 0) return;
    bl_buffer_cstring(t->out, ",\"ranking\":[");
    for (uint32_t i = 0; i < ballot->ranking_count; i++) {
        if (i > 0) bl_buffer_char(t->out, ',');
        bl_json_write_text(t->out, candidate_name(t->engine, stage, ballot->ranking[i]));
    }
    bl_buffer_char(t->out, ']');
}

static void write_ballot(const teller *t, const bl_proposal *proposal, const bl_stage *stage,
                         const bl_ballot *ballot)
{
    bl_buffer_format(t->out, "{\"seq\":%llu", (unsigned long long)ballot->seq);
    put_json_time(t->out, ballot->time);
    bl_buffer_cstring(t->out, ",\"type\":\"ballot\"");
    put_json_text(t->out, "proposal", bl_proposal_id(t->engine, proposal));
    bl_buffer_format(t->out, ",\"stage\":%u", stage->number);
    put_json_text(t->out, "actor", t->engine->actors.items[ballot->actor].shown);
    const bl_holding *holding = holding_of(t->engine, stage, ballot->actor);
    if (holding) {
        put_json_text(t->out, "role", role_name(t->engine, holding->role));
        if (holding->since_seq > 0)
            bl_buffer_format(t->out, ",\"since\":%llu", (unsigned long long)holding->since_seq);
    }
    const char *choice = is_ranking(t->engine, stage) ? "rank"
                                                      : choice_word(t->engine, stage, ballot);
    put_json_text(t->out, "choice", bl_text_of(choice));
    put_json_ranking(t, stage, ballot);
    put_json_text(t->out, "reason", ballot->reason);
    bl_buffer_cstring(t->out, "}\n");
}

/* ---- telling ---- */

/* A ballot that counted is told where its stage came to something. */
static bool is_told_by_ballots(const bl_engine *engine, const bl_proposal *proposal,
                               const bylaw_outcome *outcome)
{
    const bl_text type = {outcome->type.bytes, outcome->type.size};
    if (!bl_text_equal(type, bl_text_of(bl_outcome_word(BL_OUTCOME_COUNTED)))) return false;
    for (size_t i = 0; i < proposal->stages.count; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stages.items[i]];
        if (stage->number == outcome->stage) return stage->result != BL_RESULT_NONE;
    }
    return false;
}

static void tell_text(const teller *t, const bl_proposal *proposal)
{
    bl_buffer_cstring(t->out, t->color ? "\033[1m" : "");
    bl_outcome_show(t->out, bl_proposal_id(t->engine, proposal));
    bl_buffer_cstring(t->out, t->color ? "\033[0m" : "");
    bl_buffer_format(t->out, " is %s", bl_explain_status(proposal));
    if (proposal->is_effective) bl_buffer_cstring(t->out, ", in effect");
    if (proposal->is_final) bl_buffer_cstring(t->out, ", final");
    bl_buffer_char(t->out, '\n');
    for (size_t i = 0; i < bl_record_count(proposal); i++) {
        bylaw_outcome o, *outcome = &o;
        if (!bl_record_read(t->engine, proposal, (uint32_t)i, &o)) return;
        if (is_told_by_ballots(t->engine, proposal, outcome)) continue;
        bl_outcome_write(outcome, BYLAW_TEXT, t->color, t->out);
        const bl_stage *stage = stage_of(t->engine, proposal, outcome);
        for (size_t b = 0; stage && b < stage->ballots.count; b++)
            if (!is_void(&stage->ballots.items[b])) tell_ballot(t, stage, &stage->ballots.items[b]);
    }
}

static void tell_json(const teller *t, const bl_proposal *proposal)
{
    for (size_t i = 0; i < bl_record_count(proposal); i++) {
        bylaw_outcome o, *outcome = &o;
        if (!bl_record_read(t->engine, proposal, (uint32_t)i, &o)) return;
        const bl_stage *stage = stage_of(t->engine, proposal, outcome);
        for (size_t b = 0; stage && b < stage->ballots.count; b++)
            if (!is_void(&stage->ballots.items[b]))
                write_ballot(t, proposal, stage, &stage->ballots.items[b]);
        bl_outcome_write(outcome, BYLAW_JSON, false, t->out);
    }
}

const bl_proposal *bl_proposal_nearest(const bl_engine *engine, bl_text id)
{
    const bl_proposal *best = NULL;
    size_t least = id.size / 3 + 1;
    for (size_t i = 0; i < engine->proposals.count; i++) {
        const bl_proposal *proposal = engine->proposals.items[i];
        const size_t distance = bl_text_distance(id, bl_proposal_id(engine, proposal), least);
        if (distance > least || (best && distance == least)) continue;
        best = proposal;
        least = distance;
    }
    return best;
}

bl_proposal *bl_proposal_find(const bl_engine *engine, bl_text id)
{
    const uint32_t name = bl_names_find(engine->ids, id);
    const uint32_t index = name == BL_NONE ? BL_NONE : bl_map_get(&engine->proposal_of, name);
    return index == BL_NONE ? NULL : engine->proposals.items[index];
}

bylaw_status bl_question_proposal(const bl_engine *engine, const bylaw_question *question,
                                  bylaw_writer out, const bl_proposal **proposal)
{
    const bl_text id = {question->about.bytes, question->about.size};
    *proposal = bl_proposal_find(engine, id);
    if (*proposal) return BYLAW_OK;
    const bl_proposal *near = bl_proposal_nearest(engine, id);
    const bl_text name = near ? bl_proposal_id(engine, near) : BL_TEXT("");
    if (near) out.write(out.context, name.bytes, name.size);
    return BYLAW_ABSENT;
}

bylaw_status bl_question_answer(bl_buffer *text, bylaw_writer out)
{
    const bylaw_status status = text->failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK && text->size > 0) out.write(out.context, text->bytes, text->size);
    bl_buffer_free(text);
    return status;
}

bylaw_status bylaw_engine_why(bylaw_engine *engine, const bylaw_question *question,
                              bylaw_writer out)
{
    assert(engine && question && out.write);
    const bl_proposal *proposal;
    const bylaw_status status = bl_question_proposal(engine, question, out, &proposal);
    if (status != BYLAW_OK) return status;
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const teller t = {engine, &text, question->color};
    if (question->format == BYLAW_JSON)
        tell_json(&t, proposal);
    else
        tell_text(&t, proposal);
    return bl_question_answer(&text, out);
}
