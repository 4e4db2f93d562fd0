/*
 * JSON cases: ballots, one after the other.
 *
 * Each is stepped over, read as a small tree, and forgotten. What it is follows from its keys
 * (`ranking`, `choices`, `scores`) or, where there is none, from what the method counts. Which key
 * says what is found out once for each spelling.
 */
#include "ballots_json.h"

#include <string.h>

#include "json_walk.h"

typedef enum role {
    ROLE_OTHER, /* ids, notes, precincts */
    ROLE_WEIGHT,
    ROLE_ANY, /* what the method counts: "vote", "ballot" */
    ROLE_RANKING,
    ROLE_CHOICE,
    ROLE_SCORES,
    ROLE_COUNT
} role;

static const char *const role_keys[ROLE_COUNT] = {
    [ROLE_WEIGHT] = "count|weight|n|votes|number|multiplicity|ballots|voters|times|size|quantity|"
                    "frequency|num|copies|total",
    [ROLE_ANY] = "ballot|vote|votes|marks|ballots|preference|content",
    [ROLE_RANKING] = "ranking|ranks|rank|preferences|order|rankings|prefs|ranked|preference order",
    [ROLE_CHOICE] = "choice|choices|approvals|approve|approves|approved|approval|chosen|selected|"
                    "selection|selections|candidate|party|list",
    [ROLE_SCORES] = "scores|score|ratings|rating|grades|points",
};

enum { KNOWN_COUNT = 8 };
typedef struct votes {
    bl_case *c;
    bl_text known_keys[KNOWN_COUNT]; /* keys as they are spelled, that have been looked up */
    role known_roles[KNOWN_COUNT];
    size_t known_count;
    bl_text other_keys[KNOWN_COUNT]; /* that say nothing of the ballot, and have been told */
    size_t other_count;
} votes;

/* ---- keys ---- */

static role look_up(bl_text key, bool is_number)
{
    /* "votes": 3 is a weight, "votes": ["A"] a ballot. */
    if (is_number && bl_ballots_is_any(key, role_keys[ROLE_WEIGHT])) return ROLE_WEIGHT;
    for (role one = ROLE_ANY; one < ROLE_COUNT; one++)
        if (bl_ballots_is_any(key, role_keys[one])) return one;
    return ROLE_OTHER;
}

static bool is_known(const votes *v, size_t i, bl_text key, bool is_number)
{
    return bl_text_equal(v->known_keys[i], key) && (v->known_roles[i] == ROLE_WEIGHT) == is_number;
}

/* What is neither known nor somebody's name is told, once. */
static bool pass_over(votes *v, const bl_json_member *member)
{
    const bl_text key = member->key;
    const bl_json_kind kind = member->value.kind;
    const bool is_plain = kind != BL_JSON_ARRAY && kind != BL_JSON_OBJECT;
    if (bl_case_is_nothing(&member->value)) return true;
    for (size_t i = 0; i < v->other_count; i++) /* a list may be ballots where the first was none */
        if (is_plain && bl_text_equal(v->other_keys[i], key)) return true;
    if (bl_case_is_candidate(v->c, key)) return true;
    const char *const copy = v->other_count < KNOWN_COUNT
                                 ? bl_arena_copy(&v->c->arena, key.bytes, key.size)
                                 : NULL;
    if (copy) v->other_keys[v->other_count++] = (bl_text){copy, key.size};
    return bl_case_pass_over_one(v->c, member);
}

static bool pass_over_others(votes *v, const bl_json *object, const char *known)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (!bl_ballots_is_any(object->as.members[i].key, known) &&
            !pass_over(v, &object->as.members[i]))
            return false;
    return true;
}

static role role_of(votes *v, bl_text key, const bl_json *value)
{
    const bool is_number = value->kind == BL_JSON_NUMBER;
    for (size_t i = 0; i < v->known_count; i++)
        if (is_known(v, i, key, is_number)) return v->known_roles[i];
    bl_rational weight;
    /* "count" and "weight" are nothing else, so that "count": "x" is told of and not passed over.
     */
    const bool is_weight =
        is_number || (value->kind != BL_JSON_NULL && bl_ballots_is_any(key, "count|weight")) ||
        (value->kind == BL_JSON_TEXT && bl_ballots_is_any(key, role_keys[ROLE_WEIGHT]) &&
         bl_rational_parse(value->as.text, &weight) && !bl_case_is_candidate(v->c, value->as.text));
    const role found = look_up(key, is_weight);
    if (v->known_count == KNOWN_COUNT || (found == ROLE_WEIGHT) != is_number) return found;
    const char *const copy = bl_arena_copy(&v->c->arena, key.bytes, key.size);
    if (!copy) return found;
    v->known_keys[v->known_count] = (bl_text){copy, key.size};
    v->known_roles[v->known_count++] = found;
    return found;
}

