/*
 * Holdings: who holds which role, where, since when, and by whose decision.
 *
 * A holding is one actor in one role at one instance; it lasts as long as one decision supports it.
 * A post is the same seen from the other side: all holders of one role at one instance, sorted.
 * Both know direct holdings only; a role that includes another one counts when somebody asks
 * (`included_by` is closed under inclusion, so one step is enough). An including role with the same
 * scope counts at the same instance, any other one everywhere.
 */
#include "world.h"

#include <assert.h>
#include <string.h>

/* ---- direct holdings ---- */

static uint64_t holding_key(uint32_t role, uint32_t instance, uint32_t actor)
{
    _Static_assert(BL_ACTOR_COUNT_MAX == 1u << 24 && BL_INSTANCE_COUNT_MAX == 1u << 24,
                   "a key has 24 bits for the actor and 24 for the instance");
    assert(role < UINT16_MAX && actor < BL_ACTOR_COUNT_MAX);
    return (uint64_t)role << 48 | (uint64_t)(instance & 0xFFFFFF) << 24 | actor;
}

/* Of a role and an instance or an actor. */
static uint64_t pair_key(uint32_t role, uint32_t other)
{
    return (uint64_t)role << 32 | other;
}

const bl_holding *bl_holding_find(const bl_engine *engine, uint32_t role, uint32_t instance,
                                  uint32_t actor)
{
    const uint32_t at = bl_map_get(&engine->holding_of, holding_key(role, instance, actor));
    return at == BL_NONE ? NULL : &engine->holdings.items[at];
}

static bool holds_directly(const bl_engine *engine, uint32_t role, uint32_t instance,
                           uint32_t actor)
{
    const bl_holding *holding = bl_holding_find(engine, role, instance, actor);
    return holding && holding->is_held;
}

/* At how many instances. */
static uint32_t held_count(const bl_engine *engine, uint32_t role, uint32_t actor)
{
    const uint32_t count = bl_map_get(&engine->held_anywhere, pair_key(role, actor));
    return count == BL_NONE ? 0 : count;
}

static const bl_post *post_find(const bl_engine *engine, uint32_t role, uint32_t instance)
{
    const uint32_t at = bl_map_get(&engine->post_of, pair_key(role, instance));
    return at == BL_NONE ? NULL : &engine->posts.items[at];
}

static uint32_t post_count(const bl_engine *engine, uint32_t role, uint32_t instance)
{
    const bl_post *post = post_find(engine, role, instance);
    return post ? (uint32_t)post->actors.count : 0;
}

static bl_post *post_of(bl_engine *engine, uint32_t role, uint32_t instance)
{
    const uint32_t known = bl_map_get(&engine->post_of, pair_key(role, instance));
    if (known != BL_NONE) return &engine->posts.items[known];
    const uint32_t at = (uint32_t)engine->posts.count;
    if (!bl_vector_reserve(&engine->memory, &engine->posts, 1)) return NULL;
    if (!bl_map_put(&engine->memory, &engine->post_of, pair_key(role, instance), at)) return NULL;
    engine->posts.items[engine->posts.count++] = (bl_post){.role = role, .instance = instance};
    return &engine->posts.items[at];
}

