/*
 * Elections of Scottish councils as researchers share them (github.com/mggg/scot-elex, VoteKit): a
 * table without headings, each row ended by a comma.
 *
 * Candidates and seats, `3,1,`; ballots, each how many there are of it and numbers of candidates in
 * the order of preference, `9,1,2,`; a row for each candidate, `"Candidate 1","Paul","Orange
 * (O)",`; and the ward, whose quotes are often doubled without being one cell, `""Ward 1 - A,
 * B"",`. What stands in the same folders as BLT under a name of CSV is told by its first line too.
 */
#include <string.h>

#include "ballots_read.h"

typedef struct wards {
    bl_ballots_reader *r;
    const char *row; /* what the cells are read from: the rest of the row, and its end */
    const char *row_end;
    const char *names_at; /* the first row of a candidate; ballots end there */
    uint32_t candidate_count;
    uint32_t *candidates; /* by their number here, from 0 */
    bool are_named; /* by the file that names this one */
} wards;

/* ---- rows and cells ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What may stand around the text of a row. */
static bool is_edge(char c)
{
    return is_blank(c) || c == ',' || c == '"';
}

/* A row with nothing but empty cells says nothing. */
static bool is_empty(bl_text row)
{
    for (size_t i = 0; i < row.size; i++)
        if (!is_edge(row.bytes[i])) return false;
    return true;
}

/* The next row that says something; false at the end of the text. */
static bool next_row(bl_ballots_reader *r, bl_text *row)
{
    while (bl_ballots_line(r, row))
        if (!is_empty(*row)) return true;
    return false;
}

/* With `""` for each quote inside; `row` stands on the opening quote. */
static bool read_quoted(wards *w, bl_text *out)
{
    const char *const opening = w->row++;
    char *const copy = bl_arena_alloc(&w->r->scratch, (size_t)(w->row_end - w->row) + 1);
    size_t used = 0;
    if (!copy) return bl_ballots_nomem(w->r);
    for (;;) {
        if (w->row == w->row_end)
            return bl_ballots_fail(w->r, opening, "a cell without a `\"` at its end");
        if (*w->row == '"') {
            if (w->row_end - w->row < 2 || w->row[1] != '"') break;
            w->row++;
        }
        copy[used++] = *w->row++;
    }
    w->row++;
    *out = bl_ballots_trim((bl_text){copy, used});
    while (w->row < w->row_end && is_blank(*w->row))
        w->row++;
    return w->row == w->row_end || *w->row == ',' ||
           bl_ballots_fail(w->r, w->row,
                           "expected the end of the cell after its closing quote, found %s",
                           bl_ballots_found(w->r, w->row));
}

/* The next cell of the row, without blanks around it; behind the last one they are empty. */
static bool read_cell(wards *w, const char **at, bl_text *out)
{
    *at = w->row;
    *out = BL_TEXT("");
    if (w->row < w->row_end && *w->row == '"') {
        if (!read_quoted(w, out)) return false;
    } else {
        while (w->row < w->row_end && *w->row != ',')
            w->row++;
        *out = bl_ballots_trim((bl_text){*at, (size_t)(w->row - *at)});
    }
    w->row += w->row < w->row_end;
    return true;
}

static void begin_row(wards *w, bl_text row)
{
    w->row = row.bytes;
    w->row_end = row.bytes + row.size;
}

static bool expect_row_end(wards *w)
{
    while (w->row < w->row_end) {
        const char *at;
        bl_text cell;
        if (!read_cell(w, &at, &cell)) return false;
        if (cell.size > 0)
            return bl_ballots_fail(w->r, at, "expected the end of the row, found `%s`",
                                   bl_ballots_show(w->r, cell));
    }
    return true;
}

/* ---- which shape ---- */

/* Whether somebody says of the file what only a table with headings, or of ranks alone, has. */
static bool is_said_to_be_table(const bl_ballots_how *how)
{
    return how->values != BL_BALLOTS_VALUES_BY_METHOD || how->first_column > 0 ||
           how->has_no_header || how->contest.size > 0 ||
           (how->separator != '\0' && how->separator != ',');
}

/* No tabs: they part the columns of a table. */
static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* What stands between the two whole numbers of a row, whose other cells are empty; '\0': it is
 * another row. */
