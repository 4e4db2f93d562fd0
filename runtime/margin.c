/*
 * Margins: see margin.h. Here: the last round, what is added up from ballots, and telling.
 */
#include "margin.h"

#include <stdlib.h>
#include <string.h>

#include "margin_runoff.h"
#include "ranking.h"

__extension__ typedef __int128 wide;

/* What is told: `least` and `most` ballots, or why not. */
typedef struct told {
    uint64_t least, most;
    uint32_t instead; /* who wins then */
    const char *unknown_because;
} told;

static void add_number(bl_count *count, const char *name, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    const bl_text text = bl_amount_text(count, (bl_text){digits + at, sizeof digits - at}).text;
    bl_figure_add(count, name, BL_FIGURE_ONE, &text, 1);
}

/* ---- the last round ---- */

/* Half of a difference that a figure or round shows, rounded up; false where it is no number. */
static bool half_of(bl_text more, bl_text less, uint64_t *out)
{
    bl_rational a, b, difference, half;
    if (!bl_rational_parse(more, &a) || !bl_rational_parse(less, &b) ||
        !bl_rational_subtract(a, b, &difference) ||
        !bl_rational_divide(difference, BL_RATIONAL(2), &half) || half.num < 0)
        return false;
    *out = (uint64_t)bl_rational_ceiling(half);
    return true;
}

/* The smallest margin over those who had votes in the last round that has several. */
static bool last_of_rounds(const bl_count *count, uint64_t *out)
{
    const uint32_t winner = count->winners[0];
    bool is_known = false;
    for (size_t r = count->rounds.count; r-- > 0 && !is_known;) {
        const bl_amount *tally = count->rounds.items[r].tally;
        for (uint32_t c = 0; c < count->contest->candidate_count; c++) {
            uint64_t margin;
            if (c == winner || tally[c].text.size == 0 || tally[winner].text.size == 0) continue;
            if (!half_of(tally[winner].text, tally[c].text, &margin)) continue;
            if (!is_known || margin < *out) *out = margin;
            is_known = true;
        }
    }
    return is_known;
}

/* Whether the tallies are ballots, of which a changed one takes from one and gives to another. */
static bool counts_votes(const bl_count *count)
{
    switch (count->options->method) {
    case BL_METHOD_PLURALITY:
    case BL_METHOD_TWO_ROUND:
    case BL_METHOD_APPROVAL:
    case BL_METHOD_BOTTOMS_UP:
    case BL_METHOD_SEQUENTIAL_IRV:
    case BL_METHOD_STV:
    case BL_METHOD_MEEK: return true;
    default: return false;
    }
}

/* Of pairs: over whom the winner won by least; none where somebody beat the winner. */
static bool last_of_pairs(const bl_count *count, uint64_t *out)
{
    const uint32_t winner = count->winners[0], size = count->contest->candidate_count;
    const bl_figure *pairwise = NULL;
    for (size_t i = 0; i < count->figures.count; i++)
        if (strcmp(count->figures.items[i].name, "pairwise") == 0)
            pairwise = &count->figures.items[i];
    bool is_known = false;
    for (uint32_t c = 0; pairwise && pairwise->shape == BL_FIGURE_MATRIX && c < size; c++) {
        uint64_t margin;
        if (c == winner || count->contest->candidates[c].is_withdrawn) continue;
        if (!half_of(pairwise->cells[winner * size + c], pairwise->cells[c * size + winner],
                     &margin))
            return false;
        if (!is_known || margin < *out) *out = margin;
        is_known = true;
    }
    return is_known;
}

/* ---- an instant runoff ---- */

typedef struct runoff {
    bl_runoff_ballots ballots;
    bl_rankings rankings;
    bool *stands;
    bool has_ties;
} runoff;

