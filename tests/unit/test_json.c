/*
 * The JSON reader and writer: tables of what is accepted and what each refusal says, the limits at
 * and one beyond them, failing memory, and jansson as the oracle over generated and mutated lines.
 *
 * Floating point appears here only because jansson's reals are doubles.
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

#include "json.h"
#include "limits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
    bl_arena arena;
    bl_buffer buffer;
    bl_json value;
    bl_json_error error;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    bl_buffer_init(&f->buffer, &bl_memory_default);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_arena_destroy(&f->arena);
    bl_buffer_free(&f->buffer);
    free(f);
    return 0;
}

/* Reads from a block of exactly the line's size, so that a step past its end is seen. */
static bool read_bytes(fixture *f, const char *bytes, size_t size)
{
    bl_arena_reset(&f->arena);
    char *copy = bl_arena_alloc(&f->arena, size + 1);
    char *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, bytes, size);
    memset(&f->error, 0xA5, sizeof f->error);
    bool is_read = bl_json_read((bl_text){exact, size}, &f->arena, &f->value, &f->error);
    free(exact);
    if (is_read) {
        memcpy(copy, bytes, size);
        is_read = bl_json_read((bl_text){copy, size}, &f->arena, &f->value, &f->error);
        assert_true(is_read);
    }
    return is_read;
}

static bool read_string(fixture *f, const char *line)
{
    return read_bytes(f, line, strlen(line));
}

static const char *written(fixture *f)
{
    bl_buffer_clear(&f->buffer);
    bl_json_write(&f->buffer, &f->value);
    bl_buffer_char(&f->buffer, '\0');
    assert_false(f->buffer.failed);
    return f->buffer.bytes;
}

static void valid_lines_are_read(void **state)
{
    fixture *f = *state;
    static const char *const cases[][2] = {
        {"{}", "{}"},
        {" \t\r\n{ } \r\n", "{}"},
        {"[]", "[]"},
        {"[ ]", "[]"},
        {"null", "null"},
        {"true", "true"},
        {"[false , true]", "[false,true]"},
        {"\"\"", "\"\""},
        {"{\"\":\"\"}", "{\"\":\"\"}"},
        {"{\"type\":\"approve\",\"n\":[1,[2,{}],[]]}",
         "{\"type\":\"approve\",\"n\":[1,[2,{}],[]]}"},
        {"{ \"a\" : 1 , \"b\" : { \"a\" : [ { \"a\" : null } ] } }",
         "{\"a\":1,\"b\":{\"a\":[{\"a\":null}]}}"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"", "\"Aé€😀\""},
        {"\"\\u0001\\u001F\\u007f\"", "\"\\u0001\\u001f\x7f\""},
        {"\"plain, then \\\"quoted\\\" and é and 日本 and 😀 behind\"",
         "\"plain, then \\\"quoted\\\" and é and 日本 and 😀 behind\""},
        {"\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80\"",
         "\"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(read_string(f, cases[i][0]));
        assert_string_equal(written(f), cases[i][1]);
    }
}

static void numbers_are_exact(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *line;
        int64_t num;
        int64_t den;
    } cases[] = {
        {"0", 0, 1},
        {"-0", 0, 1},
        {"7", 7, 1},
        {"-7", -7, 1},
        {"0.5", 1, 2},
        {"-0.75", -3, 4},
        {"1e3", 1000, 1},
        {"1E+3", 1000, 1},
        {"1.5e1", 15, 1},
        {"1500e-3", 3, 2},
        {"0e999999999999999999999", 0, 1},
        {"-0.0e-99999999999999999999", 0, 1},
        {"1.50000000000000000000000000000000000", 3, 2},
        {"100000000000000000000000e-20", 1000, 1},
        {"0.00000000000000000000000001e26", 1, 1},
        {"999999999999999999", INT64_C(999999999999999999), 1},
        {"1000000000000000000", INT64_C(1000000000000000000), 1},
        {"9223372036854775807", INT64_MAX, 1},
        {"-9223372036854775808", INT64_MIN, 1},
        {"9223372036854775807.000", INT64_MAX, 1},
        {"0.999999999999999999", INT64_C(999999999999999999), INT64_C(1000000000000000000)},
        {"1e-18", 1, INT64_C(1000000000000000000)},
        {"2e-19", 1, INT64_C(5000000000000000000)},
        {"123456789.123456789", INT64_C(123456789123456789), 1000000000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(read_string(f, cases[i].line));
        assert_int_equal(f->value.kind, BL_JSON_NUMBER);
        assert_true(f->value.as.number.num == cases[i].num);
        assert_true(f->value.as.number.den == cases[i].den);
    }
}

static void numbers_that_do_not_fit_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const cases[] = {
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
        "0.12345678901234567891",
        "1e19",
        "1e-19",
        "1e999999999999999999999",
        "1e-99999999999999999999",
        "123456789012345678901234567890",
        "3.14159265358979323846",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_false(read_string(f, cases[i]));
        assert_string_equal(
            f->error.message,
            "a number that does not fit: at most 18 digits, those after the point included");
        assert_int_equal(f->error.at, 0);
        assert_false(f->error.out_of_memory);
    }
}

