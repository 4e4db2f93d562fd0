/*
 * The Condorcet family against oracles over drawn contests: Schulze against every path written out,
 * Debian's rules against the constitution's steps done one by one, ranked pairs against every order
 * of equal defeats, Kemeny against every ranking; and what holds of all of them. The oracles count
 * the drawn ballots themselves and share nothing with the methods.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drawn_elections.h"

enum { FIELD_MAX = 6, BALLOTS_MAX = 9, ROUNDS = 400 };

typedef struct ballot {
    int rank[FIELD_MAX + 1]; /* 0: not ranked */
    uint64_t weight;
} ballot;

typedef struct drawn {
    int size; /* candidates */
    int count; /* of ballots */
    ballot ballots[BALLOTS_MAX];
    bool is_opinion; /* of those who are not ranked: none */
    bl_strength strength;
    int64_t d[FIELD_MAX][FIELD_MAX];
} drawn;

static const char *const strength_names[] = {"winning_votes", "margins", "opposition"};

/* ---- drawing ---- */

static void draw_ballot(election *e, drawn *c, ballot *b)
{
    const uint32_t kind = draw(e, 3);
    b->weight = 1 + draw(e, 4);
    int order[FIELD_MAX];
    for (int i = 0; i < c->size; i++) {
        const int at = (int)draw(e, (uint32_t)i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    const int length = kind == 0 ? c->size
                                 : 1 + (int)draw(e, (uint32_t)c->size); /* whole, or cut short */
    for (int i = 0, rank = 1; i < c->size; i++) {
        b->rank[order[i]] = i < length ? rank : 0;
        rank += kind != 2 || draw(e, 2) == 0; /* some share a rank */
    }
}

static void tally(drawn *c)
{
    memset(c->d, 0, sizeof c->d);
    for (int k = 0; k < c->count; k++)
        for (int i = 0; i < c->size; i++)
            for (int j = 0; j < c->size; j++) {
                const int mine = c->ballots[k].rank[i], theirs = c->ballots[k].rank[j];
                if (mine == 0 || (theirs == 0 && c->is_opinion)) continue;
                if (theirs == 0 || mine < theirs) c->d[i][j] += (int64_t)c->ballots[k].weight;
            }
}

static drawn draw_contest(election *e, int most)
{
    drawn c = {.size = 2 + (int)draw(e, (uint32_t)most - 1)};
    c.count = 1 + (int)draw(e, BALLOTS_MAX);
    for (int i = 0; i < c.count; i++)
        draw_ballot(e, &c, &c.ballots[i]);
    c.is_opinion = draw(e, 4) == 0;
    c.strength = (bl_strength)draw(e, 3);
    tally(&c);
    return c;
}

static void add_drawn(election *e, const drawn *c, const ballot *b, uint64_t weight)
{
    bl_mark marks[FIELD_MAX];
    uint32_t count = 0;
    for (int i = c->size; i-- > 0;)
        if (b->rank[i] > 0) marks[count++] = (bl_mark){(uint32_t)i, b->rank[i]};
    add_marks(e, marks, count, weight);
}

static const char names[] = "a b c d e f";

static void make_drawn(election *e, const drawn *c)
{
    char some[sizeof names];
    snprintf(some, sizeof some, "%.*s", 2 * c->size - 1, names);
    begin_contest(e, some);
    for (int i = 0; i < c->count; i++)
        add_drawn(e, c, &c->ballots[i], c->ballots[i].weight);
    end_contest(e, BL_BALLOTS_RANKING);
}

static void count_drawn(election *e, const drawn *c, const char *method, const char *more)
{
    char options[160];
    snprintf(options, sizeof options, "%s unranked=%s strength=%s%s", method,
             c->is_opinion ? "no_opinion" : "last", strength_names[c->strength], more);
    count_by(e, options);
}

/* What went wrong, with what: a failing test is its own report. */
static void report(election *e, const drawn *c, const char *what)
{
    printf("%s, unranked %s, strength %s\n", what, c->is_opinion ? "no_opinion" : "last",
           strength_names[c->strength]);
    for (int k = 0; k < c->count; k++) {
        printf("%d:", (int)c->ballots[k].weight);
        for (int i = 0; i < c->size; i++)
            printf(" %d", c->ballots[k].rank[i]);
        printf("\n");
    }
    char *all = whole_text(e);
    printf("%s", all);
    free(all);
}
#define HOLDS(truth)                                                                               \
    do {                                                                                           \
        if (!(truth)) report(e, &c, #truth);                                                       \
        assert_true(truth);                                                                        \
    } while (0)

/* ---- strengths ---- */

/* Whether the defeat of j by i is stronger than that of l by k, in the words of the options. */
static bool is_stronger(const drawn *c, int i, int j, int k, int l)
{
    const int64_t with = c->d[i][j], against = c->d[j][i];
    const int64_t other_with = c->d[k][l], other_against = c->d[l][k];
    if (c->strength == BL_STRENGTH_MARGINS) return with - against > other_with - other_against;
    if (c->strength == BL_STRENGTH_OPPOSITION)
        return against < other_against || (against == other_against && with > other_with);
    return with > other_with || (with == other_with && against < other_against);
}

static bool beats(const drawn *c, int i, int j)
{
    return c->d[i][j] > c->d[j][i];
}

/* ---- Schulze: every path ---- */

typedef struct link {
    int from, to; /* -1: none */
} link;

static bool is_link_stronger(const drawn *c, link a, link b)
{
    if (a.from < 0 || b.from < 0) return a.from >= 0 && b.from < 0;
    return is_stronger(c, a.from, a.to, b.from, b.to);
}

/* The weakest link of the strongest path, by walking all of them. */
static link strongest(const drawn *c, int from, int to, unsigned visited, link weakest)
{
    link best = {-1, -1};
    for (int next = 0; next < c->size; next++) {
        if (visited >> next & 1 || !beats(c, from, next)) continue;
        const link here = {from, next};
        const link worst = weakest.from < 0 || is_link_stronger(c, weakest, here) ? here : weakest;
        const link found = next == to ? worst : strongest(c, next, to, visited | 1u << next, worst);
        if (is_link_stronger(c, found, best)) best = found;
    }
    return best;
}

static void walk_paths(const drawn *c, bool above[FIELD_MAX][FIELD_MAX])
{
    const link none = {-1, -1};
    for (int i = 0; i < c->size; i++)
        for (int j = 0; j < c->size; j++)
            above[i][j] = i != j && is_link_stronger(c, strongest(c, i, j, 1u << i, none),
                                                     strongest(c, j, i, 1u << j, none));
}

static void schulze_ranks_as_all_paths_say(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        bool above[FIELD_MAX][FIELD_MAX];
        make_drawn(e, &c);
        count_drawn(e, &c, "schulze", "");
        walk_paths(&c, above);
        int first = 0;
        for (int i = 0; i < c.size; i++) {
            bool is_first = true;
            for (int j = 0; j < c.size; j++) {
                if (above[i][j]) HOLDS(e->count.places[i] < e->count.places[j]);
                if (above[j][i]) is_first = false;
            }
            HOLDS((e->count.places[i] == 1) == is_first);
            first += is_first;
        }
        HOLDS(e->count.winner_count == (first == 1 ? 1u : 0u));
    }
}

/* ---- Debian's constitution, A.5, step by step ---- */

typedef struct vote {
    int fallback; /* -1: none */
    int64_t quorum[FIELD_MAX];
    int64_t majority[FIELD_MAX]; /* to 2 */
} vote;

/* A.5.2 and A.5.3 */
static unsigned keep(const drawn *c, const vote *v)
{
    unsigned kept = 0;
    for (int i = 0; i < c->size; i++) {
        const int64_t with = v->fallback < 0 ? 1 : c->d[i][v->fallback];
        const int64_t against = v->fallback < 0 ? 0 : c->d[v->fallback][i];
        const bool is_dropped = v->fallback >= 0 && i != v->fallback &&
                                (with < v->quorum[i] || 2 * with < v->majority[i] * against ||
                                 with <= against);
        kept |= is_dropped ? 0 : 1u << i;
    }
    return kept;
}

/* A.5.5 and A.5.6: the closure by brute force, then the definition. */
static unsigned schwartz_of(int size, unsigned kept, bool defeats[FIELD_MAX][FIELD_MAX])
{
    bool reaches[FIELD_MAX][FIELD_MAX];
    memcpy(reaches, defeats, sizeof reaches);
    for (int again = 0; again < size; again++)
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                for (int k = 0; k < size; k++)
                    if (defeats[i][j] && reaches[j][k]) reaches[i][k] = true;
    unsigned set = 0;
    for (int i = 0; i < size; i++) {
        bool is_in = kept >> i & 1;
        for (int j = 0; j < size; j++)
            if (reaches[j][i] && !reaches[i][j]) is_in = false;
        set |= is_in ? 1u << i : 0;
    }
    return set;
}

/* A.5.7: false when there is no defeat within the set. */
static bool drop_weakest(const drawn *c, unsigned set, bool defeats[FIELD_MAX][FIELD_MAX])
{
    bool is_weakest[FIELD_MAX][FIELD_MAX] = {{false}};
    bool is_any = false;
    for (int i = 0; i < c->size; i++)
        for (int j = 0; j < c->size; j++) {
            if (!defeats[i][j] || !(set >> i & 1) || !(set >> j & 1)) continue;
            is_weakest[i][j] = is_any = true;
            for (int k = 0; k < c->size; k++)
                for (int l = 0; l < c->size; l++)
                    if (defeats[k][l] && set >> k & 1 && set >> l & 1 && is_stronger(c, i, j, k, l))
                        is_weakest[i][j] = false;
        }
    for (int i = 0; i < c->size; i++)
        for (int j = 0; j < c->size; j++)
            if (is_weakest[i][j]) defeats[i][j] = false;
    return is_any;
}

static unsigned drop_until_even(const drawn *c, unsigned kept)
{
    bool defeats[FIELD_MAX][FIELD_MAX] = {{false}};
    for (int i = 0; i < c->size; i++)
        for (int j = 0; j < c->size; j++)
            defeats[i][j] = kept >> i & 1 && kept >> j & 1 && beats(c, i, j);
    unsigned set = schwartz_of(c->size, kept, defeats);
    while (drop_weakest(c, set, defeats))
        set = schwartz_of(c->size, kept, defeats);
    return set;
}

static unsigned first_places(election *e)
{
    unsigned set = 0;
    for (uint32_t i = 0; i < e->contest->candidate_count; i++)
        set |= e->count.places[i] == 1 ? 1u << i : 0;
    return set;
}

/* "no defeats are left among a and b", as the last round says it. */
static void assert_last_round_tells(election *e, const drawn *drawn_one, unsigned set)
{
    const drawn c = *drawn_one;
    uint32_t left[FIELD_MAX], size = 0;
    for (uint32_t i = 0; i < FIELD_MAX; i++)
        if (set >> i & 1) left[size++] = i;
    char expected[64];
    int at = snprintf(expected, sizeof expected, ": %s",
                      size == 1 ? "nobody beats " : "no defeats are left among ");
    for (uint32_t i = 0; i < size; i++)
        at += snprintf(expected + at, sizeof expected - (size_t)at, "%s%c",
                       i == 0          ? ""
                       : i + 1 == size ? " and "
                                       : ", ",
                       (char)('a' + left[i]));
    char said[256];
    const bl_text last = e->count.rounds.items[e->count.rounds.count - 1].sentence;
    snprintf(said, sizeof said, "%.*s", (int)last.size, last.bytes);
    HOLDS(strstr(said, expected) != NULL);
}

/* Dropping weakest defeats leaves those whom no stronger path speaks against, also where no default
 * option asks for it, and by every strength. */
static void dropping_leaves_whom_the_paths_put_first(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        make_drawn(e, &c);
        count_drawn(e, &c, "schulze", "");
        const unsigned set = drop_until_even(&c, (1u << c.size) - 1);
        HOLDS(first_places(e) == set);
        assert_last_round_tells(e, &c, set);
    }
}

/* A default option that most ballots leave unranked, so that enough is kept to make circles. */
static vote draw_vote(election *e, drawn *c)
{
    vote v = {.fallback = (int)draw(e, (uint32_t)c->size)};
    for (int i = 0; i < c->size; i++) {
        v.quorum[i] = (int64_t)draw(e, 8);
        v.majority[i] = 2 + (int64_t)draw(e, 5) * (int64_t)draw(e, 2);
    }
    for (int i = 0; i < c->count; i++)
        if (draw(e, 4) > 0) c->ballots[i].rank[v.fallback] = 0;
    tally(c);
    return v;
}

static void debian_elects_as_the_constitution_says_step_by_step(void **state)
{
    election *e = *state;
    int elected = 0, circles = 0;
    for (int round = 0; round < ROUNDS * 2; round++) {
        drawn c = draw_contest(e, FIELD_MAX);
        c.strength = BL_STRENGTH_WINNING_VOTES;
        const vote v = draw_vote(e, &c);
        make_drawn(e, &c);
        e->contest->default_option = (uint32_t)v.fallback;
        for (int i = 0; i < c.size; i++) {
            candidate_at(e, (uint32_t)i)->quorum = BL_RATIONAL(v.quorum[i]);
            bl_rational_make(v.majority[i], 2, &candidate_at(e, (uint32_t)i)->majority);
        }
        count_drawn(e, &c, "debian", "");
        if (!e->count.places) continue; /* all ballots were blank */
        const unsigned kept = keep(&c, &v), set = drop_until_even(&c, kept);
        for (int i = 0; i < c.size; i++)
            HOLDS((e->count.places[i] > 0) == (kept >> i & 1));
        HOLDS(first_places(e) == set);
        const bool is_single = (set & (set - 1)) == 0;
        const bool is_anybody = is_single && set != 1u << v.fallback;
        HOLDS(e->count.winner_count == (is_anybody ? 1u : 0u));
        if (is_anybody) HOLDS(set == 1u << e->count.winners[0]);
        elected += is_anybody;
        circles += e->count.rounds.count > 2;
    }
    assert_true(elected > ROUNDS / 4); /* the draws are not all of one sort */
    assert_true(circles > 10);
}

/* ---- ranked pairs: every order of equal defeats ---- */

enum { PAIRS_MAX = 6, SMALL = 4 };

typedef struct universe {
    const drawn *c;
    link order[PAIRS_MAX];
    int count;
    unsigned ever, always; /* sets: first in some order, in every one */
    int orders;
} universe;

static bool leads_to(bool locked[FIELD_MAX][FIELD_MAX], int size, int from, int to, int depth)
{
    if (from == to) return true;
    for (int next = 0; next < size && depth > 0; next++)
        if (locked[from][next] && leads_to(locked, size, next, to, depth - 1)) return true;
    return false;
}

static void look_at_order(universe *u)
{
    bool locked[FIELD_MAX][FIELD_MAX] = {{false}};
    for (int i = 0; i < u->count; i++)
        if (!leads_to(locked, u->c->size, u->order[i].to, u->order[i].from, u->c->size))
            locked[u->order[i].from][u->order[i].to] = true;
    unsigned first = (1u << u->c->size) - 1;
    for (int i = 0; i < u->c->size; i++)
        for (int j = 0; j < u->c->size; j++)
            if (locked[i][j]) first &= ~(1u << j);
    u->ever |= first;
    u->always &= first;
    u->orders++;
}

/* All orders that the strengths allow: of what is left, any that nothing is stronger than. */
static void try_orders(universe *u, const link *left, int count)
{
    if (count == 0) look_at_order(u);
    for (int i = 0; i < count; i++) {
        bool is_next = true;
        for (int j = 0; j < count; j++)
            if (is_link_stronger(u->c, left[j], left[i])) is_next = false;
        if (!is_next) continue;
        link rest[PAIRS_MAX];
        int size = 0;
        for (int j = 0; j < count; j++)
            if (j != i) rest[size++] = left[j];
        u->order[u->count - count] = left[i];
        try_orders(u, rest, size);
    }
}

static universe look_everywhere(const drawn *c)
{
    universe u = {.c = c, .always = (1u << c->size) - 1};
    link all[PAIRS_MAX];
    for (int i = 0; i < c->size; i++)
        for (int j = 0; j < c->size; j++)
            if (beats(c, i, j)) all[u.count++] = (link){i, j};
    try_orders(&u, all, u.count);
    return u;
}

static void ranked_pairs_elects_whom_every_order_elects(void **state)
{
    election *e = *state;
    int several = 0, open = 0, missed = 0;
    for (int round = 0; round < ROUNDS * 5; round++) {
        const drawn c = draw_contest(e, SMALL);
        make_drawn(e, &c);
        count_drawn(e, &c, "ranked_pairs", "");
        const universe u = look_everywhere(&c);
        const unsigned elected = e->count.winner_count > 0 ? 1u << e->count.winners[0] : 0;
        if (elected) HOLDS(u.always == elected && u.ever == elected);
        if (u.ever == u.always && (u.ever & (u.ever - 1)) == 0) missed += !elected;
        several += u.orders > 1;
        open += u.ever != u.always;
        count_drawn(e, &c, "ranked_pairs", " ties=order");
        HOLDS(e->count.winner_count == 1);
        HOLDS(u.ever >> e->count.winners[0] & 1);
    }
    assert_true(several > ROUNDS && open > 10);
    assert_int_equal(missed, 0);
}

/* ---- Kemeny: every ranking ---- */

typedef struct rankings {
    const drawn *c;
    int64_t best;
    int ways;
    unsigned first; /* set: who is first in some best ranking */
    unsigned two; /* the first two of one of them */
    bool is_two_sure; /* … and of all */
    bool above[FIELD_MAX][FIELD_MAX]; /* in some best ranking */
} rankings;

static void look_at_ranking(rankings *r, const int *order)
{
    int64_t score = 0;
    for (int i = 0; i < r->c->size; i++)
        for (int j = i + 1; j < r->c->size; j++)
            score += r->c->d[order[i]][order[j]];
    if (score < r->best) return;
    const unsigned two = 1u << order[0] | 1u << order[1];
    if (score > r->best) *r = (rankings){.c = r->c, .best = score, .two = two, .is_two_sure = true};
    r->is_two_sure = r->is_two_sure && r->two == two;
    r->ways++;
    r->first |= 1u << order[0];
    for (int i = 0; i < r->c->size; i++)
        for (int j = i + 1; j < r->c->size; j++)
            r->above[order[i]][order[j]] = true;
}

static void try_rankings(rankings *r, int *order, int at)
{
    if (at == r->c->size) look_at_ranking(r, order);
    for (int i = at; i < r->c->size; i++) {
        const int chosen = order[i];
        order[i] = order[at];
        order[at] = chosen;
        try_rankings(r, order, at + 1);
        order[at] = order[i];
        order[i] = chosen;
    }
}

static void kemeny_finds_the_best_of_all_rankings(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS / 2; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        rankings r = {.c = &c, .best = -1};
        int order[] = {0, 1, 2, 3, 4, 5};
        try_rankings(&r, order, 0);
        make_drawn(e, &c);
        count_drawn(e, &c, "kemeny", "");
        HOLDS(strtoll(text_of_figure(e, "score"), NULL, 10) == r.best);
        HOLDS(strtoll(text_of_figure(e, "best_rankings"), NULL, 10) == r.ways);
        const bool is_sure = (r.first & (r.first - 1)) == 0;
        HOLDS(e->count.winner_count == (is_sure ? 1u : 0u));
        if (is_sure) HOLDS(r.first == 1u << e->count.winners[0]);
        for (int i = 0; i < c.size; i++)
            for (int j = 0; j < c.size; j++)
                if (r.above[i][j] && !r.above[j][i]) HOLDS(e->count.places[i] < e->count.places[j]);
        count_drawn(e, &c, "kemeny", " ties=order");
        HOLDS(e->count.winner_count == 1 && r.first >> e->count.winners[0] & 1);
        count_drawn(e, &c, "kemeny", " seats=2");
        HOLDS((e->count.winner_count == 2) == r.is_two_sure);
        for (uint32_t i = 0; r.is_two_sure && i < 2; i++)
            HOLDS(r.two >> e->count.winners[i] & 1);
    }
}

