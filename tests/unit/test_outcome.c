/*
 * The shape of outcomes: JSON keys in their order, what has no value left out; and what people
 * read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/bylaw.h"

#define T(literal)                                                                                 \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

typedef struct written {
    char bytes[2000];
    size_t size;
} written;

static void keep(void *context, const char *bytes, size_t size)
{
    written *w = context;
    assert_true(w->size + size < sizeof w->bytes);
    memcpy(w->bytes + w->size, bytes, size);
    w->size += size;
    w->bytes[w->size] = '\0';
}

static void expect(const bylaw_outcome *outcome, bylaw_format format, const char *text)
{
    written w = {.size = 0};
    const bylaw_writer out = {keep, &w};
    assert_int_equal(bylaw_outcome_write(outcome, format, false, NULL, out), BYLAW_OK);
    assert_string_equal(w.bytes, text);
}

static const uint64_t events[] = {6, 9};

static void keys_without_a_value_are_left_out(void **state)
{
    (void)state;
    expect(&(bylaw_outcome){.type = T("opened")}, BYLAW_JSON, "{\"type\":\"opened\"}\n");
}

static void decision_has_its_tally_and_its_events(void **state)
{
    (void)state;
    const bylaw_outcome outcome = {
        .seq = 9,
        .time = T("2024-03-01T12:00:00Z"),
        .type = T("passed"),
        .proposal = T("rename"),
        .kind = T("change"),
        .on = T("nn"),
        .stage = 1,
        .has_tally = true,
        .approve = T("1"),
        .reject = T("0"),
        .abstain = T("0"),
        .body = T("5"),
        .because = T("passes when `approve > reject`: 1 > 0"),
        .clause = T("std/pytorch:49"),
        .events = events,
        .event_count = 2,
    };
    expect(
        &outcome, BYLAW_JSON,
        "{\"seq\":9,\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"passed\",\"proposal\":\"rename\","
        "\"kind\":\"change\",\"on\":\"nn\",\"stage\":1,"
        "\"tally\":{\"approve\":1,\"reject\":0,\"abstain\":0,\"body\":5},"
        "\"because\":\"passes when `approve > reject`: 1 > 0\",\"clause\":\"std/pytorch:49\","
        "\"events\":[6,9]}\n");
    expect(&outcome, BYLAW_TEXT,
           "2024-03-01 12:00  rename, stage 1 passed: 1 approve, 0 reject, of 5\n"
           "                    because passes when `approve > reject`: 1 > 0\n"
           "                    under std/pytorch:49, events 6, 9\n");
}

static void every_key_comes_in_the_order_of_the_struct(void **state)
{
    (void)state;
    const bylaw_field fields[] = {{T("a"), T("1")}, {T("b"), T("[\"x\"]")}};
    const bylaw_outcome outcome = {
        .seq = 1,
        .time = T("t"),
        .type = T("emitted"),
        .event = T("e"),
        .proposal = T("p"),
        .kind = T("k"),
        .on = T("o"),
        .stage = 2,
        .actor = T("ac"),
        .role = T("r"),
        .scope = T("s"),
        .id = T("i"),
        .to = T("to"),
        .from = T("fr"),
        .attribute = T("at"),
        .value_json = T("{}"),
        .due = T("d"),
        .fields = fields,
        .field_count = 2,
        .because = T("be\"cause"),
        .clause = T("c:1"),
        .line = 3,
        .column = 4,
        .events = events,
        .event_count = 1,
    };
    expect(
        &outcome, BYLAW_JSON,
        "{\"seq\":1,\"time\":\"t\",\"type\":\"emitted\",\"event\":\"e\",\"proposal\":\"p\","
        "\"kind\":\"k\",\"on\":\"o\",\"stage\":2,\"actor\":\"ac\",\"role\":\"r\",\"scope\":\"s\","
        "\"id\":\"i\",\"to\":\"to\",\"from\":\"fr\",\"attribute\":\"at\",\"value\":{},\"due\":"
        "\"d\","
        "\"fields\":{\"a\":1,\"b\":[\"x\"]},\"because\":\"be\\\"cause\",\"clause\":\"c:1\","
        "\"line\":3,\"column\":4,\"events\":[6]}\n");
}

static void refusal_reads_as_one_sentence(void **state)
{
    (void)state;
    const bylaw_outcome outcome = {
        .time = T("2024-03-01T12:00:05Z"),
        .type = T("refused"),
        .event = T("veto"),
        .proposal = T("rename"),
        .actor = T("mallory"),
        .because = T("not a member"),
        .clause = T("pytorch.bylaw:52"),
    };
    expect(&outcome, BYLAW_TEXT,
           "2024-03-01 12:00:05  refused: @mallory cannot veto rename: not a member\n"
           "                       under pytorch.bylaw:52\n");
}

static void effects_and_finality_take_one_line(void **state)
{
    (void)state;
    expect(&(bylaw_outcome){.type = T("final"), .proposal = T("rename"), .clause = T("x:1")},
           BYLAW_TEXT, "rename is final\n");
    expect(&(bylaw_outcome){.type = T("effective"), .proposal = T("rename"), .because = T("b")},
           BYLAW_TEXT, "rename takes effect\n");
}

static void text_of_people_cannot_move_the_cursor(void **state)
{
    (void)state;
    const bylaw_outcome outcome = {.type = T("malformed"),
                                   .because = T("a\x1b[2Jb\nc\xe2\x80\xae"
                                                "d")};
    expect(&outcome, BYLAW_TEXT,
           "malformed: a\xEF\xBF\xBD[2Jb c\xEF\xBF\xBD"
           "d\n");
}

static void *no_memory(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)context, (void)pointer, (void)old_size, (void)new_size;
    return NULL;
}

static void a_long_one_without_memory_is_not_written(void **state)
{
    (void)state;
    static char because[4096];
    memset(because, 'x', sizeof because);
    written w = {.size = 0};
    const bylaw_allocator allocator = {no_memory, NULL};
    const bylaw_writer out = {keep, &w};
    const bylaw_outcome outcome = {.type = T("opened"), .because = {because, sizeof because}};
    assert_int_equal(bylaw_outcome_write(&outcome, BYLAW_JSON, false, &allocator, out),
                     BYLAW_NOMEM);
    assert_int_equal(w.size, 0);
}

static void a_short_one_asks_the_host_for_nothing(void **state)
{
    (void)state;
    written w = {.size = 0};
    const bylaw_allocator allocator = {no_memory, NULL};
    const bylaw_writer out = {keep, &w};
    const bylaw_outcome outcome = {.type = T("opened")};
    assert_int_equal(bylaw_outcome_write(&outcome, BYLAW_JSON, false, &allocator, out), BYLAW_OK);
    assert_true(w.size > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_without_a_value_are_left_out),
        cmocka_unit_test(decision_has_its_tally_and_its_events),
        cmocka_unit_test(every_key_comes_in_the_order_of_the_struct),
        cmocka_unit_test(refusal_reads_as_one_sentence),
        cmocka_unit_test(effects_and_finality_take_one_line),
        cmocka_unit_test(text_of_people_cannot_move_the_cursor),
        cmocka_unit_test(a_long_one_without_memory_is_not_written),
        cmocka_unit_test(a_short_one_asks_the_host_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
