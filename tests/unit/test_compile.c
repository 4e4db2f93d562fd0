/*
 * Declarations and clauses: each slip with its exact message, what files bring in, and what the
 * tables hold.
 *
 * A message is compared as "CODE line:column message", one a line; labels, notes and help are left
 * to the golden files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiling.h"
#include "limits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* ---- compiling from memory ---- */

static bool load(void *context, bl_text path, bl_text from, bl_text *shown, bl_text *out)
{
    const fixture *f = context;
    (void)from;
    for (size_t i = 0; i < f->file_count; i++) {
        if (!bl_text_equal(path, bl_text_of(f->files[i].path))) continue;
        *shown = bl_text_of(f->files[i].path);
        *out = bl_text_of(f->files[i].text);
        return true;
    }
    return false;
}

static bool compile(fixture *f, const char *text)
{
    forget(f);
    f->is_compiled = bl_compile(&f->arena, &f->program_arena, BL_TEXT("main"), bl_text_of(text),
                                load, f, &f->compilation);
    return f->is_compiled;
}

static const char *messages(fixture *f)
{
    bl_buffer_clear(&f->buffer);
    const bl_diagnostic *d = f->compilation.diagnostics.first;
    for (; d; d = d->next) {
        bl_place place = {0, 0};
        if (d->span.file < f->compilation.source_count)
            place = bl_source_place(&f->compilation.sources[d->span.file], d->span.start);
        bl_buffer_format(&f->buffer, "%s %u:%u %.*s\n", bl_code_name(d->code), place.line,
                         place.column, (int)d->message.size, d->message.bytes);
    }
    bl_buffer_char(&f->buffer, '\0');
    return f->buffer.bytes;
}

/* ---- each slip ---- */

typedef struct slip {
    const char *claim;
    const char *policy;
    const char *messages;
} slip;

/* Ten words of policy that many cases need: roles, a procedure, and a kind that is fine. */
#define ROLES "role a role b "
#define MOST "procedure most { passes when approve > reject fails otherwise } "
#define LATE "procedure late { passes when approve > 0 closes at deadline } "
#define VOTE "procedure vote { ballot ranking counts by irv } "
#define KIND(clauses) ROLES MOST "proposal k { raised by a " clauses " } "
#define DECIDED "decided by a using most "

