/*
 * How an outcome is written: one line of JSON for programs, a few short lines for people.
 *
 * JSON keys come in the order of bylaw_outcome, and only those that have a value. The text may
 * change and is not for programs. What people wrote (reasons, names) is shown with characters that
 * could move or hide what stands around them replaced.
 */
#include "machine.h"

#include <assert.h>
#include <string.h>

static bl_text to_text(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

/* ---- JSON ---- */

/* Puts the comma where one is due, and the key. */
static void put_key(bl_buffer *out, const char *key)
{
    if (out->size > 0 && out->bytes[out->size - 1] != '{') bl_buffer_char(out, ',');
    bl_json_write_text(out, bl_text_of(key));
    bl_buffer_char(out, ':');
}

static void put_text(bl_buffer *out, const char *key, bylaw_text text)
{
    if (text.size == 0) return;
    put_key(out, key);
    bl_json_write_text(out, to_text(text));
}

static void put_json(bl_buffer *out, const char *key, bylaw_text json)
{
    if (json.size == 0) return;
    put_key(out, key);
    bl_buffer_text(out, to_text(json));
}

static void put_number(bl_buffer *out, const char *key, uint64_t number)
{
    if (number == 0) return;
    put_key(out, key);
    bl_buffer_format(out, "%llu", (unsigned long long)number);
}

static void put_fields(bl_buffer *out, const bylaw_outcome *outcome)
{
    if (outcome->field_count == 0) return;
    put_key(out, "fields");
    bl_buffer_char(out, '{');
    for (size_t i = 0; i < outcome->field_count; i++) {
        const bylaw_field *field = &outcome->fields[i];
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, to_text(field->name));
        bl_buffer_char(out, ':');
        bl_buffer_text(out, to_text(field->json));
    }
    bl_buffer_char(out, '}');
}

static void put_tally(bl_buffer *out, const bylaw_outcome *outcome)
{
    if (!outcome->has_tally) return;
    put_key(out, "tally");
    bl_buffer_char(out, '{');
    put_json(out, "approve", outcome->approve);
    put_json(out, "reject", outcome->reject);
    put_json(out, "abstain", outcome->abstain);
    put_json(out, "body", outcome->body);
    bl_buffer_char(out, '}');
}

static void put_events(bl_buffer *out, const bylaw_outcome *outcome)
{
    if (outcome->event_count == 0) return;
    put_key(out, "events");
    bl_buffer_char(out, '[');
    for (size_t i = 0; i < outcome->event_count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_buffer_format(out, "%llu", (unsigned long long)outcome->events[i]);
    }
    bl_buffer_char(out, ']');
}

static void write_json(const bylaw_outcome *outcome, bl_buffer *out)
{
    bl_buffer_char(out, '{');
    put_number(out, "seq", outcome->seq);
    put_text(out, "time", outcome->time);
    put_text(out, "type", outcome->type);
    put_text(out, "event", outcome->event);
    put_text(out, "proposal", outcome->proposal);
    put_text(out, "kind", outcome->kind);
    put_text(out, "on", outcome->on);
    put_number(out, "stage", outcome->stage);
    put_text(out, "actor", outcome->actor);
    put_text(out, "role", outcome->role);
    put_text(out, "scope", outcome->scope);
    put_text(out, "id", outcome->id);
    put_text(out, "to", outcome->to);
    put_text(out, "from", outcome->from);
    put_text(out, "attribute", outcome->attribute);
    put_json(out, "value", outcome->value_json);
    put_text(out, "due", outcome->due);
    put_fields(out, outcome);
    put_tally(out, outcome);
    put_text(out, "because", outcome->because);
    put_text(out, "clause", outcome->clause);
    put_number(out, "line", outcome->line);
    put_number(out, "column", outcome->column);
    put_events(out, outcome);
    put_json(out, "rounds", outcome->rounds);
    bl_buffer_cstring(out, "}\n");
}

/* ---- for people ---- */

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define DIM "\033[2m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

typedef struct painter {
    const bylaw_outcome *outcome;
    bl_buffer *out;
    bool color;
} painter;

