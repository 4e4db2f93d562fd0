/*
 * The Condorcet family on published examples, what ballots say under each option, ties, limits, and
 * memory that ends. test_count_debian.c is about Debian's rules; test_count_condorcet.c holds the
 * methods against oracles over drawn contests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counted.h"

/* ---- published examples ---- */

/* M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
 * single-winner election method" (2011), the example of 45 voters: ballots, pairs, paths, ranking.
 */
static void make_schulze_45(election *e)
{
    make_contest(e, "A B C D E\n"
                    "5: A > C > B > E > D\n5: A > D > E > C > B\n8: B > E > D > A > C\n"
                    "3: C > A > B > E > D\n7: C > A > E > B > D\n2: C > B > A > D > E\n"
                    "7: D > C > E > B > A\n8: E > B > A > D > C\n");
}

static void schulze_gives_the_published_paths_of_45_voters(void **state)
{
    election *e = *state;
    make_schulze_45(e);
    count_by(e, "schulze");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 20 26 30 22\n"
                                                       "25 . 16 33 18\n"
                                                       "19 29 . 17 24\n"
                                                       "15 12 28 . 14\n"
                                                       "23 27 21 31 .");
    assert_string_equal(text_of_figure(e, "paths"), ". 28 28 30 24\n"
                                                    "25 . 28 33 24\n"
                                                    "25 29 . 29 24\n"
                                                    "25 28 28 . 24\n"
                                                    "25 28 28 31 .");
    assert_string_equal(text_of_ranking(e), "E > A > C > B > D");
    IS_WON(e, "E");
}

static void schulze_says_each_defeat_that_is_dropped(void **state)
{
    election *e = *state;
    make_schulze_45(e);
    count_by(e, "schulze");
    assert_string_equal(
        all_said(e),
        "Round 1: A, B, C, D and E beat each other in a circle; the weakest of these defeats, E "
        "over A with 23 votes, is dropped.\n"
        "Round 2: A, B, C, D and E beat each other in a circle; the weakest of these defeats, C "
        "over E with 24 votes, is dropped.\n"
        "Round 3: nobody beats E any more; E is elected.\n"
        "note: nobody beats everybody else, so there is no Condorcet winner; the smallest group "
        "that beats all others, the Smith set, is everybody\n");
}

/* The same paper, the example of 30 voters with four candidates. */
static void schulze_ranks_the_30_voters_as_published(void **state)
{
    election *e = *state;
    make_contest(e, "A B C D\n"
                    "5: A > C > B > D\n2: A > C > D > B\n3: A > D > C > B\n4: B > A > C > D\n"
                    "3: C > B > D > A\n3: C > D > B > A\n1: D > A > C > B\n5: D > B > A > C\n"
                    "4: D > C > B > A\n");
    count_by(e, "schulze");
    assert_string_equal(text_of_figure(e, "pairwise"),
                        ". 11 20 14\n19 . 9 12\n10 21 . 17\n16 18 13 .");
    assert_string_equal(text_of_figure(e, "paths"),
                        ". 20 20 17\n19 . 19 17\n19 21 . 17\n18 18 18 .");
    assert_string_equal(text_of_ranking(e), "D > A > C > B");
}

/* The city of the capital of Tennessee, as Wikipedia's pages on these methods tell it. */
static void make_tennessee(election *e)
{
    make_contest(e, "Memphis Nashville Chattanooga Knoxville\n"
                    "42: Memphis > Nashville > Chattanooga > Knoxville\n"
                    "26: Nashville > Chattanooga > Knoxville > Memphis\n"
                    "15: Chattanooga > Knoxville > Nashville > Memphis\n"
                    "17: Knoxville > Chattanooga > Nashville > Memphis\n");
}

static void nashville_beats_everybody(void **state)
{
    election *e = *state;
    static const char *const methods[] = {
        "schulze", "ranked_pairs", "copeland", "minimax", "minimax strength=margins",
        "kemeny",  "debian",
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        make_tennessee(e);
        count_by(e, methods[i]);
        IS_WON(e, "Nashville");
        assert_text(e->count.notes.items[0],
                    "Nashville beats everybody else one on one: the Condorcet winner");
        assert_int_equal(e->count.notes.count, 1);
    }
}

