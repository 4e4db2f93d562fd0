/*
 * The rules of a count: which method, and its options. methods.def and count_options.def say them
 * once; policies, the command line and ballot files set them by name.
 */
#ifndef BL_METHOD_H
#define BL_METHOD_H

#include "contest.h"

typedef enum bl_method {
    BL_METHOD_NONE,
#define METHOD(id, name, ballots, function, seats, help) BL_METHOD_##id,
#include "methods.def"
#undef METHOD
    BL_METHOD_COUNT
} bl_method;

typedef struct bl_method_row {
    const char *name; /* NULL for BL_METHOD_NONE */
    bl_ballot_kind ballots;
    bool has_seats; /* several at once */
    const char *help;
} bl_method_row;
extern const bl_method_row bl_methods[BL_METHOD_COUNT];

#define BL_NO_MOST UINT32_MAX

/* Words of options, in the order of count_options.def. */
typedef enum bl_overvote {
    BL_OVERVOTE_EXHAUST,
    BL_OVERVOTE_SKIP,
    BL_OVERVOTE_IF_CONTINUING
} bl_overvote;
typedef enum bl_elimination { BL_ELIMINATION_SINGLE, BL_ELIMINATION_BATCH } bl_elimination;
typedef enum bl_quota {
    BL_QUOTA_DROOP,
    BL_QUOTA_HARE,
    BL_QUOTA_DROOP_EXACT,
    BL_QUOTA_HARE_EXACT,
    BL_QUOTA_HARE_UP
} bl_quota;
typedef enum bl_cut { BL_CUT_VALUE, BL_CUT_SHARE, BL_CUT_PRODUCT } bl_cut;
typedef enum bl_transfer {
    BL_TRANSFER_WEIGHTED,
    BL_TRANSFER_UNWEIGHTED,
    BL_TRANSFER_LAST_PARCEL
} bl_transfer;
typedef enum bl_strength {
    BL_STRENGTH_WINNING_VOTES,
    BL_STRENGTH_MARGINS,
    BL_STRENGTH_OPPOSITION
} bl_strength;
typedef enum bl_points { BL_POINTS_FROM_ZERO, BL_POINTS_FROM_ONE, BL_POINTS_DOWDALL } bl_points;
typedef enum bl_truncated {
    BL_TRUNCATED_ZERO,
    BL_TRUNCATED_AVERAGE,
    BL_TRUNCATED_COUNTED
} bl_truncated;
typedef enum bl_unscored { BL_UNSCORED_ZERO, BL_UNSCORED_IGNORED } bl_unscored;
typedef enum bl_tie_rule {
    BL_TIE_PREVIOUS_ROUND, /* who had fewer (more) in the last round in which they differed */
    BL_TIE_FIRST_ROUND, /* in the first one */
    BL_TIE_EARLIER_BALLOTS, /* whom the earliest ballot that tells them apart prefers */
    BL_TIE_CASTING, /* whom most casting ballots prefer */
    BL_TIE_LOT, /* drawn from the seed */
    BL_TIE_ORDER, /* the declared order: the earlier is elected, the later goes out */
    BL_TIE_RULE_COUNT
} bl_tie_rule;
typedef struct bl_tie_rules {
    uint8_t count;
    uint8_t rules[BL_TIE_RULE_COUNT];
} bl_tie_rules;

/* One field for each row of count_options.def: words and flags as numbers. */
typedef struct bl_count_options {
    bl_method method;
    uint32_t seats; /* >= 1 */
#define BL_FIELD_WHOLE uint32_t
#define BL_FIELD_WORD uint32_t
#define BL_FIELD_FLAG uint32_t
#define BL_FIELD_RATIO bl_rational
#define BL_FIELD_TIES bl_tie_rules
#define OPTION(field, name, type, fallback, methods, words, help) BL_FIELD_##type field;
#include "count_options.def"
#undef OPTION
    uint64_t said; /* a bit for each option that was set, in the order of the table */
} bl_count_options;

/* Defaults of a method, one seat. */
bl_count_options bl_count_options_of(bl_method method);
/*
 * The method of a name; `-`, ` ` and `_` are one, and may be left out, and case does not count. A
 * preset (count_presets.def: `scottish_stv`, `debian` …) sets `*options` to a method with some
 * options. False: no such name.
 */
bool bl_count_method_named(bl_text name, bl_count_options *options);
/* The presets by number from 0, each a name, a method and its options ("quota=droop …"); false past
 * the last. All live for ever. */
bool bl_count_preset_at(size_t index, bl_text *name, bl_method *method, bl_text *options);
/* For a name that is none: "did you mean `irv`?", or which there are. */
void bl_count_method_nearest(bl_text name, bl_buffer *out);
/*
 * Sets one option from text, as policies, the command line and files write it ("droop", "2/3", "5",
 * "yes", "previous_round lot"; a list takes spaces or commas). "seats" is one of them. False: it
 * does not fit, and `problem` says why in a sentence that names what would ("`quotum` is no option
 * of stv; did you mean `quota`?"). `problem` may be NULL.
 */
bool bl_count_option_set(bl_count_options *options, bl_text name, bl_text value,
                         bl_buffer *problem);
/* Whether the method takes an option of that name, by any of its names; "seats" too. */
bool bl_count_option_known(bl_method method, bl_text name);
/* Whether the option was set, to whatever; not "seats". */
bool bl_count_option_is_said(const bl_count_options *options, bl_text name);
/* Whether two names are of one option, of whichever method. */
bool bl_count_option_same(bl_text a, bl_text b);
/* Whether votes must be at least that many, whatever the method: `quorum`, `minimum`. */
bool bl_count_option_is_votes(bl_text name);
/*
 * All of it from one text, as a compiled policy keeps it: the name of a method or preset, then
 * options, with a blank between: "stv quota=droop ties=previous_round,lot". False: as above.
 */
bool bl_count_options_read(bl_text text, bl_count_options *options, bl_buffer *problem);
/* "stv, 3 seats, quota droop, decimals 5": the method and what was set, for people. */
void bl_count_options_say(const bl_count_options *options, bl_buffer *out);
/* The options a method takes, a line each, for help: "  quota=droop|hare|…   help". */
void bl_count_options_help(bl_method method, bl_buffer *out);

#endif
