/*
 * The pairwise comparison: how many voters prefer each candidate to each other one.
 *
 * A ballot prefers a candidate to all whom it ranks below, and, unless `unranked` says that they
 * are not compared, to all whom it does not rank. Of candidates at one rank it prefers none. Source
 * of the words: Condorcet, "Essai sur l'application de l'analyse" (1785); Smith, "Aggregation of
 * preferences with variable electorate" (1973); Schwartz, "Rationality and the myth of the maximum"
 * (1972).
 *
 * One pass over the piles. What a ballot says of those it does not rank is not written down one by
 * one: each candidate has the weight of the ballots that rank it, and each pair of those the
 * weight of the ballots that do not put the one above the other.
 */
#include "count_pairs.h"

#include <string.h>

enum { NAMES_SAID_MAX = 8 };

typedef struct reading {
    bl_count *count;
    bl_pairs *pairs;
    uint32_t *numbers; /* by candidate: its number; BL_NONE */
    uint32_t *named_by; /* by candidate: the last pile that names it, from 1 */
    uint64_t *ranked; /* by number: weight of the ballots that rank it */
    uint32_t *order; /* of the pile at hand: numbers, the best first */
    uint32_t *levels; /* … and the rank of each */
    uint32_t length;
    uint64_t repeated, unclear, ended; /* weight of ballots, for the notes */
} reading;

uint64_t bl_pairs_votes(const bl_pairs *pairs, uint32_t a, uint32_t b)
{
    return pairs->votes[(size_t)a * pairs->size + b];
}

bool bl_pairs_beats(const bl_pairs *pairs, uint32_t a, uint32_t b)
{
    return bl_pairs_votes(pairs, a, b) > bl_pairs_votes(pairs, b, a);
}

uint32_t bl_pairs_find(const bl_pairs *pairs, uint32_t candidate)
{
    for (uint32_t i = 0; i < pairs->size; i++)
        if (pairs->candidates[i] == candidate) return i;
    return BL_NONE;
}

/* ---- reading one pile ---- */

static bool stands(const bl_contest *contest, const bl_mark *mark)
{
    return mark->candidate < contest->candidate_count &&
           !contest->candidates[mark->candidate].is_withdrawn;
}

/* What is found at one rank. */
typedef struct rank_found {
    bool has_repeated, has_write_in, is_unclear;
} rank_found;

static rank_found look_at_rank(const reading *run, const bl_mark *mark, const bl_mark *end,
                               uint32_t stamp)
{
    rank_found found = {false, false, false};
    for (; mark < end; mark++) {
        found.has_write_in = found.has_write_in || mark->candidate == BL_MARK_NOBODY;
        found.is_unclear = found.is_unclear || mark->candidate == BL_MARK_OVERVOTE;
        if (stands(run->count->contest, mark) && run->named_by[mark->candidate] == stamp)
            found.has_repeated = true;
    }
    return found;
}

static void take_rank(reading *run, const bl_mark *mark, const bl_mark *end, uint32_t stamp,
                      uint32_t level)
{
    for (; mark < end; mark++) {
        if (!stands(run->count->contest, mark) || run->named_by[mark->candidate] == stamp) continue;
        run->named_by[mark->candidate] = stamp;
        run->order[run->length] = run->numbers[mark->candidate];
        run->levels[run->length++] = level;
    }
}

/* The order of a pile under the rules on duplicates, write-ins and ranks that count. A rank that
 * ends the ballot is not read itself. */
