/*
 * Pictures as data: DOT for Graphviz, JSON Lines for programs, an outline in text.
 */
#include "graph.h"
#include "json.h"
#include "machine.h"

/* ---- DOT ---- */

/* A quoted text of DOT; `break_with` stands for a new line. */
static void dot_text(bl_buffer *out, bl_text text)
{
    size_t start = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (text.bytes[at] != '"' && text.bytes[at] != '\\') continue;
        bl_outcome_show(out, (bl_text){text.bytes + start, at - start});
        bl_buffer_char(out, '\\');
        start = at;
    }
    bl_outcome_show(out, (bl_text){text.bytes + start, text.size - start});
}

static void dot_quoted(bl_buffer *out, bl_text text)
{
    bl_buffer_char(out, '"');
    dot_text(out, text);
    bl_buffer_char(out, '"');
}

static const char *dot_style(bl_graph_sort sort)
{
    switch (sort) {
    case BL_GRAPH_START:
    case BL_GRAPH_END: return "rounded";
    case BL_GRAPH_REFUSED:
    case BL_GRAPH_EFFECT: return "dashed";
    case BL_GRAPH_STAGE:
    case BL_GRAPH_RUNG:
    case BL_GRAPH_VETO:
    case BL_GRAPH_OVERRIDE:
    case BL_GRAPH_DISPUTE:
    case BL_GRAPH_ROLE:
    case BL_GRAPH_KIND:
    case BL_GRAPH_BODY:
    case BL_GRAPH_EVENT: return "solid";
    }
    return "solid";
}

static void dot_node(const bl_graph *graph, const bl_graph_node *node, bl_buffer *out)
{
    bl_buffer_cstring(out, "    ");
    dot_quoted(out, node->id);
    bl_buffer_cstring(out, " [label=\"");
    for (uint32_t i = 0; i < node->line_count; i++) {
        if (i > 0) bl_buffer_cstring(out, "\\n");
        dot_text(out, graph->lines.items[node->first_line + i]);
    }
    bl_buffer_format(out, "\", style=\"%s\"];\n", dot_style(node->sort));
}

void bl_graph_write_dot(const bl_graph *graph, bl_buffer *out)
{
    bl_buffer_cstring(out, "digraph ");
    dot_quoted(out, graph->program->policy_name);
    bl_buffer_cstring(out, " {\n  node [shape=box, fontname=\"sans-serif\", fontsize=11];\n"
                           "  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (size_t p = 0; p < graph->pictures.count; p++) {
        const bl_graph_picture *picture = &graph->pictures.items[p];
        bl_buffer_format(out, "  subgraph \"cluster_%zu\" {\n    label=", p);
        dot_quoted(out, picture->title);
        bl_buffer_cstring(out, ";\n");
        for (uint32_t i = 0; i < picture->nodes.count; i++)
            dot_node(graph, &graph->nodes.items[picture->nodes.first + i], out);
        for (uint32_t i = 0; i < picture->edges.count; i++) {
            const bl_graph_edge *edge = &graph->edges.items[picture->edges.first + i];
            bl_buffer_cstring(out, "    ");
            dot_quoted(out, graph->nodes.items[edge->from].id);
            bl_buffer_cstring(out, " -> ");
            dot_quoted(out, graph->nodes.items[edge->to].id);
            bl_buffer_cstring(out, " [label=");
            dot_quoted(out, edge->label);
            bl_buffer_cstring(out, edge->is_dashed ? ", style=dashed];\n" : "];\n");
        }
        bl_buffer_cstring(out, "  }\n");
    }
    bl_buffer_cstring(out, "}\n");
}

/* ---- JSON ---- */

static void json_key(bl_buffer *out, const char *key, bl_text text)
{
    bl_buffer_format(out, ",\"%s\":", key);
    bl_json_write_text(out, text);
}

