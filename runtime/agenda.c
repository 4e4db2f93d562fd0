/*
 * The agenda: what becomes due, in due order.
 *
 * A binary heap over (time, order, number): at one instant closings come first, then openings and
 * effects, then, after the events of the instant, `through` closings; among equals what was noted
 * first. An entry whose reason is gone (its stage is closed, its decision fell) does nothing when
 * it comes up.
 */
#include "machine.h"

static bool is_before(const bl_entry *a, const bl_entry *b)
{
    if (a->time != b->time) return a->time < b->time;
    if (a->order != b->order) return a->order < b->order;
    return a->number < b->number;
}

bool bl_agenda_add(bl_engine *engine, bl_time time, uint8_t order, bl_due due, uint32_t index,
                   uint32_t generation)
{
    if (!bl_vector_reserve(&engine->memory, &engine->agenda, 1)) return false;
    const bl_entry entry = {time, order, (uint8_t)due, index, generation, engine->agenda_number++};
    size_t at = engine->agenda.count++;
    while (at > 0) {
        const size_t parent = (at - 1) / 2;
        if (!is_before(&entry, &engine->agenda.items[parent])) break;
        engine->agenda.items[at] = engine->agenda.items[parent];
        at = parent;
    }
    engine->agenda.items[at] = entry;
    return true;
}

static bl_entry take_first(bl_engine *engine)
{
    bl_entry *items = engine->agenda.items;
    const bl_entry first = items[0], last = items[--engine->agenda.count];
    const size_t count = engine->agenda.count;
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && is_before(&items[child + 1], &items[child])) child++;
        if (!is_before(&items[child], &last)) break;
        items[at] = items[child];
        at = child;
    }
    if (count > 0) items[at] = last;
    return first;
}

static bl_result fire(bl_engine *engine, const bl_entry *entry)
{
    switch ((bl_due)entry->due) {
    case BL_DUE_STAGE_CLOSES: return bl_stage_deadline(engine, engine->stages.items[entry->index]);
    case BL_DUE_STAGE_OPENS: {
        bl_stage *stage = engine->stages.items[entry->index];
        return stage->state == BL_STAGE_WAITING ? bl_stage_begin(engine, stage) : BL_OK;
    }
    case BL_DUE_WINDOW_CLOSES:
    case BL_DUE_EFFECT:
    case BL_DUE_REASONS: break;
    }
    bl_proposal *proposal = engine->proposals.items[entry->index];
    if (proposal->decision != entry->generation) return BL_OK;
    if (entry->due == BL_DUE_WINDOW_CLOSES) return bl_proposal_windows_closed(engine, proposal);
    if (entry->due == BL_DUE_EFFECT) return bl_proposal_effect(engine, proposal);
    return bl_proposal_reasons_due(engine, proposal);
}

bl_result bl_agenda_fire(bl_engine *engine, bl_time time, uint8_t order)
{
    while (engine->agenda.count > 0) {
        const bl_entry *first = &engine->agenda.items[0];
        if (first->time > time || (first->time == time && first->order > order)) return BL_OK;
        const bl_entry entry = take_first(engine);
        engine->now = entry.time;
        bl_arena_reset(&engine->scratch);
        engine->steps = 0;
        engine->cascade = 0;
        bl_result result = fire(engine, &entry);
        if (result == BL_OK) result = bl_settle(engine);
        if (result == BL_NOMEM) return result;
    }
    return BL_OK;
}
