/*
 * bylaw repl: the conversation. Reads entry by entry, from a terminal or as a script, and hands
 * each to who knows it: statements and declarations to the session, questions and commands to their
 * tables. Nothing that is wrong ends it.
 */
#include "repl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "input.h"
#include "policy_file.h"
#include "repl_complete.h"
#include "repl_save.h"
#include "replay.h"

#define ENTRY_SIZE_MAX ((size_t)16 << 20)

/* ---- showing ---- */

/* Among lines of JSON a note is one too. */
static void write_note(repl *r, bylaw_text text)
{
    const bool is_json = r->session.format == BYLAW_JSON;
    if (text.size == 0) return;
    if (is_json) output_text(&r->output, "{\"type\":\"note\",\"text\":");
    if (is_json)
        output_json_text(&r->output, text);
    else
        output_write(&r->output, text.bytes, text.size);
    output_text(&r->output, is_json ? "}\n" : "\n");
}

static void show(void *context, session_answer answer, const char *bytes, size_t size)
{
    repl *r = context;
    if (answer == ANSWER_TEXT) {
        output_write(&r->output, bytes, size);
        return;
    }
    if (answer == ANSWER_NOTE) {
        write_note(r, (bylaw_text){bytes, size});
        return;
    }
    if (answer != ANSWER_COMPLAINT) return;
    r->was_wrong = true;
    output_flush(&r->output); /* so that it stands behind what went before */
    fwrite(bytes, 1, size, stderr);
}

/* ---- what sort of thing was typed ---- */

typedef enum chunk_sort { CHUNK_BLANK, CHUNK_SAID, CHUNK_DECLARED, CHUNK_LINE } chunk_sort;

static chunk_sort sort_of(bylaw_text text, bool *is_open)
{
    bylaw_text rest = text, word;
    *is_open = false;
    if (repl_next_word(&rest, &word) && (repl_is_command(word) || repl_is_question(word))) {
        return CHUNK_LINE;
    }
    switch (bylaw_entry_of(text)) {
    case BYLAW_ENTRY_BLANK: return CHUNK_BLANK;
    case BYLAW_ENTRY_OPEN: *is_open = true; return CHUNK_SAID;
    case BYLAW_ENTRY_STATEMENTS: return CHUNK_SAID;
    case BYLAW_ENTRY_DECLARATIONS: return CHUNK_DECLARED;
    case BYLAW_ENTRY_OTHER: break;
    }
    return CHUNK_LINE;
}

/* ---- what nobody knows ---- */

static const char *word_at(const void *context, size_t index)
{
    (void)context;
    return repl_word_at(index);
}

/* What people type who know other conversations, and the word for it here. */
static const char *meant_by(const char *word)
{
    static const char *const meant[][2] = {
        {"exit", "quit"},   {"bye", "quit"},     {"wait", "after"},  {"show", "state"},
        {"list", "state"},  {"status", "state"}, {"print", "state"}, {"run", "events"},
        {"read", "events"}, {"open", "load"},    {"revert", "undo"}};
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (strcmp(word, meant[i][0]) == 0) return meant[i][1];
    return NULL;
}

/* Whether it is something that people do: `approves`, written behind `@name`. */
static bool is_deed(bylaw_text word)
{
    bylaw_word known;
    for (size_t i = 0; bylaw_word_at(i, &known); i++)
        if (known.word.size == word.size && memcmp(known.word.bytes, word.bytes, word.size) == 0 &&
            known.usage.size > 0 && known.usage.bytes[0] == '@')
            return true;
    return false;
}

/* Told by what stands behind the first word, or by its sign; false where that tells nothing. */
static bool complain_form(session *s, bylaw_text first, bylaw_text rest)
{
    bylaw_text second;
    const int size = first.size > 60 ? 60 : (int)first.size;
    if (first.size > 0 && first.bytes[0] == '{')
        session_complain(s, "events are read from files: `events FILE`; here they are said, as in "
                            "`@ana approves rename`");
    else if (repl_next_word(&rest, &second) && is_deed(second))
        session_complain(s, "a person is written with `@`: `@%.*s`", size, first.bytes);
    else
        return false;
    return true;
}

static session_status complain_unknown(repl *r, bylaw_text line)
{
    session *s = &r->session;
    bylaw_text rest = line, word;
    char small[32] = "";
    repl_next_word(&rest, &word);
    if (complain_form(s, word, rest)) return SESSION_WRONG;
    for (size_t i = 0; i < word.size && i + 1 < sizeof small; i++)
        small[i] = (char)tolower((unsigned char)word.bytes[i]);
    size_t count = 0;
    while (repl_word_at(count))
        count++;
    const char *near = meant_by(small);
    if (!near && word.size < sizeof small) near = nearest_word(small, word_at, NULL, count);
    const int size = word.size > 60 ? 60 : (int)word.size;
    if (near && strcmp(near, small) == 0)
        session_complain(s, "words are written in small letters: `%s`", near);
    else if (near)
        session_complain(s, "`%.*s` begins nothing that is known; did you mean `%s`?", size,
                         word.bytes, near);
    else
        session_complain(s, "`%.*s` begins nothing that is known; `help` tells what does", size,
                         word.bytes);
    return SESSION_WRONG;
}

