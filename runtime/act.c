/*
 * What people do in a proposal: vote, rank, veto, uphold, dispute, withdraw, recuse, declare a
 * conflict, publish.
 *
 * Each act is first asked whether it has standing; what is refused is refused with the clause that
 * refuses it. The same functions answer the question `can` without changing anything.
 */
#include <assert.h>

#include "machine.h"

/* Why an act has no standing, or by which clause it has. */
typedef bl_entitlement denial;
#define NO_DENIAL ((denial){.clause = BL_SPAN_NONE, .plan = BL_NONE, .stage = BL_NONE})

/* Of several clauses that deny it, the first that is about this actor speaks; else the first. */
static void keep_denial(denial *kept, const denial *other)
{
    if (!kept->because.bytes || (other->is_member && !kept->is_member)) *kept = *other;
}

#define DENY(engine, denied, span, ...)                                                            \
    do {                                                                                           \
        (denied)->clause = (span);                                                                 \
        (denied)->because = bl_say((engine), __VA_ARGS__);                                         \
        return BL_OK;                                                                              \
    } while (0)

static bl_text actor_name(const bl_engine *engine, uint32_t actor)
{
    return engine->actors.items[actor].shown;
}

static const bl_stage_plan *plan_at(const bl_engine *engine, uint32_t plan)
{
    return &engine->program->plans[plan];
}

static bl_text body_text(const bl_engine *engine, const bl_stage_plan *plan)
{
    return engine->program->bodies[plan->body].text;
}

static bl_ballot ballot_of(bl_engine *engine, const bl_act *act, uint8_t choice)
{
    bl_ballot ballot = {
        .actor = act->actor, .choice = choice, .seq = engine->seq, .time = engine->now};
    ballot.has_reason = act->reason.size > 0;
    if (engine->options.record && ballot.has_reason) {
        ballot.reason.bytes = bl_arena_copy(&engine->arena, act->reason.bytes, act->reason.size);
        ballot.reason.size = ballot.reason.bytes ? act->reason.size : 0;
    }
    return ballot;
}

static void tell_counted(bl_engine *engine, const bl_act *act, const bl_stage *stage,
                         bl_span clause)
{
    const bylaw_engine_options *options = &engine->options;
    if (!options->verbose && !options->ballots && !options->record) return;
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_COUNTED, act->proposal);
    if (!outcome) return;
    const bl_text actor = actor_name(engine, act->actor);
    outcome->event = bl_say(engine, "%s", bl_verb_word(act->verb));
    outcome->actor = (bylaw_text){actor.bytes, actor.size};
    if (stage) {
        outcome->stage = stage->number;
        bl_outcome_tally(engine, outcome, stage);
    }
    outcome->because = bl_say_copy(engine, act->reason);
    outcome->clause = bl_say_place(engine, clause);
    bl_outcome_end(engine, outcome);
}

static void tell_refused(bl_engine *engine, const bl_act *act, const denial *denied)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_REFUSED, act->proposal);
    if (!outcome) return;
    const bl_text actor = actor_name(engine, act->actor);
    outcome->event = bl_say(engine, "%s", bl_verb_word(act->verb));
    outcome->actor = (bylaw_text){actor.bytes, actor.size};
    outcome->because = denied->because;
    outcome->clause = bl_say_place(engine, denied->clause);
    bl_outcome_end(engine, outcome);
}

/* ---- ballots ---- */

static bl_result deny_closed(bl_engine *engine, const bl_act *act, denial *denied)
{
    const bl_proposal *proposal = act->proposal;
    const bl_span clause = bl_kind_of(engine, proposal)->span;
    if (!bl_proposal_is_undecided(proposal))
        DENY(engine, denied, clause, "nothing is being voted on: it is %s already",
             bl_explain_status(proposal));
    DENY(engine, denied, clause, "nothing is being voted on");
}