static const slip slips[] = {
    {"a_name_is_declared_once",
     ROLES MOST "procedure a { passes when approve > 0 } proposal k { raised by b decided by "
                "a using most }",
     "B0202 1:89 `a` is declared twice\n"},
    {"words_of_the_language_are_no_names", "role author scope text event approve role b",
     "B0203 1:6 `author` is a word of the language and cannot name a role\n"
     "B0203 1:19 `text` is a word of the language and cannot name a scope\n"
     "B0203 1:30 `approve` is a word of the language and cannot name an event\n"},
    {"the_nearest_role_is_offered",
     KIND(DECIDED) "proposal l { raised by a decided by a using moost }",
     "B0201 1:175 no procedure `moost`\n"},
    {"a_role_is_no_procedure", KIND("decided by a using b"),
     "B0207 1:123 `b` is a role, not a procedure\n"},
    {"an_unknown_scope_is_reported", "role r of modul scope module",
     "B0201 1:11 no scope `modul`\n"},
    {"an_unknown_type_is_reported", "scope module { p : prozedure }",
     "B0201 1:20 no type `prozedure`\n"},
    {"an_attribute_has_one_type", "person { n : number } organization { n : text }",
     "B0208 1:38 the attribute `n` has another type for another kind of actor\n"},
    {"an_attribute_is_declared_once", "person { n : number n : number }",
     "B0202 1:21 the attribute `n` is declared twice\n"},
    {"a_field_is_declared_once", KIND("requires n : number accepts n : text " DECIDED),
     "B0202 1:132 the field `n` is declared twice\n"},
    {"one_policy_line", "policy a policy b", "B0202 1:17 a file has one `policy` line\n"},
    {"a_missing_file_is_reported", "use \"nowhere\"",
     "B0204 1:5 there is no file or library `nowhere`\n"},
    {"a_clause_is_said_once", KIND("raised by b " DECIDED),
     "B0401 1:104 `raised by` is said twice\n"},
    {"a_role_clause_is_said_once", "role a { held by people held by agents }",
     "B0401 1:25 `held by` is said twice\n"},
    {"exactly_stands_alone", "role a { exactly 3 at most 4 }",
     "B0401 1:20 this contradicts or repeats another clause\n"},
    {"holders_are_counted_in_whole_numbers", "role a { at most 1/2 }",
     "B0402 1:18 a number of holders is a whole number, 0 or more\n"},
    {"at_least_is_not_more_than_at_most", "role a { at least 4 at most 3 }",
     "B0402 1:21 at least 4 and at most 3 cannot both hold\n"},
    {"a_procedure_clause_is_said_once",
     "procedure p { passes when approve > 1 passes when approve > 2 }",
     "B0401 1:39 `passes when` is said twice\n"},
    {"somebody_decides", KIND(""), "B0403 1:88 nobody decides a proposal of the kind `k`\n"},
    {"then_follows_decided", KIND("then by a using most"),
     "B0404 1:104 there is no `decided by` before this\n"},
    {"decided_stands_before_then", KIND(DECIDED "then by b using most decided by b using most"),
     "B0404 1:149 `decided by` stands before every `then by`\n"},
    {"the_second_decider_is_reached", KIND(DECIDED "decided by b using most"),
     "B0405 1:128 this `decided by` is never reached: the one before it always holds\n"},
    {"a_stage_has_a_procedure", KIND("decided by a"),
     "B0406 1:104 `decided by …` does not say by which procedure\n"},
    {"a_procedure_takes_its_arguments",
     ROLES "procedure n(k : number) { passes when approve >= k } proposal k { raised by "
           "a decided by a using n }",
     "B0407 1:112 the procedure `n` takes 1 value, not 0\n"},
    {"an_argument_has_its_type",
     ROLES "procedure n(k : number) { passes when approve >= k } proposal k { raised by "
           "a decided by a using n(2 days) }",
     "B0301 1:114 `2 days` is a duration where a number is wanted\n"},
    {"a_deadline_is_needed", ROLES LATE "proposal k { raised by a decided by a using late }",
     "B0408 1:102 this procedure closes at the deadline, and there is none\n"},
    {"open_for_is_a_deadline",
     ROLES "procedure late { open for 3 days passes when approve > 0 closes at deadline "
           "} proposal k { raised by a decided by a using late }",
     ""},
    {"open_for_at_least_is_none",
     ROLES "procedure late { open for at least 3 days passes when approve > 0 closes at "
           "deadline } proposal k { raised by a decided by a using late }",
     "B0408 1:127 this procedure closes at the deadline, and there is none\n"},
    {"finality_needs_an_end_of_vetoes", KIND(DECIDED "veto by b on accepted { }"),
     "B0409 1:128 `k` waits until nothing can overturn it, and this veto may come at any time\n"},
    {"finality_by_word_needs_an_end_too",
     KIND(DECIDED "escalates to b using most dispute by b takes effect when final"),
     "B0409 1:154 `k` waits until nothing can overturn it, and this dispute may come at any "
     "time\n"},
    {"a_window_bounds_a_veto", KIND(DECIDED "veto by b within 3 days on accepted { }"), ""},
    {"an_election_needs_rankings", KIND("candidates from b " DECIDED),
     "B0410 1:122 `most` takes yes or no, and an election needs more than that\n"},
    {"rankings_need_an_election", ROLES VOTE "proposal k { raised by a decided by a using vote }",
     "B0410 1:88 `vote` counts rankings, and there is nobody to vote for here\n"},
    {"only_elections_elect", KIND(DECIDED "on elected w { }"),
     "B0411 1:128 nobody is elected by a proposal of this kind\n"},
    {"only_elected_names_somebody", KIND(DECIDED "on accepted w { }"),
     "B0419 1:140 only `on elected` gives a name to somebody\n"},
    {"an_outcome_has_a_known_name", KIND(DECIDED "on acepted { }"),
     "B0411 1:131 no proposal is ever `acepted`\n"},
    {"a_dispute_needs_a_rung", KIND(DECIDED "dispute by b within 3 days"),
     "B0412 1:128 a dispute goes to the next rung, and there is none\n"},
    {"anyone_cannot_decide", KIND("decided by anyone using most"),
     "B0413 1:115 anyone is no body that could decide: it has no size\n"},
    {"anyone_may_veto", KIND(DECIDED "veto by anyone within 3 days"), ""},
    {"weights_are_declared",
     ROLES "procedure p { weigh tokens passes when approve > 0 } proposal k { raised by "
           "a decided by a using p }",
     "B0414 1:35 people have no attribute `tokens` to weigh ballots by\n"},
    {"weights_are_numbers",
     ROLES "person { tokens : text } procedure p { weigh tokens passes when approve > 0 "
           "} proposal k { raised by a decided by a using p }",
     "B0414 1:60 `tokens` is a text, and a number is wanted to weigh ballots by\n"},
    {"functions_do_not_recur",
     KIND(DECIDED "refuses \"x\" when f(1) > 1 ") "function f(n : number) = g(n) function g(n : "
                                                  "number) = f(n) + 1",
     "B0415 1:212 `f` depends on itself\n"},
    {"constants_do_not_recur", "let x = y + 1 let y = x", "B0415 1:23 `x` depends on itself\n"},
    {"bodies_and_constants_do_not_recur",
     ROLES "body x = a except (if y > 1 then b else a) let y = count x",
     "B0415 1:72 `x` depends on itself\n"},
    {"events_do_not_go_round", "event e event f on e { emit f } on f { emit e }",
     "B0416 1:24 these effects bring each other about without end: f -> e -> f\n"},
    {"openings_do_not_go_round", KIND(DECIDED "on opened { open k }"),
     "B0416 1:140 these effects bring each other about without end: k -> k\n"},
    {"a_vote_breaks_the_circle", KIND(DECIDED "on accepted { open k }"), ""},
    {"a_procedure_says_when_it_passes", "procedure p { }",
     "B0417 1:11 the procedure `p` does not say when it passes\n"},
    {"rankings_are_counted", "procedure p { ballot ranking }",
     "B0417 1:11 the procedure `p` does not say how rankings are counted\n"},
    {"an_election_has_no_condition",
     "procedure p { ballot ranking counts by irv passes when approve > 1 }",
     "B0417 1:44 an election passes by its count, not by a condition\n"},
    {"yes_and_no_are_not_counted_by_irv", "procedure p { passes when approve > 1 counts by irv }",
     "B0417 1:39 `irv` counts rankings, and these ballots are yes or no\n"},
    {"a_method_is_one_there_is",
     ROLES "procedure p { ballot ranking counts by shulze } proposal k { raised by a options x, y "
           "decided by a using p within 1 day }",
     "B0422 1:54 there is no method `shulze` to count by\n"},
    {"a_method_counts_its_own_ballots",
     ROLES "procedure p { ballot choice counts by irv } proposal k { raised by a options x, y "
           "decided by a using p within 1 day }",
     "B0417 1:43 `irv` counts rankings, and these ballots are choices\n"},
    {"a_role_of_the_world_includes_any", "scope s role a { includes b } role b of s",
     "B0418 1:18 a role without a scope includes a role `of any` instance\n"},
    {"a_role_of_a_scope_includes_its_own", "scope s scope t role a of s { includes b } role b of t",
     "B0418 1:31 a role of a scope includes roles of the same instance only\n"},
    {"a_stage_has_no_while_open", KIND("decided by a using most while open"),
     "B0419 1:128 `while open` cannot stand in `decided by …`\n"},
    {"a_dispute_has_no_quorum",
     KIND(DECIDED "escalates to b using most dispute by b within 1 day quorum cast > 1"),
     "B0419 1:180 `quorum` cannot stand in `dispute by …`\n"},
    {"one_window", KIND("decided by a using most within 1 day through 2 days"),
     "B0401 1:141 this contradicts or repeats another clause\n"},
    {"anyone_is_given_nothing", "role r is anyone { at most 3 }",
     "B0420 1:20 `r` is anyone: nobody is given it, nobody can lose it\n"},
    {"a_changer_is_something", "role a { granted by nobody }",
     "B0201 1:21 no proposal kind, event, role or body `nobody`\n"},
    {"an_unknown_ladder_is_reported",
     KIND(DECIDED "along ladr") "ladder lader { escalates to a using most }",
     "B0201 1:134 no ladder `ladr`\n"},
    {"an_unknown_event_is_reported",
     "on happend { }"
     " event happened",
     "B0201 1:4 no event `happend`\n"},
    {"seconding_comes_later", KIND("seconded by 3 of a within 1 day " DECIDED),
     "B0499 1:104 seconding is not available yet\n"},
    {"a_property_is_skipped", "property \"p\" { never any x in a : true } role a",
     "W0599 1:1 a property is not available yet and is skipped\n"},
    {"an_own_clause_is_pointed_out",
     ROLES MOST "every proposal { veto by b within 1 day } proposal k { raised by a decided "
                "by a using most veto by a within 1 day }",
     "W0501 1:170 this `veto` stands in place of the one for every proposal\n"},
    {"what_is_not_used_is_pointed_out",
     KIND(DECIDED) "body c = a let n = 1 event e function f(x : number) = x ladder l { "
                   "escalates to a using most } procedure q { passes when approve > 0 }",
     "W0502 1:136 the body `c` is never used\n"
     "W0502 1:146 the constant `n` is never used\n"
     "W0502 1:158 the event `e` is never used\n"
     "W0502 1:169 the function `f` is never used\n"
     "W0502 1:194 the ladder `l` is never used\n"
     "W0502 1:236 the procedure `q` is never used\n"},
    {"a_kind_nobody_raises_is_pointed_out", ROLES MOST "proposal k { decided by a using most }",
     "W0503 1:88 nobody can raise `k`, and nothing opens it\n"},
    {"options_are_named_once",
     ROLES VOTE "proposal k { raised by a options x, y, x decided by a using vote }",
     "B0202 1:102 the option `x` is there twice\n"},
};

