/*
 * libFuzzer over what a person types: no text may crash the engine or leave it unable to go on. The
 * input is said line by line to one living world, then as a whole; what was fed is written as a
 * scenario, which must compile and hold.
 */
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy_text[] =
    "policy fuzzed { source \"fuzz\" }\n"
    "use \"std/procedures\"\n"
    "scope room { seats : number = 2, tags : list of text, since : date = 2024-01-01 }\n"
    "person { employer : text }\n"
    "role member\n"
    "role keeper of room { granted by member or appointment }\n"
    "event visit { guests : number, by_whom : optional person }\n"
    "on visit by anyone when event.guests > 9 { open change { cost : 1 } }\n"
    "proposal change { raised by member requires cost : number accepts wait : duration\n"
    "  decided by member using majority within 7 days veto by member within 1 day }\n"
    "proposal appointment on room { raised by member requires who : person\n"
    "  decided by member using majority within 7 days\n"
    "  on accepted { grant keeper of room to who } }\n";

static void require(bool holds)
{
    if (!holds) abort();
}

typedef struct text {
    char *bytes;
    size_t size;
} text;

static void append(void *context, const char *bytes, size_t size)
{
    text *to = context;
    to->bytes = realloc(to->bytes, to->size + size + 1);
    require(to->bytes != NULL);
    if (size > 0) memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

static void ignore(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

static bylaw_policy *compile(const char *bytes, size_t size)
{
    const bylaw_compile_options options = {.name = {"fuzz", 4}, .text = {bytes, size}};
    bylaw_policy *policy;
    require(bylaw_policy_compile(&options, &policy) == BYLAW_OK);
    return policy;
}

static void say(bylaw_engine *engine, bylaw_policy *policy, const char *bytes, size_t size,
                text *lines)
{
    text complaints = {NULL, 0};
    const bylaw_say_options options = {
        .lines = {append, lines}, .complaints = {append, &complaints}, .name = {"typed", 5}};
    bylaw_entry_of((bylaw_text){bytes, size});
    const bylaw_status status = bylaw_engine_say(engine, policy, (bylaw_text){bytes, size},
                                                 &options);
    require(status == BYLAW_OK || status == BYLAW_ERRORS || status == BYLAW_STOPPED);
    require((status == BYLAW_OK) == (complaints.size == 0));
    free(complaints.bytes);
}

static void say_all(bylaw_policy *policy, const char *bytes, size_t size, text *lines)
{
    const bylaw_engine_options options = {.outcome = ignore, .record = true};
    bylaw_engine *engine;
    require(bylaw_engine_create(policy, &options, &engine) == BYLAW_OK);
    for (size_t at = 0; at < size;) {
        const char *newline = memchr(bytes + at, '\n', size - at);
        const size_t line = newline ? (size_t)(newline - (bytes + at)) + 1 : size - at;
        say(engine, policy, bytes + at, line, lines);
        at += line;
    }
    say(engine, policy, bytes, size, lines);
    bylaw_engine_destroy(engine);
}

static void check_scenario(bylaw_policy *policy, const text *lines)
{
    text source = {NULL, 0};
    append(&source, policy_text, sizeof policy_text - 1);
    const bylaw_status status = bylaw_scenario_write(
        policy, (bylaw_text){"told", 4}, (bylaw_text){"", 0},
        (bylaw_text){lines->bytes ? lines->bytes : "", lines->size},
        (bylaw_writer){append, &source});
    require(status == BYLAW_OK || status == BYLAW_STOPPED);
    bylaw_policy *told = compile(source.bytes, source.size);
    const bylaw_test_options options = {.only = {"", 0}};
    uint32_t passed, failed;
    require(bylaw_policy_test(told, &options, &passed, &failed) == BYLAW_OK);
    require(passed == 1 && failed == 0);
    bylaw_policy_destroy(told);
    free(source.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bylaw_policy *policy = compile(policy_text, sizeof policy_text - 1);
    text lines = {NULL, 0};
    say_all(policy, (const char *)data, size, &lines);
    check_scenario(policy, &lines);
    free(lines.bytes);
    text session = {NULL, 0};
    const bylaw_text entries[] = {{policy_text, sizeof policy_text - 1},
                                  {(const char *)data, size}};
    require(bylaw_session_text((bylaw_text){"", 0}, entries, 2, (bylaw_writer){append, &session}) ==
            BYLAW_OK);
    free(session.bytes);
    bylaw_policy_destroy(policy);
    return 0;
}
