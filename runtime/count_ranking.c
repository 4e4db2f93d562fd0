/*
 * Reading rankings by the rules on overvotes, duplicates, skipped ranks and write-ins.
 *
 * Rank by rank, as the Universal RCV Tabulator does: first whether too many ranks were skipped
 * before, then whether somebody here was ranked before, then whether there are too many. All three
 * judge what the voter wrote, also where it names a candidate who has withdrawn or none at all.
 */
#include "ranking.h"

typedef struct reader {
    const bl_contest *contest;
    const bl_count_options *options;
    uint32_t *entries;
    uint32_t entry_count;
    uint32_t *seen; /* by candidate: the last pile, from 1, in which it was seen */
    uint32_t *entered; /* the last in which it became an entry: not where an overvote is skipped */
    uint32_t pile; /* being read, from 1 */
    bool takes_ties;
} reader;

/* The marks of one rank. */
typedef struct rank {
    const bl_mark *marks;
    uint32_t count;
} rank;

static bool is_candidate(const reader *read, uint32_t candidate)
{
    return candidate < read->contest->candidate_count;
}

/* How many were marked at a rank: a candidate marked twice there is one. */
static uint32_t count_named(const reader *read, rank at)
{
    uint32_t named = 0;
    for (uint32_t i = 0; i < at.count; i++)
        named += i == 0 || at.marks[i].candidate != at.marks[i - 1].candidate ||
                 !is_candidate(read, at.marks[i].candidate);
    return named;
}

static bool has_mark(rank at, uint32_t candidate)
{
    for (uint32_t i = 0; i < at.count; i++)
        if (at.marks[i].candidate == candidate) return true;
    return false;
}

static bool has_seen(const reader *read, uint32_t candidate)
{
    return is_candidate(read, candidate) && read->seen[candidate] == read->pile;
}

static bool has_duplicate(const reader *read, rank at)
{
    for (uint32_t i = 0; i < at.count; i++)
        if (has_seen(read, at.marks[i].candidate)) return true;
    return false;
}

static void note_seen(const reader *read, rank at)
{
    for (uint32_t i = 0; i < at.count; i++)
        if (is_candidate(read, at.marks[i].candidate))
            read->seen[at.marks[i].candidate] = read->pile;
}

/* Adds those of a rank who stand and are no entries yet, tied where they are several. */
static void add_entries(reader *read, rank at)
{
    const uint32_t first = read->entry_count;
    for (uint32_t i = 0; i < at.count; i++) {
        const uint32_t candidate = at.marks[i].candidate;
        if (!is_candidate(read, candidate) || read->entered[candidate] == read->pile) continue;
        if (read->contest->candidates[candidate].is_withdrawn) continue;
        read->entered[candidate] = read->pile;
        if (read->entry_count > first) read->entries[read->entry_count - 1] |= BL_RANKING_TIED;
        read->entries[read->entry_count++] = candidate;
    }
}

/* What becomes of a rank with several marks. WHOLE: it is read, or passed over. */
static bl_ranking_end read_overvote(reader *read, rank at)
{
    switch ((bl_overvote)read->options->overvote) {
    case BL_OVERVOTE_EXHAUST: return BL_RANKING_OVERVOTE;
    case BL_OVERVOTE_SKIP: return BL_RANKING_WHOLE;
    case BL_OVERVOTE_IF_CONTINUING:
        if (has_mark(at, BL_MARK_OVERVOTE)) return BL_RANKING_OVERVOTE; /* nobody knows of whom */
        add_entries(read, at);
        return BL_RANKING_WHOLE;
    }
    return BL_RANKING_WHOLE;
}

/* Whether the ballot ends at a rank, and why; otherwise whom it names is added. */
static bl_ranking_end read_rank(reader *read, rank at)
{
    const bl_count_options *options = read->options;
    if (options->duplicates != 0 && has_duplicate(read, at)) return BL_RANKING_DUPLICATE;
    note_seen(read, at);
    const bool is_overvote = !read->takes_ties &&
                             (count_named(read, at) > 1 || has_mark(at, BL_MARK_OVERVOTE));
    if (is_overvote) return read_overvote(read, at);
    if (options->write_ins != 0 && has_mark(at, BL_MARK_NOBODY)) return BL_RANKING_WRITE_IN;
    add_entries(read, at);
    return BL_RANKING_WHOLE;
}

