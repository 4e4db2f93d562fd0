/*
 * One number for each candidate: their order, the round that shows them, and the seats.
 */
#include "totals.h"

#include <string.h>

bool bl_totals_begin(bl_count *count, bl_totals *totals)
{
    const uint32_t size = count->contest->candidate_count;
    *totals = (bl_totals){.count = count};
    bl_exact_begin(&totals->exact, count->arena);
    totals->values = bl_arena_array(count->arena, size, sizeof *totals->values);
    totals->is_in = bl_arena_array(count->arena, size, sizeof *totals->is_in);
    if (!totals->values || !totals->is_in) return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++) {
        totals->values[i] = BL_EXACT(0);
        totals->is_in[i] = !count->contest->candidates[i].is_withdrawn;
    }
    return true;
}

void bl_totals_set(bl_totals *totals, uint32_t candidate, uint64_t units)
{
    totals->values[candidate] = bl_exact_ratio(&totals->exact, units,
                                               totals->count->contest->weight_scale);
}

bool bl_totals_failed(bl_totals *totals)
{
    bl_count *count = totals->count;
    if (!bl_exact_has_failed(&totals->exact)) return false;
    if (totals->exact.is_out_of_memory) return !bl_count_nomem(count);
    return !bl_count_refuse(count, BL_TEXT("its fractions grow too large to be counted exactly"));
}

/* ---- order ---- */

/* Merges two sorted runs of candidates, highest first, those with equal values as they stood. */
static void merge(bl_totals *totals, const uint32_t *from, uint32_t *to, uint32_t left_size,
                  uint32_t size)
{
    uint32_t left = 0, right = left_size;
    for (uint32_t at = 0; at < size; at++) {
        const bool is_left = right == size ||
                             (left < left_size &&
                              bl_exact_compare(&totals->exact, totals->values[from[left]],
                                               totals->values[from[right]]) >= 0);
        to[at] = is_left ? from[left++] : from[right++];
    }
}

/* Sorts `size` candidates by their values; returns where they then are, `items` or `room`. */
static uint32_t *sort(bl_totals *totals, uint32_t *items, uint32_t *room, uint32_t size)
{
    for (uint32_t width = 1; width < size; width *= 2) {
        for (uint32_t at = 0; at < size; at += 2 * width) {
            const uint32_t rest = size - at;
            merge(totals, items + at, room + at, rest < width ? rest : width,
                  rest < 2 * width ? rest : 2 * width);
        }
        uint32_t *const sorted = room;
        room = items;
        items = sorted;
    }
    return items;
}

bool bl_totals_rank(bl_totals *totals)
{
    bl_count *count = totals->count;
    const uint32_t size = count->contest->candidate_count;
    uint32_t *items = bl_arena_array(count->arena, size, sizeof *items);
    uint32_t *room = bl_arena_array(count->arena, size, sizeof *room);
    count->places = bl_arena_array(count->arena, size, sizeof *count->places);
    if (!items || !room || !count->places) return bl_count_nomem(count);
    uint32_t in = 0;
    for (uint32_t i = 0; i < size; i++)
        if (totals->is_in[i]) items[in++] = i;
    items = sort(totals, items, room, in);
    for (uint32_t i = 0; i < in; i++) {
        const bool is_equal = i > 0 && bl_exact_compare(&totals->exact, totals->values[items[i]],
                                                        totals->values[items[i - 1]]) == 0;
        count->places[items[i]] = is_equal ? count->places[items[i - 1]] : i + 1;
    }
    return true;
}

bool bl_totals_rank_behind(bl_totals *totals, const uint32_t *first, uint32_t size)
{
    bl_count *count = totals->count;
    const uint32_t all = count->contest->candidate_count;
    if (!bl_totals_rank(totals)) return false;
    uint32_t *ahead = bl_arena_array(count->arena, (size_t)all + 2, sizeof *ahead);
    if (!ahead) return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++)
        ahead[count->places[first[i]] + 1]++;
    for (uint32_t i = 1; i < all + 2; i++) /* how many of `first` had a better place than i */
        ahead[i] += ahead[i - 1];
    for (uint32_t i = 0; i < all; i++)
        if (totals->is_in[i]) count->places[i] += size - ahead[count->places[i]];
    for (uint32_t i = 0; i < size; i++)
        count->places[first[i]] = i + 1;
    return true;
}

/* ---- numbers for people ---- */

bl_exact bl_totals_wide(bl_exact_context *context, uint64_t high, uint64_t low)
{
    if (high == 0) return BL_EXACT(low);
    const bl_exact half = BL_EXACT(UINT64_C(1) << 32);
    const bl_exact upper = bl_exact_multiply(
        context, bl_exact_multiply(context, BL_EXACT(high), half), half);
    return bl_exact_add(context, upper, BL_EXACT(low));
}

