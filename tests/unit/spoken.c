/*
 * Speaks one conversation after the other to engines: tests/conversations.py draws them. Each comes
 * on standard input as a line `NAME POLICY-SIZE SIZE` and as many bytes of a policy and of entries,
 * a line each.
 *
 * What is said is compared with what a second engine hears, which was made from the policy in its
 * compiled form, knows no statements, and is fed the lines that came of them. So go, in turn, a
 * speaker without limits, one with low ones, one whose allocations fail now and then and that is
 * made anew from its lines, and one with little memory, whose world ends and begins again; but for
 * the facts each is told the entries in another order. They share the policy, which must be left as
 * it was.
 *
 * It says, a line each, `defect WHAT` for what must not be, and at the end `end SAID REFUSED`: how
 * many entries were done, and how many did not compile. What crashes or hangs ends the process
 * before that.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handed.h"

enum {
    NAME_SIZE = 512,
    SECONDS_MOST = 60, /* and one for each ten entries */
    ASKED_EVERY = 13, /* entries */
    COMPLETIONS_MOST = 40,
    LEFT_MOST = 256 * 1024 /* bytes that a speaker may hold and its listener not: scratch */
};

static void defect(const char *format, ...)
{
    char line[1500];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    for (char *byte = line; *byte; byte++)
        if ((unsigned char)*byte < ' ') *byte = ' ';
    printf("defect %s\n", line);
}

/* The first line in which they differ, so that one sees what it is about. */
static void tell_difference(const bytes *a, const bytes *b, const char *what, bylaw_text entry)
{
    size_t same = 0;
    while (same < a->size && same < b->size && a->at[same] == b->at[same])
        same++;
    size_t from = same;
    while (from > 0 && a->at[from - 1] != '\n')
        from--;
    defect("%s differs after `%.*s`: `%.300s` and `%.300s`", what, (int)entry.size, entry.bytes,
           a->size > from ? a->at + from : "", b->size > from ? b->at + from : "");
}

static void require_same(const bytes *a, const bytes *b, const char *what, bylaw_text entry)
{
    if (!is_same(a, b)) tell_difference(a, b, what, entry);
}

/* ---- memory ---- */

typedef struct ledger {
    uint64_t live;
    uint64_t count; /* allocations */
    uint64_t fail_every; /* of so many one fails; 0: none */
    bool is_broken;
} ledger;

/* Each piece is one of malloc's, so that the sanitizer sees its ends. */
static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    ledger *book = context;
    if (old_size > book->live) book->is_broken = true;
    if (new_size > 0 && book->fail_every > 0 && ++book->count % book->fail_every == 0) return NULL;
    book->live += new_size - old_size;
    if (new_size == 0) {
        free(pointer);
        return NULL;
    }
    void *piece = malloc(new_size);
    if (!piece) exit(3);
    memset(piece, 0xA5, new_size);
    if (pointer) memcpy(piece, pointer, old_size < new_size ? old_size : new_size);
    free(pointer);
    return piece;
}

static void check_ledger(const ledger *book, const char *whose)
{
    if (book->live != 0) defect("%" PRIu64 " bytes of %s were never freed", book->live, whose);
    if (book->is_broken) defect("a piece of %s is freed with another size", whose);
}

/* ---- engines ---- */

typedef struct hearer {
    bylaw_engine *engine;
    ledger book;
    bylaw_allocator allocator;
    bytes outcomes; /* as JSON, of what was done last */
} hearer;

static void hear(void *context, const bylaw_outcome *outcome)
{
    bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, into(&((hearer *)context)->outcomes));
}

static bylaw_status begin(hearer *of, const bylaw_policy *policy, const bylaw_limits *limits)
{
    of->allocator = (bylaw_allocator){resize, &of->book};
    const bylaw_engine_options options = {.outcome = hear,
                                          .context = of,
                                          .ballots = true,
                                          .record = true,
                                          .allocator = &of->allocator,
                                          .limits = *limits};
    return bylaw_engine_create(policy, &options, &of->engine);
}

