/* Slices, UTF-8, globs, distances, interned names, buffers and maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text.h"

static bl_text t(const char *text)
{
    return bl_text_of(text);
}

/* Numbers that look random and are the same each time. */
static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static bl_text random_text(uint64_t *seed, char *bytes, uint32_t size_max, const char *alphabet)
{
    uint32_t size = next_random(seed) % (size_max + 1);
    uint32_t letters = (uint32_t)strlen(alphabet);
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = alphabet[next_random(seed) % letters];
    return (bl_text){bytes, size};
}

static void text_compares_by_bytes_and_then_by_size(void **state)
{
    (void)state;
    assert_int_equal(bl_text_compare(t("a"), t("b")), -1);
    assert_int_equal(bl_text_compare(t("b"), t("a")), 1);
    assert_int_equal(bl_text_compare(t("a"), t("ab")), -1);
    assert_int_equal(bl_text_compare(t("é"), t("z")), 1);
    assert_int_equal(bl_text_compare(t(NULL), (bl_text){NULL, 0}), 0);
    assert_true(bl_text_equal((bl_text){NULL, 0}, t("")));
    assert_false(bl_text_equal(BL_TEXT("a\0b"), BL_TEXT("a\0c")));
}

static bool contains_slowly(bl_text text, bl_text part)
{
    for (size_t at = 0; at + part.size <= text.size; at++)
        if (memcmp(text.bytes + at, part.bytes, part.size) == 0) return true;
    return false;
}

static void a_part_is_found_exactly_where_a_slow_search_finds_it(void **state)
{
    (void)state;
    uint64_t seed = 1;
    char text_bytes[32], part_bytes[12];
    for (int i = 0; i < 300000; i++) {
        bl_text text = random_text(&seed, text_bytes, 30, i % 2 ? "ab" : "abc");
        bl_text part = random_text(&seed, part_bytes, 10, i % 2 ? "ab" : "aab");
        assert_int_equal(bl_text_contains(text, part), contains_slowly(text, part));
    }
}

static void searching_forged_text_takes_linear_time(void **state)
{
    (void)state;
    size_t size = 1 << 20;
    char *bytes = malloc(size);
    memset(bytes, 'a', size);
    char *part = malloc(size / 2);
    memset(part, 'a', size / 2);
    part[size / 4] = 'b';
    assert_false(bl_text_contains((bl_text){bytes, size}, (bl_text){part, size / 2}));
    part[size / 4] = 'a';
    part[0] = 'b';
    assert_false(bl_text_contains((bl_text){bytes, size}, (bl_text){part, size / 2}));
    free(part);
    free(bytes);
}

static void well_formed_utf8_is_told_from_ill_formed(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "plain, long enough for the fast way",
                                       "é",
                                       "\xED\x9F\xBF",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF"};
    static const struct {
        const char *bytes;
        size_t at;
    } bad[] = {{"ab\x80", 2},
               {"\xC0\xAF", 0},
               {"\xC1\xBF", 0},
               {"\xE0\x9F\xBF", 0},
               {"\xED\xA0\x80", 0},
               {"\xF0\x8F\xBF\xBF", 0},
               {"\xF4\x90\x80\x80", 0},
               {"\xF5\x80\x80\x80", 0},
               {"12345678é\xE2\x82", 10},
               {"\xE2\x28\xA1", 0},
               {"\xFF", 0},
               {"12345678\xF0\x90\x80", 8}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(bl_text_is_utf8(t(good[i]), NULL));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t at = 99;
        assert_false(bl_text_is_utf8(t(bad[i].bytes), &at));
        assert_int_equal(at, bad[i].at);
    }
    assert_true(bl_text_is_utf8(BL_TEXT("a\0b"), NULL));
}

static void globs_match_as_documented(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches, begins;
    } rows[] = {
        {"torch/nn/**", "torch/nn/functional.py", true, true},
        {"torch/nn/**", "torch/nn/a/b/c.py", true, true},
        {"torch/nn/**", "torch/nn", false, false},
        {"torch/nn/*", "torch/nn/a/b.py", false, true},
        {"torch/*/x", "torch/a/x", true, true},
        {"torch/*/x", "torch/a/b/x", false, false},
        {"torch/**/x", "torch/a/b/x", true, true},
        {"**/*.md", "docs/a.md", true, true},
        {"**.md", "a.md", true, true},
        {"*.md", "docs/a.md", false, false},
        {"a?c", "abc", true, true},
        {"a?c", "a/c", false, false},
        {"", "", true, true},
        {"", "a", false, true},
        {"*", "", true, true},
        {"**", "a/b", true, true},
        {"***", "a/b", true, true},
        {"a[b]", "a[b]", true, true},
        {"abc", "abcdef", false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(bl_glob_matches(t(rows[i].pattern), t(rows[i].text)), rows[i].matches);
        assert_int_equal(bl_glob_begins(t(rows[i].pattern), t(rows[i].text)), rows[i].begins);
    }
}

