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

static void show_refusal(const bl_teller *t, bylaw_outcome *refusal, bool is_json)
{
    const bylaw_text words = is_json ? (bylaw_text){NULL, 0}
                                     : bl_clause_words(t->engine, refusal->clause);
    if (words.size > 0)
        refusal->clause = bl_say(t->engine, "%.*s `%.*s`", BL_SAID(refusal->clause),
                                 BL_SAID(words));
    bl_outcome_write(refusal, is_json ? BYLAW_JSON : BYLAW_TEXT, t->color, t->out);
}

void bl_show_refused_between(const bl_teller *t, uint64_t first, uint64_t last, bool is_json)
{
    bylaw_outcome refusal;
    uint32_t at = 0;
    while (next_refused(t, bl_proposal_id(t->engine, t->proposal), &at, &refusal))
        if (refusal.seq >= first && refusal.seq <= last) show_refusal(t, &refusal, is_json);
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
    while (depth != BYLAW_SENTENCE && next_refused(t, id, &at, &refusal))
        show_refusal(t, &refusal, is_json);
    return true;
}

/* ---- what kept it from an outcome ---- */

static const struct {
    const char *word;
    bl_state_test state;
} states[] = {{"accepted", BL_STATE_ACCEPTED},   {"rejected", BL_STATE_REJECTED},
              {"vetoed", BL_STATE_VETOED},       {"withdrawn", BL_STATE_WITHDRAWN},
              {"lapsed", BL_STATE_LAPSED},       {"disputed", BL_STATE_DISPUTED},
              {"escalated", BL_STATE_ESCALATED}, {"effective", BL_STATE_EFFECTIVE},
              {"final", BL_STATE_FINAL},         {"elected", BL_STATE_ELECTED}};

bool bl_not_word(size_t index, const char **word, bl_state_test *state)
{
    if (index >= sizeof states / sizeof *states) return false;
    *word = states[index].word;
    *state = states[index].state;
    return true;
}

/* Whether an outcome of this type speaks against the state, and not for it. */
static bool speaks_against(bl_outcome_type type, bl_state_test state, bool is_veto_vote)
{
    const bool is_end = type == BL_OUTCOME_WITHDRAWN || type == BL_OUTCOME_LAPSED ||
                        type == BL_OUTCOME_VETOED;
    switch (state) {
    case BL_STATE_ACCEPTED:
    case BL_STATE_ELECTED:
    case BL_STATE_EFFECTIVE:
        return is_end || type == BL_OUTCOME_DISPUTED || type == BL_OUTCOME_REJECTED ||
               (!is_veto_vote && (type == BL_OUTCOME_FAILED || type == BL_OUTCOME_UNRESOLVED));
    case BL_STATE_REJECTED:
        return is_end || type == BL_OUTCOME_DISPUTED || type == BL_OUTCOME_ACCEPTED ||
               (!is_veto_vote && (type == BL_OUTCOME_PASSED || type == BL_OUTCOME_UNRESOLVED));
    case BL_STATE_VETOED:
        return is_veto_vote && (type == BL_OUTCOME_FAILED || type == BL_OUTCOME_UNRESOLVED);
    case BL_STATE_FINAL: return type == BL_OUTCOME_DISPUTED;
    case BL_STATE_OPEN:
    case BL_STATE_WITHDRAWN:
    case BL_STATE_LAPSED:
    case BL_STATE_DISPUTED:
    case BL_STATE_ESCALATED: break;
    }
    return false;
}

/* Effects that were refused: the block's own refusal names no event. */
static bool is_refused_effect(bl_outcome_type type, bl_state_test state,
                              const bylaw_outcome *outcome)
{
    return type == BL_OUTCOME_REFUSED && state == BL_STATE_EFFECTIVE && outcome->event.size == 0;
}

