/*
 * What the files of the formatter share; quote.c, which spaces tokens as it does, is the only other
 * to include it.
 *
 *   format_read.c    text to tokens with their comments; the parser's tree tells where clauses
 * begin format_space.c   what stands between two tokens of a line, and where a line may break
 *   format_layout.c  clauses to lines
 *   format_write.c   columns that belong together are aligned; lines to text
 *   format.c         bylaw_policy_format
 *
 * Tokens are never changed, added, dropped or put in another order; only the white space between
 * them is made anew. So the program cannot change.
 */
#ifndef BL_FORMAT_H
#define BL_FORMAT_H

#include "ast.h"

#define BL_FORMAT_WIDTH 140 /* columns of a line, without its trailing comment */
#define BL_FORMAT_STEP 2 /* of indentation */
#define BL_FORMAT_STOPS 3
#define BL_FORMAT_HEAD_MAX 9 /* `requires` and its blank: longer words are not waited for */

typedef struct bl_format_comment {
    bl_text text; /* from # to its last byte that is no white space */
    bool is_trailing; /* stands on the line of the token before it */
    bool has_blank; /* a blank line stands in front of it */
} bl_format_comment;

typedef struct bl_format_token {
    int token; /* of grammar.h; 0 for the end, which has comments too */
    bl_text text;
    uint32_t start; /* in the file */
    uint32_t width; /* in columns: a wide character has two */
    bool has_newline; /* a line ends in front of it */
    bool has_blank; /* a blank line stands right in front of it */
    uint32_t first_comment; /* those in front of it */
    uint32_t comment_count;
    /* what the tree says */
    const bl_node
        *item; /* the clause, declaration, effect or statement that begins here, or NULL */
    bool is_called; /* a name whose arguments follow without a blank */
    bool is_negation; /* a minus sign of one operand */
    bool is_condition; /* what stands behind the colon of `any x in S :` begins here */
    bool is_later; /* of something whose tree is not kept: see BL_NODE_LATER */
    /* what follows from the tokens */
    uint32_t depth; /* brackets around it; a bracket itself stands outside */
    uint32_t match; /* of a bracket the other one */
    uint32_t space; /* blanks in front of it, in a line */
    uint32_t at; /* the column where it would stand if there were no lines */
    uint32_t break_count; /* how many line breaks must stand up to here, this one included */
} bl_format_token;

/* How lines are aligned with each other. */
typedef enum bl_format_class {
    BL_FORMAT_PLAIN,
    BL_FORMAT_HEAD, /* the first word of clauses, in all lines of a block */
    BL_FORMAT_COLUMNS, /* name, type, default, changers: in all lines of a block */
    BL_FORMAT_LET, /* these in lines that follow each other */
    BL_FORMAT_EVENT,
    BL_FORMAT_ON
} bl_format_class;

typedef struct bl_format_stop {
    uint32_t at; /* byte of the line in front of which blanks are put; 0: no such stop */
    uint32_t column; /* the same in columns */
} bl_format_stop;

typedef struct bl_format_line {
    size_t start; /* in bl_format.code */
    size_t size;
    uint32_t indent;
    uint32_t width; /* of the code in columns, indentation and blanks for alignment left out */
    bool has_blank; /* a blank line stands in front of it */
    bool is_comment; /* a comment alone */
    bl_text comment; /* the trailing one */
    bl_format_class class;
    uint32_t block; /* the token that opens the block it stands in */
    bl_format_stop stops[BL_FORMAT_STOPS];
} bl_format_line;

typedef struct bl_format {
    bl_arena *arena;
    const bl_memory *memory;
    bl_text text;
    bl_vector(bl_format_token) tokens; /* the last one is the end */
    bl_vector(bl_format_comment) comments;
    bl_vector(bl_format_line) lines;
    bl_format_line lost; /* where a line goes for which there is no memory */
    bl_buffer code; /* of all lines, without line ends */
    bool is_block_start; /* no blank line comes here */
    bool out_of_memory;
    bool is_too_deep;
} bl_format;

/* ---- format_read.c ---- */
/* Fills tokens and comments alone, from any part of a text that parses. */
void bl_format_read_tokens(bl_format *format);
/* Fills tokens and comments from a text that parses, `tree` being its tree. */
void bl_format_read(bl_format *format, const bl_node *tree);

/* ---- format_space.c ---- */
/* How many blanks stand between a token and the one before it when they share a line. */
uint32_t bl_format_space(const bl_format *format, uint32_t at);
#define BL_FORMAT_KEPT 5 /* up to this rank a person's line break is kept */
#define BL_FORMAT_LAST 100000 /* only where nothing else fits, in brackets or not */
#define BL_FORMAT_NO_BREAK 1000000
/* How badly a line breaks in front of a token, from 0, not counting brackets around it. */
uint32_t bl_format_rank(const bl_format *format, uint32_t at);

/* ---- format_layout.c ---- */
void bl_format_layout(bl_format *format);

/* ---- format_write.c ---- */
void bl_format_write(bl_format *format, bl_buffer *out);

#endif
