/*
 * Signatures: what declarations offer to each other, before any expression is looked at.
 *
 * Types of attributes, fields and parameters, the scopes of roles and kinds, which clauses a kind
 * has beside its own, and which roles include which. All in the order of writing.
 */
#include "check.h"

#include "../runtime/limits.h"

/* ---- attributes ---- */

static uint8_t actor_mask(uint32_t flags)
{
    uint8_t mask = 0;
    if (flags & BL_FLAG_PERSON) mask |= BL_ACTOR_PERSON;
    if (flags & BL_FLAG_ORGANIZATION) mask |= BL_ACTOR_ORGANIZATION;
    if (flags & BL_FLAG_AGENT) mask |= BL_ACTOR_AGENT;
    return mask;
}

static bool types_equal(bl_type a, bl_type b)
{
    return a.base == b.base && a.is_list == b.is_list && a.is_optional == b.is_optional &&
           a.is_date == b.is_date && a.index == b.index;
}

static void report_twice(bl_compiler *compiler, const bl_node *again, bl_span first,
                         const char *what)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0202, bl_name_span(again),
                               "the %s `%.*s` is declared twice", what,
                               BL_NAME_ARGUMENT(again->name));
    bl_diag_label(compiler->diagnostics, d, "declared again here");
    bl_diag_note(compiler->diagnostics, d, first, "the first is here");
}

/* The same attribute of another kind of actor: one row for all of them, so of one type. */
static bool join_attribute(bl_compiler *compiler, bl_attribute *row, const bl_node *node,
                           uint8_t mask, bl_type type)
{
    if (row->actor_kinds & mask || mask == 0) {
        report_twice(compiler, node, row->span, "attribute");
        return true;
    }
    if (!types_equal(row->type, type)) {
        bl_diagnostic *d = bl_diag(
            compiler->diagnostics, BL_B0208, bl_name_span(node),
            "the attribute `%.*s` has another type for another kind of actor",
            BL_NAME_ARGUMENT(node->name));
        bl_diag_label(compiler->diagnostics, d, "one name, one type");
        bl_diag_note(compiler->diagnostics, d, row->span, "the other is here");
    }
    row->actor_kinds |= mask;
    return true;
}

static bool declare_attribute(bl_compiler *compiler, uint32_t scope, uint8_t mask, uint32_t slot,
                              const bl_node *node)
{
    bl_type type;
    if (!bl_type_of_node(compiler, node->kids[BL_ATTRIBUTE_TYPE], &type)) return true;
    uint32_t known = bl_attribute_find(compiler, scope, node->name);
    if (known != BL_NONE)
        return join_attribute(compiler, &compiler->program->attributes[known], node, mask, type);
    uint32_t name = bl_emit_name(compiler, node->name);
    bl_attribute *row = bl_table_row(compiler, attribute);
    if (name == BL_NONE || !row) return bl_check_nomem(compiler);
    *row = (bl_attribute){.name = name,
                          .type = type,
                          .actor_kinds = mask,
                          .scope = scope,
                          .slot = slot,
                          .default_chunk = BL_NONE,
                          .span = bl_name_span(node)};
    return bl_map_put(compiler->arena->memory, &compiler->attribute_of_name,
                      (uint64_t)scope << 32 | name, compiler->program->attribute_count - 1) ||
           bl_check_nomem(compiler);
}

static bool declare_actor_attributes(bl_compiler *compiler)
{
    bl_program *program = compiler->program;
    for (const bl_node *node = compiler->declarations; node; node = node->next) {
        if (node->kind != BL_NODE_ACTOR) continue;
        const bl_node *attribute = node->kids[BL_ACTOR_ATTRIBUTES];
        for (; attribute; attribute = attribute->next)
            if (!declare_attribute(compiler, BL_NONE, actor_mask(node->flags),
                                   program->attribute_count, attribute))
                return false;
    }
    program->actor_attribute_count = program->attribute_count;
    return true;
}

static bool declare_scope(bl_compiler *compiler, const bl_symbol *symbol)
{
    bl_program *program = compiler->program;
    const bl_node *node = symbol->node;
    bl_scope row = program->scopes[symbol->index];
    const bl_node *parent = node->kids[BL_SCOPE_PARENT];
    row.parent_name = parent ? bl_emit_name(compiler, parent->name) : BL_NONE;
    if (parent && row.parent_name == BL_NONE) return bl_check_nomem(compiler);
    if (!bl_program_title(compiler, node->kids[BL_SCOPE_TITLE], &row.title)) return false;
    row.attributes.first = program->attribute_count;
    for (const bl_node *a = node->kids[BL_SCOPE_ATTRIBUTES]; a; a = a->next) {
        uint32_t slot = program->attribute_count - row.attributes.first;
        if (!declare_attribute(compiler, symbol->index, 0, slot, a)) return false;
    }
    row.attributes.count = program->attribute_count - row.attributes.first;
    program->scopes[symbol->index] = row;
    return true;
}

