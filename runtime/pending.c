/*
 * Pending: whose turn it is. What waits for somebody, what else is open to them, and until when.
 *
 * Waiting are a vote without one's ballot and reasons that are owed; open are a ballot that can be
 * changed, a veto, a dispute, a withdrawal. Whether it is allowed is asked of bl_act_ask alone.
 * Proposals that are final and owe nothing are passed over: that costs a look at each, about a
 * millisecond for 30,000.
 */
#include "answer.h"

#include <assert.h>

/* One thing one person can do in one proposal. */
typedef struct item {
    uint32_t proposal, actor;
    bl_verb verb; /* of a vote: BL_VERB_APPROVE, or that of an election */
    bool is_waiting;
    bool is_change; /* of a ballot */
    uint8_t choice; /* that was cast */
    bl_entitlement standing;
    bl_until until;
} item;

typedef struct asking {
    bl_engine *engine;
    bool is_everybody; /* only what waits */
    bl_vector(item) items;
    uint32_t *order; /* of the items, the most urgent first */
} asking;

/* ---- asking ---- */

/* The ballot of the actor in the vote the act goes to, or none. */
static uint8_t ballot_of(const asking *a, uint32_t stage, uint32_t actor)
{
    if (stage == BL_NONE) return BL_BALLOT_NONE;
    const uint8_t choice = bl_stage_ballot_of(a->engine->stages.items[stage], actor);
    return choice == 0 ? BL_BALLOT_NONE : choice;
}

static bool is_election(bl_verb verb)
{
    return verb == BL_VERB_RANK || verb == BL_VERB_CHOOSE || verb == BL_VERB_SCORE;
}

/* A veto or dispute waits for nobody, unless its vote is under way. */
static bool is_vote(bl_verb verb, const bl_entitlement *standing)
{
    return verb == BL_VERB_APPROVE || is_election(verb) ||
           (verb == BL_VERB_VETO && standing->stage != BL_NONE);
}

static bool add(asking *a, const bl_act *act, const bl_entitlement *standing)
{
    item made = {.proposal = act->proposal->index,
                 .actor = act->actor,
                 .verb = act->verb,
                 .choice = ballot_of(a, standing->stage, act->actor),
                 .standing = *standing};
    made.standing.because = (bylaw_text){NULL, 0};
    const bool votes = is_vote(act->verb, standing);
    made.is_change = votes && made.choice != BL_BALLOT_NONE;
    made.is_waiting = act->verb == BL_VERB_PUBLISH || (votes && !made.is_change);
    if (a->is_everybody && !made.is_waiting) return true;
    if (bl_until_of(a->engine, act, standing, &made.until) == BL_NOMEM ||
        !bl_vector_reserve(&a->engine->memory, &a->items, 1))
        return false;
    a->items.items[a->items.count++] = made;
    return true;
}

static bool ask(asking *a, bl_proposal *proposal, bl_verb verb, uint32_t actor)
{
    const bl_act act = {.verb = verb, .actor = actor, .proposal = proposal, .other = BL_NONE};
    bl_entitlement standing;
    a->engine->steps = 0;
    if (bl_act_ask(a->engine, &act, &standing) != BL_OK) return false;
    return !standing.is_allowed || add(a, &act, &standing);
}

/* Nothing can come of a proposal that is final and owes nothing. */
static bool is_over(const bl_proposal *proposal)
{
    return proposal->is_final && !proposal->owes_reasons;
}

static bool ask_in_proposal(asking *a, bl_proposal *proposal, uint32_t actor)
{
    static const bl_verb asked[] = {BL_VERB_APPROVE, BL_VERB_RANK, BL_VERB_CHOOSE,
                                    BL_VERB_SCORE,   BL_VERB_VETO, BL_VERB_DISPUTE,
                                    BL_VERB_WITHDRAW};
    if (proposal->owes_reasons && !ask(a, proposal, BL_VERB_PUBLISH, actor)) return false;
    for (size_t i = 0; i < sizeof asked / sizeof *asked && !proposal->is_final; i++)
        if (!ask(a, proposal, asked[i], actor)) return false;
    return true;
}

