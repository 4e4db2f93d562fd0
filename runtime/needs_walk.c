/*
 * A vote with few states: all of them, one ballot after the other.
 *
 * Every order of the ballots is tried so, which matters where a vote closes before the last one. Of
 * votes side by side some may have closed already, and take no more ballots.
 */
#include "needs_vote.h"

#include <string.h>

typedef struct node {
    uint16_t *counts;
    bl_stage_result closed[BL_GROUP_MAX]; /* what stages that have closed came to */
    uint32_t from; /* the state before */
    uint32_t next; /* with the same key */
    uint16_t way; /* of the last ballot */
    uint16_t size;
    bool is_waiting; /* time has passed since the state before, and no ballot came */
    bl_time time; /* how far the clock went; BL_TIME_MIN: not at all */
} node;

typedef struct walk {
    bl_vector(node) nodes;
    bl_map first; /* key -> node */
    uint16_t *order; /* of the state being told */
    bl_time *times;
    bl_time now; /* when the question is asked */
} walk;

static uint64_t node_key(const bl_solver *s, const node *at)
{
    uint64_t key = 7;
    for (uint32_t i = 0; i < s->answer->way_count; i++)
        key = key * UINT64_C(0x9E3779B97F4A7C15) + at->counts[i] + 1;
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        key = key * 5 + (uint64_t)at->closed[i];
    return key >> 1;
}

static bool is_same_node(const bl_solver *s, const node *a, const node *b)
{
    return a->time == b->time &&
           memcmp(a->counts, b->counts, s->answer->way_count * sizeof *a->counts) == 0 &&
           memcmp(a->closed, b->closed, s->vote->stage_count * sizeof *a->closed) == 0;
}

/* Adds a state that was not reached before. */
static bl_result add_node(bl_solver *s, walk *w, const node *fresh)
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
    added->counts = bl_arena_array(bl_solver_arena(s), s->answer->way_count + 1,
                                   sizeof *added->counts);
    if (!added->counts) return BL_NOMEM;
    memcpy(added->counts, fresh->counts, s->answer->way_count * sizeof *added->counts);
    return BL_OK;
}

/* The ballots that led to the state `from`, and one more of `last` where the size says so. */
static uint32_t find_order(const walk *w, uint32_t from, uint32_t size, uint16_t last)
{
    uint32_t i = size;
    if (i > 0 && w->nodes.items[from].size < size) {
        w->order[--i] = last;
        w->times[i] = w->nodes.items[from].time;
    }
    for (uint32_t at = from; i > 0; at = w->nodes.items[at].from) {
        const node *row = &w->nodes.items[at];
        if (row->is_waiting) continue;
        w->order[--i] = row->way;
        w->times[i] = w->nodes.items[row->from].time;
    }
    return size;
}

/* After a ballot: the stages it counts in may close. *came_to: what the votes have come to then. */
static bl_result close_after(bl_solver *s, uint32_t way, node *at, bl_stage_result *came_to)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        if (at->closed[i] != BL_RESULT_NONE || !bl_solver_effect(s, way, i)->is_member) continue;
        if (bl_solver_would_close(s, s->vote->stages[i], false, &at->closed[i]) != BL_OK)
            return BL_NOMEM;
        if (at->closed[i] == BL_RESULT_FAILED) break;
    }
    *came_to = bl_solver_join(at->closed, s->vote->stage_count);
    return BL_OK;
}

static bool counts_somewhere(const bl_solver *s, const node *at, uint32_t way)
{
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        if (bl_solver_effect(s, way, i)->is_member && at->closed[i] == BL_RESULT_NONE) return true;
    return false;
}

