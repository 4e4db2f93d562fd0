/*
 * Why it is not as a scenario expected: the answers that `why`, `why not` and `who can` give to a
 * person, about the proposal that the expectation names.
 */
#include <string.h>

#include "../runtime/explain.h"
#include "emit.h"
#include "scenario_run.h"

static void append(void *context, const char *bytes, size_t size)
{
    bl_buffer_bytes(context, bytes, size);
}

/* What the state is called that `is` asks for; NULL: for none, or for one that is so. */
static const char *missing_state(const bl_node *asking, const bl_proposal *proposal)
{
    const char *word;
    bl_state_test state;
    if (asking->kind != BL_NODE_IS || asking->ref != BL_MEANING_STATE) return NULL;
    const bl_state_test wanted = (bl_state_test)asking->ref2;
    for (size_t i = 0; bl_not_word(i, &word, &state); i++)
        if (state == wanted) return bl_proposal_test(proposal, state) ? NULL : word;
    return NULL;
}

static bylaw_status ask(bl_engine *engine, const bl_proposal *proposal, const bl_node *asking,
                        bylaw_question *question, bylaw_writer out)
{
    const char *state = asking ? missing_state(asking, proposal) : NULL;
    if (state) {
        question->word = (bylaw_text){state, bl_text_of(state).size};
        return bylaw_engine_why_not(engine, question, out);
    }
    if (asking && asking->kind == BL_NODE_CAN) {
        question->word = (bylaw_text){asking->name.bytes, asking->name.size};
        return bylaw_engine_who_can(engine, question, out);
    }
    return bylaw_engine_why(engine, question, out);
}

/* Its first line says how it stands: the report has that already. */
static void drop_first_line(bl_buffer *out)
{
    const char *end = out->size > 0 ? memchr(out->bytes, '\n', out->size) : NULL;
    if (!end) return;
    const size_t size = (size_t)(end - out->bytes) + 1;
    memmove(out->bytes, out->bytes + size, out->size - size);
    out->size -= size;
}

void bl_scenario_why(bl_runner *r, const bl_proposal *proposal, const bl_node *asking,
                     bl_buffer *out)
{
    const bl_text id = bl_proposal_id(r->engine, proposal);
    bylaw_question question = {.about = {id.bytes, id.size}, .color = r->color};
    bl_coverage *counts = r->engine->coverage;
    r->engine->coverage = NULL; /* whoever asks uses nothing */
    const bylaw_status status = ask(r->engine, proposal, asking, &question,
                                    (bylaw_writer){append, out});
    r->engine->coverage = counts;
    if (status == BYLAW_NOMEM) out->failed = true;
    if (question.word.size == 0) drop_first_line(out);
}
