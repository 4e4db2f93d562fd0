/*
 * What names mean: locals, fields, the words of a proposal, declarations, attributes, `of`, calls.
 *
 * The first meaning in this order wins: locals, fields of the proposal, words of the proposal and
 * its stage, the scope of the context, declarations. A body is its expression, copied to the place
 * of its name: the same body may be typed for many places. What is said where a name means nothing
 * is in typing_reports.c.
 */
#include "typing.h"

#include "../runtime/limits.h"

const bl_node *bl_node_meant(const bl_node *node)
{
    for (int i = 0; i < BL_AST_DEPTH_MAX && node->ref == BL_MEANING_EXPANDED; i++)
        node = node->kids[BL_EXPANSION];
    return node;
}

bool bl_node_is_anyone(const bl_node *node)
{
    const bl_node *meant = bl_node_meant(node);
    bool is_name = meant->kind == BL_NODE_NAME || meant->kind == BL_NODE_OF;
    return is_name && meant->ref == BL_MEANING_ANYONE;
}

static void mean(bl_node *node, bl_meaning meaning, uint32_t index, bl_type type)
{
    node->ref = meaning;
    node->ref2 = index;
    node->type = type;
}

static bl_node *name_node(typing *t, bl_text name, bl_span span)
{
    bl_node *node = bl_node_create(t->compiler->arena, BL_NODE_NAME, span);
    if (!node) {
        t->compiler->out_of_memory = true;
        return NULL;
    }
    node->name = name;
    node->name_span = span;
    return node;
}

/* ---- values by bare name ---- */

static const bl_local *find_local(const typing *t, bl_text name)
{
    return bl_local_find(t->env->locals, name);
}

static uint32_t find_field(const typing *t, bl_text name)
{
    const bl_program *program = t->compiler->program;
    if (t->env->kind == BL_NONE) return BL_NONE;
    return bl_field_find(t->compiler, program->kinds[t->env->kind].fields, name);
}

bool bl_typing_has_value(const typing *t, bl_text name)
{
    return find_local(t, name) || find_field(t, name) != BL_NONE;
}

static void mean_local(bl_node *node, const bl_local *local)
{
    bl_meaning meaning = BL_MEANING_LOCAL;
    if (local->slot == BL_NONE)
        meaning = local->type.base == BL_BASE_EVENT ? BL_MEANING_EVENT : BL_MEANING_NAMED;
    mean(node, meaning, local->slot, local->type);
}

/* In scenarios an instance and a proposal may have one id: the one that is wanted is meant. */
static const bl_local *find_wanted(const typing *t, bl_text name, const bl_type *want)
{
    const bl_local *first = find_local(t, name);
    if (!first || first->slot != BL_NONE || !want) return first;
    for (const bl_local *local = first; local; local = local->next)
        if (bl_text_equal(local->name, name) && bl_type_fits(*want, local->type)) return local;
    return first;
}

static bool mean_value(typing *t, bl_node *node, const bl_type *want)
{
    const bl_local *local = find_wanted(t, node->name, want);
    if (local) {
        mean_local(node, local);
        return true;
    }
    uint32_t field = find_field(t, node->name);
    if (field == BL_NONE) return false;
    mean(node, BL_MEANING_FIELD, field, t->compiler->program->fields[field].type);
    return true;
}

/* ---- words ---- */

typedef enum word_needs {
    NEEDS_NOTHING,
    NEEDS_PROPOSAL,
    NEEDS_BALLOTS,
    NEEDS_BODY,
    NEEDS_EVENT
} word_needs;
typedef struct word {
    const char *name;
    word_needs needs;
    bl_meaning meaning;
    uint32_t index;
    bl_base base;
} word;

