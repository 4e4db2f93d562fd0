/*
 * Names: one symbol for every declaration, in one namespace, and the words for types.
 *
 * Symbols and empty rows come first, in the order of writing, so that everything later can refer to
 * everything. What the rows hold is filled in by declare.c and the check_*.c files.
 */
#include <string.h>

#include "check.h"
#include "library.h"

/* Words that mean something of their own wherever an expression or a type stands. */
static const char *const reserved_words[] = {
    "approve", "reject",  "abstain",   "cast",     "body", "author", "proposal", "conflicted",
    "anyone",  "now",     "min",       "max",      "sqrt", "floor",  "ceiling",  "size",
    "number",  "boolean", "text",      "duration", "date", "time",   "person",   "organization",
    "agent",   "role",    "procedure", "actor",    "true", "false",
};

static bool is_reserved(bl_text name)
{
    for (size_t i = 0; i < sizeof reserved_words / sizeof *reserved_words; i++)
        if (bl_text_equal(name, bl_text_of(reserved_words[i]))) return true;
    return false;
}

static bool is_verb(bl_text name)
{
    for (unsigned i = 0; i < BL_VERB_COUNT; i++)
        if (bl_text_equal(name, bl_text_of(bl_verb_word((bl_verb)i)))) return true;
    return false;
}

bool bl_check_nomem(bl_compiler *compiler)
{
    compiler->out_of_memory = true;
    return false;
}

bool bl_check_memory(const bl_compiler *compiler)
{
    return !compiler->out_of_memory && !compiler->diagnostics->out_of_memory;
}

bl_span bl_name_span(const bl_node *node)
{
    return node->name_span.file == BL_NONE ? node->span : node->name_span;
}

bl_text bl_symbol_text(const bl_compiler *compiler, const bl_symbol *symbol)
{
    return bl_names_text(compiler->program->names, symbol->name);
}

bool bl_program_text(bl_compiler *compiler, bl_text text, bl_text *out)
{
    char *copy = bl_arena_copy(compiler->program->arena, text.bytes, text.size);
    if (!copy) return bl_check_nomem(compiler);
    *out = (bl_text){copy, text.size};
    return true;
}

bool bl_program_title(bl_compiler *compiler, const bl_node *title, bl_text *out)
{
    return !title || bl_program_text(compiler, title->name, out);
}

/* ---- declaring ---- */

