/*
 * The life of a proposal: steps, ladder, decision, windows, effects, veto, dispute.
 *
 *   open --passed--> next step, or accepted --takes effect--> ... --windows over--> final
 *    |  \--failed--> rejected                      \--veto--> vetoed --override passed--> accepted
 *    |   \--unresolved or disputed--> rung 1 --> rung 2 ...
 *    \--withdrawn, lapsed
 *
 * A decision has a number; whatever was noted for it (windows, effects, reasons) does nothing any
 * more once another decision, or none, is in force. Opening a proposal is in opening.c.
 */
#include "machine.h"

static bl_result escalate(bl_engine *engine, bl_proposal *proposal, bl_text because);
static bl_result decide(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                        bool is_accepted, bl_span clause, bl_text because);

bl_context bl_proposal_context(const bl_proposal *proposal)
{
    bl_context context = BL_CONTEXT_NONE;
    context.proposal = proposal->index;
    context.instance = proposal->instance;
    return context;
}

bl_text bl_proposal_id(const bl_engine *engine, const bl_proposal *proposal)
{
    return bl_names_text(engine->ids, proposal->id);
}

bool bl_proposal_is_undecided(const bl_proposal *proposal)
{
    return proposal->status == BL_STATUS_OPEN;
}

bool bl_proposal_test(const bl_proposal *proposal, bl_state_test test)
{
    switch (test) {
    case BL_STATE_OPEN: return proposal->status == BL_STATUS_OPEN;
    case BL_STATE_ACCEPTED: return proposal->status == BL_STATUS_ACCEPTED;
    case BL_STATE_REJECTED: return proposal->status == BL_STATUS_REJECTED;
    case BL_STATE_VETOED: return proposal->status == BL_STATUS_VETOED;
    case BL_STATE_WITHDRAWN: return proposal->status == BL_STATUS_WITHDRAWN;
    case BL_STATE_LAPSED: return proposal->status == BL_STATUS_LAPSED;
    case BL_STATE_DISPUTED: return proposal->status == BL_STATUS_OPEN && proposal->is_disputed;
    case BL_STATE_ESCALATED: return proposal->status == BL_STATUS_OPEN && proposal->is_escalated;
    case BL_STATE_EFFECTIVE: return proposal->is_effective;
    case BL_STATE_FINAL: return proposal->is_final;
    case BL_STATE_ELECTED:
        return proposal->status == BL_STATUS_ACCEPTED && proposal->winner_count > 0;
    }
    return false;
}

static const bl_stage_plan *plan_at(const bl_engine *engine, uint32_t plan)
{
    return &engine->program->plans[plan];
}

static bl_result when_holds(bl_engine *engine, const bl_proposal *proposal, uint32_t chunk,
                            bool *out)
{
    *out = true;
    if (chunk == BL_NONE) return BL_OK;
    const bl_context context = bl_proposal_context(proposal);
    return bl_vm_boolean(engine, chunk, &context, NULL, 0, out);
}

/* ---- what a kind does on an outcome ---- */

/* `winner` is of an election: whom the outcome is about; BL_NONE. */
static bl_result run_handlers(bl_engine *engine, bl_proposal *proposal, bl_outcome_type outcome,
                              uint32_t winner, bool *done)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    bl_context context = bl_proposal_context(proposal);
    const bool is_decision = outcome == BL_OUTCOME_ACCEPTED || outcome == BL_OUTCOME_REJECTED ||
                             outcome == BL_OUTCOME_ELECTED;
    context.decision = is_decision ? proposal->decision : 0;
    for (uint32_t i = 0; i < kind->handlers.count; i++) {
        const bl_handler *handler = &engine->program->handlers[kind->handlers.first + i];
        if (handler->outcome != outcome) continue;
        bl_value who = bl_value_index(BL_BASE_ACTOR, winner);
        if (outcome == BL_OUTCOME_ELECTED && kind->candidates_body == BL_NONE)
            who = bl_value_text(bl_names_text(engine->program->names, winner));
        bool happened = true;
        const bl_result result = bl_effects_run(engine, handler->chunk, &context, &who,
                                                outcome == BL_OUTCOME_ELECTED ? 1 : 0,
                                                handler->span, &happened);
        if (result != BL_OK) return result;
        *done = *done && happened;
    }
    return BL_OK;
}

bl_result bl_proposal_handle(bl_engine *engine, bl_proposal *proposal, bl_outcome_type outcome)
{
    bool done = true;
    return run_handlers(engine, proposal, outcome, BL_NONE, &done);
}

