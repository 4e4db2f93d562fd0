/*
 * Who can: everybody whose act would be allowed now, by which clause, and until when.
 *
 * Each actor is asked for through bl_act_ask, the same function that lets or refuses the act
 * itself; there are no rules here. Answers are put together by the clause that gives them. Where
 * nobody can, those who are in the clause's body, and whom something else stops, tell most about
 * why.
 */
#include "answer.h"

#include <assert.h>

/* Actors with one answer for all. */
typedef struct group {
    bl_entitlement standing;
    bl_until until;
    bl_vector(uint32_t) actors;
} group;

typedef struct asking {
    bl_engine *engine;
    bl_act act;
    bl_arena kept; /* texts of the groups: each question resets scratch */
    bl_vector(group) groups;
    bool is_any; /* somebody can */
} asking;

/* The verbs that act on a proposal, and how one says so of somebody. */
static const struct {
    bl_verb verb;
    const char *phrase; /* before the proposal */
} verbs[] = {
    {BL_VERB_APPROVE, "approve"},
    {BL_VERB_REJECT, "reject"},
    {BL_VERB_ABSTAIN, "abstain in"},
    {BL_VERB_RANK, "rank candidates in"},
    {BL_VERB_CHOOSE, "choose candidates in"},
    {BL_VERB_SCORE, "score candidates in"},
    {BL_VERB_VETO, "veto"},
    {BL_VERB_UPHOLD, "uphold"},
    {BL_VERB_DISPUTE, "dispute"},
    {BL_VERB_WITHDRAW, "withdraw"},
    {BL_VERB_RECUSE, "recuse themselves from"},
    {BL_VERB_CONFLICT, "declare a conflict of interest in"},
    {BL_VERB_PUBLISH, "publish reasons for"},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static bl_text text_of(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

/* ---- asking ---- */

static bool is_same_clause(const bl_entitlement *a, const bl_entitlement *b)
{
    return a->clause.file == b->clause.file && a->clause.start == b->clause.start &&
           a->clause.end == b->clause.end && a->plan == b->plan && a->stage == b->stage;
}

/* Denials differ by their words as well; of those outside of the body one is enough. */
static bool belongs(const group *of, const bl_entitlement *standing)
{
    if (of->standing.is_allowed != standing->is_allowed ||
        of->standing.is_member != standing->is_member)
        return false;
    if (standing->is_allowed) return is_same_clause(&of->standing, standing);
    return !standing->is_member ||
           (is_same_clause(&of->standing, standing) &&
            bl_text_equal(text_of(of->standing.because), text_of(standing->because)));
}

static group *group_of(asking *a, const bl_entitlement *standing)
{
    for (size_t i = 0; i < a->groups.count; i++)
        if (belongs(&a->groups.items[i], standing)) return &a->groups.items[i];
    if (!bl_vector_reserve(&a->engine->memory, &a->groups, 1)) return NULL;
    group *made = &a->groups.items[a->groups.count];
    *made = (group){.standing = *standing};
    if (standing->because.size > 0) {
        made->standing.because.bytes = bl_arena_copy(&a->kept, standing->because.bytes,
                                                     standing->because.size);
        if (!made->standing.because.bytes) return NULL;
    }
    if (bl_until_of(a->engine, &a->act, standing, &made->until) == BL_NOMEM) return NULL;
    a->groups.count++;
    return made;
}

/* A clause for anyone, or an act that no clause keeps anybody from. */
static bool is_for_anyone(const asking *a, const bl_entitlement *standing)
{
    if (standing->plan == BL_NONE) return a->act.verb != BL_VERB_WITHDRAW;
    const bl_program *program = a->engine->program;
    return program->bodies[program->plans[standing->plan].body].is_anyone;
}

static bool ask_actor(asking *a, uint32_t actor)
{
    bl_entitlement standing;
    bl_arena_reset(&a->engine->scratch);
    a->engine->steps = 0;
    a->act.actor = actor;
    if (bl_act_ask(a->engine, &a->act, &standing) != BL_OK) return false;
    a->is_any = a->is_any || standing.is_allowed;
    group *of = group_of(a, &standing);
    if (!of) return false;
    if (!standing.is_allowed && !standing.is_member) return true;
    if (!bl_vector_reserve(&a->engine->memory, &of->actors, 1)) return false;
    of->actors.items[of->actors.count++] = actor;
    return true;
}

static bool ask_all(asking *a)
{
    const size_t count = a->engine->actors.count;
    for (size_t i = 0; i < count; i++)
        if (!ask_actor(a, (uint32_t)i)) return false;
    return true;
}

static void forget(asking *a)
{
    for (size_t i = 0; i < a->groups.count; i++)
        bl_vector_free(&a->engine->memory, &a->groups.items[i].actors);
    bl_vector_free(&a->engine->memory, &a->groups);
    bl_arena_destroy(&a->kept);
    bl_arena_reset(&a->engine->scratch);
}

/* Of the answers that are told: those who can; where nobody can, those who are in the body; where
 * nobody is, the one that speaks for all. */
static bool is_told(const asking *a, const group *of)
{
    if (a->is_any) return of->standing.is_allowed;
    bool is_any_member = false;
    for (size_t i = 0; i < a->groups.count; i++)
        is_any_member = is_any_member || a->groups.items[i].standing.is_member;
    return of->standing.is_member || !is_any_member;
}

/* Why nobody can, without the name of the one who happened to be asked. */
static void tell_denial(const asking *a, const bl_answer *answer, const group *of)
{
    const bl_entitlement *standing = &of->standing;
    const bl_program *program = a->engine->program;
    const bl_proposal *proposal = a->act.proposal;
    if (!standing->is_member && standing->plan != BL_NONE) {
        const bl_text body = program->bodies[program->plans[standing->plan].body].text;
        bl_buffer_format(answer->out, "nobody is in `%.*s`", BL_SAID(body));
    } else if (a->act.verb == BL_VERB_WITHDRAW && bl_proposal_is_undecided(proposal) &&
               proposal->before_dispute == BL_STATUS_OPEN) {
        bl_buffer_cstring(answer->out, "only its author can, and an effect opened it");
    } else {
        bl_outcome_show(answer->out, text_of(standing->because));
    }
}

/* ---- text ---- */

static const char *phrase_of(bl_verb verb)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verbs[i].verb == verb) return verbs[i].phrase;
    return "act on";
}

