/*
 * bylaw compare: one history under two policies, read once and fed to two engines side by side.
 */
#include "commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "input.h"
#include "policy_file.h"
#include "replay.h"

typedef struct compare_run {
    const tool_arguments *arguments;
    bylaw_policy *policies[SIDE_COUNT];
    bylaw_engine *engines[SIDE_COUNT];
    comparison comparison;
    compare_writer writer;
    tool_output output;
} compare_run;

static void take_old(void *context, const bylaw_outcome *outcome)
{
    compare_outcome(context, OLD, outcome);
}

static void take_new(void *context, const bylaw_outcome *outcome)
{
    compare_outcome(context, NEW, outcome);
}

/* ---- feeding both ---- */

static exit_status complain(const char *name, bylaw_status status)
{
    fprintf(stderr, "bylaw: cannot go on with %s: %s\n", name, bylaw_status_text(status));
    return STATUS_FAILED;
}

/* Where one engine stopped, the other has stopped at the same line or will be past caring. */
static exit_status both(compare_run *run, const char *name, const bylaw_status statuses[SIDE_COUNT])
{
    compare_piece(&run->comparison);
    if (run->comparison.has_failed) return complain(name, BYLAW_NOMEM);
    for (int side = OLD; side < SIDE_COUNT; side++)
        if (statuses[side] != BYLAW_OK && statuses[side] != BYLAW_STOPPED)
            return complain(name, statuses[side]);
    const bool is_stopped = statuses[OLD] == BYLAW_STOPPED || statuses[NEW] == BYLAW_STOPPED;
    return is_stopped ? STATUS_MALFORMED : STATUS_FINE;
}

static exit_status feed_input(compare_run *run, bylaw_stream stream, tool_input *input)
{
    bylaw_status statuses[SIDE_COUNT];
    for (;;) {
        if (run->output.error) return STATUS_FAILED; /* told by output_finish */
        const char *bytes;
        size_t size;
        const input_status got = input_read(input, &bytes, &size);
        if (got == INPUT_FAILED || got == INPUT_INTERRUPTED) return STATUS_FAILED;
        for (int side = OLD; side < SIDE_COUNT; side++)
            statuses[side] = got == INPUT_END
                                 ? bylaw_engine_end(run->engines[side], stream)
                                 : bylaw_engine_feed(run->engines[side], stream, bytes, size);
        const exit_status status = both(run, input_name(input), statuses);
        if (status != STATUS_FINE || got == INPUT_END) return status;
    }
}

static uint64_t malformed_count(const compare_run *run)
{
    const uint64_t old = bylaw_engine_malformed_count(run->engines[OLD]);
    const uint64_t new = bylaw_engine_malformed_count(run->engines[NEW]);
    return old > new ? old : new;
}

static exit_status feed_file(compare_run *run, bylaw_stream stream, const char *path)
{
    tool_input *input = input_open(path);
    if (!input) return STATUS_FAILED;
    if (input_is_terminal(input) && !run->arguments->quiet)
        fprintf(stderr, "bylaw: waiting for events, one JSON object a line; ^D ends them\n");
    const uint64_t before = malformed_count(run);
    run->writer.file = input_name(input);
    const exit_status status = feed_input(run, stream, input);
    const uint64_t count = malformed_count(run) - before;
    if (count > 0 && !run->arguments->quiet) {
        output_flush(&run->output);
        fprintf(stderr, "bylaw: %s: %" PRIu64 " malformed line%s\n", input_name(input), count,
                count == 1 ? "" : "s");
    }
    input_close(input);
    return status;
}

static exit_status feed_files(compare_run *run, bylaw_stream stream, const char *const *paths,
                              size_t count)
{
    exit_status status = STATUS_FINE;
    for (size_t i = 0; i < count && status == STATUS_FINE; i++)
        status = feed_file(run, stream, paths[i]);
    return status;
}

