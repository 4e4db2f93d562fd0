/*
 * Sets of people in words: all of them ("the core maintainers"), one of them ("a core maintainer"),
 * and what is counted ("votes for").
 *
 * What stands in parentheses in the policy keeps its sense: a set inside of another one is told in
 * parentheses wherever reading on would change it.
 */
#include "render.h"

#include "../runtime/limits.h"

typedef struct ballot_words {
    const char *name;
    bl_sentence people; /* who cast it */
    bl_sentence one; /* of them */
    bl_sentence votes; /* counted */
    bl_sentence vote;
} ballot_words;

static const ballot_words ballots[] = {
    {"approve", BL_SENTENCE_APPROVE_PEOPLE, BL_SENTENCE_APPROVE_ONE, BL_SENTENCE_APPROVE_VOTES,
     BL_SENTENCE_APPROVE_VOTE},
    {"reject", BL_SENTENCE_REJECT_PEOPLE, BL_SENTENCE_REJECT_ONE, BL_SENTENCE_REJECT_VOTES,
     BL_SENTENCE_REJECT_VOTE},
    {"abstain", BL_SENTENCE_ABSTAIN_PEOPLE, BL_SENTENCE_ABSTAIN_ONE, BL_SENTENCE_ABSTAIN_VOTES,
     BL_SENTENCE_ABSTAIN_VOTE},
    {"cast", BL_SENTENCE_CAST_PEOPLE, BL_SENTENCE_CAST_ONE, BL_SENTENCE_CAST_VOTES,
     BL_SENTENCE_CAST_VOTE},
    {"body", BL_SENTENCE_BODY_PEOPLE, BL_SENTENCE_BODY_ONE, BL_SENTENCE_BODY_VOTES,
     BL_SENTENCE_BODY_VOTE},
};

static const ballot_words *ballot_of(const bl_render *r, const bl_node *node)
{
    if (node->kind != BL_NODE_NAME || bl_known_find(r, node->name) || bl_field_meant(r, node->name))
        return NULL;
    for (size_t i = 0; i < sizeof ballots / sizeof ballots[0]; i++)
        if (bl_text_equal(node->name, bl_text_of(ballots[i].name))) return &ballots[i];
    return NULL;
}

static bool is_word(const bl_render *r, const bl_node *node, bl_text word)
{
    return node->kind == BL_NODE_NAME && bl_text_equal(node->name, word) &&
           !bl_known_find(r, node->name) && !bl_field_meant(r, node->name);
}

static const bl_symbol *group_of(const bl_render *r, const bl_node *node)
{
    if (node->kind != BL_NODE_NAME && node->kind != BL_NODE_OF) return NULL;
    const bl_symbol *symbol = bl_symbol_meant(r, node->name);
    if (!symbol) return NULL;
    return symbol->kind == BL_SYMBOL_ROLE || symbol->kind == BL_SYMBOL_BODY ? symbol : NULL;
}

static bool is_operator(const bl_node *node, bl_operator op)
{
    return node->kind == BL_NODE_BINARY && bl_node_operator(node) == op;
}

static bool is_set(const bl_render *r, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return false;
    if (is_operator(node, BL_OPERATOR_OR))
        return is_set(r, node->kids[BL_BINARY_LEFT], depth + 1) ||
               is_set(r, node->kids[BL_BINARY_RIGHT], depth + 1);
    return ballot_of(r, node) || group_of(r, node) || is_word(r, node, BL_TEXT("conflicted")) ||
           is_word(r, node, BL_TEXT("anyone")) || is_operator(node, BL_OPERATOR_AMONG) ||
           is_operator(node, BL_OPERATOR_EXCEPT);
}

bool bl_node_is_set(const bl_render *r, const bl_node *node)
{
    return is_set(r, node, 0);
}

/* ---- roles and bodies ---- */

/* Whether there is one holder at most: "the president". */
static bool is_one(const bl_symbol *symbol, const bl_node *node)
{
    if (symbol->kind != BL_SYMBOL_ROLE) return false;
    if (node->kind == BL_NODE_OF && (node->flags & BL_FLAG_ANY)) return false;
    const bl_node *clause = symbol->node->kids[BL_ROLE_CLAUSES];
    for (; clause; clause = clause->next) {
        if (clause->kind != BL_NODE_CARDINALITY || (clause->flags & BL_FLAG_AT_LEAST)) continue;
        const bl_node *count = clause->kids[BL_CARDINALITY_COUNT];
        if (count->kind == BL_NODE_NUMBER &&
            bl_rational_compare(count->as.number, BL_RATIONAL(1)) == 0)
            return true;
    }
    return false;
}