static bool ask_one(asking *a, uint32_t actor)
{
    const bl_engine *engine = a->engine;
    for (size_t i = 0; i < engine->proposals.count; i++) {
        bl_proposal *proposal = engine->proposals.items[i];
        if (is_over(proposal)) continue;
        bl_arena_reset(&a->engine->scratch);
        if (!ask_in_proposal(a, proposal, actor)) return false;
    }
    return true;
}

/* Whoever is in the body; the question itself tells who of them may. */
static bool ask_body(asking *a, bl_proposal *proposal, bl_verb verb, uint32_t body,
                     const bl_context *context)
{
    bl_engine *engine = a->engine;
    if (engine->program->bodies[body].is_anyone) return true;
    bl_set members;
    engine->steps = 0;
    const bl_result result = bl_body_set(engine, body, context, &members);
    if (result != BL_OK) return result != BL_NOMEM;
    for (uint32_t i = 0; i < members.count; i++)
        if (!ask(a, proposal, verb, members.actors[i])) return false;
    return true;
}

/* Who votes, and whose ballots would break a tie. */
static bool ask_stage(asking *a, bl_proposal *proposal, const bl_stage *stage, bl_verb verb)
{
    const bl_program *program = a->engine->program;
    if (stage->state != BL_STAGE_OPEN) return true;
    const bl_stage_plan *plan = &program->plans[stage->plan];
    const bl_context context = bl_stage_context(a->engine, stage);
    const uint32_t casting = stage->procedure != BL_NONE
                                 ? program->procedures[stage->procedure].casting_body
                                 : BL_NONE;
    for (uint32_t i = 0; plan->is_as_of_opening && i < stage->snapshot.count; i++)
        if (!ask(a, proposal, verb, stage->snapshot.actors[i])) return false;
    if (!plan->is_as_of_opening && !ask_body(a, proposal, verb, plan->body, &context)) return false;
    return casting == BL_NONE || ask_body(a, proposal, verb, casting, &context);
}

/* A member of two bodies, side by side or to break ties, is asked twice, and told of once. */
static void drop_doubles(asking *a, size_t first)
{
    size_t kept = first;
    for (size_t i = first; i < a->items.count; i++) {
        const item *own = &a->items.items[i];
        bool is_double = false;
        for (size_t k = first; k < kept && !is_double; k++)
            is_double = a->items.items[k].actor == own->actor &&
                        a->items.items[k].verb == own->verb;
        if (!is_double) a->items.items[kept++] = *own;
    }
    a->items.count = kept;
}

static bool ask_votes(asking *a, bl_proposal *proposal)
{
    const bl_engine *engine = a->engine;
    const size_t first = a->items.count;
    bool has_several = proposal->group > 1; /* bodies that one may be in */
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = engine->stages.items[proposal->stage + i];
        if (stage->procedure == BL_NONE) continue;
        const bl_procedure *procedure = &engine->program->procedures[stage->procedure];
        has_several = has_several || procedure->casting_body != BL_NONE;
        if (!ask_stage(a, proposal, stage, bl_election_verb(procedure->form))) return false;
    }
    if (has_several) drop_doubles(a, first);
    for (uint32_t i = 0; i < bl_kind_of(engine, proposal)->vetoes.count; i++) {
        const uint32_t stage = proposal->vetoes[i].stage;
        if (stage != BL_NONE && !ask_stage(a, proposal, engine->stages.items[stage], BL_VERB_VETO))
            return false;
    }
    return true;
}

