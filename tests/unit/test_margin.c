/*
 * Margins: linear programs against trying all values, margins against trying all changed ballots.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear.h"
#include "margin.h"
#include "margin_runoff.h"

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* ---- linear programs ---- */

enum { ROWS = 4, COLUMNS = 5 };

static bool satisfies(const bl_linear *linear, const int64_t *values)
{
    for (uint32_t r = 0; r < linear->row_count; r++) {
        int64_t sum = 0;
        for (uint32_t c = 0; c < linear->column_count; c++)
            sum += linear->coefficients[c * linear->row_count + r] * values[c];
        if (r == linear->equal_row ? sum != linear->needed[r] : sum < linear->needed[r])
            return false;
    }
    return true;
}

static int64_t sum_of(const bl_linear *linear, const int64_t *values)
{
    int64_t sum = 0;
    for (uint32_t c = 0; c < linear->column_count; c++)
        sum += values[c];
    return sum;
}

/* The minimum by trying everything; -1: impossible. */
static int64_t try_all(const bl_linear *linear)
{
    int64_t values[COLUMNS] = {0}, best = -1;
    for (;;) {
        const int64_t sum = sum_of(linear, values);
        if (satisfies(linear, values) && (best < 0 || sum < best)) best = sum;
        uint32_t c = 0;
        for (; c < linear->column_count && values[c] == linear->most[c]; c++)
            values[c] = 0;
        if (c == linear->column_count) return best;
        values[c]++;
    }
}

static void a_program_is_solved_as_by_trying_everything(void **state)
{
    (void)state;
    uint64_t seed = 7;
    uint32_t possible = 0;
    for (int i = 0; i < 8000; i++) {
        int8_t coefficients[ROWS * COLUMNS];
        int64_t needed[ROWS], most[COLUMNS], values[COLUMNS], least;
        bl_linear linear = {.row_count = 1 + next_random(&seed) % ROWS,
                            .column_count = 1 + next_random(&seed) % COLUMNS,
                            .coefficients = coefficients,
                            .needed = needed,
                            .most = most,
                            .equal_row = BL_NONE,
                            .step = 1};
        for (size_t c = 0; c < sizeof coefficients; c++)
            coefficients[c] = (int8_t)((int)(next_random(&seed) % 3) - 1);
        for (uint32_t r = 0; r < ROWS; r++)
            needed[r] = (int64_t)(next_random(&seed) % 7) - 2;
        for (uint32_t c = 0; c < COLUMNS; c++)
            most[c] = next_random(&seed) % 4;
        if (next_random(&seed) % 2) linear.equal_row = next_random(&seed) % linear.row_count;
        bl_linear_budget budget = {1000000};
        const int64_t best = try_all(&linear);
        const bl_linear_end end = bl_linear_solve(&linear, true, BL_LINEAR_FREE, &budget,
                                                  &bl_memory_default, &least, values);
        assert_int_equal(end, best < 0 ? BL_LINEAR_IMPOSSIBLE : BL_LINEAR_BEST);
        if (best < 0) continue;
        possible++;
        assert_int_equal(least, best);
        assert_true(satisfies(&linear, values));
        assert_int_equal(sum_of(&linear, values), best);
        bl_linear_solve(&linear, false, BL_LINEAR_FREE, &budget, &bl_memory_default, &least, NULL);
        assert_true(least <= best);
    }
    assert_true(possible > 1000);
}

static void a_program_that_cannot_be_below_the_cutoff_is_left(void **state)
{
    (void)state;
    const int8_t coefficients[] = {1};
    const int64_t needed[] = {9}, most[] = {BL_LINEAR_FREE};
    const bl_linear linear = {1, 1, coefficients, needed, most, BL_NONE, 1};
    bl_linear_budget budget = {1000};
    int64_t least, value;
    assert_int_equal(bl_linear_solve(&linear, true, 9, &budget, &bl_memory_default, &least, &value),
                     BL_LINEAR_BEYOND);
    assert_int_equal(
        bl_linear_solve(&linear, true, 10, &budget, &bl_memory_default, &least, &value),
        BL_LINEAR_BEST);
    assert_int_equal(value, 9);
    budget.left = 1;
    assert_int_equal(
        bl_linear_solve(&linear, true, 10, &budget, &bl_memory_default, &least, &value),
        BL_LINEAR_BOUND);
}

/* ---- margins against trying all changes ---- */

enum { TYPES_MAX = 80, CANDIDATES_MAX = 4 };

/* All ballots there can be, and how many of each were cast. */
typedef struct world {
    uint32_t candidates, types, winner;
    uint32_t ranking[TYPES_MAX][CANDIDATES_MAX];
    uint32_t size[TYPES_MAX];
    uint32_t cast[TYPES_MAX];
    uint32_t (*winners)(const struct world *world, uint32_t in); /* a bit for each who may win */
} world;

