/*
 * Bodies, ladders and clauses for every proposal that nothing uses: are they right, wherever they
 * might be used?
 *
 * They are compiled where they stand, once for each use, because what their names mean depends on
 * that place. Without a use they are typed in the places there are (each kind, each scope, each
 * event; for clauses also a kind that has nothing but them) until one fits. Where none does, the
 * place that leaves the fewest errors speaks.
 */
#include "check.h"

enum {
    PLACES_MOST = 256, /* of one body; who has more kinds than that is not asked further */
    TRIALS_MOST = 1 << 14 /* of all together, which takes a tenth of a second */
};

typedef struct trial {
    bl_check *check;
    const bl_symbol *symbol; /* a body or a ladder; NULL: the clauses */
    const bl_node *clauses;
    bl_env best;
    uint32_t least_errors; /* of the best */
    uint32_t count;
} trial;

/* ---- one place ---- */

static bool type_body(bl_check *check, const bl_symbol *symbol, const bl_env *env)
{
    bl_compiler *compiler = check->compiler;
    const bl_type set = {.base = BL_BASE_SET, .index = BL_NONE};
    bl_node *value = bl_node_copy(compiler->arena, symbol->node->kids[BL_BODY_VALUE]);
    if (!value) return bl_check_nomem(compiler);
    return bl_type_expression(compiler, env, value, &set) || bl_check_memory(compiler);
}

/* Rungs are checked by compiling them; the program forgets what came of it. */
static bool type_ladder(bl_check *check, const bl_symbol *symbol, const bl_env *env)
{
    bl_compiler *compiler = check->compiler;
    const bl_program before = *compiler->program;
    bool done = true;
    for (const bl_node *c = symbol->node->kids[BL_LADDER_CLAUSES]; c && done; c = c->next) {
        if (c->kind != BL_NODE_STAGE) continue;
        bl_node *copy = bl_node_copy(compiler->arena, c);
        bl_stage_plan plan;
        done = copy ? bl_check_plan(check, env, copy, &plan) : bl_check_nomem(compiler);
    }
    *compiler->program = before;
    return done;
}

/* A kind that has these clauses and no others, for as long as the program remembers it. */
static bool add_kind_of(bl_compiler *compiler, const bl_node *clauses, bl_env *env)
{
    const uint32_t name = bl_emit_name(compiler, BL_TEXT("proposal"));
    bl_kind *row = name == BL_NONE ? NULL : bl_table_row(compiler, kind);
    if (!row) return bl_check_nomem(compiler);
    bl_kind_clear(row);
    row->name = name;
    row->span = BL_SPAN_NONE; /* nobody wrote it */
    row->scope = env->instance_scope;
    env->kind = compiler->program->kind_count - 1;
    bl_range fields;
    if (!bl_declare_clause_fields(compiler, clauses, &fields)) return false;
    compiler->program->kinds[env->kind].fields = fields;
    return true;
}

static bool type_clauses(const trial *t, bl_env env)
{
    bl_compiler *compiler = t->check->compiler;
    const bl_program before = *compiler->program;
    bl_node *copy = bl_node_copy_list(compiler->arena, t->clauses);
    const bool done = (copy || bl_check_nomem(compiler)) &&
                      (env.kind != BL_NONE || add_kind_of(compiler, copy, &env)) &&
                      bl_check_clauses_alone(t->check, &env, copy);
    *compiler->program = before;
    return done;
}

static bool type_in(const trial *t, const bl_env *env)
{
    if (!t->symbol) return type_clauses(t, *env);
    return t->symbol->kind == BL_SYMBOL_BODY ? type_body(t->check, t->symbol, env)
                                             : type_ladder(t->check, t->symbol, env);
}

/* A policy without kinds is there to be extended: the fields that proposals will have are not known
 * yet. */
static uint32_t count_errors(const trial *t, const bl_diagnostics *unheard)
{
    if (t->symbol || t->check->compiler->program->kind_count > 0) return unheard->error_count;
    uint32_t count = 0;
    for (const bl_diagnostic *d = unheard->first; d; d = d->next)
        count += d->severity == BL_ERROR && d->code != BL_B0304;
    return count;
}

/* No place fits so far, and no other is tried: what stands there may be right in one of those. */
static bool is_given_up(const trial *t)
{
    return t->count == PLACES_MOST || t->check->trial_count == TRIALS_MOST;
}

static bool is_settled(const trial *t)
{
    return t->least_errors == 0 || is_given_up(t);
}

/* Types it there with nobody listening, and keeps the place if there was none better. */
static bool try_place(trial *t, bl_env env)
{
    if (is_settled(t)) return true;
    bl_compiler *compiler = t->check->compiler;
    bl_diagnostics *heard = compiler->diagnostics;
    bl_diagnostics unheard;
    bl_diagnostics_init(&unheard, compiler->arena);
    unheard.is_unheard = true;
    compiler->diagnostics = &unheard;
    const bool was_full = compiler->is_full;
    const bool done = type_in(t, &env);
    compiler->is_full = was_full;
    compiler->diagnostics = heard;
    if (!done || unheard.out_of_memory) return bl_check_nomem(compiler);
    const uint32_t errors = count_errors(t, &unheard);
    t->check->trial_count++;
    if (t->count++ == 0 || errors < t->least_errors) {
        t->best = env;
        t->least_errors = errors;
    }
    return true;
}

