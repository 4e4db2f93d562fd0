/*
 * A vote with many states: class by class, leaving out what no further ballot can save.
 *
 * Whether more ballots of some classes can bring a result is asked of the conditions as settling
 * asks them: each sum lies between what these ballots add at the least and at the most.
 */
#include "needs_vote.h"

#include <string.h>

/* What a stage comes to with these ballots, all of them cast. */
static bl_result result_of_stage(bl_solver *s, const bl_stage *stage, bl_stage_result *out)
{
    const bl_procedure *procedure = &s->engine->program->procedures[stage->procedure];
    *out = stage->result;
    if (stage->state == BL_STAGE_CLOSED) return BL_OK;
    *out = BL_RESULT_NONE;
    if (procedure->closing == BL_CLOSES_AT_ONCE || stage->deadline == BL_TIME_MAX) {
        const bl_result result = bl_solver_would_close(s, stage, false, out);
        if (result != BL_OK || *out != BL_RESULT_NONE) return result;
    }
    return bl_solver_in_the_end(s, stage, out);
}

static bl_result result_now(bl_solver *s, bl_stage_result *out)
{
    bl_stage_result results[BL_GROUP_MAX];
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (result_of_stage(s, s->vote->stages[i], &results[i]) != BL_OK) return BL_NOMEM;
    *out = bl_solver_join(results, s->vote->stage_count);
    return BL_OK;
}

/* What may still be added: of the way `first` so many at the most, of those behind it any number.
 */
typedef struct room {
    uint32_t first;
    uint32_t most;
} room;

/* What that adds to a comparison, at the least and at the most. */
static bool widen(const bl_solver *s, uint32_t stage, const bl_compare *compare, room left,
                  bl_rational *low, bl_rational *high)
{
    const bl_range terms = s->engine->program->conditions[compare->condition].terms;
    const bl_stage *of = s->vote->stages[stage];
    *low = *high = BL_RATIONAL(0);
    for (uint32_t way = left.first; way < s->answer->way_count; way++) {
        const bl_effect *e = bl_solver_effect(s, way, stage);
        bl_rational total = BL_RATIONAL(0), part;
        uint32_t most = bl_solver_free(s, way);
        if (way == left.first && left.most < most) most = left.most;
        if (!e->is_member || most == 0) continue;
        for (uint32_t i = 0; i < terms.count; i++) {
            const uint32_t number = s->engine->program->terms[terms.first + i].aggregate;
            if (!bl_rational_multiply(compare->coefficients[i],
                                      e->sums[bl_stage_slot_of(s->engine, of, number)], &part) ||
                !bl_rational_add(total, part, &total))
                return false;
        }
        bl_rational *end = total.num < 0 ? low : high;
        if (!bl_rational_multiply(total, BL_RATIONAL(most), &total) ||
            !bl_rational_add(*end, total, end))
            return false;
    }
    return true;
}

/* Which results a stage may still come to, as bits, when such ballots are added. */
static bl_result possible_results(bl_solver *s, uint32_t index, room left, unsigned *bits)
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
            !widen(s, index, &compares[i], left, &compares[i].low, &compares[i].high))
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

