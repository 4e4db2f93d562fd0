/*
 * Policies as hosts hold them: loading, writing, dumping, destroying. Compiling is lang/api.c.
 */
#include "policy.h"

#include <assert.h>
#include <string.h>

#include "bytecode.h"

const bl_program *bl_policy_program(const bylaw_policy *policy)
{
    assert(policy);
    return policy->program;
}

static bylaw_policy *policy_create(const bylaw_allocator *allocator, size_t most)
{
    bl_memory memory = bl_memory_default;
    if (allocator) memory = (bl_memory){allocator->resize, allocator->context};
    if (!bl_memory_limit(&memory, most)) return NULL;
    bylaw_policy *policy = bl_memory_alloc(&memory, sizeof *policy);
    if (!policy) {
        bl_memory_unlimit(&memory, most);
        return NULL;
    }
    *policy = (bylaw_policy){.memory = memory, .memory_size = most, .size = sizeof *policy};
    bl_arena_init(&policy->program_arena, &policy->memory);
    return policy;
}

bool bylaw_policy_is_compiled(const char *bytes, size_t size)
{
    return bl_bytecode_begins((bl_text){bytes, size});
}

bylaw_status bylaw_policy_load(const bylaw_load_options *options, bylaw_policy **out)
{
    assert(options && out && (options->bytes || options->size == 0));
    *out = NULL;
    bylaw_policy *policy = policy_create(options->allocator, options->limits.memory_size);
    if (!policy) return BYLAW_NOMEM;
    bl_load_error error = {""};
    const bl_load_result result = bl_bytecode_read((bl_text){options->bytes, options->size},
                                                   &policy->program_arena, &policy->whole, &error);
    if (result == BL_LOAD_OK) {
        policy->program = &policy->whole;
        policy->name_count = bl_names_count(policy->whole.names);
        *out = policy;
        return BYLAW_OK;
    }
    bylaw_policy_destroy(policy);
    if (result == BL_LOAD_NOMEM) return BYLAW_NOMEM;
    const bylaw_writer complaint = options->complaint;
    if (complaint.write) complaint.write(complaint.context, error.message, strlen(error.message));
    return BYLAW_ERRORS;
}

void bylaw_policy_destroy(bylaw_policy *policy)
{
    if (!policy) return;
    bl_memory memory = policy->memory;
    const size_t most = policy->memory_size;
    if (policy->release)
        policy->release(policy);
    else
        bl_names_destroy(policy->whole.names);
    bl_arena_destroy(&policy->program_arena);
    bl_memory_free(&memory, policy, policy->size);
    bl_memory_unlimit(&memory, most);
}

/* Hands over what was written, frees the buffer, and tells whether memory sufficed. */
static bylaw_status deliver(bl_buffer *buffer, bylaw_writer out)
{
    const bylaw_status status = buffer->failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK && buffer->size > 0) out.write(out.context, buffer->bytes, buffer->size);
    bl_buffer_free(buffer);
    return status;
}

bylaw_status bylaw_policy_write(const bylaw_policy *policy, bool strip, bylaw_writer out)
{
    assert(policy && out.write);
    if (!policy->program) return BYLAW_ERRORS;
    bl_buffer buffer;
    bl_buffer_init(&buffer, &policy->memory);
    bl_bytecode_write(&policy->whole, policy->name_count, strip, &buffer);
    if (buffer.size > UINT32_MAX) {
        bl_buffer_free(&buffer);
        return BYLAW_LIMIT;
    }
    return deliver(&buffer, out);
}

bylaw_status bylaw_policy_dump(const bylaw_policy *policy, bylaw_writer out)
{
    assert(policy && out.write);
    if (!policy->program) return BYLAW_ERRORS;
    bl_buffer buffer;
    bl_buffer_init(&buffer, &policy->memory);
    bl_program_dump(&policy->whole, &buffer);
    return deliver(&buffer, out);
}
