/*
 * The life of a kind of proposal as nodes and edges: who raises it, the stages, the ladder, vetoes
 * and disputes, what it ends in and what that brings.
 */
#include "graph.h"
#include "machine.h"

/* A life being drawn. */
typedef struct life {
    bl_graph *graph;
    const bl_program *program;
    const bl_kind *kind;
    uint32_t start, refused;
    uint32_t accepted, rejected, lapsed, vetoed, overridden, withdrawn; /* BL_NONE: not yet */
    uint32_t first_rung; /* node; BL_NONE */
    uint32_t first_stage, last_stage; /* nodes of the steps: from, and one past them */
    uint32_t first_dispute;
} life;

#define PUT(l, words) bl_buffer_cstring(&(l)->graph->scratch, (words))

/* ---- what a stage says of itself ---- */

static void say_body(life *l, uint32_t body)
{
    if (body == BL_NONE) return;
    bl_buffer_text(&l->graph->scratch, l->program->bodies[body].text);
}

/* "using portion(3/4)" */
static void add_procedure(life *l, const bl_stage_plan *plan)
{
    if (plan->procedure == BL_NONE && plan->procedure_chunk == BL_NONE) return;
    PUT(l, "using ");
    if (plan->procedure == BL_NONE)
        bl_graph_say_chunk(l->graph, plan->procedure_chunk);
    else
        bl_buffer_text(&l->graph->scratch,
                       bl_graph_name(l->graph, l->program->procedures[plan->procedure].name));
    for (uint32_t i = 0; i < plan->arguments.count; i++) {
        PUT(l, i == 0 ? "(" : ", ");
        bl_graph_say_chunk(l->graph, l->program->indexes[plan->arguments.first + i]);
    }
    if (plan->arguments.count > 0) PUT(l, ")");
    bl_graph_line_built(l->graph);
}

static void add_duration(life *l, const char *word, uint32_t chunk)
{
    if (chunk == BL_NONE) return;
    PUT(l, word);
    bl_graph_say_chunk(l->graph, chunk);
    bl_graph_line_built(l->graph);
}

/* The window that the procedure brings, where the clause names none. */
static void add_own_window(life *l, const bl_stage_plan *plan)
{
    if (plan->window_chunk != BL_NONE || plan->procedure == BL_NONE) return;
    const bl_procedure *procedure = &l->program->procedures[plan->procedure];
    add_duration(l, procedure->open_for_at_least ? "open for at least " : "open for ",
                 procedure->open_for_chunk);
}

static void add_plan_lines(life *l, const bl_stage_plan *plan, const char *guard)
{
    add_procedure(l, plan);
    add_duration(l, "after ", plan->after_chunk);
    add_duration(l, plan->is_through ? "through " : "within ", plan->window_chunk);
    add_own_window(l, plan);
    add_duration(l, "reasoned within ", plan->reasoned_chunk);
    if (plan->quorum != BL_NONE) {
        PUT(l, "quorum ");
        bl_buffer_text(&l->graph->scratch, l->program->conditions[plan->quorum].text);
        bl_graph_line_built(l->graph);
    }
    if (plan->is_while_open) bl_graph_line_add(l->graph, BL_TEXT("while open"));
    if (plan->needs_reason) bl_graph_line_add(l->graph, BL_TEXT("with reason"));
    if (plan->is_as_of_opening) bl_graph_line_add(l->graph, BL_TEXT("as of opening"));
    if (guard) add_duration(l, guard, plan->when_chunk);
}

/* A node for a stage, named by `title` and its body. */
static uint32_t add_plan(life *l, bl_graph_sort sort, uint32_t row, const char *title,
                         const char *guard)
{
    const bl_stage_plan *plan = &l->program->plans[row];
    bl_buffer_format(&l->graph->scratch, "plan%u", row);
    const uint32_t node = bl_graph_node_add(l->graph, sort, bl_graph_built(l->graph), "plan", row,
                                            plan->span);
    PUT(l, title);
    say_body(l, plan->body);
    bl_graph_line_built(l->graph);
    add_plan_lines(l, plan, guard);
    return node;
}

/* ---- ends ---- */

static uint32_t end_of(life *l, uint32_t *end, const char *word)
{
    if (*end != BL_NONE) return *end;
    *end = bl_graph_node_add(l->graph, BL_GRAPH_END, bl_text_of(word), NULL, 0, BL_SPAN_NONE);
    bl_graph_line_add(l->graph, bl_text_of(word));
    return *end;
}

