/*
 * The interpreter and the world: chunks put together by hand over a small program, every opcode at
 * least once; roles and their bounds. The last test says which opcode was forgotten.
 *
 * The program: modules with maintainers; core maintainers; a lead from among them, who is core
 * maintainer too; everybody is contributor. Organizations sponsor. @ana (0) and @bo (1) maintain
 * nn, @bo maintains jit, @chi (2) is core, @dee (3) is nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    bl_scope scopes[1];
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
    p->scope_count = p->aggregate_count = p->procedure_count = p->plan_count = 1;
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

/* ---- constants, context, names ---- */

static void constants_locals_and_context_are_pushed(void **state)
{
    fixture *t = *state;
    expect_number(t, CODE(K(number(t, 3, 4))), 3, 4);
    assert_int_equal(value_of(t, CODE(I(NOTHING))).base, BL_BASE_NOTHING);
    expect_number(t, CODE(K(number(t, 7, 1)), A(STORE, 3), K(number(t, 8, 1)), I(POP), A(LOCAL, 3)),
                  7, 1);
    assert_int_equal(value_of(t, CODE(A(LOCAL, 5))).base, BL_BASE_NOTHING);
    assert_int_equal(value_of(t, CODE(I(PROPOSAL))).base, BL_BASE_NOTHING);
    assert_int_equal(value_of(t, CODE(I(INSTANCE))).base, BL_BASE_NOTHING);
    assert_int_equal(value_of(t, CODE(I(EVENT))).base, BL_BASE_NOTHING);
    t->context.proposal = 0;
    t->context.instance = JIT;
    t->engine->now = 9 * BL_DAY;
    expect_index(t, CODE(I(PROPOSAL)), BL_BASE_PROPOSAL, 0);
    expect_index(t, CODE(I(INSTANCE)), BL_BASE_INSTANCE, JIT);
    expect_boolean(t, CODE(I(NOW), K(moment(t, 9)), I(EQUAL)), true);
}

static void what_is_named_is_found_or_a_fault(void **state)
{
    fixture *t = *state;
    expect_index(t, CODE(B(ACTOR_NAMED, name(t, "ANA"))), BL_BASE_ACTOR, ANA);
    expect_fault(t, CODE(B(ACTOR_NAMED, name(t, "eve"))), "nobody is called @eve");
    expect_index(t, CODE(AB(INSTANCE_NAMED, 0, name(t, "jit"))), BL_BASE_INSTANCE, JIT);
    expect_fault(t, CODE(AB(INSTANCE_NAMED, 0, name(t, "fx"))), "there is no module `fx`");
    expect_index(t, CODE(B(PROPOSAL_NAMED, name(t, "rename"))), BL_BASE_PROPOSAL, 0);
    expect_fault(t, CODE(B(PROPOSAL_NAMED, name(t, "nn"))), "there is no proposal `nn`");
    expect_number(t, CODE(B(INSTANCES, 0), I(SIZE)), 2, 1);
}

