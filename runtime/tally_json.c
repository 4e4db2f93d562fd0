/*
 * A count as JSON Lines: an object for each round, and last one with the result.
 *
 * Keys come in one order. What a method has nothing of is left out; `elected` and `eliminated` are
 * always lists, and `exhausted` is always there where candidates go out one after the other.
 */
#include "json.h"
#include "tally.h"

#include <string.h>

/* Begins a member: a comma where one stands before it. */
static void put_key(bl_buffer *out, const char *key)
{
    if (out->size > 0 && !out->failed && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
    bl_json_write_text(out, bl_text_of(key));
    bl_buffer_char(out, ':');
}

static void put_text(bl_buffer *out, const char *key, bl_text text)
{
    put_key(out, key);
    bl_json_write_text(out, text);
}

/* A number where JSON has one that is exact; else as text: "7/3". */
static void put_value(bl_buffer *out, bl_text number)
{
    if (bl_tally_is_decimal(number))
        bl_buffer_text(out, number);
    else
        bl_json_write_text(out, number);
}

static void put_number(bl_buffer *out, const char *key, bl_text number)
{
    if (number.size == 0) return;
    put_key(out, key);
    put_value(out, number);
}

static void put_name(const bl_count *count, uint32_t candidate, bl_buffer *out)
{
    bl_json_write_text(out, count->contest->candidates[candidate].name);
}

static void put_names(const bl_count *count, const char *key, const uint32_t *candidates,
                      uint32_t size, bl_buffer *out)
{
    put_key(out, key);
    bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        put_name(count, candidates[i], out);
    }
    bl_buffer_char(out, ']');
}

static void put_whole(bl_buffer *out, const char *key, uint32_t number)
{
    put_key(out, key);
    bl_buffer_number(out, number);
}

/* ---- rounds ---- */

bool bl_tally_eliminates(bl_method method)
{
    return method == BL_METHOD_TWO_ROUND || method == BL_METHOD_IRV ||
           method == BL_METHOD_BOTTOMS_UP || method == BL_METHOD_SEQUENTIAL_IRV ||
           method == BL_METHOD_STV || method == BL_METHOD_MEEK;
}

/* {"ana":12,"bo":7}: of those who have one. */
static void put_tally(const bl_count *count, const bl_amount *tally, bl_buffer *out)
{
    bl_buffer_char(out, '{');
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (tally[i].text.size == 0) continue;
        if (out->bytes && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
        put_name(count, i, out);
        bl_buffer_char(out, ':');
        put_value(out, tally[i].text);
    }
    bl_buffer_char(out, '}');
}

static void put_transfers(const bl_count *count, const bl_round *round, bl_buffer *out)
{
    if (round->transfer_count == 0) return;
    put_key(out, "transfers");
    bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < round->transfer_count; i++) {
        const bl_transfer_row *row = &round->transfers[i];
        bl_buffer_cstring(out, i > 0 ? ",{" : "{");
        if (row->from != BL_NONE) put_text(out, "from", count->contest->candidates[row->from].name);
        put_key(out, "to");
        if (row->to == BL_NONE)
            bl_buffer_cstring(out, "null");
        else
            put_name(count, row->to, out);
        put_number(out, "amount", row->amount.text);
        bl_buffer_char(out, '}');
    }
    bl_buffer_char(out, ']');
}

static void put_round(const bl_count *count, const bl_round *round, bl_buffer *out)
{
    bl_buffer_char(out, '{');
    put_whole(out, "round", round->number);
    put_key(out, "tally");
    put_tally(count, round->tally, out);
    put_number(out, "threshold", round->threshold.text);
    put_names(count, "elected", round->elected, round->elected_count, out);
    put_names(count, "eliminated", round->eliminated, round->eliminated_count, out);
    if (round->exhausted.text.size > 0)
        put_number(out, "exhausted", round->exhausted.text);
    else if (bl_tally_eliminates(count->options->method))
        put_whole(out, "exhausted", 0);
    put_number(out, "lost", round->lost.text);
    put_transfers(count, round, out);
    put_text(out, "sentence", round->sentence);
    bl_buffer_cstring(out, "}\n");
}

/* ---- the result ---- */

/* Those of one place are a list of their own where they are several. */
static void put_place(const bl_count *count, uint32_t place, bool *is_first, bl_buffer *out)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        size += count->places[i] == place;
    if (size == 0) return;
    if (!*is_first) bl_buffer_char(out, ',');
    *is_first = false;
    if (size > 1) bl_buffer_char(out, '[');
    for (uint32_t i = 0, written = 0; i < count->contest->candidate_count; i++) {
        if (count->places[i] != place) continue;
        if (written++ > 0) bl_buffer_char(out, ',');
        put_name(count, i, out);
    }
    if (size > 1) bl_buffer_char(out, ']');
}

