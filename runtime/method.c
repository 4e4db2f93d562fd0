/*
 * The rules of a count by name: methods, presets, options and their words.
 */
#include "method.h"

#include <stddef.h>
#include <string.h>

const bl_method_row bl_methods[BL_METHOD_COUNT] = {
    {NULL, BL_BALLOTS_RANKING, false, NULL},
#define ONE false
#define MANY true
#define METHOD(id, name, ballots, function, seats, help) {name, BL_BALLOTS_##ballots, seats, help},
#include "methods.def"
#undef METHOD
#undef ONE
#undef MANY
};

/* Which methods take an option: a bit for each. */
#define BIT(id) (1u << BL_METHOD_##id)
#define RUNOFF (BIT(IRV) | BIT(BOTTOMS_UP) | BIT(SEQUENTIAL_IRV))
#define RUNOFF_OR_TWO_ROUND (RUNOFF | BIT(TWO_ROUND))
#define STV_ONLY BIT(STV)
#define MEEK_ONLY BIT(MEEK)
#define TRANSFERRING (STV_ONLY | MEEK_ONLY)
#define DROPPING (RUNOFF | TRANSFERRING)
#define ELIMINATING (DROPPING | BIT(TWO_ROUND))
#define DEFAULTED BIT(SCHULZE)
#define COPELAND_ONLY BIT(COPELAND)
#define PAIRWISE (BIT(SCHULZE) | BIT(RANKED_PAIRS) | COPELAND_ONLY | BIT(MINIMAX) | BIT(KEMENY))
#define BORDA_ONLY BIT(BORDA)
#define RANKED (ELIMINATING | PAIRWISE | BORDA_ONLY)
#define CHOOSING (BIT(PLURALITY) | BIT(APPROVAL))
#define SCORING (BIT(SCORE) | BIT(STAR))
#define LISTS (BIT(DHONDT) | BIT(SAINTE_LAGUE))
#define ALL (~0u)

typedef enum option_type { WHOLE, RATIO, WORD, FLAG, TIES } option_type;
typedef struct option_row {
    const char *name;
    option_type type;
    size_t at; /* of its field */
    uint32_t methods;
    const char *fallback;
    const char *words; /* with a space between */
    const char *help;
} option_row;

static const option_row rows[] = {
#define OPTION(field, name, type, fallback, methods, words, help)                                  \
    {name, type, offsetof(bl_count_options, field), methods, fallback, words, help},
#include "count_options.def"
#undef OPTION
};
enum { ROW_COUNT = sizeof rows / sizeof *rows, WORD_MAX = 64 };
_Static_assert(ROW_COUNT <= 64, "`said` has a bit for each option");

/* ---- words ---- */

typedef struct word {
    char bytes[WORD_MAX];
    size_t size;
} word;

/* Small letters, `_` between words, whether they came as "Some Words", "some-words" or "someWords".
 * What does not fit is no word of ours: it becomes empty. */
static word to_word(bl_text text)
{
    word out = {.size = 0};
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.bytes[i];
        const bool is_capital = c >= 'A' && c <= 'Z';
        const bool is_small_before = i > 0 && text.bytes[i - 1] >= 'a' && text.bytes[i - 1] <= 'z';
        if (out.size + 2 > WORD_MAX) return (word){.size = 0};
        if (is_capital && is_small_before) out.bytes[out.size++] = '_';
        out.bytes[out.size++] = is_capital ? (char)(c - 'A' + 'a') : c == '-' || c == ' ' ? '_' : c;
    }
    return out;
}

static bl_text text_of(const word *w)
{
    return (bl_text){w->bytes, w->size};
}

static bl_text by_alias(bl_text text)
{
    static const struct {
        bl_text theirs, ours;
    } aliases[] = {
#define ALIAS(theirs, ours) {{theirs, sizeof theirs - 1}, {ours, sizeof ours - 1}},
#include "count_aliases.def"
#undef ALIAS
    };
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (bl_text_equal(text, aliases[i].theirs)) return aliases[i].ours;
    return text;
}

