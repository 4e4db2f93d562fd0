/*
 * JSON: stepping over values. The brackets that are open are kept as bits, an object's as 1.
 */
#include "json_walk.h"

#include "json_scan.h"
#include "limits.h"

_Static_assert(BL_JSON_DEPTH_MAX <= 64, "a bit for each bracket that is open");

const char *bl_json_walk_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* Over a text, from its opening quote. False: it has no end. */
static bool skip_text(const char **at, const char *end)
{
    const char *c = *at + 1;
    for (;;) {
        c = bl_json_skip_plain(c, end);
        if (c == end) return false;
        if (*c == '"') break;
        c += *c == '\\' && end - c > 1 ? 2 : 1;
    }
    *at = c + 1;
    return true;
}

static bool skip_word(const char **at, const char *end)
{
    const char *c = *at;
    while (c < end && bl_json_is_word_byte(c))
        c++;
    const bool is_word = c > *at;
    *at = c;
    return is_word;
}

/* What is stepped over: a stack of the brackets that are open. */
typedef struct skip {
    const char *at;
    const char *end;
    uint64_t objects;
    uint32_t depth;
    const char *expected;
} skip;

static bool expect(skip *s, const char *expected)
{
    s->expected = expected;
    return false;
}

/* A key and its colon, where the innermost bracket is an object's. */
static bool skip_key(skip *s, const char *expected)
{
    s->at = bl_json_walk_blanks(s->at, s->end);
    if ((s->objects & 1) == 0) return true;
    if (s->at == s->end || *s->at != '"') return expect(s, expected);
    if (!skip_text(&s->at, s->end)) return expect(s, "a text with a `\"` at its end");
    s->at = bl_json_walk_blanks(s->at, s->end);
    if (s->at == s->end || *s->at != ':') return expect(s, "`:` after the key");
    s->at++;
    return true;
}

/* Whether the innermost bracket closes here. */
static bool closes(const skip *s)
{
    return s->at < s->end && *s->at == (s->objects & 1 ? '}' : ']');
}

static bool enter(skip *s, bool *is_value)
{
    if (s->depth == BL_JSON_DEPTH_MAX) return expect(s, "fewer brackets inside of each other");
    s->objects = s->objects << 1 | (*s->at == '{');
    s->depth++;
    s->at = bl_json_walk_blanks(s->at + 1, s->end);
    *is_value = closes(s);
    return *is_value || skip_key(s, "a key in quotes or `}`");
}

/* Behind a value: closing brackets, and the comma before the next one. */
static bool go_on(skip *s)
{
    for (; s->depth > 0; s->depth--, s->objects >>= 1) {
        s->at = bl_json_walk_blanks(s->at, s->end);
        if (closes(s)) {
            s->at++;
            continue;
        }
        if (s->at == s->end || *s->at != ',')
            return expect(s, s->objects & 1 ? "`,` or `}` after a member"
                                            : "`,` or `]` after an item");
        s->at++;
        return skip_key(s, "a key in quotes after `,`");
    }
    return true;
}

/* Over one value. */
static bool skip_value(skip *s)
{
    do {
        s->at = bl_json_walk_blanks(s->at, s->end);
        if (s->at == s->end) return expect(s, "a value");
        bool is_value = true;
        if (*s->at == '{' || *s->at == '[') {
            if (!enter(s, &is_value)) return false;
        } else if (*s->at == '"') {
            if (!skip_text(&s->at, s->end)) return expect(s, "a text with a `\"` at its end");
        } else if (!skip_word(&s->at, s->end)) {
            return expect(s, "a value");
        }
        if (is_value && !go_on(s)) return false;
    } while (s->depth > 0);
    return true;
}

bool bl_json_walk_begin(bl_text text, bl_json_walk *walk)
{
    const char *const end = text.bytes + text.size;
    const char *const at = bl_json_walk_blanks(text.bytes, end);
    *walk = (bl_json_walk){.at = at, .end = end};
    if (at == end || (*at != '{' && *at != '[')) return false;
    walk->is_object = *at == '{';
    walk->at++;
    return true;
}

static bool report(bl_json_walk *walk, const char *expected)
{
    walk->expected = expected;
    return false;
}

/* The comma before all but the first; false at the closing bracket, or where neither stands. */
static bool step(bl_json_walk *walk)
{
    walk->at = bl_json_walk_blanks(walk->at, walk->end);
    const char found = walk->at < walk->end ? *walk->at : '\0';
    if (found == (walk->is_object ? '}' : ']')) {
        walk->at++;
        return false;
    }
    if (walk->is_begun && found != ',')
        return report(walk,
                      walk->is_object ? "`,` or `}` after a member" : "`,` or `]` after an item");
    if (walk->is_begun) walk->at = bl_json_walk_blanks(walk->at + 1, walk->end);
    walk->is_begun = true;
    return true;
}

static bool take_key(bl_json_walk *walk, bl_text *key)
{
    *key = (bl_text){walk->at, 0};
    if (walk->at == walk->end || *walk->at != '"') return report(walk, "a key in quotes");
    const char *at = walk->at;
    if (!skip_text(&at, walk->end)) return report(walk, "a text with a `\"` at its end");
    key->size = (size_t)(at - walk->at);
    walk->at = bl_json_walk_blanks(at, walk->end);
    if (walk->at == walk->end || *walk->at != ':') return report(walk, "`:` after the key");
    walk->at = bl_json_walk_blanks(walk->at + 1, walk->end);
    return true;
}

bool bl_json_walk_next(bl_json_walk *walk, bl_text *key, bl_text *value)
{
    if (!step(walk) || (walk->is_object && !take_key(walk, key))) return false;
    skip s = {.at = walk->at, .end = walk->end};
    const bool is_over = skip_value(&s);
    *value = (bl_text){walk->at, (size_t)(s.at - walk->at)};
    walk->at = s.at;
    return is_over || report(walk, s.expected);
}