/* ---- doing ---- */

static session_status complain_past(repl *r)
{
    session_complain(&r->session,
                     "nothing can happen at %s: `now` returns, `branch NAME` goes on from there",
                     r->session.past_time);
    return SESSION_WRONG;
}

static session_status do_chunk(repl *r, chunk_sort sort, bylaw_text text)
{
    session *s = &r->session;
    session_status status = SESSION_FINE;
    switch (sort) {
    case CHUNK_BLANK: return SESSION_FINE;
    case CHUNK_SAID: return s->is_looking ? complain_past(r) : session_say(s, text, r->place);
    case CHUNK_DECLARED:
        return s->is_looking ? complain_past(r) : session_declare(s, SESSION_DECLARED, text);
    case CHUNK_LINE:
        if (repl_ask(r, text, &status) || repl_explore(r, text, &status)) return status;
        return complain_unknown(r, text);
    }
    return status;
}

static session_status finish(repl *r, session_status status)
{
    if (status == SESSION_INTERRUPTED) {
        session_complain(&r->session, "interrupted: nothing was done");
        input_forget_interrupt();
    }
    if (status != SESSION_FINE) r->was_wrong = true;
    output_flush(&r->output);
    return status;
}

/* The size of the first line, its end included. */
static size_t line_size(bylaw_text text)
{
    const char *end = memchr(text.bytes, '\n', text.size);
    return end ? (size_t)(end - text.bytes) + 1 : text.size;
}

/* The size of the chunk a text begins with, which ends with a line. */
static size_t chunk_size(bylaw_text text, chunk_sort *sort)
{
    bool is_open = true;
    size_t size = 0;
    while (is_open && size < text.size) {
        size += line_size((bylaw_text){text.bytes + size, text.size - size});
        *sort = sort_of((bylaw_text){text.bytes, size}, &is_open);
    }
    return size;
}

static void set_place(repl *r, const char *name, uint32_t line)
{
    snprintf(r->place, sizeof r->place, name ? "%.50s, from line %u" : "%.0sline %u",
             name ? name : "", line);
    snprintf(r->session.place, sizeof r->session.place, "%s: ", r->place);
}

session_status repl_do_text(repl *r, bylaw_text text, const char *name)
{
    session_status status = SESSION_FINE;
    char place[sizeof r->place], complained[sizeof r->session.place];
    uint32_t line = 1;
    memcpy(place, r->place, sizeof place);
    memcpy(complained, r->session.place, sizeof complained);
    while (text.size > 0 && status == SESSION_FINE && !r->has_ended) {
        chunk_sort sort, next;
        size_t size = chunk_size(text, &sort);
        while (size < text.size && (sort == CHUNK_SAID || sort == CHUNK_DECLARED)) {
            /* what follows and is of the same sort belongs to it: one entry, undone at once */
            const size_t more = chunk_size((bylaw_text){text.bytes + size, text.size - size},
                                           &next);
            if (next != sort && next != CHUNK_BLANK) break;
            size += more;
        }
        if (name) set_place(r, name, line);
        status = finish(r, do_chunk(r, sort, (bylaw_text){text.bytes, size}));
        for (size_t i = 0; i < size; i++)
            line += text.bytes[i] == '\n';
        text.bytes += size;
        text.size -= size;
    }
    memcpy(r->place, place, sizeof place);
    memcpy(r->session.place, complained, sizeof complained);
    return status;
}

/* ---- completion ---- */

static void complete(void *context, bylaw_text line, bylaw_text word, bylaw_writer out)
{
    repl *r = context;
    repl_complete(&r->session, line, word, out);
}

/* ---- reading entries ---- */

typedef struct typed_entry {
    char *bytes;
    size_t size, capacity;
} typed_entry;

static bool add_line(typed_entry *entry, bylaw_text line)
{
    if (entry->size + line.size + 2 > entry->capacity) {
        const size_t capacity = (entry->size + line.size + 2) * 2;
        char *larger = capacity < ENTRY_SIZE_MAX * 2 ? realloc(entry->bytes, capacity) : NULL;
        if (!larger) return false;
        entry->bytes = larger;
        entry->capacity = capacity;
    }
    if (entry->size > 0) entry->bytes[entry->size++] = '\n';
    memcpy(entry->bytes + entry->size, line.bytes, line.size);
    entry->size += line.size;
    entry->bytes[entry->size] = '\0';
    return true;
}

