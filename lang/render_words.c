/*
 * Small words: numbers, plurals, lists, links, and the sentences of render.def with their gaps
 * filled. Nothing here knows what a clause is about.
 */
#include "render.h"

#include <string.h>

static const char *const sentences[] = {
#define SENTENCE(name, words) words,
#define GENERAL(name, words)
#include "render.def"
#undef GENERAL
#undef SENTENCE
};

/* The buffer's text in the arena; the buffer is freed. */
static bl_text keep(bl_render *r, bl_buffer *buffer)
{
    char *copy = buffer->failed ? NULL : bl_arena_copy(&r->arena, buffer->bytes, buffer->size);
    const bl_text kept = {copy ? copy : "", copy ? buffer->size : 0};
    if (!copy) r->failed = true;
    bl_buffer_free(buffer);
    return kept;
}

bl_text bl_phrase(bl_render *r, bl_sentence sentence, const bl_text *parts)
{
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    for (const char *at = sentences[sentence]; *at; at++) {
        if (*at == '$')
            bl_buffer_text(&out, parts[*++at - '1']);
        else
            bl_buffer_char(&out, *at);
    }
    return keep(r, &out);
}

bl_text bl_phrase_joined(bl_render *r, bl_text a, bl_text b)
{
    if (a.size == 0) return b;
    if (b.size == 0) return a;
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    bl_buffer_text(&out, a);
    bl_buffer_text(&out, b);
    return keep(r, &out);
}

/* The first byte that is read aloud: behind marks and an opening quote. */
static size_t first_letter(bl_text words)
{
    static const char quote[] = "“";
    size_t at = 0;
    while (at < words.size) {
        const char byte = words.bytes[at];
        if (byte == BL_MARK_LINK) {
            while (at < words.size && words.bytes[at] != BL_MARK_BODY)
                at++;
            at++;
        } else if (byte == BL_MARK_NAME) {
            return words.size; /* *r* stays small */
        } else if (words.size - at >= sizeof quote &&
                   memcmp(words.bytes + at, quote, sizeof quote - 1) == 0) {
            at += sizeof quote - 1;
        } else {
            break;
        }
    }
    return at;
}

bl_text bl_phrase_capital(bl_render *r, bl_text words)
{
    char *copy = bl_arena_copy(&r->arena, words.bytes, words.size);
    if (!copy) {
        r->failed = true;
        return BL_TEXT("");
    }
    const size_t at = first_letter(words);
    if (at < words.size && copy[at] >= 'a' && copy[at] <= 'z')
        copy[at] = (char)(copy[at] - 'a' + 'A');
    return (bl_text){copy, words.size};
}

bl_text bl_phrase_sentence(bl_render *r, bl_text words)
{
    return SAY(r, SENTENCE, bl_phrase_capital(r, words));
}

/* Controls would be taken for marks. */
bl_text bl_phrase_source(bl_render *r, bl_text text)
{
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    for (size_t i = 0; i < text.size; i++)
        bl_buffer_char(&out, (unsigned char)text.bytes[i] < ' ' ? ' ' : text.bytes[i]);
    return keep(r, &out);
}

bl_text bl_phrase_quoted(bl_render *r, bl_text text)
{
    return SAY(r, QUOTED, bl_phrase_source(r, text));
}

/* ---- names ---- */

bl_text bl_phrase_name(bl_render *r, bl_text name)
{
    char *copy = bl_arena_copy(&r->arena, name.bytes, name.size);
    if (!copy) {
        r->failed = true;
        return BL_TEXT("");
    }
    for (size_t i = 0; i < name.size; i++)
        if (copy[i] == '_') copy[i] = ' ';
    return (bl_text){copy, name.size};
}

static bool ends_in(bl_text text, const char *end)
{
    const size_t size = strlen(end);
    return text.size >= size && memcmp(text.bytes + text.size - size, end, size) == 0;
}

