/*
 * Kinds of proposals as articles, ladders, and the clauses for every proposal.
 *
 * Each clause of the policy is one clause here. What a kind has from `every proposal` is told by
 * the numbers of those clauses.
 */
#include "check.h"
#include "render.h"

#define NOTHING BL_TEXT("")

/* ---- modifiers ---- */

static const bl_node *find(const bl_node *list, bl_node_kind kind)
{
    for (; list; list = list->next)
        if (list->kind == kind) return list;
    return NULL;
}

/* ", within 14 days": the window of a vote, or of an act after a decision. */
static bl_text say_window(bl_render *r, const bl_node *modifiers, bl_sentence within,
                          bl_sentence through)
{
    const bl_node *node = find(modifiers, BL_NODE_WITHIN);
    if (node)
        return bl_phrase(r, within,
                         (const bl_text[]){bl_phrase_value(r, node->kids[BL_WITHIN_DURATION], 0)});
    node = find(modifiers, BL_NODE_THROUGH);
    if (node)
        return bl_phrase(r, through,
                         (const bl_text[]){bl_phrase_value(r, node->kids[BL_THROUGH_DURATION], 0)});
    return NOTHING;
}

/* What follows the main sentence, a sentence each. */
static bl_text say_modifiers(bl_render *r, const bl_node *modifiers, bool is_vote)
{
    bl_text text = NOTHING;
    for (const bl_node *node = modifiers; node; node = node->next) {
        bl_text more = NOTHING;
        switch ((unsigned)node->kind) {
        case BL_NODE_AFTER:
            more = SAY(r, OPENS_AFTER, bl_phrase_value(r, node->kids[BL_AFTER_DURATION], 0));
            break;
        case BL_NODE_WHILE_OPEN: more = SAY_PLAIN(r, WHILE_OPEN); break;
        case BL_NODE_WITH_REASON:
            more = is_vote ? SAY_PLAIN(r, VOTE_WITH_REASON) : SAY_PLAIN(r, ACT_WITH_REASON);
            break;
        case BL_NODE_REASONED:
            more = SAY(r, REASONED, bl_phrase_value(r, node->kids[BL_REASONED_DURATION], 0));
            break;
        case BL_NODE_QUORUM:
            more = SAY(r, STAGE_QUORUM, bl_phrase_condition(r, node->kids[BL_QUORUM_CONDITION], 0));
            break;
        case BL_NODE_AS_OF_OPENING: more = SAY_PLAIN(r, AS_OF_OPENING); break;
        }
        text = bl_phrase_joined(r, text, more);
    }
    return text;
}

/* "…, under the procedure “majority”, within 14 days" */
static bl_text say_how(bl_render *r, const bl_node *using, const bl_node *modifiers)
{
    const bl_text procedure = using ? SAY(r, UNDER, bl_phrase_procedure(r, using, 0)) : NOTHING;
    return bl_phrase_joined(
        r, procedure, say_window(r, modifiers, BL_SENTENCE_VOTE_WITHIN, BL_SENTENCE_VOTE_THROUGH));
}

/* ---- stages ---- */

/* What a stage is among those around it. */
typedef struct stage_place {
    bool is_override;
    bool is_other; /* a decision before it comes first, where its condition holds */
    uint32_t rung; /* of a ladder, from 1 */
} stage_place;

static bl_sentence stage_sentence(const bl_node *node, bool has_guard, stage_place place)
{
    if (node->flags & BL_FLAG_THEN) return has_guard ? BL_SENTENCE_THEN_WHEN : BL_SENTENCE_THEN;
    if (node->flags & BL_FLAG_TOGETHER) return BL_SENTENCE_TOGETHER_WITH;
    if (node->flags & BL_FLAG_ESCALATES) {
        if (place.rung > 1) return has_guard ? BL_SENTENCE_GOES_ON_WHEN : BL_SENTENCE_GOES_ON;
        return has_guard ? BL_SENTENCE_ESCALATES_WHEN : BL_SENTENCE_ESCALATES;
    }
    if (place.is_override) return has_guard ? BL_SENTENCE_OVERRIDES_WHEN : BL_SENTENCE_OVERRIDES;
    return has_guard ? BL_SENTENCE_DECIDED_WHEN : BL_SENTENCE_DECIDED;
}

