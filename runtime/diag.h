/*
 * Diagnostics as data: what is wrong with a policy, with its places. Rendering stands apart.
 *
 * Codes are declared once in diag.def: DIAG(code, severity, title). A message is one line in the
 * policy's words; labels point at places; notes add facts, help advises.
 */
#ifndef BL_DIAG_H
#define BL_DIAG_H

#include "source.h"

typedef enum bl_severity { BL_ERROR, BL_WARNING } bl_severity;

typedef enum bl_code {
#define DIAG(code, severity, title) BL_##code,
#include "diag.def"
#undef DIAG
    BL_CODE_COUNT
} bl_code;

typedef struct bl_note {
    bool is_help;
    bl_span span; /* file BL_NONE: no place */
    bl_text text;
    struct bl_note *next;
} bl_note;

/*
 * A slip that shows in many places, so that it is told once: two messages with equal slips are one.
 * A name that is empty is equal to any.
 */
typedef struct bl_slip {
    unsigned kind; /* 0: shows in one place */
    bl_span declared; /* the declaration that it is about; BL_SPAN_NONE: none */
    bl_text name; /* of what it is about there */
} bl_slip;

#define BL_AGAIN_MAX 16 /* places of one slip that are counted; then there are more */

typedef struct bl_diagnostic {
    bl_code code;
    bl_severity severity;
    bl_span span;
    bl_text message;
    bl_text label; /* under the caret; may be empty */
    bl_note *notes;
    bl_note *again; /* among the notes: where else; NULL */
    bl_span again_spans[BL_AGAIN_MAX];
    uint32_t again_count;
    bl_span again_last; /* also where it is not counted any more */
    bl_slip slip;
    struct bl_diagnostic *next;
} bl_diagnostic;

typedef struct bl_diagnostics {
    bl_arena *arena;
    bl_diagnostic *first;
    bl_diagnostic *last;
    uint32_t error_count;
    uint32_t warning_count;
    uint32_t left_out_count; /* past BL_DIAGNOSTICS_MAX */
    bool is_unheard; /* only what there is counts: nobody reads the words, and no advice is looked
                        for */
    bool out_of_memory;
} bl_diagnostics;

void bl_diagnostics_init(bl_diagnostics *diagnostics, bl_arena *arena);
/*
 * Adds one; formats like printf without floats (%.*s for slices). Returns it so that a label, notes
 * and help can be added, or NULL when out of memory, past the limit or unheard (the adders below
 * accept NULL). A second error at the same span is dropped: one slip, one message.
 */
bl_diagnostic *bl_diag(bl_diagnostics *diagnostics, bl_code code, bl_span span, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
/* The same for a slip that may have been told: then this place is added to that message
 * (bl_diag_again), and NULL returned. */
bl_diagnostic *bl_diag_slip(bl_diagnostics *diagnostics, bl_code code, bl_span span,
                            const bl_slip *slip, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Whether it was told; then this place is added. */
bool bl_diag_told(bl_diagnostics *diagnostics, const bl_slip *slip, bl_span span);
void bl_diag_label(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void bl_diag_note(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, bl_span span,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
void bl_diag_help(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same slip in another place: a note shows the first such place, and counts the others. */
void bl_diag_again(bl_diagnostics *diagnostics, bl_diagnostic *diagnostic, bl_span span);
/* Whether an error was reported inside of the span, if only as another place of one. */
bool bl_diag_has_error_in(const bl_diagnostics *diagnostics, bl_span span);

/* "B0212", and the title of its page. */
const char *bl_code_name(bl_code code);
const char *bl_code_title(bl_code code);

typedef struct bl_style {
    bool color; /* ANSI, for a terminal only */
} bl_style;
/*
 * Renders all, in order of file and place, like
 *   error[B0201]: no role `maintaner`
 *     --> policy.bylaw:12:15
 *      |
 *   12 |   decided by maintaner of module
 *      |              ^^^^^^^^^ not declared
 *      = help: did you mean `maintainer`?
 */
void bl_diagnostics_write(const bl_diagnostics *diagnostics, const bl_source *sources,
                          uint32_t source_count, bl_style style, bl_buffer *buffer);
/* One JSON object a line: code, severity, message, file, line, column, endLine, endColumn (from 1,
 * columns in characters), offset, endOffset (from 0, in bytes), label, notes. */
void bl_diagnostics_write_json(const bl_diagnostics *diagnostics, const bl_source *sources,
                               uint32_t source_count, bl_buffer *buffer);

#endif
