/*
 * How fast elections are counted: `bench_elections [BALLOTS]` makes ballot files of ten candidates,
 * a line a ballot (a million, where nothing is said), in the formats that people keep them in, and
 * measures in one run: going over the bytes for line ends, reading the file into a contest (equal
 * ballots on one pile), and counting it by several methods.
 *
 * Two electorates: "alike", whose voters lean to one end of a line and stop early, as people do,
 * and "unlike", where each ballot ranks all ten at random, so that hardly two are equal. Each
 * figure is the best of several passes. The ratio is reading and counting to reading alone: below
 * 2, a file is counted in less time than it takes to read it twice.
 */
#include "ballots.h"
#include "count.h"
#include "measuring.h"

enum { PASSES = 3, CANDIDATES = 10 };

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* ---- making ballots ---- */

/* Candidates stand at even places of a line of 1000; who is nearer is likelier to come next. */
static uint32_t rank_alike(uint64_t *seed, uint32_t *ranking)
{
    const uint32_t place = next_random(seed) % 1000;
    bool is_used[CANDIDATES] = {false};
    uint32_t size = 0;
    do {
        uint32_t weights[CANDIDATES], sum = 0;
        for (uint32_t c = 0; c < CANDIDATES; c++) {
            const uint32_t at = c * 111, far = at > place ? at - place : place - at;
            weights[c] = is_used[c] ? 0 : 4000000 / (400 + far * far);
            sum += weights[c];
        }
        uint32_t drawn = next_random(seed) % (sum + 1), chosen = 0;
        while (chosen + 1 < CANDIDATES && (drawn >= weights[chosen] || is_used[chosen]))
            drawn -= weights[chosen] < drawn ? weights[chosen] : drawn, chosen++;
        if (is_used[chosen]) break;
        is_used[chosen] = true;
        ranking[size++] = chosen;
    } while (size < CANDIDATES && next_random(seed) % 100 < 55);
    return size;
}

static uint32_t rank_unlike(uint64_t *seed, uint32_t *ranking)
{
    for (uint32_t c = 0; c < CANDIDATES; c++) {
        const uint32_t at = next_random(seed) % (c + 1);
        ranking[c] = ranking[at];
        ranking[at] = c;
    }
    return CANDIDATES;
}

typedef uint32_t electorate(uint64_t *seed, uint32_t *ranking);

static void write_names(bl_buffer *out, const char *before, const char *after)
{
    for (uint32_t c = 0; c < CANDIDATES; c++)
        bl_buffer_format(out, "%sCandidate %u%s", before, c + 1, after);
}

static void write_blt(bl_buffer *out, electorate *draw, uint32_t ballots)
{
    uint64_t seed = 1;
    uint32_t ranking[CANDIDATES];
    bl_buffer_format(out, "%d 1\n", CANDIDATES);
    for (uint32_t b = 0; b < ballots; b++) {
        const uint32_t size = draw(&seed, ranking);
        bl_buffer_char(out, '1');
        for (uint32_t i = 0; i < size; i++) {
            bl_buffer_char(out, ' ');
            bl_buffer_number(out, ranking[i] + 1);
        }
        bl_buffer_cstring(out, " 0\n");
    }
    bl_buffer_cstring(out, "0\n");
    write_names(out, "\"", "\"\n");
    bl_buffer_cstring(out, "\"A contest\"\n");
}

static void write_csv(bl_buffer *out, electorate *draw, uint32_t ballots)
{
    uint64_t seed = 1;
    uint32_t ranking[CANDIDATES];
    bl_buffer_cstring(out, "Cast Vote Record,Precinct");
    for (uint32_t c = 0; c < CANDIDATES; c++)
        bl_buffer_format(out, ",Rank %u", c + 1);
    bl_buffer_char(out, '\n');
    for (uint32_t b = 0; b < ballots; b++) {
        const uint32_t size = draw(&seed, ranking);
        bl_buffer_number(out, b + 1);
        bl_buffer_cstring(out, ",7");
        for (uint32_t i = 0; i < CANDIDATES; i++) {
            bl_buffer_char(out, ',');
            if (i >= size) continue;
            bl_buffer_cstring(out, "Candidate ");
            bl_buffer_number(out, ranking[i] + 1);
        }
        bl_buffer_char(out, '\n');
    }
}

static void write_json(bl_buffer *out, electorate *draw, uint32_t ballots)
{
    uint64_t seed = 1;
    uint32_t ranking[CANDIDATES];
    bl_buffer_cstring(out, "{\"method\":\"irv\",\"candidates\":[");
    for (uint32_t c = 0; c < CANDIDATES; c++)
        bl_buffer_format(out, "%s\"Candidate %u\"", c > 0 ? "," : "", c + 1);
    bl_buffer_cstring(out, "],\"ballots\":[");
    for (uint32_t b = 0; b < ballots; b++) {
        const uint32_t size = draw(&seed, ranking);
        bl_buffer_cstring(out,
                          b > 0 ? ",\n{\"count\":1,\"ranking\":[" : "\n{\"count\":1,\"ranking\":[");
        for (uint32_t i = 0; i < size; i++) {
            bl_buffer_cstring(out, i > 0 ? ",\"Candidate " : "\"Candidate ");
            bl_buffer_number(out, ranking[i] + 1);
            bl_buffer_char(out, '"');
        }
        bl_buffer_cstring(out, "]}");
    }
    bl_buffer_cstring(out, "]}\n");
}

