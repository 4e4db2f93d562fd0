/*
 * Plurality, approval, two rounds, score, STAR, Borda and party lists: odd contests, what must hold
 * over drawn ones, oracles in GMP's rationals, and memory that ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gmp.h>

#include "electing_values.h"

/* ---- odd contests ---- */

static const char *const methods[] = {"plurality",
                                      "plurality seats=2",
                                      "approval",
                                      "approval seats=2",
                                      "score",
                                      "star",
                                      "star seats=2",
                                      "two_round",
                                      "borda",
                                      "borda seats=2",
                                      "dowdall",
                                      "dhondt seats=3",
                                      "sainte_lague seats=3",
                                      "score unscored=ignored"};
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

/* Three ballots, or none, for each of `size` candidates alone, in the form the method wants. */
static void prepare_even(election *e, const char *rules, uint32_t size, bool has_ballots)
{
    static const char *const names[] = {"ana", "bo", "cy"};
    char text[256] = "";
    for (uint32_t i = 0; i < size; i++)
        strcat(strcat(text, names[i]), " ");
    bl_count_options options;
    const char *rest = rules;
    assert_true(bl_count_method_named(take(&rest, " "), &options));
    const bl_ballot_kind kind = bl_methods[options.method].ballots;
    for (uint32_t i = 0; i < size && has_ballots; i++)
        strcat(strcat(strcat(text, "\n3: "), names[i]), kind == BL_BALLOTS_SCORES ? " 4" : "");
    if (!has_ballots) strcat(text, "\n2:");
    if (kind == BL_BALLOTS_RANKING)
        prepare(e, rules, text);
    else
        prepare_values(e, rules, text, kind == BL_BALLOTS_SCORES);
}

static void all_tied_elects_nobody_and_says_so(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT; i++) {
        prepare_even(e, methods[i], 3, true);
        if (e->options.seats == 3) e->options.seats = 2;
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        if (!e->count.seats) assert_int_equal(e->count.winner_count, 0);
        assert_int_equal(e->count.vacant, e->options.seats);
        assert_true(e->count.none_because.size > 0);
        assert_int_equal(e->count.ties.count, 1);
    }
}

static void without_votes_nobody_is_elected(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT; i++) {
        prepare_even(e, methods[i], 3, false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        assert_int_equal(e->count.winner_count, 0);
        assert_int_equal(e->count.vacant, e->options.seats);
        assert_true(bl_text_equal(e->count.none_because, BL_TEXT("nobody voted")));
    }
}

static void one_candidate_is_elected(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT; i++) {
        prepare_even(e, methods[i], 1, true);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        assert_string_equal(text_of_winners(e), "ana");
        assert_true((e->count.vacant == 0) == (e->options.seats == 1 || e->count.seats));
        assert_true((e->count.none_because.size == 0) == (e->count.vacant == 0));
    }
}

static void other_ballots_are_refused(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT; i++) {
        prepare_even(e, methods[i], 2, true);
        e->contest->kind = e->contest->kind == BL_BALLOTS_CHOICE ? BL_BALLOTS_SCORES
                                                                 : BL_BALLOTS_CHOICE;
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_REFUSED);
        assert_true(e->count.problem.size > 0);
    }
    prepare(e, "approval", "ana\n1: ana");
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
}

/* ---- drawn contests ---- */

static uint64_t chance = 1;

static uint32_t draw(uint32_t below)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance >> 33) % below;
}

/* One drawn ballot; of a ranking with equal and empty ranks, of scores from 0 to 5. */
static uint32_t draw_marks(bl_ballot_kind kind, uint32_t candidates, bl_mark *marks)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < candidates; i++) {
        if (draw(4) == 0) continue;
        const int32_t value = kind == BL_BALLOTS_RANKING  ? (int32_t)draw(candidates) + 1
                              : kind == BL_BALLOTS_SCORES ? (int32_t)draw(6)
                                                          : 1;
        if (kind != BL_BALLOTS_CHOICE || draw(3) == 0) marks[count++] = (bl_mark){i, value};
    }
    return count;
}

