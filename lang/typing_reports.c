/*
 * What is said of names that mean nothing where they stand, or something else, and what is offered
 * instead. What names mean is in typing_names.c; each report returns false, as typing does then.
 */
#include "typing.h"

#include "../runtime/limits.h"

#define VALUE_SYMBOLS                                                                              \
    (1u << BL_SYMBOL_ROLE | 1u << BL_SYMBOL_BODY | 1u << BL_SYMBOL_PROCEDURE |                     \
     1u << BL_SYMBOL_LET | 1u << BL_SYMBOL_FUNCTION)

/* ---- what is declared ---- */

/* The declaration that a place is written in: its name. Nobody looks for it where nobody listens:
 * what nothing uses is tried in thousands of places. */
static bl_span declared_around(const bl_compiler *compiler, bl_span place)
{
    if (compiler->diagnostics->is_unheard) return BL_SPAN_NONE;
    for (const bl_node *node = compiler->declarations; node; node = node->next)
        if (node->span.file == place.file && node->span.start <= place.start &&
            node->span.end >= place.end)
            return node->name_span;
    return BL_SPAN_NONE;
}

/* The kind of the proposal says of which instance its clauses are, else the declaration that they
 * stand in. A ladder or body that the kind brings in stands elsewhere. */
bool bl_report_no_instance(typing *t, const bl_node *node, bl_text scope)
{
    const uint32_t kind = t->env->kind;
    const bl_span around = declared_around(t->compiler, node->span);
    const bl_span owner = kind == BL_NONE ? around : t->compiler->program->kinds[kind].span;
    const bl_slip slip = {BL_SLIP_SCOPE, owner, scope};
    bl_diagnostic *d = bl_diag_slip(t->compiler->diagnostics, BL_B0305, node->span, &slip,
                                    "no particular %.*s is meant here", BL_SLICE(scope));
    bl_diag_help(t->compiler->diagnostics, d,
                 "`any %.*s` means all of them; clauses `on %.*s` or `of %.*s` are about one",
                 BL_SLICE(scope), BL_SLICE(scope), BL_SLICE(scope));
    const bool is_elsewhere = around.file != owner.file || around.start != owner.start;
    if (owner.file != BL_NONE && is_elsewhere)
        bl_diag_note(t->compiler->diagnostics, d, owner, "it is asked of this kind");
    return false;
}

bool bl_report_bare_role(typing *t, const bl_node *node, const bl_symbol *symbol, uint32_t scope)
{
    bl_text name = node->name;
    bl_text of = bl_words_of_name(t->compiler, t->compiler->program->scopes[scope].name);
    const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = symbol->node->name_span};
    bl_diagnostic *d = bl_diag_slip(t->compiler->diagnostics, BL_B0303, node->span, &slip,
                                    "`%.*s` belongs to a %.*s, and it is not said to which",
                                    BL_SLICE(name), BL_SLICE(of));
    bl_diag_help(t->compiler->diagnostics, d, "write `%.*s of %.*s` or `%.*s of any %.*s`",
                 BL_SLICE(name), BL_SLICE(of), BL_SLICE(name), BL_SLICE(of));
    return false;
}

/* The outermost body is the one to be looked at: it stands for all that it brings in. */
bool bl_report_expansion(typing *t, const bl_symbol *innermost)
{
    const bl_node *body = innermost->node;
    for (const expansion *e = t->expansions; e; e = e->outer)
        body = e->body->node;
    bl_diag(t->compiler->diagnostics, BL_B0315, body->name_span,
            "`%.*s` brings in more than %d bodies, those inside of bodies counted too",
            BL_SLICE(body->name), BL_EXPANSION_MAX);
    return false;
}

bool bl_report_arguments(typing *t, const bl_node *node, uint32_t expected, uint32_t found)
{
    const bl_symbol *symbol = bl_symbol_find(t->compiler, node->name);
    const bl_slip slip = {.kind = symbol ? BL_SLIP_ARGUMENTS : BL_SLIP_NONE,
                          .declared = symbol ? symbol->node->name_span : BL_SPAN_NONE};
    bl_diagnostic *d = bl_diag_slip(t->compiler->diagnostics, BL_B0310, node->span, &slip,
                                    "`%.*s` takes %u argument%s and has %u here",
                                    BL_SLICE(node->name), expected, expected == 1 ? "" : "s",
                                    found);
    if (symbol) bl_diag_note(t->compiler->diagnostics, d, symbol->node->name_span, "declared here");
    return false;
}

