/*
 * Pictures as one SVG, one below another.
 *
 * Each node is a group with its id, its row of the program, a title with the clause as written, and
 * the place of the clause; each edge a group with its two ends. Tests read them back.
 */
#include "graph.h"
#include "markup.h"

enum {
    TITLE_HEIGHT = 40,
    TITLE_LINE = 21,
    TITLE_COLUMNS = 48,
    PICTURE_GAP = 28,
    LEAST_WIDTH = 320,
    CLAUSE_MOST = 600
};

typedef struct drawing {
    bl_graph *graph;
    bl_buffer *out;
    const bl_graph_picture *picture;
    const bl_layout *layout;
    int32_t left, top; /* where the picture begins */
} drawing;

static void put(const drawing *d, const char *words)
{
    bl_buffer_cstring(d->out, words);
}

static void put_attribute(const drawing *d, const char *name, bl_text value)
{
    bl_buffer_format(d->out, " %s=\"", name);
    bl_markup_text(d->out, value);
    bl_buffer_char(d->out, '"');
}

/* The border of a box by its sort; fill and theme come from the shared style. */
static const char picture_borders[] =
    "<style>"
    ".start rect{stroke:#0969da;stroke:var(--now);stroke-width:2}"
    ".refused rect{stroke:#cf222e;stroke:var(--bad);stroke-width:1;stroke-dasharray:4 3}"
    ".stage rect{stroke:#1c2128;stroke:var(--ink);stroke-width:1}"
    ".role rect{stroke:#1c2128;stroke:var(--ink);stroke-width:1}"
    ".rung rect{stroke:#1c2128;stroke:var(--ink);stroke-width:1}"
    ".veto rect{stroke:#cf222e;stroke:var(--bad);stroke-width:1}"
    ".override rect{stroke:#1a7f37;stroke:var(--good);stroke-width:1}"
    ".dispute rect{stroke:#9a6700;stroke:var(--warn);stroke-width:1}"
    ".end rect{stroke:#1c2128;stroke:var(--ink);stroke-width:2}"
    ".effect rect{stroke:#0969da;stroke:var(--now);stroke-width:1;stroke-dasharray:4 3}"
    ".heading{font-size:16px}"
    "</style>\n";

static const char *word_class(const bl_graph_node *node, bl_text first_line)
{
    if (node->sort == BL_GRAPH_REFUSED || node->sort == BL_GRAPH_VETO) return "strong bad";
    if (node->sort == BL_GRAPH_DISPUTE) return "strong warn";
    if (node->sort == BL_GRAPH_OVERRIDE) return "strong good";
    if (node->sort != BL_GRAPH_END) return "strong";
    const bool is_good = bl_text_equal(first_line, BL_TEXT("accepted")) ||
                         bl_text_equal(first_line, BL_TEXT("overridden"));
    return is_good ? "strong good" : "strong bad";
}

/* The clause as written, and where. */
static void put_title(const drawing *d, const bl_graph_node *node)
{
    const bl_program *program = d->graph->program;
    bl_buffer *scratch = &d->graph->scratch;
    if (node->span.file >= program->source_count) return;
    bl_buffer_clear(scratch);
    bl_source_snippet(&program->sources[node->span.file], node->span, CLAUSE_MOST, scratch);
    bl_buffer_cstring(scratch, " — ");
    bl_program_place(program, node->span, scratch);
    put(d, "<title>");
    bl_markup_text(d->out, (bl_text){scratch->bytes ? scratch->bytes : "", scratch->size});
    put(d, "</title>");
    bl_buffer_clear(scratch);
}

static void put_node(const drawing *d, uint32_t index)
{
    const bl_graph_node *node = &d->graph->nodes.items[d->picture->nodes.first + index];
    const bl_layout_box *box = &d->layout->boxes[index];
    const int32_t x = d->left + box->x, y = d->top + box->y;
    bl_buffer_format(d->out, "<g class=\"node %s\"", bl_graph_sort_word(node->sort));
    put_attribute(d, "id", node->id);
    put_attribute(d, "data-sort", bl_text_of(bl_graph_sort_word(node->sort)));
    if (node->table)
        bl_buffer_format(d->out, " data-table=\"%s\" data-index=\"%u\"", node->table, node->index);
    put(d, ">");
    put_title(d, node);
    const bool is_round = node->sort == BL_GRAPH_START || node->sort == BL_GRAPH_END;
    bl_buffer_format(
        d->out, "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", x,
        y, box->width, box->height, is_round ? 14 : 4);
    for (uint32_t i = 0; i < box->line_count; i++) {
        const bool is_name = i < box->strong_count;
        bl_buffer_format(d->out, "<text class=\"%s\" x=\"%d\" y=\"%d\">",
                         is_name ? word_class(node, box->lines[0]) : "text", x + BL_LAYOUT_PADDING,
                         y + BL_LAYOUT_PADDING + (int32_t)i * BL_LAYOUT_LINE + 13);
        bl_markup_text(d->out, box->lines[i]);
        put(d, "</text>");
    }
    put(d, "</g>\n");
}

/* ---- edges ---- */

static void put_curve(const drawing *d, bl_layout_point from, bl_layout_point to)
{
    const int32_t x = d->left + to.x, y = d->top + to.y;
    if (d->picture->is_sideways) {
        const int32_t half = d->left + (from.x + to.x) / 2;
        bl_buffer_format(d->out, "C%d %d %d %d %d %d", half, d->top + from.y, half, y, x, y);
    } else {
        const int32_t half = d->top + (from.y + to.y) / 2;
        bl_buffer_format(d->out, "C%d %d %d %d %d %d", d->left + from.x, half, x, half, x, y);
    }
}

