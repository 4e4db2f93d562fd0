/*
 * Runoffs: published elections, every option, and what holds of any election, tried on drawn ones.
 * Ties are in test_count_ties.c.
 *
 * Sources: the vote on Tennessee's capital is the example of many books and pages. Burlington's
 * mayor, 3 March 2009: the totals of each round as the city published them; the ballots here are
 * made up so that they give those totals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counted.h"

static const char tennessee[] = "memphis nashville chattanooga knoxville\n"
                                "42: memphis > nashville > chattanooga > knoxville\n"
                                "26: nashville > chattanooga > knoxville > memphis\n"
                                "15: chattanooga > knoxville > nashville > memphis\n"
                                "17: knoxville > chattanooga > nashville > memphis\n";

/* ---- published elections ---- */

static void tennessee_elects_knoxville(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv", tennessee,
               "1: memphis 42 nashville 26 chattanooga 15 knoxville 17 | of 51 | - chattanooga | "
               "chattanooga>knoxville 15\n"
               "2: memphis 42 nashville 26 knoxville 32 | of 51 | - nashville | "
               "nashville>knoxville 26\n"
               "3: memphis 42 knoxville 58 | of 51 | + knoxville\n");
    IS_SAID(e, "Round 1: chattanooga has the fewest votes, 15, and goes out.\n"
               "Round 2: nashville has the fewest votes, 26, and goes out.\n"
               "Round 3: knoxville has 58 votes, more than half of the 100 that count, and is "
               "elected.\n");
    IS_WON(e, "knoxville");
    assert_int_equal(e->count.vacant, 0);
    assert_int_equal(e->count.notes.count, 0);
}

static void burlington_2009_has_its_published_rounds(void **state)
{
    election *e = *state;
    const char ballots[] = "kiss wright montroll smith simpson others\n"
                           "2585: kiss\n2951: wright\n"
                           "1232: montroll > kiss\n700: montroll > wright\n131: montroll\n"
                           "380: smith > kiss\n333: smith > wright\n122: smith\n"
                           "100: smith > montroll > kiss\n67: smith > montroll > wright\n"
                           "304: smith > montroll\n"
                           "10: simpson > kiss\n20: simpson > montroll\n5: simpson\n"
                           "6: others > kiss\n10: others > wright\n20: others\n"
                           "4: !\n";
    IS_COUNTED(e, "irv elimination=batch", ballots,
               "1: kiss 2585 wright 2951 montroll 2063 smith 1306 simpson 35 others 36 | of 4489"
               " | x 4 | - smith simpson others | smith>kiss 380 smith>wright 333 "
               "smith>montroll 471 smith>. 122 simpson>kiss 10 simpson>montroll 20 simpson>. 5 "
               "others>kiss 6 others>wright 10 others>. 20\n"
               "2: kiss 2981 wright 3294 montroll 2554 | of 4415 | x 151 | - montroll | "
               "montroll>kiss 1332 montroll>wright 767 montroll>. 455\n"
               "3: kiss 4313 wright 4061 | of 4188 | x 606 | + kiss\n");
    has_note(e, 0, "4 ballots rank several at once and end there");
}

/* ---- options ---- */

static void the_share_is_exceeded_not_reached(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv", "a b c\n2: a\n1: b\n1: c > b\n", "1: a 2 b 1 c 1 | of 3\n");
    is_none(e, "b and c are tied for the last place, with 1 vote each, and no rule is declared "
               "that breaks a tie");
    IS_COUNTED(e, "irv threshold=2/3", "a b c\n6: a\n2: b\n1: c > b\n",
               "1: a 6 b 2 c 1 | of 7 | - c | c>b 1\n"
               "2: a 6 b 3 | of 7 | + a\n");
    IS_SAID(e, "Round 1: c has the fewest votes, 1, and goes out.\n"
               "Round 2: a has the most votes, 6, now that two are left, and is elected.\n");
    IS_COUNTED(e, "irv threshold=65%", "a b c\n6: a\n2: b\n1: c > b\n",
               "1: a 6 b 2 c 1 | of 6 | + a\n");
    IS_SAID(e, "Round 1: a has 6 votes, more than 13/20 of the 9 that count, and is elected.\n");
}

