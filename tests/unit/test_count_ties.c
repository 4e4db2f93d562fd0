/*
 * Breaking ties: by every rule, by several, by the record, and by none. The ties are those of
 * runoffs, where each rule has something to say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counted.h"

static void nobody_wins(election *e, const char *because)
{
    is_none(e, because);
    IS_WON(e, "nobody");
}

static const char three_tied[] = "ana bo cy\n3: ana\n3: bo\n3: cy > bo\n";

static void a_tie_that_no_rule_breaks_leaves_no_result(void **state)
{
    election *e = *state;
    elect(e, "irv", three_tied);
    nobody_wins(e, "ana, bo and cy are tied for the last place, with 3 votes each, and no rule is "
                   "declared that breaks a tie");
    IS_SAID(e, "Round 1: ana, bo and cy are tied for the last place, with 3 votes each, and no "
               "rule is declared that breaks a tie.\n");
    assert_int_equal(e->count.ties.count, 1);
    assert_int_equal(e->count.ties.items[0].chosen, BL_NONE);
    assert_int_equal(e->count.ties.items[0].tied_count, 3);
    elect(e, "irv ties=previous_round,first_round,casting", three_tied);
    nobody_wins(e, "ana, bo and cy are tied for the last place, with 3 votes each, and no declared "
                   "rule breaks the tie");
    elect(e, "irv ties=lot", three_tied);
    nobody_wins(e,
                "ana, bo and cy are tied for the last place, with 3 votes each; there is no seed "
                "for a lot, and no declared rule breaks the tie");
    elect(e, "irv", "ana bo\n1: ana\n1: bo\n");
    nobody_wins(e,
                "ana and bo are tied for the seat, with 1 vote each, and no rule is declared that "
                "breaks a tie");
}

static void the_declared_order_breaks_ties(void **state)
{
    election *e = *state;
    elect(e, "irv ties=lot,order", three_tied);
    IS_SAID(e, "Round 1: ana, bo and cy are tied for the last place, with 3 votes each; there is "
               "no seed for a lot: cy goes out, last in the declared order.\n"
               "Round 2: bo has 6 votes, more than half of the 9 that count, and is elected.\n");
    const uint32_t order[] = {2, 1, 0};
    prepare(e, "irv ties=order", three_tied);
    e->contest->order = order;
    count_it(e);
    IS_SAID(e, "Round 1: ana, bo and cy are tied for the last place, with 3 votes each: ana goes "
               "out, last in the declared order.\n"
               "Round 2: bo and cy are tied for the seat, with 3 votes each: cy is chosen, first "
               "in the declared order, and is elected.\n");
}

static void a_lot_comes_from_the_seed_and_is_fair(void **state)
{
    election *e = *state;
    uint32_t first[3] = {0};
    for (uint32_t i = 0; i < 3000; i++) {
        char seed[16];
        snprintf(seed, sizeof seed, "seed %u", i);
        prepare(e, "irv ties=lot", three_tied);
        e->contest->seed = bl_text_of(seed);
        count_it(e);
        const uint32_t chosen = e->count.ties.items[0].chosen;
        first[chosen]++;
        prepare(e, "irv ties=lot", three_tied);
        e->contest->seed = bl_text_of(seed);
        count_it(e);
        assert_int_equal(e->count.ties.items[0].chosen, chosen);
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(first[i], 850, 1150);
    assert_non_null(strstr(text_of_sentences(e), " goes out, by lot.\n"));
}

static void previous_rounds_break_ties_from_the_last_one_back(void **state)
{
    election *e = *state;
    elect(e, "irv ties=previous_round",
          "a b c d e f\n9: a\n6: b\n4: c\n5: d\n1: e > c\n1: f > c\n1: f > d\n");
    IS_SAID(e, "Round 1: e has the fewest votes, 1, and goes out.\n"
               "Round 2: f has the fewest votes, 2, and goes out.\n"
               "Round 3: b, c and d are tied for the last place, with 6 votes each: c goes out, "
               "with fewer votes in round 1.\n"
               "Round 4: b and d are tied for the last place, with 6 votes each: d goes out, with "
               "fewer votes in round 2.\n"
               "Round 5: a has 9 votes, more than half of the 15 that count, and is elected.\n");
}

/* b and c have 5 each in round 3; in round 2 b had fewer, in round 1 c. */
static const char back_and_forth[] = "a b c d e\n9: a\n4: b\n3: c\n2: d > c\n1: e > b\n2: e\n";

