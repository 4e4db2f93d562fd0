/*
 * Walking over JSON of any size: from value to value of a list or an object, without a tree.
 *
 * For files of a hundred megabytes whose values are small. What is stepped over is not looked at
 * but for its brackets, quotes and words; bl_json_read (json.h) reads a value, strictly, where it
 * is needed. The text must be UTF-8.
 */
#ifndef BL_JSON_WALK_H
#define BL_JSON_WALK_H

#include "json.h"

typedef struct bl_json_walk {
    const char *at;
    const char *end;
    bool is_object;
    bool is_begun;
    const char *expected; /* what should have stood at `at`; NULL while nothing is wrong */
} bl_json_walk;

/* Begins with a list or an object; false where the text begins with neither. */
bool bl_json_walk_begin(bl_text text, bl_json_walk *walk);
/*
 * The next value, as its piece of the text, and of an object its key, quotes and all. False at the
 * end, then `at` is behind the closing bracket, and where something is wrong: `expected` tells.
 */
bool bl_json_walk_next(bl_json_walk *walk, bl_text *key, bl_text *value);
/* What of a text is behind blanks; and of a walk, when it is over. */
const char *bl_json_walk_blanks(const char *at, const char *end);

#endif
