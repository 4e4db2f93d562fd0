/*
 * A small program put together by hand, a world under it, and chunks of code that run there: for
 * tests of the interpreter. Included behind the headers that cmocka wants.
 *
 * The program: modules with maintainers; core maintainers; a lead from among them, who is core
 * maintainer too; everybody is contributor. Organizations sponsor. @ana (0) and @bo (1) maintain
 * nn, @bo maintains jit, @chi (2) is core, @dee (3) is nothing.
 */
#ifndef TEST_HAND_MADE_H
#define TEST_HAND_MADE_H

#include <stdlib.h>
#include <string.h>

#include "machine.h"

enum { MAINTAINER, CORE, LEAD, CONTRIBUTOR, SPONSOR, ROLE_COUNT };
enum { ANA, BO, CHI, DEE };
enum { NN, JIT };
enum { EMPLOYER, TOKENS, MOOD, PATHS, SIZE, ATTRIBUTE_COUNT }; /* the last two of modules */
enum { MODULE_BODY, CORE_BODY, ANYONE_BODY, BODY_COUNT };
enum { FIELD_TITLE, FIELD_FILES, FIELD_SHA, FIELD_X, FIELD_COUNT };
enum { CODE_MAX = 8192, CONSTANT_MAX = 512, CHUNK_MAX = 1024, OUTCOME_MAX = 64 };

#define I(op)                                                                                      \
    {                                                                                              \
        OP_##op, 0, 0                                                                              \
    }
#define A(op, a)                                                                                   \
    {                                                                                              \
        OP_##op, (a), 0                                                                            \
    }
#define B(op, b)                                                                                   \
    {                                                                                              \
        OP_##op, 0, (b)                                                                            \
    }
#define AB(op, a, b)                                                                               \
    {                                                                                              \
        OP_##op, (a), (b)                                                                          \
    }

typedef struct fixture {
    bl_arena arena;
    bl_program program;
    bl_engine *engine;
    bl_context context;
    bl_instruction code[CODE_MAX];
    bl_span spans[CODE_MAX];
    bl_value constants[CONSTANT_MAX];
    bl_chunk chunks[CHUNK_MAX];
    uint32_t indexes[8];
    bl_field fields[FIELD_COUNT];
    bl_attribute attributes[ATTRIBUTE_COUNT];
    bl_scope scopes[2];
    bl_role roles[ROLE_COUNT];
    bl_body bodies[BODY_COUNT];
    bl_aggregate aggregates[1];
    bl_procedure procedures[1];
    bl_stage_plan plans[1];
    bl_kind kinds[1];
    bl_event_type events[1];
    bl_function functions[1];
    char said[OUTCOME_MAX][96]; /* "granted maintainer nn ana", in order */
    size_t said_count;
} fixture;

static bool is_exercised[BL_OPCODE_COUNT];

/* ---- the program ---- */

static uint32_t name(fixture *t, const char *text)
{
    return bl_names_add(t->program.names, bl_text_of(text));
}

static uint32_t constant(fixture *t, bl_value value)
{
    assert_true(t->program.constant_count < CONSTANT_MAX);
    t->constants[t->program.constant_count] = value;
    return t->program.constant_count++;
}

static uint32_t number(fixture *t, int64_t num, int64_t den)
{
    bl_rational ratio;
    assert_true(bl_rational_make(num, den, &ratio));
    return constant(t, bl_value_number(ratio));
}

static uint32_t text(fixture *t, const char *bytes)
{
    return constant(t, bl_value_text(bl_text_of(bytes)));
}

static uint32_t boolean(fixture *t, bool is_true)
{
    return constant(t, bl_value_boolean(is_true));
}

static uint32_t duration(fixture *t, int64_t months, int64_t days)
{
    return constant(t,
                    (bl_value){.base = BL_BASE_DURATION, .as.duration = {months, days * BL_DAY}});
}

