/*
 * What a person types: what it is, what it does to a living world, and the policy of a session.
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

/* ---- a world ---- */

static const char policy_text[] = "policy small\n"
                                  "scope room { seats : number = 2 }\n"
                                  "role member\n"
                                  "role keeper of room\n"
                                  "procedure most {\n"
                                  "  passes when approve > reject\n"
                                  "  fails otherwise\n"
                                  "  closes at deadline\n"
                                  "}\n"
                                  "event visit { guests : number }\n"
                                  "on visit by anyone when event.guests > 9 { open change }\n"
                                  "proposal change {\n"
                                  "  raised by member\n"
                                  "  decided by member using most within 7 days\n"
                                  "}\n";

typedef struct world {
    bylaw_policy *policy;
    bylaw_engine *engine;
    char outcomes[4096]; /* their types, each with a blank behind it */
    char lines[4096];
    char complaints[8192];
    size_t live; /* bytes held through `resize` */
    size_t most;
    uint32_t fail_in; /* so many allocations; 0: none fails */
} world;

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    world *w = context;
    if (new_size > 0 && w->fail_in > 0 && --w->fail_in == 0) return NULL;
    w->live = w->live - (pointer ? old_size : 0) + new_size;
    if (w->live > w->most) w->most = w->live;
    if (new_size > 0) return realloc(pointer, new_size);
    free(pointer);
    return NULL;
}

static void append(char *to, size_t room, const char *bytes, size_t size)
{
    const size_t at = strlen(to);
    if (size >= room - at) size = room - at - 1;
    memcpy(to + at, bytes, size);
    to[at + size] = '\0';
}

static void hear(void *context, const bylaw_outcome *outcome)
{
    world *w = context;
    append(w->outcomes, sizeof w->outcomes, outcome->type.bytes, outcome->type.size);
    append(w->outcomes, sizeof w->outcomes, " ", 1);
}

static void put_line(void *context, const char *bytes, size_t size)
{
    append(((world *)context)->lines, sizeof((world *)context)->lines, bytes, size);
}

static void put_complaint(void *context, const char *bytes, size_t size)
{
    append(((world *)context)->complaints, sizeof((world *)context)->complaints, bytes, size);
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    const bylaw_allocator allocator = {resize, w};
    const bylaw_compile_options compiling = {.name = {"small", 5},
                                             .text = {policy_text, sizeof policy_text - 1},
                                             .allocator = &allocator};
    const bylaw_engine_options options = {.outcome = hear, .context = w, .allocator = &allocator};
    if (!w || bylaw_policy_compile(&compiling, &w->policy) != BYLAW_OK) return 1;
    *state = w;
    return bylaw_engine_create(w->policy, &options, &w->engine) == BYLAW_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    world *w = *state;
    bylaw_engine_destroy(w->engine);
    bylaw_policy_destroy(w->policy);
    const bool is_clean = w->live == 0;
    free(w);
    return is_clean ? 0 : 1;
}

static bylaw_status say(world *w, const char *statements)
{
    const bylaw_say_options options = {
        .lines = {put_line, w}, .complaints = {put_complaint, w}, .name = {"typed", 5}};
    w->outcomes[0] = w->lines[0] = w->complaints[0] = '\0';
    return bylaw_engine_say(w->engine, w->policy, (bylaw_text){statements, strlen(statements)},
                            &options);
}

static void must(world *w, const char *statements)
{
    const bylaw_status status = say(w, statements);
    if (status != BYLAW_OK)
        fail_msg("%s: %s\n%s", statements, bylaw_status_text(status), w->complaints);
}

/* ---- saying ---- */

