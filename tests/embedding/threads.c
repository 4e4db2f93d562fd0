/*
 * Many engines at once: `threads STORY…`, each story a file of events under std/pytorch with the
 * roster before it. Says "N threads, the same bytes" or what differs; built with the thread
 * sanitizer it also says who touches what without asking.
 *
 * One thread alone says what is right. Then all threads at once compile and run for themselves;
 * then they run engines of one policy, which they also draw, print and ask; then the same with a
 * policy and engines whose memory is limited.
 */
#define _POSIX_C_SOURCE 200809L

#include <bylaw.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREAD_COUNT 8
#define STORY_COUNT_MAX 16

typedef struct input {
    char *bytes;
    size_t size;
} input;

typedef struct inputs {
    input roster;
    input stories[STORY_COUNT_MAX];
    size_t count;
    size_t memory_size; /* limit of each handle; 0: none */
    const bylaw_policy *shared; /* NULL: each thread compiles its own */
} inputs;

/* What one thread does and says. */
typedef struct worker {
    const inputs *in;
    uint64_t sum; /* of all bytes */
    size_t size; /* their number */
    bylaw_status status;
    pthread_t thread;
} worker;

static void add(void *context, const char *bytes, size_t size)
{
    worker *w = context;
    for (size_t i = 0; i < size; i++)
        w->sum = w->sum * 1099511628211u + (unsigned char)bytes[i] + 1;
    w->size += size;
}

static void hear(void *context, const bylaw_outcome *outcome)
{
    worker *w = context;
    const bylaw_writer out = {add, w};
    const bylaw_status status = bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, out);
    if (status != BYLAW_OK) w->status = status;
}

/* ---- what is done with a policy and with an engine ---- */

static bylaw_status compile(const inputs *in, bylaw_policy **out)
{
    bylaw_compile_options options = {.name = {"std/pytorch", 11},
                                     .limits = {.memory_size = in->memory_size}};
    if (!bylaw_library_find(options.name, &options.text)) return BYLAW_ABSENT;
    return bylaw_policy_compile(&options, out);
}

static bylaw_status describe(worker *w, const bylaw_policy *policy)
{
    const bylaw_writer out = {add, w};
    bylaw_status status = bylaw_policy_diagnostics(policy, BYLAW_JSON, false, out);
    if (status == BYLAW_OK) status = bylaw_policy_dump(policy, out);
    if (status == BYLAW_OK) status = bylaw_policy_render(policy, BYLAW_MARKDOWN, out);
    if (status == BYLAW_OK)
        status = bylaw_policy_graph(policy, (bylaw_text){"roles", 5}, BYLAW_SVG, out);
    return status;
}

static bylaw_status feed(bylaw_engine *engine, bylaw_stream stream, const input *from)
{
    const bylaw_status status = bylaw_engine_feed(engine, stream, from->bytes, from->size);
    return status == BYLAW_OK ? bylaw_engine_end(engine, stream) : status;
}

static bylaw_status ask(worker *w, bylaw_engine *engine)
{
    const bylaw_writer out = {add, w};
    const bylaw_question all = {.format = BYLAW_JSON};
    bylaw_status status = bylaw_engine_proposals(engine, &all, out);
    if (status == BYLAW_OK) status = bylaw_engine_roles(engine, &all, out);
    if (status == BYLAW_OK) status = bylaw_engine_pending(engine, &all, out);
    if (status == BYLAW_OK) status = bylaw_engine_state(engine);
    /* These are in some of the stories. */
    static const char *const names[] = {"fix-typo", "one-suffices", "drop-operators"};
    for (size_t i = 0; i < sizeof names / sizeof *names && status == BYLAW_OK; i++) {
        const bylaw_question one = {.about = {names[i], strlen(names[i])}, .depth = BYLAW_SENTENCE};
        status = bylaw_engine_why(engine, &one, out);
        if (status == BYLAW_OK) status = bylaw_engine_needs(engine, &one, out);
        if (status == BYLAW_OK) status = bylaw_engine_timeline(engine, &one, out);
        if (status == BYLAW_ABSENT) status = BYLAW_OK;
    }
    return status;
}

