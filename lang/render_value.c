/*
 * Values in words: "the module's procedure", "two thirds of the votes for", "the veto window (14
 * days)". The switch over all kinds of node is here: a new sort of expression must get its words.
 */
#include "render.h"

#include "../runtime/limits.h"

/* ---- what names mean ---- */

const bl_known *bl_known_find(const bl_render *r, bl_text name)
{
    for (const bl_known *known = r->known; known; known = known->next)
        if (bl_text_equal(known->name, name)) return known;
    return NULL;
}

static const bl_node *field_of(const bl_node *kind, bl_text name)
{
    const bl_node *clause = kind ? kind->kids[BL_PROPOSAL_CLAUSES] : NULL;
    for (; clause; clause = clause->next) {
        if (clause->kind != BL_NODE_REQUIRES && clause->kind != BL_NODE_ACCEPTS) continue;
        const bl_node *field = clause->kids[0];
        for (; field; field = field->next)
            if (bl_text_equal(field->name, name)) return field;
    }
    return NULL;
}
_Static_assert((int)BL_REQUIRES_FIELDS == 0 && (int)BL_ACCEPTS_FIELDS == 0,
               "both have their fields first");

const bl_node *bl_field_meant(const bl_render *r, bl_text name)
{
    return bl_known_find(r, name) ? NULL : field_of(r->kind, name);
}

const bl_symbol *bl_symbol_meant(const bl_render *r, bl_text name)
{
    if (bl_known_find(r, name) || bl_field_meant(r, name)) return NULL;
    return bl_symbol_find(r->compiler, name);
}

/* ---- names ---- */

/* A constant that is written as one literal is told with its value. */
static bl_text say_constant(bl_render *r, const bl_symbol *symbol, unsigned depth)
{
    const bl_node *value = symbol->node->kids[BL_LET_VALUE];
    const bl_text name = bl_phrase_name(r, symbol->node->name);
    if (value->kind == BL_NODE_LIST)
        return SAY(r, THE_LIST, bl_phrase_link(r, symbol, SAY(r, QUOTED, name)));
    const bl_text words = SAY(r, THE, bl_phrase_link(r, symbol, name));
    const bool is_literal = value->kind == BL_NODE_DURATION || value->kind == BL_NODE_NUMBER ||
                            value->kind == BL_NODE_TEXT || value->kind == BL_NODE_TIME;
    return is_literal ? SAY(r, WITH_VALUE, words, bl_phrase_value(r, value, depth + 1)) : words;
}

static bl_text say_symbol(bl_render *r, const bl_symbol *symbol, const bl_node *node,
                          unsigned depth)
{
    const bl_text words = bl_phrase_name(r, node->name);
    switch (symbol->kind) {
    case BL_SYMBOL_ROLE:
    case BL_SYMBOL_BODY: return bl_phrase_set(r, node, depth + 1);
    case BL_SYMBOL_SCOPE: return SAY(r, THE, bl_phrase_link(r, symbol, words));
    case BL_SYMBOL_LET: return say_constant(r, symbol, depth);
    case BL_SYMBOL_PROCEDURE:
        return SAY(r, THE_PROCEDURE, bl_phrase_link(r, symbol, SAY(r, QUOTED, words)));
    case BL_SYMBOL_LADDER:
    case BL_SYMBOL_KIND:
    case BL_SYMBOL_EVENT:
    case BL_SYMBOL_FUNCTION: break;
    }
    return bl_phrase_link(r, symbol, SAY(r, QUOTED, words));
}

static const struct {
    const char *name;
    bl_sentence words;
} plain_words[] = {
    {"proposal", BL_SENTENCE_THE_PROPOSAL},
    {"author", BL_SENTENCE_THE_AUTHOR},
    {"conflicted", BL_SENTENCE_CONFLICTED},
    {"anyone", BL_SENTENCE_ANYONE},
    {"now", BL_SENTENCE_NOW},
    {"event", BL_SENTENCE_THE_EVENT},
};

static bl_text say_field(bl_render *r, const bl_node *field)
{
    const bl_node *type = field->kids[BL_FIELD_TYPE];
    const bl_symbol *symbol = bl_symbol_find(r->compiler, type->name);
    const bool is_actor = bl_text_equal(type->name, BL_TEXT("person")) ||
                          bl_text_equal(type->name, BL_TEXT("organization")) ||
                          bl_text_equal(type->name, BL_TEXT("agent")) ||
                          bl_text_equal(type->name, BL_TEXT("actor"));
    const bool is_thing = !(type->flags & BL_FLAG_LIST) && (is_actor || symbol);
    const bl_text words = bl_phrase_name(r, field->name);
    return is_thing ? SAY(r, THE, words) : SAY(r, PROPOSALS_OWN, words);
}

