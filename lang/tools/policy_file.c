/*
 * Policies by name. A name that begins with "std/" is one of the library, any other is a file; what
 * a file names is looked for beside it, with or without its ending ".bylaw".
 */
#include "policy_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

#define FILE_READ_FIRST ((size_t)16 << 10)

/* ---- files ---- */

/* Reads on until the end, the limit or an error (false, errno). */
static bool read_all(int descriptor, char **bytes, size_t *size)
{
    size_t capacity = 0;
    for (;;) {
        if (*size == capacity) {
            if (capacity >= FILE_READ_MAX) return true;
            capacity = capacity ? capacity * 2 : FILE_READ_FIRST;
            char *larger = realloc(*bytes, capacity);
            if (!larger) return false;
            *bytes = larger;
        }
        ssize_t got = read(descriptor, *bytes + *size, capacity - *size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) return true;
        *size += (size_t)got;
    }
}

/* False, with errno, where there is no such file or it cannot be read. */
static bool try_file(const char *path, char **bytes, size_t *size)
{
    *bytes = NULL;
    *size = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return false;
    bool is_read = read_all(descriptor, bytes, size);
    int error = errno;
    close(descriptor);
    if (is_read) return true;
    free(*bytes);
    *bytes = NULL;
    errno = error;
    return false;
}

bool file_read(const char *path, char **bytes, size_t *size)
{
    if (try_file(path, bytes, size)) return true;
    fprintf(stderr, "bylaw: cannot read %s: %s\n", path, strerror(errno));
    return false;
}

/* ---- what a policy names ---- */

/* A file read while compiling: kept until then. */
typedef struct loaded_file {
    char *path;
    char *bytes;
    struct loaded_file *next;
} loaded_file;

/* `path` beside the file `from`, with `ending` behind it; NULL out of memory. */
static char *path_beside(bylaw_text path, bylaw_text from, const char *ending)
{
    size_t folder_size = path.size > 0 && path.bytes[0] == '/' ? 0 : from.size;
    while (folder_size > 0 && from.bytes[folder_size - 1] != '/')
        folder_size--;
    size_t ending_size = strlen(ending);
    char *joined = malloc(folder_size + path.size + ending_size + 1);
    if (!joined) return NULL;
    memcpy(joined, from.bytes, folder_size);
    memcpy(joined + folder_size, path.bytes, path.size);
    memcpy(joined + folder_size + path.size, ending, ending_size + 1);
    return joined;
}

static bool load_with_ending(loaded_file **files, bylaw_text path, bylaw_text from,
                             const char *ending, bylaw_text *shown, bylaw_text *content)
{
    loaded_file *file = calloc(1, sizeof *file);
    if (!file) return false;
    size_t size = 0;
    file->path = path_beside(path, from, ending);
    if (!file->path || !try_file(file->path, &file->bytes, &size)) {
        free(file->path);
        free(file);
        return false;
    }
    file->next = *files;
    *files = file;
    *shown = (bylaw_text){file->path, strlen(file->path)};
    *content = (bylaw_text){file->bytes, size};
    return true;
}

static bool ends_in(bylaw_text path, const char *ending)
{
    const size_t size = strlen(ending);
    return path.size > size && memcmp(path.bytes + path.size - size, ending, size) == 0;
}

/* A bylaw_load. */
static bool load(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                 bylaw_text *content)
{
    if (memchr(path.bytes, '\0', path.size)) return false; /* no file has such a name */
    loaded_file **files = context;
    if (!ends_in(path, ".bylaw") && load_with_ending(files, path, from, ".bylaw", shown, content))
        return true;
    return load_with_ending(files, path, from, "", shown, content);
}

static void free_loaded(loaded_file *file)
{
    while (file) {
        loaded_file *next = file->next;
        free(file->path);
        free(file->bytes);
        free(file);
        file = next;
    }
}

/* ---- compiling ---- */

static bool is_of_library(const char *name)
{
    return strncmp(name, "std/", 4) == 0;
}

static const char *library_name(const void *context, size_t index)
{
    (void)context;
    bylaw_text path, content;
    return bylaw_library_at(index, &path, &content) ? path.bytes
                                                    : NULL; /* they are NUL-terminated literals */
}

