/*
 * Words for events: each sort of event as the statement that makes it, and whether a line and an
 * event say the same.
 */
#include "scenario_say.h"

#include <string.h>

#include "../runtime/limits.h"
#include "check.h"
#include "parse.h"
#include "grammar.h"

/* ---- wordings ---- */

void bl_wording_init(bl_wording *wording, const bl_memory *memory)
{
    wording->is_given = false;
    bl_buffer_init(&wording->who, memory);
    bl_buffer_init(&wording->one, memory);
    bl_buffer_init(&wording->many, memory);
}

static void clear_wording(bl_wording *wording)
{
    wording->is_given = false;
    bl_buffer_clear(&wording->who);
    bl_buffer_clear(&wording->one);
    bl_buffer_clear(&wording->many);
}

void bl_wording_free(bl_wording *wording)
{
    bl_buffer_free(&wording->who);
    bl_buffer_free(&wording->one);
    bl_buffer_free(&wording->many);
}

/* ---- texts, handles, ids ---- */

/* Controls and marks that turn the direction of writing are written by their numbers. */
static size_t unseen_size(bl_text text, size_t at, unsigned *point)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes + at;
    *point = bytes[0];
    if (bytes[0] < 0x20 || bytes[0] == 0x7F) return 1;
    if (text.size - at >= 2 && bytes[0] == 0xC2 && bytes[1] < 0xA0) {
        *point = bytes[1];
        return 2;
    }
    if (text.size - at < 3 || bytes[0] != 0xE2) return 0;
    *point = 0x2000u | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    const bool is_mark = (*point >= 0x200B && *point <= 0x200F) ||
                         (*point >= 0x2028 && *point <= 0x202E) ||
                         (*point >= 0x2060 && *point <= 0x206F);
    return is_mark ? 3 : 0;
}

void bl_tale_put_text(bl_text text, bl_buffer *out)
{
    bl_buffer_char(out, '"');
    for (size_t at = 0; at < text.size;) {
        unsigned point;
        const size_t unseen = unseen_size(text, at, &point);
        const char byte = text.bytes[at];
        if (byte == '"' || byte == '\\') bl_buffer_char(out, '\\');
        if (unseen > 0)
            bl_buffer_format(out, point == '\n' ? "\\n" : "\\u{%x}", point);
        else
            bl_buffer_char(out, byte);
        at += unseen > 0 ? unseen : 1;
    }
    bl_buffer_char(out, '"');
}

static bool is_plain_handle(bl_text handle)
{
    const char *bytes = handle.bytes;
    for (size_t i = 0; i < handle.size; i++) {
        const bool is_letter = (bytes[i] >= 'a' && bytes[i] <= 'z') ||
                               (bytes[i] >= 'A' && bytes[i] <= 'Z') ||
                               (bytes[i] >= '0' && bytes[i] <= '9');
        const bool is_inner = (bytes[i] == '_' && i > 0) ||
                              (bytes[i] == '-' && i > 0 && i + 1 < handle.size);
        if (!is_letter && !is_inner) return false;
    }
    return handle.size > 0;
}

void bl_tale_put_handle(bl_text handle, bl_buffer *out)
{
    bl_buffer_char(out, '@');
    if (is_plain_handle(handle))
        bl_buffer_text(out, handle);
    else
        bl_tale_put_text(handle, out);
}

/* A name that is no word of the language. */
static bool is_name(bl_text text)
{
    if (text.size == 0) return false;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.bytes[i];
        const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                               byte == '_' || byte >= 0x80;
        if (!is_letter && (i == 0 || byte < '0' || byte > '9')) return false;
    }
    return bl_lexeme_name_size(text) == text.size && bl_lexeme_name_token(text) == TK_NAME;
}

/* A name means one thing in the whole scenario, and nothing that the policy declares. */
static bool can_be_name(const bl_tale *tale, bl_text id)
{
    const bool is_instance = bl_names_find(tale->ids.instances, id) != BL_NONE;
    const bool is_proposal = bl_names_find(tale->ids.proposals, id) != BL_NONE;
    return is_instance != is_proposal && is_name(id) && !bl_name_is_taken(tale->compiler, id);
}

