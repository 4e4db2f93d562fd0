/*
 * Why: finds what a question is about, and tells it at the depth that was asked for. What questions
 * to an engine share is here too.
 */
#include "explain.h"

#include <assert.h>
#include <string.h>

const char *bl_explain_status(const bl_proposal *proposal)
{
    switch (proposal->status) {
    case BL_STATUS_OPEN:
        if (proposal->is_disputed) return "disputed";
        return proposal->is_escalated ? "escalated" : "open";
    case BL_STATUS_ACCEPTED: return "accepted";
    case BL_STATUS_REJECTED: return "rejected";
    case BL_STATUS_VETOED: return "vetoed";
    case BL_STATUS_WITHDRAWN: return "withdrawn";
    case BL_STATUS_LAPSED: return "lapsed";
    }
    return "open";
}

void bl_tell_indent(const bl_teller *t, unsigned depth)
{
    const unsigned margin = t->is_undated ? 2 : 22;
    for (unsigned i = 0; i < margin + 2 * depth; i++)
        bl_buffer_char(t->out, ' ');
}

/* The one whose id is nearest, the first of equals; NULL where none is near. */
static const bl_proposal *nearest_proposal(const bl_engine *engine, bl_text id)
{
    const bl_proposal *best = NULL;
    size_t least = id.size / 3 + 1;
    for (size_t i = 0; i < engine->proposals.count && least > 0; i++) {
        const bl_proposal *proposal = engine->proposals.items[i];
        const size_t distance = bl_text_distance(id, bl_proposal_id(engine, proposal), least);
        if (distance > least) continue;
        best = proposal;
        least = distance - (distance > 0); /* only a nearer one is better */
    }
    return best;
}

bl_proposal *bl_proposal_find(const bl_engine *engine, bl_text id)
{
    const uint32_t name = bl_names_find(engine->ids, id);
    const uint32_t index = name == BL_NONE ? BL_NONE : bl_map_get(&engine->proposal_of, name);
    return index == BL_NONE ? NULL : engine->proposals.items[index];
}

bylaw_status bl_question_proposal(const bl_engine *engine, const bylaw_question *question,
                                  bylaw_writer out, const bl_proposal **proposal)
{
    const bl_text id = {question->about.bytes, question->about.size};
    *proposal = bl_proposal_find(engine, id);
    if (*proposal) return BYLAW_OK;
    const bl_proposal *near = nearest_proposal(engine, id);
    const bl_text name = near ? bl_proposal_id(engine, near) : BL_TEXT("");
    if (near) out.write(out.context, name.bytes, name.size);
    return BYLAW_ABSENT;
}

bylaw_status bl_answer_deliver(bl_buffer *text, bylaw_writer out)
{
    const bylaw_status status = text->failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK && text->size > 0) out.write(out.context, text->bytes, text->size);
    bl_buffer_free(text);
    return status;
}

bylaw_status bl_question_answer(bl_engine *engine, bl_buffer *text, bylaw_writer out)
{
    const bylaw_status status = bl_answer_deliver(text, out);
    if (status == BYLAW_NOMEM) engine->out_of_memory = true;
    return status;
}

static void tell(const bl_teller *t, const bylaw_question *question)
{
    const bool is_json = question->format == BYLAW_JSON;
    switch (question->depth) {
    case BYLAW_SENTENCE:
        (is_json ? bl_write_sentence : bl_tell_sentence)(t);
        if (!is_json) bl_buffer_char(t->out, '\n');
        break;
    case BYLAW_RULES:
        if (!is_json) bl_tell_head(t);
        (is_json ? bl_write_life : bl_tell_life)(t);
        break;
    case BYLAW_EVERYTHING: (is_json ? bl_write_everything : bl_tell_everything)(t); break;
    }
}

/* A question may run code of the policy: it gets the steps of one event, and scratch. */
static void begin_question(bl_engine *engine)
{
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
}

/* Answers about a proposal that was refused and never came to be. */
static bool answer_refused(const bl_teller *t, const bylaw_question *question)
{
    const bl_text id = {question->about.bytes, question->about.size};
    return !bl_proposal_find(t->engine, id) &&
           bl_tell_refused(t, id, question->format, question->depth);
}

typedef void (*answering)(const bl_teller *, const bylaw_question *);

/* What both questions share: refused proposals, absent ones, memory. */
static bylaw_status answer(bl_engine *engine, const bylaw_question *question, bylaw_writer out,
                           answering tell_it)
{
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    bl_teller t = {.engine = engine, .out = &text, .color = question->color};
    t.is_everything = question->depth == BYLAW_EVERYTHING;
    begin_question(engine);
    if (!answer_refused(&t, question)) {
        const bylaw_status status = bl_question_proposal(engine, question, out, &t.proposal);
        if (status != BYLAW_OK) return status;
        tell_it(&t, question);
    }
    if (engine->out_of_memory) text.failed = true;
    return bl_question_answer(engine, &text, out);
}

bylaw_status bylaw_engine_why(bylaw_engine *engine, const bylaw_question *question,
                              bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    return answer(engine, question, out, tell);
}

/* The state a word asks for; false: none does. No word asks for `accepted`. */
static bool find_state(const bylaw_question *question, const char **word, bl_state_test *state)
{
    const bl_text wanted = question->word.size == 0
                               ? BL_TEXT("accepted")
                               : (bl_text){question->word.bytes, question->word.size};
    for (size_t i = 0; bl_not_word(i, word, state); i++)
        if (bl_text_equal(wanted, bl_text_of(*word))) return true;
    return false;
}

static void tell_not(const bl_teller *t, const bylaw_question *question)
{
    const char *word;
    bl_state_test state;
    if (!find_state(question, &word, &state)) return; /* asked before */
    const bool is_json = question->format == BYLAW_JSON;
    (is_json ? bl_write_not : bl_tell_not)(t, state, word, question->depth);
}

static void offer_words(bylaw_writer out)
{
    const char *word;
    bl_state_test state;
    for (size_t i = 0; bl_not_word(i, &word, &state); i++) {
        if (i > 0) out.write(out.context, ", ", 2);
        out.write(out.context, word, bl_text_of(word).size);
    }
}

bylaw_status bylaw_engine_why_not(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    const char *word;
    bl_state_test state;
    if (find_state(question, &word, &state)) return answer(engine, question, out, tell_not);
    offer_words(out);
    return BYLAW_NO_WORD;
}
