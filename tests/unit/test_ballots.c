/*
 * Ballot files: what each format says becomes the contest it should, and what cannot be read is
 * told with its line and column.
 *
 * A contest is compared as text: its rules and figures, the candidates, and a line for each pile,
 * `weight: candidate@rank …`. All files here were written for these tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ballots.h"

typedef struct fixture {
    bl_arena arena;
    bl_buffer said;
    bl_buffer told; /* a file that a test makes */
    bl_ballot_file ballots;
    bl_ballots_how how;
    const char *setting; /* "name=value"; NULL */
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    bl_buffer_init(&f->said, &bl_memory_default);
    bl_buffer_init(&f->told, &bl_memory_default);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_buffer_free(&f->said);
    bl_buffer_free(&f->told);
    bl_arena_destroy(&f->arena);
    free(f);
    return 0;
}

/* ---- a contest as text ---- */

static void say_name(bl_buffer *out, const bl_contest *contest, uint32_t candidate)
{
    if (candidate == BL_MARK_NOBODY)
        bl_buffer_cstring(out, "nobody");
    else if (candidate == BL_MARK_OVERVOTE)
        bl_buffer_cstring(out, "overvote");
    else
        bl_buffer_text(out, contest->candidates[candidate].name);
}

static void say_pile(bl_buffer *out, const bl_contest *contest, const bl_pile *pile)
{
    bl_buffer_format(out, "%llu:", (unsigned long long)pile->weight);
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        const bl_mark *mark = &contest->marks[pile->first_mark + i];
        bl_buffer_char(out, ' ');
        say_name(out, contest, mark->candidate);
        if (contest->kind != BL_BALLOTS_CHOICE) bl_buffer_format(out, "@%d", mark->value);
    }
    bl_buffer_char(out, '\n');
}

static void say_candidates(bl_buffer *out, const bl_contest *contest)
{
    for (uint32_t i = 0; i < contest->candidate_count; i++) {
        const bl_candidate *one = &contest->candidates[i];
        bl_buffer_cstring(out, i == 0 ? "" : ", ");
        bl_buffer_text(out, one->name);
        if (one->group != BL_NONE) {
            bl_buffer_cstring(out, " of ");
            bl_buffer_text(out, contest->groups[one->group]);
        }
        if (one->is_withdrawn) bl_buffer_cstring(out, " withdrawn");
        if (contest->default_option == i) bl_buffer_cstring(out, " default");
    }
    bl_buffer_char(out, '\n');
}

static void say_ties(bl_buffer *out, const bl_contest *contest)
{
    static const char *const senses[] = {"chosen", "first", "last"};
    for (uint32_t i = 0; i < contest->resolution_count; i++) {
        const bl_resolution *one = &contest->resolutions[i];
        bl_buffer_format(out, "tie in round %u of %u: %s ", one->round, one->tied_count,
                         senses[one->sense]);
        say_name(out, contest, one->chosen);
        bl_buffer_char(out, '\n');
    }
}

static void say_contest(bl_buffer *out, const bl_ballot_file *ballots)
{
    const bl_contest *contest = ballots->contest;
    if (ballots->options.method != BL_METHOD_NONE)
        bl_count_options_say(&ballots->options, out);
    else
        bl_buffer_format(out, "%u seats", ballots->options.seats);
    if (contest->title.size > 0)
        bl_buffer_format(out, "; %.*s", (int)contest->title.size, contest->title.bytes);
    if (contest->weight_scale > 1) bl_buffer_format(out, "; weights/%u", contest->weight_scale);
    if (contest->score_scale > 1) bl_buffer_format(out, "; scores/%u", contest->score_scale);
    if (contest->seed.size > 0)
        bl_buffer_format(out, "; seed %.*s", (int)contest->seed.size, contest->seed.bytes);
    bl_buffer_char(out, '\n');
    say_candidates(out, contest);
    for (uint32_t i = 0; i < contest->pile_count; i++)
        say_pile(out, contest, &contest->piles[i]);
    for (uint32_t i = 0; i < contest->casting_count; i++) {
        bl_buffer_cstring(out, "casting ");
        say_pile(out, contest, &contest->casting[i]);
    }
    say_ties(out, contest);
}

