/*
 * Contests of rankings for unit tests, written as people write them, and counted.
 *
 * Included behind the headers that cmocka wants.
 */
#ifndef TEST_PAIRS_CONTEST_H
#define TEST_PAIRS_CONTEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"

typedef struct fixture {
    bl_memory memory;
    bl_arena arena;
    bl_contest_builder *builder;
    bl_contest *contest;
    bl_count_options options;
    bl_count count;
    bool is_counted;
    size_t allocations;
    size_t fail_at; /* the allocation that fails; 0: none */
    uint64_t seed;
} fixture;

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    fixture *f = context;
    if (new_size && ++f->allocations == f->fail_at) return NULL;
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->memory = (bl_memory){metered_resize, f};
    bl_arena_init(&f->arena, &f->memory);
    f->seed = 20;
    *state = f;
    return 0;
}

static void forget_count(fixture *f)
{
    if (f->is_counted) bl_count_free(&f->count);
    f->is_counted = false;
}

/* Everything that was made is gone. */
static void forget(fixture *f)
{
    forget_count(f);
    bl_arena_reset(&f->arena);
    f->contest = NULL;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    forget(f);
    bl_arena_destroy(&f->arena);
    free(f);
    return 0;
}

static inline uint32_t next_random(fixture *f, uint32_t below)
{
    f->seed = f->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(f->seed >> 33) % below;
}

/* Candidates with a space between: "ana bo chi". */
static inline void begin_contest(fixture *f, const char *candidates)
{
    forget(f);
    f->builder = bl_contest_begin(&f->arena, &f->memory, 7);
    assert_non_null(f->builder);
    for (const char *at = candidates; *at;) {
        const size_t size = strcspn(at, " ");
        uint32_t number;
        assert_int_equal(bl_contest_add_candidate(f->builder, (bl_text){at, size}, &number),
                         BL_CONTEST_OK);
        at += size;
        at += strspn(at, " ");
    }
}

static inline bl_mark mark_of(fixture *f, bl_text name, int32_t rank)
{
    if (bl_text_equal(name, BL_TEXT("?"))) return (bl_mark){BL_MARK_OVERVOTE, rank};
    const uint32_t found = bl_contest_find(f->builder, name);
    return (bl_mark){found == BL_NONE ? BL_MARK_NOBODY : found, rank};
}

/* "5: a > b = c > d": weight and ranking; `?` marks a rank where the record does not say who, a
 * name that is no candidate is a write-in. */
static inline void add_ballot(fixture *f, const char *line, size_t size)
{
    bl_mark marks[64];
    uint32_t count = 0;
    int32_t rank = 1;
    char *rest;
    const uint64_t weight = strtoull(line, &rest, 10);
    assert_int_equal(*rest, ':');
    for (const char *at = rest + 1; at < line + size;) {
        const size_t blank = strspn(at, " ");
        at += blank;
        if (at >= line + size) break;
        if (*at == '>' || *at == '=') {
            rank += *at++ == '>';
            continue;
        }
        const size_t length = strcspn(at, " >=\n");
        marks[count++] = mark_of(f, (bl_text){at, length}, rank);
        at += length;
    }
    assert_int_equal(bl_contest_add_ballot(f->builder, marks, count, weight), BL_CONTEST_OK);
}

static void end_contest(fixture *f)
{
    f->contest = bl_contest_end(f->builder, BL_BALLOTS_RANKING);
    assert_non_null(f->contest);
}

/* A whole contest; a ballot a line. */
static inline void make_contest(fixture *f, const char *candidates, const char *ballots)
{
    begin_contest(f, candidates);
    for (const char *at = ballots; *at;) {
        const size_t size = strcspn(at, "\n");
        if (size > 0) add_ballot(f, at, size);
        at += size + (at[size] == '\n');
    }
    end_contest(f);
}

static inline bl_candidate *candidate_at(fixture *f, uint32_t number)
{
    return (bl_candidate *)&f->contest->candidates[number];
}

static inline uint32_t number_of(const fixture *f, const char *name)
{
    for (uint32_t i = 0; i < f->contest->candidate_count; i++)
        if (bl_text_equal(f->contest->candidates[i].name, bl_text_of(name))) return i;
    return BL_NONE;
}

