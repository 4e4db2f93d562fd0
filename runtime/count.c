/*
 * Counting: runs a method, and keeps what it finds.
 *
 * Memory that ends is noted once and told at the end, so that the methods read as rules do: what
 * they add after that is dropped.
 */
#include "count.h"

#include <stdarg.h>
#include <string.h>

/* clang-format off: a line each */
static bl_count_function *const functions[BL_METHOD_COUNT] = {
#define METHOD(id, name, ballots, function, seats, help) [BL_METHOD_##id] = bl_count_##function,
#include "methods.def"
#undef METHOD
};
/* clang-format on */

bool bl_count_nomem(bl_count *count)
{
    count->failed = true;
    return false;
}

/* ---- sentences ---- */

void bl_say_text(bl_count *count, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bl_buffer_format_list(&count->told, format, arguments);
    va_end(arguments);
}

void bl_say_name(bl_count *count, uint32_t candidate)
{
    bl_buffer_text(&count->told, count->contest->candidates[candidate].name);
}

void bl_say_names(bl_count *count, const uint32_t *candidates, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (i > 0) bl_buffer_cstring(&count->told, i + 1 == size ? " and " : ", ");
        bl_say_name(count, candidates[i]);
    }
}

static bl_text keep(bl_count *count, const char *bytes, size_t size)
{
    const bl_text text = {bl_arena_copy(count->arena, bytes, size), size};
    if (!text.bytes) count->failed = true;
    return text.bytes ? text : BL_TEXT("");
}

bl_text bl_say_end(bl_count *count)
{
    const bl_text text = keep(count, count->told.bytes, count->told.size);
    if (count->told.failed) count->failed = true;
    bl_buffer_clear(&count->told);
    return text;
}

/* ---- amounts ---- */

bl_amount bl_amount_text(bl_count *count, bl_text text)
{
    return (bl_amount){keep(count, text.bytes, text.size), 0};
}

/* Most numbers are this: no buffer is needed. */
static bl_amount whole_amount(bl_count *count, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return bl_amount_text(count, (bl_text){digits + at, sizeof digits - at});
}

/* Units that are no whole ballots are written as a decimal where that ends, as a ratio else. */
bl_amount bl_amount_whole(bl_count *count, uint64_t units)
{
    const uint64_t scale = count->contest->weight_scale;
    if (scale == 1) return whole_amount(count, units);
    bl_rational value;
    bl_buffer text;
    bl_buffer_init(&text, count->memory);
    if (bl_rational_make((int64_t)units, (int64_t)scale, &value))
        bl_rational_write_decimal(&text, value);
    if (text.failed) count->failed = true;
    const bl_amount amount = bl_amount_text(count, (bl_text){text.bytes, text.size});
    bl_buffer_free(&text);
    return amount;
}

void bl_amount_shares(bl_amount *amounts, const uint64_t *units, uint32_t size)
{
    uint64_t most = 1;
    for (uint32_t i = 0; i < size; i++)
        if (units[i] > most) most = units[i];
    const uint64_t part = most / 10000 + 1; /* BL_WEIGHT_MAX times 10000 need not fit */
    for (uint32_t i = 0; i < size; i++)
        amounts[i].share = (uint32_t)(most < UINT64_MAX / 10000 ? units[i] * 10000 / most
                                                                : units[i] / part);
}

/* ---- rounds, figures, notes ---- */

bl_round *bl_round_new(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    bl_round *round = bl_arena_array(count->arena, 1, sizeof *round);
    bl_amount *tally = bl_arena_array(count->arena, size, sizeof *tally);
    bl_standing *standing = bl_arena_array(count->arena, size, sizeof *standing);
    uint32_t *elected = bl_arena_array(count->arena, size, sizeof *elected);
    uint32_t *eliminated = bl_arena_array(count->arena, size, sizeof *eliminated);
    if (!round || !tally || !standing || !elected || !eliminated) {
        bl_count_nomem(count);
        return NULL;
    }
    *round = (bl_round){.tally = tally, .standing = standing, .elected = elected};
    round->eliminated = eliminated;
    return round;
}

/* The arrays came from bl_round_new, which made them to be written. */
void bl_round_elect(bl_round *round, uint32_t candidate)
{
    ((uint32_t *)round->elected)[round->elected_count++] = candidate;
    ((bl_standing *)round->standing)[candidate] = BL_STANDING_ELECTED;
}