static void end(hearer *of, const char *whose)
{
    bylaw_engine_destroy(of->engine);
    check_ledger(&of->book, whose);
    free(of->outcomes.at);
}

static bool is_same_time(const bylaw_engine *a, const bylaw_engine *b)
{
    char ours[BYLAW_TIME_SIZE], theirs[BYLAW_TIME_SIZE];
    const size_t size = bylaw_engine_time(a, ours).size;
    return size == bylaw_engine_time(b, theirs).size && memcmp(ours, theirs, size) == 0;
}

/* Brings the clock of an engine where that of another stands: before the world is founded it moves
 * without a line. Where it stands there already nothing may move: a deadline can include its
 * moment. */
static bylaw_status set_clock(hearer *of, const bylaw_engine *other)
{
    char wanted[BYLAW_TIME_SIZE];
    if (is_same_time(of->engine, other)) return BYLAW_OK;
    return bylaw_engine_until(of->engine, bylaw_engine_time(other, wanted));
}

/* A speaker, and who hears the lines that come of what it says. */
typedef struct pair {
    const char *name;
    bylaw_policy *policy;
    const bylaw_policy *heard_by; /* the same in its compiled form */
    bylaw_limits limits;
    hearer speaker, listener;
    bytes entries;
    bytes lines; /* of the entry that is being said */
    bytes log; /* all lines so far */
    bytes complaints;
    uint64_t said, refused;
    uint64_t made_anew;
} pair;

static bool open_pair(pair *p)
{
    return begin(&p->speaker, p->policy, &p->limits) == BYLAW_OK &&
           begin(&p->listener, p->heard_by, &p->limits) == BYLAW_OK;
}

static void close_pair(pair *p)
{
    end(&p->speaker, p->name);
    end(&p->listener, "a listener");
    free(p->entries.at);
    free(p->lines.at);
    free(p->log.at);
    free(p->complaints.at);
}

/* ---- saying ---- */

static bylaw_status say(pair *p, bylaw_text entry)
{
    const bylaw_say_options options = {
        .lines = into(&p->lines), .complaints = into(&p->complaints), .name = {"line 7", 6}};
    p->lines.size = p->complaints.size = p->speaker.outcomes.size = 0;
    return bylaw_engine_say(p->speaker.engine, p->policy, entry, &options);
}

/* The engine can only be destroyed: another one hears what had happened, and then the entry. */
static bylaw_status say_anew(pair *p, bylaw_text entry)
{
    const uint64_t fail_every = p->speaker.book.fail_every;
    p->speaker.book.fail_every = 0;
    bylaw_engine_destroy(p->speaker.engine);
    if (p->speaker.book.live != 0) defect("memory is left of an engine that had no more of it");
    begin(&p->speaker, p->policy, &p->limits);
    bylaw_status status = bylaw_engine_feed(p->speaker.engine, BYLAW_EVENTS, p->log.at,
                                            p->log.size);
    if (status == BYLAW_OK) status = set_clock(&p->speaker, p->listener.engine);
    if (status == BYLAW_OK) status = say(p, entry);
    p->speaker.book.fail_every = fail_every;
    p->made_anew++;
    return status;
}

/* It has reached the limit of its memory, whatever it is told: what it said so far was right, and
 * another world begins. */
static void begin_anew(pair *p)
{
    bylaw_engine_destroy(p->speaker.engine);
    bylaw_engine_destroy(p->listener.engine);
    if (p->speaker.book.live != 0) defect("memory is left of an engine that had no more of it");
    p->log.size = 0;
    if (!open_pair(p)) defect("an engine cannot be made anew");
    p->made_anew++;
}

