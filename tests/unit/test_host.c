/*
 * What a host may bring and set: its own allocator, and limits lower than the library's. Each limit
 * at it, where things work, and one beyond. Uses the public header alone, as a host does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bylaw.h"

#define TEXT(literal) ((bylaw_text){literal, sizeof(literal) - 1})

static const char policy_text[] =
    "role member scope module { } "
    "procedure most { passes when approve > reject fails otherwise } "
    "proposal change { raised by anyone when 1 + 2 + 3 + 4 == 10 decided by member using most "
    "within 1 day }";

#define FOUNDING                                                                                   \
    "{\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"grant\",\"role\":\"member\",\"to\":\"ana\"}\n"
#define PROPOSE(id)                                                                                \
    "{\"type\":\"propose\",\"kind\":\"change\",\"id\":\"" id "\",\"actor\":\"ana\"}\n"

/* ---- an allocator that keeps count ---- */

typedef struct counts {
    size_t live, peak; /* bytes */
    uint64_t calls;
    uint64_t left; /* so many allocations, then none */
} counts;

static void *count(void *context, void *pointer, size_t old_size, size_t new_size)
{
    counts *c = context;
    if (new_size > 0 && c->left-- == 0) {
        c->left = 0;
        return NULL;
    }
    c->calls++;
    c->live += new_size - old_size;
    if (c->live > c->peak) c->peak = c->live;
    if (new_size > 0) return realloc(pointer, new_size);
    free(pointer);
    return NULL;
}

/* ---- a host ---- */

typedef struct host {
    char said[4096]; /* type and reason of each outcome, a line each */
    size_t size;
} host;

static void hear(void *context, const bylaw_outcome *outcome)
{
    host *h = context;
    const char *because = outcome->because.size ? outcome->because.bytes : "";
    const int added = snprintf(h->said + h->size, sizeof h->said - h->size, "%.*s %.*s\n",
                               (int)outcome->type.size, outcome->type.bytes,
                               (int)outcome->because.size, because);
    assert_true(added > 0 && h->size + (size_t)added < sizeof h->said);
    h->size += (size_t)added;
}

static void forget(void *context, const char *bytes, size_t size)
{
    (void)context;
    (void)bytes;
    (void)size;
}

static bylaw_status compile(const bylaw_allocator *allocator, size_t memory_size,
                            bylaw_policy **out)
{
    const bylaw_compile_options options = {.name = TEXT("host"),
                                           .text = {policy_text, sizeof policy_text - 1},
                                           .allocator = allocator,
                                           .limits = {.memory_size = memory_size}};
    return bylaw_policy_compile(&options, out);
}

/* Runs the lines in a fresh engine of these limits; what came of them is in h->said. */
static bylaw_status run(host *h, const bylaw_policy *policy, const bylaw_allocator *allocator,
                        bylaw_limits limits, const char *lines)
{
    const bylaw_engine_options options = {
        .outcome = hear, .context = h, .record = true, .allocator = allocator, .limits = limits};
    bylaw_engine *engine;
    *h = (host){.size = 0};
    bylaw_status status = bylaw_engine_create(policy, &options, &engine);
    if (status != BYLAW_OK) return status;
    status = bylaw_engine_feed(engine, BYLAW_EVENTS, lines, strlen(lines));
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    bylaw_engine_destroy(engine);
    return status;
}

/* The lines bring just this, under these limits. */
static void brings(bylaw_limits limits, const char *lines, const char *expected)
{
    static host h;
    bylaw_policy *policy;
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    assert_int_equal(run(&h, policy, NULL, limits, lines), BYLAW_OK);
    assert_string_equal(h.said, expected);
    bylaw_policy_destroy(policy);
}

/* ---- counts and sizes ---- */

static void actors_are_limited(void **state)
{
    (void)state;
    static const char lines[] = FOUNDING
        "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"bo\"}\n" PROPOSE("a");
    brings((bylaw_limits){.actor_count = 2}, lines, "opened \n");
    brings((bylaw_limits){.actor_count = 1}, lines,
           "malformed `bo` is no handle: there are too many people\nopened \n");
}

static void proposals_are_limited(void **state)
{
    (void)state;
    static const char lines[] = FOUNDING PROPOSE("a") PROPOSE("b");
    brings((bylaw_limits){.proposal_count = 2}, lines, "opened \nopened \n");
    brings((bylaw_limits){.proposal_count = 1}, lines,
           "opened \nrefused there are too many proposals\n");
}

