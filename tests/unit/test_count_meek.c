/*
 * Meek's single transferable vote: published counts to the last digit, its options, an oracle of 40
 * decimals over drawn elections, what must hold in every round, limits, and memory that ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drawn_elections.h"

/* ---- published counts ---- */

/* Counts of the Proportional Representation Foundation's reference rule, as its program Droop
 * reports them: six ballots, and nine. */
static void the_reference_counts_of_six_and_nine_ballots(void **state)
{
    election *e = *state;
    elect(e, "meek seats=2", "Castor Pollux Helen\n4: Castor > Pollux\n2: Helen");
    assert_string_equal(text_of_rounds(e),
                        "1: Castor 4 Pollux 0 Helen 2 | of 2.000000001 | + Castor\n"
                        "2: Castor 2.000000004 Pollux 1.999999996 Helen 2 | of 2.000000001 | - "
                        "Pollux\n"
                        "3: Castor 2.000000004 Helen 2 | of 1.333333335 | x 1.999999996 | + "
                        "Helen\n");
    assert_string_equal(text_of_figure(e, "keep"), "0.500000001 0 1");
    elect(e, "meek seats=2", "Castor Pollux Helen\n5: Castor > Pollux\n1: Pollux\n3: Helen");
    assert_string_equal(text_of_rounds(e),
                        "1: Castor 5 Pollux 1 Helen 3 | of 3.000000001 | + Castor\n"
                        "2: Castor 3.000000005 Pollux 2.999999995 Helen 3 | of 3.000000001 | - "
                        "Pollux\n"
                        "3: Castor 3.000000005 Helen 3 | of 2.000000002 | x 2.999999995 | + "
                        "Helen\n");
    assert_string_equal(text_of_figure(e, "keep"), "0.600000001 0 1");
    assert_string_equal(text_of_figure(e, "quota"), "2.000000002");
    assert_string_equal(all_said(e),
                        "Round 1: Castor (5) reaches the quota, 3.000000001, and is elected.\n"
                        "Round 2: surpluses are shared out in 2 passes; Pollux has the fewest "
                        "votes, 2.999999995, and goes out.\n"
                        "Round 3: no more are left than seats: Helen (3) is elected.\n");
}

/* B. A. Wichmann, "The computational accuracy using the Meek algorithm", Voting matters 12 (2000):
 * X, Y and Z are tied but for what rounding does. X goes out in the reference program's report. */
#define VOTING_MATTERS_12                                                                          \
    "A B X Y Z\n333: A > X\n333: A > Y\n333: A > Z\n333: B > X\n333: B > Y\n333: B > Z\n667: X\n"  \
    "667: Y\n667: Z\n1: A > B > X\n1: A > B > Y\n2: B > A > X"

static void the_example_of_voting_matters_12(void **state)
{
    election *e = *state;
    prepare(e, "meek seats=3", VOTING_MATTERS_12);
    static const uint32_t tied[] = {2, 3, 4};
    static const bl_resolution by_lot = {.tied = tied, .tied_count = 3, .chosen = 2};
    e->contest->resolutions = &by_lot;
    e->contest->resolution_count = 1;
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
    assert_string_equal(
        text_of_rounds(e),
        "1: A 1001 B 1001 X 667 Y 667 Z 667 | of 1000.750000001 | + A B\n"
        "2: A 1000.750000126 B 1000.750000126 X 667.166666686 Y 667.166666562 Z 667.1666665 | of "
        "1000.750000001 | - X\n"
        "3: A 800.584418564 B 800.584418564 Y 800.59698277 Z 800.556768208 | of 800.580647027 | x "
        "800.677411894 | + Y\n");
    assert_string_equal(text_of_figure(e, "keep"), "0.799464312 0.799464312 0 1 1");
    IS_WON(e, "A B Y");
    elect(e, "meek seats=3", VOTING_MATTERS_12);
    assert_int_equal(e->count.winner_count, 2);
    assert_int_equal(e->count.vacant, 1);
    assert_string_equal(all_said(e),
                        "Round 1: A (1001) and B (1001) reach the quota, 1000.750000001, and are "
                        "elected.\n"
                        "Round 2: surpluses are shared out in 4 passes; X, Y and Z are tied for "
                        "the last place, and no rule is declared that breaks a tie.\n"
                        "tie: X, Y and Z are tied for the last place, and no rule is declared that "
                        "breaks a tie\n"
                        "none: X, Y and Z are tied for the last place, and no rule is declared "
                        "that breaks a tie\n");
}

