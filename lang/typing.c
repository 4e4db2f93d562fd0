/*
 * Types of expressions: what each operator takes and gives. What names mean is in typing_names.c.
 *
 * Everything is told by types: `or` joins conditions or sets, a set where a number is wanted stands
 * for its size, one actor is a set of one. Typing writes the type and the meaning into the nodes,
 * and gives out the slots of loops, so that all chunks made from a tree agree on them.
 */
#include "typing.h"

#include <assert.h>

#include "../runtime/limits.h"

/* ---- words for messages ---- */

bl_text bl_words_keep(bl_compiler *compiler, bl_buffer *buffer)
{
    char *bytes = buffer->failed ? NULL
                                 : bl_arena_copy(compiler->arena, buffer->bytes, buffer->size);
    bl_text text = {bytes ? bytes : "", bytes ? buffer->size : 0};
    if (!bytes) compiler->out_of_memory = true;
    bl_buffer_free(buffer);
    return text;
}

bl_text bl_words_of(bl_compiler *compiler, bl_span span)
{
    bl_buffer buffer;
    bl_buffer_init(&buffer, compiler->arena->memory);
    if (span.file < compiler->program->source_count)
        bl_source_snippet(&compiler->program->sources[span.file], span, 60, &buffer);
    return bl_words_keep(compiler, &buffer);
}

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

bl_text bl_words_of_type(bl_compiler *compiler, bl_type type)
{
    bl_buffer words, buffer;
    bl_buffer_init(&words, compiler->arena->memory);
    bl_buffer_init(&buffer, compiler->arena->memory);
    if (bl_type_is(type, BL_BASE_SET))
        bl_buffer_cstring(&words, "set of actors");
    else if (bl_type_is(type, BL_BASE_ACTOR))
        bl_buffer_cstring(&words, "person");
    else
        bl_type_write(compiler, (bl_type){type.base, type.is_list, false, type.is_date, type.index},
                      &words);
    bl_text plain = bl_words_keep(compiler, &words);
    bl_buffer_cstring(&buffer, plain.size && is_vowel(plain.bytes[0]) ? "an " : "a ");
    bl_buffer_text(&buffer, plain);
    return bl_words_keep(compiler, &buffer);
}

bl_text bl_words_of_name(const bl_compiler *compiler, uint32_t name)
{
    return bl_names_text(compiler->program->names, name);
}

void bl_report_depth(bl_compiler *compiler, bl_span span)
{
    bl_diag(compiler->diagnostics, BL_B0105, span, "this is nested more than %d deep",
            BL_AST_DEPTH_MAX);
}

bl_nearest bl_nearest_to(bl_text wanted)
{
    size_t most = wanted.size < 2 ? 0 : wanted.size < 4 ? 1 : wanted.size < 8 ? 2 : 3;
    return (bl_nearest){.wanted = wanted, .distance = most};
}

void bl_nearest_offer(bl_nearest *nearest, bl_text name)
{
    size_t distance = bl_text_distance(nearest->wanted, name, nearest->distance);
    if (distance > nearest->distance || (nearest->best.size && distance == nearest->distance))
        return;
    nearest->best = name;
    nearest->distance = distance;
}

void bl_nearest_help(bl_compiler *compiler, bl_diagnostic *diagnostic, const bl_nearest *nearest)
{
    if (nearest->best.size)
        bl_diag_help(compiler->diagnostics, diagnostic, "did you mean `%.*s`?",
                     BL_SLICE(nearest->best));
}

/* ---- fitting ---- */

bool bl_type_fits(bl_type want, bl_type got)
{
    if (want.base == BL_BASE_SET && !want.is_list) return bl_type_is_actors(got);
    if (bl_type_is(want, BL_BASE_NUMBER)) return bl_type_is_numeric(got);
    if (want.is_list && got.is_list && got.base == BL_BASE_NOTHING) return true;
    if (want.is_list != got.is_list || want.base != got.base) return false;
    return want.index == got.index || want.index == BL_NONE || got.index == BL_NONE;
}

/* A date or time in quotes, or one that was read as a calculation. */
static void advise_time(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node)
{
    const char *why;
    bl_time time;
    const bool is_quoted = node->kind == BL_NODE_TEXT && (bl_date_parse(node->name, &time, &why) ||
                                                          bl_time_parse(node->name, &time, &why));
    if (is_quoted)
        bl_diag_help(compiler->diagnostics, d, "write it without quotes: `%.*s`",
                     BL_SLICE(node->name));
    else if (node->kind == BL_NODE_TEXT || bl_type_is(node->type, BL_BASE_NUMBER))
        bl_diag_help(compiler->diagnostics, d,
                     "a date is written `2024-01-31`, a time `2024-01-31T12:00:00Z`");
}

static void advise_condition(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node)
{
    const bl_text words = bl_words_of(compiler, node->span);
    if (bl_type_is_actors(node->type))
        bl_diag_help(compiler->diagnostics, d,
                     "ask how many they are, as in `count %.*s >= 3`, or whether somebody is one "
                     "of them, as in `author is %.*s`",
                     BL_SLICE(words), BL_SLICE(words));
    else if (bl_type_is(node->type, BL_BASE_NUMBER))
        bl_diag_help(compiler->diagnostics, d,
                     "compare something with it: `… >= %.*s`, such as `cast` or `approve`",
                     BL_SLICE(words));
}

