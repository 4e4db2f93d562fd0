/*
 * Clauses as a compiled policy quotes them: without what white space and comments stood in them.
 */
#ifndef BL_QUOTE_H
#define BL_QUOTE_H

#include "../runtime/arena.h"
#include "../runtime/text.h"

/*
 * Writes the tokens of a text behind each other, spaced as `bylaw fmt` spaces them in one line. The
 * text is part of one that parses, and begins and ends with a token. False: out of memory, which is
 * the arena's or the buffer's.
 */
bool bl_quote(bl_arena *arena, bl_text text, bl_buffer *out);

#endif
