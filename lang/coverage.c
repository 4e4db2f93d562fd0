/*
 * What there is to reach in a policy's own file, and how often its scenarios did.
 *
 * Only what can be reached is a goal: a vote without a deadline that closes at once has no way to
 * end unresolved, one that `fails otherwise` only where nobody is left in its body.
 */
#include "coverage.h"

typedef struct collector {
    const bl_program *program;
    const bl_coverage *counts;
    bl_goals *out;
} collector;

static void add(collector *c, bl_span span, bl_goal_what what, uint32_t count)
{
    if (span.file != 0) return; /* another file's scenarios are for that */
    if (!bl_vector_reserve(c->out->memory, &c->out->goals, 1)) {
        c->out->has_failed = true;
        return;
    }
    c->out->goals.items[c->out->goals.count++] = (bl_goal){span, what, count};
}

static void add_sides(collector *c, bl_span span, const bl_sides *sides)
{
    add(c, span, BL_GOAL_TRUE, sides->of[1]);
    add(c, span, BL_GOAL_FALSE, sides->of[0]);
}

/* ---- conditions in code ---- */

static bool is_same_place(bl_span a, bl_span b)
{
    return a.file == b.file && a.start == b.start && a.end == b.end;
}

/* Whether nobody wrote the question before an instruction: `x is BODY` asks first whether somebody
 * is there at all, `highest x in S by K` whether K is more than the last. What was written stands
 * inside of what goes on by it. */
static bool is_tacit(const bl_program *program, uint32_t at)
{
    const uint16_t op = program->code[at].op;
    return (op == OP_JUMP_IF_FALSE || (op == OP_AND && program->code[at - 1].op == OP_IS_GIVEN)) &&
           is_same_place(program->code_spans[at - 1], program->code_spans[at]);
}

/* Each part of a chunk's conditions; the whole, where what is tacit makes a part of it, is none. */
static void add_parts(collector *c, uint32_t number)
{
    if (number == BL_NONE) return;
    const bl_chunk *chunk = &c->program->chunks[number];
    for (uint32_t i = chunk->first + 1; i < chunk->first + chunk->count; i++) {
        const bl_span part = c->program->code_spans[i - 1];
        if (c->counts->ends[i] && !is_tacit(c->program, i) && !is_same_place(part, chunk->span))
            add_sides(c, part, &c->counts->parts[i]);
    }
}

/* A `when`, as a whole and in its parts. */
static void add_guard(collector *c, uint32_t chunk)
{
    if (chunk == BL_NONE) return;
    add_sides(c, c->program->chunks[chunk].span, &c->counts->chunks[chunk]);
    add_parts(c, chunk);
}

static bool is_effect(const bl_instruction *instruction)
{
    switch ((bl_opcode)instruction->op) {
    case OP_GRANT:
    case OP_REVOKE:
    case OP_SET_ATTRIBUTE:
    case OP_CREATE:
    case OP_REMOVE:
    case OP_OPEN:
    case OP_EMIT:
    case OP_DISCARD: return true;
    default: return false;
    }
}

static void add_block(collector *c, uint32_t number, bl_span clause)
{
    const bl_chunk *chunk = &c->program->chunks[number];
    add(c, clause, BL_GOAL_RAN, c->counts->runs[chunk->first]);
    for (uint32_t i = chunk->first; i < chunk->first + chunk->count; i++)
        if (is_effect(&c->program->code[i]))
            add(c, c->program->code_spans[i], BL_GOAL_HAPPENED, c->counts->runs[i]);
    add_parts(c, number);
}

/* ---- votes ---- */

static bool has_vote(const bl_stage_plan *plan)
{
    return plan->procedure != BL_NONE || plan->procedure_chunk != BL_NONE;
}

/* Of `module.procedure` it may be any. */
static const bl_procedure *procedure_of(const collector *c, const bl_stage_plan *plan)
{
    return plan->procedure == BL_NONE ? NULL : &c->program->procedures[plan->procedure];
}

/* Whether the vote goes on until it is decided. */
static bool has_no_end(const bl_procedure *procedure, const bl_stage_plan *plan)
{
    return procedure->closing == BL_CLOSES_AT_ONCE && plan->window_chunk == BL_NONE &&
           procedure->open_for_chunk == BL_NONE;
}

static bool can_fail(const collector *c, const bl_stage_plan *plan)
{
    const bl_procedure *procedure = procedure_of(c, plan);
    if (!procedure || procedure->fails != BL_NONE) return true;
    return procedure->fails_otherwise && !has_no_end(procedure, plan);
}

static bool can_be_unresolved(const collector *c, const bl_stage_plan *plan)
{
    const bl_procedure *procedure = procedure_of(c, plan);
    if (!procedure) return true;
    if (has_no_end(procedure, plan)) return false;
    const bool has_quorum = procedure->quorum != BL_NONE || plan->quorum != BL_NONE;
    return has_quorum || !procedure->fails_otherwise;
}