static bl_text say_name(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_known *known = bl_known_find(r, node->name);
    if (known) return known->words;
    const bl_node *field = bl_field_meant(r, node->name);
    if (field) return say_field(r, field);
    for (size_t i = 0; i < sizeof plain_words / sizeof plain_words[0]; i++)
        if (bl_text_equal(node->name, bl_text_of(plain_words[i].name)))
            return bl_phrase(r, plain_words[i].words, NULL);
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    if (symbol) return say_symbol(r, symbol, node, depth);
    return bl_node_is_set(r, node) ? bl_phrase_set(r, node, depth + 1)
                                   : SAY(r, QUOTED, bl_phrase_name(r, node->name));
}

/* ---- what belongs to something ---- */

static const struct {
    const char *name;
    bl_sentence words;
} properties[] = {
    /* of a proposal */
    {"id", BL_SENTENCE_PROPOSAL_ID},         {"kind", BL_SENTENCE_PROPOSAL_KIND},
    {"author", BL_SENTENCE_THE_AUTHOR},      {"on", BL_SENTENCE_PROPOSAL_ON},
    {"opened", BL_SENTENCE_PROPOSAL_OPENED}, {"decided", BL_SENTENCE_PROPOSAL_DECIDED},
    {"rung", BL_SENTENCE_PROPOSAL_RUNG},
};

static bool is_proposal(const bl_render *r, const bl_node *node)
{
    return node->kind == BL_NODE_NAME && bl_text_equal(node->name, BL_TEXT("proposal")) &&
           !bl_known_find(r, node->name);
}

static bl_text say_dot(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *of = node->kids[BL_DOT_OF];
    if (is_proposal(r, of)) {
        const bl_node *field = field_of(r->kind, node->name);
        if (field) return say_field(r, field);
        for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
            if (bl_text_equal(node->name, bl_text_of(properties[i].name)))
                return bl_phrase(r, properties[i].words, NULL);
    }
    const bl_text owner = bl_phrase_value(r, of, depth + 1);
    const bool is_short = of->kind == BL_NODE_NAME || of->kind == BL_NODE_DOT ||
                          of->kind == BL_NODE_HANDLE;
    return is_short ? SAY(r, POSSESSIVE, owner, bl_phrase_name(r, node->name))
                    : SAY(r, ATTRIBUTE_OF, bl_phrase_name(r, node->name), owner);
}

/* ---- calls ---- */

bl_text bl_phrase_arguments(bl_render *r, const bl_node *argument, unsigned depth)
{
    bl_words words = {0};
    for (; argument; argument = argument->next) {
        if (argument->kind == BL_NODE_BINDING)
            bl_words_add(r, &words,
                         SAY(r, BEING, bl_phrase_local(r, argument->name),
                             bl_phrase_value(r, argument->kids[BL_BINDING_VALUE], depth + 1)));
        else
            bl_words_add(r, &words, bl_phrase_value(r, argument, depth + 1));
    }
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

static const struct {
    const char *name;
    bl_sentence words;
} builtins[] = {
    {"size", BL_SENTENCE_SIZE},   {"min", BL_SENTENCE_MIN},         {"max", BL_SENTENCE_MAX},
    {"floor", BL_SENTENCE_FLOOR}, {"ceiling", BL_SENTENCE_CEILING}, {"sqrt", BL_SENTENCE_SQRT},
};

static bl_text say_amounts(bl_render *r, const bl_node *argument, unsigned depth)
{
    bl_words words = {0};
    for (; argument; argument = argument->next)
        bl_words_add(r, &words, bl_phrase_amount(r, argument, depth + 1));
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

static bl_text say_call(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *arguments = node->kids[BL_CALL_ARGUMENTS];
    const bl_symbol *symbol = bl_symbol_find(r->compiler, node->name);
    for (size_t i = 0; !symbol && i < sizeof builtins / sizeof builtins[0]; i++)
        if (bl_text_equal(node->name, bl_text_of(builtins[i].name)))
            return bl_phrase(r, builtins[i].words,
                             (const bl_text[]){say_amounts(r, arguments, depth)});
    const bl_text words = bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, node->name)));
    return arguments ? SAY(r, FUNCTION_OF, words, bl_phrase_arguments(r, arguments, depth)) : words;
}

