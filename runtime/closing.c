/*
 * When a stage closes, and with what result: at once, when it is settled, or at its deadline.
 *
 * The conditions are condition.c's business, the ballots stage.c's. What follows from a closed
 * stage is proposal.c's.
 */
#include "machine.h"

static const bl_stage_plan *plan_of(const bl_engine *engine, const bl_stage *stage)
{
    return &engine->program->plans[stage->plan];
}

static const bl_procedure *procedure_of(const bl_engine *engine, const bl_stage *stage)
{
    return &engine->program->procedures[stage->procedure];
}

void bl_stage_abandon(bl_engine *engine, bl_stage *stage)
{
    stage->state = BL_STAGE_CLOSED;
    stage->closed = engine->now;
}

static bl_result close_stage(bl_engine *engine, bl_stage *stage, bl_stage_result came_to,
                             bl_text because)
{
    stage->state = BL_STAGE_CLOSED;
    stage->closed = engine->now;
    stage->result = came_to;
    return bl_proposal_stage_closed(engine, stage, because);
}

/* What decided, in words: built in the engine's buffer, copied to scratch. */
static bl_result close_because(bl_engine *engine, bl_stage *stage, bl_stage_result came_to,
                               uint32_t condition, const char *what, const char *how)
{
    const size_t mark = engine->buffer.size;
    bl_buffer_cstring(&engine->buffer, what);
    bl_result result = bl_condition_explain(engine, stage, condition, &engine->buffer);
    if (result == BL_FAULT) result = BL_OK;
    bl_buffer_cstring(&engine->buffer, how);
    const bylaw_text said = bl_say_built(engine, mark);
    if (engine->out_of_memory) return BL_NOMEM;
    return result == BL_OK ? close_stage(engine, stage, came_to, (bl_text){said.bytes, said.size})
                           : result;
}

static bl_result close_faulty(bl_engine *engine, bl_stage *stage)
{
    const bylaw_text said = bl_say(engine, "it cannot be decided: %.*s", BL_SAID(stage->fault));
    return close_stage(engine, stage, BL_RESULT_UNRESOLVED, (bl_text){said.bytes, said.size});
}

/* What a stage has come to: NONE while it is open still. */
typedef struct verdict {
    bl_stage_result result;
    uint32_t condition; /* that decided */
    const char *what; /* stands before the condition */
} verdict;

/* The quorum, or that of the procedure, that is not met; BL_NONE: both are. */
static bl_result find_missing_quorum(bl_engine *engine, const bl_stage *stage, uint32_t *missing)
{
    const uint32_t quorums[] = {procedure_of(engine, stage)->quorum,
                                plan_of(engine, stage)->quorum};
    *missing = BL_NONE;
    for (size_t i = 0; i < sizeof quorums / sizeof *quorums && *missing == BL_NONE; i++) {
        bool is_met = false;
        const bl_result result = bl_condition_now(engine, stage, quorums[i], &is_met);
        if (result != BL_OK) return result;
        if (!is_met) *missing = quorums[i];
    }
    return BL_OK;
}

static const char no_quorum[] = "the quorum was not met: ";

/*
 * Counts, unless nobody voted or a quorum is missing. Where those whose ballots break ties may
 * still cast one, a tie keeps the vote open until its deadline.
 */
static bl_result close_election(bl_engine *engine, bl_stage *stage, bool at_deadline)
{
    if (stage->counts[1] == 0)
        return close_stage(engine, stage, BL_RESULT_UNRESOLVED, BL_TEXT("nobody voted"));
    uint32_t missing;
    bl_result result = find_missing_quorum(engine, stage, &missing);
    if (result == BL_OK && missing != BL_NONE)
        return close_because(engine, stage, BL_RESULT_UNRESOLVED, missing, no_quorum, "");
    bl_text because = BL_TEXT("");
    if (result == BL_OK) result = bl_election_count(engine, stage, &because);
    if (result != BL_OK) return result;
    bool awaits = false;
    if (stage->is_tied && !at_deadline) result = bl_election_awaits_casting(engine, stage, &awaits);
    if (result != BL_OK || awaits) return result;
    return close_stage(engine, stage, (bl_stage_result)stage->came_to, because);
}

