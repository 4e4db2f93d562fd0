/*
 * bylaw fmt: policies in their one canonical layout, in place, or from standard input to standard
 * output.
 *
 * A file is never written to: the new text goes into a file beside it, which then takes its name.
 * So there is the old text or the new one at every moment, and nobody reads half of one.
 */
#define _XOPEN_SOURCE 700 /* realpath belongs to the X/Open part of POSIX.1-2008 */
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "output.h"
#include "policy_file.h"
#include "policy_folder.h"

typedef struct fmt_run {
    const tool_arguments *arguments;
    tool_output output;
} fmt_run;

/* ---- text that grows ---- */

typedef struct fmt_text {
    char *bytes;
    size_t size;
    size_t capacity;
    bool has_failed;
} fmt_text;

static void collect(void *context, const char *bytes, size_t size)
{
    fmt_text *to = context;
    if (to->has_failed || size == 0) return;
    if (size > to->capacity - to->size) {
        const size_t capacity = (to->capacity + size) * 2;
        char *grown = realloc(to->bytes, capacity);
        to->has_failed = !grown;
        if (!grown) return;
        to->bytes = grown;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

/* ---- formatting ---- */

static exit_status complain(const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot format %s: %s\n", path, why);
    return STATUS_FAILED;
}

/* STATUS_POLICY: it does not parse; told on standard error. */
static exit_status format_text(const char *name, bylaw_text text, fmt_text *out)
{
    tool_output errors;
    output_init(&errors, STDERR_FILENO);
    const bylaw_status status = bylaw_policy_format((bylaw_text){name, strlen(name)}, text, NULL,
                                                    (bylaw_writer){collect, out},
                                                    output_writer(&errors));
    output_flush(&errors);
    if (status == BYLAW_ERRORS) return STATUS_POLICY;
    if (out->has_failed) return complain(name, bylaw_status_text(BYLAW_NOMEM));
    return status == BYLAW_OK ? STATUS_FINE : complain(name, bylaw_status_text(status));
}

static bool is_same(bylaw_text text, const fmt_text *other)
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

/* False, with errno, unless all of it stands on the disk. Closes the descriptor. */
static bool write_whole(int descriptor, const fmt_text *text)
{
    size_t done = 0;
    while (done < text->size) {
        const ssize_t written = write(descriptor, text->bytes + done, text->size - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        done += (size_t)written;
    }
    const bool is_whole = done == text->size && fsync(descriptor) == 0;
    const int error = errno;
    const bool is_closed = close(descriptor) == 0;
    if (!is_whole) errno = error;
    return is_whole && is_closed;
}

static bool is_unchanged(const char *path, const struct stat *before)
{
    struct stat now;
    return stat(path, &now) == 0 && now.st_ino == before->st_ino &&
           now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

/* The new file, with owner and mode of the old one; the owner stays ours where it must. */
static bool write_beside(char *beside, const struct stat *old, const fmt_text *text)
{
    const int descriptor = mkstemp(beside);
    if (descriptor < 0) {
        beside[0] = '\0';
        return false;
    }
    mode_t mode = old->st_mode & 07777;
    if (fchown(descriptor, old->st_uid, old->st_gid) != 0) mode &= 0777;
    if (fchmod(descriptor, mode) == 0) return write_whole(descriptor, text);
    const int error = errno;
    close(descriptor);
    errno = error;
    return false;
}

/* `path` has no links in it. */
static exit_status replace_file(const char *path, const struct stat *old, const fmt_text *text)
{
    static const char ending[] = ".XXXXXX";
    const size_t size = strlen(path) + sizeof ending;
    char *beside = malloc(size);
    if (!beside) return complain(path, strerror(ENOMEM));
    snprintf(beside, size, "%s%s", path, ending);
    exit_status status = STATUS_FINE;
    if (!write_beside(beside, old, text))
        status = complain(path, strerror(errno));
    else if (!is_unchanged(path, old))
        status = complain(path, "somebody changed it meanwhile");
    else if (rename(beside, path) != 0)
        status = complain(path, strerror(errno));
    if (status != STATUS_FINE && beside[0] != '\0') unlink(beside);
    free(beside);
    return status;
}

/* Who wants to end us waits until no half-written file stands there. */
static exit_status replace_undisturbed(const char *path, const struct stat *old,
                                       const fmt_text *text)
{
    char *real = realpath(path, NULL);
    if (!real || access(real, W_OK) != 0) {
        const int error = errno;
        free(real);
        return complain(path, strerror(error));
    }
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    const exit_status status = replace_file(real, old, text);
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(real);
    return status;
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
    fmt_text formatted = {0};
    exit_status status = format_text(path, text, &formatted);
    if (status == STATUS_FINE && !is_same(text, &formatted))
        status = run->arguments->check ? tell_name(run, path)
                                       : replace_undisturbed(path, &about, &formatted);
    free(formatted.bytes);
    free(bytes);
    return status;
}

/* ---- standard input ---- */

static exit_status read_input(fmt_text *out)
{
    tool_input *input = input_open("-");
    if (!input) return STATUS_FAILED;
    const char *bytes;
    size_t size;
    input_status status;
    while ((status = input_read(input, &bytes, &size)) == INPUT_MORE)
        collect(out, bytes, size);
    input_close(input);
    if (out->has_failed) return complain("standard input", strerror(ENOMEM));
    return status == INPUT_END ? STATUS_FINE : STATUS_FAILED;
}

static exit_status format_input(fmt_run *run)
{
    fmt_text read = {0}, formatted = {0};
    exit_status status = read_input(&read);
    const bylaw_text text = {read.bytes, read.size};
    if (status == STATUS_FINE) status = format_text("standard input", text, &formatted);
    if (status == STATUS_FINE && !run->arguments->check)
        output_write(&run->output, formatted.bytes, formatted.size);
    else if (status == STATUS_FINE && !is_same(text, &formatted))
        status = tell_name(run, "-");
    free(formatted.bytes);
    free(read.bytes);
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
