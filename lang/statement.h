/*
 * Statements alone: compiled on top of a policy that lives, without leaving a trace in it.
 *
 * The idea to have: the policy's program is copied by value, and what compiling adds to its tables
 * stands behind the policy's own rows, in the copy or in room that the policy does not use. Names
 * go to a table over the policy's. All of it ends with the statements.
 */
#ifndef BL_STATEMENT_H
#define BL_STATEMENT_H

#include "../runtime/machine.h"
#include "policy.h"

typedef struct bl_statements {
    bl_arena arena;
    bl_program program; /* the policy's, and what the statements ask behind it */
    bl_compiler compiler;
    bl_diagnostics diagnostics; /* places in program.sources */
    bl_node *first;
} bl_statements;

/*
 * Parses and checks; `name` is shown in messages. The engine's instances and proposals are known by
 * their ids, where no declaration has that name. BYLAW_ERRORS: see the diagnostics. To be freed in
 * any case; `memory` must outlive it.
 */
bylaw_status bl_statements_compile(bl_statements *statements, const bl_memory *memory,
                                   const bylaw_policy *policy, const bl_engine *engine,
                                   bl_text name, bl_text text);
void bl_statements_free(bl_statements *statements);
/* Runs them in the engine's world: see bylaw_engine_say. */
bylaw_status bl_statements_live(bl_engine *engine, const bl_statements *statements,
                                const bylaw_say_options *options);

#endif