static void complain_no_library(const char *name)
{
    size_t count = 0;
    while (library_name(NULL, count))
        count++;
    const char *near = nearest_word(name, library_name, NULL, count);
    if (near)
        fprintf(stderr, "bylaw: the library has no policy `%s`; did you mean `%s`?\n", name, near);
    else
        fprintf(stderr, "bylaw: the library has no policy `%s`\n", name);
}

/* The text of a policy; *owned is to be freed, and NULL for the library's. */
static exit_status find_text(const char *name, bylaw_text *text, char **owned)
{
    *owned = NULL;
    if (is_of_library(name)) {
        if (bylaw_library_find((bylaw_text){name, strlen(name)}, text)) return STATUS_FINE;
        complain_no_library(name);
        return STATUS_USAGE;
    }
    size_t size;
    if (!file_read(name, owned, &size)) return STATUS_FAILED;
    *text = (bylaw_text){*owned, size};
    return STATUS_FINE;
}

/* Why a compiled policy is refused, behind its name. */
static void write_complaint(void *context, const char *bytes, size_t size)
{
    const char *name = context;
    fprintf(stderr, "bylaw: cannot load %s: %.*s\n", name, (int)size, bytes);
}

/* A policy that was compiled before; errors in it are told already. */
static exit_status load_compiled(const char *name, bylaw_text file, bylaw_policy **out)
{
    if (file.size >= FILE_READ_MAX) {
        fprintf(stderr, "bylaw: cannot load %s: it has %zu bytes or more, which no policy needs\n",
                name, FILE_READ_MAX);
        return STATUS_FAILED;
    }
    /* The writer's context is not written to. */
    const bylaw_load_options options = {.bytes = file.bytes,
                                        .size = file.size,
                                        .complaint = {write_complaint, (void *)(uintptr_t)name}};
    const bylaw_status status = bylaw_policy_load(&options, out);
    if (status == BYLAW_NOMEM)
        fprintf(stderr, "bylaw: cannot load %s: %s\n", name, bylaw_status_text(status));
    return status == BYLAW_OK ? STATUS_FINE : STATUS_FAILED;
}

exit_status policy_compile_text(const char *name, bylaw_text text, bylaw_policy **out)
{
    if (bylaw_policy_is_compiled(text.bytes, text.size)) return load_compiled(name, text, out);
    loaded_file *files = NULL;
    const bylaw_compile_options options = {
        .name = {name, strlen(name)}, .text = text, .load = load, .load_context = &files};
    bylaw_status status = bylaw_policy_compile(&options, out);
    free_loaded(files);
    if (status == BYLAW_OK) return STATUS_FINE;
    if (status == BYLAW_ERRORS) return STATUS_POLICY;
    fprintf(stderr, "bylaw: cannot compile %s: %s\n", name, bylaw_status_text(status));
    return STATUS_FAILED;
}

/* What is left of a compiled policy that lost its first bytes, or all, would else be read as text:
 * an empty one as a policy that says nothing. */
static bool is_named_compiled(const char *name)
{
    return ends_in((bylaw_text){name, strlen(name)}, ".bylawc");
}

exit_status policy_compile(const char *name, bylaw_policy **out)
{
    *out = NULL;
    char *owned;
    bylaw_text text;
    exit_status status = find_text(name, &text, &owned);
    if (status == STATUS_FINE)
        status = is_named_compiled(name) ? load_compiled(name, text, out)
                                         : policy_compile_text(name, text, out);
    free(owned);
    return status;
}

exit_status policy_open(const tool_arguments *arguments, const char *name, bylaw_policy **out)
{
    exit_status status = policy_compile(name, out);
    if (status != STATUS_POLICY) return status;
    tool_output errors;
    output_init(&errors, STDERR_FILENO);
    bylaw_policy_diagnostics(*out, arguments->format, wants_color(arguments, STDERR_FILENO),
                             output_writer(&errors));
    output_flush(&errors);
    bylaw_policy_destroy(*out);
    *out = NULL;
    return STATUS_POLICY;
}

exit_status policy_open_only(const tool_arguments *arguments, const char *verb, bylaw_policy **out)
{
    *out = NULL;
    if (arguments->operand_count == 1) return policy_open(arguments, arguments->operands[0], out);
    fprintf(stderr, "bylaw: `bylaw %s` wants one policy\n", verb);
    return STATUS_USAGE;
}