static exit_status reach_until(compare_run *run)
{
    const char *until = run->arguments->until;
    if (!until) return STATUS_FINE;
    bylaw_status statuses[SIDE_COUNT];
    for (int side = OLD; side < SIDE_COUNT; side++)
        statuses[side] = bylaw_engine_until(run->engines[side], (bylaw_text){until, strlen(until)});
    return both(run, "--until", statuses);
}

static exit_status feed_all(compare_run *run)
{
    static const char *const standard_input[] = {"-"};
    const tool_arguments *arguments = run->arguments;
    const size_t count = arguments->operand_count - 2;
    exit_status status = feed_files(run, BYLAW_ROSTER, arguments->rosters, arguments->roster_count);
    if (status == STATUS_FINE)
        status = feed_files(run, BYLAW_EVENTS, count ? arguments->operands + 2 : standard_input,
                            count ? count : 1);
    return status == STATUS_FINE ? reach_until(run) : status;
}

/* ---- opening and telling ---- */

static exit_status open_engines(compare_run *run)
{
    for (int side = OLD; side < SIDE_COUNT; side++) {
        const bylaw_engine_options options = {
            .outcome = side == OLD ? take_old : take_new,
            .context = &run->comparison,
            .verbose = true, /* the tally of what is still open */
            .stop_on_malformed = run->arguments->stop_on_malformed};
        const exit_status status = replay_open(run->policies[side], &options, &run->engines[side]);
        if (status != STATUS_FINE) return status;
    }
    return STATUS_FINE;
}

static exit_status tell(compare_run *run)
{
    compare_write_begin(&run->writer);
    const exit_status status = feed_all(run);
    const bool is_whole = status == STATUS_FINE || status == STATUS_MALFORMED;
    if (is_whole) compare_write_end(&run->writer);
    if (status == STATUS_FINE && malformed_count(run) > 0) return STATUS_MALFORMED;
    return status == STATUS_FINE && run->writer.difference_count > 0 ? STATUS_FINDINGS : status;
}

static exit_status compare(compare_run *run)
{
    run->comparison.is_verbose = run->arguments->verbose;
    run->writer = (compare_writer){
        .comparison = &run->comparison,
        .arguments = run->arguments,
        .output = &run->output,
        .names = {run->arguments->operands[OLD], run->arguments->operands[NEW]},
        .is_json = run->arguments->format == BYLAW_JSON,
        .color = wants_color(run->arguments, STDOUT_FILENO)};
    output_init(&run->output, STDOUT_FILENO);
    exit_status status = open_engines(run);
    if (status == STATUS_FINE) status = tell(run);
    for (int side = OLD; side < SIDE_COUNT; side++)
        bylaw_engine_destroy(run->engines[side]);
    compare_free(&run->comparison);
    return output_finish(&run->output) ? status : STATUS_FAILED;
}

/* Both are compiled, so that all that is wrong is told at once. */
static exit_status open_policies(compare_run *run)
{
    static const char *const which[] = {"old", "new"};
    exit_status worst = STATUS_FINE;
    for (int side = OLD; side < SIDE_COUNT; side++) {
        const char *name = run->arguments->operands[side];
        const exit_status status = policy_open(run->arguments, name, &run->policies[side]);
        if (status == STATUS_POLICY)
            fprintf(stderr, "bylaw: the %s policy, %s, does not compile\n", which[side], name);
        if (status > worst) worst = status;
    }
    return worst;
}

exit_status cmd_compare(const tool_arguments *arguments)
{
    if (arguments->operand_count < 2) {
        fputs("bylaw: `bylaw compare` wants two policies, the old one and the new one\n", stderr);
        return STATUS_USAGE;
    }
    compare_run run = {.arguments = arguments};
    exit_status status = open_policies(&run);
    if (status == STATUS_FINE) status = replay_check_until(arguments, run.policies[OLD]);
    if (status == STATUS_FINE) status = compare(&run);
    bylaw_policy_destroy(run.policies[OLD]);
    bylaw_policy_destroy(run.policies[NEW]);
    return replay_finish(status);
}
