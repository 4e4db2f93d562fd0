/*
 * Going from entry to entry.
 */
#include "session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "growing_text.h"
#include "input.h"
#include "output.h"
#include "policy_file.h"
#include "session_compare.h"

#define LINE_SIZE 4500 /* of what is told at once: a path fits */
#define PIECE ((uint64_t)256 << 10) /* of the log, between two looks at ^C */
#define STRIDE_LEAST ((uint64_t)256 << 10) /* of lines from one copy to the next */
#define ENTRY_LEAST ((uint64_t)64 << 10) /* an entry of so many bytes has a copy at its end */

/* ---- telling ---- */

/* The line of `size` bytes is shown with its end, behind `before`. */
static void tell(session *s, session_answer answer, const char *before, const char *format,
                 va_list arguments)
{
    char line[LINE_SIZE];
    const int size = vsnprintf(line, sizeof line, format, arguments);
    if (size < 0) return;
    const size_t length = (size_t)size < sizeof line ? (size_t)size : sizeof line - 1;
    s->sink.take(s->sink.context, answer, before, strlen(before));
    s->sink.take(s->sink.context, answer, line, length);
}

void session_complain(session *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(s, ANSWER_COMPLAINT, s->place, format, arguments);
    va_end(arguments);
    s->sink.take(s->sink.context, ANSWER_COMPLAINT, "\n", 1);
}

void session_note(session *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(s, ANSWER_NOTE, "", format, arguments);
    va_end(arguments);
}

session_status session_complain_memory(session *s)
{
    session_complain(s, "out of memory");
    return SESSION_WRONG;
}

static void write_complaint(void *context, const char *bytes, size_t size)
{
    session *s = context;
    s->sink.take(s->sink.context, ANSWER_COMPLAINT, bytes, size);
}

bylaw_writer session_complaints(session *s)
{
    return (bylaw_writer){write_complaint, s};
}

static session_status complain_status(session *s, bylaw_status status)
{
    session_complain(s, "%s", bylaw_status_text(status));
    return SESSION_WRONG;
}

static void ignore_answer(void *context, session_answer answer, const char *bytes, size_t size)
{
    (void)context, (void)answer, (void)bytes, (void)size;
}

static const session_sink no_sink = {ignore_answer, NULL};

/* ---- policies ---- */

static uint32_t base_entry(const session *s, uint32_t entry)
{
    while (entry && s->tree.entries[entry].sort != SESSION_POLICY)
        entry = s->tree.entries[entry].parent;
    return entry;
}

const char *session_base(const session *s, uint32_t entry)
{
    const uint32_t base = base_entry(s, entry);
    return base ? s->tree.entries[base].typed : s->base;
}

bool session_policy_text(const session *s, uint32_t entry, const char *name, bylaw_writer out)
{
    const session_tree *tree = &s->tree;
    const uint32_t base = base_entry(s, entry);
    const uint32_t first = tree->entries[base].depth, last = tree->entries[entry].depth;
    bylaw_text *texts = calloc((size_t)(last - first) + 1, sizeof *texts);
    if (!texts) return false;
    size_t count = 0;
    for (uint32_t at = entry; at != base; at = tree->entries[at].parent)
        if (tree->entries[at].sort == SESSION_DECLARED)
            texts[count++] = (bylaw_text){tree->entries[at].typed, strlen(tree->entries[at].typed)};
    for (size_t i = 0; i < count / 2; i++) { /* they were found from the last to the first */
        const bylaw_text text = texts[i];
        texts[i] = texts[count - 1 - i];
        texts[count - 1 - i] = text;
    }
    const bylaw_status status = bylaw_session_text((bylaw_text){name, strlen(name)}, texts, count,
                                                   out);
    free(texts);
    return status == BYLAW_OK;
}

static exit_status compile(session *s, uint32_t entry, bylaw_policy **out)
{
    if (!entry || s->tree.entries[entry].sort == SESSION_POLICY)
        return policy_compile(session_base(s, entry), out);
    growing_text text = {0};
    exit_status status = STATUS_FAILED;
    *out = NULL;
    if (session_policy_text(s, entry, session_base(s, entry), growing_text_writer(&text)) &&
        !text.is_cut)
        status = policy_compile_text("session", growing_text_all(&text), out);
    else
        session_complain_memory(s);
    growing_text_free(&text);
    return status;
}

