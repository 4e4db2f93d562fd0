/*
 * A program to bytes. All numbers are LEB128, low bits first, so that no byte order is the
 * machine's; all order is that of the tables.
 */
#include <assert.h>
#include <string.h>

#include "bytecode.h"

typedef struct writer {
    const bl_program *program;
    uint32_t name_count;
    bool is_stripped;
    uint32_t last_start; /* of the span before: spans lie close together */
    bl_buffer *out;
} writer;

static void put_number(writer *w, uint64_t number)
{
    while (number >= 0x80) {
        bl_buffer_char(w->out, (char)((number & 0x7F) | 0x80));
        number >>= 7;
    }
    bl_buffer_char(w->out, (char)number);
}

/* Small numbers of both signs become small ones: 0, -1, 1, -2 … */
static void put_signed(writer *w, int64_t number)
{
    const uint64_t sign = number < 0 ? UINT64_MAX : 0;
    put_number(w, ((uint64_t)number << 1) ^ sign);
}

/* BL_NONE is 0. */
static void put_or_none(writer *w, uint32_t number)
{
    put_number(w, (uint32_t)(number + 1));
}

static void put_text(writer *w, bl_text text)
{
    put_number(w, text.size);
    bl_buffer_bytes(w->out, text.bytes, text.size);
}

static void put_type(writer *w, bl_type type)
{
    put_number(w, type.base);
    put_number(w, (uint64_t)type.is_list | (uint64_t)type.is_optional << 1 |
                      (uint64_t)type.is_date << 2);
    put_or_none(w, type.index);
}

static void put_span(writer *w, bl_span span)
{
    if (w->is_stripped) return;
    put_or_none(w, span.file);
    if (span.file == BL_NONE) return;
    assert(span.start <= span.end);
    put_signed(w, (int64_t)span.start - (int64_t)w->last_start);
    put_number(w, span.end - span.start);
    w->last_start = span.start;
}

static void put_cell(writer *w, const bl_cell *cell, const void *row)
{
    const char *place = (const char *)row + cell->offset;
    bl_text text;
    bl_type type;
    bl_span span;
    bl_range range;
    switch (cell->sort) {
    case BL_CELL_BOOLEAN:
    case BL_CELL_ENUM:
    case BL_CELL_MASK:
    case BL_CELL_COUNT:
    case BL_CELL_INDEX: put_number(w, bl_cell_number(cell, row)); break;
    case BL_CELL_COUNT_OR_NONE:
    case BL_CELL_INDEX_OR_NONE: put_or_none(w, bl_cell_number(cell, row)); break;
    case BL_CELL_TEXT:
        memcpy(&text, place, sizeof text);
        put_text(w, text);
        break;
    case BL_CELL_TYPE:
        memcpy(&type, place, sizeof type);
        put_type(w, type);
        break;
    case BL_CELL_SPAN:
        memcpy(&span, place, sizeof span);
        put_span(w, span);
        break;
    case BL_CELL_RANGE:
    case BL_CELL_LIST:
        memcpy(&range, place, sizeof range);
        put_number(w, range.count);
        if (range.count > 0) put_number(w, range.first);
        break;
    case BL_CELL_END: break;
    }
}

static void put_row(writer *w, bl_table table, const void *row)
{
    for (const bl_cell *cell = bl_table_cells(table); cell->sort != BL_CELL_END; cell++)
        put_cell(w, cell, row);
}

static void put_constant(writer *w, const bl_value *value)
{
    put_number(w, value->base);
    switch ((bl_base)value->base) {
    case BL_BASE_NUMBER:
        put_signed(w, value->as.number.num);
        put_number(w, (uint64_t)value->as.number.den);
        return;
    case BL_BASE_BOOLEAN: put_number(w, value->as.boolean); return;
    case BL_BASE_TEXT: put_text(w, value->as.text); return;
    case BL_BASE_DURATION:
        put_signed(w, value->as.duration.months);
        put_signed(w, value->as.duration.micros);
        return;
    case BL_BASE_TIME: put_signed(w, value->as.time); return;
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE: put_number(w, value->as.index); return;
    case BL_BASE_NOTHING:
    case BL_BASE_ACTOR:
    case BL_BASE_INSTANCE:
    case BL_BASE_PROPOSAL:
    case BL_BASE_EVENT:
    case BL_BASE_SET:
    case BL_BASE_LIST: break; /* the world's: no policy has one before it runs */
    }
    assert(false && "a constant");
}

static uint32_t count_of(const writer *w, bl_table table)
{
    if (table == BL_TABLE_name) return w->name_count;
    return table == BL_TABLE_source && w->is_stripped ? 0 : bl_table_count(w->program, table);
}

static void put_parts(writer *w)
{
    const bl_program *program = w->program;
    for (bl_table table = BL_TABLE_FIRST; table < BL_TABLE_COUNT; table++)
        put_number(w, count_of(w, table));
    for (uint32_t i = 0; i < w->name_count; i++)
        put_text(w, bl_names_text(program->names, i));
    for (uint32_t i = 0; i < count_of(w, BL_TABLE_source); i++) {
        put_text(w, program->sources[i].name);
        put_text(w, program->sources[i].content);
    }
    put_row(w, BL_TABLE_program, program);
    for (bl_table table = BL_TABLE_FIRST; table < BL_TABLE_ROWS_END; table++)
        for (uint32_t i = 0; i < bl_table_count(program, table); i++)
            put_row(w, table, bl_table_at(program, table, i));
    for (uint32_t i = 0; i < program->index_count; i++)
        put_number(w, program->indexes[i]);
    for (uint32_t i = 0; i < program->constant_count; i++)
        put_constant(w, &program->constants[i]);
    for (uint32_t i = 0; i < program->code_count; i++) {
        put_number(w, program->code[i].op);
        put_number(w, program->code[i].a);
        put_number(w, program->code[i].b);
        put_span(w, program->code_spans ? program->code_spans[i] : BL_SPAN_NONE);
    }
}

/* Numbers of the header: fixed sizes, low bytes first. */
static void set_fixed(char *place, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        place[i] = (char)(number >> (8 * i) & 0xFF);
}

void bl_bytecode_write(const bl_program *program, uint32_t name_count, bool is_stripped,
                       bl_buffer *out)
{
    const size_t start = out->size;
    char header[BL_BYTECODE_HEADER_SIZE] = BL_BYTECODE_MAGIC;
    bl_buffer_bytes(out, header, sizeof header);
    writer w = {.program = program,
                .name_count = name_count,
                .is_stripped = is_stripped || program->source_count == 0,
                .out = out};
    put_parts(&w);
    if (out->failed) return;
    char *bytes = out->bytes + start;
    const size_t size = out->size - start;
    set_fixed(bytes + 16, BL_BYTECODE_VERSION, 2);
    set_fixed(bytes + 18, w.is_stripped ? BL_BYTECODE_STRIPPED : 0, 2);
    set_fixed(bytes + 20, size - BL_BYTECODE_HEADER_SIZE, 4);
    set_fixed(bytes + 8, bl_bytecode_checksum((const unsigned char *)bytes + 16, size - 16), 8);
}
