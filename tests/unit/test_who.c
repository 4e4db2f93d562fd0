/*
 * What `who can` and `pending` say is what happens: at moments of every scenario of the library and
 * of every story, each verb is asked about each proposal, and then done by everybody. An act is
 * refused exactly when the answer does not name its actor.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bylaw.h"

#define LINE_COUNT_MAX 4000
#define MOMENT_COUNT_MAX 8 /* of one history, spread over it */
#define STRIDE 7 /* of those whom a clause for anyone lets, so many are passed over */
#define NAME_COUNT_MAX 600

static const char *const verbs[] = {"approve", "reject",   "abstain", "rank",
                                    "veto",    "uphold",   "dispute", "withdraw",
                                    "recuse",  "conflict", "publish"};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

typedef struct text {
    char *bytes;
    size_t size, capacity;
} text;

static void add(void *context, const char *bytes, size_t size)
{
    text *of = context;
    if (of->size + size + 1 > of->capacity) {
        of->capacity = (of->size + size + 1) * 2;
        of->bytes = realloc(of->bytes, of->capacity);
        assert_non_null(of->bytes);
    }
    memcpy(of->bytes + of->size, bytes, size);
    of->size += size;
    of->bytes[of->size] = '\0';
}

static bylaw_text text_of(const char *words)
{
    return (bylaw_text){words, strlen(words)};
}

static text read_file(const char *path)
{
    text of = {NULL, 0, 0};
    char piece[4096];
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("cannot read %s", path);
    add(&of, "", 0);
    for (size_t size; (size = fread(piece, 1, sizeof piece, file)) > 0;)
        add(&of, piece, size);
    fclose(file);
    return of;
}

/* ---- a history, and engines that went through some of it ---- */

typedef struct history {
    const char *name;
    bylaw_policy *policy;
    text roster, events;
    bylaw_text lines[LINE_COUNT_MAX]; /* of the events */
    size_t line_count;
    char *proposals[NAME_COUNT_MAX];
    size_t proposal_count;
    char *ranked[NAME_COUNT_MAX]; /* candidates that ballots of the history named */
    size_t ranked_count;
} history;

typedef struct watch {
    const char *verb; /* NULL: nothing is watched */
    const char *proposal;
    bool is_refused;
} watch;

static bool is_text(bylaw_text said, const char *wanted)
{
    return said.size == strlen(wanted) && memcmp(said.bytes, wanted, said.size) == 0;
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    watch *of = context;
    if (!of->verb) return;
    if (is_text(outcome->type, "malformed") ||
        (is_text(outcome->type, "refused") && is_text(outcome->event, of->verb) &&
         is_text(outcome->proposal, of->proposal) && outcome->actor.size > 0))
        of->is_refused = true;
}

static bylaw_engine *engine_at(const history *of, size_t line_count, watch *watching)
{
    const bylaw_engine_options options = {
        .outcome = take_outcome, .context = watching, .record = true};
    bylaw_engine *engine;
    assert_int_equal(bylaw_engine_create(of->policy, &options, &engine), BYLAW_OK);
    if (of->roster.size > 0)
        bylaw_engine_feed(engine, BYLAW_ROSTER, of->roster.bytes, of->roster.size);
    bylaw_engine_end(engine, BYLAW_ROSTER);
    const bylaw_text last = of->lines[line_count - 1];
    bylaw_engine_feed(engine, BYLAW_EVENTS, of->events.bytes,
                      (size_t)(last.bytes + last.size - of->events.bytes));
    return engine;
}

/* Whether the act is refused when it really comes. */
static bool is_refused_with(const char *ranked, bylaw_engine *engine, watch *watching,
                            const char *verb, const char *proposal, const char *actor)
{
    char line[800];
    *watching = (watch){verb, proposal, false};
    const int size = snprintf(line, sizeof line,
                              "{\"type\":\"%s\",\"actor\":\"%s\",\"proposal\":\"%s\",\"reason\":"
                              "\"so\",\"ranking\":[\"%s\"]}\n",
                              verb, actor, proposal, ranked);
    bylaw_engine_feed(engine, BYLAW_EVENTS, line, (size_t)size);
    watching->verb = NULL;
    return watching->is_refused;
}

/* A ballot of an election is tried with each candidate: one may have withdrawn, or stand in another
 * one. */
