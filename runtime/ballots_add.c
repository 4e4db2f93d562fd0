/*
 * Ballot files: whom a name means, and how a ballot that was read becomes one of the contest.
 *
 * A ballot is read as what it says: a ranking, a choice or scores. Where the method takes another
 * kind it becomes that, if nothing has to be guessed: a ranking says whom a voter chooses first,
 * scores say in which order; but nobody's ranking says a score.
 */
#include <string.h>

#include <utf8proc.h>

#include "ballots_read.h"

/* ---- names ---- */

static bool is_hidden(utf8proc_int32_t code)
{
    const utf8proc_category_t category = utf8proc_category(code);
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           utf8proc_get_property(code)->ignorable;
}

bool bl_ballots_check_name(bl_ballots_reader *r, const char *at, bl_text name, const char *what)
{
    if (name.size == 0) return bl_ballots_fail(r, at, "expected %s, found an empty name", what);
    if (name.size > BL_BALLOT_NAME_SIZE_MAX)
        return bl_ballots_fail(r, at, "%s of %zu bytes: at most %d are allowed", what, name.size,
                               BL_BALLOT_NAME_SIZE_MAX);
    for (size_t i = 0; i < name.size;) {
        utf8proc_int32_t code;
        const utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)name.bytes + i,
                                                       (utf8proc_ssize_t)(name.size - i), &code);
        if (size <= 0 || is_hidden(code))
            return bl_ballots_fail(r, at,
                                   "`%s` has a control character, or one that is invisible or "
                                   "turns the direction of writing: it is no name",
                                   bl_ballots_show(r, name));
        i += (size_t)size;
    }
    return true;
}

static bool add_candidate(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out)
{
    if (!bl_ballots_check_name(r, at, name, "a candidate's name")) return false;
    const bl_contest_status status = bl_contest_add_candidate(r->builder, name, out);
    if (status == BL_CONTEST_TWICE)
        return bl_ballots_fail(r, at, "`%s` is a candidate already", bl_ballots_show(r, name));
    if (status == BL_CONTEST_TOO_MANY)
        return bl_ballots_fail(r, at, "more than %d candidates", BL_CANDIDATE_COUNT_MAX);
    if (!bl_ballots_check(r, at, status)) return false;
    bl_contest_candidate(r->builder, *out)->is_undeclared = bl_ballots_is_write_in(r, name);
    return true;
}

bool bl_ballots_add_candidate(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out)
{
    return add_candidate(r, at, bl_ballots_trim(name), out);
}

bool bl_ballots_add_name(bl_ballots_reader *r, const char *at, uint32_t candidate, bl_text name)
{
    const bl_text trimmed = bl_ballots_trim(name);
    if (!bl_ballots_check_name(r, at, trimmed, "another name of a candidate")) return false;
    const bl_contest_status status = bl_contest_add_name(r->builder, candidate, trimmed);
    if (status == BL_CONTEST_TWICE)
        return bl_ballots_fail(r, at, "`%s` stands for two candidates",
                               bl_ballots_show(r, trimmed));
    if (status == BL_CONTEST_TOO_MANY)
        return bl_ballots_fail(r, at, "more than %d names of candidates",
                               4 * BL_CANDIDATE_COUNT_MAX);
    return bl_ballots_check(r, at, status);
}

static bool report_unknown(bl_ballots_reader *r, const char *at, bl_text name)
{
    if (name.size == 0) return bl_ballots_fail(r, at, "expected a candidate's name, found nothing");
    size_t least = name.size < 3 ? name.size : 3; /* a name of one letter is near to none */
    const bl_candidate *nearest = NULL;
    const uint32_t count = bl_contest_candidate_count(r->builder);
    for (uint32_t i = 0; i < count; i++) {
        const bl_candidate *one = bl_contest_candidate(r->builder, i);
        const size_t far = bl_text_distance(name, one->name, least);
        if (far < least) least = far, nearest = one;
    }
    if (nearest)
        return bl_ballots_fail(r, at, "`%s` is no candidate; did you mean `%s`?",
                               bl_ballots_show(r, name), bl_ballots_show(r, nearest->name));
    return bl_ballots_fail(r, at, "`%s` is none of the %u candidates of this file",
                           bl_ballots_show(r, name), count);
}

