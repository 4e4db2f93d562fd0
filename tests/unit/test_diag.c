/* Sources and diagnostics: places, snippets, collecting, and both renderings to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag.h"
#include "limits.h"

typedef struct fixture {
    bl_arena arena;
    bl_diagnostics diagnostics;
    bl_source source;
    bl_buffer buffer;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bl_arena_init(&f->arena, &bl_memory_default);
    bl_diagnostics_init(&f->diagnostics, &f->arena);
    bl_buffer_init(&f->buffer, &bl_memory_default);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bl_buffer_free(&f->buffer);
    bl_arena_destroy(&f->arena);
    free(f);
    return 0;
}

static void load(fixture *f, bl_text content)
{
    assert_true(bl_source_init(&f->source, &f->arena, BL_TEXT("policy.bylaw"), content));
}

/* The first span of `part` in the source. */
static bl_span span_of(const fixture *f, const char *part)
{
    const char *found = strstr(f->source.content.bytes, part);
    assert_non_null(found);
    uint32_t start = (uint32_t)(found - f->source.content.bytes);
    return (bl_span){0, start, start + (uint32_t)strlen(part)};
}

static void assert_written(fixture *f, const char *expected)
{
    bl_buffer_char(&f->buffer, '\0');
    assert_false(f->buffer.failed);
    assert_string_equal(f->buffer.bytes, expected);
    bl_buffer_clear(&f->buffer);
}

static void assert_rendered(fixture *f, const char *expected)
{
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    assert_written(f, expected);
}

static void assert_place(const fixture *f, uint32_t at, uint32_t line, uint32_t column)
{
    bl_place place = bl_source_place(&f->source, at);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
}

static void a_place_counts_lines_and_characters_from_one(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("ab\r\n\té日x\n\nend"));
    assert_int_equal(f->source.line_count, 4);
    assert_place(f, 0, 1, 1);
    assert_place(f, 2, 1, 3);
    assert_place(f, 4, 2, 1);
    assert_place(f, 7, 2, 3);
    assert_place(f, 10, 2, 4);
    assert_place(f, 11, 2, 5);
    assert_place(f, 12, 3, 1);
    assert_place(f, 13, 4, 1);
    assert_place(f, 16, 4, 4);
    assert_place(f, 999, 4, 4);
    assert_true(bl_text_equal(bl_source_line(&f->source, 1), BL_TEXT("ab")));
    assert_true(bl_text_equal(bl_source_line(&f->source, 2), BL_TEXT("\té日x")));
    assert_true(bl_text_equal(bl_source_line(&f->source, 3), BL_TEXT("")));
    assert_true(bl_text_equal(bl_source_line(&f->source, 4), BL_TEXT("end")));
    assert_true(bl_text_equal(bl_source_line(&f->source, 5), BL_TEXT("")));
    assert_true(bl_text_equal(bl_source_line(&f->source, 0), BL_TEXT("")));
}

static void a_byte_order_mark_is_no_character(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("\xEF\xBB\xBFrole x\n\xEF\xBB\xBFy"));
    assert_place(f, 0, 1, 1);
    assert_place(f, 2, 1, 1);
    assert_place(f, 3, 1, 1);
    assert_place(f, 8, 1, 6);
    assert_place(f, 10, 2, 1);
    assert_place(f, 13, 2, 2); /* only at the beginning is it a mark */
    assert_true(bl_text_equal(bl_source_line(&f->source, 1), BL_TEXT("role x")));
    load(f, BL_TEXT("\xEF\xBB\xBF"));
    assert_place(f, 3, 1, 1);
    assert_int_equal(bl_source_line(&f->source, 1).size, 0);
}

static void an_empty_source_has_one_empty_line(void **state)
{
    fixture *f = *state;
    load(f, (bl_text){NULL, 0});
    assert_int_equal(f->source.line_count, 1);
    assert_place(f, 0, 1, 1);
    assert_int_equal(bl_source_line(&f->source, 1).size, 0);
}

static void a_source_without_content_still_knows_its_lines(void **state)
{
    fixture *f = *state;
    static const uint32_t starts[] = {0, 10, 20};
    f->source = (bl_source){BL_TEXT("p"), {"", 0}, starts, 3};
    assert_place(f, 14, 2, 5);
    assert_place(f, 500, 3, 481);
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 14, 16}, "odd");
    assert_rendered(f, "error[B0101]: odd\n --> p:2:5\n");
}