/* ---- Copeland and minimax: the formulas ---- */

static int64_t points_doubled(const drawn *c, int i)
{
    int64_t points = 0;
    for (int j = 0; j < c->size; j++)
        points += i == j ? 0 : beats(c, i, j) ? 2 : !beats(c, j, i);
    return points;
}

static int64_t worst(const drawn *c, int i)
{
    int64_t most = c->strength == BL_STRENGTH_MARGINS ? INT64_MIN : 0;
    for (int j = 0; j < c->size; j++) {
        if (i == j) continue;
        const int64_t against = c->strength == BL_STRENGTH_MARGINS ? c->d[j][i] - c->d[i][j]
                                : c->strength == BL_STRENGTH_WINNING_VOTES && !beats(c, j, i)
                                    ? 0
                                    : c->d[j][i];
        if (against > most) most = against;
    }
    return most;
}

static void copeland_and_minimax_place_by_their_scores(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        make_drawn(e, &c);
        for (int method = 0; method < 2; method++) {
            count_drawn(e, &c, method ? "minimax" : "copeland", "");
            for (int i = 0; i < c.size; i++) {
                uint32_t better = 0;
                for (int j = 0; j < c.size; j++)
                    better += method ? worst(&c, j) < worst(&c, i)
                                     : points_doubled(&c, j) > points_doubled(&c, i);
                HOLDS(e->count.places[i] == better + 1);
            }
        }
    }
}

