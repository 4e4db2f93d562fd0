/*
 * Ballot files in JSON: rules, candidates and ballots in each of their forms become the contest
 * they should, and what cannot be read is told with its line and column. All files here were
 * written for these tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading_ballots.h"

static void json_carries_its_rules(void **state)
{
    READS("a.json", "",
          "{\"title\":\"Mayor\",\"method\":\"irv\",\"seats\":1,\n"
          " \"options\":{\"overvote\":\"exhaust\",\"batchElimination\":true,"
          "\"maxSkippedRanksAllowed\":\"unlimited\"},\n"
          " \"candidates\":[{\"id\":\"A\",\"name\":\"Ana\"},{\"id\":\"B\",\"withdrawn\":true},"
          "{\"id\":\"C\",\"party\":\"Red\"}],\n"
          " \"ballots\":[{\"count\":12,\"ranking\":[\"A\",[\"B\",\"C\"],null,\"A\"]},\n"
          "  {\"n\":3,\"ranks\":[\"C\",\"skipped\",\"overvote\",\"UWI\"]}],\n"
          " \"tie_resolutions\":[{\"round\":2,\"tied\":[\"A\",\"C\"],\"eliminated\":\"C\"},\"A\","
          "{\"between\":[\"A\",\"B\"],\"winner\":\"A\"}],\n"
          " \"seed\":42,\"quota\":834,\"expected\":{\"winners\":[\"A\"],\"rounds\":[]}}\n",
          "irv, 1 seat, overvote exhaust, skipped_most any, elimination batch; Mayor; seed 42\n"
          "A, B withdrawn, C of Red\n12: A@1 B@2 C@2 A@4\n3: C@1 overvote@3 nobody@4\n"
          "tie in round 2 of 2: last C\ntie in round 0 of 0: chosen A\n"
          "tie in round 0 of 2: first A\n");
}

static void json_ballots_have_many_forms(void **state)
{
    READS("a.json", "irv",
          "{\"candidates\":[\"A\",\"B\",\"C\"],\"ballots\":[[\"B\",\"A\"],[4,[\"C\"]],"
          "[[\"A\",\"B\"],2],\"A>B=C\",\"7: C>A\",\"A,C\",\"CAB\",{\"votes\":2,\"rank\":{\"A\":1,"
          "\"C\":3}},{\"weight\":0.5,\"preferences\":\"A\"},null,"
          "{\"ballot\":[{\"candidate\":\"B\",\"rank\":2}]}]}",
          "irv, 1 seat; weights/2\nA, B, C\n2: B@1 A@2\n8: C@1\n4: A@1 B@2\n2: A@1 B@2 C@2\n"
          "14: C@1 A@2\n2: A@1 C@2\n2: C@1 A@2 B@3\n4: A@1 C@3\n1: A@1\n2:\n2: B@2\n");
    READS("a.json", "irv",
          "{\"candidates\":[\"O'Neil \\\"Jim\\\"\",\"Zo\u00eb van 't "
          "Hof\"],\"ballots\":[{\"votes\":\"7\","
          "\"ballot\":[\"O'Neil \\\"Jim\\\"\",\"Write-in\",\"Zo\u00eb van 't Hof\"]},"
          "{\"total\":\"2\",\"ranking\":[null,null]}]}",
          "irv, 1 seat\nO'Neil \"Jim\", Zo\u00eb van 't Hof\n7: O'Neil \"Jim\"@1 nobody@2 Zo\u00eb "
          "van 't Hof@3\n2:\n");
    READS("a.json", "irv", "{\"candidates\":[\"7\",\"8\"],\"ballots\":[{\"votes\":\"7\"}]}",
          "irv, 1 seat\n7, 8\n1: 7@1\n");
    READS("a.json", "irv", "{\"ballots\":{\"A>B\":12,\"B\":3}}",
          "irv, 1 seat\nA, B\n12: A@1 B@2\n3: B@1\n");
    READS("a.json", "irv", "[[\"A\",\"B\"],[\"B\"]]", "irv, 1 seat\nA, B\n1: A@1 B@2\n1: B@1\n");
    READS("a.json", "irv", "{\"ballots\":\"3:A>B\\n1:B\\n\"}",
          "irv, 1 seat\nA, B\n3: A@1 B@2\n1: B@1\n");
}

static void json_has_scores_and_choices(void **state)
{
    READS("a.json", "",
          "{\"election\":{\"candidates\":[\"A\",\"B\"],\"ballots\":[{\"n\":3,\"scores\":{\"A\":5,"
          "\"B\":0}},[4.5,0],{\"A\":1,\"B\":2,\"count\":2}]},"
          "\"method\":{\"name\":\"star\",\"highest\":5}}",
          "star, 1 seat, highest 5; scores/2\nA, B\n3: A@10 B@0\n1: A@9 B@0\n2: A@2 B@4\n");
    READS("a.json", "",
          "{\"method\":\"approval\",\"seats\":2,\"caps\":{\"employer\":1},\"candidates\":["
          "{\"name\":\"A\",\"employer\":\"X\"},{\"name\":\"B\",\"employer\":\"X\"}],\"ballots\":["
          "[\"A\",\"B\"],{\"count\":5,\"approved\":[\"A\",\"A\"]},{\"approvals\":{\"A\":1,"
          "\"B\":0}},[]]}",
          "approval, 2 seats, group_most 1\nA of X, B of X\n1: A B\n6: A\n1:\n");
    READS("a.json", "",
          "{\"method\":\"sainte_lague\",\"seats\":5,\"votes\":{\"Red\":530,\"Blue\":240}}",
          "sainte_lague, 5 seats\nRed, Blue\n530: Red\n240: Blue\n");
    READS("a.json", "dhondt",
          "{\"parties\":[{\"name\":\"Red\",\"votes\":530},{\"name\":\"Blue\",\"votes\":240}]}",
          "dhondt, 1 seat\nRed, Blue\n530: Red\n240: Blue\n");
}

static void json_has_a_default_and_a_casting_vote(void **state)
{
    READS("a.json", "",
          "{\"method\":\"schulze\",\"default\":\"FD\",\"options\":{\"quorum\":2},\"candidates\":["
          "\"A\",\"B\"],\"ballots\":{\"A>FD>B\":3},\"casting_ballots\":[\"B\",\"A\"]}",
          "schulze, 1 seat, quorum 2\nA, B, FD default\n3: A@1 FD@2 B@3\ncasting 1: B@1 A@2\n");
}

/* Reads a case of two ballots with these members before them. */
static const char *with_members(fixture *f, const char *members)
{
    bl_buffer_clear(&f->told);
    bl_buffer_format(&f->told,
                     "{%s,\"candidates\":[\"A\",\"B\",\"C\"],\"ballots\":[[\"A\",\"B\"],[\"B\"]]}",
                     members);
    return reading(f, "a.json", "", (bl_text){f->told.bytes, f->told.size});
}

