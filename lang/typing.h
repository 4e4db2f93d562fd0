/*
 * Between the parts of typing: operators (typing.c), names (typing_names.c), and what is said of
 * names that mean nothing (typing_reports.c).
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
    const bl_node *given; /* the value of something that is declared at `given_to`; NULL */
    bl_span given_to;
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
/* Where the field, attribute or function that a node reads is declared with its type; no file:
 * nowhere. */
bl_span bl_typing_declaration_of(const typing *t, const bl_node *node);
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
/* Whether things of the type have attributes or fields. */
bool bl_typing_has_attributes(bl_type type);
/* The word of the language for what people call otherwise; NULL. */
const char *bl_typing_word_meant(const typing *t, bl_text name);
/* Offers the words that mean something here; what every thing of the type has. */
void bl_typing_offer_words(const typing *t, bl_nearest *nearest);
void bl_typing_offer_built_ins(bl_base of, bl_nearest *nearest);

/* ---- typing_reports.c: each reports and returns false ---- */
/* The scope's name where no instance is meant; a role or body of that scope, without `of`. */
bool bl_report_no_instance(typing *t, const bl_node *node, bl_text scope);
bool bl_report_bare_role(typing *t, const bl_node *node, const bl_symbol *symbol, uint32_t scope);
/* A body that brings in too many. */
bool bl_report_expansion(typing *t, const bl_symbol *innermost);
bool bl_report_arguments(typing *t, const bl_node *node, uint32_t expected, uint32_t found);
/* A procedure in a condition, where the word `meant` is. */
bool bl_report_procedure(typing *t, const bl_node *node, const char *meant);
/* A declaration that has no value. */
bool bl_report_no_value(typing *t, const bl_node *node, const bl_symbol *symbol,
                        const bl_type *want);
/* A name that nothing declares; the same before `of`; behind the dot of `of`. */
bool bl_report_unknown_name(typing *t, const bl_node *node, const bl_type *want);
bool bl_report_unknown_of(typing *t, const bl_node *node);
bool bl_report_no_attribute(typing *t, const bl_node *node, const bl_node *of);
/* A role of another scope than `found`; a role or body of no scope. */
bool bl_report_scopes(typing *t, const bl_node *node, uint32_t role_scope, bl_text found);
bool bl_report_not_of(typing *t, const bl_node *node, const bl_symbol *symbol);
/* What is called and is no function. */
bool bl_report_call(typing *t, const bl_node *node, const bl_symbol *symbol);

#endif
