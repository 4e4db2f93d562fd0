/*
 * JSON cases: what else is decided beside the ballots: groups and caps, the default option,
 * withdrawals, orders, and whose member is read by which part.
 */
#include "ballots_json.h"

/* ---- candidates by name ---- */

bool bl_case_read_list(bl_case *c, const bl_json *value, uint32_t **out, uint32_t *count)
{
    bl_ballots_reader *const r = c->r;
    const bool is_list = value->kind == BL_JSON_ARRAY;
    const uint32_t most = is_list ? value->count : 1;
    *count = 0;
    *out = bl_arena_array(r->arena, most, sizeof **out);
    if (!*out) return bl_ballots_nomem(r);
    if (value->kind == BL_JSON_NULL) return true;
    for (uint32_t i = 0; i < most; i++) {
        const bl_json *one = is_list ? &value->as.items[i] : value;
        uint32_t candidate;
        if (!bl_case_whom(c, one, &candidate)) return false;
        if (candidate >= BL_CANDIDATE_COUNT_MAX)
            return bl_ballots_fail(r, bl_case_at(c, one), "expected a candidate");
        (*out)[(*count)++] = candidate;
    }
    return true;
}

static bool read_withdrawn(bl_case *c, const bl_json *value)
{
    uint32_t *list, count;
    if (value->kind == BL_JSON_BOOLEAN) return true;
    if (!bl_case_read_list(c, value, &list, &count)) return false;
    for (uint32_t i = 0; i < count; i++)
        bl_contest_candidate(c->r->builder, list[i])->is_withdrawn = true;
    return true;
}

/* The order in which they are declared; who is not in it comes behind, as listed. */
static bool read_order(bl_case *c, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    c->is_left = value->kind != BL_JSON_ARRAY;
    if (c->is_left) return true;
    uint32_t *list, count;
    if (!bl_case_read_list(c, value, &list, &count)) return false;
    if (!r->is_closed)
        return bl_ballots_fail(r, bl_case_at(c, value),
                               "an order of candidates, and no list of candidates");
    const uint32_t all = bl_contest_candidate_count(r->builder);
    uint32_t *order = bl_arena_array(r->arena, all, sizeof *order);
    if (!order) return bl_ballots_nomem(r);
    r->ballot++;
    uint32_t used = 0;
    for (uint32_t i = 0; i < count + all; i++) {
        const uint32_t candidate = i < count ? list[i] : i - count;
        if (r->seen[candidate] == r->ballot) continue;
        r->seen[candidate] = r->ballot;
        order[used++] = candidate;
    }
    r->order = order;
    return true;
}

/* "further discussion": it is a candidate, added where the list has it not. */
static bool read_default(bl_case *c, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    uint32_t candidate;
    if (value->kind == BL_JSON_NULL || value->kind == BL_JSON_BOOLEAN) return true;
    if (value->kind == BL_JSON_TEXT && !bl_case_is_candidate(c, value->as.text)) {
        if (!bl_ballots_add_candidate(r, bl_case_at(c, value), value->as.text, &candidate))
            return false;
    } else if (!bl_case_whom(c, value, &candidate)) {
        return false;
    }
    if (candidate < BL_CANDIDATE_COUNT_MAX) r->default_option = candidate;
    return true;
}

static bool read_seed(bl_case *c, const bl_json *value)
{
    bl_text text;
    c->is_left = value->kind == BL_JSON_OBJECT;
    if (c->is_left) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    const char *const copy = bl_arena_copy(c->r->arena, text.bytes, text.size);
    if (!copy) return bl_ballots_nomem(c->r);
    c->r->seed = (bl_text){copy, text.size};
    return true;
}

static bool read_write_ins(bl_case *c, const bl_json *value)
{
    for (uint32_t i = 0; i < value->count; i++) {
        if (value->as.items[i].kind != BL_JSON_TEXT) {
            c->is_left = true;
            continue;
        }
        if (!bl_vector_reserve(c->r->memory, &c->no_candidates, 1)) return bl_ballots_nomem(c->r);
        c->no_candidates.items[c->no_candidates.count++] = bl_ballots_trim(
            value->as.items[i].as.text);
    }
    return true;
}

/* ---- groups and caps ---- */

