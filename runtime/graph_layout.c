/*
 * Where the nodes and edges of a picture stand: in ranks, so that edges run one way.
 *
 * The idea to have: nodes take every other rank, and an edge takes a slot in each rank it passes,
 * as wide as its label in the first of them. So no edge runs through a node, and no label lies on
 * anything. Ranks are the longest way from a start; the order within a rank follows the
 * neighbours' middles; then slots move as near to their neighbours as those beside them allow.
 *
 * "Across" is along a rank, "along" from one rank to the next: x and y, or y and x sideways.
 */
#include <string.h>

#include "graph.h"
#include "limits.h"
#include "markup.h"

enum {
    WRAP_COLUMNS = 34,
    NODE_GAP = 22, /* between nodes of a rank */
    SLOT_GAP = 9, /* beside an edge */
    RANK_GAP = 13, /* between two ranks: room for curves */
    LABEL_SIZE = 18,
    MARGIN = 16,
    SWEEPS = 16,
    CROSSINGS_MAX = 1500 /* edges between two ranks for which crossings are counted */
};

typedef struct slot {
    uint32_t node; /* of the picture; BL_NONE: of an edge */
    uint32_t edge;
    uint32_t rank;
    uint32_t order; /* in its rank */
    int32_t across, along; /* sizes */
    int32_t center;
    int64_t weight; /* the middle of its neighbours, for ordering; then where it wants to be */
} slot;

/* Two slots in neighbouring ranks that an edge joins. */
typedef struct link {
    uint32_t upper, lower;
} link;

typedef struct block { /* of slots that push each other */
    int64_t sum;
    int64_t weight;
    uint32_t first;
} block;

typedef struct layout {
    bl_graph *graph;
    const bl_graph_picture *picture;
    bl_layout *out;
    uint32_t *ranks; /* of nodes */
    bool *is_reversed; /* of edges */
    slot *slots;
    uint32_t slot_count;
    uint32_t *first_slot; /* of each edge, behind its upper node's */
    link *links;
    uint32_t link_count;
    uint32_t rank_count;
    uint32_t **rows; /* slots of each rank, in order */
    uint32_t *row_counts;
    int32_t *row_starts;
    int32_t *row_sizes;
    block *blocks;
} layout;

static void *take(layout *l, size_t count, size_t size)
{
    void *items = bl_arena_array(&l->graph->arena, count + 1, size);
    if (!items) l->graph->has_failed = true;
    return items;
}

static const bl_graph_edge *edge_at(const layout *l, uint32_t edge)
{
    return &l->graph->edges.items[l->picture->edges.first + edge];
}

/* The edge's ends as the ranks run, as numbers of the picture's nodes. */
static uint32_t upper_of(const layout *l, uint32_t edge)
{
    const bl_graph_edge *of = edge_at(l, edge);
    return (l->is_reversed[edge] ? of->to : of->from) - l->picture->nodes.first;
}

static uint32_t lower_of(const layout *l, uint32_t edge)
{
    const bl_graph_edge *of = edge_at(l, edge);
    return (l->is_reversed[edge] ? of->from : of->to) - l->picture->nodes.first;
}

/* ---- texts into boxes ---- */

static bool is_among(char byte, const char *letters)
{
    return strchr(letters, byte) != NULL;
}

/* As wide as in the widest of the usual fonts, at 13 pixels: others leave some room. */
int32_t bl_layout_text_width(bl_text text, bool is_strong)
{
    int32_t width = 0;
    for (size_t at = 0; at < text.size; at++) {
        const char byte = text.bytes[at];
        const unsigned char code = (unsigned char)byte;
        if (code >= 0x80 || code < 0x20) continue; /* counted below */
        if (is_among(byte, "ijl.,:;'|!I "))
            width += 5;
        else if (is_among(byte, "ftr()[]{}-/`\"_"))
            width += is_strong ? 7 : 6;
        else if (is_among(byte, "mwMW@%&"))
            width += 13;
        else if (code >= 'A' && code <= 'Z')
            width += is_strong ? 11 : 10;
        else
            width += is_strong ? 10 : 9;
    }
    size_t plain = 0;
    for (size_t at = 0; at < text.size; at++)
        plain += (unsigned char)text.bytes[at] < 0x80 && (unsigned char)text.bytes[at] >= 0x20;
    return width + ((int32_t)bl_markup_columns(text) - (int32_t)plain) * 10;
}

