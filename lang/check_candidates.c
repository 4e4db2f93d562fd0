/*
 * Clauses of elections in proposal kinds: who or what stands, the option to fall back on, the
 * majority an option needs over it, and how many winners may share an attribute.
 */
#include "check.h"
#include "emit.h"

#include "../runtime/limits.h"

/* ---- a majority ---- */

/* "needs 3 to 1": both numbers positive. The majority of others is one to one. */
static bool majority_of(bl_compiler *compiler, const bl_node *option, bl_rational *out)
{
    *out = BL_RATIONAL(1);
    if (option->kind != BL_NODE_OPTION) return true;
    const bl_node *more = option->kids[BL_OPTION_MORE], *less = option->kids[BL_OPTION_LESS];
    if (more->as.number.num > 0 && less->as.number.num > 0 &&
        bl_rational_divide(more->as.number, less->as.number, out))
        return true;
    *out = BL_RATIONAL(1);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0425, option->span,
                               "a majority is of a positive number to another");
    bl_diag_label(compiler->diagnostics, d, "such as `needs 3 to 1`");
    return false;
}

static const bl_node *first_majority(const bl_node *clauses)
{
    for (; clauses; clauses = clauses->next) {
        if (clauses->kind != BL_NODE_OPTIONS) continue;
        for (const bl_node *o = clauses->kids[BL_OPTIONS_OPTIONS]; o; o = o->next)
            if (o->kind == BL_NODE_OPTION) return o;
    }
    return NULL;
}

/* Majorities are over the default option, and only some methods know them. */
void bl_check_majorities(bl_compiler *compiler, const bl_node *clauses,
                         const bl_procedure *procedure, bl_span plan)
{
    const bl_node *option = first_majority(clauses);
    if (!option || procedure->method == BL_METHOD_NONE) return;
    bl_count_options options = bl_count_options_of(procedure->method);
    if (bl_count_option_set(&options, BL_TEXT("majority"), BL_TEXT("1"), NULL)) return;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0425, option->span,
                               "`%s` knows no majority of an option over the default",
                               bl_methods[procedure->method].name);
    bl_diag_label(compiler->diagnostics, d, "would not be looked at");
    bl_diag_note(compiler->diagnostics, d, plan, "it is counted by this");
    bl_diag_help(compiler->diagnostics, d, "count by `schulze`");
}

/* ---- options ---- */

typedef struct option_list {
    uint32_t *names;
    uint32_t *majorities; /* constants */
    uint32_t count;
    bool is_full; /* which was told */
} option_list;

static bool add_option(bl_compiler *compiler, const bl_node *option, option_list *list)
{
    const uint32_t name = bl_emit_name(compiler, option->name);
    if (name == BL_NONE) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->names[i] != name) continue;
        bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0202, option->span,
                                   "the option `%.*s` is there twice", BL_SLICE(option->name));
        bl_diag_label(compiler->diagnostics, d, "again");
        return true;
    }
    if (list->count == BL_CANDIDATE_COUNT_MAX) {
        if (!list->is_full) {
            bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, option->span,
                                       "an election has %d options at most",
                                       BL_CANDIDATE_COUNT_MAX);
            bl_diag_label(compiler->diagnostics, d, "one too many");
        }
        list->is_full = true;
        return true;
    }
    bl_rational majority;
    majority_of(compiler, option, &majority);
    const uint32_t constant = bl_emit_constant(compiler, bl_value_number(majority));
    if (constant == BL_NONE) return bl_check_nomem(compiler);
    list->names[list->count] = name;
    list->majorities[list->count++] = constant;
    return true;
}

static bool take_default(bl_compiler *compiler, const bl_node *node, bl_kind *row)
{
    if (!node) return true;
    row->default_option = bl_emit_name(compiler, node->name);
    return row->default_option != BL_NONE || bl_check_nomem(compiler);
}