static bool is_operation(const bl_node *node, bl_operator op)
{
    return node->kind == BL_NODE_BINARY && bl_node_operator(node) == op;
}

/* How they decide, or which part of them, where those who do are wanted. */
static void advise_set(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node)
{
    if (bl_type_is(node->type, BL_BASE_PROCEDURE))
        bl_diag_help(compiler->diagnostics, d,
                     "who decides comes first, then how: `by ROLE using %.*s`",
                     BL_SLICE(bl_words_of(compiler, node->span)));
    else if (is_operation(node, BL_OPERATOR_ADD))
        bl_diag_help(compiler->diagnostics, d, "sets are joined by `or`");
    else if (is_operation(node, BL_OPERATOR_OF_NUMBER))
        bl_diag_help(compiler->diagnostics, d,
                     "who decides comes first, then which part of them: `by ROLE using "
                     "supermajority(2/3)`, from \"std/procedures\"");
}

/* A scenario speaks of single people, of proposals by their names, and of moments. */
static void advise_in_scenario(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node,
                               bl_type want)
{
    if (want.is_list || node->type.is_list) return;
    const bl_text words = bl_words_of(compiler, node->span);
    if (want.base == BL_BASE_DURATION && node->type.base == BL_BASE_TIME)
        bl_diag_help(compiler->diagnostics, d, "a moment is told with `at`: `at %.*s`",
                     BL_SLICE(words));
    if (want.base == BL_BASE_ACTOR && node->kind == BL_NODE_TEXT && node->name.size &&
        node->name.bytes[0] == '@')
        bl_diag_help(compiler->diagnostics, d, "a person stands without quotes: `%.*s`",
                     BL_SLICE(node->name));
    if (want.base == BL_BASE_PROPOSAL && node->type.base == BL_BASE_SET)
        bl_diag_help(compiler->diagnostics, d,
                     "who is in `%.*s` is a person, written with `@`: `@name is %.*s`",
                     BL_SLICE(words), BL_SLICE(words));
    else if (want.base == BL_BASE_ACTOR && node->type.base == BL_BASE_SET)
        bl_diag_help(compiler->diagnostics, d, "name one of them: `@ana`");
    else if (want.base == BL_BASE_ACTOR && node->type.base == BL_BASE_PROPOSAL)
        bl_diag_help(compiler->diagnostics, d, "a person is written with `@`: `@%.*s`",
                     BL_SLICE(words));
}

void bl_typing_advise(bl_compiler *compiler, bl_diagnostic *d, const bl_node *node, bl_type want)
{
    bl_text words = bl_words_of(compiler, node->span);
    bl_rational number;
    if (node->kind == BL_NODE_NUMBER && bl_type_is(want, BL_BASE_DURATION))
        bl_diag_help(compiler->diagnostics, d, "say of what: `%.*s days`, `hours`, `months` …",
                     BL_SLICE(words));
    if (node->kind == BL_NODE_TEXT && bl_type_is(want, BL_BASE_NUMBER) &&
        bl_rational_parse(node->name, &number))
        bl_diag_help(compiler->diagnostics, d, "write it without quotes: `%.*s`",
                     BL_SLICE(node->name));
    if (bl_type_is(want, BL_BASE_TIME)) advise_time(compiler, d, node);
    if (bl_type_is(want, BL_BASE_BOOLEAN)) advise_condition(compiler, d, node);
    if (bl_type_is(want, BL_BASE_SET)) advise_set(compiler, d, node);
}

bl_span bl_typing_declaration_of(const typing *t, const bl_node *node)
{
    const bl_program *program = t->compiler->program;
    const bool is_call = node->kind == BL_NODE_CALL && node->ref == BL_MEANING_FUNCTION;
    if (node->kind != BL_NODE_NAME && node->kind != BL_NODE_DOT && !is_call) return BL_SPAN_NONE;
    if (node->ref == BL_MEANING_FUNCTION) return program->functions[node->ref2].span;
    if (node->ref == BL_MEANING_FIELD || node->ref == BL_MEANING_EVENT_FIELD)
        return program->fields[node->ref2].span;
    if (node->ref == BL_MEANING_ATTRIBUTE) return program->attributes[node->ref2].span;
    return BL_SPAN_NONE;
}

static bool is_noted(const bl_diagnostic *d, bl_span span)
{
    for (const bl_note *note = d->notes; note; note = note->next)
        if (note->span.file == span.file && note->span.start == span.start &&
            note->span.end == span.end)
            return true;
    return false;
}

/* Whether a message says that such a thing is wanted. People are wanted as one and as a set. */
static bool speaks_of(bl_compiler *compiler, const bl_diagnostic *d, bl_type type)
{
    const bl_base others[] = {BL_BASE_ACTOR, BL_BASE_SET};
    if (bl_text_contains(d->message, bl_words_of_type(compiler, type))) return true;
    for (size_t i = 0; bl_type_is_actors(type) && i < sizeof others / sizeof *others; i++)
        if (bl_text_contains(d->message, bl_words_of_type(compiler, bl_type_of_base(others[i]))))
            return true;
    return false;
}