static const word word_rows[] = {
    {"proposal", NEEDS_PROPOSAL, BL_MEANING_PROPOSAL, BL_NONE, BL_BASE_PROPOSAL},
    {"author", NEEDS_PROPOSAL, BL_MEANING_AUTHOR, BL_NONE, BL_BASE_ACTOR},
    {"now", NEEDS_NOTHING, BL_MEANING_NOW, BL_NONE, BL_BASE_TIME},
    {"approve", NEEDS_BALLOTS, BL_MEANING_BALLOT, BL_BALLOT_APPROVE, BL_BASE_SET},
    {"reject", NEEDS_BALLOTS, BL_MEANING_BALLOT, BL_BALLOT_REJECT, BL_BASE_SET},
    {"abstain", NEEDS_BALLOTS, BL_MEANING_BALLOT, BL_BALLOT_ABSTAIN, BL_BASE_SET},
    {"cast", NEEDS_BALLOTS, BL_MEANING_BALLOT,
     BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN, BL_BASE_SET},
    {"body", NEEDS_BODY, BL_MEANING_BALLOT,
     BL_BALLOT_NONE | BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN, BL_BASE_SET},
    {"conflicted", NEEDS_PROPOSAL, BL_MEANING_CONFLICTED, BL_NONE, BL_BASE_SET},
    {"anyone", NEEDS_NOTHING, BL_MEANING_ANYONE, BL_NONE, BL_BASE_SET},
    {"event", NEEDS_EVENT, BL_MEANING_EVENT, BL_NONE, BL_BASE_EVENT},
};

static const word *find_word(bl_text name)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
        if (bl_text_equal(name, bl_text_of(word_rows[i].name))) return &word_rows[i];
    return NULL;
}

bool bl_name_is_taken(const bl_compiler *compiler, bl_text name)
{
    return find_word(name) || bl_symbol_find(compiler, name);
}

static bool has_what_word_needs(const bl_env *env, word_needs needs)
{
    switch (needs) {
    case NEEDS_NOTHING: return true;
    case NEEDS_PROPOSAL: return env->has_proposal;
    case NEEDS_BALLOTS: return env->has_ballots;
    case NEEDS_BODY: return env->has_ballots || env->has_body;
    case NEEDS_EVENT: return env->event != BL_NONE;
    }
    return false;
}

static void mean_word(typing *t, bl_node *node, const word *w)
{
    bl_type type = bl_type_of_base(w->base);
    if (w->meaning == BL_MEANING_PROPOSAL) type.index = t->env->kind;
    if (w->meaning == BL_MEANING_EVENT) type.index = t->env->event;
    if (w->meaning == BL_MEANING_AUTHOR) type.is_optional = true;
    mean(node, w->meaning, w->index, type);
}

static bool report_word(typing *t, const bl_node *node, const word *w)
{
    static const char *const places[] = {
        [NEEDS_NOTHING] = "",
        [NEEDS_PROPOSAL] = "in clauses of proposals",
        [NEEDS_BALLOTS] = "in the conditions of a procedure and in quorums",
        [NEEDS_BODY] = "in the conditions of a procedure, in quorums and in options of a count",
        [NEEDS_EVENT] = "in rules about events"};
    bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0305, node->span,
                               "`%s` means nothing here", w->name);
    bl_diag_help(t->compiler->diagnostics, d, "`%s` can be used %s", w->name, places[w->needs]);
    return false;
}

void bl_typing_offer_words(const typing *t, bl_nearest *nearest)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
        if (has_what_word_needs(t->env, word_rows[i].needs))
            bl_nearest_offer(nearest, bl_text_of(word_rows[i].name));
}

const char *bl_typing_word_meant(const typing *t, bl_text name)
{
    static const struct {
        word_needs needs;
        const char *said, *meant;
    } rows[] = {
        {NEEDS_NOTHING, "everyone", "anyone"},   {NEEDS_NOTHING, "everybody", "anyone"},
        {NEEDS_NOTHING, "anybody", "anyone"},    {NEEDS_NOTHING, "all", "anyone"},
        {NEEDS_NOTHING, "today", "now"},         {NEEDS_PROPOSAL, "proposer", "author"},
        {NEEDS_BALLOTS, "votes", "cast"},        {NEEDS_BALLOTS, "vote", "cast"},
        {NEEDS_BALLOTS, "voted", "cast"},        {NEEDS_BALLOTS, "voters", "cast"},
        {NEEDS_BALLOTS, "voting", "cast"},       {NEEDS_BALLOTS, "ballots", "cast"},
        {NEEDS_BALLOTS, "participants", "cast"}, {NEEDS_BALLOTS, "yes", "approve"},
        {NEEDS_BALLOTS, "approvals", "approve"}, {NEEDS_BALLOTS, "approved", "approve"},
        {NEEDS_BALLOTS, "ayes", "approve"},      {NEEDS_BALLOTS, "no", "reject"},
        {NEEDS_BALLOTS, "rejections", "reject"}, {NEEDS_BALLOTS, "rejected", "reject"},
        {NEEDS_BALLOTS, "against", "reject"},    {NEEDS_BALLOTS, "abstentions", "abstain"},
        {NEEDS_BALLOTS, "abstained", "abstain"}, {NEEDS_BALLOTS, "members", "body"},
        {NEEDS_BALLOTS, "everyone", "body"},     {NEEDS_BALLOTS, "total", "body"},
    };
    const char *meant = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bl_text_equal(name, bl_text_of(rows[i].said)) &&
            has_what_word_needs(t->env, rows[i].needs))
            meant = rows[i].meant; /* the one that this place alone knows comes last */
    return meant;
}

