/*
 * The compile-side bodies of bylaw.h: policies, their diagnostics, and the library's texts.
 *
 * Nothing is decided here: this turns the host's types into ours and back, and owns the arenas.
 */
#include "policy.h"

#include <assert.h>
#include <string.h>

#include "../runtime/machine.h"
#include "library.h"

/* ---- the library ---- */

bool bylaw_library_find(bylaw_text path, bylaw_text *content)
{
    bylaw_text name, text;
    for (size_t i = 0; bylaw_library_at(i, &name, &text); i++) {
        if (name.size != path.size || memcmp(name.bytes, path.bytes, path.size) != 0) continue;
        *content = text;
        return true;
    }
    return false;
}

bool bylaw_library_at(size_t index, bylaw_text *path, bylaw_text *content)
{
    if (index >= bl_library_file_count) return false;
    const bl_library_file *file = &bl_library_files[index];
    *path = (bylaw_text){file->path, strlen(file->path)};
    *content = (bylaw_text){(const char *)file->bytes, file->size};
    return true;
}

/* ---- compiling ---- */

static bool is_of_library(bl_text path)
{
    return path.size >= 4 && memcmp(path.bytes, "std/", 4) == 0;
}

/* Library names are ours; all others are the host's, unless a library policy names them. */
static bool load_policy(void *context, bl_text path, bl_text from, bl_text *shown, bl_text *content)
{
    const bylaw_compile_options *options = context;
    bylaw_text host_path = {path.bytes, path.size}, host_from = {from.bytes, from.size};
    bylaw_text host_shown = host_path, host_content;
    if (is_of_library(path)) {
        if (!bylaw_library_find(host_path, &host_content)) return false;
    } else {
        if (!options->load || is_of_library(from)) return false;
        if (!options->load(options->load_context, host_path, host_from, &host_shown, &host_content))
            return false;
    }
    *shown = (bl_text){host_shown.bytes, host_shown.size};
    *content = (bl_text){host_content.bytes, host_content.size};
    return true;
}

/* What a compilation holds outside of its arenas, and the arena of the compile side. */
static void release(bylaw_policy *policy)
{
    bl_compiled_policy *compiled = (bl_compiled_policy *)policy;
    const bl_compiler *compiler = compiled->compilation.compiler;
    if (compiler) {
        bl_compiler_free_maps(compiled->compilation.compiler, &policy->memory);
        if (compiler->program) bl_names_destroy(compiler->program->names);
    }
    bl_arena_destroy(&compiled->compile_arena);
}

static bl_compiled_policy *policy_create(const bylaw_allocator *allocator, size_t most)
{
    bl_memory memory = bl_memory_default;
    if (allocator) memory = (bl_memory){allocator->resize, allocator->context};
    if (!bl_memory_limit(&memory, most)) return NULL;
    bl_compiled_policy *policy = bl_memory_alloc(&memory, sizeof *policy);
    if (!policy) {
        bl_memory_unlimit(&memory, most);
        return NULL;
    }
    *policy = (bl_compiled_policy){
        .base = {
            .memory = memory, .memory_size = most, .release = release, .size = sizeof *policy}};
    bl_arena_init(&policy->compile_arena, &policy->base.memory);
    bl_arena_init(&policy->base.program_arena, &policy->base.memory);
    return policy;
}

const bl_compilation *bl_policy_compilation(const bylaw_policy *policy)
{
    assert(policy);
    return policy->release ? &((const bl_compiled_policy *)policy)->compilation : NULL;
}

/* Tables only grow, so the program as it is now stays whole whatever scenarios add behind it. */
static void keep_whole(bl_compiled_policy *policy)
{
    policy->base.whole = *policy->compilation.program;
    policy->base.name_count = bl_names_count(policy->compilation.program->names);
}

bylaw_status bylaw_policy_compile(const bylaw_compile_options *options, bylaw_policy **out)
{
    assert(options && out);
    *out = NULL;
    bl_compiled_policy *policy = policy_create(options->allocator, options->limits.memory_size);
    if (!policy) return BYLAW_NOMEM;
    bl_compilation *compilation = &policy->compilation;
    bylaw_compile_options host = *options;
    bl_text name = {options->name.bytes, options->name.size};
    bl_text text = {options->text.bytes, options->text.size};
    bool is_compiled = bl_compile(&policy->compile_arena, &policy->base.program_arena, name, text,
                                  load_policy, &host, compilation);
    if (is_compiled) {
        keep_whole(policy);
        if (!bl_scenario_compile(compilation)) compilation->diagnostics.out_of_memory = true;
    }
    bool has_errors = compilation->diagnostics.error_count > 0;
    if (compilation->diagnostics.out_of_memory || (!is_compiled && !has_errors)) {
        bylaw_policy_destroy(&policy->base);
        return BYLAW_NOMEM;
    }
    policy->base.program = compilation->program;
    *out = &policy->base;
    return has_errors ? BYLAW_ERRORS : BYLAW_OK;
}

/* ---- what there is to say about one ---- */

uint32_t bylaw_policy_error_count(const bylaw_policy *policy)
{
    const bl_compilation *compilation = bl_policy_compilation(policy);
    return compilation ? compilation->diagnostics.error_count : 0;
}

uint32_t bylaw_policy_warning_count(const bylaw_policy *policy)
{
    const bl_compilation *compilation = bl_policy_compilation(policy);
    return compilation ? compilation->diagnostics.warning_count : 0;
}

/* Hands over what was written, frees the buffer, and tells whether memory sufficed. */
static bylaw_status deliver(bl_buffer *buffer, bylaw_writer out)
{
    bylaw_status status = buffer->failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK && buffer->size > 0) out.write(out.context, buffer->bytes, buffer->size);
    bl_buffer_free(buffer);
    return status;
}

bylaw_status bylaw_policy_diagnostics(const bylaw_policy *policy, bylaw_format format, bool color,
                                      bylaw_writer out)
{
    assert(policy && out.write);
    const bl_compilation *compilation = bl_policy_compilation(policy);
    if (!compilation) return BYLAW_NO_SOURCE;
    bl_buffer buffer;
    bl_buffer_init(&buffer, &policy->memory);
    if (format == BYLAW_JSON)
        bl_diagnostics_write_json(&compilation->diagnostics, compilation->sources,
                                  compilation->source_count, &buffer);
    else
        bl_diagnostics_write(&compilation->diagnostics, compilation->sources,
                             compilation->source_count, (bl_style){color}, &buffer);
    return deliver(&buffer, out);
}
