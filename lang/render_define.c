/*
 * Definitions as clauses: the policy's face, actors and their attributes, scopes, roles, bodies,
 * who declares conflicts, constants, functions, events; and what is named only: scenarios, and what
 * is not evaluated.
 */
#include "render.h"

#include "../runtime/limits.h"

#define NOTHING BL_TEXT("")

/* ": a state on the Council" behind a term, or nothing. */
static bl_text say_title(bl_render *r, const bl_node *title)
{
    return title ? SAY(r, TITLE, bl_phrase_source(r, title->name)) : NOTHING;
}

static bl_text heading_of(bl_render *r, bl_text name)
{
    return bl_phrase_capital(r, bl_phrase_name(r, name));
}

/* ---- the face of the policy ---- */

static void render_face(bl_render *r, bl_clause *article, const bl_node *face)
{
    if (face->flags & BL_FLAG_EXACT) {
        bl_render_add(r, article, face->span, heading_of(r, BL_TEXT("handles")),
                      SAY_PLAIN(r, HANDLES_EXACT));
        return;
    }
    const bl_text value = bl_phrase_source(r, face->kids[BL_FACE_VALUE]->name);
    bl_render_add(r, article, face->span, heading_of(r, face->name),
                  face->span.file == 0 ? SAY(r, FACE, value) : SAY(r, FACE_BASE, value));
}

void bl_render_policy(bl_render *r, bl_clause *article, const bl_node *node)
{
    if (node->kind == BL_NODE_USE) {
        const bl_text path = bl_phrase_quoted(r, node->kids[BL_USE_PATH]->name);
        bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_USE), SAY(r, USE, path));
        return;
    }
    const bl_node *title = node->kids[BL_POLICY_TITLE];
    const bool is_own = node->span.file == 0;
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_NAME),
                  bl_phrase_sentence(r, is_own ? SAY(r, POLICY, name, say_title(r, title))
                                               : SAY(r, POLICY_BASE, name, say_title(r, title))));
    const bl_node *base = node->kids[BL_POLICY_EXTENDS];
    if (base)
        bl_render_add(r, article, base->span, SAY_PLAIN(r, HEAD_EXTENDS),
                      is_own ? SAY(r, EXTENDS, bl_phrase_quoted(r, base->name))
                             : SAY(r, EXTENDS_BASE, bl_phrase_quoted(r, base->name)));
    for (const bl_node *face = node->kids[BL_POLICY_FACES]; face; face = face->next)
        render_face(r, article, face);
}

/* ---- references to who may do something ---- */

static bl_text say_sorts(bl_render *r, const bl_node *refs, bl_symbol_kind sort, bl_sentence by)
{
    bl_words words = {0};
    for (; refs; refs = refs->next) {
        const bl_symbol *symbol = bl_symbol_meant(r, refs->name);
        if (!symbol || symbol->kind != sort) continue;
        const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, refs->name));
        bl_words_add(r, &words, bl_phrase_link(r, symbol, name));
    }
    if (words.count == 0) return NOTHING;
    return bl_phrase(r, by,
                     (const bl_text[]){bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" or "))});
}

/* Proposals first, then events, then people. */
static bl_text say_changers(bl_render *r, const bl_node *refs)
{
    bl_words words = {0};
    const bl_text kinds = say_sorts(r, refs, BL_SYMBOL_KIND, BL_SENTENCE_BY_KIND);
    const bl_text events = say_sorts(r, refs, BL_SYMBOL_EVENT, BL_SENTENCE_BY_EVENT);
    if (kinds.size > 0) bl_words_add(r, &words, kinds);
    if (events.size > 0) bl_words_add(r, &words, events);
    for (; refs; refs = refs->next) {
        const bl_symbol *symbol = bl_symbol_meant(r, refs->name);
        const bool is_told = symbol &&
                             (symbol->kind == BL_SYMBOL_KIND || symbol->kind == BL_SYMBOL_EVENT);
        if (!is_told) bl_words_add(r, &words, bl_phrase_member(r, refs, 0));
    }
    return bl_phrase_list(r, &words, BL_TEXT(", or by "), BL_TEXT(", or by "));
}

/* ---- attributes ---- */