/* How much of the text fits a line: up to a blank where there is one. */
static size_t fitting(bl_text text, uint32_t columns)
{
    size_t blank = 0, at = 0;
    while (at < text.size) {
        size_t next = at + 1;
        while (next < text.size && ((unsigned char)text.bytes[next] & 0xC0) == 0x80)
            next++;
        if (bl_markup_columns((bl_text){text.bytes, next}) > columns) break;
        if (text.bytes[at] == ' ') blank = at;
        at = next;
    }
    if (at == text.size) return at;
    return blank > 0 ? blank : at;
}

bl_text bl_layout_next_line(bl_text *rest, uint32_t columns)
{
    const size_t size = fitting(*rest, columns);
    const bl_text line = {rest->bytes, size > 0 ? size : rest->size};
    rest->bytes += line.size;
    rest->size -= line.size;
    while (rest->size > 0 && rest->bytes[0] == ' ') {
        rest->bytes++;
        rest->size--;
    }
    return line;
}

/* Counts the wrapped lines, and writes them where there is a box to write to. */
static uint32_t wrap(const layout *l, const bl_graph_node *node, bl_layout_box *box)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->line_count; i++) {
        bl_text rest = l->graph->lines.items[node->first_line + i];
        while (rest.size > 0) {
            const bl_text line = bl_layout_next_line(&rest, WRAP_COLUMNS);
            if (box->lines) box->lines[count] = line;
            count++;
        }
        if (i == 0) box->strong_count = count;
    }
    return count;
}

static void fill_box(layout *l, uint32_t index)
{
    const bl_graph_node *node = &l->graph->nodes.items[l->picture->nodes.first + index];
    bl_layout_box *box = &l->out->boxes[index];
    box->line_count = wrap(l, node, box);
    box->lines = take(l, box->line_count, sizeof *box->lines);
    if (!box->lines) return;
    wrap(l, node, box);
    int32_t widest = 70;
    for (uint32_t i = 0; i < box->line_count; i++) {
        const int32_t own = bl_layout_text_width(box->lines[i], i < box->strong_count);
        if (own > widest) widest = own;
    }
    box->width = widest + 2 * BL_LAYOUT_PADDING;
    box->height = (int32_t)box->line_count * BL_LAYOUT_LINE + 2 * BL_LAYOUT_PADDING;
}

/* ---- ranks ---- */

/* A node none of whose edges come from where no rank is yet; where all wait for each other, the
 * first one, and the edges to it are turned round. */
static uint32_t next_node(layout *l, const uint32_t *waiting, const bool *is_done)
{
    uint32_t first = BL_NONE;
    for (uint32_t i = 0; i < l->picture->nodes.count; i++) {
        if (is_done[i]) continue;
        if (waiting[i] == 0) return i;
        if (first == BL_NONE) first = i;
    }
    return first;
}

static void turn_edges_to(layout *l, uint32_t node, uint32_t *waiting, const bool *is_done)
{
    for (uint32_t e = 0; e < l->picture->edges.count; e++) {
        if (lower_of(l, e) != node || is_done[upper_of(l, e)]) continue;
        const uint32_t other = upper_of(l, e);
        l->is_reversed[e] = !l->is_reversed[e];
        waiting[node]--;
        waiting[other]++;
    }
}

static void find_ranks(layout *l)
{
    const uint32_t count = l->picture->nodes.count;
    uint32_t *waiting = take(l, count, sizeof *waiting);
    bool *is_done = take(l, count, sizeof *is_done);
    if (!waiting || !is_done) return;
    for (uint32_t e = 0; e < l->picture->edges.count; e++)
        waiting[lower_of(l, e)]++;
    for (uint32_t done = 0; done < count; done++) {
        const uint32_t node = next_node(l, waiting, is_done);
        if (waiting[node] > 0) turn_edges_to(l, node, waiting, is_done);
        is_done[node] = true;
        if (l->ranks[node] + 1 > l->rank_count) l->rank_count = l->ranks[node] + 1;
        for (uint32_t e = 0; e < l->picture->edges.count; e++) {
            if (upper_of(l, e) != node || is_done[lower_of(l, e)]) continue;
            const uint32_t other = lower_of(l, e);
            waiting[other]--;
            if (l->ranks[node] + 2 > l->ranks[other]) l->ranks[other] = l->ranks[node] + 2;
        }
    }
}

