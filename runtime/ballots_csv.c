/*
 * CSV of cast vote records: a row for each ballot (RFC 4180; also with `;` or tabs).
 *
 * Two shapes. Columns of ranks ("Rank 1", "2nd Choice"), with names in the cells, are what RCTab
 * writes and election offices publish; columns of candidates, with a rank, score or mark in the
 * cells, are RCTab's "generic CSV" and what people type. The first line tells which one it is and
 * which columns are neither. A column "count" says how many ballots a row stands for.
 */
#include <string.h>

#include "ballots_read.h"

enum { COLUMN_COUNT_MAX = BL_BALLOT_MARKS_MAX };

typedef enum column_kind { COLUMN_OTHER, COLUMN_WEIGHT, COLUMN_RANK, COLUMN_CANDIDATE } column_kind;
typedef struct column {
    column_kind kind;
    uint32_t number; /* the rank, or the candidate, who may be BL_MARK_NOBODY */
    bl_text heading;
    const char *at;
} column;

typedef struct csv {
    bl_ballots_reader *r;
    char separator;
    bl_vector(column) columns;
    bl_ballots_values values;
    bool has_ranks;
    bool is_row_over; /* the last field ended its row */
    bl_rational weight; /* of the row */
} csv;

/* ---- fields ---- */

/* The one that stands most often in the first line, outside of quotes. */
static char find_separator(const bl_ballots_reader *r)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0};
    bool is_quoted = false;
    for (const char *at = r->at; at < r->end && (is_quoted || *at != '\n'); at++) {
        if (*at == '"') is_quoted = !is_quoted;
        for (size_t i = 0; i < 3; i++)
            counts[i] += !is_quoted && *at == candidates[i];
    }
    size_t best = 0;
    for (size_t i = 1; i < 3; i++)
        if (counts[i] > counts[best]) best = i;
    return candidates[best];
}

/* Behind a field: the separator, the end of the row, or a problem. */
static bool end_field(csv *c)
{
    bl_ballots_reader *const r = c->r;
    if (r->at < r->end && *r->at == '\r' && r->end - r->at > 1 && r->at[1] == '\n') r->at++;
    c->is_row_over = r->at == r->end || *r->at == '\n' || *r->at == '\r';
    if (r->at == r->end) return true;
    if (!c->is_row_over && *r->at != c->separator)
        return bl_ballots_fail(r, r->at,
                               "expected the end of the cell after its closing quote, found %s",
                               bl_ballots_found(r, r->at));
    r->at++;
    return true;
}

/* With `""` for each quote inside. The reader stands on the opening quote. */
static bool read_quoted(csv *c, bl_text *out)
{
    bl_ballots_reader *const r = c->r;
    const char *const opening = r->at++;
    const char *const first = r->at;
    bool has_pairs = false;
    for (;; r->at++) {
        r->at = memchr(r->at, '"', (size_t)(r->end - r->at));
        if (!r->at) {
            r->at = r->end;
            return bl_ballots_fail(r, opening, "a cell without a `\"` at its end");
        }
        if (r->end - r->at < 2 || r->at[1] != '"') break;
        has_pairs = true;
        r->at++;
    }
    *out = (bl_text){first, (size_t)(r->at - first)};
    r->at++;
    if (has_pairs) {
        char *const copy = bl_arena_alloc(&r->scratch, out->size);
        if (!copy) return bl_ballots_nomem(r);
        size_t used = 0;
        for (size_t i = 0; i < out->size; i++) {
            copy[used++] = first[i];
            i += first[i] == '"';
        }
        *out = (bl_text){copy, used};
    }
    return end_field(c);
}

/* The next field of the row; `*at` is where it begins. */
static bool read_field(csv *c, const char **at, bl_text *out)
{
    bl_ballots_reader *const r = c->r;
    *at = r->at;
    if (r->at < r->end && *r->at == '"') return read_quoted(c, out);
    const char *end = r->at;
    while (end < r->end && *end != c->separator && *end != '\n' && *end != '\r')
        end++;
    *out = (bl_text){r->at, (size_t)(end - r->at)};
    r->at = end;
    return end_field(c);
}

