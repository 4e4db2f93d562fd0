/*
 * The smallest host: a policy and three events, all written here, and what comes of them.
 *
 *     cc smallest.c $(pkg-config --cflags --libs bylaw) -o smallest && ./smallest
 */
#include <bylaw.h>
#include <stdio.h>

#define TEXT(literal) ((bylaw_text){literal, sizeof(literal) - 1}) /* bytes and their number */

static const char policy_text[] =
    "role member\n"
    "procedure one { passes when approve >= 1 }\n"
    "proposal motion { raised by anyone decided by member using one }\n";
static const char events[] =
    "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"ana\"}\n"
    "{\"type\":\"propose\",\"kind\":\"motion\",\"id\":\"tea\",\"actor\":\"zoe\"}\n"
    "{\"type\":\"approve\",\"proposal\":\"tea\",\"actor\":\"ana\"}\n";

static void hear(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    printf("event %d: %.*s\n", (int)outcome->seq, (int)outcome->type.size, outcome->type.bytes);
}

int main(void)
{
    const bylaw_compile_options what = {.name = TEXT("motion"), .text = TEXT(policy_text)};
    const bylaw_engine_options how = {.outcome = hear};
    bylaw_policy *policy;
    bylaw_engine *engine = NULL;
    bylaw_status status = bylaw_policy_compile(&what, &policy);
    if (status == BYLAW_OK) status = bylaw_engine_create(policy, &how, &engine);
    if (status == BYLAW_OK)
        status = bylaw_engine_feed(engine, BYLAW_EVENTS, events, sizeof events - 1);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    if (status != BYLAW_OK) printf("%s\n", bylaw_status_text(status));
    bylaw_engine_destroy(engine); /* NULL is fine */
    bylaw_policy_destroy(policy);
    return status == BYLAW_OK ? 0 : 1;
}