/* ---- a ranking ---- */

static bool fail_at(votes *v, const bl_json *value, const char *expected)
{
    return bl_ballots_fail(v->c->r, bl_case_at(v->c, value), "expected %s, found %s", expected,
                           bl_json_kind_name(value->kind));
}

/* A candidate at the rank, or what stands for none. */
static bool rank_named(votes *v, const char *at, bl_text name)
{
    uint32_t candidate;
    return bl_case_named(v->c, at, name, &candidate) &&
           (candidate == BL_CASE_EMPTY || bl_ballots_rank(v->c->r, candidate));
}

static bool rank_value(votes *v, const bl_json *value)
{
    uint32_t candidate;
    if (value->kind == BL_JSON_NULL || value->kind == BL_JSON_BOOLEAN) return true;
    return bl_case_whom(v->c, value, &candidate) &&
           (candidate == BL_CASE_EMPTY || bl_ballots_rank(v->c->r, candidate));
}

static bool rank_group(votes *v, const bl_json *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!rank_value(v, &list->as.items[i])) return false;
    return true;
}

static bool read_rank_number(votes *v, const bl_json *value, int32_t *out)
{
    uint64_t rank = 0;
    bl_text text;
    if (value->kind != BL_JSON_NUMBER && value->kind != BL_JSON_TEXT)
        return fail_at(v, value, "a rank from 1");
    if (!bl_case_as_text(v->c, value, &text)) return false;
    if (bl_ballots_whole(text, INT32_MAX, &rank) && rank > 0) {
        *out = (int32_t)rank;
        return true;
    }
    return bl_ballots_fail(v->c->r, bl_case_at(v->c, value), "expected a rank from 1, found `%s`",
                           bl_ballots_show(v->c->r, text));
}

#define RANK_KEYS "rank|position|place|ranking"
#define TIED_KEYS "overvote|tied|tie|equal|candidates"
/* of who is ranked or scored */
#define NAME_KEYS                                                                                  \
    "key|handle|short|abbreviation|abbr|identifier|label|full name|candidate|party|option"
/* {"candidate": "A", "rank": 2}, or several of one rank: {"overvote": ["A", "B"]}. */
static bool rank_object(votes *v, const bl_json *object)
{
    bl_ballots_reader *const r = v->c->r;
    const bl_json *rank = bl_case_member_of(object, RANK_KEYS);
    const bl_json *group = bl_case_member_of(object, TIED_KEYS);
    if (rank && !read_rank_number(v, rank, &r->rank)) return false;
    if (object->count > 2 && !pass_over_others(v, object, NAME_KEYS "|" RANK_KEYS "|" TIED_KEYS))
        return false;
    if (group && group->kind == BL_JSON_ARRAY) return rank_group(v, group);
    return rank_value(v, object);
}

static bool has_byte(bl_text text, char byte)
{
    return text.size > 0 && memchr(text.bytes, byte, text.size) != NULL;
}

/* The next piece up to one of two bytes, which is taken too. */
static bl_text next_piece(bl_text *rest, char first, char second, char *between)
{
    bl_text piece = {rest->bytes, 0};
    while (piece.size < rest->size && rest->bytes[piece.size] != first &&
           rest->bytes[piece.size] != second)
        piece.size++;
    const size_t taken = piece.size < rest->size ? piece.size + 1 : piece.size;
    *between = piece.size < rest->size ? rest->bytes[piece.size] : '\0';
    rest->bytes += taken;
    rest->size -= taken;
    return piece;
}

/* "A>B=C"; with commas for `>` where there is none. */
static bool rank_order(votes *v, const char *at, bl_text text)
{
    bl_ballots_reader *const r = v->c->r;
    const char down = has_byte(text, '>') ? '>' : ',';
    for (char between = down; between != '\0';) {
        const bl_text piece = next_piece(&text, down, '=', &between);
        if (!rank_named(v, at, piece)) return false;
        if (between == down) r->rank++;
    }
    return true;
}

