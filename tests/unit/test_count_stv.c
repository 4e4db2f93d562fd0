/*
 * The single transferable vote: published counts, each option, ends without a result, memory that
 * ends, and what must hold of any count: seats are filled, no vote is lost, the order and grouping
 * of ballots change nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drawn_elections.h"

static void check_rounds(void **state, const char *rules, const char *ballots, const char *expected)
{
    elect(*state, rules, ballots);
    assert_string_equal(text_of_rounds(*state), expected);
}

static void check_winners(void **state, const char *rules, const char *ballots,
                          const char *expected)
{
    elect(*state, rules, ballots);
    assert_string_equal(text_of_winners(*state), expected);
}

/* ---- published counts ---- */

/* Food for a party: the example of Wikipedia's article "Single transferable vote" (2020). */
#define FOOD                                                                                       \
    "orange pear chocolate strawberry sweets\n"                                                    \
    "4: orange\n2: pear > orange\n8: chocolate > strawberry\n4: chocolate > sweets\n"              \
    "1: strawberry\n1: sweets"

static void the_food_election_is_counted_as_published(void **state)
{
    check_rounds(state, "stv seats=3", FOOD,
                 "1: orange 4 pear 2 chocolate 12 strawberry 1 sweets 1 | of 6 | + chocolate"
                 " | chocolate>strawberry 4 chocolate>sweets 2\n"
                 "2: orange 4 pear 2 chocolate 6 strawberry 5 sweets 3 | of 6 | - pear"
                 " | pear>orange 2\n"
                 "3: orange 6 chocolate 6 strawberry 5 sweets 3 | of 6 | + orange | - sweets"
                 " | sweets>. 3\n"
                 "4: orange 6 chocolate 6 strawberry 5 | of 6 | x 3 | + strawberry\n");
    assert_string_equal(text_of_winners(*state), "chocolate orange strawberry");
}

static void a_round_is_told_in_a_sentence(void **state)
{
    elect(*state, "stv seats=3", FOOD);
    assert_string_equal(
        text_of_sentences(*state),
        "Round 1: chocolate (12 votes) reaches the quota, 6, and is elected; the surplus of "
        "chocolate, 6 votes, goes to the next choices on its ballots.\n"
        "Round 2: pear (2 votes) has the fewest votes and goes out.\n"
        "Round 3: orange (6 votes) reaches the quota, 6, and is elected; sweets (3 votes) has the "
        "fewest votes and goes out.\n"
        "Round 4: strawberry (5 votes) is elected without the quota: no more are left than there "
        "are seats.\n");
}

/*
 * The last round of the Minneapolis Park Board in 2013, with the totals that the Universal RCV
 * Tabulator publishes in its test data: the quota is 14,866; 178 of Young's 15,044 votes are
 * surplus, a share of 0.0118 of each, so that 177.5192 votes move and 0.4808 are lost; and one
 * round more shows it. Here `minimum` stands for the ballots of before.
 */
static void the_tabulator_cuts_the_share_and_shows_a_last_round(void **state)
{
    election *e = *state;
    elect(e,
          "stv seats=3 decimals=4 cut=share surpluses=all_at_once last_surplus=yes minimum=14866",
          "young erwin forney\n15044: young\n14866: erwin\n12245: forney");
    assert_string_equal(text_of_rounds(e),
                        "1: young 15044 erwin 14866 forney 12245 | of 14866 | + young erwin forney"
                        " | young>. 177.5192\n"
                        "2: young 14866 erwin 14866 forney 12245 | of 14866 | x 177.5192\n");
    assert_string_equal(e->count.rounds.items[1].lost.text.bytes, "0.4808");
}

/* ---- transfers ---- */

/* 3 of 7 votes are surplus: The Scottish Local Government Elections Order 2007, rule 48 (3). */
#define SEVEN "a b c\n7: a > b\n3: c\n1: b > c"

static void scottish_values_are_cut_to_five_decimals(void **state)
{
    election *e = *state;
    elect(e, "scottish_stv seats=2", SEVEN);
    assert_string_equal(text_of_rounds(e), "1: a 7 b 1 c 3 | of 4 | + a | a>b 2.99999\n"
                                           "2: a 4 b 3.99999 c 3 | of 4 | - c | c>. 3\n"
                                           "3: a 4 b 3.99999 | of 4 | x 3 | + b\n");
    assert_string_equal(e->count.rounds.items[1].lost.text.bytes, "0.00001");
}

