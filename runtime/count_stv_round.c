/*
 * The single transferable vote: a round as data and as a sentence; what begins and ends a count.
 *
 * Numbers of a round are forgotten with it (bl_stv.work), but for the tallies, which ties look back
 * at, and what goes on.
 */
#include "count_stv.h"

#include <assert.h>

/* ---- numbers ---- */

bl_exact bl_stv_keep(bl_stv *stv, bl_exact value)
{
    stv->exact.arena = &stv->keep;
    const bl_exact kept = bl_exact_copy(&stv->exact, value);
    stv->exact.arena = &stv->work;
    return kept;
}

bool bl_stv_is_fine(const bl_stv *stv)
{
    return !stv->count->failed && !bl_exact_has_failed(&stv->exact);
}

enum { RATIO_MOST = 9999, SHOWN_PLACES = 9 };

/* Whether every number is a decimal of options.decimals. */
static bool has_decimals(const bl_stv *stv)
{
    return stv->options->decimals != BL_NO_MOST && stv->contest->weight_scale == 1;
}

/* For sentences: exact where that is short; longer ratios are cut off, with a mark that more
 * follows. */
static void write_short(bl_stv *stv, bl_buffer *buffer, bl_exact value)
{
    if (has_decimals(stv)) {
        bl_exact_write_decimal(&stv->exact, buffer, value, stv->options->decimals, true);
    } else if (!value.limbs && (value.den <= RATIO_MOST || 1000000 % value.den == 0)) {
        bl_exact_write(&stv->exact, buffer, value);
    } else {
        bl_exact_write_decimal(&stv->exact, buffer, value, SHOWN_PLACES, false);
        bl_buffer_cstring(buffer, "…");
    }
}

/* For rounds: all of it, up to a limit. */
static void write_full(bl_stv *stv, bl_buffer *buffer, bl_exact value)
{
    const bool is_long = value.limbs && (value.num_count > BL_RATIO_LIMBS_MAX ||
                                         value.den_count > BL_RATIO_LIMBS_MAX);
    if (is_long && !has_decimals(stv)) stv->has_cut = true;
    if (is_long || has_decimals(stv))
        write_short(stv, buffer, value);
    else
        bl_exact_write(&stv->exact, buffer, value);
}

bl_amount bl_stv_amount(bl_stv *stv, bl_exact value)
{
    bl_buffer text;
    bl_buffer_init(&text, stv->count->memory);
    write_full(stv, &text, value);
    if (text.failed) bl_count_nomem(stv->count);
    const bl_amount amount = bl_amount_text(stv->count, (bl_text){text.bytes, text.size});
    bl_buffer_free(&text);
    return amount;
}

/* ---- beginning and ending ---- */

static bool make_arrays(bl_stv *stv)
{
    const uint32_t size = stv->contest->candidate_count, piles = stv->contest->pile_count;
    stv->state = bl_arena_array(&stv->keep, size, sizeof *stv->state);
    stv->is_in = bl_arena_array(&stv->keep, size, sizeof *stv->is_in);
    stv->holds_all = bl_arena_array(&stv->keep, size, sizeof *stv->holds_all);
    stv->head = bl_arena_array(&stv->keep, size, sizeof *stv->head);
    stv->last_batch = bl_arena_array(&stv->keep, size, sizeof *stv->last_batch);
    stv->target = bl_arena_array(&stv->keep, size, sizeof *stv->target);
    stv->tally = bl_arena_array(&stv->keep, size, sizeof *stv->tally);
    stv->events.surplus_of = bl_arena_array(&stv->keep, size, sizeof *stv->events.surplus_of);
    stv->next_pile = bl_arena_array(&stv->keep, piles, sizeof *stv->next_pile);
    stv->at = bl_arena_array(&stv->keep, piles, sizeof *stv->at);
    return stv->state && stv->is_in && stv->holds_all && stv->head && stv->last_batch &&
           stv->target && stv->tally && stv->events.surplus_of && stv->next_pile && stv->at;
}

