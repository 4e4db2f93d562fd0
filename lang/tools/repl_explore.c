/*
 * The words that move about in a session: back and forth, between branches, into the past; and
 * those that bring files in, and take the session out as one.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_file.h"
#include "repl.h"
#include "repl_save.h"
#include "session_compare.h"

#define LOAD_DEPTH_MAX 16 /* files that load each other */
#define TYPED_SHOWN_MAX 60

typedef session_status (*command_function)(repl *r, bylaw_text rest);

/* ---- arguments ---- */

/* The only word of the rest; false where there is none, more than one, or it does not fit. */
static bool only_word(bylaw_text rest, char *word, size_t size)
{
    bylaw_text one, more;
    if (!repl_next_word(&rest, &one) || repl_next_word(&rest, &more)) return false;
    if (one.size == 0 || one.size >= size || memchr(one.bytes, '\0', one.size)) return false;
    memcpy(word, one.bytes, one.size);
    word[one.size] = '\0';
    return true;
}

static bool is_nothing(bylaw_text rest)
{
    bylaw_text word;
    return !repl_next_word(&rest, &word);
}

/* A number of steps, 1 where none is said. */
static bool read_steps(bylaw_text rest, uint32_t *out)
{
    char word[16];
    *out = 1;
    if (is_nothing(rest)) return true;
    if (!only_word(rest, word, sizeof word)) return false;
    uint32_t steps = 0;
    for (const char *at = word; *at; at++) {
        if (*at < '0' || *at > '9' || steps > 100000000) return false;
        steps = steps * 10 + (uint32_t)(*at - '0');
    }
    *out = steps;
    return steps > 0;
}

static bool complain_past(repl *r)
{
    if (!r->session.is_looking) return false;
    session_complain(&r->session,
                     "you are looking at %s: `now` returns, `branch NAME` goes on from there",
                     r->session.past_time);
    return true;
}

/* The first line of what was typed, cut where it is long. */
static void shorten(const char *typed, char *out, size_t size)
{
    size_t length = strcspn(typed, "\n");
    const bool is_whole = typed[length + strspn(typed + length, "\n")] == '\0' &&
                          length <= TYPED_SHOWN_MAX;
    if (length > TYPED_SHOWN_MAX) length = TYPED_SHOWN_MAX;
    while (length > 0 && ((unsigned char)typed[length] & 0xC0) == 0x80)
        length--; /* no piece of a character */
    while (!is_whole && length > 0 && typed[length - 1] == ' ')
        length--;
    snprintf(out, size, "%.*s%s", (int)length, typed, is_whole ? "" : " …");
}

/* ---- back and forth ---- */

static void tell_place(repl *r, const char *how)
{
    session *s = &r->session;
    const session_entry *entry = &s->tree.entries[session_head(s)];
    char typed[TYPED_SHOWN_MAX * 2];
    shorten(entry->typed, typed, sizeof typed);
    if (entry->depth == 0)
        session_note(s, "%s the beginning", how);
    else
        session_note(s, "%s %u, %s: %s", how, entry->depth,
                     entry->time[0] ? entry->time : "before any event", typed);
}

static session_status undo(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    uint32_t steps;
    if (!read_steps(rest, &steps)) return repl_complain_usage(r, "undo [N]");
    if (complain_past(r)) return SESSION_WRONG;
    const uint32_t depth = s->tree.entries[session_head(s)].depth;
    if (depth == 0) {
        session_complain(s, "there is nothing to undo");
        return SESSION_WRONG;
    }
    const uint32_t to = session_tree_ancestor(&s->tree, session_head(s),
                                              steps < depth ? depth - steps : 0);
    const session_status status = session_go(s, to);
    if (status == SESSION_FINE) tell_place(r, "back at");
    return status;
}

static session_status redo(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    uint32_t steps;
    if (!read_steps(rest, &steps)) return repl_complain_usage(r, "redo [N]");
    if (complain_past(r)) return SESSION_WRONG;
    const uint32_t tip = s->branches[s->branch].tip;
    const uint32_t depth = s->tree.entries[session_head(s)].depth;
    const uint32_t most = s->tree.entries[tip].depth;
    if (depth == most) {
        session_complain(s, "there is nothing to redo");
        return SESSION_WRONG;
    }
    const uint32_t to = session_tree_ancestor(&s->tree, tip,
                                              most - depth < steps ? most : depth + steps);
    const session_status status = session_go(s, to);
    if (status == SESSION_FINE) tell_place(r, "again at");
    return status;
}

