/*
 * What a count says, as text for unit tests: rounds, sentences, winners, places, figures. Each
 * text lives until the next is made.
 *
 * Included behind the headers that cmocka wants.
 */
#ifndef TEST_COUNTED_H
#define TEST_COUNTED_H

#include "electing.h"

#define IS_SAID(e, sentences) assert_string_equal(text_of_sentences(e), (sentences))
#define IS_WON(e, winners) assert_string_equal(text_of_winners(e), (winners))
#define IS_COUNTED(e, rules, ballots, rounds)                                                      \
    do {                                                                                           \
        elect((e), (rules), (ballots));                                                            \
        assert_string_equal(text_of_rounds(e), (rounds));                                          \
    } while (0)

static inline void assert_text(bl_text text, const char *expected)
{
    char copy[4096];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    assert_string_equal(copy, expected);
}

static inline void is_none(const election *e, const char *because)
{
    assert_int_equal(e->status, BL_COUNT_OK);
    assert_text(e->count.none_because, because);
}

static inline void has_note(const election *e, size_t at, const char *note)
{
    assert_true(at < e->count.notes.count);
    assert_text(e->count.notes.items[at], note);
}

static inline const char *finish_text(election *e)
{
    bl_buffer_char(&e->text, '\0');
    e->text.size--;
    return e->text.bytes;
}

/* ---- rounds ---- */

static inline void write_name(election *e, uint32_t candidate)
{
    if (candidate == BL_NONE)
        bl_buffer_char(&e->text, '.');
    else
        bl_buffer_text(&e->text, e->contest->candidates[candidate].name);
}

static inline void write_list(election *e, const char *before, const uint32_t *list, uint32_t size)
{
    if (size > 0) bl_buffer_cstring(&e->text, before);
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_buffer_char(&e->text, ' ');
        write_name(e, list[i]);
    }
}

/* "1: a 3 b 2 c 1 | of 4 | x 0 | - c | c>a 1": threshold, exhausted, elected (+), eliminated. */
static inline void write_round(election *e, const bl_round *round)
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
    return finish_text(e);
}

/* ---- sentences ---- */

static inline void write_line(election *e, const char *before, bl_text line)
{
    bl_buffer_cstring(&e->text, before);
    bl_buffer_text(&e->text, line);
    bl_buffer_char(&e->text, '\n');
}

/* Of all rounds, a line each. */
static inline const char *text_of_sentences(election *e)
{
    bl_buffer_clear(&e->text);
    for (size_t i = 0; i < e->count.rounds.count; i++)
        write_line(e, "", e->count.rounds.items[i].sentence);
    return finish_text(e);
}

/* Sentences of rounds, then "tie: …", "note: …" and "none: …". */
static inline const char *all_said(election *e)
{
    text_of_sentences(e);
    for (size_t i = 0; i < e->count.ties.count; i++)
        write_line(e, "tie: ", e->count.ties.items[i].sentence);
    for (size_t i = 0; i < e->count.notes.count; i++)
        write_line(e, "note: ", e->count.notes.items[i]);
    if (e->count.none_because.size > 0) write_line(e, "none: ", e->count.none_because);
    return finish_text(e);
}

/* ---- who is where ---- */

/* The winners in their order, with a blank between; "nobody". */
static inline const char *text_of_winners(election *e)
{
    bl_buffer_clear(&e->text);
    write_list(e, "", e->count.winners, e->count.winner_count);
    if (e->count.winner_count == 0) bl_buffer_cstring(&e->text, "nobody");
    return finish_text(e);
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
    return finish_text(e);
}

/* "ana > bo = chi": candidates by place; those who have none are missing. */
static inline const char *text_of_ranking(election *e)
{
    bl_buffer_clear(&e->text);
    for (uint32_t place = 1; e->count.places && place <= e->contest->candidate_count; place++) {
        const char *between = e->text.size > 0 ? " > " : "";
        for (uint32_t i = 0; i < e->contest->candidate_count; i++) {
            if (e->count.places[i] != place) continue;
            bl_buffer_cstring(&e->text, between);
            write_name(e, i);
            between = " = ";
        }
    }
    return finish_text(e);
}

/* "4 3 1 0": seats by list. */
static inline const char *text_of_seats(election *e)
{
    bl_buffer_clear(&e->text);
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        bl_buffer_format(&e->text, "%s%u", i == 0 ? "" : " ", e->count.seats[i]);
    return finish_text(e);
}

/* ---- figures ---- */

static inline const bl_figure *figure(const election *e, const char *name)
{
    for (size_t i = 0; i < e->count.figures.count; i++)
        if (strcmp(e->count.figures.items[i].name, name) == 0) return &e->count.figures.items[i];
    fail_msg("there is no figure %s", name);
    return NULL;
}

/* The cells with a blank between, an empty one as `.`; a row of a matrix a line, and each text. */
static inline void write_figure(election *e, const bl_figure *shown)
{
    const uint32_t width = shown->shape == BL_FIGURE_TEXTS    ? 1
                           : shown->shape == BL_FIGURE_MATRIX ? e->contest->candidate_count
                                                              : shown->cell_count;
    for (uint32_t i = 0; i < shown->cell_count; i++) {
        if (i > 0) bl_buffer_char(&e->text, i % width == 0 ? '\n' : ' ');
        bl_buffer_text(&e->text, shown->cells[i].size > 0 ? shown->cells[i] : BL_TEXT("."));
    }
}

static inline const char *text_of_figure(election *e, const char *name)
{
    bl_buffer_clear(&e->text);
    write_figure(e, figure(e, name));
    return finish_text(e);
}

#endif
