/*
 * Fails each allocation once: `memory_fails POLICY` compiles the policy and runs each of its
 * scenarios, `memory_fails POLICY EVENTS [ROSTER]` runs the events under it, each again and again,
 * the n-th allocation failing the n-th time, until a run needs fewer than n.
 *
 * A run may give BYLAW_NOMEM or, where memory was for show only, go on; it must not crash, not
 * leak, and must free with the size it allocated. Without a failure everything must be as it was
 * without this allocator. Exit status 1 if not.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"

/* What stands before each piece; keeps the alignment of malloc. */
typedef union header {
    size_t size;
    max_align_t align;
} header;

typedef struct ledger {
    uint64_t count; /* allocations so far */
    uint64_t fail_at; /* the one that fails, from 1; 0: none */
    uint64_t live; /* bytes */
    bool has_failed;
    bool is_broken; /* a size that was never allocated */
} ledger;

static void forget(ledger *ledger_of, void *pointer, size_t size)
{
    if (!pointer) return;
    header *piece = (header *)pointer - 1;
    if (piece->size != size) ledger_of->is_broken = true;
    ledger_of->live -= piece->size;
    free(piece);
}

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    ledger *book = context;
    if (new_size == 0) {
        forget(book, pointer, old_size);
        return NULL;
    }
    if (++book->count == book->fail_at) {
        book->has_failed = true;
        return NULL;
    }
    header *piece = malloc(sizeof *piece + new_size);
    if (!piece) exit(3);
    piece->size = new_size;
    book->live += new_size;
    memset(piece + 1, 0xA5, new_size);
    if (pointer) {
        memcpy(piece + 1, pointer, old_size < new_size ? old_size : new_size);
        forget(book, pointer, old_size);
    }
    return piece + 1;
}

/* ---- one run ---- */

typedef struct inputs {
    const char *name;
    bylaw_text policy;
    bylaw_text events;
    bylaw_text roster;
} inputs;

typedef struct run {
    const bylaw_allocator *allocator;
    const inputs *in;
    bylaw_policy *policy; /* compiled before; NULL where compiling is what runs */
    bylaw_text scenario;
    uint64_t sum; /* of all bytes written: two runs that say the same have the same */
    bylaw_status written; /* of the first outcome that could not be written */
} run;

static void add_bytes(void *context, const char *bytes, size_t size)
{
    run *of = context;
    for (size_t i = 0; i < size; i++)
        of->sum = of->sum * 1099511628211u + (unsigned char)bytes[i] + 1;
}

static bylaw_status compile(run *of, bylaw_policy **out)
{
    const bylaw_compile_options options = {.name = {of->in->name, strlen(of->in->name)},
                                           .text = of->in->policy,
                                           .allocator = of->allocator};
    return bylaw_policy_compile(&options, out);
}

/* What comes before the part that a run is about does not fail: `hold` and then `resume`. */
static uint64_t hold(ledger *book)
{
    const uint64_t fail_at = book->fail_at;
    book->fail_at = 0;
    return fail_at;
}

static void resume(ledger *book, uint64_t fail_at)
{
    book->count = 0;
    book->fail_at = fail_at;
}

/* Compiles, and says what is wrong. */
static bylaw_status run_compile(run *of)
{
    bylaw_policy *policy;
    bylaw_status status = compile(of, &policy);
    const bylaw_writer writer = {add_bytes, of};
    if (policy) status = bylaw_policy_diagnostics(policy, BYLAW_TEXT, true, writer);
    if (policy && status == BYLAW_OK)
        status = bylaw_policy_diagnostics(policy, BYLAW_JSON, false, writer);
    bylaw_policy_destroy(policy);
    return status;
}

/* Tells what there is to tell of a policy without errors. */
static bylaw_status run_tell(run *of)
{
    const bylaw_writer writer = {add_bytes, of};
    bylaw_status status = bylaw_policy_dump(of->policy, writer);
    static const bylaw_format drawn[] = {BYLAW_TEXT, BYLAW_JSON, BYLAW_DOT, BYLAW_SVG};
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0] && status == BYLAW_OK; i++)
        status = bylaw_policy_graph(of->policy, (bylaw_text){"", 0}, drawn[i], writer);
    for (bylaw_format format = BYLAW_JSON; status == BYLAW_OK && format <= BYLAW_HTML; format++)
        status = bylaw_policy_render(of->policy, format, writer);
    return status;
}

