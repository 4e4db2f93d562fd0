/*
 * Bytes to a program. Every number is checked where it is read: it must be written in as few bytes
 * as it takes, fit its field, and an index must be one of a row that is there. What only shows
 * when rows are seen together is verify.c's.
 */
#include <string.h>

#include "bytecode.h"
#include "verify.h"

typedef struct reader {
    const unsigned char *at;
    const unsigned char *end;
    bl_arena *arena;
    bl_program *program;
    bl_load_error *error;
    bl_load_result result; /* once it is not OK, nothing is read any more: numbers are 0 */
    bool is_stripped;
    uint32_t last_start;
    uint32_t counts[BL_TABLE_COUNT];
    uint64_t claimed[BL_TABLE_COUNT]; /* how many rows of each table are in ranges of others */
    const char *table; /* what is being read, for messages */
    uint32_t row;
} reader;

static void refuse(reader *r, const char *what)
{
    if (r->result == BL_LOAD_OK)
        r->result = bl_load_refuse(r->error, "%s %u: %s", r->table, r->row, what);
}

static void no_memory(reader *r)
{
    if (r->result == BL_LOAD_OK) r->result = BL_LOAD_NOMEM;
}

static size_t left(const reader *r)
{
    return (size_t)(r->end - r->at);
}

/* ---- numbers and text ---- */

static uint64_t get_number(reader *r)
{
    uint64_t number = 0;
    for (unsigned shift = 0; r->result == BL_LOAD_OK; shift += 7) {
        if (r->at == r->end) {
            refuse(r, "it ends too early");
            break;
        }
        const unsigned char byte = *r->at++;
        if (shift == 63 && byte > 1) {
            refuse(r, "a number of more than 64 bits");
            break;
        }
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte >= 0x80) continue;
        if (byte == 0 && shift > 0) refuse(r, "a number longer than it needs to be");
        return r->result == BL_LOAD_OK ? number : 0;
    }
    return 0;
}

static int64_t get_signed(reader *r)
{
    const uint64_t number = get_number(r);
    const int64_t half = (int64_t)(number >> 1);
    return number & 1 ? -half - 1 : half;
}

static uint32_t get_up_to(reader *r, uint64_t most)
{
    const uint64_t number = get_number(r);
    if (number <= most) return (uint32_t)number;
    refuse(r, "a number larger than it may be");
    return 0;
}

static uint32_t get_or_none(reader *r, uint64_t most)
{
    const uint64_t number = get_number(r);
    if (number > most + 1) refuse(r, "a number larger than it may be");
    return number > most + 1 ? 0 : (uint32_t)number - 1;
}

static bl_text get_text(reader *r)
{
    const uint64_t size = get_number(r);
    if (size > left(r)) refuse(r, "a text longer than the file");
    if (r->result != BL_LOAD_OK) return (bl_text){"", 0};
    const bl_text text = {(const char *)r->at, (size_t)size};
    r->at += size;
    if (!bl_text_is_utf8(text, NULL)) refuse(r, "a text that is not UTF-8");
    return text;
}

static bl_text get_kept_text(reader *r)
{
    const bl_text text = get_text(r);
    const char *copy = bl_arena_copy(r->arena, text.bytes, text.size);
    if (!copy) no_memory(r);
    return copy ? (bl_text){copy, text.size} : (bl_text){"", 0};
}

/* ---- cells ---- */

static void refuse_cell(reader *r, const bl_cell *cell, uint64_t number)
{
    if (r->result == BL_LOAD_OK)
        r->result = bl_load_refuse(r->error, "%s %u: `%s` cannot be %llu", r->table, r->row,
                                   cell->name, (unsigned long long)number);
}

/* A number below `count`; where `or_none` is set, 0 is BL_NONE and the others are one higher. */
static uint32_t get_below(reader *r, const bl_cell *cell, uint64_t count, bool or_none)
{
    const uint64_t number = get_number(r);
    if (r->result != BL_LOAD_OK) return 0;
    if (number < count + or_none) return (uint32_t)number - or_none;
    refuse_cell(r, cell, number - or_none);
    return 0;
}