/* A line with nothing in it is no row. */
static void skip_empty_lines(bl_ballots_reader *r)
{
    while (r->at < r->end && (*r->at == '\n' || *r->at == '\r'))
        r->at++;
}

/* ---- the first line ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The next run of letters, or of digits with what makes them an ordinal ("2nd"). */
static bool next_piece(bl_text *rest, bl_text *out)
{
    while (rest->size > 0 && !is_letter(rest->bytes[0]) && !is_digit(rest->bytes[0]))
        rest->bytes++, rest->size--;
    if (rest->size == 0) return false;
    size_t size = 0;
    const bool is_number = is_digit(rest->bytes[0]);
    while (size < rest->size &&
           (is_number ? is_digit(rest->bytes[size]) : is_letter(rest->bytes[size])))
        size++;
    const bl_text ending = {rest->bytes + size, rest->size - size < 2 ? 0 : 2};
    const bool is_ordinal = is_number && bl_ballots_is_any(ending, "st|nd|rd|th") &&
                            (rest->size == size + 2 || !is_letter(rest->bytes[size + 2]));
    *out = (bl_text){rest->bytes, size};
    size += is_ordinal ? 2 : 0;
    rest->bytes += size;
    rest->size -= size;
    return true;
}

static uint32_t number_of_piece(bl_text piece)
{
    static const char *const words[] = {"first", "second",  "third",  "fourth", "fifth",
                                        "sixth", "seventh", "eighth", "ninth",  "tenth"};
    uint64_t number;
    if (bl_ballots_whole(piece, COLUMN_COUNT_MAX, &number)) return (uint32_t)number;
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bl_ballots_is(piece, words[i])) return i + 1;
    return 0;
}

/* "Rank 1", "1st Choice", "Mayor (Second Choice)", "pref_3": the number; 0: no heading of a rank.
 */
static uint32_t rank_of_heading(bl_text heading)
{
    uint32_t before = 0;
    bl_text piece;
    while (next_piece(&heading, &piece)) {
        if (!bl_ballots_is_any(piece, "rank|ranking|choice|preference|pref")) {
            before = number_of_piece(piece);
            continue;
        }
        if (before > 0) return before;
        return next_piece(&heading, &piece) ? number_of_piece(piece) : 0;
    }
    return 0;
}

static bool is_weight(bl_text heading)
{
    return bl_ballots_is_any(heading, "count|weight|votes|ballots|number of ballots|num ballots|n");
}

/* What stands beside the vote in the records people publish. */
static bool is_beside(bl_text heading)
{
    return heading.size == 0 ||
           bl_ballots_is_any(
               heading,
               "id|ballot|ballot id|ballot number|ballot style|ballot type|cvr|cvr id|cvr number|"
               "cast vote record|record|record id|precinct|precinct id|precinct portion|batch|"
               "batch id|tabulator|tabulator id|tabulator num|voter|voter id|email|email address|"
               "timestamp|time|date|source|source filepath|cvr provider|contest id|serial|"
               "serial number|image id|counting group|district|row|key");
}

static bool is_vote_column(const csv *c, size_t at, bl_text heading)
{
    const bl_ballots_how *how = &c->r->request->how;
    return at + 1 >= how->first_column && bl_text_contains(heading, how->contest);
}

