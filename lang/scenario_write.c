/*
 * Writes a history as a scenario.
 *
 * The idea to have: what is written is what runs. Each event becomes a statement, the statement is
 * said to an engine of our own, and what comes of that becomes the expectations. So the scenario
 * passes by its making; and where each line said what its event says, it is the history.
 */
#include <assert.h>
#include <string.h>

#include "../runtime/limits.h"
#include "policy.h"
#include "scenario_run.h"
#include "scenario_say.h"

typedef struct writer {
    bylaw_policy *policy;
    bl_engine *engine;
    bl_memory memory;
    bl_arena reading; /* for one line */
    bl_tale tale;
    bl_buffer out;
    bool is_roster;
    bool is_founded_by_roster;
    bool is_partial; /* something could not be said */
    bool has_clock;
    bl_time clock; /* of the history */
    /* the statement that is not written yet, because others may share it */
    bl_wording wording;
    bl_wording pending;
    uint32_t pending_count; /* who do it; 0: there is none */
    /* what came of the event that was said last */
    bl_text type;
    bool is_refused, is_malformed;
    bl_buffer because;
    bl_vector(uint32_t) changed; /* proposals */
    bl_map told; /* proposal -> its status as it was told last */
    /* who held what at the founding */
    bool has_founding;
    bl_vector(bool) founding;
    bylaw_status status;
} writer;

static bl_text text_of(const bl_buffer *buffer)
{
    return (bl_text){buffer->bytes, buffer->size};
}

/* ---- the pending statement ---- */

static void flush(writer *w)
{
    if (w->pending_count == 0) return;
    bl_buffer_cstring(&w->out, w->pending.is_given && w->pending.who.size > 0 ? "  given " : "  ");
    bl_buffer_text(&w->out, text_of(&w->pending.who));
    bl_buffer_text(&w->out, text_of(w->pending_count > 1 ? &w->pending.many : &w->pending.one));
    bl_buffer_char(&w->out, '\n');
    w->pending_count = 0;
}

enum { WIDTH_MOST = 100 };

/* Those who do the same one after the other share a statement, as far as a line goes. */
static bool joins(const writer *w)
{
    const bl_wording *new = &w->wording, *old = &w->pending;
    return w->pending_count > 0 && new->many.size > 0 &&
           new->is_given ==
               old->is_given &&bl_text_equal(text_of(&new->many), text_of(&old->many)) &&
           old->who.size + new->who.size + new->many.size < WIDTH_MOST;
}

static void put_wording(writer *w)
{
    if (joins(w)) {
        bl_buffer_cstring(&w->pending.who, ", ");
        bl_buffer_text(&w->pending.who, text_of(&w->wording.who));
        w->pending_count++;
        return;
    }
    flush(w);
    const bl_wording old = w->pending;
    w->pending = w->wording;
    w->wording = old;
    w->pending_count = 1;
}

static void put_refused(writer *w)
{
    flush(w);
    bl_buffer_cstring(&w->out, "  expect refused { ");
    bl_buffer_text(&w->out, text_of(&w->wording.who));
    bl_buffer_text(&w->out, text_of(&w->wording.one));
    bl_buffer_cstring(&w->out, " } because ");
    bl_tale_put_text(text_of(&w->because), &w->out);
    bl_buffer_char(&w->out, '\n');
}

/* ---- what cannot be said ---- */

static void put_comment(writer *w, bl_text text)
{
    flush(w);
    w->is_partial = true;
    bl_buffer_cstring(&w->out, "  # not said: ");
    if (bl_text_is_utf8(text, NULL))
        bl_outcome_show(&w->out, text);
    else
        bl_json_write_text(&w->out, text);
    bl_buffer_char(&w->out, '\n');
}

/* The members that no statement says, though the rest of the event is said. */
static void put_left_out(writer *w, const bl_told *told)
{
    bl_buffer members;
    bl_buffer_init(&members, &w->memory);
    for (uint32_t i = 0; i < told->json->count; i++) {
        const bl_json_member *member = &told->json->as.members[i];
        if (told->is_said[i] || bl_tale_may_omit(&w->tale, told, member)) continue;
        if (members.size > 0) bl_buffer_cstring(&members, ", ");
        bl_json_write_text(&members, member->key);
        bl_buffer_cstring(&members, ": ");
        bl_json_write(&members, &member->value);
    }
    if (members.failed) w->status = BYLAW_NOMEM;
    if (members.size > 0) put_comment(w, text_of(&members));
    bl_buffer_free(&members);
}