static uint32_t accepted(life *l)
{
    if (l->accepted != BL_NONE) return l->accepted;
    const uint32_t node = end_of(l, &l->accepted, "accepted");
    const bl_kind *kind = l->kind;
    bl_graph_line_add(l->graph, kind->vetoes.count + kind->disputes.count == 0
                                    ? BL_TEXT("final at once")
                                    : BL_TEXT("final when no veto or dispute can come any more"));
    return node;
}

/* Nobody on the ladder decided. */
static uint32_t lapsed(life *l)
{
    if (l->lapsed != BL_NONE) return l->lapsed;
    const uint32_t node = end_of(l, &l->lapsed, "lapsed");
    if (l->kind->disputes.count > 0)
        bl_graph_line_add(l->graph, BL_TEXT("but a disputed decision stands"));
    return node;
}

static uint32_t rejected(life *l)
{
    return end_of(l, &l->rejected, "rejected");
}

static uint32_t vetoed(life *l)
{
    return end_of(l, &l->vetoed, "vetoed");
}

/* Where what stays unresolved goes. */
static uint32_t unresolved(life *l)
{
    return l->first_rung != BL_NONE ? l->first_rung : lapsed(l);
}

static bool can_fail(const life *l, const bl_stage_plan *plan)
{
    if (plan->procedure == BL_NONE) return plan->procedure_chunk != BL_NONE;
    const bl_procedure *procedure = &l->program->procedures[plan->procedure];
    return procedure->fails != BL_NONE || procedure->fails_otherwise;
}

/* ---- raising ---- */

static void add_candidates(life *l)
{
    const bl_kind *kind = l->kind;
    if (kind->candidates_body != BL_NONE) {
        PUT(l, "candidates from ");
        say_body(l, kind->candidates_body);
        bl_graph_line_built(l->graph);
    }
    for (uint32_t i = 0; i < kind->options.count; i++) {
        PUT(l, i == 0 ? "options " : ", ");
        bl_buffer_text(&l->graph->scratch,
                       bl_graph_name(l->graph, l->program->indexes[kind->options.first + i]));
    }
    bl_graph_line_built(l->graph);
}

static void add_required(life *l)
{
    const char *between = "requires ";
    for (uint32_t i = 0; i < l->kind->fields.count; i++) {
        const bl_field *field = &l->program->fields[l->kind->fields.first + i];
        if (!field->is_required) continue;
        PUT(l, between);
        bl_buffer_text(&l->graph->scratch, bl_graph_name(l->graph, field->name));
        between = ", ";
    }
    bl_graph_line_built(l->graph);
}

static void add_start(life *l)
{
    const bl_kind *kind = l->kind;
    const bool is_raised = kind->raised_body != BL_NONE;
    l->start = bl_graph_node_add(l->graph, BL_GRAPH_START, BL_TEXT("raised"), "kind",
                                 (uint32_t)(kind - l->program->kinds),
                                 is_raised ? kind->raised_span : kind->span);
    PUT(l, is_raised ? "raised by " : "opened by an effect");
    say_body(l, kind->raised_body);
    bl_graph_line_built(l->graph);
    add_duration(l, "when ", kind->raised_when);
    add_required(l);
    add_candidates(l);
}

static void add_refusals(life *l)
{
    const bl_range refusals = l->kind->refusals;
    if (refusals.count == 0) return;
    l->refused = bl_graph_node_add(l->graph, BL_GRAPH_REFUSED, BL_TEXT("refused"), "refusal",
                                   refusals.first, l->program->refusals[refusals.first].span);
    bl_graph_line_add(l->graph, BL_TEXT("refused"));
    for (uint32_t i = 0; i < refusals.count; i++)
        bl_graph_line_add(l->graph, l->program->refusals[refusals.first + i].text);
    bl_graph_edge_add(l->graph, l->start, l->refused, BL_TEXT(""), false);
}

/* ---- steps and rungs ---- */

/* "step 2: ", where there is more than one. */
static const char *step_title(life *l, uint32_t step)
{
    if (l->kind->steps.count < 2) return "decided by ";
    return step == 0 ? "first by " : "then by ";
}

