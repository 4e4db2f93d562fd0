/*
 * The tables of a count: rounds across as elections are published, pairs, lists of points.
 *
 * What is wider than the page goes on below, in pieces that each have the names before them.
 */
#include "markup.h"
#include "tally.h"

enum {
    GAP = 2,
    BAR_WIDTH_MOST = 30,
    BAR_WIDTH_LEAST = 8,
    HEADING_WIDTH_MOST = 12,
    PLACES_LEAST = 2,
    MATRIX_MOST = 60 /* candidates; nobody reads more pairs, JSON has them */
};

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* A number in few characters, for headings. */
typedef struct digits {
    char bytes[12];
    uint32_t at;
} digits;

static bl_text write_digits(digits *to, uint32_t number)
{
    to->at = sizeof to->bytes;
    do
        to->bytes[--to->at] = (char)('0' + number % 10);
    while (number /= 10);
    return (bl_text){to->bytes + to->at, sizeof to->bytes - to->at};
}

/* ---- rounds across ---- */

/* One piece: the rounds from `from` up to but not with `until`. */
typedef struct piece {
    size_t from, until;
    bl_tally_columns columns;
    uint32_t cell; /* columns of a round, with the gap before it */
    uint32_t bar; /* of the last round; 0: no room */
} piece;

static void put_heading(bl_sheet *sheet, const piece *p)
{
    digits number;
    bl_sheet_line(sheet);
    bl_sheet_strong(sheet);
    bl_sheet_label(sheet, "Round");
    for (size_t i = p->from; i < p->until; i++) {
        bl_sheet_spaces(sheet, GAP);
        bl_sheet_right(sheet, write_digits(&number, sheet->count->rounds.items[i].number),
                       p->columns.tally);
        if (i + 1 < p->until) bl_sheet_spaces(sheet, p->cell - GAP - p->columns.tally);
    }
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    bl_sheet_line(sheet);
}

/* The sign of what happened in this round. */
static const char *sign_of(const bl_round *round, uint32_t candidate, bl_tally_mark *mark)
{
    *mark = BL_TALLY_PLAIN;
    if (round->standing[candidate] == BL_STANDING_ELIMINATED) {
        *mark = BL_TALLY_BAD;
        return "✗";
    }
    for (uint32_t i = 0; i < round->elected_count; i++) {
        if (round->elected[i] != candidate) continue;
        *mark = BL_TALLY_GOOD;
        return "✓";
    }
    return "";
}

static void put_cell(bl_sheet *sheet, const piece *p, size_t index, uint32_t candidate)
{
    const bl_round *round = &sheet->count->rounds.items[index];
    const bl_text now = round->tally[candidate].text;
    const bl_text before = bl_tally_before(sheet->count, index, candidate);
    const bool has_gone = index > 0 && sheet->count->rounds.items[index - 1].standing[candidate] ==
                                           BL_STANDING_ELIMINATED;
    bl_tally_mark mark;
    const char *const sign = sign_of(round, candidate, &mark);
    bl_sheet_spaces(sheet, GAP);
    if (now.size == 0) {
        bl_sheet_spaces(sheet, p->columns.tally + 1);
    } else {
        bl_sheet_paint(sheet, mark);
        bl_sheet_amount(sheet, now, p->columns.tally);
        bl_sheet_cstring(sheet, sign);
        bl_sheet_spaces(sheet, sign[0] == '\0');
        bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    }
    if (p->columns.difference == 0) return;
    bl_sheet_spaces(sheet, 1);
    if (before.size > 0 && (now.size > 0 || has_gone))
        bl_sheet_difference(sheet, now, before, p->columns.difference);
    else
        bl_sheet_spaces(sheet, p->columns.difference);
}

/* Whether a candidate had anything in these rounds, or what it had went to others in them. */
static bool is_in(const bl_count *count, const piece *p, uint32_t candidate)
{
    for (size_t i = p->from > 0 ? p->from - 1 : 0; i < p->until; i++)
        if (count->rounds.items[i].tally[candidate].text.size > 0) return true;
    return false;
}

/* How it stands at the end of the piece: who went out in it, and who is elected. */
static bl_standing standing_at_end(const bl_count *count, const piece *p, uint32_t candidate)
{
    for (size_t i = p->from; i < p->until; i++)
        if (count->rounds.items[i].standing[candidate] == BL_STANDING_ELIMINATED)
            return BL_STANDING_ELIMINATED;
    return count->rounds.items[p->until - 1].standing[candidate];
}