/* A contest of `candidates` and, where `has_stranger`, one more whom no ballot knows. */
static void draw_contest(election *e, const char *rules, uint32_t candidates, bool has_stranger)
{
    forget_election(e);
    read_rules(e, rules);
    const bl_ballot_kind kind = bl_methods[e->options.method].ballots;
    bl_contest_builder *builder = bl_contest_begin(&e->arena, &e->memory, 3);
    for (uint32_t i = 0; i < candidates + has_stranger; i++) {
        char name[16];
        uint32_t number;
        snprintf(name, sizeof name, "c%u", i);
        bl_contest_add_candidate(builder, bl_text_of(name), &number);
    }
    const uint32_t ballots = 1 + draw(12);
    for (uint32_t i = 0; i < ballots; i++) {
        bl_mark marks[MARKS_MOST];
        const uint32_t count = draw_marks(kind, candidates, marks);
        assert_int_equal(bl_contest_add_ballot(builder, marks, count, 1 + draw(9)), BL_CONTEST_OK);
    }
    e->contest = bl_contest_end(builder, kind);
    assert_non_null(e->contest);
}

/* The same ballots backwards, each on a pile of its own. */
static void ungroup(election *e)
{
    bl_contest *contest = e->contest;
    bl_pile *piles = bl_arena_array(&e->arena, contest->total, sizeof *piles);
    bl_mark *marks = bl_arena_array(&e->arena, contest->total * contest->candidate_count,
                                    sizeof *marks);
    uint32_t count = 0, mark_count = 0;
    for (uint32_t i = contest->pile_count; i-- > 0;) {
        const bl_pile *pile = &contest->piles[i];
        for (uint64_t j = 0; j < pile->weight; j++) {
            piles[count++] = (bl_pile){mark_count, pile->mark_count, 1};
            for (uint32_t k = 0; k < pile->mark_count; k++)
                marks[mark_count++] = contest->marks[pile->first_mark + k];
        }
    }
    contest->piles = piles;
    contest->pile_count = count;
    contest->marks = marks;
    contest->mark_count = mark_count;
}

static char *whole_text(election *e)
{
    const size_t room = 1 << 16;
    char *text = malloc(room);
    snprintf(text, room, "%s", text_of_rounds(e));
    snprintf(text + strlen(text), room - strlen(text), "%s", all_said(e));
    snprintf(text + strlen(text), room - strlen(text), "%s %u", text_of_winners(e),
             e->count.vacant);
    return text;
}

static void counts_are_the_same_when_ballots_are_reordered_or_grouped(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT * 100; i++) {
        draw_contest(e, methods[i % METHOD_COUNT], 2 + draw(5), false);
        count_it(e);
        char *grouped = whole_text(e);
        bl_count_free(&e->count);
        ungroup(e);
        count_it(e);
        char *ungrouped = whole_text(e);
        assert_string_equal(grouped, ungrouped);
        free(grouped);
        free(ungrouped);
    }
}

static void a_candidate_whom_no_ballot_knows_changes_nothing(void **state)
{
    election *e = *state;
    static const char *const some[] = {"plurality ties=order",
                                       "approval ties=order",
                                       "score ties=order",
                                       "star ties=order",
                                       "two_round ties=order",
                                       "dowdall ties=order",
                                       "borda truncated=counted points=from_one ties=order"};
    for (uint32_t i = 0; i < 700; i++) {
        const uint64_t before = chance;
        const uint32_t candidates = 2 + i % 5;
        draw_contest(e, some[i % 7], candidates, false);
        count_it(e);
        const uint32_t winner = e->count.winner_count == 0 ? BL_NONE : e->count.winners[0];
        chance = before;
        draw_contest(e, some[i % 7], candidates, true);
        count_it(e);
        assert_int_equal(e->count.winner_count == 0 ? BL_NONE : e->count.winners[0], winner);
    }
}

/* ---- oracles: the definitions, in rationals of GMP ---- */

static void set_from_text(mpq_t out, bl_text text)
{
    char copy[4096], digits[8300];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    const char *point = strchr(copy, '.');
    if (point) {
        const int places = (int)strlen(point + 1);
        snprintf(digits, sizeof digits, "%.*s%s/1%0*d", (int)(point - copy), copy, point + 1,
                 places, 0);
        assert_int_equal(mpq_set_str(out, digits, 10), 0);
    } else {
        assert_int_equal(mpq_set_str(out, copy, 10), 0);
    }
    mpq_canonicalize(out);
}

/* Points of a place from 1 on, where `among` candidates share the places. */
static void set_points(mpq_t out, uint32_t kind, uint32_t place, uint32_t among)
{
    if (kind == BL_POINTS_DOWDALL)
        mpq_set_ui(out, 1, place);
    else
        mpq_set_ui(out, among - place + (kind == BL_POINTS_FROM_ONE), 1);
}

