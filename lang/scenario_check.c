/*
 * Compiles scenarios together with their policy, so that a mistake in a scenario is a diagnostic
 * with its place and not a test that fails for the wrong reason.
 *
 * A scenario's names are the instances it gives or creates and the proposals it raises with `as`,
 * and for proposals opened by effects the ids the machine makes: kind_1 to kind_9. They hold in the
 * whole scenario: asking for one before it is there is a fault when it runs.
 */
#include "scenario.h"

#include <stdio.h>

#include "check.h"
#include "emit.h"

#define GENERATED_ID_COUNT 9

typedef struct checker {
    bl_compiler *compiler;
    bl_env env;
    bl_local_table *names; /* of env.locals: those that this checker added */
} checker;

/* Where fields are declared: by a kind or event (fields), by a scope, or by actors (scope BL_NONE).
 */
typedef struct owner {
    bool has_fields;
    bl_range fields;
    uint32_t scope;
    bl_text name; /* for messages */
    bl_span span; /* of its declaration; BL_SPAN_NONE: actors have none */
} owner;

/* ---- names ---- */

static bool add_name(checker *c, bl_text name, bl_base base, uint32_t index)
{
    const bl_type type = {.base = (uint8_t)base, .index = index};
    return bl_local_add(c->compiler->arena, &c->names, &c->env.locals, name, type) ||
           bl_check_nomem(c->compiler);
}

static bool add_generated(checker *c, uint32_t kind)
{
    const bl_program *program = c->compiler->program;
    const bl_text name = bl_names_text(program->names, program->kinds[kind].name);
    const size_t size = name.size + sizeof "_9";
    for (int number = 1; number <= GENERATED_ID_COUNT; number++) {
        char *id = bl_arena_alloc(c->compiler->arena, size);
        if (!id) return bl_check_nomem(c->compiler);
        snprintf(id, size, "%.*s_%d", BL_SLICE(name), number);
        if (!add_name(c, (bl_text){id, size - 1}, BL_BASE_PROPOSAL, kind)) return false;
    }
    return true;
}

static uint32_t index_of(const checker *c, bl_text name, bl_symbol_kind kind)
{
    const bl_symbol *symbol = bl_symbol_find(c->compiler, name);
    return symbol && symbol->kind == kind ? symbol->index : BL_NONE;
}

/* Adds what has an id, unless it is a text that as a name would mean something else. */
static bool add_id(checker *c, const bl_node *id, bl_base base, uint32_t index)
{
    if (id->kind == BL_NODE_TEXT && bl_name_is_taken(c->compiler, id->name)) return true;
    return add_name(c, id->name, base, index);
}

static bool add_instances(checker *c, bl_text scope, const bl_node *ids)
{
    const uint32_t index = index_of(c, scope, BL_SYMBOL_SCOPE);
    for (const bl_node *id = ids; id && index != BL_NONE; id = id->next)
        if (!add_id(c, id, BL_BASE_INSTANCE, index)) return false;
    return true;
}

static bool is_verb(const bl_node *act, bl_verb verb)
{
    return bl_text_equal(act->name, bl_text_of(bl_verb_word(verb)));
}

static bool add_names_of_act(checker *c, const bl_node *act)
{
    const bl_node *what = act->kids[BL_ACT_WHAT];
    if (is_verb(act, BL_VERB_CREATE)) return add_instances(c, what->name, act->kids[BL_ACT_TARGET]);
    if (!is_verb(act, BL_VERB_PROPOSE) || !what->next) return true;
    /* Of an unknown kind, which is told once, it is some proposal (BL_NONE). */
    const uint32_t kind = index_of(c, what->name, BL_SYMBOL_KIND);
    return add_id(c, what->next, BL_BASE_PROPOSAL, kind);
}

static bool add_names(checker *c, const bl_node *statements)
{
    bool is_good = true;
    for (const bl_node *node = statements; node && is_good; node = node->next) {
        if (node->kind == BL_NODE_GIVEN_INSTANCE)
            is_good = add_instances(c, node->name, node->kids[BL_GIVEN_INSTANCE_IDS]);
        if (node->kind == BL_NODE_ACT) is_good = add_names_of_act(c, node);
        const bl_node *act = node->kind == BL_NODE_EXPECT_REFUSED
                                 ? node->kids[BL_EXPECT_REFUSED_STATEMENTS]
                                 : NULL;
        for (; act && is_good; act = act->next)
            if (act->kind == BL_NODE_ACT) is_good = add_names_of_act(c, act);
    }
    return is_good;
}

/* ---- values ---- */

/* A value that goes into an event: of the type that is declared there, if anywhere, and one that
 * can be written there. */