/* "ABC" where the candidates are A, B and C; "A B C". False: it is not that. */
static bool is_sequence(votes *v, bl_text text, bool has_blanks)
{
    if (!v->c->r->is_closed || has_blanks != has_byte(text, ' ')) return false;
    char between = ' ';
    while (text.size > 0) {
        bl_text piece = {text.bytes, 1};
        if (has_blanks)
            piece = next_piece(&text, ' ', ' ', &between);
        else
            text.bytes++, text.size--;
        if (!bl_case_is_candidate(v->c, piece)) return false;
    }
    return true;
}

static bool rank_sequence(votes *v, const char *at, bl_text text, bool has_blanks)
{
    char between = ' ';
    while (text.size > 0) {
        bl_text piece = {text.bytes, 1};
        if (has_blanks)
            piece = next_piece(&text, ' ', ' ', &between);
        else
            text.bytes++, text.size--;
        if (!rank_named(v, at, piece)) return false;
        v->c->r->rank++;
    }
    return true;
}

/* Several candidates in one text, or one. */
static bool rank_text(votes *v, const char *at, bl_text text)
{
    const bl_text trimmed = bl_ballots_trim(text);
    if (trimmed.size == 0 || bl_case_is_candidate(v->c, trimmed)) return rank_named(v, at, trimmed);
    if (has_byte(trimmed, '>') || has_byte(trimmed, '=') || has_byte(trimmed, ','))
        return rank_order(v, at, trimmed);
    if (is_sequence(v, trimmed, true)) return rank_sequence(v, at, trimmed, true);
    if (is_sequence(v, trimmed, false)) return rank_sequence(v, at, trimmed, false);
    return rank_named(v, at, trimmed);
}

static bool rank_item(votes *v, const bl_json *item)
{
    bl_text text;
    switch (item->kind) {
    case BL_JSON_ARRAY: return rank_group(v, item);
    case BL_JSON_OBJECT: return rank_object(v, item);
    case BL_JSON_NULL:
    case BL_JSON_BOOLEAN:
    case BL_JSON_NUMBER: return rank_value(v, item);
    case BL_JSON_TEXT: break;
    }
    text = item->as.text;
    if (!has_byte(text, '=') || bl_case_is_candidate(v->c, text))
        return rank_named(v, bl_case_at(v->c, item), text);
    for (char between = '='; between != '\0';)
        if (!rank_named(v, bl_case_at(v->c, item), next_piece(&text, '=', '=', &between)))
            return false;
    return true;
}

/* {"A": 1, "B": 2}: ranks by candidate. */
static bool rank_map(votes *v, const bl_json *object)
{
    bl_ballots_reader *const r = v->c->r;
    for (uint32_t i = 0; i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        if (one->value.kind == BL_JSON_NULL ||
            (one->value.kind == BL_JSON_TEXT && bl_ballots_is_unranked(r, one->value.as.text)))
            continue;
        if (!read_rank_number(v, &one->value, &r->rank) ||
            !rank_named(v, bl_case_at(v->c, &one->value), one->key))
            return false;
    }
    return true;
}

static bool read_ranking(votes *v, const bl_json *value)
{
    switch (value->kind) {
    case BL_JSON_NULL: return true;
    case BL_JSON_TEXT: return rank_text(v, bl_case_at(v->c, value), value->as.text);
    case BL_JSON_OBJECT: return rank_map(v, value);
    case BL_JSON_NUMBER: return rank_value(v, value);
    case BL_JSON_BOOLEAN: return fail_at(v, value, "a list of candidates");
    case BL_JSON_ARRAY: break;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        if (!rank_item(v, &value->as.items[i])) return false;
        v->c->r->rank++;
    }
    return true;
}

/* ---- choices and scores ---- */

static bool is_chosen(const bl_json *value)
{
    if (value->kind == BL_JSON_BOOLEAN) return value->as.boolean;
    if (value->kind == BL_JSON_NUMBER) return value->as.number.num != 0;
    return value->kind == BL_JSON_TEXT && bl_ballots_is_any(value->as.text, "yes|x|true|1|approve");
}

/* ["A", "B"], "A", "A,B" or {"A": true}. */
static bool read_choice(votes *v, const bl_json *value)
{
    if (value->kind == BL_JSON_OBJECT) {
        for (uint32_t i = 0; i < value->count; i++) {
            const bl_json_member *one = &value->as.members[i];
            if (is_chosen(&one->value) && !rank_named(v, bl_case_at(v->c, &one->value), one->key))
                return false;
        }
        return true;
    }
    return read_ranking(v, value);
}

