/*
 * Standard output, buffered and honest: a write that fails is remembered and told once, at the end.
 */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include "../../runtime/bylaw.h"

#define OUTPUT_SIZE ((size_t)64 * 1024)

typedef struct tool_output {
    int descriptor;
    int error; /* errno of the first write that failed; what comes after is dropped */
    size_t size;
    char bytes[OUTPUT_SIZE];
} tool_output;

void output_init(tool_output *output, int descriptor);
/* For a bylaw_writer: `context` is the output. */
void output_write(void *context, const char *bytes, size_t size);
void output_text(tool_output *output, const char *text);
void output_flush(tool_output *output);
bylaw_writer output_writer(tool_output *output);
/* Flushes; false after telling on standard error what went wrong, now or before. */
bool output_finish(tool_output *output);

/* A JSON text of the bytes, quotes included; bytes that are no UTF-8 are passed through. */
void output_json_text(tool_output *output, bylaw_text text);

#endif
