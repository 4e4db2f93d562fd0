/*
 * How long a question takes after a long history: `bench_questions ROSTER EVENTS` feeds the events
 * to an engine under std/pytorch that records, and asks each question about proposals from all of
 * it, at even steps, the latest, and one that is not there. Prints for
 * each question the mean and the longest time in milliseconds, of the processor.
 */
#include "measuring.h"

enum { ASKED = 64, LATEST = 16, ID_SIZE = 64 };
#define LIMIT UINT64_C(50000) /* microseconds that no question may take */

/* ---- whom to ask about ---- */

typedef char proposal_id[ID_SIZE];
typedef struct sample {
    proposal_id ids[ASKED]; /* one of every `stride` that were opened */
    size_t count;
    uint64_t seen, stride;
    proposal_id last[LATEST]; /* a ring: these may be open still */
} sample;

/* Every other one is left out when there is no more room. */
static void make_room(sample *all)
{
    for (size_t i = 0; i < ASKED / 2; i++)
        memcpy(all->ids[i], all->ids[2 * i], ID_SIZE);
    all->count = ASKED / 2;
    all->stride *= 2;
}

static void note_id(void *context, const bylaw_outcome *outcome)
{
    sample *all = context;
    if (outcome->type.size != 6 || memcmp(outcome->type.bytes, "opened", 6) != 0) return;
    proposal_id id = "";
    if (outcome->proposal.size >= ID_SIZE) return;
    memcpy(id, outcome->proposal.bytes, outcome->proposal.size);
    memcpy(all->last[all->seen % LATEST], id, ID_SIZE);
    if (all->seen++ % all->stride != 0) return;
    if (all->count == ASKED) make_room(all);
    memcpy(all->ids[all->count++], id, ID_SIZE);
}

/* ---- asking ---- */

static void count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
}

typedef bylaw_status question(bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out);

static bylaw_status complete(bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out)
{
    return bylaw_engine_complete(engine, asked->about, 20, out);
}

/* What waits is asked of everybody, lists are about everything. */
static bylaw_status pending(bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out)
{
    const bylaw_question all = {.format = asked->format};
    return bylaw_engine_pending(engine, &all, out);
}

static bylaw_status proposals(bylaw_engine *engine, const bylaw_question *asked, bylaw_writer out)
{
    const bylaw_question all = {.format = asked->format, .word = {"open", 4}};
    return bylaw_engine_proposals(engine, &all, out);
}

static const struct {
    const char *name, *word;
    question *ask;
} questions[] = {
    {"why", "", bylaw_engine_why},
    {"why not", "rejected", bylaw_engine_why_not},
    {"needs", "", bylaw_engine_needs},
    {"needs, final", "final", bylaw_engine_needs},
    {"who can veto", "veto", bylaw_engine_who_can},
    {"pending", "", pending},
    {"timeline", "", bylaw_engine_timeline},
    {"proposals", "", proposals},
    {"complete", "", complete},
};

typedef struct times {
    uint64_t sum, most, count;
} times;

static bool ask(bylaw_engine *engine, size_t which, const char *id, times *of)
{
    size_t size = 0;
    const bylaw_question asked = {.about = {id, strlen(id)},
                                  .word = {questions[which].word, strlen(questions[which].word)},
                                  .depth = BYLAW_EVERYTHING,
                                  .format = BYLAW_TEXT};
    const uint64_t start = measuring_nanoseconds();
    const bylaw_status status = questions[which].ask(engine, &asked,
                                                     (bylaw_writer){count_bytes, &size});
    const uint64_t took = (measuring_nanoseconds() - start) / 1000;
    of->sum += took;
    of->count++;
    if (took > of->most) of->most = took;
    return status == BYLAW_OK || status == BYLAW_ABSENT;
}

static bool measure(bylaw_engine *engine, const sample *all)
{
    printf("question        mean ms  longest ms\n");
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        times of = {0};
        bool is_fine = ask(engine, i, "no-such-proposal-as-this", &of);
        for (size_t j = 0; j < all->count; j++)
            is_fine = is_fine && ask(engine, i, all->ids[j], &of);
        for (size_t j = 0; j < LATEST; j++)
            is_fine = is_fine && ask(engine, i, all->last[j], &of);
        if (!is_fine) return false;
        const uint64_t mean = of.sum / of.count;
        printf("%-14s %4" PRIu64 ".%03" PRIu64 " %7" PRIu64 ".%03" PRIu64 "%s\n", questions[i].name,
               mean / 1000, mean % 1000, of.most / 1000, of.most % 1000,
               of.most > LIMIT ? "  too long" : "");
    }
    return true;
}

int main(int count, char **words)
{
    sample all = {.stride = 1};
    const bylaw_engine_options options = {.outcome = note_id, .context = &all, .record = true};
    measured of;
    int status = measuring_open(&of, count, words, &options);
    if (status == 0 &&
        (bylaw_engine_feed(of.engine, BYLAW_EVENTS, of.events.bytes, of.events.size) != BYLAW_OK ||
         all.count == 0 || !measure(of.engine, &all))) {
        fprintf(stderr, "bench_questions: the events could not be run or asked about\n");
        status = 1;
    }
    measuring_close(&of);
    return status;
}
