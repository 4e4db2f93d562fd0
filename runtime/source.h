/*
 * Where in the policy's text a thing stands.
 *
 * A span is bytes in one file. Lines and columns are computed only when something is shown.
 */
#ifndef BL_SOURCE_H
#define BL_SOURCE_H

#include "text.h"

typedef struct bl_span {
    uint32_t file; /* index into the sources; BL_NONE: no place */
    uint32_t start; /* byte offsets, half open */
    uint32_t end;
} bl_span;
#define BL_SPAN_NONE ((bl_span){BL_NONE, 0, 0})

typedef struct bl_source {
    bl_text name; /* as shown: "policy.bylaw", "std/pytorch" */
    bl_text content; /* may be empty where only spans were kept */
    const uint32_t *line_starts;
    uint32_t line_count;
} bl_source;

typedef struct bl_place {
    uint32_t line; /* from 1 */
    uint32_t column; /* from 1, in characters (code points), a tab is one */
} bl_place;

/* Copies name and content into the arena and indexes the lines. False when out of memory. */
bool bl_source_init(bl_source *source, bl_arena *arena, bl_text name, bl_text content);
bl_place bl_source_place(const bl_source *source, uint32_t at);
/* The line's text without its end; `line` from 1. */
bl_text bl_source_line(const bl_source *source, uint32_t line);
/* The text of a span with runs of white space (and comments, from # to the end of the line) folded
   to one blank, written to the buffer; cut with "…" past `most` bytes (never inside a character).
 */
void bl_source_snippet(const bl_source *source, bl_span span, size_t most, bl_buffer *buffer);

#endif
