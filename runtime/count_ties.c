/*
 * Breaking ties by declared rules, in their order.
 *
 * First what the contest's record says was decided outside. Then each rule of the options looks at
 * those who are still tied: it may leave one, fewer, or all of them, and the next rule goes on with
 * those it leaves; no rule is asked twice. A rule that looks at rounds, at ballots or at casting
 * votes goes on by itself while it leaves fewer. What no rule breaks stays a tie: there is no
 * silent default.
 */
#include "count.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct breaking {
    bl_count *count;
    const bl_tie *tie;
    uint32_t *left; /* still tied, in the order of their numbers */
    uint32_t left_count;
    int64_t *liking; /* by candidate: how far up a ballot has it; the more the better */
    uint64_t *support; /* by candidate: casting votes */
    uint32_t round; /* in which those who are left differed from the others */
} breaking;

#define NOT_MARKED INT64_MIN

/* ---- what the record says ---- */

static bool is_among(const uint32_t *candidates, uint32_t size, uint32_t candidate)
{
    for (uint32_t i = 0; i < size; i++)
        if (candidates[i] == candidate) return true;
    return false;
}

static bool are_the_tied(const bl_resolution *resolution, const uint32_t *tied, uint32_t count)
{
    if (resolution->tied_count != count) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!is_among(resolution->tied, resolution->tied_count, tied[i])) return false;
    return true;
}

/* Where it says who was tied, all who are, or those whom the rules so far have left. */
static bool is_about(const breaking *run, const bl_resolution *resolution)
{
    const bl_tie *tie = run->tie;
    if (!is_among(tie->tied, tie->tied_count, resolution->chosen)) return false;
    return resolution->tied_count == 0 || are_the_tied(resolution, tie->tied, tie->tied_count) ||
           are_the_tied(resolution, run->left, run->left_count);
}

/* Whether the record's one is whom this tie is about, or who it is not. */
static bool is_whom(const bl_resolution *resolution, const bl_tie *tie)
{
    switch (resolution->sense) {
    case BL_RESOLUTION_CHOSEN: return true;
    case BL_RESOLUTION_FIRST: return tie->purpose == BL_TIE_ELECT;
    case BL_RESOLUTION_LAST: return tie->purpose == BL_TIE_ELIMINATE;
    }
    return true;
}

static void leave_out(breaking *run, uint32_t candidate)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < run->left_count; i++)
        if (run->left[i] != candidate) run->left[kept++] = run->left[i];
    if (kept > 0) run->left_count = kept;
}

/*
 * Leaves whom the record chose; who came out the other way is left out of what is still tied. Where
 * it says nothing of this round, whoever wrote it may have counted the rounds in another way: then
 * those who were tied tell which tie it was.
 */
static void by_record_of(breaking *run, bool is_of_any_round)
{
    const bl_contest *contest = run->count->contest;
    for (uint32_t i = 0; i < contest->resolution_count && run->left_count > 1; i++) {
        const bl_resolution *resolution = &contest->resolutions[i];
        const bool is_of_round = resolution->round == 0 || resolution->round == run->tie->round;
        if (is_of_any_round ? is_of_round || resolution->tied_count == 0 : !is_of_round) continue;
        if (!is_about(run, resolution)) continue;
        if (!is_whom(resolution, run->tie)) {
            leave_out(run, resolution->chosen);
        } else if (is_among(run->left, run->left_count, resolution->chosen)) {
            run->left[0] = resolution->chosen;
            run->left_count = 1;
        }
    }
}

static void by_record(breaking *run)
{
    by_record_of(run, false);
    by_record_of(run, true);
}

/* ---- rules about rounds ---- */

/* Leaves those who had most (of an elimination: least) in a round. */
static void narrow_by_round(breaking *run, uint32_t round)
{
    const bl_tie *tie = run->tie;
    const int sign = tie->purpose == BL_TIE_ELECT ? 1 : -1;
    uint32_t kept = 1;
    const uint32_t before = run->left_count;
    for (uint32_t i = 1; i < before; i++) {
        const int order = tie->compare(tie->context, round, run->left[i], run->left[0]) * sign;
        if (order > 0) kept = 0;
        if (order >= 0) run->left[kept++] = run->left[i];
    }
    run->left_count = kept;
    if (kept < before) run->round = round;
}

static void by_previous_round(breaking *run)
{
    if (!run->tie->compare) return;
    for (uint32_t round = run->tie->round; round > 1 && run->left_count > 1; round--)
        narrow_by_round(run, round - 1);
}

static void by_first_round(breaking *run)
{
    if (!run->tie->compare) return;
    for (uint32_t round = 1; round < run->tie->round && run->left_count > 1; round++)
        narrow_by_round(run, round);
}

/* ---- rules about ballots ---- */

/* How much the ballots of a pile like each of those left. Of a candidate that stands twice the
 * first mark counts. */
