/*
 * Lists of what there is: who holds which role, and how each proposal stands.
 */
#include "answer.h"

#include <assert.h>
#include <string.h>

static bl_text text_of(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

static bl_text name_of(const bl_engine *engine, uint32_t name)
{
    return bl_names_text(engine->program->names, name);
}

/* The row of a table of the program with this name, or BL_NONE; 0 kinds, 1 roles. */
static uint32_t row_of(const bl_engine *engine, int table, bl_text name)
{
    const uint32_t number = bl_names_find(engine->program->names, name);
    return number == BL_NONE ? BL_NONE : bl_map_get(&engine->names_of_program[table], number);
}

/* ---- names that are near ---- */

typedef struct nearest {
    bl_text wanted, best;
    size_t least;
} nearest;

static nearest nearest_to(bl_text wanted)
{
    return (nearest){.wanted = wanted, .least = wanted.size / 3 + 1};
}

static void consider(nearest *near, bl_text name)
{
    const size_t distance = bl_text_distance(near->wanted, name, near->least);
    if (distance > near->least || (near->best.bytes && distance == near->least)) return;
    near->best = name;
    near->least = distance;
}

static bylaw_status absent(const nearest *near, bylaw_writer out)
{
    if (near->best.size > 0) out.write(out.context, near->best.bytes, near->best.size);
    return BYLAW_ABSENT;
}

bylaw_status bl_question_actor(bl_engine *engine, bylaw_text about, bylaw_writer out,
                               uint32_t *actor)
{
    *actor = bl_actor_find(engine, text_of(about));
    if (*actor != BL_NONE) return BYLAW_OK;
    if (engine->out_of_memory) return BYLAW_NOMEM;
    bl_text handle = text_of(about);
    if (handle.size > 0 && handle.bytes[0] == '@')
        handle = (bl_text){handle.bytes + 1, handle.size - 1};
    nearest near = nearest_to(handle);
    for (size_t i = 0; i < engine->actors.count; i++)
        consider(&near, engine->actors.items[i].shown);
    return absent(&near, out);
}

/* ---- roles ---- */

typedef struct roles {
    const bl_answer *answer;
    uint32_t role, actor; /* BL_NONE: all */
    bl_text instance; /* empty: all */
    const uint32_t *proposal_of; /* by the number of the decision */
    bool is_json;
} roles;

/* Which proposal's decision each number is; those that fell since are nobody's. */
static const uint32_t *find_decisions(bl_engine *engine)
{
    uint32_t *proposal_of = bl_arena_array(&engine->scratch, engine->decision_count + (size_t)1,
                                           sizeof *proposal_of);
    if (!proposal_of) return NULL;
    for (size_t i = 0; i <= engine->decision_count; i++)
        proposal_of[i] = BL_NONE;
    for (size_t i = 0; i < engine->proposals.count; i++)
        proposal_of[engine->proposals.items[i]->decision] = (uint32_t)i;
    proposal_of[0] = BL_NONE;
    return proposal_of;
}

/* The proposal that gave the role; several may, then the earliest that stands. */
static const bl_proposal *giver_of(const roles *r, const bl_holding *holding)
{
    const bl_proposal *giver = NULL;
    for (const bl_support *support = holding->supports; support; support = support->next) {
        const uint32_t index = r->proposal_of[support->decision];
        if (index != BL_NONE && (!giver || index < giver->index))
            giver = r->answer->engine->proposals.items[index];
    }
    return giver;
}

static void tell_holding(const roles *r, const bl_holding *holding)
{
    const bl_answer *answer = r->answer;
    const bl_engine *engine = answer->engine;
    bl_buffer_cstring(answer->out, "  ");
    const size_t from = answer->out->size;
    bl_answer_handle(answer, holding->actor);
    bl_answer_pad(answer, from, 24);
    bl_answer_dim(answer, true);
    if (holding->since_seq == 0) {
        bl_buffer_cstring(answer->out, "since the founding");
    } else {
        bl_buffer_cstring(answer->out, "since ");
        bl_answer_time(answer, holding->since);
        bl_buffer_format(answer->out, ", event %llu", (unsigned long long)holding->since_seq);
    }
    const bl_proposal *giver = giver_of(r, holding);
    if (giver) {
        bl_buffer_cstring(answer->out, ", by ");
        bl_outcome_show(answer->out, bl_proposal_id(engine, giver));
    }
    bl_answer_dim(answer, false);
    bl_buffer_char(answer->out, '\n');
}

static void tell_json_holding(const roles *r, const bl_holding *holding)
{
    const bl_answer *answer = r->answer;
    const bl_engine *engine = answer->engine;
    bl_buffer_char(answer->out, '{');
    bl_answer_json_text(answer, "type", BL_TEXT("role"));
    const bl_proposal *giver = giver_of(r, holding);
    if (giver) bl_answer_json_text(answer, "proposal", bl_proposal_id(engine, giver));
    if (holding->instance != BL_NONE)
        bl_answer_json_text(answer, "on", bl_instance_id(engine, holding->instance));
    bl_answer_json_text(answer, "actor", engine->actors.items[holding->actor].shown);
    bl_answer_json_text(answer, "role", bl_answer_role(engine, holding->role));
    bl_answer_json_time(answer, "since", holding->since);
    if (holding->since_seq > 0) {
        bl_answer_key(answer, "since_seq");
        bl_buffer_format(answer->out, "%llu", (unsigned long long)holding->since_seq);
    }
    bl_buffer_cstring(answer->out, "}\n");
}

/* "maintainer of nn" and who includes it. */
static void tell_post(const roles *r, const bl_post *post)
{
    const bl_answer *answer = r->answer;
    const bl_engine *engine = answer->engine;
    bl_answer_bold(answer, true);
    bl_buffer_text(answer->out, bl_answer_role(engine, post->role));
    if (post->instance != BL_NONE) {
        bl_buffer_cstring(answer->out, " of ");
        bl_outcome_show(answer->out, bl_instance_id(engine, post->instance));
    }
    bl_answer_bold(answer, false);
    const bl_range included_by = engine->program->roles[post->role].included_by;
    for (uint32_t i = 0; i < included_by.count; i++) {
        const uint32_t other = engine->program->indexes[included_by.first + i];
        bl_buffer_cstring(answer->out, i == 0 ? ", beside whoever is " : " or ");
        bl_buffer_text(answer->out, bl_answer_role(engine, other));
    }
    bl_buffer_char(answer->out, '\n');
}

static bool is_asked_for(const roles *r, const bl_post *post)
{
    if (r->role != BL_NONE && r->role != post->role) return false;
    if (r->instance.size == 0) return true;
    return post->instance != BL_NONE &&
           bl_text_equal(bl_instance_id(r->answer->engine, post->instance), r->instance);
}

static void list_post(const roles *r, const bl_post *post)
{
    const bl_engine *engine = r->answer->engine;
    bool is_begun = false;
    for (size_t i = 0; i < post->actors.count; i++) {
        const uint32_t actor = post->actors.items[i];
        if (r->actor != BL_NONE && r->actor != actor) continue;
        const bl_holding *holding = bl_holding_find(engine, post->role, post->instance, actor);
        if (!holding) continue;
        if (!is_begun && !r->is_json) tell_post(r, post);
        is_begun = true;
        if (r->is_json)
            tell_json_holding(r, holding);
        else
            tell_holding(r, holding);
    }
}

/* In the order of the policy, and of the instances' first holders. */
static void list_roles(const roles *r)
{
    const bl_engine *engine = r->answer->engine;
    const size_t before = r->answer->out->size;
    for (uint32_t role = 0; role < engine->program->role_count; role++)
        for (size_t i = 0; i < engine->posts.count; i++)
            if (engine->posts.items[i].role == role && is_asked_for(r, &engine->posts.items[i]))
                list_post(r, &engine->posts.items[i]);
    if (r->answer->out->size > before || r->is_json) return;
    if (r->actor != BL_NONE) {
        bl_answer_handle(r->answer, r->actor);
        bl_buffer_cstring(r->answer->out, " holds no role\n");
    } else if (r->role != BL_NONE && engine->program->roles[r->role].is_anyone) {
        bl_buffer_format(r->answer->out, "anyone is %.*s\n",
                         BL_SAID(bl_answer_role(engine, r->role)));
    } else {
        bl_buffer_cstring(r->answer->out, "nobody holds such a role\n");
    }
}

static bool has_instance(const bl_engine *engine, bl_text id)
{
    for (uint32_t scope = 0; scope < engine->program->scope_count; scope++)
        if (bl_instance_find(engine, scope, id) != BL_NONE) return true;
    return false;
}

/* A handle, a role or an instance; with @ a handle only. */
static bylaw_status find_subject(roles *r, bylaw_text about, bylaw_writer out)
{
    bl_engine *engine = r->answer->engine;
    const bl_text name = text_of(about);
    if (name.size == 0) return BYLAW_OK;
    if (name.bytes[0] == '@') return bl_question_actor(engine, about, out, &r->actor);
    r->role = row_of(engine, 1, name);
    if (r->role != BL_NONE) return BYLAW_OK;
    if (has_instance(engine, name)) {
        r->instance = name;
        return BYLAW_OK;
    }
    r->actor = bl_actor_find(engine, name);
    if (r->actor != BL_NONE) return BYLAW_OK;
    if (engine->out_of_memory) return BYLAW_NOMEM;
    nearest near = nearest_to(name);
    for (uint32_t i = 0; i < engine->program->role_count; i++)
        consider(&near, bl_answer_role(engine, i));
    for (size_t i = 0; i < engine->instances.count; i++)
        if (!engine->instances.items[i].is_removed)
            consider(&near, bl_instance_id(engine, (uint32_t)i));
    for (size_t i = 0; i < engine->actors.count; i++)
        consider(&near, engine->actors.items[i].shown);
    return absent(&near, out);
}

bylaw_status bylaw_engine_roles(bylaw_engine *engine, const bylaw_question *question,
                                bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const bl_answer answer = {engine, &text, question->color};
    roles r = {.answer = &answer,
               .role = BL_NONE,
               .actor = BL_NONE,
               .is_json = question->format == BYLAW_JSON};
    const bylaw_status status = find_subject(&r, question->about, out);
    if (status != BYLAW_OK) return status;
    bl_arena_reset(&engine->scratch);
    r.proposal_of = find_decisions(engine);
    if (r.proposal_of)
        list_roles(&r);
    else
        text.failed = true;
    bl_arena_reset(&engine->scratch);
    return bl_question_answer(engine, &text, out);
}

/* ---- proposals ---- */

typedef struct state_word {
    const char *word;
    bl_state_test test;
} state_word;
static const state_word states[] = {
    {"open", BL_STATE_OPEN},           {"accepted", BL_STATE_ACCEPTED},
    {"rejected", BL_STATE_REJECTED},   {"vetoed", BL_STATE_VETOED},
    {"withdrawn", BL_STATE_WITHDRAWN}, {"lapsed", BL_STATE_LAPSED},
    {"disputed", BL_STATE_DISPUTED},   {"escalated", BL_STATE_ESCALATED},
    {"effective", BL_STATE_EFFECTIVE}, {"final", BL_STATE_FINAL},
    {"elected", BL_STATE_ELECTED},
};
#define STATE_COUNT (sizeof states / sizeof *states)

typedef struct proposals {
    const bl_answer *answer;
    uint32_t kind; /* BL_NONE: all */
    const state_word *state; /* NULL: all */
    bool is_json;
} proposals;

static bl_text body_of(const bl_engine *engine, const bl_stage *stage)
{
    return engine->program->bodies[engine->program->plans[stage->plan].body].text;
}

/* When a stage that waits opens; BL_TIME_MIN where that cannot be told. */
static bl_time opens_at(bl_engine *engine, const bl_stage *stage)
{
    const uint32_t chunk = engine->program->plans[stage->plan].after_chunk;
    const bl_context context = bl_stage_context(engine, stage);
    bl_value value;
    bl_time opens;
    if (chunk == BL_NONE ||
        bl_vm_value(engine, chunk, &context, NULL, 0, BL_BASE_DURATION, &value) != BL_OK ||
        !bl_time_add(stage->opened, value.as.duration, &opens))
        return BL_TIME_MIN;
    return opens;
}

/* ", waits for `body` until …" */
static void tell_stage(const bl_answer *answer, const bl_stage *stage)
{
    bl_buffer *out = answer->out;
    bl_buffer_format(out, ", waits for `%.*s`", BL_SAID(body_of(answer->engine, stage)));
    if (stage->purpose == BL_PURPOSE_OVERRIDE) bl_buffer_cstring(out, " to override it");
    if (stage->state == BL_STAGE_WAITING) {
        const bl_time opens = opens_at(answer->engine, stage);
        if (opens == BL_TIME_MIN) return;
        bl_buffer_cstring(out, ", whose vote opens ");
        bl_answer_time(answer, opens);
        return;
    }
    const bl_until until = bl_until_of_stage(stage);
    if (until.kind != BL_UNTIL_TIME) return;
    bl_buffer_char(out, ' ');
    bl_answer_until(answer, &until);
}

static void tell_stages(const bl_answer *answer, const bl_proposal *proposal)
{
    const bl_engine *engine = answer->engine;
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stage + i];
        if (stage->state != BL_STAGE_CLOSED) tell_stage(answer, stage);
    }
    if (proposal->stage == BL_NONE && bl_proposal_is_undecided(proposal))
        bl_buffer_cstring(answer->out, ", and no vote is under way");
}

