/*
 * libFuzzer over compiled policies: whatever the bytes are, they are refused with words, or run
 * within the limits. The input is what stands behind the header; the header is made to fit.
 */
#include <stdlib.h>
#include <string.h>

#include "bytecode.h"
#include "../unit/everything.h"
#include "policy.h"

enum { STORY_SIZE_MAX = 1 << 18 }; /* what is larger says no more, and takes long */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
}

static void try_policy(const bylaw_policy *policy)
{
    text story = story_of(bl_policy_program(policy)), said = {NULL, 0};
    if (story.size < STORY_SIZE_MAX) run(policy, story, 1u << 14, &said);
    const bylaw_text everything = {"", 0};
    bylaw_policy_dump(policy, writer_to(&said));
    bylaw_policy_graph(policy, everything, BYLAW_JSON, writer_to(&said));
    free(story.bytes);
    free(said.bytes);
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
    if (status == BYLAW_OK) try_policy(policy);
    bylaw_policy_destroy(policy);
    free(file);
    return 0;
}
