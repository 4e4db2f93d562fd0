/*
 * The pages on messages, docs/errors/CODE.md, as bytes in the program.
 *
 * Generated into the build directory by lang/tools/embed_pages.sh, in the order of their codes.
 */
#ifndef TOOLS_PAGES_H
#define TOOLS_PAGES_H

#include <stddef.h>

typedef struct tool_page {
    const char *code; /* "B0101" */
    const char *bytes; /* Markdown; the first line is `# CODE: title` */
    size_t size;
} tool_page;

extern const tool_page tool_pages[];
extern const size_t tool_page_count;

#endif