static void instances_are_limited(void **state)
{
    (void)state;
    static const char lines[] = "{\"type\":\"create\",\"scope\":\"module\",\"id\":\"nn\"}\n"
                                "{\"type\":\"create\",\"scope\":\"module\",\"id\":\"fft\"}\n";
    brings((bylaw_limits){.instance_count = 2}, lines, "");
    brings((bylaw_limits){.instance_count = 1}, lines, "refused more than 1 instances of scopes\n");
}

/* The line comes whole, and in two pieces. */
static void lines_are_limited(void **state)
{
    (void)state;
    static const char line[] = "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"ana\"}";
    const uint32_t size = sizeof line - 1;
    bylaw_policy *policy;
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    for (uint32_t limit = size - 1; limit <= size; limit++)
        for (size_t cut = 0; cut <= size; cut += 7) {
            host h = {.size = 0};
            bylaw_engine *engine;
            const bylaw_engine_options options = {
                .outcome = hear, .context = &h, .limits = {.line_size = limit}};
            assert_int_equal(bylaw_engine_create(policy, &options, &engine), BYLAW_OK);
            assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, line, cut), BYLAW_OK);
            assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, line + cut, size - cut),
                             BYLAW_OK);
            assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, "\n", 1), BYLAW_OK);
            char expected[80] = "";
            if (limit < size)
                snprintf(expected, sizeof expected, "malformed a line of %u bytes: at most %u\n",
                         size, limit);
            assert_string_equal(h.said, expected);
            bylaw_engine_destroy(engine);
        }
    bylaw_policy_destroy(policy);
}

/* How many steps raising a proposal costs is found by trying. */
static void steps_are_limited(void **state)
{
    (void)state;
    static host h;
    bylaw_policy *policy;
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    uint32_t limit = 1;
    for (; limit < 1000; limit++) {
        char expected[80];
        snprintf(expected, sizeof expected, "more than %u steps for one event\n", limit);
        assert_int_equal(
            run(&h, policy, NULL, (bylaw_limits){.step_count = limit}, FOUNDING PROPOSE("a")),
            BYLAW_OK);
        if (strcmp(h.said, "opened \n") == 0) break;
        assert_non_null(strstr(h.said, expected));
    }
    assert_in_range(limit, 8, 100); /* four sums and a comparison are more than eight */
    bylaw_policy_destroy(policy);
}

static void higher_than_the_library_is_the_library(void **state)
{
    (void)state;
    const bylaw_limits high = {.line_size = UINT32_MAX,
                               .step_count = UINT32_MAX,
                               .actor_count = UINT32_MAX,
                               .instance_count = UINT32_MAX,
                               .proposal_count = UINT32_MAX};
    const size_t size = (1u << 20) + 1;
    char *line = malloc(size + 2);
    assert_non_null(line);
    memset(line, ' ', size);
    memcpy(line + size, "\n", 2);
    brings(high, line, "malformed a line of 1048577 bytes: at most 1048576\n");
    free(line);
}

/* ---- memory ---- */

static const char long_story[] = FOUNDING PROPOSE("a") PROPOSE("b") PROPOSE("c") PROPOSE(
    "d") "{\"type\":\"approve\",\"proposal\":\"a\",\"actor\":\"ana\",\"reason\":\"it is good\"}\n";

/* What it takes at the most is enough, and one byte fewer is not. Counting takes some bytes more,
 * so that they are asked for with a limit, too. */
static void memory_of_engines_is_limited(void **state)
{
    (void)state;
    static host h;
    counts c = {.left = UINT64_MAX};
    const bylaw_allocator allocator = {count, &c};
    bylaw_policy *policy;
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    assert_int_equal(
        run(&h, policy, &allocator, (bylaw_limits){.memory_size = SIZE_MAX}, long_story), BYLAW_OK);
    const size_t most = c.peak;
    assert_true(most > 1000 && c.live == 0);
    for (size_t less = 0; less <= 1; less++) {
        c = (counts){.left = UINT64_MAX};
        assert_int_equal(
            run(&h, policy, &allocator, (bylaw_limits){.memory_size = most - less}, long_story),
            less ? BYLAW_NOMEM : BYLAW_OK);
        assert_true(c.live == 0 && c.peak <= most - less);
    }
    assert_int_equal(run(&h, policy, NULL, (bylaw_limits){.memory_size = 1}, ""), BYLAW_NOMEM);
    bylaw_policy_destroy(policy);
}