static void exact_values_lose_nothing(void **state)
{
    check_rounds(state, "stv seats=2", SEVEN,
                 "1: a 7 b 1 c 3 | of 4 | + a | a>b 3\n"
                 "2: a 4 b 4 c 3 | of 4 | + b\n");
}

#define TWICE "a b c d\n4: a > b > c\n2: a > b > d\n4: b > c\n2: c\n3: d"

static void a_surplus_moves_by_the_value_of_each_ballot(void **state)
{
    check_rounds(state, "stv seats=2 quota=hare_exact", "a b c\n6: a > b\n2: b > c\n2: c",
                 "1: a 6 b 2 c 2 | of 5 | + a | a>b 1\n"
                 "2: a 5 b 3 c 2 | of 5 | - c | c>. 2\n"
                 "3: a 5 b 3 | of 5 | x 2 | + b\n");
    /* Quota 4: a passes 2 of 6 on, 1/3 each. */
    check_rounds(state, "stv seats=3 ties=order", TWICE,
                 "1: a 6 b 4 c 2 d 3 | of 4 | + a b | a>c 4/3 a>d 2/3\n"
                 "2: a 4 b 4 c 10/3 d 11/3 | of 4 | - c | c>. 10/3\n"
                 "3: a 4 b 4 d 11/3 | of 4 | x 10/3 | + d\n");
}

static void weighted_and_unweighted_ballots_differ(void **state)
{
    check_rounds(state, "stv seats=3 quota=hare", "a b c d\n10: a > b > c\n4: b > d\n1: d\n0: c",
                 "1: a 10 b 4 c 0 d 1 | of 5 | + a | a>b 5\n"
                 "2: a 5 b 9 c 0 d 1 | of 5 | + b | b>c 20/9 b>d 16/9\n"
                 "3: a 5 b 5 c 20/9 d 25/9 | of 5 | - c | c>. 20/9\n"
                 "4: a 5 b 5 d 25/9 | of 5 | x 20/9 | + d\n");
    check_rounds(state, "stv seats=3 quota=hare transfer=unweighted",
                 "a b c d\n10: a > b > c\n4: b > d\n1: d\n0: c",
                 "1: a 10 b 4 c 0 d 1 | of 5 | + a | a>b 5\n"
                 "2: a 5 b 9 c 0 d 1 | of 5 | + b | b>c 20/7 b>d 8/7\n"
                 "3: a 5 b 5 c 20/7 d 15/7 | of 5 | - d | d>. 15/7\n"
                 "4: a 5 b 5 c 20/7 | of 5 | x 15/7 | + c\n");
}

static void of_a_last_parcel_only_what_came_last_moves(void **state)
{
    /* b's own 4 ballots stay; of the 10 from a, worth 1/2, all can move: 4 / 10 each. */
    check_rounds(state, "stv seats=3 quota=hare transfer=last_parcel",
                 "a b c d\n10: a > b > c\n4: b > d\n1: d\n0: c",
                 "1: a 10 b 4 c 0 d 1 | of 5 | + a | a>b 5\n"
                 "2: a 5 b 9 c 0 d 1 | of 5 | + b | b>c 4\n"
                 "3: a 5 b 5 c 4 d 1 | of 5 | - d | d>. 1\n"
                 "4: a 5 b 5 c 4 | of 5 | x 1 | + c\n");
    /* Only 2 of a's 8 can move, worth 2: they keep their value, and 2 of the surplus of 4 are
     * lost to everybody. */
    check_rounds(state, "stv seats=2 quota=hare transfer=last_parcel",
                 "a b c\n6: a\n2: a > b\n1: c",
                 "1: a 8 b 0 c 1 | of 4 | + a | a>b 2 a>. 2\n"
                 "2: a 4 b 2 c 1 | of 4 | x 2 | - c | c>. 1\n"
                 "3: a 4 b 2 | of 4 | x 3 | + b\n");
}

static void a_last_parcel_goes_out_by_value(void **state)
{
    /* c holds one ballot worth 1 and sixteen worth 1/8: they go on one value after the other. */
    check_rounds(state, "stv seats=2 quota=hare transfer=last_parcel",
                 "a b c d\n16: a > c > b\n1: c > d\n6: b\n6: d",
                 "1: a 16 b 6 c 1 d 6 | of 14 | + a | a>c 2\n"
                 "2: a 14 b 6 c 3 d 6 | of 14 | - c | c>d 1\n"
                 "3: a 14 b 6 c 2 d 7 | of 14 | c>b 2\n"
                 "4: a 14 b 8 d 7 | of 14 | - d | d>. 7\n"
                 "5: a 14 b 8 | of 14 | x 7 | + b\n");
}