static bool score(votes *v, uint32_t candidate, const bl_json *value)
{
    bl_ballots_reader *const r = v->c->r;
    const char *const at = bl_case_at(v->c, value);
    bl_rational number;
    if (candidate >= BL_CANDIDATE_COUNT_MAX || value->kind == BL_JSON_NULL) return true;
    if (value->kind == BL_JSON_NUMBER) return bl_ballots_score(r, at, candidate, value->as.number);
    if (value->kind == BL_JSON_TEXT && bl_rational_parse(value->as.text, &number))
        return bl_ballots_score(r, at, candidate, number);
    return fail_at(v, value, "a score");
}

#define SCORE_KEYS "score|rating|value|points"
static bool score_object(votes *v, const bl_json *object)
{
    const bl_json *value = bl_case_member_of(object, SCORE_KEYS);
    uint32_t candidate;
    if (object->count > 2 && !pass_over_others(v, object, NAME_KEYS "|" SCORE_KEYS)) return false;
    if (!value) return fail_at(v, object, "a candidate with a \"score\"");
    return bl_case_whom(v->c, object, &candidate) && score(v, candidate, value);
}

/* {"A": 5}, [{"candidate": "A", "score": 5}], or [5, 0, 3] in the order of the candidates. */
static bool read_scores(votes *v, const bl_json *value)
{
    bl_ballots_reader *const r = v->c->r;
    const uint32_t all = bl_contest_candidate_count(r->builder);
    if (value->kind == BL_JSON_NULL) return true;
    if (value->kind == BL_JSON_OBJECT) {
        for (uint32_t i = 0; i < value->count; i++) {
            const bl_json_member *one = &value->as.members[i];
            uint32_t candidate;
            if (!bl_case_named(v->c, bl_case_at(v->c, &one->value), one->key, &candidate) ||
                !score(v, candidate, &one->value))
                return false;
        }
        return true;
    }
    if (value->kind != BL_JSON_ARRAY) return fail_at(v, value, "scores by candidate");
    for (uint32_t i = 0; i < value->count; i++) {
        const bl_json *one = &value->as.items[i];
        if (one->kind == BL_JSON_OBJECT) {
            if (!score_object(v, one)) return false;
            continue;
        }
        if (!r->is_closed || value->count != all)
            return bl_ballots_fail(r, bl_case_at(v->c, value),
                                   "expected a score for each of the %u candidates, found %u", all,
                                   value->count);
        if (!score(v, i, one)) return false;
    }
    return true;
}

/* ---- one ballot ---- */

static bool has_numbers_only(const bl_json *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->as.items[i].kind != BL_JSON_NUMBER && list->as.items[i].kind != BL_JSON_NULL)
            return false;
    return list->count > 0;
}

/* What a ballot without a telling key is, by the method; without one, a ranking. */
static role role_of_content(const votes *v, const bl_json *value)
{
    const bl_ballots_reader *r = v->c->r;
    if (!r->is_kind_known || r->kind == BL_BALLOTS_RANKING) return ROLE_RANKING;
    if (r->kind == BL_BALLOTS_CHOICE) return ROLE_CHOICE;
    const bool are_scores = value->kind == BL_JSON_OBJECT ||
                            (value->kind == BL_JSON_ARRAY &&
                             (has_numbers_only(value) ||
                              (value->count > 0 && value->as.items[0].kind == BL_JSON_OBJECT)));
    return are_scores ? ROLE_SCORES : ROLE_RANKING;
}

static bool read_content(votes *v, role what, const bl_json *value, bl_ballot_kind *kind)
{
    if (what == ROLE_ANY) what = role_of_content(v, value);
    if (what == ROLE_CHOICE) {
        *kind = BL_BALLOTS_CHOICE;
        return read_choice(v, value);
    }
    if (what == ROLE_SCORES) {
        *kind = BL_BALLOTS_SCORES;
        return read_scores(v, value);
    }
    *kind = BL_BALLOTS_RANKING;
    return read_ranking(v, value);
}

static bool read_weight(votes *v, const bl_json *value, bl_rational *out)
{
    bl_text text;
    if (value->kind == BL_JSON_NUMBER && value->as.number.num >= 0) {
        *out = value->as.number;
        return true;
    }
    return bl_case_as_text(v->c, value, &text) &&
           bl_ballots_weight(v->c->r, bl_case_at(v->c, value), text, out);
}

