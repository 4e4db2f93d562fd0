/*
 * Runs scenarios: the unit tests of a policy, written in its own file.
 *
 * Each scenario has a fresh world whose clock starts at the same moment. Its statements are fed to
 * the engine as event lines (scenario_event.c). An act that is refused although nobody expected it
 * fails the scenario: nothing may go wrong in silence.
 */
#include <assert.h>

#include "policy.h"
#include "scenario_run.h"

#define OUTCOMES_SHOWN 3

/* ---- reports ---- */

#define RED "\033[1;31m"
#define BLUE "\033[1;34m"
#define PLAIN "\033[0m"

static void paint(bl_runner *r, const char *color)
{
    if (r->color) bl_buffer_cstring(&r->report, color);
}

static void put_blanks(bl_runner *r, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bl_buffer_char(&r->report, ' ');
}

static size_t digits_of(uint32_t number)
{
    size_t digits = 1;
    while (number /= 10)
        digits++;
    return digits;
}

static void put_bar(bl_runner *r, size_t gutter)
{
    put_blanks(r, gutter);
    paint(r, BLUE);
    bl_buffer_cstring(&r->report, "|");
    paint(r, PLAIN);
}

/* How many columns a piece of a line takes. */
static size_t width_of(bl_text text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.size; i++)
        width += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    return width;
}

/* The line of the policy with what is meant underlined; as much of it as stands in that line. */
static void put_line(bl_runner *r, bl_span span, size_t gutter)
{
    const bl_source *source = &r->sources[span.file];
    const bl_place place = bl_source_place(source, span.start);
    const bl_text line = bl_source_line(source, place.line);
    const size_t start = span.start - source->line_starts[place.line - 1];
    if (start > line.size) return;
    size_t size = span.end - span.start;
    if (size > line.size - start) size = line.size - start;
    put_bar(r, gutter);
    bl_buffer_char(&r->report, '\n');
    paint(r, BLUE);
    bl_buffer_format(&r->report, "%u ", place.line);
    paint(r, PLAIN);
    put_bar(r, 0);
    bl_buffer_char(&r->report, ' ');
    bl_outcome_show(&r->report, line);
    bl_buffer_char(&r->report, '\n');
    put_bar(r, gutter);
    put_blanks(r, 1 + width_of((bl_text){line.bytes, start}));
    paint(r, RED);
    const size_t width = width_of((bl_text){line.bytes + start, size});
    for (size_t i = 0; i < (width > 0 ? width : 1); i++)
        bl_buffer_char(&r->report, '^');
    paint(r, PLAIN);
    bl_buffer_char(&r->report, '\n');
}

static size_t gutter_of(const bl_runner *r, bl_span span)
{
    const bl_source *source = &r->sources[span.file];
    return digits_of(bl_source_place(source, span.start).line) + 1;
}

/* Begins the report of what failed: a sentence, the place, the line. */
static void fail_at(bl_runner *r, bl_span span, const char *sentence)
{
    r->has_failed = true;
    const size_t gutter = gutter_of(r, span);
    paint(r, RED);
    bl_buffer_cstring(&r->report, sentence);
    paint(r, PLAIN);
    bl_buffer_char(&r->report, '\n');
    put_blanks(r, gutter - 1);
    paint(r, BLUE);
    bl_buffer_cstring(&r->report, "--> ");
    paint(r, PLAIN);
    bl_program_place(r->program, span, &r->report);
    bl_buffer_char(&r->report, '\n');
    put_line(r, span, gutter);
}

static void begin_fact(bl_runner *r, bl_span span)
{
    put_blanks(r, gutter_of(r, span));
    paint(r, BLUE);
    bl_buffer_cstring(&r->report, "= ");
    paint(r, PLAIN);
}

/* Lines of text below a fact, each indented to stand under it. */
static void put_indented(bl_runner *r, bl_span span, bl_text text)
{
    const size_t indent = gutter_of(r, span) + 2;
    bool is_start = true;
    for (size_t i = 0; i < text.size; i++) {
        if (is_start) put_blanks(r, indent);
        bl_buffer_char(&r->report, text.bytes[i]);
        is_start = text.bytes[i] == '\n';
    }
}

