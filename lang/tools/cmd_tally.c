/*
 * bylaw tally: counts an election from a ballot file, round by round.
 *
 * The library reads and counts; here are the files, what the command line says, and the terminal.
 */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ballot_file.h"
#include "output.h"

#define WIDTH_MOST 100 /* of text, where nobody asks for more */

static bylaw_text to_text(const char *words)
{
    return (bylaw_text){words, words ? strlen(words) : 0};
}

/* ---- help ---- */

static void put_bytes(tool_output *out, bylaw_text text)
{
    output_write(out, text.bytes, text.size);
}

static void put_method(tool_output *out, const bylaw_method *method)
{
    output_text(out, "  ");
    put_bytes(out, method->name);
    for (size_t columns = method->name.size; columns < 15; columns++)
        output_text(out, " ");
    output_text(out, " ");
    put_bytes(out, method->help);
    output_text(out, "\n");
}

bool tally_describe(const tool_arguments *arguments, tool_output *out)
{
    bylaw_method method;
    if (arguments && arguments->operand_count > 0 &&
        bylaw_method_find(to_text(arguments->operands[0]), &method)) {
        const bylaw_status status = bylaw_method_write(method.name, NULL, output_writer(out));
        if (status != BYLAW_OK) fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
        return true;
    }
    return false;
}

void tally_describe_all(tool_output *out)
{
    bylaw_method method;
    output_text(out, "\nMethods, `bylaw tally METHOD --help` tells their options:\n");
    for (size_t i = 0; bylaw_method_at(i, &method); i++)
        put_method(out, &method);
}

/* ---- what is asked for ---- */

static exit_status complain_operands(const char *what)
{
    fprintf(stderr, "bylaw: %s\n", what);
    return STATUS_USAGE;
}

/* One operand is the ballots; of two the first is the method. */
static exit_status read_operands(const tool_arguments *arguments, const char **method,
                                 const char **path)
{
    bylaw_method known;
    *method = NULL;
    if (arguments->operand_count == 0)
        return complain_operands("`bylaw tally` wants the file of the ballots, or - for standard "
                                 "input");
    *path = arguments->operands[arguments->operand_count - 1];
    if (arguments->operand_count > 2)
        return complain_operands("`bylaw tally` wants a method and one file of ballots");
    if (arguments->operand_count == 2) {
        *method = arguments->operands[0];
        return STATUS_FINE;
    }
    if (strcmp(*path, "-") != 0 && access(*path, F_OK) != 0 &&
        bylaw_method_find(to_text(*path), &known)) {
        fprintf(stderr,
                "bylaw: `bylaw tally %s` wants the file of the ballots too, or - for "
                "standard input\n",
                *path);
        return STATUS_USAGE;
    }
    return STATUS_FINE;
}

/* NAME=VALUE as it is written; false after telling. */
static bool split(const char *option, const char *written, bylaw_setting *out)
{
    const char *equals = strchr(written, '=');
    if (!equals || equals == written) {
        fprintf(stderr, "bylaw: --%s wants NAME=VALUE, not `%s`\n", option, written);
        return false;
    }
    out->name = (bylaw_text){written, (size_t)(equals - written)};
    out->value = to_text(equals + 1);
    return true;
}

typedef struct asked {
    bylaw_setting *settings; /* of the count, then of reading */
    size_t setting_count;
    size_t reading_count;
} asked;

static exit_status read_settings(const tool_arguments *arguments, asked *out)
{
    out->settings = calloc(arguments->setting_count + arguments->reading_count + 2,
                           sizeof *out->settings);
    if (!out->settings) {
        fputs("bylaw: out of memory\n", stderr);
        return STATUS_FAILED;
    }
    if (arguments->seats)
        out->settings[out->setting_count++] = (bylaw_setting){to_text("seats"),
                                                              to_text(arguments->seats)};
    for (size_t i = 0; i < arguments->setting_count; i++)
        if (!split("set", arguments->settings[i], &out->settings[out->setting_count++]))
            return STATUS_USAGE;
    bylaw_setting *reading = out->settings + out->setting_count;
    for (size_t i = 0; i < arguments->reading_count; i++)
        if (!split("csv", arguments->reading[i], &reading[out->reading_count++]))
            return STATUS_USAGE;
    return STATUS_FINE;
}

/* As wide as the terminal, and as can be read; a pipe or a file gets as much. */
static uint32_t width_of(const tool_arguments *arguments)
{
    struct winsize window;
    if (arguments->width > 0) return arguments->width;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0) return WIDTH_MOST;
    return window.ws_col < WIDTH_MOST ? window.ws_col : WIDTH_MOST;
}

/* ---- counting ---- */

static exit_status status_of(bylaw_status status, const bylaw_ballots_result *result)
{
    switch (status) {
    case BYLAW_OK: return result->is_decided ? STATUS_FINE : STATUS_FINDINGS;
    case BYLAW_NO_WORD: return STATUS_USAGE;
    case BYLAW_ERRORS: return STATUS_MALFORMED;
    case BYLAW_NOMEM:
    case BYLAW_STOPPED:
    case BYLAW_LIMIT:
    case BYLAW_ABSENT:
    case BYLAW_NO_SOURCE: break;
    }
    fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    return STATUS_FAILED;
}

/* Complaints are one line; what stands in them is shown, not obeyed. */
static void print_complaint(void *context, const char *bytes, size_t size)
{
    (void)context;
    fputs("bylaw: ", stderr);
    for (size_t i = 0; i < size; i++)
        fputc((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7F ? '?' : bytes[i], stderr);
    fputc('\n', stderr);
}

static exit_status count(const tool_arguments *arguments, const char *method, const asked *what,
                         ballot_file *file)
{
    const bylaw_ballots_options options = {
        .name = to_text(ballot_file_name(file)),
        .ballots = ballot_file_bytes(file),
        .ballots_format = to_text(arguments->ballots_format),
        .method = to_text(method),
        .settings = what->settings,
        .setting_count = what->setting_count,
        .reading = what->settings + what->setting_count,
        .reading_count = what->reading_count,
        .seed = to_text(arguments->seed),
        .load = ballot_file_load,
        .load_context = file,
        .format = arguments->format,
        .color = wants_color(arguments, STDOUT_FILENO),
        .width = width_of(arguments),
        .margin_effort = arguments->margin ? BYLAW_MARGIN_EFFORT : 0,
        .progress = ballot_file_progress,
        .progress_context = file,
        .complaint = {print_complaint, NULL},
    };
    tool_output output;
    bylaw_ballots_result result;
    output_init(&output, STDOUT_FILENO);
    const bylaw_status status = bylaw_ballots_count(&options, output_writer(&output), &result);
    ballot_file_quiet(file);
    const exit_status counted = status_of(status, &result);
    return output_finish(&output) ? counted : STATUS_FAILED;
}

exit_status cmd_tally(const tool_arguments *arguments)
{
    const char *method, *path;
    asked what = {.settings = NULL};
    exit_status status = read_operands(arguments, &method, &path);
    if (status == STATUS_FINE) status = read_settings(arguments, &what);
    if (status == STATUS_FINE) {
        ballot_file *file = ballot_file_open(path, arguments->quiet);
        status = file ? count(arguments, method, &what, file) : STATUS_FAILED;
        ballot_file_close(file);
    }
    free(what.settings);
    return status;
}