static bl_text stage_heading(bl_render *r, const bl_node *node, stage_place place)
{
    if (node->flags & BL_FLAG_THEN) return SAY_PLAIN(r, HEAD_THEN);
    if (node->flags & BL_FLAG_TOGETHER) return SAY_PLAIN(r, HEAD_TOGETHER);
    if (node->flags & BL_FLAG_ESCALATES) return SAY(r, HEAD_RUNG, bl_phrase_count(r, place.rung));
    return place.is_override ? SAY_PLAIN(r, HEAD_OVERRIDE) : SAY_PLAIN(r, HEAD_DECIDED);
}

static void render_stage(bl_render *r, bl_clause *parent, const bl_node *node, stage_place place)
{
    const bl_node *modifiers = node->kids[BL_STAGE_MODIFIERS];
    const bl_node *guard = find(modifiers, BL_NODE_WHEN);
    const bl_text who = bl_phrase_set(r, node->kids[BL_STAGE_BODY], 0);
    const bl_text how = say_how(r, node->kids[BL_STAGE_USING], modifiers);
    const bl_text when = guard ? bl_phrase_condition(r, guard->kids[BL_WHEN_CONDITION], 0)
                               : NOTHING;
    bl_text text = bl_phrase(r, stage_sentence(node, guard != NULL, place),
                             (const bl_text[]){who, how, when});
    if (place.is_other) text = SAY(r, OTHERWISE_DECIDED, text);
    text = bl_phrase_sentence(r, text);
    text = bl_phrase_joined(r, text, say_modifiers(r, modifiers, true));
    bl_render_add(r, parent, node->span, stage_heading(r, node, place), text);
}

/* ---- vetoes and disputes ---- */

/* From when to when a veto or a dispute may come. */
static bl_text say_act_window(bl_render *r, const bl_node *modifiers)
{
    const bl_text window = say_window(r, modifiers, BL_SENTENCE_ACT_WITHIN,
                                      BL_SENTENCE_ACT_THROUGH);
    if (window.size > 0 || find(modifiers, BL_NODE_WHILE_OPEN)) return window;
    return SAY_PLAIN(r, ACT_ANY_TIME);
}

static bl_text say_act_when(bl_render *r, const bl_node *modifiers)
{
    const bl_node *guard = find(modifiers, BL_NODE_WHEN);
    return guard ? SAY(r, ONLY_WHEN, bl_phrase_condition(r, guard->kids[BL_WHEN_CONDITION], 0))
                 : NOTHING;
}

static void render_veto(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *modifiers = node->kids[BL_VETO_MODIFIERS], *using = node->kids[BL_VETO_USING];
    const bl_text window = say_act_window(r, modifiers);
    const bl_text when = say_act_when(r, modifiers);
    const bl_node *body = node->kids[BL_VETO_BODY];
    bl_text text = using ? SAY(r, VETO_BODY, bl_phrase_set(r, body, 0),
                               bl_phrase_procedure(r, using, 0), window, when)
                         : SAY(r, VETO_ONE, bl_phrase_member(r, body, 0), window, when);
    text = bl_phrase_sentence(r, text);
    if (using) text = bl_phrase_joined(r, text, SAY_PLAIN(r, VETO_VOTE));
    text = bl_phrase_joined(r, text, say_modifiers(r, modifiers, false));
    bl_clause *clause = bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_VETO), text);
    bool is_other = false;
    for (const bl_node *stage = node->kids[BL_VETO_OVERRIDES]; stage; stage = stage->next) {
        const bool is_first = (stage->flags & BL_FLAG_DECIDED) != 0;
        render_stage(r, clause, stage,
                     (stage_place){.is_override = true, .is_other = is_first && is_other});
        is_other = is_other || is_first;
    }
}

static void render_dispute(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *modifiers = node->kids[BL_DISPUTE_MODIFIERS];
    const bl_text window = say_act_window(r, modifiers);
    bl_text text = SAY(r, DISPUTE, bl_phrase_member(r, node->kids[BL_DISPUTE_BODY], 0), window,
                       say_act_when(r, modifiers));
    text = bl_phrase_joined(r, bl_phrase_sentence(r, text), SAY_PLAIN(r, DISPUTE_GOES));
    text = bl_phrase_joined(r, text, say_modifiers(r, modifiers, false));
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_DISPUTE), text);
}

/* ---- the other clauses ---- */

static void render_raised(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *when = node->kids[BL_RAISED_BY_WHEN];
    const bl_text guard = when ? SAY(r, BUT_ONLY_WHEN, bl_phrase_condition(r, when, 0)) : NOTHING;
    bl_render_add(
        r, parent, node->span, SAY_PLAIN(r, HEAD_RAISED),
        bl_phrase_sentence(
            r, SAY(r, RAISED_BY, bl_phrase_member(r, node->kids[BL_RAISED_BY_BODY], 0), guard)));
}

