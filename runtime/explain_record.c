/*
 * What came to a proposal in its life, kept for questions: each outcome as a few bytes.
 *
 * A record says which parts of the outcome there are and then those parts: numbers as a few bytes
 * (seven bits in each), texts as the number of an actor, as a number, as the number of a text that
 * was said before (reasons and clauses repeat), or as they are. What the proposal knows (its id,
 * its kind, what it is about) is not kept again. Records are never changed; reading makes the
 * outcome anew.
 *
 * Proposals that were refused have no life. The last of them are kept beside, by the same bytes.
 */
#include "machine.h"

#include <assert.h>
#include <string.h>

#define SHARED_SIZE_MAX 256 /* longer texts hardly repeat */

/* The texts of an outcome that may be kept, in the order of their bits. */
static const size_t text_places[] = {
    offsetof(bylaw_outcome, event),     offsetof(bylaw_outcome, proposal),
    offsetof(bylaw_outcome, kind),      offsetof(bylaw_outcome, on),
    offsetof(bylaw_outcome, actor),     offsetof(bylaw_outcome, role),
    offsetof(bylaw_outcome, scope),     offsetof(bylaw_outcome, id),
    offsetof(bylaw_outcome, to),        offsetof(bylaw_outcome, from),
    offsetof(bylaw_outcome, attribute), offsetof(bylaw_outcome, value_json),
    offsetof(bylaw_outcome, due),       offsetof(bylaw_outcome, approve),
    offsetof(bylaw_outcome, reject),    offsetof(bylaw_outcome, abstain),
    offsetof(bylaw_outcome, body),      offsetof(bylaw_outcome, because),
    offsetof(bylaw_outcome, clause)};
enum { TEXT_COUNT = sizeof text_places / sizeof *text_places };

enum {
    HAS_TIME = 1u << TEXT_COUNT,
    HAS_TALLY = HAS_TIME << 1,
    HAS_FIELDS = HAS_TIME << 2,
    HAS_EVENTS = HAS_TIME << 3,
    IS_OWN = HAS_TIME << 4 /* proposal, kind and on are those of the proposal */
};

typedef enum text_form { FORM_PLAIN, FORM_SHARED, FORM_NUMBER, FORM_ACTOR } text_form;

static bylaw_text *text_at(bylaw_outcome *outcome, size_t index)
{
    return (bylaw_text *)((char *)outcome + text_places[index]);
}

static bl_text text_in(const bylaw_outcome *outcome, size_t index)
{
    const bylaw_text *text = (const bylaw_text *)((const char *)outcome + text_places[index]);
    return (bl_text){text->bytes, text->size};
}

static bool is_handle(size_t index)
{
    return text_places[index] == offsetof(bylaw_outcome, actor) ||
           text_places[index] == offsetof(bylaw_outcome, to) ||
           text_places[index] == offsetof(bylaw_outcome, from);
}

/* ---- keeping ---- */

static void put_number(bl_buffer *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        bl_buffer_char(out, (char)(number | 0x80));
    bl_buffer_char(out, (char)number);
}

/* A number of at most nine digits, as it is written everywhere. */
static bool is_number(bl_text text, uint64_t *number)
{
    *number = 0;
    if (text.size == 0 || text.size > 9 || (text.bytes[0] == '0' && text.size > 1)) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') return false;
        *number = *number * 10 + (uint64_t)(text.bytes[i] - '0');
    }
    return true;
}

static void put_plain(bl_buffer *out, bl_text text)
{
    put_number(out, (uint64_t)text.size << 2 | FORM_PLAIN);
    bl_buffer_text(out, text);
}

