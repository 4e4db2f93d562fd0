/*
 * bylaw completion: what a shell needs to complete a command line, made from the tables of verbs
 * and options, so that it cannot lag behind them.
 *
 * What a value or operand may be is told by its word in the tables: "text|json" is a choice, POLICY
 * and OLD are policies, EVENTS files of events, BALLOTS a method or any file, FILE any file; a TIME
 * or a number is the user's own.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

static bool is_choice(const char *value)
{
    return value && strchr(value, '|');
}

/* "a|b" as "a b". */
static void put_words(tool_output *out, const char *choices)
{
    for (; *choices; choices++)
        output_write(out, *choices == '|' ? " " : choices, 1);
}

/* In single quotes, for all three shells; none of our words has a quote in it but as "'". */
static void put_quoted(tool_output *out, const char *text, bool is_fish)
{
    output_text(out, "'");
    for (; *text; text++) {
        if (*text == '\'')
            output_text(out, is_fish ? "\\'" : "'\\''");
        else
            output_write(out, text, 1);
    }
    output_text(out, "'");
}

/* Calls `put` for each option that the verb takes. */
typedef void (*put_option)(tool_output *out, const tool_verb *verb, const tool_option *option);
static void each_option(tool_output *out, const tool_verb *verb, put_option put)
{
    tool_option option;
    for (unsigned i = 0; option_at(verb, i, &option); i++)
        if (option.is_taken) put(out, verb, &option);
}

static void put_library(tool_output *out)
{
    bylaw_text path, content;
    for (size_t i = 0; bylaw_library_at(i, &path, &content); i++) {
        if (i > 0) output_text(out, " ");
        output_write(out, path.bytes, path.size);
    }
}

static void put_methods(tool_output *out)
{
    bylaw_method method;
    for (size_t i = 0; bylaw_method_at(i, &method); i++) {
        if (i > 0) output_text(out, " ");
        output_write(out, method.name.bytes, method.name.size);
    }
}

static void put_verbs(tool_output *out)
{
    const tool_verb *verb;
    for (size_t i = 0; (verb = tool_verb_at(i)); i++) {
        if (!verb->act) continue;
        output_text(out, verb->name);
        output_text(out, " ");
    }
    output_text(out, "help");
}

/* ---- bash ---- */

static void put_bash_word(tool_output *out, const tool_verb *verb, const tool_option *option)
{
    (void)verb;
    output_text(out, " --");
    output_text(out, option->word);
}

/* VERB:--WORD) the words of a choice ;; */
static void put_bash_value(tool_output *out, const tool_verb *verb, const tool_option *option)
{
    if (!option->value) return;
    output_text(out, "    ");
    output_text(out, verb->name);
    output_text(out, ":--");
    output_text(out, option->word);
    if (option->letter) {
        output_text(out, " | ");
        output_text(out, verb->name);
        output_text(out, ":-");
        output_write(out, &option->letter, 1);
    }
    output_text(out, ") ");
    if (is_choice(option->value)) {
        output_text(out, "words='");
        put_words(out, option->value);
        output_text(out, "'");
    } else {
        output_text(out, "sort=");
        output_text(out, strcmp(option->value, "FILE") == 0 ? "ANY" : option->value);
    }
    output_text(out, " ;;\n");
}

static const char bash_start[] =
    "# Completion of bylaw for bash, made by `bylaw completion bash`.\n"
    "_bylaw() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
    "verb=${COMP_WORDS[1]}\n"
    "    local words='' sort='' options=''\n"
    "    COMPREPLY=()\n"
    "    # --word=value comes as three words\n"
    "    if [[ $cur == = ]]; then cur=''\n"
    "    elif [[ $prev == = && COMP_CWORD -ge 2 ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        COMPREPLY=($(compgen -W '";
/* A verb, or else a policy to be run: a folder may be called as a verb is. */
static const char bash_first_end[] =
    "' -- \"$cur\"))\n"
    "        ((${#COMPREPLY[@]})) && return\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        local IFS=$'\\n'\n"
    "        COMPREPLY=($(compgen -f -X '!*.bylaw*' -- \"$cur\") $(compgen -d -- \"$cur\"))\n"
    "        return\n    fi\n    local operands='' library='";