static void a_share_can_be_cut_before_the_value(void **state)
{
    const char *ballots = "a b c d\n7: a > b > c\n3: b > c\n4: d\n1: c";
    election *e = *state;
    elect(e, "stv seats=3 decimals=2", ballots);
    assert_string_equal(text_of_rounds(e), "1: a 7 b 3 c 1 d 4 | of 4 | + a d | a>b 2.94\n"
                                           "2: a 4 b 5.94 c 1 d 4 | of 4 | + b\n");
    elect(e, "stv seats=3 decimals=2 last_surplus=yes", ballots);
    /* 1.94 of 5.94: 0.42 becomes 0.13, 1 becomes 0.32. */
    assert_string_equal(e->count.rounds.items[1].transfers[0].amount.text.bytes, "1.87");
    elect(e, "stv seats=3 decimals=2 last_surplus=yes cut=share", ballots);
    /* The share is 0.32: 0.42 becomes 0.13. */
    assert_string_equal(e->count.rounds.items[1].transfers[0].amount.text.bytes, "1.87");
    elect(e, "stv seats=3 decimals=1 last_surplus=yes", "a b c\n7: a > b > c\n3: b > c\n1: c");
    elect(e, "stv seats=2 decimals=1 last_surplus=yes cut=share", ballots);
    assert_string_equal(e->count.rounds.items[0].transfers[0].amount.text.bytes, "0.7");
    elect(e, "stv seats=2 decimals=1 last_surplus=yes cut=value", ballots);
    assert_string_equal(e->count.rounds.items[0].transfers[0].amount.text.bytes, "0.7");
}

/* ---- quotas ---- */

static void check_quota(void **state, const char *rules, const char *ballots, const char *expected)
{
    election *e = *state;
    elect(e, rules, ballots);
    assert_string_equal(e->count.rounds.items[0].threshold.text.bytes, expected);
}

static void each_quota_is_as_its_formula_says(void **state)
{
    const char *ballots = "a b c d\n10: a\n6: b\n5: c\n2: d";
    check_quota(state, "stv seats=3", ballots, "6");
    check_quota(state, "stv seats=3 quota=hare", ballots, "7");
    check_quota(state, "stv seats=3 quota=hare_up", ballots, "8");
    check_quota(state, "stv seats=3 quota=hare_exact", ballots, "23/3");
    check_quota(state, "stv seats=3 quota=hare_exact decimals=2", ballots, "7.67");
    check_quota(state, "stv seats=3 quota=droop_exact", ballots, "5.75");
    check_quota(state, "stv seats=3 quota=droop_exact decimals=1", ballots, "5.8");
    check_quota(state, "stv seats=3 quota=droop_exact decimals=2", ballots, "5.76");
    check_quota(state, "stv seats=3 minimum=9", ballots, "9");
    /* Fewer ballots than seats: never nothing. */
    check_quota(state, "stv seats=3 quota=hare ties=order", "a b c d\n1: a\n1: b", "1");
}

static void an_exact_droop_quota_must_be_exceeded(void **state)
{
    check_rounds(state, "stv quota=droop_exact ties=order", "a b c\n2: a\n1: b > a\n1: c",
                 "1: a 2 b 1 c 1 | of 2 | - c | c>. 1\n"
                 "2: a 2 b 1 | of 2 | x 1 | - b | b>a 1\n"
                 "3: a 3 | of 2 | x 1 | + a\n");
}

static void a_quota_can_follow_the_ballots_that_count(void **state)
{
    check_rounds(state, "stv seats=2 quota_of=continuing", "a b c d\n5: a\n4: b\n3: c\n3: d > c",
                 "1: a 5 b 4 c 3 d 3 | of 6\n");
}

/* ---- rounds ---- */

#define BOTH "a b c d\n9: a > c\n8: b > d\n2: c\n1: d"

