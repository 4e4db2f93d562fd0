/*
 * Plurality, approval, two rounds, score, STAR, Borda and party lists: published examples, what
 * ballots may do, ties and caps. test_count_drawn.c holds them against oracles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counted.h"

/* ---- published examples ---- */

/* Tennessee's capital, as Wikipedia's page on each method has it: "Borda count", "Score voting",
 * "STAR voting", "Approval voting", "Two-round system". */
#define CITIES "Memphis Nashville Chattanooga Knoxville\n"
#define TENNESSEE                                                                                  \
    CITIES "42: Memphis > Nashville > Chattanooga > Knoxville\n"                                   \
           "26: Nashville > Chattanooga > Knoxville > Memphis\n"                                   \
           "15: Chattanooga > Knoxville > Nashville > Memphis\n"                                   \
           "17: Knoxville > Chattanooga > Nashville > Memphis"
#define TENNESSEE_STARS                                                                            \
    CITIES "42: Memphis 5, Nashville 2, Chattanooga 1, Knoxville 0\n"                              \
           "26: Memphis 0, Nashville 5, Chattanooga 2, Knoxville 2\n"                              \
           "15: Memphis 0, Nashville 3, Chattanooga 5, Knoxville 4\n"                              \
           "17: Memphis 0, Nashville 2, Chattanooga 4, Knoxville 5"

static void plurality_of_tennessee_is_memphis(void **state)
{
    election *e = *state;
    elect(e, "plurality", TENNESSEE);
    assert_string_equal(all_said(e), "Round 1: Memphis has the most votes, 42, and is elected.\n");
    assert_string_equal(text_of_places(e), "1 2 4 3");
    choose(e, "fptp", CITIES "42: Memphis\n26: Nashville\n15: Chattanooga\n17: Knoxville");
    IS_WON(e, "Memphis");
}

static void two_rounds_of_tennessee_are_nashville(void **state)
{
    election *e = *state;
    elect(e, "two_round", TENNESSEE);
    assert_string_equal(text_of_rounds(e),
                        "1: Memphis 42 Nashville 26 Chattanooga 15 Knoxville 17 | of 51 | - "
                        "Chattanooga Knoxville | Chattanooga>Nashville 15 Knoxville>Nashville 17\n"
                        "2: Memphis 42 Nashville 58 | + Nashville | - Memphis\n");
    assert_string_equal(all_said(e), "Round 1: nobody has the 51 votes needed; Memphis (42) and "
                                     "Nashville (26) go into the second round.\n"
                                     "Round 2: Nashville has 58 votes against 42 for Memphis, and "
                                     "is elected.\n");
    assert_string_equal(text_of_places(e), "2 1 4 3");
}

/* Wikipedia, "Approval voting": voters of a city approve what is not too far away. */
static void approval_of_tennessee_is_nashville(void **state)
{
    election *e = *state;
    choose(e, "approval",
           CITIES "42: Memphis Nashville\n26: Nashville Chattanooga\n"
                  "15: Chattanooga Knoxville\n17: Knoxville Chattanooga");
    assert_string_equal(text_of_rounds(e),
                        "1: Memphis 42 Nashville 68 Chattanooga 58 Knoxville 32 | x  | + "
                        "Nashville\n");
}

static void scores_of_tennessee_are_those_of_wikipedia(void **state)
{
    election *e = *state;
    score(e, "score highest=10",
          CITIES "42: Memphis 10, Nashville 4, Chattanooga 2, Knoxville 0\n"
                 "26: Memphis 0, Nashville 10, Chattanooga 4, Knoxville 2\n"
                 "15: Memphis 0, Nashville 6, Chattanooga 10, Knoxville 6\n"
                 "17: Memphis 0, Nashville 5, Chattanooga 7, Knoxville 10");
    assert_string_equal(text_of_figure(e, "scores"), "420 603 457 312");
    IS_WON(e, "Nashville");
}

static void star_of_tennessee_is_that_of_wikipedia(void **state)
{
    election *e = *state;
    score(e, "star", TENNESSEE_STARS);
    assert_string_equal(text_of_rounds(e),
                        "1: Memphis 210 Nashville 293 Chattanooga 237 Knoxville 197 | x  | - "
                        "Memphis Knoxville\n"
                        "2: Nashville 68 Chattanooga 32 | + Nashville | - Chattanooga\n");
    assert_string_equal(all_said(e),
                        "Round 1: Nashville (293) and Chattanooga (237) have the highest scores "
                        "and go into the runoff.\n"
                        "Round 2: Nashville is scored higher on 68 ballots, Chattanooga on 32; "
                        "Nashville is elected.\n");
    assert_string_equal(text_of_places(e), "3 1 2 4");
}