static void fields_properties_and_attributes_are_read(void **state)
{
    fixture *t = *state;
    t->context.proposal = 0;
    const bl_value sha = bl_value_text(BL_TEXT("c0ffee"));
    const bl_record record = {.event = 0, .actor = DEE, .time = 5 * BL_DAY, .fields = &sha};
    t->context.event = &record;
    expect_text(t, CODE(I(PROPOSAL), B(FIELD, FIELD_TITLE)), "Rename");
    expect_boolean(t, CODE(I(PROPOSAL), B(FIELD, FIELD_FILES), I(IS_GIVEN)), false);
    expect_fault(t, CODE(I(PROPOSAL), B(FIELD, FIELD_SHA)), "there is no `sha` here");
    expect_text(t, CODE(I(EVENT), B(EVENT_FIELD, FIELD_SHA)), "c0ffee");
    expect_text(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_ID)), "rename");
    expect_text(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_KIND)), "change");
    expect_index(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_AUTHOR)), BL_BASE_ACTOR,
                 ANA);
    expect_index(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_ON)), BL_BASE_INSTANCE, NN);
    expect_boolean(
        t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_OPENED), K(moment(t, 3)), I(EQUAL)),
        true);
    expect_boolean(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_DECIDED), I(IS_GIVEN)),
                   false);
    expect_number(t, CODE(I(PROPOSAL), B(PROPERTY, BL_PROPERTY_PROPOSAL_RUNG)), 0, 1);
    expect_text(t, CODE(A(LOCAL, 0), B(PROPERTY, BL_PROPERTY_ACTOR_HANDLE)), "Ana");
    expect_text(t, CODE(A(LOCAL, 0), B(PROPERTY, BL_PROPERTY_ACTOR_KIND)), "person");
    expect_text(t, CODE(K(thing(t, BL_BASE_INSTANCE, NN)), B(PROPERTY, BL_PROPERTY_INSTANCE_ID)),
                "nn");
    expect_index(t, CODE(I(EVENT), B(PROPERTY, BL_PROPERTY_EVENT_ACTOR)), BL_BASE_ACTOR, DEE);
    expect_boolean(
        t, CODE(I(EVENT), B(PROPERTY, BL_PROPERTY_EVENT_TIME), K(moment(t, 5)), I(EQUAL)), true);
    expect_boolean(t, CODE(I(PROPOSAL), B(STATE, BL_STATE_OPEN)), true);
    expect_fault(t, CODE(A(LOCAL, 0), B(ATTRIBUTE, TOKENS)), "`tokens` of @Ana was never set");
    expect_fault(t, CODE(K(thing(t, BL_BASE_INSTANCE, NN)), B(ATTRIBUTE, PATHS)),
                 "`paths` of `nn` was never set");
    expect_boolean(t, CODE(A(LOCAL, 0), B(ATTRIBUTE, MOOD), I(IS_GIVEN)), false);
    expect_number(t, CODE(K(thing(t, BL_BASE_INSTANCE, NN)), B(ATTRIBUTE, SIZE)), 12, 1);
}

/* ---- values ---- */

static void numbers_are_exact_and_faults_have_words(void **state)
{
    fixture *t = *state;
    const uint32_t half = number(t, 1, 2), third = number(t, 1, 3), most = number(t, INT64_MAX, 1);
    expect_number(t, CODE(K(half), K(third), I(ADD)), 5, 6);
    expect_number(t, CODE(K(half), K(third), I(SUBTRACT)), 1, 6);
    expect_number(t, CODE(K(half), K(third), I(MULTIPLY)), 1, 6);
    expect_number(t, CODE(K(half), K(third), I(DIVIDE)), 3, 2);
    expect_number(t, CODE(K(half), I(NEGATE)), -1, 2);
    expect_number(t, CODE(K(half), I(NEGATE), I(FLOOR)), -1, 1);
    expect_number(t, CODE(K(half), I(CEILING)), 1, 1);
    expect_number(t, CODE(K(half), K(third), I(MINIMUM)), 1, 3);
    expect_number(t, CODE(K(half), K(third), I(MAXIMUM)), 1, 2);
    expect_fault(t, CODE(K(half), K(number(t, 0, 1)), I(DIVIDE)), "division by zero");
    expect_fault(t, CODE(K(most), K(most), I(ADD)), "a number too large");
    expect_fault(t, CODE(K(most), I(NOTHING), I(ADD)), "a value that was not given");
    expect_fault(t, CODE(K(most), K(text(t, "a")), I(ADD)),
                 "a value of another type than is wanted here");
}

static void time_and_text_are_added(void **state)
{
    fixture *t = *state;
    const uint32_t day = duration(t, 0, 1), month = duration(t, 1, 0);
    expect_boolean(t, CODE(K(moment(t, 30)), K(month), I(ADD), K(moment(t, 58)), I(EQUAL)), true);
    expect_boolean(t, CODE(K(moment(t, 3)), K(day), I(SUBTRACT), K(moment(t, 2)), I(EQUAL)), true);
    expect_boolean(t, CODE(K(moment(t, 3)), K(moment(t, 2)), I(SUBTRACT), K(day), I(EQUAL)), true);
    expect_boolean(t, CODE(K(day), K(number(t, 3, 1)), I(MULTIPLY), K(duration(t, 0, 3)), I(EQUAL)),
                   true);
    expect_boolean(t, CODE(K(day), K(day), I(SUBTRACT), K(duration(t, 0, 0)), I(EQUAL)), true);
    expect_fault(t, CODE(K(month), K(number(t, 1, 2)), I(MULTIPLY)),
                 "a duration that is no whole number of months or of microseconds");
    expect_fault(t, CODE(K(month), K(day), I(LESS)),
                 "durations in months and in days have no order");
    expect_text(t, CODE(K(text(t, "torch/")), K(text(t, "nn")), I(ADD)), "torch/nn");
}