static void put_row(bl_sheet *sheet, const piece *p, uint32_t candidate)
{
    const bl_round *last = &sheet->count->rounds.items[p->until - 1];
    const bl_standing standing = standing_at_end(sheet->count, p, candidate);
    bl_sheet_name(sheet, candidate);
    for (size_t i = p->from; i < p->until; i++)
        put_cell(sheet, p, i, candidate);
    bl_sheet_spaces(sheet, GAP);
    if (p->bar > 0) {
        bl_sheet_paint(sheet, bl_tally_mark_of(last->standing[candidate]));
        bl_sheet_bar(sheet, last->tally[candidate].share, p->bar);
        bl_sheet_paint(sheet, BL_TALLY_PLAIN);
        bl_sheet_spaces(sheet, GAP);
    }
    bl_sheet_status(sheet, standing);
    bl_sheet_line(sheet);
}

/* Threshold, exhausted and lost, where a round of the piece has them. */
static void put_line(bl_sheet *sheet, const piece *p, bl_tally_figure which)
{
    bool is_there = false;
    for (size_t i = p->from; i < p->until; i++)
        is_there = is_there || bl_tally_figure_of(&sheet->count->rounds.items[i], which).size > 0;
    if (!is_there) return;
    bl_sheet_paint(sheet, BL_TALLY_QUIET);
    bl_sheet_label(sheet, bl_tally_figure_word(which));
    for (size_t i = p->from; i < p->until; i++) {
        bl_sheet_spaces(sheet, GAP);
        bl_sheet_amount(sheet, bl_tally_figure_of(&sheet->count->rounds.items[i], which),
                        p->columns.tally);
        if (i + 1 < p->until) bl_sheet_spaces(sheet, p->cell - GAP - p->columns.tally);
    }
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    bl_sheet_line(sheet);
}

static void put_piece(bl_sheet *sheet, const piece *p)
{
    put_heading(sheet, p);
    for (uint32_t i = 0; i < sheet->count->contest->candidate_count; i++)
        if (is_in(sheet->count, p, sheet->rows[i])) put_row(sheet, p, sheet->rows[i]);
    for (bl_tally_figure which = BL_TALLY_THRESHOLD; which < BL_TALLY_FIGURE_COUNT; which++)
        put_line(sheet, p, which);
}

/* The columns that threshold, exhausted and lost take are wide enough, too. */
static bl_tally_columns all_columns(bl_sheet *sheet)
{
    digits last;
    bl_tally_columns columns = bl_sheet_columns(sheet);
    const size_t count = sheet->count->rounds.count;
    columns.tally = larger(columns.tally, (uint32_t)write_digits(&last, (uint32_t)count).size);
    for (size_t i = 0; i < sheet->count->rounds.count; i++)
        for (bl_tally_figure which = BL_TALLY_THRESHOLD; which < BL_TALLY_FIGURE_COUNT; which++)
            columns.tally = larger(
                columns.tally,
                bl_sheet_amount_columns(sheet,
                                        bl_tally_figure_of(&sheet->count->rounds.items[i], which)));
    return columns;
}

void bl_sheet_sentences(bl_sheet *sheet)
{
    bl_sheet_line(sheet);
    for (size_t i = 0; i < sheet->count->rounds.count; i++) {
        const bl_text sentence = bl_sheet_show(sheet, sheet->count->rounds.items[i].sentence);
        if (sentence.size > 0) bl_sheet_words(sheet, sentence, 0, 2);
    }
}

static piece piece_of(bl_sheet *sheet)
{
    piece p = {.columns = all_columns(sheet)};
    p.cell = GAP + p.columns.tally + 1 + (p.columns.difference > 0 ? 1 + p.columns.difference : 0);
    return p;
}

/* How many pieces the rounds make with so many decimal places. */
static size_t piece_count(bl_sheet *sheet, uint32_t places, uint32_t room)
{
    sheet->places = places;
    const uint32_t most = larger(room / piece_of(sheet).cell, 1);
    return (sheet->count->rounds.count + most - 1) / most;
}

/* Decimal places are given up, but for two, where that saves a piece. */
static void choose_places(bl_sheet *sheet, uint32_t room)
{
    uint32_t places = sheet->places;
    if (places <= PLACES_LEAST) return;
    const size_t least = piece_count(sheet, PLACES_LEAST, room);
    while (places > PLACES_LEAST && piece_count(sheet, places, room) > least)
        places--;
    sheet->places = places;
}