static uint32_t get_mask(reader *r, const bl_cell *cell)
{
    const uint64_t mask = get_number(r);
    if (mask & ~(uint64_t)cell->detail) refuse_cell(r, cell, mask);
    return (uint32_t)(mask & cell->detail);
}

/* A row belongs to one other row, or to few: going over all ranges costs no more than so often
 * going over the table. */
enum { OWNERS_MOST = 4 };

/* A range of the table, or of `indexes`. Without rows it begins at 0. */
static bl_range get_range(reader *r, const bl_cell *cell)
{
    const bl_table table = cell->sort == BL_CELL_LIST ? BL_TABLE_index : (bl_table)cell->detail;
    const uint32_t count = get_below(r, cell, (uint64_t)r->counts[table] + 1, false);
    if (count == 0) return (bl_range){0, 0};
    r->claimed[table] += count;
    if (r->claimed[table] > (uint64_t)r->counts[table] * OWNERS_MOST)
        refuse(r, "rows that belong to too many others");
    const uint32_t first = get_below(r, cell, (uint64_t)r->counts[table] - count + 1, false);
    return (bl_range){first, count};
}

/* The table a type's index points into; BL_TABLE_COUNT: none. */
static bl_table table_of_type(uint8_t base)
{
    if (base == BL_BASE_INSTANCE) return BL_TABLE_scope;
    if (base == BL_BASE_PROPOSAL) return BL_TABLE_kind;
    return base == BL_BASE_EVENT ? BL_TABLE_event_type : BL_TABLE_COUNT;
}

static bl_type get_type(reader *r)
{
    bl_type type = {.base = (uint8_t)get_up_to(r, BL_BASE_SET)};
    const uint32_t flags = get_up_to(r, 7);
    type.is_list = flags & 1;
    type.is_optional = flags >> 1 & 1;
    type.is_date = flags >> 2 & 1;
    const bl_table table = table_of_type(type.base);
    type.index = get_or_none(r, BL_NONE - 1);
    if (type.index != BL_NONE && table != BL_TABLE_COUNT && type.index >= r->counts[table])
        refuse(r, "a type of something that is not there");
    if (type.index == BL_NONE && type.base == BL_BASE_INSTANCE)
        refuse(r, "an instance of no scope");
    return type;
}

/* Whether a character begins there, or the text ends. */
static bool is_boundary(bl_text text, uint64_t at)
{
    return at == text.size || ((unsigned char)text.bytes[at] & 0xC0) != 0x80;
}

/* Spans are whole characters of their file, whose text was read before. */
static bl_span get_span(reader *r)
{
    if (r->is_stripped) return BL_SPAN_NONE;
    const uint32_t file = get_or_none(r, BL_NONE - 1);
    if (file == BL_NONE || r->result != BL_LOAD_OK) return BL_SPAN_NONE;
    const int64_t moved = get_signed(r);
    const uint64_t size = get_number(r);
    if (r->result != BL_LOAD_OK) return BL_SPAN_NONE;
    const bl_text content = file < r->counts[BL_TABLE_source] ? r->program->sources[file].content
                                                              : (bl_text){"", 0};
    /* As numbers without sign, so that nothing overflows. */
    const uint64_t start = (uint64_t)r->last_start + (uint64_t)moved;
    if (file >= r->counts[BL_TABLE_source] || start > content.size || size > content.size - start) {
        refuse(r, "a place outside of its file");
        return BL_SPAN_NONE;
    }
    if (!is_boundary(content, start) || !is_boundary(content, start + size)) {
        refuse(r, "a place in the middle of a character");
        return BL_SPAN_NONE;
    }
    r->last_start = (uint32_t)start;
    return (bl_span){file, (uint32_t)start, (uint32_t)(start + size)};
}