static void assert_snippet(fixture *f, const char *content, size_t most, const char *expected)
{
    load(f, bl_text_of(content));
    bl_span all = {0, 0, (uint32_t)strlen(content)};
    bl_source_snippet(&f->source, all, most, &f->buffer);
    assert_written(f, expected);
}

static void a_snippet_is_one_line_without_comments(void **state)
{
    fixture *f = *state;
    assert_snippet(f, "veto by a\n   or b # why\n\t within 2 days  ", 99,
                   "veto by a or b within 2 days");
    assert_snippet(f, "  # only this", 99, "");
    assert_snippet(f, "a \"# no \\\" # comment\" # one", 99, "a \"# no \\\" # comment\"");
    assert_snippet(f, "a#b\nc", 99, "a c");
    assert_snippet(f, "abcdef", 6, "abcdef");
    assert_snippet(f, "abcdefg", 6, "abcdef…");
    assert_snippet(f, "abcde fg", 6, "abcde…");
    assert_snippet(f, "aééé", 4, "aé…");
    assert_snippet(f, "ééé", 1, "…");
    assert_snippet(f, "abc", 0, "…");
}

static void a_code_and_its_title_come_from_the_list(void **state)
{
    (void)state;
    assert_string_equal(bl_code_name(BL_B0101), "B0101");
    assert_string_equal(bl_code_title(BL_B0101), "unexpected word");
    for (int code = 1; code < BL_CODE_COUNT; code++) {
        const char *before = bl_code_name((bl_code)(code - 1));
        const char *name = bl_code_name((bl_code)code);
        assert_int_equal(strlen(name), 5);
        if (strcmp(before, name) >= 0) fail_msg("%s stands behind %s", name, before);
        assert_true(strlen(bl_code_title((bl_code)code)) > 0);
    }
}

static void an_error_shows_its_line_a_caret_and_help(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("\n\n\n\n\n\n\n\n\n\n\n  decided by maintaner of module\n"));
    bl_diagnostic *d = bl_diag(&f->diagnostics, BL_B0101, span_of(f, "maintaner"), "no role `%.*s`",
                               9, "maintaner?");
    bl_diag_label(&f->diagnostics, d, "not declared");
    bl_diag_help(&f->diagnostics, d, "did you mean `%s`?", "maintainer");
    assert_rendered(f, "error[B0101]: no role `maintaner`\n"
                       "  --> policy.bylaw:12:14\n"
                       "   |\n"
                       "12 |   decided by maintaner of module\n"
                       "   |              ^^^^^^^^^ not declared\n"
                       "   = help: did you mean `maintainer`?\n");
}

static void a_note_with_a_place_shows_it(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("role a\nrole a\n"));
    bl_diagnostic *d = bl_diag(&f->diagnostics, BL_B0102, (bl_span){0, 12, 13}, "`a` twice");
    bl_diag_note(&f->diagnostics, d, (bl_span){0, 5, 6}, "first here");
    bl_diag_note(&f->diagnostics, d, BL_SPAN_NONE, "names are unique");
    assert_rendered(f, "error[B0102]: `a` twice\n"
                       " --> policy.bylaw:2:6\n"
                       "  |\n"
                       "2 | role a\n"
                       "  |      ^\n"
                       "  = note: names are unique\n"
                       "note: first here\n"
                       " --> policy.bylaw:1:6\n"
                       "  |\n"
                       "1 | role a\n"
                       "  |      ^\n");
}

static void carets_stand_under_wide_text_and_tabs(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("\té \"x\ny\""));
    bl_diag(&f->diagnostics, BL_B0103, span_of(f, "\"x\ny\""), "text of two lines");
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 9, 9}, "nothing here");
    assert_rendered(f, "error[B0103]: text of two lines\n"
                       " --> policy.bylaw:1:4\n"
                       "  |\n"
                       "1 |     é \"x\n"
                       "  |       ^^\n"
                       "\n"
                       "error[B0101]: nothing here\n"
                       " --> policy.bylaw:2:3\n"
                       "  |\n"
                       "2 | y\"\n"
                       "  |   ^\n");
}