/* ---- slots ---- */

static void add_slot(layout *l, slot of)
{
    if (l->slots) l->slots[l->slot_count] = of;
    l->slot_count++;
}

static void add_link(layout *l, uint32_t upper, uint32_t lower)
{
    if (l->links) l->links[l->link_count] = (link){upper, lower};
    l->link_count++;
}

static slot slot_of_edge(const layout *l, uint32_t edge, uint32_t rank, bool has_label)
{
    slot of = {.node = BL_NONE, .edge = edge, .rank = rank, .across = 2, .along = 4};
    const bl_graph_edge *row = edge_at(l, edge);
    if (!has_label || row->label.size == 0) return of;
    const int32_t wide = bl_layout_text_width(row->label, false) + 8;
    of.across = l->picture->is_sideways ? LABEL_SIZE : wide;
    of.along = l->picture->is_sideways ? wide : LABEL_SIZE;
    return of;
}

/* Once to count, once to fill. The slots of nodes come first, in the order of nodes. */
static void add_slots(layout *l)
{
    l->slot_count = l->link_count = 0;
    for (uint32_t i = 0; i < l->picture->nodes.count; i++) {
        const bl_layout_box *box = &l->out->boxes[i];
        const bool turned = l->picture->is_sideways;
        add_slot(l, (slot){.node = i,
                           .edge = BL_NONE,
                           .rank = l->ranks[i],
                           .across = turned ? box->height : box->width,
                           .along = turned ? box->width : box->height});
    }
    for (uint32_t e = 0; e < l->picture->edges.count; e++) {
        const uint32_t upper = upper_of(l, e), lower = lower_of(l, e);
        uint32_t before = upper;
        l->first_slot[e] = l->slot_count;
        for (uint32_t rank = l->ranks[upper] + 1; rank < l->ranks[lower]; rank++) {
            add_link(l, before, l->slot_count);
            before = l->slot_count;
            add_slot(l, slot_of_edge(l, e, rank, rank == l->ranks[upper] + 1));
        }
        add_link(l, before, lower);
    }
}

static void fill_rows(layout *l)
{
    for (uint32_t i = 0; i < l->slot_count; i++)
        l->row_counts[l->slots[i].rank]++;
    for (uint32_t r = 0; r < l->rank_count; r++) {
        l->rows[r] = take(l, l->row_counts[r], sizeof **l->rows);
        if (!l->rows[r]) return;
        l->row_counts[r] = 0;
    }
    for (uint32_t i = 0; i < l->slot_count; i++) {
        slot *of = &l->slots[i];
        of->order = l->row_counts[of->rank];
        l->rows[of->rank][l->row_counts[of->rank]++] = i;
    }
}

/* ---- order within a rank ---- */

/* The middle of the neighbours on one side; those without keep their place. */
static void weigh(layout *l, uint32_t rank, bool from_above)
{
    for (uint32_t i = 0; i < l->row_counts[rank]; i++) {
        slot *of = &l->slots[l->rows[rank][i]];
        of->weight = 0;
        of->center = 0; /* how many neighbours: centers are not in use yet */
    }
    for (uint32_t k = 0; k < l->link_count; k++) {
        slot *upper = &l->slots[l->links[k].upper], *lower = &l->slots[l->links[k].lower];
        slot *of = from_above ? lower : upper, *other = from_above ? upper : lower;
        if (of->rank != rank) continue;
        of->weight += (int64_t)other->order * 1024;
        of->center++;
    }
    for (uint32_t i = 0; i < l->row_counts[rank]; i++) {
        slot *of = &l->slots[l->rows[rank][i]];
        of->weight = of->center > 0 ? of->weight / of->center : (int64_t)of->order * 1024;
    }
}

