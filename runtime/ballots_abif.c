/*
 * ABIF, the Aggregated Ballot Information Format of electowiki: lines, each for itself.
 *
 * `27:A>B=C` are 27 equal ballots, best first; `*` stands for `:` too. `27:A/5,B/3` are scores, and
 * with `>` and `=` both. `=A:[Full name]` says who `A` is, `{title: "…"}` something of the
 * election,
 * `#` begins a comment. A name with other characters than letters, digits, `_`, `-` and `.` stands
 * in
 * `[…]` or `"…"`. Candidates may be said behind the ballots, so the file is read twice.
 */
#include <string.h>

#include "ballots_read.h"

typedef struct rating {
    uint32_t candidate;
    bl_rational score;
    const char *at;
} rating;

typedef struct abif {
    bl_ballots_reader *r;
    const char *at; /* in the line */
    const char *end;
    /* of the ballot */
    bl_vector(rating) ratings;
    size_t candidate_count;
    bool has_order; /* `>` or `=` */
    bool has_commas;
} abif;

/* ---- lines ---- */

/* Without comment: a `#` outside of names. */
static bl_text without_comment(bl_text line)
{
    char closing = '\0';
    for (size_t i = 0; i < line.size; i++) {
        const char c = line.bytes[i];
        if (closing != '\0') {
            if (c == closing) closing = '\0';
        } else if (c == '[') {
            closing = ']';
        } else if (c == '"') {
            closing = '"';
        } else if (c == '#') {
            return bl_ballots_trim((bl_text){line.bytes, i});
        }
    }
    return bl_ballots_trim(line);
}

static void skip_blanks(abif *a)
{
    while (a->at < a->end && (*a->at == ' ' || *a->at == '\t'))
        a->at++;
}

static const char *found(abif *a)
{
    return a->at == a->end ? "the end of the line" : bl_ballots_found(a->r, a->at);
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '\'' || (unsigned char)c >= 0x80;
}

/* A candidate's name, bare or in brackets or quotes. A bare one may have blanks inside. */
static bool read_token(abif *a, bl_text *out)
{
    const char opening = a->at < a->end ? *a->at : '\0';
    if (opening == '[' || opening == '"') {
        const char *const first = a->at + 1;
        const char *const closing = memchr(first, opening == '[' ? ']' : '"',
                                           (size_t)(a->end - first));
        if (!closing)
            return bl_ballots_fail(a->r, a->at, "a name without `%c` at its end",
                                   opening == '[' ? ']' : '"');
        *out = (bl_text){first, (size_t)(closing - first)};
        a->at = closing + 1;
        return true;
    }
    const char *const first = a->at;
    while (a->at < a->end && (is_bare(*a->at) || *a->at == ' '))
        a->at++;
    *out = bl_ballots_trim((bl_text){first, (size_t)(a->at - first)});
    return out->size > 0 ||
           bl_ballots_fail(a->r, first, "expected a candidate's name, found %s", found(a));
}

/* ---- candidates and what is said of the election ---- */

/* `=A:[Full name]` */
static bool read_candidate_line(abif *a)
{
    bl_ballots_reader *const r = a->r;
    a->at++;
    skip_blanks(a);
    const char *const at = a->at;
    bl_text token, name;
    if (!read_token(a, &token)) return false;
    skip_blanks(a);
    if (a->at == a->end || *a->at != ':')
        return bl_ballots_fail(r, a->at, "expected `:` behind the candidate, found %s", found(a));
    a->at++;
    skip_blanks(a);
    name = bl_ballots_trim((bl_text){a->at, (size_t)(a->end - a->at)});
    const bool is_quoted = name.size > 1 && (name.bytes[0] == '[' || name.bytes[0] == '"');
    if (is_quoted && !read_token(a, &name)) return false;
    if (name.size == 0) name = token;
    uint32_t candidate;
    if (r->is_inside && bl_contest_find(r->builder, bl_ballots_trim(name)) != BL_NONE) {
        if (!bl_ballots_known(r, at, name, &candidate)) return false;
    } else if (!bl_ballots_add_candidate(r, at, name, &candidate)) {
        return false;
    }
    return bl_ballots_add_name(r, at, candidate, token);
}

