/*
 * Which open stages a change of roles or attributes concerns, and testing them when the event's own
 * work is done.
 *
 * A stage watches each role and attribute it counts by. Where it asks for a role in its own scope
 * instance alone (`maintainer of module`), it is watched there alone: a change in another module
 * passes it by. What has closed is swept out when a list would grow, so that the lists are as long
 * as there are open stages, whatever came before.
 */
#include "machine.h"

/* ---- the queue ---- */

/* Touched stages are a heap, for a role that changes may touch thousands. */
static void heap_up(uint32_t *items, size_t at)
{
    while (at > 0 && items[at] < items[(at - 1) / 2]) {
        const uint32_t item = items[at];
        items[at] = items[(at - 1) / 2];
        items[(at - 1) / 2] = item;
        at = (at - 1) / 2;
    }
}

static void heap_down(uint32_t *items, size_t count)
{
    for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && items[child + 1] < items[child]) child++;
        if (items[at] <= items[child]) return;
        const uint32_t item = items[at];
        items[at] = items[child];
        items[child] = item;
    }
}

bl_result bl_stage_touch(bl_engine *engine, bl_stage *stage)
{
    if (stage->is_touched) return BL_OK;
    if (!bl_vector_reserve(&engine->memory, &engine->touched, 1)) return bl_no_memory(engine);
    stage->is_touched = true;
    engine->touched.items[engine->touched.count] = stage->index;
    heap_up(engine->touched.items, engine->touched.count++);
    return BL_OK;
}

bl_result bl_touched_test(bl_engine *engine)
{
    bl_result result = BL_OK;
    while (engine->touched.count > 0 && result == BL_OK) {
        bl_stage *stage = engine->stages.items[engine->touched.items[0]];
        engine->touched.items[0] = engine->touched.items[--engine->touched.count];
        heap_down(engine->touched.items, engine->touched.count);
        stage->is_touched = false;
        result = bl_stage_test(engine, stage);
    }
    return result;
}

/* ---- touching ---- */

/*
 * Weighs the actor in each open stage of the list that the instance concerns; BL_NONE concerns all.
 * A stage that counts the actor neither before nor after the change need not be tested, unless
 * others than its members decide.
 */
static bl_result weigh_listed(bl_engine *engine, bl_watchers *list, uint32_t instance,
                              uint32_t actor, int sign)
{
    bl_result result = BL_OK;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const bl_watcher watcher = list->items[i];
        list->items[kept] = watcher;
        const bool is_elsewhere = watcher.instance != BL_NONE && instance != BL_NONE &&
                                  watcher.instance != instance;
        if (is_elsewhere) {
            kept++;
            continue;
        }
        bl_stage *stage = engine->stages.items[watcher.stage];
        kept += stage->state != BL_STAGE_CLOSED; /* others are not looked at again */
        if (stage->state != BL_STAGE_OPEN || result != BL_OK) continue;
        bool is_counted;
        result = bl_stage_weigh(engine, stage, actor, sign, &is_counted);
        if (result == BL_OK && (is_counted || (sign > 0 && !stage->is_of_members)))
            result = bl_stage_touch(engine, stage);
    }
    list->count = kept;
    return result;
}

bl_result bl_touch_role(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                        int sign)
{
    return weigh_listed(engine, &engine->role_stages[role], instance, actor, sign);
}

bl_result bl_touch_attribute(bl_engine *engine, uint32_t attribute, uint32_t target, int sign)
{
    if (engine->program->attributes[attribute].actor_kinds == 0) return BL_OK;
    return weigh_listed(engine, &engine->attribute_stages[attribute], BL_NONE, target, sign);
}

bl_result bl_touch_proposal(bl_engine *engine, bl_proposal *proposal, uint32_t actor, int sign)
{
    bl_result result = BL_OK;
    for (size_t i = 0; i < proposal->stages.count && result == BL_OK; i++) {
        bl_stage *stage = engine->stages.items[proposal->stages.items[i]];
        if (stage->state != BL_STAGE_OPEN) continue;
        bool is_counted;
        result = bl_stage_weigh(engine, stage, actor, sign, &is_counted);
        if (result == BL_OK && sign > 0) result = bl_stage_touch(engine, stage);
    }
    return result;
}

/* ---- watching ---- */

