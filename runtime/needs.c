/*
 * The question "what does it need?": reads it, has the answer searched for, hands it over.
 */
#include "needs.h"

#include <assert.h>

static const char *const words[BL_WANTED_COUNT] = {
    [BL_WANTED_ACCEPTED] = "accepted",   [BL_WANTED_REJECTED] = "rejected",
    [BL_WANTED_VETOED] = "vetoed",       [BL_WANTED_OVERRIDDEN] = "overridden",
    [BL_WANTED_ESCALATED] = "escalated", [BL_WANTED_DISPUTED] = "disputed",
    [BL_WANTED_WITHDRAWN] = "withdrawn", [BL_WANTED_LAPSED] = "lapsed",
    [BL_WANTED_EFFECTIVE] = "effective", [BL_WANTED_FINAL] = "final"};

const char *bl_wanted_word(bl_wanted wanted)
{
    return words[wanted];
}

bool bl_wanted_is_so(const bl_proposal *proposal, bl_wanted wanted)
{
    switch (wanted) {
    case BL_WANTED_ACCEPTED: return proposal->status == BL_STATUS_ACCEPTED;
    case BL_WANTED_REJECTED: return proposal->status == BL_STATUS_REJECTED;
    case BL_WANTED_VETOED: return proposal->status == BL_STATUS_VETOED;
    case BL_WANTED_OVERRIDDEN: return proposal->is_veto_proof;
    case BL_WANTED_ESCALATED: return proposal->is_escalated;
    case BL_WANTED_DISPUTED: return proposal->is_disputed;
    case BL_WANTED_WITHDRAWN: return proposal->status == BL_STATUS_WITHDRAWN;
    case BL_WANTED_LAPSED: return proposal->status == BL_STATUS_LAPSED;
    case BL_WANTED_EFFECTIVE: return proposal->is_effective;
    case BL_WANTED_FINAL: return proposal->is_final;
    case BL_WANTED_COUNT: break;
    }
    return false;
}

/* BL_WANTED_COUNT: no such word. */
static bl_wanted wanted_of(bl_text word)
{
    if (word.size == 0) return BL_WANTED_ACCEPTED;
    int found = 0;
    while (found < BL_WANTED_COUNT && !bl_text_equal(word, bl_text_of(words[found])))
        found++;
    return (bl_wanted)found;
}

/* Searches, and has `tell` tell it; the engine is then as it was. While a trial lasts the engine's
 * memory is another, so that the text is built apart from `out`. */
static bl_result answer(bl_engine *engine, const bl_proposal *proposal, bl_wanted wanted,
                        void (*tell)(bl_search *search, bl_buffer *out), bl_buffer *out)
{
    bl_search search = {.wanted = wanted, .trial = {.watched = bl_text_of(words[wanted])}};
    if (!bl_trial_begin(&search.trial, engine, proposal)) return BL_NOMEM;
    bl_result result = bl_search_run(&search);
    bl_memory memory = search.trial.memory;
    bl_buffer text;
    bl_buffer_init(&text, &memory);
    if (result == BL_OK) tell(&search, &text);
    if (engine->out_of_memory || text.failed) result = BL_NOMEM;
    bl_trial_end(&search.trial);
    bl_buffer_bytes(out, text.bytes, text.size);
    bl_buffer_free(&text);
    return result == BL_NOMEM || out->failed ? BL_NOMEM : BL_OK;
}

bl_result bl_needs_brief(bl_engine *engine, const bl_proposal *proposal, bl_text outcome,
                         bl_buffer *out)
{
    const bl_wanted wanted = wanted_of(outcome);
    if (wanted == BL_WANTED_COUNT) return BL_OK;
    return answer(engine, proposal, wanted, bl_needs_write_brief, out);
}

static bylaw_status tell_words(bylaw_writer out)
{
    for (int i = 0; i < BL_WANTED_COUNT; i++) {
        if (i > 0) out.write(out.context, ", ", 2);
        const bl_text word = bl_text_of(words[i]);
        out.write(out.context, word.bytes, word.size);
    }
    return BYLAW_NO_WORD;
}

bylaw_status bylaw_engine_needs(bylaw_engine *engine, const bylaw_question *question,
                                bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    const bl_proposal *proposal;
    const bylaw_status status = bl_question_proposal(engine, question, out, &proposal);
    if (status != BYLAW_OK) return status;
    const bl_wanted wanted = wanted_of((bl_text){question->word.bytes, question->word.size});
    if (wanted == BL_WANTED_COUNT) return tell_words(out);
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const bl_result result = answer(
        engine, proposal, wanted,
        question->format == BYLAW_JSON ? bl_needs_write_json : bl_needs_write_text, &text);
    if (result == BL_NOMEM) text.failed = true;
    return bl_question_answer(engine, &text, out);
}