static void comparisons_hold_at_the_bound(void **state)
{
    fixture *t = *state;
    const uint32_t one = number(t, 1, 1), two = number(t, 2, 1);
    expect_boolean(t, CODE(K(one), K(two), I(LESS)), true);
    expect_boolean(t, CODE(K(two), K(two), I(LESS)), false);
    expect_boolean(t, CODE(K(two), K(two), I(LESS_EQUAL)), true);
    expect_boolean(t, CODE(K(two), K(one), I(GREATER)), true);
    expect_boolean(t, CODE(K(two), K(two), I(GREATER)), false);
    expect_boolean(t, CODE(K(two), K(two), I(GREATER_EQUAL)), true);
    expect_boolean(t, CODE(K(two), K(one), I(UNEQUAL)), true);
    expect_boolean(t, CODE(I(NOTHING), I(NOTHING), I(EQUAL)), true);
    expect_boolean(t, CODE(I(NOTHING), K(one), I(EQUAL)), false);
    expect_boolean(t, CODE(K(boolean(t, true)), I(NOT)), false);
    /* 3 >= 1 * sqrt 9, and not 3 > 1 * sqrt 9 */
    const uint32_t three = number(t, 3, 1), nine = number(t, 9, 1);
    expect_boolean(t, CODE(K(three), K(one), K(nine), A(COMPARE_ROOT, BL_GREATER_EQUAL)), true);
    expect_boolean(t, CODE(K(three), K(one), K(nine), A(COMPARE_ROOT, BL_GREATER)), false);
    expect_fault(t, CODE(K(three), K(one), K(number(t, -9, 1)), A(COMPARE_ROOT, BL_GREATER)),
                 "the square root of a number below zero");
}

static void texts_match_globs(void **state)
{
    fixture *t = *state;
    const uint32_t path = text(t, "torch/nn/a.py");
    expect_boolean(t, CODE(K(path), K(text(t, "nn/")), I(CONTAINS)), true);
    expect_boolean(t, CODE(K(path), K(text(t, "torch/**")), I(MATCHES)), true);
    expect_boolean(t, CODE(K(path), K(text(t, "torch/*")), I(MATCHES)), false);
    expect_boolean(t, CODE(K(path), K(text(t, "x")), K(text(t, "**.py")), A(LIST, 2), I(MATCHES)),
                   true);
    expect_boolean(t, CODE(K(path), K(text(t, "torch/n*")), I(BEGINS_WITH)), true);
}

static void lists_are_made_measured_and_looped_over(void **state)
{
    fixture *t = *state;
    const uint32_t one = number(t, 1, 1), two = number(t, 2, 1);
    expect_number(t, CODE(K(one), K(two), A(LIST, 2), I(SIZE)), 2, 1);
    expect_number(t, CODE(K(text(t, "gr\xc3\xbc\xc3\x9f")), I(SIZE)), 4, 1);
    expect_boolean(t, CODE(K(two), K(one), K(two), A(LIST, 2), I(IN)), true);
    expect_boolean(t, CODE(K(two), A(LIST, 0), I(IN)), false);
    expect_boolean(
        t,
        CODE(A(LOCAL, 0), AB(INSTANCE_NAMED, 0, name(t, "nn")), B(SET_ROLE_OF, MAINTAINER), I(IN)),
        true);
    expect_boolean(t, CODE(K(one), A(LIST, 1), K(one), A(LIST, 1), I(EQUAL)), true);
    expect_fault(t, CODE(A(LIST, 0), A(LIST, 1)), "a list of lists");
    expect_fault(t, CODE(I(NOTHING), A(LIST, 1)), "a value that was not given");
    /* local 5 = the sum of the items */
    expect_number(t,
                  CODE(K(number(t, 0, 1)), A(STORE, 5), K(one), K(two), A(LIST, 2), A(LOOP, 1),
                       AB(NEXT, 1, 11), A(LOCAL, 3), A(LOCAL, 5), I(ADD), B(JUMP, 13), A(LOCAL, 5),
                       I(RETURN), A(STORE, 5), B(JUMP, 6)),
                  3, 1);
}