static void paint(const painter *p, const char *color)
{
    if (p->color) bl_buffer_cstring(p->out, color);
}

static void put_painted(const painter *p, const char *color, const char *words)
{
    paint(p, color);
    bl_buffer_cstring(p->out, words);
    paint(p, PLAIN);
}

/* Controls, C1 controls and bidirectional marks: two to three bytes of well-formed UTF-8. */
static size_t unshowable_size(const char *at, size_t size)
{
    const unsigned char *b = (const unsigned char *)at;
    if (b[0] < 0x20 || b[0] == 0x7F) return 1;
    if (size >= 2 && b[0] == 0xC2 && b[1] < 0xA0) return 2;
    if (size < 3 || b[0] != 0xE2) return 0;
    const bool is_mark = b[1] == 0x80 &&
                         (b[2] == 0x8E || b[2] == 0x8F || (b[2] >= 0xA8 && b[2] <= 0xAE));
    const bool is_isolate = b[1] == 0x81 && b[2] >= 0xA6 && b[2] <= 0xA9;
    return is_mark || is_isolate ? 3 : 0;
}

void bl_outcome_show(bl_buffer *out, bl_text text)
{
    for (size_t at = 0; at < text.size;) {
        const size_t hidden = unshowable_size(text.bytes + at, text.size - at);
        if (hidden == 0) {
            bl_buffer_char(out, text.bytes[at++]);
            continue;
        }
        bl_buffer_cstring(out,
                          text.bytes[at] == '\n' || text.bytes[at] == '\t' ? " " : "\xEF\xBF\xBD");
        at += hidden;
    }
}

static void put_shown(const painter *p, bylaw_text text)
{
    bl_outcome_show(p->out, to_text(text));
}

static void put_handle(const painter *p, bylaw_text handle)
{
    bl_buffer_char(p->out, '@');
    put_shown(p, handle);
}

/* A JSON text without its quotes, where it needs none. */
static void put_plain(const painter *p, bylaw_text json)
{
    const bool is_quoted = json.size >= 2 && json.bytes[0] == '"';
    const bool is_simple = is_quoted && !memchr(json.bytes, '\\', json.size) && json.size > 2;
    put_shown(p, is_simple ? (bylaw_text){json.bytes + 1, json.size - 2} : json);
}

/* "2024-03-04 12:00  ", seconds only where there are some. The width it took. */
static size_t put_time(const painter *p)
{
    const bylaw_text time = p->outcome->time;
    if (time.size < 20) return 0;
    const bool is_full_minute = memcmp(time.bytes + 16, ":00Z", 4) == 0;
    const size_t size = is_full_minute ? 16 : time.size - 1;
    paint(p, DIM);
    bl_buffer_bytes(p->out, time.bytes, 10);
    bl_buffer_char(p->out, ' ');
    bl_buffer_bytes(p->out, time.bytes + 11, size - 11);
    paint(p, PLAIN);
    bl_buffer_cstring(p->out, "  ");
    return size + 2;
}

static void put_proposal(const painter *p)
{
    paint(p, BOLD);
    put_shown(p, p->outcome->proposal);
    paint(p, PLAIN);
}

/* "rename is vetoed" */
static void put_became(const painter *p, const char *color, const char *word)
{
    put_proposal(p);
    bl_buffer_cstring(p->out, " is ");
    put_painted(p, color, word);
}

static void put_tally_words(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    if (!o->has_tally) return;
    bl_buffer_format(p->out, ": %.*s approve, %.*s reject", BL_SAID(o->approve),
                     BL_SAID(o->reject));
    const bool is_anybody = o->abstain.size > 0 &&
                            !(o->abstain.size == 1 && o->abstain.bytes[0] == '0');
    if (is_anybody) bl_buffer_format(p->out, ", %.*s abstain", BL_SAID(o->abstain));
    if (o->body.size > 0) bl_buffer_format(p->out, ", of %.*s", BL_SAID(o->body));
}

/* "maintainer of nn" */
static void put_role(const painter *p)
{
    put_shown(p, p->outcome->role);
    if (p->outcome->on.size == 0 || p->outcome->proposal.size > 0) return;
    bl_buffer_cstring(p->out, " of ");
    put_shown(p, p->outcome->on);
}

