/*
 * The way to an outcome: through votes, steps, rungs, vetoes, disputes and waiting.
 *
 * From a moment of the proposal the search tries each thing that can come next: the votes under way
 * decide one way or the other, a veto or a dispute comes, time passes. What follows is not computed
 * here: one example of each is tried (needs_trial.c), and the moment it leads to is gone on from.
 * Moments with the same key have the same answers.
 */
#include "needs.h"

#include <string.h>

typedef struct bl_known {
    uint64_t key;
    bl_needed_list sets;
    struct bl_known *next;
} bl_known;

static bl_result solve(bl_search *search, const bl_moment *moment, int depth, bl_needed_list *out);

static bl_arena *arena_of(bl_search *search)
{
    return &search->trial.arena;
}

static const bl_stage_plan *plan_at(const bl_search *search, uint32_t plan)
{
    return &search->trial.engine->program->plans[plan];
}

static bool has_come(const bl_search *search)
{
    return search->trial.has_come ||
           bl_wanted_is_so(bl_trial_proposal(&search->trial), search->wanted);
}

/* ---- sets ---- */

static bool is_same_people(const bl_need *a, const bl_need *b)
{
    return a->is_anyone == b->is_anyone && a->people.count == b->people.count &&
           memcmp(a->people.actors, b->people.actors, a->people.count * sizeof *a->people.actors) ==
               0;
}

/* How often the first `count` needs have one like this, or more of it. */
static uint32_t count_like(const bl_needed *set, uint32_t count, const bl_need *part)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        const bl_need *need = &set->needs[i];
        found += need->verb == part->verb && need->plan == part->plan && need->any >= part->any &&
                 is_same_people(need, part);
    }
    return found;
}

static bool is_part(const bl_needed *part, const bl_needed *whole)
{
    if (part->size > whole->size) return false;
    for (uint32_t i = 0; i < part->count; i++)
        if (count_like(whole, whole->count, &part->needs[i]) <
            count_like(part, i + 1, &part->needs[i]))
            return false;
    return true;
}

/* Keeps a set unless a part of it does; drops those that it is a part of. The smallest stand first.
 */
static bl_result add_set(bl_search *search, bl_needed_list *list, const bl_needed *set)
{
    size_t kept = 0, place = 0;
    for (size_t i = 0; i < list->count; i++)
        if (is_part(&list->items[i], set)) return BL_OK;
    for (size_t i = 0; i < list->count; i++)
        if (!is_part(set, &list->items[i])) list->items[kept++] = list->items[i];
    list->count = kept;
    if (list->count >= BL_NEEDS_SETS_MAX) {
        search->is_complete = false;
        if (list->items[list->count - 1].size <= set->size) return BL_OK;
        list->count--;
    }
    if (!bl_vector_reserve(&search->trial.engine->memory, list, 1)) return BL_NOMEM;
    while (place < list->count && list->items[place].size <= set->size)
        place++;
    memmove(&list->items[place + 1], &list->items[place],
            (list->count - place) * sizeof *list->items);
    list->items[place] = *set;
    list->count++;
    return BL_OK;
}

