/*
 * Rounds of elimination in whole votes: what instant runoff and its ways to several seats share.
 *
 * Every ballot counts for the first candidate on it who is in. Piles hang on the candidate for whom
 * they count, in lists; a round walks those of who goes out and no others. A method opens a round,
 * elects or drops, and closes it; who goes out, alone or with others, is decided here.
 */
#ifndef BL_RUNOFF_H
#define BL_RUNOFF_H

#include "ranking.h"

typedef struct bl_runoff {
    bl_count *count;
    bl_rankings rankings;
    bool *is_in; /* by candidate: takes votes */
    uint32_t in_count;
    uint64_t
        *tally; /* by candidate, in units of 1 / weight_scale ballots; 0 of those who are out */
    uint64_t active; /* weight that counts for somebody */
    uint64_t first_active; /* in the first round */
    uint64_t needed; /* units to be elected with, in the last round that asked */
    uint32_t keep; /* how many must be left when several go out at once; at least 1 */
    bool is_over; /* set by a method, or where it was given up */
    bool was_minimum; /* the last to go out did so for the minimum */
    uint32_t *some; /* candidates: room for a list */
    /* inside */
    uint32_t seat; /* from 1: for which the rounds are */
    uint64_t *moved; /* by candidate, and last exhausted: from the one who goes out just now */
    uint32_t *head; /* by candidate: the first pile that counts for it; BL_NONE */
    uint32_t *next; /* by pile: the next that counts for the same; BL_NONE */
    uint32_t *at; /* by pile: see bl_ranking_next */
    bl_vector(const uint64_t *) history; /* by round: its tally */
    size_t rounds_before; /* the start: of other seats */
} bl_runoff;

/* Reads the ballots; everybody is in who has not withdrawn. False: out of memory. */
bool bl_runoff_begin(bl_count *count, bl_runoff *run);
void bl_runoff_end(bl_runoff *run);
/* From here the rounds are of one more seat: every ballot counts for its first candidate in. */
void bl_runoff_start(bl_runoff *run);

/* A round with its tally, before anything is decided; NULL when out of memory. */
bl_round *bl_runoff_open(bl_runoff *run);
/*
 * Decides who goes out, and says so: votes for undeclared write-ins; those below the minimum; a
 * batch; those without votes; or the last. Gives up where that is everybody, or a tie that nothing
 * breaks. False: out of memory.
 */
bool bl_runoff_drop(bl_runoff *run, bl_round *round);
/* Takes out whom the round eliminated, moves their ballots and adds the round. False: out of
 * memory. */
bool bl_runoff_close(bl_runoff *run, bl_round *round);

/* Whether votes count for undeclared write-ins still: until they have moved, nobody is elected. */
bool bl_runoff_has_undeclared(const bl_runoff *run);
/* Lists those in with exactly so many votes in run->some, by their numbers. */
uint32_t bl_runoff_list(const bl_runoff *run, uint64_t units);
uint64_t bl_runoff_least(const bl_runoff *run); /* the fewest votes of one who is in */
uint64_t bl_runoff_most(const bl_runoff *run);
uint64_t bl_runoff_minimum(const bl_runoff *run); /* the option, in units */
/* The least number of units beyond `share` of `of`. */
uint64_t bl_runoff_beyond(uint64_t of, bl_rational share);

/* Whether so many units are at least `share` of `of`. */
bool bl_runoff_reaches(uint64_t units, uint64_t of, bl_rational share);

/* Breaks a tie of the first `size` of run->some, who have so many votes each. */
bool bl_runoff_break_tie(bl_runoff *run, const bl_round *round, bl_tie_purpose purpose,
                         uint32_t size, uint64_t units, uint32_t *chosen);
bl_text bl_runoff_last_tie(const bl_runoff *run); /* its sentence */
/* Ends the rounds, says why in this one, and in the count why not all seats are filled. */
void bl_runoff_give_up(bl_runoff *run, bl_round *round, bl_text because);

/* The sentence of a round: "Round 2: " … "." */
void bl_runoff_say_round(bl_runoff *run, const bl_round *round);
void bl_runoff_say_end(bl_runoff *run, bl_round *round);
void bl_runoff_say_amount(bl_runoff *run, uint64_t units); /* "3" */
void bl_runoff_say_votes(bl_runoff *run, uint64_t units); /* "1 vote", "3 votes" */
void bl_runoff_say_share(bl_runoff *run, bl_rational share); /* "half", "2/3" */

#endif
