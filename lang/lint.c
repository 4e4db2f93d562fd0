/*
 * Warnings about what is allowed but rarely meant. lints.def lists them.
 *
 * They run over a policy without errors, look at the trees, and change nothing.
 */
#include "check.h"
#include "typing.h"

enum { MAIN_FILE = 0 };

static bool is_in_main_file(const bl_node *node)
{
    return node->span.file == MAIN_FILE;
}

/* ---- W0501: a kind's clause beside one for every proposal of the same file ---- */

static const bl_node *same_sort(const bl_node *clauses, const bl_node *clause)
{
    for (; clauses; clauses = clauses->next)
        if (clauses->kind != BL_NODE_CITES && bl_clause_is_same_sort(clauses, clause))
            return clauses;
    return NULL;
}

static const char *clause_words(const bl_node *clause)
{
    if (clause->kind != BL_NODE_STAGE) return bl_node_words(clause->kind);
    return clause->flags & BL_FLAG_ESCALATES ? "escalates to" : "decided by";
}

static void report_beside(bl_compiler *compiler, const bl_node *own, const bl_node *every)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0501, own->span,
                               "this `%s` stands in place of the one for every proposal",
                               clause_words(own));
    bl_diag_label(compiler->diagnostics, d, "this one holds");
    bl_diag_note(compiler->diagnostics, d, every->span, "this one does not hold here");
}

static void compare_with_every(bl_compiler *compiler, const bl_symbol *kind, const bl_node *every)
{
    const bl_node *reported = NULL;
    const bl_node *clause = every->kids[BL_EVERY_PROPOSAL_CLAUSES];
    for (; clause; clause = clause->next) {
        const bl_node *own = same_sort(kind->node->kids[BL_PROPOSAL_CLAUSES], clause);
        if (!own || own == reported) continue;
        report_beside(compiler, own, clause);
        reported = own;
    }
}

static bool own_beside_every(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *kind = &compiler->symbols[i];
        if (kind->kind != BL_SYMBOL_KIND || !is_in_main_file(kind->node)) continue;
        for (uint32_t e = 0; e < compiler->every.count; e++) {
            const bl_node *every = compiler->every.items[e];
            if (is_in_main_file(every) && bl_every_applies(compiler, every, kind))
                compare_with_every(compiler, kind, every);
        }
    }
    return true;
}

/* ---- W0502: declared and never used ---- */

/* Names that refer to declarations; a local of the same name counts too, which only silences a
 * warning. */
static bool is_reference(const bl_node *node)
{
    switch (node->kind) {
    case BL_NODE_NAME:
    case BL_NODE_OF:
    case BL_NODE_CALL:
    case BL_NODE_ALONG:
    case BL_NODE_EMIT:
    case BL_NODE_OPEN:
    case BL_NODE_RULE: return true;
    default: return false;
    }
}

static void mark_used(const bl_compiler *compiler, const bl_node *node, bool *is_used)
{
    for (; node; node = node->next) {
        const bl_symbol *symbol = is_reference(node) ? bl_symbol_find(compiler, node->name) : NULL;
        if (symbol) is_used[symbol - compiler->symbols] = true;
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            mark_used(compiler, node->kids[i], is_used);
    }
}

/* A file without proposal kinds is a library: others use what it declares. */
static bool is_library(const bl_compiler *compiler)
{
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        if (compiler->symbols[i].kind == BL_SYMBOL_KIND &&
            is_in_main_file(compiler->symbols[i].node))
            return false;
    return true;
}

static bool wants_use(bl_symbol_kind kind)
{
    switch (kind) {
    case BL_SYMBOL_BODY:
    case BL_SYMBOL_LADDER:
    case BL_SYMBOL_PROCEDURE:
    case BL_SYMBOL_EVENT:
    case BL_SYMBOL_LET:
    case BL_SYMBOL_FUNCTION: return true;
    case BL_SYMBOL_SCOPE:
    case BL_SYMBOL_ROLE:
    case BL_SYMBOL_KIND: return false;
    }
    return false;
}

static bool never_used(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    if (is_library(compiler)) return true;
    bool *is_used = bl_arena_array(compiler->arena, compiler->symbol_count, sizeof *is_used);
    if (!is_used) return bl_check_nomem(compiler);
    mark_used(compiler, compiler->declarations, is_used);
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (is_used[i] || !wants_use(symbol->kind) || !is_in_main_file(symbol->node)) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0502, bl_name_span(symbol->node),
                                   "the %s `%.*s` is never used", bl_node_words(symbol->node->kind),
                                   BL_NAME_ARGUMENT(symbol->node->name));
        bl_diag_label(compiler->diagnostics, d, "nothing refers to it");
    }
    return true;
}

