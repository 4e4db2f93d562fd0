/*
 * PrefLib: orders with and without ties, complete and not (.soc .soi .toc .toi), and categories
 * (.cat). Source: FORMAT_SPECIFICATION.md of PrefLib-Data, and the form of before 2022.
 *
 * New: lines `# KEY: value`, then a line for each different ballot, "count: 1,{2,3},4". Old: the
 * number of candidates, a line "1,name" for each, "voters,sum,different", and ballots
 * "count,1,{2,3}". Of categories each is a rank, the first one best; who counts choices takes the
 * first.
 */
#include <string.h>

#include "ballots_read.h"

typedef struct preflib {
    bl_ballots_reader *r;
    uint32_t candidate_count; /* as the head says */
    bool has_categories;
    bool is_old;
} preflib;

/* ---- candidates ---- */

/* A candidate's number is another name for them. Numbers and names must not be at odds. */
static bool add_numbered(preflib *p, const char *at, uint64_t number, bl_text name)
{
    bl_ballots_reader *const r = p->r;
    uint32_t candidate;
    char digits[20];
    bl_buffer text;
    name = bl_ballots_trim(name);
    const bool is_known = r->is_closed && bl_contest_find(r->builder, name) != BL_NONE;
    if (!(is_known ? bl_ballots_known(r, at, name, &candidate)
                   : bl_ballots_add_candidate(r, at, name, &candidate)))
        return false;
    bl_buffer_init(&text, r->memory);
    bl_buffer_number(&text, (int64_t)number);
    const size_t size = text.failed ? 0 : text.size;
    if (size > 0) memcpy(digits, text.bytes, size);
    bl_buffer_free(&text);
    if (size == 0) return bl_ballots_nomem(r);
    return bl_ballots_add_name(r, at, candidate, (bl_text){digits, size});
}

/* ---- the head ---- */

static bool takes(bl_text *line, const char *beginning)
{
    const size_t size = strlen(beginning);
    if (line->size < size || memcmp(line->bytes, beginning, size) != 0) return false;
    *line = bl_ballots_trim((bl_text){line->bytes + size, line->size - size});
    return true;
}

/* "12: Name" behind `# ALTERNATIVE NAME`. */
static bool read_alternative(preflib *p, bl_text rest)
{
    bl_ballots_reader *const r = p->r;
    const char *const colon = memchr(rest.bytes, ':', rest.size);
    uint64_t number;
    if (!colon) return bl_ballots_fail(r, rest.bytes, "expected `NUMBER: NAME`, found no `:`");
    const size_t size = (size_t)(colon - rest.bytes);
    if (!bl_ballots_whole(bl_ballots_trim((bl_text){rest.bytes, size}), UINT32_MAX, &number))
        return bl_ballots_fail(r, rest.bytes, "expected a candidate's number before `:`");
    return add_numbered(p, colon + 1, number, (bl_text){colon + 1, rest.size - size - 1});
}

static bool read_head_line(preflib *p, bl_text line)
{
    bl_ballots_reader *const r = p->r;
    bl_text rest = line;
    uint64_t number;
    if (takes(&rest, "# ALTERNATIVE NAME")) return read_alternative(p, rest);
    if (takes(&rest, "# TITLE:")) {
        if (rest.size == 0) return true;
        r->title = rest;
        return bl_ballots_check_name(r, rest.bytes, rest, "a title");
    }
    if (takes(&rest, "# NUMBER ALTERNATIVES:")) {
        if (!bl_ballots_whole(rest, UINT32_MAX, &number))
            return bl_ballots_fail(r, line.bytes, "expected the number of alternatives after `:`");
        p->candidate_count = (uint32_t)number;
    }
    if (takes(&rest, "# NUMBER CATEGORIES:")) p->has_categories = true;
    return true;
}

static bool read_new_head(preflib *p)
{
    bl_ballots_reader *const r = p->r;
    bl_text line;
    for (const char *before = r->at; bl_ballots_line(r, &line); before = r->at) {
        const bl_text trimmed = bl_ballots_trim(line);
        if (trimmed.size > 0 && trimmed.bytes[0] != '#') {
            r->at = before;
            break;
        }
        if (!read_head_line(p, trimmed)) return false;
    }
    const uint32_t named = bl_contest_candidate_count(r->builder);
    if (p->candidate_count > 0 && named != p->candidate_count)
        return bl_ballots_fail(r, r->at, "the head says %u alternatives and names %u",
                               p->candidate_count, named);
    return true;
}

static bool next_old_line(preflib *p, const char *expected, bl_text *line)
{
    bl_ballots_reader *const r = p->r;
    do
        if (!bl_ballots_line(r, line))
            return bl_ballots_fail(r, r->at, "expected %s, found the end of the file", expected);
    while (bl_ballots_trim(*line).size == 0);
    *line = bl_ballots_trim(*line);
    return true;
}