/* Why a stage under way takes no ballot from the actor. */
static void deny_stage(bl_engine *engine, const bl_act *act, const bl_stage *stage, denial *denied)
{
    const bl_stage_plan *plan = plan_at(engine, stage->plan);
    if (stage->state == BL_STAGE_CLOSED && denied->because.bytes) return;
    denied->clause = plan->span;
    denied->plan = stage->plan;
    denied->stage = stage->index;
    if (stage->state == BL_STAGE_CLOSED)
        denied->because = bl_say(engine, "this vote has closed");
    else if (denied->is_member)
        denied->because = bl_say(engine, "the vote has not opened yet");
    else
        denied->because = bl_say(engine, "@%.*s is not in `%.*s`",
                                 BL_SAID(actor_name(engine, act->actor)),
                                 BL_SAID(body_text(engine, plan)));
}

/* Members, and those whose ballots break its ties. */
static bl_result may_vote(bl_engine *engine, const bl_stage *stage, uint32_t actor, bool *out)
{
    const bl_result result = bl_stage_has_member(engine, stage, actor, out);
    return result != BL_OK || *out ? result : bl_election_is_casting(engine, stage, actor, out);
}

/* The stages of those under way in which the actor may vote; *count 0 with the reason. */
static bl_result find_stages(bl_engine *engine, const bl_act *act, bl_stage **found,
                             uint32_t *count, denial *denied)
{
    const bl_proposal *proposal = act->proposal;
    *count = 0;
    if (proposal->stage == BL_NONE) return deny_closed(engine, act, denied);
    for (uint32_t i = 0; i < proposal->group; i++) {
        bl_stage *stage = engine->stages.items[proposal->stage + i];
        bool is_member = false;
        bl_result result = BL_OK;
        if (stage->state != BL_STAGE_CLOSED)
            result = may_vote(engine, stage, act->actor, &is_member);
        if (result != BL_OK) return result;
        denied->is_member = is_member;
        if (is_member && stage->state == BL_STAGE_OPEN)
            found[(*count)++] = stage;
        else
            deny_stage(engine, act, stage, denied);
    }
    if (*count == 0) return BL_OK;
    *denied = (denial){.clause = plan_at(engine, found[0]->plan)->span,
                       .plan = found[0]->plan,
                       .stage = found[0]->index,
                       .is_member = true};
    return BL_OK;
}

static bl_result check_form(bl_engine *engine, const bl_act *act, const bl_stage *stage,
                            denial *denied)
{
    const bl_procedure *procedure = &engine->program->procedures[stage->procedure];
    const bl_verb wanted = bl_election_verb(procedure->form);
    if (procedure->form != BL_FORM_YES_NO && act->verb != wanted)
        DENY(engine, denied, procedure->span, "this is an election: it takes `%s`",
             bl_verb_word(wanted));
    if (procedure->form == BL_FORM_YES_NO &&
        (act->verb == BL_VERB_RANK || act->verb == BL_VERB_CHOOSE || act->verb == BL_VERB_SCORE))
        DENY(engine, denied, procedure->span,
             "this is no election: it takes `approve`, `reject` or `abstain`");
    if (plan_at(engine, stage->plan)->needs_reason && act->reason.size == 0 && !act->is_question)
        DENY(engine, denied, plan_at(engine, stage->plan)->span,
             "a reason is needed: `with reason`");
    return BL_OK;
}

static bl_result cast_in(bl_engine *engine, const bl_act *act, bl_stage *stage, bl_ballot ballot,
                         denial *denied)
{
    bl_result result = BL_OK;
    if (act->says) {
        denied->clause = engine->program->procedures[stage->procedure].span;
        result = bl_election_read(engine, stage, act->verb, act->says, &ballot, &denied->because);
        if (result != BL_OK || denied->because.bytes) return result;
    }
    result = bl_stage_cast(engine, stage, &ballot);
    if (result != BL_OK) return result;
    act->proposal->has_ballots = true;
    tell_counted(engine, act, stage, plan_at(engine, stage->plan)->span);
    return bl_stage_touch(engine, stage);
}

