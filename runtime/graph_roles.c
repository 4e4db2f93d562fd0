/*
 * Roles as nodes and edges: who holds them, who grants and revokes them, which include which, and
 * where their holders decide.
 */
#include "graph.h"

typedef struct role_drawing {
    bl_graph *graph;
    const bl_program *program;
    uint32_t first_role; /* node of role 0; the others follow */
    uint32_t *kind_nodes; /* BL_NONE: not drawn */
    uint32_t *event_nodes;
} role_drawing;

#define PUT(d, words) bl_buffer_cstring(&(d)->graph->scratch, (words))

/* ---- the lines of a role ---- */

static void add_holders(role_drawing *d, const bl_role *role)
{
    static const struct {
        uint8_t mask;
        const char *word;
    } sorts[] = {{BL_ACTOR_PERSON, "people"},
                 {BL_ACTOR_ORGANIZATION, "organizations"},
                 {BL_ACTOR_AGENT, "agents"}};
    if (role->is_anyone) bl_graph_line_add(d->graph, BL_TEXT("anyone"));
    if (role->is_anyone || role->held_by == 7) return;
    const char *between = "held by ";
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (!(role->held_by & sorts[i].mask)) continue;
        PUT(d, between);
        PUT(d, sorts[i].word);
        between = " or ";
    }
    bl_graph_line_built(d->graph);
}

static void add_bounds(role_drawing *d, const bl_role *role)
{
    if (role->at_least > 0 && role->at_least == role->at_most) {
        bl_buffer_format(&d->graph->scratch, "exactly %u", role->at_least);
        bl_graph_line_built(d->graph);
        return;
    }
    if (role->at_least > 0) bl_buffer_format(&d->graph->scratch, "at least %u", role->at_least);
    bl_graph_line_built(d->graph);
    if (role->at_most != BL_NONE) bl_buffer_format(&d->graph->scratch, "at most %u", role->at_most);
    bl_graph_line_built(d->graph);
}

static bool body_has(const role_drawing *d, uint32_t body, uint32_t role)
{
    if (body == BL_NONE) return false;
    const bl_range roles = d->program->bodies[body].roles;
    for (uint32_t i = 0; i < roles.count; i++)
        if (d->program->indexes[roles.first + i] == role) return true;
    return false;
}

static bool plans_have(const role_drawing *d, bl_range plans, uint32_t role)
{
    for (uint32_t i = 0; i < plans.count; i++)
        if (body_has(d, d->program->plans[plans.first + i].body, role)) return true;
    return false;
}

static bool steps_have(const role_drawing *d, bl_range steps, uint32_t role)
{
    for (uint32_t s = 0; s < steps.count; s++) {
        const bl_step *alternatives = &d->program->steps[steps.first + s];
        for (uint32_t a = 0; a < alternatives->count; a++)
            if (plans_have(d, d->program->alternatives[alternatives->first + a], role)) return true;
    }
    return false;
}

static bool decides(const role_drawing *d, const bl_kind *kind, uint32_t role)
{
    return steps_have(d, kind->steps, role);
}

static bool resolves(const role_drawing *d, const bl_kind *kind, uint32_t role)
{
    return plans_have(d, kind->rungs, role);
}

static bool vetoes(const role_drawing *d, const bl_kind *kind, uint32_t role)
{
    for (uint32_t i = 0; i < kind->vetoes.count; i++) {
        const bl_veto *veto = &d->program->vetoes[kind->vetoes.first + i];
        if (body_has(d, d->program->plans[veto->plan].body, role)) return true;
    }
    return false;
}

static bool overrides(const role_drawing *d, const bl_kind *kind, uint32_t role)
{
    for (uint32_t i = 0; i < kind->vetoes.count; i++)
        if (steps_have(d, d->program->vetoes[kind->vetoes.first + i].overrides, role)) return true;
    return false;
}

static bool disputes(const role_drawing *d, const bl_kind *kind, uint32_t role)
{
    return plans_have(d, kind->disputes, role);
}

/* "decides change, retire": the kinds in which a body it sits in does this. */
static void add_seats(role_drawing *d, uint32_t role, const char *word,
                      bool (*sits)(const role_drawing *, const bl_kind *, uint32_t))
{
    const char *between = word;
    for (uint32_t i = 0; i < d->program->kind_count; i++) {
        if (!sits(d, &d->program->kinds[i], role)) continue;
        PUT(d, between);
        bl_buffer_text(&d->graph->scratch, bl_graph_name(d->graph, d->program->kinds[i].name));
        between = ", ";
    }
    bl_graph_line_built(d->graph);
}

static void add_role(role_drawing *d, uint32_t row)
{
    const bl_role *role = &d->program->roles[row];
    bl_buffer_format(&d->graph->scratch, "role%u", row);
    bl_graph_node_add(d->graph, BL_GRAPH_ROLE, bl_graph_built(d->graph), "role", row, role->span);
    bl_buffer_text(&d->graph->scratch, bl_graph_name(d->graph, role->name));
    if (role->scope != BL_NONE) {
        PUT(d, " of ");
        bl_buffer_text(&d->graph->scratch,
                       bl_graph_name(d->graph, d->program->scopes[role->scope].name));
    }
    bl_graph_line_built(d->graph);
    bl_graph_line_add(d->graph, role->title);
    add_holders(d, role);
    add_bounds(d, role);
    add_seats(d, row, "decides ", decides);
    add_seats(d, row, "resolves ", resolves);
    add_seats(d, row, "vetoes ", vetoes);
    add_seats(d, row, "overrides in ", overrides);
    add_seats(d, row, "disputes ", disputes);
}