static void drop_policy(session *s, size_t at)
{
    bylaw_policy_destroy(s->policies[at].policy);
    s->policy_count--;
    memmove(&s->policies[at], &s->policies[at + 1], (s->policy_count - at) * sizeof s->policies[0]);
}

/* An engine of this process stands on its policy; others have taken theirs along. */
static bool is_stood_on(const session *s, uint32_t entry)
{
    return (s->live.channel.local && s->live.policy == entry) ||
           (s->past.channel.local && s->past.policy == entry);
}

/* Makes room for one: of those that come from declarations the one goes that was not asked for
 * longest. A policy that has a name stays, because its file may say something else by now. */
static void drop_oldest_policy(session *s)
{
    size_t declared = 0, oldest = s->policy_count;
    for (size_t i = s->policy_count; i > 0; i--) {
        const uint32_t entry = s->policies[i - 1].entry;
        if (s->tree.entries[entry].sort != SESSION_DECLARED) continue;
        declared++;
        if (!is_stood_on(s, entry)) oldest = i - 1;
    }
    if (declared >= SESSION_POLICIES_MAX && oldest < s->policy_count) drop_policy(s, oldest);
}

/* The one of an entry where it is kept, which is then the one asked for last; NULL. */
static bylaw_policy *kept_policy(session *s, uint32_t entry)
{
    for (size_t i = 0; i < s->policy_count; i++) {
        const session_policy kept = s->policies[i];
        if (kept.entry != entry) continue;
        memmove(&s->policies[i], &s->policies[i + 1], (s->policy_count - 1 - i) * sizeof kept);
        s->policies[s->policy_count - 1] = kept;
        return kept.policy;
    }
    return NULL;
}

bylaw_policy *session_policy_at(session *s, uint32_t entry)
{
    const uint32_t said_by = session_tree_policy(&s->tree, entry);
    bylaw_policy *policy = kept_policy(s, said_by);
    if (policy) return policy;
    drop_oldest_policy(s);
    session_policy *larger = realloc(s->policies, (s->policy_count + 1) * sizeof *larger);
    if (!larger) {
        session_complain_memory(s);
        return NULL;
    }
    s->policies = larger;
    const exit_status status = compile(s, said_by, &policy);
    if (status == STATUS_POLICY)
        bylaw_policy_diagnostics(policy, BYLAW_TEXT, s->color, session_complaints(s));
    if (status == STATUS_FINE) {
        s->policies[s->policy_count++] = (session_policy){said_by, policy};
        return policy;
    }
    bylaw_policy_destroy(policy);
    if (status != STATUS_POLICY) session_complain(s, "there is no such policy to go on with");
    return NULL;
}

/* ---- copies that sleep ---- */

static uint64_t fed_size(const session *s, const session_engine *engine)
{
    return s->tree.entries[engine->entry].before + engine->offset;
}

/* Whether an engine under this policy came by on the way to `offset` bytes of `entry`. */
static bool is_on_the_way(const session *s, const session_engine *engine, uint32_t policy,
                          uint32_t entry, uint64_t offset)
{
    uint32_t where;
    if (engine->policy != policy || !session_channel_is_open(&engine->channel)) return false;
    if (s->tree.entries[engine->entry].depth > s->tree.entries[entry].depth) return false;
    if (!session_tree_is_before(&s->tree, engine->entry, entry, &where)) return false;
    return engine->offset <= (where == entry ? offset : s->tree.entries[where].size);
}

/* How many bytes of lines lie between the copy and the one before it, or the beginning. */
static uint64_t gap_before(const session *s, const session_engine *copy)
{
    uint64_t before = 0;
    for (size_t i = 0; i < s->copy_count; i++) {
        const session_engine *other = &s->copies[i];
        if (other == copy || !is_on_the_way(s, other, copy->policy, copy->entry, copy->offset))
            continue;
        if (fed_size(s, other) > before) before = fed_size(s, other);
    }
    const uint64_t gap = fed_size(s, copy) - before;
    /* What stands at the end of an entry is gone back to more often. */
    return copy->offset == s->tree.entries[copy->entry].size ? gap * 4 : gap;
}

