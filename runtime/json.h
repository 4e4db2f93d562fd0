/*
 * JSON: the strict reader for event lines, and the writer's escaping.
 *
 * Reads one line into a tree in a scratch arena, in one pass. Stricter than the strictest:
 * duplicate keys, lone surrogates, control characters, invalid UTF-8, NUL (raw or as an escape),
 * numbers that are no exact ratio of 64-bit integers, trailing text, nesting past BL_JSON_DEPTH_MAX
 * are all errors with a place. Text without escapes points into the line; a number is an exact
 * rational, never a float.
 */
#ifndef BL_JSON_H
#define BL_JSON_H

#include "rational.h"

typedef enum bl_json_kind {
    BL_JSON_NULL,
    BL_JSON_BOOLEAN,
    BL_JSON_NUMBER,
    BL_JSON_TEXT,
    BL_JSON_ARRAY,
    BL_JSON_OBJECT
} bl_json_kind;

typedef struct bl_json bl_json;
typedef struct bl_json_member bl_json_member;
struct bl_json {
    bl_json_kind kind;
    uint32_t at; /* byte offset of its first character in the line */
    uint32_t count; /* items of an array, members of an object */
    union {
        bool boolean;
        bl_rational number;
        bl_text text;
        const bl_json *items;
        const bl_json_member *members; /* in the order of the line */
    } as;
};
struct bl_json_member {
    bl_text key;
    bl_json value;
};

typedef struct bl_json_error {
    uint32_t at; /* byte offset */
    uint32_t column; /* from 1, in characters */
    bool out_of_memory;
    char message[160]; /* what was expected and what was found, in words */
} bl_json_error;

/* False: *error says where and why. The tree lives in `scratch` and points into `line`. */
bool bl_json_read(bl_text line, bl_arena *scratch, bl_json *out, bl_json_error *error);
/* The member's value, or NULL. */
const bl_json *bl_json_find(const bl_json *object, bl_text key);
/* "text", "a number", "a list" … for messages. */
const char *bl_json_kind_name(bl_json_kind kind);
/* The column, in characters from 1, of a byte offset of a line. */
uint32_t bl_json_column(bl_text line, uint32_t at);

/* Appends the text in quotes, escaped; what is not UTF-8 becomes U+FFFD. */
void bl_json_write_text(bl_buffer *buffer, bl_text text);
/* An integer as a JSON number, another ratio as the text "2/3". */
void bl_json_write_number(bl_buffer *buffer, bl_rational number);
void bl_json_write(bl_buffer *buffer, const bl_json *value);

#endif