/* The first outcome that speaks against it; false: none does. */
static bool find_first(const bl_teller *t, bl_state_test state, bylaw_outcome *out)
{
    for (uint32_t i = 0; i < bl_record_count(t->proposal); i++) {
        const bl_outcome_type type = bl_record_type(t->proposal, i);
        if (!bl_record_read(t->engine, t->proposal, i, out)) return false;
        const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, out->stage);
        const bool is_veto_vote = stage && stage->purpose == BL_PURPOSE_VETO;
        if (speaks_against(type, state, is_veto_vote) || is_refused_effect(type, state, out))
            return true;
    }
    return false;
}

static void tell_first(const bl_teller *t, bl_state_test state)
{
    bylaw_outcome first;
    if (bl_proposal_test(t->proposal, state) || !find_first(t, state, &first)) return;
    const bylaw_text words = bl_clause_words(t->engine, first.clause);
    if (words.size > 0)
        first.clause = bl_say(t->engine, "%.*s `%.*s`", BL_SAID(first.clause), BL_SAID(words));
    bl_buffer_cstring(t->out, "what stood against it first:\n");
    bl_outcome_write(&first, BYLAW_TEXT, t->color, t->out);
    const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, first.stage);
    if (stage && stage->result != BL_RESULT_NONE && first.has_tally) bl_tell_vote(t, stage);
}

/* What would bring it about now; nothing where it is so, or where nothing is known. */
static bylaw_text say_missing(const bl_teller *t, bl_state_test state, const char *word)
{
    if (bl_proposal_test(t->proposal, state)) return (bylaw_text){NULL, 0};
    bl_buffer text;
    bl_buffer_init(&text, &t->engine->memory);
    const bl_result result = bl_needs_brief(t->engine, t->proposal, bl_text_of(word), &text);
    bylaw_text said = {NULL, 0};
    if (result == BL_NOMEM || text.failed)
        bl_no_memory(t->engine);
    else
        said = bl_say_copy(t->engine, (bl_text){text.bytes, text.size});
    bl_buffer_free(&text);
    return said;
}

void bl_tell_not(const bl_teller *t, bl_state_test state, const char *word, bylaw_depth depth)
{
    bl_teller going_on = *t;
    const bylaw_text missing = say_missing(t, state, word);
    if (!bl_proposal_test(t->proposal, state)) {
        bl_outcome_show(t->out, bl_proposal_id(t->engine, t->proposal));
        bl_buffer_format(t->out, " is not %s. ", word);
        going_on.says_it = true;
    }
    bl_tell_sentence(&going_on);
    if (missing.size > 0) bl_buffer_format(t->out, " %.*s", BL_SAID(missing));
    bl_buffer_char(t->out, '\n');
    if (depth == BYLAW_SENTENCE) return;
    tell_first(t, state);
    bl_tell_open_votes(t);
}

void bl_write_not(const bl_teller *t, bl_state_test state, const char *word, bylaw_depth depth)
{
    bl_buffer_format(t->out, "{\"type\":\"not\",\"proposal\":");
    bl_json_write_text(t->out, bl_proposal_id(t->engine, t->proposal));
    bl_buffer_format(t->out, ",\"status\":\"%s\",\"outcome\":\"%s\",\"holds\":%s",
                     bl_explain_status(t->proposal), word,
                     bl_proposal_test(t->proposal, state) ? "true" : "false");
    const bylaw_text missing = say_missing(t, state, word);
    if (missing.size > 0) {
        bl_buffer_cstring(t->out, ",\"needs\":");
        bl_json_write_text(t->out, (bl_text){missing.bytes, missing.size});
    }
    bl_buffer_cstring(t->out, "}\n");
    if (depth == BYLAW_SENTENCE) {
        bl_write_sentence(t);
        return;
    }
    bylaw_outcome first;
    if (!bl_proposal_test(t->proposal, state) && find_first(t, state, &first)) {
        bl_outcome_write(&first, BYLAW_JSON, false, t->out);
        const bl_stage *stage = bl_stage_numbered(t->engine, t->proposal, first.stage);
        if (stage && stage->result != BL_RESULT_NONE && first.has_tally) bl_write_vote(t, stage);
    }
    bl_write_open_votes(t);
}
