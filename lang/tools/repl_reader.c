/*
 * Lines from a terminal by libedit, or from anything else by getline.
 *
 * libedit is given its characters by a function of ours, for two reasons: ^C is to end a line and
 * not the program, and what is pasted is to stand in the line with its line ends and wait for the
 * Return key. Terminals put brackets around what is pasted; of one that does not, line ends that
 * come together with what follows them are taken for pasted.
 */
#include "repl_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "growing_text.h"
#include "input.h"

#define HISTORY_COUNT 2000
#define POLL_TIME 200 /* ms between two looks whether ^C came */
#define KEY_TIME 30 /* ms within which the bytes of one key come */
#define PASTE_SIZE_MAX ((size_t)4 << 20)
#define CANDIDATES_SHOWN_MAX 60
#define PASTE_KEY 0x1D /* ^], handed to libedit for what was pasted */

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
static const char clear_behind[] = "\033[J";
static const char paste_begin[] = "[200~", paste_end[] = "\033[201~";

struct repl_reader {
    reader_options options;
    EditLine *editor; /* NULL: no terminal */
    History *history;
    char history_path[4096]; /* empty: none is kept */
    char prompt[256];
    char *line; /* of getline */
    size_t line_capacity;
    unsigned char bytes[4096]; /* from the terminal, not handed on yet */
    size_t begin, end;
    char *pasted; /* waits for PASTE_KEY to put it into the line */
};

/* ---- bytes of the terminal ---- */

/* Whether there is a byte, waiting up to `wait` ms for it (-1: for ever). -1 with EINTR after ^C.
 */
static int fill(repl_reader *reader, int wait)
{
    struct pollfd wanted = {.fd = STDIN_FILENO, .events = POLLIN};
    while (reader->begin == reader->end) {
        if (input_was_interrupted()) {
            errno = EINTR;
            return -1;
        }
        const int ready = poll(&wanted, 1, wait < 0 ? POLL_TIME : wait);
        if (ready < 0 && errno != EINTR) return -1;
        if (ready <= 0 && wait >= 0) return 0;
        if (ready <= 0) continue;
        const ssize_t got = read(STDIN_FILENO, reader->bytes, sizeof reader->bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        reader->begin = 0;
        reader->end = (size_t)got;
    }
    return 1;
}

/* Whether the bytes that come next are these, which are then taken; else none is. */
static bool take_bytes(repl_reader *reader, const char *wanted)
{
    const size_t size = strlen(wanted);
    for (;;) {
        const size_t here = reader->end - reader->begin;
        if (memcmp(reader->bytes + reader->begin, wanted, here < size ? here : size) != 0)
            return false;
        if (here >= size) break;
        struct pollfd more = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&more, 1, KEY_TIME) <= 0) return false;
        memmove(reader->bytes, reader->bytes + reader->begin, here);
        reader->begin = 0;
        reader->end = here;
        const ssize_t got = read(STDIN_FILENO, reader->bytes + here, sizeof reader->bytes - here);
        if (got <= 0) return false;
        reader->end += (size_t)got;
    }
    reader->begin += size;
    return true;
}

/* ---- pasting ---- */

/* Makes of `text`, which has a NUL behind it, what can stand in the line. */
static void clean(char *text, size_t size)
{
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\r' && text[i + 1] == '\n') continue; /* there is a NUL behind */
        const unsigned char byte = (unsigned char)(text[i] == '\r' ? '\n' : text[i]);
        if (byte == '\t')
            text[kept++] = ' ';
        else if (byte >= 0x20 ? byte != 0x7f : byte == '\n')
            text[kept++] = (char)byte;
    }
    text[kept] = '\0';
}

