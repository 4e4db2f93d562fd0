/*
 * What the actions of grammar.y are written in, for it alone: where the parser keeps its stacks,
 * how the places of parts make that of the whole, and a word for each way to make a node.
 */
#ifndef BL_GRAMMAR_ACTIONS_H
#define BL_GRAMMAR_ACTIONS_H

#include "../runtime/limits.h"
#include "parse.h"

/* The stacks have a fixed size and live in yyparse's frame: a parse allocates nodes and nothing
 * else. */
#define YYINITDEPTH BL_PARSER_DEPTH_MAX
#define YYMAXDEPTH BL_PARSER_DEPTH_MAX
#define YYMALLOC(size) ((void)(size), NULL)
#define YYFREE(pointer) ((void)(pointer))

/* From the first byte of the first symbol to the last of the last; what is empty stands behind what
 * came before. */
#define YYLLOC_DEFAULT(all, parts, count)                                                          \
    ((all) = (count) ? (bl_span){YYRHSLOC(parts, 1).file, YYRHSLOC(parts, 1).start,                \
                                 YYRHSLOC(parts, count).end}                                       \
                     : (bl_span){YYRHSLOC(parts, 0).file, YYRHSLOC(parts, 0).end,                  \
                                 YYRHSLOC(parts, 0).end})

/* Wraps a constructor's call. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        if (!(call)) YYNOMEM;                                                                      \
    } while (0)
/* A node without a name, and one with; the kids in the order of ast.def. */
#define MAKE(span, kind, flags, ...) MAKE_NAMED(span, kind, flags, BL_NO_WORD, __VA_ARGS__)
#define MAKE_NAMED(span, kind, flags, name, ...)                                                   \
    bl_make(parser, BL_NODE_##kind, (span), (flags), (name),                                       \
            (bl_node *const[BL_NODE_KIDS]){__VA_ARGS__})
/* Something whose syntax is known and that is not available yet. */
#define MAKE_LATER(all, first, what)                                                               \
    MAKE_NAMED(all, LATER, 0, ((bl_word){BL_TEXT(what), (first)}), NULL)
#define MAKE_ACT(all, verb, first, what, target, fields)                                           \
    MAKE_NAMED(all, ACT, 0, ((bl_word){BL_TEXT(verb), (first)}), NULL, (what), (target), (fields))
/* The empty list. */
#define NOTHING ((bl_nodes){NULL, NULL})
#define MAKE_BINARY(span, which, left, right)                                                      \
    MAKE(span, BINARY, BL_OPERATOR_##which, (left), (right))

#endif
