/*
 * JSON: the strict reader for event lines. The numbers that are not short and whole are read in
 * json_number.c; the writer is json_write.c.
 *
 * The reader goes over the line once, with a stack of its own instead of recursion. Every value
 * that is read is pushed; when a container closes, what lies on the stack since its opening is
 * copied to the arena in one piece and replaced by the container. So every value is copied at
 * most once and a container's count is known before it is laid out. A member lies on the stack as
 * two values: its key (a text, whose place serves messages) and its value.
 *
 * Not for documents that are larger than an event line, and not for lenient reading.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "json_scan.h"
#include "limits.h"

/* Values on the reader's own stack before it moves to the arena: any usual event fits. */
#define FIRST_STACK_COUNT 64
/*
 * Up to here a new key is compared with each earlier one; larger objects are sorted when they
 * close.
 */
#define LINEAR_KEY_COUNT 16
/* Bytes of the line that a message repeats. */
#define SHOWN_SIZE 40
#define FOUND_SIZE (SHOWN_SIZE + 16)

typedef struct frame {
    const char *at; /* the opening bracket */
    size_t base; /* where its contents begin on the stack */
    bool is_object;
} frame;

typedef struct reader {
    const char *start;
    const char *at;
    const char *end;
    bl_arena *scratch;
    bl_json_error *error;
    bl_json *stack;
    size_t count;
    size_t capacity;
    size_t depth;
    frame frames[BL_JSON_DEPTH_MAX];
    bl_json first_stack[FIRST_STACK_COUNT];
} reader;

/* ---- going over the line ---- */

