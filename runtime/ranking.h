/*
 * Rankings as a count reads them: for whom a ballot counts, and for whom when that one is out.
 *
 * The contest keeps what voters wrote. Here the rules on overvotes, duplicates, skipped ranks,
 * ranks that count and names that are no candidate are applied, once, at the beginning, so that
 * rounds only step on. For every method that moves ballots (runoffs, STV, Meek) and for those that
 * compare whole rankings (Borda, pairs). What the rules mean is as in the Universal RCV Tabulator.
 */
#ifndef BL_RANKING_H
#define BL_RANKING_H

#include "count.h"

#define BL_RANKING_TIED (1u << 31) /* in an entry: the next entry stands at the same rank */
#define BL_RANKING_CANDIDATE(entry) ((entry) & ~BL_RANKING_TIED)

/* Where a ranking ends before the voter's last mark */
typedef enum bl_ranking_end {
    BL_RANKING_WHOLE,
    BL_RANKING_OVERVOTE,
    BL_RANKING_DUPLICATE,
    BL_RANKING_SKIPPED,
    BL_RANKING_WRITE_IN,
    BL_RANKING_END_COUNT
} bl_ranking_end;

typedef struct bl_ranking {
    uint32_t first; /* in bl_rankings.entries */
    uint32_t count; /* 0: it counts for nobody */
    uint64_t weight; /* of the pile */
    bl_ranking_end end;
} bl_ranking;

typedef struct bl_rankings {
    const uint32_t *entries; /* candidates, best first; see BL_RANKING_TIED */
    bl_ranking *items; /* one for each pile of the contest, in their order */
    uint32_t count;
    uint64_t ended[BL_RANKING_END_COUNT]; /* weight of ballots by where they end */
} bl_rankings;

/*
 * Reads all piles of a contest of rankings, by the options of the count, into its arena. No
 * candidate stands twice in a ranking, and none who has withdrawn stands in it. With `takes_ties`
 * candidates at one rank are a tie (Borda, pairs) and there are no overvotes; otherwise entries are
 * tied only under `exhaust_if_continuing`. False: out of memory, noted in the count.
 */
bool bl_rankings_read(bl_count *count, bool takes_ties, bl_rankings *out);

/*
 * For whom a ballot counts now: the first candidate from `*at` on with `is_in`; BL_NONE where it
 * counts for nobody any more, which then stays so. `*at` begins as 0 and is moved to that
 * candidate's entry; when the candidate is out, the same call goes on from there. Candidates never
 * come in again between two calls. Tied entries (without `takes_ties`): the only one of them who is
 * in, or, when several are, nobody.
 */
uint32_t bl_ranking_next(const bl_rankings *rankings, const bl_ranking *ranking, const bool *is_in,
                         uint32_t *at);

/* Notes in the count how many ballots end early, and why: "3 ballots …". Nothing where none do. */
void bl_rankings_note(bl_count *count, const bl_rankings *rankings);

#endif