static void get_cell(reader *r, const bl_cell *cell, void *row)
{
    char *place = (char *)row + cell->offset;
    bl_text text;
    bl_type type;
    bl_span span;
    bl_range range;
    switch (cell->sort) {
    case BL_CELL_BOOLEAN: bl_cell_set_number(cell, row, get_below(r, cell, 2, false)); break;
    case BL_CELL_ENUM:
        bl_cell_set_number(cell, row, get_below(r, cell, cell->detail, false));
        break;
    case BL_CELL_MASK: bl_cell_set_number(cell, row, get_mask(r, cell)); break;
    case BL_CELL_COUNT:
        bl_cell_set_number(cell, row, get_below(r, cell, (uint64_t)cell->detail + 1, false));
        break;
    case BL_CELL_COUNT_OR_NONE:
        bl_cell_set_number(cell, row, get_below(r, cell, (uint64_t)cell->detail + 1, true));
        break;
    case BL_CELL_INDEX:
        bl_cell_set_number(cell, row, get_below(r, cell, r->counts[cell->detail], false));
        break;
    case BL_CELL_INDEX_OR_NONE:
        bl_cell_set_number(cell, row, get_below(r, cell, r->counts[cell->detail], true));
        break;
    case BL_CELL_TEXT:
        text = get_kept_text(r);
        memcpy(place, &text, sizeof text);
        break;
    case BL_CELL_TYPE:
        type = get_type(r);
        memcpy(place, &type, sizeof type);
        break;
    case BL_CELL_SPAN:
        span = get_span(r);
        memcpy(place, &span, sizeof span);
        break;
    case BL_CELL_RANGE:
    case BL_CELL_LIST:
        range = get_range(r, cell);
        memcpy(place, &range, sizeof range);
        break;
    case BL_CELL_END: break;
    }
}

static void get_row(reader *r, bl_table table, void *row)
{
    for (const bl_cell *cell = bl_table_cells(table);
         cell->sort != BL_CELL_END && r->result == BL_LOAD_OK; cell++)
        get_cell(r, cell, row);
}

/* ---- tables ---- */

/* Room for the rows of a table, each of which takes some bytes of what is left. */
static void *make_room(reader *r, bl_table table, size_t row_size, size_t least_bytes)
{
    const uint32_t count = r->counts[table];
    r->table = bl_table_name(table);
    r->row = 0;
    if (r->result != BL_LOAD_OK) return NULL;
    if (count > left(r) / least_bytes) {
        refuse(r, "it ends too early");
        return NULL;
    }
    void *room = bl_arena_array(r->arena, count, row_size);
    if (!room) no_memory(r);
    return room;
}

/* A cell takes a byte at the least. */
static size_t least_bytes_of(const reader *r, bl_table table)
{
    size_t count = 0;
    for (const bl_cell *cell = bl_table_cells(table); cell->sort != BL_CELL_END; cell++)
        count += cell->sort != BL_CELL_SPAN || !r->is_stripped;
    return count;
}

static void get_rows(reader *r, bl_table table)
{
    const size_t size = bl_table_row_size(table);
    char *rows = make_room(r, table, size, least_bytes_of(r, table));
    if (!rows) return;
    for (; r->row < r->counts[table] && r->result == BL_LOAD_OK; r->row++)
        get_row(r, table, rows + r->row * size);
    bl_table_set(r->program, table, rows, r->counts[table]);
}

static void get_counts(reader *r)
{
    r->table = "count";
    for (bl_table table = BL_TABLE_FIRST; table < BL_TABLE_COUNT; table++) {
        r->row = (uint32_t)table;
        r->counts[table] = get_up_to(r, left(r));
    }
}

/* Names are numbered in the order they are added: one that comes twice would shift the others. */
static void get_names(reader *r)
{
    r->table = "name";
    for (r->row = 0; r->row < r->counts[BL_TABLE_name] && r->result == BL_LOAD_OK; r->row++) {
        const bl_text name = get_text(r);
        if (r->result != BL_LOAD_OK) return;
        if (bl_names_find(r->program->names, name) != BL_NONE)
            refuse(r, "it is there twice");
        else if (bl_names_add(r->program->names, name) == BL_NONE)
            no_memory(r);
    }
}