static void statements_are_events_at_the_worlds_time(void **state)
{
    world *w = *state;
    must(w, "given room hall { seats : 3 }\ngiven @ana, @bo are member");
    assert_string_equal(w->lines,
                        "{\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"create\",\"scope\":"
                        "\"room\",\"id\":\"hall\",\"seats\":3}\n"
                        "{\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"grant\",\"role\":"
                        "\"member\",\"to\":\"ana\"}\n"
                        "{\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"grant\",\"role\":"
                        "\"member\",\"to\":\"bo\"}\n");
    assert_string_equal(w->outcomes, "");
    must(w, "@ana proposes change as paint");
    assert_string_equal(w->outcomes, "opened ");
    must(w, "after 1 day @ana approves paint @bo rejects paint");
    must(w, "@bo approves paint\nexpect paint is open");
    must(w, "after 6 days");
    assert_string_equal(w->lines, "{\"time\":\"2024-01-08T00:00:00Z\",\"type\":\"tick\"}\n");
    assert_string_equal(w->outcomes, "passed accepted effective final ");
    must(w, "expect paint is accepted and hall.seats == 3");
}

static void acts_may_be_said_as_orders(void **state)
{
    world *w = *state;
    must(w, "given @ana, @bo, @cy are member");
    must(w, "@ana proposes change as paint");
    must(w, "@ana, @bo approve paint @cy abstain on paint");
    must(w, "@ana withdraw paint expect paint is withdrawn");
}

static void a_refused_act_is_an_outcome(void **state)
{
    world *w = *state;
    must(w, "given @ana is member");
    must(w, "@zoe proposes change as paint");
    assert_string_equal(w->outcomes, "refused ");
    must(w, "expect refused { @zoe proposes change as paint } because \"member\"");
    assert_int_equal(say(w, "expect refused { @ana proposes change as paint }"), BYLAW_STOPPED);
    assert_non_null(strstr(w->complaints, "this should have been refused"));
}

static void what_does_not_compile_does_nothing(void **state)
{
    world *w = *state;
    must(w, "given @ana is member");
    must(w, "@ana proposes change as paint");
    assert_int_equal(say(w, "@ana approves paint\n  @ana approves pant"), BYLAW_ERRORS);
    assert_string_equal(w->lines, "");
    assert_non_null(strstr(w->complaints, "error[B0201]: no name `pant`"));
    assert_non_null(strstr(w->complaints, "typed:2:17"));
    assert_non_null(strstr(w->complaints, "did you mean `paint`?"));
    assert_int_equal(say(w, "@ana approves"), BYLAW_ERRORS);
    assert_non_null(strstr(w->complaints, "typed:1:14"));
    must(w, "expect paint is open");
}

static void an_expectation_that_fails_stops(void **state)
{
    world *w = *state;
    must(w, "given @ana is member");
    assert_int_equal(say(w, "@ana proposes change as paint\n"
                            "expect paint is accepted\n"
                            "@ana withdraws paint"),
                     BYLAW_STOPPED);
    assert_non_null(strstr(w->complaints, "this does not hold"));
    assert_non_null(strstr(w->complaints, "typed:2"));
    assert_non_null(strstr(w->complaints, "paint is open"));
    must(w, "expect paint is open");
}

static void facts_are_given_before_the_founding(void **state)
{
    world *w = *state;
    must(w, "at 2024-02-01");
    must(w, "given @ana is member");
    must(w, "after 1 day");
    must(w, "given @bo is member");
    must(w, "@ana proposes change as paint");
    assert_int_equal(say(w, "given @cy is member"), BYLAW_STOPPED);
    assert_non_null(strstr(w->complaints, "the world is founded"));
    must(w, "expect paint.opened == 2024-02-02");
}

static void somebody_who_grants_needs_the_right_from_the_first(void **state)
{
    world *w = *state;
    must(w, "given @ana is member @ana grants member to @bo");
    assert_string_equal(w->outcomes, "refused ");
    must(w, "expect not @bo is member");
}

static void time_does_not_go_back(void **state)
{
    world *w = *state;
    must(w, "given @ana is member @ana proposes change as paint after 2 days");
    must(w, "at 2024-01-02 expect now == 2024-01-03");
    assert_string_equal(w->outcomes, "refused ");
}

