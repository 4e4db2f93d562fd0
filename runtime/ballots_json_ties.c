/*
 * JSON cases: ties that were decided outside, by lot or by hand.
 *
 * A list in the order in which ties came up: a name, or an object that says the round, who was
 * tied, and who was chosen. A file may say who won a tie although it was about who goes out; where
 * two were tied the other one is meant then.
 */
#include "ballots_json.h"

#include <string.h>

typedef struct sense_keys {
    const char *keys;
    bl_resolution_sense sense;
} sense_keys;
#define CHOSEN_KEYS                                                                                \
    "chosen|selected|selection|pick|picked|choice|resolved|resolved to|resolution|by lot|drawn|"   \
    "decided|candidate|name|result|answer|in favor of|in favour of"
#define LAST_KEYS                                                                                  \
    "eliminated|eliminate|elimination|eliminations|loser|losers|loses|lost|out|goes out|"          \
    "excluded|exclude|exclusion|exclusions|defeated|last"
#define FIRST_KEYS                                                                                 \
    "elected|elect|election|elections|winner|winners|wins|won|kept|keep|stays|stay|survivor|"      \
    "survivors|survives|first|advances|advance|in|order|ranking"
static const sense_keys senses[] = {
    {CHOSEN_KEYS, BL_RESOLUTION_CHOSEN},
    {LAST_KEYS, BL_RESOLUTION_LAST},
    {FIRST_KEYS, BL_RESOLUTION_FIRST},
};
enum { SENSE_COUNT = sizeof senses / sizeof *senses };

/* {"action": "eliminate", "candidate": "ana"}: what the one who is named was chosen for. */
#define PURPOSE_KEYS "action|type|kind|purpose|for|about"
#define ROUND_KEYS "round|count|stage"
#define TIED_KEYS "tied|candidates|between|among|tie|tied candidates"

static bool add(bl_case *c, bl_resolution resolution)
{
    bl_ballots_reader *const r = c->r;
    bl_resolution *all = bl_arena_array(r->arena, (size_t)r->resolution_count + 1, sizeof *all);
    if (!all) return bl_ballots_nomem(r);
    for (uint32_t i = 0; i < r->resolution_count; i++)
        all[i] = r->resolutions[i];
    all[r->resolution_count++] = resolution;
    r->resolutions = all;
    return true;
}

/* "3", "Round 3", "stage_3". */
static bool is_round(bl_text text, uint32_t *out)
{
    size_t digits = text.size;
    uint64_t round = 0;
    while (digits > 0 && text.bytes[digits - 1] >= '0' && text.bytes[digits - 1] <= '9')
        digits--;
    const bl_text word = {text.bytes, digits};
    if (digits > 0 && !bl_ballots_is_any(word, "round|stage|count|r")) return false;
    if (!bl_ballots_whole((bl_text){text.bytes + digits, text.size - digits}, UINT32_MAX, &round))
        return false;
    *out = (uint32_t)round;
    return true;
}

static bool read_round(bl_case *c, const bl_json *value, uint32_t *out)
{
    bl_text text;
    *out = 0;
    if (!value || value->kind == BL_JSON_NULL) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    return is_round(text, out) ||
           bl_ballots_fail(c->r, bl_case_at(c, value), "expected the number of a round");
}

