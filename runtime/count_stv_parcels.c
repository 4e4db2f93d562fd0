/*
 * The single transferable vote: ballots that move from one candidate to the next.
 *
 * Every way of Gregory is the same walk over parcels; they differ in what a ballot is worth when it
 * goes on.
 *
 * - weighted inclusive: its worth, times the surplus, divided by the votes of the candidate (The
 *   Scottish Local Government Elections Order 2007, rule 48). With `cut=share` the surplus divided
 *   by the votes is cut down to decimals first (the Universal RCV Tabulator); with `cut=product`
 *   its worth times the surplus is (the reference rule of the Proportional Representation
 *   Foundation, D.4).
 * - unweighted inclusive: the surplus divided by the number of ballots held (Commonwealth Electoral
 *   Act 1918 of Australia, section 273).
 * - last parcel: only the ballots that came last move: the surplus divided by the number of those
 *   that can; never more than they were worth (How to conduct an election by the single
 *   transferable vote, Electoral Reform Society 1997, rules 5.3.1 to 5.3.9).
 */
#include "count_stv.h"

#include <string.h>

bl_exact bl_stv_cut(bl_stv *stv, bl_exact value)
{
    if (stv->options->decimals == BL_NO_MOST) return value;
    return bl_exact_round(&stv->exact, value, stv->options->decimals, BL_EXACT_DOWN);
}

static bl_exact votes_of(bl_stv *stv, uint64_t units)
{
    return bl_exact_ratio(&stv->exact, units, stv->contest->weight_scale);
}

static bool is_same(bl_exact a, bl_exact b)
{
    if (!a.limbs || !b.limbs) return !a.limbs && !b.limbs && a.num == b.num && a.den == b.den;
    return a.num_count == b.num_count && a.den_count == b.den_count &&
           memcmp(a.limbs, b.limbs, (a.num_count + a.den_count) * sizeof *a.limbs) == 0;
}

/* The number of a value, added when new; BL_NONE when out of memory. */
static uint32_t find_value(bl_stv *stv, bl_exact value)
{
    for (size_t i = stv->values.count; i-- > 0;)
        if (is_same(stv->values.items[i], value)) return (uint32_t)i;
    if (!bl_vector_reserve(stv->count->memory, &stv->values, 1)) {
        bl_count_nomem(stv->count);
        return BL_NONE;
    }
    stv->values.items[stv->values.count] = bl_stv_keep(stv, value);
    return (uint32_t)stv->values.count++;
}

/* Where the last parcel counts, what moves in one round is kept apart from what came before. */
static uint32_t batch_of(const bl_stv *stv)
{
    return stv->options->transfer == BL_TRANSFER_LAST_PARCEL ? (uint32_t)stv->history.count : 0;
}

/* The parcel of a candidate with this value, added when there is none; BL_NONE: no memory. */
static uint32_t find_parcel(bl_stv *stv, uint32_t candidate, uint32_t value)
{
    const uint32_t batch = batch_of(stv);
    for (uint32_t at = stv->head[candidate]; at != BL_NONE; at = stv->parcels.items[at].next)
        if (stv->parcels.items[at].value == value && stv->parcels.items[at].batch == batch)
            return at;
    if (!bl_vector_reserve(stv->count->memory, &stv->parcels, 1)) {
        bl_count_nomem(stv->count);
        return BL_NONE;
    }
    const uint32_t added = (uint32_t)stv->parcels.count++;
    stv->parcels.items[added] = (bl_stv_parcel){
        .value = value, .batch = batch, .first_pile = BL_NONE, .next = stv->head[candidate]};
    stv->head[candidate] = added;
    return added;
}

/* Adds what came to a candidate, or exhausted, since `target` was set. */
static void gain(bl_stv *stv, uint32_t to, uint64_t units, bl_exact value)
{
    if (units == 0) return;
    const bl_exact votes = bl_exact_multiply(&stv->exact, votes_of(stv, units), value);
    stv->gained[to] = bl_exact_add(&stv->exact, stv->gained[to], votes);
}

