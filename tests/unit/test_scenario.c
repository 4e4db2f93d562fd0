/*
 * What a scenario says, as the lines an event file would have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lang/scenario.h"

/* 2024-01-01T00:00:00Z */
#define START (INT64_C(19723) * BL_DAY)
#define BEGIN "{\"time\":\"2024-01-01T00:00:00Z\","

/* The lines of all events of all statements. */
static void expect_lines(const char *statements, const char *lines)
{
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_diagnostics diagnostics;
    bl_diagnostics_init(&diagnostics, &arena);
    const bl_node *node = bl_parse_statements(&arena, 0, bl_text_of(statements), &diagnostics);
    assert_int_equal(diagnostics.error_count, 0);
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    for (; node; node = node->next) {
        const bl_node *item = bl_scenario_items(node);
        do {
            bl_scenario_line(node, item, START, &line);
            item = item ? item->next : NULL;
        } while (item);
    }
    bl_buffer_char(&line, '\0');
    assert_string_equal(line.bytes, lines);
    bl_buffer_free(&line);
    bl_arena_destroy(&arena);
}

static void givens_are_founding_facts(void **state)
{
    (void)state;
    expect_lines(
        "given module nn, optim { paths : [\"a\", \"b\"], idle : 6 months }",
        BEGIN "\"type\":\"create\",\"scope\":\"module\",\"id\":\"nn\",\"paths\":[\"a\",\"b\"],"
              "\"idle\":\"6 months\"}\n" BEGIN
              "\"type\":\"create\",\"scope\":\"module\",\"id\":\"optim\",\"paths\":[\"a\",\"b\"],"
              "\"idle\":\"6 months\"}\n");
    expect_lines("given organization @acme",
                 BEGIN "\"type\":\"create\",\"scope\":\"organization\",\"id\":\"acme\"}\n");
    expect_lines("given @ana, @bo are maintainer of nn", BEGIN
                 "\"type\":\"grant\",\"role\":\"maintainer\",\"on\":\"nn\",\"to\":\"ana\"}\n" BEGIN
                 "\"type\":\"grant\",\"role\":\"maintainer\",\"on\":\"nn\",\"to\":\"bo\"}\n");
    expect_lines("given @ana.employer = \"Acme\"",
                 BEGIN "\"type\":\"set\",\"actor\":\"ana\",\"employer\":\"Acme\"}\n");
    expect_lines("given nn.procedure = consensus",
                 BEGIN "\"type\":\"set\",\"on\":\"nn\",\"procedure\":\"consensus\"}\n");
}

static void acts_of_several_are_events_of_each(void **state)
{
    (void)state;
    expect_lines("@ana, @bo approve rename because \"it \\\"reads\\\" well\"",
                 BEGIN "\"type\":\"approve\",\"actor\":\"ana\",\"proposal\":\"rename\","
                       "\"reason\":\"it \\\"reads\\\" well\"}\n" BEGIN
                       "\"type\":\"approve\",\"actor\":\"bo\",\"proposal\":\"rename\","
                       "\"reason\":\"it \\\"reads\\\" well\"}\n");
}

static void proposals_carry_kind_place_and_fields(void **state)
{
    (void)state;
    expect_lines(
        "@zoe proposes change on nn as rename { share : 75%, urgent : true, nominee : @ana }",
        BEGIN "\"type\":\"propose\",\"actor\":\"zoe\",\"kind\":\"change\",\"on\":\"nn\","
              "\"id\":\"rename\",\"share\":\"3/4\",\"urgent\":true,\"nominee\":\"ana\"}\n");
}

static void facts_and_conflicts_name_whom_they_are_about(void **state)
{
    (void)state;
    expect_lines("@a grants maintainer of nn to @x",
                 BEGIN "\"type\":\"grant\",\"actor\":\"a\",\"role\":\"maintainer\",\"on\":\"nn\","
                       "\"to\":\"x\"}\n");
    expect_lines("@a revokes lead from @x",
                 BEGIN "\"type\":\"revoke\",\"actor\":\"a\",\"role\":\"lead\",\"from\":\"x\"}\n");
    expect_lines("@a sets @x.employer = \"Acme\"",
                 BEGIN "\"type\":\"set\",\"actor\":\"a\",\"to\":\"x\",\"employer\":\"Acme\"}\n");
    expect_lines("@a resigns maintainer of nn", BEGIN
                 "\"type\":\"resign\",\"actor\":\"a\",\"role\":\"maintainer\",\"on\":\"nn\"}\n");
    expect_lines("@a declares conflict in p",
                 BEGIN "\"type\":\"conflict\",\"actor\":\"a\",\"proposal\":\"p\"}\n");
    expect_lines("@a declares @x conflicted in p",
                 BEGIN "\"type\":\"conflict\",\"actor\":\"a\",\"proposal\":\"p\",\"to\":\"x\"}\n");
    expect_lines("seed \"dice\"", BEGIN "\"type\":\"seed\",\"seed\":\"dice\"}\n");
}

static void ballots_of_every_form_are_written(void **state)
{
    (void)state;
    expect_lines("@a ranks @eli > @chi = @dee in lead",
                 BEGIN "\"type\":\"rank\",\"actor\":\"a\",\"proposal\":\"lead\","
                       "\"ranking\":[\"eli\",[\"chi\",\"dee\"]]}\n");
    expect_lines("@a chooses red in colour",
                 BEGIN "\"type\":\"choose\",\"actor\":\"a\",\"proposal\":\"colour\","
                       "\"choice\":\"red\"}\n");
    expect_lines("@a scores red 5, blue 3 in colour",
                 BEGIN "\"type\":\"score\",\"actor\":\"a\",\"proposal\":\"colour\","
                       "\"scores\":{\"red\":5,\"blue\":3}}\n");
}

static void events_of_the_policy_carry_their_fields(void **state)
{
    (void)state;
    expect_lines("@a emits triaged { about : \"i13\", labels : [high, \"two words\"] }",
                 BEGIN "\"type\":\"triaged\",\"actor\":\"a\",\"about\":\"i13\","
                       "\"labels\":[\"high\",\"two words\"]}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(givens_are_founding_facts),
        cmocka_unit_test(acts_of_several_are_events_of_each),
        cmocka_unit_test(proposals_carry_kind_place_and_fields),
        cmocka_unit_test(facts_and_conflicts_name_whom_they_are_about),
        cmocka_unit_test(ballots_of_every_form_are_written),
        cmocka_unit_test(events_of_the_policy_carry_their_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
