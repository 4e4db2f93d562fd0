/*
 * Markup: what people wrote is shown and never obeyed; pages and pictures are well-formed frames.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/markup.h"

static void assert_text(const char *text, const char *expected)
{
    bl_buffer out;
    bl_buffer_init(&out, &bl_memory_default);
    bl_markup_text(&out, bl_text_of(text));
    assert_int_equal(out.size, strlen(expected));
    assert_memory_equal(out.bytes, expected, out.size);
    bl_buffer_free(&out);
}

static void markup_in_texts_is_shown(void **state)
{
    (void)state;
    assert_text("plain", "plain");
    assert_text("<b>\"it's\" & so</b>", "&lt;b&gt;&quot;it&#39;s&quot; &amp; so&lt;/b&gt;");
    assert_text("]]><!--", "]]&gt;&lt;!--");
}

static void controls_and_direction_marks_are_replaced(void **state)
{
    (void)state;
    assert_text("a\033[1m<", "a\xEF\xBF\xBD[1m&lt;");
    assert_text("\xE2\x80\xAE"
                "evil",
                "\xEF\xBF\xBD"
                "evil");
}

static void columns_count_what_is_seen(void **state)
{
    (void)state;
    assert_int_equal(bl_markup_columns(BL_TEXT("abc")), 3);
    assert_int_equal(bl_markup_columns(BL_TEXT("h\xC3\xA9")), 2);
    assert_int_equal(bl_markup_columns(BL_TEXT("\xE6\x97\xA5")), 2);
    assert_int_equal(bl_markup_columns(BL_TEXT("e\xCC\x81")), 1);
}

static void frames_escape_their_titles(void **state)
{
    (void)state;
    bl_buffer out;
    bl_buffer_init(&out, &bl_memory_default);
    bl_markup_svg_begin(&out, 10, 20, BL_TEXT("a<b"), BL_TEXT("c&d"));
    bl_markup_svg_end(&out);
    bl_markup_page_begin(&out, BL_TEXT("\"e\""));
    bl_markup_page_end(&out);
    bl_buffer_char(&out, '\0');
    assert_non_null(strstr(out.bytes, "<title>a&lt;b</title>"));
    assert_non_null(strstr(out.bytes, "<desc>c&amp;d</desc>"));
    assert_non_null(strstr(out.bytes, "viewBox=\"0 0 10 20\""));
    assert_non_null(strstr(out.bytes, "<title>&quot;e&quot;</title>"));
    bl_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_in_texts_is_shown),
        cmocka_unit_test(controls_and_direction_marks_are_replaced),
        cmocka_unit_test(columns_count_what_is_seen),
        cmocka_unit_test(frames_escape_their_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