/* Takes the next word off a list of words; false at its end. */
static bool next_word(bl_text *rest, const char *between, bl_text *out)
{
    while (rest->size > 0 && strchr(between, rest->bytes[0]))
        rest->bytes++, rest->size--;
    out->bytes = rest->bytes;
    for (out->size = 0; out->size < rest->size && !strchr(between, rest->bytes[out->size]);)
        out->size++;
    rest->bytes += out->size;
    rest->size -= out->size;
    return out->size > 0;
}

/* The place of a word in a list; BL_NONE. */
static uint32_t place_in(const char *words, bl_text wanted)
{
    bl_text rest = bl_text_of(words), one;
    for (uint32_t i = 0; next_word(&rest, " ", &one); i++)
        if (bl_text_equal(one, wanted)) return i;
    return BL_NONE;
}

static bl_text word_at(const char *words, uint32_t place)
{
    bl_text rest = bl_text_of(words), one = BL_TEXT("");
    for (uint32_t i = 0; next_word(&rest, " ", &one) && i < place; i++) {
    }
    return one;
}

/* ---- values ---- */

static bool read_whole(bl_text text, uint32_t *out)
{
    bl_rational value;
    if (!bl_rational_parse(text, &value) || value.den != 1 || value.num < 0 ||
        value.num >= BL_NO_MOST)
        return false;
    *out = (uint32_t)value.num;
    return true;
}

static bool read_ratio(bl_text text, bl_rational *out)
{
    return bl_rational_parse(text, out) && out->num >= 0;
}

static bool read_ties(const char *words, bl_text text, bl_tie_rules *out)
{
    bl_text one, inner;
    out->count = 0;
    while (next_word(&text, " ,", &one)) {
        const word w = to_word(one);
        bl_text list = by_alias(text_of(&w));
        while (next_word(&list, " ", &inner)) {
            const uint32_t rule = place_in(words, inner);
            if (rule == BL_NONE) return false;
            bool is_there = false;
            for (uint8_t i = 0; i < out->count; i++)
                is_there = is_there || out->rules[i] == rule;
            if (!is_there) out->rules[out->count++] = (uint8_t)rule;
        }
    }
    return true;
}

/* `named` is the text as a word of ours. */
static bool read_word_or_value(const option_row *row, bl_text named, bl_text text, void *field)
{
    switch (row->type) {
    case WHOLE:
        if (row->fallback[0] == '\0' && text.size == 0) {
            *(uint32_t *)field = BL_NO_MOST;
            return true;
        }
        return read_whole(text, field);
    case RATIO: return read_ratio(text, field);
    case WORD:
        *(uint32_t *)field = place_in(row->words, named);
        return *(uint32_t *)field != BL_NONE;
    case FLAG: *(uint32_t *)field = place_in("no yes", named); return *(uint32_t *)field != BL_NONE;
    case TIES: return read_ties(row->words, text, field);
    }
    return false;
}

static bool read_value(const option_row *row, bl_text text, void *field)
{
    const word w = to_word(text);
    return read_word_or_value(row, by_alias(text_of(&w)), text, field);
}

static void *field_of(bl_count_options *options, const option_row *row)
{
    return (char *)options + row->at;
}

bl_count_options bl_count_options_of(bl_method method)
{
    bl_count_options options;
    memset(&options, 0, sizeof options);
    options.method = method;
    options.seats = 1;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const bl_text fallback = bl_text_of(rows[i].fallback);
        read_word_or_value(&rows[i], fallback, fallback, field_of(&options, &rows[i]));
    }
    return options;
}

/* ---- methods by name ---- */

typedef struct preset {
    const char *name;
    bl_method method;
    const char *options;
} preset;
static const preset presets[] = {
#define PRESET(name, id, options) {name, BL_METHOD_##id, options},
#include "count_presets.def"
#undef PRESET
};

