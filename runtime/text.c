/*
 * Slices of text: comparing, searching, UTF-8, globs and the distance of names; how ordinals end.
 *
 * All of it works in bytes, without a locale, without allocating, and in a time that forged text
 * cannot blow up.
 */
#include "text.h"

#include <string.h>

bl_text bl_text_of(const char *nul_terminated)
{
    if (!nul_terminated) return (bl_text){"", 0};
    return (bl_text){nul_terminated, strlen(nul_terminated)};
}

bool bl_text_equal(bl_text a, bl_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

int bl_text_compare(bl_text a, bl_text b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.bytes, b.bytes, common) : 0;
    if (order != 0) return order < 0 ? -1 : 1;
    return (a.size > b.size) - (a.size < b.size);
}

/*
 * The start of the greatest suffix of `part`, by byte order or by its reverse, and that suffix's
 * period. The later of the two starts is a critical position of `part` (Crochemore and Perrin,
 * "Two-way string-matching", 1991).
 */
static size_t greatest_suffix(bl_text part, bool reverse, size_t *period)
{
    size_t start = 0, candidate = 1, matched = 0;
    *period = 1;
    while (candidate + matched < part.size) {
        unsigned char next = (unsigned char)part.bytes[candidate + matched];
        unsigned char best = (unsigned char)part.bytes[start + matched];
        if (next == best) {
            if (++matched == *period) {
                candidate += *period;
                matched = 0;
            }
        } else if ((next < best) != reverse) {
            candidate += matched + 1;
            matched = 0;
            *period = candidate - start;
        } else {
            start = candidate++;
            matched = 0;
            *period = 1;
        }
    }
    return start;
}

/* Two-way search: time linear in both sizes, no memory. */
bool bl_text_contains(bl_text text, bl_text part)
{
    if (part.size == 0) return true;
    if (part.size > text.size) return false;
    size_t period, other_period;
    size_t middle = greatest_suffix(part, false, &period);
    size_t other = greatest_suffix(part, true, &other_period);
    if (other > middle) {
        middle = other;
        period = other_period;
    }
    bool is_periodic = middle + period <= part.size &&
                       memcmp(part.bytes, part.bytes + period, middle) == 0;
    if (!is_periodic) period = (middle > part.size - middle ? middle : part.size - middle) + 1;
    size_t known = 0; /* bytes of the left half that are known to match after a shift by a period */
    for (size_t at = 0; at <= text.size - part.size;) {
        size_t right = middle > known ? middle : known;
        while (right < part.size && part.bytes[right] == text.bytes[at + right])
            right++;
        if (right < part.size) {
            at += right - middle + 1;
            known = 0;
            continue;
        }
        size_t left = middle;
        while (left > known && part.bytes[left - 1] == text.bytes[at + left - 1])
            left--;
        if (left <= known) return true;
        at += period;
        known = is_periodic ? part.size - period : 0;
    }
    return false;
}

/* The size of the well-formed character at the beginning of `bytes`, or 0. */
static size_t utf8_size(const unsigned char *bytes, size_t size)
{
    unsigned char lead = bytes[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (size < wanted) return 0;
    /* The second byte excludes overlong forms, surrogates and what is past U+10FFFF. */
    unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < least || bytes[1] > most) return 0;
    for (size_t i = 2; i < wanted; i++)
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    return wanted;
}

bool bl_text_is_utf8(bl_text text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t i = 0;
    while (i < text.size) {
        uint64_t eight;
        while (text.size - i >= sizeof eight) {
            memcpy(&eight, bytes + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080)) break;
            i += sizeof eight;
        }
        if (i == text.size) break;
        size_t size = utf8_size(bytes + i, text.size - i);
        if (size == 0) {
            if (at) *at = i;
            return false;
        }
        i += size;
    }
    return true;
}

/*
 * A glob being matched. Two places to come back to suffice: the last `*` and the last `**`, because
 * the leftmost match of what stands before either leaves the most to what follows.
 */
typedef struct glob {
    bl_text pattern;
    bl_text text;
    size_t in_pattern;
    size_t in_text;
    size_t star; /* in the pattern, behind the last `*`; 0: none since the last `**` */
    size_t star_text; /* where its run ends so far */
    size_t deep; /* in the pattern, behind the last `**`; 0: none */
    size_t deep_text;
    size_t first_star_text; /* where the run of the first `*` since the last `**` began */
    size_t barrier; /* a first `*` that begins before it has failed already: see give_up_segment */
} glob;

