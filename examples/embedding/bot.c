/*
 * A bot that answers "may this merge, and if not, what is missing?".
 *
 *     cc bot.c $(pkg-config --cflags --libs bylaw) -o bot && ./bot merge.bylaw <questions.txt
 *
 * Each line of standard input is an event, if it begins with a brace, or else the name of a pull
 * request to be told about. A real bot would get both from its forge; what it does with them is
 * the same. Three things happen here: the policy is compiled (`compile`), an engine keeps the world
 * as the events tell it (`take_event`), and questions are put to the engine (`answer`).
 */
#define _POSIX_C_SOURCE 200809L

#include <bylaw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bylaw_text text_of(const char *string)
{
    return (bylaw_text){string, strlen(string)};
}

/* ---- where the library writes to ---- */

/* The library prints nothing itself: it calls a function of ours with pieces of text. */
static void print(void *context, const char *bytes, size_t size)
{
    fwrite(bytes, 1, size, context);
}

static void print_indented(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (i == 0 || bytes[i - 1] == '\n') fputs("  ", stdout);
        putchar(bytes[i]);
    }
    if (size > 0 && bytes[size - 1] != '\n') putchar('\n');
}

/* A text that grows by such pieces, to be looked at when it is whole. */
typedef struct page {
    char *bytes;
    size_t size;
    bool has_failed;
} page;

static void add(void *context, const char *bytes, size_t size)
{
    page *p = context;
    char *grown = p->has_failed ? NULL : realloc(p->bytes, p->size + size + 1);
    if (!grown) {
        p->has_failed = true;
        return;
    }
    memcpy(grown + p->size, bytes, size);
    p->bytes = grown;
    p->size += size;
    grown[p->size] = '\0';
}

static void clear(page *p)
{
    free(p->bytes);
    *p = (page){0};
}

/* ---- the policy ---- */

static bool read_file(const char *path, page *out)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char piece[4096];
    for (size_t size; (size = fread(piece, 1, sizeof piece, file)) > 0;)
        add(out, piece, size);
    const bool is_read = !ferror(file) && !out->has_failed;
    fclose(file);
    return is_read;
}

/* NULL when there is none; why is told on standard error. */
static bylaw_policy *compile(const char *path)
{
    page text = {0};
    bylaw_policy *policy = NULL;
    if (!read_file(path, &text)) {
        fprintf(stderr, "cannot read %s\n", path);
        clear(&text);
        return NULL;
    }
    const bylaw_compile_options what = {.name = text_of(path), .text = {text.bytes, text.size}};
    const bylaw_status status = bylaw_policy_compile(&what, &policy);
    clear(&text); /* the policy has its own copy */
    if (status == BYLAW_OK) return policy;
    /* A policy with errors has nothing but its diagnostics. */
    if (policy) bylaw_policy_diagnostics(policy, BYLAW_TEXT, false, (bylaw_writer){print, stderr});
    bylaw_policy_destroy(policy);
    return NULL;
}

/* ---- events ---- */

/* Called for everything that an event brings. This bot speaks up only where an event was wrong. */
static void hear(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    const bool is_refused = strncmp(outcome->type.bytes, "refused", outcome->type.size) == 0;
    const bool is_malformed = strncmp(outcome->type.bytes, "malformed", outcome->type.size) == 0;
    if (!is_refused && !is_malformed) return;
    printf("%.*s: %.*s\n", (int)outcome->type.size, outcome->type.bytes, (int)outcome->because.size,
           outcome->because.bytes);
}

static bylaw_status take_event(bylaw_engine *engine, const char *line, size_t size)
{
    const bylaw_status status = bylaw_engine_feed(engine, BYLAW_EVENTS, line, size);
    /* A last line without a line end waits for more; this says that no more comes. */
    return status == BYLAW_OK ? bylaw_engine_end(engine, BYLAW_EVENTS) : status;
}

/* ---- questions ---- */

typedef bylaw_status ask(bylaw_engine *, const bylaw_question *, bylaw_writer);

static bylaw_status tell(bylaw_engine *engine, ask *question, const bylaw_question *how)
{
    page said = {0};
    bylaw_status status = question(engine, how, (bylaw_writer){add, &said});
    if (said.has_failed) status = BYLAW_NOMEM;
    if (status == BYLAW_OK) print_indented(said.bytes, said.size);
    clear(&said);
    return status;
}

/* The JSON answer is for programs: its last line says whether it is possible, and how. */
static bylaw_status answer(bylaw_engine *engine, const char *name)
{
    page needs = {0};
    bylaw_question how = {.about = text_of(name), .format = BYLAW_JSON};
    bylaw_status status = bylaw_engine_needs(engine, &how, (bylaw_writer){add, &needs});
    if (needs.has_failed) status = BYLAW_NOMEM;
    how.format = BYLAW_TEXT;
    how.depth = BYLAW_SENTENCE;
    if (status == BYLAW_ABSENT) {
        printf("%s: there is no such pull request", name);
        if (needs.size > 0) printf("; do you mean %s?", needs.bytes);
        putchar('\n');
        status = BYLAW_OK;
    } else if (status == BYLAW_OK && strstr(needs.bytes, "\"possible\":\"already\"")) {
        printf("%s: yes\n", name);
        status = tell(engine, bylaw_engine_why, &how);
    } else if (status == BYLAW_OK && strstr(needs.bytes, "\"possible\":\"no\"")) {
        printf("%s: no\n", name);
        status = tell(engine, bylaw_engine_why, &how);
    } else if (status == BYLAW_OK) {
        printf("%s: not yet\n", name);
        status = tell(engine, bylaw_engine_needs, &how);
    }
    clear(&needs);
    return status;
}

/* ---- the loop ---- */

static bylaw_status run(bylaw_engine *engine)
{
    char *line = NULL;
    size_t room = 0;
    bylaw_status status = BYLAW_OK;
    for (ssize_t size; status == BYLAW_OK && (size = getline(&line, &room, stdin)) > 0;) {
        if (line[0] == '{') {
            status = take_event(engine, line, (size_t)size);
        } else {
            line[strcspn(line, "\r\n")] = '\0';
            if (line[0] != '\0') status = answer(engine, line);
        }
        fflush(stdout); /* whoever asked is waiting */
    }
    free(line);
    return status;
}

int main(int count, char **words)
{
    if (count != 2) {
        fputs("usage: bot POLICY <EVENTS-AND-QUESTIONS\n", stderr);
        return 2;
    }
    bylaw_policy *policy = compile(words[1]);
    if (!policy) return 1;
    /* `record` keeps what questions need. Events come from outside, so memory has an end. */
    const bylaw_engine_options how = {
        .outcome = hear, .record = true, .limits = {.memory_size = (size_t)256 << 20}};
    bylaw_engine *engine = NULL;
    bylaw_status status = bylaw_engine_create(policy, &how, &engine);
    if (status == BYLAW_OK) status = run(engine);
    if (status != BYLAW_OK) fprintf(stderr, "bot: %s\n", bylaw_status_text(status));
    bylaw_engine_destroy(engine); /* before its policy */
    bylaw_policy_destroy(policy);
    return status == BYLAW_OK ? 0 : 1;
}
