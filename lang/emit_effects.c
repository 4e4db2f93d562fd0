/*
 * Effects to code: what a decision or an event does to the world.
 *
 * A clause that says who may grant, revoke or change (`granted by`, …) binds effects too: whoever's
 * block this is must stand in it. An event that nothing declares is declared by the first `emit` of
 * it: its fields are its arguments, called as they are written.
 */
#include "emit.h"

#include "../runtime/limits.h"

static bool emit_list(bl_emitter *code, bl_node *effects);

/* Types an expression where the block has come to; notes a failure. */
static bool type_part(bl_emitter *code, bl_node *node, const bl_type *want)
{
    if (bl_type_expression(code->compiler, code->env, node, want)) return true;
    code->has_failed = true;
    return false;
}

static bool push(bl_emitter *code, bl_node *node, bl_type want)
{
    if (!type_part(code, node, &want)) return false;
    bl_code_fit(code, node, want);
    return !code->has_failed;
}

/* The value of what is declared there. */
static bool push_given(bl_emitter *code, bl_node *node, bl_type want, bl_span declared)
{
    const bl_env *outer = code->env;
    const bl_env giving = bl_env_giving(outer, declared);
    code->env = &giving;
    const bool is_good = push(code, node, want);
    code->env = outer;
    return is_good;
}

static bool fail(bl_emitter *code)
{
    code->has_failed = true;
    return false;
}

static bl_type instance_type(uint32_t scope)
{
    bl_type type = bl_type_of_base(BL_BASE_INSTANCE);
    type.index = scope;
    return type;
}

/* ---- who may do it ---- */

/* The clause of a role or attribute that says who may do something to it. */
typedef struct permission {
    bool is_limited;
    bl_range changers;
    bl_span clause;
    const char *words;
    bl_text what;
} permission;

static bool is_allowed(const bl_emitter *code, const permission *p)
{
    const bl_program *program = code->compiler->program;
    const bl_env *env = code->env;
    for (uint32_t i = 0; i < p->changers.count; i++) {
        const bl_changer *changer = &program->changers[p->changers.first + i];
        if (changer->kind == BL_CHANGER_KIND && changer->index == env->effects_kind) return true;
        if (changer->kind == BL_CHANGER_EVENT && changer->index == env->effects_event) return true;
    }
    return false;
}

static bool check_permission(bl_emitter *code, const permission *p, bl_span span)
{
    const bl_env *env = code->env;
    const bl_program *program = code->compiler->program;
    bool is_kind = env->effects_kind != BL_NONE;
    if (!p->is_limited || (!is_kind && env->effects_event == BL_NONE)) return true;
    if (is_allowed(code, p)) return true;
    if (bl_diag_has_error_in(code->compiler->diagnostics, p->clause)) return true;
    bl_text owner = bl_words_of_name(code->compiler,
                                     is_kind ? program->kinds[env->effects_kind].name
                                             : program->events[env->effects_event].name);
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0314, span,
                               "`%.*s` is not among what `%.*s` is %s", BL_SLICE(owner),
                               BL_SLICE(p->what), p->words);
    bl_diag_label(code->compiler->diagnostics, d, "done by `%.*s`", BL_SLICE(owner));
    bl_diag_note(code->compiler->diagnostics, d, p->clause, "`%.*s` is %s only these",
                 BL_SLICE(p->what), p->words);
    bl_diag_help(code->compiler->diagnostics, d,
                 "add `%.*s` to that clause, or take this effect out", BL_SLICE(owner));
    return fail(code);
}

/* ---- grant, revoke ---- */

static bl_symbol *role_of(bl_emitter *code, const bl_node *node)
{
    bl_compiler *compiler = code->compiler;
    bl_symbol *symbol = bl_symbol_find(compiler, node->name);
    if (symbol && symbol->kind == BL_SYMBOL_ROLE) return symbol;
    bl_symbol_missing(compiler, node->span, node->name, 1u << BL_SYMBOL_ROLE, "role");
    code->has_failed = true;
    return NULL;
}

