/*
 * Proposal kinds: their clauses, with those for every proposal, become the rows of their life.
 *
 * Everything here is compiled once for each kind, also the rungs of a ladder and clauses for every
 * proposal: the same words may mean other fields in another kind.
 */
#include "check.h"

typedef struct kind_work {
    bl_check *check;
    bl_compiler *compiler;
    const bl_symbol *symbol;
    bl_node *clauses;
    bl_env env;
    bl_kind row;
    bl_node **stages; /* decided, then, together */
    uint32_t stage_count;
    bl_node **rungs; /* escalates, along */
    uint32_t rung_count;
    bool is_alone; /* clauses of no kind: what stands beside them is not known */
} kind_work;

/* ---- clauses that stand once ---- */

/* The clauses that stand once; `candidates` and `options` are one sort. BL_NODE_KIND_COUNT: any
 * number may. */
static bl_node_kind single_sort(const bl_node *clause)
{
    switch (clause->kind) {
    case BL_NODE_CANDIDATES:
    case BL_NODE_OPTIONS: return BL_NODE_CANDIDATES;
    case BL_NODE_RAISED_BY:
    case BL_NODE_CAP:
    case BL_NODE_TAKES_EFFECT:
    case BL_NODE_CITES: return clause->kind;
    default: return BL_NODE_KIND_COUNT;
    }
}

static void check_repeats(bl_compiler *compiler, const bl_node *clauses)
{
    const bl_node *first[BL_NODE_KIND_COUNT] = {NULL};
    for (const bl_node *clause = clauses; clause; clause = clause->next) {
        const bl_node_kind sort = single_sort(clause);
        if (sort == BL_NODE_KIND_COUNT) continue;
        if (first[sort])
            bl_check_single(compiler, first[sort], clause);
        else
            first[sort] = clause;
    }
}

static const bl_node *find_clause(const bl_node *clauses, bl_node_kind kind)
{
    while (clauses && clauses->kind != kind)
        clauses = clauses->next;
    return clauses;
}

/* ---- stages and rungs ---- */

static uint32_t rungs_of_ladder(const bl_node *ladder)
{
    uint32_t count = 0;
    for (const bl_node *c = ladder->kids[BL_LADDER_CLAUSES]; c; c = c->next)
        count += c->kind == BL_NODE_STAGE;
    return count;
}

static const bl_symbol *ladder_of(kind_work *w, const bl_node *along, bool is_reporting)
{
    const bl_symbol *symbol = bl_symbol_find(w->compiler, along->name);
    if (symbol && symbol->kind == BL_SYMBOL_LADDER) return symbol;
    if (is_reporting)
        bl_symbol_missing(w->compiler, bl_name_span(along), along->name,
                          BL_SYMBOL_BIT(BL_SYMBOL_LADDER), "ladder");
    return NULL;
}

static bool add_ladder(kind_work *w, const bl_node *along)
{
    const bl_symbol *ladder = ladder_of(w, along, true);
    if (!ladder) return true;
    for (const bl_node *c = ladder->node->kids[BL_LADDER_CLAUSES]; c; c = c->next) {
        if (c->kind != BL_NODE_STAGE) continue;
        bl_node *copy = bl_node_copy(w->compiler->arena, c);
        if (!copy) return bl_check_nomem(w->compiler);
        w->rungs[w->rung_count++] = copy;
    }
    return true;
}

static bool gather_stages(kind_work *w)
{
    uint32_t stages = 0, rungs = 0;
    for (const bl_node *c = w->clauses; c; c = c->next) {
        stages += c->kind == BL_NODE_STAGE;
        const bl_symbol *ladder = c->kind == BL_NODE_ALONG ? ladder_of(w, c, false) : NULL;
        if (ladder) rungs += rungs_of_ladder(ladder->node);
    }
    w->stages = bl_arena_array(w->compiler->arena, stages, sizeof *w->stages);
    w->rungs = bl_arena_array(w->compiler->arena, (size_t)stages + rungs, sizeof *w->rungs);
    if (!w->stages || !w->rungs) return bl_check_nomem(w->compiler);
    for (bl_node *c = w->clauses; c; c = c->next) {
        if (c->kind == BL_NODE_ALONG && !add_ladder(w, c)) return false;
        if (c->kind != BL_NODE_STAGE) continue;
        if (c->flags & BL_FLAG_ESCALATES)
            w->rungs[w->rung_count++] = c;
        else
            w->stages[w->stage_count++] = c;
    }
    return true;
}