/* " of the module", " of any other module", or nothing. */
static bl_text place_of(bl_render *r, const bl_node *node, unsigned depth)
{
    if (node->kind != BL_NODE_OF) return BL_TEXT("");
    const bl_node *of = node->kids[BL_OF_E];
    if (!(node->flags & BL_FLAG_ANY)) return SAY(r, OF, bl_phrase_value(r, of, depth + 1));
    const bl_text scope = bl_phrase_link(r, bl_symbol_find(r->compiler, of->name),
                                         bl_phrase_name(r, of->name));
    return (node->flags & BL_FLAG_OTHER) ? SAY(r, OF_ANY_OTHER, scope) : SAY(r, OF_ANY, scope);
}

static bl_text group_words(bl_render *r, const bl_symbol *symbol, const bl_node *node,
                           bool is_plural, unsigned depth)
{
    const bl_text words = is_plural ? bl_phrase_plural(r, node->name)
                                    : bl_phrase_name(r, node->name);
    return bl_phrase_joined(r, bl_phrase_link(r, symbol, words), place_of(r, node, depth));
}

static bl_text say_group(bl_render *r, const bl_symbol *symbol, const bl_node *node, unsigned depth)
{
    if (symbol->node->kind == BL_NODE_ROLE && (symbol->node->flags & BL_FLAG_ANYONE))
        return SAY(r, ANY_ONE_OF, group_words(r, symbol, node, false, depth));
    return SAY(r, THE, group_words(r, symbol, node, !is_one(symbol, node), depth));
}

static bl_text say_group_member(bl_render *r, const bl_symbol *symbol, const bl_node *node,
                                unsigned depth)
{
    if (bl_name_is_plural(node->name)) return SAY(r, MEMBER_OF, say_group(r, symbol, node, depth));
    const bl_text words = group_words(r, symbol, node, false, depth);
    return is_one(symbol, node) ? SAY(r, THE, words) : bl_phrase_article(r, words);
}

/* ---- the parts of a union, in their order ---- */

typedef bl_text (*say_function)(bl_render *, const bl_node *, unsigned);

static bl_text in_parentheses(bl_render *r, const bl_node *node, say_function say, unsigned depth)
{
    const bl_text words = say(r, node, depth);
    return node->kind == BL_NODE_BINARY ? SAY(r, PARENTHESES, words) : words;
}

static void collect_union(bl_render *r, const bl_node *node, say_function say, bl_words *words,
                          unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return;
    if (!is_operator(node, BL_OPERATOR_OR)) {
        bl_words_add(r, words, in_parentheses(r, node, say, depth));
        return;
    }
    collect_union(r, node->kids[BL_BINARY_LEFT], say, words, depth + 1);
    collect_union(r, node->kids[BL_BINARY_RIGHT], say, words, depth + 1);
}

static bl_text say_union(bl_render *r, const bl_node *node, say_function say, bl_text last,
                         unsigned depth)
{
    bl_words words = {0};
    collect_union(r, node, say, &words, depth);
    return bl_phrase_list(r, &words, BL_TEXT(", "), last);
}

/* What is left out: all of a union, so that "except A and B" leaves out both. */
static bl_text say_left_out(bl_render *r, const bl_node *node, unsigned depth)
{
    if (is_operator(node, BL_OPERATOR_OR))
        return say_union(r, node, bl_phrase_set, BL_TEXT(" and "), depth);
    return in_parentheses(r, node, bl_phrase_set, depth);
}

/* The left side of `except` or a side of `among`. */
static bl_text say_base(bl_render *r, const bl_node *node, unsigned depth)
{
    if (is_operator(node, BL_OPERATOR_OR)) return SAY(r, TOGETHER, bl_phrase_set(r, node, depth));
    return in_parentheses(r, node, bl_phrase_set, depth);
}

static bl_text say_except(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT];
    const bl_text out = say_left_out(r, node->kids[BL_BINARY_RIGHT], depth + 1);
    if (is_operator(left, BL_OPERATOR_EXCEPT))
        return SAY(r, EXCEPT_TOO, bl_phrase_set(r, left, depth + 1), out);
    return SAY(r, EXCEPT, say_base(r, left, depth + 1), out);
}

static bl_text say_binary_set(bl_render *r, const bl_node *node, unsigned depth)
{
    if (is_operator(node, BL_OPERATOR_OR))
        return say_union(r, node, bl_phrase_set, BL_TEXT(" and "), depth);
    if (is_operator(node, BL_OPERATOR_EXCEPT)) return say_except(r, node, depth);
    if (is_operator(node, BL_OPERATOR_AMONG))
        return SAY(r, AMONG, say_base(r, node->kids[BL_BINARY_LEFT], depth + 1),
                   say_base(r, node->kids[BL_BINARY_RIGHT], depth + 1));
    return bl_phrase_value(r, node, depth + 1);
}

