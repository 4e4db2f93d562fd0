/*
 * Completion: the names of a world that begin with what somebody typed.
 *
 * The few names that are wanted are kept sorted while all are looked at once; there is no index to
 * keep up. A look at 30,000 names takes about a millisecond.
 */
#include "answer.h"

#include <assert.h>
#include <string.h>

typedef struct name {
    bool is_handle; /* shown with @ */
    bl_text text;
} name;

typedef struct matching {
    const bl_engine *engine;
    bl_text prefix; /* without @ */
    bool wants_handles, wants_others;
    size_t most;
    bl_vector(name) names; /* sorted, without doubles, at most so many */
    bool failed;
} matching;

/* Handles first, then by bytes. */
static int compare(const name *a, const name *b)
{
    if (a->is_handle != b->is_handle) return a->is_handle ? -1 : 1;
    return bl_text_compare(a->text, b->text);
}

/* The place of the first name that is not before this one. */
static size_t place_of(const matching *m, const name *wanted)
{
    size_t low = 0, high = m->names.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&m->names.items[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void consider(matching *m, bool is_handle, bl_text text)
{
    if (text.size < m->prefix.size || text.size == 0) return;
    if (m->prefix.size > 0 && memcmp(text.bytes, m->prefix.bytes, m->prefix.size) != 0) return;
    const name own = {is_handle, text};
    const size_t at = place_of(m, &own);
    if (at == m->most) return;
    if (at < m->names.count && compare(&m->names.items[at], &own) == 0) return;
    if (m->names.count == m->most) m->names.count--;
    if (!bl_vector_reserve(&m->engine->memory, &m->names, 1)) {
        m->failed = true;
        return;
    }
    memmove(&m->names.items[at + 1], &m->names.items[at], (m->names.count - at) * sizeof own);
    m->names.items[at] = own;
    m->names.count++;
}

static void consider_handles(matching *m)
{
    for (size_t i = 0; i < m->engine->actors.count && !m->failed; i++)
        consider(m, true, m->engine->actors.items[i].shown);
}

static void consider_program(matching *m)
{
    const bl_program *program = m->engine->program;
#define CONSIDER_ROWS(rows, count)                                                                 \
    for (uint32_t i = 0; i < program->count && !m->failed; i++)                                    \
    consider(m, false, bl_names_text(program->names, program->rows[i].name))
    CONSIDER_ROWS(kinds, kind_count);
    CONSIDER_ROWS(roles, role_count);
    CONSIDER_ROWS(scopes, scope_count);
    CONSIDER_ROWS(events, event_count);
    CONSIDER_ROWS(fields, field_count);
    CONSIDER_ROWS(attributes, attribute_count);
    CONSIDER_ROWS(procedures, procedure_count);
#undef CONSIDER_ROWS
}

static void consider_world(matching *m)
{
    const bl_engine *engine = m->engine;
    for (size_t i = 0; i < engine->proposals.count && !m->failed; i++)
        consider(m, false, bl_proposal_id(engine, engine->proposals.items[i]));
    for (size_t i = 0; i < engine->instances.count && !m->failed; i++)
        if (!engine->instances.items[i].is_removed)
            consider(m, false, bl_instance_id(engine, (uint32_t)i));
}

bylaw_status bylaw_engine_complete(const bylaw_engine *engine, bylaw_text prefix, size_t most,
                                   bylaw_writer out)
{
    assert(engine && out.write);
    const bool has_at = prefix.size > 0 && prefix.bytes[0] == '@';
    matching m = {.engine = engine,
                  .prefix = {prefix.bytes + has_at, prefix.size - has_at},
                  .wants_handles = has_at || prefix.size == 0,
                  .wants_others = !has_at,
                  .most = most};
    if (m.wants_handles && most > 0) consider_handles(&m);
    if (m.wants_others && most > 0) {
        consider_program(&m);
        consider_world(&m);
    }
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    for (size_t i = 0; i < m.names.count; i++) {
        if (m.names.items[i].is_handle) bl_buffer_char(&text, '@');
        bl_buffer_text(&text, m.names.items[i].text);
        bl_buffer_char(&text, '\n');
    }
    text.failed = text.failed || m.failed;
    bl_vector_free(&engine->memory, &m.names);
    return bl_question_answer(&text, out);
}