static bl_text say_option(bl_render *r, const bl_node *option)
{
    const bl_text name = SAY(r, QUOTED,
                             option->kind == BL_NODE_TEXT ? bl_phrase_source(r, option->name)
                                                          : bl_phrase_name(r, option->name));
    if (option->kind != BL_NODE_OPTION) return name;
    return SAY(r, OPTION_NEEDS, name, bl_phrase_value(r, option->kids[BL_OPTION_MORE], 0),
               bl_phrase_value(r, option->kids[BL_OPTION_LESS], 0));
}

static void render_options(bl_render *r, bl_clause *parent, const bl_node *node)
{
    bl_words words = {0};
    for (const bl_node *option = node->kids[BL_OPTIONS_OPTIONS]; option; option = option->next)
        bl_words_add(r, &words, say_option(r, option));
    const bl_node *fallback = node->kids[BL_OPTIONS_DEFAULT];
    bl_text text = SAY(r, OPTIONS, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and ")));
    if (fallback) text = bl_phrase_joined(r, text, SAY(r, OPTION_DEFAULT, say_option(r, fallback)));
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_OPTIONS), text);
}

static void render_candidates(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *fallback = node->kids[BL_CANDIDATES_DEFAULT];
    bl_text text = SAY(r, CANDIDATES, bl_phrase_set(r, node->kids[BL_CANDIDATES_BODY], 0));
    if (fallback) text = bl_phrase_joined(r, text, SAY(r, OPTION_DEFAULT, say_option(r, fallback)));
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_CANDIDATES), text);
}

static void render_cap(bl_render *r, bl_clause *parent, const bl_node *node)
{
    bl_render_add(
        r, parent, node->span, SAY_PLAIN(r, HEAD_CAP),
        SAY(r, CAP, bl_phrase_value(r, node->kids[BL_CAP_MOST], 0), bl_phrase_name(r, node->name)));
}

static void render_takes_effect(bl_render *r, bl_clause *parent, const bl_node *node)
{
    bl_text text;
    if (node->flags & BL_FLAG_AT_ONCE)
        text = SAY_PLAIN(r, EFFECT_AT_ONCE);
    else if (node->flags & BL_FLAG_WHEN_FINAL)
        text = SAY_PLAIN(r, EFFECT_WHEN_FINAL);
    else
        text = SAY(r, EFFECT_AFTER, bl_phrase_value(r, node->kids[BL_TAKES_EFFECT_DELAY], 0));
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_EFFECT), text);
}

static bl_text say_outcome(bl_render *r, const bl_node *node)
{
    static const struct {
        const char *name;
        bl_sentence words;
    } outcomes[] = {
        {"opened", BL_SENTENCE_WHEN_OPENED}, {"passed", BL_SENTENCE_WHEN_PASSED},
        {"failed", BL_SENTENCE_WHEN_FAILED}, {"unresolved", BL_SENTENCE_WHEN_UNRESOLVED},
        {"lapsed", BL_SENTENCE_WHEN_LAPSED}, {"effective", BL_SENTENCE_WHEN_EFFECTIVE},
        {"final", BL_SENTENCE_WHEN_FINAL},
    };
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (bl_text_equal(node->name, bl_text_of(outcomes[i].name)))
            return bl_phrase(r, outcomes[i].words, NULL);
    return SAY(r, WHEN_OUTCOME, bl_phrase_name(r, node->name));
}

static void render_outcome(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_node *binder = node->kids[BL_ON_OUTCOME_BINDER];
    const bl_text called = binder ? SAY(r, WINNER_CALLED, bl_phrase_local(r, binder->name))
                                  : NOTHING;
    const bl_known known = {binder ? binder->name : NOTHING,
                            binder ? bl_phrase_local(r, binder->name) : NOTHING, r->known};
    if (binder) r->known = &known;
    const bl_text when = SAY(r, OUTCOME, say_outcome(r, node), called);
    const bl_node *effects = node->kids[BL_ON_OUTCOME_EFFECTS];
    const bool is_single = effects && !effects->next && effects->kind != BL_NODE_IF &&
                           effects->kind != BL_NODE_FOR_EACH && effects->kind != BL_NODE_LATER;
    const bl_text text = is_single ? bl_phrase_sentence(r, SAY(r, OUTCOME_IS, when,
                                                               bl_phrase_effect(r, effects, 0)))
                                   : SAY(r, COLON, when);
    bl_clause *clause = bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_OUTCOME), text);
    if (!is_single) bl_render_effects(r, clause, effects, 0);
    r->known = known.next;
}