static void read_order(reading *run, const bl_pile *pile, uint32_t stamp)
{
    const bl_count_options *options = run->count->options;
    const bl_mark *mark = run->count->contest->marks + pile->first_mark;
    const bl_mark *const end = mark + pile->mark_count;
    rank_found met = {false, false, false};
    bool is_ended = false;
    run->length = 0;
    for (uint32_t level = 0; mark < end && !is_ended; level++) {
        const bl_mark *after = mark + 1;
        while (after < end && after->value == mark->value)
            after++;
        if (mark->value > 0 && (uint32_t)mark->value > options->ranks_most) break;
        const rank_found found = look_at_rank(run, mark, after, stamp);
        met.has_repeated = met.has_repeated || found.has_repeated;
        met.is_unclear = met.is_unclear || found.is_unclear;
        is_ended = (found.has_repeated && options->duplicates) ||
                   (found.has_write_in && options->write_ins);
        if (!is_ended && !found.is_unclear) take_rank(run, mark, after, stamp, level);
        mark = after;
    }
    if (met.has_repeated) run->repeated += pile->weight;
    if (met.is_unclear) run->unclear += pile->weight;
    if (is_ended && !met.has_repeated) run->ended += pile->weight;
}

/* Those who are ranked beat those who are not: votes are for now of ballots that rank the row's
 * candidate and do not prefer it to the column's. */
static void compare_with_all(reading *run, uint64_t weight)
{
    const size_t size = run->pairs->size;
    for (uint32_t i = 0; i < run->length; i++) {
        const uint32_t lower = run->order[i];
        uint64_t *const row = run->pairs->votes + lower * size;
        run->ranked[lower] += weight;
        for (uint32_t j = 0; j < i; j++)
            row[run->order[j]] += weight;
        for (uint32_t j = i; j-- > 0 && run->levels[j] == run->levels[i];)
            run->pairs->votes[run->order[j] * size + lower] += weight;
    }
}

/* Nothing is said of those who are not ranked: votes are at once of those who prefer the row's. */
static void compare_ranked(reading *run, uint64_t weight)
{
    const size_t size = run->pairs->size;
    for (uint32_t i = 0, same = 0; i < run->length; i++) {
        if (run->levels[i] != run->levels[same]) same = i; /* the first of this rank */
        for (uint32_t j = 0; j < same; j++)
            run->pairs->votes[run->order[j] * size + run->order[i]] += weight;
    }
}

/* ---- all of them ---- */

static bool begin(bl_count *count, bl_pairs *pairs, reading *run)
{
    const uint32_t size = count->contest->candidate_count;
    *run = (reading){.count = count, .pairs = pairs};
    run->numbers = bl_arena_array(count->arena, size, sizeof *run->numbers);
    run->named_by = bl_arena_array(count->arena, size, sizeof *run->named_by);
    run->order = bl_arena_array(count->arena, size, sizeof *run->order);
    run->levels = bl_arena_array(count->arena, size, sizeof *run->levels);
    run->ranked = bl_arena_array(count->arena, size, sizeof *run->ranked);
    pairs->candidates = bl_arena_array(count->arena, size, sizeof *pairs->candidates);
    if (!run->numbers || !run->named_by || !run->order || !run->levels || !run->ranked ||
        !pairs->candidates)
        return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++) {
        run->numbers[i] = BL_NONE;
        if (count->contest->candidates[i].is_withdrawn) continue;
        run->numbers[i] = pairs->size;
        pairs->candidates[pairs->size++] = i;
    }
    return true;
}

static void read_piles(reading *run)
{
    const bl_contest *contest = run->count->contest;
    const bool is_all = !run->count->options->unranked;
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        read_order(run, &contest->piles[i], i + 1);
        (is_all ? compare_with_all : compare_ranked)(run, contest->piles[i].weight);
    }
    const size_t size = run->pairs->size;
    for (size_t i = 0; is_all && i < size; i++)
        for (size_t j = 0; j < size; j++)
            run->pairs->votes[i * size + j] = i == j ? 0
                                                     : run->ranked[i] -
                                                           run->pairs->votes[i * size + j];
}

static void note_ballots(bl_count *count, uint64_t units, const char *what)
{
    if (units == 0) return;
    const bl_text amount = bl_amount_whole(count, units).text;
    const bool is_one = bl_text_equal(amount, BL_TEXT("1"));
    bl_say_text(count, "%.*s %s %s", (int)amount.size, amount.bytes, is_one ? "ballot" : "ballots",
                what);
    bl_note_add(count, bl_say_end(count));
}

