/*
 * Elections of choices and scores in unit tests, written as text; and what a count says beside its
 * rounds.
 *
 * Included behind the headers that cmocka wants.
 */
#ifndef TEST_ELECTING_VALUES_H
#define TEST_ELECTING_VALUES_H

#include "electing.h"

/* ---- choices and scores as text ---- */

/* "3: ana bo" or "3: ana 5, bo 2.5" (in units of 1 / scale); `?` and `!` as in electing.h. */
static inline uint32_t read_values(bl_contest_builder *builder, const char *line, uint32_t scale,
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

static inline void prepare_values(election *e, const char *rules, const char *ballots,
                                  uint32_t scale)
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

static inline void choose(election *e, const char *rules, const char *ballots)
{
    prepare_values(e, rules, ballots, 0);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
}

static inline void score(election *e, const char *rules, const char *ballots)
{
    prepare_values(e, rules, ballots, 2);
    count_it(e);
    assert_int_equal(e->status, BL_COUNT_OK);
}

/* Sentences of rounds, then "tie: …", "note: …" and "none: …". */
static inline const char *all_said(election *e)
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
static inline const char *text_of_figure(election *e, const char *name)
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
static inline const char *text_of_places(election *e)
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

static inline const char *text_of_seats(election *e)
{
    bl_buffer_clear(&e->text);
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        bl_buffer_format(&e->text, "%s%u", i == 0 ? "" : " ", e->count.seats[i]);
    bl_buffer_char(&e->text, '\0');
    return e->text.bytes;
}

#endif
