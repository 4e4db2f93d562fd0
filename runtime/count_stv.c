/*
 * The single transferable vote with Gregory's transfers.
 *
 * Whoever reaches the quota is elected and keeps a quota of votes; the rest, the surplus, goes to
 * the next choices on the ballots, each at a part of its value. Where nobody reaches it, the last
 * goes out, and the ballots go on at the value they have. A round is what stands between two
 * transfers: who is elected by its tallies, and what then moves.
 *
 * With the preset scottish_stv: The Scottish Local Government Elections Order 2007, schedule 1,
 * rules 45 to 52. With the presets of the Universal RCV Tabulator: its multi-winner contests. When
 * surpluses wait, and when several go out together: How to conduct an election by the single
 * transferable vote (Electoral Reform Society 1997), rules 5.2.2 and 5.2.5.
 */
#include "count_stv.h"

/* ---- quota ---- */

static bl_exact one_last_place(bl_stv *stv, uint32_t decimals)
{
    return bl_exact_round(&stv->exact, bl_exact_ratio(&stv->exact, 1, UINT64_MAX), decimals,
                          BL_EXACT_UP);
}

/* Votes divided by seats, as the option rounds it. */
static bl_exact divide_votes(bl_stv *stv, bl_exact votes)
{
    bl_exact_context *const exact = &stv->exact;
    const uint32_t decimals = stv->options->decimals, seats = stv->options->seats;
    const bl_exact droop = bl_exact_divide(exact, votes, BL_EXACT((uint64_t)seats + 1));
    const bl_exact hare = bl_exact_divide(exact, votes, BL_EXACT(seats));
    switch ((bl_quota)stv->options->quota) {
    case BL_QUOTA_DROOP:
        return bl_exact_add(exact, bl_exact_round(exact, droop, 0, BL_EXACT_DOWN), BL_EXACT(1));
    case BL_QUOTA_HARE: return bl_exact_round(exact, hare, 0, BL_EXACT_DOWN);
    case BL_QUOTA_HARE_UP: return bl_exact_round(exact, hare, 0, BL_EXACT_UP);
    case BL_QUOTA_HARE_EXACT:
        return decimals == BL_NO_MOST ? hare : bl_exact_round(exact, hare, decimals, BL_EXACT_UP);
    case BL_QUOTA_DROOP_EXACT:
        /* With decimals, the least that exceeds it. */
        stv->is_exceeded = decimals == BL_NO_MOST;
        if (stv->is_exceeded) return droop;
        return bl_exact_add(exact, bl_exact_round(exact, droop, decimals, BL_EXACT_DOWN),
                            one_last_place(stv, decimals));
    }
    return BL_EXACT(1);
}

/* Never less than the minimum, and never nothing: fewer ballots than seats have a quota of one. */
static void set_quota(bl_stv *stv)
{
    bl_exact_context *const exact = &stv->exact;
    const bl_contest *contest = stv->contest;
    bl_exact votes = stv->active;
    if (stv->options->quota_of != 0) {
        votes = bl_exact_ratio(exact, contest->total, contest->weight_scale);
        votes = bl_exact_subtract(exact, votes, stv->exhausted);
    }
    stv->quota = divide_votes(stv, votes);
    const bl_exact minimum = BL_EXACT(stv->options->minimum);
    if (bl_exact_compare(exact, stv->quota, minimum) < 0) {
        stv->quota = minimum;
        stv->is_exceeded = false;
    }
    if (bl_exact_is_zero(stv->quota)) stv->quota = BL_EXACT(1);
}

static bool reaches_quota(bl_stv *stv, uint32_t candidate)
{
    const int order = bl_exact_compare(&stv->exact, stv->tally[candidate], stv->quota);
    return stv->is_exceeded ? order > 0 : order >= 0;
}

static bool has_more_than_quota(bl_stv *stv, uint32_t candidate)
{
    return bl_exact_compare(&stv->exact, stv->tally[candidate], stv->quota) > 0;
}

/* ---- choosing one ---- */

static int compare_in_round(const void *context, uint32_t round, uint32_t a, uint32_t b)
{
    const bl_stv *stv = context;
    bl_exact_context exact = stv->exact; /* has its room for work already, or needs none */
    const bl_exact *tally = stv->history.items[round - 1];
    return bl_exact_compare(&exact, tally[a], tally[b]);
}