static bool is_refused(const history *of, bylaw_engine *engine, watch *watching, const char *verb,
                       const char *proposal, const char *actor)
{
    if (strcmp(verb, "rank") != 0)
        return is_refused_with("none", engine, watching, verb, proposal, actor);
    for (size_t i = 0; i < of->ranked_count; i++)
        if (!is_refused_with(of->ranked[i], engine, watching, verb, proposal, actor)) return false;
    return true;
}

static void note_ranked(history *of, const char *name)
{
    for (size_t i = 0; i < of->ranked_count; i++)
        if (strcmp(of->ranked[i], name) == 0) return;
    if (of->ranked_count < NAME_COUNT_MAX) of->ranked[of->ranked_count++] = strdup(name);
}

static void note_event(history *of, bylaw_text line)
{
    json_t *event = json_loadb(line.bytes, line.size, 0, NULL);
    const char *type = json_string_value(json_object_get(event, "type"));
    const char *id = json_string_value(json_object_get(event, "id"));
    if (type && id && strcmp(type, "propose") == 0 && of->proposal_count < NAME_COUNT_MAX)
        of->proposals[of->proposal_count++] = strdup(id);
    json_t *ranking = json_object_get(event, "ranking");
    for (size_t i = 0; i < json_array_size(ranking); i++)
        if (json_string_value(json_array_get(ranking, i)))
            note_ranked(of, json_string_value(json_array_get(ranking, i)));
    json_decref(event);
}

static void cut_lines(history *of)
{
    const char *at = of->events.bytes, *end = at + of->events.size;
    while (at < end && of->line_count < LINE_COUNT_MAX) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline ? newline + 1 : end;
        of->lines[of->line_count] = (bylaw_text){at, (size_t)(next - at)};
        note_event(of, of->lines[of->line_count++]);
        at = next;
    }
}

static void forget(history *of)
{
    for (size_t i = 0; i < of->proposal_count; i++)
        free(of->proposals[i]);
    for (size_t i = 0; i < of->ranked_count; i++)
        free(of->ranked[i]);
    free(of->roster.bytes);
    free(of->events.bytes);
}

/* ---- what is said ---- */

/* The handles an engine knows, each on a line. */
static text handles_of(bylaw_engine *engine)
{
    text of = {NULL, 0, 0};
    add(&of, "", 0);
    const bylaw_writer writer = {add, &of};
    assert_int_equal(bylaw_engine_complete(engine, text_of("@"), 100000, writer), BYLAW_OK);
    return of;
}

typedef bylaw_status (*question)(bylaw_engine *, const bylaw_question *, bylaw_writer);

/* The lines of an answer as an array; NULL where there is no such proposal. */
static json_t *ask(bylaw_engine *engine, question asked, const char *about, const char *word)
{
    text said = {NULL, 0, 0};
    const bylaw_question what = {
        .about = text_of(about), .word = text_of(word), .format = BYLAW_JSON};
    add(&said, "", 0);
    const bylaw_status status = asked(engine, &what, (bylaw_writer){add, &said});
    json_t *lines = status == BYLAW_OK ? json_array() : NULL;
    for (char *at = said.bytes; lines && *at;) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        json_t *line = json_loadb(at, (size_t)(end - at), 0, NULL);
        assert_non_null(line);
        json_array_append_new(lines, line);
        at = end + 1;
    }
    free(said.bytes);
    return lines;
}

static bool names(const json_t *answer, const char *actor)
{
    size_t i, k;
    json_t *line, *other;
    json_array_foreach(answer, i, line)
    {
        if (strcmp(json_string_value(json_object_get(line, "type")), "can") != 0) continue;
        if (json_is_true(json_object_get(line, "anyone"))) return true;
        json_array_foreach(json_object_get(line, "actors"), k,
                           other) if (strcmp(json_string_value(other), actor) == 0) return true;
    }
    return false;
}

static bool is_for_anyone(const json_t *answer)
{
    return json_is_true(json_object_get(json_array_get(answer, 0), "anyone"));
}

/* ---- comparing ---- */

typedef struct moment {
    const history *of;
    size_t line_count;
    size_t probe_count;
} moment;

/* Those who are not named one after the other, since a refusal changes nothing; each of the others
 * in a world of its own. */