static void add_guard(life *l, const bl_stage_plan *plan, bool is_last, uint32_t count)
{
    if (plan->when_chunk != BL_NONE) {
        PUT(l, "when ");
        bl_graph_say_chunk(l->graph, plan->when_chunk);
    } else if (is_last && count > 1) {
        PUT(l, "otherwise");
    }
}

/* The nodes of one step; *first and *end tell which they are. */
static void add_step(life *l, uint32_t step, uint32_t *first, uint32_t *end)
{
    const bl_step *alternatives = &l->program->steps[l->kind->steps.first + step];
    *first = (uint32_t)l->graph->nodes.count;
    for (uint32_t a = 0; a < alternatives->count; a++) {
        const bl_alternative *plans = &l->program->alternatives[alternatives->first + a];
        for (uint32_t i = 0; i < plans->count; i++) {
            add_plan(l, BL_GRAPH_STAGE, plans->first + i, step_title(l, step), NULL);
            if (plans->count > 1)
                bl_graph_line_add(l->graph, BL_TEXT("all bodies side by side must pass it"));
        }
    }
    *end = (uint32_t)l->graph->nodes.count;
}

/* Edges into a step from one node. */
static void enter_step(life *l, uint32_t step, uint32_t from, uint32_t first, const char *word)
{
    const bl_step *alternatives = &l->program->steps[l->kind->steps.first + step];
    uint32_t node = first;
    for (uint32_t a = 0; a < alternatives->count; a++) {
        const bl_alternative *plans = &l->program->alternatives[alternatives->first + a];
        const bl_stage_plan *guarding = &l->program->plans[plans->first];
        for (uint32_t i = 0; i < plans->count; i++) {
            PUT(l, word);
            if (word[0] && (guarding->when_chunk != BL_NONE)) PUT(l, ", ");
            add_guard(l, guarding, a + 1 == alternatives->count, alternatives->count);
            bl_graph_edge_add(l->graph, from, node++, bl_graph_built(l->graph), false);
        }
    }
}

static uint32_t plan_of(const life *l, uint32_t node)
{
    return l->graph->nodes.items[node].index;
}

static void leave_stage(life *l, uint32_t node, uint32_t unresolved_to)
{
    if (l->graph->has_failed) return;
    if (can_fail(l, &l->program->plans[plan_of(l, node)]))
        bl_graph_edge_add(l->graph, node, rejected(l), BL_TEXT("fails"), false);
    bl_graph_edge_add(l->graph, node, unresolved_to, BL_TEXT("unresolved"), false);
}

static void add_rungs(life *l)
{
    for (uint32_t i = 0; i < l->kind->rungs.count; i++) {
        bl_buffer_format(&l->graph->scratch, "rung %u: ", i + 1);
        const bl_text title = bl_graph_built(l->graph);
        const uint32_t node = add_plan(l, BL_GRAPH_RUNG, l->kind->rungs.first + i, title.bytes,
                                       "passed over unless ");
        if (i == 0) l->first_rung = node;
    }
}

static void leave_rungs(life *l)
{
    for (uint32_t i = 0; i < l->kind->rungs.count; i++) {
        const uint32_t node = l->first_rung + i;
        const bool is_last = i + 1 == l->kind->rungs.count;
        bl_graph_edge_add(l->graph, node, accepted(l), BL_TEXT("passes"), false);
        leave_stage(l, node, is_last ? lapsed(l) : node + 1);
    }
}

/* None of a step's guarded alternatives may apply. */
static bool is_always_guarded(const life *l, uint32_t step)
{
    const bl_step *alternatives = &l->program->steps[l->kind->steps.first + step];
    for (uint32_t a = 0; a < alternatives->count; a++) {
        const bl_alternative *plans = &l->program->alternatives[alternatives->first + a];
        if (l->program->plans[plans->first].when_chunk == BL_NONE) return false;
    }
    return alternatives->count > 0;
}