static bl_text text_of(const bl_buffer *buffer)
{
    return (bl_text){buffer->bytes, buffer->size};
}

static void put_now(bl_runner *r, bl_span span)
{
    begin_fact(r, span);
    bl_buffer_cstring(&r->report, "it is ");
    bl_time_write(&r->report, r->clock);
    bl_buffer_char(&r->report, '\n');
}

static void put_fault(bl_runner *r, bl_span span)
{
    begin_fact(r, span);
    bl_outcome_show(&r->report, bl_text_of(r->engine->fault.message));
    bl_buffer_char(&r->report, '\n');
}

/* ---- what is, where something else was expected ---- */

/* In a living world, where why can be asked, only what came of it last. */
static void put_last(bl_runner *r, const bl_proposal *proposal, bl_buffer *text)
{
    const uint32_t count = bl_record_count(proposal);
    bylaw_outcome outcome;
    for (uint32_t i = count > OUTCOMES_SHOWN ? count - OUTCOMES_SHOWN : 0; i < count; i++)
        if (bl_record_read(r->engine, proposal, i, &outcome))
            bl_outcome_write(&outcome, BYLAW_TEXT, r->color, text);
        else
            text->failed = true;
}

/* `asking` is the `is` or `can` that asks about it; or NULL. */
static void put_proposal(bl_runner *r, bl_span span, const bl_proposal *proposal,
                         const bl_node *asking)
{
    begin_fact(r, span);
    bl_outcome_show(&r->report, bl_proposal_id(r->engine, proposal));
    bl_buffer_format(&r->report, " is %s", bl_explain_status(proposal));
    if (proposal->is_effective) bl_buffer_cstring(&r->report, ", in effect");
    if (proposal->is_final) bl_buffer_cstring(&r->report, ", final");
    bl_buffer_char(&r->report, '\n');
    bl_buffer text;
    bl_buffer_init(&text, &r->memory);
    if (r->is_live)
        put_last(r, proposal, &text);
    else
        bl_scenario_why(r, proposal, asking, &text);
    if (text.failed) r->report.failed = true;
    put_indented(r, span, text_of(&text));
    bl_buffer_free(&text);
}

static void put_held_role(bl_runner *r, const bl_holding *holding)
{
    const bl_program *program = r->engine->program;
    const bl_text role = bl_names_text(program->names, program->roles[holding->role].name);
    bl_buffer_text(&r->report, role);
    if (holding->instance == BL_NONE) return;
    bl_buffer_cstring(&r->report, " of ");
    bl_outcome_show(&r->report, bl_instance_id(r->engine, holding->instance));
}

static void put_roles(bl_runner *r, bl_span span, bl_text handle)
{
    const uint32_t actor = bl_actor_find(r->engine, handle);
    begin_fact(r, span);
    bl_buffer_char(&r->report, '@');
    bl_outcome_show(&r->report, handle);
    size_t shown = 0;
    for (size_t i = 0; actor != BL_NONE && i < r->engine->holdings.count; i++) {
        const bl_holding *holding = &r->engine->holdings.items[i];
        if (holding->actor != actor || !holding->is_held) continue;
        bl_buffer_cstring(&r->report, shown++ == 0 ? " is " : ", ");
        put_held_role(r, holding);
    }
    bl_buffer_cstring(&r->report, shown == 0 ? " holds no role\n" : "\n");
}

/* ---- asking ---- */

/* What the engine has of its own while it runs what was compiled here: in a live world that is its
 * program with statements behind it. Scenarios cover nothing by asking. */
typedef struct engine_own {
    const bl_program *program;
    bl_coverage *coverage;
} engine_own;

static engine_own lend_program(bl_runner *r)
{
    const engine_own own = {r->engine->program, r->engine->coverage};
    r->engine->program = r->program;
    r->engine->coverage = NULL;
    r->engine->steps = 0;
    return own;
}

static bl_result take_back(bl_runner *r, engine_own own, bl_result result)
{
    r->engine->program = own.program;
    r->engine->coverage = own.coverage;
    if (result == BL_NOMEM) r->status = BYLAW_NOMEM;
    return result;
}