/* The example of OpaVote's page "Meek STV explained" (2017): three seats, sixty voters. By hand:
 * both keep 15/28 and 15/26, then 5/13; of 28 + 26 (8/13) that is 220/13 for Alice, and Chris has
 * 3 + 54 (8/13)^2. */
static void two_who_share_their_voters_keep_less_and_less(void **state)
{
    election *e = *state;
    elect(e, "meek seats=3",
          "Alice Bob Chris Don Eric\n28: Alice > Bob > Chris\n26: Bob > Alice > Chris\n3: Chris\n"
          "2: Don\n1: Eric");
    assert_string_equal(text_of_rounds(e),
                        "1: Alice 28 Bob 26 Chris 3 Don 2 Eric 1 | of 15.000000001 | + Alice Bob\n"
                        "2: Alice 16.923076946 Bob 16.627218958 Chris 23.449704096 Don 2 Eric 1 | "
                        "of 15.000000001 | + Chris\n");
}

/* ---- the rules around it ---- */

static void equal_ranks_go_by_the_rule_on_overvotes(void **state)
{
    election *e = *state;
#define WITH_TIES "ana bo cy\n5: ana\n4: bo = cy > ana\n3: bo\n2: cy"
    elect(e, "meek", WITH_TIES);
    assert_string_equal(all_said(e),
                        "Round 1: cy has the fewest votes, 2, and goes out.\n"
                        "Round 2: ana (5) reaches the quota, 4.000000001, and is elected.\n"
                        "note: 4 ballots rank several at once and end there\n");
    elect(e, "meek overvote=skip", WITH_TIES);
    assert_string_equal(text_of_rounds(e), "1: ana 9 bo 3 cy 2 | of 7.000000001 | + ana\n");
    elect(e, "meek overvote=exhaust_if_continuing seats=1", WITH_TIES);
    assert_string_equal(text_of_rounds(e), "1: ana 5 bo 3 cy 2 | of 5.000000001 | x 4 | - cy\n"
                                           "2: ana 5 bo 3 | of 4.000000001 | x 6 | + ana\n");
}

static void a_batch_goes_out_that_cannot_catch_up(void **state)
{
    election *e = *state;
#define LONG_TAIL "ana bo cy dee eve\n30: ana\n20: bo\n5: cy > bo\n3: dee > bo\n2: eve"
    elect(e, "meek elimination=batch", LONG_TAIL);
    assert_string_equal(all_said(e),
                        "Round 1: eve (2), dee (3) and cy (5) cannot catch up together, and go "
                        "out.\n"
                        "Round 2: ana (30) reaches the quota, 29.000000001, and is elected.\n");
    elect(e, "meek", LONG_TAIL);
    IS_WON(e, "ana");
    elect(e, "meek elimination=batch seats=4", LONG_TAIL); /* enough must stay */
    IS_WON(e, "ana bo cy dee");
}

static void the_minimum_is_of_the_first_round(void **state)
{
    election *e = *state;
    elect(e, "meek minimum=1 seats=2", "ana bo cy\n3: ana\n1: bo");
    assert_non_null(strstr(all_said(e), "fewer than the 1 vote that is the least"));
    elect(e, "meek minimum=3 seats=2", "ana bo cy dee\n6: ana\n5: bo\n2: cy > dee\n3: dee");
    assert_string_equal(all_said(e),
                        "Round 1: cy (2) has fewer than the 3 votes that are the least, and goes "
                        "out.\n"
                        "Round 2: ana (6) reaches the quota, 5.333333334, and is elected.\n"
                        "Round 3: surpluses are shared out in 14 passes; bo and dee are tied for "
                        "the last place, and no rule is declared that breaks a tie.\n"
                        "tie: bo and dee are tied for the last place, and no rule is declared that "
                        "breaks a tie\n"
                        "none: bo and dee are tied for the last place, and no rule is declared "
                        "that breaks a tie\n");
}