/* `approvals >= 3`, in the conditions of a procedure: those who approve are meant. */
bool bl_report_procedure(typing *t, const bl_node *node, const char *meant)
{
    bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0305, node->span,
                               "`%.*s` is a procedure, and a condition asks who voted how",
                               BL_SLICE(node->name));
    bl_diag_help(t->compiler->diagnostics, d, "did you mean `%s`?", meant);
    return false;
}

bool bl_report_no_value(typing *t, const bl_node *node, const bl_symbol *symbol,
                        const bl_type *want)
{
    const bool wants_people = want && bl_type_is(*want, BL_BASE_SET);
    const char *words = bl_node_words(symbol->node->kind);
    const bl_slip slip = {BL_SLIP_SORT, symbol->node->name_span,
                          wants_people ? BL_TEXT("role") : BL_TEXT("value")};
    bl_diagnostic *d = bl_diag_slip(t->compiler->diagnostics, BL_B0305, node->span, &slip,
                                    "`%.*s` is %s %s and %s", BL_SLICE(node->name),
                                    words[0] == 'e' ? "an" : "a", words,
                                    wants_people ? "no role or body" : "has no value");
    bl_diag_note(t->compiler->diagnostics, d, symbol->node->name_span, "declared here");
    return false;
}

/* ---- what is not ---- */

/* Of `P14D` and `PT36H`, durations as ISO 8601 writes them, the number and the unit. */
static bool is_iso_duration(bl_text name, bl_text *number, const char **unit)
{
    static const struct {
        char letter;
        const char *of_days, *of_hours; /* behind `P`, behind `PT` */
    } units[] = {{'Y', "years", NULL}, {'M', "months", "minutes"}, {'W', "weeks", NULL},
                 {'D', "days", NULL},  {'H', NULL, "hours"},       {'S', NULL, "seconds"}};
    const size_t lead = name.size > 1 && name.bytes[1] == 'T' ? 2 : 1;
    if (name.size < lead + 2 || name.bytes[0] != 'P') return false;
    *number = (bl_text){name.bytes + lead, name.size - lead - 1};
    for (size_t i = 0; i < number->size; i++)
        if (number->bytes[i] < '0' || number->bytes[i] > '9') return false;
    *unit = NULL;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].letter == name.bytes[name.size - 1])
            *unit = lead == 2 ? units[i].of_hours : units[i].of_days;
    return *unit != NULL;
}

/* What other languages call what is not there. */
static bool is_word_for_nothing(bl_text name)
{
    static const char *const words[] = {"null", "NULL",    "nil",      "None",
                                        "none", "nothing", "undefined"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bl_text_equal(name, bl_text_of(words[i]))) return true;
    return false;
}

/* `reserve` for `building.reserve`, `yes` for `true`, `vetoed` for `is vetoed`. */
static bool advise_unknown(typing *t, bl_diagnostic *d, bl_text name, const bl_type *want)
{
    const bl_compiler *compiler = t->compiler;
    const uint32_t scope = t->env->instance_scope;
    const char *meant = bl_typing_word_meant(t, name);
    const bool wants_boolean = want && bl_type_is(*want, BL_BASE_BOOLEAN);
    const bool wants_somebody = want && bl_type_is(*want, BL_BASE_ACTOR) && t->env->is_scenario;
    bl_text number;
    const char *unit;
    if (wants_somebody && !is_word_for_nothing(name)) {
        bl_diag_help(compiler->diagnostics, d, "a person is written with `@`: `@%.*s`",
                     BL_SLICE(name));
    } else if (is_iso_duration(name, &number, &unit)) {
        bl_diag_help(compiler->diagnostics, d, "a duration is a number and a unit: `%.*s %s`",
                     BL_SLICE(number), unit);
    } else if (is_word_for_nothing(name)) {
        bl_diag_help(compiler->diagnostics, d,
                     "what may be missing is asked for with `is given`: `… is given`, "
                     "`not (… is given)`");
    } else if (meant) {
        bl_diag_help(compiler->diagnostics, d, "did you mean `%s`?", meant);
    } else if (scope != BL_NONE && bl_attribute_find(compiler, scope, name) != BL_NONE) {
        const bl_text of = bl_words_of_name(compiler, compiler->program->scopes[scope].name);
        bl_diag_help(compiler->diagnostics, d, "say whose it is: `%.*s.%.*s`", BL_SLICE(of),
                     BL_SLICE(name));
    } else if (wants_boolean && bl_text_equal(name, BL_TEXT("yes"))) {
        bl_diag_help(compiler->diagnostics, d, "did you mean `true`?");
    } else if (wants_boolean && bl_text_equal(name, BL_TEXT("no"))) {
        bl_diag_help(compiler->diagnostics, d, "did you mean `false`?");
    } else if (bl_state_is_word(name)) {
        bl_diag_help(compiler->diagnostics, d, "a state is asked with `is`: `… is %.*s`",
                     BL_SLICE(name));
    } else {
        return false;
    }
    return true;
}