static void surpluses_move_one_a_round_or_all_at_once(void **state)
{
    check_rounds(state, "stv seats=3", BOTH,
                 "1: a 9 b 8 c 2 d 1 | of 6 | + a b | a>c 3\n"
                 "2: a 6 b 8 c 5 d 1 | of 6 | b>d 2\n"
                 "3: a 6 b 6 c 5 d 3 | of 6 | - d | d>. 3\n"
                 "4: a 6 b 6 c 5 | of 6 | x 3 | + c\n");
    check_rounds(state, "stv seats=3 surpluses=all_at_once", BOTH,
                 "1: a 9 b 8 c 2 d 1 | of 6 | + a b | a>c 3 b>d 2\n"
                 "2: a 6 b 6 c 5 d 3 | of 6 | - d | d>. 3\n"
                 "3: a 6 b 6 c 5 | of 6 | x 3 | + c\n");
    check_rounds(state, "stv seats=3 elect=one_a_round", BOTH,
                 "1: a 9 b 8 c 2 d 1 | of 6 | + a | a>c 3\n"
                 "2: a 6 b 8 c 5 d 1 | of 6 | + b | b>d 2\n"
                 "3: a 6 b 6 c 5 d 3 | of 6 | - d | d>. 3\n"
                 "4: a 6 b 6 c 5 | of 6 | x 3 | + c\n");
}

static void several_can_go_out_together(void **state)
{
    check_rounds(state, "stv seats=2 elimination=batch ties=order",
                 "a b c d e\n6: a\n5: b\n3: c\n1: d > c\n1: e",
                 "1: a 6 b 5 c 3 d 1 e 1 | of 6 | + a | - d e | d>c 1 e>. 1\n"
                 "2: a 6 b 5 c 4 | of 6 | x 1 | - c | c>. 4\n"
                 "3: a 6 b 5 | of 6 | x 5 | + b\n");
}

static void a_surplus_can_wait(void **state)
{
    const char *ballots = "a b c d\n7: a > d\n5: b\n4: c\n1: d > b";
    check_rounds(state, "stv seats=2 defer=yes", ballots,
                 "1: a 7 b 5 c 4 d 1 | of 6 | + a | - d | d>b 1\n"
                 "2: a 7 b 6 c 4 | of 6 | + b\n");
    check_rounds(state, "stv seats=2", ballots,
                 "1: a 7 b 5 c 4 d 1 | of 6 | + a | a>d 1\n"
                 "2: a 6 b 5 c 4 d 2 | of 6 | - d | d>b 1 d>. 1\n"
                 "3: a 6 b 6 c 4 | of 6 | x 1 | + b\n");
}

static void who_has_less_than_the_minimum_goes_out(void **state)
{
    check_rounds(state, "stv seats=2 minimum=3", "a b c d\n9: a\n4: b\n2: c > b\n1: d",
                 "1: a 9 b 4 c 2 d 1 | of 6 | + a | a>. 3\n"
                 "2: a 6 b 4 c 2 d 1 | of 6 | x 3 | - c d | c>b 2 d>. 1\n"
                 "3: a 6 b 6 | of 6 | x 4 | + b\n");
    election *e = *state;
    elect(e, "stv minimum=5", "a b c\n2: a\n1: b\n1: c");
    IS_WON(e, "nobody");
    assert_string_equal(e->count.none_because.bytes,
                        "nobody who is left has the 5 votes that are asked for");
    elect(e, "stv seats=2 minimum=1", "a b c\n3: a\n1: b");
    assert_non_null(strstr(all_said(e), "fewer than the 1 vote that is asked for"));
}

/* As in the Universal RCV Tabulator, also before somebody who has the quota. */
static void undeclared_write_ins_go_out_first_and_take_no_seat(void **state)
{
    election *e = *state;
    elect(e, "stv seats=2 surpluses=all_at_once last_surplus=yes",
          "a b c ?others\n6: a\n3: b\n2: c\n4: others\n");
    assert_int_equal(e->count.rounds.items[0].elected_count, 0);
    assert_int_equal(e->count.rounds.items[0].eliminated_count, 1);
    assert_string_equal(e->count.rounds.items[0].sentence.bytes,
                        "Round 1: others (4 votes) is no candidate and goes out first.");
    assert_int_equal(e->count.rounds.items[1].elected_count, 1);
    IS_WON(e, "a b");
    /* Not even where nobody else is left. */
    elect(e, "stv seats=3", "a b ?others\n3: a\n2: b\n4: others > b\n");
    IS_WON(e, "b a");
    assert_int_equal(e->count.vacant, 1);
}

static void seats_can_stay_vacant_below_the_quota(void **state)
{
    election *e = *state;
    elect(e, "stv seats=2 fill=quota_only ties=order", "a b c\n5: a\n2: b\n1: c");
    IS_WON(e, "a");
    assert_int_equal(e->count.vacant, 1);
    assert_string_equal(e->count.none_because.bytes, "1 seat stays vacant: nobody is left for it");
}

/* ---- caps, withdrawals, the default option ---- */

