/*
 * A count for people: what was counted, round by round with bars, and what came of it.
 *
 * Short counts are told here, each round as a list with bars and its sentence; long ones as the
 * table of tally_table.c. Whoever is elected or out is marked with a sign and a word; color only
 * repeats that.
 */
#include "markup.h"
#include "tally.h"

#include <string.h>

enum {
    NAME_WIDTH_MOST = 24,
    BAR_WIDTH_MOST = 40,
    BAR_WIDTH_LEAST = 4,
    ROUND_LINES_MOST = 60 /* longer counts are told as one table */
};

/* ---- the order of rows ---- */

typedef struct row_rank {
    uint32_t seat; /* among the elected; BL_NONE */
    uint32_t place; /* in the ranking; BL_NONE */
    uint32_t last_round; /* with a tally, from 1; 0: none */
    bl_rational tally; /* in that round */
} row_rank;

static row_rank rank_of(const bl_count *count, bl_buffer *room, uint32_t candidate)
{
    row_rank rank = {BL_NONE, BL_NONE, 0, BL_RATIONAL(0)};
    for (uint32_t i = 0; i < count->winner_count; i++)
        if (count->winners[i] == candidate) rank.seat = i;
    if (count->places && count->places[candidate] > 0) rank.place = count->places[candidate];
    for (size_t i = count->rounds.count; i-- > 0 && rank.last_round == 0;) {
        const bl_text tally = count->rounds.items[i].tally[candidate].text;
        if (tally.size == 0) continue;
        rank.last_round = (uint32_t)i + 1;
        if (!bl_tally_value(room, tally, &rank.tally))
            rank.tally = BL_RATIONAL(count->rounds.items[i].tally[candidate].share);
    }
    return rank;
}

static bool comes_before(const row_rank *a, const row_rank *b)
{
    if (a->seat != b->seat) return a->seat < b->seat;
    if (a->place != b->place) return a->place < b->place;
    if (a->last_round != b->last_round) return a->last_round > b->last_round;
    return bl_rational_compare(a->tally, b->tally) > 0;
}

static bool order_rows(bl_sheet *sheet)
{
    const uint32_t size = sheet->count->contest->candidate_count;
    row_rank *ranks = bl_arena_array(&sheet->arena, size, sizeof *ranks);
    sheet->rows = bl_arena_array(&sheet->arena, size, sizeof *sheet->rows);
    if (!ranks || !sheet->rows) return false;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t at = i;
        ranks[i] = rank_of(sheet->count, sheet->out, i);
        for (; at > 0 && comes_before(&ranks[i], &ranks[sheet->rows[at - 1]]); at--)
            sheet->rows[at] = sheet->rows[at - 1];
        sheet->rows[at] = i;
    }
    return true;
}

/* ---- before the rounds ---- */

static bool begin(bl_sheet *sheet)
{
    const bl_contest *contest = sheet->count->contest;
    bl_text *names = bl_arena_array(&sheet->arena, contest->candidate_count, sizeof *names);
    if (!names) return false;
    sheet->names = names;
    sheet->name_width = (uint32_t)sizeof "threshold" - 1;
    for (uint32_t i = 0; i < contest->candidate_count; i++) {
        names[i] = bl_sheet_show(sheet, contest->candidates[i].name);
        const uint32_t columns = bl_markup_columns(names[i]);
        if (columns > sheet->name_width) sheet->name_width = columns;
    }
    const uint32_t most = sheet->width < 80 ? NAME_WIDTH_MOST * sheet->width / 80 : NAME_WIDTH_MOST;
    if (sheet->name_width > most) sheet->name_width = most;
    return order_rows(sheet);
}

static void put_head(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    const bl_contest *contest = count->contest;
    bl_buffer words;
    bl_buffer_init(&words, count->memory);
    if (contest->title.size > 0) {
        bl_sheet_strong(sheet);
        bl_sheet_words(sheet, bl_sheet_show(sheet, contest->title), 0, 0);
        bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    }
    bl_rational ballots;
    if (bl_rational_make((int64_t)(contest->total + count->blank), (int64_t)contest->weight_scale,
                         &ballots))
        bl_rational_write_decimal(&words, ballots);
    const bool is_one = words.size == 1 && words.bytes && words.bytes[0] == '1';
    bl_buffer_cstring(&words, is_one ? " ballot, " : " ballots, ");
    bl_buffer_format(&words, "%u candidate%s, counted by ", contest->candidate_count,
                     contest->candidate_count == 1 ? "" : "s");
    bl_count_options_say(count->options, &words);
    if (words.failed) sheet->out->failed = true;
    bl_sheet_words(sheet, (bl_text){words.bytes, words.size}, 0, 0);
    bl_buffer_free(&words);
}

