/*
 * bylaw manual: the manual pages bylaw(1) and bylaw(5) in mdoc, made from the tables of verbs,
 * options and words, as the help texts are.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

/* ---- lines ---- */

enum { LINE_MOST = 79, LINE_ROOM = 4096 };

/* A page while it is written. Lines of text are broken between words, as mdoc wants them. */
typedef struct page {
    tool_output *out;
    char line[LINE_ROOM];
    size_t size;
    bool is_literal;
} page;

static bool begins(const page *to, const char *macro)
{
    const size_t size = strlen(macro);
    return to->size >= size && memcmp(to->line, macro, size) == 0;
}

/* Where the line is broken, which begins at `from`; its end where it is short or has no place. */
static size_t break_of(const page *to, size_t from)
{
    if (to->size - from <= LINE_MOST) return to->size;
    for (size_t at = from + LINE_MOST; at > from; at--) {
        const bool is_between = to->line[at] == ' ' && to->line[at - 1] != ' ' &&
                                at + 1 < to->size && !strchr(" .'", to->line[at + 1]);
        if (is_between) return at;
    }
    return to->size;
}

static void end_line(page *to)
{
    if (begins(to, ".Bd")) to->is_literal = true;
    if (begins(to, ".Ed")) to->is_literal = false;
    const bool is_text = !to->is_literal && to->size > 0 && to->line[0] != '.';
    for (size_t from = 0, end; from <= to->size; from = end + 1) {
        end = is_text ? break_of(to, from) : to->size;
        output_write(to->out, to->line + from, end - from);
        output_text(to->out, "\n");
    }
    to->size = 0;
}

static void put_bytes(page *to, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (to->size == LINE_ROOM) end_line(to); /* none is so long */
        if (bytes[i] == '\n')
            end_line(to);
        else
            to->line[to->size++] = bytes[i];
    }
}

static void put_string(page *to, const char *text)
{
    put_bytes(to, text, strlen(text));
}

/* ---- bylaw(1) ---- */

/* Text as mdoc takes it: no escapes, no line that begins with a control character, every sentence
 * on a line of its own. */
static void put_text(page *out, const char *text)
{
    bool is_start = true;
    for (; *text; text++) {
        if (is_start && (*text == '.' || *text == '\'')) put_string(out, "\\&");
        is_start = *text == '\n';
        if (*text == '\\') {
            put_string(out, "\\e");
        } else if (strncmp(text, "…", strlen("…")) == 0) {
            put_string(out, "\\&...");
            text += strlen("…") - 1;
        } else if (*text == '-') {
            put_string(out, "\\-");
        } else if (text[0] == '.' && text[1] == ' ') {
            put_string(out, ".\n");
            text++;
        } else {
            put_bytes(out, text, 1);
        }
    }
}

static void put_option(page *out, const tool_option *option)
{
    put_string(out, ".It ");
    if (option->letter) {
        put_string(out, "Fl ");
        put_bytes(out, &option->letter, 1);
        put_string(out, " , ");
    }
    put_string(out, "Fl \\-");
    for (const char *at = option->word; *at; at++)
        put_string(out, *at == '-' ? "\\-" : (const char[]){*at, '\0'});
    if (option->value) {
        put_string(out, " Ar ");
        put_text(out, option->value);
    }
    put_string(out, "\n");
    put_text(out, option->help);
    const size_t size = strlen(option->help), dots = strlen("…");
    const bool is_open = size > dots && strcmp(option->help + size - dots, "…") == 0;
    put_string(out, is_open ? "\n" : ".\n");
}

static void put_verb(page *out, const tool_verb *verb)
{
    put_string(out, ".Ss bylaw ");
    put_string(out, verb->name);
    put_string(out, " ");
    put_text(out, verb->operands);
    put_string(out, "\\&\n"); /* no dot and no bracket ends a heading */
    const char first[] = {(char)(verb->summary[0] - 'a' + 'A'), '\0'}; /* all begin with a verb */
    put_string(out, first);
    put_text(out, verb->summary + 1);
    put_string(out, ".\n");
    put_text(out, verb->details);
    tool_option option;
    put_string(out, "Options:\n.Bl -tag -width Ds -compact\n");
    for (unsigned i = 0; option_at(verb, i, &option); i++)
        if (option.is_taken) put_option(out, &option);
    put_string(out, ".El\n");
}