bool bl_symbol_kind_of(const bl_node *node, bl_symbol_kind *out)
{
    static const struct {
        bl_node_kind node;
        bl_symbol_kind symbol;
    } kinds[] = {
        {BL_NODE_SCOPE, BL_SYMBOL_SCOPE},       {BL_NODE_ROLE, BL_SYMBOL_ROLE},
        {BL_NODE_BODY, BL_SYMBOL_BODY},         {BL_NODE_LADDER, BL_SYMBOL_LADDER},
        {BL_NODE_PROPOSAL, BL_SYMBOL_KIND},     {BL_NODE_PROCEDURE, BL_SYMBOL_PROCEDURE},
        {BL_NODE_EVENT, BL_SYMBOL_EVENT},       {BL_NODE_LET, BL_SYMBOL_LET},
        {BL_NODE_FUNCTION, BL_SYMBOL_FUNCTION},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (node->kind == kinds[i].node) {
            *out = kinds[i].symbol;
            return true;
        }
    return false;
}

/* The words of a kind of symbol: "role", "proposal kind". */
static const char *symbol_words(bl_symbol_kind kind)
{
    switch (kind) {
    case BL_SYMBOL_SCOPE: return "scope";
    case BL_SYMBOL_ROLE: return "role";
    case BL_SYMBOL_BODY: return "body";
    case BL_SYMBOL_LADDER: return "ladder";
    case BL_SYMBOL_KIND: return "proposal kind";
    case BL_SYMBOL_PROCEDURE: return "procedure";
    case BL_SYMBOL_EVENT: return "event";
    case BL_SYMBOL_LET: return "constant";
    case BL_SYMBOL_FUNCTION: return "function";
    }
    return "";
}

static const char *article(const char *words)
{
    return words[0] && bl_text_contains(BL_TEXT("aeio"), (bl_text){words, 1}) ? "an" : "a";
}

static uint32_t add_row(bl_compiler *compiler, bl_symbol_kind kind, uint32_t name, bl_span span)
{
    bl_program *program = compiler->program;
#define ADD(table)                                                                                 \
    {                                                                                              \
        if (!bl_table_row(compiler, table)) return BL_NONE;                                        \
        program->table##s[program->table##_count - 1].name = name;                                 \
        program->table##s[program->table##_count - 1].span = span;                                 \
        return program->table##_count - 1;                                                         \
    }
    switch (kind) {
    case BL_SYMBOL_SCOPE: ADD(scope)
    case BL_SYMBOL_ROLE: ADD(role)
    case BL_SYMBOL_KIND: ADD(kind)
    case BL_SYMBOL_PROCEDURE: ADD(procedure)
    case BL_SYMBOL_EVENT: ADD(event)
    case BL_SYMBOL_LET:
    case BL_SYMBOL_FUNCTION: ADD(function)
    case BL_SYMBOL_BODY:
    case BL_SYMBOL_LADDER: return BL_NONE;
    }
#undef ADD
    return BL_NONE;
}

static bool name_is_free(bl_compiler *compiler, bl_symbol_kind kind, const bl_node *node)
{
    if (is_reserved(node->name) || (kind == BL_SYMBOL_EVENT && is_verb(node->name))) {
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0203, bl_name_span(node),
                                   "`%.*s` is a word of the language and cannot name %s %s",
                                   BL_NAME_ARGUMENT(node->name), article(symbol_words(kind)),
                                   symbol_words(kind));
        bl_diag_label(compiler->diagnostics, d, "choose another name");
        return false;
    }
    const bl_symbol *first = bl_symbol_find(compiler, node->name);
    if (!first) return true;
    const bl_span there = bl_name_span(first->node);
    const bool is_of_library = first->kind == kind && there.file != bl_name_span(node).file;
    const bl_slip slip = {.kind = is_of_library ? BL_SLIP_FILE : BL_SLIP_NONE,
                          .declared = {there.file, 0, 0}};
    bl_diagnostic *d = bl_diag_slip(compiler->diagnostics, BL_B0202, bl_name_span(node), &slip,
                                    "`%.*s` is declared twice", BL_NAME_ARGUMENT(node->name));
    bl_diag_label(compiler->diagnostics, d, "declared again here");
    bl_diag_note(compiler->diagnostics, d, there, "the first is %s %s here",
                 article(symbol_words(first->kind)), symbol_words(first->kind));
    if (is_of_library)
        bl_diag_help(compiler->diagnostics, d,
                     "leave out one of the two: this one, or the `use` that brings in the other");
    return false;
}

static bool declare(bl_compiler *compiler, const bl_memory *memory, bl_symbol_kind kind,
                    bl_node *node)
{
    if (!name_is_free(compiler, kind, node)) return true;
    uint32_t name = bl_emit_name(compiler, node->name);
    if (name == BL_NONE) return bl_check_nomem(compiler);
    uint32_t index = add_row(compiler, kind, name, bl_name_span(node));
    bool has_row = kind != BL_SYMBOL_BODY && kind != BL_SYMBOL_LADDER;
    if (has_row && index == BL_NONE) return bl_check_nomem(compiler);
    compiler->symbols[compiler->symbol_count] = (bl_symbol){kind, name, index, node, false};
    if (!bl_map_put(memory, &compiler->symbol_of_name, name, compiler->symbol_count))
        return bl_check_nomem(compiler);
    compiler->symbol_count++;
    return true;
}

