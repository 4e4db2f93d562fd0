/*
 * Feeding an engine: bytes in pieces, lines out of them, one event at a time.
 *
 * A line that lies whole within a piece is read in place; one that is cut between pieces is put
 * together in engine->line, up to the limit. Nothing is allocated for a line in steady state.
 */
#include "machine.h"

#include <assert.h>
#include <string.h>

static bylaw_status status_of(bl_engine *engine, bl_result result, uint64_t malformed_before)
{
    if (result == BL_NOMEM) engine->out_of_memory = true;
    if (engine->out_of_memory) return BYLAW_NOMEM;
    if (engine->options.stop_on_malformed && engine->malformed_count > malformed_before)
        return BYLAW_STOPPED;
    return BYLAW_OK;
}

static bl_result take_line(bl_engine *engine, bylaw_stream stream, bl_text line)
{
    engine->is_roster = stream == BYLAW_ROSTER;
    engine->line_number++;
    if (!engine->is_roster) engine->seq++;
    const uint64_t last = engine->options.at_seq;
    if (!engine->is_roster && (engine->is_past || (last > 0 && engine->seq > last))) {
        engine->is_line_too_long = false;
        return BL_OK;
    }
    if (!engine->is_line_too_long) return bl_event_line(engine, line);
    engine->is_line_too_long = false;
    bl_arena_reset(&engine->scratch);
    bl_event_malformed(engine, 1,
                       bl_say(engine, "a line of %llu bytes: at most %u",
                              (unsigned long long)engine->line_size_seen,
                              engine->options.limits.line_size));
    return BL_OK;
}

/* Keeps a piece of a line; past the limit only its size is kept. */
static bool keep_piece(bl_engine *engine, const char *bytes, size_t size)
{
    engine->line_size_seen += size;
    if (engine->line_size_seen > engine->options.limits.line_size) {
        engine->is_line_too_long = true;
        bl_buffer_clear(&engine->line);
        return true;
    }
    bl_buffer_bytes(&engine->line, bytes, size);
    return !engine->line.failed;
}

static bl_result end_kept_line(bl_engine *engine, bylaw_stream stream)
{
    const bl_result result = take_line(engine, stream,
                                       (bl_text){engine->line.bytes, engine->line.size});
    bl_buffer_clear(&engine->line);
    engine->line_size_seen = 0;
    return result;
}

bylaw_status bylaw_engine_feed(bylaw_engine *engine, bylaw_stream stream, const char *bytes,
                               size_t size)
{
    assert(engine && (bytes || size == 0));
    if (engine->out_of_memory) return BYLAW_NOMEM;
    if (size == 0) return BYLAW_OK;
    const char *const end = bytes + size;
    const uint64_t malformed = engine->malformed_count;
    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        const size_t length = (size_t)((newline ? newline : end) - bytes);
        const bool is_whole = newline && engine->line_size_seen == 0 &&
                              length <= engine->options.limits.line_size;
        bl_result result = BL_OK;
        if (is_whole)
            result = take_line(engine, stream, (bl_text){bytes, length});
        else if (!keep_piece(engine, bytes, length))
            result = bl_no_memory(engine);
        else if (newline)
            result = end_kept_line(engine, stream);
        const bylaw_status status = status_of(engine, result, malformed);
        if (status != BYLAW_OK) return status;
        bytes += length + (newline ? 1 : 0);
    }
    return BYLAW_OK;
}

bylaw_status bylaw_engine_end(bylaw_engine *engine, bylaw_stream stream)
{
    assert(engine);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    const uint64_t malformed = engine->malformed_count;
    const bl_result result = engine->line_size_seen > 0 ? end_kept_line(engine, stream) : BL_OK;
    engine->line_number = 0;
    return status_of(engine, result, malformed);
}

bylaw_status bylaw_engine_until(bylaw_engine *engine, bylaw_text text)
{
    assert(engine && (text.bytes || text.size == 0));
    if (engine->out_of_memory) return BYLAW_NOMEM;
    bl_time time;
    const char *why;
    const bl_text said = {text.bytes, text.size};
    if (!bl_time_parse(said, &time, &why) && !bl_date_parse(said, &time, &why)) return BYLAW_LIMIT;
    const bl_result result = bl_agenda_fire(engine, time, 2);
    if (!engine->has_time || time > engine->now) engine->now = time;
    engine->has_time = true;
    return status_of(engine, result, engine->malformed_count);
}
