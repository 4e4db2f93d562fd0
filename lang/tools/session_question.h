/*
 * The questions of the conversation, once: how they are typed, and which function of bylaw.h
 * answers them. The front reads what was typed by this table, the engine's side answers by it.
 */
#ifndef TOOLS_SESSION_QUESTION_H
#define TOOLS_SESSION_QUESTION_H

#include "../../runtime/bylaw.h"

/* What stands behind the words of a question. */
typedef enum question_shape {
    QUESTION_PROPOSAL, /* PROPOSAL */
    QUESTION_PROPOSAL_DEPTH, /* PROPOSAL [in a sentence | in full] */
    QUESTION_PROPOSAL_WORD, /* PROPOSAL [OUTCOME] */
    QUESTION_WORD_PROPOSAL, /* VERB PROPOSAL */
    QUESTION_PERSON, /* [@PERSON] */
    QUESTION_NAME /* [NAME] */
} question_shape;

typedef struct session_question {
    const char *words; /* how it begins: "why not" */
    const char *usage;
    question_shape shape;
    const char *sort; /* what there may be none of: "proposal", "person" */
    bylaw_status (*ask)(bylaw_engine *engine, const bylaw_question *question, bylaw_writer out);
} session_question;

/* The question by its number; NULL past the last. */
const session_question *session_question_at(size_t index);

#endif