/* A parameter without a name gets that of its place. */
static bl_text say_given(bl_render *r, const bl_node *parameter, const bl_node *argument,
                         unsigned depth)
{
    bl_words words = {0};
    for (; argument; argument = argument->next) {
        const bool has_name = argument->kind == BL_NODE_BINDING;
        const bl_text name = has_name ? argument->name : parameter ? parameter->name : BL_TEXT("");
        const bl_node *value = has_name ? argument->kids[BL_BINDING_VALUE] : argument;
        bl_words_add(r, &words,
                     SAY(r, BEING, bl_phrase_local(r, name), bl_phrase_value(r, value, depth + 1)));
        if (parameter) parameter = parameter->next;
    }
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

bl_text bl_phrase_procedure(bl_render *r, const bl_node *using, unsigned depth)
{
    const bool has_name = using->kind == BL_NODE_NAME || using->kind == BL_NODE_CALL;
    const bl_symbol *symbol = has_name ? bl_symbol_meant(r, using->name) : NULL;
    if (!symbol || symbol->kind != BL_SYMBOL_PROCEDURE) return bl_phrase_value(r, using, depth + 1);
    const bl_text words = SAY(
        r, THE_PROCEDURE,
        bl_phrase_link(r, symbol, SAY(r, QUOTED, bl_phrase_name(r, using->name))));
    if (using->kind != BL_NODE_CALL || !using->kids[BL_CALL_ARGUMENTS]) return words;
    return SAY(r, WITH, words,
               say_given(r, symbol->node->kids[BL_PROCEDURE_PARAMETERS],
                         using->kids[BL_CALL_ARGUMENTS], depth));
}

/* ---- numbers ---- */

/* Arithmetic inside of arithmetic keeps its parentheses. */
static bl_text say_operand(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_text words = bl_phrase_amount(r, node, depth + 1);
    const bool is_compound = (node->kind == BL_NODE_BINARY && !bl_node_is_set(r, node) &&
                              bl_phrase_fraction(r, node).size == 0) ||
                             node->kind == BL_NODE_CONDITIONAL || node->kind == BL_NODE_QUANTIFIER;
    return is_compound ? SAY(r, PARENTHESES, words) : words;
}

static bl_text say_times(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT];
    const bl_text right = say_operand(r, node->kids[BL_BINARY_RIGHT], depth);
    return SAY(r, TIMES, say_operand(r, left, depth), right);
}

static bl_text say_portion(bl_render *r, const bl_node *part, const bl_node *of, unsigned depth)
{
    const bool is_whole = part->kind == BL_NODE_NUMBER &&
                          bl_rational_compare(part->as.number, BL_RATIONAL(1)) == 0;
    const bl_text whole = say_operand(r, of, depth);
    return is_whole ? SAY(r, ALL_OF, whole) : SAY(r, PORTION, say_operand(r, part, depth), whole);
}

static bl_text say_divide(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_text fraction = bl_phrase_fraction(r, node);
    if (fraction.size > 0) return fraction;
    return SAY(r, DIVIDED, say_operand(r, node->kids[BL_BINARY_LEFT], depth),
               say_operand(r, node->kids[BL_BINARY_RIGHT], depth));
}

static bl_text say_binary(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    switch (bl_node_operator(node)) {
    case BL_OPERATOR_ADD:
        return SAY(r, PLUS, say_operand(r, left, depth), say_operand(r, right, depth));
    case BL_OPERATOR_SUBTRACT:
        return SAY(r, MINUS, say_operand(r, left, depth), say_operand(r, right, depth));
    case BL_OPERATOR_MULTIPLY: return say_times(r, node, depth);
    case BL_OPERATOR_DIVIDE: return say_divide(r, node, depth);
    case BL_OPERATOR_OF_NUMBER: return say_portion(r, left, right, depth);
    case BL_OPERATOR_OR:
        if (!bl_node_is_set(r, node))
            return SAY(r, WHETHER, bl_phrase_condition(r, node, depth + 1));
        return bl_phrase_set(r, node, depth + 1);
    case BL_OPERATOR_EXCEPT:
    case BL_OPERATOR_AMONG: return bl_phrase_set(r, node, depth + 1);
    case BL_OPERATOR_NOT:
    case BL_OPERATOR_NEGATE:
    case BL_OPERATOR_COUNT: break; /* these are UNARY */
    case BL_OPERATOR_AND:
    case BL_OPERATOR_EQUAL:
    case BL_OPERATOR_UNEQUAL:
    case BL_OPERATOR_LESS:
    case BL_OPERATOR_LESS_EQUAL:
    case BL_OPERATOR_GREATER:
    case BL_OPERATOR_GREATER_EQUAL:
    case BL_OPERATOR_IN:
    case BL_OPERATOR_MATCHES:
    case BL_OPERATOR_BEGINS_WITH:
    case BL_OPERATOR_CONTAINS: break;
    }
    return SAY(r, WHETHER, bl_phrase_condition(r, node, depth + 1));
}

