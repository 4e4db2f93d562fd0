/*
 * Effects as clauses, one each; those inside of `if` and `for each` stand one level deeper, so that
 * it is never in doubt what a condition reaches.
 */
#include "render.h"

#include "../runtime/limits.h"

#define NOTHING BL_TEXT("")

/* ", with its paths being the proposal's paths": what is given along. */
static bl_text say_bindings(bl_render *r, const bl_node *bindings, unsigned depth)
{
    if (!bindings) return NOTHING;
    bl_words words = {0};
    for (; bindings; bindings = bindings->next) {
        const bool is_named = bindings->kind == BL_NODE_BINDING;
        const bl_text value = bl_phrase_value(
            r, is_named ? bindings->kids[BL_BINDING_VALUE] : bindings, depth);
        bl_words_add(r, &words,
                     is_named ? SAY(r, BEING, bl_phrase_name(r, bindings->name), value) : value);
    }
    return SAY(r, GIVEN_ALONG, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and ")));
}

/* Arguments by place get the names of the event's fields. */
static bl_text say_emitted(bl_render *r, const bl_node *argument, const bl_node *field,
                           unsigned depth)
{
    if (!argument) return NOTHING;
    bl_words words = {0};
    for (; argument; argument = argument->next) {
        const bool is_named = argument->kind == BL_NODE_BINDING;
        const bl_text name = is_named ? argument->name : field ? field->name : NOTHING;
        const bl_text value = bl_phrase_value(
            r, is_named ? argument->kids[BL_BINDING_VALUE] : argument, depth);
        bl_words_add(r, &words, SAY(r, BEING, bl_phrase_name(r, name), value));
        if (field) field = field->next;
    }
    return SAY(r, GIVEN_ALONG, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and ")));
}

static bl_text say_open(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    const bl_text kind = bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name)));
    const bl_node *on = node->kids[BL_OPEN_ON];
    const bl_text where = on ? SAY(r, ABOUT, bl_phrase_value(r, on, depth)) : NOTHING;
    return SAY(r, OPENS, kind, where, say_bindings(r, node->kids[BL_OPEN_FIELDS], depth));
}

static bl_text say_create(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    const bl_text scope = bl_phrase_link(r, symbol, bl_phrase_name(r, node->name));
    const bl_node *binder = node->kids[BL_CREATE_BINDER];
    const bl_text called = binder ? SAY(r, CALLED, bl_phrase_local(r, binder->name)) : NOTHING;
    return SAY(r, CREATES, scope, bl_phrase_value(r, node->kids[BL_CREATE_ID], depth), called,
               say_bindings(r, node->kids[BL_CREATE_FIELDS], depth));
}

static bl_text say_emit(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    const bl_node *fields = symbol && symbol->node->kind == BL_NODE_EVENT
                                ? symbol->node->kids[BL_EVENT_FIELDS]
                                : NULL;
    return SAY(r, EMITS, bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name))),
               say_emitted(r, node->kids[BL_EMIT_ARGUMENTS], fields, depth));
}

static bl_text say_set(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *target = node->kids[BL_SET_TARGET], *value = node->kids[BL_SET_VALUE];
    if (value->kind == BL_NODE_BOOLEAN) {
        bl_node asked = *target;
        if (value->flags & BL_FLAG_TRUE)
            return SAY(r, SET_TRUE, bl_phrase_condition(r, &asked, depth));
        bl_node denied = {.kind = BL_NODE_UNARY, .flags = BL_OPERATOR_NOT, .kids = {&asked}};
        return SAY(r, SET_TRUE, bl_phrase_condition(r, &denied, depth));
    }
    const bl_text what = bl_phrase_value(r, target, depth);
    const bl_text becomes = bl_phrase_amount(r, value, depth);
    return bl_name_is_plural(target->name) ? SAY(r, SET_MANY, what, becomes)
                                           : SAY(r, SETS, what, becomes);
}

bl_text bl_phrase_effect(bl_render *r, const bl_node *node, unsigned depth)
{
    switch ((unsigned)node->kind) {
    case BL_NODE_GRANT:
        return SAY(r, GRANTS, bl_phrase_set(r, node->kids[BL_GRANT_TO], depth),
                   bl_phrase_counted(r, node->kids[BL_GRANT_ROLE], true, depth));
    case BL_NODE_REVOKE:
        return SAY(r, REVOKES, bl_phrase_set(r, node->kids[BL_REVOKE_FROM], depth),
                   bl_phrase_counted(r, node->kids[BL_REVOKE_ROLE], true, depth));
    case BL_NODE_CREATE: return say_create(r, node, depth);
    case BL_NODE_REMOVE:
        return SAY(r, REMOVES, bl_phrase_value(r, node->kids[BL_REMOVE_WHAT], depth));
    case BL_NODE_SET: return say_set(r, node, depth);
    case BL_NODE_OPEN: return say_open(r, node, depth);
    case BL_NODE_EMIT: return say_emit(r, node, depth);
    case BL_NODE_DISCARD:
        return SAY(r, DISCARDS,
                   node->kids[BL_DISCARD_PROPOSAL]
                       ? bl_phrase_value(r, node->kids[BL_DISCARD_PROPOSAL], depth)
                       : SAY_PLAIN(r, THE_PROPOSAL));
    }
    return NOTHING;
}