static bool keep_heading(csv *c, const char *at, bl_text text)
{
    bl_ballots_reader *const r = c->r;
    if (c->columns.count >= COLUMN_COUNT_MAX)
        return bl_ballots_fail(r, at, "more than %d columns", (int)COLUMN_COUNT_MAX);
    if (!bl_vector_reserve(r->memory, &c->columns, 1)) return bl_ballots_nomem(r);
    const bl_text heading = bl_ballots_trim(text);
    const char *const copy = bl_arena_copy(r->arena, heading.bytes, heading.size);
    if (!copy) return bl_ballots_nomem(r);
    column one = {COLUMN_OTHER, 0, {copy, heading.size}, at};
    const uint32_t rank = rank_of_heading(heading);
    if (rank > 0 && is_vote_column(c, c->columns.count, heading)) {
        one.kind = COLUMN_RANK;
        one.number = rank;
        c->has_ranks = true;
    } else if (is_weight(heading)) {
        one.kind = COLUMN_WEIGHT;
    }
    c->columns.items[c->columns.count++] = one;
    return true;
}

/* Each rank once: two columns of one rank are two contests. */
static bool check_ranks(csv *c)
{
    bool has[COLUMN_COUNT_MAX + 1] = {false};
    for (size_t i = 0; i < c->columns.count; i++) {
        const column *one = &c->columns.items[i];
        if (one->kind != COLUMN_RANK) continue;
        if (has[one->number])
            return bl_ballots_fail(c->r, one->at,
                                   "`%s` is rank %u again; where a file has several contests, say "
                                   "which with --csv contest=WORDS, which stand in its headings",
                                   bl_ballots_show(c->r, one->heading), one->number);
        has[one->number] = true;
    }
    return true;
}

static bool read_header(csv *c)
{
    bl_ballots_reader *const r = c->r;
    skip_empty_lines(r);
    do {
        const char *at;
        bl_text heading;
        if (!read_field(c, &at, &heading) || !keep_heading(c, at, heading)) return false;
    } while (!c->is_row_over);
    return check_ranks(c);
}

/* Every column is a rank, the first one rank 1: there is no heading, or none says so. */
static void take_all_as_ranks(csv *c)
{
    const uint32_t first = c->r->request->how.first_column;
    for (size_t i = first > 0 ? first - 1 : 0; i < c->columns.count; i++) {
        column *one = &c->columns.items[i];
        if (!is_vote_column(c, i, one->heading) || one->kind == COLUMN_WEIGHT) continue;
        one->kind = COLUMN_RANK;
        one->number = (uint32_t)(i + 1 - (first > 0 ? first - 1 : 0));
    }
    c->has_ranks = true;
}

/* ---- which shape ---- */

static bool is_mark(bl_text cell)
{
    bl_rational number;
    const bl_text text = bl_ballots_trim(cell);
    return text.size == 0 || bl_rational_parse(text, &number) ||
           bl_ballots_is_any(text, "x|yes|no|true|false|y|no opinion");
}

/* Whether the first row has numbers or marks below what may be names. Nothing is read by it. */
static bool looks_marked(csv *c)
{
    bl_ballots_reader *const r = c->r;
    const char *const before = r->at;
    bool is_marked = true;
    skip_empty_lines(r);
    for (size_t i = 0; r->at < r->end && i < c->columns.count; i++) {
        const char *at;
        bl_text cell;
        if (!read_field(c, &at, &cell)) return true; /* it will be told when it is read */
        const bl_text heading = c->columns.items[i].heading;
        const bool is_vote = is_vote_column(c, i, heading) && !is_beside(heading) &&
                             c->columns.items[i].kind == COLUMN_OTHER;
        is_marked = is_marked && (!is_vote || is_mark(cell));
        if (c->is_row_over) break;
    }
    r->at = before;
    return is_marked;
}

static bool find_values(csv *c)
{
    bl_ballots_reader *const r = c->r;
    c->values = r->request->how.values;
    if (c->values != BL_BALLOTS_VALUES_BY_METHOD) return true;
    if (!r->is_kind_known)
        return bl_ballots_fail(r, NULL,
                               "the columns are candidates, and nothing tells whether the numbers "
                               "below them are ranks or scores: name a method, or say --csv "
                               "values=ranks or values=scores");
    c->values = r->kind == BL_BALLOTS_RANKING  ? BL_BALLOTS_VALUES_RANKS
                : r->kind == BL_BALLOTS_SCORES ? BL_BALLOTS_VALUES_SCORES
                                               : BL_BALLOTS_VALUES_CHOICES;
    return true;
}