static void a_majority_may_be_of_the_first_round(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c d\n6: a\n5: b\n3: c\n1: d > a\n";
    IS_COUNTED(e, "irv", ballots,
               "1: a 6 b 5 c 3 d 1 | of 8 | - d | d>a 1\n"
               "2: a 7 b 5 c 3 | of 8 | - c | c>. 3\n"
               "3: a 7 b 5 | of 7 | x 3 | + a\n");
    IS_COUNTED(e, "irv majority_of=first_round", ballots,
               "1: a 6 b 5 c 3 d 1 | of 8 | - d | d>a 1\n"
               "2: a 7 b 5 c 3 | of 8 | - c | c>. 3\n"
               "3: a 7 b 5 | of 8 | x 3 | + a\n");
    assert_non_null(strstr(text_of_sentences(e), "a has the most votes, 7, now that two are left"));
    elect(e, "irv majority_of=first_round", "a b c\n8: a\n6: b\n3: c > a\n");
    IS_SAID(e, "Round 1: c has the fewest votes, 3, and goes out.\n"
               "Round 2: a has 11 votes, more than half of the 17 that counted in the first round, "
               "and is elected.\n");
}

static void a_count_may_go_on_until_two_are_left(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv until=two", "a b c d\n10: a\n5: b\n3: c > a\n2: d > b\n",
               "1: a 10 b 5 c 3 d 2 | of 11 | - d | d>b 2\n"
               "2: a 10 b 7 c 3 | of 11 | - c | c>a 3\n"
               "3: a 13 b 7 | of 11 | + a\n");
    IS_COUNTED(e, "irv until=two", "a b c\n10: a\n5: b\n3: c > a\n",
               "1: a 10 b 5 c 3 | of 10 | + a\n"
               "2: a 10 b 5 c 3 | of 10 | - c | c>a 3\n"
               "3: a 13 b 5 | of 10\n");
    IS_SAID(e, "Round 1: a has 10 votes, more than half of the 18 that count, and is elected; the "
               "count goes on until two are left.\n"
               "Round 2: c has the fewest votes, 3, and goes out.\n"
               "Round 3: a and b are left, and the count ends.\n");
    IS_WON(e, "a");
    IS_COUNTED(e, "irv until=two", "a b c\n10: a\n3: b\n3: c\n",
               "1: a 10 b 3 c 3 | of 9 | + a\n"
               "2: a 10 b 3 c 3 | of 9\n");
    IS_WON(e, "a");
    is_none(e, ""); /* a tie that decides nothing takes nothing away */
}

static void a_batch_is_who_together_could_not_catch_up(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c d e f g\n60: a\n15: b\n14: c\n5: d > c\n4: e > b\n1: f\n1: g\n";
    IS_COUNTED(e, "irv elimination=batch until=two", ballots,
               "1: a 60 b 15 c 14 d 5 e 4 f 1 g 1 | of 51 | + a\n"
               "2: a 60 b 15 c 14 d 5 e 4 f 1 g 1 | of 51 | - d e f g | d>c 5 e>b 4 f>. 1 g>. 1\n"
               "3: a 60 b 19 c 19 | of 51 | x 2\n");
    IS_COUNTED(e, "irv elimination=batch until=two ties=previous_round", ballots,
               "1: a 60 b 15 c 14 d 5 e 4 f 1 g 1 | of 51 | + a\n"
               "2: a 60 b 15 c 14 d 5 e 4 f 1 g 1 | of 51 | - d e f g | d>c 5 e>b 4 f>. 1 g>. 1\n"
               "3: a 60 b 19 c 19 | of 51 | x 2 | - c | c>. 19\n"
               "4: a 60 b 19 | of 51 | x 21\n");
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 2: d, e, f and g go out together: they have 11 votes in all, "
                           "fewer than anybody else.\n"
                           "Round 3: b and c are tied for the last place, with 19 votes each: c "
                           "goes out, with fewer votes in round 2.\n"));
    /* Together as many as the next is not fewer. */
    IS_COUNTED(e, "irv elimination=batch", "a b c d\n7: a\n6: b\n3: c\n3: d\n",
               "1: a 7 b 6 c 3 d 3 | of 10\n");
}

static void a_minimum_is_asked_of_all_at_once(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv minimum=4", "a b c d\n6: a\n5: b\n3: c > b\n2: d > b\n",
               "1: a 6 b 5 c 3 d 2 | of 9 | - c d | c>b 3 d>b 2\n"
               "2: a 6 b 10 | of 9 | + b\n");
    assert_non_null(strstr(text_of_sentences(e), "Round 1: c and d have fewer than 4 votes and go "
                                                 "out.\n"));
    IS_COUNTED(e, "irv minimum=7", "a b\n6: a\n5: b\n", "1: a 6 b 5 | of 7\n");
    is_none(e, "everybody has fewer than 7 votes");
    assert_int_equal(e->count.vacant, 1);
    IS_COUNTED(e, "irv minimum=4", "a b\n6: a\n3: b\n", "1: a 6 b 3 | of 5 | + a\n");
}