static void who_is_of_a_full_group_goes_out(void **state)
{
    election *e = *state;
    elect(e, "meek seats=2 group_most=1",
          "ana/acme bo/acme cy dee\n9: ana > bo\n8: bo > cy\n2: cy\n3: dee");
    assert_string_equal(all_said(e),
                        "Round 1: ana (9) reaches the quota, 7.333333334, and is elected.\n"
                        "Round 2: bo (9.666666665) can take no seat, for a group may have 1, and "
                        "goes out.\n"
                        "Round 3: cy (10) reaches the quota, 6.777777779, and is elected.\n");
}

static void the_default_option_leaves_seats_vacant(void **state)
{
    election *e = *state;
    elect(e, "meek seats=2", "ana bo *none\n5: ana\n1: bo > none\n4: none");
    assert_string_equal(all_said(e),
                        "Round 1: ana (5) reaches the quota, 3.333333334, and is elected; none "
                        "comes next: the seats that are left stay vacant.\n"
                        "none: none comes next: the seats that are left stay vacant\n");
    elect(e, "meek seats=2", "ana bo *none\n1: ana\n4: none\n1: bo");
    assert_string_equal(all_said(e),
                        "Round 1: none comes next: the seats that are left stay vacant.\n"
                        "none: none comes next: the seats that are left stay vacant\n");
    assert_int_equal(e->count.vacant, 2);
    elect(e, "meek seats=2", "ana bo *none\n4: ana\n1: none\n3: bo");
    IS_WON(e, "ana bo");
}

static void quotas_are_droops_or_hares(void **state)
{
    election *e = *state;
#define NINE "ana bo cy\n6: ana > bo\n2: bo\n1: cy"
    elect(e, "meek seats=2", NINE);
    assert_string_equal(text_of_rounds(e),
                        "1: ana 6 bo 2 cy 1 | of 3.000000001 | + ana\n"
                        "2: ana 3.000000006 bo 4.999999994 cy 1 | of 3.000000001 | "
                        "+ bo\n");
    elect(e, "meek seats=2 quota=hare", NINE);
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 2 cy 1 | of 4.5 | + ana\n"
                                           "2: ana 4.5 bo 3.5 cy 1 | of 4.5 | - cy\n"
                                           "3: ana 4.5 bo 3.5 | of 4 | x 1 | + bo\n");
    elect(e, "meek seats=2 decimals=2 omega=1", NINE);
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 2 cy 1 | of 3.01 | + ana\n"
                                           "2: ana 3.06 bo 4.94 cy 1 | of 3.01 | + bo\n");
    elect(e, "meek seats=2 decimals=0 ties=order", NINE); /* who keeps anything keeps all */
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 2 cy 1 | of 4 | + ana\n"
                                           "2: ana 6 bo 2 cy 1 | of 4 | - cy\n"
                                           "3: ana 6 bo 2 | of 3 | x 1 | + bo\n");
    elect(e, "meek seats=2 decimals=18", NINE);
    IS_WON(e, "ana bo");
    prepare(e, "meek decimals=19", NINE);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
}

static void weights_are_shown_as_ballots(void **state)
{
    election *e = *state;
    prepare(e, "meek seats=2", NINE);
    e->contest->weight_scale = 4;
    count_it(e);
    assert_string_equal(text_of_rounds(e),
                        "1: ana 1.5 bo 0.5 cy 0.25 | of 0.75000000025 | + ana\n"
                        "2: ana 0.7500000015 bo 1.2499999985 cy 0.25 | of 0.75000000025 | + bo\n");
    assert_string_equal(text_of_figure(e, "keep"), "0.500000001 1 1");
    prepare(e, "meek seats=2", NINE);
    e->contest->weight_scale = 3; /* no decimal is exact */
    count_it(e);
    assert_string_equal(text_of_rounds(e),
                        "1: ana 2 bo 2/3 cy 1/3 | of 3000000001/3000000000 | + ana\n"
                        "2: ana 500000001/500000000 bo 2499999997/1500000000 cy 1/3 | of "
                        "3000000001/3000000000 | + bo\n");
    prepare(e, "meek seats=2", NINE);
    e->contest->weight_scale = 100000000; /* in nine places more all digits have room */
    count_it(e);
    assert_non_null(strstr(text_of_rounds(e), "| of 0.00000003000000001 |"));
}

