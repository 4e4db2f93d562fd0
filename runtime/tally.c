/*
 * The bodies of bylaw.h on elections: which methods there are, and a ballot file from its bytes to
 * the written result.
 */
#include "tally.h"
#include "ballots.h"
#include "bylaw.h"
#include "margin.h"

#include <assert.h>
#include <string.h>

static bl_text to_text(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

static bylaw_text to_public(const char *words)
{
    const bl_text text = bl_text_of(words);
    return (bylaw_text){text.bytes, text.size};
}

static bl_memory memory_of(const bylaw_allocator *allocator)
{
    if (!allocator) return bl_memory_default;
    return (bl_memory){allocator->resize, allocator->context};
}

/* Hands on what was written, where all of it was. */
static bylaw_status hand_on(const bl_buffer *buffer, bylaw_writer out)
{
    if (buffer->failed) return BYLAW_NOMEM;
    if (out.write && buffer->size > 0) out.write(out.context, buffer->bytes, buffer->size);
    return BYLAW_OK;
}

/* ---- methods ---- */

bool bylaw_method_at(size_t index, bylaw_method *out)
{
    static const char *const kinds[] = {"rankings", "choices", "scores"};
    assert(out);
    if (index >= BL_METHOD_COUNT - 1) return false;
    const bl_method_row *row = &bl_methods[index + 1]; /* the first is none */
    *out = (bylaw_method){to_public(row->name), to_public(kinds[row->ballots]), row->has_seats,
                          to_public(row->help)};
    return true;
}

bool bylaw_method_find(bylaw_text name, bylaw_method *out)
{
    bl_count_options options;
    return bl_count_method_named(to_text(name), &options) &&
           bylaw_method_at((size_t)options.method - 1, out);
}

/* "also called rcv, ranked_choice", and with options "irv_batch is irv with elimination=batch". */
static void put_presets(bl_method method, bl_buffer *out)
{
    bl_text name, options;
    bl_method of;
    bool is_first = true;
    for (size_t i = 0; bl_count_preset_at(i, &name, &of, &options); i++) {
        if (of != method || options.size > 0) continue;
        bl_buffer_cstring(out, is_first ? "also called " : ", ");
        bl_buffer_text(out, name);
        is_first = false;
    }
    if (!is_first) bl_buffer_char(out, '\n');
    for (size_t i = 0; bl_count_preset_at(i, &name, &of, &options); i++)
        if (of == method && options.size > 0)
            bl_buffer_format(out, "  %.*s: with %.*s\n", (int)name.size, name.bytes,
                             (int)options.size, options.bytes);
}

/* Appends the lines of `from`, those of more than 100 bytes broken: each part is indented alike. */
static void put_wrapped(const bl_buffer *from, bl_buffer *out)
{
    size_t start = 0, indent = 0, column = 0;
    for (size_t at = 0; at < from->size; at++) {
        if (column == 0) {
            for (start = at; at < from->size && from->bytes[at] == ' ';)
                at++;
            indent = at - start;
            bl_buffer_bytes(out, from->bytes + start, column = indent);
        }
        size_t word = 0;
        while (at + word < from->size && !memchr(" \n", from->bytes[at + word], 2))
            word++;
        if (column > indent && column + 1 + word > BL_TALLY_WIDTH) {
            bl_buffer_format(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            bl_buffer_char(out, ' ');
            column++;
        }
        bl_buffer_bytes(out, from->bytes + at, word);
        column += word;
        at += word;
        if (at < from->size && from->bytes[at] == '\n') {
            bl_buffer_char(out, '\n');
            column = 0;
        }
    }
}

bylaw_status bylaw_method_write(bylaw_text name, const bylaw_allocator *allocator, bylaw_writer out)
{
    static const char *const kinds[] = {"rankings", "choices", "scores"};
    const bl_memory memory = memory_of(allocator);
    bl_count_options options;
    bl_buffer words;
    bl_buffer_init(&words, &memory);
    const bool is_there = bl_count_method_named(to_text(name), &options);
    if (is_there) {
        const bl_method_row *row = &bl_methods[options.method];
        bl_buffer_format(&words, "%s: %s\ncounts %s, fills %s\n", row->name, row->help,
                         kinds[row->ballots], row->has_seats ? "one seat or several" : "one seat");
        put_presets(options.method, &words);
        bl_buffer_cstring(&words, "\nOptions:\n");
        if (row->has_seats)
            bl_buffer_cstring(&words, "  seats=N\n      how many are elected (default: 1)\n");
        bl_count_options_help(options.method, &words);
    } else {
        bl_count_method_nearest(to_text(name), &words);
    }
    bl_buffer lines;
    bl_buffer_init(&lines, &memory);
    put_wrapped(&words, &lines);
    lines.failed = lines.failed || words.failed;
    const bylaw_status status = hand_on(&lines, out);
    bl_buffer_free(&words);
    bl_buffer_free(&lines);
    return status == BYLAW_OK && !is_there ? BYLAW_NO_WORD : status;
}

/* ---- counting a file ---- */

typedef struct tallying {
    const bylaw_ballots_options *options;
    bylaw_ballots_result *result;
    const bl_memory *memory;
    bl_arena arena;
    bl_buffer words; /* the complaint */
} tallying;

/* Gives the complaint that was built to the host. */
static bylaw_status complain(tallying *t, bylaw_status status)
{
    const bylaw_status said = hand_on(&t->words, t->options->complaint);
    return said == BYLAW_OK ? status : said;
}

/* "votes.blt:3:5: …"; nothing where there is no place. */
static void put_place(tallying *t, bl_text file, uint32_t line, uint32_t column)
{
    t->result->line = line;
    t->result->column = column;
    if (file.size > 0) bl_buffer_format(&t->words, "%.*s:", (int)file.size, file.bytes);
    if (line > 0) bl_buffer_format(&t->words, "%u:%u:", line, column);
    if (file.size > 0 || line > 0) bl_buffer_char(&t->words, ' ');
}

/* What a host said wrong is told before the file is read. */
static bool check_method(tallying *t)
{
    const bylaw_ballots_options *how = t->options;
    bl_count_options options;
    if (how->method.size == 0) return true;
    if (!bl_count_method_named(to_text(how->method), &options)) {
        bl_buffer_format(&t->words, "there is no method `%.*s`; ", (int)how->method.size,
                         how->method.bytes);
        bl_count_method_nearest(to_text(how->method), &t->words);
        return false;
    }
    for (size_t i = 0; i < how->setting_count; i++)
        if (!bl_count_option_set(&options, to_text(how->settings[i].name),
                                 to_text(how->settings[i].value), &t->words))
            return false;
    const bl_method_row *row = &bl_methods[options.method];
    if (options.seats == 1 || row->has_seats) return true;
    bl_buffer_format(&t->words, "%s fills one seat, not %u", row->name, options.seats);
    return false;
}

static bool check_format(tallying *t, bl_ballots_format *out)
{
    const bl_text word = to_text(t->options->ballots_format);
    *out = BL_BALLOTS_AUTO;
    if (word.size == 0 || bl_ballots_format_named(word, out)) return true;
    bl_buffer_format(&t->words,
                     "there is no format of ballots `%.*s`; it is one of auto, json, blt, preflib, "
                     "abif and csv",
                     (int)word.size, word.bytes);
    return false;
}

static bool check_reading(tallying *t, bl_ballots_how *out)
{
    *out = (bl_ballots_how){.between = BL_TEXT("")};
    out->overvote = out->skipped = out->write_in = out->contest = out->between;
    for (size_t i = 0; i < t->options->reading_count; i++)
        if (!bl_ballots_how_set(out, to_text(t->options->reading[i].name),
                                to_text(t->options->reading[i].value), &t->words))
            return false;
    return true;
}

static bool load_named(void *context, bl_text name, bl_text *bytes, const char **why)
{
    const tallying *t = context;
    const bylaw_ballots_options *how = t->options;
    bylaw_text shown, content;
    *why = "cannot be read";
    if (!how->load || !how->load(how->load_context, (bylaw_text){name.bytes, name.size}, how->name,
                                 &shown, &content))
        return false;
    *bytes = to_text(content);
    return true;
}

static void tell_progress(void *context, size_t done, size_t all)
{
    const tallying *t = context;
    if (t->options->progress) t->options->progress(t->options->progress_context, done, all);
}

static bylaw_status read_ballots(tallying *t, const bl_ballots_request *request,
                                 bl_ballot_file *out)
{
    switch (bl_ballots_read(request, &t->arena, t->memory, out)) {
    case BL_BALLOTS_NOMEM: return BYLAW_NOMEM;
    case BL_BALLOTS_PROBLEM:
        put_place(t, out->file, out->line, out->column);
        bl_buffer_text(&t->words, out->problem);
        return complain(t, BYLAW_ERRORS);
    case BL_BALLOTS_OK: break;
    }
    if (out->options.method != BL_METHOD_NONE) return BYLAW_OK;
    put_place(t, request->name, 0, 0);
    bl_buffer_cstring(&t->words, "it does not say by which method it is counted; ");
    bl_count_method_nearest(BL_TEXT(""), &t->words);
    return complain(t, BYLAW_NO_WORD);
}

/* Lists that got a seat are winners too. */
static void note_result(tallying *t, const bl_count *count)
{
    bool has_open_tie = false;
    for (size_t i = 0; i < count->ties.count; i++)
        has_open_tie = has_open_tie || count->ties.items[i].chosen == BL_NONE;
    t->result->winner_count = count->winner_count;
    for (uint32_t i = 0; count->seats && i < count->contest->candidate_count; i++)
        t->result->winner_count += count->winner_count == 0 && count->seats[i] > 0;
    t->result->vacant_count = count->vacant;
    t->result->is_decided = t->result->winner_count > 0 &&
                            !(has_open_tie && count->none_because.size > 0);
}

static bylaw_status write_count(tallying *t, const bl_count *count, bylaw_writer out)
{
    bl_buffer written;
    bl_buffer_init(&written, t->memory);
    if (t->options->format == BYLAW_JSON)
        bl_tally_write_json(count, &written);
    else
        bl_tally_write_text(count, t->options->width, t->options->color, &written);
    const bylaw_status status = hand_on(&written, out);
    bl_buffer_free(&written);
    if (status == BYLAW_OK) note_result(t, count);
    return status;
}

/* "the file's options `x` and `y` are none of irv's and were not used" */
static bool note_unused(const bl_ballot_file *ballots, bl_count *count)
{
    const uint32_t size = ballots->unused_count;
    if (size == 0) return true;
    bl_say_text(count, "the file's %s ", size == 1 ? "option" : "options");
    for (uint32_t i = 0; i < size; i++)
        bl_say_text(count, "%s`%.*s`",
                    i == 0          ? ""
                    : i + 1 == size ? " and "
                                    : ", ",
                    (int)ballots->unused[i].size, ballots->unused[i].bytes);
    bl_say_text(count, " %s none of %s's and %s not used", size == 1 ? "is" : "are",
                bl_methods[ballots->options.method].name, size == 1 ? "was" : "were");
    bl_note_add(count, bl_say_end(count));
    return !count->failed;
}

/* "the file's keys `x` (line 3, column 2) and `y` (votes.json, line 7, column 5) were not used" */
static bool note_passed(const bl_ballot_file *ballots, bl_count *count)
{
    const uint32_t size = ballots->passed_count;
    const bool are_several = size > 1 || ballots->has_passed_more;
    if (size == 0) return true;
    bl_say_text(count, "the file's %s ", are_several ? "keys" : "key");
    for (uint32_t i = 0; i < size; i++) {
        const bl_ballots_passed *one = &ballots->passed[i];
        const bool is_last = i + 1 == size && !ballots->has_passed_more;
        bl_say_text(count, "%s`%.*s` (%.*s%sline %u, column %u)",
                    i == 0    ? ""
                    : is_last ? " and "
                              : ", ",
                    (int)one->shown.size, one->shown.bytes, (int)one->file.size, one->file.bytes,
                    one->file.size > 0 ? ", " : "", one->line, one->column);
    }
    bl_say_text(count, "%s %s not used", ballots->has_passed_more ? " and others" : "",
                are_several ? "were" : "was");
    bl_note_add(count, bl_say_end(count));
    return !count->failed;
}

static bylaw_status count_ballots(tallying *t, const bl_ballot_file *ballots, bylaw_writer out)
{
    bl_contest contest = *ballots->contest;
    bl_count count;
    bylaw_status status = BYLAW_OK;
    if (t->options->seed.size > 0) contest.seed = to_text(t->options->seed);
    switch (bl_count_run(&contest, &ballots->options, &t->arena, t->memory, &count)) {
    case BL_COUNT_NOMEM: status = BYLAW_NOMEM; break;
    case BL_COUNT_REFUSED:
        put_place(t, to_text(t->options->name), 0, 0);
        bl_buffer_text(&t->words, count.problem);
        status = complain(t, BYLAW_ERRORS);
        break;
    case BL_COUNT_OK:
        status = note_unused(ballots, &count) && note_passed(ballots, &count) &&
                         bl_margin_add(&count, t->options->margin_effort)
                     ? write_count(t, &count, out)
                     : BYLAW_NOMEM;
        break;
    }
    bl_count_free(&count);
    return status;
}

static bylaw_status tally(tallying *t, bylaw_writer out)
{
    bl_ballots_request request = {.name = to_text(t->options->name),
                                  .bytes = to_text(t->options->ballots),
                                  .method = to_text(t->options->method),
                                  .setting_count = t->options->setting_count,
                                  .seed = (uint64_t)(uintptr_t)t * UINT64_C(0x9E3779B97F4A7C15),
                                  .open = t->options->load ? load_named : NULL,
                                  .progress = tell_progress,
                                  .context = t};
    if (!check_method(t) || !check_format(t, &request.format) || !check_reading(t, &request.how))
        return complain(t, BYLAW_NO_WORD);
    bl_ballots_setting *settings = bl_arena_array(&t->arena, request.setting_count,
                                                  sizeof *settings);
    if (!settings) return BYLAW_NOMEM;
    for (size_t i = 0; i < request.setting_count; i++)
        settings[i] = (bl_ballots_setting){to_text(t->options->settings[i].name),
                                           to_text(t->options->settings[i].value)};
    request.settings = settings;
    bl_ballot_file ballots;
    const bylaw_status status = read_ballots(t, &request, &ballots);
    return status == BYLAW_OK ? count_ballots(t, &ballots, out) : status;
}

bylaw_status bylaw_ballots_count(const bylaw_ballots_options *options, bylaw_writer out,
                                 bylaw_ballots_result *result)
{
    assert(options && result);
    *result = (bylaw_ballots_result){.is_decided = false};
    bl_memory memory = memory_of(options->allocator);
    if (!bl_memory_limit(&memory, options->limits.memory_size)) return BYLAW_NOMEM;
    tallying t = {.options = options, .result = result, .memory = &memory};
    bl_arena_init(&t.arena, &memory);
    bl_buffer_init(&t.words, &memory);
    const bylaw_status status = tally(&t, out);
    bl_buffer_free(&t.words);
    bl_arena_destroy(&t.arena);
    bl_memory_unlimit(&memory, options->limits.memory_size);
    return status;
}