static void each_refusal_says_where_and_why(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *line;
        uint32_t at;
        uint32_t column;
        const char *message;
    } cases[] = {
        {"", 0, 1, "expected an object, found the end of the line"},
        {"  ", 2, 3, "expected an object, found the end of the line"},
        {"hello", 0, 1, "expected an object, found `hello`"},
        {"\xEF\xBB\xBF{}", 0, 1, "expected an object, found the character U+FEFF"},
        {"{\"a\":1 x}", 7, 8, "expected `,` or `}` after a member, found `x`"},
        {"{\"é\":1 x}", 8, 8, "expected `,` or `}` after a member, found `x`"},
        {"{\"a\":1", 6, 7, "expected `,` or `}` after a member, found the end of the line"},
        {"{\"a\":1]", 6, 7, "expected `,` or `}` after a member, found `]`"},
        {"[1}", 2, 3, "expected `,` or `]` after an item, found `}`"},
        {"[1 2]", 3, 4, "expected `,` or `]` after an item, found `2`"},
        {"[1,]", 3, 4, "expected a value, found `]`"},
        {"[,1]", 1, 2, "expected a value, found `,`"},
        {"[", 1, 2, "expected a value, found the end of the line"},
        {"{\"a\":1,}", 7, 8, "expected a key in quotes after `,`, found `}`"},
        {"{a:1}", 1, 2, "expected a key in quotes or `}`, found `a`"},
        {"{\"a\" 1}", 5, 6, "expected `:` after the key, found `1`"},
        {"{\"a\":}", 5, 6, "expected a value, found `}`"},
        {"{} {}", 3, 4, "expected the end of the line, found `{`"},
        {"{}`", 2, 3, "expected the end of the line, found a backquote"},
        {"{}\x01", 2, 3, "expected the end of the line, found the byte 0x01"},
        {"{}\xFF", 2, 3, "expected the end of the line, found the byte 0xff"},
        {"[NaN]", 1, 2, "expected a value, found `NaN`"},
        {"[nan]", 1, 2, "expected a value, found `nan`"},
        {"[Infinity]", 1, 2, "expected a value, found `Infinity`"},
        {"[-Infinity]", 2, 3, "expected a digit after `-`, found `Infinity`"},
        {"[truey]", 1, 2, "expected a value, found `truey`"},
        {"[tru]", 1, 2, "expected a value, found `tru`"},
        {"[True]", 1, 2, "expected a value, found `True`"},
        {"[nul", 1, 2, "expected a value, found `nul`"},
        {"[+1]", 1, 2, "expected a value, found `+1`"},
        {"[.5]", 1, 2, "expected a value, found `.5`"},
        {"[1.]", 3, 4, "expected a digit after `.`, found `]`"},
        {"[1.e1]", 3, 4, "expected a digit after `.`, found `e1`"},
        {"[1e]", 3, 4, "expected a digit in the exponent, found `]`"},
        {"[1e+]", 4, 5, "expected a digit in the exponent, found `]`"},
        {"[-]", 2, 3, "expected a digit after `-`, found `]`"},
        {"[007]", 1, 2, "expected a number without a leading zero, found `007`"},
        {"[-01]", 1, 2, "expected a number without a leading zero, found `-01`"},
        {"[0x10]", 2, 3, "expected `,` or `]` after an item, found `x10`"},
        {"[1_000]", 2, 3, "expected `,` or `]` after an item, found `_000`"},
        {"['a']", 1, 2, "expected a value, found `'`"},
        {"{\"type", 1, 2, "expected `\"` to close this text, found the end of the line"},
        {"{\"type\\", 7, 8,
         "expected one of `\"`, `\\`, `/`, b, f, n, r, t, u after `\\`, found the end of the line"},
        {"\"\\q\"", 2, 3,
         "expected one of `\"`, `\\`, `/`, b, f, n, r, t, u after `\\`, found `q`"},
        {"\"\\u12\"", 5, 6, "expected four hexadecimal digits after `\\u`, found `\"`"},
        {"\"\\u12x4\"", 5, 6, "expected four hexadecimal digits after `\\u`, found `x4`"},
        {"\"a\\u0000\"", 2, 3, "`\\u0000` has no place in a text"},
        {"\"\\ud800\"", 1, 2, "`\\ud800` is half a character: its other half is missing"},
        {"\"\\uDC00\\uD800\"", 1, 2, "`\\uDC00` is half a character: its other half is missing"},
        {"\"\\ud83d\\u0041\"", 1, 2, "`\\ud83d` is half a character: its other half is missing"},
        {"\"\\ud83dx\"", 1, 2, "`\\ud83d` is half a character: its other half is missing"},
        {"\"a\tb\"", 2, 3, "a raw control character in a text: write it as `\\u0009`"},
        {"\"a\\n\nb\"", 4, 5, "a raw control character in a text: write it as `\\u000a`"},
        {"\"\x80\"", 1, 2, "the byte 0x80 is not UTF-8"},
        {"\"\xC0\xAF\"", 1, 2, "the byte 0xc0 is not UTF-8"},
        {"\"\xE0\x80\x80\"", 1, 2, "the byte 0xe0 is not UTF-8"},
        {"\"\xED\xA0\x80\"", 1, 2, "the byte 0xed is not UTF-8"},
        {"\"\xF0\x80\x80\x80\"", 1, 2, "the byte 0xf0 is not UTF-8"},
        {"\"\xF4\x90\x80\x80\"", 1, 2, "the byte 0xf4 is not UTF-8"},
        {"\"\xF5\x80\x80\x80\"", 1, 2, "the byte 0xf5 is not UTF-8"},
        {"\"\xE2\x82\"", 1, 2, "the byte 0xe2 is not UTF-8"},
        {"\"\\n\xE2\x82\"", 3, 4, "the byte 0xe2 is not UTF-8"},
        {"{\"approve\":1,\"approve\":2}", 13, 14, "`approve` stands twice in this object"},
        {"{\"a\":1,\"b\":{},\"\\u0061\":2}", 14, 15, "`a` stands twice in this object"},
        {"{\"\":1,\"\":2}", 6, 7, "`` stands twice in this object"},
        {"{\"\\u001b\\u202e\":1,\"\\u001b\\u202e\":2}", 18, 19, "`??` stands twice in this object"},
        {"{\"0123456789012345678901234567890123456789ab\":1,"
         "\"0123456789012345678901234567890123456789ab\":1}",
         48, 49, "`0123456789012345678901234567890123456789…` stands twice in this object"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_false(read_string(f, cases[i].line));
        assert_string_equal(f->error.message, cases[i].message);
        assert_int_equal(f->error.at, cases[i].at);
        assert_int_equal(f->error.column, cases[i].column);
        assert_false(f->error.out_of_memory);
    }
}

