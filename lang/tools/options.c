/*
 * Options: reading them from the command line and describing them, both from options.def.
 */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct option_row {
    char letter;
    const char *word;
    const char *value;
    const char *help;
} option_row;

static const option_row options[] = {
#define OPTION(name, letter, word, value, help) {letter, word, value, help},
#include "options.def"
#undef OPTION
};
_Static_assert(OPTION_COUNT <= sizeof(unsigned) * 8, "a verb's options are bits");

/* ---- near misses ---- */

#define WORD_SIZE_MAX 24 /* of a word worth comparing; none of ours is longer */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t least_two = a < b ? a : b;
    return least_two < c ? least_two : c;
}

/* How many letters to add, drop or change, two neighbours that changed places counting two. */
static size_t distance(const char *a, const char *b)
{
    size_t a_size = strlen(a), b_size = strlen(b);
    if (a_size > WORD_SIZE_MAX || b_size > WORD_SIZE_MAX) return WORD_SIZE_MAX;
    size_t row[WORD_SIZE_MAX + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(row[j] + 1, row[j - 1] + 1, changed);
        }
    }
    return row[b_size];
}

const char *nearest_word(const char *word, const char *(*at)(const void *context, size_t index),
                         const void *context, size_t count)
{
    const char *nearest = NULL;
    size_t nearest_distance = strlen(word) < 4
                                  ? 3
                                  : strlen(word) / 2 + 1; /* must be nearer than this */
    for (size_t i = 0; i < count; i++) {
        const char *candidate = at(context, i);
        size_t far = candidate ? distance(word, candidate) : nearest_distance;
        if (far >= nearest_distance) continue;
        nearest = candidate;
        nearest_distance = far;
    }
    return nearest;
}

/* ---- reading ---- */

typedef struct word_reader {
    const tool_verb *verb;
    char **words;
    int count;
    int at; /* the next word */
    tool_arguments *out;
} word_reader;

static bool complain_unknown(const word_reader *reader, const char *option)
{
    fprintf(stderr, "bylaw: `bylaw %s` has no option %s\n", reader->verb->name, option);
    return false;
}

/* The option's word where the verb takes it, else NULL. */
static const char *taken_word(const void *context, size_t index)
{
    const tool_verb *verb = context;
    return verb->takes & 1u << index ? options[index].word : NULL;
}

static bool find_long(const word_reader *reader, const char *word, size_t size, option_name *out)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options[i].word) != size || memcmp(options[i].word, word, size) != 0) continue;
        if (!(reader->verb->takes & 1u << i)) break;
        *out = (option_name)i;
        return true;
    }
    char copy[WORD_SIZE_MAX + 1];
    snprintf(copy, sizeof copy, "%.*s", size > WORD_SIZE_MAX ? WORD_SIZE_MAX : (int)size, word);
    const char *near = nearest_word(copy, taken_word, reader->verb, OPTION_COUNT);
    if (!near) return complain_unknown(reader, reader->words[reader->at - 1]);
    fprintf(stderr, "bylaw: `bylaw %s` has no option --%s; did you mean --%s?\n",
            reader->verb->name, copy, near);
    return false;
}

static bool find_letter(const word_reader *reader, char letter, option_name *out)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (options[i].letter != letter || !(reader->verb->takes & 1u << i)) continue;
        *out = (option_name)i;
        return true;
    }
    return complain_unknown(reader, (const char[]){'-', letter, '\0'});
}

#define FORMATS_OF_MOST (WRITES(TEXT) | WRITES(JSON))

/* The formats a verb writes, as "text|json". `text` has room for all of them. */
static const char *formats_of(const tool_verb *verb, char text[64])
{
    const unsigned formats = verb->formats ? verb->formats : FORMATS_OF_MOST;
    const char *choice = options[OPTION_FORMAT].value;
    size_t size = 0;
    for (unsigned index = 0; choice; index++) {
        const char *end = strchr(choice, '|');
        const size_t length = end ? (size_t)(end - choice) : strlen(choice);
        if (formats & 1u << index) {
            if (size > 0) text[size++] = '|';
            memcpy(text + size, choice, length);
            size += length;
        }
        choice = end ? end + 1 : NULL;
    }
    text[size] = '\0';
    return text;
}

/* The index of `value` among the choices of an option, "a|b|c". */
static bool choose_of(option_name option, const char *choices, const char *value, unsigned *out)
{
    const char *choice = choices;
    for (unsigned index = 0; choice; index++) {
        const char *end = strchr(choice, '|');
        size_t size = end ? (size_t)(end - choice) : strlen(choice);
        if (strlen(value) == size && memcmp(value, choice, size) == 0) {
            *out = index;
            return true;
        }
        choice = end ? end + 1 : NULL;
    }
    fprintf(stderr, "bylaw: --%s is one of %s, not `%s`\n", options[option].word, choices, value);
    return false;
}