/* Steps over the stars at the current place in the pattern. False: this `*` cannot begin here. */
static bool glob_stars(glob *g)
{
    size_t count = 0;
    while (g->in_pattern < g->pattern.size && g->pattern.bytes[g->in_pattern] == '*') {
        g->in_pattern++;
        count++;
    }
    if (count > 1) {
        g->deep = g->in_pattern;
        g->deep_text = g->in_text;
        g->star = g->barrier = 0;
        return true;
    }
    if (g->star == 0) {
        if (g->in_text < g->barrier) return false;
        g->first_star_text = g->in_text;
    }
    g->star = g->in_pattern;
    g->star_text = g->in_text;
    return true;
}

/*
 * The stars since the last `**` have failed. Had the first of them begun later but before the same
 * `/`, it could have reached nothing more, so the next try must begin it behind that `/`. This
 * keeps the time to pattern * text.
 */
static void give_up_segment(glob *g)
{
    size_t at = g->first_star_text;
    while (at < g->text.size && g->text.bytes[at] != '/')
        at++;
    g->barrier = at + 1;
    g->star = 0;
}

/* After a mismatch: lets the last `*`, or else the last `**`, take one byte more. */
static bool glob_retry(glob *g)
{
    if (g->star && g->star_text < g->text.size && g->text.bytes[g->star_text] != '/') {
        g->in_pattern = g->star;
        g->in_text = ++g->star_text;
        return true;
    }
    if (g->star) give_up_segment(g);
    if (g->deep == 0 || g->deep_text >= g->text.size) return false;
    g->in_pattern = g->deep;
    g->in_text = ++g->deep_text;
    return true;
}

static bool glob_byte(const glob *g)
{
    if (g->in_text >= g->text.size) return false;
    char wanted = g->pattern.bytes[g->in_pattern];
    char found = g->text.bytes[g->in_text];
    return wanted == '?' ? found != '/' : wanted == found;
}

static bool glob_run(bl_text pattern, bl_text text, bool whole)
{
    glob g = {.pattern = pattern, .text = text};
    for (;;) {
        if (g.in_pattern == pattern.size) {
            if (!whole || g.in_text == text.size || g.deep == pattern.size) return true;
        } else if (pattern.bytes[g.in_pattern] == '*') {
            if (glob_stars(&g)) continue;
        } else if (glob_byte(&g)) {
            g.in_pattern++;
            g.in_text++;
            continue;
        }
        if (!glob_retry(&g)) return false;
    }
}

bool bl_glob_matches(bl_text pattern, bl_text text)
{
    if (pattern.size == 0) return text.size == 0;
    return glob_run(pattern, text, true);
}

bool bl_glob_begins(bl_text pattern, bl_text text)
{
    return glob_run(pattern, text, false);
}

#define DISTANCE_SIZE_MAX 128 /* longer names are no slips of the pen */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* No distance is less: letters of one that the other has not, however they are placed. */
static size_t letters_apart(bl_text a, bl_text b)
{
    uint8_t counts[256] = {0}; /* names are no longer than DISTANCE_SIZE_MAX */
    size_t more = 0, missing = 0;
    for (size_t i = 0; i < a.size; i++)
        counts[(unsigned char)a.bytes[i]]++;
    for (size_t i = 0; i < b.size; i++)
        if (counts[(unsigned char)b.bytes[i]] > 0)
            counts[(unsigned char)b.bytes[i]]--;
        else
            more++;
    missing = a.size + more - b.size;
    return missing > more ? missing : more;
}

size_t bl_text_distance(bl_text a, bl_text b, size_t most)
{
    if (bl_text_equal(a, b)) return 0;
    size_t apart = a.size > b.size ? a.size - b.size : b.size - a.size;
    if (apart > most || a.size > DISTANCE_SIZE_MAX || b.size > DISTANCE_SIZE_MAX) return most + 1;
    if (letters_apart(a, b) > most) return most + 1;
    size_t rows[3][DISTANCE_SIZE_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.size; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t cost = a.bytes[i - 1] != b.bytes[j - 1];
            row[j] = least(above[j - 1] + cost, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.bytes[i - 1] == b.bytes[j - 2] &&
                a.bytes[i - 2] == b.bytes[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return least(above[b.size], most + 1);
}

/* ---- ordinals ---- */

const char *bl_ordinal_ending(uint32_t number)
{
    const bool is_teen = number % 100 / 10 == 1;
    switch (is_teen ? 0 : number % 10) {
    case 1: return "st";
    case 2: return "nd";
    case 3: return "rd";
    default: return "th";
    }
}