void bl_tale_put_id(const bl_tale *tale, bl_text id, bl_buffer *out)
{
    if (bl_names_find(tale->ids.said, id) != BL_NONE && can_be_name(tale, id))
        bl_buffer_text(out, id);
    else
        bl_tale_put_text(id, out);
}

/* The same where only something of this sort is meant: a name of another sort would be a slip. */
static void put_one_of(const bl_tale *tale, const bl_names *sort, bl_text id, bl_buffer *out)
{
    if (bl_names_find(sort, id) == BL_NONE)
        bl_tale_put_text(id, out);
    else
        bl_tale_put_id(tale, id, out);
}

void bl_tale_put_instance(const bl_tale *tale, bl_text id, bl_buffer *out)
{
    put_one_of(tale, tale->ids.instances, id, out);
}

/* The statement brings the id in. */
static void put_new_id(const bl_tale *tale, bl_text id, bl_buffer *out)
{
    if (can_be_name(tale, id))
        bl_buffer_text(out, id);
    else
        bl_tale_put_text(id, out);
}

/* ---- members ---- */

bl_verb bl_tale_verb(bl_text type)
{
    for (int verb = 0; verb < BL_VERB_COUNT; verb++)
        if (bl_text_equal(type, bl_text_of(bl_verb_word((bl_verb)verb)))) return (bl_verb)verb;
    return BL_VERB_COUNT;
}

/* A text member; false without one. */
static bool get(const bl_told *told, const char *key, bl_text *out)
{
    const bl_json *value = bl_json_find(told->json, bl_text_of(key));
    if (!value || value->kind != BL_JSON_TEXT) return false;
    *out = value->as.text;
    return true;
}

static const bl_symbol *find(const bl_tale *tale, bl_text name, bl_symbol_kind kind)
{
    const bl_symbol *symbol = bl_symbol_find(tale->compiler, name);
    return symbol && symbol->kind == kind ? symbol : NULL;
}

/* ---- values ---- */

static bool put_value(const bl_tale *tale, const bl_json *json, bl_type type, bl_buffer *out);

static bool put_items(const bl_tale *tale, const bl_json *json, bl_type type, bl_buffer *out)
{
    if (json->kind != BL_JSON_ARRAY) return false;
    type.is_list = false;
    bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < json->count; i++) {
        if (i > 0) bl_buffer_cstring(out, ", ");
        if (!put_value(tale, &json->as.items[i], type, out)) return false;
    }
    bl_buffer_char(out, ']');
    return true;
}

static bool put_number(const bl_json *json, bl_buffer *out)
{
    bl_rational number;
    if (json->kind == BL_JSON_NUMBER)
        number = json->as.number;
    else if (json->kind != BL_JSON_TEXT || !bl_rational_parse(json->as.text, &number))
        return false;
    bl_rational_write(out, number);
    return true;
}

/* "14 days", and nothing longer. */
static bool read_duration(bl_text text, bl_duration *out)
{
    size_t at = 0;
    int64_t number = 0;
    while (at < text.size && at < 15 && text.bytes[at] >= '0' && text.bytes[at] <= '9')
        number = number * 10 + (text.bytes[at++] - '0');
    if (at == 0 || at >= text.size || text.bytes[at] != ' ') return false;
    return bl_duration_of(number, (bl_text){text.bytes + at + 1, text.size - at - 1}, out);
}

static bool read_time(bl_text text, bl_time *out)
{
    const char *why;
    return bl_time_parse(text, out, &why) || bl_date_parse(text, out, &why);
}

static bool put_words(const bl_tale *tale, bl_text text, bl_base base, bl_buffer *out)
{
    bl_duration duration;
    bl_time time;
    switch (base) {
    case BL_BASE_TEXT: bl_tale_put_text(text, out); return true;
    case BL_BASE_ACTOR: bl_tale_put_handle(text, out); return true;
    case BL_BASE_INSTANCE: put_one_of(tale, tale->ids.instances, text, out); return true;
    case BL_BASE_PROPOSAL: put_one_of(tale, tale->ids.proposals, text, out); return true;
    case BL_BASE_DURATION: bl_buffer_text(out, text); return read_duration(text, &duration);
    case BL_BASE_TIME: bl_buffer_text(out, text); return read_time(text, &time);
    case BL_BASE_ROLE:
    case BL_BASE_PROCEDURE: bl_buffer_text(out, text); return is_name(text);
    case BL_BASE_NOTHING:
    case BL_BASE_NUMBER:
    case BL_BASE_BOOLEAN:
    case BL_BASE_EVENT:
    case BL_BASE_SET:
    case BL_BASE_LIST: break;
    }
    return false;
}