bool bl_symbols_declare(bl_compiler *compiler)
{
    size_t most = 0;
    for (const bl_node *node = compiler->declarations; node; node = node->next)
        most++;
    compiler->symbols = bl_arena_array(compiler->arena, most, sizeof *compiler->symbols);
    if (!compiler->symbols) return bl_check_nomem(compiler);
    for (bl_node *node = compiler->declarations; node; node = node->next) {
        bl_symbol_kind kind;
        if (bl_symbol_kind_of(node, &kind) &&
            !declare(compiler, compiler->arena->memory, kind, node))
            return false;
    }
    return true;
}

/* ---- finding ---- */

bl_symbol *bl_symbol_find(const bl_compiler *compiler, bl_text name)
{
    uint32_t number = bl_names_find(compiler->program->names, name);
    if (number == BL_NONE) return NULL;
    uint32_t symbol = bl_map_get(&compiler->symbol_of_name, number);
    return symbol == BL_NONE ? NULL : &compiler->symbols[symbol];
}

/* The nearest declared name of the kinds, near enough to be meant; NULL. */
static const bl_symbol *nearest(const bl_compiler *compiler, bl_text name, unsigned kinds)
{
    size_t best_distance = name.size < 4 ? 1 : name.size < 8 ? 2 : 3;
    const bl_symbol *best = NULL;
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (!(kinds & BL_SYMBOL_BIT(symbol->kind))) continue;
        size_t distance = bl_text_distance(name, bl_symbol_text(compiler, symbol), best_distance);
        if (distance > best_distance || (best && distance == best_distance)) continue;
        best = symbol;
        best_distance = distance;
    }
    return best;
}

/* What people call an outcome or a state that has another word here. */
const char *bl_outcome_meant(bl_text word)
{
    static const struct {
        const char *said, *meant;
    } rows[] = {
        {"approved", "accepted"},   {"passed", "accepted"},     {"adopted", "accepted"},
        {"granted", "accepted"},    {"refused", "rejected"},    {"failed", "rejected"},
        {"declined", "rejected"},   {"denied", "rejected"},     {"blocked", "vetoed"},
        {"appealed", "disputed"},   {"expired", "lapsed"},      {"closed", "final"},
        {"settled", "final"},       {"cancelled", "withdrawn"}, {"canceled", "withdrawn"},
        {"retracted", "withdrawn"}, {"pending", "open"},        {"proposed", "opened"},
        {"raised", "opened"},       {"won", "elected"},         {"chosen", "elected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bl_text_equal(word, bl_text_of(rows[i].said))) return rows[i].meant;
    return NULL;
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= '0' && byte <= '9');
}

/* Whether std/procedures declares a procedure of this name: each does at the beginning of a line.
 */
static bool is_in_library(bl_text name)
{
    static const bl_text lead = {"\nprocedure ", 11};
    for (size_t i = 0; i < bl_library_file_count; i++) {
        const bl_library_file *file = &bl_library_files[i];
        if (strcmp(file->path, "std/procedures") != 0) continue;
        const char *bytes = (const char *)file->bytes;
        for (size_t at = 0; at + lead.size + name.size < file->size; at++)
            if (memcmp(bytes + at, lead.bytes, lead.size) == 0 &&
                memcmp(bytes + at + lead.size, name.bytes, name.size) == 0 &&
                !is_name_byte(bytes[at + lead.size + name.size]))
                return true;
    }
    return false;
}

static void put_listed(const bl_compiler *compiler, unsigned kinds, bool of_main_file,
                       uint32_t *count, bl_buffer *list)
{
    enum { LISTED_MAX = 5 };
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (!(kinds & BL_SYMBOL_BIT(symbol->kind))) continue;
        if ((symbol->node->span.file == 0) != of_main_file || ++*count > LISTED_MAX) continue;
        if (*count > 1) bl_buffer_cstring(list, ", ");
        bl_buffer_char(list, '`');
        bl_buffer_text(list, bl_symbol_text(compiler, symbol));
        bl_buffer_char(list, '`');
    }
    if (!of_main_file && *count > LISTED_MAX)
        bl_buffer_format(list, " and %u more", *count - LISTED_MAX);
}