/* ---- the scope of the context ---- */

static bool mean_instance(typing *t, bl_node *node, uint32_t scope)
{
    if (t->instance && t->instance->type.index == scope) {
        node->kids[BL_EXPANSION] = t->instance;
        mean(node, BL_MEANING_EXPANDED, BL_NONE, t->instance->type);
        return true;
    }
    if (t->env->instance_scope != scope) return false;
    bl_type type = bl_type_of_base(BL_BASE_INSTANCE);
    type.index = scope;
    mean(node, BL_MEANING_INSTANCE, BL_NONE, type);
    return true;
}

/* ---- declarations ---- */

static bool mean_role(typing *t, bl_node *node, const bl_symbol *symbol, const bl_type *want)
{
    const uint32_t index = symbol->index;
    const bl_role *role = &t->compiler->program->roles[index];
    bl_type set = bl_type_of_base(BL_BASE_SET);
    if (want && bl_type_is(*want, BL_BASE_ROLE))
        mean(node, BL_MEANING_ROLE_VALUE, index, bl_type_of_base(BL_BASE_ROLE));
    else if (role->is_anyone)
        mean(node, BL_MEANING_ANYONE, index, set);
    else if (role->scope != BL_NONE)
        return bl_report_bare_role(t, node, symbol, role->scope);
    else
        mean(node, BL_MEANING_ROLE, index, set);
    return true;
}

/* The scope of `body NAME of SCOPE`; BL_NONE. */
static uint32_t scope_of_body(const typing *t, const bl_symbol *body)
{
    const bl_node *scope = body->node->kids[BL_BODY_SCOPE];
    if (!scope) return BL_NONE;
    const bl_symbol *symbol = bl_symbol_find(t->compiler, scope->name);
    return symbol && symbol->kind == BL_SYMBOL_SCOPE ? symbol->index : BL_NONE;
}

/* Types the body's expression in this place. Its names do not see the locals here, and `instance`
 * is what it is `of`. */
static bool mean_body(typing *t, bl_node *node, const bl_symbol *body, bl_node *instance)
{
    for (const expansion *e = t->expansions; e; e = e->outer)
        if (e->body == body) return false; /* a circle, which check_function.c reports */
    t->compiler->symbols[body - t->compiler->symbols].is_typed = true;
    if (++t->counts->expansions > BL_EXPANSION_MAX) {
        return bl_report_expansion(t, body);
    }
    bl_node *value = bl_node_copy(t->compiler->arena, body->node->kids[BL_BODY_VALUE]);
    if (!value) { /* no memory: trees that are too deep were refused before */
        t->compiler->out_of_memory = true;
        return false;
    }
    bl_env inside = *t->env;
    inside.locals = NULL;
    inside.local_count = t->counts->slots;
    expansion here = {body, t->expansions};
    typing inner = *t;
    inner.env = &inside;
    inner.expansions = &here;
    if (instance) inner.instance = instance;
    bl_type want = bl_type_of_base(BL_BASE_SET);
    if (!bl_typing_node(&inner, value, &want)) return false;
    node->kids[BL_EXPANSION] = value;
    mean(node, BL_MEANING_EXPANDED, BL_NONE, value->type);
    return true;
}