static void take_result(void *context, const bylaw_scenario_result *result)
{
    add_bytes(context, result->name.bytes, result->name.size);
    add_bytes(context, result->report.bytes, result->report.size);
}

static bylaw_status run_scenario(run *of)
{
    const bylaw_test_options options = {
        .result = take_result, .context = of, .only = of->scenario, .coverage = true};
    return bylaw_policy_test(of->policy, &options, NULL, NULL);
}

/* What the scenarios before reached. */
static bylaw_status run_coverage(run *of)
{
    bylaw_status status = BYLAW_OK;
    static const bylaw_format formats[] = {BYLAW_TEXT, BYLAW_JSON, BYLAW_HTML};
    for (size_t i = 0; i < sizeof formats / sizeof *formats && status == BYLAW_OK; i++)
        status = bylaw_policy_coverage(of->policy, formats[i], false, (bylaw_writer){add_bytes, of},
                                       NULL, NULL);
    return status;
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    run *of = context;
    const bylaw_writer writer = {add_bytes, of};
    bylaw_status json = bylaw_outcome_write(outcome, BYLAW_JSON, false, of->allocator, writer);
    bylaw_status text = bylaw_outcome_write(outcome, BYLAW_TEXT, true, of->allocator, writer);
    if (json != BYLAW_OK || text != BYLAW_OK) of->written = BYLAW_NOMEM;
}

static bylaw_status feed_all(bylaw_engine *engine, const inputs *in)
{
    bylaw_status status = bylaw_engine_feed(engine, BYLAW_ROSTER, in->roster.bytes,
                                            in->roster.size);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_ROSTER);
    if (status == BYLAW_OK)
        status = bylaw_engine_feed(engine, BYLAW_EVENTS, in->events.bytes, in->events.size);
    return status == BYLAW_OK ? bylaw_engine_end(engine, BYLAW_EVENTS) : status;
}

/* All deadlines pass. */
static bylaw_status end_all(bylaw_engine *engine)
{
    static const char until[] = "2035-01-01T00:00:00Z";
    const bylaw_status status = bylaw_engine_until(engine, (bylaw_text){until, sizeof until - 1});
    return status == BYLAW_OK ? bylaw_engine_state(engine) : status;
}

/* An id that stands in the events, the first there is, so that `why` has something to say. */
static bylaw_text some_proposal(bylaw_text events)
{
    static const char key[] = "\"proposal\":\"";
    const size_t key_size = sizeof key - 1;
    for (size_t i = 0; i + key_size < events.size; i++) {
        if (memcmp(events.bytes + i, key, key_size) != 0) continue;
        bylaw_text id = {events.bytes + i + key_size, 0};
        while (i + key_size + id.size < events.size && id.bytes[id.size] != '"')
            id.size++;
        return id;
    }
    return (bylaw_text){"?", 1};
}

/* Every question there is, once in each form. `word` is what it takes beside its subject. */
typedef struct question {
    bylaw_status (*ask)(bylaw_engine *, const bylaw_question *, bylaw_writer);
    const char *word;
    bylaw_depth depth;
    bylaw_format format;
} question;
/* These are about everything, too. */
static bylaw_status of_all(bylaw_status (*ask)(bylaw_engine *, const bylaw_question *,
                                               bylaw_writer),
                           bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out)
{
    bylaw_question all = *asked;
    all.about = (bylaw_text){"", 0};
    return ask(engine, &all, out);
}

static bylaw_status pending_of_all(bylaw_engine *engine, const bylaw_question *asked,
                                   bylaw_writer out)
{
    return of_all(bylaw_engine_pending, engine, asked, out);
}

static bylaw_status roles_of_all(bylaw_engine *engine, const bylaw_question *asked,
                                 bylaw_writer out)
{
    return of_all(bylaw_engine_roles, engine, asked, out);
}

static bylaw_status all_proposals(bylaw_engine *engine, const bylaw_question *asked,
                                  bylaw_writer out)
{
    return of_all(bylaw_engine_proposals, engine, asked, out);
}

/* Whoever the engine knows first. */
static bylaw_status pending_of_one(bylaw_engine *engine, const bylaw_question *asked,
                                   bylaw_writer out)
{
    bylaw_question one = *asked;
    one.about = (bylaw_text){"contributor", 11}; /* a handle that stands in no roster */
    const bylaw_status status = bylaw_engine_pending(engine, &one, out);
    if (status != BYLAW_ABSENT) return status;
    one.about = (bylaw_text){"ezyang", 6};
    return bylaw_engine_pending(engine, &one, out);
}