/* The definition itself, as a table over all beginnings of both; for short text. */
static bool glob_slowly(bl_text pattern, bl_text text, bool whole)
{
    bool reach[32][32] = {{false}};
    reach[0][0] = true;
    for (size_t p = 0; p < pattern.size; p++) {
        bool is_deep = p + 1 < pattern.size && pattern.bytes[p] == '*' &&
                       pattern.bytes[p + 1] == '*';
        for (size_t i = 0; i <= text.size; i++) {
            if (!reach[p][i]) continue;
            if (pattern.bytes[p] == '*') {
                reach[p + 1][i] = true;
                if (i < text.size && text.bytes[i] != '/') reach[p][i + 1] = true;
                for (size_t j = i; is_deep && j <= text.size; j++)
                    reach[p + 2][j] = true;
            } else if (i < text.size &&
                       (pattern.bytes[p] == '?' ? text.bytes[i] != '/'
                                                : pattern.bytes[p] == text.bytes[i])) {
                reach[p + 1][i + 1] = true;
            }
        }
    }
    bool begins = false;
    for (size_t i = 0; i <= text.size; i++)
        begins = begins || reach[pattern.size][i];
    return whole ? reach[pattern.size][text.size] : begins;
}

static void globs_match_exactly_what_their_definition_says(void **state)
{
    (void)state;
    uint64_t seed = 2;
    char pattern_bytes[16], text_bytes[24];
    for (int i = 0; i < 1000000; i++) {
        bl_text pattern = random_text(&seed, pattern_bytes, 12, i % 2 ? "ab/***?" : "a/**");
        bl_text text = random_text(&seed, text_bytes, 20, i % 2 ? "ab/" : "aaa/");
        if (bl_glob_matches(pattern, text) != glob_slowly(pattern, text, true) ||
            bl_glob_begins(pattern, text) != glob_slowly(pattern, text, false))
            fail_msg("`%.*s` against `%.*s`", (int)pattern.size, pattern.bytes, (int)text.size,
                     text.bytes);
    }
}

static void a_forged_glob_takes_no_more_than_pattern_times_text(void **state)
{
    (void)state;
    char text[20001];
    memset(text, 'a', 20000);
    text[20000] = '\0';
    assert_false(bl_glob_matches(t("**a*a*a*a*a*a*a*a*a*b"), t(text)));
    assert_false(bl_glob_matches(t("*a*a*a*a*a*a*a*a*a*b"), t(text)));
    for (size_t i = 1; i < 20000; i += 2)
        text[i] = '/';
    assert_false(bl_glob_matches(t("**/*a/*a/*a/*a/*a/*a/*a*/*/*/*/b"), t(text)));
}

static void a_distance_counts_slips_of_the_pen(void **state)
{
    (void)state;
    assert_int_equal(bl_text_distance(t("maintaner"), t("maintainer"), 3), 1);
    assert_int_equal(bl_text_distance(t("teh"), t("the"), 3), 1);
    assert_int_equal(bl_text_distance(t("kitten"), t("sitting"), 3), 3);
    assert_int_equal(bl_text_distance(t("kitten"), t("sitting"), 2), 3);
    assert_int_equal(bl_text_distance(t(""), t("abc"), 5), 3);
    assert_int_equal(bl_text_distance(t("same"), t("same"), 0), 0);
    assert_int_equal(bl_text_distance(t("a"), t("abcdefgh"), 2), 3);
    char long_name[201];
    memset(long_name, 'x', 200);
    long_name[200] = '\0';
    assert_int_equal(bl_text_distance(t(long_name), t(long_name), 2), 0);
    assert_int_equal(bl_text_distance((bl_text){long_name, 199}, t(long_name), 2), 3);
}

