/*
 * Handles: how people are named.
 *
 * A handle's key decides who it is: NFKC case-folded by utf8proc, so that "Ana" and "ana" are one
 * person (a roll that minded case broke a real election twice); the first spelling is kept for
 * show. `handles exact` in a policy turns folding off. Control, bidirectional, ignorable and
 * unassigned characters, white space, an empty handle and one past BL_HANDLE_SIZE_MAX are refused.
 */
#ifndef BL_HANDLE_H
#define BL_HANDLE_H

#include "text.h"

/* Appends the key of `handle` (without a leading `@`) to the buffer. False: `*why` says what is
   wrong, in words (or NULL when out of memory). Plain ASCII takes a fast path. */
bool bl_handle_key(bl_text handle, bool exact, bl_buffer *key, const char **why);

#endif