/* ---- fields ---- */

typedef struct field_list {
    bl_range range;
    const char *what;
    bool is_required;
    bool is_full; /* which was told */
} field_list;

/* Tells the first that is one too many. */
static bool is_full(bl_compiler *compiler, field_list *list, const bl_node *node)
{
    if (list->range.count < BL_FIELD_COUNT_MAX) return false;
    if (!list->is_full) {
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, bl_name_span(node),
                                   "there may be %d %ss at most", BL_FIELD_COUNT_MAX, list->what);
        bl_diag_label(compiler->diagnostics, d, "one too many");
    }
    list->is_full = true;
    return true;
}

static bool declare_field(bl_compiler *compiler, field_list *list, const bl_node *node)
{
    bl_type type;
    if (is_full(compiler, list, node)) return true;
    if (!bl_type_of_node(compiler, node->kids[BL_FIELD_TYPE], &type)) return true;
    uint32_t known = bl_field_find(compiler, list->range, node->name);
    if (known != BL_NONE) {
        report_twice(compiler, node, compiler->program->fields[known].span, list->what);
        return true;
    }
    bool is_required = list->is_required && !type.is_optional;
    type.is_optional = !is_required;
    uint32_t name = bl_emit_name(compiler, node->name);
    bl_field *row = bl_table_row(compiler, field);
    if (name == BL_NONE || !row) return bl_check_nomem(compiler);
    *row = (bl_field){.name = name,
                      .type = type,
                      .is_required = is_required,
                      .slot = list->range.count++,
                      .span = bl_name_span(node)};
    return true;
}

static bool declare_fields(bl_compiler *compiler, field_list *list, const bl_node *fields)
{
    for (; fields; fields = fields->next)
        if (!declare_field(compiler, list, fields)) return false;
    return true;
}

static bool declare_field_list(bl_compiler *compiler, const bl_node *fields, const char *what,
                               bl_range *out)
{
    field_list list = {{compiler->program->field_count, 0}, what, true, false};
    if (!declare_fields(compiler, &list, fields)) return false;
    *out = list.range;
    return true;
}

bool bl_declare_clause_fields(bl_compiler *compiler, const bl_node *clauses, bl_range *out)
{
    field_list list = {{compiler->program->field_count, 0}, "field", true, false};
    for (const bl_node *clause = clauses; clause; clause = clause->next) {
        const bl_node *fields = NULL;
        if (clause->kind == BL_NODE_REQUIRES) fields = clause->kids[BL_REQUIRES_FIELDS];
        if (clause->kind == BL_NODE_ACCEPTS) fields = clause->kids[BL_ACCEPTS_FIELDS];
        list.is_required = clause->kind == BL_NODE_REQUIRES;
        if (!declare_fields(compiler, &list, fields)) return false;
    }
    *out = list.range;
    return true;
}

/* ---- one signature for each sort of declaration ---- */

static uint8_t held_by_mask(const bl_node *clauses)
{
    for (; clauses; clauses = clauses->next)
        if (clauses->kind == BL_NODE_HELD_BY) return actor_mask(clauses->flags);
    return BL_ACTOR_PERSON | BL_ACTOR_ORGANIZATION | BL_ACTOR_AGENT;
}

static bool declare_role(bl_compiler *compiler, const bl_symbol *symbol)
{
    const bl_node *node = symbol->node;
    bl_role *row = &compiler->program->roles[symbol->index];
    row->scope = bl_scope_of_node(compiler, node->kids[BL_ROLE_SCOPE]);
    row->is_anyone = (node->flags & BL_FLAG_ANYONE) != 0;
    row->held_by = held_by_mask(node->kids[BL_ROLE_CLAUSES]);
    row->from_body = BL_NONE;
    row->at_most = BL_NONE;
    row->from_span = row->cardinality_span = row->granters_span = row->revokers_span = BL_SPAN_NONE;
    return bl_program_title(compiler, node->kids[BL_ROLE_TITLE], &row->title);
}

