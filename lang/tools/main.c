/*
 * The `bylaw` command: finds the verb, reads its options, does it. Like any host it uses bylaw.h
 * and nothing else of us.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "library_help.h"
#include "output.h"

#define TAKES_COMMON (TAKES(FORMAT) | TAKES(COLOR) | TAKES(QUIET) | TAKES(HELP))
#define TAKES_REPLAY (TAKES(POLICY) | TAKES(ROSTER) | TAKES(ON_ERROR) | TAKES(UNTIL) | TAKES_COMMON)

#define TAKES_QUESTION (TAKES_REPLAY | TAKES(AT) | TAKES(AT_SEQ))

/* Every verb, once. What has no operands text is not available yet. */
static const tool_verb verbs[] = {
    {"run", "[EVENTS…]", "evaluate a stream of events, print the outcomes",
     "Reads events, one JSON object a line, from files (plain or .gz), or from standard input "
     "when\n"
     "none or - is named, and prints what follows from them. A refused event is an outcome like\n"
     "any other; a line that is no event is reported, and the exit status is then 4.\n"
     "Without --format it prints text on a terminal and json into a pipe or a file.\n"
     "`bylaw POLICY [EVENTS…]` is the same as `bylaw run -p POLICY [EVENTS…]`.\n",
     TAKES_REPLAY | TAKES(VERBOSE) | TAKES(STATE) | TAKES(SAVE_SCENARIO), 0, cmd_run},
    {"check", "FILE…", "tell what is wrong with policies",
     "Prints nothing when all is well. The exit status is 3 for a policy that does not compile,\n"
     "1 when there are only warnings.\n",
     TAKES_COMMON, 0, cmd_check},
    {"test", "[FILE or DIR…]", "run the scenarios of policies",
     "Of a folder, those of every *.bylaw file below it; of the current one when none is named.\n"
     "Prints the scenarios that fail, and why, and a summary. The exit status is 1 when one "
     "fails.\n"
     "--coverage tells which clauses no scenario reached, which sides of which conditions, and\n"
     "which results of which votes; --coverage=html is a page with the source and its counts.\n"
     "Without --format: text.\n",
     TAKES(VERBOSE) | TAKES(RUN) | TAKES(COVERAGE) | TAKES(THRESHOLD) | TAKES_COMMON,
     WRITES(TEXT) | WRITES(JSON) | 1u << FORMAT_TAP | 1u << FORMAT_JUNIT, cmd_test},
    {"why", "PROPOSAL [EVENTS…]", "explain what became of a proposal, and by which clauses",
     "Reads the same inputs as `bylaw run` and prints how the proposal came to where it is. The\n"
     "exit status is 1 when there is no such proposal.\n",
     TAKES_QUESTION | TAKES(DEPTH) | TAKES(NOT) | TAKES(FOR), 0, cmd_why},
    {"compare", "OLD NEW [EVENTS…]", "show what two policies decide differently",
     "Replays one history under both policies and shows each decision that differs, with both\n"
     "reasons. Events are read as by `bylaw run`. With --verbose also what both decide alike for\n"
     "other reasons or on other days. The exit status is 1 when anything differs.\n",
     TAKES(ROSTER) | TAKES(ON_ERROR) | TAKES(UNTIL) | TAKES(VERBOSE) | TAKES_COMMON, 0,
     cmd_compare},
    {"who", "can VERB PROPOSAL [EVENTS…]", "tell who can do something now, and by which clauses",
     "VERB is what an event would say: approve, reject, abstain, rank, choose, score, veto, "
     "uphold,\n"
     "dispute, withdraw, recuse, conflict or publish. Reads the same inputs as `bylaw run`. Where\n"
     "nobody can, it tells what stops them. The exit status is 1 when there is no such proposal.\n",
     TAKES_QUESTION, 0, cmd_who},
    {"pending", "ACTOR [EVENTS…]", "tell what waits for somebody, the most urgent first",
     "Reads the same inputs as `bylaw run` and prints what waits for the person, then what else\n"
     "is open to them: ballots to change, vetoes, disputes, withdrawals. `all` is everybody,\n"
     "`@all` somebody of that name. The exit status is 1 when nobody has this handle.\n",
     TAKES_QUESTION, 0, cmd_pending},
    {"render", "FILE", "print a policy as bylaws in plain English",
     "Writes the whole policy as numbered clauses, each with its place in the source. What a\n"
     "library brings in stands in an annex. Without --format: Markdown.\n",
     TAKES_COMMON, WRITES(MARKDOWN) | WRITES(HTML) | WRITES(JSON), cmd_render},
    {"graph", "FILE", "draw how proposals are decided, and the roles",
     "Draws the compiled policy: the life of each kind of proposal, from who may raise it to what\n"
     "its end brings, and the roles with who grants and revokes them. One SVG with all pictures,\n"
     "DOT for Graphviz, JSON, or an outline in text; without --format text on a terminal, SVG\n"
     "into a pipe or a file. --of life draws the proposals, --of roles the roles, and names of\n"
     "kinds of proposals, with commas between, those alone.\n",
     TAKES(OF) | TAKES_COMMON, WRITES(TEXT) | WRITES(JSON) | WRITES(SVG) | WRITES(DOT), cmd_graph},
    {"needs", "PROPOSAL [EVENTS…]", "tell what would bring an outcome about",
     "Reads the same inputs as `bylaw run` and prints every smallest set of acts that, from then "
     "on,\n"
     "would have the proposal accepted, or come to the outcome that --for names. The exit status\n"
     "is 1 when there is no such proposal.\n",
     TAKES_QUESTION | TAKES(FOR), 0, cmd_needs},
    {"explain", "[CODE…]", "tell more about a message of check, with an example",
     "CODE is what stands in brackets, as in error[B0101]. Without one, all codes are listed.\n",
     TAKES(FORMAT) | TAKES(HELP), 0, cmd_explain},
    {"dump", "FILE", "print the program a policy compiles to",
     "For those who work on Bylaw itself.\n", TAKES_COMMON, 0, cmd_dump},
    {"completion", "bash|zsh|fish", "print what a shell needs to complete a command line",
     "For bash: `bylaw completion bash > ~/.local/share/bash-completion/completions/bylaw`.\n",
     TAKES(HELP), 0, cmd_completion},
    {"manual", "1|5", "print a manual page: of the command, or of the language",
     "In mdoc, for man: `bylaw manual 5 | man -l -`. Without a section: bylaw(1).\n", TAKES(HELP),
     0, cmd_manual},
    {"repl", "[EVENTS…]", "hold a conversation: say what happens, ask, undo, branch",
     "Reads statements as scenarios have them, declarations and questions; `help` in it tells\n"
     "which. On a terminal with line editing, history and completion; from anything else as a\n"
     "script: the exit status is then 1 when an `expect` failed or something was wrong. EVENTS\n"
     "are files that happened before it begins.\n",
     TAKES(POLICY) | TAKES(ROSTER) | TAKES(NO_HISTORY) | TAKES_COMMON, 0, cmd_repl},
    {"timeline", "PROPOSAL [EVENTS…]", "draw the life of a proposal, with every moment in it",
     "Reads the same inputs as `bylaw run`. As text a drawing for 80 columns and all moments "
     "below\n"
     "it; as json one span or mark a line; as svg a picture; as html a page with both. Without\n"
     "--format: text. The exit status is 1 when there is no such proposal.\n",
     TAKES_QUESTION, WRITES(TEXT) | WRITES(JSON) | WRITES(SVG) | WRITES(HTML), cmd_timeline},
    {"tally", "[METHOD] BALLOTS", "count an election from a file of ballots, round by round",
     "Reads ballots as JSON, BLT, PrefLib, ABIF or CSV (plain or .gz), or from standard input for\n"
     "-, counts them by METHOD, and prints every round and who is elected. Without METHOD they "
     "are\n"
     "counted as the file says. `bylaw tally METHOD --help` tells the options of a method. The\n"
     "exit status is 1 when nobody is elected or a tie is left, 4 when what is in the file cannot\n"
     "be read as ballots or counted so, 5 when the file cannot be read at all.\n",
     TAKES(SEATS) | TAKES(SET) | TAKES(BALLOTS_FORMAT) | TAKES(CSV) | TAKES(SEED) | TAKES(MARGIN) |
         TAKES(WIDTH) | TAKES_COMMON,
     0, cmd_tally},
    {"simulate", NULL, NULL, NULL, 0, 0, NULL},
    {"analyse", NULL, NULL, NULL, 0, 0, NULL},
    {"verify", NULL, NULL, NULL, 0, 0, NULL},
    {"fmt", "FILE or DIR…", "give policies their one canonical layout",
     "Changes white space and nothing else, in place; of a folder, in every *.bylaw file below "
     "it.\n"
     "- formats standard input to standard output. With --check it writes nothing, prints the "
     "names\n"
     "of files that would change, and the exit status is then 1. A policy that does not parse is\n"
     "left alone, and the exit status is 3.\n",
     TAKES(CHECK) | TAKES(QUIET) | TAKES(HELP), 0, cmd_fmt},
    {"compile", "FILE -o FILE",
     "write a policy and all it uses as one file that runs without its text",
     "The file named by -o (- is standard output) is a policy like any other: all verbs that read\n"
     "events take it, on every machine. Its scenarios stay behind. With --strip it has no places\n"
     "and no text either: outcomes are the same and cannot say by which line.\n",
     TAKES(OUTPUT) | TAKES(STRIP) | TAKES_COMMON, 0, cmd_compile},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static const char exit_status_help[] =
    "Exit status: 0 fine; 1 findings, or an expectation failed; 2 usage; 3 the policy "
    "does not\ncompile; 4 malformed events or ballots; 5 input, output or internal failure.\n";

const tool_verb *tool_verb_at(size_t index)
{
    return index < VERB_COUNT ? &verbs[index] : NULL;
}

static const tool_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
    return NULL;
}

