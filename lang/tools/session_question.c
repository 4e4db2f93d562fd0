/*
 * The table of questions. Where one begins as another does the longer one comes first.
 */
#include "session_question.h"

static const session_question questions[] = {
    {"who can", "who can VERB PROPOSAL", QUESTION_WORD_PROPOSAL, "proposal", bylaw_engine_who_can},
    {"pending", "pending [@PERSON]", QUESTION_PERSON, "person", bylaw_engine_pending},
    {"needs", "needs PROPOSAL [OUTCOME]", QUESTION_PROPOSAL_WORD, "proposal", bylaw_engine_needs},
    {"timeline", "timeline PROPOSAL", QUESTION_PROPOSAL, "proposal", bylaw_engine_timeline},
    {"state", "state [KIND|STATE]", QUESTION_NAME, "kind or state", bylaw_engine_proposals},
    {"roles", "roles [ROLE|PLACE|@PERSON]", QUESTION_NAME, "role, place or person",
     bylaw_engine_roles},
    {"why not", "why not PROPOSAL [OUTCOME]", QUESTION_PROPOSAL_WORD, "proposal",
     bylaw_engine_why_not},
    {"why", "why PROPOSAL [in a sentence|in full]", QUESTION_PROPOSAL_DEPTH, "proposal",
     bylaw_engine_why},
};

const session_question *session_question_at(size_t index)
{
    return index < sizeof questions / sizeof questions[0] ? &questions[index] : NULL;
}