static void a_group_has_no_more_than_its_seats(void **state)
{
    check_rounds(state, "stv seats=2 group_most=1",
                 "a/x b/x c d\n8: a > b > c\n5: b > c\n2: c\n3: d",
                 "1: a 8 b 5 c 2 d 3 | of 7 | + a | - b | b>c 5\n"
                 "2: a 8 c 7 d 3 | of 7 | + c\n");
    elect(*state, "stv seats=2 group_most=1", "a/x b/x c d/x\n8: a\n5: b\n2: c");
    assert_string_equal(text_of_sentences(*state),
                        "Round 1: a (8 votes) reaches the quota, 6, and is elected; c (2 votes) is "
                        "elected without the quota: no more are left than there are seats; b (5 "
                        "votes) and d (0) go out: their groups have as many seats as one may "
                        "have.\n");
    /* c is last, but without c nobody could have the second seat. */
    check_winners(state, "stv seats=2 group_most=1", "a/x b/x c\n5: a\n4: b > a\n1: c", "a c");
    check_winners(state, "stv seats=2 group_most=1 ties=order",
                  "a/x b/x d/x c\n3: a\n4: b\n3: d\n1: c", "b c");
}

static void the_withdrawn_are_passed_over(void **state)
{
    check_rounds(state, "stv seats=1", "~a b c\n5: a > b\n3: c\n1: a",
                 "1: b 5 c 3 | of 5 | x 1 | + b\n");
}

static void after_the_default_option_nobody_is_elected(void **state)
{
    election *e = *state;
    elect(e, "stv seats=2 ties=order", "a b *none\n6: a\n5: none\n2: b > none");
    IS_WON(e, "a");
    assert_string_equal(e->count.none_because.bytes, "nobody takes the seats from that of none on, "
                                                     "which is the default option");
}

/* ---- ends ---- */

static void a_tie_that_nothing_breaks_ends_the_count(void **state)
{
    election *e = *state;
    elect(e, "stv seats=1", "a b c\n3: a\n2: b\n2: c");
    IS_WON(e, "nobody");
    assert_true(e->count.none_because.size > 0);
    assert_int_equal(e->count.ties.count, 1);
    elect(e, "stv seats=1 ties=order", "a b c\n3: a\n2: b\n2: c > b");
    IS_WON(e, "b");
}

static void a_tie_looks_back_at_earlier_rounds(void **state)
{
    /* b and c have 3 each after d went out; c had more before. */
    check_winners(state, "stv seats=1 ties=previous_round",
                  "a b c d\n4: a\n2: b > c\n3: c\n1: d > b", "c");
}

static void more_seats_than_candidates_leave_some_vacant(void **state)
{
    election *e = *state;
    elect(e, "stv seats=4", "a b\n3: a\n1: b");
    IS_WON(e, "a b");
    assert_int_equal(e->count.vacant, 2);
}

static void ballots_that_count_for_nobody_elect_nobody(void **state)
{
    election *e = *state;
    elect(e, "stv seats=1", "a b\n3: a = b\n1: ?");
    IS_WON(e, "nobody");
    assert_string_equal(e->count.none_because.bytes, "no ballot counts for anybody");
}

static void too_many_decimals_are_refused(void **state)
{
    election *e = *state;
    elect(e, "stv decimals=20 seats=2", SEVEN);
    prepare(e, "stv decimals=21 seats=2", SEVEN);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
    assert_string_equal(e->count.problem.bytes, "stv keeps 20 decimals at most, not 21");
}

/*
 * Surplus after surplus, each of which goes on to the next candidate, together with ballots of that
 * one which go elsewhere: the digits of the fractions double each time.
 */
static void write_chain(char *out, size_t size, uint32_t candidates)
{
    size_t at = 0;
    for (uint32_t i = 0; i < candidates; i++)
        at += (size_t)snprintf(out + at, size - at, i ? " c%u" : "c%u", i);
    uint64_t weight = UINT64_C(100000000000037);
    for (uint32_t line = 0; line < 2 * candidates; line++) {
        const uint32_t i = line / 2;
        weight -= UINT64_C(7919 * 104729);
        at += (size_t)snprintf(out + at, size - at, "\n%llu: c%u",
                               (unsigned long long)(line ? weight : 16 * candidates * weight), i);
        for (uint32_t c = i + 1; c < candidates; c++)
            if (line % 2 == 0 || c == candidates - 1)
                at += (size_t)snprintf(out + at, size - at, " > c%u", c);
    }
}