static void note_ballots_read(const reading *run)
{
    const bool ends = run->count->options->duplicates;
    note_ballots(run->count, run->repeated,
                 ends ? "with a candidate ranked again: they end there"
                      : "with a candidate ranked again: the second rank is passed over");
    note_ballots(run->count, run->ended, "with a name that is no candidate: they end there");
    note_ballots(run->count, run->unclear,
                 "with several at one rank, where the record does not say who: passed over");
}

static void show_pairs(bl_count *count, const bl_pairs *pairs)
{
    const size_t size = count->contest->candidate_count;
    bl_text *cells = bl_arena_array(count->arena, size * size, sizeof *cells);
    if (!cells) {
        bl_count_nomem(count);
        return;
    }
    for (uint32_t i = 0; i < pairs->size; i++)
        for (uint32_t j = 0; j < pairs->size; j++)
            if (i != j)
                cells[pairs->candidates[i] * size + pairs->candidates[j]] =
                    bl_amount_whole(count, bl_pairs_votes(pairs, i, j)).text;
    bl_figure_add(count, "pairwise", BL_FIGURE_MATRIX, cells, (uint32_t)(size * size));
}

/* ---- words ---- */

void bl_say_votes(bl_count *count, uint64_t units)
{
    const bl_text amount = bl_amount_whole(count, units).text;
    bl_say_text(count, "%.*s %s", (int)amount.size, amount.bytes,
                bl_text_equal(amount, BL_TEXT("1")) ? "vote" : "votes");
}

void bl_say_set(bl_count *count, const bl_pairs *pairs, const bool *is_in)
{
    uint32_t names[NAMES_SAID_MAX], size = 0;
    for (uint32_t i = 0; i < pairs->size; i++) {
        if (!is_in[i]) continue;
        if (size < NAMES_SAID_MAX) names[size] = pairs->candidates[i];
        size++;
    }
    if (size <= NAMES_SAID_MAX) {
        bl_say_names(count, names, size);
        return;
    }
    for (uint32_t i = 0; i < NAMES_SAID_MAX; i++) {
        bl_say_name(count, names[i]);
        bl_say_text(count, i + 1 < NAMES_SAID_MAX ? ", " : " ");
    }
    bl_say_text(count, "and %u more", size - NAMES_SAID_MAX);
}

/* ---- the sets ---- */

static uint32_t count_beaten(const bl_pairs *pairs, uint32_t a)
{
    uint32_t beaten = 0;
    for (uint32_t i = 0; i < pairs->size; i++)
        beaten += i != a && bl_pairs_beats(pairs, a, i);
    return beaten;
}

/* Twice the victories, and once the draws: who has most is in the Smith set. */
static uint32_t find_strongest(const bl_pairs *pairs)
{
    uint32_t best = 0, most = 0;
    for (uint32_t i = 0; i < pairs->size; i++) {
        uint32_t score = 0;
        for (uint32_t j = 0; j < pairs->size; j++) {
            if (i == j) continue;
            score += bl_pairs_beats(pairs, i, j);
            score += !bl_pairs_beats(pairs, j, i);
        }
        if (i > 0 && score <= most) continue;
        best = i;
        most = score;
    }
    return best;
}

/* The Smith set: from one that is in it on, everybody whom one in it does not beat is in it too. */
static uint32_t find_smith(const bl_pairs *pairs, uint32_t *work, bool *is_in)
{
    uint32_t found = 1;
    work[0] = find_strongest(pairs);
    is_in[work[0]] = true;
    for (uint32_t at = 0; at < found; at++) {
        for (uint32_t i = 0; i < pairs->size; i++) {
            if (is_in[i] || bl_pairs_beats(pairs, work[at], i)) continue;
            is_in[i] = true;
            work[found++] = i;
        }
    }
    return found;
}

