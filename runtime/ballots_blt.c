/*
 * BLT, as Hill, Wichmann and Woodall describe it with their program for Meek's count (Algorithm
 * 123, 1987), and as OpenSTV, OpaVote, Droop and OpenTally go on from there.
 *
 * Words parted by blanks and line ends: candidates and seats; withdrawn candidates as negative
 * numbers; ballots, each a weight, candidates in the order of preference and a 0; a 0 alone; names
 * in quotes, and the title. Extensions: `=` between equal candidates, `-` for a skipped rank, a
 * name of the ballot in parentheses before it, equal candidates in parentheses, `#` and C comments,
 * weights with decimals, and Droop's and OpenTally's settings in brackets, which are passed over
 * but for the names in `[nick …]`. The 0 at the end of a ballot may be missing where the line ends.
 */
#include <string.h>

#include "ballots_read.h"

typedef struct blt {
    bl_ballots_reader *r;
    uint32_t candidate_count;
    bool are_named; /* by the file that names this one, which must name them in the same order */
} blt;

/* ---- words ---- */

/* Passes over blanks and comments; line ends too unless `is_line`. False: a comment has no end. */
static bool skip_blanks(bl_ballots_reader *r, bool is_line)
{
    for (; r->at < r->end; r->at++) {
        const char c = *r->at;
        if (c == ' ' || c == '\t' || c == '\r' || c == ',') continue;
        if (c == '\n') {
            if (is_line) return true;
        } else if (c == '#') {
            const char *const end = memchr(r->at, '\n', (size_t)(r->end - r->at));
            r->at = end ? end - 1 : r->end - 1;
        } else if (c == '/' && r->end - r->at > 1 && r->at[1] == '*') {
            const char *end = r->at + 2;
            while (r->end - end > 1 && (end[0] != '*' || end[1] != '/'))
                end++;
            if (r->end - end < 2) return bl_ballots_fail(r, r->at, "a comment without `*/`");
            r->at = end + 1;
        } else {
            return true;
        }
    }
    return true;
}

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=' || c == '(' || c == ')' ||
           c == '#' || c == ',' || c == '"';
}

static bl_text next_word(bl_ballots_reader *r)
{
    const char *const first = r->at;
    while (r->at < r->end && !ends_word(*r->at))
        r->at++;
    return (bl_text){first, (size_t)(r->at - first)};
}

static bool expect_number(bl_ballots_reader *r, const char *what, uint64_t most, uint64_t *out)
{
    if (!skip_blanks(r, false)) return false;
    const char *const at = r->at;
    const bl_text word = next_word(r);
    if (bl_ballots_whole(word, most, out)) return true;
    if (word.size == 0)
        return bl_ballots_fail(r, at, "expected %s, found %s", what, bl_ballots_found(r, at));
    return bl_ballots_fail(r, at, "expected %s, found `%s`", what, bl_ballots_show(r, word));
}

/* ---- candidates ---- */

/* They have names only at the end: until then a number is who they are. */
static bool add_numbers(blt *b, const char *at)
{
    char number[16];
    for (uint32_t i = 0; i < b->candidate_count; i++) {
        uint32_t added;
        bl_buffer text;
        bl_buffer_init(&text, b->r->memory);
        bl_buffer_number(&text, (int64_t)i + 1);
        const bool is_copied = !text.failed && text.size < sizeof number;
        if (is_copied) memcpy(number, text.bytes, text.size);
        const size_t size = text.size;
        bl_buffer_free(&text);
        if (!is_copied || !bl_ballots_add_candidate(b->r, at, (bl_text){number, size}, &added))
            return false;
    }
    return true;
}

/* A candidate's number, from 1. */
static bool read_candidate(blt *b, const char *at, bl_text word, uint32_t *out)
{
    uint64_t number = 0;
    for (size_t i = 0; i < word.size; i++) {
        if (word.bytes[i] < '0' || word.bytes[i] > '9' || number > BL_CANDIDATE_COUNT_MAX)
            return bl_ballots_known(b->r, at, word, out);
        number = number * 10 + (uint64_t)(word.bytes[i] - '0');
    }
    if (number == 0 || number > b->candidate_count)
        return bl_ballots_fail(b->r, at, "there is no candidate `%s`: the first line says 1 to %u",
                               bl_ballots_show(b->r, word), b->candidate_count);
    *out = (uint32_t)number - 1;
    return true;
}

