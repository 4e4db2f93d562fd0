/*
 * The tree of a session's entries and the log of their lines.
 */
#include "session_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the log ---- */

static int open_log(void)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || folder[0] == '\0') folder = "/tmp";
    char path[4096];
    const int size = snprintf(path, sizeof path, "%s/bylaw-XXXXXX", folder);
    if (size < 0 || (size_t)size >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int log = mkstemp(path);
    if (log >= 0) unlink(path);
    return log;
}

bool session_tree_append(session_tree *tree, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = pwrite(tree->log, bytes, size, (off_t)tree->log_size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes += written;
        size -= (size_t)written;
        tree->log_size += (uint64_t)written;
    }
    return true;
}

void session_tree_truncate(session_tree *tree, uint64_t size)
{
    /* Where it fails the bytes stay, and no entry has them. */
    if (ftruncate(tree->log, (off_t)size) == 0) tree->log_size = size;
}

/* ---- entries ---- */

static bool add(session_tree *tree, session_entry entry, bylaw_text typed, uint32_t *out)
{
    if (tree->count == tree->capacity) {
        const uint32_t capacity = tree->capacity ? tree->capacity * 2 : 64;
        session_entry *larger = realloc(tree->entries, capacity * sizeof *larger);
        if (!larger) return false;
        tree->entries = larger;
        tree->capacity = capacity;
    }
    entry.typed = malloc(typed.size + 1);
    if (!entry.typed) return false;
    memcpy(entry.typed, typed.bytes, typed.size);
    entry.typed[typed.size] = '\0';
    *out = tree->count;
    tree->entries[tree->count++] = entry;
    return true;
}

bool session_tree_open(session_tree *tree)
{
    *tree = (session_tree){.log = open_log()};
    if (tree->log < 0) return false;
    uint32_t beginning;
    return add(tree, (session_entry){.sort = SESSION_BEGINNING}, (bylaw_text){"", 0}, &beginning);
}

void session_tree_close(session_tree *tree)
{
    for (uint32_t i = 0; i < tree->count; i++)
        free(tree->entries[i].typed);
    free(tree->entries);
    if (tree->log >= 0) close(tree->log);
    *tree = (session_tree){.log = -1};
}

/* Where the last two jumps were equally far they become one: all jumps lie within each other. */
static uint32_t jump_behind(const session_tree *tree, uint32_t parent)
{
    const session_entry *before = &tree->entries[parent];
    const session_entry *near = &tree->entries[before->jump], *far = &tree->entries[near->jump];
    return before->depth - near->depth == near->depth - far->depth ? near->jump : parent;
}

bool session_tree_is_policy(session_sort sort)
{
    return sort == SESSION_DECLARED || sort == SESSION_POLICY;
}

bool session_tree_add(session_tree *tree, uint32_t parent, session_sort sort, bylaw_text typed,
                      uint64_t at, uint32_t *out)
{
    const session_entry *before = &tree->entries[parent];
    session_entry entry = {.parent = parent,
                           .original = tree->count,
                           .depth = before->depth + 1,
                           .jump = jump_behind(tree, parent),
                           .policy = session_tree_is_policy(sort) ? tree->count : before->policy,
                           .sort = sort,
                           .at = at,
                           .size = tree->log_size - at,
                           .before = before->before + before->size};
    memcpy(entry.time, before->time, sizeof entry.time);
    return add(tree, entry, typed, out);
}

bool session_tree_cut(session_tree *tree, uint32_t entry, uint64_t size, uint32_t *out)
{
    session_entry cut = tree->entries[entry];
    const char *typed = cut.typed; /* a string of its own, which stays while entries move */
    cut.size = size;
    return add(tree, cut, (bylaw_text){typed, strlen(typed)}, out);
}

uint32_t session_tree_ancestor(const session_tree *tree, uint32_t entry, uint32_t depth)
{
    while (tree->entries[entry].depth > depth) {
        const session_entry *from = &tree->entries[entry];
        entry = tree->entries[from->jump].depth >= depth ? from->jump : from->parent;
    }
    return entry;
}

bool session_tree_is_before(const session_tree *tree, uint32_t ancestor, uint32_t entry,
                            uint32_t *where)
{
    *where = session_tree_ancestor(tree, entry, tree->entries[ancestor].depth);
    return tree->entries[*where].original == tree->entries[ancestor].original;
}

uint32_t session_tree_policy(const session_tree *tree, uint32_t entry)
{
    return tree->entries[entry].policy;
}

/* "…00Z" and "…00.5Z": the end of the seconds counts as less than their fraction. */
static int rank_of(char byte)
{
    return byte == 'Z' ? 1 : (unsigned char)byte;
}

int session_time_compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return rank_of(*a) - rank_of(*b);
}