static void put_ranking(const bl_count *count, bl_buffer *out)
{
    if (!count->places) return;
    bool is_first = true;
    put_key(out, "ranking");
    bl_buffer_char(out, '[');
    for (uint32_t place = 1; place <= count->contest->candidate_count; place++)
        put_place(count, place, &is_first, out);
    bl_buffer_char(out, ']');
}

/* Seats of lists: those that got some. */
static void put_seats_of_lists(const bl_count *count, bl_buffer *out)
{
    if (!count->seats) return;
    put_key(out, "apportioned");
    bl_buffer_char(out, '{');
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (out->bytes && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
        put_name(count, i, out);
        bl_buffer_char(out, ':');
        bl_buffer_number(out, count->seats[i]);
    }
    bl_buffer_char(out, '}');
}

/* {"a":12}, or one row of a matrix; cells that are empty are left out. */
static void put_cells(const bl_count *count, const bl_text *cells, bl_buffer *out)
{
    bl_buffer_char(out, '{');
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (cells[i].size == 0) continue;
        if (out->bytes && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
        put_name(count, i, out);
        bl_buffer_char(out, ':');
        put_value(out, cells[i]);
    }
    bl_buffer_char(out, '}');
}

static void put_matrix(const bl_count *count, const bl_text *cells, bl_buffer *out)
{
    const uint32_t size = count->contest->candidate_count;
    bl_buffer_char(out, '{');
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        put_name(count, i, out);
        bl_buffer_char(out, ':');
        put_cells(count, cells + (size_t)i * size, out);
    }
    bl_buffer_char(out, '}');
}

static void put_texts(bl_buffer *out, const bl_text *texts, size_t count)
{
    bl_buffer_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, texts[i]);
    }
    bl_buffer_char(out, ']');
}

static void put_figure(const bl_count *count, const bl_figure *figure, bl_buffer *out)
{
    put_key(out, figure->name);
    switch (figure->shape) {
    case BL_FIGURE_ONE: put_value(out, figure->cells[0]); break;
    case BL_FIGURE_LIST: put_cells(count, figure->cells, out); break;
    case BL_FIGURE_MATRIX: put_matrix(count, figure->cells, out); break;
    case BL_FIGURE_TEXTS: put_texts(out, figure->cells, figure->cell_count); break;
    }
}

static void put_ties(const bl_count *count, bl_buffer *out)
{
    put_key(out, "ties");
    bl_buffer_char(out, '[');
    for (size_t i = 0; i < count->ties.count; i++) {
        const bl_tie_told *tie = &count->ties.items[i];
        bl_buffer_cstring(out, i > 0 ? ",{" : "{");
        if (tie->round > 0) put_whole(out, "round", tie->round);
        put_names(count, "tied", tie->tied, tie->tied_count, out);
        if (tie->chosen != BL_NONE)
            put_text(out, "chosen", count->contest->candidates[tie->chosen].name);
        put_text(out, "sentence", tie->sentence);
        bl_buffer_char(out, '}');
    }
    bl_buffer_char(out, ']');
}

static void put_units(const bl_count *count, uint64_t units, bl_buffer *out)
{
    bl_rational ballots;
    if (!bl_rational_make((int64_t)units, (int64_t)count->contest->weight_scale, &ballots)) return;
    const size_t start = out->size;
    bl_rational_write_decimal(out, ballots);
    if (out->failed) return;
    if (!bl_tally_is_decimal((bl_text){out->bytes + start, out->size - start})) {
        out->size = start;
        bl_json_write_number(out, ballots);
    }
}

static void put_result(const bl_count *count, bl_buffer *out)
{
    bl_buffer_char(out, '{');
    if (bl_count_default_wins(count))
        put_names(count, "winners", &count->contest->default_option, 1, out);
    else
        put_names(count, "winners", count->winners, count->winner_count, out);
    put_ranking(count, out);
    put_seats_of_lists(count, out);
    if (count->contest->title.size > 0) put_text(out, "title", count->contest->title);
    put_text(out, "method", bl_text_of(bl_methods[count->options->method].name));
    put_whole(out, "seats", count->options->seats);
    put_whole(out, "vacant", count->vacant);
    put_key(out, "ballots");
    put_units(count, count->contest->total + count->blank, out);
    if (count->blank > 0) {
        put_key(out, "blank");
        put_units(count, count->blank, out);
    }
    for (size_t i = 0; i < count->figures.count; i++)
        put_figure(count, &count->figures.items[i], out);
    put_ties(count, out);
    put_key(out, "notes");
    put_texts(out, count->notes.items, count->notes.count);
    if (count->none_because.size > 0) put_text(out, "none", count->none_because);
    bl_buffer_cstring(out, "}\n");
}

void bl_tally_write_json(const bl_count *count, bl_buffer *out)
{
    for (size_t i = 0; i < count->rounds.count && !out->failed; i++)
        put_round(count, &count->rounds.items[i], out);
    if (!out->failed) put_result(count, out);
}