/* ---- odd contests ---- */

static void odd_contests_end(void **state)
{
    election *e = *state;
    elect(e, "meek seats=2", "ana bo cy\n1: ana\n1: bo\n1: cy");
    assert_int_equal(e->count.winner_count, 0);
    assert_true(e->count.none_because.size > 0);
    elect(e, "meek seats=2 ties=order", "ana bo cy\n1: ana\n1: bo\n1: cy");
    IS_WON(e, "ana bo");
    elect(e, "meek", "ana\n3: ana");
    assert_string_equal(all_said(e), "Round 1: no more are left than seats: ana (3) is elected.\n");
    elect(e, "meek seats=3", "ana ~bo cy\n3: ana > bo\n1: bo > cy");
    assert_string_equal(all_said(e),
                        "Round 1: no more are left than seats: ana (3) and cy (1) are elected.\n"
                        "none: there are more seats than candidates for them\n");
    assert_int_equal(e->count.vacant, 1);
    elect(e, "meek minimum=5", "ana bo\n1: ana\n2: bo");
    assert_string_equal(all_said(e),
                        "Round 1: ana (1) and bo (2) have fewer than the 5 votes that are the "
                        "least, and go out.\n"
                        "none: there are more seats than candidates for them\n");
    elect(e, "meek", "ana ~bo cy\n2: bo\n3: bo"); /* votes for nobody who stands */
    assert_int_equal(e->count.winner_count, 0);
    elect(e, "meek seats=2", "ana bo\n4:");
    assert_string_equal(all_said(e), "none: nobody voted\n");
    elect(e, "meek seats=1 group_most=0", "ana/acme\n1: ana");
    assert_string_equal(all_said(e), "Round 1: nobody who is left can take a seat.\n"
                                     "none: there are more seats than candidates for them\n");
}

/* ---- drawn elections ---- */

/* A ranking without ties of some of the candidates, those with small numbers oftener in front. */
static uint32_t draw_ranking(election *e, uint32_t candidates, bl_mark *marks)
{
    uint32_t left[32], count = 0, size = 1 + draw(e, candidates);
    for (uint32_t i = 0; i < candidates; i++)
        left[i] = i;
    for (uint32_t rest = candidates; count < size; rest--) {
        const uint32_t at = draw(e, draw(e, rest) + 1);
        marks[count] = (bl_mark){left[at], (int32_t)count + 1};
        count++;
        memmove(left + at, left + at + 1, (rest - at - 1) * sizeof *left);
    }
    return count;
}

static void draw_election(election *e, const char *rules, uint32_t candidates, bool has_stranger)
{
    set_rules(e, rules);
    begin_field(e, candidates + has_stranger);
    const uint32_t ballots = 3 + draw(e, 25);
    for (uint32_t i = 0; i < ballots; i++) {
        bl_mark marks[32];
        const uint32_t count = draw_ranking(e, candidates, marks);
        add_marks(e, marks, count, 1 + draw(e, 40));
    }
    end_contest(e, BL_BALLOTS_RANKING);
}

/*
 * The oracle: the same rule in numbers of 40 decimals, ballot by ballot. It follows the count round
 * by round: with those whom the count has elected and put out before, it passes until the surplus
 * is below 10^-30, and says who must go out, or that somebody has the quota.
 */
enum { DIGITS = 40, CANDIDATES_MOST = 8 };

typedef struct oracle {
    const election *e;
    mpz_t one, quota, surplus, w, kept;
    mpz_t keep[CANDIDATES_MOST], votes[CANDIDATES_MOST];
    bool is_elected[CANDIDATES_MOST], is_out[CANDIDATES_MOST];
} oracle;

