/*
 * Ranked pairs: defeats are locked in, the strongest first, and one that would make a circle with
 * those locked is left out. T. N. Tideman, "Independence of clones as a criterion for voting
 * rules", Social Choice and Welfare 4 (1987).
 *
 * Equal defeats are locked together where that makes no circle. Where it does, the declared tie
 * rules say whose defeats come first. Where they say nothing, two relations go on from there: what
 * is locked for sure, in whichever order the equal ones came, and what may be locked in some order.
 * A later defeat is locked for sure if nothing that may be locked speaks against it, and left out
 * for sure only if something sure does. Seats are given on what is sure.
 */
#include "count_pairs.h"

#include <string.h>

typedef enum fate { OPEN, LOCKED, LEFT_OUT, IN_DOUBT } fate;

typedef struct locking {
    bl_count *count;
    bl_pairs pairs;
    bl_defeats defeats;
    bl_relation sure; /* what is locked for sure, and what follows from it */
    bl_relation possible; /* the same of what may be locked; equal to `sure` until a tie is left */
    bl_relation trial;
    const bl_defeat **group; /* defeats of one strength */
    fate *fates;
    uint32_t size;
    const bl_defeat **named; /* for a sentence */
    uint32_t *tied;
    bl_text *lines; /* of the figure */
    uint32_t line_count;
    uint32_t told, untold_locked, untold_left_out;
    bool is_settled; /* no tie was left */
    bool is_tied_here; /* the first that was left is in this group */
} locking;

static bool begin(bl_count *count, locking *run)
{
    *run = (locking){.count = count, .is_settled = true};
    if (!bl_pairs_make(count, &run->pairs)) return false;
    if (!bl_defeats_make(count, &run->pairs, &run->defeats)) return false;
    if (!bl_relation_make(count, run->pairs.size, &run->sure)) return false;
    if (!bl_relation_make(count, run->pairs.size, &run->possible)) return false;
    if (!bl_relation_make(count, run->pairs.size, &run->trial)) return false;
    run->group = bl_arena_array(count->arena, run->defeats.count, sizeof *run->group);
    run->fates = bl_arena_array(count->arena, run->defeats.count, sizeof *run->fates);
    run->named = bl_arena_array(count->arena, run->defeats.count, sizeof *run->named);
    run->tied = bl_arena_array(count->arena, run->pairs.size, sizeof *run->tied);
    run->lines = bl_arena_array(count->arena, run->defeats.count, sizeof *run->lines);
    if (!run->group || !run->fates || !run->named || !run->tied || !run->lines)
        return bl_count_nomem(count);
    return true;
}

/* ---- the fate of equal defeats ---- */

static void lock(locking *run, uint32_t at)
{
    const bl_defeat *defeat = run->group[at];
    run->fates[at] = LOCKED;
    bl_relation_join(&run->sure, defeat->winner, defeat->loser);
    bl_relation_join(&run->possible, defeat->winner, defeat->loser);
}

/* Those that make a circle with what is locked are left out. How many are open then. */
static uint32_t leave_out(locking *run)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < run->size; i++) {
        if (run->fates[i] != OPEN) continue;
        const bl_defeat *defeat = run->group[i];
        if (bl_relation_has(&run->sure, defeat->loser, defeat->winner))
            run->fates[i] = LEFT_OUT;
        else
            open++;
    }
    return open;
}

/* Locks the open ones that make no circle with anything that may be locked, open ones among it. How
 * many are open then. */
static uint32_t lock_clear_ones(locking *run)
{
    uint32_t open = 0;
    bl_relation_copy(&run->trial, &run->possible);
    for (uint32_t i = 0; i < run->size; i++)
        if (run->fates[i] == OPEN)
            bl_relation_join(&run->trial, run->group[i]->winner, run->group[i]->loser);
    for (uint32_t i = 0; i < run->size; i++) {
        if (run->fates[i] != OPEN) continue;
        if (bl_relation_has(&run->trial, run->group[i]->loser, run->group[i]->winner))
            open++;
        else
            lock(run, i);
    }
    return open;
}

/* Those whose defeats are open, for a tie: candidates in the order of their numbers. */
static uint32_t list_tied(locking *run)
{
    uint32_t size = 0;
    for (uint32_t number = 0; number < run->pairs.size; number++) {
        bool is_open = false;
        for (uint32_t i = 0; i < run->size; i++)
            is_open = is_open || (run->fates[i] == OPEN && run->group[i]->winner == number);
        if (is_open) run->tied[size++] = run->pairs.candidates[number];
    }
    return size;
}

/* Whose open defeats are locked first. No two defeats of one candidate speak against each other. */
static bool lock_by_tie_rules(locking *run, bool *is_broken)
{
    uint32_t chosen = BL_NONE;
    const bl_tie tie = {.purpose = BL_TIE_ELECT,
                        .round = (uint32_t)run->count->rounds.count + 1,
                        .tied = run->tied,
                        .tied_count = list_tied(run),
                        .what = "the next defeat to be locked in, of equal ones in a circle"};
    *is_broken = false;
    if (!bl_tie_break(run->count, &tie, &chosen)) return false;
    const uint32_t winner = bl_pairs_find(&run->pairs, chosen);
    for (uint32_t i = 0; chosen != BL_NONE && i < run->size; i++)
        if (run->fates[i] == OPEN && run->group[i]->winner == winner) lock(run, i);
    *is_broken = chosen != BL_NONE;
    return true;
}

