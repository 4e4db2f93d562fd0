/*
 * What a bylaw_policy is: the two arenas of a compilation and what came of it.
 *
 * For the compile side only. The run side sees a policy through bl_policy_program
 * (runtime/machine.h).
 */
#ifndef BL_POLICY_H
#define BL_POLICY_H

#include "../runtime/bylaw.h"
#include "compile.h"

struct bylaw_policy {
    bl_memory memory; /* the arenas point here: a policy never moves */
    bl_arena compile_arena; /* trees, diagnostics, sources */
    bl_arena program_arena; /* what the machine walks */
    bl_compilation compilation;
};

#endif