/* The average of the points of places first … last, times a weight, added. */
static void add_points(mpq_t sum, uint32_t kind, uint32_t first, uint32_t last, uint32_t among,
                       uint64_t weight)
{
    mpq_t all, one;
    mpq_inits(all, one, NULL);
    for (uint32_t place = first; place <= last; place++) {
        set_points(one, kind, place, among);
        mpq_add(all, all, one);
    }
    mpq_set_ui(one, weight, last - first + 1);
    mpq_canonicalize(one);
    mpq_mul(all, all, one);
    mpq_add(sum, sum, all);
    mpq_clears(all, one, NULL);
}

/* What a ballot gives a candidate: places are counted among all marks. */
static void add_ballot_points(const election *e, const bl_pile *pile, uint32_t candidate, mpq_t sum)
{
    const bl_contest *contest = e->contest;
    const bl_mark *marks = contest->marks + pile->first_mark;
    const uint32_t size = contest->candidate_count, ranked = pile->mark_count;
    const bool is_counted = e->options.truncated == BL_TRUNCATED_COUNTED;
    int32_t rank = 0;
    for (uint32_t i = 0; i < ranked; i++)
        if (marks[i].candidate == candidate) rank = marks[i].value;
    uint32_t above = 0, beside = 0;
    for (uint32_t i = 0; i < ranked; i++) {
        above += marks[i].value < rank;
        beside += marks[i].value == rank;
    }
    if (rank > 0)
        add_points(sum, e->options.points, above + 1, above + beside, is_counted ? ranked : size,
                   pile->weight);
    else if (ranked > 0 && e->options.truncated == BL_TRUNCATED_AVERAGE)
        add_points(sum, e->options.points, ranked + 1, size, size, pile->weight);
}

static const bl_text *figure_cells(const election *e, const char *name)
{
    for (size_t i = 0; i < e->count.figures.count; i++)
        if (strcmp(e->count.figures.items[i].name, name) == 0)
            return e->count.figures.items[i].cells;
    fail_msg("no figure %s", name);
    return NULL;
}