static bl_result run_chunk(bl_runner *r, uint32_t chunk, bl_value *out)
{
    const bl_context context = BL_CONTEXT_NONE;
    const engine_own own = lend_program(r);
    return take_back(r, own, bl_vm_run(r->engine, chunk, &context, NULL, 0, out));
}

static bl_result run_condition(bl_runner *r, uint32_t chunk, bool *out)
{
    const bl_context context = BL_CONTEXT_NONE;
    const engine_own own = lend_program(r);
    return take_back(r, own, bl_vm_boolean(r->engine, chunk, &context, NULL, 0, out));
}

static void begin_quote(bl_runner *r, bl_span span, const bl_node *node)
{
    begin_fact(r, span);
    bl_buffer_char(&r->report, '`');
    bl_source_snippet(&r->sources[node->span.file], node->span, 60, &r->report);
}

static void put_value(bl_runner *r, bl_span span, const bl_node *told)
{
    bl_value value;
    if (run_chunk(r, told->ref, &value) != BL_OK) return;
    begin_quote(r, span, told);
    bl_buffer_cstring(&r->report, "` is ");
    bl_value_write(r->engine, &value, &r->report);
    bl_buffer_char(&r->report, '\n');
}

/* Each part that is not as it should be, and what it compares. */
static void put_told(bl_runner *r, bl_span span, const bl_node *expect)
{
    for (const bl_node *part = expect->kids[BL_EXPECT_TOLD]; part; part = part->next) {
        bool holds = !part->ref2;
        if (part->ref != BL_NONE) {
            if (run_condition(r, part->ref, &holds) != BL_OK || holds == part->ref2) continue;
            begin_quote(r, span, part);
            bl_buffer_cstring(&r->report, holds ? "` holds\n" : "` does not hold\n");
        }
        for (const bl_node *told = part->kids[BL_EXPECT_TOLD]; told; told = told->next)
            put_value(r, span, told);
    }
}

#define THINGS_SHOWN 4

/* Each proposal and handle that the condition names, once: depth is bounded, the tree was typed. */
static void put_things(bl_runner *r, bl_span span, const bl_node *node, unsigned depth,
                       const bl_node *asking, unsigned *shown)
{
    if (!node || depth > BL_AST_DEPTH_MAX || *shown >= THINGS_SHOWN) return;
    const bool is_id = node->kind == BL_NODE_NAME || node->kind == BL_NODE_TEXT;
    const bl_proposal *proposal = is_id ? bl_proposal_find(r->engine, node->name) : NULL;
    if (proposal) {
        put_proposal(r, span, proposal, asking);
        ++*shown;
    } else if (node->kind == BL_NODE_HANDLE && asking) {
        put_roles(r, span, node->name);
        ++*shown;
    }
    const bool asks = node->kind == BL_NODE_IS || node->kind == BL_NODE_CAN;
    for (int i = 0; i < BL_NODE_KIDS && !is_id && node->kind != BL_NODE_OF; i++)
        for (const bl_node *kid = node->kids[i]; kid; kid = kid->next)
            put_things(r, span, kid, depth + 1, asks ? node : NULL, shown);
}

/* ---- feeding ---- */

static bool is_type(const bylaw_outcome *outcome, bl_outcome_type type)
{
    const bl_text text = {outcome->type.bytes, outcome->type.size};
    return bl_text_equal(text, bl_text_of(bl_outcome_word(type)));
}

void bl_runner_notice(void *context, const bylaw_outcome *outcome)
{
    bl_runner *r = context;
    if (r->host.outcome) r->host.outcome(r->host.context, outcome);
    bl_outcome_write(outcome, BYLAW_TEXT, r->color, &r->followed);
    const bl_text event = {outcome->event.bytes, outcome->event.size};
    const bool is_refused = is_type(outcome, BL_OUTCOME_REFUSED) &&
                            bl_text_equal(event, r->event_type);
    const bool is_malformed = is_type(outcome, BL_OUTCOME_MALFORMED);
    if ((!is_refused && !is_malformed) || r->is_refused || r->is_malformed) return;
    r->is_refused = is_refused;
    r->is_malformed = is_malformed;
    bl_buffer_text(&r->because, (bl_text){outcome->because.bytes, outcome->because.size});
}