static bool needs_reason(const asking *a, const bl_entitlement *standing)
{
    if (standing->plan == BL_NONE) return false;
    return a->act.verb == BL_VERB_PUBLISH || a->engine->program->plans[standing->plan].needs_reason;
}

static void tell_clause(const asking *a, const bl_answer *answer, const bl_entitlement *standing)
{
    if (standing->clause.file == BL_NONE) return;
    bl_buffer_cstring(answer->out, "    under ");
    bl_answer_dim(answer, true);
    bl_program_place(a->engine->program, standing->clause, answer->out);
    bl_answer_dim(answer, false);
    if (standing->plan != BL_NONE) {
        bl_buffer_cstring(answer->out, ": ");
        bl_buffer_text(answer->out, a->engine->program->plans[standing->plan].text);
    }
    bl_buffer_char(answer->out, '\n');
}

static void tell_headline(const asking *a, const bl_answer *answer)
{
    size_t count = 0;
    bool is_anyone = false;
    for (size_t i = 0; i < a->groups.count; i++) {
        if (!a->groups.items[i].standing.is_allowed) continue;
        count += a->groups.items[i].actors.count;
        is_anyone = is_anyone || is_for_anyone(a, &a->groups.items[i].standing);
    }
    bl_answer_bold(answer, true);
    if (is_anyone)
        bl_buffer_cstring(answer->out, "anyone");
    else if (count == 0)
        bl_buffer_cstring(answer->out, "nobody");
    else
        bl_buffer_format(answer->out, "%zu", count);
    bl_buffer_format(answer->out, " can %s ", phrase_of(a->act.verb));
    bl_outcome_show(answer->out, bl_proposal_id(a->engine, a->act.proposal));
    bl_answer_bold(answer, false);
    bl_buffer_char(answer->out, '\n');
}

static void tell_allowed(const asking *a, const bl_answer *answer, const group *of)
{
    const bool is_anyone = is_for_anyone(a, &of->standing);
    if (is_anyone && a->groups.count > 1) bl_buffer_cstring(answer->out, "  anyone\n");
    if (!is_anyone) bl_answer_handles(answer, of->actors.items, of->actors.count, 2);
    const bool has_time = of->until.kind != BL_UNTIL_NEVER;
    const bool has_reason = needs_reason(a, &of->standing);
    if (has_time || has_reason) bl_buffer_cstring(answer->out, "    ");
    bl_answer_until(answer, &of->until);
    if (has_reason) bl_buffer_cstring(answer->out, has_time ? ", with a reason" : "with a reason");
    if (has_time || has_reason) bl_buffer_char(answer->out, '\n');
    tell_clause(a, answer, &of->standing);
}

