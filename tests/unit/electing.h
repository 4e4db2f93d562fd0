/*
 * Elections in unit tests: a contest written as text, and counted. What a count says is text by
 * counted.h; what drawn elections share stands in drawn_elections.h.
 *
 * Included behind the headers that cmocka wants. Ballots: the first line names the candidates, as
 * "ana bo/blue ~cy *none ?uwi": of the group blue, withdrawn, the default option, undeclared
 * write-ins. Each other line is so many ballots:
 *
 *     42: ana > bo = cy > - > dee      rankings; `=` puts two at one rank, `-` skips a rank
 *     3: ana bo                        choices
 *     3: ana 5, bo 2.5                 scores, in halves
 *
 * `?` is a name that is no candidate, `!` an overvote of which no more is known.
 */
#ifndef TEST_ELECTING_H
#define TEST_ELECTING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"

enum { MARKS_MOST = 256, SCORE_SCALE = 2 };

typedef struct election {
    bl_memory memory;
    bl_arena arena;
    bl_contest_builder *builder;
    uint32_t fallback; /* the default option of what is built */
    bl_contest *contest;
    bl_count_options options;
    bl_count count;
    bl_count_status status;
    bl_buffer text;
    uint64_t chance; /* see draw() */
    size_t allocations;
    size_t fail_at; /* this allocation fails; 0: none does */
    size_t held;
    bool is_counted;
} election;

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_election, end_election)

/* ---- from test to test ---- */

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    election *e = context;
    if (new_size && ++e->allocations == e->fail_at) return NULL;
    void *const moved = bl_memory_default.resize(NULL, pointer, old_size, new_size);
    e->held += new_size - old_size;
    return moved;
}

static int begin_election(void **state)
{
    election *e = calloc(1, sizeof *e);
    e->memory = (bl_memory){metered_resize, e};
    e->chance = 20;
    bl_arena_init(&e->arena, &e->memory);
    bl_buffer_init(&e->text, &e->memory);
    *state = e;
    return 0;
}

static void forget_count(election *e)
{
    if (e->is_counted) bl_count_free(&e->count);
    e->is_counted = false;
}

static void forget_election(election *e)
{
    forget_count(e);
    bl_arena_destroy(&e->arena);
    bl_arena_init(&e->arena, &e->memory);
    bl_buffer_clear(&e->text);
    e->contest = NULL;
}

/* Whatever was allocated must be free again. */
static int end_election(void **state)
{
    election *e = *state;
    forget_election(e);
    bl_arena_destroy(&e->arena);
    bl_buffer_free(&e->text);
    const size_t held = e->held;
    free(e);
    return held == 0 ? 0 : -1;
}

/* ---- contests ---- */

/* Takes what stands before one of `ends` off a text, without blanks around it. */
static bl_text take(const char **rest, const char *ends)
{
    bl_text out = {*rest, strcspn(*rest, ends)};
    *rest += out.size + ((*rest)[out.size] != '\0');
    while (out.size > 0 && out.bytes[0] == ' ')
        out.bytes++, out.size--;
    while (out.size > 0 && out.bytes[out.size - 1] == ' ')
        out.size--;
    return out;
}

static void add_candidate(election *e, bl_text name)
{
    const bool is_withdrawn = name.bytes[0] == '~', is_default = name.bytes[0] == '*';
    const bool is_undeclared = name.bytes[0] == '?';
    if (is_withdrawn || is_default || is_undeclared) name.bytes++, name.size--;
    const char *slash = memchr(name.bytes, '/', name.size);
    const size_t size = slash ? (size_t)(slash - name.bytes) : name.size;
    uint32_t number;
    assert_int_equal(bl_contest_add_candidate(e->builder, (bl_text){name.bytes, size}, &number),
                     BL_CONTEST_OK);
    bl_candidate *candidate = bl_contest_candidate(e->builder, number);
    candidate->is_withdrawn = is_withdrawn;
    candidate->is_undeclared = is_undeclared;
    if (is_default) e->fallback = number;
    if (slash)
        candidate->group = bl_contest_add_group(e->builder,
                                                (bl_text){slash + 1, name.size - size - 1});
}

/* The first line; ballots come next, then end_contest(). */
static void begin_contest(election *e, const char *candidates)
{
    forget_election(e);
    e->fallback = BL_NONE;
    e->builder = bl_contest_begin(&e->arena, &e->memory, 7);
    assert_non_null(e->builder);
    while (*candidates) {
        const bl_text name = take(&candidates, " ");
        if (name.size > 0) add_candidate(e, name);
    }
}

/* So many candidates: c0, c1, … */
static inline void begin_field(election *e, uint32_t size)
{
    begin_contest(e, "");
    for (uint32_t i = 0; i < size; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%u", i);
        add_candidate(e, bl_text_of(name));
    }
}

static void add_marks(election *e, bl_mark *marks, uint32_t count, uint64_t weight)
{
    assert_int_equal(bl_contest_add_ballot(e->builder, marks, count, weight), BL_CONTEST_OK);
}

static void end_contest(election *e, bl_ballot_kind kind)
{
    e->contest = bl_contest_end(e->builder, kind);
    assert_non_null(e->contest);
    e->contest->default_option = e->fallback;
}

static uint32_t candidate_of(const election *e, bl_text name)
{
    if (bl_text_equal(name, BL_TEXT("?"))) return BL_MARK_NOBODY;
    if (bl_text_equal(name, BL_TEXT("!"))) return BL_MARK_OVERVOTE;
    const uint32_t number = bl_contest_find(e->builder, name);
    assert_int_not_equal(number, BL_NONE);
    return number;
}