static void ids_of_the_world_are_known(void **state)
{
    world *w = *state;
    must(w, "given room hall, \"room 7\" given @ana is member given \"room 7\".seats = 8");
    must(w, "emit visit { guests : 12 }");
    must(w, "@ana approves change_1");
    must(w, "emit visit { guests : 13 } @ana approves change_2");
    must(w, "@ana proposes change as \"member\" expect \"member\" is open and @ana is member");
    must(w, "@ana proposes change as hall expect \"hall\" is open");
    must(w, "@ana approves hall");
    assert_string_equal(w->outcomes, "");
}

/* More constants than the policy has, and of many engines, leave no trace in it. */
static void constants_of_statements_end_with_them(void **state)
{
    world *w = *state;
    must(w, "given room hall { seats : 3 }");
    static char many[1 << 15];
    size_t at = 0;
    for (unsigned i = 0; i < 500; i++)
        at += (size_t)snprintf(many + at, sizeof many - at, "expect hall.seats != %u\n", 1000 + i);
    must(w, many);
    for (unsigned i = 0; i < 500; i++) {
        char one[64];
        snprintf(one, sizeof one, "expect hall.seats != %u\n", 5000 + i);
        must(w, one);
    }
    for (unsigned i = 0; i < 200; i++) {
        world other = {.policy = w->policy};
        const bylaw_allocator allocator = {resize, &other};
        const bylaw_engine_options options = {.allocator = &allocator};
        assert_int_equal(bylaw_engine_create(w->policy, &options, &other.engine), BYLAW_OK);
        char given[128];
        snprintf(given, sizeof given, "given room r { seats : %u }\nexpect r.seats == %u", 9000 + i,
                 9000 + i);
        must(&other, given);
        bylaw_engine_destroy(other.engine);
        assert_int_equal(other.live, 0);
    }
}

static void many_statements_hold_no_more_memory_than_one(void **state)
{
    world *w = *state;
    must(w, "given @ana, @bo are member");
    must(w, "@ana proposes change as paint");
    const char *const texts[] = {"@ana approves paint because \"now\"",
                                 "@ana rejects paint expect paint is open and @bo is member",
                                 "@zoe approves paint",
                                 "after 0 days",
                                 "@bo approves pait",
                                 "expect paint is accepted"};
    const size_t count = sizeof texts / sizeof *texts;
    size_t live = 0, most = 0;
    for (size_t i = 0; i < 100000; i++) {
        if (i == 1000) live = w->live, most = w->most;
        say(w, texts[i % count]);
    }
    assert_in_range(w->live, live - 65536, live);
    assert_int_equal(w->most, most);
}

/* What an expectation found is told whole, or memory has ended. A reason of some size leaves room
 * in the engine's memory for a part of what is told. */
static void expect_whole_complaint(world *w, size_t reason_size)
{
    char whole[sizeof w->complaints] = "", rejects[4200];
    snprintf(rejects, sizeof rejects, "@bo rejects paint because \"%0*d\"", (int)reason_size, 7);
    bool has_failed = true;
    for (uint32_t at = 0; has_failed; at++) {
        const bylaw_allocator allocator = {resize, w};
        const bylaw_engine_options options = {.outcome = hear,
                                              .context = w,
                                              .ballots = true,
                                              .record = true,
                                              .allocator = &allocator};
        bylaw_engine_destroy(w->engine);
        assert_int_equal(bylaw_engine_create(w->policy, &options, &w->engine), BYLAW_OK);
        must(w, "given @ana, @bo are member @ana proposes change as paint @ana approves paint");
        must(w, rejects);
        w->fail_in = at;
        const bylaw_status status = say(w, "expect paint is withdrawn");
        has_failed = w->fail_in == 0; /* or none was to, the first time */
        w->fail_in = 0;
        if (at == 0) memcpy(whole, w->complaints, sizeof whole);
        if (status == BYLAW_STOPPED) assert_string_equal(w->complaints, whole);
        if (status != BYLAW_STOPPED) assert_int_equal(status, BYLAW_NOMEM);
    }
    assert_non_null(strstr(whole, "@bo rejects paint"));
}

