/* What the Tab key offers, by what stands before the word. */
#ifndef TOOLS_REPL_COMPLETE_H
#define TOOLS_REPL_COMPLETE_H

#include "session.h"

/* Writes what begins with `word`, the last word of `line`, one a line; a repl_reader_options'
 * `complete`. */
void repl_complete(session *s, bylaw_text line, bylaw_text word, bylaw_writer out);

#endif