/* ---- what came of it ---- */

static bool is_type(const bylaw_outcome *outcome, bl_outcome_type type)
{
    return bl_text_equal((bl_text){outcome->type.bytes, outcome->type.size},
                         bl_text_of(bl_outcome_word(type)));
}

static bool tells_status(const bylaw_outcome *outcome)
{
    static const bl_outcome_type types[] = {
        BL_OUTCOME_ESCALATED, BL_OUTCOME_DISPUTED, BL_OUTCOME_VETOED,   BL_OUTCOME_OVERRIDDEN,
        BL_OUTCOME_WITHDRAWN, BL_OUTCOME_LAPSED,   BL_OUTCOME_REOPENED, BL_OUTCOME_ACCEPTED,
        BL_OUTCOME_REJECTED,  BL_OUTCOME_ELECTED};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is_type(outcome, types[i])) return true;
    return false;
}

static void notice(void *context, const bylaw_outcome *outcome)
{
    writer *w = context;
    const bool is_event = bl_text_equal((bl_text){outcome->event.bytes, outcome->event.size},
                                        w->type);
    if (is_type(outcome, BL_OUTCOME_MALFORMED)) w->is_malformed = true;
    if (is_type(outcome, BL_OUTCOME_REFUSED) && is_event && !w->is_refused) {
        w->is_refused = true;
        bl_buffer_clear(&w->because);
        bl_buffer_text(&w->because, (bl_text){outcome->because.bytes, outcome->because.size});
        if (w->because.failed) w->status = BYLAW_NOMEM;
    }
    if (!tells_status(outcome)) return;
    const bl_proposal *proposal = bl_proposal_find(
        w->engine, (bl_text){outcome->proposal.bytes, outcome->proposal.size});
    if (!proposal) return;
    if (bl_vector_reserve(&w->memory, &w->changed, 1))
        w->changed.items[w->changed.count++] = proposal->index;
    else
        w->status = BYLAW_NOMEM;
}

/* Writes the expectation if it holds. */
static void expect(writer *w, const bl_buffer *condition)
{
    bl_buffer text;
    bl_buffer_init(&text, &w->memory);
    bl_buffer_cstring(&text, "  expect ");
    bl_buffer_text(&text, text_of(condition));
    bl_buffer_char(&text, '\n');
    if (text.failed) w->status = BYLAW_NOMEM;
    const bylaw_say_options options = {.name = {"", 0}};
    if (w->status == BYLAW_OK) {
        const bylaw_status status = bylaw_engine_say(w->engine, w->policy,
                                                     (bylaw_text){text.bytes, text.size}, &options);
        if (status == BYLAW_OK) bl_buffer_text(&w->out, text_of(&text));
        if (status == BYLAW_NOMEM) w->status = status;
    }
    bl_buffer_free(&text);
}

/* The status' number, as far as it shows: disputed and escalated are open ones. */
static uint32_t status_of(const bl_proposal *proposal)
{
    if (proposal->status != BL_STATUS_OPEN) return (uint32_t)proposal->status;
    return 100u + (proposal->is_disputed ? 1u : proposal->is_escalated ? 2u : 0u);
}

static void expect_status(writer *w, const bl_proposal *proposal)
{
    bl_buffer text;
    bl_buffer_init(&text, &w->memory);
    bl_tale_put_id(&w->tale, bl_proposal_id(w->engine, proposal), &text);
    bl_buffer_format(&text, " is %s", bl_explain_status(proposal));
    if (text.failed) w->status = BYLAW_NOMEM;
    expect(w, &text);
    bl_buffer_free(&text);
}

static void expect_changes(writer *w)
{
    for (size_t i = 0; i < w->changed.count && w->status == BYLAW_OK; i++) {
        const bl_proposal *proposal = w->engine->proposals.items[w->changed.items[i]];
        const uint32_t status = status_of(proposal);
        if (bl_map_get(&w->told, proposal->index) == status) continue;
        if (!bl_map_put(&w->memory, &w->told, proposal->index, status)) w->status = BYLAW_NOMEM;
        flush(w);
        expect_status(w, proposal);
    }
    w->changed.count = 0;
}

/* ---- the clock ---- */