/* ---- stages ---- */

static void abandon_stages(bl_engine *engine, bl_proposal *proposal)
{
    for (size_t i = 0; i < proposal->stages.count; i++) {
        bl_stage *stage = engine->stages.items[proposal->stages.items[i]];
        if (stage->state == BL_STAGE_CLOSED) continue;
        bl_stage_abandon(engine, stage);
        /* A vote on a veto that came to nothing does not use the veto up. */
        if (stage->purpose == BL_PURPOSE_VETO) proposal->vetoes[stage->veto].stage = BL_NONE;
    }
    proposal->stage = BL_NONE;
    proposal->group = 0;
}

static bl_result open_group(bl_engine *engine, bl_proposal *proposal, bl_range plans,
                            bl_purpose purpose, uint32_t veto)
{
    proposal->stage = (uint32_t)engine->stages.count;
    proposal->group = plans.count;
    for (uint32_t i = 0; i < plans.count; i++) {
        bl_stage *stage;
        const bl_result result = bl_stage_open(engine, proposal, plans.first + i, purpose, veto,
                                               plans.count, &stage);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

bl_result bl_proposal_find_alternative(bl_engine *engine, const bl_proposal *proposal,
                                       uint32_t step, bl_range *out)
{
    const bl_step alternatives = engine->program->steps[step];
    *out = (bl_range){0, 0};
    for (uint32_t i = 0; i < alternatives.count; i++) {
        const bl_range plans = engine->program->alternatives[alternatives.first + i];
        bool holds;
        const bl_result result = when_holds(engine, proposal,
                                            plan_at(engine, plans.first)->when_chunk, &holds);
        if (result != BL_OK) return result;
        if (!holds) continue;
        *out = plans;
        return BL_OK;
    }
    return BL_OK;
}

/* Opens a step; where none of its alternatives applies it is unresolved. */
bl_result bl_proposal_open_step(bl_engine *engine, bl_proposal *proposal, uint32_t step,
                                bl_purpose purpose, uint32_t veto)
{
    bl_range plans;
    bl_result result = bl_proposal_find_alternative(engine, proposal, step, &plans);
    if (result == BL_FAULT || (result == BL_OK && plans.count == 0)) {
        const bylaw_text why = result == BL_FAULT
                                   ? bl_say(engine, "it cannot be decided: %s",
                                            engine->fault.message)
                                   : bl_say(engine, "none of the ways to decide it applies");
        if (purpose == BL_PURPOSE_OVERRIDE) return BL_OK;
        return escalate(engine, proposal, (bl_text){why.bytes, why.size});
    }
    return result == BL_OK ? open_group(engine, proposal, plans, purpose, veto) : result;
}

/* ---- windows ---- */

bl_result bl_proposal_time_after(bl_engine *engine, const bl_proposal *proposal, bl_time from,
                                 uint32_t chunk, bl_span clause, bl_time *out)
{
    const bl_context context = bl_proposal_context(proposal);
    bl_value value;
    const bl_result result = bl_vm_value(engine, chunk, &context, NULL, 0, BL_BASE_DURATION,
                                         &value);
    if (result == BL_OK && !bl_time_add(from, value.as.duration, out))
        return bl_fail(engine, clause, "a time past the year 9999");
    return result;
}

bl_result bl_window_end(bl_engine *engine, const bl_proposal *proposal, uint32_t plan, bl_time *out)
{
    const bl_stage_plan *row = plan_at(engine, plan);
    *out = BL_TIME_MIN;
    bool holds;
    const bl_result result = when_holds(engine, proposal, row->when_chunk, &holds);
    if (result != BL_OK || !holds || row->is_while_open) return result;
    *out = BL_TIME_MAX;
    if (row->window_chunk == BL_NONE) return BL_OK;
    return bl_proposal_time_after(engine, proposal, proposal->decided, row->window_chunk, row->span,
                                  out);
}

static bool has_next_rung(const bl_engine *engine, const bl_proposal *proposal)
{
    return proposal->rung < bl_kind_of(engine, proposal)->rungs.count;
}

bl_result bl_window_is_open(bl_engine *engine, const bl_proposal *proposal, uint32_t plan,
                            bool *out)
{
    *out = false;
    if (proposal->is_final) return BL_OK;
    if (bl_proposal_is_undecided(proposal)) {
        *out = !proposal->is_overriding;
        return BL_OK;
    }
    if (proposal->status != BL_STATUS_ACCEPTED && proposal->status != BL_STATUS_REJECTED)
        return BL_OK;
    bl_time end;
    const bl_result result = bl_window_end(engine, proposal, plan, &end);
    *out = plan_at(engine, plan)->is_through ? engine->now <= end : engine->now < end;
    return result;
}

/* One window more: the later end wins, among equals the one that includes its end. */
static void widen(bl_time *end, uint8_t *order, bl_time other, bool is_through)
{
    const uint8_t other_order = is_through ? 2 : 0;
    if (other < *end || (other == *end && other_order <= *order)) return;
    *end = other;
    *order = other_order;
}

/* For the timeline: a later decision has other windows. */
static bl_result keep_window(bl_engine *engine, bl_proposal *proposal, uint32_t plan, bl_time end)
{
    if (!engine->options.record || end == BL_TIME_MIN) return BL_OK;
    bl_window *window = bl_arena_alloc(&engine->arena, sizeof *window);
    if (!window) return bl_no_memory(engine);
    *window = (bl_window){.plan = plan,
                          .is_through = plan_at(engine, plan)->is_through,
                          .from = proposal->decided,
                          .end = end,
                          .record_count = bl_record_count(proposal),
                          .next = proposal->windows};
    proposal->windows = window;
    return BL_OK;
}

static bl_result find_final(bl_engine *engine, bl_proposal *proposal, uint8_t *order)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    proposal->final_at = BL_TIME_MIN;
    *order = 0;
    if (proposal->is_veto_proof) return BL_OK;
    bl_time end;
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        const uint32_t plan = engine->program->vetoes[kind->vetoes.first + i].plan;
        if (proposal->vetoes[i].is_spent) continue;
        bl_result result = bl_window_end(engine, proposal, plan, &end);
        if (result == BL_OK) result = keep_window(engine, proposal, plan, end);
        if (result != BL_OK) return result;
        widen(&proposal->final_at, order, end, plan_at(engine, plan)->is_through);
    }
    for (uint32_t i = 0; i < kind->disputes.count && has_next_rung(engine, proposal); i++) {
        const uint32_t plan = kind->disputes.first + i;
        bl_result result = bl_window_end(engine, proposal, plan, &end);
        if (result == BL_OK) result = keep_window(engine, proposal, plan, end);
        if (result != BL_OK) return result;
        widen(&proposal->final_at, order, end, plan_at(engine, plan)->is_through);
    }
    return BL_OK;
}