/* ---- edges ---- */

static uint32_t kind_node(role_drawing *d, uint32_t row)
{
    if (d->kind_nodes[row] != BL_NONE) return d->kind_nodes[row];
    const bl_kind *kind = &d->program->kinds[row];
    bl_buffer_format(&d->graph->scratch, "kind%u", row);
    d->kind_nodes[row] = bl_graph_node_add(d->graph, BL_GRAPH_KIND, bl_graph_built(d->graph),
                                           "kind", row, kind->span);
    bl_graph_line_add(d->graph, bl_graph_name(d->graph, kind->name));
    return d->kind_nodes[row];
}

static uint32_t event_node(role_drawing *d, uint32_t row)
{
    if (d->event_nodes[row] != BL_NONE) return d->event_nodes[row];
    const bl_event_type *event = &d->program->events[row];
    bl_buffer_format(&d->graph->scratch, "event%u", row);
    d->event_nodes[row] = bl_graph_node_add(d->graph, BL_GRAPH_EVENT, bl_graph_built(d->graph),
                                            "event", row, event->span);
    PUT(d, "event ");
    bl_buffer_text(&d->graph->scratch, bl_graph_name(d->graph, event->name));
    bl_graph_line_built(d->graph);
    return d->event_nodes[row];
}

static uint32_t body_node(role_drawing *d, uint32_t row)
{
    const bl_body *body = &d->program->bodies[row];
    bl_buffer_format(&d->graph->scratch, "body%u", row);
    const uint32_t node = bl_graph_node_add(d->graph, BL_GRAPH_BODY, bl_graph_built(d->graph),
                                            "body", row, body->span);
    bl_graph_line_add(d->graph, body->text);
    return node;
}

static uint32_t changer_node(role_drawing *d, const bl_changer *changer)
{
    switch (changer->kind) {
    case BL_CHANGER_KIND: return kind_node(d, changer->index);
    case BL_CHANGER_EVENT: return event_node(d, changer->index);
    case BL_CHANGER_BODY: return body_node(d, changer->index);
    }
    return BL_NONE;
}

static void add_changers(role_drawing *d, uint32_t role, bl_range changers, bl_text label)
{
    for (uint32_t i = 0; i < changers.count; i++) {
        const uint32_t from = changer_node(d, &d->program->changers[changers.first + i]);
        bl_graph_edge_add(d->graph, from, d->first_role + role, label, false);
    }
}

static bool is_included_by(const role_drawing *d, uint32_t role, uint32_t other)
{
    const bl_range by = d->program->roles[role].included_by;
    for (uint32_t i = 0; i < by.count; i++)
        if (d->program->indexes[by.first + i] == other) return true;
    return false;
}

/* Whether it is included through a third role only: that one's edge says it. */
static bool is_through_another(const role_drawing *d, uint32_t role, uint32_t other)
{
    const bl_range by = d->program->roles[role].included_by;
    for (uint32_t i = 0; i < by.count; i++) {
        const uint32_t third = d->program->indexes[by.first + i];
        if (third != other && is_included_by(d, third, other)) return true;
    }
    return false;
}

static void add_ladder(role_drawing *d, uint32_t row)
{
    const bl_role *role = &d->program->roles[row];
    for (uint32_t other = 0; other < d->program->role_count; other++) {
        if (is_included_by(d, row, other) && !is_through_another(d, row, other))
            bl_graph_edge_add(d->graph, d->first_role + other, d->first_role + row,
                              BL_TEXT("includes"), false);
        if (body_has(d, role->from_body, other))
            bl_graph_edge_add(d->graph, d->first_role + other, d->first_role + row,
                              BL_TEXT("eligible"), true);
    }
}

void bl_graph_roles(bl_graph *graph)
{
    const bl_program *program = graph->program;
    role_drawing d = {.graph = graph, .program = program};
    d.kind_nodes = bl_arena_array(&graph->arena, program->kind_count + 1, sizeof *d.kind_nodes);
    d.event_nodes = bl_arena_array(&graph->arena, program->event_count + 1, sizeof *d.event_nodes);
    if (!d.kind_nodes || !d.event_nodes) {
        graph->has_failed = true;
        return;
    }
    for (uint32_t i = 0; i < program->kind_count; i++)
        d.kind_nodes[i] = BL_NONE;
    for (uint32_t i = 0; i < program->event_count; i++)
        d.event_nodes[i] = BL_NONE;
    bl_graph_picture_begin(graph, BL_TEXT("roles"), BL_TEXT("roles: who holds, grants and revokes"),
                           true);
    d.first_role = (uint32_t)graph->nodes.count;
    for (uint32_t i = 0; i < program->role_count && !graph->has_failed; i++)
        add_role(&d, i);
    for (uint32_t i = 0; i < program->role_count && !graph->has_failed; i++) {
        add_changers(&d, i, program->roles[i].granters, BL_TEXT("grants"));
        add_changers(&d, i, program->roles[i].revokers, BL_TEXT("revokes"));
        add_ladder(&d, i);
    }
    bl_graph_picture_end(graph);
}