static uint32_t moment(fixture *t, int64_t days)
{
    return constant(t, (bl_value){.base = BL_BASE_TIME, .as.time = days * BL_DAY});
}

static uint32_t thing(fixture *t, bl_base base, uint32_t index)
{
    return constant(t, bl_value_index(base, index));
}

static uint32_t chunk(fixture *t, const bl_instruction *code, uint32_t count)
{
    bl_program *program = &t->program;
    assert_true(program->code_count + count <= CODE_MAX && program->chunk_count < CHUNK_MAX);
    t->chunks[program->chunk_count] = (bl_chunk){
        .first = program->code_count, .count = count, .local_count = 8, .stack_size = 16};
    for (uint32_t i = 0; i < count; i++) {
        is_exercised[code[i].op] = true;
        t->spans[program->code_count] = (bl_span){0, program->code_count, program->code_count + 1};
        t->code[program->code_count++] = code[i];
    }
    return program->chunk_count++;
}

#define CHUNK(t, ...)                                                                              \
    chunk((t), (const bl_instruction[]){__VA_ARGS__},                                              \
          sizeof((const bl_instruction[]){__VA_ARGS__}) / sizeof(bl_instruction))

static void lay_roles(fixture *t)
{
    static const char *const names[] = {"maintainer", "core_maintainer", "lead", "contributor",
                                        "sponsor"};
    for (uint32_t i = 0; i < ROLE_COUNT; i++)
        t->roles[i] = (bl_role){.name = name(t, names[i]),
                                .scope = BL_NONE,
                                .held_by = 7,
                                .from_body = BL_NONE,
                                .at_most = BL_NONE};
    t->roles[MAINTAINER].scope = 0;
    t->roles[CORE].at_least = 1;
    t->roles[CORE].held_by = BL_ACTOR_PERSON;
    t->roles[LEAD].from_body = CORE_BODY;
    t->roles[LEAD].at_most = 1;
    t->roles[LEAD].from_span = (bl_span){0, 7, 8};
    t->roles[LEAD].cardinality_span = (bl_span){0, 9, 10};
    t->roles[CONTRIBUTOR].is_anyone = true;
    t->roles[SPONSOR].held_by = BL_ACTOR_ORGANIZATION;
    t->roles[SPONSOR].at_most = 1;
    t->indexes[0] = CORE; /* what CORE_BODY depends on */
    t->indexes[1] = MAINTAINER; /* and MODULE_BODY */
    t->program.index_count = 2;
}

