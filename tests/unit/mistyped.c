/*
 * Asks everything of one policy after the other, in one process: tests/mistyped.py makes mistakes
 * in policies and hands them over. Each comes on standard input as a line `NAME POLICY-SIZE
 * EVENTS-SIZE` and as many bytes of each; what the policy names is read beside NAME, as the command
 * does.
 *
 * It says, a line each, `defect WHAT` for what must not be, then what is wrong with the policy as
 * JSON, and at the end `end ERRORS WARNINGS`. What crashes or hangs ends the process before that.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handed.h"

enum { NAME_SIZE = 512, SECONDS_MOST = 60 };

static bylaw_text literal(const char *words)
{
    return (bylaw_text){words, strlen(words)};
}

static void defect(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("defect ", stdout);
    vprintf(format, values);
    putchar('\n');
    va_end(values);
}

static void require(bylaw_status status, bylaw_status wanted, const char *what)
{
    if (status != wanted) defect("%s gives: %s", what, bylaw_status_text(status));
}

static void require_same(const bytes *a, const bytes *b, const char *what)
{
    if (!is_same(a, b)) defect("%s, which differs", what);
}

/* ---- memory: all that one policy took is given back ---- */

typedef struct ledger {
    uint64_t live;
    bool is_broken;
} ledger;

/* Each piece is one of malloc's, so that the sanitizer sees its ends. */
static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    ledger *book = context;
    if (old_size > book->live) book->is_broken = true;
    book->live += new_size - old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    void *piece = realloc(pointer, new_size);
    if (!piece) exit(3);
    return piece;
}

/* ---- one policy ---- */

typedef struct trial {
    const char *name;
    bytes policy;
    bytes events;
    ledger book;
    bylaw_allocator allocator;
} trial;

static bylaw_status compile(trial *of, bylaw_text text, bylaw_policy **policy)
{
    loaded *files = NULL;
    const bylaw_compile_options options = {.name = literal(of->name),
                                           .text = text,
                                           .load = load_named,
                                           .load_context = &files,
                                           .allocator = &of->allocator};
    const bylaw_status status = bylaw_policy_compile(&options, policy);
    free_loaded(files);
    return status;
}

/* Text and JSON; the latter is handed on, which looks at the places. */
static void tell_wrongs(const bylaw_policy *policy)
{
    bytes text = {0}, json = {0};
    require(bylaw_policy_diagnostics(policy, BYLAW_TEXT, true, into(&text)), BYLAW_OK, "text");
    require(bylaw_policy_diagnostics(policy, BYLAW_JSON, false, into(&json)), BYLAW_OK, "JSON");
    const bool has_some = bylaw_policy_error_count(policy) + bylaw_policy_warning_count(policy) > 0;
    if (has_some != (text.size > 0) || has_some != (json.size > 0))
        defect("the messages are not as many as counted");
    if (json.size) fwrite(json.at, 1, json.size, stdout);
    free(text.at);
    free(json.at);
}

static void draw(const bylaw_policy *policy, bytes *drawn)
{
    static const bylaw_format formats[] = {BYLAW_TEXT, BYLAW_JSON, BYLAW_DOT, BYLAW_SVG};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        require(bylaw_policy_graph(policy, (bylaw_text){"", 0}, formats[i], into(drawn)), BYLAW_OK,
                "graph");
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    require(bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, into(context)), BYLAW_OK,
            "an outcome");
}

/* Feeds the events, lets all deadlines pass, and tells the world. */
static void run_events(trial *of, const bylaw_policy *policy, bytes *told)
{
    bylaw_engine *engine;
    const bylaw_engine_options options = {
        .outcome = take_outcome, .context = told, .allocator = &of->allocator};
    require(bylaw_engine_create(policy, &options, &engine), BYLAW_OK, "an engine");
    if (!engine) return;
    require(bylaw_engine_feed(engine, BYLAW_EVENTS, of->events.at, of->events.size), BYLAW_OK,
            "events");
    require(bylaw_engine_end(engine, BYLAW_EVENTS), BYLAW_OK, "the end of events");
    require(bylaw_engine_until(engine, literal("2035-01-01T00:00:00Z")), BYLAW_OK, "deadlines");
    require(bylaw_engine_state(engine), BYLAW_OK, "the state");
    bylaw_engine_destroy(engine);
}