static void each_slip_has_its_message(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        compile(f, slips[i].policy);
        const char *got = messages(f);
        if (strcmp(got, slips[i].messages) != 0)
            fail_msg("%s\nexpected:\n%sgot:\n%s", slips[i].claim, slips[i].messages, got);
    }
}

/* ---- several files ---- */

static const file library[] = {
    {"lib",
     "policy ignored \"a library\" procedure most { passes when approve > reject fails otherwise } "
     "scenario \"not ours\" { after 1 day }"},
    {"base", "policy base \"the base\" use \"lib\" person { n : number } role a role b "
             "every proposal { veto by b within 1 day } "
             "proposal k { raised by a decided by a using most } "
             "scenario \"of the base\" { after 1 day }"},
    {"left", "use \"right\""},
    {"right", "use \"left\""},
};

static fixture *with_files(void **state)
{
    fixture *f = *state;
    f->files = library;
    f->file_count = COUNT_OF(library);
    return f;
}

static const bl_program *compiled(fixture *f, const char *text)
{
    if (!compile(f, text)) fail_msg("%s", messages(f));
    return f->compilation.program;
}

static void use_brings_declarations_and_no_scenarios(void **state)
{
    fixture *f = with_files(state);
    const bl_program *p = compiled(f, "policy main \"face\" use \"lib\" use \"lib\" role a "
                                      "proposal k { raised by a decided by a using most }");
    assert_int_equal(p->procedure_count, 1);
    assert_int_equal(p->source_count, 2);
    assert_null(f->compilation.scenarios);
    assert_true(bl_text_equal(p->policy_title, BL_TEXT("face")));
}

