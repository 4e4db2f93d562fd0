/*
 * Pictures of a policy, drawn from the compiled program, so that they cannot disagree with what
 * runs.
 *
 * The idea to have: a picture is first a list of nodes and edges, each with the row of the program
 * it stands for. All forms (SVG, DOT, JSON, text) are written from that one list.
 */
#ifndef BL_GRAPH_H
#define BL_GRAPH_H

#include "bylaw.h"
#include "program.h"

typedef enum bl_graph_sort {
    BL_GRAPH_START, /* a proposal is raised */
    BL_GRAPH_REFUSED,
    BL_GRAPH_STAGE,
    BL_GRAPH_RUNG,
    BL_GRAPH_VETO,
    BL_GRAPH_OVERRIDE, /* a stage that decides on a veto's override */
    BL_GRAPH_DISPUTE,
    BL_GRAPH_END, /* accepted, rejected … */
    BL_GRAPH_EFFECT,
    BL_GRAPH_ROLE,
    BL_GRAPH_KIND,
    BL_GRAPH_BODY,
    BL_GRAPH_EVENT
} bl_graph_sort;

typedef struct bl_graph_node {
    bl_graph_sort sort;
    bl_text id; /* of the whole graph */
    const char *table; /* of the program, as the dump names it; NULL: of no row */
    uint32_t index; /* in that table */
    uint32_t first_line, line_count; /* the first is its name */
    bl_span span; /* the clause */
} bl_graph_node;

typedef struct bl_graph_edge {
    uint32_t from, to; /* nodes */
    bl_text label;
    bool is_dashed; /* may happen, where others say what follows */
} bl_graph_edge;

typedef struct bl_graph_picture {
    bl_text id;
    bl_text title;
    bl_range nodes;
    bl_range edges;
    bool is_sideways; /* ranks run from left to right */
} bl_graph_picture;

typedef struct bl_graph {
    const bl_program *program;
    const bl_memory *memory;
    bl_arena arena; /* texts and layouts */
    bl_buffer scratch; /* a text being built */
    bl_vector(bl_text) lines;
    bl_vector(bl_graph_node) nodes;
    bl_vector(bl_graph_edge) edges;
    bl_vector(bl_graph_picture) pictures;
    bool has_failed; /* out of memory */
    bool is_too_large; /* a picture has more than BL_GRAPH_PLACES_MAX places */
} bl_graph;

/* ---- graph.c: making lists ---- */

/* What was written to scratch, kept. */
bl_text bl_graph_built(bl_graph *graph);
void bl_graph_picture_begin(bl_graph *graph, bl_text id, bl_text title, bool is_sideways);
void bl_graph_picture_end(bl_graph *graph);
/* A node of the picture begun last, without lines; its id is `id` behind the picture's. */
uint32_t bl_graph_node_add(bl_graph *graph, bl_graph_sort sort, bl_text id, const char *table,
                           uint32_t index, bl_span span);
/* A line of the node added last; empty lines are left out. */
void bl_graph_line_add(bl_graph *graph, bl_text line);
/* The same of what was written to scratch. */
void bl_graph_line_built(bl_graph *graph);
/* Nothing where one of them is BL_NONE or both are the same. */
void bl_graph_edge_add(bl_graph *graph, uint32_t from, uint32_t to, bl_text label, bool is_dashed);
bl_text bl_graph_name(const bl_graph *graph, uint32_t name);
/* Appends the expression as written, one line, to scratch. */
void bl_graph_say_span(bl_graph *graph, bl_span span);
/* The same of a chunk's; a duration or number that is a constant as its value. */
void bl_graph_say_chunk(bl_graph *graph, uint32_t chunk);
const char *bl_graph_sort_word(bl_graph_sort sort);

/* ---- graph_life.c, graph_roles.c ---- */
void bl_graph_life(bl_graph *graph, uint32_t kind);
void bl_graph_roles(bl_graph *graph);

/* ---- graph_layout.c: where things stand, in pixels ---- */
typedef struct bl_layout_box {
    int32_t x, y, width, height;
    bl_text *lines; /* wrapped */
    uint32_t line_count;
    uint32_t strong_count; /* the first of them, which are its name */
} bl_layout_box;
typedef struct bl_layout_point {
    int32_t x, y;
} bl_layout_point;
typedef struct bl_layout_path {
    bl_layout_point *points; /* from the border of one box to that of another, a pair a piece */
    uint32_t point_count;
    bl_layout_box label; /* no width: none */
    bool is_reversed; /* points run against the edge */
} bl_layout_path;
typedef struct bl_layout {
    bl_layout_box *boxes; /* one a node of the picture */
    bl_layout_path *paths; /* one an edge */
    int32_t width, height;
} bl_layout;
enum { BL_LAYOUT_LINE = 17, BL_LAYOUT_PADDING = 9 };
/* How wide a text may come out, in pixels. */
int32_t bl_layout_text_width(bl_text text, bool is_strong);
/* Takes a line off the text, broken at a blank where there is one. */
bl_text bl_layout_next_line(bl_text *rest, uint32_t columns);
/* False when out of memory or too large. */
bool bl_layout_picture(bl_graph *graph, const bl_graph_picture *picture, bl_layout *out);

/* ---- graph_svg.c, graph_write.c ---- */
void bl_graph_write_svg(bl_graph *graph, bl_buffer *out);
void bl_graph_write_dot(const bl_graph *graph, bl_buffer *out);
void bl_graph_write_json(const bl_graph *graph, bl_buffer *out);
void bl_graph_write_text(const bl_graph *graph, bl_buffer *out);

#endif
