/*
 * Lexer and parser: what every construct becomes, spans, precedence, the classes of keywords, what
 * each slip is called and that it is called once, the limits, and failing memory.
 *
 * Trees are compared as one line of prefix notation, which only this test knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compile.h"
#include "limits.h"
#include "parse.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
    bl_arena arena;
    bl_diagnostics diagnostics;
    bl_source source;
    bl_buffer buffer;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    bl_buffer_init(&f->buffer, &bl_memory_default);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_arena_destroy(&f->arena);
    bl_buffer_free(&f->buffer);
    free(f);
    return 0;
}

/* Parses afresh; diagnostics and source of the last parse stay in the fixture. */
static bl_node *parse_any(fixture *f, const char *text, bool is_file)
{
    bl_arena_reset(&f->arena);
    bl_diagnostics_init(&f->diagnostics, &f->arena);
    assert_true(bl_source_init(&f->source, &f->arena, BL_TEXT("test.bylaw"), bl_text_of(text)));
    return is_file ? bl_parse(&f->arena, 0, bl_text_of(text), &f->diagnostics)
                   : bl_parse_statements(&f->arena, 0, bl_text_of(text), &f->diagnostics);
}

static const char *diagnostics_text(fixture *f)
{
    bl_buffer_clear(&f->buffer);
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    bl_buffer_char(&f->buffer, 0);
    return f->buffer.bytes;
}

static bl_node *parse_good(fixture *f, const char *text, bool is_file)
{
    bl_node *node = parse_any(f, text, is_file);
    if (f->diagnostics.error_count) fail_msg("%s\n%s", text, diagnostics_text(f));
    return node;
}

/* ---- trees as one line ---- */

static void show(const bl_node *node, bl_buffer *out);

static void show_kids(const bl_node *node, const char *head, bl_buffer *out)
{
    bl_buffer_format(out, "(%s", head);
    for (size_t i = 0; i < BL_NODE_KIDS; i++)
        for (const bl_node *kid = node->kids[i]; kid; kid = kid->next) {
            bl_buffer_char(out, ' ');
            show(kid, out);
        }
    bl_buffer_char(out, ')');
}

static const char *operator_word(const bl_node *node)
{
    static const char *const words[] = {"not",   "neg",     "count",  "or",      "and", "except",
                                        "among", "==",      "!=",     "<",       "<=",  ">",
                                        ">=",    "+",       "-",      "*",       "/",   "of#",
                                        "in",    "matches", "begins", "contains"};
    return words[bl_node_operator(node)];
}

/* Depth is that of the short expressions below. */
static void show(const bl_node *node, bl_buffer *out)
{
    char head[200];
    const int size = (int)node->name.size;
    switch (node->kind) {
    case BL_NODE_NUMBER: bl_rational_write(out, node->as.number); return;
    case BL_NODE_DURATION: bl_duration_write(out, node->as.duration); return;
    case BL_NODE_TIME: bl_time_write(out, node->as.time); return;
    case BL_NODE_TEXT: bl_buffer_format(out, "\"%.*s\"", size, node->name.bytes); return;
    case BL_NODE_HANDLE: bl_buffer_format(out, "@%.*s", size, node->name.bytes); return;
    case BL_NODE_NAME: bl_buffer_text(out, node->name); return;
    case BL_NODE_UNARY:
    case BL_NODE_BINARY: show_kids(node, operator_word(node), out); return;
    default: break; /* the others by their names */
    }
    snprintf(head, sizeof head, "%s%s%.*s%s%s", bl_node_words(node->kind), size ? " " : "", size,
             node->name.bytes, node->kind == BL_NODE_OF && node->flags & BL_FLAG_ANY ? " any" : "",
             node->flags & (BL_FLAG_NEGATED | BL_FLAG_OTHER)
                 ? (node->kind == BL_NODE_OF ? " other" : " not")
                 : "");
    show_kids(node, head, out);
}

