/*
 * Ballot files in memory. Progress is shown as `bylaw run` does: on a terminal, of long files,
 * where the result goes elsewhere or has not begun; it is wiped away before anything else is
 * written.
 */
#include "ballot_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

#define PROGRESS_STEP ((uint64_t)16 << 20) /* bytes between two lines of progress */
#define SIZE_FIRST ((size_t)256 << 10)

typedef struct loaded {
    char *bytes;
    size_t size;
} loaded;

struct ballot_file {
    const char *name;
    loaded own;
    loaded *named; /* files that it names */
    size_t named_count;
    uint64_t shown_at; /* bytes done when progress was last shown */
    bool is_terminal; /* there is somebody to show it to */
    bool has_shown;
};

/* ---- progress ---- */

static void show_progress(ballot_file *file, const char *doing, uint64_t done, uint64_t all)
{
    if (!file->is_terminal || done < file->shown_at + PROGRESS_STEP) return;
    file->shown_at = done;
    file->has_shown = true;
    fprintf(stderr, "\r\033[K%s: %s %" PRIu64 " MiB", file->name, doing, done >> 20);
    if (all > 0) fprintf(stderr, " of %" PRIu64, all >> 20);
}

void ballot_file_progress(void *context, size_t done, size_t all)
{
    ballot_file *file = context;
    if (done == all && file->has_shown) {
        fprintf(stderr, "\r\033[K%s: counting", file->name);
        return;
    }
    if (done < file->shown_at) file->shown_at = 0; /* reading is over, this is the second time */
    show_progress(file, "parsed", done, all);
}

void ballot_file_quiet(ballot_file *file)
{
    if (file->has_shown) fputs("\r\033[K", stderr);
    file->has_shown = false;
}

/* ---- reading ---- */

static bool append(loaded *to, size_t *capacity, const char *bytes, size_t size)
{
    if (size > SIZE_MAX / 2 - to->size) return false;
    size_t wanted = *capacity ? *capacity : SIZE_FIRST;
    while (wanted < to->size + size)
        wanted *= 2;
    if (wanted > *capacity) {
        char *larger = realloc(to->bytes, wanted);
        if (!larger) return false;
        to->bytes = larger;
        *capacity = wanted;
    }
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    return true;
}

static bool read_all(ballot_file *file, tool_input *input, loaded *to)
{
    size_t capacity = 0;
    for (;;) {
        const char *bytes;
        size_t size;
        uint64_t done, all;
        switch (input_read(input, &bytes, &size)) {
        case INPUT_END: return true;
        case INPUT_FAILED:
        case INPUT_INTERRUPTED: return false;
        case INPUT_MORE: break;
        }
        if (!append(to, &capacity, bytes, size)) {
            fprintf(stderr, "bylaw: cannot read %s: out of memory\n", input_name(input));
            return false;
        }
        input_progress(input, &done, &all);
        show_progress(file, "read", done, all);
    }
}

static bool load(ballot_file *file, const char *path, loaded *to)
{
    tool_input *input = input_open(path);
    if (!input) return false;
    if (input_is_terminal(input) && file->is_terminal)
        fputs("bylaw: waiting for ballots; ^D ends them\n", stderr);
    const bool is_read = read_all(file, input, to);
    input_close(input);
    if (!is_read) ballot_file_quiet(file);
    return is_read;
}

ballot_file *ballot_file_open(const char *path, bool quiet)
{
    ballot_file *file = calloc(1, sizeof *file);
    if (!file) {
        fputs("bylaw: out of memory\n", stderr);
        return NULL;
    }
    file->name = strcmp(path, "-") == 0 ? "standard input" : path;
    file->is_terminal = !quiet && isatty(STDERR_FILENO) == 1;
    if (load(file, path, &file->own)) return file;
    ballot_file_close(file);
    return NULL;
}

void ballot_file_close(ballot_file *file)
{
    if (!file) return;
    for (size_t i = 0; i < file->named_count; i++)
        free(file->named[i].bytes);
    free(file->named);
    free(file->own.bytes);
    free(file);
}

const char *ballot_file_name(const ballot_file *file)
{
    return file->name;
}

bylaw_text ballot_file_bytes(const ballot_file *file)
{
    return (bylaw_text){file->own.bytes, file->own.size};
}

/* ---- files that it names ---- */

/* `path` beside the file `from`; NULL out of memory. */
static char *path_beside(bylaw_text path, bylaw_text from)
{
    size_t folder_size = path.size > 0 && path.bytes[0] == '/' ? 0 : from.size;
    while (folder_size > 0 && from.bytes[folder_size - 1] != '/')
        folder_size--;
    char *joined = malloc(folder_size + path.size + 1);
    if (!joined) return NULL;
    memcpy(joined, from.bytes, folder_size);
    memcpy(joined + folder_size, path.bytes, path.size);
    joined[folder_size + path.size] = '\0';
    return joined;
}

bool ballot_file_load(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                      bylaw_text *content)
{
    ballot_file *file = context;
    if (path.size == 0 || memchr(path.bytes, '\0', path.size)) return false;
    loaded *named = realloc(file->named, (file->named_count + 1) * sizeof *named);
    if (!named) return false;
    file->named = named;
    named += file->named_count++;
    *named = (loaded){NULL, 0};
    char *beside = path_beside(path, from);
    const bool is_read = beside && access(beside, R_OK) == 0 && load(file, beside, named);
    free(beside);
    *shown = path;
    *content = (bylaw_text){named->bytes, named->size};
    return is_read;
}