static void who_has_no_votes_goes_without_a_rule_for_ties(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c d e\n4: a\n3: b\n2: c > b\n";
    IS_COUNTED(e, "irv drop_unranked=yes", ballots,
               "1: a 4 b 3 c 2 d 0 e 0 | of 5 | - d e\n"
               "2: a 4 b 3 c 2 | of 5 | - c | c>b 2\n"
               "3: a 4 b 5 | of 5 | + b\n");
    /* In which order they go changes nothing: no rule needs to tell it. */
    const char *const rules[] = {"irv", "irv ties=order", "irv ties=lot"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        IS_COUNTED(e, rules[i], ballots,
                   "1: a 4 b 3 c 2 d 0 e 0 | of 5 | - e\n"
                   "2: a 4 b 3 c 2 d 0 | of 5 | - d\n"
                   "3: a 4 b 3 c 2 | of 5 | - c | c>b 2\n"
                   "4: a 4 b 5 | of 5 | + b\n");
        assert_int_equal(e->count.none_because.size, 0);
    }
    /* Not so many that too few are left. */
    IS_COUNTED(e, "bottoms_up seats=2 ties=order", "a b c\n4: a\n",
               "1: a 4 b 0 c 0 | - c\n"
               "2: a 4 b 0 | + a b\n");
}

static void an_overvote_is_what_the_rule_says(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c d\n4: a\n3: b\n2: c > a = b > a\n1: d = c > b\n";
    IS_COUNTED(e, "irv", ballots,
               "1: a 4 b 3 c 2 d 0 | of 5 | x 1 | - d\n"
               "2: a 4 b 3 c 2 | of 5 | x 1 | - c | c>. 2\n"
               "3: a 4 b 3 | of 4 | x 3 | + a\n");
    has_note(e, 0, "3 ballots rank several at once and end there");
    IS_COUNTED(e, "irv overvote=skip", ballots,
               "1: a 4 b 4 c 2 d 0 | of 6 | - d\n"
               "2: a 4 b 4 c 2 | of 6 | - c | c>a 2\n"
               "3: a 6 b 4 | of 6 | + a\n");
    /* c and d are both in at first; of a and d only a, once d is out. */
    IS_COUNTED(e, "irv overvote=exhaust_if_continuing",
               "a b c d\n4: a\n3: b\n2: c > a = d\n1: d = c > b\n1: c > d\n",
               "1: a 4 b 3 c 3 d 0 | of 6 | x 1 | - d\n"
               "2: a 4 b 3 c 3 | of 6 | x 1\n");
    IS_COUNTED(e, "irv overvote=exhaust_if_continuing",
               "a b c d\n4: a\n4: b\n2: c > a = d\n1: d = c > b\n1: c > d\n",
               "1: a 4 b 4 c 3 d 0 | of 6 | x 1 | - d\n"
               "2: a 4 b 4 c 3 | of 6 | x 1 | - c | c>a 2 c>. 1\n"
               "3: a 6 b 4 | of 6 | x 2 | + a\n");
    elect(e, "irv overvote=exhaust_if_continuing", "a b\n2: a\n1: ! > b\n");
    has_note(e, 0, "1 ballot ranks several at once and ends there");
    /* One candidate twice at a rank is no overvote. */
    IS_COUNTED(e, "irv", "a b\n2: a = a\n1: b\n", "1: a 2 b 1 | of 2 | + a\n");
}

static void skipped_ranks_end_a_ballot_where_the_rule_says(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c\n4: a\n3: b\n1: c > - > b\n1: c > - > - > b\n1: - > c > b\n";
    IS_COUNTED(e, "irv ties=order", ballots,
               "1: a 4 b 3 c 3 | of 6 | - c | c>b 3\n"
               "2: a 4 b 6 | of 6 | + b\n");
    IS_COUNTED(e, "irv ties=order skipped_most=1", ballots,
               "1: a 4 b 3 c 3 | of 6 | - c | c>b 2 c>. 1\n"
               "2: a 4 b 5 | of 5 | x 1 | + b\n");
    IS_COUNTED(e, "irv ties=order skipped_most=0", ballots,
               "1: a 4 b 3 c 2 | of 5 | x 1 | - c | c>. 2\n"
               "2: a 4 b 3 | of 4 | x 3 | + a\n");
    has_note(e, 0, "3 ballots skip too many ranks and end there");
    /* A rank with somebody who has withdrawn is not empty. */
    IS_COUNTED(e, "irv skipped_most=0", "a b ~c\n1: a\n2: c > b\n", "1: a 1 b 2 | of 2 | + b\n");
}

