/*
 * Files written whole: the new text goes into a file beside the old one, which then takes its name.
 * So there is the old text or the new one at every moment, and nobody reads half of one.
 */
#ifndef TOOLS_FILE_REPLACE_H
#define TOOLS_FILE_REPLACE_H

#include <sys/stat.h>

#include "../../runtime/bylaw.h"

/*
 * Makes `text` what the file at `path` says, with the owner and mode it had where it was there;
 * what a link points to is replaced, the link stays. A device or a pipe is written to. With `old`,
 * what `stat` said when the file was read, a file that somebody changed since is left alone.
 * NULL when all of it stands there, else why not: a text that lives until the next call of
 * strerror.
 */
const char *file_replace(const char *path, bylaw_text text, const struct stat *old);

#endif
