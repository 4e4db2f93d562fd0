/*
 * Comparing by records: each has a key, which says what it is about, and its words. Outcomes are
 * compared line of input by line of input, and kept in files meanwhile; there may be millions. What
 * the world looks like fits in memory.
 */
#include "session_compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCES_SHOWN_MAX 12

/* ---- records in memory ---- */

typedef struct kept_record {
    session_record head;
    char *key; /* the words stand behind it */
} kept_record;

typedef struct record_list {
    kept_record *records;
    size_t count, capacity;
    bool is_cut; /* memory ended */
} record_list;

static void keep(record_list *list, const session_record *head, const char *texts)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity ? list->capacity * 2 : 64;
        kept_record *larger = realloc(list->records, capacity * sizeof *larger);
        if (larger) {
            list->records = larger;
            list->capacity = capacity;
        }
    }
    const size_t size = head->key_size + head->text_size;
    char *copy = list->count < list->capacity ? malloc(size + 1) : NULL;
    if (!copy) {
        list->is_cut = true;
        return;
    }
    memcpy(copy, texts, size);
    list->records[list->count++] = (kept_record){*head, copy};
}

static void forget(record_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->records[i].key);
    list->count = 0;
}

static void free_list(record_list *list)
{
    forget(list);
    free(list->records);
}

static bool same_key(const kept_record *a, const kept_record *b)
{
    return a->head.key_size == b->head.key_size && memcmp(a->key, b->key, a->head.key_size) == 0;
}

static bool same_words(const kept_record *a, const kept_record *b)
{
    return a->head.text_size == b->head.text_size &&
           memcmp(a->key + a->head.key_size, b->key + b->head.key_size, a->head.text_size) == 0;
}

/* ---- showing ---- */

typedef struct difference {
    session *s;
    const char *heading; /* shown before the first; NULL: none */
    uint64_t count;
} difference;

/* The first line of a record's words, and no more of it than fits. */
static void show(difference *to, const char *label, const kept_record *record)
{
    if (to->count > DIFFERENCES_SHOWN_MAX) return;
    if (to->heading) session_note(to->s, "%s", to->heading);
    to->heading = NULL;
    const char *words = record->key + record->head.key_size;
    const char *end = memchr(words, '\n', record->head.text_size);
    const size_t size = end ? (size_t)(end - words) : record->head.text_size;
    session_note(to->s, "%s %.*s", label, size > 900 ? 900 : (int)size, words);
}

static void show_rest(const difference *to)
{
    if (to->count > DIFFERENCES_SHOWN_MAX)
        session_note(to->s, "and %" PRIu64 " more", to->count - DIFFERENCES_SHOWN_MAX);
}

/* ---- outcomes ---- */

static void write_record(void *context, session_answer answer, const char *bytes, size_t size)
{
    FILE *file = context;
    if (answer == ANSWER_RECORD) fwrite(bytes, 1, size, file);
}

typedef struct record_file {
    FILE *file;
    session_record next; /* read ahead; where its texts are not yet */
    bool has_next;
    record_list group; /* all of one line of input */
} record_file;

static void read_ahead(record_file *from)
{
    from->has_next = fread(&from->next, sizeof from->next, 1, from->file) == 1;
}

/* Reads the records of line `seq`. False out of memory, or where the file breaks off. */
static bool read_group(record_file *from, uint64_t seq)
{
    forget(&from->group);
    while (from->has_next && from->next.seq == seq) {
        const size_t size = from->next.key_size + from->next.text_size;
        char *texts = malloc(size + 1);
        const bool is_read = texts && fread(texts, 1, size, from->file) == size;
        if (is_read) keep(&from->group, &from->next, texts);
        free(texts);
        if (!is_read || from->group.is_cut) return false;
        read_ahead(from);
    }
    return true;
}

static bool has_key(const record_list *list, const kept_record *record)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_key(&list->records[i], record)) return true;
    return false;
}

static void show_missing(difference *to, const char *label, const record_list *these,
                         const record_list *those)
{
    for (size_t i = 0; i < these->count; i++) {
        if (has_key(those, &these->records[i])) continue;
        to->count++;
        show(to, label, &these->records[i]);
    }
}

static bool compare_files(difference *to, record_file *before, record_file *now)
{
    read_ahead(before);
    read_ahead(now);
    while (before->has_next || now->has_next) {
        const uint64_t seq = !now->has_next                     ? before->next.seq
                             : !before->has_next                ? now->next.seq
                             : before->next.seq < now->next.seq ? before->next.seq
                                                                : now->next.seq;
        if (!read_group(before, seq) || !read_group(now, seq)) return false;
        show_missing(to, "  before ", &before->group, &now->group);
        show_missing(to, "  now    ", &now->group, &before->group);
    }
    return true;
}

