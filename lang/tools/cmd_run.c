/*
 * bylaw run: a stream of events in, outcomes out.
 */
#include "commands.h"

#include <stdio.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"
#include "replay.h"
#include "scenario_file.h"

typedef struct printer {
    tool_output output;
    bylaw_format format;
    bool color;
    bylaw_status status; /* of the first outcome that could not be written */
} printer;

static void print_outcome(void *context, const bylaw_outcome *outcome)
{
    printer *to = context;
    bylaw_status status = bylaw_outcome_write(outcome, to->format, to->color, NULL,
                                              output_writer(&to->output));
    if (to->status == BYLAW_OK) to->status = status;
}

/* People read a terminal; what reads a pipe or a file is mostly a program. */
static bylaw_format format_of(const tool_arguments *arguments)
{
    if (arguments->has_format) return arguments->format;
    return isatty(STDOUT_FILENO) ? BYLAW_TEXT : BYLAW_JSON;
}

/* Feeds and prints; everything but flushing and cleaning up. */
static exit_status run(const tool_arguments *arguments, bylaw_engine *engine, printer *to)
{
    exit_status status = replay(arguments, engine, arguments->operands, arguments->operand_count,
                                &to->output);
    bool is_whole = status == STATUS_FINE || status == STATUS_MALFORMED;
    if (is_whole && arguments->state) {
        bylaw_status stated = bylaw_engine_state(engine);
        if (to->status == BYLAW_OK) to->status = stated;
    }
    if (to->status == BYLAW_OK) return status;
    fprintf(stderr, "bylaw: %s\n", bylaw_status_text(to->status));
    return STATUS_FAILED;
}

static exit_status run_policy(const tool_arguments *arguments, const bylaw_policy *policy)
{
    printer to = {.format = format_of(arguments), .color = wants_color(arguments, STDOUT_FILENO)};
    output_init(&to.output, STDOUT_FILENO);
    const bylaw_engine_options options = {.outcome = print_outcome,
                                          .context = &to,
                                          .verbose = arguments->verbose,
                                          .stop_on_malformed = arguments->stop_on_malformed};
    bylaw_engine *engine;
    exit_status status = replay_open(policy, &options, &engine);
    if (status != STATUS_FINE) return status;
    status = run(arguments, engine, &to);
    bylaw_engine_destroy(engine);
    return output_finish(&to.output) ? status : STATUS_FAILED;
}

exit_status cmd_run(const tool_arguments *arguments)
{
    const char *name = arguments->policy ? arguments->policy : POLICY_DEFAULT;
    bylaw_policy *policy;
    if (arguments->save_scenario && scenario_file_check(arguments) != STATUS_FINE)
        return STATUS_USAGE;
    exit_status status = policy_open(arguments, name, &policy);
    if (status != STATUS_FINE) return status;
    status = replay_check_until(arguments, policy);
    if (status == STATUS_FINE) status = run_policy(arguments, policy);
    if (arguments->save_scenario && (status == STATUS_FINE || status == STATUS_MALFORMED)) {
        const exit_status saved = scenario_file_write(arguments, policy, name);
        if (saved != STATUS_FINE) status = saved;
    }
    bylaw_policy_destroy(policy);
    return replay_finish(status);
}