static void render_along(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    const bl_text ladder = bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name)));
    const bl_text number = symbol
                               ? bl_phrase_number_of(r, (uint32_t)(symbol - r->compiler->symbols))
                               : NOTHING;
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_ESCALATES),
                  SAY(r, ALONG, ladder, number));
}

static void render_clause(bl_render *r, bl_clause *parent, const bl_node *node, stage_place place)
{
    switch ((unsigned)node->kind) {
    case BL_NODE_RAISED_BY: render_raised(r, parent, node); return;
    case BL_NODE_REQUIRES:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_REQUIRES),
                      SAY(r, REQUIRES, bl_phrase_fields(r, node->kids[BL_REQUIRES_FIELDS])));
        return;
    case BL_NODE_ACCEPTS:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_ACCEPTS),
                      SAY(r, ACCEPTS, bl_phrase_fields(r, node->kids[BL_ACCEPTS_FIELDS])));
        return;
    case BL_NODE_REFUSES:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_REFUSES),
                      SAY(r, REFUSES, bl_phrase_condition(r, node->kids[BL_REFUSES_WHEN], 0),
                          bl_phrase_quoted(r, node->kids[BL_REFUSES_TEXT]->name)));
        return;
    case BL_NODE_CANDIDATES: render_candidates(r, parent, node); return;
    case BL_NODE_OPTIONS: render_options(r, parent, node); return;
    case BL_NODE_CAP: render_cap(r, parent, node); return;
    case BL_NODE_STAGE: render_stage(r, parent, node, place); return;
    case BL_NODE_ALONG: render_along(r, parent, node); return;
    case BL_NODE_VETO: render_veto(r, parent, node); return;
    case BL_NODE_DISPUTE: render_dispute(r, parent, node); return;
    case BL_NODE_TAKES_EFFECT: render_takes_effect(r, parent, node); return;
    case BL_NODE_ON_OUTCOME: render_outcome(r, parent, node); return;
    case BL_NODE_LATER: bl_render_later(r, parent, node); return;
    }
}

/* How many rungs a clause of a kind adds to its ladder. */
static uint32_t rung_count(const bl_render *r, const bl_node *node)
{
    if (node->kind == BL_NODE_STAGE) return (node->flags & BL_FLAG_ESCALATES) != 0;
    const bl_symbol *ladder = node->kind == BL_NODE_ALONG ? bl_symbol_find(r->compiler, node->name)
                                                          : NULL;
    uint32_t count = 0;
    const bl_node *rung = ladder ? ladder->node->kids[BL_LADDER_CLAUSES] : NULL;
    for (; rung; rung = rung->next)
        count += rung->kind == BL_NODE_STAGE;
    return count;
}

static void render_clauses(bl_render *r, bl_clause *parent, const bl_node *clauses)
{
    bool has_decision = false;
    uint32_t rungs = 0;
    for (const bl_node *node = clauses; node; node = node->next) {
        const bool is_decision = node->kind == BL_NODE_STAGE && (node->flags & BL_FLAG_DECIDED);
        render_clause(r, parent, node,
                      (stage_place){.is_other = is_decision && has_decision, .rung = rungs + 1});
        has_decision = has_decision || is_decision;
        rungs += rung_count(r, node);
    }
    bl_render_cites(r, parent, clauses);
}

/* ---- kinds ---- */

static bool has_own(const bl_node *own, const bl_node *clause)
{
    for (; own; own = own->next)
        if (bl_clause_is_same_sort(own, clause)) return true;
    return false;
}

/* The numbers of what applies to every proposal, and to this one. */
static void render_inherited(bl_render *r, bl_clause *article, const bl_node *node,
                             const bl_symbol *kind)
{
    bl_words words = {0};
    for (const bl_node *every = r->compiler->declarations; every; every = every->next) {
        if (every->kind != BL_NODE_EVERY_PROPOSAL || !bl_every_applies(r->compiler, every, kind))
            continue;
        for (const bl_node *clause = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; clause;
             clause = clause->next)
            if (!has_own(node->kids[BL_PROPOSAL_CLAUSES], clause) &&
                bl_render_target_of(r, clause) != BL_NONE)
                bl_words_add(r, &words, bl_phrase_number_of(r, bl_render_target_of(r, clause)));
    }
    if (words.count == 0) return;
    const bl_text list = bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
    bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_INHERITED), SAY(r, INHERITED, list));
}

static bool is_raised(const bl_node *clauses)
{
    return find(clauses, BL_NODE_RAISED_BY) != NULL;
}