static void what_could_trick_a_terminal_is_not_shown(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("a\033[2Jb\xFF\xE2\x80\xAE\xC2\x9Bz"));
    bl_diag(&f->diagnostics, BL_B0102, span_of(f, "z"), "\033]0;title");
    assert_rendered(f, "error[B0102]: �]0;title\n"
                       " --> policy.bylaw:1:10\n"
                       "  |\n"
                       "1 | a�[2Jb���z\n"
                       "  |          ^\n");
}

static void a_long_line_is_cut_around_the_place(void **state)
{
    fixture *f = *state;
    char content[1001];
    memset(content, 'x', 1000);
    content[1000] = '\0';
    memcpy(content + 500, "here", 4);
    load(f, bl_text_of(content));
    bl_diag(&f->diagnostics, BL_B0101, span_of(f, "here"), "look");
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    bl_buffer_char(&f->buffer, '\0');
    assert_in_range(f->buffer.size, 100, 400);
    const char *line = strstr(f->buffer.bytes, "1 | …");
    const char *carets = strstr(f->buffer.bytes, "  |  ");
    assert_non_null(line);
    assert_non_null(carets);
    /* "…" has three bytes and one column */
    assert_int_equal(strstr(line, "here") - line - 2, strstr(carets, "^^^^\n") - carets);
}

static void a_second_error_at_the_same_place_is_dropped(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    assert_non_null(bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 0, 1}, "one"));
    assert_null(bl_diag(&f->diagnostics, BL_B0102, (bl_span){0, 0, 1}, "two"));
    assert_non_null(bl_diag(&f->diagnostics, BL_B0102, (bl_span){0, 0, 2}, "three"));
    assert_non_null(bl_diag(&f->diagnostics, BL_B0101, BL_SPAN_NONE, "four"));
    assert_non_null(bl_diag(&f->diagnostics, BL_B0101, BL_SPAN_NONE, "five"));
    assert_int_equal(f->diagnostics.error_count, 4);
    bl_diag_label(&f->diagnostics, NULL, "nothing happens");
    bl_diag_note(&f->diagnostics, NULL, BL_SPAN_NONE, "nothing happens");
    bl_diag_help(&f->diagnostics, NULL, "nothing happens");
}

static void errors_are_shown_by_file_and_place_and_placeless_ones_last(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_source sources[] = {f->source, f->source};
    bl_diag(&f->diagnostics, BL_B0101, BL_SPAN_NONE, "five");
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){1, 0, 1}, "four");
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 2, 3}, "two");
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 2, 2}, "three");
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 0, 1}, "one");
    bl_diagnostics_write(&f->diagnostics, sources, 2, (bl_style){false}, &f->buffer);
    bl_buffer_char(&f->buffer, '\0');
    const char *at = f->buffer.bytes;
    static const char *const order[] = {": one", ": two", ": three", ": four", ": five"};
    for (size_t i = 0; i < 5; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
}

static void errors_past_the_limit_are_counted_and_not_kept(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    for (uint32_t i = 0; i < BL_DIAGNOSTICS_MAX; i++)
        assert_non_null(bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, i, i}, "one"));
    assert_int_equal(f->diagnostics.left_out_count, 0);
    assert_null(bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 99, 99}, "too many"));
    assert_int_equal(f->diagnostics.left_out_count, 1);
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    bl_buffer_char(&f->buffer, '\0');
    assert_non_null(strstr(f->buffer.bytes, "\n1 more left out\n"));
}

/* Each place counts once, however often it is told of. */
static void other_places_of_a_slip_are_counted(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_diagnostic *d = bl_diag(&f->diagnostics, BL_B0201, (bl_span){0, 0, 1}, "no name");
    bl_diag_again(&f->diagnostics, d, (bl_span){0, 0, 1});
    assert_null(d->notes);
    bl_diag_again(&f->diagnostics, d, (bl_span){0, 1, 1});
    assert_true(bl_text_equal(d->notes->text, BL_TEXT("and here")));
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 2; i <= BL_AGAIN_MAX; i++)
            bl_diag_again(&f->diagnostics, d, (bl_span){0, i, i});
    assert_true(bl_text_equal(d->notes->text, BL_TEXT("and here, and in 15 more places")));
    assert_null(d->notes->next);
    bl_diag_again(&f->diagnostics, d, (bl_span){0, 99, 99});
    bl_diag_again(&f->diagnostics, d, (bl_span){0, 98, 98});
    assert_true(bl_text_equal(d->notes->text, BL_TEXT("and here, and in 16 more places at least")));
    assert_int_equal(f->diagnostics.error_count, 1);
    bl_diag_again(&f->diagnostics, NULL, (bl_span){0, 1, 1});
}