/* Where the actor stands in the post, or belongs. */
static size_t place_in(const bl_post *post, uint32_t actor)
{
    size_t low = 0, high = post->actors.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (post->actors.items[middle] < actor)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool post_add(bl_engine *engine, bl_post *post, uint32_t actor)
{
    if (!bl_vector_reserve(&engine->memory, &post->actors, 1)) return false;
    const size_t at = place_in(post, actor);
    uint32_t *items = post->actors.items;
    memmove(items + at + 1, items + at, (post->actors.count - at) * sizeof *items);
    items[at] = actor;
    post->actors.count++;
    return true;
}

static void post_drop(bl_post *post, uint32_t actor)
{
    const size_t at = place_in(post, actor);
    uint32_t *items = post->actors.items;
    assert(at < post->actors.count && items[at] == actor);
    memmove(items + at, items + at + 1, (post->actors.count - at - 1) * sizeof *items);
    post->actors.count--;
}

bool bl_holding_put(bl_engine *engine, uint32_t holding, bool is_held)
{
    bl_holding *row = &engine->holdings.items[holding];
    if (row->is_held == is_held) return true;
    bl_post *post = post_of(engine, row->role, row->instance);
    if (!post) return false;
    const uint64_t key = pair_key(row->role, row->actor);
    const uint32_t count = held_count(engine, row->role, row->actor);
    if (is_held) {
        if (!bl_map_put(&engine->memory, &engine->held_anywhere, key, count + 1)) return false;
        if (!post_add(engine, post, row->actor)) return false;
        engine->role_heads[row->role] += count == 0;
    } else {
        /* The key stays, with a zero: putting it back then needs no memory. */
        bl_map_put(&engine->memory, &engine->held_anywhere, key, count - 1);
        post_drop(post, row->actor);
        engine->role_heads[row->role] -= count == 1;
    }
    row->is_held = is_held;
    return true;
}

/* The holding's row, a new one where there was none; BL_NONE out of memory. */
static uint32_t holding_row(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor)
{
    const uint64_t key = holding_key(role, instance, actor);
    const uint32_t known = bl_map_get(&engine->holding_of, key);
    if (known != BL_NONE) return known;
    const uint32_t at = (uint32_t)engine->holdings.count;
    if (!bl_vector_reserve(&engine->memory, &engine->holdings, 1)) return BL_NONE;
    if (!bl_map_put(&engine->memory, &engine->holding_of, key, at)) return BL_NONE;
    engine->holdings.items[engine->holdings.count++] = (bl_holding){
        .role = role, .instance = instance, .actor = actor};
    return at;
}

/* ---- questions ---- */

static bool is_same_scope(const bl_engine *engine, uint32_t role, uint32_t including)
{
    return engine->program->roles[including].scope == engine->program->roles[role].scope;
}

bool bl_holds(const bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor)
{
    const bl_role *row = &engine->program->roles[role];
    if (row->is_anyone || holds_directly(engine, role, instance, actor)) return true;
    for (uint32_t i = 0; i < row->included_by.count; i++) {
        const uint32_t including = engine->program->indexes[row->included_by.first + i];
        if (is_same_scope(engine, role, including)
                ? holds_directly(engine, including, instance, actor)
                : held_count(engine, including, actor) > 0)
            return true;
    }
    return false;
}

bool bl_holds_any(const bl_engine *engine, uint32_t role, uint32_t actor)
{
    const bl_role *row = &engine->program->roles[role];
    if (row->is_anyone || held_count(engine, role, actor) > 0) return true;
    for (uint32_t i = 0; i < row->included_by.count; i++)
        if (held_count(engine, engine->program->indexes[row->included_by.first + i], actor) > 0)
            return true;
    return false;
}

static bool holds_elsewhere(const bl_engine *engine, uint32_t role, uint32_t instance,
                            uint32_t actor)
{
    return held_count(engine, role, actor) > holds_directly(engine, role, instance, actor);
}

bool bl_holds_other(const bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor)
{
    const bl_role *row = &engine->program->roles[role];
    if (row->is_anyone || holds_elsewhere(engine, role, instance, actor)) return true;
    for (uint32_t i = 0; i < row->included_by.count; i++) {
        const uint32_t including = engine->program->indexes[row->included_by.first + i];
        if (is_same_scope(engine, role, including)
                ? holds_elsewhere(engine, including, instance, actor)
                : held_count(engine, including, actor) > 0)
            return true;
    }
    return false;
}

/* Appends the post's actors where there is room to write them; returns how many. */
static size_t copy_post(const bl_post *post, uint32_t *actors)
{
    if (actors && post->actors.count)
        memcpy(actors, post->actors.items, post->actors.count * sizeof *actors);
    return post->actors.count;
}

/* The holders of `from` that count as holders of `role`: it is the same or includes it. */
static size_t gather(const bl_engine *engine, uint32_t role, uint32_t from, uint32_t instance,
                     int mode, uint32_t *actors)
{
    const bool is_there = is_same_scope(engine, role, from);
    if (mode == 0 && is_there) {
        const bl_post *post = post_find(engine, from, instance);
        return post ? copy_post(post, actors) : 0;
    }
    size_t count = 0;
    for (size_t i = 0; i < engine->posts.count; i++) {
        const bl_post *post = &engine->posts.items[i];
        if (post->role != from) continue;
        if (mode == 2 && is_there && post->instance == instance) continue;
        count += copy_post(post, actors ? actors + count : NULL);
    }
    return count;
}

/* The same for the role and all that include it. */
static size_t gather_all(const bl_engine *engine, uint32_t role, uint32_t instance, int mode,
                         uint32_t *actors)
{
    const bl_range including = engine->program->roles[role].included_by;
    size_t count = gather(engine, role, role, instance, mode, actors);
    for (uint32_t i = 0; i < including.count; i++)
        count += gather(engine, role, engine->program->indexes[including.first + i], instance, mode,
                        actors ? actors + count : NULL);
    return count;
}

bl_result bl_holders(bl_engine *engine, uint32_t role, uint32_t instance, int mode, bl_set *out)
{
    const bl_role *row = &engine->program->roles[role];
    if (row->is_anyone) return bl_fail(engine, row->span, "anyone has no size");
    const size_t count = gather_all(engine, role, instance, mode, NULL);
    uint32_t *actors = bl_arena_array(&engine->scratch, count, sizeof *actors);
    if (!actors || count > UINT32_MAX) return bl_no_memory(engine);
    gather_all(engine, role, instance, mode, actors);
    if (!bl_set_of(&engine->scratch, actors, (uint32_t)count, out)) return bl_no_memory(engine);
    return BL_OK;
}

/* Whether the actor is among the first `before` roles that give this one: itself, then those that
 * include it. */
static bool is_counted(const bl_engine *engine, uint32_t role, uint32_t instance, uint32_t before,
                       uint32_t actor)
{
    const bl_range including = engine->program->roles[role].included_by;
    if (before > 0 && holds_directly(engine, role, instance, actor)) return true;
    for (uint32_t i = 0; i + 1 < before; i++) {
        const uint32_t from = engine->program->indexes[including.first + i];
        if (is_same_scope(engine, role, from) ? holds_directly(engine, from, instance, actor)
                                              : held_count(engine, from, actor) > 0)
            return true;
    }
    return false;
}

/* Whether a post of the same role before this one has the actor too. */
static bool is_in_earlier_post(const bl_engine *engine, const bl_post *post, uint32_t actor)
{
    for (const bl_post *other = engine->posts.items; other < post; other++) {
        if (other->role != post->role) continue;
        const size_t at = place_in(other, actor);
        if (at < other->actors.count && other->actors.items[at] == actor) return true;
    }
    return false;
}

/* Holders by the including role number `number` who were not counted before it. */
static uint32_t count_included(const bl_engine *engine, uint32_t role, uint32_t instance,
                               uint32_t number)
{
    const uint32_t from =
        engine->program->indexes[engine->program->roles[role].included_by.first + number];
    const bool is_there = is_same_scope(engine, role, from);
    uint32_t count = 0;
    for (size_t i = 0; i < engine->posts.count; i++) {
        const bl_post *post = &engine->posts.items[i];
        if (post->role != from || (is_there && post->instance != instance)) continue;
        for (size_t k = 0; k < post->actors.count; k++) {
            const uint32_t actor = post->actors.items[k];
            count += !is_counted(engine, role, instance, number + 1, actor) &&
                     (is_there || !is_in_earlier_post(engine, post, actor));
        }
    }
    return count;
}

uint32_t bl_holder_count(const bl_engine *engine, uint32_t role, uint32_t instance)
{
    uint32_t count = post_count(engine, role, instance);
    for (uint32_t i = 0; i < engine->program->roles[role].included_by.count; i++)
        count += count_included(engine, role, instance, i);
    return count;
}

/* ---- saying so ---- */

/* "`maintainer` of `nn`", "`core_maintainer`". */
static bylaw_text say_post(bl_engine *engine, uint32_t role, uint32_t instance)
{
    const bl_text name = bl_names_text(engine->program->names, engine->program->roles[role].name);
    if (instance == BL_NONE) return bl_say(engine, "`%.*s`", BL_SAID(name));
    return bl_say(engine, "`%.*s` of `%.*s`", BL_SAID(name),
                  BL_SAID(bl_instance_id(engine, instance)));
}

static bl_result say_change(bl_engine *engine, bl_outcome_type type, const bl_holding *holding,
                            const bl_context *context, bl_span clause, bl_text because)
{
    bylaw_outcome *outcome = bl_world_outcome(engine, type, context, clause, because);
    if (!outcome) return bl_no_memory(engine);
    const bylaw_text who = bl_say_copy(engine, engine->actors.items[holding->actor].shown);
    outcome->role = bl_world_name(engine, engine->program->roles[holding->role].name);
    if (holding->instance != BL_NONE)
        outcome->on = bl_say_copy(engine, bl_instance_id(engine, holding->instance));
    if (type == BL_OUTCOME_GRANTED) outcome->to = who;
    if (type == BL_OUTCOME_REVOKED) outcome->from = who;
    bl_outcome_end(engine, outcome);
    return BL_OK;
}

/* A lower bound never blocks: that it is not met any more is said. */
static bl_result say_vacancy(bl_engine *engine, const bl_holding *holding,
                             const bl_context *context)
{
    const bl_role *role = &engine->program->roles[holding->role];
    const uint32_t count = post_count(engine, holding->role, holding->instance);
    const bool is_gone = holding->instance != BL_NONE &&
                         engine->instances.items[holding->instance].is_removed;
    if (count >= role->at_least || is_gone) return BL_OK;
    const bylaw_text post = say_post(engine, holding->role, holding->instance);
    const bylaw_text because = bl_say(engine, "%.*s has %u of at least %u %s", BL_SAID(post), count,
                                      role->at_least, role->at_least == 1 ? "holder" : "holders");
    return say_change(engine, BL_OUTCOME_OWED, holding, context, role->cardinality_span,
                      (bl_text){because.bytes, because.size});
}

/* ---- changes ---- */

static bl_change change_of(const bl_engine *engine, bl_change_kind kind, uint32_t holding)
{
    const bl_holding *row = &engine->holdings.items[holding];
    return (bl_change){
        .kind = kind,
        .index = holding,
        .supports = row->supports,
        .since = row->since,
        .since_seq = row->since_seq,
        .built_upon = bl_instance_built_upon(engine, row->instance),
    };
}

/* Holds it now, or no longer; stages that count the role are touched around it. */
static bl_result change_holding(bl_engine *engine, uint32_t holding, bool is_held)
{
    const uint32_t role = engine->holdings.items[holding].role;
    const uint32_t instance = engine->holdings.items[holding].instance;
    const uint32_t actor = engine->holdings.items[holding].actor;
    const bl_result result = bl_touch_role(engine, role, instance, actor, -1);
    if (result != BL_OK) return result;
    if (!bl_holding_put(engine, holding, is_held)) return bl_no_memory(engine);
    return bl_touch_role(engine, role, instance, actor, 1);
}

static bl_result revoke_one(bl_engine *engine, uint32_t holding, const bl_context *context,
                            bl_span clause, bl_text because)
{
    const bl_change change = change_of(engine, BL_CHANGE_REVOKED, holding);
    if (!bl_journal_add(engine, &change)) return bl_no_memory(engine);
    bl_result result = change_holding(engine, holding, false);
    if (result != BL_OK) return result;
    engine->holdings.items[holding].supports = NULL;
    const bl_holding was = engine->holdings.items[holding];
    result = say_change(engine, BL_OUTCOME_REVOKED, &was, context, clause, because);
    return result == BL_OK ? say_vacancy(engine, &was, context) : result;
}

/* ---- eligibility ---- */

/* Whether being eligible for `role` can depend on who holds `changed`. */
static bool depends_on(const bl_engine *engine, uint32_t role, uint32_t changed)
{
    const bl_program *program = engine->program;
    if (program->roles[role].from_body == BL_NONE) return false;
    const bl_range roles = program->bodies[program->roles[role].from_body].roles;
    for (uint32_t i = 0; i < roles.count; i++)
        if (program->indexes[roles.first + i] == changed) return true;
    return false;
}

static bl_result is_eligible(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                             bool *out)
{
    bl_context context = BL_CONTEXT_NONE;
    context.instance = instance;
    return bl_body_has(engine, engine->program->roles[role].from_body, &context, actor, out);
}

/* Ends the actor's holdings of the role for which it is not eligible any more; *ended: there was
 * one. */
static bl_result end_ineligible(bl_engine *engine, uint32_t role, uint32_t actor,
                                const bl_context *context, bool *ended)
{
    const bl_role *row = &engine->program->roles[role];
    for (size_t i = 0; i < engine->posts.count; i++) {
        const bl_post *post = &engine->posts.items[i];
        if (post->role != role || !holds_directly(engine, role, post->instance, actor)) continue;
        const uint32_t holding = bl_map_get(&engine->holding_of,
                                            holding_key(role, post->instance, actor));
        bool is_still = false;
        bl_result result = is_eligible(engine, role, post->instance, actor, &is_still);
        if (result != BL_OK) return result;
        if (is_still) continue;
        const bylaw_text because = bl_say(engine, "@%.*s is no longer in `%.*s`",
                                          BL_SAID(engine->actors.items[actor].shown),
                                          BL_SAID(engine->program->bodies[row->from_body].text));
        result = revoke_one(engine, holding, context, row->from_span,
                            (bl_text){because.bytes, because.size});
        if (result != BL_OK) return result;
        *ended = true;
    }
    return BL_OK;
}

/*
 * Who loses eligibility loses the role, and with it maybe the next one. A round only follows the
 * end of a holding, so there is an end to it.
 */
static bl_result keep_eligible(bl_engine *engine, uint32_t role, uint32_t actor,
                               const bl_context *context)
{
    const uint32_t count = engine->program->role_count;
    bool *is_changed = bl_arena_array(&engine->scratch, count, sizeof *is_changed);
    if (!is_changed) return bl_no_memory(engine);
    is_changed[role] = true;
    for (uint32_t at = 0; at < count;) {
        if (!is_changed[at]) {
            at++;
            continue;
        }
        is_changed[at] = false;
        for (uint32_t i = 0; i < count; i++) {
            if (!depends_on(engine, i, at)) continue;
            const bl_result result = end_ineligible(engine, i, actor, context, &is_changed[i]);
            if (result != BL_OK) return result;
        }
        at = 0;
    }
    return BL_OK;
}

/* ---- granting and revoking ---- */

static bl_result check_kind(bl_engine *engine, uint32_t role, uint32_t actor)
{
    const bl_role *row = &engine->program->roles[role];
    if (bl_actor_suits(engine, actor, row->held_by)) return BL_OK;
    return bl_fail(engine, row->span, "@%.*s is %s, and `%.*s` is held by %s",
                   BL_SAID(engine->actors.items[actor].shown), bl_actor_kind_phrase(engine, actor),
                   BL_SAID(bl_names_text(engine->program->names, row->name)),
                   bl_actor_kinds_phrase(row->held_by));
}

static bl_result check_from(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor)
{
    const bl_role *row = &engine->program->roles[role];
    if (row->from_body == BL_NONE) return BL_OK;
    bool is_in = false;
    const bl_result result = is_eligible(engine, role, instance, actor, &is_in);
    if (result != BL_OK || is_in) return result;
    return bl_fail(engine, row->from_span, "@%.*s is not in `%.*s`",
                   BL_SAID(engine->actors.items[actor].shown),
                   BL_SAID(engine->program->bodies[row->from_body].text));
}

static bl_result check_most(bl_engine *engine, uint32_t role, uint32_t instance)
{
    const bl_role *row = &engine->program->roles[role];
    const uint32_t count = post_count(engine, role, instance);
    if (row->at_most == BL_NONE || count < row->at_most) return BL_OK;
    const bylaw_text post = say_post(engine, role, instance);
    return bl_fail(engine, row->cardinality_span, "%.*s has %u of at most %u %s", BL_SAID(post),
                   count, row->at_most, row->at_most == 1 ? "holder" : "holders");
}

static bl_result check_post(bl_engine *engine, uint32_t role, uint32_t instance)
{
    const bl_role *row = &engine->program->roles[role];
    const bl_text name = bl_names_text(engine->program->names, row->name);
    if (row->is_anyone)
        return bl_fail(engine, row->span, "`%.*s` is anyone: nobody needs it granted",
                       BL_SAID(name));
    assert((row->scope == BL_NONE) == (instance == BL_NONE));
    if (instance == BL_NONE || !engine->instances.items[instance].is_removed) return BL_OK;
    return bl_fail(engine, row->span, "`%.*s` was removed",
                   BL_SAID(bl_instance_id(engine, instance)));
}

static bool is_supported(const bl_holding *holding, uint32_t decision)
{
    for (const bl_support *support = holding->supports; support; support = support->next)
        if (support->decision == decision) return true;
    return false;
}

static bl_result add_support(bl_engine *engine, uint32_t holding, uint32_t decision)
{
    bl_holding *row = &engine->holdings.items[holding];
    bl_support *support = bl_arena_alloc(&engine->arena, sizeof *support);
    if (!support) return bl_no_memory(engine);
    *support = (bl_support){.decision = decision, .next = row->supports};
    row->supports = support;
    return BL_OK;
}

/* It is held already: one more decision stands behind it. */
static bl_result support(bl_engine *engine, uint32_t holding, uint32_t decision)
{
    if (is_supported(&engine->holdings.items[holding], decision)) return BL_OK;
    const bl_change change = change_of(engine, BL_CHANGE_SUPPORTED, holding);
    if (!bl_journal_add(engine, &change)) return bl_no_memory(engine);
    return add_support(engine, holding, decision);
}

static bl_result grant_new(bl_engine *engine, uint32_t holding, const bl_context *context)
{
    const bl_change change = change_of(engine, BL_CHANGE_GRANTED, holding);
    if (!bl_journal_add(engine, &change)) return bl_no_memory(engine);
    bl_result result = change_holding(engine, holding, true);
    if (result != BL_OK) return result;
    bl_holding *row = &engine->holdings.items[holding];
    row->since = engine->now;
    row->since_seq = engine->seq;
    row->supports = NULL;
    bl_instance_build_upon(engine, row->instance, context->decision);
    bl_actor_settle_kind(engine, row->actor, engine->program->roles[row->role].held_by);
    return add_support(engine, holding, context->decision);
}

bl_result bl_world_grant(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                         const bl_context *context, bl_span clause, bl_text because)
{
    bl_result result = check_post(engine, role, instance);
    if (result != BL_OK) return result;
    const uint32_t holding = holding_row(engine, role, instance, actor);
    if (holding == BL_NONE) return bl_no_memory(engine);
    if (engine->holdings.items[holding].is_held) return support(engine, holding, context->decision);
    result = check_kind(engine, role, actor);
    if (result == BL_OK) result = check_from(engine, role, instance, actor);
    if (result == BL_OK) result = check_most(engine, role, instance);
    if (result == BL_OK) result = grant_new(engine, holding, context);
    if (result != BL_OK) return result;
    const bl_holding is = engine->holdings.items[holding];
    result = say_change(engine, BL_OUTCOME_GRANTED, &is, context, clause, because);
    /* A body that leaves holders of this role out has one member fewer. */
    return result == BL_OK ? keep_eligible(engine, role, actor, context) : result;
}

bl_result bl_world_revoke(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                          const bl_context *context, bl_span clause, bl_text because)
{
    const uint32_t holding = bl_map_get(&engine->holding_of, holding_key(role, instance, actor));
    if (holding == BL_NONE || !engine->holdings.items[holding].is_held) {
        const bylaw_text post = say_post(engine, role, instance);
        return bl_fail(engine, clause, "@%.*s does not hold %.*s",
                       BL_SAID(engine->actors.items[actor].shown), BL_SAID(post));
    }
    const bl_result result = revoke_one(engine, holding, context, clause, because);
    return result == BL_OK ? keep_eligible(engine, role, actor, context) : result;
}
