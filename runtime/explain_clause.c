/*
 * Clauses in their own words, and the conditions of a vote part by part with their numbers.
 *
 * A clause is found again by its place: it begins on that line, and the deeper indented lines
 * below belong to it. The numbers of a closed vote are told only where they can be told as they
 * were: sums stay as closing froze them, but the world goes on.
 */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

#define CLAUSE_SHOWN_MAX 160 /* bytes; longer ones are cut */

/* ---- words ---- */

static const bl_source *find_source(const bl_program *program, bl_text name)
{
    for (uint32_t i = 0; i < program->source_count; i++)
        if (bl_text_equal(program->sources[i].name, name)) return &program->sources[i];
    return NULL;
}

static size_t indent_of(bl_text line)
{
    size_t indent = 0;
    while (indent < line.size && (line.bytes[indent] == ' ' || line.bytes[indent] == '\t'))
        indent++;
    return indent;
}

/* The bytes of a line, and of those that go on with it. */
static bl_span clause_span(const bl_source *source, uint32_t line, bool with_more)
{
    const bl_text first = bl_source_line(source, line);
    const uint32_t start = source->line_starts[line - 1];
    bl_span span = {0, start, start + (uint32_t)first.size};
    while (with_more && line < source->line_count) {
        const bl_text more = bl_source_line(source, ++line);
        const size_t indent = indent_of(more);
        if (indent == more.size || indent <= indent_of(first)) break;
        span.end = source->line_starts[line - 1] + (uint32_t)more.size;
    }
    return span;
}

/* Writes it without the brace that opens a block; false: a brace was there. */
static bool put_words(bl_buffer *out, const bl_source *source, uint32_t line, bool with_more)
{
    const size_t mark = out->size;
    bl_source_snippet(source, clause_span(source, line, with_more), CLAUSE_SHOWN_MAX, out);
    if (out->failed || out->size == mark || out->bytes[out->size - 1] != '{') return true;
    do
        out->size--;
    while (out->size > mark && out->bytes[out->size - 1] == ' ');
    return false;
}

bylaw_text bl_clause_words(bl_engine *engine, bylaw_text place)
{
    size_t colon = place.size;
    while (colon > 0 && place.bytes[colon - 1] != ':')
        colon--;
    const bylaw_text nothing = {NULL, 0};
    if (colon == 0) return nothing;
    const bl_source *source = find_source(engine->program, (bl_text){place.bytes, colon - 1});
    uint32_t line = 0;
    for (size_t i = colon; i < place.size; i++)
        line = line * 10 + (uint32_t)(place.bytes[i] - '0');
    if (!source || line == 0 || line > source->line_count || source->content.size == 0)
        return nothing;
    const size_t mark = engine->buffer.size;
    if (put_words(&engine->buffer, source, line, false)) {
        if (!engine->buffer.failed) engine->buffer.size = mark;
        put_words(&engine->buffer, source, line, true);
    }
    return bl_say_built(engine, mark);
}

/* ---- conditions ---- */

typedef struct part {
    const bl_teller *t;
    const bl_stage *stage;
    const char *name; /* "passes" */
    bool is_json;
} part;

/* What a leaf came to. */
typedef struct leaf {
    bool is_known, has_sides, holds;
    bl_rational left, right;
} leaf;

static bl_result run_number(const part *p, uint32_t chunk, bl_rational *out)
{
    const bl_context context = bl_stage_context(p->t->engine, p->stage);
    bl_value value;
    const bl_result result = bl_vm_value(p->t->engine, chunk, &context, p->stage->arguments,
                                         p->stage->argument_count, BL_BASE_NUMBER, &value);
    if (result == BL_OK) *out = value.as.number;
    return result;
}

static bool is_outside(const bl_program *program, const bl_condition *row)
{
    for (uint32_t i = 0; i < row->terms.count; i++)
        if (program->aggregates[program->terms[row->terms.first + i].aggregate].is_outside)
            return true;
    return false;
}

