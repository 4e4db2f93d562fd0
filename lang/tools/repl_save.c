/*
 * A session as a file: the policy it happened under, by its name and with what was declared, then
 * the scenario. The file is compiled and its scenario run before anything is written, so that what
 * stands there later did pass.
 */
#include "repl_save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_replace.h"
#include "growing_text.h"
#include "library_help.h"
#include "policy_file.h"

static const char first_line[] = "# Written by `save` of bylaw repl.\n";

/* ---- the lines ---- */

static bool read_lines(const session_tree *tree, const session_entry *entry, growing_text *out)
{
    char piece[64 * 1024];
    for (uint64_t done = 0; done < entry->size;) {
        const uint64_t left = entry->size - done;
        const ssize_t got = pread(tree->log, piece,
                                  left < sizeof piece ? (size_t)left : sizeof piece,
                                  (off_t)(entry->at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        growing_text_write(out, piece, (size_t)got);
        done += (uint64_t)got;
    }
    return !out->is_cut;
}

/* The lines of all entries up to where the branch stands, facts and events apart. */
static bool read_session(const session *s, growing_text *roster, growing_text *events)
{
    const session_tree *tree = &s->tree;
    const uint32_t head = session_head(s);
    for (uint32_t depth = 1; depth <= tree->entries[head].depth; depth++) {
        const session_entry *entry = &tree->entries[session_tree_ancestor(tree, head, depth)];
        if (!read_lines(tree, entry, entry->sort == SESSION_ROSTER ? roster : events)) return false;
    }
    return true;
}

/* ---- the text ---- */

/* "disputes/rename-2.bylaw" tells the scenario's name: "rename-2". */
static bylaw_text name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strchr(name, '.');
    return (bylaw_text){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

/* What to call the policy in a file at `path`: what a file names is looked for beside it. To be
 * freed; NULL out of memory. */
static char *base_for(const session *s, const char *path)
{
    const char *base = session_base(s, session_head(s));
    const char *slash = strrchr(base, '/'), *path_slash = strrchr(path, '/');
    const size_t folder = slash ? (size_t)(slash + 1 - base) : 0;
    const size_t path_folder = path_slash ? (size_t)(path_slash + 1 - path) : 0;
    if (strncmp(base, "std/", 4) == 0 || base[0] == '/') return strdup(base);
    if (folder == path_folder && memcmp(base, path, folder) == 0) return strdup(base + folder);
    char path_here[4096];
    if (!getcwd(path_here, sizeof path_here)) return NULL;
    const size_t size = strlen(path_here) + strlen(base) + 2;
    char *whole = malloc(size);
    if (whole) snprintf(whole, size, "%s/%s", path_here, base);
    return whole;
}

/* *is_whole: all that happened could be said as statements. */
static session_status write_text(repl *r, const char *path, growing_text *out, bool *is_whole)
{
    session *s = &r->session;
    bylaw_policy *policy = session_policy_at(s, session_head(s));
    if (!policy) return SESSION_WRONG;
    growing_text roster = {0}, events = {0};
    const bylaw_writer writer = growing_text_writer(out);
    growing_text_add(out, first_line);
    bylaw_status status = BYLAW_NOMEM;
    char *base = base_for(s, path);
    if (base && session_policy_text(s, session_head(s), base, writer) &&
        read_session(s, &roster, &events)) {
        growing_text_add(out, "\n");
        status = bylaw_scenario_write(policy, name_of(path), growing_text_all(&roster),
                                      growing_text_all(&events), writer);
    }
    free(base);
    growing_text_free(&roster);
    growing_text_free(&events);
    *is_whole = status == BYLAW_OK;
    if (out->is_cut || status == BYLAW_NOMEM) return session_complain_memory(&r->session);
    if (status == BYLAW_OK || status == BYLAW_STOPPED) return SESSION_FINE;
    session_complain(s, "%s", bylaw_status_text(status));
    return SESSION_WRONG;
}

/* ---- trying it ---- */

static void show_failure(void *context, const bylaw_scenario_result *result)
{
    session *s = context;
    if (!result->passed)
        s->sink.take(s->sink.context, ANSWER_COMPLAINT, result->report.bytes, result->report.size);
}

static session_status try_text(repl *r, const char *path, const growing_text *text)
{
    session *s = &r->session;
    bylaw_policy *policy = NULL;
    uint32_t passed = 0, failed = 0;
    const exit_status compiled = policy_compile_text(path, growing_text_all(text), &policy);
    if (compiled == STATUS_POLICY)
        bylaw_policy_diagnostics(policy, BYLAW_TEXT, s->color, session_complaints(s));
    if (compiled == STATUS_FINE) {
        const bylaw_test_options options = {
            .result = show_failure, .context = s, .color = s->color};
        bylaw_policy_test(policy, &options, &passed, &failed);
    }
    bylaw_policy_destroy(policy);
    if (passed == 1 && failed == 0) return SESSION_FINE;
    session_complain(s, "not saved: what would be written does not pass");
    return SESSION_WRONG;
}

/* ---- the file ---- */

/* A file that is there already is only written over where `save` wrote it. */
static bool is_ours(const char *path)
{
    char begin[sizeof first_line];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return errno == ENOENT;
    const ssize_t got = read(descriptor, begin, sizeof first_line - 1);
    close(descriptor);
    return got == (ssize_t)sizeof first_line - 1 &&
           memcmp(begin, first_line, sizeof first_line - 1) == 0;
}

static session_status write_file(repl *r, const char *path, const growing_text *text)
{
    session *s = &r->session;
    if (!is_ours(path)) {
        session_complain(s, "%s is there already, and not by `save`: it is left alone", path);
        return SESSION_WRONG;
    }
    const char *complaint = file_replace(path, growing_text_all(text), NULL);
    if (!complaint) return SESSION_FINE;
    session_complain(s, "cannot write %s: %s", path, complaint);
    return SESSION_WRONG;
}

session_status repl_save(repl *r, const char *path)
{
    session *s = &r->session;
    growing_text text = {0};
    bool is_whole;
    session_status status = write_text(r, path, &text, &is_whole);
    if (status == SESSION_FINE) status = try_text(r, path, &text);
    if (status == SESSION_FINE) status = write_file(r, path, &text);
    growing_text_free(&text);
    if (status != SESSION_FINE) return status;
    session_note(s, "saved in %s: `bylaw test %s` passes", path, path);
    if (is_whole) return SESSION_FINE;
    session_complain(s, "some lines cannot be said in a scenario: they stand there as comments");
    return SESSION_WRONG;
}

/* ---- help for a word ---- */

static void show_word(session *s, const bylaw_word *word)
{
    session_note(s, "%.*s", (int)word->usage.size, word->usage.bytes);
    session_note(s, "  %.*s", (int)word->meaning.size, word->meaning.bytes);
    if (word->example.size > 0)
        session_note(s, "  %.*s", (int)word->example.size, word->example.bytes);
}

session_status repl_help(repl *r, bylaw_text rest)
{
    while (rest.size > 0 && strchr(" \t\r\n", rest.bytes[0])) {
        rest.bytes++;
        rest.size--;
    }
    while (rest.size > 0 && strchr(" \t\r\n", rest.bytes[rest.size - 1]))
        rest.size--;
    size_t index = 0;
    bool is_found = false;
    bylaw_word word;
    for (size_t from = 0; bylaw_word_find(rest, from, &index) && bylaw_word_at(index, &word);
         from = index + 1) {
        is_found = true;
        show_word(&r->session, &word);
    }
    growing_text procedures = {0};
    if (library_help_write(rest, false, growing_text_writer(&procedures)))
        session_note(&r->session, "%.*s", (int)procedures.size - 1,
                     growing_text_all(&procedures).bytes);
    is_found = is_found || procedures.size > 0;
    growing_text_free(&procedures);
    if (is_found) return SESSION_FINE;
    session_complain(&r->session, "there is no help for `%.*s`; `help` lists what can be typed",
                     (int)rest.size, rest.bytes);
    return SESSION_WRONG;
}
