/*
 * Opening a proposal: who may raise it, what speaks against it, and its first stage.
 *
 * The proposal exists while it is tested, so that conditions can read it; refused, it leaves no
 * trace.
 */
#include "machine.h"

static void refuse(bl_engine *engine, const bl_opening *opening, bl_text id, bl_span clause,
                   bylaw_text because)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_REFUSED, NULL);
    if (!outcome) return;
    const bl_text kind = bl_names_text(engine->program->names,
                                       engine->program->kinds[opening->kind].name);
    outcome->event = (bylaw_text){"propose", sizeof "propose" - 1};
    outcome->proposal = bl_say_copy(engine, id);
    outcome->kind = (bylaw_text){kind.bytes, kind.size};
    if (opening->author != BL_NONE) {
        const bl_text author = engine->actors.items[opening->author].shown;
        outcome->actor = (bylaw_text){author.bytes, author.size};
    }
    outcome->because = because;
    outcome->clause = bl_say_place(engine, clause);
    bl_outcome_end(engine, outcome);
}

/* `kind_1`, `kind_2` …: the next that nobody took. */
static uint32_t generate_id(bl_engine *engine, uint32_t kind)
{
    const bl_text name = bl_names_text(engine->program->names, engine->program->kinds[kind].name);
    for (;;) {
        const bylaw_text text = bl_say(engine, "%.*s_%u", BL_SAID(name),
                                       ++engine->opened_by_effects[kind]);
        if (!text.bytes) return BL_NONE;
        const uint32_t id = bl_names_add(engine->ids, (bl_text){text.bytes, text.size});
        if (id == BL_NONE || bl_map_get(&engine->proposal_of, id) == BL_NONE) return id;
    }
}

static bl_proposal *create(bl_engine *engine, const bl_opening *opening)
{
    const bl_kind *kind = &engine->program->kinds[opening->kind];
    bl_proposal *proposal = bl_arena_alloc(&engine->arena, sizeof *proposal);
    if (!proposal || !bl_vector_reserve(&engine->memory, &engine->proposals, 1)) return NULL;
    *proposal = (bl_proposal){.index = (uint32_t)engine->proposals.count,
                              .kind = opening->kind,
                              .instance = opening->instance,
                              .author = opening->author,
                              .opened = engine->now,
                              .opened_seq = engine->seq,
                              .stage = BL_NONE,
                              .final_at = BL_TIME_MAX};
    proposal->fields = bl_arena_array(&engine->arena, kind->fields.count + 1,
                                      sizeof *proposal->fields);
    proposal->vetoes = bl_arena_array(&engine->arena, kind->vetoes.count + 1,
                                      sizeof *proposal->vetoes);
    if (!proposal->fields || !proposal->vetoes) return NULL;
    for (uint32_t i = 0; i < kind->fields.count; i++) {
        const bl_value *value = &opening->fields[i];
        if (!bl_value_copy(&engine->arena, value, &proposal->fields[i])) return NULL;
        /* A list that was not given has nothing in it. */
        if (value->base == BL_BASE_NOTHING &&
            engine->program->fields[kind->fields.first + i].type.is_list)
            proposal->fields[i] = (bl_value){.base = BL_BASE_LIST};
    }
    for (uint32_t i = 0; i < kind->vetoes.count; i++)
        proposal->vetoes[i].stage = BL_NONE;
    proposal->id = opening->id.size > 0 ? bl_names_add(engine->ids, opening->id)
                                        : generate_id(engine, opening->kind);
    if (proposal->id == BL_NONE) return NULL;
    engine->proposals.items[engine->proposals.count++] = proposal;
    return proposal;
}

typedef struct obstacle {
    bl_span clause;
    bylaw_text because; /* none: may be opened */
} obstacle;

static bl_result test_raised(bl_engine *engine, const bl_proposal *proposal, obstacle *objection)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    const bl_context context = bl_proposal_context(proposal);
    if (proposal->author == BL_NONE) return BL_OK;
    objection->clause = kind->raised_span;
    if (kind->raised_body == BL_NONE) {
        objection->clause = kind->span;
        objection->because = bl_say(engine, "nobody can raise it: it has no `raised by`");
        return BL_OK;
    }
    bool is_member, holds = true;
    bl_result result = bl_body_has(engine, kind->raised_body, &context, proposal->author,
                                   &is_member);
    if (result != BL_OK) return result;
    if (!is_member) {
        objection->because = bl_say(engine, "@%.*s is not in `%.*s`",
                                    BL_SAID(engine->actors.items[proposal->author].shown),
                                    BL_SAID(engine->program->bodies[kind->raised_body].text));
        return BL_OK;
    }
    if (kind->raised_when != BL_NONE)
        result = bl_vm_boolean(engine, kind->raised_when, &context, NULL, 0, &holds);
    if (result == BL_OK && !holds)
        objection->because = bl_say(engine, "the condition of `raised by` does not hold");
    return result;
}