static void begin_oracle(oracle *o, const election *e)
{
    memset(o, 0, sizeof *o);
    o->e = e;
    mpz_inits(o->one, o->quota, o->surplus, o->w, o->kept, NULL);
    mpz_ui_pow_ui(o->one, 10, DIGITS);
    for (uint32_t i = 0; i < CANDIDATES_MOST; i++) {
        mpz_init_set(o->keep[i], o->one);
        mpz_init(o->votes[i]);
    }
}

static void end_oracle(oracle *o)
{
    mpz_clears(o->one, o->quota, o->surplus, o->w, o->kept, NULL);
    for (uint32_t i = 0; i < CANDIDATES_MOST; i++)
        mpz_clears(o->keep[i], o->votes[i], NULL);
}

static void distribute(oracle *o)
{
    const bl_contest *contest = o->e->contest;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        mpz_set_ui(o->votes[i], 0);
    mpz_set_ui(o->quota, 0);
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        const bl_pile *pile = &contest->piles[i];
        mpz_mul_ui(o->w, o->one, pile->weight);
        for (uint32_t j = 0; j < pile->mark_count; j++) {
            const uint32_t candidate = contest->marks[pile->first_mark + j].candidate;
            if (o->is_out[candidate]) continue;
            mpz_mul(o->kept, o->w, o->keep[candidate]);
            mpz_tdiv_q(o->kept, o->kept, o->one);
            mpz_add(o->votes[candidate], o->votes[candidate], o->kept);
            mpz_add(o->quota, o->quota, o->kept);
            mpz_sub(o->w, o->w, o->kept);
        }
    }
    mpz_tdiv_q_ui(o->quota, o->quota, o->e->options.seats + 1);
}

static void settle(oracle *o)
{
    mpz_t least;
    mpz_init(least);
    mpz_ui_pow_ui(least, 10, DIGITS - 30);
    for (uint32_t pass = 0; pass < 5000; pass++) {
        distribute(o);
        mpz_set_ui(o->surplus, 0);
        for (uint32_t i = 0; i < o->e->contest->candidate_count; i++) {
            if (!o->is_elected[i]) continue;
            mpz_add(o->surplus, o->surplus, o->votes[i]);
            mpz_sub(o->surplus, o->surplus, o->quota);
        }
        if (mpz_cmpabs(o->surplus, least) < 0) break;
        for (uint32_t i = 0; i < o->e->contest->candidate_count; i++) {
            if (!o->is_elected[i]) continue;
            mpz_mul(o->keep[i], o->keep[i], o->quota);
            mpz_cdiv_q(o->keep[i], o->keep[i], o->votes[i]);
        }
    }
    mpz_clear(least);
}

/* Whether two amounts differ by less than 10^-4. */
static bool is_near(const oracle *o, const mpz_t votes, bl_text text)
{
    mpq_t told, exact;
    mpq_inits(told, exact, NULL);
    read_number(told, text);
    mpq_set_num(exact, votes);
    mpq_set_den(exact, o->one);
    mpq_canonicalize(exact);
    mpq_sub(told, told, exact);
    mpq_abs(told, told);
    const bool near = mpq_cmp_ui(told, 1, 10000) < 0;
    mpq_clears(told, exact, NULL);
    return near;
}

/* In a round of elimination nobody hopeful has the quota, the tallies are those of the oracle, and
 * who goes out is the last of them. */
static void check_elimination(oracle *o, const bl_round *round)
{
    const uint32_t size = o->e->contest->candidate_count, last = round->eliminated[0];
    settle(o);
    for (uint32_t i = 0; i < size; i++) {
        if (o->is_out[i]) continue;
        assert_true(is_near(o, o->votes[i], round->tally[i].text));
        if (o->is_elected[i]) continue;
        if (mpz_cmp(o->votes[i], o->quota) >= 0)
            assert_true(is_near(o, o->quota, round->tally[i].text));
        if (mpz_cmp(o->votes[i], o->votes[last]) < 0)
            assert_true(is_near(o, o->votes[last], round->tally[i].text));
    }
}

/* Who reaches the quota on the way has it at the end as well. */
static void check_election(oracle *o, const bl_round *round)
{
    settle(o);
    for (uint32_t i = 0; i < round->elected_count; i++) {
        const uint32_t candidate = round->elected[i];
        if (mpz_cmp(o->votes[candidate], o->quota) < 0)
            assert_true(is_near(o, o->votes[candidate], round->threshold.text));
    }
}