static bool is_election(const kind_work *w)
{
    return find_clause(w->clauses, BL_NODE_CANDIDATES) || find_clause(w->clauses, BL_NODE_OPTIONS);
}

/* Where something was told of how a procedure counts, it may be meant for no election, or for one.
 */
static bool has_doubtful_form(const bl_compiler *compiler, bl_text procedure)
{
    const bl_symbol *symbol = bl_symbol_find(compiler, procedure);
    if (!symbol) return false;
    for (const bl_diagnostic *d = compiler->diagnostics->first; d; d = d->next)
        if (d->code == BL_B0417 && d->span.file == symbol->node->span.file &&
            d->span.start >= symbol->node->span.start && d->span.end <= symbol->node->span.end)
            return true;
    return false;
}

static void report_form(kind_work *w, const bl_stage_plan *plan)
{
    bl_compiler *compiler = w->compiler;
    const bl_procedure *procedure = &compiler->program->procedures[plan->procedure];
    const bl_text name = bl_names_text(compiler->program->names, procedure->name);
    if (has_doubtful_form(compiler, name)) return;
    const bool is_count = procedure->form != BL_FORM_YES_NO;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0410, plan->span,
                               is_count ? "`%.*s` counts %s, and there is nobody to vote for here"
                                        : "`%.*s` takes %s, and an election needs more than that",
                               BL_NAME_ARGUMENT(name), bl_form_words(procedure->form));
    bl_diag_label(compiler->diagnostics, d,
                  is_count ? "an election's procedure" : "no election's procedure");
    bl_diag_help(compiler->diagnostics, d,
                 is_count ? "say who stands: `candidates from …` or `options …`"
                          : "use a procedure that counts, such as `ranked_choice` of "
                            "\"std/procedures\"");
}

/* An election is counted in each of its stages, anything else is yes or no. */
static void check_forms(kind_work *w, bl_range plans)
{
    const bl_program *program = w->compiler->program;
    for (uint32_t i = plans.first; i < plans.first + plans.count; i++) {
        const bl_stage_plan *plan = &program->plans[i];
        if (plan->procedure == BL_NONE) continue;
        const bl_procedure *procedure = &program->procedures[plan->procedure];
        if ((procedure->form != BL_FORM_YES_NO) != is_election(w))
            report_form(w, plan);
        else
            bl_check_majorities(w->compiler, w->clauses, procedure, plan->span);
    }
}

static void report_no_decider(kind_work *w)
{
    bl_text name = bl_symbol_text(w->compiler, w->symbol);
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0403, bl_name_span(w->symbol->node),
                               "nobody decides a proposal of the kind `%.*s`",
                               BL_NAME_ARGUMENT(name));
    bl_diag_label(w->compiler->diagnostics, d, "`decided by …` is missing");
}

static bool take_stages(kind_work *w)
{
    if (!gather_stages(w)) return false;
    if (w->stage_count == 0) report_no_decider(w);
    uint32_t first = w->compiler->program->plan_count;
    if (w->stage_count > 0 &&
        !bl_check_steps(w->check, &w->env, w->stages, w->stage_count, &w->row.steps))
        return false;
    if (!bl_check_plans(w->check, &w->env, w->rungs, w->rung_count, &w->row.rungs)) return false;
    check_forms(w, (bl_range){first, w->compiler->program->plan_count - first});
    return true;
}

/* ---- vetoes and disputes ---- */