static void a_name_of_a_used_file_is_a_duplicate(void **state)
{
    fixture *f = with_files(state);
    assert_false(compile(f, "use \"lib\" procedure most { passes when approve > 0 }"));
    assert_string_equal(messages(f), "B0202 1:21 `most` is declared twice\n");
}

static void extends_adds_and_inherits_the_face(void **state)
{
    fixture *f = with_files(state);
    const bl_program *p = compiled(f, "policy main extends \"base\" role c");
    assert_int_equal(p->role_count, 3);
    assert_int_equal(p->kind_count, 1);
    assert_true(bl_text_equal(p->policy_name, BL_TEXT("main")));
    assert_true(bl_text_equal(p->policy_title, BL_TEXT("the base")));
    assert_null(f->compilation.scenarios);
}

static void extends_replaces_whole_declarations(void **state)
{
    fixture *f = with_files(state);
    const bl_program *p = compiled(f,
                                   "policy main extends \"base\" person { m : text } "
                                   "proposal k { raised by b decided by b using most } "
                                   "procedure most { passes when approve > 0 } "
                                   "every proposal { veto by a while open veto by b while open } "
                                   "scenario \"ours\" { after 1 day }");
    assert_int_equal(p->procedure_count, 1);
    assert_false(p->procedures[0].fails_otherwise);
    assert_int_equal(p->kind_count, 1);
    assert_int_equal(p->kinds[0].vetoes.count, 2);
    assert_int_equal(p->attribute_count, 1);
    assert_int_equal(p->attributes[0].type.base, BL_BASE_TEXT);
    assert_non_null(f->compilation.scenarios);
    assert_null(f->compilation.scenarios->next);
}