static const char *shown(fixture *f, const bl_node *node)
{
    bl_buffer_clear(&f->buffer);
    for (; node; node = node->next) {
        show(node, &f->buffer);
        if (node->next) bl_buffer_char(&f->buffer, ' ');
    }
    bl_buffer_char(&f->buffer, 0);
    return f->buffer.bytes;
}

typedef struct pair {
    const char *text;
    const char *tree;
} pair;

static const char *shown_expression(fixture *f, const char *expression)
{
    char text[400];
    snprintf(text, sizeof text, "let x = %s", expression);
    return shown(f, parse_good(f, text, true)->kids[BL_FILE_DECLS]->kids[BL_LET_VALUE]);
}

static void check_expressions(void **state, const pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(shown_expression(*state, pairs[i].text), pairs[i].tree);
}

/* ---- expressions ---- */

static void precedence_of_words(void **state)
{
    static const pair pairs[] = {
        {"a or b except c", "(except (or a b) c)"},
        {"a or b and c or d", "(or (or a (and b c)) d)"},
        {"not a is b and c", "(and (not (is a b)) c)"},
        {"a is not maintainer of m or b", "(or (is not a (of maintainer m)) b)"},
        {"a + b * c - d", "(- (+ a (* b c)) d)"},
        {"reject among permanent == 0", "(== (among reject permanent) 0)"},
        {"2/3 of approve among permanent", "(of# (/ 2 3) (among approve permanent))"},
        {"55% of (a or b)", "(of# 11/20 (or a b))"},
        {"x >= 4% of total tokens of body", "(>= x (of# 1/25 (total tokens body)))"},
        {"count a among b > 1", "(> (count (among a b)) 1)"},
        {"-a among b * 2", "(* (among (neg a) b) 2)"},
        {"x in proposal.labels and f matches m.paths",
         "(and (in x (attribute labels proposal)) (matches f (attribute paths m)))"},
        {"f begins with \"a\" or f contains \"b\"", "(or (begins f \"a\") (contains f \"b\"))"},
        {"min(a, 2) + f()", "(+ (call min a 2) (call f))"},
        {"[1, a or b, []]", "(list 1 (or a b) (list))"},
        {"true and false", "(and (boolean) (boolean))"},
        {"now - 2024-01-31 > 14 days", "(> (- now 2024-01-31T00:00:00Z) 14 days)"},
        {"2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z"},
        {"0.75", "3/4"},
    };
    check_expressions(state, pairs, COUNT_OF(pairs));
}

static void name_before_of(void **state)
{
    static const pair pairs[] = {
        {"portion of body", "(of portion body)"},
        {"maintainer of module.parent among b",
         "(among (of maintainer (attribute parent module)) b)"},
        {"maintainer of any module", "(of maintainer any module)"},
        {"maintainer of any other module or x", "(or (of maintainer any other module) x)"},
        {"share of maintainer of m", "(of share (of maintainer m))"},
        {"(portion) of body", "(of# portion body)"},
        {"a.share of body", "(of# (attribute share a) body)"},
        {"3 * n of body", "(* 3 (of n body))"},
        {"(1 / n) of body", "(of# (/ 1 n) body)"},
        {"1 / (n of body)", "(/ 1 (of n body))"},
    };
    check_expressions(state, pairs, COUNT_OF(pairs));
}

static void quantifiers_reach_far(void **state)
{
    static const pair pairs[] = {
        {"a and any x in s : x is r and b or c",
         "(and a (quantifier x s (or (and (is x r) b) c)))"},
        {"(every x in s or t : p) and b", "(and (quantifier x (or s t) p) b)"},
        {"any x in any y in s : p : q", "(quantifier x (quantifier y s p) q)"},
        {"highest r in rule by r.rank : m", "(quantifier r rule m (attribute rank r))"},
        {"lowest r in rule by r.rank", "(quantifier r rule (attribute rank r))"},
        {"first r in rule", "(quantifier r rule)"},
        {"any x in highest y in s by y.n : p : q",
         "(quantifier x (quantifier y s p (attribute n y)) q)"},
        {"if a then b else c or d", "(if a b (or c d))"},
        {"x == if a then b else c + 1", "(== x (if a b (+ c 1)))"},
    };
    check_expressions(state, pairs, COUNT_OF(pairs));
}

