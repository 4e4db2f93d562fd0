/*
 * bylaw compile: a policy and all it uses as one file that runs without its text.
 */
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

static exit_status complain(const char *path, int error)
{
    fprintf(stderr, "bylaw: cannot write %s: %s\n", path, strerror(error));
    return STATUS_FAILED;
}

/* What was half written is of no use to anybody; but a device is not ours to take away. */
static void discard(const char *path)
{
    struct stat file;
    if (stat(path, &file) == 0 && S_ISREG(file.st_mode)) unlink(path);
}

static exit_status write_file(const bylaw_policy *policy, const char *path, bool strip)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (descriptor < 0) return complain(path, errno);
    tool_output file;
    output_init(&file, descriptor);
    const bylaw_status status = bylaw_policy_write(policy, strip, output_writer(&file));
    output_flush(&file);
    if (close(descriptor) != 0 && !file.error) file.error = errno;
    if (status == BYLAW_OK && !file.error) return STATUS_FINE;
    discard(path);
    if (file.error) return complain(path, file.error);
    fprintf(stderr, "bylaw: cannot write %s: %s\n", path, bylaw_status_text(status));
    return STATUS_FAILED;
}

static exit_status write_out(const bylaw_policy *policy, bool strip)
{
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    const bylaw_status status = bylaw_policy_write(policy, strip, output_writer(&out));
    if (status != BYLAW_OK) fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    return output_finish(&out) && status == BYLAW_OK ? STATUS_FINE : STATUS_FAILED;
}

exit_status cmd_compile(const tool_arguments *arguments)
{
    if (arguments->operand_count != 1 || !arguments->output) {
        fputs("bylaw: `bylaw compile` wants one policy, and -o FILE to write it to\n", stderr);
        return STATUS_USAGE;
    }
    bylaw_policy *policy;
    exit_status status = policy_open(arguments, arguments->operands[0], &policy);
    if (status != STATUS_FINE) return status;
    status = strcmp(arguments->output, "-") == 0
                 ? write_out(policy, arguments->strip)
                 : write_file(policy, arguments->output, arguments->strip);
    bylaw_policy_destroy(policy);
    return status;
}
