/*
 * Choosing: plurality and approval, and two rounds of plurality read from rankings.
 *
 * Plurality with several seats is block voting: as many choices as there are seats, each a vote.
 * With choices_most = 1 it is the single non-transferable vote. Approval takes any number (Brams
 * and Fishburn, Approval Voting, 1978). A ballot with more choices than it may have is an overvote
 * and does not count at all. Two rounds in one sitting are the contingent vote: who has no majority
 * of first preferences meets the second in a runoff between the two, in which each ballot counts
 * for whom it prefers.
 */
#include "ranking.h"
#include "totals.h"

/* ---- plurality and approval ---- */

typedef struct choosing {
    bl_count *count;
    uint64_t *votes; /* by candidate, in units */
    uint64_t spoiled; /* ballots with too many choices */
    uint64_t blank; /* ballots that choose nobody who stands */
    uint32_t most; /* choices a ballot may have */
} choosing;

static bool is_choice_of(const bl_contest *contest, bl_mark mark)
{
    return mark.candidate < contest->candidate_count &&
           !contest->candidates[mark.candidate].is_withdrawn;
}

/* A write-in is a choice as well: it may make a ballot an overvote, and is nobody's vote. */
static void count_choices(choosing *run, const bl_pile *pile)
{
    const bl_contest *contest = run->count->contest;
    const bl_mark *marks = contest->marks + pile->first_mark;
    uint32_t choices = 0, candidates = 0;
    bool is_overvote = false;
    for (uint32_t i = 0; i < pile->mark_count; i++) {
        const bool is_candidate = is_choice_of(contest, marks[i]);
        candidates += is_candidate;
        choices += is_candidate || marks[i].candidate == BL_MARK_NOBODY;
        is_overvote = is_overvote || marks[i].candidate == BL_MARK_OVERVOTE;
    }
    if (is_overvote || choices > run->most) {
        run->spoiled += pile->weight;
        return;
    }
    if (candidates == 0) run->blank += pile->weight;
    for (uint32_t i = 0; i < pile->mark_count; i++)
        if (is_choice_of(contest, marks[i])) run->votes[marks[i].candidate] += pile->weight;
}

static void note_choices(choosing *run)
{
    bl_count *count = run->count;
    if (run->most == BL_NO_MOST)
        bl_note_ballots(count, run->spoiled, "is recorded as an overvote and does not count",
                        "are recorded as overvotes and do not count");
    else if (run->spoiled > 0) {
        const bool is_one = run->spoiled == count->contest->weight_scale;
        bl_say_ballots(count, run->spoiled);
        bl_say_text(count, " %s more than %u %s and %s not count", is_one ? "has" : "have",
                    run->most, run->most == 1 ? "choice" : "choices", is_one ? "does" : "do");
        bl_note_add(count, bl_say_end(count));
    }
    bl_note_ballots(count, run->blank, "chooses nobody who stands", "choose nobody who stands");
}

static bool elect_by_choices(choosing *run, const char *best)
{
    bl_totals totals;
    if (!bl_totals_begin(run->count, &totals)) return false;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        bl_totals_set(&totals, i, run->votes[i]);
    return bl_totals_elect(&totals, best);
}

static bool count_by_choices(bl_count *count, uint32_t most, const char *best)
{
    const bl_contest *contest = count->contest;
    choosing run = {.count = count, .most = most};
    run.votes = bl_arena_array(count->arena, contest->candidate_count, sizeof *run.votes);
    if (!run.votes) return bl_count_nomem(count);
    for (uint32_t i = 0; i < contest->pile_count; i++)
        count_choices(&run, &contest->piles[i]);
    note_choices(&run);
    return elect_by_choices(&run, best);
}

/* Of a ranking the first are choices, as many as a ballot may have: what plurality makes of a
 * ranked election, as the readers of ballot files do. */
