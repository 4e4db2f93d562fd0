/*
 * JSON cases: what is said to people, and what is neither that nor known.
 *
 * Keys that describe and decide nothing are passed over without a word: where a case comes from,
 * what its result was. Every other key that no reader used is told once, with its place, so that
 * ballots or rules under a name that is not known are never left out in silence. A key of the first
 * sort is told too where ballots stand in its value.
 */
#include "ballots_json.h"

#include "json_walk.h"

/* Listed in docs/ballots.md; tests/tally.sh compares. */
static const char said_to_people[] =
    "title|name|short name|description|rules description|summary|abstract|purpose|explanation|"
    "note|notes|comment|comments|remark|remarks|question|tags|keywords|category|type|kind|"
    "source|sources|source url|url|urls|link|links|website|reference|references|citation|doi|"
    "provenance|origin|credit|credits|author|authors|contact|publisher|licence|license|copyright|"
    "date|dates|year|time|timestamp|election date|opened|closed|created|updated|retrieved|accessed|"
    "id|uuid|slug|number|code|version|schema|$schema|format version|generator|tool|language|"
    "country|state|province|county|city|town|district|ward|precinct|region|place|location|"
    "jurisdiction|office|contest|contest name|race|body|organization|organisation|"
    "expected|expected result|expected results|expected rounds|expected winner|expected winners|"
    "result|results|published|official|official results|outcome|status|winner|winners|elected|"
    "round|rounds|stages|counts|tally|tallies|totals|ranking|rankings|places|pairwise|matrix|"
    "pairwise matrix|paths|scores|margin|margins|strongest paths|condorcet winner|smith set|"
    "apportioned|apportionment|allocation|seats by party|exhausted|overvotes|undervotes|"
    "electorate|eligible|eligible voters|registered|registered voters|voters|number of voters|"
    "turnout|valid|valid votes|valid ballots|invalid|invalid votes|invalid ballots|spoiled|"
    "spoiled ballots|blank|blank ballots|total|total votes|total ballots|ballot count|votes cast|"
    "ballots cast|number of ballots|num ballots|number of votes|num voters|num candidates|"
    "number of candidates|candidate count|ballot type|ballots format|ballot format|format|"
    "file format|verified|confidence|"
    "ballot|ballot id|ballot number|ballot style|batch|batch id|record|record id|row|line|voter|"
    "voter id|voters name|machine|tabulator|image|"
    "incumbent|color|colour|bio|biography|statement|age|gender|photo|initials|first name|last name|"
    "action|reason|method used|by|who decided";

/* Whose value, a list or an object, can only be ballots. */
#define BALLOT_KEYS "ballots|cvrs|cast vote records|cast ballots|ballot groups"

bool bl_ballots_is_said(bl_text key)
{
    return bl_ballots_is_any(key, said_to_people);
}

/* ---- ballots in what is passed over ---- */

/* Behind a text that begins at `at`. */
static const char *behind_text(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end) at++;
    return at < end ? at + 1 : end;
}

bool bl_case_has_ballots(bl_text piece)
{
    const char *const end = piece.bytes + piece.size;
    size_t depth = 0;
    for (const char *at = piece.bytes; at < end;) {
        const char *const first = at;
        depth += *at == '[' || *at == '{';
        depth -= *at == ']' || *at == '}';
        if (depth == 0) return false;
        if (*at++ != '"') continue;
        const char *const behind = behind_text(first, end);
        at = bl_json_walk_blanks(behind, end);
        if (at == end || *at != ':') continue;
        at = bl_json_walk_blanks(at + 1, end);
        if (at < end && (*at == '[' || *at == '{') &&
            bl_ballots_is_any((bl_text){first + 1, (size_t)(behind - first - 1)}, BALLOT_KEYS))
            return true;
    }
    return false;
}

/* ---- what was not used ---- */

/* null, false, "", "none", [] and {}: there is none. */
static bool is_nothing(bl_text piece)
{
    const char *const end = piece.bytes + piece.size;
    const char first = piece.size > 0 ? *piece.bytes : 'n';
    if (first == 'n' || first == 'f') return true;
    if (first == '"') {
        const bl_text text = {piece.bytes, (size_t)(behind_text(piece.bytes, end) - piece.bytes)};
        return text.size == 2 || bl_ballots_is(text, "none");
    }
    if (first != '[' && first != '{') return false;
    const char *const inside = bl_json_walk_blanks(piece.bytes + 1, end);
    return inside < end && (*inside == ']' || *inside == '}');
}

bool bl_case_pass_over(bl_case *c, const char *at, bl_text key, bl_text piece)
{
    if (is_nothing(piece) || (bl_ballots_is_said(key) && !bl_case_has_ballots(piece))) return true;
    return bl_ballots_pass_over(c->r, at, key);
}

/* From the value of a member back to its key. */
static const char *key_of(const bl_case *c, const bl_json *value)
{
    const char *at = bl_case_at(c, value);
    while (at > c->base && *--at != '"')
        ;
    while (at > c->base && (*--at != '"' || at[-1] == '\\'))
        ;
    return at;
}

bool bl_case_pass_over_one(bl_case *c, const bl_json_member *member)
{
    return bl_case_pass_over(c, key_of(c, &member->value), member->key,
                             bl_case_piece(c, &member->value));
}

bool bl_case_pass_over_others(bl_case *c, const bl_json *object, const char *known)
{
    for (uint32_t i = 0; object->kind == BL_JSON_OBJECT && i < object->count; i++) {
        const bl_json_member *one = &object->as.members[i];
        if (!bl_ballots_is_any(one->key, known) && !bl_case_pass_over_one(c, one)) return false;
    }
    return true;
}

/* What a result has, told as a number under the name of another method's option: "quota": 834. */
static bool is_figure(const bl_case_member *member)
{
    const char first = member->value.size > 0 ? *member->value.bytes : '\0';
    if (first != '-' && (first < '0' || first > '9') && first != 't') return false;
    for (uint32_t i = BL_METHOD_NONE + 1; i < BL_METHOD_COUNT; i++)
        if (bl_count_option_known((bl_method)i, member->key)) return true;
    return bl_ballots_is_any(member->key, BL_CASE_BALLOTS "|" BL_CASE_OPTIONS "|" BL_CASE_CANDIDATES
                                                          "|" BL_CASE_INSIDE);
}

bool bl_case_pass_over_members(bl_case *c)
{
    for (size_t i = 0; i < c->members.count; i++) {
        const bl_case_member *const one = &c->members.items[i];
        if (one->is_used || one->is_option || is_figure(one)) continue;
        if (!bl_case_pass_over(c, one->at, one->key, one->value)) return false;
    }
    return true;
}