static void take_preset(const preset *from, bl_count_options *options)
{
    *options = bl_count_options_of(from->method);
    bl_text rest = bl_text_of(from->options), one;
    while (next_word(&rest, " ", &one)) {
        const char *const equals = memchr(one.bytes, '=', one.size);
        const size_t size = (size_t)(equals - one.bytes);
        bl_count_option_set(options, (bl_text){one.bytes, size},
                            (bl_text){equals + 1, one.size - size - 1}, NULL);
    }
}

/* Whether two names are the same but for where a word ends: "saintelague", "sainte_lague". */
static bool is_same_name(bl_text a, const char *b)
{
    size_t i = 0;
    for (; *b != '\0'; b++) {
        if (*b == '_') continue;
        while (i < a.size && a.bytes[i] == '_')
            i++;
        if (i == a.size || a.bytes[i++] != *b) return false;
    }
    return i == a.size;
}

static bool find_method(bl_text name, bl_count_options *options)
{
    for (uint32_t i = BL_METHOD_NONE + 1; i < BL_METHOD_COUNT; i++) {
        if (!is_same_name(name, bl_methods[i].name)) continue;
        *options = bl_count_options_of((bl_method)i);
        return true;
    }
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        if (!is_same_name(name, presets[i].name)) continue;
        take_preset(&presets[i], options);
        return true;
    }
    return false;
}

/* What people put before or behind the name of a method without meaning another: of all methods, or
 * of those of a family. */
static const struct {
    const char *word;
    uint32_t methods;
} fillers[] = {
    {"voting", ALL},
    {"method", ALL},
    {"vote", ALL},
    {"count", ALL},
    {"rule", ALL},
    {"system", ALL},
    {"election", ALL},
    {"irv", RUNOFF},
    {"rcv", RUNOFF},
    {"instant_runoff", RUNOFF},
    {"runoff", RUNOFF},
    {"multi_winner", ~BIT(IRV)},
    {"stv", TRANSFERRING},
    {"condorcet", PAIRWISE},
    {"apportionment", LISTS},
    {"list", LISTS},
};

/* Takes such a word off either end; false: it is at neither. */
static bool take_off(bl_text *name, const char *filler)
{
    const size_t size = strlen(filler);
    if (name->size < size + 2) return false;
    const size_t left = name->size - size - 1;
    if (memcmp(name->bytes, filler, size) == 0 && name->bytes[size] == '_') {
        *name = (bl_text){name->bytes + size + 1, left};
        return true;
    }
    if (memcmp(name->bytes + left + 1, filler, size) != 0 || name->bytes[left] != '_') return false;
    name->size = left;
    return true;
}

bool bl_count_method_named(bl_text name, bl_count_options *options)
{
    const word w = to_word(name);
    if (find_method(text_of(&w), options)) return true;
    bl_count_options found;
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
        bl_text rest = text_of(&w);
        if (!take_off(&rest, fillers[i].word) || !find_method(rest, &found) ||
            !(fillers[i].methods >> found.method & 1))
            continue;
        *options = found;
        return true;
    }
    return false;
}

bool bl_count_preset_at(size_t index, bl_text *name, bl_method *method, bl_text *options)
{
    if (index >= sizeof presets / sizeof *presets) return false;
    *name = bl_text_of(presets[index].name);
    *method = presets[index].method;
    *options = bl_text_of(presets[index].options);
    return true;
}

