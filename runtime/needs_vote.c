/*
 * What decides a vote, or votes side by side: all minimal sets of ballots for each result.
 *
 * The votes stand in a trial. Who changes the same numbers in the same way is one class; a state is
 * how many of each class have cast which ballot. Its effect is added to the running sums, and the
 * machine's own conditions are asked (bl_stage_would_close). needs_walk.c goes through few states,
 * needs_descend.c searches many.
 */
#include "needs_vote.h"

#include <string.h>

enum { CHOICE_COUNT = 3 };
static const uint8_t choices[CHOICE_COUNT] = {BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                              BL_BALLOT_ABSTAIN};

bl_arena *bl_solver_arena(const bl_solver *s)
{
    return &s->trial->arena;
}

static int counter_of(uint8_t choice)
{
    return choice == BL_BALLOT_APPROVE   ? 1
           : choice == BL_BALLOT_REJECT  ? 2
           : choice == BL_BALLOT_ABSTAIN ? 3
                                         : 0;
}

bl_effect *bl_solver_effect(const bl_solver *s, uint32_t way, uint32_t stage)
{
    return &s->effects[way * s->vote->stage_count + stage];
}

/* ---- whether conditions read more than sums ---- */

static bool chunk_reads_ballots(const bl_program *program, uint32_t chunk)
{
    if (chunk == BL_NONE) return false;
    const bl_chunk *row = &program->chunks[chunk];
    for (uint32_t i = 0; i < row->count; i++) {
        const uint16_t op = program->code[row->first + i].op;
        if (op == OP_SET_BALLOT || op == OP_BALLOT_IN || op == OP_CALL || op == OP_CAN) return true;
    }
    return false;
}

static bool condition_reads_ballots(const bl_program *program, uint32_t condition, int depth)
{
    if (condition == BL_NONE) return false;
    if (depth > BL_AST_DEPTH_MAX) return true;
    const bl_condition *row = &program->conditions[condition];
    switch (row->kind) {
    case BL_CONDITION_COMPARE:
        return !row->is_linear && chunk_reads_ballots(program, row->test_chunk);
    case BL_CONDITION_TEST: return chunk_reads_ballots(program, row->test_chunk);
    case BL_CONDITION_AND:
    case BL_CONDITION_OR:
    case BL_CONDITION_NOT: break;
    }
    return condition_reads_ballots(program, row->left, depth + 1) ||
           condition_reads_ballots(program, row->right, depth + 1);
}

static bool stage_reads_ballots(const bl_engine *engine, const bl_stage *stage)
{
    const bl_program *program = engine->program;
    const bl_procedure *procedure = &program->procedures[stage->procedure];
    return condition_reads_ballots(program, procedure->quorum, 0) ||
           condition_reads_ballots(program, procedure->passes, 0) ||
           condition_reads_ballots(program, procedure->fails, 0) ||
           condition_reads_ballots(program, program->plans[stage->plan].quorum, 0);
}

/* ---- what one ballot changes ---- */

bl_result bl_solver_cast(bl_solver *s, bl_stage *stage, uint32_t actor, uint8_t choice)
{
    const bl_ballot ballot = {.actor = actor,
                              .choice = choice,
                              .has_reason = true,
                              .seq = s->engine->seq,
                              .time = s->engine->now};
    return bl_stage_cast(s->engine, stage, &ballot);
}

static bool effect_alloc(bl_solver *s, const bl_stage *stage, bl_effect *out)
{
    out->sums = bl_arena_array(bl_solver_arena(s), stage->sum_count + 1, sizeof *out->sums);
    out->lows = bl_arena_array(bl_solver_arena(s), stage->compare_count + 1, sizeof *out->lows);
    out->highs = bl_arena_array(bl_solver_arena(s), stage->compare_count + 1, sizeof *out->highs);
    return out->sums && out->lows && out->highs;
}

/* Notes the numbers of the stage (sign 0) or what has changed of them since (sign 1). */
static bool note_numbers(const bl_stage *stage, bl_effect *out, bool is_after)
{
    for (uint32_t i = 0; i < stage->sum_count; i++)
        if (!is_after)
            out->sums[i] = stage->sums[i];
        else if (!bl_rational_subtract(stage->sums[i], out->sums[i], &out->sums[i]))
            return false;
    for (uint32_t i = 0; i < stage->compare_count; i++) {
        const bl_compare *compare = &stage->compares[i];
        if (!is_after) {
            out->lows[i] = compare->low;
            out->highs[i] = compare->high;
        } else if (!bl_rational_subtract(compare->low, out->lows[i], &out->lows[i]) ||
                   !bl_rational_subtract(compare->high, out->highs[i], &out->highs[i])) {
            return false;
        }
    }
    return true;
}

