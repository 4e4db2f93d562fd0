/*
 * JSON cases: who stands, and whom a text or a number in a ballot means.
 *
 * Candidates may have an id, a name, a number and more; each of them finds them. Results call them
 * as the ballots do, because that is how the rest of a case speaks of them.
 */
#include "ballots_json.h"

#define ID_KEYS "id|key|handle|short|abbreviation|abbr|slug|identifier"
#define NAME_KEYS "name|title|label|full name|candidate|party"
#define NUMBER_KEYS "number|index|no|position"
#define GROUP_KEYS "group|employer|affiliation|party|constituency|company|organization|organisation"
#define WITHDRAWN_KEYS "withdrawn|excluded|is withdrawn|removed"
#define DEFAULT_KEYS "default|is default|default option|further discussion|none of the above"
#define MAJORITY_KEYS "majority|majority ratio"
/* "votes" and "count" are read with the ballots, where these are parties. */
#define ALL_KEYS                                                                                   \
    ID_KEYS "|" NAME_KEYS "|" NUMBER_KEYS "|" GROUP_KEYS "|" WITHDRAWN_KEYS "|" DEFAULT_KEYS       \
            "|" MAJORITY_KEYS "|code|aliases|alias|quorum|votes|count"

/* ---- one candidate ---- */

static bool flag(const bl_json *object, const char *keys)
{
    const bl_json *value = bl_case_member_of(object, keys);
    return value && value->kind == BL_JSON_BOOLEAN && value->as.boolean;
}

static bool add(bl_case *c, const char *at, bl_text id, bl_text name, uint32_t *out)
{
    bl_ballots_reader *const r = c->r;
    if (!bl_ballots_add_candidate(r, at, id.size > 0 ? id : name, out)) return false;
    if (!bl_vector_reserve(r->memory, &c->full_names, 1)) return bl_ballots_nomem(r);
    c->full_names.items[c->full_names.count++] = (bl_text){NULL, 0};
    if (id.size == 0 || name.size == 0 || bl_text_equal(id, name)) return true;
    const bl_text full = bl_ballots_trim(name);
    if (!bl_ballots_check_name(r, at, full, "a candidate's name")) return false;
    const char *const copy = bl_arena_copy(r->arena, full.bytes, full.size);
    if (!copy) return bl_ballots_nomem(r);
    c->full_names.items[*out] = (bl_text){copy, full.size};
    /* Two people may have one name; then only their ids tell them apart. */
    return bl_contest_add_name(r->builder, *out, full) != BL_CONTEST_NOMEM || bl_ballots_nomem(r);
}

static bool add_other_names(bl_case *c, const bl_json *value, uint32_t candidate)
{
    if (!value) return true;
    if (value->kind == BL_JSON_ARRAY) {
        for (uint32_t i = 0; i < value->count; i++)
            if (value->as.items[i].kind == BL_JSON_TEXT &&
                !bl_ballots_add_name(c->r, bl_case_at(c, &value->as.items[i]), candidate,
                                     value->as.items[i].as.text))
                return false;
        return true;
    }
    bl_text text;
    if (value->kind != BL_JSON_TEXT && value->kind != BL_JSON_NUMBER) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    return text.size == 0 || bl_ballots_add_name(c->r, bl_case_at(c, value), candidate, text);
}

static bool set_ratio(bl_case *c, const bl_json *object, const char *keys, bl_rational *out)
{
    const bl_json *value = bl_case_member_of(object, keys);
    bl_text text;
    if (!value || value->kind == BL_JSON_NULL) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    if (bl_rational_parse(text, out) && out->num >= 0) return true;
    return bl_ballots_fail(c->r, bl_case_at(c, value),
                           "expected a number such as 3 or 1/2, found "
                           "`%s`",
                           bl_ballots_show(c->r, text));
}