static void repeated_and_unknown_names_are_passed_over_or_end_a_ballot(void **state)
{
    election *e = *state;
    const char ballots[] = "a b c\n4: a\n3: b\n1: c > c > b\n1: c > ? > b\n1: ? > a\n";
    IS_COUNTED(e, "irv", ballots,
               "1: a 5 b 3 c 2 | of 6 | - c | c>b 2\n"
               "2: a 5 b 5 | of 6\n");
    IS_COUNTED(e, "irv duplicates=exhaust", ballots,
               "1: a 5 b 3 c 2 | of 6 | - c | c>b 1 c>. 1\n"
               "2: a 5 b 4 | of 5 | x 1 | + a\n");
    has_note(e, 0, "1 ballot ranks somebody twice and ends there");
    IS_COUNTED(e, "irv write_ins=exhaust", ballots,
               "1: a 4 b 3 c 2 | of 5 | x 1 | - c | c>b 1 c>. 1\n"
               "2: a 4 b 4 | of 5 | x 2\n");
    has_note(e, 0, "2 ballots name somebody who is no candidate and end there");
    IS_COUNTED(e, "irv ranks_most=1", ballots,
               "1: a 4 b 3 c 2 | of 5 | x 1 | - c | c>. 2\n"
               "2: a 4 b 3 | of 4 | x 3 | + a\n");
}

static void who_has_withdrawn_is_passed_over(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv", "a b ~c\n2: a\n1: b\n3: c > b\n1: c\n", "1: a 2 b 4 | of 4 | x 1 | + b\n");
    assert_int_equal(e->count.rounds.items[0].standing[2], BL_STANDING_OUT);
    elect(e, "irv", "~a ~b\n2: a\n");
    is_none(e, "every candidate has withdrawn");
    elect(e, "irv", "a ~b\n2: b\n");
    is_none(e, "no ballot counts for anybody");
}

static void undeclared_write_ins_go_out_first_and_win_nothing(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv", "a b c ?others\n5: a\n4: b\n2: c > b\n9: others > b\n3: others\n",
               "1: a 5 b 4 c 2 others 12 | of 12 | - others | others>b 9 others>. 3\n"
               "2: a 5 b 13 c 2 | of 11 | x 3 | + b\n");
    IS_SAID(e, "Round 1: others, with 12 votes, is no candidate and goes out first.\n"
               "Round 2: b has 13 votes, more than half of the 20 that count, and is elected.\n");
    /* Alone before a batch and before the minimum, and with no votes like anybody else. */
    IS_COUNTED(e, "irv elimination=batch minimum=3",
               "a b c d ?others\n9: a\n8: b\n2: c\n1: d\n1: others\n",
               "1: a 9 b 8 c 2 d 1 others 1 | of 11 | - others | others>. 1\n"
               "2: a 9 b 8 c 2 d 1 | of 11 | x 1 | - c d | c>. 2 d>. 1\n"
               "3: a 9 b 8 | of 9 | x 4 | + a\n");
    elect(e, "bottoms_up seats=3", "a b ?others\n3: a\n2: b\n");
    IS_WON(e, "a b");
    elect(e, "bottoms_up seats=2", "a b ?others\n3: a\n2: b\n9: others\n");
    IS_WON(e, "a b");
    elect(e, "sequential_irv seats=3", "a b ?others\n3: a\n2: b\n9: others > b\n");
    IS_WON(e, "b a");
    elect(e, "irv", "?others\n3: others\n");
    is_none(e, "no ballot counts for anybody");
}

static void one_candidate_and_no_votes_are_answered(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "irv", "a\n3: a\n1:\n", "1: a 3 | of 2 | + a\n");
    IS_SAID(e, "Round 1: a is the only one left, with 3 votes, and is elected.\n");
    has_note(e, 0, "1 ballot is blank");
    elect(e, "irv", "a b\n3:\n");
    is_none(e, "nobody voted");
    elect(e, "irv", "a b\n");
    is_none(e, "nobody voted");
    assert_int_equal(e->count.vacant, 1);
    elect(e, "irv", "a b\n3: !\n");
    is_none(e, "no ballot counts for anybody");
    IS_SAID(e, "Round 1: no ballot counts for anybody.\n");
}

static void the_default_option_wins_for_nobody(void **state)
{
    election *e = *state;
    elect(e, "irv", "a b *none\n2: a\n1: b > none\n2: none\n");
    IS_SAID(e, "Round 1: b has the fewest votes, 1, and goes out.\n"
               "Round 2: none has 3 votes, more than half of the 5 that count, and wins: it is the "
               "default option, and nobody is elected.\n");
    is_none(e, "the default option wins");
    IS_WON(e, "nobody");
    elect(e, "bottoms_up seats=2", "a b *none\n3: a\n1: b\n2: none\n");
    IS_WON(e, "a");
    assert_int_equal(e->count.vacant, 1);
}