/* Of one declaration; a name that is not known is that of any. */
static void equal_slips_are_one_message(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_diagnostics *all = &f->diagnostics;
    const bl_slip first = {1, {0, 0, 1}, BL_TEXT("a")}, of_kind = {2, {0, 0, 1}, BL_TEXT("a")},
                  of_name = {1, {0, 0, 1}, BL_TEXT("b")}, elsewhere = {1, {0, 1, 2}, BL_TEXT("a")},
                  of_any = {.kind = 1, .declared = {0, 0, 1}}, alone = {.kind = 0};
    bl_diagnostic *d = bl_diag_slip(all, BL_B0305, (bl_span){0, 1, 1}, &first, "one");
    assert_null(bl_diag_slip(all, BL_B0303, (bl_span){0, 2, 2}, &first, "again"));
    assert_true(bl_text_equal(d->notes->text, BL_TEXT("and here")));
    assert_non_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 3, 3}, &of_kind, "two"));
    assert_non_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 4, 4}, &of_name, "three"));
    assert_non_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 5, 5}, &elsewhere, "four"));
    assert_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 6, 6}, &of_any, "again"));
    assert_true(bl_diag_told(all, &of_kind, (bl_span){0, 7, 7}));
    assert_non_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 8, 8}, &alone, "five"));
    assert_non_null(bl_diag_slip(all, BL_B0305, (bl_span){0, 9, 9}, &alone, "six"));
    assert_int_equal(all->error_count, 6);
}

/* Where a slip was told again there is an error, counted among its places or not. */
static void another_place_of_a_slip_has_an_error(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_diagnostic *d = bl_diag(&f->diagnostics, BL_B0201, (bl_span){0, 0, 1}, "no name");
    for (uint32_t i = 1; i < 2 * BL_AGAIN_MAX; i++) {
        assert_false(bl_diag_has_error_in(&f->diagnostics, (bl_span){0, 10 * i, 10 * i + 9}));
        bl_diag_again(&f->diagnostics, d, (bl_span){0, 10 * i + 1, 10 * i + 3});
        assert_true(bl_diag_has_error_in(&f->diagnostics, (bl_span){0, 10 * i, 10 * i + 9}));
        assert_null(bl_diag(&f->diagnostics, BL_B0305, (bl_span){0, 10 * i + 1, 10 * i + 3}, "x"));
    }
    assert_int_equal(f->diagnostics.error_count, 1);
}

static void many_warnings_hide_no_error(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_span span = {0, 0, 3};
    for (uint32_t i = 0; i < BL_DIAGNOSTICS_MAX; i++)
        assert_non_null(bl_diag(&f->diagnostics, BL_W0502, span, "never used"));
    assert_null(bl_diag(&f->diagnostics, BL_W0502, span, "never used"));
    assert_non_null(bl_diag(&f->diagnostics, BL_B0101, span, "an error all the same"));
    assert_int_equal(f->diagnostics.error_count, 1);
    assert_int_equal(f->diagnostics.warning_count, BL_DIAGNOSTICS_MAX);
    assert_int_equal(f->diagnostics.left_out_count, 1);
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    bl_buffer_char(&f->buffer, '\0');
    assert_memory_equal(f->buffer.bytes, "warning[W0502]: never used\n", 27);
    assert_non_null(strstr(f->buffer.bytes, "error[B0101]: an error all the same"));
}

