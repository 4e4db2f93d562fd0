/*
 * A stage: one body, one procedure, one window; its ballots, its running sums, and its opening.
 *
 * Each member of the body adds a part to every sum: the member's weight where its ballot is counted
 * by that sum. Parts are added and taken out one member at a time (weigh); nothing here goes over
 * all ballots to count one. Where every sum is told by the ballot alone (is_uniform), four counters
 * do.
 */
#include "machine.h"

static const uint8_t ballots[4] = {BL_BALLOT_NONE, BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                   BL_BALLOT_ABSTAIN};

static int ballot_index(uint8_t ballot)
{
    return ballot == BL_BALLOT_APPROVE   ? 1
           : ballot == BL_BALLOT_REJECT  ? 2
           : ballot == BL_BALLOT_ABSTAIN ? 3
                                         : 0;
}

static const bl_stage_plan *plan_of(const bl_engine *engine, const bl_stage *stage)
{
    return &engine->program->plans[stage->plan];
}

static const bl_procedure *procedure_of(const bl_engine *engine, const bl_stage *stage)
{
    return &engine->program->procedures[stage->procedure];
}

bl_context bl_stage_context(const bl_engine *engine, const bl_stage *stage)
{
    bl_context context = bl_proposal_context(engine->proposals.items[stage->proposal]);
    context.stage = stage->index;
    return context;
}

uint32_t bl_stage_aggregate_at(const bl_engine *engine, const bl_stage *stage, uint32_t slot)
{
    const bl_range own = procedure_of(engine, stage)->aggregates;
    return slot < own.count ? own.first + slot
                            : plan_of(engine, stage)->aggregates.first + slot - own.count;
}

uint32_t bl_stage_slot_of(const bl_engine *engine, const bl_stage *stage, uint32_t aggregate)
{
    const bl_range own = procedure_of(engine, stage)->aggregates;
    return aggregate - own.first < own.count
               ? aggregate - own.first
               : aggregate - plan_of(engine, stage)->aggregates.first + own.count;
}

uint8_t bl_stage_ballot_of(const bl_stage *stage, uint32_t actor)
{
    const uint32_t at = bl_map_get(&stage->ballot_of, actor);
    return at == BL_NONE ? BL_BALLOT_NONE : stage->ballots.items[at].choice;
}

bl_result bl_stage_has_member(bl_engine *engine, const bl_stage *stage, uint32_t actor, bool *out)
{
    if (plan_of(engine, stage)->is_as_of_opening && stage->state != BL_STAGE_WAITING) {
        const bl_proposal *proposal = engine->proposals.items[stage->proposal];
        *out = bl_set_has(stage->snapshot, actor);
        for (size_t i = 0; i < proposal->recusals.count && *out; i++)
            *out = proposal->recusals.items[i] != actor;
        return BL_OK;
    }
    const bl_context context = bl_stage_context(engine, stage);
    return bl_body_has(engine, plan_of(engine, stage)->body, &context, actor, out);
}

/* ---- one member's part ---- */

typedef struct part {
    uint8_t mask; /* with which ballots it counts */
    bl_rational weight;
} part;

static bl_result part_mask(bl_engine *engine, const bl_stage *stage, const bl_aggregate *aggregate,
                           uint32_t actor, uint8_t *mask)
{
    *mask = aggregate->mask;
    if (aggregate->is_uniform) return BL_OK;
    bl_context context = bl_stage_context(engine, stage);
    const bl_value argument = bl_value_index(BL_BASE_ACTOR, actor);
    *mask = 0;
    for (int i = 0; i < 4; i++) {
        bool is_in = false;
        context.ballot = ballots[i];
        const bl_result result = bl_vm_boolean(engine, aggregate->member_chunk, &context, &argument,
                                               1, &is_in);
        if (result != BL_OK) return result;
        if (is_in) *mask |= ballots[i];
    }
    return BL_OK;
}

