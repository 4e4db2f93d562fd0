/*
 * Meek's method: passing over the ballots until everybody elected has the quota and no more.
 *
 * What ballots begin with alike is passed over once: beginnings stand in a tree, and a ballot ends
 * in it at the first hopeful, who keeps all that comes. Rounding depends on the way there alone, so
 * equal ballots may be grouped in any way.
 */
#include "count_meek.h"

#include "limits.h"

#include <string.h>

typedef bl_meek_parts wide;

uint32_t bl_meek_size(const bl_meek *run)
{
    return run->count->contest->candidate_count;
}

bool bl_meek_is_hopeful(const bl_meek *run, uint32_t candidate)
{
    return run->is_in[candidate] && !run->is_elected[candidate];
}

/* ---- whole numbers ---- */

/*
 * a * b / c, rounded up, where the product may need more than 128 bits. a < 2^63, c < 2^120, and
 * the result fits. The remainder is multiplied bit by bit and stays below three times c.
 */
static wide scale_up(uint64_t a, wide b, wide c)
{
    wide quotient = b / c * a, remainder = 0, behind = 0;
    const wide over = b % c;
    if (over <= UINT64_MAX) {
        const wide product = over * a;
        return quotient + product / c + (product % c != 0);
    }
    for (int bit = 62; bit >= 0; bit--) {
        remainder *= 2;
        behind *= 2;
        if (a >> bit & 1) remainder += over;
        for (; remainder >= c; remainder -= c)
            behind++;
    }
    return quotient + behind + (remainder != 0);
}

/* ---- passing over the ballots ---- */

static bool add_node(bl_meek *run, uint32_t parent, uint32_t candidate, uint32_t *out)
{
    const bl_memory *memory = run->count->memory;
    const uint64_t key = ((uint64_t)parent + 1) << 32 | candidate;
    *out = bl_map_get(&run->child_of, key);
    if (*out != BL_NONE) return true;
    *out = (uint32_t)run->nodes.count;
    if (!bl_vector_reserve(memory, &run->nodes, 1) ||
        !bl_map_put(memory, &run->child_of, key, *out))
        return bl_count_nomem(run->count);
    run->nodes.items[run->nodes.count++] = (bl_meek_node){parent, candidate, 0, 0};
    return true;
}

/* A ballot counts for those who keep a share, and ends at the first hopeful, who keeps the rest. */
static bool add_ranking(bl_meek *run, uint32_t pile)
{
    const bl_ranking *ranking = &run->rankings.items[pile];
    uint32_t parent = BL_NONE;
    uint32_t candidate = bl_ranking_next(&run->rankings, ranking, run->is_in, &run->start[pile]);
    for (uint32_t at = run->start[pile]; candidate != BL_NONE;) {
        if (!add_node(run, parent, candidate, &parent)) return false;
        run->nodes.items[parent].weight += ranking->weight;
        if (bl_meek_is_hopeful(run, candidate)) return true;
        at++;
        candidate = bl_ranking_next(&run->rankings, ranking, run->is_in, &at);
    }
    return true;
}

/* Made anew when somebody is elected or goes out: the shorter, the fewer keep. */
static bool build_nodes(bl_meek *run)
{
    run->nodes.count = 0;
    bl_map_free(run->count->memory, &run->child_of);
    for (uint32_t i = 0; i < run->rankings.count; i++)
        if (!add_ranking(run, i)) return false;
    return true;
}

static void pass_over(bl_meek *run)
{
    memset(run->votes, 0, bl_meek_size(run) * sizeof *run->votes);
    bl_meek_node *const nodes = run->nodes.items;
    for (size_t i = 0; i < run->nodes.count; i++) {
        const uint64_t before = nodes[i].parent == BL_NONE ? run->one : nodes[nodes[i].parent].rest;
        const uint64_t keep = run->keep[nodes[i].candidate];
        const wide product = (wide)before * keep;
        const uint64_t kept = keep == run->one ? before
                                               : (uint64_t)((product + run->one - 1) / run->one);
        nodes[i].rest = before - kept;
        run->votes[nodes[i].candidate] += (wide)kept * nodes[i].weight;
    }
}

bl_meek_parts bl_meek_active(const bl_meek *run)
{
    wide active = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        active += run->votes[i];
    return active;
}

/* Droop's is v / (s + 1) and one last place more, Hare's v / s; never none. */
static void set_quota(bl_meek *run)
{
    const bl_count_options *options = run->count->options;
    const wide active = bl_meek_active(run);
    const bool is_hare = options->quota != BL_QUOTA_DROOP && options->quota != BL_QUOTA_DROOP_EXACT;
    run->quota = is_hare ? active / options->seats : active / ((wide)options->seats + 1) + 1;
    if (run->quota == 0) run->quota = 1;
}

static void set_surplus(bl_meek *run)
{
    wide have = 0, need = 0;
    for (uint32_t i = 0; i < bl_meek_size(run); i++) {
        if (!run->is_elected[i]) continue;
        have += run->votes[i];
        need += run->quota;
    }
    run->surplus = have > need ? have - need : 0;
}

static void set_keeps(bl_meek *run)
{
    for (uint32_t i = 0; i < bl_meek_size(run); i++) {
        if (!run->is_elected[i]) continue;
        const wide share = scale_up(run->keep[i], run->quota, run->one);
        run->keep[i] = share < run->votes[i] ? (uint64_t)scale_up(run->one, share, run->votes[i])
                                             : run->one;
    }
}

bool bl_meek_has_winner(const bl_meek *run)
{
    for (uint32_t i = 0; i < bl_meek_size(run); i++)
        if (bl_meek_is_hopeful(run, i) && run->votes[i] >= run->quota &&
            !bl_group_is_full(run->count, i))
            return true;
    return false;
}

bool bl_meek_converge(bl_meek *run)
{
    if (!build_nodes(run)) return false;
    wide before = 0;
    for (run->passes = 1;; run->passes++) {
        pass_over(run);
        set_quota(run);
        set_surplus(run);
        if (bl_meek_has_winner(run) || run->surplus < run->omega) return true;
        if (run->passes > 1 && run->surplus >= before) return true;
        if (run->passes == BL_MEEK_PASSES_MAX) return true;
        before = run->surplus;
        set_keeps(run);
    }
}

bool bl_meek_pass(bl_meek *run)
{
    if (!build_nodes(run)) return false;
    pass_over(run);
    set_quota(run);
    set_surplus(run);
    return true;
}
