/*
 * Why not: what never came to be, and what is missing still.
 */
#include "explain.h"

/* ---- proposals that were refused ---- */

/* The refusals of one id, the oldest first; false: there is no further one. */
static bool next_refused(const bl_teller *t, bl_text id, uint32_t *at, bylaw_outcome *out)
{
    while (*at < bl_refused_count(t->engine)) {
        if (!bl_refused_read(t->engine, (*at)++, out)) return false;
        if (bl_text_equal(id, (bl_text){out->proposal.bytes, out->proposal.size})) return true;
    }
    return false;
}

/* "drop-module was never raised: @zoe was refused on 2023-11-08, because …" */
static void tell_never_raised(const bl_teller *t, const bylaw_outcome *refusal)
{
    bl_outcome_show(t->out, (bl_text){refusal->proposal.bytes, refusal->proposal.size});
    bl_buffer_cstring(t->out, " was never raised: ");
    if (refusal->actor.size > 0) {
        bl_buffer_char(t->out, '@');
        bl_outcome_show(t->out, (bl_text){refusal->actor.bytes, refusal->actor.size});
        bl_buffer_cstring(t->out, " was refused");
    } else {
        bl_buffer_cstring(t->out, "it was refused");
    }
    if (refusal->time.size >= 10) bl_buffer_format(t->out, " on %.10s", refusal->time.bytes);
    bl_buffer_cstring(t->out, ", because ");
    bl_outcome_show(t->out, (bl_text){refusal->because.bytes, refusal->because.size});
    if (refusal->clause.size > 0) bl_buffer_format(t->out, " (%.*s)", BL_SAID(refusal->clause));
    bl_buffer_cstring(t->out, ".\n");
}

static void write_never_raised(const bl_teller *t, const bylaw_outcome *refusal)
{
    bl_buffer text;
    bl_buffer_init(&text, &t->engine->memory);
    bl_teller plain = *t;
    plain.out = &text;
    tell_never_raised(&plain, refusal);
    bylaw_outcome told = *refusal;
    told.type = (bylaw_text){"sentence", sizeof "sentence" - 1};
    told.because = (bylaw_text){text.bytes, text.size > 0 ? text.size - 1 : 0};
    const bylaw_field field = {{"status", sizeof "status" - 1},
                               {"\"refused\"", sizeof "\"refused\"" - 1}};
    told.fields = &field;
    told.field_count = 1;
    if (text.failed) t->out->failed = true;
    bl_outcome_write(&told, BYLAW_JSON, false, t->out);
    bl_buffer_free(&text);
}

bool bl_tell_refused(const bl_teller *t, bl_text id, bylaw_format format, bylaw_depth depth)
{
    bylaw_outcome refusal, last;
    uint32_t at = 0, count = 0;
    while (next_refused(t, id, &at, &refusal)) {
        last = refusal;
        count++;
    }
    if (count == 0) return false;
    const bool is_json = format == BYLAW_JSON;
    if (depth == BYLAW_SENTENCE || !is_json)
        (is_json ? write_never_raised : tell_never_raised)(t, &last);
    at = 0;
    while (depth != BYLAW_SENTENCE && next_refused(t, id, &at, &refusal)) {
        const bylaw_text words = is_json ? (bylaw_text){NULL, 0}
                                         : bl_clause_words(t->engine, refusal.clause);
        if (words.size > 0)
            refusal.clause = bl_say(t->engine, "%.*s `%.*s`", BL_SAID(refusal.clause),
                                    BL_SAID(words));
        bl_outcome_write(&refusal, is_json ? BYLAW_JSON : BYLAW_TEXT, t->color, t->out);
    }
    return true;
}