bl_text bl_phrase_amount(bl_render *r, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    const bool is_portion = node->kind == BL_NODE_OF && !bl_node_is_set(r, node) &&
                            !(node->flags & BL_FLAG_ANY);
    if (is_portion) { /* `portion of body`, where portion is a number */
        bl_node part = *node;
        part.kind = BL_NODE_NAME;
        return say_portion(r, &part, node->kids[BL_OF_E], depth + 1);
    }
    if (!bl_node_is_set(r, node)) return bl_phrase_value(r, node, depth + 1);
    const bl_text counted = bl_phrase_counted(r, node, false, depth + 1);
    return counted.size > 0 ? SAY(r, THE, counted)
                            : SAY(r, SIZE_OF_SET, bl_phrase_set(r, node, depth + 1));
}

static bl_text say_unary(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *of = node->kids[BL_UNARY_E];
    switch ((unsigned)bl_node_operator(node)) {
    case BL_OPERATOR_NEGATE: return SAY(r, NEGATIVE, say_operand(r, of, depth));
    case BL_OPERATOR_COUNT: return SAY(r, SIZE_OF_SET, bl_phrase_set(r, of, depth + 1));
    }
    return SAY(r, WHETHER, bl_phrase_condition(r, node, depth + 1));
}

/* ---- the rest ---- */

static bl_text say_list(bl_render *r, const bl_node *item, unsigned depth)
{
    if (!item) return SAY_PLAIN(r, EMPTY_LIST);
    bl_words words = {0};
    for (; item; item = item->next)
        bl_words_add(r, &words, bl_phrase_value(r, item, depth + 1));
    return bl_phrase_list(r, &words, BL_TEXT(", "), BL_TEXT(" and "));
}

/* first x in S : C; highest x in S by E; count every x in S : C */
static bl_text say_chosen(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_node *binder = node->kids[BL_QUANTIFIER_BINDER];
    const bl_text in = bl_phrase_range(r, node->kids[BL_QUANTIFIER_IN], depth + 1);
    const bl_text local = bl_phrase_local(r, binder->name);
    const bl_known known = {binder->name, local, r->known};
    r->known = &known;
    const bl_node *condition = node->kids[BL_QUANTIFIER_CONDITION];
    if (node->flags & BL_FLAG_COUNT) {
        const bl_text holds = bl_phrase_condition(r, condition, depth + 1);
        r->known = known.next;
        return SAY(r, COUNT_OF, in, local, holds);
    }
    bl_text words = SAY(r, FIRST_OF, in, local);
    if (node->flags & (BL_FLAG_HIGHEST | BL_FLAG_LOWEST)) {
        const bl_text by = bl_phrase_amount(r, node->kids[BL_QUANTIFIER_BY], depth + 1);
        words = (node->flags & BL_FLAG_HIGHEST) ? SAY(r, HIGHEST_OF, in, local, by)
                                                : SAY(r, LOWEST_OF, in, local, by);
    }
    if (condition) words = SAY(r, FOR_WHICH, words, bl_phrase_condition(r, condition, depth + 1));
    r->known = known.next;
    return words;
}

static bl_text say_conditional(bl_render *r, const bl_node *node, unsigned depth)
{
    return SAY(r, CONDITIONAL,
               bl_phrase_condition(r, node->kids[BL_CONDITIONAL_CONDITION], depth + 1),
               bl_phrase_amount(r, node->kids[BL_CONDITIONAL_THEN], depth + 1),
               bl_phrase_amount(r, node->kids[BL_CONDITIONAL_ELSE], depth + 1));
}

