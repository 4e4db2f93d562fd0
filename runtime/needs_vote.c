/*
 * What decides a vote, or votes side by side: all minimal sets of ballots for each result.
 *
 * The votes stand in a trial. Who changes the same numbers in the same way is one class; a state is
 * how many of each class have cast which ballot. Its effect is added to the running sums, and the
 * machine's own conditions are asked (bl_stage_would_close). Where there are few states all of them
 * are gone through, one ballot after the other, so that every order is tried; where there are many,
 * the search goes class by class and leaves out what no further ballot can save.
 */
#include "needs.h"

#include <string.h>

enum { CHOICE_COUNT = 3 };
static const uint8_t choices[CHOICE_COUNT] = {BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                              BL_BALLOT_ABSTAIN};

/* What one ballot of a class changes in one stage. */
typedef struct effect {
    bool is_member;
    uint8_t from, to; /* of the four counters */
    bl_rational *sums;
    bl_rational *lows, *highs; /* by comparison */
} effect;

typedef struct solver {
    bl_trial *trial;
    bl_engine *engine;
    const bl_vote *vote;
    bl_answer *answer;
    uint32_t *budget;
    effect *effects; /* by way and stage */
    uint32_t *group_sizes; /* people of each group of ways */
    uint32_t *group_used;
    uint16_t *counts; /* the present state */
    bool keeps_slack; /* ballots that only bring a closing nearer are ways too */
    bool reads_ballots; /* a condition looks at people and not at sums: real ballots are cast */
    bool has_overflow;
} solver;

static bl_arena *arena_of(const solver *s)
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

static effect *effect_of(const solver *s, uint32_t way, uint32_t stage)
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

static bl_result cast(solver *s, bl_stage *stage, uint32_t actor, uint8_t choice)
{
    const bl_ballot ballot = {.actor = actor,
                              .choice = choice,
                              .has_reason = true,
                              .seq = s->engine->seq,
                              .time = s->engine->now};
    return bl_stage_cast(s->engine, stage, &ballot);
}

static bool effect_alloc(solver *s, const bl_stage *stage, effect *out)
{
    out->sums = bl_arena_array(arena_of(s), stage->sum_count + 1, sizeof *out->sums);
    out->lows = bl_arena_array(arena_of(s), stage->compare_count + 1, sizeof *out->lows);
    out->highs = bl_arena_array(arena_of(s), stage->compare_count + 1, sizeof *out->highs);
    return out->sums && out->lows && out->highs;
}

/* Notes the numbers of the stage (sign 0) or what has changed of them since (sign 1). */
static bool note_numbers(const bl_stage *stage, effect *out, bool is_after)
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
static void uniform_sums(solver *s, const bl_stage *stage, effect *out)
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

static bl_result probe(solver *s, bl_stage *stage, uint32_t actor, uint8_t choice, effect *out)
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
    result = cast(s, stage, actor, choice);
    if (result == BL_OK && !note_numbers(stage, out, true)) s->has_overflow = true;
    if (result == BL_OK) result = cast(s, stage, actor, before);
    return result;
}

static bool same_numbers(const bl_rational *a, const bl_rational *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a[i].num != b[i].num || a[i].den != b[i].den) return false;
    return true;
}

static bool same_effect(const bl_stage *stage, const effect *a, const effect *b)
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
    effect *effects; /* by choice and stage */
} person;

static bl_result probe_person(solver *s, person *who)
{
    const bl_vote *vote = s->vote;
    who->effects = bl_arena_array(arena_of(s), (size_t)CHOICE_COUNT * vote->stage_count,
                                  sizeof *who->effects);
    if (!who->effects) return BL_NOMEM;
    for (uint32_t c = 0; c < CHOICE_COUNT; c++)
        for (uint32_t i = 0; i < vote->stage_count; i++) {
            effect *out = &who->effects[c * vote->stage_count + i];
            bl_arena_reset(&s->engine->scratch);
            s->engine->steps = 0;
            const bl_result result = probe(s, vote->stages[i], who->actor, choices[c], out);
            if (result == BL_NOMEM) return result;
        }
    return BL_OK;
}