static void check_value_of(checker *c, bl_node *value, const bl_type *want, bl_span declared)
{
    const bl_env giving = bl_env_giving(&c->env, declared);
    if (!bl_type_expression(c->compiler, &giving, value, want)) return;
    if (bl_scenario_is_writable(value)) return;
    bl_diagnostic *d = bl_diag(c->compiler->diagnostics, BL_B0419, value->span,
                               "an event cannot hold this: it is not computed but written");
    bl_diag_label(c->compiler->diagnostics, d,
                  "a number, text, date, duration, handle, name or a list of them is expected");
}

static void check_value(checker *c, bl_node *value, const bl_type *want)
{
    check_value_of(c, value, want, BL_SPAN_NONE);
}

/* The type of a field or attribute, and where it is declared; false where there is none. */
static bool find_type(const checker *c, const owner *of, bl_text name, bl_type *type,
                      bl_span *declared)
{
    const bl_program *program = c->compiler->program;
    const uint32_t row = of->has_fields ? bl_field_find(c->compiler, of->fields, name)
                                        : bl_attribute_find(c->compiler, of->scope, name);
    if (row == BL_NONE) return false;
    *type = of->has_fields ? program->fields[row].type : program->attributes[row].type;
    *declared = of->has_fields ? program->fields[row].span : program->attributes[row].span;
    return true;
}

static void report_field(checker *c, const owner *of, const bl_node *at, bl_text name)
{
    const bl_slip slip = {BL_SLIP_PART, of->span, name};
    bl_diagnostic *d = bl_diag_slip(c->compiler->diagnostics, BL_B0304, bl_name_span(at), &slip,
                                    "no `%.*s` in %.*s", BL_SLICE(name), BL_SLICE(of->name));
    if (!d) return;
    bl_diag_label(c->compiler->diagnostics, d, "not declared");
    bl_nearest nearest = bl_nearest_to(name);
    if (of->has_fields)
        bl_nearest_offer_fields(c->compiler, of->fields, &nearest);
    else
        bl_nearest_offer_attributes(c->compiler, of->scope, &nearest);
    bl_nearest_help(c->compiler, d, &nearest);
}

/* `at` is a BINDING or a DOT; its type becomes that of the field. */
static void check_field(checker *c, const owner *of, bl_node *at, bl_node *value)
{
    bl_type type;
    bl_span declared;
    if (!find_type(c, of, at->name, &type, &declared)) {
        report_field(c, of, at, at->name);
        return;
    }
    at->type = type;
    check_value_of(c, value, &type, declared);
}

static void check_fields(checker *c, const owner *of, bl_node *bindings)
{
    for (bl_node *binding = bindings; binding; binding = binding->next)
        check_field(c, of, binding, binding->kids[BL_BINDING_VALUE]);
}

/* ---- who and where ---- */

static owner owner_of_scope(const checker *c, uint32_t scope)
{
    const bl_program *program = c->compiler->program;
    const bl_text name = scope == BL_NONE
                             ? BL_TEXT("the attributes of people, organizations and agents")
                             : bl_names_text(program->names, program->scopes[scope].name);
    const bl_span span = scope == BL_NONE ? BL_SPAN_NONE : program->scopes[scope].span;
    return (owner){.scope = scope, .name = name, .span = span};
}

/* With a place that the scenario has, if it has one. */
static void advise_place(checker *c, bl_diagnostic *d, bl_text role, uint32_t scope)
{
    bl_text place = bl_names_text(c->compiler->program->names,
                                  c->compiler->program->scopes[scope].name);
    bool is_known = false;
    for (const bl_local *local = c->env.locals; local && !is_known; local = local->next) {
        is_known = local->type.base == BL_BASE_INSTANCE && local->type.index == scope;
        if (is_known) place = local->name;
    }
    if (is_known)
        bl_diag_help(c->compiler->diagnostics, d, "write `%.*s of %.*s`", BL_SLICE(role),
                     BL_SLICE(place));
    else
        bl_diag_help(c->compiler->diagnostics, d, "give one first, as in `given %.*s first_one`",
                     BL_SLICE(place));
}

