/*
 * Borda: points by place in a ranking, most points win.
 *
 * Of n candidates the first gets n - 1 points and the last none (Jean-Charles de Borda, 1781), or n
 * and one; or, as Desmond Dowdall set down for Nauru in 1971, the first gets 1, the second 1/2, the
 * third 1/3. Candidates at one rank take the places there together and each gets the average of
 * their points. Who is not ranked gets nothing, or shares the points of the places left (each gets
 * their average); or the ranked get points as if only they stood (`truncated`; the last is the
 * modified Borda count of Peter Emerson, "The original Borda count and partial voting", 2013).
 * A place is one among those who are ranked: ranks left empty take no points.
 *
 * What a ballot gives depends on where a candidate stands and with how many. So weights are
 * gathered by column and place, and points are worked out once for each of those, exactly.
 */
#include "ranking.h"
#include "totals.h"

/* The places from `first` on, `size` of them, on a ballot that ranks `ranked`. */
typedef struct places {
    uint32_t column;
    uint32_t first;
    uint32_t size;
    uint32_t ranked; /* 0 where it makes no difference */
    uint64_t weight;
    uint32_t next; /* entry of the same column; BL_NONE */
} places;

/*
 * Columns: what candidate c gets (c); what everybody gets for being unranked (n); and what c got
 * too much of that, being ranked (n + 1 + c). So a short ballot costs as much as it is long.
 */
typedef struct borda {
    bl_count *count;
    bl_totals totals;
    bl_rankings rankings;
    uint32_t standing; /* candidates who have not withdrawn */
    bl_map entry_of; /* column and places -> entry */
    bl_vector(places) entries;
    uint32_t *last_of; /* by column: its last entry */
    bl_exact *harmonic; /* 1 + 1/2 + … + 1/i, of Dowdall's points */
    bool has_failed; /* out of memory */
} borda;

_Static_assert(2 * BL_CANDIDATE_COUNT_MAX + 1 < 1 << 14, "a column fits into its bits of a key");
_Static_assert(BL_CANDIDATE_COUNT_MAX < 1 << 13, "so do places");

/* ---- gathering ---- */

static void add(borda *run, uint32_t column, uint32_t first, uint32_t size, uint32_t ranked,
                uint64_t weight)
{
    const bl_memory *memory = run->count->memory;
    const uint64_t key = (uint64_t)column << 39 | (uint64_t)first << 26 | (uint64_t)size << 13 |
                         ranked;
    uint32_t at = bl_map_get(&run->entry_of, key);
    if (at == BL_NONE) {
        at = (uint32_t)run->entries.count;
        if (!bl_vector_reserve(memory, &run->entries, 1) ||
            !bl_map_put(memory, &run->entry_of, key, at)) {
            run->has_failed = true;
            return;
        }
        run->entries.items[run->entries.count++] = (places){column, first, size,
                                                            ranked, 0,     run->last_of[column]};
        run->last_of[column] = at;
    }
    run->entries.items[at].weight += weight;
}

static void add_ranking(borda *run, const bl_ranking *ranking)
{
    const bl_count_options *options = run->count->options;
    const uint32_t *entries = run->rankings.entries + ranking->first;
    const uint32_t size = run->count->contest->candidate_count;
    const bool is_counted = options->truncated == BL_TRUNCATED_COUNTED;
    const bool is_shared = options->truncated == BL_TRUNCATED_AVERAGE &&
                           ranking->count < run->standing;
    const uint32_t left = run->standing - ranking->count;
    for (uint32_t at = 0; at < ranking->count;) {
        uint32_t end = at;
        while (entries[end++] & BL_RANKING_TIED) {
        }
        for (uint32_t i = at; i < end; i++) {
            const uint32_t candidate = BL_RANKING_CANDIDATE(entries[i]);
            add(run, candidate, at + 1, end - at, is_counted ? ranking->count : 0, ranking->weight);
            if (is_shared)
                add(run, size + 1 + candidate, ranking->count + 1, left, 0, ranking->weight);
        }
        at = end;
    }
    if (is_shared && ranking->count > 0)
        add(run, size, ranking->count + 1, left, 0, ranking->weight);
}

/* ---- points ---- */

static bool prepare_harmonic(borda *run)
{
    bl_exact_context *exact = &run->totals.exact;
    if (run->count->options->points != BL_POINTS_DOWDALL) return true;
    run->harmonic = bl_arena_array(run->count->arena, (size_t)run->standing + 1,
                                   sizeof *run->harmonic);
    if (!run->harmonic) return bl_count_nomem(run->count);
    run->harmonic[0] = BL_EXACT(0);
    for (uint32_t i = 1; i <= run->standing; i++)
        run->harmonic[i] = bl_exact_add(exact, run->harmonic[i - 1], bl_exact_ratio(exact, 1, i));
    return true;
}