static const char bash_end[] =
    "    esac\n"
    "    if [[ -z $words$sort && $cur == -* ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
    "        return\n"
    "    fi\n"
    "    if [[ -n $words ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "        return\n"
    "    fi\n"
    "    [[ -n $sort ]] || sort=$operands\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    local IFS=$'\\n' # blanks belong to names of files\n"
    "    library=${library// /$IFS} methods=${methods// /$IFS}\n"
    "    case $sort in\n"
    "    *POLICY* | *OLD*) COMPREPLY=($(compgen -W \"$library\" -- \"$cur\") "
    "$(compgen -f -X '!*.bylaw*' -- \"$cur\") $(compgen -d -- \"$cur\")) ;;\n"
    "    ANY) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
    "    *BALLOTS*) COMPREPLY=($(compgen -W \"$methods\" -- \"$cur\") "
    "$(compgen -f -- \"$cur\")) ;;\n"
    "    *DIR* | FILE*) COMPREPLY=($(compgen -f -X '!*.bylaw*' -- \"$cur\") $(compgen -d -- "
    "\"$cur\")) ;;\n"
    "    *EVENTS* | *FILE*) COMPREPLY=($(compgen -f -X '!*.@(jsonl|json|gz)' -- \"$cur\") "
    "$(compgen -d -- \"$cur\")) ;;\n"
    "    esac\n"
    "}\n"
    "shopt -s extglob\n"
    "complete -F _bylaw bylaw\n";