static void render_attribute(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *value = node->kids[BL_ATTRIBUTE_DEFAULT];
    const bl_node *changers = node->kids[BL_ATTRIBUTE_CHANGERS];
    bl_text text = SAY(r, ATTRIBUTE, bl_phrase_type(r, node->kids[BL_ATTRIBUTE_TYPE]));
    if (value) text = SAY(r, AT_FIRST, text, bl_phrase_value(r, value, 0));
    text = bl_phrase_sentence(r, text);
    if (changers) text = bl_phrase_joined(r, text, SAY(r, CHANGED_BY, say_changers(r, changers)));
    bl_render_add(r, parent, node->span, heading_of(r, node->name), text);
}

static bl_text actor_words(bl_render *r, uint32_t flags, bool is_plural)
{
    bl_words words = {0};
    if (flags & BL_FLAG_PERSON)
        bl_words_add(r, &words, is_plural ? BL_TEXT("people") : BL_TEXT("person"));
    if (flags & BL_FLAG_ORGANIZATION)
        bl_words_add(r, &words, is_plural ? BL_TEXT("organizations") : BL_TEXT("organization"));
    if (flags & BL_FLAG_AGENT)
        bl_words_add(r, &words,
                     is_plural ? BL_TEXT("agents (programs that act)")
                               : BL_TEXT("agent (a program that acts)"));
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" or "));
}

void bl_render_actor(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_text words = actor_words(r, node->flags, false);
    bl_clause *clause = bl_render_add(
        r, article, node->span, bl_phrase_capital(r, words),
        bl_phrase_sentence(r, SAY(r, KNOWN_OF, bl_phrase_article(r, words))));
    for (const bl_node *kid = node->kids[BL_ACTOR_ATTRIBUTES]; kid; kid = kid->next)
        render_attribute(r, clause, kid);
}

void bl_render_scope(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *parent = node->kids[BL_SCOPE_PARENT];
    const bl_text name = bl_phrase_name(r, node->name);
    const bl_text title = say_title(r, node->kids[BL_SCOPE_TITLE]);
    bl_text text = title.size > 0 ? SAY(r, SCOPE_TITLED, SAY(r, QUOTED, name), title)
                                  : SAY(r, SCOPE, SAY(r, QUOTED, name));
    text = bl_phrase_sentence(r, text);
    if (parent) {
        const bl_symbol *symbol = bl_symbol_find(r->compiler, parent->name);
        text = bl_phrase_joined(
            r, text,
            SAY(r, SCOPE_IN, name, bl_phrase_link(r, symbol, bl_phrase_name(r, parent->name))));
    }
    const bl_node *attributes = node->kids[BL_SCOPE_ATTRIBUTES];
    if (attributes) text = bl_phrase_joined(r, text, SAY(r, SCOPE_HAS, name));
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name), text);
    bl_render_define(r, node, clause);
    for (; attributes; attributes = attributes->next)
        render_attribute(r, clause, attributes);
}

/* ---- roles ---- */

static bl_text say_cardinality(bl_render *r, const bl_node *node, bl_text where)
{
    const bl_text count = bl_phrase_amount(r, node->kids[BL_CARDINALITY_COUNT], 0);
    if (node->flags & BL_FLAG_EXACTLY) return SAY(r, EXACTLY, count, where);
    return (node->flags & BL_FLAG_AT_LEAST) ? SAY(r, AT_LEAST, count, where)
                                            : SAY(r, AT_MOST, count, where);
}

/* A bare role of a scope is that of the same instance. */
static bl_text say_included(bl_render *r, const bl_node *ref)
{
    const bl_text role = bl_phrase_member(r, ref, 0);
    const bl_symbol *symbol = bl_symbol_meant(r, ref->name);
    const bl_node *scope = symbol && symbol->kind == BL_SYMBOL_ROLE && ref->kind == BL_NODE_NAME
                               ? symbol->node->kids[BL_ROLE_SCOPE]
                               : NULL;
    if (!scope) return SAY(r, INCLUDES, role);
    return SAY(r, INCLUDES_THERE, role, bl_phrase_name(r, scope->name));
}