/* First these needs, then one of the sets that follow. */
static bl_result add_joined(bl_search *search, const bl_need *needs, uint32_t count,
                            const bl_needed_list *then, bl_needed_list *out)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; i++)
        size += needs[i].any;
    for (size_t i = 0; i < then->count; i++) {
        const bl_needed *rest = &then->items[i];
        bl_need *all = bl_arena_array(arena_of(search), count + rest->count + 1, sizeof *all);
        if (!all) return BL_NOMEM;
        if (count > 0) memcpy(all, needs, count * sizeof *all);
        if (rest->count > 0) memcpy(all + count, rest->needs, rest->count * sizeof *all);
        const bl_needed joined = {all, count + rest->count, size + rest->size};
        const bl_result result = add_set(search, out, &joined);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* ---- when ---- */

static bool duration_of(bl_search *search, uint32_t chunk, const bl_stage *stage, bl_duration *out)
{
    bl_engine *engine = search->trial.engine;
    bl_context context = bl_proposal_context(bl_trial_proposal(&search->trial));
    if (stage) context.stage = stage->index;
    bl_value value;
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    const bl_result result = bl_vm_value(engine, chunk, &context, stage ? stage->arguments : NULL,
                                         stage ? stage->argument_count : 0, BL_BASE_DURATION,
                                         &value);
    if (result == BL_OK) *out = value.as.duration;
    return result == BL_OK;
}

/* Until when a vote takes ballots: a date where it is open already. */
static void set_vote_end(bl_search *search, const bl_stage *stage, bl_need *need)
{
    const bl_stage_plan *plan = plan_at(search, stage->plan);
    const bl_procedure *procedure = &search->trial.engine->program->procedures[stage->procedure];
    const bool is_real = stage->index < search->trial.saved.stages.count;
    need->stage = stage->number;
    need->is_later = !is_real;
    need->by = BL_TIME_MAX;
    if (is_real)
        need->by = stage->deadline;
    else if (plan->window_chunk != BL_NONE)
        need->has_within = duration_of(search, plan->window_chunk, NULL, &need->within);
    else if (procedure->open_for_chunk != BL_NONE && !procedure->open_for_at_least)
        need->has_within = duration_of(search, procedure->open_for_chunk, stage, &need->within);
}

static bl_time first_deadline(const bl_search *search, const bl_proposal *proposal)
{
    bl_time first = BL_TIME_MAX;
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = search->trial.engine->stages.items[proposal->stage + i];
        if (stage->state == BL_STAGE_OPEN && stage->deadline < first) first = stage->deadline;
    }
    return first;
}

/* Until when a veto or a dispute may come. */
static void set_window_end(bl_search *search, int depth, bl_need *need)
{
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    need->by = BL_TIME_MAX;
    need->is_later = depth > 0;
    if (bl_proposal_is_undecided(proposal)) {
        if (depth == 0) need->by = first_deadline(search, proposal);
        return;
    }
    const uint32_t chunk = need->plan == BL_NONE ? BL_NONE
                                                 : plan_at(search, need->plan)->window_chunk;
    if (chunk == BL_NONE || !duration_of(search, chunk, NULL, &need->within)) return;
    need->has_within = depth > 0;
    if (depth == 0 && !bl_time_add(proposal->decided, need->within, &need->by))
        need->by = BL_TIME_MAX;
}

/* ---- people ---- */

static bl_result keep_people(bl_search *search, const uint32_t *actors, uint32_t count, bl_set *out)
{
    return bl_set_of(arena_of(search), actors, count, out) ? BL_OK : BL_NOMEM;
}

/* The members of a body, as it stands; none where the machine has no answer. */
static bl_result members_of(bl_search *search, uint32_t body, uint32_t stage, bl_set *out)
{
    bl_engine *engine = search->trial.engine;
    bl_context context = bl_proposal_context(bl_trial_proposal(&search->trial));
    context.stage = stage;
    bl_set members = {NULL, 0};
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    const bl_result result = bl_body_set(engine, body, &context, &members);
    *out = (bl_set){NULL, 0};
    if (result != BL_OK) return result == BL_NOMEM ? result : BL_OK;
    return keep_people(search, members.actors, members.count, out);
}

/* Those of `all` who may do it under this clause now. */
static bl_result who_may(bl_search *search, bl_verb verb, uint32_t plan, bl_set all, bl_set *out)
{
    bl_engine *engine = search->trial.engine;
    uint32_t *found = bl_arena_array(arena_of(search), all.count + 1, sizeof *found);
    uint32_t count = 0;
    if (!found) return BL_NOMEM;
    for (uint32_t i = 0; i < all.count; i++) {
        const bl_act act = {.verb = verb,
                            .actor = all.actors[i],
                            .proposal = bl_trial_proposal(&search->trial),
                            .other = BL_NONE};
        bl_entitlement standing;
        bl_arena_reset(&engine->scratch);
        engine->steps = 0;
        if (bl_act_ask(engine, &act, &standing) != BL_OK) return BL_NOMEM;
        if (standing.is_allowed && (plan == BL_NONE || standing.plan == plan))
            found[count++] = all.actors[i];
    }
    *out = (bl_set){found, count};
    return BL_OK;
}

/* ---- what may come next ---- */

