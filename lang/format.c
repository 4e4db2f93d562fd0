/*
 * bylaw_policy_format: the one canonical layout of a policy's text. See docs/format.md for what it
 * is and format.h for how it is made.
 */
#include "format.h"

#include <assert.h>

#include "../runtime/bylaw.h"
#include "../runtime/bytecode.h"
#include "compile.h"

static void show(const bl_diagnostics *diagnostics, const bl_source *source, bl_buffer *out)
{
    bl_diagnostics_write(diagnostics, source, 1, (bl_style){false}, out);
}

static bylaw_status layout(bl_format *format, const bl_node *tree, bl_buffer *out)
{
    bl_format_read(format, tree);
    if (!format->out_of_memory && !format->is_too_deep) bl_format_layout(format);
    format->out_of_memory |= format->code.failed; /* what lines point to is then not there */
    if (!format->out_of_memory && !format->is_too_deep) bl_format_write(format, out);
    if (format->out_of_memory || format->code.failed || out->failed) return BYLAW_NOMEM;
    return format->is_too_deep ? BYLAW_LIMIT : BYLAW_OK;
}

/* `errors` gets diagnostics, `out` the text. */
static bylaw_status format_text(bl_arena *arena, const bl_memory *memory, bl_text name,
                                bl_text text, bl_buffer *errors, bl_buffer *out)
{
    bl_diagnostics diagnostics;
    bl_diagnostics_init(&diagnostics, arena);
    bl_source source;
    if (bl_bytecode_begins(text)) return BYLAW_NO_SOURCE;
    const bl_node *tree = bl_parse(arena, 0, text, &diagnostics);
    if (!tree || diagnostics.out_of_memory) return BYLAW_NOMEM;
    if (diagnostics.error_count > 0) {
        if (!bl_source_init(&source, arena, name, text)) return BYLAW_NOMEM;
        show(&diagnostics, &source, errors);
        return errors->failed ? BYLAW_NOMEM : BYLAW_ERRORS;
    }
    bl_format format = {.arena = arena, .memory = memory, .text = text};
    bl_buffer_init(&format.code, memory);
    const bylaw_status status = layout(&format, tree, out);
    bl_vector_free(memory, &format.tokens);
    bl_vector_free(memory, &format.comments);
    bl_vector_free(memory, &format.lines);
    bl_buffer_free(&format.code);
    return status;
}

static void deliver(const bl_buffer *buffer, bylaw_writer out)
{
    if (buffer->size > 0) out.write(out.context, buffer->bytes, buffer->size);
}

bylaw_status bylaw_policy_format(bylaw_text name, bylaw_text text, const bylaw_allocator *allocator,
                                 bylaw_writer out, bylaw_writer diagnostics)
{
    assert(out.write && diagnostics.write && (text.bytes || text.size == 0));
    bl_memory memory = bl_memory_default;
    if (allocator) memory = (bl_memory){allocator->resize, allocator->context};
    bl_arena arena;
    bl_arena_init(&arena, &memory);
    bl_buffer errors, result;
    bl_buffer_init(&errors, &memory);
    bl_buffer_init(&result, &memory);
    const bylaw_status status = format_text(&arena, &memory, (bl_text){name.bytes, name.size},
                                            (bl_text){text.bytes, text.size}, &errors, &result);
    if (status == BYLAW_ERRORS) deliver(&errors, diagnostics);
    if (status == BYLAW_OK) deliver(&result, out);
    bl_buffer_free(&result);
    bl_buffer_free(&errors);
    bl_arena_destroy(&arena);
    return status;
}
