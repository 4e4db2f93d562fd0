/*
 * How an election is counted: the form of its ballots, the method and its options, seats, ties.
 *
 * What an option may be is known by runtime/method.h alone; here its value is written as text, or
 * becomes code where it is an expression, such as a parameter of the procedure.
 */
#include "check.h"
#include "emit.h"

typedef struct count_work {
    bl_compiler *compiler;
    const bl_env *env;
    const bl_count_clauses *clauses;
    bl_procedure *row;
    bl_count_options options;
    bl_buffer text; /* what the row's `count` becomes */
    bl_setting *settings; /* in the compile arena, for one more than there can be */
    uint32_t setting_count;
} count_work;

static const char *const form_words[] = {[BL_FORM_YES_NO] = "yes_no",
                                         [BL_FORM_RANKING] = "ranking",
                                         [BL_FORM_CHOICE] = "choice",
                                         [BL_FORM_SCORES] = "scores"};
static const char *const many_ballots[] = {[BL_FORM_YES_NO] = "yes or no",
                                           [BL_FORM_RANKING] = "rankings",
                                           [BL_FORM_CHOICE] = "choices",
                                           [BL_FORM_SCORES] = "scores"};
enum { FORM_COUNT = sizeof form_words / sizeof *form_words };

const char *bl_form_words(bl_ballot_form form)
{
    return many_ballots[form];
}

static bl_ballot_form form_of_method(bl_method method)
{
    switch (bl_methods[method].ballots) {
    case BL_BALLOTS_RANKING: return BL_FORM_RANKING;
    case BL_BALLOTS_CHOICE: return BL_FORM_CHOICE;
    case BL_BALLOTS_SCORES: return BL_FORM_SCORES;
    }
    return BL_FORM_YES_NO;
}

/* A diagnostic with what a buffer holds as its message; the buffer is emptied. */
static bl_diagnostic *report_problem(count_work *w, bl_code code, bl_span span, bl_buffer *problem)
{
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, code, span, "%.*s", (int)problem->size,
                               problem->bytes ? problem->bytes : "");
    bl_buffer_clear(problem);
    return d;
}

static void report_misfit(count_work *w, const bl_node *clause, const char *label,
                          const char *message)
{
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0417, clause->span, "%s", message);
    bl_diag_label(w->compiler->diagnostics, d, "%s", label);
}

/* ---- the ballot ---- */

static void take_form(count_work *w)
{
    const bl_node *ballot = w->clauses->ballot;
    if (!ballot) return;
    bl_nearest nearest = bl_nearest_to(ballot->name);
    for (int i = 0; i < FORM_COUNT; i++) {
        bl_nearest_offer(&nearest, bl_text_of(form_words[i]));
        if (!bl_text_equal(ballot->name, bl_text_of(form_words[i]))) continue;
        w->row->form = (bl_ballot_form)i;
        return;
    }
    bl_diagnostics *diagnostics = w->compiler->diagnostics;
    const bl_slip slip = {BL_SLIP_FORM, BL_SPAN_NONE, ballot->name};
    bl_diagnostic *d = bl_diag_slip(diagnostics, BL_B0417, ballot->span, &slip,
                                    "`%.*s` is no form of ballot", BL_SLICE(ballot->name));
    bl_diag_label(diagnostics, d, "no form of ballot");
    if (nearest.best.size > 0)
        bl_nearest_help(w->compiler, d, &nearest);
    else
        bl_diag_help(diagnostics, d, "a ballot is `yes_no`, `ranking`, `choice` or `scores`");
    w->row->form = BL_FORM_RANKING; /* whatever it is, it is no yes or no */
}

/* ---- the method ---- */

static void take_method(count_work *w)
{
    const bl_node *counts = w->clauses->counts;
    bl_diagnostics *diagnostics = w->compiler->diagnostics;
    if (!bl_count_method_named(counts->name, &w->options)) {
        bl_buffer nearest;
        bl_buffer_init(&nearest, w->text.memory);
        bl_count_method_nearest(counts->name, &nearest);
        bl_diagnostic *d = bl_diag(diagnostics, BL_B0422, bl_name_span(counts),
                                   "there is no method `%.*s` to count by", BL_SLICE(counts->name));
        bl_diag_label(diagnostics, d, "no method");
        if (nearest.failed)
            bl_check_nomem(w->compiler);
        else
            bl_diag_help(diagnostics, d, "%.*s", (int)nearest.size, nearest.bytes);
        bl_buffer_free(&nearest);
        return;
    }
    w->row->method = w->options.method;
    bl_buffer_text(&w->text, counts->name);
    const bl_ballot_form wanted = form_of_method(w->options.method);
    if (wanted == w->row->form ||
        (w->clauses->ballot && bl_diag_has_error_in(diagnostics, w->clauses->ballot->span)))
        return;
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0417, counts->span,
                               "`%.*s` counts %s, and these ballots are %s", BL_SLICE(counts->name),
                               many_ballots[wanted], many_ballots[w->row->form]);
    bl_diag_label(diagnostics, d, "needs `ballot %s`", form_words[wanted]);
}

