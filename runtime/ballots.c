/*
 * Ballot files: which format a file has, and what all of its readers end with.
 *
 * Where the words of a format are read stands in ballots_FORMAT.c; whom a name means and what
 * becomes of a ballot in ballots_add.c; words and problems in ballots_text.c.
 */
#include "ballots.h"

#include <string.h>

#include "ballots_read.h"

/* ---- formats ---- */

static const struct {
    const char *word;
    bl_ballots_format format;
} format_words[] = {
    {"auto", BL_BALLOTS_AUTO},   {"json", BL_BALLOTS_JSON},   {"blt", BL_BALLOTS_BLT},
    {"dat", BL_BALLOTS_BLT},     {"abif", BL_BALLOTS_ABIF},   {"csv", BL_BALLOTS_CSV},
    {"tsv", BL_BALLOTS_CSV},     {"cvr", BL_BALLOTS_CSV},     {"preflib", BL_BALLOTS_PREFLIB},
    {"soc", BL_BALLOTS_PREFLIB}, {"soi", BL_BALLOTS_PREFLIB}, {"toc", BL_BALLOTS_PREFLIB},
    {"toi", BL_BALLOTS_PREFLIB}, {"cat", BL_BALLOTS_PREFLIB},
};
enum { FORMAT_WORD_COUNT = sizeof format_words / sizeof *format_words };

bool bl_ballots_format_named(bl_text word, bl_ballots_format *out)
{
    for (size_t i = 0; i < FORMAT_WORD_COUNT; i++) {
        if (!bl_ballots_is(word, format_words[i].word)) continue;
        *out = format_words[i].format;
        return true;
    }
    return false;
}

static bool format_of_name(bl_text name, bl_ballots_format *out)
{
    size_t at = name.size;
    while (at > 0 && name.bytes[at - 1] != '.' && name.bytes[at - 1] != '/')
        at--;
    if (at == 0 || name.bytes[at - 1] != '.') return false;
    return bl_ballots_format_named((bl_text){name.bytes + at, name.size - at}, out) &&
           *out != BL_BALLOTS_AUTO;
}

/* Whether a line is blank, or a comment as BLT and ABIF have it. */
static bool says_nothing(bl_text line)
{
    const bl_text trimmed = bl_ballots_trim(line);
    return trimmed.size == 0 || trimmed.bytes[0] == '#';
}

static bool is_all_of(bl_text text, const char *characters)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] == '\0' || !strchr(characters, text.bytes[i])) return false;
    return text.size > 0;
}

static bool has(bl_text text, const char *part)
{
    return bl_text_contains(text, bl_text_of(part));
}

/* By a line that says something. An old PrefLib file begins with a number alone. */
static bool format_of_line(bl_text line, bl_ballots_format *out)
{
    const bl_text trimmed = bl_ballots_trim(line);
    const char first = trimmed.bytes[0];
    const bool is_abif = first == '=' ||
                         (first >= '0' && first <= '9' && (has(trimmed, ":") || has(trimmed, "*")));
    if (is_abif)
        *out = BL_BALLOTS_ABIF;
    else if (is_all_of(trimmed, "0123456789"))
        *out = BL_BALLOTS_PREFLIB;
    else if (is_all_of(trimmed, "0123456789 \t-"))
        *out = BL_BALLOTS_BLT;
    else if (has(trimmed, ",") || has(trimmed, ";") || has(trimmed, "\t"))
        *out = BL_BALLOTS_CSV;
    else
        return false;
    return true;
}

/* `{` begins a case of JSON, but also ABIF's lines about the election, which end it at once. */
static bool is_json(bl_text text)
{
    const char first = text.bytes[0];
    if (first != '{') return first == '[';
    const char *const end = memchr(text.bytes, '\n', text.size);
    bl_text line = bl_ballots_trim(
        (bl_text){text.bytes, end ? (size_t)(end - text.bytes) : text.size});
    const bool is_one_line = line.bytes[line.size - 1] == '}';
    const bl_text rest = bl_ballots_trim((bl_text){line.bytes + line.size, text.size - line.size});
    return !is_one_line || rest.size == 0;
}

