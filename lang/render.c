/*
 * bylaw_policy_render: the order of articles, and the one place that adds clauses.
 *
 * Declarations of the policy's own file, and of those it extends, make the articles; each file
 * brought in by `use` makes an annex. Within each the order is that of bylaws: what is meant by
 * words, who there is, how is decided, what can be decided. Among declarations of one sort it is
 * the order of the policy.
 */
#include "render.h"

#include <assert.h>

#include "check.h"
#include "policy.h"

#include "../runtime/limits.h"

#define NOTHING BL_TEXT("")

/* ---- clauses ---- */

static bl_text annex_letter(bl_render *r, uint32_t number)
{
    char letters[8];
    size_t at = sizeof letters;
    for (; number > 0 && at > 0; number = (number - 1) / 26)
        letters[--at] = (char)('A' + (number - 1) % 26);
    return bl_phrase_source(r, (bl_text){letters + at, sizeof letters - at});
}

static bl_text number_below(bl_render *r, const bl_clause *parent, uint32_t number)
{
    char digits[12];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    const bl_text text = bl_phrase_source(r, (bl_text){digits + at, sizeof digits - at});
    return parent ? SAY(r, NUMBER_BELOW, parent->number, text) : text;
}

static bl_clause *append(bl_render *r, bl_span span, bl_text heading, bl_text text)
{
    bl_clause *clause = bl_arena_alloc(&r->arena, sizeof *clause);
    if (!clause) {
        r->failed = true;
        return NULL;
    }
    *clause = (bl_clause){
        .heading = heading, .text = text, .span = span, .ordinal = ++r->clause_count};
    if (r->last)
        r->last->next = clause;
    else
        r->first = clause;
    r->last = clause;
    return clause;
}

bl_clause *bl_render_add(bl_render *r, bl_clause *parent, bl_span span, bl_text heading,
                         bl_text text)
{
    bl_clause *clause = append(r, span, heading, text);
    if (!clause) return NULL;
    clause->level = parent ? parent->level + 1 : 0;
    clause->number = number_below(r, parent, parent ? ++parent->kid_count : ++r->article_count);
    return clause;
}

void bl_render_define(bl_render *r, const bl_node *declaration, bl_clause *clause)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, declaration->name);
    if (symbol && symbol->node == declaration) r->targets[symbol - r->compiler->symbols] = clause;
}

uint32_t bl_render_target_of(const bl_render *r, const bl_node *clause)
{
    uint32_t target = r->compiler->symbol_count;
    for (const bl_node *every = r->compiler->declarations; every; every = every->next) {
        if (every->kind != BL_NODE_EVERY_PROPOSAL) continue;
        for (const bl_node *node = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; node;
             node = node->next, target++)
            if (node == clause) return node->kind == BL_NODE_CITES ? BL_NONE : target;
    }
    return BL_NONE;
}