static void words_of_the_language_are_names(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < bl_keyword_count; i++) {
        const bl_keyword *k = &bl_keywords[i];
        char text[200];
        snprintf(text, sizeof text, "let x = %s", k->word);
        parse_any(f, text, true);
        const bool is_primary = f->diagnostics.error_count == 0;
        snprintf(text, sizeof text, "scope s { a : number = 5 %s : text } let y = 1 + 2", k->word);
        parse_any(f, text, true);
        const bool is_attribute = f->diagnostics.error_count == 0;
        snprintf(text, sizeof text, "event e { a : text %s : text } let y = a.%s", k->word,
                 k->word);
        parse_any(f, text, true);
        const bool is_label = f->diagnostics.error_count == 0;
        const bool is_literal = !strcmp(k->word, "true") || !strcmp(k->word, "false");
        if (is_primary != (k->class == BL_KEYWORD_NAMING || is_literal) ||
            is_attribute != (k->class == BL_KEYWORD_NAMING || k->class == BL_KEYWORD_LABEL) ||
            is_label != (k->class != BL_KEYWORD_RESERVED))
            fail_msg("`%s` is not what keywords.def says", k->word);
    }
}

static void keywords_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 1; i < bl_keyword_count; i++)
        assert_true(strcmp(bl_keywords[i - 1].word, bl_keywords[i].word) < 0);
}

/* ---- declarations, clauses, statements ---- */