static void read_likings(breaking *run, const bl_pile *pile)
{
    const bl_contest *contest = run->count->contest;
    for (uint32_t i = 0; i < run->left_count; i++)
        run->liking[run->left[i]] = NOT_MARKED;
    for (uint32_t i = pile->mark_count; i-- > 0;) {
        const bl_mark mark = contest->marks[pile->first_mark + i];
        if (mark.candidate >= contest->candidate_count) continue;
        run->liking[mark.candidate] = contest->kind == BL_BALLOTS_RANKING ? -(int64_t)mark.value
                                                                          : mark.value;
    }
}

/* Leaves those whom a ballot likes best (of an elimination: least). */
static void by_earlier_ballots(breaking *run)
{
    const bl_contest *contest = run->count->contest;
    const bool is_elected = run->tie->purpose == BL_TIE_ELECT;
    for (uint32_t i = 0; i < contest->pile_count && run->left_count > 1; i++) {
        read_likings(run, &contest->piles[i]);
        uint32_t kept = 1;
        for (uint32_t j = 1; j < run->left_count; j++) {
            const int64_t best = run->liking[run->left[0]], this = run->liking[run->left[j]];
            if (is_elected ? this > best : this < best) kept = 0;
            if (this == best || kept == 0) run->left[kept++] = run->left[j];
        }
        run->left_count = kept;
    }
}

/* A ballot supports whom it likes best of those left; several, where it likes them equally. */
static void count_casting(breaking *run)
{
    const bl_contest *contest = run->count->contest;
    for (uint32_t i = 0; i < run->left_count; i++)
        run->support[run->left[i]] = 0;
    for (uint32_t i = 0; i < contest->casting_count; i++) {
        read_likings(run, &contest->casting[i]);
        int64_t best = NOT_MARKED;
        for (uint32_t j = 0; j < run->left_count; j++)
            if (run->liking[run->left[j]] > best) best = run->liking[run->left[j]];
        for (uint32_t j = 0; j < run->left_count && best != NOT_MARKED; j++)
            if (run->liking[run->left[j]] == best)
                run->support[run->left[j]] += contest->casting[i].weight;
    }
}

static void narrow_by_support(breaking *run)
{
    const bool is_elected = run->tie->purpose == BL_TIE_ELECT;
    uint32_t kept = 1;
    for (uint32_t i = 1; i < run->left_count; i++) {
        const uint64_t best = run->support[run->left[0]], this = run->support[run->left[i]];
        if (is_elected ? this > best : this < best) kept = 0;
        if (this == best || kept == 0) run->left[kept++] = run->left[i];
    }
    run->left_count = kept;
}

/* Casting ballots are counted again among those who are left, while that leaves fewer: so that one
 * casting ballot that ranks three of them tells who is last. */
static void by_casting(breaking *run)
{
    for (uint32_t before = 0; run->left_count > 1 && run->left_count != before;) {
        before = run->left_count;
        count_casting(run);
        narrow_by_support(run);
    }
}

/* ---- lot and order ---- */

/* Lots drawn before in the same round, so that a second one is not the first again. */
static uint64_t count_lots(const breaking *run)
{
    uint64_t lots = 0;
    for (size_t i = 0; i < run->count->ties.count; i++)
        lots += run->count->ties.items[i].round == run->tie->round;
    return lots;
}

/* A place among those left, from the seed, the round and nothing else, least of all the machine's
 * byte order; drawn again where it would favour some. */
static void by_lot(breaking *run)
{
    const bl_text seed = run->count->contest->seed;
    if (seed.size == 0) return;
    const uint64_t limit = UINT64_MAX - UINT64_MAX % run->left_count;
    uint64_t salt = run->tie->round + (count_lots(run) << 32);
    uint64_t drawn = XXH3_64bits_withSeed(seed.bytes, seed.size, salt);
    for (; drawn >= limit; drawn = XXH3_64bits_withSeed(seed.bytes, seed.size, salt))
        salt += UINT64_C(1) << 56; /* above all numbers of lots */
    run->left[0] = run->left[drawn % run->left_count];
    run->left_count = 1;
}

static void by_order(breaking *run)
{
    const bl_contest *contest = run->count->contest;
    const bool is_elected = run->tie->purpose == BL_TIE_ELECT;
    /* From the end that is asked for: where many are tied one of them comes soon. */
    for (uint32_t i = 0; i < contest->candidate_count; i++) {
        const uint32_t place = is_elected ? i : contest->candidate_count - 1 - i;
        const uint32_t candidate = contest->order ? contest->order[place] : place;
        if (!is_among(run->left, run->left_count, candidate)) continue;
        run->left[0] = candidate;
        run->left_count = 1;
        return;
    }
}

/* ---- telling ---- */