static void a_raw_nul_is_refused_everywhere(void **state)
{
    fixture *f = *state;
    static const char line[] = "{\"a\" : [\"b\" , 1] }";
    for (size_t i = 0; i < sizeof line; i++) {
        char spoilt[sizeof line + 1];
        memcpy(spoilt, line, i);
        spoilt[i] = '\0';
        memcpy(spoilt + i + 1, line + i, sizeof line - 1 - i);
        assert_false(read_bytes(f, spoilt, sizeof line));
    }
    assert_false(read_bytes(f, "\"a\0b\"", 5));
    assert_string_equal(f->error.message, "NUL has no place in a text");
}

static void every_beginning_of_a_line_is_refused(void **state)
{
    fixture *f = *state;
    static const char line[] = "{\"k\\u00e9y\":[-1.5e1,true,null,\"\\ud83d\\ude00é😀 plain\"]}";
    for (size_t size = 0; size < sizeof line - 1; size++)
        assert_false(read_bytes(f, line, size));
    assert_true(read_bytes(f, line, sizeof line - 1));
}

static void text_without_escapes_points_into_the_line(void **state)
{
    fixture *f = *state;
    const bl_text line = BL_TEXT("{\"actor\":\"ana\",\"reason\":\"so\\n\"}");
    assert_true(bl_json_read(line, &f->arena, &f->value, &f->error));
    assert_int_equal(f->value.count, 2);
    const bl_json_member *members = f->value.as.members;
    assert_ptr_equal(members[0].key.bytes, line.bytes + 2);
    assert_ptr_equal(members[0].value.as.text.bytes, line.bytes + 10);
    assert_int_equal(members[0].value.at, 9);
    const bl_json *reason = bl_json_find(&f->value, BL_TEXT("reason"));
    assert_ptr_equal(reason, &members[1].value);
    assert_true(bl_text_equal(reason->as.text, BL_TEXT("so\n")));
    assert_null(bl_json_find(&f->value, BL_TEXT("acto")));
    assert_null(bl_json_find(reason, BL_TEXT("reason")));
}