/* Moves the piles from `pile` on, worth `value` each: the walk that costs. */
static bool move_piles(bl_stv *stv, uint32_t pile, uint32_t value)
{
    const uint32_t size = stv->contest->candidate_count;
    uint64_t *units = bl_arena_array(&stv->work, size + 1, sizeof *units);
    if (!units) return bl_count_nomem(stv->count);
    for (uint32_t i = 0; i < size; i++)
        stv->target[i] = BL_NONE;
    while (pile != BL_NONE) {
        const uint64_t weight = stv->rankings.items[pile].weight;
        const uint32_t next = stv->next_pile[pile];
        const uint32_t to = bl_ranking_next(&stv->rankings, &stv->rankings.items[pile], stv->is_in,
                                            &stv->at[pile]);
        if (to == BL_NONE) {
            units[size] += weight;
        } else {
            if (stv->target[to] == BL_NONE) stv->target[to] = find_parcel(stv, to, value);
            if (stv->target[to] == BL_NONE) return false;
            bl_stv_parcel *const parcel = &stv->parcels.items[stv->target[to]];
            stv->next_pile[pile] = parcel->first_pile;
            parcel->first_pile = pile;
            parcel->units += weight;
            units[to] += weight;
            stv->last_batch[to] = batch_of(stv);
        }
        pile = next;
    }
    for (uint32_t i = 0; i <= size; i++)
        gain(stv, i, units[i], stv->values.items[value]);
    return bl_stv_is_fine(stv);
}

static bool move_parcel(bl_stv *stv, uint32_t parcel, bl_exact value)
{
    const uint32_t number = find_value(stv, value);
    return number != BL_NONE && move_piles(stv, stv->parcels.items[parcel].first_pile, number);
}

/* ---- one transfer: from a candidate to all who are in ---- */

static bool begin_transfer(bl_stv *stv)
{
    const uint32_t size = stv->contest->candidate_count;
    stv->gained = bl_arena_array(&stv->work, size + 1, sizeof *stv->gained);
    if (!stv->gained) return bl_count_nomem(stv->count);
    for (uint32_t i = 0; i <= size; i++)
        stv->gained[i] = BL_EXACT(0);
    return true;
}

static bool add_row(bl_stv *stv, uint32_t from, uint32_t to, bl_exact votes)
{
    if (!bl_vector_reserve(stv->count->memory, &stv->rows, 1)) return bl_count_nomem(stv->count);
    stv->rows.items[stv->rows.count++] = (bl_transfer_row){from, to, bl_stv_amount(stv, votes)};
    return true;
}

/* Gives what has moved to those who have it now. `from` is BL_NONE for the first preferences. */
static bool end_transfer(bl_stv *stv, uint32_t from, bl_exact *moved)
{
    const uint32_t size = stv->contest->candidate_count;
    *moved = BL_EXACT(0);
    for (uint32_t i = 0; i <= size; i++) {
        const bl_exact votes = stv->gained[i];
        if (bl_exact_is_zero(votes)) continue;
        bl_exact *const sum = i < size ? &stv->tally[i] : &stv->exhausted;
        *sum = bl_exact_add(&stv->exact, *sum, votes);
        *moved = bl_exact_add(&stv->exact, *moved, votes);
        if (from != BL_NONE && !add_row(stv, from, i < size ? i : BL_NONE, votes)) return false;
    }
    return bl_stv_is_fine(stv);
}

bool bl_stv_distribute(bl_stv *stv)
{
    const uint32_t count = stv->contest->pile_count;
    for (uint32_t i = 0; i < count; i++)
        stv->next_pile[i] = i + 1 < count ? i + 1 : BL_NONE;
    if (!begin_transfer(stv)) return false;
    const uint32_t one = find_value(stv, BL_EXACT(1));
    bl_exact moved;
    if (one == BL_NONE || !move_piles(stv, count ? 0 : BL_NONE, one)) return false;
    return end_transfer(stv, BL_NONE, &moved);
}

