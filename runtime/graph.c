/*
 * Pictures of a policy: which are wanted, and the lists of nodes and edges they are made of.
 */
#include "graph.h"

#include <assert.h>
#include <string.h>

#include "limits.h"
#include "machine.h"
#include "policy.h"

/* ---- making lists ---- */

bl_text bl_graph_built(bl_graph *graph)
{
    bl_buffer *scratch = &graph->scratch;
    const char *copy = scratch->failed
                           ? NULL
                           : bl_arena_copy(&graph->arena, scratch->bytes ? scratch->bytes : "",
                                           scratch->size);
    const bl_text text = {copy ? copy : "", copy ? scratch->size : 0};
    if (!copy) graph->has_failed = true;
    bl_buffer_clear(scratch);
    return text;
}

void bl_graph_picture_begin(bl_graph *graph, bl_text id, bl_text title, bool is_sideways)
{
    if (!bl_vector_reserve(graph->memory, &graph->pictures, 1)) {
        graph->has_failed = true;
        return;
    }
    graph->pictures.items[graph->pictures.count++] = (bl_graph_picture){
        .id = id,
        .title = title,
        .nodes = {(uint32_t)graph->nodes.count, 0},
        .edges = {(uint32_t)graph->edges.count, 0},
        .is_sideways = is_sideways};
}

void bl_graph_picture_end(bl_graph *graph)
{
    if (graph->has_failed) return;
    bl_graph_picture *picture = &graph->pictures.items[graph->pictures.count - 1];
    picture->nodes.count = (uint32_t)graph->nodes.count - picture->nodes.first;
    picture->edges.count = (uint32_t)graph->edges.count - picture->edges.first;
}

uint32_t bl_graph_node_add(bl_graph *graph, bl_graph_sort sort, bl_text id, const char *table,
                           uint32_t index, bl_span span)
{
    if (graph->has_failed || !bl_vector_reserve(graph->memory, &graph->nodes, 1)) {
        graph->has_failed = true;
        return BL_NONE;
    }
    bl_buffer_text(&graph->scratch, graph->pictures.items[graph->pictures.count - 1].id);
    bl_buffer_char(&graph->scratch, '.');
    bl_buffer_text(&graph->scratch, id);
    graph->nodes.items[graph->nodes.count] = (bl_graph_node){
        .sort = sort,
        .id = bl_graph_built(graph),
        .table = table,
        .index = index,
        .first_line = (uint32_t)graph->lines.count,
        .span = span};
    return (uint32_t)graph->nodes.count++;
}

void bl_graph_line_add(bl_graph *graph, bl_text line)
{
    if (line.size == 0 || graph->has_failed) return;
    if (!bl_vector_reserve(graph->memory, &graph->lines, 1)) {
        graph->has_failed = true;
        return;
    }
    graph->lines.items[graph->lines.count++] = line;
    graph->nodes.items[graph->nodes.count - 1].line_count++;
}

void bl_graph_line_built(bl_graph *graph)
{
    bl_graph_line_add(graph, bl_graph_built(graph));
}

void bl_graph_edge_add(bl_graph *graph, uint32_t from, uint32_t to, bl_text label, bool is_dashed)
{
    if (from == BL_NONE || to == BL_NONE || from == to || graph->has_failed) return;
    if (!bl_vector_reserve(graph->memory, &graph->edges, 1)) {
        graph->has_failed = true;
        return;
    }
    graph->edges.items[graph->edges.count++] = (bl_graph_edge){from, to, label, is_dashed};
}

/* ---- words ---- */

bl_text bl_graph_name(const bl_graph *graph, uint32_t name)
{
    return bl_names_text(graph->program->names, name);
}

#define SNIPPET_MOST 160 /* bytes of a clause that a line shows */

void bl_graph_say_span(bl_graph *graph, bl_span span)
{
    if (span.file >= graph->program->source_count) return;
    bl_source_snippet(&graph->program->sources[span.file], span, SNIPPET_MOST, &graph->scratch);
}

/* The value of a chunk that is a constant, or calls what is one; NULL where it is none. */
static const bl_value *constant_of(const bl_program *program, uint32_t chunk)
{
    for (int depth = 0; depth < BL_CALL_DEPTH_MAX && chunk < program->chunk_count; depth++) {
        const bl_chunk *code = &program->chunks[chunk];
        if (code->count != 2) return NULL;
        const bl_instruction *first = &program->code[code->first];
        if (first->op == OP_CONSTANT) return &program->constants[first->b];
        if (first->op != OP_CALL) return NULL;
        chunk = program->functions[first->b].chunk;
    }
    return NULL;
}

void bl_graph_say_chunk(bl_graph *graph, uint32_t chunk)
{
    if (chunk == BL_NONE) return;
    const bl_value *value = constant_of(graph->program, chunk);
    if (value && value->base == BL_BASE_DURATION)
        bl_duration_write(&graph->scratch, value->as.duration);
    else if (value && value->base == BL_BASE_NUMBER)
        bl_rational_write(&graph->scratch, value->as.number);
    else
        bl_graph_say_span(graph, graph->program->chunks[chunk].span);
}

