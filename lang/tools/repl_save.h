/*
 * Taking a session out as a scenario, and help for one word.
 */
#ifndef TOOLS_REPL_SAVE_H
#define TOOLS_REPL_SAVE_H

#include "repl.h"

/* Writes the way to where the branch stands as a policy with one scenario, which is tried first. */
session_status repl_save(repl *r, const char *path);
/* What a word means. */
session_status repl_help(repl *r, bylaw_text rest);

#endif