static void report_no_default(bl_compiler *compiler, const bl_node *option)
{
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0425, option->span,
                               "a majority over the default option, and there is none");
    bl_diag_label(compiler->diagnostics, d, "over what?");
    bl_diag_help(compiler->diagnostics, d, "add for example `default none_of_the_above`");
}

/* The default option comes last, whether or not the list names it too. */
static bool take_options(bl_compiler *compiler, const bl_node *clause, bl_kind *row)
{
    const bl_node *last = clause->kids[BL_OPTIONS_DEFAULT];
    const bl_node *needy = first_majority(clause);
    uint32_t most = 1;
    for (const bl_node *o = clause->kids[BL_OPTIONS_OPTIONS]; o; o = o->next)
        most++;
    option_list list = {
        .names = bl_arena_array(compiler->arena, most, sizeof *list.names),
        .majorities = bl_arena_array(compiler->arena, most, sizeof *list.majorities)};
    if (!list.names || !list.majorities) return bl_check_nomem(compiler);
    for (const bl_node *o = clause->kids[BL_OPTIONS_OPTIONS]; o; o = o->next) {
        if (last && bl_text_equal(last->name, o->name)) continue;
        if (!add_option(compiler, o, &list)) return false;
    }
    if (last && !add_option(compiler, last, &list)) return false;
    if (needy && !last) report_no_default(compiler, needy);
    if (!take_default(compiler, last, row)) return false;
    if (!bl_emit_indexes(compiler, clause->span, list.names, list.count, &row->options))
        return bl_check_memory(compiler);
    return !needy ||
           bl_emit_indexes(compiler, clause->span, list.majorities, list.count, &row->majorities) ||
           bl_check_memory(compiler);
}

/* ---- people ---- */

static bool take_people(bl_compiler *compiler, const bl_env *env, const bl_node *clause,
                        bl_kind *row)
{
    if (!take_default(compiler, clause->kids[BL_CANDIDATES_DEFAULT], row)) return false;
    if (!bl_emit_body(compiler, env, clause->kids[BL_CANDIDATES_BODY], &row->candidates_body))
        return bl_check_memory(compiler);
    if (!compiler->program->bodies[row->candidates_body].is_anyone) return true;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0413,
                               clause->kids[BL_CANDIDATES_BODY]->span,
                               "candidates come from a body whose members are known");
    bl_diag_label(compiler->diagnostics, d, "who exactly?");
    bl_diag_help(compiler->diagnostics, d, "name a role or a body that people belong to");
    return true;
}

/* ---- the cap ---- */

static bool take_cap(bl_compiler *compiler, const bl_env *env, const bl_node *clause, bl_kind *row)
{
    const uint32_t attribute = bl_attribute_find(compiler, BL_NONE, clause->name);
    const bl_attribute *known = attribute == BL_NONE ? NULL
                                                     : &compiler->program->attributes[attribute];
    row->cap_span = clause->span;
    if (!known || known->type.base != BL_BASE_TEXT || known->type.is_list) {
        static const bl_attribute_words words = {"a text", "that several could share",
                                                 "text = \"\""};
        bl_report_attribute(compiler, BL_B0424, clause, known, &words);
        return bl_check_memory(compiler);
    }
    const bl_type number = bl_type_of_base(BL_BASE_NUMBER);
    if (!bl_emit_expression(compiler, env, clause->kids[BL_CAP_MOST], &number, &row->cap_chunk))
        return bl_check_memory(compiler);
    row->cap_attribute = attribute;
    return true;
}

bool bl_check_candidates(bl_compiler *compiler, const bl_env *env, const bl_node *clause,
                         bl_kind *row)
{
    if (clause->kind == BL_NODE_CAP) return take_cap(compiler, env, clause, row);
    row->candidates_span = clause->span;
    return clause->kind == BL_NODE_OPTIONS ? take_options(compiler, clause, row)
                                           : take_people(compiler, env, clause, row);
}