/* Makes room for one copy: the one that is missed least goes. */
static void thin_out(session *s)
{
    if (s->copy_count < SESSION_COPIES_MAX) return;
    size_t least = 0;
    for (size_t i = 1; i < s->copy_count; i++)
        if (gap_before(s, &s->copies[i]) < gap_before(s, &s->copies[least])) least = i;
    session_channel_close(&s->ends, &s->copies[least].channel);
    s->copies[least] = s->copies[--s->copy_count];
}

/* Leaves a copy behind where the way since the last one is long. */
static void leave_copy(session *s, session_engine *engine)
{
    const uint64_t fed = fed_size(s, engine), wanted = fed / SESSION_COPIES_MAX;
    uint64_t last = 0;
    for (size_t i = 0; i < s->copy_count; i++) {
        const session_engine *copy = &s->copies[i];
        if (is_on_the_way(s, copy, engine->policy, engine->entry, engine->offset) &&
            fed_size(s, copy) > last)
            last = fed_size(s, copy);
    }
    const bool is_at_end = engine->offset == s->tree.entries[engine->entry].size;
    const uint64_t stride = wanted > STRIDE_LEAST ? wanted : STRIDE_LEAST;
    if (fed - last < (is_at_end ? ENTRY_LEAST : stride)) return;
    session_engine copy = *engine;
    thin_out(s);
    if (session_channel_copy(&s->ends, &engine->channel, &copy.channel))
        s->copies[s->copy_count++] = copy;
}

/* ---- going ---- */

static session_status call_engine(session *s, session_engine *engine,
                                  const session_command *command, const char *texts,
                                  session_sink sink, session_done *done)
{
    const channel_status status = session_channel_call(&s->ends, &engine->channel, command, texts,
                                                       false, sink, done);
    if (status == CHANNEL_INTERRUPTED) return SESSION_INTERRUPTED;
    if (status == CHANNEL_LOST) {
        session_complain(s, "the engine is gone (out of memory?); it is made anew when needed");
        return SESSION_WRONG;
    }
    memcpy(engine->time, done->time, sizeof engine->time);
    return SESSION_FINE;
}

/* Before the founding the clock can move without a line. */
static session_status set_clock(session *s, session_engine *engine, const char *time)
{
    if (session_time_compare(engine->time, time) >= 0) return SESSION_FINE;
    const session_command command = {.verb = SESSION_UNTIL, .text_size = strlen(time)};
    session_done done;
    return call_engine(s, engine, &command, time, no_sink, &done);
}

/* Feeds what is left of the entry it stands in, up to `to` bytes, then its end. */
static session_status feed_entry(session *s, session_engine *engine, uint64_t to,
                                 bool leaves_copies, session_showing showing, session_sink sink)
{
    const session_entry *entry = &s->tree.entries[engine->entry];
    session_command command = {.verb = SESSION_FEED,
                               .showing = showing,
                               .stream = entry->sort == SESSION_ROSTER ? BYLAW_ROSTER
                                                                       : BYLAW_EVENTS};
    session_done done;
    while (engine->offset < to) {
        const uint64_t left = to - engine->offset;
        command.at = entry->at + engine->offset;
        command.size = left < PIECE ? left : PIECE;
        const session_status status = call_engine(s, engine, &command, "", sink, &done);
        if (status != SESSION_FINE) return status;
        if (done.status != BYLAW_OK) return complain_status(s, done.status);
        engine->offset += command.size;
        if (engine->offset == to) {
            command.verb = SESSION_END;
            const session_status ended = call_engine(s, engine, &command, "", sink, &done);
            if (ended != SESSION_FINE) return ended;
        }
        if (leaves_copies) leave_copy(s, engine);
    }
    return set_clock(s, engine, entry->time);
}

/* The entries from behind `from` to `to`, in their order; NULL out of memory. */
static uint32_t *path_between(const session *s, uint32_t from, uint32_t to, size_t *count)
{
    const uint32_t first = s->tree.entries[from].depth;
    *count = s->tree.entries[to].depth - first;
    uint32_t *path = calloc(*count + 1, sizeof *path);
    for (size_t i = *count; path && i > 0; i--) {
        path[i - 1] = to;
        to = s->tree.entries[to].parent;
    }
    return path;
}

