/*
 * Writing HTML and SVG: text from policies and events is escaped here and nowhere else.
 *
 * What people wrote may hold anything: markup, controls, marks that turn the direction of writing.
 * All of it is shown, none of it is obeyed.
 */
#ifndef BL_MARKUP_H
#define BL_MARKUP_H

#include "text.h"

/* For element content and for attribute values in double quotes: & < > " ' are escaped; controls
 * and direction marks become U+FFFD. */
void bl_markup_text(bl_buffer *out, bl_text text);
/*
 * Begins an SVG of this size in pixels, with a title and a sentence for those who cannot see it,
 * and the style all pictures share: system fonts, colors that follow the reader's light or dark
 * theme. Classes: `text`, `quiet` (grey text), `strong`, `small`, `large`, `halo` (text over
 * lines), `line`, `frame`, `grid`, `good`, `bad`, `warn`, `now`, `paper`, `faint`, `mark`, `ring`,
 * `come`, `due`, `nowline`.
 */
void bl_markup_svg_begin(bl_buffer *out, uint32_t width, uint32_t height, bl_text title,
                         bl_text description);
void bl_markup_svg_end(bl_buffer *out);
/*
 * Begins and ends an HTML page with the shared style: readable in a narrow and a wide window, and
 * on paper. A picture may be there three times, as `picture narrow`, `picture middle` and `picture
 * broad`: the one that suits the window is shown. The rows of a table `cards` become blocks in a
 * narrow window, each cell after its `data-label`.
 */
void bl_markup_page_begin(bl_buffer *out, bl_text title);
void bl_markup_page_end(bl_buffer *out);
/* Text that people wrote, for showing on a terminal: controls and bidirectional marks are replaced.
 * In outcome_text.c. */
void bl_outcome_show(bl_buffer *out, bl_text text);
/* How many columns a text takes in a fixed pitch, wide characters as two: to leave room for it. */
uint32_t bl_markup_columns(bl_text text);
/* How many bytes of a text take no more columns; what combines with the last letter stays with it.
 */
size_t bl_markup_cut(bl_text text, uint32_t columns);

#endif