static bl_result weight_of(bl_engine *engine, const bl_stage *stage, uint32_t slot, uint32_t actor,
                           bl_rational *weight)
{
    const bl_aggregate *aggregate =
        &engine->program->aggregates[bl_stage_aggregate_at(engine, stage, slot)];
    *weight = BL_RATIONAL(1);
    if (aggregate->weight_chunk == BL_NONE) return BL_OK;
    if (stage->snapshot_weights != NULL) {
        for (uint32_t i = 0; i < stage->snapshot.count; i++)
            if (stage->snapshot.actors[i] == actor)
                *weight = stage->snapshot_weights[i * stage->sum_count + slot];
        return BL_OK;
    }
    const bl_context context = bl_stage_context(engine, stage);
    const bl_value argument = bl_value_index(BL_BASE_ACTOR, actor);
    bl_value value;
    const bl_result result = bl_vm_value(engine, aggregate->weight_chunk, &context, &argument, 1,
                                         BL_BASE_NUMBER, &value);
    if (result != BL_OK) return result;
    *weight = value.as.number;
    return weight->num >= 0 ? BL_OK
                            : bl_fail(engine, engine->program->chunks[aggregate->weight_chunk].span,
                                      "the weight of @%.*s is negative",
                                      BL_SAID(engine->actors.items[actor].shown));
}

/* What the member's part adds to the left side of a comparison with this ballot. */
static bool part_of_compare(const bl_engine *engine, const bl_stage *stage,
                            const bl_compare *compare, const part *parts, uint8_t ballot,
                            bl_rational *out)
{
    const bl_range terms = engine->program->conditions[compare->condition].terms;
    *out = BL_RATIONAL(0);
    for (uint32_t i = 0; i < terms.count; i++) {
        const uint32_t aggregate = engine->program->terms[terms.first + i].aggregate;
        if (engine->program->aggregates[aggregate].is_outside) continue;
        const part *own = &parts[bl_stage_slot_of(engine, stage, aggregate)];
        bl_rational product;
        if ((own->mask & ballot) != 0 &&
            (!bl_rational_multiply(compare->coefficients[i], own->weight, &product) ||
             !bl_rational_add(*out, product, out)))
            return false;
    }
    return true;
}

static bool add_signed(bl_rational *sum, bl_rational more, int sign)
{
    return sign > 0 ? bl_rational_add(*sum, more, sum) : bl_rational_subtract(*sum, more, sum);
}

/* Adds what a member without a ballot leaves open in every linear comparison. */
static bool weigh_slack(const bl_engine *engine, bl_stage *stage, const part *parts, int sign)
{
    for (uint32_t i = 0; i < stage->compare_count; i++) {
        bl_compare *compare = &stage->compares[i];
        if (compare->coefficients == NULL) continue;
        bl_rational now, least = BL_RATIONAL(0), most = BL_RATIONAL(0);
        if (!part_of_compare(engine, stage, compare, parts, BL_BALLOT_NONE, &now)) return false;
        for (int ballot = 1; ballot < 4; ballot++) {
            bl_rational with;
            if (!part_of_compare(engine, stage, compare, parts, ballots[ballot], &with) ||
                !bl_rational_subtract(with, now, &with))
                return false;
            if (bl_rational_compare(with, least) < 0) least = with;
            if (bl_rational_compare(with, most) > 0) most = with;
        }
        if (!add_signed(&compare->low, least, sign) || !add_signed(&compare->high, most, sign))
            return false;
    }
    return true;
}

static bl_result weigh_sums(bl_engine *engine, bl_stage *stage, uint32_t actor, uint8_t ballot,
                            int sign)
{
    part *parts = bl_arena_array(&engine->scratch, stage->sum_count + 1, sizeof *parts);
    if (parts == NULL) return bl_no_memory(engine);
    for (uint32_t i = 0; i < stage->sum_count; i++) {
        const bl_aggregate *aggregate =
            &engine->program->aggregates[bl_stage_aggregate_at(engine, stage, i)];
        if (aggregate->is_outside) continue;
        bl_result result = part_mask(engine, stage, aggregate, actor, &parts[i].mask);
        if (result == BL_OK) result = weight_of(engine, stage, i, actor, &parts[i].weight);
        if (result != BL_OK) return result;
        if ((parts[i].mask & ballot) != 0 && !add_signed(&stage->sums[i], parts[i].weight, sign))
            return bl_fail(engine, plan_of(engine, stage)->span,
                           "the sum `%.*s` is too large a number", BL_SAID(aggregate->text));
    }
    if (ballot == BL_BALLOT_NONE && !weigh_slack(engine, stage, parts, sign))
        return bl_fail(engine, plan_of(engine, stage)->span,
                       "a sum of weights is too large a number");
    return BL_OK;
}

