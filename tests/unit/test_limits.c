/*
 * Limits that no policy and no stream of events of a bearable size meets: the engine's counts are
 * put next to them by hand. tests/limits.sh tests the others and knows which are tested here.
 *
 * BL_ACTOR_COUNT_MAX is met from beyond only: actors are numbered by the table of handles, whose
 * count cannot be pretended, and as many handles need minutes and gigabytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"

static const char policy_text[] =
    "role member scope module { } function next(x : number) : number = x + 1"
    " procedure most { passes when approve > reject fails otherwise }"
    " proposal change { raised by anyone decided by member using most within 1 day }";

typedef struct fixture {
    bylaw_policy *policy;
    bl_engine *engine;
    char said[256]; /* the last outcome: its type and why */
} fixture;

static void hear(void *context, const bylaw_outcome *outcome)
{
    fixture *f = context;
    snprintf(f->said, sizeof f->said, "%.*s %.*s", (int)outcome->type.size, outcome->type.bytes,
             (int)outcome->because.size, outcome->because.size ? outcome->because.bytes : "");
}

static int set_up(void **state)
{
    static fixture f;
    f = (fixture){0};
    const bylaw_compile_options compiling = {.name = {"limits", 6},
                                             .text = {policy_text, sizeof policy_text - 1}};
    assert_int_equal(bylaw_policy_compile(&compiling, &f.policy), BYLAW_OK);
    const bylaw_engine_options running = {.outcome = hear, .context = &f};
    assert_int_equal(bylaw_engine_create(f.policy, &running, &f.engine), BYLAW_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bylaw_engine_destroy(f->engine);
    bylaw_policy_destroy(f->policy);
    return 0;
}

static void feed(fixture *f, const char *line)
{
    f->said[0] = '\0';
    assert_int_equal(bylaw_engine_feed(f->engine, BYLAW_EVENTS, line, strlen(line)), BYLAW_OK);
    assert_int_equal(bylaw_engine_end(f->engine, BYLAW_EVENTS), BYLAW_OK);
}

static void proposals_are_limited(void **state)
{
    fixture *f = *state;
    bl_engine *engine = f->engine;
    feed(f, "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"ana\"}");
    feed(f,
         "{\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"propose\",\"kind\":\"change\",\"id\":\"a\","
         "\"actor\":\"ana\"}");
    assert_string_equal(f->said, "opened ");
    /* Room that is never written to costs no memory. */
    assert_true(bl_vector_reserve(&engine->memory, &engine->proposals, BL_PROPOSAL_COUNT_MAX));
    engine->proposals.count = BL_PROPOSAL_COUNT_MAX - 1;
    feed(f, "{\"type\":\"propose\",\"kind\":\"change\",\"id\":\"b\",\"actor\":\"ana\"}");
    assert_string_equal(f->said, "opened ");
    assert_int_equal(engine->proposals.count, BL_PROPOSAL_COUNT_MAX);
    feed(f, "{\"type\":\"propose\",\"kind\":\"change\",\"id\":\"c\",\"actor\":\"ana\"}");
    assert_string_equal(f->said, "refused there are too many proposals");
    engine->proposals.items[1] = engine->proposals.items[BL_PROPOSAL_COUNT_MAX - 1];
    engine->proposals.count = 2;
}

static void instances_are_limited(void **state)
{
    fixture *f = *state;
    bl_engine *engine = f->engine;
    assert_true(bl_vector_reserve(&engine->memory, &engine->instances, BL_INSTANCE_COUNT_MAX));
    engine->instances.count = BL_INSTANCE_COUNT_MAX - 2;
    feed(f, "{\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"create\",\"scope\":\"module\",\"id\":"
            "\"a\"}");
    assert_int_equal(engine->instances.count, BL_INSTANCE_COUNT_MAX - 1);
    assert_string_equal(f->said, "");
    feed(f, "{\"type\":\"create\",\"scope\":\"module\",\"id\":\"b\"}");
    assert_int_equal(engine->instances.count, BL_INSTANCE_COUNT_MAX - 1);
    assert_string_equal(f->said, "refused more than 16777215 instances of scopes");
    engine->instances.items[0] = engine->instances.items[BL_INSTANCE_COUNT_MAX - 2];
    engine->instances.count = 1;
}

static void actors_are_limited(void **state)
{
    fixture *f = *state;
    bl_engine *engine = f->engine;
    feed(f, "{\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"grant\",\"role\":\"member\",\"to\":"
            "\"ana\"}");
    const size_t count = engine->actors.count;
    assert_int_equal(count, 1);
    engine->actors.count = BL_ACTOR_COUNT_MAX;
    feed(f, "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"bo\"}");
    assert_non_null(strstr(f->said, "there are too many people"));
    engine->actors.count = count;
    feed(f, "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"bo\"}");
    assert_int_equal(engine->actors.count, 2);
}

/* What the function costs is seen first; then it has as many steps left, and one fewer. */
static void steps_of_one_event_are_limited(void **state)
{
    fixture *f = *state;
    bl_engine *engine = f->engine;
    const uint32_t chunk = engine->program->functions[0].chunk;
    const bl_value argument = bl_value_number((bl_rational){1, 1});
    bl_value value;
    assert_int_equal(bl_vm_run(engine, chunk, &BL_CONTEXT_NONE, &argument, 1, &value), BL_OK);
    const uint64_t cost = engine->steps;
    assert_true(cost > 1);
    engine->steps = BL_STEP_MAX - cost;
    assert_int_equal(bl_vm_run(engine, chunk, &BL_CONTEXT_NONE, &argument, 1, &value), BL_OK);
    assert_int_equal(value.as.number.num, 2);
    assert_int_equal(engine->steps, BL_STEP_MAX);
    engine->steps = BL_STEP_MAX - cost + 1;
    assert_int_equal(bl_vm_run(engine, chunk, &BL_CONTEXT_NONE, &argument, 1, &value), BL_FAULT);
    assert_string_equal(engine->fault.message, "more than 16777216 steps for one event");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(proposals_are_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(instances_are_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(actors_are_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(steps_of_one_event_are_limited, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
