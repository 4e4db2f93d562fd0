/*
 * JSON cases: ties that were decided outside, by lot or by hand.
 *
 * A list in the order in which ties came up: a name, or an object that says the round, who was
 * tied, and who was chosen. A file may say who won a tie although it was about who goes out; where
 * two were tied the other one is meant then.
 */
#include "ballots_json.h"

typedef struct sense_keys {
    const char *keys;
    bl_resolution_sense sense;
} sense_keys;
static const sense_keys senses[] = {
    {"chosen|selected|selection|pick|picked|choice|resolved|resolved to|resolution|by lot|drawn|"
     "decided",
     BL_RESOLUTION_CHOSEN},
    {"eliminated|eliminate|loser|losers|loses|lost|out|excluded|exclude|defeated|last",
     BL_RESOLUTION_LAST},
    {"elected|elect|winner|winners|wins|won|kept|keep|survivor|survives|first|advances|in|order|"
     "ranking",
     BL_RESOLUTION_FIRST},
};

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

static bool read_round(bl_case *c, const bl_json *value, uint32_t *out)
{
    uint64_t round = 0;
    bl_text text;
    *out = 0;
    if (!value || value->kind == BL_JSON_NULL) return true;
    if (!bl_case_as_text(c, value, &text)) return false;
    if (!bl_ballots_whole(text, UINT32_MAX, &round))
        return bl_ballots_fail(c->r, bl_case_at(c, value), "expected the number of a round");
    *out = (uint32_t)round;
    return true;
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

static bool read_object(bl_case *c, const bl_json *object, uint32_t round)
{
    bl_resolution resolution = {.round = round};
    const bl_json *number = bl_case_member_of(object, "round|count|stage");
    const bl_json *tied = bl_case_member_of(object,
                                            "tied|candidates|between|among|tie|tied candidates");
    if (number && !read_round(c, number, &resolution.round)) return false;
    if (tied && tied->kind == BL_JSON_ARRAY) {
        uint32_t *list;
        if (!bl_case_read_list(c, tied, &list, &resolution.tied_count)) return false;
        resolution.tied = list;
    }
    for (size_t i = 0; i < sizeof senses / sizeof *senses; i++) {
        const bl_json *chosen = bl_case_member_of(object, senses[i].keys);
        if (!chosen || chosen->kind == BL_JSON_NULL || chosen->kind == BL_JSON_BOOLEAN) continue;
        resolution.sense = senses[i].sense;
        return add_all(c, resolution, chosen);
    }
    return bl_ballots_fail(
        c->r, bl_case_at(c, object),
        "expected who was \"chosen\", \"elected\" or \"eliminated\" in this tie");
}

static bool read_one(bl_case *c, const bl_json *value, uint32_t round)
{
    if (value->kind == BL_JSON_OBJECT && !bl_case_member_of(value, "id"))
        return read_object(c, value, round);
    return add_all(c, (bl_resolution){.round = round}, value);
}

static bool is_empty(const bl_json *value)
{
    return value->kind == BL_JSON_NULL || value->kind == BL_JSON_BOOLEAN ||
           ((value->kind == BL_JSON_ARRAY || value->kind == BL_JSON_OBJECT) && value->count == 0);
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

static bool has_digits_only(const bl_json *object)
{
    uint64_t round;
    for (uint32_t i = 0; i < object->count; i++)
        if (!bl_ballots_whole(object->as.members[i].key, UINT32_MAX, &round)) return false;
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
        return has_digits_only(value) ? read_by_round(c, value) : read_one(c, value, 0);
    if (value->kind != BL_JSON_ARRAY) return read_one(c, value, 0);
    for (uint32_t i = 0; i < value->count; i++)
        if (!read_one(c, &value->as.items[i], 0)) return false;
    return true;
}
