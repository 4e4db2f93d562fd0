/*
 * Compiling policies in unit tests: one compilation at a time, in arenas that the next one reuses.
 *
 * Included behind the headers that cmocka wants. `files` are what `use` and `extends` may name.
 */
#ifndef TEST_COMPILING_H
#define TEST_COMPILING_H

#include <stdlib.h>

#include "compile.h"

typedef struct file {
    const char *path;
    const char *text;
} file;

typedef struct fixture {
    bl_arena arena;
    bl_arena program_arena;
    bl_compilation compilation;
    bl_buffer buffer;
    const file *files;
    size_t file_count;
    bool is_compiled;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    bl_arena_init(&f->program_arena, &bl_memory_default);
    bl_buffer_init(&f->buffer, &bl_memory_default);
    *state = f;
    return 0;
}

static void forget(fixture *f)
{
    bl_compiler *compiler = f->compilation.compiler;
    if (compiler) {
        bl_compiler_free_maps(compiler, &bl_memory_default);
        bl_names_destroy(compiler->program->names);
    }
    f->compilation.compiler = NULL;
    bl_arena_reset(&f->arena);
    bl_arena_reset(&f->program_arena);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    forget(f);
    bl_arena_destroy(&f->arena);
    bl_arena_destroy(&f->program_arena);
    bl_buffer_free(&f->buffer);
    free(f);
    return 0;
}

#endif
