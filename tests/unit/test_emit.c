/*
 * Expressions, bodies, conditions and effects: each slip with its message, and the code that comes
 * of what is right.
 *
 * Code is compared as the lines of bl_program_dump without their places.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiling.h"
#include "limits.h"

static bool load_nothing(void *context, bl_text path, bl_text from, bl_text *shown, bl_text *out)
{
    (void)context, (void)path, (void)from, (void)shown, (void)out;
    return false;
}

static bool compile(fixture *f, const char *text)
{
    forget(f);
    f->is_compiled = bl_compile(&f->arena, &f->program_arena, BL_TEXT("main"), bl_text_of(text),
                                load_nothing, f, &f->compilation);
    return f->is_compiled;
}

/* "CODE message" of every error, one a line. */
static const char *messages(fixture *f)
{
    bl_buffer_clear(&f->buffer);
    for (const bl_diagnostic *d = f->compilation.diagnostics.first; d; d = d->next)
        if (d->severity == BL_ERROR)
            bl_buffer_format(&f->buffer, "%s %.*s\n", bl_code_name(d->code), (int)d->message.size,
                             d->message.bytes);
    bl_buffer_char(&f->buffer, '\0');
    return f->buffer.bytes;
}

#define WORLD                                                                                      \
    "person { tokens : number = 0 employer : text } organization { tokens : number = 0 } "         \
    "scope module { idle : duration = 12 months owner : person changed by hand "                   \
    "paths : list of text = [] } scope team "                                                      \
    "role dev role lead { granted by hand } role maintainer of module role all is anyone "         \
    "event ping { who : person } "                                                                 \
    "procedure most { passes when approve > reject fails otherwise } "                             \
    "procedure needs(n : number) { passes when approve >= n fails otherwise } "                    \
    "proposal hand on module { requires x : person raised by dev decided by dev using most "       \
    "within 1 day } "
#define KIND(clauses)                                                                              \
    WORLD "proposal k { requires nominee : person accepts helper : person raised by dev "          \
          "decided by dev using most within 1 day " clauses " }"
#define KIND_ON_MODULE(clauses)                                                                    \
    WORLD "proposal k on module { raised by dev decided by dev using most within 1 day " clauses   \
          " }"
#define REFUSES(condition) KIND("refuses \"no\" when " condition)
#define PASSES(condition) WORLD "procedure q { passes when " condition " fails otherwise }"
#define ACCEPTED(effects) KIND("on accepted { " effects " }")

/* ---- slips ---- */

typedef struct slip {
    const char *policy;
    const char *messages;
} slip;

