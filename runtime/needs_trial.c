/*
 * Trying acts: a copy of one proposal and its votes, and the machine's own functions upon it.
 *
 * While a trial lasts the engine is another one: the proposal, its open stages and what is due for
 * it are copies, outcomes go nowhere, blocks of effects do not run. All memory of it is in arenas
 * that end with the trial, the engine's own vectors are put back as they were. The world is only
 * read. What remains of a trial is its answer.
 */
#include "needs.h"

#include <string.h>

struct bl_moment {
    bl_proposal proposal; /* its vectors and vetoes are copies */
    bl_stage **stages; /* closed ones are shared: they do not change any more */
    bl_entry *agenda;
    size_t agenda_count;
    size_t stage_total; /* stages of the whole engine */
    uint64_t agenda_number;
    uint32_t decision_count;
    bl_time now;
    uint64_t key;
    bool has_come;
};

/* Outcomes go nowhere, but for whether the one that is waited for came. (test: needs.py) */
static void watch_outcome(void *context, const bylaw_outcome *outcome)
{
    bl_trial *trial = context;
    const bl_text type = {outcome->type.bytes, outcome->type.size};
    trial->has_come = trial->has_come || bl_text_equal(type, trial->watched);
}

/* Memory that is never given back one by one: the arena goes at the end. */
static void *resize_in_arena(void *context, void *pointer, size_t old_size, size_t new_size)
{
    if (new_size == 0) return NULL;
    void *grown = bl_arena_alloc(context, new_size);
    if (grown && pointer) memcpy(grown, pointer, old_size < new_size ? old_size : new_size);
    return grown;
}

bl_proposal *bl_trial_proposal(const bl_trial *trial)
{
    return trial->engine->proposals.items[trial->proposal->index];
}

/* ---- copies ---- */

static void *copy_bytes(bl_trial *trial, const void *bytes, size_t size)
{
    void *copy = bl_arena_alloc(&trial->arena, size);
    if (copy && size > 0) memcpy(copy, bytes, size);
    return copy;
}

static bool copy_ballots(bl_trial *trial, bl_stage *copy)
{
    const size_t capacity = copy->ballot_of.capacity;
    copy->ballots.capacity = copy->ballots.count;
    copy->ballots.items = copy_bytes(trial, copy->ballots.items,
                                     copy->ballots.count * sizeof *copy->ballots.items);
    if (capacity == 0) return copy->ballots.items != NULL;
    copy->ballot_of.keys = copy_bytes(trial, copy->ballot_of.keys,
                                      capacity * sizeof *copy->ballot_of.keys);
    copy->ballot_of.values = copy_bytes(trial, copy->ballot_of.values,
                                        capacity * sizeof *copy->ballot_of.values);
    return copy->ballots.items && copy->ballot_of.keys && copy->ballot_of.values;
}

static bl_stage *copy_stage(bl_trial *trial, bl_stage *stage)
{
    if (stage->state == BL_STAGE_CLOSED) return stage;
    bl_stage *copy = copy_bytes(trial, stage, sizeof *stage);
    if (!copy || !copy_ballots(trial, copy)) return NULL;
    copy->compares = copy_bytes(trial, stage->compares,
                                stage->compare_count * sizeof *stage->compares);
    copy->sums = copy_bytes(trial, stage->sums, stage->sum_count * sizeof *stage->sums);
    return copy->compares && copy->sums ? copy : NULL;
}

static bool copy_proposal(bl_trial *trial, const bl_proposal *from, bl_proposal *to)
{
    const bl_kind *kind = bl_kind_of(trial->engine, from);
    *to = *from;
    to->vetoes = copy_bytes(trial, from->vetoes, kind->vetoes.count * sizeof *from->vetoes);
    to->stages.items = copy_bytes(trial, from->stages.items,
                                  from->stages.count * sizeof *from->stages.items);
    to->stages.capacity = from->stages.count;
    return to->vetoes && to->stages.items;
}

/* ---- moments ---- */

static uint64_t mix(uint64_t key, uint64_t more)
{
    key ^= more + UINT64_C(0x9E3779B97F4A7C15) + (key << 6) + (key >> 2);
    return key * UINT64_C(0xBF58476D1CE4E5B9);
}