/* The average of the points of some places. */
static bl_exact points_of(borda *run, const places *entry)
{
    bl_exact_context *exact = &run->totals.exact;
    const uint32_t kind = run->count->options->points;
    const uint64_t first = entry->first, last = first + entry->size - 1;
    if (kind == BL_POINTS_DOWDALL && entry->size == 1) return bl_exact_ratio(exact, 1, first);
    if (kind == BL_POINTS_DOWDALL)
        return bl_exact_divide(
            exact, bl_exact_subtract(exact, run->harmonic[last], run->harmonic[first - 1]),
            BL_EXACT(entry->size));
    const uint64_t candidates = entry->ranked > 0 ? entry->ranked : run->standing;
    const uint64_t top = candidates + (kind == BL_POINTS_FROM_ONE);
    return bl_exact_ratio(exact, 2 * top - first - last, 2);
}

/*
 * Adds up a column. Sums of Dowdall's points may have hundreds of digits: they are made in
 * `scratch`, which is given back now and then, and only the last one is kept.
 */
static bl_exact sum_of(borda *run, uint32_t column, bl_arena *scratch)
{
    enum { KEPT = 64 }; /* terms between two times of giving back */
    bl_exact_context *exact = &run->totals.exact;
    bl_exact sum = BL_EXACT(0);
    uint32_t terms = 0, current = 0;
    exact->arena = &scratch[0];
    for (uint32_t at = run->last_of[column]; at != BL_NONE; at = run->entries.items[at].next) {
        const places *entry = &run->entries.items[at];
        const bl_exact weight = bl_exact_ratio(exact, entry->weight,
                                               run->count->contest->weight_scale);
        sum = bl_exact_add(exact, sum, bl_exact_multiply(exact, points_of(run, entry), weight));
        if (++terms % KEPT != 0) continue;
        exact->arena = &scratch[1 - current];
        sum = bl_exact_copy(exact, sum);
        bl_arena_reset(&scratch[current]);
        current = 1 - current;
    }
    exact->arena = run->count->arena;
    sum = bl_exact_copy(exact, sum);
    bl_arena_reset(&scratch[0]);
    bl_arena_reset(&scratch[1]);
    return sum;
}

static void add_up(borda *run)
{
    const uint32_t size = run->count->contest->candidate_count;
    bl_exact_context *exact = &run->totals.exact;
    bl_arena scratch[2];
    bl_arena_init(&scratch[0], run->count->memory);
    bl_arena_init(&scratch[1], run->count->memory);
    const bl_exact everybody = sum_of(run, size, scratch);
    for (uint32_t i = 0; i < size; i++) {
        if (!run->totals.is_in[i]) continue;
        const bl_exact too_much = sum_of(run, size + 1 + i, scratch);
        const bl_exact shared = bl_exact_subtract(exact, everybody, too_much);
        run->totals.values[i] = bl_exact_add(exact, sum_of(run, i, scratch), shared);
    }
    bl_arena_destroy(&scratch[0]);
    bl_arena_destroy(&scratch[1]);
}

/* ---- the method ---- */

static bool gather(borda *run)
{
    bl_count *count = run->count;
    const bl_contest *contest = count->contest;
    const size_t columns = (size_t)contest->candidate_count * 2 + 1;
    run->last_of = bl_arena_array(count->arena, columns, sizeof *run->last_of);
    if (!run->last_of) return bl_count_nomem(count);
    for (size_t i = 0; i < columns; i++)
        run->last_of[i] = BL_NONE;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        run->standing += run->totals.is_in[i];
    for (uint32_t i = 0; i < run->rankings.count && !run->has_failed; i++)
        add_ranking(run, &run->rankings.items[i]);
    if (run->has_failed) return bl_count_nomem(count);
    if (!prepare_harmonic(run)) return false;
    add_up(run);
    return true;
}

bool bl_count_borda(bl_count *count)
{
    borda run = {.count = count};
    if (!bl_totals_begin(count, &run.totals) || !bl_rankings_read(count, true, &run.rankings))
        return false;
    bl_rankings_note(count, &run.rankings);
    const bool is_gathered = gather(&run);
    const bool is_empty = run.entries.count == 0;
    bl_map_free(count->memory, &run.entry_of);
    bl_vector_free(count->memory, &run.entries);
    if (!is_gathered || bl_totals_failed(&run.totals)) return false;
    if (is_empty) return bl_count_none(count, BL_TEXT("no ballot ranks anybody who stands"));
    bl_totals_figure(&run.totals, "scores");
    return bl_totals_elect(&run.totals, "the most points");
}