/* ---- one round ---- */

/* Columns of a bar: what the rest of a line leaves. */
static uint32_t bar_width(const bl_sheet *sheet, const bl_tally_columns *columns)
{
    const uint32_t taken = 2 + sheet->name_width + 2 + columns->tally +
                           (columns->difference > 0 ? 1 + columns->difference : 0) + 2 + 2 +
                           BL_STATUS_WIDTH;
    const uint32_t left = taken < sheet->width ? sheet->width - taken : 0;
    if (left < BAR_WIDTH_LEAST) return 0;
    return left < BAR_WIDTH_MOST ? left : BAR_WIDTH_MOST;
}

static void put_candidate(bl_sheet *sheet, const bl_tally_columns *columns, size_t round,
                          uint32_t candidate)
{
    const bl_round *r = &sheet->count->rounds.items[round];
    const bl_amount *amount = &r->tally[candidate];
    const bl_standing standing = r->standing[candidate];
    const bl_text before = bl_tally_before(sheet->count, round, candidate);
    bl_sheet_spaces(sheet, 2);
    bl_sheet_name(sheet, candidate);
    bl_sheet_spaces(sheet, 2);
    bl_sheet_amount(sheet, amount->text, columns->tally);
    if (columns->difference > 0) {
        bl_sheet_spaces(sheet, 1);
        bl_sheet_difference(sheet, before.size > 0 ? amount->text : before, before,
                            columns->difference);
    }
    bl_sheet_spaces(sheet, 2);
    bl_sheet_paint(sheet, bl_tally_mark_of(standing));
    bl_sheet_bar(sheet, amount->share, bar_width(sheet, columns));
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    bl_sheet_spaces(sheet, 2);
    bl_sheet_status(sheet, standing);
    bl_sheet_line(sheet);
}

/* "threshold 51, exhausted 3": what holds for the round as a whole. */
static void put_of_all(bl_sheet *sheet, const bl_round *round)
{
    bool is_first = true;
    for (bl_tally_figure f = BL_TALLY_THRESHOLD; f < BL_TALLY_FIGURE_COUNT; f++) {
        const bl_text number = bl_tally_figure_of(round, f);
        if (number.size == 0) continue;
        bl_sheet_cstring(sheet, is_first ? ": " : ", ");
        bl_sheet_cstring(sheet, bl_tally_figure_word(f));
        bl_sheet_spaces(sheet, 1);
        bl_sheet_amount(sheet, number, 0);
        is_first = false;
    }
}

/* A sentence that begins with somebody's name begins as that does. */
static bool begins_with_name(const bl_sheet *sheet, bl_text sentence)
{
    for (uint32_t i = 0; i < sheet->count->contest->candidate_count; i++) {
        const bl_text name = sheet->names[i];
        if (name.size > 0 && name.size <= sentence.size &&
            memcmp(name.bytes, sentence.bytes, name.size) == 0)
            return true;
    }
    return false;
}

/* Ends the line of blanks that is begun; another sentence than a name's begins with a capital. */
static void put_sentence(bl_sheet *sheet, bl_text sentence)
{
    char *const copy = bl_arena_copy(&sheet->arena, sentence.bytes, sentence.size);
    if (!copy) {
        sheet->out->failed = true;
        return;
    }
    if (copy[0] >= 'a' && copy[0] <= 'z' && !begins_with_name(sheet, sentence))
        copy[0] = (char)(copy[0] - 'a' + 'A');
    bl_sheet_spaces(sheet, 2);
    bl_sheet_words(sheet, (bl_text){copy, sentence.size}, 2, 2);
}

/* The sentence without the "Round 3: " that the heading says. */
static bl_text rest_of(const bl_round *round)
{
    bl_text rest = round->sentence;
    const char *const colon = rest.size > 6 && memcmp(rest.bytes, "Round ", 6) == 0
                                  ? memchr(rest.bytes, ':', rest.size)
                                  : NULL;
    if (!colon || (size_t)(colon - rest.bytes) + 2 > rest.size) return rest;
    rest.size -= (size_t)(colon - rest.bytes) + 2;
    rest.bytes = colon + 2;
    return rest;
}