typedef struct meter {
    size_t held;
    size_t left; /* allocations that will still succeed */
} meter;

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    meter *m = context;
    if (new_size && m->left == 0) return NULL;
    if (new_size) m->left--;
    m->held = m->held - old_size + new_size;
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static void names_are_numbered_in_order_of_appearance(void **state)
{
    (void)state;
    bl_names *names = bl_names_create(&bl_memory_default, 42);
    assert_int_equal(bl_names_add(names, t("ana")), 0);
    assert_int_equal(bl_names_add(names, t("bo")), 1);
    assert_int_equal(bl_names_add(names, t("ana")), 0);
    assert_int_equal(bl_names_add(names, (bl_text){NULL, 0}), 2);
    assert_int_equal(bl_names_add(names, BL_TEXT("a\0b")), 3);
    assert_int_equal(bl_names_find(names, t("")), 2);
    assert_int_equal(bl_names_find(names, t("a")), BL_NONE);
    assert_int_equal(bl_names_count(names), 4);
    assert_string_equal(bl_names_text(names, 1).bytes, "bo");
    assert_int_equal(bl_names_text(names, BL_NONE).size, 0);
    bl_names_destroy(names);
    bl_names_destroy(NULL);
}

static void many_names_are_found_again(void **state)
{
    (void)state;
    bl_names *names = bl_names_create(&bl_memory_default, 7);
    char name[16];
    for (uint32_t i = 0; i < 50000; i++) {
        int size = snprintf(name, sizeof name, "n%u", (unsigned)i);
        assert_int_equal(bl_names_add(names, (bl_text){name, (size_t)size}), i);
    }
    for (uint32_t i = 0; i < 50000; i++) {
        int size = snprintf(name, sizeof name, "n%u", (unsigned)i);
        assert_int_equal(bl_names_find(names, (bl_text){name, (size_t)size}), i);
        assert_true(bl_text_equal(bl_names_text(names, i), (bl_text){name, (size_t)size}));
    }
    bl_names_destroy(names);
}

static void names_out_of_memory_stay_whole(void **state)
{
    (void)state;
    for (size_t n = 0; n < 30; n++) {
        meter m = {.left = n};
        bl_memory memory = {metered_resize, &m};
        bl_names *names = bl_names_create(&memory, 7);
        if (!names) continue;
        char name[16];
        uint32_t added = 0;
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(name, sizeof name, "n%u", (unsigned)i);
            uint32_t number = bl_names_add(names, t(name));
            if (number == BL_NONE) break;
            assert_int_equal(number, i);
            added++;
        }
        assert_int_equal(bl_names_count(names), added);
        m.left = 1000;
        assert_int_equal(bl_names_add(names, t("after")), added);
        assert_int_equal(bl_names_find(names, t("after")), added);
        if (added) assert_int_equal(bl_names_find(names, t("n0")), 0);
        bl_names_destroy(names);
        assert_int_equal(m.held, 0);
    }
}

static void a_buffer_collects_what_is_appended(void **state)
{
    (void)state;
    bl_buffer buffer;
    bl_buffer_init(&buffer, &bl_memory_default);
    bl_buffer_cstring(&buffer, "x");
    bl_buffer_char(&buffer, '=');
    bl_buffer_number(&buffer, INT64_MIN);
    bl_buffer_char(&buffer, ' ');
    bl_buffer_number(&buffer, 0);
    bl_buffer_format(&buffer, " %d%% %.*s %s", 50, 2, "abc", "end");
    bl_buffer_bytes(&buffer, NULL, 0);
    static const char expected[] = "x=-9223372036854775808 0 50% ab end";
    assert_int_equal(buffer.size, strlen(expected));
    assert_memory_equal(buffer.bytes, expected, buffer.size);
    size_t capacity = buffer.capacity;
    bl_buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, capacity);
    bl_buffer_free(&buffer);
    assert_null(buffer.bytes);
}

static void a_buffer_out_of_memory_says_so_and_takes_nothing_more(void **state)
{
    (void)state;
    meter m = {.left = 1};
    bl_memory memory = {metered_resize, &m};
    bl_buffer buffer;
    bl_buffer_init(&buffer, &memory);
    bl_buffer_cstring(&buffer, "abc");
    assert_false(buffer.failed);
    bl_buffer_format(&buffer, "%1000d", 1);
    assert_true(buffer.failed);
    bl_buffer_char(&buffer, 'd');
    assert_int_equal(buffer.size, 3);
    bl_buffer_free(&buffer);
    assert_int_equal(m.held, 0);
}