bool bl_typing_told_again(bl_compiler *compiler, bl_span declared, bl_type want, bl_span span)
{
    if (declared.file == BL_NONE) return false;
    for (bl_diagnostic *d = compiler->diagnostics->first; d; d = d->next) {
        const bool is_of_types = d->code == BL_B0301 || d->code == BL_B0302;
        if (!is_of_types || !is_noted(d, declared) || !speaks_of(compiler, d, want)) continue;
        bl_diag_again(compiler->diagnostics, d, span);
        return true;
    }
    return false;
}

/* The type of what is declared may be the slip, so the declaration is shown. */
static void note_declaration(const typing *t, bl_diagnostic *d, const bl_node *node)
{
    const bl_span declared = bl_typing_declaration_of(t, node);
    if (declared.file == BL_NONE) return;
    bl_diag_note(t->compiler->diagnostics, d, declared, "`%.*s` is declared here",
                 BL_SLICE(node->name));
}

bool bl_typing_fit(typing *t, bl_node *node, bl_type want)
{
    if (bl_type_fits(want, node->type)) return true;
    bl_compiler *compiler = t->compiler;
    const bl_span given_to = node == t->given ? t->given_to : BL_SPAN_NONE;
    if (bl_typing_told_again(compiler, bl_typing_declaration_of(t, node), want, node->span) ||
        bl_typing_told_again(compiler, given_to, node->type, node->span))
        return false;
    bl_text got = bl_words_of_type(compiler, node->type);
    bl_text wanted = bl_words_of_type(compiler, want);
    bl_text words = bl_words_of(compiler, node->span);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0301, node->span,
                               "`%.*s` is %.*s where %.*s is wanted", BL_SLICE(words),
                               BL_SLICE(got), BL_SLICE(wanted));
    bl_diag_label(compiler->diagnostics, d, "%.*s", BL_SLICE(got));
    bl_typing_advise(compiler, d, node, want);
    if (t->env->is_scenario) advise_in_scenario(compiler, d, node, want);
    note_declaration(t, d, node);
    if (given_to.file != BL_NONE)
        bl_diag_note(compiler->diagnostics, d, given_to, "declared as %.*s here", BL_SLICE(wanted));
    return false;
}

static bool report_pair(typing *t, complaint_of_pair pair, const bl_node *node, const bl_node *left,
                        const bl_node *right)
{
    bl_compiler *compiler = t->compiler;
    if (bl_typing_told_again(compiler, bl_typing_declaration_of(t, left), right->type,
                             node->span) ||
        bl_typing_told_again(compiler, bl_typing_declaration_of(t, right), left->type, node->span))
        return false;
    bl_text left_words = bl_words_of(compiler, left->span);
    bl_text right_words = bl_words_of(compiler, right->span);
    bl_text left_type = bl_words_of_type(compiler, left->type);
    bl_text right_type = bl_words_of_type(compiler, right->type);
    bl_diagnostic *d = bl_diag(compiler->diagnostics, pair.code, node->span,
                               "`%.*s` is %.*s and `%.*s` is %.*s: %s", BL_SLICE(left_words),
                               BL_SLICE(left_type), BL_SLICE(right_words), BL_SLICE(right_type),
                               pair.complaint);
    bool is_asking = bl_type_is(left->type, BL_BASE_ACTOR) && bl_type_is(right->type, BL_BASE_SET);
    if (is_asking && pair.code == BL_B0302)
        bl_diag_help(compiler->diagnostics, d, "write `%.*s is %.*s`", BL_SLICE(left_words),
                     BL_SLICE(right_words));
    bl_typing_advise(compiler, d, left, right->type);
    bl_typing_advise(compiler, d, right, left->type);
    note_declaration(t, d, left);
    note_declaration(t, d, right);
    return false;
}

bool bl_typing_anyone(typing *t, const bl_node *node)
{
    if (!bl_node_is_anyone(node)) return true;
    bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0306, node->span,
                               "`anyone` has no size and no members that could be listed");
    bl_diag_help(t->compiler->diagnostics, d, "`anyone` stands alone, as in `raised by anyone`");
    return false;
}

bool bl_typing_want(typing *t, bl_node *node, bl_base base)
{
    bl_type want = bl_type_of_base(base);
    if (!bl_typing_node(t, node, &want)) return false;
    return base != BL_BASE_SET && base != BL_BASE_NUMBER ? true : bl_typing_anyone(t, node);
}

void bl_typing_take_slots(typing *t, bl_env *env, uint32_t count)
{
    env->local_count += count;
    if (env->local_count > t->counts->slots) t->counts->slots = env->local_count;
}

/* ---- leaves ---- */

static bool type_number(typing *t, bl_node *node, const bl_type *want)
{
    (void)t, (void)want;
    node->type = bl_type_of_base(BL_BASE_NUMBER);
    return true;
}

/* In a scenario a text stands for the instance or proposal with that id where one is wanted. */
static bool type_text(typing *t, bl_node *node, const bl_type *want)
{
    node->type = bl_type_of_base(BL_BASE_TEXT);
    if (!t->env->is_scenario || !want || want->is_list) return true;
    bool is_instance = want->base == BL_BASE_INSTANCE && want->index != BL_NONE;
    if (!is_instance && want->base != BL_BASE_PROPOSAL) return true;
    node->type = *want;
    node->ref = BL_MEANING_NAMED;
    return true;
}

