/*
 * The verbs, one file each; the table of them is in main.c.
 */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "options.h"
#include "output.h"

exit_status cmd_run(const tool_arguments *arguments);
exit_status cmd_check(const tool_arguments *arguments);
exit_status cmd_test(const tool_arguments *arguments);
exit_status cmd_why(const tool_arguments *arguments);
exit_status cmd_compare(const tool_arguments *arguments);
exit_status cmd_completion(const tool_arguments *arguments);
exit_status cmd_manual(const tool_arguments *arguments);
exit_status cmd_timeline(const tool_arguments *arguments);
exit_status cmd_who(const tool_arguments *arguments);
exit_status cmd_pending(const tool_arguments *arguments);
exit_status cmd_render(const tool_arguments *arguments);
exit_status cmd_repl(const tool_arguments *arguments);
exit_status cmd_graph(const tool_arguments *arguments);
exit_status cmd_fmt(const tool_arguments *arguments);
exit_status cmd_needs(const tool_arguments *arguments);
exit_status cmd_compile(const tool_arguments *arguments);
exit_status cmd_tally(const tool_arguments *arguments);
exit_status cmd_explain(const tool_arguments *arguments);
exit_status cmd_dump(const tool_arguments *arguments);

/* What is to say of the method that the operands name; false where they name none. */
bool tally_describe(const tool_arguments *arguments, tool_output *out);
/* The methods, a line each. */
void tally_describe_all(tool_output *out);

/* The verbs by number, those that are not available yet too; NULL past the last. */
const tool_verb *tool_verb_at(size_t index);

#endif