void bl_stv_set_state(bl_stv *stv, uint32_t candidate, bl_stv_state state)
{
    stv->in_count -= stv->is_in[candidate];
    stv->state[candidate] = state;
    stv->is_in[candidate] = state == BL_STV_IN;
    stv->in_count += stv->is_in[candidate];
}

bool bl_stv_begin(bl_stv *stv, bl_count *count)
{
    *stv = (bl_stv){.count = count, .contest = count->contest, .options = count->options};
    bl_arena_init(&stv->keep, count->memory);
    bl_arena_init(&stv->work, count->memory);
    bl_exact_begin(&stv->exact, &stv->keep);
    stv->exact.arena = &stv->work;
    stv->exhausted = stv->lost = stv->quota = BL_EXACT(0);
    if (!make_arrays(stv)) return bl_count_nomem(count);
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++) {
        stv->head[i] = BL_NONE;
        stv->tally[i] = BL_EXACT(0);
        if (!stv->contest->candidates[i].is_withdrawn) bl_stv_set_state(stv, i, BL_STV_IN);
    }
    return bl_rankings_read(count, false, &stv->rankings);
}

void bl_stv_end(bl_stv *stv)
{
    const bl_memory *memory = stv->count->memory;
    bl_vector_free(memory, &stv->values);
    bl_vector_free(memory, &stv->parcels);
    bl_vector_free(memory, &stv->history);
    bl_vector_free(memory, &stv->rows);
    bl_arena_destroy(&stv->work);
    bl_arena_destroy(&stv->keep);
}

/* ---- a round as data ---- */

#ifndef NDEBUG
/* No vote comes or goes: all are with somebody, exhausted or cut off. */
static bool is_conserved(bl_stv *stv)
{
    const uint64_t scale = stv->contest->weight_scale;
    bl_exact sum = bl_exact_add(&stv->exact, stv->exhausted, stv->lost);
    for (uint32_t i = 0; i < stv->contest->candidate_count; i++)
        sum = bl_exact_add(&stv->exact, sum, stv->tally[i]);
    const bl_exact total = bl_exact_ratio(&stv->exact, stv->contest->total, scale);
    return bl_exact_compare(&stv->exact, sum, total) == 0 || !bl_stv_is_fine(stv);
}
#endif

/* Tallies are kept for ties, and the numbers of the round before are forgotten. */
static bool keep_tallies(bl_stv *stv)
{
    const uint32_t size = stv->contest->candidate_count;
    bl_exact *kept = bl_arena_array(&stv->keep, size, sizeof *kept);
    if (!kept || !bl_vector_reserve(stv->count->memory, &stv->history, 1))
        return bl_count_nomem(stv->count);
    for (uint32_t i = 0; i < size; i++)
        stv->tally[i] = kept[i] = bl_stv_keep(stv, stv->tally[i]);
    stv->history.items[stv->history.count++] = kept;
    stv->exhausted = bl_stv_keep(stv, stv->exhausted);
    stv->lost = bl_stv_keep(stv, stv->lost);
    stv->quota = bl_stv_keep(stv, stv->quota);
    bl_arena_reset(&stv->work);
    return bl_stv_is_fine(stv);
}

static bl_standing standing_of(const bl_stv *stv, uint32_t candidate)
{
    if (stv->state[candidate] == BL_STV_ELECTED) return BL_STANDING_ELECTED;
    return stv->state[candidate] == BL_STV_IN ? BL_STANDING_IN : BL_STANDING_OUT;
}