static bool read_runoff(bl_count *count, runoff *run)
{
    const bl_contest *contest = count->contest;
    const uint32_t size = contest->candidate_count;
    if (!bl_rankings_read(count, false, &run->rankings)) return false;
    bl_runoff_ballot *items = bl_arena_array(count->arena, run->rankings.count, sizeof *items);
    run->stands = bl_arena_array(count->arena, size, sizeof *run->stands);
    if (!items || !run->stands) return bl_count_nomem(count);
    for (uint32_t i = 0; i < run->rankings.count; i++) {
        const bl_ranking *ranking = &run->rankings.items[i];
        items[i] = (bl_runoff_ballot){run->rankings.entries + ranking->first, ranking->count,
                                      ranking->weight};
        for (uint32_t e = 0; e < ranking->count; e++)
            run->has_ties = run->has_ties || (items[i].ranking[e] & BL_RANKING_TIED);
    }
    uint32_t standing = 0;
    for (uint32_t c = 0; c < size; c++) {
        run->stands[c] = !contest->candidates[c].is_withdrawn;
        standing += run->stands[c];
    }
    run->ballots = (bl_runoff_ballots){.items = items,
                                       .count = run->rankings.count,
                                       .all_count = size,
                                       .stands = run->stands,
                                       .candidate_count = standing,
                                       .winner = count->winners[0],
                                       .ranks_most = count->options->ranks_most};
    return true;
}

/* `at` is kept from one tally to the next: a ballot that has ended stays so. */
static void tally_runoff(const runoff *run, const bool *is_in, uint32_t *at, uint64_t *tally)
{
    memset(tally, 0, run->ballots.all_count * sizeof *tally);
    for (uint32_t i = 0; i < run->rankings.count; i++) {
        const bl_ranking *ranking = &run->rankings.items[i];
        const uint32_t vote = bl_ranking_next(&run->rankings, ranking, is_in, &at[i]);
        if (vote != BL_NONE) tally[vote] += ranking->weight;
    }
}

/*
 * Goes on until two are left: first those whom the count put out, in its order, then whoever has
 * least. `*second`: who is left beside the winner.
 */
static bool last_two(bl_count *count, const runoff *run, uint64_t *margin, uint32_t *second)
{
    const uint32_t size = run->ballots.all_count, winner = run->ballots.winner;
    bool *is_in = bl_arena_array(count->arena, size, sizeof *is_in);
    uint64_t *tally = bl_arena_array(count->arena, size, sizeof *tally);
    uint32_t *at = bl_arena_array(count->arena, run->rankings.count, sizeof *at);
    if (!is_in || !tally || !at) return bl_count_nomem(count);
    memcpy(is_in, run->stands, size * sizeof *is_in);
    uint32_t left = run->ballots.candidate_count;
    for (size_t r = 0; r < count->rounds.count; r++) {
        if (run->has_ties) tally_runoff(run, is_in, at, tally); /* some ballots end in this round */
        for (uint32_t i = 0; i < count->rounds.items[r].eliminated_count && left > 2; i++) {
            const uint32_t out = count->rounds.items[r].eliminated[i];
            left -= is_in[out];
            is_in[out] = false;
        }
    }
    for (;; left--) {
        tally_runoff(run, is_in, at, tally);
        *second = BL_NONE;
        for (uint32_t c = 0; c < size; c++)
            if (c != winner && is_in[c] && (*second == BL_NONE || tally[c] < tally[*second]))
                *second = c;
        if (left <= 2) break;
        is_in[*second] = false;
    }
    *margin = tally[winner] > tally[*second] ? (tally[winner] - tally[*second] + 1) / 2 : 0;
    return true;
}

static const char *why_not_runoff(const bl_count *count, const runoff *run)
{
    const bl_count_options *options = count->options;
    if (run->has_ties) return "ballots rank several at once, and end only if these still stand";
    if (options->minimum > 0) return "who has few votes goes out at once";
    if (bl_rational_compare(options->threshold, (bl_rational){1, 2}) != 0)
        return "it is won with another share than half";
    return NULL;
}