static bool put_value(const bl_tale *tale, const bl_json *json, bl_type type, bl_buffer *out)
{
    if (type.is_list) return put_items(tale, json, type, out);
    if (type.base == BL_BASE_NUMBER) return put_number(json, out);
    if (type.base == BL_BASE_BOOLEAN) {
        if (json->kind != BL_JSON_BOOLEAN) return false;
        bl_buffer_cstring(out, json->as.boolean ? "true" : "false");
        return true;
    }
    return json->kind == BL_JSON_TEXT && put_words(tale, json->as.text, (bl_base)type.base, out);
}

/* `{ files : ["a"], urgent : true }`: the members that are declared; nothing where none is. */
static bool put_fields(const bl_tale *tale, const bl_told *told, bool has_fields, bl_range fields,
                       uint32_t scope, bl_buffer *out)
{
    const bl_program *program = tale->compiler->program;
    bool has_some = false;
    for (uint32_t i = 0; i < told->json->count; i++) {
        const bl_json_member *member = &told->json->as.members[i];
        const uint32_t row = has_fields ? bl_field_find(tale->compiler, fields, member->key)
                                        : bl_attribute_find(tale->compiler, scope, member->key);
        if (row == BL_NONE) continue;
        bl_buffer_cstring(out, has_some ? ", " : " { ");
        has_some = true;
        bl_buffer_text(out, member->key);
        bl_buffer_cstring(out, " : ");
        if (!put_value(tale, &member->value,
                       has_fields ? program->fields[row].type : program->attributes[row].type, out))
            return false;
    }
    if (has_some) bl_buffer_cstring(out, " }");
    return true;
}

static void put_reason(const bl_told *told, bl_buffer *out)
{
    bl_text reason;
    if (!get(told, "reason", &reason)) return;
    bl_buffer_cstring(out, " because ");
    bl_tale_put_text(reason, out);
}

/* ---- facts ---- */

/* ` maintainer of nn` */
static bool put_role(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text role, on;
    if (!get(told, "role", &role) || !find(tale, role, BL_SYMBOL_ROLE)) return false;
    bl_buffer_text(out, role);
    if (!get(told, "on", &on)) return true;
    bl_buffer_cstring(out, " of ");
    put_one_of(tale, tale->ids.instances, on, out);
    return true;
}

static bool word_given_role(const bl_tale *tale, const bl_told *told, bl_wording *out)
{
    bl_text to;
    if (!get(told, "to", &to)) return false;
    bl_tale_put_handle(to, &out->who);
    bl_buffer_cstring(&out->one, " is ");
    bl_buffer_cstring(&out->many, " are ");
    return put_role(tale, told, &out->one) && put_role(tale, told, &out->many);
}

static bool word_create(const bl_tale *tale, const bl_told *told, bl_wording *out)
{
    static const char *const actors[] = {"person", "organization", "agent"};
    bl_text scope, id;
    if (!get(told, "scope", &scope) || !get(told, "id", &id)) return false;
    const bl_symbol *symbol = find(tale, scope, BL_SYMBOL_SCOPE);
    bool is_actor = false;
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++)
        is_actor = is_actor || bl_text_equal(scope, bl_text_of(actors[i]));
    if (!is_actor && !symbol) return false;
    bl_buffer_cstring(&out->one, told->is_given ? "given " : " creates ");
    bl_buffer_text(&out->one, scope);
    bl_buffer_char(&out->one, ' ');
    if (is_actor && told->is_given)
        bl_tale_put_handle(id, &out->one);
    else
        put_new_id(tale, id, &out->one);
    return put_fields(tale, told, false, (bl_range){0, 0}, is_actor ? BL_NONE : symbol->index,
                      &out->one);
}

/* The scope of the instance that the event means; BL_NONE: there is none. */
static uint32_t scope_of(const bl_tale *tale, bl_text id)
{
    for (uint32_t scope = 0; scope < tale->engine->program->scope_count; scope++)
        if (bl_instance_find(tale->engine, scope, id) != BL_NONE) return scope;
    return BL_NONE;
}