/* What a decided one still waits for. */
static void tell_decided(const bl_answer *answer, const bl_proposal *proposal)
{
    if (bl_proposal_is_undecided(proposal)) return;
    if (proposal->is_effective) bl_buffer_cstring(answer->out, ", in effect");
    if (proposal->is_final) {
        bl_buffer_cstring(answer->out, ", final");
    } else if (proposal->status != BL_STATUS_VETOED && proposal->final_at != BL_TIME_MIN) {
        bl_buffer_cstring(answer->out, ", can be overturned");
        if (proposal->final_at == BL_TIME_MAX) return;
        bl_buffer_cstring(answer->out, " until ");
        bl_answer_time(answer, proposal->final_at);
    }
}

static void tell_proposal(const bl_answer *answer, const bl_proposal *proposal)
{
    const size_t from = answer->out->size;
    bl_answer_bold(answer, true);
    bl_outcome_show(answer->out, bl_proposal_id(answer->engine, proposal));
    bl_answer_bold(answer, false);
    bl_answer_pad(answer, from, 20);
    const size_t kind_from = answer->out->size;
    bl_answer_kind(answer, proposal);
    bl_answer_pad(answer, kind_from, 28);
    bl_buffer_cstring(answer->out, bl_explain_status(proposal));
    if (proposal->rung > 0) bl_buffer_format(answer->out, " (rung %u)", proposal->rung);
    tell_stages(answer, proposal);
    tell_decided(answer, proposal);
    if (proposal->owes_reasons) {
        bl_buffer_cstring(answer->out, ", reasons due ");
        bl_answer_time(answer, proposal->reasons_due);
    }
    bl_buffer_char(answer->out, '\n');
}