/* A veto that may still come from somebody keeps a stage from being settled. */
static bl_result awaits_veto(bl_engine *engine, const bl_stage *stage, bool *out)
{
    const bl_proposal *proposal = engine->proposals.items[stage->proposal];
    const bl_kind *kind = bl_kind_of(engine, proposal);
    *out = false;
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        const bl_veto *veto = &engine->program->vetoes[kind->vetoes.first + i];
        const bl_stage_plan *plan = &engine->program->plans[veto->plan];
        if (!plan->is_while_open || proposal->vetoes[i].is_spent || proposal->is_veto_proof ||
            stage->purpose == BL_PURPOSE_VETO || stage->purpose == BL_PURPOSE_OVERRIDE)
            continue;
        const bl_context context = bl_proposal_context(proposal);
        bool holds = true;
        if (plan->when_chunk != BL_NONE) {
            const bl_result result = bl_vm_boolean(engine, plan->when_chunk, &context, NULL, 0,
                                                   &holds);
            if (result != BL_OK) return result;
        }
        if (!holds) continue;
        if (engine->program->bodies[plan->body].is_anyone) {
            *out = true;
            continue;
        }
        bl_set members;
        const bl_result result = bl_body_set(engine, plan->body, &context, &members);
        if (result != BL_OK) return result;
        *out = *out || members.count > 0;
    }
    return BL_OK;
}

static bl_result quorum_now(bl_engine *engine, const bl_stage *stage, bool *out)
{
    bl_result result = bl_condition_now(engine, stage, procedure_of(engine, stage)->quorum, out);
    if (result == BL_OK && *out)
        result = bl_condition_now(engine, stage, plan_of(engine, stage)->quorum, out);
    return result;
}

/* Tested after counted ballots: an opening alone decides nothing. (test: settling.py) */
static bl_result find_at_once(bl_engine *engine, const bl_stage *stage, verdict *out)
{
    *out = (verdict){BL_RESULT_NONE, BL_NONE, ""};
    if (stage->counts[0] == stage->body_count) return BL_OK;
    const bl_procedure *procedure = procedure_of(engine, stage);
    bool quorum = false, passes = false, fails = false;
    bl_result result = quorum_now(engine, stage, &quorum);
    if (result != BL_OK || !quorum) return result;
    if (procedure->passes != BL_NONE)
        result = bl_condition_now(engine, stage, procedure->passes, &passes);
    if (result == BL_OK && !passes && procedure->fails != BL_NONE)
        result = bl_condition_now(engine, stage, procedure->fails, &fails);
    if (passes)
        *out = (verdict){BL_RESULT_PASSED, procedure->passes, "passes when "};
    else if (fails)
        *out = (verdict){BL_RESULT_FAILED, procedure->fails, "fails when "};
    return result;
}

static bl_result test_at_once(bl_engine *engine, bl_stage *stage)
{
    verdict now;
    const bl_result result = find_at_once(engine, stage, &now);
    return result == BL_OK && now.result != BL_RESULT_NONE
               ? close_because(engine, stage, now.result, now.condition, now.what, "")
               : result;
}

static const char *rest_of_body(bl_engine *engine, const bl_stage *stage)
{
    const uint32_t rest = stage->counts[0];
    if (rest == 0) return ", and nobody is left to vote";
    return bl_say(engine, ", whatever the %u still to vote %s", rest, rest == 1 ? "does" : "do")
        .bytes;
}

static bl_result settle_fails(bl_engine *engine, const bl_stage *stage, bl_truth passes,
                              bl_truth *fails)
{
    const bl_procedure *procedure = procedure_of(engine, stage);
    *fails = BL_FALSE;
    if (procedure->fails_otherwise)
        *fails = passes == BL_FALSE ? BL_TRUE : passes == BL_TRUE ? BL_FALSE : BL_UNKNOWN;
    else if (procedure->fails != BL_NONE)
        return bl_condition_settled(engine, stage, procedure->fails, fails);
    return BL_OK;
}