/* The count ends here without more winners; why is said in the round too. */
static void give_up(bl_stv *stv, bl_text because)
{
    stv->is_over = true;
    bl_count_none(stv->count, because);
    bl_buffer_text(&stv->count->told, because);
}

/* One of those tied, or BL_NONE and the count is over. False: out of memory. */
static bool choose(bl_stv *stv, bl_tie_purpose purpose, const char *what, const uint32_t *tied,
                   uint32_t size, uint32_t *chosen)
{
    *chosen = tied[0];
    if (size == 1) return true;
    const bl_tie tie = {.purpose = purpose,
                        .round = stv->round->number,
                        .tied = tied,
                        .tied_count = size,
                        .what = what,
                        .compare = compare_in_round,
                        .context = stv};
    if (!bl_tie_break(stv->count, &tie, chosen)) return false;
    if (*chosen == BL_NONE) {
        const size_t last = stv->count->ties.count - 1;
        give_up(stv, stv->count->ties.items[last].sentence);
    }
    return true;
}

typedef bool suits_function(bl_stv *stv, uint32_t candidate);

/*
 * Of the candidates that suit, those with the most votes (sign 1) or the fewest (-1), in the order
 * of their numbers. The list lives as long as the round; NULL: out of memory. `*all`: who suits.
 */
static uint32_t *find_best(bl_stv *stv, suits_function *suits, int sign, uint32_t *size,
                           uint32_t *all)
{
    const uint32_t count = stv->contest->candidate_count;
    uint32_t *best = bl_arena_array(&stv->work, count, sizeof *best);
    *size = *all = 0;
    if (!best) bl_count_nomem(stv->count);
    for (uint32_t i = 0; best && i < count; i++) {
        if (!suits(stv, i)) continue;
        (*all)++;
        const int order = *size ? sign * bl_exact_compare(&stv->exact, stv->tally[i],
                                                          stv->tally[best[0]])
                                : 0;
        if (order < 0) continue;
        if (order > 0) *size = 0;
        best[(*size)++] = i;
    }
    return best;
}

/* ---- being elected ---- */

static uint32_t seats_left(const bl_stv *stv)
{
    return stv->options->seats - stv->count->winner_count;
}

static bool is_electable(bl_stv *stv, uint32_t candidate)
{
    return stv->is_in[candidate] && !stv->contest->candidates[candidate].is_undeclared &&
           !bl_group_is_full(stv->count, candidate);
}

static bool is_reaching(bl_stv *stv, uint32_t candidate)
{
    return is_electable(stv, candidate) && reaches_quota(stv, candidate);
}

/* The default option takes no seat, and nobody takes those after it. */
static void end_with_default(bl_stv *stv, uint32_t candidate)
{
    bl_stv_set_state(stv, candidate, BL_STV_ELECTED);
    bl_say_text(stv->count, "nobody takes the seats from that of ");
    bl_say_name(stv->count, candidate);
    bl_say_text(stv->count, " on, which is the default option");
    give_up(stv, bl_say_end(stv->count));
}

/*
 * Elects those who suit, most votes first. In which order matters only where not all of them can
 * have a seat: then a tie is broken. False: failed.
 */
static bool elect_all(bl_stv *stv, suits_function *suits)
{
    const bool one_only = stv->options->elect != 0;
    while (!stv->is_over && seats_left(stv) > 0) {
        uint32_t size, all, chosen;
        const uint32_t *best = find_best(stv, suits, 1, &size, &all);
        if (!best) return false;
        if (size == 0) return true;
        const bool matters = one_only || all > seats_left(stv) ||
                             stv->options->group_most != BL_NO_MOST ||
                             stv->contest->default_option != BL_NONE;
        if (!choose(stv, BL_TIE_ELECT, "the next seat", best, matters ? size : 1, &chosen))
            return false;
        if (chosen == BL_NONE) return true;
        if (chosen == stv->contest->default_option) {
            end_with_default(stv, chosen);
            return true;
        }
        bl_stv_set_state(stv, chosen, BL_STV_ELECTED);
        stv->holds_all[chosen] = has_more_than_quota(stv, chosen);
        bl_winner_add(stv->count, chosen);
        bl_round_elect(stv->round, chosen);
        if (one_only) return true;
    }
    return true;
}

static void leave(bl_stv *stv, uint32_t candidate, bl_stv_reason reason)
{
    stv->events.eliminated_because = reason;
    bl_stv_set_state(stv, candidate, BL_STV_LEAVING);
    bl_round_eliminate(stv->round, candidate);
}

