/*
 * One pass through an engine. Memory does not grow with the input here: a piece is read, fed and
 * forgotten.
 */
#include "replay.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

#define PROGRESS_STEP ((uint64_t)32 << 20) /* bytes between two lines of progress */

typedef struct replay_pass {
    const tool_arguments *arguments;
    bylaw_engine *engine;
    tool_output *output;
    uint64_t shown_at; /* bytes read when progress was last shown */
    bool has_shown;
} replay_pass;

static exit_status complain(const char *name, bylaw_status status)
{
    fprintf(stderr, "bylaw: cannot go on with %s: %s\n", name, bylaw_status_text(status));
    return STATUS_FAILED;
}

/* ---- progress: on a terminal only, and only where the outcomes go elsewhere ---- */

static void show_progress(replay_pass *pass, const tool_input *input)
{
    uint64_t done, total;
    input_progress(input, &done, &total);
    if (pass->arguments->quiet || done < pass->shown_at + PROGRESS_STEP) return;
    pass->shown_at = done;
    if (!isatty(STDERR_FILENO) || isatty(STDOUT_FILENO)) return;
    pass->has_shown = true;
    fprintf(stderr, "\r%s: %" PRIu64 " MiB", input_name(input), done >> 20);
    if (total) fprintf(stderr, " of %" PRIu64, total >> 20);
}

static void clear_progress(replay_pass *pass)
{
    if (pass->has_shown) fputs("\r\033[K", stderr);
    pass->has_shown = false;
    pass->shown_at = 0;
}

/* ---- feeding ---- */

/* Until the end of the file, or until something stops it. */
static exit_status feed_pieces(replay_pass *pass, bylaw_stream stream, tool_input *input)
{
    for (;;) {
        if (input_is_live(input)) output_flush(pass->output);
        if (pass->output->error) return STATUS_FAILED; /* told by output_finish */
        const char *bytes;
        size_t size;
        switch (input_read(input, &bytes, &size)) {
        case INPUT_END: return STATUS_FINE;
        case INPUT_FAILED: return STATUS_FAILED;
        case INPUT_INTERRUPTED: return STATUS_FAILED; /* replay_finish does the rest */
        case INPUT_MORE: break;
        }
        bylaw_status status = bylaw_engine_feed(pass->engine, stream, bytes, size);
        if (status == BYLAW_STOPPED) return STATUS_MALFORMED;
        if (status != BYLAW_OK) return complain(input_name(input), status);
        show_progress(pass, input);
    }
}

static exit_status feed_input(replay_pass *pass, bylaw_stream stream, tool_input *input)
{
    exit_status fed = feed_pieces(pass, stream, input);
    clear_progress(pass);
    if (fed != STATUS_FINE) return fed;
    bylaw_status status = bylaw_engine_end(pass->engine, stream);
    if (status == BYLAW_STOPPED) return STATUS_MALFORMED;
    return status == BYLAW_OK ? STATUS_FINE : complain(input_name(input), status);
}

static void tell_malformed(const replay_pass *pass, const tool_input *input, uint64_t count)
{
    if (count == 0 || pass->arguments->quiet) return;
    output_flush(pass->output);
    fprintf(stderr, "bylaw: %s: %" PRIu64 " malformed line%s\n", input_name(input), count,
            count == 1 ? "" : "s");
}

static exit_status feed_file(replay_pass *pass, bylaw_stream stream, const char *path)
{
    tool_input *input = input_open(path);
    if (!input) return STATUS_FAILED;
    if (input_is_terminal(input) && !pass->arguments->quiet)
        fprintf(stderr, "bylaw: waiting for events, one JSON object a line; ^D ends them\n");
    uint64_t before = bylaw_engine_malformed_count(pass->engine);
    exit_status status = feed_input(pass, stream, input);
    tell_malformed(pass, input, bylaw_engine_malformed_count(pass->engine) - before);
    input_close(input);
    return status;
}

static exit_status feed_files(replay_pass *pass, bylaw_stream stream, const char *const *paths,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        exit_status status = feed_file(pass, stream, paths[i]);
        if (status != STATUS_FINE) return status;
    }
    return STATUS_FINE;
}

exit_status replay(const tool_arguments *arguments, bylaw_engine *engine, const char *const *events,
                   size_t count, tool_output *output)
{
    static const char *const standard_input[] = {"-"};
    replay_pass pass = {.arguments = arguments, .engine = engine, .output = output};
    input_watch_interrupts();
    exit_status status = feed_files(&pass, BYLAW_ROSTER, arguments->rosters,
                                    arguments->roster_count);
    if (status == STATUS_FINE)
        status = feed_files(&pass, BYLAW_EVENTS, count ? events : standard_input,
                            count ? count : 1);
    if (status != STATUS_FINE) return status;
    if (arguments->until) {
        bylaw_status reached = bylaw_engine_until(
            engine, (bylaw_text){arguments->until, strlen(arguments->until)});
        if (reached != BYLAW_OK) return complain("--until", reached);
    }
    return bylaw_engine_malformed_count(engine) > 0 ? STATUS_MALFORMED : STATUS_FINE;
}

/* ---- before and after ---- */

exit_status replay_open(const bylaw_policy *policy, const bylaw_engine_options *options,
                        bylaw_engine **out)
{
    const bylaw_status status = bylaw_engine_create(policy, options, out);
    if (status == BYLAW_OK) return STATUS_FINE;
    fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    return STATUS_FAILED;
}

static void ignore_outcome(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

/* The engine knows what a time is: an engine that has nothing to do is asked. */
exit_status replay_check_until(const tool_arguments *arguments, const bylaw_policy *policy)
{
    if (!arguments->until) return STATUS_FINE;
    bylaw_engine *engine;
    const bylaw_engine_options options = {.outcome = ignore_outcome};
    bylaw_status status = bylaw_engine_create(policy, &options, &engine);
    if (status != BYLAW_OK) return complain("--until", status);
    status = bylaw_engine_until(engine, (bylaw_text){arguments->until, strlen(arguments->until)});
    bylaw_engine_destroy(engine);
    if (status == BYLAW_OK) return STATUS_FINE;
    fprintf(stderr, "bylaw: --%s wants a time such as 2024-03-01T00:00:00Z, not `%s`\n",
            arguments->at ? "at" : "until", arguments->until);
    return STATUS_USAGE;
}

exit_status replay_finish(exit_status status)
{
    if (!input_was_interrupted()) return status;
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
    return STATUS_FAILED;
}
