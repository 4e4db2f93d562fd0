/*
 * bylaw why: a stream of events in, the reasons of one proposal out.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"
#include "replay.h"

static void ignore_outcome(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

/* Where there is no such proposal, what was written is the nearest one's id, or nothing. */
static exit_status complain_absent(const char *proposal, const tool_output *output)
{
    if (output->size > 0)
        fprintf(stderr, "bylaw: there is no proposal `%s`; did you mean `%.*s`?\n", proposal,
                (int)output->size, output->bytes);
    else
        fprintf(stderr, "bylaw: there is no proposal `%s`\n", proposal);
    return STATUS_FINDINGS;
}

static exit_status explain(const tool_arguments *arguments, bylaw_engine *engine,
                           tool_output *output)
{
    const char *proposal = arguments->operands[0];
    exit_status status = replay(arguments, engine, arguments->operands + 1,
                                arguments->operand_count - 1, output);
    if (status != STATUS_FINE && status != STATUS_MALFORMED) return status;
    bylaw_text name = {proposal, 0};
    while (proposal[name.size] != '\0')
        name.size++;
    bylaw_status known = bylaw_engine_why(engine, name, arguments->format,
                                          wants_color(arguments, STDOUT_FILENO),
                                          output_writer(output));
    if (known == BYLAW_ABSENT) {
        exit_status absent = complain_absent(proposal, output);
        output->size = 0;
        return absent;
    }
    if (known == BYLAW_OK) return status;
    fprintf(stderr, "bylaw: %s\n", bylaw_status_text(known));
    return STATUS_FAILED;
}

static exit_status why_policy(const tool_arguments *arguments, const bylaw_policy *policy)
{
    tool_output output;
    output_init(&output, STDOUT_FILENO);
    const bylaw_engine_options options = {
        .outcome = ignore_outcome,
        .record = true,
        .stop_on_malformed = arguments->stop_on_malformed,
        .at = {arguments->at, arguments->at ? strlen(arguments->at) : 0},
        .at_seq = arguments->at_seq};
    bylaw_engine *engine;
    bylaw_status created = bylaw_engine_create(policy, &options, &engine);
    if (created != BYLAW_OK) {
        fprintf(stderr, "bylaw: %s\n", bylaw_status_text(created));
        return STATUS_FAILED;
    }
    exit_status status = explain(arguments, engine, &output);
    bylaw_engine_destroy(engine);
    return output_finish(&output) ? status : STATUS_FAILED;
}

exit_status cmd_why(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0) {
        fputs("bylaw: `bylaw why` wants the id of a proposal\n", stderr);
        return STATUS_USAGE;
    }
    bylaw_policy *policy;
    exit_status status = policy_open(
        arguments, arguments->policy ? arguments->policy : POLICY_DEFAULT, &policy);
    if (status != STATUS_FINE) return status;
    status = replay_check_until(arguments, policy);
    if (status == STATUS_FINE) status = why_policy(arguments, policy);
    bylaw_policy_destroy(policy);
    return replay_finish(status);
}