void bl_stage_become_faulty(bl_engine *engine, bl_stage *stage)
{
    if (stage->is_faulty) return;
    const bl_text message = bl_text_of(engine->fault.message);
    stage->is_faulty = true;
    stage->fault.bytes = bl_arena_copy(&engine->arena, message.bytes, message.size);
    stage->fault.size = stage->fault.bytes == NULL ? 0 : message.size;
}

bl_result bl_stage_weigh(bl_engine *engine, bl_stage *stage, uint32_t actor, int sign,
                         bool *is_counted)
{
    bool is_member = false;
    bl_result result = bl_stage_has_member(engine, stage, actor, &is_member);
    *is_counted = is_member || result != BL_OK;
    if (result == BL_OK && is_member) {
        const uint8_t ballot = bl_stage_ballot_of(stage, actor);
        stage->counts[ballot_index(ballot)] += (uint32_t)sign;
        stage->body_count += (uint32_t)sign;
        if (!stage->is_uniform) result = weigh_sums(engine, stage, actor, ballot, sign);
    }
    if (result == BL_FAULT) {
        bl_stage_become_faulty(engine, stage);
        result = BL_OK;
    }
    return result;
}

static bl_result weigh(bl_engine *engine, bl_stage *stage, uint32_t actor, int sign)
{
    bool is_counted;
    return bl_stage_weigh(engine, stage, actor, sign, &is_counted);
}

/* ---- sums ---- */

static bl_result outside_sum(bl_engine *engine, const bl_stage *stage,
                             const bl_aggregate *aggregate, bl_rational *out)
{
    const bl_context context = bl_stage_context(engine, stage);
    bl_value set;
    bl_result result = bl_vm_value(engine, aggregate->set_chunk, &context, stage->arguments,
                                   stage->argument_count, BL_BASE_SET, &set);
    if (result != BL_OK) return result;
    *out = BL_RATIONAL(set.as.set.count);
    if (aggregate->weight_chunk == BL_NONE) return BL_OK;
    *out = BL_RATIONAL(0);
    for (uint32_t i = 0; i < set.as.set.count; i++) {
        const bl_value argument = bl_value_index(BL_BASE_ACTOR, set.as.set.actors[i]);
        bl_value weight;
        result = bl_vm_value(engine, aggregate->weight_chunk, &context, &argument, 1,
                             BL_BASE_NUMBER, &weight);
        if (result != BL_OK) return result;
        if (!bl_rational_add(*out, weight.as.number, out))
            return bl_fail(engine, plan_of(engine, stage)->span,
                           "a sum of weights is too large a number");
    }
    return BL_OK;
}

bl_result bl_stage_aggregate(bl_engine *engine, const bl_stage *stage, uint32_t number,
                             bl_rational *out)
{
    const bl_aggregate *aggregate = &engine->program->aggregates[number];
    if (aggregate->is_outside) return outside_sum(engine, stage, aggregate, out);
    if (!stage->is_uniform) {
        *out = stage->sums[bl_stage_slot_of(engine, stage, number)];
        return BL_OK;
    }
    int64_t sum = 0;
    for (int i = 0; i < 4; i++)
        if (aggregate->mask & ballots[i]) sum += stage->counts[i];
    *out = BL_RATIONAL(sum);
    return BL_OK;
}

/* ---- ballots ---- */