/* ---- measuring ---- */

static uint64_t time_lines(bl_text text)
{
    uint64_t best = UINT64_MAX;
    volatile uint64_t sink = 0;
    for (int i = 0; i < PASSES; i++) {
        const uint64_t start = measuring_nanoseconds();
        for (const char *at = text.bytes, *end = at + text.size; at < end; sink++) {
            const char *line = memchr(at, '\n', (size_t)(end - at));
            at = line ? line + 1 : end;
        }
        const uint64_t taken = measuring_nanoseconds() - start;
        best = taken < best ? taken : best;
    }
    return best;
}

static void complain(const char *what, bl_text why)
{
    fprintf(stderr, "%s: %.*s\n", what, (int)why.size, why.bytes);
    exit(1);
}

static uint64_t time_reading(bl_text text, bl_ballots_format format, bl_arena *arena,
                             bl_ballot_file *out)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < PASSES; i++) {
        const bl_ballots_request request = {.name = BL_TEXT("bench"),
                                            .bytes = text,
                                            .format = format,
                                            .method = BL_TEXT("irv"),
                                            .seed = 5};
        bl_arena_reset(arena);
        const uint64_t start = measuring_nanoseconds();
        const bl_ballots_status status = bl_ballots_read(&request, arena, &bl_memory_default, out);
        const uint64_t taken = measuring_nanoseconds() - start;
        if (status != BL_BALLOTS_OK) complain("reading", out->problem);
        best = taken < best ? taken : best;
    }
    return best;
}

static uint64_t time_counting(const bl_contest *contest, const char *method, uint32_t seats)
{
    bl_count_options options;
    char digits[16];
    snprintf(digits, sizeof digits, "%" PRIu32, seats);
    bl_count_method_named(bl_text_of(method), &options);
    bl_count_option_set(&options, BL_TEXT("seats"), bl_text_of(digits), NULL);
    bl_count_option_set(&options, BL_TEXT("ties"), BL_TEXT("order"), NULL);
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < PASSES; i++) {
        bl_arena arena;
        bl_count count;
        bl_arena_init(&arena, &bl_memory_default);
        const uint64_t start = measuring_nanoseconds();
        if (bl_count_run(contest, &options, &arena, &bl_memory_default, &count) != BL_COUNT_OK)
            complain(method, count.problem);
        const uint64_t taken = measuring_nanoseconds() - start;
        bl_count_free(&count);
        bl_arena_destroy(&arena);
        best = taken < best ? taken : best;
    }
    return best;
}

static void put_ratio(const char *what, uint64_t part, uint64_t whole)
{
    const uint64_t hundredths = part * 100 / (whole > 0 ? whole : 1);
    printf("%s%" PRIu64 ".%02" PRIu64, what, hundredths / 100, hundredths % 100);
}

static void measure(const char *name, bl_ballots_format format, bl_text text, uint32_t ballots,
                    bool all_methods)
{
    static const struct {
        const char *method;
        uint32_t seats;
    } counts[] = {{"irv", 1},   {"scottish_stv", 3}, {"meek", 3},
                  {"borda", 1}, {"schulze", 1},      {"ranked_pairs", 1}};
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_ballot_file file;
    const uint64_t lines = time_lines(text), reading = time_reading(text, format, &arena, &file);
    printf("%-6s %4zu MB, %8" PRIu32 " piles: reading %4" PRIu64 " ns a ballot", name,
           text.size >> 20, file.contest->pile_count, reading / ballots);
    put_ratio(", ", reading, lines);
    printf(" times finding lines\n");
    for (size_t i = 0; i < (all_methods ? sizeof counts / sizeof *counts : 1); i++) {
        const uint64_t counting = time_counting(file.contest, counts[i].method, counts[i].seats);
        printf("       %-13s %6" PRIu64 " us", counts[i].method, counting / 1000);
        put_ratio(", with reading to reading alone ", reading + counting, reading);
        printf("\n");
    }
    bl_arena_destroy(&arena);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        electorate *draw;
    } electorates[] = {{"alike", rank_alike}, {"unlike", rank_unlike}};
    static const struct {
        const char *name;
        bl_ballots_format format;
        void (*write)(bl_buffer *out, electorate *draw, uint32_t ballots);
    } formats[] = {{"BLT", BL_BALLOTS_BLT, write_blt},
                   {"CSV", BL_BALLOTS_CSV, write_csv},
                   {"JSON", BL_BALLOTS_JSON, write_json}};
    const uint32_t ballots = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
    if (ballots == 0) {
        fputs("usage: bench_elections [BALLOTS]\n", stderr);
        return 2;
    }
    for (size_t e = 0; e < sizeof electorates / sizeof *electorates; e++) {
        printf("%" PRIu32 " ballots, %s\n", ballots, electorates[e].name);
        for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
            bl_buffer text;
            bl_buffer_init(&text, &bl_memory_default);
            formats[f].write(&text, electorates[e].draw, ballots);
            if (text.failed) complain("making ballots", BL_TEXT("out of memory"));
            measure(formats[f].name, formats[f].format, (bl_text){text.bytes, text.size}, ballots,
                    f == 0);
            bl_buffer_free(&text);
        }
    }
    return 0;
}