/* What is wanted tells how it could be written: a text, something that a scenario gives.
 */
static bool advise_wanted(typing *t, bl_diagnostic *d, bl_text name, const bl_type *want)
{
    bl_diagnostics *diagnostics = t->compiler->diagnostics;
    if (!want || want->is_list) return false;
    const bool is_place = want->base == BL_BASE_INSTANCE && want->index != BL_NONE;
    const bl_text scope = is_place
                              ? bl_words_of_name(t->compiler,
                                                 t->compiler->program->scopes[want->index].name)
                              : BL_TEXT("");
    if (want->base == BL_BASE_TEXT)
        bl_diag_help(diagnostics, d, "a text stands in quotes: `\"%.*s\"`", BL_SLICE(name));
    else if (is_place && t->env->is_scenario)
        bl_diag_help(diagnostics, d, "give it first: `given %.*s %.*s`", BL_SLICE(scope),
                     BL_SLICE(name));
    else if (is_place && t->env->instance_scope == want->index)
        bl_diag_help(diagnostics, d, "`%.*s` stands for the one that is meant here",
                     BL_SLICE(scope));
    else
        return false;
    return true;
}

/* What only this place knows, near enough to be meant. */
static bl_nearest nearest_here(const typing *t, bl_text name)
{
    bl_nearest nearest = bl_nearest_to(name);
    for (const bl_local *local = t->env->locals; local; local = local->next)
        bl_nearest_offer(&nearest, local->name);
    if (t->env->kind != BL_NONE)
        bl_nearest_offer_fields(t->compiler, t->compiler->program->kinds[t->env->kind].fields,
                                &nearest);
    bl_typing_offer_words(t, &nearest);
    return nearest;
}

/* What is near is looked for among thousands of names, so only where it is told. The nearest of
 * what only this place knows comes before the nearest declaration. */
bool bl_report_unknown_name(typing *t, const bl_node *node, const bl_type *want)
{
    bl_compiler *compiler = t->compiler;
    bl_diagnostic *d = bl_report_unknown(compiler, node->span, node->name, "name");
    if (!d || advise_unknown(t, d, node->name, want)) return false;
    const bl_nearest nearest = nearest_here(t, node->name);
    if (nearest.best.size)
        bl_nearest_help(compiler, d, &nearest);
    else if (!advise_wanted(t, d, node->name, want))
        bl_advise_missing(compiler, d, node->name, VALUE_SYMBOLS, "name");
    return false;
}

/* ---- E.name ---- */

void bl_nearest_offer_fields(const bl_compiler *compiler, bl_range fields, bl_nearest *nearest)
{
    for (uint32_t i = 0; i < fields.count; i++)
        bl_nearest_offer(
            nearest, bl_words_of_name(compiler, compiler->program->fields[fields.first + i].name));
}

void bl_nearest_offer_attributes(const bl_compiler *compiler, uint32_t scope, bl_nearest *nearest)
{
    const bl_program *program = compiler->program;
    for (uint32_t i = 0; i < program->attribute_count; i++)
        if (program->attributes[i].scope == scope)
            bl_nearest_offer(nearest, bl_words_of_name(compiler, program->attributes[i].name));
}