static bool report_place(bl_emitter *code, const bl_node *node, const bl_role *role)
{
    const bl_program *program = code->compiler->program;
    const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = role->span};
    bl_text of = bl_words_of_name(code->compiler, program->scopes[role->scope].name);
    bl_diagnostic *d = bl_diag_slip(code->compiler->diagnostics, BL_B0303, node->span, &slip,
                                    "`%.*s` belongs to one %.*s, and it is not said to which",
                                    BL_SLICE(node->name), BL_SLICE(of));
    bl_diag_help(code->compiler->diagnostics, d, "write `%.*s of %.*s`", BL_SLICE(node->name),
                 BL_SLICE(of));
    return fail(code);
}

/* Pushes the instance of a role that has a scope. */
static bool push_place(bl_emitter *code, bl_node *node, const bl_role *role)
{
    bool is_of = node->kind == BL_NODE_OF;
    if (role->scope == BL_NONE && !is_of) return true;
    if (role->scope == BL_NONE) {
        const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = role->span};
        bl_diag_slip(code->compiler->diagnostics, BL_B0301, node->span, &slip,
                     "`%.*s` does not belong to a scope, so it is not `of` anything",
                     BL_SLICE(node->name));
        return fail(code);
    }
    if (!is_of || (node->flags & BL_FLAG_ANY)) return report_place(code, node, role);
    return push(code, node->kids[BL_OF_E], instance_type(role->scope));
}

/* Pushes one actor, or a set. */
static bool push_actors(bl_emitter *code, bl_node *node)
{
    bl_type set = bl_type_of_base(BL_BASE_SET);
    if (!type_part(code, node, &set)) return false;
    bool is_one = bl_type_is(node->type, BL_BASE_ACTOR);
    bl_code_fit(code, node, is_one ? node->type : set);
    return !code->has_failed;
}

static bool emit_role_change(bl_emitter *code, bl_node *node)
{
    bool is_grant = node->kind == BL_NODE_GRANT;
    bl_node *role_node = node->kids[BL_GRANT_ROLE];
    const bl_symbol *symbol = role_of(code, role_node);
    if (!symbol) return false;
    const bl_role *role = &code->compiler->program->roles[symbol->index];
    if (role->is_anyone) {
        bl_diag(code->compiler->diagnostics, BL_B0306, role_node->span,
                "everybody is `%.*s`: there is nothing to grant or revoke",
                BL_SLICE(role_node->name));
        return fail(code);
    }
    permission p = {is_grant ? role->has_granters : role->has_revokers,
                    is_grant ? role->granters : role->revokers,
                    is_grant ? role->granters_span : role->revokers_span,
                    is_grant ? "granted by" : "revoked by", role_node->name};
    if (!check_permission(code, &p, node->span)) return false;
    if (!push_place(code, role_node, role)) return false;
    if (!push_actors(code, node->kids[BL_GRANT_TO])) return false;
    uint32_t pops = role->scope == BL_NONE ? 1 : 2;
    bl_code_add_popping(code, is_grant ? OP_GRANT : OP_REVOKE, 0, symbol->index, pops, node->span);
    return true;
}
_Static_assert((int)BL_GRANT_ROLE == (int)BL_REVOKE_ROLE && (int)BL_GRANT_TO == (int)BL_REVOKE_FROM,
               "grant and revoke are read alike");

/* ---- set, remove, discard ---- */

static bool report_target(bl_emitter *code, const bl_node *target)
{
    bl_text words = bl_words_of(code->compiler, target->span);
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0316, target->span,
                               "`%.*s` is nothing that can be set", BL_SLICE(words));
    bl_diag_help(
        code->compiler->diagnostics, d,
        "attributes of people, organizations and scopes can be, as in `set module.idle = …`");
    return fail(code);
}

