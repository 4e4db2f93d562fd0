/*
 * Formats one text after the other, in one process, and tells what each compiles to:
 * tests/format_gaps.py tries every gap between two tokens, which is too much for a process each.
 *
 * A text comes on standard input as a line `NAME SIZE` and as many bytes; what it names is read
 * beside NAME. The answer is a line `STATUS SIZE NUMBER`, then the formatted text or what is wrong
 * with it. NUMBER is one for all programs that are the same but for places; 0 where there are
 * errors. With NAME `-` nothing is compiled.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"

enum { NAME_SIZE = 512 };

/* ---- bytes ---- */

typedef struct bytes {
    char *at;
    size_t size;
    size_t capacity;
} bytes;

static void add(void *context, const char *piece, size_t size)
{
    bytes *to = context;
    if (to->size + size + 1 > to->capacity) {
        to->capacity = 2 * (to->size + size + 1);
        to->at = realloc(to->at, to->capacity);
        if (!to->at) exit(3);
    }
    if (size) memcpy(to->at + to->size, piece, size);
    to->size += size;
    to->at[to->size] = '\0';
}

static bylaw_text text_of(const bytes *of)
{
    return (bylaw_text){of->at, of->size};
}

/* ---- what a policy names ---- */

typedef struct loaded {
    bytes path;
    bytes content;
    struct loaded *next;
} loaded;

static bool read_file(const char *path, bytes *content)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        add(content, piece, got);
    add(content, "", 0);
    return fclose(file) == 0;
}

/* A bylaw_load. */
static bool load(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                 bylaw_text *content)
{
    loaded **all = context;
    loaded *file = calloc(1, sizeof *file);
    if (!file) exit(3);
    file->next = *all;
    *all = file;
    size_t folder_size = from.size;
    while (folder_size > 0 && from.bytes[folder_size - 1] != '/')
        folder_size--;
    add(&file->path, from.bytes, folder_size);
    add(&file->path, path.bytes, path.size);
    add(&file->path, ".bylaw", 6);
    const bool is_read = read_file(file->path.at, &file->content);
    *shown = text_of(&file->path);
    *content = text_of(&file->content);
    return is_read;
}

static void unload(loaded *all)
{
    while (all) {
        loaded *next = all->next;
        free(all->path.at);
        free(all->content.at);
        free(all);
        all = next;
    }
}

/* ---- one text ---- */

static uint64_t number_of(const bytes *program)
{
    uint64_t number = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < program->size; i++)
        number = (number ^ (unsigned char)program->at[i]) * UINT64_C(1099511628211);
    return number;
}

static uint64_t compile(bylaw_text name, bylaw_text text)
{
    loaded *files = NULL;
    const bylaw_compile_options options = {
        .name = name, .text = text, .load = load, .load_context = &files};
    bylaw_policy *policy;
    const bylaw_status status = bylaw_policy_compile(&options, &policy);
    bytes program = {0};
    if (status == BYLAW_OK) bylaw_policy_write(policy, true, (bylaw_writer){add, &program});
    const uint64_t number = status == BYLAW_OK ? number_of(&program) : 0;
    free(program.at);
    bylaw_policy_destroy(policy);
    unload(files);
    return number;
}

static void answer(bylaw_text name, const bytes *text)
{
    bytes out = {0};
    const bylaw_writer writer = {add, &out};
    const bylaw_text given = text_of(text);
    const bylaw_status status = bylaw_policy_format(name, given, NULL, writer, writer);
    const bool is_compiled = name.size != 1 || name.bytes[0] != '-';
    printf("%d %zu %" PRIu64 "\n", (int)status, out.size, is_compiled ? compile(name, given) : 0);
    fwrite(out.at ? out.at : "", 1, out.size, stdout);
    fflush(stdout);
    free(out.at);
}

int main(void)
{
    char name[NAME_SIZE];
    size_t size;
    while (scanf("%511s %zu", name, &size) == 2 && getchar() == '\n') {
        bytes text = {0};
        add(&text, "", 0);
        for (size_t i = 0; i < size; i++) {
            const char byte = (char)getchar();
            add(&text, &byte, 1);
        }
        answer((bylaw_text){name, strlen(name)}, &text);
        free(text.at);
    }
    return feof(stdin) ? 0 : 1;
}