void bl_report_attribute(bl_compiler *compiler, bl_code code, const bl_node *node,
                         const bl_attribute *known, const bl_attribute_words *words)
{
    bl_diagnostics *diagnostics = compiler->diagnostics;
    const bl_span span = node->name_span.file == BL_NONE ? node->span : node->name_span;
    if (known) {
        const bl_text type = bl_words_of_type(compiler, known->type);
        bl_diagnostic *d = bl_diag(diagnostics, code, span, "`%.*s` is %.*s, and %s is wanted %s",
                                   BL_SLICE(node->name), BL_SLICE(type), words->type,
                                   words->purpose);
        bl_diag_label(diagnostics, d, "%.*s", BL_SLICE(type));
        bl_diag_note(diagnostics, d, known->span, "it is declared here");
        return;
    }
    const bl_slip slip = {BL_SLIP_PART, BL_SPAN_NONE, node->name};
    bl_diagnostic *d = bl_diag_slip(diagnostics, code, span, &slip,
                                    "people have no attribute `%.*s` %s", BL_SLICE(node->name),
                                    words->purpose);
    if (!d) return;
    bl_diag_label(diagnostics, d, "not declared");
    bl_nearest nearest = bl_nearest_to(node->name);
    bl_nearest_offer_attributes(compiler, BL_NONE, &nearest);
    if (nearest.best.size)
        bl_nearest_help(compiler, d, &nearest);
    else
        bl_diag_help(diagnostics, d, "declare it: `person { %.*s : %s }`", BL_SLICE(node->name),
                     words->declaration);
}

static bl_nearest nearest_attribute(const bl_compiler *compiler, bl_text name, bl_type of)
{
    const bl_program *program = compiler->program;
    bl_nearest nearest = bl_nearest_to(name);
    if (of.base == BL_BASE_ACTOR) bl_nearest_offer_attributes(compiler, BL_NONE, &nearest);
    if (of.base == BL_BASE_INSTANCE && of.index != BL_NONE)
        bl_nearest_offer_attributes(compiler, of.index, &nearest);
    if (of.base == BL_BASE_EVENT && of.index != BL_NONE)
        bl_nearest_offer_fields(compiler, program->events[of.index].fields, &nearest);
    if (of.base == BL_BASE_PROPOSAL && of.index != BL_NONE)
        bl_nearest_offer_fields(compiler, program->kinds[of.index].fields, &nearest);
    bl_typing_offer_built_ins((bl_base)of.base, &nearest);
    return nearest;
}

/* Of actors nothing is the declaration. Where any of a sort may come, each place is for itself. */
static bl_slip slip_of_part(const bl_compiler *compiler, bl_type of, bl_text name)
{
    const bl_program *program = compiler->program;
    bl_slip slip = {BL_SLIP_PART, BL_SPAN_NONE, name};
    if (of.base == BL_BASE_ACTOR) return slip;
    if (of.index == BL_NONE) return (bl_slip){.kind = BL_SLIP_NONE};
    if (of.base == BL_BASE_INSTANCE) slip.declared = program->scopes[of.index].span;
    if (of.base == BL_BASE_EVENT) slip.declared = program->events[of.index].span;
    if (of.base == BL_BASE_PROPOSAL) slip.declared = program->kinds[of.index].span;
    return slip;
}

