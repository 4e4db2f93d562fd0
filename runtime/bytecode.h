/*
 * Bytecode: a compiled program as one self-contained file, and back. docs/bytecode.md tells the
 * format.
 *
 * Two ideas. What a program consists of is said once, in rows.def: writing, reading and checking of
 * rows walk that list. And nothing that was read runs before verify.c has looked at it: the machine
 * may take for granted what it takes for granted of a program that was just compiled.
 */
#ifndef BL_BYTECODE_H
#define BL_BYTECODE_H

#include "program.h"

/* No text begins so: the first byte is none of UTF-8, the last is lost where line ends are
 * changed. */
#define BL_BYTECODE_MAGIC                                                                          \
    "\x8B"                                                                                         \
    "bylawc\n"
enum {
    BL_BYTECODE_VERSION = 4, /* changes with the format, with rows.def and with opcodes.def */
    BL_BYTECODE_HEADER_SIZE = 24, /* magic, checksum, version, flags, size */
    BL_BYTECODE_STRIPPED = 1 /* flag: without sources and spans */
};

/* ---- bytecode.c: rows.def as data ---- */

typedef enum bl_table {
#define FACE(row) BL_TABLE_##row,
#define TABLE(row, rows, count) BL_TABLE_##row,
#define CELL(row, member, sort, detail)
#include "rows.def"
    BL_TABLE_name,
    BL_TABLE_index,
    BL_TABLE_constant,
    BL_TABLE_source,
    BL_TABLE_code,
    BL_TABLE_COUNT,
    BL_TABLE_FIRST = BL_TABLE_program + 1, /* of those that are more than one row */
    BL_TABLE_ROWS_END = BL_TABLE_name /* those before have cells */
} bl_table;

typedef enum bl_cell_sort {
    BL_CELL_END, /* behind the last cell of a row */
    BL_CELL_BOOLEAN,
    BL_CELL_ENUM,
    BL_CELL_MASK,
    BL_CELL_COUNT,
    BL_CELL_COUNT_OR_NONE,
    BL_CELL_TEXT,
    BL_CELL_TYPE,
    BL_CELL_SPAN,
    BL_CELL_INDEX,
    BL_CELL_INDEX_OR_NONE,
    BL_CELL_RANGE,
    BL_CELL_LIST
} bl_cell_sort;

typedef struct bl_cell {
    const char *name;
    bl_cell_sort sort;
    uint32_t detail; /* a bl_table, or the bound of the number */
    size_t offset; /* in the row */
    size_t size; /* of a number: 1 or 4 bytes */
} bl_cell;

/* "role", "stage_plan". */
const char *bl_table_name(bl_table table);
/* The cells of a row, BL_CELL_END behind the last. For the program itself and for tables with rows.
 */
const bl_cell *bl_table_cells(bl_table table);
/* How many there are; for every table but the program itself. */
uint32_t bl_table_count(const bl_program *program, bl_table table);
/* For tables with rows: where the program keeps them, and how large one is. */
void bl_table_set(bl_program *program, bl_table table, void *rows, uint32_t count);
const void *bl_table_at(const bl_program *program, bl_table table, uint32_t row);
size_t bl_table_row_size(bl_table table);
/* A number of the row, whatever its size. */
uint32_t bl_cell_number(const bl_cell *cell, const void *row);
void bl_cell_set_number(const bl_cell *cell, void *row, uint32_t number);

/* The checksum of everything behind it. */
uint64_t bl_bytecode_checksum(const unsigned char *bytes, size_t size);

/* ---- bytecode_write.c ---- */
/* Appends the program's first `name_count` names and all that the tables hold. The same program
 * gives the same bytes on every machine. */
void bl_bytecode_write(const bl_program *program, uint32_t name_count, bool is_stripped,
                       bl_buffer *out);

/* ---- bytecode_read.c ---- */
typedef enum bl_load_result { BL_LOAD_OK, BL_LOAD_REFUSED, BL_LOAD_NOMEM } bl_load_result;
typedef struct bl_load_error {
    char message[200]; /* one line of words, without a full stop */
} bl_load_error;
/* Whether this is the beginning of a compiled policy. */
bool bl_bytecode_begins(bl_text bytes);
/*
 * Reads and verifies. What is read is copied to the arena; program->names is to be destroyed by the
 * caller, whatever came of it, where it is not NULL.
 */
bl_load_result bl_bytecode_read(bl_text bytes, bl_arena *arena, bl_program *program,
                                bl_load_error *error);
/* Notes why; always BL_LOAD_REFUSED. */
bl_load_result bl_load_refuse(bl_load_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