static void first_and_previous_rounds_may_say_otherwise(void **state)
{
    election *e = *state;
    elect(e, "irv ties=previous_round,order", back_and_forth);
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 3: b and c are tied for the last place, with 5 votes each: b "
                           "goes out, with fewer votes in round 2.\n"));
    elect(e, "irv ties=first_round,order", back_and_forth);
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 3: b and c are tied for the last place, with 5 votes each: c "
                           "goes out, with fewer votes in round 1.\n"));
}

static void rounds_of_another_seat_break_no_tie(void **state)
{
    election *e = *state;
    elect(e, "sequential_irv seats=2 ties=previous_round",
          "a b c w\n3: a\n5: b\n1: c\n2: w > a\n8: w\n");
    IS_SAID(
        e, "Round 1: for seat 1, w has 10 votes, more than half of the 19 that count, and is "
           "elected.\n"
           "Round 2: for seat 2, c has the fewest votes, 1, and goes out.\n"
           "Round 3: for seat 2, a and b are tied for the seat, with 5 votes each, and no declared "
           "rule breaks the tie.\n");
    assert_int_equal(e->count.vacant, 1);
}

static void the_earliest_ballot_breaks_ties(void **state)
{
    election *e = *state;
    elect(e, "irv ties=earlier_ballots", "a b c d\n1: d > b > a\n3: a\n2: b\n2: c\n");
    IS_SAID(e, "Round 1: d has the fewest votes, 1, and goes out.\n"
               "Round 2: c has the fewest votes, 2, and goes out.\n"
               "Round 3: a and b are tied for the seat, with 3 votes each: b is chosen, first on "
               "the earliest ballot that tells them apart, and is elected.\n");
    /* The first ballot leaves two of three, the second tells those apart. */
    elect(e, "irv ties=earlier_ballots", "a b c\n1: a\n1: b\n1: c > b\n");
    assert_non_null(strstr(text_of_sentences(e), "Round 1: a, b and c are tied for the last place, "
                                                 "with 1 vote each: c goes out, last on the "
                                                 "earliest ballot that tells them apart.\n"));
}

/* Casting ballots are piles whose marks stand with the others'. */
static void count_with_casting(election *e, const char *rules, const char *ballots,
                               uint32_t casting)
{
    prepare(e, rules, ballots);
    e->contest->casting = e->contest->piles + e->contest->pile_count - casting;
    e->contest->casting_count = casting;
    e->contest->pile_count -= casting;
    for (uint32_t i = 0; i < casting; i++)
        e->contest->total -= e->contest->casting[i].weight;
    count_it(e);
}

static void casting_ballots_break_ties(void **state)
{
    election *e = *state;
    count_with_casting(e, "irv ties=casting", "a b c\n3: a\n3: b\n3: c\n1: b > a > c\n", 1);
    IS_SAID(e, "Round 1: a, b and c are tied for the last place, with 3 votes each: c goes out, by "
               "the casting vote.\n"
               "Round 2: a and b are tied for the seat, with 3 votes each: b is chosen, by the "
               "casting vote, and is elected.\n");
    count_with_casting(e, "irv ties=casting,order",
                       "a b c\n3: a\n3: b\n3: c\n2: a > b\n2: b > a\n1: c = b\n", 3);
    IS_SAID(e, "Round 1: a, b and c are tied for the last place, with 3 votes each: c goes out, by "
               "the casting vote.\n"
               "Round 2: a and b are tied for the seat, with 3 votes each: b is chosen, by the "
               "casting vote, and is elected.\n");
    /* Those who cast are divided too. */
    count_with_casting(e, "irv ties=casting", "a b\n3: a\n3: b\n1: b > a\n1: a > b\n", 2);
    nobody_wins(e,
                "a and b are tied for the seat, with 3 votes each, and no declared rule breaks the "
                "tie");
}

static void one_rule_goes_on_where_another_ends(void **state)
{
    election *e = *state;
    elect(e, "irv ties=previous_round,order",
          "a b c d e\n9: a\n6: b\n5: c\n5: d\n1: e > c\n1: e > d\n");
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 2: b, c and d are tied for the last place, with 6 votes each; c "
                           "and d remain, with fewer votes in round 1: d goes out, last in the "
                           "declared order.\n"));
    elect(e, "irv ties=previous_round", "a b c d e\n9: a\n6: b\n5: c\n5: d\n1: e > c\n1: e > d\n");
    nobody_wins(e,
                "b, c and d are tied for the last place, with 6 votes each; c and d remain, with "
                "fewer votes in round 1, and no declared rule breaks the tie");
}