/* ---- surpluses ---- */

/* The weight of those ballots of a parcel that somebody can still take. */
static uint64_t count_transferable(const bl_stv *stv, const bl_stv_parcel *parcel)
{
    uint64_t units = 0;
    for (uint32_t pile = parcel->first_pile; pile != BL_NONE; pile = stv->next_pile[pile]) {
        const bl_ranking *const ranking = &stv->rankings.items[pile];
        uint32_t at = stv->at[pile];
        if (bl_ranking_next(&stv->rankings, ranking, stv->is_in, &at) != BL_NONE)
            units += ranking->weight;
    }
    return units;
}

/* A surplus that moves, and what decides the worth of a ballot in it. */
typedef struct surplus {
    uint32_t candidate;
    bl_exact amount;
    bl_exact votes; /* of the candidate */
    bl_exact each; /* unweighted, last parcel: what each ballot is worth */
    bool keeps_worth; /* last parcel: what can move is not more than the surplus */
} surplus;

static bool is_moved(const bl_stv *stv, const surplus *s, const bl_stv_parcel *parcel)
{
    return stv->options->transfer != BL_TRANSFER_LAST_PARCEL ||
           parcel->batch == stv->last_batch[s->candidate];
}

static void weigh_all(bl_stv *stv, surplus *s, uint32_t first)
{
    uint64_t units = 0;
    for (uint32_t at = first; at != BL_NONE; at = stv->parcels.items[at].next)
        units += stv->parcels.items[at].units;
    s->each = bl_stv_cut(stv, bl_exact_divide(&stv->exact, s->amount, votes_of(stv, units)));
}

static void weigh_last(bl_stv *stv, surplus *s, uint32_t first)
{
    uint64_t units = 0;
    bl_exact worth = BL_EXACT(0);
    for (uint32_t at = first; at != BL_NONE; at = stv->parcels.items[at].next) {
        const bl_stv_parcel *const parcel = &stv->parcels.items[at];
        if (!is_moved(stv, s, parcel)) continue;
        const uint64_t more = count_transferable(stv, parcel);
        const bl_exact votes = bl_exact_multiply(&stv->exact, votes_of(stv, more),
                                                 stv->values.items[parcel->value]);
        worth = bl_exact_add(&stv->exact, worth, votes);
        units += more;
    }
    s->keeps_worth = bl_exact_compare(&stv->exact, worth, s->amount) <= 0;
    if (s->keeps_worth) return;
    s->each = bl_stv_cut(stv, bl_exact_divide(&stv->exact, s->amount, votes_of(stv, units)));
}

static bl_exact value_after(bl_stv *stv, const surplus *s, bl_exact before)
{
    bl_exact_context *const exact = &stv->exact;
    if (s->keeps_worth) return before;
    if (stv->options->transfer != BL_TRANSFER_WEIGHTED) return s->each;
    if (stv->options->cut == BL_CUT_SHARE) {
        const bl_exact share = bl_stv_cut(stv, bl_exact_divide(exact, s->amount, s->votes));
        return bl_stv_cut(stv, bl_exact_multiply(exact, before, share));
    }
    bl_exact product = bl_exact_multiply(exact, before, s->amount);
    if (stv->options->cut == BL_CUT_PRODUCT) product = bl_stv_cut(stv, product);
    return bl_stv_cut(stv, bl_exact_divide(exact, product, s->votes));
}

