/*
 * The way to an engine's side: a process of its own where one can be made, which can be copied,
 * else an engine in this process.
 *
 * All processes end when this one does, however it ends: the other end of their socket is then
 * closed. For that no process may hold the front's end of another's socket, hence the list of ends.
 */
#ifndef TOOLS_SESSION_CHANNEL_H
#define TOOLS_SESSION_CHANNEL_H

#include "session_server.h"

#define SESSION_ENDS_MAX 64

/* The front's ends of all sockets. */
typedef struct session_ends {
    int descriptors[SESSION_ENDS_MAX];
    size_t count;
} session_ends;

typedef struct session_channel {
    int descriptor; /* -1: none, or an engine in this process */
    int64_t process;
    session_server *local; /* NULL: none, or in a process of its own */
} session_channel;

#define SESSION_CHANNEL_NONE ((session_channel){.descriptor = -1})

typedef enum channel_status {
    CHANNEL_DONE,
    CHANNEL_INTERRUPTED, /* the user pressed ^C: the channel was closed */
    CHANNEL_LOST /* the process is gone, or there is no memory: the channel was closed */
} channel_status;

/* To be called once, before the first: nobody has to be waited for. */
void session_channel_prepare(void);
bool session_channel_is_open(const session_channel *channel);
/* A new engine. False: there is no memory for it. */
bool session_channel_open(session_ends *ends, const session_server_options *options,
                          session_channel *out);
/* A copy of the engine as it is; false where none can be made. */
bool session_channel_copy(session_ends *ends, session_channel *channel, session_channel *out);
void session_channel_close(session_ends *ends, session_channel *channel);
/*
 * Does one command. `texts` are about, word and text behind each other. Answers go to `sink`, all
 * but the last, which goes to *done. Where `is_patient`, ^C waits until it is done.
 */
channel_status session_channel_call(session_ends *ends, session_channel *channel,
                                    const session_command *command, const char *texts,
                                    bool is_patient, session_sink sink, session_done *done);

#endif