static bl_result do_vote(bl_engine *engine, const bl_act *act, denial *denied)
{
    bl_stage *stages[BL_GROUP_MAX];
    uint32_t count = 0;
    assert(act->proposal->group <= BL_GROUP_MAX); /* the compiler refuses more */
    bl_result result = find_stages(engine, act, stages, &count, denied);
    if (result != BL_OK || count == 0) return result;
    for (uint32_t i = 0; i < count && !denied->because.bytes; i++)
        result = check_form(engine, act, stages[i], denied);
    if (denied->because.bytes || act->is_question || result != BL_OK) return result;
    const uint8_t choice = act->verb == BL_VERB_REJECT    ? BL_BALLOT_REJECT
                           : act->verb == BL_VERB_ABSTAIN ? BL_BALLOT_ABSTAIN
                                                          : BL_BALLOT_APPROVE;
    const bl_ballot ballot = ballot_of(engine, act, choice);
    for (uint32_t i = 0; i < count && result == BL_OK && !denied->because.bytes; i++)
        result = cast_in(engine, act, stages[i], ballot, denied);
    return result;
}

/* ---- veto ---- */

/* Whether the actor may act under this veto or dispute clause now. */
static bl_result check_clause(bl_engine *engine, const bl_act *act, uint32_t plan, denial *denied)
{
    const bl_stage_plan *row = plan_at(engine, plan);
    bl_context context = bl_proposal_context(act->proposal);
    bool holds = false;
    denied->clause = row->span;
    denied->plan = plan;
    bl_result result = bl_body_has(engine, row->body, &context, act->actor, &holds);
    if (result != BL_OK) return result;
    if (!holds)
        DENY(engine, denied, row->span, "@%.*s is not in `%.*s`",
             BL_SAID(actor_name(engine, act->actor)), BL_SAID(body_text(engine, row)));
    denied->is_member = true;
    result = bl_window_is_open(engine, act->proposal, plan, &holds);
    if (result != BL_OK) return result;
    if (!holds && row->is_while_open && !act->proposal->is_final)
        DENY(engine, denied, row->span, "it is %s already, and this may only come while it is open",
             bl_explain_status(act->proposal));
    if (!holds && act->proposal->is_final)
        DENY(engine, denied, row->span, "it is %s, and nothing can overturn that any more",
             bl_explain_status(act->proposal));
    if (!holds)
        DENY(engine, denied, row->span, "it is %s, and the time for this is over",
             bl_explain_status(act->proposal));
    if (row->when_chunk != BL_NONE) {
        result = bl_vm_boolean(engine, row->when_chunk, &context, NULL, 0, &holds);
        if (result != BL_OK) return result;
        if (!holds) DENY(engine, denied, row->span, "the clause's `when` does not hold");
    }
    if (row->needs_reason && act->reason.size == 0 && !act->is_question)
        DENY(engine, denied, row->span, "a reason is needed: `with reason`");
    return BL_OK;
}

static bool has_vote(const bl_stage_plan *plan)
{
    return plan->procedure != BL_NONE || plan->procedure_chunk != BL_NONE;
}

bl_result bl_act_open_veto_vote(bl_engine *engine, bl_proposal *proposal, uint32_t which,
                                uint32_t plan, bl_stage **stage)
{
    bl_result result = bl_stage_open(engine, proposal, plan, BL_PURPOSE_VETO, which, 1, stage);
    if (result != BL_OK) return result;
    proposal->vetoes[which].stage = (*stage)->index;
    const bl_stage_plan *row = plan_at(engine, plan);
    if (bl_proposal_is_undecided(proposal) || row->window_chunk == BL_NONE) return BL_OK;
    bl_time end;
    result = bl_proposal_time_after(engine, proposal, proposal->decided, row->window_chunk,
                                    row->span, &end);
    if (result != BL_OK) return result;
    return bl_stage_set_deadline(engine, *stage, end, row->is_through);
}

static bl_result vote_on_veto(bl_engine *engine, const bl_act *act, uint32_t which, uint32_t plan,
                              denial *denied)
{
    bl_veto_state *state = &act->proposal->vetoes[which];
    const bl_span clause = plan_at(engine, plan)->span;
    if (state->is_spent) DENY(engine, denied, clause, "the vote on this veto was held already");
    if (state->stage == BL_NONE && act->verb == BL_VERB_UPHOLD)
        DENY(engine, denied, clause,
             "nobody has called for a veto yet: there is nothing to uphold against");
    denied->stage = state->stage;
    bl_stage *stage = state->stage == BL_NONE ? NULL : engine->stages.items[state->stage];
    bl_result result = BL_OK;
    if (!stage && act->is_question) return BL_OK;
    if (!stage) result = bl_act_open_veto_vote(engine, act->proposal, which, plan, &stage);
    if (result != BL_OK) return result;
    if (stage->state != BL_STAGE_OPEN)
        DENY(engine, denied, clause, "the vote on this veto has closed");
    if (act->is_question) return BL_OK;
    if (act->verb == BL_VERB_VETO) bl_coverage_plan(engine, plan, BL_PLAN_USED);
    const uint8_t choice = act->verb == BL_VERB_VETO ? BL_BALLOT_APPROVE : BL_BALLOT_REJECT;
    const bl_ballot ballot = ballot_of(engine, act, choice);
    result = bl_stage_cast(engine, stage, &ballot);
    if (result != BL_OK) return result;
    tell_counted(engine, act, stage, clause);
    return bl_stage_touch(engine, stage);
}