static void borda_is_its_definition(void **state)
{
    election *e = *state;
    static const char *const points[] = {"from_zero", "from_one", "dowdall"};
    static const char *const truncated[] = {"zero", "average", "counted"};
    mpq_t sum, told;
    mpq_inits(sum, told, NULL);
    uint32_t compared = 0;
    for (uint32_t i = 0; i < 900; i++) {
        char rules[128];
        snprintf(rules, sizeof rules, "borda points=%s truncated=%s", points[i % 3],
                 truncated[i / 3 % 3]);
        draw_contest(e, rules, 1 + draw(i < 800 ? 7 : 60), false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        if (e->count.rounds.count == 0) continue;
        const bl_text *cells = figure_cells(e, "scores");
        for (uint32_t c = 0; c < e->contest->candidate_count; c++) {
            mpq_set_ui(sum, 0, 1);
            for (uint32_t j = 0; j < e->contest->pile_count; j++)
                add_ballot_points(e, &e->contest->piles[j], c, sum);
            set_from_text(told, cells[c]);
            assert_true(mpq_equal(sum, told));
            compared++;
        }
    }
    mpq_clears(sum, told, NULL);
    assert_true(compared > 3000);
}

/* The quotient of a list's seat number `seat`, from 0. */
static void set_quotient(mpq_t out, const election *e, uint64_t votes, uint32_t seat)
{
    mpq_t divisor;
    mpq_init(divisor);
    const bl_rational first = e->options.first_divisor;
    if (seat == 0)
        mpq_set_ui(divisor, (unsigned long)first.num, (unsigned long)first.den);
    else
        mpq_set_ui(divisor, e->options.method == BL_METHOD_DHONDT ? seat + 1 : 2 * seat + 1, 1);
    mpq_set_ui(out, votes, 1);
    mpq_div(out, out, divisor);
    mpq_clear(divisor);
}

static uint64_t votes_of(const election *e, uint32_t list)
{
    uint64_t votes = 0;
    for (uint32_t i = 0; i < e->contest->pile_count; i++) {
        const bl_pile *pile = &e->contest->piles[i];
        if (pile->mark_count == 1 && e->contest->marks[pile->first_mark].candidate == list)
            votes += pile->weight;
    }
    return votes;
}

/* A quotient has a seat exactly when fewer than all seats go to higher ones; false at a tie. */
static bool seats_by_rank(const election *e, uint32_t list, uint32_t *seats)
{
    mpq_t own, other;
    mpq_inits(own, other, NULL);
    bool is_clear = true;
    *seats = 0;
    for (uint32_t seat = 0; seat < e->options.seats && votes_of(e, list) > 0; seat++) {
        uint32_t higher = 0, equal = 0;
        set_quotient(own, e, votes_of(e, list), seat);
        for (uint32_t i = 0; i < e->contest->candidate_count; i++)
            for (uint32_t j = 0; j < e->options.seats && votes_of(e, i) > 0; j++) {
                set_quotient(other, e, votes_of(e, i), j);
                higher += mpq_cmp(other, own) > 0;
                equal += mpq_cmp(other, own) == 0;
            }
        if (higher < e->options.seats && higher + equal > e->options.seats) is_clear = false;
        *seats += higher + equal <= e->options.seats;
    }
    mpq_clears(own, other, NULL);
    return is_clear;
}

static void lists_get_the_highest_quotients(void **state)
{
    election *e = *state;
    static const char *const some[] = {"dhondt seats=%u", "sainte_lague seats=%u",
                                       "modified_sainte_lague seats=%u",
                                       "dhondt first_divisor=1.2 seats=%u"};
    uint32_t compared = 0;
    for (uint32_t i = 0; i < 400; i++) {
        char rules[64];
        snprintf(rules, sizeof rules, some[i % 4], 1 + draw(12));
        draw_contest(e, rules, 1 + draw(5), false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        for (uint32_t list = 0; list < e->contest->candidate_count && e->count.seats; list++) {
            uint32_t seats;
            if (!seats_by_rank(e, list, &seats)) break;
            assert_int_equal(e->count.seats[list], seats);
            compared++;
        }
    }
    assert_true(compared > 300);
}

/* Totals of whole scores, unscored 0. */
static uint64_t score_of(const bl_contest *contest, const bl_pile *pile, uint32_t candidate)
{
    for (uint32_t i = 0; i < pile->mark_count; i++)
        if (contest->marks[pile->first_mark + i].candidate == candidate)
            return (uint64_t)contest->marks[pile->first_mark + i].value;
    return 0;
}

static uint64_t total_of(const election *e, uint32_t candidate)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < e->contest->pile_count; i++)
        total += score_of(e->contest, &e->contest->piles[i], candidate) *
                 e->contest->piles[i].weight;
    return total;
}

/* Where no tie is: the two highest, and of them who is preferred on more ballots. */
static uint32_t star_by_hand(const election *e)
{
    uint32_t best = BL_NONE, second = BL_NONE;
    for (uint32_t i = 0; i < e->contest->candidate_count; i++) {
        if (best == BL_NONE || total_of(e, i) > total_of(e, best)) {
            second = best;
            best = i;
        } else if (second == BL_NONE || total_of(e, i) > total_of(e, second)) {
            second = i;
        }
    }
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        if (i != best && i != second && total_of(e, i) >= total_of(e, second)) return BL_NONE;
    uint64_t votes[2] = {0, 0};
    for (uint32_t i = 0; i < e->contest->pile_count; i++) {
        const bl_pile *pile = &e->contest->piles[i];
        const uint64_t a = score_of(e->contest, pile, best), b = score_of(e->contest, pile, second);
        if (a != b) votes[b > a] += pile->weight;
    }
    return votes[0] == votes[1] ? BL_NONE : votes[1] > votes[0] ? second : best;
}

static void star_is_its_definition_where_nothing_is_tied(void **state)
{
    election *e = *state;
    uint32_t compared = 0;
    for (uint32_t i = 0; i < 500; i++) {
        draw_contest(e, "star ties=order", 2 + draw(5), false);
        const uint32_t winner = star_by_hand(e);
        if (winner == BL_NONE) continue;
        count_it(e);
        assert_int_equal(e->count.winner_count, 1);
        assert_int_equal(e->count.winners[0], winner);
        compared++;
    }
    assert_true(compared > 300);
}

