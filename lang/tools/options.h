/*
 * The command line as the verbs see it: what was asked for, checked against the tables of options
 * and verbs.
 *
 * The strings are those of argv; nothing is copied but the two lists.
 */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include "../../runtime/bylaw.h"

typedef enum option_name {
#define OPTION(name, letter, word, value, help) OPTION_##name,
#include "options.def"
#undef OPTION
    OPTION_COUNT
} option_name;

#define TAKES(name) (1u << OPTION_##name)

#define WRITES(format) (1u << BYLAW_##format)

/* Formats of test reports, which the library does not write: behind those of bylaw_format. */
enum { FORMAT_TAP = BYLAW_DOT + 1, FORMAT_JUNIT };

/* The exit status of every verb: see "Exit status" in `bylaw help`. */
typedef enum exit_status {
    STATUS_FINE = 0,
    STATUS_FINDINGS = 1, /* warnings, an expectation failed, no such proposal */
    STATUS_USAGE = 2, /* the command line makes no sense */
    STATUS_POLICY = 3, /* the policy does not compile */
    STATUS_MALFORMED = 4, /* a line was no event, or ballots cannot be counted as they are */
    STATUS_FAILED = 5 /* input, output or memory */
} exit_status;

typedef enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color_choice;

typedef enum coverage_choice { COVERAGE_NONE, COVERAGE_TOLD, COVERAGE_PAGE } coverage_choice;

typedef struct tool_arguments {
    const char *policy; /* NULL: not said */
    const char **rosters;
    size_t roster_count;
    const char **operands; /* what is no option, in order */
    size_t operand_count;
    const char *until; /* NULL: not said */
    const char *at; /* NULL: not said */
    const char *save_scenario; /* NULL: not said */
    const char *output; /* NULL: not said */
    uint64_t at_seq; /* 0: not said */
    const char *of; /* "" where all are wanted */
    const char *only; /* "" where all are wanted */
    const char *wanted; /* the outcome of --for; NULL: not said */
    bylaw_depth depth;
    bylaw_format format; /* or FORMAT_TAP, FORMAT_JUNIT */
    coverage_choice coverage;
    uint32_t threshold; /* of coverage, in percent; 0: none */
    bool has_format; /* --format was said */
    const char *seats; /* of tally, as these below; NULL: not said */
    const char **settings; /* of --set, as they were written */
    size_t setting_count;
    const char **reading; /* of --csv */
    size_t reading_count;
    const char *ballots_format;
    const char *seed;
    uint32_t width; /* 0: not said */
    bool margin;
    color_choice color;
    bool stop_on_malformed;
    bool verbose;
    bool no_history;
    bool quiet;
    bool state;
    bool why_not;
    bool check;
    bool strip;
    bool help;
} tool_arguments;

typedef struct tool_verb {
    const char *name;
    const char *operands; /* as shown in help; NULL: the verb is not available yet */
    const char *summary;
    const char *details;
    unsigned takes; /* TAKES bits */
    unsigned formats; /* WRITES bits; 0: text and JSON */
    exit_status (*act)(const tool_arguments *arguments);
} tool_verb;

/*
 * Reads what stands behind the verb. False after telling on standard error what makes no sense. The
 * lists are to be freed with arguments_free either way. `policy` is one already named, or NULL.
 */
bool options_parse(const tool_verb *verb, int count, char **words, const char *policy,
                   tool_arguments *out);
void arguments_free(tool_arguments *arguments);
/* An option as its verb sees it: `value` names only the choices that the verb has. */
typedef struct tool_option {
    char letter; /* 0: none */
    const char *word;
    const char *value; /* NULL: a switch */
    const char *help;
    bool is_taken;
    char formats[64]; /* what `value` points to, of --format */
} tool_option;
/* The options by number; false past the last. */
bool option_at(const tool_verb *verb, unsigned index, tool_option *out);
/* One line an option of the verb, for help. */
void options_describe(const tool_verb *verb, bylaw_writer out);

/* The word nearest to `word` among the first `count` that `at` gives; NULL where none is near. */
const char *nearest_word(const char *word, const char *(*at)(const void *context, size_t index),
                         const void *context, size_t count);

/* Whether to color what goes to this descriptor. */
bool wants_color(const tool_arguments *arguments, int descriptor);

#endif