static bool has_figures(const bl_round *round)
{
    for (bl_tally_figure f = BL_TALLY_THRESHOLD; f < BL_TALLY_FIGURE_COUNT; f++)
        if (bl_tally_figure_of(round, f).size > 0) return true;
    return false;
}

static void put_round_heading(bl_sheet *sheet, const bl_round *round)
{
    bl_sheet_strong(sheet);
    bl_sheet_cstring(sheet, "Round ");
    bl_sheet_number(sheet, round->number);
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    put_of_all(sheet, round);
    bl_sheet_line(sheet);
}

static void put_round(bl_sheet *sheet, const bl_tally_columns *columns, size_t index)
{
    const bl_round *round = &sheet->count->rounds.items[index];
    bl_sheet_line(sheet);
    if (sheet->count->rounds.count > 1 || has_figures(round)) put_round_heading(sheet, round);
    for (uint32_t i = 0; i < sheet->count->contest->candidate_count; i++)
        if (round->tally[sheet->rows[i]].text.size > 0)
            put_candidate(sheet, columns, index, sheet->rows[i]);
    const bl_text sentence = bl_sheet_show(sheet, rest_of(round));
    if (sentence.size > 0) put_sentence(sheet, sentence);
}

/* How many numbers the rounds have. */
static size_t tally_count(const bl_count *count)
{
    size_t tallies = 0;
    for (size_t i = 0; i < count->rounds.count; i++)
        for (uint32_t c = 0; c < count->contest->candidate_count; c++)
            tallies += count->rounds.items[i].tally[c].text.size > 0;
    return tallies;
}

static void put_rounds(bl_sheet *sheet)
{
    sheet->places = bl_tally_places_of(sheet->count);
    const size_t tallies = tally_count(sheet->count), count = sheet->count->rounds.count;
    if (count > 1 && tallies == 0) {
        bl_sheet_sentences(sheet);
        return;
    }
    if (count > 1 && tallies + 3 * count > ROUND_LINES_MOST) {
        bl_sheet_rounds(sheet);
        return;
    }
    const bl_tally_columns columns = bl_sheet_columns(sheet);
    for (size_t i = 0; i < count && !sheet->out->failed; i++)
        put_round(sheet, &columns, i);
}

/* ---- figures ---- */

/* A key as people write it. */
static void put_words_of(bl_sheet *sheet, const char *name)
{
    for (; *name != '\0'; name++) {
        const char letter = *name == '_' ? ' ' : *name;
        bl_sheet_text(sheet, (bl_text){&letter, 1});
    }
}

static void put_one(bl_sheet *sheet, const bl_figure *figure)
{
    bl_sheet_line(sheet);
    put_words_of(sheet, figure->name);
    bl_sheet_cstring(sheet, ": ");
    sheet->places = bl_tally_places(figure->cells[0]);
    bl_sheet_amount(sheet, figure->cells[0], 0);
    bl_sheet_line(sheet);
}

static void put_texts(bl_sheet *sheet, const bl_figure *figure)
{
    bl_sheet_line(sheet);
    put_words_of(sheet, figure->name);
    bl_sheet_line(sheet);
    for (uint32_t i = 0; i < figure->cell_count; i++) {
        bl_sheet_spaces(sheet, 2);
        bl_sheet_words(sheet, bl_sheet_show(sheet, figure->cells[i]), 2, 4);
    }
}

static void put_figures(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_sheet_lists(sheet);
    for (size_t i = 0; i < count->figures.count; i++) {
        const bl_figure *figure = &count->figures.items[i];
        switch (figure->shape) {
        case BL_FIGURE_ONE: put_one(sheet, figure); break;
        case BL_FIGURE_LIST: break; /* told above, side by side */
        case BL_FIGURE_MATRIX: bl_sheet_matrix(sheet, figure); break;
        case BL_FIGURE_TEXTS: put_texts(sheet, figure); break;
        }
    }
}

/* ---- the result ---- */

/* "Elected: …", the heading in color, and what is behind it in lines below each other. */
static void put_said(bl_sheet *sheet, bl_tally_mark mark, const char *heading, bl_text said)
{
    bl_sheet_strong(sheet);
    bl_sheet_paint(sheet, mark);
    bl_sheet_cstring(sheet, heading);
    bl_sheet_cstring(sheet, ":");
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    bl_sheet_spaces(sheet, 1);
    const uint32_t column = bl_markup_columns(bl_text_of(heading)) + 2;
    bl_sheet_words(sheet, said, column, 2);
}

