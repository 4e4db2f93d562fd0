/*
 * bylaw manual: the manual pages bylaw(1) and bylaw(5) in mdoc, made from the tables of verbs,
 * options and words, as the help texts are.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

/* Text as mdoc takes it: no escapes, no line that begins with a control character, every sentence
 * on a line of its own. */
static void put_text(tool_output *out, const char *text)
{
    bool is_start = true;
    for (; *text; text++) {
        if (is_start && (*text == '.' || *text == '\'')) output_text(out, "\\&");
        is_start = *text == '\n';
        if (*text == '\\') {
            output_text(out, "\\e");
        } else if (strncmp(text, "…", strlen("…")) == 0) {
            output_text(out, "\\&...");
            text += strlen("…") - 1;
        } else if (*text == '-') {
            output_text(out, "\\-");
        } else if (text[0] == '.' && text[1] == ' ') {
            output_text(out, ".\n");
            text++;
        } else {
            output_write(out, text, 1);
        }
    }
}

static void put_option(tool_output *out, const tool_option *option)
{
    output_text(out, ".It ");
    if (option->letter) {
        output_text(out, "Fl ");
        output_write(out, &option->letter, 1);
        output_text(out, " , ");
    }
    output_text(out, "Fl \\-");
    for (const char *at = option->word; *at; at++)
        output_text(out, *at == '-' ? "\\-" : (const char[]){*at, '\0'});
    if (option->value) {
        output_text(out, " Ar ");
        put_text(out, option->value);
    }
    output_text(out, "\n");
    put_text(out, option->help);
    const size_t size = strlen(option->help), dots = strlen("…");
    const bool is_open = size > dots && strcmp(option->help + size - dots, "…") == 0;
    output_text(out, is_open ? "\n" : ".\n");
}

static void put_verb(tool_output *out, const tool_verb *verb)
{
    output_text(out, ".Ss bylaw ");
    output_text(out, verb->name);
    output_text(out, " ");
    put_text(out, verb->operands);
    output_text(out, "\n");
    const char first[] = {(char)(verb->summary[0] - 'a' + 'A'), '\0'}; /* all begin with a verb */
    output_text(out, first);
    put_text(out, verb->summary + 1);
    output_text(out, ".\n");
    put_text(out, verb->details);
    tool_option option;
    output_text(out, "Options:\n.Bl -tag -width Ds -compact\n");
    for (unsigned i = 0; option_at(verb, i, &option); i++)
        if (option.is_taken) put_option(out, &option);
    output_text(out, ".El\n");
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
    ".It Ev HOME , XDG_STATE_HOME\nWhere what was typed in\n.Cm bylaw repl\nis kept: see\n.Sx FILES .\n"
    ".It Ev NO_COLOR\nWhere set and not empty, nothing is colored unless\n.Fl \\-color\nsays so.\n"
    ".It Ev TERM\nNothing is colored on a terminal called\n.Dq dumb .\n"
    ".It Ev TMPDIR\nThe folder for the events of a conversation while it lasts, instead of\n.Pa /tmp .\n.El\n"
    ".Sh FILES\n.Bl -tag -width Ds\n"
    ".It Pa $XDG_STATE_HOME/bylaw/history\nWhat was typed in\n.Cm bylaw repl ;\n"
    ".Pa ~/.local/state/bylaw/history\nwhere\n.Ev XDG_STATE_HOME\nis not set.\n.El\n"
    ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
    ".It 0\nFine.\n.It 1\nFindings, or an expectation failed.\n.It 2\nThe command line makes no "
    "sense.\n"
    ".It 3\nThe policy does not compile.\n.It 4\nA line was no event, or ballots cannot be counted as they are.\n"
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
static void put_library(tool_output *out)
{
    bylaw_text path, content;
    output_text(out, ".Sh LIBRARY POLICIES\nThese come with the program, and their names stand "
                     "wherever a policy is named:\n");
    for (size_t i = 0; bylaw_library_at(i, &path, &content); i++) {
        if (i > 0) output_text(out, " ,\n");
        output_text(out, ".Li ");
        output_write(out, path.bytes, path.size);
    }
    output_text(out, " .\n");
}

static void write_commands(tool_output *out)
{
    output_text(out, start);
    const tool_verb *verb;
    for (size_t i = 0; (verb = tool_verb_at(i)); i++)
        if (verb->act) put_verb(out, verb);
    put_library(out);
    output_text(out, end);
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
static void put_span(tool_output *out, bylaw_text text)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.bytes);
    put_text(out, copy);
}

/* A line of one macro with one argument: quotes around it, and those in it spelt out. */
static void put_argument(tool_output *out, const char *macro, bylaw_text text)
{
    output_text(out, macro);
    output_text(out, " \"");
    for (size_t from = 0, at = 0; at <= text.size; at++) {
        if (at < text.size && text.bytes[at] != '"') continue;
        put_span(out, (bylaw_text){text.bytes + from, at - from});
        if (at < text.size) output_text(out, "\\(dq");
        from = at + 1;
    }
    output_text(out, "\"\n");
}

/* The usage of an event is what it carries; of any other word, how it is written. */
static void put_word(tool_output *out, const bylaw_word *word)
{
    static const char events[] = "events";
    const bool is_event = word->group.size == sizeof events - 1 &&
                          memcmp(word->group.bytes, events, sizeof events - 1) == 0;
    put_argument(out, ".It Ic", word->usage.size > 0 && !is_event ? word->usage : word->word);
    put_span(out, word->meaning);
    output_text(out, "\n");
    if (is_event) {
        output_text(out, "Members:\n");
        put_span(out, word->usage);
        output_text(out, ".\n");
    }
    if (word->example.size > 0) put_argument(out, ".Dl", word->example);
}

static void write_language(tool_output *out)
{
    output_text(out, language_start);
    bylaw_text group = {"", 0};
    bylaw_word word;
    for (size_t i = 0; bylaw_word_at(i, &word); i++) {
        if (word.group.size != group.size ||
            memcmp(word.group.bytes, group.bytes, group.size) != 0) {
            if (group.size > 0) output_text(out, ".El\n");
            output_text(out, ".Ss ");
            const char first[] = {(char)(word.group.bytes[0] - 'a' + 'A'), '\0'};
            output_text(out, first); /* the groups' names are small letters */
            put_span(out, (bylaw_text){word.group.bytes + 1, word.group.size - 1});
            output_text(out, "\n.Bl -tag -width Ds\n");
            group = word.group;
        }
        put_word(out, &word);
    }
    output_text(out, ".El\n");
    output_text(out, language_end);
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
    if (is_language)
        write_language(&out);
    else
        write_commands(&out);
    return output_finish(&out) ? STATUS_FINE : STATUS_FAILED;
}