static bool take_candidates(csv *c)
{
    bl_ballots_reader *const r = c->r;
    if (!find_values(c)) return false;
    for (size_t i = 0; i < c->columns.count; i++) {
        column *one = &c->columns.items[i];
        if (one->kind != COLUMN_OTHER || is_beside(one->heading) ||
            !is_vote_column(c, i, one->heading))
            continue;
        one->kind = COLUMN_CANDIDATE;
        one->number = BL_MARK_NOBODY;
        const bool is_known = bl_contest_find(r->builder, one->heading) != BL_NONE;
        if (!is_known && bl_ballots_is_write_in(r, one->heading)) continue;
        if (!(is_known || r->is_closed
                  ? bl_ballots_known(r, one->at, one->heading, &one->number)
                  : bl_ballots_add_candidate(r, one->at, one->heading, &one->number)))
            return false;
    }
    r->is_closed = true;
    return true;
}

static bool find_shape(csv *c)
{
    bl_ballots_reader *const r = c->r;
    const bl_ballots_how *how = &r->request->how;
    if (c->has_ranks) return true;
    if (how->values != BL_BALLOTS_VALUES_BY_METHOD || looks_marked(c)) return take_candidates(c);
    if (r->out->problem.size > 0) return false;
    if (how->first_column > 0) {
        take_all_as_ranks(c);
        return true;
    }
    return bl_ballots_fail(
        r, c->columns.items[0].at,
        "no heading is a rank (`Rank 1`, `1st Choice`), and the cells are no "
        "numbers; say --csv first_column=NUMBER where the ranks begin, or --csv header=no "
        "where the first line is a ballot");
}

/* ---- rows ---- */

static bool read_one_name(csv *c, const char *at, bl_text cell)
{
    bl_ballots_reader *const r = c->r;
    const bl_text name = bl_ballots_trim(cell);
    uint32_t candidate = bl_contest_find(r->builder, name);
    if (candidate == BL_NONE) {
        if (bl_ballots_is_skipped(r, name)) return true;
        if (bl_ballots_is_overvote(r, name))
            candidate = BL_MARK_OVERVOTE;
        else if (bl_ballots_is_write_in(r, name))
            candidate = BL_MARK_NOBODY;
        else if (!bl_ballots_whom(r, at, name, &candidate))
            return false;
    }
    return bl_ballots_rank(r, candidate);
}

/* A name, several with what parts them, or words that stand for none. */
static bool read_rank_cell(csv *c, const char *at, bl_text cell, uint32_t rank)
{
    const bl_text between = c->r->request->how.between;
    c->r->rank = (int32_t)rank;
    if (cell.size == 0) return true;
    while (between.size > 0 && bl_text_contains(cell, between)) {
        size_t size = 0;
        while (memcmp(cell.bytes + size, between.bytes, between.size) != 0)
            size++;
        if (!read_one_name(c, at, (bl_text){cell.bytes, size})) return false;
        cell.bytes += size + between.size;
        cell.size -= size + between.size;
    }
    return read_one_name(c, at, cell);
}

static bool read_choice(csv *c, const char *at, bl_text text, uint32_t candidate)
{
    if (bl_ballots_is_any(text, "0|no|false|n")) return true;
    if (bl_ballots_is_any(text, "1|x|yes|true|y")) return bl_ballots_mark(c->r, candidate, 1);
    return bl_ballots_fail(c->r, at, "expected 1, x or yes for who is chosen, found `%s`",
                           bl_ballots_show(c->r, text));
}