static bool count_first_preferences(bl_count *count, uint32_t most)
{
    const bl_contest *contest = count->contest;
    choosing run = {.count = count, .most = most};
    bl_rankings rankings;
    run.votes = bl_arena_array(count->arena, contest->candidate_count, sizeof *run.votes);
    if (!run.votes) return bl_count_nomem(count);
    if (!bl_rankings_read(count, false, &rankings)) return false;
    for (uint32_t i = 0; i < rankings.count; i++) {
        const bl_ranking *ranking = &rankings.items[i];
        const uint32_t *entries = rankings.entries + ranking->first;
        for (uint32_t j = 0; j < ranking->count && j < most; j++)
            run.votes[BL_RANKING_CANDIDATE(entries[j])] += ranking->weight;
        if (ranking->count == 0) run.blank += ranking->weight;
    }
    bl_note_ballots(count, run.blank, "ranks nobody first whom it could count for",
                    "rank nobody first whom they could count for");
    return elect_by_choices(&run, "the most votes");
}

bool bl_count_plurality(bl_count *count)
{
    const uint32_t said = count->options->choices_most;
    const uint32_t most = said == BL_NO_MOST ? count->options->seats : said;
    if (count->contest->kind == BL_BALLOTS_RANKING) return count_first_preferences(count, most);
    return count_by_choices(count, most, "the most votes");
}

bool bl_count_approval(bl_count *count)
{
    return count_by_choices(count, count->options->choices_most, "the most approvals");
}

/* ---- two rounds ---- */

typedef struct rounds {
    bl_count *count;
    bl_rankings rankings;
    bool *is_in;
    uint32_t *at; /* by pile, for bl_ranking_next */
    uint32_t *first; /* by pile: for whom it counted in the first round, or BL_NONE */
    uint64_t *votes; /* by candidate, of the round that is counted */
    uint64_t *first_votes; /* of the first round */
    uint64_t counted;
    uint64_t total; /* units of all ballots of the round */
    bool has_taken_second; /* the ballots of the second round, held on another day */
    uint32_t final[2]; /* who meets in the second round */
    uint32_t final_count;
} rounds;

static uint32_t next_of(rounds *run, uint32_t pile)
{
    return bl_ranking_next(&run->rankings, &run->rankings.items[pile], run->is_in, &run->at[pile]);
}

static void count_round(rounds *run)
{
    run->counted = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        run->votes[i] = 0;
    for (uint32_t i = 0; i < run->rankings.count; i++) {
        const uint32_t candidate = next_of(run, i);
        if (run->count->rounds.count == 0) run->first[i] = candidate;
        if (candidate == BL_NONE) continue;
        run->votes[candidate] += run->rankings.items[i].weight;
        run->counted += run->rankings.items[i].weight;
    }
}

/* Units of the ballots that count for nobody. */
static uint64_t exhausted_of(const rounds *run)
{
    return run->total - run->counted;
}

static bl_round *show_round(rounds *run, uint32_t number)
{
    bl_count *count = run->count;
    bl_round *round = bl_round_new(count);
    if (!round) return NULL;
    bl_amount *tally = (bl_amount *)round->tally;
    round->number = number;
    round->exhausted = bl_amount_whole(count, exhausted_of(run));
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        if (!run->is_in[i]) continue;
        tally[i] = bl_amount_whole(count, run->votes[i]);
        ((bl_standing *)round->standing)[i] = BL_STANDING_IN;
    }
    bl_amount_shares(tally, run->votes, count->contest->candidate_count);
    return round;
}

static void say_number(bl_count *count, bl_text votes)
{
    bl_say_text(count, "%.*s %s", (int)votes.size, votes.bytes,
                bl_text_equal(votes, BL_TEXT("1")) ? "vote" : "votes");
}

/* The smallest part of a ballot that the first round has, in units: those of another day may have
 * smaller ones, which tell nothing of how many votes are more than half of these. */
static uint64_t part_of_first(const bl_contest *contest)
{
    uint64_t part = contest->second_count > 0 ? contest->weight_scale : 1;
    for (uint32_t i = 0; part > 1 && i < contest->pile_count; i++)
        for (uint64_t rest = contest->piles[i].weight; rest != 0;) {
            const uint64_t next = part % rest;
            part = rest;
            rest = next;
        }
    return part;
}

/* The units that win the first round: the fewest above the threshold. */
static bool find_needed(rounds *run, uint64_t *needed)
{
    const uint64_t part = part_of_first(run->count->contest);
    bl_rational share;
    if (!bl_rational_multiply(run->count->options->threshold,
                              BL_RATIONAL((int64_t)(run->counted / part)), &share) ||
        bl_rational_floor(share) == INT64_MAX)
        return bl_count_refuse(run->count, BL_TEXT("the threshold has too many digits"));
    *needed = ((uint64_t)bl_rational_floor(share) + 1) * part;
    return true;
}

