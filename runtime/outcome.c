/*
 * Outcomes: what follows from events, made in scratch and handed to the host in order.
 *
 * The idea to have: an outcome is begun, filled and ended. Ending delivers it, unless a block of
 * effects is running: then it waits in the queue, and is forgotten where the block is rolled back.
 * How an outcome is written, as JSON or for people, is outcome_text.c's business.
 */
#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every outcome of the machine is made here, with what the host need not see behind it. */
typedef struct made_outcome {
    bylaw_outcome outcome; /* first: a pointer to it is a pointer to the whole */
    bl_outcome_type type;
    const bl_proposal *proposal; /* NULL: about none */
} made_outcome;

static bylaw_text to_host(bl_text text)
{
    return (bylaw_text){text.bytes, text.size};
}

/* ---- text in scratch ---- */

static bylaw_text no_memory(bl_engine *engine)
{
    bl_no_memory(engine);
    return (bylaw_text){NULL, 0};
}

bylaw_text bl_say_copy(bl_engine *engine, bl_text text)
{
    const char *copy = bl_arena_copy(&engine->scratch, text.bytes, text.size);
    return copy ? (bylaw_text){copy, text.size} : no_memory(engine);
}

bylaw_text bl_say(bl_engine *engine, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : bl_arena_alloc(&engine->scratch, (size_t)size + 1);
    if (text) vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text ? (bylaw_text){text, (size_t)size} : no_memory(engine);
}

bylaw_text bl_say_built(bl_engine *engine, size_t mark)
{
    bl_buffer *buffer = &engine->buffer;
    if (buffer->failed || buffer->size < mark) { /* a text inside this one took all of it along */
        bl_buffer_clear(buffer);
        return no_memory(engine);
    }
    const bl_text written = {buffer->size > mark ? buffer->bytes + mark : "", buffer->size - mark};
    const bylaw_text copy = bl_say_copy(engine, written);
    buffer->size = mark;
    return copy;
}

bylaw_text bl_say_place(bl_engine *engine, bl_span span)
{
    const size_t mark = engine->buffer.size;
    bl_program_place(engine->program, span, &engine->buffer);
    return bl_say_built(engine, mark);
}

bylaw_text bl_say_value(bl_engine *engine, const bl_value *value)
{
    const size_t mark = engine->buffer.size;
    bl_value_write(engine, value, &engine->buffer);
    return bl_say_built(engine, mark);
}

static bylaw_text say_time(bl_engine *engine, bl_time time)
{
    const size_t mark = engine->buffer.size;
    bl_time_write(&engine->buffer, time);
    return bl_say_built(engine, mark);
}

/* ---- values as JSON ---- */

static void write_name(const bl_engine *engine, uint32_t name, bl_buffer *out)
{
    bl_json_write_text(out, bl_names_text(engine->program->names, name));
}

static void write_quoted_duration(bl_duration duration, bl_buffer *out)
{
    bl_buffer_char(out, '"');
    bl_duration_write(out, duration);
    bl_buffer_char(out, '"');
}

static void write_quoted_time(bl_time time, bl_buffer *out)
{
    bl_buffer_char(out, '"');
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

static void write_actors(const bl_engine *engine, bl_set set, bl_buffer *out)
{
    bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < set.count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, engine->actors.items[set.actors[i]].shown);
    }
    bl_buffer_char(out, ']');
}

static void write_event_name(const bl_engine *engine, const bl_record *event, bl_buffer *out)
{
    if (event->event == BL_NONE)
        bl_buffer_cstring(out, "null");
    else
        write_name(engine, engine->program->events[event->event].name, out);
}

static void write_value(const bl_engine *engine, const bl_value *value, unsigned depth,
                        bl_buffer *out);

static void write_list(const bl_engine *engine, bl_list list, unsigned depth, bl_buffer *out)
{
    bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < list.count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        write_value(engine, &list.items[i], depth, out);
    }
    bl_buffer_char(out, ']');
}

static void write_value(const bl_engine *engine, const bl_value *value, unsigned depth,
                        bl_buffer *out)
{
    if (depth > BL_JSON_DEPTH_MAX) {
        out->failed = true;
        return;
    }
    const uint32_t index = value->as.index;
    switch ((bl_base)value->base) {
    case BL_BASE_NOTHING: bl_buffer_cstring(out, "null"); break;
    case BL_BASE_NUMBER: bl_json_write_number(out, value->as.number); break;
    case BL_BASE_BOOLEAN: bl_buffer_cstring(out, value->as.boolean ? "true" : "false"); break;
    case BL_BASE_TEXT: bl_json_write_text(out, value->as.text); break;
    case BL_BASE_DURATION: write_quoted_duration(value->as.duration, out); break;
    case BL_BASE_TIME: write_quoted_time(value->as.time, out); break;
    case BL_BASE_ACTOR: bl_json_write_text(out, engine->actors.items[index].shown); break;
    case BL_BASE_INSTANCE: bl_json_write_text(out, bl_instance_id(engine, index)); break;
    case BL_BASE_ROLE: write_name(engine, engine->program->roles[index].name, out); break;
    case BL_BASE_PROCEDURE: write_name(engine, engine->program->procedures[index].name, out); break;
    case BL_BASE_PROPOSAL:
        bl_json_write_text(out, bl_proposal_id(engine, engine->proposals.items[index]));
        break;
    case BL_BASE_EVENT: write_event_name(engine, value->as.event, out); break;
    case BL_BASE_SET: write_actors(engine, value->as.set, out); break;
    case BL_BASE_LIST: write_list(engine, value->as.list, depth + 1, out); break;
    }
}

