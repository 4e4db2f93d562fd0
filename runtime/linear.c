/*
 * Linear programs in whole numbers: see linear.h.
 */
#include "linear.h"

#include <string.h>

#include "limits.h"
#include "text.h"

__extension__ typedef __int128 wide;

/*
 * The tableau. Row i says: its basic variable + sum of cells times the nonbasic ones = right side,
 * all divided by `over`. The last row holds the reduced costs. A variable is complemented where
 * its distance from its bound is counted instead of its value. Variables are numbered: columns of
 * the program first, slacks of rows behind them.
 */
typedef struct tableau {
    const bl_linear *linear;
    uint32_t rows, columns;
    int64_t *cells; /* (rows + 1) by (columns + 1); the last column is the right side */
    int64_t over;
    uint32_t *basic; /* by row: variable */
    uint32_t *nonbasic; /* by column: variable */
    bool *is_complemented; /* by variable */
    int64_t *low; /* by column of the program: bounds in this branch */
    int64_t *high;
    bl_linear_budget *budget;
    bool is_overflown;
} tableau;

static int64_t *row_of(const tableau *t, uint32_t row)
{
    return t->cells + (size_t)row * (t->columns + 1);
}

/* The greatest value of a variable, its least taken off. */
static int64_t range_of(const tableau *t, uint32_t variable)
{
    if (variable < t->columns)
        return t->high[variable] >= BL_LINEAR_FREE ? BL_LINEAR_FREE
                                                   : t->high[variable] - t->low[variable];
    return variable - t->columns == t->linear->equal_row ? 0 : BL_LINEAR_FREE;
}

static int64_t narrow(tableau *t, wide value)
{
    if (value > INT64_MAX / 4 || value < -(INT64_MAX / 4)) t->is_overflown = true;
    return (int64_t)value;
}

/* All variables nonbasic at their lower bounds. */
static void begin(tableau *t)
{
    const bl_linear *linear = t->linear;
    t->over = 1;
    t->is_overflown = false;
    memset(t->is_complemented, 0, (t->rows + t->columns) * sizeof *t->is_complemented);
    for (uint32_t r = 0; r < t->rows; r++) {
        int64_t *row = row_of(t, r);
        wide right = -(wide)linear->needed[r];
        for (uint32_t c = 0; c < t->columns; c++) {
            const int8_t coefficient = linear->coefficients[(size_t)c * t->rows + r];
            row[c] = -coefficient;
            right += (wide)coefficient * t->low[c];
        }
        row[t->columns] = narrow(t, right);
        t->basic[r] = t->columns + r;
    }
    int64_t *costs = row_of(t, t->rows), fixed = 0;
    for (uint32_t c = 0; c < t->columns; c++) {
        costs[c] = 1;
        fixed += t->low[c];
        t->nonbasic[c] = c;
    }
    costs[t->columns] = -fixed;
}

/* Counts a basic variable from its other bound. */
static void complement_row(tableau *t, uint32_t r)
{
    int64_t *row = row_of(t, r);
    const wide range = range_of(t, t->basic[r]);
    for (uint32_t c = 0; c < t->columns; c++)
        row[c] = -row[c];
    row[t->columns] = narrow(t, range * t->over - row[t->columns]);
    t->is_complemented[t->basic[r]] = !t->is_complemented[t->basic[r]];
}

/* The row whose basic variable is furthest out of its bounds; BL_NONE: none is. */
static uint32_t find_leaving(tableau *t)
{
    uint32_t found = BL_NONE;
    wide worst = 0;
    for (uint32_t r = 0; r < t->rows; r++) {
        const int64_t right = row_of(t, r)[t->columns];
        const int64_t range = range_of(t, t->basic[r]);
        wide out = right < 0 ? -(wide)right : 0;
        if (range < BL_LINEAR_FREE && (wide)right > (wide)range * t->over)
            out = (wide)right - (wide)range * t->over;
        const bool is_same = out == worst && found != BL_NONE && t->basic[r] < t->basic[found];
        if (out > 0 && (out > worst || is_same)) worst = out, found = r;
    }
    if (found != BL_NONE && row_of(t, found)[t->columns] > 0) complement_row(t, found);
    return found;
}