bool bl_ballots_find_format(const bl_ballots_reader *r, bl_text name, bl_ballots_format *out)
{
    if (format_of_name(name, out)) return true;
    bl_ballots_reader ahead = *r;
    const bl_text all = bl_ballots_trim((bl_text){r->at, (size_t)(r->end - r->at)});
    if (all.size == 0) return false;
    if (is_json(all)) {
        *out = BL_BALLOTS_JSON;
        return true;
    }
    bl_text line;
    while (bl_ballots_line(&ahead, &line)) {
        if (has(line, "# ALTERNATIVE NAME") || has(line, "# NUMBER ALTERNATIVES")) {
            *out = BL_BALLOTS_PREFLIB;
            return true;
        }
        if (says_nothing(line)) continue;
        if (line.bytes[0] == '{') {
            *out = BL_BALLOTS_ABIF;
            return true;
        }
        return format_of_line(line, out);
    }
    return false;
}

/* ---- how CSV is read ---- */

static bool refuse_how(bl_buffer *problem, const char *name, const char *expected)
{
    if (problem) bl_buffer_format(problem, "`%s` takes %s", name, expected);
    return false;
}

static bool set_separator(bl_ballots_how *how, bl_text value, bl_buffer *problem)
{
    const bool is_tab = bl_ballots_is(value, "tab");
    const bool fits = is_tab || (value.size == 1 && value.bytes[0] != '"' &&
                                 value.bytes[0] != '\n' && value.bytes[0] != '\r');
    if (!fits) return refuse_how(problem, "separator", "one character, or the word tab");
    how->separator = is_tab ? '\t' : value.bytes[0];
    return true;
}

static bool set_values(bl_ballots_how *how, bl_text value, bl_buffer *problem)
{
    if (bl_ballots_is(value, "ranks"))
        how->values = BL_BALLOTS_VALUES_RANKS;
    else if (bl_ballots_is(value, "scores"))
        how->values = BL_BALLOTS_VALUES_SCORES;
    else if (bl_ballots_is(value, "choices"))
        how->values = BL_BALLOTS_VALUES_CHOICES;
    else
        return refuse_how(problem, "values", "ranks, scores or choices");
    return true;
}

bool bl_ballots_how_set(bl_ballots_how *how, bl_text name, bl_text value, bl_buffer *problem)
{
    uint64_t number;
    if (bl_ballots_is(name, "separator")) return set_separator(how, value, problem);
    if (bl_ballots_is(name, "values")) return set_values(how, value, problem);
    if (bl_ballots_is(name, "first column")) {
        if (!bl_ballots_whole(value, BL_BALLOT_MARKS_MAX, &number) || number == 0)
            return refuse_how(problem, "first_column", "a column's number, from 1");
        how->first_column = (uint32_t)number;
        return true;
    }
    if (bl_ballots_is(name, "header")) {
        if (!bl_ballots_is_any(value, "yes|no")) return refuse_how(problem, "header", "yes or no");
        how->has_no_header = bl_ballots_is(value, "no");
        return true;
    }
    bl_text *const word = bl_ballots_is(name, "between")    ? &how->between
                          : bl_ballots_is(name, "overvote") ? &how->overvote
                          : bl_ballots_is(name, "skipped")  ? &how->skipped
                          : bl_ballots_is(name, "write in") ? &how->write_in
                          : bl_ballots_is(name, "contest")  ? &how->contest
                                                            : NULL;
    if (word) *word = value;
    if (!word && problem)
        bl_buffer_cstring(problem, "there are separator, between, overvote, skipped, write_in, "
                                   "contest, first_column, header and values");
    return word != NULL;
}

/* ---- reading ---- */

static bool check_text(bl_ballots_reader *r)
{
    size_t bad;
    const bl_text text = {r->at, (size_t)(r->end - r->at)};
    if (!bl_text_is_utf8(text, &bad))
        return bl_ballots_fail(r, r->at + bad,
                               "a byte that is not UTF-8; save the file as UTF-8 and try again");
    if (bl_ballots_trim(text).size == 0) return bl_ballots_fail(r, NULL, "the file is empty");
    return true;
}

static bool read_as(bl_ballots_reader *r, bl_ballots_format format)
{
    switch (format) {
    case BL_BALLOTS_AUTO: break;
    case BL_BALLOTS_JSON: return bl_ballots_read_json(r);
    case BL_BALLOTS_BLT: return bl_ballots_read_blt(r);
    case BL_BALLOTS_PREFLIB: return bl_ballots_read_preflib(r);
    case BL_BALLOTS_ABIF: return bl_ballots_read_abif(r);
    case BL_BALLOTS_CSV:
        return bl_ballots_is_scottish(r) ? bl_ballots_read_scottish(r) : bl_ballots_read_csv(r);
    }
    return false;
}

