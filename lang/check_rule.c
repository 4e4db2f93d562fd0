/*
 * What events bring: rules, who declares conflicts, and circles of effects that nobody starts.
 *
 * An event that a rule emits is handled at once, and so is the opening of a proposal. Where such
 * steps lead back to their beginning without anybody's act, they would never end.
 */
#include "check.h"

/* ---- rules ---- */

static bool take_rule(bl_check *check, uint32_t event, const bl_node *node, bl_rule *row)
{
    bl_compiler *compiler = check->compiler;
    const bl_node *binder = node->kids[BL_RULE_BINDER];
    const bl_type type = {.base = BL_BASE_EVENT, .index = event};
    const bl_local local = {binder ? binder->name : BL_TEXT(""), type, BL_NONE, NULL, NULL};
    const bl_type boolean = {.base = BL_BASE_BOOLEAN, .index = BL_NONE};
    bl_env env = bl_env_empty;
    env.event = event;
    env.locals = binder ? &local : NULL;
    *row = (bl_rule){event, BL_NONE, BL_NONE, BL_NONE, {"", 0}, node->span};
    if (!bl_program_title(compiler, node->kids[BL_RULE_TITLE], &row->title)) return false;
    bl_node *by = node->kids[BL_RULE_BY], *when = node->kids[BL_RULE_WHEN];
    if (by && !bl_emit_body(compiler, &env, by, &row->body) && !bl_check_memory(compiler))
        return false;
    if (when && !bl_emit_expression(compiler, &env, when, &boolean, &row->when_chunk) &&
        !bl_check_memory(compiler))
        return false;
    env.effects_event = event;
    return bl_emit_effects(compiler, &env, node->kids[BL_RULE_EFFECTS], &row->effects_chunk) ||
           bl_check_memory(compiler);
}

/* The rules of each event as a chain of places in compiler->rules, in their order. */
typedef struct rule_chains {
    uint32_t *first; /* by event */
    uint32_t *next; /* by rule */
} rule_chains;

static bool chain_rules(bl_compiler *compiler, rule_chains *out)
{
    const bl_declared *rules = &compiler->rules;
    const uint32_t event_count = compiler->program->event_count;
    out->first = bl_arena_array(compiler->arena, event_count, sizeof *out->first);
    out->next = bl_arena_array(compiler->arena, rules->count, sizeof *out->next);
    if (!out->first || !out->next) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < event_count; i++)
        out->first[i] = BL_NONE;
    for (uint32_t i = rules->count; i-- > 0;) {
        const bl_symbol *event = bl_symbol_find(compiler, rules->items[i]->name);
        if (!event || event->kind != BL_SYMBOL_EVENT) continue;
        out->next[i] = out->first[event->index];
        out->first[event->index] = i;
    }
    return true;
}

/* Rules of one event stand together: all of the first event, then all of the second. */
static bool take_rules_of(bl_check *check, const rule_chains *chains, uint32_t event)
{
    bl_compiler *compiler = check->compiler;
    bl_program *program = compiler->program;
    bl_range rules = {program->rule_count, 0};
    for (uint32_t i = chains->first[event]; i != BL_NONE; i = chains->next[i]) {
        bl_rule rule;
        if (!take_rule(check, event, compiler->rules.items[i], &rule)) return false;
        bl_rule *row = bl_table_row(compiler, rule);
        if (!row) return bl_check_nomem(compiler);
        *row = rule;
        rules.count++;
    }
    program->events[event].rules = rules;
    return true;
}

static bool take_conflicts(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    const bl_node *first = NULL;
    for (const bl_node *node = compiler->declarations; node; node = node->next) {
        if (node->kind != BL_NODE_CONFLICTS) continue;
        if (first) {
            bl_check_single(compiler, first, node);
            continue;
        }
        first = node;
        bl_env env = bl_env_empty;
        env.has_proposal = true;
        if (!bl_emit_body(compiler, &env, node->kids[BL_CONFLICTS_BY],
                          &compiler->program->conflicts_body) &&
            !bl_check_memory(compiler))
            return false;
    }
    return true;
}