/* ---- what holds of all ---- */

static const char *const methods[] = {"schulze", "ranked_pairs", "copeland", "minimax", "kemeny"};
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

static int find_condorcet(const drawn *c, bool is_winner)
{
    for (int i = 0; i < c->size; i++) {
        bool is_it = true;
        for (int j = 0; j < c->size; j++)
            if (i != j && !(is_winner ? beats(c, i, j) : beats(c, j, i))) is_it = false;
        if (is_it) return i;
    }
    return -1;
}

/* Minimax may elect a Condorcet loser, and by opposition fail a Condorcet winner: the one is known
 * of it, the other is what this strength is for. */
static void a_condorcet_winner_wins_and_a_loser_never(void **state)
{
    election *e = *state;
    int winners_seen = 0, losers_seen = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        const int winner = find_condorcet(&c, true), loser = find_condorcet(&c, false);
        make_drawn(e, &c);
        winners_seen += winner >= 0;
        losers_seen += loser >= 0;
        for (int m = 0; m < METHOD_COUNT; m++) {
            const bool is_minimax = strcmp(methods[m], "minimax") == 0;
            if (is_minimax && c.strength == BL_STRENGTH_OPPOSITION) continue;
            count_drawn(e, &c, methods[m], "");
            if (winner >= 0)
                HOLDS(e->count.winner_count == 1 && (int)e->count.winners[0] == winner);
            if (loser >= 0 && !is_minimax)
                HOLDS(e->count.winner_count == 0 || (int)e->count.winners[0] != loser);
        }
    }
    assert_true(winners_seen > ROUNDS / 4 && losers_seen > ROUNDS / 4);
}

