/*
 * Writing a count: numbers cut down for show, JSON that keeps them exact, tables that stay within
 * the width whatever the names and however many, and memory that ends.
 *
 * The counts are made by hand here: what a method finds is tested with the method.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bylaw.h"
#include "markup.h"
#include "tally.h"

typedef struct fixture {
    bl_memory memory;
    bl_arena arena;
    bl_contest contest;
    bl_count_options options;
    bl_count count;
    bl_buffer out;
    size_t allocations;
    size_t fail_at; /* this allocation fails; 0: none does */
    size_t held;
} fixture;

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    fixture *f = context;
    if (new_size && ++f->allocations == f->fail_at) return NULL;
    void *const moved = bl_memory_default.resize(NULL, pointer, old_size, new_size);
    f->held += new_size - old_size;
    return moved;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->memory = (bl_memory){metered_resize, f};
    bl_arena_init(&f->arena, &f->memory);
    bl_buffer_init(&f->out, &f->memory);
    f->options = bl_count_options_of(BL_METHOD_IRV);
    f->count = (bl_count){.contest = &f->contest,
                          .options = &f->options,
                          .arena = &f->arena,
                          .memory = &f->memory,
                          .none_because = BL_TEXT(""),
                          .problem = BL_TEXT("")};
    f->contest.default_option = BL_NONE;
    f->contest.weight_scale = f->contest.score_scale = 1;
    bl_buffer_init(&f->count.told, &f->memory);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_count_free(&f->count);
    bl_buffer_free(&f->out);
    bl_arena_destroy(&f->arena);
    assert_int_equal(f->held, 0);
    free(f);
    return 0;
}

/* ---- making counts ---- */

static void add_candidates(fixture *f, const char *const *names, uint32_t count)
{
    bl_candidate *candidates = bl_arena_array(&f->arena, count, sizeof *candidates);
    for (uint32_t i = 0; i < count; i++)
        candidates[i] = (bl_candidate){.name = bl_text_of(names[i]), .group = BL_NONE};
    f->contest.candidates = candidates;
    f->contest.candidate_count = count;
    f->count.winners = bl_arena_array(&f->arena, count, sizeof *f->count.winners);
}

static void elect(fixture *f, uint32_t candidate)
{
    f->count.winners[f->count.winner_count++] = candidate;
}

/* A round with these tallies, "" for none; shares by the first number. */
static bl_round *add_round(fixture *f, const char *const *tallies, const char *sentence)
{
    bl_round *round = bl_round_new(&f->count);
    bl_amount *tally = (bl_amount *)round->tally;
    bl_standing *standing = (bl_standing *)round->standing;
    for (uint32_t i = 0; i < f->contest.candidate_count; i++) {
        tally[i].text = bl_text_of(tallies[i]);
        tally[i].share = (uint32_t)(atol(tallies[i]) * 100 % 10001);
        standing[i] = tallies[i][0] ? BL_STANDING_IN : BL_STANDING_OUT;
    }
    round->number = (uint32_t)f->count.rounds.count + 1;
    round->threshold.text = BL_TEXT("51");
    round->exhausted.text = BL_TEXT("0");
    round->lost.text = BL_TEXT("");
    round->sentence = bl_text_of(sentence);
    bl_round_add(&f->count, round);
    return &f->count.rounds.items[f->count.rounds.count - 1];
}

static const char *const cities[] = {"Memphis", "Nashville", "Chattanooga", "Knoxville"};

static void make_capital(fixture *f)
{
    add_candidates(f, cities, 4);
    f->contest.title = BL_TEXT("Capital");
    f->contest.total = 100;
    bl_round_eliminate(add_round(f, (const char *const[]){"42", "26", "15", "17"},
                                 "Round 1: Chattanooga goes out."),
                       2);
    bl_round_eliminate(
        add_round(f, (const char *const[]){"42", "26", "", "32"}, "Round 2: Nashville goes out."),
        1);
    bl_round_elect(
        add_round(f, (const char *const[]){"42", "", "", "58"}, "Round 3: Knoxville is elected."),
        3);
    elect(f, 3);
}

