/*
 * The tables of a program while they grow: rows, names, texts, lists of indexes, constants.
 */
#include "emit.h"

#include <string.h>

#include "../runtime/limits.h"
#include "quote.h"

enum { TABLE_LEAST = 8 };

/* Tables double: one with `count` rows is full when count is a power of two (or nothing yet). */
static bool is_full(uint32_t count)
{
    return count == 0 || (count >= TABLE_LEAST && (count & (count - 1)) == 0);
}

void *bl_table_add(bl_compiler *compiler, void *table_pointer, uint32_t *count, size_t row_size)
{
    void *rows;
    memcpy(&rows, table_pointer, sizeof rows); /* a pointer to rows of any type */
    if (is_full(*count)) {
        size_t capacity = *count ? (size_t)*count * 2 : TABLE_LEAST;
        bool fits = capacity < BL_NONE;
        void *grown = fits ? bl_arena_array(compiler->program->arena, capacity, row_size) : NULL;
        if (!grown) {
            compiler->out_of_memory = true;
            return NULL;
        }
        if (*count) memcpy(grown, rows, *count * row_size);
        rows = grown;
        memcpy(table_pointer, &rows, sizeof rows);
    }
    char *row = (char *)rows + *count * row_size;
    memset(row, 0, row_size);
    ++*count;
    return row;
}

uint32_t bl_emit_name(bl_compiler *compiler, bl_text name)
{
    uint32_t number = bl_names_add(compiler->program->names, name);
    if (number == BL_NONE) compiler->out_of_memory = true;
    return number;
}

static bl_text program_text(bl_compiler *compiler, bl_text text)
{
    char *bytes = bl_arena_copy(compiler->program->arena, text.bytes, text.size);
    if (bytes) return (bl_text){bytes, text.size};
    compiler->out_of_memory = true;
    return (bl_text){"", 0};
}

enum { TEXT_MOST = 200 }; /* bytes of a clause that explanations show */

bl_text bl_emit_text(bl_compiler *compiler, bl_span span)
{
    bl_program *program = compiler->program;
    if (span.file >= program->source_count) return (bl_text){"", 0};
    const char *bytes = program->sources[span.file].content.bytes;
    bl_buffer quote, shown;
    bl_buffer_init(&quote, compiler->arena->memory);
    bl_buffer_init(&shown, compiler->arena->memory);
    bl_text text = {bytes + span.start, span.end - span.start};
    bool done = bl_quote(compiler->arena, text, &quote);
    const bl_source source = {.content = {quote.bytes, quote.size}};
    if (done) bl_source_snippet(&source, (bl_span){0, 0, (uint32_t)quote.size}, TEXT_MOST, &shown);
    done = done && !shown.failed;
    if (!done) compiler->out_of_memory = true;
    text = done ? program_text(compiler, (bl_text){shown.bytes, shown.size}) : (bl_text){"", 0};
    bl_buffer_free(&quote);
    bl_buffer_free(&shown);
    return text;
}

/* Told once: nothing is compiled from then on. */
static bool report_full(bl_compiler *compiler, bl_span span)
{
    if (!compiler->is_full) {
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, span,
                                   "a policy may list %u roles and options at most, roles that "
                                   "include others counted with each of these",
                                   BL_INDEX_COUNT_MAX);
        bl_diag_label(compiler->diagnostics, d, "too many with this");
    }
    compiler->is_full = true;
    return false;
}

bool bl_emit_indexes(bl_compiler *compiler, bl_span span, const uint32_t *indexes, uint32_t count,
                     bl_range *out)
{
    bl_program *program = compiler->program;
    *out = (bl_range){program->index_count, count};
    if (count > BL_INDEX_COUNT_MAX - program->index_count) return report_full(compiler, span);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *row = bl_table_add(compiler, &program->indexes, &program->index_count,
                                     sizeof *row);
        if (!row) return false;
        *row = indexes[i];
    }
    return true;
}

/*
 * The row of an equal constant, or BL_NONE and the key that a new row gets. Who types something on
 * trial takes rows away again (check_unused.c); a key may lead to one that is gone, or to another
 * constant that has its place since.
 */
static uint32_t find_constant(const bl_compiler *compiler, const bl_value *value, uint64_t *key)
{
    const bl_program *program = compiler->program;
    for (*key = bl_value_hash(value, (uintptr_t)compiler) >> 1;; ++*key) {
        const uint32_t row = bl_map_get(&compiler->constant_of_key, *key);
        if (row == BL_NONE || row >= program->constant_count) return BL_NONE;
        if (bl_value_equal(&program->constants[row], value)) return row;
    }
}

uint32_t bl_emit_constant(bl_compiler *compiler, bl_value value)
{
    bl_program *program = compiler->program;
    uint64_t key;
    const uint32_t known = find_constant(compiler, &value, &key);
    if (known != BL_NONE) return known;
    if (value.base == BL_BASE_TEXT) value.as.text = program_text(compiler, value.as.text);
    bl_value *row = bl_table_add(compiler, &program->constants, &program->constant_count,
                                 sizeof *row);
    if (!row) return BL_NONE;
    *row = value;
    if (!bl_map_put(compiler->arena->memory, &compiler->constant_of_key, key,
                    program->constant_count - 1)) {
        compiler->out_of_memory = true;
        return BL_NONE;
    }
    return program->constant_count - 1;
}