static void tennessee_has_the_published_figures(void **state)
{
    election *e = *state;
    make_tennessee(e);
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "pairwise"),
                        ". 42 42 42\n58 . 68 68\n58 32 . 83\n58 32 17 .");
    assert_string_equal(text_of_figure(e, "scores"), "0 3 2 1");
    assert_int_equal(e->count.rounds.items[0].tally[1].share, 10000);
    assert_int_equal(e->count.rounds.items[0].tally[2].share, 6666);
    count_by(e, "minimax");
    assert_string_equal(text_of_figure(e, "scores"), "58 0 68 83");
    count_by(e, "minimax strength=margins");
    assert_string_equal(text_of_figure(e, "scores"), "16 -16 36 66");
    count_by(e, "minimax strength=opposition");
    assert_string_equal(text_of_figure(e, "scores"), "58 42 68 83");
    count_by(e, "kemeny");
    assert_string_equal(text_of_figure(e, "score"), "393");
    assert_string_equal(text_of_figure(e, "best_rankings"), "1");
    assert_string_equal(text_of_ranking(e), "Nashville > Chattanooga > Knoxville > Memphis");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: the ranking Nashville > Chattanooga > Knoxville > Memphis agrees with "
                "393 of 600 preferences between two, and no other with so many; Nashville is "
                "elected.");
}

static void ranked_pairs_locks_tennessee_step_by_step(void **state)
{
    election *e = *state;
    make_tennessee(e);
    count_by(e, "ranked_pairs seats=2");
    assert_string_equal(
        all_said(e),
        "Round 1: Chattanooga over Knoxville with 83 votes is locked in.\n"
        "Round 2: Nashville over Chattanooga and Nashville over Knoxville with 68 votes each are "
        "locked in.\n"
        "Round 3: Nashville over Memphis, Chattanooga over Memphis and Knoxville over Memphis "
        "with 58 votes each are locked in.\n"
        "Round 4: no defeat of Nashville is locked in; Nashville and Chattanooga are elected.\n"
        "note: Nashville beats everybody else one on one: the Condorcet winner\n");
    assert_string_equal(text_of_figure(e, "locked"), "Chattanooga over Knoxville, 83 to 17\n"
                                                     "Nashville over Chattanooga, 68 to 32\n"
                                                     "Nashville over Knoxville, 68 to 32\n"
                                                     "Nashville over Memphis, 58 to 42\n"
                                                     "Chattanooga over Memphis, 58 to 42\n"
                                                     "Knoxville over Memphis, 58 to 42");
}

/* Condorcet's own 60 voters (1785), as H. P. Young tells them (1988): B > C > A agrees with 104,
 * A > B > C with 100, C > A > B with 86. */
static void condorcets_circle_is_broken_as_young_says(void **state)
{
    election *e = *state;
    make_contest(e, "A B C\n"
                    "23: A > B > C\n17: B > C > A\n2: B > A > C\n10: C > A > B\n"
                    "8: C > B > A\n");
    count_by(e, "kemeny");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 33 25\n27 . 42\n35 18 .");
    assert_string_equal(text_of_figure(e, "score"), "104");
    assert_string_equal(text_of_ranking(e), "B > C > A");
    count_by(e, "ranked_pairs");
    assert_string_equal(text_of_ranking(e), "B > C > A");
    assert_text(e->count.rounds.items[2].sentence,
                "Round 3: A over B with 33 votes is left out: with those locked it would make a "
                "circle.");
    count_by(e, "schulze");
    assert_string_equal(text_of_ranking(e), "B > C > A");
    count_by(e, "minimax");
    assert_string_equal(text_of_figure(e, "scores"), "35 33 42");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: B has the smallest worst defeat, 33 votes; B is elected.");
    count_by(e, "copeland ties=order");
    assert_string_equal(text_of_ranking(e), "A = B = C");
    IS_WON(e, "A");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: A, B and C have the most points, 1; A is elected.");
}