static bool read_here(bl_ballots_reader *r, bl_ballots_format format)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* the byte order mark some programs write */
    if (r->end - r->at >= 3 && memcmp(r->at, mark, 3) == 0) r->at += 3;
    if (!check_text(r)) return false;
    if (format == BL_BALLOTS_AUTO && !bl_ballots_find_format(r, r->file, &format))
        return bl_ballots_fail(r, r->at,
                               "neither the name nor the beginning tells the format; say which "
                               "with --ballots-format: json, blt, preflib, abif or csv");
    if (format == BL_BALLOTS_CSV && bl_ballots_is_blt(r)) format = BL_BALLOTS_BLT;
    if (!r->is_inside) r->out->format = format;
    return read_as(r, format);
}

bool bl_ballots_read_text(bl_ballots_reader *r, bl_text file, bl_text bytes,
                          bl_ballots_format format)
{
    const bl_text file_before = r->file;
    const char *const before[] = {r->start, r->at, r->end};
    r->file = file;
    r->start = r->at = bytes.size > 0 ? bytes.bytes : "";
    r->end = r->start + bytes.size;
    const bool is_read = read_here(r, format);
    r->file = file_before;
    r->start = before[0], r->at = before[1], r->end = before[2];
    return is_read;
}

static bool take_method(bl_ballots_reader *r)
{
    const bl_text method = r->request->method;
    r->out->options = bl_count_options_of(BL_METHOD_NONE);
    if (method.size == 0) return true;
    if (bl_count_method_named(method, &r->out->options)) {
        r->kind = bl_methods[r->out->options.method].ballots;
        r->is_kind_known = true;
        return true;
    }
    bl_buffer nearest;
    bl_buffer_init(&nearest, r->memory);
    bl_count_method_nearest(method, &nearest);
    bl_ballots_fail(r, NULL, "`%s` is no method; %.*s", bl_ballots_show(r, method),
                    (int)nearest.size, nearest.bytes ? nearest.bytes : "");
    bl_buffer_free(&nearest);
    return false;
}

/* What the contest has beside candidates and ballots, which the format has set already. */
static bool finish(bl_ballots_reader *r, bl_contest_builder *builder)
{
    if (bl_contest_candidate_count(builder) == 0)
        return bl_ballots_fail(r, NULL, "the file names no candidate");
    return true;
}

/* Who has no opinion of a candidate compares it with nobody, where nothing else is said. */
static void take_no_opinions(bl_ballots_reader *r)
{
    bl_count_options *const options = &r->out->options;
    const bl_text unranked = BL_TEXT("unranked");
    if (!r->has_no_opinions || !bl_ballots_has_option(r, unranked) ||
        bl_count_option_is_said(options, unranked))
        return;
    bl_count_option_set(options, unranked, BL_TEXT("no_opinion"), NULL);
}

static bool read_all(bl_ballots_reader *r)
{
    if (!take_method(r) ||
        !bl_ballots_read_text(r, r->request->name, r->request->bytes, r->request->format))
        return false;
    if (!finish(r, r->builder) || !bl_ballots_settle(r)) return false;
    take_no_opinions(r);
    return true;
}

static bool end_contest(bl_ballots_reader *r)
{
    bl_contest_builder *const builder = r->builder;
    r->builder = NULL;
    bl_contest *const contest = bl_contest_end(builder, r->kind);
    if (!contest) return bl_ballots_nomem(r);
    contest->weight_scale = r->weight_scale;
    contest->score_scale = r->score_scale;
    contest->default_option = r->default_option;
    contest->title = r->title;
    contest->seed = r->seed;
    contest->order = r->order;
    contest->resolutions = r->resolutions;
    contest->resolution_count = r->resolution_count;
    r->out->contest = contest;
    bl_text *unused = bl_arena_array(r->arena, r->unused.count, sizeof *unused);
    if (!unused) return bl_ballots_nomem(r);
    if (r->unused.count > 0) memcpy(unused, r->unused.items, r->unused.count * sizeof *unused);
    r->out->unused = unused;
    r->out->unused_count = (uint32_t)r->unused.count;
    bl_ballots_passed *passed = bl_arena_array(r->arena, r->passed.count, sizeof *passed);
    if (!passed) return bl_ballots_nomem(r);
    if (r->passed.count > 0) memcpy(passed, r->passed.items, r->passed.count * sizeof *passed);
    r->out->passed = passed;
    r->out->passed_count = (uint32_t)r->passed.count;
    return bl_ballots_end_others(r, contest);
}