static bool type_boolean(typing *t, bl_node *node, const bl_type *want)
{
    (void)t, (void)want;
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    return true;
}

static bool type_duration(typing *t, bl_node *node, const bl_type *want)
{
    (void)t, (void)want;
    node->type = bl_type_of_base(BL_BASE_DURATION);
    return true;
}

static bool type_time(typing *t, bl_node *node, const bl_type *want)
{
    (void)t, (void)want;
    node->type = bl_type_of_base(BL_BASE_TIME);
    node->type.is_date = (node->flags & BL_FLAG_DATE) != 0;
    return true;
}

static bool type_handle(typing *t, bl_node *node, const bl_type *want)
{
    (void)t, (void)want;
    node->type = bl_type_of_base(BL_BASE_ACTOR);
    node->ref = BL_MEANING_NAMED;
    return true;
}

static bool type_list(typing *t, bl_node *node, const bl_type *want)
{
    bl_type item = bl_type_of_base(BL_BASE_NOTHING);
    bool is_known = want && want->is_list;
    if (is_known) {
        item = *want;
        item.is_list = item.is_optional = false;
    }
    for (bl_node *kid = node->kids[BL_LIST_ITEMS]; kid; kid = kid->next) {
        if (!bl_typing_node(t, kid, is_known ? &item : NULL)) return false;
        if (!is_known) item = kid->type;
        if (item.is_list || item.base == BL_BASE_SET) {
            bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0301, kid->span,
                                       "a list holds single things and not other lists or sets");
            if (!item.is_list) bl_diag_help(t->compiler->diagnostics, d, "sets are joined by `or`");
            return false;
        }
        is_known = true;
    }
    node->type = item;
    node->type.is_list = true;
    node->type.is_optional = false;
    return true;
}

/* ---- operators ---- */

static bool type_unary(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    bl_node *kid = node->kids[BL_UNARY_E];
    if (bl_node_operator(node) == BL_OPERATOR_NOT) {
        node->type = bl_type_of_base(BL_BASE_BOOLEAN);
        return bl_typing_want(t, kid, BL_BASE_BOOLEAN);
    }
    node->type = bl_type_of_base(BL_BASE_NUMBER);
    bool is_count = bl_node_operator(node) == BL_OPERATOR_COUNT;
    return bl_typing_want(t, kid, is_count ? BL_BASE_SET : BL_BASE_NUMBER);
}

/* `or`, `and`: of conditions; `or` also of sets. */
static bool type_junction(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    if (!bl_typing_node(t, left, NULL)) return false;
    bool is_or = bl_node_operator(node) == BL_OPERATOR_OR;
    if (bl_type_is_actors(left->type) && is_or) {
        node->type = bl_type_of_base(BL_BASE_SET);
        return bl_typing_anyone(t, left) && bl_typing_want(t, right, BL_BASE_SET);
    }
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    if (bl_type_is(left->type, BL_BASE_BOOLEAN)) return bl_typing_want(t, right, BL_BASE_BOOLEAN);
    if (bl_typing_told_again(t->compiler, bl_typing_declaration_of(t, left), node->type,
                             left->span))
        return false;
    bl_text words = bl_words_of(t->compiler, left->span);
    bl_text type = bl_words_of_type(t->compiler, left->type);
    bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0301, left->span,
                               "`%.*s` is %.*s, but `%s` joins conditions%s", BL_SLICE(words),
                               BL_SLICE(type), is_or ? "or" : "and",
                               is_or ? " or sets of actors" : "");
    if (!is_or && bl_type_is_actors(left->type))
        bl_diag_help(t->compiler->diagnostics, d,
                     "who is in either is written with `or`, who is in both with `among`");
    if (!is_or && bl_type_is(left->type, BL_BASE_DURATION))
        bl_diag_help(t->compiler->diagnostics, d,
                     "the parts of a clause stand without `and`: `within %.*s with reason`",
                     BL_SLICE(words));
    note_declaration(t, d, left);
    return false;
}

static bool type_set_operator(typing *t, bl_node *node)
{
    node->type = bl_type_of_base(BL_BASE_SET);
    return bl_typing_want(t, node->kids[BL_BINARY_LEFT], BL_BASE_SET) &&
           bl_typing_want(t, node->kids[BL_BINARY_RIGHT], BL_BASE_SET);
}

/* Types a side without a wish, or, in a scenario's text, with the other side's type. */
static bool type_sides(typing *t, bl_node *left, bl_node *right)
{
    if (left->kind == BL_NODE_TEXT || (left->kind == BL_NODE_LIST && !left->kids[0]))
        return bl_typing_node(t, right, NULL) &&
               bl_typing_node(t, left, t->env->is_scenario ? &right->type : NULL);
    return bl_typing_node(t, left, NULL) &&
           bl_typing_node(t, right,
                          t->env->is_scenario && right->kind == BL_NODE_TEXT ? &left->type : NULL);
}