/* Straight through a rank, curved between two. */
static void put_path(const drawing *d, const bl_layout_path *path, bool is_dashed)
{
    bl_buffer_format(d->out, "<path class=\"line\"%s d=\"M%d %d",
                     is_dashed ? " stroke-dasharray=\"5 4\"" : "", d->left + path->points[0].x,
                     d->top + path->points[0].y);
    for (uint32_t i = 1; i < path->point_count; i++) {
        const bl_layout_point from = path->points[i - 1], to = path->points[i];
        if (i % 2 == 0)
            put_curve(d, from, to);
        else
            bl_buffer_format(d->out, "L%d %d", d->left + to.x, d->top + to.y);
    }
    put(d, "\"/>");
}

static void put_arrow(const drawing *d, const bl_layout_path *path)
{
    const bl_layout_point tip = path->points[path->is_reversed ? 0 : path->point_count - 1];
    const int32_t back = path->is_reversed ? 7 : -7;
    const int32_t x = d->left + tip.x, y = d->top + tip.y;
    if (d->picture->is_sideways)
        bl_buffer_format(d->out, "<path class=\"quiet\" d=\"M%d %dl%d -4v8z\"/>", x, y, back);
    else
        bl_buffer_format(d->out, "<path class=\"quiet\" d=\"M%d %dl-4 %dh8z\"/>", x, y, back);
}

static void put_edge(const drawing *d, uint32_t index)
{
    const bl_graph_edge *edge = &d->graph->edges.items[d->picture->edges.first + index];
    const bl_layout_path *path = &d->layout->paths[index];
    put(d, "<g class=\"edge\"");
    put_attribute(d, "data-from", d->graph->nodes.items[edge->from].id);
    put_attribute(d, "data-to", d->graph->nodes.items[edge->to].id);
    if (edge->label.size > 0) put_attribute(d, "data-label", edge->label);
    put(d, ">");
    put_path(d, path, edge->is_dashed);
    put_arrow(d, path);
    if (path->label.width > 0) {
        const bl_layout_box *label = &path->label;
        bl_buffer_format(d->out,
                         "<rect class=\"paper\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                         "<text class=\"quiet\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">",
                         d->left + label->x, d->top + label->y, label->width, label->height,
                         d->left + label->x + label->width / 2,
                         d->top + label->y + label->height / 2 + 4);
        bl_markup_text(d->out, edge->label);
        put(d, "</text>");
    }
    put(d, "</g>\n");
}

/* How many lines the title takes, and the widest of them. */
static int32_t heading_lines(const bl_graph_picture *picture, int32_t *width)
{
    bl_text rest = picture->title;
    int32_t count = 0;
    *width = 0;
    for (; rest.size > 0; count++) {
        const bl_text line = bl_layout_next_line(&rest, TITLE_COLUMNS);
        const int32_t own = bl_layout_text_width(line, true) * 16 / 13 + 32;
        if (own > *width) *width = own;
    }
    return count;
}

/* The title, its last line close above the picture. */
static void put_heading(const drawing *d)
{
    int32_t width;
    int32_t y = d->top - 12 - (heading_lines(d->picture, &width) - 1) * TITLE_LINE;
    for (bl_text rest = d->picture->title; rest.size > 0; y += TITLE_LINE) {
        const bl_text line = bl_layout_next_line(&rest, TITLE_COLUMNS);
        bl_buffer_format(d->out, "<text class=\"strong heading\" x=\"16\" y=\"%d\">", y);
        bl_markup_text(d->out, line);
        put(d, "</text>\n");
    }
}

static int32_t heading_height(const bl_graph_picture *picture)
{
    int32_t width;
    return TITLE_HEIGHT + (heading_lines(picture, &width) - 1) * TITLE_LINE;
}

static void put_picture(const drawing *d)
{
    put(d, "<g class=\"picture\"");
    put_attribute(d, "data-id", d->picture->id);
    put(d, ">\n");
    put_heading(d);
    for (uint32_t i = 0; i < d->picture->edges.count; i++)
        put_edge(d, i);
    for (uint32_t i = 0; i < d->picture->nodes.count; i++)
        put_node(d, i);
    put(d, "</g>\n");
}

void bl_graph_write_svg(bl_graph *graph, bl_buffer *out)
{
    const size_t count = graph->pictures.count;
    bl_layout *layouts = bl_arena_array(&graph->arena, count + 1, sizeof *layouts);
    int32_t width = LEAST_WIDTH, height = 0;
    if (!layouts) graph->has_failed = true;
    for (size_t i = 0; i < count && !graph->has_failed; i++) {
        const bl_graph_picture *picture = &graph->pictures.items[i];
        if (!bl_layout_picture(graph, picture, &layouts[i])) return;
        int32_t title;
        heading_lines(picture, &title);
        if (layouts[i].width > width) width = layouts[i].width;
        if (title > width) width = title;
        height += heading_height(picture) + layouts[i].height + PICTURE_GAP;
    }
    if (graph->has_failed) return;
    const bl_text name = graph->program->policy_title.size > 0 ? graph->program->policy_title
                                                               : graph->program->policy_name;
    bl_markup_svg_begin(out, (uint32_t)width, (uint32_t)height, name,
                        BL_TEXT("How proposals are decided, and who holds which role, drawn from "
                                "the compiled policy."));
    bl_buffer_cstring(out, picture_borders);
    int32_t top = 0;
    for (size_t i = 0; i < count; i++) {
        top += heading_height(&graph->pictures.items[i]);
        const drawing d = {graph, out, &graph->pictures.items[i], &layouts[i], 0, top};
        put_picture(&d);
        top += layouts[i].height + PICTURE_GAP;
    }
    bl_markup_svg_end(out);
}