static char between_numbers(bl_text row)
{
    const char *const end = row.bytes + row.size;
    const char *const first = skip_spaces(row.bytes, end);
    const char *const behind = skip_digits(first, end);
    const char *second = skip_spaces(behind, end);
    const bool has_comma = second < end && *second == ',';
    second = skip_spaces(second + has_comma, end);
    const char *const rest = skip_digits(second, end);
    if (behind == first || rest == second || (!has_comma && second == behind)) return '\0';
    if (!is_empty((bl_text){rest, (size_t)(end - rest)})) return '\0';
    return has_comma ? ',' : ' ';
}

static bool is_candidate_row(bl_text row)
{
    static const char word[] = "Candidate ";
    const char *at = row.bytes, *const end = row.bytes + row.size;
    at += at < end && *at == '"';
    return (size_t)(end - at) > strlen(word) && memcmp(at, word, strlen(word)) == 0 &&
           at[strlen(word)] >= '1' && at[strlen(word)] <= '9';
}

bool bl_ballots_is_blt(const bl_ballots_reader *r)
{
    bl_ballots_reader ahead = *r;
    bl_text row;
    return !is_said_to_be_table(&r->request->how) && next_row(&ahead, &row) &&
           between_numbers(row) == ' ';
}

bool bl_ballots_is_scottish(const bl_ballots_reader *r)
{
    bl_ballots_reader ahead = *r;
    bl_text row;
    if (is_said_to_be_table(&r->request->how) || !next_row(&ahead, &row) ||
        between_numbers(row) != ',')
        return false;
    if (bl_ballots_trim(row).bytes[bl_ballots_trim(row).size - 1] == ',') return true;
    while (next_row(&ahead, &row))
        if (is_candidate_row(row)) return true;
    return false;
}

/* ---- the first row, and candidates ---- */

static bool read_head(wards *w)
{
    bl_ballots_reader *const r = w->r;
    bl_text row, candidates, seats;
    const char *at, *seats_at;
    uint64_t count;
    if (!next_row(r, &row)) return false; /* it was there when the shape was found */
    begin_row(w, row);
    if (!read_cell(w, &at, &candidates) || !read_cell(w, &seats_at, &seats)) return false;
    if (!bl_ballots_whole(candidates, BL_CANDIDATE_COUNT_MAX, &count))
        return bl_ballots_fail(r, at, "more than %d candidates", BL_CANDIDATE_COUNT_MAX);
    if (count == 0) return bl_ballots_fail(r, at, "the file says that it has no candidates");
    if (!bl_ballots_set_option(r, seats_at, BL_TEXT("seats"), seats)) return false;
    w->candidate_count = (uint32_t)count;
    w->are_named = bl_contest_candidate_count(r->builder) > 0;
    if (w->are_named && bl_contest_candidate_count(r->builder) != count)
        return bl_ballots_fail(r, at, "the file that names this one has %u candidates",
                               bl_contest_candidate_count(r->builder));
    w->candidates = bl_arena_array(r->arena, count, sizeof *w->candidates);
    return w->candidates || bl_ballots_nomem(r);
}

/* The names stand behind the ballots, which are numbers alone: they are read first. */
static bool find_names(wards *w)
{
    bl_ballots_reader ahead = *w->r;
    bl_text row;
    while (next_row(&ahead, &row)) {
        if (!is_candidate_row(row)) continue;
        w->names_at = row.bytes;
        return true;
    }
    return bl_ballots_fail(w->r, w->r->end,
                           "expected `Candidate 1`, a name and a party behind the ballots, found "
                           "the end of the file");
}

static bool set_group(wards *w, const char *at, bl_text name, bl_candidate *candidate)
{
    if (name.size == 0 || candidate->group != BL_NONE) return true;
    if (!bl_ballots_check_name(w->r, at, name, "a group's name")) return false;
    candidate->group = bl_contest_add_group(w->r->builder, name);
    return candidate->group != BL_NONE || bl_ballots_nomem(w->r);
}