static void write_prompt(const repl *r, bool goes_on, char *prompt, size_t size)
{
    const session *s = &r->session;
    const char *name = s->branches[s->branch].name;
    if (goes_on)
        snprintf(prompt, size, "   ... ");
    else if (s->is_looking)
        snprintf(prompt, size, "bylaw at %s> ", s->past_time);
    else if (s->branch > 0)
        snprintf(prompt, size, "bylaw %s> ", name);
    else
        snprintf(prompt, size, "bylaw> ");
}

/* Lines until something whole stands there. */
static reader_status read_entry(repl *r, typed_entry *entry)
{
    bool is_open = false;
    entry->size = 0;
    uint32_t first = r->line + 1;
    do {
        char prompt[128];
        bylaw_text line;
        write_prompt(r, is_open, prompt, sizeof prompt);
        const reader_status status = repl_reader_read(r->reader, prompt, &line);
        if (status == READER_END && is_open) {
            session_complain(&r->session, "it ends where more must come: nothing was done");
            return READER_END;
        }
        if (status != READER_LINE) return status;
        r->line++;
        if (!add_line(entry, line)) {
            session_complain(&r->session, "too much at once: nothing was done");
            return READER_CANCELLED;
        }
        sort_of((bylaw_text){entry->bytes, entry->size}, &is_open);
    } while (is_open);
    if (r->is_terminal)
        snprintf(r->place, sizeof r->place, "what you typed");
    else
        set_place(r, NULL, first);
    return READER_LINE;
}

static exit_status converse(repl *r)
{
    typed_entry entry = {0};
    exit_status status = STATUS_FINE;
    while (!r->has_ended && !r->output.error) {
        const reader_status got = read_entry(r, &entry);
        if (got == READER_END) break;
        if (got == READER_FAILED) status = STATUS_FAILED;
        if (got == READER_FAILED || (got == READER_CANCELLED && !r->is_terminal)) break;
        if (got == READER_CANCELLED) continue;
        if (entry.size == 0) continue;
        repl_reader_remember(r->reader, entry.bytes);
        repl_do_text(r, (bylaw_text){entry.bytes, entry.size}, NULL);
    }
    free(entry.bytes);
    return status;
}

/* ---- beginning and end ---- */

static void greet(repl *r)
{
    session_note(&r->session,
                 "bylaw " BYLAW_VERSION ", under %s. `help` tells what can be typed, ^D ends.",
                 r->session.base);
    output_flush(&r->output);
}

static session_status read_files(repl *r, const tool_arguments *arguments)
{
    session_status status = SESSION_FINE;
    for (size_t i = 0; i < arguments->roster_count && status == SESSION_FINE; i++)
        status = finish(r, session_read(&r->session, SESSION_ROSTER, arguments->rosters[i]));
    for (size_t i = 0; i < arguments->operand_count && status == SESSION_FINE; i++)
        status = finish(r, session_read(&r->session, SESSION_EVENTS, arguments->operands[i]));
    return status;
}

static exit_status run(repl *r, const tool_arguments *arguments)
{
    const reader_options options = {.is_terminal = r->is_terminal,
                                    .keeps_history = !arguments->no_history,
                                    .color = r->session.color,
                                    .complete = complete,
                                    .context = r};
    if (read_files(r, arguments) != SESSION_FINE && !r->is_terminal) return STATUS_FAILED;
    r->reader = repl_reader_open(&options);
    if (!r->reader) return STATUS_FAILED;
    if (r->is_terminal && !arguments->quiet) greet(r);
    const exit_status status = converse(r);
    repl_reader_close(r->reader);
    if (status != STATUS_FINE || r->is_terminal) return status;
    return r->was_wrong ? STATUS_FINDINGS : STATUS_FINE;
}

exit_status cmd_repl(const tool_arguments *arguments)
{
    static repl r; /* the only one; its output is large */
    const char *base = arguments->policy ? arguments->policy : POLICY_DEFAULT;
    r.is_terminal = isatty(STDIN_FILENO) == 1;
    output_init(&r.output, STDOUT_FILENO);
    input_watch_interrupts();
    exit_status status = STATUS_POLICY;
    if (session_open(&r.session, base, arguments->format, wants_color(arguments, STDOUT_FILENO),
                     (session_sink){show, &r}) == SESSION_FINE)
        status = run(&r, arguments);
    session_close(&r.session);
    if (!output_finish(&r.output)) status = STATUS_FAILED;
    return r.is_terminal ? status : replay_finish(status);
}