static bool open_other(void *context, bl_text name, bl_text *bytes, const char **why)
{
    (void)context;
    *why = "is not there";
    if (!bl_text_equal(name, BL_TEXT("two.blt"))) return false;
    *bytes = BL_TEXT("2 1\n3 1 2 0\n0\n\"Ana\"\n\"Bo\"\n");
    return true;
}

/* What is read, or the problem with its place. The result lives in the fixture. */
static const char *reading(fixture *f, const char *name, const char *method, bl_text bytes)
{
    bl_ballots_setting setting = {{NULL, 0}, {NULL, 0}};
    bl_ballots_request request = {.name = bl_text_of(name),
                                  .bytes = bytes,
                                  .method = bl_text_of(method),
                                  .settings = &setting,
                                  .how = f->how,
                                  .open = open_other,
                                  .seed = 1};
    if (f->setting) {
        const char *const equals = strchr(f->setting, '=');
        setting.name = (bl_text){f->setting, (size_t)(equals - f->setting)};
        setting.value = bl_text_of(equals + 1);
        request.setting_count = 1;
    }
    bl_buffer_clear(&f->said);
    const bl_ballots_status status = bl_ballots_read(&request, &f->arena, &bl_memory_default,
                                                     &f->ballots);
    if (status == BL_BALLOTS_OK) {
        say_contest(&f->said, &f->ballots);
    } else {
        const bl_ballot_file *b = &f->ballots;
        bl_buffer_text(&f->said, b->file);
        if (b->line > 0) bl_buffer_format(&f->said, ":%u:%u", b->line, b->column);
        bl_buffer_cstring(&f->said, ": ");
        bl_buffer_text(&f->said, b->problem);
    }
    bl_buffer_char(&f->said, '\0');
    return f->said.bytes;
}

#define READS(name, method, bytes, expected)                                                       \
    assert_string_equal(reading(*state, (name), (method), bl_text_of(bytes)), (expected))

/* ---- BLT ---- */

static void blt_says_seats_withdrawals_and_names(void **state)
{
    READS("a.blt", "",
          "4 2 # four for two\n-2\n3 1 3 4 0\n4 1 3 2 0\n3 1 3 4 0\n0\n"
          "\"Adam\"\n\"Basil\"\n\"Charlotte\"\n\"Donald\"\n\"A title\"\n",
          "2 seats; A title\nAdam, Basil withdrawn, Charlotte, Donald\n"
          "6: Adam@1 Charlotte@2 Donald@3\n4: Adam@1 Charlotte@2 Basil@3\n");
}

static void blt_has_skipped_and_equal_ranks(void **state)
{
    READS("a.blt", "irv",
          "3 1\n1 - 2=3 1 0\n(x17) 1 (2 3) 0\n2 /* two\nlines */ 3\n1 0\n0\n\"A\"\n\"B\"\n\"C\"\n",
          "irv, 1 seat\nA, B, C\n1: B@2 C@2 A@3\n1: A@1 B@2 C@2\n2: C@1\n1:\n");
}

static void blt_may_stand_on_one_line_and_weigh_parts(void **state)
{
    READS("a.blt", "irv", "2 1 1.5 1 2 0 0.25 2 0 0 \"A\" \"B \"\"x\"\"\" \"T\"",
          "irv, 1 seat; T; weights/4\nA, B \"x\"\n6: A@1 B \"x\"@2\n1: B \"x\"@1\n");
}