/* Made for this test: pairs are compared by ballots of two, so that each can be set. */
static void minimax_elects_by_the_strength_that_is_said(void **state)
{
    election *e = *state;
    make_contest(e, "A B C D\n"
                    "30: A > B\n35: B > A\n45: A > C\n43: C > A\n36: A > D\n33: D > A\n"
                    "49: B > C\n50: C > B\n34: B > D\n33: D > B\n34: C > D\n30: D > C\n");
    count_by(e, "minimax unranked=no_opinion");
    assert_string_equal(text_of_figure(e, "pairwise"),
                        ". 30 45 36\n35 . 49 34\n43 50 . 34\n33 33 30 .");
    assert_string_equal(text_of_figure(e, "scores"), "35 50 45 36");
    assert_string_equal(text_of_ranking(e), "A > D > C > B");
    count_by(e, "minimax unranked=no_opinion strength=margins");
    assert_string_equal(text_of_figure(e, "scores"), "5 1 2 4");
    IS_WON(e, "B");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: B has the smallest worst defeat, by 1 vote; B is elected.");
    count_by(e, "minimax unranked=no_opinion strength=opposition");
    assert_string_equal(text_of_figure(e, "scores"), "43 50 49 36");
    IS_WON(e, "D");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: D has the smallest worst opposition, 36 votes; D is elected.");
}

/* The circle of three within six, worked out by hand: 19 x > z, 18 w > x, 17 z > w, 16 x > y,
 * 15 y > z, 14 w > y of 27. */
static void ranked_pairs_leaves_out_what_makes_a_circle(void **state)
{
    election *e = *state;
    make_contest(e, "w x y z\n"
                    "7: w > x > z > y\n2: w > y > x > z\n4: x > y > z > w\n5: x > z > w > y\n"
                    "1: y > w > x > z\n8: y > z > w > x\n");
    count_by(e, "ranked_pairs");
    assert_string_equal(text_of_ranking(e), "w > x > y > z");
    assert_string_equal(
        all_said(e),
        "Round 1: x over z with 19 votes is locked in.\n"
        "Round 2: w over x with 18 votes is locked in.\n"
        "Round 3: z over w with 17 votes is left out: with those locked it would make a circle.\n"
        "Round 4: x over y with 16 votes is locked in.\n"
        "Round 5: y over z with 15 votes is locked in.\n"
        "Round 6: w over y with 14 votes is locked in.\n"
        "Round 7: no defeat of w is locked in; w is elected.\n"
        "note: nobody beats everybody else, so there is no Condorcet winner; the smallest group "
        "that beats all others, the Smith set, is everybody\n");
    count_by(e, "ranked_pairs strength=margins");
    assert_string_equal(text_of_ranking(e), "w > x > y > z");
    assert_text(e->count.rounds.items[0].sentence, "Round 1: x over z by 11 votes is locked in.");
    count_by(e, "ranked_pairs strength=opposition");
    assert_string_equal(text_of_ranking(e), "w > x > y > z");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: x over z against 8 votes is locked in.");
}

/* Equal in votes for it, the defeat with more votes against it is the weaker one (A.5.7.1). */
static void of_equal_defeats_the_more_opposed_is_weaker(void **state)
{
    election *e = *state;
    make_contest(e, "A B C\n"
                    "20: A > B\n10: B > A\n20: B > C\n12: C > B\n20: C > A\n11: A > C\n");
    count_by(e, "schulze unranked=no_opinion");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 20 11\n10 . 20\n20 12 .");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: A, B and C beat each other in a circle; the weakest of these defeats, B "
                "over C with 20 votes to 12, is dropped.");
    assert_string_equal(text_of_ranking(e), "C > A > B");
    count_by(e, "ranked_pairs unranked=no_opinion");
    assert_string_equal(text_of_ranking(e), "C > A > B");
    count_by(e, "schulze unranked=no_opinion strength=opposition");
    assert_string_equal(text_of_figure(e, "paths"), ". 10 12\n12 . 12\n11 11 .");
    assert_string_equal(text_of_ranking(e), "C > A > B");
    count_by(e, "schulze unranked=no_opinion strength=margins");
    assert_string_equal(text_of_figure(e, "paths"), ". 10 8\n8 . 8\n9 9 .");
}