static void add_rankings(world *w, uint32_t used, uint32_t *ranking, uint32_t size)
{
    memcpy(w->ranking[w->types], ranking, size * sizeof *ranking);
    w->size[w->types++] = size;
    for (uint32_t c = 0; c < w->candidates; c++) {
        if (used >> c & 1) continue;
        ranking[size] = c;
        add_rankings(w, used | 1u << c, ranking, size + 1);
    }
}

/* Sets of candidates. */
static void add_choices(world *w, uint32_t most)
{
    for (uint32_t set = 0; set < 1u << w->candidates; set++) {
        uint32_t size = 0;
        for (uint32_t c = 0; c < w->candidates; c++)
            if (set >> c & 1) w->ranking[w->types][size++] = c;
        w->size[w->types] = size;
        w->types += size <= most;
    }
}

static uint32_t best_of(const uint32_t *tally, uint32_t candidates)
{
    uint32_t most = 0, who = 0;
    for (uint32_t c = 0; c < candidates; c++)
        if (tally[c] > most) most = tally[c];
    for (uint32_t c = 0; c < candidates; c++)
        who |= (uint32_t)(tally[c] == most) << c;
    return who;
}

static uint32_t choice_winners(const world *w, uint32_t in)
{
    (void)in;
    uint32_t tally[CANDIDATES_MAX] = {0};
    for (uint32_t t = 0; t < w->types; t++)
        for (uint32_t i = 0; i < w->size[t]; i++)
            tally[w->ranking[t][i]] += w->cast[t];
    return best_of(tally, w->candidates);
}

/* Whoever may win when ties are broken this way or that. */
static uint32_t runoff_winners(const world *w, uint32_t in)
{
    if (!(in & (in - 1))) return in;
    uint32_t tally[CANDIDATES_MAX] = {0}, least = UINT32_MAX, who = 0;
    for (uint32_t t = 0; t < w->types; t++)
        for (uint32_t i = 0; i < w->size[t]; i++)
            if (in >> w->ranking[t][i] & 1) {
                tally[w->ranking[t][i]] += w->cast[t];
                break;
            }
    for (uint32_t c = 0; c < w->candidates; c++)
        if (in >> c & 1 && tally[c] < least) least = tally[c];
    for (uint32_t c = 0; c < w->candidates; c++)
        if (in >> c & 1 && tally[c] == least) who |= runoff_winners(w, in & ~(1u << c));
    return who;
}

static bool changes(world *w, uint32_t left, uint32_t from)
{
    const uint32_t all = (1u << w->candidates) - 1;
    if (w->winners(w, all) & ~(1u << w->winner)) return true;
    for (uint32_t t = from; left > 0 && t < w->types; t++) {
        if (w->cast[t] == 0) continue;
        for (uint32_t other = 0; other < w->types; other++) {
            if (other == t) continue;
            w->cast[t]--, w->cast[other]++;
            const bool is_found = changes(w, left - 1, t);
            w->cast[t]++, w->cast[other]--;
            if (is_found) return true;
        }
    }
    return false;
}

static uint32_t find_margin(world *w)
{
    uint32_t margin = 0;
    while (!changes(w, margin, 0))
        margin++;
    return margin;
}

/* Random ballots, few; false where nobody is the sure winner. */
static bool cast_ballots(world *w, uint32_t most, uint64_t *seed)
{
    memset(w->cast, 0, sizeof w->cast);
    for (uint32_t left = 3 + next_random(seed) % most; left-- > 0;)
        w->cast[next_random(seed) % w->types]++;
    const uint32_t who = w->winners(w, (1u << w->candidates) - 1);
    for (w->winner = 0; !(who >> w->winner & 1);)
        w->winner++;
    return !(who & (who - 1));
}

static bl_contest *make_contest(const world *w, bl_ballot_kind kind, bl_arena *arena)
{
    bl_contest_builder *builder = bl_contest_begin(arena, &bl_memory_default, 1);
    assert_non_null(builder);
    for (uint32_t c = 0; c < w->candidates; c++) {
        const char name = (char)('a' + (char)c);
        uint32_t number;
        assert_int_equal(bl_contest_add_candidate(builder, (bl_text){&name, 1}, &number),
                         BL_CONTEST_OK);
    }
    for (uint32_t t = 0; t < w->types; t++) {
        bl_mark marks[CANDIDATES_MAX];
        for (uint32_t i = 0; i < w->size[t]; i++)
            marks[i] = (bl_mark){w->ranking[t][i], kind == BL_BALLOTS_RANKING ? (int32_t)i + 1 : 1};
        if (w->cast[t] > 0)
            assert_int_equal(bl_contest_add_ballot(builder, marks, w->size[t], w->cast[t]),
                             BL_CONTEST_OK);
    }
    bl_contest *contest = bl_contest_end(builder, kind);
    assert_non_null(contest);
    return contest;
}