static void blt_without_a_zero_is_told(void **state)
{
    READS("a.blt", "irv", "2 1\n1 1 2 0\n\"A\"\n\"B\"\n",
          "a.blt:3:1: expected the number of ballots, or 0 behind the last, found `\"`");
    READS("a.blt", "irv", "2 1\n1 1 2 0\n",
          "a.blt:3:1: expected a 0 behind the last ballot, found the end of the file");
    READS("a.blt", "irv", "2 1\n1 1 3 0\n0\n",
          "a.blt:2:5: there is no candidate `3`: the first line says 1 to 2");
    READS("a.blt", "irv", "2 1\n1 1 0\n0\n\"A\"\n",
          "a.blt:5:1: expected the name of candidate 2 of 2, found the end of the file");
    READS("a.blt", "irv", "2 1\n1 1 0\n0\n\"A\"\n\"A\"\n", "a.blt:5:1: `A` is a candidate already");
    READS("a.blt", "irv", "2 1\n1 1 0\n0\n\"A\n\"B\"\n",
          "a.blt:4:1: a name without a `\"` at its end");
    READS("a.blt", "irv", "x 1\n", "a.blt:1:1: expected the number of candidates, found `x`");
    READS("a.blt", "irv", "2 0\n", "a.blt:1:3: `0` is no number of seats: it takes 1 to 4096");
    READS("a.blt", "irv", "0 1\n", "a.blt:1:1: the file says that it has no candidates");
    READS("a.blt", "irv", "2 1\n1 (1 2 0\n",
          "a.blt:2:8: there is no candidate `0`: the first line "
          "says 1 to 2");
}

/* ---- PrefLib ---- */

static void preflib_has_orders_with_ties(void **state)
{
    READS("a.toc", "",
          "# TITLE: Leader\n# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: Ana Abel\n"
          "# ALTERNATIVE NAME 2: Bo\n# ALTERNATIVE NAME 3: None Of The Above\n"
          "10: 3,1,2\n9: 2,{1, 3}\n",
          "1 seats; Leader\nAna Abel, Bo, None Of The Above\n"
          "10: None Of The Above@1 Ana Abel@2 Bo@3\n9: Bo@1 Ana Abel@2 None Of The Above@2\n");
}

static void preflib_has_an_older_form(void **state)
{
    READS("a.soi", "irv", "3\n1,Ana\n2,Bo\n3,Cy\n12,12,2\n7,1,2\n5,{2,3},1\n",
          "irv, 1 seat\nAna, Bo, Cy\n7: Ana@1 Bo@2\n5: Bo@1 Cy@1 Ana@2\n");
}

static void categories_are_ranks_or_the_first_is_chosen(void **state)
{
    static const char file[] = "# NUMBER ALTERNATIVES: 3\n# NUMBER CATEGORIES: 2\n"
                               "# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n"
                               "# ALTERNATIVE NAME 3: C\n4: {1,2},3\n2: {},{1,2,3}\n";
    READS("a.cat", "irv", file, "irv, 1 seat\nA, B, C\n4: A@1 B@1 C@2\n2: A@2 B@2 C@2\n");
    READS("a.cat", "approval", file, "approval, 1 seat\nA, B, C\n4: A B\n2:\n");
}

static void preflib_tells_what_is_wrong(void **state)
{
    static const char head[] = "# NUMBER ALTERNATIVES: 1\n# ALTERNATIVE NAME 1: A\n";
    char file[200];
    strcpy(file, head);
    READS("a.soc", "irv", strcat(file, "3: 1,2\n"),
          "a.soc:3:6: `2` is none of the 1 candidates of "
          "this file");
    strcpy(file, head);
    READS("a.soc", "irv", strcat(file, "3: {1\n"), "a.soc:3:4: a `{` without `}`");
    strcpy(file, head);
    READS("a.soc", "irv", strcat(file, "3: 1;\n"),
          "a.soc:3:5: expected `,` or the end of the line, found `;`");
    strcpy(file, head);
    READS("a.soc", "irv", strcat(file, "x: 1\n"),
          "a.soc:3:1: expected how many ballots these are, found `x`");
    strcpy(file, head);
    READS("a.soc", "irv", strcat(file, "1,1\n"), "a.soc:3:1: expected a ballot as `COUNT: 1,2,3`");
    READS("a.soc", "irv", "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n1: 1\n",
          "a.soc:3:1: the head says 2 alternatives and names 1");
    READS("a.soi", "irv", "2\n1,A\n",
          "a.soi:3:1: expected a line NUMBER,NAME for each candidate, "
          "found the end of the file");
}

/* ---- ABIF ---- */

static const char cities[] = "{\"title\": \"Capital\"}\n{max_rating: 5}\n"
                             "42:Mem/5>Nash/2>Chat/1 # most\n26:Nash/5>Chat/4.5=Mem/4\n15:\n"
                             "=Mem:[Memphis, TN]\n=Nash:[Nashville #1]\n=Chat:Chattanooga\n";

