/*
 * Debian's constitution, A.5: quorum and majority over the default option, dropping of weakest
 * defeats, the casting vote. test_count_condorcet.c goes through its steps over drawn contests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counted.h"

/* A vote as Debian's general resolutions are: `strong` overrides and needs 3 to 1. */
static void make_resolution(election *e, const char *ballots)
{
    char text[1024];
    snprintf(text, sizeof text, "strong mild odd *further\n%s", ballots);
    make_contest(e, text);
    candidate_at(e, number_of(e, "strong"))->majority = BL_RATIONAL(3);
}

static void debian_drops_what_lacks_its_majority(void **state)
{
    election *e = *state;
    make_resolution(e, "40: strong > mild > further > odd\n34: strong > further > mild > odd\n"
                       "20: mild > odd > further > strong\n6: further > mild\n");
    count_by(e, "debian quorum=47.5");
    assert_string_equal(
        all_said(e),
        "Round 1: strong is dropped, with 74 votes over further and 26 below where a majority of 3 "
        "to 1 is needed; odd is dropped, with 20 votes over further where the quorum is 47.5.\n"
        "Round 2: nobody beats mild; mild is elected.\n"
        "note: strong beats everybody else one on one: the Condorcet winner\n");
    IS_WON(e, "mild");
    assert_string_equal(text_of_ranking(e), "mild > further");
    const bl_round *round = &e->count.rounds.items[0];
    assert_int_equal(round->eliminated_count, 2);
    assert_int_equal(round->standing[0], BL_STANDING_ELIMINATED);
    assert_text(round->tally[0].text, "74");
    assert_int_equal(round->tally[0].share, 10000);
    assert_int_equal(round->tally[3].text.size, 0);
    assert_int_equal(e->count.rounds.items[1].standing[0], BL_STANDING_OUT);
    assert_int_equal(e->count.rounds.items[1].standing[1], BL_STANDING_ELECTED);
}

/* "Greater or equal to N * V(D,A)" since 2015, "strictly greater" before. */
static void a_majority_ratio_is_met_by_reaching_it(void **state)
{
    election *e = *state;
    make_resolution(e, "75: strong > further\n25: further > strong\n");
    count_by(e, "debian");
    IS_WON(e, "strong");
    count_by(e, "debian majority_exceeded=yes");
    IS_WON(e, "nobody");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: strong is dropped, with 75 votes over further and 25 below where a "
                "majority of more than 3 to 1 is needed; mild is dropped, with 0 votes over "
                "further and 100 below where more must be over it than below; odd is dropped, "
                "with 0 votes over further and 100 below where more must be over it than below.");
    assert_text(e->count.rounds.items[1].sentence,
                "Round 2: nobody beats further; nobody is elected: nobody comes before further.");
    assert_text(e->count.none_because, "nobody comes before further");
}

static void as_many_for_as_against_is_no_majority(void **state)
{
    election *e = *state;
    make_resolution(e, "50: mild > further\n50: further > mild\n");
    count_by(e, "debian majority=1/2");
    IS_WON(e, "nobody");
    make_resolution(e, "51: mild > further\n50: further > mild\n");
    count_by(e, "debian majority=1");
    IS_WON(e, "mild");
    count_by(e, "debian majority=51/50");
    IS_WON(e, "mild");
    count_by(e, "debian majority=52/50");
    IS_WON(e, "nobody");
    make_resolution(e, "9: mild\n");
    count_by(e, "debian majority=1000 quorum=9");
    IS_WON(e, "mild");
    count_by(e, "debian quorum=9.5");
    IS_WON(e, "nobody");
}

static void quorum_and_majority_hold_for_each_option_of_its_own(void **state)
{
    election *e = *state;
    make_resolution(e, "10: mild > odd > strong > further\n2: further\n");
    candidate_at(e, number_of(e, "mild"))->quorum = BL_RATIONAL(11);
    candidate_at(e, number_of(e, "odd"))->majority = BL_RATIONAL(6);
    count_by(e, "debian");
    IS_WON(e, "strong");
    assert_string_equal(text_of_ranking(e), "strong > further");
}

/* Debian's technical committee on merged /usr, six ballots as they stood when their count was
 * posted: debian-boot, March 2019, message 99. W M H are options, F is further discussion. */
static void debian_counts_a_vote_of_the_committee_as_posted(void **state)
{
    election *e = *state;
    make_contest(e, "W M H *F\n"
                    "1: H > M > W > F\n2: M > W > H > F\n2: H > M > F > W\n1: M > H > W > F\n");
    count_by(e, "debian quorum=2");
    assert_string_equal(text_of_figure(e, "pairwise"), ". 0 2 4\n6 . 3 6\n4 3 . 6\n2 0 0 .");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: everybody else has the quorum and the majority over F.");
    assert_text(e->count.rounds.items[1].sentence,
                "Round 2: no defeats are left among M and H; nobody is elected: M and H are tied, "
                "and nothing that is declared breaks the tie.");
    assert_string_equal(text_of_ranking(e), "M = H > W > F");
}

/* Of three in a circle the weakest defeat goes; the casting vote decides what stays even. */
static void debian_drops_weakest_defeats_and_asks_the_casting_vote(void **state)
{
    election *e = *state;
    make_resolution(e, "8: strong > mild > odd > further\n7: mild > odd > strong > further\n"
                       "6: odd > strong > mild > further\n");
    count_by(e, "debian");
    assert_text(e->count.rounds.items[0].sentence,
                "Round 1: everybody else has the quorum and the majority over further.");
    assert_text(e->count.rounds.items[1].sentence,
                "Round 2: strong, mild and odd beat each other in a circle; the weakest of these "
                "defeats, odd over strong with 13 votes, is dropped.");
    assert_text(e->count.rounds.items[2].sentence,
                "Round 3: nobody beats strong any more; strong is elected.");

    make_resolution(e, "5: strong > mild > odd > further\n5: mild > odd > strong > further\n"
                       "5: odd > strong > mild > further\n");
    count_by(e, "debian");
    IS_WON(e, "nobody");
    assert_text(e->count.rounds.items[1].sentence,
                "Round 2: strong, mild and odd beat each other in a circle; the weakest of these "
                "defeats, strong over mild, mild over odd and odd over strong with 10 votes each, "
                "are dropped.");
    assert_text(e->count.ties.items[0].sentence,
                "strong, mild and odd are tied for the seat, and no declared rule breaks the tie");
    e->contest->casting = &e->contest->piles[1];
    e->contest->casting_count = 1;
    count_by(e, "debian");
    IS_WON(e, "mild");
    assert_text(e->count.ties.items[0].sentence,
                "strong, mild and odd are tied for the seat: mild is chosen, by the casting vote");
    assert_text(e->count.rounds.items[2].sentence,
                "Round 3: no defeats are left among strong, mild and odd; mild is elected.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(debian_drops_what_lacks_its_majority),
        TEST(a_majority_ratio_is_met_by_reaching_it),
        TEST(as_many_for_as_against_is_no_majority),
        TEST(quorum_and_majority_hold_for_each_option_of_its_own),
        TEST(debian_counts_a_vote_of_the_committee_as_posted),
        TEST(debian_drops_weakest_defeats_and_asks_the_casting_vote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
