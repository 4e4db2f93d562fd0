/*
 * Plurality, approval, two rounds, score, STAR, Borda and party lists: published examples, what
 * ballots may do, ties, caps, memory that ends, and oracles in GMP's rationals over drawn contests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gmp.h>

#include "electing.h"

/* ---- choices and scores as text ---- */

/* "3: ana bo" or "3: ana 5, bo 2.5" (in units of 1 / scale); `?` and `!` as in electing.h. */
static uint32_t read_values(bl_contest_builder *builder, const char *line, uint32_t scale,
                            bl_mark *marks)
{
    uint32_t count = 0;
    while (*line) {
        const bl_text one = take(&line, scale > 0 ? "," : " ");
        if (one.size == 0) continue;
        const char *rest = one.bytes;
        const bl_text name = take(&rest, " ,");
        int32_t value = 1;
        if (scale > 0) {
            bl_rational score;
            const bl_text text = {rest, (size_t)(one.bytes + one.size - rest)};
            assert_true(bl_rational_parse(text, &score));
            assert_int_equal(scale % score.den, 0);
            value = (int32_t)(score.num * (scale / score.den));
        }
        marks[count++] = (bl_mark){candidate_of(builder, (bl_text){name.bytes, name.size}), value};
    }
    return count;
}

static void prepare_values(election *e, const char *rules, const char *ballots, uint32_t scale)
{
    char line[4096];
    bl_mark marks[MARKS_MOST];
    forget_election(e);
    bl_contest_builder *builder = bl_contest_begin(&e->arena, &e->memory, 7);
    assert_non_null(builder);
    bl_text next = take(&ballots, "\n");
    snprintf(line, sizeof line, "%.*s", (int)next.size, next.bytes);
    const uint32_t fallback = read_candidates(builder, line);
    while (*ballots) {
        next = take(&ballots, "\n");
        snprintf(line, sizeof line, "%.*s", (int)next.size, next.bytes);
        const char *rest = line;
        const uint64_t weight = strtoull(take(&rest, ":").bytes, NULL, 10);
        const uint32_t count = read_values(builder, rest, scale, marks);
        assert_int_equal(bl_contest_add_ballot(builder, marks, count, weight), BL_CONTEST_OK);
    }
    e->contest = bl_contest_end(builder, scale > 0 ? BL_BALLOTS_SCORES : BL_BALLOTS_CHOICE);
    assert_non_null(e->contest);
    e->contest->default_option = fallback;
    if (scale > 0) e->contest->score_scale = scale;
    read_rules(e, rules);
}

static void choose(election *e, const char *rules, const char *ballots)
{
    prepare_values(e, rules, ballots, 0);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
}

static void score(election *e, const char *rules, const char *ballots)
{
    prepare_values(e, rules, ballots, 2);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
}

/* Sentences of rounds, then "tie: …", "note: …" and "none: …". */
static const char *all_said(election *e)
{
    text_of_sentences(e);
    e->text.size--; /* the NUL */
    for (size_t i = 0; i < e->count.ties.count; i++) {
        bl_buffer_cstring(&e->text, "tie: ");
        bl_buffer_text(&e->text, e->count.ties.items[i].sentence);
        bl_buffer_char(&e->text, '\n');
    }
    for (size_t i = 0; i < e->count.notes.count; i++) {
        bl_buffer_cstring(&e->text, "note: ");
        bl_buffer_text(&e->text, e->count.notes.items[i]);
        bl_buffer_char(&e->text, '\n');
    }
    if (e->count.none_because.size > 0) {
        bl_buffer_cstring(&e->text, "none: ");
        bl_buffer_text(&e->text, e->count.none_because);
        bl_buffer_char(&e->text, '\n');
    }
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

/* The cells of a figure with a blank between, an empty one as `.`. */
static const char *text_of_figure(election *e, const char *name)
{
    bl_buffer_clear(&e->text);
    for (size_t i = 0; i < e->count.figures.count; i++) {
        const bl_figure *figure = &e->count.figures.items[i];
        if (strcmp(figure->name, name) != 0) continue;
        for (uint32_t j = 0; j < figure->cell_count; j++) {
            if (j > 0) bl_buffer_char(&e->text, ' ');
            bl_buffer_text(&e->text, figure->cells[j].size > 0 ? figure->cells[j] : BL_TEXT("."));
        }
    }
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

/* "2 1 . 3": places by candidate. */
static const char *text_of_places(election *e)
{
    bl_buffer_clear(&e->text);
    for (uint32_t i = 0; i < e->contest->candidate_count; i++) {
        if (i > 0) bl_buffer_char(&e->text, ' ');
        if (e->count.places[i] == 0)
            bl_buffer_char(&e->text, '.');
        else
            bl_buffer_number(&e->text, e->count.places[i]);
    }
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

static const char *text_of_seats(election *e)
{
    bl_buffer_clear(&e->text);
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        bl_buffer_format(&e->text, "%s%u", i == 0 ? "" : " ", e->count.seats[i]);
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

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
    assert_string_equal(text_of_winners(e), "Memphis");
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
    assert_string_equal(text_of_winners(e), "Nashville");
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
    assert_string_equal(text_of_winners(e), "A B C");
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
                                     "note: 5 ballots rank nobody first whom they could count "
                                     "for\n");
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
    assert_string_equal(text_of_winners(e), "ana bo cy");
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
    assert_string_equal(text_of_rounds(e), "1: ana 6 bo 3 cy 2 | of 6 | x 2 | + ana\n");
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
    assert_string_equal(text_of_winners(e), "bo");
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
    prepare_values(e, "score lowest=5", "ana\n1: ana 5", 1);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
    bl_buffer_text(&e->text, e->count.problem);
    bl_buffer_char(&e->text, '\0');
    assert_string_equal(e->text.bytes, "the lowest score is not below the highest");
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
    assert_string_equal(text_of_winners(e), "ana bo");
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
    prepare_values(e, "dhondt first_divisor=0", "A\n1: A", 0);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_REFUSED);
}

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
    char copy[4096], digits[4096];
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
            assert_int_equal(mpq_cmp_ui(sum, e->contest->total, 1), 0);
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