static bool emit_set_attribute(bl_emitter *code, bl_node *node)
{
    bl_node *target = node->kids[BL_SET_TARGET];
    if (!type_part(code, target, NULL)) return false;
    if (target->kind != BL_NODE_DOT || target->ref != BL_MEANING_ATTRIBUTE)
        return report_target(code, target);
    uint32_t index = target->ref2;
    const bl_attribute attribute = code->compiler->program->attributes[index];
    permission p = {attribute.has_changers, attribute.changers, attribute.span, "changed by",
                    target->name};
    if (!check_permission(code, &p, node->span)) return false;
    bl_node *of = target->kids[BL_DOT_OF];
    bl_code_fit(code, of, of->type);
    if (!push_given(code, node->kids[BL_SET_VALUE], target->type, attribute.span)) return false;
    bl_code_add(code, OP_SET_ATTRIBUTE, 0, index, node->span);
    return true;
}

static bool emit_remove(bl_emitter *code, bl_node *node)
{
    if (!push(code, node->kids[BL_REMOVE_WHAT], instance_type(BL_NONE))) return false;
    bl_code_add(code, OP_REMOVE, 0, 0, node->span);
    return true;
}

static bool report_no_proposal(bl_emitter *code, const bl_node *node)
{
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0316, node->span,
                               "no proposal is meant here whose ballots could be discarded");
    bl_diag_help(code->compiler->diagnostics, d, "write `discard ballots of …`");
    return fail(code);
}

static bool emit_discard(bl_emitter *code, bl_node *node)
{
    bl_node *proposal = node->kids[BL_DISCARD_PROPOSAL];
    if (!proposal && !code->env->has_proposal) return report_no_proposal(code, node);
    if (!proposal)
        bl_code_add(code, OP_PROPOSAL, 0, 0, node->span);
    else if (!push(code, proposal, bl_type_of_base(BL_BASE_PROPOSAL)))
        return false;
    bl_code_add(code, OP_DISCARD, 0, 0, node->span);
    return true;
}

/* ---- fields given by name ---- */

/* What stands between braces or parentheses, and which field each part is for. */
typedef struct record {
    bl_node *bindings;
    const bl_node *owner; /* the effect */
    const char *words; /* "proposal kind" */
} record;

static bl_node *find_binding(const record *r, bl_text name)
{
    for (bl_node *binding = r->bindings; binding; binding = binding->next)
        if (binding->kind == BL_NODE_BINDING && bl_text_equal(binding->name, name)) return binding;
    return NULL;
}

static bool check_twice(bl_emitter *code, const record *r)
{
    for (bl_node *binding = r->bindings; binding; binding = binding->next) {
        if (binding->kind != BL_NODE_BINDING) continue;
        const bl_node *first = find_binding(r, binding->name);
        if (first == binding) continue;
        bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0313, binding->span,
                                   "`%.*s` is given twice", BL_SLICE(binding->name));
        bl_diag_note(code->compiler->diagnostics, d, first->span, "first here");
        return fail(code);
    }
    return true;
}

/* What is near is looked for among `fields`, or the attributes of a scope. */
static bool report_unknown_field(bl_emitter *code, const record *r, const bl_node *binding,
                                 const bl_range *fields, uint32_t scope)
{
    const bl_symbol *owner = bl_symbol_find(code->compiler, r->owner->name);
    const bl_slip slip = {owner ? BL_SLIP_PART : BL_SLIP_NONE,
                          owner ? owner->node->name_span : BL_SPAN_NONE, binding->name};
    bl_diagnostic *d = bl_diag_slip(code->compiler->diagnostics, BL_B0304, binding->span, &slip,
                                    "the %s `%.*s` has no `%.*s`", r->words,
                                    BL_SLICE(r->owner->name), BL_SLICE(binding->name));
    if (!d) return fail(code);
    bl_nearest nearest = bl_nearest_to(binding->name);
    if (fields)
        bl_nearest_offer_fields(code->compiler, *fields, &nearest);
    else
        bl_nearest_offer_attributes(code->compiler, scope, &nearest);
    bl_nearest_help(code->compiler, d, &nearest);
    return fail(code);
}

static bool report_missing_field(bl_emitter *code, const record *r, bl_text field)
{
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0312, r->owner->span,
                               "the %s `%.*s` requires `%.*s`, which is not given", r->words,
                               BL_SLICE(r->owner->name), BL_SLICE(field));
    bl_diag_help(code->compiler->diagnostics, d, "add `%.*s : …`", BL_SLICE(field));
    return fail(code);
}

