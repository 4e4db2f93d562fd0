/*
 * The engine's side of a session. One engine, one policy; every command writes its answers to the
 * sink it came with, and nothing else.
 */
#include "session_server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "growing_text.h"

#define PIECE_SIZE ((size_t)64 * 1024)
#define TYPE_COUNT_MAX 64 /* of outcomes; there are half as many */
#define TYPE_SIZE 24
#define MALFORMED_SHOWN_MAX 5
#define COMPLETIONS_MAX 500

typedef struct type_count {
    char type[TYPE_SIZE];
    uint64_t count;
} type_count;

struct session_server {
    session_server_options options;
    bylaw_engine *engine;
    session_sink sink; /* of the command being done */
    session_showing showing;
    type_count counts[TYPE_COUNT_MAX];
    uint32_t malformed_shown;
    growing_text record, words;
};

static bylaw_text text_of(const char *text)
{
    return (bylaw_text){text, strlen(text)};
}

/* ---- writers ---- */

static void answer(session_server *server, session_answer sort, const char *bytes, size_t size)
{
    server->sink.take(server->sink.context, sort, bytes, size);
}

static void write_text(void *context, const char *bytes, size_t size)
{
    answer(context, ANSWER_TEXT, bytes, size);
}

static void write_complaint(void *context, const char *bytes, size_t size)
{
    answer(context, ANSWER_COMPLAINT, bytes, size);
}

static void write_lines(void *context, const char *bytes, size_t size)
{
    answer(context, ANSWER_LINES, bytes, size);
}

/* ---- outcomes ---- */

static void count_outcome(session_server *server, bylaw_text type)
{
    for (size_t i = 0; i < TYPE_COUNT_MAX && type.size < TYPE_SIZE; i++) {
        type_count *count = &server->counts[i];
        const size_t size = strlen(count->type);
        if (size > 0 && (size != type.size || memcmp(count->type, type.bytes, size) != 0)) continue;
        memcpy(count->type, type.bytes, type.size);
        count->count++;
        return;
    }
}

/* What an outcome is about, so that it can be found among others: of a state the thing itself, of
 * any other all it says but its reasons. */
static void write_key(growing_text *to, const bylaw_outcome *outcome, bool is_state)
{
    char stage[16];
    /* Which vote it was matters of its end only. */
    snprintf(stage, sizeof stage, "%u", outcome->has_tally ? outcome->stage : 0);
    const bylaw_text thing[] = {outcome->proposal, outcome->actor, outcome->role,
                                outcome->on,       outcome->scope, outcome->id};
    const bylaw_text event[] = {outcome->type,      outcome->event,     outcome->time,
                                text_of(stage),     outcome->to,        outcome->from,
                                outcome->attribute, outcome->value_json};
    const size_t things = sizeof thing / sizeof thing[0];
    for (size_t i = 0; i < (outcome->proposal.size > 0 && is_state ? 1 : things); i++) {
        growing_text_write(to, thing[i].bytes, thing[i].size);
        growing_text_write(to, "\x1f", 1);
    }
    for (size_t i = 0; i < sizeof event / sizeof event[0] && !is_state; i++) {
        growing_text_write(to, event[i].bytes, event[i].size);
        growing_text_write(to, "\x1f", 1);
    }
}

static void send_record(session_server *server, const bylaw_outcome *outcome)
{
    const bool is_state = outcome->type.size == 5 && memcmp(outcome->type.bytes, "state", 5) == 0;
    growing_text *record = &server->record, *words = &server->words;
    record->size = words->size = 0;
    session_record head = {.seq = outcome->seq};
    growing_text_write(record, (const char *)&head, sizeof head);
    write_key(record, outcome, is_state);
    bylaw_outcome shown = *outcome;
    if (is_state) shown.time = (bylaw_text){"", 0}; /* when it is told is no part of how it is */
    bylaw_outcome_write(&shown, BYLAW_TEXT, false, NULL, growing_text_writer(words));
    head.key_size = record->size - sizeof head;
    head.text_size = words->size;
    growing_text_write(record, words->bytes, words->size);
    if (record->is_cut || words->is_cut) return;
    memcpy(record->bytes, &head, sizeof head);
    answer(server, ANSWER_RECORD, record->bytes, record->size);
}

