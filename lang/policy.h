/*
 * What a policy that was compiled from text has beside its program: trees, diagnostics, sources.
 *
 * For the compile side only; the run side knows the part in front (runtime/policy.h).
 */
#ifndef BL_COMPILED_POLICY_H
#define BL_COMPILED_POLICY_H

#include "../runtime/policy.h"
#include "compile.h"

typedef struct bl_compiled_policy {
    bylaw_policy base; /* first: the one is the other */
    bl_arena compile_arena; /* trees, diagnostics, sources */
    bl_compilation compilation;
} bl_compiled_policy;

/* NULL: the policy was loaded from a file, and its text is not known. */
const bl_compilation *bl_policy_compilation(const bylaw_policy *policy);

#endif
