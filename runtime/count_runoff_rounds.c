/*
 * Rounds of elimination: piles that move, and who goes out.
 *
 * Batches and the minimum are those of the Universal RCV Tabulator: a batch is the most whom the
 * next above them outnumbers even when they stand together, so that in which order they go changes
 * nothing above them.
 */
#include "runoff.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* ---- piles ---- */

static void hang(bl_runoff *run, uint32_t pile)
{
    const bl_ranking *ranking = &run->rankings.items[pile];
    const uint32_t to = bl_ranking_next(&run->rankings, ranking, run->is_in, &run->at[pile]);
    if (to == BL_NONE) {
        run->active -= ranking->weight;
        run->moved[run->count->contest->candidate_count] += ranking->weight;
        return;
    }
    run->next[pile] = run->head[to];
    run->head[to] = pile;
    run->tally[to] += ranking->weight;
    run->moved[to] += ranking->weight;
}

void bl_runoff_start(bl_runoff *run)
{
    const bl_contest *contest = run->count->contest;
    run->active = contest->total;
    run->rounds_before = run->count->rounds.count;
    run->seat = run->count->winner_count + 1;
    run->is_over = false;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        run->tally[i] = 0, run->head[i] = BL_NONE;
    memset(run->at, 0, contest->pile_count * sizeof *run->at);
    for (uint32_t i = 0; i < contest->pile_count; i++)
        hang(run, i);
    run->first_active = run->active;
}

static bl_transfer_row row_of(bl_runoff *run, uint32_t from, uint32_t to, uint64_t units)
{
    return (bl_transfer_row){from, to, bl_amount_whole(run->count, units)};
}

/* Moves the piles of one who goes out, and writes what went where behind `rows`. */
static uint32_t move_piles(bl_runoff *run, uint32_t from, bl_transfer_row *rows)
{
    const uint32_t size = run->count->contest->candidate_count;
    memset(run->moved, 0, (size + 1) * sizeof *run->moved);
    for (uint32_t pile = run->head[from], next; pile != BL_NONE; pile = next) {
        next = run->next[pile];
        hang(run, pile);
    }
    run->head[from] = BL_NONE;
    run->tally[from] = 0;
    uint32_t row_count = 0;
    for (uint32_t to = 0; to <= size; to++)
        if (run->moved[to] > 0)
            rows[row_count++] = row_of(run, from, to < size ? to : BL_NONE, run->moved[to]);
    return row_count;
}

bool bl_runoff_close(bl_runoff *run, bl_round *round)
{
    const uint32_t size = run->count->contest->candidate_count;
    const uint32_t most = (run->in_count + 1) * round->eliminated_count;
    bl_transfer_row *rows = bl_arena_array(run->count->arena, most, sizeof *rows);
    if (!rows) return bl_count_nomem(run->count);
    for (uint32_t i = 0; i < size; i++)
        run->is_in[i] = run->is_in[i] && round->standing[i] != BL_STANDING_ELIMINATED;
    run->in_count -= round->eliminated_count;
    for (uint32_t i = 0; i < round->eliminated_count; i++)
        round->transfer_count += move_piles(run, round->eliminated[i],
                                            rows + round->transfer_count);
    round->transfers = rows;
    bl_round_add(run->count, round);
    return !run->count->failed;
}

/* ---- rounds ---- */

/* How two stood in an earlier round of this runoff; in those of another seat, even. */
static int compare_in_round(const void *context, uint32_t round, uint32_t a, uint32_t b)
{
    const bl_runoff *run = context;
    if (round <= run->rounds_before) return 0;
    const uint64_t *tally = run->history.items[round - 1];
    return (tally[a] > tally[b]) - (tally[a] < tally[b]);
}

static bool keep_tally(bl_runoff *run)
{
    const uint32_t size = run->count->contest->candidate_count;
    uint64_t *kept = bl_arena_array(run->count->arena, size, sizeof *kept);
    if (!kept || !bl_vector_reserve(run->count->memory, &run->history, 1))
        return bl_count_nomem(run->count);
    memcpy(kept, run->tally, size * sizeof *kept);
    run->history.items[run->history.count++] = kept;
    return true;
}