static bl_result veto_under(bl_engine *engine, const bl_act *act, uint32_t which, denial *denied)
{
    const bl_range vetoes = bl_kind_of(engine, act->proposal)->vetoes;
    const uint32_t plan = engine->program->vetoes[vetoes.first + which].plan;
    bl_result result = check_clause(engine, act, plan, denied);
    if (result != BL_OK || denied->because.bytes) return result;
    if (has_vote(plan_at(engine, plan))) return vote_on_veto(engine, act, which, plan, denied);
    if (act->verb == BL_VERB_UPHOLD)
        DENY(engine, denied, plan_at(engine, plan)->span,
             "one member alone vetoes here: there is no vote");
    if (act->is_question) return BL_OK;
    bl_coverage_plan(engine, plan, BL_PLAN_USED);
    const bylaw_text because = act->reason.size == 0
                                   ? bl_say(engine, "@%.*s vetoed it",
                                            BL_SAID(actor_name(engine, act->actor)))
                                   : bl_say(engine, "@%.*s vetoed it: \"%.*s\"",
                                            BL_SAID(actor_name(engine, act->actor)),
                                            BL_SAID(act->reason));
    return bl_proposal_strike(engine, act->proposal, which, (bl_text){because.bytes, because.size});
}

static bl_result do_veto(bl_engine *engine, const bl_act *act, denial *denied)
{
    const bl_kind *kind = bl_kind_of(engine, act->proposal);
    if (kind->vetoes.count == 0)
        DENY(engine, denied, kind->span, "this kind of proposal has no veto");
    if (act->proposal->is_veto_proof)
        DENY(engine, denied, kind->span, "its veto was overridden: it cannot be vetoed again");
    denial first = NO_DENIAL;
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        denial own = NO_DENIAL;
        const bl_result result = veto_under(engine, act, i, &own);
        if (result != BL_OK || !own.because.bytes) {
            *denied = own;
            return result;
        }
        keep_denial(&first, &own);
    }
    *denied = first;
    return BL_OK;
}

/* ---- dispute ---- */

static bl_result dispute_under(bl_engine *engine, const bl_act *act, uint32_t plan)
{
    bl_coverage_plan(engine, plan, BL_PLAN_USED);
    return bl_proposal_dispute(engine, act->proposal, plan, act->actor, act->reason);
}

static bl_result do_dispute(bl_engine *engine, const bl_act *act, denial *denied)
{
    const bl_kind *kind = bl_kind_of(engine, act->proposal);
    if (kind->disputes.count == 0)
        DENY(engine, denied, kind->span, "this kind of proposal cannot be disputed");
    denial first = NO_DENIAL;
    for (uint32_t i = 0; i < kind->disputes.count; i++) {
        const uint32_t plan = kind->disputes.first + i;
        denial own = NO_DENIAL;
        const bl_result result = check_clause(engine, act, plan, &own);
        *denied = own;
        if (result != BL_OK) return result;
        if (!own.because.bytes && act->proposal->rung >= kind->rungs.count)
            DENY(engine, denied, plan_at(engine, plan)->span, "the last rung's word is final");
        if (!own.because.bytes) return act->is_question ? BL_OK : dispute_under(engine, act, plan);
        keep_denial(&first, &own);
    }
    *denied = first;
    return BL_OK;
}

/* ---- the rest ---- */

