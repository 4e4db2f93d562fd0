/*
 * What a person types into a session: what it is, and the policy that its declarations make.
 *
 * The policy of a session is a text like any other: the declarations in the order they were typed
 * and, last, the line that says what they extend. So line 1 is the first line that was typed, and
 * a line keeps its number however much is typed after it. What a later entry replaces is left
 * blank.
 */
#include <assert.h>

#include "../runtime/bylaw.h"
#include "check.h"
#include "parse.h"

static bl_text text_of(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

/* ---- what it is ---- */

/* A declaration that breaks off where its text ends wants more lines. */
static bool breaks_off(bl_arena *arena, bl_text text)
{
    bl_diagnostics diagnostics;
    bl_diagnostics_init(&diagnostics, arena);
    bl_parse(arena, 0, text, &diagnostics);
    const bl_diagnostic *first = diagnostics.first;
    return first && first->code == BL_B0101 && first->span.start >= text.size;
}

bylaw_entry bylaw_entry_of(bylaw_text text)
{
    assert(text.bytes || text.size == 0);
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_outline outline;
    bylaw_entry entry = BYLAW_ENTRY_OTHER;
    if (bl_parse_outline(&arena, text_of(text), &outline)) {
        if (outline.is_blank)
            entry = BYLAW_ENTRY_BLANK;
        else if (outline.starts_statement)
            entry = outline.is_open ? BYLAW_ENTRY_OPEN : BYLAW_ENTRY_STATEMENTS;
        else if (outline.starts_declaration)
            entry = outline.is_open || breaks_off(&arena, text_of(text)) ? BYLAW_ENTRY_OPEN
                                                                         : BYLAW_ENTRY_DECLARATIONS;
    }
    bl_arena_destroy(&arena);
    return entry;
}

/* ---- the policy ---- */

typedef struct entry {
    bl_text text;
    const bl_node *declarations; /* NULL where it does not parse: compiling tells why */
} entry;

static bool replaces(const bl_node *later, const bl_node *earlier)
{
    if (later->kind != earlier->kind) return bl_has_same_head(later, earlier);
    if (later->kind == BL_NODE_POLICY) return true;
    if (later->kind == BL_NODE_SCENARIO) return bl_text_equal(later->name, earlier->name);
    return bl_has_same_head(later, earlier);
}

static bool is_replaced(const bl_node *declaration, const entry *later, const entry *end)
{
    for (; later < end; later++)
        for (const bl_node *other = later->declarations; other; other = other->next)
            if (replaces(other, declaration)) return true;
    return false;
}

static bool read_entries(bl_arena *arena, const bylaw_text *texts, size_t count, entry *entries)
{
    for (size_t i = 0; i < count; i++) {
        bl_diagnostics diagnostics;
        bl_diagnostics_init(&diagnostics, arena);
        entries[i] = (entry){.text = text_of(texts[i])};
        const bl_node *file = bl_parse(arena, 0, entries[i].text, &diagnostics);
        if (!file) return false;
        if (diagnostics.error_count == 0) entries[i].declarations = file->kids[BL_FILE_DECLS];
    }
    return true;
}

static void put_blank(bl_buffer *out, bl_text text)
{
    for (size_t i = 0; i < text.size; i++)
        bl_buffer_char(out, text.bytes[i] == '\n' || text.bytes[i] == '\r' ? text.bytes[i] : ' ');
}

static void put_entry(const entry *e, const entry *end, bl_buffer *out)
{
    size_t done = 0;
    for (const bl_node *node = e->declarations; node; node = node->next) {
        if (!is_replaced(node, e + 1, end)) continue;
        const char *bytes = e->text.bytes;
        bl_buffer_bytes(out, bytes + done, node->span.start - done);
        put_blank(out, (bl_text){bytes + node->span.start, node->span.end - node->span.start});
        done = node->span.end;
    }
    bl_buffer_bytes(out, e->text.bytes + done, e->text.size - done);
    if (e->text.size > 0 && e->text.bytes[e->text.size - 1] != '\n') bl_buffer_char(out, '\n');
}

static bool has_policy_line(const entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (const bl_node *node = entries[i].declarations; node; node = node->next)
            if (node->kind == BL_NODE_POLICY) return true;
    return false;
}

static void put_policy_line(bl_text base, bl_buffer *out)
{
    bl_buffer_cstring(out, "policy session");
    if (base.size > 0) bl_buffer_cstring(out, " extends \"");
    for (size_t i = 0; i < base.size; i++) {
        if (base.bytes[i] == '"' || base.bytes[i] == '\\') bl_buffer_char(out, '\\');
        bl_buffer_char(out, base.bytes[i]);
    }
    bl_buffer_cstring(out, base.size > 0 ? "\"\n" : "\n");
}

bylaw_status bylaw_session_text(bylaw_text base, const bylaw_text *entries, size_t count,
                                bylaw_writer out)
{
    assert(out.write && (entries || count == 0));
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    bl_buffer text;
    bl_buffer_init(&text, &bl_memory_default);
    entry *read = bl_arena_array(&arena, count + 1, sizeof *read);
    bylaw_status status = read && read_entries(&arena, entries, count, read) ? BYLAW_OK
                                                                             : BYLAW_NOMEM;
    for (size_t i = 0; i < count && status == BYLAW_OK; i++)
        put_entry(&read[i], read + count, &text);
    if (status == BYLAW_OK && !has_policy_line(read, count)) put_policy_line(text_of(base), &text);
    if (text.failed) status = BYLAW_NOMEM;
    if (status == BYLAW_OK) out.write(out.context, text.bytes, text.size);
    bl_buffer_free(&text);
    bl_arena_destroy(&arena);
    return status;
}
