/*
 * bylaw render: the whole policy in plain English, as numbered clauses.
 */
#include "commands.h"

#include <stdio.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

exit_status cmd_render(const tool_arguments *arguments)
{
    bylaw_policy *policy;
    exit_status status = policy_open_only(arguments, "render", &policy);
    if (status != STATUS_FINE) return status;
    tool_output output;
    output_init(&output, STDOUT_FILENO);
    const bylaw_format format = arguments->has_format ? arguments->format : BYLAW_MARKDOWN;
    const bylaw_status rendered = bylaw_policy_render(policy, format, output_writer(&output));
    bylaw_policy_destroy(policy);
    if (rendered != BYLAW_OK) {
        fprintf(stderr, "bylaw: cannot render %s: %s\n", arguments->operands[0],
                bylaw_status_text(rendered));
        status = STATUS_FAILED;
    }
    return output_finish(&output) ? status : STATUS_FAILED;
}