static void sort_row(layout *l, uint32_t rank)
{
    uint32_t *row = l->rows[rank];
    for (uint32_t i = 1; i < l->row_counts[rank]; i++) {
        const uint32_t moving = row[i];
        uint32_t at = i;
        for (; at > 0 && l->slots[row[at - 1]].weight > l->slots[moving].weight; at--)
            row[at] = row[at - 1];
        row[at] = moving;
    }
    for (uint32_t i = 0; i < l->row_counts[rank]; i++)
        l->slots[row[i]].order = i;
}

static bool crosses(const layout *l, const link *a, const link *b)
{
    const slot *slots = l->slots;
    const bool is_above = slots[a->upper].order < slots[b->upper].order;
    const bool is_below = slots[a->lower].order < slots[b->lower].order;
    return slots[a->upper].rank == slots[b->upper].rank && a->upper != b->upper &&
           a->lower != b->lower && is_above != is_below;
}

static uint64_t count_crossings(const layout *l)
{
    uint64_t count = 0;
    if (l->link_count > CROSSINGS_MAX) return 0;
    for (uint32_t i = 0; i < l->link_count; i++)
        for (uint32_t k = i + 1; k < l->link_count; k++)
            count += crosses(l, &l->links[i], &l->links[k]);
    return count;
}

static void keep_order(layout *l, uint32_t *best)
{
    for (uint32_t i = 0; i < l->slot_count; i++)
        best[i] = l->slots[i].order;
}

static void restore_order(layout *l, const uint32_t *best)
{
    for (uint32_t i = 0; i < l->slot_count; i++) {
        l->slots[i].order = best[i];
        l->rows[l->slots[i].rank][best[i]] = i;
    }
}

/* Sweeps down and up; the order with the fewest crossings stays. */
static void find_order(layout *l)
{
    uint32_t *best = take(l, l->slot_count, sizeof *best);
    if (!best) return;
    keep_order(l, best);
    uint64_t least = count_crossings(l);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        const bool is_down = sweep % 2 == 0;
        for (uint32_t i = 1; i < l->rank_count; i++) {
            const uint32_t rank = is_down ? i : l->rank_count - 1 - i;
            weigh(l, rank, is_down);
            sort_row(l, rank);
        }
        const uint64_t count = count_crossings(l);
        if (count >= least && l->link_count <= CROSSINGS_MAX) continue;
        least = count;
        keep_order(l, best);
    }
    restore_order(l, best);
}

/* ---- places within a rank ---- */

static int32_t gap_between(const slot *a, const slot *b)
{
    return a->node != BL_NONE && b->node != BL_NONE ? NODE_GAP : SLOT_GAP;
}

/* The offset of each slot's center from the row's first, when all stand as close as they may. */
static int64_t step_to(const layout *l, uint32_t rank, uint32_t i)
{
    const slot *before = &l->slots[l->rows[rank][i - 1]], *of = &l->slots[l->rows[rank][i]];
    return (before->across + of->across) / 2 + gap_between(before, of) + 1;
}

static int64_t importance(const slot *of)
{
    return of->node == BL_NONE ? 8 : 1; /* edges are to be straight */
}

/*
 * Puts each slot where it wants to be, or as near as the order and the gaps allow: neighbours whose
 * wishes conflict form a block that stands where their wishes are on average.
 */
static void place_row(layout *l, uint32_t rank)
{
    const uint32_t count = l->row_counts[rank];
    uint32_t block_count = 0;
    int64_t offset = 0;
    for (uint32_t i = 0; i < count; i++) {
        const slot *of = &l->slots[l->rows[rank][i]];
        if (i > 0) offset += step_to(l, rank, i);
        const int64_t weight = importance(of);
        block now = {(of->weight - offset) * weight, weight, i};
        while (block_count > 0) {
            const block *last = &l->blocks[block_count - 1];
            if (last->sum / last->weight <= now.sum / now.weight) break;
            now = (block){last->sum + now.sum, last->weight + now.weight, last->first};
            block_count--;
        }
        l->blocks[block_count++] = now;
    }
    offset = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) offset += step_to(l, rank, i);
        if (at + 1 < block_count && l->blocks[at + 1].first == i) at++;
        l->slots[l->rows[rank][i]].center = (int32_t)(l->blocks[at].sum / l->blocks[at].weight +
                                                      offset);
    }
}