static void the_default_option_stands_in_the_ranking(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"ranked_pairs", "copeland", "kemeny", "schulze"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char options[64];
        make_contest(e, "a b *none c\n"
                        "6: a > none > b > c\n5: b > a > none\n3: a > c > none\n");
        snprintf(options, sizeof options, "%s seats=3", methods[i]);
        count_by(e, options);
        IS_WON(e, "a");
        assert_int_equal(e->count.vacant, 2);
        assert_text(e->count.none_because, "nobody else comes before none");
    }
}

/* ---- what a ballot says ---- */

static void ranked_ones_are_above_those_who_are_not(void **state)
{
    election *e = *state;
    make_contest(e, "a b c d\n"
                    "3: a > b\n2: c = d\n1: d > a = b\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 3 4 3\n0 . 4 3\n2 2 . 0\n3 3 1 .");
    count_by(e, "copeland unranked=no_opinion");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 3 0 0\n0 . 0 0\n0 0 . 0\n1 1 0 .");
}

static void a_candidate_ranked_again_is_passed_over_or_ends_the_ballot(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "4: a > b > a > c\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 4 4\n0 . 4\n0 0 .");
    assert_text(e->count.notes.items[0],
                "4 ballots with a candidate ranked again: the second rank is passed over");
    make_contest(e, "a b c d\n"
                    "4: a > b > a > c\n");
    count_by(e, "copeland duplicates=exhaust");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 4 4 4\n0 . 4 4\n0 0 . 0\n0 0 0 .");
    assert_text(e->count.notes.items[0], "4 ballots with a candidate ranked again: they end there");
}

static void a_write_in_is_passed_over_or_ends_the_ballot(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "1: a > ? > b\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 1 1\n0 . 1\n0 0 .");
    count_by(e, "copeland write_ins=exhaust");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 1 1\n0 . 0\n0 0 .");
    assert_text(e->count.notes.items[0],
                "1 ballot with a name that is no candidate: they end there");
}

static void a_rank_that_nobody_can_read_is_passed_over(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "2: a > ! > b\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 2 2\n0 . 2\n0 0 .");
    assert_text(e->count.notes.items[0], "2 ballots with several at one rank, where the record "
                                         "does not say who: passed over");
}

static void only_so_many_ranks_count(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "2: a > b > c\n");
    count_by(e, "copeland ranks_most=1");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 2 2\n0 . 0\n0 0 .");
    count_by(e, "copeland ranks_most=2");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 2 2\n0 . 2\n0 0 .");
}

static void a_withdrawn_candidate_is_compared_with_nobody(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax",
                                          "kemeny"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        make_contest(e, "a b c\n"
                        "3: b > a > c\n2: a > c > b\n1: b > c > a\n");
        candidate_at(e, 1)->is_withdrawn = true;
        count_by(e, methods[i]);
        assert_string_equal(text_of_figure(e, "pairwise"), ". . 5\n. . .\n1 . .");
        assert_string_equal(text_of_ranking(e), "a > c");
        IS_WON(e, "a");
        const bl_round *last = &e->count.rounds.items[e->count.rounds.count - 1];
        assert_int_equal(last->standing[1], BL_STANDING_OUT);
        assert_int_equal(last->tally[1].text.size, 0);
    }
}

static void votes_are_told_in_ballots_and_not_in_units(void **state)
{
    election *e = *state;
    make_contest(e, "a b\n"
                    "3: a > b\n1: b > a\n");
    e->contest->weight_scale = 2;
    count_by(e, "schulze strength=margins");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 1.5\n0.5 .");
    assert_string_equal(text_of_figure(e, "paths"), ". 1\n0 .");
    count_by(e, "minimax strength=margins");
    assert_string_equal(text_of_figure(e, "scores"), "-1 1");
    count_by(e, "kemeny");
    assert_string_equal(text_of_figure(e, "score"), "1.5");
}

/* ---- ties ---- */