/* ---- help ---- */

static void print_line(tool_output *out, const char *left, const char *operands, const char *right)
{
    char line[160];
    char first[64];
    snprintf(first, sizeof first, "%s%s%s", left, operands[0] ? " " : "", operands);
    int columns = 0; /* "…" is one column and three bytes */
    for (const char *at = first; *at; at++)
        columns += ((unsigned char)*at & 0xC0) != 0x80;
    snprintf(line, sizeof line, "  %s%*s  %s\n", first, columns < 24 ? 24 - columns : 0, "", right);
    output_text(out, line);
}

static void write_help(tool_output *out)
{
    output_text(out,
                "Usage: bylaw VERB [options] …\n"
                "       bylaw POLICY [EVENTS…]    the same as bylaw run -p POLICY [EVENTS…]\n\n"
                "Decides by the rules of a governance policy, and says why.\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verbs[i].act) print_line(out, verbs[i].name, verbs[i].operands, verbs[i].summary);
    print_line(out, "help", "[VERB or WORD]",
               "more about a verb, a word of the language, a procedure of the library");
    output_text(out, "\nNot available yet:");
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (verbs[i].act) continue;
        output_text(out, " ");
        output_text(out, verbs[i].name);
    }
    output_text(out, "\n\n");
    output_text(out, exit_status_help);
}