bl_text bl_phrase_range(bl_render *r, const bl_node *node, unsigned depth)
{
    const bl_symbol *symbol = node->kind == BL_NODE_NAME ? bl_symbol_meant(r, node->name) : NULL;
    if (!symbol || symbol->kind != BL_SYMBOL_SCOPE) return bl_phrase_set(r, node, depth);
    return SAY(r, THE, bl_phrase_link(r, symbol, bl_phrase_plural(r, node->name)));
}

static bl_text say_text(bl_render *r, const bl_node *node)
{
    return node->name.size > 0 ? bl_phrase_quoted(r, node->name) : SAY_PLAIN(r, EMPTY_TEXT);
}

static bl_text say_time(bl_render *r, const bl_node *node)
{
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    if (node->flags & BL_FLAG_DATE)
        bl_date_write(&out, node->as.time);
    else
        bl_time_write(&out, node->as.time);
    const bl_text words = out.failed ? BL_TEXT("")
                                     : bl_phrase_source(r, (bl_text){out.bytes, out.size});
    if (out.failed) r->failed = true;
    bl_buffer_free(&out);
    return words;
}

/* Long, because it names every kind of node: a new one does not compile in silence. */
bl_text bl_phrase_value(bl_render *r, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return BL_TEXT("");
    switch (node->kind) {
    case BL_NODE_NUMBER: return bl_phrase_numeral(r, node);
    case BL_NODE_TEXT: return say_text(r, node);
    case BL_NODE_BOOLEAN:
        return (node->flags & BL_FLAG_TRUE) ? SAY_PLAIN(r, TRUE) : SAY_PLAIN(r, FALSE);
    case BL_NODE_DURATION: return bl_phrase_duration(r, node);
    case BL_NODE_TIME: return say_time(r, node);
    case BL_NODE_HANDLE: return SAY(r, HANDLE, bl_phrase_source(r, node->name));
    case BL_NODE_NAME: return say_name(r, node, depth);
    case BL_NODE_DOT: return say_dot(r, node, depth);
    case BL_NODE_CALL: return say_call(r, node, depth);
    case BL_NODE_LIST: return say_list(r, node->kids[BL_LIST_ITEMS], depth);
    case BL_NODE_OF:
        return bl_node_is_set(r, node) ? bl_phrase_set(r, node, depth + 1)
                                       : bl_phrase_amount(r, node, depth + 1);
    case BL_NODE_UNARY: return say_unary(r, node, depth);
    case BL_NODE_BINARY: return say_binary(r, node, depth);
    case BL_NODE_TOTAL:
        return SAY(r, TOTAL, bl_phrase_name(r, node->name),
                   bl_phrase_set(r, node->kids[BL_TOTAL_OF], depth + 1));
    case BL_NODE_CONDITIONAL: return say_conditional(r, node, depth);
    case BL_NODE_QUANTIFIER:
        if (node->flags & (BL_FLAG_FIRST | BL_FLAG_HIGHEST | BL_FLAG_LOWEST | BL_FLAG_COUNT))
            return say_chosen(r, node, depth);
        return SAY(r, WHETHER, bl_phrase_condition(r, node, depth + 1));
    case BL_NODE_IS:
    case BL_NODE_CAN: return SAY(r, WHETHER, bl_phrase_condition(r, node, depth + 1));
    /* What is no expression. */
    case BL_NODE_FILE:
    case BL_NODE_POLICY:
    case BL_NODE_FACE:
    case BL_NODE_USE:
    case BL_NODE_ACTOR:
    case BL_NODE_SCOPE:
    case BL_NODE_ATTRIBUTE:
    case BL_NODE_FIELD:
    case BL_NODE_TYPE:
    case BL_NODE_ROLE:
    case BL_NODE_BODY:
    case BL_NODE_LADDER:
    case BL_NODE_PROPOSAL:
    case BL_NODE_EVERY_PROPOSAL:
    case BL_NODE_PROCEDURE:
    case BL_NODE_EVENT:
    case BL_NODE_RULE:
    case BL_NODE_LET:
    case BL_NODE_FUNCTION:
    case BL_NODE_CONFLICTS:
    case BL_NODE_SCENARIO:
    case BL_NODE_LATER:
    case BL_NODE_HELD_BY:
    case BL_NODE_FROM:
    case BL_NODE_CARDINALITY:
    case BL_NODE_INCLUDES:
    case BL_NODE_GRANTED_BY:
    case BL_NODE_REVOKED_BY:
    case BL_NODE_CITES:
    case BL_NODE_RAISED_BY:
    case BL_NODE_REQUIRES:
    case BL_NODE_ACCEPTS:
    case BL_NODE_CANDIDATES:
    case BL_NODE_OPTIONS:
    case BL_NODE_OPTION:
    case BL_NODE_CAP:
    case BL_NODE_STAGE:
    case BL_NODE_ALONG:
    case BL_NODE_VETO:
    case BL_NODE_DISPUTE:
    case BL_NODE_REFUSES:
    case BL_NODE_TAKES_EFFECT:
    case BL_NODE_ON_OUTCOME:
    case BL_NODE_WITHIN:
    case BL_NODE_THROUGH:
    case BL_NODE_AFTER:
    case BL_NODE_WHILE_OPEN:
    case BL_NODE_WITH_REASON:
    case BL_NODE_REASONED:
    case BL_NODE_WHEN:
    case BL_NODE_AS_OF_OPENING:
    case BL_NODE_BALLOT:
    case BL_NODE_COUNTS_BY:
    case BL_NODE_QUORUM:
    case BL_NODE_WEIGH:
    case BL_NODE_PASSES:
    case BL_NODE_FAILS:
    case BL_NODE_CLOSES:
    case BL_NODE_OPEN_FOR:
    case BL_NODE_SEATS:
    case BL_NODE_TIES:
    case BL_NODE_GRANT:
    case BL_NODE_REVOKE:
    case BL_NODE_CREATE:
    case BL_NODE_REMOVE:
    case BL_NODE_SET:
    case BL_NODE_OPEN:
    case BL_NODE_EMIT:
    case BL_NODE_DISCARD:
    case BL_NODE_IF:
    case BL_NODE_FOR_EACH:
    case BL_NODE_BINDING:
    case BL_NODE_GIVEN_INSTANCE:
    case BL_NODE_GIVEN_ACTORS:
    case BL_NODE_GIVEN_ROLE:
    case BL_NODE_GIVEN_SET:
    case BL_NODE_STATEMENT_AFTER:
    case BL_NODE_STATEMENT_AT:
    case BL_NODE_ACT:
    case BL_NODE_EXPECT:
    case BL_NODE_EXPECT_REFUSED:
    case BL_NODE_KIND_COUNT: break;
    }
    return BL_TEXT("");
}