static bool are_alike(const solver *s, const person *a, const person *b)
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
static uint8_t ballot_before(const solver *s, const person *who, uint32_t choice)
{
    static const uint8_t ballots[4] = {BL_BALLOT_NONE, BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                       BL_BALLOT_ABSTAIN};
    uint8_t before = choices[choice];
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const effect *of = &who->effects[choice * s->vote->stage_count + i];
        if (of->is_member && of->from != of->to) before = ballots[of->from];
    }
    return before;
}

static bool is_slack_of_use(const solver *s, const bl_stage *stage)
{
    const bl_procedure *procedure = &s->engine->program->procedures[stage->procedure];
    if (procedure->closing == BL_CLOSES_AT_ONCE) return stage->counts[0] == stage->body_count;
    return procedure->closing == BL_CLOSES_SETTLED &&
           (stage->deadline == BL_TIME_MAX || s->keeps_slack);
}

/* Whether a ballot changes no number that anything depends on. */
static bool is_idle(const solver *s, const person *who, uint32_t choice)
{
    if (s->reads_ballots) return false;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const bl_stage *stage = s->vote->stages[i];
        const effect *of = &who->effects[choice * s->vote->stage_count + i];
        if (!of->is_member) continue;
        if (is_slack_of_use(s, stage)) return false;
        for (uint32_t j = 0; j < stage->sum_count; j++)
            if (of->sums[j].num != 0) return false;
    }
    return true;
}

static bool add_way(solver *s, const person *people, uint32_t count, uint32_t first,
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
    uint32_t *actors = bl_arena_array(arena_of(s), count, sizeof *actors);
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
        *effect_of(s, way, i) = model->effects[choice * s->vote->stage_count + i];
    return true;
}