bool bl_ballots_known(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out)
{
    const bl_text trimmed = bl_ballots_trim(name);
    *out = bl_contest_find(r->builder, trimmed);
    return *out != BL_NONE || report_unknown(r, at, trimmed);
}

bool bl_ballots_whom(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out)
{
    const bl_text trimmed = bl_ballots_trim(name);
    *out = bl_contest_find(r->builder, trimmed);
    if (*out != BL_NONE) return true;
    return r->is_closed ? report_unknown(r, at, trimmed) : add_candidate(r, at, trimmed, out);
}

static bool is_words(bl_text word, const char *usual, bl_text other)
{
    const bl_text trimmed = bl_ballots_trim(word);
    return bl_ballots_is_any(trimmed, usual) || (other.size > 0 && bl_text_equal(trimmed, other));
}

bool bl_ballots_is_skipped(const bl_ballots_reader *r, bl_text word)
{
    const bl_text trimmed = bl_ballots_trim(word);
    if (trimmed.size == 0) return true;
    if (trimmed.size == 1 && (trimmed.bytes[0] == '-' || trimmed.bytes[0] == '_')) return true;
    return is_words(trimmed, "undervote|skipped|skipped rank|skip|blank|no vote",
                    r->request->how.skipped);
}

bool bl_ballots_is_unranked(bl_ballots_reader *r, bl_text word)
{
    const bool is_no_opinion = bl_ballots_is(bl_ballots_trim(word), "no opinion");
    r->has_no_opinions = r->has_no_opinions || is_no_opinion;
    return is_no_opinion || bl_ballots_is_skipped(r, word);
}

bool bl_ballots_is_overvote(const bl_ballots_reader *r, bl_text word)
{
    return is_words(word, "overvote|overvoted", r->request->how.overvote);
}

bool bl_ballots_is_write_in(const bl_ballots_reader *r, bl_text word)
{
    return is_words(word, "uwi|undeclared write in|undeclared write ins|undeclared",
                    r->request->how.write_in);
}

/* ---- marks ---- */

void bl_ballots_begin(bl_ballots_reader *r)
{
    r->marks.count = 0;
    r->rank = 1;
}

