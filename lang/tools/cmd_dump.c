/*
 * bylaw dump: the program a policy compiles to, as text.
 */
#include "commands.h"

#include <stdio.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

exit_status cmd_dump(const tool_arguments *arguments)
{
    bylaw_policy *policy;
    exit_status status = policy_open_only(arguments, "dump", &policy);
    if (status != STATUS_FINE) return status;
    tool_output output;
    output_init(&output, STDOUT_FILENO);
    bylaw_status dumped = bylaw_policy_dump(policy, output_writer(&output));
    bylaw_policy_destroy(policy);
    if (dumped != BYLAW_OK) {
        fprintf(stderr, "bylaw: %s\n", bylaw_status_text(dumped));
        status = STATUS_FAILED;
    }
    return output_finish(&output) ? status : STATUS_FAILED;
}