void bl_value_write(const bl_engine *engine, const bl_value *value, bl_buffer *out)
{
    write_value(engine, value, 0, out);
}

/* ---- making ---- */

bylaw_outcome *bl_outcome_begin(bl_engine *engine, bl_outcome_type type,
                                const bl_proposal *proposal)
{
    made_outcome *made = bl_arena_alloc(&engine->scratch, sizeof *made);
    if (!made) {
        bl_no_memory(engine);
        return NULL;
    }
    made->type = type;
    made->proposal = proposal;
    bylaw_outcome *outcome = &made->outcome;
    outcome->seq = engine->seq;
    outcome->type = to_host(bl_text_of(bl_outcome_word(type)));
    if (engine->has_time) outcome->time = say_time(engine, engine->now);
    if (!proposal) return outcome;
    outcome->proposal = to_host(bl_proposal_id(engine, proposal));
    outcome->kind = to_host(
        bl_names_text(engine->program->names, bl_kind_of(engine, proposal)->name));
    if (proposal->instance != BL_NONE)
        outcome->on = to_host(bl_instance_id(engine, proposal->instance));
    outcome->stage = proposal->stage_count;
    return outcome;
}

static bylaw_text say_count(bl_engine *engine, uint32_t count)
{
    return bl_say(engine, "%u", count);
}

/* An election has no approvals to show: its rounds tell how it went. */
void bl_outcome_tally(bl_engine *engine, bylaw_outcome *outcome, const bl_stage *stage)
{
    if (!outcome || stage->procedure == BL_NONE) return;
    if (engine->program->procedures[stage->procedure].form != BL_FORM_YES_NO) return;
    outcome->has_tally = true;
    outcome->approve = say_count(engine, stage->counts[1]);
    outcome->reject = say_count(engine, stage->counts[2]);
    outcome->abstain = say_count(engine, stage->counts[3]);
    outcome->body = say_count(engine, stage->body_count);
}

static int compare_seqs(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts, and drops doubles. */
static size_t tidy_seqs(uint64_t *seqs, size_t count)
{
    size_t kept = 0;
    qsort(seqs, count, sizeof *seqs, compare_seqs);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || seqs[kept - 1] != seqs[i]) seqs[kept++] = seqs[i];
    return kept;
}

void bl_outcome_events(bl_engine *engine, bylaw_outcome *outcome, const bl_stage *stage)
{
    if (!outcome) return;
    uint64_t *seqs = bl_arena_array(&engine->scratch, stage->ballots.count + 1, sizeof *seqs);
    if (!seqs) {
        bl_no_memory(engine);
        return;
    }
    size_t count = 0;
    const uint64_t opened = engine->proposals.items[stage->proposal]->opened_seq;
    if (opened > 0) seqs[count++] = opened;
    for (size_t i = 0; i < stage->ballots.count; i++) {
        const bl_ballot *ballot = &stage->ballots.items[i];
        const bool is_void = ballot->choice == 0 || ballot->choice == BL_BALLOT_NONE;
        if (!is_void && ballot->seq > 0) seqs[count++] = ballot->seq;
    }
    outcome->events = seqs;
    outcome->event_count = tidy_seqs(seqs, count);
}

/* ---- delivering ---- */

static void deliver(bl_engine *engine, const made_outcome *made)
{
    const bylaw_engine_options *options = &engine->options;
    const bool is_shown = made->type != BL_OUTCOME_COUNTED || options->verbose || options->ballots;
    if (options->outcome && is_shown) options->outcome(options->context, &made->outcome);
    if (options->record) bl_record_keep(engine, made->type, made->proposal, &made->outcome);
}

void bl_outcome_end(bl_engine *engine, bylaw_outcome *outcome)
{
    if (!outcome || engine->out_of_memory) return;
    if (engine->block_depth == 0) {
        deliver(engine, (const made_outcome *)outcome);
        return;
    }
    if (!bl_vector_reserve(&engine->memory, &engine->queue, 1)) {
        bl_no_memory(engine);
        return;
    }
    engine->queue.items[engine->queue.count++] = outcome;
}

void bl_queue_flush(bl_engine *engine)
{
    for (size_t i = 0; i < engine->queue.count; i++)
        deliver(engine, (const made_outcome *)engine->queue.items[i]);
    engine->queue.count = 0;
}

void bl_announce(bl_engine *engine, bl_outcome_type type, const bl_proposal *proposal,
                 bl_span clause, bylaw_text because)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, type, proposal);
    if (!outcome) return;
    outcome->because = because;
    outcome->clause = bl_say_place(engine, clause);
    bl_outcome_end(engine, outcome);
}