const char *bl_graph_sort_word(bl_graph_sort sort)
{
    switch (sort) {
    case BL_GRAPH_START: return "start";
    case BL_GRAPH_REFUSED: return "refused";
    case BL_GRAPH_STAGE: return "stage";
    case BL_GRAPH_RUNG: return "rung";
    case BL_GRAPH_VETO: return "veto";
    case BL_GRAPH_OVERRIDE: return "override";
    case BL_GRAPH_DISPUTE: return "dispute";
    case BL_GRAPH_END: return "end";
    case BL_GRAPH_EFFECT: return "effect";
    case BL_GRAPH_ROLE: return "role";
    case BL_GRAPH_KIND: return "kind";
    case BL_GRAPH_BODY: return "body";
    case BL_GRAPH_EVENT: return "event";
    }
    return "?";
}

/* ---- which are wanted ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == ',';
}

/* The next word of a list with blanks or commas between; empty at the end. */
static bl_text next_word(bl_text *rest)
{
    while (rest->size > 0 && is_blank(rest->bytes[0])) {
        rest->bytes++;
        rest->size--;
    }
    bl_text word = {rest->bytes, 0};
    while (word.size < rest->size && !is_blank(word.bytes[word.size]))
        word.size++;
    rest->bytes += word.size;
    rest->size -= word.size;
    return word;
}

static uint32_t find_kind(const bl_program *program, bl_text name)
{
    for (uint32_t i = 0; i < program->kind_count; i++)
        if (bl_text_equal(bl_names_text(program->names, program->kinds[i].name), name)) return i;
    return BL_NONE;
}

/* What is asked for twice is drawn once. */
static void draw_life(bl_graph *graph, uint32_t kind)
{
    const bl_text name = bl_graph_name(graph, graph->program->kinds[kind].name);
    for (size_t i = 0; i < graph->pictures.count; i++)
        if (!graph->pictures.items[i].is_sideways &&
            bl_text_equal(graph->pictures.items[i].id, name))
            return;
    bl_graph_life(graph, kind);
}

static void draw_lives(bl_graph *graph)
{
    for (uint32_t i = 0; i < graph->program->kind_count; i++)
        draw_life(graph, i);
}

static void draw_roles(bl_graph *graph)
{
    for (size_t i = 0; i < graph->pictures.count; i++)
        if (graph->pictures.items[i].is_sideways) return;
    bl_graph_roles(graph);
}

/* False: there is nothing of that name. */
static bool draw_word(bl_graph *graph, bl_text word)
{
    const uint32_t kind = find_kind(graph->program, word);
    if (kind != BL_NONE)
        draw_life(graph, kind);
    else if (bl_text_equal(word, BL_TEXT("life")))
        draw_lives(graph);
    else if (bl_text_equal(word, BL_TEXT("roles")))
        draw_roles(graph);
    else
        return false;
    return true;
}

static bool draw(bl_graph *graph, bl_text what)
{
    bl_text rest = what, word = next_word(&rest);
    if (word.size == 0) {
        draw_lives(graph);
        draw_roles(graph);
        return true;
    }
    for (; word.size > 0; word = next_word(&rest))
        if (!draw_word(graph, word)) return false;
    return true;
}

static void write_words(const bl_program *program, bl_buffer *out)
{
    bl_buffer_cstring(out, "life, roles");
    for (uint32_t i = 0; i < program->kind_count; i++) {
        bl_buffer_cstring(out, ", ");
        bl_buffer_text(out, bl_names_text(program->names, program->kinds[i].name));
    }
}

static void write_form(bl_graph *graph, bylaw_format format, bl_buffer *out)
{
    switch (format) {
    case BYLAW_SVG: bl_graph_write_svg(graph, out); return;
    case BYLAW_DOT: bl_graph_write_dot(graph, out); return;
    case BYLAW_JSON: bl_graph_write_json(graph, out); return;
    case BYLAW_TEXT:
    case BYLAW_MARKDOWN:
    case BYLAW_HTML: bl_graph_write_text(graph, out); return;
    }
}

bylaw_status bylaw_policy_graph(const bylaw_policy *policy, bylaw_text what, bylaw_format format,
                                bylaw_writer out)
{
    assert(policy && out.write);
    const bl_program *program = bl_policy_program(policy);
    if (!program) return BYLAW_ERRORS;
    bl_graph graph = {.program = program, .memory = program->arena->memory};
    bl_arena_init(&graph.arena, graph.memory);
    bl_buffer_init(&graph.scratch, graph.memory);
    bl_buffer text;
    bl_buffer_init(&text, graph.memory);
    bylaw_status status = BYLAW_OK;
    if (!draw(&graph, (bl_text){what.bytes, what.size})) {
        status = BYLAW_NO_WORD;
        write_words(program, &text);
    } else if (!graph.has_failed) {
        write_form(&graph, format, &text);
    }
    if (graph.is_too_large) status = BYLAW_LIMIT;
    if (graph.has_failed || graph.scratch.failed || text.failed) status = BYLAW_NOMEM;
    if (status == BYLAW_OK || status == BYLAW_NO_WORD)
        out.write(out.context, text.bytes ? text.bytes : "", text.size);
    bl_buffer_free(&text);
    bl_buffer_free(&graph.scratch);
    bl_vector_free(graph.memory, &graph.lines);
    bl_vector_free(graph.memory, &graph.nodes);
    bl_vector_free(graph.memory, &graph.edges);
    bl_vector_free(graph.memory, &graph.pictures);
    bl_arena_destroy(&graph.arena);
    return status;
}
