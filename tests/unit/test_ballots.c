/*
 * Ballot files: what each format says becomes the contest it should, and what cannot be read is
 * told with its line and column. JSON is in test_ballots_json.c. All files here were written for
 * these tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading_ballots.h"

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
          "minimum, drop_unranked, rounds_most, group_most, ties");
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
        const bl_ballots_request request = {.name = bl_text_of(name),
                                            .bytes = bl_text_of(bytes),
                                            .method = bl_text_of(method),
                                            .open = open_other};
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
    fail_each("a.csv", "stv",
              "2,1,\n1.5,\"2\",1,\n\"Candidate 1\",\"A\",\"P\",\n"
              "\"Candidate 2\",\"B\",\"Q\",\n\"W\",\n");
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
    fail_each("a.json", "",
              "{\"method\":\"stv\",\"ballots_file\":\"four.blt\",\"withdrawn\":[\"A\"]}");
    fail_each(
        "a.json", "",
        "{\"method\":\"condorcet\",\"formula\":\"schulze\",\"options\":{\"majority\":{\"A\":\"3:"
        "1\","
        "\"default\":\"2:1\"},\"quorum\":\"50\"},\"ballots\":[[\"A\"]],\"candidates\":[\"A\"]}");
}

int main(void)
{
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
        TEST(the_request_goes_before_the_file),
        TEST(rankings_become_choices),
        TEST(formats_are_found),
        TEST(hostile_bytes_are_told),
        TEST(limits_of_files_hold),
        TEST(failing_memory_is_an_ordinary_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