static void all_tied_is_no_result_until_a_rule_breaks_it(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax",
                                          "kemeny"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char options[64];
        make_contest(e, "a b c\n"
                        "1: a > b > c\n1: b > c > a\n1: c > a > b\n");
        count_by(e, methods[i]);
        IS_WON(e, "nobody");
        assert_true(e->count.none_because.size > 0);
        assert_int_equal(e->count.ties.items[0].chosen, BL_NONE);
        assert_int_equal(e->count.ties.items[0].tied_count, 3);
        snprintf(options, sizeof options, "%s ties=order", methods[i]);
        count_by(e, options);
        IS_WON(e, "a");
        snprintf(options, sizeof options, "%s seats=3", methods[i]);
        count_by(e, options);
        assert_int_equal(e->count.winner_count, 3);
    }
}

/* a beats b, c and d, who beat each other in a circle of equal defeats. */
static void a_tie_that_nobody_needs_is_not_broken(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax",
                                          "kemeny"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char options[64];
        make_contest(e, "b c a d\n"
                        "1: a > b > c > d\n1: a > c > d > b\n1: a > d > b > c\n");
        count_by(e, methods[i]);
        IS_WON(e, "a");
        assert_int_equal(e->count.none_because.size, 0);
        snprintf(options, sizeof options, "%s seats=2", methods[i]);
        count_by(e, options);
        IS_WON(e, "a");
        assert_true(e->count.none_because.size > 0);
        snprintf(options, sizeof options, "%s seats=2 ties=order", methods[i]);
        count_by(e, options);
        IS_WON(e, "a b");
        snprintf(options, sizeof options, "%s seats=4", methods[i]);
        count_by(e, options);
        assert_int_equal(e->count.winner_count, 4);
    }
}

/* a, b and c are in a circle of equal defeats; who wins hangs on which of them is locked first. */
static void what_hangs_on_a_tie_that_is_left_is_not_sure(void **state)
{
    election *e = *state;
    make_contest(e, "a b c d\n"
                    "10: a > b\n10: b > c\n10: c > a\n8: d > a\n8: d > b\n6: c > d\n");
    count_by(e, "ranked_pairs unranked=no_opinion");
    IS_WON(e, "nobody");
    assert_text(e->count.none_because, "a tie is left that nothing declared breaks");
    assert_string_equal(
        all_said(e),
        "Round 1: a over b, b over c and c over a with 10 votes each stay open: they make a "
        "circle, and nothing declared says which comes first.\n"
        "Round 2: d over a and d over b with 8 votes each are locked in.\n"
        "Round 3: c over d with 6 votes stays open: a tie above says whether it makes a circle.\n"
        "Round 4: no defeat of c and d is locked in for sure; nobody is elected: a tie is left "
        "that nothing declared breaks.\n"
        "tie: a, b and c are tied for the next defeat to be locked in, of equal ones in a circle, "
        "and no rule is declared that breaks a tie\n"
        "note: nobody beats everybody else, so there is no Condorcet winner; the smallest group "
        "that beats all others, the Smith set, is everybody\n"
        "none: a tie is left that nothing declared breaks\n");
    count_by(e, "ranked_pairs unranked=no_opinion ties=order");
    IS_WON(e, "d");
    assert_text(e->count.rounds.items[2].sentence,
                "Round 3: c over d with 6 votes is left out: with those locked it would make a "
                "circle.");
    const uint32_t order[] = {2, 0, 1, 3};
    e->contest->order = order;
    count_by(e, "ranked_pairs unranked=no_opinion ties=order");
    IS_WON(e, "c");
}

static void kemeny_elects_whom_all_best_rankings_elect(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "2: a > b > c\n2: a > c > b\n");
    count_by(e, "kemeny");
    assert_string_equal(text_of_figure(e, "best_rankings"), "2");
    assert_string_equal(text_of_ranking(e), "a > b = c");
    IS_WON(e, "a");
    assert_int_equal(e->count.ties.count, 0);
    assert_text(e->count.notes.items[1],
                "2 rankings are equally good; a > b and c is what they have in common");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: 2 rankings agree with 10 of 12 preferences between two, and no other "
                "with so many; a is elected.");
    count_by(e, "kemeny seats=2");
    IS_WON(e, "a");
    assert_text(e->count.none_because, "a tie is left that nothing declared breaks");
    count_by(e, "kemeny seats=2 ties=lot,order");
    IS_WON(e, "a b");
    assert_string_equal(text_of_ranking(e), "a > b > c");
    assert_text(e->count.notes.items[1],
                "2 rankings are equally good; a > b > c is what those have in common that broken "
                "ties leave");
}