/* `nn.procedure = majority` */
static bool word_set(const bl_tale *tale, const bl_told *told, uint32_t n, bl_wording *out)
{
    const bl_program *program = tale->compiler->program;
    const bl_json_member *member = &told->json->as.members[n];
    bl_text on, whose;
    const bool is_on = get(told, "on", &on);
    const uint32_t scope = is_on ? scope_of(tale, on) : BL_NONE;
    if (is_on && scope == BL_NONE) return false;
    if (!is_on && !get(told, "to", &whose) && !get(told, "actor", &whose)) return false;
    const uint32_t row = bl_attribute_find(tale->compiler, scope, member->key);
    if (row == BL_NONE) return false;
    bl_buffer_cstring(&out->one, told->is_given ? "given " : " sets ");
    if (is_on)
        bl_tale_put_id(tale, on, &out->one);
    else
        bl_tale_put_handle(whose, &out->one);
    bl_buffer_char(&out->one, '.');
    bl_buffer_text(&out->one, member->key);
    bl_buffer_cstring(&out->one, " = ");
    return put_value(tale, &member->value, program->attributes[row].type, &out->one);
}

/* ---- acts ---- */

static bool word_propose(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text kind, on, id;
    if (!get(told, "kind", &kind) || !get(told, "id", &id)) return false;
    const bl_symbol *symbol = find(tale, kind, BL_SYMBOL_KIND);
    if (!symbol) return false;
    const bl_kind *row = &tale->compiler->program->kinds[symbol->index];
    bl_buffer_cstring(out, " proposes ");
    bl_buffer_text(out, kind);
    if (get(told, "on", &on)) {
        bl_buffer_cstring(out, " on ");
        if (row->scope == BL_NONE)
            bl_tale_put_text(on, out); /* it is about nothing, and refused */
        else
            put_one_of(tale, tale->ids.instances, on, out);
    }
    bl_buffer_cstring(out, " as ");
    put_new_id(tale, id, out);
    return put_fields(tale, told, true, row->fields, BL_NONE, out);
}

static bool put_proposal(const bl_tale *tale, const bl_told *told, const char *before,
                         bl_buffer *out)
{
    bl_text id;
    if (!get(told, "proposal", &id)) return false;
    bl_buffer_cstring(out, before);
    put_one_of(tale, tale->ids.proposals, id, out);
    return true;
}

/* People are ranked by their handles, options by their names. */
static bool put_candidate(const bl_tale *tale, const bl_told *told, const bl_json *json,
                          bl_buffer *out)
{
    bl_text id;
    if (json->kind != BL_JSON_TEXT) return false;
    const bl_proposal *proposal = get(told, "proposal", &id) ? bl_proposal_find(tale->engine, id)
                                                             : NULL;
    const bl_program *program = tale->engine->program;
    const bl_kind *kind = proposal ? &program->kinds[proposal->kind] : NULL;
    const bool is_default = kind && kind->default_option != BL_NONE &&
                            bl_text_equal(bl_names_text(program->names, kind->default_option),
                                          json->as.text);
    if (kind && kind->candidates_body != BL_NONE && !is_default)
        bl_tale_put_handle(json->as.text, out);
    else
        bl_tale_put_text(json->as.text, out);
    return true;
}

static bool put_candidates(const bl_tale *tale, const bl_told *told, const bl_json *json,
                           const char *between, bl_buffer *out)
{
    if (json->kind != BL_JSON_ARRAY) return put_candidate(tale, told, json, out);
    for (uint32_t i = 0; i < json->count; i++) {
        if (i > 0) bl_buffer_cstring(out, between);
        if (!put_candidate(tale, told, &json->as.items[i], out)) return false;
    }
    return json->count > 0;
}

static bool word_rank(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    const bl_json *ranking = bl_json_find(told->json, BL_TEXT("ranking"));
    if (!ranking || ranking->kind != BL_JSON_ARRAY || ranking->count == 0) return false;
    bl_buffer_cstring(out, " ranks ");
    for (uint32_t i = 0; i < ranking->count; i++) {
        if (i > 0) bl_buffer_cstring(out, " > ");
        if (!put_candidates(tale, told, &ranking->as.items[i], " = ", out)) return false;
    }
    return put_proposal(tale, told, " in ", out);
}