static void borda_of_tennessee_is_that_of_wikipedia(void **state)
{
    election *e = *state;
    elect(e, "borda", TENNESSEE);
    assert_string_equal(text_of_figure(e, "scores"), "126 194 173 107");
    assert_string_equal(all_said(e), "Round 1: Nashville has the most points, 194, and is "
                                     "elected.\n");
    assert_string_equal(text_of_places(e), "3 1 2 4");
    elect(e, "borda points=from_one", TENNESSEE);
    assert_string_equal(text_of_figure(e, "scores"), "226 294 273 207");
    /* 42 + 58/4; 42/2 + 26 + 32/3; 15 + 26/2 + 17/2 + 42/3; 17 + 15/2 + 26/3 + 42/4 */
    elect(e, "dowdall", TENNESSEE);
    assert_string_equal(text_of_figure(e, "scores"), "56.5 173/3 50.5 131/3");
}

/* Wikipedia, "D'Hondt method" and "Webster/Sainte-Laguë method": eight seats, 230,000 voters. */
#define FOUR_LISTS "A B C D\n100000: A\n80000: B\n30000: C\n20000: D"

static void eight_seats_by_dhondt_are_4_3_1_0(void **state)
{
    election *e = *state;
    choose(e, "dhondt seats=8", FOUR_LISTS);
    assert_string_equal(text_of_seats(e), "4 3 1 0");
    assert_string_equal(text_of_rounds(e), "1: A 100000 B 80000 C 30000 D 20000 | x  | + A\n"
                                           "2: A 50000 B 80000 C 30000 D 20000 | x  | + B\n"
                                           "3: A 50000 B 40000 C 30000 D 20000 | x  | + A\n"
                                           "4: A 100000/3 B 40000 C 30000 D 20000 | x  | + B\n"
                                           "5: A 100000/3 B 80000/3 C 30000 D 20000 | x  | + A\n"
                                           "6: A 25000 B 80000/3 C 30000 D 20000 | x  | + C\n"
                                           "7: A 25000 B 80000/3 C 15000 D 20000 | x  | + B\n"
                                           "8: A 25000 B 20000 C 15000 D 20000 | x  | + A\n");
    IS_WON(e, "A B C");
    assert_int_equal(e->count.vacant, 0);
}

static void eight_seats_by_sainte_lague_are_3_3_1_1(void **state)
{
    election *e = *state;
    choose(e, "sainte_lague seats=8", FOUR_LISTS);
    assert_string_equal(text_of_seats(e), "3 3 1 1");
    assert_string_equal(all_said(e),
                        "Round 1: A has the highest quotient, 100000, and gets its 1st seat.\n"
                        "Round 2: B has the highest quotient, 80000, and gets its 1st seat.\n"
                        "Round 3: A has the highest quotient, 100000/3, and gets its 2nd seat.\n"
                        "Round 4: C has the highest quotient, 30000, and gets its 1st seat.\n"
                        "Round 5: B has the highest quotient, 80000/3, and gets its 2nd seat.\n"
                        "Round 6: A has the highest quotient, 20000, and gets its 3rd seat.\n"
                        "Round 7: D has the highest quotient, 20000, and gets its 1st seat.\n"
                        "Round 8: B has the highest quotient, 16000, and gets its 3rd seat.\n");
}

/* Wikipedia, "Webster/Sainte-Laguë method", modified: seven seats of 53, 24 and 23 thousand. */
static void a_first_divisor_above_one_keeps_small_lists_out(void **state)
{
    election *e = *state;
    choose(e, "sainte_lague seats=7", "A B C\n53000: A\n24000: B\n23000: C");
    assert_string_equal(text_of_seats(e), "3 2 2");
    choose(e, "modified_sainte_lague seats=5", FOUR_LISTS);
    /* 100000/1.4, 80000/1.4, 100000/3, 80000/3, 30000/1.4 = 21428.57 before 100000/5 */
    assert_string_equal(text_of_seats(e), "2 2 1 0");
    assert_string_equal(e->count.rounds.items[0].tally[0].text.size > 0 ? all_said(e) : "",
                        "Round 1: A has the highest quotient, 500000/7, and gets its 1st seat.\n"
                        "Round 2: B has the highest quotient, 400000/7, and gets its 1st seat.\n"
                        "Round 3: A has the highest quotient, 100000/3, and gets its 2nd seat.\n"
                        "Round 4: B has the highest quotient, 80000/3, and gets its 2nd seat.\n"
                        "Round 5: C has the highest quotient, 150000/7, and gets its 1st seat.\n");
}

/* ---- choices ---- */