/* ---- types ---- */

static const struct {
    const char *name;
    bl_sentence one, many;
} types[] = {
    {"number", BL_SENTENCE_TYPE_NUMBER, BL_SENTENCE_TYPE_NUMBERS},
    {"boolean", BL_SENTENCE_TYPE_BOOLEAN, BL_SENTENCE_TYPE_BOOLEANS},
    {"text", BL_SENTENCE_TYPE_TEXT, BL_SENTENCE_TYPE_TEXTS},
    {"duration", BL_SENTENCE_TYPE_DURATION, BL_SENTENCE_TYPE_DURATIONS},
    {"time", BL_SENTENCE_TYPE_TIME, BL_SENTENCE_TYPE_TIMES},
};

bl_text bl_phrase_type(bl_render *r, const bl_node *type)
{
    const bool is_list = (type->flags & BL_FLAG_LIST) != 0;
    bl_text words = BL_TEXT("");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (bl_text_equal(type->name, bl_text_of(types[i].name)))
            words = bl_phrase(r, is_list ? types[i].many : types[i].one, NULL);
    if (words.size == 0) {
        const bl_symbol *symbol = bl_symbol_find(r->compiler, type->name);
        const bool is_kind = symbol && symbol->kind == BL_SYMBOL_KIND;
        bl_text name = is_list && !is_kind ? bl_phrase_plural(r, type->name)
                                           : bl_phrase_name(r, type->name);
        name = bl_phrase_link(r, symbol, is_kind ? SAY(r, QUOTED, name) : name);
        if (is_kind) name = is_list ? SAY(r, TYPE_KINDS, name) : SAY(r, TYPE_KIND, name);
        words = is_list || is_kind ? name : bl_phrase_article(r, name);
    }
    if (is_list) words = SAY(r, TYPE_LIST, words);
    return (type->flags & BL_FLAG_OPTIONAL) ? SAY(r, TYPE_OPTIONAL, words) : words;
}