/* Feeds what stands in the line. False: the engine could not go on, or memory ended. */
static bool feed(bl_runner *r, bl_text event_type)
{
    r->event_type = event_type;
    r->is_refused = r->is_malformed = false;
    bl_buffer_clear(&r->because);
    bl_buffer_clear(&r->followed);
    if (r->line.failed) r->status = BYLAW_NOMEM;
    if (r->status != BYLAW_OK) return false;
    if (r->lines.write) r->lines.write(r->lines.context, r->line.bytes, r->line.size);
    r->status = bylaw_engine_feed(r->engine, BYLAW_EVENTS, r->line.bytes, r->line.size);
    if (r->because.failed || r->followed.failed) r->status = BYLAW_NOMEM;
    return r->status == BYLAW_OK;
}

static void put_followed(bl_runner *r, bl_span span, const char *heading)
{
    if (r->followed.size == 0) return;
    begin_fact(r, span);
    bl_buffer_cstring(&r->report, heading);
    bl_buffer_char(&r->report, '\n');
    put_indented(r, span, text_of(&r->followed));
}

/* What came of an act that had its way: a ballot that counts brings no outcome. */
static void put_untold(bl_runner *r, bl_span span, const bl_node *act)
{
    unsigned shown = 0;
    if (r->followed.size == 0) put_things(r, span, act, 0, NULL, &shown);
    put_followed(r, span, "what came of it:");
}

static void fail_event(bl_runner *r, bl_span span)
{
    fail_at(r, span,
            r->is_malformed ? "this is no event" : "this was refused, and nobody expected it");
    put_now(r, span);
    put_followed(r, span, "what came of it:");
}

/* Feeds the statement's events; each must have its way, or each be refused. */
static bool feed_statement(bl_runner *r, const bl_node *statement, bool expects_refusal,
                           bl_text expected_reason)
{
    const bl_node *item = bl_scenario_items(statement);
    do {
        bl_buffer_clear(&r->line);
        bl_scenario_line(statement, item, r->clock, &r->line);
        if (!feed(r, bl_scenario_event_type(statement))) return false;
        const bl_span span = item && item->next ? item->span : statement->span;
        if (r->is_live && !expects_refusal) {
            /* whatever came of it, the host has it as an outcome */
        } else if (r->is_malformed || (r->is_refused && !expects_refusal)) {
            fail_event(r, span);
        } else if (expects_refusal && !r->is_refused) {
            fail_at(r, span, "this should have been refused, and it was not");
            put_now(r, span);
            put_untold(r, span, statement);
        } else if (expects_refusal && !bl_text_contains(text_of(&r->because), expected_reason)) {
            fail_at(r, span, "this was refused, but for another reason");
            put_followed(r, span, "what came of it:");
        }
        item = item ? item->next : NULL;
    } while (item && !r->has_failed);
    return true;
}

static bool feed_tick(bl_runner *r, const bl_node *statement)
{
    bl_buffer_clear(&r->line);
    bl_scenario_tick(r->clock, &r->line);
    if (!feed(r, BL_TEXT("tick"))) return false;
    if (r->is_live)
        r->clock = r->engine->now; /* it does not go back */
    else if (r->is_malformed || r->is_refused)
        fail_event(r, statement->span);
    return true;
}

/* ---- statements ---- */

/* `after D`, `at TIME`: the clock moves, and what is due by then happens. */
static bool move_clock(bl_runner *r, const bl_node *statement)
{
    bl_value value;
    const bl_result result = run_chunk(r, statement->ref, &value);
    if (result == BL_NOMEM) return false;
    if (result == BL_FAULT) {
        fail_at(r, statement->span, "this time has no answer");
        put_fault(r, statement->span);
        return true;
    }
    if (statement->kind == BL_NODE_STATEMENT_AT) {
        r->clock = value.as.time;
    } else if (!bl_time_add(r->clock, value.as.duration, &r->clock)) {
        fail_at(r, statement->span, "this is past the year 9999");
        return true;
    }
    if (r->engine->is_founded) return feed_tick(r, statement);
    if (r->engine->has_time && r->clock < r->engine->now) {
        fail_at(r, statement->span, "this is earlier than what was given before");
        return true;
    }
    r->engine->now = r->clock; /* nothing can be due, and more founding facts may follow */
    r->has_moved = true;
    return true;
}

