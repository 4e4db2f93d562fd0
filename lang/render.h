/*
 * A policy in plain English: from checked declarations to numbered clauses, and from clauses to a
 * page.
 *
 *   render.c            the order of articles, annexes, who calls whom
 *   render_define.c     the policy's face, actors, scopes, roles, bodies, constants, functions,
 * events render_procedure.c  procedures render_proposal.c   kinds of proposals, ladders, clauses
 * for every proposal render_effect.c     what decisions and events bring about render_condition.c
 * what must hold; render_value.c  values; render_set.c  sets of people render_words.c      numbers,
 * plurals, lists, and filling a sentence of render.def render_write.c      clauses as Markdown,
 * HTML or JSON
 *
 * Words are built in an arena and never changed. Inside of them a few control characters mark what
 * a format writes in its own way: see BL_MARK_. Text of the policy cannot hold them:
 * bl_phrase_source takes controls out.
 */
#ifndef BL_RENDER_H
#define BL_RENDER_H

#include "compile.h"

#define BL_MARK_LINK '\x01' /* LINK number BODY words END: a defined term */
#define BL_MARK_BODY '\x02'
#define BL_MARK_END '\x03'
#define BL_MARK_NUMBER '\x04' /* NUMBER number END: the clause's number */
#define BL_MARK_NAME '\x05' /* NAME words END: a name that holds inside of one clause */

/* One numbered clause; an article or annex is one without text. */
typedef struct bl_clause {
    bl_text number; /* "3", "3.2", "A.1.4" */
    bl_text heading; /* may be empty */
    bl_text text; /* with marks; may be empty */
    bl_span span;
    unsigned level; /* 0: article or annex */
    uint32_t kid_count;
    uint32_t ordinal; /* from 1, in the order of the page */
    struct bl_clause *next;
} bl_clause;

/* A name that means something inside of one clause: a parameter, a loop's name. */
typedef struct bl_known {
    bl_text name;
    bl_text words;
    const struct bl_known *next;
} bl_known;

typedef struct bl_render {
    const bl_compilation *compilation;
    const bl_compiler *compiler;
    bl_arena arena;
    bool failed; /* out of memory */
    bl_clause *first;
    bl_clause *last;
    uint32_t clause_count;
    uint32_t article_count;
    uint32_t annex_count;
    /* by symbol, then by clause for every proposal: where it is defined; NULL: nowhere */
    bl_clause **targets;
    uint32_t target_count;
    /* what names mean at the moment */
    const bl_node *kind; /* PROPOSAL: its fields by bare name; NULL */
    const bl_known *known;
} bl_render;

typedef enum bl_sentence {
#define SENTENCE(name, words) BL_SENTENCE_##name,
#define GENERAL(name, words)
#include "render.def"
#undef GENERAL
#undef SENTENCE
    BL_SENTENCE_COUNT
} bl_sentence;

/* ---- render_words.c: none fails but by `failed`, and then gives empty text ---- */
/* The sentence with $1, $2 … filled. */
bl_text bl_phrase(bl_render *r, bl_sentence sentence, const bl_text *parts);
#define SAY(r, name, ...) bl_phrase((r), BL_SENTENCE_##name, (const bl_text[]){__VA_ARGS__})
#define SAY_PLAIN(r, name) bl_phrase((r), BL_SENTENCE_##name, NULL)
/* A then B. */
bl_text bl_phrase_joined(bl_render *r, bl_text a, bl_text b);
/* With its first letter large and a full stop. */
bl_text bl_phrase_sentence(bl_render *r, bl_text words);
bl_text bl_phrase_capital(bl_render *r, bl_text words);
/* A text of the policy, without controls; between quotes. */
bl_text bl_phrase_source(bl_render *r, bl_text text);
bl_text bl_phrase_quoted(bl_render *r, bl_text text);
/* core_maintainer: "core maintainer", "core maintainers", "a core maintainer". */
bl_text bl_phrase_name(bl_render *r, bl_text name);
bl_text bl_phrase_plural(bl_render *r, bl_text name);
bl_text bl_phrase_article(bl_render *r, bl_text words);
bool bl_name_is_plural(bl_text name);
/* A name that holds here only. */
bl_text bl_phrase_local(bl_render *r, bl_text name);
/* Words that lead to where the symbol is defined. */
bl_text bl_phrase_link(bl_render *r, const bl_symbol *symbol, bl_text words);
/* The number of the clause with that target. */
bl_text bl_phrase_number_of(bl_render *r, uint32_t target);
/* As the policy writes them: "three months", "14 days", "75%", "four". */
bl_text bl_phrase_duration(bl_render *r, const bl_node *node);
bl_text bl_phrase_numeral(bl_render *r, const bl_node *node);
/* The number as the policy writes it. */
bl_text bl_phrase_digits(bl_render *r, const bl_node *node);
/* A count of ours. */
bl_text bl_phrase_count(bl_render *r, uint32_t number);
/* Two numerals divided: "two thirds"; empty where it is none of the usual ones. */
bl_text bl_phrase_fraction(bl_render *r, const bl_node *divide);