/* ---- W0503: a kind that nobody can raise and nothing opens ---- */

static void mark_opened(const bl_compiler *compiler, const bl_node *effects, bool *is_opened)
{
    for (; effects; effects = effects->next) {
        if (effects->kind == BL_NODE_IF) {
            mark_opened(compiler, effects->kids[BL_IF_THENS], is_opened);
            mark_opened(compiler, effects->kids[BL_IF_ELSES], is_opened);
        }
        if (effects->kind == BL_NODE_FOR_EACH)
            mark_opened(compiler, effects->kids[BL_FOR_EACH_EFFECTS], is_opened);
        if (effects->kind != BL_NODE_OPEN) continue;
        const bl_symbol *symbol = bl_symbol_find(compiler, effects->name);
        if (symbol && symbol->kind == BL_SYMBOL_KIND) is_opened[symbol->index] = true;
    }
}

static void mark_all_opened(bl_check *check, bool *is_opened)
{
    bl_compiler *compiler = check->compiler;
    for (uint32_t i = 0; i < compiler->rules.count; i++)
        mark_opened(compiler, compiler->rules.items[i]->kids[BL_RULE_EFFECTS], is_opened);
    for (uint32_t kind = 0; kind < compiler->program->kind_count; kind++)
        for (const bl_node *c = check->clauses[kind]; c; c = c->next)
            if (c->kind == BL_NODE_ON_OUTCOME)
                mark_opened(compiler, c->kids[BL_ON_OUTCOME_EFFECTS], is_opened);
}

static bool never_raised(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    const bl_program *program = compiler->program;
    bool *is_opened = bl_arena_array(compiler->arena, program->kind_count, sizeof *is_opened);
    if (!is_opened) return bl_check_nomem(compiler);
    mark_all_opened(check, is_opened);
    for (uint32_t i = 0; i < compiler->symbol_count; i++) {
        const bl_symbol *symbol = &compiler->symbols[i];
        if (symbol->kind != BL_SYMBOL_KIND || !is_in_main_file(symbol->node)) continue;
        if (is_opened[symbol->index] || program->kinds[symbol->index].raised_body != BL_NONE)
            continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0503, bl_name_span(symbol->node),
                                   "nobody can raise `%.*s`, and nothing opens it",
                                   BL_NAME_ARGUMENT(symbol->node->name));
        bl_diag_label(compiler->diagnostics, d, "never happens");
        bl_diag_help(compiler->diagnostics, d, "add `raised by …`");
    }
    return true;
}

/* ---- W0507: clauses for every proposal that no kind gets ---- */

static bool has_kind_on(const bl_compiler *compiler, uint32_t scope)
{
    for (uint32_t i = 0; i < compiler->program->kind_count; i++)
        if (compiler->program->kinds[i].scope == scope) return true;
    return false;
}

static void report_no_kind(bl_compiler *compiler, const bl_node *every)
{
    const bl_node *scope = every->kids[BL_EVERY_PROPOSAL_SCOPE];
    const bl_symbol *named = scope ? bl_symbol_find(compiler, scope->name) : NULL;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0507, every->span,
                               "these clauses apply to no kind of proposal");
    if (named && !has_kind_on(compiler, named->index)) {
        bl_diag_label(compiler->diagnostics, d, "no kind is on a `%.*s`",
                      BL_NAME_ARGUMENT(scope->name));
        bl_diag_help(compiler->diagnostics, d,
                     "a kind is on one where its head says so: `proposal NAME on %.*s`",
                     BL_NAME_ARGUMENT(scope->name));
    } else {
        bl_diag_label(compiler->diagnostics, d, "each is excepted");
        bl_diag_help(compiler->diagnostics, d, "take one out of `except …`, or this declaration");
    }
}

static void report_no_rung(bl_compiler *compiler, const bl_node *dispute)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0507, dispute->span,
                               "this clause applies to no kind of proposal");
    bl_diag_label(compiler->diagnostics, d, "a dispute goes to the next rung");
    bl_diag_help(compiler->diagnostics, d,
                 "none of the kinds has a rung: add `escalates to …` to them, or here");
}

/* Whether it would be this kind's, had the kind a rung. */
static bool lacks_rung(const bl_compiler *compiler, const bl_node *every, const bl_node *clause,
                       const bl_symbol *kind)
{
    return clause->kind == BL_NODE_DISPUTE && bl_every_applies(compiler, every, kind) &&
           !same_sort(kind->node->kids[BL_PROPOSAL_CLAUSES], clause);
}