static void fractions_that_grow_too_long_are_refused(void **state)
{
    static char ballots[1 << 16];
    election *e = *state;
    write_chain(ballots, sizeof ballots, 6);
    elect(e, "stv seats=5 ties=order", ballots);
    write_chain(ballots, sizeof ballots, 24);
    prepare(e, "stv seats=23 ties=order", ballots);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
    assert_non_null(strstr(e->count.problem.bytes, "set `decimals`"));
    elect(e, "stv seats=23 ties=order decimals=5", ballots);
    assert_int_equal(e->count.winner_count, 23);
}

static void memory_that_ends_ends_the_count(void **state)
{
    election *e = *state;
    static char ballots[1 << 12];
    write_chain(ballots, sizeof ballots, 7);
    const char *rules[] = {
        "stv seats=5 ties=order last_surplus=yes",
        "stv seats=3 ties=order transfer=last_parcel elimination=batch defer=yes"};
    for (size_t i = 0; i < 2; i++) {
        size_t at = 0;
        do
            prepare(e, rules[i], i ? FOOD : ballots);
        while (fails_at(e, ++at));
        assert_true(at > 6);
    }
}

/* ---- what must hold of any count ---- */

/* "3: c2 > c0": a line of a random ballot among so many candidates, perhaps cut short. */
static size_t draw_ballot(election *e, char *out, size_t size, uint32_t candidates, bool is_whole)
{
    uint32_t order[8];
    for (uint32_t i = 0; i < candidates; i++) {
        const uint32_t other = draw(e, i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    const uint32_t count = is_whole ? candidates : 1 + draw(e, candidates);
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        at += (size_t)snprintf(out + at, size - at, "%sc%u", i ? " > " : "", order[i]);
    return at;
}

enum { LINES = 20, LINE_SIZE = 80 };

static void write_candidates(char *out, size_t size, uint32_t candidates)
{
    size_t at = 0;
    for (uint32_t i = 0; i < candidates; i++)
        at += (size_t)snprintf(out + at, size - at, i ? " c%u" : "c%u", i);
}

static void draw_rules(election *e, char *out, size_t size, uint32_t seats)
{
    static const char *const quotas[] = {"droop", "hare", "droop_exact", "hare_exact", "hare_up"};
    static const char *const transfers[] = {"weighted", "unweighted", "last_parcel"};
    static const char *const decimals[] = {"", " decimals=5", " decimals=2", " decimals=0"};
    snprintf(out, size,
             "stv seats=%u quota=%s transfer=%s%s elimination=%s defer=%s surpluses=%s elect=%s"
             " cut=%s quota_of=%s ties=order",
             seats, quotas[draw(e, 5)], transfers[draw(e, 3)], decimals[draw(e, 4)],
             draw(e, 2) ? "batch" : "single", draw(e, 2) ? "yes" : "no",
             draw(e, 2) ? "all_at_once" : "one_a_round",
             draw(e, 3) ? "all_who_reach" : "one_a_round", draw(e, 2) ? "value" : "share",
             draw(e, 3) ? "first_round" : "continuing");
}

/* Tallies, exhausted and lost together are all ballots. How many rounds could be checked. */
static size_t check_conserved(const election *e)
{
    size_t checked = 0;
    mpq_t sum;
    mpq_init(sum);
    for (size_t i = 0; i < e->count.rounds.count; i++) {
        const bool is_exact = add_up_round(e, &e->count.rounds.items[i], sum);
        if (is_exact) assert_int_equal(mpq_cmp_ui(sum, e->contest->total, 1), 0);
        checked += is_exact;
    }
    mpq_clear(sum);
    return checked;
}

/* The parts that the larger side of the longest number takes. */
static size_t limbs_told(const election *e)
{
    size_t most = 0;
    for (size_t i = 0; i < e->count.rounds.count; i++)
        for (uint32_t c = 0; c < e->contest->candidate_count; c++) {
            mpq_t value;
            mpq_init(value);
            const bl_text told = e->count.rounds.items[i].tally[c].text;
            if (told.size > 0) read_number(value, told);
            const size_t num = mpz_size(mpq_numref(value)), den = mpz_size(mpq_denref(value));
            if (num > most) most = num;
            if (den > most) most = den;
            mpq_clear(value);
        }
    return most;
}

/* floor(2 / 3) is 0, and nobody is elected by no votes. */
static void a_quota_is_a_vote_at_least_where_votes_are_fewer_than_seats(void **state)
{
    check_rounds(state, "stv seats=3 quota=hare ties=order", "a b c d\n1: a > b\n1: b",
                 "1: a 1 b 1 c 0 d 0 | of 1 | + a b | - d\n2: a 1 b 1 c 0 | of 1 | + c\n");
    check_rounds(state, "stv seats=3 quota=hare_up ties=order", "a b c d\n1: a > b\n1: b",
                 "1: a 1 b 1 c 0 d 0 | of 1 | + a b | - d\n2: a 1 b 1 c 0 | of 1 | + c\n");
    check_rounds(state, "stv seats=3 quota=hare_exact ties=order", "a b c d\n1: a > b\n1: b",
                 "1: a 1 b 1 c 0 d 0 | of 2/3 | + a b | a>. 1/3\n"
                 "2: a 2/3 b 1 c 0 d 0 | of 2/3 | x 1/3 | b>. 1/3\n"
                 "3: a 2/3 b 2/3 c 0 d 0 | of 2/3 | x 2/3 | - d\n"
                 "4: a 2/3 b 2/3 c 0 | of 2/3 | x 2/3 | + c\n");
}

/* BL_RATIO_LIMBS_MAX: no number is told that is longer, and one that is makes a note. */
static void numbers_are_told_in_full_up_to_a_limit(void **state)
{
    static char ballots[1 << 12];
    election *e = *state;
    size_t most = 0, cut_count = 0;
    for (uint32_t candidates = 3; candidates < 11; candidates++) {
        write_chain(ballots, sizeof ballots, candidates);
        char rules[64];
        snprintf(rules, sizeof rules, "stv seats=%u ties=order", candidates - 1);
        elect(e, rules, ballots);
        const bool is_cut = check_conserved(e) < e->count.rounds.count;
        bool is_noted = false;
        for (size_t i = 0; i < e->count.notes.count; i++)
            is_noted = is_noted || strstr(e->count.notes.items[i].bytes, "too many digits");
        assert_int_equal(is_cut, is_noted);
        cut_count += is_cut;
        if (limbs_told(e) > most) most = limbs_told(e);
    }
    assert_true(cut_count > 0 && cut_count < 3);
    assert_in_range(most, BL_RATIO_LIMBS_MAX / 2, BL_RATIO_LIMBS_MAX);
}

static void no_vote_is_lost_and_seats_are_filled(void **state)
{
    election *e = *state;
    size_t checked = 0, rounds = 0;
    e->chance = 5;
    for (int run = 0; run < 3000; run++) {
        char ballots[LINES * LINE_SIZE + 64], rules[256];
        const uint32_t candidates = 1 + draw(e, 7), seats = 1 + draw(e, 5);
        write_candidates(ballots, sizeof ballots, candidates);
        size_t at = strlen(ballots);
        for (uint32_t i = 1 + draw(e, LINES); i > 0; i--) {
            at += (size_t)snprintf(ballots + at, sizeof ballots - at, "\n%u: ", 1 + draw(e, 30));
            at += draw_ballot(e, ballots + at, sizeof ballots - at, candidates, false);
        }
        draw_rules(e, rules, sizeof rules, seats);
        elect(e, rules, ballots);
        assert_int_equal(e->count.winner_count, seats < candidates ? seats : candidates);
        checked += check_conserved(e);
        rounds += e->count.rounds.count;
    }
    assert_true(rounds > 6000);
    assert_int_equal(checked, rounds);
}

static void order_and_grouping_of_ballots_change_nothing(void **state)
{
    election *e = *state;
    e->chance = 9;
    for (int run = 0; run < 500; run++) {
        char lines[LINES][LINE_SIZE], rules[256];
        char first[LINES * LINE_SIZE + 64], second[4 * LINES * LINE_SIZE];
        const uint32_t candidates = 2 + draw(e, 6), count = 1 + draw(e, LINES);
        uint32_t weights[LINES];
        write_candidates(first, sizeof first, candidates);
        strcpy(second, first);
        for (uint32_t i = 0; i < count; i++) {
            weights[i] = 1 + draw(e, 4);
            draw_ballot(e, lines[i], LINE_SIZE, candidates, false);
            char *end = first + strlen(first);
            snprintf(end, sizeof first - (size_t)(end - first), "\n%u: %s", weights[i], lines[i]);
        }
        /* The same ballots one by one, from the last to the first. */
        for (uint32_t i = count; i-- > 0;)
            for (uint32_t ballot = 0; ballot < weights[i]; ballot++) {
                char *end = second + strlen(second);
                snprintf(end, sizeof second - (size_t)(end - second), "\n1: %s", lines[i]);
            }
        draw_rules(e, rules, sizeof rules, 1 + draw(e, 4));
        elect(e, rules, first);
        char *expected = strdup(text_of_rounds(e));
        elect(e, rules, second);
        assert_string_equal(text_of_rounds(e), expected);
        free(expected);
    }
}

static void whom_nobody_ranks_changes_nothing(void **state)
{
    election *e = *state;
    e->chance = 11;
    for (int run = 0; run < 500; run++) {
        char with[LINES * LINE_SIZE + 64], without[LINES * LINE_SIZE + 64],
            ballots[LINES * LINE_SIZE];
        const uint32_t candidates = 3 + draw(e, 4);
        size_t at = 0;
        for (uint32_t i = 0; i < LINES; i++) {
            at += (size_t)snprintf(ballots + at, sizeof ballots - at, "\n%u: ", 1 + draw(e, 30));
            at += draw_ballot(e, ballots + at, sizeof ballots - at, candidates, true);
        }
        write_candidates(without, sizeof without, candidates);
        write_candidates(with, sizeof with, candidates);
        strcat(with, " nobody");
        strcat(without, ballots);
        strcat(with, ballots);
        elect(e, "stv seats=2 ties=order", without);
        char *expected = strdup(text_of_winners(e));
        elect(e, "stv seats=2 ties=order", with);
        IS_WON(e, expected);
        free(expected);
    }
}

/* With whole ballots and one seat it is an instant runoff. */
static void one_seat_is_an_instant_runoff(void **state)
{
    election *e = *state;
    e->chance = 13;
    for (int run = 0; run < 500; run++) {
        char ballots[LINES * LINE_SIZE + 64];
        const uint32_t candidates = 2 + draw(e, 5);
        write_candidates(ballots, sizeof ballots, candidates);
        size_t at = strlen(ballots);
        for (uint32_t i = 1 + draw(e, LINES); i > 0; i--) {
            at += (size_t)snprintf(ballots + at, sizeof ballots - at, "\n%u: ", 1 + draw(e, 30));
            at += draw_ballot(e, ballots + at, sizeof ballots - at, candidates, true);
        }
        elect(e, "stv ties=order", ballots);
        char *expected = strdup(text_of_winners(e));
        elect(e, "irv ties=order drop_unranked=no", ballots);
        IS_WON(e, expected);
        elect(e, "stv ties=order elimination=batch", ballots);
        IS_WON(e, expected);
        free(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_food_election_is_counted_as_published),
        TEST(a_round_is_told_in_a_sentence),
        TEST(the_tabulator_cuts_the_share_and_shows_a_last_round),
        TEST(scottish_values_are_cut_to_five_decimals),
        TEST(exact_values_lose_nothing),
        TEST(a_surplus_moves_by_the_value_of_each_ballot),
        TEST(weighted_and_unweighted_ballots_differ),
        TEST(of_a_last_parcel_only_what_came_last_moves),
        TEST(a_last_parcel_goes_out_by_value),
        TEST(a_share_can_be_cut_before_the_value),
        TEST(each_quota_is_as_its_formula_says),
        TEST(an_exact_droop_quota_must_be_exceeded),
        TEST(a_quota_can_follow_the_ballots_that_count),
        TEST(surpluses_move_one_a_round_or_all_at_once),
        TEST(several_can_go_out_together),
        TEST(a_surplus_can_wait),
        TEST(who_has_less_than_the_minimum_goes_out),
        TEST(undeclared_write_ins_go_out_first_and_take_no_seat),
        TEST(seats_can_stay_vacant_below_the_quota),
        TEST(a_group_has_no_more_than_its_seats),
        TEST(the_withdrawn_are_passed_over),
        TEST(after_the_default_option_nobody_is_elected),
        TEST(a_tie_that_nothing_breaks_ends_the_count),
        TEST(a_tie_looks_back_at_earlier_rounds),
        TEST(more_seats_than_candidates_leave_some_vacant),
        TEST(ballots_that_count_for_nobody_elect_nobody),
        TEST(too_many_decimals_are_refused),
        TEST(fractions_that_grow_too_long_are_refused),
        TEST(memory_that_ends_ends_the_count),
        TEST(a_quota_is_a_vote_at_least_where_votes_are_fewer_than_seats),
        TEST(numbers_are_told_in_full_up_to_a_limit),
        TEST(no_vote_is_lost_and_seats_are_filled),
        TEST(order_and_grouping_of_ballots_change_nothing),
        TEST(whom_nobody_ranks_changes_nothing),
        TEST(one_seat_is_an_instant_runoff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
