/*
 * The counters of a coverage: made, and kept while code runs.
 */
#include "coverage.h"

#include <string.h>

/* One more than there are: no table is empty. */
static void *zeroed(bl_arena *arena, uint32_t count, size_t size)
{
    return bl_arena_array(arena, (size_t)count + 1, size);
}

static bool keeps_top(const bl_instruction *instruction)
{
    return instruction->op == OP_AND || instruction->op == OP_OR;
}

static void find_ends(const bl_program *program, bool *ends)
{
    for (uint32_t c = 0; c < program->chunk_count; c++) {
        const bl_chunk *chunk = &program->chunks[c];
        for (uint32_t i = chunk->first; i < chunk->first + chunk->count; i++) {
            const bl_instruction *instruction = &program->code[i];
            if (instruction->op == OP_JUMP_IF_FALSE) ends[i] = true;
            if (keeps_top(instruction)) ends[i] = ends[chunk->first + instruction->b] = true;
        }
    }
}

bl_coverage *bl_coverage_create(bl_arena *arena, const bl_program *program)
{
    bl_coverage *coverage = bl_arena_alloc(arena, sizeof *coverage);
    if (!coverage) return NULL;
    *coverage = (bl_coverage){
        .code_count = program->code_count,
        .ends = zeroed(arena, program->code_count, sizeof *coverage->ends),
        .runs = zeroed(arena, program->code_count, sizeof *coverage->runs),
        .parts = zeroed(arena, program->code_count, sizeof *coverage->parts),
        .chunks = zeroed(arena, program->chunk_count, sizeof *coverage->chunks),
        .conditions = zeroed(arena, program->condition_count, sizeof *coverage->conditions),
        .refusals = zeroed(arena, program->refusal_count, sizeof *coverage->refusals),
        .kinds = zeroed(arena, program->kind_count, sizeof *coverage->kinds),
        .plans = zeroed(arena, program->plan_count, sizeof *coverage->plans),
    };
    if (!coverage->ends || !coverage->runs || !coverage->parts || !coverage->chunks ||
        !coverage->conditions || !coverage->refusals || !coverage->kinds || !coverage->plans)
        return NULL;
    find_ends(program, coverage->ends);
    return coverage;
}

void bl_coverage_clear(bl_coverage *coverage, const bl_program *program)
{
    memset(coverage->runs, 0, coverage->code_count * sizeof *coverage->runs);
    memset(coverage->parts, 0, coverage->code_count * sizeof *coverage->parts);
    memset(coverage->chunks, 0, program->chunk_count * sizeof *coverage->chunks);
    memset(coverage->conditions, 0, program->condition_count * sizeof *coverage->conditions);
    memset(coverage->refusals, 0, program->refusal_count * sizeof *coverage->refusals);
    memset(coverage->kinds, 0, program->kind_count * sizeof *coverage->kinds);
    memset(coverage->plans, 0, program->plan_count * sizeof *coverage->plans);
}

void bl_coverage_step(bl_coverage *coverage, const bl_program *program, uint32_t previous,
                      uint32_t at, const bl_value *top)
{
    if (at >= coverage->code_count) return;
    coverage->runs[at]++;
    if (!coverage->ends[at] || previous == BL_NONE || !top || top->base != BL_BASE_BOOLEAN) return;
    if (keeps_top(&program->code[previous]) && at != previous + 1) return;
    bl_coverage_side(coverage->parts, at, top->as.boolean);
}