static bl_result can_still(bl_solver *s, bl_stage_result wanted, room left, bool *out)
{
    bool any_failed = false, all_passed = true, any_unresolved = false;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        unsigned bits;
        const bl_result result = possible_results(s, i, left, &bits);
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

/*
 * Whether a vote may close while ballots of the set are still to come. What is settled is settled
 * whatever new ballots bring, so that only changed ones matter there.
 */
static bl_result closes_too_early(bl_solver *s, bool has_changes_left, bool *out)
{
    *out = false;
    for (uint32_t i = 0; i < s->vote->stage_count && !*out; i++) {
        const bl_stage *stage = s->vote->stages[i];
        const bl_procedure *procedure = &s->engine->program->procedures[stage->procedure];
        const bool may = procedure->closing == BL_CLOSES_AT_ONCE ||
                         stage->deadline == BL_TIME_MAX || has_changes_left;
        bl_stage_result closed;
        if (!may || stage->state == BL_STAGE_CLOSED || s->vote->stage_count > 1) continue;
        if (bl_solver_would_close(s, stage, false, &closed) != BL_OK) return BL_NOMEM;
        *out = closed != BL_RESULT_NONE;
    }
    return BL_OK;
}

static bool is_change(const bl_solver *s, uint32_t way)
{
    return s->answer->ways[way].before != BL_BALLOT_NONE;
}

/* Casts the ballots of the set that are changes, or those that are not. */
static bl_result try_ways(bl_solver *s, bool changes, bool is_backwards, const uint16_t *counts,
                          uint16_t *order, uint32_t *size, bool *works)
{
    const uint32_t ways = s->answer->way_count;
    uint32_t left = 0;
    for (uint32_t i = 0; i < ways; i++)
        left += changes && is_change(s, i) ? counts[i] : 0;
    for (uint32_t i = 0; i < ways && *works; i++) {
        const uint32_t way = is_backwards ? ways - 1 - i : i;
        if (is_change(s, way) != changes) continue;
        for (uint32_t n = 0; n < counts[way] && *works; n++) {
            bool is_early = false;
            if (*size > 0 && closes_too_early(s, left > 0, &is_early) != BL_OK) return BL_NOMEM;
            *works = !is_early;
            if (s->vote->needs_call && *size == 0)
                *works = s->answer->ways[way].choice == BL_BALLOT_APPROVE;
            order[(*size)++] = (uint16_t)way;
            left -= left > 0;
            if (bl_solver_move(s, way, 1) != BL_OK) return BL_NOMEM;
        }
    }
    return BL_OK;
}

/* An order in which no vote closes before the last ballot: changes first, or last; the ways as they
 * stand, or from behind. */
static bl_result try_order(bl_solver *s, int which, const uint16_t *counts, uint16_t *order,
                           bool *works)
{
    const bool is_backwards = which & 1, are_changes_last = which & 2;
    uint16_t *none = bl_arena_array(bl_solver_arena(s), s->answer->way_count + 1, sizeof *none);
    if (!none || bl_solver_go_to(s, none) != BL_OK) return BL_NOMEM;
    uint32_t size = 0;
    *works = true;
    for (int i = 0; i < 2; i++)
        if (try_ways(s, (i == 1) == are_changes_last, is_backwards, counts, order, &size, works) !=
            BL_OK)
            return BL_NOMEM;
    return bl_solver_go_to(s, counts);
}

static bl_result take_set(bl_solver *s, bl_stage_result wanted, bool *taken)
{
    const uint32_t ways = s->answer->way_count;
    uint32_t size = 0;
    for (uint32_t i = 0; i < ways; i++)
        size += s->counts[i];
    uint16_t *counts = bl_arena_array(bl_solver_arena(s), ways + 1, sizeof *counts);
    uint16_t *order = bl_arena_array(bl_solver_arena(s), size + 1, sizeof *order);
    if (!counts || !order) return BL_NOMEM;
    memcpy(counts, s->counts, ways * sizeof *counts);
    bool works = false;
    for (int i = 0; i < 4 && !works; i++)
        if (try_order(s, i, counts, order, &works) != BL_OK) return BL_NOMEM;
    *taken = works;
    return works ? bl_solver_keep(s, wanted, counts, order, NULL, size) : BL_OK;
}

/* Whether the present state has the result, and is kept as a set of its own. */
static bl_result test_state(bl_solver *s, bl_stage_result wanted, bool *taken)
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

/* How many ballots of the way, fewer than `most`, surely change nothing, whatever comes behind. */
static bl_result find_useless(bl_solver *s, bl_stage_result wanted, uint32_t way, uint32_t most,
                              uint32_t *out)
{
    uint32_t useless = 0, useful = most, tried = 1;
    while (useful - useless > 1 && bl_solver_spend(s)) {
        bool can;
        const bl_result result = can_still(s, wanted, (room){way, tried}, &can);
        if (result != BL_OK) return result;
        if (can)
            useful = tried;
        else
            useless = tried;
        tried = useful < most ? useless + (useful - useless) / 2 : useless * 2;
        if (tried >= useful) tried = useful - 1;
        if (tried <= useless) break;
    }
    *out = useless;
    return BL_OK;
}

/*
 * Ballots of the ways from `first` on are added to the present state, which is new or was tested
 * before. In lexical order, so that a set comes after all its parts. *taken: the present state
 * itself is an answer, and whatever has it as a part is none.
 */
static bl_result descend(bl_solver *s, bl_stage_result wanted, uint32_t first, bool is_new,
                         bool *taken)
{
    bool can;
    *taken = is_new && bl_solver_is_known(s, wanted, s->counts);
    if (*taken || first > BL_NEEDS_WAYS_MAX || !bl_solver_spend(s)) return BL_OK;
    if (can_still(s, wanted, (room){first, UINT32_MAX}, &can) != BL_OK) return BL_NOMEM;
    if (!can) return BL_OK;
    if (is_new && test_state(s, wanted, taken) != BL_OK) return BL_NOMEM;
    if (*taken || first == s->answer->way_count) return BL_OK;
    bool below;
    bl_result result = descend(s, wanted, first + 1, false, &below);
    const uint32_t most = bl_solver_free(s, first);
    uint32_t added = 0;
    for (below = false; added < most && result == BL_OK && !below && *s->budget > 0;) {
        uint32_t more = 0;
        result = find_useless(s, wanted, first, most - added, &more);
        for (more++; more > 0 && result == BL_OK; more--, added++)
            result = bl_solver_move(s, first, 1);
        if (result == BL_OK) result = descend(s, wanted, first + 1, true, &below);
    }
    while (added-- > 0 && result == BL_OK)
        result = bl_solver_move(s, first, -1);
    return result;
}

bl_result bl_solver_descend(bl_solver *s)
{
    bl_result result = BL_OK;
    for (int wanted = BL_RESULT_PASSED; wanted <= BL_RESULT_UNRESOLVED && result == BL_OK;
         wanted++) {
        bool taken;
        result = descend(s, (bl_stage_result)wanted, 0, true, &taken);
    }
    return result;
}