static bool is_ordered(bl_type type)
{
    return bl_type_is(type, BL_BASE_NUMBER) || bl_type_is(type, BL_BASE_TIME) ||
           bl_type_is(type, BL_BASE_DURATION);
}

static bool type_comparison(typing *t, bl_node *node)
{
    bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    if (!type_sides(t, left, right)) return false;
    if (bl_type_is_numeric(left->type) && bl_type_is_numeric(right->type))
        return bl_typing_anyone(t, left) && bl_typing_anyone(t, right);
    bl_operator op = bl_node_operator(node);
    bool is_equality = op == BL_OPERATOR_EQUAL || op == BL_OPERATOR_UNEQUAL;
    bool is_same = bl_type_fits(left->type, right->type) || bl_type_fits(right->type, left->type);
    if (bl_type_is(left->type, BL_BASE_SET) || bl_type_is(right->type, BL_BASE_SET))
        is_same = false;
    if (is_same && (is_equality || is_ordered(left->type))) return true;
    const char *complaint = is_same ? "they have no order" : "they cannot be compared";
    return report_pair(t, (complaint_of_pair){BL_B0302, complaint}, node, left, right);
}

/* What a sum or difference gives; BL_BASE_NOTHING where it makes no sense. */
static bl_base type_of_sum(bl_type left, bl_type right, bool is_difference)
{
    if (bl_type_is_numeric(left) && bl_type_is_numeric(right)) return BL_BASE_NUMBER;
    if (left.is_list || right.is_list) return BL_BASE_NOTHING;
    if (left.base == BL_BASE_TEXT && right.base == BL_BASE_TEXT)
        return is_difference ? BL_BASE_NOTHING : BL_BASE_TEXT;
    if (left.base == BL_BASE_DURATION && right.base == BL_BASE_DURATION) return BL_BASE_DURATION;
    if (left.base != BL_BASE_TIME) return BL_BASE_NOTHING;
    if (right.base == BL_BASE_DURATION) return BL_BASE_TIME;
    return is_difference && right.base == BL_BASE_TIME ? BL_BASE_DURATION : BL_BASE_NOTHING;
}

static bl_base type_of_product(bl_type left, bl_type right, bool is_division)
{
    if (bl_type_is_numeric(left) && bl_type_is_numeric(right)) return BL_BASE_NUMBER;
    if (is_division) return BL_BASE_NOTHING;
    bool is_left = bl_type_is(left, BL_BASE_DURATION) && bl_type_is(right, BL_BASE_NUMBER);
    bool is_right = bl_type_is(left, BL_BASE_NUMBER) && bl_type_is(right, BL_BASE_DURATION);
    return is_left || is_right ? BL_BASE_DURATION : BL_BASE_NOTHING;
}

static bool type_arithmetic(typing *t, bl_node *node)
{
    bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    if (!bl_typing_node(t, left, NULL) || !bl_typing_node(t, right, NULL)) return false;
    if (!bl_typing_anyone(t, left) || !bl_typing_anyone(t, right)) return false;
    bl_operator op = bl_node_operator(node);
    bl_base base = op == BL_OPERATOR_ADD || op == BL_OPERATOR_SUBTRACT
                       ? type_of_sum(left->type, right->type, op == BL_OPERATOR_SUBTRACT)
                       : type_of_product(left->type, right->type, op == BL_OPERATOR_DIVIDE);
    node->type = bl_type_of_base(base);
    if (base != BL_BASE_NOTHING) return true;
    static const char *const complaints[] = {"they cannot be added", "they cannot be subtracted",
                                             "they cannot be multiplied", "they cannot be divided",
                                             "one cannot be taken of the other"};
    const char *complaint = complaints[op - BL_OPERATOR_ADD];
    return report_pair(t, (complaint_of_pair){BL_B0301, complaint}, node, left, right);
}

static bool type_in(typing *t, bl_node *node)
{
    bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    if (!bl_typing_node(t, right, NULL) || !bl_typing_anyone(t, right)) return false;
    bl_type item = right->type;
    item.is_list = item.is_optional = false;
    if (bl_type_is(right->type, BL_BASE_SET)) return bl_typing_want(t, left, BL_BASE_ACTOR);
    if (right->type.is_list) return bl_typing_node(t, left, &item);
    if (!bl_typing_node(t, left, NULL)) return false;
    return report_pair(t, (complaint_of_pair){BL_B0301, "`in` asks a list or a set of actors"},
                       node, left, right);
}

static bool type_matching(typing *t, bl_node *node)
{
    bl_node *left = node->kids[BL_BINARY_LEFT], *right = node->kids[BL_BINARY_RIGHT];
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    if (!bl_typing_want(t, left, BL_BASE_TEXT) || !bl_typing_node(t, right, NULL)) return false;
    bool may_be_list = bl_node_operator(node) != BL_OPERATOR_CONTAINS;
    bool is_text = right->type.base == BL_BASE_TEXT ||
                   (right->type.is_list && right->type.base == BL_BASE_NOTHING);
    if (is_text && (may_be_list || !right->type.is_list)) return true;
    return bl_typing_fit(t, right, bl_type_of_base(BL_BASE_TEXT));
}