/* Some names that could have been meant, where none is near; the policy's own come first. Where
 * names of many sorts could, a procedure hardly is. */
static void list_declared(bl_compiler *compiler, bl_diagnostic *d, unsigned kinds)
{
    const unsigned procedure = BL_SYMBOL_BIT(BL_SYMBOL_PROCEDURE);
    if (kinds != procedure) kinds &= ~procedure;
    bl_buffer list;
    uint32_t count = 0;
    bl_buffer_init(&list, compiler->arena->memory);
    put_listed(compiler, kinds, true, &count, &list);
    put_listed(compiler, kinds, false, &count, &list);
    if (list.failed)
        compiler->out_of_memory = true;
    else if (count > 0)
        bl_diag_help(compiler->diagnostics, d, "%s %.*s",
                     count == 1 ? "declared is" : "declared are", (int)list.size, list.bytes);
    bl_buffer_free(&list);
}

/* What people call a procedure of the library that has another name; NULL. */
static const char *procedure_meant(const bl_compiler *compiler, bl_text name)
{
    static const struct {
        const char *said, *procedure, *meant;
    } rows[] = {
        {"two_thirds", "supermajority", "supermajority(2/3)"},
        {"two_thirds_majority", "supermajority", "supermajority(2/3)"},
        {"qualified_majority", "supermajority", "supermajority(2/3)"},
        {"three_quarters", "supermajority", "supermajority(3/4)"},
        {"three_quarters_majority", "supermajority", "supermajority(3/4)"},
        {"absolute_majority", "more_than_half", "more_than_half"},
        {"unanimous", "unanimity", "unanimity"},
        {"all", "unanimity", "unanimity"},
        {"anyone", "fiat", "fiat"},
        {"alone", "fiat", "fiat"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bl_text_equal(name, bl_text_of(rows[i].said)) &&
            bl_symbol_find(compiler, bl_text_of(rows[i].procedure)))
            return rows[i].meant;
    return NULL;
}

void bl_advise_missing(bl_compiler *compiler, bl_diagnostic *d, bl_text name, unsigned kinds,
                       const char *what)
{
    bl_diagnostics *diagnostics = compiler->diagnostics;
    const bl_symbol *near = nearest(compiler, name, kinds);
    bool is_library = is_in_library(name);
    const bool wants_procedure = strcmp(what, "procedure") == 0;
    const char *meant = wants_procedure ? procedure_meant(compiler, name) : NULL;
    if (meant) {
        bl_diag_help(diagnostics, d, "did you mean `%s`?", meant);
    } else if (is_library && wants_procedure) {
        bl_diag_help(diagnostics, d,
                     "it is a procedure of the library: add `use \"std/procedures\"`");
    } else if (near) {
        bl_text text = bl_symbol_text(compiler, near);
        bl_diag_help(diagnostics, d, "did you mean `%.*s`?", BL_NAME_ARGUMENT(text));
    } else if (is_library) {
        bl_diag_help(
            diagnostics, d,
            "it is a procedure of \"std/procedures\"; a condition says how many of whom, as "
            "in `approve > 1/2 of body`");
    } else {
        list_declared(compiler, d, kinds);
    }
}

/* What a message points at; empty where that is no text of a source. */
static bl_text text_at(const bl_compiler *compiler, const bl_diagnostic *d)
{
    const bl_program *program = compiler->program;
    if (d->span.file >= program->source_count) return BL_TEXT("");
    const bl_text text = program->sources[d->span.file].content;
    if (d->span.end > text.size) return BL_TEXT("");
    return (bl_text){text.bytes + d->span.start, d->span.end - d->span.start};
}

/* The message about the same slip in another place: the same name, or, where a library was not
 * brought in, another procedure of it. */
static bl_diagnostic *told_before(bl_compiler *compiler, bl_text name, bool is_of_library)
{
    for (bl_diagnostic *d = compiler->diagnostics->first; d; d = d->next) {
        if (d->code != BL_B0201) continue;
        const bl_text told = text_at(compiler, d);
        if (bl_text_equal(told, name) || (is_of_library && is_in_library(told))) return d;
    }
    return NULL;
}

bl_diagnostic *bl_report_unknown(bl_compiler *compiler, bl_span span, bl_text name,
                                 const char *what)
{
    const bool is_of_library = strcmp(what, "procedure") == 0 && is_in_library(name);
    bl_diagnostic *before = told_before(compiler, name, is_of_library);
    if (before) {
        bl_diag_again(compiler->diagnostics, before, span);
        return NULL;
    }
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0201, span, "no %s `%.*s`", what,
                               BL_NAME_ARGUMENT(name));
    bl_diag_label(compiler->diagnostics, d, "not declared");
    return d;
}

