/*
 * What tests of drawn elections share: chance, the same ballots in another form, all that a count
 * says as one text, and numbers of rounds as GMP's rationals, for oracles.
 *
 * Included behind the headers that cmocka wants.
 */
#ifndef TEST_DRAWN_ELECTIONS_H
#define TEST_DRAWN_ELECTIONS_H

#include <gmp.h>

#include "counted.h"

/* Knuth's MMIX generator. Each test begins with the same chance; who wants the same draws again
 * sets it back. */
static inline uint32_t draw(election *e, uint32_t below)
{
    e->chance = e->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(e->chance >> 33) % below;
}

/* The same ballots backwards, each on a pile of its own. */
static inline void ungroup(election *e)
{
    bl_contest *contest = e->contest;
    bl_pile *piles = bl_arena_array(&e->arena, contest->total, sizeof *piles);
    bl_mark *marks = bl_arena_array(&e->arena, contest->total * contest->candidate_count,
                                    sizeof *marks);
    uint32_t count = 0, mark_count = 0;
    for (uint32_t i = contest->pile_count; i-- > 0;) {
        const bl_pile *pile = &contest->piles[i];
        for (uint64_t j = 0; j < pile->weight; j++) {
            piles[count++] = (bl_pile){mark_count, pile->mark_count, 1};
            for (uint32_t k = 0; k < pile->mark_count; k++)
                marks[mark_count++] = contest->marks[pile->first_mark + k];
        }
    }
    contest->piles = piles;
    contest->pile_count = count;
    contest->marks = marks;
    contest->mark_count = mark_count;
}

static inline char *append_text(char *before, const char *more)
{
    const size_t size = before ? strlen(before) : 0;
    char *text = realloc(before, size + strlen(more) + 2);
    sprintf(text + size, "%s\n", more);
    return text;
}

/* All that a count says; the caller frees it. */
static inline char *whole_text(election *e)
{
    char *text = append_text(NULL, text_of_rounds(e));
    text = append_text(text, all_said(e));
    text = append_text(text, text_of_winners(e));
    text = append_text(text, text_of_ranking(e));
    for (size_t i = 0; i < e->count.figures.count; i++)
        text = append_text(text, text_of_figure(e, e->count.figures.items[i].name));
    return text;
}

/* Counts the contest as it is and with its ballots one by one, backwards: all must be the same. */
static inline void counts_the_same_one_by_one(election *e)
{
    count_it(e);
    char *grouped = whole_text(e);
    ungroup(e);
    count_it(e);
    char *ungrouped = whole_text(e);
    assert_string_equal(ungrouped, grouped);
    free(grouped);
    free(ungrouped);
}

/* A number as rounds and figures show it: "3", "2.25", "4/3". False where it was cut off. */
static inline bool read_number(mpq_t out, bl_text text)
{
    char copy[4096], digits[8300];
    assert_true(text.size < sizeof copy);
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    if (strstr(copy, "…")) return false;
    const char *point = strchr(copy, '.');
    if (point)
        snprintf(digits, sizeof digits, "%.*s%s/1%0*d", (int)(point - copy), copy, point + 1,
                 (int)strlen(point + 1), 0);
    assert_int_equal(mpq_set_str(out, point ? digits : copy, 10), 0);
    mpq_canonicalize(out);
    return true;
}

/* Tallies, exhausted and lost together. False where one of them was cut off. */
static inline bool add_up_round(const election *e, const bl_round *round, mpq_t sum)
{
    bool is_exact = true;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(sum, 0, 1);
    for (uint32_t i = 0; i < e->contest->candidate_count + 2; i++) {
        const bl_amount *amount = i < e->contest->candidate_count    ? &round->tally[i]
                                  : i == e->contest->candidate_count ? &round->exhausted
                                                                     : &round->lost;
        if (amount->text.size == 0) continue;
        is_exact = read_number(one, amount->text) && is_exact;
        mpq_add(sum, sum, one);
    }
    mpq_clear(one);
    return is_exact;
}

#endif