static void tell_refused(const asking *a, const bl_answer *answer, const group *of)
{
    bl_buffer_cstring(answer->out, "    because ");
    tell_denial(a, answer, of);
    bl_buffer_char(answer->out, '\n');
    tell_clause(a, answer, &of->standing);
    if (of->actors.count == 0 || of->standing.plan == BL_NONE) return;
    const bl_program *program = a->engine->program;
    bl_buffer_format(answer->out, "    in `%.*s` are\n",
                     BL_SAID(program->bodies[program->plans[of->standing.plan].body].text));
    bl_answer_handles(answer, of->actors.items, of->actors.count, 6);
}

static void tell_text(const asking *a, const bl_answer *answer)
{
    tell_headline(a, answer);
    for (size_t i = 0; i < a->groups.count; i++) {
        const group *of = &a->groups.items[i];
        if (!is_told(a, of)) continue;
        if (of->standing.is_allowed)
            tell_allowed(a, answer, of);
        else
            tell_refused(a, answer, of);
    }
    if (a->groups.count == 0) bl_buffer_cstring(answer->out, "    because nobody is known yet\n");
}

/* ---- JSON ---- */

static void tell_json_denial(const asking *a, const bl_answer *answer, const group *of)
{
    bl_buffer words;
    bl_buffer_init(&words, &a->engine->memory);
    const bl_answer into = {a->engine, &words, false};
    tell_denial(a, &into, of);
    if (words.failed) answer->out->failed = true;
    bl_answer_json_text(answer, "because", (bl_text){words.bytes, words.size});
    bl_buffer_free(&words);
}

static void tell_json_group(const asking *a, const bl_answer *answer, const group *of)
{
    const bl_program *program = a->engine->program;
    const bl_entitlement *standing = &of->standing;
    bl_buffer_char(answer->out, '{');
    bl_answer_json_text(answer, "type", standing->is_allowed ? BL_TEXT("can") : BL_TEXT("cannot"));
    bl_answer_json_text(answer, "event", bl_text_of(bl_verb_word(a->act.verb)));
    bl_answer_json_proposal(answer, a->act.proposal);
    const bool is_anyone = standing->is_allowed && is_for_anyone(a, standing);
    bl_answer_json_true(answer, "anyone", is_anyone);
    if (!is_anyone) bl_answer_json_handles(answer, "actors", of->actors.items, of->actors.count);
    if (standing->plan != BL_NONE)
        bl_answer_json_text(answer, "body",
                            program->bodies[program->plans[standing->plan].body].text);
    if (standing->is_allowed) {
        bl_answer_json_until(answer, &of->until);
        bl_answer_json_true(answer, "needs_reason", needs_reason(a, standing));
    } else {
        tell_json_denial(a, answer, of);
    }
    bl_answer_json_clause(answer, standing->clause);
    bl_buffer_cstring(answer->out, "}\n");
}

static void tell_json(const asking *a, const bl_answer *answer)
{
    for (size_t i = 0; i < a->groups.count; i++)
        if (is_told(a, &a->groups.items[i])) tell_json_group(a, answer, &a->groups.items[i]);
}

/* ---- the question ---- */

static bylaw_status find_verb(bylaw_text word, bylaw_writer out, bl_verb *verb)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        *verb = verbs[i].verb;
        if (bl_text_equal(text_of(word), bl_text_of(bl_verb_word(*verb)))) return BYLAW_OK;
    }
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const bl_text known = bl_text_of(bl_verb_word(verbs[i].verb));
        if (i > 0) out.write(out.context, ", ", 2);
        out.write(out.context, known.bytes, known.size);
    }
    return BYLAW_NO_WORD;
}

bylaw_status bylaw_engine_who_can(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    bl_verb verb;
    const bl_proposal *proposal;
    bylaw_status status = find_verb(question->word, out, &verb);
    if (status == BYLAW_OK) status = bl_question_proposal(engine, question, out, &proposal);
    if (status != BYLAW_OK) return status;
    asking a = {.engine = engine,
                .act = {.verb = verb,
                        .proposal = engine->proposals.items[proposal->index],
                        .other = BL_NONE}};
    bl_arena_init(&a.kept, &engine->memory);
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    const bl_answer answer = {engine, &text, question->color};
    text.failed = !ask_all(&a);
    if (question->format == BYLAW_JSON)
        tell_json(&a, &answer);
    else
        tell_text(&a, &answer);
    forget(&a);
    return bl_question_answer(engine, &text, out);
}