static bl_result find_verdict(bl_engine *engine, const bl_stage *stage, verdict *out)
{
    const bl_procedure *procedure = procedure_of(engine, stage);
    const uint32_t plan_quorum = plan_of(engine, stage)->quorum;
    bl_truth quorum, also, passes, fails;
    *out = (verdict){BL_RESULT_NONE, BL_NONE, ""};
    bl_result result = bl_condition_settled(engine, stage, procedure->quorum, &quorum);
    if (result == BL_OK) result = bl_condition_settled(engine, stage, plan_quorum, &also);
    if (result == BL_OK) result = bl_condition_settled(engine, stage, procedure->passes, &passes);
    if (result == BL_OK) result = settle_fails(engine, stage, passes, &fails);
    if (result != BL_OK) return result;
    if (quorum == BL_FALSE)
        *out = (verdict){BL_RESULT_UNRESOLVED, procedure->quorum, "the quorum cannot be met: "};
    else if (also == BL_FALSE)
        *out = (verdict){BL_RESULT_UNRESOLVED, plan_quorum, "the quorum cannot be met: "};
    else if (passes == BL_FALSE && fails == BL_FALSE)
        *out = (verdict){BL_RESULT_UNRESOLVED, procedure->passes,
                         "it neither passes nor fails: passes when "};
    else if (quorum == BL_UNKNOWN || also == BL_UNKNOWN)
        return BL_OK;
    else if (passes == BL_TRUE)
        *out = (verdict){BL_RESULT_PASSED, procedure->passes, "passes when "};
    else if (passes == BL_FALSE && fails == BL_TRUE && procedure->fails_otherwise)
        *out = (verdict){BL_RESULT_FAILED, procedure->passes, "passes only when "};
    else if (passes == BL_FALSE && fails == BL_TRUE)
        *out = (verdict){BL_RESULT_FAILED, procedure->fails, "fails when "};
    return BL_OK;
}

/*
 * What is settled and need not wait. Whether a veto may come is asked last: it costs most, and only
 * what is settled can wait for it.
 */
static bl_result find_settled(bl_engine *engine, const bl_stage *stage, verdict *out)
{
    *out = (verdict){BL_RESULT_UNRESOLVED, BL_NONE, ""};
    bl_result result = BL_OK;
    if (stage->body_count > 0) result = find_verdict(engine, stage, out);
    bool awaits = false;
    if (result == BL_OK && out->result != BL_RESULT_NONE)
        result = awaits_veto(engine, stage, &awaits);
    if (awaits) out->result = BL_RESULT_NONE;
    return result;
}

static bl_result test_settled(bl_engine *engine, bl_stage *stage)
{
    verdict settled;
    const bl_result result = find_settled(engine, stage, &settled);
    if (result != BL_OK || settled.result == BL_RESULT_NONE) return result;
    if (stage->body_count == 0)
        return close_stage(engine, stage, BL_RESULT_UNRESOLVED,
                           BL_TEXT("there is nobody to decide it"));
    return close_because(engine, stage, settled.result, settled.condition, settled.what,
                         rest_of_body(engine, stage));
}

/* An election ends early when everybody has voted, but not while a veto may still come. */
static bl_result test_election(bl_engine *engine, bl_stage *stage)
{
    if (stage->body_count == 0 || stage->counts[0] > 0) return BL_OK;
    bool awaits = false;
    const bl_result result = awaits_veto(engine, stage, &awaits);
    return result != BL_OK || awaits ? result : close_election(engine, stage, false);
}

/* Whether what is settled closes the stage before its deadline. */
static bool closes_when_settled(const bl_procedure *procedure)
{
    return procedure->closing == BL_CLOSES_SETTLED &&
           (procedure->open_for_chunk == BL_NONE || procedure->open_for_at_least);
}