/* Compiled form loads, and is the same policy. NULL: it was refused. */
static bylaw_policy *load(trial *of, const bytes *file, const char *form)
{
    bytes complaint = {0};
    bylaw_policy *policy;
    const bylaw_load_options options = {.bytes = file->at,
                                        .size = file->size,
                                        .complaint = into(&complaint),
                                        .allocator = &of->allocator};
    if (bylaw_policy_load(&options, &policy) != BYLAW_OK)
        defect("%s compiled it is refused: %s", form, complaint.size ? complaint.at : "?");
    free(complaint.at);
    return policy;
}

static void compare_loaded(trial *of, const bylaw_policy *policy, const bylaw_policy *again,
                           const bytes *file)
{
    bytes one = {0}, other = {0};
    require(bylaw_policy_write(again, false, into(&other)), BYLAW_OK, "writing what was loaded");
    require_same(file, &other, "loaded, it is written");
    one.size = other.size = 0;
    require(bylaw_policy_dump(policy, into(&one)), BYLAW_OK, "dump");
    require(bylaw_policy_dump(again, into(&other)), BYLAW_OK, "dump of what was loaded");
    require_same(&one, &other, "loaded, it is dumped");
    one.size = other.size = 0;
    draw(policy, &one);
    draw(again, &other);
    require_same(&one, &other, "loaded, it is drawn");
    one.size = other.size = 0;
    run_events(of, policy, &one);
    run_events(of, again, &other);
    require_same(&one, &other, "loaded, it gives outcomes");
    free(one.at);
    free(other.at);
}

static void try_loading(trial *of, const bylaw_policy *policy)
{
    bytes whole = {0}, stripped = {0};
    require(bylaw_policy_write(policy, false, into(&whole)), BYLAW_OK, "write");
    require(bylaw_policy_write(policy, true, into(&stripped)), BYLAW_OK, "write stripped");
    bylaw_policy *again = load(of, &whole, "whole");
    if (again) compare_loaded(of, policy, again, &whole);
    bylaw_policy_destroy(again);
    bylaw_policy_destroy(load(of, &stripped, "stripped"));
    free(whole.at);
    free(stripped.at);
}

/* White space alone differs: what is quoted from the source may show it. */
static void drop_space(bytes *of)
{
    size_t kept = 0;
    for (size_t i = 0; i < of->size; i++)
        if (!memchr(" \t\r\n\f\v", of->at[i], 6)) of->at[kept++] = of->at[i];
    of->size = kept;
}

static void dump_without_places(const bylaw_policy *policy, bytes *out)
{
    bytes all = {0};
    require(bylaw_policy_dump(policy, into(&all)), BYLAW_OK, "dump");
    for (size_t at = 0; at < all.size;) {
        const char *line = all.at + at;
        const char *end = memchr(line, '\n', all.size - at);
        const size_t size = end ? (size_t)(end - line) : all.size - at;
        size_t cut = size; /* at the last "  # file:line" */
        while (cut > 0 && !(cut + 2 < size && memcmp(line + cut, " # ", 3) == 0))
            cut--;
        add(out, line, cut ? cut : size);
        at += size + 1;
    }
    drop_space(out);
    free(all.at);
}