/* What stands beside a kind's own is W0501's. */
static void find_idle(bl_compiler *compiler, const bl_node *every)
{
    bool has_kind = false;
    for (uint32_t i = 0; i < compiler->symbol_count; i++)
        has_kind |= compiler->symbols[i].kind == BL_SYMBOL_KIND &&
                    bl_every_applies(compiler, every, &compiler->symbols[i]);
    if (!has_kind) report_no_kind(compiler, every);
    for (const bl_node *c = every->kids[BL_EVERY_PROPOSAL_CLAUSES]; c && has_kind; c = c->next) {
        if (!bl_every_clause_is_idle(compiler, every, c)) continue;
        bool is_for_rung = false;
        for (uint32_t i = 0; i < compiler->symbol_count; i++)
            is_for_rung |= compiler->symbols[i].kind == BL_SYMBOL_KIND &&
                           lacks_rung(compiler, every, c, &compiler->symbols[i]);
        if (is_for_rung) report_no_rung(compiler, c);
    }
}

static bool idle_for_every(bl_check *check)
{
    bl_compiler *compiler = check->compiler;
    if (is_library(compiler)) return true;
    for (uint32_t i = 0; i < compiler->every.count; i++)
        if (is_in_main_file(compiler->every.items[i]))
            find_idle(compiler, compiler->every.items[i]);
    return true;
}

/* ---- portions ---- */

/* A number alone, perhaps behind a minus. */
static bool plain_number(const bl_node *node, bl_rational *out)
{
    const bool is_negative = node->kind == BL_NODE_UNARY &&
                             bl_node_operator(node) == BL_OPERATOR_NEGATE;
    if (is_negative) node = node->kids[BL_UNARY_E];
    if (node->kind != BL_NODE_NUMBER) return false;
    *out = node->as.number;
    return !is_negative || bl_rational_negate(*out, out);
}

bool bl_lint_number(const bl_node *node, bl_rational *out)
{
    if (node->kind != BL_NODE_BINARY || bl_node_operator(node) != BL_OPERATOR_DIVIDE)
        return plain_number(node, out);
    bl_rational left, right;
    return plain_number(node->kids[BL_BINARY_LEFT], &left) &&
           plain_number(node->kids[BL_BINARY_RIGHT], &right) &&
           bl_rational_divide(left, right, out);
}

static bool is_portion(const bl_node *node)
{
    bl_rational number;
    return bl_lint_number(node, &number) && !bl_rational_is_integer(number);
}

static bool compares(const bl_node *node)
{
    if (node->kind != BL_NODE_BINARY) return false;
    switch (bl_node_operator(node)) {
    case BL_OPERATOR_EQUAL:
    case BL_OPERATOR_UNEQUAL:
    case BL_OPERATOR_LESS:
    case BL_OPERATOR_LESS_EQUAL:
    case BL_OPERATOR_GREATER:
    case BL_OPERATOR_GREATER_EQUAL: return true;
    default: return false; /* most operators */
    }
}

static void report_portion(bl_compiler *compiler, const bl_node *portion)
{
    bl_text words = bl_words_of(compiler, portion->span);
    int size = (int)words.size;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0504, portion->span,
                               "`%.*s` is a portion, and it is not said of what", size,
                               words.bytes);
    bl_diag_label(compiler->diagnostics, d, "of whom?");
    bl_diag_help(compiler->diagnostics, d,
                 "write `%.*s of body` for all who may vote, `%.*s of (approve or reject)` for "
                 "those who took a side",
                 size, words.bytes, size, words.bytes);
}

static bool weighs(const bl_node *declaration)
{
    if (declaration->kind != BL_NODE_PROCEDURE) return false;
    const bl_node *clause = declaration->kids[BL_PROCEDURE_CLAUSES];
    for (; clause; clause = clause->next)
        if (clause->kind == BL_NODE_WEIGH) return true;
    return false;
}

/* ---- W0504: a number of people compared with a part of one ---- */

/* A set, which stands for its size, or `count` of one. */
static bool tells_people(const bl_node *node)
{
    return bl_type_is_actors(node->type) ||
           (node->kind == BL_NODE_UNARY && bl_node_operator(node) == BL_OPERATOR_COUNT);
}

static void find_portion(bl_compiler *compiler, const bl_node *node)
{
    if (!compares(node)) return;
    const bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    if (tells_people(left) && is_portion(right)) report_portion(compiler, right);
    if (tells_people(right) && is_portion(left)) report_portion(compiler, left);
}