static void add_steps(life *l)
{
    uint32_t first = l->start, end = l->start + 1;
    l->first_stage = (uint32_t)l->graph->nodes.count;
    for (uint32_t step = 0; step < l->kind->steps.count; step++) {
        uint32_t next, next_end;
        add_step(l, step, &next, &next_end);
        for (uint32_t node = first; node < end; node++)
            enter_step(l, step, node, next, step == 0 ? "" : "passes");
        if (step == 0 && is_always_guarded(l, step)) {
            if (l->refused == BL_NONE) end_of(l, &l->refused, "refused");
            bl_graph_edge_add(l->graph, l->start, l->refused, BL_TEXT("none applies"), false);
        }
        first = next;
        end = next_end;
    }
    l->last_stage = end;
    if (l->kind->steps.count == 0) l->last_stage = l->first_stage;
    add_rungs(l);
    for (uint32_t node = first; node < end; node++)
        bl_graph_edge_add(l->graph, node, accepted(l), BL_TEXT("passes"), false);
    for (uint32_t node = l->first_stage; node < l->last_stage; node++)
        leave_stage(l, node, unresolved(l));
    leave_rungs(l);
}

/* ---- veto, override, dispute ---- */

static void add_overrides(life *l, const bl_veto *veto)
{
    uint32_t from = vetoed(l);
    const char *label = "may be overridden";
    for (uint32_t s = 0; s < veto->overrides.count; s++) {
        const bl_step *alternatives = &l->program->steps[veto->overrides.first + s];
        uint32_t last = from;
        for (uint32_t a = 0; a < alternatives->count; a++) {
            const bl_alternative *plans = &l->program->alternatives[alternatives->first + a];
            for (uint32_t i = 0; i < plans->count; i++) {
                last = add_plan(l, BL_GRAPH_OVERRIDE, plans->first + i, "override by ", "when ");
                bl_graph_line_add(l->graph, BL_TEXT("else the veto stands"));
                bl_graph_edge_add(l->graph, from, last, bl_text_of(label), s == 0);
            }
        }
        from = last;
        label = "passes";
    }
    if (veto->overrides.count == 0) return;
    bl_graph_edge_add(l->graph, from, end_of(l, &l->overridden, "overridden"), BL_TEXT("passes"),
                      false);
}

static void add_veto(life *l, uint32_t row)
{
    const bl_veto *veto = &l->program->vetoes[row];
    const bl_stage_plan *plan = &l->program->plans[veto->plan];
    bl_buffer_format(&l->graph->scratch, "veto%u", row);
    const uint32_t node = bl_graph_node_add(l->graph, BL_GRAPH_VETO, bl_graph_built(l->graph),
                                            "veto", row, veto->span);
    PUT(l, "veto by ");
    say_body(l, plan->body);
    bl_graph_line_built(l->graph);
    add_plan_lines(l, plan, "when ");
    if (plan->is_while_open)
        for (uint32_t stage = l->first_stage; stage < l->last_stage; stage++)
            bl_graph_edge_add(l->graph, stage, node, BL_TEXT("while open"), true);
    else
        bl_graph_edge_add(l->graph, accepted(l), node, BL_TEXT("may be vetoed"), true);
    const bool by_vote = plan->procedure != BL_NONE || plan->procedure_chunk != BL_NONE;
    bl_graph_edge_add(l->graph, node, vetoed(l), by_vote ? BL_TEXT("passes") : BL_TEXT("any one"),
                      false);
    add_overrides(l, veto);
}

static void add_dispute(life *l, uint32_t row)
{
    const uint32_t node = add_plan(l, BL_GRAPH_DISPUTE, row, "dispute by ", "when ");
    if (l->first_dispute == BL_NONE) l->first_dispute = node;
    if (l->kind->rungs.count > 1)
        bl_graph_line_add(l->graph, BL_TEXT("a rung's decision goes to the rung after it"));
    for (uint32_t stage = l->first_stage; stage < l->last_stage; stage++)
        bl_graph_edge_add(l->graph, stage, node, BL_TEXT("may be disputed"), true);
    bl_graph_edge_add(l->graph, node, l->first_rung, BL_TEXT("decided anew"), false);
}

/* ---- what outcomes bring ---- */

/* The node a block belongs to. */
static uint32_t node_of_outcome(life *l, bl_outcome_type outcome)
{
    if (outcome == BL_OUTCOME_REJECTED) return rejected(l);
    if (outcome == BL_OUTCOME_VETOED) return vetoed(l);
    if (outcome == BL_OUTCOME_LAPSED) return lapsed(l);
    if (outcome == BL_OUTCOME_OVERRIDDEN) return end_of(l, &l->overridden, "overridden");
    if (outcome == BL_OUTCOME_DISPUTED && l->first_dispute != BL_NONE) return l->first_dispute;
    if (outcome == BL_OUTCOME_ESCALATED && l->first_rung != BL_NONE) return l->first_rung;
    if (outcome == BL_OUTCOME_ACCEPTED || outcome == BL_OUTCOME_ELECTED ||
        outcome == BL_OUTCOME_EFFECTIVE || outcome == BL_OUTCOME_FINAL)
        return accepted(l);
    if (outcome != BL_OUTCOME_WITHDRAWN) return l->start;
    const bool is_new = l->withdrawn == BL_NONE;
    end_of(l, &l->withdrawn, "withdrawn");
    if (is_new) bl_graph_edge_add(l->graph, l->start, l->withdrawn, BL_TEXT("withdrawn"), true);
    return l->withdrawn;
}

