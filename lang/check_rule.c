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
    const bl_local local = {binder ? binder->name : BL_TEXT(""), type, BL_NONE, NULL};
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

/* Rules of one event stand together: all of the first event, then all of the second. */
static bool take_rules_of(bl_check *check, const bl_symbol *event)
{
    bl_compiler *compiler = check->compiler;
    bl_program *program = compiler->program;
    bl_range rules = {program->rule_count, 0};
    for (const bl_node *node = compiler->declarations; node; node = node->next) {
        bl_rule rule;
        if (node->kind != BL_NODE_RULE || bl_symbol_find(compiler, node->name) != event) continue;
        if (!take_rule(check, event->index, node, &rule)) return false;
        bl_rule *row = bl_table_row(compiler, rule);
        if (!row) return bl_check_nomem(compiler);
        *row = rule;
        rules.count++;
    }
    program->events[event->index].rules = rules;
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
    for (const bl_node *node = compiler->declarations; node; node = node->next)
        if (node->kind == BL_NODE_RULE)
            bl_symbol_of_node(compiler, node, BL_SYMBOL_BIT(BL_SYMBOL_EVENT), "event");
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (compiler->symbols[i].kind == BL_SYMBOL_EVENT &&
            !take_rules_of(check, &compiler->symbols[i]))
            return false;
    return take_conflicts(check);
}

bool bl_check_mark_changes(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    for (const bl_node *node = compiler->declarations; node; node = node->next)
        if (node->kind == BL_NODE_RULE &&
            !bl_emit_mark_changes(compiler, node->kids[BL_RULE_EFFECTS]) &&
            !bl_check_memory(compiler))
            return false;
    for (uint32_t kind = 0; kind < compiler->program->kind_count; kind++)
        for (const bl_node *c = check->clauses[kind]; c; c = c->next)
            if (c->kind == BL_NODE_ON_OUTCOME &&
                !bl_emit_mark_changes(compiler, c->kids[BL_ON_OUTCOME_EFFECTS]) &&
                !bl_check_memory(compiler))
                return false;
    return true;
}

/* ---- circles ---- */

/* Points of the graph: events first, then proposal kinds. */
typedef struct edge {
    uint32_t from;
    uint32_t to;
    const bl_node *node; /* the `emit` or `open` */
    struct edge *next;
} edge;

typedef struct graph {
    bl_compiler *compiler;
    edge *first;
    edge **end;
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
            *added = (edge){from, to, effects, NULL};
            *g->end = added;
            g->end = &added->next;
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
    for (const bl_node *node = compiler->declarations; node; node = node->next) {
        const bl_symbol *event = node->kind == BL_NODE_RULE ? bl_symbol_find(compiler, node->name)
                                                            : NULL;
        if (!event || event->kind != BL_SYMBOL_EVENT) continue;
        if (!add_edges(g, event->index, node->kids[BL_RULE_EFFECTS])) return false;
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
static void drop_ends(graph *g, uint32_t *out_degree)
{
    bool has_dropped = true;
    for (const edge *e = g->first; e; e = e->next)
        out_degree[e->from]++;
    while (has_dropped) {
        has_dropped = false;
        for (edge **link = &g->first; *link;) {
            if (out_degree[(*link)->to] > 0) {
                link = &(*link)->next;
                continue;
            }
            out_degree[(*link)->from]--;
            *link = (*link)->next;
            has_dropped = true;
        }
    }
}

static bl_text point_text(const graph *g, uint32_t point)
{
    const bl_program *program = g->compiler->program;
    bool is_event = point < program->event_count;
    uint32_t name = is_event ? program->events[point].name
                             : program->kinds[point - program->event_count].name;
    return bl_names_text(program->names, name);
}

static const edge *edge_from(const graph *g, uint32_t point)
{
    const edge *e = g->first;
    while (e && e->from != point)
        e = e->next;
    return e;
}

/* Follows the first edge of each point: every point left has one, so this comes round. */
static void report_circle(graph *g, bool *is_seen)
{
    const edge *e = g->first;
    while (!is_seen[e->to]) {
        is_seen[e->to] = true;
        e = edge_from(g, e->to);
    }
    uint32_t start = e->to;
    bl_buffer words;
    bl_buffer_init(&words, g->compiler->arena->memory);
    const edge *at = edge_from(g, start);
    for (; at->to != start; at = edge_from(g, at->to)) {
        bl_buffer_text(&words, point_text(g, at->from));
        bl_buffer_cstring(&words, " -> ");
    }
    bl_buffer_text(&words, point_text(g, at->from));
    bl_buffer_cstring(&words, " -> ");
    bl_buffer_text(&words, point_text(g, start));
    bl_text circle = bl_check_words(g->compiler, &words);
    bl_diagnostic *d = bl_diag(g->compiler->diagnostics, BL_B0416, at->node->span,
                               "these effects bring each other about without end: %.*s",
                               BL_NAME_ARGUMENT(circle));
    bl_diag_label(g->compiler->diagnostics, d, "this closes the circle");
    bl_diag_help(g->compiler->diagnostics, d,
                 "a circle needs somebody's act or a delay in it, such as a vote");
}

bool bl_check_effect_circles(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    size_t points = (size_t)compiler->program->event_count + compiler->program->kind_count;
    graph g = {.compiler = compiler};
    g.end = &g.first;
    uint32_t *out_degree = bl_arena_array(compiler->arena, points, sizeof *out_degree);
    bool *is_seen = bl_arena_array(compiler->arena, points, sizeof *is_seen);
    if (!out_degree || !is_seen) return bl_check_nomem(compiler);
    if (!build_graph(check, &g)) return false;
    drop_ends(&g, out_degree);
    if (g.first) report_circle(&g, is_seen);
    return true;
}