static const char *written(fixture *f)
{
    bl_buffer_char(&f->out, '\0');
    assert_false(f->out.failed);
    return f->out.bytes;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("`%s` is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part)) fail_msg("`%s` is in:\n%s", part, text);
}

/* ---- numbers ---- */

static void numbers_have_the_places_asked_for(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *number;
        uint32_t places;
        const char *shown;
        bool is_cut;
    } rows[] = {
        {"0", 0, "0", false},
        {"123456789012", 0, "123456789012", false},
        {"51", 2, "51.00", false},
        {"12.5", 2, "12.50", false},
        {"12.5", 0, "12", true},
        {"12.500", 1, "12.5", false},
        {"12.345678", 5, "12.34567", true},
        {"-0.25", 1, "-0.2", true},
        {"7/3", 5, "2.33333", true},
        {"2/3", 2, "0.66", true},
        {"70000000000000000000000000000/30000000000000000000000000000", 3, "2.333", true},
        {"123456789012345678901234567891/1000000000000000000000000", 5, "123456.78901", true},
        {"1/1000000000000000000000000", 2, "0.00", true},
        {"many", 2, "many", false},
        {"", 2, "", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_buffer_clear(&f->out);
        const bool is_cut = bl_tally_write(&f->out, bl_text_of(rows[i].number), rows[i].places);
        assert_string_equal(written(f), rows[i].shown);
        assert_int_equal(is_cut, rows[i].is_cut);
    }
    assert_int_equal(bl_tally_places(BL_TEXT("12")), 0);
    assert_int_equal(bl_tally_places(BL_TEXT("12.25")), 2);
    assert_int_equal(bl_tally_places(BL_TEXT("12.123456789")), BL_TALLY_PLACES_MOST);
    assert_int_equal(bl_tally_places(BL_TEXT("7/3")), BL_TALLY_PLACES_MOST);
}

static void differences_are_those_of_what_is_shown(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *now, *before;
        uint32_t places;
        const char *shown;
    } rows[] = {{"32", "17", 0, "+15"},        {"17", "32", 0, "-15"},
                {"17", "17", 0, ""},           {"17.0", "17", 1, ""},
                {"", "15", 0, "-15"},          {"15", "", 0, "+15"},
                {"12.25", "12.5", 2, "-0.25"}, {"12.25", "12.5", 0, ""},
                {"7/3", "2", 5, "+0.33333"},   {"12.34567", "0.00001", 5, "+12.34566"},
                {"1.29", "1.11", 1, "+0.1"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bl_buffer_clear(&f->out);
        bl_tally_difference(&f->out, bl_text_of(rows[i].now), bl_text_of(rows[i].before),
                            rows[i].places);
        assert_string_equal(written(f), rows[i].shown);
    }
}

static void only_plain_decimals_are_numbers_of_json(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0", "12", "12.5", "-3", "-0.25"};
    static const char *const others[] = {"", "-", ".5", "5.", "7/3", "1e5", "12 ", "1.2.3", "x"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(bl_tally_is_decimal(bl_text_of(numbers[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(bl_tally_is_decimal(bl_text_of(others[i])));
}

/* ---- JSON ---- */

/* The line of that number, from 0, as JSON. */
static json_t *line_of(const char *text, size_t number)
{
    for (; number > 0; number--)
        text = strchr(text, '\n') + 1;
    json_error_t error;
    json_t *const value = json_loadb(text, (size_t)(strchr(text, '\n') - text), 0, &error);
    if (!value) fail_msg("%s in %s", error.text, text);
    return value;
}

static void json_has_a_line_for_each_round_and_one_for_the_result(void **state)
{
    fixture *f = *state;
    make_capital(f);
    bl_tally_write_json(&f->count, &f->out);
    const char *text = written(f);
    json_t *first = line_of(text, 0), *second = line_of(text, 1), *last = line_of(text, 3);
    assert_int_equal(json_integer_value(json_object_get(first, "round")), 1);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(first, "tally"), "Knoxville")), 17);
    assert_null(json_object_get(json_object_get(second, "tally"), "Chattanooga"));
    assert_string_equal(json_string_value(json_array_get(json_object_get(first, "eliminated"), 0)),
                        "Chattanooga");
    assert_int_equal(json_array_size(json_object_get(first, "elected")), 0);
    assert_true(json_is_integer(json_object_get(first, "exhausted")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(last, "winners"), 0)),
                        "Knoxville");
    assert_null(json_object_get(last, "none"));
    assert_null(json_object_get(last, "ranking"));
    assert_string_equal(strchr(text, '\0') - 1, "\n");
    json_decref(first);
    json_decref(second);
    json_decref(last);
}

static void json_has_exact_numbers_and_names_as_they_are(void **state)
{
    fixture *f = *state;
    add_candidates(f, (const char *const[]){"a \"b\"\n", "ü{", "c"}, 3);
    add_round(f, (const char *const[]){"7/3", "12.34567890123", ""}, "");
    f->count.places = (uint32_t[]){1, 2, 2};
    static const bl_text cells[] = {{"", 0},  {"20", 2}, {"7/3", 3}, {"1", 1}, {"", 0},
                                    {"0", 1}, {"2", 1},  {"3", 1},   {"", 0}};
    bl_figure_add(&f->count, "pairwise", BL_FIGURE_MATRIX, cells, 9);
    bl_tally_write_json(&f->count, &f->out);
    const char *text = written(f);
    assert_has(text, "{\"a \\\"b\\\"\\n\":\"7/3\",\"ü{\":12.34567890123}");
    assert_has(text, "\"ranking\":[\"a \\\"b\\\"\\n\",[\"ü{\",\"c\"]]");
    assert_has(text, "\"pairwise\":{\"a \\\"b\\\"\\n\":{\"ü{\":20,\"c\":\"7/3\"},");
    json_decref(line_of(text, 1));
}

/* ---- text ---- */

static void short_counts_are_told_round_by_round(void **state)
{
    fixture *f = *state;
    make_capital(f);
    bl_tally_write_text(&f->count, 80, false, &f->out);
    const char *text = written(f);
    assert_has(text, "\nRound 2: threshold 51, exhausted 0\n");
    assert_has(text, "32 +15");
    assert_has(text, "✗ out");
    assert_has(text, "✓ elected");
    assert_has(text, "\n  Nashville goes out.\n");
    assert_has(text, "✓ Elected: Knoxville\n");
    assert_lacks(text, "\033");
}

static void color_only_repeats_what_words_say(void **state)
{
    fixture *f = *state;
    make_capital(f);
    bl_tally_write_text(&f->count, 80, true, &f->out);
    char *plain = strdup(written(f)), *to = plain;
    assert_has(plain, "\033[32m");
    for (const char *from = plain; *from; from++) {
        if (*from == '\033')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    }
    *to = '\0';
    bl_buffer_clear(&f->out);
    bl_tally_write_text(&f->count, 80, false, &f->out);
    assert_string_equal(plain, written(f));
    free(plain);
}

enum { MANY = 40 };
static const char *const scripts[] = {"Ana",
                                      "Björk Guðmundsdóttir of the northern constituency",
                                      "山田太郎と山田花子の二人の候補者",
                                      "e\xCC\x81ve",
                                      "محمد",
                                      "\033[31mred",
                                      "line\nbreak",
                                      ""};

/* As many rounds as candidates less one, the last of those left goes out in each. */
static void make_long_count(fixture *f, uint64_t units)
{
    static char names[MANY][96], tallies[MANY][MANY][24];
    const char *pointers[MANY], *row[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "%s %u", scripts[i % 8], i);
        pointers[i] = names[i];
    }
    add_candidates(f, pointers, MANY);
    for (uint32_t r = 0; r + 1 < MANY; r++) {
        for (uint32_t i = 0; i < MANY; i++) {
            snprintf(tallies[r][i], sizeof tallies[r][i], "%llu.%05u",
                     (unsigned long long)(units * (MANY - i) + r), (r * 7919u + i) % 100000);
            row[i] = i + r < MANY ? tallies[r][i] : "";
        }
        static const char sentence[] = "Round after round somebody has the fewest votes and goes "
                                       "out, which this long sentence tells at length, again.";
        bl_round_eliminate(add_round(f, row, sentence), MANY - 1 - r);
    }
    elect(f, 0);
}

static uint32_t widest_line(const char *text)
{
    uint32_t widest = 0;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        const uint32_t columns = bl_markup_columns((bl_text){text, (size_t)(end - text)});
        if (columns > widest) widest = columns;
    }
    return widest;
}