static bool check_fields_known(bl_emitter *code, const record *r, bl_range fields)
{
    for (const bl_node *binding = r->bindings; binding; binding = binding->next) {
        bool is_binding = binding->kind == BL_NODE_BINDING;
        if (is_binding && bl_field_find(code->compiler, fields, binding->name) == BL_NONE)
            return report_unknown_field(code, r, binding, &fields, BL_NONE);
    }
    return true;
}

/* Pushes a value for each field: what is given for it by place or by name, else nothing. */
static bool push_fields(bl_emitter *code, const record *r, bl_range fields)
{
    const bl_program *program = code->compiler->program;
    if (!check_twice(code, r) || !check_fields_known(code, r, fields)) return false;
    bl_node *by_place = r->bindings && r->bindings->kind != BL_NODE_BINDING ? r->bindings : NULL;
    for (uint32_t i = 0; i < fields.count; i++) {
        bl_field field = program->fields[fields.first + i];
        bl_text name = bl_words_of_name(code->compiler, field.name);
        bl_node *binding = find_binding(r, name);
        bl_node *value = by_place ? by_place : binding ? binding->kids[BL_BINDING_VALUE] : NULL;
        if (by_place && binding) {
            bl_diag(code->compiler->diagnostics, BL_B0313, binding->span, "`%.*s` is given twice",
                    BL_SLICE(name));
            return fail(code);
        }
        if (by_place) by_place = by_place->next;
        if (by_place && by_place->kind == BL_NODE_BINDING) by_place = NULL;
        if (!value && field.is_required) return report_missing_field(code, r, name);
        if (value && !push_given(code, value, field.type, field.span)) return false;
        if (!value) bl_code_add(code, OP_NOTHING, 0, 0, r->owner->span);
    }
    if (!by_place) return true;
    bl_diag(code->compiler->diagnostics, BL_B0310, by_place->span,
            "the %s `%.*s` has only %u field%s", r->words, BL_SLICE(r->owner->name), fields.count,
            fields.count == 1 ? "" : "s");
    return fail(code);
}

/* ---- create ---- */

static bool push_attributes(bl_emitter *code, const record *r, uint32_t scope)
{
    const bl_program *program = code->compiler->program;
    bl_range attributes = program->scopes[scope].attributes;
    const bool can_be_created = attributes.count < BL_STACK_MAX; /* else that is told */
    if (can_be_created && !check_twice(code, r)) return false;
    for (const bl_node *binding = r->bindings; binding; binding = binding->next) {
        if (bl_attribute_find(code->compiler, scope, binding->name) == BL_NONE)
            return report_unknown_field(code, r, binding, NULL, scope);
    }
    for (uint32_t i = 0; i < attributes.count && !code->has_failed; i++) {
        bl_attribute attribute = program->attributes[attributes.first + i];
        bl_node *binding = find_binding(r, bl_words_of_name(code->compiler, attribute.name));
        if (!binding)
            bl_code_add(code, OP_NOTHING, 0, 0, r->owner->span);
        else if (!push_given(code, binding->kids[BL_BINDING_VALUE], attribute.type, attribute.span))
            return false;
    }
    return true;
}

/* The rest of the block knows the new instance by its binder: see emit_list. */
static bool emit_create(bl_emitter *code, bl_node *node)
{
    bl_compiler *compiler = code->compiler;
    const bl_symbol *symbol = bl_symbol_find(compiler, node->name);
    if (!symbol || symbol->kind != BL_SYMBOL_SCOPE) {
        bl_symbol_missing(compiler, node->name_span, node->name, 1u << BL_SYMBOL_SCOPE, "scope");
        return fail(code);
    }
    node->type = instance_type(symbol->index);
    record r = {node->kids[BL_CREATE_FIELDS], node, "scope"};
    if (!push(code, node->kids[BL_CREATE_ID], bl_type_of_base(BL_BASE_TEXT))) return false;
    if (!push_attributes(code, &r, symbol->index)) return false;
    uint32_t pops = compiler->program->scopes[symbol->index].attributes.count + 1;
    bl_code_add_popping(code, OP_CREATE, code->env->local_count, symbol->index, pops, node->span);
    return true;
}