static bylaw_status completion(bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out)
{
    char time[BYLAW_TIME_SIZE];
    const bylaw_text now = bylaw_engine_time(engine, time);
    out.write(out.context, now.bytes, now.size);
    return bylaw_engine_complete(engine, asked->word, 8, out);
}

static const question questions[] = {
    {bylaw_engine_who_can, "veto", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_who_can, "dispute", BYLAW_RULES, BYLAW_JSON},
    {pending_of_all, "", BYLAW_RULES, BYLAW_TEXT},
    {pending_of_all, "", BYLAW_RULES, BYLAW_JSON},
    {pending_of_one, "", BYLAW_RULES, BYLAW_TEXT},
    {roles_of_all, "", BYLAW_RULES, BYLAW_TEXT},
    {roles_of_all, "", BYLAW_RULES, BYLAW_JSON},
    {all_proposals, "", BYLAW_RULES, BYLAW_TEXT},
    {all_proposals, "", BYLAW_RULES, BYLAW_JSON},
    {completion, "", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_why, "", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_why, "", BYLAW_RULES, BYLAW_JSON},
    {bylaw_engine_why, "", BYLAW_SENTENCE, BYLAW_TEXT},
    {bylaw_engine_why, "", BYLAW_SENTENCE, BYLAW_JSON},
    {bylaw_engine_why, "", BYLAW_EVERYTHING, BYLAW_TEXT},
    {bylaw_engine_why, "", BYLAW_EVERYTHING, BYLAW_JSON},
    {bylaw_engine_why_not, "", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_why_not, "effective", BYLAW_RULES, BYLAW_JSON},
    {bylaw_engine_why_not, "rejected", BYLAW_SENTENCE, BYLAW_JSON},
    {bylaw_engine_timeline, "", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_timeline, "", BYLAW_RULES, BYLAW_JSON},
    {bylaw_engine_timeline, "", BYLAW_RULES, BYLAW_SVG},
    {bylaw_engine_timeline, "", BYLAW_RULES, BYLAW_HTML},
};

/* These search, so that they have a run of their own. */
static const question searches[] = {
    {bylaw_engine_needs, "", BYLAW_RULES, BYLAW_TEXT},
    {bylaw_engine_needs, "final", BYLAW_RULES, BYLAW_JSON},
};

static bylaw_status ask(bylaw_engine *engine, run *of, const question *list, size_t count)
{
    const bylaw_writer writer = {add_bytes, of};
    const bylaw_text proposal = some_proposal(of->in->events);
    bylaw_status status = BYLAW_OK;
    for (size_t i = 0; i < count && status == BYLAW_OK; i++) {
        const question *q = &list[i];
        const bylaw_question asked = {.about = proposal,
                                      .word = {q->word, strlen(q->word)},
                                      .depth = q->depth,
                                      .format = q->format};
        status = q->ask(engine, &asked, writer);
        if (status == BYLAW_ABSENT) status = BYLAW_OK;
    }
    return status;
}

static bylaw_status ask_all(bylaw_engine *engine, run *of)
{
    return ask(engine, of, questions, sizeof questions / sizeof questions[0]);
}

/* Statements in the world as it is, and the whole history as a scenario. */
static bylaw_status say_and_write(bylaw_engine *engine, run *of)
{
    static const char statements[] = "after 1 day given @nobody is nothing";
    static const char good[] = "after 1 day expect now > 2000-01-01 expect now < 2000-01-01";
    const bylaw_writer writer = {add_bytes, of};
    const bylaw_say_options options = {
        .lines = writer, .complaints = writer, .color = true, .name = {"typed", 5}};
    bylaw_status status = bylaw_engine_say(
        engine, of->policy, (bylaw_text){statements, sizeof statements - 1}, &options);
    if (status == BYLAW_ERRORS)
        status = bylaw_engine_say(engine, of->policy, (bylaw_text){good, sizeof good - 1},
                                  &options);
    if (status == BYLAW_STOPPED)
        status = bylaw_scenario_write(of->policy, (bylaw_text){"told", 4}, of->in->roster,
                                      of->in->events, writer);
    return status == BYLAW_STOPPED ? BYLAW_OK : status;
}