static bl_text without_quotes(bl_text text)
{
    text = bl_ballots_trim(text);
    const bool is_quoted = text.size > 1 && (text.bytes[0] == '"' || text.bytes[0] == '\'') &&
                           text.bytes[text.size - 1] == text.bytes[0];
    return is_quoted ? (bl_text){text.bytes + 1, text.size - 2} : text;
}

/* The first of two bytes outside of quotes; the end. */
static const char *find_outside(const char *at, const char *end, char first, char second)
{
    bool is_quoted = false;
    for (; at < end; at++) {
        if (*at == '"') is_quoted = !is_quoted;
        if (!is_quoted && (*at == first || *at == second)) return at;
    }
    return end;
}

/* Where `key: value` ends: at a comma behind which another key stands, not one inside a value. */
static const char *end_of_pair(const char *at, const char *end)
{
    for (at = find_outside(at, end, ',', ','); at < end; at = find_outside(at, end, ',', ',')) {
        const char *const next = find_outside(at + 1, end, ',', ':');
        if (next < end && *next == ':') return at;
        at++;
    }
    return end;
}

/* What describes and decides nothing is passed over; what is not known is told. */
static bool read_pair(abif *a, bl_text pair)
{
    bl_ballots_reader *const r = a->r;
    const char *const end = pair.bytes + pair.size;
    const char *const colon = find_outside(pair.bytes, end, ':', ':');
    const bl_text raw = bl_ballots_trim((bl_text){pair.bytes, (size_t)(colon - pair.bytes)});
    if (colon == end) return bl_ballots_fail(r, a->at, "expected `{KEY: VALUE}`, found no `:`");
    const bl_text key = without_quotes(raw);
    const bl_text value = without_quotes((bl_text){colon + 1, (size_t)(end - colon - 1)});
    if (bl_ballots_is(key, "title") && value.size > 0) {
        r->title = value;
        return bl_ballots_check_name(r, a->at, value, "a title");
    }
    const char *option = NULL;
    if (bl_ballots_is(key, "max rating")) option = "highest";
    if (bl_ballots_is(key, "min rating")) option = "lowest";
    if (bl_ballots_is_any(key, BL_BALLOTS_SEATS)) option = "seats";
    if (!option) return bl_ballots_is_said(key) || bl_ballots_pass_over(r, raw.bytes, key);
    const bool is_taken = bl_ballots_is(BL_TEXT("seats"), option) ||
                          bl_ballots_has_option(r, bl_text_of(option));
    return !is_taken || bl_ballots_set_option(r, a->at, bl_text_of(option), value);
}

/* `{"key": value}`, and several with commas between. */
static bool read_metadata(abif *a)
{
    if (a->end[-1] != '}')
        return bl_ballots_fail(a->r, a->at, "expected `{KEY: VALUE}`, found no `}` at the end");
    const char *const end = a->end - 1;
    for (const char *at = a->at + 1; at <= end;) {
        const char *const behind = end_of_pair(at, end);
        if (!read_pair(a, (bl_text){at, (size_t)(behind - at)})) return false;
        at = behind + 1;
    }
    return true;
}

/* ---- ballots ---- */

/* `/5` behind a candidate, where it stands. */
static bool read_rating(abif *a, uint32_t candidate)
{
    skip_blanks(a);
    if (a->at == a->end || *a->at != '/') return true;
    a->at++;
    skip_blanks(a);
    const char *const first = a->at;
    while (a->at < a->end && ((*a->at >= '0' && *a->at <= '9') || *a->at == '.' || *a->at == '-'))
        a->at++;
    bl_text number = {first, (size_t)(a->at - first)};
    while (number.size > 1 && number.bytes[0] == '0' && number.bytes[1] != '.')
        number.bytes++, number.size--; /* "045", which makes columns line up */
    rating one = {candidate, BL_RATIONAL(0), first};
    if (!bl_rational_parse(number, &one.score))
        return bl_ballots_fail(a->r, first, "expected a score after `/`, found %s", found(a));
    if (!bl_vector_reserve(a->r->memory, &a->ratings, 1)) return bl_ballots_nomem(a->r);
    a->ratings.items[a->ratings.count++] = one;
    return true;
}