static session_status show_history(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    if (!is_nothing(rest)) return repl_complain_usage(r, "history");
    const uint32_t head = session_head(s);
    const uint32_t last = s->tree.entries[head].depth;
    uint32_t *path = calloc((size_t)last + 1, sizeof *path);
    if (!path) return session_complain_memory(s);
    for (uint32_t at = head, depth = last; depth > 0; at = s->tree.entries[at].parent)
        path[depth--] = at;
    for (uint32_t depth = 1; depth <= last; depth++) {
        const session_entry *entry = &s->tree.entries[path[depth]];
        char typed[TYPED_SHOWN_MAX * 2];
        shorten(entry->typed, typed, sizeof typed);
        session_note(s, "%4u  %-20s  %s", depth, entry->time, typed);
    }
    if (last == 0) session_note(s, "nothing has happened yet");
    free(path);
    return SESSION_FINE;
}

/* ---- branches ---- */

static bool find_branch(const session *s, const char *name, size_t *out)
{
    for (size_t i = 0; i < s->branch_count; i++) {
        *out = i;
        if (strcmp(s->branches[i].name, name) == 0) return true;
    }
    return false;
}

static const char *branch_name(const void *context, size_t index)
{
    return ((const session *)context)->branches[index].name;
}

static session_status complain_no_branch(repl *r, const char *name)
{
    session *s = &r->session;
    const char *near = nearest_word(name, branch_name, s, s->branch_count);
    if (near)
        session_complain(s, "there is no branch `%s`; did you mean `%s`?", name, near);
    else
        session_complain(s, "there is no branch `%s`; `branches` lists them", name);
    return SESSION_WRONG;
}

static session_status branch(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    char name[64];
    size_t there;
    if (!only_word(rest, name, sizeof name)) return repl_complain_usage(r, "branch NAME");
    if (find_branch(s, name, &there)) {
        session_complain(s, "there is a branch `%s` already; `switch %s` goes there", name, name);
        return SESSION_WRONG;
    }
    const session_status status = session_branch_off(s, name);
    if (status == SESSION_FINE) tell_place(r, "a new branch, at");
    return status;
}

static session_status list_branches(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    if (!is_nothing(rest)) return repl_complain_usage(r, "branches");
    for (size_t i = 0; i < s->branch_count; i++) {
        const session_entry *head = &s->tree.entries[s->branches[i].head];
        session_note(s, "%s %s: %u %s%s%s", i == s->branch ? "*" : " ", s->branches[i].name,
                     head->depth, head->depth == 1 ? "entry" : "entries", head->time[0] ? ", " : "",
                     head->time);
    }
    return SESSION_FINE;
}

static session_status switch_branch(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    char name[64];
    size_t there;
    if (!only_word(rest, name, sizeof name)) return repl_complain_usage(r, "switch NAME");
    if (!find_branch(s, name, &there)) return complain_no_branch(r, name);
    const session_status status = session_switch(s, there);
    if (status == SESSION_FINE) tell_place(r, "at");
    return status;
}

static session_status diff(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    char name[64];
    size_t there;
    if (!only_word(rest, name, sizeof name)) return repl_complain_usage(r, "diff NAME");
    if (complain_past(r)) return SESSION_WRONG;
    if (!find_branch(s, name, &there)) return complain_no_branch(r, name);
    return session_compare_worlds(s, session_head(s), s->branches[s->branch].name,
                                  s->branches[there].head, name);
}

/* ---- time ---- */

static void take_time(void *context, session_answer answer, const char *bytes, size_t size)
{
    if (answer == ANSWER_TEXT && size < SESSION_TIME_SIZE) memcpy(context, bytes, size);
}

/* `at TIME`: earlier than the clock it looks at the past; later it is a statement, and time passes.
 */