/* No ballot is lost: what counts and what is exhausted is all there is, in both rounds. */
static void two_rounds_lose_no_ballot(void **state)
{
    election *e = *state;
    mpq_t sum, one;
    mpq_inits(sum, one, NULL);
    for (uint32_t i = 0; i < 300; i++) {
        draw_contest(e, "two_round ties=order overvote=skip", 1 + draw(6), false);
        count_it(e);
        for (size_t r = 0; r < e->count.rounds.count; r++) {
            const bl_round *round = &e->count.rounds.items[r];
            set_from_text(sum, round->exhausted.text);
            for (uint32_t c = 0; c < e->contest->candidate_count; c++) {
                if (round->tally[c].text.size == 0) continue;
                set_from_text(one, round->tally[c].text);
                mpq_add(sum, sum, one);
            }
            assert_int_equal(mpq_cmp_ui(sum, e->contest->total - e->count.blank, 1), 0);
        }
    }
    mpq_clears(sum, one, NULL);
}

/* ---- large contests and memory ---- */

/* Fractions of 1/1 to 1/400 have some 170 digits; they are added up and compared exactly. */
static void dowdall_of_many_candidates_is_exact(void **state)
{
    election *e = *state;
    enum { MANY = 400 };
    bl_contest_builder *builder;
    forget_election(e);
    read_rules(e, "dowdall");
    builder = bl_contest_begin(&e->arena, &e->memory, 3);
    bl_mark marks[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        char name[16];
        uint32_t number;
        snprintf(name, sizeof name, "c%u", i);
        bl_contest_add_candidate(builder, bl_text_of(name), &number);
    }
    for (uint32_t turn = 0; turn < MANY; turn++) { /* everybody once at each place */
        for (uint32_t i = 0; i < MANY; i++)
            marks[i] = (bl_mark){(i + turn) % MANY, (int32_t)i + 1};
        assert_int_equal(bl_contest_add_ballot(builder, marks, MANY, 1), BL_CONTEST_OK);
    }
    e->contest = bl_contest_end(builder, BL_BALLOTS_RANKING);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
    mpq_t sum, told;
    mpq_inits(sum, told, NULL);
    for (uint32_t place = 1; place <= MANY; place++) {
        mpq_set_ui(told, 1, place);
        mpq_add(sum, sum, told);
    }
    const bl_text *cells = figure_cells(e, "scores");
    for (uint32_t i = 0; i < MANY; i++) {
        set_from_text(told, cells[i]);
        assert_true(mpq_equal(sum, told));
    }
    mpq_clears(sum, told, NULL);
    assert_int_equal(e->count.winner_count, 0); /* all of them are tied */
}

static void the_largest_weights_fit(void **state)
{
    election *e = *state;
    char text[256];
    const unsigned long half = BL_WEIGHT_MAX / 2;
    snprintf(text, sizeof text, "ana bo cy\n%lu: ana 5, bo 4\n%lu: bo 5, cy 4", half, half);
    score(e, "star", text);
    assert_string_equal(text_of_winners(e), "bo");
    assert_string_equal(text_of_figure(e, "scores"),
                        "180143985094819840 324259173170675712 144115188075855872");
    snprintf(text, sizeof text, "ana bo\n%lu: ana\n%lu: bo > ana", half, half);
    elect(e, "borda truncated=average points=from_one", text);
    assert_string_equal(text_of_figure(e, "scores"), "108086391056891904 108086391056891904");
}

static void memory_that_ends_is_told_at_every_allocation(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT; i++) {
        bool has_ended = false;
        for (size_t at = 1; !has_ended; at++) {
            chance = 77 + i;
            draw_contest(e, methods[i], 5, false);
            e->allocations = 0;
            e->fail_at = at;
            count_it(e);
            has_ended = e->allocations < at;
            e->fail_at = 0;
            assert_int_equal(e->status, has_ended ? BL_COUNT_OK : BL_COUNT_NOMEM);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_election, end_election)
        TEST(all_tied_elects_nobody_and_says_so),
        TEST(without_votes_nobody_is_elected),
        TEST(one_candidate_is_elected),
        TEST(other_ballots_are_refused),
        TEST(counts_are_the_same_when_ballots_are_reordered_or_grouped),
        TEST(a_candidate_whom_no_ballot_knows_changes_nothing),
        TEST(borda_is_its_definition),
        TEST(lists_get_the_highest_quotients),
        TEST(star_is_its_definition_where_nothing_is_tied),
        TEST(two_rounds_lose_no_ballot),
        TEST(dowdall_of_many_candidates_is_exact),
        TEST(the_largest_weights_fit),
        TEST(memory_that_ends_is_told_at_every_allocation),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