/* a > c > b and c > a > b are the best. The declared order likes b most, who is first in neither.
 */
static void kemeny_chooses_among_best_rankings_only(void **state)
{
    election *e = *state;
    make_contest(e, "b a c\n"
                    "2: a > b > c\n2: c > a > b\n1: a > c > b\n1: c > b > a\n");
    count_by(e, "kemeny ties=order");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 1 2\n5 . 3\n4 3 .");
    assert_string_equal(text_of_figure(e, "best_rankings"), "2");
    assert_int_equal(e->count.ties.items[0].tied_count, 2);
    IS_WON(e, "a");
    assert_string_equal(text_of_ranking(e), "a > c > b");
}

/* ---- sets ---- */

static void the_smith_set_and_the_schwartz_set_are_told(void **state)
{
    election *e = *state;
    make_contest(e, "a b c d\n"
                    "2: a > b > c > d\n2: b > c > a > d\n2: c > a > b > d\n");
    count_by(e, "copeland");
    assert_int_equal(e->count.notes.count, 1);
    assert_text(e->count.notes.items[0],
                "nobody beats everybody else, so there is no Condorcet winner; the smallest group "
                "that beats all others, the Smith set, is a, b and c");
    /* a is even with b, and both with nobody else: b is beaten by c, c by a. */
    make_contest(e, "a b c\n"
                    "1: a = b\n1: a > c\n1: c > b\n");
    count_by(e, "copeland unranked=no_opinion");
    assert_int_equal(e->count.notes.count, 2);
    assert_text(e->count.notes.items[1], "the Schwartz set, beaten by nobody but each other, is a");
}

static void long_lists_of_names_are_cut(void **state)
{
    election *e = *state;
    make_contest(e, "a b c d e f g h i j\n"
                    "1: a = b = c = d = e = f = g = h = i\n");
    count_by(e, "schulze");
    assert_text(e->count.notes.items[0],
                "nobody beats everybody else, so there is no Condorcet winner; the smallest group "
                "that beats all others, the Smith set, is a, b, c, d, e, f, g, h and 1 more");
    count_by(e, "ranked_pairs");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: a over j, b over j, c over j, d over j, e over j, f over j, g over j, h "
                "over j and 1 more with 1 vote each are locked in.");
}

/* ---- limits ---- */

/* The first candidates in order, each above the next. */
static void add_order(election *e, uint32_t size, uint64_t weight)
{
    bl_mark *marks = malloc(size * sizeof *marks);
    for (uint32_t i = 0; i < size; i++)
        marks[i] = (bl_mark){i, (int32_t)i + 1};
    add_marks(e, marks, size, weight);
    free(marks);
}

static void kemeny_takes_so_many_candidates_and_no_more(void **state)
{
    election *e = *state;
    begin_field(e, BL_KEMENY_MAX);
    add_order(e, BL_KEMENY_MAX, 3);
    end_contest(e, BL_BALLOTS_RANKING);
    count_by(e, "kemeny");
    IS_WON(e, "c0");
    assert_string_equal(text_of_figure(e, "best_rankings"), "1");
    begin_field(e, BL_KEMENY_MAX + 1);
    add_order(e, BL_KEMENY_MAX + 1, 3);
    end_contest(e, BL_BALLOTS_RANKING);
    assert_int_equal(try_count(e, "kemeny"), BL_COUNT_REFUSED);
    char expected[128];
    snprintf(expected, sizeof expected,
             "kemeny tries every ranking of at most %d candidates, and here are %d", BL_KEMENY_MAX,
             BL_KEMENY_MAX + 1);
    assert_text(e->count.problem, expected);
    candidate_at(e, 0)->is_withdrawn = true;
    count_by(e, "kemeny");
    IS_WON(e, "c1");
}