static void json_names_every_place_and_leaves_out_what_is_empty(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("role \"é\"\n"));
    bl_diagnostic *d = bl_diag(&f->diagnostics, BL_B0101, span_of(f, "\"é\""), "odd \"x\"");
    bl_diag_label(&f->diagnostics, d, "here");
    bl_diag_note(&f->diagnostics, d, (bl_span){0, 0, 4}, "role");
    bl_diag_help(&f->diagnostics, d, "drop it");
    bl_diag(&f->diagnostics, BL_B0107, BL_SPAN_NONE, "large");
    bl_diagnostics_write_json(&f->diagnostics, &f->source, 1, &f->buffer);
    assert_written(
        f, "{\"code\":\"B0101\",\"severity\":\"error\",\"message\":\"odd \\\"x\\\"\","
           "\"file\":\"policy.bylaw\",\"line\":1,\"column\":6,\"endLine\":1,\"endColumn\":9,"
           "\"offset\":5,\"endOffset\":9,"
           "\"label\":\"here\",\"notes\":[{\"kind\":\"note\",\"message\":\"role\","
           "\"file\":\"policy.bylaw\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":5,"
           "\"offset\":0,\"endOffset\":4},"
           "{\"kind\":\"help\",\"message\":\"drop it\"}]}\n"
           "{\"code\":\"B0107\",\"severity\":\"error\",\"message\":\"large\"}\n");
}

static void color_appears_only_when_asked_for(void **state)
{
    fixture *f = *state;
    load(f, BL_TEXT("abc"));
    bl_diag(&f->diagnostics, BL_B0101, (bl_span){0, 0, 1}, "one");
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){true}, &f->buffer);
    assert_non_null(memchr(f->buffer.bytes, '\033', f->buffer.size));
    bl_buffer_clear(&f->buffer);
    bl_diagnostics_write(&f->diagnostics, &f->source, 1, (bl_style){false}, &f->buffer);
    assert_null(memchr(f->buffer.bytes, '\033', f->buffer.size));
}

typedef struct quota {
    size_t left;
} quota;

static void *limited_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    quota *q = context;
    if (new_size && q->left == 0) return NULL;
    if (new_size) q->left--;
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static void out_of_memory_is_remembered(void **state)
{
    (void)state;
    static char long_text[100000];
    memset(long_text, 'x', sizeof long_text - 1);
    for (size_t left = 0; left < 4; left++) {
        quota q = {left};
        bl_memory memory = {limited_resize, &q};
        bl_arena arena;
        bl_arena_init(&arena, &memory);
        bl_source source;
        bl_text content = bl_text_of(long_text);
        assert_int_equal(bl_source_init(&source, &arena, BL_TEXT("p"), content), left >= 2);
        bl_diagnostics diagnostics;
        bl_diagnostics_init(&diagnostics, &arena);
        for (uint32_t i = 0; i < 3; i++) {
            bl_diagnostic *d = bl_diag(&diagnostics, BL_B0101, (bl_span){0, i, i}, "%s", long_text);
            bl_diag_label(&diagnostics, d, "%s", long_text);
            bl_diag_note(&diagnostics, d, BL_SPAN_NONE, "%s", long_text);
            bl_diag_help(&diagnostics, d, "%s", long_text);
        }
        assert_true(diagnostics.error_count == 3 || diagnostics.left_out_count > 0);
        bl_buffer buffer;
        bl_buffer_init(&buffer, &bl_memory_default);
        bl_diagnostics_write(&diagnostics, &source, 0, (bl_style){false}, &buffer);
        bl_buffer_free(&buffer);
        if (left < 2) assert_true(diagnostics.out_of_memory);
        bl_arena_destroy(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_place_counts_lines_and_characters_from_one),
        TEST(a_byte_order_mark_is_no_character),
        TEST(an_empty_source_has_one_empty_line),
        TEST(a_source_without_content_still_knows_its_lines),
        TEST(a_snippet_is_one_line_without_comments),
        TEST(a_code_and_its_title_come_from_the_list),
        TEST(an_error_shows_its_line_a_caret_and_help),
        TEST(a_note_with_a_place_shows_it),
        TEST(carets_stand_under_wide_text_and_tabs),
        TEST(what_could_trick_a_terminal_is_not_shown),
        TEST(a_long_line_is_cut_around_the_place),
        TEST(a_second_error_at_the_same_place_is_dropped),
        TEST(errors_are_shown_by_file_and_place_and_placeless_ones_last),
        TEST(errors_past_the_limit_are_counted_and_not_kept),
        TEST(other_places_of_a_slip_are_counted),
        TEST(equal_slips_are_one_message),
        TEST(another_place_of_a_slip_has_an_error),
        TEST(many_warnings_hide_no_error),
        TEST(json_names_every_place_and_leaves_out_what_is_empty),
        TEST(color_appears_only_when_asked_for),
        TEST(out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