static void abif_has_ranks_and_scores(void **state)
{
    READS("a.abif", "irv", cities,
          "irv, 1 seat; Capital\nMemphis, TN, Nashville #1, Chattanooga\n"
          "42: Memphis, TN@1 Nashville #1@2 Chattanooga@3\n"
          "26: Nashville #1@1 Memphis, TN@2 Chattanooga@2\n15:\n");
    READS("a.abif", "star", cities,
          "star, 1 seat, highest 5; Capital; scores/2\nMemphis, TN, Nashville #1, Chattanooga\n"
          "42: Memphis, TN@10 Nashville #1@4 Chattanooga@2\n"
          "26: Memphis, TN@8 Nashville #1@10 Chattanooga@9\n15:\n");
}

static void abif_without_candidates_takes_them_from_ballots(void **state)
{
    READS("a.abif", "irv", "3: A/1, B/3, C/3\n2*[a b]>\"c\"\n",
          "irv, 1 seat\nA, B, C, a b, c\n3: B@1 C@1 A@2\n2: a b@1 c@2\n");
    READS("a.abif", "approval", "3:A/1=B/1\n2:A/0,B/1\n", "approval, 1 seat\nA, B\n3: A B\n2: B\n");
    READS("a.abif", "approval", "3:A,B\n", "approval, 1 seat\nA, B\n3: A B\n");
}

/* Several on a line, and commas and colons inside of values. */
static void abif_says_several_things_on_a_line(void **state)
{
    fixture *f = *state;
    READS("a.abif", "dhondt", "{\"title\": \"Seats, two: a board\", \"seats\": 2}\n3:A\n",
          "dhondt, 2 seats; Seats, two: a board\nA\n3: A\n");
    assert_int_equal(f->ballots.passed_count, 0);
    READS("a.abif", "star", "{max_rating: 3, source: here,there}\n{title: A, b}\n3:A/3\n",
          "star, 1 seat, highest 3; A, b\nA\n3: A@3\n");
    assert_int_equal(f->ballots.passed_count, 0);
    READS("a.abif", "stv", " {seats: 2, \"quota\": \"hare\"}\n3:A\n", "stv, 2 seats\nA\n3: A@1\n");
    assert_int_equal(f->ballots.passed_count, 1);
    assert_true(bl_text_equal(f->ballots.passed[0].key, BL_TEXT("quota")));
    assert_int_equal(f->ballots.passed[0].column, 13);
    READS("a.abif", "irv", "{seats}\n3:A\n", "a.abif:1:1: expected `{KEY: VALUE}`, found no `:`");
    READS("a.abif", "irv", "{seats: 1\n3:A\n",
          "a.abif:1:1: expected `{KEY: VALUE}`, found no `}` at the end");
}

static void abif_tells_what_is_wrong(void **state)
{
    READS("a.abif", "irv", "A>B\n",
          "a.abif:1:1: expected ballots as `27:A>B`, found no number and `:` before them");
    READS("a.abif", "irv", "3:A>\n",
          "a.abif:1:5: expected a candidate's name, found the end of the "
          "line");
    READS("a.abif", "irv", "3:A|B\n", "a.abif:1:4: expected `>`, `=` or `,`, found `|`");
    READS("a.abif", "irv", "=A:[Ana]\n3:Anna\n",
          "a.abif:2:3: `Anna` is no candidate; did you mean "
          "`Ana`?");
    READS("a.abif", "irv", "3:[A\n", "a.abif:1:3: a name without `]` at its end");
    READS("a.abif", "star", "3:A/x\n", "a.abif:1:5: expected a score after `/`, found `x`");
    READS("a.abif", "star", "3:A>B\n",
          "a.abif:1:1: this ballot has no scores, and star counts "
          "scores");
    READS("a.abif", "approval", "3:A/4,B/1\n",
          "a.abif:1:1: scores other than 0 and 1 do not say whom a ballot chooses, and approval "
          "counts choices");
}

/* ---- CSV ---- */