static void a_ballot_with_too_many_choices_does_not_count(void **state)
{
    election *e = *state;
    choose(e, "plurality", "ana bo cy\n3: ana\n4: ana bo\n2: bo\n1: cy ?\n1: ?\n1:");
    assert_string_equal(text_of_rounds(e), "1: ana 3 bo 2 cy 0 | x  | + ana\n");
    assert_string_equal(all_said(e), "Round 1: ana has the most votes, 3, and is elected.\n"
                                     "note: 5 ballots have more than 1 choice and do not count\n"
                                     "note: 2 ballots choose nobody who stands\n");
    choose(e, "plurality", "ana bo\n3: ana\n1: ana bo\n1:");
    assert_string_equal(all_said(e), "Round 1: ana has the most votes, 3, and is elected.\n"
                                     "note: 1 ballot has more than 1 choice and does not count\n"
                                     "note: 1 ballot chooses nobody who stands\n");
}

static void block_voting_takes_as_many_choices_as_seats(void **state)
{
    election *e = *state;
    choose(e, "block seats=2", "ana bo cy dee\n5: ana bo\n4: cy dee\n2: ana\n3: ana bo cy");
    assert_string_equal(all_said(e), "Round 1: ana (7) and bo (5) are elected.\n"
                                     "note: 3 ballots have more than 2 choices and do not count\n");
    choose(e, "sntv seats=2", "ana bo cy dee\n5: ana bo\n4: cy\n2: ana\n1: dee");
    assert_string_equal(all_said(e), "Round 1: cy (4) and ana (2) are elected.\n"
                                     "note: 5 ballots have more than 1 choice and do not count\n");
}

static void plurality_passes_over_a_withdrawn_first_preference(void **state)
{
    election *e = *state;
    elect(e, "plurality", "~ana bo cy\n3: ana > bo\n2: cy\n4: bo = cy\n1:");
    assert_string_equal(text_of_rounds(e), "1: bo 3 cy 2 | x  | + bo\n");
    assert_string_equal(all_said(e), "Round 1: bo has the most votes, 3, and is elected.\n"
                                     "note: 1 ballot is blank\n"
                                     "note: 4 ballots rank nobody first whom they could count "
                                     "for\n");
}

static void several_seats_take_several_first_preferences(void **state)
{
    election *e = *state;
    elect(e, "plurality seats=2", TENNESSEE);
    assert_string_equal(text_of_rounds(e), "1: Memphis 42 Nashville 68 Chattanooga 58 Knoxville 32 "
                                           "| x  | + Nashville Chattanooga\n");
    elect(e, "sntv seats=2", TENNESSEE);
    IS_WON(e, "Memphis Nashville");
}

static void approval_of_several_seats_breaks_a_tie_for_the_last(void **state)
{
    election *e = *state;
#define THREE_SEATS "ana bo cy dee\n5: ana bo\n4: ana cy\n4: dee\n1: bo"
    choose(e, "approval seats=3", THREE_SEATS);
    assert_string_equal(all_said(e),
                        "Round 1: ana (9) and bo (6) are elected; cy and dee are tied, and nothing "
                        "that is declared breaks the tie.\n"
                        "tie: cy and dee are tied for the next seat, and no rule is declared that "
                        "breaks a tie\n"
                        "none: cy and dee are tied, and nothing that is declared breaks the tie\n");
    assert_int_equal(e->count.vacant, 1);
    choose(e, "approval seats=3 ties=order", THREE_SEATS);
    IS_WON(e, "ana bo cy");
    choose(e, "approval choices_most=1 seats=3", THREE_SEATS);
    assert_string_equal(text_of_rounds(e), "1: ana 0 bo 1 cy 0 dee 4 | x  | + dee bo\n");
}

static void a_group_has_no_more_seats_than_it_may(void **state)
{
    election *e = *state;
    choose(e, "approval seats=3 group_most=1",
           "ana/acme bo/acme cy dee\n5: ana bo\n4: ana cy\n2: dee");
    assert_string_equal(all_said(e),
                        "Round 1: ana (9), cy (4) and dee (2) are elected.\n"
                        "note: bo is passed over: acme has the 1 seat that one group may have\n");
    /* Who is tied and can have a seat each needs no rule; who keeps the other out does. */
    choose(e, "approval seats=3 group_most=1",
           "ana/acme bo/acme cy/bolt dee\n5: ana bo\n4: cy\n4: dee");
    IS_WON(e, "nobody");
    choose(e, "approval seats=3 group_most=1",
           "ana/acme bo/acme cy/bolt dee\n6: ana\n5: bo\n4: cy\n4: dee");
    IS_WON(e, "ana cy dee");
    assert_int_equal(e->count.ties.count, 0);
}

static void nobody_is_elected_below_the_default_option(void **state)
{
    election *e = *state;
    choose(e, "approval seats=3", "ana bo *none\n3: ana\n2: none\n1: bo");
    assert_string_equal(all_said(e), "Round 1: ana has the most approvals, 3, and is elected; "
                                     "nobody else comes before none.\n"
                                     "none: nobody else comes before none\n");
    assert_int_equal(e->count.vacant, 2);
    choose(e, "plurality", "ana *none\n1: ana\n2: none");
    assert_string_equal(all_said(e), "Round 1: nobody is elected: nobody comes before none.\n"
                                     "none: nobody comes before none\n");
}