static void smaller_units_are_shown_as_they_are(void **state)
{
    election *e = *state;
    prepare(e, "irv", "a b c\n5: a\n4: b\n3: c > b\n");
    e->contest->weight_scale = 2;
    count_it(e);
    assert_string_equal(text_of_rounds(e), "1: a 2.5 b 2 c 1.5 | of 3.5 | - c | c>b 1.5\n"
                                           "2: a 2.5 b 3.5 | of 3.5 | + b\n");
    assert_int_equal(e->count.rounds.items[0].tally[0].share, 10000);
    assert_int_equal(e->count.rounds.items[0].tally[1].share, 8000);
}

/* ---- several seats ---- */

static void bottoms_up_leaves_as_many_as_there_are_seats(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "bottoms_up seats=2", tennessee,
               "1: memphis 42 nashville 26 chattanooga 15 knoxville 17 | - chattanooga | "
               "chattanooga>knoxville 15\n"
               "2: memphis 42 nashville 26 knoxville 32 | - nashville | nashville>knoxville 26\n"
               "3: memphis 42 knoxville 58 | + knoxville memphis\n");
    assert_non_null(strstr(text_of_sentences(e),
                           "Round 3: knoxville and memphis are left for 2 seats and are "
                           "elected.\n"));
    assert_int_equal(e->count.places[2], 4);
    assert_int_equal(e->count.places[3], 1);
    IS_COUNTED(e, "bottoms_up seats=5", "a b\n2: a\n1: b\n", "1: a 2 b 1 | + a b\n");
    assert_int_equal(e->count.vacant, 3);
}

static void bottoms_up_may_elect_all_who_reach_a_share(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "bottoms_up threshold=15%", "a b c d\n50: a\n30: b\n14: c\n6: d > c\n",
               "1: a 50 b 30 c 14 d 6 | of 15 | - d | d>c 6\n"
               "2: a 50 b 30 c 20 | of 15 | + a b c\n");
    IS_SAID(e, "Round 1: d has the fewest votes, 6, and goes out.\n"
               "Round 2: all who are left have at least 3/20 of the 100 that count: a, b and c are "
               "elected.\n");
    assert_int_equal(e->count.vacant, 0);
    /* Reached, not exceeded. */
    IS_COUNTED(e, "bottoms_up threshold=1/4", "a b c\n2: a\n1: b\n1: c\n",
               "1: a 2 b 1 c 1 | of 1 | + a b c\n");
    IS_COUNTED(e, "bottoms_up threshold=1/3", "a b c\n2: a\n1: b > a\n1: c > a\n",
               "1: a 2 b 1 c 1 | of 4/3\n");
    elect(e, "bottoms_up threshold=3", "a b\n2: a\n1: b\n");
    is_none(e, "nobody has the share that is asked for");
    prepare(e, "bottoms_up threshold=1/4 group_most=1", "a b\n2: a\n1: b\n");
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
    assert_non_null(strstr(e->count.problem.bytes, "`group_most`"));
}

static void a_seat_after_the_other_counts_as_if_winners_never_stood(void **state)
{
    election *e = *state;
    IS_COUNTED(e, "sequential_irv seats=2", tennessee,
               "1: memphis 42 nashville 26 chattanooga 15 knoxville 17 | of 51 | - chattanooga | "
               "chattanooga>knoxville 15\n"
               "2: memphis 42 nashville 26 knoxville 32 | of 51 | - nashville | "
               "nashville>knoxville 26\n"
               "3: memphis 42 knoxville 58 | of 51 | + knoxville\n"
               "4: memphis 42 nashville 26 chattanooga 32 | of 51 | - nashville | "
               "nashville>chattanooga 26\n"
               "5: memphis 42 chattanooga 58 | of 51 | + chattanooga\n");
    assert_non_null(
        strstr(text_of_sentences(e),
               "Round 4: for seat 2, nashville has the fewest votes, 26, and goes out.\n"));
    assert_int_equal(e->count.rounds.items[3].standing[3], BL_STANDING_ELECTED);
    IS_WON(e, "knoxville chattanooga");
    elect(e, "sequential_irv seats=2 until=two", "a b c\n4: a > b\n2: b\n1: c > b\n");
    IS_SAID(e, "Round 1: for seat 1, a has 4 votes, more than half of the 7 that count, and is "
               "elected; the count goes on until two are left.\n"
               "Round 2: for seat 1, c has the fewest votes, 1, and goes out.\n"
               "Round 3: for seat 1, a and b are left, and the count ends.\n"
               "Round 4: for seat 2, b has 6 votes, more than half of the 7 that count, and is "
               "elected.\n");
    elect(e, "sequential_irv seats=3", "a b\n2: a > b\n1: b\n");
    IS_WON(e, "a b");
    is_none(e, "nobody is left who may have a seat");
    assert_int_equal(e->count.vacant, 1);
}