/* ---- options ---- */

/* Whether a bare name is a value of the policy and no word of the method's. */
static bool is_value_name(const count_work *w, const bl_node *node)
{
    if (bl_local_find(w->env->locals, node->name)) return true;
    const bl_symbol *symbol = bl_symbol_find(w->compiler, node->name);
    return symbol && symbol->kind == BL_SYMBOL_LET;
}

/* What an option is set to, as text; false: it is an expression. */
static bool write_value(const count_work *w, bl_node *value, bl_buffer *out)
{
    if (value->kind == BL_NODE_NUMBER) {
        bl_rational_write(out, value->as.number);
    } else if (value->kind == BL_NODE_BOOLEAN) {
        bl_buffer_cstring(out, value->flags & BL_FLAG_TRUE ? "yes" : "no");
    } else if (value->kind == BL_NODE_NAME && !is_value_name(w, value)) {
        bl_buffer_text(out, value->name);
    } else {
        return false;
    }
    return true;
}

static bool set_option(count_work *w, bl_text name, bl_text value, bl_span span)
{
    bl_buffer problem;
    bl_buffer_init(&problem, w->text.memory);
    const bool is_set = bl_count_option_set(&w->options, name, value, &problem);
    if (problem.failed)
        bl_check_nomem(w->compiler);
    else if (!is_set)
        report_problem(w, BL_B0422, span, &problem);
    bl_buffer_free(&problem);
    return is_set;
}

static void report_root(count_work *w, bl_text name, bl_span span)
{
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0308, span,
                               "`%.*s` is no number of votes: a square root is not exact there",
                               BL_SLICE(name));
    bl_diag_label(w->compiler->diagnostics, d, "needs a number without a root");
    bl_diag_help(w->compiler->diagnostics, d,
                 "a root stands in comparisons, and in the options `quorum` and `minimum`, where "
                 "votes are whole");
}

/* At least b * sqrt(c) votes are at least the least whole number that is not below it. */
static bool emit_number(count_work *w, bl_text name, bl_node *value, uint32_t *chunk)
{
    const bl_type number = bl_type_of_base(BL_BASE_NUMBER);
    if (!bl_type_expression(w->compiler, w->env, value, &number)) return false;
    if (!bl_node_has_root(value))
        return bl_emit_expression(w->compiler, w->env, value, &number, chunk);
    if (bl_count_option_is_votes(name))
        return bl_emit_least_whole(w->compiler, w->env, value, chunk);
    report_root(w, name, value->span);
    return false;
}

/* An expression: a number, known when the vote opens. */
static bool add_setting(count_work *w, bl_text name, bl_node *value, bl_span span)
{
    bl_count_options any = w->options;
    if (!bl_count_option_set(&any, name, BL_TEXT("1"), NULL)) {
        set_option(w, name, bl_emit_text(w->compiler, value->span), span);
        return true;
    }
    bl_setting *setting = &w->settings[w->setting_count];
    setting->span = span;
    setting->name = bl_emit_name(w->compiler, name);
    if (setting->name == BL_NONE) return bl_check_nomem(w->compiler);
    if (!emit_number(w, name, value, &setting->chunk)) return bl_check_memory(w->compiler);
    w->setting_count++;
    return true;
}

static bool take_value(count_work *w, bl_text name, bl_node *value, bl_span span)
{
    bl_buffer text;
    bl_buffer_init(&text, w->text.memory);
    bool is_done = true;
    if (!write_value(w, value, &text))
        is_done = add_setting(w, name, value, span);
    else if (set_option(w, name, (bl_text){text.bytes, text.size}, span))
        bl_buffer_format(&w->text, " %.*s=%.*s", BL_SLICE(name), (int)text.size, text.bytes);
    if (text.failed) is_done = bl_check_nomem(w->compiler);
    bl_buffer_free(&text);
    return is_done;
}