/* Where a clause speaks of anyone: the author, or whoever is there. */
static bl_result clause_people(bl_search *search, uint32_t plan, bl_set *out)
{
    const uint32_t body = plan_at(search, plan)->body;
    if (!search->trial.engine->program->bodies[body].is_anyone)
        return members_of(search, body, BL_NONE, out);
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    const uint32_t somebody = proposal->author == BL_NONE ? 0 : proposal->author;
    return keep_people(search, &somebody, search->trial.engine->actors.count > 0 ? 1 : 0, out);
}

/* One person's act that changes everything at once: a veto, a dispute, a withdrawal. */
static bl_result try_single(bl_search *search, const bl_moment *moment, int depth, bl_verb verb,
                            uint32_t plan, bl_needed_list *out)
{
    bl_trial *trial = &search->trial;
    bl_set all, people;
    if (!bl_moment_restore(trial, moment)) return BL_NOMEM;
    const uint32_t author = bl_trial_proposal(trial)->author;
    bl_result result = plan == BL_NONE ? keep_people(search, &author, author != BL_NONE, &all)
                                       : clause_people(search, plan, &all);
    if (result == BL_OK) result = who_may(search, verb, plan, all, &people);
    if (result != BL_OK || people.count == 0) return result;
    bl_need need = {.verb = verb, .any = 1, .people = people, .plan = plan, .from = BL_TIME_MIN};
    set_window_end(search, depth, &need);
    if (plan != BL_NONE) {
        need.needs_reason = plan_at(search, plan)->needs_reason;
        need.is_anyone = trial->engine->program->bodies[plan_at(search, plan)->body].is_anyone;
    }
    if (need.is_anyone) need.people.count = 0;
    bool allowed;
    if (bl_trial_act(trial, verb, people.actors[0], &allowed) != BL_OK) return BL_NOMEM;
    bl_moment *next = bl_moment_take(trial);
    if (!next) return BL_NOMEM;
    bl_needed_list then = {0};
    if (!allowed || bl_moment_key(next) == bl_moment_key(moment)) return BL_OK;
    result = solve(search, next, depth + 1, &then);
    return result == BL_OK ? add_joined(search, &need, 1, &then, out) : result;
}

static bl_verb verb_of(const bl_vote *vote, uint8_t choice)
{
    if (vote->is_veto) return choice == BL_BALLOT_APPROVE ? BL_VERB_VETO : BL_VERB_UPHOLD;
    return choice == BL_BALLOT_APPROVE  ? BL_VERB_APPROVE
           : choice == BL_BALLOT_REJECT ? BL_VERB_REJECT
                                        : BL_VERB_ABSTAIN;
}

static bl_time last_deadline(const bl_vote *vote)
{
    bl_time last = BL_TIME_MIN;
    for (uint32_t i = 0; i < vote->stage_count; i++)
        if (vote->stages[i]->deadline > last) last = vote->stages[i]->deadline;
    return last;
}

/*
 * Whether a way is told at this place of the order: ways follow one another as their last ballots
 * do, so that no vote closes too soon. A veto's vote that must be called for begins with who calls.
 * (test: needs_stories.py)
 */
static bool is_told_at(const bl_vote *vote, const bl_ballots *set, uint32_t at)
{
    const uint32_t from = vote->needs_call ? 0 : at + 1;
    const uint32_t to = vote->needs_call ? at : set->size;
    for (uint32_t i = from; i < to; i++)
        if (set->order[i] == set->order[at]) return false;
    return true;
}

/* The ballots of one set, as needs. */
static bl_need *needs_of(bl_search *search, const bl_vote *vote, const bl_answer *answer,
                         const bl_ballots *set, const bl_need *vote_end, uint32_t *count)
{
    bl_need *needs = bl_arena_array(arena_of(search), set->size + 1, sizeof *needs);
    *count = 0;
    for (uint32_t at = 0; needs && at < set->size; at++) {
        const uint16_t i = set->order[at];
        if (!is_told_at(vote, set, at)) continue;
        const bl_way *way = &answer->ways[i];
        bl_need *need = &needs[(*count)++];
        *need = *vote_end;
        need->verb = verb_of(vote, way->choice);
        need->before = way->before == BL_BALLOT_NONE ? 0 : way->before;
        need->any = set->counts[i];
        need->people = way->people;
        need->from = BL_TIME_MIN;
        for (uint32_t n = 0; n < set->size; n++)
            if (set->order[n] == i) need->from = set->times[n];
        if (need->is_later) need->from = BL_TIME_MIN; /* its dates are not known yet */
        if (need->from >= need->by) need->by = last_deadline(vote);
    }
    return needs;
}

