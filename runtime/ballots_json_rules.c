/*
 * JSON cases: the method, its options, and what else is decided beside the ballots.
 *
 * Rules may stand in an object of options or beside the ballots. Among options every key must be
 * known; beside the ballots a key counts where the method has an option of that name, so that a
 * case may also tell its sources and results there.
 */
#include "ballots_json.h"

#include <string.h>

/* ---- the method ---- */

static bool set_method(bl_case *c, const bl_case_member *member)
{
    bl_json value;
    if (!bl_case_parse(c, member->value, &c->arena, &value)) return false;
    const bl_json *name = &value;
    if (value.kind == BL_JSON_OBJECT) name = bl_case_member_of(&value, "name|id|method|type|key");
    if (!name || name->kind != BL_JSON_TEXT)
        return bl_ballots_fail(c->r, member->value.bytes, "expected the name of a method, found %s",
                               bl_json_kind_name(value.kind));
    return bl_ballots_set_method(c->r, bl_case_at(c, name), name->as.text);
}

bool bl_case_read_method(bl_case *c)
{
    const bl_case_member *said = bl_case_find(c, BL_CASE_METHOD);
    if (!said) return true;
    if (said->value.size > 0 && (said->value.bytes[0] == '"' || said->value.bytes[0] == '{'))
        return set_method(c, said);
    return bl_ballots_fail(c->r, said->value.bytes, "expected the name of a method in quotes");
}

/* ---- options ---- */

/* What the Universal RCV Tabulator says with yes and no, and we with words. */
static const struct flag_option {
    const char *key;
    const char *option;
    const char *yes;
    const char *no;
} flag_options[] = {
    {"batch elimination", "elimination", "batch", "single"},
    {"continue until two candidates remain", "until", "two", "majority"},
    {"continue until two", "until", "two", "majority"},
    {"until two", "until", "two", "majority"},
    {"exhaust on duplicate candidate", "duplicates", "exhaust", "skip"},
    {"exhaust on duplicate candidates", "duplicates", "exhaust", "skip"},
    {"hare quota", "quota", "hare_up", "droop"},
    {"non integer winning threshold", "quota", "droop_exact", "droop"},
    {"first round determines threshold", "majority_of", "first_round", "continuing"},
};

static const struct flag_option *find_flag(bl_text key)
{
    for (size_t i = 0; i < sizeof flag_options / sizeof *flag_options; i++)
        if (bl_ballots_is(key, flag_options[i].key)) return &flag_options[i];
    return NULL;
}

static bool set_flag(bl_case *c, const char *at, const struct flag_option *flag, bool is_yes)
{
    const bl_text option = bl_text_of(flag->option);
    if (!is_yes && !bl_ballots_has_option(c->r, option)) return true;
    return bl_ballots_set_option(c->r, at, option, bl_text_of(is_yes ? flag->yes : flag->no));
}

/* Words for a number without a bound. */
static bl_text as_unbounded(bl_text text)
{
    return bl_ballots_is_any(text, "unlimited|max|maximum|all|any|none") ? BL_TEXT("") : text;
}

/* Figures of a result share their names with options: "quota": 834 is none of ours. */
static bool is_figure(const bl_case *c, const bl_json *value, bl_text name, bl_text text)
{
    if (value->kind != BL_JSON_NUMBER) return false;
    bl_count_options options = c->r->out->options;
    return !bl_count_option_set(&options, name, text, NULL);
}

/* The threshold of party lists is the share that a list must reach. */
static bl_text option_of(const bl_case *c, bl_text key)
{
    const bool is_share = bl_ballots_is(key, "threshold") && !bl_ballots_has_option(c->r, key) &&
                          bl_ballots_has_option(c->r, BL_TEXT("least_share"));
    return is_share ? BL_TEXT("least_share") : key;
}

/* The Universal RCV Tabulator writes per cents as numbers, and says some things to every method. */
#define PERCENTAGE "multi seat bottoms up percentage threshold"

static bool set_percentage(bl_case *c, const bl_json *value, bl_text text)
{
    char percentage[32];
    if (!bl_ballots_has_option(c->r, BL_TEXT("threshold"))) return true;
    if (text.size + 1 > sizeof percentage)
        return bl_ballots_fail(c->r, bl_case_at(c, value), "expected a percentage");
    memcpy(percentage, text.bytes, text.size);
    percentage[text.size] = '%';
    return bl_ballots_set_option(c->r, bl_case_at(c, value), BL_TEXT("threshold"),
                                 (bl_text){percentage, text.size + 1});
}

static bool set_option(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    const char *const at = member->value.bytes;
    const bl_text key = option_of(c, member->key);
    const struct flag_option *flag = find_flag(member->key);
    if (flag && value->kind == BL_JSON_BOOLEAN) return set_flag(c, at, flag, value->as.boolean);
    const bool is_seats = bl_ballots_is_any(key, BL_BALLOTS_SEATS);
    const bool is_known = is_seats || bl_ballots_has_option(r, key);
    if (!is_known && !member->is_option) return true;
    if (value->kind == BL_JSON_NULL) return true;
    if (value->kind == BL_JSON_OBJECT && !member->is_option) return true;
    bl_text text;
    if (!bl_case_as_text(c, value, &text)) return false;
    if (text.size == 0 && value->kind == BL_JSON_TEXT) return true;
    if (!is_known && bl_ballots_is(key, "decimal places for vote arithmetic")) return true;
    if (bl_ballots_is(key, PERCENTAGE)) return set_percentage(c, value, text);
    if (!member->is_option && !is_seats && is_figure(c, value, key, text)) return true;
    return bl_ballots_set_option(r, at, key, as_unbounded(text));
}