static void render_if(bl_render *r, bl_clause *parent, const bl_node *node, unsigned depth)
{
    const bl_text condition = bl_phrase_condition(r, node->kids[BL_IF_CONDITION], depth);
    bl_clause *thens = bl_render_add(r, parent, node->span, NOTHING, SAY(r, IF, condition));
    bl_render_effects(r, thens, node->kids[BL_IF_THENS], depth + 1);
    const bl_node *otherwise = node->kids[BL_IF_ELSES];
    if (!otherwise) return;
    bl_clause *elses = bl_render_add(r, parent, otherwise->span, NOTHING, SAY_PLAIN(r, OTHERWISE));
    bl_render_effects(r, elses, otherwise, depth + 1);
}

static void render_loop(bl_render *r, bl_clause *parent, const bl_node *node, unsigned depth)
{
    const bl_text name = node->kids[BL_FOR_EACH_BINDER]->name;
    const bl_text in = bl_phrase_range(r, node->kids[BL_FOR_EACH_IN], depth);
    const bl_text local = bl_phrase_local(r, name);
    bl_clause *clause = bl_render_add(r, parent, node->span, NOTHING, SAY(r, FOR_EACH, in, local));
    const bl_known known = {name, local, r->known};
    r->known = &known;
    bl_render_effects(r, clause, node->kids[BL_FOR_EACH_EFFECTS], depth + 1);
    r->known = known.next;
}

void bl_render_effects(bl_render *r, bl_clause *parent, const bl_node *effects, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return;
    const bl_known *before = r->known;
    if (!effects)
        bl_render_add(r, parent, parent ? parent->span : BL_SPAN_NONE, NOTHING,
                      SAY_PLAIN(r, NO_EFFECTS));
    for (const bl_node *node = effects; node; node = node->next) {
        if (node->kind == BL_NODE_IF) {
            render_if(r, parent, node, depth);
        } else if (node->kind == BL_NODE_FOR_EACH) {
            render_loop(r, parent, node, depth);
        } else if (node->kind == BL_NODE_LATER) {
            bl_render_later(r, parent, node);
        } else {
            bl_render_add(r, parent, node->span, NOTHING,
                          bl_phrase_sentence(r, bl_phrase_effect(r, node, depth)));
        }
        const bl_node *binder = node->kind == BL_NODE_CREATE ? node->kids[BL_CREATE_BINDER] : NULL;
        if (!binder) continue;
        bl_known *known = bl_arena_alloc(&r->arena, sizeof *known);
        if (!known) {
            r->failed = true;
            break;
        }
        *known = (bl_known){binder->name, bl_phrase_local(r, binder->name), r->known};
        r->known = known;
    }
    r->known = before;
}

void bl_render_rule(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    const bl_text event = bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name)));
    const bl_node *binder = node->kids[BL_RULE_BINDER], *title = node->kids[BL_RULE_TITLE];
    const bl_node *by = node->kids[BL_RULE_BY], *when = node->kids[BL_RULE_WHEN];
    const bl_text called = binder ? SAY(r, CALLED, bl_phrase_local(r, binder->name)) : NOTHING;
    const bl_text who = by ? SAY(r, SENT_BY, bl_phrase_member(r, by, 0)) : NOTHING;
    const bl_known known = {binder ? binder->name : NOTHING,
                            binder ? bl_phrase_local(r, binder->name) : NOTHING, r->known};
    if (binder) r->known = &known;
    const bl_text guard = when ? SAY(r, AND_WHEN, bl_phrase_condition(r, when, 0)) : NOTHING;
    const bl_text heading = title ? bl_phrase_source(r, title->name)
                                  : bl_phrase_capital(r, bl_phrase_name(r, node->name));
    bl_clause *clause = bl_render_add(r, article, node->span, heading,
                                      SAY(r, RULE, event, called, who, guard));
    bl_render_effects(r, clause, node->kids[BL_RULE_EFFECTS], 0);
    r->known = known.next;
}
