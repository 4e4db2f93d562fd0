/*
 * bylaw fmt: policies in their one canonical layout, in place, or from standard input to standard
 * output.
 */
#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"
#include "growing_text.h"
#include "input.h"
#include "output.h"
#include "policy_file.h"
#include "policy_folder.h"

typedef struct fmt_run {
    const tool_arguments *arguments;
    tool_output output;
} fmt_run;

/* ---- formatting ---- */

static exit_status complain(const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot format %s: %s\n", path, why);
    return STATUS_FAILED;
}

/* STATUS_POLICY: it does not parse; told on standard error. */
static exit_status format_text(const char *name, bylaw_text text, growing_text *out)
{
    tool_output errors;
    output_init(&errors, STDERR_FILENO);
    const bylaw_status status = bylaw_policy_format((bylaw_text){name, strlen(name)}, text, NULL,
                                                    growing_text_writer(out),
                                                    output_writer(&errors));
    output_flush(&errors);
    if (status == BYLAW_ERRORS) return STATUS_POLICY;
    if (out->is_cut) return complain(name, bylaw_status_text(BYLAW_NOMEM));
    return status == BYLAW_OK ? STATUS_FINE : complain(name, bylaw_status_text(status));
}

static bool is_same(bylaw_text text, const growing_text *other)
{
    return text.size == other->size &&
           (text.size == 0 || memcmp(text.bytes, other->bytes, text.size) == 0);
}

static exit_status tell_name(fmt_run *run, const char *path)
{
    if (run->arguments->quiet) return STATUS_FINDINGS;
    output_text(&run->output, path);
    output_text(&run->output, "\n");
    return STATUS_FINDINGS;
}

/* ---- files ---- */

static exit_status replace_file(const char *path, const struct stat *old, const growing_text *text)
{
    const char *complaint = file_replace(path, growing_text_all(text), old);
    return complaint ? complain(path, complaint) : STATUS_FINE;
}

/* A policy_visit. */
static exit_status format_file(void *context, const char *path)
{
    fmt_run *run = context;
    struct stat about;
    if (stat(path, &about) != 0) return complain(path, strerror(errno));
    if (!S_ISREG(about.st_mode)) return complain(path, "it is no file; `-` is standard input");
    char *bytes;
    size_t size;
    if (!file_read(path, &bytes, &size)) return STATUS_FAILED;
    const bylaw_text text = {bytes, size};
    growing_text formatted = {0};
    exit_status status = format_text(path, text, &formatted);
    if (status == STATUS_FINE && !is_same(text, &formatted))
        status = run->arguments->check ? tell_name(run, path)
                                       : replace_file(path, &about, &formatted);
    growing_text_free(&formatted);
    free(bytes);
    return status;
}

/* ---- standard input ---- */

static exit_status read_input(growing_text *out)
{
    const input_status status = input_read_all("-", out);
    if (out->is_cut) return complain("standard input", strerror(ENOMEM));
    return status == INPUT_END ? STATUS_FINE : STATUS_FAILED;
}

static exit_status format_input(fmt_run *run)
{
    growing_text read = {0}, formatted = {0};
    exit_status status = read_input(&read);
    const bylaw_text text = growing_text_all(&read);
    if (status == STATUS_FINE) status = format_text("standard input", text, &formatted);
    if (status == STATUS_FINE && !run->arguments->check)
        output_write(&run->output, formatted.bytes, formatted.size);
    else if (status == STATUS_FINE && !is_same(text, &formatted))
        status = tell_name(run, "-");
    growing_text_free(&formatted);
    growing_text_free(&read);
    return status;
}

/* ---- the verb ---- */

exit_status cmd_fmt(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0) {
        fputs("bylaw: `bylaw fmt` wants policies, or - for standard input\n", stderr);
        return STATUS_USAGE;
    }
    fmt_run run = {.arguments = arguments};
    output_init(&run.output, STDOUT_FILENO);
    exit_status status = STATUS_FINE;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const char *path = arguments->operands[i];
        const exit_status one = strcmp(path, "-") == 0
                                    ? format_input(&run)
                                    : policy_folder_visit(path, format_file, &run);
        if (one > status) status = one;
    }
    return output_finish(&run.output) ? status : STATUS_FAILED;
}
