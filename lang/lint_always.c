/*
 * W0506: comparisons of ballots that always hold, or never.
 *
 * `approve > 100% of body` can be told without counting: those who approve are some of the body.
 * Procedures are looked at as they stand, and once more for each use with numbers as arguments, so
 * that `supermajority(2)` is seen where it is written.
 */
#include "check.h"
#include "typing.h"

enum { MAIN_FILE = 0 };

/* The numbers a procedure is used with; both NULL: as it stands. */
typedef struct use {
    bl_compiler *compiler;
    const bl_node *parameters;
    const bl_node *arguments;
    const bl_node *meant; /* the argument that the comparison depends on */
    bool is_of_whole; /* the comparison is with a portion */
} use;

/* ---- numbers ---- */

/* The argument for a parameter: by its name, or by its place; NULL. */
static const bl_node *argument_for(const use *u, bl_text name)
{
    const bl_node *p = u->parameters;
    for (const bl_node *a = u->arguments; a; a = a->next, p = p ? p->next : NULL) {
        if (a->kind == BL_NODE_BINDING && bl_text_equal(a->name, name))
            return a->kids[BL_BINDING_VALUE];
        if (a->kind != BL_NODE_BINDING && p && bl_text_equal(p->name, name)) return a;
    }
    return NULL;
}

static bool argument_number(use *u, bl_text name, bl_rational *out)
{
    const bl_node *argument = argument_for(u, name);
    if (!argument) return false;
    u->meant = argument;
    return bl_lint_number(argument, out);
}

static bool number_of(use *u, const bl_node *node, bl_rational *out)
{
    return node->kind == BL_NODE_NAME ? argument_number(u, node->name, out)
                                      : bl_lint_number(node, out);
}

/* ---- ballots ---- */

static unsigned named_ballots(bl_text name)
{
    static const struct {
        const char *name;
        unsigned mask;
    } rows[] = {
        {"approve", BL_BALLOT_APPROVE},
        {"reject", BL_BALLOT_REJECT},
        {"abstain", BL_BALLOT_ABSTAIN},
        {"cast", BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN},
        {"body", BL_BALLOT_NONE | BL_BALLOT_APPROVE | BL_BALLOT_REJECT | BL_BALLOT_ABSTAIN}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (bl_text_equal(name, bl_text_of(rows[i].name))) return rows[i].mask;
    return 0;
}

/* All members with one of these ballots, and nobody else: `approve or reject`; 0: something else.
 */
static unsigned whole_of(const bl_node *node)
{
    if (node->kind == BL_NODE_NAME) return named_ballots(node->name);
    if (node->kind != BL_NODE_BINARY || bl_node_operator(node) != BL_OPERATOR_OR) return 0;
    const unsigned left = whole_of(node->kids[BL_BINARY_LEFT]);
    const unsigned right = whole_of(node->kids[BL_BINARY_RIGHT]);
    return left && right ? left | right : 0;
}

/* The ballots that its members have, some of those with them or all: `approve among lead`. */
static unsigned part_of(const bl_node *node)
{
    const bool narrows = node->kind == BL_NODE_BINARY &&
                         (bl_node_operator(node) == BL_OPERATOR_AMONG ||
                          bl_node_operator(node) == BL_OPERATOR_EXCEPT);
    return narrows ? part_of(node->kids[BL_BINARY_LEFT]) : whole_of(node);
}

/* A side as a portion of some ballots: `2/3 of body`, `portion of body`, or a number alone (of
 * nothing). */
typedef struct portion {
    bl_rational number;
    unsigned of;
} portion;

static bool portion_of(use *u, const bl_node *node, portion *out)
{
    *out = (portion){.of = 0};
    if (node->kind == BL_NODE_OF) {
        out->of = whole_of(node->kids[BL_OF_E]);
        return out->of && argument_number(u, node->name, &out->number);
    }
    if (node->kind != BL_NODE_BINARY || bl_node_operator(node) != BL_OPERATOR_OF_NUMBER)
        return number_of(u, node, &out->number);
    out->of = whole_of(node->kids[BL_BINARY_RIGHT]);
    return out->of && number_of(u, node->kids[BL_BINARY_LEFT], &out->number);
}

/* ---- comparisons ---- */

typedef enum verdict { MAY_HOLD, ALWAYS, NEVER } verdict;

static bool comparison_of(const bl_node *node, bl_comparison *out)
{
    if (node->kind != BL_NODE_BINARY) return false;
    switch (bl_node_operator(node)) {
    case BL_OPERATOR_LESS: *out = BL_LESS; return true;
    case BL_OPERATOR_LESS_EQUAL: *out = BL_LESS_EQUAL; return true;
    case BL_OPERATOR_GREATER: *out = BL_GREATER; return true;
    case BL_OPERATOR_GREATER_EQUAL: *out = BL_GREATER_EQUAL; return true;
    case BL_OPERATOR_EQUAL: *out = BL_EQUAL; return true;
    default: return false; /* most operators */
    }
}

static bl_comparison turned(bl_comparison comparison)
{
    switch (comparison) {
    case BL_LESS: return BL_GREATER;
    case BL_LESS_EQUAL: return BL_GREATER_EQUAL;
    case BL_GREATER: return BL_LESS;
    case BL_GREATER_EQUAL: return BL_LESS_EQUAL;
    case BL_EQUAL:
    case BL_UNEQUAL: break;
    }
    return comparison;
}

/* Some of a whole compared with `number` times the whole; while nobody is in it anything may hold.
 */
static verdict against_whole(bl_comparison comparison, bl_rational number)
{
    const int to_one = bl_rational_compare(number, BL_RATIONAL(1));
    switch (comparison) {
    case BL_LESS: return to_one > 0 ? ALWAYS : MAY_HOLD;
    case BL_LESS_EQUAL: return to_one >= 0 ? ALWAYS : MAY_HOLD;
    case BL_GREATER: return to_one >= 0 ? NEVER : MAY_HOLD;
    case BL_GREATER_EQUAL:
    case BL_EQUAL: return to_one > 0 ? NEVER : MAY_HOLD;
    case BL_UNEQUAL: break;
    }
    return MAY_HOLD;
}

/* How many there are compared with nothing or less. */
static verdict against_nothing(bl_comparison comparison, bl_rational number)
{
    const int to_zero = bl_rational_compare(number, BL_RATIONAL(0));
    switch (comparison) {
    case BL_LESS: return to_zero <= 0 ? NEVER : MAY_HOLD;
    case BL_GREATER_EQUAL: return to_zero <= 0 ? ALWAYS : MAY_HOLD;
    case BL_LESS_EQUAL:
    case BL_EQUAL: return to_zero < 0 ? NEVER : MAY_HOLD;
    case BL_GREATER: return to_zero < 0 ? ALWAYS : MAY_HOLD;
    case BL_UNEQUAL: break;
    }
    return MAY_HOLD;
}

static verdict judge(use *u, const bl_node *some, const bl_node *other, bl_comparison comparison)
{
    const unsigned ballots = part_of(some);
    portion p;
    if (!ballots || !portion_of(u, other, &p)) return MAY_HOLD;
    u->is_of_whole = p.of != 0;
    const verdict found = against_nothing(comparison, p.number);
    if (found != MAY_HOLD || !p.of || (ballots & ~p.of)) return found;
    return against_whole(comparison, p.number);
}

/* `150% of body` is W0505's. */
static bool is_said_already(const use *u, const bl_node *other)
{
    if (u->meant || other->kind != BL_NODE_BINARY ||
        bl_node_operator(other) != BL_OPERATOR_OF_NUMBER)
        return false;
    const bl_node *whole = other->kids[BL_BINARY_RIGHT];
    bl_rational number;
    return whole->kind == BL_NODE_NAME &&
           (bl_text_equal(whole->name, BL_TEXT("body")) ||
            bl_text_equal(whole->name, BL_TEXT("cast"))) &&
           bl_lint_number(other->kids[BL_BINARY_LEFT], &number) &&
           bl_rational_compare(number, BL_RATIONAL(1)) > 0;
}

/* ---- saying so ---- */

static void report(const use *u, const bl_node *node, verdict found)
{
    bl_compiler *compiler = u->compiler;
    const char *word = found == ALWAYS ? "always" : "never";
    const bl_text words = bl_words_of(compiler, node->span);
    const bl_node *at = u->meant ? u->meant : node;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0506, at->span, "`%.*s` %s holds%s",
                               BL_SLICE(words), word, u->meant ? " with this number" : "");
    bl_diag_label(compiler->diagnostics, d, "%s", u->meant ? "this one" : word);
    if (u->meant) bl_diag_note(compiler->diagnostics, d, node->span, "it is compared here");
    if (!u->is_of_whole) return;
    bl_diag_help(compiler->diagnostics, d,
                 "a portion is between 0 and 1, `2/3` or `66%%`; a number of people stands without "
                 "`of`");
}