static bool type_binary(typing *t, bl_node *node, const bl_type *want)
{
    switch (bl_node_operator(node)) {
    case BL_OPERATOR_OR:
    case BL_OPERATOR_AND: return type_junction(t, node, want);
    case BL_OPERATOR_EXCEPT:
    case BL_OPERATOR_AMONG: return type_set_operator(t, node);
    case BL_OPERATOR_EQUAL:
    case BL_OPERATOR_UNEQUAL:
    case BL_OPERATOR_LESS:
    case BL_OPERATOR_LESS_EQUAL:
    case BL_OPERATOR_GREATER:
    case BL_OPERATOR_GREATER_EQUAL: return type_comparison(t, node);
    case BL_OPERATOR_ADD:
    case BL_OPERATOR_SUBTRACT:
    case BL_OPERATOR_MULTIPLY:
    case BL_OPERATOR_DIVIDE:
    case BL_OPERATOR_OF_NUMBER: return type_arithmetic(t, node);
    case BL_OPERATOR_IN: return type_in(t, node);
    case BL_OPERATOR_MATCHES:
    case BL_OPERATOR_BEGINS_WITH:
    case BL_OPERATOR_CONTAINS: return type_matching(t, node);
    case BL_OPERATOR_NOT:
    case BL_OPERATOR_NEGATE:
    case BL_OPERATOR_COUNT: break;
    }
    assert(false && "an operator of two sides");
    return false;
}

/* total ATTR of S */
static bool type_total(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    static const bl_attribute_words words = {"a number", "to add up", "number = 0"};
    bl_compiler *compiler = t->compiler;
    node->type = bl_type_of_base(BL_BASE_NUMBER);
    node->ref2 = bl_attribute_find(compiler, BL_NONE, node->name);
    const bl_attribute *known = node->ref2 == BL_NONE ? NULL
                                                      : &compiler->program->attributes[node->ref2];
    if (known && bl_type_is(known->type, BL_BASE_NUMBER))
        return bl_typing_want(t, node->kids[BL_TOTAL_OF], BL_BASE_SET);
    if (!known || !bl_typing_told_again(compiler, known->span, node->type, node->span))
        bl_report_attribute(compiler, known ? BL_B0301 : BL_B0304, node, known, &words);
    return false;
}

static bool type_conditional(typing *t, bl_node *node, const bl_type *want)
{
    bl_node *then = node->kids[BL_CONDITIONAL_THEN], *other = node->kids[BL_CONDITIONAL_ELSE];
    if (!bl_typing_want(t, node->kids[BL_CONDITIONAL_CONDITION], BL_BASE_BOOLEAN)) return false;
    if (!bl_typing_node(t, then, want)) return false;
    node->type = want ? *want : then->type;
    if (!bl_typing_node(t, other, &node->type)) return false;
    bool is_actors = bl_type_is(node->type, BL_BASE_SET);
    return !is_actors || (bl_typing_anyone(t, then) && bl_typing_anyone(t, other));
}

/* ---- loops ---- */

/* What the loop goes through, and what its binder is then. */
static bool type_range(typing *t, bl_node *in, bl_type *item)
{
    bl_symbol *scope = in->kind == BL_NODE_NAME ? bl_symbol_find(t->compiler, in->name) : NULL;
    if (scope && scope->kind == BL_SYMBOL_SCOPE) {
        *item = bl_type_of_base(BL_BASE_INSTANCE);
        item->index = scope->index;
        in->type = *item;
        in->type.is_list = true;
        in->ref = BL_MEANING_INSTANCES;
        in->ref2 = scope->index;
        return true;
    }
    if (!bl_typing_node(t, in, NULL) || !bl_typing_anyone(t, in)) return false;
    *item = in->type;
    item->is_list = item->is_optional = false;
    if (bl_type_is(in->type, BL_BASE_SET)) *item = bl_type_of_base(BL_BASE_ACTOR);
    if (in->type.is_list || bl_type_is(in->type, BL_BASE_SET)) return true;
    bl_text words = bl_words_of(t->compiler, in->span);
    bl_text type = bl_words_of_type(t->compiler, in->type);
    bl_diag(t->compiler->diagnostics, BL_B0301, in->span,
            "`%.*s` is %.*s: only lists, sets of actors and scopes can be gone through",
            BL_SLICE(words), BL_SLICE(type));
    return false;
}

bool bl_type_range(bl_compiler *compiler, const bl_env *env, bl_node *in, bl_type *item)
{
    typing_counts counts = {env->local_count, 0};
    typing t = {.compiler = compiler, .env = env, .counts = &counts};
    return type_range(&t, in, item);
}

static bool type_key(typing *t, bl_node *by)
{
    if (!bl_typing_node(t, by, NULL)) return false;
    if (bl_type_is_numeric(by->type)) return bl_typing_anyone(t, by);
    if (is_ordered(by->type)) return true;
    return bl_typing_fit(t, by, bl_type_of_base(BL_BASE_NUMBER));
}

