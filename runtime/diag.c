/*
 * Diagnostics: collecting them, and rendering them for people and as JSON.
 *
 * Collecting knows nothing of rendering. Rendering sorts by file and place, computes lines and
 * columns there and then, and shows no control characters, so that a policy cannot play tricks on a
 * terminal.
 */
#include "diag.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "limits.h"

typedef struct code_row {
    const char *name;
    bl_severity severity;
    const char *title;
} code_row;

static const code_row codes[] = {
#define DIAG(code, severity, title) {#code, severity, title},
#include "diag.def"
#undef DIAG
};

const char *bl_code_name(bl_code code)
{
    assert(code < BL_CODE_COUNT);
    return codes[code].name;
}

const char *bl_code_title(bl_code code)
{
    assert(code < BL_CODE_COUNT);
    return codes[code].title;
}

/* Collecting */

void bl_diagnostics_init(bl_diagnostics *diagnostics, bl_arena *arena)
{
    *diagnostics = (bl_diagnostics){.arena = arena};
}

__attribute__((format(printf, 3, 0))) static bool
format_into(bl_diagnostics *diagnostics, bl_text *out, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *bytes = size < 0 ? NULL : bl_arena_alloc(diagnostics->arena, (size_t)size + 1);
    if (!bytes) {
        diagnostics->out_of_memory = true;
        return false;
    }
    vsnprintf(bytes, (size_t)size + 1, format, arguments);
    *out = (bl_text){bytes, (size_t)size};
    return true;
}

static bool span_equal(bl_span a, bl_span b)
{
    return a.file == b.file && a.start == b.start && a.end == b.end;
}

static bool is_told_again_at(const bl_diagnostic *diagnostic, bl_span span)
{
    for (uint32_t i = 0; i < diagnostic->again_count; i++)
        if (span_equal(diagnostic->again_spans[i], span)) return true;
    return diagnostic->again_count > 0 && span_equal(diagnostic->again_last, span);
}

static bool has_error_at(const bl_diagnostics *diagnostics, bl_span span)
{
    if (span.file == BL_NONE) return false; /* no place: no telling whether it is the same slip */
    for (const bl_diagnostic *d = diagnostics->first; d; d = d->next)
        if (d->severity == BL_ERROR && (span_equal(d->span, span) || is_told_again_at(d, span)))
            return true;
    return false;
}