bool bl_report_no_attribute(typing *t, const bl_node *node, const bl_node *of)
{
    bl_compiler *compiler = t->compiler;
    bl_text of_words = bl_words_of(compiler, of->span);
    bl_text type = bl_words_of_type(compiler, of->type);
    bl_span span = node->name_span.file == BL_NONE ? node->span : node->name_span;
    if (!bl_typing_has_attributes(of->type)) {
        const bl_span declared = bl_typing_declaration_of(t, of);
        const bl_slip slip = {declared.file == BL_NONE ? BL_SLIP_NONE : BL_SLIP_PART, declared,
                              node->name};
        bl_diagnostic *d = bl_diag_slip(compiler->diagnostics, BL_B0301, node->span, &slip,
                                        "`%.*s` is %.*s and has no `%.*s`", BL_SLICE(of_words),
                                        BL_SLICE(type), BL_SLICE(node->name));
        if (of->type.base == BL_BASE_SET || of->type.is_list)
            bl_diag_help(compiler->diagnostics, d,
                         "ask its members one by one: `any x in %.*s : x.%.*s …`",
                         BL_SLICE(of_words), BL_SLICE(node->name));
        if (declared.file != BL_NONE)
            bl_diag_note(compiler->diagnostics, d, declared, "`%.*s` is declared here",
                         BL_SLICE(of->name));
        return false;
    }
    const bl_slip slip = slip_of_part(compiler, of->type, node->name);
    bl_diagnostic *d = bl_diag_slip(compiler->diagnostics, BL_B0304, span, &slip,
                                    "`%.*s` is %.*s and has no `%.*s`", BL_SLICE(of_words),
                                    BL_SLICE(type), BL_SLICE(node->name));
    if (!d) return false;
    bl_nearest nearest = nearest_attribute(compiler, node->name, of->type);
    const bl_symbol *symbol = bl_symbol_find(compiler, node->name);
    if (symbol && symbol->kind == BL_SYMBOL_ROLE && of->type.base == BL_BASE_INSTANCE)
        bl_diag_help(compiler->diagnostics, d, "a role has its place behind it: `%.*s of %.*s`",
                     BL_SLICE(node->name), BL_SLICE(of_words));
    else
        bl_nearest_help(compiler, d, &nearest);
    if (of->type.base == BL_BASE_PROPOSAL && of->type.index == BL_NONE)
        bl_diag_help(compiler->diagnostics, d,
                     "this is about proposals of more than one kind, which share no fields");
    return false;
}

/* ---- NAME of E, NAME(E, …) ---- */

bool bl_report_scopes(typing *t, const bl_node *node, uint32_t role_scope, bl_text found)
{
    bl_text scope = bl_words_of_name(t->compiler, t->compiler->program->scopes[role_scope].name);
    const bl_symbol *symbol = bl_symbol_find(t->compiler, node->name);
    const bl_slip slip = {BL_SLIP_SCOPE, symbol->node->name_span, found};
    bl_diag_slip(t->compiler->diagnostics, BL_B0301, node->span, &slip,
                 "`%.*s` belongs to a %.*s and not to a %.*s", BL_SLICE(node->name),
                 BL_SLICE(scope), BL_SLICE(found));
    return false;
}

bool bl_report_not_of(typing *t, const bl_node *node, const bl_symbol *symbol)
{
    const bl_slip slip = {.kind = BL_SLIP_SCOPE, .declared = symbol->node->name_span};
    bl_diagnostic *d = bl_diag_slip(t->compiler->diagnostics, BL_B0301, node->span, &slip,
                                    "`%.*s` does not belong to a scope, so it is not `of` anything",
                                    BL_SLICE(node->name));
    bl_diag_help(t->compiler->diagnostics, d, "write `%.*s` alone", BL_SLICE(node->name));
    bl_diag_note(t->compiler->diagnostics, d, symbol->node->name_span, "declared here");
    return false;
}

/* `half of body`; else a role that is not there. */
bool bl_report_unknown_of(typing *t, const bl_node *node)
{
    static const struct {
        const char *said, *meant;
    } parts[] = {{"half", "1/2"}, {"third", "1/3"}, {"quarter", "1/4"}, {"most", "1/2"}};
    const bl_node *of = node->kids[BL_OF_E];
    for (size_t i = 0; of && i < sizeof parts / sizeof *parts; i++) {
        if (!bl_text_equal(node->name, bl_text_of(parts[i].said))) continue;
        const bl_text words = bl_words_of(t->compiler, of->span);
        bl_diagnostic *d = bl_report_unknown(t->compiler, node->name_span, node->name, "role");
        bl_diag_help(t->compiler->diagnostics, d, "a part is written as a fraction: `%s of %.*s`",
                     parts[i].meant, BL_SLICE(words));
        return false;
    }
    bl_symbol_missing(t->compiler, node->name_span, node->name,
                      1u << BL_SYMBOL_ROLE | 1u << BL_SYMBOL_BODY, "role");
    return false;
}

bool bl_report_call(typing *t, const bl_node *node, const bl_symbol *symbol)
{
    bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0301, node->span,
                               "`%.*s` is a %s and not a function", BL_SLICE(node->name),
                               bl_node_words(symbol->node->kind));
    if (symbol->kind == BL_SYMBOL_PROCEDURE)
        bl_diag_help(t->compiler->diagnostics, d,
                     "a procedure gets its arguments behind `using`; as a value it has none");
    return false;
}