static void sweep(const bl_engine *engine, bl_watchers *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (engine->stages.items[list->items[i].stage]->state != BL_STAGE_CLOSED)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* Adds the stage; once only, and then for all instances where two were asked for. */
static bl_result watch(bl_engine *engine, bl_watchers *list, uint32_t stage, uint32_t instance)
{
    bl_watcher *last = list->count > 0 ? &list->items[list->count - 1] : NULL;
    if (last && last->stage == stage) {
        if (last->instance != instance) last->instance = BL_NONE;
        return BL_OK;
    }
    if (list->count == list->capacity) sweep(engine, list);
    /* Half of it free after sweeping, or the next sweep would come too soon. */
    const size_t more = list->count > list->capacity / 2 ? list->capacity - list->count + 1 : 1;
    if (!bl_vector_reserve(&engine->memory, list, more)) return bl_no_memory(engine);
    list->items[list->count++] = (bl_watcher){stage, instance};
    return BL_OK;
}

/* Whether another role is held through this one. */
static bool is_included(const bl_program *program, uint32_t role)
{
    for (uint32_t i = 0; i < program->role_count; i++)
        for (uint32_t j = 0; j < program->roles[i].included_by.count; j++)
            if (program->indexes[program->roles[i].included_by.first + j] == role) return true;
    return false;
}

/* Whether what the instruction does depends on the context and its stack alone. */
static bool looks_nowhere_else(bl_opcode op)
{
    static const bl_opcode plain[] = {OP_INSTANCE, OP_CONSTANT,   OP_PROPOSAL,      OP_FIELD,
                                      OP_PROPERTY, OP_SAME_ACTOR, OP_IS_CONFLICTED, OP_AND,
                                      OP_OR,       OP_NOT,        OP_RETURN};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i] == op) return true;
    return false;
}

static bool asks_for_a_role(bl_opcode op)
{
    return op == OP_HOLDS || op == OP_HOLDS_OF || op == OP_HOLDS_ANY || op == OP_HOLDS_OTHER;
}

/*
 * Whether the body asks for the role in the context's own instance alone: each time its code names
 * it, it does so right behind INSTANCE. What calls or asks further may name it anywhere.
 */
static bool asks_own_instance(const bl_program *program, const bl_body *body, uint32_t role)
{
    if (body->member_chunk == BL_NONE || is_included(program, role)) return false;
    const bl_chunk *chunk = &program->chunks[body->member_chunk];
    const bl_instruction *code = &program->code[chunk->first];
    for (uint32_t i = 0; i < chunk->count; i++) {
        const bl_opcode op = (bl_opcode)code[i].op;
        if (!asks_for_a_role(op)) {
            if (!looks_nowhere_else(op)) return false;
        } else if (code[i].b == role &&
                   (op != OP_HOLDS_OF || i == 0 || code[i - 1].op != OP_INSTANCE)) {
            return false;
        }
    }
    return true;
}

static bl_result watch_roles(bl_engine *engine, const bl_stage *stage, bl_range roles,
                             const bl_body *body)
{
    for (uint32_t i = 0; i < roles.count; i++) {
        const uint32_t role = engine->program->indexes[roles.first + i];
        uint32_t instance = BL_NONE;
        if (body && stage->is_of_members && asks_own_instance(engine->program, body, role))
            instance = engine->proposals.items[stage->proposal]->instance;
        const bl_result result = watch(engine, &engine->role_stages[role], stage->index, instance);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* A stage is not settled while somebody can still veto it. (test: tests/policies/falls.bylaw) */
static bl_result watch_vetoes(bl_engine *engine, const bl_stage *stage)
{
    const bl_program *program = engine->program;
    const bl_range vetoes = bl_kind_of(engine, engine->proposals.items[stage->proposal])->vetoes;
    for (uint32_t i = 0; i < vetoes.count; i++) {
        const bl_stage_plan *plan = &program->plans[program->vetoes[vetoes.first + i].plan];
        if (!plan->is_while_open) continue;
        const bl_result result = watch_roles(engine, stage, program->bodies[plan->body].roles,
                                             NULL);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

bl_result bl_touch_watch(bl_engine *engine, const bl_stage *stage)
{
    if (engine->is_trial) return BL_OK;
    const bl_stage_plan *plan = &engine->program->plans[stage->plan];
    for (uint32_t i = 0; i < stage->sum_count; i++) {
        const bl_aggregate *aggregate =
            &engine->program->aggregates[bl_stage_aggregate_at(engine, stage, i)];
        bl_result result = watch_roles(engine, stage, aggregate->roles, NULL);
        const uint32_t attribute = aggregate->weight_attribute;
        if (result == BL_OK && aggregate->weight_chunk != BL_NONE && attribute != BL_NONE &&
            !plan->is_as_of_opening)
            result = watch(engine, &engine->attribute_stages[attribute], stage->index, BL_NONE);
        if (result != BL_OK) return result;
    }
    const bl_body *body = &engine->program->bodies[plan->body];
    const bl_result result = watch_roles(engine, stage, body->roles, body);
    return result == BL_OK ? watch_vetoes(engine, stage) : result;
}