static const char start[] =
    ".\\\" Made by `bylaw manual`: do not edit.\n"
    ".Dd $Mdocdate$\n"
    ".Dt BYLAW 1\n.Os\n"
    ".Sh NAME\n.Nm bylaw\n.Nd decide by the rules of a governance policy, and say why\n"
    ".Sh SYNOPSIS\n.Nm\n.Ar verb\n.Op Ar option ...\n.Op Ar operand ...\n"
    ".Nm\n.Ar policy\n.Op Ar events ...\n"
    ".Sh DESCRIPTION\n.Nm\ncompiles a governance policy, evaluates it against a stream of events "
    "and says of every outcome\n"
    "by which clause it came about.\n"
    "Elections are also counted from a file of their ballots alone.\n"
    "The language is described in\n.Xr bylaw 5 ,\nthe library in\n.Xr bylaw 3 .\n"
    ".Pp\nThe second form is the same as\n.Nm\n.Cm run Fl p Ar policy .\n"
    ".Sh VERBS\n";
static const char end[] =
    ".Sh ENVIRONMENT\n.Bl -tag -width NO_COLOR\n"
    ".It Ev HOME , XDG_STATE_HOME\nWhere what was typed in\n.Cm bylaw repl\nis kept: see\n.Sx "
    "FILES .\n"
    ".It Ev NO_COLOR\nWhere set and not empty, nothing is colored unless\n.Fl \\-color\nsays so.\n"
    ".It Ev TERM\nNothing is colored on a terminal called\n.Dq dumb .\n"
    ".It Ev TMPDIR\nThe folder for the events of a conversation while it lasts, instead of\n.Pa "
    "/tmp .\n.El\n"
    ".Sh FILES\n.Bl -tag -width Ds\n"
    ".It Pa $XDG_STATE_HOME/bylaw/history\nWhat was typed in\n.Cm bylaw repl ;\n"
    ".Pa ~/.local/state/bylaw/history\nwhere\n.Ev XDG_STATE_HOME\nis not set.\n.El\n"
    ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
    ".It 0\nFine.\n.It 1\nFindings, or an expectation failed.\n.It 2\nThe command line makes no "
    "sense.\n"
    ".It 3\nThe policy does not compile.\n.It 4\nA line was no event, or ballots cannot be counted "
    "as they are.\n"
    ".It 5\nInput, output or memory failed.\n.El\n"
    ".Sh EXAMPLES\nThe outcomes of a stream of events under PyTorch's governance:\n"
    ".Pp\n.Dl $ bylaw run \\-r roster.jsonl events.jsonl\n"
    ".Pp\nWhy a proposal stands as it does:\n"
    ".Pp\n.Dl $ bylaw why rename \\-r roster.jsonl events.jsonl\n"
    ".Pp\nWhat is wrong with a policy, and whether its scenarios hold:\n"
    ".Pp\n.Dl $ bylaw check club.bylaw && bylaw test club.bylaw\n"
    ".Pp\nAn election of three by the single transferable vote, from a file of ballots:\n"
    ".Pp\n.Dl $ bylaw tally stv \\-\\-seats 3 votes.blt\n"
    ".Sh SEE ALSO\n.Xr bylaw 3 ,\n.Xr bylaw 5\n";

/* Policies that can be named wherever a policy can. */
static void put_library(page *out)
{
    bylaw_text path, content;
    put_string(out, ".Sh LIBRARY POLICIES\nThese come with the program, and their names stand "
                    "wherever a policy is named:\n");
    for (size_t i = 0; bylaw_library_at(i, &path, &content); i++) {
        if (i > 0) put_string(out, " ,\n");
        put_string(out, ".Li ");
        put_bytes(out, path.bytes, path.size);
    }
    put_string(out, " .\n");
}

static void write_commands(page *out)
{
    put_string(out, start);
    const tool_verb *verb;
    for (size_t i = 0; (verb = tool_verb_at(i)); i++)
        if (verb->act) put_verb(out, verb);
    put_library(out);
    put_string(out, end);
}

/* ---- bylaw(5) ---- */