static bool has_open_veto_vote(const bl_engine *engine, const bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    for (uint32_t i = 0; i < kind->vetoes.count; i++)
        if (proposal->vetoes[i].stage != BL_NONE &&
            engine->stages.items[proposal->vetoes[i].stage]->state != BL_STAGE_CLOSED)
            return true;
    return false;
}

/* A veto vote that is under way ends with the window of the decision it is about. */
static bl_result bound_veto_votes(bl_engine *engine, bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        const uint32_t plan = engine->program->vetoes[kind->vetoes.first + i].plan;
        if (proposal->vetoes[i].stage == BL_NONE) continue;
        bl_stage *stage = engine->stages.items[proposal->vetoes[i].stage];
        bl_time end;
        if (stage->state == BL_STAGE_CLOSED) continue;
        bl_result result = bl_window_end(engine, proposal, plan, &end);
        if (result == BL_OK && end == BL_TIME_MIN)
            bl_stage_abandon(engine, stage);
        else if (result == BL_OK && end != BL_TIME_MAX)
            result = bl_stage_set_deadline(engine, stage, end, plan_at(engine, plan)->is_through);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

static bl_effect_time effect_time(const bl_engine *engine, const bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    if (kind->effect_time != BL_EFFECT_DEFAULT) return kind->effect_time;
    return proposal->final_at == BL_TIME_MIN ? BL_EFFECT_AT_ONCE : BL_EFFECT_FINAL;
}

/* ---- taking effect ---- */

bl_result bl_proposal_effect(bl_engine *engine, bl_proposal *proposal)
{
    if (proposal->status != BL_STATUS_ACCEPTED || proposal->has_run) return BL_OK;
    proposal->has_run = true;
    bool done = true;
    bl_result result = run_handlers(engine, proposal, BL_OUTCOME_ACCEPTED, BL_NONE, &done);
    for (uint32_t i = 0; result == BL_OK && i < proposal->winner_count; i++)
        result = run_handlers(engine, proposal, BL_OUTCOME_ELECTED, proposal->winners[i], &done);
    proposal->is_effective = done;
    if (result != BL_OK || !done) return result;
    bl_announce(engine, BL_OUTCOME_EFFECTIVE, proposal, bl_kind_of(engine, proposal)->effect_span,
                (bylaw_text){NULL, 0});
    return bl_proposal_handle(engine, proposal, BL_OUTCOME_EFFECTIVE);
}

static bl_result become_final(bl_engine *engine, bl_proposal *proposal)
{
    if (proposal->is_final) return BL_OK;
    proposal->is_final = true;
    bl_result result = BL_OK;
    if (effect_time(engine, proposal) == BL_EFFECT_FINAL)
        result = bl_proposal_effect(engine, proposal);
    if (result != BL_OK) return result;
    bl_announce(engine, BL_OUTCOME_FINAL, proposal, BL_SPAN_NONE, (bylaw_text){NULL, 0});
    return bl_proposal_handle(engine, proposal, BL_OUTCOME_FINAL);
}

bl_result bl_proposal_windows_closed(bl_engine *engine, bl_proposal *proposal)
{
    const bool is_decided = proposal->status == BL_STATUS_ACCEPTED ||
                            proposal->status == BL_STATUS_REJECTED;
    if (!is_decided || proposal->final_at > engine->now || has_open_veto_vote(engine, proposal))
        return BL_OK;
    return become_final(engine, proposal);
}

static bl_result schedule_effect(bl_engine *engine, bl_proposal *proposal)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    const bl_effect_time when = effect_time(engine, proposal);
    if (proposal->status != BL_STATUS_ACCEPTED || proposal->has_run || when == BL_EFFECT_FINAL)
        return BL_OK;
    if (when != BL_EFFECT_AFTER) return bl_proposal_effect(engine, proposal);
    bl_time due;
    const bl_result result = bl_proposal_time_after(
        engine, proposal, engine->now, kind->effect_after_chunk, kind->effect_span, &due);
    if (result != BL_OK) return result;
    return bl_agenda_add(engine, due, 1, BL_DUE_EFFECT, proposal->index, proposal->decision)
               ? BL_OK
               : bl_no_memory(engine);
}

