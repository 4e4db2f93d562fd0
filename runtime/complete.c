/*
 * Completion: the names of a world that begin with what somebody typed.
 *
 * The few names that are wanted are kept sorted while all are looked at once; there is no index to
 * keep up. A look at 30,000 names takes about a millisecond.
 */
#include "answer.h"

#include <assert.h>
#include <string.h>

typedef enum form { HANDLE, PLAIN, QUOTED } form; /* @ana, red, "light blue" */
typedef struct name {
    form form;
    bl_text text;
} name;

typedef struct matching {
    const bl_engine *engine;
    bl_text prefix; /* without @ or " */
    bool wants[QUOTED + 1]; /* which forms */
    size_t most;
    bl_vector(name) names; /* sorted, without doubles, at most so many */
    bool failed;
} matching;

/* By form, then by bytes. */
static int compare(const name *a, const name *b)
{
    if (a->form != b->form) return a->form < b->form ? -1 : 1;
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

static void consider(matching *m, form shown, bl_text text)
{
    if (!m->wants[shown]) return;
    if (text.size < m->prefix.size || text.size == 0) return;
    if (m->prefix.size > 0 && memcmp(text.bytes, m->prefix.bytes, m->prefix.size) != 0) return;
    const name own = {shown, text};
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
        consider(m, HANDLE, m->engine->actors.items[i].shown);
}

static void consider_program(matching *m)
{
    const bl_program *program = m->engine->program;
#define CONSIDER_ROWS(rows, count)                                                                 \
    for (uint32_t i = 0; i < program->count && !m->failed; i++)                                    \
    consider(m, PLAIN, bl_names_text(program->names, program->rows[i].name))
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
        consider(m, PLAIN, bl_proposal_id(engine, engine->proposals.items[i]));
    for (size_t i = 0; i < engine->instances.count && !m->failed; i++)
        if (!engine->instances.items[i].is_removed)
            consider(m, PLAIN, bl_instance_id(engine, (uint32_t)i));
}

/* ---- candidates ---- */

/* How an option is written in a ballot; false: by nothing that could be completed. */
static bool form_of_option(bl_text text, form *out)
{
    *out = PLAIN;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '"' || byte == '\\' || byte < ' ') return false;
        const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        const bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && byte != '_' && (i == 0 || !is_digit)) *out = QUOTED;
    }
    return true;
}

static void consider_candidates_of(matching *m, const bl_stage *stage)
{
    for (uint32_t c = 0; c < stage->candidate_count && !m->failed; c++) {
        form shown = HANDLE;
        if (bl_candidate_is_withdrawn(m->engine, stage, c)) continue;
        const bl_text text = bl_candidate_name(m->engine, stage, c);
        if (bl_candidate_is_actor(m->engine, stage, c) || form_of_option(text, &shown))
            consider(m, shown, text);
    }
}

static void consider_candidates(matching *m)
{
    for (size_t i = 0; i < m->engine->stages.count && !m->failed; i++) {
        const bl_stage *stage = m->engine->stages.items[i];
        if (stage->state == BL_STAGE_OPEN) consider_candidates_of(m, stage);
    }
}

/* ---- answers ---- */

static matching begin(const bylaw_engine *engine, bylaw_text prefix, size_t most)
{
    const char first = prefix.size > 0 ? prefix.bytes[0] : '\0';
    const bool is_marked = first == '@' || first == '"';
    matching m = {.engine = engine, .prefix = {prefix.bytes, prefix.size}, .most = most};
    if (is_marked) m.prefix = (bl_text){prefix.bytes + 1, prefix.size - 1};
    m.wants[HANDLE] = most > 0 && (first == '@' || prefix.size == 0);
    m.wants[PLAIN] = most > 0 && !is_marked;
    m.wants[QUOTED] = most > 0 && (first == '"' || prefix.size == 0);
    return m;
}

static bylaw_status end(matching *m, bylaw_writer out)
{
    static const char *const before[] = {[HANDLE] = "@", [PLAIN] = "", [QUOTED] = "\""};
    static const char *const behind[] = {[HANDLE] = "\n", [PLAIN] = "\n", [QUOTED] = "\"\n"};
    bl_buffer text;
    bl_buffer_init(&text, &m->engine->memory);
    for (size_t i = 0; i < m->names.count; i++) {
        bl_buffer_cstring(&text, before[m->names.items[i].form]);
        bl_buffer_text(&text, m->names.items[i].text);
        bl_buffer_cstring(&text, behind[m->names.items[i].form]);
    }
    text.failed = text.failed || m->failed;
    bl_vector_free(&m->engine->memory, &m->names);
    return bl_answer_deliver(&text, out);
}

bylaw_status bylaw_engine_complete(const bylaw_engine *engine, bylaw_text prefix, size_t most,
                                   bylaw_writer out)
{
    assert(engine && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    matching m = begin(engine, prefix, most);
    if (m.wants[HANDLE]) consider_handles(&m);
    if (m.wants[PLAIN]) {
        consider_program(&m);
        consider_world(&m);
    }
    return end(&m, out);
}

bylaw_status bylaw_engine_complete_candidate(const bylaw_engine *engine, bylaw_text prefix,
                                             size_t most, bylaw_writer out)
{
    assert(engine && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    matching m = begin(engine, prefix, most);
    consider_candidates(&m);
    return end(&m, out);
}