bool bl_check_rules(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->rules.count; i++)
        bl_symbol_of_node(compiler, compiler->rules.items[i], BL_SYMBOL_BIT(BL_SYMBOL_EVENT),
                          "event");
    rule_chains chains;
    if (!chain_rules(compiler, &chains)) return false;
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (compiler->symbols[i].kind == BL_SYMBOL_EVENT &&
            !take_rules_of(check, &chains, compiler->symbols[i].index))
            return false;
    return take_conflicts(check);
}

static bool mark_block(bl_compiler *compiler, const bl_node *effects, bool *is_changed)
{
    return bl_emit_mark_changes(compiler, effects, is_changed) || bl_check_memory(compiler);
}

bool bl_check_mark_changes(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    bl_program *program = compiler->program;
    bool *is_changed = bl_arena_array(compiler->arena, bl_names_count(program->names),
                                      sizeof *is_changed);
    if (!is_changed) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < compiler->rules.count; i++)
        if (!mark_block(compiler, compiler->rules.items[i]->kids[BL_RULE_EFFECTS], is_changed))
            return false;
    for (uint32_t kind = 0; kind < program->kind_count; kind++)
        for (const bl_node *c = check->clauses[kind]; c; c = c->next)
            if (c->kind == BL_NODE_ON_OUTCOME &&
                !mark_block(compiler, c->kids[BL_ON_OUTCOME_EFFECTS], is_changed))
                return false;
    for (uint32_t i = 0; i < program->attribute_count; i++)
        if (is_changed[program->attributes[i].name]) program->attributes[i].can_change = true;
    return true;
}

/* ---- circles ---- */

/* Points of the graph: events first, then proposal kinds. */
typedef struct edge {
    uint32_t from;
    uint32_t to;
    const bl_node *node; /* the `emit` or `open` */
    bool is_dropped;
    struct edge *next;
    struct edge *next_into; /* the same point */
} edge;

typedef struct point {
    uint32_t out_degree; /* edges that are not dropped */
    edge *into; /* the last that leads here */
    const edge *first_out; /* the first that is not dropped */
    bool is_seen;
} point;

typedef struct graph {
    bl_compiler *compiler;
    edge *first;
    edge **end;
    point *points;
    uint32_t point_count;
} graph;

static uint32_t point_of(const graph *g, const bl_node *effect)
{
    const bl_symbol *symbol = bl_symbol_find(g->compiler, effect->name);
    if (!symbol) return BL_NONE;
    if (effect->kind == BL_NODE_EMIT && symbol->kind == BL_SYMBOL_EVENT) return symbol->index;
    if (effect->kind == BL_NODE_OPEN && symbol->kind == BL_SYMBOL_KIND)
        return g->compiler->program->event_count + symbol->index;
    return BL_NONE;
}

/* Depth is bounded: the parser refuses deeper trees than BL_AST_DEPTH_MAX. */
static bool add_edges(graph *g, uint32_t from, const bl_node *effects)
{
    for (; effects; effects = effects->next) {
        uint32_t to = point_of(g, effects);
        if (to != BL_NONE) {
            edge *added = bl_arena_alloc(g->compiler->arena, sizeof *added);
            if (!added) return bl_check_nomem(g->compiler);
            *added = (edge){from, to, effects, false, NULL, g->points[to].into};
            *g->end = added;
            g->end = &added->next;
            g->points[to].into = added;
            g->points[from].out_degree++;
        }
        if (effects->kind == BL_NODE_IF && (!add_edges(g, from, effects->kids[BL_IF_THENS]) ||
                                            !add_edges(g, from, effects->kids[BL_IF_ELSES])))
            return false;
        if (effects->kind == BL_NODE_FOR_EACH &&
            !add_edges(g, from, effects->kids[BL_FOR_EACH_EFFECTS]))
            return false;
    }
    return true;
}