static bool set_group(bl_case *c, const bl_json *who, bl_text name)
{
    uint32_t candidate;
    const bl_text group = bl_ballots_trim(name);
    if (!bl_case_whom(c, who, &candidate)) return false;
    if (candidate >= BL_CANDIDATE_COUNT_MAX) return true;
    if (!bl_ballots_check_name(c->r, bl_case_at(c, who), group, "a group's name")) return false;
    const uint32_t number = bl_contest_add_group(c->r->builder, group);
    bl_contest_candidate(c->r->builder, candidate)->group = number;
    return number != BL_NONE || bl_ballots_nomem(c->r);
}

static bool set_group_of_all(bl_case *c, const bl_json *members, bl_text name)
{
    for (uint32_t i = 0; i < members->count; i++)
        if (!set_group(c, &members->as.items[i], name)) return false;
    return true;
}

/* {"Acme": ["ana", "bo"]} or {"ana": "Acme"} or [{"name": "Acme", "members": [...]}]. */
static bool read_groups(bl_case *c, const bl_json *value)
{
    c->is_left = value->kind != BL_JSON_OBJECT && value->kind != BL_JSON_ARRAY;
    for (uint32_t i = 0; value->kind == BL_JSON_OBJECT && i < value->count; i++) {
        const bl_json_member *one = &value->as.members[i];
        if (one->value.kind == BL_JSON_ARRAY) {
            if (!set_group_of_all(c, &one->value, one->key)) return false;
        } else if (one->value.kind == BL_JSON_TEXT) {
            const bl_json who = {.kind = BL_JSON_TEXT, .at = one->value.at, .as.text = one->key};
            if (!set_group(c, &who, one->value.as.text)) return false;
        } else {
            c->is_left = c->is_left || one->value.kind != BL_JSON_NULL;
        }
    }
    for (uint32_t i = 0; value->kind == BL_JSON_ARRAY && i < value->count; i++) {
        const bl_json *one = &value->as.items[i];
        const bl_json *name = bl_case_member_of(one, "name|id|group|employer|party");
        const bl_json *members = bl_case_member_of(one, "members|candidates");
        if (!name || !members || name->kind != BL_JSON_TEXT || members->kind != BL_JSON_ARRAY)
            c->is_left = true;
        else if (!set_group_of_all(c, members, name->as.text))
            return false;
    }
    return true;
}

/* 2, {"most": 2, …} or {"employer": 2}: seats that one group may have; one number for all. */
static const bl_json *find_cap(const bl_json *value)
{
    if (value->kind == BL_JSON_NUMBER) return value;
    if (value->kind == BL_JSON_ARRAY && value->count == 1) value = &value->as.items[0];
    const bl_json *most = bl_case_member_of(value, "most|max|maximum|limit|at most|seats|cap");
    if (most && most->kind == BL_JSON_NUMBER) return most;
    if (value->kind != BL_JSON_OBJECT || value->count == 0) return NULL;
    for (uint32_t i = 0; i < value->count; i++) {
        const bl_json *one = &value->as.members[i].value;
        if (one->kind != BL_JSON_NUMBER ||
            bl_rational_compare(one->as.number, value->as.members[0].value.as.number) != 0)
            return NULL;
    }
    return &value->as.members[0].value;
}

static bool read_cap(bl_case *c, const bl_json *value)
{
    bl_text text;
    if (value->kind == BL_JSON_NULL) return true;
    const bl_json *cap = find_cap(value);
    if (!cap)
        return bl_ballots_fail(c->r, bl_case_at(c, value),
                               "expected how many seats one group may have, a number for all "
                               "groups");
    return bl_case_as_text(c, cap, &text) &&
           bl_ballots_set_option(c->r, bl_case_at(c, cap), BL_TEXT("group_most"), text);
}

/* ---- majorities and quorums of some ---- */

/* What the default option is compared with, by option: the key's ratio. */
static bool is_ratio_of_some(const bl_case *c, bl_text key)
{
    return bl_ballots_has_option(c->r, BL_TEXT("quorum")) &&
           bl_ballots_is_any(key, "majority|majorities|super majority|super majorities|"
                                  "majority ratio|majority ratios|majority requirements|quorum|"
                                  "quorums");
}