/* All outcomes up to `entry` under a policy, into the file. */
static session_status record_outcomes(session *s, uint32_t entry, uint32_t policy, FILE *file)
{
    const session_status status = session_outcomes(s, entry, policy,
                                                   (session_sink){write_record, file});
    if (status != SESSION_FINE) return status;
    if (fflush(file) == 0 && !ferror(file)) {
        rewind(file);
        return SESSION_FINE;
    }
    session_complain(s, "cannot compare: no room for what happened");
    return SESSION_WRONG;
}

session_status session_compare_policies(session *s, uint32_t entry, uint32_t policy)
{
    record_file before = {.file = tmpfile()}, now = {.file = tmpfile()};
    difference found = {s, "what happened goes otherwise now:", 0};
    session_status status = SESSION_WRONG;
    if (before.file && now.file)
        status = record_outcomes(s, entry, entry, before.file);
    else
        session_complain(s, "cannot compare: no temporary file can be made");
    if (status == SESSION_FINE) status = record_outcomes(s, entry, policy, now.file);
    if (status == SESSION_FINE && !compare_files(&found, &before, &now)) {
        session_complain(s, "cannot compare: out of memory");
        status = SESSION_WRONG;
    }
    if (before.file) fclose(before.file);
    if (now.file) fclose(now.file);
    free_list(&before.group);
    free_list(&now.group);
    if (status != SESSION_FINE) return status;
    if (found.count == 0)
        session_note(s, "nothing that happened would have gone otherwise");
    else
        show_rest(&found);
    return SESSION_FINE;
}

/* ---- worlds ---- */

static void keep_record(void *context, session_answer answer, const char *bytes, size_t size)
{
    session_record head;
    if (answer != ANSWER_RECORD || size < sizeof head) return;
    memcpy(&head, bytes, sizeof head);
    keep(context, &head, bytes + sizeof head);
}

static int by_key(const void *left, const void *right)
{
    const kept_record *a = left, *b = right;
    const size_t size = a->head.key_size < b->head.key_size ? a->head.key_size : b->head.key_size;
    const int order = memcmp(a->key, b->key, size);
    if (order != 0) return order;
    return (a->head.key_size > b->head.key_size) - (a->head.key_size < b->head.key_size);
}

static void sort_by_key(record_list *list)
{
    if (list->count > 0) qsort(list->records, list->count, sizeof *list->records, by_key);
}

static void compare_lists(difference *to, const char *here, const record_list *these,
                          const char *there, const record_list *those)
{
    size_t i = 0, j = 0;
    while (i < these->count || j < those->count) {
        const int order = i == these->count   ? 1
                          : j == those->count ? -1
                                              : by_key(&these->records[i], &those->records[j]);
        const kept_record *a = order <= 0 ? &these->records[i++] : NULL;
        const kept_record *b = order >= 0 ? &those->records[j++] : NULL;
        if (a && b && same_words(a, b)) continue;
        to->count++;
        if (a) show(to, here, a);
        if (b) show(to, there, b);
    }
}

session_status session_compare_worlds(session *s, uint32_t here, const char *here_name,
                                      uint32_t there, const char *there_name)
{
    record_list these = {0}, those = {0};
    difference found = {s, NULL, 0};
    char labels[2][72];
    const size_t here_size = strlen(here_name), there_size = strlen(there_name);
    const int width = (int)(here_size > there_size ? here_size : there_size) + 1;
    snprintf(labels[0], sizeof labels[0], "%-*s", width, here_name);
    snprintf(labels[1], sizeof labels[1], "%-*s", width, there_name);
    session_status status = session_state(s, here, (session_sink){keep_record, &these});
    if (status == SESSION_FINE)
        status = session_state(s, there, (session_sink){keep_record, &those});
    if (status == SESSION_FINE && (these.is_cut || those.is_cut)) {
        session_complain(s, "cannot compare: out of memory");
        status = SESSION_WRONG;
    }
    if (status == SESSION_FINE) {
        sort_by_key(&these);
        sort_by_key(&those);
        compare_lists(&found, labels[0], &these, labels[1], &those);
        if (found.count == 0) session_note(s, "the two worlds do not differ");
        show_rest(&found);
    }
    free_list(&these);
    free_list(&those);
    return status;
}
