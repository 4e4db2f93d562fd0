/*
 * Event files: plain or .gz (told by their first bytes, not by their name), read once, in large
 * pieces.
 */
#ifndef TOOLS_INPUT_H
#define TOOLS_INPUT_H

#include "../../runtime/bylaw.h"
#include "growing_text.h"

#define INPUT_SIZE ((size_t)64 * 1024)

typedef struct tool_input tool_input;

typedef enum input_status {
    INPUT_MORE, /* here is a piece */
    INPUT_END,
    INPUT_FAILED, /* told on standard error */
    INPUT_INTERRUPTED /* by the user, with ^C */
} input_status;

/* "-" is standard input. NULL after telling on standard error why it cannot be read. */
tool_input *input_open(const char *path);
void input_close(tool_input *input);
/* The next piece; it lives until the next call. */
input_status input_read(tool_input *input, const char **bytes, size_t *size);
/* All there is, behind what the text has. INPUT_END, or why it is not all; the text may be cut. */
input_status input_read_all(const char *path, growing_text *to);
/* What to call it in messages. */
const char *input_name(const tool_input *input);
/* Whether somebody may be waiting for an answer to what was read: a terminal or a pipe, no file. */
bool input_is_live(const tool_input *input);
bool input_is_terminal(const tool_input *input);
/* How much was read of how much, in bytes; a total of 0 is unknown. */
void input_progress(const tool_input *input, uint64_t *done, uint64_t *total);

/* From here on ^C ends input_read instead of the program. */
void input_watch_interrupts(void);
bool input_was_interrupted(void);
/* It was heard: from here on the next ^C counts. */
void input_forget_interrupt(void);

#endif