static bool read_old_head(preflib *p)
{
    bl_ballots_reader *const r = p->r;
    bl_text line;
    uint64_t count, number;
    if (!next_old_line(p, "the number of candidates", &line)) return false;
    if (!bl_ballots_whole(line, BL_CANDIDATE_COUNT_MAX, &count) || count == 0)
        return bl_ballots_fail(r, line.bytes, "expected the number of candidates, 1 to %d",
                               BL_CANDIDATE_COUNT_MAX);
    p->candidate_count = (uint32_t)count;
    for (uint64_t i = 0; i < count; i++) {
        if (!next_old_line(p, "a line NUMBER,NAME for each candidate", &line)) return false;
        const char *const comma = memchr(line.bytes, ',', line.size);
        const size_t size = comma ? (size_t)(comma - line.bytes) : 0;
        if (!comma || !bl_ballots_whole((bl_text){line.bytes, size}, UINT32_MAX, &number))
            return bl_ballots_fail(r, line.bytes, "expected NUMBER,NAME for candidate %u of %u",
                                   (uint32_t)i + 1, (uint32_t)count);
        if (!add_numbered(p, comma + 1, number, (bl_text){comma + 1, line.size - size - 1}))
            return false;
    }
    return next_old_line(p, "a line VOTERS,SUM,DIFFERENT", &line);
}

/* ---- ballots ---- */

typedef struct order {
    const char *at;
    const char *end;
} order;

static void skip_blanks(order *o)
{
    while (o->at < o->end && (*o->at == ' ' || *o->at == '\t'))
        o->at++;
}

static bool read_number(preflib *p, order *o)
{
    bl_ballots_reader *const r = p->r;
    const char *const first = o->at;
    while (o->at < o->end && *o->at >= '0' && *o->at <= '9')
        o->at++;
    if (o->at == first)
        return bl_ballots_fail(r, first, "expected a candidate's number or `{`, found %s",
                               first == o->end ? "the end of the line"
                                               : bl_ballots_found(r, first));
    uint32_t candidate;
    return bl_ballots_known(r, first, (bl_text){first, (size_t)(o->at - first)}, &candidate) &&
           bl_ballots_rank(r, candidate);
}

/* `{2,3}`, equal ones; `{}` is a category with nobody in it. */
static bool read_group(preflib *p, order *o)
{
    const char *const opening = o->at++;
    for (bool is_first = true;; is_first = false) {
        skip_blanks(o);
        if (o->at == o->end) return bl_ballots_fail(p->r, opening, "a `{` without `}`");
        if (*o->at == '}') break;
        if (!is_first && *o->at == ',') {
            o->at++;
            skip_blanks(o);
        }
        if (!read_number(p, o)) return false;
    }
    o->at++;
    return true;
}

static bool read_order(preflib *p, order *o)
{
    bl_ballots_reader *const r = p->r;
    skip_blanks(o);
    if (o->at == o->end) return true;
    for (;; r->rank++) {
        skip_blanks(o);
        const bool is_group = o->at < o->end && *o->at == '{';
        if (!(is_group ? read_group(p, o) : read_number(p, o))) return false;
        skip_blanks(o);
        if (o->at == o->end) return true;
        if (*o->at != ',')
            return bl_ballots_fail(r, o->at, "expected `,` or the end of the line, found %s",
                                   bl_ballots_found(r, o->at));
        o->at++;
    }
}

/* Who counts choices takes the first category and nothing of the others. */
static void keep_first_category(bl_ballots_reader *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->marks.count; i++)
        if (r->marks.items[i].value == 1) r->marks.items[kept++] = r->marks.items[i];
    r->marks.count = kept;
}

static bool read_ballots(preflib *p)
{
    bl_ballots_reader *const r = p->r;
    bl_text line;
    r->is_closed = true;
    while (bl_ballots_line(r, &line)) {
        const bl_text trimmed = bl_ballots_trim(line);
        if (trimmed.size == 0 || trimmed.bytes[0] == '#') continue;
        order o = {trimmed.bytes, trimmed.bytes + trimmed.size};
        const char *const mark = memchr(o.at, p->is_old ? ',' : ':', trimmed.size);
        if (!mark)
            return bl_ballots_fail(r, o.at, "expected a ballot as `%s`",
                                   p->is_old ? "COUNT,1,2,3" : "COUNT: 1,2,3");
        bl_rational weight;
        const bl_text count = bl_ballots_trim((bl_text){o.at, (size_t)(mark - o.at)});
        if (!bl_ballots_weight(r, o.at, count, &weight)) return false;
        o.at = mark + 1;
        bl_ballots_begin(r);
        if (!read_order(p, &o)) return false;
        const bool is_choice = p->has_categories && r->is_kind_known &&
                               r->kind == BL_BALLOTS_CHOICE;
        if (is_choice) keep_first_category(r);
        if (!bl_ballots_add_weighted(r, trimmed.bytes,
                                     is_choice ? BL_BALLOTS_CHOICE : BL_BALLOTS_RANKING, weight))
            return false;
    }
    return true;
}

bool bl_ballots_read_preflib(bl_ballots_reader *r)
{
    preflib p = {.r = r};
    const char *first = r->at;
    while (first < r->end && (*first == ' ' || *first == '\r' || *first == '\n'))
        first++;
    p.is_old = first < r->end && *first != '#';
    return (p.is_old ? read_old_head(&p) : read_new_head(&p)) && read_ballots(&p);
}