static session_status at(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    char word[64], time[SESSION_TIME_SIZE] = "";
    if (!only_word(rest, word, sizeof word)) return repl_complain_usage(r, "at TIME");
    const session_command command = {.verb = SESSION_TIME_OF, .text_size = strlen(word)};
    session_done done;
    session_status status = session_call(s, &command, word, (session_sink){take_time, time}, &done);
    if (status != SESSION_FINE) return status;
    if (done.status != BYLAW_OK) {
        session_complain(s, "`%s` is no time; one is 2024-03-01, or 2024-03-01T10:00:00Z", word);
        return SESSION_WRONG;
    }
    const char *clock = s->tree.entries[session_head(s)].time;
    if (clock[0] == '\0' || session_time_compare(time, clock) >= 0) {
        char statement[80];
        session_return(s);
        snprintf(statement, sizeof statement, "at %s", word);
        return session_say(s, (bylaw_text){statement, strlen(statement)}, r->place);
    }
    status = session_look(s, time);
    if (status == SESSION_FINE) session_note(s, "as it was at %s; `now` returns", time);
    return status;
}

static session_status now(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    if (!is_nothing(rest)) return repl_complain_usage(r, "now");
    session_return(s);
    tell_place(r, "at");
    return SESSION_FINE;
}

static session_status tell_time(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    if (!is_nothing(rest)) return repl_complain_usage(r, "time");
    const char *clock = s->is_looking ? s->past_time : s->tree.entries[session_head(s)].time;
    session_note(s, "%s", clock[0] ? clock : "nothing has happened yet");
    return SESSION_FINE;
}

/* ---- files ---- */

static session_status read_facts(repl *r, bylaw_text rest, session_sort sort, const char *usage)
{
    char path[4096];
    if (!only_word(rest, path, sizeof path)) return repl_complain_usage(r, usage);
    if (complain_past(r)) return SESSION_WRONG;
    return session_read(&r->session, sort, path);
}

static session_status events(repl *r, bylaw_text rest)
{
    return read_facts(r, rest, SESSION_EVENTS, "events FILE");
}

static session_status roster(repl *r, bylaw_text rest)
{
    return read_facts(r, rest, SESSION_ROSTER, "roster FILE");
}

/* What a file holds, told by its first word. */
static bool begins_as(const char *bytes, size_t size, const char *word)
{
    size_t from = 0;
    while (from < size) {
        if (isspace((unsigned char)bytes[from]))
            from++;
        else if (bytes[from] == '#') {
            const char *end = memchr(bytes + from, '\n', size - from);
            from = end ? (size_t)(end - bytes) : size;
        } else
            break;
    }
    const size_t length = strlen(word);
    return size - from >= length && memcmp(bytes + from, word, length) == 0;
}

/* A part of a file is not what was to be loaded. */
static session_status complain_cut(repl *r, const char *path)
{
    session_complain(&r->session, "%s is too large: it has %zu bytes or more", path, FILE_READ_MAX);
    return SESSION_WRONG;
}

static session_status load(repl *r, bylaw_text rest)
{
    char path[4096];
    if (!only_word(rest, path, sizeof path)) return repl_complain_usage(r, "load FILE");
    if (complain_past(r)) return SESSION_WRONG;
    if (r->load_depth >= LOAD_DEPTH_MAX) {
        session_complain(&r->session, "files load each other, more than %d deep", LOAD_DEPTH_MAX);
        return SESSION_WRONG;
    }
    char *bytes;
    size_t size;
    if (!file_read(path, &bytes, &size)) return SESSION_WRONG;
    session_status status;
    r->load_depth++;
    if (begins_as(bytes, size, "{"))
        status = session_read(&r->session, SESSION_EVENTS, path);
    else if (begins_as(bytes, size, "policy "))
        status = session_declare(&r->session, SESSION_POLICY, (bylaw_text){path, strlen(path)});
    else if (size < FILE_READ_MAX)
        status = repl_do_text(r, (bylaw_text){bytes, size}, path);
    else
        status = complain_cut(r, path);
    r->load_depth--;
    free(bytes);
    return status;
}