static void code_jumps_and_calls(void **state)
{
    fixture *t = *state;
    const uint32_t yes = boolean(t, true), no = boolean(t, false);
    const uint32_t one = number(t, 1, 1), two = number(t, 2, 1);
    expect_number(t, CODE(K(no), B(JUMP_IF_FALSE, 4), K(one), I(RETURN), K(two)), 2, 1);
    expect_number(t, CODE(K(yes), B(JUMP_IF_FALSE, 4), K(one), I(RETURN), K(two)), 1, 1);
    expect_boolean(t, CODE(K(no), B(AND, 3), K(yes)), false);
    expect_boolean(t, CODE(K(yes), B(AND, 3), K(yes)), true);
    expect_boolean(t, CODE(K(yes), B(OR, 3), K(no)), true);
    expect_boolean(t, CODE(K(no), B(OR, 3), K(no)), false);
    expect_number(t, CODE(K(two), B(CALL, 0)), 4, 1);
    expect_fault(t, CODE(I(NOTHING), B(AND, 3), K(yes)), "a value that was not given");
}

static void what_never_ends_is_a_fault(void **state)
{
    fixture *t = *state;
    expect_fault(t, CODE(B(JUMP, 0)), "more than 16777216 steps for one event");
    t->engine->steps = 0;
    /* the function calls itself */
    t->functions[0].chunk = CHUNK(t, A(LOCAL, 0), B(CALL, 0), I(RETURN));
    expect_fault(t, CODE(A(LOCAL, 0), B(CALL, 0)), "functions inside functions, more than 64 deep");
}

/* ---- actors ---- */

static void sets_are_made_and_combined(void **state)
{
    fixture *t = *state;
    const uint32_t nn = thing(t, BL_BASE_INSTANCE, NN);
    expect_set(t, CODE(B(SET_ROLE, CORE)), "2");
    expect_set(t, CODE(K(nn), B(SET_ROLE_OF, MAINTAINER)), "01");
    expect_set(t, CODE(B(SET_ROLE_ANY, MAINTAINER)), "01");
    expect_set(t, CODE(K(nn), B(SET_ROLE_OTHER, MAINTAINER)), "1");
    expect_set(t, CODE(A(LOCAL, 0), I(SET_ACTOR)), "0");
    expect_set(
        t,
        CODE(K(thing(t, BL_BASE_ACTOR, DEE)), A(LOCAL, 0), A(LOCAL, 0), A(LIST, 3), I(SET_ACTOR)),
        "03");
    expect_set(t, CODE(I(NOTHING), I(SET_ACTOR)), "");
    expect_set(t, CODE(K(nn), B(SET_ROLE_OF, MAINTAINER), B(SET_ROLE, CORE), I(SET_UNION)), "012");
    expect_set(
        t,
        CODE(K(nn), B(SET_ROLE_OF, MAINTAINER), K(nn), B(SET_ROLE_OTHER, MAINTAINER), I(SET_AMONG)),
        "1");
    expect_set(t,
               CODE(K(nn), B(SET_ROLE_OF, MAINTAINER), K(nn), B(SET_ROLE_OTHER, MAINTAINER),
                    I(SET_EXCEPT)),
               "0");
    const uint32_t seven = CHUNK(t, B(CONSTANT, number(t, 7, 1)), I(RETURN));
    expect_number(t, CODE(K(nn), B(SET_ROLE_OF, MAINTAINER), B(SET_TOTAL, seven)), 14, 1);
    expect_fault(t, CODE(B(SET_ROLE_ANY, CONTRIBUTOR)), "anyone has no size");
    t->context.proposal = 0;
    expect_set(t, CODE(I(SET_CONFLICTED)), "2");
}

