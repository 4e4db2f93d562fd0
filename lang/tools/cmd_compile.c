/*
 * bylaw compile: a policy and all it uses as one file that runs without its text.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"
#include "growing_text.h"
#include "output.h"
#include "policy_file.h"

static exit_status complain(const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot write %s: %s\n", path, why);
    return STATUS_FAILED;
}

/* Whoever loads the file meanwhile reads the old policy or the new one. */
static exit_status write_file(const bylaw_policy *policy, const char *path, bool strip)
{
    growing_text file = {0};
    bylaw_status status = bylaw_policy_write(policy, strip, growing_text_writer(&file));
    if (file.is_cut) status = BYLAW_NOMEM;
    const bylaw_text bytes = growing_text_all(&file);
    const char *complaint;
    if (status != BYLAW_OK)
        complaint = bylaw_status_text(status);
    else if (bytes.size >= FILE_READ_MAX)
        complaint = "it would be larger than `bylaw` reads, 16 MiB; --strip makes it smaller";
    else
        complaint = file_replace(path, bytes, NULL);
    growing_text_free(&file);
    return complaint ? complain(path, complaint) : STATUS_FINE;
}

static exit_status write_out(const bylaw_policy *policy, bool strip)
{
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    const bylaw_status status = bylaw_policy_write(policy, strip, output_writer(&out));
    if (status != BYLAW_OK) fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    return output_finish(&out) && status == BYLAW_OK ? STATUS_FINE : STATUS_FAILED;
}

/* By another name or through a link too: what is compiled would be gone. */
static bool is_same_file(const char *path, const char *other)
{
    struct stat one, two;
    return stat(path, &one) == 0 && stat(other, &two) == 0 && S_ISREG(one.st_mode) &&
           one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

exit_status cmd_compile(const tool_arguments *arguments)
{
    if (arguments->operand_count != 1 || !arguments->output) {
        fputs("bylaw: `bylaw compile` wants one policy, and -o FILE to write it to\n", stderr);
        return STATUS_USAGE;
    }
    if (is_same_file(arguments->operands[0], arguments->output)) {
        fprintf(stderr, "bylaw: %s would be written over the policy itself: say another -o FILE\n",
                arguments->output);
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