static session_status policy(repl *r, bylaw_text rest)
{
    session *s = &r->session;
    char name[4096];
    if (is_nothing(rest)) {
        uint32_t declared = 0;
        for (uint32_t entry = session_head(s); entry; entry = s->tree.entries[entry].parent) {
            if (s->tree.entries[entry].sort == SESSION_POLICY) break;
            declared += s->tree.entries[entry].sort == SESSION_DECLARED;
        }
        session_note(s, declared ? "%s, and %u %s of this session" : "%s",
                     session_base(s, session_head(s)), declared,
                     declared == 1 ? "declaration" : "declarations");
        return SESSION_FINE;
    }
    if (!only_word(rest, name, sizeof name)) return repl_complain_usage(r, "policy [NAME]");
    if (complain_past(r)) return SESSION_WRONG;
    return session_declare(s, SESSION_POLICY, (bylaw_text){name, strlen(name)});
}

static session_status save(repl *r, bylaw_text rest)
{
    char path[4096];
    if (!only_word(rest, path, sizeof path)) return repl_complain_usage(r, "save FILE");
    if (complain_past(r)) return SESSION_WRONG;
    return repl_save(r, path);
}

/* ---- the rest ---- */

static session_status quit(repl *r, bylaw_text rest)
{
    if (!is_nothing(rest)) return repl_complain_usage(r, "quit");
    r->has_ended = true;
    return SESSION_FINE;
}

static session_status help(repl *r, bylaw_text rest)
{
    if (is_nothing(rest)) {
        repl_list_words(r);
        return SESSION_FINE;
    }
    return repl_help(r, rest);
}

typedef struct command_row {
    const char *word;
    const char *usage;
    const char *summary;
    command_function act;
} command_row;

static const command_row commands[] = {
    {"time", "time", "what the clock says", tell_time},
    {"at", "at TIME", "look at an earlier moment; a later one is waited for", at},
    {"now", "now", "back from the past", now},
    {"undo", "undo [N]", "take back the last entry, or the last N", undo},
    {"redo", "redo [N]", "do again what was undone", redo},
    {"history", "history", "what was said and read so far", show_history},
    {"branch", "branch NAME", "go on from here on a branch of its own", branch},
    {"branches", "branches", "which there are", list_branches},
    {"switch", "switch NAME", "go to another branch", switch_branch},
    {"diff", "diff NAME", "what is different on another branch", diff},
    {"events", "events FILE", "read a file of events, packed ones too", events},
    {"roster", "roster FILE", "read a file of founding facts", roster},
    {"load", "load FILE", "read a file of statements, declarations or events", load},
    {"policy", "policy [NAME]", "under which policy it happens; or let it happen under another",
     policy},
    {"save", "save FILE", "write the session as a scenario that `bylaw test` passes", save},
    {"help", "help [WORD]", "this, or what a word of the language means", help},
    {"quit", "quit", "end; so does ^D", quit},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

bool repl_is_command(bylaw_text word)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (repl_is_word(word, commands[i].word)) return true;
    return false;
}

bool repl_explore(repl *r, bylaw_text line, session_status *out)
{
    bylaw_text rest = line, word;
    if (!repl_next_word(&rest, &word)) return false;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!repl_is_word(word, commands[i].word)) continue;
        *out = commands[i].act(r, rest);
        return true;
    }
    return false;
}

const char *repl_word_at(size_t index)
{
    static const char *const statements[] = {"given", "after", "expect", "emit", "seed"};
    const size_t statement_count = sizeof statements / sizeof statements[0];
    if (index < COMMAND_COUNT) return commands[index].word;
    index -= COMMAND_COUNT;
    if (index < statement_count) return statements[index];
    const session_question *question = session_question_at(index - statement_count);
    return question ? question->words : NULL;
}

void repl_list_words(repl *r)
{
    session *s = &r->session;
    const session_question *question;
    session_note(s, "What happens is said as in a scenario:");
    session_note(s, "  given @ana is core_maintainer    @zoe proposes change on nn as rename");
    session_note(s, "  @ana approves rename             after 3 days");
    session_note(s, "  expect rename is accepted        expect refused { @zoe vetoes rename }");
    session_note(s, "Declarations (role, procedure, proposal …) change the policy. Questions:");
    for (size_t i = 0; (question = session_question_at(i)); i++)
        session_note(s, "  %s", question->usage);
    session_note(s, "To move about, and for files:");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        session_note(s, "  %-15s %s", commands[i].usage, commands[i].summary);
}
