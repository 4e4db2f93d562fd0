/*
 * libFuzzer over the readers of ballot files: no input may crash them, read outside the file, or
 * give a contest that counting could not trust. The first byte chooses format and method.
 */
#include <stdlib.h>
#include <string.h>

#include "ballots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void check_mark(const bl_contest *contest, const bl_mark *mark)
{
    const bool is_somebody = mark->candidate < contest->candidate_count;
    if (contest->kind == BL_BALLOTS_RANKING) {
        require(is_somebody || mark->candidate == BL_MARK_NOBODY ||
                mark->candidate == BL_MARK_OVERVOTE);
        require(mark->value > 0);
    } else {
        require(is_somebody);
    }
}

/* What contest.h promises of the order of marks. */
static void check_order(const bl_contest *contest, const bl_mark *before, const bl_mark *mark)
{
    if (contest->kind == BL_BALLOTS_RANKING)
        require(before->value < mark->value ||
                (before->value == mark->value && before->candidate <= mark->candidate));
    else
        require(before->candidate < mark->candidate);
}

static void check_contest(const bl_contest *contest)
{
    uint64_t total = 0;
    require(contest->candidate_count > 0 && contest->weight_scale > 0 && contest->score_scale > 0);
    for (uint32_t i = 0; i < contest->pile_count; i++) {
        const bl_pile *pile = &contest->piles[i];
        require(pile->weight > 0 && pile->mark_count <= contest->mark_count - pile->first_mark);
        total += pile->weight;
        for (uint32_t k = 0; k < pile->mark_count; k++) {
            const bl_mark *mark = &contest->marks[pile->first_mark + k];
            check_mark(contest, mark);
            if (k > 0) check_order(contest, mark - 1, mark);
        }
    }
    require(total == contest->total && total <= BL_WEIGHT_MAX);
    for (uint32_t i = 0; i < contest->candidate_count; i++)
        require(contest->candidates[i].name.size > 0);
    for (uint32_t i = 0; i < contest->resolution_count; i++)
        require(contest->resolutions[i].chosen < contest->candidate_count);
}

static bool open_none(void *context, bl_text name, bl_text *bytes, const char **why)
{
    (void)context, (void)name;
    *bytes = BL_TEXT("2 1\n1 1 2 0\n0\n\"A\"\n\"B\"\n");
    *why = "is not there";
    return name.size % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {"",          "irv",    "approval", "star",
                                          "plurality", "dhondt", "schulze"};
    if (size == 0) return 0;
    const char *const method = methods[data[0] / 8 % (sizeof methods / sizeof *methods)];
    bl_ballots_request request = {
        .name = BL_TEXT("fuzz"),
        .bytes = {(const char *)data + 1, size - 1},
        .format = (bl_ballots_format)(data[0] % 6),
        .method = {method, strlen(method)},
        .open = open_none,
    };
    request.how.has_no_header = data[0] >= 128;
    bl_arena arena;
    bl_ballot_file ballots;
    bl_arena_init(&arena, &bl_memory_default);
    switch (bl_ballots_read(&request, &arena, &bl_memory_default, &ballots)) {
    case BL_BALLOTS_OK: check_contest(ballots.contest); break;
    case BL_BALLOTS_PROBLEM:
        require(ballots.problem.size > 0 && bl_text_is_utf8(ballots.problem, NULL));
        require(memchr(ballots.problem.bytes, '\n', ballots.problem.size) == NULL);
        require((ballots.line == 0) == (ballots.column == 0));
        break;
    case BL_BALLOTS_NOMEM: abort();
    }
    bl_arena_destroy(&arena);
    return 0;
}
