/*
 * What the parts of the JSON reader share. Only for ballots_json*.c.
 *
 * A case is an object. Its members, and those of an object such as "election" inside of it, are
 * listed once, each as a piece of the text; each part then reads the pieces it knows.
 */
#ifndef BL_BALLOTS_JSON_H
#define BL_BALLOTS_JSON_H

#include "ballots_read.h"
#include "json.h"

typedef struct bl_case_member {
    bl_text key;
    const char *at; /* where the key stands */
    bl_text value; /* the piece, from the first character of the value */
    bool is_option; /* of an object of options: what is not known there is told as an option */
    bool is_used; /* what it says has been read */
} bl_case_member;

typedef struct bl_case {
    bl_ballots_reader *r;
    bl_arena arena; /* of the members and of trees that are kept while reading */
    bl_vector(bl_case_member) members;
    const char *base; /* of the tree that is being read: its `at` are offsets of it */
    bl_vector(bl_text) full_names; /* by candidate: what to call them where ballots do */
    bl_vector(bl_text) no_candidates; /* names that are nobody's: write-ins */
    bool is_called; /* a ballot has named somebody: by which name is known */
    bool uses_full_names;
    bool is_left; /* the member that is read is not of the form that its key wants */
    bool failed; /* memory ended while a value was turned into ours */
    bool has_variant; /* the method's object says which of a family it is */
    const char *opened; /* the piece that names the file that was opened last; NULL */
    bl_text file; /* its name and bytes */
    bl_text file_bytes;
    bl_ballots_format file_format;
} bl_case;

/* Reads a piece strictly into `arena` and makes it the base. */
bool bl_case_parse(bl_case *c, bl_text piece, bl_arena *arena, bl_json *out);
/* The place of a value of the tree that was parsed last. */
static inline const char *bl_case_at(const bl_case *c, const bl_json *value)
{
    return c->base + value->at;
}
/* From the first character of such a value to the end of the text. */
static inline bl_text bl_case_piece(const bl_case *c, const bl_json *value)
{
    return (bl_text){bl_case_at(c, value), (size_t)(c->r->end - bl_case_at(c, value))};
}
/* The member with the first of these keys that is there (they are parted by `|`); NULL. */
const bl_case_member *bl_case_find(const bl_case *c, const char *keys);
/* That its value is read; NULL is nobody's. */
void bl_case_use(bl_case *c, const bl_case_member *member);
/* The same of an object. */
const bl_json *bl_case_member_of(const bl_json *object, const char *keys);
/* A number or text as options are written: "5", "2/3", "yes" for true, a list with blanks between.
 * In the case's arena; size 0 for null. False: it is an object, or memory ended. */
bool bl_case_as_text(bl_case *c, const bl_json *value, bl_text *out);

/* ---- candidates: ballots_json_who.c ---- */

bool bl_case_read_candidates(bl_case *c);
/* Who is meant by a text, a number or an object with an id or a name. */
bool bl_case_whom(bl_case *c, const bl_json *value, uint32_t *out);
#define BL_CASE_EMPTY (UINT32_MAX - 2) /* a rank without a name */
/* The same of a text; BL_MARK_NOBODY, BL_MARK_OVERVOTE or BL_CASE_EMPTY where it is no candidate
 * but a word for that. */
bool bl_case_named(bl_case *c, const char *at, bl_text name, uint32_t *out);
/* Whether a candidate has exactly that name. */
bool bl_case_is_candidate(const bl_case *c, bl_text name);
/* Calls candidates as the ballots do; at the end. */
void bl_case_call(bl_case *c);

/* ---- the method and its options: ballots_json_options.c ---- */

bool bl_case_read_method(bl_case *c);
/* Whether a key may be an option of the method. */
bool bl_case_is_option(const bl_case *c, bl_text key);
/* Sets the option that a member means. What is none of the method's is told as left out where it
 * stands among options; what an option cannot be is a problem. */
bool bl_case_set_option(bl_case *c, const bl_case_member *member, const bl_json *value);
/* The lowest and the highest score. */
bool bl_case_set_range(bl_case *c, const bl_case_member *member, const bl_json *value);
/* A ratio as options are written: "3:1" is "3/1". */
bl_text bl_case_ratio(bl_case *c, bl_text text);
/* Whether a value only says that there is nothing: null, false, "", "none", [], {}. */
bool bl_case_is_nothing(const bl_json *value);

/* ---- rules: ballots_json_rules.c ---- */

/* All members but the method, the candidates and the ballots. */
bool bl_case_read_rules(bl_case *c);
/* Whether some of them name candidates. */
bool bl_case_rules_name_candidates(const bl_case *c);
/* A list of candidates, in the arena of the contest. */
bool bl_case_read_list(bl_case *c, const bl_json *value, uint32_t **out, uint32_t *count);
/* tie_resolutions: ballots_json_ties.c */
bool bl_case_read_resolutions(bl_case *c, const bl_json *value);
/* Whether a value that may be tie rules or resolutions is the latter. */
bool bl_case_are_resolutions(const bl_case *c, const bl_json *value);

/* ---- what is not used: ballots_json_said.c ---- */

/* Whether in the list or object that the piece begins with there are ballots. */
bool bl_case_has_ballots(bl_text piece);
/* A key that no reader used is told, unless it only describes or its value says nothing. */
bool bl_case_pass_over(bl_case *c, const char *at, bl_text key, bl_text piece);
/* The same of a member of the tree that was parsed last. */
bool bl_case_pass_over_one(bl_case *c, const bl_json_member *member);
/* The same of all keys of an object but those that are known. */
bool bl_case_pass_over_others(bl_case *c, const bl_json *object, const char *known);
/* The same of all members of the case, when everything is read. */
bool bl_case_pass_over_members(bl_case *c);

/* ---- ballots: ballots_json_votes.c ---- */

bool bl_case_read_ballots(bl_case *c, bl_text piece);
/* The value of the first of these keys, of the first 64 of an object that may be large. */
bool bl_case_find_in(bl_case *c, bl_text piece, const char *keys, bl_text *out);

#define BL_CASE_METHOD                                                                             \
    "method|counting method|count method|voting method|voting system|system|algorithm|winner "     \
    "election mode"
/* Which method of a family is meant. */
#define BL_CASE_VARIANT                                                                            \
    "variant|variety|formula|divisors|divisor|divisor method|stv variant|stv method|"              \
    "condorcet method|transfer|transfer method|winner election mode"
#define BL_CASE_CANDIDATES "candidates|alternatives|choices|parties|lists|options"
#define BL_CASE_BALLOTS                                                                            \
    "ballots|votes|cvrs|cast vote records|cast ballots|piles|profile|ballot groups"
#define BL_CASE_FILE                                                                               \
    "ballots file|ballot file|ballots path|ballots from|file|path|file path|file name|cvr file"
#define BL_CASE_SECOND                                                                             \
    "second round|second round ballots|ballots second round|ballots of second round|runoff|"       \
    "runoff ballots|second ballots|round 2|second day"
#define BL_CASE_INSIDE "election|contest|input|case|poll"
#define BL_CASE_CASTING "casting|casting ballots|casting vote|casting votes"
#define BL_CASE_OPTIONS                                                                            \
    "options|rules|parameters|params|settings|config|method options|count options|count"

#endif
