/*
 * Conditions in words, each a sentence with its own verb: "there are more votes for than votes
 * against". What is joined by `and` inside of `or`, and the other way round, is told with `both`
 * and `either`, and in parentheses where it is nested deeper or something follows.
 */
#include "render.h"

#include <string.h>

#include "../runtime/limits.h"

static bool is_operator(const bl_node *node, bl_operator op)
{
    return node->kind == BL_NODE_BINARY && bl_node_operator(node) == op;
}

static bool is_join(const bl_node *node)
{
    return is_operator(node, BL_OPERATOR_AND) || is_operator(node, BL_OPERATOR_OR);
}

bool bl_node_is_condition(const bl_node *node)
{
    if (node->kind == BL_NODE_IS || node->kind == BL_NODE_CAN || node->kind == BL_NODE_BOOLEAN)
        return true;
    if (node->kind == BL_NODE_QUANTIFIER) return (node->flags & (BL_FLAG_ANY | BL_FLAG_EVERY)) != 0;
    if (node->kind == BL_NODE_UNARY) return bl_node_operator(node) == BL_OPERATOR_NOT;
    if (node->kind != BL_NODE_BINARY) return false;
    const bl_operator op = bl_node_operator(node);
    return op == BL_OPERATOR_AND || (op >= BL_OPERATOR_EQUAL && op <= BL_OPERATOR_GREATER_EQUAL) ||
           (op >= BL_OPERATOR_IN && op <= BL_OPERATOR_CONTAINS);
}

/* ---- comparing ---- */

typedef struct comparing {
    bl_sentence there_is; /* "there are at least $1 $2" */
    bl_sentence than; /* of two counts: "there are more $1 than $2" */
    bl_sentence verb; /* "at least $1", behind is or are */
} comparing;

static const comparing *comparing_of(bl_operator op)
{
    static const comparing all[] = {
        {BL_SENTENCE_THERE_EQUAL, BL_SENTENCE_THAN_EQUAL, BL_SENTENCE_IS_EQUAL},
        {BL_SENTENCE_THERE_UNEQUAL, BL_SENTENCE_THAN_UNEQUAL, BL_SENTENCE_IS_UNEQUAL},
        {BL_SENTENCE_THERE_LESS, BL_SENTENCE_THAN_LESS, BL_SENTENCE_IS_LESS},
        {BL_SENTENCE_THERE_MOST, BL_SENTENCE_THAN_MOST, BL_SENTENCE_IS_MOST},
        {BL_SENTENCE_THERE_MORE, BL_SENTENCE_THAN_MORE, BL_SENTENCE_IS_MORE},
        {BL_SENTENCE_THERE_LEAST, BL_SENTENCE_THAN_LEAST, BL_SENTENCE_IS_LEAST},
    };
    return &all[op - BL_OPERATOR_EQUAL];
}

static bool is_number(const bl_node *node, int64_t number)
{
    return node->kind == BL_NODE_NUMBER &&
           bl_rational_compare(node->as.number, BL_RATIONAL(number)) == 0;
}

static bool is_rung(const bl_node *node)
{
    return node->kind == BL_NODE_DOT && bl_text_equal(node->name, BL_TEXT("rung")) &&
           node->kids[BL_DOT_OF]->kind == BL_NODE_NAME &&
           bl_text_equal(node->kids[BL_DOT_OF]->name, BL_TEXT("proposal"));
}

static bool is_amount(const bl_node *node)
{
    if (node->kind == BL_NODE_BINARY)
        return bl_node_operator(node) >= BL_OPERATOR_ADD &&
               bl_node_operator(node) <= BL_OPERATOR_OF_NUMBER;
    return node->kind == BL_NODE_NUMBER || node->kind == BL_NODE_CALL ||
           node->kind == BL_NODE_TOTAL || node->kind == BL_NODE_OF;
}