static void one_member_is_told_without_the_set(void **state)
{
    fixture *t = *state;
    const uint32_t nn = thing(t, BL_BASE_INSTANCE, NN), jit = thing(t, BL_BASE_INSTANCE, JIT);
    expect_boolean(t, CODE(AB(HOLDS, 0, CORE)), false);
    expect_boolean(t, CODE(AB(HOLDS, 0, CONTRIBUTOR)), true);
    expect_boolean(t, CODE(K(nn), AB(HOLDS_OF, 0, MAINTAINER)), true);
    expect_boolean(t, CODE(K(jit), AB(HOLDS_OF, 0, MAINTAINER)), false);
    expect_boolean(t, CODE(AB(HOLDS_ANY, 0, MAINTAINER)), true);
    expect_boolean(t, CODE(K(nn), AB(HOLDS_OTHER, 0, MAINTAINER)), false);
    expect_boolean(t, CODE(K(jit), AB(HOLDS_OTHER, 0, MAINTAINER)), true);
    expect_boolean(t, CODE(A(LOCAL, 0), A(SAME_ACTOR, 0)), true);
    expect_boolean(t, CODE(I(NOTHING), A(SAME_ACTOR, 0)), false);
    expect_boolean(t, CODE(A(LOCAL, 0), A(LIST, 1), A(SAME_ACTOR, 0)), true);
    t->context.proposal = 0;
    expect_boolean(t, CODE(A(IS_CONFLICTED, 0)), false);
}

static void ballots_and_sums_are_those_of_the_stage(void **state)
{
    fixture *t = *state;
    expect_fault(t, CODE(AB(BALLOT_IN, 0, BL_BALLOT_APPROVE)), "there are no ballots here");
    t->context = (bl_context){.proposal = 0, .instance = NN, .stage = 0};
    expect_boolean(t, CODE(AB(BALLOT_IN, 0, BL_BALLOT_APPROVE)), true);
    expect_boolean(t, CODE(AB(BALLOT_IN, 0, BL_BALLOT_REJECT | BL_BALLOT_NONE)), false);
    expect_set(t, CODE(A(SET_BALLOT, BL_BALLOT_APPROVE)), "0");
    expect_set(t, CODE(A(SET_BALLOT, BL_BALLOT_NONE)), "1");
    expect_number(t, CODE(B(AGGREGATE, 0)), 1, 1);
    t->context.ballot = BL_BALLOT_REJECT;
    expect_boolean(t, CODE(AB(BALLOT_IN, 0, BL_BALLOT_REJECT)), true);
}

static void whoever_is_recused_is_no_member(void **state)
{
    fixture *t = *state;
    bl_proposal *proposal = t->engine->proposals.items[0];
    bl_context context = {.proposal = 0, .instance = NN, .stage = 0};
    bool has;
    bl_set set;
    assert_int_equal(bl_body_has(t->engine, MODULE_BODY, &context, ANA, &has), BL_OK);
    assert_true(has);
    assert_true(bl_vector_reserve(&t->engine->memory, &proposal->recusals, 1));
    proposal->recusals.items[proposal->recusals.count++] = ANA;
    assert_int_equal(bl_body_has(t->engine, MODULE_BODY, &context, ANA, &has), BL_OK);
    assert_false(has);
    assert_int_equal(bl_body_has(t->engine, ANYONE_BODY, &context, ANA, &has), BL_OK);
    assert_false(has);
    assert_int_equal(bl_body_set(t->engine, MODULE_BODY, &context, &set), BL_OK);
    assert_int_equal(set.count, 1);
    assert_int_equal(bl_body_set(t->engine, ANYONE_BODY, &context, &set), BL_FAULT);
    assert_string_equal(t->engine->fault.message, "anyone has no size");
    t->context = context;
    expect_set(t, CODE(A(SET_BALLOT, 15)), "1");
    expect_boolean(t, CODE(AB(BALLOT_IN, 0, 15)), false);
}

static void asking_whether_one_can_changes_nothing(void **state)
{
    fixture *t = *state;
    /* nobody can veto: the kind has no veto */
    expect_boolean(t, CODE(A(LOCAL, 0), K(thing(t, BL_BASE_PROPOSAL, 0)), B(CAN, BL_VERB_VETO)),
                   false);
    assert_int_equal(t->said_count, 0);
}

/* ---- effects ---- */