static bool read_withdrawn(blt *b)
{
    bl_ballots_reader *const r = b->r;
    while (skip_blanks(r, false) && r->end - r->at > 1 && r->at[0] == '-' && r->at[1] > '0' &&
           r->at[1] <= '9') {
        const char *const at = r->at++;
        uint32_t candidate;
        if (!read_candidate(b, at, next_word(r), &candidate)) return false;
        bl_contest_candidate(r->builder, candidate)->is_withdrawn = true;
    }
    return r->out->problem.size == 0;
}

/* `[nick a b c]` gives names to use in ballots; `[withdrawn …]` and others say what BLT says
 * elsewhere, or how another program counts. */
static bool read_bracket(blt *b)
{
    bl_ballots_reader *const r = b->r;
    const char *const at = r->at++;
    const char *const end = memchr(r->at, ']', (size_t)(r->end - r->at));
    if (!end) return bl_ballots_fail(r, at, "a `[` without `]`");
    const bl_text kind = next_word(r);
    const bool is_nick = bl_ballots_is(kind, "nick");
    const bool is_withdrawn = bl_ballots_is(kind, "withdrawn");
    for (uint32_t i = 0; r->at < end; i++) {
        if (!skip_blanks(r, false) || r->at >= end) break;
        bl_text word = next_word(r);
        if (word.bytes + word.size > end) word.size = (size_t)(end - word.bytes);
        if (word.size == 0) r->at++;
        uint32_t candidate = i;
        if (is_nick && word.size > 0 && i < b->candidate_count &&
            !bl_ballots_add_name(r, word.bytes, i, word))
            return false;
        if (is_withdrawn && word.size > 0) {
            if (!read_candidate(b, word.bytes, word, &candidate)) return false;
            bl_contest_candidate(r->builder, candidate)->is_withdrawn = true;
        }
    }
    r->at = end + 1;
    return r->out->problem.size == 0;
}

static bool read_head(blt *b)
{
    bl_ballots_reader *const r = b->r;
    uint64_t candidates, seats;
    if (!skip_blanks(r, false)) return false;
    const char *const at = r->at;
    if (!expect_number(r, "the number of candidates", UINT32_MAX, &candidates)) return false;
    if (candidates > BL_CANDIDATE_COUNT_MAX)
        return bl_ballots_fail(r, at, "more than %d candidates", BL_CANDIDATE_COUNT_MAX);
    if (candidates == 0) return bl_ballots_fail(r, at, "the file says that it has no candidates");
    if (!skip_blanks(r, false)) return false;
    const char *const seats_at = r->at;
    if (!expect_number(r, "the number of seats", UINT32_MAX, &seats)) return false;
    if (!bl_ballots_set_option(r, seats_at, BL_TEXT("seats"),
                               (bl_text){seats_at, (size_t)(r->at - seats_at)}))
        return false;
    b->candidate_count = (uint32_t)candidates;
    b->are_named = bl_contest_candidate_count(r->builder) > 0;
    if (b->are_named && bl_contest_candidate_count(r->builder) != candidates)
        return bl_ballots_fail(r, at, "the file that names this one has %u candidates",
                               bl_contest_candidate_count(r->builder));
    if (!b->are_named && !add_numbers(b, at)) return false;
    if (!read_withdrawn(b)) return false;
    while (r->at < r->end && *r->at == '[')
        if (!read_bracket(b) || !read_withdrawn(b)) return false;
    r->is_closed = true;
    return true;
}

/* ---- ballots ---- */