void bl_round_eliminate(bl_round *round, uint32_t candidate)
{
    ((uint32_t *)round->eliminated)[round->eliminated_count++] = candidate;
    ((bl_standing *)round->standing)[candidate] = BL_STANDING_ELIMINATED;
}

void bl_round_add(bl_count *count, const bl_round *round)
{
    if (!bl_vector_reserve(count->memory, &count->rounds, 1)) {
        bl_count_nomem(count);
        return;
    }
    count->rounds.items[count->rounds.count++] = *round;
}

void bl_figure_add(bl_count *count, const char *name, bl_figure_shape shape, const bl_text *cells,
                   uint32_t size)
{
    bl_text *kept = bl_arena_array(count->arena, size, sizeof *kept);
    if (!kept || !bl_vector_reserve(count->memory, &count->figures, 1)) {
        bl_count_nomem(count);
        return;
    }
    for (uint32_t i = 0; i < size; i++)
        kept[i] = cells[i];
    count->figures.items[count->figures.count++] = (bl_figure){name, shape, kept, size};
}

void bl_note_add(bl_count *count, bl_text sentence)
{
    if (!bl_vector_reserve(count->memory, &count->notes, 1)) {
        bl_count_nomem(count);
        return;
    }
    count->notes.items[count->notes.count++] = sentence;
}

void bl_winner_add(bl_count *count, uint32_t candidate)
{
    if (count->winner_count < count->options->seats)
        count->winners[count->winner_count++] = candidate;
}

bool bl_count_none(bl_count *count, bl_text because)
{
    count->none_because = because;
    return true;
}

bool bl_count_stop(bl_count *count, size_t rounds, bool is_filled)
{
    if (rounds < count->options->rounds_most) return false;
    count->is_stopped = true;
    bl_say_text(count, "the count was stopped after round %zu, as `rounds_most` asks",
                count->rounds.count);
    const bl_text said = bl_say_end(count);
    if (is_filled)
        bl_note_add(count, said);
    else
        bl_count_none(count, said);
    return true;
}

bool bl_count_default_wins(const bl_count *count)
{
    if (count->contest->default_option == BL_NONE || count->winner_count > 0) return false;
    if (count->is_stopped) return false;
    for (size_t i = 0; i < count->ties.count; i++)
        if (count->ties.items[i].chosen == BL_NONE) return false;
    return count->rounds.count + count->figures.count > 0;
}

bool bl_count_refuse(bl_count *count, bl_text problem)
{
    count->problem = problem;
    return false;
}

/* ---- seats ---- */

bool bl_group_is_full(const bl_count *count, uint32_t candidate)
{
    const uint32_t group = count->contest->candidates[candidate].group;
    if (group == BL_NONE || count->options->group_most == BL_NO_MOST) return false;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < count->winner_count; i++)
        taken += count->contest->candidates[count->winners[i]].group == group;
    return taken >= count->options->group_most;
}

/* Whether a candidate may take a seat at all. */
static bool is_electable(const bl_count *count, uint32_t candidate)
{
    const bl_contest *contest = count->contest;
    const uint32_t fallback = contest->default_option;
    if (contest->candidates[candidate].is_withdrawn || count->places[candidate] == 0) return false;
    if (fallback == BL_NONE || count->places[fallback] == 0) return candidate != fallback;
    return count->places[candidate] < count->places[fallback];
}

static void note_passed_over(bl_count *count, uint32_t candidate)
{
    const uint32_t group = count->contest->candidates[candidate].group;
    bl_say_name(count, candidate);
    bl_say_text(count, " is passed over: %.*s has the %u %s that one group may have",
                (int)count->contest->groups[group].size, count->contest->groups[group].bytes,
                count->options->group_most, count->options->group_most == 1 ? "seat" : "seats");
    bl_note_add(count, bl_say_end(count));
}

/* The next of the ranking who are not seated, passed over or done with: all of the best place. */
static uint32_t find_next(bl_count *count, const bool *is_done, uint32_t *next)
{
    uint32_t best = UINT32_MAX, size = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (is_done[i] || !is_electable(count, i) || count->places[i] > best) continue;
        if (count->places[i] < best) size = 0;
        best = count->places[i];
        next[size++] = i;
    }
    return size;
}