/* ---- two rounds ---- */

static void a_majority_needs_no_second_round(void **state)
{
    election *e = *state;
    elect(e, "two_round", "ana bo cy\n6: ana > bo\n5: bo\n4: cy");
    assert_int_equal(e->count.rounds.count, 2);
    elect(e, "two_round", "ana bo cy\n6: ana > bo\n3: bo\n2: cy\n2:");
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 3 cy 2 | of 6 | + ana\n");
    assert_string_equal(all_said(e), "Round 1: ana has 6 of 11 votes, where 6 are needed, and is "
                                     "elected.\n"
                                     "note: 2 ballots are blank\n");
    elect(e, "two_round threshold=2/5", "ana bo cy\n5: ana > bo\n3: bo\n3: cy");
    assert_string_equal(text_of_rounds(e), "1: ana 5 bo 3 cy 3 | of 5 | + ana\n");
    elect(e, "two_round", "ana\n1: ana");
    assert_string_equal(all_said(e), "Round 1: ana has 1 of 1 vote, and is elected.\n");
}

static void ballots_for_neither_of_the_two_are_exhausted(void **state)
{
    election *e = *state;
    elect(e, "two_round", "ana bo cy\n4: ana\n5: bo > ana\n3: cy > ana\n2: cy\n1: cy > bo");
    assert_string_equal(text_of_rounds(e), "1: ana 4 bo 5 cy 6 | of 8 | - ana | ana>. 4\n"
                                           "2: bo 5 cy 6 | x 4 | + cy | - bo\n");
}

static void a_tie_for_the_second_place_is_broken_or_ends_the_count(void **state)
{
    election *e = *state;
#define SECOND_TIED "ana bo cy\n5: ana\n3: bo > cy\n3: cy > bo"
    elect(e, "two_round", SECOND_TIED);
    assert_string_equal(all_said(e),
                        "Round 1: nobody has the 6 votes needed; bo and cy are tied for the second "
                        "round, and nothing that is declared breaks the tie.\n"
                        "tie: bo and cy are tied for the second place, and no rule is declared "
                        "that breaks a tie\n"
                        "none: bo and cy are tied for the second round, and nothing that is "
                        "declared breaks the tie\n");
    elect(e, "two_round ties=earlier_ballots,order", SECOND_TIED);
    IS_WON(e, "bo");
    assert_string_equal(text_of_rounds(e), "1: ana 5 bo 3 cy 3 | of 6 | - cy | cy>bo 3\n"
                                           "2: ana 5 bo 6 | + bo | - ana\n");
}

static void the_second_round_may_be_a_tie(void **state)
{
    election *e = *state;
#define FINAL_TIED "ana bo cy\n4: ana\n3: bo\n1: cy > bo"
    elect(e, "two_round", FINAL_TIED);
    assert_string_equal(all_said(e),
                        "Round 1: nobody has the 5 votes needed; ana (4) and bo (3) go into the "
                        "second round.\n"
                        "Round 2: ana and bo have 4 votes each, and nothing that is declared "
                        "breaks the tie.\n"
                        "tie: ana and bo are tied for the seat, and no rule is declared that "
                        "breaks a tie\n"
                        "none: ana and bo have 4 votes each, and nothing that is declared breaks "
                        "the tie\n");
    elect(e, "two_round ties=previous_round", FINAL_TIED);
    assert_string_equal(all_said(e),
                        "Round 1: nobody has the 5 votes needed; ana (4) and bo (3) go into the "
                        "second round.\n"
                        "Round 2: ana has 4 votes against 4 for bo, comes first as the tie was "
                        "broken, and is elected.\n"
                        "tie: ana and bo are tied for the seat: ana is chosen, with more votes in "
                        "round 1\n");
}

static void two_rounds_take_no_batches(void **state)
{
    election *e = *state;
    bl_buffer problem;
    bl_buffer_init(&problem, &e->memory);
    e->options = bl_count_options_of(BL_METHOD_TWO_ROUND);
    assert_false(
        bl_count_option_set(&e->options, BL_TEXT("elimination"), BL_TEXT("batch"), &problem));
    assert_true(bl_text_contains((bl_text){problem.bytes, problem.size},
                                 BL_TEXT("`elimination` is no option of two_round")));
    bl_buffer_free(&problem);
}