static bool set_group(bl_case *c, const bl_json *object, bl_candidate *candidate)
{
    const bl_json *value = bl_case_member_of(object, GROUP_KEYS);
    if (!value || value->kind != BL_JSON_TEXT || value->as.text.size == 0) return true;
    const bl_text name = bl_ballots_trim(value->as.text);
    if (!bl_ballots_check_name(c->r, bl_case_at(c, value), name, "a group's name")) return false;
    candidate->group = bl_contest_add_group(c->r->builder, name);
    return candidate->group != BL_NONE || bl_ballots_nomem(c->r);
}

/* What else an object says of a candidate. */
static bool set_details(bl_case *c, const bl_json *object, uint32_t number)
{
    bl_ballots_reader *const r = c->r;
    bl_candidate *const candidate = bl_contest_candidate(r->builder, number);
    if (flag(object, WITHDRAWN_KEYS)) candidate->is_withdrawn = true;
    if (flag(object, DEFAULT_KEYS)) r->default_option = number;
    return bl_case_pass_over_others(c, object, ALL_KEYS) &&
           add_other_names(c, bl_case_member_of(object, NUMBER_KEYS), number) &&
           add_other_names(c, bl_case_member_of(object, "code"), number) &&
           add_other_names(c, bl_case_member_of(object, "aliases|alias"), number) &&
           set_group(c, object, candidate) &&
           set_ratio(c, object, MAJORITY_KEYS, &candidate->majority) &&
           set_ratio(c, object, "quorum", &candidate->quorum);
}

/* An id that is a number only finds them; one that is a text may be what they are called. */
static bool read_object(bl_case *c, const bl_json *object)
{
    bl_ballots_reader *const r = c->r;
    const bl_json *id = bl_case_member_of(object, ID_KEYS);
    const bl_json *code = bl_case_member_of(object, "code");
    const bl_json *name = bl_case_member_of(object, NAME_KEYS);
    if (!id && code && code->kind == BL_JSON_TEXT && code->as.text.size > 0) id = code;
    const bool has_text = id && id->kind == BL_JSON_TEXT;
    bl_text id_text = has_text ? id->as.text : BL_TEXT(""), name_text = BL_TEXT("");
    if (name && !bl_case_as_text(c, name, &name_text)) return false;
    if (id && !has_text && name_text.size == 0 && !bl_case_as_text(c, id, &name_text)) return false;
    if (id_text.size == 0 && name_text.size == 0)
        return bl_ballots_fail(r, bl_case_at(c, object),
                               "expected a candidate with a \"name\" or an \"id\"");
    uint32_t candidate;
    if (!add(c, bl_case_at(c, object), id_text, name_text, &candidate)) return false;
    if (id && !has_text && !add_other_names(c, id, candidate)) return false;
    return set_details(c, object, candidate);
}

static bool read_one(bl_case *c, const bl_json *value)
{
    uint32_t candidate;
    bl_text text;
    if (value->kind == BL_JSON_OBJECT) return read_object(c, value);
    if (value->kind != BL_JSON_TEXT && value->kind != BL_JSON_NUMBER)
        return bl_ballots_fail(c->r, bl_case_at(c, value), "expected a candidate, found %s",
                               bl_json_kind_name(value->kind));
    return bl_case_as_text(c, value, &text) &&
           add(c, bl_case_at(c, value), BL_TEXT(""), text, &candidate);
}

/* {"A": "Ana"}, {"A": {"name": "Ana"}}, {"A": null} */
static bool read_keyed(bl_case *c, const bl_json_member *member)
{
    const bl_json *value = &member->value;
    const char *const at = bl_case_at(c, value);
    const bl_json *name = bl_case_member_of(value, NAME_KEYS);
    const bl_json *text = value->kind == BL_JSON_TEXT ? value : name;
    const bool has_name = text && text->kind == BL_JSON_TEXT;
    uint32_t candidate;
    return add(c, at, member->key, has_name ? text->as.text : BL_TEXT(""), &candidate) &&
           (value->kind != BL_JSON_OBJECT || set_details(c, value, candidate));
}

/* ---- all of them ---- */