/* "there are at least three votes for", where the left side is counted. */
static bl_text say_there(bl_render *r, bl_operator op, bl_text counted, const bl_node *left,
                         const bl_node *right, unsigned depth)
{
    if (is_number(right, 0) && op == BL_OPERATOR_EQUAL)
        return SAY(r, THERE_NONE, bl_phrase_counted(r, left, true, depth));
    const bool is_one = is_number(right, 1) && op != BL_OPERATOR_LESS;
    if (is_one && (op == BL_OPERATOR_GREATER_EQUAL || op == BL_OPERATOR_EQUAL ||
                   op == BL_OPERATOR_GREATER || op == BL_OPERATOR_LESS_EQUAL)) {
        const bl_text one = bl_phrase_counted(r, left, true, depth);
        if (op == BL_OPERATOR_GREATER_EQUAL) return SAY(r, THERE_ONE, one);
        if (op == BL_OPERATOR_EQUAL) return SAY(r, THERE_JUST_ONE, one);
        if (op == BL_OPERATOR_GREATER) return SAY(r, THERE_MORE_THAN_ONE, one);
        return SAY(r, THERE_ONE_AT_MOST, one);
    }
    return bl_phrase(r, comparing_of(op)->there_is,
                     (const bl_text[]){bl_phrase_amount(r, right, depth), counted});
}

static bool is_simple_number(const bl_render *r, const bl_node *node)
{
    if (node->kind == BL_NODE_NUMBER) return true;
    return node->kind == BL_NODE_NAME && !bl_node_is_set(r, node);
}

static bl_text say_rung(bl_render *r, bl_operator op, const bl_node *right, unsigned depth)
{
    if (op == BL_OPERATOR_EQUAL && is_number(right, 0)) return SAY_PLAIN(r, RUNG_NONE);
    if (op == BL_OPERATOR_GREATER_EQUAL && is_number(right, 1)) return SAY_PLAIN(r, RUNG_SOME);
    if (op == BL_OPERATOR_GREATER && is_number(right, 0)) return SAY_PLAIN(r, RUNG_SOME);
    if (op == BL_OPERATOR_LESS_EQUAL)
        return SAY(r, RUNG_MOST,
                   right->kind == BL_NODE_NUMBER ? bl_phrase_digits(r, right)
                                                 : bl_phrase_amount(r, right, depth));
    return BL_TEXT("");
}

static bl_text say_equality(bl_render *r, bl_operator op, const bl_node *left, const bl_node *right,
                            unsigned depth)
{
    const bool is_same = op == BL_OPERATOR_EQUAL;
    const bl_text subject = bl_phrase_value(r, left, depth);
    if (right->kind == BL_NODE_BOOLEAN) {
        const bool wants_true = ((right->flags & BL_FLAG_TRUE) != 0) == is_same;
        return wants_true ? SAY(r, HOLDS_TRUE, subject) : SAY(r, HOLDS_FALSE, subject);
    }
    const bl_text value = bl_phrase_value(r, right, depth);
    return is_same ? SAY(r, SAME, subject, value) : SAY(r, NOT_SAME, subject, value);
}

static bl_text say_comparison(bl_render *r, bl_operator op, const bl_node *left,
                              const bl_node *right, unsigned depth)
{
    if (is_rung(left)) {
        const bl_text words = say_rung(r, op, right, depth);
        if (words.size > 0) return words;
    }
    const bl_text counted = bl_phrase_counted(r, left, false, depth);
    const bl_text other = bl_phrase_counted(r, right, false, depth);
    if (counted.size > 0 && other.size > 0)
        return bl_phrase(r, comparing_of(op)->than, (const bl_text[]){counted, other});
    if (counted.size > 0 && is_simple_number(r, right))
        return say_there(r, op, counted, left, right, depth);
    const bool is_plural = counted.size > 0;
    const bool is_numeric = is_plural || bl_node_is_set(r, left) || bl_node_is_set(r, right) ||
                            is_amount(left) || is_amount(right) || op > BL_OPERATOR_UNEQUAL;
    if (!is_numeric) return say_equality(r, op, left, right, depth);
    const bl_text amount = bl_phrase(r, comparing_of(op)->verb,
                                     (const bl_text[]){bl_phrase_amount(r, right, depth)});
    const bl_text subject = bl_phrase_amount(r, left, depth);
    return is_plural ? SAY(r, ARE, subject, amount) : SAY(r, IS, subject, amount);
}