/* A rank, a score or a choice below a candidate. */
static bool read_value_cell(csv *c, const char *at, bl_text cell, uint32_t candidate)
{
    bl_ballots_reader *const r = c->r;
    const bl_text text = bl_ballots_trim(cell);
    uint64_t rank;
    bl_rational score;
    if (bl_ballots_is_unranked(r, text)) return true;
    switch (c->values) {
    case BL_BALLOTS_VALUES_BY_METHOD: break;
    case BL_BALLOTS_VALUES_RANKS:
        if (bl_ballots_whole(text, INT32_MAX, &rank) && rank > 0)
            return bl_ballots_mark(r, candidate, (int32_t)rank);
        return bl_ballots_fail(r, at, "expected a rank from 1, found `%s`",
                               bl_ballots_show(r, text));
    case BL_BALLOTS_VALUES_SCORES:
        if (candidate == BL_MARK_NOBODY) return true;
        if (bl_rational_parse(text, &score)) return bl_ballots_score(r, at, candidate, score);
        return bl_ballots_fail(r, at, "expected a score, found `%s`", bl_ballots_show(r, text));
    case BL_BALLOTS_VALUES_CHOICES: return read_choice(c, at, text, candidate);
    }
    return false;
}

static bool read_cell(csv *c, size_t i, const char *at, bl_text cell)
{
    bl_ballots_reader *const r = c->r;
    if (i >= c->columns.count) {
        if (bl_ballots_trim(cell).size == 0) return true;
        return bl_ballots_fail(r, at, "`%s` stands in column %zu, and the first line has %zu",
                               bl_ballots_show(r, cell), i + 1, c->columns.count);
    }
    const column *one = &c->columns.items[i];
    switch (one->kind) {
    case COLUMN_OTHER: return true;
    case COLUMN_WEIGHT: return bl_ballots_weight(r, at, bl_ballots_trim(cell), &c->weight);
    case COLUMN_RANK: return read_rank_cell(c, at, cell, one->number);
    case COLUMN_CANDIDATE: return read_value_cell(c, at, cell, one->number);
    }
    return false;
}

static bl_ballot_kind kind_of(const csv *c)
{
    if (c->has_ranks || c->values == BL_BALLOTS_VALUES_RANKS) return BL_BALLOTS_RANKING;
    return c->values == BL_BALLOTS_VALUES_SCORES ? BL_BALLOTS_SCORES : BL_BALLOTS_CHOICE;
}

static bool read_row(csv *c)
{
    bl_ballots_reader *const r = c->r;
    const char *const row = r->at;
    bl_ballots_begin(r);
    bl_arena_reset(&r->scratch);
    c->weight = BL_RATIONAL(1);
    size_t i = 0;
    do {
        const char *at;
        bl_text cell;
        if (!read_field(c, &at, &cell) || !read_cell(c, i++, at, cell)) return false;
    } while (!c->is_row_over);
    return bl_ballots_add_weighted(r, row, kind_of(c), c->weight);
}

/* The first row says how many columns there are, and is read again as a ballot. */
static bool begin_without_header(csv *c)
{
    bl_ballots_reader *const r = c->r;
    const char *const first = r->at;
    if (!read_header(c)) return false;
    for (size_t i = 0; i < c->columns.count; i++)
        c->columns.items[i].kind = COLUMN_OTHER;
    take_all_as_ranks(c);
    r->at = first;
    return true;
}

static bool read_table(csv *c)
{
    bl_ballots_reader *const r = c->r;
    if (!(r->request->how.has_no_header ? begin_without_header(c)
                                        : read_header(c) && find_shape(c)))
        return false;
    for (skip_empty_lines(r); r->at < r->end; skip_empty_lines(r))
        if (!read_row(c)) return false;
    return true;
}

bool bl_ballots_read_csv(bl_ballots_reader *r)
{
    csv c = {.r = r, .separator = r->request->how.separator};
    if (c.separator == '\0') c.separator = find_separator(r);
    const bool is_read = read_table(&c);
    bl_vector_free(r->memory, &c.columns);
    return is_read;
}