/* Casts the ballots of a set for good. */
static bl_result cast_set(bl_search *search, const bl_vote *vote, const bl_answer *answer,
                          const bl_ballots *set)
{
    uint32_t *used = bl_arena_array(arena_of(search), vote->people.count + 1, sizeof *used);
    if (!used) return BL_NOMEM;
    for (uint32_t i = 0; i < set->size; i++) {
        const bl_way *way = &answer->ways[set->order[i]];
        bool allowed, found = true;
        while (found && search->trial.engine->now < set->times[i])
            if (bl_trial_wait(&search->trial, &found) != BL_OK) return BL_NOMEM;
        if (bl_trial_act(&search->trial, verb_of(vote, way->choice),
                         way->people.actors[used[way->group]++], &allowed) != BL_OK)
            return BL_NOMEM;
    }
    return BL_OK;
}

/* Whether the vote of the moment is over. */
static bool has_moved_on(const bl_trial *trial, const bl_proposal *before, uint32_t veto)
{
    const bl_proposal *now = bl_trial_proposal(trial);
    if (now->status != before->status || now->is_final != before->is_final) return true;
    if (veto != BL_NONE) return now->vetoes[veto].is_spent;
    return now->stage != before->stage || now->rung != before->rung || now->step != before->step;
}

static bl_result follow_set(bl_search *search, const bl_moment *moment, int depth,
                            const bl_vote *vote, const bl_answer *answer, const bl_ballots *set,
                            uint32_t veto, bl_needed_list *then)
{
    bl_trial *trial = &search->trial;
    if (!bl_moment_restore(trial, moment)) return BL_NOMEM;
    const bl_proposal before = *bl_trial_proposal(trial);
    if (cast_set(search, vote, answer, set) != BL_OK) return BL_NOMEM;
    bool found = true;
    while (found && !has_moved_on(trial, &before, veto))
        if (bl_trial_wait(trial, &found) != BL_OK) return BL_NOMEM;
    if (!has_moved_on(trial, &before, veto)) return BL_OK;
    bl_moment *next = bl_moment_take(trial);
    return next ? solve(search, next, depth + 1, then) : BL_NOMEM;
}

/* All that the vote can come to. The trial stands at the moment, with the vote open. */
static bl_result try_vote(bl_search *search, const bl_moment *moment, int depth,
                          const bl_vote *vote, uint32_t veto, bl_needed_list *out)
{
    bl_answer answer;
    const bl_stage_plan *plan = plan_at(search, vote->stages[0]->plan);
    bl_need end = {.plan = vote->stages[0]->plan, .needs_reason = plan->needs_reason};
    set_vote_end(search, vote->stages[0], &end);
    for (uint32_t i = 1; i < vote->stage_count; i++) {
        end.needs_reason = end.needs_reason || plan_at(search, vote->stages[i]->plan)->needs_reason;
        if (vote->stages[i]->deadline < end.by) end.by = vote->stages[i]->deadline;
    }
    if (vote->needs_call) {
        end.has_within = false;
        set_window_end(search, depth, &end);
    }
    bl_result result = bl_vote_solve(&search->trial, vote, &search->budget, &answer);
    if (!answer.is_complete) search->is_complete = false;
    for (int i = BL_RESULT_PASSED; i <= BL_RESULT_UNRESOLVED && result == BL_OK; i++) {
        bl_needed_list then = {0};
        if (answer.sets[i].count == 0) continue;
        result = follow_set(search, moment, depth, vote, &answer, &answer.sets[i].items[0], veto,
                            &then);
        for (size_t j = 0; j < answer.sets[i].count && result == BL_OK && then.count > 0; j++) {
            uint32_t count;
            const bl_need *needs = needs_of(search, vote, &answer, &answer.sets[i].items[j], &end,
                                            &count);
            result = needs ? add_joined(search, needs, count, &then, out) : BL_NOMEM;
        }
    }
    return result;
}