static bl_result find_ways(solver *s)
{
    const bl_set all = s->vote->people;
    person *people = bl_arena_array(arena_of(s), all.count + 1, sizeof *people);
    s->answer->ways = bl_arena_array(arena_of(s), BL_NEEDS_WAYS_MAX, sizeof(bl_way));
    s->effects = bl_arena_array(arena_of(s), (size_t)BL_NEEDS_WAYS_MAX * s->vote->stage_count,
                                sizeof *s->effects);
    s->counts = bl_arena_array(arena_of(s), BL_NEEDS_WAYS_MAX, sizeof *s->counts);
    s->group_sizes = bl_arena_array(arena_of(s), all.count + 1, sizeof *s->group_sizes);
    s->group_used = bl_arena_array(arena_of(s), all.count + 1, sizeof *s->group_used);
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

static bool move_numbers(bl_stage *stage, const effect *of, int sign)
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
static bl_result move(solver *s, uint32_t way, int sign)
{
    const bl_way *row = &s->answer->ways[way];
    if (sign < 0) s->counts[way]--;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        bl_stage *stage = s->vote->stages[i];
        const effect *of = effect_of(s, way, i);
        if (!of->is_member) continue;
        if (s->reads_ballots) {
            bl_arena_reset(&s->engine->scratch);
            const bl_result result = cast(s, stage, row->people.actors[s->counts[way]],
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

static bl_result go_to(solver *s, const uint16_t *counts)
{
    for (uint32_t way = 0; way < s->answer->way_count; way++)
        while (s->counts[way] > counts[way])
            if (move(s, way, -1) != BL_OK) return BL_NOMEM;
    for (uint32_t way = 0; way < s->answer->way_count; way++)
        while (s->counts[way] < counts[way])
            if (move(s, way, 1) != BL_OK) return BL_NOMEM;
    return BL_OK;
}

static uint32_t free_of(const solver *s, uint32_t way)
{
    const uint32_t group = s->answer->ways[way].group;
    return s->group_sizes[group] - s->group_used[group];
}

static bl_result would_close(solver *s, const bl_stage *stage, bool at_deadline,
                             bl_stage_result *out)
{
    bl_arena_reset(&s->engine->scratch);
    s->engine->steps = 0;
    return bl_stage_would_close(s->engine, stage, at_deadline, out);
}

/* What a stage comes to if nobody does anything more. */
static bl_result in_the_end(solver *s, const bl_stage *stage, bl_stage_result *out)
{
    const bl_time now = s->engine->now;
    bl_result result = BL_OK;
    *out = BL_RESULT_NONE;
    if (stage->deadline != BL_TIME_MAX) {
        s->engine->now = stage->deadline;
        result = would_close(s, stage, true, out);
    } else if (stage->earliest_end > now) {
        s->engine->now = stage->earliest_end;
        result = would_close(s, stage, false, out);
    }
    s->engine->now = now;
    return result;
}

/* ---- answers ---- */

static bool is_within(const solver *s, const uint16_t *small, const uint16_t *large)
{
    for (uint32_t i = 0; i < s->answer->way_count; i++)
        if (small[i] > large[i]) return false;
    return true;
}

/* Whether a set that is found already is part of the present one. */
static bool is_known(const solver *s, bl_stage_result result, const uint16_t *counts)
{
    for (size_t i = 0; i < s->answer->sets[result].count; i++)
        if (is_within(s, s->answer->sets[result].items[i].counts, counts)) return true;
    return false;
}

static bl_result keep(solver *s, bl_stage_result result, const uint16_t *counts,
                      const uint16_t *order, uint32_t size)
{
    bl_answer *answer = s->answer;
    if (result == BL_RESULT_NONE || size == 0 || is_known(s, result, counts)) return BL_OK;
    if (answer->sets[result].count >= BL_NEEDS_SETS_MAX) {
        answer->is_complete = false;
        return BL_OK;
    }
    uint16_t *copy = bl_arena_array(arena_of(s), answer->way_count + 1, sizeof *copy);
    uint16_t *steps = bl_arena_array(arena_of(s), size, sizeof *steps);
    if (!copy || !steps || !bl_vector_reserve(&s->engine->memory, &answer->sets[result], 1))
        return BL_NOMEM;
    memcpy(copy, counts, answer->way_count * sizeof *copy);
    memcpy(steps, order, size * sizeof *steps);
    answer->sets[result].items[answer->sets[result].count++] = (bl_ballots){copy, steps, size};
    return BL_OK;
}

static bool spend(solver *s)
{
    if (*s->budget == 0) {
        s->answer->is_complete = false;
        return false;
    }
    --*s->budget;
    return true;
}

/* What votes side by side come to, out of what each does; as proposal.c joins them. */
static bl_stage_result join(const bl_stage_result *results, uint32_t count)
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

/* ---- few states: one ballot after the other ---- */

typedef struct node {
    uint16_t *counts;
    bl_stage_result closed[BL_GROUP_MAX]; /* what stages that have closed came to */
    uint32_t from; /* the state before */
    uint32_t next; /* with the same key */
    uint16_t way; /* of the last ballot */
    uint16_t size;
} node;

typedef struct walk {
    bl_vector(node) nodes;
    bl_map first; /* key -> node */
    uint16_t *order; /* of the state being told */
} walk;

static uint64_t node_key(const solver *s, const node *at)
{
    uint64_t key = 7;
    for (uint32_t i = 0; i < s->answer->way_count; i++)
        key = key * UINT64_C(0x9E3779B97F4A7C15) + at->counts[i] + 1;
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        key = key * 5 + (uint64_t)at->closed[i];
    return key >> 1;
}

static bool is_same_node(const solver *s, const node *a, const node *b)
{
    return memcmp(a->counts, b->counts, s->answer->way_count * sizeof *a->counts) == 0 &&
           memcmp(a->closed, b->closed, s->vote->stage_count * sizeof *a->closed) == 0;
}

/* Adds a state that was not reached before. */
static bl_result add_node(solver *s, walk *w, const node *fresh)
{
    const uint64_t key = node_key(s, fresh);
    const uint32_t first = bl_map_get(&w->first, key);
    for (uint32_t at = first; at != BL_NONE; at = w->nodes.items[at].next)
        if (is_same_node(s, &w->nodes.items[at], fresh)) return BL_OK;
    if (!bl_vector_reserve(&s->engine->memory, &w->nodes, 1) ||
        !bl_map_put(&s->engine->memory, &w->first, key, (uint32_t)w->nodes.count))
        return BL_NOMEM;
    node *added = &w->nodes.items[w->nodes.count++];
    *added = *fresh;
    added->next = first;
    added->counts = bl_arena_array(arena_of(s), s->answer->way_count + 1, sizeof *added->counts);
    if (!added->counts) return BL_NOMEM;
    memcpy(added->counts, fresh->counts, s->answer->way_count * sizeof *added->counts);
    return BL_OK;
}

static uint32_t find_order(const walk *w, uint32_t from, uint32_t size, uint16_t last)
{
    if (size == 0) return 0;
    w->order[size - 1] = last;
    for (uint32_t at = from, i = size - 1; i > 0; at = w->nodes.items[at].from)
        w->order[--i] = w->nodes.items[at].way;
    return size;
}

/* After a ballot: the stages it counts in may close. *came_to: what the votes have come to then. */
static bl_result close_after(solver *s, uint32_t way, node *at, bl_stage_result *came_to)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        if (at->closed[i] != BL_RESULT_NONE || !effect_of(s, way, i)->is_member) continue;
        if (would_close(s, s->vote->stages[i], false, &at->closed[i]) != BL_OK) return BL_NOMEM;
        if (at->closed[i] == BL_RESULT_FAILED) break;
    }
    *came_to = join(at->closed, s->vote->stage_count);
    return BL_OK;
}

static bool counts_somewhere(const solver *s, const node *at, uint32_t way)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (effect_of(s, way, i)->is_member && at->closed[i] == BL_RESULT_NONE) return true;
    return false;
}

static bl_result step(solver *s, walk *w, uint32_t from, uint32_t way)
{
    node next = w->nodes.items[from];
    if (!counts_somewhere(s, &next, way) || free_of(s, way) == 0) return BL_OK;
    if (s->vote->needs_call && next.size == 0 && s->answer->ways[way].choice != BL_BALLOT_APPROVE)
        return BL_OK;
    if (!spend(s)) return BL_OK;
    bl_stage_result came_to;
    if (move(s, way, 1) != BL_OK || close_after(s, way, &next, &came_to) != BL_OK) return BL_NOMEM;
    next.from = from;
    next.way = (uint16_t)way;
    next.size++;
    next.counts = s->counts;
    bl_result result = BL_OK;
    if (came_to == BL_RESULT_NONE)
        result = add_node(s, w, &next);
    else
        result = keep(s, came_to, s->counts, w->order,
                      find_order(w, from, next.size, (uint16_t)way));
    return result == BL_OK ? move(s, way, -1) : result;
}

/* What a state comes to if nobody does anything more. */
static bl_result rest(solver *s, walk *w, uint32_t index)
{
    const node at = w->nodes.items[index];
    bl_stage_result results[BL_GROUP_MAX];
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        results[i] = at.closed[i];
        if (results[i] == BL_RESULT_NONE && in_the_end(s, s->vote->stages[i], &results[i]) != BL_OK)
            return BL_NOMEM;
    }
    return keep(s, join(results, s->vote->stage_count), s->counts, w->order,
                find_order(w, at.from, at.size, at.way));
}

