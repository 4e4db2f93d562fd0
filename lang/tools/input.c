/*
 * Event files: opening, reading, and unpacking on the way.
 *
 * One idea to know: what is read from the descriptor is `raw`; of a packed file the pieces handed
 * out are unpacked into `plain`, of any other they are `raw` itself.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct tool_input {
    const char *name;
    int descriptor;
    bool is_begun;
    bool is_packed;
    bool is_inside; /* of a packed stream: its end has not come yet */
    bool is_at_end; /* the descriptor has no more */
    bool is_regular;
    uint64_t done;
    uint64_t total;
    size_t raw_size;
    z_stream unpacker; /* its input is what is left of `raw` */
    unsigned char raw[INPUT_SIZE];
    unsigned char plain[INPUT_SIZE];
};

/* A signal handler can reach nothing but this. */
static volatile sig_atomic_t was_interrupted;

static void note_interrupt(int signal_number)
{
    (void)signal_number;
    was_interrupted = 1;
}

void input_watch_interrupts(void)
{
    struct sigaction before;
    if (sigaction(SIGINT, NULL, &before) != 0 || before.sa_handler == SIG_IGN)
        return; /* as our parent wants it */
    struct sigaction action = {.sa_handler = note_interrupt}; /* no SA_RESTART: read returns */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

bool input_was_interrupted(void)
{
    return was_interrupted != 0;
}

void input_forget_interrupt(void)
{
    was_interrupted = 0;
}

/* ---- opening ---- */

static tool_input *complain_unreadable(const char *path)
{
    fprintf(stderr, "bylaw: cannot read %s: %s\n", path, strerror(errno));
    return NULL;
}

tool_input *input_open(const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    int descriptor = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return complain_unreadable(path);
    tool_input *input = calloc(1, sizeof *input);
    if (!input) {
        if (!is_standard) close(descriptor);
        errno = ENOMEM;
        return complain_unreadable(path);
    }
    input->descriptor = descriptor;
    input->name = is_standard ? "standard input" : path;
    struct stat about;
    if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode)) {
        input->is_regular = true;
        input->total = about.st_size > 0 ? (uint64_t)about.st_size : 0;
    }
    return input;
}

void input_close(tool_input *input)
{
    if (!input) return;
    if (input->is_packed) inflateEnd(&input->unpacker);
    if (input->descriptor != STDIN_FILENO) close(input->descriptor);
    free(input);
}

const char *input_name(const tool_input *input)
{
    return input->name;
}

bool input_is_live(const tool_input *input)
{
    return !input->is_regular;
}

bool input_is_terminal(const tool_input *input)
{
    return isatty(input->descriptor) == 1;
}

void input_progress(const tool_input *input, uint64_t *done, uint64_t *total)
{
    *done = input->done;
    *total = input->total;
}

/* ---- reading ---- */

static input_status fail(const tool_input *input, const char *why)
{
    fprintf(stderr, "bylaw: cannot read %s: %s\n", input->name, why);
    return INPUT_FAILED;
}

/* Appends to `raw` what one read gives. */
static input_status read_raw(tool_input *input)
{
    ssize_t size;
    do {
        if (was_interrupted) return INPUT_INTERRUPTED;
        size = read(input->descriptor, input->raw + input->raw_size, INPUT_SIZE - input->raw_size);
    } while (size < 0 && errno == EINTR);
    if (size < 0) return fail(input, strerror(errno));
    if (size == 0) input->is_at_end = true;
    input->raw_size += (size_t)size;
    input->done += (uint64_t)size;
    return size == 0 ? INPUT_END : INPUT_MORE;
}

static bool is_magic(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* Reads as much as tells a packed file from a plain one. */
static input_status begin(tool_input *input)
{
    input->is_begun = true;
    input_status status = INPUT_MORE;
    while (status == INPUT_MORE &&
           (input->raw_size == 0 || (input->raw_size == 1 && input->raw[0] == 0x1f)))
        status = read_raw(input);
    if (status == INPUT_FAILED || status == INPUT_INTERRUPTED) return status;
    if (!is_magic(input->raw, input->raw_size)) return INPUT_MORE;
    if (inflateInit2(&input->unpacker, 15 + 16) != Z_OK)
        return fail(input, "out of memory"); /* + 16: gzip only */
    input->is_packed = input->is_inside = true;
    input->unpacker.next_in = input->raw;
    input->unpacker.avail_in = (uInt)input->raw_size;
    return INPUT_MORE;
}

static input_status read_plain(tool_input *input, const char **bytes, size_t *size)
{
    if (input->raw_size == 0 && !input->is_at_end) {
        input_status status = read_raw(input);
        if (status != INPUT_MORE) return status;
    }
    *bytes = (const char *)input->raw;
    *size = input->raw_size;
    input->raw_size = 0; /* handed out */
    return *size > 0 ? INPUT_MORE : INPUT_END;
}

/* Fills the unpacker's input when it is empty. */
static input_status refill(tool_input *input)
{
    if (input->unpacker.avail_in > 0 || input->is_at_end) return INPUT_MORE;
    input->raw_size = 0;
    input_status status = read_raw(input);
    input->unpacker.next_in = input->raw;
    input->unpacker.avail_in = (uInt)input->raw_size;
    return status == INPUT_END ? INPUT_MORE : status;
}

/* Packed streams may follow each other in one file. */
static input_status begin_next_stream(tool_input *input)
{
    if (inflateReset(&input->unpacker) != Z_OK) return fail(input, "it cannot be unpacked");
    input->is_inside = true;
    return INPUT_MORE;
}

static input_status read_packed(tool_input *input, const char **bytes, size_t *size)
{
    input->unpacker.next_out = input->plain;
    input->unpacker.avail_out = (uInt)INPUT_SIZE;
    while (input->unpacker.avail_out == INPUT_SIZE) { /* nothing unpacked yet */
        input_status status = refill(input);
        if (status != INPUT_MORE) return status;
        bool is_empty = input->unpacker.avail_in == 0;
        if (is_empty) return input->is_inside ? fail(input, "it is packed and cut off") : INPUT_END;
        if (!input->is_inside && begin_next_stream(input) != INPUT_MORE) return INPUT_FAILED;
        int result = inflate(&input->unpacker, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            input->is_inside = false;
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return fail(input, input->unpacker.msg ? input->unpacker.msg : "it cannot be unpacked");
    }
    *bytes = (const char *)input->plain;
    *size = INPUT_SIZE - input->unpacker.avail_out;
    return INPUT_MORE;
}

input_status input_read(tool_input *input, const char **bytes, size_t *size)
{
    if (was_interrupted) return INPUT_INTERRUPTED;
    if (!input->is_begun) {
        input_status status = begin(input);
        if (status != INPUT_MORE) return status;
    }
    return input->is_packed ? read_packed(input, bytes, size) : read_plain(input, bytes, size);
}

input_status input_read_all(const char *path, growing_text *to)
{
    tool_input *input = input_open(path);
    if (!input) return INPUT_FAILED;
    const char *bytes;
    size_t size;
    input_status status;
    while ((status = input_read(input, &bytes, &size)) == INPUT_MORE)
        growing_text_write(to, bytes, size);
    input_close(input);
    return status;
}
