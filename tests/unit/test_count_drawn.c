/*
 * Plurality, approval, two rounds, score, STAR, Borda and party lists: odd contests, what must hold
 * over drawn ones, oracles in GMP's rationals, and memory that ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drawn_elections.h"

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
    prepare_of(e, kind, rules, text);
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
        IS_WON(e, "ana");
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

/* One drawn ballot; of a ranking with equal and empty ranks, of scores from 0 to 5. */
static uint32_t draw_marks(election *e, bl_ballot_kind kind, uint32_t candidates, bl_mark *marks)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < candidates; i++) {
        if (draw(e, 4) == 0) continue;
        const int32_t value = kind == BL_BALLOTS_RANKING  ? (int32_t)draw(e, candidates) + 1
                              : kind == BL_BALLOTS_SCORES ? (int32_t)draw(e, 6)
                                                          : 1;
        if (kind != BL_BALLOTS_CHOICE || draw(e, 3) == 0) marks[count++] = (bl_mark){i, value};
    }
    return count;
}

/* A contest of `candidates` and, where `has_stranger`, one more whom no ballot knows. */
static void draw_contest(election *e, const char *rules, uint32_t candidates, bool has_stranger)
{
    set_rules(e, rules);
    const bl_ballot_kind kind = bl_methods[e->options.method].ballots;
    begin_field(e, candidates + has_stranger);
    const uint32_t ballots = 1 + draw(e, 12);
    for (uint32_t i = 0; i < ballots; i++) {
        bl_mark marks[MARKS_MOST];
        const uint32_t count = draw_marks(e, kind, candidates, marks);
        add_marks(e, marks, count, 1 + draw(e, 9));
    }
    end_contest(e, kind);
}

static void counts_are_the_same_when_ballots_are_reordered_or_grouped(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < METHOD_COUNT * 100; i++) {
        draw_contest(e, methods[i % METHOD_COUNT], 2 + draw(e, 5), false);
        counts_the_same_one_by_one(e);
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
        const uint64_t before = e->chance;
        const uint32_t candidates = 2 + i % 5;
        draw_contest(e, some[i % 7], candidates, false);
        count_it(e);
        const uint32_t winner = e->count.winner_count == 0 ? BL_NONE : e->count.winners[0];
        e->chance = before;
        draw_contest(e, some[i % 7], candidates, true);
        count_it(e);
        assert_int_equal(e->count.winner_count == 0 ? BL_NONE : e->count.winners[0], winner);
    }
}

/* ---- oracles: the definitions, in rationals of GMP ---- */

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
        draw_contest(e, rules, 1 + draw(e, i < 800 ? 7 : 60), false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        if (e->count.rounds.count == 0) continue;
        const bl_text *cells = figure(e, "scores")->cells;
        for (uint32_t c = 0; c < e->contest->candidate_count; c++) {
            mpq_set_ui(sum, 0, 1);
            for (uint32_t j = 0; j < e->contest->pile_count; j++)
                add_ballot_points(e, &e->contest->piles[j], c, sum);
            read_number(told, cells[c]);
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
        snprintf(rules, sizeof rules, some[i % 4], 1 + draw(e, 12));
        draw_contest(e, rules, 1 + draw(e, 5), false);
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
        draw_contest(e, "star ties=order", 2 + draw(e, 5), false);
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
    mpq_t sum;
    mpq_init(sum);
    for (uint32_t i = 0; i < 300; i++) {
        draw_contest(e, "two_round ties=order overvote=skip", 1 + draw(e, 6), false);
        count_it(e);
        for (size_t r = 0; r < e->count.rounds.count; r++) {
            const bl_round *round = &e->count.rounds.items[r];
            assert_true(add_up_round(e, round, sum));
            assert_int_equal(mpq_cmp_ui(sum, e->contest->total - e->count.blank, 1), 0);
        }
    }
    mpq_clear(sum);
}

/* ---- large contests and memory ---- */

/* Fractions of 1/1 to 1/400 have some 170 digits; they are added up and compared exactly. */
static void dowdall_of_many_candidates_is_exact(void **state)
{
    election *e = *state;
    enum { MANY = 400 };
    begin_field(e, MANY);
    bl_mark marks[MANY];
    for (uint32_t turn = 0; turn < MANY; turn++) { /* everybody once at each place */
        for (uint32_t i = 0; i < MANY; i++)
            marks[i] = (bl_mark){(i + turn) % MANY, (int32_t)i + 1};
        add_marks(e, marks, MANY, 1);
    }
    end_contest(e, BL_BALLOTS_RANKING);
    count_by(e, "dowdall");
    mpq_t sum, told;
    mpq_inits(sum, told, NULL);
    for (uint32_t place = 1; place <= MANY; place++) {
        mpq_set_ui(told, 1, place);
        mpq_add(sum, sum, told);
    }
    const bl_text *cells = figure(e, "scores")->cells;
    for (uint32_t i = 0; i < MANY; i++) {
        read_number(told, cells[i]);
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
    IS_WON(e, "bo");
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
        size_t at = 0;
        do {
            e->chance = 77 + i;
            draw_contest(e, methods[i], 5, false);
        } while (fails_at(e, ++at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