/* The name of a body that is `of` a scope, without saying of which instance. */
static bool mean_bare_body(typing *t, bl_node *node, const bl_symbol *body)
{
    uint32_t scope = scope_of_body(t, body);
    if (scope != BL_NONE) return bl_report_bare_role(t, node, body, scope);
    return mean_body(t, node, body, NULL);
}

static bool mean_procedure(typing *t, bl_node *node, uint32_t index)
{
    uint32_t count = t->compiler->program->procedures[index].parameters.count;
    const char *meant = count > 0 ? bl_typing_word_meant(t, node->name) : NULL;
    if (meant) return bl_report_procedure(t, node, meant);
    if (count > 0) return bl_report_arguments(t, node, count, 0);
    mean(node, BL_MEANING_PROCEDURE, index, bl_type_of_base(BL_BASE_PROCEDURE));
    return true;
}

/* The value of a function; false where the function itself is wrong, which has been said. */
static bool mean_value_of(typing *t, bl_node *node, uint32_t index)
{
    bl_type type = t->compiler->program->functions[index].type;
    mean(node, BL_MEANING_FUNCTION, index, type);
    return !bl_type_is(type, BL_BASE_NOTHING);
}

static bool mean_constant(typing *t, bl_node *node, uint32_t index)
{
    uint32_t count = t->compiler->program->functions[index].parameters.count;
    return count > 0 ? bl_report_arguments(t, node, count, 0) : mean_value_of(t, node, index);
}

/* Where people are wanted, a role may have become a scope; where anything may come, it was told. */
static bool report_scope(typing *t, const bl_node *node, const bl_symbol *symbol,
                         const bl_type *want)
{
    const bl_slip slip = {BL_SLIP_SORT, symbol->node->name_span, BL_TEXT("role")};
    if (want && bl_type_is(*want, BL_BASE_SET)) return bl_report_no_value(t, node, symbol, want);
    if (!want && bl_diag_told(t->compiler->diagnostics, &slip, node->span)) return false;
    return bl_report_no_instance(t, node, node->name);
}

static bool mean_symbol(typing *t, bl_node *node, const bl_symbol *symbol, const bl_type *want)
{
    switch (symbol->kind) {
    case BL_SYMBOL_SCOPE: return report_scope(t, node, symbol, want);
    case BL_SYMBOL_ROLE: return mean_role(t, node, symbol, want);
    case BL_SYMBOL_BODY: return mean_bare_body(t, node, symbol);
    case BL_SYMBOL_PROCEDURE: return mean_procedure(t, node, symbol->index);
    case BL_SYMBOL_LET:
    case BL_SYMBOL_FUNCTION: return mean_constant(t, node, symbol->index);
    case BL_SYMBOL_LADDER:
    case BL_SYMBOL_KIND:
    case BL_SYMBOL_EVENT: return bl_report_no_value(t, node, symbol, want);
    }
    return false;
}

bool bl_typing_name(typing *t, bl_node *node, const bl_type *want)
{
    if (mean_value(t, node, want)) return true;
    const word *w = find_word(node->name);
    if (w && has_what_word_needs(t->env, w->needs)) {
        mean_word(t, node, w);
        return true;
    }
    const bl_symbol *symbol = bl_symbol_find(t->compiler, node->name);
    if (symbol && symbol->kind == BL_SYMBOL_SCOPE && mean_instance(t, node, symbol->index))
        return true;
    if (symbol) return mean_symbol(t, node, symbol, want);
    if (w) return report_word(t, node, w);
    return bl_report_unknown_name(t, node, want);
}

/* ---- E.name ---- */

typedef struct built_in {
    bl_base of;
    const char *name;
    bl_property property;
    bl_base base;
    bool is_optional;
} built_in;