bl_text bl_phrase_set(bl_render *r, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    const ballot_words *ballot = ballot_of(r, node);
    if (ballot) return bl_phrase(r, ballot->people, NULL);
    const bl_symbol *symbol = group_of(r, node);
    if (symbol) return say_group(r, symbol, node, depth);
    if (node->kind == BL_NODE_BINARY) return say_binary_set(r, node, depth);
    return bl_phrase_value(r, node, depth + 1);
}

static bl_text say_binary_member(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    if (is_operator(node, BL_OPERATOR_OR))
        return say_union(r, node, bl_phrase_member, BL_TEXT(" or "), depth);
    if (is_operator(node, BL_OPERATOR_EXCEPT))
        return SAY(r, OTHER_THAN, in_parentheses(r, left, bl_phrase_member, depth + 1),
                   is_operator(right, BL_OPERATOR_OR)
                       ? say_union(r, right, bl_phrase_member, BL_TEXT(" or "), depth + 1)
                       : in_parentheses(r, right, bl_phrase_member, depth + 1));
    if (is_operator(node, BL_OPERATOR_AMONG))
        return SAY(r, WHO_IS_ALSO, in_parentheses(r, left, bl_phrase_member, depth + 1),
                   in_parentheses(r, right, bl_phrase_member, depth + 1));
    return bl_phrase_value(r, node, depth + 1);
}

bl_text bl_phrase_member(bl_render *r, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    const ballot_words *ballot = ballot_of(r, node);
    if (ballot) return bl_phrase(r, ballot->one, NULL);
    if (is_word(r, node, BL_TEXT("conflicted"))) return SAY_PLAIN(r, CONFLICTED_ONE);
    const bl_symbol *symbol = group_of(r, node);
    if (symbol) return say_group_member(r, symbol, node, depth);
    if (node->kind == BL_NODE_BINARY) return say_binary_member(r, node, depth);
    return bl_phrase_value(r, node, depth + 1);
}

/* ---- counting ---- */

static bl_text counted_union(bl_render *r, const bl_node *node, bool is_single)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    const bool has_for = is_word(r, left, BL_TEXT("approve")) &&
                         is_word(r, right, BL_TEXT("reject"));
    if (!has_for) return BL_TEXT("");
    return is_single ? SAY_PLAIN(r, FOR_OR_AGAINST) : SAY_PLAIN(r, FOR_AND_AGAINST);
}

/* A name, or what belongs to one: telling it twice costs nothing. */
static bool is_short(const bl_node *node)
{
    while (node->kind == BL_NODE_DOT)
        node = node->kids[BL_DOT_OF];
    if (node->kind == BL_NODE_OF) node = node->kids[BL_OF_E];
    return node->kind == BL_NODE_NAME || node->kind == BL_NODE_HANDLE;
}

/* Nothing deep is counted by its own words: they may be asked for more than once. */
bl_text bl_phrase_counted(bl_render *r, const bl_node *node, bool one, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_COUNT) {
        const bl_node *set = node->kids[BL_UNARY_E];
        const ballot_words *ballot = ballot_of(r, set);
        if (ballot)
            return one ? SAY(r, PERSON_WHO, bl_phrase(r, ballot->one, NULL))
                       : SAY(r, PEOPLE_AMONG, bl_phrase(r, ballot->people, NULL));
        return bl_phrase_counted(r, set, one, depth + 1);
    }
    const ballot_words *ballot = ballot_of(r, node);
    if (ballot) return bl_phrase(r, one ? ballot->vote : ballot->votes, NULL);
    const bl_symbol *symbol = is_short(node) ? group_of(r, node) : NULL;
    if (symbol) return group_words(r, symbol, node, !one, depth);
    if (is_operator(node, BL_OPERATOR_OR)) return counted_union(r, node, one);
    if (is_operator(node, BL_OPERATOR_AMONG) && is_short(node->kids[BL_BINARY_RIGHT])) {
        const ballot_words *left = ballot_of(r, node->kids[BL_BINARY_LEFT]);
        const bl_text from = say_base(r, node->kids[BL_BINARY_RIGHT], depth + 1);
        if (left && one) return SAY(r, VOTE_FROM, bl_phrase(r, left->vote, NULL), from);
        if (left) return SAY(r, VOTES_FROM, bl_phrase(r, left->votes, NULL), from);
    }
    return BL_TEXT("");
}
