/*
 * libFuzzer over compiled policies: whatever the bytes are, they are refused with words, or run
 * within the limits. The input is what stands behind the header; the header is made to fit.
 */
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"
#include "bytecode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char story[] =
    "{\"type\":\"create\",\"scope\":\"module\",\"id\":\"nn\"}\n"
    "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"ana\"}\n"
    "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"bo\"}\n"
    "{\"type\":\"founded\"}\n"
    "{\"time\":\"2024-01-01T00:00:00Z\",\"type\":\"propose\",\"kind\":\"change\",\"id\":\"c\","
    "\"actor\":\"ana\"}\n"
    "{\"type\":\"approve\",\"actor\":\"ana\",\"proposal\":\"c\"}\n"
    "{\"type\":\"veto\",\"actor\":\"bo\",\"proposal\":\"c\",\"reason\":\"no\"}\n"
    "{\"time\":\"2024-02-01T00:00:00Z\",\"type\":\"approve\",\"actor\":\"bo\",\"proposal\":\"c\"}"
    "\n";

static void ignore_outcome(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

static void count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
}

static void run(const bylaw_policy *policy)
{
    const bylaw_engine_options options = {
        .outcome = ignore_outcome,
        .record = true,
        .limits = {.step_count = 1u << 14, .memory_size = (size_t)64 << 20}};
    bylaw_engine *engine;
    if (bylaw_engine_create(policy, &options, &engine) != BYLAW_OK) return;
    if (bylaw_engine_feed(engine, BYLAW_EVENTS, story, sizeof story - 1) == BYLAW_OK)
        bylaw_engine_until(engine, (bylaw_text){"2024-06-01", 10});
    bylaw_engine_destroy(engine);
}

static void set_fixed(char *place, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        place[i] = (char)(number >> (8 * i) & 0xFF);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    const size_t whole = BL_BYTECODE_HEADER_SIZE + size - 1;
    char *file = malloc(whole);
    if (!file) abort();
    memcpy(file, BL_BYTECODE_MAGIC, 8);
    set_fixed(file + 16, BL_BYTECODE_VERSION, 2);
    set_fixed(file + 18, data[0] & BL_BYTECODE_STRIPPED, 2);
    set_fixed(file + 20, size - 1, 4);
    memcpy(file + BL_BYTECODE_HEADER_SIZE, data + 1, size - 1);
    set_fixed(file + 8, bl_bytecode_checksum((const unsigned char *)file + 16, whole - 16), 8);
    size_t written = 0;
    const bylaw_load_options options = {.bytes = file,
                                        .size = whole,
                                        .complaint = {count_bytes, &written},
                                        .limits = {.memory_size = (size_t)256 << 20}};
    bylaw_policy *policy;
    const bylaw_status status = bylaw_policy_load(&options, &policy);
    if (status == BYLAW_ERRORS && written == 0) abort();
    if (status == BYLAW_OK) run(policy);
    bylaw_policy_destroy(policy);
    free(file);
    return 0;
}