static void put_text(bl_engine *engine, bl_text text, bool is_actor, bool may_share)
{
    bl_buffer *out = &engine->buffer;
    uint64_t number;
    const uint32_t actor = is_actor ? bl_actor_find(engine, text) : BL_NONE;
    if (actor != BL_NONE && bl_text_equal(engine->actors.items[actor].shown, text)) {
        put_number(out, (uint64_t)actor << 2 | FORM_ACTOR);
    } else if (is_number(text, &number)) {
        put_number(out, number << 2 | FORM_NUMBER);
    } else if (may_share && text.size <= SHARED_SIZE_MAX) {
        const uint32_t shared = bl_names_add(engine->said, text);
        if (shared == BL_NONE) out->failed = true;
        put_number(out, (uint64_t)shared << 2 | FORM_SHARED);
    } else {
        put_plain(out, text);
    }
}

static void put_fields(bl_engine *engine, const bylaw_outcome *outcome)
{
    put_number(&engine->buffer, outcome->field_count);
    for (size_t i = 0; i < outcome->field_count; i++) {
        const bylaw_field *field = &outcome->fields[i];
        put_text(engine, (bl_text){field->name.bytes, field->name.size}, false, true);
        put_plain(&engine->buffer, (bl_text){field->json.bytes, field->json.size});
    }
}

/* They come in order: the steps between them are small. */
static void put_events(bl_buffer *out, const bylaw_outcome *outcome)
{
    uint64_t before = 0;
    put_number(out, outcome->event_count);
    for (size_t i = 0; i < outcome->event_count; i++) {
        assert(outcome->events[i] >= before);
        put_number(out, outcome->events[i] - before);
        before = outcome->events[i];
    }
}

/* The seven-bit numbers have no sign: times before 1970 come out as odd ones. */
static uint64_t fold_sign(int64_t number)
{
    return number < 0 ? ((uint64_t)~number << 1 | 1) : (uint64_t)number << 1;
}

static bool is_own(const bl_engine *engine, const bl_proposal *proposal,
                   const bylaw_outcome *outcome)
{
    if (!proposal) return false;
    const bl_text kind = bl_names_text(engine->program->names, bl_kind_of(engine, proposal)->name);
    const bl_text on = proposal->instance == BL_NONE ? BL_TEXT("")
                                                     : bl_instance_id(engine, proposal->instance);
    const bl_text said[] = {{outcome->proposal.bytes, outcome->proposal.size},
                            {outcome->kind.bytes, outcome->kind.size},
                            {outcome->on.bytes, outcome->on.size}};
    return bl_text_equal(said[0], bl_proposal_id(engine, proposal)) &&
           bl_text_equal(said[1], kind) && bl_text_equal(said[2], on);
}

static bool is_of_proposal(size_t index)
{
    return text_places[index] == offsetof(bylaw_outcome, proposal) ||
           text_places[index] == offsetof(bylaw_outcome, kind) ||
           text_places[index] == offsetof(bylaw_outcome, on);
}

static uint32_t parts_of(const bl_engine *engine, const bl_proposal *proposal,
                         const bylaw_outcome *outcome)
{
    uint32_t parts = 0;
    const bool own = is_own(engine, proposal, outcome);
    for (size_t i = 0; i < TEXT_COUNT; i++)
        if (text_in(outcome, i).size > 0 && !(own && is_of_proposal(i))) parts |= 1u << i;
    if (outcome->time.size > 0) parts |= HAS_TIME;
    if (outcome->has_tally) parts |= HAS_TALLY;
    if (outcome->field_count > 0) parts |= HAS_FIELDS;
    if (outcome->event_count > 0) parts |= HAS_EVENTS;
    return own ? parts | IS_OWN : parts;
}

/* Appends the outcome to engine->buffer. A reason that came with a ballot hardly repeats. */
static void put_record(bl_engine *engine, bl_outcome_type type, const bl_proposal *proposal,
                       const bylaw_outcome *outcome)
{
    bl_buffer *out = &engine->buffer;
    const uint32_t parts = parts_of(engine, proposal, outcome);
    put_number(out, parts);
    put_number(out, type);
    put_number(out, outcome->seq);
    put_number(out, outcome->stage);
    bl_time time = 0;
    const char *why;
    if (parts & HAS_TIME) {
        const bl_text text = {outcome->time.bytes, outcome->time.size};
        const bool is_time = bl_time_parse(text, &time, &why);
        assert(is_time);
        (void)is_time;
        put_number(out, fold_sign(time % BL_SECOND == 0 ? time / BL_SECOND : time));
        bl_buffer_char(out, time % BL_SECOND == 0);
    }
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const bool is_reason = type == BL_OUTCOME_COUNTED &&
                               text_places[i] == offsetof(bylaw_outcome, because);
        if (parts & 1u << i) put_text(engine, text_in(outcome, i), is_handle(i), !is_reason);
    }
    if (parts & HAS_FIELDS) put_fields(engine, outcome);
    if (parts & HAS_EVENTS) put_events(out, outcome);
}