/* A closed vote is told from sums alone, which are as they were. */
static leaf look_at(const part *p, uint32_t condition)
{
    bl_engine *engine = p->t->engine;
    const bl_condition *row = &engine->program->conditions[condition];
    leaf found = {0};
    const bool is_compare = row->kind == BL_CONDITION_COMPARE;
    const bool is_frozen = is_compare && row->is_linear && !is_outside(engine->program, row);
    if (p->stage->state == BL_STAGE_CLOSED && !is_frozen) return found;
    found.is_known = bl_condition_now(engine, p->stage, condition, &found.holds) == BL_OK;
    if (!found.is_known || !is_compare || row->left_chunk == BL_NONE || row->right_chunk == BL_NONE)
        return found;
    if (run_number(p, row->left_chunk, &found.left) != BL_OK ||
        run_number(p, row->right_chunk, &found.right) != BL_OK)
        return found;
    /* The sides may read what changed since: then they no longer say what the sums say. */
    const int sign = bl_rational_compare(found.left, found.right);
    found.has_sides = bl_comparison_holds(row->comparison, sign) == found.holds;
    return found;
}

static const char *const signs[] = {"<", "<=", ">", ">=", "==", "!="};

static void tell_leaf(const part *p, uint32_t condition, unsigned depth)
{
    const bl_condition *row = &p->t->engine->program->conditions[condition];
    const leaf found = look_at(p, condition);
    bl_buffer *out = p->t->out;
    bl_tell_indent(p->t, depth + 1);
    bl_buffer_format(out, "`%.*s`", BL_SAID(row->text));
    if (found.has_sides) {
        bl_buffer_cstring(out, ": ");
        bl_rational_write(out, found.left);
        bl_buffer_format(out, " %s ", signs[row->comparison]);
        bl_rational_write(out, found.right);
    }
    bl_buffer_cstring(out, !found.is_known ? "\n"
                           : found.holds   ? ", holds\n"
                                           : ", does not hold\n");
}

static void write_start(const part *p, unsigned depth)
{
    bl_buffer_cstring(p->t->out, "{\"type\":\"condition\",\"proposal\":");
    bl_json_write_text(p->t->out, bl_proposal_id(p->t->engine, p->t->proposal));
    bl_buffer_format(p->t->out, ",\"stage\":%u,\"part\":\"%s\",\"depth\":%u", p->stage->number,
                     p->name, depth);
}

static void write_leaf(const part *p, uint32_t condition, unsigned depth)
{
    const bl_condition *row = &p->t->engine->program->conditions[condition];
    const leaf found = look_at(p, condition);
    bl_buffer *out = p->t->out;
    write_start(p, depth);
    bl_buffer_cstring(out, ",\"text\":");
    bl_json_write_text(out, row->text);
    if (found.has_sides) {
        bl_buffer_cstring(out, ",\"left\":");
        bl_json_write_number(out, found.left);
        bl_buffer_cstring(out, ",\"right\":");
        bl_json_write_number(out, found.right);
    }
    if (found.is_known) bl_buffer_format(out, ",\"holds\":%s", found.holds ? "true" : "false");
    bl_buffer_cstring(out, "}\n");
}

/* Parts of `a and b and c` stand side by side. */
static void tell_tree(const part *p, uint32_t condition, unsigned depth, int outer, int nesting)
{
    static const char *const joins[] = {"and", "or", "not"};
    static const char *const heads[] = {"all of these:\n", "one of these:\n", "not this:\n"};
    if (condition == BL_NONE || nesting > BL_AST_DEPTH_MAX) return;
    const bl_condition *row = &p->t->engine->program->conditions[condition];
    if (row->kind == BL_CONDITION_COMPARE || row->kind == BL_CONDITION_TEST) {
        (p->is_json ? write_leaf : tell_leaf)(p, condition, depth);
        return;
    }
    const int kind = (int)row->kind;
    const bool is_new = kind != outer || row->kind == BL_CONDITION_NOT;
    if (is_new && p->is_json) {
        write_start(p, depth);
        bl_buffer_format(p->t->out, ",\"joins\":\"%s\"}\n", joins[kind]);
    } else if (is_new) {
        bl_tell_indent(p->t, depth + 1);
        bl_buffer_cstring(p->t->out, heads[kind]);
    }
    if (is_new) depth++;
    tell_tree(p, row->left, depth, kind, nesting + 1);
    tell_tree(p, row->right, depth, kind, nesting + 1);
}

void bl_tell_condition(const bl_teller *t, const bl_stage *stage, const char *name,
                       uint32_t condition)
{
    if (condition == BL_NONE) return;
    bl_tell_indent(t, 0);
    bl_buffer_format(t->out, "%s:\n", name);
    tell_tree(&(part){t, stage, name, false}, condition, 0, -1, 0);
}

void bl_write_condition(const bl_teller *t, const bl_stage *stage, const char *name,
                        uint32_t condition)
{
    tell_tree(&(part){t, stage, name, true}, condition, 0, -1, 0);
}