/* The column that keeps the reduced costs from falling below 0; BL_NONE: the row cannot be mended.
 */
static uint32_t find_entering(const tableau *t, const int64_t *row)
{
    const int64_t *costs = row_of(t, t->rows);
    uint32_t found = BL_NONE;
    for (uint32_t c = 0; c < t->columns; c++) {
        if (row[c] >= 0 || range_of(t, t->nonbasic[c]) == 0) continue;
        if (found == BL_NONE) {
            found = c;
            continue;
        }
        const wide a = (wide)costs[c] * -row[found], b = (wide)costs[found] * -row[c];
        if (a < b || (a == b && t->nonbasic[c] < t->nonbasic[found])) found = c;
    }
    return found;
}

/*
 * Exchanges the basic variable of row r (whose cell at c is negative) with that of column c. Each
 * division leaves nothing over (Edmonds).
 */
static void pivot(tableau *t, uint32_t r, uint32_t c)
{
    int64_t *row = row_of(t, r);
    for (uint32_t j = 0; j <= t->columns; j++)
        row[j] = -row[j];
    const int64_t corner = row[c];
    for (uint32_t i = 0; i <= t->rows; i++) {
        int64_t *other = row_of(t, i);
        if (i == r) continue;
        const int64_t factor = other[c];
        if (factor == 0 && corner == t->over) continue;
        for (uint32_t j = 0; j <= t->columns; j++)
            if (j != c)
                other[j] = narrow(t, ((wide)other[j] * corner - (wide)factor * row[j]) / t->over);
        other[c] = factor;
    }
    /* The row was negated: what was basic comes back with its sign turned. */
    row[c] = -t->over;
    const uint32_t variable = t->basic[r];
    t->basic[r] = t->nonbasic[c];
    t->nonbasic[c] = variable;
    t->over = corner;
}

/* ---- one program of fractions ---- */

static int64_t round_up(wide value, wide over)
{
    return (int64_t)(value / over + (value % over > 0));
}

/* The dual simplex method from the start. `*least`: what is known of the minimum, rounded up. */
static bl_linear_end descend(tableau *t, int64_t cutoff, int64_t *least)
{
    const uint64_t cost = (uint64_t)t->rows * t->columns + 1;
    begin(t);
    for (;;) {
        if (t->is_overflown) return BL_LINEAR_BOUND;
        const int64_t step = t->linear->step;
        const int64_t now = step *
                            round_up(-(wide)row_of(t, t->rows)[t->columns], (wide)t->over * step);
        if (now > *least) *least = now;
        if (*least >= cutoff) return BL_LINEAR_BEYOND;
        const uint32_t r = find_leaving(t);
        if (r == BL_NONE) return BL_LINEAR_BEST;
        const uint32_t c = find_entering(t, row_of(t, r));
        if (c == BL_NONE) return BL_LINEAR_IMPOSSIBLE;
        if (t->budget->left < cost) return BL_LINEAR_BOUND;
        t->budget->left -= cost;
        pivot(t, r, c);
    }
}

/* ---- whole numbers ---- */

typedef struct branching {
    tableau t;
    int64_t best; /* no solution is worth more than one below it */
    int64_t *values; /* of the best; NULL */
    int64_t unknown; /* the least of what was left open; INT64_MAX */
    bool is_whole, found;
} branching;

/* The value of a column, times `over`. */
static wide value_of(const tableau *t, uint32_t column, wide counted)
{
    return t->is_complemented[column] ? (wide)t->high[column] * t->over - counted
                                      : (wide)t->low[column] * t->over + counted;
}

static void keep_values(branching *b)
{
    const tableau *t = &b->t;
    if (!b->values) return;
    for (uint32_t c = 0; c < t->columns; c++)
        b->values[c] = t->is_complemented[c] ? t->high[c] : t->low[c];
    for (uint32_t r = 0; r < t->rows; r++)
        if (t->basic[r] < t->columns)
            b->values[t->basic[r]] = (int64_t)(value_of(t, t->basic[r], row_of(t, r)[t->columns]) /
                                               t->over);
}

