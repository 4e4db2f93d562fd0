/*
 * A run kept as a scenario: a policy file that extends the policy of the run, for `bylaw test`.
 */
#ifndef TOOLS_SCENARIO_FILE_H
#define TOOLS_SCENARIO_FILE_H

#include "options.h"

/*
 * Reads the rosters and events of `arguments` again and writes them to the file `save_scenario`.
 * What goes wrong, and what could not be said, is told on standard error.
 */
exit_status scenario_file_write(const tool_arguments *arguments, bylaw_policy *policy,
                                const char *policy_name);
/* Whether that can be done: events must come from files. Told where not. */
exit_status scenario_file_check(const tool_arguments *arguments);

#endif