/* ---- the founding ---- */

static bool is_given(const bl_node *statement)
{
    switch (statement->kind) {
    case BL_NODE_GIVEN_INSTANCE:
    case BL_NODE_GIVEN_ACTORS:
    case BL_NODE_GIVEN_ROLE:
    case BL_NODE_GIVEN_SET: return true;
    default: return false;
    }
}

/* Somebody grants, revokes, sets, creates or removes: only what is given is simply stated. */
static bool changes_facts(const bl_node *act)
{
    static const bl_verb verbs[] = {BL_VERB_CREATE, BL_VERB_REMOVE, BL_VERB_SET, BL_VERB_GRANT,
                                    BL_VERB_REVOKE};
    if (act->kind != BL_NODE_ACT) return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (bl_text_equal(act->name, bl_text_of(bl_verb_word(verbs[i])))) return true;
    return false;
}

/* Before what is not given the world is founded, where the clock has moved or facts are to change.
 */
static bool found(bl_runner *r, const bl_node *statement)
{
    const bool is_time = statement->kind == BL_NODE_STATEMENT_AFTER ||
                         statement->kind == BL_NODE_STATEMENT_AT;
    if (r->engine->is_founded || is_time || is_given(statement)) return true;
    bool is_needed = r->has_moved || changes_facts(statement);
    const bl_node *act = statement->kind == BL_NODE_EXPECT_REFUSED
                             ? statement->kids[BL_EXPECT_REFUSED_STATEMENTS]
                             : NULL;
    for (; act; act = act->next)
        is_needed = is_needed || changes_facts(act);
    return !is_needed || feed_tick(r, statement);
}

static void fail_late(bl_runner *r, const bl_node *given)
{
    fail_at(r, given->span, "this is given too late: the world is founded");
    begin_fact(r, given->span);
    bl_buffer_cstring(&r->report,
                      "facts are given before the first act; after it, acts and decisions change "
                      "them: `@ana grants …`, `@ana sets …`\n");
}

static bool expect(bl_runner *r, const bl_node *statement)
{
    const bl_node *condition = statement->kids[BL_EXPECT_CONDITION];
    bool holds = false;
    const bl_result result = run_condition(r, statement->ref, &holds);
    if (result == BL_NOMEM) return false;
    if (result == BL_OK && holds) return true;
    const bl_span span = condition->span;
    fail_at(r, span, result == BL_FAULT ? "this expectation has no answer" : "this does not hold");
    put_now(r, span);
    if (result == BL_FAULT) put_fault(r, span);
    if (result == BL_OK) put_told(r, span, statement);
    unsigned shown = 0;
    put_things(r, span, condition, 0, NULL, &shown);
    return true;
}

static bool expect_refused(bl_runner *r, const bl_node *statement)
{
    const bl_node *reason = statement->kids[BL_EXPECT_REFUSED_REASON];
    const bl_text expected = reason ? reason->name : BL_TEXT("");
    const bl_node *act = statement->kids[BL_EXPECT_REFUSED_STATEMENTS];
    for (; act && !r->has_failed; act = act->next)
        if (act->kind == BL_NODE_ACT && !feed_statement(r, act, true, expected)) return false;
    return true;
}

/* False: the run cannot go on (status says why). */
static bool run_statement(bl_runner *r, const bl_node *statement)
{
    if (!found(r, statement)) return false;
    switch (statement->kind) {
    case BL_NODE_STATEMENT_AFTER:
    case BL_NODE_STATEMENT_AT: return move_clock(r, statement);
    case BL_NODE_EXPECT: return expect(r, statement);
    case BL_NODE_EXPECT_REFUSED: return expect_refused(r, statement);
    case BL_NODE_LATER: return true; /* reported when the policy was compiled */
    default: break;
    }
    if (!r->engine->is_founded || !is_given(statement))
        return feed_statement(r, statement, false, BL_TEXT(""));
    fail_late(r, statement);
    return true;
}