/* Votes for undeclared write-ins are passed on before anybody is elected; false: there are none. */
static bool drop_undeclared(bl_stv *stv)
{
    bool any = false;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++) {
        if (!stv->is_in[i] || !stv->contest->candidates[i].is_undeclared ||
            bl_exact_is_zero(stv->tally[i]))
            continue;
        leave(stv, i, BL_STV_UNDECLARED);
        any = true;
    }
    return any;
}

/* Those whose group has all it may have go out at once. */
static void drop_full_groups(bl_stv *stv)
{
    if (stv->options->group_most == BL_NO_MOST) return;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (stv->is_in[i] && bl_group_is_full(stv->count, i)) leave(stv, i, BL_STV_FULL);
}

static void end_if_filled(bl_stv *stv)
{
    if (stv->is_over) return;
    if (seats_left(stv) == 0) stv->is_over = true;
    if (seats_left(stv) == 0 || stv->in_count > 0) return;
    const uint32_t left = seats_left(stv);
    bl_say_text(stv->count,
                left == 1 ? "%u seat stays vacant: nobody is left for it"
                          : "%u seats stay vacant: nobody is left for them",
                left);
    give_up(stv, bl_say_end(stv->count));
}

/* Who reaches the quota; then, where no more are left than seats, they. */
static bool elect(bl_stv *stv)
{
    if (!elect_all(stv, is_reaching)) return false;
    stv->events.by_quota = stv->round->elected_count;
    if (stv->is_over) return true;
    drop_full_groups(stv);
    const bool may_fill = stv->options->fill == 0 &&
                          !(stv->options->elect != 0 && stv->round->elected_count > 0);
    if (may_fill && stv->in_count <= seats_left(stv)) {
        if (!elect_all(stv, is_electable)) return false;
        if (!stv->is_over) drop_full_groups(stv);
    }
    end_if_filled(stv);
    return bl_stv_is_fine(stv);
}

/* ---- surpluses ---- */

static bool has_surplus(bl_stv *stv, uint32_t candidate)
{
    return stv->holds_all[candidate] && has_more_than_quota(stv, candidate);
}

static bl_exact surpluses(bl_stv *stv)
{
    bl_exact sum = BL_EXACT(0);
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (has_surplus(stv, i))
            sum = bl_exact_add(&stv->exact, sum,
                               bl_exact_subtract(&stv->exact, stv->tally[i], stv->quota));
    return sum;
}

static bool move_surplus(bl_stv *stv, uint32_t candidate)
{
    bl_stv_events *const events = &stv->events;
    const bl_exact amount = bl_exact_subtract(&stv->exact, stv->tally[candidate], stv->quota);
    events->surplus_of[events->surplus_count++] = candidate;
    events->surplus = bl_exact_add(&stv->exact, events->surplus, amount);
    return bl_stv_move_surplus(stv, candidate);
}

static bool move_all_surpluses(bl_stv *stv)
{
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (has_surplus(stv, i) && !move_surplus(stv, i)) return false;
    return true;
}

static bool move_surpluses(bl_stv *stv)
{
    if (stv->options->surpluses != 0) return move_all_surpluses(stv);
    uint32_t size, all, chosen;
    const uint32_t *best = find_best(stv, has_surplus, 1, &size, &all);
    if (!best || !choose(stv, BL_TIE_ELECT, "the first surplus", best, size, &chosen)) return false;
    return chosen == BL_NONE || move_surplus(stv, chosen);
}

/* ---- going out ---- */

/* Merges two sorted halves of `from` into `to`. */
static void merge(bl_stv *stv, const uint32_t *from, uint32_t *to, uint32_t middle, uint32_t end)
{
    uint32_t a = 0, b = middle;
    for (uint32_t i = 0; i < end; i++) {
        const bool takes_a = a < middle &&
                             (b == end || bl_exact_compare(&stv->exact, stv->tally[from[a]],
                                                           stv->tally[from[b]]) <= 0);
        to[i] = from[takes_a ? a++ : b++];
    }
}