static void a_map_agrees_with_a_plain_array(void **state)
{
    (void)state;
    uint64_t seed = 3;
    uint32_t values[512];
    memset(values, 0xFF, sizeof values);
    bl_map map = {0};
    size_t count = 0;
    for (int i = 0; i < 200000; i++) {
        uint32_t slot = next_random(&seed) % 512;
        uint64_t key = (uint64_t)slot << 32 | slot % 3;
        if (next_random(&seed) % 2) {
            count += values[slot] == BL_NONE;
            values[slot] = (uint32_t)i;
            assert_true(bl_map_put(&bl_memory_default, &map, key, values[slot]));
        } else {
            count -= values[slot] != BL_NONE;
            values[slot] = BL_NONE;
            bl_map_remove(&map, key);
        }
        assert_int_equal(map.count, count);
        uint32_t other = next_random(&seed) % 512;
        assert_int_equal(bl_map_get(&map, (uint64_t)other << 32 | other % 3), values[other]);
    }
    bl_map_free(&bl_memory_default, &map);
    assert_int_equal(bl_map_get(&map, 0), BL_NONE);
    bl_map_remove(&map, 0);
}

static void the_least_and_greatest_keys_of_a_map_work(void **state)
{
    (void)state;
    bl_map map = {0};
    assert_true(bl_map_put(&bl_memory_default, &map, 0, 1));
    assert_true(bl_map_put(&bl_memory_default, &map, UINT64_MAX - 1, 2));
    assert_int_equal(bl_map_get(&map, 0), 1);
    assert_int_equal(bl_map_get(&map, UINT64_MAX - 1), 2);
    assert_int_equal(bl_map_get(&map, UINT64_MAX), BL_NONE);
    bl_map_remove(&map, UINT64_MAX);
    assert_int_equal(map.count, 2);
    bl_map_free(&bl_memory_default, &map);
}

static void a_map_out_of_memory_keeps_what_it_has(void **state)
{
    (void)state;
    for (size_t n = 0; n < 7; n++) {
        meter m = {.left = n};
        bl_memory memory = {metered_resize, &m};
        bl_map map = {0};
        uint32_t added = 0;
        while (bl_map_put(&memory, &map, added, added))
            added++;
        assert_int_equal(map.count, added);
        for (uint32_t i = 0; i < added; i++)
            assert_int_equal(bl_map_get(&map, i), i);
        bl_map_free(&memory, &map);
        assert_int_equal(m.held, 0);
    }
}

static void ordinals_end_as_they_are_spoken(void **state)
{
    (void)state;
    static const struct {
        uint32_t number;
        const char *ending;
    } cases[] = {{0, "th"},  {1, "st"},  {2, "nd"},   {3, "rd"},   {4, "th"},   {10, "th"},
                 {11, "th"}, {12, "th"}, {13, "th"},  {21, "st"},  {22, "nd"},  {23, "rd"},
                 {30, "th"}, {99, "th"}, {100, "th"}, {101, "st"}, {111, "th"}, {1012, "th"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(bl_ordinal_ending(cases[i].number), cases[i].ending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_compares_by_bytes_and_then_by_size),
        cmocka_unit_test(a_part_is_found_exactly_where_a_slow_search_finds_it),
        cmocka_unit_test(searching_forged_text_takes_linear_time),
        cmocka_unit_test(well_formed_utf8_is_told_from_ill_formed),
        cmocka_unit_test(globs_match_as_documented),
        cmocka_unit_test(globs_match_exactly_what_their_definition_says),
        cmocka_unit_test(a_forged_glob_takes_no_more_than_pattern_times_text),
        cmocka_unit_test(a_distance_counts_slips_of_the_pen),
        cmocka_unit_test(names_are_numbered_in_order_of_appearance),
        cmocka_unit_test(many_names_are_found_again),
        cmocka_unit_test(names_out_of_memory_stay_whole),
        cmocka_unit_test(a_buffer_collects_what_is_appended),
        cmocka_unit_test(ordinals_end_as_they_are_spoken),
        cmocka_unit_test(a_buffer_out_of_memory_says_so_and_takes_nothing_more),
        cmocka_unit_test(a_map_agrees_with_a_plain_array),
        cmocka_unit_test(the_least_and_greatest_keys_of_a_map_work),
        cmocka_unit_test(a_map_out_of_memory_keeps_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