#define RULES(members, expected)                                                                   \
    assert_string_equal(with_members(*state, (members)), expected "\nA, B, C\n1: A@1 B@2\n1: "     \
                                                                  "B@1\n")

static void json_leaves_out_what_is_no_option(void **state)
{
    fixture *f = *state;
    RULES(
        "\"method\":\"irv\",\"options\":{\"quorum\":3,\"overvote\":\"skip\",\"no such\":{\"a\":1}}",
        "irv, 1 seat, overvote skip");
    assert_int_equal(f->ballots.unused_count, 2);
    assert_true(bl_text_equal(f->ballots.unused[0], BL_TEXT("quorum")));
    assert_true(bl_text_equal(f->ballots.unused[1], BL_TEXT("no such")));
    /* what says nothing, and what stands beside the options, is not told */
    RULES("\"method\":\"irv\",\"quorum\":3,\"options\":{\"quorum\":null,\"x\":[],\"y\":{},\"z\":"
          "false,"
          "\"v\":\"none\",\"ties\":null,\"overvote\":false,\"hareQuota\":false,\"until\":\"\"}",
          "irv, 1 seat");
    assert_int_equal(f->ballots.unused_count, 0);
    RULES("\"method\":{\"name\":\"irv\",\"quotum\":3}", "irv, 1 seat");
    assert_int_equal(f->ballots.unused_count, 1);
}