static bool is_inside(bl_span inner, bl_span outer)
{
    return inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

static bool is_told_inside(const bl_diagnostic *d, bl_span span)
{
    if (is_inside(d->span, span)) return true;
    for (uint32_t i = 0; i < d->again_count; i++)
        if (is_inside(d->again_spans[i], span)) return true;
    return d->again_count > 0 && is_inside(d->again_last, span);
}

bool bl_diag_has_error_in(const bl_diagnostics *diagnostics, bl_span span)
{
    for (const bl_diagnostic *d = diagnostics->first; d; d = d->next)
        if (d->severity == BL_ERROR && is_told_inside(d, span)) return true;
    return false;
}

static void append(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic)
{
    if (diagnostics->last)
        diagnostics->last->next = diagnostic;
    else
        diagnostics->first = diagnostic;
    diagnostics->last = diagnostic;
}

/* Errors and warnings have a limit each, so that many warnings do not hide an error. */
__attribute__((format(printf, 4, 0))) static bl_diagnostic *
add(bl_diagnostics *diagnostics, bl_code code, bl_span span, const char *format, va_list arguments)
{
    assert(code < BL_CODE_COUNT);
    bl_severity severity = codes[code].severity;
    if (severity == BL_ERROR && has_error_at(diagnostics, span)) return NULL;
    uint32_t *count = severity == BL_ERROR ? &diagnostics->error_count
                                           : &diagnostics->warning_count;
    if (*count >= BL_DIAGNOSTICS_MAX) {
        diagnostics->left_out_count++;
        return NULL;
    }
    ++*count; /* even if there is no memory to say what it is */
    bl_diagnostic *diagnostic = bl_arena_alloc(diagnostics->arena, sizeof *diagnostic);
    if (!diagnostic) {
        diagnostics->out_of_memory = true;
        return NULL;
    }
    diagnostic->code = code;
    diagnostic->severity = severity;
    diagnostic->span = span;
    if (!format_into(diagnostics, &diagnostic->message, format, arguments)) return NULL;
    append(diagnostics, diagnostic);
    return diagnostics->is_unheard ? NULL : diagnostic;
}

bl_diagnostic *bl_diag(bl_diagnostics *diagnostics, bl_code code, bl_span span, const char *format,
                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    bl_diagnostic *diagnostic = add(diagnostics, code, span, format, arguments);
    va_end(arguments);
    return diagnostic;
}

static bool slip_equal(const bl_slip *a, const bl_slip *b)
{
    return a->kind == b->kind && span_equal(a->declared, b->declared) &&
           (a->name.size == 0 || b->name.size == 0 || bl_text_equal(a->name, b->name));
}

bool bl_diag_told(bl_diagnostics *diagnostics, const bl_slip *slip, bl_span span)
{
    for (bl_diagnostic *told = diagnostics->first; told && slip->kind; told = told->next) {
        if (!slip_equal(&told->slip, slip)) continue;
        bl_diag_again(diagnostics, told, span);
        return true;
    }
    return false;
}

bl_diagnostic *bl_diag_slip(bl_diagnostics *diagnostics, bl_code code, bl_span span,
                            const bl_slip *slip, const char *format, ...)
{
    if (bl_diag_told(diagnostics, slip, span)) return NULL;
    va_list arguments;
    va_start(arguments, format);
    bl_diagnostic *diagnostic = add(diagnostics, code, span, format, arguments);
    va_end(arguments);
    if (diagnostic) diagnostic->slip = *slip;
    return diagnostic;
}

void bl_diag_label(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, const char *format, ...)
{
    if (!diagnostic) return;
    va_list arguments;
    va_start(arguments, format);
    format_into(diagnostics, &diagnostic->label, format, arguments);
    va_end(arguments);
}

/* The new note at the end of the diagnostic's, or NULL. */
static bl_note *note_add(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, bl_span span,
                         bool is_help)
{
    bl_note *note = bl_arena_alloc(diagnostics->arena, sizeof *note);
    if (!note) {
        diagnostics->out_of_memory = true;
        return NULL;
    }
    note->is_help = is_help;
    note->span = span;
    bl_note **link = &diagnostic->notes;
    while (*link)
        link = &(*link)->next;
    *link = note;
    return note;
}

void bl_diag_note(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, bl_span span,
                  const char *format, ...)
{
    bl_note *note = diagnostic ? note_add(diagnostics, diagnostic, span, false) : NULL;
    if (!note) return;
    va_list arguments;
    va_start(arguments, format);
    format_into(diagnostics, &note->text, format, arguments);
    va_end(arguments);
}

void bl_diag_help(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, const char *format, ...)
{
    bl_note *note = diagnostic ? note_add(diagnostics, diagnostic, BL_SPAN_NONE, true) : NULL;
    if (!note) return;
    va_list arguments;
    va_start(arguments, format);
    format_into(diagnostics, &note->text, format, arguments);
    va_end(arguments);
}

__attribute__((format(printf, 3, 4))) static void set_text(bl_diagnostics *diagnostics,
                                                           bl_text *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_into(diagnostics, out, format, arguments);
    va_end(arguments);
}

void bl_diag_again(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, bl_span span)
{
    if (!diagnostic || span_equal(diagnostic->span, span)) return;
    if (is_told_again_at(diagnostic, span)) return;
    if (!diagnostic->again) diagnostic->again = note_add(diagnostics, diagnostic, span, false);
    if (!diagnostic->again) return;
    diagnostic->again_last = span;
    bl_text *text = &diagnostic->again->text;
    const uint32_t others = diagnostic->again_count;
    if (others == BL_AGAIN_MAX) {
        set_text(diagnostics, text, "and here, and in %u more places at least", others);
        return;
    }
    diagnostic->again_spans[diagnostic->again_count++] = span;
    if (others == 0)
        set_text(diagnostics, text, "and here");
    else
        set_text(diagnostics, text, "and here, and in %u more place%s", others,
                 others == 1 ? "" : "s");
}

/* In order */

#define SHOWN_MAX (2 * BL_DIAGNOSTICS_MAX)
typedef struct sorted {
    const bl_diagnostic *items[SHOWN_MAX];
    size_t count;
} sorted;

/* What has no place (file BL_NONE) comes last. */
static bool is_after(const bl_diagnostic *a, const bl_diagnostic *b)
{
    if (a->span.file != b->span.file) return a->span.file > b->span.file;
    return a->span.start > b->span.start;
}

/* By file and place; in order of discovery where that is the same. */
static void sort(const bl_diagnostics *diagnostics, sorted *out)
{
    out->count = 0;
    for (const bl_diagnostic *d = diagnostics->first; d; d = d->next) {
        size_t at = out->count++;
        for (; at > 0 && is_after(out->items[at - 1], d); at--)
            out->items[at] = out->items[at - 1];
        out->items[at] = d;
    }
}

/* For people */

#define TAB_WIDTH 4
#define LINE_SHOWN_MAX 160 /* bytes of one line of the policy that are shown */
#define LEAD_SHOWN_MAX 60 /* of them before the place, in a longer line */

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define BLUE "\033[1;34m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

typedef struct renderer {
    const bl_source *sources;
    uint32_t source_count;
    bl_style style;
    bl_buffer *buffer;
    int gutter; /* digits of the largest line number of this diagnostic */
} renderer;

static void paint(renderer *r, const char *color)
{
    if (r->style.color) bl_buffer_cstring(r->buffer, color);
}

static void painted(renderer *r, const char *color, const char *text)
{
    paint(r, color);
    bl_buffer_cstring(r->buffer, text);
    paint(r, PLAIN);
}

static const bl_source *source_of(const renderer *r, bl_span span)
{
    return span.file < r->source_count ? &r->sources[span.file] : NULL;
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The size of the character at `at`: its lead byte and what continues it. */
static size_t character_size(bl_text text, size_t at)
{
    size_t size = 1;
    while (at + size < text.size && is_continuation((unsigned char)text.bytes[at + size]))
        size++;
    return size;
}

/* Characters that would move or hide what stands around them: controls, C1 controls, bidi marks. */
static bool is_unshowable(bl_text character)
{
    const unsigned char *b = (const unsigned char *)character.bytes;
    if (!bl_text_is_utf8(character, NULL)) return true;
    if (character.size == 1) return b[0] < 0x20 || b[0] == 0x7F;
    if (character.size == 2) return b[0] == 0xC2 && b[1] < 0xA0;
    if (character.size != 3 || b[0] != 0xE2) return false;
    return (b[1] == 0x80 && (b[2] == 0x8E || b[2] == 0x8F || (b[2] >= 0xA8 && b[2] <= 0xAE))) ||
           (b[1] == 0x81 && b[2] >= 0xA6 && b[2] <= 0xA9);
}

static void write_shown(bl_buffer *buffer, bl_text text)
{
    for (size_t at = 0; at < text.size;) {
        bl_text character = {text.bytes + at, character_size(text, at)};
        if (character.bytes[0] == '\t')
            bl_buffer_bytes(buffer, "    ", TAB_WIDTH);
        else if (is_unshowable(character))
            bl_buffer_cstring(buffer, "\xEF\xBF\xBD"); /* U+FFFD */
        else
            bl_buffer_text(buffer, character);
        at += character.size;
    }
}

/* How many columns write_shown takes for it. */
static size_t shown_width(bl_text text)
{
    size_t width = 0;
    for (size_t at = 0; at < text.size; at += character_size(text, at))
        width += text.bytes[at] == '\t' ? TAB_WIDTH : 1;
    return width;
}

static void repeat(bl_buffer *buffer, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bl_buffer_char(buffer, byte);
}

static int digit_count(uint32_t number)
{
    int count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

/* "12 |", or only the bar where line is 0. */
static void write_gutter(renderer *r, uint32_t line)
{
    paint(r, BLUE);
    if (line)
        bl_buffer_format(r->buffer, "%*u |", r->gutter, (unsigned)line);
    else
        bl_buffer_format(r->buffer, "%*s |", r->gutter, "");
    paint(r, PLAIN);
}

/* The part of a line that is shown, and where the span lies in it, in bytes. */
typedef struct excerpt {
    bl_text shown;
    size_t start;
    size_t end;
    bool is_cut_before;
    bool is_cut_behind;
} excerpt;

/* Where the character around `at` begins; in a run of stray bytes, where there is none, at most
 * three back. */
static size_t character_start(bl_text text, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < 3 && start < text.size &&
           is_continuation((unsigned char)text.bytes[start]))
        start--;
    return start;
}

static excerpt excerpt_of(bl_text line, size_t start, size_t end)
{
    if (start > line.size) start = line.size;
    if (end > line.size) end = line.size;
    if (end < start) end = start;
    excerpt e = {line, start, end, false, false};
    if (line.size <= LINE_SHOWN_MAX) return e;
    size_t from = start > LEAD_SHOWN_MAX ? character_start(line, start - LEAD_SHOWN_MAX) : 0;
    size_t to = from + LINE_SHOWN_MAX < line.size ? character_start(line, from + LINE_SHOWN_MAX)
                                                  : line.size;
    e.shown = (bl_text){line.bytes + from, to - from};
    e.start = start - from;
    e.end = (end < to ? end : to) - from;
    e.is_cut_before = from > 0;
    e.is_cut_behind = to < line.size;
    return e;
}

static void write_line(renderer *r, uint32_t line, const excerpt *e)
{
    write_gutter(r, line);
    bl_buffer_char(r->buffer, ' ');
    if (e->is_cut_before) bl_buffer_cstring(r->buffer, "…");
    write_shown(r->buffer, e->shown);
    if (e->is_cut_behind) bl_buffer_cstring(r->buffer, "…");
    bl_buffer_char(r->buffer, '\n');
}

static void write_carets(renderer *r, const excerpt *e, const char *color, bl_text label)
{
    size_t before = shown_width((bl_text){e->shown.bytes, e->start});
    size_t width = shown_width((bl_text){e->shown.bytes + e->start, e->end - e->start});
    write_gutter(r, 0);
    repeat(r->buffer, ' ', 1 + before + e->is_cut_before);
    paint(r, color);
    repeat(r->buffer, '^', width ? width : 1);
    if (label.size) bl_buffer_char(r->buffer, ' ');
    write_shown(r->buffer, label);
    paint(r, PLAIN);
    bl_buffer_char(r->buffer, '\n');
}

/* The place, the line and the carets. A span of several lines is marked to the end of its first. */
static void write_place(renderer *r, bl_span span, const char *color, bl_text label)
{
    const bl_source *source = source_of(r, span);
    if (!source) return;
    bl_place place = bl_source_place(source, span.start);
    repeat(r->buffer, ' ', (size_t)r->gutter);
    painted(r, BLUE, "--> ");
    write_shown(r->buffer, source->name);
    bl_buffer_format(r->buffer, ":%u:%u\n", (unsigned)place.line, (unsigned)place.column);
    if (source->content.size == 0) return;
    size_t line_start = source->line_starts[place.line - 1];
    size_t start = span.start > line_start ? span.start - line_start : 0;
    size_t end = span.end > line_start ? span.end - line_start : 0;
    excerpt e = excerpt_of(bl_source_line(source, place.line), start, end);
    write_gutter(r, 0);
    bl_buffer_char(r->buffer, '\n');
    write_line(r, place.line, &e);
    write_carets(r, &e, color, label);
}

static void write_note(renderer *r, const bl_note *note)
{
    const char *kind = note->is_help ? "help" : "note";
    bool has_place = source_of(r, note->span) != NULL;
    if (!has_place) {
        repeat(r->buffer, ' ', (size_t)r->gutter + 1);
        painted(r, BLUE, "= ");
    }
    painted(r, BOLD, kind);
    bl_buffer_cstring(r->buffer, ": ");
    write_shown(r->buffer, note->text);
    bl_buffer_char(r->buffer, '\n');
    if (has_place) write_place(r, note->span, BLUE, (bl_text){"", 0});
}

static void widen_gutter(renderer *r, bl_span span)
{
    const bl_source *source = source_of(r, span);
    if (!source) return;
    int digits = digit_count(bl_source_place(source, span.start).line);
    if (digits > r->gutter) r->gutter = digits;
}

static void write_notes(renderer *r, const bl_diagnostic *diagnostic, bool with_place)
{
    for (const bl_note *note = diagnostic->notes; note; note = note->next)
        if ((source_of(r, note->span) != NULL) == with_place) write_note(r, note);
}

/* Notes without a place hang on the diagnostic's own snippet; those with one follow with theirs. */
static void write_diagnostic(renderer *r, const bl_diagnostic *diagnostic)
{
    bool is_error = diagnostic->severity == BL_ERROR;
    const char *color = is_error ? RED : YELLOW;
    r->gutter = 1;
    widen_gutter(r, diagnostic->span);
    for (const bl_note *note = diagnostic->notes; note; note = note->next)
        widen_gutter(r, note->span);
    paint(r, color);
    bl_buffer_format(r->buffer, "%s[%s]", is_error ? "error" : "warning",
                     bl_code_name(diagnostic->code));
    paint(r, PLAIN);
    paint(r, BOLD);
    bl_buffer_cstring(r->buffer, ": ");
    write_shown(r->buffer, diagnostic->message);
    paint(r, PLAIN);
    bl_buffer_char(r->buffer, '\n');
    write_place(r, diagnostic->span, color, diagnostic->label);
    write_notes(r, diagnostic, false);
    write_notes(r, diagnostic, true);
}

void bl_diagnostics_write(const bl_diagnostics *diagnostics, const bl_source *sources,
                          uint32_t source_count, bl_style style, bl_buffer *buffer)
{
    renderer r = {sources, source_count, style, buffer, 1};
    sorted order;
    sort(diagnostics, &order);
    for (size_t i = 0; i < order.count; i++) {
        if (i > 0) bl_buffer_char(buffer, '\n');
        write_diagnostic(&r, order.items[i]);
    }
    if (diagnostics->left_out_count)
        bl_buffer_format(buffer, "\n%u more left out\n", (unsigned)diagnostics->left_out_count);
}

/* For programs */

static void write_key(bl_buffer *buffer, const char *key)
{
    bl_buffer_format(buffer, ",\"%s\":", key);
}

static void write_text_member(bl_buffer *buffer, const char *key, bl_text value)
{
    write_key(buffer, key);
    bl_json_write_text(buffer, value);
}

static void write_number_member(bl_buffer *buffer, const char *key, uint32_t value)
{
    write_key(buffer, key);
    bl_buffer_number(buffer, value);
}

static void write_span_members(renderer *r, bl_span span)
{
    const bl_source *source = source_of(r, span);
    if (!source) return;
    bl_place start = bl_source_place(source, span.start);
    bl_place end = bl_source_place(source, span.end);
    write_text_member(r->buffer, "file", source->name);
    write_number_member(r->buffer, "line", start.line);
    write_number_member(r->buffer, "column", start.column);
    write_number_member(r->buffer, "endLine", end.line);
    write_number_member(r->buffer, "endColumn", end.column);
    write_number_member(r->buffer, "offset", span.start);
    write_number_member(r->buffer, "endOffset", span.end);
}

static void write_json_notes(renderer *r, const bl_note *first)
{
    if (!first) return;
    write_key(r->buffer, "notes");
    for (const bl_note *note = first; note; note = note->next) {
        bl_buffer_char(r->buffer, note == first ? '[' : ',');
        bl_buffer_format(r->buffer, "{\"kind\":\"%s\"", note->is_help ? "help" : "note");
        write_text_member(r->buffer, "message", note->text);
        write_span_members(r, note->span);
        bl_buffer_char(r->buffer, '}');
    }
    bl_buffer_char(r->buffer, ']');
}

void bl_diagnostics_write_json(const bl_diagnostics *diagnostics, const bl_source *sources,
                               uint32_t source_count, bl_buffer *buffer)
{
    renderer r = {sources, source_count, {false}, buffer, 1};
    sorted order;
    sort(diagnostics, &order);
    for (size_t i = 0; i < order.count; i++) {
        const bl_diagnostic *d = order.items[i];
        bl_buffer_format(buffer, "{\"code\":\"%s\",\"severity\":\"%s\"", bl_code_name(d->code),
                         d->severity == BL_ERROR ? "error" : "warning");
        write_text_member(buffer, "message", d->message);
        write_span_members(&r, d->span);
        if (d->label.size) write_text_member(buffer, "label", d->label);
        write_json_notes(&r, d->notes);
        bl_buffer_cstring(buffer, "}\n");
    }
}