/* `maintainer of nn`, `lead`: a role of a place that is named, or of none. */
static void check_role(checker *c, bl_node *node)
{
    const bl_symbol *symbol = bl_symbol_find(c->compiler, node->name);
    if (!symbol || symbol->kind != BL_SYMBOL_ROLE) {
        bl_symbol_missing(c->compiler, bl_name_span(node), node->name,
                          BL_SYMBOL_BIT(BL_SYMBOL_ROLE), "role");
        return;
    }
    const uint32_t scope = c->compiler->program->roles[symbol->index].scope;
    const bool has_place = node->kind == BL_NODE_OF && !(node->flags & BL_FLAG_ANY);
    if (has_place != (scope != BL_NONE)) {
        const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = bl_name_span(symbol->node)};
        bl_diagnostic *d = bl_diag_slip(c->compiler->diagnostics, BL_B0303, node->span, &slip,
                                        scope == BL_NONE
                                            ? "`%.*s` is one role for all and has no place"
                                            : "`%.*s` is a role of one place: say of which",
                                        BL_SLICE(node->name));
        if (scope == BL_NONE)
            bl_diag_help(c->compiler->diagnostics, d, "write `%.*s` alone", BL_SLICE(node->name));
        else
            advise_place(c, d, node->name, scope);
        return;
    }
    if (!has_place) return;
    const bl_type place = {.base = BL_BASE_INSTANCE, .index = scope};
    check_value(c, node->kids[BL_OF_E], &place);
}

/* The scope of what has this id; BL_NONE. */
static uint32_t scope_of_id(const checker *c, bl_text id)
{
    for (const bl_local *local = c->env.locals; local; local = local->next)
        if (local->type.base == BL_BASE_INSTANCE && bl_text_equal(local->name, id))
            return local->type.index;
    return BL_NONE;
}

static void check_set(checker *c, bl_node *target, bl_node *value)
{
    bl_node *whose = target->kids[BL_DOT_OF];
    uint32_t scope = whose->kind == BL_NODE_TEXT ? scope_of_id(c, whose->name) : BL_NONE;
    const bl_type instance = {.base = BL_BASE_INSTANCE, .index = scope};
    const bl_type *want = scope == BL_NONE ? NULL : &instance;
    if (!bl_type_expression(c->compiler, &c->env, whose, want)) return;
    const bool is_named = bl_scenario_is_writable(whose);
    if (is_named && bl_type_is(whose->type, BL_BASE_INSTANCE)) {
        scope = whose->type.index;
    } else if (!is_named || !bl_type_is(whose->type, BL_BASE_ACTOR)) {
        bl_diag(c->compiler->diagnostics, BL_B0419, whose->span,
                "only attributes of somebody with a handle or of something with a name can be set");
        return;
    }
    const owner of = owner_of_scope(c, scope);
    check_field(c, &of, target, value);
}

/* ---- statements ---- */

static void check_chunk(checker *c, bl_node *statement, bl_node *expression, bl_base base)
{
    const bl_type want = bl_type_of_base(base);
    bl_emit_expression(c->compiler, &c->env, expression, &want, &statement->ref);
}

static void check_given_instance(checker *c, bl_node *given)
{
    const uint32_t scope = index_of(c, given->name, BL_SYMBOL_SCOPE);
    if (scope == BL_NONE) {
        bl_symbol_missing(c->compiler, bl_name_span(given), given->name,
                          BL_SYMBOL_BIT(BL_SYMBOL_SCOPE), "scope");
        return;
    }
    const owner of = owner_of_scope(c, scope);
    check_fields(c, &of, given->kids[BL_GIVEN_INSTANCE_FIELDS]);
}

static void check_propose(checker *c, bl_node *act)
{
    const bl_symbol *symbol = bl_symbol_of_node(c->compiler, act->kids[BL_ACT_WHAT],
                                                BL_SYMBOL_BIT(BL_SYMBOL_KIND), "proposal kind");
    if (!symbol) return;
    const bl_kind kind = c->compiler->program->kinds[symbol->index];
    const owner of = {.has_fields = true,
                      .fields = kind.fields,
                      .name = bl_symbol_text(c->compiler, symbol),
                      .span = kind.span};
    check_fields(c, &of, act->kids[BL_ACT_FIELDS]);
    bl_node *on = act->kids[BL_ACT_TARGET];
    if (!on) return;
    const bl_type place = {.base = BL_BASE_INSTANCE, .index = kind.scope};
    check_value(c, on, kind.scope == BL_NONE ? NULL : &place);
}

static void check_create(checker *c, bl_node *act)
{
    const bl_symbol *symbol = bl_symbol_of_node(c->compiler, act->kids[BL_ACT_WHAT],
                                                BL_SYMBOL_BIT(BL_SYMBOL_SCOPE), "scope");
    if (!symbol) return;
    const owner of = owner_of_scope(c, symbol->index);
    check_fields(c, &of, act->kids[BL_ACT_FIELDS]);
}