static void rounds_are_those_of_an_oracle_of_forty_decimals(void **state)
{
    election *e = *state;
    uint32_t eliminations = 0, elections = 0, cut = 0;
    for (uint32_t i = 0; i < 200; i++) {
        char rules[64];
        snprintf(rules, sizeof rules, "meek ties=order seats=%u", 1 + draw(e, 4));
        draw_election(e, rules, 2 + draw(e, CANDIDATES_MOST - 1), false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        oracle o;
        begin_oracle(&o, e);
        for (size_t r = 0; r < e->count.rounds.count; r++) {
            const bl_round *round = &e->count.rounds.items[r];
            const bool is_rest = r + 1 == e->count.rounds.count &&
                                 bl_text_contains(round->sentence, BL_TEXT("no more are left"));
            const bool is_cut = bl_text_contains(round->sentence, BL_TEXT("all but"));
            cut += is_cut; /* so little is left that decimals end before the surplus does */
            if (round->eliminated_count > 0 && !is_cut) check_elimination(&o, round);
            if (round->elected_count > 0 && !is_rest) check_election(&o, round);
            eliminations += round->eliminated_count;
            elections += round->elected_count;
            for (uint32_t j = 0; j < round->eliminated_count; j++)
                o.is_out[round->eliminated[j]] = true;
            for (uint32_t j = 0; j < round->elected_count; j++)
                o.is_elected[round->elected[j]] = true;
        }
        end_oracle(&o);
    }
    assert_true(eliminations > 200 && elections > 200 && cut < 20);
}

/* ---- what must hold in every round ---- */

static void check_rounds_lose_nothing(const election *e)
{
    mpq_t sum;
    mpq_init(sum);
    for (size_t r = 0; r < e->count.rounds.count; r++) {
        assert_true(add_up_round(e, &e->count.rounds.items[r], sum));
        assert_int_equal(mpq_cmp_ui(sum, e->contest->total, 1), 0);
    }
    mpq_clear(sum);
}

static const char *const kinds[] = {"meek ties=order",
                                    "meek ties=order seats=2",
                                    "meek ties=order seats=3 decimals=4 omega=3",
                                    "meek ties=order seats=3 quota=hare",
                                    "meek ties=order seats=2 elimination=batch",
                                    "meek ties=previous_round,order seats=4 decimals=18",
                                    "meek ties=order seats=3 decimals=0"};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* The parts add up to the last digit, and every seat is filled. */
static void no_part_of_a_ballot_is_lost(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < 420; i++) {
        const uint32_t candidates = 1 + draw(e, 7);
        draw_election(e, kinds[i % KIND_COUNT], candidates, false);
        count_it(e);
        assert_int_equal(e->status, BL_COUNT_OK);
        check_rounds_lose_nothing(e);
        assert_int_equal(e->count.winner_count,
                         candidates < e->options.seats ? candidates : e->options.seats);
    }
}

static void counts_are_the_same_when_ballots_are_reordered_or_grouped(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < 210; i++) {
        draw_election(e, kinds[i % KIND_COUNT], 2 + draw(e, 6), false);
        counts_the_same_one_by_one(e);
    }
}

/* The winners as bits: in which order they are elected may differ. */
static uint64_t set_of_winners(const election *e)
{
    uint64_t winners = 0;
    for (uint32_t i = 0; i < e->count.winner_count; i++)
        winners |= UINT64_C(1) << e->count.winners[i];
    return winners;
}

static void a_candidate_whom_nobody_ranks_changes_nothing(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < 210; i++) {
        const uint64_t before = e->chance;
        const uint32_t candidates = 4 + i % 4;
        draw_election(e, kinds[i % KIND_COUNT], candidates, false);
        count_it(e);
        const uint64_t winners = set_of_winners(e);
        e->chance = before;
        draw_election(e, kinds[i % KIND_COUNT], candidates, true);
        count_it(e);
        assert_int_equal(set_of_winners(e), winners);
    }
}