void bl_sheet_rounds(bl_sheet *sheet)
{
    const size_t count = sheet->count->rounds.count;
    const uint32_t fixed = sheet->name_width + GAP + BL_STATUS_WIDTH;
    const uint32_t room = sheet->width > fixed ? sheet->width - fixed : 0;
    choose_places(sheet, room);
    piece p = piece_of(sheet);
    const uint32_t most = larger(room / p.cell, 1);
    for (p.from = 0; p.from < count && !sheet->out->failed; p.from = p.until) {
        p.until = count - p.from < most ? count : p.from + most;
        const uint32_t taken = (uint32_t)(p.until - p.from) * p.cell + GAP;
        const uint32_t left = room > taken ? room - taken : 0;
        p.bar = p.until < count || left < BAR_WIDTH_LEAST ? 0
                : left < BAR_WIDTH_MOST                   ? left
                                                          : BAR_WIDTH_MOST;
        put_piece(sheet, &p);
    }
    bl_sheet_sentences(sheet);
}

/* ---- pairs ---- */

/* Decimal places for all numbers of a figure. */
static uint32_t places_of(const bl_figure *figure)
{
    uint32_t places = 0;
    for (uint32_t i = 0; i < figure->cell_count; i++)
        places = larger(places, bl_tally_places(figure->cells[i]));
    return places;
}

typedef struct matrix {
    const bl_text *cells;
    uint32_t size;
    uint32_t cell; /* columns of the widest number */
    uint32_t number; /* columns of the number of a row; 0: columns have names */
} matrix;

static bl_text cell_of(const matrix *m, uint32_t row, uint32_t column)
{
    return m->cells[(size_t)row * m->size + column];
}

static uint32_t columns_of_name(const bl_sheet *sheet, uint32_t candidate)
{
    const uint32_t columns = bl_markup_columns(sheet->names[candidate]);
    return columns < HEADING_WIDTH_MOST ? columns : HEADING_WIDTH_MOST;
}

/* Columns of one column, without its gap; `at` is its place among the rows. */
static uint32_t columns_of(const bl_sheet *sheet, const matrix *m, uint32_t at)
{
    return larger(m->cell, m->number > 0 ? m->number : columns_of_name(sheet, sheet->rows[at]));
}

static matrix measure(bl_sheet *sheet, const bl_figure *figure)
{
    matrix m = {figure->cells, sheet->count->contest->candidate_count, 1, 0};
    sheet->places = places_of(figure);
    for (size_t i = 0; i < figure->cell_count; i++)
        m.cell = larger(m.cell, bl_sheet_amount_columns(sheet, figure->cells[i]));
    uint32_t taken = sheet->name_width;
    for (uint32_t i = 0; i < m.size; i++)
        taken += GAP + columns_of(sheet, &m, i);
    digits last;
    if (taken > sheet->width) m.number = (uint32_t)write_digits(&last, m.size).size;
    return m;
}

static bool beats(bl_sheet *sheet, const matrix *m, uint32_t row, uint32_t column)
{
    const bl_text mine = cell_of(m, row, column), theirs = cell_of(m, column, row);
    bl_rational a, b;
    return mine.size > 0 && theirs.size > 0 && bl_tally_value(sheet->out, mine, &a) &&
           bl_tally_value(sheet->out, theirs, &b) && bl_rational_compare(a, b) > 0;
}

static void put_matrix_heading(bl_sheet *sheet, const matrix *m, uint32_t from, uint32_t until)
{
    digits number;
    bl_sheet_spaces(sheet, sheet->name_width + (m->number > 0 ? m->number + 1 : 0));
    for (uint32_t i = from; i < until; i++) {
        bl_sheet_spaces(sheet, GAP);
        bl_sheet_right(sheet,
                       m->number > 0 ? write_digits(&number, i + 1) : sheet->names[sheet->rows[i]],
                       columns_of(sheet, m, i));
    }
    bl_sheet_line(sheet);
}

static void put_matrix_row(bl_sheet *sheet, const matrix *m, uint32_t at, uint32_t from,
                           uint32_t until)
{
    const uint32_t row = sheet->rows[at];
    digits number;
    if (m->number > 0) {
        bl_sheet_right(sheet, write_digits(&number, at + 1), m->number);
        bl_sheet_spaces(sheet, 1);
    }
    bl_sheet_name(sheet, row);
    for (uint32_t i = from; i < until; i++) {
        const bl_text cell = cell_of(m, row, sheet->rows[i]);
        bl_sheet_spaces(sheet, GAP);
        if (beats(sheet, m, row, sheet->rows[i])) bl_sheet_paint(sheet, BL_TALLY_GOOD);
        if (cell.size > 0)
            bl_sheet_amount(sheet, cell, columns_of(sheet, m, i));
        else
            bl_sheet_right(sheet, BL_TEXT("·"), columns_of(sheet, m, i));
        bl_sheet_paint(sheet, BL_TALLY_PLAIN);
    }
    bl_sheet_line(sheet);
}