static void no_line_is_wider_than_asked_for(void **state)
{
    static const uint32_t widths[] = {60, 80, 100, 137};
    static const uint64_t units[] = {1, 12345, 1234567};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        fixture *f = *state;
        make_long_count(f, units[u]);
        for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
            bl_buffer_clear(&f->out);
            bl_tally_write_text(&f->count, widths[i], false, &f->out);
            const char *text = written(f);
            assert_in_range(widest_line(text), widths[i] / 2, widths[i]);
            for (uint32_t r = 0; r + 1 < MANY; r++) {
                char tally[24];
                snprintf(tally, sizeof tally, "%.*s",
                         (int)f->count.rounds.items[r].tally[0].text.size - 3,
                         f->count.rounds.items[r].tally[0].text.bytes);
                assert_has(text, tally); /* with two decimal places at least */
            }
            assert_lacks(text, " \n");
            assert_lacks(text, "\033");
            assert_lacks(text, "line\nbreak");
        }
        tear_down(state);
        set_up(state);
    }
}

static void a_table_of_pairs_has_numbers_where_names_do_not_fit(void **state)
{
    fixture *f = *state;
    static bl_text cells[MANY * MANY];
    make_long_count(f, 1);
    f->count.rounds.count = 0;
    for (uint32_t i = 0; i < MANY * MANY; i++)
        cells[i] = i % (MANY + 1) == 0 ? BL_TEXT("") : i % 3 ? BL_TEXT("1234") : BL_TEXT("99");
    bl_figure_add(&f->count, "pairwise", BL_FIGURE_MATRIX, cells, MANY * MANY);
    bl_tally_write_text(&f->count, 80, false, &f->out);
    const char *text = written(f);
    assert_in_range(widest_line(text), 40, 80);
    assert_has(text, "40 ");
    size_t diagonals = 0;
    for (const char *at = text; (at = strstr(at, "·")); at++)
        diagonals++;
    assert_int_equal(diagonals, MANY);
}