static bl_result schedule_final(bl_engine *engine, bl_proposal *proposal, uint8_t order)
{
    if (proposal->final_at == BL_TIME_MAX) return BL_OK;
    const bool is_over = order == 2 ? proposal->final_at < engine->now
                                    : proposal->final_at <= engine->now;
    if (is_over)
        return has_open_veto_vote(engine, proposal) ? BL_OK : become_final(engine, proposal);
    return bl_agenda_add(engine, proposal->final_at, order, BL_DUE_WINDOW_CLOSES, proposal->index,
                         proposal->decision)
               ? BL_OK
               : bl_no_memory(engine);
}

/* ---- reasons owed ---- */

static bl_result owe_reasons(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage)
{
    const bl_stage_plan *plan = plan_at(engine, stage->plan);
    if (plan->reasoned_chunk == BL_NONE) return BL_OK;
    bl_time due;
    const bl_result result = bl_proposal_time_after(engine, proposal, engine->now,
                                                    plan->reasoned_chunk, plan->span, &due);
    if (result != BL_OK) return result;
    proposal->owes_reasons = true;
    proposal->reasons_due = due;
    proposal->reasoned_stage = engine->stages.items[stage->index];
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_OWED, proposal);
    if (!outcome) return bl_no_memory(engine);
    const size_t mark = engine->buffer.size;
    bl_time_write(&engine->buffer, due);
    outcome->due = bl_say_built(engine, mark);
    outcome->because = bl_say(engine, "whoever decided it publishes the reasons");
    outcome->clause = bl_say_place(engine, plan->span);
    bl_outcome_end(engine, outcome);
    return bl_agenda_add(engine, due, 0, BL_DUE_REASONS, proposal->index, proposal->decision)
               ? BL_OK
               : bl_no_memory(engine);
}

bl_result bl_proposal_reasons_due(bl_engine *engine, bl_proposal *proposal)
{
    if (!proposal->owes_reasons) return BL_OK;
    proposal->owes_reasons = false;
    const bl_stage_plan *plan = plan_at(engine, proposal->reasoned_stage->plan);
    bl_announce(engine, BL_OUTCOME_VIOLATED, proposal, plan->span,
                bl_say(engine, "nobody of `%.*s` published the reasons in time",
                       BL_SAID(engine->program->bodies[plan->body].text)));
    return BL_OK;
}