static void write_verb_help(tool_output *out, const tool_verb *verb)
{
    output_text(out, "Usage: bylaw ");
    output_text(out, verb->name);
    output_text(out, " [options] ");
    output_text(out, verb->operands);
    output_text(out, "\n\n");
    output_text(out, verb->details);
    output_text(out, "\n");
    options_describe(verb, output_writer(out));
    if (verb->act == cmd_tally) tally_describe_all(out);
    output_text(out, "\n");
    output_text(out, exit_status_help);
}

/* `arguments` are those beside --help, or NULL: a method of `tally` has its own help. */
static exit_status print_help(const tool_verb *verb, const tool_arguments *arguments)
{
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    if (verb && verb->act == cmd_tally && tally_describe(arguments, &out))
        return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
    if (verb)
        write_verb_help(&out, verb);
    else
        write_help(&out);
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}

static exit_status print_version(void)
{
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    output_text(&out, "bylaw " BYLAW_VERSION "\n");
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}

/* ---- what makes no sense ---- */

static const char *verb_name(const void *context, size_t index)
{
    (void)context;
    return verbs[index].name;
}

static exit_status complain_no_verb(const char *word)
{
    const char *near = nearest_word(word, verb_name, NULL, VERB_COUNT);
    fprintf(stderr, "bylaw: there is no verb or policy `%s`", word);
    if (near) fprintf(stderr, "; did you mean `bylaw %s`?", near);
    fputs("\nTry `bylaw help`.\n", stderr);
    return STATUS_USAGE;
}