bl_round *bl_runoff_open(bl_runoff *run)
{
    bl_count *count = run->count;
    bl_round *round = bl_round_new(count);
    if (!round || !keep_tally(run)) return NULL;
    bl_amount *tally = (bl_amount *)round->tally;
    bl_standing *standing = (bl_standing *)round->standing;
    round->number = (uint32_t)count->rounds.count + 1;
    bl_amount_shares(tally, run->tally, count->contest->candidate_count);
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (!run->is_in[i]) continue;
        const uint32_t share = tally[i].share;
        tally[i] = bl_amount_whole(count, run->tally[i]);
        tally[i].share = share;
        standing[i] = BL_STANDING_IN;
    }
    for (uint32_t i = 0; i < count->winner_count; i++)
        standing[count->winners[i]] = BL_STANDING_ELECTED;
    round->exhausted = bl_amount_whole(count, count->contest->total - run->active);
    return round;
}

void bl_runoff_say_round(bl_runoff *run, const bl_round *round)
{
    const bl_count *count = run->count;
    bl_say_text(run->count, "Round %u: ", round->number);
    if (count->options->method == BL_METHOD_SEQUENTIAL_IRV && count->options->seats > 1)
        bl_say_text(run->count, "for seat %u, ", run->seat);
}

void bl_runoff_say_end(bl_runoff *run, bl_round *round)
{
    bl_say_text(run->count, ".");
    round->sentence = bl_say_end(run->count);
}

void bl_runoff_say_amount(bl_runoff *run, uint64_t units)
{
    const bl_text text = bl_amount_whole(run->count, units).text;
    bl_say_text(run->count, "%.*s", (int)text.size, text.bytes);
}

void bl_runoff_say_votes(bl_runoff *run, uint64_t units)
{
    bl_runoff_say_amount(run, units);
    bl_say_text(run->count, units == run->count->contest->weight_scale ? " vote" : " votes");
}

void bl_runoff_say_share(bl_runoff *run, bl_rational share)
{
    if (share.num == 1 && share.den == 2)
        bl_say_text(run->count, "half");
    else
        bl_rational_write(&run->count->told, share);
}

bl_text bl_runoff_last_tie(const bl_runoff *run)
{
    return run->count->ties.items[run->count->ties.count - 1].sentence;
}

bool bl_runoff_break_tie(bl_runoff *run, const bl_round *round, bl_tie_purpose purpose,
                         uint32_t size, uint64_t units, uint32_t *chosen)
{
    bl_say_text(run->count, purpose == BL_TIE_ELECT ? "the seat, with " : "the last place, with ");
    bl_runoff_say_votes(run, units);
    bl_say_text(run->count, " each");
    const bl_text what = bl_say_end(run->count);
    const bl_tie tie = {.purpose = purpose,
                        .round = round->number,
                        .tied = run->some,
                        .tied_count = size,
                        .what = what.bytes, /* an arena's copy ends with a NUL */
                        .compare = compare_in_round,
                        .context = run};
    return bl_tie_break(run->count, &tie, chosen);
}

void bl_runoff_give_up(bl_runoff *run, bl_round *round, bl_text because)
{
    bl_runoff_say_round(run, round);
    bl_buffer_text(&run->count->told, because);
    bl_runoff_say_end(run, round);
    run->is_over = true;
    if (run->count->winner_count < run->count->options->seats) bl_count_none(run->count, because);
}

/* ---- going out ---- */

uint64_t bl_runoff_least(const bl_runoff *run)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i] && run->tally[i] < least) least = run->tally[i];
    return least;
}

uint64_t bl_runoff_most(const bl_runoff *run)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i] && run->tally[i] > most) most = run->tally[i];
    return most;
}

uint64_t bl_runoff_beyond(uint64_t of, bl_rational share)
{
    const wide part = (wide)of * (uint64_t)share.num / (uint64_t)share.den;
    return part >= UINT64_MAX ? UINT64_MAX : (uint64_t)part + 1;
}