static bylaw_status begin(run *of, bylaw_engine **engine)
{
    const bylaw_engine_options options = {.outcome = take_outcome,
                                          .context = of,
                                          .verbose = true,
                                          .record = true,
                                          .allocator = of->allocator};
    return bylaw_engine_create(of->policy, &options, engine);
}

static bylaw_status run_events(run *of)
{
    bylaw_engine *engine;
    bylaw_status status = begin(of, &engine);
    if (status != BYLAW_OK) return status;
    status = feed_all(engine, of->in);
    if (status == BYLAW_OK) status = end_all(engine);
    bylaw_engine_destroy(engine);
    return status == BYLAW_OK ? of->written : status;
}

/* Only what is asked fails: feeding has failed in run_events. */
static bylaw_status run_questions(run *of)
{
    ledger *book = of->allocator->context;
    const uint64_t fail_at = hold(book);
    bylaw_engine *engine;
    bylaw_status status = begin(of, &engine);
    if (status != BYLAW_OK) return status;
    status = feed_all(engine, of->in);
    resume(book, fail_at);
    if (status == BYLAW_OK) status = ask_all(engine, of);
    if (status == BYLAW_OK) status = end_all(engine);
    if (status == BYLAW_OK) status = ask_all(engine, of);
    if (status == BYLAW_OK) status = say_and_write(engine, of);
    bylaw_engine_destroy(engine);
    return status == BYLAW_OK ? of->written : status;
}

static bylaw_status run_searches(run *of)
{
    ledger *book = of->allocator->context;
    const uint64_t fail_at = hold(book);
    bylaw_engine *engine;
    bylaw_status status = begin(of, &engine);
    if (status != BYLAW_OK) return status;
    status = feed_all(engine, of->in);
    resume(book, fail_at);
    if (status == BYLAW_OK)
        status = ask(engine, of, searches, sizeof searches / sizeof searches[0]);
    bylaw_engine_destroy(engine);
    return status == BYLAW_OK ? of->written : status;
}

/* ---- the text ---- */

/* One that does not parse has only its diagnostics. */
static bylaw_status run_format(run *of)
{
    const bylaw_writer writer = {add_bytes, of};
    const bylaw_text name = {of->in->name, strlen(of->in->name)};
    const bylaw_status status = bylaw_policy_format(name, of->in->policy, of->allocator, writer,
                                                    writer);
    return status == BYLAW_ERRORS ? BYLAW_OK : status;
}

/* ---- all runs ---- */

static bool complain(const ledger *book, const char *where, const char *what)
{
    printf("%s, allocation %" PRIu64 ": %s\n", where, book->fail_at, what);
    return false;
}

static bool check_run(const ledger *book, uint64_t live_before, const char *where,
                      bylaw_status status, bool says_the_same)
{
    if (book->live != live_before) return complain(book, where, "memory is left");
    if (book->is_broken)
        return complain(book, where, "a piece was freed with another size than it has");
    if (status != BYLAW_OK && status != BYLAW_NOMEM)
        return complain(book, where, bylaw_status_text(status));
    if (!book->has_failed && status != BYLAW_OK)
        return complain(book, where, "out of memory though none failed");
    if (status == BYLAW_OK && !says_the_same)
        return complain(book, where, "something was left out in silence");
    return true;
}

/* Which allocations of a kind of run fail, unless BYLAW_FAIL=all: then each does. */
typedef enum failing {
    FAIL_EACH,
    FAIL_SOME, /* FAILURES_MOST of them, evenly spread: of what is written of what was done */
    FAIL_FIRST /* the first few, then ever farther apart: of what takes long itself */
} failing;

#define FAILURES_MOST 60

/* How far the next allocation to fail is behind this one, of so many in all. */
static uint64_t step_of(uint64_t fail_at, uint64_t all, failing which)
{
    const char *wanted = getenv("BYLAW_FAIL");
    if (fail_at == 0 || (wanted && strcmp(wanted, "all") == 0)) return 1;
    switch (which) {
    case FAIL_EACH: break;
    case FAIL_SOME: return 1 + all / FAILURES_MOST;
    case FAIL_FIRST: return 1 + fail_at / 8;
    }
    return 1;
}

/* Repeats one kind of run; adds how many allocations it makes to `count`. The allocator's context
 * is `book`. */