static void two_rounds_know_the_minimum_and_the_default_option(void **state)
{
    election *e = *state;
    elect(e, "two_round minimum=4", "ana bo cy\n5: ana\n3: bo > ana\n3: cy");
    assert_string_equal(all_said(e), "Round 1: nobody has the 6 votes needed; ana (5) goes into "
                                     "the second round.\n"
                                     "Round 2: ana has 8 votes, and is elected.\n");
    elect(e, "two_round", "ana bo *none\n2: ana\n3: bo > none\n4: none");
    assert_string_equal(all_said(e), "Round 1: nobody has the 5 votes needed; none (4) and bo (3) "
                                     "go into the second round.\n"
                                     "Round 2: none has 4 votes against 3 for bo: nobody is "
                                     "elected.\n"
                                     "none: nobody comes before none\n");
}

/* ---- scores ---- */

static void a_score_outside_the_range_spoils_a_ballot(void **state)
{
    election *e = *state;
    score(e, "score", "ana bo\n3: ana 5, bo 2\n1: ana 0, bo 5.5\n2: bo 5");
    assert_string_equal(all_said(e), "Round 1: bo has the highest score, 16, and is elected.\n"
                                     "note: 1 ballot has a score outside 0 to 5 and does not "
                                     "count\n");
    score(e, "score lowest=1 highest=3", "ana bo\n3: ana 0, bo 2\n1: ana 1, bo 3.5");
    assert_string_equal(all_said(e), "note: 4 ballots have a score outside 1 to 3 and do not "
                                     "count\n"
                                     "none: every ballot has a score outside the range\n");
}

static void who_is_not_scored_has_the_lowest_score_or_is_left_out(void **state)
{
    election *e = *state;
#define FEW_SCORE_BO "ana bo cy\n4: ana 3, cy 2\n1: ana 3, bo 5, cy 2.5\n1: ana 3"
    score(e, "score lowest=1", FEW_SCORE_BO);
    assert_string_equal(text_of_figure(e, "scores"), "18 10 11.5");
    score(e, "score", FEW_SCORE_BO);
    assert_string_equal(text_of_figure(e, "scores"), "18 5 10.5");
    score(e, "score unscored=ignored", FEW_SCORE_BO);
    assert_string_equal(text_of_figure(e, "scores"), "3 5 2.1");
    assert_string_equal(all_said(e), "Round 1: bo has the highest average, 5, and is elected.\n");
}

static void a_range_that_is_none_is_refused(void **state)
{
    election *e = *state;
    prepare_of(e, BL_BALLOTS_SCORES, "score lowest=5", "ana\n1: ana 5");
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
    assert_text(e->count.problem, "the lowest score is not below the highest");
}

/* ---- STAR ---- */

/* ana 10; bo, cy and dee 6: the rules of starvoting.org/ties, one after the other. */
static void a_tie_for_the_runoff_goes_to_who_loses_fewer_comparisons(void **state)
{
    election *e = *state;
    score(e, "star", "ana bo cy\n1: ana 5, bo 3, cy 2\n1: ana 5, bo 2, cy 0\n1: bo 1, cy 4");
    assert_string_equal(all_said(e),
                        "Round 1: ana (10) and bo (6) have the highest scores and go into the "
                        "runoff; of bo and cy with 6 each bo is scored higher on more ballots.\n"
                        "Round 2: ana is scored higher on 2 ballots, bo on 1; ana is elected.\n");
    score(e, "star",
          "ana bo cy dee\n1: ana 5, bo 3, cy 2, dee 1\n1: ana 5, bo 2, cy 1, dee 0\n"
          "1: bo 1, cy 3, dee 5");
    assert_string_equal(all_said(e),
                        "Round 1: ana (10) and bo (6) have the highest scores and go into the "
                        "runoff; of bo, cy and dee with 6 each bo loses fewer comparisons.\n"
                        "Round 2: ana is scored higher on 2 ballots, bo on 1; ana is elected.\n");
}

static void then_to_who_has_the_highest_score_more_often(void **state)
{
    election *e = *state;
#define EVEN_FOR_SECOND "ana bo cy\n1: ana 5, bo 5, cy 3\n1: ana 5, bo 0, cy 2"
    score(e, "star", EVEN_FOR_SECOND);
    assert_string_equal(all_said(e),
                        "Round 1: ana (10) and bo (5) have the highest scores and go into the "
                        "runoff; of bo and cy with 5 each bo has the highest score on more "
                        "ballots.\n"
                        "Round 2: ana is scored higher on 1 ballot, bo on 0; ana is elected.\n");
    /* without a ballot that can give the highest score, nobody has it */
    score(e, "star highest=5.3", EVEN_FOR_SECOND);
    assert_int_equal(e->count.winner_count, 0);
}

