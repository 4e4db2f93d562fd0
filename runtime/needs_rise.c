/*
 * A vote whose conditions look at people and not at numbers: who of them is enough.
 *
 * `any a in approve : …` has no sums, so that people fall into no classes. But where more approvals
 * can never harm, one question about a whole crowd decides for all of them: if not even all of them
 * together are enough, none of them is. Crowds are halved until single people are left; whoever is
 * enough alone is told together, and sets of several are looked for among the others.
 */
#include "needs_vote.h"

typedef struct voter {
    uint32_t actor;
    uint8_t before; /* the ballot that stands */
} voter;

typedef struct riser {
    bl_solver *s;
    bl_stage *stage;
    uint8_t choice; /* the ballot that can help */
    voter *people; /* who has not cast it: first those who are enough alone, then the others */
    uint32_t count;
    uint32_t alone_count;
    uint32_t *chosen; /* places of the present set in `people`, rising */
    uint32_t chosen_count;
} riser;

/* ---- where this holds ---- */

typedef struct masks {
    uint8_t up, down;
} masks;

static masks masks_of(const bl_program *program, uint32_t condition, int depth)
{
    static const uint8_t all = BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN;
    if (condition == BL_NONE) return (masks){0, 0};
    if (depth > BL_AST_DEPTH_MAX) return (masks){all, all};
    const bl_condition *row = &program->conditions[condition];
    const masks left = masks_of(program, row->left, depth + 1);
    const masks right = masks_of(program, row->right, depth + 1);
    switch (row->kind) {
    case BL_CONDITION_TEST:
    case BL_CONDITION_COMPARE: return (masks){row->rises_with, row->falls_with};
    case BL_CONDITION_NOT: return (masks){left.down, left.up};
    case BL_CONDITION_AND:
    case BL_CONDITION_OR: break;
    }
    return (masks){left.up | right.up, left.down | right.down};
}

bool bl_solver_rises(const bl_solver *s, uint8_t *choice)
{
    const bl_stage *stage = s->vote->stages[0];
    const bl_program *program = s->engine->program;
    const bl_procedure *procedure = &program->procedures[stage->procedure];
    if (s->vote->stage_count > 1 || s->vote->is_veto || s->engine->now < stage->earliest_end ||
        procedure->closing != BL_CLOSES_AT_ONCE || procedure->fails != BL_NONE ||
        procedure->fails_otherwise)
        return false;
    const masks passes = masks_of(program, procedure->passes, 0);
    const masks quorum = masks_of(program, procedure->quorum, 0);
    const masks also = masks_of(program, program->plans[stage->plan].quorum, 0);
    *choice = passes.up | quorum.up | also.up;
    return (passes.down | quorum.down | also.down) == 0 && (*choice & (*choice - 1)) == 0;
}

/* ---- asking ---- */

static bl_result cast(const riser *r, uint32_t place, bool is_cast)
{
    const voter who = r->people[place];
    bl_arena_reset(&r->s->engine->scratch);
    return bl_solver_cast(r->s, r->stage, who.actor, is_cast ? r->choice : who.before);
}

static bl_result cast_range(const riser *r, uint32_t first, uint32_t count, bool is_cast)
{
    bl_result result = BL_OK;
    for (uint32_t i = 0; i < count && result == BL_OK; i++)
        result = cast(r, first + i, is_cast);
    return result;
}

/* Whether the vote passes as it stands. */
static bl_result passes(const riser *r, bool *out)
{
    bl_stage_result came_to = BL_RESULT_NONE;
    *out = false;
    if (!bl_solver_spend(r->s)) return BL_OK;
    const bl_result result = bl_solver_would_close(r->s, r->stage, false, &came_to);
    if (came_to == BL_RESULT_UNRESOLVED) r->s->answer->is_complete = false; /* a fault */
    *out = came_to == BL_RESULT_PASSED;
    return result;
}

/* Whether it would with those besides. */
static bl_result passes_with(const riser *r, uint32_t first, uint32_t count, bool *out)
{
    bl_result result = cast_range(r, first, count, true);
    if (result == BL_OK) result = passes(r, out);
    return result == BL_OK ? cast_range(r, first, count, false) : result;
}

/* ---- who is enough alone ---- */