static bool fail_each(const char *where, ledger *book, bylaw_status (*act)(run *), run start,
                      failing which, uint64_t *count)
{
    uint64_t whole_sum = 0, all = 0;
    const uint64_t live_before = book->live;
    for (uint64_t fail_at = 0;; fail_at += step_of(fail_at, all, which)) {
        *book = (ledger){.fail_at = fail_at, .live = live_before};
        run of = start;
        bylaw_status status = act(&of);
        if (fail_at == 0) {
            whole_sum = of.sum;
            all = book->count;
        }
        if (!check_run(book, live_before, where, status, of.sum == whole_sum)) return false;
        if (fail_at > 0 && !book->has_failed) break;
    }
    *count += all;
    *book = (ledger){.live = live_before};
    return true;
}

#define SCENARIO_COUNT_MAX 512

typedef struct scenario_names {
    bylaw_text names[SCENARIO_COUNT_MAX];
    size_t count;
} scenario_names;

static void note_name(void *context, const bylaw_scenario_result *result)
{
    scenario_names *all = context;
    char *copy = malloc(result->name.size + 1);
    if (!copy || all->count == SCENARIO_COUNT_MAX) exit(3);
    memcpy(copy, result->name.bytes, result->name.size);
    copy[result->name.size] = '\0';
    all->names[all->count++] = (bylaw_text){copy, result->name.size};
}

static bool fail_scenarios(ledger *book, run start, uint64_t *count)
{
    scenario_names all = {.count = 0};
    const bylaw_test_options options = {.result = note_name,
                                        .context = &all,
                                        .only = {"", 0},
                                        .coverage = true}; /* its counts stay */
    bool is_fine = bylaw_policy_test(start.policy, &options, NULL, NULL) == BYLAW_OK;
    for (size_t i = 0; i < all.count; i++) {
        start.scenario = all.names[i];
        is_fine = is_fine &&
                  fail_each(all.names[i].bytes, book, run_scenario, start, FAIL_EACH, count);
        free((void *)(uintptr_t)all.names[i].bytes);
    }
    return is_fine;
}

static bool fail_policy(ledger *book, run start, uint64_t *count)
{
    return fail_each("telling", book, run_tell, start, FAIL_SOME, count) &&
           fail_scenarios(book, start, count) &&
           fail_each("coverage", book, run_coverage, start, FAIL_SOME, count);
}

static bool fail_events(ledger *book, run start, uint64_t *count)
{
    return fail_each("events", book, run_events, start, FAIL_EACH, count) &&
           fail_each("questions", book, run_questions, start, FAIL_SOME, count) &&
           fail_each("needs", book, run_searches, start, FAIL_FIRST, count);
}

/* Everything about the policy, or where there are events, everything about them. */
static bool fail_all(const inputs *in)
{
    ledger book = {0};
    const bylaw_allocator allocator = {resize, &book};
    run start = {.allocator = &allocator, .in = in, .sum = 14695981039346656037u};
    uint64_t count = 0;
    bool is_fine = in->events.size > 0 ||
                   (fail_each("compiling", &book, run_compile, start, FAIL_EACH, &count) &&
                    fail_each("formatting", &book, run_format, start, FAIL_EACH, &count));
    if (is_fine && compile(&start, &start.policy) == BYLAW_OK)
        is_fine = in->events.size == 0 ? fail_policy(&book, start, &count)
                                       : fail_events(&book, start, &count);
    bylaw_policy_destroy(start.policy);
    if (is_fine) printf("%" PRIu64 " allocations\n", count);
    return is_fine;
}

static bool read_file(const char *path, bylaw_text *out)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc((size_t)4 << 20);
    if (!file || !bytes) {
        if (file) fclose(file);
        free(bytes);
        printf("cannot read %s\n", path);
        return false;
    }
    *out = (bylaw_text){bytes, fread(bytes, 1, (size_t)4 << 20, file)};
    fclose(file);
    return true;
}

int main(int count, char **words)
{
    inputs in = {.name = count > 1 ? words[1] : "",
                 .policy = {NULL, 0},
                 .events = {"", 0},
                 .roster = {"", 0}};
    bool is_read = count > 1 && read_file(words[1], &in.policy) &&
                   (count < 3 || read_file(words[2], &in.events)) &&
                   (count < 4 || read_file(words[3], &in.roster));
    bool is_fine = is_read && fail_all(&in);
    free((void *)(uintptr_t)in.policy.bytes);
    if (count > 2) free((void *)(uintptr_t)in.events.bytes);
    if (count > 3) free((void *)(uintptr_t)in.roster.bytes);
    return is_fine ? 0 : 1;
}