static void who_is_not_elected_has_a_reason(void **state)
{
    fixture *f = *state;
    add_candidates(f, cities, 4);
    f->count.none_because = BL_TEXT("nobody voted");
    f->count.vacant = 1;
    bl_tally_write_text(&f->count, 0, false, &f->out);
    assert_has(written(f), "✗ Nobody is elected: nobody voted\n");
    bl_buffer_clear(&f->out);
    bl_tally_write_json(&f->count, &f->out);
    assert_has(written(f), "\"winners\":[]");
    assert_has(f->out.bytes, "\"vacant\":1");
    assert_has(f->out.bytes, "\"none\":\"nobody voted\"");
}

static void memory_that_ends_is_told(void **state)
{
    fixture *f = *state;
    make_capital(f);
    size_t failures = 0;
    for (size_t fail_at = 1;; fail_at++) {
        bl_buffer_free(&f->out);
        bl_buffer_init(&f->out, &f->memory);
        f->allocations = 0;
        f->fail_at = fail_at;
        bl_tally_write_text(&f->count, 80, true, &f->out);
        if (!f->out.failed) bl_tally_write_json(&f->count, &f->out);
        f->fail_at = 0;
        if (f->allocations < fail_at) break;
        assert_true(f->out.failed);
        failures++;
    }
    assert_false(f->out.failed);
    assert_in_range(failures, 10, 10000);
}

/* ---- the whole way, for hosts ---- */

static void *host_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    return metered_resize(context, pointer, old_size, new_size);
}

static void take(void *context, const char *bytes, size_t size)
{
    bl_buffer_bytes(context, bytes, size);
}

#define TEXT(literal) ((bylaw_text){(literal), sizeof(literal) - 1})

static const bylaw_ballots_options capital = {
    .name = {"capital.abif", 12},
    .ballots = {"3: ana > bo > chi\n2: bo > chi > ana\n2: chi > bo > ana\n", 54},
    .method = {"irv", 3}};