static uint64_t mix_stage(uint64_t key, const bl_stage *stage)
{
    key = mix(key, (uint64_t)stage->state * 4 + stage->result);
    key = mix(key, stage->plan);
    for (int i = 0; i < 4; i++)
        key = mix(key, stage->counts[i]);
    for (uint32_t i = 0; i < stage->sum_count; i++)
        key = mix(mix(key, (uint64_t)stage->sums[i].num), (uint64_t)stage->sums[i].den);
    for (size_t i = 0; i < stage->ballots.count; i++)
        if (stage->ballots.items[i].choice > BL_BALLOT_NONE)
            key += mix(stage->ballots.items[i].actor + 1, stage->ballots.items[i].choice);
    return key;
}

static uint64_t key_of(const bl_engine *engine, const bl_proposal *p)
{
    const bool bits[] = {p->is_disputed, p->is_escalated, p->is_overriding, p->is_veto_proof,
                         p->has_run,     p->is_effective, p->is_final};
    uint64_t key = mix(p->status, p->before_dispute);
    key = mix(mix(mix(key, p->rung), p->step), p->group);
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
        key = mix(key, bits[i]);
    for (uint32_t i = 0; i < bl_kind_of(engine, p)->vetoes.count; i++)
        key = mix(key, (uint64_t)p->vetoes[i].is_spent * 2 + (p->vetoes[i].stage != BL_NONE));
    for (size_t i = 0; i < p->stages.count; i++) {
        const bl_stage *stage = engine->stages.items[p->stages.items[i]];
        const bool decides = p->stage != BL_NONE && stage->index - p->stage < p->group;
        if (stage->state != BL_STAGE_CLOSED || decides) key = mix_stage(key, stage);
    }
    return key;
}

uint64_t bl_trial_key(const bl_trial *trial)
{
    return key_of(trial->engine, bl_trial_proposal(trial)) + trial->has_come;
}

uint64_t bl_moment_key(const bl_moment *moment)
{
    return moment->key;
}

static bl_moment *take(bl_trial *trial, const bl_entry *agenda, size_t agenda_count)
{
    bl_engine *engine = trial->engine;
    const bl_proposal *proposal = bl_trial_proposal(trial);
    bl_moment *moment = bl_arena_alloc(&trial->arena, sizeof *moment);
    if (!moment || !copy_proposal(trial, proposal, &moment->proposal)) return NULL;
    moment->agenda = copy_bytes(trial, agenda, agenda_count * sizeof *agenda);
    moment->agenda_count = agenda_count;
    moment->stages = bl_arena_array(&trial->arena, proposal->stages.count + 1, sizeof(bl_stage *));
    if (!moment->agenda || !moment->stages) return NULL;
    for (size_t i = 0; i < proposal->stages.count; i++) {
        moment->stages[i] = copy_stage(trial, engine->stages.items[proposal->stages.items[i]]);
        if (!moment->stages[i]) return NULL;
    }
    moment->stage_total = engine->stages.count;
    moment->agenda_number = engine->agenda_number;
    moment->decision_count = engine->decision_count;
    moment->now = engine->now;
    moment->has_come = trial->has_come;
    moment->key = bl_trial_key(trial);
    return moment;
}

bl_moment *bl_moment_take(bl_trial *trial)
{
    return take(trial, trial->engine->agenda.items, trial->engine->agenda.count);
}

static bool restore(bl_trial *trial, const bl_moment *moment)
{
    bl_engine *engine = trial->engine;
    bl_proposal *proposal = bl_arena_alloc(&trial->arena, sizeof *proposal);
    if (!proposal || !copy_proposal(trial, &moment->proposal, proposal)) return false;
    for (size_t i = 0; i < proposal->stages.count; i++) {
        bl_stage *stage = copy_stage(trial, moment->stages[i]);
        if (!stage) return false;
        engine->stages.items[proposal->stages.items[i]] = stage;
    }
    engine->proposals.items[proposal->index] = proposal;
    engine->agenda.items = copy_bytes(trial, moment->agenda,
                                      moment->agenda_count * sizeof *moment->agenda);
    engine->agenda.count = engine->agenda.capacity = moment->agenda_count;
    engine->stages.count = moment->stage_total;
    engine->agenda_number = moment->agenda_number;
    engine->decision_count = moment->decision_count;
    engine->touched.count = 0;
    engine->now = moment->now;
    trial->has_come = moment->has_come;
    return engine->agenda.items != NULL;
}

bool bl_moment_restore(bl_trial *trial, const bl_moment *moment)
{
    return restore(trial, moment);
}

/* ---- the trial ---- */