/* Brings those of the range who are to the front of all. */
static bl_result find_alone(riser *r, uint32_t first, uint32_t count, int depth)
{
    bool is_enough;
    if (count == 0 || depth > BL_NEEDS_DEPTH_MAX) return BL_OK;
    bl_result result = passes_with(r, first, count, &is_enough);
    if (result != BL_OK || !is_enough) return result;
    if (count == 1) {
        const voter found = r->people[first];
        for (uint32_t i = first; i > r->alone_count; i--)
            r->people[i] = r->people[i - 1];
        r->people[r->alone_count++] = found;
        return BL_OK;
    }
    result = find_alone(r, first, count / 2, depth + 1);
    return result == BL_OK ? find_alone(r, first + count / 2, count - count / 2, depth + 1)
                           : result;
}

/* ---- sets of several ---- */

/* The people of the range with this ballot may cast the other; false where memory ended. */
static bool add_way(const riser *r, uint8_t choice, uint8_t before, uint32_t first, uint32_t count)
{
    bl_answer *answer = r->s->answer;
    uint32_t *actors = bl_arena_array(bl_solver_arena(r->s), count + 1, sizeof *actors);
    uint32_t found = 0;
    if (!actors) return false;
    for (uint32_t i = first; i < first + count; i++)
        if (r->people[i].before == before) actors[found++] = r->people[i].actor;
    if (found == 0) return true;
    answer->ways[answer->way_count] = (bl_way){
        .people = {actors, found}, .choice = choice, .before = before, .group = answer->way_count};
    answer->way_count++;
    return true;
}

static bl_result keep_chosen(const riser *r)
{
    bl_arena *arena = bl_solver_arena(r->s);
    const uint32_t way_count = r->s->answer->way_count;
    uint16_t *counts = bl_arena_array(arena, way_count + 1, sizeof *counts);
    uint16_t *order = bl_arena_array(arena, r->chosen_count + 1, sizeof *order);
    if (!counts || !order) return BL_NOMEM;
    for (uint32_t i = 0; i < r->chosen_count; i++) {
        const uint32_t way = way_count - r->count + r->chosen[i]; /* one a person, at the end */
        counts[way] = 1;
        order[i] = (uint16_t)way;
    }
    return bl_solver_keep(r->s, BL_RESULT_PASSED, counts, order, NULL, r->chosen_count);
}

/* Whether each of the chosen, who are enough together, is needed. */
static bl_result is_minimal(const riser *r, bool *out)
{
    bl_result result = BL_OK;
    *out = true;
    for (uint32_t i = 0; i < r->chosen_count && result == BL_OK && *out; i++) {
        bool is_enough;
        result = cast(r, r->chosen[i], false);
        if (result == BL_OK) result = passes(r, &is_enough);
        if (result == BL_OK) result = cast(r, r->chosen[i], true);
        *out = result == BL_OK && !is_enough;
    }
    return result;
}

/* The present set, and whoever from `from` on. */
static bl_result find_several(riser *r, uint32_t from)
{
    bool holds = false;
    bl_result result = BL_OK;
    if (r->chosen_count > 1) result = passes(r, &holds);
    if (result != BL_OK) return result;
    if (holds) {
        result = is_minimal(r, &holds);
        return result == BL_OK && holds ? keep_chosen(r) : result;
    }
    result = passes_with(r, from, r->count - from, &holds);
    if (result != BL_OK || !holds) return result;
    if (r->chosen_count > BL_NEEDS_DEPTH_MAX) {
        r->s->answer->is_complete = false;
        return BL_OK;
    }
    for (uint32_t i = from; i < r->count && result == BL_OK && *r->s->budget > 0; i++) {
        r->chosen[r->chosen_count++] = i;
        result = cast(r, i, true);
        if (result == BL_OK) result = find_several(r, i + 1);
        if (result == BL_OK) result = cast(r, i, false);
        r->chosen_count--;
    }
    return result;
}

/* ---- the answer ---- */

static const uint8_t all_ballots[] = {BL_BALLOT_NONE, BL_BALLOT_APPROVE, BL_BALLOT_REJECT,
                                      BL_BALLOT_ABSTAIN};