/* ---- deciding ---- */

static void tell_decision(bl_engine *engine, const bl_proposal *proposal, const bl_stage *stage,
                          bl_outcome_type type, bl_span clause, bl_text because)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, type, proposal);
    if (!outcome) return;
    if (stage) {
        outcome->stage = stage->number;
        bl_outcome_tally(engine, outcome, stage);
        bl_outcome_events(engine, outcome, stage);
    }
    outcome->because = bl_say_copy(engine, because);
    outcome->clause = bl_say_place(engine, clause);
    if (stage && type != BL_OUTCOME_ACCEPTED && type != BL_OUTCOME_REJECTED)
        outcome->rounds = (bylaw_text){stage->rounds.bytes, stage->rounds.size};
    bl_outcome_end(engine, outcome);
}

/* An outcome for each of those elected, in the order of their election. */
static bl_result tell_elected(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                              bl_span clause, bl_text because)
{
    uint32_t *winners = bl_arena_array(&engine->arena, stage->winner_count, sizeof *winners);
    if (!winners) return bl_no_memory(engine);
    proposal->winners = winners;
    proposal->winner_count = stage->winner_count;
    for (uint32_t i = 0; i < stage->winner_count; i++) {
        winners[i] = stage->candidates[stage->winners[i]];
        bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_ELECTED, proposal);
        if (!outcome) return bl_no_memory(engine);
        const bl_text winner = bl_candidate_name(engine, stage, stage->winners[i]);
        outcome->stage = stage->number;
        bl_outcome_events(engine, outcome, stage);
        outcome->to = (bylaw_text){winner.bytes, winner.size};
        const bl_value option = bl_value_text(winner);
        if (!bl_candidate_is_actor(engine, stage, stage->winners[i]))
            outcome->value_json = bl_say_value(engine, &option);
        outcome->because = bl_say_copy(engine, because);
        outcome->clause = bl_say_place(engine, clause);
        bl_outcome_end(engine, outcome);
    }
    return BL_OK;
}

/* A new decision, unless it only confirms the one in force. */
static bl_result begin_decision(bl_engine *engine, bl_proposal *proposal, bl_status status,
                                bl_span clause)
{
    const bl_status before = proposal->before_dispute;
    proposal->status = status;
    proposal->before_dispute = BL_STATUS_OPEN;
    proposal->decided = engine->now;
    if (before == status) {
        proposal->is_final = false;
        return BL_OK;
    }
    const bl_result result = before == BL_STATUS_OPEN ? BL_OK
                                                      : bl_effects_undo(engine, proposal, clause);
    proposal->has_run = proposal->is_effective = false;
    proposal->change_count = 0;
    return result;
}

static bl_result after_decision(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                                bool is_new)
{
    uint8_t order = 0;
    bl_result result = stage ? owe_reasons(engine, proposal, stage) : BL_OK;
    if (result == BL_OK) result = find_final(engine, proposal, &order);
    if (result == BL_OK) result = bound_veto_votes(engine, proposal);
    if (result == BL_OK && proposal->status == BL_STATUS_REJECTED && is_new)
        result = bl_proposal_handle(engine, proposal, BL_OUTCOME_REJECTED);
    if (result == BL_OK) result = schedule_effect(engine, proposal);
    return result == BL_OK ? schedule_final(engine, proposal, order) : result;
}

static bl_result decide(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                        bool is_accepted, bl_span clause, bl_text because)
{
    const bl_status before = proposal->before_dispute;
    const bl_status status = is_accepted ? BL_STATUS_ACCEPTED : BL_STATUS_REJECTED;
    proposal->stage = BL_NONE;
    proposal->group = 0;
    tell_decision(engine, proposal, stage, is_accepted ? BL_OUTCOME_ACCEPTED : BL_OUTCOME_REJECTED,
                  clause, because);
    bl_result result = begin_decision(engine, proposal, status, clause);
    if (before != status || proposal->decision == 0) proposal->decision = ++engine->decision_count;
    if (result == BL_OK && is_accepted && stage && stage->winner_count > 0)
        result = tell_elected(engine, proposal, stage, clause, because);
    if (result == BL_OK) result = after_decision(engine, proposal, stage, before != status);
    if (result != BL_FAULT) return result;
    bl_announce(engine, BL_OUTCOME_VIOLATED, proposal, engine->fault.span,
                bl_say(engine, "%s", engine->fault.message));
    return BL_OK;
}