static void what_the_record_says_comes_before_all_rules(void **state)
{
    election *e = *state;
    const uint32_t all[] = {2, 0, 1}, two[] = {0, 1};
    const bl_resolution record[] = {{2, two, 2, 0, BL_RESOLUTION_CHOSEN},
                                    {0, NULL, 0, 1, BL_RESOLUTION_CHOSEN},
                                    {1, all, 3, 2, BL_RESOLUTION_LAST}};
    const char *said[] = {"Round 1: ana, bo and cy are tied for the last place, with 3 votes each: "
                          "bo goes out, as the record of the election says.\n",
                          "Round 1: ana, bo and cy are tied for the last place, with 3 votes each: "
                          "cy goes out, as the record of the election says.\n",
                          "Round 1: ana, bo and cy are tied for the last place, with 3 votes each: "
                          "ana goes out, by lot.\n"};
    for (uint32_t i = 0; i < 3; i++) {
        prepare(e, "irv ties=lot", three_tied);
        e->contest->seed = BL_TEXT("a seed");
        /* all three: the first that fits; the last alone; one of another round */
        e->contest->resolutions = i == 1 ? record + 2 : record;
        e->contest->resolution_count = i == 0 ? 3 : 1;
        count_it(e);
        assert_non_null(strstr(text_of_sentences(e), said[i]));
    }
}

static void the_record_may_say_who_came_out_the_other_way(void **state)
{
    election *e = *state;
    const bl_resolution cy_stays = {1, NULL, 0, 2, BL_RESOLUTION_FIRST};
    const bl_resolution cy_goes = {1, NULL, 0, 2, BL_RESOLUTION_LAST};
    prepare(e, "irv ties=order", three_tied);
    e->contest->resolutions = &cy_stays;
    e->contest->resolution_count = 1;
    count_it(e);
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 1: ana, bo and cy are tied for the last place, with 3 votes "
                           "each; ana and bo remain, as the record of the election says: bo goes "
                           "out, last in the declared order.\n"));
    prepare(e, "irv", three_tied);
    e->contest->resolutions = &cy_goes;
    e->contest->resolution_count = 1;
    count_it(e);
    assert_non_null(strstr(text_of_sentences(e), "cy goes out, as the record of the election "
                                                 "says.\n"));
}

static void the_record_may_number_rounds_otherwise(void **state)
{
    election *e = *state;
    const uint32_t all[] = {0, 1, 2}, two[] = {0, 2};
    const bl_resolution record[] = {{7, two, 2, 2, BL_RESOLUTION_FIRST},
                                    {4, NULL, 0, 0, BL_RESOLUTION_LAST},
                                    {6, all, 3, 1, BL_RESOLUTION_LAST}};
    prepare(e, "irv", "ana bo cy\n3: ana\n3: bo\n3: cy\n");
    e->contest->resolutions = record;
    e->contest->resolution_count = 3;
    count_it(e);
    IS_SAID(e, "Round 1: ana, bo and cy are tied for the last place, with 3 votes each: bo goes "
               "out, as the record of the election says.\n"
               "Round 2: ana and cy are tied for the seat, with 3 votes each: cy is chosen, as the "
               "record of the election says, and is elected.\n");
    /* Who is named alone in another round is no part of this one. */
    prepare(e, "irv", three_tied);
    e->contest->resolutions = record + 1;
    e->contest->resolution_count = 1;
    count_it(e);
    nobody_wins(e, "ana, bo and cy are tied for the last place, with 3 votes each, and no rule is "
                   "declared that breaks a tie");
}

static void the_record_may_be_of_those_whom_a_rule_left(void **state)
{
    election *e = *state;
    const uint32_t two[] = {2, 3};
    const bl_resolution record[] = {{2, two, 2, 2, BL_RESOLUTION_LAST}};
    prepare(e, "irv ties=previous_round",
            "a b c d e\n9: a\n6: b\n5: c\n5: d\n1: e > c\n1: e > d\n");
    e->contest->resolutions = record;
    e->contest->resolution_count = 1;
    count_it(e);
    assert_non_null(
        strstr(text_of_sentences(e),
               "Round 2: b, c and d are tied for the last place, with 6 votes each; c "
               "and d remain, with fewer votes in round 1: c goes out, as the record of "
               "the election says.\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tie_that_no_rule_breaks_leaves_no_result),
        TEST(the_declared_order_breaks_ties),
        TEST(a_lot_comes_from_the_seed_and_is_fair),
        TEST(previous_rounds_break_ties_from_the_last_one_back),
        TEST(first_and_previous_rounds_may_say_otherwise),
        TEST(rounds_of_another_seat_break_no_tie),
        TEST(the_earliest_ballot_breaks_ties),
        TEST(casting_ballots_break_ties),
        TEST(one_rule_goes_on_where_another_ends),
        TEST(what_the_record_says_comes_before_all_rules),
        TEST(the_record_may_say_who_came_out_the_other_way),
        TEST(the_record_may_number_rounds_otherwise),
        TEST(the_record_may_be_of_those_whom_a_rule_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