static bool is_raised_by_every(const bl_render *r, const bl_symbol *kind)
{
    for (const bl_node *every = r->compiler->declarations; every; every = every->next)
        if (every->kind == BL_NODE_EVERY_PROPOSAL &&
            is_raised(every->kids[BL_EVERY_PROPOSAL_CLAUSES]) &&
            bl_every_applies(r->compiler, every, kind))
            return true;
    return false;
}

void bl_render_kind(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *scope = node->kids[BL_PROPOSAL_SCOPE], *title = node->kids[BL_PROPOSAL_TITLE];
    const bl_node *clauses = node->kids[BL_PROPOSAL_CLAUSES];
    const bl_symbol *kind = bl_symbol_find(r->compiler, node->name);
    bl_render_define(r, node, article);
    r->kind = node;
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    bl_text about = NOTHING;
    if (scope)
        about = SAY(r, KIND_ABOUT,
                    bl_phrase_link(r, bl_symbol_find(r->compiler, scope->name),
                                   bl_phrase_name(r, scope->name)));
    const bl_text what = title ? SAY(r, TITLE, bl_phrase_source(r, title->name)) : NOTHING;
    bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_KIND),
                  bl_phrase_sentence(r, SAY(r, KIND, name, about, what)));
    if (kind && !is_raised(clauses) && !is_raised_by_every(r, kind))
        bl_render_add(r, article, node->span, SAY_PLAIN(r, HEAD_RAISED),
                      SAY_PLAIN(r, RAISED_BY_NOBODY));
    render_clauses(r, article, clauses);
    if (kind) render_inherited(r, article, node, kind);
    r->kind = NULL;
}

/* ---- ladders, clauses for every proposal ---- */

void bl_render_ladder(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *title = node->kids[BL_LADDER_TITLE];
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    const bl_text what = title ? SAY(r, TITLE, bl_phrase_source(r, title->name)) : NOTHING;
    bl_text text = bl_phrase_joined(r, bl_phrase_sentence(r, SAY(r, LADDER, name, what)),
                                    SAY_PLAIN(r, LADDER_CLIMB));
    bl_clause *clause = bl_render_add(r, article, node->span,
                                      bl_phrase_capital(r, bl_phrase_name(r, node->name)), text);
    bl_render_define(r, node, clause);
    uint32_t rungs = 0;
    for (const bl_node *rung = node->kids[BL_LADDER_CLAUSES]; rung; rung = rung->next)
        if (rung->kind == BL_NODE_STAGE)
            render_stage(r, clause, rung, (stage_place){.rung = ++rungs});
    bl_render_cites(r, clause, node->kids[BL_LADDER_CLAUSES]);
}

static void render_every_clauses(bl_render *r, bl_clause *clause, const bl_node *clauses)
{
    uint32_t rungs = 0;
    for (const bl_node *node = clauses; node; node = node->next) {
        const bl_clause *before = r->last;
        render_clause(r, clause, node, (stage_place){.rung = rungs + 1});
        rungs += rung_count(r, node);
        const uint32_t target = bl_render_target_of(r, node);
        if (target != BL_NONE && before && before->next) r->targets[target] = before->next;
    }
    bl_render_cites(r, clause, clauses);
}

void bl_render_every(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_node *scope = node->kids[BL_EVERY_PROPOSAL_SCOPE];
    bl_text about = NOTHING, except = NOTHING;
    if (scope)
        about = SAY(r, KIND_ABOUT,
                    bl_phrase_link(r, bl_symbol_find(r->compiler, scope->name),
                                   bl_phrase_name(r, scope->name)));
    bl_words words = {0};
    for (const bl_node *kind = node->kids[BL_EVERY_PROPOSAL_EXCEPTS]; kind; kind = kind->next)
        bl_words_add(r, &words,
                     bl_phrase_link(r, bl_symbol_find(r->compiler, kind->name),
                                    SAY(r, QUOTED, bl_phrase_name(r, kind->name))));
    if (words.count > 0)
        except = SAY(r, EVERY_EXCEPT, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and ")));
    const bl_text heading = scope ? SAY(r, HEAD_EVERY_ABOUT, bl_phrase_name(r, scope->name))
                                  : SAY_PLAIN(r, HEAD_EVERY);
    bl_clause *clause = bl_render_add(r, article, node->span, heading,
                                      SAY(r, EVERY, about, except));
    render_every_clauses(r, clause, node->kids[BL_EVERY_PROPOSAL_CLAUSES]);
}