/* Somebody is left beside the winner. */
static bool find_runoff(bl_count *count, uint64_t effort, told *out)
{
    runoff run = {.has_ties = false};
    uint64_t enough = 0;
    uint32_t second = BL_NONE;
    if (!read_runoff(count, &run) || !last_two(count, &run, &enough, &second)) return false;
    add_number(count, "last_round_margin", enough);
    if (effort == 0) return true;
    out->unknown_because = why_not_runoff(count, &run);
    if (out->unknown_because) return true;
    bl_runoff_margin found;
    if (!bl_margin_runoff(&run.ballots, enough, effort, count->arena, count->memory, &found))
        return bl_count_nomem(count);
    out->least = found.least;
    out->most = found.most;
    out->instead = found.order ? found.order[run.ballots.candidate_count - 1] : second;
    return true;
}

/* ---- what is added up: plurality, approval, scores ---- */

/* Ballots whose change moves the difference between two candidates by `gain`. */
typedef struct gain {
    uint64_t gain, weight;
} gain;

static int compare_gains(const void *a, const void *b)
{
    const uint64_t x = ((const gain *)a)->gain, y = ((const gain *)b)->gain;
    return (x < y) - (x > y);
}

/* What a pile gives to each of two, as units; nothing where it does not count. */
typedef struct ballot_points {
    int64_t lowest, highest; /* that a ballot can give */
    uint32_t marks_most; /* more spoil it */
} ballot_points;

static void read_pile(const bl_contest *contest, const bl_pile *pile, const ballot_points *points,
                      const uint32_t pair[2], int64_t given[2])
{
    const bl_mark *marks = contest->marks + pile->first_mark;
    given[0] = given[1] = pile->mark_count > 0 ? points->lowest : 0;
    bool is_spoiled = pile->mark_count > points->marks_most;
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        is_spoiled = is_spoiled || marks[i].value < points->lowest ||
                     marks[i].value > points->highest;
        for (int side = 0; side < 2; side++)
            if (marks[i].candidate == pair[side]) given[side] = marks[i].value;
    }
    if (is_spoiled) given[0] = given[1] = 0;
}

/* How many ballots bring `second` up to the winner. */
static uint64_t ballots_for(const bl_contest *contest, const ballot_points *points, uint32_t winner,
                            uint32_t second, gain *gains)
{
    const uint32_t pair[2] = {winner, second};
    wide ahead = 0;
    uint32_t size = 0;
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        int64_t given[2];
        read_pile(contest, &contest->piles[i], points, pair, given);
        const uint64_t weight = contest->piles[i].weight;
        ahead += (wide)(given[0] - given[1]) * weight;
        const int64_t most = points->highest - points->lowest + given[0] - given[1];
        if (most > 0) gains[size++] = (gain){(uint64_t)most, weight};
    }
    qsort(gains, size, sizeof *gains, compare_gains);
    uint64_t ballots = 0;
    for (uint32_t i = 0; i < size && ahead > 0; i++) {
        const wide wanted = (ahead + (wide)gains[i].gain - 1) / (wide)gains[i].gain;
        const uint64_t taken = wanted < (wide)gains[i].weight ? (uint64_t)wanted : gains[i].weight;
        ballots += taken;
        ahead -= (wide)gains[i].gain * taken;
    }
    return ballots;
}

static bool find_added(bl_count *count, const ballot_points *points, told *out)
{
    const bl_contest *contest = count->contest;
    gain *gains = bl_arena_array(count->arena, contest->pile_count, sizeof *gains);
    if (!gains) return bl_count_nomem(count);
    out->most = UINT64_MAX;
    for (uint32_t c = 0; c < contest->candidate_count; c++) {
        if (c == count->winners[0] || contest->candidates[c].is_withdrawn) continue;
        const uint64_t ballots = ballots_for(contest, points, count->winners[0], c, gains);
        if (ballots < out->most) out->most = ballots, out->instead = c;
    }
    out->least = out->most;
    return true;
}