static void put_built(bl_sheet *sheet, bl_tally_mark mark, const char *heading, bl_buffer *said)
{
    if (said->failed) sheet->out->failed = true;
    if (said->size > 0) put_said(sheet, mark, heading, (bl_text){said->bytes, said->size});
    bl_buffer_free(said);
}

static void put_elected(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_buffer said;
    bl_buffer_init(&said, count->memory);
    for (uint32_t i = 0; i < count->winner_count; i++) {
        if (i > 0) bl_buffer_cstring(&said, ", ");
        bl_buffer_text(&said, sheet->names[count->winners[i]]);
    }
    put_built(sheet, BL_TALLY_GOOD, "✓ Elected", &said);
}

static void put_seats_of_lists(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_buffer said;
    bl_buffer_init(&said, count->memory);
    for (uint32_t i = 0; count->seats && i < count->contest->candidate_count; i++) {
        if (count->seats[i] == 0) continue;
        if (said.size > 0) bl_buffer_cstring(&said, ", ");
        bl_buffer_text(&said, sheet->names[i]);
        bl_buffer_format(&said, " %u", count->seats[i]);
    }
    put_built(sheet, BL_TALLY_GOOD, "✓ Seats", &said);
}

static void put_none(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_buffer said;
    bl_buffer_init(&said, count->memory);
    bl_outcome_show(&said, count->none_because);
    put_built(sheet, BL_TALLY_BAD,
              count->winner_count == 0 ? "✗ Nobody is elected" : "✗ Not all seats are filled",
              &said);
    if (count->vacant == 0 || count->winner_count == 0) return;
    bl_sheet_number(sheet, count->vacant);
    bl_sheet_cstring(sheet, count->vacant == 1 ? " seat stays vacant" : " seats stay vacant");
    bl_sheet_line(sheet);
}

/* "1 ana, 2 bo = chi, 4 dee" */
static void put_ranking(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    const uint32_t size = count->contest->candidate_count;
    bl_buffer said;
    bl_buffer_init(&said, count->memory);
    for (uint32_t place = 1; count->places && place <= size; place++) {
        bool is_first = true;
        for (uint32_t i = 0; i < size; i++) {
            if (count->places[i] != place) continue;
            if (is_first) bl_buffer_format(&said, "%s%u ", said.size > 0 ? ", " : "", place);
            bl_buffer_cstring(&said, is_first ? "" : " = ");
            bl_buffer_text(&said, sheet->names[i]);
            is_first = false;
        }
    }
    put_built(sheet, BL_TALLY_PLAIN, "Ranking", &said);
}

static void put_result(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_sheet_line(sheet);
    if (count->seats)
        put_seats_of_lists(sheet);
    else
        put_elected(sheet);
    put_none(sheet);
    put_ranking(sheet);
    for (size_t i = 0; i < count->ties.count; i++) {
        const bool is_told = count->ties.items[i].chosen == BL_NONE && count->none_because.size > 0;
        if (is_told) continue;
        put_said(sheet, BL_TALLY_PLAIN, "Tie", bl_sheet_show(sheet, count->ties.items[i].sentence));
    }
    for (size_t i = 0; i < count->notes.count; i++)
        put_said(sheet, BL_TALLY_PLAIN, "Note", bl_sheet_show(sheet, count->notes.items[i]));
    if (sheet->has_cut)
        bl_sheet_words(sheet,
                       BL_TEXT("Decimal places are cut off for show; JSON has the exact numbers."),
                       0, 2);
}

static uint32_t clamp(uint32_t width)
{
    if (width == 0) return BL_TALLY_WIDTH;
    if (width < BL_TALLY_WIDTH_LEAST) return BL_TALLY_WIDTH_LEAST;
    return width > BL_TALLY_WIDTH_MOST ? BL_TALLY_WIDTH_MOST : width;
}

void bl_tally_write_text(const bl_count *count, uint32_t width, bool color, bl_buffer *out)
{
    bl_sheet sheet = {.count = count, .out = out, .width = clamp(width), .color = color};
    bl_arena_init(&sheet.arena, count->memory);
    if (begin(&sheet)) {
        put_head(&sheet);
        put_rounds(&sheet);
        put_figures(&sheet);
        put_result(&sheet);
    } else {
        out->failed = true;
    }
    bl_arena_destroy(&sheet.arena);
}