static bl_result lapse(bl_engine *engine, bl_proposal *proposal, bl_span clause, bl_text because)
{
    abandon_stages(engine, proposal);
    proposal->status = BL_STATUS_LAPSED;
    proposal->is_final = true;
    bl_announce(engine, BL_OUTCOME_LAPSED, proposal, clause, bl_say_copy(engine, because));
    return bl_proposal_handle(engine, proposal, BL_OUTCOME_LAPSED);
}

bl_result bl_proposal_lapse(bl_engine *engine, bl_proposal *proposal, bl_span clause,
                            bl_text because)
{
    return bl_proposal_is_undecided(proposal) ? lapse(engine, proposal, clause, because) : BL_OK;
}

bl_result bl_proposal_withdraw(bl_engine *engine, bl_proposal *proposal, bl_text because)
{
    abandon_stages(engine, proposal);
    proposal->status = BL_STATUS_WITHDRAWN;
    proposal->is_final = true;
    bl_announce(engine, BL_OUTCOME_WITHDRAWN, proposal, bl_kind_of(engine, proposal)->span,
                bl_say_copy(engine, because));
    return bl_proposal_handle(engine, proposal, BL_OUTCOME_WITHDRAWN);
}

/* ---- the ladder ---- */

/* The next rung whose `when` holds becomes the proposal's rung. */
static bl_result climb(bl_engine *engine, bl_proposal *proposal, bool *found)
{
    const bl_range rungs = bl_kind_of(engine, proposal)->rungs;
    *found = false;
    while (proposal->rung < rungs.count && !*found) {
        const bl_stage_plan *plan = plan_at(engine, rungs.first + proposal->rung);
        proposal->rung++;
        const bl_result result = when_holds(engine, proposal, plan->when_chunk, found);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

static bl_result open_rung(bl_engine *engine, bl_proposal *proposal, bl_outcome_type type,
                           bl_text because, bl_span clause)
{
    const uint32_t plan = bl_kind_of(engine, proposal)->rungs.first + proposal->rung - 1;
    bylaw_outcome *outcome = bl_outcome_begin(engine, type, proposal);
    if (!outcome) return bl_no_memory(engine);
    const bl_text body = engine->program->bodies[plan_at(engine, plan)->body].text;
    outcome->to = (bylaw_text){body.bytes, body.size};
    outcome->because = bl_say_copy(engine, because);
    outcome->clause = bl_say_place(engine,
                                   clause.file == BL_NONE ? plan_at(engine, plan)->span : clause);
    bl_outcome_end(engine, outcome);
    const bl_result result = open_group(engine, proposal, (bl_range){plan, 1}, BL_PURPOSE_RUNG,
                                        BL_NONE);
    return result == BL_OK ? bl_proposal_handle(engine, proposal, type) : result;
}

/* After the last rung: a disputed decision stands, anything else lapses. */
static bl_result end_of_ladder(bl_engine *engine, bl_proposal *proposal, bl_text because)
{
    const bl_span clause = bl_kind_of(engine, proposal)->span;
    if (proposal->before_dispute == BL_STATUS_OPEN)
        return bl_proposal_lapse(engine, proposal, clause, because);
    return decide(engine, proposal, NULL, proposal->before_dispute == BL_STATUS_ACCEPTED, clause,
                  BL_TEXT("nobody on the ladder decided otherwise: the disputed decision stands"));
}

static bl_result escalate(bl_engine *engine, bl_proposal *proposal, bl_text because)
{
    bool found;
    proposal->stage = BL_NONE;
    const bl_result result = climb(engine, proposal, &found);
    if (result == BL_NOMEM) return result;
    if (result == BL_FAULT || !found) return end_of_ladder(engine, proposal, because);
    proposal->is_escalated = true;
    return open_rung(engine, proposal, BL_OUTCOME_ESCALATED, because, BL_SPAN_NONE);
}

bl_result bl_proposal_dispute(bl_engine *engine, bl_proposal *proposal, uint32_t plan,
                              uint32_t actor, bl_text reason)
{
    bool found;
    if (!bl_proposal_is_undecided(proposal)) proposal->before_dispute = proposal->status;
    abandon_stages(engine, proposal);
    proposal->status = BL_STATUS_OPEN;
    proposal->is_disputed = true;
    const bl_text name = engine->actors.items[actor].shown;
    const bylaw_text because = reason.size == 0 ? bl_say(engine, "@%.*s disputes it", BL_SAID(name))
                                                : bl_say(engine, "@%.*s disputes it: \"%.*s\"",
                                                         BL_SAID(name), BL_SAID(reason));
    const bl_result result = climb(engine, proposal, &found);
    if (result != BL_OK) return result;
    if (!found)
        return end_of_ladder(engine, proposal,
                             BL_TEXT("there is no further rung to decide the dispute"));
    return open_rung(engine, proposal, BL_OUTCOME_DISPUTED, (bl_text){because.bytes, because.size},
                     plan_at(engine, plan)->span);
}

/* ---- veto ---- */

static bl_result override_or_end(bl_engine *engine, bl_proposal *proposal)
{
    const bl_veto *veto =
        &engine->program->vetoes[bl_kind_of(engine, proposal)->vetoes.first + proposal->veto];
    if (veto->overrides.count > 0) {
        proposal->is_overriding = true;
        proposal->step = 0;
        const bl_result result = bl_proposal_open_step(engine, proposal, veto->overrides.first,
                                                       BL_PURPOSE_OVERRIDE, proposal->veto);
        if (result != BL_OK || proposal->stage != BL_NONE) return result;
    }
    return become_final(engine, proposal);
}

bl_result bl_proposal_strike(bl_engine *engine, bl_proposal *proposal, uint32_t veto,
                             bl_text because)
{
    const bl_span clause =
        engine->program->vetoes[bl_kind_of(engine, proposal)->vetoes.first + veto].span;
    const bl_status stands = proposal->status == BL_STATUS_OPEN ? proposal->before_dispute
                                                                : proposal->status;
    abandon_stages(engine, proposal);
    proposal->veto = veto;
    if (stands == BL_STATUS_REJECTED) return lapse(engine, proposal, clause, because);
    proposal->status = BL_STATUS_VETOED;
    proposal->before_dispute = BL_STATUS_OPEN;
    const bylaw_text said = bl_say_copy(engine, because);
    bl_announce(engine, BL_OUTCOME_VETOED, proposal, clause, said);
    bl_result result = bl_effects_undo(engine, proposal, clause);
    proposal->decision = ++engine->decision_count;
    if (result == BL_OK) result = bl_proposal_handle(engine, proposal, BL_OUTCOME_VETOED);
    return result == BL_OK ? override_or_end(engine, proposal) : result;
}

static bl_result override(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                          bl_text because)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    const bl_veto *veto = &engine->program->vetoes[kind->vetoes.first + stage->veto];
    if (++proposal->step < veto->overrides.count)
        return bl_proposal_open_step(engine, proposal, veto->overrides.first + proposal->step,
                                     BL_PURPOSE_OVERRIDE, stage->veto);
    bl_announce(engine, BL_OUTCOME_OVERRIDDEN, proposal, plan_at(engine, stage->plan)->span,
                bl_say_copy(engine, because));
    proposal->is_veto_proof = true;
    const bl_result result = bl_proposal_handle(engine, proposal, BL_OUTCOME_OVERRIDDEN);
    return result == BL_OK
               ? decide(engine, proposal, stage, true, plan_at(engine, stage->plan)->span, because)
               : result;
}

static bl_result veto_vote_closed(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                                  bl_text because)
{
    proposal->vetoes[stage->veto].is_spent = true;
    if (stage->result == BL_RESULT_PASSED) {
        const bylaw_text said = bl_say(
            engine, "%u of %u in `%.*s` vetoed it: %.*s", stage->counts[1], stage->body_count,
            BL_SAID(engine->program->bodies[plan_at(engine, stage->plan)->body].text),
            BL_SAID(because));
        return bl_proposal_strike(engine, proposal, stage->veto, (bl_text){said.bytes, said.size});
    }
    /* A stage that waited for this veto may be settled now. */
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_result result = bl_stage_touch(engine, engine->stages.items[proposal->stage + i]);
        if (result != BL_OK) return result;
    }
    return bl_proposal_windows_closed(engine, proposal);
}

