/*
 * Making contests: equal ballots fall on one pile whatever the order of their marks, names find
 * candidates, units become smaller, and each limit at it and one beyond it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "contest.h"

typedef struct fixture {
    bl_arena arena;
    bl_contest_builder *builder;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    f->builder = bl_contest_begin(&f->arena, &bl_memory_default, 7);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    if (f->builder) bl_contest_abandon(f->builder);
    bl_arena_destroy(&f->arena);
    free(f);
    return 0;
}

static void stand(fixture *f, uint32_t count)
{
    char name[16];
    uint32_t number;
    for (uint32_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "c%u", i);
        assert_int_equal(bl_contest_add_candidate(f->builder, bl_text_of(name), &number),
                         BL_CONTEST_OK);
        assert_int_equal(number, i);
    }
}

static const bl_contest *end(fixture *f, bl_ballot_kind kind)
{
    const bl_contest *contest = bl_contest_end(f->builder, kind);
    f->builder = NULL;
    assert_non_null(contest);
    return contest;
}

static void names_find_candidates(void **state)
{
    fixture *f = *state;
    uint32_t number;
    stand(f, 300);
    assert_int_equal(bl_contest_add_candidate(f->builder, BL_TEXT("c17"), &number),
                     BL_CONTEST_TWICE);
    assert_int_equal(number, 17);
    assert_int_equal(bl_contest_find(f->builder, BL_TEXT("c299")), 299);
    assert_int_equal(bl_contest_find(f->builder, BL_TEXT("c300")), BL_NONE);
    assert_int_equal(bl_contest_find(f->builder, BL_TEXT("")), BL_NONE);
    assert_int_equal(bl_contest_add_name(f->builder, 3, BL_TEXT("three")), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_name(f->builder, 3, BL_TEXT("three")), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_name(f->builder, 4, BL_TEXT("three")), BL_CONTEST_TWICE);
    assert_int_equal(bl_contest_find(f->builder, BL_TEXT("three")), 3);
    assert_int_equal(bl_contest_add_group(f->builder, BL_TEXT("red")), 0);
    assert_int_equal(bl_contest_add_group(f->builder, BL_TEXT("blue")), 1);
    assert_int_equal(bl_contest_add_group(f->builder, BL_TEXT("red")), 0);
    const bl_contest *contest = end(f, BL_BALLOTS_RANKING);
    assert_int_equal(contest->candidate_count, 300);
    assert_int_equal(contest->group_count, 2);
    assert_true(bl_text_equal(contest->candidates[3].name, BL_TEXT("c3")));
}

static void equal_ballots_fall_on_one_pile(void **state)
{
    fixture *f = *state;
    stand(f, 3);
    bl_mark first[] = {{2, 2}, {0, 1}, {1, 2}}, again[] = {{0, 1}, {1, 2}, {2, 2}};
    bl_mark other[] = {{0, 1}, {1, 2}}, nobody[] = {{BL_MARK_NOBODY, 1}, {0, 1}};
    assert_int_equal(bl_contest_add_ballot(f->builder, first, 3, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, 5), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, other, 2, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, again, 3, 2), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, nobody, 2, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, 0), BL_CONTEST_OK);
    const bl_contest *contest = end(f, BL_BALLOTS_RANKING);
    assert_int_equal(contest->pile_count, 4);
    assert_int_equal(contest->total, 10);
    assert_int_equal(contest->piles[0].weight, 3);
    assert_int_equal(contest->piles[1].mark_count, 0);
    const bl_mark *marks = &contest->marks[contest->piles[0].first_mark];
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(marks[i].candidate, i);
        assert_int_equal(marks[i].value, i == 0 ? 1 : 2);
    }
    assert_int_equal(contest->marks[contest->piles[3].first_mark].candidate, 0);
}

static void scores_end_in_the_order_of_candidates(void **state)
{
    fixture *f = *state;
    enum { COUNT = 100 }; /* more than are sorted by insertion */
    stand(f, COUNT);
    bl_mark up[COUNT], down[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        up[i] = (bl_mark){i, (int32_t)(i * 37 % 11) - 5};
        down[COUNT - 1 - i] = up[i];
    }
    assert_int_equal(bl_contest_add_ballot(f->builder, up, COUNT, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, down, COUNT, 1), BL_CONTEST_OK);
    const bl_contest *contest = end(f, BL_BALLOTS_SCORES);
    assert_int_equal(contest->pile_count, 1);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(contest->marks[i].candidate, i);
        assert_int_equal(contest->marks[i].value, (int32_t)(i * 37 % 11) - 5);
    }
}

static void units_become_smaller(void **state)
{
    fixture *f = *state;
    stand(f, 2);
    bl_mark scores[] = {{0, 5}, {1, -2}}, same[] = {{0, 50}, {1, -20}};
    assert_int_equal(bl_contest_add_ballot(f->builder, scores, 2, 3), BL_CONTEST_OK);
    assert_int_equal(bl_contest_rescale(f->builder, 2, 10), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, same, 2, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_rescale(f->builder, 1, UINT32_C(1) << 30), BL_CONTEST_TOO_MANY);
    const bl_contest *contest = end(f, BL_BALLOTS_SCORES);
    assert_int_equal(contest->pile_count, 1);
    assert_int_equal(contest->total, 7);
    assert_int_equal(contest->marks[1].value, -20);
}