static bool word_choose(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    const bl_json *choice = bl_json_find(told->json, BL_TEXT("choice"));
    bl_buffer_cstring(out, " chooses ");
    return choice && put_candidates(tale, told, choice, ", ", out) &&
           put_proposal(tale, told, " in ", out);
}

/* The grammar takes decimals here, not fractions. */
static bool put_score(const bl_json *json, bl_buffer *out)
{
    bl_rational score;
    if (json->kind == BL_JSON_NUMBER)
        score = json->as.number;
    else if (json->kind != BL_JSON_TEXT || !bl_rational_parse(json->as.text, &score))
        return false;
    bl_rational_write_decimal(out, score);
    return true;
}

static bool word_withdraw(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text candidate;
    return put_proposal(
        tale, told, get(told, "candidate", &candidate) ? " withdraws from " : " withdraws ", out);
}

static bool word_score(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    const bl_json *scores = bl_json_find(told->json, BL_TEXT("scores"));
    if (!scores || scores->kind != BL_JSON_OBJECT || scores->count == 0) return false;
    bl_buffer_cstring(out, " scores ");
    for (uint32_t i = 0; i < scores->count; i++) {
        if (i > 0) bl_buffer_cstring(out, ", ");
        bl_tale_put_text(scores->as.members[i].key, out);
        bl_buffer_char(out, ' ');
        if (!put_score(&scores->as.members[i].value, out)) return false;
    }
    return put_proposal(tale, told, " in ", out);
}

static bool word_conflict(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text to;
    if (!get(told, "to", &to)) return put_proposal(tale, told, " declares conflict in ", out);
    bl_buffer_cstring(out, " declares ");
    bl_tale_put_handle(to, out);
    return put_proposal(tale, told, " conflicted in ", out);
}

/* What one does, and what several do: `approves p`, `approve p`. */
static bool word_ballot(const bl_tale *tale, const bl_told *told, const char *one, const char *many,
                        bl_wording *out)
{
    if (!put_proposal(tale, told, one, &out->one)) return false;
    put_reason(told, &out->one);
    put_proposal(tale, told, many, &out->many);
    put_reason(told, &out->many);
    return true;
}

static bool word_grant(const bl_tale *tale, const bl_told *told, bool is_grant, bl_buffer *out)
{
    bl_text whom;
    if (!get(told, is_grant ? "to" : "from", &whom)) return false;
    bl_buffer_cstring(out, is_grant ? " grants " : " revokes ");
    if (!put_role(tale, told, out)) return false;
    bl_buffer_cstring(out, is_grant ? " to " : " from ");
    bl_tale_put_handle(whom, out);
    return true;
}

static bool word_remove(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text id;
    if (!get(told, "id", &id)) return false;
    bl_buffer_cstring(out, " removes ");
    bl_tale_put_id(tale, id, out);
    return true;
}

static bool word_resign(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_buffer_cstring(out, " resigns ");
    return put_role(tale, told, out);
}

static bool word_seed(const bl_tale *tale, const bl_told *told, bl_buffer *out)
{
    bl_text seed, id;
    if (!get(told, "seed", &seed)) return false;
    bl_buffer_cstring(out, "seed ");
    bl_tale_put_text(seed, out);
    return !get(told, "proposal", &id) || put_proposal(tale, told, " in ", out);
}

/* An event of the policy's own, sent by somebody or by nobody. */
static bool word_own(const bl_tale *tale, const bl_told *told, bool has_actor, bl_buffer *out)
{
    const bl_symbol *symbol = find(tale, told->type, BL_SYMBOL_EVENT);
    if (!symbol) return false;
    bl_buffer_cstring(out, has_actor ? " emits " : "emit ");
    bl_buffer_text(out, told->type);
    return put_fields(tale, told, true, tale->compiler->program->events[symbol->index].fields,
                      BL_NONE, out);
}