static void put_opened(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    put_became(p, BOLD, "open");
    bl_buffer_cstring(p->out, ": ");
    put_shown(p, o->kind);
    if (o->on.size > 0) {
        bl_buffer_cstring(p->out, " on ");
        put_shown(p, o->on);
    }
    if (o->actor.size > 0) {
        bl_buffer_cstring(p->out, ", raised by ");
        put_handle(p, o->actor);
    }
}

static void put_stage_end(const painter *p, const char *color, const char *word)
{
    put_proposal(p);
    if (p->outcome->stage > 0) bl_buffer_format(p->out, ", stage %u", p->outcome->stage);
    bl_buffer_char(p->out, ' ');
    put_painted(p, color, word);
    put_tally_words(p);
}

static void put_refused(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    put_painted(p, RED, "refused");
    if (o->actor.size > 0) {
        bl_buffer_cstring(p->out, ": ");
        put_handle(p, o->actor);
        bl_buffer_cstring(p->out, " cannot ");
        put_shown(p, o->event);
    } else if (o->event.size > 0) {
        bl_buffer_cstring(p->out, ": ");
        put_shown(p, o->event);
    }
    if (o->proposal.size > 0) {
        bl_buffer_cstring(p->out, o->event.size > 0 ? " " : ": effects of ");
        put_shown(p, o->proposal);
    }
    if (o->because.size > 0) bl_buffer_cstring(p->out, ": ");
    put_shown(p, o->because);
}

/* What who acts does to a proposal, where the word of the event alone is no sentence. */
static const struct {
    bl_verb verb;
    const char *said, *before; /* what a ballot says stands between, where it is known */
} acts[] = {
    {BL_VERB_APPROVE, "approves", ""},
    {BL_VERB_REJECT, "rejects", ""},
    {BL_VERB_ABSTAIN, "abstains", " on"},
    {BL_VERB_RANK, "ranks", " in"},
    {BL_VERB_CHOOSE, "chooses", " in"},
    {BL_VERB_SCORE, "scores", " in"},
    {BL_VERB_VETO, "vetoes", ""},
    {BL_VERB_UPHOLD, "upholds", ""},
    {BL_VERB_DISPUTE, "disputes", ""},
    {BL_VERB_WITHDRAW, "withdraws", " from"},
    {BL_VERB_RECUSE, "recuses", " from"},
    {BL_VERB_CONFLICT, "declares a conflict of interest", " in"},
    {BL_VERB_PUBLISH, "publishes reasons", " of"},
};

static bool is_of_election(bl_verb verb)
{
    return verb == BL_VERB_RANK || verb == BL_VERB_CHOOSE || verb == BL_VERB_SCORE;
}

/* "@bo approves rename", "@ana ranks chi > dee in spring", "@ana votes in spring" */
static void put_act(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    const bl_text event = to_text(o->event);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (!bl_text_equal(event, bl_text_of(bl_verb_word(acts[i].verb)))) continue;
        const bool is_untold = is_of_election(acts[i].verb) && o->value_json.size == 0;
        bl_buffer_format(p->out, " %s", is_untold ? "votes" : acts[i].said);
        if (o->value_json.size > 0) {
            bl_buffer_char(p->out, ' ');
            put_shown(p, o->value_json);
        }
        bl_buffer_format(p->out, "%s ", acts[i].before);
        return;
    }
    bl_buffer_cstring(p->out, ": ");
    put_shown(p, o->event);
    bl_buffer_char(p->out, ' ');
}

static void put_counted(const painter *p)
{
    put_handle(p, p->outcome->actor);
    put_act(p);
    put_shown(p, p->outcome->proposal);
    put_tally_words(p);
}

static void put_elected(const painter *p)
{
    if (p->outcome->value_json.size > 0)
        put_plain(p, p->outcome->value_json); /* an option is no person */
    else
        put_handle(p, p->outcome->to);
    bl_buffer_cstring(p->out, " is ");
    put_painted(p, GREEN, "elected");
    bl_buffer_cstring(p->out, " in ");
    put_proposal(p);
}