static bool keep_in_life(bl_engine *engine, const bl_proposal *proposal, bl_text record)
{
    bl_proposal *own = engine->proposals.items[proposal->index];
    const char *copy = bl_arena_copy(&engine->arena, record.bytes, record.size);
    if (!copy || !bl_vector_reserve(&engine->memory, &own->records, 1)) return false;
    own->records.items[own->records.count++] = copy;
    return true;
}

/* The last of them stay, in a ring: the oldest makes room. */
static bool keep_refused(bl_engine *engine, bl_text record)
{
    char *copy = bl_memory_alloc(&engine->memory, record.size);
    if (!copy) return false;
    memcpy(copy, record.bytes, record.size);
    const bl_text kept = {copy, record.size};
    if (engine->refused.count < BL_REFUSED_KEPT_MAX) {
        const bool has_room = bl_vector_reserve(&engine->memory, &engine->refused, 1);
        if (has_room)
            engine->refused.items[engine->refused.count++] = kept;
        else
            bl_memory_free(&engine->memory, copy, record.size);
        return has_room;
    }
    bl_text *oldest = &engine->refused.items[engine->refused_first];
    bl_memory_free(&engine->memory, (char *)oldest->bytes, oldest->size);
    *oldest = kept;
    engine->refused_first = (engine->refused_first + 1) % BL_REFUSED_KEPT_MAX;
    return true;
}

void bl_record_keep(bl_engine *engine, bl_outcome_type type, const bl_proposal *proposal,
                    const bylaw_outcome *outcome)
{
    const bl_text event = {outcome->event.bytes, outcome->event.size};
    const bool is_refused = type == BL_OUTCOME_REFUSED && outcome->proposal.size > 0 &&
                            bl_text_equal(event, bl_text_of(bl_verb_word(BL_VERB_PROPOSE)));
    if (type == BL_OUTCOME_STATE || (!proposal && !is_refused)) return;
    bl_buffer *buffer = &engine->buffer;
    const size_t mark = buffer->size;
    put_record(engine, type, proposal, outcome);
    bool done = !buffer->failed && buffer->size > mark;
    const bl_text record = {done ? buffer->bytes + mark : "", done ? buffer->size - mark : 0};
    if (done)
        done = proposal ? keep_in_life(engine, proposal, record) : keep_refused(engine, record);
    if (buffer->failed)
        bl_buffer_clear(buffer);
    else
        buffer->size = mark;
    if (!done) bl_no_memory(engine);
}

void bl_records_destroy(bl_engine *engine)
{
    for (size_t i = 0; i < engine->refused.count; i++) {
        const bl_text kept = engine->refused.items[i];
        bl_memory_free(&engine->memory, (char *)kept.bytes, kept.size);
    }
    bl_vector_free(&engine->memory, &engine->refused);
}

/* ---- reading ---- */

static uint64_t take_number(const char **at)
{
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const unsigned char byte = (unsigned char)*(*at)++;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return number;
    }
}

static bylaw_text take_text(bl_engine *engine, const char **at)
{
    const uint64_t head = take_number(at);
    const uint64_t number = head >> 2;
    bl_text text = {*at, (size_t)number};
    switch ((text_form)(head & 3)) {
    case FORM_PLAIN: *at += text.size; break;
    case FORM_SHARED: text = bl_names_text(engine->said, (uint32_t)number); break;
    case FORM_NUMBER: return bl_say(engine, "%u", (unsigned)number);
    case FORM_ACTOR: text = engine->actors.items[number].shown; break;
    }
    return (bylaw_text){text.bytes, text.size};
}