/* The people of one open stage, added to `all`. */
static bl_result add_members(bl_search *search, const bl_stage *stage, bl_set *all)
{
    bl_set members = stage->snapshot;
    bl_engine *engine = search->trial.engine;
    if (!plan_at(search, stage->plan)->is_as_of_opening) {
        const bl_result result = members_of(search, plan_at(search, stage->plan)->body,
                                            stage->index, &members);
        if (result != BL_OK) return result;
    }
    uint32_t *found = bl_arena_array(arena_of(search), members.count + 1, sizeof *found);
    uint32_t count = 0;
    if (!found) return BL_NOMEM;
    for (uint32_t i = 0; i < members.count; i++) {
        bool is_member = false;
        bl_arena_reset(&engine->scratch);
        if (bl_stage_has_member(engine, stage, members.actors[i], &is_member) == BL_NOMEM)
            return BL_NOMEM;
        if (is_member) found[count++] = members.actors[i];
    }
    return bl_set_union(arena_of(search), *all, (bl_set){found, count}, all) ? BL_OK : BL_NOMEM;
}

static bool is_election(const bl_search *search, const bl_stage *stage)
{
    return stage->procedure != BL_NONE &&
           search->trial.engine->program->procedures[stage->procedure].form != BL_FORM_YES_NO;
}

/* The votes that decide now. */
static bl_result try_decision(bl_search *search, const bl_moment *moment, int depth,
                              bl_needed_list *out)
{
    bl_vote vote = {.stage_count = 0};
    bool has_open = false, has_waiting = false;
    if (!bl_moment_restore(&search->trial, moment)) return BL_NOMEM;
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        bl_stage *stage = search->trial.engine->stages.items[proposal->stage + i];
        vote.stages[vote.stage_count++] = stage;
        has_waiting = has_waiting || stage->state == BL_STAGE_WAITING;
        if (stage->state != BL_STAGE_OPEN) continue;
        has_open = true;
        if (is_election(search, stage)) {
            search->has_election = true;
            return BL_OK;
        }
        if (stage->is_faulty) return BL_OK;
        const bl_result result = add_members(search, stage, &vote.people);
        if (result != BL_OK) return result;
    }
    if (has_open && has_waiting) search->is_complete = false; /* ballots before all are open */
    if (!has_open || has_waiting || vote.people.count == 0) return BL_OK;
    return try_vote(search, moment, depth, &vote, BL_NONE, out);
}

/* The vote on a veto, called for already or not. */
static bl_result try_veto_vote(bl_search *search, const bl_moment *moment, int depth,
                               uint32_t which, uint32_t plan, bl_needed_list *out)
{
    bl_trial *trial = &search->trial;
    bl_vote vote = {.stage_count = 1, .is_veto = true};
    bl_set all, upholders;
    if (!bl_moment_restore(trial, moment)) return BL_NOMEM;
    bl_proposal *proposal = bl_trial_proposal(trial);
    if (proposal->vetoes[which].is_spent) return BL_OK;
    vote.needs_call = proposal->vetoes[which].stage == BL_NONE;
    bl_result result = clause_people(search, plan, &all);
    if (result == BL_OK) result = who_may(search, BL_VERB_VETO, plan, all, &vote.callers);
    if (result != BL_OK) return result;
    if (vote.needs_call) {
        if (vote.callers.count == 0) return BL_OK;
        bl_stage *stage;
        result = bl_act_open_veto_vote(trial->engine, proposal, which, plan, &stage);
        if (result != BL_OK) return result == BL_NOMEM ? result : BL_OK;
    }
    vote.stages[0] = trial->engine->stages.items[proposal->vetoes[which].stage];
    if (vote.stages[0]->state != BL_STAGE_OPEN || vote.stages[0]->is_faulty) return BL_OK;
    result = who_may(search, BL_VERB_UPHOLD, plan, all, &upholders);
    if (result != BL_OK) return result;
    if (!bl_set_union(arena_of(search), vote.callers, upholders, &vote.people)) return BL_NOMEM;
    return try_vote(search, moment, depth, &vote, which, out);
}