static void tell_json_stage(const bl_answer *answer, const bl_stage *stage)
{
    const bl_until until = bl_until_of_stage(stage);
    const bl_engine *engine = answer->engine;
    bl_buffer_char(answer->out, '{');
    bl_answer_json_text(answer, "body", body_of(engine, stage));
    if (stage->state == BL_STAGE_WAITING)
        bl_answer_json_time(answer, "opens", opens_at(answer->engine, stage));
    else
        bl_answer_json_until(answer, &until);
    bl_answer_json_clause(answer, engine->program->plans[stage->plan].span);
    bl_buffer_char(answer->out, '}');
}

static void tell_json_stages(const bl_answer *answer, const bl_proposal *proposal)
{
    bool is_begun = false;
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = answer->engine->stages.items[proposal->stage + i];
        if (stage->state == BL_STAGE_CLOSED) continue;
        if (!is_begun) bl_answer_key(answer, "votes");
        bl_buffer_char(answer->out, is_begun ? ',' : '[');
        is_begun = true;
        tell_json_stage(answer, stage);
    }
    if (is_begun) bl_buffer_char(answer->out, ']');
}

static void tell_json_proposal(const bl_answer *answer, const bl_proposal *proposal)
{
    bl_buffer_char(answer->out, '{');
    bl_answer_json_text(answer, "type", BL_TEXT("proposal"));
    bl_answer_json_proposal(answer, proposal);
    bl_answer_json_text(answer, "status", bl_text_of(bl_explain_status(proposal)));
    if (proposal->rung > 0) {
        bl_answer_key(answer, "rung");
        bl_buffer_number(answer->out, proposal->rung);
    }
    bl_answer_json_true(answer, "effective", proposal->is_effective);
    bl_answer_json_true(answer, "final", proposal->is_final);
    tell_json_stages(answer, proposal);
    const bool is_decided = !bl_proposal_is_undecided(proposal) && !proposal->is_final;
    if (is_decided) bl_answer_json_time(answer, "final_at", proposal->final_at);
    if (proposal->owes_reasons) bl_answer_json_time(answer, "due", proposal->reasons_due);
    bl_buffer_cstring(answer->out, "}\n");
}