static uint64_t figure(const bl_count *count, const char *name)
{
    for (size_t i = 0; i < count->figures.count; i++) {
        bl_rational value;
        if (strcmp(count->figures.items[i].name, name) != 0) continue;
        assert_true(bl_rational_parse(count->figures.items[i].cells[0], &value));
        return (uint64_t)value.num;
    }
    return UINT64_MAX;
}

static uint64_t margin_of(const world *w, bl_ballot_kind kind, bl_method method)
{
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_count_options options = bl_count_options_of(method);
    assert_true(bl_count_option_set(&options, BL_TEXT("ties"), BL_TEXT("order"), NULL));
    bl_count count;
    assert_int_equal(
        bl_count_run(make_contest(w, kind, &arena), &options, &arena, &bl_memory_default, &count),
        BL_COUNT_OK);
    assert_int_equal(count.winner_count, 1);
    assert_int_equal(count.winners[0], w->winner);
    assert_true(bl_margin_add(&count, UINT64_C(1) << 28));
    const uint64_t margin = figure(&count, "margin");
    assert_true(figure(&count, "last_round_margin") >= margin);
    bl_count_free(&count);
    bl_arena_destroy(&arena);
    return margin;
}

static void the_margin_of_a_runoff_is_that_of_trying_all_changes(void **state)
{
    (void)state;
    uint64_t seed = 11;
    uint32_t tried = 0;
    for (int i = 0; i < 500; i++) {
        world w = {.candidates = i % 20 == 0 ? 4 : 3, .winners = runoff_winners};
        uint32_t ranking[CANDIDATES_MAX];
        add_rankings(&w, 0, ranking, 0);
        if (!cast_ballots(&w, w.candidates == 4 ? 5 : 9, &seed)) continue;
        tried++;
        assert_int_equal(margin_of(&w, BL_BALLOTS_RANKING, BL_METHOD_IRV), find_margin(&w));
    }
    assert_true(tried > 100);
}

static void the_margin_of_choices_is_that_of_trying_all_changes(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 400; i++) {
        world w = {.candidates = 2 + (uint32_t)i % 3, .winners = choice_winners};
        const bool is_approval = i % 2 == 0;
        add_choices(&w, is_approval ? CANDIDATES_MAX : 1);
        if (!cast_ballots(&w, 8, &seed)) continue;
        assert_int_equal(margin_of(&w, BL_BALLOTS_CHOICE,
                                   is_approval ? BL_METHOD_APPROVAL : BL_METHOD_PLURALITY),
                         find_margin(&w));
    }
}

/* ---- bounds, and what memory does ---- */

static void little_effort_gives_bounds_that_hold(void **state)
{
    (void)state;
    uint64_t seed = 3;
    static uint32_t rankings[200][6];
    static bl_runoff_ballot items[200];
    const bool stands[6] = {true, true, true, true, true, true};
    for (uint32_t i = 0; i < 200; i++) {
        for (uint32_t c = 0; c < 6; c++) {
            const uint32_t at = next_random(&seed) % (c + 1);
            rankings[i][c] = rankings[i][at];
            rankings[i][at] = c;
        }
        items[i] = (bl_runoff_ballot){rankings[i], 1 + next_random(&seed) % 6,
                                      1 + next_random(&seed) % 50};
    }
    const bl_runoff_ballots ballots = {items, 200, 6, stands, 6, 0, BL_NO_MOST};
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_runoff_margin exact, rough;
    assert_true(
        bl_margin_runoff(&ballots, 5000, UINT64_C(1) << 30, &arena, &bl_memory_default, &exact));
    assert_int_equal(exact.least, exact.most);
    bool was_rough = false;
    for (uint64_t effort = BL_MARGIN_STEP; effort < UINT64_C(1) << 24; effort *= 2) {
        assert_true(bl_margin_runoff(&ballots, 5000, effort, &arena, &bl_memory_default, &rough));
        assert_true(rough.least <= exact.most && exact.most <= rough.most);
        was_rough = was_rough || rough.least < rough.most;
    }
    assert_true(was_rough);
    bl_arena_destroy(&arena);
}

/* ---- limits ---- */

/* BL_LINEAR_DEPTH_MAX: each triangle of variables, of which every two sum to 1 at least, has halves
 * as its best fractions, and takes one variable to be made whole. */