static void a_group_has_no_more_seats_than_it_may(void **state)
{
    election *e = *state;
    const char ballots[] = "a/x b/x c/x d/y e\n9: a\n8: b\n7: c\n3: d > e\n2: e > d\n";
    elect(e, "bottoms_up seats=3", ballots);
    IS_WON(e, "a b c");
    elect(e, "bottoms_up seats=3 group_most=2", ballots);
    IS_WON(e, "a b d");
    has_note(e, 0, "c is passed over: x has the 2 seats that one group may have");
    assert_non_null(strstr(text_of_sentences(e), "a, b and c are left for 3 seats; a, b and d are "
                                                 "elected.\n"));
    elect(e, "sequential_irv seats=3 group_most=1", ballots);
    IS_WON(e, "a d e");
    has_note(e, 0, "b is passed over from seat 2 on: x has the 1 seat that one group may have");
}

/* ---- what holds of any election ---- */

static uint32_t drawn;

static uint32_t draw(uint32_t below)
{
    drawn = drawn * 1664525u + 1013904223u;
    return (drawn >> 8) % below;
}

enum { LINES_MOST = 14, LINE_SIZE = 200 };

typedef struct draft {
    char candidates[LINE_SIZE];
    char rankings[LINES_MOST][LINE_SIZE];
    uint32_t weights[LINES_MOST];
    uint32_t candidate_count, line_count;
} draft;

static void add(char *text, const char *more)
{
    assert_true(strlen(text) + strlen(more) < LINE_SIZE);
    strcat(text, more);
}

static void draw_ranking(draft *d, char *out, bool is_odd)
{
    const uint32_t marks = draw(d->candidate_count + 2);
    out[0] = '\0';
    for (uint32_t i = 0; i < marks; i++) {
        const char name[] = {(char)('a' + draw(d->candidate_count)), '\0'};
        if (i > 0) add(out, is_odd && draw(8) == 0 ? "=" : ">");
        if (is_odd && draw(12) == 0) add(out, draw(2) ? "- >" : "? >");
        add(out, is_odd && draw(40) == 0 ? "!" : name);
    }
}

static void draw_election(draft *d, uint32_t seed, bool is_odd)
{
    drawn = seed * 7919u + 3;
    d->candidate_count = 1 + draw(6);
    d->line_count = 1 + draw(LINES_MOST);
    d->candidates[0] = '\0';
    for (uint32_t i = 0; i < d->candidate_count; i++) {
        const char name[] = {draw(15) == 0 ? '~' : ' ', (char)('a' + i), ' ', '\0'};
        add(d->candidates, name[0] == ' ' ? name + 1 : name);
    }
    for (uint32_t i = 0; i < d->line_count; i++) {
        d->weights[i] = 1 + draw(6);
        draw_ranking(d, d->rankings[i], is_odd);
    }
}

static const char *text_of_draft(const draft *d, const char *more_candidates)
{
    static char text[(LINES_MOST * 8 + 1) * LINE_SIZE];
    size_t size = (size_t)snprintf(text, sizeof text, "%s%s\n", d->candidates, more_candidates);
    for (uint32_t i = 0; i < d->line_count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%u: %s\n", d->weights[i],
                                 d->rankings[i]);
    return text;
}

/* The same ballots one by one, from the last line to the first. */
static const char *text_of_single_ballots(const draft *d)
{
    static char text[(LINES_MOST * 8 + 1) * LINE_SIZE];
    size_t size = (size_t)snprintf(text, sizeof text, "%s\n", d->candidates);
    for (uint32_t i = d->line_count; i-- > 0;)
        for (uint32_t j = 0; j < d->weights[i]; j++)
            size += (size_t)snprintf(text + size, sizeof text - size, "1: %s\n", d->rankings[i]);
    return text;
}

static uint64_t votes_in(bl_amount amount)
{
    return amount.text.size ? strtoull(amount.text.bytes, NULL, 10) : 0;
}

static void no_ballot_is_lost(const election *e)
{
    const uint32_t size = e->contest->candidate_count;
    for (size_t i = 0; i < e->count.rounds.count; i++) {
        const bl_round *round = &e->count.rounds.items[i];
        uint64_t sum = votes_in(round->exhausted);
        for (uint32_t j = 0; j < size; j++)
            sum += votes_in(round->tally[j]);
        assert_int_equal(sum + e->count.blank, e->contest->total);
    }
}