static bl_result try_vetoes(bl_search *search, const bl_moment *moment, int depth,
                            bl_needed_list *out)
{
    const bl_program *program = search->trial.engine->program;
    const bl_range vetoes = bl_kind_of(search->trial.engine, search->trial.proposal)->vetoes;
    bl_result result = BL_OK;
    for (uint32_t i = 0; i < vetoes.count && result == BL_OK; i++) {
        const uint32_t plan = program->vetoes[vetoes.first + i].plan;
        const bl_stage_plan *row = &program->plans[plan];
        if (row->procedure != BL_NONE || row->procedure_chunk != BL_NONE)
            result = try_veto_vote(search, moment, depth, i, plan, out);
        else
            result = try_single(search, moment, depth, BL_VERB_VETO, plan, out);
    }
    return result;
}

/* Nobody does anything: the next thing that changes how it stands. */
static bl_result try_waiting(bl_search *search, const bl_moment *moment, int depth,
                             bl_needed_list *out)
{
    bl_trial *trial = &search->trial;
    bool found = true;
    if (!bl_moment_restore(trial, moment)) return BL_NOMEM;
    while (found && bl_trial_key(trial) == bl_moment_key(moment))
        if (bl_trial_wait(trial, &found) != BL_OK) return BL_NOMEM;
    if (!found) return BL_OK;
    bl_moment *next = bl_moment_take(trial);
    bl_needed_list then = {0};
    if (!next) return BL_NOMEM;
    const bl_result result = solve(search, next, depth + 1, &then);
    return result == BL_OK ? add_joined(search, NULL, 0, &then, out) : result;
}

static bl_result try_everything(bl_search *search, const bl_moment *moment, int depth,
                                bl_needed_list *out)
{
    const bl_range disputes = bl_kind_of(search->trial.engine, search->trial.proposal)->disputes;
    bl_result result = try_waiting(search, moment, depth, out);
    if (out->count == 1 && out->items[0].size == 0) return result; /* nothing is needed */
    if (result == BL_OK) result = try_decision(search, moment, depth, out);
    if (result == BL_OK) result = try_vetoes(search, moment, depth, out);
    for (uint32_t i = 0; i < disputes.count && result == BL_OK; i++)
        result = try_single(search, moment, depth, BL_VERB_DISPUTE, disputes.first + i, out);
    return result == BL_OK ? try_single(search, moment, depth, BL_VERB_WITHDRAW, BL_NONE, out)
                           : result;
}

static bl_result solve(bl_search *search, const bl_moment *moment, int depth, bl_needed_list *out)
{
    static const bl_needed nothing = {NULL, 0, 0};
    if (!bl_moment_restore(&search->trial, moment)) return BL_NOMEM;
    if (has_come(search)) return add_set(search, out, &nothing);
    for (const bl_known *known = search->known; known; known = known->next)
        if (known->key == bl_moment_key(moment)) {
            *out = known->sets;
            return BL_OK;
        }
    if (depth >= BL_NEEDS_DEPTH_MAX) {
        search->is_complete = false;
        return BL_OK;
    }
    bl_known *known = bl_arena_alloc(arena_of(search), sizeof *known);
    if (!known) return BL_NOMEM;
    const bl_result result = try_everything(search, moment, depth, out);
    *known = (bl_known){bl_moment_key(moment), *out, search->known};
    search->known = known;
    return result;
}

/* When it comes if nobody does anything. */
static bl_result find_time(bl_search *search)
{
    bl_trial *trial = &search->trial;
    bool found = true;
    if (!bl_moment_restore(trial, trial->start)) return BL_NOMEM;
    while (found && !has_come(search))
        if (bl_trial_wait(trial, &found) != BL_OK) return BL_NOMEM;
    search->comes_at = trial->engine->now;
    return bl_moment_restore(trial, trial->start) ? BL_OK : BL_NOMEM;
}

bl_result bl_search_run(bl_search *search)
{
    search->is_complete = true;
    search->budget = BL_NEEDS_STATES_MAX;
    search->is_now = bl_wanted_is_so(search->trial.proposal, search->wanted);
    if (search->is_now) return BL_OK;
    const bl_result result = solve(search, search->trial.start, 0, &search->sets);
    return result == BL_OK ? find_time(search) : result;
}