static void advise_other(bl_compiler *compiler, bl_diagnostic *d, const bl_symbol *other,
                         unsigned kinds, const char *what)
{
    const bl_text name = bl_symbol_text(compiler, other);
    if (other->kind == BL_SYMBOL_ROLE && strcmp(what, "type") == 0)
        bl_diag_help(compiler->diagnostics, d,
                     "the type of people is `person`; what they hold is asked in a condition: "
                     "`… is %.*s`",
                     BL_NAME_ARGUMENT(name));
    else if (other->kind == BL_SYMBOL_ROLE && strcmp(what, "scope") == 0)
        bl_diag_help(compiler->diagnostics, d,
                     "`of` tells what a role is for; who can hold it is a clause: `{ from %.*s }`",
                     BL_NAME_ARGUMENT(name));
    else if (other->kind == BL_SYMBOL_BODY && strcmp(what, "role") == 0)
        bl_diag_help(compiler->diagnostics, d,
                     "who is in a body follows from the roles it is made of: name one of those");
    else if (other->kind == BL_SYMBOL_PROCEDURE && (kinds & BL_SYMBOL_BIT(BL_SYMBOL_ROLE)))
        bl_diag_help(compiler->diagnostics, d,
                     "who decides comes first, then how: `decided by ROLE using %.*s`",
                     BL_NAME_ARGUMENT(name));
}

/* A name that is something else: once, with the other places where the same is wanted of it. */
static void report_other(bl_compiler *compiler, bl_span span, const bl_symbol *other,
                         unsigned kinds, const char *what)
{
    bl_diagnostics *diagnostics = compiler->diagnostics;
    const bl_text name = bl_symbol_text(compiler, other);
    const bool wants_people = kinds & BL_SYMBOL_BIT(BL_SYMBOL_ROLE);
    const bl_slip slip = {BL_SLIP_SORT, bl_name_span(other->node),
                          wants_people ? BL_TEXT("role") : bl_text_of(what)};
    bl_diagnostic *d = bl_diag_slip(
        diagnostics, BL_B0207, span, &slip, "`%.*s` is %s %s, not %s %s", BL_NAME_ARGUMENT(name),
        article(symbol_words(other->kind)), symbol_words(other->kind), article(what), what);
    bl_diag_label(diagnostics, d, "%s %s is expected here", article(what), what);
    advise_other(compiler, d, other, kinds, what);
    bl_diag_note(diagnostics, d, bl_name_span(other->node), "it is declared here");
}

void bl_symbol_missing(bl_compiler *compiler, bl_span span, bl_text name, unsigned kinds,
                       const char *what)
{
    const bl_symbol *other = bl_symbol_find(compiler, name);
    if (other) {
        report_other(compiler, span, other, kinds, what);
        return;
    }
    bl_diagnostic *d = bl_report_unknown(compiler, span, name, what);
    if (d) bl_advise_missing(compiler, d, name, kinds, what);
}