static void put_holding(const painter *p, const char *color, const char *is)
{
    const bylaw_outcome *o = p->outcome;
    put_handle(p, o->to.size > 0 ? o->to : o->from);
    bl_buffer_cstring(p->out, " is ");
    put_painted(p, color, is);
    bl_buffer_char(p->out, ' ');
    put_shown(p, o->role);
    if (o->on.size == 0) return;
    bl_buffer_cstring(p->out, " of ");
    put_shown(p, o->on);
}

static void put_instance(const painter *p, const char *color, const char *became)
{
    put_shown(p, p->outcome->scope);
    bl_buffer_char(p->out, ' ');
    put_shown(p, p->outcome->id);
    bl_buffer_cstring(p->out, " is ");
    put_painted(p, color, became);
}

/* "nn.procedure is now unanimity" */
static void put_changed(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    if (o->to.size > 0)
        put_handle(p, o->to);
    else
        put_shown(p, o->id.size > 0 ? o->id : o->on);
    bl_buffer_char(p->out, '.');
    put_shown(p, o->attribute);
    bl_buffer_cstring(p->out, o->value_json.size > 0 ? " is now " : " is not set now");
    put_plain(p, o->value_json);
}

/* What was undone: a grant, a value, a whole decision. */
static void put_undone(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    put_painted(p, YELLOW, "undone");
    bl_buffer_cstring(p->out, ": ");
    if (o->attribute.size > 0)
        put_changed(p);
    else if (o->role.size > 0)
        put_holding(p, PLAIN, "no longer");
    else if (o->id.size > 0)
        put_instance(p, PLAIN, "removed");
    else {
        bl_buffer_cstring(p->out, "what ");
        put_shown(p, o->proposal);
        bl_buffer_cstring(p->out, " did");
    }
}

static void put_field_list(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    for (size_t i = 0; i < o->field_count; i++) {
        bl_buffer_cstring(p->out, i == 0 ? " { " : ", ");
        put_shown(p, o->fields[i].name);
        bl_buffer_cstring(p->out, " : ");
        put_plain(p, o->fields[i].json);
    }
    if (o->field_count > 0) bl_buffer_cstring(p->out, " }");
}

static void put_emitted(const painter *p)
{
    put_shown(p, p->outcome->event);
    bl_buffer_cstring(p->out, " is emitted");
    put_field_list(p);
}

static void put_duty(const painter *p, const char *color, const char *word)
{
    const bylaw_outcome *o = p->outcome;
    put_painted(p, color, word);
    if (o->actor.size > 0) {
        bl_buffer_cstring(p->out, " by ");
        put_handle(p, o->actor);
    } else if (o->to.size > 0) {
        bl_buffer_cstring(p->out, " by ");
        put_handle(p, o->to);
    }
    if (o->proposal.size > 0) {
        bl_buffer_cstring(p->out, " in ");
        put_shown(p, o->proposal);
    }
    if (o->due.size > 0) {
        bl_buffer_cstring(p->out, ", due ");
        put_shown(p, o->due);
    }
}

static void put_malformed(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    put_painted(p, RED, "malformed");
    if (o->line > 0) bl_buffer_format(p->out, ": line %u, column %u", o->line, o->column);
    if (o->because.size > 0) bl_buffer_cstring(p->out, ": ");
    put_shown(p, o->because);
}

static void put_state(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    if (o->proposal.size > 0) {
        put_proposal(p);
        bl_buffer_cstring(p->out, ", ");
        put_shown(p, o->kind);
        if (o->on.size > 0) bl_buffer_cstring(p->out, " on ");
        put_shown(p, o->on);
    } else if (o->role.size > 0) {
        put_handle(p, o->to);
        bl_buffer_cstring(p->out, " is ");
        put_role(p);
    } else {
        put_shown(p, o->scope);
        bl_buffer_char(p->out, ' ');
        put_shown(p, o->id);
    }
    if (o->has_tally) bl_buffer_format(p->out, ", vote %u", o->stage);
    put_tally_words(p);
    put_field_list(p);
}

static void put_word(const painter *p, const char *color, const char *word)
{
    put_proposal(p);
    bl_buffer_char(p->out, ' ');
    put_painted(p, color, word);
}

