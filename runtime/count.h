/*
 * Counting: a contest and its rules in, rounds and winners out.
 *
 * One function a method (methods.def), each in a count_*.c with others of its family. They write
 * what they find with the functions below: every round as data and as one sentence, so that a
 * stage's outcome, `why` and `bylaw tally` say the same. Exact throughout: whole numbers in 64
 * bits, sums and fractions in exact.h. Everything a count leaves lives in the arena it was given.
 */
#ifndef BL_COUNT_H
#define BL_COUNT_H

#include "method.h"

/* ---- what comes out ---- */

/* A number as it is shown: exact, as a decimal where it is finite and short ("12.5", "7/3"). */
typedef struct bl_amount {
    bl_text text; /* empty: none */
    uint32_t share; /* of the largest in its round, in 1/10000, for bars */
} bl_amount;

typedef enum bl_standing {
    BL_STANDING_OUT, /* in an earlier round, withdrawn, or never in */
    BL_STANDING_IN, /* had a tally in this round, and goes on */
    BL_STANDING_ELECTED, /* in this round or before */
    BL_STANDING_ELIMINATED /* in this round */
} bl_standing;

typedef struct bl_transfer_row {
    uint32_t from; /* candidate */
    uint32_t to; /* candidate; BL_NONE: exhausted */
    bl_amount amount;
} bl_transfer_row;

/* One round. Lists are of candidates, in the order in which it happened. */
typedef struct bl_round {
    uint32_t number; /* from 1 */
    const bl_amount *tally; /* by candidate; text empty for those without one */
    const bl_standing *standing; /* by candidate, when the round is over */
    bl_amount threshold; /* quota, majority …; empty: none */
    bl_amount exhausted; /* so far; empty: none can be */
    bl_amount lost; /* by cutting down to decimals, so far; empty: nothing */
    const uint32_t *elected;
    uint32_t elected_count;
    const uint32_t *eliminated;
    uint32_t eliminated_count;
    const bl_transfer_row *transfers; /* what moved when the round was over */
    uint32_t transfer_count;
    bl_text sentence; /* "Round 2: dee has the fewest votes, 3, and goes out." */
} bl_round;

typedef enum bl_figure_shape {
    BL_FIGURE_ONE, /* 1 cell */
    BL_FIGURE_LIST, /* a cell for each candidate */
    BL_FIGURE_MATRIX, /* by row, a cell for each two candidates; the diagonal is empty */
    BL_FIGURE_TEXTS /* any number of lines of text */
} bl_figure_shape;

/* What a method has to show beside rounds: "pairwise", "paths", "scores", "quota" … */
typedef struct bl_figure {
    const char *name; /* lives for ever; the key in JSON */
    bl_figure_shape shape;
    const bl_text *cells;
    uint32_t cell_count;
} bl_figure;

typedef struct bl_tie_told {
    uint32_t round;
    const uint32_t *tied;
    uint32_t tied_count;
    uint32_t chosen; /* BL_NONE: nothing broke it */
    bl_text sentence; /* "ana and bo are tied for the last place: bo goes out, by lot" */
} bl_tie_told;

typedef enum bl_count_status {
    BL_COUNT_OK, /* also where there is no winner: bl_count.none_because says why */
    BL_COUNT_NOMEM,
    BL_COUNT_REFUSED /* it cannot be counted so: bl_count.problem */
} bl_count_status;

typedef struct bl_count {
    const bl_contest *contest; /* of rankings without the blank ones */
    uint64_t blank; /* weight of those, in the contest's units */
    const bl_count_options *options;
    bl_arena *arena;
    const bl_memory *memory; /* of the vectors and the buffer below: bl_count_free */
    bl_vector(bl_round) rounds;
    bl_vector(bl_figure) figures;
    bl_vector(bl_tie_told) ties;
    bl_vector(bl_text) notes; /* sentences: "12 ballots rank several at once and end there" */
    uint32_t *winners; /* candidates in the order of their election; never more than seats, but with
                          bottoms_up where all who reach the threshold are elected */
    uint32_t winner_count;
    uint32_t vacant; /* seats that nobody took */
    uint32_t *places; /* by candidate: its place in the ranking from 1, equal places for ties; 0:
                         not ranked. NULL where the method gives no ranking */
    uint32_t *seats; /* of lists: by candidate the seats it got; NULL for others */
    bl_text none_because; /* why nobody, or not everybody, is elected; empty */
    bl_text problem; /* of BL_COUNT_REFUSED */
    bl_buffer told; /* the sentence being written */
    bool is_stopped; /* before its end, as options.rounds_most asks */
    bool failed; /* out of memory: sticky, told by bl_count_run */
} bl_count;

