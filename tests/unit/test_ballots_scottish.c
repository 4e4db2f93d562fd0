/*
 * Elections of Scottish councils under names of CSV: rows without headings, and BLT. Tables with
 * headings are read as they are. The rows here are of the forms that mggg/scot-elex and VoteKit
 * share, with votes written for these tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reading_ballots.h"

#define CANDIDATES                                                                                 \
    "\"Candidate 1\",\"Paul\",\"Orange (O)\",\n\"Candidate 2\",\"George\",\"Yellow (Y)\",\n"       \
    "\"Candidate 3\",\"Ringo\",\"Orange (O)\",\n"
#define WARD CANDIDATES "\"Wardy McWard Ward\",\n"
#define READ                                                                                       \
    "Paul of Orange (O), George of Yellow (Y), Ringo of Orange (O)\n126: Paul@1\n"                 \
    "9: Paul@1 George@2\n1: Ringo@1 George@2 Paul@3\n"

static const char ballots[] = "3,2,\n126,1,\n9,1,2,\n1,3,2,1,\n";

static const char *joined(fixture *f, const char *before, const char *behind)
{
    bl_buffer_clear(&f->told);
    bl_buffer_format(&f->told, "%s%s", before, behind);
    bl_buffer_char(&f->told, '\0');
    return f->told.bytes;
}

static void rows_have_ballots_and_then_names(void **state)
{
    fixture *f = *state;
    READS("a.csv", "stv", joined(f, ballots, WARD), "stv, 2 seats; Wardy McWard Ward\n" READ);
    assert_int_equal(f->ballots.format, BL_BALLOTS_CSV);
    READS("a.csv", "stv", joined(f, ballots, CANDIDATES), "stv, 2 seats\n" READ);
    READS("ballots", "stv", joined(f, ballots, WARD), "stv, 2 seats; Wardy McWard Ward\n" READ);
    READS("a.csv", "irv", "1,1,\n0.5,1,\n2,\n0,1,\n\"Candidate 1\",\"A\",\n",
          "irv, 1 seat; weights/2\nA\n1: A@1\n4:\n");
}

/* Quotes are doubled without being a cell, spreadsheets pad rows, and lines end in two ways. */
static void rows_are_written_in_several_ways(void **state)
{
    fixture *f = *state;
    READS("a.csv", "stv", joined(f, ballots, CANDIDATES "\"\"Ward 1 - North, West and Sea\"\","),
          "stv, 2 seats; Ward 1 - North, West and Sea\n" READ);
    READS("a.csv", "stv",
          "\xEF\xBB\xBF\r\n3,2,,,\r\n126,1,,,\r\n,,,\r\n\"9\",\"1\",2,\r\n1, 3 ,2,1,\r\n\r\n"
          "Candidate 1,Paul,Orange (O),\r\n\"Candidate 2\" ,\"George\",Yellow (Y),,\r\n\r\n"
          "\"Candidate 3\",\" Ringo\",\"Orange (O)\"\r\nWardy McWard Ward,,,\r\n\r\n",
          "stv, 2 seats; Wardy McWard Ward\n" READ);
    READS("a.csv", "irv", "1,1\n2,1\n\"Candidate 1\",\"A \"\"x\"\", B\"\n",
          "irv, 1 seat\nA \"x\", B\n2: A \"x\", B@1\n");
}

static void what_the_rows_cannot_say_is_told(void **state)
{
    fixture *f = *state;
#define TELLS(rows, problem) READS("a.csv", "stv", joined(f, rows, WARD), problem)
    TELLS("3,2,\n9,1,4,\n", "a.csv:2:5: there is no candidate `4`: the first line says 1 to 3");
    TELLS("3,2,\n9,0,\n", "a.csv:2:3: there is no candidate `0`: the first line says 1 to 3");
    TELLS("3,2,\n9,1,b,\n", "a.csv:2:5: there is no candidate `b`: the first line says 1 to 3");
    TELLS("3,2,\n9,1,,2,\n", "a.csv:2:5: expected a candidate's number, found an empty cell");
    TELLS("3,2,\nx,1,\n", "a.csv:2:1: expected how many ballots these are, found `x`");
    TELLS("3,2,\n-2,1,\n", "a.csv:2:1: expected how many ballots these are, found `-2`");
    TELLS("3,2,\n,1,\n", "a.csv:2:1: expected how many ballots these are, found ``");
    TELLS("3,2,\n9,\"1,\n", "a.csv:2:3: a cell without a `\"` at its end");
    TELLS("3,2,\n9,\"1\"2,\n",
          "a.csv:2:6: expected the end of the cell after its closing quote, found `2`");
    TELLS("3,0,\n9,1,\n", "a.csv:1:3: `0` is no number of seats: it takes 1 to 4096");
    TELLS("0,1,\n9,1,\n", "a.csv:1:1: the file says that it has no candidates");
    TELLS("4097,1,\n9,1,\n", "a.csv:1:1: more than 4096 candidates");
    TELLS("2,1,\n9,1,\n", "a.csv:5:1: the first line says that there are 2 candidates");
    TELLS("4,1,\n9,1,\n", "a.csv:6:1: expected `Candidate 4`, found `Wardy McWard Ward`");
#undef TELLS
#define TELLS(rows, problem) READS("a.csv", "stv", joined(f, "2,1,\n9,1,\n", rows), problem)
    TELLS("", "a.csv:3:1: expected `Candidate 1`, a name and a party behind the ballots, found the "
              "end of the file");
    TELLS("\"Candidate 1\",\"A\",\n",
          "a.csv:4:1: expected the name of candidate 2 of 2, found the end of the file");
    TELLS("\"Candidate 2\",\"A\",\n", "a.csv:3:1: expected `Candidate 1`, found `Candidate 2`");
    TELLS("\"Candidate 1\",\"A\",\n4,1,\n", "a.csv:4:1: expected `Candidate 2`, found `4`");
    TELLS("\"Candidate 1\",\"\",\n",
          "a.csv:3:15: expected a candidate's name, found an empty name");
    TELLS("\"Candidate 1\",\"A\",\"P\",\"Q\",\n",
          "a.csv:3:23: expected the end of the row, found `Q`");
    TELLS("\"Candidate 1\",\"A\",\n\"Candidate 2\",\"A\",\n",
          "a.csv:4:15: `A` is a candidate already");
    TELLS("\"Candidate 1\",\"A\",\n\"Candidate 2\",\"B\",\n\"W\",\n9,2,\n",
          "a.csv:6:1: expected the end of the file behind the name of the ward, found `9,2,`");
    TELLS("\"Candidate 1\",\"A\",\n\"Candidate 2\",\"B\",\n\"W\x1b\",\n",
          "a.csv:5:2: `W?` has a control character, or one that is invisible or turns the "
          "direction of writing: it is no name");
#undef TELLS
}