static void compare_acts(moment *m, const char *verb, const char *proposal, const json_t *answer,
                         text handles)
{
    watch shared_watch = {NULL, NULL, false};
    bylaw_engine *shared = engine_at(m->of, m->line_count, &shared_watch);
    size_t anyone_count = 0;
    char *copy = strdup(handles.bytes), *rest = NULL;
    for (char *at = strtok_r(copy, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
        const char *actor = at + 1; /* without @ */
        const bool is_named = names(answer, actor);
        if (is_named && strcmp(verb, "rank") == 0 && m->of->ranked_count == 0) continue;
        if (is_for_anyone(answer) && anyone_count++ % STRIDE > 0 && rest && *rest) continue;
        watch own_watch = {NULL, NULL, false};
        bylaw_engine *own = is_named ? engine_at(m->of, m->line_count, &own_watch) : shared;
        const bool refused = is_refused(m->of, own, is_named ? &own_watch : &shared_watch, verb,
                                        proposal, actor);
        if (refused == is_named)
            fail_msg("%s, after event %zu: @%s can %s %s is said to be %s", m->of->name,
                     m->line_count, actor, verb, proposal, is_named ? "so" : "not so");
        if (is_named) bylaw_engine_destroy(own);
        m->probe_count++;
    }
    free(copy);
    bylaw_engine_destroy(shared);
}

/* What is pending for an actor is what who can says, but for what is no turn of anybody. */
static void compare_pending(const moment *m, bylaw_engine *engine, const char *proposal,
                            json_t *const answers[VERB_COUNT], const char *actor)
{
    json_t *items = ask(engine, bylaw_engine_pending, actor, "");
    assert_non_null(items);
    for (size_t v = 0; v < VERB_COUNT; v++) {
        const char *verb = verbs[v];
        if (strcmp(verb, "approve") != 0 && strcmp(verb, "rank") != 0 &&
            strcmp(verb, "veto") != 0 && strcmp(verb, "dispute") != 0 &&
            strcmp(verb, "withdraw") != 0)
            continue;
        bool is_pending = false;
        size_t i;
        json_t *item;
        json_array_foreach(items, i, item)
        {
            const char *event = json_string_value(json_object_get(item, "event"));
            if (strcmp(event, "vote") == 0) event = "approve";
            if (strcmp(event, verb) == 0 &&
                strcmp(json_string_value(json_object_get(item, "proposal")), proposal) == 0)
                is_pending = true;
        }
        if (is_pending != names(answers[v], actor))
            fail_msg("%s, after event %zu: %s %s is%s pending for @%s", m->of->name, m->line_count,
                     verb, proposal, is_pending ? "" : " not", actor);
    }
    json_decref(items);
}

/* What waits for anybody is what waits for each. */
static void compare_waiting(const moment *m, bylaw_engine *engine, text handles)
{
    json_t *all = ask(engine, bylaw_engine_pending, "", "");
    size_t count = 0;
    char *copy = strdup(handles.bytes), *rest = NULL;
    for (char *at = strtok_r(copy, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
        json_t *own = ask(engine, bylaw_engine_pending, at, "");
        if (!own) continue; /* nobody of the history: a handle only the questions name */
        size_t i, k;
        json_t *item, *other;
        json_array_foreach(own, i, item)
        {
            if (!json_is_true(json_object_get(item, "waiting"))) continue;
            bool is_there = false;
            json_array_foreach(all, k, other) is_there = is_there || json_equal(item, other);
            if (!is_there)
                fail_msg(
                    "%s, after event %zu: something waits for %s but is not in the list of all",
                    m->of->name, m->line_count, at);
            count++;
        }
        json_decref(own);
    }
    free(copy);
    if (count != json_array_size(all))
        fail_msg("%s, after event %zu: %zu things wait for all, and %zu for each", m->of->name,
                 m->line_count, json_array_size(all), count);
    json_decref(all);
}

static void compare_proposal(moment *m, bylaw_engine *engine, const char *proposal, text handles)
{
    json_t *answers[VERB_COUNT];
    text with_stranger = {NULL, 0, 0};
    add(&with_stranger, handles.bytes, handles.size);
    add(&with_stranger, "@nobody-else\n", 13);
    for (size_t v = 0; v < VERB_COUNT; v++)
        answers[v] = ask(engine, bylaw_engine_who_can, proposal, verbs[v]);
    for (size_t v = 0; v < VERB_COUNT && answers[v]; v++)
        compare_acts(m, verbs[v], proposal, answers[v], with_stranger);
    char *copy = strdup(handles.bytes), *rest = NULL;
    for (char *at = strtok_r(copy, "\n", &rest); at && answers[0]; at = strtok_r(NULL, "\n", &rest))
        compare_pending(m, engine, proposal, answers, at + 1);
    free(copy);
    free(with_stranger.bytes);
    for (size_t v = 0; v < VERB_COUNT; v++)
        json_decref(answers[v]);
}

/* The moments stand close together where the history is short. */
static size_t compare_all(const history *of)
{
    const size_t step = of->line_count / MOMENT_COUNT_MAX + 1;
    size_t probe_count = 0;
    for (size_t i = of->line_count; i > 0 && of->proposal_count > 0; i = i > step ? i - step : 0) {
        watch nothing = {NULL, NULL, false};
        bylaw_engine *engine = engine_at(of, i, &nothing);
        moment m = {of, i, 0};
        text handles = handles_of(engine);
        for (size_t p = 0; p < of->proposal_count; p++)
            compare_proposal(&m, engine, of->proposals[p], handles);
        compare_waiting(&m, engine, handles);
        free(handles.bytes);
        bylaw_engine_destroy(engine);
        probe_count += m.probe_count;
    }
    return probe_count;
}

/* ---- where histories come from ---- */

static bylaw_policy *compile(const char *path, const text *source)
{
    const bylaw_compile_options options = {.name = text_of(path),
                                           .text = {source->bytes, source->size}};
    bylaw_policy *policy;
    if (bylaw_policy_compile(&options, &policy) != BYLAW_OK) fail_msg("%s does not compile", path);
    return policy;
}

/* Behind a quoted text or a comment that begins here, else the next byte. */
static const char *behind(const char *at)
{
    if (*at == '#') return at + strcspn(at, "\n");
    if (*at != '"') return at + 1;
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1]) at++;
    return *at ? at + 1 : at;
}

