/*
 * How fast events are evaluated, and whether the cost grows with what went before:
 * `bench_engine ROSTER EVENTS` feeds the events to an engine under std/pytorch, writes each outcome
 * as JSON to nowhere, and prints, for each quarter of the stream, events per second and how often
 * memory was asked for; then the last quarter against the first.
 */
#include "measuring.h"

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
        const uint64_t allocations = count->allocation_count, start = measuring_nanoseconds();
        if (bylaw_engine_feed(engine, BYLAW_EVENTS, part.bytes, part.size) != BYLAW_OK)
            return false;
        last = measuring_nanoseconds() - start + 1;
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

int main(int count, char **words)
{
    counters counts = {0};
    counts.allocator = (bylaw_allocator){resize, &counts};
    const bylaw_engine_options options = {
        .outcome = write_outcome, .context = &counts, .allocator = &counts.allocator};
    measured of;
    int status = measuring_open(&of, count, words, &options);
    if (status == 0 && (!feed_quarters(of.engine, of.events, &counts) ||
                        bylaw_engine_malformed_count(of.engine) > 0)) {
        fprintf(stderr, "bench_engine: the events could not be run\n");
        status = 1;
    }
    measuring_close(&of);
    return status;
}
