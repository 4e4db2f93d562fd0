/*
 * Every story of the examples and of the golden runs, written as a scenario: the scenario holds,
 * and where all of it could be said, saying it again gives what the events gave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

#include "bylaw.h"

/* ---- text that grows, and files ---- */

typedef struct text {
    char *bytes;
    size_t size;
} text;

static void append(void *context, const char *bytes, size_t size)
{
    text *to = context;
    to->bytes = realloc(to->bytes, to->size + size + 1);
    assert_non_null(to->bytes);
    if (size) memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    to->bytes[to->size] = 0;
}

static bylaw_text slice(const text *of)
{
    return (bylaw_text){of->bytes ? of->bytes : "", of->size};
}

static bylaw_text c_text(const char *bytes)
{
    return (bylaw_text){bytes, strlen(bytes)};
}

/* False: there is no such file. */
static bool read_file(const char *folder, const char *name, text *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    *out = (text){NULL, 0};
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char buffer[4096];
    size_t size;
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
        append(out, buffer, size);
    fclose(file);
    return true;
}

/* ---- one story ---- */

typedef struct story {
    const char *name;
    text policy; /* empty: the standard one */
    text roster;
    text events;
} story;

static void keep_outcome(void *context, const bylaw_outcome *outcome)
{
    bylaw_outcome bare = *outcome;
    bare.seq = 0; /* a scenario has lines of its own that move the clock */
    bare.event_count = 0;
    assert_int_equal(
        bylaw_outcome_write(&bare, BYLAW_JSON, false, NULL, (bylaw_writer){append, context}),
        BYLAW_OK);
}

static bylaw_policy *compile(bylaw_text name, bylaw_text source, bylaw_load load, void *context)
{
    const bylaw_compile_options options = {
        .name = name, .text = source, .load = load, .load_context = context};
    bylaw_policy *policy = NULL;
    const bylaw_status status = bylaw_policy_compile(&options, &policy);
    if (status != BYLAW_OK && policy) {
        text said = {NULL, 0};
        bylaw_policy_diagnostics(policy, BYLAW_TEXT, false, (bylaw_writer){append, &said});
        fail_msg("%s\n%.*s", said.bytes, (int)source.size, source.bytes);
    }
    return policy;
}

static bylaw_policy *compile_story(const story *of)
{
    bylaw_text content = slice(&of->policy);
    if (content.size == 0) assert_true(bylaw_library_find(c_text("std/pytorch"), &content));
    return compile(c_text("story"), content, NULL, NULL);
}

static bylaw_engine *create(const bylaw_policy *policy, text *outcomes)
{
    bylaw_engine *engine;
    const bylaw_engine_options options = {.outcome = keep_outcome, .context = outcomes};
    assert_int_equal(bylaw_engine_create(policy, &options, &engine), BYLAW_OK);
    return engine;
}

static void run_events(const story *of, const bylaw_policy *policy, text *outcomes)
{
    bylaw_engine *engine = create(policy, outcomes);
    bylaw_engine_feed(engine, BYLAW_ROSTER, of->roster.bytes, of->roster.size);
    bylaw_engine_end(engine, BYLAW_ROSTER);
    bylaw_engine_feed(engine, BYLAW_EVENTS, of->events.bytes, of->events.size);
    bylaw_engine_end(engine, BYLAW_EVENTS);
    bylaw_engine_destroy(engine);
}

/* What stands between the scenario's braces, said. */
static void run_statements(bylaw_policy *policy, const text *scenario, text *outcomes)
{
    const char *begin = strchr(scenario->bytes, '\n');
    assert_non_null(begin);
    const size_t size = scenario->size - (size_t)(begin - scenario->bytes) - 2;
    text complaints = {NULL, 0};
    const bylaw_say_options options = {.complaints = {append, &complaints},
                                       .name = c_text("scenario")};
    bylaw_engine *engine = create(policy, outcomes);
    const bylaw_status status = bylaw_engine_say(engine, policy, (bylaw_text){begin, size},
                                                 &options);
    if (status != BYLAW_OK) fail_msg("%s", complaints.bytes);
    free(complaints.bytes);
    bylaw_engine_destroy(engine);
}

static bool load_story(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                       bylaw_text *content)
{
    (void)from;
    const story *of = context;
    *shown = path;
    *content = slice(&of->policy);
    return content->size > 0;
}

static void show_failure(void *context, const bylaw_scenario_result *result)
{
    (void)context;
    if (!result->passed) fail_msg("%.*s", (int)result->report.size, result->report.bytes);
}