/* What is due for the proposal, out of all that is due: sorted enough, since a heap's order is kept
 * by adding one by one. */
static bool copy_agenda(bl_trial *trial)
{
    bl_engine *engine = trial->engine;
    const bl_entry *items = trial->saved.agenda.items;
    const uint32_t index = trial->proposal->index;
    for (size_t i = 0; i < trial->saved.agenda.count; i++) {
        const bl_entry *entry = &items[i];
        const bool is_stage = entry->due == BL_DUE_STAGE_CLOSES || entry->due == BL_DUE_STAGE_OPENS;
        const uint32_t about = is_stage ? engine->stages.items[entry->index]->proposal
                                        : entry->index;
        if (about != index) continue;
        engine->agenda_number = entry->number; /* keeps the order of creation */
        if (!bl_agenda_add(engine, entry->time, entry->order, (bl_due)entry->due, entry->index,
                           entry->generation))
            return false;
    }
    engine->agenda_number = trial->saved.agenda_number;
    return true;
}

static void become_trial(bl_trial *trial)
{
    bl_engine *engine = trial->engine;
    engine->is_trial = true;
    engine->memory = (bl_memory){resize_in_arena, &trial->arena};
    engine->options.outcome = watch_outcome;
    engine->options.context = trial;
    engine->options.record = engine->options.verbose = engine->options.ballots = false;
    bl_arena_init(&engine->arena, &trial->memory);
    bl_arena_init(&engine->scratch, &trial->memory);
    bl_buffer_init(&engine->buffer, &trial->memory);
    engine->agenda.items = NULL;
    engine->agenda.count = engine->agenda.capacity = 0;
    engine->touched.items = NULL;
    engine->touched.count = engine->touched.capacity = 0;
    engine->steps = engine->cascade = engine->block_depth = 0;
}

bool bl_trial_begin(bl_trial *trial, bl_engine *engine, const bl_proposal *proposal)
{
    trial->engine = engine;
    trial->has_come = false;
    trial->saved = *engine;
    trial->memory = engine->memory;
    trial->proposal = engine->proposals.items[proposal->index];
    bl_arena_init(&trial->arena, &trial->memory);
    trial->stages = bl_arena_array(&trial->arena, proposal->stages.count + 1, sizeof(bl_stage *));
    if (!trial->stages) {
        bl_arena_destroy(&trial->arena);
        return false;
    }
    for (size_t i = 0; i < proposal->stages.count; i++)
        trial->stages[i] = engine->stages.items[proposal->stages.items[i]];
    become_trial(trial);
    trial->start = copy_agenda(trial) ? bl_moment_take(trial) : NULL;
    if (trial->start && restore(trial, trial->start)) return true;
    bl_trial_end(trial);
    return false;
}

void bl_trial_end(bl_trial *trial)
{
    bl_engine *engine = trial->engine;
    const bl_proposal *proposal = trial->proposal;
    bl_arena_destroy(&engine->arena);
    bl_arena_destroy(&engine->scratch);
    bl_buffer_free(&engine->buffer);
    *engine = trial->saved;
    engine->proposals.items[proposal->index] = trial->proposal;
    for (size_t i = 0; i < proposal->stages.count; i++)
        engine->stages.items[proposal->stages.items[i]] = trial->stages[i];
    bl_arena_destroy(&trial->arena);
}

bl_result bl_trial_act(bl_trial *trial, bl_verb verb, uint32_t actor, bool *allowed)
{
    bl_engine *engine = trial->engine;
    bl_arena_reset(&engine->scratch);
    engine->steps = engine->cascade = 0;
    const bl_act act = {.verb = verb,
                        .actor = actor,
                        .proposal = bl_trial_proposal(trial),
                        .reason = BL_TEXT("a reason"),
                        .other = BL_NONE};
    const bl_result result = bl_act_perform(engine, &act, allowed);
    if (result == BL_NOMEM || engine->out_of_memory) return BL_NOMEM;
    return bl_settle(engine) == BL_NOMEM ? BL_NOMEM : BL_OK;
}

bl_result bl_trial_wait(bl_trial *trial, bool *found)
{
    bl_engine *engine = trial->engine;
    *found = engine->agenda.count > 0;
    if (!*found) return BL_OK;
    const bl_entry next = engine->agenda.items[0];
    const bl_result result = bl_agenda_fire(engine, next.time, next.order);
    return result == BL_NOMEM || engine->out_of_memory ? BL_NOMEM : BL_OK;
}