static bool take_overrides(kind_work *w, const bl_node *veto, bl_range *steps)
{
    uint32_t count = 0;
    *steps = (bl_range){w->compiler->program->step_count, 0};
    for (const bl_node *s = veto->kids[BL_VETO_OVERRIDES]; s; s = s->next)
        count++;
    bl_node **stages = bl_arena_array(w->compiler->arena, count, sizeof *stages);
    if (!stages) return bl_check_nomem(w->compiler);
    count = 0;
    for (bl_node *s = veto->kids[BL_VETO_OVERRIDES]; s; s = s->next)
        if (s->kind == BL_NODE_STAGE) stages[count++] = s;
    return count == 0 || bl_check_steps(w->check, &w->env, stages, count, steps);
}

static bool append_vetoes(kind_work *w, const bl_veto *vetoes, uint32_t count)
{
    bl_program *program = w->compiler->program;
    w->row.vetoes = (bl_range){program->veto_count, count};
    for (uint32_t i = 0; i < count; i++) {
        bl_veto *row = bl_table_add(w->compiler, &program->vetoes, &program->veto_count,
                                    sizeof *row);
        if (!row) return bl_check_nomem(w->compiler);
        *row = vetoes[i];
    }
    return true;
}

static uint32_t count_clauses(const bl_node *clauses, bl_node_kind kind)
{
    uint32_t count = 0;
    for (; clauses; clauses = clauses->next)
        count += clauses->kind == kind;
    return count;
}

static bool take_vetoes(kind_work *w)
{
    uint32_t count = 0;
    bl_veto *vetoes = bl_arena_array(w->compiler->arena, count_clauses(w->clauses, BL_NODE_VETO),
                                     sizeof *vetoes);
    if (!vetoes) return bl_check_nomem(w->compiler);
    for (bl_node *c = w->clauses; c; c = c->next) {
        if (c->kind != BL_NODE_VETO) continue;
        bl_node *const one[] = {c};
        bl_range plan, overrides;
        if (!bl_check_plans(w->check, &w->env, one, 1, &plan)) return false;
        if (!take_overrides(w, c, &overrides)) return false;
        vetoes[count++] = (bl_veto){plan.first, overrides, c->span};
    }
    return append_vetoes(w, vetoes, count);
}

static bool take_disputes(kind_work *w)
{
    uint32_t count = 0;
    bl_node **nodes = bl_arena_array(w->compiler->arena, count_clauses(w->clauses, BL_NODE_DISPUTE),
                                     sizeof *nodes);
    if (!nodes) return bl_check_nomem(w->compiler);
    for (bl_node *c = w->clauses; c; c = c->next) {
        if (c->kind != BL_NODE_DISPUTE) continue;
        nodes[count++] = c;
        bool says_along = count_clauses(w->clauses, BL_NODE_ALONG) > 0; /* if of no ladder */
        if (w->rung_count > 0 || says_along || w->is_alone) continue;
        bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0412, c->span,
                                   "a dispute goes to the next rung, and there is none");
        bl_diag_label(w->compiler->diagnostics, d, "leads nowhere");
        bl_diag_help(w->compiler->diagnostics, d, "add `escalates to …` or `along …`");
    }
    return bl_check_plans(w->check, &w->env, nodes, count, &w->row.disputes);
}

/* ---- raising, candidates, refusals ---- */

static bool take_condition(kind_work *w, const bl_env *env, bl_node *condition, uint32_t *chunk)
{
    const bl_type boolean = {.base = BL_BASE_BOOLEAN, .index = BL_NONE};
    if (!condition) return true;
    return bl_emit_expression(w->compiler, env, condition, &boolean, chunk) ||
           bl_check_memory(w->compiler);
}

static bool take_raising(kind_work *w, const bl_node *clause)
{
    w->row.raised_span = clause->span;
    if (!bl_emit_body(w->compiler, &w->env, clause->kids[BL_RAISED_BY_BODY], &w->row.raised_body) &&
        !bl_check_memory(w->compiler))
        return false;
    return take_condition(w, &w->env, clause->kids[BL_RAISED_BY_WHEN], &w->row.raised_when);
}

