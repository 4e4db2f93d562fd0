/*
 * libFuzzer over lexer and parser: no input may crash them; every node lies inside the text and
 * inside its depth; what is refused is explained in UTF-8. The first byte chooses between a file
 * and statements.
 */
#include <stdlib.h>
#include <string.h>

#include "compile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void check_span(bl_span span, size_t size)
{
    require(span.start <= span.end && span.end <= size);
}

/* The parser has seen to it that the tree is not deep. */
static void check_nodes(const bl_node *node, size_t size)
{
    for (; node; node = node->next) {
        require(node->kind < BL_NODE_KIND_COUNT);
        check_span(node->span, size);
        if (node->name_span.file != BL_NONE) check_span(node->name_span, size);
        for (size_t i = 0; i < BL_NODE_KIDS; i++)
            check_nodes(node->kids[i], size);
    }
}

static void check_diagnostics(const bl_diagnostics *diagnostics, const bl_source *source,
                              size_t size)
{
    bl_buffer buffer;
    bl_buffer_init(&buffer, &bl_memory_default);
    for (const bl_diagnostic *d = diagnostics->first; d; d = d->next)
        check_span(d->span, size);
    bl_diagnostics_write(diagnostics, source, 1, (bl_style){false}, &buffer);
    require(!buffer.failed);
    if (bl_text_is_utf8(source->content, NULL))
        require(bl_text_is_utf8((bl_text){buffer.bytes, buffer.size}, NULL));
    bl_buffer_free(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const bl_text text = {(const char *)data + 1, size - 1};
    const bool is_file = data[0] % 2 == 0;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_diagnostics diagnostics;
    bl_diagnostics_init(&diagnostics, &arena);
    bl_source source;
    require(bl_source_init(&source, &arena, BL_TEXT("fuzz"), text));
    const bl_node *tree = is_file ? bl_parse(&arena, 0, text, &diagnostics)
                                  : bl_parse_statements(&arena, 0, text, &diagnostics);
    require(!diagnostics.out_of_memory && (tree || !is_file));
    check_nodes(tree, text.size);
    bl_buffer dump;
    bl_buffer_init(&dump, &bl_memory_default);
    require(bl_node_dump(tree, &dump));
    bl_buffer_free(&dump);
    check_diagnostics(&diagnostics, &source, text.size);
    bl_arena_destroy(&arena);
    return 0;
}