static bool type_quantifier(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    bl_type item;
    const bl_env *outer = t->env;
    if (!type_range(t, node->kids[BL_QUANTIFIER_IN], &item)) return false;
    node->ref2 = outer->local_count;
    bl_local binder = {node->kids[BL_QUANTIFIER_BINDER]->name, item, node->ref2 + BL_LOOP_SLOTS - 1,
                       outer->locals, NULL};
    bl_env inner = *outer;
    inner.locals = &binder;
    bl_typing_take_slots(t, &inner, BL_QUANTIFIER_SLOTS);
    t->env = &inner;
    bl_node *condition = node->kids[BL_QUANTIFIER_CONDITION], *by = node->kids[BL_QUANTIFIER_BY];
    bool is_good = (!condition || bl_typing_want(t, condition, BL_BASE_BOOLEAN)) &&
                   (!by || type_key(t, by));
    t->env = outer;
    bool is_question = (node->flags & (BL_FLAG_ANY | BL_FLAG_EVERY)) != 0;
    bool is_count = (node->flags & BL_FLAG_COUNT) != 0;
    node->type = is_question ? bl_type_of_base(BL_BASE_BOOLEAN)
                 : is_count  ? bl_type_of_base(BL_BASE_NUMBER)
                             : item;
    if (!is_question && !is_count) node->type.is_optional = true;
    return is_good;
}

/* ---- questions ---- */

static bool is_name(const bl_node *node, bl_text name)
{
    return node->kind == BL_NODE_NAME && bl_text_equal(node->name, name);
}

static bool find_state(const bl_node *node, uint32_t *state)
{
    static const char *const words[] = {
        [BL_STATE_OPEN] = "open",           [BL_STATE_ACCEPTED] = "accepted",
        [BL_STATE_REJECTED] = "rejected",   [BL_STATE_VETOED] = "vetoed",
        [BL_STATE_WITHDRAWN] = "withdrawn", [BL_STATE_LAPSED] = "lapsed",
        [BL_STATE_DISPUTED] = "disputed",   [BL_STATE_ESCALATED] = "escalated",
        [BL_STATE_EFFECTIVE] = "effective", [BL_STATE_FINAL] = "final",
        [BL_STATE_ELECTED] = "elected"};
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!is_name(node, bl_text_of(words[i]))) continue;
        *state = i;
        return true;
    }
    return false;
}

bool bl_state_is_word(bl_text name)
{
    const bl_node node = {.kind = BL_NODE_NAME, .name = name};
    uint32_t state;
    return find_state(&node, &state);
}

static bool is_kind_of_actor(const bl_node *node)
{
    return is_name(node, BL_TEXT("person")) || is_name(node, BL_TEXT("organization")) ||
           is_name(node, BL_TEXT("agent"));
}

static bool type_is_of_proposal(typing *t, bl_node *node)
{
    bl_node *right = node->kids[BL_IS_RIGHT];
    if (find_state(right, &node->ref2)) {
        node->ref = BL_MEANING_STATE;
        return true;
    }
    if (right->kind == BL_NODE_NAME && !bl_symbol_find(t->compiler, right->name) &&
        !bl_typing_has_value(t, right->name)) {
        bl_diagnostic *d = bl_diag(t->compiler->diagnostics, BL_B0304, right->span,
                                   "`%.*s` is no state of a proposal", BL_SLICE(right->name));
        const char *meant = bl_outcome_meant(right->name);
        if (meant) bl_diag_help(t->compiler->diagnostics, d, "did you mean `%s`?", meant);
        bl_diag_help(t->compiler->diagnostics, d,
                     "a proposal is open, accepted, rejected, vetoed, withdrawn, lapsed, disputed, "
                     "escalated, effective, final or elected");
        return false;
    }
    node->ref = BL_MEANING_SAME;
    return bl_typing_node(t, right, &node->kids[BL_IS_LEFT]->type);
}

/* `@p1 is accepted`, and what else has a proposal's state but is somebody. */
static bool report_state_of_actor(typing *t, const bl_node *left, const bl_node *right)
{
    bl_diagnostics *diagnostics = t->compiler->diagnostics;
    const bl_text words = bl_words_of(t->compiler, left->span);
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0304, right->span,
                               "`%.*s` is a person, and only a proposal is ever `%.*s`",
                               BL_SLICE(words), BL_SLICE(right->name));
    if (left->kind == BL_NODE_HANDLE && words.size > 1)
        bl_diag_help(diagnostics, d, "a proposal's name stands without `@`: `%.*s is %.*s`",
                     (int)words.size - 1, words.bytes + 1, BL_SLICE(right->name));
    return false;
}

/* Membership: the actor waits in a slot of its own while the set is asked. */
static bool type_is_of_actor(typing *t, bl_node *node)
{
    bl_node *left = node->kids[BL_IS_LEFT], *right = node->kids[BL_IS_RIGHT];
    bool is_known = right->kind == BL_NODE_NAME && (bl_typing_has_value(t, right->name) ||
                                                    bl_symbol_find(t->compiler, right->name));
    if (!is_known && is_kind_of_actor(right)) {
        node->ref = BL_MEANING_ACTOR_KIND;
        return true;
    }
    uint32_t state;
    if (!is_known && find_state(right, &state)) return report_state_of_actor(t, left, right);
    const bl_env *outer = t->env;
    bl_env inner = *outer;
    node->ref = BL_MEANING_MEMBER;
    node->ref2 = inner.local_count;
    bl_typing_take_slots(t, &inner, 1);
    t->env = &inner;
    bool is_good = bl_typing_node(t, right, NULL);
    t->env = outer;
    if (!is_good || bl_type_is_actors(right->type)) return is_good;
    return report_pair(t, (complaint_of_pair){BL_B0302, "one cannot be the other"}, node, left,
                       right);
}

