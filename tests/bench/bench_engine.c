/*
 * How fast events are evaluated, and whether the cost grows with what went before:
 * `bench_engine ROSTER EVENTS` feeds the events to an engine under std/pytorch, writes each outcome
 * as JSON to nowhere, and prints, for each quarter of the stream, events per second and how often
 * memory was asked for; then the last quarter against the first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bylaw.h"

#define POLICY "std/pytorch"
#define QUARTERS 4

typedef struct counters {
    uint64_t allocation_count;
    uint64_t outcome_count;
    uint64_t outcome_size;
    bylaw_allocator allocator;
} counters;

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    counters *count = context;
    (void)old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    count->allocation_count++;
    return realloc(pointer, new_size);
}

static void count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    ((counters *)context)->outcome_size += size;
}

static void write_outcome(void *context, const bylaw_outcome *outcome)
{
    counters *count = context;
    count->outcome_count++;
    bylaw_outcome_write(outcome, BYLAW_JSON, false, &count->allocator,
                        (bylaw_writer){count_bytes, count});
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* the machine may be busy with other things */
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static bool read_file(const char *path, bylaw_text *out)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t size = 0, room = (size_t)1 << 20;
    char *bytes = malloc(room);
    for (size_t more; bytes && (more = fread(bytes + size, 1, room - size, file)) > 0;) {
        size += more;
        if (size < room) continue;
        char *grown = realloc(bytes, room *= 2);
        if (!grown) free(bytes);
        bytes = grown;
    }
    const bool is_read = bytes && !ferror(file);
    fclose(file);
    *out = (bylaw_text){bytes, size};
    return is_read;
}

/* Cuts the text behind its first `lines` lines. */
static bylaw_text take_lines(bylaw_text *rest, uint64_t lines)
{
    const char *at = rest->bytes, *const end = rest->bytes + rest->size;
    while (lines-- > 0 && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    const bylaw_text taken = {rest->bytes, (size_t)(at - rest->bytes)};
    *rest = (bylaw_text){at, (size_t)(end - at)};
    return taken;
}

static uint64_t count_lines(bylaw_text text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.bytes[i] == '\n';
    return count;
}

static bool feed_quarters(bylaw_engine *engine, bylaw_text events, counters *count)
{
    const uint64_t lines = count_lines(events) / QUARTERS;
    uint64_t first = 0, last = 0, all = 0;
    printf("quarter   events/s   allocations\n");
    for (int quarter = 1; quarter <= QUARTERS; quarter++) {
        const bylaw_text part = take_lines(&events, lines);
        const uint64_t allocations = count->allocation_count, start = nanoseconds();
        if (bylaw_engine_feed(engine, BYLAW_EVENTS, part.bytes, part.size) != BYLAW_OK)
            return false;
        last = nanoseconds() - start + 1;
        if (quarter == 1) first = last;
        all += last;
        printf("%7d %10" PRIu64 " %13" PRIu64 "\n", quarter, lines * UINT64_C(1000000000) / last,
               count->allocation_count - allocations);
        fflush(stdout);
    }
    printf("    all %10" PRIu64 "\n", lines * QUARTERS * UINT64_C(1000000000) / all);
    printf("the last quarter took %" PRIu64 " %% of the time of the first\n", last * 100 / first);
    printf("%" PRIu64 " outcomes, %" PRIu64 " bytes\n", count->outcome_count, count->outcome_size);
    return true;
}

static bool run(bylaw_text policy_text, bylaw_text roster, bylaw_text events)
{
    counters count = {0};
    count.allocator = (bylaw_allocator){resize, &count};
    const bylaw_compile_options compiling = {
        .name = {POLICY, sizeof POLICY - 1}, .text = policy_text, .allocator = &count.allocator};
    const bylaw_engine_options options = {
        .outcome = write_outcome, .context = &count, .allocator = &count.allocator};
    bylaw_policy *policy = NULL;
    bylaw_engine *engine = NULL;
    const bool is_run = bylaw_policy_compile(&compiling, &policy) == BYLAW_OK &&
                        bylaw_engine_create(policy, &options, &engine) == BYLAW_OK &&
                        bylaw_engine_feed(engine, BYLAW_ROSTER, roster.bytes, roster.size) ==
                            BYLAW_OK &&
                        bylaw_engine_end(engine, BYLAW_ROSTER) == BYLAW_OK &&
                        feed_quarters(engine, events, &count) &&
                        bylaw_engine_malformed_count(engine) == 0;
    bylaw_engine_destroy(engine);
    bylaw_policy_destroy(policy);
    return is_run;
}

int main(int count, char **words)
{
    bylaw_text policy, roster = {NULL, 0}, events = {NULL, 0};
    if (count != 3 || !read_file(words[1], &roster) || !read_file(words[2], &events) ||
        !bylaw_library_find((bylaw_text){POLICY, sizeof POLICY - 1}, &policy)) {
        fprintf(stderr, "usage: bench_engine ROSTER EVENTS\n");
        return 2;
    }
    const bool is_run = run(policy, roster, events);
    if (!is_run) fprintf(stderr, "bench_engine: the events could not be run\n");
    free((void *)(uintptr_t)roster.bytes);
    free((void *)(uintptr_t)events.bytes);
    return is_run ? 0 : 1;
}
