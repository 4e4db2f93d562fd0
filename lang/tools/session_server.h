/*
 * The engine's side of a session: takes commands, gives answers. It usually runs in a process of
 * its own (session_channel.c), which can be copied by fork to be gone back to; it does not know.
 */
#ifndef TOOLS_SESSION_SERVER_H
#define TOOLS_SESSION_SERVER_H

#include "session_question.h"
#include "session_tree.h"

typedef enum session_verb {
    SESSION_FEED, /* bytes of the log */
    SESSION_END, /* of the lines of one entry */
    SESSION_FEED_UNTIL, /* whole lines of the log, while the clock is not later than `text` */
    SESSION_UNTIL, /* lets deadlines pass up to the time `text` */
    SESSION_MOVE, /* the same, as the statement `at` does: up to the time, as events at it come */
    SESSION_SAY, /* the statements `text`; `about` is what to call them in messages */
    SESSION_ASK, /* a question: `number`, about, word, depth */
    SESSION_STATE, /* what the world looks like, as ANSWER_RECORDs */
    SESSION_TALLY, /* how many outcomes of which type since the last time, in words */
    SESSION_TIME_OF, /* the time `text`, in the form the clock is told in */
    SESSION_COMPLETE, /* names that begin with `text`, one a line */
    SESSION_COMPLETE_CANDIDATE, /* the same of what a ballot may name */
    SESSION_FORK /* a copy is made that listens to the descriptor that comes along */
} session_verb;

/* What becomes of the outcomes of a command. */
typedef enum session_showing {
    SHOW_NOTHING,
    SHOW_OUTCOMES, /* as ANSWER_TEXT */
    SHOW_MALFORMED, /* only those, and only the first few */
    SHOW_RECORDS /* as ANSWER_RECORD */
} session_showing;

typedef struct session_command {
    session_verb verb;
    session_showing showing;
    bylaw_stream stream;
    bylaw_depth depth;
    uint32_t number;
    uint64_t at, size; /* of bytes in the log */
    size_t about_size, word_size, text_size; /* of the texts that come with it */
} session_command;

typedef enum session_answer {
    ANSWER_TEXT, /* to be shown */
    ANSWER_COMPLAINT, /* to be shown, and something was wrong */
    ANSWER_NOTE, /* a line of ours, without its end, to be shown */
    ANSWER_LINES, /* event lines that were made and fed */
    ANSWER_RECORD, /* a session_record, what it is about, and it in words */
    ANSWER_DONE /* a session_done: the last answer to each command */
} session_answer;

typedef struct session_record {
    uint64_t seq;
    size_t key_size, text_size; /* of the two texts behind it */
} session_record;

typedef struct session_done {
    bylaw_status status;
    uint64_t taken; /* bytes of the log, of SESSION_FEED_UNTIL */
    char taken_time[SESSION_TIME_SIZE]; /* the clock behind these bytes */
    int64_t process; /* of SESSION_FORK: the copy's */
    char time[SESSION_TIME_SIZE]; /* the clock; empty before the first event */
} session_done;

typedef struct session_sink {
    void (*take)(void *context, session_answer answer, const char *bytes, size_t size);
    void *context;
} session_sink;

typedef struct session_server session_server;

typedef struct session_server_options {
    bylaw_policy *policy;
    int log;
    bylaw_format format;
    bool color;
} session_server_options;

/* NULL out of memory. */
session_server *session_server_create(const session_server_options *options);
void session_server_destroy(session_server *server);
/* `texts` are those of the command behind each other. ANSWER_DONE comes last; SESSION_FORK is not
 * for here. */
void session_server_do(session_server *server, const session_command *command, const char *texts,
                       session_sink sink);

#endif