/* `is_last_word`: that it is unresolved means the same as that it failed. */
static void add_results(collector *c, uint32_t number, bool is_last_word)
{
    const bl_stage_plan *plan = &c->program->plans[number];
    const uint32_t *counts = c->counts->plans[number];
    add(c, plan->span, BL_GOAL_PASSED, counts[BL_PLAN_PASSED]);
    if (is_last_word && (can_fail(c, plan) || can_be_unresolved(c, plan)))
        add(c, plan->span, BL_GOAL_FAILED, counts[BL_PLAN_FAILED] + counts[BL_PLAN_UNRESOLVED]);
    if (is_last_word) return;
    if (can_fail(c, plan)) add(c, plan->span, BL_GOAL_FAILED, counts[BL_PLAN_FAILED]);
    if (can_be_unresolved(c, plan))
        add(c, plan->span, BL_GOAL_UNRESOLVED, counts[BL_PLAN_UNRESOLVED]);
}

static void add_vote(collector *c, uint32_t number, bool is_last_word)
{
    const bl_stage_plan *plan = &c->program->plans[number];
    add_guard(c, plan->when_chunk);
    add(c, plan->span, BL_GOAL_OPENED, c->counts->plans[number][BL_PLAN_OPENED]);
    add_results(c, number, is_last_word);
}

static void add_steps(collector *c, bl_range steps, bool is_last_word)
{
    for (uint32_t s = 0; s < steps.count; s++) {
        const bl_step step = c->program->steps[steps.first + s];
        for (uint32_t a = 0; a < step.count; a++) {
            const bl_alternative alternative = c->program->alternatives[step.first + a];
            for (uint32_t p = 0; p < alternative.count; p++)
                add_vote(c, alternative.first + p, is_last_word);
        }
    }
}

static void add_use(collector *c, uint32_t number)
{
    const bl_stage_plan *plan = &c->program->plans[number];
    const uint32_t *counts = c->counts->plans[number];
    add(c, plan->span, BL_GOAL_USED, counts[BL_PLAN_USED]);
    add(c, plan->span, BL_GOAL_UNUSED, counts[BL_PLAN_UNUSED]);
    add_guard(c, plan->when_chunk);
    if (has_vote(plan)) add_results(c, number, true);
}

/* ---- declarations ---- */

static void add_refusal(collector *c, uint32_t number)
{
    const bl_refusal *refusal = &c->program->refusals[number];
    const bl_sides *sides = &c->counts->refusals[number];
    add(c, refusal->span, BL_GOAL_REFUSED, sides->of[1]);
    if (refusal->when_chunk == BL_NONE) return;
    add(c, refusal->span, BL_GOAL_LET_THROUGH, sides->of[0]);
    add_parts(c, refusal->when_chunk);
}

static void add_kind(collector *c, uint32_t number)
{
    const bl_kind *kind = &c->program->kinds[number];
    if (kind->raised_body != BL_NONE)
        add(c, kind->raised_span, BL_GOAL_RAISED, c->counts->kinds[number]);
    add_guard(c, kind->raised_when);
    for (uint32_t i = 0; i < kind->refusals.count; i++)
        add_refusal(c, kind->refusals.first + i);
    add_steps(c, kind->steps, false);
    for (uint32_t i = 0; i < kind->rungs.count; i++)
        add_vote(c, kind->rungs.first + i, false);
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        const bl_veto *veto = &c->program->vetoes[kind->vetoes.first + i];
        add_use(c, veto->plan);
        add_steps(c, veto->overrides, true);
    }
    for (uint32_t i = 0; i < kind->disputes.count; i++)
        add_use(c, kind->disputes.first + i);
    for (uint32_t i = 0; i < kind->handlers.count; i++) {
        const bl_handler *handler = &c->program->handlers[kind->handlers.first + i];
        add_block(c, handler->chunk, handler->span);
    }
}

static void add_conditions(collector *c)
{
    for (uint32_t i = 0; i < c->program->condition_count; i++) {
        const bl_condition *condition = &c->program->conditions[i];
        if (condition->kind == BL_CONDITION_COMPARE || condition->kind == BL_CONDITION_TEST)
            add_sides(c, condition->span, &c->counts->conditions[i]);
    }
}

static void add_all(collector *c)
{
    const bl_program *program = c->program;
    for (uint32_t i = 0; i < program->kind_count; i++)
        add_kind(c, i);
    add_conditions(c);
    for (uint32_t i = 0; i < program->rule_count; i++) {
        add_guard(c, program->rules[i].when_chunk);
        add_block(c, program->rules[i].effects_chunk, program->rules[i].span);
    }
    for (uint32_t i = 0; i < program->function_count; i++) {
        const bl_function *function = &program->functions[i];
        const uint32_t first = program->chunks[function->chunk].first;
        add(c, function->span, BL_GOAL_ASKED, c->counts->runs[first]);
        add_parts(c, function->chunk);
    }
}