static void depth_is_limited_at_64_and_a_million_brackets_are_an_error(void **state)
{
    fixture *f = *state;
    char line[2 * BL_JSON_DEPTH_MAX + 2];
    memset(line, '[', BL_JSON_DEPTH_MAX + 1);
    memset(line + BL_JSON_DEPTH_MAX + 1, ']', BL_JSON_DEPTH_MAX + 1);
    assert_true(read_bytes(f, line + 1, 2 * BL_JSON_DEPTH_MAX));
    assert_int_equal(strlen(written(f)), 2 * BL_JSON_DEPTH_MAX);
    assert_false(read_bytes(f, line, sizeof line));
    assert_int_equal(f->error.at, BL_JSON_DEPTH_MAX);
    assert_string_equal(f->error.message,
                        "nested too deep: at most 64 objects and lists inside each other");
    char *many = malloc(1000000);
    for (size_t i = 0; i < 2; i++) {
        memset(many, "[{"[i], 1000000);
        assert_false(read_bytes(f, many, 1000000));
    }
    free(many);
}

static void a_line_at_the_limit_is_read_and_one_beyond_refused(void **state)
{
    fixture *f = *state;
    char *line = malloc(BL_LINE_SIZE_MAX + 1);
    memset(line, 'x', BL_LINE_SIZE_MAX + 1);
    line[0] = line[BL_LINE_SIZE_MAX - 1] = '"';
    assert_true(read_bytes(f, line, BL_LINE_SIZE_MAX));
    assert_int_equal(f->value.as.text.size, BL_LINE_SIZE_MAX - 2);
    line[BL_LINE_SIZE_MAX - 1] = 'x';
    line[BL_LINE_SIZE_MAX] = '"';
    assert_false(read_bytes(f, line, BL_LINE_SIZE_MAX + 1));
    assert_string_equal(f->error.message, "a line of more than 1048576 bytes");
    free(line);
}

static void large_lists_and_objects_are_read(void **state)
{
    fixture *f = *state;
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    bl_buffer_char(&line, '[');
    for (int i = 0; i < 100000; i++)
        bl_buffer_format(&line, i > 0 ? ",%d" : "%d", i);
    bl_buffer_char(&line, ']');
    assert_true(read_bytes(f, line.bytes, line.size));
    assert_int_equal(f->value.count, 100000);
    for (uint32_t i = 0; i < f->value.count; i++)
        assert_true(f->value.as.items[i].as.number.num == i);
    bl_buffer_free(&line);
}

/* An object of `count` members k0, k1 …, where the key at `again` repeats the one at `first`. */
static bool read_keys(fixture *f, int count, int first, int again)
{
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    for (int i = 0; i < count; i++)
        bl_buffer_format(&line, "%s\"k%d\":%d", i > 0 ? "," : "{", i == again ? first : i, i);
    bl_buffer_char(&line, '}');
    const bool is_read = read_bytes(f, line.bytes, line.size);
    bl_buffer_free(&line);
    return is_read;
}