static const built_in built_ins[] = {
    {BL_BASE_PROPOSAL, "id", BL_PROPERTY_PROPOSAL_ID, BL_BASE_TEXT, false},
    {BL_BASE_PROPOSAL, "kind", BL_PROPERTY_PROPOSAL_KIND, BL_BASE_TEXT, false},
    {BL_BASE_PROPOSAL, "author", BL_PROPERTY_PROPOSAL_AUTHOR, BL_BASE_ACTOR, true},
    {BL_BASE_PROPOSAL, "on", BL_PROPERTY_PROPOSAL_ON, BL_BASE_INSTANCE, false},
    {BL_BASE_PROPOSAL, "opened", BL_PROPERTY_PROPOSAL_OPENED, BL_BASE_TIME, false},
    {BL_BASE_PROPOSAL, "decided", BL_PROPERTY_PROPOSAL_DECIDED, BL_BASE_TIME, true},
    {BL_BASE_PROPOSAL, "rung", BL_PROPERTY_PROPOSAL_RUNG, BL_BASE_NUMBER, false},
    {BL_BASE_ACTOR, "handle", BL_PROPERTY_ACTOR_HANDLE, BL_BASE_TEXT, false},
    {BL_BASE_ACTOR, "kind", BL_PROPERTY_ACTOR_KIND, BL_BASE_TEXT, false},
    {BL_BASE_INSTANCE, "id", BL_PROPERTY_INSTANCE_ID, BL_BASE_TEXT, false},
    {BL_BASE_EVENT, "actor", BL_PROPERTY_EVENT_ACTOR, BL_BASE_ACTOR, true},
    {BL_BASE_EVENT, "time", BL_PROPERTY_EVENT_TIME, BL_BASE_TIME, false},
};

static bool mean_attribute(typing *t, bl_node *node, bl_type of)
{
    uint32_t scope = of.base == BL_BASE_INSTANCE ? of.index : BL_NONE;
    if (of.base == BL_BASE_INSTANCE && scope == BL_NONE) return false;
    uint32_t attribute = bl_attribute_find(t->compiler, scope, node->name);
    if (attribute == BL_NONE) return false;
    mean(node, BL_MEANING_ATTRIBUTE, attribute, t->compiler->program->attributes[attribute].type);
    return true;
}

static bool mean_declared(typing *t, bl_node *node, bl_type of)
{
    const bl_program *program = t->compiler->program;
    bool is_event = of.base == BL_BASE_EVENT;
    if (of.base == BL_BASE_ACTOR || of.base == BL_BASE_INSTANCE) return mean_attribute(t, node, of);
    if (of.index == BL_NONE) return false;
    bl_range fields = is_event ? program->events[of.index].fields : program->kinds[of.index].fields;
    uint32_t field = bl_field_find(t->compiler, fields, node->name);
    if (field == BL_NONE) return false;
    mean(node, is_event ? BL_MEANING_EVENT_FIELD : BL_MEANING_FIELD, field,
         program->fields[field].type);
    return true;
}

static bool mean_built_in(const bl_compiler *compiler, bl_node *node, bl_type of)
{
    for (size_t i = 0; i < sizeof built_ins / sizeof *built_ins; i++) {
        const built_in *b = &built_ins[i];
        if (b->of != of.base || !bl_text_equal(node->name, bl_text_of(b->name))) continue;
        bl_type type = bl_type_of_base(b->base);
        type.is_optional = b->is_optional;
        if (b->property == BL_PROPERTY_PROPOSAL_ON && of.index != BL_NONE)
            type.index = compiler->program->kinds[of.index].scope;
        mean(node, BL_MEANING_PROPERTY, b->property, type);
        return true;
    }
    return false;
}

void bl_typing_offer_built_ins(bl_base of, bl_nearest *nearest)
{
    for (size_t i = 0; i < sizeof built_ins / sizeof *built_ins; i++)
        if (built_ins[i].of == of) bl_nearest_offer(nearest, bl_text_of(built_ins[i].name));
}

bool bl_typing_has_attributes(bl_type type)
{
    return !type.is_list && (type.base == BL_BASE_ACTOR || type.base == BL_BASE_INSTANCE ||
                             type.base == BL_BASE_PROPOSAL || type.base == BL_BASE_EVENT);
}

bool bl_typing_dot(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    bl_node *of = node->kids[BL_DOT_OF];
    if (!bl_typing_node(t, of, NULL)) return false;
    if (bl_typing_has_attributes(of->type) &&
        (mean_declared(t, node, of->type) || mean_built_in(t->compiler, node, of->type)))
        return true;
    return bl_report_no_attribute(t, node, of);
}

/* ---- NAME of E ---- */

