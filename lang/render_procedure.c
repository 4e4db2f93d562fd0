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
    return bl_text_equal(name, BL_TEXT("choice")) ? SAY_PLAIN(r, BALLOT_CHOICE)
                                                  : SAY_PLAIN(r, BALLOT_SCORES);
}

/* A word of the method, such as `droop`, or a value. */
static bl_text say_option(bl_render *r, const bl_node *value)
{
    if (value->kind != BL_NODE_NAME) return bl_phrase_value(r, value, 0);
    if (bl_known_find(r, value->name)) return bl_phrase_value(r, value, 0);
    return SAY(r, QUOTED, bl_phrase_name(r, value->name));
}

static bl_text say_method(bl_render *r, const bl_node *node)
{
    bl_count_options options = {.method = BL_METHOD_NONE};
    bl_count_method_named(node->name, &options);
    bl_text text;
    if (bl_text_equal(node->name, BL_TEXT("irv")))
        text = SAY_PLAIN(r, COUNTS_IRV);
    else
        text = SAY(r, COUNTS_BY, bl_phrase_name(r, node->name),
                   bl_text_of(bl_methods[options.method].help));
    bl_words words = {0};
    for (const bl_node *argument = node->kids[BL_COUNTS_BY_ARGUMENTS]; argument;
         argument = argument->next) {
        const bool is_named = argument->kind == BL_NODE_BINDING;
        const bl_text value = say_option(r, is_named ? argument->kids[BL_BINDING_VALUE] : argument);
        bl_words_add(r, &words,
                     is_named
                         ? SAY(r, BEING, SAY(r, QUOTED, bl_phrase_name(r, argument->name)), value)
                         : value);
    }
    if (words.count == 0) return text;
    return bl_phrase_joined(
        r, text, SAY(r, COUNTS_WITH, bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "))));
}

/* One way to break a tie: a word, or the body whose ballots do. */
static bl_text say_rule(bl_render *r, const bl_node *rule, const bl_node *reruns)
{
    static const struct {
        const char *word;
        bl_sentence sentence;
    } words[] = {{"lot", BL_SENTENCE_TIE_LOT},
                 {"previous_round", BL_SENTENCE_TIE_PREVIOUS_ROUND},
                 {"first_round", BL_SENTENCE_TIE_FIRST_ROUND},
                 {"earlier_ballots", BL_SENTENCE_TIE_EARLIER_BALLOTS},
                 {"order", BL_SENTENCE_TIE_ORDER},
                 {"rerun", BL_SENTENCE_TIE_RERUN}};
    const bool is_rerun = bl_text_equal(rule->name, BL_TEXT("rerun"));
    if (is_rerun && reruns) return SAY(r, TIE_RERUNS, bl_phrase_value(r, reruns, 0));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (rule->kind == BL_NODE_NAME && bl_text_equal(rule->name, bl_text_of(words[i].word)))
            return bl_phrase(r, words[i].sentence, NULL);
    return SAY(r, TIE_BODY, bl_phrase_set(r, rule, 0));
}

static bl_text say_ties(bl_render *r, const bl_node *node)
{
    bl_words words = {0};
    for (const bl_node *rule = node->kids[BL_TIES_RULES]; rule; rule = rule->next)
        bl_words_add(r, &words, say_rule(r, rule, node->kids[BL_TIES_RERUNS]));
    const bl_text rest = SAY_PLAIN(r, TIES_REST);
    return SAY(r, TIES, bl_phrase_list(r, &words, rest, rest));
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
    case BL_NODE_SEATS:
        bl_render_add(r, parent, node->span, SAY_PLAIN(r, HEAD_SEATS),
                      SAY(r, SEATS, bl_phrase_value(r, node->kids[BL_SEATS_COUNT], 0)));
        return;
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