/* "options" may be rules: then they are an object, and candidates a list. */
static const bl_case_member *find_candidates(const bl_case *c)
{
    static const char *const keys[] = {"candidates", "alternatives", "parties",
                                       "lists",      "options",      "choices"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const bl_case_member *found = bl_case_find(c, keys[i]);
        const char first = found && found->value.size > 0 ? found->value.bytes[0] : '\0';
        if (first == '[' || (first == '{' && i < 4)) return found;
    }
    return NULL;
}

bool bl_case_read_candidates(bl_case *c)
{
    const bl_case_member *said = find_candidates(c);
    bl_json list;
    if (!said) return true;
    bl_case_use(c, said);
    if (!bl_case_parse(c, said->value, &c->arena, &list)) return false;
    for (uint32_t i = 0; i < list.count; i++) {
        const bool is_read = list.kind == BL_JSON_ARRAY ? read_one(c, &list.as.items[i])
                                                        : read_keyed(c, &list.as.members[i]);
        if (!is_read) return false;
    }
    c->r->is_closed = list.count > 0;
    return true;
}

/* ---- whom a ballot means ---- */

bool bl_case_is_candidate(const bl_case *c, bl_text name)
{
    return bl_contest_find(c->r->builder, bl_ballots_trim(name)) != BL_NONE;
}

static void note_call(bl_case *c, bl_text name, uint32_t candidate)
{
    if (c->is_called || candidate >= c->full_names.count) return;
    const bl_text full = c->full_names.items[candidate];
    if (full.size == 0) return;
    c->is_called = true;
    c->uses_full_names = bl_text_equal(full, name);
}

static bool is_no_candidate(const bl_case *c, bl_text name)
{
    for (size_t i = 0; i < c->no_candidates.count; i++)
        if (bl_text_equal(c->no_candidates.items[i], name)) return true;
    return false;
}

bool bl_case_named(bl_case *c, const char *at, bl_text text, uint32_t *out)
{
    bl_ballots_reader *const r = c->r;
    const bl_text name = bl_ballots_trim(text);
    *out = bl_contest_find(r->builder, name);
    if (*out != BL_NONE) {
        note_call(c, name, *out);
        return true;
    }
    if (bl_ballots_is_skipped(r, name)) {
        *out = BL_CASE_EMPTY;
        return true;
    }
    if (bl_ballots_is_overvote(r, name)) {
        *out = BL_MARK_OVERVOTE;
        return true;
    }
    if (is_no_candidate(c, name) || bl_ballots_is_write_in(r, name) ||
        (r->is_closed && bl_ballots_is_any(name, "write in|write ins"))) {
        *out = BL_MARK_NOBODY;
        return true;
    }
    return bl_ballots_whom(r, at, name, out);
}

bool bl_case_whom(bl_case *c, const bl_json *value, uint32_t *out)
{
    bl_text text;
    if (value->kind == BL_JSON_TEXT)
        return bl_case_named(c, bl_case_at(c, value), value->as.text, out);
    if (value->kind == BL_JSON_OBJECT) {
        const bl_json *inner = bl_case_member_of(value, ID_KEYS "|" NAME_KEYS);
        if (inner && inner->kind != BL_JSON_OBJECT) return bl_case_whom(c, inner, out);
    }
    if (value->kind != BL_JSON_NUMBER)
        return bl_ballots_fail(c->r, bl_case_at(c, value), "expected a candidate, found %s",
                               bl_json_kind_name(value->kind));
    if (!bl_case_as_text(c, value, &text)) return false;
    if (c->r->is_closed && !bl_case_is_candidate(c, text))
        return bl_ballots_fail(c->r, bl_case_at(c, value),
                               "`%s` is no candidate's number: the candidates have no numbers, or "
                               "others",
                               bl_ballots_show(c->r, text));
    return bl_case_named(c, bl_case_at(c, value), text, out);
}

void bl_case_call(bl_case *c)
{
    if (!c->uses_full_names) return;
    for (uint32_t i = 0; i < c->full_names.count; i++)
        if (c->full_names.items[i].size > 0)
            bl_contest_candidate(c->r->builder, i)->name = c->full_names.items[i];
}
