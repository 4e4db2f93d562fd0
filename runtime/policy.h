/*
 * What a bylaw_policy is: a program and the arena it lives in.
 *
 * One that was loaded has nothing else. One that was compiled begins with this, and the compile
 * side keeps more behind it (lang/policy.h) and frees it by `release`.
 */
#ifndef BL_POLICY_H
#define BL_POLICY_H

#include "bylaw.h"
#include "program.h"

struct bylaw_policy {
    bl_memory memory; /* the arenas point here: a policy never moves */
    size_t memory_size; /* the limit that was put into it; 0: none */
    bl_arena program_arena; /* what the machine walks */
    const bl_program *program; /* that runs; NULL: the policy has errors */
    bl_program whole; /* what a file holds and a dump shows: without what scenarios added */
    uint32_t name_count; /* its names */
    struct bl_coverage *coverage; /* counts of scenarios, in program_arena; NULL: nobody counted */
    void (*release)(bylaw_policy *policy); /* of the compile side; NULL: it was loaded */
    size_t size; /* of all of it */
};

/* The program that runs; of a policy without errors. */
const bl_program *bl_policy_program(const bylaw_policy *policy);

#endif