/* ---- who goes into the second ---- */

static int compare_first(const void *context, uint32_t round, uint32_t a, uint32_t b)
{
    const rounds *run = context;
    const uint64_t of_a = run->first_votes[a], of_b = run->first_votes[b];
    return round != 1 ? 0 : of_a < of_b ? -1 : of_a > of_b;
}

/* Those with most votes of those who are in and not yet chosen. */
static uint32_t find_best(const rounds *run, uint32_t *best)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++) {
        const bool is_chosen = run->final_count > 0 && run->final[0] == i;
        if (!run->is_in[i] || is_chosen) continue;
        if (size > 0 && run->votes[i] < run->votes[best[0]]) continue;
        if (size > 0 && run->votes[i] > run->votes[best[0]]) size = 0;
        best[size++] = i;
    }
    return size;
}

/* Chooses one more for the second round; false also where a tie stays: then final_count too. */
static bool choose_final(rounds *run, uint32_t *best, const char *what)
{
    bl_count *count = run->count;
    const uint32_t size = find_best(run, best);
    if (size == 0) return true;
    uint32_t chosen = best[0];
    if (size > 2 || (size == 2 && run->final_count == 1)) {
        const bl_tie tie = {.purpose = BL_TIE_ELECT,
                            .round = 1,
                            .tied = best,
                            .tied_count = size,
                            .what = what,
                            .compare = compare_first,
                            .context = run};
        if (!bl_tie_break(count, &tie, &chosen)) return false;
    }
    if (chosen == BL_NONE) {
        bl_say_names(count, best, size);
        bl_say_text(count, " are tied for the second round, and nothing that is declared breaks "
                           "the tie");
        return bl_count_none(count, bl_say_end(count));
    }
    run->final[run->final_count++] = chosen;
    return true;
}

static void leave_out_below_minimum(rounds *run)
{
    const bl_contest *contest = run->count->contest;
    const uint64_t minimum = (uint64_t)run->count->options->minimum * contest->weight_scale;
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        if (run->votes[i] < minimum) run->is_in[i] = false;
}

/* Where the votes of those who are out go. */
static void show_transfers(rounds *run, bl_round *round)
{
    bl_count *count = run->count;
    const uint32_t size = count->contest->candidate_count;
    uint64_t *moved = bl_arena_array(count->arena, (size_t)size * 3, sizeof *moved);
    bl_transfer_row *rows = bl_arena_array(count->arena, (size_t)size * 3, sizeof *rows);
    if (!moved || !rows) {
        bl_count_nomem(count);
        return;
    }
    for (uint32_t i = 0; i < run->rankings.count; i++) {
        const uint32_t from = run->first[i];
        if (from == BL_NONE || run->is_in[from]) continue;
        const uint32_t to = next_of(run, i);
        const uint32_t column = to == BL_NONE ? 2 : to == run->final[0] ? 0 : 1;
        moved[(size_t)from * 3 + column] += run->rankings.items[i].weight;
    }
    for (uint32_t i = 0; i < size * 3; i++) {
        if (moved[i] == 0) continue;
        const uint32_t to = i % 3 == 2 ? BL_NONE : run->final[i % 3];
        rows[round->transfer_count++] = (bl_transfer_row){i / 3, to,
                                                          bl_amount_whole(count, moved[i])};
    }
    round->transfers = rows;
}

/* ---- a second round on another day ---- */

/* From now on its ballots count, and those of the first no longer. Blank ones are set aside. */
static bool take_second(rounds *run)
{
    bl_count *count = run->count;
    const bl_contest *const contest = count->contest;
    bl_contest second = *contest;
    bl_pile *piles = bl_arena_array(count->arena, contest->second_count, sizeof *piles);
    run->at = bl_arena_array(count->arena, contest->second_count, sizeof *run->at);
    if (!piles || !run->at) return bl_count_nomem(count);
    uint64_t blank = 0;
    second.piles = piles;
    second.pile_count = 0;
    second.total = 0;
    for (uint32_t i = 0; i < contest->second_count; i++) {
        const bl_pile *const pile = &contest->second[i];
        if (pile->mark_count > 0) piles[second.pile_count++] = *pile;
        *(pile->mark_count > 0 ? &second.total : &blank) += pile->weight;
    }
    run->total = second.total;
    run->has_taken_second = true;
    count->contest = &second;
    const bool is_read = bl_rankings_read(count, false, &run->rankings);
    count->contest = contest;
    if (!is_read) return false;
    bl_note_ballots(count, second.total,
                    "of the second round, held on another day, is counted there",
                    "of the second round, held on another day, are counted there");
    bl_note_ballots(count, blank, "of the second round is blank", "of the second round are blank");
    bl_rankings_note(count, &run->rankings);
    return true;
}