/* Feeds an engine that is on the way to `entry` all that lies between. */
static session_status advance(session *s, session_engine *engine, uint32_t entry,
                              bool leaves_copies, session_showing showing, session_sink sink)
{
    uint32_t where;
    session_tree_is_before(&s->tree, engine->entry, entry, &where);
    engine->entry = where;
    session_status status = feed_entry(s, engine, s->tree.entries[where].size, leaves_copies,
                                       showing, sink);
    size_t count;
    uint32_t *path = path_between(s, where, entry, &count);
    if (!path) return session_complain_memory(s);
    for (size_t i = 0; i < count && status == SESSION_FINE; i++) {
        engine->entry = path[i];
        engine->offset = 0;
        status = feed_entry(s, engine, s->tree.entries[path[i]].size, leaves_copies, showing, sink);
    }
    free(path);
    return status;
}

static session_status begin_engine(session *s, uint32_t policy, session_engine *out)
{
    *out = (session_engine){.channel = SESSION_CHANNEL_NONE, .policy = policy};
    bylaw_policy *compiled = session_policy_at(s, policy);
    if (!compiled) return SESSION_WRONG;
    const session_server_options options = {
        .policy = compiled, .log = s->tree.log, .format = s->format, .color = s->color};
    return session_channel_open(&s->ends, &options, &out->channel) ? SESSION_FINE
                                                                   : session_complain_memory(s);
}

/* An engine that goes on from a copy, or from the beginning where there is none. */
static session_status begin_from(session *s, session_engine *near, uint32_t policy,
                                 session_engine *out)
{
    if (!near) return begin_engine(s, policy, out);
    *out = *near;
    if (session_channel_copy(&s->ends, &near->channel, &out->channel)) return SESSION_FINE;
    /* No second one can be made: the copy itself goes on. */
    out->channel = near->channel;
    *near = s->copies[--s->copy_count];
    if (session_channel_is_open(&out->channel)) return SESSION_FINE;
    return begin_engine(s, policy, out);
}

/* The copy that stands nearest before the end of `entry`; NULL where there is none. */
static session_engine *nearest_copy(session *s, uint32_t entry, uint32_t policy)
{
    session_engine *near = NULL;
    for (size_t i = 0; i < s->copy_count; i++) {
        session_engine *copy = &s->copies[i];
        if (!is_on_the_way(s, copy, policy, entry, s->tree.entries[entry].size)) continue;
        if (!near || fed_size(s, copy) > fed_size(s, near)) near = copy;
    }
    return near;
}

/* An engine of its own that stands at `entry` under a policy; to be closed. */
static session_status reach(session *s, uint32_t entry, uint32_t policy, bool leaves_copies,
                            session_engine *out)
{
    session_status status = begin_from(s, nearest_copy(s, entry, policy), policy, out);
    if (status == SESSION_FINE)
        status = advance(s, out, entry, leaves_copies, SHOW_NOTHING, no_sink);
    if (status != SESSION_FINE) session_channel_close(&s->ends, &out->channel);
    return status;
}

/* Brings the live engine to `entry`, showing what follows from what it has not been fed yet. */
static session_status bring_live(session *s, uint32_t entry, session_showing showing)
{
    const uint32_t policy = session_tree_policy(&s->tree, entry);
    const session_engine *near = nearest_copy(s, entry, policy);
    if (is_on_the_way(s, &s->live, policy, entry, s->tree.entries[entry].size) &&
        (!near || fed_size(s, near) <= fed_size(s, &s->live) + ENTRY_LEAST)) {
        const session_status status = advance(s, &s->live, entry, true, showing, s->sink);
        if (status != SESSION_FINE) session_channel_close(&s->ends, &s->live.channel);
        return status;
    }
    session_engine engine;
    const session_status status = reach(s, entry, policy, true, &engine);
    if (status != SESSION_FINE) return status;
    session_channel_close(&s->ends, &s->live.channel);
    s->live = engine;
    return SESSION_FINE;
}

uint32_t session_head(const session *s)
{
    return s->branches[s->branch].head;
}

session_status session_go(session *s, uint32_t entry)
{
    session_return(s);
    const session_status status = bring_live(s, entry, SHOW_NOTHING);
    if (status == SESSION_FINE) s->branches[s->branch].head = entry;
    return status;
}

/* An entry that was just added is where the branch stands now. */
static void stand_at(session *s, uint32_t entry)
{
    session_branch *branch = &s->branches[s->branch];
    branch->head = branch->tip = entry;
    memcpy(s->tree.entries[entry].time, s->live.time, sizeof s->live.time);
}