/* The instance that `any other` leaves out: that of the body this stands in, or the context's. */
static bool mean_other(typing *t, bl_node *node, uint32_t role, uint32_t scope)
{
    node->kids[BL_EXPANSION] = t->instance && t->instance->type.index == scope ? t->instance : NULL;
    if (!node->kids[BL_EXPANSION] && t->env->instance_scope != scope) {
        bl_text name = bl_words_of_name(t->compiler, t->compiler->program->scopes[scope].name);
        bl_diag(t->compiler->diagnostics, BL_B0305, node->span,
                "`any other %.*s` needs one that it is other than, and none is meant here",
                BL_SLICE(name));
        return false;
    }
    mean(node, BL_MEANING_ROLE_OTHER, role, bl_type_of_base(BL_BASE_SET));
    return true;
}

static bool mean_any(typing *t, bl_node *node, const bl_symbol *symbol)
{
    const bl_node *of = node->kids[BL_OF_E];
    if (symbol->kind != BL_SYMBOL_ROLE) {
        bl_diag(t->compiler->diagnostics, BL_B0301, node->span,
                "`of any` asks a role, and `%.*s` is a %s", BL_SLICE(node->name),
                bl_node_words(symbol->node->kind));
        return false;
    }
    const bl_role *role = &t->compiler->program->roles[symbol->index];
    if (role->scope == BL_NONE && !role->is_anyone) return bl_report_not_of(t, node, symbol);
    const bl_symbol *scope = of ? bl_symbol_find(t->compiler, of->name) : NULL;
    if (of && (!scope || scope->kind != BL_SYMBOL_SCOPE)) {
        bl_symbol_missing(t->compiler, of->span, of->name, 1u << BL_SYMBOL_SCOPE, "scope");
        return false;
    }
    if (scope && scope->index != role->scope && !role->is_anyone)
        return bl_report_scopes(t, node, role->scope, of->name);
    if (role->is_anyone)
        mean(node, BL_MEANING_ANYONE, symbol->index, bl_type_of_base(BL_BASE_SET));
    else if (node->flags & BL_FLAG_OTHER)
        return mean_other(t, node, symbol->index, role->scope);
    else
        mean(node, BL_MEANING_ROLE_ANY, symbol->index, bl_type_of_base(BL_BASE_SET));
    return true;
}

/* `portion of body`: a number times what follows. */
static bool mean_product(typing *t, bl_node *node)
{
    bl_node *factor = name_node(t, node->name, node->name_span);
    if (!factor || !bl_typing_want(t, factor, BL_BASE_NUMBER)) return false;
    if (!bl_typing_want(t, node->kids[BL_OF_E], BL_BASE_NUMBER)) return false;
    node->kids[BL_EXPANSION] = factor;
    mean(node, BL_MEANING_PRODUCT, BL_NONE, bl_type_of_base(BL_BASE_NUMBER));
    return true;
}

/* A role or a body, in one instance. */
static bool mean_in_instance(typing *t, bl_node *node, const bl_symbol *symbol)
{
    bool is_role = symbol->kind == BL_SYMBOL_ROLE;
    uint32_t scope = is_role ? t->compiler->program->roles[symbol->index].scope
                             : scope_of_body(t, symbol);
    if (scope == BL_NONE) return bl_report_not_of(t, node, symbol);
    bl_type instance = bl_type_of_base(BL_BASE_INSTANCE);
    instance.index = scope;
    if (!bl_typing_node(t, node->kids[BL_OF_E], &instance)) return false;
    if (!is_role) return mean_body(t, node, symbol, node->kids[BL_OF_E]);
    bool is_anyone = t->compiler->program->roles[symbol->index].is_anyone;
    mean(node, is_anyone ? BL_MEANING_ANYONE : BL_MEANING_ROLE_OF, symbol->index,
         bl_type_of_base(BL_BASE_SET));
    return true;
}

bool bl_typing_of(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    if (!(node->flags & BL_FLAG_ANY) && bl_typing_has_value(t, node->name))
        return mean_product(t, node);
    const bl_symbol *symbol = bl_symbol_find(t->compiler, node->name);
    if (!symbol) return bl_report_unknown_of(t, node);
    if (node->flags & BL_FLAG_ANY) return mean_any(t, node, symbol);
    if (symbol->kind == BL_SYMBOL_LET) return mean_product(t, node);
    if (symbol->kind == BL_SYMBOL_ROLE || symbol->kind == BL_SYMBOL_BODY)
        return mean_in_instance(t, node, symbol);
    bl_symbol_missing(t->compiler, node->name_span, node->name,
                      1u << BL_SYMBOL_ROLE | 1u << BL_SYMBOL_BODY, "role");
    return false;
}