static bool set_ratio(bl_case *c, uint32_t candidate, bool is_quorum, const bl_json *value)
{
    bl_candidate *const one = bl_contest_candidate(c->r->builder, candidate);
    bl_text text;
    if (!bl_case_as_text(c, value, &text)) return false;
    text = bl_case_ratio(c, text);
    if (c->failed) return bl_ballots_nomem(c->r);
    if (bl_rational_parse(text, is_quorum ? &one->quorum : &one->majority) &&
        (is_quorum ? one->quorum : one->majority).num >= 0)
        return true;
    return bl_ballots_fail(c->r, bl_case_at(c, value),
                           "expected a number such as 3 or 1/2, found `%s`",
                           bl_ballots_show(c->r, text));
}

/* {"amend": 3, "default": 1}: of single options, and of all others. */
static bool read_ratios(bl_case *c, const bl_case_member *member, const bl_json *object)
{
    const bool is_quorum = bl_ballots_is_any(member->key, "quorum|quorums");
    for (uint32_t i = 0; i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        const uint32_t candidate = bl_contest_find(c->r->builder, bl_ballots_trim(one->key));
        if (one->value.kind == BL_JSON_NULL) continue;
        if (candidate != BL_NONE) {
            if (!set_ratio(c, candidate, is_quorum, &one->value)) return false;
        } else if (bl_ballots_is_any(one->key, "default|all|others|other|any|*")) {
            const bl_case_member all = {.key = bl_text_of(is_quorum ? "quorum" : "majority"),
                                        .value = member->value,
                                        .is_option = true};
            if (!bl_case_set_option(c, &all, &one->value)) return false;
        } else {
            uint32_t nobody;
            return bl_ballots_known(c->r, bl_case_at(c, &one->value), one->key, &nobody);
        }
    }
    return true;
}

/* ---- all members ---- */

typedef bool read_function(bl_case *c, const bl_json *value);
static const struct part {
    const char *keys;
    read_function *read;
} parts[] = {
    {"default|default option|further discussion|none of the above|nota|status quo|default choice|"
     "default candidate|default alternative|reopen nominations",
     read_default},
    {"withdrawn|withdrawn candidates|withdrawals|excluded|excluded candidates", read_withdrawn},
    {"groups|affiliations|employers|constituencies|group of", read_groups},
    {"caps|cap|group cap|group caps|group limit|group most|max per group|max per employer|"
     "employer cap|max same employer",
     read_cap},
    {"seed|random seed|lot seed", read_seed},
    {"order|candidate order|declared order|tie order", read_order},
    {"write ins|undeclared write ins|no candidates", read_write_ins},
    {"tie resolutions|resolutions|tie decisions|lots|ties resolved|resolved ties",
     bl_case_read_resolutions},
};

/* Read elsewhere. */
static bool is_passed_over(const bl_case_member *member)
{
    return bl_ballots_is_any(member->key, BL_CASE_METHOD) ||
           bl_ballots_is_any(member->key, BL_CASE_CANDIDATES) ||
           bl_ballots_is_any(member->key, BL_CASE_BALLOTS) ||
           bl_ballots_is_any(member->key, BL_CASE_FILE) ||
           bl_ballots_is_any(member->key, BL_CASE_CASTING) ||
           bl_ballots_is_any(member->key, BL_CASE_OPTIONS) ||
           bl_ballots_is_any(member->key, BL_CASE_INSIDE) ||
           bl_ballots_is_any(member->key, "ballots format|ballot format|format|file format|"
                                          "name|title|description|rules description|note|notes|"
                                          "comment|comments|source|sources|expected|result|"
                                          "results|rounds|licence|license|id");
}

static const struct part *find_part(bl_text key)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (bl_ballots_is_any(key, parts[i].keys)) return &parts[i];
    return NULL;
}

/* Words that say how a part is done, and not the part: "write_ins": "exhaust", "default": true. */
static bool is_word_of(const struct part *part, const bl_json *value)
{
    if (part->read == read_write_ins) return value->kind != BL_JSON_ARRAY;
    if (part->read == bl_case_read_resolutions) return value->kind == BL_JSON_BOOLEAN;
    return false;
}

static bool is_range(bl_text key)
{
    return bl_ballots_is_any(key, "range|score range|scores range|scale|score scale");
}

#define TIE_RULES "rule|rules|method|methods|mode"

static bool are_ties(bl_text key)
{
    return bl_ballots_is_any(key, "ties|tie breaks|tiebreaks|tie breaking|tie break|tie breaker|"
                                  "tie breakers|tie rules|tie rule");
}

