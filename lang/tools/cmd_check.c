/*
 * bylaw check: what is wrong with policies; nothing printed when all is well.
 */
#include "commands.h"

#include <stdio.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

/* The graver of two: a file that cannot be read before one that does not compile, before one with
 * warnings. */
static exit_status graver(exit_status a, exit_status b)
{
    return a > b ? a : b;
}

static exit_status check_file(const tool_arguments *arguments, const char *name,
                              tool_output *output)
{
    bylaw_policy *policy;
    exit_status status = policy_compile(name, &policy);
    if (!policy) return status;
    if (status == STATUS_FINE && bylaw_policy_warning_count(policy) > 0) status = STATUS_FINDINGS;
    if (status == STATUS_FINE || !arguments->quiet) { /* where all is fine it has nothing to say */
        bylaw_status written = bylaw_policy_diagnostics(policy, arguments->format,
                                                        wants_color(arguments, STDOUT_FILENO),
                                                        output_writer(output));
        if (written != BYLAW_OK) {
            fprintf(stderr, "bylaw: cannot check %s: %s\n", name, bylaw_status_text(written));
            status = STATUS_FAILED;
        }
    }
    bylaw_policy_destroy(policy);
    return status;
}

exit_status cmd_check(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0) {
        fputs("bylaw: `bylaw check` wants a policy\n", stderr);
        return STATUS_USAGE;
    }
    tool_output output;
    output_init(&output, STDOUT_FILENO);
    exit_status status = STATUS_FINE;
    for (size_t i = 0; i < arguments->operand_count; i++)
        status = graver(status, check_file(arguments, arguments->operands[i], &output));
    return output_finish(&output) ? status : STATUS_FAILED;
}
