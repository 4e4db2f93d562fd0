/*
 * Ballot files in unit tests: what is read becomes text. The first line is the rules and figures,
 * the second the candidates; then comes a line for each pile, `weight: candidate@rank …`. Where it
 * cannot be read the text is the problem with its place.
 *
 * Included behind the headers that cmocka wants.
 */
#ifndef TEST_READING_BALLOTS_H
#define TEST_READING_BALLOTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ballots.h"

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, set_up, tear_down)

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

/* Files that a case may name. */
static bool open_other(void *context, bl_text name, bl_text *bytes, const char **why)
{
    static const struct {
        const char *name, *bytes;
    } others[] = {
        {"two.blt", "2 1\n3 1 2 0\n0\n\"Ana\"\n\"Bo\"\n"},
        {"four.blt", "4 2\n-4\n3 1 2 0\n2 3 4 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n\"T\"\n"},
        {"cut.blt", "2 1\n3 1 5 0\n0\n\"A\"\n\"B\"\n"},
        {"undeclared.abif", "3:A>B\n"},
        {"ward.csv", "2,1,\n3,1,2,\n\"Candidate 1\",\"A\",\"P\",\n\"Candidate 2\",\"B\",\"Q\",\n"},
    };
    (void)context;
    *why = "is not there";
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!bl_text_equal(name, bl_text_of(others[i].name))) continue;
        *bytes = bl_text_of(others[i].bytes);
        return true;
    }
    return false;
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

#endif