/* Each key that nobody knows, once, in the order of its place; so many of them, and then that there
 * are others. */
static void json_tells_keys_that_are_not_used(void **state)
{
    fixture *f = *state;
    with_members(f, "\"method\":\"irv\",\"source\":[1],\"rounds\":[{\"votes\":{\"A\":1}}],"
                    "\"quota\":3,\"ballots_2\":[],\"x\":null");
    assert_int_equal(f->ballots.passed_count, 0);
    with_members(f, "\"method\":\"irv\",\n \"ballots_2\":[[\"A\"]],\"votes\":[[\"B\"]],"
                    "\"notes\":[{\"x\":\"]\",\"ballots\" : [[\"A\"]]}],\"quota\":\"hare\"");
    assert_int_equal(f->ballots.passed_count, 4);
    static const char *const keys[] = {"ballots_2", "votes", "notes", "quota"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(bl_text_equal(f->ballots.passed[i].key, bl_text_of(keys[i])));
        assert_int_equal(f->ballots.passed[i].line, 2);
    }
    assert_int_equal(f->ballots.passed[0].column, 2);
    assert_int_equal(f->ballots.passed[1].column, 22);
    assert_false(f->ballots.has_passed_more);
    char members[1024] = "\"method\":\"irv\"";
    for (int i = 0; i < 21; i++) {
        char *const end = members + strlen(members);
        snprintf(end, (size_t)(members + sizeof members - end), ",\"x%d\":{\"a\":1}", i);
        with_members(f, members);
        assert_int_equal(f->ballots.passed_count, i < 20 ? i + 1 : 20);
        assert_int_equal(f->ballots.has_passed_more, i == 20);
    }
}

static void json_options_have_many_names(void **state)
{
    RULES(
        "\"method\":\"irv\",\"options\":{\"batch_elimination\":true,\"until_two\":\"yes\","
        "\"max_skipped\":\"unlimited\",\"max_rankings\":3,\"threshold\":\"50%+1\"}",
        "irv, 1 seat, skipped_most any, ranks_most 3, elimination batch, until two, threshold 0.5");
    RULES(
        "\"method\":\"irv\",\"options\":{\"skipped\":\"exhaust\",\"overvotes\":{\"rule\":\"skip\"},"
        "\"majority\":\"first_round\",\"until\":2}",
        "irv, 1 seat, overvote skip, skipped_most 0, until two, majority_of first_round");
    RULES("\"method\":\"meek\",\"seats\":2,\"options\":{\"threshold\":\"hare\",\"decimals\":"
          "\"exact\"}",
          "meek, 2 seats, quota hare, decimals any");
    RULES("\"method\":\"borda\",\"options\":{\"base\":1,\"unranked\":\"average\"}",
          "borda, 1 seat, points from_one, truncated average");
    RULES("\"method\":\"minimax\",\"options\":{\"margins\":true,\"write_ins\":\"exhaust\"}",
          "minimax, 1 seat, write_ins exhaust, strength margins");
    RULES("\"method\":\"bottoms_up\",\"seats\":2,\"threshold\":51,\"options\":{\"threshold\":10}",
          "bottoms_up, 2 seats, threshold 0.1");
    RULES(
        "\"method\":\"stv\",\"options\":{\"nonIntegerWinningThreshold\":true,\"hareQuota\":false}",
        "stv, 1 seat, quota droop_exact");
    RULES("\"method\":\"stv\",\"options\":{\"hareQuota\":true,\"nonIntegerWinningThreshold\":true}",
          "stv, 1 seat, quota hare_exact");
    RULES("\"method\":\"irv\",\"ties\":{\"method\":\"lot\",\"seed\":5}",
          "irv, 1 seat, ties lot; seed 5");
    RULES("\"method\":\"irv\",\"options\":{\"ties\":[\"backwards\",\"by lot\"]}",
          "irv, 1 seat, ties previous_round then lot");
}

