/*
 * The policies in a folder: every *.bylaw file below it.
 */
#ifndef TOOLS_POLICY_FOLDER_H
#define TOOLS_POLICY_FOLDER_H

#include "options.h"

/* Does something with the file at `path`. */
typedef exit_status (*policy_visit)(void *context, const char *path);

/*
 * Visits a file, or of a folder every *.bylaw file below it in the order of names; hidden ones and
 * links to folders are left out. Gives the gravest status: STATUS_FAILED, after telling on standard
 * error, where a folder cannot be read.
 */
exit_status policy_folder_visit(const char *path, policy_visit visit, void *context);

#endif