static void note_smith(bl_count *count, const bl_pairs *pairs, const bool *is_in, uint32_t size)
{
    bl_say_text(count, "nobody beats everybody else, so there is no Condorcet winner; ");
    bl_say_text(count, "the smallest group that beats all others, the Smith set, is ");
    if (size == pairs->size)
        bl_say_text(count, "everybody");
    else
        bl_say_set(count, pairs, is_in);
    bl_note_add(count, bl_say_end(count));
}

static bool note_schwartz(bl_count *count, const bl_pairs *pairs, const bool *in_smith)
{
    bl_schwartz schwartz;
    if (!bl_schwartz_make(count, pairs, &schwartz)) return false;
    if (memcmp(schwartz.is_in, in_smith, pairs->size * sizeof *in_smith) == 0) return true;
    bl_say_text(count, "the Schwartz set, beaten by nobody but each other, is ");
    bl_say_set(count, pairs, schwartz.is_in);
    bl_note_add(count, bl_say_end(count));
    return true;
}

static bool note_sets(bl_count *count, const bl_pairs *pairs)
{
    uint32_t *work = bl_arena_array(count->arena, pairs->size, sizeof *work);
    bool *in_smith = bl_arena_array(count->arena, pairs->size, sizeof *in_smith);
    if (!work || !in_smith) return bl_count_nomem(count);
    const uint32_t size = find_smith(pairs, work, in_smith);
    if (size == 1 && count_beaten(pairs, work[0]) + 1 == pairs->size) {
        if (pairs->size == 1) return true;
        bl_say_name(count, pairs->candidates[work[0]]);
        bl_say_text(count, " beats everybody else one on one: the Condorcet winner");
        bl_note_add(count, bl_say_end(count));
        return true;
    }
    note_smith(count, pairs, in_smith, size);
    return note_schwartz(count, pairs, in_smith);
}

/* ---- making ---- */

bool bl_pairs_make(bl_count *count, bl_pairs *pairs)
{
    reading run;
    *pairs = (bl_pairs){0, NULL, NULL};
    if (!begin(count, pairs, &run)) return false;
    if (pairs->size > BL_PAIRS_MAX) {
        bl_say_text(count, "%s compares at most %d candidates one on one, and here are %u",
                    bl_methods[count->options->method].name, BL_PAIRS_MAX, pairs->size);
        return bl_count_refuse(count, bl_say_end(count));
    }
    pairs->votes = bl_arena_array(count->arena, (size_t)pairs->size * pairs->size,
                                  sizeof *pairs->votes);
    if (!pairs->votes) return bl_count_nomem(count);
    read_piles(&run);
    note_ballots_read(&run);
    show_pairs(count, pairs);
    return !count->failed && note_sets(count, pairs);
}

bool bl_pairs_keep(bl_count *count, const bl_pairs *pairs, const bool *is_kept, bl_pairs *out)
{
    uint32_t *from = bl_arena_array(count->arena, pairs->size, sizeof *from);
    *out = (bl_pairs){0, NULL, NULL};
    out->candidates = bl_arena_array(count->arena, pairs->size, sizeof *out->candidates);
    if (!from || !out->candidates) return bl_count_nomem(count);
    for (uint32_t i = 0; i < pairs->size; i++) {
        if (!is_kept[i]) continue;
        from[out->size] = i;
        out->candidates[out->size++] = pairs->candidates[i];
    }
    out->votes = bl_arena_array(count->arena, (size_t)out->size * out->size, sizeof *out->votes);
    if (!out->votes) return bl_count_nomem(count);
    for (uint32_t i = 0; i < out->size; i++)
        for (uint32_t j = 0; j < out->size; j++)
            if (i != j)
                out->votes[(size_t)i * out->size + j] = bl_pairs_votes(pairs, from[i], from[j]);
    return true;
}
