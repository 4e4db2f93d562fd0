/*
 * A contest: what an election counts. Candidates, ballots in piles of equal ones, seats, the rules.
 *
 * It knows nothing of policies or files. A stage that closes makes one of its ballots, and the
 * readers of ballot files (ballots_*.c) make one of a file; count.h counts it. Everything in it
 * lives in one arena, and nothing changes it once it is made.
 */
#ifndef BL_CONTEST_H
#define BL_CONTEST_H

#include "arena.h"
#include "limits.h"
#include "rational.h"
#include "text.h"

/* What a ballot says of a candidate. */
typedef struct bl_mark {
    uint32_t candidate; /* or one of BL_MARK_… */
    int32_t value; /* of a ranking the rank, from 1; of a choice 1; of scores the score, in units of
                      1 / score_scale */
} bl_mark;

#define BL_MARK_NOBODY UINT32_MAX /* a name that is no candidate: a write-in, "none of these" */
#define BL_MARK_OVERVOTE                                                                           \
    (UINT32_MAX - 1) /* several marks at one rank, where the record does not say whose */

/*
 * Equal ballots. The marks of a ranking are in the order of their ranks, those of one rank in the
 * order of the candidates; a rank may be missing (skipped), stand twice (an overvote, or a tie
 * where the method takes ties), and a candidate may stand twice, as the voter wrote it: the rules
 * say what becomes of that. Marks of choices and scores are in the order of the candidates, each
 * once. A pile without marks is of blank ballots.
 */
typedef struct bl_pile {
    uint32_t first_mark; /* in bl_contest.marks */
    uint32_t mark_count;
    uint64_t weight; /* of all its ballots together, in units of 1 / weight_scale; > 0 */
} bl_pile;

typedef enum bl_ballot_kind {
    BL_BALLOTS_RANKING,
    BL_BALLOTS_CHOICE,
    BL_BALLOTS_SCORES
} bl_ballot_kind;

typedef struct bl_candidate {
    bl_text name;
    uint32_t group; /* employer, party, constituency: number in bl_contest.groups; BL_NONE */
    bool is_withdrawn; /* counts as if nobody had ranked it */
    bool is_undeclared; /* stands for all names that are no candidates: where candidates go out it
                           goes first, and it wins nothing */
    bl_rational majority; /* over the default option, of this one; den 0: as the option says */
    bl_rational quorum; /* likewise */
} bl_candidate;

/* What the record says of who was chosen. */
typedef enum bl_resolution_sense {
    BL_RESOLUTION_CHOSEN, /* for what the tie was about */
    BL_RESOLUTION_FIRST, /* came out first: elected, or stayed in */
    BL_RESOLUTION_LAST /* came out last: eliminated, or not elected */
} bl_resolution_sense;

/* A tie that was decided outside, by lot or by hand, as the record of an election tells it. */
typedef struct bl_resolution {
    uint32_t round; /* 0: whichever comes first */
    const uint32_t *tied; /* candidates; none: any tie that `chosen` is part of */
    uint32_t tied_count;
    uint32_t chosen;
    bl_resolution_sense sense;
} bl_resolution;

typedef struct bl_contest {
    bl_text title;
    const bl_candidate *candidates;
    uint32_t candidate_count;
    const bl_text *groups;
    uint32_t group_count;
    bl_ballot_kind kind;
    const bl_mark *marks;
    const bl_pile *piles; /* in the order in which the first ballot of each was cast */
    uint32_t mark_count;
    uint32_t pile_count;
    uint64_t total; /* weight of all piles; at most BL_WEIGHT_MAX */
    uint32_t weight_scale; /* >= 1 */
    uint32_t score_scale; /* >= 1 */
    uint32_t default_option; /* "none of the above", "further discussion"; BL_NONE */
    const bl_resolution *resolutions;
    uint32_t resolution_count;
    const uint32_t *order; /* the declared order of candidates, for ties; NULL: as they stand */
    bl_text seed; /* for lots; empty: none */
    const bl_pile *casting; /* ballots of the body whose vote breaks ties, with marks as above */
    uint32_t casting_count;
    const bl_pile *second; /* ballots of a second round held on another day, with marks as above */
    uint32_t second_count;
} bl_contest;

/* ---- making one: readers and stages add ballots, equal ones fall on one pile ---- */

typedef struct bl_contest_builder bl_contest_builder;

/*
 * Begins a contest in `arena`, which also owns the builder; hash tables and growing lists come from
 * `memory` and are freed by bl_contest_end. NULL when out of memory. `seed` keeps forged ballots
 * from colliding and never shows in a result.
 */
bl_contest_builder *bl_contest_begin(bl_arena *arena, const bl_memory *memory, uint64_t seed);

typedef enum bl_contest_status {
    BL_CONTEST_OK,
    BL_CONTEST_NOMEM,
    BL_CONTEST_TOO_MANY, /* more candidates, marks or weight than limits.h allows */
    BL_CONTEST_TWICE /* a candidate of that name is there already */
} bl_contest_status;

/* Adds a candidate (the name is copied); `*out` is its number, also with BL_CONTEST_TWICE. */
bl_contest_status bl_contest_add_candidate(bl_contest_builder *builder, bl_text name,
                                           uint32_t *out);
/*
 * Another name (an id, a code, a number) by which bl_contest_find finds the candidate; a result
 * never shows it. BL_CONTEST_TWICE where another candidate has it.
 */
bl_contest_status bl_contest_add_name(bl_contest_builder *builder, uint32_t candidate,
                                      bl_text name);
uint32_t bl_contest_candidate_count(const bl_contest_builder *builder);
/* The number of the candidate of exactly that name; BL_NONE. */
uint32_t bl_contest_find(const bl_contest_builder *builder, bl_text name);
/* The number of a group, added when new; BL_NONE when out of memory. */
uint32_t bl_contest_add_group(bl_contest_builder *builder, bl_text name);
/* What else is known of a candidate; may be called until the end. */
bl_candidate *bl_contest_candidate(bl_contest_builder *builder, uint32_t candidate);
/*
 * Adds `weight` ballots (units of 1 / weight_scale) with these marks, in any order: it sorts them
 * as bl_pile says. Equal marks fall on one pile. The marks are copied where they are new, and may
 * be reordered in place.
 */
bl_contest_status bl_contest_add_ballot(bl_contest_builder *builder, bl_mark *marks, uint32_t count,
                                        uint64_t weight);
/*
 * From here on weights are in units that many times smaller, and scores too: those that were added
 * are multiplied. BL_CONTEST_TOO_MANY where they no longer fit; the builder is then of no use but
 * to be abandoned.
 */
bl_contest_status bl_contest_rescale(bl_contest_builder *builder, uint32_t weights,
                                     uint32_t scores);
/*
 * Ends it: the contest, in the arena, with every field that the builder knows; the caller sets the
 * others before anybody counts. The builder's tables are freed, also where it fails. NULL when out
 * of memory.
 */
bl_contest *bl_contest_end(bl_contest_builder *builder, bl_ballot_kind kind);
/* Gives up: frees the tables. */
void bl_contest_abandon(bl_contest_builder *builder);

#endif