void bl_count_method_nearest(bl_text name, bl_buffer *out)
{
    const word w = to_word(name);
    size_t least = 3;
    const char *best = NULL;
    for (uint32_t i = BL_METHOD_NONE + 1; i < BL_METHOD_COUNT; i++) {
        const size_t far = bl_text_distance(text_of(&w), bl_text_of(bl_methods[i].name), least);
        if (far < least) least = far, best = bl_methods[i].name;
    }
    if (best) {
        bl_buffer_format(out, "did you mean `%s`?", best);
        return;
    }
    bl_buffer_cstring(out, "there are ");
    for (uint32_t i = BL_METHOD_NONE + 1; i < BL_METHOD_COUNT; i++)
        bl_buffer_format(out, "%s%s",
                         i == 1                     ? ""
                         : i + 1 == BL_METHOD_COUNT ? " and "
                                                    : ", ",
                         bl_methods[i].name);
}

/* ---- setting ---- */

static const option_row *find_row(bl_text name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (bl_text_equal(name, bl_text_of(rows[i].name))) return &rows[i];
    return NULL;
}

static bool takes(bl_method method, const option_row *row)
{
    return (row->methods >> method & 1u) != 0;
}

static bool report_unknown(bl_method method, bl_text name, bl_buffer *problem)
{
    if (!problem) return false;
    size_t least = 4;
    const char *best = NULL;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!takes(method, &rows[i])) continue;
        const size_t far = bl_text_distance(name, bl_text_of(rows[i].name), least);
        if (far < least) least = far, best = rows[i].name;
    }
    bl_buffer_format(problem, "`%.*s` is no option of %s; ", (int)name.size, name.bytes,
                     bl_methods[method].name);
    if (best) {
        bl_buffer_format(problem, "did you mean `%s`?", best);
        return false;
    }
    bl_buffer_cstring(problem, "it takes seats");
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (takes(method, &rows[i])) bl_buffer_format(problem, ", %s", rows[i].name);
    return false;
}

static void say_words(const option_row *row, bl_buffer *out)
{
    const char *const words = row->type == FLAG ? "no yes" : row->words;
    bl_text rest = bl_text_of(words), one;
    for (bool is_first = true; next_word(&rest, " ", &one); is_first = false)
        bl_buffer_format(out, "%s%.*s", is_first ? "" : ", ", (int)one.size, one.bytes);
}

static bool report_value(const option_row *row, bl_text value, bl_buffer *problem)
{
    if (!problem) return false;
    bl_buffer_format(problem, "`%.*s` is nothing that `%s` can be: ", (int)value.size, value.bytes,
                     row->name);
    switch (row->type) {
    case WHOLE: bl_buffer_cstring(problem, "it takes a whole number"); break;
    case RATIO: bl_buffer_cstring(problem, "it takes a number such as 1/2, 50% or 3"); break;
    case WORD:
    case FLAG:
        bl_buffer_cstring(problem, "it is one of ");
        say_words(row, problem);
        break;
    case TIES:
        bl_buffer_cstring(problem, "it is a list of ");
        say_words(row, problem);
        break;
    }
    return false;
}

static bool set_seats(bl_count_options *options, bl_text value, bl_buffer *problem)
{
    uint32_t seats;
    if (read_whole(value, &seats) && seats > 0 && seats <= BL_CANDIDATE_COUNT_MAX) {
        options->seats = seats;
        return true;
    }
    if (problem)
        bl_buffer_format(problem, "`%.*s` is no number of seats: it takes 1 to %d", (int)value.size,
                         value.bytes, BL_CANDIDATE_COUNT_MAX);
    return false;
}

bool bl_count_option_set(bl_count_options *options, bl_text name, bl_text value, bl_buffer *problem)
{
    const word w = to_word(name);
    const bl_text known = by_alias(text_of(&w));
    if (bl_text_equal(known, BL_TEXT("seats"))) return set_seats(options, value, problem);
    const option_row *row = find_row(known);
    if (!row || !takes(options->method, row)) return report_unknown(options->method, name, problem);
    bl_count_options changed = *options;
    if (!read_value(row, value, field_of(&changed, row))) return report_value(row, value, problem);
    *options = changed;
    options->said |= UINT64_C(1) << (row - rows);
    return true;
}