/* The sums of a stage that keeps counters only, per member and ballot. */
static void uniform_sums(bl_solver *s, const bl_stage *stage, bl_effect *out)
{
    for (uint32_t i = 0; i < stage->sum_count; i++) {
        const uint32_t number = bl_stage_aggregate_at(s->engine, stage, i);
        const bl_aggregate *aggregate = &s->engine->program->aggregates[number];
        const int change = aggregate->is_outside ? 0
                                                 : (aggregate->mask >> out->to & 1) -
                                                       (aggregate->mask >> out->from & 1);
        out->sums[i] = BL_RATIONAL(change);
    }
}

static bl_result probe(bl_solver *s, bl_stage *stage, uint32_t actor, uint8_t choice,
                       bl_effect *out)
{
    const uint8_t before = bl_stage_ballot_of(stage, actor);
    bl_result result = bl_stage_has_member(s->engine, stage, actor, &out->is_member);
    if (result == BL_NOMEM || !effect_alloc(s, stage, out)) return BL_NOMEM;
    out->is_member = out->is_member && result == BL_OK && stage->state == BL_STAGE_OPEN;
    out->from = (uint8_t)counter_of(before);
    out->to = (uint8_t)counter_of(choice);
    for (uint32_t i = 0; i < stage->sum_count; i++)
        out->sums[i] = BL_RATIONAL(0);
    for (uint32_t i = 0; i < stage->compare_count; i++)
        out->lows[i] = out->highs[i] = BL_RATIONAL(0);
    if (!out->is_member) return BL_OK;
    if (stage->is_uniform) {
        uniform_sums(s, stage, out);
        return BL_OK;
    }
    note_numbers(stage, out, false);
    result = bl_solver_cast(s, stage, actor, choice);
    if (result == BL_OK && !note_numbers(stage, out, true)) s->has_overflow = true;
    if (result == BL_OK) result = bl_solver_cast(s, stage, actor, before);
    return result;
}

static bool same_numbers(const bl_rational *a, const bl_rational *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i].num != b[i].num || a[i].den != b[i].den) return false;
    return true;
}

static bool same_effect(const bl_stage *stage, const bl_effect *a, const bl_effect *b)
{
    if (a->is_member != b->is_member) return false;
    if (!a->is_member) return true;
    return a->from == b->from && a->to == b->to &&
           same_numbers(a->sums, b->sums, stage->sum_count) &&
           same_numbers(a->lows, b->lows, stage->compare_count) &&
           same_numbers(a->highs, b->highs, stage->compare_count);
}

/* ---- classes ---- */

typedef struct person {
    uint32_t actor;
    uint32_t class_of;
    bl_effect *effects; /* by choice and stage */
} person;

static bl_result probe_person(bl_solver *s, person *who)
{
    const bl_vote *vote = s->vote;
    who->effects = bl_arena_array(bl_solver_arena(s), (size_t)CHOICE_COUNT * vote->stage_count,
                                  sizeof *who->effects);
    if (!who->effects) return BL_NOMEM;
    for (uint32_t c = 0; c < CHOICE_COUNT; c++)
        for (uint32_t i = 0; i < vote->stage_count; i++) {
            bl_effect *out = &who->effects[c * vote->stage_count + i];
            bl_arena_reset(&s->engine->scratch);
            s->engine->steps = 0;
            const bl_result result = probe(s, vote->stages[i], who->actor, choices[c], out);
            if (result == BL_NOMEM) return result;
        }
    return BL_OK;
}

static bool are_alike(const bl_solver *s, const person *a, const person *b)
{
    if (s->reads_ballots) return false;
    if (s->vote->is_veto &&
        bl_set_has(s->vote->callers, a->actor) != bl_set_has(s->vote->callers, b->actor))
        return false;
    for (uint32_t c = 0; c < CHOICE_COUNT; c++)
        for (uint32_t i = 0; i < s->vote->stage_count; i++) {
            const uint32_t at = c * s->vote->stage_count + i;
            if (!same_effect(s->vote->stages[i], &a->effects[at], &b->effects[at])) return false;
        }
    return true;
}

