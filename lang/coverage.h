/*
 * Coverage of a policy by its scenarios: coverage.c finds what there is to reach in the policy's
 * own file and how often it was reached, coverage_write.c tells it, coverage_page.c shows it in the
 * source.
 *
 * The idea to have: a goal is one thing to reach at one place of the text. A clause that stands for
 * many kinds, such as the rung of a ladder, is one place, whoever reached it.
 */
#ifndef BL_LANG_COVERAGE_H
#define BL_LANG_COVERAGE_H

#include "../runtime/coverage.h"
#include "policy.h"

typedef enum bl_goal_what {
    BL_GOAL_RAISED, /* `raised by`: a proposal was */
    BL_GOAL_OPENED, /* a vote */
    BL_GOAL_PASSED,
    BL_GOAL_FAILED,
    BL_GOAL_UNRESOLVED,
    BL_GOAL_USED, /* a veto, a dispute */
    BL_GOAL_UNUSED,
    BL_GOAL_REFUSED, /* `refuses` */
    BL_GOAL_LET_THROUGH,
    BL_GOAL_TRUE, /* a condition or a part of one */
    BL_GOAL_FALSE,
    BL_GOAL_RAN, /* a block `on …` */
    BL_GOAL_HAPPENED, /* an effect */
    BL_GOAL_ASKED /* a `let` or function */
} bl_goal_what;

typedef struct bl_goal {
    bl_span span;
    bl_goal_what what;
    uint32_t count;
} bl_goal;

typedef struct bl_goals {
    const bl_program *program;
    const bl_source *source; /* the policy's own file */
    const bl_memory *memory;
    bl_vector(bl_goal) goals; /* by place, then by `what` */
    uint32_t reached;
    bool has_failed; /* out of memory */
} bl_goals;

/* To be freed with bl_goals_free, failed or not. */
void bl_goals_find(const bylaw_policy *policy, bl_goals *out);
void bl_goals_free(bl_goals *goals);
/* In percent, rounded down: 100 only where nothing is missing. */
uint32_t bl_goals_percent(const bl_goals *goals);
/* How many goals from number `first` on stand at the same place. */
size_t bl_goals_at(const bl_goals *goals, size_t first);
/* "passed", "true" …: what was to reach; "never passed", "never true" …: where it was not. */
const char *bl_goal_word(bl_goal_what what);
const char *bl_goal_missing(bl_goal_what what);
/* Whether that it is missing goes without saying: a vote that never opened did not pass either. */
bool bl_goal_is_implied(const bl_goals *goals, size_t first, size_t at);

void bl_coverage_write_section(const bl_goals *goals, bl_buffer *out);
void bl_coverage_write_style(bl_buffer *out);

#endif