/* Everything up to the closing bracket. */
static int take_paste(repl_reader *reader)
{
    char *text = malloc(PASTE_SIZE_MAX + 1);
    if (!text) return -1;
    size_t size = 0;
    int status;
    while ((status = fill(reader, -1)) > 0) {
        if (reader->bytes[reader->begin] == '\033' && take_bytes(reader, paste_end)) break;
        const char byte = (char)reader->bytes[reader->begin++];
        if (size < PASTE_SIZE_MAX) text[size++] = byte;
    }
    text[size] = '\0';
    clean(text, size);
    free(reader->pasted);
    reader->pasted = text;
    return status;
}

/* The command of PASTE_KEY. */
static unsigned char insert_pasted(EditLine *editor, int character)
{
    (void)character;
    repl_reader *reader;
    el_get(editor, EL_CLIENTDATA, (void *)&reader);
    if (!reader->pasted) return CC_NORM;
    const int status = el_insertstr(editor, reader->pasted);
    free(reader->pasted);
    reader->pasted = NULL;
    return status == 0 ? CC_REFRESH : CC_ERROR;
}

/* ---- characters for libedit ---- */

static int read_character(EditLine *editor, wchar_t *out)
{
    repl_reader *reader;
    el_get(editor, EL_CLIENTDATA, (void *)&reader);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        const int status = fill(reader, -1);
        if (status <= 0) return status;
        const char byte = (char)reader->bytes[reader->begin++];
        if (byte == '\033' && take_bytes(reader, paste_begin)) {
            const int pasted = take_paste(reader);
            *out = PASTE_KEY;
            return pasted;
        }
        if ((byte == '\n' || byte == '\r') && reader->begin < reader->end) {
            if (byte == '\r' && reader->bytes[reader->begin] == '\n') reader->begin++;
            reader->pasted = strdup("\n"); /* the line goes on: see the head of this file */
            *out = PASTE_KEY;
            return 1;
        }
        const size_t size = mbrtowc(out, &byte, 1, &state);
        if (size == (size_t)-2) continue; /* more bytes to come */
        if (size == (size_t)-1) {
            memset(&state, 0, sizeof state);
            *out = 0xFFFD;
        }
        return 1;
    }
}

static char *show_prompt(EditLine *editor)
{
    repl_reader *reader;
    el_get(editor, EL_CLIENTDATA, (void *)&reader);
    return reader->prompt;
}

/* ---- completion ---- */

/* Candidates are one text, one a line; where memory ends there are fewer. The next one; false at
 * the end. */
static bool next_candidate(const growing_text *from, size_t *at, bylaw_text *out)
{
    if (*at >= from->size) return false;
    const char *begin = from->bytes + *at;
    const char *end = memchr(begin, '\n', from->size - *at);
    *out = (bylaw_text){begin, end ? (size_t)(end - begin) : from->size - *at};
    *at += out->size + 1;
    return true;
}

/* How many there are; what all of them begin with is *shared. */
static size_t count_candidates(const growing_text *from, bylaw_text *shared)
{
    size_t at = 0, count = 0;
    bylaw_text one;
    *shared = (bylaw_text){"", 0};
    while (next_candidate(from, &at, &one)) {
        if (count++ == 0) *shared = one;
        size_t same = 0;
        while (same < shared->size && same < one.size && shared->bytes[same] == one.bytes[same])
            same++;
        shared->size = same;
    }
    while (shared->size > 0 && ((unsigned char)shared->bytes[shared->size] & 0xC0) == 0x80)
        shared->size--; /* no piece of a character */
    return count;
}

static void list_candidates(const growing_text *from, size_t count)
{
    size_t at = 0, column = 0, shown = 0;
    bylaw_text one;
    fputc('\n', stdout);
    while (shown < CANDIDATES_SHOWN_MAX && next_candidate(from, &at, &one)) {
        if (column > 0 && column + one.size + 2 > 78) {
            fputc('\n', stdout);
            column = 0;
        }
        fprintf(stdout, "%.*s  ", (int)one.size, one.bytes);
        column += one.size + 2;
        shown++;
    }
    if (count > shown) fprintf(stdout, "\nand %zu more", count - shown);
    fputc('\n', stdout);
    fflush(stdout);
}