static void effects_change_the_world_and_say_so(void **state)
{
    fixture *t = *state;
    bl_value none;
    const uint32_t nn = thing(t, BL_BASE_INSTANCE, NN), dee = thing(t, BL_BASE_ACTOR, DEE);
    assert_int_equal(run(t, BLOCK(K(nn), K(dee), B(GRANT, MAINTAINER)), &none), BL_OK);
    assert_int_equal(
        run(t, BLOCK(K(nn), K(nn), B(SET_ROLE_OF, MAINTAINER), B(REVOKE, MAINTAINER)), &none),
        BL_OK);
    assert_int_equal(run(t, BLOCK(K(dee), K(number(t, 5, 1)), B(SET_ATTRIBUTE, TOKENS)), &none),
                     BL_OK);
    expect_number(t, CODE(K(dee), B(ATTRIBUTE, TOKENS)), 5, 1);
    assert_int_equal(
        run(t,
            BLOCK(K(text(t, "fx")), K(text(t, "torch/fx")), I(NOTHING), AB(CREATE, 1, 0),
                  A(LOCAL, 1), K(number(t, 1, 1)), B(SET_ATTRIBUTE, SIZE)),
            &none),
        BL_OK);
    expect_text(t, CODE(AB(INSTANCE_NAMED, 0, name(t, "fx")), B(ATTRIBUTE, PATHS)), "torch/fx");
    assert_int_equal(run(t, BLOCK(K(thing(t, BL_BASE_INSTANCE, JIT)), I(REMOVE)), &none), BL_OK);
    static const char *const said[] = {
        "granted maintainer nn dee", "revoked maintainer nn Ana", "revoked maintainer nn bo",
        "revoked maintainer nn dee", "changed tokens dee",        "created module fx",
        "changed size fx",           "revoked maintainer jit bo", "removed module jit",
    };
    assert_int_equal(t->said_count, sizeof said / sizeof *said);
    for (size_t i = 0; i < t->said_count; i++)
        expect_said(t, i, said[i]);
    expect_fault(t, CODE(AB(INSTANCE_NAMED, 0, name(t, "jit"))), "there is no module `jit`");
    expect_fault(t, BLOCK(K(nn), I(NOTHING), B(GRANT, MAINTAINER)), "a value that was not given");
    expect_fault(t, BLOCK(K(text(t, "nn")), I(NOTHING), I(NOTHING), AB(CREATE, 1, 0)),
                 "there is already a module `nn`");
}

static void openings_and_emissions_follow_the_block(void **state)
{
    fixture *t = *state;
    bl_value none;
    t->context.decision = 4;
    t->context.proposal = 0;
    assert_int_equal(run(t,
                         BLOCK(K(thing(t, BL_BASE_INSTANCE, JIT)), K(text(t, "T")), I(NOTHING),
                               B(OPEN, 0), K(text(t, "c0")), B(EMIT, 0)),
                         &none),
                     BL_OK);
    assert_int_equal(t->engine->follows.count, 2);
    const bl_follow *opening = &t->engine->follows.items[0],
                    *emission = &t->engine->follows.items[1];
    assert_false(opening->is_event);
    assert_int_equal(opening->decision, 4);
    assert_int_equal(opening->instance, JIT);
    assert_int_equal(emission->instance, BL_NONE);
    assert_int_equal(opening->fields[1].base, BL_BASE_NOTHING);
    assert_true(emission->is_event);
    assert_int_equal(emission->fields[0].as.text.size, 2);
    assert_int_equal(run(t, BLOCK(I(PROPOSAL), I(DISCARD)), &none), BL_OK);
}

/* ---- roles ---- */

static bl_result try_grant(fixture *t, uint32_t role, uint32_t instance, uint32_t actor)
{
    return bl_world_grant(t->engine, role, instance, actor, &BL_CONTEXT_NONE, BL_SPAN_NONE,
                          BL_TEXT(""));
}