/* Those who are in, fewest votes first. NULL: out of memory. */
static uint32_t *sort_by_votes(bl_stv *stv)
{
    const uint32_t count = stv->in_count;
    uint32_t *sorted = bl_arena_array(&stv->work, count, sizeof *sorted);
    uint32_t *other = bl_arena_array(&stv->work, count, sizeof *other);
    if (!sorted || !other) {
        bl_count_nomem(stv->count);
        return NULL;
    }
    uint32_t size = 0;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (stv->is_in[i]) sorted[size++] = i;
    for (uint32_t width = 1; width < count; width *= 2) {
        for (uint32_t at = 0; at < count; at += 2 * width) {
            const uint32_t middle = count - at < width ? count - at : width;
            const uint32_t end = count - at < 2 * width ? count - at : 2 * width;
            merge(stv, sorted + at, other + at, middle, end);
        }
        uint32_t *const swapped = sorted;
        sorted = other;
        other = swapped;
    }
    return sorted;
}

/*
 * How many can go out together: with all surpluses that wait they have fewer votes than the next,
 * and enough are left for the seats. With caps on groups nobody goes out in a batch.
 */
static uint32_t find_batch(bl_stv *stv, const uint32_t *sorted, bl_exact waiting)
{
    uint32_t batch = 0;
    bl_exact sum = waiting;
    if (stv->options->elimination != BL_ELIMINATION_BATCH) return 0;
    if (stv->options->group_most != BL_NO_MOST) return 0;
    for (uint32_t i = 0; i + 1 < stv->in_count; i++) {
        sum = bl_exact_add(&stv->exact, sum, stv->tally[sorted[i]]);
        if (stv->in_count - (i + 1) < seats_left(stv)) break;
        if (bl_exact_compare(&stv->exact, sum, stv->tally[sorted[i + 1]]) < 0) batch = i + 1;
    }
    return batch;
}

/* Whether surpluses cannot change who goes out next, and how many (rule 5.2.2 of 1997). */
static bool is_deferred(bl_stv *stv, const uint32_t *sorted, bl_exact waiting)
{
    if (!stv->options->defer || stv->in_count < 2) return false;
    const bl_exact gap = bl_exact_subtract(&stv->exact, stv->tally[sorted[1]],
                                           stv->tally[sorted[0]]);
    return bl_exact_compare(&stv->exact, waiting, gap) <= 0 || find_batch(stv, sorted, waiting) > 1;
}

/* How many of the members of a group who are in could still have a seat. */
static uint32_t count_possible(const bl_stv *stv, uint32_t group, uint32_t *in)
{
    uint32_t taken = 0;
    *in = 0;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++) {
        if (stv->contest->candidates[i].group != group) continue;
        *in += stv->is_in[i];
        taken += stv->state[i] == BL_STV_ELECTED;
    }
    const uint32_t most = stv->options->group_most;
    if (group == BL_NONE) return *in;
    const uint32_t left = most > taken ? most - taken : 0;
    return *in < left ? *in : left;
}

/* Of all groups together. */
static uint32_t count_all_possible(const bl_stv *stv)
{
    uint32_t in, sum = count_possible(stv, BL_NONE, &in);
    for (uint32_t group = 0; group < stv->contest->group_count; group++)
        sum += count_possible(stv, group, &in);
    return sum;
}

/*
 * With caps, somebody whom the seats cannot be filled without stays in (Hill's guarded candidates,
 * Voting matters 9, 1998).
 */
static bool can_leave(bl_stv *stv, uint32_t candidate)
{
    if (!stv->is_in[candidate]) return false;
    if (stv->options->group_most == BL_NO_MOST || stv->options->fill != 0) return true;
    if (count_all_possible(stv) != seats_left(stv)) return true;
    uint32_t in;
    return count_possible(stv, stv->contest->candidates[candidate].group, &in) < in;
}

/* Those below the minimum; `*any`: there are some. */
static void drop_below_minimum(bl_stv *stv, bool *any)
{
    const bl_exact minimum = BL_EXACT(stv->options->minimum);
    uint32_t below = 0;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        below += stv->is_in[i] && bl_exact_compare(&stv->exact, stv->tally[i], minimum) < 0;
    *any = below > 0;
    if (below == stv->in_count) {
        bl_say_text(stv->count, "nobody who is left has the %u %s asked for", stv->options->minimum,
                    stv->options->minimum == 1 ? "vote that is" : "votes that are");
        give_up(stv, bl_say_end(stv->count));
        return;
    }
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (stv->is_in[i] && bl_exact_compare(&stv->exact, stv->tally[i], minimum) < 0)
            leave(stv, i, BL_STV_MINIMUM);
}

