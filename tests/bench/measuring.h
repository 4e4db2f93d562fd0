/*
 * What measurements share: the clock, files read whole, and an engine under std/pytorch.
 */
#ifndef BENCH_MEASURING_H
#define BENCH_MEASURING_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bylaw.h"

/* Of the processor: the machine may be busy with other things. */
static inline uint64_t measuring_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* False where it cannot be read. *out is to be freed in either case. */
static inline bool measuring_read(const char *path, bylaw_text *out)
{
    *out = (bylaw_text){NULL, 0};
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

/* What the words of a program name, a roster and events; and what runs of them. */
typedef struct measured {
    bylaw_text roster, events;
    bylaw_policy *policy;
    bylaw_engine *engine;
} measured;

/* Reads the files, compiles, and makes an engine that knows the roster. Exit status 0, 1 or 2,
 * after telling on standard error; `of` is to be closed in any case. */
static inline int measuring_open(measured *of, int count, char **words,
                                 const bylaw_engine_options *options)
{
    static const bylaw_text name = {"std/pytorch", sizeof "std/pytorch" - 1};
    *of = (measured){0};
    bylaw_compile_options from = {.name = name, .allocator = options->allocator};
    if (count != 3 || !measuring_read(words[1], &of->roster) ||
        !measuring_read(words[2], &of->events) || !bylaw_library_find(name, &from.text)) {
        fprintf(stderr, "usage: %s ROSTER EVENTS\n", words[0]);
        return 2;
    }
    if (bylaw_policy_compile(&from, &of->policy) == BYLAW_OK &&
        bylaw_engine_create(of->policy, options, &of->engine) == BYLAW_OK &&
        bylaw_engine_feed(of->engine, BYLAW_ROSTER, of->roster.bytes, of->roster.size) ==
            BYLAW_OK &&
        bylaw_engine_end(of->engine, BYLAW_ROSTER) == BYLAW_OK)
        return 0;
    fprintf(stderr, "%s: the roster could not be read\n", words[0]);
    return 1;
}

static inline void measuring_close(measured *of)
{
    bylaw_engine_destroy(of->engine);
    bylaw_policy_destroy(of->policy);
    free((void *)(uintptr_t)of->roster.bytes);
    free((void *)(uintptr_t)of->events.bytes);
}

#endif