/* "schulze strength=margins seats=2" */
static void set_options(fixture *f, const char *text)
{
    const size_t size = strcspn(text, " ");
    assert_true(bl_count_method_named((bl_text){text, size}, &f->options));
    for (const char *at = text + size; *at;) {
        at += strspn(at, " ");
        const size_t name = strcspn(at, "="), value = strcspn(at + name + 1, " ");
        assert_true(bl_count_option_set(&f->options, (bl_text){at, name},
                                        (bl_text){at + name + 1, value}, NULL));
        at += name + 1 + value;
    }
}

static bl_count_status run_count(fixture *f, const char *options)
{
    forget_count(f);
    set_options(f, options);
    f->is_counted = true;
    return bl_count_run(f->contest, &f->options, &f->arena, &f->memory, &f->count);
}

static void count_by(fixture *f, const char *options)
{
    assert_int_equal(run_count(f, options), BL_COUNT_OK);
}

/* ---- what came out, as text ---- */

/* "ana bo", in the order of election. */
static inline const char *winners(const fixture *f)
{
    static char text[4096];
    size_t size = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < f->count.winner_count; i++) {
        const bl_text name = f->contest->candidates[f->count.winners[i]].name;
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%.*s", i > 0 ? " " : "",
                                 (int)name.size, name.bytes);
    }
    return text;
}

/* "ana > bo = chi"; those who are not ranked are missing. */
static inline const char *ranking(const fixture *f)
{
    static char text[4096];
    size_t size = 0;
    text[0] = '\0';
    for (uint32_t place = 1; place <= f->contest->candidate_count; place++) {
        const char *between = size > 0 ? " > " : "";
        for (uint32_t i = 0; i < f->contest->candidate_count; i++) {
            if (f->count.places[i] != place) continue;
            const bl_text name = f->contest->candidates[i].name;
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%.*s", between,
                                     (int)name.size, name.bytes);
            between = " = ";
        }
    }
    return text;
}

static const bl_figure *figure(const fixture *f, const char *name)
{
    for (size_t i = 0; i < f->count.figures.count; i++)
        if (strcmp(f->count.figures.items[i].name, name) == 0) return &f->count.figures.items[i];
    return NULL;
}

/* The cells of a figure with a space between, an empty one as `.`, a row of a matrix a line; lines
 * of text a line each. */
static inline const char *cells(const fixture *f, const char *name)
{
    static char text[1 << 16];
    size_t size = 0;
    const bl_figure *shown = figure(f, name);
    assert_non_null(shown);
    text[0] = '\0';
    const uint32_t width = shown->shape == BL_FIGURE_TEXTS    ? 1
                           : shown->shape == BL_FIGURE_MATRIX ? f->contest->candidate_count
                                                              : shown->cell_count;
    for (uint32_t i = 0; i < shown->cell_count; i++) {
        const bl_text cell = shown->cells[i];
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%.*s",
                                 i == 0           ? ""
                                 : i % width == 0 ? "\n"
                                                  : " ",
                                 cell.size > 0 ? (int)cell.size : 1,
                                 cell.size > 0 ? cell.bytes : ".");
    }
    return text;
}

/* All sentences: rounds, then ties, then notes, a line each. */
static inline const char *sentences(const fixture *f)
{
    static char text[1 << 16];
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < f->count.rounds.count; i++) {
        const bl_text said = f->count.rounds.items[i].sentence;
        size += (size_t)snprintf(text + size, sizeof text - size, "%.*s\n", (int)said.size,
                                 said.bytes);
    }
    for (size_t i = 0; i < f->count.ties.count; i++) {
        const bl_text said = f->count.ties.items[i].sentence;
        size += (size_t)snprintf(text + size, sizeof text - size, "tie: %.*s\n", (int)said.size,
                                 said.bytes);
    }
    for (size_t i = 0; i < f->count.notes.count; i++) {
        const bl_text said = f->count.notes.items[i];
        size += (size_t)snprintf(text + size, sizeof text - size, "note: %.*s\n", (int)said.size,
                                 said.bytes);
    }
    return text;
}

static inline void assert_text(bl_text text, const char *expected)
{
    char copy[4096];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    assert_string_equal(copy, expected);
}

#endif
