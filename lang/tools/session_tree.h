/*
 * What happened in a session: a tree of entries, each with the event lines it stands for, and the
 * log that holds the lines.
 *
 * Entry 0 is the beginning, before anything happened. An entry is never changed; undoing and
 * branching only move where one stands. The log is a file without a name, so that a million events
 * take no memory and are gone when the session is.
 */
#ifndef TOOLS_SESSION_TREE_H
#define TOOLS_SESSION_TREE_H

#include "../../runtime/bylaw.h"

typedef enum session_sort {
    SESSION_BEGINNING,
    SESSION_SAID, /* statements; `typed` is their text */
    SESSION_ROSTER, /* a file of founding facts; `typed` is what brought it */
    SESSION_EVENTS, /* a file of events; the same */
    SESSION_DECLARED, /* declarations; `typed` is their text */
    SESSION_POLICY /* another policy; `typed` is its name */
} session_sort;

#define SESSION_TIME_SIZE (BYLAW_TIME_SIZE + 1) /* of a time with its NUL */

typedef struct session_entry {
    uint32_t parent;
    uint32_t original; /* of an entry cut short: the one it is the beginning of; else itself */
    uint32_t depth;
    uint32_t jump; /* an entry farther up, so that going up any way takes few steps */
    uint32_t policy; /* what session_tree_policy gives */
    session_sort sort;
    char *typed;
    uint64_t at, size; /* its lines in the log */
    uint64_t before; /* bytes of lines of all entries before it */
    char time[SESSION_TIME_SIZE]; /* the clock after it; empty: none yet */
} session_entry;

typedef struct session_tree {
    session_entry *entries;
    uint32_t count, capacity;
    int log; /* descriptor */
    uint64_t log_size;
} session_tree;

/* False out of memory, or where no file can be made (errno); to be closed either way. */
bool session_tree_open(session_tree *tree);
void session_tree_close(session_tree *tree);
/*
 * Adds an entry behind `parent`, of the log's bytes from `at` to its end, and gives its number in
 * *out. False out of memory.
 */
bool session_tree_add(session_tree *tree, uint32_t parent, session_sort sort, bylaw_text typed,
                      uint64_t at, uint32_t *out);
/* Adds the beginning of an entry, its first `size` bytes, as an entry of its own. */
bool session_tree_cut(session_tree *tree, uint32_t entry, uint64_t size, uint32_t *out);
/* The bytes go to the end of the log; false with errno where they do not fit. */
bool session_tree_append(session_tree *tree, const char *bytes, size_t size);
/* Takes back what was appended since the log had this size. */
void session_tree_truncate(session_tree *tree, uint64_t size);
/* Whether `ancestor` is `entry` or stands before it; the entry on the path that is `ancestor` or a
 * beginning of it goes to *where. */
bool session_tree_is_before(const session_tree *tree, uint32_t ancestor, uint32_t entry,
                            uint32_t *where);
/* The entry on the path to `entry` that has this depth: in steps that grow with the logarithm of
 * the way, because every entry asks it of every copy. */
uint32_t session_tree_ancestor(const session_tree *tree, uint32_t entry, uint32_t depth);
/* Whether such an entry says under which policy all happens. */
bool session_tree_is_policy(session_sort sort);
/* The entry that says under which policy `entry` happened: declarations, a policy, or 0. */
uint32_t session_tree_policy(const session_tree *tree, uint32_t entry);
/* Of two times as the clock tells them: below 0 where the first is earlier, 0 where they are one.
 * An empty one is earlier than all. */
int session_time_compare(const char *a, const char *b);

#endif