bool bl_name_is_plural(bl_text name)
{
    if (ends_in(name, "people")) return true;
    return ends_in(name, "s") && !ends_in(name, "ss") && !ends_in(name, "us") &&
           !ends_in(name, "is");
}

static bool is_vowel(char byte)
{
    return byte && strchr("aeiouAEIOU", byte) != NULL;
}

static void write_plural(bl_buffer *out, bl_text word)
{
    const bool has_y = ends_in(word, "y") && word.size > 1 && !is_vowel(word.bytes[word.size - 2]);
    if (ends_in(word, "person")) {
        bl_buffer_bytes(out, word.bytes, word.size - 6);
        bl_buffer_cstring(out, "people");
    } else if (ends_in(word, "man")) {
        bl_buffer_bytes(out, word.bytes, word.size - 3);
        bl_buffer_cstring(out, "men");
    } else if (bl_name_is_plural(word)) {
        bl_buffer_text(out, word);
    } else if (has_y) {
        bl_buffer_bytes(out, word.bytes, word.size - 1);
        bl_buffer_cstring(out, "ies");
    } else {
        const bool hisses = ends_in(word, "s") || ends_in(word, "x") || ends_in(word, "ch") ||
                            ends_in(word, "sh") || ends_in(word, "z");
        bl_buffer_text(out, word);
        bl_buffer_cstring(out, hisses ? "es" : "s");
    }
}

/* "member of parliament": what stands before `of` has the plural. */
bl_text bl_phrase_plural(bl_render *r, bl_text name)
{
    const bl_text words = bl_phrase_name(r, name);
    size_t head = words.size;
    for (size_t i = 1; i + 4 <= words.size && head == words.size; i++)
        if (memcmp(words.bytes + i, " of ", 4) == 0) head = i;
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    write_plural(&out, (bl_text){words.bytes, head});
    bl_buffer_bytes(&out, words.bytes + head, words.size - head);
    return keep(r, &out);
}

bl_text bl_phrase_article(bl_render *r, bl_text words)
{
    const size_t at = first_letter(words);
    const bl_text rest = {words.bytes + at, words.size - at};
    bool has_an = rest.size > 0 && is_vowel(rest.bytes[0]);
    if (rest.size > 2 && (memcmp(rest.bytes, "us", 2) == 0 || memcmp(rest.bytes, "uni", 3) == 0 ||
                          memcmp(rest.bytes, "eu", 2) == 0))
        has_an = false;
    return has_an ? SAY(r, AN, words) : SAY(r, A, words);
}

bl_text bl_phrase_local(bl_render *r, bl_text name)
{
    return SAY(r, LOCAL, bl_phrase_name(r, name));
}

bl_text bl_phrase_count(bl_render *r, uint32_t number)
{
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    bl_buffer_number(&out, number);
    return keep(r, &out);
}

bl_text bl_phrase_link(bl_render *r, const bl_symbol *symbol, bl_text words)
{
    if (!symbol) return words;
    return SAY(r, LINK, bl_phrase_count(r, (uint32_t)(symbol - r->compiler->symbols)), words);
}

bl_text bl_phrase_number_of(bl_render *r, uint32_t target)
{
    return SAY(r, NUMBER_OF, bl_phrase_count(r, target));
}

/* ---- numbers ---- */

