/*
 * Procedures of the library. They are found in the text: the library has the canonical layout, so
 * that a declaration begins its line, and ends with a line that is its brace or, of one line, ends
 * with it. Whether a text is a policy or there to be used by policies is told by its `policy`.
 */
#include "library_help.h"

#include <string.h>

static const char keyword[] = "procedure ";

static void put(bylaw_writer out, const char *words)
{
    out.write(out.context, words, strlen(words));
}

static void put_text(bylaw_writer out, bylaw_text text)
{
    out.write(out.context, text.bytes, text.size);
}

static bool begins_with(bylaw_text text, const char *words)
{
    const size_t size = strlen(words);
    return text.size >= size && memcmp(text.bytes, words, size) == 0;
}

/* The next line, without its end; false behind the last. */
static bool next_line(bylaw_text *rest, bylaw_text *line)
{
    if (rest->size == 0) return false;
    const char *end = memchr(rest->bytes, '\n', rest->size);
    const size_t size = end ? (size_t)(end - rest->bytes) : rest->size;
    *line = (bylaw_text){rest->bytes, size};
    rest->bytes += size + (end != NULL);
    rest->size -= size + (end != NULL);
    return true;
}

static bool declares(bylaw_text line, bylaw_text name)
{
    const size_t before = sizeof keyword - 1;
    if (!begins_with(line, keyword) || line.size <= before + name.size) return false;
    const char after = line.bytes[before + name.size];
    return memcmp(line.bytes + before, name.bytes, name.size) == 0 &&
           (after == ' ' || after == '(');
}

/* The name once more, so that a glance finds it among what else was told. */
static void put_heading(bylaw_writer out, bylaw_text name, bylaw_text path)
{
    put_text(out, name);
    put(out, "  (procedure of ");
    put_text(out, path);
    put(out, ")\n");
}

/* From `line`, where the declaration begins, to its end. */
static void put_declaration(bylaw_writer out, bylaw_text line, bylaw_text *rest)
{
    const bool is_one_line = line.bytes[line.size - 1] == '}';
    do {
        put(out, "    ");
        put_text(out, line);
        put(out, "\n");
    } while (!is_one_line && !begins_with(line, "}") && next_line(rest, &line));
}

static void put_advice(bylaw_writer out, bylaw_text path, bool is_policy)
{
    if (!is_policy) {
        put(out, "    `use \"");
        put_text(out, path);
        put(out, "\"` brings it in; ");
    } else {
        put(out, "    ");
    }
    put(out, "`bylaw render ");
    put_text(out, path);
    put(out, "` tells it in plain English\n");
}

bool library_help_write(bylaw_text name, bool is_more, bylaw_writer out)
{
    bylaw_text path, rest, line;
    bool is_found = false;
    for (size_t i = 0; name.size > 0 && bylaw_library_at(i, &path, &rest); i++) {
        bool is_policy = false;
        while (next_line(&rest, &line)) {
            is_policy = is_policy || begins_with(line, "policy ");
            if (!declares(line, name)) continue;
            if (is_found || is_more) put(out, "\n");
            is_found = true;
            put_heading(out, name, path);
            put_declaration(out, line, &rest);
            put_advice(out, path, is_policy);
        }
    }
    return is_found;
}