bl_symbol *bl_symbol_of_node(bl_compiler *compiler, const bl_node *name, unsigned kinds,
                             const char *what)
{
    bl_symbol *symbol = bl_symbol_find(compiler, name->name);
    if (symbol && (kinds & BL_SYMBOL_BIT(symbol->kind))) return symbol;
    bl_symbol_missing(compiler, bl_name_span(name), name->name, kinds, what);
    return NULL;
}

uint32_t bl_scope_of_node(bl_compiler *compiler, const bl_node *name)
{
    if (!name) return BL_NONE;
    const bl_symbol *symbol = bl_symbol_of_node(compiler, name, BL_SYMBOL_BIT(BL_SYMBOL_SCOPE),
                                                "scope");
    return symbol ? symbol->index : BL_NONE;
}

uint32_t bl_attribute_find(const bl_compiler *compiler, uint32_t scope, bl_text name)
{
    const bl_program *program = compiler->program;
    uint32_t number = bl_names_find(program->names, name);
    if (number == BL_NONE) return BL_NONE;
    return bl_map_get(&compiler->attribute_of_name, (uint64_t)scope << 32 | number);
}

uint32_t bl_field_find(const bl_compiler *compiler, bl_range fields, bl_text name)
{
    const bl_program *program = compiler->program;
    uint32_t number = bl_names_find(program->names, name);
    if (number == BL_NONE) return BL_NONE;
    for (uint32_t i = fields.first; i < fields.first + fields.count; i++)
        if (program->fields[i].name == number) return i;
    return BL_NONE;
}

/* ---- types ---- */

static const struct {
    const char *word;
    bl_base base;
    bool is_date;
} type_words[] = {
    {"number", BL_BASE_NUMBER, false},     {"boolean", BL_BASE_BOOLEAN, false},
    {"text", BL_BASE_TEXT, false},         {"duration", BL_BASE_DURATION, false},
    {"date", BL_BASE_TIME, true},          {"time", BL_BASE_TIME, false},
    {"person", BL_BASE_ACTOR, false},      {"organization", BL_BASE_ACTOR, false},
    {"agent", BL_BASE_ACTOR, false},       {"actor", BL_BASE_ACTOR, false},
    {"role", BL_BASE_ROLE, false},         {"procedure", BL_BASE_PROCEDURE, false},
    {"proposal", BL_BASE_PROPOSAL, false},
};

/* What other languages, and people, call a type. */
static const char *type_meant(bl_text word)
{
    static const struct {
        const char *said, *meant;
    } rows[] = {
        {"integer", "number"},  {"int", "number"},    {"float", "number"},   {"decimal", "number"},
        {"money", "number"},    {"amount", "number"}, {"percent", "number"}, {"string", "text"},
        {"str", "text"},        {"words", "text"},    {"name", "text"},      {"bool", "boolean"},
        {"people", "person"},   {"human", "person"},  {"user", "person"},    {"datetime", "time"},
        {"period", "duration"}, {"days", "duration"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bl_text_equal(word, bl_text_of(rows[i].said))) return rows[i].meant;
    return NULL;
}

static const char *nearest_type(bl_text word)
{
    const char *best = NULL;
    size_t least = 3;
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        const size_t distance = bl_text_distance(word, bl_text_of(type_words[i].word), least);
        if (distance >= least) continue;
        best = type_words[i].word;
        least = distance;
    }
    return best;
}

/* Offers the type of the language that is meant, or all of them. */
static void report_no_type(bl_compiler *compiler, const bl_node *node)
{
    const char *meant = type_meant(node->name);
    if (!meant) meant = nearest_type(node->name);
    bl_diagnostic *d = bl_report_unknown(compiler, bl_name_span(node), node->name, "type");
    if (meant)
        bl_diag_help(compiler->diagnostics, d, "did you mean `%s`?", meant);
    else
        bl_diag_help(compiler->diagnostics, d,
                     "types are `number`, `text`, `boolean`, `person`, `date`, `time`, `duration`, "
                     "scopes and kinds of proposals");
}

