/*
 * The margin of an instant runoff: see margin.h.
 *
 * A node of the search is the end of an elimination order: who is left, and in which order they go.
 * Whoever else stood went out before, in any order, so what the node costs at the least is a bound
 * for all orders that end so. Nodes are taken by the least bound; the first whole order that is
 * reached costs the margin.
 *
 * Ballots matter to a node only by whom they count for while its candidates go out one by one: a
 * rising sequence of places in the order, a set of them. So there are at most 2^k sorts of ballots.
 */
#include "margin_runoff.h"

#include <string.h>

#include "linear.h"

typedef struct node {
    uint64_t bound;
    uint32_t size;
    const uint32_t *order; /* who goes first, to the winner */
} node;

typedef struct search {
    const bl_runoff_ballots *ballots;
    bl_arena *arena;
    const bl_memory *memory;
    bl_linear_budget budget;
    bl_vector(node) heap;
    uint64_t best; /* ballots that are enough */
    const uint32_t *best_order;
    uint64_t open; /* the least bound of what was given up; UINT64_MAX */
    uint64_t looked_at;
    uint64_t *firsts; /* by candidate: ballots that name it first */
    uint32_t *place; /* by candidate: its place in the order looked at; BL_NONE */
    uint64_t *sorts; /* by set of places: ballots of that sort */
    int8_t *coefficients;
    int64_t *most, *needed;
} search;

enum { ROWS_MAX = BL_MARGIN_PLACES_MAX * (BL_MARGIN_PLACES_MAX - 1) / 2 + 1 };

/* ---- the heap: least bound first, then the longest order, then as they came ---- */

static bool is_before(const node *a, const node *b)
{
    return a->bound != b->bound ? a->bound < b->bound : a->size > b->size;
}

static bool push(search *s, node added)
{
    if (!bl_vector_reserve(s->memory, &s->heap, 1)) return false;
    size_t at = s->heap.count++;
    for (; at > 0 && is_before(&added, &s->heap.items[(at - 1) / 2]); at = (at - 1) / 2)
        s->heap.items[at] = s->heap.items[(at - 1) / 2];
    s->heap.items[at] = added;
    return true;
}

static node pop(search *s)
{
    const node top = s->heap.items[0], last = s->heap.items[--s->heap.count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < s->heap.count; at = child) {
        if (child + 1 < s->heap.count &&
            is_before(&s->heap.items[child + 1], &s->heap.items[child]))
            child++;
        if (!is_before(&s->heap.items[child], &last)) break;
        s->heap.items[at] = s->heap.items[child];
    }
    s->heap.items[at] = last;
    return top;
}

/* ---- what an order costs ---- */

/* The set of places that a ballot counts for while the order runs; a ballot ends where it has
 * nobody left. */
static uint32_t sort_of(const search *s, const bl_runoff_ballot *ballot)
{
    uint32_t set = 0, reached = 0;
    for (uint32_t i = 0; i < ballot->count; i++) {
        const uint32_t place = s->place[ballot->ranking[i]];
        if (place == BL_NONE || place < reached) continue;
        set |= UINT32_C(1) << place;
        reached = place;
    }
    return set;
}

static void sort_ballots(search *s, uint32_t size)
{
    memset(s->sorts, 0, ((size_t)1 << size) * sizeof *s->sorts);
    for (uint32_t i = 0; i < s->ballots->count; i++)
        s->sorts[sort_of(s, &s->ballots->items[i])] += s->ballots->items[i].weight;
}

/* Whom a sort counts for when those before `round` are out; BL_NONE: nobody. */
static uint32_t vote_of(uint32_t set, uint32_t round, uint32_t size)
{
    for (uint32_t place = round; place < size; place++)
        if (set >> place & 1) return place;
    return BL_NONE;
}

/* A row for each round and each who outlives it: that one must have at least what goes out. */
static uint32_t write_votes(uint32_t set, uint32_t size, int sign, int8_t *out)
{
    uint32_t row = 0;
    for (uint32_t round = 0; round + 1 < size; round++) {
        const uint32_t vote = vote_of(set, round, size);
        for (uint32_t other = round + 1; other < size; other++)
            out[row++] = (int8_t)(vote == other ? sign : vote == round ? -sign : 0);
    }
    return row;
}

static uint32_t count_bits(uint32_t set)
{
    uint32_t bits = 0;
    for (; set; set &= set - 1)
        bits++;
    return bits;
}