static void csv_has_columns_of_ranks(void **state)
{
    fixture *f = *state;
    static const char file[] = "\xEF\xBB\xBFId,Precinct,1st Choice Mayor,2nd Choice Mayor,Count\r\n"
                               "1,P1,\"Berg, Bo \"\"B.\"\"\",undervote,2\r\n"
                               "2,P1,overvote,UWI,1\r\n3,P2,Ana//Cy,,1\r\n4,P2,,,1\r\n";
    f->how.between = BL_TEXT("//");
    READS("a.csv", "irv", file,
          "irv, 1 seat\nBerg, Bo \"B.\", Ana, Cy\n2: Berg, Bo \"B.\"@1\n"
          "1: overvote@1 nobody@2\n1: Ana@1 Cy@1\n1:\n");
}

static void csv_has_columns_of_candidates(void **state)
{
    static const char file[] = "id;Ana;Bo;Cy\n1;1;2;\n2;;1;2\n";
    READS("a.csv", "irv", file, "irv, 1 seat\nAna, Bo, Cy\n1: Ana@1 Bo@2\n1: Bo@1 Cy@2\n");
    READS("a.csv", "score", file, "score, 1 seat\nAna, Bo, Cy\n1: Ana@1 Bo@2\n1: Bo@1 Cy@2\n");
    READS("a.csv", "approval", "Ana,Bo\nx,\nyes,1\n0,no\n",
          "approval, 1 seat\nAna, Bo\n1: Ana\n1: Ana Bo\n1:\n");
    READS("a.csv", "", file,
          "a.csv: the columns are candidates, and nothing tells whether the numbers below them are "
          "ranks or scores: name a method, or say --csv values=ranks or values=scores");
}

/* As Elekto exports ballots: who has no opinion of a candidate is silent about it. */
static void csv_has_cells_without_an_opinion(void **state)
{
    static const char file[] = "Ana,Bo,Cy\nNo opinion,2,1\n1,no opinion,\n";
    READS("a.csv", "schulze", file,
          "schulze, 1 seat, unranked no_opinion\nAna, Bo, Cy\n1: Cy@1 Bo@2\n1: Ana@1\n");
    READS("a.csv", "schulze", "Ana,Bo\n1,\n", "schulze, 1 seat\nAna, Bo\n1: Ana@1\n");
    READS("a.csv", "irv", file, "irv, 1 seat\nAna, Bo, Cy\n1: Cy@1 Bo@2\n1: Ana@1\n");
    READS("a.json", "",
          "{\"method\": \"minimax\", \"unranked\": \"last\", \"candidates\": [\"a\", \"b\"], "
          "\"ballots\": [{\"ranking\": {\"a\": 1, \"b\": \"No opinion\"}}]}",
          "minimax, 1 seat, unranked last\na, b\n1: a@1\n");
}

static void csv_is_told_what_it_does_not_say(void **state)
{
    fixture *f = *state;
    READS("a.csv", "irv", "Ana,Bo\nBo,Ana\n",
          "a.csv:1:1: no heading is a rank (`Rank 1`, `1st Choice`), and the cells are no numbers; "
          "say --csv first_column=NUMBER where the ranks begin, or --csv header=no where the first "
          "line is a "
          "ballot");
    f->how.has_no_header = true;
    READS("a.csv", "irv", "Ana,Bo\nBo,\n", "irv, 1 seat\nAna, Bo\n1: Ana@1 Bo@2\n1: Bo@1\n");
    f->how = (bl_ballots_how){.first_column = 2};
    READS("a.csv", "irv", "who,a,b\n7,Ana,Bo\n", "irv, 1 seat\nAna, Bo\n1: Ana@1 Bo@2\n");
    f->how = (bl_ballots_how){.contest = BL_TEXT("Clerk")};
    READS("a.csv", "irv", "Mayor Rank 1,Clerk Rank 1,Clerk Rank 2\nA,B,C\n",
          "irv, 1 seat\nB, C\n1: B@1 C@2\n");
}