static void put_scheduled(const painter *p)
{
    bl_buffer_cstring(p->out, "the calendar brings ");
    put_shown(p, p->outcome->event);
}

static void put_disputed(const painter *p)
{
    put_became(p, YELLOW, "disputed");
    if (p->outcome->actor.size == 0) return;
    bl_buffer_cstring(p->out, " by ");
    put_handle(p, p->outcome->actor);
}

static void put_vetoed(const painter *p)
{
    put_became(p, RED, "vetoed");
    if (p->outcome->actor.size == 0) return;
    bl_buffer_cstring(p->out, " by ");
    put_handle(p, p->outcome->actor);
}

/* A type that this version does not know: of a host's own making. */
static void put_unknown(const painter *p)
{
    put_shown(p, p->outcome->type);
    if (p->outcome->proposal.size == 0) return;
    bl_buffer_cstring(p->out, ": ");
    put_shown(p, p->outcome->proposal);
}

static bl_outcome_type type_of(const bylaw_outcome *outcome)
{
    int type = 0;
    while (
        type < BL_OUTCOME_COUNT &&
        !bl_text_equal(bl_text_of(bl_outcome_word((bl_outcome_type)type)), to_text(outcome->type)))
        type++;
    return (bl_outcome_type)type;
}

static void put_head(const painter *p, bl_outcome_type type)
{
    switch (type) {
    case BL_OUTCOME_OPENED: put_opened(p); break;
    case BL_OUTCOME_SECONDED: put_became(p, BOLD, "seconded"); break;
    case BL_OUTCOME_COUNTED: put_counted(p); break;
    case BL_OUTCOME_REFUSED: put_refused(p); break;
    case BL_OUTCOME_PASSED: put_stage_end(p, GREEN, "passed"); break;
    case BL_OUTCOME_FAILED: put_stage_end(p, RED, "failed"); break;
    case BL_OUTCOME_UNRESOLVED: put_stage_end(p, YELLOW, "unresolved"); break;
    case BL_OUTCOME_ESCALATED: put_became(p, YELLOW, "escalated"); break;
    case BL_OUTCOME_DISPUTED: put_disputed(p); break;
    case BL_OUTCOME_VETOED: put_vetoed(p); break;
    case BL_OUTCOME_OVERRIDDEN:
        bl_buffer_cstring(p->out, "the veto of ");
        put_became(p, GREEN, "overridden");
        break;
    case BL_OUTCOME_WITHDRAWN: put_became(p, YELLOW, "withdrawn"); break;
    case BL_OUTCOME_LAPSED: put_word(p, YELLOW, "lapses"); break;
    case BL_OUTCOME_REOPENED: put_became(p, YELLOW, "reopened"); break;
    case BL_OUTCOME_EXTENDED: put_became(p, YELLOW, "extended"); break;
    case BL_OUTCOME_ACCEPTED: put_became(p, GREEN, "accepted"); break;
    case BL_OUTCOME_REJECTED: put_became(p, RED, "rejected"); break;
    case BL_OUTCOME_ELECTED: put_elected(p); break;
    case BL_OUTCOME_EFFECTIVE: put_word(p, GREEN, "takes effect"); break;
    case BL_OUTCOME_FINAL: put_became(p, BOLD, "final"); break;
    case BL_OUTCOME_GRANTED: put_holding(p, GREEN, "now"); break;
    case BL_OUTCOME_REVOKED: put_holding(p, YELLOW, "no longer"); break;
    case BL_OUTCOME_CREATED: put_instance(p, GREEN, "created"); break;
    case BL_OUTCOME_REMOVED: put_instance(p, YELLOW, "removed"); break;
    case BL_OUTCOME_CHANGED: put_changed(p); break;
    case BL_OUTCOME_UNDONE: put_undone(p); break;
    case BL_OUTCOME_EMITTED: put_emitted(p); break;
    case BL_OUTCOME_OWED: put_duty(p, YELLOW, "owed"); break;
    case BL_OUTCOME_FULFILLED: put_duty(p, GREEN, "fulfilled"); break;
    case BL_OUTCOME_VIOLATED: put_duty(p, RED, "violated"); break;
    case BL_OUTCOME_SCHEDULED: put_scheduled(p); break;
    case BL_OUTCOME_MALFORMED: put_malformed(p); break;
    case BL_OUTCOME_STATE: put_state(p); break;
    case BL_OUTCOME_COUNT: put_unknown(p); break;
    }
}