/* Questions try things in copies of the engine; its count of bytes must not be one of them. */
static void a_question_gives_back_what_it_took(void **state)
{
    (void)state;
    static host h;
    bylaw_policy *policy;
    bylaw_engine *engine;
    const bylaw_engine_options options = {
        .outcome = hear, .context = &h, .record = true, .limits = {.memory_size = (size_t)1 << 20}};
    h = (host){.size = 0};
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    assert_int_equal(bylaw_engine_create(policy, &options, &engine), BYLAW_OK);
    assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, long_story, sizeof long_story - 1),
                     BYLAW_OK);
    const bylaw_question about_b = {.about = TEXT("b")};
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(bylaw_engine_needs(engine, &about_b, (bylaw_writer){forget, NULL}),
                         BYLAW_OK);
        assert_int_equal(bylaw_engine_why(engine, &about_b, (bylaw_writer){forget, NULL}),
                         BYLAW_OK);
    }
    bylaw_engine_destroy(engine);
    bylaw_policy_destroy(policy);
}

static void memory_of_policies_is_limited(void **state)
{
    (void)state;
    counts c = {.left = UINT64_MAX};
    const bylaw_allocator allocator = {count, &c};
    bylaw_policy *policy;
    assert_int_equal(compile(&allocator, SIZE_MAX, &policy), BYLAW_OK);
    bylaw_policy_destroy(policy);
    const size_t most = c.peak;
    assert_true(most > 1000 && c.live == 0);
    c = (counts){.left = UINT64_MAX};
    assert_int_equal(compile(&allocator, most, &policy), BYLAW_OK);
    bylaw_policy_destroy(policy);
    assert_int_equal(c.live, 0);
    assert_int_equal(compile(&allocator, most - 1, &policy), BYLAW_NOMEM);
    assert_null(policy);
    assert_int_equal(compile(&allocator, 1, &policy), BYLAW_NOMEM);
    assert_int_equal(c.live, 0);
}

static void take_result(void *context, const bylaw_scenario_result *result)
{
    *(uint32_t *)context += result->passed;
}

/* The engines that run scenarios live in the policy's memory, and leave its limit to it. */
static void a_limited_policy_runs_its_scenarios(void **state)
{
    (void)state;
    static const char text[] = "role member scenario \"a\" { given @ana is member "
                               "expect @ana is member } scenario \"b\" { given @bo is member }";
    counts c = {.left = UINT64_MAX};
    const bylaw_allocator allocator = {count, &c};
    const bylaw_compile_options options = {.name = TEXT("limited"),
                                           .text = TEXT(text),
                                           .allocator = &allocator,
                                           .limits = {.memory_size = 4 << 20}};
    bylaw_policy *policy;
    assert_int_equal(bylaw_policy_compile(&options, &policy), BYLAW_OK);
    uint32_t told = 0, passed = 0, failed = 0;
    const bylaw_test_options testing = {.result = take_result, .context = &told, .coverage = true};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bylaw_policy_test(policy, &testing, &passed, &failed), BYLAW_OK);
        assert_int_equal(passed, 2);
        assert_int_equal(bylaw_scenario_write(policy, TEXT("c"), TEXT(""), TEXT(FOUNDING),
                                              (bylaw_writer){forget, NULL}),
                         BYLAW_OK);
    }
    assert_int_equal(told, 6);
    bylaw_policy_destroy(policy);
    assert_int_equal(c.live, 0);
}

/* ---- the host's allocator ---- */

static void everything_comes_from_the_allocator(void **state)
{
    (void)state;
    static host h;
    counts of_policy = {.left = UINT64_MAX}, of_engine = {.left = UINT64_MAX};
    const bylaw_allocator first = {count, &of_policy}, second = {count, &of_engine};
    bylaw_policy *policy;
    assert_int_equal(compile(&first, 0, &policy), BYLAW_OK);
    const uint64_t calls = of_policy.calls;
    assert_true(calls > 0 && of_policy.live > 0);
    assert_int_equal(run(&h, policy, &second, (bylaw_limits){.line_size = 0}, long_story),
                     BYLAW_OK);
    assert_int_equal(of_policy.calls, calls); /* an engine takes nothing of its policy */
    assert_true(of_engine.calls > 0 && of_engine.live == 0);
    bylaw_policy_destroy(policy);
    assert_int_equal(of_policy.live, 0);
}