/* The scores of the options, in units; false where they are no whole ones. */
static bool scores_of(const bl_count *count, ballot_points *out)
{
    const bl_rational scale = BL_RATIONAL(count->contest->score_scale);
    bl_rational lowest, highest;
    if (!bl_rational_multiply(count->options->lowest, scale, &lowest) || lowest.den != 1 ||
        !bl_rational_multiply(count->options->highest, scale, &highest) || highest.den != 1)
        return false;
    *out = (ballot_points){lowest.num, highest.num, UINT32_MAX};
    return true;
}

/* ---- which it is ---- */

static bool find(bl_count *count, told *out)
{
    const bl_count_options *options = count->options;
    ballot_points points = {0, 1, options->choices_most};
    switch (options->method) {
    case BL_METHOD_PLURALITY:
        if (options->choices_most == BL_NO_MOST) points.marks_most = 1;
        return find_added(count, &points, out);
    case BL_METHOD_APPROVAL: return find_added(count, &points, out);
    case BL_METHOD_SCORE:
        if (options->unscored == 0 && scores_of(count, &points))
            return find_added(count, &points, out);
        out->unknown_because = "scores are averaged";
        return true;
    default: out->unknown_because = "none is known for this method"; return true;
    }
}

static uint32_t count_standing(const bl_contest *contest)
{
    uint32_t standing = 0;
    for (uint32_t c = 0; c < contest->candidate_count; c++)
        standing += !contest->candidates[c].is_withdrawn;
    return standing;
}

static const char *why_not(const bl_count *count)
{
    if (count->options->seats != 1) return "there are several seats";
    if (count->winner_count != 1) return "nobody is elected";
    if (count_standing(count->contest) < 2) return "nobody else stands";
    if (count->contest->weight_scale != 1) return "ballots weigh fractions";
    if (count->contest->kind == BL_BALLOTS_RANKING && count->options->method == BL_METHOD_PLURALITY)
        return "choices are read off rankings";
    if (count->options->rounds_most != BL_NO_MOST) return "the count has so many rounds at most";
    return NULL;
}

static const char *ballots_word(uint64_t number)
{
    return number == 1 ? "ballot" : "ballots";
}

static void tell(bl_count *count, const told *found)
{
    const unsigned long long least = found->least, most = found->most;
    if (found->unknown_because) {
        bl_say_text(count, "how many ballots would have to change is not told: %s",
                    found->unknown_because);
    } else if (least == most) {
        add_number(count, "margin", most);
        bl_say_text(count, "%llu changed %s could elect ", most, ballots_word(most));
        bl_say_name(count, found->instead);
        bl_say_text(count, " instead, and fewer could elect nobody else");
    } else {
        add_number(count, "margin_least", least);
        add_number(count, "margin_most", most);
        bl_say_text(count, "%llu changed %s could elect ", most, ballots_word(most));
        bl_say_name(count, found->instead);
        bl_say_text(count,
                    " instead, and fewer than %llu could elect nobody else: bounds, as the search "
                    "was ended before it was done",
                    least);
    }
    bl_note_add(count, bl_say_end(count));
}

bool bl_margin_add(bl_count *count, uint64_t effort)
{
    told found = {.instead = BL_NONE, .unknown_because = why_not(count)};
    uint64_t last;
    bool is_done = true;
    if (!found.unknown_because && count->options->method == BL_METHOD_IRV) {
        is_done = find_runoff(count, effort, &found);
    } else if (!found.unknown_because) {
        if (last_of_pairs(count, &last) || (counts_votes(count) && last_of_rounds(count, &last)))
            add_number(count, "last_round_margin", last);
        is_done = effort == 0 || find(count, &found);
    }
    if (!is_done) return false;
    if (effort > 0) tell(count, &found);
    return !count->failed;
}