void bl_kind_clear(bl_kind *row)
{
    row->scope = row->raised_body = row->raised_when = BL_NONE;
    row->effect_after_chunk = row->candidates_body = BL_NONE;
    row->default_option = row->cap_chunk = row->cap_attribute = BL_NONE;
    row->raised_span = row->effect_span = row->candidates_span = row->cap_span = BL_SPAN_NONE;
}

static bool declare_kind(bl_compiler *compiler, const bl_symbol *symbol)
{
    const bl_node *node = symbol->node;
    bl_kind *row = &compiler->program->kinds[symbol->index];
    bl_kind_clear(row);
    row->scope = bl_scope_of_node(compiler, node->kids[BL_PROPOSAL_SCOPE]);
    return bl_program_title(compiler, node->kids[BL_PROPOSAL_TITLE], &row->title);
}

static bool declare_procedure(bl_compiler *compiler, const bl_symbol *symbol)
{
    const bl_node *node = symbol->node;
    bl_range parameters;
    if (!declare_field_list(compiler, node->kids[BL_PROCEDURE_PARAMETERS], "parameter",
                            &parameters))
        return false;
    bl_procedure *row = &compiler->program->procedures[symbol->index];
    row->parameters = parameters;
    row->quorum = row->passes = row->fails = row->open_for_chunk = BL_NONE;
    row->casting_body = row->weight_chunk = BL_NONE;
    row->passes_span = row->fails_span = row->quorum_span = BL_SPAN_NONE;
    return bl_program_title(compiler, node->kids[BL_PROCEDURE_TITLE], &row->title);
}

static bool declare_function(bl_compiler *compiler, const bl_symbol *symbol)
{
    bool is_let = symbol->kind == BL_SYMBOL_LET;
    const bl_node *node = symbol->node;
    const bl_node *parameters = is_let ? NULL : node->kids[BL_FUNCTION_PARAMETERS];
    const bl_node *type = node->kids[is_let ? (int)BL_LET_TYPE : (int)BL_FUNCTION_TYPE];
    bl_range range;
    if (!declare_field_list(compiler, parameters, "parameter", &range)) return false;
    bl_function *row = &compiler->program->functions[symbol->index];
    row->parameters = range;
    row->chunk = BL_NONE;
    row->type = (bl_type){.base = BL_BASE_NOTHING, .index = BL_NONE};
    if (type) bl_type_of_node(compiler, type, &row->type);
    return true;
}

static bool declare_signature(bl_compiler *compiler, const bl_symbol *symbol)
{
    const bl_node *node = symbol->node;
    switch (symbol->kind) {
    case BL_SYMBOL_SCOPE: return declare_scope(compiler, symbol);
    case BL_SYMBOL_ROLE: return declare_role(compiler, symbol);
    case BL_SYMBOL_KIND: return declare_kind(compiler, symbol);
    case BL_SYMBOL_PROCEDURE: return declare_procedure(compiler, symbol);
    case BL_SYMBOL_EVENT:
        return declare_field_list(compiler, node->kids[BL_EVENT_FIELDS], "field",
                                  &compiler->program->events[symbol->index].fields);
    case BL_SYMBOL_LET:
    case BL_SYMBOL_FUNCTION: return declare_function(compiler, symbol);
    case BL_SYMBOL_BODY: bl_scope_of_node(compiler, node->kids[BL_BODY_SCOPE]); return true;
    case BL_SYMBOL_LADDER: return true;
    }
    return true;
}

/* ---- clauses for every proposal ---- */

/* `escalates to` and `along` both say where what stays unresolved goes. */
static bl_node_kind sort_of(const bl_node *clause)
{
    bool is_rung = clause->kind == BL_NODE_STAGE && (clause->flags & BL_FLAG_ESCALATES);
    return is_rung ? BL_NODE_ALONG : clause->kind;
}

bool bl_clause_is_same_sort(const bl_node *a, const bl_node *b)
{
    if (sort_of(a) != sort_of(b)) return false;
    return a->kind != BL_NODE_ON_OUTCOME || bl_text_equal(a->name, b->name);
}

bool bl_every_applies(const bl_compiler *compiler, const bl_node *every, const bl_symbol *kind)
{
    const bl_node *scope = every->kids[BL_EVERY_PROPOSAL_SCOPE];
    if (scope) {
        const bl_symbol *named = bl_symbol_find(compiler, scope->name);
        if (!named || named->kind != BL_SYMBOL_SCOPE) return false;
        if (named->index != compiler->program->kinds[kind->index].scope) return false;
    }
    const bool *is_excepted = compiler->is_excepted[every->ref];
    return !is_excepted || !is_excepted[kind->index];
}