/* Who stands in an election may stand no longer: from then on the count passes over them. */
static bl_result do_stand_down(bl_engine *engine, const bl_act *act, denial *denied)
{
    bl_proposal *proposal = act->proposal;
    const bl_kind *kind = bl_kind_of(engine, proposal);
    const uint32_t who = act->other == BL_NONE ? act->actor : act->other;
    denied->clause = kind->candidates_span;
    if (!bl_election_is_candidate(engine, proposal, who))
        DENY(engine, denied, kind->candidates_span, "@%.*s does not stand here",
             BL_SAID(actor_name(engine, who)));
    if (who != act->actor)
        DENY(engine, denied, kind->candidates_span,
             "nobody withdraws another's candidacy: only @%.*s does",
             BL_SAID(actor_name(engine, who)));
    if (act->is_question) return BL_OK;
    if (!bl_vector_reserve(&engine->memory, &proposal->withdrawn, 1)) return bl_no_memory(engine);
    proposal->withdrawn.items[proposal->withdrawn.count++] = who;
    tell_counted(engine, act, NULL, kind->candidates_span);
    return BL_OK;
}

static bl_result do_withdraw(bl_engine *engine, const bl_act *act, denial *denied)
{
    const bl_proposal *proposal = act->proposal;
    const bl_span clause = bl_kind_of(engine, proposal)->span;
    if (act->other != BL_NONE ||
        (proposal->author != act->actor && bl_election_is_candidate(engine, proposal, act->actor)))
        return do_stand_down(engine, act, denied);
    if (!bl_proposal_is_undecided(proposal) || proposal->before_dispute != BL_STATUS_OPEN)
        DENY(engine, denied, clause, "it is %s already", bl_explain_status(proposal));
    if (proposal->author != act->actor)
        DENY(engine, denied, clause, "only its author can withdraw it, and @%.*s is not",
             BL_SAID(actor_name(engine, act->actor)));
    if (act->is_question) return BL_OK;
    const bylaw_text because = bl_say(engine, "@%.*s withdrew it",
                                      BL_SAID(actor_name(engine, act->actor)));
    return bl_proposal_withdraw(engine, act->proposal, (bl_text){because.bytes, because.size});
}

/* Recusals and conflicts change who is in a body: the actor's part is taken out, and put back. */
static bl_result leave_out(bl_engine *engine, const bl_act *act, uint32_t actor, bool is_recusal)
{
    bl_proposal *proposal = act->proposal;
    const size_t count = is_recusal ? proposal->recusals.count : proposal->conflicts.count;
    const uint32_t *items = is_recusal ? proposal->recusals.items : proposal->conflicts.items;
    for (size_t i = 0; i < count; i++)
        if (items[i] == actor) {
            tell_counted(engine, act, NULL, bl_kind_of(engine, proposal)->span); /* said again */
            return BL_OK;
        }
    bl_result result = bl_touch_proposal(engine, proposal, actor, -1);
    if (result != BL_OK) return result;
    if (is_recusal) {
        if (!bl_vector_reserve(&engine->memory, &proposal->recusals, 1))
            return bl_no_memory(engine);
        proposal->recusals.items[proposal->recusals.count++] = actor;
    } else {
        if (!bl_vector_reserve(&engine->memory, &proposal->conflicts, 1))
            return bl_no_memory(engine);
        proposal->conflicts.items[proposal->conflicts.count++] = actor;
    }
    result = bl_touch_proposal(engine, proposal, actor, 1);
    tell_counted(engine, act, NULL, bl_kind_of(engine, proposal)->span);
    return result;
}

static bl_result do_conflict(bl_engine *engine, const bl_act *act, denial *denied)
{
    const uint32_t about = act->other == BL_NONE ? act->actor : act->other;
    if (about != act->actor) {
        const uint32_t body = engine->program->conflicts_body;
        const bl_context context = bl_proposal_context(act->proposal);
        bool may = false;
        bl_result result = BL_OK;
        if (body != BL_NONE) result = bl_body_has(engine, body, &context, act->actor, &may);
        if (result != BL_OK) return result;
        if (!may)
            DENY(engine, denied,
                 body == BL_NONE ? BL_SPAN_NONE : engine->program->bodies[body].span,
                 "a conflict may be declared for oneself; of others only by `conflicts declared "
                 "by`");
    }
    return act->is_question ? BL_OK : leave_out(engine, act, about, false);
}