/* ---- NAME(E, …) ---- */

typedef struct builtin_row {
    const char *name;
    bl_builtin builtin;
    uint32_t least, most;
} builtin_row;

static const builtin_row builtins[] = {
    {"size", BL_BUILTIN_SIZE, 1, 1},        {"min", BL_BUILTIN_MIN, 2, UINT32_MAX},
    {"max", BL_BUILTIN_MAX, 2, UINT32_MAX}, {"floor", BL_BUILTIN_FLOOR, 1, 1},
    {"ceiling", BL_BUILTIN_CEILING, 1, 1},  {"sqrt", BL_BUILTIN_SQRT, 1, 1},
};

static uint32_t count_of(const bl_node *list)
{
    uint32_t count = 0;
    for (; list; list = list->next)
        count++;
    return count;
}

static bool type_size(typing *t, bl_node *argument)
{
    if (!bl_typing_node(t, argument, NULL) || !bl_typing_anyone(t, argument)) return false;
    bl_type type = argument->type;
    if (type.is_list || type.base == BL_BASE_TEXT || type.base == BL_BASE_SET) return true;
    bl_text words = bl_words_of(t->compiler, argument->span);
    bl_text got = bl_words_of_type(t->compiler, type);
    bl_diag(t->compiler->diagnostics, BL_B0301, argument->span,
            "`%.*s` is %.*s: only texts, lists and sets have a size", BL_SLICE(words),
            BL_SLICE(got));
    return false;
}

static bool mean_builtin(typing *t, bl_node *node, const builtin_row *row)
{
    bl_node *arguments = node->kids[BL_CALL_ARGUMENTS];
    uint32_t count = count_of(arguments);
    if (count < row->least || count > row->most)
        return bl_report_arguments(t, node, row->least, count);
    mean(node, BL_MEANING_BUILTIN, row->builtin, bl_type_of_base(BL_BASE_NUMBER));
    if (row->builtin == BL_BUILTIN_SIZE) return type_size(t, arguments);
    for (bl_node *argument = arguments; argument; argument = argument->next)
        if (!bl_typing_want(t, argument, BL_BASE_NUMBER)) return false;
    return true;
}

static bool type_argument(typing *t, bl_node *argument, const bl_field *parameter)
{
    const bl_node *outer = t->given;
    const bl_span outer_to = t->given_to;
    const bl_type type = parameter->type;
    t->given = argument;
    t->given_to = parameter->span;
    const bool is_good = bl_typing_node(t, argument, &type) &&
                         (!bl_type_is(type, BL_BASE_SET) || bl_typing_anyone(t, argument));
    t->given = outer;
    t->given_to = outer_to;
    return is_good;
}

static bool mean_function(typing *t, bl_node *node, uint32_t index)
{
    const bl_program *program = t->compiler->program;
    bl_range parameters = program->functions[index].parameters;
    uint32_t count = count_of(node->kids[BL_CALL_ARGUMENTS]);
    if (count != parameters.count) return bl_report_arguments(t, node, parameters.count, count);
    uint32_t at = parameters.first;
    for (bl_node *argument = node->kids[BL_CALL_ARGUMENTS]; argument; argument = argument->next)
        if (!type_argument(t, argument, &program->fields[at++])) return false;
    return mean_value_of(t, node, index);
}

bool bl_typing_call(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    const bl_symbol *symbol = bl_symbol_find(t->compiler, node->name);
    if (symbol && (symbol->kind == BL_SYMBOL_FUNCTION || symbol->kind == BL_SYMBOL_LET))
        return mean_function(t, node, symbol->index);
    if (symbol) return bl_report_call(t, node, symbol);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (bl_text_equal(node->name, bl_text_of(builtins[i].name)))
            return mean_builtin(t, node, &builtins[i]);
    bl_symbol_missing(t->compiler, node->name_span, node->name, 1u << BL_SYMBOL_FUNCTION,
                      "function");
    return false;
}