void bl_runner_init(bl_runner *r, const bl_memory *memory)
{
    *r = (bl_runner){.memory = *memory};
    bl_buffer_init(&r->line, &r->memory);
    bl_buffer_init(&r->report, &r->memory);
    bl_buffer_init(&r->because, &r->memory);
    bl_buffer_init(&r->followed, &r->memory);
}

void bl_runner_free(bl_runner *r)
{
    bl_buffer_free(&r->line);
    bl_buffer_free(&r->report);
    bl_buffer_free(&r->because);
    bl_buffer_free(&r->followed);
}

void bl_runner_do(bl_runner *r, const bl_node *statement)
{
    while (statement && !r->has_failed && run_statement(r, statement))
        statement = statement->next;
    const bool is_told = r->status == BYLAW_OK || r->status == BYLAW_NOMEM || r->is_live;
    if (!is_told && statement) {
        fail_at(r, statement->span, bylaw_status_text(r->status));
        r->status = BYLAW_OK;
    }
    if (r->report.failed) r->status = BYLAW_NOMEM;
}

/* ---- scenarios ---- */

/* The clock stands at its start before the first statement. */
static void run(bl_runner *r, const bylaw_policy *policy, const bl_node *scenario)
{
    const bylaw_allocator allocator = {r->memory.resize, r->memory.context};
    const bylaw_engine_options options = {
        .outcome = bl_runner_notice, .context = r, .record = true, .allocator = &allocator};
    r->clock = BL_SCENARIO_START;
    r->has_failed = r->has_moved = false;
    bl_buffer_clear(&r->report);
    r->status = bylaw_engine_create(policy, &options, &r->engine);
    if (r->status != BYLAW_OK) return;
    r->engine->now = BL_SCENARIO_START;
    r->engine->coverage = r->coverage;
    bl_runner_do(r, scenario->kids[BL_SCENARIO_STATEMENTS]);
    if (r->status == BYLAW_OK && bl_coverage_end(r->engine) != BL_OK) r->status = BYLAW_NOMEM;
    bylaw_engine_destroy(r->engine);
    r->engine = NULL;
}

static void tell(bl_runner *r, const bl_node *scenario, const bylaw_test_options *options)
{
    if (!options->result) return;
    bl_buffer place;
    bl_buffer_init(&place, &r->memory);
    bl_program_place(r->program, scenario->span, &place);
    const bylaw_scenario_result result = {
        .name = {scenario->name.bytes, scenario->name.size},
        .place = {place.bytes, place.size},
        .passed = !r->has_failed,
        .report = {r->report.bytes, r->report.size},
    };
    if (!place.failed)
        options->result(options->context, &result);
    else
        r->status = BYLAW_NOMEM;
    bl_buffer_free(&place);
}

bylaw_status bylaw_policy_test(bylaw_policy *policy, const bylaw_test_options *options,
                               uint32_t *passed, uint32_t *failed)
{
    assert(policy && options);
    uint32_t counts[2] = {0, 0};
    if (passed) *passed = 0;
    if (failed) *failed = 0;
    const bl_compilation *compilation = bl_policy_compilation(policy);
    if (!compilation) return BYLAW_NO_SOURCE;
    if (!policy->program) return BYLAW_ERRORS;
    if (options->coverage && policy->coverage) bl_coverage_clear(policy->coverage, policy->program);
    if (options->coverage && !policy->coverage)
        policy->coverage = bl_coverage_create(&policy->program_arena, policy->program);
    if (options->coverage && !policy->coverage) return BYLAW_NOMEM;
    bl_runner r;
    bl_runner_init(&r, &policy->memory);
    r.color = options->color;
    r.coverage = options->coverage ? policy->coverage : NULL;
    r.program = policy->program;
    r.sources = compilation->sources;
    const bl_text only = {options->only.bytes, options->only.size};
    const bl_node *scenario = compilation->scenarios;
    for (; scenario && r.status == BYLAW_OK; scenario = scenario->next) {
        if (!bl_text_contains(scenario->name, only)) continue;
        run(&r, policy, scenario);
        if (r.status == BYLAW_OK) tell(&r, scenario, options);
        counts[r.has_failed]++;
    }
    bl_runner_free(&r);
    if (passed) *passed = counts[0];
    if (failed) *failed = counts[1];
    return r.status;
}