/* ---- saying ---- */

typedef struct line_taker {
    session *s;
    bool is_full; /* the log could not take a line */
} line_taker;

static void take_lines(void *context, session_answer answer, const char *bytes, size_t size)
{
    line_taker *taker = context;
    if (answer != ANSWER_LINES)
        taker->s->sink.take(taker->s->sink.context, answer, bytes, size);
    else if (!taker->is_full)
        taker->is_full = !session_tree_append(&taker->s->tree, bytes, size);
}

static session_status complain_log(session *s)
{
    session_complain(s, "cannot keep what happened: %s", strerror(errno));
    return SESSION_WRONG;
}

/* What was said is undone: the engine has heard it, so it goes. */
static void unsay(session *s, uint64_t log_size)
{
    session_tree_truncate(&s->tree, log_size);
    session_channel_close(&s->ends, &s->live.channel);
}

/* Has the live engine do a command; what came of it becomes an entry behind the head. */
static session_status tell_live(session *s, const session_command *command, const char *texts,
                                bylaw_text typed)
{
    session_status status = bring_live(s, session_head(s), SHOW_NOTHING);
    if (status != SESSION_FINE) return status;
    const uint64_t at = s->tree.log_size;
    line_taker taker = {s, false};
    session_done done;
    status = call_engine(s, &s->live, command, texts, (session_sink){take_lines, &taker}, &done);
    uint32_t entry;
    if (status == SESSION_FINE && taker.is_full) status = complain_log(s);
    const char *clock = s->tree.entries[session_head(s)].time;
    if (status == SESSION_FINE &&
        (s->tree.log_size > at || session_time_compare(s->live.time, clock) > 0)) {
        if (session_tree_add(&s->tree, session_head(s), SESSION_SAID, typed, at, &entry)) {
            s->live.entry = entry;
            s->live.offset = s->tree.entries[entry].size;
            stand_at(s, entry);
            leave_copy(s, &s->live);
        } else
            status = session_complain_memory(s);
    }
    if (status != SESSION_FINE) {
        unsay(s, at);
        return status;
    }
    if (done.status == BYLAW_OK) return SESSION_FINE;
    if (done.status != BYLAW_ERRORS && done.status != BYLAW_STOPPED)
        complain_status(s, done.status);
    return SESSION_WRONG;
}

session_status session_say(session *s, bylaw_text statements, const char *name)
{
    const session_command command = {.verb = SESSION_SAY,
                                     .showing = SHOW_OUTCOMES,
                                     .about_size = strlen(name),
                                     .text_size = statements.size};
    char *texts = malloc(command.about_size + statements.size + 1);
    if (!texts) return session_complain_memory(s);
    memcpy(texts, name, command.about_size);
    memcpy(texts + command.about_size, statements.bytes, statements.size);
    const session_status status = tell_live(s, &command, texts, statements);
    free(texts);
    return status;
}

/* The engine that showed the past is gone: what is asked now is not meant of the present. */
static session_status look_again(session *s)
{
    char time[SESSION_TIME_SIZE];
    memcpy(time, s->past_time, sizeof time);
    return session_look(s, time);
}

session_status session_call(session *s, const session_command *command, const char *texts,
                            session_sink sink, session_done *done)
{
    session_status status = SESSION_FINE;
    if (!s->is_looking)
        status = bring_live(s, session_head(s), SHOW_NOTHING);
    else if (!session_channel_is_open(&s->past.channel))
        status = look_again(s);
    if (status != SESSION_FINE) return status;
    return call_engine(s, s->is_looking ? &s->past : &s->live, command, texts, sink, done);
}

/* ---- taking an entry back ---- */

static bool stands_on(const session_engine *engine, uint32_t entry)
{
    return engine->entry == entry || engine->policy == entry;
}

/* The entry's number will be that of another one: what came into it or happened under it goes too
 * (tests/repl.py, after ^C). */