static void then_to_declared_rules(void **state)
{
    election *e = *state;
#define NOTHING_TELLS "ana bo cy\n1: ana 5, bo 4, cy 2\n1: ana 5, bo 2, cy 4"
    score(e, "star", NOTHING_TELLS);
    assert_string_equal(all_said(e),
                        "Round 1: bo and cy are tied for a place in the runoff, and nothing breaks "
                        "the tie.\n"
                        "tie: bo and cy are tied for a place in the runoff, and no rule is "
                        "declared that breaks a tie\n"
                        "none: bo and cy are tied for a place in the runoff, and nothing breaks "
                        "the tie\n");
    score(e, "star ties=order", NOTHING_TELLS);
    assert_string_equal(all_said(e),
                        "Round 1: ana (10) and bo (6) have the highest scores and go into the "
                        "runoff; of bo and cy with 6 each bo goes on as the tie was broken.\n"
                        "Round 2: ana is scored higher on 2 ballots, bo on 0; ana is elected.\n"
                        "tie: bo and cy are tied for a place in the runoff: bo is chosen, first in "
                        "the declared order\n");
}

static void three_tied_for_both_places_are_told_apart_one_by_one(void **state)
{
    election *e = *state;
    /* cy loses to both, ana and bo are even: both go on, and meet again */
    score(e, "star ties=order",
          "ana bo cy\n2: ana 4, bo 2, cy 1\n2: ana 2, bo 4, cy 1\n1: cy 8\n"
          "1: cy 4\n1: cy 4");
    assert_int_equal(e->count.winner_count, 1);
    score(e, "star ties=order",
          "ana bo cy\n2: ana 4, bo 2, cy 1\n2: ana 2, bo 4, cy 1\n"
          "2: cy 4");
    assert_string_equal(all_said(e),
                        "Round 1: ana (12) and bo (12) have the highest scores and go into the "
                        "runoff; of ana, bo and cy with 12 each ana and bo lose fewer "
                        "comparisons.\n"
                        "Round 2: ana is scored higher on 2 ballots, bo on 2; ana comes first as "
                        "the tie was broken and is elected.\n"
                        "tie: ana and bo are tied for the runoff: ana is chosen, first in the "
                        "declared order\n");
}

static void a_tied_runoff_goes_to_the_higher_score_then_to_the_highest(void **state)
{
    election *e = *state;
    score(e, "star", "ana bo\n1: ana 5, bo 2\n1: ana 0, bo 2\n1: ana 1, bo 1");
    assert_string_equal(all_said(e),
                        "Round 1: ana (6) and bo (5) have the highest scores and go into the "
                        "runoff.\n"
                        "Round 2: ana is scored higher on 1 ballot, bo on 1; ana has the higher "
                        "score and is elected.\n");
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 5 | x \n2: ana 1 bo 1 | x 1 | + ana | - "
                                           "bo\n");
    score(e, "star", "ana bo\n1: ana 3, bo 5\n1: ana 4, bo 2");
    assert_string_equal(all_said(e),
                        "Round 1: ana (7) and bo (7) have the highest scores and go into the "
                        "runoff.\n"
                        "Round 2: ana is scored higher on 1 ballot, bo on 1; bo has the highest "
                        "score on more ballots and is elected.\n");
    score(e, "star", "ana bo\n1: ana 3, bo 4\n1: ana 4, bo 3");
    assert_string_equal(all_said(e),
                        "Round 1: ana (7) and bo (7) have the highest scores and go into the "
                        "runoff.\n"
                        "Round 2: ana and bo are tied in the runoff, and nothing breaks the tie.\n"
                        "tie: ana and bo are tied for the runoff, and no rule is declared that "
                        "breaks a tie\n"
                        "none: ana and bo are tied in the runoff, and nothing breaks the tie\n");
}

static void ballots_that_prefer_neither_are_exhausted(void **state)
{
    election *e = *state;
    score(e, "star", "ana bo\n3: ana 5, bo 2\n2: ana 1, bo 1\n1: bo 6\n4:");
    assert_string_equal(text_of_rounds(e), "1: ana 17 bo 8 | x \n2: ana 3 bo 0 | x 7 | + ana | - "
                                           "bo\n");
}