/* ---- a stage has closed ---- */

static bl_result tell_closed(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                             bl_text because)
{
    const bl_outcome_type type = stage->result == BL_RESULT_PASSED   ? BL_OUTCOME_PASSED
                                 : stage->result == BL_RESULT_FAILED ? BL_OUTCOME_FAILED
                                                                     : BL_OUTCOME_UNRESOLVED;
    tell_decision(engine, proposal, stage, type, plan_at(engine, stage->plan)->span, because);
    return bl_proposal_handle(engine, proposal, type);
}

/* What stages side by side come to: failed with the first that fails, else when the last has
 * closed. */
static bl_stage_result group_result(bl_engine *engine, const bl_proposal *proposal)
{
    bl_stage_result came_to = BL_RESULT_PASSED;
    bool is_waiting = false;
    for (uint32_t i = 0; i < proposal->group; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stage + i];
        if (stage->result == BL_RESULT_FAILED) return BL_RESULT_FAILED;
        is_waiting = is_waiting || stage->state != BL_STAGE_CLOSED;
        if (stage->result == BL_RESULT_UNRESOLVED) came_to = BL_RESULT_UNRESOLVED;
    }
    return is_waiting ? BL_RESULT_NONE : came_to;
}

/* A tie that nothing broke opens the vote again where the procedure says so, as often as it says.
 */