/* The undecided ones first, each sort in the order of opening. */
static void list_proposals(const proposals *p)
{
    bl_engine *engine = p->answer->engine;
    const size_t before = p->answer->out->size;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < engine->proposals.count; i++) {
            const bl_proposal *proposal = engine->proposals.items[i];
            if (bl_proposal_is_undecided(proposal) != (pass == 0)) continue;
            if (p->kind != BL_NONE && proposal->kind != p->kind) continue;
            if (p->state && !bl_proposal_test(proposal, p->state->test)) continue;
            bl_arena_reset(&engine->scratch);
            engine->steps = 0;
            if (p->is_json)
                tell_json_proposal(p->answer, proposal);
            else
                tell_proposal(p->answer, proposal);
        }
    if (p->answer->out->size == before && !p->is_json)
        bl_buffer_cstring(p->answer->out, "no such proposal\n");
}

static bylaw_status find_sort(proposals *p, bylaw_text about, bylaw_writer out)
{
    const bl_engine *engine = p->answer->engine;
    const bl_text name = text_of(about);
    if (name.size == 0) return BYLAW_OK;
    p->kind = row_of(engine, 0, name);
    if (p->kind != BL_NONE) return BYLAW_OK;
    nearest near = nearest_to(name);
    for (size_t i = 0; i < STATE_COUNT; i++) {
        if (bl_text_equal(name, bl_text_of(states[i].word))) p->state = &states[i];
        consider(&near, bl_text_of(states[i].word));
    }
    if (p->state) return BYLAW_OK;
    for (uint32_t i = 0; i < engine->program->kind_count; i++)
        consider(&near, name_of(engine, engine->program->kinds[i].name));
    return absent(&near, out);
}