static bool read_label(wards *w, uint32_t number)
{
    const char *at;
    bl_text label;
    uint64_t told = 0;
    if (!read_cell(w, &at, &label)) return false;
    const size_t before = strlen("Candidate ");
    if (label.size > before && is_candidate_row(label))
        bl_ballots_whole((bl_text){label.bytes + before, label.size - before}, UINT32_MAX, &told);
    return told == number || bl_ballots_fail(w->r, at, "expected `Candidate %u`, found `%s`",
                                             number, bl_ballots_show(w->r, label));
}

static bool read_candidate(wards *w, uint32_t i)
{
    bl_ballots_reader *const r = w->r;
    const char *at, *party_at;
    bl_text row, name, party;
    if (!next_row(r, &row))
        return bl_ballots_fail(r, r->end,
                               "expected the name of candidate %u of %u, found the end of the file",
                               i + 1, w->candidate_count);
    bl_arena_reset(&r->scratch);
    begin_row(w, row);
    if (!read_label(w, i + 1) || !read_cell(w, &at, &name) || !read_cell(w, &party_at, &party) ||
        !expect_row_end(w))
        return false;
    uint32_t *const out = &w->candidates[i];
    return (w->are_named ? bl_ballots_known(r, at, name, out)
                         : bl_ballots_add_candidate(r, at, name, out)) &&
           set_group(w, party_at, party, bl_contest_candidate(r->builder, *out));
}

/* The ward: all of the row but for the quotes and commas at its ends, as these are written in more
 * than one way. */
static bool read_title(wards *w)
{
    bl_ballots_reader *const r = w->r;
    bl_text row;
    if (!next_row(r, &row)) return true;
    if (is_candidate_row(row))
        return bl_ballots_fail(r, row.bytes, "the first line says that there are %u candidates",
                               w->candidate_count);
    while (row.size > 0 && is_edge(row.bytes[0]))
        row.bytes++, row.size--;
    while (row.size > 0 && is_edge(row.bytes[row.size - 1]))
        row.size--;
    r->title = row;
    if (!bl_ballots_check_name(r, row.bytes, row, "a title")) return false;
    return !next_row(r, &row) || bl_ballots_fail(r, row.bytes,
                                                 "expected the end of the file behind the name of "
                                                 "the ward, found `%s`",
                                                 bl_ballots_show(r, row));
}

static bool read_names(wards *w)
{
    bl_ballots_reader *const r = w->r;
    const char *const before = r->at;
    r->at = w->names_at;
    for (uint32_t i = 0; i < w->candidate_count; i++)
        if (!read_candidate(w, i)) return false;
    r->is_closed = true;
    if (!read_title(w)) return false;
    r->at = before;
    return true;
}

/* ---- ballots ---- */

static bool read_rank(wards *w, const char *at, bl_text cell)
{
    bl_ballots_reader *const r = w->r;
    uint64_t number;
    if (cell.size == 0)
        return bl_ballots_fail(r, at, "expected a candidate's number, found an empty cell");
    if (!bl_ballots_whole(cell, w->candidate_count, &number) || number == 0)
        return bl_ballots_fail(r, at, "there is no candidate `%s`: the first line says 1 to %u",
                               bl_ballots_show(r, cell), w->candidate_count);
    if (!bl_ballots_rank(r, w->candidates[number - 1])) return false;
    r->rank++;
    return true;
}

static bool read_ballot(wards *w, bl_text row)
{
    bl_ballots_reader *const r = w->r;
    const char *at;
    bl_text cell;
    bl_rational weight;
    bl_arena_reset(&r->scratch);
    begin_row(w, row);
    if (!read_cell(w, &at, &cell) || !bl_ballots_weight(r, at, cell, &weight)) return false;
    bl_ballots_begin(r);
    while (!is_empty((bl_text){w->row, (size_t)(w->row_end - w->row)}))
        if (!read_cell(w, &at, &cell) || !read_rank(w, at, cell)) return false;
    return bl_ballots_add_weighted(r, row.bytes, BL_BALLOTS_RANKING, weight);
}

bool bl_ballots_read_scottish(bl_ballots_reader *r)
{
    wards w = {.r = r};
    bl_text row;
    if (!read_head(&w) || !find_names(&w) || !read_names(&w)) return false;
    while (next_row(r, &row) && row.bytes < w.names_at)
        if (!read_ballot(&w, row)) return false;
    r->at = r->end;
    return true;
}