static bool is_held_again(const bl_engine *engine, const bl_proposal *proposal,
                          const bl_stage *stage)
{
    return stage->result == BL_RESULT_UNRESOLVED && stage->is_tied && proposal->group == 1 &&
           stage->held_before < engine->program->procedures[stage->procedure].rerun_most;
}

static bylaw_text say_held_again(bl_engine *engine, uint32_t time, uint32_t most)
{
    if (most == 1) return bl_say(engine, "the vote was tied; it is held again, once");
    return bl_say(engine, "the vote was tied; it is held again for the %u%s of %u times", time,
                  bl_ordinal_ending(time), most);
}

static bl_result hold_again(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage)
{
    const uint32_t before = stage->held_before;
    const bl_procedure *procedure = &engine->program->procedures[stage->procedure];
    bl_announce(engine, BL_OUTCOME_REOPENED, proposal, procedure->span,
                say_held_again(engine, before + 1, procedure->rerun_most));
    const bl_result result = open_group(engine, proposal, (bl_range){stage->plan, 1},
                                        stage->purpose, stage->veto);
    if (result == BL_OK) engine->stages.items[proposal->stage]->held_before = before + 1;
    return result;
}

static void abandon_group(bl_engine *engine, const bl_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->group; i++) {
        bl_stage *stage = engine->stages.items[proposal->stage + i];
        if (stage->state != BL_STAGE_CLOSED) bl_stage_abandon(engine, stage);
    }
}

static bl_result passed(bl_engine *engine, bl_proposal *proposal, const bl_stage *stage,
                        bl_text because)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    if (stage->purpose == BL_PURPOSE_OVERRIDE) return override(engine, proposal, stage, because);
    if (stage->purpose == BL_PURPOSE_DECISION && ++proposal->step < kind->steps.count)
        return bl_proposal_open_step(engine, proposal, kind->steps.first + proposal->step,
                                     BL_PURPOSE_DECISION, BL_NONE);
    return decide(engine, proposal, stage, true, plan_at(engine, stage->plan)->span, because);
}

bl_result bl_proposal_stage_closed(bl_engine *engine, bl_stage *stage, bl_text because)
{
    bl_proposal *proposal = engine->proposals.items[stage->proposal];
    bl_coverage_stage(engine, stage);
    const bl_result result = tell_closed(engine, proposal, stage, because);
    if (result != BL_OK) return result;
    if (!engine->options.record) stage->rounds = BL_TEXT(""); /* they are in scratch */
    if (stage->purpose == BL_PURPOSE_VETO)
        return veto_vote_closed(engine, proposal, stage, because);
    if (is_held_again(engine, proposal, stage)) return hold_again(engine, proposal, stage);
    const bl_stage_result came_to = group_result(engine, proposal);
    if (came_to == BL_RESULT_NONE) return BL_OK;
    abandon_group(engine, proposal);
    if (came_to == BL_RESULT_PASSED) return passed(engine, proposal, stage, because);
    if (stage->purpose == BL_PURPOSE_OVERRIDE) {
        proposal->stage = BL_NONE;
        return become_final(engine, proposal);
    }
    if (came_to == BL_RESULT_FAILED)
        return decide(engine, proposal, stage, false, plan_at(engine, stage->plan)->span, because);
    return escalate(engine, proposal, because);
}
