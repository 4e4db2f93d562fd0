/*
 * What the Condorcet methods share: how many prefer each candidate to each other one, the defeats
 * in the order of their strength, and relations between candidates as tables of bits.
 *
 * The candidates who are compared are numbered anew, from 0 to size - 1, in the order of the
 * contest; the withdrawn are not among them. Everything lives in the arena of the count. What
 * returns bool is false where memory ended or the count is refused, and has said so in the count.
 */
#ifndef BL_COUNT_PAIRS_H
#define BL_COUNT_PAIRS_H

#include "count.h"

/* ---- pairs: count_pairs.c ---- */

typedef struct bl_pairs {
    uint32_t size;
    uint32_t *candidates; /* by number: which candidate of the contest */
    uint64_t *votes; /* size * size: those who prefer the row to the column, in units */
} bl_pairs;

/*
 * Compares all who stand, over all piles; adds the figure "pairwise" and the notes on the Condorcet
 * winner, the Smith set and the Schwartz set. Refused beyond BL_PAIRS_MAX.
 */
bool bl_pairs_make(bl_count *count, bl_pairs *pairs);
/* Those of `pairs` who are kept, numbered anew. */
bool bl_pairs_keep(bl_count *count, const bl_pairs *pairs, const bool *is_kept, bl_pairs *out);
/* Those who prefer `a` to `b`, two different numbers. */
uint64_t bl_pairs_votes(const bl_pairs *pairs, uint32_t a, uint32_t b);
/* More prefer `a` to `b` than `b` to `a`. */
bool bl_pairs_beats(const bl_pairs *pairs, uint32_t a, uint32_t b);
/* The number of a candidate of the contest; BL_NONE. */
uint32_t bl_pairs_find(const bl_pairs *pairs, uint32_t candidate);

/* "1 vote", "20 votes". */
void bl_say_votes(bl_count *count, uint64_t units);
/* "ana, bo and chi" of those in the set, the first eight by name: "ana, bo … and 12 more". */
void bl_say_set(bl_count *count, const bl_pairs *pairs, const bool *is_in);

/* ---- relations: count_relation.c ---- */

/* Which numbers stand so to which others: a bit for each two. */
typedef struct bl_relation {
    uint32_t size;
    uint32_t words; /* of a row */
    uint64_t *bits;
} bl_relation;

bool bl_relation_make(bl_count *count, uint32_t size, bl_relation *out); /* of nobody to nobody */
void bl_relation_add(bl_relation *relation, uint32_t a, uint32_t b);
void bl_relation_remove(bl_relation *relation, uint32_t a, uint32_t b);
bool bl_relation_has(const bl_relation *relation, uint32_t a, uint32_t b);
void bl_relation_copy(bl_relation *to, const bl_relation *from); /* both of one size */
/* Adds a pair to a transitive relation, and what follows from it. */
void bl_relation_join(bl_relation *relation, uint32_t a, uint32_t b);

/*
 * The Schwartz set: who is reached along defeats by nobody whom they do not reach in turn. Defeats
 * may be dropped one by one; the set is found anew on demand.
 */
typedef struct bl_schwartz {
    bl_relation beats, beaten_by;
    bool *is_in; /* by number: the set, as it was found last */
    bool *was_in;
    bool is_stale; /* a drop may have changed it since */
    uint64_t *sets;
    uint32_t *queue;
} bl_schwartz;

bool bl_schwartz_make(bl_count *count, const bl_pairs *pairs, bl_schwartz *out); /* and finds it */
void bl_schwartz_drop(bl_schwartz *schwartz, uint32_t winner, uint32_t loser);
void bl_schwartz_find(bl_schwartz *schwartz); /* anew, in is_in */

/* ---- defeats: count_relation.c ---- */

typedef struct bl_defeat {
    uint32_t winner, loser;
    uint32_t rank; /* among the strengths there are: from 1, the weakest; equal for equal ones */
    uint64_t strong, stronger; /* what it is sorted by, the second where the first is equal */
    bool is_close; /* another is equal in the first, and not in the second */
} bl_defeat;

typedef struct bl_defeats {
    bl_defeat *items; /* the strongest first; equal ones in the order of their numbers */
    uint32_t count;
    uint32_t rank_count;
} bl_defeats;

/*
 * All defeats by the option `strength`: winning_votes, of equal ones that with fewer votes against
 * it (Schulze's and Debian's rule); margins; opposition, the fewer votes against it the stronger,
 * of equal ones that with more votes for it.
 */
bool bl_defeats_make(bl_count *count, const bl_pairs *pairs, bl_defeats *out);
/* The votes its strength is told in, by the option. */
uint64_t bl_defeat_votes(const bl_count *count, const bl_pairs *pairs, const bl_defeat *defeat);
/*
 * Some defeats of one strength, the first eight by name: "ana over bo and chi over dee with 20
 * votes each"; "with 20 votes to 15 each" where those against it tell it from others with 20.
 */
void bl_say_defeats(bl_count *count, const bl_pairs *pairs, const bl_defeat *const *defeats,
                    uint32_t size);

/* ---- ranking and seats: count_places.c ---- */

/* Makes count->places, nobody ranked. */
bool bl_places_make(bl_count *count);
/*
 * Ranks by a strict order, which need not tell of every two who is above: a candidate's place comes
 * after all who are above it and no later than it must.
 */
bool bl_places_by_order(bl_count *count, const bl_pairs *pairs, const bl_relation *above);
/*
 * Whether a ranking of which only `above` is sure leaves no question about who gets the seats. A
 * cap on groups asks for the whole order.
 */
bool bl_places_are_settled(const bl_count *count, const bl_pairs *pairs, const bl_relation *above);

/* "Round 3: ": begins the sentence of the round after the last. */
void bl_say_round(bl_count *count);
/* The round after the last, with everybody of `pairs` in it; NULL when out of memory. */
bl_round *bl_pairs_round(bl_count *count, const bl_pairs *pairs);
/* Adds a round whose sentence has been said. */
void bl_pairs_round_add(bl_count *count, bl_round *round);
/*
 * Adds the last round and fills the seats from count->places. `finding` is what the round found,
 * for its sentence: "ana has the most points, 3". `is_settled` false: those below the first places
 * that nobody shares could not be told apart, which has been told in count->ties; only these first
 * ones get seats.
 */
bool bl_pairs_end(bl_count *count, bl_round *last, bl_text finding, bool is_settled);

#endif