static bl_result walk_all(solver *s)
{
    walk w = {.order = bl_arena_array(arena_of(s), s->vote->people.count + 1, sizeof *w.order)};
    node root = {.counts = s->counts, .from = BL_NONE, .size = 0};
    if (!w.order) return BL_NOMEM;
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        root.closed[i] = s->vote->stages[i]->state == BL_STAGE_CLOSED ? s->vote->stages[i]->result
                                                                      : BL_RESULT_NONE;
    if (add_node(s, &w, &root) != BL_OK) return BL_NOMEM;
    for (uint32_t i = 0; i < w.nodes.count; i++) {
        if (go_to(s, w.nodes.items[i].counts) != BL_OK || rest(s, &w, i) != BL_OK) return BL_NOMEM;
        for (uint32_t way = 0; way < s->answer->way_count; way++)
            if (step(s, &w, i, way) != BL_OK) return BL_NOMEM;
    }
    return BL_OK;
}

/* ---- many states: class by class ---- */

/* What a stage comes to with these ballots, all of them cast. */
static bl_result result_of_stage(solver *s, const bl_stage *stage, bl_stage_result *out)
{
    const bl_procedure *procedure = &s->engine->program->procedures[stage->procedure];
    *out = stage->result;
    if (stage->state == BL_STAGE_CLOSED) return BL_OK;
    *out = BL_RESULT_NONE;
    if (procedure->closing == BL_CLOSES_AT_ONCE || stage->deadline == BL_TIME_MAX) {
        const bl_result result = would_close(s, stage, false, out);
        if (result != BL_OK || *out != BL_RESULT_NONE) return result;
    }
    return in_the_end(s, stage, out);
}