/* The ballot that the choice would change; the choice itself where it changes nothing. */
static uint8_t ballot_before(const bl_solver *s, const person *who, uint32_t choice)
{
    static const uint8_t ballots[4] = {BL_BALLOT_NONE, BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                       BL_BALLOT_ABSTAIN};
    uint8_t before = choices[choice];
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const bl_effect *of = &who->effects[choice * s->vote->stage_count + i];
        if (of->is_member && of->from != of->to) before = ballots[of->from];
    }
    return before;
}

static bool is_slack_of_use(const bl_solver *s, const bl_stage *stage)
{
    const bl_procedure *procedure = &s->engine->program->procedures[stage->procedure];
    if (procedure->closing == BL_CLOSES_AT_ONCE) return stage->counts[0] == stage->body_count;
    return procedure->closing == BL_CLOSES_SETTLED &&
           (stage->deadline == BL_TIME_MAX || s->keeps_slack);
}

/* Whether a ballot changes no number that anything depends on. */
static bool is_idle(const bl_solver *s, const person *who, uint32_t choice)
{
    if (s->reads_ballots) return false;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const bl_stage *stage = s->vote->stages[i];
        const bl_effect *of = &who->effects[choice * s->vote->stage_count + i];
        if (!of->is_member) continue;
        if (is_slack_of_use(s, stage)) return false;
        for (uint32_t j = 0; j < stage->sum_count; j++)
            if (of->sums[j].num != 0) return false;
    }
    return true;
}

static bool add_way(bl_solver *s, const person *people, uint32_t count, uint32_t first,
                    uint32_t choice)
{
    bl_answer *answer = s->answer;
    const person *model = &people[first];
    const uint8_t before = ballot_before(s, model, choice);
    if (before == choices[choice] || is_idle(s, model, choice)) return true;
    if (s->vote->is_veto && choices[choice] == BL_BALLOT_ABSTAIN) return true;
    if (s->vote->is_veto && choices[choice] == BL_BALLOT_APPROVE &&
        !bl_set_has(s->vote->callers, model->actor))
        return true;
    if (answer->way_count >= BL_NEEDS_WAYS_MAX) {
        answer->is_complete = false;
        return true;
    }
    uint32_t *actors = bl_arena_array(bl_solver_arena(s), count, sizeof *actors);
    if (!actors) return false;
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        if (people[i].class_of == model->class_of) actors[found++] = people[i].actor;
    const uint32_t way = answer->way_count++;
    answer->ways[way] = (bl_way){.people = {actors, found},
                                 .choice = choices[choice],
                                 .before = before,
                                 .group = model->class_of};
    s->group_sizes[model->class_of] = found;
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        *bl_solver_effect(s, way, i) = model->effects[choice * s->vote->stage_count + i];
    return true;
}

static bl_result find_ways(bl_solver *s)
{
    const bl_set all = s->vote->people;
    person *people = bl_arena_array(bl_solver_arena(s), all.count + 1, sizeof *people);
    s->answer->ways = bl_arena_array(bl_solver_arena(s), BL_NEEDS_WAYS_MAX, sizeof(bl_way));
    s->effects = bl_arena_array(
        bl_solver_arena(s), (size_t)BL_NEEDS_WAYS_MAX * s->vote->stage_count, sizeof *s->effects);
    s->counts = bl_arena_array(bl_solver_arena(s), BL_NEEDS_WAYS_MAX, sizeof *s->counts);
    s->group_sizes = bl_arena_array(bl_solver_arena(s), all.count + 1, sizeof *s->group_sizes);
    s->group_used = bl_arena_array(bl_solver_arena(s), all.count + 1, sizeof *s->group_used);
    if (!people || !s->answer->ways || !s->effects || !s->counts || !s->group_sizes ||
        !s->group_used)
        return BL_NOMEM;
    for (uint32_t i = 0; i < all.count; i++) {
        people[i].actor = all.actors[i];
        if (probe_person(s, &people[i]) != BL_OK) return BL_NOMEM;
        people[i].class_of = i;
        for (uint32_t j = 0; j < i && people[i].class_of == i; j++)
            if (people[j].class_of == j && are_alike(s, &people[i], &people[j]))
                people[i].class_of = j;
    }
    for (uint32_t c = 0; c < CHOICE_COUNT; c++)
        for (uint32_t i = 0; i < all.count; i++)
            if (people[i].class_of == i && !add_way(s, people, all.count, i, c)) return BL_NOMEM;
    return BL_OK;
}