static void lay_tables(fixture *t)
{
    t->attributes[EMPLOYER] = (bl_attribute){.name = name(t, "employer"), .actor_kinds = 1};
    t->attributes[TOKENS] = (bl_attribute){.name = name(t, "tokens"), .actor_kinds = 7, .slot = 1};
    t->attributes[MOOD] = (bl_attribute){.name = name(t, "mood"), .actor_kinds = 7, .slot = 2};
    t->attributes[MOOD].type.is_optional = true;
    t->attributes[PATHS] = (bl_attribute){.name = name(t, "paths")};
    t->attributes[SIZE] = (bl_attribute){.name = name(t, "size"), .slot = 1};
    for (uint32_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        t->attributes[i].scope = i < PATHS ? BL_NONE : 0;
        t->attributes[i].default_chunk = BL_NONE;
    }
    t->attributes[SIZE].default_chunk = CHUNK(t, B(CONSTANT, number(t, 12, 1)), I(RETURN));
    t->scopes[0] = (bl_scope){.name = name(t, "module"), .attributes = {PATHS, 2}};
    t->scopes[1] = (bl_scope){.name = name(t, "team")};
    t->fields[FIELD_TITLE] = (bl_field){.name = name(t, "title")};
    t->fields[FIELD_FILES] = (bl_field){.name = name(t, "files"), .slot = 1};
    t->fields[FIELD_SHA] = (bl_field){.name = name(t, "sha")};
    t->fields[FIELD_X] = (bl_field){.name = name(t, "x")};
    t->kinds[0] = (bl_kind){.name = name(t, "change"), .fields = {FIELD_TITLE, 2}};
    t->events[0] = (bl_event_type){.name = name(t, "merged"), .fields = {FIELD_SHA, 1}};
    t->functions[0] = (bl_function){.name = name(t, "double"), .parameters = {FIELD_X, 1}};
    t->functions[0].chunk = CHUNK(t, A(LOCAL, 0), A(LOCAL, 0), I(ADD), I(RETURN));
    t->bodies[MODULE_BODY] = (bl_body){
        .set_chunk = CHUNK(t, I(INSTANCE), B(SET_ROLE_OF, MAINTAINER), I(RETURN)),
        .member_chunk = CHUNK(t, I(INSTANCE), AB(HOLDS_OF, 0, MAINTAINER), I(RETURN)),
        .roles = {1, 1},
        .text = BL_TEXT("maintainer of module"),
    };
    t->bodies[CORE_BODY] = (bl_body){
        .set_chunk = CHUNK(t, B(SET_ROLE, CORE), I(RETURN)),
        .member_chunk = CHUNK(t, AB(HOLDS, 0, CORE), I(RETURN)),
        .roles = {0, 1},
        .text = BL_TEXT("core_maintainer"),
    };
    t->bodies[ANYONE_BODY] = (bl_body){
        .set_chunk = BL_NONE, .member_chunk = BL_NONE, .is_anyone = true};
    t->aggregates[0] = (bl_aggregate){.is_uniform = true,
                                      .mask = BL_BALLOT_APPROVE,
                                      .member_chunk = BL_NONE,
                                      .weight_chunk = BL_NONE};
    t->procedures[0] = (bl_procedure){.name = name(t, "majority"), .aggregates = {0, 1}};
    t->plans[0] = (bl_stage_plan){.body = MODULE_BODY};
}

static void point_tables(fixture *t)
{
    bl_program *p = &t->program;
    p->arena = &t->arena;
    p->code = t->code, p->code_spans = t->spans, p->constants = t->constants, p->chunks = t->chunks;
    p->indexes = t->indexes, p->fields = t->fields, p->attributes = t->attributes;
    p->scopes = t->scopes, p->roles = t->roles, p->bodies = t->bodies,
    p->aggregates = t->aggregates;
    p->procedures = t->procedures, p->plans = t->plans, p->kinds = t->kinds, p->events = t->events;
    p->functions = t->functions;
    p->field_count = FIELD_COUNT, p->attribute_count = ATTRIBUTE_COUNT,
    p->actor_attribute_count = 3;
    p->scope_count = 2;
    p->aggregate_count = p->procedure_count = p->plan_count = 1;
    p->kind_count = p->event_count = p->function_count = 1;
    p->role_count = ROLE_COUNT, p->body_count = BODY_COUNT;
}

/* ---- the world ---- */

static void hear(void *context, const bylaw_outcome *o)
{
    fixture *t = context;
    assert_true(t->said_count < OUTCOME_MAX);
    const bylaw_text parts[] = {o->type, o->role, o->scope, o->attribute,
                                o->on,   o->id,   o->to,    o->from};
    char *said = t->said[t->said_count++];
    size_t at = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].size == 0) continue;
        if (at) said[at++] = ' ';
        assert_true(at + parts[i].size < sizeof t->said[0] - 1);
        memcpy(said + at, parts[i].bytes, parts[i].size);
        at += parts[i].size;
    }
    said[at] = '\0';
}

static void grant(fixture *t, uint32_t role, uint32_t instance, uint32_t actor)
{
    assert_int_equal(bl_world_grant(t->engine, role, instance, actor, &BL_CONTEXT_NONE,
                                    BL_SPAN_NONE, BL_TEXT("")),
                     BL_OK);
}

