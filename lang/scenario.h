/*
 * Scenarios, in three parts: scenario_check.c compiles what they ask, scenario_event.c writes what
 * they say as event lines, scenario.c runs them.
 *
 * The idea to have: a statement becomes exactly the lines that an event file would have, so that
 * both mean the same. After checking, an EXPECT's `ref` is its chunk; STATEMENT_AFTER and
 * STATEMENT_AT have theirs in `ref`. What is told of an EXPECT that does not hold are more EXPECTs,
 * its TOLD: each part that `and`, `or` and `not` join, with `ref2` whether it should hold, and
 * `ref` BL_NONE where it is the whole; their TOLD are values, each with its chunk.
 */
#ifndef BL_SCENARIO_H
#define BL_SCENARIO_H

#include "compile.h"

/*
 * The nodes that a statement makes one event for each of: ids, handles, actors, in their order.
 * NULL for a statement that makes one event and has no list.
 */
const bl_node *bl_scenario_items(const bl_node *statement);
/* The type of the statement's events. */
bl_text bl_scenario_event_type(const bl_node *statement);
/* Appends the event of a checked statement for one of its items as a line with its end. */
void bl_scenario_line(const bl_node *statement, const bl_node *item, bl_time time, bl_buffer *line);
/* Appends the line that only moves the clock. */
void bl_scenario_tick(bl_time time, bl_buffer *line);
/* Whether the expression can be written in an event: literals, lists, handles, names. */
bool bl_scenario_is_writable(const bl_node *value);

#endif