static void so_many_candidates_are_compared_and_no_more(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        begin_field(e, BL_PAIRS_MAX);
        add_order(e, BL_PAIRS_MAX, 1);
        end_contest(e, BL_BALLOTS_RANKING);
        count_by(e, methods[i]);
        IS_WON(e, "c0");
        assert_int_equal(e->count.places[1], 2);
        begin_field(e, BL_PAIRS_MAX + 1);
        add_order(e, BL_PAIRS_MAX + 1, 1);
        end_contest(e, BL_BALLOTS_RANKING);
        assert_int_equal(try_count(e, methods[i]), BL_COUNT_REFUSED);
        char expected[128];
        snprintf(expected, sizeof expected,
                 "%s compares at most %d candidates one on one, and here are %d", methods[i],
                 BL_PAIRS_MAX, BL_PAIRS_MAX + 1);
        assert_text(e->count.problem, expected);
    }
}

/* Each pair of its own strength, so many strengths; the other pairs are even. */
static void make_strengths(election *e, uint32_t strengths)
{
    begin_field(e, 24);
    for (uint32_t i = 0, left = strengths; i < 24; i++)
        for (uint32_t j = i + 1; j < 24 && left > 0; j++, left--) {
            bl_mark marks[] = {{i, 1}, {j, 2}};
            add_marks(e, marks, 2, left);
        }
    end_contest(e, BL_BALLOTS_RANKING);
}

static void so_many_steps_have_a_round_of_their_own(void **state)
{
    election *e = *state;
    make_strengths(e, BL_STEPS_TOLD_MAX);
    count_by(e, "ranked_pairs unranked=no_opinion");
    assert_int_equal(e->count.rounds.count, BL_STEPS_TOLD_MAX + 1);
    make_strengths(e, BL_STEPS_TOLD_MAX + 2);
    count_by(e, "ranked_pairs unranked=no_opinion");
    assert_int_equal(e->count.rounds.count, BL_STEPS_TOLD_MAX + 2);
    assert_text(e->count.rounds.items[BL_STEPS_TOLD_MAX].sentence,
                "Round 257: of the weaker defeats 2 are locked in, and 0 are not.");
    assert_int_equal(figure(e, "locked")->cell_count, BL_STEPS_TOLD_MAX + 2);
    make_strengths(e, BL_STEPS_TOLD_MAX + 1);
    count_by(e, "ranked_pairs unranked=no_opinion");
    assert_text(e->count.rounds.items[BL_STEPS_TOLD_MAX].sentence,
                "Round 257: of the weaker defeats 1 is locked in, and 0 are not.");
}

/* A wheel: each of 33 beats the next 16, the nearer the stronger, so that all but the defeats of
 * neighbours are dropped one by one while the circle is closed. */
static void so_many_drops_have_a_round_of_their_own(void **state)
{
    election *e = *state;
    begin_field(e, 33);
    uint64_t weight = 1;
    for (uint32_t step = 16; step > 0; step--)
        for (uint32_t i = 0; i < 33; i++) {
            bl_mark marks[] = {{i, 1}, {(i + step) % 33, 2}};
            add_marks(e, marks, 2, weight++);
        }
    end_contest(e, BL_BALLOTS_RANKING);
    count_by(e, "schulze unranked=no_opinion");
    assert_int_equal(e->count.rounds.count, BL_STEPS_TOLD_MAX + 2);
    assert_text(e->count.rounds.items[BL_STEPS_TOLD_MAX - 1].sentence,
                "Round 256: c0, c1, c2, c3, c4, c5, c6, c7 and 25 more beat each other in a "
                "circle; the weakest of these defeats, c24 over c0 with 256 votes, is dropped.");
    assert_text(e->count.rounds.items[BL_STEPS_TOLD_MAX].sentence,
                "Round 257: 240 more defeats are dropped, always the weakest that are left.");
    /* The rim is what is left, 33 strong defeats; its weakest is dropped last. */
    IS_WON(e, "c1");
}

