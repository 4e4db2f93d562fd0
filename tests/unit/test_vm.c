/*
 * The interpreter and the world: chunks put together by hand over a small program, every opcode at
 * least once; roles and their bounds. The last test says which opcode was forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand_made.h"

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
    expect_number(t, CODE(K(two), K(nine), I(CEILING_ROOT)), 6, 1);
    expect_number(t, CODE(K(two), K(three), I(CEILING_ROOT)), 4, 1);
    expect_fault(t, CODE(K(one), K(number(t, -9, 1)), I(CEILING_ROOT)),
                 "the square root of a number below zero");
    expect_fault(t, CODE(K(number(t, INT64_MAX, 1)), K(two), I(CEILING_ROOT)),
                 "a number too large");
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

static void an_instance_of_another_scope_is_a_fault(void **state)
{
    fixture *t = *state;
    uint32_t red;
    assert_int_equal(bl_world_create(t->engine, 1, BL_TEXT("red"), NULL, &BL_CONTEXT_NONE,
                                     BL_SPAN_NONE, BL_TEXT(""), &red),
                     BL_OK);
    const uint32_t team = thing(t, BL_BASE_INSTANCE, red), dee = thing(t, BL_BASE_ACTOR, DEE);
    const char *const of_role = "`maintainer` belongs to each module, not to team `red`";
    expect_fault(t, CODE(K(team), B(SET_ROLE_OF, MAINTAINER)), of_role);
    expect_fault(t, CODE(K(team), B(SET_ROLE_OTHER, MAINTAINER)), of_role);
    expect_fault(t, CODE(K(team), AB(HOLDS_OF, 0, MAINTAINER)), of_role);
    expect_fault(t, CODE(K(team), AB(HOLDS_OTHER, 0, MAINTAINER)), of_role);
    expect_fault(t, BLOCK(K(team), K(dee), B(GRANT, MAINTAINER)), of_role);
    expect_fault(t, BLOCK(K(team), K(dee), B(REVOKE, MAINTAINER)), of_role);
    expect_fault(t, CODE(K(team), B(ATTRIBUTE, SIZE)),
                 "`size` belongs to each module, not to team `red`");
    expect_fault(t, BLOCK(K(team), K(number(t, 1, 1)), B(SET_ATTRIBUTE, SIZE)),
                 "`size` belongs to each module, not to team `red`");
    expect_fault(t, BLOCK(K(team), I(NOTHING), I(NOTHING), B(OPEN, 0)),
                 "`change` can be opened on each module, not on team `red`");
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
    assert_string_equal(t->engine->fault.message, "`lead` has 1 of at most 1 holder");
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
        TEST(an_instance_of_another_scope_is_a_fault),
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
