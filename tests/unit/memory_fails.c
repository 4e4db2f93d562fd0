/*
 * Fails each allocation once: `memory_fails POLICY [EVENTS [ROSTER]]` compiles the policy, runs its scenarios and the
 * events, again and again, the n-th allocation failing the n-th time, until a run needs fewer than n.
 *
 * A run may give BYLAW_NOMEM or, where memory was for show only, go on; it must not crash, not leak, and must free with the
 * size it allocated. Without a failure everything must be as it was without this allocator. Exit status 1 if not.
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
    uint64_t count;   /* allocations so far */
    uint64_t fail_at; /* the one that fails, from 1; 0: none */
    uint64_t live;    /* bytes */
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
    uint64_t sum; /* of all bytes written: two runs that say the same have the same */
} run;

static void add_bytes(void *context, const char *bytes, size_t size)
{
    run *of = context;
    for (size_t i = 0; i < size; i++)
        of->sum = of->sum * 1099511628211u + (unsigned char)bytes[i] + 1;
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    run *of = context;
    const bylaw_writer writer = {add_bytes, of};
    bylaw_outcome_write(outcome, BYLAW_JSON, false, of->allocator, writer);
    bylaw_outcome_write(outcome, BYLAW_TEXT, true, of->allocator, writer);
}

static void take_result(void *context, const bylaw_scenario_result *result)
{
    add_bytes(context, result->name.bytes, result->name.size);
    add_bytes(context, result->report.bytes, result->report.size);
}

static bylaw_status feed_all(bylaw_engine *engine, const inputs *in)
{
    static const char until[] = "2035-01-01T00:00:00Z";
    bylaw_status status = bylaw_engine_feed(engine, BYLAW_ROSTER, in->roster.bytes, in->roster.size);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_ROSTER);
    if (status == BYLAW_OK) status = bylaw_engine_feed(engine, BYLAW_EVENTS, in->events.bytes, in->events.size);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    if (status == BYLAW_OK) status = bylaw_engine_until(engine, (bylaw_text){until, sizeof until - 1});
    if (status == BYLAW_OK) status = bylaw_engine_state(engine);
    return status;
}

static bylaw_status run_events(const bylaw_policy *policy, const inputs *in, run *of)
{
    const bylaw_engine_options options = {
        .outcome = take_outcome, .context = of, .verbose = true, .record = true, .allocator = of->allocator};
    bylaw_engine *engine;
    bylaw_status status = bylaw_engine_create(policy, &options, &engine);
    if (status != BYLAW_OK) return status;
    status = feed_all(engine, in);
    const bylaw_writer writer = {add_bytes, of};
    if (status == BYLAW_OK) status = bylaw_engine_why(engine, (bylaw_text){"?", 1}, BYLAW_TEXT, false, writer);
    bylaw_engine_destroy(engine);
    return status == BYLAW_ABSENT ? BYLAW_OK : status;
}

static bylaw_status run_policy(bylaw_policy *policy, const inputs *in, run *of)
{
    const bylaw_writer writer = {add_bytes, of};
    bylaw_status status = bylaw_policy_diagnostics(policy, BYLAW_TEXT, false, writer);
    if (status != BYLAW_OK || bylaw_policy_error_count(policy) > 0) return status;
    status = bylaw_policy_dump(policy, writer);
    if (status != BYLAW_OK) return status;
    const bylaw_test_options options = {.result = take_result, .context = of, .only = {"", 0}};
    status = bylaw_policy_test(policy, &options, NULL, NULL);
    return status == BYLAW_OK ? run_events(policy, in, of) : status;
}

static bylaw_status run_all(const inputs *in, run *of)
{
    const bylaw_compile_options options = {
        .name = {in->name, strlen(in->name)}, .text = in->policy, .allocator = of->allocator};
    bylaw_policy *policy;
    bylaw_status status = bylaw_policy_compile(&options, &policy);
    if (status == BYLAW_OK || status == BYLAW_ERRORS) status = run_policy(policy, in, of);
    bylaw_policy_destroy(policy);
    return status;
}

/* ---- all runs ---- */

static bool complain(const ledger *book, const char *what)
{
    printf("allocation %" PRIu64 ": %s\n", book->fail_at, what);
    return false;
}

static bool check_run(const ledger *book, bylaw_status status, uint64_t sum, uint64_t whole_sum)
{
    if (book->live != 0) return complain(book, "memory is left");
    if (book->is_broken) return complain(book, "a piece was freed with another size than it has");
    if (status != BYLAW_OK && status != BYLAW_NOMEM) return complain(book, bylaw_status_text(status));
    if (!book->has_failed && status != BYLAW_OK) return complain(book, "out of memory though none failed");
    if (status == BYLAW_OK && sum != whole_sum) return complain(book, "something was left out, and nobody was told");
    return true;
}

static bool fail_each(const inputs *in)
{
    uint64_t whole_sum = 0;
    ledger book = {0};
    for (uint64_t fail_at = 0;; fail_at++) {
        book = (ledger){.fail_at = fail_at};
        const bylaw_allocator allocator = {resize, &book};
        run of = {&allocator, 14695981039346656037u};
        bylaw_status status = run_all(in, &of);
        if (fail_at == 0) whole_sum = of.sum;
        if (!check_run(&book, status, of.sum, whole_sum)) return false;
        if (fail_at > 0 && !book.has_failed) break;
    }
    printf("%" PRIu64 " allocations\n", book.count);
    return true;
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
    inputs in = {.name = count > 1 ? words[1] : "", .policy = {NULL, 0}, .events = {"", 0}, .roster = {"", 0}};
    bool is_read = count > 1 && read_file(words[1], &in.policy) && (count < 3 || read_file(words[2], &in.events)) &&
                   (count < 4 || read_file(words[3], &in.roster));
    bool is_fine = is_read && fail_each(&in);
    free((void *)(uintptr_t)in.policy.bytes);
    if (count > 2) free((void *)(uintptr_t)in.events.bytes);
    if (count > 3) free((void *)(uintptr_t)in.roster.bytes);
    return is_fine ? 0 : 1;
}