static void blt_may_have_a_name_of_csv(void **state)
{
    fixture *f = *state;
    READS("a.csv", "stv",
          "2 1 \n155 1 0\n52 1 2 0\n0\nCatherine MACDONALD (Ind)\n\"D J MACRAE\"\nNa Hearadh\n",
          "stv, 1 seat; Na Hearadh\nCatherine MACDONALD (Ind), D J MACRAE\n"
          "155: Catherine MACDONALD (Ind)@1\n52: Catherine MACDONALD (Ind)@1 D J MACRAE@2\n");
    assert_int_equal(f->ballots.format, BL_BALLOTS_BLT);
    READS("a.csv", "stv", "2 1,\n155 1 0,\n0,\nA\nB\n", "stv, 1 seat\nA, B\n155: A@1\n");
    READS("a.csv", "stv", "2 1\n9 3 0\n0\nA\nB\n",
          "a.csv:2:3: there is no candidate `3`: the first line says 1 to 2");
}

/* Candidates may be called by numbers; and what --csv says of the table goes before. */
static void tables_of_numbers_stay_tables(void **state)
{
    fixture *f = *state;
    READS("a.csv", "irv", "3,1\n1,2\n2,1\n", "irv, 1 seat\n3, 1\n1: 3@1 1@2\n1: 1@1 3@2\n");
    READS("a.csv", "irv", "3;1\n1;2\n", "irv, 1 seat\n3, 1\n1: 3@1 1@2\n");
    READS("a.csv", "irv", "3\t1\n1\t2\n", "irv, 1 seat\n3, 1\n1: 3@1 1@2\n");
    f->how.values = BL_BALLOTS_VALUES_RANKS;
    READS("a.csv", "irv", "3,1,\n1,2,\n", "irv, 1 seat\n3, 1\n1: 3@1 1@2\n");
    f->how = (bl_ballots_how){.has_no_header = true};
    READS("a.csv", "irv", "3,1,\n1,,\n", "irv, 1 seat\n3, 1\n1: 3@1 1@2\n1: 1@1\n");
    READS("a.csv", "irv", "4 3\n4 3\n", "irv, 1 seat\n4 3\n2: 4 3@1\n");
}

/* Every file that is cut off, or has another character somewhere, is read or told with its place.
 */
static void damaged_rows_are_told(void **state)
{
    fixture *f = *state;
    static const char others[] = "\",\n0 9C\x80";
    char file[512];
    const size_t size = (size_t)snprintf(file, sizeof file, "%s%s", ballots, WARD);
    for (size_t i = 0; i < size; i++) {
        reading(f, "a.csv", "stv", (bl_text){file, i});
        if (f->ballots.problem.size == 0) assert_true(f->ballots.contest->candidate_count > 0);
        for (size_t k = 0; k < sizeof others - 1; k++) {
            const char before = file[i];
            file[i] = others[k];
            reading(f, "a.csv", "stv", (bl_text){file, size});
            file[i] = before;
            if (f->ballots.problem.size == 0)
                assert_true(f->ballots.contest->candidate_count > 0);
            else
                assert_int_equal(f->ballots.line == 0, f->ballots.column == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_have_ballots_and_then_names), TEST(rows_are_written_in_several_ways),
        TEST(what_the_rows_cannot_say_is_told), TEST(blt_may_have_a_name_of_csv),
        TEST(tables_of_numbers_stay_tables),    TEST(damaged_rows_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
