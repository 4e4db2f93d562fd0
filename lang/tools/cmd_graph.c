/*
 * bylaw graph: pictures of a policy, of the lives of its proposals and of its roles.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

static exit_status complain(const tool_arguments *arguments, tool_output *output,
                            bylaw_status status)
{
    if (status == BYLAW_NO_WORD)
        fprintf(stderr, "bylaw: `%s` is none of these: %.*s\n", arguments->of, (int)output->size,
                output->bytes);
    else if (status == BYLAW_LIMIT)
        fputs("bylaw: this is too large to be drawn; --of draws a part, --format dot or text tells "
              "all\n",
              stderr);
    else
        fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    output->size = 0;
    return status == BYLAW_NO_WORD ? STATUS_USAGE : STATUS_FAILED;
}

/* People read a terminal; a pipe or a file is for the picture. */
static bylaw_format format_of(const tool_arguments *arguments)
{
    if (arguments->has_format) return arguments->format;
    return isatty(STDOUT_FILENO) ? BYLAW_TEXT : BYLAW_SVG;
}

exit_status cmd_graph(const tool_arguments *arguments)
{
    bylaw_policy *policy;
    exit_status status = policy_open_only(arguments, "graph", &policy);
    if (status != STATUS_FINE) return status;
    tool_output output;
    output_init(&output, STDOUT_FILENO);
    const bylaw_text what = {arguments->of, strlen(arguments->of)};
    const bylaw_status drawn = bylaw_policy_graph(policy, what, format_of(arguments),
                                                  output_writer(&output));
    bylaw_policy_destroy(policy);
    if (drawn != BYLAW_OK) status = complain(arguments, &output, drawn);
    return output_finish(&output) ? status : STATUS_FAILED;
}