/* Each slot wants to be in the middle of its neighbours: above, below, or both. */
static void wish(layout *l, uint32_t rank, bool above, bool below)
{
    for (uint32_t i = 0; i < l->row_counts[rank]; i++) {
        slot *of = &l->slots[l->rows[rank][i]];
        int64_t sum = 0, count = 0;
        for (uint32_t k = 0; k < l->link_count; k++) {
            const link *of_link = &l->links[k];
            if (above && of_link->lower == l->rows[rank][i]) {
                sum += l->slots[of_link->upper].center;
                count++;
            }
            if (below && of_link->upper == l->rows[rank][i]) {
                sum += l->slots[of_link->lower].center;
                count++;
            }
        }
        of->weight = count > 0 ? sum / count : of->center;
    }
}

static void find_places(layout *l)
{
    for (uint32_t r = 0; r < l->rank_count; r++) {
        for (uint32_t i = 0; i < l->row_counts[r]; i++)
            l->slots[l->rows[r][i]].weight = 0;
        place_row(l, r);
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        const bool is_down = sweep % 2 == 0;
        for (uint32_t i = 0; i < l->rank_count; i++) {
            const uint32_t rank = is_down ? i : l->rank_count - 1 - i;
            const bool is_last = sweep >= SWEEPS - 8;
            wish(l, rank, is_down || is_last, !is_down || is_last);
            place_row(l, rank);
        }
    }
}

/* ---- places along, and what comes out ---- */

static void find_starts(layout *l)
{
    int32_t at = MARGIN;
    for (uint32_t r = 0; r < l->rank_count; r++) {
        int32_t size = 0;
        for (uint32_t i = 0; i < l->row_counts[r]; i++)
            if (l->slots[l->rows[r][i]].along > size) size = l->slots[l->rows[r][i]].along;
        l->row_starts[r] = at;
        l->row_sizes[r] = size;
        at += size + RANK_GAP;
    }
    int32_t least = INT32_MAX, most = 0;
    for (uint32_t i = 0; i < l->slot_count; i++) {
        const slot *of = &l->slots[i];
        if (of->center - of->across / 2 < least) least = of->center - of->across / 2;
    }
    for (uint32_t i = 0; i < l->slot_count; i++) {
        slot *of = &l->slots[i];
        of->center += MARGIN - least;
        if (of->center + of->across / 2 > most) most = of->center + of->across / 2;
    }
    const int32_t along = at - RANK_GAP + MARGIN, across = most + MARGIN;
    l->out->width = l->picture->is_sideways ? along : across;
    l->out->height = l->picture->is_sideways ? across : along;
}

static bl_layout_point point(const layout *l, int32_t across, int32_t along)
{
    return l->picture->is_sideways ? (bl_layout_point){along, across}
                                   : (bl_layout_point){across, along};
}

static void place_boxes(layout *l)
{
    for (uint32_t i = 0; i < l->picture->nodes.count; i++) {
        const slot *of = &l->slots[i];
        const bl_layout_point corner = point(l, of->center - of->across / 2,
                                             l->row_starts[of->rank]);
        l->out->boxes[i].x = corner.x;
        l->out->boxes[i].y = corner.y;
    }
}

/* Where on a node's border the edge at this slot leaves: borders are shared out in order. */
static int32_t port(const layout *l, uint32_t node, uint32_t neighbour, uint32_t link_index,
                    bool is_lower_border)
{
    uint32_t count = 0, before = 0;
    for (uint32_t k = 0; k < l->link_count; k++) {
        const link *of = &l->links[k];
        if ((is_lower_border ? of->upper : of->lower) != node) continue;
        const uint32_t other = is_lower_border ? of->lower : of->upper;
        count++;
        if (l->slots[other].center < l->slots[neighbour].center ||
            (l->slots[other].center == l->slots[neighbour].center && k < link_index))
            before++;
    }
    const slot *of = &l->slots[node];
    const int32_t room = of->across - 24;
    const int32_t step = count > 1 ? room / (int32_t)(count - 1) : 0;
    const int32_t narrow = step > 26 ? 26 : step;
    return of->center - narrow * (int32_t)(count - 1) / 2 + narrow * (int32_t)before;
}