void bl_render_cites(bl_render *r, bl_clause *parent, const bl_node *clauses)
{
    for (; clauses; clauses = clauses->next) {
        if (clauses->kind != BL_NODE_CITES) continue;
        bl_words words = {0};
        for (const bl_node *text = clauses->kids[BL_CITES_TEXTS]; text; text = text->next)
            bl_words_add(r, &words, bl_phrase_quoted(r, text->name));
        bl_render_add(r, parent, clauses->span, SAY_PLAIN(r, HEAD_CITES),
                      SAY(r, CITES, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "))));
    }
}

/* ---- sorts of declarations, in the order of bylaws ---- */

typedef enum sort {
    SORT_SCOPES,
    SORT_ACTORS,
    SORT_ROLES,
    SORT_BODIES,
    SORT_CONFLICTS,
    SORT_CONSTANTS,
    SORT_FUNCTIONS,
    SORT_PROCEDURES,
    SORT_LADDERS,
    SORT_EVERY,
    SORT_KINDS, /* an article each */
    SORT_EVENTS,
    SORT_RULES,
    SORT_LATER,
    SORT_COUNT,
    SORT_NONE /* told elsewhere, or part of a declaration */
} sort;

static const bl_sentence headings[SORT_COUNT] = {
    [SORT_SCOPES] = BL_SENTENCE_ARTICLE_SCOPES,
    [SORT_ACTORS] = BL_SENTENCE_ARTICLE_ACTORS,
    [SORT_ROLES] = BL_SENTENCE_ARTICLE_ROLES,
    [SORT_BODIES] = BL_SENTENCE_ARTICLE_BODIES,
    [SORT_CONFLICTS] = BL_SENTENCE_ARTICLE_CONFLICTS,
    [SORT_CONSTANTS] = BL_SENTENCE_ARTICLE_CONSTANTS,
    [SORT_FUNCTIONS] = BL_SENTENCE_ARTICLE_FUNCTIONS,
    [SORT_PROCEDURES] = BL_SENTENCE_ARTICLE_PROCEDURES,
    [SORT_LADDERS] = BL_SENTENCE_ARTICLE_LADDERS,
    [SORT_EVERY] = BL_SENTENCE_ARTICLE_EVERY,
    [SORT_KINDS] = BL_SENTENCE_ARTICLE_KINDS,
    [SORT_EVENTS] = BL_SENTENCE_ARTICLE_EVENTS,
    [SORT_RULES] = BL_SENTENCE_ARTICLE_RULES,
    [SORT_LATER] = BL_SENTENCE_ARTICLE_LATER,
};

/* Every sort of declaration has its place; the rest of the tree's nodes stand inside of them. */
static sort sort_of(const bl_node *node)
{
    switch ((unsigned)node->kind) {
    case BL_NODE_SCOPE: return SORT_SCOPES;
    case BL_NODE_ACTOR: return SORT_ACTORS;
    case BL_NODE_ROLE: return SORT_ROLES;
    case BL_NODE_BODY: return SORT_BODIES;
    case BL_NODE_CONFLICTS: return SORT_CONFLICTS;
    case BL_NODE_LET: return SORT_CONSTANTS;
    case BL_NODE_FUNCTION: return SORT_FUNCTIONS;
    case BL_NODE_PROCEDURE: return SORT_PROCEDURES;
    case BL_NODE_LADDER: return SORT_LADDERS;
    case BL_NODE_EVERY_PROPOSAL: return SORT_EVERY;
    case BL_NODE_PROPOSAL: return SORT_KINDS;
    case BL_NODE_EVENT: return SORT_EVENTS;
    case BL_NODE_RULE: return SORT_RULES;
    case BL_NODE_LATER: return SORT_LATER;
    }
    return SORT_NONE;
}

static void render_declaration(bl_render *r, bl_clause *article, const bl_node *node)
{
    switch (sort_of(node)) {
    case SORT_SCOPES: bl_render_scope(r, article, node); return;
    case SORT_ACTORS: bl_render_actor(r, article, node); return;
    case SORT_ROLES: bl_render_role(r, article, node); return;
    case SORT_BODIES: bl_render_body(r, article, node); return;
    case SORT_CONFLICTS: bl_render_conflicts(r, article, node); return;
    case SORT_CONSTANTS: bl_render_let(r, article, node); return;
    case SORT_FUNCTIONS: bl_render_function(r, article, node); return;
    case SORT_PROCEDURES: bl_render_procedure(r, article, node); return;
    case SORT_LADDERS: bl_render_ladder(r, article, node); return;
    case SORT_EVERY: bl_render_every(r, article, node); return;
    case SORT_KINDS: bl_render_kind(r, article, node); return;
    case SORT_EVENTS: bl_render_event(r, article, node); return;
    case SORT_RULES: bl_render_rule(r, article, node); return;
    case SORT_LATER: bl_render_later(r, article, node); return;
    case SORT_COUNT:
    case SORT_NONE: return;
    }
}

/* ---- parts of the page ---- */

static bool belongs(const bl_node *node, const bool *is_annex, uint32_t annex)
{
    if (node->span.file == BL_NONE) return annex == BL_NONE;
    return annex == BL_NONE ? !is_annex[node->span.file] : node->span.file == annex;
}

/* Declarations of one sort, in the articles or in an annex. */
static void render_sort(bl_render *r, bl_clause *annex_clause, const bool *is_annex, uint32_t annex,
                        sort wanted)
{
    bl_clause *article = NULL;
    for (const bl_node *node = r->compiler->declarations; node; node = node->next) {
        if (sort_of(node) != wanted || !belongs(node, is_annex, annex)) continue;
        const bl_text heading = wanted == SORT_KINDS
                                    ? bl_phrase_capital(r, bl_phrase_name(r, node->name))
                                    : bl_phrase(r, headings[wanted], NULL);
        if (!article || wanted == SORT_KINDS)
            article = bl_render_add(r, annex_clause, node->span, heading, NOTHING);
        if (!article) return;
        render_declaration(r, article, node);
    }
}

/* The policy's own lines first, then those of what it is built on. */
static void render_face(bl_render *r, const bool *is_annex)
{
    bl_clause *article = NULL;
    for (uint32_t file = 0; file < r->compilation->source_count; file++)
        for (const bl_node *node = r->compilation->heads; node && !is_annex[file];
             node = node->next) {
            if (node->span.file != file) continue;
            if (!article)
                article = bl_render_add(r, NULL, node->span, SAY_PLAIN(r, ARTICLE_POLICY), NOTHING);
            if (!article) return;
            bl_render_policy(r, article, node);
        }
}

static bl_clause *add_annex(bl_render *r, bl_span span, bl_text heading)
{
    bl_clause *annex = append(r, span, heading, NOTHING);
    if (annex) annex->number = annex_letter(r, ++r->annex_count);
    return annex;
}

static void render_annexes(bl_render *r, const bool *is_annex)
{
    for (uint32_t file = 0; file < r->compilation->source_count && !r->failed; file++) {
        if (!is_annex[file]) continue;
        const bl_text name = bl_phrase_source(r, r->compilation->sources[file].name);
        bl_clause *annex = add_annex(r, (bl_span){file, 0, 0}, SAY(r, ANNEX_USED, name));
        for (sort s = 0; s < SORT_COUNT && annex; s++)
            render_sort(r, annex, is_annex, file, s);
    }
}

/* What no policy has to say. */
static void render_general(bl_render *r)
{
    static const char *const clauses[] = {
#define SENTENCE(name, words)
#define GENERAL(name, words) words,
#include "render.def"
#undef GENERAL
#undef SENTENCE
    };
    bl_clause *annex = add_annex(r, BL_SPAN_NONE, SAY_PLAIN(r, ANNEX_GENERAL));
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0] && annex; i++)
        bl_render_add(r, annex, BL_SPAN_NONE, NOTHING, bl_text_of(clauses[i]));
}