/* A policy that extends the story's, with the scenario. */
static void test_scenario(const story *of, const text *scenario)
{
    text source = {NULL, 0};
    const char *head = of->policy.size > 0 ? "policy told extends \"story\"\n"
                                           : "policy told extends \"std/pytorch\"\n";
    append(&source, head, strlen(head));
    append(&source, scenario->bytes, scenario->size);
    bylaw_policy *policy = compile(c_text("told.bylaw"), slice(&source), load_story,
                                   (void *)(uintptr_t)of);
    const bylaw_test_options options = {.result = show_failure};
    uint32_t passed, failed;
    assert_int_equal(bylaw_policy_test(policy, &options, &passed, &failed), BYLAW_OK);
    assert_int_equal(passed, 1);
    assert_int_equal(failed, 0);
    bylaw_policy_destroy(policy);
    free(source.bytes);
}

/* Lines that stand as comments, not only members of them. */
static bool lacks_lines(const text *scenario)
{
    static const char comment[] = "# not said: ";
    const char *at = scenario->bytes;
    while ((at = strstr(at, comment)) != NULL) {
        at += sizeof comment - 1;
        if (*at != '"' || at[1] == '{') return true;
    }
    return false;
}

static void check_story(const story *of, bool *is_whole)
{
    bylaw_policy *policy = compile_story(of);
    text scenario = {NULL, 0}, first = {NULL, 0}, again = {NULL, 0};
    const bylaw_status status = bylaw_scenario_write(policy, c_text(of->name), slice(&of->roster),
                                                     slice(&of->events),
                                                     (bylaw_writer){append, &scenario});
    assert_true(status == BYLAW_OK || status == BYLAW_STOPPED);
    assert_int_equal(status == BYLAW_OK, strstr(scenario.bytes, "# not said:") == NULL);
    *is_whole = !lacks_lines(&scenario);
    test_scenario(of, &scenario);
    run_events(of, policy, &first);
    run_statements(policy, &scenario, &again);
    if (*is_whole) assert_string_equal(first.bytes, again.bytes);
    free(scenario.bytes);
    free(first.bytes);
    free(again.bytes);
    bylaw_policy_destroy(policy);
}

/* ---- all stories ---- */

static bool ends_in(const char *name, const char *end)
{
    const size_t size = strlen(name), end_size = strlen(end);
    return size >= end_size && strcmp(name + size - end_size, end) == 0;
}

/* The stories of a folder, each a file of events beside its policy and its roster. */
static void check_folder(const char *folder, const char *events_of, unsigned *whole,
                         unsigned *count)
{
    story of = {.name = NULL};
    read_file(folder, "policy.bylaw", &of.policy);
    if (strcmp(folder, events_of) == 0 && !read_file(folder, "roster.jsonl", &of.roster))
        read_file(folder, "rules.jsonl", &of.roster);
    DIR *names = opendir(events_of);
    assert_non_null(names);
    for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
        of.name = entry->d_name;
        if (!ends_in(of.name, ".jsonl") || strcmp(of.name, "roster.jsonl") == 0 ||
            strcmp(of.name, "rules.jsonl") == 0)
            continue;
        bool is_whole;
        assert_true(read_file(events_of, of.name, &of.events));
        print_message("%s/%s\n", events_of, of.name);
        check_story(&of, &is_whole);
        free(of.events.bytes);
        *whole += is_whole;
        ++*count;
    }
    closedir(names);
    free(of.policy.bytes);
    free(of.roster.bytes);
}

static void every_example_can_be_told(void **state)
{
    (void)state;
    unsigned whole = 0, count = 0;
    check_folder("examples/pytorch", "examples/pytorch", &whole, &count);
    check_folder("examples/pytorch-merge", "examples/pytorch-merge", &whole, &count);
    check_folder("examples/pytorch-merge", "examples/pytorch-merge/recorded", &whole, &count);
    assert_true(count >= 9);
    assert_int_equal(whole, count);
}

static void golden_runs_can_be_told_but_for_what_is_no_statement(void **state)
{
    (void)state;
    unsigned whole = 0, count = 0;
    DIR *names = opendir("tests/golden");
    assert_non_null(names);
    for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
        char folder[300];
        text events;
        snprintf(folder, sizeof folder, "tests/golden/%s", entry->d_name);
        if (entry->d_name[0] == '.' || !read_file(folder, "events.jsonl", &events)) continue;
        free(events.bytes);
        check_folder(folder, folder, &whole, &count);
    }
    closedir(names);
    assert_true(count >= 15);
    assert_true(whole >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_can_be_told),
        cmocka_unit_test(golden_runs_can_be_told_but_for_what_is_no_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