static void show_outcome(session_server *server, const bylaw_outcome *outcome)
{
    bylaw_outcome_write(outcome, server->options.format, server->options.color, NULL,
                        (bylaw_writer){write_text, server});
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    session_server *server = context;
    /* A ballot is shown when it is cast; there may be millions in a file. */
    const bool is_ballot = outcome->type.size == 7 &&
                           memcmp(outcome->type.bytes, "counted", 7) == 0;
    if (is_ballot && server->showing != SHOW_OUTCOMES) return;
    switch (server->showing) {
    case SHOW_NOTHING: return;
    case SHOW_OUTCOMES: show_outcome(server, outcome); return;
    case SHOW_MALFORMED:
        count_outcome(server, outcome->type);
        if (outcome->line > 0 && server->malformed_shown++ < MALFORMED_SHOWN_MAX)
            show_outcome(server, outcome);
        return;
    case SHOW_RECORDS: send_record(server, outcome); return;
    }
}

static void tally(session_server *server)
{
    bool is_first = true;
    for (size_t i = 0; i < TYPE_COUNT_MAX && server->counts[i].count > 0; i++) {
        char line[64];
        const int size = snprintf(line, sizeof line, "%s%" PRIu64 " %s", is_first ? "" : ", ",
                                  server->counts[i].count, server->counts[i].type);
        answer(server, ANSWER_TEXT, line, (size_t)size);
        is_first = false;
    }
    if (is_first) answer(server, ANSWER_TEXT, "nothing followed", 16);
    memset(server->counts, 0, sizeof server->counts);
    server->malformed_shown = 0;
}

/* ---- the log ---- */

/* Reads up to `size` bytes; 0 where nothing more can be read. */
static size_t read_log(const session_server *server, uint64_t at, char *bytes, size_t size)
{
    for (;;) {
        const ssize_t got = pread(server->options.log, bytes, size, (off_t)at);
        if (got >= 0) return (size_t)got;
        if (errno != EINTR) return 0;
    }
}

static bylaw_status feed(session_server *server, const session_command *command)
{
    char piece[PIECE_SIZE];
    uint64_t done = 0;
    while (done < command->size) {
        const uint64_t left = command->size - done;
        const size_t size = read_log(server, command->at + done, piece,
                                     left < PIECE_SIZE ? (size_t)left : PIECE_SIZE);
        if (size == 0) return BYLAW_LIMIT;
        const bylaw_status status = bylaw_engine_feed(server->engine, command->stream, piece, size);
        if (status != BYLAW_OK) return status;
        done += size;
    }
    return BYLAW_OK;
}

static void read_clock(bylaw_engine *engine, char time[SESSION_TIME_SIZE])
{
    const bylaw_text now = bylaw_engine_time(engine, time);
    time[now.size] = '\0';
}

/* Whole lines, while they leave the clock at `until` or before. A line that leads past it was fed:
 * the engine is then of no more use, but what is taken ends before that line. */
static bylaw_status feed_until(session_server *server, const session_command *command,
                               const char *until, session_done *out)
{
    char piece[PIECE_SIZE], now[SESSION_TIME_SIZE];
    uint64_t done = 0;
    read_clock(server->engine, out->taken_time);
    while (done < command->size) {
        const uint64_t left = command->size - done;
        const size_t size = read_log(server, command->at + done, piece,
                                     left < PIECE_SIZE ? (size_t)left : PIECE_SIZE);
        if (size == 0) return BYLAW_LIMIT;
        for (size_t from = 0, end; from < size; from = end) {
            const char *line_end = memchr(piece + from, '\n', size - from);
            end = line_end ? (size_t)(line_end - piece) + 1 : size;
            const bylaw_status status = bylaw_engine_feed(server->engine, command->stream,
                                                          piece + from, end - from);
            if (status != BYLAW_OK) return status;
            if (!line_end) continue;
            read_clock(server->engine, now);
            if (session_time_compare(now, until) > 0) return BYLAW_OK;
            out->taken = done + end;
            memcpy(out->taken_time, now, sizeof now);
        }
        done += size;
    }
    return BYLAW_OK;
}

/* ---- commands ---- */

static bylaw_status say(session_server *server, bylaw_text name, bylaw_text statements)
{
    const bylaw_say_options options = {.lines = {write_lines, server},
                                       .complaints = {write_complaint, server},
                                       .color = server->options.color,
                                       .name = name};
    return bylaw_engine_say(server->engine, server->options.policy, statements, &options);
}