bool bl_ballots_mark(bl_ballots_reader *r, uint32_t candidate, int32_t value)
{
    if (r->marks.count >= BL_BALLOT_MARKS_MAX)
        return bl_ballots_fail(r, r->at, "a ballot with more than %u marks", BL_BALLOT_MARKS_MAX);
    if (r->marks.count == r->marks.capacity && !bl_vector_reserve(r->memory, &r->marks, 1))
        return bl_ballots_nomem(r);
    r->marks.items[r->marks.count++] = (bl_mark){candidate, value};
    return true;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What `scale` must be multiplied with, so that 1 / `den` is a whole number of units; 0: too much.
 */
static uint32_t factor_for(uint32_t scale, int64_t den)
{
    const uint64_t factor = (uint64_t)den / gcd(scale, (uint64_t)den);
    return factor <= BL_BALLOT_SCALE_MAX / scale ? (uint32_t)factor : 0;
}

static bool grow_score_scale(bl_ballots_reader *r, const char *at, uint32_t factor)
{
    for (size_t i = 0; i < r->marks.count; i++) {
        const int64_t value = (int64_t)r->marks.items[i].value * factor;
        if (value > INT32_MAX || value < -INT32_MAX)
            return bl_ballots_fail(r, at, "scores with so many decimals do not fit");
        r->marks.items[i].value = (int32_t)value;
    }
    const bl_contest_status status = bl_contest_rescale(r->builder, 1, factor);
    if (status == BL_CONTEST_TOO_MANY)
        return bl_ballots_fail(r, at, "scores with so many decimals do not fit");
    if (status != BL_CONTEST_OK) return bl_ballots_check(r, at, status);
    r->score_scale *= factor;
    return true;
}

bool bl_ballots_score(bl_ballots_reader *r, const char *at, uint32_t candidate, bl_rational score)
{
    const uint32_t factor = factor_for(r->score_scale, score.den);
    if (factor == 0)
        return bl_ballots_fail(r, at, "scores with more decimals than fit: parts of 1/%u at most",
                               BL_BALLOT_SCALE_MAX);
    if (factor > 1 && !grow_score_scale(r, at, factor)) return false;
    const int64_t parts = r->score_scale / score.den;
    if (score.num > INT32_MAX / parts || score.num < -(INT32_MAX / parts))
        return bl_ballots_fail(r, at, "a score that does not fit: %d at most",
                               (int)(INT32_MAX / r->score_scale));
    return bl_ballots_mark(r, candidate, (int32_t)(score.num * parts));
}

/* ---- one kind out of another ---- */

/* By value; forged ballots must not make it slow. */
static void sort_by_value(bl_mark *marks, size_t count)
{
    for (size_t gap = count / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
        for (size_t i = gap; i < count; i++) {
            const bl_mark moved = marks[i];
            size_t at = i;
            for (; at >= gap && marks[at - gap].value > moved.value; at -= gap)
                marks[at] = marks[at - gap];
            marks[at] = moved;
        }
    }
}

/* Each candidate once, and nobody else. */
static void keep_candidates_once(bl_ballots_reader *r)
{
    r->ballot++;
    size_t kept = 0;
    for (size_t i = 0; i < r->marks.count; i++) {
        const uint32_t candidate = r->marks.items[i].candidate;
        if (candidate >= BL_CANDIDATE_COUNT_MAX || r->seen[candidate] == r->ballot) continue;
        r->seen[candidate] = r->ballot;
        r->marks.items[kept++] = (bl_mark){candidate, 1};
    }
    r->marks.count = kept;
}

static uint32_t choices_of_ranking(const bl_count_options *options)
{
    if (options->method == BL_METHOD_APPROVAL) return BL_NO_MOST;
    if (options->method != BL_METHOD_PLURALITY) return 1;
    return options->choices_most != BL_NO_MOST ? options->choices_most : options->seats;
}

/* Who has withdrawn was never there: the next one moves up. */
static void leave_out_withdrawn(bl_ballots_reader *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->marks.count; i++) {
        const uint32_t candidate = r->marks.items[i].candidate;
        if (candidate < BL_CANDIDATE_COUNT_MAX &&
            bl_contest_candidate(r->builder, candidate)->is_withdrawn)
            continue;
        r->marks.items[kept++] = r->marks.items[i];
    }
    r->marks.count = kept;
}

/*
 * The first so many are chosen; who shares the last of these ranks with others, with them: too many
 * then, as the voter wrote it. An overvote that names nobody chooses nobody.
 */
static void choose_first(bl_ballots_reader *r)
{
    const uint32_t most = choices_of_ranking(&r->out->options);
    leave_out_withdrawn(r);
    sort_by_value(r->marks.items, r->marks.count);
    size_t end = 0;
    while (end < r->marks.count && end < most) {
        const int32_t rank = r->marks.items[end].value;
        while (end < r->marks.count && r->marks.items[end].value == rank)
            end++;
    }
    r->marks.count = end;
    keep_candidates_once(r);
}

static void rank_by_score(bl_ballots_reader *r)
{
    bl_mark *const marks = r->marks.items;
    for (size_t i = 0; i < r->marks.count; i++)
        marks[i].value = -marks[i].value;
    sort_by_value(marks, r->marks.count);
    int32_t rank = 0, before = 0;
    for (size_t i = 0; i < r->marks.count; i++) {
        if (i == 0 || marks[i].value != before) rank++;
        before = marks[i].value;
        marks[i].value = rank;
    }
}