static void csv_tells_what_is_wrong(void **state)
{
    READS("a.csv", "irv", "Rank 1,Mayor Rank 1\nA,B\n",
          "a.csv:1:8: `Mayor Rank 1` is rank 1 again; where a file has several contests, say which "
          "with --csv contest=WORDS, which stand in its headings");
    READS("a.csv", "irv", "Rank 1\n\"A\n", "a.csv:2:1: a cell without a `\"` at its end");
    READS("a.csv", "irv", "Rank 1\n\"A\"x\n",
          "a.csv:2:4: expected the end of the cell after its closing quote, found `x`");
    READS("a.csv", "irv", "Rank 1\nA,B\n",
          "a.csv:2:3: `B` stands in column 2, and the first line "
          "has 1");
    READS("a.csv", "irv", "Rank 1,Count\nA,many\n",
          "a.csv:2:3: expected how many ballots these are, found `many`");
    READS("a.csv", "irv", "A,B\n0,1\n", "a.csv:2:1: expected a rank from 1, found `0`");
    READS("a.csv", "score", "A,B\n1,two\n",
          "a.csv:1:1: no heading is a rank (`Rank 1`, `1st "
          "Choice`), and the cells are no numbers; say "
          "--csv first_column=NUMBER where the ranks begin, or "
          "--csv header=no where the first line is a ballot");
    READS("a.csv", "score", "A,B\n1,2\n1,two\n", "a.csv:3:3: expected a score, found `two`");
}

/* ---- JSON ---- */

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

/* ---- all formats ---- */

static void the_request_goes_before_the_file(void **state)
{
    fixture *f = *state;
    static const char file[] = "{\"method\":\"stv\",\"options\":{\"quota\":\"hare\"},\"seats\":2,"
                               "\"ballots\":[[\"A\"],[\"B\"]]}";
    f->setting = "seats=1";
    READS("a.json", "", file, "stv, 1 seat, quota hare\nA, B\n1: A@1\n1: B@1\n");
    READS("a.json", "borda", file, "borda, 1 seat\nA, B\n1: A@1\n1: B@1\n");
    f->setting = "quotum=1";
    READS("a.blt", "irv", "1 1\n1 1 0\n0\n\"A\"\n",
          "a.blt: `quotum` is no option of irv; it takes seats, overvote, duplicates, "
          "skipped_most, ranks_most, write_ins, elimination, until, majority_of, threshold, "
          "minimum, drop_unranked, group_most, ties");
}

static void rankings_become_choices(void **state)
{
    static const char file[] = "3 2\n-1\n1 1 2 3 0\n1 3 2 0\n1 2=3 0\n0\n\"A\"\n\"B\"\n\"C\"\n";
    READS("a.blt", "approval", file, "approval, 2 seats\nA withdrawn, B, C\n3: B C\n");
    READS("a.blt", "sntv", file,
          "plurality, 2 seats, choices_most 1\nA withdrawn, B, C\n1: B\n1: C\n1: B C\n");
    READS("a.blt", "dhondt", file, "dhondt, 2 seats\nA withdrawn, B, C\n1: B\n1: C\n1: B C\n");
}

static void formats_are_found(void **state)
{
    static const struct {
        const char *bytes;
        bl_ballots_format format;
    } cases[] = {
        {"{\"ballots\":[[\"A\"]]}", BL_BALLOTS_JSON},
        {"# comment\n1 1\n1 1 0\n0\n\"A\"\n", BL_BALLOTS_BLT},
        {"# FILE NAME: x\n# ALTERNATIVE NAME 1: A\n1: 1\n", BL_BALLOTS_PREFLIB},
        {"1\n1,A\n1,1,1\n1,1\n", BL_BALLOTS_PREFLIB},
        {"{\"title\": \"x\"}\n1:A\n", BL_BALLOTS_ABIF},
        {"1:A>B\n", BL_BALLOTS_ABIF},
        {"Rank 1,Rank 2\nA,B\n", BL_BALLOTS_CSV},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading(f, "ballots", "irv", bl_text_of(cases[i].bytes));
        assert_string_equal(f->ballots.problem.size ? f->said.bytes : "", "");
        assert_int_equal(f->ballots.format, cases[i].format);
    }
    READS("ballots", "irv", "who knows\n",
          "ballots:1:1: neither the name nor the beginning tells the format; say which with "
          "--ballots-format: "
          "json, blt, preflib, abif or csv");
}