static void json_node(const bl_graph *graph, const bl_graph_picture *picture,
                      const bl_graph_node *node, bl_buffer *out)
{
    bl_buffer_cstring(out, "{\"type\":\"node\"");
    json_key(out, "picture", picture->id);
    json_key(out, "id", node->id);
    bl_buffer_format(out, ",\"sort\":\"%s\"", bl_graph_sort_word(node->sort));
    if (node->table)
        bl_buffer_format(out, ",\"table\":\"%s\",\"index\":%u", node->table, node->index);
    bl_buffer_cstring(out, ",\"lines\":[");
    for (uint32_t i = 0; i < node->line_count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, graph->lines.items[node->first_line + i]);
    }
    bl_buffer_cstring(out, "]");
    if (node->span.file < graph->program->source_count) {
        const bl_source *source = &graph->program->sources[node->span.file];
        bl_buffer_cstring(out, ",\"file\":");
        bl_json_write_text(out, source->name);
        bl_buffer_format(out, ",\"line\":%u", bl_source_place(source, node->span.start).line);
    }
    bl_buffer_cstring(out, "}\n");
}

static void json_edge(const bl_graph *graph, const bl_graph_picture *picture,
                      const bl_graph_edge *edge, bl_buffer *out)
{
    bl_buffer_cstring(out, "{\"type\":\"edge\"");
    json_key(out, "picture", picture->id);
    json_key(out, "from", graph->nodes.items[edge->from].id);
    json_key(out, "to", graph->nodes.items[edge->to].id);
    if (edge->label.size > 0) json_key(out, "label", edge->label);
    if (edge->is_dashed) bl_buffer_cstring(out, ",\"may\":true");
    bl_buffer_cstring(out, "}\n");
}

void bl_graph_write_json(const bl_graph *graph, bl_buffer *out)
{
    for (size_t p = 0; p < graph->pictures.count; p++) {
        const bl_graph_picture *picture = &graph->pictures.items[p];
        bl_buffer_cstring(out, "{\"type\":\"picture\"");
        json_key(out, "id", picture->id);
        json_key(out, "title", picture->title);
        bl_buffer_cstring(out, "}\n");
        for (uint32_t i = 0; i < picture->nodes.count; i++)
            json_node(graph, picture, &graph->nodes.items[picture->nodes.first + i], out);
        for (uint32_t i = 0; i < picture->edges.count; i++)
            json_edge(graph, picture, &graph->edges.items[picture->edges.first + i], out);
    }
}

/* ---- an outline ---- */

static bl_text name_of(const bl_graph *graph, uint32_t node)
{
    const bl_graph_node *of = &graph->nodes.items[node];
    return of->line_count > 0 ? graph->lines.items[of->first_line] : of->id;
}

static void outline_node(const bl_graph *graph, const bl_graph_picture *picture, uint32_t node,
                         bl_buffer *out)
{
    const bl_graph_node *of = &graph->nodes.items[node];
    bl_buffer_cstring(out, "  ");
    bl_outcome_show(out, name_of(graph, node));
    if (of->span.file < graph->program->source_count) {
        bl_buffer_cstring(out, "  [");
        bl_program_place(graph->program, of->span, out);
        bl_buffer_cstring(out, "]");
    }
    bl_buffer_char(out, '\n');
    for (uint32_t i = 1; i < of->line_count; i++) {
        bl_buffer_cstring(out, "      ");
        bl_outcome_show(out, graph->lines.items[of->first_line + i]);
        bl_buffer_char(out, '\n');
    }
    for (uint32_t i = 0; i < picture->edges.count; i++) {
        const bl_graph_edge *edge = &graph->edges.items[picture->edges.first + i];
        if (edge->from != node) continue;
        bl_buffer_cstring(out, "    ");
        bl_outcome_show(out, edge->label);
        bl_buffer_cstring(out, edge->label.size > 0 ? " → " : "→ ");
        bl_outcome_show(out, name_of(graph, edge->to));
        bl_buffer_char(out, '\n');
    }
}

void bl_graph_write_text(const bl_graph *graph, bl_buffer *out)
{
    for (size_t p = 0; p < graph->pictures.count; p++) {
        const bl_graph_picture *picture = &graph->pictures.items[p];
        if (p > 0) bl_buffer_char(out, '\n');
        bl_outcome_show(out, picture->title);
        bl_buffer_char(out, '\n');
        for (uint32_t i = 0; i < picture->nodes.count; i++)
            outline_node(graph, picture, picture->nodes.first + i, out);
    }
}
