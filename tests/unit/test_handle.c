/*
 * Handles: which spellings name one person, which are refused and why, the limit at and one beyond
 * it, failing memory, and the promise that a key is its own key, over every character of Unicode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "handle.h"
#include "limits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static int set_up(void **state)
{
    bl_buffer *key = calloc(1, sizeof *key);
    bl_buffer_init(key, &bl_memory_default);
    *state = key;
    return 0;
}

static int tear_down(void **state)
{
    bl_buffer_free(*state);
    free(*state);
    return 0;
}

/* The key of a handle into an emptied buffer, or NULL and the reason. */
static const char *key_of(bl_buffer *key, bl_text handle, bool exact, const char **why)
{
    *why = "nothing";
    bl_buffer_clear(key);
    if (!bl_handle_key(handle, exact, key, why)) {
        assert_int_equal(key->size, 0);
        return NULL;
    }
    bl_buffer_char(key, '\0');
    key->size--;
    return key->bytes;
}

static void spellings_of_one_person_have_one_key(void **state)
{
    const char *why;
    static const char *const cases[][2] = {
        {"ana", "ana"},
        {"Ana", "ana"},
        {"@Ana", "ana"},
        {"ANA-M_2.x", "ana-m_2.x"},
        {"ana@example.org", "ana@example.org"},
        {"[bot]", "[bot]"},
        {"ÉLAN", "élan"},
        {"E\xCC\x81lan", "élan"},
        {"Straße", "strasse"},
        {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
        {"Ａｎａ", "ana"},
        {"ﬁn", "fin"},
        {"ИВАН", "иван"},
        {"日本", "日本"},
        {"②", "2"},
        {"😀", "😀"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *key = key_of(*state, bl_text_of(cases[i][0]), false, &why);
        assert_non_null(key);
        assert_string_equal(key, cases[i][1]);
    }
}

static void exact_handles_keep_their_spelling(void **state)
{
    const char *why;
    assert_string_equal(key_of(*state, BL_TEXT("Ana"), true, &why), "Ana");
    assert_string_equal(key_of(*state, BL_TEXT("@Ana"), true, &why), "Ana");
    assert_string_equal(key_of(*state, BL_TEXT("Straße"), true, &why), "Straße");
    assert_null(key_of(*state, BL_TEXT("a b"), true, &why));
    assert_null(key_of(*state, BL_TEXT("a\xE2\x80\x8Bz"), true, &why));
}

static void what_is_no_handle_is_refused_with_the_reason(void **state)
{
    static const struct {
        bl_text handle;
        const char *why;
    } cases[] = {
        {{NULL, 0}, "empty"},
        {{"@", 1}, "empty"},
        {{"@@ana", 5}, "`@`"},
        {{"\xEF\xBC\xA0"
          "ana",
          6},
         "`@`"},
        {{" ana", 4}, "white space"},
        {{"a\tb", 3}, "white space"},
        {{"ana\n", 4}, "white space"},
        {{"a\xC2\xA0z", 4}, "white space"},
        {{"a\xE3\x80\x80z", 5}, "white space"},
        {{"a\xC2\xA8z", 4}, "white space"}, /* U+00A8 folds to a blank and a mark */
        {{"a\0z", 3}, "control"},
        {{"a\x1Bz", 3}, "control"},
        {{"a\x7Fz", 3}, "control"},
        {{"a\xC2\x9Bz", 4}, "control"},
        {{"a\xC2\xADz", 4}, "invisible"}, /* soft hyphen */
        {{"a\xE2\x80\x8Bz", 5}, "invisible"}, /* zero width space */
        {{"a\xE2\x80\x8Dz", 5}, "invisible"}, /* zero width joiner */
        {{"a\xE2\x80\xAEz", 5}, "direction"}, /* right-to-left override */
        {{"a\xE2\x81\xA6z", 5}, "direction"}, /* left-to-right isolate */
        {{"a\xD8\x9Cz", 4}, "direction"}, /* Arabic letter mark */
        {{"a\xEF\xB8\x8Fz", 5}, "invisible"}, /* variation selector */
        {{"a\xE3\x85\xA4z", 5}, "invisible"}, /* Hangul filler, a letter by category */
        {{"a\xCD\x8Fz", 4}, "invisible"}, /* combining grapheme joiner */
        {{"a\xF3\xA0\x81\x81z", 6}, "invisible"}, /* a tag */
        {{"a\xEF\xBB\xBFz", 5}, "invisible"}, /* byte order mark */
        {{"a\xCD\xB8z", 4}, "does not assign"}, /* U+0378 */
        {{"a\xEF\xBF\xBFz", 5}, "does not assign"}, /* U+FFFF */
        {{"a\xF4\x8F\xBF\xBFz", 6}, "does not assign"},
        {{"a\xFFz", 3}, "UTF-8"},
        {{"a\xED\xA0\x80z", 5}, "UTF-8"},
        {{"a\xC0\xAFz", 4}, "UTF-8"},
        {{"a\xC3", 2}, "UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *why;
        assert_null(key_of(*state, cases[i].handle, false, &why));
        assert_non_null(why);
        if (strstr(why, cases[i].why) == NULL)
            fail_msg("case %zu: expected a reason with %s, found %s", i, cases[i].why, why);
    }
}

static void a_handle_at_the_limit_is_accepted_and_one_beyond_refused(void **state)
{
    const char *why;
    char handle[BL_HANDLE_SIZE_MAX + 2];
    memset(handle, 'A', sizeof handle);
    assert_non_null(key_of(*state, (bl_text){handle, BL_HANDLE_SIZE_MAX}, false, &why));
    assert_null(key_of(*state, (bl_text){handle, BL_HANDLE_SIZE_MAX + 1}, false, &why));
    assert_string_equal(why, "a handle has at most 128 bytes");
    handle[0] = '@';
    assert_non_null(key_of(*state, (bl_text){handle, BL_HANDLE_SIZE_MAX + 1}, false, &why));
    for (size_t i = 0; i + 2 < sizeof handle; i += 2)
        memcpy(handle + i, "\xCE\x90", 2); /* U+0390 folds to three characters */
    assert_non_null(key_of(*state, (bl_text){handle, BL_HANDLE_SIZE_MAX}, false, &why));
    assert_null(key_of(*state, (bl_text){handle, BL_HANDLE_SIZE_MAX + 1}, false, &why));
}

static void the_key_is_appended(void **state)
{
    bl_buffer *key = *state;
    const char *why;
    bl_buffer_cstring(key, "actor:");
    assert_true(bl_handle_key(BL_TEXT("Ána"), false, key, &why));
    assert_true(bl_text_equal((bl_text){key->bytes, key->size}, BL_TEXT("actor:ána")));
}

static size_t put_character(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; code >>= 6)
        out[i] = (char)(0x80u | (code & 0x3Fu));
    out[0] = (char)(first[size] | code);
    return size;
}

/* Else two spellings that a person takes for one could still be two. */
static void every_key_is_its_own_key(void **state)
{
    const char *why;
    unsigned accepted_count = 0;
    for (uint32_t code = 1; code < 0x110000; code++) {
        char handle[8] = "a";
        const size_t size = 1 + put_character(handle + 1, code);
        const char *key = key_of(*state, (bl_text){handle, size}, false, &why);
        if (key == NULL) continue;
        char once[128];
        const size_t once_size = strlen(key);
        assert_true(once_size < sizeof once);
        memcpy(once, key, once_size + 1);
        key = key_of(*state, (bl_text){once, once_size}, false, &why);
        if (key == NULL || strcmp(key, once) != 0)
            fail_msg("U+%04X: %s, then %s", (unsigned)code, once, key != NULL ? key : why);
        accepted_count++;
    }
    assert_true(accepted_count > 200000);
}

/* Marks reorder and compose across characters, so that single ones do not tell all. */
static void keys_of_mixed_characters_are_their_own_keys(void **state)
{
    static const uint32_t codes[] = {
        'a',    'I',    0x130,  0x345,  0x301,  0x308,  0x323,  0x390,  0x1FB3, 0x1F88, 0x1FFC,
        0x3A3,  0x3B1,  0xDF,   0x1E9E, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x212B, 0x2126, 0xFB01,
        0x3099, 0xFF76, 0xFF9E, 0x149,  0x1C5,  0x1E9B, 0x5D0,  0x5BC,  0xFB2A, 0x0F73};
    uint64_t seed = 7;
    for (int i = 0; i < 300000; i++) {
        const char *why;
        char handle[32], once[256];
        size_t size = 0;
        for (int k = 0; k < 5; k++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size += put_character(handle + size, codes[(seed >> 40) % COUNT_OF(codes)]);
        }
        const char *key = key_of(*state, (bl_text){handle, size}, false, &why);
        assert_non_null(key);
        const size_t once_size = strlen(key);
        assert_true(once_size < sizeof once);
        memcpy(once, key, once_size + 1);
        assert_string_equal(key_of(*state, bl_text_of(once), false, &why), once);
    }
}

static void *no_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    (void)context, (void)pointer, (void)old_size, (void)new_size;
    return NULL;
}

static void out_of_memory_gives_no_reason(void **state)
{
    (void)state;
    const bl_memory memory = {no_resize, NULL};
    bl_buffer key;
    const char *why = "nothing";
    bl_buffer_init(&key, &memory);
    assert_false(bl_handle_key(BL_TEXT("ana"), false, &key, &why));
    assert_null(why);
    why = "nothing";
    assert_false(bl_handle_key(BL_TEXT("é"), false, &key, &why));
    assert_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spellings_of_one_person_have_one_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exact_handles_keep_their_spelling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_handle_is_refused_with_the_reason, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_handle_at_the_limit_is_accepted_and_one_beyond_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_is_appended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_key_is_its_own_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_of_mixed_characters_are_their_own_keys, set_up,
                                        tear_down),
        cmocka_unit_test(out_of_memory_gives_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
