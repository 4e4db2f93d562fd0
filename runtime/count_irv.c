/*
 * Instant runoff: the ranked-choice count of one seat.
 *
 * Each round counts every ballot for its first candidate still standing; who has more than half of
 * those ballots is elected; otherwise the last is eliminated. A tie for last place is broken by a
 * lot drawn from the seed, where the procedure says so, and otherwise leaves the election without a
 * result. Method: Robert's Rules of Order, "preferential voting"; a ballot without a standing
 * candidate is exhausted.
 */
#include "machine.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct runoff {
    bl_engine *engine;
    const bl_stage *stage;
    bl_text seed;
    bool *is_out;
    uint32_t *tally;
    uint32_t standing, counted, exhausted, round;
    bl_buffer *told;
} runoff;

static bl_text candidate_name(const runoff *run, uint32_t candidate)
{
    const bl_engine *engine = run->engine;
    const bl_proposal *proposal = engine->proposals.items[run->stage->proposal];
    const uint32_t index = run->stage->candidates[candidate];
    return bl_kind_of(engine, proposal)->candidates_body != BL_NONE
               ? engine->actors.items[index].shown
               : bl_names_text(engine->program->names, index);
}

static bl_result is_counted(bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                            bool *out)
{
    *out = false;
    return ballot->choice == BL_BALLOT_NONE
               ? BL_OK
               : bl_stage_has_member(engine, stage, ballot->actor, out);
}

static bl_result count_round(runoff *run)
{
    for (uint32_t i = 0; i < run->stage->candidate_count; i++)
        run->tally[i] = 0;
    run->counted = run->exhausted = 0;
    for (size_t i = 0; i < run->stage->ballots.count; i++) {
        const bl_ballot *ballot = &run->stage->ballots.items[i];
        bool counts;
        const bl_result result = is_counted(run->engine, run->stage, ballot, &counts);
        if (result != BL_OK) return result;
        uint32_t at = 0;
        while (at < ballot->ranking_count && run->is_out[ballot->ranking[at]])
            at++;
        if (!counts) continue;
        if (at == ballot->ranking_count) {
            run->exhausted++;
        } else {
            run->tally[ballot->ranking[at]]++;
            run->counted++;
        }
    }
    return BL_OK;
}

static void tell_round(runoff *run)
{
    bl_buffer_format(run->told, "%sround %u: ", run->round > 1 ? "; " : "", run->round);
    bool is_first = true;
    for (uint32_t i = 0; i < run->stage->candidate_count; i++) {
        if (run->is_out[i]) continue;
        bl_buffer_format(run->told, "%s%.*s %u", is_first ? "" : ", ",
                         BL_SAID(candidate_name(run, i)), run->tally[i]);
        is_first = false;
    }
    if (run->exhausted > 0) bl_buffer_format(run->told, ", exhausted %u", run->exhausted);
}

/* A number below `below`, from the seed, the round and nothing else; drawn again where it would
 * favour some. */
static uint32_t draw(const runoff *run, uint32_t below)
{
    const uint64_t limit = UINT64_MAX - UINT64_MAX % below;
    uint64_t drawn = XXH3_64bits_withSeed(run->seed.bytes, run->seed.size, run->round);
    while (drawn >= limit)
        drawn = XXH3_64bits_withSeed(&drawn, sizeof drawn, run->round);
    return (uint32_t)(drawn % below);
}

/* The candidate that goes out; BL_NONE where a tie cannot be broken. */
static uint32_t find_last(runoff *run)
{
    uint32_t least = UINT32_MAX, tied = 0;
    for (uint32_t i = 0; i < run->stage->candidate_count; i++) {
        if (run->is_out[i] || run->tally[i] > least) continue;
        tied = run->tally[i] < least ? 1 : tied + 1;
        least = run->tally[i];
    }
    uint32_t chosen = 0;
    /* Whom nobody ranks first takes no ballot along: in which order they go changes nothing. */
    const bool is_lot = tied > 1 && least > 0;
    if (is_lot) {
        const bl_procedure *procedure = &run->engine->program->procedures[run->stage->procedure];
        bl_count_options options;
        bool has_lot = false;
        bl_count_options_read(procedure->count, &options, NULL);
        for (uint8_t i = 0; i < options.ties.count; i++)
            has_lot = has_lot || options.ties.rules[i] == BL_TIE_LOT;
        if (!has_lot || run->seed.size == 0) {
            bl_buffer_format(run->told, "; %u are tied for the last place, and %s", tied,
                             has_lot ? "there was no seed for a lot"
                                                            : "the procedure breaks no ties");
            return BL_NONE;
        }
        chosen = draw(run, tied);
    }
    for (uint32_t i = 0; i < run->stage->candidate_count; i++)
        if (!run->is_out[i] && run->tally[i] == least && chosen-- == 0) {
            bl_buffer_format(run->told, is_lot ? "; %.*s is out, by lot" : "; %.*s is out",
                             BL_SAID(candidate_name(run, i)));
            return i;
        }
    return BL_NONE;
}

static uint32_t find_winner(const runoff *run)
{
    for (uint32_t i = 0; i < run->stage->candidate_count; i++)
        if (!run->is_out[i] && (run->tally[i] * (uint64_t)2 > run->counted || run->standing == 1))
            return i;
    return BL_NONE;
}

static bl_result run_rounds(runoff *run, uint32_t *winner)
{
    for (run->round = 1; run->standing > 0; run->round++) {
        const bl_result result = count_round(run);
        if (result != BL_OK) return result;
        tell_round(run);
        *winner = run->counted == 0 ? BL_NONE : find_winner(run);
        if (*winner != BL_NONE || run->counted == 0) return BL_OK;
        const uint32_t last = find_last(run);
        if (last == BL_NONE) return BL_OK;
        run->is_out[last] = true;
        run->standing--;
    }
    return BL_OK;
}

bl_result bl_runoff_count(bl_engine *engine, const bl_stage *stage, bl_text seed, uint32_t *winner,
                          bl_text *rounds)
{
    bl_buffer told;
    bl_buffer_init(&told, &engine->memory);
    runoff run = {
        .engine = engine, .stage = stage, .seed = seed, .standing = stage->candidate_count};
    run.told = &told;
    run.is_out = bl_arena_array(&engine->scratch, stage->candidate_count + 1, sizeof *run.is_out);
    run.tally = bl_arena_array(&engine->scratch, stage->candidate_count + 1, sizeof *run.tally);
    *winner = BL_NONE;
    bl_result result = run.is_out && run.tally ? run_rounds(&run, winner) : bl_no_memory(engine);
    if (result == BL_OK && *winner != BL_NONE)
        bl_buffer_format(&told, "; %.*s is elected", BL_SAID(candidate_name(&run, *winner)));
    rounds->bytes = bl_arena_copy(&engine->arena, told.bytes, told.size);
    rounds->size = told.size;
    if (told.failed || !rounds->bytes) result = bl_no_memory(engine);
    bl_buffer_free(&told);
    return result;
}