static void look_at(use *u, const bl_node *node)
{
    bl_comparison comparison;
    if (!comparison_of(node, &comparison)) return;
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    u->meant = NULL;
    verdict found = judge(u, left, right, comparison);
    const bool is_turned = found == MAY_HOLD;
    if (is_turned) found = judge(u, right, left, turned(comparison));
    if (found == MAY_HOLD || (u->arguments && !u->meant)) return;
    if (!is_said_already(u, is_turned ? left : right)) report(u, node, found);
}

/* Trees are at most BL_AST_DEPTH_MAX deep: the parser sees to it. */
static void visit(use *u, const bl_node *node)
{
    for (; node; node = node->next) {
        look_at(u, node);
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            visit(u, node->kids[i]);
    }
}

/* ---- all of the main file ---- */

static void look_at_use(bl_compiler *compiler, const bl_node *call)
{
    const bl_symbol *symbol = bl_symbol_find(compiler, call->name);
    if (!symbol || symbol->kind != BL_SYMBOL_PROCEDURE) return;
    use with = {.compiler = compiler,
                .parameters = symbol->node->kids[BL_PROCEDURE_PARAMETERS],
                .arguments = call->kids[BL_CALL_ARGUMENTS]};
    if (with.arguments) visit(&with, symbol->node->kids[BL_PROCEDURE_CLAUSES]);
}

static void visit_uses(bl_compiler *compiler, const bl_node *node)
{
    for (; node; node = node->next) {
        if (node->kind == BL_NODE_CALL) look_at_use(compiler, node);
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            visit_uses(compiler, node->kids[i]);
    }
}

bool bl_lint_always(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    use plain = {.compiler = compiler};
    for (const bl_node *node = compiler->declarations; node; node = node->next) {
        if (node->span.file != MAIN_FILE) continue;
        for (unsigned i = 0; i < BL_NODE_KIDS; i++) {
            visit(&plain, node->kids[i]);
            visit_uses(compiler, node->kids[i]);
        }
    }
    return true;
}
