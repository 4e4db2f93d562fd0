/*
 * Sockets and processes.
 *
 * A command is its struct and its texts, an answer a head, and bytes. A descriptor may come along
 * with a command: that of the socket on which a copy is to listen.
 */
#include "session_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "input.h"

#define ANSWERS_SIZE ((size_t)32 * 1024)
#define POLL_TIME 200 /* ms between two looks whether ^C came */

typedef struct answer_head {
    session_answer answer;
    size_t size;
} answer_head;

/* ---- bytes ---- */

static bool send_all(int descriptor, const void *from, size_t size)
{
    const char *bytes = from;
    while (size > 0) {
        const ssize_t sent = send(descriptor, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int descriptor, void *to, size_t size)
{
    char *bytes = to;
    while (size > 0) {
        const ssize_t got = recv(descriptor, bytes, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        bytes += got;
        size -= (size_t)got;
    }
    return true;
}

/* Room for one descriptor beside a message. */
typedef union descriptor_room {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
} descriptor_room;

static bool send_with(int descriptor, const session_command *command, int along)
{
    descriptor_room room;
    memset(&room, 0, sizeof room);
    struct iovec piece = {(void *)(uintptr_t)command, sizeof *command};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = sizeof room.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof along);
    memcpy(CMSG_DATA(head), &along, sizeof along);
    ssize_t sent;
    do
        sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent <= 0) return false;
    return send_all(descriptor, (const char *)command + sent, sizeof *command - (size_t)sent);
}

/* A command's struct, and the descriptor that came with it, or -1. */
static bool receive_with(int descriptor, session_command *command, int *along)
{
    descriptor_room room;
    struct iovec piece = {command, sizeof *command};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.bytes,
                             .msg_controllen = sizeof room.bytes};
    *along = -1;
    ssize_t got;
    do
        got = recvmsg(descriptor, &message, 0);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
        memcpy(along, CMSG_DATA(head), sizeof *along);
    return receive_all(descriptor, (char *)command + got, sizeof *command - (size_t)got);
}

/* ---- the process of an engine ---- */

typedef struct engine_process {
    session_server *server;
    int descriptor;
    bool is_broken; /* nobody listens any more */
    size_t size; /* of the answers that wait to be sent together */
    char bytes[ANSWERS_SIZE];
} engine_process;

static void flush_answers(engine_process *process)
{
    if (!process->is_broken)
        process->is_broken = !send_all(process->descriptor, process->bytes, process->size);
    process->size = 0;
}

static void add_answer(engine_process *process, const void *bytes, size_t size)
{
    if (size > ANSWERS_SIZE - process->size) flush_answers(process);
    if (size > ANSWERS_SIZE) {
        if (!process->is_broken) process->is_broken = !send_all(process->descriptor, bytes, size);
        return;
    }
    if (size > 0) memcpy(process->bytes + process->size, bytes, size);
    process->size += size;
}

static void send_answer(void *context, session_answer answer, const char *bytes, size_t size)
{
    engine_process *process = context;
    const answer_head head = {answer, size};
    add_answer(process, &head, sizeof head);
    add_answer(process, bytes, size);
    if (answer == ANSWER_DONE) flush_answers(process);
}

/* The copy listens to `descriptor` from here on, the original goes on as it was. */
static void copy_process(engine_process *process, int descriptor)
{
    session_done done = {.status = BYLAW_LIMIT};
    const pid_t copy = descriptor < 0 ? -1 : fork();
    if (copy == 0) {
        close(process->descriptor);
        process->descriptor = descriptor;
        return;
    }
    if (descriptor >= 0) close(descriptor);
    if (copy > 0) done = (session_done){.status = BYLAW_OK, .process = copy};
    send_answer(process, ANSWER_DONE, (const char *)&done, sizeof done);
}

static bool serve_command(engine_process *process)
{
    session_command command;
    int along;
    if (!receive_with(process->descriptor, &command, &along)) return false;
    if (command.verb == SESSION_FORK) {
        copy_process(process, along);
        return !process->is_broken;
    }
    const size_t size = command.about_size + command.word_size + command.text_size;
    char *texts = malloc(size + 1);
    if (!texts) return false;
    const bool is_here = receive_all(process->descriptor, texts, size);
    if (is_here)
        session_server_do(process->server, &command, texts, (session_sink){send_answer, process});
    free(texts);
    return is_here && !process->is_broken;
}

/* Neither the terminal nor anybody's pipe is to wait for us. */
static void leave_standard_streams(void)
{
    const int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0) return;
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (nothing > STDERR_FILENO) close(nothing);
}

static void serve(const session_ends *ends, const session_server_options *options, int descriptor)
{
    signal(SIGINT, SIG_IGN); /* ^C is the front's business */
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    for (size_t i = 0; i < ends->count; i++)
        close(ends->descriptors[i]);
    leave_standard_streams();
    static engine_process process; /* the only one; its answers take room */
    process.server = session_server_create(options);
    process.descriptor = descriptor;
    while (process.server && serve_command(&process))
        continue;
    _exit(0); /* what the process holds goes with it; nothing is left to be written */
}

/* ---- the front's side ---- */

void session_channel_prepare(void)
{
    signal(SIGCHLD, SIG_IGN); /* who ends is gone; inherited by all */
#ifdef PR_SET_CHILD_SUBREAPER
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* copies of copies too */
#endif
}

bool session_channel_is_open(const session_channel *channel)
{
    return channel->descriptor >= 0 || channel->local;
}

