/*
 * Memory in steady state: an engine that goes on with what it knows asks for no more of it. The
 * events of a kind are fed over and over; what the second half of them asks for may be the growth
 * of a long-lived table, which doubles, and nothing for each event.
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

#define ROUNDS 4000
#define GROWTHS 16 /* doublings of tables that the second half may see, all tables together */

static const char policy_text[] = "policy steady \"Steady\"\n"
                                  "scope module\n"
                                  "role maintainer of module { granted by boss revoked by boss }\n"
                                  "role boss\n"
                                  "procedure most \"more for than against, at the deadline\" {\n"
                                  "  passes when approve > reject\n"
                                  "  fails otherwise\n"
                                  "  closes at deadline\n"
                                  "}\n"
                                  "proposal change on module {\n"
                                  "  raised by anyone\n"
                                  "  decided by maintainer of module using most within 10 years\n"
                                  "}\n";

static const char founding[] =
    "{\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"create\",\"scope\":\"module\",\"id\":\"nn\"}\n"
    "{\"type\":\"grant\",\"role\":\"boss\",\"to\":\"eli\"}\n"
    "{\"type\":\"grant\",\"role\":\"maintainer\",\"on\":\"nn\",\"to\":\"ana\"}\n"
    "{\"type\":\"grant\",\"role\":\"maintainer\",\"on\":\"nn\",\"to\":\"bo\"}\n";

static const char opening[] =
    "{\"type\":\"propose\",\"kind\":\"change\",\"on\":\"nn\",\"id\":\"c\",\"actor\":\"zoe\"}\n";

static uint64_t call_count; /* of the allocator, freeing apart */

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)context;
    (void)old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    call_count++;
    return realloc(pointer, new_size);
}

static const bylaw_allocator allocator = {resize, NULL};
static uint64_t outcome_count;

static void count_outcome(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
    outcome_count++;
}

static void feed(bylaw_engine *engine, bylaw_stream stream, const char *lines)
{
    assert_int_equal(bylaw_engine_feed(engine, stream, lines, strlen(lines)), BYLAW_OK);
}

/* Feeds the lines over and over and returns what the second half asked for. */
static uint64_t calls_of_second_half(const char *lines)
{
    const bylaw_compile_options compiling = {.name = {"steady", 6},
                                             .text = {policy_text, sizeof policy_text - 1},
                                             .allocator = &allocator};
    const bylaw_engine_options options = {
        .outcome = count_outcome, .verbose = true, .allocator = &allocator};
    bylaw_policy *policy = NULL;
    bylaw_engine *engine = NULL;
    assert_int_equal(bylaw_policy_compile(&compiling, &policy), BYLAW_OK);
    assert_int_equal(bylaw_engine_create(policy, &options, &engine), BYLAW_OK);
    feed(engine, BYLAW_ROSTER, founding);
    feed(engine, BYLAW_EVENTS, opening);
    uint64_t calls = 0;
    outcome_count = 0;
    for (int round = 0; round < 2 * ROUNDS; round++) {
        if (round == ROUNDS) calls = call_count;
        feed(engine, BYLAW_EVENTS, lines);
    }
    calls = call_count - calls;
    assert_true(outcome_count >= 2 * ROUNDS); /* each round did something */
    assert_int_equal(bylaw_engine_malformed_count(engine), 0);
    bylaw_engine_destroy(engine);
    bylaw_policy_destroy(policy);
    return calls;
}

static void ballots_that_change_ask_for_no_memory(void **state)
{
    (void)state;
    assert_in_range(
        calls_of_second_half(
            "{\"type\":\"approve\",\"actor\":\"ana\",\"proposal\":\"c\"}\n"
            "{\"type\":\"reject\",\"actor\":\"ana\",\"proposal\":\"c\",\"reason\":\"not yet\"}\n"),
        0, GROWTHS);
}

static void refused_acts_ask_for_no_memory(void **state)
{
    (void)state;
    assert_in_range(
        calls_of_second_half("{\"type\":\"approve\",\"actor\":\"zoe\",\"proposal\":\"c\"}\n"
                             "{\"type\":\"approve\",\"actor\":\"zoe\",\"proposal\":\"unknown\"}\n"
                             "{\"type\":\"veto\",\"actor\":\"ana\",\"proposal\":\"c\"}\n"),
        0, GROWTHS);
}

static void blank_lines_and_line_ends_ask_for_no_memory(void **state)
{
    (void)state;
    assert_in_range(
        calls_of_second_half("{\"type\":\"approve\",\"actor\":\"bo\",\"proposal\":\"c\"}\r\n\n"), 0,
        GROWTHS);
}

/* Who supported a holding is history and is kept: arena blocks, larger and larger. */
static void roles_that_come_and_go_ask_for_little_memory(void **state)
{
    (void)state;
    assert_in_range(calls_of_second_half("{\"type\":\"grant\",\"actor\":\"eli\",\"role\":"
                                         "\"maintainer\",\"on\":\"nn\",\"to\":\"cy\"}\n"
                                         "{\"type\":\"revoke\",\"actor\":\"eli\",\"role\":"
                                         "\"maintainer\",\"on\":\"nn\",\"from\":\"cy\"}\n"),
                    0, GROWTHS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ballots_that_change_ask_for_no_memory),
        cmocka_unit_test(refused_acts_ask_for_no_memory),
        cmocka_unit_test(blank_lines_and_line_ends_ask_for_no_memory),
        cmocka_unit_test(roles_that_come_and_go_ask_for_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