/* Equal candidates, Hill's way; the reader stands behind the parenthesis. */
static bool read_equal(blt *b, const char *opening)
{
    bl_ballots_reader *const r = b->r;
    for (;;) {
        if (!skip_blanks(r, false)) return false;
        if (r->at == r->end) return bl_ballots_fail(r, opening, "a `(` without `)`");
        if (*r->at == ')') break;
        const char *const at = r->at;
        uint32_t candidate;
        const bl_text word = next_word(r);
        if (word.size == 0)
            return bl_ballots_fail(r, at, "expected a candidate or `)`, found %s",
                                   bl_ballots_found(r, at));
        if (!read_candidate(b, at, word, &candidate) || !bl_ballots_rank(r, candidate))
            return false;
    }
    r->at++;
    r->rank++;
    return true;
}

/* What stands at one rank: candidates with `=` between them. */
static bool read_rank(blt *b, const char *at, bl_text word)
{
    bl_ballots_reader *const r = b->r;
    for (;;) {
        uint32_t candidate;
        if (!read_candidate(b, at, word, &candidate) || !bl_ballots_rank(r, candidate))
            return false;
        if (!skip_blanks(r, true)) return false;
        if (r->at == r->end || *r->at != '=') break;
        r->at++;
        if (!skip_blanks(r, true)) return false;
        at = r->at;
        word = next_word(r);
        if (word.size == 0)
            return bl_ballots_fail(r, at, "expected a candidate after `=`, found %s",
                                   bl_ballots_found(r, at));
    }
    r->rank++;
    return true;
}

/*
 * The digits alone of the usual ballot, "1 3 2 0": as the general way below, without looking at
 * each character three times. Stops at what is not so simple.
 */
static bool read_plain_ranks(blt *b, bool *is_done)
{
    bl_ballots_reader *const r = b->r;
    const char *at = r->at;
    *is_done = false;
    for (;;) {
        while (at < r->end && *at == ' ')
            at++;
        const char *const first = at;
        uint32_t number = 0;
        for (; at < r->end && *at >= '0' && *at <= '9' && at - first < 5; at++)
            number = number * 10 + (uint32_t)(*at - '0');
        const bool is_plain = at > first && at < r->end &&
                              (*at == ' ' || *at == '\n' || *at == '\r') &&
                              number <= b->candidate_count;
        if (!is_plain || (number > 0 && *at != ' ')) break;
        r->at = at;
        if (number == 0) {
            *is_done = true;
            return true;
        }
        const char *next = at;
        while (next < r->end && *next == ' ')
            next++;
        if (next < r->end && *next == '=') {
            r->at = first;
            return true;
        }
        if (!bl_ballots_rank(r, number - 1)) return false;
        r->rank++;
    }
    return true;
}

static bool read_ranks(blt *b)
{
    bl_ballots_reader *const r = b->r;
    bool is_done;
    if (!read_plain_ranks(b, &is_done) || is_done) return r->out->problem.size == 0;
    for (;;) {
        if (!skip_blanks(r, true)) return false;
        if (r->at == r->end || *r->at == '\n') return true;
        const char *const at = r->at;
        if (*at == '(') {
            r->at++;
            if (!read_equal(b, at)) return false;
            continue;
        }
        const bl_text word = next_word(r);
        if (word.size == 0)
            return bl_ballots_fail(r, at, "expected a candidate's number or 0, found %s",
                                   bl_ballots_found(r, at));
        if (word.size == 1 && word.bytes[0] == '0') return true;
        if (word.size == 1 && word.bytes[0] == '-') {
            r->rank++;
            continue;
        }
        if (!read_rank(b, at, word)) return false;
    }
}

/* A ballot's name in parentheses: the ballot counts once. */
static bool skip_ballot_name(bl_ballots_reader *r)
{
    const char *const end = memchr(r->at, ')', (size_t)(r->end - r->at));
    if (!end) return bl_ballots_fail(r, r->at, "a `(` without `)`");
    r->at = end + 1;
    return true;
}

static bool read_weight(bl_ballots_reader *r, bl_rational *weight)
{
    *weight = BL_RATIONAL(1);
    if (*r->at == '(') return skip_ballot_name(r);
    const char *const at = r->at;
    const bl_text word = next_word(r);
    if (word.size > 0) return bl_ballots_weight(r, at, word, weight);
    return bl_ballots_fail(r, at, "expected the number of ballots, or 0 behind the last, found %s",
                           bl_ballots_found(r, at));
}