static bool declared_type(bl_compiler *compiler, const bl_node *node, bl_type *out)
{
    const unsigned kinds = BL_SYMBOL_BIT(BL_SYMBOL_SCOPE) | BL_SYMBOL_BIT(BL_SYMBOL_KIND);
    const bool is_declared = bl_symbol_find(compiler, node->name) != NULL;
    if (!is_declared && (type_meant(node->name) || !nearest(compiler, node->name, kinds))) {
        report_no_type(compiler, node);
        return false;
    }
    const bl_symbol *symbol = bl_symbol_of_node(compiler, node, kinds, "type");
    if (!symbol) return false;
    out->base = symbol->kind == BL_SYMBOL_SCOPE ? BL_BASE_INSTANCE : BL_BASE_PROPOSAL;
    out->index = symbol->index;
    return true;
}

bool bl_type_of_node(bl_compiler *compiler, const bl_node *node, bl_type *out)
{
    *out = (bl_type){.base = BL_BASE_NOTHING,
                     .is_list = (node->flags & BL_FLAG_LIST) != 0,
                     .is_optional = (node->flags & BL_FLAG_OPTIONAL) != 0,
                     .index = BL_NONE};
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++)
        if (bl_text_equal(node->name, bl_text_of(type_words[i].word))) {
            out->base = (uint8_t)type_words[i].base;
            out->is_date = type_words[i].is_date;
            return true;
        }
    return declared_type(compiler, node, out);
}

/* The name of what a type is about, where it is about one: a scope, a kind, an event. */
static void write_indexed(const bl_compiler *compiler, bl_type type, bl_buffer *out)
{
    const bl_program *program = compiler->program;
    uint32_t name = BL_NONE;
    if (type.base == BL_BASE_INSTANCE && type.index < program->scope_count)
        name = program->scopes[type.index].name;
    if (type.base == BL_BASE_PROPOSAL && type.index < program->kind_count)
        name = program->kinds[type.index].name;
    if (type.base == BL_BASE_EVENT && type.index < program->event_count)
        name = program->events[type.index].name;
    if (name != BL_NONE)
        bl_buffer_text(out, bl_names_text(program->names, name));
    else
        bl_buffer_cstring(out, type.base == BL_BASE_INSTANCE   ? "instance of a scope"
                               : type.base == BL_BASE_PROPOSAL ? "proposal"
                                                               : "event");
}

void bl_type_write(const bl_compiler *compiler, bl_type type, bl_buffer *out)
{
    if (type.is_optional) bl_buffer_cstring(out, "optional ");
    if (type.is_list) bl_buffer_cstring(out, "list of ");
    switch ((bl_base)type.base) {
    case BL_BASE_NOTHING: bl_buffer_cstring(out, "nothing"); break;
    case BL_BASE_NUMBER: bl_buffer_cstring(out, "number"); break;
    case BL_BASE_BOOLEAN: bl_buffer_cstring(out, "boolean"); break;
    case BL_BASE_TEXT: bl_buffer_cstring(out, "text"); break;
    case BL_BASE_DURATION: bl_buffer_cstring(out, "duration"); break;
    case BL_BASE_TIME: bl_buffer_cstring(out, type.is_date ? "date" : "time"); break;
    case BL_BASE_ACTOR: bl_buffer_cstring(out, "person"); break;
    case BL_BASE_ROLE: bl_buffer_cstring(out, "role"); break;
    case BL_BASE_PROCEDURE: bl_buffer_cstring(out, "procedure"); break;
    case BL_BASE_SET: bl_buffer_cstring(out, "set of actors"); break;
    case BL_BASE_LIST: bl_buffer_cstring(out, "list"); break;
    case BL_BASE_INSTANCE:
    case BL_BASE_PROPOSAL:
    case BL_BASE_EVENT: write_indexed(compiler, type, out); break;
    }
}