static bool type_is(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    bl_node *left = node->kids[BL_IS_LEFT], *right = node->kids[BL_IS_RIGHT];
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    uint32_t state;
    bl_type proposal = bl_type_of_base(BL_BASE_PROPOSAL);
    bool is_id = t->env->is_scenario && left->kind == BL_NODE_TEXT && find_state(right, &state);
    if (!bl_typing_node(t, left, is_id ? &proposal : NULL)) return false;
    if (is_name(right, BL_TEXT("given"))) {
        node->ref = BL_MEANING_GIVEN;
        return bl_typing_anyone(t, left);
    }
    if (bl_type_is(left->type, BL_BASE_PROPOSAL)) return type_is_of_proposal(t, node);
    if (bl_type_is(left->type, BL_BASE_ACTOR)) return type_is_of_actor(t, node);
    node->ref = BL_MEANING_SAME;
    bool is_text = right->kind == BL_NODE_TEXT;
    if (!bl_typing_node(t, right, is_text ? &left->type : NULL)) return false;
    bool is_same = !bl_type_is(left->type, BL_BASE_SET) && bl_type_fits(left->type, right->type);
    if (is_same && right->type.base == left->type.base) return true;
    return report_pair(t, (complaint_of_pair){BL_B0302, "one cannot be the other"}, node, left,
                       right);
}

/* The verb of `can`: the word of an event type, as bl_verb. */
static bool type_can(typing *t, bl_node *node, const bl_type *want)
{
    (void)want;
    node->type = bl_type_of_base(BL_BASE_BOOLEAN);
    if (!t->env->is_scenario) {
        bl_diag(t->compiler->diagnostics, BL_B0305, node->span,
                "`can` is asked in scenarios and questions, not in rules");
        return false;
    }
    node->ref2 = BL_VERB_COUNT;
    for (int verb = 0; verb < BL_VERB_COUNT; verb++)
        if (bl_text_equal(node->name, bl_text_of(bl_verb_word((bl_verb)verb))))
            node->ref2 = (uint32_t)verb;
    if (node->ref2 == BL_VERB_COUNT) {
        bl_diag(t->compiler->diagnostics, BL_B0304, node->name_span,
                "`%.*s` is nothing one could do to a proposal", BL_SLICE(node->name));
        return false;
    }
    return bl_typing_want(t, node->kids[BL_CAN_ACTOR], BL_BASE_ACTOR) &&
           bl_typing_want(t, node->kids[BL_CAN_PROPOSAL], BL_BASE_PROPOSAL);
}

/* ---- all of them ---- */

typedef bool (*typer)(typing *t, bl_node *node, const bl_type *want);
static const typer typers[BL_NODE_KIND_COUNT] = {
    [BL_NODE_NUMBER] = type_number,
    [BL_NODE_TEXT] = type_text,
    [BL_NODE_BOOLEAN] = type_boolean,
    [BL_NODE_DURATION] = type_duration,
    [BL_NODE_TIME] = type_time,
    [BL_NODE_HANDLE] = type_handle,
    [BL_NODE_LIST] = type_list,
    [BL_NODE_NAME] = bl_typing_name,
    [BL_NODE_DOT] = bl_typing_dot,
    [BL_NODE_OF] = bl_typing_of,
    [BL_NODE_CALL] = bl_typing_call,
    [BL_NODE_UNARY] = type_unary,
    [BL_NODE_BINARY] = type_binary,
    [BL_NODE_TOTAL] = type_total,
    [BL_NODE_IS] = type_is,
    [BL_NODE_QUANTIFIER] = type_quantifier,
    [BL_NODE_CONDITIONAL] = type_conditional,
    [BL_NODE_CAN] = type_can,
};

bool bl_typing_node(typing *t, bl_node *node, const bl_type *want)
{
    if (t->depth >= BL_AST_DEPTH_MAX) {
        bl_report_depth(t->compiler, node->span);
        return false;
    }
    if (!typers[node->kind]) {
        bl_diag(t->compiler->diagnostics, BL_B0301, node->span, "a %s is no value",
                bl_node_words(node->kind));
        return false;
    }
    node->type = bl_type_of_base(BL_BASE_NOTHING);
    node->ref = BL_MEANING_PLAIN;
    node->ref2 = BL_NONE;
    if (node->kind == BL_NODE_NAME || node->kind == BL_NODE_OF) node->kids[BL_EXPANSION] = NULL;
    t->depth++;
    bool is_good = typers[node->kind](t, node, want);
    t->depth--;
    return is_good && (!want || bl_typing_fit(t, node, *want));
}

bool bl_type_expression(bl_compiler *compiler, const bl_env *env, bl_node *node,
                        const bl_type *want)
{
    if (compiler->is_full) return false;
    typing_counts counts = {env->local_count, 0};
    typing t = {.compiler = compiler,
                .env = env,
                .counts = &counts,
                .given = node,
                .given_to = env->given_to};
    return bl_typing_node(&t, node, want) && !compiler->out_of_memory;
}