static bool choose_scored(bl_ballots_reader *r, const char *at)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->marks.count; i++) {
        const bl_mark mark = r->marks.items[i];
        if (mark.value != 0 && mark.value != (int32_t)r->score_scale)
            return bl_ballots_fail(r, at,
                                   "scores other than 0 and 1 do not say whom a ballot chooses, "
                                   "and %s counts choices",
                                   bl_methods[r->out->options.method].name);
        if (mark.value != 0) r->marks.items[kept++] = (bl_mark){mark.candidate, 1};
    }
    r->marks.count = kept;
    return true;
}

static bool report_no_scores(bl_ballots_reader *r, const char *at)
{
    return bl_ballots_fail(r, at, "this ballot has no scores, and %s counts scores",
                           bl_methods[r->out->options.method].name);
}

/* To what the method takes. */
static bool convert(bl_ballots_reader *r, const char *at, bl_ballot_kind kind)
{
    switch (r->kind) {
    case BL_BALLOTS_RANKING:
        if (kind == BL_BALLOTS_SCORES) rank_by_score(r);
        return true;
    case BL_BALLOTS_CHOICE:
        if (kind == BL_BALLOTS_RANKING) choose_first(r);
        return kind != BL_BALLOTS_SCORES || choose_scored(r, at);
    case BL_BALLOTS_SCORES: return r->marks.count == 0 || report_no_scores(r, at);
    }
    return false;
}

static bool is_scored_twice(bl_ballots_reader *r)
{
    r->ballot++;
    for (size_t i = 0; i < r->marks.count; i++) {
        const uint32_t candidate = r->marks.items[i].candidate;
        if (r->seen[candidate] == r->ballot) return true;
        r->seen[candidate] = r->ballot;
    }
    return false;
}

/* The marks are as the contest wants them: each candidate once where that is so. */
static bool prepare(bl_ballots_reader *r, const char *at, bl_ballot_kind kind)
{
    if (!r->has_settled && !bl_ballots_settle(r)) return false;
    if (!r->is_kind_known && r->marks.count > 0) {
        r->kind = kind;
        r->is_kind_known = true;
    }
    if (kind == BL_BALLOTS_SCORES && is_scored_twice(r))
        return bl_ballots_fail(r, at, "a ballot with two scores for one candidate");
    if (kind == BL_BALLOTS_CHOICE) keep_candidates_once(r);
    return kind == r->kind || convert(r, at, kind);
}

static void tell_progress(bl_ballots_reader *r)
{
    enum { EVERY = 1 << 14 };
    r->until_progress = EVERY;
    const bl_ballots_request *const request = r->request;
    if (request->progress && !r->is_inside)
        request->progress(request->context, (size_t)(r->at - r->start),
                          (size_t)(r->end - r->start));
}

static bool add_casting(bl_ballots_reader *r, uint64_t weight)
{
    const size_t count = r->marks.count;
    if (!bl_vector_reserve(r->memory, &r->casting, 1) ||
        !bl_vector_reserve(r->memory, &r->casting_marks, count))
        return bl_ballots_nomem(r);
    sort_by_value(r->marks.items, count);
    const bl_pile pile = {(uint32_t)r->casting_marks.count, (uint32_t)count, weight};
    r->casting.items[r->casting.count++] = pile;
    if (count > 0)
        memcpy(r->casting_marks.items + r->casting_marks.count, r->marks.items,
               count * sizeof *r->marks.items);
    r->casting_marks.count += count;
    return true;
}

/* Ballots of the second round, in the contest's units. */
static bool add_second(bl_ballots_reader *r, const char *at, uint64_t units)
{
    const size_t count = r->marks.count;
    if (units == 0) return true;
    if (count > BL_MARK_COUNT_MAX - r->second_marks.count ||
        units > BL_WEIGHT_MAX - r->second_total)
        return bl_ballots_check(r, at, BL_CONTEST_TOO_MANY);
    if (!bl_vector_reserve(r->memory, &r->second, 1) ||
        !bl_vector_reserve(r->memory, &r->second_marks, count))
        return bl_ballots_nomem(r);
    sort_by_value(r->marks.items, count);
    r->second.items[r->second.count++] = (bl_pile){(uint32_t)r->second_marks.count, (uint32_t)count,
                                                   units};
    if (count > 0)
        memcpy(r->second_marks.items + r->second_marks.count, r->marks.items,
               count * sizeof *r->marks.items);
    r->second_marks.count += count;
    r->second_total += units;
    return true;
}