static void a_grant_past_a_bound_is_a_fault_with_its_clause(void **state)
{
    fixture *t = *state;
    assert_int_equal(try_grant(t, LEAD, BL_NONE, DEE), BL_FAULT);
    assert_string_equal(t->engine->fault.message, "@dee is not in `core_maintainer`");
    assert_int_equal(t->engine->fault.span.start, 7);
    grant(t, CORE, BL_NONE, DEE);
    grant(t, LEAD, BL_NONE, CHI);
    assert_int_equal(try_grant(t, LEAD, BL_NONE, DEE), BL_FAULT);
    assert_string_equal(t->engine->fault.message, "`lead` has 1 of at most 1 holders");
    assert_int_equal(t->engine->fault.span.start, 9);
    assert_int_equal(try_grant(t, CONTRIBUTOR, BL_NONE, DEE), BL_FAULT);
    grant(t, SPONSOR, BL_NONE, ANA); /* who has not said: an organization from now on */
    assert_int_equal(bl_actor_kind(t->engine, ANA), BL_ACTOR_ORGANIZATION);
    assert_int_equal(try_grant(t, CORE, BL_NONE, ANA), BL_FAULT);
    assert_string_equal(t->engine->fault.message,
                        "@Ana is an organization, and `core_maintainer` is held by people");
}

static void who_loses_eligibility_loses_the_role(void **state)
{
    fixture *t = *state;
    grant(t, LEAD, BL_NONE, CHI);
    t->said_count = 0;
    assert_int_equal(
        bl_world_revoke(t->engine, CORE, BL_NONE, CHI, &BL_CONTEXT_NONE, BL_SPAN_NONE, BL_TEXT("")),
        BL_OK);
    expect_said(t, 0, "revoked core_maintainer chi");
    expect_said(t, 1, "owed core_maintainer");
    expect_said(t, 2, "revoked lead chi");
    assert_false(bl_holds(t->engine, LEAD, BL_NONE, CHI));
    assert_int_equal(
        bl_world_revoke(t->engine, CORE, BL_NONE, CHI, &BL_CONTEXT_NONE, BL_SPAN_NONE, BL_TEXT("")),
        BL_FAULT);
    assert_string_equal(t->engine->fault.message, "@chi does not hold `core_maintainer`");
}

static void a_role_that_includes_another_counts_for_it(void **state)
{
    fixture *t = *state;
    /* core maintainers are maintainers of every module */
    t->indexes[2] = CORE;
    t->program.index_count = 3;
    t->roles[MAINTAINER].included_by = (bl_range){2, 1};
    grant(t, CORE, BL_NONE, BO);
    assert_true(bl_holds(t->engine, MAINTAINER, JIT, CHI));
    assert_true(bl_holds_any(t->engine, MAINTAINER, CHI));
    assert_true(bl_holds_other(t->engine, MAINTAINER, JIT, CHI));
    assert_false(bl_holds(t->engine, MAINTAINER, JIT, ANA));
    assert_int_equal(bl_holder_count(t->engine, MAINTAINER, JIT), 2);
    assert_int_equal(bl_holder_count(t->engine, MAINTAINER, NN), 3);
    expect_set(t, CODE(K(thing(t, BL_BASE_INSTANCE, JIT)), B(SET_ROLE_OF, MAINTAINER)), "12");
    expect_set(t, CODE(K(thing(t, BL_BASE_INSTANCE, NN)), B(SET_ROLE_OTHER, MAINTAINER)), "12");
}

static void a_holding_gathers_supports_and_can_be_put_back(void **state)
{
    fixture *t = *state;
    const bl_holding *holding = bl_holding_find(t->engine, CORE, BL_NONE, CHI);
    bl_context context = BL_CONTEXT_NONE;
    context.decision = 3;
    t->said_count = 0;
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            bl_world_grant(t->engine, CORE, BL_NONE, CHI, &context, BL_SPAN_NONE, BL_TEXT("")),
            BL_OK);
    assert_int_equal(t->said_count, 0);
    assert_int_equal(holding->supports->decision, 3);
    assert_int_equal(holding->supports->next->decision, 0);
    assert_null(holding->supports->next->next);
    const uint32_t index = (uint32_t)(holding - t->engine->holdings.items);
    for (int i = 0; i < 2; i++)
        assert_true(bl_holding_put(t->engine, index, false));
    assert_false(bl_holds_any(t->engine, CORE, CHI));
    assert_int_equal(t->engine->role_heads[CORE], 0);
    assert_true(bl_holding_put(t->engine, index, true));
    assert_true(bl_holds_any(t->engine, CORE, CHI));
    assert_int_equal(t->engine->role_heads[CORE], 1);
}