/* {"A": 5, "B": 3, "count": 2}: candidates themselves are the keys. */
static bool read_bare_map(votes *v, const bl_json *object, bl_ballot_kind *kind)
{
    bl_json map = *object;
    bl_json_member *members = bl_arena_array(&v->c->r->scratch, object->count, sizeof *members);
    if (!members) return bl_ballots_nomem(v->c->r);
    map.count = 0;
    for (uint32_t i = 0; i < object->count; i++)
        if (bl_case_is_candidate(v->c, object->as.members[i].key))
            members[map.count++] = object->as.members[i];
    map.as.members = members;
    return read_content(v, ROLE_ANY, &map, kind);
}

static bool has_candidate_key(const votes *v, const bl_json *object)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (bl_case_is_candidate(v->c, object->as.members[i].key)) return true;
    return false;
}

/* Of several things one ballot says, the one that the method counts. */
static bool goes_before(const votes *v, role found, role other)
{
    const role wanted = v->c->r->kind == BL_BALLOTS_RANKING  ? ROLE_RANKING
                        : v->c->r->kind == BL_BALLOTS_CHOICE ? ROLE_CHOICE
                                                             : ROLE_SCORES;
    if (v->c->r->is_kind_known && (found == wanted || other == wanted)) return found == wanted;
    return found > other;
}

static bool read_object(votes *v, const bl_json *object, bl_rational *weight, bl_ballot_kind *kind)
{
    const bl_json *content = NULL;
    role what = ROLE_OTHER;
    bool has_weight = false;
    for (uint32_t i = 0; i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        const role found = role_of(v, one->key, &one->value);
        if (found == ROLE_OTHER && !pass_over(v, one)) return false;
        if (found == ROLE_WEIGHT) {
            has_weight = true;
            if (!read_weight(v, &one->value, weight)) return false;
        } else if (found != ROLE_OTHER && goes_before(v, found, what)) {
            what = found;
            content = &one->value;
        }
    }
    if (content) return read_content(v, what, content, kind);
    if (has_candidate_key(v, object)) return read_bare_map(v, object, kind);
    if (has_weight || object->count == 0) return true;
    return bl_ballots_fail(v->c->r, bl_case_at(v->c, object),
                           "expected a ballot with a \"ranking\", \"choices\" or \"scores\"");
}

/* [12, ["A", "B"]] or [["A", "B"], 12]: a number of equal ballots. */
static const bl_json *content_of_pair(const votes *v, const bl_json *list, const bl_json **weight)
{
    if (list->count != 2) return NULL;
    const bool is_first = list->as.items[0].kind == BL_JSON_NUMBER;
    const bl_json *number = &list->as.items[is_first ? 0 : 1];
    const bl_json *content = &list->as.items[is_first ? 1 : 0];
    const bool is_content = content->kind == BL_JSON_ARRAY || content->kind == BL_JSON_OBJECT ||
                            (content->kind == BL_JSON_TEXT && v->c->r->is_closed);
    if (number->kind != BL_JSON_NUMBER || !is_content) return NULL;
    *weight = number;
    return content;
}

/* "12: A>B", as ABIF has it. */
static bool read_text(votes *v, const bl_json *value, bl_rational *weight, bl_ballot_kind *kind)
{
    bl_json content = *value;
    bl_text text = value->as.text;
    char between;
    const bl_text number = bl_ballots_trim(next_piece(&text, ':', ':', &between));
    bl_rational count;
    if (between == ':' && bl_rational_parse(number, &count) && count.num >= 0 &&
        !bl_case_is_candidate(v->c, value->as.text)) {
        *weight = count;
        content.as.text = text;
    }
    return read_content(v, ROLE_ANY, &content, kind);
}

static bool read_ballot(votes *v, const bl_json *value, bl_rational *weight, bl_ballot_kind *kind)
{
    const bl_json *number = NULL;
    switch (value->kind) {
    case BL_JSON_NULL: return true;
    case BL_JSON_BOOLEAN: return fail_at(v, value, "a ballot");
    case BL_JSON_OBJECT: return read_object(v, value, weight, kind);
    case BL_JSON_TEXT: return read_text(v, value, weight, kind);
    case BL_JSON_NUMBER: return read_content(v, ROLE_ANY, value, kind);
    case BL_JSON_ARRAY: break;
    }
    const bl_json *content = content_of_pair(v, value, &number);
    if (!content) return read_content(v, ROLE_ANY, value, kind);
    return read_weight(v, number, weight) && read_content(v, ROLE_ANY, content, kind);
}