static void note_unused_second(rounds *run)
{
    uint64_t units = 0;
    for (uint32_t i = 0; i < run->count->contest->second_count; i++)
        units += run->count->contest->second[i].weight;
    if (!run->has_taken_second)
        bl_note_ballots(run->count, units, "of a second round was not used: there was none",
                        "of a second round were not used: there was none");
}

/* ---- the rounds ---- */

static bool rank(rounds *run, const uint32_t *first, uint32_t size)
{
    bl_totals totals;
    if (!bl_totals_begin(run->count, &totals)) return false;
    for (uint32_t i = 0; i < run->count->contest->candidate_count; i++)
        bl_totals_set(&totals, i, run->first_votes[i]);
    return bl_totals_rank_behind(&totals, first, size) && !bl_totals_failed(&totals) &&
           bl_count_fill(run->count);
}

/* Seats the winner, if that is somebody, and ends the sentence and the round. */
static bool end_with(rounds *run, bl_round *round, uint32_t winner, uint32_t loser)
{
    bl_count *count = run->count;
    const uint32_t first[2] = {winner, loser};
    const bl_text before = bl_say_end(count); /* seating says its own */
    if (!rank(run, first, loser == BL_NONE ? 1 : 2)) return false;
    bl_buffer_text(&count->told, before);
    if (count->winner_count > 0) {
        bl_round_elect(round, winner);
        bl_say_text(count, ", and is elected.");
    } else {
        bl_say_text(count, ": nobody is elected.");
    }
    if (loser != BL_NONE) bl_round_eliminate(round, loser);
    round->sentence = bl_say_end(count);
    bl_round_add(count, round);
    return !count->failed;
}

/* The first round where nobody wins it. */
static bool go_on(rounds *run, bl_round *round, bl_text needed)
{
    bl_count *count = run->count;
    const uint32_t size = count->contest->candidate_count;
    uint32_t *best = bl_arena_array(count->arena, size, sizeof *best);
    if (!best) return bl_count_nomem(count);
    leave_out_below_minimum(run);
    if (!choose_final(run, best, "the second round")) return false;
    if (run->final_count == 1 && !choose_final(run, best, "the second place")) return false;
    const bl_text because = count->none_because;
    bl_say_text(count, "Round 1: nobody has the ");
    say_number(count, needed);
    bl_say_text(count, " needed; ");
    if (because.size > 0) {
        bl_say_text(count, "%.*s.", (int)because.size, because.bytes);
    } else {
        for (uint32_t i = 0; i < run->final_count; i++) {
            if (i > 0) bl_say_text(count, " and ");
            bl_say_name(count, run->final[i]);
            bl_say_text(count, " (%.*s)", (int)round->tally[run->final[i]].text.size,
                        round->tally[run->final[i]].text.bytes);
        }
        bl_say_text(count, "%s into the second round.", run->final_count == 1 ? " goes" : " go");
        for (uint32_t i = 0; i < size; i++) {
            const bool is_final = i == run->final[0] ||
                                  (run->final_count == 2 && i == run->final[1]);
            run->is_in[i] = is_final;
            if (!is_final && round->standing[i] == BL_STANDING_IN) bl_round_eliminate(round, i);
        }
        if (count->contest->second_count == 0) show_transfers(run, round);
    }
    round->sentence = bl_say_end(count);
    bl_round_add(count, round);
    return !count->failed;
}

static bool end_tied(rounds *run, bl_round *round)
{
    bl_count *count = run->count;
    bl_say_names(count, run->final, 2);
    bl_say_text(count, " have ");
    say_number(count, round->tally[run->final[0]].text);
    bl_say_text(count, " each, and nothing that is declared breaks the tie");
    bl_count_none(count, bl_say_end(count));
    bl_say_text(count, "Round 2: %.*s.", (int)count->none_because.size, count->none_because.bytes);
    round->sentence = bl_say_end(count);
    bl_round_add(count, round);
    return !count->failed;
}