static bl_result result_now(solver *s, bl_stage_result *out)
{
    bl_stage_result results[BL_GROUP_MAX];
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (result_of_stage(s, s->vote->stages[i], &results[i]) != BL_OK) return BL_NOMEM;
    *out = join(results, s->vote->stage_count);
    return BL_OK;
}

/* What the ways from `first` on can still add to a comparison, at the least and at the most. */
static bool widen(const solver *s, uint32_t stage, const bl_compare *compare, uint32_t first,
                  bl_rational *low, bl_rational *high)
{
    const bl_range terms = s->engine->program->conditions[compare->condition].terms;
    const bl_stage *of = s->vote->stages[stage];
    *low = *high = BL_RATIONAL(0);
    for (uint32_t way = first; way < s->answer->way_count; way++) {
        const effect *e = effect_of(s, way, stage);
        bl_rational total = BL_RATIONAL(0), part;
        if (!e->is_member || free_of(s, way) == 0) continue;
        for (uint32_t i = 0; i < terms.count; i++) {
            const uint32_t number = s->engine->program->terms[terms.first + i].aggregate;
            if (!bl_rational_multiply(compare->coefficients[i],
                                      e->sums[bl_stage_slot_of(s->engine, of, number)], &part) ||
                !bl_rational_add(total, part, &total))
                return false;
        }
        bl_rational *end = total.num < 0 ? low : high;
        if (!bl_rational_multiply(total, BL_RATIONAL(free_of(s, way)), &total) ||
            !bl_rational_add(*end, total, end))
            return false;
    }
    return true;
}

/* Which results a stage may still come to, as bits, when ballots of the ways from `first` on are
 * added. */