static void json_ties_have_many_forms(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *member;
        const char *expected;
    } cases[] = {
        {"{\"Round 2\":\"B\",\"stage_3\":{\"winner\":\"A\"}}", "2/0 chosen B, 3/0 first A"},
        {"[{\"round\":\"Round 2\",\"eliminated\":[\"B\",\"C\"]}]", "2/0 last B, 2/0 last C"},
        {"[{\"tied\":[\"A\",\"B\"],\"winner\":\"A\",\"loser\":\"B\"}]", "0/2 last B, 0/2 first A"},
        {"[{\"action\":\"eliminate\",\"candidate\":\"B\"},{\"type\":\"election\",\"chosen\":\"A\"},"
         "{\"type\":\"surplus\",\"chosen\":\"C\"}]",
         "0/0 last B, 0/0 first A, 0/0 chosen C"},
        {"{\"eliminations\":[\"B\",\"C\"],\"elections\":[\"A\"]}",
         "0/0 last B, 0/0 last C, 0/0 first A"},
        {"[[2,\"B\"],[3,\"A\"]]", "2/0 chosen B, 3/0 chosen A"},
        {"[\"A > B\",\"C\"]", "0/0 first A, 0/0 first B, 0/0 chosen C"},
        {"{\"2\":[\"A\",{\"kept\":\"B\"}]}", "2/0 chosen A, 2/0 first B"},
        {"[]", ""},
        {"false", ""},
        {"\"A > X\"", "a.json:1:35: `X` is none of the 3 candidates of this file"},
        {"{\"Round x\":\"B\"}",
         "a.json:1:35: expected who was \"chosen\", \"elected\" or \"eliminated\" in this tie"},
    };
    static const char *const senses[] = {"chosen", "first", "last"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char members[256];
        snprintf(members, sizeof members, "\"method\":\"irv\",\"tie_resolutions\":%s",
                 cases[i].member);
        const char *const read = with_members(f, members);
        if (f->ballots.problem.size > 0) {
            assert_string_equal(read, cases[i].expected);
            continue;
        }
        const bl_contest *contest = f->ballots.contest;
        bl_buffer_clear(&f->told);
        for (uint32_t k = 0; k < contest->resolution_count; k++) {
            const bl_resolution *one = &contest->resolutions[k];
            bl_buffer_format(&f->told, "%s%u/%u %s ", k > 0 ? ", " : "", one->round,
                             one->tied_count, senses[one->sense]);
            bl_buffer_text(&f->told, contest->candidates[one->chosen].name);
        }
        bl_buffer_char(&f->told, '\0');
        assert_string_equal(f->told.bytes, cases[i].expected);
    }
}

static void json_methods_have_variants(void **state)
{
    RULES("\"method\":\"stv\",\"seats\":2,\"options\":{\"variant\":\"meek\"}", "meek, 2 seats");
    RULES("\"method\":{\"name\":\"stv\",\"variant\":\"meek\",\"precision\":6}",
          "meek, 1 seat, decimals 6");
    RULES("\"method\":\"condorcet\",\"options\":{\"method\":\"ranked_pairs\"}",
          "ranked_pairs, 1 seat");
    RULES("\"method\":\"Condorcet Schulze\",\"variant\":\"margins\"",
          "schulze, 1 seat, strength margins");
    RULES("\"method\":\"stv\",\"options\":{\"winner_election_mode\":"
          "\"multi_winner_allow_only_one_winner_per_round\"}",
          "stv, 1 seat, decimals 4, cut share, surpluses all_at_once, elect one_a_round, "
          "last_surplus yes");
    RULES("\"method\":\"stv\",\"options\":{\"decimalPlacesForVoteArithmetic\":6}",
          "stv, 1 seat, decimals 6, cut share, surpluses all_at_once, last_surplus yes");
    RULES("\"method\":\"borda\",\"options\":{\"variant\":\"dowdall\"}",
          "borda, 1 seat, points dowdall");
    READS("a.json", "",
          "{\"method\":\"apportionment\",\"seats\":3,\"options\":{\"formula\":\"dhondt\","
          "\"threshold\":5},"
          "\"votes\":{\"X\":40}}",
          "dhondt, 3 seats, least_share 0.05\nX\n40: X\n");
    READS(
        "a.json", "", "{\"method\":\"irv_schulze\",\"ballots\":[[\"A\"]]}",
        "a.json:1:11: `irv_schulze` is no method; there are plurality, two_round, approval, score, "
        "star, borda, irv, bottoms_up, sequential_irv, stv, meek, schulze, ranked_pairs, copeland, "
        "minimax, kemeny, dhondt and sainte_lague");
}

