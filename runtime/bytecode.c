/*
 * The tables of a program as data, made from rows.def, and the checksum of a file.
 */
#include "bytecode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "limits.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Where the cells of each table begin: a mark stands in front of them. */
enum {
#define FACE(row) MARK_##row,
#define TABLE(row, rows, count) MARK_##row,
#define CELL(row, member, sort, detail) AT_##row##_##member,
#include "rows.def"
    MARK_END
};

#define FACE(row) {NULL, BL_CELL_END, 0, 0, 0},
#define TABLE(row, rows, count) {NULL, BL_CELL_END, 0, 0, 0},
#define CELL(row, member, sort, detail)                                                            \
    {#member, BL_CELL_##sort, (detail), offsetof(bl_##row, member),                                \
     sizeof(((const bl_##row *)NULL)->member)},
static const bl_cell cells[] = {
#include "rows.def"
    {NULL, BL_CELL_END, 0, 0, 0},
};

typedef struct table_place {
    const char *name;
    size_t first; /* of its cells */
    size_t row_size;
    size_t rows; /* where the program has its pointer */
    size_t count;
} table_place;

static const table_place tables[] = {
#define FACE(row) {#row, MARK_##row + 1, sizeof(bl_##row), 0, 0},
#define TABLE(row, rows, count)                                                                    \
    {#row, MARK_##row + 1, sizeof(bl_##row), offsetof(bl_program, rows),                           \
     offsetof(bl_program, count)},
#define CELL(row, member, sort, detail)
#include "rows.def"
    {"name", 0, 0, 0, 0},
    {"index", 0, 0, 0, offsetof(bl_program, index_count)},
    {"constant", 0, 0, 0, offsetof(bl_program, constant_count)},
    {"source", 0, 0, 0, offsetof(bl_program, source_count)},
    {"instruction", 0, 0, 0, offsetof(bl_program, code_count)},
};
_Static_assert(sizeof tables / sizeof tables[0] == BL_TABLE_COUNT, "every table has its place");

const char *bl_table_name(bl_table table)
{
    return tables[table].name;
}

const bl_cell *bl_table_cells(bl_table table)
{
    return &cells[tables[table].first];
}

size_t bl_table_row_size(bl_table table)
{
    return tables[table].row_size;
}

uint32_t bl_table_count(const bl_program *program, bl_table table)
{
    if (table == BL_TABLE_name) return bl_names_count(program->names);
    uint32_t count;
    memcpy(&count, (const char *)program + tables[table].count, sizeof count);
    return count;
}

void bl_table_set(bl_program *program, bl_table table, void *rows, uint32_t count)
{
    memcpy((char *)program + tables[table].rows, &rows, sizeof rows); /* rows of any type */
    memcpy((char *)program + tables[table].count, &count, sizeof count);
}

const void *bl_table_at(const bl_program *program, bl_table table, uint32_t row)
{
    const char *rows;
    memcpy(&rows, (const char *)program + tables[table].rows, sizeof rows);
    return rows + (size_t)row * tables[table].row_size;
}

uint32_t bl_cell_number(const bl_cell *cell, const void *row)
{
    const char *place = (const char *)row + cell->offset;
    uint32_t number = 0;
    uint8_t byte;
    if (cell->size == sizeof byte) {
        memcpy(&byte, place, sizeof byte);
        return byte;
    }
    memcpy(&number, place, sizeof number);
    return number;
}

void bl_cell_set_number(const bl_cell *cell, void *row, uint32_t number)
{
    char *place = (char *)row + cell->offset;
    const uint8_t byte = (uint8_t)number;
    if (cell->size == sizeof byte)
        memcpy(place, &byte, sizeof byte);
    else
        memcpy(place, &number, sizeof number);
}

/* Enums are numbers of four bytes, booleans of one: rows.def treats them so. */
_Static_assert(sizeof(bl_condition_kind) == sizeof(uint32_t) && sizeof(bool) == 1,
               "sizes of cells");

uint64_t bl_bytecode_checksum(const unsigned char *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

bl_load_result bl_load_refuse(bl_load_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (size < 0) error->message[0] = '\0';
    return BL_LOAD_REFUSED;
}