/* The same ballots in smaller units. */
static bool rescale_second(bl_ballots_reader *r, const char *at, uint32_t factor)
{
    if (r->second_total > BL_WEIGHT_MAX / factor)
        return bl_ballots_check(r, at, BL_CONTEST_TOO_MANY);
    r->second_total *= factor;
    for (size_t i = 0; i < r->second.count; i++)
        r->second.items[i].weight *= factor;
    return true;
}

bool bl_ballots_add(bl_ballots_reader *r, const char *at, bl_ballot_kind kind, uint64_t weight)
{
    if (!r->has_settled || kind != r->kind || kind != BL_BALLOTS_RANKING || !r->is_kind_known)
        if (!prepare(r, at, kind)) return false;
    if (weight > BL_WEIGHT_MAX / r->weight_scale)
        return bl_ballots_check(r, at, BL_CONTEST_TOO_MANY);
    if (r->until_progress-- == 0) tell_progress(r);
    if (r->is_casting) return add_casting(r, weight);
    if (r->is_second) return add_second(r, at, weight * r->weight_scale);
    return bl_ballots_check(r, at,
                            bl_contest_add_ballot(r->builder, r->marks.items,
                                                  (uint32_t)r->marks.count,
                                                  weight * r->weight_scale));
}

bool bl_ballots_add_weighted(bl_ballots_reader *r, const char *at, bl_ballot_kind kind,
                             bl_rational weight)
{
    if (weight.den == 1) return bl_ballots_add(r, at, kind, (uint64_t)weight.num);
    const uint32_t factor = factor_for(r->weight_scale, weight.den);
    if (factor == 0)
        return bl_ballots_fail(r, at, "weights with more decimals than fit: parts of 1/%u at most",
                               BL_BALLOT_SCALE_MAX);
    if (factor > 1 && (!bl_ballots_check(r, at, bl_contest_rescale(r->builder, factor, 1)) ||
                       !rescale_second(r, at, factor)))
        return false;
    r->weight_scale *= factor;
    const uint64_t parts = r->weight_scale / (uint64_t)weight.den;
    if ((uint64_t)weight.num > BL_WEIGHT_MAX / parts)
        return bl_ballots_check(r, at, BL_CONTEST_TOO_MANY);
    const uint32_t scale = r->weight_scale;
    r->weight_scale = 1; /* the weight is in units already */
    const bool is_added = bl_ballots_add(r, at, kind, (uint64_t)weight.num * parts);
    r->weight_scale = scale;
    return is_added;
}

bool bl_ballots_weight(bl_ballots_reader *r, const char *at, bl_text text, bl_rational *out)
{
    uint64_t whole; /* nearly all are */
    if (bl_ballots_whole(text, INT64_MAX, &whole)) {
        *out = BL_RATIONAL((int64_t)whole);
        return true;
    }
    if (bl_rational_parse(text, out) && out->num >= 0) return true;
    return bl_ballots_fail(r, at, "expected how many ballots these are, found `%s`",
                           bl_ballots_show(r, text));
}

/* Marks go behind those of the contest. */
static const bl_pile *append_piles(bl_ballots_reader *r, bl_contest *contest, const bl_pile *from,
                                   size_t count, const bl_mark *from_marks, size_t mark_count)
{
    bl_mark *marks = bl_arena_array(r->arena, contest->mark_count + mark_count, sizeof *marks);
    bl_pile *piles = bl_arena_array(r->arena, count, sizeof *piles);
    if (!marks || !piles) return NULL;
    if (contest->mark_count > 0) memcpy(marks, contest->marks, contest->mark_count * sizeof *marks);
    if (mark_count > 0) memcpy(marks + contest->mark_count, from_marks, mark_count * sizeof *marks);
    for (size_t i = 0; i < count; i++) {
        piles[i] = from[i];
        piles[i].first_mark += contest->mark_count;
    }
    contest->marks = marks;
    return piles;
}

