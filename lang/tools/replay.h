/*
 * One pass through an engine: rosters, then events, then the deadlines after them.
 */
#ifndef TOOLS_REPLAY_H
#define TOOLS_REPLAY_H

#include "options.h"
#include "output.h"

/*
 * Feeds the files of `arguments` and the `count` event files (none: standard input) to the engine.
 * `output` is where its outcomes go: written out whenever the next event may take its time; when it
 * fails, reading stops. What goes wrong is told on standard error. STATUS_MALFORMED if a line was
 * no event.
 */
exit_status replay(const tool_arguments *arguments, bylaw_engine *engine, const char *const *events,
                   size_t count, tool_output *output);
/* Creates an engine; anything but STATUS_FINE was told on standard error. */
exit_status replay_open(const bylaw_policy *policy, const bylaw_engine_options *options,
                        bylaw_engine **out);
/* Whether --until is a time, told before anything is read. */
exit_status replay_check_until(const tool_arguments *arguments, const bylaw_policy *policy);
/* Ends the program by ^C, as if we had not watched for it, where it came; else gives the status
 * back. */
exit_status replay_finish(exit_status status);

#endif