static bl_text text_of_span(const bl_render *r, bl_span span)
{
    if (span.file >= r->compilation->source_count) return BL_TEXT("");
    const bl_text content = r->compilation->sources[span.file].content;
    if (span.end > content.size || span.start > span.end) return BL_TEXT("");
    return (bl_text){content.bytes + span.start, span.end - span.start};
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The literal in the span, without parentheses around it: "14 days", "75%". */
static bl_text literal(const bl_render *r, const bl_node *node)
{
    bl_text text = text_of_span(r, node->span);
    while (text.size > 0 && !is_digit(text.bytes[0]))
        text = (bl_text){text.bytes + 1, text.size - 1};
    while (text.size > 0 && (text.bytes[text.size - 1] == ')' || text.bytes[text.size - 1] == ' ' ||
                             text.bytes[text.size - 1] == '\n'))
        text.size--;
    return text;
}

/* Up to ten in words, as books have it. */
static const char *const small_numbers[] = {"zero", "one",   "two",   "three", "four", "five",
                                            "six",  "seven", "eight", "nine",  "ten"};

static bl_text numeral(bl_render *r, bl_text digits)
{
    uint32_t number = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (!is_digit(digits.bytes[i]) || number > 10) return bl_phrase_source(r, digits);
        number = number * 10 + (uint32_t)(digits.bytes[i] - '0');
    }
    if (digits.size == 0 || number > 10) return bl_phrase_source(r, digits);
    return bl_text_of(small_numbers[number]);
}

bl_text bl_phrase_numeral(bl_render *r, const bl_node *node)
{
    return numeral(r, literal(r, node));
}

bl_text bl_phrase_digits(bl_render *r, const bl_node *node)
{
    return bl_phrase_source(r, literal(r, node));
}

bl_text bl_phrase_duration(bl_render *r, const bl_node *node)
{
    const bl_text text = literal(r, node);
    size_t digits = 0;
    while (digits < text.size && is_digit(text.bytes[digits]))
        digits++;
    size_t unit = digits;
    while (unit < text.size && !(text.bytes[unit] >= 'a' && text.bytes[unit] <= 'z'))
        unit++;
    return SAY(r, DURATION, numeral(r, (bl_text){text.bytes, digits}),
               bl_phrase_source(r, (bl_text){text.bytes + unit, text.size - unit}));
}

static const struct {
    int64_t over, under;
    const char *words;
} fractions[] = {
    {1, 2, "half"},           {1, 3, "one third"}, {2, 3, "two thirds"},  {1, 4, "one quarter"},
    {3, 4, "three quarters"}, {1, 5, "one fifth"}, {2, 5, "two fifths"},  {3, 5, "three fifths"},
    {4, 5, "four fifths"},    {1, 6, "one sixth"}, {5, 6, "five sixths"}, {1, 8, "one eighth"},
    {1, 10, "one tenth"},
};

bl_text bl_phrase_fraction(bl_render *r, const bl_node *divide)
{
    const bl_node *over = divide->kids[BL_BINARY_LEFT];
    const bl_node *under = divide->kids[BL_BINARY_RIGHT];
    (void)r;
    if (over->kind != BL_NODE_NUMBER || under->kind != BL_NODE_NUMBER) return BL_TEXT("");
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++)
        if (bl_rational_compare(over->as.number, BL_RATIONAL(fractions[i].over)) == 0 &&
            bl_rational_compare(under->as.number, BL_RATIONAL(fractions[i].under)) == 0)
            return bl_text_of(fractions[i].words);
    return BL_TEXT("");
}

/* ---- lists ---- */

void bl_words_add(bl_render *r, bl_words *words, bl_text item)
{
    if (words->count == words->capacity) {
        const size_t capacity = words->capacity ? words->capacity * 2 : 8;
        bl_text *items = bl_arena_array(&r->arena, capacity, sizeof *items);
        if (!items) {
            r->failed = true;
            return;
        }
        if (words->count > 0) memcpy(items, words->items, words->count * sizeof *items);
        words->items = items;
        words->capacity = capacity;
    }
    words->items[words->count++] = item;
}

bl_text bl_phrase_list(bl_render *r, const bl_words *words, bl_text between, bl_text last)
{
    bl_buffer out;
    bl_buffer_init(&out, r->arena.memory);
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0) bl_buffer_text(&out, i + 1 == words->count ? last : between);
        bl_buffer_text(&out, words->items[i]);
    }
    return keep(r, &out);
}