static void check_status(const pair *p, bylaw_status status, bylaw_text entry)
{
    const bool has_complaint = p->complaints.size > 0;
    if (status != BYLAW_OK && status != BYLAW_ERRORS && status != BYLAW_STOPPED)
        defect("`%.*s` gives: %s", (int)entry.size, entry.bytes, bylaw_status_text(status));
    if (has_complaint != (status != BYLAW_OK))
        defect("`%.*s` gives: %s, and %s complaint", (int)entry.size, entry.bytes,
               bylaw_status_text(status), has_complaint ? "a" : "no");
    if (status == BYLAW_ERRORS && p->lines.size + p->speaker.outcomes.size > 0)
        defect("`%.*s` does not compile, and something happened", (int)entry.size, entry.bytes);
}

static void speak(pair *p, bylaw_text entry)
{
    bylaw_status status = say(p, entry);
    if (status == BYLAW_NOMEM && p->limits.memory_size > 0) {
        begin_anew(p);
        return;
    }
    if (status == BYLAW_NOMEM && p->speaker.book.fail_every > 0) status = say_anew(p, entry);
    check_status(p, status, entry);
    *(status == BYLAW_ERRORS ? &p->refused : &p->said) += 1;
    p->listener.outcomes.size = 0;
    bylaw_status heard = bylaw_engine_feed(p->listener.engine, BYLAW_EVENTS, p->lines.at,
                                           p->lines.size);
    if (heard == BYLAW_OK) heard = set_clock(&p->listener, p->speaker.engine);
    if (heard == BYLAW_NOMEM && p->limits.memory_size > 0) {
        begin_anew(p);
        return;
    }
    if (heard != BYLAW_OK)
        defect("the lines of `%.*s` are not heard", (int)entry.size, entry.bytes);
    add(&p->log, p->lines.at, p->lines.size);
    require_same(&p->speaker.outcomes, &p->listener.outcomes, "what follows", entry);
    if (!is_same_time(p->speaker.engine, p->listener.engine))
        defect("%s: after `%.*s` two clocks differ", p->name, (int)entry.size, entry.bytes);
}

/* ---- asking ---- */

static uint32_t drawn(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return below > 0 ? (*seed >> 8) % below : 0;
}

/* The n-th line, without its end. */
static bylaw_text line_at(const bytes *of, uint32_t n)
{
    size_t from = 0;
    while (n > 0 && from < of->size)
        n -= of->at[from++] == '\n';
    size_t to = from;
    while (to < of->size && of->at[to] != '\n')
        to++;
    return (bylaw_text){of->at + from, to - from};
}

static uint32_t count_lines(const bytes *of)
{
    uint32_t count = 0;
    for (size_t i = 0; i < of->size; i++)
        count += of->at[i] == '\n';
    return count;
}

typedef bylaw_status (*question)(bylaw_engine *, const bylaw_question *, bylaw_writer);

static void ask(pair *p, question asked, const bylaw_question *about, bylaw_text entry)
{
    bytes said = {0}, heard = {0};
    const bylaw_status a = asked(p->speaker.engine, about, into(&said));
    const bylaw_status b = asked(p->listener.engine, about, into(&heard));
    if (a != b) defect("a question gives: %s, and: %s", bylaw_status_text(a), bylaw_status_text(b));
    if (a != BYLAW_OK && a != BYLAW_ABSENT && a != BYLAW_NO_WORD)
        defect("a question gives: %s", bylaw_status_text(a));
    require_same(&said, &heard, "an answer", entry);
    free(said.at);
    free(heard.at);
}

static void ask_something(pair *p, bylaw_text name, uint32_t *seed, bylaw_text entry)
{
    static const question questions[] = {
        bylaw_engine_why,       bylaw_engine_why_not, bylaw_engine_needs,
        bylaw_engine_timeline,  bylaw_engine_who_can, bylaw_engine_pending,
        bylaw_engine_proposals, bylaw_engine_roles,   bylaw_engine_why};
    static const char *const words[] = {"", "accepted", "veto", "approve", "final", "no_such_word"};
    const char *word = words[drawn(seed, sizeof words / sizeof *words)];
    const bylaw_question about = {.about = name,
                                  .word = {word, strlen(word)},
                                  .depth = (bylaw_depth)drawn(seed, 3),
                                  .format = (bylaw_format)drawn(seed, 2)};
    ask(p, questions[drawn(seed, sizeof questions / sizeof *questions)], &about, entry);
}