static bool set_member(bl_case *c, const bl_case_member *member, const bl_json *value);

/* {"rule": "lot", "seed": 7} is about ties; others are who was chosen in one. */
static bool set_ties(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    if (!bl_case_member_of(value, TIE_RULES)) return bl_case_read_resolutions(c, value);
    for (uint32_t i = 0; i < value->count; i++) {
        const bl_json_member *one = &value->as.members[i];
        const struct part *part = find_part(one->key);
        if (part && !bl_case_is_nothing(&one->value) && !part->read(c, &one->value)) return false;
    }
    return bl_case_set_option(c, member, value);
}

static bool set_member(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    const struct part *part = find_part(member->key);
    if (part && bl_case_is_nothing(value)) return true;
    if (part && !is_word_of(part, value))
        return (part->read == read_default && value->kind == BL_JSON_BOOLEAN) ||
               part->read(c, value);
    if (are_ties(member->key) && bl_case_are_resolutions(c, value))
        return set_ties(c, member, value);
    if (is_range(member->key) && !bl_case_is_nothing(value))
        return bl_case_set_range(c, member, value);
    if (value->kind == BL_JSON_OBJECT && is_ratio_of_some(c, member->key))
        return read_ratios(c, member, value);
    /* "winners": ["ana"] is a result. */
    if (!member->is_option && bl_ballots_is_any(member->key, BL_BALLOTS_SEATS) &&
        value->kind != BL_JSON_NUMBER && value->kind != BL_JSON_TEXT)
        return true;
    return bl_case_set_option(c, member, value);
}

static bool read_member(bl_case *c, bl_case_member *member)
{
    bl_json value;
    const bool is_known = find_part(member->key) || is_range(member->key) ||
                          bl_case_is_option(c, member->key);
    if (member->is_used || is_passed_over(member) || (!is_known && !member->is_option)) return true;
    c->is_left = false;
    if (!bl_case_parse(c, member->value, &c->arena, &value) || !set_member(c, member, &value))
        return false;
    member->is_used = !c->is_left;
    return true;
}

/* Settings of the method's own object come with it. */
static bool read_method_object(bl_case *c)
{
    const bl_case_member *method = bl_case_find(c, BL_CASE_METHOD);
    bl_json value;
    if (!method || method->value.size == 0 || method->value.bytes[0] != '{') return true;
    if (!bl_case_parse(c, method->value, &c->arena, &value)) return false;
    const bl_json *inner = bl_case_member_of(&value, "options|params|parameters|settings");
    const bl_json *object = inner && inner->kind == BL_JSON_OBJECT ? inner : &value;
    for (uint32_t i = 0; i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        if (bl_ballots_is_any(one->key, "name|id|method|type|key|description|options")) continue;
        if (c->has_variant && bl_ballots_is_any(one->key, BL_CASE_VARIANT)) continue;
        const bl_case_member member = {
            .key = one->key, .value = {bl_case_at(c, &one->value), 0}, .is_option = true};
        if (!set_member(c, &member, &one->value)) return false;
    }
    return true;
}

bool bl_case_rules_name_candidates(const bl_case *c)
{
    for (size_t i = 0; i < c->members.count; i++) {
        const bl_case_member *const one = &c->members.items[i];
        const struct part *const part = find_part(one->key);
        const char first = one->value.size > 0 ? *one->value.bytes : '\0';
        const bool is_list = first == '[' || first == '{';
        if (part && part->read != read_cap && part->read != read_seed &&
            part->read != read_write_ins && (is_list || first == '"'))
            return true;
        if (is_list && (are_ties(one->key) || is_ratio_of_some(c, one->key))) return true;
    }
    return false;
}

bool bl_case_read_rules(bl_case *c)
{
    if (!read_method_object(c)) return false;
    /* The default option first: it may be a candidate that others speak of. */
    for (size_t i = 0; i < c->members.count; i++)
        if (find_part(c->members.items[i].key) == &parts[0] &&
            !read_member(c, &c->members.items[i]))
            return false;
    for (size_t i = 0; i < c->members.count; i++)
        if (find_part(c->members.items[i].key) != &parts[0] &&
            !read_member(c, &c->members.items[i]))
            return false;
    return true;
}
