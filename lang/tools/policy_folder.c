/*
 * Goes through a folder, file by file, in an order that does not depend on the system.
 */
#include "policy_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_DEPTH_MAX 32 /* folders in folders; deeper ones are told of, not entered */

typedef struct walk {
    policy_visit visit;
    void *context;
    exit_status status;
} walk;

static void note_status(walk *w, exit_status status)
{
    if (status > w->status) w->status = status;
}

static void complain(walk *w, const char *path, const char *why)
{
    fprintf(stderr, "bylaw: cannot read %s: %s\n", path, why);
    note_status(w, STATUS_FAILED);
}

/* ---- the names in a folder ---- */

typedef struct name_list {
    char **names;
    size_t count;
    size_t capacity;
} name_list;

static bool name_list_add(name_list *list, const char *name)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity ? list->capacity * 2 : 16;
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

/* In byte order. False, with errno. */
static bool read_folder(const char *path, name_list *out)
{
    DIR *folder = opendir(path);
    if (!folder) return false;
    errno = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL; errno = 0)
        if (entry->d_name[0] != '.' && !name_list_add(out, entry->d_name)) break;
    const int error = errno;
    closedir(folder);
    if (out->count > 0) qsort(out->names, out->count, sizeof *out->names, compare_names);
    errno = error;
    return error == 0;
}

/* ---- going through ---- */

static bool is_policy_name(const char *name)
{
    const size_t size = strlen(name);
    return size > 6 && strcmp(name + size - 6, ".bylaw") == 0;
}

static void walk_folder(walk *w, const char *path, unsigned depth);

/* Links to folders are not followed: they may lead back. */
static void walk_entry(walk *w, const char *folder, const char *name, unsigned depth)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path) {
        complain(w, folder, strerror(ENOMEM));
        return;
    }
    const bool is_bare = strcmp(folder, ".") == 0;
    const bool ends_in_slash = folder[strlen(folder) - 1] == '/';
    snprintf(path, size, "%s%s%s", is_bare ? "" : folder, is_bare || ends_in_slash ? "" : "/",
             name);
    struct stat about;
    if (lstat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode))
            walk_folder(w, path, depth + 1);
        else if (is_policy_name(name))
            note_status(w, w->visit(w->context, path));
    }
    free(path);
}

static void walk_folder(walk *w, const char *path, unsigned depth)
{
    if (depth > FOLDER_DEPTH_MAX) {
        complain(w, path, "folders are nested too deeply");
        return;
    }
    name_list list = {0};
    if (!read_folder(path, &list)) complain(w, path, strerror(errno));
    for (size_t i = 0; i < list.count; i++)
        walk_entry(w, path, list.names[i], depth);
    name_list_free(&list);
}

exit_status policy_folder_visit(const char *path, policy_visit visit, void *context)
{
    walk w = {visit, context, STATUS_FINE};
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        walk_folder(&w, path, 0);
    else
        note_status(&w, visit(context, path));
    return w.status;
}
