/*
 * Writes what was run as a scenario. The whole history is held in memory meanwhile.
 */
#include "scenario_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file_replace.h"
#include "growing_text.h"
#include "input.h"

static exit_status complain(const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot write %s: %s\n", path, why);
    return STATUS_FAILED;
}

/* ---- what was run ---- */

static exit_status read_events(const char *path, growing_text *to)
{
    const input_status status = input_read_all(path, to);
    if (to->size > 0 && to->bytes[to->size - 1] != '\n') growing_text_add(to, "\n");
    return status == INPUT_END ? STATUS_FINE : STATUS_FAILED;
}

static exit_status read_all(const char *const *paths, size_t count, growing_text *to)
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
static void put_folder(growing_text *to)
{
    char folder[4096];
    if (!getcwd(folder, sizeof folder)) return;
    growing_text_add(to, folder);
    growing_text_add(to, "/");
}

/* The policy's path as told from where the file lies. */
static void put_path(const char *policy, const char *file, growing_text *to)
{
    const bool is_told_from_here = strncmp(policy, "std/", 4) != 0 && policy[0] != '/';
    const bool is_below = file[0] != '/' && !strstr(file, "..");
    if (is_told_from_here && !is_below) put_folder(to);
    for (const char *at = file; *at && is_told_from_here && is_below; at++)
        if (*at == '/' && at[1] != '/') growing_text_add(to, "../");
    growing_text_add(to, policy);
}

/* As a text of the language. */
static void put_text(const growing_text *from, growing_text *to)
{
    growing_text_add(to, "\"");
    for (size_t i = 0; i < from->size; i++) {
        if (from->bytes[i] == '"' || from->bytes[i] == '\\') growing_text_add(to, "\\");
        growing_text_write(to, from->bytes + i, 1);
    }
    growing_text_add(to, "\"");
}

/* The name of a file without its folder and its ending. */
static bylaw_text title_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t size = strcspn(name, ".");
    return (bylaw_text){name, size > 0 ? size : strlen(name)};
}

static exit_status keep(const char *path, const growing_text *content)
{
    if (content->is_cut) return complain(path, bylaw_status_text(BYLAW_NOMEM));
    const char *complaint = file_replace(path, growing_text_all(content), NULL);
    return complaint ? complain(path, complaint) : STATUS_FINE;
}

static exit_status write_file(const tool_arguments *arguments, bylaw_policy *policy,
                              const char *policy_name, const growing_text *roster,
                              const growing_text *events)
{
    const char *path = arguments->save_scenario;
    growing_text content = {0}, base = {0};
    put_path(policy_name, path, &base);
    growing_text_add(&content, "policy history extends ");
    put_text(&base, &content);
    growing_text_add(&content, "\n\n");
    content.is_cut |= base.is_cut;
    growing_text_free(&base);
    const bylaw_status status = bylaw_scenario_write(
        policy, title_of(arguments->operands[0]), growing_text_all(roster),
        growing_text_all(events), growing_text_writer(&content));
    exit_status kept = STATUS_FAILED;
    if (status == BYLAW_OK || status == BYLAW_STOPPED)
        kept = keep(path, &content);
    else
        complain(path, bylaw_status_text(status));
    if (kept == STATUS_FINE && status == BYLAW_STOPPED && !arguments->quiet)
        fprintf(stderr, "bylaw: %s: what no statement says stands there as `# not said: …`\n",
                path);
    growing_text_free(&content);
    return kept;
}

exit_status scenario_file_write(const tool_arguments *arguments, bylaw_policy *policy,
                                const char *policy_name)
{
    growing_text roster = {0}, events = {0};
    exit_status status = read_all(arguments->rosters, arguments->roster_count, &roster);
    if (status == STATUS_FINE)
        status = read_all(arguments->operands, arguments->operand_count, &events);
    if (arguments->until) {
        growing_text_add(&events, "{\"type\":\"tick\",\"time\":\"");
        growing_text_add(&events, arguments->until);
        growing_text_add(&events, strlen(arguments->until) == sizeof "2024-03-01" - 1
                                      ? "T00:00:00Z\"}\n" /* a date is its beginning */
                                      : "\"}\n");
    }
    if (status == STATUS_FINE && (roster.is_cut || events.is_cut))
        status = complain(arguments->save_scenario, bylaw_status_text(BYLAW_NOMEM));
    if (status == STATUS_FINE)
        status = write_file(arguments, policy, policy_name, &roster, &events);
    growing_text_free(&roster);
    growing_text_free(&events);
    return status;
}