static bool choose(option_name option, const char *value, unsigned *out)
{
    return choose_of(option, options[option].value, value, out);
}

static bool set_format(const tool_verb *verb, const char *value, tool_arguments *out)
{
    char formats[64];
    unsigned choice;
    if (!choose_of(OPTION_FORMAT, formats_of(verb, formats), value, &choice)) return false;
    choose(OPTION_FORMAT, value, &choice); /* among all of them: the format's number */
    out->format = (bylaw_format)choice;
    out->has_format = true;
    return true;
}

static bool set_policy(tool_arguments *out, const char *value)
{
    if (out->policy) {
        fprintf(stderr, "bylaw: two policies, `%s` and `%s`: a run has one\n", out->policy, value);
        return false;
    }
    out->policy = value;
    return true;
}

static bool read_count(const char *value, uint64_t *out)
{
    *out = 0;
    const char *at = value;
    while (*at >= '0' && *at <= '9' && *out < UINT64_MAX / 100)
        *out = *out * 10 + (uint64_t)(*at++ - '0');
    if (*at == '\0' && *out > 0) return true;
    fprintf(stderr, "bylaw: --at-seq wants the number of a line, from 1, not `%s`\n", value);
    return false;
}

static bool read_width(const char *value, uint32_t *out)
{
    *out = 0;
    const char *at = value;
    while (*at >= '0' && *at <= '9' && *out <= 1000)
        *out = *out * 10 + (uint32_t)(*at++ - '0');
    if (*at == '\0' && *out >= 40 && *out <= 1000) return true;
    fprintf(stderr, "bylaw: --width wants columns, 40 to 1000, not `%s`\n", value);
    return false;
}

/* --coverage or --coverage=html */
static bool set_coverage(const char *value, tool_arguments *out)
{
    out->coverage = value ? COVERAGE_PAGE : COVERAGE_TOLD;
    if (!value || strcmp(value, "html") == 0) return true;
    fprintf(stderr, "bylaw: --coverage is alone or --coverage=html, not `%s`\n", value);
    return false;
}

static bool set_threshold(const char *value, tool_arguments *out)
{
    if (out->coverage == COVERAGE_NONE) out->coverage = COVERAGE_TOLD;
    out->threshold = 0;
    const char *at = value;
    while (*at >= '0' && *at <= '9' && out->threshold <= 100)
        out->threshold = out->threshold * 10 + (uint32_t)(*at++ - '0');
    if (*at == '\0' && at > value && out->threshold <= 100) return true;
    fprintf(stderr, "bylaw: --threshold wants a whole percentage from 0 to 100, not `%s`\n", value);
    return false;
}

/* Takes one option; `value` is NULL for switches. */
static bool apply(word_reader *reader, option_name option, const char *value)
{
    tool_arguments *out = reader->out;
    unsigned choice = 0;
    switch (option) {
    case OPTION_POLICY: return set_policy(out, value);
    case OPTION_ROSTER: out->rosters[out->roster_count++] = value; return true;
    case OPTION_VERBOSE: out->verbose = true; return true;
    case OPTION_ON_ERROR:
        if (!choose(option, value, &choice)) return false;
        out->stop_on_malformed = choice == 1;
        return true;
    case OPTION_UNTIL: out->until = value; return true;
    case OPTION_AT: out->at = out->until = value; return true;
    case OPTION_AT_SEQ: return read_count(value, &out->at_seq);
    case OPTION_FOR: out->wanted = value; return true;
    case OPTION_SAVE_SCENARIO: out->save_scenario = value; return true;
    case OPTION_STATE: out->state = true; return true;
    case OPTION_OF: out->of = value; return true;
    case OPTION_NOT: out->why_not = true; return true;
    case OPTION_OUTPUT: out->output = value; return true;
    case OPTION_STRIP: out->strip = true; return true;
    case OPTION_CHECK: out->check = true; return true;
    case OPTION_RUN: out->only = value; return true;
    case OPTION_COVERAGE: return set_coverage(value, out);
    case OPTION_THRESHOLD: return set_threshold(value, out);
    case OPTION_DEPTH:
        if (!choose(option, value, &choice)) return false;
        out->depth = (bylaw_depth)choice;
        return true;
    case OPTION_FORMAT: return set_format(reader->verb, value, out);
    case OPTION_COLOR:
        if (!choose(option, value, &choice)) return false;
        out->color = (color_choice)choice;
        return true;
    case OPTION_SEATS: out->seats = value; return true;
    case OPTION_SET: out->settings[out->setting_count++] = value; return true;
    case OPTION_BALLOTS_FORMAT: out->ballots_format = value; return choose(option, value, &choice);
    case OPTION_CSV: out->reading[out->reading_count++] = value; return true;
    case OPTION_SEED: out->seed = value; return true;
    case OPTION_MARGIN: out->margin = true; return true;
    case OPTION_WIDTH: return read_width(value, &out->width);
    case OPTION_NO_HISTORY: out->no_history = true; return true;
    case OPTION_QUIET: out->quiet = true; return true;
    case OPTION_HELP: out->help = true; return true;
    case OPTION_COUNT: break;
    }
    return false;
}