bl_amount bl_totals_amount(bl_totals *totals, bl_exact value, bl_exact most)
{
    bl_count *count = totals->count;
    bl_buffer text;
    bl_buffer_init(&text, count->memory);
    bl_exact_write(&totals->exact, &text, value);
    if (text.failed) bl_count_nomem(count);
    bl_amount amount = bl_amount_text(count, (bl_text){text.bytes, text.size});
    bl_buffer_free(&text);
    amount.share = bl_exact_share(&totals->exact, value, most);
    return amount;
}

void bl_say_ballots(bl_count *count, uint64_t units)
{
    const bl_text text = bl_amount_whole(count, units).text;
    const bool is_one = bl_text_equal(text, BL_TEXT("1"));
    bl_say_text(count, "%.*s %s", (int)text.size, text.bytes, is_one ? "ballot" : "ballots");
}

void bl_note_ballots(bl_count *count, uint64_t units, const char *one, const char *several)
{
    if (units == 0) return;
    bl_say_ballots(count, units);
    bl_say_text(count, " %s", units == count->contest->weight_scale ? one : several);
    bl_note_add(count, bl_say_end(count));
}

/* ---- the round ---- */

static bl_exact find_most(bl_totals *totals)
{
    bl_exact most = BL_EXACT(0);
    for (uint32_t i = 0; i < totals->count->contest->candidate_count; i++)
        if (totals->is_in[i] && bl_exact_compare(&totals->exact, totals->values[i], most) > 0)
            most = totals->values[i];
    return most;
}

bl_round *bl_totals_round(bl_totals *totals)
{
    bl_count *count = totals->count;
    bl_round *round = bl_round_new(count);
    if (!round) return NULL;
    bl_amount *tally = (bl_amount *)round->tally;
    bl_standing *standing = (bl_standing *)round->standing;
    const bl_exact most = find_most(totals);
    round->number = (uint32_t)count->rounds.count + 1;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        standing[i] = totals->is_in[i] ? BL_STANDING_IN : BL_STANDING_OUT;
        if (totals->is_in[i]) tally[i] = bl_totals_amount(totals, totals->values[i], most);
    }
    return round;
}

/* "ana has the most votes, 12, and is elected", "ana (12) and bo (10) are elected". */
static void say_elected(bl_count *count, const bl_round *round, const char *best)
{
    const uint32_t size = round->elected_count;
    const uint32_t first = round->elected[0];
    if (size == 1 && count->places[first] == 1) {
        const bl_text text = round->tally[first].text;
        bl_say_name(count, first);
        bl_say_text(count, " has %s, %.*s, and is elected", best, (int)text.size, text.bytes);
        return;
    }
    for (uint32_t i = 0; i < size; i++) {
        const bl_text text = round->tally[round->elected[i]].text;
        bl_say_text(count, "%s", i == 0 ? "" : i + 1 == size ? " and " : ", ");
        bl_say_name(count, round->elected[i]);
        bl_say_text(count, " (%.*s)", (int)text.size, text.bytes);
    }
    bl_say_text(count, size == 1 ? " is elected" : " are elected");
}

static void say_round(bl_count *count, const bl_round *round, const char *best)
{
    const bl_text because = count->none_because;
    bl_say_text(count, "Round %u: ", round->number);
    if (round->elected_count > 0)
        say_elected(count, round, best);
    else
        bl_say_text(count, "nobody is elected");
    if (because.size > 0)
        bl_say_text(count, "%s%.*s", round->elected_count > 0 ? "; " : ": ", (int)because.size,
                    because.bytes);
    bl_say_text(count, ".");
}

bool bl_totals_elect(bl_totals *totals, const char *best)
{
    bl_count *count = totals->count;
    if (!bl_totals_rank(totals)) return false;
    bl_round *round = bl_totals_round(totals);
    if (!round || bl_totals_failed(totals)) return false;
    bl_round_add(count, round); /* before the seats: a tie is one of this round */
    if (count->failed || !bl_count_fill(count)) return false;
    for (uint32_t i = 0; i < count->winner_count; i++)
        bl_round_elect(round, count->winners[i]);
    say_round(count, round, best);
    round->sentence = bl_say_end(count);
    count->rounds.items[count->rounds.count - 1] = *round;
    return !count->failed;
}

void bl_totals_figure(bl_totals *totals, const char *name)
{
    bl_count *count = totals->count;
    const uint32_t size = count->contest->candidate_count;
    bl_text *cells = bl_arena_array(count->arena, size, sizeof *cells);
    if (!cells) {
        bl_count_nomem(count);
        return;
    }
    for (uint32_t i = 0; i < size; i++)
        cells[i] = totals->is_in[i] ? bl_totals_amount(totals, totals->values[i], BL_EXACT(1)).text
                                    : BL_TEXT("");
    bl_figure_add(count, name, BL_FIGURE_LIST, cells, size);
}