static bl_result test_refusals(bl_engine *engine, const bl_proposal *proposal, obstacle *objection)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    const bl_context context = bl_proposal_context(proposal);
    for (uint32_t i = 0; i < kind->refusals.count && !objection->because.bytes; i++) {
        const bl_refusal *refusal = &engine->program->refusals[kind->refusals.first + i];
        bool holds = true;
        objection->clause = refusal->span;
        bl_result result = BL_OK;
        if (refusal->when_chunk != BL_NONE)
            result = bl_vm_boolean(engine, refusal->when_chunk, &context, NULL, 0, &holds);
        if (result != BL_OK) return result;
        bl_coverage *coverage = bl_coverage_now(engine);
        if (coverage) bl_coverage_side(coverage->refusals, kind->refusals.first + i, holds);
        if (holds) objection->because = bl_say_copy(engine, refusal->text);
    }
    return BL_OK;
}

static bl_result test_ways(bl_engine *engine, const bl_proposal *proposal, obstacle *objection)
{
    const bl_kind *kind = bl_kind_of(engine, proposal);
    if (objection->because.bytes || kind->steps.count == 0) return BL_OK;
    bl_range plans;
    objection->clause = kind->span;
    const bl_result result = bl_proposal_find_alternative(engine, proposal, kind->steps.first,
                                                          &plans);
    if (result == BL_OK && plans.count == 0)
        objection->because = bl_say(engine, "none of its `decided by` clauses applies");
    return result;
}

static bl_result test_all(bl_engine *engine, const bl_proposal *proposal, obstacle *objection)
{
    bl_result result = test_raised(engine, proposal, objection);
    if (result == BL_OK && !objection->because.bytes)
        result = test_refusals(engine, proposal, objection);
    if (result == BL_OK) result = test_ways(engine, proposal, objection);
    if (result != BL_FAULT) return result;
    if (engine->fault.span.file != BL_NONE) objection->clause = engine->fault.span;
    objection->because = bl_say(engine, "%s", engine->fault.message);
    return BL_OK;
}

static void tell_opened(bl_engine *engine, const bl_proposal *proposal, const bl_opening *opening)
{
    bylaw_outcome *outcome = bl_outcome_begin(engine, BL_OUTCOME_OPENED, proposal);
    if (!outcome) return;
    const bl_kind *kind = bl_kind_of(engine, proposal);
    if (proposal->author != BL_NONE) {
        const bl_text author = engine->actors.items[proposal->author].shown;
        outcome->actor = (bylaw_text){author.bytes, author.size};
        outcome->clause = bl_say_place(engine, kind->raised_span);
        bl_coverage *coverage = bl_coverage_now(engine);
        if (coverage) coverage->kinds[proposal->kind]++;
    } else {
        outcome->clause = bl_say_place(engine, opening->span);
    }
    bl_outcome_end(engine, outcome);
}

bl_result bl_proposal_open(bl_engine *engine, const bl_opening *opening, bl_proposal **out)
{
    *out = NULL;
    if (engine->proposals.count >= engine->options.limits.proposal_count) {
        refuse(engine, opening, opening->id, BL_SPAN_NONE,
               bl_say(engine, "there are too many proposals"));
        return BL_OK;
    }
    bl_proposal *proposal = create(engine, opening);
    if (!proposal) return bl_no_memory(engine);
    obstacle objection = {BL_SPAN_NONE, {NULL, 0}};
    bl_result result = test_all(engine, proposal, &objection);
    if (result != BL_OK || objection.because.bytes) {
        engine->proposals.count--;
        if (result == BL_OK)
            refuse(engine, opening, bl_proposal_id(engine, proposal), objection.clause,
                   objection.because);
        return result;
    }
    if (!bl_map_put(&engine->memory, &engine->proposal_of, proposal->id, proposal->index)) {
        engine->proposals.count--;
        return bl_no_memory(engine);
    }
    *out = proposal;
    tell_opened(engine, proposal, opening);
    result = bl_proposal_handle(engine, proposal, BL_OUTCOME_OPENED);
    const bl_kind *kind = bl_kind_of(engine, proposal);
    return result != BL_OK || kind->steps.count == 0
               ? result
               : bl_proposal_open_step(engine, proposal, kind->steps.first, BL_PURPOSE_DECISION,
                                       BL_NONE);
}