/*
 * Counts `contest` by `options`. Both must outlive `*out`, which is set also where it is refused:
 * free it with bl_count_free. More seats than candidates, no ballots, everybody withdrawn: OK, with
 * none_because and vacant seats; ballots of another kind than the method's: refused.
 */
bl_count_status bl_count_run(const bl_contest *contest, const bl_count_options *options,
                             bl_arena *arena, const bl_memory *memory, bl_count *out);
void bl_count_free(bl_count *count);
/* Whether the default option won: nobody is elected, no tie kept anybody from it, and the count
 * came to its end. */
bool bl_count_default_wins(const bl_count *count);

/* ---- for the methods ---- */

/*
 * One for each method: false where it failed or was refused. It finds a contest with ballots, at
 * least one candidate who stands, and a seat.
 */
typedef bool bl_count_function(bl_count *count);
#define METHOD(id, name, ballots, function, seats, help) bl_count_function bl_count_##function;
#include "methods.def"
#undef METHOD

/* The sentence in the making: bl_say_text adds, bl_say_end gives it to the arena and begins anew.
 */
void bl_say_text(bl_count *count, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bl_say_name(bl_count *count, uint32_t candidate);
void bl_say_names(bl_count *count, const uint32_t *candidates, uint32_t size); /* "a, b and c" */
bl_text bl_say_end(bl_count *count);

/* Amounts in the arena. */
bl_amount bl_amount_whole(bl_count *count, uint64_t units); /* of 1 / weight_scale ballots */
bl_amount bl_amount_text(bl_count *count, bl_text text); /* copied; share 0 */
/* Shares of a round's tally from whole units; the largest gets 10000. */
void bl_amount_shares(bl_amount *amounts, const uint64_t *units, uint32_t size);

/*
 * A round that can be filled in: arrays of candidate_count for tally and standing, the lists of
 * that capacity. It is copied by bl_round_add, arrays and all. NULL when out of memory.
 */
bl_round *bl_round_new(bl_count *count);
void bl_round_elect(bl_round *round, uint32_t candidate); /* lists it and sets its standing */
void bl_round_eliminate(bl_round *round, uint32_t candidate);
void bl_round_add(bl_count *count, const bl_round *round);

/* Cells are copied as an array (not their text), `name` is not. */
void bl_figure_add(bl_count *count, const char *name, bl_figure_shape shape, const bl_text *cells,
                   uint32_t size);
void bl_note_add(bl_count *count, bl_text sentence);
void bl_winner_add(bl_count *count, uint32_t candidate); /* ignores what goes beyond the seats */
/* Says why there is no result and returns true, so that a method may return it. */
bool bl_count_none(bl_count *count, bl_text because);
/*
 * Whether a count that would go on is stopped, as options.rounds_most says, now that so many rounds
 * are over: then it says so, as why there is no result unless `is_filled`. Between two rounds only.
 */
bool bl_count_stop(bl_count *count, size_t rounds, bool is_filled);
/* Says why it is not counted and returns false. */
bool bl_count_refuse(bl_count *count, bl_text problem);
/* Notes that memory ended and returns false. */
bool bl_count_nomem(bl_count *count);

/*
 * Fills the seats from a ranking (`count->places`, best first), with the cap of group_most and the
 * ties of options: who is tied across the last seat is put in order by them. Withdrawn candidates
 * and those ranked at or below the default option are passed over. A note says who was passed over
 * for the cap.
 */
bool bl_count_fill(bl_count *count);

/* Whether the group of `candidate` has as many seats as it may have, with those in winners. */
bool bl_group_is_full(const bl_count *count, uint32_t candidate);

/* ---- ties: count_ties.c ---- */

typedef enum bl_tie_purpose {
    BL_TIE_ELECT, /* the chosen one is elected, or comes first */
    BL_TIE_ELIMINATE /* the chosen one goes out, or comes last */
} bl_tie_purpose;

typedef struct bl_tie {
    bl_tie_purpose purpose;
    uint32_t round; /* the round it is about */
    const uint32_t *tied; /* two candidates or more, in the order of their numbers */
    uint32_t tied_count;
    const char *what; /* "the last place", "the first seat": for the sentence */
    /*
     * How two candidates stood in an earlier round (1 to `round` - 1): < 0 where `a` had less. NULL
     * where the method has no rounds: then rules about rounds tell nothing.
     */
    int (*compare)(const void *context, uint32_t round, uint32_t a, uint32_t b);
    const void *context;
} bl_tie;

/*
 * Breaks a tie by the resolutions of the contest and then the rules of the options, in their order;
 * a rule may leave fewer tied, and the next goes on with those. `*chosen` is BL_NONE where nothing
 * breaks it. Told in count->ties either way. False: out of memory.
 */
bool bl_tie_break(bl_count *count, const bl_tie *tie, uint32_t *chosen);

#endif