/* What is said by a clause of its own is not said again among the options. */
static const char *clause_instead(bl_text name)
{
    static const struct {
        const char *option, *clause;
    } own[] = {{"seats", "say `seats N`, a clause of the procedure"},
               {"ties", "say `ties broken by …`, a clause of the procedure"},
               {"group_most", "say `at most N per …`, a clause of the proposal"}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (bl_text_equal(name, bl_text_of(own[i].option))) return own[i].clause;
    return NULL;
}

static bool take_option(count_work *w, const bl_node *argument)
{
    bl_diagnostics *diagnostics = w->compiler->diagnostics;
    if (argument->kind != BL_NODE_BINDING) {
        bl_diagnostic *d = bl_diag(diagnostics, BL_B0422, argument->span,
                                   "an option of a count has a name");
        bl_diag_label(diagnostics, d, "of which option?");
        bl_diag_help(diagnostics, d, "write it as in `stv(quota = droop)`");
        return true;
    }
    const char *const instead = clause_instead(argument->name);
    if (instead) {
        bl_diagnostic *d = bl_diag(diagnostics, BL_B0422, argument->span,
                                   "`%.*s` is no option of a count in a policy",
                                   BL_SLICE(argument->name));
        bl_diag_label(diagnostics, d, "has a clause of its own");
        bl_diag_help(diagnostics, d, "%s", instead);
        return true;
    }
    return take_value(w, argument->name, argument->kids[BL_BINDING_VALUE], argument->span);
}

static void check_again(count_work *w, const bl_node *first, const bl_node *again)
{
    for (; first != again; first = first->next) {
        if (again->kind != BL_NODE_BINDING || !bl_text_equal(first->name, again->name)) continue;
        bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0422, again->span,
                                   "the option `%.*s` is there twice", BL_SLICE(again->name));
        bl_diag_label(w->compiler->diagnostics, d, "again");
        return;
    }
}

static bool take_options(count_work *w)
{
    bl_node *const first = w->clauses->counts->kids[BL_COUNTS_BY_ARGUMENTS];
    for (const bl_node *a = first; a; a = a->next) {
        check_again(w, first, a);
        if (!take_option(w, a)) return false;
    }
    return true;
}

static bool take_seats(count_work *w)
{
    const bl_node *seats = w->clauses->seats;
    if (!seats) return true;
    if (!bl_methods[w->options.method].has_seats) {
        bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0422, seats->span,
                                   "`%s` fills one seat", bl_methods[w->options.method].name);
        bl_diag_label(w->compiler->diagnostics, d, "one, and no other number");
        bl_diag_help(w->compiler->diagnostics, d,
                     "leave the clause out, or count by a method for several, such as `stv`");
        return true;
    }
    return take_value(w, BL_TEXT("seats"), seats->kids[BL_SEATS_COUNT], seats->span);
}

/* ---- ties ---- */

static void report_rule(count_work *w, const bl_node *rule, const char *message, const char *label)
{
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0423, rule->span, "%s", message);
    bl_diag_label(w->compiler->diagnostics, d, "%s", label);
}

static bool is_rerun(const bl_node *rule)
{
    return rule->kind == BL_NODE_NAME && bl_text_equal(rule->name, BL_TEXT("rerun"));
}

static void report_times(count_work *w, const bl_node *times)
{
    bl_diagnostic *d = bl_diag(w->compiler->diagnostics, BL_B0423, times->span,
                               "a vote is held again a whole number of times, from 1 to %d",
                               BL_RERUN_MAX);
    bl_diag_label(w->compiler->diagnostics, d, "how often?");
}

static bool take_reruns(count_work *w, const bl_node *rule, const bl_node *times)
{
    if (rule->next)
        report_rule(w, rule, "what stands behind `rerun` is never asked", "must come last");
    w->row->rerun_most = 1;
    if (!times) return true;
    const bool is_fit = times->kind == BL_NODE_NUMBER && bl_rational_is_integer(times->as.number) &&
                        times->as.number.num >= 1 && times->as.number.num <= BL_RERUN_MAX;
    if (is_fit)
        w->row->rerun_most = (uint32_t)times->as.number.num;
    else
        report_times(w, times);
    return true;
}

/* A word of the table of options; false: it must be a body. */
static bool is_rule_word(const count_work *w, const bl_node *rule)
{
    if (rule->kind != BL_NODE_NAME) return false;
    const bl_symbol *symbol = bl_symbol_find(w->compiler, rule->name);
    if (symbol && (symbol->kind == BL_SYMBOL_ROLE || symbol->kind == BL_SYMBOL_BODY)) return false;
    bl_count_options any = w->options;
    return bl_count_option_set(&any, BL_TEXT("ties"), rule->name, NULL);
}