static void get_sources(reader *r)
{
    bl_source *sources = make_room(r, BL_TABLE_source, sizeof *sources, 2);
    if (!sources) return;
    for (; r->row < r->counts[BL_TABLE_source] && r->result == BL_LOAD_OK; r->row++) {
        const bl_text name = get_text(r), content = get_text(r);
        if (r->result == BL_LOAD_OK && !bl_source_init(&sources[r->row], r->arena, name, content))
            no_memory(r);
    }
    r->program->sources = sources;
    r->program->source_count = r->counts[BL_TABLE_source];
}

static void get_indexes(reader *r)
{
    uint32_t *indexes = make_room(r, BL_TABLE_index, sizeof *indexes, 1);
    if (!indexes) return;
    for (; r->row < r->counts[BL_TABLE_index] && r->result == BL_LOAD_OK; r->row++)
        indexes[r->row] = get_up_to(r, BL_NONE - 1);
    r->program->indexes = indexes;
    r->program->index_count = r->counts[BL_TABLE_index];
}

/* ---- constants ---- */

static bl_rational get_rational(reader *r)
{
    const int64_t num = get_signed(r);
    const uint64_t den = get_number(r);
    bl_rational number = BL_RATIONAL(0);
    if (r->result == BL_LOAD_OK &&
        (den == 0 || den > INT64_MAX || !bl_rational_make(num, (int64_t)den, &number) ||
         number.num != num || number.den != (int64_t)den))
        refuse(r, "a ratio that is not in lowest terms");
    return number;
}

static bl_duration get_duration(reader *r)
{
    const int64_t months = get_signed(r), micros = get_signed(r);
    const bl_duration duration = {months, micros};
    bl_duration negative;
    if (r->result == BL_LOAD_OK && !bl_duration_multiply(duration, -1, &negative))
        refuse(r, "a duration that is too long");
    return duration;
}

/* Within the years 1 to 9999, as all times are. */
static bl_time get_time(reader *r)
{
    const bl_time time = get_signed(r);
    if (r->result == BL_LOAD_OK &&
        (time < bl_time_of_day(1, 1, 1) || time >= bl_time_of_day(9999, 12, 31) + BL_DAY))
        refuse(r, "a time outside of the years 1 to 9999");
    return time;
}

static bl_value get_constant(reader *r)
{
    bl_value value = {.base = (uint8_t)get_up_to(r, BL_BASE_LIST)};
    switch ((bl_base)value.base) {
    case BL_BASE_NUMBER: value.as.number = get_rational(r); break;
    case BL_BASE_BOOLEAN: value.as.boolean = get_up_to(r, 1) != 0; break;
    case BL_BASE_TEXT: value.as.text = get_kept_text(r); break;
    case BL_BASE_DURATION: value.as.duration = get_duration(r); break;
    case BL_BASE_TIME: value.as.time = get_time(r); break;
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE:
        value.as.index = get_up_to(r, BL_NONE - 1);
        if (value.as.index >=
            r->counts[value.base == BL_BASE_ROLE ? BL_TABLE_role : BL_TABLE_procedure])
            refuse(r, "it names a row that is not there");
        break;
    case BL_BASE_NOTHING:
    case BL_BASE_ACTOR:
    case BL_BASE_INSTANCE:
    case BL_BASE_PROPOSAL:
    case BL_BASE_EVENT:
    case BL_BASE_SET:
    case BL_BASE_LIST: refuse(r, "a value of the world, which no policy has"); break;
    }
    return value;
}

static void get_constants(reader *r)
{
    bl_value *constants = make_room(r, BL_TABLE_constant, sizeof *constants, 2);
    if (!constants) return;
    for (; r->row < r->counts[BL_TABLE_constant] && r->result == BL_LOAD_OK; r->row++)
        constants[r->row] = get_constant(r);
    r->program->constants = constants;
    r->program->constant_count = r->counts[BL_TABLE_constant];
}

/* ---- code ---- */