static bool ends_word(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == ',' || byte == '(' ||
           byte == '[' || byte == '{' || byte == ':' || byte == '>' || byte == '=';
}

static unsigned char complete(EditLine *editor, int character)
{
    (void)character;
    repl_reader *reader;
    el_get(editor, EL_CLIENTDATA, (void *)&reader);
    const LineInfo *info = el_line(editor);
    const size_t size = (size_t)(info->cursor - info->buffer);
    size_t from = size;
    while (from > 0 && !ends_word(info->buffer[from - 1]))
        from--;
    const bylaw_text line = {info->buffer, size};
    const bylaw_text word = {info->buffer + from, size - from};
    growing_text found = {0};
    reader->options.complete(reader->options.context, line, word, growing_text_writer(&found));
    bylaw_text shared;
    const size_t count = count_candidates(&found, &shared);
    unsigned char result = CC_ERROR;
    char text[512];
    if (count > 0 && shared.size > word.size && shared.size - word.size < sizeof text - 2) {
        snprintf(text, sizeof text, "%.*s%s", (int)(shared.size - word.size),
                 shared.bytes + word.size, count == 1 ? " " : "");
        el_insertstr(editor, text);
        result = CC_REFRESH;
    } else if (count == 1 && shared.size == word.size) {
        el_insertstr(editor, " ");
        result = CC_REFRESH;
    } else if (count > 1) {
        list_candidates(&found, count);
        result = CC_REDISPLAY;
    }
    growing_text_free(&found);
    return result;
}

/* ---- history over sessions ---- */

/* Makes the folders of a path; what cannot be made shows when the file is written. */
static void make_folders(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at != '/') continue;
        *at = '\0';
        mkdir(path, 0700);
        *at = '/';
    }
}

static bool find_history(char *path, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length;
    if (state && state[0] == '/')
        length = snprintf(path, size, "%s/bylaw/history", state);
    else if (home && home[0] == '/')
        length = snprintf(path, size, "%s/.local/state/bylaw/history", home);
    else
        return false;
    return length > 0 && (size_t)length + 8 < size;
}

static void load_history(repl_reader *reader)
{
    HistEvent event;
    reader->history = history_init();
    if (!reader->history) return;
    history(reader->history, &event, H_SETSIZE, HISTORY_COUNT);
    history(reader->history, &event, H_SETUNIQUE, 1);
    el_set(reader->editor, EL_HIST, history, reader->history);
    if (!reader->options.keeps_history ||
        !find_history(reader->history_path, sizeof reader->history_path))
        reader->history_path[0] = '\0';
    else
        history(reader->history, &event, H_LOAD, reader->history_path);
}

/* Written beside and put in its place, so that it is whole at any time. Nobody but the user is to
 * read it. Where it cannot be written, there is none: that is no reason to disturb. */
static void save_history(repl_reader *reader)
{
    if (!reader->history || reader->history_path[0] == '\0') return;
    char beside[sizeof reader->history_path + 8];
    snprintf(beside, sizeof beside, "%s.new", reader->history_path);
    make_folders(beside);
    unlink(beside);
    const int descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file) {
        if (descriptor >= 0) close(descriptor);
        return;
    }
    HistEvent event;
    bool is_written = history(reader->history, &event, H_SAVE_FP, file) >= 0;
    if (fclose(file) != 0) is_written = false;
    if (!is_written || rename(beside, reader->history_path) != 0) unlink(beside);
}

void repl_reader_remember(repl_reader *reader, const char *entry)
{
    HistEvent event;
    if (!reader->history || entry[0] == '\0') return;
    history(reader->history, &event, H_ENTER, entry);
    save_history(reader);
}

/* ---- coming and going ---- */

/* Names of people are in every script: where the locale cannot tell characters, take one that can.
 */
