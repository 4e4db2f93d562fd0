/*
 * Elections in unit tests: a contest written as text, counted, and its rounds written as text.
 *
 * Included behind the headers that cmocka wants. Ballots: the first line names the candidates, as
 * "ana bo/blue ~cy *none ?uwi": of the group blue, withdrawn, the default option, undeclared
 * write-ins. Each other line is "42: ana > bo = cy > - > dee": so many ballots; `=` puts two at one
 * rank, `-` skips a rank, `?` is a name that is no candidate, `!` an overvote of which no more is
 * known.
 */
#ifndef TEST_ELECTING_H
#define TEST_ELECTING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"

enum { MARKS_MOST = 256 };

typedef struct election {
    bl_memory memory;
    bl_arena arena;
    bl_contest *contest;
    bl_count_options options;
    bl_count count;
    bl_count_status status;
    bl_buffer text;
    size_t allocations;
    size_t fail_at; /* this allocation fails; 0: none does */
    size_t held;
    bool is_counted;
} election;

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
    bl_arena_init(&e->arena, &e->memory);
    bl_buffer_init(&e->text, &e->memory);
    *state = e;
    return 0;
}

static void forget_election(election *e)
{
    if (e->is_counted) bl_count_free(&e->count);
    e->is_counted = false;
    bl_arena_destroy(&e->arena);
    bl_arena_init(&e->arena, &e->memory);
    bl_buffer_clear(&e->text);
}

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

/* The first line. The number of the default option, or BL_NONE. */
static uint32_t read_candidates(bl_contest_builder *builder, const char *line)
{
    uint32_t fallback = BL_NONE;
    while (*line) {
        bl_text name = take(&line, " ");
        const bool is_withdrawn = name.bytes[0] == '~', is_default = name.bytes[0] == '*';
        const bool is_undeclared = name.bytes[0] == '?';
        if (is_withdrawn || is_default || is_undeclared) name.bytes++, name.size--;
        const char *slash = memchr(name.bytes, '/', name.size);
        const size_t size = slash ? (size_t)(slash - name.bytes) : name.size;
        uint32_t number;
        assert_int_equal(bl_contest_add_candidate(builder, (bl_text){name.bytes, size}, &number),
                         BL_CONTEST_OK);
        bl_candidate *candidate = bl_contest_candidate(builder, number);
        candidate->is_withdrawn = is_withdrawn;
        candidate->is_undeclared = is_undeclared;
        if (is_default) fallback = number;
        if (slash)
            candidate->group = bl_contest_add_group(builder,
                                                    (bl_text){slash + 1, name.size - size - 1});
    }
    return fallback;
}

static uint32_t candidate_of(bl_contest_builder *builder, bl_text name)
{
    if (bl_text_equal(name, BL_TEXT("?"))) return BL_MARK_NOBODY;
    if (bl_text_equal(name, BL_TEXT("!"))) return BL_MARK_OVERVOTE;
    const uint32_t number = bl_contest_find(builder, name);
    assert_int_not_equal(number, BL_NONE);
    return number;
}

static uint32_t read_marks(bl_contest_builder *builder, const char *line, bl_mark *marks)
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
            marks[count++] = (bl_mark){candidate_of(builder, name), rank};
        }
    }
    return count;
}

static void read_contest(election *e, const char *ballots)
{
    char line[4096];
    bl_mark marks[MARKS_MOST];
    bl_contest_builder *builder = bl_contest_begin(&e->arena, &e->memory, 7);
    assert_non_null(builder);
    const bl_text first = take(&ballots, "\n");
    snprintf(line, sizeof line, "%.*s", (int)first.size, first.bytes);
    const uint32_t fallback = read_candidates(builder, line);
    while (*ballots) {
        const bl_text next = take(&ballots, "\n");
        snprintf(line, sizeof line, "%.*s", (int)next.size, next.bytes);
        const char *rest = line;
        const uint64_t weight = strtoull(take(&rest, ":").bytes, NULL, 10);
        const uint32_t count = read_marks(builder, rest, marks);
        assert_int_equal(bl_contest_add_ballot(builder, marks, count, weight), BL_CONTEST_OK);
    }
    e->contest = bl_contest_end(builder, BL_BALLOTS_RANKING);
    assert_non_null(e->contest);
    e->contest->default_option = fallback;
}