static const char language_start[] =
    ".\\\" Made by `bylaw manual 5`: do not edit.\n"
    ".Dd $Mdocdate$\n"
    ".Dt BYLAW 5\n.Os\n"
    ".Sh NAME\n.Nm bylaw\n.Nd the language of governance policies\n"
    ".Sh DESCRIPTION\nA policy is a text file of declarations, in any order: scopes, roles, "
    "bodies, procedures and kinds of "
    "proposals.\n"
    "What stands behind a number sign is a comment, to the end of the line.\n"
    "White space only separates words.\n"
    "Names are letters, digits and underscores; texts stand in double quotes; a person is written\n"
    ".Ar @handle .\n"
    "Numbers are exact, and may be percentages; durations are numbers with a unit\n"
    ".Pq Li 14 days ;\n"
    "times and dates are those of RFC 3339.\n"
    ".Pp\nThis page is a reference of words.\n"
    "Capital letters stand for what the policy fills in.\n";
static const char language_end[] =
    ".Sh EXAMPLES\n.Bd -literal\n"
    "policy club \"Rules of the chess club\"\n\nrole member\nrole treasurer { exactly 1 }\n\n"
    "proposal purchase {\n"
    "  raised   by member\n"
    "  requires price : number\n"
    "  decided  by member using half_of_us within 14 days\n"
    "  veto     by treasurer within 7 days with reason\n}\n\n"
    "procedure half_of_us \"more than half of all members\" {\n"
    "  passes when approve > 1/2 of body\n"
    "  fails  otherwise\n}\n.Ed\n"
    ".Sh SEE ALSO\n.Xr bylaw 1 ,\n.Xr bylaw 3\n";

/* The bytes of a text of the library, as put_text takes them. */
static void put_span(page *out, bylaw_text text)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    put_text(out, copy);
}

/* A line of one macro with one argument: quotes around it, and those in it spelt out. */
static void put_argument(page *out, const char *macro, bylaw_text text)
{
    put_string(out, macro);
    put_string(out, " \"");
    for (size_t from = 0, at = 0; at <= text.size; at++) {
        if (at < text.size && text.bytes[at] != '"') continue;
        put_span(out, (bylaw_text){text.bytes + from, at - from});
        if (at < text.size) put_string(out, "\\(dq");
        from = at + 1;
    }
    put_string(out, "\"\n");
}

/* The usage of an event is what it carries; of any other word, how it is written. */
static void put_word(page *out, const bylaw_word *word)
{
    static const char events[] = "events";
    const bool is_event = word->group.size == sizeof events - 1 &&
                          memcmp(word->group.bytes, events, sizeof events - 1) == 0;
    put_argument(out, ".It Ic", word->usage.size > 0 && !is_event ? word->usage : word->word);
    put_span(out, word->meaning);
    put_string(out, "\n");
    if (is_event) {
        put_string(out, "Members:\n");
        put_span(out, word->usage);
        put_string(out, ".\n");
    }
    if (word->example.size > 0) put_argument(out, ".Dl", word->example);
}

static void write_language(page *out)
{
    put_string(out, language_start);
    bylaw_text group = {"", 0};
    bylaw_word word;
    for (size_t i = 0; bylaw_word_at(i, &word); i++) {
        if (word.group.size != group.size ||
            memcmp(word.group.bytes, group.bytes, group.size) != 0) {
            if (group.size > 0) put_string(out, ".El\n");
            put_string(out, ".Ss ");
            const char first[] = {(char)(word.group.bytes[0] - 'a' + 'A'), '\0'};
            put_string(out, first); /* the groups' names are small letters */
            put_span(out, (bylaw_text){word.group.bytes + 1, word.group.size - 1});
            put_string(out, "\n.Bl -tag -width Ds\n");
            group = word.group;
        }
        put_word(out, &word);
    }
    put_string(out, ".El\n");
    put_string(out, language_end);
}

exit_status cmd_manual(const tool_arguments *arguments)
{
    const char *section = arguments->operand_count == 0 ? "1" : arguments->operands[0];
    const bool is_language = strcmp(section, "5") == 0;
    if (arguments->operand_count > 1 || (!is_language && strcmp(section, "1") != 0)) {
        fputs("bylaw: `bylaw manual` wants a section: 1 for the command, 5 for the language\n",
              stderr);
        return STATUS_USAGE;
    }
    tool_output out;
    output_init(&out, STDOUT_FILENO);
    page written = {.out = &out};
    if (is_language)
        write_language(&written);
    else
        write_commands(&written);
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}