bl_result bl_stage_test(bl_engine *engine, bl_stage *stage)
{
    if (stage->state != BL_STAGE_OPEN || engine->now < stage->earliest_end) return BL_OK;
    if (stage->is_faulty) return close_faulty(engine, stage);
    const bl_procedure *procedure = procedure_of(engine, stage);
    bl_result result = BL_OK;
    if (bl_stage_is_election(engine, stage)) {
        result = test_election(engine, stage);
    } else if (procedure->closing == BL_CLOSES_AT_ONCE) {
        result = test_at_once(engine, stage);
    } else if (closes_when_settled(procedure)) {
        result = test_settled(engine, stage);
    }
    if (result == BL_FAULT) {
        bl_stage_become_faulty(engine, stage);
        result = close_faulty(engine, stage);
    }
    return result;
}

static bl_result find_at_deadline(bl_engine *engine, const bl_stage *stage, verdict *out)
{
    const bl_procedure *procedure = procedure_of(engine, stage);
    uint32_t missing;
    bool passes = false, fails = false;
    bl_result result = find_missing_quorum(engine, stage, &missing);
    *out = (verdict){BL_RESULT_UNRESOLVED, missing, no_quorum};
    if (result != BL_OK || missing != BL_NONE) return result;
    result = bl_condition_now(engine, stage, procedure->passes, &passes);
    if (result == BL_OK && procedure->fails != BL_NONE)
        result = bl_condition_now(engine, stage, procedure->fails, &fails);
    if (passes)
        *out = (verdict){BL_RESULT_PASSED, procedure->passes, "passes when "};
    else if (procedure->fails_otherwise)
        *out = (verdict){BL_RESULT_FAILED, procedure->passes, "passes only when "};
    else if (fails)
        *out = (verdict){BL_RESULT_FAILED, procedure->fails, "fails when "};
    else
        *out = (verdict){BL_RESULT_UNRESOLVED, procedure->passes,
                         "it neither passes nor fails: passes when "};
    return result;
}

static bl_result close_at_deadline(bl_engine *engine, bl_stage *stage)
{
    verdict end;
    const bl_result result = find_at_deadline(engine, stage, &end);
    return result == BL_OK ? close_because(engine, stage, end.result, end.condition, end.what,
                                           ", at the deadline")
                           : result;
}

bl_result bl_stage_would_close(bl_engine *engine, const bl_stage *stage, bool at_deadline,
                               bl_stage_result *out)
{
    const bl_procedure *procedure = procedure_of(engine, stage);
    verdict found = {BL_RESULT_NONE, BL_NONE, ""};
    bl_result result = BL_OK;
    *out = BL_RESULT_NONE;
    if (stage->state != BL_STAGE_OPEN || bl_stage_is_election(engine, stage)) return BL_OK;
    if (!at_deadline && engine->now < stage->earliest_end) return BL_OK;
    if (stage->is_faulty || (at_deadline && stage->body_count == 0))
        found.result = BL_RESULT_UNRESOLVED;
    else if (at_deadline)
        result = find_at_deadline(engine, stage, &found);
    else if (procedure->closing == BL_CLOSES_AT_ONCE)
        result = find_at_once(engine, stage, &found);
    else if (closes_when_settled(procedure))
        result = find_settled(engine, stage, &found);
    *out = result == BL_FAULT ? BL_RESULT_UNRESOLVED : found.result;
    return result == BL_FAULT ? BL_OK : result;
}

bl_result bl_stage_deadline(bl_engine *engine, bl_stage *stage)
{
    if (stage->state != BL_STAGE_OPEN) return BL_OK;
    if (engine->now < stage->deadline) return bl_stage_test(engine, stage);
    if (stage->is_faulty) return close_faulty(engine, stage);
    if (stage->body_count == 0)
        return close_stage(engine, stage, BL_RESULT_UNRESOLVED,
                           BL_TEXT("there is nobody to decide it"));
    bl_result result = bl_stage_is_election(engine, stage) ? close_election(engine, stage, true)
                                                           : close_at_deadline(engine, stage);
    if (result == BL_FAULT) {
        bl_stage_become_faulty(engine, stage);
        result = close_faulty(engine, stage);
    }
    return result;
}