static void render_scenarios(bl_render *r)
{
    bl_clause *annex = NULL;
    for (const bl_node *node = r->compilation->scenarios; node; node = node->next) {
        if (!annex) annex = add_annex(r, node->span, SAY_PLAIN(r, ANNEX_SCENARIOS));
        if (!annex) return;
        bl_render_scenario(r, annex, node);
    }
}

/* A file is an annex unless it is the policy's own or what that one extends, and so on. */
static void find_annexes(const bl_compilation *compilation, bool *is_annex)
{
    for (uint32_t file = 1; file < compilation->source_count; file++)
        is_annex[file] = true;
    /* One more link of the chain each time; the order of the lines does not matter then. */
    for (uint32_t i = 0; i < compilation->source_count; i++)
        for (const bl_node *node = compilation->heads; node; node = node->next) {
            const bl_node *base = node->kind == BL_NODE_POLICY ? node->kids[BL_POLICY_EXTENDS]
                                                               : NULL;
            if (base && !is_annex[node->span.file] && base->ref < compilation->source_count)
                is_annex[base->ref] = false;
        }
}

static void render(bl_render *r)
{
    bool *is_annex = bl_arena_array(&r->arena, r->compilation->source_count, sizeof *is_annex);
    r->target_count = r->compiler->symbol_count;
    for (const bl_node *every = r->compiler->declarations; every; every = every->next) {
        if (every->kind != BL_NODE_EVERY_PROPOSAL) continue;
        for (const bl_node *node = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; node; node = node->next)
            r->target_count++;
    }
    r->targets = bl_arena_array(&r->arena, r->target_count, sizeof(bl_clause *));
    if (!is_annex || !r->targets) {
        r->failed = true;
        return;
    }
    find_annexes(r->compilation, is_annex);
    render_face(r, is_annex);
    for (sort s = 0; s < SORT_COUNT && !r->failed; s++)
        render_sort(r, NULL, is_annex, BL_NONE, s);
    render_annexes(r, is_annex);
    render_general(r);
    render_scenarios(r);
}

bylaw_status bylaw_policy_render(const bylaw_policy *policy, bylaw_format format, bylaw_writer out)
{
    assert(policy && out.write);
    const bl_compilation *compilation = bl_policy_compilation(policy);
    if (!compilation) return BYLAW_NO_SOURCE;
    if (!policy->program) return BYLAW_ERRORS;
    bl_render r = {.compilation = compilation, .compiler = compilation->compiler};
    bl_arena_init(&r.arena, &policy->memory);
    render(&r);
    bl_buffer page;
    bl_buffer_init(&page, &policy->memory);
    if (!r.failed && format == BYLAW_JSON)
        bl_render_json(&r, &page);
    else if (!r.failed && format == BYLAW_HTML)
        bl_render_html(&r, &page);
    else if (!r.failed)
        bl_render_markdown(&r, &page);
    const bool is_whole = !r.failed && !page.failed;
    if (is_whole) out.write(out.context, page.bytes, page.size);
    bl_buffer_free(&page);
    bl_arena_destroy(&r.arena);
    return is_whole ? BYLAW_OK : BYLAW_NOMEM;
}