/* Columns: ballots of each sort taken away, then of each sort put in. The last row: as many. */
static bl_linear make_program(search *s, uint32_t size)
{
    const uint32_t rows = size * (size - 1) / 2 + 1;
    const uint32_t sets = UINT32_C(1) << size;
    bl_linear linear = {.row_count = rows, .coefficients = s->coefficients, .needed = s->needed};
    linear.most = s->most;
    linear.step = 2; /* as many put in as taken away */
    linear.equal_row = rows - 1;
    memset(s->needed, 0, rows * sizeof *s->needed);
    int8_t *column = s->coefficients;
    for (uint32_t set = 0; set < sets; set++) {
        if (s->sorts[set] == 0) continue;
        write_votes(set, size, -1, column);
        for (uint32_t r = 0; r + 1 < rows; r++)
            s->needed[r] += column[r] * (int64_t)s->sorts[set];
        column[rows - 1] = -1;
        s->most[linear.column_count++] = (int64_t)s->sorts[set];
        column += rows;
    }
    for (uint32_t set = 0; set < sets; set++) {
        if (count_bits(set) > s->ballots->ranks_most) continue;
        write_votes(set, size, 1, column);
        column[rows - 1] = 1;
        s->most[linear.column_count++] = BL_LINEAR_FREE;
        column += rows;
    }
    return linear;
}

typedef enum outcome { COSTS, COSTS_AT_LEAST, NO_MEMORY } outcome;

/*
 * What the order `order[0..size)` costs at the least, in ballots. COSTS: exactly so, where the
 * order is a whole one and that is below the best.
 */
static outcome cost_of(search *s, const uint32_t *order, uint32_t size, uint64_t *out)
{
    *out = 0;
    if (size > BL_MARGIN_PLACES_MAX) return COSTS_AT_LEAST;
    for (uint32_t i = 0; i < size; i++)
        s->place[order[i]] = i;
    sort_ballots(s, size);
    for (uint32_t i = 0; i < size; i++)
        s->place[order[i]] = BL_NONE;
    const bl_linear linear = make_program(s, size);
    const bool is_whole = size == s->ballots->candidate_count;
    int64_t least;
    /* No order may take all that is left: others may still be found, and narrow the bounds. */
    bl_linear_budget share = {s->budget.left / 8};
    const uint64_t before = share.left;
    const bl_linear_end end = bl_linear_solve(&linear, is_whole, (int64_t)(2 * s->best), &share,
                                              s->memory, &least, NULL);
    s->budget.left -= before - share.left;
    if (end == BL_LINEAR_NOMEM) return NO_MEMORY;
    /* Taken away and put in both count: twice the ballots. */
    *out = end == BL_LINEAR_IMPOSSIBLE ? s->best : ((uint64_t)least + 1) / 2;
    return end == BL_LINEAR_BEST && is_whole ? COSTS : COSTS_AT_LEAST;
}

/*
 * A bound without a program: whoever went out before the node had at the least the ballots that
 * name it first, and each of the node at the most those that prefer it to the others of the node
 * and to that one.
 */
static uint64_t quick_bound(search *s, const uint32_t *order, uint32_t size)
{
    const bl_runoff_ballots *ballots = s->ballots;
    uint64_t bound = 0;
    for (uint32_t i = 0; i < size; i++)
        s->place[order[i]] = i;
    for (uint32_t early = 0; early < ballots->all_count; early++) {
        if (s->place[early] != BL_NONE || !ballots->stands[early]) continue;
        uint64_t ahead[BL_MARGIN_PLACES_MAX] = {0};
        for (uint32_t b = 0; b < ballots->count; b++) {
            const bl_runoff_ballot *ballot = &ballots->items[b];
            for (uint32_t r = 0; r < ballot->count && ballot->ranking[r] != early; r++) {
                const uint32_t place = s->place[ballot->ranking[r]];
                if (place == BL_NONE) continue;
                ahead[place] += ballot->weight;
                break;
            }
        }
        for (uint32_t i = 0; i < size; i++)
            if (s->firsts[early] > ahead[i] && (s->firsts[early] - ahead[i] + 1) / 2 > bound)
                bound = (s->firsts[early] - ahead[i] + 1) / 2;
    }
    for (uint32_t i = 0; i < size; i++)
        s->place[order[i]] = BL_NONE;
    return bound;
}

/* ---- the search ---- */

static void spend(search *s, uint64_t effort)
{
    s->budget.left -= effort < s->budget.left ? effort : s->budget.left;
}