static void found_world(fixture *t)
{
    static const char *const handles[] = {"Ana", "bo", "chi", "dee"};
    bl_engine *engine = t->engine;
    const char *why;
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(bl_actor_of(engine, bl_text_of(handles[i]), &why), i);
    static const char *const ids[] = {"nn", "jit"};
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t instance;
        assert_int_equal(bl_world_create(engine, 0, bl_text_of(ids[i]), NULL, &BL_CONTEXT_NONE,
                                         BL_SPAN_NONE, BL_TEXT(""), &instance),
                         BL_OK);
        assert_int_equal(instance, i);
    }
    grant(t, MAINTAINER, NN, BO);
    grant(t, MAINTAINER, NN, ANA);
    grant(t, MAINTAINER, JIT, BO);
    grant(t, CORE, BL_NONE, CHI);
}

/* One open proposal on nn by @ana, with a stage in which @ana approves. */
static void open_proposal(fixture *t)
{
    bl_engine *engine = t->engine;
    bl_proposal *proposal = bl_arena_alloc(&t->arena, sizeof *proposal);
    proposal->id = bl_names_add(engine->ids, BL_TEXT("rename"));
    proposal->instance = NN;
    proposal->author = ANA;
    proposal->opened = 3 * BL_DAY;
    proposal->fields = bl_arena_array(&t->arena, 2, sizeof *proposal->fields);
    proposal->fields[0] = bl_value_text(BL_TEXT("Rename"));
    assert_true(bl_vector_reserve(&engine->memory, &engine->proposals, 1));
    engine->proposals.items[engine->proposals.count++] = proposal;
    assert_true(bl_map_put(&engine->memory, &engine->proposal_of, proposal->id, 0));
    assert_true(bl_vector_reserve(&engine->memory, &proposal->conflicts, 1));
    proposal->conflicts.items[proposal->conflicts.count++] = CHI;

    bl_stage *stage = bl_arena_alloc(&t->arena, sizeof *stage);
    stage->state = BL_STAGE_OPEN;
    stage->is_uniform = true;
    stage->counts[0] = stage->counts[1] = 1;
    assert_true(bl_vector_reserve(&engine->memory, &stage->ballots, 1));
    stage->ballots.items[stage->ballots.count++] = (bl_ballot){.actor = ANA,
                                                               .choice = BL_BALLOT_APPROVE};
    assert_true(bl_map_put(&engine->memory, &stage->ballot_of, ANA, 0));
    assert_true(bl_vector_reserve(&engine->memory, &engine->stages, 1));
    engine->stages.items[engine->stages.count++] = stage;
}

static int set_up(void **state)
{
    fixture *t = calloc(1, sizeof *t);
    t->engine = calloc(1, sizeof *t->engine);
    bl_arena_init(&t->arena, &bl_memory_default);
    t->program.names = bl_names_create(&bl_memory_default, 1);
    bl_engine *engine = t->engine;
    engine->memory = bl_memory_default;
    engine->program = &t->program;
    engine->options.outcome = hear;
    engine->options.context = t;
    engine->options.limits = (bylaw_limits){.step_count = BL_STEP_MAX,
                                            .actor_count = BL_ACTOR_COUNT_MAX,
                                            .instance_count = BL_INSTANCE_COUNT_MAX - 1,
                                            .proposal_count = BL_PROPOSAL_COUNT_MAX};
    bl_arena_init(&engine->arena, &engine->memory);
    bl_arena_init(&engine->scratch, &engine->memory);
    bl_buffer_init(&engine->buffer, &engine->memory);
    point_tables(t);
    lay_roles(t);
    lay_tables(t);
    assert_true(bl_world_init(engine));
    found_world(t);
    open_proposal(t);
    t->said_count = 0;
    t->context = BL_CONTEXT_NONE;
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    fixture *t = *state;
    bl_engine *engine = t->engine;
    const bl_memory *memory = &engine->memory;
    bl_vector_free(memory, &engine->proposals.items[0]->conflicts);
    bl_vector_free(memory, &engine->proposals.items[0]->recusals);
    bl_vector_free(memory, &engine->stages.items[0]->ballots);
    bl_map_free(memory, &engine->stages.items[0]->ballot_of);
    bl_vector_free(memory, &engine->proposals);
    bl_vector_free(memory, &engine->stages);
    bl_vector_free(memory, &engine->journal);
    bl_vector_free(memory, &engine->follows);
    bl_vector_free(memory, &engine->queue);
    bl_map_free(memory, &engine->proposal_of);
    bl_world_destroy(engine);
    bl_buffer_free(&engine->buffer);
    bl_arena_destroy(&engine->scratch);
    bl_arena_destroy(&engine->arena);
    bl_names_destroy(t->program.names);
    bl_arena_destroy(&t->arena);
    free(engine);
    free(t);
    return 0;
}