bylaw_status bylaw_engine_proposals(bylaw_engine *engine, const bylaw_question *question,
                                    bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const bl_answer answer = {engine, &text, question->color};
    proposals p = {.answer = &answer, .kind = BL_NONE, .is_json = question->format == BYLAW_JSON};
    const bylaw_status status = find_sort(&p, question->about, out);
    if (status != BYLAW_OK) return status;
    list_proposals(&p);
    bl_arena_reset(&engine->scratch);
    return bl_question_answer(engine, &text, out);
}

/* ---- the clock ---- */

#define PLACE_SIZE 1024 /* as much as a buffer asks for at once */

/* Memory for one buffer, so that reading the clock cannot fail. */
static void *take_place(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)pointer;
    (void)old_size;
    return new_size == 0 || new_size > PLACE_SIZE ? NULL : context;
}

bylaw_text bylaw_engine_time(const bylaw_engine *engine, char buffer[BYLAW_TIME_SIZE])
{
    assert(engine && buffer);
    if (!engine->has_time) return (bylaw_text){buffer, 0};
    char place[PLACE_SIZE];
    const bl_memory memory = {take_place, place};
    bl_buffer text;
    bl_buffer_init(&text, &memory);
    bl_time_write(&text, engine->now);
    assert(!text.failed && text.size <= BYLAW_TIME_SIZE);
    memcpy(buffer, place, text.size);
    return (bylaw_text){buffer, text.size};
}