static void put_clock(writer *w, bl_time time)
{
    static const struct {
        bl_time size, most;
        const char *one, *many;
    } units[] = {{BL_DAY, 400, "day", "days"},
                 {BL_DAY / 24, 72, "hour", "hours"},
                 {BL_DAY / 24 / 60, 120, "minute", "minutes"}};
    const bl_time gap = w->has_clock ? time - w->clock : 0;
    bl_buffer_cstring(&w->out, w->has_clock ? "\n  " : "  ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const bl_time count = gap / units[i].size;
        if (count == 0 || count > units[i].most || gap % units[i].size != 0) continue;
        bl_buffer_format(&w->out, "after %d %s\n", (int)count,
                         count == 1 ? units[i].one : units[i].many);
        return;
    }
    bl_buffer_cstring(&w->out, "at ");
    bl_time_write(&w->out, time);
    bl_buffer_char(&w->out, '\n');
}

static void feed(writer *w, const bl_buffer *line)
{
    if (line->failed) w->status = BYLAW_NOMEM;
    if (w->status != BYLAW_OK) return;
    w->status = bylaw_engine_feed(w->engine, BYLAW_EVENTS, line->bytes, line->size);
}

/* A line that only moves the clock, and founds the world. */
static void tick(writer *w)
{
    bl_buffer line;
    bl_buffer_init(&line, &w->memory);
    bl_scenario_tick(w->engine->now, &line);
    feed(w, &line);
    bl_buffer_free(&line);
}

static void move_clock(writer *w, bl_time time)
{
    const bl_time before = w->has_clock ? w->clock : BL_SCENARIO_START;
    if (time != before) {
        flush(w);
        put_clock(w, time);
        if (w->engine->is_founded) {
            bl_buffer line;
            bl_buffer_init(&line, &w->memory);
            bl_scenario_tick(time, &line);
            feed(w, &line);
            bl_buffer_free(&line);
        }
        w->engine->now = time;
        expect_changes(w);
    }
    w->engine->has_time = true;
    w->has_clock = true;
    w->clock = time;
}

/* ---- one event ---- */

static void remember_founding(writer *w)
{
    if (w->has_founding) return;
    w->has_founding = true;
    const size_t count = w->engine->holdings.count;
    if (!bl_vector_reserve(&w->memory, &w->founding, count)) {
        w->status = BYLAW_NOMEM;
        return;
    }
    for (size_t i = 0; i < count; i++)
        w->founding.items[i] = w->engine->holdings.items[i].is_held;
    w->founding.count = count;
}

static void say_id(writer *w, const bl_told *told)
{
    const bl_verb verb = bl_tale_verb(told->type);
    const bl_json *id = bl_json_find(told->json, BL_TEXT("id"));
    if ((verb != BL_VERB_CREATE && verb != BL_VERB_PROPOSE) || !id || id->kind != BL_JSON_TEXT)
        return;
    if (bl_names_add(w->tale.ids.said, id->as.text) == BL_NONE) w->status = BYLAW_NOMEM;
}

/* Whether the line that the statement makes says what the event says. */
static bool covers(writer *w, const bl_statements *statements, bl_told *told)
{
    const bl_node *first = statements->first;
    if (!first || first->next) return false;
    bl_buffer line;
    bl_buffer_init(&line, &w->memory);
    bl_scenario_line(first, bl_scenario_items(first), w->engine->now, &line);
    if (line.size > 0) line.size--; /* without its end */
    bl_json json;
    bl_json_error error = {.out_of_memory = false};
    bool is_covered = false;
    if (!line.failed && bl_json_read(text_of(&line), &w->reading, &json, &error))
        is_covered = bl_tale_covers(&w->tale, told, &json);
    if (line.failed || error.out_of_memory) w->status = BYLAW_NOMEM;
    bl_buffer_free(&line);
    return is_covered;
}