static bl_result possible_results(solver *s, uint32_t index, uint32_t first, unsigned *bits)
{
    bl_engine *engine = s->engine;
    bl_stage shadow = *s->vote->stages[index];
    const bl_procedure *procedure = &engine->program->procedures[shadow.procedure];
    *bits = 1u << BL_RESULT_PASSED | 1u << BL_RESULT_FAILED | 1u << BL_RESULT_UNRESOLVED;
    if (shadow.state == BL_STAGE_CLOSED) {
        *bits = 1u << shadow.result;
        return BL_OK;
    }
    if (shadow.is_faulty || s->reads_ballots) return BL_OK;
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    bl_rational *sums = bl_arena_array(&engine->scratch, shadow.sum_count + 1, sizeof *sums);
    bl_compare *compares = bl_arena_array(&engine->scratch, shadow.compare_count + 1,
                                          sizeof *compares);
    if (!sums || !compares) return BL_NOMEM;
    for (uint32_t i = 0; i < shadow.sum_count; i++) {
        const uint32_t number = bl_stage_aggregate_at(engine, &shadow, i);
        if (engine->program->aggregates[number].is_outside) continue;
        if (bl_stage_aggregate(engine, &shadow, number, &sums[i]) != BL_OK) return BL_OK;
    }
    for (uint32_t i = 0; i < shadow.compare_count; i++) {
        compares[i] = shadow.compares[i];
        if (compares[i].coefficients &&
            !widen(s, index, &compares[i], first, &compares[i].low, &compares[i].high))
            return BL_OK;
    }
    shadow.is_uniform = false;
    shadow.sums = sums;
    shadow.compares = compares;
    shadow.counts[0]++; /* somebody is left: what is not linear stays unknown */
    bl_truth quorum, also, passes, fails = BL_FALSE;
    bl_result result = bl_condition_settled(engine, &shadow, procedure->quorum, &quorum);
    if (result == BL_OK)
        result = bl_condition_settled(engine, &shadow, engine->program->plans[shadow.plan].quorum,
                                      &also);
    if (result == BL_OK) result = bl_condition_settled(engine, &shadow, procedure->passes, &passes);
    if (result == BL_OK && !procedure->fails_otherwise && procedure->fails != BL_NONE)
        result = bl_condition_settled(engine, &shadow, procedure->fails, &fails);
    if (result != BL_OK) return result == BL_NOMEM ? result : BL_OK;
    if (procedure->fails_otherwise)
        fails = passes == BL_TRUE ? BL_FALSE : passes == BL_FALSE ? BL_TRUE : BL_UNKNOWN;
    if (quorum == BL_FALSE || also == BL_FALSE) *bits = 1u << BL_RESULT_UNRESOLVED;
    if (passes == BL_FALSE) *bits &= ~(1u << BL_RESULT_PASSED);
    if (passes == BL_TRUE || fails == BL_FALSE) *bits &= ~(1u << BL_RESULT_FAILED);
    if (quorum == BL_TRUE && also == BL_TRUE && (passes == BL_TRUE || fails == BL_TRUE))
        *bits &= ~(1u << BL_RESULT_UNRESOLVED);
    return BL_OK;
}

static bl_result can_still(solver *s, bl_stage_result wanted, uint32_t first, bool *out)
{
    bool any_failed = false, all_passed = true, any_unresolved = false;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        unsigned bits;
        const bl_result result = possible_results(s, i, first, &bits);
        if (result != BL_OK) return result;
        any_failed = any_failed || (bits & 1u << BL_RESULT_FAILED);
        any_unresolved = any_unresolved || (bits & 1u << BL_RESULT_UNRESOLVED);
        all_passed = all_passed && (bits & 1u << BL_RESULT_PASSED);
    }
    *out = wanted == BL_RESULT_PASSED   ? all_passed
           : wanted == BL_RESULT_FAILED ? any_failed
                                        : any_unresolved;
    return BL_OK;
}

/* An order in which no vote closes before the last ballot: tried with the ways as they stand, then
 * from behind. */
static bl_result try_order(solver *s, bool is_backwards, const uint16_t *counts, uint16_t *order,
                           bool *works)
{
    const uint32_t ways = s->answer->way_count;
    uint16_t *none = bl_arena_array(arena_of(s), ways + 1, sizeof *none);
    if (!none || go_to(s, none) != BL_OK) return BL_NOMEM;
    uint32_t size = 0;
    *works = true;
    for (uint32_t i = 0; i < ways && *works; i++) {
        const uint32_t way = is_backwards ? ways - 1 - i : i;
        for (uint32_t n = 0; n < counts[way] && *works; n++) {
            for (uint32_t j = 0; size > 0 && j < s->vote->stage_count && *works; j++) {
                bl_stage_result closed;
                if (would_close(s, s->vote->stages[j], false, &closed) != BL_OK) return BL_NOMEM;
                *works = closed == BL_RESULT_NONE || s->vote->stages[j]->state == BL_STAGE_CLOSED ||
                         s->vote->stage_count > 1;
            }
            if (s->vote->needs_call && size == 0)
                *works = s->answer->ways[way].choice == BL_BALLOT_APPROVE;
            order[size++] = (uint16_t)way;
            if (move(s, way, 1) != BL_OK) return BL_NOMEM;
        }
    }
    return go_to(s, counts);
}