/* Many different ballots, each twice: the tables grow and lose nothing. */
static void many_piles_keep_their_order(void **state)
{
    fixture *f = *state;
    enum { COUNT = 5000 };
    stand(f, 100);
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        const uint32_t n = i % COUNT;
        bl_mark marks[] = {{n % 100, 1}, {n / 100, 2}};
        assert_int_equal(bl_contest_add_ballot(f->builder, marks, 2, 1), BL_CONTEST_OK);
    }
    const bl_contest *contest = end(f, BL_BALLOTS_RANKING);
    assert_int_equal(contest->pile_count, COUNT);
    for (uint32_t n = 0; n < COUNT; n++) {
        const bl_mark *marks = &contest->marks[contest->piles[n].first_mark];
        assert_int_equal(contest->piles[n].weight, 2);
        assert_int_equal(marks[0].candidate, n % 100);
        assert_int_equal(marks[1].candidate, n / 100);
    }
}

/* BL_CANDIDATE_COUNT_MAX */
static void candidates_have_a_limit(void **state)
{
    fixture *f = *state;
    uint32_t number;
    stand(f, BL_CANDIDATE_COUNT_MAX);
    assert_int_equal(bl_contest_add_candidate(f->builder, BL_TEXT("one more"), &number),
                     BL_CONTEST_TOO_MANY);
    assert_int_equal(bl_contest_add_candidate(f->builder, BL_TEXT("c4095"), &number),
                     BL_CONTEST_TWICE);
}

/* BL_WEIGHT_MAX */
static void weights_have_a_limit(void **state)
{
    fixture *f = *state;
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, BL_WEIGHT_MAX - 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, 2), BL_CONTEST_TOO_MANY);
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(f->builder, NULL, 0, 1), BL_CONTEST_TOO_MANY);
    assert_int_equal(bl_contest_rescale(f->builder, 2, 1), BL_CONTEST_TOO_MANY);
}

/*
 * A memory whose large pieces are one page, mapped again and again: two gigabytes of marks that are
 * all the same cost nothing. Small pieces are ordinary.
 */
enum { LARGE = 1 << 24, PIECE = 1 << 21 };
typedef struct mirror {
    int file;
} mirror;

static void *map_mirror(const mirror *m, size_t size)
{
    const size_t whole = (size + PIECE - 1) / PIECE * PIECE;
    char *at = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED, m->file, 0); /* the room */
    if (at == MAP_FAILED) return NULL;
    for (size_t i = 0; i < whole; i += PIECE)
        if (mmap(at + i, PIECE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, m->file, 0) ==
            MAP_FAILED)
            return NULL;
    return at;
}

static void *mirror_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    if (old_size < LARGE && new_size < LARGE && new_size > 0) return realloc(pointer, new_size);
    void *got = new_size == 0      ? NULL
                : new_size < LARGE ? malloc(new_size)
                                   : map_mirror(context, new_size);
    if (new_size > 0 && !got) return NULL;
    if (pointer && old_size >= LARGE)
        munmap(pointer, (old_size + PIECE - 1) / PIECE * PIECE);
    else if (pointer && new_size == 0)
        free(pointer);
    else if (pointer) {
        memcpy(got, pointer, old_size < new_size ? old_size : new_size);
        free(pointer);
    }
    return got;
}

/* BL_MARK_COUNT_MAX: ballots without a candidate's name, all marks alike but in number. */
static void marks_have_a_limit(void **state)
{
    (void)state;
    char name[] = "/tmp/bylaw-marks-XXXXXX";
    mirror m = {.file = mkstemp(name)};
    assert_true(m.file >= 0);
    unlink(name);
    assert_int_equal(ftruncate(m.file, PIECE), 0);
    const bl_memory memory = {mirror_resize, &m};
    const uint32_t half = BL_MARK_COUNT_MAX / 2;
    bl_mark *marks = map_mirror(&m, (size_t)BL_MARK_COUNT_MAX * sizeof *marks);
    assert_non_null(marks);
    bl_arena arena;
    bl_arena_init(&arena, &memory);
    bl_contest_builder *builder = bl_contest_begin(&arena, &memory, 7);
    assert_int_equal(bl_contest_add_ballot(builder, marks, half + 1, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(builder, marks, half, 1), BL_CONTEST_TOO_MANY);
    assert_int_equal(bl_contest_add_ballot(builder, marks, half - 1, 1), BL_CONTEST_OK);
    assert_int_equal(bl_contest_add_ballot(builder, marks, 1, 1), BL_CONTEST_TOO_MANY);
    assert_int_equal(bl_contest_add_ballot(builder, NULL, 0, 1), BL_CONTEST_OK);
    bl_contest_abandon(builder);
    bl_arena_destroy(&arena);
    munmap(marks, (size_t)BL_MARK_COUNT_MAX * sizeof *marks);
    close(m.file);
}

int main(void)
{
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(names_find_candidates),
        TEST(equal_ballots_fall_on_one_pile),
        TEST(scores_end_in_the_order_of_candidates),
        TEST(units_become_smaller),
        TEST(many_piles_keep_their_order),
        TEST(candidates_have_a_limit),
        TEST(weights_have_a_limit),
        TEST(marks_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