/* Says what stands in the wording. False: it is no statement of what the event says. */
static bool say(writer *w, bl_told *told)
{
    bl_buffer text;
    bl_buffer_init(&text, &w->memory);
    if (w->wording.is_given && w->wording.who.size > 0) bl_buffer_cstring(&text, "given ");
    bl_buffer_text(&text, text_of(&w->wording.who));
    bl_buffer_text(&text, text_of(&w->wording.one));
    bl_statements statements;
    bylaw_status status = text.failed ? BYLAW_NOMEM : BYLAW_OK;
    bool is_said = false;
    if (status == BYLAW_OK) {
        status = bl_statements_compile(&statements, &w->memory, w->policy, w->engine, BL_TEXT(""),
                                       text_of(&text));
        if (status == BYLAW_OK) is_said = covers(w, &statements, told);
        const bylaw_say_options options = {.name = {"", 0}};
        w->type = bl_scenario_event_type(statements.first ? statements.first : &(bl_node){0});
        w->is_refused = w->is_malformed = false;
        if (is_said && w->status == BYLAW_OK)
            status = bl_statements_live(w->engine, &statements, &options);
        bl_statements_free(&statements);
    }
    w->type = (bl_text){"", 0};
    if (status != BYLAW_OK && status != BYLAW_ERRORS) w->status = status;
    bl_buffer_free(&text);
    return is_said && w->status == BYLAW_OK;
}

/* False: the whole event is not said. */
static bool write_statement(writer *w, bl_told *told, uint32_t n)
{
    const bool has_words = bl_tale_word(&w->tale, told, n, &w->wording);
    if (w->wording.who.failed || w->wording.one.failed || w->wording.many.failed)
        w->status = BYLAW_NOMEM;
    if (!has_words || w->status != BYLAW_OK || !say(w, told)) return false;
    if (w->is_malformed || (w->is_refused && told->is_given)) return false;
    say_id(w, told);
    if (w->is_refused)
        put_refused(w);
    else
        put_wording(w);
    return true;
}

/* `set` may give several attributes at once: a statement for each. */
static bool write_settings(writer *w, bl_told *told)
{
    bool is_said = false;
    uint32_t count = 0;
    for (uint32_t i = 0; i < told->json->count; i++) {
        static const char *const keys[] = {"type", "time",  "actor",  "to",
                                           "on",   "scope", "reason", "id"};
        bool is_key = false;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            is_key = is_key || bl_text_equal(told->json->as.members[i].key, bl_text_of(keys[k]));
        if (is_key) continue;
        if (count++ > 0 && !told->is_given)
            return is_said; /* all or none: no statements say that */
        is_said = write_statement(w, told, i) || is_said;
    }
    return is_said;
}

/* `founded` and `tick` say nothing that a scenario does not say by its clock and its acts. */
static bool pass_over(writer *w, bl_told *told)
{
    const bool is_founded = bl_text_equal(told->type, BL_TEXT("founded"));
    if (is_founded && w->is_roster && !w->is_founded_by_roster) {
        w->is_founded_by_roster = true;
    } else if (!w->engine->is_founded && !w->is_roster) {
        remember_founding(w);
        tick(w);
    } else if (is_founded || w->is_roster) {
        return false;
    }
    for (uint32_t i = 0; i < told->json->count; i++)
        if (bl_text_equal(told->json->as.members[i].key, BL_TEXT("type"))) told->is_said[i] = true;
    return true;
}

static bool is_fact(bl_verb verb)
{
    return verb == BL_VERB_CREATE || verb == BL_VERB_REMOVE || verb == BL_VERB_SET ||
           verb == BL_VERB_GRANT || verb == BL_VERB_REVOKE;
}

static bool write_event(writer *w, bl_told *told)
{
    const bl_verb verb = bl_tale_verb(told->type);
    if (verb == BL_VERB_TICK || verb == BL_VERB_FOUNDED) return pass_over(w, told);
    told->is_given = is_fact(verb) && !w->engine->is_founded;
    if (w->is_roster && !told->is_given) return false;
    if (!told->is_given) remember_founding(w);
    return verb == BL_VERB_SET ? write_settings(w, told) : write_statement(w, told, 0);
}

/* The event's type and time; false where it is no event, or comes too late. */
static bool read_head(writer *w, const bl_json *json, bl_text *type, bl_time *time)
{
    const bl_json *kind = bl_json_find(json, BL_TEXT("type"));
    const bl_json *said = bl_json_find(json, BL_TEXT("time"));
    const char *why;
    if (!kind || kind->kind != BL_JSON_TEXT) return false;
    *type = kind->as.text;
    *time = w->has_clock ? w->clock : 0;
    if (said && (said->kind != BL_JSON_TEXT || !bl_time_parse(said->as.text, time, &why)))
        return false;
    return !w->has_clock || *time >= w->clock;
}