static bl_operator opposite_of(bl_operator op)
{
    switch ((unsigned)op) {
    case BL_OPERATOR_EQUAL: return BL_OPERATOR_UNEQUAL;
    case BL_OPERATOR_UNEQUAL: return BL_OPERATOR_EQUAL;
    case BL_OPERATOR_LESS: return BL_OPERATOR_GREATER_EQUAL;
    case BL_OPERATOR_LESS_EQUAL: return BL_OPERATOR_GREATER;
    case BL_OPERATOR_GREATER: return BL_OPERATOR_LESS_EQUAL;
    default: return BL_OPERATOR_LESS;
    }
}

/* ---- is, in, matches ---- */

static const char *const states[] = {"open",      "accepted", "rejected", "vetoed",
                                     "withdrawn", "lapsed",   "disputed", "escalated",
                                     "effective", "final",    "elected",  "given"};

static bool is_state(const bl_render *r, const bl_node *node)
{
    if (node->kind != BL_NODE_NAME || bl_symbol_meant(r, node->name) ||
        bl_known_find(r, node->name))
        return false;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (bl_text_equal(node->name, bl_text_of(states[i]))) return true;
    return false;
}

static bool is_sort_of_actor(const bl_node *node)
{
    return node->kind == BL_NODE_NAME && (bl_text_equal(node->name, BL_TEXT("person")) ||
                                          bl_text_equal(node->name, BL_TEXT("organization")) ||
                                          bl_text_equal(node->name, BL_TEXT("agent")));
}

static bl_text say_is(bl_render *r, const bl_node *node, bool is_negated, unsigned depth)
{
    const bl_node *right = node->kids[BL_IS_RIGHT];
    const bl_text left = bl_phrase_value(r, node->kids[BL_IS_LEFT], depth);
    bl_text what;
    if (is_state(r, right))
        what = bl_phrase_name(r, right->name);
    else if (is_sort_of_actor(right))
        what = bl_phrase_article(r, bl_phrase_name(r, right->name));
    else
        what = bl_phrase_member(r, right, depth);
    return is_negated ? SAY(r, NOT_SAME, left, what) : SAY(r, SAME, left, what);
}

static bl_text say_relation(bl_render *r, const bl_node *node, bool is_negated, unsigned depth)
{
    const bl_node *right = node->kids[BL_BINARY_RIGHT];
    const bl_operator op = bl_node_operator(node);
    const bl_text left = bl_phrase_value(r, node->kids[BL_BINARY_LEFT], depth);
    const bl_text what = op == BL_OPERATOR_IN ? bl_phrase_set(r, right, depth)
                                              : bl_phrase_value(r, right, depth);
    switch ((unsigned)op) {
    case BL_OPERATOR_IN: return is_negated ? SAY(r, NOT_IN, left, what) : SAY(r, IN, left, what);
    case BL_OPERATOR_MATCHES:
        return is_negated ? SAY(r, NOT_MATCHES, left, what) : SAY(r, MATCHES, left, what);
    case BL_OPERATOR_BEGINS_WITH:
        return is_negated ? SAY(r, NOT_BEGINS, left, what) : SAY(r, BEGINS, left, what);
    }
    return is_negated ? SAY(r, NOT_CONTAINS, left, what) : SAY(r, CONTAINS, left, what);
}

/* ---- quantifiers ---- */

/* How often the expression says the name. */
static unsigned mentions(const bl_node *node, bl_text name, unsigned depth)
{
    if (!node || depth > BL_AST_DEPTH_MAX) return 0;
    unsigned count = node->kind == BL_NODE_NAME && bl_text_equal(node->name, name);
    const unsigned kid_count = node->kind == BL_NODE_NAME || node->kind == BL_NODE_OF
                                   ? 1
                                   : BL_NODE_KIDS;
    for (unsigned i = 0; i < kid_count; i++)
        for (const bl_node *kid = node->kids[i]; kid; kid = kid->next)
            count += mentions(kid, name, depth + 1);
    return count;
}

/* `any l in labels : l in substantial`: the thing asked about is the subject, and said once. */
static bool is_about_binder(const bl_node *condition, bl_text name)
{
    const bool has_subject = condition->kind == BL_NODE_IS ||
                             (condition->kind == BL_NODE_BINARY && !is_join(condition) &&
                              bl_node_is_condition(condition));
    if (!has_subject) return false;
    const bl_node *left = condition->kids[0];
    while (left->kind == BL_NODE_DOT)
        left = left->kids[BL_DOT_OF];
    return left->kind == BL_NODE_NAME && bl_text_equal(left->name, name) &&
           mentions(condition, name, 0) == 1;
}
_Static_assert((int)BL_IS_LEFT == 0 && (int)BL_BINARY_LEFT == 0, "both have their subject first");