enum { BALLOT_COUNT = sizeof all_ballots };
enum { WAYS_OF_A_BALLOT = BALLOT_COUNT * BALLOT_COUNT }; /* more than the two below add */

/* Each of the first ways is a set by itself. All ways are there: a set is as long as they. */
static bl_result keep_ways(const riser *r, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint16_t order = (uint16_t)i;
        uint16_t *counts = bl_arena_array(bl_solver_arena(r->s), r->count + WAYS_OF_A_BALLOT,
                                          sizeof *counts);
        if (!counts) return BL_NOMEM;
        counts[i] = 1;
        if (bl_solver_keep(r->s, BL_RESULT_PASSED, counts, &order, NULL, 1) != BL_OK)
            return BL_NOMEM;
    }
    return BL_OK;
}

/* Those who are enough alone are told together, by the ballots that stand; the others one by one.
 */
static bl_result keep_alone(riser *r)
{
    for (size_t i = 0; i < BALLOT_COUNT; i++)
        if (!add_way(r, r->choice, all_ballots[i], 0, r->alone_count)) return BL_NOMEM;
    const uint32_t way_count = r->s->answer->way_count;
    r->people += r->alone_count;
    r->count -= r->alone_count;
    for (uint32_t i = 0; i < r->count; i++)
        if (!add_way(r, r->choice, r->people[i].before, i, 1)) return BL_NOMEM;
    return keep_ways(r, way_count);
}

/* It passes as it stands, and whatever ballot comes next makes that seen. */
static bl_result keep_any_ballot(const riser *r)
{
    for (size_t i = 1; i < BALLOT_COUNT; i++)
        for (size_t j = 0; j < BALLOT_COUNT; j++)
            if (i != j && !add_way(r, all_ballots[i], all_ballots[j], 0, r->count)) return BL_NOMEM;
    return keep_ways(r, r->s->answer->way_count);
}

/* Whether quorum and condition are met now, be they looked at or not. */
static bl_result is_met(const riser *r, bool *out)
{
    const bl_program *program = r->s->engine->program;
    const bl_procedure *procedure = &program->procedures[r->stage->procedure];
    const uint32_t conditions[] = {procedure->quorum, program->plans[r->stage->plan].quorum,
                                   procedure->passes};
    bl_result result = BL_OK;
    *out = true;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions && *out && result == BL_OK; i++) {
        bl_arena_reset(&r->s->engine->scratch);
        r->s->engine->steps = 0;
        result = bl_condition_now(r->s->engine, r->stage, conditions[i], out);
    }
    *out = *out && result == BL_OK;
    return result == BL_NOMEM ? BL_NOMEM : BL_OK;
}

static bl_result begin(riser *r, bl_solver *s, uint8_t choice)
{
    const bl_set all = s->vote->people;
    *r = (riser){.s = s, .stage = s->vote->stages[0], .choice = choice};
    r->people = bl_arena_array(bl_solver_arena(s), all.count + 1, sizeof *r->people);
    r->chosen = bl_arena_array(bl_solver_arena(s), all.count + 1, sizeof *r->chosen);
    s->answer->ways = bl_arena_array(bl_solver_arena(s), all.count + WAYS_OF_A_BALLOT,
                                     sizeof *s->answer->ways);
    if (!r->people || !r->chosen || !s->answer->ways) return BL_NOMEM;
    for (uint32_t i = 0; i < all.count; i++)
        r->people[r->count++] = (voter){all.actors[i], bl_stage_ballot_of(r->stage, all.actors[i])};
    return BL_OK;
}

/* Who has cast the ballot already has nothing to add. */
static void leave_out_casters(riser *r)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->people[i].before != r->choice) r->people[kept++] = r->people[i];
    r->count = kept;
}

bl_result bl_solver_rise(bl_solver *s, uint8_t choice)
{
    riser r;
    bool holds;
    if (begin(&r, s, choice) != BL_OK || is_met(&r, &holds) != BL_OK) return BL_NOMEM;
    if (holds) return keep_any_ballot(&r);
    if (choice == 0) return BL_OK;
    leave_out_casters(&r);
    if (find_alone(&r, 0, r.count, 0) != BL_OK || keep_alone(&r) != BL_OK) return BL_NOMEM;
    return find_several(&r, 0);
}