static void write_line(writer *w, bl_text line)
{
    bl_arena_reset(&w->reading);
    bl_json json;
    bl_json_error error = {.out_of_memory = false};
    bl_told told = {.json = &json};
    bl_time time;
    const bool is_read = line.size <= BL_LINE_SIZE_MAX &&
                         bl_json_read(line, &w->reading, &json, &error) &&
                         json.kind == BL_JSON_OBJECT && read_head(w, &json, &told.type, &time);
    if (error.out_of_memory) w->status = BYLAW_NOMEM;
    if (!is_read) {
        put_comment(w, line);
        return;
    }
    told.is_said = bl_arena_array(&w->reading, json.count + (size_t)1, sizeof *told.is_said);
    if (!told.is_said) {
        w->status = BYLAW_NOMEM;
        return;
    }
    memset(told.is_said, 0, json.count + (size_t)1);
    move_clock(w, time);
    if (!write_event(w, &told))
        put_comment(w, line);
    else
        put_left_out(w, &told);
    expect_changes(w);
}

/* ---- all events ---- */

static bool is_blank(bl_text line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.bytes[i] != ' ' && line.bytes[i] != '\t' && line.bytes[i] != '\r') return false;
    return true;
}

static void each_line(writer *w, bl_text text, void (*act)(writer *, bl_text))
{
    while (text.size > 0 && w->status == BYLAW_OK) {
        const char *newline = memchr(text.bytes, '\n', text.size);
        const size_t size = newline ? (size_t)(newline - text.bytes) : text.size;
        const bl_text line = {text.bytes, size};
        if (!is_blank(line)) act(w, line);
        const size_t used = size + (newline ? 1 : 0);
        text = (bl_text){text.bytes + used, text.size - used};
    }
}

/* Which ids there are, and of what: a name holds in the whole scenario. */
static void note_ids(writer *w, bl_text line)
{
    bl_arena_reset(&w->reading);
    bl_json json;
    bl_json_error error = {.out_of_memory = false};
    if (line.size > BL_LINE_SIZE_MAX || !bl_json_read(line, &w->reading, &json, &error) ||
        json.kind != BL_JSON_OBJECT) {
        if (error.out_of_memory) w->status = BYLAW_NOMEM;
        return;
    }
    const bl_json *type = bl_json_find(&json, BL_TEXT("type"));
    const bl_json *id = bl_json_find(&json, BL_TEXT("id"));
    if (!type || type->kind != BL_JSON_TEXT || !id || id->kind != BL_JSON_TEXT) return;
    const bl_verb verb = bl_tale_verb(type->as.text);
    bl_names *names = verb == BL_VERB_CREATE    ? w->tale.ids.instances
                      : verb == BL_VERB_PROPOSE ? w->tale.ids.proposals
                                                : NULL;
    if (names && bl_names_add(names, id->as.text) == BL_NONE) w->status = BYLAW_NOMEM;
}

/* ---- how it ended ---- */

static void expect_end(writer *w, const bl_proposal *proposal)
{
    bl_buffer text;
    bl_buffer_init(&text, &w->memory);
    const bl_text id = bl_proposal_id(w->engine, proposal);
    bl_tale_put_id(&w->tale, id, &text);
    bl_buffer_format(&text, " is %s", bl_explain_status(proposal));
    const bool states[] = {proposal->is_effective, proposal->is_final};
    static const char *const words[] = {"effective", "final"};
    for (size_t i = 0; i < 2; i++) {
        if (!states[i]) continue;
        bl_buffer_cstring(&text, " and ");
        bl_tale_put_id(&w->tale, id, &text);
        bl_buffer_format(&text, " is %s", words[i]);
    }
    if (text.failed) w->status = BYLAW_NOMEM;
    expect(w, &text);
    bl_buffer_free(&text);
}

static void expect_holding(writer *w, const bl_holding *holding)
{
    const bl_program *program = w->engine->program;
    bl_buffer text;
    bl_buffer_init(&text, &w->memory);
    if (!holding->is_held) bl_buffer_cstring(&text, "not ");
    bl_tale_put_handle(w->engine->actors.items[holding->actor].shown, &text);
    bl_buffer_cstring(&text, " is ");
    bl_buffer_text(&text, bl_names_text(program->names, program->roles[holding->role].name));
    if (holding->instance != BL_NONE) {
        bl_buffer_cstring(&text, " of ");
        bl_tale_put_instance(&w->tale, bl_instance_id(w->engine, holding->instance), &text);
    }
    if (text.failed) w->status = BYLAW_NOMEM;
    expect(w, &text);
    bl_buffer_free(&text);
}