/* What moved out of a round is what the next has more or less. */
static void transfers_add_up(const election *e)
{
    for (size_t i = 0; i + 1 < e->count.rounds.count; i++) {
        const bl_round *round = &e->count.rounds.items[i], *next = round + 1;
        if (round->eliminated_count == 0) continue;
        for (uint32_t j = 0; j < e->contest->candidate_count; j++) {
            uint64_t has = votes_in(round->tally[j]);
            for (uint32_t k = 0; k < round->transfer_count; k++) {
                const uint64_t amount = votes_in(round->transfers[k].amount);
                if (round->transfers[k].to == j) has += amount;
                if (round->transfers[k].from == j) has -= amount;
            }
            assert_int_equal(has, votes_in(next->tally[j]));
        }
    }
}

/* Whom a ballot counts for, read anew from what the voter wrote, by the defaults: an overvote ends
 * it, all else is passed over. */
static uint32_t read_anew(const election *e, const bl_pile *pile, const bl_round *round)
{
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        const bl_mark *mark = &e->contest->marks[pile->first_mark + i];
        if (mark->candidate == BL_MARK_OVERVOTE) return BL_NONE;
        for (uint32_t j = 0; j < pile->mark_count; j++) {
            const bl_mark *other = &e->contest->marks[pile->first_mark + j];
            if (other->value == mark->value && other->candidate != mark->candidate) return BL_NONE;
        }
        if (mark->candidate != BL_MARK_NOBODY && round->tally[mark->candidate].text.size > 0)
            return mark->candidate;
    }
    return BL_NONE;
}

static void tallies_are_right(const election *e)
{
    for (size_t i = 0; i < e->count.rounds.count; i++) {
        const bl_round *round = &e->count.rounds.items[i];
        uint64_t tally[8] = {0};
        for (uint32_t j = 0; j < e->contest->pile_count; j++) {
            const uint32_t to = read_anew(e, &e->contest->piles[j], round);
            if (to != BL_NONE) tally[to] += e->contest->piles[j].weight;
        }
        for (uint32_t j = 0; j < e->contest->candidate_count; j++)
            assert_int_equal(votes_in(round->tally[j]), tally[j]);
    }
}

/* Of a round of `irv ties=order`: who goes out has fewest, who is elected more than half, or most.
 */
static void the_right_one_goes(const election *e)
{
    for (size_t i = 0; i < e->count.rounds.count; i++) {
        const bl_round *round = &e->count.rounds.items[i];
        uint64_t least = UINT64_MAX, most = 0;
        for (uint32_t j = 0; j < e->contest->candidate_count; j++) {
            const uint64_t votes = votes_in(round->tally[j]);
            if (round->tally[j].text.size == 0) continue;
            if (votes < least) least = votes;
            if (votes > most) most = votes;
        }
        for (uint32_t j = 0; j < round->eliminated_count; j++)
            assert_int_equal(votes_in(round->tally[round->eliminated[j]]), least);
        if (round->elected_count == 0) {
            if (round->eliminated_count > 0) assert_true(most < votes_in(round->threshold));
            continue;
        }
        assert_int_equal(votes_in(round->tally[round->elected[0]]), most);
        assert_int_equal(i + 1, e->count.rounds.count);
    }
}

enum { ELECTIONS = 1500 };

static void drawn_elections_are_counted_right(void **state)
{
    election *e = *state;
    draft d;
    for (uint32_t i = 0; i < ELECTIONS; i++) {
        draw_election(&d, i, true);
        elect(e, "irv ties=order", text_of_draft(&d, ""));
        no_ballot_is_lost(e);
        transfers_add_up(e);
        tallies_are_right(e);
        the_right_one_goes(e);
    }
}

static const char *const all_rules[] = {
    "irv ties=previous_round,order",
    "irv until=two elimination=batch ties=first_round,order",
    "irv overvote=exhaust_if_continuing skipped_most=1 ties=casting,order",
    "irv overvote=skip duplicates=exhaust write_ins=exhaust minimum=3 ties=order",
    "irv threshold=2/3 majority_of=first_round drop_unranked=no ties=order",
    "bottoms_up seats=2 elimination=batch ties=order",
    "bottoms_up threshold=30% ties=order",
    "sequential_irv seats=3 until=two ties=order",
};
enum { RULES_COUNT = sizeof all_rules / sizeof *all_rules };