bool bl_stv_begin_round(bl_stv *stv)
{
    if (!keep_tallies(stv)) return false;
    assert(is_conserved(stv));
    bl_round *const round = stv->round = bl_round_new(stv->count);
    if (!round) return false;
    const uint32_t size = stv->contest->candidate_count;
    bl_exact most = BL_EXACT(0);
    for (uint32_t i = 0; i < size; i++)
        if (bl_exact_compare(&stv->exact, stv->tally[i], most) > 0) most = stv->tally[i];
    for (uint32_t i = 0; i < size; i++) {
        ((bl_standing *)round->standing)[i] = standing_of(stv, i);
        if (stv->state[i] == BL_STV_OUT) continue;
        bl_amount *const amount = &((bl_amount *)round->tally)[i];
        *amount = bl_stv_amount(stv, stv->tally[i]);
        amount->share = bl_exact_share(&stv->exact, stv->tally[i], most);
    }
    round->number = (uint32_t)stv->history.count;
    round->exhausted = bl_stv_amount(stv, stv->exhausted);
    if (stv->options->decimals != BL_NO_MOST) round->lost = bl_stv_amount(stv, stv->lost);
    stv->events = (bl_stv_events){.surplus_of = stv->events.surplus_of, .surplus = BL_EXACT(0)};
    stv->rows.count = 0;
    return bl_stv_is_fine(stv);
}

/* ---- a round in words ---- */

static void say_votes(bl_stv *stv, bl_exact votes)
{
    write_short(stv, &stv->count->told, votes);
    const bool is_one = bl_exact_compare(&stv->exact, votes, BL_EXACT(1)) == 0;
    bl_say_text(stv->count, is_one ? " vote" : " votes");
}

/* "ana (12 votes), bo (11) and cy (10.5)" */
static void say_with_votes(bl_stv *stv, const uint32_t *candidates, uint32_t size)
{
    const bl_exact *const tally = stv->history.items[stv->history.count - 1];
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_say_text(stv->count, i + 1 == size ? " and " : ", ");
        bl_say_name(stv->count, candidates[i]);
        bl_say_text(stv->count, " (");
        if (i == 0)
            say_votes(stv, tally[candidates[i]]);
        else
            write_short(stv, &stv->count->told, tally[candidates[i]]);
        bl_say_text(stv->count, ")");
    }
}

static void say_elected(bl_stv *stv)
{
    const bl_round *round = stv->round;
    const uint32_t by_quota = stv->events.by_quota, others = round->elected_count - by_quota;
    if (by_quota > 0) {
        say_with_votes(stv, round->elected, by_quota);
        bl_say_text(stv->count, by_quota == 1 ? " reaches" : " reach");
        bl_say_text(stv->count, " the quota, ");
        write_short(stv, &stv->count->told, stv->quota);
        bl_say_text(stv->count, by_quota == 1 ? ", and is elected" : ", and are elected");
    }
    if (others == 0) return;
    if (by_quota > 0) bl_say_text(stv->count, "; ");
    say_with_votes(stv, round->elected + by_quota, others);
    bl_say_text(stv->count, others == 1 ? " is" : " are");
    bl_say_text(stv->count, " elected without the quota: no more are left than there are seats");
}

static void say_surplus(bl_stv *stv)
{
    const bl_stv_events *const events = &stv->events;
    bl_say_text(stv->count, events->surplus_count == 1 ? "the surplus of " : "the surpluses of ");
    bl_say_names(stv->count, events->surplus_of, events->surplus_count);
    bl_say_text(stv->count, ", ");
    if (events->surplus_count > 1) bl_say_text(stv->count, "together ");
    say_votes(stv, events->surplus);
    bl_say_text(stv->count, events->surplus_count == 1
                                ? ", goes to the next choices on its ballots"
                                : ", go to the next choices on their ballots");
}

static void say_group(bl_stv *stv, uint32_t candidate)
{
    const bl_text group = stv->contest->groups[stv->contest->candidates[candidate].group];
    const uint32_t most = stv->options->group_most;
    bl_say_text(stv->count, ": %.*s has the %u %s that one group may have", (int)group.size,
                group.bytes, most, most == 1 ? "seat" : "seats");
}

/* The tie that said who goes out in this round; NULL: one alone had the fewest votes. */
static const bl_tie_told *last_tie(const bl_stv *stv)
{
    const bl_round *round = stv->round;
    if (stv->count->ties.count == 0) return NULL;
    const bl_tie_told *tie = &stv->count->ties.items[stv->count->ties.count - 1];
    const bool is_this = tie->round == round->number && tie->chosen == round->eliminated[0];
    return is_this ? tie : NULL;
}

