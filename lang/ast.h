/*
 * The syntax tree: what the policy's text says, before names and types are known.
 *
 * One struct for all nodes. ast.def declares the kinds, in words, with the meaning of their kids,
 * so that constructors, walking, dumping and completeness tests come from one list. Nodes live in
 * the compile arena. Later passes write only into `type`, `ref` and `ref2`.
 */
#ifndef BL_AST_H
#define BL_AST_H

#include "../runtime/calendar.h"
#include "../runtime/rational.h"
#include "../runtime/source.h"
#include "../runtime/program.h"

typedef enum bl_node_kind {
#define NODE(kind, words, a, b, c, d, e) BL_NODE_##kind,
#include "ast.def"
#undef NODE
    BL_NODE_KIND_COUNT
} bl_node_kind;

typedef enum bl_operator {
    BL_OPERATOR_NOT,
    BL_OPERATOR_NEGATE,
    BL_OPERATOR_COUNT,
    BL_OPERATOR_OR,
    BL_OPERATOR_AND,
    BL_OPERATOR_EXCEPT,
    BL_OPERATOR_AMONG,
    BL_OPERATOR_EQUAL,
    BL_OPERATOR_UNEQUAL,
    BL_OPERATOR_LESS,
    BL_OPERATOR_LESS_EQUAL,
    BL_OPERATOR_GREATER,
    BL_OPERATOR_GREATER_EQUAL,
    BL_OPERATOR_ADD,
    BL_OPERATOR_SUBTRACT,
    BL_OPERATOR_MULTIPLY,
    BL_OPERATOR_DIVIDE,
    BL_OPERATOR_OF_NUMBER, /* 2/3 of body */
    BL_OPERATOR_IN,
    BL_OPERATOR_MATCHES, /* text matches glob or list of globs */
    BL_OPERATOR_BEGINS_WITH, /* some beginning of the text matches */
    BL_OPERATOR_CONTAINS /* text contains text */
} bl_operator;

enum {
    BL_FLAG_PERSON = 1 << 0,
    BL_FLAG_ORGANIZATION = 1 << 1,
    BL_FLAG_AGENT = 1 << 2,
    BL_FLAG_ANYONE = 1 << 3,
    BL_FLAG_LIST = 1 << 4,
    BL_FLAG_OPTIONAL = 1 << 5,
    BL_FLAG_EXACTLY = 1 << 6,
    BL_FLAG_AT_LEAST = 1 << 7,
    BL_FLAG_AT_MOST = 1 << 8,
    BL_FLAG_DECIDED = 1 << 9,
    BL_FLAG_THEN = 1 << 10,
    BL_FLAG_TOGETHER = 1 << 11,
    BL_FLAG_ESCALATES = 1 << 12,
    BL_FLAG_AT_ONCE = 1 << 13,
    BL_FLAG_WHEN_FINAL = 1 << 14,
    BL_FLAG_AFTER = 1 << 15,
    BL_FLAG_OTHERWISE = 1 << 16,
    BL_FLAG_WHEN_SETTLED = 1 << 17,
    BL_FLAG_AT_DEADLINE = 1 << 18,
    BL_FLAG_TRUE = 1 << 19,
    BL_FLAG_DATE = 1 << 20,
    BL_FLAG_ANY = 1 << 21,
    BL_FLAG_OTHER = 1 << 22,
    BL_FLAG_EVERY = 1 << 23,
    BL_FLAG_FIRST = 1 << 24,
    BL_FLAG_HIGHEST = 1 << 25,
    BL_FLAG_LOWEST = 1 << 26,
    BL_FLAG_NEGATED = 1 << 27,
    BL_FLAG_EXACT = 1 << 28,
    BL_FLAG_PARENTHESES = 1 << 29, /* an expression that stood in parentheses */
    BL_FLAG_COUNT = 1 << 30,
    BL_FLAG_FROM = 1 << 9 /* of an act: `withdraws from p` */
};

#define BL_NODE_KIDS 5
typedef struct bl_node bl_node;
struct bl_node {
    bl_node_kind kind;
    uint32_t flags; /* BL_FLAG_…; of UNARY and BINARY a bl_operator (plus BL_FLAG_PARENTHESES) */
    bl_span span;
    bl_span name_span; /* where `name` stands; BL_SPAN_NONE without one */
    bl_text name;
    union {
        bl_rational number;
        bl_duration duration;
        bl_time time;
    } as;
    bl_node *kids[BL_NODE_KIDS];
    bl_node *next;
    /* written by resolve and check */
    bl_type type;
    uint32_t ref;
    uint32_t ref2;
};

/* The operator of a UNARY or BINARY node. */
static inline bl_operator bl_node_operator(const bl_node *node)
{
    return (bl_operator)(node->flags & 0xff);
}

/* The place of a kid, by name: `node->kids[BL_STAGE_MODIFIERS]`. */
enum {
#define NODE(kind, words, a, b, c, d, e)                                                           \
    BL_##kind##_##a = 0, BL_##kind##_##b = 1, BL_##kind##_##c = 2, BL_##kind##_##d = 3,            \
    BL_##kind##_##e = 4,
#include "ast.def"
#undef NODE
};

/* A fresh node in the arena; NULL when out of memory. */
bl_node *bl_node_create(bl_arena *arena, bl_node_kind kind, bl_span span);
/* A copy of the node and all below it, without what is behind `next`; of a whole list. NULL out of
 * memory, past BL_AST_DEPTH_MAX, or for NULL. */
bl_node *bl_node_copy(bl_arena *arena, const bl_node *node);
bl_node *bl_node_copy_list(bl_arena *arena, const bl_node *list);
/* A node deeper than BL_AST_DEPTH_MAX below this one, or NULL: compiling reports it first, so that
 * later passes need not fear depth. */
const bl_node *bl_node_too_deep(const bl_node *node);
/* "stage", "proposal kind": the kind in words. */
const char *bl_node_words(bl_node_kind kind);
/* The tree as indented text, for tests and for looking. False past BL_AST_DEPTH_MAX. */
bool bl_node_dump(const bl_node *node, bl_buffer *buffer);

#endif