/* ---- open ---- */

static bool push_instance_of_context(bl_emitter *code, const bl_node *node, uint32_t scope)
{
    if (code->env->instance_scope == scope) {
        bl_code_add(code, OP_INSTANCE, 0, 0, node->span);
        return true;
    }
    bl_text name = bl_words_of_name(code->compiler, code->compiler->program->scopes[scope].name);
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0316, node->span,
                               "`%.*s` is about a %.*s, and it is not said which",
                               BL_SLICE(node->name), BL_SLICE(name));
    bl_diag_help(code->compiler->diagnostics, d, "write `open %.*s on …`", BL_SLICE(node->name));
    return fail(code);
}

static bool push_subject(bl_emitter *code, bl_node *node, const bl_kind *kind)
{
    bl_node *on = node->kids[BL_OPEN_ON];
    if (kind->scope == BL_NONE && !on) return true;
    if (kind->scope == BL_NONE) {
        const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = kind->span};
        bl_diag_slip(code->compiler->diagnostics, BL_B0301, on->span, &slip,
                     "`%.*s` is about no scope, so it is not opened `on` anything",
                     BL_SLICE(node->name));
        return fail(code);
    }
    return on ? push(code, on, instance_type(kind->scope))
              : push_instance_of_context(code, node, kind->scope);
}

static bool emit_open(bl_emitter *code, bl_node *node)
{
    bl_compiler *compiler = code->compiler;
    const bl_symbol *symbol = bl_symbol_find(compiler, node->name);
    if (!symbol || symbol->kind != BL_SYMBOL_KIND) {
        bl_symbol_missing(compiler, node->name_span, node->name, 1u << BL_SYMBOL_KIND,
                          "proposal kind");
        return fail(code);
    }
    bl_kind kind = compiler->program->kinds[symbol->index];
    record r = {node->kids[BL_OPEN_FIELDS], node, "proposal kind"};
    if (!push_subject(code, node, &kind) || !push_fields(code, &r, kind.fields)) return false;
    uint32_t pops = kind.fields.count + (kind.scope == BL_NONE ? 0 : 1);
    bl_code_add_popping(code, OP_OPEN, 0, symbol->index, pops, node->span);
    return true;
}

/* ---- emit ---- */

static uint32_t find_event(const bl_compiler *compiler, bl_text name)
{
    const bl_program *program = compiler->program;
    for (uint32_t i = 0; i < program->event_count; i++)
        if (bl_text_equal(bl_words_of_name(compiler, program->events[i].name), name)) return i;
    return BL_NONE;
}

/* What an argument is called in an event that nothing declares: `proposal`, `winner`, `name = …`.
 */
static bool name_of_argument(bl_emitter *code, bl_node *argument, bl_text *name, bl_node **value)
{
    bool is_binding = argument->kind == BL_NODE_BINDING;
    *value = is_binding ? argument->kids[BL_BINDING_VALUE] : argument;
    *name = argument->name;
    if (is_binding || argument->kind == BL_NODE_NAME || argument->kind == BL_NODE_DOT) return true;
    bl_diagnostic *d = bl_diag(code->compiler->diagnostics, BL_B0310, argument->span,
                               "this part of the event has no name");
    bl_diag_help(code->compiler->diagnostics, d, "write `name = …`, or declare the event");
    return fail(code);
}

static bool add_event_field(bl_emitter *code, bl_node *argument, uint32_t slot)
{
    bl_text name;
    bl_node *value;
    if (!name_of_argument(code, argument, &name, &value) || !type_part(code, value, NULL))
        return false;
    bl_field field = {.name = bl_emit_name(code->compiler, name),
                      .type = value->type,
                      .is_required = !value->type.is_optional,
                      .slot = slot,
                      .span = argument->span};
    if (field.type.base == BL_BASE_PROPOSAL) field.type.index = BL_NONE; /* of whatever kind */
    bl_field *row = bl_table_row(code->compiler, field);
    if (!row) return fail(code);
    *row = field;
    return true;
}