/* ---- all places ---- */

/* The scope of `body NAME of SCOPE`; BL_NONE. */
static uint32_t own_scope(const bl_compiler *compiler, const bl_symbol *symbol)
{
    const bl_node *scope = symbol->kind == BL_SYMBOL_BODY ? symbol->node->kids[BL_BODY_SCOPE]
                                                          : NULL;
    const bl_symbol *named = scope ? bl_symbol_find(compiler, scope->name) : NULL;
    return named && named->kind == BL_SYMBOL_SCOPE ? named->index : BL_NONE;
}

static bool try_kinds_and_events(trial *t, bl_env base)
{
    const bl_compiler *compiler = t->check->compiler;
    for (uint32_t i = 0; i < compiler->symbol_count && !is_settled(t); i++) {
        const bl_symbol *other = &compiler->symbols[i];
        bl_env env = base;
        if (other->kind == BL_SYMBOL_KIND) {
            env.kind = other->index;
            if (env.instance_scope == BL_NONE)
                env.instance_scope = compiler->program->kinds[other->index].scope;
        } else if (other->kind == BL_SYMBOL_EVENT && t->symbol->kind == BL_SYMBOL_BODY) {
            env.event = other->index;
        } else {
            continue;
        }
        if (!try_place(t, env)) return false;
    }
    return true;
}

static bool check_unused(bl_check *check, const bl_symbol *symbol)
{
    bl_compiler *compiler = check->compiler;
    trial t = {.check = check, .symbol = symbol, .least_errors = UINT32_MAX};
    bl_env base = bl_env_empty;
    base.has_proposal = true;
    base.has_ballots = symbol->kind == BL_SYMBOL_BODY;
    base.instance_scope = own_scope(compiler, symbol);
    const bool is_anywhere = base.instance_scope == BL_NONE;
    if (!try_place(&t, base) || !try_kinds_and_events(&t, base)) return false;
    for (uint32_t i = 0; is_anywhere && i < compiler->program->scope_count && !is_settled(&t);
         i++) {
        base.instance_scope = i;
        if (!try_place(&t, base)) return false;
    }
    const bool is_wrong = t.least_errors > 0 && !is_given_up(&t);
    return !is_wrong || type_in(&t, &t.best);
}

/* Ladders that a kind climbs are compiled with it. By symbol; NULL when out of memory. */
static bool *climbed_ladders(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    bool *is_climbed = bl_arena_array(compiler->arena, compiler->symbol_count, sizeof *is_climbed);
    if (!is_climbed) {
        bl_check_nomem(compiler);
        return NULL;
    }
    for (uint32_t i = 0; i < compiler->program->kind_count; i++)
        for (const bl_node *c = check->clauses[i]; c; c = c->next) {
            const bl_symbol *ladder = c->kind == BL_NODE_ALONG ? bl_symbol_find(compiler, c->name)
                                                               : NULL;
            if (ladder) is_climbed[ladder - compiler->symbols] = true;
        }
    return is_climbed;
}

/* ---- clauses for every proposal ---- */

/* Copies of those that no kind gets. */
static bool idle_clauses(bl_compiler *compiler, const bl_node *every, bl_node **out)
{
    *out = NULL;
    for (const bl_node *c = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; c; c = c->next) {
        if (!bl_every_clause_is_idle(compiler, every, c)) continue;
        *out = bl_node_copy(compiler->arena, c);
        if (!*out) return bl_check_nomem(compiler);
        out = &(*out)->next;
    }
    return true;
}

static bool check_every(bl_check *check, const bl_node *every)
{
    bl_compiler *compiler = check->compiler;
    bl_node *clauses;
    if (!idle_clauses(compiler, every, &clauses)) return false;
    if (!clauses) return true;
    trial t = {.check = check, .clauses = clauses, .least_errors = UINT32_MAX};
    const bl_node *scope = every->kids[BL_EVERY_PROPOSAL_SCOPE];
    bl_env base = bl_env_empty;
    base.has_proposal = true;
    if (scope) base.instance_scope = bl_symbol_find(compiler, scope->name)->index;
    if (!try_place(&t, base)) return false;
    for (uint32_t i = 0; i < compiler->program->kind_count && !is_settled(&t); i++) {
        if (scope && compiler->program->kinds[i].scope != base.instance_scope) continue;
        bl_env env = base;
        env.kind = i;
        env.instance_scope = compiler->program->kinds[i].scope;
        if (!try_place(&t, env)) return false;
    }
    const bool is_wrong = t.least_errors > 0 && !is_given_up(&t);
    return !is_wrong || type_in(&t, &t.best);
}

/* ---- all of them ---- */

bool bl_check_unused(bl_check *check)
{
    const bl_compiler *compiler = check->compiler;
    const bool *is_climbed = climbed_ladders(check);
    if (!is_climbed) return false;
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        const bool is_left = symbol->kind == BL_SYMBOL_BODY     ? !symbol->is_typed
                             : symbol->kind == BL_SYMBOL_LADDER ? !is_climbed[i]
                                                                : false;
        if (is_left && !check_unused(check, symbol)) return false;
    }
    for (uint32_t i = 0; i < compiler->every.count; i++)
        if (!check_every(check, compiler->every.items[i])) return false;
    return true;
}