/* What an act says behind its actor; the reason comes behind it. */
static bool word_act(const bl_tale *tale, const bl_told *told, uint32_t n, bl_wording *out)
{
    switch (bl_tale_verb(told->type)) {
    case BL_VERB_CREATE: return word_create(tale, told, out);
    case BL_VERB_SET: return word_set(tale, told, n, out);
    case BL_VERB_REMOVE: return word_remove(tale, told, &out->one);
    case BL_VERB_GRANT: return word_grant(tale, told, true, &out->one);
    case BL_VERB_REVOKE: return word_grant(tale, told, false, &out->one);
    case BL_VERB_RESIGN: return word_resign(tale, told, &out->one);
    case BL_VERB_PROPOSE: return word_propose(tale, told, &out->one);
    case BL_VERB_RANK: return word_rank(tale, told, &out->one);
    case BL_VERB_CHOOSE: return word_choose(tale, told, &out->one);
    case BL_VERB_SCORE: return word_score(tale, told, &out->one);
    case BL_VERB_CONFLICT: return word_conflict(tale, told, &out->one);
    case BL_VERB_RECUSE: return put_proposal(tale, told, " recuses from ", &out->one);
    case BL_VERB_DISPUTE: return put_proposal(tale, told, " disputes ", &out->one);
    case BL_VERB_VETO: return put_proposal(tale, told, " vetoes ", &out->one);
    case BL_VERB_UPHOLD: return put_proposal(tale, told, " upholds ", &out->one);
    case BL_VERB_WITHDRAW: return word_withdraw(tale, told, &out->one);
    case BL_VERB_PUBLISH: return put_proposal(tale, told, " publishes ", &out->one);
    case BL_VERB_COUNT: return word_own(tale, told, true, &out->one);
    case BL_VERB_APPROVE: /* may be shared: bl_tale_word */
    case BL_VERB_REJECT:
    case BL_VERB_ABSTAIN:
    case BL_VERB_FOUNDED:
    case BL_VERB_SEED:
    case BL_VERB_DELEGATE:
    case BL_VERB_UNDELEGATE:
    case BL_VERB_TICK: return false;
    }
    return false;
}

static bool word_given(const bl_tale *tale, const bl_told *told, uint32_t n, bl_wording *out)
{
    out->is_given = true;
    switch (bl_tale_verb(told->type)) {
    case BL_VERB_CREATE: return word_create(tale, told, out);
    case BL_VERB_SET: return word_set(tale, told, n, out);
    case BL_VERB_GRANT: return word_given_role(tale, told, out);
    default: return false;
    }
}

/* Whether `reason` is a field like any other, and said with them. */
static bool has_reason_field(const bl_tale *tale, const bl_told *told)
{
    const bl_program *program = tale->compiler->program;
    bl_text name = told->type;
    const bool is_proposing = bl_tale_verb(told->type) == BL_VERB_PROPOSE;
    if (is_proposing && !get(told, "kind", &name)) return false;
    const bl_symbol *symbol = find(tale, name, is_proposing ? BL_SYMBOL_KIND : BL_SYMBOL_EVENT);
    if (!symbol) return false;
    const bl_range fields = is_proposing ? program->kinds[symbol->index].fields
                                         : program->events[symbol->index].fields;
    return bl_field_find(tale->compiler, fields, BL_TEXT("reason")) != BL_NONE;
}

bool bl_tale_word(const bl_tale *tale, const bl_told *told, uint32_t n, bl_wording *out)
{
    clear_wording(out);
    if (told->is_given) return word_given(tale, told, n, out);
    const bl_verb verb = bl_tale_verb(told->type);
    bl_text actor;
    const bool has_actor = get(told, "actor", &actor);
    if (verb == BL_VERB_SEED) return word_seed(tale, told, &out->one);
    if (verb == BL_VERB_COUNT && !has_actor) return word_own(tale, told, false, &out->one);
    if (!has_actor) return false;
    bl_tale_put_handle(actor, &out->who);
    if (verb == BL_VERB_APPROVE) return word_ballot(tale, told, " approves ", " approve ", out);
    if (verb == BL_VERB_REJECT) return word_ballot(tale, told, " rejects ", " reject ", out);
    if (verb == BL_VERB_ABSTAIN)
        return word_ballot(tale, told, " abstains on ", " abstain on ", out);
    if (!word_act(tale, told, n, out)) return false;
    if (!has_reason_field(tale, told)) put_reason(told, &out->one);
    return true;
}

/* ---- whether both say the same ---- */