/* Each name begins so, and there are no more than wanted. */
static void check_offers(const bytes *offers, bylaw_text prefix)
{
    const uint32_t count = count_lines(offers);
    if (count > COMPLETIONS_MOST) defect("%" PRIu32 " names are offered", count);
    for (uint32_t i = 0; i < count; i++) {
        const bylaw_text offered = line_at(offers, i);
        if (offered.size < prefix.size || memcmp(offered.bytes, prefix.bytes, prefix.size) != 0)
            defect("`%.*s` is offered for `%.*s`", (int)offered.size, offered.bytes,
                   (int)prefix.size, prefix.bytes);
    }
}

static void complete(const pair *p, bylaw_text prefix, bylaw_text entry)
{
    bytes said[2] = {{0}}, heard[2] = {{0}};
    const hearer *engines[] = {&p->speaker, &p->listener};
    for (int i = 0; i < 2; i++) {
        bytes *to = i == 0 ? said : heard;
        const bylaw_engine *engine = engines[i]->engine;
        if (bylaw_engine_complete(engine, prefix, COMPLETIONS_MOST, into(&to[0])) != BYLAW_OK ||
            bylaw_engine_complete_candidate(engine, prefix, COMPLETIONS_MOST, into(&to[1])) !=
                BYLAW_OK)
            defect("a name cannot be completed");
    }
    for (int i = 0; i < 2; i++) {
        require_same(&said[i], &heard[i], "what the Tab key offers", entry);
        check_offers(&said[i], prefix);
        free(said[i].at);
        free(heard[i].at);
    }
}

static void compare_worlds(pair *p, bylaw_text entry)
{
    p->speaker.outcomes.size = p->listener.outcomes.size = 0;
    if (bylaw_engine_state(p->speaker.engine) != BYLAW_OK ||
        bylaw_engine_state(p->listener.engine) != BYLAW_OK)
        defect("a world cannot be told");
    require_same(&p->speaker.outcomes, &p->listener.outcomes, "the world", entry);
}

/* Memory does not fail here: what is asked must be answered, of who has enough of it. */
static void look_around(pair *p, uint32_t *seed, bylaw_text entry)
{
    const uint64_t fail_every = p->speaker.book.fail_every;
    if (p->limits.memory_size > 0) return;
    p->speaker.book.fail_every = 0;
    compare_worlds(p, entry);
    bytes names = {0};
    if (bylaw_engine_complete(p->speaker.engine, (bylaw_text){"", 0}, 1000, into(&names)) !=
        BYLAW_OK)
        defect("names cannot be listed");
    const uint32_t count = count_lines(&names);
    for (int i = 0; i < 3 && count > 0; i++) {
        const bylaw_text name = line_at(&names, drawn(seed, count));
        ask_something(p, name, seed, entry);
        complete(p, (bylaw_text){name.bytes, drawn(seed, (uint32_t)name.size + 1)}, entry);
    }
    ask_something(p, (bylaw_text){"", 0}, seed, entry);
    ask_something(p, (bylaw_text){"no_such_name", 12}, seed, entry);
    free(names.at);
    p->speaker.book.fail_every = fail_every;
}

/* ---- a conversation ---- */

typedef struct conversation {
    const char *name;
    bytes policy_text, entries;
    bylaw_policy *policy, *loaded;
    ledger book;
    bylaw_allocator allocator;
    uint64_t held; /* by the policy, before anything was said */
} conversation;

static bool compile(conversation *c)
{
    const bylaw_compile_options options = {.name = {c->name, strlen(c->name)},
                                           .text = text_of(&c->policy_text),
                                           .allocator = &c->allocator};
    if (bylaw_policy_compile(&options, &c->policy) != BYLAW_OK) return false;
    c->held = c->book.live;
    bytes compiled = {0};
    bool is_loaded = bylaw_policy_write(c->policy, false, into(&compiled)) == BYLAW_OK;
    const bylaw_load_options loading = {.bytes = compiled.at, .size = compiled.size};
    is_loaded = is_loaded && bylaw_policy_load(&loading, &c->loaded) == BYLAW_OK;
    free(compiled.at);
    return is_loaded;
}