/* Candidates at their ranks into r->marks, and their scores into a->ratings. */
static bool read_preferences(abif *a)
{
    bl_ballots_reader *const r = a->r;
    bl_ballots_begin(r);
    a->ratings.count = a->candidate_count = 0;
    a->has_order = a->has_commas = false;
    skip_blanks(a);
    if (a->at == a->end) return true;
    for (;;) {
        skip_blanks(a);
        const char *const at = a->at;
        bl_text token;
        uint32_t candidate;
        if (!read_token(a, &token) || !bl_ballots_whom(r, at, token, &candidate) ||
            !bl_ballots_rank(r, candidate) || !read_rating(a, candidate))
            return false;
        a->candidate_count++;
        skip_blanks(a);
        if (a->at == a->end) return true;
        const char between = *a->at;
        if (between != '>' && between != '=' && between != ',')
            return bl_ballots_fail(r, a->at, "expected `>`, `=` or `,`, found %s", found(a));
        if (between == '>') r->rank++;
        a->has_order = a->has_order || between != ',';
        a->has_commas = a->has_commas || between == ',';
        a->at++;
    }
}

static bool are_choices(const abif *a)
{
    for (size_t i = 0; i < a->ratings.count; i++) {
        const bl_rational score = a->ratings.items[i].score;
        if (score.den != 1 || (score.num != 0 && score.num != 1)) return false;
    }
    return a->ratings.count > 0;
}

/* Whether the scores of this ballot are what counts, rather than its order. */
static bool means_scores(const abif *a)
{
    const bl_ballots_reader *const r = a->r;
    if (a->ratings.count == 0) return false;
    if (!r->is_kind_known) return a->ratings.count == a->candidate_count;
    if (r->kind == BL_BALLOTS_SCORES) return true;
    if (r->kind == BL_BALLOTS_CHOICE && are_choices(a)) return true;
    return a->has_commas;
}

static bool add_ballot(abif *a, const char *at, bl_rational weight)
{
    bl_ballots_reader *const r = a->r;
    const bool are_unordered = a->has_commas && !a->has_order;
    if (!means_scores(a))
        return bl_ballots_add_weighted(
            r, at, are_unordered ? BL_BALLOTS_CHOICE : BL_BALLOTS_RANKING, weight);
    bl_ballots_begin(r);
    for (size_t i = 0; i < a->ratings.count; i++) {
        const rating one = a->ratings.items[i];
        if (!bl_ballots_score(r, one.at, one.candidate, one.score)) return false;
    }
    return bl_ballots_add_weighted(r, at, BL_BALLOTS_SCORES, weight);
}

/* `27:A>B`; a line without a number is one ballot. */
static bool read_ballot(abif *a)
{
    bl_ballots_reader *const r = a->r;
    const char *const at = a->at;
    const char *number_end = at;
    while (number_end < a->end &&
           ((*number_end >= '0' && *number_end <= '9') || *number_end == '.'))
        number_end++;
    const bl_text number = {at, (size_t)(number_end - at)};
    while (number_end < a->end && (*number_end == ' ' || *number_end == '\t'))
        number_end++;
    const bool has_mark = number_end < a->end && (*number_end == ':' || *number_end == '*');
    if (number.size == 0 || !has_mark)
        return bl_ballots_fail(r, at,
                               "expected ballots as `27:A>B`, found no number and `:` before them");
    bl_rational weight;
    if (!bl_ballots_weight(r, at, number, &weight)) return false;
    a->at = number_end + 1;
    return read_preferences(a) && add_ballot(a, at, weight);
}

/* Once for who stands and what is said of the election, once for the ballots. */
static bool read_lines(abif *a, bool wants_ballots)
{
    bl_ballots_reader *const r = a->r;
    bl_text line;
    while (bl_ballots_line(r, &line)) {
        const bl_text said = without_comment(line);
        if (said.size == 0) continue;
        a->at = said.bytes;
        a->end = said.bytes + said.size;
        const char first = *a->at;
        const bool is_ballot = first != '=' && first != '{';
        if (is_ballot != wants_ballots) continue;
        const bool is_read = is_ballot      ? read_ballot(a)
                             : first == '=' ? read_candidate_line(a)
                                            : read_metadata(a);
        if (!is_read) return false;
    }
    return true;
}

bool bl_ballots_read_abif(bl_ballots_reader *r)
{
    abif a = {.r = r};
    const char *const first = r->at;
    bool is_read = read_lines(&a, false);
    r->at = first;
    r->is_closed = r->is_closed || bl_contest_candidate_count(r->builder) > 0;
    is_read = is_read && read_lines(&a, true);
    bl_vector_free(r->memory, &a.ratings);
    return is_read;
}