static bylaw_status run_story(worker *w, const bylaw_policy *policy, const input *story)
{
    const bylaw_engine_options options = {.outcome = hear,
                                          .context = w,
                                          .record = true,
                                          .limits = {.memory_size = w->in->memory_size}};
    bylaw_engine *engine;
    bylaw_status status = bylaw_engine_create(policy, &options, &engine);
    if (status != BYLAW_OK) return status;
    status = feed(engine, BYLAW_ROSTER, &w->in->roster);
    if (status == BYLAW_OK) status = feed(engine, BYLAW_EVENTS, story);
    if (status == BYLAW_OK) status = ask(w, engine);
    bylaw_engine_destroy(engine);
    return status;
}

/* ---- threads ---- */

static void *work(void *context)
{
    worker *w = context;
    bylaw_policy *own = NULL;
    bylaw_status status = w->in->shared ? BYLAW_OK : compile(w->in, &own);
    const bylaw_policy *policy = own ? own : w->in->shared;
    for (size_t i = 0; i < w->in->count && status == BYLAW_OK; i++) {
        status = describe(w, policy);
        if (status == BYLAW_OK) status = run_story(w, policy, &w->in->stories[i]);
    }
    if (w->status == BYLAW_OK) w->status = status;
    bylaw_policy_destroy(own);
    return NULL;
}

static bool say_the_same(const char *what, const inputs *in, const worker *alone)
{
    worker workers[THREAD_COUNT];
    bool is_fine = true;
    for (size_t i = 0; i < THREAD_COUNT; i++) {
        workers[i] = (worker){.in = in};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) exit(3);
    }
    for (size_t i = 0; i < THREAD_COUNT; i++) {
        const worker *w = &workers[i];
        pthread_join(w->thread, NULL);
        if (w->status == BYLAW_OK && w->sum == alone->sum && w->size == alone->size) continue;
        printf("%s, thread %zu: %s, %zu bytes; alone %zu\n", what, i, bylaw_status_text(w->status),
               w->size, alone->size);
        is_fine = false;
    }
    return is_fine;
}

static bool try_shared(const char *what, inputs in, const worker *alone)
{
    bylaw_policy *policy;
    if (compile(&in, &policy) != BYLAW_OK) {
        printf("%s: it does not compile\n", what);
        return false;
    }
    in.shared = policy;
    const bool is_fine = say_the_same(what, &in, alone);
    bylaw_policy_destroy(policy);
    return is_fine;
}

static bool read_file(const char *path, input *out)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    const size_t room = (size_t)1 << 20;
    out->bytes = malloc(room);
    if (out->bytes) out->size = fread(out->bytes, 1, room, file);
    fclose(file);
    return out->bytes && out->size > 0;
}

int main(int count, char **words)
{
    inputs in = {.count = 0};
    bool is_fine = count > 2 && read_file(words[1], &in.roster);
    for (int i = 2; i < count && i - 2 < STORY_COUNT_MAX && is_fine; i++)
        is_fine = read_file(words[i], &in.stories[in.count++]);
    if (!is_fine) {
        fputs("usage: threads ROSTER STORY…\n", stderr);
        return 2;
    }
    worker alone = {.in = &in};
    work(&alone);
    if (alone.status != BYLAW_OK) printf("alone: %s\n", bylaw_status_text(alone.status));
    is_fine = alone.status == BYLAW_OK;
    inputs limited = in;
    limited.memory_size = (size_t)64 << 20;
    is_fine = is_fine && say_the_same("each its own policy", &in, &alone);
    is_fine = is_fine && try_shared("one policy for all", in, &alone);
    is_fine = is_fine && try_shared("one policy for all, with limits", limited, &alone);
    for (size_t i = 0; i < in.count; i++)
        free(in.stories[i].bytes);
    free(in.roster.bytes);
    if (is_fine) printf("%d threads, the same bytes\n", THREAD_COUNT);
    return is_fine ? 0 : 1;
}