bool bl_runoff_reaches(uint64_t units, uint64_t of, bl_rational share)
{
    return (wide)units * (uint64_t)share.den >= (wide)of * (uint64_t)share.num;
}

/* Lists those in with fewer votes than so many in run->some, by their numbers. */
static uint32_t list_below(const bl_runoff *run, uint64_t units)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i] && run->tally[i] < units) run->some[size++] = i;
    return size;
}

uint32_t bl_runoff_list(const bl_runoff *run, uint64_t units)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        if (run->is_in[i] && run->tally[i] == units) run->some[size++] = i;
    return size;
}

uint64_t bl_runoff_minimum(const bl_runoff *run)
{
    return (uint64_t)run->count->options->minimum * run->count->contest->weight_scale;
}

/* Eliminates the first of run->some and says who they are. */
static void eliminate_some(bl_runoff *run, bl_round *round, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        bl_round_eliminate(round, run->some[i]);
    bl_runoff_say_round(run, round);
    bl_say_names(run->count, run->some, size);
}

static uint32_t list_undeclared(const bl_runoff *run)
{
    const bl_contest *contest = run->count->contest;
    uint32_t size = 0;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        if (run->is_in[i] && contest->candidates[i].is_undeclared && run->tally[i] > 0)
            run->some[size++] = i;
    return size;
}

bool bl_runoff_has_undeclared(const bl_runoff *run)
{
    return list_undeclared(run) > 0;
}

static bool drop_undeclared(bl_runoff *run, bl_round *round)
{
    const uint32_t size = list_undeclared(run);
    uint64_t units = 0;
    for (uint32_t i = 0; i < size; i++) {
        bl_round_eliminate(round, run->some[i]);
        units += run->tally[run->some[i]];
    }
    if (size == 0) return false;
    bl_runoff_say_round(run, round);
    bl_say_names(run->count, run->some, size);
    bl_say_text(run->count, ", with ");
    bl_runoff_say_votes(run, units);
    bl_say_text(run->count, size == 1 ? ", is no candidate and goes out first"
                                      : ", are no candidates and go out first");
    bl_runoff_say_end(run, round);
    return true;
}

static bool drop_below_minimum(bl_runoff *run, bl_round *round)
{
    const uint64_t minimum = bl_runoff_minimum(run);
    const uint32_t size = list_below(run, minimum);
    if (size == 0) return false;
    if (size == run->in_count) {
        bl_say_text(run->count, "everybody has fewer than ");
        bl_runoff_say_votes(run, minimum);
        bl_runoff_give_up(run, round, bl_say_end(run->count));
        return true;
    }
    eliminate_some(run, round, size);
    bl_say_text(run->count, size == 1 ? " has fewer than " : " have fewer than ");
    bl_runoff_say_votes(run, minimum);
    bl_say_text(run->count, size == 1 ? " and goes out" : " and go out");
    bl_runoff_say_end(run, round);
    return true;
}

/* What one has whom those with fewer votes, all together, could not reach; the highest such, that
 * leaves as many as must be left. 0: there is none. */
static uint64_t find_batch(const bl_runoff *run, uint64_t *together)
{
    uint64_t found = 0, bound = bl_runoff_least(run);
    for (;;) {
        uint64_t sum = 0, next = UINT64_MAX;
        uint32_t below = 0;
        for (uint32_t i = 0; i < run->count->contest->candidate_count; i++) {
            if (!run->is_in[i]) continue;
            if (run->tally[i] <= bound)
                sum += run->tally[i], below++;
            else if (run->tally[i] < next)
                next = run->tally[i];
        }
        if (next == UINT64_MAX || run->in_count - below < run->keep) return found;
        if (sum < next && below > 1) found = next, *together = sum;
        bound = next;
    }
}