static void json_has_majorities_and_quorums_of_some(void **state)
{
    fixture *f = *state;
    RULES("\"method\":\"schulze\",\"options\":{\"majority\":{\"A\":\"3:1\",\"default\":2},"
          "\"quorum\":{\"B\":4.5}}",
          "schulze, 1 seat, majority 2");
    const bl_candidate *candidates = f->ballots.contest->candidates;
    assert_int_equal(bl_rational_compare(candidates[0].majority, BL_RATIONAL(3)), 0);
    assert_int_equal(candidates[1].majority.den, 0);
    assert_int_equal(candidates[1].quorum.num, 9);
    assert_int_equal(candidates[1].quorum.den, 2);
    assert_string_equal(with_members(f, "\"method\":\"schulze\",\"majority\":{\"AA\":3}"),
                        "a.json:1:38: `AA` is no candidate; did you mean `A`?");
    assert_string_equal(with_members(f, "\"method\":\"schulze\",\"quorum\":{\"A\":\"x\"}"),
                        "a.json:1:35: expected a number such as 3 or 1/2, found `x`");
}

static void json_may_name_another_file(void **state)
{
    READS("a.json", "", "{\"method\":\"stv\",\"seats\":2,\"ballots_file\":\"two.blt\"}",
          "stv, 1 seat\nAna, Bo\n3: Ana@1 Bo@2\n");
    READS("a.json", "irv", "{\"ballots\":{\"file\":\"two.blt\"}}",
          "irv, 1 seat\nAna, Bo\n3: Ana@1 Bo@2\n");
    READS("a.json", "", "{\"method\":\"stv\",\"ballots_file\":\"no.blt\"}",
          "a.json:1:32: `no.blt` is not there");
}

/* Who stands is said by the file of the ballots, and rules speak of some of them. */
static void json_rules_name_candidates_of_another_file(void **state)
{
#define READ "A, B, C, D withdrawn\n3: A@1 B@2\n2: C@1 D@2\n"
    READS("a.json", "",
          "{\"method\":\"stv\",\"ballots_file\":\"four.blt\",\"tie_resolutions\":"
          "[{\"tied\":[\"A\",\"B\"],\"eliminated\":\"B\"}]}",
          "stv, 2 seats; T\n" READ "tie in round 0 of 2: last B\n");
    READS("a.json", "",
          "{\"method\":\"stv\",\"ballots\":{\"file\":\"four.blt\"},"
          "\"ties\":[{\"tied\":[\"C\",\"B\"],\"elected\":\"B\"}]}",
          "stv, 2 seats; T\n" READ "tie in round 0 of 2: first B\n");
    READS("a.json", "",
          "{\"method\":\"stv\",\"ballots\":\"four.blt\",\"groups\":{\"X\":[\"C\"]},"
          "\"order\":[\"B\"]}",
          "stv, 2 seats; T\nA, B, C of X, D withdrawn\n3: A@1 B@2\n2: C@1 D@2\n");
    READS("a.json", "", "{\"method\":\"approval\",\"file\":\"four.blt\",\"withdrawn\":[\"B\"]}",
          "approval, 2 seats; T\nA, B withdrawn, C, D withdrawn\n3: A\n2: C\n");
    READS("a.json", "",
          "{\"method\":\"schulze\",\"file\":\"four.blt\",\"default\":\"C\",\"quorum\":{\"A\":2}}",
          "schulze, 2 seats; T\nA, B, C default, D withdrawn\n3: A@1 B@2\n2: C@1 D@2\n");
#undef READ
    READS("a.json", "", "{\"method\":\"stv\",\"ballots_file\":\"ward.csv\",\"withdrawn\":[\"B\"]}",
          "stv, 1 seat\nA of P, B of Q withdrawn\n3: A@1 B@2\n");
    READS("a.json", "",
          "{\"method\":\"stv\",\"candidates\":[{\"id\":\"B\",\"party\":\"X\"},\"A\"],"
          "\"ballots_file\":\"ward.csv\"}",
          "stv, 1 seat\nB of X, A of P\n3: A@1 B@2\n");
    READS("a.json", "",
          "{\"method\":\"stv\",\"candidates\":[\"A\",\"B\",\"C\"],\"ballots_file\":\"ward.csv\"}",
          "ward.csv:1:1: the file that names this one has 3 candidates");
    /* Where ballots alone tell who stands, rules may name others too. */
    READS("a.json", "",
          "{\"method\":\"irv\",\"ballots_file\":\"undeclared.abif\",\"withdrawn\":[\"Z\"]}",
          "irv, 1 seat\nA, B, Z withdrawn\n3: A@1 B@2\n");
}