static void no_rule_loses_a_ballot_or_heeds_the_order_of_ballots(void **state)
{
    election *e = *state;
    draft d;
    for (uint32_t i = 0; i < ELECTIONS; i++) {
        const char *rules = all_rules[i % RULES_COUNT];
        draw_election(&d, i, true);
        elect(e, rules, text_of_draft(&d, ""));
        no_ballot_is_lost(e);
        if (!strstr(rules, "sequential")) transfers_add_up(e);
        char *rounds = strdup(text_of_rounds(e));
        elect(e, rules, text_of_single_ballots(&d));
        assert_string_equal(text_of_rounds(e), rounds);
        free(rounds);
    }
}

static void batches_and_singles_elect_the_same(void **state)
{
    election *e = *state;
    draft d;
    uint32_t batches = 0;
    for (uint32_t i = 0; i < ELECTIONS; i++) {
        draw_election(&d, i, false);
        elect(e, "irv elimination=batch ties=order", text_of_draft(&d, ""));
        for (size_t j = 0; j < e->count.rounds.count; j++)
            batches += e->count.rounds.items[j].eliminated_count > 1;
        char *winners = strdup(text_of_winners(e));
        elect(e, "irv drop_unranked=no ties=order", text_of_draft(&d, ""));
        IS_WON(e, winners);
        free(winners);
    }
    assert_true(batches > 100);
}

static void a_candidate_whom_nobody_ranks_changes_nothing(void **state)
{
    static const char *const methods[] = {"irv ties=order", "irv elimination=batch ties=order",
                                          "bottoms_up ties=order", "irv until=two ties=order"};
    election *e = *state;
    draft d;
    for (uint32_t i = 0; i < ELECTIONS; i++) {
        draw_election(&d, i, true);
        elect(e, methods[i % 4], text_of_draft(&d, ""));
        char *winners = strdup(text_of_winners(e));
        elect(e, methods[i % 4], text_of_draft(&d, "z"));
        IS_WON(e, winners);
        free(winners);
    }
}

static void seats_are_filled_and_nobody_has_two(void **state)
{
    election *e = *state;
    draft d;
    for (uint32_t i = 0; i < ELECTIONS; i++) {
        draw_election(&d, i, false);
        elect(e, i % 2 ? "bottoms_up seats=3 ties=order" : "sequential_irv seats=3 ties=order",
              text_of_draft(&d, ""));
        bool has_seat[8] = {false};
        for (uint32_t j = 0; j < e->count.winner_count; j++) {
            assert_false(has_seat[e->count.winners[j]]);
            assert_false(e->contest->candidates[e->count.winners[j]].is_withdrawn);
            has_seat[e->count.winners[j]] = true;
        }
        assert_int_equal(e->count.vacant, 3 - e->count.winner_count);
        if (e->count.vacant > 0) assert_true(e->count.none_because.size > 0);
    }
}

static void memory_that_ends_is_told(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < RULES_COUNT; i++) {
        size_t at = 0;
        do
            prepare(e, all_rules[i], "a/x b/x c d\n5: a > b\n5: b > c\n3: c = d > a\n2: d > a\n");
        while (fails_at(e, ++at));
        assert_true(at > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tennessee_elects_knoxville),
        TEST(burlington_2009_has_its_published_rounds),
        TEST(the_share_is_exceeded_not_reached),
        TEST(a_majority_may_be_of_the_first_round),
        TEST(a_count_may_go_on_until_two_are_left),
        TEST(a_batch_is_who_together_could_not_catch_up),
        TEST(a_minimum_is_asked_of_all_at_once),
        TEST(who_has_no_votes_goes_without_a_rule_for_ties),
        TEST(an_overvote_is_what_the_rule_says),
        TEST(skipped_ranks_end_a_ballot_where_the_rule_says),
        TEST(repeated_and_unknown_names_are_passed_over_or_end_a_ballot),
        TEST(who_has_withdrawn_is_passed_over),
        TEST(undeclared_write_ins_go_out_first_and_win_nothing),
        TEST(one_candidate_and_no_votes_are_answered),
        TEST(the_default_option_wins_for_nobody),
        TEST(smaller_units_are_shown_as_they_are),
        TEST(bottoms_up_leaves_as_many_as_there_are_seats),
        TEST(bottoms_up_may_elect_all_who_reach_a_share),
        TEST(a_seat_after_the_other_counts_as_if_winners_never_stood),
        TEST(a_group_has_no_more_seats_than_it_may),
        TEST(drawn_elections_are_counted_right),
        TEST(no_rule_loses_a_ballot_or_heeds_the_order_of_ballots),
        TEST(batches_and_singles_elect_the_same),
        TEST(a_candidate_whom_nobody_ranks_changes_nothing),
        TEST(seats_are_filled_and_nobody_has_two),
        TEST(memory_that_ends_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