/* Whether all who come next can be seated, and none of them keeps another out. `taken`: room for a
 * number by group. */
static bool all_fit(const bl_count *count, const uint32_t *next, uint32_t size, uint32_t *taken)
{
    const bl_candidate *candidates = count->contest->candidates;
    if (size > count->options->seats - count->winner_count) return false;
    if (count->options->group_most == BL_NO_MOST) return true;
    memset(taken, 0, count->contest->group_count * sizeof *taken);
    for (uint32_t i = 0; i < count->winner_count; i++)
        if (candidates[count->winners[i]].group != BL_NONE)
            taken[candidates[count->winners[i]].group]++;
    for (uint32_t i = 0; i < size; i++) {
        const uint32_t group = candidates[next[i]].group;
        if (group != BL_NONE && ++taken[group] > count->options->group_most) return false;
    }
    return true;
}

/* Seats one of those who come next. Only a tie that decides who gets a seat is broken. */
static bool seat_one(bl_count *count, bool *is_done, uint32_t *next, uint32_t size, uint32_t *taken)
{
    uint32_t chosen = next[0];
    if (size > 1 && !all_fit(count, next, size, taken)) {
        const bl_tie tie = {.purpose = BL_TIE_ELECT,
                            .round = (uint32_t)count->rounds.count,
                            .tied = next,
                            .tied_count = size,
                            .what = count->options->seats == 1 ? "the seat" : "the next seat"};
        if (!bl_tie_break(count, &tie, &chosen)) return false;
        if (chosen == BL_NONE) return true;
    }
    is_done[chosen] = true;
    bl_winner_add(count, chosen);
    return true;
}

/* The ranking ends before the seats are filled. */
static bool end_vacant(bl_count *count)
{
    const uint32_t fallback = count->contest->default_option;
    if (fallback != BL_NONE && count->places[fallback] != 0) {
        bl_say_text(count, "nobody %scomes before ", count->winner_count > 0 ? "else " : "");
        bl_say_name(count, fallback);
    } else if (count->options->seats == 1) {
        bl_say_text(count, "there is 1 seat and nobody who can take it");
    } else {
        bl_say_text(count, "there are %u seats and no more than %u who can take one",
                    count->options->seats, count->winner_count);
    }
    return bl_count_none(count, bl_say_end(count));
}

bool bl_count_fill(bl_count *count)
{
    const uint32_t size = count->contest->candidate_count;
    bool *is_done = bl_arena_array(count->arena, size, sizeof *is_done);
    uint32_t *next = bl_arena_array(count->arena, size, sizeof *next);
    uint32_t *taken = bl_arena_array(count->arena, (size_t)count->contest->group_count + 1,
                                     sizeof *taken);
    if (!is_done || !next || !taken) return bl_count_nomem(count);
    memset(is_done, 0, size * sizeof *is_done);
    while (count->winner_count < count->options->seats) {
        uint32_t left = 0;
        const uint32_t found = find_next(count, is_done, next);
        for (uint32_t i = 0; i < found; i++) {
            if (!bl_group_is_full(count, next[i])) {
                next[left++] = next[i];
                continue;
            }
            note_passed_over(count, next[i]);
            is_done[next[i]] = true;
        }
        if (found == 0) return end_vacant(count);
        const uint32_t before = count->winner_count;
        if (left == 0) continue;
        if (!seat_one(count, is_done, next, left, taken)) return false;
        if (count->winner_count == before) {
            bl_say_names(count, next, left);
            bl_say_text(count, " are tied, and nothing that is declared breaks the tie");
            return bl_count_none(count, bl_say_end(count));
        }
    }
    return true;
}

/* ---- running ---- */

static uint32_t count_standing(const bl_contest *contest)
{
    uint32_t standing = 0;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        standing += !contest->candidates[i].is_withdrawn;
    return standing;
}

static bool has_marks(const bl_contest *contest)
{
    for (uint32_t i = 0; i < contest->pile_count; i++)
        if (contest->piles[i].mark_count > 0) return true;
    return false;
}

/* Plurality takes rankings too, as people do who compare methods: the first preferences are the
 * choices. Nothing else is read as what it is not: an approval is no ranking cut off somewhere. */