static bool eliminate(bl_stv *stv, const uint32_t *sorted, bl_exact waiting)
{
    bool any;
    drop_below_minimum(stv, &any);
    if (any) return true;
    const uint32_t batch = find_batch(stv, sorted, waiting);
    for (uint32_t i = 0; batch > 1 && i < batch; i++)
        leave(stv, sorted[i], BL_STV_BATCH);
    if (batch > 1) return true;
    uint32_t size, all, chosen;
    const uint32_t *last = find_best(stv, can_leave, -1, &size, &all);
    if (!last || size == 0) return false;
    if (!choose(stv, BL_TIE_ELIMINATE, "the last place", last, size, &chosen)) return false;
    if (chosen != BL_NONE) leave(stv, chosen, BL_STV_FEWEST);
    return true;
}

/* ---- rounds ---- */

/* What moves when a round is over. */
static bool move(bl_stv *stv)
{
    const bl_exact waiting = surpluses(stv);
    const uint32_t *sorted = sort_by_votes(stv);
    if (!sorted) return false;
    /* In the Universal RCV Tabulator's ways nobody goes out in a round that elects. */
    const bool elects_apart = stv->options->elect != 0 || stv->options->surpluses != 0;
    if (!bl_stv_has_leaving(stv)) {
        stv->events.is_deferred = !bl_exact_is_zero(waiting) && is_deferred(stv, sorted, waiting);
        if (!bl_exact_is_zero(waiting) && !stv->events.is_deferred) return move_surpluses(stv);
        if (elects_apart && stv->round->elected_count > 0) return true;
        if (!eliminate(stv, sorted, waiting)) return false;
    }
    stv->events.is_passing_on = stv->round->eliminated_count == 0 && !stv->is_over;
    return stv->is_over || bl_stv_move_leaving(stv);
}

static bool run_round(bl_stv *stv)
{
    if (!bl_stv_begin_round(stv)) return false;
    if (stv->history.count == 1 || stv->options->quota_of != 0) set_quota(stv);
    if (bl_exact_is_zero(stv->active))
        give_up(stv, BL_TEXT("no ballot counts for anybody"));
    else if (!drop_undeclared(stv) && !elect(stv))
        return false;
    const bool is_filled = stv->is_over && seats_left(stv) == 0;
    if (!stv->is_over && !move(stv)) return false;
    if (is_filled && stv->options->last_surplus && !move_all_surpluses(stv)) return false;
    return bl_stv_end_round(stv);
}

static bool run_rounds(bl_stv *stv)
{
    if (!bl_stv_distribute(stv)) return false;
    const bl_exact all = bl_exact_ratio(&stv->exact, stv->contest->total,
                                        stv->contest->weight_scale);
    stv->active = bl_exact_subtract(&stv->exact, all, stv->exhausted);
    while (!stv->is_over) {
        if (!run_round(stv)) return false;
        if (!stv->is_over) stv->is_over = bl_count_stop(stv->count, stv->history.count, false);
    }
    if (!stv->options->last_surplus || seats_left(stv) > 0) return true;
    if (bl_count_stop(stv->count, stv->history.count, true)) return true;
    if (!bl_stv_begin_round(stv)) return false;
    stv->events.is_epilogue = true;
    return bl_stv_end_round(stv);
}

static void tell_figures(bl_stv *stv)
{
    const bl_text quota = bl_stv_amount(stv, stv->quota).text;
    bl_figure_add(stv->count, "quota", BL_FIGURE_ONE, &quota, 1);
    bl_rankings_note(stv->count, &stv->rankings);
    if (stv->has_cut)
        bl_note_add(stv->count, BL_TEXT("some numbers have too many digits to be told in full: "
                                        "they are counted exactly, and told to nine places"));
}

bool bl_count_stv(bl_count *count)
{
    bl_stv stv;
    const uint32_t decimals = count->options->decimals;
    if (decimals != BL_NO_MOST && decimals > BL_EXACT_PLACES_MOST) {
        bl_say_text(count, "stv keeps %d decimals at most, not %u", BL_EXACT_PLACES_MOST, decimals);
        return bl_count_refuse(count, bl_say_end(count));
    }
    bool is_done = bl_stv_begin(&stv, count) && run_rounds(&stv);
    if (is_done) tell_figures(&stv);
    if (stv.exact.is_out_of_memory) is_done = bl_count_nomem(count);
    if (stv.exact.is_too_large && !count->failed)
        is_done = bl_count_refuse(count, BL_TEXT("the fractions of this count grow too long to be "
                                                 "kept exact: set `decimals`, for instance to 5"));
    bl_stv_end(&stv);
    return is_done;
}