/* The names in somebody's policy are asked for, too: those are told by the policy itself. */
static exit_status complain_no_word(const char *word, bool is_one)
{
    bylaw_word near;
    fprintf(stderr, "bylaw: there is no verb or word `%s`", word);
    if (is_one && bylaw_word_nearest((bylaw_text){word, strlen(word)}, &near))
        fprintf(stderr, "; did you mean `bylaw help %.*s`?\n", (int)near.word.size,
                near.word.bytes);
    else
        fputs("; what a policy names, `bylaw render FILE` tells\n", stderr);
    return STATUS_USAGE;
}

static exit_status complain_not_yet(const tool_verb *verb)
{
    fprintf(stderr, "bylaw: `bylaw %s` is not available yet\nTry `bylaw help`.\n", verb->name);
    return STATUS_USAGE;
}

/* ---- doing ---- */

/* `policy` is what stood in the verb's place, or NULL. */
static exit_status act(const tool_verb *verb, const char *policy, int count, char **words)
{
    if (!verb->act) return complain_not_yet(verb);
    tool_arguments arguments;
    exit_status status = STATUS_USAGE;
    bool is_read = options_parse(verb, count, words, policy, &arguments);
    if (is_read) status = arguments.help ? print_help(verb, &arguments) : verb->act(&arguments);
    arguments_free(&arguments);
    if (status == STATUS_USAGE) fprintf(stderr, "Try `bylaw help %s`.\n", verb->name);
    return status;
}

static void drop(void *context, const char *bytes, size_t size)
{
    (void)context, (void)bytes, (void)size;
}

/* What a word of the language means, in each of its places, a method of counting, a procedure of
 * the library; "decided by" may be two words. */
static exit_status explain_word(int count, char **words)
{
    char word[128];
    size_t index = 0;
    bylaw_word found;
    snprintf(word, sizeof word, "%s%s%s", words[0], count > 1 ? " " : "",
             count > 1 ? words[1] : "");
    const bylaw_text wanted = {word, strlen(word)};
    bylaw_method method;
    const bool is_method = bylaw_method_find(wanted, &method);
    const bool is_word = bylaw_word_find(wanted, 0, &index);
    const bylaw_writer nowhere = {drop, NULL};
    if (!is_word && !is_method && !library_help_write(wanted, false, nowhere))
        return complain_no_word(word, count == 1);
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    for (; is_word && bylaw_word_find(wanted, index, &index); index++)
        if (bylaw_word_at(index, &found)) bylaw_word_write(&found, false, output_writer(&out));
    if (is_word && is_method) output_text(&out, "\n");
    if (is_method) bylaw_method_write(method.name, NULL, output_writer(&out));
    library_help_write(wanted, is_word || is_method, output_writer(&out));
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}

static exit_status help(int count, char **words)
{
    if (count == 0 || strcmp(words[0], "help") == 0) return print_help(NULL, NULL);
    const tool_verb *verb = count == 1 ? find_verb(words[0]) : NULL;
    if (!verb) return explain_word(count, words);
    return verb->act ? print_help(verb, NULL) : complain_not_yet(verb);
}

static bool looks_like_policy(const char *word)
{
    return strchr(word, '/') || strchr(word, '.') || access(word, F_OK) == 0;
}

int main(int count, char **words)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error to report, not an end */
    if (count < 2) {
        fputs(
            "bylaw: what shall it do? `bylaw run` evaluates events, `bylaw help` tells the rest\n",
            stderr);
        return STATUS_USAGE;
    }
    const char *first = words[1];
    if (strcmp(first, "--version") == 0) return (int)print_version();
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return (int)print_help(NULL, NULL);
    if (strcmp(first, "help") == 0) return (int)help(count - 2, words + 2);
    const tool_verb *verb = find_verb(first);
    if (verb) return (int)act(verb, NULL, count - 2, words + 2);
    if (first[0] == '-') {
        fprintf(stderr, "bylaw: the verb comes first, then options such as %s\nTry `bylaw help`.\n",
                first);
        return STATUS_USAGE;
    }
    if (!looks_like_policy(first)) return (int)complain_no_verb(first);
    return (int)act(find_verb("run"), first, count - 2, words + 2);
}