static void ballots_in_another_order_or_one_by_one_count_the_same(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS / 4; round++) {
        const drawn c = draw_contest(e, FIELD_MAX);
        for (int m = 0; m < METHOD_COUNT; m++) {
            make_drawn(e, &c);
            count_drawn(e, &c, methods[m], " seats=2");
            counts_the_same_one_by_one(e);
        }
    }
}

static int sign(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static void a_candidate_whom_nobody_ranks_changes_nothing(void **state)
{
    election *e = *state;
    for (int round = 0; round < ROUNDS / 4; round++) {
        drawn c = draw_contest(e, FIELD_MAX - 1);
        c.is_opinion = false;
        for (int m = 0; m < METHOD_COUNT; m++) {
            uint32_t places[FIELD_MAX];
            make_drawn(e, &c);
            count_drawn(e, &c, methods[m], "");
            const uint32_t elected = e->count.winner_count > 0 ? e->count.winners[0] : BL_NONE;
            memcpy(places, e->count.places, (size_t)c.size * sizeof *places);
            c.size++;
            make_drawn(e, &c);
            count_drawn(e, &c, methods[m], "");
            c.size--;
            HOLDS(elected == (e->count.winner_count > 0 ? e->count.winners[0] : BL_NONE));
            for (int i = 0; i < c.size; i++)
                for (int j = 0; j < c.size; j++)
                    HOLDS(sign(places[i], places[j]) ==
                          sign(e->count.places[i], e->count.places[j]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(schulze_ranks_as_all_paths_say),
        TEST(dropping_leaves_whom_the_paths_put_first),
        TEST(debian_elects_as_the_constitution_says_step_by_step),
        TEST(ranked_pairs_elects_whom_every_order_elects),
        TEST(kemeny_finds_the_best_of_all_rankings),
        TEST(copeland_and_minimax_place_by_their_scores),
        TEST(a_condorcet_winner_wins_and_a_loser_never),
        TEST(ballots_in_another_order_or_one_by_one_count_the_same),
        TEST(a_candidate_whom_nobody_ranks_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