/* The arguments are this expression and nothing else has been said about the event. */
static bool declare_event(bl_emitter *code, bl_node *node, uint32_t *event)
{
    bl_program *program = code->compiler->program;
    record r = {node->kids[BL_EMIT_ARGUMENTS], node, "event"};
    bl_range fields = {program->field_count, 0};
    if (!check_twice(code, &r)) return false;
    for (bl_node *argument = r.bindings; argument; argument = argument->next)
        if (!add_event_field(code, argument, fields.count++)) return false;
    bl_event_type *row = bl_table_row(code->compiler, event);
    if (!row) return fail(code);
    row->name = bl_emit_name(code->compiler, node->name);
    row->fields = fields;
    row->span = node->span;
    *event = program->event_count - 1;
    return true;
}

static bool emit_event(bl_emitter *code, bl_node *node)
{
    bl_compiler *compiler = code->compiler;
    const bl_symbol *symbol = bl_symbol_find(compiler, node->name);
    if (symbol && symbol->kind != BL_SYMBOL_EVENT) {
        bl_symbol_missing(compiler, node->name_span, node->name, 1u << BL_SYMBOL_EVENT, "event");
        return fail(code);
    }
    uint32_t event = symbol ? symbol->index : find_event(compiler, node->name);
    if (event == BL_NONE && !declare_event(code, node, &event)) return false;
    record r = {node->kids[BL_EMIT_ARGUMENTS], node, "event"};
    bl_range fields = compiler->program->events[event].fields;
    if (!push_fields(code, &r, fields)) return false;
    bl_code_add_popping(code, OP_EMIT, 0, event, fields.count, node->span);
    return true;
}

/* ---- if, for each ---- */

static bool emit_if(bl_emitter *code, bl_node *node)
{
    if (!push(code, node->kids[BL_IF_CONDITION], bl_type_of_base(BL_BASE_BOOLEAN))) return false;
    uint32_t otherwise = bl_code_add(code, OP_JUMP_IF_FALSE, 0, 0, node->span);
    bool is_good = emit_list(code, node->kids[BL_IF_THENS]);
    if (!node->kids[BL_IF_ELSES]) {
        bl_code_land(code, otherwise);
        return is_good;
    }
    uint32_t done = bl_code_add(code, OP_JUMP, 0, 0, node->span);
    bl_code_land(code, otherwise);
    is_good = emit_list(code, node->kids[BL_IF_ELSES]) && is_good;
    bl_code_land(code, done);
    return is_good;
}

static bool emit_for_each(bl_emitter *code, bl_node *node)
{
    bl_node *in = node->kids[BL_FOR_EACH_IN];
    const bl_env *outer = code->env;
    uint32_t slot = outer->local_count;
    bl_type item;
    if (!bl_type_range(code->compiler, outer, in, &item)) return fail(code);
    bl_code_fit(code, in, in->type);
    bl_code_add(code, OP_LOOP, slot, 0, node->span);
    uint32_t start = bl_code_add(code, OP_NEXT, slot, 0, node->span);
    bl_local binder = {node->kids[BL_FOR_EACH_BINDER]->name, item, slot + BL_LOOP_SLOTS - 1,
                       outer->locals, NULL};
    bl_env inner = *outer;
    inner.locals = &binder;
    inner.local_count = slot + BL_LOOP_SLOTS;
    code->env = &inner;
    bool is_good = emit_list(code, node->kids[BL_FOR_EACH_EFFECTS]);
    code->env = outer;
    bl_code_add(code, OP_JUMP, 0, start, node->span);
    bl_code_land(code, start);
    return is_good;
}

/* ---- all of them ---- */

typedef bool (*effect_emitter)(bl_emitter *code, bl_node *node);
static const effect_emitter effect_emitters[BL_NODE_KIND_COUNT] = {
    [BL_NODE_GRANT] = emit_role_change,
    [BL_NODE_REVOKE] = emit_role_change,
    [BL_NODE_SET] = emit_set_attribute,
    [BL_NODE_CREATE] = emit_create,
    [BL_NODE_REMOVE] = emit_remove,
    [BL_NODE_OPEN] = emit_open,
    [BL_NODE_EMIT] = emit_event,
    [BL_NODE_DISCARD] = emit_discard,
    [BL_NODE_IF] = emit_if,
    [BL_NODE_FOR_EACH] = emit_for_each,
};