static const slip slips[] = {
    {REFUSES("nominee.employer > 3"),
     "B0302 `nominee.employer` is a text and `3` is a number: they cannot be compared\n"},
    {REFUSES("nominee == dev"),
     "B0302 `nominee` is a person and `dev` is a set of actors: they cannot be compared\n"},
    {REFUSES("nominee < author"),
     "B0302 `nominee` is a person and `author` is a person: they have no order\n"},
    {REFUSES("3 + \"x\" > 2"),
     "B0301 `3` is a number and `\"x\"` is a text: they cannot be added\n"},
    {REFUSES("dev"), "B0301 `dev` is a set of actors where a boolean is wanted\n"},
    {REFUSES("dev and lead"), "B0301 `dev` is a set of actors, but `and` joins conditions\n"},
    {REFUSES("dev.employer == \"x\""), "B0301 `dev` is a set of actors and has no `employer`\n"},
    {REFUSES("nominee.employr == \"x\""), "B0304 `nominee` is a person and has no `employr`\n"},
    {REFUSES("nominee is maintainer"),
     "B0303 `maintainer` belongs to a module, and it is not said to which\n"},
    {REFUSES("nominee is maintainer of module"), "B0305 no particular module is meant here\n"},
    {REFUSES("nominee is maintainer of any other module"),
     "B0305 `any other module` needs one that it is other than, and none is meant here\n"},
    {REFUSES("nominee is maintainer of any team"),
     "B0301 `maintainer` belongs to a module and not to a team\n"},
    {REFUSES("nominee is dev of module"),
     "B0301 `dev` does not belong to a scope, so it is not `of` anything\n"},
    {REFUSES("proposal is acepted"), "B0304 `acepted` is no state of a proposal\n"},
    {REFUSES("approve > 1"), "B0305 `approve` means nothing here\n"},
    {REFUSES("hand == 1"), "B0305 `hand` is a proposal kind and has no value\n"},
    {REFUSES("nobody == 1"), "B0201 no name `nobody`\n"},
    {REFUSES("most == needs"), "B0310 `needs` takes 1 argument and has 0 here\n"},
    {REFUSES("min(1) > 1"), "B0310 `min` takes 2 arguments and has 1 here\n"},
    {REFUSES("floor(sqrt(2)) > 1"),
     "B0308 a square root stands only in comparisons, where it is exact\n"},
    {REFUSES("@ana can veto proposal"),
     "B0305 `can` is asked in scenarios and questions, not in rules\n"},
    {REFUSES("any x in 3 : true"),
     "B0301 `3` is a number: only lists, sets of actors and scopes can be gone through\n"},
    {PASSES("sqrt(4) + sqrt(body) > 3"),
     "B0308 this comparison cannot be brought to the form a > b * sqrt(c)\n"},
    {PASSES("(approve or dev) > 3"),
     "B0309 `(approve or dev)` joins ballots of the body with people who may not belong to it\n"},
    {PASSES("(dev except approve) > 3"), "B0309 `(dev except approve)` joins ballots of the body "
                                         "with people who may not belong to it\n"},
    {PASSES("count anyone > 3"),
     "B0306 `anyone` has no size and no members that could be listed\n"},
    {PASSES("approve among all > 3"),
     "B0306 `anyone` has no size and no members that could be listed\n"},
    {PASSES("total employer of body > 3"),
     "B0301 `employer` is a text, and a number is wanted to add up\n"},
    {PASSES("total weight of body > 3"),
     "B0304 people have no attribute `weight` to add up\n"},
    {ACCEPTED("grant lead to nominee"), "B0314 `k` is not among what `lead` is granted by\n"},
    {ACCEPTED("grant maintainer to nominee"),
     "B0303 `maintainer` belongs to one module, and it is not said to which\n"},
    {ACCEPTED("grant all to nominee"),
     "B0306 everybody is `all`: there is nothing to grant or revoke\n"},
    {KIND_ON_MODULE("on accepted { set module.owner = author }"),
     "B0314 `k` is not among what `owner` is changed by\n"},
    {ACCEPTED("set nominee.handle = \"x\""), "B0316 `nominee.handle` is nothing that can be set\n"},
    {ACCEPTED("set nominee.tokens = \"x\""), "B0301 `\"x\"` is a text where a number is wanted\n"},
    {ACCEPTED("open hand { x : nominee }"),
     "B0316 `hand` is about a module, and it is not said which\n"},
    {KIND_ON_MODULE("on accepted { open hand }"),
     "B0312 the proposal kind `hand` requires `x`, which is not given\n"},
    {KIND_ON_MODULE("on accepted { open hand { x : author, y : 1 } }"),
     "B0304 the proposal kind `hand` has no `y`\n"},
    {KIND_ON_MODULE("on accepted { open hand { x : author, x : author } }"),
     "B0313 `x` is given twice\n"},
    {ACCEPTED("emit ping(1)"), "B0301 `1` is a number where a person is wanted\n"},
    {ACCEPTED("emit ping(nominee, 3)"), "B0310 the event `ping` has only 1 field\n"},
    {ACCEPTED("emit fresh(1 + 2)"), "B0310 this part of the event has no name\n"},
    {ACCEPTED("create module \"m\" { speed : 1 }"), "B0304 the scope `module` has no `speed`\n"},
    {ACCEPTED("remove nominee"),
     "B0301 `nominee` is a person where an instance of a scope is wanted\n"},
};

static void each_slip_has_its_message(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        assert_false(compile(f, slips[i].policy));
        assert_string_equal(messages(f), slips[i].messages);
    }
}

/* ---- code ---- */

static const char *dumped(fixture *f)
{
    bl_buffer_clear(&f->buffer);
    bl_program_dump(f->compilation.program, &f->buffer);
    bl_buffer_char(&f->buffer, '\0');
    return f->buffer.bytes;
}

/* Appends the names and operands of a chunk's code: "LOCAL local 0; RETURN;". */
static void write_line(const char *line, const char *end, bl_buffer *out)
{
    while (line < end && (*line == ' ' || (*line >= '0' && *line <= '9')))
        line++;
    const char *place = strstr(line, "  # ");
    if (place && place < end) end = place;
    bl_buffer_bytes(out, line, (size_t)(end - line));
    bl_buffer_char(out, ';');
}