static bool take_effect_time(kind_work *w, const bl_node *clause)
{
    const bl_type duration = {.base = BL_BASE_DURATION, .index = BL_NONE};
    w->row.effect_span = clause->span;
    if (clause->flags & BL_FLAG_AT_ONCE) w->row.effect_time = BL_EFFECT_AT_ONCE;
    if (clause->flags & BL_FLAG_WHEN_FINAL) w->row.effect_time = BL_EFFECT_FINAL;
    if (!(clause->flags & BL_FLAG_AFTER)) return true;
    w->row.effect_time = BL_EFFECT_AFTER;
    return bl_emit_expression(w->compiler, &w->env, clause->kids[BL_TAKES_EFFECT_DELAY], &duration,
                              &w->row.effect_after_chunk) ||
           bl_check_memory(w->compiler);
}

static bool take_refusals(kind_work *w)
{
    bl_compiler *compiler = w->compiler;
    uint32_t count = 0;
    bl_refusal *refusals = bl_arena_array(
        compiler->arena, count_clauses(w->clauses, BL_NODE_REFUSES), sizeof *refusals);
    if (!refusals) return bl_check_nomem(compiler);
    for (const bl_node *c = w->clauses; c; c = c->next) {
        if (c->kind != BL_NODE_REFUSES) continue;
        bl_refusal *refusal = &refusals[count++];
        *refusal = (bl_refusal){.when_chunk = BL_NONE, .span = c->span};
        if (!bl_program_title(compiler, c->kids[BL_REFUSES_TEXT], &refusal->text)) return false;
        if (!take_condition(w, &w->env, c->kids[BL_REFUSES_WHEN], &refusal->when_chunk))
            return false;
    }
    w->row.refusals = (bl_range){compiler->program->refusal_count, count};
    for (uint32_t i = 0; i < count; i++) {
        bl_refusal *row = bl_table_row(compiler, refusal);
        if (!row) return bl_check_nomem(compiler);
        *row = refusals[i];
    }
    return true;
}

/* ---- handlers ---- */

/* The outcomes of a proposal that a kind can act on. */
static const bl_outcome_type handled[] = {
    BL_OUTCOME_OPENED,    BL_OUTCOME_PASSED,    BL_OUTCOME_FAILED,   BL_OUTCOME_UNRESOLVED,
    BL_OUTCOME_ESCALATED, BL_OUTCOME_DISPUTED,  BL_OUTCOME_VETOED,   BL_OUTCOME_OVERRIDDEN,
    BL_OUTCOME_WITHDRAWN, BL_OUTCOME_LAPSED,    BL_OUTCOME_ACCEPTED, BL_OUTCOME_REJECTED,
    BL_OUTCOME_ELECTED,   BL_OUTCOME_EFFECTIVE, BL_OUTCOME_FINAL,
};
enum { HANDLED_COUNT = sizeof handled / sizeof *handled };

static bool report_outcome(kind_work *w, const bl_node *clause)
{
    size_t best_distance = 3;
    const char *best = NULL;
    for (int i = 0; i < HANDLED_COUNT; i++) {
        const char *word = bl_outcome_word(handled[i]);
        size_t distance = bl_text_distance(clause->name, bl_text_of(word), best_distance);
        if (distance > best_distance || (best && distance == best_distance)) continue;
        best = word;
        best_distance = distance;
    }
    const bl_slip slip = {BL_SLIP_OUTCOME, BL_SPAN_NONE, clause->name};
    bl_diagnostic *d = bl_diag_slip(w->compiler->diagnostics, BL_B0411, bl_name_span(clause), &slip,
                                    "no proposal is ever `%.*s`", BL_NAME_ARGUMENT(clause->name));
    bl_diag_label(w->compiler->diagnostics, d, "not an outcome of a proposal");
    const char *meant = bl_outcome_meant(clause->name);
    if (meant || best)
        bl_diag_help(w->compiler->diagnostics, d, "did you mean `%s`?", meant ? meant : best);
    else
        bl_diag_help(w->compiler->diagnostics, d,
                     "what happens to a proposal is `opened`, `accepted`, `rejected`, `vetoed`, "
                     "`disputed`, `lapsed`, `final` and more");
    return false;
}

static bool outcome_of(kind_work *w, const bl_node *clause, bl_outcome_type *out)
{
    for (int i = 0; i < HANDLED_COUNT; i++)
        if (bl_text_equal(clause->name, bl_text_of(bl_outcome_word(handled[i])))) {
            *out = handled[i];
            return true;
        }
    return report_outcome(w, clause);
}