static void hostile_bytes_are_told(void **state)
{
    READS("a.blt", "irv", "", "a.blt: the file is empty");
    READS("a.json", "irv", " \n", "a.json: the file is empty");
    READS("a.csv", "irv", "Rank 1\n\xFF\n",
          "a.csv:2:1: a byte that is not UTF-8; save the file as UTF-8 and try again");
    READS("a.csv", "irv", "Rank 1\nA\x1b[31m\n",
          "a.csv:2:1: `A?[31m` has a control character, or one that is invisible or turns the "
          "direction of writing: it is no name");
    READS("a.csv", "irv",
          "Rank 1\n\xE2\x80\xAE"
          "A\n",
          "a.csv:2:1: `?A` has a control character, or one that is invisible or turns the "
          "direction of writing: it is no name");
    assert_string_equal(reading(*state, "a.abif", "irv", (bl_text){"1:A\0B", 5}),
                        "a.abif:1:4: expected `>`, `=` or `,`, found a hidden character");
}

static char *repeated(const char *piece, size_t count, const char *before, const char *behind)
{
    const size_t size = strlen(piece);
    char *out = malloc(strlen(before) + count * size + strlen(behind) + 1);
    char *at = out + strlen(before);
    strcpy(out, before);
    for (size_t i = 0; i < count; i++, at += size)
        memcpy(at, piece, size);
    strcpy(at, behind);
    return out;
}

/* BL_BALLOT_NAME_SIZE_MAX, BL_BALLOT_MARKS_MAX, BL_BALLOT_SCALE_MAX */
static void limits_of_files_hold(void **state)
{
    fixture *f = *state;
    char *name = repeated("x", BL_BALLOT_NAME_SIZE_MAX, "1:", "\n");
    reading(f, "a.abif", "irv", bl_text_of(name));
    assert_int_equal(f->ballots.problem.size, 0);
    free(name);
    name = repeated("x", BL_BALLOT_NAME_SIZE_MAX + 1, "1:", "\n");
    READS("a.abif", "irv", name,
          "a.abif:1:3: a candidate's name of 513 bytes: at most 512 are "
          "allowed");
    free(name);
    char *marks = repeated(" 1", BL_BALLOT_MARKS_MAX, "1 1\n1", " 0\n0\n\"A\"\n");
    reading(f, "a.blt", "irv", bl_text_of(marks));
    assert_int_equal(f->ballots.problem.size, 0);
    assert_int_equal(f->ballots.contest->mark_count, BL_BALLOT_MARKS_MAX);
    free(marks);
    marks = repeated(" 1", BL_BALLOT_MARKS_MAX + 1, "1 1\n1", " 0\n0\n\"A\"\n");
    assert_non_null(strstr(reading(f, "a.blt", "irv", bl_text_of(marks)),
                           "a ballot with more than 16384 marks"));
    free(marks);
    READS("a.abif", "irv", "0.000000001:A\n", "irv, 1 seat; weights/1000000000\nA\n1: A@1\n");
    READS("a.abif", "irv", "0.0000000001:A\n",
          "a.abif:1:1: weights with more decimals than fit: parts of 1/1000000000 at most");
    READS("a.abif", "score", "1:A/0.000000001\n", "score, 1 seat; scores/1000000000\nA\n1: A@1\n");
    READS("a.abif", "score", "1:A/0.0000000001\n",
          "a.abif:1:5: scores with more decimals than fit: parts of 1/1000000000 at most");
}

/* ---- memory ---- */

typedef struct ledger {
    uint64_t count;
    uint64_t fail_at;
    int64_t live;
} ledger;

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    ledger *book = context;
    if (new_size == 0) {
        book->live -= (int64_t)old_size;
        free(pointer);
        return NULL;
    }
    if (++book->count == book->fail_at) return NULL;
    book->live += (int64_t)new_size - (int64_t)old_size;
    return realloc(pointer, new_size);
}