static bool drop_batch(bl_runoff *run, bl_round *round)
{
    if (run->count->options->elimination != BL_ELIMINATION_BATCH) return false;
    uint64_t together = 0;
    const uint64_t above = find_batch(run, &together);
    if (above == 0) return false;
    eliminate_some(run, round, list_below(run, above));
    bl_say_text(run->count, " go out together: they have ");
    bl_runoff_say_votes(run, together);
    bl_say_text(run->count, " in all, fewer than anybody else");
    bl_runoff_say_end(run, round);
    return true;
}

static bool drop_unranked(bl_runoff *run, bl_round *round)
{
    if (!run->count->options->drop_unranked) return false;
    const uint32_t size = list_below(run, 1);
    if (size == 0 || run->in_count - size < run->keep) return false;
    eliminate_some(run, round, size);
    bl_say_text(run->count, size == 1 ? " has no votes and goes out" : " have no votes and go out");
    bl_runoff_say_end(run, round);
    return true;
}

/* Who have no votes take no ballot along: in which order they go changes nothing, and no rule needs
 * to tell it. */
static bool drop_without_votes(bl_runoff *run, bl_round *round, uint32_t candidate)
{
    run->count->ties.count--; /* it is none that keeps anything open */
    bl_round_eliminate(round, candidate);
    bl_runoff_say_round(run, round);
    bl_say_name(run->count, candidate);
    bl_say_text(run->count, " has no votes, as others, and goes out");
    bl_runoff_say_end(run, round);
    return true;
}

static bool drop_last(bl_runoff *run, bl_round *round)
{
    const uint64_t least = bl_runoff_least(run);
    const uint32_t size = bl_runoff_list(run, least);
    if (size == 1) {
        eliminate_some(run, round, 1);
        bl_say_text(run->count, " has the fewest votes, ");
        bl_runoff_say_amount(run, least);
        bl_say_text(run->count, ", and goes out");
        bl_runoff_say_end(run, round);
        return true;
    }
    uint32_t chosen;
    const uint32_t last = run->some[size - 1];
    if (!bl_runoff_break_tie(run, round, BL_TIE_ELIMINATE, size, least, &chosen)) return false;
    if (chosen == BL_NONE && least == 0) return drop_without_votes(run, round, last);
    if (chosen == BL_NONE) {
        bl_runoff_give_up(run, round, bl_runoff_last_tie(run));
        return true;
    }
    bl_round_eliminate(round, chosen);
    bl_runoff_say_round(run, round);
    bl_buffer_text(&run->count->told, bl_runoff_last_tie(run));
    bl_runoff_say_end(run, round);
    return true;
}

bool bl_runoff_drop(bl_runoff *run, bl_round *round)
{
    run->was_minimum = false;
    if (drop_undeclared(run, round)) return true;
    run->was_minimum = drop_below_minimum(run, round);
    if (run->was_minimum || drop_batch(run, round) || drop_unranked(run, round)) return true;
    return drop_last(run, round);
}

bool bl_runoff_begin(bl_count *count, bl_runoff *run)
{
    const bl_contest *contest = count->contest;
    const uint32_t size = contest->candidate_count;
    *run = (bl_runoff){.count = count, .keep = 1};
    if (!bl_rankings_read(count, false, &run->rankings)) return false;
    bl_rankings_note(count, &run->rankings);
    run->is_in = bl_arena_array(count->arena, size, sizeof *run->is_in);
    run->tally = bl_arena_array(count->arena, size, sizeof *run->tally);
    run->moved = bl_arena_array(count->arena, size + 1, sizeof *run->moved);
    run->head = bl_arena_array(count->arena, size, sizeof *run->head);
    run->some = bl_arena_array(count->arena, size, sizeof *run->some);
    run->next = bl_arena_array(count->arena, contest->pile_count, sizeof *run->next);
    run->at = bl_arena_array(count->arena, contest->pile_count, sizeof *run->at);
    if (!run->is_in || !run->tally || !run->moved || !run->head || !run->some || !run->next ||
        !run->at)
        return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++) {
        run->is_in[i] = !contest->candidates[i].is_withdrawn;
        run->in_count += run->is_in[i];
    }
    return true;
}

void bl_runoff_end(bl_runoff *run)
{
    bl_vector_free(run->count->memory, &run->history);
}