static void check_handler(kind_work *w, const bl_node *clause, bl_outcome_type outcome)
{
    bl_diagnostics *diagnostics = w->compiler->diagnostics;
    if (outcome == BL_OUTCOME_ELECTED && !is_election(w) && !w->is_alone) {
        bl_diagnostic *d = bl_diag(diagnostics, BL_B0411, clause->span,
                                   "nobody is elected by a proposal of this kind");
        bl_diag_label(diagnostics, d, "never happens");
        bl_diag_help(diagnostics, d, "say who stands: `candidates from …` or `options …`");
    }
    const bl_node *binder = clause->kids[BL_ON_OUTCOME_BINDER];
    if (outcome != BL_OUTCOME_ELECTED && binder) {
        bl_diagnostic *d = bl_diag(diagnostics, BL_B0419, binder->span,
                                   "only `on elected` gives a name to somebody");
        bl_diag_label(diagnostics, d, "stands for nothing");
    }
}

static bool take_handler(kind_work *w, const bl_node *clause, bl_handler *out)
{
    if (!outcome_of(w, clause, &out->outcome)) return true;
    check_handler(w, clause, out->outcome);
    bl_env env = w->env;
    env.effects_kind = w->is_alone ? BL_NONE : w->symbol->index;
    const bl_node *binder = clause->kids[BL_ON_OUTCOME_BINDER];
    const bl_base base = w->row.options.count ? BL_BASE_TEXT : BL_BASE_ACTOR;
    const bl_type type = {.base = (uint8_t)base, .index = BL_NONE};
    const bl_local winner = {binder ? binder->name : BL_TEXT(""), type, 0, NULL, NULL};
    if (out->outcome == BL_OUTCOME_ELECTED) {
        env.locals = binder ? &winner : NULL;
        env.local_count = 1;
    }
    return bl_emit_effects(w->compiler, &env, clause->kids[BL_ON_OUTCOME_EFFECTS], &out->chunk) ||
           bl_check_memory(w->compiler);
}

static bool take_handlers(kind_work *w)
{
    bl_compiler *compiler = w->compiler;
    uint32_t count = 0;
    bl_handler *handlers = bl_arena_array(
        compiler->arena, count_clauses(w->clauses, BL_NODE_ON_OUTCOME), sizeof *handlers);
    if (!handlers) return bl_check_nomem(compiler);
    for (const bl_node *c = w->clauses; c; c = c->next) {
        if (c->kind != BL_NODE_ON_OUTCOME) continue;
        handlers[count] = (bl_handler){BL_OUTCOME_OPENED, BL_NONE, c->span};
        if (!take_handler(w, c, &handlers[count])) return false;
        count++;
    }
    w->row.handlers = (bl_range){compiler->program->handler_count, count};
    for (uint32_t i = 0; i < count; i++) {
        bl_handler *row = bl_table_row(compiler, handler);
        if (!row) return bl_check_nomem(compiler);
        *row = handlers[i];
    }
    return true;
}

/* ---- finality ---- */

static bool waits_for_finality(const kind_work *w)
{
    if (w->row.effect_time == BL_EFFECT_FINAL) return true;
    if (w->row.effect_time != BL_EFFECT_DEFAULT) return false;
    for (const bl_node *c = w->clauses; c; c = c->next)
        if (c->kind == BL_NODE_ON_OUTCOME && bl_text_equal(c->name, BL_TEXT("accepted")))
            return true;
    return false;
}