static bool ask_everybody(asking *a)
{
    const bl_engine *engine = a->engine;
    for (size_t i = 0; i < engine->proposals.count; i++) {
        bl_proposal *proposal = engine->proposals.items[i];
        if (is_over(proposal)) continue;
        bl_arena_reset(&a->engine->scratch);
        const bl_context context = bl_proposal_context(proposal);
        if (proposal->owes_reasons &&
            !ask_body(a, proposal, BL_VERB_PUBLISH,
                      engine->program->plans[proposal->reasoned_stage->plan].body, &context))
            return false;
        if (!proposal->is_final && !ask_votes(a, proposal)) return false;
    }
    return true;
}

/* ---- order ---- */

static bl_time due_of(const item *of)
{
    return of->until.kind == BL_UNTIL_TIME ? of->until.time : BL_TIME_MAX;
}

/* What waits first, then by deadline, by proposal, by person, as they were found. */
static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const asking *of = context;
    const item *left = &of->items.items[a], *right = &of->items.items[b];
    if (left->is_waiting != right->is_waiting) return left->is_waiting;
    if (due_of(left) != due_of(right)) return due_of(left) < due_of(right);
    if (left->proposal != right->proposal) return left->proposal < right->proposal;
    if (left->actor != right->actor) return left->actor < right->actor;
    return a < b;
}

static bool put_in_order(asking *a)
{
    a->order = bl_arena_array(&a->engine->scratch, a->items.count + 1, sizeof *a->order);
    if (!a->order) return false;
    for (size_t i = 0; i < a->items.count; i++)
        a->order[i] = (uint32_t)i;
    bl_answer_sort(a->order, a->items.count, is_before, a);
    return true;
}

/* ---- telling ---- */

static const char *choice_word(const item *of)
{
    if (of->verb == BL_VERB_RANK) return "ranking";
    if (of->verb == BL_VERB_CHOOSE) return "choice";
    if (of->verb == BL_VERB_SCORE) return "scores";
    if (of->choice == BL_BALLOT_ABSTAIN) return "abstain";
    if (of->verb == BL_VERB_VETO) return of->choice == BL_BALLOT_APPROVE ? "veto" : "uphold";
    return of->choice == BL_BALLOT_APPROVE ? "approve" : "reject";
}

/* "vote on rename", "change the ballot on rename (approve)" */
static void tell_act(const bl_answer *answer, const item *of)
{
    const bl_proposal *proposal = answer->engine->proposals.items[of->proposal];
    const char *act = of->verb == BL_VERB_RANK      ? "rank candidates in "
                      : of->verb == BL_VERB_CHOOSE  ? "choose candidates in "
                      : of->verb == BL_VERB_SCORE   ? "score candidates in "
                      : of->verb == BL_VERB_PUBLISH ? "publish the reasons for "
                      : of->verb == BL_VERB_APPROVE ? "vote on "
                      : of->verb != BL_VERB_VETO    ? NULL
                      : of->is_waiting              ? "veto or uphold "
                                                    : "veto ";
    if (of->is_change) act = "change the ballot on ";
    if (act)
        bl_buffer_cstring(answer->out, act);
    else
        bl_buffer_format(answer->out, "%s ", bl_verb_word(of->verb));
    bl_answer_bold(answer, true);
    bl_outcome_show(answer->out, bl_proposal_id(answer->engine, proposal));
    bl_answer_bold(answer, false);
    bl_buffer_cstring(answer->out, ", ");
    bl_answer_kind(answer, proposal);
    if (of->is_change) bl_buffer_format(answer->out, "; now %s", choice_word(of));
    const uint32_t plan = of->standing.plan;
    if (plan != BL_NONE && answer->engine->program->plans[plan].needs_reason)
        bl_buffer_cstring(answer->out, ", with a reason");
}

static void tell_item(const asking *a, const bl_answer *answer, const item *of)
{
    bl_buffer_cstring(answer->out, "  ");
    const size_t from = answer->out->size;
    bl_answer_until(answer, &of->until);
    bl_answer_pad(answer, from, sizeof "until 14 days after it is decided" + 1);
    if (a->is_everybody) {
        bl_answer_handle(answer, of->actor);
        bl_buffer_cstring(answer->out, ": ");
    }
    tell_act(answer, of);
    if (of->standing.clause.file != BL_NONE) {
        bl_answer_pad(answer, from, 90);
        bl_answer_dim(answer, true);
        bl_program_place(answer->engine->program, of->standing.clause, answer->out);
        bl_answer_dim(answer, false);
    }
    bl_buffer_char(answer->out, '\n');
}