static bl_text say_quantifier(bl_render *r, const bl_node *node, bool is_negated, unsigned depth)
{
    const bl_node *binder = node->kids[BL_QUANTIFIER_BINDER];
    const bl_node *condition = node->kids[BL_QUANTIFIER_CONDITION];
    const bl_text in = bl_phrase_range(r, node->kids[BL_QUANTIFIER_IN], depth);
    const bool is_any = (node->flags & BL_FLAG_ANY) != 0;
    const bl_text some = is_negated ? (is_any ? SAY(r, NONE_OF, in) : SAY(r, NOT_EACH_OF, in))
                                    : (is_any ? SAY(r, ONE_OF, in) : SAY(r, EACH_OF, in));
    const bool is_short = is_about_binder(condition, binder->name) &&
                          condition->kids[0]->kind == BL_NODE_NAME;
    const bl_text local = bl_phrase_local(r, binder->name);
    const bl_known known = {binder->name, is_short ? some : local, r->known};
    r->known = &known;
    bl_text words = bl_phrase_condition(r, condition, depth + 1);
    r->known = known.next;
    if (is_short) return words;
    if (is_join(condition))
        words = bl_node_operator(condition) == BL_OPERATOR_AND ? SAY(r, BOTH, words)
                                                               : SAY(r, EITHER, words);
    return SAY(r, SUCH_THAT, some, local, words);
}

/* ---- joining ---- */

static bool ends_open(const bl_node *node)
{
    if (node->kind == BL_NODE_UNARY) node = node->kids[BL_UNARY_E];
    return node->kind == BL_NODE_QUANTIFIER || node->kind == BL_NODE_CONDITIONAL;
}

static void collect_join(bl_render *r, const bl_node *node, bl_operator op, bool is_last,
                         bl_words *words, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return;
    if (is_operator(node, op)) {
        collect_join(r, node->kids[BL_BINARY_LEFT], op, false, words, depth + 1);
        collect_join(r, node->kids[BL_BINARY_RIGHT], op, is_last, words, depth + 1);
        return;
    }
    bl_text item = bl_phrase_condition(r, node, depth + 1);
    if (is_join(node)) {
        item = bl_node_operator(node) == BL_OPERATOR_AND ? SAY(r, BOTH, item)
                                                         : SAY(r, EITHER, item);
        const bool is_nested = is_join(node->kids[BL_BINARY_LEFT]) ||
                               is_join(node->kids[BL_BINARY_RIGHT]);
        if (is_nested || !is_last) item = SAY(r, PARENTHESES, item);
    } else if (ends_open(node) && !is_last) {
        item = SAY(r, PARENTHESES, item);
    }
    bl_words_add(r, words, item);
}

static bl_text say_join(bl_render *r, const bl_node *node, unsigned depth)
{
    bl_words words = {0};
    const bool is_and = bl_node_operator(node) == BL_OPERATOR_AND;
    collect_join(r, node, bl_node_operator(node), true, &words, depth);
    bool is_long = words.count > 2;
    for (size_t i = 0; i < words.count && !is_long; i++)
        is_long = bl_text_contains(words.items[i], BL_TEXT(" and ")) ||
                  bl_text_contains(words.items[i], BL_TEXT(" or ")) ||
                  bl_text_contains(words.items[i], BL_TEXT(","));
    if (is_long)
        return bl_phrase_list(r, &words, is_and ? BL_TEXT(", and ") : BL_TEXT(", or "),
                              is_and ? BL_TEXT(", and ") : BL_TEXT(", or "));
    return bl_phrase_list(r, &words, BL_TEXT(", "), is_and ? BL_TEXT(" and ") : BL_TEXT(" or "));
}

/* ---- what is a condition by itself ---- */

static bool begins_like_verb(bl_text name)
{
    static const char *const verbs[] = {"has_", "is_", "can_", "may_", "was_", "must_"};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const size_t size = strlen(verbs[i]);
        if (name.size > size && memcmp(name.bytes, verbs[i], size) == 0) return true;
    }
    return false;
}