static void a_host_counts_a_file_from_memory(void **state)
{
    fixture *f = *state;
    bylaw_ballots_options options = capital;
    bylaw_ballots_result result;
    const bylaw_setting setting = {TEXT("ties"), TEXT("order")};
    options.format = BYLAW_JSON;
    options.settings = &setting;
    options.setting_count = 1;
    bl_buffer told;
    bl_buffer_init(&told, &f->memory);
    options.complaint = (bylaw_writer){take, &told};
    const bylaw_writer out = {take, &f->out};
    assert_int_equal(bylaw_ballots_count(&options, out, &result), BYLAW_OK);
    assert_true(result.is_decided);
    assert_int_equal(result.winner_count, 1);
    assert_has(written(f), "\"winners\":[\"bo\"]");
    assert_int_equal(told.size, 0);

    options.ballots = TEXT("3: ana > bo\n2: ana >> bo\n");
    bl_buffer_clear(&f->out);
    assert_int_equal(bylaw_ballots_count(&options, out, &result), BYLAW_ERRORS);
    assert_int_equal(result.line, 2);
    assert_in_range(result.column, 1, 12);
    assert_int_equal(f->out.size, 0);
    bl_buffer_char(&told, '\0');
    assert_has(told.bytes, "capital.abif:2:");

    options.method = TEXT("irw");
    bl_buffer_clear(&told);
    assert_int_equal(bylaw_ballots_count(&options, out, &result), BYLAW_NO_WORD);
    bl_buffer_char(&told, '\0');
    assert_string_equal(told.bytes, "there is no method `irw`; did you mean `irv`?");
    bl_buffer_free(&told);
}

/* Each allocation fails in turn: it is told, nothing is written, and nothing is left. */
static void a_host_without_memory_is_told(void **state)
{
    fixture *f = *state;
    const bylaw_allocator allocator = {host_resize, f};
    bylaw_ballots_options options = capital;
    bylaw_ballots_result result;
    options.allocator = &allocator;
    size_t failures = 0;
    for (size_t fail_at = 1;; fail_at++) {
        bl_buffer out;
        bl_buffer_init(&out, &bl_memory_default);
        const size_t held = f->held;
        f->allocations = 0;
        f->fail_at = fail_at;
        options.format = fail_at % 2 ? BYLAW_JSON : BYLAW_TEXT;
        const bylaw_status status = bylaw_ballots_count(&options, (bylaw_writer){take, &out},
                                                        &result);
        const bool has_failed = f->allocations >= fail_at;
        f->fail_at = 0;
        assert_int_equal(f->held, held);
        assert_int_equal(status, has_failed ? BYLAW_NOMEM : BYLAW_OK);
        assert_int_equal(out.size == 0, has_failed);
        bl_buffer_free(&out);
        if (!has_failed) break;
        failures++;
    }
    assert_in_range(failures, 10, 10000);
    options.limits.memory_size = 1000;
    assert_int_equal(bylaw_ballots_count(&options, (bylaw_writer){take, &f->out}, &result),
                     BYLAW_NOMEM);
}

static void every_method_is_told_with_its_options(void **state)
{
    fixture *f = *state;
    bylaw_method method, found;
    size_t count = 0;
    for (; bylaw_method_at(count, &method); count++) {
        bl_buffer_clear(&f->out);
        assert_true(bylaw_method_find(method.name, &found));
        assert_ptr_equal(found.name.bytes, method.name.bytes);
        assert_int_equal(bylaw_method_write(method.name, NULL, (bylaw_writer){take, &f->out}),
                         BYLAW_OK);
        assert_has(written(f), "\nOptions:\n");
        assert_in_range(widest_line(f->out.bytes), 40, 100);
    }
    assert_int_equal(count, BL_METHOD_COUNT - 1);
    bl_buffer_clear(&f->out);
    assert_int_equal(bylaw_method_write(TEXT("schulz"), NULL, (bylaw_writer){take, &f->out}),
                     BYLAW_NO_WORD);
    assert_has(written(f), "did you mean `schulze`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_have_the_places_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(differences_are_those_of_what_is_shown, set_up, tear_down),
        cmocka_unit_test(only_plain_decimals_are_numbers_of_json),
        cmocka_unit_test_setup_teardown(json_has_a_line_for_each_round_and_one_for_the_result,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_has_exact_numbers_and_names_as_they_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(short_counts_are_told_round_by_round, set_up, tear_down),
        cmocka_unit_test_setup_teardown(color_only_repeats_what_words_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_line_is_wider_than_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_of_pairs_has_numbers_where_names_do_not_fit, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_is_not_elected_has_a_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_that_ends_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_host_counts_a_file_from_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_host_without_memory_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_method_is_told_with_its_options, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