/* ---- one place, one goal ---- */

static int order(const bl_goal *a, const bl_goal *b)
{
    if (a->span.start != b->span.start) return a->span.start < b->span.start ? -1 : 1;
    if (a->span.end != b->span.end) return a->span.end > b->span.end ? -1 : 1;
    return (int)a->what - (int)b->what;
}

/* By growing gaps of Shell's: in place, without recursion. */
static void sort(bl_goal *goals, size_t count)
{
    size_t gap = 1;
    while (gap < count / 3)
        gap = gap * 3 + 1;
    for (; gap > 0; gap /= 3)
        for (size_t i = gap; i < count; i++) {
            const bl_goal goal = goals[i];
            size_t at = i;
            for (; at >= gap && order(&goals[at - gap], &goal) > 0; at -= gap)
                goals[at] = goals[at - gap];
            goals[at] = goal;
        }
}

static void join(bl_goals *goals)
{
    bl_goal *items = goals->goals.items;
    size_t kept = 0;
    for (size_t i = 0; i < goals->goals.count; i++) {
        if (kept > 0 && order(&items[kept - 1], &items[i]) == 0)
            items[kept - 1].count += items[i].count;
        else
            items[kept++] = items[i];
    }
    goals->goals.count = kept;
    for (size_t i = 0; i < kept; i++)
        goals->reached += items[i].count > 0;
}

void bl_goals_find(const bylaw_policy *policy, bl_goals *out)
{
    *out = (bl_goals){.program = policy->program,
                      .source = &policy->program->sources[0],
                      .memory = &policy->memory};
    collector c = {out->program, policy->coverage, out};
    add_all(&c);
    if (out->has_failed) return;
    sort(out->goals.items, out->goals.count);
    join(out);
}

void bl_goals_free(bl_goals *goals)
{
    bl_vector_free(goals->memory, &goals->goals);
}

uint32_t bl_goals_percent(const bl_goals *goals)
{
    if (goals->goals.count == 0) return 100;
    return (uint32_t)((uint64_t)goals->reached * 100 / goals->goals.count);
}

size_t bl_goals_at(const bl_goals *goals, size_t first)
{
    const bl_goal *items = goals->goals.items;
    size_t count = 1;
    while (first + count < goals->goals.count &&
           items[first + count].span.start == items[first].span.start &&
           items[first + count].span.end == items[first].span.end)
        count++;
    return count;
}

/* ---- words ---- */

const char *bl_goal_word(bl_goal_what what)
{
    switch (what) {
    case BL_GOAL_RAISED: return "raised";
    case BL_GOAL_OPENED: return "opened";
    case BL_GOAL_PASSED: return "passed";
    case BL_GOAL_FAILED: return "failed";
    case BL_GOAL_UNRESOLVED: return "unresolved";
    case BL_GOAL_USED: return "used";
    case BL_GOAL_UNUSED: return "unused";
    case BL_GOAL_REFUSED: return "refused";
    case BL_GOAL_LET_THROUGH: return "let through";
    case BL_GOAL_TRUE: return "true";
    case BL_GOAL_FALSE: return "false";
    case BL_GOAL_RAN: return "ran";
    case BL_GOAL_HAPPENED: return "happened";
    case BL_GOAL_ASKED: return "asked";
    }
    return "";
}

const char *bl_goal_missing(bl_goal_what what)
{
    switch (what) {
    case BL_GOAL_RAISED: return "never raised";
    case BL_GOAL_OPENED: return "never opened";
    case BL_GOAL_PASSED: return "never passed";
    case BL_GOAL_FAILED: return "never failed";
    case BL_GOAL_UNRESOLVED: return "never unresolved";
    case BL_GOAL_USED: return "never used";
    case BL_GOAL_UNUSED: return "no decision stood without it";
    case BL_GOAL_REFUSED: return "never refused anything";
    case BL_GOAL_LET_THROUGH: return "never let anything through";
    case BL_GOAL_TRUE: return "never true";
    case BL_GOAL_FALSE: return "never false";
    case BL_GOAL_RAN: return "never ran";
    case BL_GOAL_HAPPENED: return "never happened";
    case BL_GOAL_ASKED: return "never asked for";
    }
    return "";
}

bool bl_goal_is_implied(const bl_goals *goals, size_t first, size_t at)
{
    const bl_goal *items = goals->goals.items;
    const bl_goal_what what = items[at].what;
    if (what != BL_GOAL_PASSED && what != BL_GOAL_FAILED && what != BL_GOAL_UNRESOLVED)
        return false;
    for (size_t i = first; i < first + bl_goals_at(goals, first); i++)
        if (items[i].what == BL_GOAL_OPENED || items[i].what == BL_GOAL_USED)
            return items[i].count == 0;
    return false;
}