void session_channel_close(session_ends *ends, session_channel *channel)
{
    for (size_t i = 0; i < ends->count && channel->descriptor >= 0; i++) {
        if (ends->descriptors[i] != channel->descriptor) continue;
        ends->descriptors[i] = ends->descriptors[--ends->count];
        break;
    }
    if (channel->descriptor >= 0) close(channel->descriptor);
    session_server_destroy(channel->local);
    *channel = SESSION_CHANNEL_NONE;
}

static bool make_sockets(const session_ends *ends, int pair[2])
{
    if (ends->count == SESSION_ENDS_MAX) return false;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return false;
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void take_end(session_ends *ends, int descriptor, int64_t process, session_channel *out)
{
    ends->descriptors[ends->count++] = descriptor;
    *out = (session_channel){.descriptor = descriptor, .process = process};
}

static bool open_process(session_ends *ends, const session_server_options *options,
                         session_channel *out)
{
    int pair[2];
    if (!make_sockets(ends, pair)) return false;
    const pid_t process = fork();
    if (process == 0) {
        close(pair[0]);
        serve(ends, options, pair[1]);
    }
    close(pair[1]);
    if (process > 0)
        take_end(ends, pair[0], process, out);
    else
        close(pair[0]);
    return process > 0;
}

bool session_channel_open(session_ends *ends, const session_server_options *options,
                          session_channel *out)
{
    *out = SESSION_CHANNEL_NONE;
    if (open_process(ends, options, out)) return true;
    out->local = session_server_create(options);
    return out->local != NULL;
}

static void ignore_answer(void *context, session_answer answer, const char *bytes, size_t size)
{
    (void)context, (void)answer, (void)bytes, (void)size;
}

static channel_status lose(session_ends *ends, session_channel *channel, channel_status status)
{
    if (status == CHANNEL_INTERRUPTED && channel->process > 0)
        kill((pid_t)channel->process, SIGKILL); /* it may be at work for long */
    session_channel_close(ends, channel);
    return status;
}

/* Waits until there is something to read, or ^C. */
static channel_status wait_for_answer(const session_channel *channel, bool is_patient)
{
    struct pollfd wanted = {.fd = channel->descriptor, .events = POLLIN};
    for (;;) {
        if (!is_patient && input_was_interrupted()) return CHANNEL_INTERRUPTED;
        const int ready = poll(&wanted, 1, POLL_TIME);
        if (ready > 0) return CHANNEL_DONE;
        if (ready < 0 && errno != EINTR) return CHANNEL_LOST;
    }
}

/* Reads answers up to the last. */
static channel_status receive_answers(session_channel *channel, bool is_patient, session_sink sink,
                                      session_done *done)
{
    for (;;) {
        answer_head head;
        const channel_status status = wait_for_answer(channel, is_patient);
        if (status != CHANNEL_DONE) return status;
        if (!receive_all(channel->descriptor, &head, sizeof head)) return CHANNEL_LOST;
        if (head.answer == ANSWER_DONE)
            return receive_all(channel->descriptor, done, sizeof *done) ? CHANNEL_DONE
                                                                        : CHANNEL_LOST;
        char *bytes = malloc(head.size + 1);
        const bool is_here = bytes && receive_all(channel->descriptor, bytes, head.size);
        if (is_here) sink.take(sink.context, head.answer, bytes, head.size);
        free(bytes);
        if (!is_here) return CHANNEL_LOST;
    }
}

bool session_channel_copy(session_ends *ends, session_channel *channel, session_channel *out)
{
    *out = SESSION_CHANNEL_NONE;
    int pair[2];
    if (channel->descriptor < 0 || !make_sockets(ends, pair)) return false;
    const session_command command = {.verb = SESSION_FORK};
    session_done done = {.status = BYLAW_LIMIT};
    const bool is_sent = send_with(channel->descriptor, &command, pair[1]);
    close(pair[1]);
    const channel_status status = is_sent
                                      ? receive_answers(channel, true,
                                                        (session_sink){ignore_answer, NULL}, &done)
                                      : CHANNEL_LOST;
    if (status == CHANNEL_DONE && done.status == BYLAW_OK) {
        take_end(ends, pair[0], done.process, out);
        return true;
    }
    close(pair[0]);
    if (status == CHANNEL_LOST) session_channel_close(ends, channel);
    return false;
}

/* For an engine in this process: passes on all answers but the last. */
typedef struct local_call {
    session_sink sink;
    session_done *done;
} local_call;

static void take_local(void *context, session_answer answer, const char *bytes, size_t size)
{
    const local_call *call = context;
    if (answer == ANSWER_DONE)
        memcpy(call->done, bytes, size);
    else
        call->sink.take(call->sink.context, answer, bytes, size);
}

channel_status session_channel_call(session_ends *ends, session_channel *channel,
                                    const session_command *command, const char *texts,
                                    bool is_patient, session_sink sink, session_done *done)
{
    if (channel->local) {
        local_call call = {sink, done};
        session_server_do(channel->local, command, texts, (session_sink){take_local, &call});
        return CHANNEL_DONE;
    }
    const size_t size = command->about_size + command->word_size + command->text_size;
    if (channel->descriptor < 0 || !send_all(channel->descriptor, command, sizeof *command) ||
        !send_all(channel->descriptor, texts, size))
        return lose(ends, channel, CHANNEL_LOST);
    const channel_status status = receive_answers(channel, is_patient, sink, done);
    return status == CHANNEL_DONE ? status : lose(ends, channel, status);
}