/* "irv until=two ties=previous_round,lot seats=2" */
static void read_rules(election *e, const char *rules)
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

static void prepare(election *e, const char *rules, const char *ballots)
{
    forget_election(e);
    read_contest(e, ballots);
    read_rules(e, rules);
}

/* Counts what was prepared. */
static void count_it(election *e)
{
    e->status = bl_count_run(e->contest, &e->options, &e->arena, &e->memory, &e->count);
    e->is_counted = true;
}

static inline void elect(election *e, const char *rules, const char *ballots)
{
    prepare(e, rules, ballots);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
}

static void write_name(election *e, uint32_t candidate)
{
    if (candidate == BL_NONE)
        bl_buffer_char(&e->text, '.');
    else
        bl_buffer_text(&e->text, e->contest->candidates[candidate].name);
}

static void write_list(election *e, const char *before, const uint32_t *list, uint32_t size)
{
    if (size > 0) bl_buffer_cstring(&e->text, before);
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_buffer_char(&e->text, ' ');
        write_name(e, list[i]);
    }
}

/* "1: a 3 b 2 c 1 | of 4 | x 0 | - c | c>a 1": threshold, exhausted, elected (+), eliminated. */
static void write_round(election *e, const bl_round *round)
{
    bl_buffer_format(&e->text, "%u:", round->number);
    for (uint32_t i = 0; i < e->contest->candidate_count; i++) {
        if (round->tally[i].text.size == 0) continue;
        bl_buffer_char(&e->text, ' ');
        write_name(e, i);
        bl_buffer_char(&e->text, ' ');
        bl_buffer_text(&e->text, round->tally[i].text);
    }
    if (round->threshold.text.size > 0)
        bl_buffer_format(&e->text, " | of %.*s", (int)round->threshold.text.size,
                         round->threshold.text.bytes);
    if (!bl_text_equal(round->exhausted.text, BL_TEXT("0")))
        bl_buffer_format(&e->text, " | x %.*s", (int)round->exhausted.text.size,
                         round->exhausted.text.bytes);
    write_list(e, " | + ", round->elected, round->elected_count);
    write_list(e, " | - ", round->eliminated, round->eliminated_count);
    for (uint32_t i = 0; i < round->transfer_count; i++) {
        bl_buffer_cstring(&e->text, i == 0 ? " | " : " ");
        write_name(e, round->transfers[i].from);
        bl_buffer_char(&e->text, '>');
        write_name(e, round->transfers[i].to);
        bl_buffer_char(&e->text, ' ');
        bl_buffer_text(&e->text, round->transfers[i].amount.text);
    }
    bl_buffer_char(&e->text, '\n');
}

static inline const char *text_of_rounds(election *e)
{
    bl_buffer_clear(&e->text);
    for (size_t i = 0; i < e->count.rounds.count; i++)
        write_round(e, &e->count.rounds.items[i]);
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

/* The sentences of all rounds, a line each. */
static inline const char *text_of_sentences(election *e)
{
    bl_buffer_clear(&e->text);
    for (size_t i = 0; i < e->count.rounds.count; i++) {
        bl_buffer_text(&e->text, e->count.rounds.items[i].sentence);
        bl_buffer_char(&e->text, '\n');
    }
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

/* The winners in their order, with a blank between; "nobody". */
static inline const char *text_of_winners(election *e)
{
    bl_buffer_clear(&e->text);
    write_list(e, "", e->count.winners, e->count.winner_count);
    if (e->count.winner_count == 0) bl_buffer_cstring(&e->text, "nobody");
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

#endif