/* Its reason stands in its first line, or its first line says it all. */
static bool is_short(bl_outcome_type type)
{
    return type == BL_OUTCOME_REFUSED || type == BL_OUTCOME_MALFORMED ||
           type == BL_OUTCOME_EFFECTIVE || type == BL_OUTCOME_FINAL;
}

static void put_detail(const painter *p, size_t indent, const char *word, bylaw_text text)
{
    bl_buffer_char(p->out, '\n');
    for (size_t i = 0; i < indent + 2; i++)
        bl_buffer_char(p->out, ' ');
    put_painted(p, DIM, word);
    bl_buffer_char(p->out, ' ');
    put_shown(p, text);
}

#define EVENTS_SHOWN_MAX 8

static void put_cause(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    if (o->event_count == 0) return;
    bl_buffer_cstring(p->out, o->event_count == 1 ? ", event " : ", events ");
    for (size_t i = 0; i < o->event_count && i < EVENTS_SHOWN_MAX; i++)
        bl_buffer_format(p->out, i == 0 ? "%llu" : ", %llu", (unsigned long long)o->events[i]);
    if (o->event_count > EVENTS_SHOWN_MAX)
        bl_buffer_format(p->out, " and %zu more", o->event_count - EVENTS_SHOWN_MAX);
}

static void put_clause(const painter *p, size_t indent)
{
    put_detail(p, indent, "under", p->outcome->clause);
    put_cause(p);
}

static void write_text(const painter *p)
{
    const bylaw_outcome *o = p->outcome;
    const bl_outcome_type type = type_of(o);
    const size_t indent = put_time(p);
    put_head(p, type);
    const bool has_because = o->because.size > 0 && !is_short(type);
    if (has_because) put_detail(p, indent, "because", o->because);
    const bool wants_clause = type != BL_OUTCOME_EFFECTIVE && type != BL_OUTCOME_FINAL;
    if (o->clause.size > 0 && wants_clause) put_clause(p, indent);
    bl_buffer_char(p->out, '\n');
}

void bl_outcome_write(const bylaw_outcome *outcome, bylaw_format format, bool color, bl_buffer *out)
{
    if (format == BYLAW_JSON)
        write_json(outcome, out);
    else
        write_text(&(painter){outcome, out, color});
}

/* The first piece asked for stands on the stack: most outcomes fit, and so ask the host for
 * nothing. */
typedef struct desk {
    bl_memory host;
    bool is_taken;
    char room[2048];
} desk;

static void *desk_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    desk *own = context;
    const bool is_room = pointer == own->room;
    if (!pointer && !own->is_taken && new_size <= sizeof own->room) {
        own->is_taken = true;
        return own->room;
    }
    if (!is_room) return own->host.resize(own->host.context, pointer, old_size, new_size);
    if (new_size > 0 && new_size <= sizeof own->room) return own->room;
    void *moved = new_size > 0 ? own->host.resize(own->host.context, NULL, 0, new_size) : NULL;
    if (moved) memcpy(moved, own->room, old_size);
    return moved;
}

bylaw_status bylaw_outcome_write(const bylaw_outcome *outcome, bylaw_format format, bool color,
                                 const bylaw_allocator *allocator, bylaw_writer out)
{
    assert(outcome && out.write);
    desk own;
    own.host = bl_memory_default;
    own.is_taken = false;
    if (allocator) own.host = (bl_memory){allocator->resize, allocator->context};
    const bl_memory memory = {desk_resize, &own};
    bl_buffer buffer;
    bl_buffer_init(&buffer, &memory);
    bl_outcome_write(outcome, format, color, &buffer);
    const bylaw_status status = buffer.failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK) out.write(out.context, buffer.bytes, buffer.size);
    bl_buffer_free(&buffer);
    return status;
}
