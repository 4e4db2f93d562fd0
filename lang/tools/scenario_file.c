/*
 * Writes what was run as a scenario. The whole history is held in memory meanwhile.
 */
#include "scenario_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

typedef struct text {
    char *bytes;
    size_t size;
    size_t capacity;
    bool has_failed;
} text;

static void append(void *context, const char *bytes, size_t size)
{
    text *to = context;
    if (to->has_failed) return;
    if (size > to->capacity - to->size) {
        const size_t capacity = (to->capacity + size) * 2;
        char *grown = realloc(to->bytes, capacity);
        to->has_failed = !grown;
        if (!grown) return;
        to->bytes = grown;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

static void append_words(text *to, const char *words)
{
    append(to, words, strlen(words));
}

static bylaw_text slice(const text *of)
{
    return (bylaw_text){of->bytes ? of->bytes : "", of->size};
}

static exit_status complain(const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot write %s: %s\n", path, why);
    return STATUS_FAILED;
}

/* ---- what was run ---- */

static exit_status read_events(const char *path, text *to)
{
    tool_input *input = input_open(path);
    if (!input) return STATUS_FAILED;
    const char *bytes;
    size_t size;
    input_status status;
    while ((status = input_read(input, &bytes, &size)) == INPUT_MORE)
        append(to, bytes, size);
    input_close(input);
    if (to->size > 0 && to->bytes[to->size - 1] != '\n') append_words(to, "\n");
    return status == INPUT_END ? STATUS_FINE : STATUS_FAILED;
}

static exit_status read_all(const char *const *paths, size_t count, text *to)
{
    exit_status status = STATUS_FINE;
    for (size_t i = 0; i < count && status == STATUS_FINE; i++)
        status = read_events(paths[i], to);
    return status;
}

exit_status scenario_file_check(const tool_arguments *arguments)
{
    bool is_read_once = arguments->operand_count == 0;
    for (size_t i = 0; i < arguments->operand_count; i++)
        is_read_once = is_read_once || strcmp(arguments->operands[i], "-") == 0;
    for (size_t i = 0; i < arguments->roster_count; i++)
        is_read_once = is_read_once || strcmp(arguments->rosters[i], "-") == 0;
    if (!is_read_once) return STATUS_FINE;
    fprintf(stderr, "bylaw: --save-scenario reads its events again: name the files they are in\n");
    return STATUS_USAGE;
}

/* ---- the file ---- */

/* From the root to here: where a path cannot be told from the file's folder. */
static void put_folder(text *to)
{
    char folder[4096];
    if (!getcwd(folder, sizeof folder)) return;
    append_words(to, folder);
    append_words(to, "/");
}

/* The policy's path as told from where the file lies. */
static void put_path(const char *policy, const char *file, text *to)
{
    const bool is_told_from_here = strncmp(policy, "std/", 4) != 0 && policy[0] != '/';
    const bool is_below = file[0] != '/' && !strstr(file, "..");
    if (is_told_from_here && !is_below) put_folder(to);
    for (const char *at = file; *at && is_told_from_here && is_below; at++)
        if (*at == '/' && at[1] != '/') append_words(to, "../");
    append_words(to, policy);
}

/* As a text of the language. */
static void put_text(const text *from, text *to)
{
    append_words(to, "\"");
    for (size_t i = 0; i < from->size; i++) {
        if (from->bytes[i] == '"' || from->bytes[i] == '\\') append_words(to, "\\");
        append(to, from->bytes + i, 1);
    }
    append_words(to, "\"");
}

/* The name of a file without its folder and its ending. */
static bylaw_text title_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t size = strcspn(name, ".");
    return (bylaw_text){name, size > 0 ? size : strlen(name)};
}

static exit_status keep(const char *path, const text *content)
{
    if (content->has_failed) return complain(path, bylaw_status_text(BYLAW_NOMEM));
    FILE *file = fopen(path, "wb");
    if (!file) return complain(path, strerror(errno));
    const bool is_written = fwrite(content->bytes, 1, content->size, file) == content->size;
    const int error = errno;
    if (fclose(file) != 0) return complain(path, strerror(errno));
    return is_written ? STATUS_FINE : complain(path, strerror(error));
}

static exit_status write_file(const tool_arguments *arguments, bylaw_policy *policy,
                              const char *policy_name, const text *roster, const text *events)
{
    const char *path = arguments->save_scenario;
    text content = {NULL, 0, 0, false}, base = {NULL, 0, 0, false};
    put_path(policy_name, path, &base);
    append_words(&content, "policy history extends ");
    put_text(&base, &content);
    append_words(&content, "\n\n");
    content.has_failed |= base.has_failed;
    free(base.bytes);
    const bylaw_status status = bylaw_scenario_write(policy, title_of(arguments->operands[0]),
                                                     slice(roster), slice(events),
                                                     (bylaw_writer){append, &content});
    exit_status kept = STATUS_FAILED;
    if (status == BYLAW_OK || status == BYLAW_STOPPED)
        kept = keep(path, &content);
    else
        complain(path, bylaw_status_text(status));
    if (kept == STATUS_FINE && status == BYLAW_STOPPED && !arguments->quiet)
        fprintf(stderr, "bylaw: %s: what no statement says stands there as `# not said: …`\n",
                path);
    free(content.bytes);
    return kept;
}

exit_status scenario_file_write(const tool_arguments *arguments, bylaw_policy *policy,
                                const char *policy_name)
{
    text roster = {NULL, 0, 0, false}, events = {NULL, 0, 0, false};
    exit_status status = read_all(arguments->rosters, arguments->roster_count, &roster);
    if (status == STATUS_FINE)
        status = read_all(arguments->operands, arguments->operand_count, &events);
    if (arguments->until) {
        append_words(&events, "{\"type\":\"tick\",\"time\":\"");
        append_words(&events, arguments->until);
        append_words(&events, strlen(arguments->until) == sizeof "2024-03-01" - 1
                                  ? "T00:00:00Z\"}\n" /* a date is its beginning */
                                  : "\"}\n");
    }
    if (status == STATUS_FINE && (roster.has_failed || events.has_failed))
        status = complain(arguments->save_scenario, bylaw_status_text(BYLAW_NOMEM));
    if (status == STATUS_FINE)
        status = write_file(arguments, policy, policy_name, &roster, &events);
    free(roster.bytes);
    free(events.bytes);
    return status;
}