static void nothing_is_left_out_of_a_complaint(void **state)
{
    for (size_t size = 1; size < 4096; size += 64)
        expect_whole_complaint(*state, size);
}

/* ---- what it is ---- */

static bylaw_entry entry_of(const char *text)
{
    return bylaw_entry_of((bylaw_text){text, strlen(text)});
}

static void first_words_tell_what_it_is(void **state)
{
    (void)state;
    const char *const statements[] = {
        "given room hall",      "@ana approves p", "  at 2024-01-01",
        "after 3 days",         "seed \"x\"",      "expect p is open",
        "# first\n@ana vetoes", "emit e",          "@\"a b\" approves p"};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        assert_int_equal(entry_of(statements[i]), BYLAW_ENTRY_STATEMENTS);
    const char *const declarations[] = {"role member",
                                        "let x = 3",
                                        "proposal p { raised by anyone }",
                                        "use \"std/procedures\"",
                                        "on e { emit f }",
                                        "role a\r\nrole b\r\n",
                                        "role {}"};
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        assert_int_equal(entry_of(declarations[i]), BYLAW_ENTRY_DECLARATIONS);
    const char *const others[] = {"why p", "help", "3", "}", "\"text\"", "approve p", "\xff", "?"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(entry_of(others[i]), BYLAW_ENTRY_OTHER);
    const char *const blanks[] = {"", " \t\r\n", "# given room", "\n\n# x\n"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        assert_int_equal(entry_of(blanks[i]), BYLAW_ENTRY_BLANK);
}

static void brackets_and_heads_want_more_lines(void **state)
{
    (void)state;
    const char *const open[] = {"given room hall {",    "expect refused {\n  @ana approves p",
                                "expect (p is open",    "@ana,",
                                "proposal p on module", "proposal p {\n  raised by anyone",
                                "procedure most",       "let x =",
                                "let x = [1,\r\n",      "role {",
                                "scenario \"}\" {",     "proposal p { # }"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        assert_int_equal(entry_of(open[i]), BYLAW_ENTRY_OPEN);
    const char *const closed[] = {"@ana approves p because \"{ ( [\"", "expect p is open # {",
                                  "@ana proposes", "given room hall }", "@ana approves \"p"};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        assert_int_equal(entry_of(closed[i]), BYLAW_ENTRY_STATEMENTS);
}

static void hostile_text_is_something(void **state)
{
    (void)state;
    assert_int_equal(bylaw_entry_of((bylaw_text){"@a\0b", 4}), BYLAW_ENTRY_STATEMENTS);
    assert_int_equal(bylaw_entry_of((bylaw_text){"\0@a", 3}), BYLAW_ENTRY_OTHER);
    assert_int_equal(entry_of("given room {\xff"), BYLAW_ENTRY_STATEMENTS);
    assert_int_equal(bylaw_entry_of((bylaw_text){"let\0\xff", 5}), BYLAW_ENTRY_DECLARATIONS);
    const size_t size = 100000;
    char *deep = malloc(size + 1);
    assert_non_null(deep);
    memset(deep, '(', size);
    memcpy(deep, "let x = ", 8);
    deep[size] = '\0';
    assert_int_equal(entry_of(deep), BYLAW_ENTRY_OPEN);
    memcpy(deep, "expect  ", 8);
    assert_int_equal(entry_of(deep), BYLAW_ENTRY_OPEN);
    memset(deep + 8, ')', size - 8);
    assert_int_equal(entry_of(deep), BYLAW_ENTRY_STATEMENTS);
    free(deep);
}

/* ---- the policy of a session ---- */

static void write_text(void *context, const char *bytes, size_t size)
{
    append(context, 4096, bytes, size);
}

static void expect_session(const char *base, const char *const *entries, size_t count,
                           const char *expected)
{
    bylaw_text texts[8];
    char out[4096] = "";
    for (size_t i = 0; i < count; i++)
        texts[i] = (bylaw_text){entries[i], strlen(entries[i])};
    assert_int_equal(bylaw_session_text((bylaw_text){base, strlen(base)}, texts, count,
                                        (bylaw_writer){write_text, out}),
                     BYLAW_OK);
    assert_string_equal(out, expected);
}

static void later_declarations_replace_earlier_ones(void **state)
{
    (void)state;
    expect_session("std/pytorch", NULL, 0, "policy session extends \"std/pytorch\"\n");
    expect_session("", NULL, 0, "policy session\n");
    expect_session("a \"b\"\\c", NULL, 0, "policy session extends \"a \\\"b\\\"\\\\c\"\n");
    const char *const entries[] = {"let a = 1\nlet b =\n  2 # two", "let b = 3", "body a = b"};
    expect_session("std/apache", entries, 3,
                   "         \n       \n    # two\nlet b = 3\nbody a = b\n"
                   "policy session extends \"std/apache\"\n");
    const char *const rules[] = {"on e { emit f }\non e { emit g }", "on e { emit h }\n"};
    expect_session("x", rules, 2,
                   "               \n               \non e { emit h }\n"
                   "policy session extends \"x\"\n");
    const char *const broken[] = {"let a = ", "let a = 2"};
    expect_session("x", broken, 2, "let a = \nlet a = 2\npolicy session extends \"x\"\n");
    const char *const own[] = {"policy mine extends \"std/us\"", "role r"};
    expect_session("x", own, 2, "policy mine extends \"std/us\"\nrole r\n");
}

static void a_declaration_of_the_base_is_replaced(void **state)
{
    (void)state;
    char out[4096] = "";
    const char entry[] = "let voting_period = 14 days\nscenario \"two weeks\" {\n"
                         "  given project httpd given @ana is pmc_member of httpd\n"
                         "  @ana proposes procedural_motion on httpd as logo\n"
                         "  after 13 days expect logo is open\n}";
    const bylaw_text texts[] = {{entry, sizeof entry - 1}};
    assert_int_equal(bylaw_session_text((bylaw_text){"std/apache", 10}, texts, 1,
                                        (bylaw_writer){write_text, out}),
                     BYLAW_OK);
    const bylaw_compile_options options = {.name = {"session", 7}, .text = {out, strlen(out)}};
    bylaw_policy *policy;
    assert_int_equal(bylaw_policy_compile(&options, &policy), BYLAW_OK);
    uint32_t passed, failed;
    const bylaw_test_options testing = {.only = {"", 0}};
    assert_int_equal(bylaw_policy_test(policy, &testing, &passed, &failed), BYLAW_OK);
    assert_int_equal(passed, 1);
    assert_int_equal(failed, 0);
    bylaw_policy_destroy(policy);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(statements_are_events_at_the_worlds_time),
        IN_A_WORLD(acts_may_be_said_as_orders),
        IN_A_WORLD(a_refused_act_is_an_outcome),
        IN_A_WORLD(what_does_not_compile_does_nothing),
        IN_A_WORLD(an_expectation_that_fails_stops),
        IN_A_WORLD(facts_are_given_before_the_founding),
        IN_A_WORLD(somebody_who_grants_needs_the_right_from_the_first),
        IN_A_WORLD(time_does_not_go_back),
        IN_A_WORLD(ids_of_the_world_are_known),
        IN_A_WORLD(constants_of_statements_end_with_them),
        IN_A_WORLD(many_statements_hold_no_more_memory_than_one),
        IN_A_WORLD(nothing_is_left_out_of_a_complaint),
        cmocka_unit_test(first_words_tell_what_it_is),
        cmocka_unit_test(brackets_and_heads_want_more_lines),
        cmocka_unit_test(hostile_text_is_something),
        cmocka_unit_test(later_declarations_replace_earlier_ones),
        cmocka_unit_test(a_declaration_of_the_base_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