/* The comparison of a number of people with the parameter; NULL. */
static const bl_node *find_count(const bl_node *node, bl_text parameter)
{
    for (; node; node = node->next) {
        for (unsigned side = 0; side < 2 && compares(node); side++) {
            const bl_node *counted = node->kids[side], *with = node->kids[1 - side];
            if (tells_people(counted) && with->kind == BL_NODE_NAME &&
                bl_text_equal(with->name, parameter))
                return node;
        }
        for (unsigned i = 0; i < BL_NODE_KIDS; i++) {
            const bl_node *found = find_count(node->kids[i], parameter);
            if (found) return found;
        }
    }
    return NULL;
}

static void report_argument(bl_compiler *compiler, const bl_node *argument,
                            const bl_node *procedure, const bl_node *comparison)
{
    const bl_text words = bl_words_of(compiler, argument->span);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0504, argument->span,
                               "`%.*s` is a portion where `%.*s` wants a number of people",
                               BL_NAME_ARGUMENT(words), BL_NAME_ARGUMENT(procedure->name));
    bl_diag_label(compiler->diagnostics, d, "of whom?");
    bl_diag_help(compiler->diagnostics, d,
                 "write how many, such as `3`; a procedure that asks for a part says of whom, as "
                 "in `approve >= %.*s of body`",
                 BL_NAME_ARGUMENT(words));
    bl_diag_note(compiler->diagnostics, d, comparison->span, "it is compared here");
}

/* `approvals(1/2)`: the procedure compares it with so many people. */
static void find_portion_given(bl_compiler *compiler, const bl_node *node)
{
    const bl_symbol *symbol = node->kind == BL_NODE_CALL ? bl_symbol_find(compiler, node->name)
                                                         : NULL;
    if (!symbol || symbol->kind != BL_SYMBOL_PROCEDURE || weighs(symbol->node)) return;
    const bl_node *parameters = symbol->node->kids[BL_PROCEDURE_PARAMETERS], *p = parameters;
    const bl_node *clauses = symbol->node->kids[BL_PROCEDURE_CLAUSES];
    for (const bl_node *a = node->kids[BL_CALL_ARGUMENTS]; a; a = a->next, p = p ? p->next : NULL) {
        const bool is_named = a->kind == BL_NODE_BINDING;
        const bl_node *value = is_named ? a->kids[BL_BINDING_VALUE] : a;
        const bl_text parameter = is_named ? a->name : p ? p->name : BL_TEXT("");
        const bl_node *comparison = is_portion(value) ? find_count(clauses, parameter) : NULL;
        if (comparison) report_argument(compiler, value, symbol->node, comparison);
    }
}

/* ---- W0505: `150% of body` ---- */

static void find_excess(bl_compiler *compiler, const bl_node *node)
{
    bl_rational number;
    if (node->kind != BL_NODE_BINARY || bl_node_operator(node) != BL_OPERATOR_OF_NUMBER) return;
    const bl_node *whole = node->kids[BL_BINARY_RIGHT];
    if (whole->kind != BL_NODE_NAME || !(bl_text_equal(whole->name, BL_TEXT("body")) ||
                                         bl_text_equal(whole->name, BL_TEXT("cast"))))
        return;
    if (!bl_lint_number(node->kids[BL_BINARY_LEFT], &number) ||
        bl_rational_compare(number, BL_RATIONAL(1)) <= 0)
        return;
    bl_text words = bl_words_of(compiler, node->span);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_W0505, node->span,
                               "`%.*s` is more than all of them", (int)words.size, words.bytes);
    bl_diag_help(compiler->diagnostics, d,
                 "a portion is at most 1 or `100%%`; a number of people stands without `of`");
}

/* Trees are at most BL_AST_DEPTH_MAX deep: the parser sees to it. */
static void visit(bl_compiler *compiler, const bl_node *node,
                  void (*find)(bl_compiler *, const bl_node *))
{
    for (; node; node = node->next) {
        find(compiler, node);
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            visit(compiler, node->kids[i], find);
    }
}

static void visit_main_file(bl_check *check, bool with_weighed,
                            void (*find)(bl_compiler *, const bl_node *))
{
    for (const bl_node *node = check->compiler->declarations; node; node = node->next) {
        if (!is_in_main_file(node) || (weighs(node) && !with_weighed)) continue;
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            visit(check->compiler, node->kids[i], find);
    }
}

static bool portion_of_nothing(bl_check *check)
{
    visit_main_file(check, false, find_portion); /* weights may be portions themselves */
    visit_main_file(check, true, find_portion_given);
    return true;
}

static bool more_than_all(bl_check *check)
{
    visit_main_file(check, true, find_excess);
    return true;
}

bool bl_lint(bl_check *check)
{
#define LINT(code, function)                                                                       \
    if (!function(check)) return false;
#include "lints.def"
#undef LINT
    return bl_check_memory(check->compiler);
}