static bool count_second(rounds *run)
{
    bl_count *count = run->count;
    if (run->final_count == 0)
        return bl_count_none(count, BL_TEXT("nobody has the votes that are the least"));
    if (count->contest->second_count > 0 && !take_second(run)) return false;
    count_round(run);
    bl_round *round = show_round(run, 2);
    if (!round) return false;
    uint32_t winner = run->final[0], loser = run->final_count == 2 ? run->final[1] : BL_NONE;
    const bool is_tie = loser != BL_NONE && run->votes[winner] == run->votes[loser];
    if (is_tie) {
        const uint32_t tied[2] = {winner < loser ? winner : loser, winner < loser ? loser : winner};
        const bl_tie tie = {.purpose = BL_TIE_ELECT,
                            .round = 2,
                            .tied = tied,
                            .tied_count = 2,
                            .what = "the seat",
                            .compare = compare_first,
                            .context = run};
        if (!bl_tie_break(count, &tie, &winner)) return false;
        if (winner == BL_NONE) return end_tied(run, round);
        loser = tied[winner == tied[0]];
    } else if (loser != BL_NONE && run->votes[winner] < run->votes[loser]) {
        winner = run->final[1];
        loser = run->final[0];
    }
    bl_say_text(count, "Round 2: ");
    bl_say_name(count, winner);
    bl_say_text(count, " has ");
    say_number(count, round->tally[winner].text);
    if (loser != BL_NONE) {
        const bl_text others = round->tally[loser].text;
        bl_say_text(count, " against %.*s for ", (int)others.size, others.bytes);
        bl_say_name(count, loser);
    }
    if (is_tie) bl_say_text(count, ", comes first as the tie was broken");
    return end_with(run, round, winner, loser);
}

static bool count_first(rounds *run)
{
    bl_count *count = run->count;
    uint64_t needed = 0;
    uint32_t leader = 0, standing = 0;
    count_round(run);
    if (run->counted == 0)
        return bl_count_none(count, BL_TEXT("no ballot counts for anybody who stands"));
    for (uint32_t i = 0; i < count->contest->candidate_count; i++) {
        run->first_votes[i] = run->votes[i];
        standing += run->is_in[i];
        if (run->votes[i] > run->votes[leader]) leader = i;
    }
    bl_round *round = show_round(run, 1);
    if (!round || !find_needed(run, &needed)) return false;
    round->threshold = bl_amount_whole(count, needed);
    const bl_text enough = round->threshold.text;
    if (run->votes[leader] < needed && standing > 1)
        return go_on(run, round, enough) && (count->none_because.size > 0 || count_second(run));
    const bl_text votes = round->tally[leader].text;
    const bl_text all = bl_amount_whole(count, run->counted).text;
    bl_say_text(count, "Round 1: ");
    bl_say_name(count, leader);
    bl_say_text(count, " has %.*s of ", (int)votes.size, votes.bytes);
    say_number(count, all);
    if (standing > 1) bl_say_text(count, ", where %.*s are needed", (int)enough.size, enough.bytes);
    return end_with(run, round, leader, BL_NONE);
}

bool bl_count_two_round(bl_count *count)
{
    const bl_contest *contest = count->contest;
    const uint32_t size = contest->candidate_count;
    rounds run = {.count = count, .total = contest->total};
    run.is_in = bl_arena_array(count->arena, size, sizeof *run.is_in);
    run.at = bl_arena_array(count->arena, contest->pile_count, sizeof *run.at);
    run.first = bl_arena_array(count->arena, contest->pile_count, sizeof *run.first);
    run.votes = bl_arena_array(count->arena, size, sizeof *run.votes);
    run.first_votes = bl_arena_array(count->arena, size, sizeof *run.first_votes);
    if (!run.is_in || !run.at || !run.first || !run.votes || !run.first_votes)
        return bl_count_nomem(count);
    for (uint32_t i = 0; i < size; i++)
        run.is_in[i] = !contest->candidates[i].is_withdrawn;
    if (!bl_rankings_read(count, false, &run.rankings)) return false;
    bl_rankings_note(count, &run.rankings);
    if (!count_first(&run)) return false;
    note_unused_second(&run);
    return !count->failed;
}