static bl_result do_publish(bl_engine *engine, const bl_act *act, denial *denied)
{
    bl_proposal *proposal = act->proposal;
    if (!proposal->owes_reasons) {
        if (!act->is_question) tell_counted(engine, act, NULL, bl_kind_of(engine, proposal)->span);
        return BL_OK;
    }
    denied->plan = proposal->reasoned_stage->plan;
    const bl_stage_plan *plan = plan_at(engine, denied->plan);
    denied->clause = plan->span;
    bool is_member = false;
    const bl_context context = bl_proposal_context(proposal);
    const bl_result result = bl_body_has(engine, plan->body, &context, act->actor, &is_member);
    if (result != BL_OK) return result;
    if (!is_member)
        DENY(engine, denied, plan->span, "the reasons are owed by `%.*s`, and @%.*s is not in it",
             BL_SAID(body_text(engine, plan)), BL_SAID(actor_name(engine, act->actor)));
    if (act->is_question) return BL_OK;
    if (act->reason.size == 0)
        DENY(engine, denied, plan->span, "a reason is needed: `reasoned within`");
    proposal->owes_reasons = false;
    bl_announce(
        engine, BL_OUTCOME_FULFILLED, proposal, plan->span,
        bl_say(engine, "@%.*s published the reasons", BL_SAID(actor_name(engine, act->actor))));
    return BL_OK;
}

static bl_result perform(bl_engine *engine, const bl_act *act, denial *denied)
{
    switch (act->verb) {
    case BL_VERB_APPROVE:
    case BL_VERB_REJECT:
    case BL_VERB_ABSTAIN:
    case BL_VERB_RANK:
    case BL_VERB_CHOOSE:
    case BL_VERB_SCORE: return do_vote(engine, act, denied);
    case BL_VERB_VETO:
    case BL_VERB_UPHOLD: return do_veto(engine, act, denied);
    case BL_VERB_DISPUTE: return do_dispute(engine, act, denied);
    case BL_VERB_WITHDRAW: return do_withdraw(engine, act, denied);
    case BL_VERB_RECUSE: return act->is_question ? BL_OK : leave_out(engine, act, act->actor, true);
    case BL_VERB_CONFLICT: return do_conflict(engine, act, denied);
    case BL_VERB_PUBLISH: return do_publish(engine, act, denied);
    case BL_VERB_DELEGATE:
    case BL_VERB_UNDELEGATE:
        DENY(engine, denied, BL_SPAN_NONE, "`%s` is not available yet", bl_verb_word(act->verb));
    case BL_VERB_CREATE:
    case BL_VERB_REMOVE:
    case BL_VERB_SET:
    case BL_VERB_GRANT:
    case BL_VERB_REVOKE:
    case BL_VERB_FOUNDED:
    case BL_VERB_PROPOSE:
    case BL_VERB_SEED:
    case BL_VERB_RESIGN:
    case BL_VERB_TICK:
    case BL_VERB_COUNT: break;
    }
    DENY(engine, denied, BL_SPAN_NONE, "this is not done in a proposal");
}

bl_result bl_act_ask(bl_engine *engine, const bl_act *act, bl_entitlement *out)
{
    bl_act question = *act;
    question.is_question = true;
    *out = NO_DENIAL;
    out->clause = bl_kind_of(engine, act->proposal)->span;
    const bl_result result = perform(engine, &question, out);
    if (result == BL_FAULT) {
        out->clause = engine->fault.span;
        out->because = bl_say(engine, "%s", engine->fault.message);
    }
    out->is_allowed = !out->because.bytes;
    return result == BL_NOMEM || engine->out_of_memory ? BL_NOMEM : BL_OK;
}

bl_result bl_act_perform(bl_engine *engine, const bl_act *act, bool *allowed)
{
    denial denied = NO_DENIAL;
    const bl_result result = perform(engine, act, &denied);
    *allowed = result == BL_OK && !denied.because.bytes;
    if (result == BL_FAULT && !act->is_question) {
        denied.clause = engine->fault.span;
        denied.because = bl_say(engine, "%s", engine->fault.message);
    }
    if (result == BL_NOMEM) return result;
    if (!*allowed && !act->is_question) tell_refused(engine, act, &denied);
    return BL_OK;
}