static bl_linear_end solve_triangles(uint32_t count, int64_t *least)
{
    const uint32_t size = 3 * count;
    int8_t *coefficients = calloc((size_t)size * size, 1);
    int64_t *needed = calloc(size, sizeof *needed), *most = calloc(size, sizeof *most);
    assert_true(coefficients && needed && most);
    for (uint32_t c = 0; c < size; c++) {
        const uint32_t first = c - c % 3;
        for (uint32_t r = first; r < first + 3; r++)
            coefficients[c * size + r] = r != c;
        needed[c] = 1;
        most[c] = 1;
    }
    const bl_linear linear = {size, size, coefficients, needed, most, BL_NONE, 2 * count};
    bl_linear_budget budget = {UINT64_C(1) << 40};
    const bl_linear_end end = bl_linear_solve(&linear, true, BL_LINEAR_FREE, &budget,
                                              &bl_memory_default, least, NULL);
    free(coefficients);
    free(needed);
    free(most);
    return end;
}

static void so_many_variables_are_made_whole_and_no_more(void **state)
{
    (void)state;
    int64_t least;
    assert_int_equal(solve_triangles(BL_LINEAR_DEPTH_MAX, &least), BL_LINEAR_BEST);
    assert_int_equal(least, 2 * BL_LINEAR_DEPTH_MAX);
    assert_int_equal(solve_triangles(BL_LINEAR_DEPTH_MAX + 1, &least), BL_LINEAR_BOUND);
}

/* BL_LINEAR_CELLS_MAX: two rows, the costs among them. */
static void a_table_has_so_many_cells_and_no_more(void **state)
{
    (void)state;
    const uint32_t columns = BL_LINEAR_CELLS_MAX / 2 - 1;
    int8_t *coefficients = malloc(columns + 1);
    int64_t *most = malloc((columns + 1) * sizeof *most), least;
    const int64_t needed[] = {3};
    assert_true(coefficients && most);
    for (uint32_t c = 0; c <= columns; c++) {
        coefficients[c] = 1;
        most[c] = 1;
    }
    bl_linear linear = {1, columns, coefficients, needed, most, BL_NONE, 1};
    bl_linear_budget budget = {UINT64_C(1) << 40};
    assert_int_equal(
        bl_linear_solve(&linear, true, BL_LINEAR_FREE, &budget, &bl_memory_default, &least, NULL),
        BL_LINEAR_BEST);
    assert_int_equal(least, 3);
    linear.column_count++;
    assert_int_equal(
        bl_linear_solve(&linear, true, BL_LINEAR_FREE, &budget, &bl_memory_default, &least, NULL),
        BL_LINEAR_BOUND);
    free(coefficients);
    free(most);
}

/* BL_MARGIN_PLACES_MAX: each has a ballot more than the one before it, and nobody a second choice.
 */
static bl_runoff_margin margin_among(uint32_t candidates)
{
    uint32_t rankings[BL_MARGIN_PLACES_MAX + 1];
    bl_runoff_ballot items[BL_MARGIN_PLACES_MAX + 1];
    bool stands[BL_MARGIN_PLACES_MAX + 1];
    for (uint32_t c = 0; c < candidates; c++) {
        rankings[c] = c;
        items[c] = (bl_runoff_ballot){&rankings[c], 1, 100 + 10 * c};
        stands[c] = true;
    }
    const bl_runoff_ballots ballots = {items,      candidates,     candidates, stands,
                                       candidates, candidates - 1, BL_NO_MOST};
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_runoff_margin margin;
    assert_true(
        bl_margin_runoff(&ballots, 6, UINT64_C(1) << 31, &arena, &bl_memory_default, &margin));
    bl_arena_destroy(&arena);
    return margin;
}

static void orders_of_so_many_are_costed_and_no_more(void **state)
{
    (void)state;
    const bl_runoff_margin known = margin_among(BL_MARGIN_PLACES_MAX);
    assert_int_equal(known.least, 5);
    assert_int_equal(known.most, 5);
    const bl_runoff_margin open = margin_among(BL_MARGIN_PLACES_MAX + 1);
    assert_true(open.least <= 5 && open.least < open.most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_solved_as_by_trying_everything),
        cmocka_unit_test(a_program_that_cannot_be_below_the_cutoff_is_left),
        cmocka_unit_test(the_margin_of_a_runoff_is_that_of_trying_all_changes),
        cmocka_unit_test(the_margin_of_choices_is_that_of_trying_all_changes),
        cmocka_unit_test(little_effort_gives_bounds_that_hold),
        cmocka_unit_test(so_many_variables_are_made_whole_and_no_more),
        cmocka_unit_test(a_table_has_so_many_cells_and_no_more),
        cmocka_unit_test(orders_of_so_many_are_costed_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