static void a_circle_of_files_is_named(void **state)
{
    fixture *f = with_files(state);
    assert_false(compile(f, "use \"left\""));
    assert_string_equal(messages(f),
                        "B0205 1:5 these files bring each other in: left -> right -> left\n");
}

static bool load_any(void *context, bl_text path, bl_text from, bl_text *shown, bl_text *out)
{
    char *text = context;
    (void)from;
    int next = atoi(path.bytes) + 1;
    *shown = path;
    text += (next - 1) * 32;
    snprintf(text, 32, "use \"%d\"", next);
    *out = bl_text_of(text);
    return true;
}

static void files_are_limited(void **state)
{
    fixture *f = *state;
    char *texts = calloc(BL_MODULE_COUNT_MAX + 2, 32);
    bl_compile(&f->arena, &f->program_arena, BL_TEXT("main"), BL_TEXT("use \"1\""), load_any, texts,
               &f->compilation);
    assert_string_equal(messages(f), "B0206 1:5 a policy may consist of 64 files at most\n");
    assert_int_equal(f->compilation.source_count, BL_MODULE_COUNT_MAX);
    free(texts);
}

/* ---- what the tables hold ---- */

static void steps_alternatives_and_plans_stand_together(void **state)
{
    fixture *f = *state;
    const bl_program *p = compiled(
        f,
        ROLES MOST "ladder up { escalates to a using most escalates to b using most } "
                   "proposal k { raised by a "
                   "decided by a using most when author is a together with b using most "
                   "decided by b using most then by a using most together with b using most "
                   "along up escalates to a or b using most dispute by a within 1 day "
                   "veto by b within 1 day overridden { by a using most then by b using most } }");
    const bl_kind *k = &p->kinds[0];
    assert_int_equal(k->steps.count, 2);
    const bl_step *first = &p->steps[k->steps.first];
    assert_int_equal(first[0].count, 2);
    assert_int_equal(p->alternatives[first[0].first].count, 2);
    assert_int_equal(p->alternatives[first[0].first + 1].count, 1);
    assert_int_equal(first[1].count, 1);
    assert_int_equal(p->alternatives[first[1].first].count, 2);
    assert_int_equal(k->rungs.count, 3);
    assert_true(bl_text_equal(p->plans[k->rungs.first + 2].text,
                              BL_TEXT("escalates to a or b using most")));
    assert_int_equal(k->disputes.count, 1);
    assert_int_equal(k->vetoes.count, 1);
    assert_int_equal(p->vetoes[k->vetoes.first].overrides.count, 2);
}