static bool has_sort(const bl_node *own, const bl_node *clause)
{
    for (; own; own = own->next)
        if (bl_clause_is_same_sort(own, clause)) return true;
    return false;
}

static bool has_rung(const bl_node *clauses)
{
    for (; clauses; clauses = clauses->next)
        if (sort_of(clauses) == BL_NODE_ALONG) return true;
    return false;
}

/* A dispute for every proposal means only those that have somewhere to go. */
static bool is_wanted(const bl_node *own, const bl_node *every_clauses, const bl_node *clause)
{
    if (has_sort(own, clause)) return false;
    if (clause->kind != BL_NODE_DISPUTE) return true;
    return has_rung(own) || has_rung(every_clauses);
}

bool bl_every_clause_is_idle(const bl_compiler *compiler, const bl_node *every,
                             const bl_node *clause)
{
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *kind = &compiler->symbols[i];
        if (kind->kind == BL_SYMBOL_KIND && bl_every_applies(compiler, every, kind) &&
            is_wanted(kind->node->kids[BL_PROPOSAL_CLAUSES], every->kids[BL_EVERY_PROPOSAL_CLAUSES],
                      clause))
            return false;
    }
    return true;
}

static bool add_every_clauses(bl_check *check, const bl_node *every, const bl_symbol *kind,
                              bl_node ***end)
{
    bl_compiler *compiler = check->compiler;
    const bl_node *own = kind->node->kids[BL_PROPOSAL_CLAUSES];
    const bl_node *clauses = every->kids[BL_EVERY_PROPOSAL_CLAUSES];
    for (const bl_node *clause = clauses; clause; clause = clause->next) {
        if (!is_wanted(own, clauses, clause)) continue;
        bl_node *copy = bl_node_copy(compiler->arena, clause);
        if (!copy) return bl_check_nomem(compiler);
        **end = copy;
        *end = &copy->next;
    }
    return true;
}

static bool gather_clauses(bl_check *check, const bl_symbol *kind)
{
    bl_compiler *compiler = check->compiler;
    const bl_node *own = kind->node->kids[BL_PROPOSAL_CLAUSES];
    bl_node **first = &check->clauses[kind->index];
    *first = bl_node_copy_list(compiler->arena, own);
    if (own && !*first) return bl_check_nomem(compiler);
    bl_node **end = first;
    while (*end)
        end = &(*end)->next;
    for (uint32_t i = 0; i < compiler->every.count; i++) {
        const bl_node *every = compiler->every.items[i];
        if (bl_every_applies(compiler, every, kind) && !add_every_clauses(check, every, kind, &end))
            return false;
    }
    return true;
}

static bool declare_every_head(bl_compiler *compiler, bl_node *every, uint32_t place)
{
    const bl_node *except = every->kids[BL_EVERY_PROPOSAL_EXCEPTS];
    bool *is_excepted = NULL;
    bl_scope_of_node(compiler, every->kids[BL_EVERY_PROPOSAL_SCOPE]);
    if (except)
        is_excepted = bl_arena_array(compiler->arena, compiler->program->kind_count,
                                     sizeof *is_excepted);
    if (except && !is_excepted) return bl_check_nomem(compiler);
    for (; except; except = except->next) {
        const bl_symbol *kind = bl_symbol_of_node(compiler, except, BL_SYMBOL_BIT(BL_SYMBOL_KIND),
                                                  "proposal kind");
        if (kind) is_excepted[kind->index] = true;
    }
    every->ref = place;
    compiler->is_excepted[place] = is_excepted;
    return true;
}

static bool declare_every_heads(bl_compiler *compiler)
{
    compiler->is_excepted = bl_arena_array(compiler->arena, compiler->every.count,
                                           sizeof *compiler->is_excepted);
    if (!compiler->is_excepted) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < compiler->every.count; i++)
        if (!declare_every_head(compiler, compiler->every.items[i], i)) return false;
    return true;
}

/* An EVERY_PROPOSAL without clauses counts too. */
static bool has_few_every(bl_compiler *compiler)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < compiler->every.count; i++) {
        const bl_node *every = compiler->every.items[i];
        const bl_node *clause = every->kids[BL_EVERY_PROPOSAL_CLAUSES];
        for (count += !clause; clause && count <= BL_EVERY_CLAUSE_MAX; clause = clause->next)
            count++;
        if (count <= BL_EVERY_CLAUSE_MAX) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, every->span,
                                   "a policy may have %d clauses for every proposal at most",
                                   BL_EVERY_CLAUSE_MAX);
        bl_diag_label(compiler->diagnostics, d, "too many with these");
        return false;
    }
    return true;
}

