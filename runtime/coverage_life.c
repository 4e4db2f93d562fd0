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
    return state->is_spent || state->stage != BL_NONE ||
           (proposal->status == BL_STATUS_VETOED && proposal->veto == which);
}

static void end_of(const bl_engine *engine, const bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    if (proposal->status != BL_STATUS_ACCEPTED && proposal->status != BL_STATUS_REJECTED) return;
    for (uint32_t i = 0; i < kind->vetoes.count; i++)
        if (!is_vetoed_under(proposal, i))
            bl_coverage_plan(engine, engine->program->vetoes[kind->vetoes.first + i].plan,
                             BL_PLAN_UNUSED);
    for (uint32_t i = 0; i < kind->disputes.count; i++)
        if (!proposal->is_disputed)
            bl_coverage_plan(engine, kind->disputes.first + i, BL_PLAN_UNUSED);
}

void bl_coverage_end(const bl_engine *engine)
{
    if (!bl_coverage_now(engine)) return;
    for (size_t i = 0; i < engine->proposals.count; i++)
        end_of(engine, engine->proposals.items[i]);
}