static inline void skip_blanks(reader *r)
{
    while (r->at < r->end && bl_byte_at(r->at) <= ' ' &&
           (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

uint32_t bl_json_column(bl_text line, uint32_t at)
{
    const size_t most = at < line.size ? at : line.size;
    uint32_t column = 1;
    for (size_t i = 0; i < most;) {
        const size_t size = bl_character_size(line.bytes + i, line.bytes + line.size);
        i += size > 0 ? size : 1;
        if (i <= most) column++;
    }
    return column;
}

/* ---- errors ---- */

__attribute__((format(printf, 3, 4), cold)) static bool fail(reader *r, const char *at,
                                                             const char *format, ...)
{
    bl_json_error *error = r->error;
    const bl_text line = {r->start, (size_t)(r->end - r->start)};
    error->at = (uint32_t)(at - r->start);
    error->column = bl_json_column(line, error->at);
    error->out_of_memory = false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

__attribute__((cold)) static bool fail_memory(reader *r)
{
    fail(r, r->at, "out of memory");
    r->error->out_of_memory = true;
    return false;
}

/* Whether a character may stand in a message: no control, nothing that hides or turns the rest. */
static bool is_showable(uint32_t code)
{
    const bool is_control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    const bool is_hidden = code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
                           (code >= 0x2028 && code <= 0x202E) ||
                           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
                           (code >= 0xE0000 && code <= 0xE0FFF);
    return !is_control && !is_hidden;
}

/*
 * A key as a message shows it: cut to whole characters, with `?` for what could spoil the
 * message.
 */
static void show_key(bl_text key, char out[FOUND_SIZE])
{
    const char *at = key.bytes;
    const char *const end = key.bytes + key.size;
    size_t used = 0;
    while (at < end) {
        const size_t size = bl_character_size(at, end);
        if (used + size > SHOWN_SIZE) break;
        if (is_showable(bl_character_code(at, size))) {
            memcpy(out + used, at, size);
            used += size;
        } else {
            out[used++] = '?';
        }
        at += size;
    }
    snprintf(out + used, FOUND_SIZE - used, "%s", at < end ? "…" : "");
}

/* What stands at `at`, in words. */
static void describe(const reader *r, const char *at, char out[FOUND_SIZE])
{
    if (at >= r->end) {
        snprintf(out, FOUND_SIZE, "the end of the line");
        return;
    }
    const char *word_end = at;
    while (word_end < r->end && word_end - at < SHOWN_SIZE && bl_json_is_word_byte(word_end))
        word_end++;
    const size_t size = bl_character_size(at, r->end);
    if (word_end > at)
        snprintf(out, FOUND_SIZE, "`%.*s`", (int)(word_end - at), at);
    else if (size == 0 || bl_byte_at(at) < 0x20)
        snprintf(out, FOUND_SIZE, "the byte 0x%02x", bl_byte_at(at));
    else if (*at == '`')
        snprintf(out, FOUND_SIZE, "a backquote");
    else if (size == 1 && *at != 0x7F)
        snprintf(out, FOUND_SIZE, "`%c`", *at);
    else
        snprintf(out, FOUND_SIZE, "the character U+%04X", (unsigned)bl_character_code(at, size));
}

__attribute__((cold)) static bool fail_expected(reader *r, const char *at, const char *expected)
{
    char found[FOUND_SIZE];
    describe(r, at, found);
    return fail(r, at, "expected %s, found %s", expected, found);
}

/* ---- the stack ---- */

__attribute__((cold)) static bool grow_stack(reader *r)
{
    bl_json *stack = bl_arena_array(r->scratch, r->capacity * 2, sizeof *stack);
    if (stack == NULL) return fail_memory(r);
    memcpy(stack, r->stack, r->count * sizeof *stack);
    r->stack = stack;
    r->capacity *= 2;
    return true;
}

/* A new value on the stack, its kind and place set; NULL when out of memory. */
static inline bl_json *push(reader *r, bl_json_kind kind, const char *at)
{
    if (r->count == r->capacity && !grow_stack(r)) return NULL;
    bl_json *value = &r->stack[r->count++];
    value->kind = kind;
    value->at = (uint32_t)(at - r->start);
    value->count = 0;
    return value;
}

/* ---- texts ---- */

__attribute__((cold)) static bool fail_in_text(reader *r, const char *opening, const char *at)
{
    if (at >= r->end)
        return fail(r, opening, "expected `\"` to close this text, found the end of the line");
    if (*at == '\0') return fail(r, at, "NUL has no place in a text");
    if (bl_byte_at(at) < ' ')
        return fail(r, at, "a raw control character in a text: write it as `\\u%04x`",
                    bl_byte_at(at));
    return fail(r, at, "the byte 0x%02x is not UTF-8", bl_byte_at(at));
}

static int hex_digit(const char *at)
{
    if (*at >= '0' && *at <= '9') return *at - '0';
    if (*at >= 'a' && *at <= 'f') return *at - 'a' + 10;
    if (*at >= 'A' && *at <= 'F') return *at - 'A' + 10;
    return -1;
}

/* The four digits behind `\u`; `at` is the backslash. */
static bool read_hex(reader *r, const char *at, uint32_t *out)
{
    uint32_t code = 0;
    for (const char *digit = at + 2; digit < at + 6; digit++) {
        const int value = digit < r->end ? hex_digit(digit) : -1;
        if (value < 0) return fail_expected(r, digit, "four hexadecimal digits after `\\u`");
        code = code * 16 + (uint32_t)value;
    }
    *out = code;
    return true;
}

/* `\uXXXX` or a pair of them that make one character. */
static bool read_unicode_escape(reader *r, const char **at, char **out)
{
    const char *const escape = *at;
    uint32_t code = 0;
    if (!read_hex(r, escape, &code)) return false;
    *at = escape + 6;
    if (code == 0) return fail(r, escape, "`\\u0000` has no place in a text");
    if (code >= 0xD800 && code <= 0xDFFF) {
        uint32_t low = 0;
        const bool is_pair = code < 0xDC00 && r->end - *at >= 2 && memcmp(*at, "\\u", 2) == 0;
        if (is_pair && !read_hex(r, *at, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail(r, escape, "`%.6s` is half a character: its other half is missing", escape);
        *at += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *out = bl_character_put(*out, code);
    return true;
}

static bool read_escape(reader *r, const char **at, char **out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter = *at + 1;
    if (letter < r->end && *letter == 'u') return read_unicode_escape(r, at, out);
    const char *found = letter < r->end ? memchr(letters, *letter, sizeof letters - 1) : NULL;
    if (found == NULL)
        return fail_expected(r, letter, "one of `\"`, `\\`, `/`, b, f, n, r, t, u after `\\`");
    *(*out)++ = meanings[found - letters];
    *at += 2;
    return true;
}

/* The closing quote, or the end of the line: a bound for the size, before anything is checked. */
static const char *find_closing_quote(const char *at, const char *end)
{
    while (at < end && *at != '"')
        at += *at == '\\' && end - at > 1 ? 2 : 1;
    return at;
}

/* A text with escapes becomes a copy; it is never longer than what was written. */
static bool read_escaped_text(reader *r, const char *first_escape, bl_text *out)
{
    const char *const opening = r->at;
    const char *at = opening + 1;
    const char *const closing = find_closing_quote(first_escape, r->end);
    char *const bytes = bl_arena_alloc(r->scratch, (size_t)(closing - at));
    if (bytes == NULL) return fail_memory(r);
    char *end = bytes;
    for (;;) {
        const char *run = at;
        at = bl_json_skip_plain(at, r->end);
        const size_t size = at < r->end && bl_byte_at(at) >= 0x80 ? bl_character_size(at, r->end)
                                                                  : 0;
        at += size;
        memcpy(end, run, (size_t)(at - run));
        end += at - run;
        if (size > 0) continue;
        if (at == r->end || (*at != '"' && *at != '\\')) return fail_in_text(r, opening, at);
        if (*at == '"') break;
        if (!read_escape(r, &at, &end)) return false;
    }
    *out = (bl_text){bytes, (size_t)(end - bytes)};
    r->at = at + 1;
    return true;
}

/* The reader stands on the opening quote. */
static inline bool read_text(reader *r, bl_text *out)
{
    const char *const start = r->at + 1;
    const char *at = start;
    for (;;) {
        at = bl_json_skip_plain(at, r->end);
        if (at == r->end) return fail_in_text(r, r->at, at);
        if (*at == '"') break;
        if (*at == '\\') return read_escaped_text(r, at, out);
        const size_t size = bl_byte_at(at) >= 0x80 ? bl_character_size(at, r->end) : 0;
        if (size == 0) return fail_in_text(r, r->at, at);
        at += size;
    }
    *out = (bl_text){start, (size_t)(at - start)};
    r->at = at + 1;
    return true;
}

/* ---- numbers ---- */

static bool read_decimal(reader *r, bl_rational *out)
{
    const char *expected;
    if (bl_json_read_decimal(&r->at, r->end, out, &expected)) return true;
    if (expected != NULL) return fail_expected(r, r->at, expected);
    return fail(r, r->at,
                "a number that does not fit: at most 18 digits, those after the point included");
}

/* Nearly all numbers are short whole ones; everything else starts over as a decimal. */
static bool read_number(reader *r)
{
    bl_json *value = push(r, BL_JSON_NUMBER, r->at);
    if (value == NULL) return false;
    int64_t whole = 0;
    const char *at = r->at;
    for (; bl_json_is_digit(at, r->end) && at - r->at < 18; at++)
        whole = whole * 10 + (*at - '0');
    const bool is_simple = at > r->at && (*r->at != '0' || at - r->at == 1) &&
                           (at == r->end || !bl_json_is_word_byte(at));
    if (!is_simple) return read_decimal(r, &value->as.number);
    value->as.number = BL_RATIONAL(whole);
    r->at = at;
    return true;
}

/* ---- true, false, null ---- */

static const char *value_expected(const reader *r)
{
    return r->depth == 0 ? "an object" : "a value";
}

static bool read_word(reader *r, const char *word, size_t size, bl_json_kind kind)
{
    const char *const at = r->at;
    const size_t left = (size_t)(r->end - at);
    if (left < size || memcmp(at, word, size) != 0 ||
        (left > size && bl_json_is_word_byte(at + size)))
        return fail_expected(r, at, value_expected(r));
    bl_json *value = push(r, kind, at);
    if (value == NULL) return false;
    value->as.boolean = *word == 't';
    r->at += size;
    return true;
}

/* ---- objects and lists ---- */

__attribute__((cold)) static bool fail_duplicate(reader *r, const bl_json *key)
{
    char shown[FOUND_SIZE];
    show_key(key->as.text, shown);
    return fail(r, r->start + key->at, "`%s` stands twice in this object", shown);
}

/* By key, and equal keys by place. The keys lie at even places of `contents`. */
static bool key_is_before(const bl_json *contents, uint32_t a, uint32_t b)
{
    const int order = bl_text_compare(contents[2 * (size_t)a].as.text,
                                      contents[2 * (size_t)b].as.text);
    return order < 0 || (order == 0 && a < b);
}

/* One round of a merge sort: runs of `width` in `from` become runs of twice that in `to`. */
static void merge_runs(const bl_json *contents, size_t width, const uint32_t *from, uint32_t *to,
                       size_t count)
{
    for (size_t start = 0; start < count; start += 2 * width) {
        const size_t middle = start + width < count ? start + width : count;
        const size_t end = middle + width < count ? middle + width : count;
        size_t left = start;
        size_t right = middle;
        for (size_t i = start; i < end; i++) {
            const bool takes_left = right == end ||
                                    (left < middle &&
                                     key_is_before(contents, from[left], from[right]));
            to[i] = takes_left ? from[left++] : from[right++];
        }
    }
}

/* Sorts, so that forged keys cannot make a large object slow; names the first key that returns. */
static bool check_many_keys(reader *r, const bl_json *contents, size_t count)
{
    uint32_t *order = bl_arena_array(r->scratch, count, 2 * sizeof *order);
    if (order == NULL) return fail_memory(r);
    uint32_t *other = order + count;
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t width = 1; width < count; width *= 2) {
        merge_runs(contents, width, order, other, count);
        uint32_t *const sorted = other;
        other = order;
        order = sorted;
    }
    size_t first = count;
    for (size_t i = 1; i < count; i++) {
        const size_t later = order[i];
        if (later < first &&
            bl_text_equal(contents[2 * (size_t)order[i - 1]].as.text, contents[2 * later].as.text))
            first = later;
    }
    return first == count || fail_duplicate(r, &contents[2 * first]);
}

/* The newest key of an object that is still small against the earlier ones. */
static inline bool check_new_key(reader *r, size_t base)
{
    const size_t newest_at = r->count - 1;
    if (newest_at - base > 2 * (size_t)LINEAR_KEY_COUNT) return true;
    const bl_json *newest = &r->stack[newest_at];
    const bl_text key = newest->as.text;
    for (size_t i = base; i < newest_at; i += 2) {
        const bl_text earlier = r->stack[i].as.text;
        if (earlier.size == key.size && memcmp(earlier.bytes, key.bytes, key.size) == 0)
            return fail_duplicate(r, newest);
    }
    return true;
}

/* `"key" :`, up to where the value begins. */
static inline bool read_key(reader *r, const char *expected)
{
    if (r->at == r->end || *r->at != '"') return fail_expected(r, r->at, expected);
    bl_json *key = push(r, BL_JSON_TEXT, r->at);
    if (key == NULL || !read_text(r, &key->as.text) ||
        !check_new_key(r, r->frames[r->depth - 1].base))
        return false;
    skip_blanks(r);
    if (r->at == r->end || *r->at != ':') return fail_expected(r, r->at, "`:` after the key");
    r->at++;
    return true;
}

static bool lay_out_object(reader *r, const bl_json *contents, bl_json *object)
{
    if (object->count > LINEAR_KEY_COUNT && !check_many_keys(r, contents, object->count))
        return false;
    bl_json_member *members = bl_arena_array(r->scratch, object->count, sizeof *members);
    if (members == NULL) return fail_memory(r);
    for (size_t i = 0; i < object->count; i++) {
        members[i].key = contents[2 * i].as.text;
        members[i].value = contents[2 * i + 1];
    }
    object->as.members = members;
    return true;
}

static bool lay_out_array(reader *r, const bl_json *contents, bl_json *array)
{
    bl_json *items = bl_arena_array(r->scratch, array->count, sizeof *items);
    if (items == NULL) return fail_memory(r);
    if (array->count > 0) memcpy(items, contents, array->count * sizeof *items);
    array->as.items = items;
    return true;
}

/* The reader stands on the closing bracket: what was pushed since the opening becomes one value. */
static bool close_container(reader *r)
{
    const frame *const closed = &r->frames[r->depth - 1];
    const bl_json *const contents = r->stack + closed->base;
    const size_t pushed = r->count - closed->base;
    bl_json value = {.at = (uint32_t)(closed->at - r->start)};
    value.kind = closed->is_object ? BL_JSON_OBJECT : BL_JSON_ARRAY;
    value.count = (uint32_t)(closed->is_object ? pushed / 2 : pushed);
    const bool is_laid_out = closed->is_object ? lay_out_object(r, contents, &value)
                                               : lay_out_array(r, contents, &value);
    if (!is_laid_out) return false;
    r->count = closed->base;
    bl_json *pushed_value = push(r, value.kind, closed->at);
    if (pushed_value == NULL) return false;
    *pushed_value = value;
    r->depth--;
    r->at++;
    return true;
}

/* The reader stands on an opening bracket. An empty container closes at once and is a value. */
static bool open_container(reader *r, bool *has_value)
{
    if (r->depth == BL_JSON_DEPTH_MAX)
        return fail(r, r->at, "nested too deep: at most %d objects and lists inside each other",
                    BL_JSON_DEPTH_MAX);
    const bool is_object = *r->at == '{';
    r->frames[r->depth++] = (frame){r->at, r->count, is_object};
    r->at++;
    skip_blanks(r);
    if (r->at < r->end && *r->at == (is_object ? '}' : ']')) {
        *has_value = true;
        return close_container(r);
    }
    return !is_object || read_key(r, "a key in quotes or `}`");
}

/* Behind a value inside a container: the next member or item, or the end. */
static bool continue_container(reader *r, bool *has_value)
{
    const bool is_object = r->frames[r->depth - 1].is_object;
    const char found = r->at < r->end ? *r->at : '\0';
    if (found == ',') {
        *has_value = false;
        r->at++;
        if (!is_object) return true;
        skip_blanks(r);
        return read_key(r, "a key in quotes after `,`");
    }
    if (found == (is_object ? '}' : ']')) return close_container(r);
    return fail_expected(r, r->at,
                         is_object ? "`,` or `}` after a member" : "`,` or `]` after an item");
}

static bool read_text_value(reader *r)
{
    bl_json *value = push(r, BL_JSON_TEXT, r->at);
    return value != NULL && read_text(r, &value->as.text);
}

static inline bool begin_value(reader *r, bool *has_value)
{
    *has_value = true;
    switch (r->at < r->end ? *r->at : '\0') {
    case '"': return read_text_value(r);
    case '{':
    case '[': *has_value = false; return open_container(r, has_value);
    case 't': return read_word(r, "true", 4, BL_JSON_BOOLEAN);
    case 'f': return read_word(r, "false", 5, BL_JSON_BOOLEAN);
    case 'n': return read_word(r, "null", 4, BL_JSON_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return read_number(r);
    default: return fail_expected(r, r->at, value_expected(r));
    }
}

static bool read_tree(reader *r)
{
    bool has_value = false;
    for (;;) {
        skip_blanks(r);
        if (!has_value) {
            if (!begin_value(r, &has_value)) return false;
        } else if (r->depth == 0) {
            return r->at == r->end || fail_expected(r, r->at, "the end of the line");
        } else if (!continue_container(r, &has_value)) {
            return false;
        }
    }
}

bool bl_json_read(bl_text line, bl_arena *scratch, bl_json *out, bl_json_error *error)
{
    const char *const bytes = line.size > 0 ? line.bytes : "";
    reader r;
    r.start = bytes;
    r.at = bytes;
    r.end = bytes + line.size;
    r.scratch = scratch;
    r.error = error;
    r.stack = r.first_stack;
    r.count = 0;
    r.capacity = FIRST_STACK_COUNT;
    r.depth = 0;
    if (line.size > BL_LINE_SIZE_MAX)
        return fail(&r, bytes, "a line of more than %u bytes", BL_LINE_SIZE_MAX);
    if (!read_tree(&r)) return false;
    assert(r.count == 1);
    *out = r.stack[0];
    return true;
}

/* ---- looking at values ---- */

const bl_json *bl_json_find(const bl_json *object, bl_text key)
{
    if (object->kind != BL_JSON_OBJECT) return NULL;
    for (uint32_t i = 0; i < object->count; i++) {
        if (bl_text_equal(object->as.members[i].key, key)) return &object->as.members[i].value;
    }
    return NULL;
}

const char *bl_json_kind_name(bl_json_kind kind)
{
    switch (kind) {
    case BL_JSON_NULL: return "null";
    case BL_JSON_BOOLEAN: return "true or false";
    case BL_JSON_NUMBER: return "a number";
    case BL_JSON_TEXT: return "text";
    case BL_JSON_ARRAY: return "a list";
    case BL_JSON_OBJECT: return "an object";
    }
    return "nothing";
}