bool bl_stv_move_surplus(bl_stv *stv, uint32_t candidate)
{
    const uint32_t first = stv->head[candidate];
    const bl_exact votes = stv->tally[candidate];
    surplus s = {.candidate = candidate, .votes = votes};
    s.amount = bl_exact_subtract(&stv->exact, votes, stv->quota);
    if (stv->options->transfer == BL_TRANSFER_UNWEIGHTED) weigh_all(stv, &s, first);
    if (stv->options->transfer == BL_TRANSFER_LAST_PARCEL) weigh_last(stv, &s, first);
    stv->head[candidate] = BL_NONE;
    stv->holds_all[candidate] = false;
    if (!begin_transfer(stv)) return false;
    for (uint32_t at = first; at != BL_NONE; at = stv->parcels.items[at].next) {
        if (!is_moved(stv, &s, &stv->parcels.items[at])) continue;
        const bl_exact before = stv->values.items[stv->parcels.items[at].value];
        if (!move_parcel(stv, at, value_after(stv, &s, before))) return false;
    }
    /* What nobody can take of a last parcel stays with the candidate. */
    if (stv->options->transfer == BL_TRANSFER_LAST_PARCEL)
        stv->gained[stv->contest->candidate_count] = BL_EXACT(0);
    bl_exact moved;
    if (!end_transfer(stv, candidate, &moved)) return false;
    stv->tally[candidate] = stv->quota;
    const bl_exact rest = bl_exact_subtract(&stv->exact, s.amount, moved);
    bl_exact *const sum = s.keeps_worth ? &stv->exhausted : &stv->lost;
    *sum = bl_exact_add(&stv->exact, *sum, rest);
    if (s.keeps_worth && !bl_exact_is_zero(rest)) return add_row(stv, candidate, BL_NONE, rest);
    return bl_stv_is_fine(stv);
}

/* ---- those who go out ---- */

bool bl_stv_has_leaving(const bl_stv *stv)
{
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (stv->state[i] == BL_STV_LEAVING) return true;
    return false;
}

/* The value that is worth most of all that the leaving hold; BL_NONE: they hold nothing. */
static uint32_t find_highest(bl_stv *stv)
{
    uint32_t highest = BL_NONE;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++) {
        if (stv->state[i] != BL_STV_LEAVING) continue;
        for (uint32_t at = stv->head[i]; at != BL_NONE; at = stv->parcels.items[at].next) {
            const uint32_t value = stv->parcels.items[at].value;
            if (highest == BL_NONE || bl_exact_compare(&stv->exact, stv->values.items[value],
                                                       stv->values.items[highest]) > 0)
                highest = value;
        }
    }
    return highest;
}

/* Passes on the parcels of one candidate; `only` one value, or BL_NONE for all. */
static bool move_parcels_of(bl_stv *stv, uint32_t candidate, uint32_t only)
{
    uint32_t at = stv->head[candidate];
    stv->head[candidate] = BL_NONE;
    if (!begin_transfer(stv)) return false;
    while (at != BL_NONE) {
        const uint32_t next = stv->parcels.items[at].next;
        const uint32_t value = stv->parcels.items[at].value;
        if (only == BL_NONE || value == only) {
            if (!move_piles(stv, stv->parcels.items[at].first_pile, value)) return false;
        } else {
            stv->parcels.items[at].next = stv->head[candidate];
            stv->head[candidate] = at;
        }
        at = next;
    }
    bl_exact moved;
    if (!end_transfer(stv, candidate, &moved)) return false;
    stv->tally[candidate] = bl_exact_subtract(&stv->exact, stv->tally[candidate], moved);
    if (stv->head[candidate] == BL_NONE) bl_stv_set_state(stv, candidate, BL_STV_OUT);
    return bl_stv_is_fine(stv);
}

bool bl_stv_move_leaving(bl_stv *stv)
{
    const bool by_value = stv->options->transfer == BL_TRANSFER_LAST_PARCEL;
    const uint32_t only = by_value ? find_highest(stv) : BL_NONE;
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        if (stv->state[i] == BL_STV_LEAVING && !move_parcels_of(stv, i, only)) return false;
    return true;
}