static bl_text say_call(bl_render *r, const bl_symbol *symbol, const bl_node *node, bool is_negated,
                        unsigned depth)
{
    const bl_text name = bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name)));
    const bl_node *arguments = node->kids[BL_CALL_ARGUMENTS];
    const bl_text of = arguments ? SAY(r, FOR, bl_phrase_arguments(r, arguments, depth))
                                 : BL_TEXT("");
    return is_negated ? SAY(r, NOT_HOLDS, name, of) : SAY(r, HOLDS, name, of);
}

static bl_text say_plain(bl_render *r, const bl_node *node, bool is_negated, unsigned depth)
{
    if (node->kind == BL_NODE_BOOLEAN) {
        const bool is_true = ((node->flags & BL_FLAG_TRUE) != 0) != is_negated;
        return is_true ? SAY_PLAIN(r, ALWAYS) : SAY_PLAIN(r, NEVER);
    }
    if (node->kind == BL_NODE_DOT) {
        const bl_text owner = bl_phrase_value(r, node->kids[BL_DOT_OF], depth);
        const bl_text name = bl_phrase_name(r, node->name);
        if (begins_like_verb(node->name))
            return is_negated ? SAY(r, NOT_VERB, owner, name) : SAY(r, VERB, owner, name);
        return is_negated ? SAY(r, NOT_COUNTS_AS, owner, name) : SAY(r, COUNTS_AS, owner, name);
    }
    const bl_symbol *called = node->kind == BL_NODE_CALL ? bl_symbol_find(r->compiler, node->name)
                                                         : NULL;
    if (called) return say_call(r, called, node, is_negated, depth);
    const bl_text words = bl_phrase_value(r, node, depth);
    return is_negated ? SAY(r, HOLDS_FALSE, words) : SAY(r, HOLDS_TRUE, words);
}

static bl_text say_conditional(bl_render *r, const bl_node *node, unsigned depth)
{
    return SAY(r, CONDITIONAL_HOLDS,
               bl_phrase_condition(r, node->kids[BL_CONDITIONAL_CONDITION], depth),
               bl_phrase_condition(r, node->kids[BL_CONDITIONAL_THEN], depth),
               bl_phrase_condition(r, node->kids[BL_CONDITIONAL_ELSE], depth));
}

static bl_text say(bl_render *r, const bl_node *node, bool is_negated, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    if (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_NOT)
        return say(r, node->kids[BL_UNARY_E], !is_negated, depth + 1);
    if (node->kind == BL_NODE_IS)
        return say_is(r, node, is_negated != ((node->flags & BL_FLAG_NEGATED) != 0), depth + 1);
    if (node->kind == BL_NODE_QUANTIFIER && bl_node_is_condition(node))
        return say_quantifier(r, node, is_negated, depth + 1);
    if (node->kind == BL_NODE_CAN)
        return bl_phrase(
            r, is_negated ? BL_SENTENCE_CANNOT : BL_SENTENCE_CAN,
            (const bl_text[]){bl_phrase_value(r, node->kids[BL_CAN_ACTOR], depth + 1),
                              bl_phrase_name(r, node->name),
                              bl_phrase_value(r, node->kids[BL_CAN_PROPOSAL], depth + 1)});
    const bool is_set = bl_node_is_set(r, node);
    if (is_join(node) && !is_set) {
        const bl_text words = say_join(r, node, depth + 1);
        return is_negated ? SAY(r, IT_IS_NOT_TRUE, words) : words;
    }
    if (node->kind == BL_NODE_CONDITIONAL) {
        const bl_text words = say_conditional(r, node, depth + 1);
        return is_negated ? SAY(r, IT_IS_NOT_TRUE, words) : words;
    }
    if (node->kind != BL_NODE_BINARY || !bl_node_is_condition(node))
        return say_plain(r, node, is_negated, depth + 1);
    const bl_operator op = bl_node_operator(node);
    if (op >= BL_OPERATOR_IN) return say_relation(r, node, is_negated, depth + 1);
    return say_comparison(r, is_negated ? opposite_of(op) : op, node->kids[BL_BINARY_LEFT],
                          node->kids[BL_BINARY_RIGHT], depth + 1);
}

bl_text bl_phrase_condition(bl_render *r, const bl_node *node, unsigned depth)
{
    return say(r, node, false, depth);
}