/* The link before the slot of an edge, or before its lower node: links of an edge follow each
 * other. */
static void place_path(layout *l, uint32_t edge, uint32_t first_link)
{
    const uint32_t upper = upper_of(l, edge), lower = lower_of(l, edge);
    const uint32_t inside = l->ranks[lower] - l->ranks[upper] - 1;
    bl_layout_path *path = &l->out->paths[edge];
    path->is_reversed = l->is_reversed[edge];
    path->points = take(l, 2 * (size_t)inside + 4, sizeof *path->points);
    if (!path->points) return;
    const uint32_t first = l->first_slot[edge];
    uint32_t count = 0;
    const int32_t from = port(l, upper, first, first_link, true);
    const slot *start = &l->slots[upper];
    path->points[count++] = point(l, from, l->row_starts[start->rank] + start->along);
    path->points[count++] = point(l, from, l->row_starts[start->rank] + l->row_sizes[start->rank]);
    for (uint32_t i = 0; i < inside; i++) {
        const slot *of = &l->slots[first + i];
        const int32_t top = l->row_starts[of->rank];
        path->points[count++] = point(l, of->center, top);
        path->points[count++] = point(l, of->center, top + l->row_sizes[of->rank]);
        if (i > 0 || edge_at(l, edge)->label.size == 0) continue;
        const int32_t free_half = (l->row_sizes[of->rank] - of->along) / 2;
        const bl_layout_point corner = point(l, of->center - of->across / 2, top + free_half);
        const bool turned = l->picture->is_sideways;
        path->label = (bl_layout_box){.x = corner.x,
                                      .y = corner.y,
                                      .width = turned ? of->along : of->across,
                                      .height = turned ? of->across : of->along};
    }
    const int32_t to = port(l, lower, first + inside - 1, first_link + inside, false);
    path->points[count++] = point(l, to, l->row_starts[l->ranks[lower]]);
    path->point_count = count;
}

static void place_paths(layout *l)
{
    uint32_t first_link = 0;
    for (uint32_t e = 0; e < l->picture->edges.count && !l->graph->has_failed; e++) {
        place_path(l, e, first_link);
        first_link += l->ranks[lower_of(l, e)] - l->ranks[upper_of(l, e)];
    }
}

static void make_slots(layout *l)
{
    add_slots(l);
    l->graph->is_too_large = l->slot_count > BL_GRAPH_PLACES_MAX;
    if (l->graph->is_too_large) return;
    l->slots = take(l, l->slot_count, sizeof *l->slots);
    l->links = take(l, l->link_count, sizeof *l->links);
    l->rows = take(l, l->rank_count, sizeof *l->rows);
    l->row_counts = take(l, l->rank_count, sizeof *l->row_counts);
    l->row_starts = take(l, l->rank_count, sizeof *l->row_starts);
    l->row_sizes = take(l, l->rank_count, sizeof *l->row_sizes);
    l->blocks = take(l, l->slot_count, sizeof *l->blocks);
    if (l->graph->has_failed) return;
    add_slots(l);
    fill_rows(l);
}

bool bl_layout_picture(bl_graph *graph, const bl_graph_picture *picture, bl_layout *out)
{
    layout l = {.graph = graph, .picture = picture, .out = out};
    *out = (bl_layout){.boxes = NULL};
    out->boxes = take(&l, picture->nodes.count, sizeof *out->boxes);
    out->paths = take(&l, picture->edges.count, sizeof *out->paths);
    l.ranks = take(&l, picture->nodes.count, sizeof *l.ranks);
    l.is_reversed = take(&l, picture->edges.count, sizeof *l.is_reversed);
    l.first_slot = take(&l, picture->edges.count, sizeof *l.first_slot);
    if (graph->has_failed) return false;
    for (uint32_t i = 0; i < picture->nodes.count; i++)
        fill_box(&l, i);
    if (!graph->has_failed) find_ranks(&l);
    if (!graph->has_failed) make_slots(&l);
    if (graph->has_failed || graph->is_too_large) return false;
    find_order(&l);
    if (graph->has_failed) return false;
    find_places(&l);
    find_starts(&l);
    place_boxes(&l);
    place_paths(&l);
    return !graph->has_failed;
}