/* Why those who are left are: "by lot", "with fewer votes in round 2". */
static void say_reason(breaking *run, bl_tie_rule rule)
{
    const bool is_elected = run->tie->purpose == BL_TIE_ELECT;
    switch (rule) {
    case BL_TIE_PREVIOUS_ROUND:
    case BL_TIE_FIRST_ROUND:
        bl_say_text(run->count, "with %s votes in round %u", is_elected ? "more" : "fewer",
                    run->round);
        return;
    case BL_TIE_EARLIER_BALLOTS:
        bl_say_text(run->count, "%s on the earliest ballot that tells them apart",
                    is_elected ? "first" : "last");
        return;
    case BL_TIE_CASTING: bl_say_text(run->count, "by the casting vote"); return;
    case BL_TIE_LOT: bl_say_text(run->count, "by lot"); return;
    case BL_TIE_ORDER:
        bl_say_text(run->count, "%s in the declared order", is_elected ? "first" : "last");
        return;
    case BL_TIE_RULE_COUNT: return;
    }
}

/* Whom a rule left, before its reason is said. */
static void say_left(breaking *run)
{
    const bool is_elected = run->tie->purpose == BL_TIE_ELECT;
    bl_say_text(run->count, run->left_count == 1 ? ": " : "; ");
    bl_say_names(run->count, run->left, run->left_count);
    if (run->left_count > 1)
        bl_say_text(run->count, " remain, ");
    else
        bl_say_text(run->count, is_elected ? " is chosen, " : " goes out, ");
}

static void apply(breaking *run, bl_tie_rule rule)
{
    switch (rule) {
    case BL_TIE_PREVIOUS_ROUND: by_previous_round(run); return;
    case BL_TIE_FIRST_ROUND: by_first_round(run); return;
    case BL_TIE_EARLIER_BALLOTS: by_earlier_ballots(run); return;
    case BL_TIE_CASTING: by_casting(run); return;
    case BL_TIE_LOT: by_lot(run); return;
    case BL_TIE_ORDER: by_order(run); return;
    case BL_TIE_RULE_COUNT: return;
    }
}

/* Applies one rule and tells what it did, which may be nothing. */
static void apply_and_tell(breaking *run, bl_tie_rule rule)
{
    const uint32_t before = run->left_count;
    apply(run, rule);
    if (rule == BL_TIE_LOT && run->count->contest->seed.size == 0)
        bl_say_text(run->count, "; there is no seed for a lot");
    if (run->left_count == before) return;
    say_left(run);
    say_reason(run, rule);
}

/* Ends the sentence, which began at `mark`: a method may be in the middle of its own. */
static bool tell(bl_count *count, const bl_tie *tie, size_t mark, uint32_t chosen)
{
    const bl_text text = {count->told.bytes + mark, count->told.size - mark};
    uint32_t *tied = bl_arena_array(count->arena, tie->tied_count, sizeof *tied);
    const char *kept = bl_arena_copy(count->arena, text.bytes, text.size);
    if (!tied || !kept || count->told.failed || !bl_vector_reserve(count->memory, &count->ties, 1))
        return bl_count_nomem(count);
    memcpy(tied, tie->tied, tie->tied_count * sizeof *tied);
    count->ties.items[count->ties.count++] = (bl_tie_told){.round = tie->round,
                                                           .tied = tied,
                                                           .tied_count = tie->tied_count,
                                                           .chosen = chosen,
                                                           .sentence = {kept, text.size}};
    count->told.size = mark;
    return true;
}

static void apply_record_and_tell(breaking *run)
{
    const uint32_t before = run->left_count;
    by_record(run);
    if (run->left_count == before) return;
    say_left(run);
    bl_say_text(run->count, "as the record of the election says");
}

static bool begin(bl_count *count, const bl_tie *tie, breaking *run)
{
    const uint32_t size = count->contest->candidate_count;
    *run = (breaking){.count = count, .tie = tie, .left_count = tie->tied_count};
    run->left = bl_arena_array(count->arena, tie->tied_count, sizeof *run->left);
    run->liking = bl_arena_array(count->arena, size, sizeof *run->liking);
    run->support = bl_arena_array(count->arena, size, sizeof *run->support);
    if (!run->left || !run->liking || !run->support) return bl_count_nomem(count);
    memcpy(run->left, tie->tied, tie->tied_count * sizeof *run->left);
    return true;
}

bool bl_tie_break(bl_count *count, const bl_tie *tie, uint32_t *chosen)
{
    const bl_tie_rules *rules = &count->options->ties;
    const size_t mark = count->told.size;
    breaking run;
    if (!begin(count, tie, &run)) return false;
    bl_say_names(count, tie->tied, tie->tied_count);
    bl_say_text(count, " are tied for %s", tie->what);
    apply_record_and_tell(&run);
    for (uint8_t i = 0; i < rules->count && run.left_count > 1; i++) {
        apply_and_tell(&run, (bl_tie_rule)rules->rules[i]);
        apply_record_and_tell(&run);
    }
    if (run.left_count > 1)
        bl_say_text(count, rules->count == 0 ? ", and no rule is declared that breaks a tie"
                                             : ", and no declared rule breaks the tie");
    *chosen = run.left_count == 1 ? run.left[0] : BL_NONE;
    return tell(count, tie, mark, *chosen);
}