bool bl_count_option_known(bl_method method, bl_text name)
{
    const word w = to_word(name);
    const bl_text known = by_alias(text_of(&w));
    const option_row *row = find_row(known);
    return bl_text_equal(known, BL_TEXT("seats")) || (row && takes(method, row));
}

bool bl_count_option_is_said(const bl_count_options *options, bl_text name)
{
    const word w = to_word(name);
    const option_row *row = find_row(by_alias(text_of(&w)));
    return row && (options->said >> (row - rows) & 1) != 0;
}

bool bl_count_option_is_votes(bl_text name)
{
    const word w = to_word(name);
    const option_row *row = find_row(by_alias(text_of(&w)));
    return row && (row->at == offsetof(bl_count_options, quorum) ||
                   row->at == offsetof(bl_count_options, minimum));
}

bool bl_count_option_same(bl_text a, bl_text b)
{
    const word first = to_word(a), second = to_word(b);
    return bl_text_equal(by_alias(text_of(&first)), by_alias(text_of(&second)));
}

bool bl_count_options_read(bl_text text, bl_count_options *options, bl_buffer *problem)
{
    bl_text one = BL_TEXT("");
    next_word(&text, " ", &one);
    if (!bl_count_method_named(one, options)) {
        if (problem) bl_buffer_format(problem, "`%.*s` is no method", (int)one.size, one.bytes);
        return false;
    }
    while (next_word(&text, " ", &one)) {
        const char *const equals = memchr(one.bytes, '=', one.size);
        const size_t size = equals ? (size_t)(equals - one.bytes) : one.size;
        const bl_text value = equals ? (bl_text){equals + 1, one.size - size - 1} : BL_TEXT("");
        if (!bl_count_option_set(options, (bl_text){one.bytes, size}, value, problem)) return false;
    }
    return true;
}

/* ---- for people ---- */

static void say_value(const bl_count_options *options, const option_row *row, bl_buffer *out)
{
    const void *field = (const char *)options + row->at;
    switch (row->type) {
    case WHOLE:
        if (*(const uint32_t *)field == BL_NO_MOST)
            bl_buffer_cstring(out, "any");
        else
            bl_buffer_format(out, "%u", *(const uint32_t *)field);
        break;
    case RATIO: bl_rational_write_decimal(out, *(const bl_rational *)field); break;
    case WORD: bl_buffer_text(out, word_at(row->words, *(const uint32_t *)field)); break;
    case FLAG: bl_buffer_text(out, word_at("no yes", *(const uint32_t *)field)); break;
    case TIES: {
        const bl_tie_rules *ties = field;
        if (ties->count == 0) bl_buffer_cstring(out, "none");
        for (uint8_t i = 0; i < ties->count; i++) {
            if (i > 0) bl_buffer_cstring(out, " then ");
            bl_buffer_text(out, word_at(row->words, ties->rules[i]));
        }
        break;
    }
    }
}

void bl_count_options_say(const bl_count_options *options, bl_buffer *out)
{
    bl_buffer_format(out, "%s, %u %s", bl_methods[options->method].name, options->seats,
                     options->seats == 1 ? "seat" : "seats");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!(options->said >> i & 1)) continue;
        bl_buffer_format(out, ", %s ", rows[i].name);
        say_value(options, &rows[i], out);
    }
}

void bl_count_options_help(bl_method method, bl_buffer *out)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const option_row *row = &rows[i];
        if (!takes(method, row)) continue;
        bl_buffer_format(out, "  %s=", row->name);
        switch (row->type) {
        case WHOLE: bl_buffer_cstring(out, "N"); break;
        case RATIO: bl_buffer_cstring(out, "RATIO"); break;
        case WORD:
        case FLAG:
        case TIES: say_words(row, out); break;
        }
        bl_buffer_format(out, "\n      %s", row->help);
        if (row->fallback[0] != '\0') bl_buffer_format(out, " (default: %s)", row->fallback);
        bl_buffer_char(out, '\n');
    }
}