/* The value that stands in the next word. */
static bool next_value(word_reader *reader, option_name option, const char **out)
{
    if (reader->at >= reader->count) {
        fprintf(stderr, "bylaw: --%s wants a value: --%s %s\n", options[option].word,
                options[option].word, options[option].value);
        return false;
    }
    *out = reader->words[reader->at++];
    return true;
}

/* --word, --word=value, --word value */
static bool read_long(word_reader *reader, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t size = equals ? (size_t)(equals - word) : strlen(word);
    option_name option;
    if (!find_long(reader, word, size, &option)) return false;
    const char *value = equals ? equals + 1 : NULL;
    if (!options[option].value && value && option != OPTION_COVERAGE) {
        fprintf(stderr, "bylaw: --%s takes no value\n", options[option].word);
        return false;
    }
    if (options[option].value && !value && !next_value(reader, option, &value)) return false;
    return apply(reader, option, value);
}

/* -q, -qv, -pPOLICY, -p POLICY */
static bool read_letters(word_reader *reader, const char *letters)
{
    for (; *letters; letters++) {
        option_name option;
        if (!find_letter(reader, *letters, &option)) return false;
        if (!options[option].value) {
            if (!apply(reader, option, NULL)) return false;
            continue;
        }
        const char *value = letters[1] ? letters + 1 : NULL;
        return (value || next_value(reader, option, &value)) && apply(reader, option, value);
    }
    return true;
}

bool options_parse(const tool_verb *verb, int count, char **words, const char *policy,
                   tool_arguments *out)
{
    *out = (tool_arguments){.policy = policy, .of = "", .only = ""};
    size_t most = (size_t)count + 1;
    out->rosters = calloc(most, sizeof *out->rosters);
    out->operands = calloc(most, sizeof *out->operands);
    out->settings = calloc(most, sizeof *out->settings);
    out->reading = calloc(most, sizeof *out->reading);
    if (!out->rosters || !out->operands || !out->settings || !out->reading) {
        fputs("bylaw: out of memory\n", stderr);
        return false;
    }
    word_reader reader = {verb, words, count, 0, out};
    bool are_all_operands = false;
    while (reader.at < count) {
        const char *word = words[reader.at++];
        if (are_all_operands || word[0] != '-' || word[1] == '\0')
            out->operands[out->operand_count++] = word;
        else if (strcmp(word, "--") == 0)
            are_all_operands = true;
        else if (word[1] == '-' ? !read_long(&reader, word + 2) : !read_letters(&reader, word + 1))
            return false;
    }
    return true;
}

void arguments_free(tool_arguments *arguments)
{
    free(arguments->rosters);
    free(arguments->operands);
    free(arguments->settings);
    free(arguments->reading);
    arguments->rosters = arguments->operands = arguments->settings = arguments->reading = NULL;
}

/* ---- describing ---- */

#define HELP_COLUMN 31

bool option_at(const tool_verb *verb, unsigned index, tool_option *out)
{
    if (index >= OPTION_COUNT) return false;
    const option_row *row = &options[index];
    *out = (tool_option){
        row->letter, row->word, row->value, row->help, (verb->takes & 1u << index) != 0, ""};
    if (index == OPTION_FORMAT) out->value = formats_of(verb, out->formats);
    if (index == OPTION_FORMAT && verb->formats)
        out->help = "how it is written; without: see above";
    return true;
}

void options_describe(const tool_verb *verb, bylaw_writer out)
{
    tool_option option;
    for (unsigned i = 0; option_at(verb, i, &option); i++) {
        if (!option.is_taken) continue;
        char left[64], line[256];
        const char letter[] = {'-', option.letter, ',', '\0'};
        snprintf(left, sizeof left, "  %3s --%s%s%s", option.letter ? letter : "", option.word,
                 option.value ? " " : "", option.value ? option.value : "");
        int size = snprintf(line, sizeof line, "%-*s  %s\n", HELP_COLUMN, left, option.help);
        out.write(out.context, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
    }
}

bool wants_color(const tool_arguments *arguments, int descriptor)
{
    if (arguments->color != COLOR_AUTO) return arguments->color == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (no_color && no_color[0] != '\0') return false;
    if (terminal && strcmp(terminal, "dumb") == 0) return false;
    return isatty(descriptor) == 1;
}
