/*
 * Between the two halves of typing: operators (typing.c) and names (typing_names.c).
 */
#ifndef BL_TYPING_H
#define BL_TYPING_H

#include "emit.h"

/* A body whose expression is being typed in the place of its name; innermost first. */
typedef struct expansion {
    const bl_symbol *body;
    const struct expansion *outer;
} expansion;

/* What one expression has used up so far. */
typedef struct typing_counts {
    uint32_t slots; /* the most given out */
    uint32_t expansions;
} typing_counts;

typedef struct typing {
    bl_compiler *compiler;
    const bl_env *env;
    unsigned depth;
    const expansion *expansions;
    bl_node *instance; /* typed; what the scope's name means inside a body `of` a scope; NULL: the
                          context's instance */
    typing_counts *counts;
} typing;

/* How to complain about two sides. */
typedef struct complaint_of_pair {
    bl_code code;
    const char *complaint;
} complaint_of_pair;

/* Types one node; reports and returns false on an error. */
bool bl_typing_node(typing *t, bl_node *node, const bl_type *want);
/* The same for a plain type; a set or number may not come from `anyone`. */
bool bl_typing_want(typing *t, bl_node *node, bl_base base);
/* Reports where the node's type cannot stand for `want`. */
bool bl_typing_fit(typing *t, bl_node *node, bl_type want);
/* Whether it was told of another use that what is declared there is not of the type that is wanted;
 * the span is added to that message. */
bool bl_typing_told_again(bl_compiler *compiler, bl_span declared, bl_type want, bl_span span);
/* Reports where the node is `anyone`. */
bool bl_typing_anyone(typing *t, const bl_node *node);
/* Whether proposals have a state that is called so. */
bool bl_state_is_word(bl_text name);
void bl_typing_take_slots(typing *t, bl_env *env, uint32_t count);
/* A message's text out of a buffer, which is freed. */
bl_text bl_words_keep(bl_compiler *compiler, bl_buffer *buffer);

/* ---- typing_names.c ---- */
bool bl_typing_name(typing *t, bl_node *node, const bl_type *want);
bool bl_typing_dot(typing *t, bl_node *node, const bl_type *want);
bool bl_typing_of(typing *t, bl_node *node, const bl_type *want);
bool bl_typing_call(typing *t, bl_node *node, const bl_type *want);
/* Whether a bare name is a local or a field of the proposal. */
bool bl_typing_has_value(const typing *t, bl_text name);

#endif