/* ---- a reader's life ---- */

static bool begin_reader(bl_ballots_reader *r, const bl_ballots_request *request, bl_arena *arena,
                         const bl_memory *memory, bl_ballot_file *out)
{
    *r = (bl_ballots_reader){.request = request,
                             .arena = arena,
                             .memory = memory,
                             .out = out,
                             .file = out->file,
                             .kind = BL_BALLOTS_RANKING,
                             .weight_scale = 1,
                             .score_scale = 1,
                             .default_option = BL_NONE,
                             .title = BL_TEXT(""),
                             .seed = BL_TEXT("")};
    bl_arena_init(&r->scratch, memory);
    r->builder = bl_contest_begin(arena, memory, request->seed);
    r->seen = bl_arena_array(arena, BL_CANDIDATE_COUNT_MAX, sizeof *r->seen);
    return r->builder && r->seen;
}

static void end_reader(bl_ballots_reader *r)
{
    if (r->builder) bl_contest_abandon(r->builder);
    bl_vector_free(r->memory, &r->unused);
    bl_vector_free(r->memory, &r->passed);
    bl_vector_free(r->memory, &r->marks);
    bl_vector_free(r->memory, &r->casting_marks);
    bl_vector_free(r->memory, &r->casting);
    bl_vector_free(r->memory, &r->second_marks);
    bl_vector_free(r->memory, &r->second);
    bl_arena_destroy(&r->scratch);
}

/* What `ahead` found, in the contest of `r`. */
static bool take_candidates(bl_ballots_reader *r, const bl_ballots_reader *ahead)
{
    const uint32_t count = bl_contest_candidate_count(ahead->builder);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t added;
        const bl_text name = bl_contest_candidate(ahead->builder, i)->name;
        if (!bl_ballots_add_candidate(r, NULL, name, &added)) return false;
    }
    r->is_closed = ahead->is_closed && count > 0;
    return true;
}

static bool take_problem(bl_ballots_reader *r, const bl_ballot_file *from)
{
    if (from->problem.size == 0) return bl_ballots_nomem(r);
    const char *const copy = bl_arena_copy(r->arena, from->problem.bytes, from->problem.size);
    if (!copy) return bl_ballots_nomem(r);
    r->out->problem = (bl_text){copy, from->problem.size};
    r->out->file = from->file;
    r->out->line = from->line;
    r->out->column = from->column;
    return false;
}

bool bl_ballots_read_candidates(bl_ballots_reader *r, bl_text file, bl_text bytes,
                                bl_ballots_format format)
{
    bl_ballots_request request = *r->request;
    bl_ballot_file out = {.file = file, .options = r->out->options};
    bl_ballots_reader ahead;
    bl_arena arena;
    request.settings = NULL;
    request.setting_count = 0;
    request.open = NULL;
    request.progress = NULL;
    bl_arena_init(&arena, r->memory);
    const bool is_begun = begin_reader(&ahead, &request, &arena, r->memory, &out);
    ahead.is_inside = true;
    ahead.kind = r->kind;
    ahead.is_kind_known = r->is_kind_known;
    const bool is_read = is_begun && bl_ballots_read_text(&ahead, file, bytes, format);
    const bool is_taken = is_read ? take_candidates(r, &ahead) : take_problem(r, &out);
    end_reader(&ahead);
    bl_arena_destroy(&arena);
    return is_taken;
}

bl_ballots_status bl_ballots_read(const bl_ballots_request *request, bl_arena *arena,
                                  const bl_memory *memory, bl_ballot_file *out)
{
    *out = (bl_ballot_file){.format = request->format, .file = request->name};
    bl_ballots_reader r;
    const bool is_read = begin_reader(&r, request, arena, memory, out) && read_all(&r) &&
                         end_contest(&r);
    end_reader(&r);
    if (is_read) return BL_BALLOTS_OK;
    return out->problem.size > 0 ? BL_BALLOTS_PROBLEM : BL_BALLOTS_NOMEM;
}