static void write_bash(tool_output *out)
{
    const tool_verb *verb;
    output_text(out, bash_start);
    put_verbs(out);
    output_text(out, bash_first_end);
    put_library(out);
    output_text(out, "' methods='");
    put_methods(out);
    output_text(out, "'\n    case $verb in\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++) {
        if (!verb->act) continue;
        output_text(out, "    ");
        output_text(out, verb->name);
        output_text(out, is_choice(verb->operands) ? ") words='" : ") operands='");
        put_words(out, verb->operands);
        output_text(out, "'");
        output_text(out, " options='");
        each_option(out, verb, put_bash_word);
        output_text(out, "' ;;\n");
    }
    output_text(out, "    help) words='");
    put_verbs(out);
    output_text(out, "' ;;\n    esac\n"
                     "    case $verb:$prev in\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++)
        if (verb->act) each_option(out, verb, put_bash_value);
    output_text(out, bash_end);
}

/* ---- zsh ---- */

/* What completes a value or operand of this sort. */
static const char *zsh_action(const char *sort)
{
    if (strstr(sort, "POLICY") || strstr(sort, "OLD")) return "_bylaw_policies";
    if (strstr(sort, "BALLOTS")) return "_bylaw_ballots";
    if (strstr(sort, "EVENTS")) return "_files -g \"*.(jsonl|json|gz)\"";
    if (strstr(sort, "FILE") || strstr(sort, "DIR")) return "_files";
    return "";
}

static void put_zsh_help(tool_output *out, const char *help)
{
    for (; *help; help++) {
        if (*help == '[' || *help == ']' || *help == ':') output_text(out, "\\");
        if (*help == '\'')
            output_text(out, "'\\''");
        else
            output_write(out, help, 1);
    }
}

/* `ending`: stands behind a name whose value may follow at once. */
static void put_zsh_spelling(tool_output *out, const tool_option *option, const char *name,
                             const char *ending)
{
    output_text(out, " \\\n            '*");
    output_text(out, name);
    if (option->value) output_text(out, ending);
    output_text(out, "[");
    put_zsh_help(out, option->help);
    output_text(out, "]");
    if (is_choice(option->value)) {
        output_text(out, ":");
        output_text(out, option->word);
        output_text(out, ":(");
        put_words(out, option->value);
        output_text(out, ")");
    } else if (option->value) {
        output_text(out, ":");
        output_text(out, option->value);
        output_text(out, ":");
        output_text(out, zsh_action(option->value));
    }
    output_text(out, "'");
}

static void put_zsh_option(tool_output *out, const tool_verb *verb, const tool_option *option)
{
    (void)verb;
    char name[64];
    snprintf(name, sizeof name, "--%s", option->word);
    put_zsh_spelling(out, option, name, "=");
    if (!option->letter) return;
    snprintf(name, sizeof name, "-%c", option->letter);
    put_zsh_spelling(out, option, name, "+");
}

static void write_zsh(tool_output *out)
{
    const tool_verb *verb;
    output_text(out,
                "#compdef bylaw\n# Completion of bylaw for zsh, made by `bylaw completion zsh`.\n"
                "_bylaw_policies() {\n    local -a library\n    library=(");
    put_library(out);
    output_text(out, ")\n    _alternative 'library:library policy:compadd -a library' "
                     "'files:policy file:_files -g \"*.bylaw*\"'\n}\n"
                     "_bylaw_ballots() {\n    local -a methods\n    methods=(");
    put_methods(out);
    output_text(out, ")\n    _alternative 'methods:method:compadd -a methods' "
                     "'files:ballots:_files'\n}\n"
                     "_bylaw() {\n    local -a verbs\n    verbs=(\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++) {
        if (!verb->act) continue;
        output_text(out, "        '");
        output_text(out, verb->name);
        output_text(out, ":");
        put_zsh_help(out, verb->summary);
        output_text(out, "'\n");
    }
    output_text(out, "        'help:more about a verb and its options'\n    )\n"
                     "    if ((CURRENT == 2)); then\n"
                     "        _describe verb verbs\n        _files -g \"*.bylaw*\"\n"
                     "        return\n    fi\n"
                     "    local verb=$words[2]\n    shift words\n    ((CURRENT--))\n"
                     "    case $verb in\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++) {
        if (!verb->act) continue;
        output_text(out, "    ");
        output_text(out, verb->name);
        output_text(out, ")\n        _arguments");
        each_option(out, verb, put_zsh_option);
        output_text(out, " \\\n            '*:operand:");
        if (is_choice(verb->operands)) {
            output_text(out, "(");
            put_words(out, verb->operands);
            output_text(out, ")");
        }
        output_text(out, zsh_action(verb->operands));
        output_text(out, "'\n        ;;\n");
    }
    output_text(out, "    help) _describe verb verbs ;;\n    esac\n}\n_bylaw \"$@\"\n");
}

/* ---- fish ---- */

static void put_fish_option(tool_output *out, const tool_verb *verb, const tool_option *option)
{
    output_text(out, "complete -c bylaw -n '__fish_seen_subcommand_from ");
    output_text(out, verb->name);
    output_text(out, "' -l ");
    output_text(out, option->word);
    if (option->letter) {
        output_text(out, " -s ");
        output_write(out, &option->letter, 1);
    }
    if (is_choice(option->value)) {
        output_text(out, " -x -a '");
        put_words(out, option->value);
        output_text(out, "'");
    } else if (option->value && strcmp(option->value, "POLICY") == 0) {
        output_text(out, " -r -F -a '");
        put_library(out);
        output_text(out, "'");
    } else if (option->value) {
        output_text(out, *zsh_action(option->value) ? " -r -F" : " -x");
    }
    output_text(out, " -d ");
    put_quoted(out, option->help, true);
    output_text(out, "\n");
}

static void write_fish(tool_output *out)
{
    const tool_verb *verb;
    output_text(out, "# Completion of bylaw for fish, made by `bylaw completion fish`.\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++) {
        if (!verb->act) continue;
        output_text(out, "complete -c bylaw -n __fish_use_subcommand -a ");
        output_text(out, verb->name);
        output_text(out, " -d ");
        put_quoted(out, verb->summary, true);
        output_text(out, "\n");
    }
    output_text(out, "complete -c bylaw -n __fish_use_subcommand -a help -d 'more about a verb'\n"
                     "complete -c bylaw -f -n '__fish_seen_subcommand_from help' -a '");
    put_verbs(out);
    output_text(out, "'\n");
    for (size_t i = 0; (verb = tool_verb_at(i)); i++)
        if (verb->act) each_option(out, verb, put_fish_option);
    output_text(out, "complete -c bylaw -n '__fish_seen_subcommand_from tally' -a '");
    put_methods(out);
    output_text(out, "' -d 'method'\n");
}

/* ---- the verb ---- */

exit_status cmd_completion(const tool_arguments *arguments)
{
    static const struct {
        const char *shell;
        void (*write)(tool_output *out);
    } shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};
    const char *wanted = arguments->operand_count == 1 ? arguments->operands[0] : "";
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, wanted) != 0) continue;
        tool_output out;
        output_init(&out, STDOUT_FILENO);
        shells[i].write(&out);
        return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
    }
    fputs("bylaw: `bylaw completion` wants the name of a shell: bash, zsh or fish\n", stderr);
    return STATUS_USAGE;
}