static void bloc_star_elects_for_each_seat_anew(void **state)
{
    election *e = *state;
    score(e, "star seats=3", TENNESSEE_STARS);
    assert_string_equal(text_of_rounds(e),
                        "1: Memphis 210 Nashville 293 Chattanooga 237 Knoxville 197 | x \n"
                        "2: Nashville 68 Chattanooga 32 | + Nashville\n"
                        "3: Memphis 210 Chattanooga 237 Knoxville 197 | x \n"
                        "4: Memphis 42 Chattanooga 58 | + Chattanooga\n"
                        "5: Memphis 210 Knoxville 197 | x \n"
                        "6: Memphis 42 Knoxville 58 | + Knoxville | - Memphis\n");
    assert_string_equal(text_of_places(e), "4 1 2 3");
    score(e, "star seats=2 group_most=1",
          "ana/acme bo/acme cy\n2: ana 5, bo 4\n1: cy 3\n1: ana 5, bo 4");
    assert_string_equal(all_said(e),
                        "Round 1: ana (15) and bo (12) have the highest scores and go into the "
                        "runoff.\n"
                        "Round 2: ana is scored higher on 3 ballots, bo on 0; ana is elected.\n"
                        "Round 3: cy (3) has no opponent left and is elected.\n"
                        "note: bo can take no seat: one group may have 1 seat\n");
    score(e, "star seats=2", "ana *none\n2: ana 5, none 4\n1: none 3");
    assert_string_equal(all_said(e),
                        "Round 1: none (11) and ana (10) have the highest scores and go into the "
                        "runoff.\n"
                        "Round 2: ana is scored higher on 2 ballots, none on 1; ana is elected.\n"
                        "Round 3: none (11) has no opponent left.\n"
                        "none: nobody comes before none\n");
    score(e, "star seats=3", "ana bo\n1: ana 5");
    IS_WON(e, "ana bo");
    assert_int_equal(e->count.vacant, 1);
}

/* ---- Borda ---- */

static void equal_ranks_share_their_points(void **state)
{
    election *e = *state;
    elect(e, "borda", "ana bo cy dee\n1: ana = bo = cy > dee");
    assert_string_equal(text_of_figure(e, "scores"), "2 2 2 0");
    elect(e, "borda", "ana bo cy dee\n1: ana = bo > cy = dee");
    assert_string_equal(text_of_figure(e, "scores"), "2.5 2.5 0.5 0.5");
    elect(e, "dowdall", "ana bo cy dee\n1: ana = bo = cy > dee");
    assert_string_equal(text_of_figure(e, "scores"), "11/18 11/18 11/18 0.25");
}

static void who_is_not_ranked_gets_what_the_rule_says(void **state)
{
    election *e = *state;
#define SHORT_BALLOTS "ana bo cy dee\n2: ana\n1: bo > ana\n1:"
    elect(e, "borda", SHORT_BALLOTS);
    assert_string_equal(text_of_figure(e, "scores"), "8 3 0 0");
    elect(e, "borda points=from_one", SHORT_BALLOTS);
    assert_string_equal(text_of_figure(e, "scores"), "11 4 0 0");
    elect(e, "borda truncated=average", SHORT_BALLOTS); /* 1 each of 2 + 1 + 0; 1/2 each of 1 + 0 */
    assert_string_equal(text_of_figure(e, "scores"), "8 5 2.5 2.5");
    elect(e, "borda points=from_one truncated=counted", SHORT_BALLOTS);
    assert_string_equal(text_of_figure(e, "scores"), "3 2 0 0");
    elect(e, "borda truncated=counted", SHORT_BALLOTS);
    assert_string_equal(text_of_figure(e, "scores"), "0 1 0 0");
    elect(e, "dowdall truncated=average", SHORT_BALLOTS); /* 13/36 each, then 7/24 */
    assert_string_equal(text_of_figure(e, "scores"), "2.5 31/18 73/72 73/72");
    assert_string_equal(all_said(e), "Round 1: ana has the most points, 2.5, and is elected.\n"
                                     "note: 1 ballot is blank\n");
}

static void ranks_left_empty_and_the_withdrawn_take_no_points(void **state)
{
    election *e = *state;
    elect(e, "borda", "~ana bo cy dee\n1: - > ana > bo > - > cy = ? > dee > bo");
    assert_string_equal(text_of_figure(e, "scores"), ". 2 1 0");
    elect(e, "borda ranks_most=2", "ana bo cy\n1: ana > bo > cy\n1: cy > ana");
    assert_string_equal(text_of_figure(e, "scores"), "3 1 2");
}

/* ---- party lists ---- */

static void lists_below_the_share_get_nothing(void **state)
{
    election *e = *state;
    choose(e, "dhondt seats=4 least_share=5%", "A B C D\n90: A\n6: B\n4: C\n3: A B\n2:\n1: ?");
    assert_string_equal(text_of_seats(e), "4 0 0 0");
    assert_string_equal(text_of_figure(e, "votes"), "90 6 4 0");
    assert_string_equal(all_said(e),
                        "Round 1: A has the highest quotient, 90, and gets its 1st seat.\n"
                        "Round 2: A has the highest quotient, 45, and gets its 2nd seat.\n"
                        "Round 3: A has the highest quotient, 30, and gets its 3rd seat.\n"
                        "Round 4: A has the highest quotient, 22.5, and gets its 4th seat.\n"
                        "note: 3 ballots are for several lists and do not count\n"
                        "note: 3 ballots are for no list that stands\n"
                        "note: C is below 0.05 of all votes and gets no seat\n");
    choose(e, "dhondt seats=20 least_share=4%", "A B C D\n90: A\n6: B\n4: C");
    assert_string_equal(text_of_seats(e),
                        "19 1 0 0"); /* 4 of 100 is enough; 90/19 is more than 4 */
    choose(e, "dhondt seats=2 least_share=51%", "A B\n1: A\n1: B");
    assert_string_equal(all_said(e), "note: A and B are below 0.51 of all votes and get no seat\n"
                                     "none: no list may have another seat\n");
    assert_int_equal(e->count.vacant, 2);
}