/* Names what was created for the effects behind it. */
static bool bind_created(bl_emitter *code, const bl_node *node, bl_env *env)
{
    const bl_node *name = node->kids[BL_CREATE_BINDER];
    uint32_t slot = env->local_count++;
    if (!name) return true;
    bl_local *binder = bl_arena_alloc(code->compiler->arena, sizeof *binder);
    if (!binder) {
        code->compiler->out_of_memory = true;
        return fail(code);
    }
    *binder = (bl_local){name->name, node->type, slot, env->locals, NULL};
    env->locals = binder;
    return true;
}

/* One effect. A failure in it does not keep the next ones from being looked at: the code is not
 * used anyway. */
static bool emit_effect(bl_emitter *code, bl_node *node)
{
    if (node->kind == BL_NODE_LATER || !effect_emitters[node->kind])
        return true; /* reported by the pass over declarations */
    uint32_t stack_size = code->stack_size;
    bool had_failed = code->has_failed;
    code->has_failed = false;
    bool is_good = effect_emitters[node->kind](code, node) && !code->has_failed;
    code->has_failed = had_failed || !is_good;
    if (!is_good) code->stack_size = stack_size;
    return is_good;
}

static bool emit_list(bl_emitter *code, bl_node *effects)
{
    const bl_env *outer = code->env;
    bl_env env = *outer;
    bool is_good = true;
    if (code->depth >= BL_AST_DEPTH_MAX) {
        if (effects) bl_report_depth(code->compiler, effects->span);
        return fail(code);
    }
    code->depth++;
    code->env = &env;
    for (bl_node *effect = effects; effect; effect = effect->next) {
        bool was_good = emit_effect(code, effect);
        is_good = is_good && was_good;
        if (effect->kind == BL_NODE_CREATE && was_good && !bind_created(code, effect, &env))
            is_good = false;
    }
    code->env = outer;
    code->depth--;
    return is_good;
}

bool bl_emit_effects(bl_compiler *compiler, const bl_env *env, bl_node *effects, uint32_t *chunk)
{
    bl_emitter code;
    bl_code_init(&code, compiler, env, effects ? effects->span : BL_SPAN_NONE);
    if (!emit_list(&code, effects)) return false;
    bl_code_add(&code, OP_END, 0, 0, code.span);
    return bl_code_finish(&code, chunk);
}

/* ---- what effects change ---- */

static bool mark_changes(bl_compiler *compiler, const bl_node *effects, bool *is_changed,
                         unsigned depth)
{
    if (effects && depth >= BL_AST_DEPTH_MAX) {
        bl_report_depth(compiler, effects->span);
        return false;
    }
    for (const bl_node *effect = effects; effect; effect = effect->next) {
        const bl_node *target = effect->kind == BL_NODE_SET ? effect->kids[BL_SET_TARGET] : NULL;
        const bool is_part = target && target->kind == BL_NODE_DOT;
        const uint32_t name = is_part ? bl_names_find(compiler->program->names, target->name)
                                      : BL_NONE;
        bool is_good = true;
        if (name != BL_NONE) is_changed[name] = true;
        if (effect->kind == BL_NODE_IF)
            is_good = mark_changes(compiler, effect->kids[BL_IF_THENS], is_changed, depth + 1) &&
                      mark_changes(compiler, effect->kids[BL_IF_ELSES], is_changed, depth + 1);
        else if (effect->kind == BL_NODE_FOR_EACH)
            is_good = mark_changes(compiler, effect->kids[BL_FOR_EACH_EFFECTS], is_changed,
                                   depth + 1);
        if (!is_good) return false;
    }
    return true;
}

bool bl_emit_mark_changes(bl_compiler *compiler, const bl_node *effects, bool *is_changed)
{
    return mark_changes(compiler, effects, is_changed, 0);
}