static bool build_graph(bl_check *check, graph *g)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->rules.count; i++) {
        const bl_node *rule = compiler->rules.items[i];
        const bl_symbol *event = bl_symbol_find(compiler, rule->name);
        if (!event || event->kind != BL_SYMBOL_EVENT) continue;
        if (!add_edges(g, event->index, rule->kids[BL_RULE_EFFECTS])) return false;
    }
    uint32_t events = compiler->program->event_count;
    for (uint32_t kind = 0; kind < compiler->program->kind_count; kind++)
        for (const bl_node *c = check->clauses[kind]; c; c = c->next) {
            if (c->kind != BL_NODE_ON_OUTCOME || !bl_text_equal(c->name, BL_TEXT("opened")))
                continue;
            if (!add_edges(g, events + kind, c->kids[BL_ON_OUTCOME_EFFECTS])) return false;
        }
    return true;
}

/* Takes away edges that lead to a point from which nothing leads on, until none is left or only
 * circles are. */
static bool drop_ends(graph *g)
{
    uint32_t *ends = bl_arena_array(g->compiler->arena, g->point_count, sizeof *ends);
    uint32_t count = 0;
    if (!ends) return bl_check_nomem(g->compiler);
    for (uint32_t i = 0; i < g->point_count; i++)
        if (g->points[i].out_degree == 0) ends[count++] = i;
    for (uint32_t at = 0; at < count; at++)
        for (edge *e = g->points[ends[at]].into; e; e = e->next_into) {
            e->is_dropped = true;
            if (--g->points[e->from].out_degree == 0) ends[count++] = e->from;
        }
    return true;
}

/* The first edge of all that is left, and of each point. */
static const edge *find_firsts(graph *g)
{
    const edge *first = NULL;
    for (const edge *e = g->first; e; e = e->next) {
        if (e->is_dropped) continue;
        if (!first) first = e;
        if (!g->points[e->from].first_out) g->points[e->from].first_out = e;
    }
    return first;
}

static bl_text point_text(const graph *g, uint32_t number)
{
    const bl_program *program = g->compiler->program;
    bool is_event = number < program->event_count;
    uint32_t name = is_event ? program->events[number].name
                             : program->kinds[number - program->event_count].name;
    return bl_names_text(program->names, name);
}

enum { POINTS_TOLD_MOST = 16 };

/* "a -> b -> a", and the edge that closes it. */
static const edge *write_circle(const graph *g, uint32_t start, bl_buffer *words)
{
    const edge *at = g->points[start].first_out;
    uint32_t count = 0;
    for (; at->to != start; at = g->points[at->to].first_out) {
        if (count++ >= POINTS_TOLD_MOST) continue;
        bl_buffer_text(words, point_text(g, at->from));
        bl_buffer_cstring(words, " -> ");
    }
    if (count > POINTS_TOLD_MOST)
        bl_buffer_format(words, "… (%u more) -> ", count - POINTS_TOLD_MOST);
    bl_buffer_text(words, point_text(g, at->from));
    bl_buffer_cstring(words, " -> ");
    bl_buffer_text(words, point_text(g, start));
    return at;
}

/* Follows the first edge of each point: every point left has one, so this comes round. */
static void report_circle(graph *g, const edge *first)
{
    const edge *e = first;
    while (!g->points[e->to].is_seen) {
        g->points[e->to].is_seen = true;
        e = g->points[e->to].first_out;
    }
    bl_buffer words;
    bl_buffer_init(&words, g->compiler->arena->memory);
    const edge *last = write_circle(g, e->to, &words);
    bl_text circle = bl_check_words(g->compiler, &words);
    bl_diagnostic *d = bl_diag(g->compiler->diagnostics, BL_B0416, last->node->span,
                               "these effects bring each other about without end: %.*s",
                               BL_NAME_ARGUMENT(circle));
    bl_diag_label(g->compiler->diagnostics, d, "this closes the circle");
    bl_diag_help(g->compiler->diagnostics, d,
                 "a circle needs somebody's act or a delay in it, such as a vote");
}

bool bl_check_effect_circles(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    graph g = {.compiler = compiler,
               .point_count = compiler->program->event_count + compiler->program->kind_count};
    g.end = &g.first;
    g.points = bl_arena_array(compiler->arena, g.point_count, sizeof *g.points);
    if (!g.points) return bl_check_nomem(compiler);
    if (!build_graph(check, &g) || !drop_ends(&g)) return false;
    const edge *first = find_firsts(&g);
    if (first) report_circle(&g, first);
    return true;
}