static void drop_last_entry(session *s)
{
    const uint32_t entry = --s->tree.count;
    free(s->tree.entries[entry].typed);
    if (stands_on(&s->live, entry)) session_channel_close(&s->ends, &s->live.channel);
    for (size_t i = s->copy_count; i > 0; i--) {
        if (!stands_on(&s->copies[i - 1], entry)) continue;
        session_channel_close(&s->ends, &s->copies[i - 1].channel);
        s->copies[i - 1] = s->copies[--s->copy_count];
    }
    for (size_t i = s->policy_count; i > 0; i--)
        if (s->policies[i - 1].entry == entry) drop_policy(s, i - 1);
}

/* ---- files ---- */

/* All lines of the file go to the log, the last with its end. */
static session_status log_file(session *s, const char *path)
{
    tool_input *input = input_open(path);
    if (!input) return SESSION_WRONG;
    session_status status = SESSION_FINE;
    input_status got;
    char last = '\n';
    const char *bytes;
    size_t size;
    while (status == SESSION_FINE && (got = input_read(input, &bytes, &size)) != INPUT_END) {
        if (got != INPUT_MORE)
            status = got == INPUT_INTERRUPTED ? SESSION_INTERRUPTED : SESSION_WRONG;
        else if (!session_tree_append(&s->tree, bytes, size))
            status = complain_log(s);
        else if (size > 0)
            last = bytes[size - 1];
    }
    input_close(input);
    if (status == SESSION_FINE && last != '\n' && !session_tree_append(&s->tree, "\n", 1))
        status = complain_log(s);
    return status;
}

static void take_tally(void *context, session_answer answer, const char *bytes, size_t size)
{
    if (answer == ANSWER_TEXT) growing_text_write(context, bytes, size);
}

static session_status show_tally(session *s, const char *path)
{
    const session_command command = {.verb = SESSION_TALLY};
    session_done done;
    growing_text text = {0};
    const session_status status = call_engine(s, &s->live, &command, "",
                                              (session_sink){take_tally, &text}, &done);
    if (status == SESSION_FINE && text.bytes)
        session_note(s, "%s: %.*s", path, (int)text.size, text.bytes);
    growing_text_free(&text);
    return status;
}

session_status session_read(session *s, session_sort sort, const char *path)
{
    const uint32_t head = session_head(s);
    session_status status = bring_live(s, head, SHOW_NOTHING);
    if (status != SESSION_FINE) return status;
    const uint64_t at = s->tree.log_size;
    char typed[4200];
    snprintf(typed, sizeof typed, "%s %s", sort == SESSION_ROSTER ? "roster" : "events", path);
    status = log_file(s, path);
    uint32_t entry;
    if (status == SESSION_FINE &&
        !session_tree_add(&s->tree, head, sort, (bylaw_text){typed, strlen(typed)}, at, &entry))
        status = session_complain_memory(s);
    if (status == SESSION_FINE) {
        status = bring_live(s, entry, SHOW_MALFORMED);
        if (status == SESSION_FINE)
            stand_at(s, entry);
        else
            drop_last_entry(s);
    }
    if (status != SESSION_FINE) {
        unsay(s, at);
        return status;
    }
    return show_tally(s, path);
}

/* ---- declarations ---- */

session_status session_outcomes(session *s, uint32_t entry, uint32_t policy, session_sink sink)
{
    session_engine engine;
    session_status status = begin_engine(s, session_tree_policy(&s->tree, policy), &engine);
    if (status == SESSION_FINE) status = advance(s, &engine, entry, false, SHOW_RECORDS, sink);
    session_channel_close(&s->ends, &engine.channel);
    return status;
}

session_status session_state(session *s, uint32_t entry, session_sink sink)
{
    session_engine engine;
    session_status status = reach(s, entry, session_tree_policy(&s->tree, entry), false, &engine);
    const session_command command = {.verb = SESSION_STATE, .showing = SHOW_RECORDS};
    session_done done;
    if (status == SESSION_FINE) status = call_engine(s, &engine, &command, "", sink, &done);
    if (status == SESSION_FINE && done.status != BYLAW_OK) status = complain_status(s, done.status);
    session_channel_close(&s->ends, &engine.channel);
    return status;
}