static void inclusion_is_closed(void **state)
{
    fixture *f = *state;
    const bl_program *p = compiled(f, "role a { includes b } role b { includes c } role c role d");
    assert_int_equal(p->roles[0].included_by.count, 0);
    assert_int_equal(p->roles[1].included_by.count, 1);
    assert_int_equal(p->roles[2].included_by.count, 2);
    assert_int_equal(p->indexes[p->roles[2].included_by.first], 1);
    assert_int_equal(p->indexes[p->roles[2].included_by.first + 1], 0);
    assert_int_equal(p->roles[3].included_by.count, 0);
}

static void an_attribute_of_two_kinds_of_actor_is_one_row(void **state)
{
    fixture *f = *state;
    const bl_program *p = compiled(
        f, "person { n : number = 0 } organization { n : number m : text } scope s { n : text }");
    assert_int_equal(p->actor_attribute_count, 2);
    assert_int_equal(p->attributes[0].actor_kinds, BL_ACTOR_PERSON | BL_ACTOR_ORGANIZATION);
    assert_int_equal(p->attributes[1].slot, 1);
    assert_int_equal(p->scopes[0].attributes.first, 2);
    assert_int_equal(p->attributes[2].slot, 0);
}

static void clauses_for_every_proposal_reach_those_they_name(void **state)
{
    fixture *f = *state;
    const bl_program *p = compiled(
        f, ROLES MOST
        "scope s every proposal on s except l { veto by a within 1 day dispute by b within 1 day } "
        "proposal k on s { raised by a decided by a using most escalates to b using most } "
        "proposal l on s { raised by a decided by a using most escalates to b using most } "
        "proposal m { raised by a decided by a using most escalates to b using most } "
        "proposal n on s { raised by a decided by a using most } ");
    assert_int_equal(p->kinds[0].vetoes.count, 1);
    assert_int_equal(p->kinds[0].disputes.count, 1);
    assert_int_equal(p->kinds[1].vetoes.count, 0);
    assert_int_equal(p->kinds[2].vetoes.count, 0);
    assert_int_equal(p->kinds[3].vetoes.count, 1);
    assert_int_equal(p->kinds[3].disputes.count, 0); /* no rung to go to */
}

static void the_default_option_is_last(void **state)
{
    fixture *f = *state;
    const bl_program *p = compiled(
        f,
        ROLES VOTE "proposal k { raised by a options x, y default none decided by a using vote }");
    const bl_range options = p->kinds[0].options;
    assert_int_equal(options.count, 3);
    bl_text last = bl_names_text(p->names, p->indexes[options.first + 2]);
    assert_true(bl_text_equal(last, BL_TEXT("none")));
}

static void the_dump_is_the_same_each_time(void **state)
{
    fixture *f = *state;
    const char *policy = KIND(DECIDED "escalates to b using most within 2 days cites \"X\"");
    bl_buffer first, second;
    bl_buffer_init(&first, &bl_memory_default);
    bl_buffer_init(&second, &bl_memory_default);
    bl_program_dump(compiled(f, policy), &first);
    bl_program_dump(compiled(f, policy), &second);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    assert_true(bl_text_contains((bl_text){first.bytes, first.size}, BL_TEXT("cites \"X\"")));
    bl_buffer_free(&first);
    bl_buffer_free(&second);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_slip_has_its_message),
        TEST(use_brings_declarations_and_no_scenarios),
        TEST(a_name_of_a_used_file_is_a_duplicate),
        TEST(extends_adds_and_inherits_the_face),
        TEST(extends_replaces_whole_declarations),
        TEST(a_circle_of_files_is_named),
        TEST(files_are_limited),
        TEST(steps_alternatives_and_plans_stand_together),
        TEST(inclusion_is_closed),
        TEST(an_attribute_of_two_kinds_of_actor_is_one_row),
        TEST(clauses_for_every_proposal_reach_those_they_name),
        TEST(the_default_option_is_last),
        TEST(the_dump_is_the_same_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