static bool is_same_text(bl_text a, bl_text b)
{
    bl_time time_a, time_b;
    bl_duration duration_a, duration_b;
    bl_rational number_a, number_b;
    if (bl_text_equal(a, b)) return true;
    if (read_time(a, &time_a) && read_time(b, &time_b)) return time_a == time_b;
    if (read_duration(a, &duration_a) && read_duration(b, &duration_b))
        return duration_a.months == duration_b.months && duration_a.micros == duration_b.micros;
    return bl_rational_parse(a, &number_a) && bl_rational_parse(b, &number_b) &&
           bl_rational_compare(number_a, number_b) == 0;
}

static bool is_same(const bl_json *a, const bl_json *b, unsigned depth);

static bool is_same_number(const bl_json *number, const bl_json *other)
{
    bl_rational value;
    if (other->kind == BL_JSON_NUMBER)
        value = other->as.number;
    else if (other->kind != BL_JSON_TEXT || !bl_rational_parse(other->as.text, &value))
        return false;
    return bl_rational_compare(number->as.number, value) == 0;
}

static bool is_same_object(const bl_json *a, const bl_json *b, unsigned depth)
{
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const bl_json *other = bl_json_find(b, a->as.members[i].key);
        if (!other || !is_same(&a->as.members[i].value, other, depth + 1)) return false;
    }
    return true;
}

/* One that stands alone is the same as a list of one. The reader bounds the depth. */
static bool is_same(const bl_json *a, const bl_json *b, unsigned depth)
{
    if (depth > BL_JSON_DEPTH_MAX) return false;
    if (a->kind == BL_JSON_ARRAY && b->kind != BL_JSON_ARRAY)
        return a->count == 1 && is_same(&a->as.items[0], b, depth + 1);
    if (b->kind == BL_JSON_ARRAY && a->kind != BL_JSON_ARRAY) return is_same(b, a, depth + 1);
    switch (a->kind) {
    case BL_JSON_NULL: return b->kind == BL_JSON_NULL;
    case BL_JSON_BOOLEAN: return b->kind == BL_JSON_BOOLEAN && a->as.boolean == b->as.boolean;
    case BL_JSON_NUMBER: return is_same_number(a, b);
    case BL_JSON_TEXT:
        if (b->kind == BL_JSON_NUMBER) return is_same_number(b, a);
        return b->kind == BL_JSON_TEXT && is_same_text(a->as.text, b->as.text);
    case BL_JSON_OBJECT: return b->kind == BL_JSON_OBJECT && is_same_object(a, b, depth);
    case BL_JSON_ARRAY: break;
    }
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!is_same(&a->as.items[i], &b->as.items[i], depth + 1)) return false;
    return true;
}

/* What a statement says beyond the event: that one's own attribute is one's own. */
static bool may_add(const bl_told *told, const bl_json_member *member)
{
    bl_text actor;
    if (bl_text_equal(member->key, BL_TEXT("time"))) return true;
    if (!bl_text_equal(told->type, BL_TEXT("set"))) return false;
    if (!bl_text_equal(member->key, BL_TEXT("to"))) return false;
    return get(told, "actor", &actor) && member->value.kind == BL_JSON_TEXT &&
           bl_text_equal(actor, member->value.as.text);
}

bool bl_tale_covers(const bl_tale *tale, bl_told *told, const bl_json *line)
{
    (void)tale;
    for (uint32_t i = 0; i < line->count; i++) {
        const bl_json_member *said = &line->as.members[i];
        if (may_add(told, said)) continue;
        uint32_t at = 0;
        while (at < told->json->count && !bl_text_equal(told->json->as.members[at].key, said->key))
            at++;
        if (at == told->json->count) return false;
        if (!is_same(&told->json->as.members[at].value, &said->value, 0)) return false;
        told->is_said[at] = true;
    }
    return true;
}

bool bl_tale_may_omit(const bl_tale *tale, const bl_told *told, const bl_json_member *member)
{
    bl_text id;
    if (bl_text_equal(member->key, BL_TEXT("time"))) return true;
    if (!bl_text_equal(member->key, BL_TEXT("scope")) || member->value.kind != BL_JSON_TEXT)
        return false;
    const bl_verb verb = bl_tale_verb(told->type);
    if (verb != BL_VERB_SET && verb != BL_VERB_REMOVE) return false;
    if (!get(told, verb == BL_VERB_SET ? "on" : "id", &id)) return false;
    const bl_symbol *symbol = find(tale, member->value.as.text, BL_SYMBOL_SCOPE);
    return symbol && scope_of(tale, id) == symbol->index;
}