static void duplicate_keys_are_refused_in_objects_of_any_size(void **state)
{
    fixture *f = *state;
    for (int count = 2; count < 70; count++) {
        assert_true(read_keys(f, count, 0, 0));
        assert_int_equal(f->value.count, count);
        for (int again = 1; again < count; again++) {
            char message[64];
            const int first = (again * 7) % again;
            assert_false(read_keys(f, count, first, again));
            snprintf(message, sizeof message, "`k%d` stands twice in this object", first);
            assert_string_equal(f->error.message, message);
        }
    }
    assert_true(read_keys(f, 70000, 0, 0));
    assert_int_equal(f->value.count, 70000);
    assert_false(read_keys(f, 70000, 35000, 69999));
    assert_string_equal(f->error.message, "`k35000` stands twice in this object");
}

static void the_first_of_several_duplicates_is_named(void **state)
{
    fixture *f = *state;
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    for (int i = 0; i < 60; i++)
        bl_buffer_format(&line, "%s\"k%d\":0", i > 0 ? "," : "{", (59 - i) % 40);
    bl_buffer_char(&line, '}');
    assert_false(read_bytes(f, line.bytes, line.size));
    assert_string_equal(f->error.message, "`k19` stands twice in this object");
    assert_true(f->error.at > line.size / 2);
    bl_buffer_free(&line);
}

/* Lets `left` allocations pass and fails the rest. */
static void *failing_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    int *left = context;
    if (new_size > 0 && (*left)-- <= 0) return NULL;
    return bl_memory_default.resize(bl_memory_default.context, pointer, old_size, new_size);
}

static void each_failing_allocation_is_reported(void **state)
{
    fixture *f = *state;
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    bl_buffer_cstring(&line, "{\"a\":\"\\u0041\"");
    for (int i = 0; i < 20000; i++)
        bl_buffer_format(&line, ",\"k%d\":[%d,{}]", i, i);
    bl_buffer_char(&line, '}');
    int failed = 0;
    for (bool is_read = false; !is_read; failed++) {
        int left = failed;
        const bl_memory memory = {failing_resize, &left};
        bl_arena arena;
        bl_arena_init(&arena, &memory);
        memset(&f->error, 0, sizeof f->error);
        is_read = bl_json_read((bl_text){line.bytes, line.size}, &arena, &f->value, &f->error);
        assert_true(is_read || f->error.out_of_memory);
        assert_string_equal(f->error.message, is_read ? "" : "out of memory");
        bl_arena_destroy(&arena);
    }
    assert_true(failed > 3);
    bl_buffer_free(&line);
}