static bl_text effect_label(life *l, bl_outcome_type outcome)
{
    const bl_kind *kind = l->kind;
    if (outcome != BL_OUTCOME_ACCEPTED && outcome != BL_OUTCOME_ELECTED) return BL_TEXT("");
    const bool is_overturned = kind->vetoes.count + kind->disputes.count > 0;
    switch (kind->effect_time) {
    case BL_EFFECT_AT_ONCE: return BL_TEXT("at once");
    case BL_EFFECT_FINAL: return BL_TEXT("when final");
    case BL_EFFECT_DEFAULT: return is_overturned ? BL_TEXT("when final") : BL_TEXT("at once");
    case BL_EFFECT_AFTER: break;
    }
    PUT(l, "after ");
    bl_graph_say_chunk(l->graph, kind->effect_after_chunk);
    return bl_graph_built(l->graph);
}

static void add_handler(life *l, uint32_t row)
{
    const bl_handler *handler = &l->program->handlers[row];
    const uint32_t from = node_of_outcome(l, handler->outcome);
    const bl_text label = effect_label(l, handler->outcome);
    bl_buffer_format(&l->graph->scratch, "handler%u", row);
    const uint32_t node = bl_graph_node_add(l->graph, BL_GRAPH_EFFECT, bl_graph_built(l->graph),
                                            "handler", row, handler->span);
    bl_buffer_format(&l->graph->scratch, "on %s", bl_outcome_word(handler->outcome));
    bl_graph_line_built(l->graph);
    bl_graph_say_span(l->graph, handler->span);
    const bl_text clause = bl_graph_built(l->graph);
    size_t at = 0; /* the block's inside, without its braces where all of it is there */
    while (at < clause.size && clause.bytes[at] != '{')
        at++;
    if (at == clause.size) at = 0;
    bl_text inside = {clause.bytes + at, clause.size - at};
    if (at > 0 && inside.bytes[inside.size - 1] == '}' && inside.size > 4)
        inside = (bl_text){inside.bytes + 2, inside.size - 4};
    bl_graph_line_add(l->graph, inside);
    bl_graph_edge_add(l->graph, from, node, label, false);
}

void bl_graph_life(bl_graph *graph, uint32_t row)
{
    const bl_kind *kind = &graph->program->kinds[row];
    const bl_text name = bl_graph_name(graph, kind->name);
    life l = {.graph = graph,
              .program = graph->program,
              .kind = kind,
              .refused = BL_NONE,
              .accepted = BL_NONE,
              .rejected = BL_NONE,
              .lapsed = BL_NONE,
              .vetoed = BL_NONE,
              .overridden = BL_NONE,
              .withdrawn = BL_NONE,
              .first_rung = BL_NONE,
              .first_dispute = BL_NONE};
    bl_buffer_text(&graph->scratch, name);
    if (kind->scope != BL_NONE) {
        PUT(&l, " on ");
        bl_buffer_text(&graph->scratch,
                       bl_graph_name(graph, graph->program->scopes[kind->scope].name));
    }
    if (kind->title.size > 0) PUT(&l, ": ");
    bl_buffer_text(&graph->scratch, kind->title);
    bl_graph_picture_begin(graph, name, bl_graph_built(graph), false);
    if (graph->has_failed) return;
    add_start(&l);
    add_refusals(&l);
    add_steps(&l);
    for (uint32_t i = 0; i < kind->disputes.count; i++)
        add_dispute(&l, kind->disputes.first + i);
    for (uint32_t i = 0; i < kind->vetoes.count; i++)
        add_veto(&l, kind->vetoes.first + i);
    for (uint32_t i = 0; i < kind->handlers.count; i++)
        add_handler(&l, kind->handlers.first + i);
    bl_graph_picture_end(graph);
}