/* ---- states ---- */

static bool move_numbers(bl_stage *stage, const bl_effect *of, int sign)
{
    bool fits = true;
    for (uint32_t i = 0; i < stage->sum_count; i++)
        fits = (sign > 0 ? bl_rational_add(stage->sums[i], of->sums[i], &stage->sums[i])
                         : bl_rational_subtract(stage->sums[i], of->sums[i], &stage->sums[i])) &&
               fits;
    for (uint32_t i = 0; i < stage->compare_count; i++) {
        bl_compare *compare = &stage->compares[i];
        fits = (sign > 0 ? bl_rational_add(compare->low, of->lows[i], &compare->low) &&
                               bl_rational_add(compare->high, of->highs[i], &compare->high)
                         : bl_rational_subtract(compare->low, of->lows[i], &compare->low) &&
                               bl_rational_subtract(compare->high, of->highs[i], &compare->high)) &&
               fits;
    }
    return fits;
}

/* One ballot more of this way, or one less. */
bl_result bl_solver_move(bl_solver *s, uint32_t way, int sign)
{
    const bl_way *row = &s->answer->ways[way];
    if (sign < 0) s->counts[way]--;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        bl_stage *stage = s->vote->stages[i];
        const bl_effect *of = bl_solver_effect(s, way, i);
        if (!of->is_member) continue;
        if (s->reads_ballots) {
            bl_arena_reset(&s->engine->scratch);
            const bl_result result = bl_solver_cast(s, stage, row->people.actors[s->counts[way]],
                                                    sign > 0 ? row->choice : row->before);
            if (result == BL_NOMEM) return result;
            continue;
        }
        stage->counts[of->from] -= (uint32_t)sign;
        stage->counts[of->to] += (uint32_t)sign;
        if (!stage->is_uniform && !move_numbers(stage, of, sign)) s->has_overflow = true;
    }
    if (sign > 0) s->counts[way]++;
    s->group_used[row->group] += (uint32_t)sign;
    return BL_OK;
}

bl_result bl_solver_go_to(bl_solver *s, const uint16_t *counts)
{
    for (uint32_t way = 0; way < s->answer->way_count; way++)
        while (s->counts[way] > counts[way])
            if (bl_solver_move(s, way, -1) != BL_OK) return BL_NOMEM;
    for (uint32_t way = 0; way < s->answer->way_count; way++)
        while (s->counts[way] < counts[way])
            if (bl_solver_move(s, way, 1) != BL_OK) return BL_NOMEM;
    return BL_OK;
}

uint32_t bl_solver_free(const bl_solver *s, uint32_t way)
{
    const uint32_t group = s->answer->ways[way].group;
    return s->group_sizes[group] - s->group_used[group];
}

bl_result bl_solver_would_close(bl_solver *s, const bl_stage *stage, bool at_deadline,
                                bl_stage_result *out)
{
    bl_arena_reset(&s->engine->scratch);
    s->engine->steps = 0;
    return bl_stage_would_close(s->engine, stage, at_deadline, out);
}

/* What a stage comes to if nobody does anything more. */
bl_result bl_solver_in_the_end(bl_solver *s, const bl_stage *stage, bl_stage_result *out)
{
    const bl_time now = s->engine->now;
    bl_result result = BL_OK;
    *out = BL_RESULT_NONE;
    if (stage->deadline != BL_TIME_MAX) {
        s->engine->now = stage->deadline;
        result = bl_solver_would_close(s, stage, true, out);
    } else if (stage->earliest_end > now) {
        s->engine->now = stage->earliest_end;
        result = bl_solver_would_close(s, stage, false, out);
    }
    s->engine->now = now;
    return result;
}

/* ---- answers ---- */

static bool is_within(const bl_solver *s, const uint16_t *small, const uint16_t *large)
{
    for (uint32_t i = 0; i < s->answer->way_count; i++)
        if (small[i] > large[i]) return false;
    return true;
}

/* Whether a set that is found already is part of the present one. */
bool bl_solver_is_known(const bl_solver *s, bl_stage_result result, const uint16_t *counts)
{
    for (size_t i = 0; i < s->answer->sets[result].count; i++)
        if (is_within(s, s->answer->sets[result].items[i].counts, counts)) return true;
    return false;
}