/* ---- odd contests ---- */

static void one_candidate_is_elected(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax",
                                          "kemeny"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        make_contest(e, "a\n"
                        "1: a\n");
        count_by(e, methods[i]);
        IS_WON(e, "a");
        assert_int_equal(e->count.notes.count, 0);
        char options[64];
        snprintf(options, sizeof options, "%s seats=2", methods[i]);
        count_by(e, options);
        assert_int_equal(e->count.vacant, 1);
        assert_true(e->count.none_because.size > 0);
    }
}

static void halves_of_copeland_are_what_is_said(void **state)
{
    election *e = *state;
    make_contest(e, "a b c\n"
                    "1: a = b > c\n1: a > b = c\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "scores"), "2 1 0");
    make_contest(e, "a b c\n"
                    "1: a = b > c\n");
    count_by(e, "copeland");
    assert_string_equal(text_of_figure(e, "scores"), "1.5 1.5 0");
    count_by(e, "copeland half=1/3");
    assert_string_equal(text_of_figure(e, "scores"), "4/3 4/3 0");
    count_by(e, "copeland half=0");
    assert_string_equal(text_of_figure(e, "scores"), "1 1 0");
    make_contest(e, "a b c\n"
                    "1: a = b = c\n");
    assert_int_equal(try_count(e, "copeland half=9223372036854775806"), BL_COUNT_REFUSED);
}

/* Each allocation of a count fails once, and is told as what it is. */
static void memory_that_ends_is_an_ordinary_failure(void **state)
{
    election *e = *state;
    static const char *const methods[] = {"debian", "ranked_pairs", "copeland", "minimax",
                                          "kemeny"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        size_t at = 0;
        do
            prepare(e, methods[i],
                    "strong mild odd *further\n"
                    "8: strong > mild > odd > further\n7: mild > odd > strong\n"
                    "6: odd > strong > mild\n6: odd > strong > mild > odd\n");
        while (fails_at(e, ++at));
        assert_true(at > 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(schulze_gives_the_published_paths_of_45_voters),
        TEST(schulze_says_each_defeat_that_is_dropped),
        TEST(schulze_ranks_the_30_voters_as_published),
        TEST(nashville_beats_everybody),
        TEST(tennessee_has_the_published_figures),
        TEST(ranked_pairs_locks_tennessee_step_by_step),
        TEST(condorcets_circle_is_broken_as_young_says),
        TEST(minimax_elects_by_the_strength_that_is_said),
        TEST(ranked_pairs_leaves_out_what_makes_a_circle),
        TEST(of_equal_defeats_the_more_opposed_is_weaker),
        TEST(the_default_option_stands_in_the_ranking),
        TEST(ranked_ones_are_above_those_who_are_not),
        TEST(a_candidate_ranked_again_is_passed_over_or_ends_the_ballot),
        TEST(a_write_in_is_passed_over_or_ends_the_ballot),
        TEST(a_rank_that_nobody_can_read_is_passed_over),
        TEST(only_so_many_ranks_count),
        TEST(a_withdrawn_candidate_is_compared_with_nobody),
        TEST(votes_are_told_in_ballots_and_not_in_units),
        TEST(all_tied_is_no_result_until_a_rule_breaks_it),
        TEST(a_tie_that_nobody_needs_is_not_broken),
        TEST(what_hangs_on_a_tie_that_is_left_is_not_sure),
        TEST(kemeny_elects_whom_all_best_rankings_elect),
        TEST(kemeny_chooses_among_best_rankings_only),
        TEST(the_smith_set_and_the_schwartz_set_are_told),
        TEST(long_lists_of_names_are_cut),
        TEST(kemeny_takes_so_many_candidates_and_no_more),
        TEST(so_many_candidates_are_compared_and_no_more),
        TEST(so_many_steps_have_a_round_of_their_own),
        TEST(so_many_drops_have_a_round_of_their_own),
        TEST(one_candidate_is_elected),
        TEST(halves_of_copeland_are_what_is_said),
        TEST(memory_that_ends_is_an_ordinary_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
