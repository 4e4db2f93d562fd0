/*
 * What the passes over declarations share among themselves: module.c, resolve.c, declare.c,
 * check_*.c and compile.c. Expressions are not their business: those go through the functions of
 * compile.h.
 *
 * A function that returns bool returns false only when memory ends; what is wrong with the policy
 * is in the diagnostics, and the passes go on to find more.
 */
#ifndef BL_CHECK_H
#define BL_CHECK_H

#include "compile.h"

/* What a pass must remember beside the program's rows. */
typedef struct bl_check {
    bl_compiler *compiler;
    bl_node *
        *clauses; /* by proposal kind: its own clauses, then those for every proposal that apply */
    uint32_t *weight_chunks; /* by procedure; BL_NONE */
    uint32_t *weight_attributes; /* by procedure; BL_NONE */
    uint32_t trial_count; /* of check_unused.c */
} bl_check;

#define BL_SYMBOL_BIT(kind) (1u << (kind))
#define BL_NAME_ARGUMENT(text) (int)(text).size, (text).bytes /* for %.*s */

/* A buffer's text in the compile arena; the buffer is freed. */
bl_text bl_check_words(bl_compiler *compiler, bl_buffer *buffer);
/* A copy that the program owns. False when out of memory. */
bool bl_program_text(bl_compiler *compiler, bl_text text, bl_text *out);
/* The text of an optional title (a TEXT node or NULL). */
bool bl_program_title(bl_compiler *compiler, const bl_node *title, bl_text *out);
/* Sets compiler->out_of_memory and returns false. */
bool bl_check_nomem(bl_compiler *compiler);
/* False only where memory ended, whatever an emitter found. */
bool bl_check_memory(const bl_compiler *compiler);
/* Where a declaration's name stands, or the whole of it. */
bl_span bl_name_span(const bl_node *node);
/* The words of a name that shows in a diagnostic. */
bl_text bl_symbol_text(const bl_compiler *compiler, const bl_symbol *symbol);
/* The symbol of a NAME node among the given kinds; reported and NULL where there is none. */
bl_symbol *bl_symbol_of_node(bl_compiler *compiler, const bl_node *name, unsigned kinds,
                             const char *what);
/* The row of a scope named by an optional NAME node; BL_NONE without one, or after reporting. */
uint32_t bl_scope_of_node(bl_compiler *compiler, const bl_node *name);

/* ---- module.c: fills compiler->declarations and the program's sources ---- */
/* *scenarios are those of the main file. */
bool bl_modules_load(bl_compiler *compiler, bl_compilation *compilation, bl_text name, bl_text text,
                     bl_load load, void *load_context, bl_node **scenarios);
/* Whether one would stand in place of the other in a policy that extends the other's. */
bool bl_has_same_head(const bl_node *a, const bl_node *b);

/* ---- resolve.c: a symbol and an empty row for every declaration ---- */
bool bl_symbols_declare(bl_compiler *compiler);
/* Whether the node declares a name, and what sort of thing that is. */
bool bl_symbol_kind_of(const bl_node *node, bl_symbol_kind *out);

/* ---- declare.c: scopes, attributes, fields, parameters; clauses of each kind; inclusion of roles
 * ---- */
bool bl_declare_signatures(bl_check *check);
bool bl_declare_every_clauses(bl_check *check);
/* Whether a clause for every proposal gives way to the kind's own ones. */
bool bl_clause_is_same_sort(const bl_node *a, const bl_node *b);
/* Whether an EVERY_PROPOSAL speaks of this kind. */
bool bl_every_applies(const bl_compiler *compiler, const bl_node *every, const bl_symbol *kind);
/* Whether no kind gets this clause of an EVERY_PROPOSAL. */
bool bl_every_clause_is_idle(const bl_compiler *compiler, const bl_node *every,
                             const bl_node *clause);
/* The fields that a kind with these clauses has. */
bool bl_declare_clause_fields(bl_compiler *compiler, const bl_node *clauses, bl_range *out);
/* Of a row that is empty but for its name and place: there is nothing of what could be. */
void bl_kind_clear(bl_kind *row);