static void check_emit(checker *c, bl_node *act)
{
    const bl_symbol *symbol = bl_symbol_of_node(c->compiler, act->kids[BL_ACT_WHAT],
                                                BL_SYMBOL_BIT(BL_SYMBOL_EVENT), "event");
    if (!symbol) return;
    const bl_event_type event = c->compiler->program->events[symbol->index];
    const owner of = {.has_fields = true,
                      .fields = event.fields,
                      .name = bl_symbol_text(c->compiler, symbol),
                      .span = event.span};
    check_fields(c, &of, act->kids[BL_ACT_FIELDS]);
}

static void check_scores(checker *c, bl_node *scores)
{
    const bl_type number = bl_type_of_base(BL_BASE_NUMBER);
    for (bl_node *score = scores; score; score = score->next)
        check_value(c, score->kids[BL_BINDING_VALUE], &number);
}

static void check_act(checker *c, bl_node *act)
{
    bl_node *what = act->kids[BL_ACT_WHAT], *target = act->kids[BL_ACT_TARGET];
    const bl_type proposal = bl_type_of_base(BL_BASE_PROPOSAL);
    if (act->kind == BL_NODE_LATER) {
        bl_check_later(c->compiler, act);
    } else if (is_verb(act, BL_VERB_PROPOSE)) {
        check_propose(c, act);
    } else if (is_verb(act, BL_VERB_CREATE)) {
        check_create(c, act);
    } else if (is_verb(act, BL_VERB_SET)) {
        check_set(c, target, what);
    } else if (is_verb(act, BL_VERB_REMOVE)) {
        check_value(c, target, NULL);
    } else if (is_verb(act, BL_VERB_GRANT) || is_verb(act, BL_VERB_REVOKE) ||
               is_verb(act, BL_VERB_RESIGN)) {
        check_role(c, what);
    } else if (bl_text_equal(act->name, BL_TEXT("emit"))) {
        check_emit(c, act);
    } else if (target) {
        check_value(c, target, &proposal);
        if (is_verb(act, BL_VERB_SCORE)) check_scores(c, what);
    }
}

/* ---- what is told of an expectation that does not hold ---- */

/* Parts mean what they mean within the whole, so they are not typed again by themselves
 * (tests/coverage/parts.expected). */

/* Its value is no news. */
static bool says_itself(const bl_node *node)
{
    switch (node->kind) {
    case BL_NODE_NUMBER:
    case BL_NODE_TEXT:
    case BL_NODE_BOOLEAN:
    case BL_NODE_DURATION:
    case BL_NODE_TIME:
    case BL_NODE_HANDLE:
    case BL_NODE_LIST: return true;
    default: return false; /* all others have to be asked */
    }
}

static bool compares(const bl_node *node)
{
    if (node->kind != BL_NODE_BINARY) return false;
    const bl_operator operator= bl_node_operator(node);
    return bl_operator_is_comparison(operator) ||
           operator== BL_OPERATOR_IN || operator== BL_OPERATOR_MATCHES || operator==
           BL_OPERATOR_BEGINS_WITH ||
           operator== BL_OPERATOR_CONTAINS;
}

static bl_node *told_of(checker *c, bl_node *node)
{
    bl_node *told = bl_node_create(c->compiler->arena, BL_NODE_EXPECT, node->span);
    if (!told) {
        c->compiler->out_of_memory = true;
        return NULL;
    }
    told->kids[BL_EXPECT_CONDITION] = node;
    told->ref = BL_NONE;
    return told;
}

static void add_told(bl_node *to, bl_node *told)
{
    bl_node **end = &to->kids[BL_EXPECT_TOLD];
    while (*end)
        end = &(*end)->next;
    *end = told;
}

static void tell_value(checker *c, bl_node *part, bl_node *value)
{
    bl_node *told = says_itself(value) ? NULL : told_of(c, value);
    if (told && bl_emit_typed(c->compiler, &c->env, value, value->type, &told->ref))
        add_told(part, told);
}

/* What it compares, or what it asks each of. */
static void tell_values(checker *c, bl_node *part, bl_node *node)
{
    if (node->kind == BL_NODE_QUANTIFIER) tell_value(c, part, node->kids[BL_QUANTIFIER_IN]);
    if (!compares(node)) return;
    tell_value(c, part, node->kids[BL_BINARY_LEFT]);
    tell_value(c, part, node->kids[BL_BINARY_RIGHT]);
}

static bool joins(const bl_node *node)
{
    return node->kind == BL_NODE_BINARY &&
           (bl_node_operator(node) == BL_OPERATOR_AND || bl_node_operator(node) == BL_OPERATOR_OR);
}