static void equal_quotients_are_a_tie_for_the_last_seat_only(void **state)
{
    election *e = *state;
    choose(e, "dhondt seats=4", "A B\n10: A\n10: B");
    assert_string_equal(text_of_seats(e), "2 2");
    assert_int_equal(e->count.ties.count, 0);
    choose(e, "dhondt seats=3", "A B\n10: A\n10: B");
    assert_string_equal(text_of_seats(e), "1 1");
    assert_int_equal(e->count.vacant, 1);
    assert_string_equal(all_said(e),
                        "Round 1: A has the highest quotient, 10, and gets its 1st seat.\n"
                        "Round 2: B has the highest quotient, 10, and gets its 1st seat.\n"
                        "Round 3: A and B have the same quotient, and nothing that is declared "
                        "breaks the tie.\n"
                        "tie: A and B are tied for the last seat, and no rule is declared that "
                        "breaks a tie\n"
                        "none: A and B have the same quotient, and nothing that is declared "
                        "breaks the tie\n");
    choose(e, "dhondt seats=3 ties=order", "A B\n10: A\n10: B");
    assert_string_equal(text_of_seats(e), "2 1");
}

static void lists_know_groups_and_the_default_option(void **state)
{
    election *e = *state;
    choose(e, "dhondt seats=5 group_most=2", "A/left B/left C\n50: A\n30: B\n10: C");
    assert_string_equal(text_of_seats(e), "1 1 3");
    choose(e, "dhondt seats=2 least_share=20%", "A *none B\n50: A\n100: none\n30: B");
    assert_string_equal(text_of_seats(e), "2 0 0");
    prepare_of(e, BL_BALLOTS_CHOICE, "dhondt first_divisor=0", "A\n1: A");
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plurality_of_tennessee_is_memphis),
        TEST(two_rounds_of_tennessee_are_nashville),
        TEST(approval_of_tennessee_is_nashville),
        TEST(scores_of_tennessee_are_those_of_wikipedia),
        TEST(star_of_tennessee_is_that_of_wikipedia),
        TEST(borda_of_tennessee_is_that_of_wikipedia),
        TEST(eight_seats_by_dhondt_are_4_3_1_0),
        TEST(eight_seats_by_sainte_lague_are_3_3_1_1),
        TEST(a_first_divisor_above_one_keeps_small_lists_out),
        TEST(a_ballot_with_too_many_choices_does_not_count),
        TEST(block_voting_takes_as_many_choices_as_seats),
        TEST(plurality_passes_over_a_withdrawn_first_preference),
        TEST(several_seats_take_several_first_preferences),
        TEST(approval_of_several_seats_breaks_a_tie_for_the_last),
        TEST(a_group_has_no_more_seats_than_it_may),
        TEST(nobody_is_elected_below_the_default_option),
        TEST(a_majority_needs_no_second_round),
        TEST(ballots_for_neither_of_the_two_are_exhausted),
        TEST(a_tie_for_the_second_place_is_broken_or_ends_the_count),
        TEST(the_second_round_may_be_a_tie),
        TEST(two_rounds_take_no_batches),
        TEST(two_rounds_know_the_minimum_and_the_default_option),
        TEST(a_score_outside_the_range_spoils_a_ballot),
        TEST(who_is_not_scored_has_the_lowest_score_or_is_left_out),
        TEST(a_range_that_is_none_is_refused),
        TEST(a_tie_for_the_runoff_goes_to_who_loses_fewer_comparisons),
        TEST(then_to_who_has_the_highest_score_more_often),
        TEST(then_to_declared_rules),
        TEST(three_tied_for_both_places_are_told_apart_one_by_one),
        TEST(a_tied_runoff_goes_to_the_higher_score_then_to_the_highest),
        TEST(ballots_that_prefer_neither_are_exhausted),
        TEST(bloc_star_elects_for_each_seat_anew),
        TEST(equal_ranks_share_their_points),
        TEST(who_is_not_ranked_gets_what_the_rule_says),
        TEST(ranks_left_empty_and_the_withdrawn_take_no_points),
        TEST(lists_below_the_share_get_nothing),
        TEST(equal_quotients_are_a_tie_for_the_last_seat_only),
        TEST(lists_know_groups_and_the_default_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