/* ---- check_function.c: constants and functions in the order of their dependence ---- */
bool bl_check_functions(bl_check *check);
/* ---- check_attribute.c: defaults, and who may change what ---- */
bool bl_check_attributes(bl_check *check);
/* `granted by`, `revoked by`, `changed by`: REFS -> changers. */
bool bl_check_changers(bl_check *check, const bl_env *env, bl_node *refs, bl_range *out);
/* ---- check_role.c ---- */
bool bl_check_roles(bl_check *check);
/* ---- check_procedure.c ---- */
bool bl_check_procedures(bl_check *check);
/* ---- check_count.c: how an election is counted ---- */
typedef struct bl_count_clauses {
    bl_node *ballot, *counts, *seats, *ties; /* each NULL where it is not written */
} bl_count_clauses;
/* Takes the clauses into the row: form, method, options as text and as settings, casting body. */
bool bl_check_count(bl_compiler *compiler, const bl_env *env, const bl_count_clauses *clauses,
                    bl_procedure *row);
/* "rankings", "choices": what ballots of this form are. */
const char *bl_form_words(bl_ballot_form form);
/* ---- check_candidates.c: who or what stands, and what is asked of winners ---- */
/* One of CANDIDATES, OPTIONS and CAP. */
bool bl_check_candidates(bl_compiler *compiler, const bl_env *env, const bl_node *clause,
                         bl_kind *row);
/* What can be asked once all clauses are taken. */
void bl_check_majorities(bl_compiler *compiler, const bl_node *clauses,
                         const bl_procedure *procedure, bl_span plan);
/* ---- check_stage.c: one body, one procedure, one window ---- */
/* Fills the row; `node` is a STAGE, VETO or DISPUTE. */
bool bl_check_plan(bl_check *check, const bl_env *env, bl_node *node, bl_stage_plan *plan);
/* ---- check_steps.c: stages of a life in order -> steps, alternatives, plans ---- */
bool bl_check_plans(bl_check *check, const bl_env *env, bl_node *const *nodes, uint32_t count,
                    bl_range *plans);
bool bl_check_steps(bl_check *check, const bl_env *env, bl_node *const *stages, uint32_t count,
                    bl_range *steps);
/* ---- check_kind.c ---- */
bool bl_check_kinds(bl_check *check);
/* Clauses that no kind has, each by itself. The rows that come of it are the caller's to forget. */
bool bl_check_clauses_alone(bl_check *check, const bl_env *env, bl_node *clauses);
/* ---- check_rule.c: rules of events, who declares conflicts, circles of effects ---- */
bool bl_check_rules(bl_check *check);
bool bl_check_effect_circles(bl_check *check);
/* Marks what the effects of all kinds and rules set. */
bool bl_check_mark_changes(bl_check *check);

/* ---- check_unused.c: bodies, ladders and clauses for every proposal that nothing brought in;
 * after everything else ---- */
bool bl_check_unused(bl_check *check);

/* Reports a clause that may stand only once in its block. */
void bl_check_single(bl_compiler *compiler, const bl_node *first, const bl_node *again);
/* Parameters as locals, in their slots. */
bool bl_check_parameters(bl_compiler *compiler, bl_range parameters, bl_local **out);
/* Reports a LATER node: an error, or a warning for what decides nothing. */
void bl_check_later(bl_compiler *compiler, const bl_node *later);
/* CITES clauses joined to one text. */
bool bl_check_cites(bl_compiler *compiler, const bl_node *clauses, bl_text *out);

/* ---- lint.c ---- */
bool bl_lint(bl_check *check);
/* The value of a number as it is written: `3`, `66%`, `2/3`, `-1`. */
bool bl_lint_number(const bl_node *node, bl_rational *out);
/* ---- lint_always.c: one of lints.def ---- */
bool bl_lint_always(bl_check *check);

#endif