/* `wanted`: whether the part should hold. */
static void tell_parts(checker *c, bl_node *expect, bl_node *node, bool wanted, unsigned depth)
{
    const bl_type boolean = bl_type_of_base(BL_BASE_BOOLEAN);
    if (depth > BL_AST_DEPTH_MAX) return;
    if (joins(node)) {
        tell_parts(c, expect, node->kids[BL_BINARY_LEFT], wanted, depth + 1);
        tell_parts(c, expect, node->kids[BL_BINARY_RIGHT], wanted, depth + 1);
        return;
    }
    if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_NOT) {
        tell_parts(c, expect, node->kids[BL_UNARY_E], !wanted, depth + 1);
        return;
    }
    bl_node *part = told_of(c, node);
    if (!part) return;
    part->ref2 = wanted;
    const bool is_joined = joins(expect->kids[BL_EXPECT_CONDITION]) || depth > 1;
    if (is_joined && !bl_emit_typed(c->compiler, &c->env, node, boolean, &part->ref)) return;
    tell_values(c, part, node);
    add_told(expect, part);
}

static void check_expect(checker *c, bl_node *expect)
{
    bl_node *condition = expect->kids[BL_EXPECT_CONDITION];
    const bl_type boolean = bl_type_of_base(BL_BASE_BOOLEAN);
    if (bl_emit_expression(c->compiler, &c->env, condition, &boolean, &expect->ref))
        tell_parts(c, expect, condition, true, 0);
}

static void check_statement(checker *c, bl_node *node)
{
    switch (node->kind) {
    case BL_NODE_GIVEN_INSTANCE: check_given_instance(c, node); break;
    case BL_NODE_GIVEN_ACTORS: {
        const owner of = owner_of_scope(c, BL_NONE);
        check_fields(c, &of, node->kids[BL_GIVEN_ACTORS_FIELDS]);
        break;
    }
    case BL_NODE_GIVEN_ROLE: check_role(c, node->kids[BL_GIVEN_ROLE_ROLE]); break;
    case BL_NODE_GIVEN_SET:
        check_set(c, node->kids[BL_GIVEN_SET_TARGET], node->kids[BL_GIVEN_SET_VALUE]);
        break;
    case BL_NODE_STATEMENT_AFTER:
        check_chunk(c, node, node->kids[BL_STATEMENT_AFTER_DURATION], BL_BASE_DURATION);
        break;
    case BL_NODE_STATEMENT_AT:
        check_chunk(c, node, node->kids[BL_STATEMENT_AT_TIME], BL_BASE_TIME);
        break;
    case BL_NODE_EXPECT: check_expect(c, node); break;
    case BL_NODE_EXPECT_REFUSED:
        for (bl_node *act = node->kids[BL_EXPECT_REFUSED_STATEMENTS]; act; act = act->next)
            check_act(c, act);
        break;
    default: check_act(c, node); break;
    }
}

static bool is_too_deep(bl_compiler *compiler, const bl_node *scenario)
{
    const bl_node *deep = bl_node_too_deep(scenario);
    if (deep) bl_report_depth(compiler, deep->span);
    return deep != NULL;
}

/* The ids the machine makes are known to all. */
static bool share_generated(bl_compiler *compiler, checker *shared)
{
    *shared = (checker){.compiler = compiler, .env = bl_env_empty};
    shared->env.is_scenario = true;
    for (uint32_t kind = 0; kind < compiler->program->kind_count; kind++)
        if (!add_generated(shared, kind)) return false;
    return true;
}

static bool check_statements(checker *c, bl_node *statements)
{
    if (!add_names(c, statements)) return false;
    for (bl_node *statement = statements; statement; statement = statement->next)
        check_statement(c, statement);
    return true;
}

bool bl_scenario_check(bl_compiler *compiler, const bl_local *known, bl_node *statements)
{
    checker c = {.compiler = compiler, .env = bl_env_empty};
    c.env.is_scenario = true;
    c.env.locals = known;
    return check_statements(&c, statements) && bl_check_memory(compiler);
}

bool bl_scenario_compile(bl_compilation *compilation)
{
    bl_compiler *compiler = compilation->compiler;
    if (!compiler || !compilation->program) return true;
    checker shared;
    if (!share_generated(compiler, &shared)) return false;
    for (bl_node *scenario = compilation->scenarios; scenario; scenario = scenario->next) {
        checker c = {.compiler = compiler, .env = shared.env};
        if (is_too_deep(compiler, scenario)) continue;
        if (!check_statements(&c, scenario->kids[BL_SCENARIO_STATEMENTS])) return false;
    }
    if (compiler->diagnostics->error_count > 0) compilation->program = NULL;
    return bl_check_memory(compiler);
}