/* ---- running ---- */

static bl_result run(fixture *t, uint32_t number_of_chunk, bl_value *out)
{
    const bl_value member = bl_value_index(BL_BASE_ACTOR, ANA); /* local 0 of every chunk here */
    *out = BL_NOTHING;
    return bl_vm_run(t->engine, number_of_chunk, &t->context, &member, 1, out);
}

static bl_value value_of(fixture *t, uint32_t number_of_chunk)
{
    bl_value value;
    const bl_result result = run(t, number_of_chunk, &value);
    if (result != BL_OK) fail_msg("fault: %s", t->engine->fault.message);
    return value;
}

static void expect_number(fixture *t, uint32_t number_of_chunk, int64_t num, int64_t den)
{
    const bl_value value = value_of(t, number_of_chunk);
    assert_int_equal(value.base, BL_BASE_NUMBER);
    assert_int_equal(value.as.number.num, num);
    assert_int_equal(value.as.number.den, den);
}

static void expect_boolean(fixture *t, uint32_t number_of_chunk, bool is_true)
{
    const bl_value value = value_of(t, number_of_chunk);
    assert_int_equal(value.base, BL_BASE_BOOLEAN);
    assert_int_equal(value.as.boolean, is_true);
}

static void expect_index(fixture *t, uint32_t number_of_chunk, bl_base base, uint32_t index)
{
    const bl_value value = value_of(t, number_of_chunk);
    assert_int_equal(value.base, base);
    assert_int_equal(value.as.index, index);
}

static void expect_text(fixture *t, uint32_t number_of_chunk, const char *wanted)
{
    const bl_value value = value_of(t, number_of_chunk);
    assert_int_equal(value.base, BL_BASE_TEXT);
    assert_int_equal(value.as.text.size, strlen(wanted));
    assert_memory_equal(value.as.text.bytes, wanted, strlen(wanted));
}

/* The members as digits: "013". */
static void expect_set(fixture *t, uint32_t number_of_chunk, const char *wanted)
{
    const bl_value value = value_of(t, number_of_chunk);
    assert_int_equal(value.base, BL_BASE_SET);
    assert_int_equal(value.as.set.count, strlen(wanted));
    for (uint32_t i = 0; i < value.as.set.count; i++)
        assert_int_equal(value.as.set.actors[i], wanted[i] - '0');
}

static void expect_fault(fixture *t, uint32_t number_of_chunk, const char *message)
{
    bl_value value;
    assert_int_equal(run(t, number_of_chunk, &value), BL_FAULT);
    assert_string_equal(t->engine->fault.message, message);
    assert_int_equal(t->engine->call_depth, 0);
}

static void expect_said(fixture *t, size_t at, const char *wanted)
{
    assert_true(at < t->said_count);
    assert_string_equal(t->said[at], wanted);
}

#define K(value) B(CONSTANT, (value))
#define CODE(...) CHUNK(t, __VA_ARGS__, I(RETURN))
#define BLOCK(...) CHUNK(t, __VA_ARGS__, I(END))

#endif
