/*
 * What it needs, of an election of one by plurality or approval: who leads, and how many further
 * ballots would put each of the others ahead.
 *
 * Exact as far as it goes: of those who have not voted, that many must name somebody and nobody
 * else, the other ballots staying as they are, and with one fewer nobody comes ahead. Other
 * methods, several seats and weighed ballots have no such number.
 */
#include "needs.h"

typedef struct leading {
    bl_engine *engine;
    const bl_stage *stage;
    bl_vector(uint32_t) votes; /* by candidate */
    uint32_t first, second; /* the most votes, and the most of all others */
    bl_buffer *out;
} leading;

enum { SHOWN_MOST = 5 };

static bool has_number(const leading *l)
{
    const bl_program *program = l->engine->program;
    const bl_count_options *rules = l->stage->rules;
    if (l->stage->procedure == BL_NONE || !rules || rules->seats != 1) return false;
    if (rules->method != BL_METHOD_PLURALITY && rules->method != BL_METHOD_APPROVAL) return false;
    return program->procedures[l->stage->procedure].weight_chunk == BL_NONE &&
           !program->bodies[program->plans[l->stage->plan].body].is_anyone;
}

static bl_result add_votes(leading *l)
{
    for (size_t i = 0; i < l->stage->ballots.count; i++) {
        const bl_ballot *ballot = &l->stage->ballots.items[i];
        bool is_member = false;
        if (ballot->choice == BL_BALLOT_NONE) continue;
        bl_arena_reset(&l->engine->scratch);
        l->engine->steps = 0;
        const bl_result result = bl_stage_has_member(l->engine, l->stage, ballot->actor,
                                                     &is_member);
        if (result != BL_OK) return result;
        for (uint32_t m = 0; is_member && m < ballot->mark_count; m++)
            l->votes.items[ballot->marks[m].candidate]++;
    }
    return BL_OK;
}

static bool stands(const leading *l, uint32_t candidate)
{
    return !bl_candidate_is_withdrawn(l->engine, l->stage, candidate);
}

/* The most votes, and the most of all others. */
static void find_most(leading *l)
{
    for (uint32_t c = 0; c < l->stage->candidate_count; c++) {
        const uint32_t votes = l->votes.items[c];
        if (!stands(l, c)) continue;
        if (votes > l->first) {
            l->second = l->first;
            l->first = votes;
        } else if (votes > l->second) {
            l->second = votes;
        }
    }
}

/* How many more to be ahead of all others; 0: leads, or stands no longer. */
static uint32_t needs_of(const leading *l, uint32_t candidate)
{
    const uint32_t own = l->votes.items[candidate];
    if (!stands(l, candidate) || (own == l->first && own > l->second)) return 0;
    return l->first + 1 - own;
}

static void show(const leading *l, uint32_t candidate)
{
    if (bl_candidate_is_actor(l->engine, l->stage, candidate)) bl_buffer_char(l->out, '@');
    bl_outcome_show(l->out, bl_candidate_name(l->engine, l->stage, candidate));
}

static void write_leader(const leading *l)
{
    for (uint32_t c = 0; l->first > l->second && c < l->stage->candidate_count; c++) {
        if (!stands(l, c) || l->votes.items[c] < l->first) continue;
        bl_buffer_cstring(l->out, "; ");
        show(l, c);
        bl_buffer_format(l->out, " leads with %u %s", l->first, l->first == 1 ? "vote" : "votes");
        return;
    }
    bl_buffer_cstring(l->out, "; none leads alone");
}

/* Who comes behind `last` by what is needed, and of equals by who stands first; BL_NONE. */
static uint32_t next_after(const leading *l, uint32_t last)
{
    uint32_t found = BL_NONE;
    const uint32_t before = last == BL_NONE ? 0 : needs_of(l, last);
    for (uint32_t c = 0; c < l->stage->candidate_count; c++) {
        const uint32_t needs = needs_of(l, c);
        if (needs == 0 || needs > l->stage->counts[0] || needs < before) continue;
        if (needs == before && c <= last) continue;
        if (found == BL_NONE || needs < needs_of(l, found)) found = c;
    }
    return found;
}

static void write_others(const leading *l)
{
    uint32_t able = 0, unable = 0, last = BL_NONE;
    for (uint32_t c = 0; c < l->stage->candidate_count; c++) {
        const uint32_t needs = needs_of(l, c);
        able += needs > 0 && needs <= l->stage->counts[0];
        unable += needs > l->stage->counts[0];
    }
    for (uint32_t shown = 0; shown < able && shown < SHOWN_MOST; shown++) {
        last = next_after(l, last);
        const uint32_t needs = needs_of(l, last);
        bl_buffer_cstring(l->out, shown == 0 ? "; to lead alone " : ", ");
        show(l, last);
        bl_buffer_format(l->out, " needs %u", needs);
        if (shown == 0)
            bl_buffer_cstring(l->out, needs == 1 ? " more ballot that names nobody else"
                                                 : " more ballots that name nobody else");
    }
    if (able > SHOWN_MOST)
        bl_buffer_format(l->out, "; %u %s no fewer", able - SHOWN_MOST,
                         able - SHOWN_MOST == 1 ? "other needs" : "others need");
    if (unable > 0)
        bl_buffer_format(l->out, "; %u can no longer, by those who have not voted", unable);
}

bl_result bl_needs_write_leading(bl_engine *engine, const bl_stage *stage, bl_buffer *out)
{
    leading l = {.engine = engine, .stage = stage, .out = out};
    if (!has_number(&l)) return BL_OK;
    if (!bl_vector_reserve(&engine->memory, &l.votes, stage->candidate_count)) return BL_NOMEM;
    for (uint32_t c = 0; c < stage->candidate_count; c++)
        l.votes.items[c] = 0;
    l.votes.count = stage->candidate_count;
    const bl_result result = add_votes(&l);
    if (result == BL_OK) {
        find_most(&l);
        write_leader(&l);
        write_others(&l);
    }
    bl_vector_free(&engine->memory, &l.votes);
    return result;
}