static bool read_ballots(blt *b)
{
    bl_ballots_reader *const r = b->r;
    for (;;) {
        if (!skip_blanks(r, false)) return false;
        if (r->at == r->end)
            return bl_ballots_fail(r, r->at,
                                   "expected a 0 behind the last ballot, found the end of "
                                   "the file");
        const char *const at = r->at;
        bl_rational weight;
        if (!read_weight(r, &weight)) return false;
        if (weight.num == 0) {
            const char *const behind = r->at;
            if (!skip_blanks(r, true)) return false;
            if (r->at == r->end || *r->at == '\n' || *r->at == '"') return true;
            r->at = behind;
        }
        bl_ballots_begin(r);
        if (!read_ranks(b) || !bl_ballots_add_weighted(r, at, BL_BALLOTS_RANKING, weight))
            return false;
    }
}

/* ---- names ---- */

/* A text in quotes, a quote inside written `\"` or `""`; or the rest of the line. */
static bool read_name(bl_ballots_reader *r, bl_text *out)
{
    const char *const at = r->at;
    if (*at != '"') {
        bl_text line;
        bl_ballots_line(r, &line);
        *out = bl_ballots_trim(line);
        return true;
    }
    bl_buffer text;
    bl_buffer_init(&text, r->memory);
    const char *c = at + 1;
    for (; c < r->end && *c != '\n'; c++) {
        const bool is_pair = r->end - c > 1 && c[1] == '"' && (*c == '\\' || *c == '"');
        if (*c == '"' && !is_pair) break;
        c += is_pair;
        bl_buffer_char(&text, *c);
    }
    const bool is_closed = c < r->end && *c == '"';
    const char *const copy = text.failed ? NULL : bl_arena_copy(r->arena, text.bytes, text.size);
    *out = (bl_text){copy, text.size};
    bl_buffer_free(&text);
    if (!copy) return bl_ballots_nomem(r);
    r->at = c + is_closed;
    return is_closed || bl_ballots_fail(r, at, "a name without a `\"` at its end");
}

static bool rename_candidate(blt *b, const char *at, uint32_t i, bl_text text)
{
    bl_ballots_reader *const r = b->r;
    const bl_text name = bl_ballots_trim(text);
    if (!bl_ballots_check_name(r, at, name, "a candidate's name")) return false;
    if (b->are_named) {
        uint32_t candidate;
        if (!bl_ballots_known(r, at, name, &candidate)) return false;
        return candidate == i ||
               bl_ballots_fail(r, at, "`%s` is candidate %u in the file that names this one",
                               bl_ballots_show(r, name), candidate + 1);
    }
    for (uint32_t k = 0; k < i; k++)
        if (bl_text_equal(bl_contest_candidate(r->builder, k)->name, name))
            return bl_ballots_fail(r, at, "`%s` is a candidate already", bl_ballots_show(r, name));
    const char *const copy = bl_arena_copy(r->arena, name.bytes, name.size);
    if (!copy) return bl_ballots_nomem(r);
    bl_contest_candidate(r->builder, i)->name = (bl_text){copy, name.size};
    return true;
}

static bool read_names(blt *b)
{
    bl_ballots_reader *const r = b->r;
    bl_text text;
    for (uint32_t i = 0; i < b->candidate_count; i++) {
        if (!skip_blanks(r, false)) return false;
        if (r->at == r->end)
            return bl_ballots_fail(r, r->at,
                                   "expected the name of candidate %u of %u, found the end "
                                   "of the file",
                                   i + 1, b->candidate_count);
        const char *const at = r->at;
        if (!read_name(r, &text) || !rename_candidate(b, at, i, text)) return false;
    }
    if (!skip_blanks(r, false)) return false;
    if (r->at == r->end) return true;
    const char *const at = r->at;
    if (!read_name(r, &text) || text.size == 0) return r->out->problem.size == 0;
    r->title = text;
    return bl_ballots_check_name(r, at, text, "a title");
}

bool bl_ballots_read_blt(bl_ballots_reader *r)
{
    blt b = {.r = r};
    return read_head(&b) && read_ballots(&b) && read_names(&b);
}