/* The code of the last chunk that has `mark` in it. */
static void assert_code(fixture *f, const char *mark, const char *expected)
{
    const char *dump = dumped(f), *found = NULL;
    for (const char *at = strstr(dump, mark); at; at = strstr(at + 1, mark))
        found = at;
    assert_non_null(found);
    while (strncmp(found, "\nchunk", 6) != 0)
        found--;
    bl_buffer code;
    bl_buffer_init(&code, &bl_memory_default);
    const char *line = strchr(found + 1, '\n');
    while (line && line[1] && strncmp(line, "\nchunk", 6) != 0) {
        const char *end = strchr(line + 1, '\n');
        write_line(line + 1, end ? end : line + 1 + strlen(line + 1), &code);
        line = end;
    }
    bl_buffer_char(&code, '\0');
    assert_string_equal(code.bytes, expected);
    bl_buffer_free(&code);
}

static void must_compile(fixture *f, const char *policy)
{
    if (!compile(f, policy)) fail_msg("%s", messages(f));
}

static void roots_are_brought_to_one_side(void **state)
{
    fixture *f = *state;
    must_compile(f, PASSES("approve - 1/2 * sqrt(count body) > reject"));
    assert_code(f, "COMPARE_ROOT",
                "AGGREGATE aggregate 3;AGGREGATE aggregate 4;SUBTRACT;CONSTANT 1/2;"
                "AGGREGATE aggregate 5;COMPARE_ROOT 2;RETURN;");
}

static void votes_of_a_count_are_rounded_up_from_a_root(void **state)
{
    fixture *f = *state;
    must_compile(f, "procedure p(n : number) { ballot ranking\n"
                    "counts by schulze(quorum = n / 2 * sqrt(count body)) }");
    assert_code(
        f, "CEILING_ROOT",
        "LOCAL local 0;CONSTANT 2;DIVIDE;SET_BALLOT ballots none approve reject abstain;SIZE;"
        "CEILING_ROOT;RETURN;");
}

static void membership_asks_without_making_the_set(void **state)
{
    fixture *f = *state;
    must_compile(
        f, REFUSES("nominee is not (dev except lead) and author is maintainer of any module"));
    assert_code(f, "HOLDS_ANY",
                "PROPOSAL;FIELD nominee;STORE local 0;HOLDS local 0 dev;AND to 7;"
                "HOLDS local 0 lead;NOT;NOT;AND to 16;PROPOSAL;PROPERTY author;STORE local 0;"
                "LOCAL local 0;IS_GIVEN;AND to 16;HOLDS_ANY local 0 maintainer;RETURN;");
}

static void an_optional_field_can_be_asked_for(void **state)
{
    fixture *f = *state;
    must_compile(f, REFUSES("helper is not given"));
    assert_code(f, "FIELD helper", "PROPOSAL;FIELD helper;IS_GIVEN;NOT;RETURN;");
}

static void effects_push_what_they_need_in_order(void **state)
{
    fixture *f = *state;
    must_compile(
        f, KIND_ON_MODULE("on accepted { for each x in dev { grant maintainer of module to x } "
                          "open hand { x : author } }"));
    assert_code(f, "GRANT",
                "SET_ROLE dev;LOOP local 0;NEXT local 0 to 7;INSTANCE;LOCAL local 2;"
                "GRANT maintainer;JUMP to 2;INSTANCE;PROPOSAL;PROPERTY author;OPEN hand;END;");
}

static void an_undeclared_event_gets_its_fields_from_emit(void **state)
{
    fixture *f = *state;
    must_compile(f, ACCEPTED("emit fresh(proposal, who = nominee)"));
    const char *dump = dumped(f);
    assert_non_null(strstr(dump, " fresh fields "));
    assert_code(f, "EMIT fresh", "PROPOSAL;PROPOSAL;FIELD nominee;EMIT fresh;END;");
}

/* ---- linear forms ---- */

static const bl_condition *condition_of(fixture *f, const char *procedure)
{
    const bl_program *program = f->compilation.program;
    for (uint32_t i = 0; i < program->procedure_count; i++)
        if (bl_text_equal(bl_names_text(program->names, program->procedures[i].name),
                          bl_text_of(procedure)))
            return &program->conditions[program->procedures[i].passes];
    return NULL;
}

typedef struct linearity {
    const char *policy;
    bool is_linear;
    uint32_t term_count;
} linearity;