static void fail_each(const char *name, const char *method, const char *bytes)
{
    for (uint64_t n = 1; n < 10000; n++) {
        ledger book = {.fail_at = n};
        const bl_memory memory = {resize, &book};
        bl_arena arena;
        bl_ballot_file ballots;
        const bl_ballots_request request = {
            .name = bl_text_of(name), .bytes = bl_text_of(bytes), .method = bl_text_of(method)};
        bl_arena_init(&arena, &memory);
        const bl_ballots_status status = bl_ballots_read(&request, &arena, &memory, &ballots);
        bl_arena_destroy(&arena);
        assert_int_equal(book.live, 0);
        if (book.count < n) {
            assert_int_equal(status, BL_BALLOTS_OK);
            return;
        }
        if (status == BL_BALLOTS_NOMEM) continue;
        assert_int_equal(status, BL_BALLOTS_OK); /* it was for speed only */
    }
    fail();
}

static void failing_memory_is_an_ordinary_failure(void **state)
{
    (void)state;
    fail_each("a.blt", "irv", "2 1\n1.5 1 2 0\n0\n\"A\"\n\"B\"\n\"T\"\n");
    fail_each("a.toc", "irv", "# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n1: {1,2}\n");
    fail_each("a.abif", "star", cities);
    fail_each("a.csv", "irv", "Rank 1,Rank 2\n\"A \"\"x\"\"\",B\n");
    fail_each("a.json", "",
              "{\"method\":\"stv\",\"options\":{\"quota\":\"hare\"},\"candidates\":[{\"id\":\"A\","
              "\"name\":\"Ana\",\"party\":\"X\"},{\"id\":\"B\"}],\"order\":[\"B\"],\"ballots\":["
              "{\"count\":1.5,\"ranking\":[\"Ana\",\"B\"]}],\"tie_resolutions\":[\"A\"],"
              "\"casting\":[[\"A\"]],\"title\":\"T\"}");
    fail_each(
        "a.json", "",
        "{\"method\":\"stv\",\"options\":{\"variant\":\"meek\",\"ties\":[\"by lot\",\"previous "
        "round\"],"
        "\"no such\":3,\"nor such\":4,\"threshold\":\"hare\"},\"ballots\":[[\"A\"]],"
        "\"tie_resolutions\":{\"Round 2\":\"A\"},\"candidates\":[\"A\"]}");
    fail_each(
        "a.json", "",
        "{\"method\":\"condorcet\",\"formula\":\"schulze\",\"options\":{\"majority\":{\"A\":\"3:"
        "1\","
        "\"default\":\"2:1\"},\"quorum\":\"50\"},\"ballots\":[[\"A\"]],\"candidates\":[\"A\"]}");
}

int main(void)
{
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(blt_says_seats_withdrawals_and_names),
        TEST(blt_has_skipped_and_equal_ranks),
        TEST(blt_may_stand_on_one_line_and_weigh_parts),
        TEST(blt_without_a_zero_is_told),
        TEST(preflib_has_orders_with_ties),
        TEST(preflib_has_an_older_form),
        TEST(categories_are_ranks_or_the_first_is_chosen),
        TEST(preflib_tells_what_is_wrong),
        TEST(abif_has_ranks_and_scores),
        TEST(abif_without_candidates_takes_them_from_ballots),
        TEST(abif_says_several_things_on_a_line),
        TEST(abif_tells_what_is_wrong),
        TEST(csv_has_columns_of_ranks),
        TEST(csv_has_columns_of_candidates),
        TEST(csv_has_cells_without_an_opinion),
        TEST(csv_is_told_what_it_does_not_say),
        TEST(csv_tells_what_is_wrong),
        TEST(json_carries_its_rules),
        TEST(json_ballots_have_many_forms),
        TEST(json_has_scores_and_choices),
        TEST(json_has_a_default_and_a_casting_vote),
        TEST(json_may_name_another_file),
        TEST(json_leaves_out_what_is_no_option),
        TEST(json_tells_keys_that_are_not_used),
        TEST(json_options_have_many_names),
        TEST(json_ties_have_many_forms),
        TEST(json_methods_have_variants),
        TEST(json_has_majorities_and_quorums_of_some),
        TEST(json_tells_what_is_wrong),
        TEST(the_request_goes_before_the_file),
        TEST(rankings_become_choices),
        TEST(formats_are_found),
        TEST(hostile_bytes_are_told),
        TEST(limits_of_files_hold),
        TEST(failing_memory_is_an_ordinary_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
