/*
 * Where a conversation's lines come from: a terminal, with editing, history and completion, or
 * anything else, read as a script.
 */
#ifndef TOOLS_REPL_READER_H
#define TOOLS_REPL_READER_H

#include "../../runtime/bylaw.h"

typedef struct repl_reader repl_reader;

typedef enum reader_status {
    READER_LINE,
    READER_CANCELLED, /* ^C: what was typed so far is to be forgotten */
    READER_END,
    READER_FAILED /* told on standard error */
} reader_status;

typedef struct reader_options {
    bool is_terminal;
    bool keeps_history; /* of a terminal: over sessions, in a file */
    bool color; /* of the prompt */
    /* Writes what the word at the end of `line` may become, one a line. */
    void (*complete)(void *context, bylaw_text line, bylaw_text word, bylaw_writer out);
    void *context;
} reader_options;

/* NULL out of memory, or where there is no usable terminal: told on standard error. */
repl_reader *repl_reader_open(const reader_options *options);
void repl_reader_close(repl_reader *reader);
/* The next line without its end, or several that were pasted; it lives until the next call. */
reader_status repl_reader_read(repl_reader *reader, const char *prompt, bylaw_text *out);
/* What can be brought back with the arrow keys from now on. */
void repl_reader_remember(repl_reader *reader, const char *entry);

#endif