static uint32_t read_ranking(const election *e, const char *line, bl_mark *marks)
{
    uint32_t count = 0;
    for (int32_t rank = 1; *line; rank++) {
        char place[256];
        const bl_text whole = take(&line, ">");
        snprintf(place, sizeof place, "%.*s", (int)whole.size, whole.bytes);
        for (const char *rest = place; *rest;) {
            const bl_text name = take(&rest, "=");
            if (bl_text_equal(name, BL_TEXT("-"))) continue;
            assert_true(count < MARKS_MOST);
            marks[count++] = (bl_mark){candidate_of(e, name), rank};
        }
    }
    return count;
}

static uint32_t read_choices(const election *e, const char *line, bl_mark *marks)
{
    uint32_t count = 0;
    while (*line) {
        const bl_text name = take(&line, " ");
        if (name.size > 0) marks[count++] = (bl_mark){candidate_of(e, name), 1};
    }
    return count;
}

static uint32_t read_scores(const election *e, const char *line, bl_mark *marks)
{
    uint32_t count = 0;
    while (*line) {
        const bl_text one = take(&line, ",");
        const char *rest = one.bytes;
        const bl_text name = take(&rest, " ");
        bl_rational score;
        assert_true(
            bl_rational_parse((bl_text){rest, (size_t)(one.bytes + one.size - rest)}, &score));
        assert_int_equal(SCORE_SCALE % score.den, 0);
        marks[count++] = (bl_mark){candidate_of(e, name),
                                   (int32_t)(score.num * (SCORE_SCALE / score.den))};
    }
    return count;
}

static void make_contest_of(election *e, bl_ballot_kind kind, const char *ballots)
{
    char line[4096];
    bl_mark marks[MARKS_MOST];
    bl_text next = take(&ballots, "\n");
    snprintf(line, sizeof line, "%.*s", (int)next.size, next.bytes);
    begin_contest(e, line);
    while (*ballots) {
        next = take(&ballots, "\n");
        snprintf(line, sizeof line, "%.*s", (int)next.size, next.bytes);
        const char *rest = line;
        const uint64_t weight = strtoull(take(&rest, ":").bytes, NULL, 10);
        rest += strspn(rest, " ");
        const uint32_t count = kind == BL_BALLOTS_RANKING  ? read_ranking(e, rest, marks)
                               : kind == BL_BALLOTS_CHOICE ? read_choices(e, rest, marks)
                                                           : read_scores(e, rest, marks);
        add_marks(e, marks, count, weight);
    }
    end_contest(e, kind);
    if (kind == BL_BALLOTS_SCORES) e->contest->score_scale = SCORE_SCALE;
}

/* Of rankings. */
static inline void make_contest(election *e, const char *ballots)
{
    make_contest_of(e, BL_BALLOTS_RANKING, ballots);
}

static inline bl_candidate *candidate_at(const election *e, uint32_t number)
{
    return (bl_candidate *)&e->contest->candidates[number];
}

static inline uint32_t number_of(const election *e, const char *name)
{
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        if (bl_text_equal(e->contest->candidates[i].name, bl_text_of(name))) return i;
    return BL_NONE;
}

/* ---- counts ---- */

/* "irv until=two ties=previous_round,lot seats=2" */
static void set_rules(election *e, const char *rules)
{
    bl_buffer problem;
    bl_buffer_init(&problem, &bl_memory_default);
    if (!bl_count_method_named(take(&rules, " "), &e->options)) fail_msg("no such method");
    while (*rules) {
        const char *next = rules;
        const bl_text one = take(&next, " ");
        const bl_text name = take(&rules, "=");
        const bl_text value = {rules, (size_t)(one.bytes + one.size - rules)};
        rules = next;
        if (!bl_count_option_set(&e->options, name, value, &problem))
            fail_msg("%.*s", (int)problem.size, problem.bytes);
    }
    bl_buffer_free(&problem);
}

/* Counts the contest by the rules that are set, again if it was counted before. */
static void count_it(election *e)
{
    forget_count(e);
    e->status = bl_count_run(e->contest, &e->options, &e->arena, &e->memory, &e->count);
    e->is_counted = true;
}

static inline bl_count_status try_count(election *e, const char *rules)
{
    set_rules(e, rules);
    count_it(e);
    return e->status;
}

static inline void count_by(election *e, const char *rules)
{
    assert_int_equal(try_count(e, rules), BL_COUNT_OK);
}

static inline void prepare_of(election *e, bl_ballot_kind kind, const char *rules,
                              const char *ballots)
{
    make_contest_of(e, kind, ballots);
    set_rules(e, rules);
}

static inline void prepare(election *e, const char *rules, const char *ballots)
{
    prepare_of(e, BL_BALLOTS_RANKING, rules, ballots);
}

static inline void elect(election *e, const char *rules, const char *ballots)
{
    make_contest(e, ballots);
    count_by(e, rules);
}

static inline void choose(election *e, const char *rules, const char *ballots)
{
    make_contest_of(e, BL_BALLOTS_CHOICE, ballots);
    count_by(e, rules);
}

static inline void score(election *e, const char *rules, const char *ballots)
{
    make_contest_of(e, BL_BALLOTS_SCORES, ballots);
    count_by(e, rules);
}

/* Counts while the allocation at a number fails; false when so many are not made. Out of memory is
 * told as what it is. */
static inline bool fails_at(election *e, size_t at)
{
    e->allocations = 0;
    e->fail_at = at;
    count_it(e);
    e->fail_at = 0;
    const bool has_failed = e->allocations >= at;
    assert_int_equal(e->status, has_failed ? BL_COUNT_NOMEM : BL_COUNT_OK);
    return has_failed;
}

#endif
