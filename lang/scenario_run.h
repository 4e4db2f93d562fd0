/*
 * Running checked statements against an engine: of a scenario in a world of its own, or of a person
 * in a living one.
 *
 * In a scenario an act must have its way unless its refusal is expected. In a living world what
 * comes of an act is the host's to see, as an outcome; only an expectation can fail.
 */
#ifndef BL_SCENARIO_RUN_H
#define BL_SCENARIO_RUN_H

#include "../runtime/machine.h"
#include "scenario.h"

#define BL_SCENARIO_START (INT64_C(19723) * BL_DAY) /* 2024-01-01T00:00:00Z */

typedef struct bl_runner {
    const bl_program *program; /* that the statements were compiled into */
    const bl_source *sources; /* that their spans point into */
    bl_engine *engine;
    bl_memory memory;
    bool color;
    bl_coverage *coverage; /* that its engines count in; or NULL */
    bool is_live;
    bylaw_engine_options host; /* of a living world: who hears its outcomes */
    bylaw_writer lines; /* each line that is fed; or NULL */
    bl_time clock;
    bool has_moved; /* the clock, before the founding */
    bl_buffer line;
    bl_buffer report;
    /* what came of the event that was fed last */
    bl_text event_type;
    bool is_refused;
    bool is_malformed;
    bl_buffer because; /* of the refusal */
    bl_buffer followed; /* all its outcomes, for people */
    bool has_failed; /* the report says how */
    bylaw_status status; /* of the whole run */
} bl_runner;

void bl_runner_init(bl_runner *runner, const bl_memory *memory);
void bl_runner_free(bl_runner *runner);
/* The engine's callback, with the runner as its context. */
void bl_runner_notice(void *context, const bylaw_outcome *outcome);
/* Runs the statements up to the first that fails. */
void bl_runner_do(bl_runner *runner, const bl_node *statements);

/* ---- scenario_why.c ---- */
/* Appends why the proposal stands as it does, or is not as `asking`, an `is` or `can`, would have
 * it (NULL: nothing asks that). */
void bl_scenario_why(bl_runner *r, const bl_proposal *proposal, const bl_node *asking,
                     bl_buffer *out);

#endif
