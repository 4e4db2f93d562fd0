/*
 * Margins: how many ballots would have to say something else for somebody else to win.
 *
 * A changed ballot may say anything that a ballot may say, and a tie counts as enough, as it does
 * where margins are published. Of an instant runoff it is found by branch and bound over the orders
 * of elimination (Magrino, Rivest, Shen and Wagner, "Computing the margin of victory in IRV
 * elections", EVT/WOTE 2011; bounds as in Blom, Stuckey, Teague and Tidhar, "Efficient computation
 * of exact IRV margins", ECAI 2016), with exact programs in whole numbers inside (linear.h). Of
 * plurality, approval and scores it is found by taking the ballots whose change moves most.
 */
#ifndef BL_MARGIN_H
#define BL_MARGIN_H

#include "count.h"

/*
 * Adds to a count that has elected one for one seat, and is free of doubt about who that is:
 *
 * - always, where the method has a last round of votes or pairs: the figure "last_round_margin",
 *   half of what the winner has there more than the next, rounded up (of an instant runoff with two
 *   left, also where the count stopped before);
 * - with an effort: the figure "margin" where it is found exactly, or "margin_least" and
 *   "margin_most", and a note that says it in a sentence; also where it cannot be told, and why.
 *
 * `effort` is how many multiplications may be spent; BYLAW_MARGIN_EFFORT (bylaw.h) is what a minute
 * allows, 0 asks for the last round only. The same effort gives the same answer everywhere. Nothing
 * is added to a count without a winner or of several seats, but a note with an effort. False: out
 * of memory.
 */
bool bl_margin_add(bl_count *count, uint64_t effort);

#endif
