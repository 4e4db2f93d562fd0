/*
 * What is counted of the life of proposals: how stages ended, and which vetoes and disputes a
 * decision stood without.
 */
#include "machine.h"

void bl_coverage_stage(const bl_engine *engine, const bl_stage *stage)
{
    switch (stage->result) {
    case BL_RESULT_NONE: break;
    case BL_RESULT_PASSED: bl_coverage_plan(engine, stage->plan, BL_PLAN_PASSED); break;
    case BL_RESULT_FAILED: bl_coverage_plan(engine, stage->plan, BL_PLAN_FAILED); break;
    case BL_RESULT_UNRESOLVED: bl_coverage_plan(engine, stage->plan, BL_PLAN_UNRESOLVED); break;
    }
}

static bool is_vetoed_under(const bl_proposal *proposal, uint32_t which)
{
    const bl_veto_state *state = &proposal->vetoes[which];
    return state->is_spent || state->stage != BL_NONE;
}

/* Whether the `when` of a veto or dispute holds for the decision. Asking covers nothing. */
static bl_result ask_when(bl_engine *engine, const bl_proposal *proposal, uint32_t plan, bool *out)
{
    const uint32_t chunk = engine->program->plans[plan].when_chunk;
    *out = true;
    if (chunk == BL_NONE) return BL_OK;
    bl_coverage *coverage = engine->coverage;
    const bl_context context = bl_proposal_context(proposal);
    engine->coverage = NULL;
    engine->steps = 0;
    const bl_result result = bl_vm_boolean(engine, chunk, &context, NULL, 0, out);
    engine->coverage = coverage;
    if (result == BL_FAULT) *out = false;
    return result == BL_NOMEM ? BL_NOMEM : BL_OK;
}

static bl_result stood_without(bl_engine *engine, const bl_proposal *proposal, uint32_t plan)
{
    bool holds;
    const bl_result result = ask_when(engine, proposal, plan, &holds);
    if (result == BL_OK && holds) bl_coverage_plan(engine, plan, BL_PLAN_UNUSED);
    return result;
}

/* A dispute has nowhere to go from the last rung. */
static bool can_be_disputed(const bl_kind *kind, const bl_proposal *proposal)
{
    return !proposal->is_disputed && proposal->rung < kind->rungs.count;
}

static bl_result end_of(bl_engine *engine, const bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    bl_result result = BL_OK;
    const bool stands = proposal->status == BL_STATUS_ACCEPTED ||
                        proposal->status == BL_STATUS_REJECTED;
    if (!stands || proposal->is_veto_proof) return BL_OK; /* nothing can hit what was overridden */
    for (uint32_t i = 0; i < kind->vetoes.count && result == BL_OK; i++)
        if (!is_vetoed_under(proposal, i))
            result = stood_without(engine, proposal,
                                   engine->program->vetoes[kind->vetoes.first + i].plan);
    for (uint32_t i = 0; i < kind->disputes.count && result == BL_OK; i++)
        if (can_be_disputed(kind, proposal))
            result = stood_without(engine, proposal, kind->disputes.first + i);
    return result;
}

bl_result bl_coverage_end(bl_engine *engine)
{
    bl_result result = BL_OK;
    for (size_t i = 0; i < engine->proposals.count && result == BL_OK && engine->coverage; i++)
        result = end_of(engine, engine->proposals.items[i]);
    return result;
}