static void check_bounded(kind_work *w, uint32_t plan_index, const char *act)
{
    const bl_stage_plan *plan = &w->compiler->program->plans[plan_index];
    if (plan->window_chunk != BL_NONE || plan->is_while_open) return;
    if (bl_diag_has_error_in(w->compiler->diagnostics, plan->span))
        return; /* in its window, it may be */
    bl_diagnostics *diagnostics = w->compiler->diagnostics;
    bl_text name = bl_symbol_text(w->compiler, w->symbol);
    bl_diagnostic *d = bl_diag(
        diagnostics, BL_B0409, plan->span,
        "`%.*s` waits until nothing can overturn it, and this %s may come at any time",
        BL_NAME_ARGUMENT(name), act);
    bl_diag_label(diagnostics, d, "has no end");
    if (w->row.effect_span.file != BL_NONE)
        bl_diag_note(diagnostics, d, w->row.effect_span, "it waits because of this");
    else
        bl_diag_note(diagnostics, d, bl_name_span(w->symbol->node),
                     "effects of a decision that can be overturned wait for finality");
    bl_diag_help(
        diagnostics, d,
        "give it a window such as `within 14 days` or `while open`, or say `takes effect at once`");
}

static void check_finality(kind_work *w)
{
    if (!waits_for_finality(w)) return;
    const bl_program *program = w->compiler->program;
    for (uint32_t i = 0; i < w->row.vetoes.count; i++)
        check_bounded(w, program->vetoes[w->row.vetoes.first + i].plan, "veto");
    for (uint32_t i = 0; i < w->row.disputes.count; i++)
        check_bounded(w, w->row.disputes.first + i, "dispute");
}

/* ---- what stands together ---- */

static void check_cap(kind_work *w)
{
    const bl_node *cap = find_clause(w->clauses, BL_NODE_CAP);
    if (!cap || find_clause(w->clauses, BL_NODE_CANDIDATES)) return;
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0424, cap->span,
                               "only people who are elected can share something");
    bl_diag_label(w->compiler->diagnostics, d, "nobody stands here");
    bl_diag_help(w->compiler->diagnostics, d, "say who stands: `candidates from …`");
    w->row.cap_chunk = w->row.cap_attribute = BL_NONE;
}

/* ---- all of it ---- */

static bool take_simple_clauses(kind_work *w)
{
    bool done = true;
    for (const bl_node *c = w->clauses; c && done; c = c->next) {
        if (c->kind == BL_NODE_RAISED_BY) done = take_raising(w, c);
        if (c->kind == BL_NODE_CANDIDATES || c->kind == BL_NODE_OPTIONS || c->kind == BL_NODE_CAP)
            done = bl_check_candidates(w->compiler, &w->env, c, &w->row);
        if (c->kind == BL_NODE_TAKES_EFFECT) done = take_effect_time(w, c);
    }
    return done && bl_check_cites(w->compiler, w->clauses, &w->row.cites);
}

static bool check_kind(bl_check *check, const bl_symbol *symbol)
{
    bl_compiler *compiler = check->compiler;
    kind_work w = {.check = check,
                   .compiler = compiler,
                   .symbol = symbol,
                   .clauses = check->clauses[symbol->index],
                   .env = bl_env_empty,
                   .row = compiler->program->kinds[symbol->index]};
    w.env.has_proposal = true;
    w.env.kind = symbol->index;
    w.env.instance_scope = w.row.scope;
    check_repeats(compiler, w.clauses);
    if (!take_simple_clauses(&w) || !take_stages(&w) || !take_vetoes(&w) || !take_disputes(&w) ||
        !take_refusals(&w) || !take_handlers(&w))
        return false;
    check_cap(&w);
    check_finality(&w);
    compiler->program->kinds[symbol->index] = w.row;
    return true;
}

bool bl_check_clauses_alone(bl_check *check, const bl_env *env, bl_node *clauses)
{
    kind_work w = {.check = check,
                   .compiler = check->compiler,
                   .clauses = clauses,
                   .env = *env,
                   .is_alone = true};
    bl_range plans;
    bl_kind_clear(&w.row);
    return take_simple_clauses(&w) && gather_stages(&w) &&
           bl_check_plans(check, env, w.stages, w.stage_count, &plans) &&
           bl_check_plans(check, env, w.rungs, w.rung_count, &plans) && take_vetoes(&w) &&
           take_disputes(&w) && take_refusals(&w) && take_handlers(&w);
}

bool bl_check_kinds(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (compiler->symbols[i].kind == BL_SYMBOL_KIND &&
            !check_kind(check, &compiler->symbols[i]))
            return false;
    return true;
}