/* What stands between the braces of the next scenario behind `at`; *next: behind it. */
static bylaw_text next_scenario(const char *at, const char **next)
{
    const char *body = NULL;
    int depth = 0;
    bool is_scenario = false;
    for (; *at; at = behind(at)) {
        if (depth == 0 && strncmp(at, "scenario \"", 10) == 0) is_scenario = true;
        if (*at == '{' && depth++ == 0) body = at + 1;
        if (*at != '}' || --depth > 0) continue;
        if (is_scenario) {
            *next = at + 1;
            return (bylaw_text){body, (size_t)(at - body)};
        }
    }
    *next = at;
    return (bylaw_text){NULL, 0};
}

/* The lines that a scenario's statements become. */
static void play(history *of, bylaw_text statements)
{
    watch nothing = {NULL, NULL, false};
    const bylaw_engine_options options = {.outcome = take_outcome, .context = &nothing};
    const bylaw_say_options how = {.lines = {add, &of->events}, .name = text_of("scenario")};
    bylaw_engine *engine;
    assert_int_equal(bylaw_engine_create(of->policy, &options, &engine), BYLAW_OK);
    const bylaw_status status = bylaw_engine_say(engine, of->policy, statements, &how);
    if (status != BYLAW_OK)
        fail_msg("%s: %s: %.*s", of->name, bylaw_status_text(status), (int)statements.size,
                 statements.bytes);
    bylaw_engine_destroy(engine);
}

static void test_policy(const char *path)
{
    text source = read_file(path);
    bylaw_policy *policy = compile(path, &source);
    size_t probe_count = 0;
    const char *at = source.bytes;
    for (bylaw_text body; (body = next_scenario(at, &at)).bytes;) {
        history *of = calloc(1, sizeof *of);
        assert_non_null(of);
        of->name = path;
        of->policy = policy;
        add(&of->events, "", 0);
        play(of, body);
        cut_lines(of);
        probe_count += compare_all(of);
        forget(of);
        free(of);
    }
    bylaw_policy_destroy(policy);
    free(source.bytes);
    assert_true(probe_count > 100);
}

static void test_story(const char *policy_path, const char *roster, const char *events)
{
    text source = read_file(policy_path);
    history *of = calloc(1, sizeof *of);
    assert_non_null(of);
    of->name = events;
    of->policy = compile(policy_path, &source);
    if (roster) of->roster = read_file(roster);
    of->events = read_file(events);
    cut_lines(of);
    assert_true(compare_all(of) > 100);
    bylaw_policy_destroy(of->policy);
    forget(of);
    free(of);
    free(source.bytes);
}

