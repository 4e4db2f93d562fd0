/*
 * Text that grows: where a writer's bytes are kept when they are wanted all at once. Begin with
 * {0}.
 */
#ifndef TOOLS_GROWING_TEXT_H
#define TOOLS_GROWING_TEXT_H

#include "../../runtime/bylaw.h"

typedef struct growing_text {
    char *bytes; /* NULL while nothing was written */
    size_t size, capacity;
    bool is_cut; /* memory ended: it has the beginning of what was written, and takes no more */
} growing_text;

/* For a bylaw_writer: `context` is the text. */
void growing_text_write(void *context, const char *bytes, size_t size);
bylaw_writer growing_text_writer(growing_text *to);
/* Words that end with NUL. */
void growing_text_add(growing_text *to, const char *words);
/* What was written; it lives until more is. Never NULL. */
bylaw_text growing_text_all(const growing_text *of);
/* What there was is freed, so that it begins anew. */
void growing_text_free(growing_text *of);

#endif