static const linearity linearities[] = {
    {PASSES("approve >= 2/3 of (approve or reject)"), true, 2},
    {PASSES("approve >= 2/3 of approve + reject"), true, 2},
    {PASSES("-(approve - 2 * reject) / 3 < count dev"), true, 3},
    {PASSES("total tokens of approve >= 50% of total tokens of body"), true, 2},
    {PASSES("approve among lead == 0"), true, 1},
    {PASSES("approve * reject > 1"), false, 0},
    {PASSES("3 / approve > 1"), false, 0},
    {PASSES("max(approve, reject) > 1"), false, 0},
    {PASSES("approve > (if any x in dev : x is lead then 1 else 2)"), false, 0},
    {PASSES("approve > 1/2 * sqrt(body)"), false, 0},
};

static void what_is_linear_is_known(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof linearities / sizeof *linearities; i++) {
        must_compile(f, linearities[i].policy);
        const bl_condition *condition = condition_of(f, "q");
        assert_non_null(condition);
        assert_int_equal(condition->kind, BL_CONDITION_COMPARE);
        assert_int_equal(condition->is_linear, linearities[i].is_linear);
        assert_int_equal(condition->terms.count, linearities[i].term_count);
    }
}

static void ballots_alone_make_a_uniform_aggregate(void **state)
{
    fixture *f = *state;
    must_compile(f, PASSES("(body except approve) < 4"));
    const bl_program *program = f->compilation.program;
    const bl_aggregate *aggregate = &program->aggregates[program->aggregate_count - 1];
    assert_true(aggregate->is_uniform);
    assert_int_equal(aggregate->mask, 13);
}

static void conditions_of_a_procedure_share_aggregates(void **state)
{
    fixture *f = *state;
    must_compile(f, WORLD "procedure q { quorum approve + reject > 3 passes when approve > reject "
                          "fails when reject > approve }");
    const bl_program *program = f->compilation.program;
    assert_int_equal(program->procedures[program->procedure_count - 1].aggregates.count, 2);
}

/* ---- limits ---- */

/* "body b0 = dev body b1 = b0 or b0 …": 2^(count + 1) - 1 bodies from the last one. */
static void write_doubling_bodies(bl_buffer *out, int count)
{
    bl_buffer_clear(out);
    bl_buffer_cstring(out, WORLD "body b0 = dev ");
    for (int i = 1; i <= count; i++)
        bl_buffer_format(out, "body b%d = b%d or b%d ", i, i - 1, i - 1);
    bl_buffer_format(out, "proposal k { raised by b%d decided by dev using most within 1 day }%c",
                     count, '\0');
}

static void bodies_cannot_double_without_end(void **state)
{
    fixture *f = *state;
    bl_buffer policy;
    bl_buffer_init(&policy, &bl_memory_default);
    write_doubling_bodies(&policy, 8);
    must_compile(f, policy.bytes);
    write_doubling_bodies(&policy, 30);
    assert_false(compile(f, policy.bytes));
    assert_string_equal(messages(f), "B0315 `b30` brings in more than 1000 bodies, those inside of "
                                     "bodies counted too\n");
    bl_buffer_free(&policy);
}

static void write_list(bl_buffer *out, int count)
{
    bl_buffer_clear(out);
    bl_buffer_cstring(out, WORLD "let l : list of number = [1");
    for (int i = 1; i < count; i++)
        bl_buffer_cstring(out, ", 1");
    bl_buffer_format(out, "]%c", '\0');
}

static void the_stack_has_a_limit(void **state)
{
    fixture *f = *state;
    bl_buffer policy;
    bl_buffer_init(&policy, &bl_memory_default);
    write_list(&policy, BL_STACK_MAX);
    must_compile(f, policy.bytes);
    write_list(&policy, BL_STACK_MAX + 1);
    assert_false(compile(f, policy.bytes));
    assert_string_equal(messages(f), "B0315 this needs more than 256 values at once\n");
    bl_buffer_free(&policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_slip_has_its_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(roots_are_brought_to_one_side, set_up, tear_down),
        cmocka_unit_test_setup_teardown(votes_of_a_count_are_rounded_up_from_a_root, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(membership_asks_without_making_the_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_optional_field_can_be_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(effects_push_what_they_need_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_undeclared_event_gets_its_fields_from_emit, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_linear_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ballots_alone_make_a_uniform_aggregate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(conditions_of_a_procedure_share_aggregates, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bodies_cannot_double_without_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_stack_has_a_limit, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