static bool reads(const bl_count_options *options, bl_ballot_kind kind)
{
    if (options->method == BL_METHOD_PLURALITY && kind == BL_BALLOTS_RANKING) return true;
    return bl_methods[options->method].ballots == kind;
}

/*
 * Blank rankings are told and set aside before anybody counts: where elections are published they
 * are no part of the count, and not among those that were exhausted.
 */
static bool set_blank_aside(bl_count *count)
{
    const bl_contest *contest = count->contest;
    if (contest->kind != BL_BALLOTS_RANKING) return true;
    for (uint32_t i = 0; i < contest->pile_count; i++)
        if (contest->piles[i].mark_count == 0) count->blank += contest->piles[i].weight;
    if (count->blank == 0) return true;
    bl_contest *counted = bl_arena_array(count->arena, 1, sizeof *counted);
    bl_pile *piles = bl_arena_array(count->arena, contest->pile_count, sizeof *piles);
    if (!counted || !piles) return bl_count_nomem(count);
    *counted = *contest;
    counted->piles = piles;
    counted->pile_count = 0;
    counted->total -= count->blank;
    for (uint32_t i = 0; i < contest->pile_count; i++)
        if (contest->piles[i].mark_count > 0) piles[counted->pile_count++] = contest->piles[i];
    count->contest = counted;
    const bl_text amount = bl_amount_whole(count, count->blank).text;
    bl_say_text(count, "%.*s %s", (int)amount.size, amount.bytes,
                bl_text_equal(amount, BL_TEXT("1")) ? "ballot is blank" : "ballots are blank");
    bl_note_add(count, bl_say_end(count));
    return true;
}

static bool run(bl_count *count)
{
    const bl_contest *contest = count->contest;
    const bl_count_options *options = count->options;
    const bl_method_row *method = &bl_methods[options->method];
    static const char *const kinds[] = {"rankings", "choices", "scores"};
    if (!reads(options, contest->kind)) {
        bl_say_text(count, "%s counts %s, and these ballots are %s", method->name,
                    kinds[method->ballots], kinds[contest->kind]);
        return bl_count_refuse(count, bl_say_end(count));
    }
    if (options->seats > 1 && !method->has_seats) {
        bl_say_text(count, "%s fills one seat, not %u", method->name, options->seats);
        return bl_count_refuse(count, bl_say_end(count));
    }
    if (options->rounds_most == 0)
        return bl_count_refuse(count, BL_TEXT("`rounds_most` counts rounds from 1, and is 0"));
    if (contest->candidate_count == 0)
        return bl_count_none(count, BL_TEXT("there are no candidates"));
    if (count_standing(contest) == 0)
        return bl_count_none(count, BL_TEXT("every candidate has withdrawn"));
    if (!has_marks(contest)) return bl_count_none(count, BL_TEXT("nobody voted"));
    if (!set_blank_aside(count)) return false;
    return functions[options->method](count);
}

static uint32_t count_taken(const bl_count *count)
{
    if (!count->seats) return count->winner_count;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < count->contest->candidate_count; i++)
        taken += count->seats[i];
    return taken;
}

bl_count_status bl_count_run(const bl_contest *contest, const bl_count_options *options,
                             bl_arena *arena, const bl_memory *memory, bl_count *out)
{
    *out = (bl_count){.contest = contest, .options = options, .arena = arena, .memory = memory};
    out->none_because = out->problem = BL_TEXT("");
    bl_buffer_init(&out->told, memory);
    out->winners = bl_arena_array(arena, contest->candidate_count + 1, sizeof *out->winners);
    if (!out->winners) return BL_COUNT_NOMEM;
    const bool is_done = run(out);
    if (out->failed || out->told.failed) return BL_COUNT_NOMEM;
    if (!is_done) return BL_COUNT_REFUSED;
    const uint32_t taken = count_taken(out);
    out->vacant = taken < options->seats ? options->seats - taken : 0;
    return BL_COUNT_OK;
}

void bl_count_free(bl_count *count)
{
    bl_vector_free(count->memory, &count->rounds);
    bl_vector_free(count->memory, &count->figures);
    bl_vector_free(count->memory, &count->ties);
    bl_vector_free(count->memory, &count->notes);
    bl_buffer_free(&count->told);
}