static bool add_item(votes *v, bl_text piece)
{
    bl_ballots_reader *const r = v->c->r;
    bl_json value;
    bl_rational weight = BL_RATIONAL(1);
    bl_ballot_kind kind = r->kind;
    bl_arena_reset(&r->scratch);
    bl_ballots_begin(r);
    r->at = piece.bytes;
    return bl_case_parse(v->c, piece, &r->scratch, &value) &&
           read_ballot(v, &value, &weight, &kind) &&
           bl_ballots_add_weighted(r, piece.bytes, kind, weight);
}

/* {"A>B": 12, "C": 3}: how many ballots there are of each. */
static bool add_member(votes *v, bl_text key, bl_text piece)
{
    bl_ballots_reader *const r = v->c->r;
    bl_json text, number;
    bl_rational weight = BL_RATIONAL(1);
    bl_ballot_kind kind = r->kind;
    bl_arena_reset(&r->scratch);
    bl_ballots_begin(r);
    r->at = key.bytes;
    if (!bl_case_parse(v->c, piece, &r->scratch, &number) || !read_weight(v, &number, &weight) ||
        !bl_case_parse(v->c, key, &r->scratch, &text))
        return false;
    return read_content(v, ROLE_ANY, &text, &kind) &&
           bl_ballots_add_weighted(r, key.bytes, kind, weight);
}

/* ---- all of them ---- */

bool bl_case_find_in(bl_case *c, bl_text piece, const char *keys, bl_text *out)
{
    bl_json_walk walk;
    bl_text key, value;
    bl_json name;
    if (!bl_json_walk_begin(piece, &walk)) return false;
    for (int i = 0; i < 64 && bl_json_walk_next(&walk, &key, &value); i++) {
        if (!bl_case_parse(c, key, &c->arena, &name)) return false;
        if (!bl_ballots_is_any(name.as.text, keys)) continue;
        *out = value;
        return true;
    }
    return false;
}

/* A list of texts alone that are candidates is one ballot of the body that breaks ties. */
static bool is_one_ranking(bl_case *c, bl_text piece)
{
    bl_json list;
    if (!c->r->is_casting || piece.bytes[0] != '[' || !bl_case_parse(c, piece, &c->arena, &list))
        return false;
    for (uint32_t i = 0; i < list.count; i++)
        if (list.as.items[i].kind != BL_JSON_TEXT ||
            !bl_case_is_candidate(c, list.as.items[i].as.text))
            return false;
    return list.count > 0;
}

/* What stands in the object beside the list of ballots. */
static bool pass_over_beside(bl_case *c, bl_text object, bl_text list)
{
    bl_json_walk walk;
    bl_text key, value;
    bl_json name;
    if (!bl_json_walk_begin(object, &walk)) return true;
    while (bl_json_walk_next(&walk, &key, &value)) {
        if (value.bytes == list.bytes) continue;
        if (!bl_case_parse(c, key, &c->arena, &name) ||
            !bl_case_pass_over(c, key.bytes, name.as.text, value))
            return false;
    }
    return true;
}

bool bl_case_read_ballots(bl_case *c, bl_text piece)
{
    bl_ballots_reader *const r = c->r;
    votes v = {.c = c};
    bl_json_walk walk;
    bl_text key, value;
    const bool is_object = piece.bytes[0] == '{' ||
                           *bl_json_walk_blanks(piece.bytes, r->end) == '{';
    if (is_object && bl_case_find_in(c, piece, "ballots|rankings|piles|list|items|votes", &value) &&
        (value.bytes[0] == '[' || value.bytes[0] == '{')) {
        if (!pass_over_beside(c, piece, value)) return false;
        piece = value;
    }
    if (r->out->problem.size > 0) return false;
    if (is_one_ranking(c, piece)) return add_item(&v, piece);
    if (!bl_json_walk_begin(piece, &walk)) return true;
    while (bl_json_walk_next(&walk, &key, &value))
        if (!(walk.is_object ? add_member(&v, key, value) : add_item(&v, value))) return false;
    r->at = walk.at;
    if (!walk.expected) return true;
    return bl_ballots_fail(r, walk.at, "expected %s, found %s", walk.expected,
                           bl_ballots_found(r, walk.at));
}