/* What includes its deadline has not ended at the deadline, and before the founding no event comes:
 * the statement knows. It begins in 2024, so that an engine that has heard nothing has its clock
 * set. */
static bylaw_status move(session_server *server, bylaw_text time)
{
    char statement[SESSION_TIME_SIZE + 8], now[SESSION_TIME_SIZE];
    read_clock(server->engine, now);
    if (now[0] == '\0') return bylaw_engine_until(server->engine, time);
    const int size = snprintf(statement, sizeof statement, "at %.*s", (int)time.size, time.bytes);
    return say(server, (bylaw_text){"at", 2}, (bylaw_text){statement, (size_t)size});
}

static bylaw_status ask(session_server *server, const session_command *command, bylaw_text about,
                        bylaw_text word)
{
    const session_question *asked = session_question_at(command->number);
    const bylaw_question question = {.about = about,
                                     .word = word,
                                     .depth = command->depth,
                                     .format = server->options.format,
                                     .color = server->options.color};
    return asked->ask(server->engine, &question, (bylaw_writer){write_text, server});
}

/* The form of a time in which times can be compared as texts: asked of an engine that has nothing
 * else to do. */
static bylaw_status time_of(session_server *server, bylaw_text time)
{
    bylaw_engine *engine;
    const bylaw_engine_options options = {.outcome = take_outcome, .context = server};
    bylaw_status status = bylaw_engine_create(server->options.policy, &options, &engine);
    if (status != BYLAW_OK) return status;
    char told[SESSION_TIME_SIZE];
    status = bylaw_engine_until(engine, time);
    if (status == BYLAW_OK) {
        read_clock(engine, told);
        answer(server, ANSWER_TEXT, told, strlen(told));
    }
    bylaw_engine_destroy(engine);
    return status;
}

static bylaw_status act(session_server *server, const session_command *command, const char *texts,
                        session_done *done)
{
    const bylaw_text about = {texts, command->about_size};
    const bylaw_text word = {texts + about.size, command->word_size};
    const bylaw_text text = {word.bytes + word.size, command->text_size};
    char until[SESSION_TIME_SIZE];
    switch (command->verb) {
    case SESSION_FEED: return feed(server, command);
    case SESSION_END: return bylaw_engine_end(server->engine, command->stream);
    case SESSION_FEED_UNTIL:
        snprintf(until, sizeof until, "%.*s", (int)text.size, text.bytes);
        return feed_until(server, command, until, done);
    case SESSION_UNTIL: return bylaw_engine_until(server->engine, text);
    case SESSION_MOVE: return move(server, text);
    case SESSION_SAY: return say(server, about, text);
    case SESSION_ASK: return ask(server, command, about, word);
    case SESSION_STATE: return bylaw_engine_state(server->engine);
    case SESSION_TALLY: tally(server); return BYLAW_OK;
    case SESSION_TIME_OF: return time_of(server, text);
    case SESSION_COMPLETE:
        return bylaw_engine_complete(server->engine, text, COMPLETIONS_MAX,
                                     (bylaw_writer){write_text, server});
    case SESSION_COMPLETE_CANDIDATE:
        return bylaw_engine_complete_candidate(server->engine, text, COMPLETIONS_MAX,
                                               (bylaw_writer){write_text, server});
    case SESSION_FORK: break;
    }
    return BYLAW_LIMIT;
}

void session_server_do(session_server *server, const session_command *command, const char *texts,
                       session_sink sink)
{
    session_done done = {0};
    server->sink = sink;
    server->showing = command->showing;
    done.status = act(server, command, texts, &done);
    read_clock(server->engine, done.time);
    answer(server, ANSWER_DONE, (const char *)&done, sizeof done);
}

/* ---- coming and going ---- */

session_server *session_server_create(const session_server_options *options)
{
    session_server *server = calloc(1, sizeof *server);
    if (!server) return NULL;
    server->options = *options;
    const bylaw_engine_options how = {
        .outcome = take_outcome, .context = server, .record = true, .ballots = true};
    if (bylaw_engine_create(options->policy, &how, &server->engine) == BYLAW_OK) return server;
    free(server);
    return NULL;
}

void session_server_destroy(session_server *server)
{
    if (!server) return;
    bylaw_engine_destroy(server->engine);
    growing_text_free(&server->record);
    growing_text_free(&server->words);
    free(server);
}
