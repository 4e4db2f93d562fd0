/*
 * Inside of the world: what world.c and holding.c share.
 */
#ifndef BL_WORLD_H
#define BL_WORLD_H

#include "machine.h"

/* Whether the actor is of one of the kinds; who has not said may be any. */
bool bl_actor_suits(const bl_engine *engine, uint32_t actor, uint8_t kinds);
/* Whoever has not said what it is, and does what only one other kind than people does, is of that
 * kind. */
void bl_actor_settle_kind(bl_engine *engine, uint32_t actor, uint8_t kinds);
/* "an organization", "people or agents". */
const char *bl_actor_kind_phrase(const bl_engine *engine, uint32_t actor);
const char *bl_actor_kinds_phrase(uint8_t kinds);
/* How often something was done to an instance; 0 without one. */
uint32_t bl_instance_built_upon(const bl_engine *engine, uint32_t instance);
/* A decision does something to an instance: counted where it is not the one that created it. */
void bl_instance_build_upon(bl_engine *engine, uint32_t instance, uint32_t decision);
/* An outcome of the context's proposal with the clause and the sentence; NULL out of memory. It is
 * about no instance yet. */
bylaw_outcome *bl_world_outcome(bl_engine *engine, bl_outcome_type type, const bl_context *context,
                                bl_span clause, bl_text because);
bylaw_text bl_world_name(bl_engine *engine, uint32_t name);

#endif