static bool take_casting_body(count_work *w, bl_node *rule)
{
    if (w->row->casting_body != BL_NONE) {
        report_rule(w, rule, "one body breaks ties: join them by `or`", "another one");
        return true;
    }
    if (rule->kind == BL_NODE_NAME && !bl_symbol_find(w->compiler, rule->name)) {
        const bl_slip slip = {BL_SLIP_TIES, BL_SPAN_NONE, rule->name};
        bl_diagnostic *d = bl_diag_slip(w->compiler->diagnostics, BL_B0423, rule->span, &slip,
                                        "`%.*s` breaks no ties", BL_SLICE(rule->name));
        bl_diag_label(w->compiler->diagnostics, d, "neither a rule nor a body");
        bl_nearest nearest = bl_nearest_to(rule->name);
        static const char *const known[] = {
            "previous_round", "first_round", "earlier_ballots", "lot", "order", "rerun"};
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            bl_nearest_offer(&nearest, bl_text_of(known[i]));
        if (nearest.best.size > 0)
            bl_nearest_help(w->compiler, d, &nearest);
        else
            bl_diag_help(w->compiler->diagnostics, d,
                         "ties are broken by `previous_round`, `first_round`, `earlier_ballots`, "
                         "`lot`, `order`, `rerun` or by a body");
        return true;
    }
    if (!bl_emit_body(w->compiler, w->env, rule, &w->row->casting_body))
        return bl_check_memory(w->compiler);
    if (w->compiler->program->bodies[w->row->casting_body].is_anyone)
        report_rule(w, rule, "ties are broken by a body whose members are known", "who exactly?");
    return true;
}

static bool take_ties(count_work *w)
{
    const bl_node *ties = w->clauses->ties;
    if (!ties) return true;
    bool has_rerun = false;
    const char *between = " ties=";
    for (bl_node *rule = ties->kids[BL_TIES_RULES]; rule; rule = rule->next) {
        bl_text word = BL_TEXT("casting");
        if (is_rerun(rule)) {
            has_rerun = true;
            if (!take_reruns(w, rule, ties->kids[BL_TIES_RERUNS])) return false;
            continue;
        }
        for (const bl_node *b = ties->kids[BL_TIES_RULES]; b != rule; b = b->next)
            if (rule->kind == BL_NODE_NAME && b->kind == BL_NODE_NAME &&
                bl_text_equal(b->name, rule->name))
                report_rule(w, rule, "this has broken what ties it can already", "again");
        if (is_rule_word(w, rule))
            word = rule->name;
        else if (!take_casting_body(w, rule))
            return false;
        bl_buffer_format(&w->text, "%s%.*s", between, BL_SLICE(word));
        between = ",";
    }
    if (ties->kids[BL_TIES_RERUNS] && !has_rerun)
        report_rule(w, ties->kids[BL_TIES_RERUNS], "`at most … times` is about `rerun`",
                    "what is held again?");
    return true;
}

/* ---- all of it ---- */

static bool store(count_work *w)
{
    bl_program *program = w->compiler->program;
    if (w->text.failed ||
        !bl_program_text(w->compiler, (bl_text){w->text.bytes, w->text.size}, &w->row->count))
        return bl_check_nomem(w->compiler);
    w->row->settings = (bl_range){program->setting_count, w->setting_count};
    for (uint32_t i = 0; i < w->setting_count; i++) {
        bl_setting *row = bl_table_row(w->compiler, setting);
        if (!row) return bl_check_nomem(w->compiler);
        *row = w->settings[i];
    }
    return true;
}

static bool take_count(count_work *w)
{
    take_form(w);
    if (!w->clauses->counts) return true;
    take_method(w);
    if (w->row->method == BL_METHOD_NONE) return true;
    size_t most = 1;
    for (const bl_node *a = w->clauses->counts->kids[BL_COUNTS_BY_ARGUMENTS]; a; a = a->next)
        most++;
    w->settings = bl_arena_array(w->compiler->arena, most, sizeof *w->settings);
    if (!w->settings) return bl_check_nomem(w->compiler);
    return take_options(w) && take_seats(w) && take_ties(w) && store(w);
}

/* What belongs to elections alone. */
static void check_yes_no(count_work *w)
{
    const char *const label = "needs `counts by …`";
    if (w->clauses->ties)
        report_misfit(w, w->clauses->ties, label, "ties are broken in elections only");
    if (w->clauses->seats)
        report_misfit(w, w->clauses->seats, label, "seats are filled in elections only");
}

bool bl_check_count(bl_compiler *compiler, const bl_env *env, const bl_count_clauses *clauses,
                    bl_procedure *row)
{
    bl_env inside = *env;
    inside.has_body = true;
    count_work w = {.compiler = compiler, .env = &inside, .clauses = clauses, .row = row};
    bl_buffer_init(&w.text, compiler->arena->memory);
    const bool is_done = take_count(&w);
    bl_buffer_free(&w.text);
    if (!clauses->counts && row->form == BL_FORM_YES_NO) check_yes_no(&w);
    return is_done;
}