bl_result bl_stage_cast(bl_engine *engine, bl_stage *stage, const bl_ballot *ballot)
{
    bl_result result = weigh(engine, stage, ballot->actor, -1);
    if (result != BL_OK) return result;
    uint32_t at = bl_map_get(&stage->ballot_of, ballot->actor);
    if (at == BL_NONE) {
        at = (uint32_t)stage->ballots.count;
        if (!bl_vector_reserve(&engine->memory, &stage->ballots, 1) ||
            !bl_map_put(&engine->memory, &stage->ballot_of, ballot->actor, at))
            return bl_no_memory(engine);
        stage->ballots.count++;
    }
    stage->ballots.items[at] = *ballot;
    return weigh(engine, stage, ballot->actor, 1);
}

bl_result bl_stage_discard(bl_engine *engine, bl_stage *stage)
{
    for (size_t i = 0; i < stage->ballots.count; i++) {
        bl_ballot *ballot = &stage->ballots.items[i];
        if (ballot->choice == BL_BALLOT_NONE) continue;
        bl_result result = weigh(engine, stage, ballot->actor, -1);
        ballot->choice = BL_BALLOT_NONE;
        if (result == BL_OK) result = weigh(engine, stage, ballot->actor, 1);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* ---- opening ---- */

static bl_result duration_of(bl_engine *engine, const bl_stage *stage, uint32_t chunk,
                             bool has_arguments, bl_time from, bl_time *out)
{
    const bl_context context = bl_stage_context(engine, stage);
    bl_value value;
    const bl_result result = bl_vm_value(
        engine, chunk, &context, has_arguments ? stage->arguments : NULL,
        has_arguments ? stage->argument_count : 0, BL_BASE_DURATION, &value);
    if (result != BL_OK) return result;
    return bl_time_add(from, value.as.duration, out)
               ? BL_OK
               : bl_fail(engine, engine->program->chunks[chunk].span, "a time past the year 9999");
}

static bl_result find_procedure(bl_engine *engine, bl_stage *stage)
{
    const bl_stage_plan *plan = plan_of(engine, stage);
    const bl_context context = bl_stage_context(engine, stage);
    stage->procedure = plan->procedure;
    if (plan->procedure_chunk != BL_NONE) {
        bl_value value;
        const bl_result result = bl_vm_value(engine, plan->procedure_chunk, &context, NULL, 0,
                                             BL_BASE_PROCEDURE, &value);
        if (result != BL_OK) return result;
        stage->procedure = value.as.index;
    }
    bl_value *arguments = bl_arena_array(&engine->arena, plan->arguments.count + 1,
                                         sizeof *arguments);
    if (arguments == NULL) return bl_no_memory(engine);
    for (uint32_t i = 0; i < plan->arguments.count; i++) {
        bl_value value;
        const uint32_t chunk = engine->program->indexes[plan->arguments.first + i];
        const bl_result result = bl_vm_run(engine, chunk, &context, NULL, 0, &value);
        if (result != BL_OK) return result;
        if (!bl_value_copy(&engine->arena, &value, &arguments[i])) return bl_no_memory(engine);
    }
    stage->arguments = arguments;
    stage->argument_count = plan->arguments.count;
    return BL_OK;
}

bl_result bl_stage_set_deadline(bl_engine *engine, bl_stage *stage, bl_time deadline,
                                bool is_through)
{
    stage->deadline = deadline;
    stage->is_through = is_through;
    return bl_agenda_add(engine, deadline, is_through ? 2 : 0, BL_DUE_STAGE_CLOSES, stage->index, 0)
               ? BL_OK
               : bl_no_memory(engine);
}

static bl_result set_window(bl_engine *engine, bl_stage *stage)
{
    const bl_stage_plan *plan = plan_of(engine, stage);
    const bl_procedure *procedure = procedure_of(engine, stage);
    stage->opened = engine->now;
    stage->earliest_end = BL_TIME_MIN;
    bl_time until = BL_TIME_MAX;
    bool is_through = false;
    bl_result result = BL_OK;
    if (procedure->open_for_chunk != BL_NONE) {
        result = duration_of(engine, stage, procedure->open_for_chunk, true, engine->now, &until);
        if (result == BL_OK && procedure->open_for_at_least) {
            stage->earliest_end = until;
            until = BL_TIME_MAX;
        }
    }
    if (result == BL_OK && plan->window_chunk != BL_NONE && stage->purpose != BL_PURPOSE_VETO) {
        is_through = plan->is_through;
        result = duration_of(engine, stage, plan->window_chunk, false, engine->now, &until);
    }
    if (result == BL_OK && until != BL_TIME_MAX)
        result = bl_stage_set_deadline(engine, stage, until, is_through);
    if (result == BL_OK && stage->earliest_end != BL_TIME_MIN &&
        !bl_agenda_add(engine, stage->earliest_end, 0, BL_DUE_STAGE_CLOSES, stage->index, 0))
        result = bl_no_memory(engine);
    return result;
}

/* Whether nothing but its members' ballots and weights can decide the stage. Conditions say their
 * part themselves. */
static bool sums_are_of_members(const bl_engine *engine, const bl_stage *stage)
{
    for (uint32_t i = 0; i < stage->sum_count; i++)
        if (engine->program->aggregates[bl_stage_aggregate_at(engine, stage, i)].is_outside)
            return false;
    const bl_range vetoes = bl_kind_of(engine, engine->proposals.items[stage->proposal])->vetoes;
    for (uint32_t i = 0; i < vetoes.count; i++)
        if (engine->program->plans[engine->program->vetoes[vetoes.first + i].plan].is_while_open)
            return false;
    return true;
}

static bool sums_are_uniform(const bl_engine *engine, const bl_stage *stage)
{
    for (uint32_t i = 0; i < stage->sum_count; i++) {
        const bl_aggregate *aggregate =
            &engine->program->aggregates[bl_stage_aggregate_at(engine, stage, i)];
        if (!aggregate->is_outside &&
            (!aggregate->is_uniform || aggregate->weight_chunk != BL_NONE))
            return false;
    }
    return true;
}

/* Of an election by weights, as they are at the opening. */
static bl_result keep_voter_weights(bl_engine *engine, bl_stage *stage)
{
    if (!bl_stage_is_election(engine, stage) ||
        procedure_of(engine, stage)->weight_chunk == BL_NONE)
        return BL_OK;
    const bl_context context = bl_stage_context(engine, stage);
    bl_rational *weights = bl_arena_array(&engine->arena, (size_t)stage->snapshot.count + 1,
                                          sizeof *weights);
    if (!weights) return bl_no_memory(engine);
    for (uint32_t i = 0; i < stage->snapshot.count; i++) {
        const bl_result result = bl_election_weight(engine, stage, &context,
                                                    stage->snapshot.actors[i], &weights[i]);
        if (result != BL_OK) return result;
    }
    stage->voter_weights = weights;
    return BL_OK;
}

static bl_result take_snapshot(bl_engine *engine, bl_stage *stage, bl_set members)
{
    bl_value copy;
    const bl_value value = {.base = BL_BASE_SET, .as.set = members};
    if (!bl_value_copy(&engine->arena, &value, &copy)) return bl_no_memory(engine);
    stage->snapshot = copy.as.set;
    bl_result result = keep_voter_weights(engine, stage);
    if (stage->is_uniform || result != BL_OK) return result;
    bl_rational *weights = bl_arena_array(
        &engine->arena, (size_t)members.count * stage->sum_count + 1, sizeof *weights);
    if (weights == NULL) return bl_no_memory(engine);
    for (uint32_t i = 0; i < members.count; i++)
        for (uint32_t slot = 0; slot < stage->sum_count; slot++) {
            result = weight_of(engine, stage, slot, members.actors[i],
                               &weights[(size_t)i * stage->sum_count + slot]);
            if (result != BL_OK) return result;
        }
    stage->snapshot_weights = weights;
    return BL_OK;
}

static bl_result count_body(bl_engine *engine, bl_stage *stage)
{
    const bl_context context = bl_stage_context(engine, stage);
    bl_set members;
    bl_result result = bl_body_set(engine, plan_of(engine, stage)->body, &context, &members);
    if (result == BL_OK && plan_of(engine, stage)->is_as_of_opening)
        result = take_snapshot(engine, stage, members);
    if (result == BL_OK && stage->is_uniform) {
        stage->counts[0] = stage->body_count = members.count;
        return BL_OK;
    }
    for (uint32_t i = 0; i < members.count && result == BL_OK; i++)
        result = weigh(engine, stage, members.actors[i], 1);
    return result;
}

static bl_result begin(bl_engine *engine, bl_stage *stage)
{
    bl_result result = find_procedure(engine, stage);
    if (result != BL_OK) return result;
    const bl_procedure *procedure = procedure_of(engine, stage);
    stage->sum_count = procedure->aggregates.count + plan_of(engine, stage)->aggregates.count;
    stage->sums = bl_arena_array(&engine->arena, stage->sum_count, sizeof *stage->sums);
    if (stage->sums == NULL) return bl_no_memory(engine);
    for (uint32_t i = 0; i < stage->sum_count; i++)
        stage->sums[i] = BL_RATIONAL(0);
    stage->is_uniform = sums_are_uniform(engine, stage);
    stage->is_of_members = sums_are_of_members(engine, stage);
    result = set_window(engine, stage);
    if (result == BL_OK) result = bl_condition_prepare(engine, stage);
    if (result == BL_OK) result = bl_touch_watch(engine, stage);
    if (result == BL_OK) result = count_body(engine, stage);
    if (result == BL_OK && bl_stage_is_election(engine, stage))
        result = bl_election_open(engine, stage); /* its options may ask for the body */
    return result;
}

bl_result bl_stage_begin(bl_engine *engine, bl_stage *stage)
{
    stage->state = BL_STAGE_OPEN;
    bl_result result = begin(engine, stage);
    if (result == BL_FAULT) {
        bl_stage_become_faulty(engine, stage);
        result = BL_OK;
    }
    return result == BL_OK ? bl_stage_touch(engine, stage) : result;
}

bl_result bl_stage_open(bl_engine *engine, bl_proposal *proposal, uint32_t plan, bl_purpose purpose,
                        uint32_t veto, uint32_t group, bl_stage **out)
{
    bl_stage *stage = bl_arena_alloc(&engine->arena, sizeof *stage);
    if (stage == NULL || !bl_vector_reserve(&engine->memory, &engine->stages, 1) ||
        !bl_vector_reserve(&engine->memory, &proposal->stages, 1))
        return bl_no_memory(engine);
    *stage = (bl_stage){.index = (uint32_t)engine->stages.count,
                        .proposal = proposal->index,
                        .plan = plan,
                        .procedure = engine->program->plans[plan].procedure,
                        .number = ++proposal->stage_count,
                        .purpose = purpose,
                        .veto = veto,
                        .group = group,
                        .opened = engine->now,
                        .deadline = BL_TIME_MAX,
                        .earliest_end = BL_TIME_MIN,
                        .default_option = BL_NONE};
    engine->stages.items[engine->stages.count++] = stage;
    proposal->stages.items[proposal->stages.count++] = stage->index;
    *out = stage;
    bl_coverage_plan(engine, plan, BL_PLAN_OPENED);
    const bl_stage_plan *row = &engine->program->plans[plan];
    if (row->after_chunk == BL_NONE) return bl_stage_begin(engine, stage);
    bl_time opens;
    const bl_result result = duration_of(engine, stage, row->after_chunk, false, engine->now,
                                         &opens);
    if (result == BL_FAULT) {
        stage->state = BL_STAGE_OPEN;
        bl_stage_become_faulty(engine, stage);
        return bl_stage_touch(engine, stage);
    }
    if (result == BL_OK && !bl_agenda_add(engine, opens, 1, BL_DUE_STAGE_OPENS, stage->index, 0))
        return bl_no_memory(engine);
    return result;
}