/* {"min": 0, "max": 5} or [0, 5]: the lowest and the highest score. */
static bool set_range(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    const bool is_pair = value->kind == BL_JSON_ARRAY && value->count == 2;
    const bl_json *lowest = is_pair ? &value->as.items[0]
                                    : bl_case_member_of(value, "min|minimum|lowest|low|from");
    const bl_json *highest = is_pair ? &value->as.items[1]
                                     : bl_case_member_of(value, "max|maximum|highest|high|to");
    bl_text text;
    if (!bl_ballots_has_option(r, BL_TEXT("highest"))) return true;
    if (!lowest || !highest)
        return bl_ballots_fail(r, member->value.bytes,
                               "expected the lowest and the highest score, as [0, 5]");
    return bl_case_as_text(c, lowest, &text) &&
           bl_ballots_set_option(r, bl_case_at(c, lowest), BL_TEXT("lowest"), text) &&
           bl_case_as_text(c, highest, &text) &&
           bl_ballots_set_option(r, bl_case_at(c, highest), BL_TEXT("highest"), text);
}

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
    if (value->kind != BL_JSON_ARRAY) return true;
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
    if (value->kind == BL_JSON_OBJECT) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    const char *const copy = bl_arena_copy(c->r->arena, text.bytes, text.size);
    if (!copy) return bl_ballots_nomem(c->r);
    c->r->seed = (bl_text){copy, text.size};
    return true;
}

static bool read_write_ins(bl_case *c, const bl_json *value)
{
    if (value->kind != BL_JSON_ARRAY) return true;
    for (uint32_t i = 0; i < value->count; i++) {
        if (value->as.items[i].kind != BL_JSON_TEXT) continue;
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
    for (uint32_t i = 0; value->kind == BL_JSON_OBJECT && i < value->count; i++) {
        const bl_json_member *one = &value->as.members[i];
        if (one->value.kind == BL_JSON_ARRAY) {
            if (!set_group_of_all(c, &one->value, one->key)) return false;
        } else if (one->value.kind == BL_JSON_TEXT) {
            const bl_json who = {.kind = BL_JSON_TEXT, .at = one->value.at, .as.text = one->key};
            if (!set_group(c, &who, one->value.as.text)) return false;
        }
    }
    for (uint32_t i = 0; value->kind == BL_JSON_ARRAY && i < value->count; i++) {
        const bl_json *one = &value->as.items[i];
        const bl_json *name = bl_case_member_of(one, "name|id|group|employer|party");
        const bl_json *members = bl_case_member_of(one, "members|candidates");
        if (name && members && name->kind == BL_JSON_TEXT && members->kind == BL_JSON_ARRAY &&
            !set_group_of_all(c, members, name->as.text))
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

/* ---- all members ---- */

typedef bool read_function(bl_case *c, const bl_json *value);
static const struct part {
    const char *keys;
    read_function *read;
} parts[] = {
    {"default|default option|further discussion|none of the above|nota", read_default},
    {"withdrawn|withdrawn candidates|excluded|excluded candidates", read_withdrawn},
    {"groups|affiliations|employers|constituencies|group of", read_groups},
    {"caps|cap|group cap|group limit|group most|max per group|max per employer", read_cap},
    {"seed|random seed|lot seed", read_seed},
    {"order|candidate order|declared order|tie order", read_order},
    {"write ins|undeclared write ins|no candidates", read_write_ins},
    {"tie resolutions|resolutions|tie decisions|lots", bl_case_read_resolutions},
};

/* Read elsewhere, or said to people. */
static bool is_passed_over(const bl_case_member *member)
{
    return bl_ballots_is_any(member->key, BL_CASE_METHOD) ||
           bl_ballots_is_any(member->key, BL_CASE_CANDIDATES) ||
           bl_ballots_is_any(member->key, BL_CASE_BALLOTS) ||
           bl_ballots_is_any(member->key, BL_CASE_FILE) ||
           bl_ballots_is_any(member->key, BL_CASE_CASTING) ||
           bl_ballots_is_any(member->key, BL_CASE_OPTIONS) ||
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

static bool is_range(bl_text key)
{
    return bl_ballots_is_any(key, "range|score range|scores range|scale|score scale");
}

/* Words about ties are options, but a list of who was chosen is a record. */
static bool are_resolutions(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    return bl_ballots_is_any(member->key, "ties|tie breaks|tiebreaks|tie breaking|tie break") &&
           bl_case_are_resolutions(c, value);
}

static bool read_member(bl_case *c, const bl_case_member *member)
{
    bl_json value;
    const struct part *part = find_part(member->key);
    const bool is_option = find_flag(member->key) || is_range(member->key) ||
                           bl_ballots_is_any(member->key, BL_BALLOTS_SEATS) ||
                           bl_ballots_has_option(c->r, option_of(c, member->key));
    if (is_passed_over(member) || (!part && !is_option && !member->is_option)) return true;
    if (!bl_case_parse(c, member->value, &c->arena, &value)) return false;
    if (bl_ballots_is(member->key, "default") && member->is_option && value.kind != BL_JSON_TEXT)
        return true;
    if (part) return part->read(c, &value);
    if (are_resolutions(c, member, &value)) return bl_case_read_resolutions(c, &value);
    if (is_range(member->key)) return set_range(c, member, &value);
    /* "winners": ["ana"] is a result. */
    if (!member->is_option && bl_ballots_is_any(member->key, BL_BALLOTS_SEATS) &&
        value.kind != BL_JSON_NUMBER && value.kind != BL_JSON_TEXT)
        return true;
    return set_option(c, member, &value);
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
        const bl_case_member member = {one->key, {bl_case_at(c, &one->value), 0}, true};
        const struct part *part = find_part(one->key);
        if (!(part ? part->read(c, &one->value) : set_option(c, &member, &one->value)))
            return false;
    }
    return true;
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