static void json_rules_of_another_file_tell_what_is_wrong(void **state)
{
    READS("a.json", "", "{\"method\":\"stv\",\"ballots_file\":\"four.blt\",\"withdrawn\":[\"E\"]}",
          "a.json:1:56: `E` is none of the 4 candidates of this file");
    READS("a.json", "", "{\"method\":\"stv\",\"ballots_file\":\"cut.blt\",\"withdrawn\":[\"A\"]}",
          "cut.blt:2:5: there is no candidate `5`: the first line says 1 to 2");
    READS("a.json", "", "{\"method\":\"stv\",\"ballots_file\":\"no.blt\",\"withdrawn\":[\"A\"]}",
          "a.json:1:32: `no.blt` is not there");
}

static void json_tells_what_is_wrong(void **state)
{
    READS("a.json", "irv", "{\"candidates\":[\"Ana\",\"B\"],\n \"ballots\":[[\"B\",\"Anna\"]]}",
          "a.json:2:18: `Anna` is no candidate; did you mean `Ana`?");
    READS("a.json", "", "{\"method\":\"irv\",\n\"options\":{\"overvote\":\"x\"},\"ballots\":[]}",
          "a.json:2:23: `x` is nothing that `overvote` can be: it is one of exhaust, skip, "
          "exhaust_if_continuing");
    READS("a.json", "", "{\"options\":{\"quotum\":3},\"ballots\":[[\"A\"]]}",
          "a.json:1:22: `quotum` is an option of a method, and no method is named");
    READS("a.json", "irv", "{\"ballots\":[[\"A\"],\n[\"A\" \"B\"]]}",
          "a.json:2:6: expected `,` or `]` after an item, found `\"`");
    READS("a.json", "irv", "{\"ballots\":[[\"A\"],\n[\"A\",]]}",
          "a.json:2:6: expected a value, found `]`");
    READS("a.json", "", "{\"method\":\"irw\",\"ballots\":[]}",
          "a.json:1:11: `irw` is no method; did you mean `irv`?");
    READS("a.json", "irv", "{\"ballots\":[[\"A\"]]} x",
          "a.json:1:21: expected the end of the file, found `x`");
    READS("a.json", "irv", "{\"votes\":3}",
          "a.json: expected a key \"ballots\" with a list of ballots in the object");
    READS("a.json", "irv", "{\"ballots\":[]}", "a.json: the file names no candidate");
    READS("a.json", "irv", "{\"method\":1,\"method\":2}",
          "a.json:1:13: `method` stands twice in this object");
    READS("a.json", "irv", "{\"candidates\":[\"A\"],\"ballots\":[[1]]}",
          "a.json:1:33: `1` is no candidate's number: the candidates have no numbers, or others");
    READS("a.json", "star", "{\"candidates\":[\"A\"],\"ballots\":[{\"scores\":[1,2]}]}",
          "a.json:1:42: expected a score for each of the 1 candidates, found 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(json_carries_its_rules),
        TEST(json_ballots_have_many_forms),
        TEST(json_has_scores_and_choices),
        TEST(json_has_a_default_and_a_casting_vote),
        TEST(json_may_name_another_file),
        TEST(json_rules_name_candidates_of_another_file),
        TEST(json_rules_of_another_file_tell_what_is_wrong),
        TEST(json_leaves_out_what_is_no_option),
        TEST(json_tells_keys_that_are_not_used),
        TEST(json_options_have_many_names),
        TEST(json_ties_have_many_forms),
        TEST(json_methods_have_variants),
        TEST(json_has_majorities_and_quorums_of_some),
        TEST(json_tells_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