static bl_result step(bl_solver *s, walk *w, uint32_t from, uint32_t way)
{
    node next = w->nodes.items[from];
    if (!counts_somewhere(s, &next, way) || bl_solver_free(s, way) == 0) return BL_OK;
    if (s->vote->needs_call && next.size == 0 && s->answer->ways[way].choice != BL_BALLOT_APPROVE)
        return BL_OK;
    if (!bl_solver_spend(s)) return BL_OK;
    bl_stage_result came_to;
    s->engine->now = next.time == BL_TIME_MIN ? w->now : next.time;
    if (bl_solver_move(s, way, 1) != BL_OK || close_after(s, way, &next, &came_to) != BL_OK)
        return BL_NOMEM;
    s->engine->now = w->now;
    next.from = from;
    next.is_waiting = false;
    next.way = (uint16_t)way;
    next.size++;
    next.counts = s->counts;
    bl_result result = BL_OK;
    if (came_to == BL_RESULT_NONE)
        result = add_node(s, w, &next);
    else
        result = bl_solver_keep(s, came_to, s->counts, w->order, w->times,
                                find_order(w, from, next.size, (uint16_t)way));
    return result == BL_OK ? bl_solver_move(s, way, -1) : result;
}

/* When the next of the votes may close by itself; BL_TIME_MAX: never. */
static bl_time next_end(const bl_solver *s, const node *at, bl_time now)
{
    bl_time next = BL_TIME_MAX;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const bl_stage *stage = s->vote->stages[i];
        if (at->closed[i] != BL_RESULT_NONE) continue;
        if (stage->deadline < next) next = stage->deadline;
        if (stage->earliest_end > now && stage->earliest_end < next) next = stage->earliest_end;
    }
    return next;
}

/*
 * Time passes until one of the votes may close by itself. Ballots may follow in the others: a
 * person who is in two bodies may wait with a ballot until one of them needs it no more. (test:
 * needs.py)
 */
static bl_result wait(bl_solver *s, walk *w, uint32_t index)
{
    node next = w->nodes.items[index];
    const bl_time now = next.time == BL_TIME_MIN ? w->now : next.time;
    next.time = next_end(s, &next, now);
    if (next.time == BL_TIME_MAX || (s->vote->needs_call && next.size == 0)) return BL_OK;
    s->engine->now = next.time;
    for (uint32_t i = 0; i < s->vote->stage_count; i++) {
        const bl_stage *stage = s->vote->stages[i];
        const bool is_over = stage->deadline == next.time;
        if (next.closed[i] != BL_RESULT_NONE || (!is_over && stage->earliest_end != next.time))
            continue;
        if (bl_solver_would_close(s, stage, is_over, &next.closed[i]) != BL_OK) return BL_NOMEM;
    }
    s->engine->now = w->now;
    next.from = index;
    next.is_waiting = true;
    next.counts = s->counts;
    const bl_stage_result came_to = bl_solver_join(next.closed, s->vote->stage_count);
    if (came_to == BL_RESULT_NONE) return add_node(s, w, &next);
    return bl_solver_keep(s, came_to, s->counts, w->order, w->times,
                          find_order(w, index, next.size, 0));
}

bl_result bl_solver_walk(bl_solver *s)
{
    const size_t most = s->vote->people.count + 1;
    walk w = {.order = bl_arena_array(bl_solver_arena(s), most, sizeof *w.order),
              .times = bl_arena_array(bl_solver_arena(s), most, sizeof *w.times),
              .now = s->engine->now};
    node root = {.counts = s->counts, .from = BL_NONE, .time = BL_TIME_MIN};
    if (!w.order || !w.times) return BL_NOMEM;
    for (uint32_t i = 0; i < s->vote->stage_count; i++)
        root.closed[i] = s->vote->stages[i]->state == BL_STAGE_CLOSED ? s->vote->stages[i]->result
                                                                      : BL_RESULT_NONE;
    if (add_node(s, &w, &root) != BL_OK) return BL_NOMEM;
    for (uint32_t i = 0; i < w.nodes.count; i++) {
        if (bl_solver_go_to(s, w.nodes.items[i].counts) != BL_OK || wait(s, &w, i) != BL_OK)
            return BL_NOMEM;
        for (uint32_t way = 0; way < s->answer->way_count; way++)
            if (step(s, &w, i, way) != BL_OK) return BL_NOMEM;
    }
    return BL_OK;
}
