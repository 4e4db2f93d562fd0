/*
 * Handles: from a spelling to the key that decides who is meant.
 *
 * Characters are judged twice, as written and after folding, because folding can bring forth what
 * is refused: U+00A8 becomes a blank and a mark. A handle is short, so everything happens in a
 * fixed array on the stack, and utf8proc is only used where it allocates nothing.
 */
#include "handle.h"

#include <utf8proc.h>

#include "limits.h"

/*
 * One character gives at most 18 (U+FDFA, which takes three bytes to write), so that this is enough
 * for every handle; what needed more would be refused as too long. utf8proc wants room for a NUL.
 */
#define FOLDED_COUNT_MAX (BL_HANDLE_SIZE_MAX / 2 * 18)

static bool refuse(const char **why, const char *reason)
{
    *why = reason;
    return false;
}

/* Neither blank nor control, and nothing that folding could change except capitals. */
static bool is_plain_ascii(bl_text handle)
{
    for (size_t i = 0; i < handle.size; i++) {
        if (handle.bytes[i] <= ' ' || handle.bytes[i] > '~') return false;
    }
    return true;
}

static void lower_ascii(bl_text handle, char out[BL_HANDLE_SIZE_MAX])
{
    for (size_t i = 0; i < handle.size; i++) {
        const char c = handle.bytes[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
}

static bool is_white_space(utf8proc_int32_t code, utf8proc_category_t category)
{
    return (code >= 0x09 && code <= 0x0D) || code == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

static bool check_character(utf8proc_int32_t code, const char **why)
{
    const utf8proc_category_t category = utf8proc_category(code);
    if (is_white_space(code, category)) return refuse(why, "a handle has no white space");
    if (category == UTF8PROC_CATEGORY_CC) return refuse(why, "a handle has no control characters");
    if (category == UTF8PROC_CATEGORY_CF || utf8proc_get_property(code)->ignorable)
        return refuse(why, "a handle has no invisible characters and none that turn the direction "
                           "of writing");
    if (category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CS)
        return refuse(why, "a handle has no characters that Unicode does not assign");
    return true;
}

/* Every character of well-formed UTF-8; also that something comes behind at most one `@`. */
static bool check_characters(const utf8proc_uint8_t *bytes, size_t size, const char **why)
{
    if (size > 0 && bytes[0] == '@') return refuse(why, "a handle begins with one `@` at most");
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t code;
        const utf8proc_ssize_t step = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(size - at),
                                                       &code);
        if (step <= 0) return refuse(why, "a handle is UTF-8");
        if (!check_character(code, why)) return false;
        at += (size_t)step;
    }
    return true;
}

/* Appends what NFKC with case folding makes of it, if that is still a handle. */
static bool append_folded(bl_text handle, bl_buffer *key, const char **why)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_CASEFOLD;
    utf8proc_int32_t codes[FOLDED_COUNT_MAX + 1];
    const utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)handle.bytes,
                                                      (utf8proc_ssize_t)handle.size, codes,
                                                      FOLDED_COUNT_MAX, options);
    if (count < 0 || count > FOLDED_COUNT_MAX)
        return refuse(why, "a handle has no characters that cannot be folded");
    const utf8proc_ssize_t size = utf8proc_reencode(codes, count, options);
    if (size <= 0) return refuse(why, "a handle has no characters that cannot be folded");
    if (!check_characters((const utf8proc_uint8_t *)codes, (size_t)size, why)) return false;
    bl_buffer_bytes(key, (const char *)codes, (size_t)size);
    return true;
}

static bool append_key(bl_text handle, bool exact, bl_buffer *key, const char **why)
{
    if (is_plain_ascii(handle) && handle.bytes[0] != '@') {
        char lowered[BL_HANDLE_SIZE_MAX];
        lower_ascii(handle, lowered);
        bl_buffer_bytes(key, exact ? handle.bytes : lowered, handle.size);
        return true;
    }
    if (!check_characters((const utf8proc_uint8_t *)handle.bytes, handle.size, why)) return false;
    if (!exact) return append_folded(handle, key, why);
    bl_buffer_text(key, handle);
    return true;
}

bool bl_handle_key(bl_text handle, bool exact, bl_buffer *key, const char **why)
{
    if (handle.size > 0 && handle.bytes[0] == '@')
        handle = (bl_text){handle.bytes + 1, handle.size - 1};
    if (handle.size == 0) return refuse(why, "a handle is not empty");
    _Static_assert(BL_HANDLE_SIZE_MAX == 128, "the message below names the limit");
    if (handle.size > BL_HANDLE_SIZE_MAX) return refuse(why, "a handle has at most 128 bytes");
    if (!append_key(handle, exact, key, why)) return false;
    return !key->failed || refuse(why, NULL);
}