static void compare_formatted(trial *of, const bylaw_policy *policy, const bytes *formatted)
{
    bylaw_policy *again;
    const bylaw_status status = compile(of, text_of(formatted), &again);
    require(status, BYLAW_OK, "compiling what was formatted");
    if (status == BYLAW_OK) {
        bytes before = {0}, after = {0};
        dump_without_places(policy, &before);
        dump_without_places(again, &after);
        require_same(&before, &after, "formatted, it is compiled");
        free(before.at);
        free(after.at);
    }
    bylaw_policy_destroy(again);
}

/* `policy`: NULL where it has errors. */
static void try_format(trial *of, const bylaw_policy *policy)
{
    bytes once = {0}, twice = {0}, wrong = {0};
    const bylaw_status status = bylaw_policy_format(literal(of->name), text_of(&of->policy),
                                                    &of->allocator, into(&once), into(&wrong));
    if (status == BYLAW_OK) {
        require(bylaw_policy_format(literal(of->name), text_of(&once), &of->allocator, into(&twice),
                                    into(&wrong)),
                BYLAW_OK, "formatting twice");
        require_same(&once, &twice, "it is formatted twice");
        if (policy) compare_formatted(of, policy, &once);
    } else {
        require(status, policy ? BYLAW_OK : BYLAW_ERRORS, "fmt");
        if (wrong.size == 0) defect("fmt refuses it and does not say why");
    }
    free(once.at);
    free(twice.at);
    free(wrong.at);
}

static void take_result(void *context, const bylaw_scenario_result *result)
{
    if (!result->passed && result->report.size == 0) defect("a scenario fails without a report");
    add(context, result->report.bytes, result->report.size);
}

static void try_scenarios(bylaw_policy *policy)
{
    bytes out = {0};
    const bylaw_test_options options = {.result = take_result, .context = &out, .coverage = true};
    require(bylaw_policy_test(policy, &options, NULL, NULL), BYLAW_OK, "test");
    require(bylaw_policy_coverage(policy, BYLAW_JSON, false, into(&out), NULL, NULL), BYLAW_OK,
            "coverage");
    free(out.at);
}

static void try_rendering(const bylaw_policy *policy)
{
    bytes out = {0};
    for (bylaw_format format = BYLAW_JSON; format <= BYLAW_HTML; format++)
        require(bylaw_policy_render(policy, format, into(&out)), BYLAW_OK, "render");
    free(out.at);
}

static void try_policy(trial *of)
{
    bylaw_policy *policy;
    const bylaw_status status = compile(of, text_of(&of->policy), &policy);
    if (!policy) {
        defect("compiling gives: %s", bylaw_status_text(status));
        return;
    }
    const bool is_good = bylaw_policy_error_count(policy) == 0;
    require(status, is_good ? BYLAW_OK : BYLAW_ERRORS, "compiling");
    tell_wrongs(policy);
    try_format(of, is_good ? policy : NULL);
    if (is_good) {
        try_loading(of, policy);
        try_rendering(policy);
        try_scenarios(policy);
    }
    const uint32_t errors = bylaw_policy_error_count(policy);
    const uint32_t warnings = bylaw_policy_warning_count(policy);
    bylaw_policy_destroy(policy);
    if (of->book.live != 0) defect("%" PRIu64 " bytes were never freed", of->book.live);
    if (of->book.is_broken) defect("a piece is freed with another size");
    printf("end %" PRIu32 " %" PRIu32 "\n", errors, warnings);
}

/* ---- all of them ---- */

int main(void)
{
    char name[NAME_SIZE];
    size_t policy_size, events_size;
    while (scanf("%511s %zu %zu", name, &policy_size, &events_size) == 3 && getchar() == '\n') {
        trial of = {.name = name};
        of.allocator = (bylaw_allocator){resize, &of.book};
        if (!take_bytes(policy_size, &of.policy) || !take_bytes(events_size, &of.events)) return 3;
        alarm(SECONDS_MOST);
        try_policy(&of);
        fflush(stdout);
        free(of.policy.at);
        free(of.events.at);
    }
    return feof(stdin) ? 0 : 3;
}