static void batches_elect_the_same(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < 200; i++) {
        const uint64_t before = e->chance;
        draw_election(e, "meek ties=order seats=2", 3 + i % 5, false);
        count_it(e);
        const uint64_t winners = set_of_winners(e);
        e->chance = before;
        draw_election(e, "meek ties=order seats=2 elimination=batch", 3 + i % 5, false);
        count_it(e);
        assert_int_equal(set_of_winners(e), winners);
    }
}

/* With one seat it is the instant runoff, wherever nobody has a majority by exhaustion alone. */
static void one_seat_is_an_instant_runoff(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < 200; i++) {
        const uint64_t before = e->chance;
        draw_election(e, "meek ties=order", 2 + i % 6, false);
        count_it(e);
        char *winners = strdup(text_of_winners(e));
        e->chance = before;
        draw_election(e, "irv ties=order drop_unranked=no", 2 + i % 6, false);
        count_it(e);
        IS_WON(e, winners);
        free(winners);
    }
}

/* ---- limits and memory ---- */

/* Two groups of voters who pass a small surplus back and forth, a little less of it each time. */
static void elect_slowly(election *e, unsigned long quarter)
{
    char text[256];
    snprintf(text, sizeof text, "a b c d e\n%lu: a > b > e\n%lu: b > a > e\n%lu: c\n%lu: d",
             quarter + 1334, quarter + 1334, quarter - 1334, quarter - 1334);
    elect(e, "meek seats=3 decimals=18", text);
}

static bool is_said(const election *e, const char *part)
{
    for (size_t i = 0; i < e->count.rounds.count; i++)
        if (bl_text_contains(e->count.rounds.items[i].sentence, bl_text_of(part))) return true;
    return false;
}

static void passes_end_at_their_limit_and_tell_what_is_left(void **state)
{
    election *e = *state;
    assert_int_equal(BL_MEEK_PASSES_MAX, 10000);
    elect_slowly(e, 1000400000); /* needs all of them */
    assert_true(is_said(e, "Round 2: surpluses are shared out in 10000 passes; e has the fewest"));
    elect_slowly(e, 1000500000); /* and one more */
    assert_true(is_said(e, "Round 2: surpluses are shared out in 10000 passes, all but "
                           "0.00000100035"));
}

static void the_largest_weights_fit(void **state)
{
    election *e = *state;
    char text[256];
    const unsigned long third = BL_WEIGHT_MAX / 4;
    snprintf(text, sizeof text, "a b c\n%lu: a > b\n%lu: b > c\n%lu: c > a", 2 * third, third,
             third - 5);
    elect(e, "meek seats=2 decimals=18", text);
    IS_WON(e, "a b");
    check_rounds_lose_nothing(e);
}

static void memory_that_ends_is_told_at_every_allocation(void **state)
{
    election *e = *state;
    for (uint32_t i = 0; i < KIND_COUNT; i++) {
        size_t at = 0;
        do {
            e->chance = 99 + i;
            draw_election(e, kinds[i], 6, false);
        } while (fails_at(e, ++at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_reference_counts_of_six_and_nine_ballots),
        TEST(the_example_of_voting_matters_12),
        TEST(two_who_share_their_voters_keep_less_and_less),
        TEST(equal_ranks_go_by_the_rule_on_overvotes),
        TEST(a_batch_goes_out_that_cannot_catch_up),
        TEST(the_minimum_is_of_the_first_round),
        TEST(who_is_of_a_full_group_goes_out),
        TEST(the_default_option_leaves_seats_vacant),
        TEST(quotas_are_droops_or_hares),
        TEST(weights_are_shown_as_ballots),
        TEST(odd_contests_end),
        TEST(rounds_are_those_of_an_oracle_of_forty_decimals),
        TEST(no_part_of_a_ballot_is_lost),
        TEST(counts_are_the_same_when_ballots_are_reordered_or_grouped),
        TEST(a_candidate_whom_nobody_ranks_changes_nothing),
        TEST(batches_elect_the_same),
        TEST(one_seat_is_an_instant_runoff),
        TEST(passes_end_at_their_limit_and_tell_what_is_left),
        TEST(the_largest_weights_fit),
        TEST(memory_that_ends_is_told_at_every_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