static void tell_who(const asking *a, const bl_answer *answer, uint32_t actor)
{
    if (a->is_everybody)
        bl_buffer_cstring(answer->out, "anybody");
    else
        bl_answer_handle(answer, actor);
}

static void tell_text(const asking *a, const bl_answer *answer, uint32_t actor)
{
    const size_t count = a->items.count;
    if (count == 0 || !a->items.items[a->order[0]].is_waiting) {
        bl_buffer_cstring(answer->out, "nothing waits for ");
        tell_who(a, answer, actor);
        bl_buffer_char(answer->out, '\n');
    }
    for (size_t i = 0; i < count; i++) {
        const item *of = &a->items.items[a->order[i]];
        const bool is_first = i == 0 ||
                              of->is_waiting != a->items.items[a->order[i - 1]].is_waiting;
        if (is_first && a->is_everybody) bl_buffer_cstring(answer->out, "waiting for somebody\n");
        if (is_first && !a->is_everybody) {
            bl_buffer_cstring(answer->out, of->is_waiting ? "waiting for " : "also open to ");
            tell_who(a, answer, actor);
            bl_buffer_char(answer->out, '\n');
        }
        tell_item(a, answer, of);
    }
}

static void tell_json_item(const bl_answer *answer, const item *of)
{
    const bl_engine *engine = answer->engine;
    const bool is_vote_of_all = of->verb == BL_VERB_APPROVE;
    bl_buffer_char(answer->out, '{');
    bl_answer_json_text(answer, "type", BL_TEXT("pending"));
    bl_answer_json_text(answer, "event",
                        is_vote_of_all ? BL_TEXT("vote") : bl_text_of(bl_verb_word(of->verb)));
    bl_answer_json_proposal(answer, engine->proposals.items[of->proposal]);
    bl_answer_json_text(answer, "actor", engine->actors.items[of->actor].shown);
    bl_answer_json_true(answer, "waiting", of->is_waiting);
    if (of->is_change) bl_answer_json_text(answer, "choice", bl_text_of(choice_word(of)));
    if (of->standing.plan != BL_NONE) {
        const bl_stage_plan *plan = &engine->program->plans[of->standing.plan];
        bl_answer_json_text(answer, "body", engine->program->bodies[plan->body].text);
    }
    bl_answer_json_until(answer, &of->until);
    bl_answer_json_clause(answer, of->standing.clause);
    bl_buffer_cstring(answer->out, "}\n");
}

static void tell(const asking *a, const bl_answer *answer, uint32_t actor, bylaw_format format)
{
    if (format != BYLAW_JSON) {
        tell_text(a, answer, actor);
        return;
    }
    for (size_t i = 0; i < a->items.count; i++)
        tell_json_item(answer, &a->items.items[a->order[i]]);
}

/* ---- the question ---- */

bylaw_status bylaw_engine_pending(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    const bool is_everybody = question->about.size == 0;
    uint32_t actor = BL_NONE;
    if (!is_everybody) {
        const bylaw_status status = bl_question_actor(engine, question->about, out, &actor);
        if (status != BYLAW_OK) return status;
    }
    asking a = {.engine = engine, .is_everybody = is_everybody};
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const bl_answer answer = {engine, &text, question->color};
    const bool is_asked = is_everybody ? ask_everybody(&a) : ask_one(&a, actor);
    bl_arena_reset(&engine->scratch);
    if (is_asked && put_in_order(&a))
        tell(&a, &answer, actor, question->format);
    else
        text.failed = true;
    bl_vector_free(&engine->memory, &a.items);
    bl_arena_reset(&engine->scratch);
    return bl_question_answer(engine, &text, out);
}