session_status session_declare(session *s, session_sort sort, bylaw_text typed)
{
    const uint32_t head = session_head(s);
    uint32_t entry;
    if (!session_tree_add(&s->tree, head, sort, typed, s->tree.log_size, &entry))
        return session_complain_memory(s);
    session_status status = session_policy_at(s, entry) ? SESSION_FINE : SESSION_WRONG;
    const session_entry *before = &s->tree.entries[head];
    if (status == SESSION_FINE && before->before + before->size > 0)
        status = session_compare_policies(s, head, entry);
    if (status == SESSION_FINE) status = bring_live(s, entry, SHOW_NOTHING);
    if (status == SESSION_FINE) {
        stand_at(s, entry);
        return status;
    }
    drop_last_entry(s);
    return status;
}

/* ---- the past ---- */

void session_return(session *s)
{
    if (s->is_looking) session_channel_close(&s->ends, &s->past.channel);
    s->is_looking = false;
}

/* The first entry on the way to the head that leaves the clock later than `time`. */
static uint32_t first_later(const session *s, const char *time)
{
    uint32_t later = 0;
    for (uint32_t at = session_head(s); at; at = s->tree.entries[at].parent)
        if (session_time_compare(s->tree.entries[at].time, time) > 0) later = at;
    return later;
}

/* The copy that stands farthest inside of `entry` and not later than `time`; NULL: none. */
static session_engine *copy_inside(session *s, uint32_t entry, uint32_t policy, const char *time)
{
    session_engine *near = NULL;
    for (size_t i = 0; i < s->copy_count; i++) {
        session_engine *copy = &s->copies[i];
        if (!is_on_the_way(s, copy, policy, entry, s->tree.entries[entry].size) ||
            s->tree.entries[copy->entry].depth < s->tree.entries[entry].depth ||
            session_time_compare(copy->time, time) > 0)
            continue;
        if (!near || copy->offset > near->offset) near = copy;
    }
    return near;
}

/* How much of `entry` lies at `time` or before it, and the clock behind that. The engine that finds
 * out goes one line too far, and is of no more use then. */
static session_status find_cut(session *s, uint32_t entry, uint32_t policy, const char *time,
                               uint64_t *out, char clock[SESSION_TIME_SIZE])
{
    session_engine engine, *near = copy_inside(s, entry, policy, time);
    const session_entry *in = &s->tree.entries[entry];
    *out = near ? near->offset : 0;
    session_status status = near ? begin_from(s, near, policy, &engine)
                                 : reach(s, in->parent, policy, false, &engine);
    const session_command command = {.verb = SESSION_FEED_UNTIL,
                                     .stream = in->sort == SESSION_ROSTER ? BYLAW_ROSTER
                                                                          : BYLAW_EVENTS,
                                     .at = in->at + *out,
                                     .size = in->size - *out,
                                     .text_size = strlen(time)};
    session_done done;
    if (status == SESSION_FINE) status = call_engine(s, &engine, &command, time, no_sink, &done);
    if (status == SESSION_FINE) {
        *out += done.taken;
        memcpy(clock, done.taken_time, SESSION_TIME_SIZE);
    }
    session_channel_close(&s->ends, &engine.channel);
    return status;
}

/* The last entry that leaves the clock at `time` or before it, made by cutting one where there is
 * none. */
static session_status entry_at(session *s, uint32_t policy, const char *time, uint32_t *out)
{
    *out = session_head(s);
    const uint32_t later = first_later(s, time);
    if (!later) return SESSION_FINE;
    uint64_t size;
    char clock[SESSION_TIME_SIZE];
    const session_status status = find_cut(s, later, policy, time, &size, clock);
    *out = s->tree.entries[later].parent;
    if (status != SESSION_FINE || size == 0) return status;
    if (!session_tree_cut(&s->tree, later, size, out)) return session_complain_memory(s);
    memcpy(s->tree.entries[*out].time, clock, sizeof clock);
    return SESSION_FINE;
}

session_status session_look(session *s, const char *time)
{
    session_return(s);
    const uint32_t policy = session_tree_policy(&s->tree, session_head(s));
    uint32_t entry;
    session_status status = entry_at(s, policy, time, &entry);
    if (status == SESSION_FINE) status = reach(s, entry, policy, false, &s->past);
    if (status != SESSION_FINE) return status;
    const session_command command = {.verb = SESSION_MOVE, .text_size = strlen(time)};
    session_done done;
    status = call_engine(s, &s->past, &command, time, no_sink, &done);
    s->is_looking = true;
    snprintf(s->past_time, sizeof s->past_time, "%s", time);
    if (status != SESSION_FINE) session_return(s);
    return status;
}