bl_result bl_solver_keep(bl_solver *s, bl_stage_result result, const uint16_t *counts,
                         const uint16_t *order, const bl_time *times, uint32_t size)
{
    bl_answer *answer = s->answer;
    if (result == BL_RESULT_NONE || size == 0 || bl_solver_is_known(s, result, counts))
        return BL_OK;
    if (answer->sets[result].count >= BL_NEEDS_SETS_MAX) {
        answer->is_complete = false;
        return BL_OK;
    }
    uint16_t *copy = bl_arena_array(bl_solver_arena(s), answer->way_count + 1, sizeof *copy);
    uint16_t *steps = bl_arena_array(bl_solver_arena(s), size, sizeof *steps);
    bl_time *when = bl_arena_array(bl_solver_arena(s), size, sizeof *when);
    if (!copy || !steps || !when ||
        !bl_vector_reserve(&s->engine->memory, &answer->sets[result], 1))
        return BL_NOMEM;
    memcpy(copy, counts, answer->way_count * sizeof *copy);
    memcpy(steps, order, size * sizeof *steps);
    for (uint32_t i = 0; i < size; i++)
        when[i] = times ? times[i] : BL_TIME_MIN;
    answer->sets[result].items[answer->sets[result].count++] = (bl_ballots){copy, steps, when,
                                                                            size};
    return BL_OK;
}

/* A state costs the more, the more ways there are to go on from it. */
bool bl_solver_spend(bl_solver *s)
{
    const uint32_t cost = 1 + s->answer->way_count / 8;
    if (*s->budget < cost) {
        *s->budget = 0;
        s->answer->is_complete = false;
        return false;
    }
    *s->budget -= cost;
    return true;
}

/* What votes side by side come to, out of what each does; as proposal.c joins them. */
bl_stage_result bl_solver_join(const bl_stage_result *results, uint32_t count)
{
    bl_stage_result all = BL_RESULT_PASSED;
    bool is_waiting = false;
    for (uint32_t i = 0; i < count; i++) {
        if (results[i] == BL_RESULT_FAILED) return BL_RESULT_FAILED;
        is_waiting = is_waiting || results[i] == BL_RESULT_NONE;
        if (results[i] == BL_RESULT_UNRESOLVED) all = BL_RESULT_UNRESOLVED;
    }
    return is_waiting ? BL_RESULT_NONE : all;
}

/* How many states there are, up to a limit. */
static uint64_t count_states(const bl_solver *s)
{
    uint64_t states = 1;
    for (uint32_t group = 0; group < s->vote->people.count; group++) {
        uint32_t ways = 0;
        for (uint32_t i = 0; i < s->answer->way_count; i++)
            ways += s->answer->ways[i].group == group;
        uint64_t of_group = 1;
        for (uint32_t i = 1; i <= ways && of_group <= BL_NEEDS_LATTICE_MAX; i++)
            of_group = of_group * (s->group_sizes[group] + i) / i;
        states *= of_group;
        if (states > BL_NEEDS_LATTICE_MAX) break;
    }
    return states;
}

static bool any_closes_at_once(const bl_solver *s)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (s->engine->program->procedures[s->vote->stages[i]->procedure].closing ==
            BL_CLOSES_AT_ONCE)
            return true;
    return false;
}

bl_result bl_vote_solve(bl_trial *trial, const bl_vote *vote, uint32_t *budget, bl_answer *out)
{
    bl_solver s = {
        .trial = trial, .engine = trial->engine, .vote = vote, .answer = out, .budget = budget};
    *out = (bl_answer){.is_complete = true};
    for (uint32_t i = 0; i < vote->stage_count; i++)
        s.reads_ballots = s.reads_ballots || stage_reads_ballots(trial->engine, vote->stages[i]);
    uint8_t choice;
    if (s.reads_ballots && bl_solver_rises(&s, &choice)) return bl_solver_rise(&s, choice);
    s.keeps_slack = vote->stage_count > 1;
    bl_result result = find_ways(&s);
    if (result != BL_OK) return result;
    if (count_states(&s) <= BL_NEEDS_LATTICE_MAX) return bl_solver_walk(&s);
    if (s.keeps_slack) {
        s.keeps_slack = false;
        out->way_count = 0;
        result = find_ways(&s);
    }
    if (vote->stage_count > 1 && any_closes_at_once(&s)) out->is_complete = false;
    result = bl_solver_descend(&s);
    if (s.has_overflow) out->is_complete = false;
    return result;
}
