/*
 * A life told by its rules: each outcome with the clause in its own words and the numbers that made
 * it hold or not; below each vote the ballots.
 *
 * A line that only says again what the line above said (a vote passed, so the proposal is accepted)
 * is told without its reason.
 */
#include "explain.h"

static bool is_closing(bl_outcome_type type)
{
    return type == BL_OUTCOME_PASSED || type == BL_OUTCOME_FAILED || type == BL_OUTCOME_UNRESOLVED;
}

bl_stage *bl_stage_numbered(const bl_engine *engine, const bl_proposal *proposal, uint32_t number)
{
    for (size_t i = 0; i < proposal->stages.count; i++) {
        bl_stage *stage = engine->stages.items[proposal->stages.items[i]];
        if (stage->number == number) return stage;
    }
    return NULL;
}

/* The stage that an outcome closed, or NULL. */
static const bl_stage *closed_by(const bl_teller *t, bl_outcome_type type,
                                 const bylaw_outcome *outcome)
{
    return is_closing(type) ? bl_stage_numbered(t->engine, t->proposal, outcome->stage) : NULL;
}

static bool stage_came_to_something(const bl_teller *t, const bylaw_outcome *outcome)
{
    const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, outcome->stage);
    return stage && stage->result != BL_RESULT_NONE;
}

/* A ballot that counted is told where its stage came to something. */
static bool is_told_by_ballots(const bl_teller *t, bl_outcome_type type,
                               const bylaw_outcome *outcome)
{
    return type == BL_OUTCOME_COUNTED && !t->is_everything && stage_came_to_something(t, outcome);
}

static bool is_same(bylaw_text a, bylaw_text b)
{
    return bl_text_equal((bl_text){a.bytes, a.size}, (bl_text){b.bytes, b.size});
}

/* Leaves out what the line above said already; what is left gets the clause's own words. */
static void prepare(const bl_teller *t, const bylaw_outcome *before, bylaw_outcome *outcome)
{
    const bool is_again = before->seq == outcome->seq && outcome->because.size > 0 &&
                          is_same(before->because, outcome->because) &&
                          is_same(before->time, outcome->time);
    if (is_again) outcome->because = (bylaw_text){NULL, 0};
    if (is_again && is_same(before->clause, outcome->clause)) {
        outcome->clause = (bylaw_text){NULL, 0};
        outcome->event_count = 0;
    }
    if (outcome->clause.size == 0 || is_same(before->clause, outcome->clause)) return;
    const bylaw_text words = bl_clause_words(t->engine, outcome->clause);
    if (words.size > 0)
        outcome->clause = bl_say(t->engine, "%.*s `%.*s`", BL_SAID(outcome->clause),
                                 BL_SAID(words));
}

void bl_tell_head(const bl_teller *t)
{
    const bl_proposal *proposal = t->proposal;
    bl_buffer_cstring(t->out, t->color ? "\033[1m" : "");
    bl_outcome_show(t->out, bl_proposal_id(t->engine, proposal));
    bl_buffer_cstring(t->out, t->color ? "\033[0m" : "");
    bl_buffer_format(t->out, " is %s", bl_explain_status(proposal));
    if (proposal->is_effective) bl_buffer_cstring(t->out, ", in effect");
    if (proposal->is_final) bl_buffer_cstring(t->out, ", final");
    bl_buffer_char(t->out, '\n');
}

/* How an election was counted: a line for each round. */
static void tell_rounds(const bl_teller *t, const bl_stage *stage)
{
    bool is_first = true; /* on its line */
    for (size_t i = 0; i < stage->sentences.size; i++) {
        size_t size = 0;
        while (stage->sentences.bytes[i + size] != '\n')
            size++; /* each line has its end */
        if (is_first) bl_buffer_cstring(t->out, "                    counted so:\n");
        is_first = false;
        bl_tell_indent(t, 0);
        bl_outcome_show(t->out, (bl_text){stage->sentences.bytes + i, size});
        bl_buffer_char(t->out, '\n');
        i += size;
    }
}

/* What a counted ballot of an election says, as text; nothing of one that was cast anew since. */
static bylaw_text say_ballot(const bl_teller *t, const bylaw_outcome *counted)
{
    const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, counted->stage);
    if (!stage || !bl_stage_is_election(t->engine, stage)) return (bylaw_text){NULL, 0};
    for (size_t i = 0; i < stage->ballots.count; i++) {
        const bl_ballot *ballot = &stage->ballots.items[i];
        if (ballot->seq != counted->seq || ballot->mark_count == 0) continue;
        const size_t mark = t->engine->buffer.size;
        bl_election_say(t->engine, stage, ballot, &t->engine->buffer);
        return bl_say_built(t->engine, mark);
    }
    return (bylaw_text){NULL, 0};
}

void bl_tell_life(const bl_teller *t)
{
    bylaw_outcome before = {0};
    for (uint32_t i = 0; i < bl_record_count(t->proposal); i++) {
        bylaw_outcome said, outcome;
        const bl_outcome_type type = bl_record_type(t->proposal, i);
        if (!bl_record_read(t->engine, t->proposal, i, &said)) return;
        if (is_told_by_ballots(t, type, &said)) continue;
        if (type == BL_OUTCOME_COUNTED && stage_came_to_something(t, &said))
            said.clause = (bylaw_text){NULL, 0}; /* its vote says under which */
        outcome = said;
        if (type == BL_OUTCOME_COUNTED) outcome.value_json = say_ballot(t, &said);
        prepare(t, &before, &outcome);
        before = said;
        bl_outcome_write(&outcome, BYLAW_TEXT, t->color, t->out);
        const bl_stage *stage = closed_by(t, type, &said);
        if (stage) tell_rounds(t, stage);
        if (stage && t->is_everything) bl_tell_vote(t, stage);
        if (stage) bl_tell_ballots(t, stage);
    }
}

void bl_write_life(const bl_teller *t)
{
    for (uint32_t i = 0; i < bl_record_count(t->proposal); i++) {
        bylaw_outcome outcome;
        const bl_outcome_type type = bl_record_type(t->proposal, i);
        if (!bl_record_read(t->engine, t->proposal, i, &outcome)) return;
        const bl_stage *stage = closed_by(t, type, &outcome);
        if (stage && t->is_everything) bl_write_vote(t, stage);
        if (stage) bl_write_ballots(t, stage);
        if (stage) outcome.rounds = (bylaw_text){stage->rounds.bytes, stage->rounds.size};
        bl_outcome_write(&outcome, BYLAW_JSON, false, t->out);
    }
}