/* ---- branches ---- */

static bool add_branch(session *s, const char *name, uint32_t head, uint32_t tip)
{
    session_branch *larger = realloc(s->branches, (s->branch_count + 1) * sizeof *larger);
    if (!larger) return false;
    s->branches = larger;
    const size_t size = strlen(name) + 1;
    char *copy = malloc(size);
    if (!copy) return false;
    memcpy(copy, name, size);
    s->branches[s->branch_count++] = (session_branch){copy, head, tip};
    return true;
}

/* What was declared since the past comes along: entries behind `entry`, the last to *out. */
static session_status take_declared_along(session *s, uint32_t entry, uint32_t policy,
                                          uint32_t *out)
{
    size_t count;
    const uint32_t shared = s->tree.entries[entry].depth;
    uint32_t *path = path_between(s, session_tree_ancestor(&s->tree, policy, shared), policy,
                                  &count);
    if (!path) return session_complain_memory(s);
    bool is_fine = true;
    *out = entry;
    for (size_t i = 0; i < count && is_fine; i++) {
        const session_entry *declared = &s->tree.entries[path[i]];
        const char *words = declared->typed;
        if (!session_tree_is_policy(declared->sort)) continue;
        is_fine = session_tree_add(&s->tree, *out, declared->sort,
                                   (bylaw_text){words, strlen(words)}, s->tree.log_size, out);
    }
    free(path);
    return is_fine ? SESSION_FINE : session_complain_memory(s);
}

/* An entry of its own, where the clock does not stand there anyway. */
static session_status move_live(session *s, const char *time)
{
    char typed[SESSION_TIME_SIZE + 8];
    const int size = snprintf(typed, sizeof typed, "at %s", time);
    const session_command command = {.verb = SESSION_MOVE, .text_size = strlen(time)};
    return tell_live(s, &command, time, (bylaw_text){typed, (size_t)size});
}

session_status session_branch_off(session *s, const char *name)
{
    const size_t from = s->branch;
    const uint32_t head = session_head(s);
    uint32_t begin = head;
    char time[SESSION_TIME_SIZE] = "";
    session_status status = SESSION_FINE;
    if (s->is_looking) {
        memcpy(time, s->past_time, sizeof time);
        const uint32_t policy = session_tree_policy(&s->tree, head);
        status = take_declared_along(s, s->past.entry, policy, &begin);
    }
    if (status != SESSION_FINE) return status;
    if (!add_branch(s, name, begin, begin)) return session_complain_memory(s);
    status = session_switch(s, s->branch_count - 1);
    if (status == SESSION_FINE && time[0]) status = move_live(s, time);
    if (status == SESSION_FINE) return status;
    free(s->branches[--s->branch_count].name);
    s->branch = from;
    return status;
}

session_status session_switch(session *s, size_t branch)
{
    session_return(s);
    const session_status status = bring_live(s, s->branches[branch].head, SHOW_NOTHING);
    if (status == SESSION_FINE) s->branch = branch;
    return status;
}

/* ---- coming and going ---- */

session_status session_open(session *s, const char *base, bylaw_format format, bool color,
                            session_sink sink)
{
    *s = (session){.base = base,
                   .format = format,
                   .color = color,
                   .sink = sink,
                   .live = {.channel = SESSION_CHANNEL_NONE},
                   .past = {.channel = SESSION_CHANNEL_NONE}};
    session_channel_prepare();
    if (!session_tree_open(&s->tree)) {
        session_complain(s, "cannot keep what happens: %s", strerror(errno));
        return SESSION_WRONG;
    }
    if (!add_branch(s, "main", 0, 0)) return session_complain_memory(s);
    if (!session_policy_at(s, 0)) return SESSION_WRONG;
    return bring_live(s, 0, SHOW_NOTHING);
}

void session_close(session *s)
{
    session_return(s);
    session_channel_close(&s->ends, &s->live.channel);
    for (size_t i = 0; i < s->copy_count; i++)
        session_channel_close(&s->ends, &s->copies[i].channel);
    for (size_t i = 0; i < s->branch_count; i++)
        free(s->branches[i].name);
    free(s->branches);
    for (size_t i = 0; i < s->policy_count; i++)
        bylaw_policy_destroy(s->policies[i].policy);
    free(s->policies);
    session_tree_close(&s->tree);
}