/* A dispute ends the vote on a veto that was under way: nobody can go on with it. */
static void who_can_veto_anew_after_a_dispute_ended_the_vote(void **state)
{
    (void)state;
    const char statements[] =
        "given module nn, vision\n"
        "given @ana, @bo are maintainer of nn\n"
        "given @dan is maintainer of vision\n"
        "given @chi, @dee, @eli are core_maintainer\n"
        "@zoe proposes controversial_change on nn as rename { issue: \"1\" }\n"
        "@chi vetoes rename because \"breaks callers\"\n"
        "@dan disputes rename because \"ours too\"\n"
        "after 1 day\n"
        "@ana approves rename\n";
    text source = read_file("stdlib/pytorch.bylaw");
    history *of = calloc(1, sizeof *of);
    assert_non_null(of);
    of->name = "a veto and a dispute";
    of->policy = compile("stdlib/pytorch.bylaw", &source);
    add(&of->events, "", 0);
    play(of, text_of(statements));
    cut_lines(of);
    assert_true(compare_all(of) > 100);
    watch nothing = {NULL, NULL, false};
    bylaw_engine *engine = engine_at(of, of->line_count, &nothing);
    json_t *answer = ask(engine, bylaw_engine_who_can, "rename", "veto");
    assert_null(json_object_get(json_array_get(answer, 0), "because"));
    assert_int_equal(json_array_size(json_object_get(json_array_get(answer, 0), "actors")), 3);
    json_decref(answer);
    bylaw_engine_destroy(engine);
    bylaw_policy_destroy(of->policy);
    forget(of);
    free(of);
    free(source.bytes);
}

#define TEST_POLICY(name, path)                                                                    \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        test_policy(path);                                                                         \
    }
TEST_POLICY(who_can_act_in_the_apache_policy, "stdlib/apache.bylaw")
TEST_POLICY(who_can_act_in_the_debian_policy, "stdlib/debian-committee.bylaw")
TEST_POLICY(who_can_act_in_the_council_policy, "stdlib/eu-council.bylaw")
TEST_POLICY(who_can_act_in_the_pytorch_policy, "stdlib/pytorch.bylaw")
TEST_POLICY(who_can_act_in_the_later_pytorch_policy, "stdlib/pytorch-2026.bylaw")
TEST_POLICY(who_can_act_in_the_security_council_policy, "stdlib/unsc.bylaw")
TEST_POLICY(who_can_act_in_the_congress_policy, "stdlib/us.bylaw")
TEST_POLICY(who_can_act_at_deadlines, "tests/policies/deadlines.bylaw")
TEST_POLICY(who_can_act_in_elections, "tests/policies/elections.bylaw")
TEST_POLICY(who_can_act_when_decisions_fall, "tests/policies/falls.bylaw")

#define STORY(name)                                                                                \
    static void who_can_act_in_the_story_of_##name(void **state)                                   \
    {                                                                                              \
        (void)state;                                                                               \
        test_story("stdlib/pytorch.bylaw", "examples/pytorch/roster.jsonl",                        \
                   "examples/pytorch/" #name ".jsonl");                                            \
    }
STORY(dispute)
STORY(veto)
STORY(nomination)
STORY(uncontroversial)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_can_veto_anew_after_a_dispute_ended_the_vote),
        cmocka_unit_test(who_can_act_in_the_apache_policy),
        cmocka_unit_test(who_can_act_in_the_debian_policy),
        cmocka_unit_test(who_can_act_in_the_council_policy),
        cmocka_unit_test(who_can_act_in_the_pytorch_policy),
        cmocka_unit_test(who_can_act_in_the_later_pytorch_policy),
        cmocka_unit_test(who_can_act_in_the_security_council_policy),
        cmocka_unit_test(who_can_act_in_the_congress_policy),
        cmocka_unit_test(who_can_act_at_deadlines),
        cmocka_unit_test(who_can_act_in_elections),
        cmocka_unit_test(who_can_act_when_decisions_fall),
        cmocka_unit_test(who_can_act_in_the_story_of_dispute),
        cmocka_unit_test(who_can_act_in_the_story_of_veto),
        cmocka_unit_test(who_can_act_in_the_story_of_nomination),
        cmocka_unit_test(who_can_act_in_the_story_of_uncontroversial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