static bl_ranking_end read_pile(reader *read, const bl_pile *pile)
{
    const bl_mark *marks = read->contest->marks + pile->first_mark;
    const uint32_t skipped_most = read->takes_ties ? BL_NO_MOST : read->options->skipped_most;
    uint32_t last = 0;
    for (uint32_t i = 0; i < pile->mark_count;) {
        const uint32_t place = (uint32_t)marks[i].value;
        if (place > read->options->ranks_most) return BL_RANKING_WHOLE;
        if (skipped_most != BL_NO_MOST && place - last > (uint64_t)skipped_most + 1)
            return BL_RANKING_SKIPPED;
        rank at = {marks + i, 0};
        while (i < pile->mark_count && marks[i].value == (int32_t)place)
            i++, at.count++;
        const bl_ranking_end end = read_rank(read, at);
        if (end != BL_RANKING_WHOLE) return end;
        last = place;
    }
    return BL_RANKING_WHOLE;
}

bool bl_rankings_read(bl_count *count, bool takes_ties, bl_rankings *out)
{
    const bl_contest *contest = count->contest;
    reader read = {.contest = contest, .options = count->options, .takes_ties = takes_ties};
    *out = (bl_rankings){.count = contest->pile_count};
    out->items = bl_arena_array(count->arena, contest->pile_count, sizeof *out->items);
    read.entries = bl_arena_array(count->arena, contest->mark_count, sizeof *read.entries);
    read.seen = bl_arena_array(count->arena, contest->candidate_count, sizeof *read.seen);
    read.entered = bl_arena_array(count->arena, contest->candidate_count, sizeof *read.entered);
    if (!out->items || !read.entries || !read.seen || !read.entered) return bl_count_nomem(count);
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        const uint32_t first = read.entry_count;
        read.pile = i + 1;
        const bl_ranking_end end = read_pile(&read, &contest->piles[i]);
        const uint64_t weight = contest->piles[i].weight;
        out->items[i] = (bl_ranking){first, read.entry_count - first, weight, end};
        out->ended[end] += weight;
    }
    out->entries = read.entries;
    return true;
}

/* The only one in of those tied from `at` on; BL_NONE where several are, or none. `*end` is behind
 * them. */
static uint32_t find_only(const uint32_t *entries, uint32_t *at, const bool *is_in, uint32_t *end,
                          bool *are_several)
{
    uint32_t only = BL_NONE, i = *at;
    *are_several = false;
    for (bool is_tied = true; is_tied; i++) {
        const uint32_t candidate = BL_RANKING_CANDIDATE(entries[i]);
        is_tied = (entries[i] & BL_RANKING_TIED) != 0;
        if (!is_in[candidate]) continue;
        *are_several = only != BL_NONE;
        if (*are_several) return BL_NONE;
        only = candidate;
        *at = i;
    }
    *end = i;
    return only;
}

uint32_t bl_ranking_next(const bl_rankings *rankings, const bl_ranking *ranking, const bool *is_in,
                         uint32_t *at)
{
    const uint32_t *entries = rankings->entries + ranking->first;
    for (uint32_t next = *at; next < ranking->count;) {
        *at = next;
        if (entries[next] < BL_RANKING_TIED) { /* as nearly all are */
            if (is_in[entries[next]]) return entries[next];
            next++;
            continue;
        }
        bool are_several;
        const uint32_t found = find_only(entries, at, is_in, &next, &are_several);
        if (found != BL_NONE) return found;
        if (are_several) break;
    }
    *at = ranking->count;
    return BL_NONE;
}

static void note_ended(bl_count *count, uint64_t weight, const char *what, const char *whats)
{
    if (weight == 0) return;
    const bl_amount amount = bl_amount_whole(count, weight);
    const bool is_one = bl_text_equal(amount.text, BL_TEXT("1"));
    bl_say_text(count, "%.*s %s", (int)amount.text.size, amount.text.bytes, is_one ? what : whats);
    bl_note_add(count, bl_say_end(count));
}

void bl_rankings_note(bl_count *count, const bl_rankings *rankings)
{
    static const char *const told[BL_RANKING_END_COUNT][2] = {
        [BL_RANKING_OVERVOTE] = {"ballot ranks several at once and ends there",
                                 "ballots rank several at once and end there"},
        [BL_RANKING_DUPLICATE] = {"ballot ranks somebody twice and ends there",
                                  "ballots rank somebody twice and end there"},
        [BL_RANKING_SKIPPED] = {"ballot skips too many ranks and ends there",
                                "ballots skip too many ranks and end there"},
        [BL_RANKING_WRITE_IN] = {"ballot names somebody who is no candidate and ends there",
                                 "ballots name somebody who is no candidate and end there"},
    };
    for (int i = BL_RANKING_WHOLE + 1; i < BL_RANKING_END_COUNT; i++)
        note_ended(count, rankings->ended[i], told[i][0], told[i][1]);
}