/* Of several the first, then the first of those who are left, and so on. */
static bool add_all(bl_case *c, bl_resolution resolution, const bl_json *chosen)
{
    uint32_t *list, count;
    if (!bl_case_read_list(c, chosen, &list, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        resolution.chosen = list[i];
        if (!add(c, resolution)) return false;
        if (count > 1) resolution.tied_count = 0; /* fewer are tied then */
    }
    return true;
}

static bool is_empty(const bl_json *value)
{
    return value->kind == BL_JSON_NULL || value->kind == BL_JSON_BOOLEAN ||
           ((value->kind == BL_JSON_ARRAY || value->kind == BL_JSON_OBJECT) && value->count == 0);
}

static bl_resolution_sense purpose_of(const bl_json *object)
{
    const bl_json *purpose = bl_case_member_of(object, PURPOSE_KEYS);
    for (size_t i = 0; purpose && purpose->kind == BL_JSON_TEXT && i < SENSE_COUNT; i++)
        if (bl_ballots_is_any(purpose->as.text, senses[i].keys)) return senses[i].sense;
    return BL_RESOLUTION_CHOSEN;
}

static bool read_object(bl_case *c, const bl_json *object, uint32_t round)
{
    bl_resolution resolution = {.round = round};
    const bl_json *number = bl_case_member_of(object, ROUND_KEYS);
    const bl_json *tied = bl_case_member_of(object, TIED_KEYS);
    if (number && !read_round(c, number, &resolution.round)) return false;
    if (tied && tied->kind == BL_JSON_ARRAY) {
        uint32_t *list;
        if (!bl_case_read_list(c, tied, &list, &resolution.tied_count)) return false;
        resolution.tied = list;
    }
    const bl_resolution_sense purpose = purpose_of(object);
    if (!bl_case_pass_over_others(c, object,
                                  ROUND_KEYS "|" TIED_KEYS "|" PURPOSE_KEYS "|" CHOSEN_KEYS
                                             "|" LAST_KEYS "|" FIRST_KEYS))
        return false;
    bool is_said = false;
    for (size_t i = 0; i < SENSE_COUNT; i++) {
        const bl_json *chosen = bl_case_member_of(object, senses[i].keys);
        if (!chosen || is_empty(chosen)) continue;
        resolution.sense = senses[i].sense == BL_RESOLUTION_CHOSEN ? purpose : senses[i].sense;
        if (!add_all(c, resolution, chosen)) return false;
        is_said = true;
    }
    return is_said || bl_ballots_fail(
                          c->r, bl_case_at(c, object),
                          "expected who was \"chosen\", \"elected\" or \"eliminated\" in this tie");
}

/* [3, "ana"]: the round, and who was chosen in it. */
static bool is_round_and_name(const bl_case *c, const bl_json *value)
{
    if (value->kind != BL_JSON_ARRAY || value->count != 2) return false;
    const bl_json *first = &value->as.items[0], *second = &value->as.items[1];
    return first->kind == BL_JSON_NUMBER && second->kind == BL_JSON_TEXT &&
           bl_case_is_candidate(c, second->as.text);
}

/* "ana > bo": ana came out first. */
static bool read_order(bl_case *c, const bl_json *value, uint32_t round)
{
    bl_text rest = value->as.text;
    while (rest.size > 0) {
        const char *const end = memchr(rest.bytes, '>', rest.size);
        const bl_text name = {rest.bytes, end ? (size_t)(end - rest.bytes) : rest.size};
        bl_resolution one = {.round = round, .sense = BL_RESOLUTION_FIRST};
        if (!bl_ballots_known(c->r, bl_case_at(c, value), bl_ballots_trim(name), &one.chosen) ||
            !add(c, one))
            return false;
        const size_t taken = name.size + (end != NULL);
        rest = (bl_text){rest.bytes + taken, rest.size - taken};
    }
    return true;
}

static bool read_one(bl_case *c, const bl_json *value, uint32_t round)
{
    if (value->kind == BL_JSON_OBJECT && !bl_case_member_of(value, "id"))
        return read_object(c, value, round);
    if (value->kind == BL_JSON_TEXT && !bl_case_is_candidate(c, value->as.text) &&
        bl_text_contains(value->as.text, BL_TEXT(">")))
        return read_order(c, value, round);
    if (is_round_and_name(c, value))
        return read_round(c, &value->as.items[0], &round) &&
               add_all(c, (bl_resolution){.round = round}, &value->as.items[1]);
    return add_all(c, (bl_resolution){.round = round}, value);
}

/* {"3": "ana"}: by round; each may also be a list or an object. */
static bool read_by_round(bl_case *c, const bl_json *object)
{
    for (uint32_t i = 0; i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        const bl_json key = {.kind = BL_JSON_TEXT, .at = one->value.at, .as.text = one->key};
        uint32_t round;
        if (!read_round(c, &key, &round)) return false;
        if (one->value.kind != BL_JSON_ARRAY) {
            if (!read_one(c, &one->value, round)) return false;
            continue;
        }
        for (uint32_t k = 0; k < one->value.count; k++)
            if (!read_one(c, &one->value.as.items[k], round)) return false;
    }
    return true;
}

static bool has_rounds_only(const bl_json *object)
{
    uint32_t round;
    for (uint32_t i = 0; i < object->count; i++)
        if (!is_round(object->as.members[i].key, &round)) return false;
    return object->count > 0;
}

bool bl_case_are_resolutions(const bl_case *c, const bl_json *value)
{
    if (value->kind == BL_JSON_OBJECT) return true;
    if (value->kind != BL_JSON_ARRAY || value->count == 0) return false;
    const bl_json *first = &value->as.items[0];
    return first->kind == BL_JSON_OBJECT ||
           (first->kind == BL_JSON_TEXT && bl_case_is_candidate(c, first->as.text));
}

bool bl_case_read_resolutions(bl_case *c, const bl_json *value)
{
    if (is_empty(value)) return true;
    if (value->kind == BL_JSON_OBJECT)
        return has_rounds_only(value) ? read_by_round(c, value) : read_one(c, value, 0);
    if (value->kind != BL_JSON_ARRAY) return read_one(c, value, 0);
    for (uint32_t i = 0; i < value->count; i++)
        if (!read_one(c, &value->as.items[i], 0)) return false;
    return true;
}