static void a_failing_allocator_is_a_status(void **state)
{
    (void)state;
    static host h;
    counts c = {.left = UINT64_MAX};
    const bylaw_allocator allocator = {count, &c};
    bylaw_policy *policy = NULL;
    uint64_t left = 0;
    for (bylaw_status status = BYLAW_NOMEM; status != BYLAW_OK; left++) {
        c.left = left;
        status = compile(&allocator, 0, &policy);
        assert_true(status == BYLAW_OK || (status == BYLAW_NOMEM && !policy && c.live == 0));
    }
    assert_true(left > 3);
    const size_t live = c.live;
    left = 0;
    for (bylaw_status status = BYLAW_NOMEM; status != BYLAW_OK; left++) {
        c.left = left;
        status = run(&h, policy, &allocator, (bylaw_limits){.line_size = 0}, long_story);
        assert_true(status == BYLAW_OK || status == BYLAW_NOMEM);
        assert_int_equal(c.live, live);
    }
    assert_true(left > 3);
    bylaw_policy_destroy(policy);
    assert_int_equal(c.live, 0);
}

/* ---- an engine that ran out of memory ---- */

typedef bylaw_status asking(bylaw_engine *, const bylaw_question *, bylaw_writer);
static asking *const questions[] = {
    bylaw_engine_why,     bylaw_engine_why_not, bylaw_engine_needs, bylaw_engine_timeline,
    bylaw_engine_who_can, bylaw_engine_pending, bylaw_engine_roles, bylaw_engine_proposals};
#define QUESTION_COUNT (sizeof questions / sizeof *questions)

static bylaw_status ask(size_t question, bylaw_engine *engine, bylaw_writer out)
{
    const bool lists = question >= 5;
    const bylaw_question about = {.about = lists ? TEXT("") : TEXT("a"),
                                  .word = question == 4 ? TEXT("approve") : TEXT("")};
    return questions[question](engine, &about, out);
}

static void add_size(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
}

/* Memory is there again, but nobody knows what became of the event it lacked for. */
static void refuses_all(bylaw_engine *engine, bylaw_policy *policy)
{
    static const char line[] = PROPOSE("z");
    size_t written = 0;
    const bylaw_writer out = {add_size, &written};
    const bylaw_say_options saying = {.lines = out, .complaints = out};
    assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, line, sizeof line - 1), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_feed(engine, BYLAW_EVENTS, NULL, 0), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_end(engine, BYLAW_EVENTS), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_until(engine, TEXT("2030-01-01")), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_state(engine), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_complete(engine, TEXT(""), 9, out), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_complete_candidate(engine, TEXT(""), 9, out), BYLAW_NOMEM);
    for (size_t i = 0; i < QUESTION_COUNT; i++)
        assert_int_equal(ask(i, engine, out), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_end(engine, BYLAW_EVENTS), BYLAW_NOMEM);
    assert_int_equal(bylaw_engine_say(engine, policy, TEXT("@ana approves a"), &saying),
                     BYLAW_NOMEM);
    assert_int_equal(written, 0);
    bylaw_engine_malformed_count(engine);
    char clock[BYLAW_TIME_SIZE];
    bylaw_engine_time(engine, clock);
}

/* All that an engine can be asked, until something fails. */
static bylaw_status ask_all(bylaw_engine *engine)
{
    static const char lines[] = FOUNDING PROPOSE("a") "{\"type\":\"approve\",\"proposal\":\"a\"";
    bylaw_status status = bylaw_engine_feed(engine, BYLAW_EVENTS, lines, sizeof lines - 1);
    if (status == BYLAW_OK) status = bylaw_engine_feed(engine, BYLAW_EVENTS, "}", 1);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    if (status == BYLAW_OK) status = bylaw_engine_state(engine);
    for (size_t i = 0; i < QUESTION_COUNT && status == BYLAW_OK; i++)
        status = ask(i, engine, (bylaw_writer){forget, NULL});
    if (status == BYLAW_OK) status = bylaw_engine_until(engine, TEXT("2030-01-01"));
    return status;
}

static void an_engine_without_memory_stays_so(void **state)
{
    (void)state;
    counts c = {.left = UINT64_MAX};
    const bylaw_allocator allocator = {count, &c};
    bylaw_policy *policy;
    assert_int_equal(compile(NULL, 0, &policy), BYLAW_OK);
    uint64_t failed = 0;
    for (bylaw_status status = BYLAW_NOMEM; status != BYLAW_OK; failed++) {
        const bylaw_engine_options options = {.record = true, .allocator = &allocator};
        bylaw_engine *engine;
        c.left = failed;
        status = bylaw_engine_create(policy, &options, &engine);
        if (status == BYLAW_OK) status = ask_all(engine);
        c.left = UINT64_MAX;
        assert_true(status == BYLAW_OK || status == BYLAW_NOMEM);
        if (status == BYLAW_NOMEM && engine) refuses_all(engine, policy);
        bylaw_engine_destroy(engine);
        assert_int_equal(c.live, 0);
    }
    assert_true(failed > 20);
    bylaw_policy_destroy(policy);
}