/* A column that is not whole, the first; BL_NONE. */
static uint32_t find_broken(const tableau *t, int64_t *below)
{
    uint32_t found = BL_NONE;
    for (uint32_t r = 0; r < t->rows; r++) {
        const uint32_t column = t->basic[r];
        if (column >= t->columns || column >= found) continue;
        const wide value = value_of(t, column, row_of(t, r)[t->columns]);
        if (value % t->over == 0) continue;
        found = column;
        *below = (int64_t)(value / t->over);
    }
    return found;
}

static void branch(branching *b, uint32_t depth)
{
    tableau *t = &b->t;
    int64_t least = 0;
    const bl_linear_end end = descend(t, b->best, &least);
    if (end == BL_LINEAR_BEYOND || end == BL_LINEAR_IMPOSSIBLE) return;
    if (least >= b->unknown) return; /* it could not raise what will be told */
    int64_t below = 0;
    const uint32_t broken = end == BL_LINEAR_BEST && b->is_whole ? find_broken(t, &below) : BL_NONE;
    if (end == BL_LINEAR_BOUND || (broken != BL_NONE && depth == BL_LINEAR_DEPTH_MAX)) {
        if (least < b->unknown) b->unknown = least;
        return;
    }
    if (broken == BL_NONE) {
        b->best = least; /* of whole ones it is the sum itself */
        b->found = true;
        keep_values(b);
        return;
    }
    const int64_t low = t->low[broken], high = t->high[broken];
    t->high[broken] = below;
    branch(b, depth + 1);
    t->high[broken] = high;
    t->low[broken] = below + 1;
    branch(b, depth + 1);
    t->low[broken] = low;
}

static bl_linear_end solve(branching *b, int64_t cutoff, int64_t *least)
{
    branch(b, 0);
    if (b->unknown < b->best) {
        *least = b->unknown;
        return BL_LINEAR_BOUND;
    }
    *least = b->best;
    if (b->found) return BL_LINEAR_BEST;
    return cutoff == BL_LINEAR_FREE ? BL_LINEAR_IMPOSSIBLE : BL_LINEAR_BEYOND;
}

bl_linear_end bl_linear_solve(const bl_linear *linear, bool is_whole, int64_t cutoff,
                              bl_linear_budget *budget, const bl_memory *memory, int64_t *least,
                              int64_t *values)
{
    const size_t rows = linear->row_count, columns = linear->column_count;
    const size_t cells = (rows + 1) * (columns + 1);
    *least = 0;
    if (cells > BL_LINEAR_CELLS_MAX) return BL_LINEAR_BOUND;
    branching b = {.best = cutoff, .values = values, .unknown = INT64_MAX, .is_whole = is_whole};
    tableau *t = &b.t;
    t->linear = linear;
    t->rows = linear->row_count;
    t->columns = linear->column_count;
    t->budget = budget;
    bl_arena arena;
    bl_arena_init(&arena, memory);
    t->cells = bl_arena_array(&arena, cells, sizeof *t->cells);
    t->basic = bl_arena_array(&arena, rows, sizeof *t->basic);
    t->nonbasic = bl_arena_array(&arena, columns, sizeof *t->nonbasic);
    t->is_complemented = bl_arena_array(&arena, rows + columns, sizeof *t->is_complemented);
    t->low = bl_arena_array(&arena, columns, sizeof *t->low);
    t->high = bl_arena_array(&arena, columns, sizeof *t->high);
    bl_linear_end end = BL_LINEAR_NOMEM;
    if (t->cells && t->basic && t->nonbasic && t->is_complemented && t->low && t->high) {
        for (size_t c = 0; c < columns; c++) {
            t->low[c] = 0;
            t->high[c] = linear->most[c];
        }
        end = solve(&b, cutoff, least);
    }
    bl_arena_destroy(&arena);
    return end;
}
