/*
 * Policies by name: a file, or one of the library; and the files they name by `use` and `extends`.
 */
#ifndef TOOLS_POLICY_FILE_H
#define TOOLS_POLICY_FILE_H

#include "options.h"

/* Far more than the compiler takes, which says so in its own words. */
#define FILE_READ_MAX ((size_t)16 << 20)

/* A file's bytes, to be freed, cut behind FILE_READ_MAX; false after telling on standard error why
 * it cannot be read. */
bool file_read(const char *path, char **bytes, size_t *size);

/*
 * Compiles the policy called `name`. STATUS_FINE: *out is a policy without errors. STATUS_POLICY:
 * *out is a policy with errors, which were not shown yet. Anything else was told on standard error,
 * and *out is NULL.
 */
exit_status policy_compile(const char *name, bylaw_policy **out);
/* The same of a text; what it names is looked for beside a file called `name`. */
exit_status policy_compile_text(const char *name, bylaw_text text, bylaw_policy **out);
/* The same, showing errors on standard error: *out is NULL unless all is fine. */
exit_status policy_open(const tool_arguments *arguments, const char *name, bylaw_policy **out);
/* The same of the one policy that a verb wants. */
exit_status policy_open_only(const tool_arguments *arguments, const char *verb, bylaw_policy **out);

#define POLICY_DEFAULT "std/pytorch"

#endif