static void get_code(reader *r)
{
    const uint32_t count = r->counts[BL_TABLE_code];
    bl_instruction *code = make_room(r, BL_TABLE_code, sizeof *code, 3);
    bl_span *spans = NULL;
    if (!r->is_stripped) spans = make_room(r, BL_TABLE_code, sizeof *spans, 4);
    if (r->result != BL_LOAD_OK) return;
    for (; r->row < count && r->result == BL_LOAD_OK; r->row++) {
        bl_instruction *in = &code[r->row];
        in->op = (uint16_t)get_up_to(r, BL_OPCODE_COUNT - 1);
        in->a = (uint16_t)get_up_to(r, UINT16_MAX);
        in->b = get_up_to(r, UINT32_MAX);
        if (spans) spans[r->row] = get_span(r);
    }
    r->program->code = code;
    r->program->code_spans = spans;
    r->program->code_count = count;
}

static void get_parts(reader *r)
{
    get_counts(r);
    get_names(r);
    get_sources(r);
    r->table = bl_table_name(BL_TABLE_program);
    r->row = 0;
    get_row(r, BL_TABLE_program, r->program);
    for (bl_table table = BL_TABLE_FIRST; table < BL_TABLE_ROWS_END; table++)
        get_rows(r, table);
    get_indexes(r);
    get_constants(r);
    get_code(r);
    r->table = "file";
    r->row = 1;
    if (r->at != r->end) refuse(r, "there is more behind its end");
}

/* ---- the header ---- */

static uint64_t fixed(const unsigned char *place, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)place[i] << (8 * i);
    return number;
}

bool bl_bytecode_begins(bl_text bytes)
{
    return bytes.size >= 8 && memcmp(bytes.bytes, BL_BYTECODE_MAGIC, 8) == 0;
}

static bl_load_result read_header(bl_text bytes, bl_load_error *error, bool *is_stripped)
{
    const unsigned char *header = (const unsigned char *)bytes.bytes;
    if (!bl_bytecode_begins(bytes)) return bl_load_refuse(error, "this is no compiled policy");
    if (bytes.size < BL_BYTECODE_HEADER_SIZE) return bl_load_refuse(error, "the file is cut off");
    const unsigned version = (unsigned)fixed(header + 16, 2);
    if (version != BL_BYTECODE_VERSION)
        return bl_load_refuse(error,
                              "it was compiled by another version of bylaw: its format is %u, and "
                              "this one reads %d; compile it again",
                              version, BL_BYTECODE_VERSION);
    const uint64_t size = fixed(header + 20, 4);
    if (bytes.size - BL_BYTECODE_HEADER_SIZE < size)
        return bl_load_refuse(error, "the file is cut off");
    if (bytes.size - BL_BYTECODE_HEADER_SIZE > size)
        return bl_load_refuse(error, "there is more behind its end");
    if (fixed(header + 8, 8) != bl_bytecode_checksum(header + 16, bytes.size - 16))
        return bl_load_refuse(error, "the file is damaged: its checksum is another one");
    const uint64_t flags = fixed(header + 18, 2);
    if (flags & ~(uint64_t)BL_BYTECODE_STRIPPED)
        return bl_load_refuse(error, "it has flags that are not known here");
    *is_stripped = flags & BL_BYTECODE_STRIPPED;
    return BL_LOAD_OK;
}

bl_load_result bl_bytecode_read(bl_text bytes, bl_arena *arena, bl_program *program,
                                bl_load_error *error)
{
    *program = (bl_program){.arena = arena};
    reader r = {.arena = arena, .program = program, .error = error};
    r.result = read_header(bytes, error, &r.is_stripped);
    if (r.result != BL_LOAD_OK) return r.result;
    r.at = (const unsigned char *)bytes.bytes + BL_BYTECODE_HEADER_SIZE;
    r.end = (const unsigned char *)bytes.bytes + bytes.size;
    /* The seed only spreads names over a table; it shows in no output. */
    const uint64_t seed = (uint64_t)(uintptr_t)arena * UINT64_C(0x9E3779B97F4A7C15);
    program->names = bl_names_create(arena->memory, seed);
    if (!program->names) return BL_LOAD_NOMEM;
    get_parts(&r);
    return r.result == BL_LOAD_OK ? bl_verify(program, error) : r.result;
}
