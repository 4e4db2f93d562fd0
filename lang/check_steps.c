/*
 * The order of stages: `decided by` alternatives, what runs `together with` them, and `then by`
 * steps.
 *
 * Rows of a range stand together in the program's tables, so everything is put in a scratch list
 * first and appended at the end.
 */
#include "check.h"
#include "limits.h"

typedef enum stage_role { STAGE_FIRST, STAGE_THEN, STAGE_TOGETHER } stage_role;

static stage_role role_of(const bl_node *stage)
{
    if (stage->flags & BL_FLAG_TOGETHER) return STAGE_TOGETHER;
    return stage->flags & BL_FLAG_THEN ? STAGE_THEN : STAGE_FIRST;
}

static bool has_when(const bl_node *stage)
{
    for (const bl_node *m = stage->kids[BL_STAGE_MODIFIERS]; m; m = m->next)
        if (m->kind == BL_NODE_WHEN) return true;
    return false;
}

/* The first stage has no `when`, so what stands at `again` is never asked. A first one without a
 * procedure is not whole, which is told. */
static void report_unreached(bl_compiler *compiler, const bl_node *first, const bl_node *again)
{
    if (!first->kids[BL_STAGE_USING]) return;
    bl_diagnostic *d = bl_diag(
        compiler->diagnostics, BL_B0405, again->span,
        "this `decided by` is never reached: the one before it always holds");
    bl_diag_label(compiler->diagnostics, d, "never reached");
    bl_diag_note(compiler->diagnostics, d, first->span, "this one has no `when`");
    bl_diag_help(
        compiler->diagnostics, d,
        "give the first a `when`, or write `then by` or `together with` for a second body");
}

static bool report_order(bl_compiler *compiler, const bl_node *stage)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0404, stage->span, "%s",
                               role_of(stage) == STAGE_FIRST
                                   ? "`decided by` stands before every `then by`"
                                   : "there is no `decided by` before this");
    bl_diag_label(compiler->diagnostics, d, "out of order");
    return false;
}

static bool order_is_good(bl_compiler *compiler, bl_node *const *stages, uint32_t count)
{
    const bl_node *open_end = NULL; /* a first stage without `when` */
    bool has_then = false;
    for (uint32_t i = 0; i < count; i++) {
        stage_role role = role_of(stages[i]);
        if (i == 0 && role != STAGE_FIRST) return report_order(compiler, stages[i]);
        if (role == STAGE_FIRST && has_then) return report_order(compiler, stages[i]);
        if (role == STAGE_FIRST && open_end) report_unreached(compiler, open_end, stages[i]);
        if (role == STAGE_FIRST && !open_end && !has_when(stages[i])) open_end = stages[i];
        if (role == STAGE_THEN) has_then = true;
    }
    return true;
}

static bool append_plans(bl_compiler *compiler, const bl_stage_plan *plans, uint32_t count,
                         uint32_t *first)
{
    *first = compiler->program->plan_count;
    for (uint32_t i = 0; i < count; i++) {
        bl_stage_plan *row = bl_table_row(compiler, plan);
        if (!row) return bl_check_nomem(compiler);
        *row = plans[i];
    }
    return true;
}

/* How many stages from `at` on belong to one alternative: itself and what is together with it. */
static uint32_t alternative_size(bl_node *const *stages, uint32_t count, uint32_t at)
{
    uint32_t size = 1;
    while (at + size < count && role_of(stages[at + size]) == STAGE_TOGETHER)
        size++;
    return size;
}

/* A ballot counts in all stages side by side at once, and the runtime has room for so many of them.
 */
static void check_groups(bl_compiler *compiler, bl_node *const *stages, uint32_t count)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; i++) {
        size = role_of(stages[i]) == STAGE_TOGETHER ? size + 1 : 1;
        if (size != BL_GROUP_MAX + 1) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0421, stages[i]->span,
                                   "at most %d bodies decide side by side", BL_GROUP_MAX);
        bl_diag_label(compiler->diagnostics, d, "one too many");
        bl_diag_help(compiler->diagnostics, d,
                     "write `then by` for those that may decide afterwards");
    }
}

static bool append_alternatives(bl_compiler *compiler, bl_node *const *stages, uint32_t count,
                                uint32_t first_plan)
{
    for (uint32_t at = 0; at < count;) {
        uint32_t size = alternative_size(stages, count, at);
        bl_alternative *row = bl_table_row(compiler, alternative);
        if (!row) return bl_check_nomem(compiler);
        *row = (bl_alternative){first_plan + at, size};
        at += size;
    }
    return true;
}

/* Step 0 has the alternatives of all `decided by`; each `then by` is a step with one. */
static bool append_steps(bl_compiler *compiler, bl_node *const *stages, uint32_t count,
                         uint32_t alternative, bl_range *steps)
{
    *steps = (bl_range){compiler->program->step_count, 0};
    for (uint32_t at = 0; at < count; steps->count++) {
        uint32_t in_step = 0;
        do {
            at += alternative_size(stages, count, at);
            in_step++;
        } while (at < count && role_of(stages[at]) == STAGE_FIRST);
        bl_step *row = bl_table_row(compiler, step);
        if (!row) return bl_check_nomem(compiler);
        *row = (bl_step){alternative, in_step};
        alternative += in_step;
    }
    return true;
}

bool bl_check_plans(bl_check *check, const bl_env *env, bl_node *const *nodes, uint32_t count,
                    bl_range *plans)
{
    bl_compiler *compiler = check->compiler;
    bl_stage_plan *rows = bl_arena_array(compiler->arena, count, sizeof *rows);
    if (!rows) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < count; i++)
        if (!bl_check_plan(check, env, nodes[i], &rows[i])) return false;
    plans->count = count;
    return append_plans(compiler, rows, count, &plans->first);
}

bool bl_check_steps(bl_check *check, const bl_env *env, bl_node *const *stages, uint32_t count,
                    bl_range *steps)
{
    bl_compiler *compiler = check->compiler;
    *steps = (bl_range){compiler->program->step_count, 0};
    if (!order_is_good(compiler, stages, count)) return true;
    check_groups(compiler, stages, count);
    bl_range plans;
    if (!bl_check_plans(check, env, stages, count, &plans)) return false;
    uint32_t first_alternative = compiler->program->alternative_count;
    return append_alternatives(compiler, stages, count, plans.first) &&
           append_steps(compiler, stages, count, first_alternative, steps);
}