/* Whatever is asked of a policy with errors is a status. */
static void a_policy_with_errors_has_only_diagnostics(void **state)
{
    (void)state;
    const bylaw_compile_options options = {.name = TEXT("wrong"), .text = TEXT("role {")};
    const bylaw_writer out = {forget, NULL};
    const bylaw_text all = {"", 0};
    bylaw_policy *policy;
    bylaw_engine *engine;
    assert_int_equal(bylaw_policy_compile(&options, &policy), BYLAW_ERRORS);
    assert_true(bylaw_policy_error_count(policy) > 0);
    assert_int_equal(bylaw_policy_diagnostics(policy, BYLAW_TEXT, false, out), BYLAW_OK);
    assert_int_equal(bylaw_engine_create(policy, NULL, &engine), BYLAW_ERRORS);
    assert_null(engine);
    assert_int_equal(bylaw_policy_dump(policy, out), BYLAW_ERRORS);
    assert_int_equal(bylaw_policy_write(policy, false, out), BYLAW_ERRORS);
    assert_int_equal(bylaw_policy_render(policy, BYLAW_HTML, out), BYLAW_ERRORS);
    assert_int_equal(bylaw_policy_graph(policy, all, BYLAW_SVG, out), BYLAW_ERRORS);
    const bylaw_test_options testing = {.only = {"", 0}};
    uint32_t passed = 7, failed = 7;
    assert_int_equal(bylaw_policy_test(policy, &testing, NULL, NULL), BYLAW_ERRORS);
    assert_int_equal(bylaw_policy_test(policy, &testing, &passed, &failed), BYLAW_ERRORS);
    assert_int_equal(passed + failed, 0);
    assert_int_equal(bylaw_policy_coverage(policy, BYLAW_TEXT, false, out, &passed, &failed),
                     BYLAW_ABSENT);
    assert_int_equal(passed + failed, 0);
    assert_int_equal(bylaw_scenario_write(policy, all, all, all, out), BYLAW_ERRORS);
    bylaw_policy_destroy(policy);
}

/* What is not found leaves what it was to be written to alone. */
static void false_writes_nothing(void **state)
{
    (void)state;
    const bylaw_text mark = TEXT("as it was"), none = TEXT("no such thing at all");
    bylaw_text path = mark, content = mark;
    bylaw_method method = {.name = mark};
    bylaw_word word = {.word = mark};
    size_t index = 77;
    assert_false(bylaw_library_find(none, &content));
    assert_false(bylaw_library_find((bylaw_text){NULL, 0}, &content));
    assert_false(bylaw_library_at(SIZE_MAX, &path, &content));
    assert_false(bylaw_method_find(none, &method));
    assert_false(bylaw_method_find((bylaw_text){NULL, 0}, &method));
    assert_false(bylaw_method_at(SIZE_MAX, &method));
    assert_false(bylaw_word_at(SIZE_MAX, &word));
    assert_false(bylaw_word_nearest(none, &word));
    assert_false(bylaw_word_find(none, 0, &index));
    assert_false(bylaw_word_find(TEXT("role"), SIZE_MAX, &index));
    assert_ptr_equal(content.bytes, mark.bytes);
    assert_ptr_equal(path.bytes, mark.bytes);
    assert_ptr_equal(method.name.bytes, mark.bytes);
    assert_ptr_equal(word.word.bytes, mark.bytes);
    assert_int_equal(index, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actors_are_limited),
        cmocka_unit_test(proposals_are_limited),
        cmocka_unit_test(instances_are_limited),
        cmocka_unit_test(lines_are_limited),
        cmocka_unit_test(steps_are_limited),
        cmocka_unit_test(higher_than_the_library_is_the_library),
        cmocka_unit_test(memory_of_engines_is_limited),
        cmocka_unit_test(a_question_gives_back_what_it_took),
        cmocka_unit_test(memory_of_policies_is_limited),
        cmocka_unit_test(a_limited_policy_runs_its_scenarios),
        cmocka_unit_test(everything_comes_from_the_allocator),
        cmocka_unit_test(a_failing_allocator_is_a_status),
        cmocka_unit_test(an_engine_without_memory_stays_so),
        cmocka_unit_test(a_policy_with_errors_has_only_diagnostics),
        cmocka_unit_test(false_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