static void choose_characters(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

static bool open_editor(repl_reader *reader)
{
    choose_characters();
    reader->editor = el_init("bylaw", stdin, stdout, stderr);
    if (!reader->editor) return false;
    EditLine *editor = reader->editor;
    el_set(editor, EL_CLIENTDATA, reader);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_SIGNAL, 1);
    el_set(editor, EL_PROMPT_ESC, show_prompt, '\1');
    el_set(editor, EL_GETCFN, read_character);
    el_set(editor, EL_ADDFN, "bylaw-complete", "complete words and names", complete);
    el_set(editor, EL_ADDFN, "bylaw-paste", "insert what was pasted", insert_pasted);
    el_set(editor, EL_BIND, "^I", "bylaw-complete", NULL);
    el_set(editor, EL_BIND, "^]", "bylaw-paste", NULL);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    load_history(reader);
    el_source(editor, NULL); /* the user's own keys */
    return true;
}

repl_reader *repl_reader_open(const reader_options *options)
{
    repl_reader *reader = calloc(1, sizeof *reader);
    if (reader) {
        reader->options = *options;
        if (!options->is_terminal || open_editor(reader)) return reader;
        free(reader);
    }
    fputs("bylaw: there is no memory, or no terminal, to read from\n", stderr);
    return NULL;
}

void repl_reader_close(repl_reader *reader)
{
    if (!reader) return;
    if (reader->editor) el_end(reader->editor);
    if (reader->history) history_end(reader->history);
    free(reader->pasted);
    free(reader->line);
    free(reader);
}

/* ---- reading ---- */

static reader_status read_script(repl_reader *reader, bylaw_text *out)
{
    for (;;) {
        errno = 0;
        const ssize_t size = getline(&reader->line, &reader->line_capacity, stdin);
        if (size >= 0) {
            *out = (bylaw_text){reader->line, (size_t)size};
            break;
        }
        if (input_was_interrupted()) return READER_CANCELLED;
        if (errno == EINTR) {
            clearerr(stdin);
            continue;
        }
        if (feof(stdin)) return READER_END;
        fprintf(stderr, "bylaw: cannot read standard input: %s\n", strerror(errno));
        return READER_FAILED;
    }
    while (out->size > 0 &&
           (out->bytes[out->size - 1] == '\n' || out->bytes[out->size - 1] == '\r'))
        out->size--;
    return READER_LINE;
}

/* To terminals that may know it. */
static void write_sequence(const char *sequence)
{
    const char *terminal = getenv("TERM");
    if (!terminal || strcmp(terminal, "dumb") == 0) return;
    fputs(sequence, stdout);
    fflush(stdout);
}

static reader_status read_terminal(repl_reader *reader, const char *prompt, bylaw_text *out)
{
    /* The blank at its end stands behind the color: libedit forgets what nothing follows. */
    snprintf(reader->prompt, sizeof reader->prompt,
             reader->options.color ? "\1\033[1m\1%.*s\1\033[0m\1 " : "%.*s ",
             (int)strlen(prompt) - 1, prompt);
    int count = 0;
    input_forget_interrupt();
    write_sequence(paste_on);
    const char *line = el_gets(reader->editor, &count);
    write_sequence(paste_off);
    if (input_was_interrupted()) {
        input_forget_interrupt();
        write_sequence(clear_behind);
        fputs("^C\n", stdout);
        fflush(stdout);
        return READER_CANCELLED;
    }
    if (!line || count <= 0) {
        fputc('\n', stdout);
        fflush(stdout);
        return READER_END;
    }
    size_t size = (size_t)count;
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    *out = (bylaw_text){line, size};
    return READER_LINE;
}

reader_status repl_reader_read(repl_reader *reader, const char *prompt, bylaw_text *out)
{
    return reader->editor ? read_terminal(reader, prompt, out) : read_script(reader, out);
}