/* Adds the rungs of the ladders that the clauses name. */
static void count_rungs(const bl_compiler *compiler, const bl_node *clauses, uint32_t *count)
{
    for (; clauses && *count <= BL_CLAUSE_COPIES_MAX; clauses = clauses->next) {
        const bl_symbol *ladder = clauses->kind == BL_NODE_ALONG
                                      ? bl_symbol_find(compiler, clauses->name)
                                      : NULL;
        if (!ladder || ladder->kind != BL_SYMBOL_LADDER) continue;
        const bl_node *rung = ladder->node->kids[BL_LADDER_CLAUSES];
        for (; rung && *count <= BL_CLAUSE_COPIES_MAX; rung = rung->next)
            ++*count;
    }
}

/* Adds the clauses that the kind gets from elsewhere; false after telling that they are too many.
 */
static bool has_few_copies(bl_compiler *compiler, const bl_symbol *kind, uint32_t *count)
{
    count_rungs(compiler, kind->node->kids[BL_PROPOSAL_CLAUSES], count);
    for (uint32_t i = 0; i < compiler->every.count; i++) {
        const bl_node *every = compiler->every.items[i];
        if (!bl_every_applies(compiler, every, kind)) continue;
        count_rungs(compiler, every->kids[BL_EVERY_PROPOSAL_CLAUSES], count);
        for (const bl_node *c = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; c; c = c->next)
            ++*count;
    }
    if (*count <= BL_CLAUSE_COPIES_MAX) return true;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, bl_name_span(kind->node),
                               "proposals may get %u clauses at most from `every proposal` and "
                               "ladders",
                               BL_CLAUSE_COPIES_MAX);
    bl_diag_label(compiler->diagnostics, d, "too many with this one's");
    return false;
}

bool bl_declare_every_clauses(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    uint32_t kind_count = compiler->program->kind_count, copies = 0;
    check->clauses = bl_arena_array(compiler->arena, kind_count, sizeof(bl_node *));
    if (!check->clauses) return bl_check_nomem(compiler);
    if (!has_few_every(compiler)) return true;
    if (!declare_every_heads(compiler)) return false;
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (symbol->kind != BL_SYMBOL_KIND) continue;
        if (!has_few_copies(compiler, symbol, &copies)) return true;
        if (!gather_clauses(check, symbol) ||
            !bl_declare_clause_fields(compiler, check->clauses[symbol->index],
                                      &compiler->program->kinds[symbol->index].fields))
            return false;
    }
    return true;
}

/* ---- inclusion of roles ---- */

static bool report_inclusion(bl_compiler *compiler, const bl_node *clause, const char *why)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0418, clause->span, "%s", why);
    bl_diag_label(compiler->diagnostics, d, "this inclusion has no meaning");
    return false;
}

/* A role of a scope includes roles of the same instance or of the whole world; a role of the whole
 * world those of any instance. */
static bool inclusion_fits(bl_compiler *compiler, const bl_role *outer, const bl_role *inner,
                           const bl_node *clause)
{
    const bl_node *ref = clause->kids[BL_INCLUDES_REF];
    bool is_any = ref->kind == BL_NODE_OF && (ref->flags & BL_FLAG_ANY);
    if (outer->is_anyone || inner->is_anyone)
        return report_inclusion(compiler, clause,
                                "a role of anyone includes nothing and needs no inclusion");
    if (inner->scope == BL_NONE) return true;
    if (ref->kind == BL_NODE_OF && (ref->flags & BL_FLAG_OTHER))
        return report_inclusion(compiler, clause,
                                "a role cannot include another one of other instances");
    if (outer->scope == BL_NONE && !is_any)
        return report_inclusion(compiler, clause,
                                "a role without a scope includes a role `of any` instance");
    if (outer->scope != BL_NONE && (is_any || outer->scope != inner->scope))
        return report_inclusion(compiler, clause,
                                "a role of a scope includes roles of the same instance only");
    return true;
}

/* Written as `outer` includes `inner`. */
typedef struct inclusion {
    uint32_t outer;
    uint32_t next; /* with the same inner role; BL_NONE */
} inclusion;

typedef struct inclusions {
    inclusion *items;
    uint32_t count;
    uint32_t *first; /* by inner role, in the order of declaration; BL_NONE */
    uint32_t *last;
} inclusions;