static void render_role_clause(bl_render *r, bl_clause *role, const bl_node *node, bl_text where)
{
    switch ((unsigned)node->kind) {
    case BL_NODE_HELD_BY:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_HELD),
                      SAY(r, HELD_BY, actor_words(r, node->flags, true)));
        return;
    case BL_NODE_FROM:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_FROM),
                      SAY(r, FROM, bl_phrase_member(r, node->kids[BL_FROM_BODY], 0)));
        return;
    case BL_NODE_CARDINALITY:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_COUNT),
                      say_cardinality(r, node, where));
        return;
    case BL_NODE_INCLUDES:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_INCLUDES),
                      say_included(r, node->kids[BL_INCLUDES_REF]));
        return;
    case BL_NODE_GRANTED_BY:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_GRANTED),
                      SAY(r, GRANTED_BY, say_changers(r, node->kids[BL_GRANTED_BY_REFS])));
        return;
    case BL_NODE_REVOKED_BY:
        bl_render_add(r, role, node->span, SAY_PLAIN(r, HEAD_REVOKED),
                      SAY(r, REVOKED_BY, say_changers(r, node->kids[BL_REVOKED_BY_REFS])));
        return;
    case BL_NODE_LATER: bl_render_later(r, role, node); return;
    }
}

void bl_render_role(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *scope = node->kids[BL_ROLE_SCOPE];
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    const bl_text title = say_title(r, node->kids[BL_ROLE_TITLE]);
    bl_text place = NOTHING, where = NOTHING;
    if (scope) {
        const bl_text words = bl_phrase_link(r, bl_symbol_find(r->compiler, scope->name),
                                             bl_phrase_name(r, scope->name));
        place = SAY(r, ROLE_OF, words);
        where = SAY(r, IN_EACH, bl_phrase_name(r, scope->name));
    }
    const bool is_anyone = (node->flags & BL_FLAG_ANYONE) != 0;
    const bl_text text = is_anyone ? SAY(r, ROLE_ANYONE, bl_phrase_article(r, name), title)
                                   : SAY(r, ROLE, name, place, title);
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name),
                                      bl_phrase_sentence(r, text));
    bl_render_define(r, node, clause);
    for (const bl_node *kid = node->kids[BL_ROLE_CLAUSES]; kid; kid = kid->next)
        render_role_clause(r, clause, kid, where);
    bl_render_cites(r, clause, node->kids[BL_ROLE_CLAUSES]);
}

/* ---- bodies, conflicts ---- */

void bl_render_body(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *scope = node->kids[BL_BODY_SCOPE];
    const bl_text members = bl_phrase_set(r, node->kids[BL_BODY_VALUE], 0);
    const bl_text name = bl_phrase_plural(r, node->name);
    const bl_text title = say_title(r, node->kids[BL_BODY_TITLE]);
    bl_text place = NOTHING;
    if (scope) {
        const bl_symbol *symbol = bl_symbol_find(r->compiler, scope->name);
        place = SAY(r, BODY_OF, bl_phrase_link(r, symbol, bl_phrase_name(r, scope->name)));
    }
    const bl_text text = SAY(r, BODY, SAY(r, QUOTED, name), place, members, title);
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name),
                                      bl_phrase_sentence(r, text));
    bl_render_define(r, node, clause);
}

void bl_render_conflicts(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_text who = bl_phrase_member(r, node->kids[BL_CONFLICTS_BY], 0);
    bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_CONFLICTS), SAY(r, CONFLICTS, who));
}

/* ---- constants, functions, events ---- */

void bl_render_let(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *type = node->kids[BL_LET_TYPE];
    const bl_text value = bl_phrase_amount(r, node->kids[BL_LET_VALUE], 0);
    bl_text text = SAY(r, LET, SAY(r, QUOTED, bl_phrase_name(r, node->name)), value);
    if (type) text = SAY(r, LET_TYPED, text, bl_phrase_type(r, type));
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name),
                                      bl_phrase_sentence(r, text));
    bl_render_define(r, node, clause);
}