static void what_others_did_to_an_instance_is_counted(void **state)
{
    fixture *t = *state;
    bl_context context = BL_CONTEXT_NONE;
    context.decision = 3;
    uint32_t fx;
    assert_int_equal(bl_world_create(t->engine, 0, BL_TEXT("fx"), NULL, &context, BL_SPAN_NONE,
                                     BL_TEXT(""), &fx),
                     BL_OK);
    assert_int_equal(
        bl_world_grant(t->engine, MAINTAINER, fx, ANA, &context, BL_SPAN_NONE, BL_TEXT("")), BL_OK);
    assert_int_equal(t->engine->instances.items[fx].built_upon, 0);
    context.decision = 4;
    assert_int_equal(
        bl_world_grant(t->engine, MAINTAINER, fx, BO, &context, BL_SPAN_NONE, BL_TEXT("")), BL_OK);
    assert_int_equal(t->engine->instances.items[fx].built_upon, 1);
    assert_true(bl_instance_put(t->engine, fx, false));
    assert_int_equal(bl_instance_find(t->engine, 0, BL_TEXT("fx")), BL_NONE);
    assert_true(bl_instance_put(t->engine, fx, true));
    assert_int_equal(bl_instance_find(t->engine, 0, BL_TEXT("fx")), fx);
}

static void handles_are_one_person_however_spelt(void **state)
{
    fixture *t = *state;
    const char *why;
    assert_int_equal(bl_actor_of(t->engine, BL_TEXT("@ANA"), &why), ANA);
    assert_int_equal(bl_actor_find(t->engine, BL_TEXT("nobody")), BL_NONE);
    assert_int_equal(bl_actor_of(t->engine, BL_TEXT(""), &why), BL_NONE);
    assert_non_null(why);
    assert_false(t->engine->out_of_memory);
}

static void a_long_message_is_cut_between_characters(void **state)
{
    fixture *t = *state;
    char handle[200];
    for (size_t i = 0; i + 2 < sizeof handle; i += 2)
        memcpy(handle + i, "\xc3\xbc", 3);
    assert_int_equal(bl_fail(t->engine, BL_SPAN_NONE, "@%s%s", handle, handle), BL_FAULT);
    const bl_text message = bl_text_of(t->engine->fault.message);
    assert_true(message.size >= 196);
    assert_true(bl_text_is_utf8(message, NULL));
}

static void every_opcode_is_exercised_above(void **state)
{
    (void)state;
    static const char *const names[] = {
#define OPCODE(name, a, b, pops, pushes, does) #name,
#include "opcodes.def"
#undef OPCODE
    };
    for (size_t i = 0; i < BL_OPCODE_COUNT; i++)
        if (!is_exercised[i]) fail_msg("no test runs %s", names[i]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(constants_locals_and_context_are_pushed),
        TEST(what_is_named_is_found_or_a_fault),
        TEST(fields_properties_and_attributes_are_read),
        TEST(numbers_are_exact_and_faults_have_words),
        TEST(time_and_text_are_added),
        TEST(comparisons_hold_at_the_bound),
        TEST(texts_match_globs),
        TEST(lists_are_made_measured_and_looped_over),
        TEST(code_jumps_and_calls),
        TEST(what_never_ends_is_a_fault),
        TEST(sets_are_made_and_combined),
        TEST(one_member_is_told_without_the_set),
        TEST(ballots_and_sums_are_those_of_the_stage),
        TEST(whoever_is_recused_is_no_member),
        TEST(asking_whether_one_can_changes_nothing),
        TEST(effects_change_the_world_and_say_so),
        TEST(openings_and_emissions_follow_the_block),
        TEST(a_grant_past_a_bound_is_a_fault_with_its_clause),
        TEST(who_loses_eligibility_loses_the_role),
        TEST(a_role_that_includes_another_counts_for_it),
        TEST(a_holding_gathers_supports_and_can_be_put_back),
        TEST(what_others_did_to_an_instance_is_counted),
        TEST(handles_are_one_person_however_spelt),
        TEST(a_long_message_is_cut_between_characters),
        cmocka_unit_test(every_opcode_is_exercised_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