bool bl_ballots_end_others(bl_ballots_reader *r, bl_contest *contest)
{
    if (r->casting.count > 0) {
        contest->casting = append_piles(r, contest, r->casting.items, r->casting.count,
                                        r->casting_marks.items, r->casting_marks.count);
        if (!contest->casting) return bl_ballots_nomem(r);
        contest->casting_count = (uint32_t)r->casting.count;
        contest->mark_count += (uint32_t)r->casting_marks.count;
    }
    if (r->second.count > 0) {
        contest->second = append_piles(r, contest, r->second.items, r->second.count,
                                       r->second_marks.items, r->second_marks.count);
        if (!contest->second) return bl_ballots_nomem(r);
        contest->second_count = (uint32_t)r->second.count;
        contest->mark_count += (uint32_t)r->second_marks.count;
    }
    return true;
}

/* ---- rules ---- */

bool bl_ballots_set_method(bl_ballots_reader *r, const char *at, bl_text name)
{
    bl_count_options options;
    if (!bl_count_method_named(name, &options)) {
        bl_buffer nearest;
        bl_buffer_init(&nearest, r->memory);
        bl_count_method_nearest(name, &nearest);
        bl_ballots_fail(r, at, "`%s` is no method; %.*s", bl_ballots_show(r, name),
                        (int)nearest.size, nearest.bytes ? nearest.bytes : "");
        bl_buffer_free(&nearest);
        return false;
    }
    if (r->request->method.size > 0) {
        r->is_other_method = options.method != r->out->options.method;
        return true;
    }
    options.seats = r->out->says_seats ? r->out->options.seats : options.seats;
    r->out->options = options;
    r->kind = bl_methods[options.method].ballots;
    r->is_kind_known = true;
    return true;
}

static bool set_option(bl_ballots_reader *r, const char *at, bl_text name, bl_text value)
{
    bl_buffer problem;
    bl_buffer_init(&problem, r->memory);
    const bool is_set = bl_count_option_set(&r->out->options, name, value, &problem);
    if (!is_set && !problem.failed)
        bl_ballots_fail(r, at, "%s",
                        bl_ballots_show_all(r, (bl_text){problem.bytes, problem.size}));
    bl_buffer_free(&problem);
    return is_set;
}

static bool is_seats(bl_text name)
{
    return bl_ballots_is_any(name, BL_BALLOTS_SEATS);
}

bool bl_ballots_has_option(const bl_ballots_reader *r, bl_text name)
{
    return r->out->options.method != BL_METHOD_NONE &&
           bl_count_option_known(r->out->options.method, name);
}

bool bl_ballots_set_option(bl_ballots_reader *r, const char *at, bl_text name, bl_text value)
{
    if (is_seats(name)) {
        if (!set_option(r, at, BL_TEXT("seats"), value)) return false;
        r->out->says_seats = true;
        return true;
    }
    if (r->is_other_method) return true;
    if (r->out->options.method == BL_METHOD_NONE)
        return bl_ballots_fail(r, at, "`%s` is an option of a method, and no method is named",
                               bl_ballots_show(r, name));
    return set_option(r, at, name, value);
}

bool bl_ballots_leave_out(bl_ballots_reader *r, bl_text name)
{
    if (!bl_vector_reserve(r->memory, &r->unused, 1)) return bl_ballots_nomem(r);
    r->unused.items[r->unused.count++] = bl_text_of(bl_ballots_show(r, name));
    return true;
}

bool bl_ballots_settle(bl_ballots_reader *r)
{
    if (r->has_settled) return true;
    r->has_settled = true;
    const bool is_other = r->is_other_method;
    r->is_other_method = false;
    for (size_t i = 0; i < r->request->setting_count; i++)
        if (!bl_ballots_set_option(r, NULL, r->request->settings[i].name,
                                   r->request->settings[i].value))
            return false;
    r->is_other_method = is_other;
    return true;
}
