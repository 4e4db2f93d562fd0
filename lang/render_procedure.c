/*
 * Procedures as clauses: what a ballot is, the quorum, when a motion passes and fails, when the
 * vote closes, how ties are broken.
 */
#include "render.h"

#define NOTHING BL_TEXT("")

static void render_closes(bl_render *r, bl_clause *parent, const bl_node *node)
{
    bl_sentence words = BL_SENTENCE_CLOSES_SETTLED;
    if (node->flags & BL_FLAG_AT_ONCE) words = BL_SENTENCE_CLOSES_AT_ONCE;
    if (node->flags & BL_FLAG_AT_DEADLINE) words = BL_SENTENCE_CLOSES_AT_DEADLINE;
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_CLOSES), bl_phrase(r, words, NULL));
}

static void render_open_for(bl_render *r, bl_clause *parent, const bl_node *node)
{
    const bl_text duration = bl_phrase_value(r, node->kids[BL_OPEN_FOR_DURATION], 0);
    const bl_text text = (node->flags & BL_FLAG_AT_LEAST) ? SAY(r, OPEN_AT_LEAST, duration)
                                                          : SAY(r, OPEN_FOR, duration);
    bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_OPEN), text);
}

static bl_text say_ballot(bl_render *r, bl_text name)
{
    if (bl_text_equal(name, BL_TEXT("yes_no"))) return SAY_PLAIN(r, BALLOT_YES_NO);
    if (bl_text_equal(name, BL_TEXT("ranking"))) return SAY_PLAIN(r, BALLOT_RANKING);
    return SAY(r, BALLOT, bl_phrase_name(r, name));
}

static bl_text say_method(bl_render *r, const bl_node *node)
{
    bl_text text;
    if (bl_text_equal(node->name, BL_TEXT("irv")))
        text = SAY_PLAIN(r, COUNTS_IRV);
    else
        text = SAY(r, COUNTS_BY, bl_phrase_name(r, node->name));
    bl_words words = {0};
    for (const bl_node *argument = node->kids[BL_COUNTS_BY_ARGUMENTS]; argument;
         argument = argument->next) {
        const bool is_named = argument->kind == BL_NODE_BINDING;
        const bl_text value = bl_phrase_value(
            r, is_named ? argument->kids[BL_BINDING_VALUE] : argument, 0);
        bl_words_add(r, &words,
                     is_named ? SAY(r, BEING, bl_phrase_local(r, argument->name), value) : value);
    }
    if (words.count == 0) return text;
    return bl_phrase_joined(
        r, text, SAY(r, COUNTS_WITH, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "))));
}

static bl_text say_ties(bl_render *r, const bl_node *node)
{
    if (bl_text_equal(node->name, BL_TEXT("lot"))) return SAY_PLAIN(r, TIES_BY_LOT);
    return SAY(r, TIES,
               node->name.size > 0 ? bl_phrase_name(r, node->name)
                                   : bl_phrase_set(r, node->kids[BL_TIES_BODY], 0));
}

static void render_clause(bl_render *r, bl_clause *parent, const bl_node *node)
{
    switch ((unsigned)node->kind) {
    case BL_NODE_BALLOT:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_BALLOT), say_ballot(r, node->name));
        return;
    case BL_NODE_COUNTS_BY:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_COUNTING), say_method(r, node));
        return;
    case BL_NODE_QUORUM:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_QUORUM),
                      SAY(r, QUORUM, bl_phrase_condition(r, node->kids[BL_QUORUM_CONDITION], 0)));
        return;
    case BL_NODE_WEIGH:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_WEIGH),
                      SAY(r, WEIGH, bl_phrase_name(r, node->name)));
        return;
    case BL_NODE_PASSES:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_PASSES),
                      SAY(r, PASSES, bl_phrase_condition(r, node->kids[BL_PASSES_CONDITION], 0)));
        return;
    case BL_NODE_FAILS:
        bl_render_add(
            r, parent, node->span, SAY_PLAIN(r, HEAD_FAILS),
            (node->flags & BL_FLAG_OTHERWISE)
                ? SAY_PLAIN(r, FAILS_OTHERWISE)
                : SAY(r, FAILS, bl_phrase_condition(r, node->kids[BL_FAILS_CONDITION], 0)));
        return;
    case BL_NODE_CLOSES: render_closes(r, parent, node); return;
    case BL_NODE_OPEN_FOR: render_open_for(r, parent, node); return;
    case BL_NODE_TIES:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_TIES), say_ties(r, node));
        return;
    case BL_NODE_LATER: bl_render_later(r, parent, node); return;
    }
}

