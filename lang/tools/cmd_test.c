/*
 * bylaw test: the scenarios of policies; of a folder, those of every *.bylaw file below it, in the
 * order of their names.
 */
#include "commands.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"

#define FOLDER_DEPTH_MAX 32 /* folders in folders; deeper ones are told of, not entered */

typedef struct test_run {
    const tool_arguments *arguments;
    const char *file; /* whose scenarios run */
    uint32_t passed;
    uint32_t failed;
    exit_status status;
    tool_output output;
} test_run;

static void note_status(test_run *run, exit_status status)
{
    if (status > run->status) run->status = status;
}

/* ---- results ---- */

static void print_json(tool_output *output, const char *file, const bylaw_scenario_result *result)
{
    output_text(output, "{\"file\":");
    output_json_text(output, (bylaw_text){file, strlen(file)});
    output_text(output, ",\"scenario\":");
    output_json_text(output, result->name);
    output_text(output, ",\"place\":");
    output_json_text(output, result->place);
    output_text(output, result->passed ? ",\"passed\":true" : ",\"passed\":false");
    if (!result->passed) {
        output_text(output, ",\"report\":");
        output_json_text(output, result->report);
    }
    output_text(output, "}\n");
}

static void print_text(tool_output *output, const bylaw_scenario_result *result)
{
    output_text(output, result->passed ? "ok   " : "FAIL ");
    output_write(output, result->place.bytes, result->place.size);
    output_text(output, " ");
    output_write(output, result->name.bytes, result->name.size);
    output_text(output, "\n");
    if (result->passed || result->report.size == 0) return;
    output_write(output, result->report.bytes, result->report.size);
    if (result->report.bytes[result->report.size - 1] != '\n') output_text(output, "\n");
}

static void print_result(void *context, const bylaw_scenario_result *result)
{
    test_run *run = context;
    if (run->arguments->format == BYLAW_JSON)
        print_json(&run->output, run->file, result);
    else if (!result->passed || run->arguments->verbose)
        print_text(&run->output, result);
}

/* ---- one file ---- */

static void test_file(test_run *run, const char *path)
{
    bylaw_policy *policy;
    exit_status opened = policy_open(run->arguments, path, &policy);
    note_status(run, opened);
    if (opened != STATUS_FINE) return;
    run->file = path;
    const bylaw_test_options options = {
        .result = print_result,
        .context = run,
        .only = {run->arguments->only, strlen(run->arguments->only)},
        .color = wants_color(run->arguments, STDOUT_FILENO)};
    uint32_t passed = 0, failed = 0;
    bylaw_status status = bylaw_policy_test(policy, &options, &passed, &failed);
    bylaw_policy_destroy(policy);
    run->passed += passed;
    run->failed += failed;
    if (failed > 0) note_status(run, STATUS_FINDINGS);
    if (status == BYLAW_OK) return;
    fprintf(stderr, "bylaw: cannot test %s: %s\n", path, bylaw_status_text(status));
    note_status(run, STATUS_FAILED);
}

/* ---- folders ---- */

typedef struct name_list {
    char **names;
    size_t count;
    size_t capacity;
} name_list;

static bool name_list_add(name_list *list, const char *name)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        char **names = realloc(list->names, capacity * sizeof *names);
        if (!names) return false;
        list->names = names;
        list->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy) return false;
    list->names[list->count++] = copy;
    return true;
}

static void name_list_free(name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder in byte order, hidden ones left out. */
static bool read_folder(const char *path, name_list *out)
{
    DIR *folder = opendir(path);
    if (!folder) return false;
    errno = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL; errno = 0)
        if (entry->d_name[0] != '.' && !name_list_add(out, entry->d_name)) break;
    int error = errno;
    closedir(folder);
    if (out->count > 0) qsort(out->names, out->count, sizeof *out->names, compare_names);
    errno = error;
    return error == 0;
}

static bool is_policy_name(const char *name)
{
    size_t size = strlen(name);
    return size > 6 && strcmp(name + size - 6, ".bylaw") == 0;
}

static void complain(test_run *run, const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot read %s: %s\n", path, why);
    note_status(run, STATUS_FAILED);
}

static void test_folder(test_run *run, const char *path, unsigned depth);

/* Links to folders are not followed: they may lead back. */
static void test_entry(test_run *run, const char *folder, const char *name, unsigned depth)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path) {
        complain(run, folder, strerror(ENOMEM));
        return;
    }
    snprintf(path, size, strcmp(folder, ".") == 0 ? "%.0s%s" : "%s/%s", folder, name);
    struct stat about;
    if (lstat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode))
            test_folder(run, path, depth + 1);
        else if (is_policy_name(name))
            test_file(run, path);
    }
    free(path);
}

static void test_folder(test_run *run, const char *path, unsigned depth)
{
    if (depth > FOLDER_DEPTH_MAX) {
        complain(run, path, "folders are nested too deeply");
        return;
    }
    name_list list = {0};
    if (!read_folder(path, &list)) complain(run, path, strerror(errno));
    for (size_t i = 0; i < list.count; i++)
        test_entry(run, path, list.names[i], depth);
    name_list_free(&list);
}

static void test_operand(test_run *run, const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        test_folder(run, path, 0);
    else
        test_file(run, path);
}

/* ---- the verb ---- */

static void print_summary(test_run *run)
{
    if (run->arguments->quiet || run->arguments->format == BYLAW_JSON) return;
    char line[64];
    snprintf(line, sizeof line, "%lu passed, %lu failed\n", (unsigned long)run->passed,
             (unsigned long)run->failed);
    output_text(&run->output, line);
}

exit_status cmd_test(const tool_arguments *arguments)
{
    test_run run = {.arguments = arguments};
    output_init(&run.output, STDOUT_FILENO);
    if (arguments->operand_count == 0) test_operand(&run, ".");
    for (size_t i = 0; i < arguments->operand_count; i++)
        test_operand(&run, arguments->operands[i]);
    print_summary(&run);
    return output_finish(&run.output) ? run.status : STATUS_FAILED;
}