/* Words in a row. */
typedef struct bl_words {
    bl_text *items;
    size_t count;
    size_t capacity;
} bl_words;
void bl_words_add(bl_render *r, bl_words *words, bl_text item);
/* "a, b and c", where `last` is " and ". */
bl_text bl_phrase_list(bl_render *r, const bl_words *words, bl_text between, bl_text last);

/* ---- render_set.c: `depth` counts towards BL_AST_DEPTH_MAX in all that follow ---- */
/* Whether the expression is a set of people by its form. */
bool bl_node_is_set(const bl_render *r, const bl_node *node);
/* "the core maintainers", "the president". */
bl_text bl_phrase_set(bl_render *r, const bl_node *node, unsigned depth);
/* "a core maintainer", "the president". */
bl_text bl_phrase_member(bl_render *r, const bl_node *node, unsigned depth);
/* What is counted, without an article: "votes for", "core maintainers"; empty where it has none. */
bl_text bl_phrase_counted(bl_render *r, const bl_node *node, bool is_one, unsigned depth);

/* ---- render_value.c ---- */
bl_text bl_phrase_value(bl_render *r, const bl_node *node, unsigned depth);
/* A number; of a set its size. */
bl_text bl_phrase_amount(bl_render *r, const bl_node *node, unsigned depth);
/* What a loop goes through; a scope's name is all its instances. */
bl_text bl_phrase_range(bl_render *r, const bl_node *node, unsigned depth);
/* What stands in the parentheses of a call. */
bl_text bl_phrase_arguments(bl_render *r, const bl_node *argument, unsigned depth);
/* "a list of texts": the words of a TYPE. */
bl_text bl_phrase_type(bl_render *r, const bl_node *type);
/* What a NAME stands for where it is none of the declared names; NULL. */
const bl_known *bl_known_find(const bl_render *r, bl_text name);
/* The declaration a bare name leads to; NULL where something nearer has the name. */
const bl_symbol *bl_symbol_meant(const bl_render *r, bl_text name);
/* A field of the kind at hand; NULL. */
const bl_node *bl_field_meant(const bl_render *r, bl_text name);
/* "the procedure “majority”", of what stands behind `using`. */
bl_text bl_phrase_procedure(bl_render *r, const bl_node *using, unsigned depth);

/* ---- render_condition.c ---- */
bl_text bl_phrase_condition(bl_render *r, const bl_node *node, unsigned depth);
/* Whether the expression is a condition by its form. */
bool bl_node_is_condition(const bl_node *node);

/* ---- clauses: render.c ---- */
/* A clause below `parent` (NULL: an article). NULL out of memory. */
bl_clause *bl_render_add(bl_render *r, bl_clause *parent, bl_span span, bl_text heading,
                         bl_text text);
/* The clause defines what the declaration names. */
void bl_render_define(bl_render *r, const bl_node *declaration, bl_clause *clause);
/* The number of the target of a clause for every proposal; BL_NONE. */
uint32_t bl_render_target_of(const bl_render *r, const bl_node *clause);
/* "R1, R2": what CITES among the clauses say, as a clause of its own. */
void bl_render_cites(bl_render *r, bl_clause *parent, const bl_node *clauses);

/* ---- what makes clauses of declarations: all below `article` ---- */
void bl_render_policy(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_actor(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_scope(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_role(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_body(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_conflicts(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_let(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_function(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_event(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_later(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_scenario(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_procedure(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_ladder(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_every(bl_render *r, bl_clause *article, const bl_node *node);
/* These two are articles of their own. */
void bl_render_kind(bl_render *r, bl_clause *article, const bl_node *node);
void bl_render_rule(bl_render *r, bl_clause *article, const bl_node *node);
/* "a person and a text": the names and types of FIELDs. */
bl_text bl_phrase_fields(bl_render *r, const bl_node *fields);
/* One effect that has none inside of it. */
bl_text bl_phrase_effect(bl_render *r, const bl_node *node, unsigned depth);
/* The effects, each a clause below `parent`. */
void bl_render_effects(bl_render *r, bl_clause *parent, const bl_node *effects, unsigned depth);

/* ---- render_write.c ---- */
void bl_render_markdown(bl_render *r, bl_buffer *out);
void bl_render_html(bl_render *r, bl_buffer *out);
void bl_render_json(bl_render *r, bl_buffer *out);

#endif