/* What holds where nothing is said belongs to bylaws too. */
static void render_silence(bl_render *r, bl_clause *parent, const bl_node *node)
{
    bool has_passes = false, has_fails = false, has_closes = false, has_window = false;
    bool has_ranking = false, has_ties = false;
    for (const bl_node *clause = node->kids[BL_PROCEDURE_CLAUSES]; clause; clause = clause->next) {
        has_ranking = has_ranking || clause->kind == BL_NODE_COUNTS_BY;
        has_ties = has_ties || clause->kind == BL_NODE_TIES;
        has_passes = has_passes || clause->kind == BL_NODE_PASSES;
        has_fails = has_fails || clause->kind == BL_NODE_FAILS;
        has_closes = has_closes || clause->kind == BL_NODE_CLOSES;
        has_window = has_window ||
                     (clause->kind == BL_NODE_OPEN_FOR && !(clause->flags & BL_FLAG_AT_LEAST));
    }
    if (has_ranking && !has_ties)
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_TIES), SAY_PLAIN(r, TIES_NONE));
    if (has_passes && !has_closes && !has_window)
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_CLOSES),
                      SAY_PLAIN(r, CLOSES_SETTLED));
    if (!has_passes) return;
    bool fails_otherwise = false;
    for (const bl_node *clause = node->kids[BL_PROCEDURE_CLAUSES]; clause; clause = clause->next)
        fails_otherwise = fails_otherwise ||
                          (clause->kind == BL_NODE_FAILS && (clause->flags & BL_FLAG_OTHERWISE));
    if (!fails_otherwise)
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_UNDECIDED),
                      has_fails ? SAY_PLAIN(r, UNDECIDED) : SAY_PLAIN(r, NEVER_FAILS));
}

void bl_render_procedure(bl_render *r, bl_clause *article, const bl_node *node)
{
    const bl_known *before = r->known;
    bl_words words = {0};
    for (const bl_node *field = node->kids[BL_PROCEDURE_PARAMETERS]; field; field = field->next) {
        bl_known *known = bl_arena_alloc(&r->arena, sizeof *known);
        if (!known) {
            r->failed = true;
            break;
        }
        *known = (bl_known){field->name, bl_phrase_local(r, field->name), r->known};
        r->known = known;
        bl_words_add(
            r, &words,
            SAY(r, PARAMETER, known->words, bl_phrase_type(r, field->kids[BL_FIELD_TYPE])));
    }
    const bl_node *title = node->kids[BL_PROCEDURE_TITLE];
    const bl_text name = SAY(r, QUOTED, bl_phrase_name(r, node->name));
    bl_text text = title ? SAY(r, PROCEDURE_TITLED, name, bl_phrase_source(r, title->name))
                         : SAY(r, PROCEDURE, name);
    text = bl_phrase_sentence(r, text);
    if (words.count > 0)
        text = bl_phrase_joined(
            r, text,
            SAY(r, PROCEDURE_TAKES, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "))));
    bl_clause *clause = bl_render_add(r, article, node->span,
                                      bl_phrase_capital(r, bl_phrase_name(r, node->name)), text);
    bl_render_define(r, node, clause);
    for (const bl_node *kid = node->kids[BL_PROCEDURE_CLAUSES]; kid; kid = kid->next)
        render_clause(r, clause, kid);
    render_silence(r, clause, node);
    bl_render_cites(r, clause, node->kids[BL_PROCEDURE_CLAUSES]);
    r->known = before;
}