static bool look_at(search *s, const node *from, uint32_t added)
{
    node child = {.bound = from->bound, .size = from->size + 1};
    uint32_t *order = bl_arena_array(s->arena, child.size, sizeof *order);
    if (!order) return false;
    order[0] = added;
    for (uint32_t i = 0; i < from->size; i++)
        order[i + 1] = from->order[i];
    child.order = order;
    s->looked_at++;
    const uint64_t walked = (uint64_t)s->ballots->count * s->ballots->candidate_count;
    spend(s, walked + BL_MARGIN_STEP);
    uint64_t bound = child.size <= BL_MARGIN_PLACES_MAX ? quick_bound(s, order, child.size) : 0;
    if (bound > child.bound) child.bound = bound;
    if (child.bound >= s->best) return true;
    const outcome found = cost_of(s, order, child.size, &bound);
    if (found == NO_MEMORY) return false;
    if (bound > child.bound) child.bound = bound;
    if (child.bound >= s->best) return true;
    if (found == COSTS) {
        s->best = bound;
        s->best_order = order;
        return true;
    }
    if (child.size == s->ballots->candidate_count) { /* a whole order that could not be finished */
        if (child.bound < s->open) s->open = child.bound;
        return true;
    }
    return push(s, child);
}

static bool run(search *s)
{
    const bl_runoff_ballots *ballots = s->ballots;
    while (s->heap.count > 0) {
        const node next = pop(s);
        if (next.bound >= s->best) return true;
        if (s->budget.left < BL_MARGIN_STEP) {
            if (next.bound < s->open) s->open = next.bound;
            continue;
        }
        for (uint32_t c = 0; c < ballots->all_count; c++) {
            bool is_in = !ballots->stands[c];
            for (uint32_t i = 0; i < next.size; i++)
                is_in = is_in || next.order[i] == c;
            if (!is_in && !look_at(s, &next, c)) return false;
        }
    }
    return true;
}

static bool begin(search *s)
{
    const bl_runoff_ballots *ballots = s->ballots;
    const uint32_t places = ballots->candidate_count < BL_MARGIN_PLACES_MAX
                                ? ballots->candidate_count
                                : BL_MARGIN_PLACES_MAX;
    const size_t sets = (size_t)1 << places;
    s->firsts = bl_arena_array(s->arena, ballots->all_count, sizeof *s->firsts);
    s->place = bl_arena_array(s->arena, ballots->all_count, sizeof *s->place);
    s->sorts = bl_arena_array(s->arena, sets, sizeof *s->sorts);
    s->most = bl_arena_array(s->arena, 2 * sets, sizeof *s->most);
    s->coefficients = bl_arena_array(s->arena, 2 * sets * ROWS_MAX, sizeof *s->coefficients);
    s->needed = bl_arena_array(s->arena, ROWS_MAX, sizeof *s->needed);
    if (!s->firsts || !s->place || !s->sorts || !s->most || !s->coefficients || !s->needed)
        return false;
    memset(s->firsts, 0, ballots->all_count * sizeof *s->firsts);
    for (uint32_t i = 0; i < ballots->count; i++)
        if (ballots->items[i].count > 0)
            s->firsts[ballots->items[i].ranking[0]] += ballots->items[i].weight;
    for (uint32_t c = 0; c < ballots->all_count; c++)
        s->place[c] = BL_NONE;
    for (uint32_t c = 0; c < ballots->all_count; c++) {
        if (c == ballots->winner || !ballots->stands[c]) continue;
        uint32_t *order = bl_arena_array(s->arena, 1, sizeof *order);
        if (!order) return false;
        order[0] = c;
        if (!push(s, (node){.bound = 0, .size = 1, .order = order})) return false;
    }
    return true;
}

bool bl_margin_runoff(const bl_runoff_ballots *ballots, uint64_t enough, uint64_t effort,
                      bl_arena *arena, const bl_memory *memory, bl_runoff_margin *out)
{
    search s = {.ballots = ballots, .arena = arena, .memory = memory, .best = enough};
    s.budget.left = effort;
    s.open = UINT64_MAX;
    const bool is_done = begin(&s) && run(&s);
    bl_vector_free(memory, &s.heap);
    *out = (bl_runoff_margin){.most = s.best, .looked_at = s.looked_at, .order = s.best_order};
    out->least = s.open < s.best ? s.open : s.best;
    return is_done;
}