/* Each pair begins with the facts and hears the rest in an order of its own. */
static bytes facts_first(const bytes *entries, uint32_t from)
{
    const uint32_t count = count_lines(entries);
    uint32_t facts = 0;
    while (facts < count && strncmp(line_at(entries, facts).bytes, "given", 5) == 0)
        facts++;
    bytes ordered = {0};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t at = i < facts ? i : facts + (i - facts + from) % (count - facts);
        const bylaw_text line = line_at(entries, at);
        add(&ordered, line.bytes, line.size);
        add(&ordered, "\n", 1);
    }
    return ordered;
}

static void speak_all(conversation *c, pair *pairs, size_t count)
{
    const uint32_t entries = count_lines(&c->entries);
    uint32_t seed = (uint32_t)c->entries.size;
    for (uint32_t i = 0; i < entries; i++)
        for (size_t k = 0; k < count; k++) {
            const bylaw_text entry = line_at(&pairs[k].entries, i);
            speak(&pairs[k], entry);
            if (i % ASKED_EVERY == 0) look_around(&pairs[k], &seed, entry);
            if (c->book.live != c->held) defect("the policy holds more memory than before");
            c->held = c->book.live; /* told once */
        }
    for (size_t k = 0; k < count; k++) {
        look_around(&pairs[k], &seed, (bylaw_text){"", 0});
        if (pairs[k].speaker.book.live > pairs[k].listener.book.live + LEFT_MOST)
            defect("%s holds %" PRIu64 " bytes, its listener %" PRIu64, pairs[k].name,
                   pairs[k].speaker.book.live, pairs[k].listener.book.live);
    }
}

static void converse(conversation *c)
{
    c->allocator = (bylaw_allocator){resize, &c->book};
    if (!compile(c)) {
        defect("%s does not compile", c->name);
        return;
    }
    pair pairs[] = {
        {.name = "a speaker"},
        {.name = "a speaker with limits",
         .limits = {.line_size = 160, .step_count = 4000, .actor_count = 12, .proposal_count = 6}},
        {.name = "a speaker whose memory fails"},
        {.name = "a speaker with little memory", .limits = {.memory_size = 100000}}};
    const size_t count = sizeof pairs / sizeof *pairs;
    bool is_open = true;
    for (size_t k = 0; k < count; k++) {
        pairs[k].policy = c->policy;
        pairs[k].heard_by = c->loaded;
        pairs[k].entries = facts_first(&c->entries, (uint32_t)k * 7);
        is_open = is_open && open_pair(&pairs[k]);
    }
    pairs[2].speaker.book.fail_every = 53 + c->entries.size % 1500;
    if (is_open)
        speak_all(c, pairs, count);
    else
        defect("an engine cannot be made");
    const uint64_t said = pairs[0].said, refused = pairs[0].refused;
    for (size_t k = 0; k < count; k++)
        close_pair(&pairs[k]);
    bylaw_policy_destroy(c->loaded);
    bylaw_policy_destroy(c->policy);
    check_ledger(&c->book, "the policy");
    printf("end %" PRIu64 " %" PRIu64 "\n", said, refused);
}

/* ---- all of them ---- */

int main(void)
{
    char name[NAME_SIZE];
    size_t policy_size, size;
    while (scanf("%511s %zu %zu", name, &policy_size, &size) == 3 && getchar() == '\n') {
        conversation c = {.name = name};
        if (!take_bytes(policy_size, &c.policy_text) || !take_bytes(size, &c.entries)) return 3;
        alarm(SECONDS_MOST + count_lines(&c.entries) / 10);
        converse(&c);
        fflush(stdout);
        free(c.policy_text.at);
        free(c.entries.at);
    }
    return feof(stdin) ? 0 : 3;
}