static bylaw_text take_time(bl_engine *engine, const char **at)
{
    const uint64_t folded = take_number(at);
    int64_t time = folded & 1 ? ~(int64_t)(folded >> 1) : (int64_t)(folded >> 1);
    if (*(*at)++) time *= BL_SECOND;
    const size_t mark = engine->buffer.size;
    bl_time_write(&engine->buffer, time);
    return bl_say_built(engine, mark);
}

static void take_fields(bl_engine *engine, const char **at, bylaw_outcome *out)
{
    const size_t count = (size_t)take_number(at);
    bylaw_field *fields = bl_arena_array(&engine->scratch, count, sizeof *fields);
    if (!fields) {
        bl_no_memory(engine);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        fields[i].name = take_text(engine, at);
        fields[i].json = take_text(engine, at);
    }
    out->fields = fields;
    out->field_count = count;
}

static void take_events(bl_engine *engine, const char **at, bylaw_outcome *out)
{
    const size_t count = (size_t)take_number(at);
    uint64_t *events = bl_arena_array(&engine->scratch, count, sizeof *events);
    if (!events) {
        bl_no_memory(engine);
        return;
    }
    for (size_t i = 0; i < count; i++)
        events[i] = (i > 0 ? events[i - 1] : 0) + take_number(at);
    out->events = events;
    out->event_count = count;
}

static void take_own(const bl_engine *engine, const bl_proposal *proposal, bylaw_outcome *out)
{
    const bl_text id = bl_proposal_id(engine, proposal);
    const bl_text kind = bl_names_text(engine->program->names, bl_kind_of(engine, proposal)->name);
    out->proposal = (bylaw_text){id.bytes, id.size};
    out->kind = (bylaw_text){kind.bytes, kind.size};
    if (proposal->instance == BL_NONE) return;
    const bl_text on = bl_instance_id(engine, proposal->instance);
    out->on = (bylaw_text){on.bytes, on.size};
}

static bool read_record(bl_engine *engine, const bl_proposal *proposal, const char *at,
                        bylaw_outcome *out)
{
    *out = (bylaw_outcome){0};
    const uint32_t parts = (uint32_t)take_number(&at);
    const bl_text type = bl_text_of(bl_outcome_word((bl_outcome_type)take_number(&at)));
    out->type = (bylaw_text){type.bytes, type.size};
    out->seq = take_number(&at);
    out->stage = (uint32_t)take_number(&at);
    if (parts & HAS_TIME) out->time = take_time(engine, &at);
    if (parts & IS_OWN) take_own(engine, proposal, out);
    for (size_t i = 0; i < TEXT_COUNT; i++)
        if (parts & 1u << i) *text_at(out, i) = take_text(engine, &at);
    if (parts & HAS_FIELDS) take_fields(engine, &at, out);
    if (parts & HAS_EVENTS) take_events(engine, &at, out);
    out->has_tally = parts & HAS_TALLY;
    return !engine->out_of_memory;
}

uint32_t bl_record_count(const bl_proposal *proposal)
{
    return (uint32_t)proposal->records.count;
}

bool bl_record_read(bl_engine *engine, const bl_proposal *proposal, uint32_t index,
                    bylaw_outcome *out)
{
    return read_record(engine, proposal, proposal->records.items[index], out);
}

bl_outcome_type bl_record_type(const bl_proposal *proposal, uint32_t index)
{
    const char *at = proposal->records.items[index];
    take_number(&at);
    return (bl_outcome_type)take_number(&at);
}

uint32_t bl_refused_count(const bl_engine *engine)
{
    return (uint32_t)engine->refused.count;
}

bool bl_refused_read(bl_engine *engine, uint32_t index, bylaw_outcome *out)
{
    const size_t at = (engine->refused_first + index) % engine->refused.count;
    return read_record(engine, NULL, engine->refused.items[at].bytes, out);
}