static void leave_in_doubt(locking *run)
{
    run->is_tied_here = run->is_settled;
    run->is_settled = false;
    for (uint32_t i = 0; i < run->size; i++) {
        if (run->fates[i] != OPEN) continue;
        run->fates[i] = IN_DOUBT;
        bl_relation_join(&run->possible, run->group[i]->winner, run->group[i]->loser);
    }
}

static bool decide_group(locking *run)
{
    for (uint32_t i = 0; i < run->size; i++)
        run->fates[i] = OPEN;
    while (leave_out(run) > 0 && lock_clear_ones(run) > 0) {
        bool is_broken = false;
        /* Once a tie is left, later rules would choose among what may not even be open. */
        if (run->is_settled && !lock_by_tie_rules(run, &is_broken)) return false;
        if (is_broken) continue;
        leave_in_doubt(run);
        return true;
    }
    return true;
}

/* ---- telling ---- */

static uint32_t pick(locking *run, fate wanted)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->size; i++)
        if (run->fates[i] == wanted) run->named[size++] = run->group[i];
    return size;
}

static void say_fate(locking *run, fate wanted, const char *one, const char *several,
                     bool *is_first)
{
    const uint32_t size = pick(run, wanted);
    if (size == 0) return;
    if (!*is_first) bl_say_text(run->count, "; ");
    *is_first = false;
    bl_say_defeats(run->count, &run->pairs, run->named, size);
    bl_say_text(run->count, " %s", size == 1 ? one : several);
}

static bool tell_group(locking *run)
{
    bl_round *round = bl_pairs_round(run->count, &run->pairs);
    if (!round) return false;
    bool is_first = true;
    bl_say_round(run->count);
    say_fate(run, LOCKED, "is locked in", "are locked in", &is_first);
    say_fate(run, LEFT_OUT, "is left out: with those locked it would make a circle",
             "are left out: with those locked they would make a circle", &is_first);
    say_fate(run, IN_DOUBT, "stays open: a tie above says whether it makes a circle",
             run->is_tied_here
                 ? "stay open: they make a circle, and nothing declared says which comes first"
                 : "stay open: a tie above says whether they make circles",
             &is_first);
    bl_say_text(run->count, ".");
    bl_pairs_round_add(run->count, round);
    return true;
}

static bool tell_others(locking *run)
{
    if (run->untold_locked + run->untold_left_out == 0) return true;
    bl_round *round = bl_pairs_round(run->count, &run->pairs);
    if (!round) return false;
    bl_say_round(run->count);
    bl_say_text(run->count, "of the weaker defeats %u %s locked in, and %u %s not.",
                run->untold_locked, run->untold_locked == 1 ? "is" : "are", run->untold_left_out,
                run->untold_left_out == 1 ? "is" : "are");
    bl_pairs_round_add(run->count, round);
    return true;
}

/* The lines of the figure "locked", in the order of locking: "ana over bo, 20 to 15". */
static void list_locked(locking *run)
{
    bl_count *count = run->count;
    const uint32_t size = pick(run, LOCKED);
    for (uint32_t i = 0; i < size; i++) {
        const uint32_t winner = run->named[i]->winner, loser = run->named[i]->loser;
        const bl_text with =
            bl_amount_whole(count, bl_pairs_votes(&run->pairs, winner, loser)).text;
        const bl_text against =
            bl_amount_whole(count, bl_pairs_votes(&run->pairs, loser, winner)).text;
        bl_say_name(count, run->pairs.candidates[winner]);
        bl_say_text(count, " over ");
        bl_say_name(count, run->pairs.candidates[loser]);
        bl_say_text(count, ", %.*s to %.*s", (int)with.size, with.bytes, (int)against.size,
                    against.bytes);
        run->lines[run->line_count++] = bl_say_end(count);
    }
}

static bool tell(locking *run)
{
    list_locked(run);
    if (run->told++ < BL_STEPS_TOLD_MAX) return tell_group(run);
    const uint32_t locked = pick(run, LOCKED);
    run->untold_locked += locked;
    run->untold_left_out += run->size - locked;
    return true;
}

/* ---- the method ---- */

static bool lock_all(locking *run)
{
    for (uint32_t at = 0; at < run->defeats.count;) {
        const uint32_t rank = run->defeats.items[at].rank;
        run->size = 0;
        for (; at < run->defeats.count && run->defeats.items[at].rank == rank; at++)
            run->group[run->size++] = &run->defeats.items[at];
        if (!decide_group(run) || !tell(run)) return false;
    }
    return tell_others(run);
}

static bool end(locking *run)
{
    bl_count *count = run->count;
    bool *is_first = bl_arena_array(count->arena, run->pairs.size, sizeof *is_first);
    bl_round *last = bl_pairs_round(count, &run->pairs);
    if (!is_first || !last) return bl_count_nomem(count);
    for (uint32_t i = 0; i < run->pairs.size; i++)
        is_first[i] = count->places[run->pairs.candidates[i]] == 1;
    bl_say_text(count, "no defeat of ");
    bl_say_set(count, &run->pairs, is_first);
    bl_say_text(count, " is locked in%s", run->is_settled ? "" : " for sure");
    const bool is_settled = run->is_settled ||
                            bl_places_are_settled(count, &run->pairs, &run->sure);
    return bl_pairs_end(count, last, bl_say_end(count), is_settled);
}

bool bl_count_ranked_pairs(bl_count *count)
{
    locking run;
    if (!begin(count, &run) || !lock_all(&run)) return false;
    bl_figure_add(count, "locked", BL_FIGURE_TEXTS, run.lines, run.line_count);
    return bl_places_by_order(count, &run.pairs, &run.sure) && end(&run);
}