static void what_is_written_is_always_utf8_and_escaped(void **state)
{
    fixture *f = *state;
    static const struct {
        bl_text text;
        const char *written;
    } cases[] = {
        {{NULL, 0}, "\"\""},
        {{"a\0b", 3}, "\"a\\u0000b\""},
        {{"\x1F\x7F/", 3}, "\"\\u001f\x7F/\""},
        {{"a\xFFz", 3}, "\"a\xEF\xBF\xBDz\""},
        {{"\xE2\x82", 2}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {{"\xED\xA0\x80", 3}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {{"long enough for words \"é\"\\", sizeof "long enough for words \"é\"\\" - 1},
         "\"long enough for words \\\"é\\\"\\\\\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        f->value = (bl_json){.kind = BL_JSON_TEXT, .as.text = cases[i].text};
        assert_string_equal(written(f), cases[i].written);
    }
    f->value = (bl_json){.kind = BL_JSON_NUMBER, .as.number = {-2, 3}};
    assert_string_equal(written(f), "\"-2/3\"");
    f->value.as.number = BL_RATIONAL(INT64_MIN);
    assert_string_equal(written(f), "-9223372036854775808");
}

static void columns_count_characters(void **state)
{
    (void)state;
    const bl_text line = BL_TEXT("aé😀b\xFF\x80z");
    static const uint32_t columns[] = {1, 2, 2, 3, 3, 3, 3, 4, 5, 6, 7, 8, 8};
    for (uint32_t at = 0; at < COUNT_OF(columns); at++)
        assert_int_equal(bl_json_column(line, at), columns[at]);
    assert_string_equal(bl_json_kind_name(BL_JSON_ARRAY), "a list");
    assert_string_equal(bl_json_kind_name(BL_JSON_TEXT), "text");
}

/* ---- the oracle ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static unsigned below(uint64_t *seed, unsigned limit)
{
    return (unsigned)(next_random(seed) % limit);
}

static void generate_text(bl_buffer *line, uint64_t *seed)
{
    static const char *const pieces[] = {"a",
                                         "b",
                                         "time",
                                         "approve",
                                         "é",
                                         "日本",
                                         "😀",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\u00e9",
                                         "\\ud83d\\ude00",
                                         "\\u0041",
                                         "a longer run of plain text",
                                         "/",
                                         "\\/",
                                         " ",
                                         "\x7F",
                                         "\\u0000",
                                         "\\ud800",
                                         "\xED\xA0\x80",
                                         "\xC0\x80",
                                         "\t",
                                         "\\x"};
    const bool is_nasty = below(seed, 40) == 0;
    bl_buffer_char(line, '"');
    for (unsigned i = below(seed, 4); i > 0; i--)
        bl_buffer_cstring(line, pieces[below(seed, is_nasty ? 24 : 18)]);
    bl_buffer_char(line, '"');
}

static void generate_number(bl_buffer *line, uint64_t *seed)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "1",
                                          "-17",
                                          "123456789012345678",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "0.5",
                                          "-12.125",
                                          "1e3",
                                          "1.5E+2",
                                          "25e-2",
                                          "0.0e5",
                                          "7e0",
                                          "9223372036854775808",
                                          "01",
                                          "1.",
                                          ".5",
                                          "+1",
                                          "1e",
                                          "1e400",
                                          "0.1234567890123456789",
                                          "NaN",
                                          "-Infinity",
                                          "0x1",
                                          "1e-400",
                                          "-",
                                          "--1"};
    bl_buffer_cstring(line, numbers[below(seed, below(seed, 20) == 0 ? 28 : 14)]);
}

static void generate_value(bl_buffer *line, uint64_t *seed, int depth);

static void generate_container(bl_buffer *line, uint64_t *seed, int depth, bool is_object)
{
    const unsigned most = below(seed, 12) == 0 ? 30 : 6;
    bl_buffer_char(line, is_object ? '{' : '[');
    for (unsigned i = below(seed, most), at = i; i > 0; i--) {
        if (i < at) bl_buffer_cstring(line, below(seed, 8) == 0 ? " ,\t" : ",");
        if (is_object && below(seed, 3) == 0)
            generate_text(line, seed);
        else if (is_object)
            bl_buffer_format(line, "\"key%u\"", i);
        if (is_object) bl_buffer_cstring(line, below(seed, 8) == 0 ? " : " : ":");
        generate_value(line, seed, depth + 1);
    }
    bl_buffer_char(line, is_object ? '}' : ']');
}

static void generate_value(bl_buffer *line, uint64_t *seed, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    switch (below(seed, depth > 3 ? 4 : 7)) {
    case 0: bl_buffer_cstring(line, words[below(seed, 3)]); break;
    case 1: generate_number(line, seed); break;
    case 2:
    case 3: generate_text(line, seed); break;
    case 4: generate_container(line, seed, depth, false); break;
    default: generate_container(line, seed, depth, true); break;
    }
}

static void mutate(bl_buffer *line, uint64_t *seed)
{
    static const char interesting[] = "{}[]\",:\\u0019dDeE+-.tfn \t\n\x01\x80\xC3\xA9\xED\xF0\xFF";
    for (unsigned i = below(seed, 4); i > 0 && line->size > 0; i--) {
        const size_t at = below(seed, (unsigned)line->size);
        const char byte = interesting[below(seed, sizeof interesting)];
        switch (below(seed, 4)) {
        case 0: line->bytes[at] = byte; break;
        case 1:
            memmove(line->bytes + at, line->bytes + at + 1, line->size - at - 1);
            line->size--;
            break;
        case 2:
            bl_buffer_char(line, byte);
            memmove(line->bytes + at + 1, line->bytes + at, line->size - at - 1);
            line->bytes[at] = byte;
            break;
        default: line->bytes[at] = line->bytes[below(seed, (unsigned)line->size)]; break;
        }
    }
}

static bool is_same(const bl_json *ours, const json_t *theirs);

static bool is_same_number(bl_rational ours, const json_t *theirs)
{
    if (json_is_integer(theirs)) return ours.den == 1 && ours.num == json_integer_value(theirs);
    const long double wanted = (long double)json_real_value(theirs);
    const long double found = (long double)ours.num / (long double)ours.den;
    const long double distance = found > wanted ? found - wanted : wanted - found;
    const long double size = wanted < 0 ? -wanted : wanted;
    return json_is_real(theirs) && distance <= size * 1e-15L;
}

static bool is_same_object(const bl_json *ours, json_t *theirs)
{
    if (!json_is_object(theirs) || json_object_size(theirs) != ours->count) return false;
    for (uint32_t i = 0; i < ours->count; i++) {
        const bl_json_member *member = &ours->as.members[i];
        const json_t *value = json_object_getn(theirs, member->key.bytes, member->key.size);
        if (value == NULL || !is_same(&member->value, value) ||
            bl_json_find(ours, member->key) != &member->value)
            return false;
    }
    return true;
}

static bool is_same_array(const bl_json *ours, const json_t *theirs)
{
    if (!json_is_array(theirs) || json_array_size(theirs) != ours->count) return false;
    for (uint32_t i = 0; i < ours->count; i++) {
        if (!is_same(&ours->as.items[i], json_array_get(theirs, i))) return false;
    }
    return true;
}

static bool is_same(const bl_json *ours, const json_t *theirs)
{
    switch (ours->kind) {
    case BL_JSON_NULL: return json_is_null(theirs);
    case BL_JSON_BOOLEAN:
        return json_is_boolean(theirs) && json_is_true(theirs) == ours->as.boolean;
    case BL_JSON_NUMBER: return is_same_number(ours->as.number, theirs);
    case BL_JSON_TEXT:
        return json_is_string(theirs) && json_string_length(theirs) == ours->as.text.size &&
               memcmp(json_string_value(theirs), ours->as.text.bytes, ours->as.text.size) == 0;
    case BL_JSON_ARRAY: return is_same_array(ours, theirs);
    case BL_JSON_OBJECT: return is_same_object(ours, (json_t *)(uintptr_t)theirs);
    }
    return false;
}

/*
 * Both read the same tree, or both refuse. We alone refuse numbers that do not fit, and a raw
 * NUL, which jansson 2.14 overlooks behind a number or a word: "[1\0]".
 */
static bool agree(fixture *f, bl_text line, bool *is_read)
{
    json_error_t why;
    json_t *theirs = json_loadb(line.bytes, line.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                                &why);
    *is_read = read_bytes(f, line.bytes, line.size);
    bool is_fine = theirs == NULL;
    if (*is_read)
        is_fine = theirs != NULL && is_same(&f->value, theirs);
    else if (theirs != NULL)
        is_fine = strstr(f->error.message, "does not fit") != NULL ||
                  memchr(line.bytes, '\0', line.size) != NULL;
    json_decref(theirs);
    return is_fine;
}

static void generated_and_mutated_lines_agree_with_jansson(void **state)
{
    fixture *f = *state;
    uint64_t seed = 20240301;
    unsigned read_count = 0;
    const unsigned line_count = 100000;
    bl_buffer line;
    bl_buffer_init(&line, &bl_memory_default);
    for (unsigned i = 0; i < line_count; i++) {
        bool is_read;
        bl_buffer_clear(&line);
        generate_container(&line, &seed, 0, true);
        if (i % 2 == 1) mutate(&line, &seed);
        if (!agree(f, (bl_text){line.bytes, line.size}, &is_read))
            fail_msg("%s, read otherwise than by jansson: %.*s",
                     is_read ? "read" : f->error.message, (int)line.size, line.bytes);
        read_count += is_read;
    }
    assert_true(read_count > line_count / 4 && read_count < line_count * 9 / 10);
    bl_buffer_free(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(valid_lines_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_that_do_not_fit_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_refusal_says_where_and_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_raw_nul_is_refused_everywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_beginning_of_a_line_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_without_escapes_points_into_the_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(depth_is_limited_at_64_and_a_million_brackets_are_an_error,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_at_the_limit_is_read_and_one_beyond_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(large_lists_and_objects_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(duplicate_keys_are_refused_in_objects_of_any_size, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_first_of_several_duplicates_is_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_failing_allocation_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_written_is_always_utf8_and_escaped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(columns_count_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(generated_and_mutated_lines_agree_with_jansson, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