bl_text bl_phrase_fields(bl_render *r, const bl_node *fields)
{
    bl_words words = {0};
    for (; fields; fields = fields->next) {
        const bl_node *type = fields->kids[BL_FIELD_TYPE];
        const bool is_text = bl_text_equal(type->name, BL_TEXT("text")) &&
                             !(type->flags & (BL_FLAG_LIST | BL_FLAG_OPTIONAL));
        const bl_text name = bl_phrase_name(r, fields->name);
        const bool is_told = is_text || (bl_text_equal(type->name, fields->name) && !type->flags);
        bl_words_add(r, &words,
                     is_told ? SAY(r, FIELD_TEXT, name)
                             : SAY(r, FIELD, name, bl_phrase_type(r, type)));
    }
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

static bl_text say_parameters(bl_render *r, const bl_node *fields)
{
    bl_words words = {0};
    for (; fields; fields = fields->next)
        bl_words_add(r, &words,
                     SAY(r, PARAMETER, bl_phrase_local(r, fields->name),
                         bl_phrase_type(r, fields->kids[BL_FIELD_TYPE])));
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

/* Names of parameters, as long as one thing is told. */
static const bl_known *know_parameters(bl_render *r, const bl_node *fields)
{
    const bl_known *before = r->known;
    for (; fields; fields = fields->next) {
        bl_known *known = bl_arena_alloc(&r->arena, sizeof *known);
        if (!known) {
            r->failed = true;
            break;
        }
        *known = (bl_known){fields->name, bl_phrase_local(r, fields->name), r->known};
        r->known = known;
    }
    return before;
}

static bool is_boolean(const bl_node *node)
{
    const bl_node *type = node->kids[BL_FUNCTION_TYPE];
    if (type) return bl_text_equal(type->name, BL_TEXT("boolean")) && !(type->flags & BL_FLAG_LIST);
    return bl_node_is_condition(node->kids[BL_FUNCTION_VALUE]);
}

void bl_render_function(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *parameters = node->kids[BL_FUNCTION_PARAMETERS];
    const bl_node *type = node->kids[BL_FUNCTION_TYPE];
    const bl_node *value = node->kids[BL_FUNCTION_VALUE];
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    const bl_text given = say_parameters(r, parameters);
    const bl_known *before = know_parameters(r, parameters);
    bl_text text;
    if (is_boolean(node))
        text = SAY(r, FUNCTION_HOLDS, name, parameters ? SAY(r, FOR, given) : NOTHING,
                   bl_phrase_condition(r, value, 0));
    else
        text = SAY(r, LET, parameters ? SAY(r, FUNCTION_OF, name, given) : name,
                   bl_phrase_amount(r, value, 0));
    r->known = before;
    if (type && !is_boolean(node)) text = SAY(r, LET_TYPED, text, bl_phrase_type(r, type));
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name),
                                      bl_phrase_sentence(r, text));
    bl_render_define(r, node, clause);
}

void bl_render_event(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *fields = node->kids[BL_EVENT_FIELDS];
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    const bl_text text = fields ? SAY(r, EVENT_STATES, name, bl_phrase_fields(r, fields))
                                : SAY(r, EVENT, name);
    bl_clause *clause = bl_render_add(r, article, node->span, heading_of(r, node->name),
                                      bl_phrase_sentence(r, text));
    bl_render_define(r, node, clause);
}

/* ---- what is only named ---- */

/* Its own words, so that nothing is lost. */
#define LATER_SIZE_MAX 4000

void bl_render_later(bl_render *r, bl_clause *article, const bl_node *node)
{
    bl_buffer snippet;
    bl_buffer_init(&snippet, r->arena.memory);
    if (node->span.file < r->compilation->source_count)
        bl_source_snippet(&r->compilation->sources[node->span.file], node->span, LATER_SIZE_MAX,
                          &snippet);
    const bl_text words = snippet.failed
                              ? NOTHING
                              : bl_phrase_source(r, (bl_text){snippet.bytes, snippet.size});
    if (snippet.failed) r->failed = true;
    bl_buffer_free(&snippet);
    bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_LATER),
                  bl_phrase_sentence(r, SAY(r, LATER, bl_phrase_source(r, node->name), words)));
}

void bl_render_scenario(bl_render *r, bl_clause *article, const bl_node *node)
{
    bl_render_add(r, article, node->span, NOTHING,
                  bl_phrase_sentence(r, bl_phrase_source(r, node->name)));
}