static void say_eliminated(bl_stv *stv)
{
    const bl_round *round = stv->round;
    const bool is_one = round->eliminated_count == 1;
    const bl_tie_told *tie = stv->events.eliminated_because == BL_STV_FEWEST ? last_tie(stv) : NULL;
    if (tie) {
        bl_buffer_text(&stv->count->told, tie->sentence);
        return;
    }
    say_with_votes(stv, round->eliminated, round->eliminated_count);
    switch (stv->events.eliminated_because) {
    case BL_STV_FEWEST: bl_say_text(stv->count, " has the fewest votes and goes out"); break;
    case BL_STV_BATCH:
        bl_say_text(stv->count, " together have fewer votes than the next, and go out");
        break;
    case BL_STV_MINIMUM:
        bl_say_text(stv->count, is_one ? " has" : " have");
        bl_say_text(stv->count, " fewer than the %u %s asked for, and", stv->options->minimum,
                    stv->options->minimum == 1 ? "vote that is" : "votes that are");
        bl_say_text(stv->count, is_one ? " goes out" : " go out");
        break;
    case BL_STV_UNDECLARED:
        bl_say_text(stv->count, is_one ? " is no candidate and goes out first"
                                       : " are no candidates and go out first");
        break;
    case BL_STV_FULL:
        bl_say_text(stv->count, is_one ? " goes out" : " go out");
        if (is_one)
            say_group(stv, round->eliminated[0]);
        else
            bl_say_text(stv->count, ": their groups have as many seats as one may have");
        break;
    }
}

static bool copy_rows(bl_stv *stv)
{
    const size_t count = stv->rows.count;
    if (count == 0) return true;
    bl_transfer_row *rows = bl_arena_array(stv->count->arena, count, sizeof *rows);
    if (!rows) return bl_count_nomem(stv->count);
    for (size_t i = 0; i < count; i++)
        rows[i] = stv->rows.items[i];
    stv->round->transfers = rows;
    stv->round->transfer_count = (uint32_t)count;
    return true;
}

/* Parts of the sentence that are there, with "; " between. */
static void say_part(bl_stv *stv, bool *is_first)
{
    if (!*is_first) bl_say_text(stv->count, "; ");
    *is_first = false;
}

bool bl_stv_end_round(bl_stv *stv)
{
    bl_count *const count = stv->count;
    const bl_stv_events *const events = &stv->events;
    const bl_text said = bl_say_end(count); /* why the count ends here, where it does */
    bool is_first = true;
    bl_say_text(count, "Round %u: ", stv->round->number);
    if (stv->round->elected_count > 0) say_part(stv, &is_first), say_elected(stv);
    if (said.size > 0) say_part(stv, &is_first), bl_buffer_text(&count->told, said);
    if (events->surplus_count > 0) say_part(stv, &is_first), say_surplus(stv);
    if (events->is_deferred) {
        say_part(stv, &is_first);
        bl_say_text(count, "surpluses wait, as they cannot change who is last");
    }
    if (stv->round->eliminated_count > 0) say_part(stv, &is_first), say_eliminated(stv);
    if (events->is_passing_on) {
        say_part(stv, &is_first);
        bl_say_text(count, "the next ballots of who went out go on, by their value");
    }
    if (events->is_epilogue) {
        say_part(stv, &is_first);
        bl_say_text(count, "all seats are filled; this is where the last surpluses went");
    }
    if (is_first) bl_say_text(count, "nobody reaches the quota");
    bl_say_text(count, ".");
    stv->round->sentence = bl_say_end(count);
    if (!copy_rows(stv)) return false;
    stv->round->threshold = bl_stv_amount(stv, stv->quota);
    bl_round_add(count, stv->round);
    return bl_stv_is_fine(stv);
}