static void add_inclusion(bl_compiler *compiler, const bl_symbol *outer, const bl_node *clause,
                          inclusions *list)
{
    bl_program *program = compiler->program;
    const bl_symbol *inner = bl_symbol_of_node(compiler, clause->kids[BL_INCLUDES_REF],
                                               BL_SYMBOL_BIT(BL_SYMBOL_ROLE), "role");
    if (!inner) return;
    if (inner->index == outer->index) {
        report_inclusion(compiler, clause, "a role includes itself anyway");
        return;
    }
    if (!inclusion_fits(compiler, &program->roles[outer->index], &program->roles[inner->index],
                        clause))
        return;
    list->items[list->count] = (inclusion){outer->index, BL_NONE};
    if (list->first[inner->index] == BL_NONE)
        list->first[inner->index] = list->count;
    else
        list->items[list->last[inner->index]].next = list->count;
    list->last[inner->index] = list->count++;
}

static bool begin_inclusions(bl_compiler *compiler, uint32_t most, inclusions *list)
{
    const uint32_t role_count = compiler->program->role_count;
    list->items = bl_arena_array(compiler->arena, most, sizeof *list->items);
    list->first = bl_arena_array(compiler->arena, role_count, sizeof *list->first);
    list->last = bl_arena_array(compiler->arena, role_count, sizeof *list->last);
    if (!list->items || !list->first || !list->last) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < role_count; i++)
        list->first[i] = BL_NONE;
    return true;
}

static bool collect_inclusions(bl_compiler *compiler, inclusions *list)
{
    uint32_t most = 0;
    for (uint32_t pass = 0; pass < 2; pass++) { /* count them, then keep them */
        if (pass == 1 && !begin_inclusions(compiler, most, list)) return false;
        for (uint32_t i = 0; i < compiler->symbol_count; i++) {
            const bl_symbol *symbol = &compiler->symbols[i];
            if (symbol->kind != BL_SYMBOL_ROLE) continue;
            for (const bl_node *c = symbol->node->kids[BL_ROLE_CLAUSES]; c; c = c->next) {
                if (c->kind != BL_NODE_INCLUDES) continue;
                most++;
                if (pass == 1) add_inclusion(compiler, symbol, c, list);
            }
        }
    }
    return true;
}

/*
 * The roles that include `role`, each once, into `queue`, in which there is room for `most` and
 * one; nothing where it is included by none. More than `most` where they are more.
 */
static uint32_t roles_including(const inclusions *list, uint32_t role, uint32_t most,
                                bool *is_reached, uint32_t *queue)
{
    uint32_t queued = 1;
    queue[0] = role;
    is_reached[role] = true;
    for (uint32_t at = 0; at < queued && queued - 1 <= most; at++)
        for (uint32_t i = list->first[queue[at]]; i != BL_NONE; i = list->items[i].next) {
            const uint32_t outer = list->items[i].outer;
            if (is_reached[outer]) continue;
            is_reached[outer] = true;
            queue[queued++] = outer;
        }
    for (uint32_t at = 0; at < queued; at++)
        is_reached[queue[at]] = false;
    for (uint32_t at = 0; at + 1 < queued; at++)
        queue[at] = queue[at + 1];
    return queued - 1;
}

static bool declare_inclusions(bl_compiler *compiler)
{
    bl_program *program = compiler->program;
    inclusions list = {.items = NULL};
    if (!collect_inclusions(compiler, &list)) return false;
    bool *is_reached = bl_arena_array(compiler->arena, program->role_count, sizeof *is_reached);
    uint32_t *queue = bl_arena_array(compiler->arena, (size_t)program->role_count + 1,
                                     sizeof *queue);
    if (!is_reached || !queue) return bl_check_nomem(compiler);
    for (uint32_t role = 0; role < program->role_count && list.count > 0; role++) {
        const uint32_t left = BL_INDEX_COUNT_MAX - program->index_count;
        const uint32_t count = roles_including(&list, role, left, is_reached, queue);
        bl_range range;
        if (count == 0) continue;
        if (!bl_emit_indexes(compiler, program->roles[role].span, queue, count, &range))
            return bl_check_memory(compiler);
        program->roles[role].included_by = range;
    }
    return true;
}

bool bl_declare_signatures(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    if (!declare_actor_attributes(compiler)) return false;
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (!declare_signature(compiler, &compiler->symbols[i])) return false;
    return declare_inclusions(compiler);
}