static void write_end(writer *w)
{
    flush(w);
    const bl_engine *engine = w->engine;
    if (engine->proposals.count > 0) bl_buffer_char(&w->out, '\n');
    for (size_t i = 0; i < engine->proposals.count && w->status == BYLAW_OK; i++)
        expect_end(w, engine->proposals.items[i]);
    for (size_t i = 0; w->has_founding && i < engine->holdings.count && w->status == BYLAW_OK;
         i++) {
        const bl_holding *holding = &engine->holdings.items[i];
        const bool was_held = i < w->founding.count && w->founding.items[i];
        if (holding->is_held != was_held) expect_holding(w, holding);
    }
    bl_buffer_cstring(&w->out, "}\n");
}

static void write_all(writer *w, bl_text name, bl_text roster, bl_text events)
{
    each_line(w, roster, note_ids);
    each_line(w, events, note_ids);
    bl_buffer_cstring(&w->out, "scenario ");
    bl_tale_put_text(name, &w->out);
    bl_buffer_cstring(&w->out, " {\n");
    w->is_roster = true;
    each_line(w, roster, write_line);
    w->is_roster = false;
    if (w->is_founded_by_roster && w->status == BYLAW_OK) {
        remember_founding(w);
        tick(w);
    }
    each_line(w, events, write_line);
    if (w->status == BYLAW_OK) write_end(w);
}

/* ---- beginning and end ---- */

static bool create(writer *w)
{
    bl_names **const tables[] = {&w->tale.ids.instances, &w->tale.ids.proposals, &w->tale.ids.said};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        *tables[i] = bl_names_create(&w->memory, (uint64_t)(uintptr_t)w);
        if (!*tables[i]) return false;
    }
    const bylaw_allocator allocator = {w->memory.resize, w->memory.context};
    const bylaw_engine_options options = {.outcome = notice, .context = w, .allocator = &allocator};
    if (bylaw_engine_create(w->policy, &options, &w->engine) != BYLAW_OK) return false;
    w->engine->now = BL_SCENARIO_START;
    w->tale.compiler = bl_policy_compilation(w->policy)->compiler;
    w->tale.engine = w->engine;
    return true;
}

static void destroy(writer *w)
{
    bylaw_engine_destroy(w->engine);
    bl_names_destroy(w->tale.ids.instances);
    bl_names_destroy(w->tale.ids.proposals);
    bl_names_destroy(w->tale.ids.said);
    bl_map_free(&w->memory, &w->told);
    bl_vector_free(&w->memory, &w->changed);
    bl_vector_free(&w->memory, &w->founding);
    bl_wording_free(&w->wording);
    bl_wording_free(&w->pending);
    bl_buffer_free(&w->because);
    bl_buffer_free(&w->out);
    bl_arena_destroy(&w->reading);
}

bylaw_status bylaw_scenario_write(bylaw_policy *policy, bylaw_text name, bylaw_text roster,
                                  bylaw_text events, bylaw_writer out)
{
    assert(policy && out.write);
    if (!bl_policy_compilation(policy)) return BYLAW_NO_SOURCE;
    if (!policy->program) return BYLAW_ERRORS;
    writer w = {.policy = policy, .memory = policy->memory};
    bl_arena_init(&w.reading, &w.memory);
    bl_wording_init(&w.wording, &w.memory);
    bl_wording_init(&w.pending, &w.memory);
    bl_buffer_init(&w.because, &w.memory);
    bl_buffer_init(&w.out, &w.memory);
    if (create(&w))
        write_all(&w, (bl_text){name.bytes, name.size}, (bl_text){roster.bytes, roster.size},
                  (bl_text){events.bytes, events.size});
    else
        w.status = BYLAW_NOMEM;
    if (w.out.failed || w.wording.one.failed || w.pending.who.failed) w.status = BYLAW_NOMEM;
    if (w.status == BYLAW_OK) out.write(out.context, w.out.bytes, w.out.size);
    if (w.status == BYLAW_OK && w.is_partial) w.status = BYLAW_STOPPED;
    destroy(&w);
    return w.status;
}