/* What a table of pairs says, where it is one of the usual. */
static const char *meaning_of(const char *name)
{
    const bl_text text = bl_text_of(name);
    if (bl_text_equal(text, BL_TEXT("pairwise")))
        return "pairwise: ballots that rank the row above the column";
    if (bl_text_equal(text, BL_TEXT("paths")))
        return "paths: strength of the strongest path from the row to the column";
    return name;
}

void bl_sheet_matrix(bl_sheet *sheet, const bl_figure *figure)
{
    const uint32_t size = sheet->count->contest->candidate_count;
    bl_sheet_line(sheet);
    bl_sheet_words(sheet, bl_text_of(meaning_of(figure->name)), 0, 2);
    if (size > MATRIX_MOST) {
        bl_sheet_spaces(sheet, 2);
        bl_sheet_number(sheet, size);
        bl_sheet_cstring(sheet, " candidates are too many for a table; JSON has it");
        bl_sheet_line(sheet);
        return;
    }
    const matrix m = measure(sheet, figure);
    const uint32_t before = sheet->name_width + (m.number > 0 ? m.number + 1 : 0);
    for (uint32_t from = 0, until; from < size && !sheet->out->failed; from = until) {
        uint32_t taken = before + GAP + columns_of(sheet, &m, from);
        for (until = from + 1; until < size; until++) {
            taken += GAP + columns_of(sheet, &m, until);
            if (taken > sheet->width) break;
        }
        if (from > 0) bl_sheet_line(sheet);
        put_matrix_heading(sheet, &m, from, until);
        for (uint32_t i = 0; i < size; i++)
            put_matrix_row(sheet, &m, i, from, until);
    }
}

/* ---- lists ---- */

static uint32_t columns_of_list(bl_sheet *sheet, const bl_figure *figure)
{
    uint32_t columns = bl_markup_columns(bl_text_of(figure->name));
    sheet->places = places_of(figure);
    for (uint32_t i = 0; i < figure->cell_count; i++)
        columns = larger(columns, bl_sheet_amount_columns(sheet, figure->cells[i]));
    return columns;
}

/* Whether a list says something that the last round has not said already. */
static bool is_list(const bl_count *count, const bl_figure *figure)
{
    if (figure->shape != BL_FIGURE_LIST) return false;
    if (count->rounds.count == 0) return true;
    const bl_amount *const tally = count->rounds.items[count->rounds.count - 1].tally;
    for (uint32_t i = 0; i < figure->cell_count; i++)
        if (!bl_text_equal(figure->cells[i], tally[i].text)) return true;
    return false;
}

/* Lists side by side: the figures of that shape from `from` up to but not with `until`. */
static void put_lists(bl_sheet *sheet, size_t from, size_t until)
{
    const bl_count *count = sheet->count;
    bl_sheet_line(sheet);
    bl_sheet_spaces(sheet, sheet->name_width);
    for (size_t i = from; i < until; i++) {
        const bl_figure *figure = &count->figures.items[i];
        if (!is_list(sheet->count, figure)) continue;
        bl_sheet_spaces(sheet, GAP);
        bl_sheet_right(sheet, bl_text_of(figure->name), columns_of_list(sheet, figure));
    }
    bl_sheet_line(sheet);
    for (uint32_t r = 0; r < count->contest->candidate_count; r++) {
        bl_sheet_name(sheet, sheet->rows[r]);
        for (size_t i = from; i < until; i++) {
            const bl_figure *figure = &count->figures.items[i];
            if (!is_list(sheet->count, figure)) continue;
            bl_sheet_spaces(sheet, GAP);
            bl_sheet_amount(sheet, figure->cells[sheet->rows[r]], columns_of_list(sheet, figure));
        }
        bl_sheet_line(sheet);
    }
}

void bl_sheet_lists(bl_sheet *sheet)
{
    const size_t count = sheet->count->figures.count;
    for (size_t from = 0, until; from < count; from = until) {
        uint32_t taken = sheet->name_width;
        size_t lists = 0;
        for (until = from; until < count; until++) {
            const bl_figure *figure = &sheet->count->figures.items[until];
            if (!is_list(sheet->count, figure)) continue;
            taken += GAP + columns_of_list(sheet, figure);
            if (lists > 0 && taken > sheet->width) break;
            lists++;
        }
        if (lists > 0) put_lists(sheet, from, until);
    }
}