static bl_result take_set(solver *s, bl_stage_result wanted, bool *taken)
{
    const uint32_t ways = s->answer->way_count;
    uint32_t size = 0;
    for (uint32_t i = 0; i < ways; i++)
        size += s->counts[i];
    uint16_t *counts = bl_arena_array(arena_of(s), ways + 1, sizeof *counts);
    uint16_t *order = bl_arena_array(arena_of(s), size + 1, sizeof *order);
    if (!counts || !order) return BL_NOMEM;
    memcpy(counts, s->counts, ways * sizeof *counts);
    bool works = false;
    for (int i = 0; i < 2 && !works; i++)
        if (try_order(s, i == 1, counts, order, &works) != BL_OK) return BL_NOMEM;
    *taken = works;
    return works ? keep(s, wanted, counts, order, size) : BL_OK;
}

/* Whether the present state has the result, and is kept as a set of its own. */
static bl_result test_state(solver *s, bl_stage_result wanted, bool *taken)
{
    bl_stage_result now;
    uint32_t size = 0;
    for (uint32_t i = 0; i < s->answer->way_count && size == 0; i++)
        size += s->counts[i];
    if (size == 0 && s->vote->needs_call) return BL_OK;
    if (result_now(s, &now) != BL_OK) return BL_NOMEM;
    if (now != wanted) return BL_OK;
    *taken = true; /* without a ballot it comes by itself: that is another answer */
    return size == 0 ? BL_OK : take_set(s, wanted, taken);
}

/*
 * Ballots of the ways from `first` on are added to the present state, which is new or was tested
 * before. In lexical order, so that a set comes after all its parts. *taken: the present state
 * itself is an answer, and whatever has it as a part is none.
 */
static bl_result descend(solver *s, bl_stage_result wanted, uint32_t first, bool is_new,
                         bool *taken)
{
    bool can;
    *taken = is_new && is_known(s, wanted, s->counts);
    if (*taken || first > BL_NEEDS_WAYS_MAX || !spend(s)) return BL_OK;
    if (can_still(s, wanted, first, &can) != BL_OK) return BL_NOMEM;
    if (!can) return BL_OK;
    if (is_new && test_state(s, wanted, taken) != BL_OK) return BL_NOMEM;
    if (*taken || first == s->answer->way_count) return BL_OK;
    bool below;
    bl_result result = descend(s, wanted, first + 1, false, &below);
    const uint32_t most = free_of(s, first);
    uint32_t added = 0;
    for (below = false; added < most && result == BL_OK && !below && *s->budget > 0;) {
        result = move(s, first, 1);
        added++;
        if (result == BL_OK) result = descend(s, wanted, first + 1, true, &below);
    }
    while (added-- > 0 && result == BL_OK)
        result = move(s, first, -1);
    return result;
}

/* How many states there are, up to a limit. */
static uint64_t count_states(const solver *s)
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

static bool any_closes_at_once(const solver *s)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (s->engine->program->procedures[s->vote->stages[i]->procedure].closing ==
            BL_CLOSES_AT_ONCE)
            return true;
    return false;
}

bl_result bl_vote_solve(bl_trial *trial, const bl_vote *vote, uint32_t *budget, bl_answer *out)
{
    solver s = {
        .trial = trial, .engine = trial->engine, .vote = vote, .answer = out, .budget = budget};
    *out = (bl_answer){.is_complete = true};
    for (uint32_t i = 0; i < vote->stage_count; i++)
        s.reads_ballots = s.reads_ballots || stage_reads_ballots(trial->engine, vote->stages[i]);
    s.keeps_slack = vote->stage_count > 1;
    bl_result result = find_ways(&s);
    if (result != BL_OK) return result;
    if (count_states(&s) <= BL_NEEDS_LATTICE_MAX) return walk_all(&s);
    if (s.keeps_slack) {
        s.keeps_slack = false;
        out->way_count = 0;
        result = find_ways(&s);
    }
    if (vote->stage_count > 1 && any_closes_at_once(&s)) out->is_complete = false;
    for (int wanted = BL_RESULT_PASSED; wanted <= BL_RESULT_UNRESOLVED && result == BL_OK;
         wanted++) {
        bool taken;
        result = descend(&s, (bl_stage_result)wanted, 0, true, &taken);
    }
    if (s.has_overflow) out->is_complete = false;
    return result;
}