static void declarations_become_nodes(void **state)
{
    static const pair pairs[] = {
        {"policy p \"t\" extends \"l\" { source \"a\" handles exact }",
         "(policy p \"t\" \"l\" (line about the policy source \"a\") (line about the policy "
         "handles))"},
        {"use \"a\" \"b\"", "(use \"ab\")"},
        {"scope module in project \"t\" { procedure : procedure = majority changed by a, b of m\n"
         "idle : duration = 12 months, n : list of optional text }",
         "(scope module \"t\" project (attribute procedure (type procedure) majority a (of b m)) "
         "(attribute idle (type duration) 1 year) (attribute n (type text)))"},
        {"role r of m \"t\" is anyone", "(role r m \"t\")"},
        {"role r { held by people or agents from a or b at least 1 at most 3 exactly 2 includes q "
         "granted by a, b revoked by c or d cites \"x\", \"y\" }",
         "(role r (held by) (from (or a b)) (cardinality 1) (cardinality 3) (cardinality 2) "
         "(includes q) (granted by a b) (revoked by c d) (cites \"x\" \"y\"))"},
        {"body b of m \"t\" = a except c", "(body b \"t\" (except a c) m)"},
        {"ladder l { escalates to a using m.procedure within 30 days with reason }",
         "(ladder l (stage a (attribute procedure m) (within 30 days) (with reason)))"},
        {"every proposal on m except a, b { veto by c }",
         "(clauses for every proposal m a b (veto c))"},
        {"event e { a : text, b : number c : date }",
         "(event e (field a (type text)) (field b (type number)) (field c (type date)))"},
        {"on merged(x) by b when x.n > 1 \"t\" { emit e(1, by_name = 2) discard ballots of x }",
         "(rule merged x b (> (attribute n x) 1) (emit e 1 (field by_name 2)) "
         "(discard ballots x) \"t\")"},
        {"let a : number = 1 function f(x : number) : text = \"a\" conflicts declared by b",
         "(constant a (type number) 1) (function f (field x (type number)) (type text) \"a\") "
         "(who declares conflicts b)"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const bl_node *file = parse_good(f, pairs[i].text, true);
        const char *tree = shown(f, file->kids[BL_FILE_DECLS]);
        assert_string_equal(tree, pairs[i].tree);
    }
}

static void clauses_become_nodes(void **state)
{
    static const pair pairs[] = {
        {"proposal p on m \"t\" { raised by a when b > 1 requires issue : text, on : date "
         "accepts procedure : procedure candidates from c options yes, \"no\" default none }",
         "(proposal kind p m \"t\" (raised by a (> b 1)) (requires (field issue (type text)) "
         "(field on "
         "(type date))) (accepts (field procedure (type procedure))) (candidates c) "
         "(options yes \"no\" none))"},
        {"proposal p { decided by a or b except c using supermajority(75%) after 1 day through 7 "
         "days "
         "as of opening quorum cast > 1 when x then by d together with e along l takes effect at "
         "once }",
         "(proposal kind p (stage (except (or a b) c) (call supermajority 3/4) (after 1 day) "
         "(through "
         "7 days) (as of opening) (quorum (> cast 1)) (when x)) (stage d) (stage e) (along l) "
         "(takes effect))"},
        {"proposal p { veto by a using more_than_half while open reasoned within 3 days "
         "overridden { by b using q then by c together with d } dispute by e within 2 weeks }",
         "(proposal kind p (veto a more_than_half (while open) (reasoned within 3 days) (stage b "
         "q) "
         "(stage c) (stage d)) (dispute e (within 14 days)))"},
        {"proposal p { refuses \"x\" when y takes effect after 2 days on accepted { set m.a = 1 "
         "create module proposal.name as n { a : 1, b = 2 } remove n grant r of m to x "
         "revoke r from x open k on m { on : 1 } } on elected w { grant r to w } }",
         "(proposal kind p (refuses \"x\" y) (takes effect 2 days) (on accepted (set (attribute a "
         "m) "
         "1) (create module (attribute name proposal) n (field a 1) (field b 2)) (remove n) (grant "
         "(of r m) x) (revoke r x) (open k m (field on 1))) (on elected w (grant r w)))"},
        {"proposal p { on rejected { if a { open k } else if b { open l } else { } "
         "for each x in s { discard ballots } } }",
         "(proposal kind p (on rejected (if a (open k) (if b (open l))) "
         "(for each x s (discard ballots))))"},
        {"procedure p(n : number) \"t\" { ballot ranking counts by irv(3) quorum cast >= 9 weigh "
         "tokens "
         "passes when a fails when b fails otherwise closes at once closes when settled "
         "closes at deadline open for 3 days open for at least n ties broken by lot }",
         "(procedure p (field n (type number)) \"t\" (ballot ranking) (counts by irv 3) (quorum "
         "(>= "
         "cast 9)) (weigh tokens) (passes when a) (fails b) (fails) (closes) (closes) (closes) "
         "(open for 3 days) (open for n) (ties broken by lot))"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const bl_node *file = parse_good(f, pairs[i].text, true);
        assert_string_equal(shown(f, file->kids[BL_FILE_DECLS]), pairs[i].tree);
    }
}

static void statements_become_nodes(void **state)
{
    static const pair pairs[] = {
        {"given module nn, \"m 2\" { paths: [\"a\"] }",
         "(given module nn \"m 2\" (field paths (list \"a\")))"},
        {"given organization @acme { population: 10 }", "(given @acme (field population 10))"},
        {"given @a, @\"b c\" are maintainer of nn", "(given @a @b c (of maintainer nn))"},
        {"given @ana.employer = \"Acme\"", "(given (attribute employer @ana) \"Acme\")"},
        {"given seed \"x\" seed \"y\"", "(act seed \"x\") (act seed \"y\")"},
        {"after 2 days at 2024-01-31", "(after 2 days) (at 2024-01-31T00:00:00Z)"},
        {"@zoe proposes change on nn as rename { files: [\"a\"] } because \"r\"",
         "(act propose @zoe change rename nn (field files (list \"a\")) \"r\")"},
        {"@a, @b approve p @a vetoes p @a abstains from p @a publishes p @a disputes p @a upholds "
         "p",
         "(act approve @a @b p) (act veto @a p) (act abstain @a p) (act publish @a p) "
         "(act dispute @a p) (act uphold @a p)"},
        {"@a recuses from p @a declares conflict in p @a declares @b conflicted in p @a resigns r "
         "of m",
         "(act recuse @a p) (act conflict @a p) (act conflict @a @b p) (act resign @a (of r m))"},
        {"@a grants r of m to @b @a revokes r from @b",
         "(act grant @a (of r m) @b) (act revoke @a r @b)"},
        {"@a creates module n { a: 1 } @a removes n @a sets n.a = 2 @a emits e { p: q }",
         "(act create @a module n (field a 1)) (act remove @a n) (act set @a 2 (attribute a n)) "
         "(act emit @a e (field p q))"},
        {"@a ranks @b > @c = d in p @a chooses yes, @b in p @a scores @b 5, c 3 in p",
         "(act rank @a (list @b) (list @c d) p) (act choose @a yes @b p) "
         "(act score @a (field b 5) (field c 3) p)"},
        {"expect not @ana can veto rename expect p is open",
         "(expect (not (can veto @ana rename))) (expect (is p open))"},
        {"expect refused { @m vetoes p because \"no\" } because \"part\"",
         "(expect refused (act veto @m p \"no\") \"part\")"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(shown(f, parse_good(f, pairs[i].text, false)), pairs[i].tree);
}

static void what_is_not_available_yet_is_named(void **state)
{
    static const pair pairs[] = {
        {"every 3 months from 2024-01-01 \"t\" { open k }", "a calendar rule (`every … from …`)"},
        {"duty \"t\" { cites \"x\" chair must publish within 3 days after accepted "
         "each of core must report every 3 months }",
         "a duty"},
        {"property \"t\" { never any v in a of p : v is p.subject always b }", "a property"},
        {"simulation s \"t\" { given module nn given 3 people are maintainer of nn "
         "every 3 days : contributor proposes change on nn "
         "each maintainer of nn approves with probability 60% after about 2 days, rejects "
         "otherwise "
         "run 100 times for 365 days measure share of accepted, share of escalated to lead, "
         "median of time to decision }",
         "a simulation"},
        {"role r { term 2 years }", "a term of office"},
        {"role r { at most 1/3 per employer }", "a cap `per …`"},
        {"role r { becomes emeritus after module.idle without activity }",
         "`becomes … after … without activity`"},
        {"proposal p { seconded by 2 of a within 3 days }", "seconding"},
        {"proposal p { open proposals restart }", "`open proposals continue | restart | lapse`"},
        {"proposal p { on accepted { adopt proposal.policy } }", "`adopt`"},
        {"procedure p { extended by 1 day when quorum reached within 1 day of deadline }",
         "`extended by`"},
        {"procedure p { reopens for 3 days when cast < 3 at most 2 times }", "`reopens for`"},
        {"procedure p { delegation to a or b }", "delegation"},
        {"scenario \"s\" { @a delegates to @b in p }", "delegation"},
        {"let x = count of review by y within 12 months >= 50", "a count of past events"},
        {"let x = last activity of y", "`last activity of`"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        char later[100];
        const bl_node *file = parse_good(f, pairs[i].text, true);
        snprintf(later, sizeof later, "(not available yet %s)", pairs[i].tree);
        if (!strstr(shown(f, file), later)) fail_msg("%s: %s", pairs[i].text, shown(f, file));
    }
}

static void spans_are_exactly_the_text(void **state)
{
    fixture *f = *state;
    const char *text = "\xEF\xBB\xBF# a\nproposal p {\n  decided by (a or b) using q   # c\n"
                       "    within 3 days\n}  let x = portion of body ";
    const bl_node *first = parse_good(f, text, true)->kids[BL_FILE_DECLS];
    const bl_node *stage = first->kids[BL_PROPOSAL_CLAUSES];
    const struct {
        bl_span span;
        const char *part;
    } spans[] = {
        {first->name_span, "p"},
        {stage->span, "decided by (a or b) using q   # c\n    within 3 days"},
        {stage->kids[BL_STAGE_BODY]->span, "(a or b)"},
        {stage->kids[BL_STAGE_MODIFIERS]->span, "within 3 days"},
        {first->next->span, "let x = portion of body"},
        {first->next->kids[BL_LET_VALUE]->name_span, "portion"},
    };
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        assert_int_equal(spans[i].span.end - spans[i].span.start, strlen(spans[i].part));
        assert_memory_equal(text + spans[i].span.start, spans[i].part, strlen(spans[i].part));
    }
    assert_true(stage->kids[BL_STAGE_BODY]->flags & BL_FLAG_PARENTHESES);
}

static void texts_have_escapes_and_are_joined(void **state)
{
    fixture *f = *state;
    assert_string_equal(shown_expression(f, "\"a\\\"\\\\\\n\\t\\u{e9}\" # c\n \"b\" \"\" \"c\""),
                        "\"a\"\\\n\té"
                        "bc\"");
    assert_string_equal(shown_expression(f, "größe.名前"), "(attribute 名前 größe)");
    assert_string_equal(shown_expression(f, "@\"a \\u{62}\" or @a-b_1"), "(or @a b @a-b_1)");
}

/* ---- slips ---- */

typedef struct slip {
    const char *text;
    const char *code;
    const char *message;
    const char *help; /* NULL: none */
} slip;

static void check_slip(fixture *f, const slip *s, bool is_file)
{
    parse_any(f, s->text, is_file);
    const bl_diagnostic *d = f->diagnostics.first;
    if (f->diagnostics.error_count != 1) fail_msg("%s\n%s", s->text, diagnostics_text(f));
    assert_string_equal(bl_code_name(d->code), s->code);
    assert_string_equal(d->message.bytes, s->message);
    if (!s->help != !d->notes) fail_msg("%s\n%s", s->text, diagnostics_text(f));
    if (s->help) assert_string_equal(d->notes->text.bytes, s->help);
}

static void each_slip_has_its_one_message(void **state)
{
    static const slip slips[] = {
        {"proposal p { raised from a }", "B0101", "expected `by` after `raised`, found `from`",
         "write `by` behind `raised`"},
        {"proposal p { decided by a qourum cast > 1 }", "B0101",
         "expected a clause of a proposal kind (`raised by`, `decided by`, …), a modifier "
         "(`within`, `with reason`, …), `}` or `using`, found `qourum`",
         "did you mean `quorum`?"},
        {"procedure p { qourum cast > 1 passes when a }", "B0101",
         "expected a clause of a procedure (`passes when`, `fails when`, …) or `}`, found `qourum`",
         "did you mean `quorum`?"},
        {"role r { helt by people from a }", "B0101",
         "expected a clause of a role (`held by`, `granted by`, …) or `}`, found `helt`",
         "did you mean `held`?"},
        {"propsal p on m { raised by a on accepted { grant r to x } } role r", "B0101",
         "expected a declaration (`role`, `proposal`, …) or the end of the file, found `propsal`",
         "did you mean `proposal`?"},
        {"proposal p { onn accepted { grant r to x } raised by b }", "B0101",
         "expected a clause of a proposal kind (`raised by`, `decided by`, …) or `}`, found `onn`",
         "did you mean `on`?"},
        {"proposal p { on accepted { grnt r to x } raised by b }", "B0101",
         "expected an effect (`grant`, `open`, …) or `}`, found `grnt`", "did you mean `grant`?"},
        {"proposal p { decided by using q }", "B0101",
         "expected a role or a body after `by`, found `using`", NULL},
        {"role within role r", "B0101", "expected a name after `role`, found `within`",
         "`within` is a word of the language: choose another name"},
        {"let x = a < b < c let y = 1", "B0101",
         "expected a declaration (`role`, `proposal`, …) or the end of the file, found `<`",
         "comparisons do not follow each other: write `a < b and b < c`"},
        {"let x = a = b let y = 1", "B0101",
         "expected a declaration (`role`, `proposal`, …) or the end of the file, found `=`",
         "write `==` to compare"},
        {"body b == a let y = 1", "B0101", "expected `=`, a text or `of`, found `==`",
         "write `=` to give a value; `==` compares"},
        {"role r { held by people role s", "B0101",
         "expected a clause of a role (`held by`, `granted by`, …), `}`, `,` or `or`, found `role`",
         "is a `}` missing in front of it?"},
        {"role r { held by people", "B0101",
         "expected a clause of a role (`held by`, `granted by`, …), `}`, `,` or `or`, found the "
         "end of the file",
         "a `{` further up has no `}`"},
        {"let x = \"abc\nlet y = 1", "B0103", "this text has no end on its line",
         "close it with `\"`; texts that follow each other are joined, and `\\n` is a line's end"},
        {"let x = 1; let y = 2", "B0102", "`;` cannot stand here",
         "nothing is needed here: every clause begins with its own word"},
        {"let x = “a", "B0102", "`“` cannot stand here", "write a text in straight quotes: `\"`"},
        {"let x = \"\\q\"", "B0102", "`\\q` stands for nothing",
         "a text knows `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`; write `\\\\` for a backslash"},
        {"let x = \"\\u{d800}\"", "B0102", "`\\u` stands for no character here",
         "write its number in hexadecimal in braces, as in `\\u{e9}`"},
        {"let x = 99999999999999999999", "B0104", "this number is too large or too exact", NULL},
        {"let x = 1.5 days", "B0104", "a duration counts whole units",
         "use a smaller unit, as in `36 hours`"},
        {"let x = 1/n of body", "B0109", "this division can be read in two ways",
         "write `(a / b) of c`, or `a / (b of c)`"},
        {"let x = \"\xff\"", "B0106",
         "this byte does not belong to any character: the text is not UTF-8", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(slips); i++)
        check_slip(*state, &slips[i], true);
    static const slip statements[] = {
        {"given module given module nn", "B0101",
         "expected a name or a text after `module`, found `given`",
         "`given` is a word of the language: choose another name"},
        {"@a aproves p", "B0101",
         "expected what they do (`approves`, `proposes`, `vetoes`, …) or `,` after `@a`, found "
         "`aproves`",
         "did you mean `approves`?"},
        {"expct p is open", "B0101",
         "expected a statement (`given …`, `@name approves …`, `expect …`) or the end of the file, "
         "found `expct`",
         "did you mean `expect`?"},
    };
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        check_slip(*state, &statements[i], false);
}

static void neighbouring_slips_have_a_message_each(void **state)
{
    fixture *f = *state;
    parse_any(
        f,
        "role a { granted from b at mots 3 }\npropsal b on m { raised by c }\n"
        "proposal c { raised from d along l veto bye f on accepted { grnt a to b open k opn c } }\n"
        "rle d",
        true);
    if (f->diagnostics.error_count != 7) fail_msg("%s", diagnostics_text(f));
    char text[2000] = "";
    for (int i = 0; i < 30; i++)
        strcat(text, "role a { helt }\n");
    parse_any(f, text, true);
    assert_int_equal(f->diagnostics.error_count, BL_DIAGNOSTICS_MAX);
    assert_int_equal(f->diagnostics.left_out_count, 30 - BL_DIAGNOSTICS_MAX);
}

static void what_could_be_read_is_kept(void **state)
{
    fixture *f = *state;
    const bl_node *file = parse_any(f, "role a { } rle b role c { helt by d at most 1 } role d {",
                                    true);
    assert_string_equal(shown(f, file->kids[BL_FILE_DECLS]), "(role a) (role c (cardinality 1))");
}

/* ---- limits ---- */

static char *repeated(const char *head, const char *piece, size_t count, const char *tail)
{
    char *text = malloc(strlen(head) + strlen(piece) * count + strlen(tail) + 1);
    strcpy(text, head);
    char *at = text + strlen(head);
    for (size_t i = 0; i < count; i++, at += strlen(piece))
        memcpy(at, piece, strlen(piece));
    strcpy(at, tail);
    return text;
}

static void check_one_code(fixture *f, char *text, const char *code)
{
    parse_any(f, text, true);
    free(text);
    if (!code) {
        assert_int_equal(f->diagnostics.error_count, 0);
        return;
    }
    assert_int_equal(f->diagnostics.error_count, 1);
    assert_string_equal(bl_code_name(f->diagnostics.first->code), code);
}

static void deep_nesting_is_refused(void **state)
{
    fixture *f = *state;
    check_one_code(f, repeated("let x = ", "(", 100000, ""), "B0105");
    check_one_code(f, repeated("let x = ", "-", 100000, "1"), "B0105");
    /* below the file stand the constant and its value; each `+` is one deeper */
    check_one_code(f, repeated("let x = 1", " + 1", BL_AST_DEPTH_MAX - 2, ""), NULL);
    check_one_code(f, repeated("let x = 1", " + 1", BL_AST_DEPTH_MAX - 1, ""), "B0105");
    check_one_code(f, repeated("let x = 1", " or 1", 50000, ""), "B0105");
}

static void the_size_of_a_file_is_limited(void **state)
{
    fixture *f = *state;
    check_one_code(f, repeated("", " ", BL_POLICY_SIZE_MAX, ""), NULL);
    check_one_code(f, repeated("", " ", BL_POLICY_SIZE_MAX + 1, ""), "B0107");
}

static void long_lists_take_linear_time(void **state)
{
    fixture *f = *state;
    check_one_code(f, repeated("let x = [1", ", 1", 100000, "]"), NULL);
    check_one_code(f, repeated("", "role r ", 50000, ""), NULL);
    check_one_code(f, repeated("let x = ", "\"a\" ", 100000, ""), NULL);
}

static void a_zero_byte_is_refused(void **state)
{
    fixture *f = *state;
    bl_diagnostics_init(&f->diagnostics, &f->arena);
    const bl_node *file = bl_parse(&f->arena, 0, (bl_text){"let x\0= 1", 9}, &f->diagnostics);
    assert_non_null(file);
    assert_null(file->kids[BL_FILE_DECLS]);
    assert_int_equal(f->diagnostics.first->code, BL_B0102);
    assert_int_equal(f->diagnostics.first->span.start, 5);
}

/* ---- failing memory ---- */

static void *limited_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    size_t *left = context;
    if (new_size && (*left)-- == 0) {
        *left = 0;
        return NULL;
    }
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static bool parses_with(size_t allocations, const char *text)
{
    bl_memory memory = {limited_resize, &allocations};
    bl_arena arena;
    bl_arena_init(&arena, &memory);
    bl_diagnostics diagnostics;
    bl_diagnostics_init(&diagnostics, &arena);
    const bl_node *file = bl_parse(&arena, 0, bl_text_of(text), &diagnostics);
    assert_int_equal(!file, diagnostics.out_of_memory);
    bl_arena_destroy(&arena);
    return file;
}

static void each_failing_allocation_is_reported(void **state)
{
    (void)state;
    char *texts[] = {repeated("let x = [\"a\" \"b\\n\"", ", a or b of c \"d\" \"e\"", 400, "]"),
                     repeated("", "role a { helt by } let x = \"\\q\" + 1 / n of b ", 400, "")};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        size_t allocations = 0;
        while (!parses_with(allocations, texts[i]))
            allocations++;
        assert_in_range(allocations, 2, 10000);
        free(texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(precedence_of_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(name_before_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quantifiers_reach_far, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_of_the_language_are_names, set_up, tear_down),
        cmocka_unit_test(keywords_are_in_order),
        cmocka_unit_test_setup_teardown(declarations_become_nodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clauses_become_nodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statements_become_nodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_available_yet_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spans_are_exactly_the_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_have_escapes_and_are_joined, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_slip_has_its_one_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(neighbouring_slips_have_a_message_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_could_be_read_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_nesting_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_size_of_a_file_is_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lists_take_linear_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_zero_byte_is_refused, set_up, tear_down),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
