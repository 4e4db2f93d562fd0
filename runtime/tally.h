/*
 * What a count found, written out: JSON Lines for programs, tables with bars for people.
 *
 * Everything is read off a bl_count; nothing is counted here. Numbers come as text: JSON has them
 * exactly, tables cut down those that are long, and say so.
 */
#ifndef BL_TALLY_H
#define BL_TALLY_H

#include "count.h"

/*
 * A line for each round, and last one with the result. What fails is out->failed, as of any
 * buffer.
 */
void bl_tally_write_json(const bl_count *count, bl_buffer *out);

enum { BL_TALLY_WIDTH = 100, BL_TALLY_WIDTH_LEAST = 40, BL_TALLY_WIDTH_MOST = 1000 };

/*
 * For people, in lines of at most `width` columns (0: BL_TALLY_WIDTH; what is out of range becomes
 * the nearest); only what cannot be narrower, a word, goes beyond. Short counts are told round by
 * round, each with bars; long ones in one table with a column for each round, in as many pieces as
 * the width asks for, and then the sentences. `color`: with escape sequences of a terminal. Out of
 * memory: out->failed.
 */
void bl_tally_write_text(const bl_count *count, uint32_t width, bool color, bl_buffer *out);

/* ---- for tally_*.c: tally_sheet.c has what no other is named for ---- */

/* What the parts of a text have in common. */
typedef struct bl_sheet {
    const bl_count *count;
    bl_buffer *out;
    bl_arena arena;
    uint32_t width;
    bool color;
    bool has_cut; /* a number was cut down: told once, at the end */
    uint32_t places; /* decimal ones of the numbers that are put now */
    uint32_t blanks; /* that come before what is put next */
    const bl_text *names; /* of all candidates, fit to be shown */
    uint32_t *rows; /* all candidates in the order of tables: the elected first, then who was in
                       longest */
    uint32_t name_width; /* columns for names */
} bl_sheet;

typedef enum bl_tally_mark {
    BL_TALLY_PLAIN,
    BL_TALLY_GOOD,
    BL_TALLY_BAD,
    BL_TALLY_QUIET
} bl_tally_mark;

/* Whatever is put on a line goes through these, so that no line ends in blanks. */
void bl_sheet_paint(const bl_sheet *sheet, bl_tally_mark mark); /* BL_TALLY_PLAIN ends it */
void bl_sheet_strong(const bl_sheet *sheet); /* bold, until painted plain */
void bl_sheet_spaces(bl_sheet *sheet, uint32_t count);
void bl_sheet_text(bl_sheet *sheet, bl_text text);
void bl_sheet_cstring(bl_sheet *sheet, const char *text);
void bl_sheet_number(bl_sheet *sheet, uint32_t number);
void bl_sheet_line(bl_sheet *sheet); /* ends it */
/* Text that people wrote, as it can be shown, in the sheet's arena. */
bl_text bl_sheet_show(bl_sheet *sheet, bl_text text);
/* A candidate's name, cut to name_width columns or filled up to them. */
void bl_sheet_name(bl_sheet *sheet, uint32_t candidate);
/* The same of any other word in the column of names. */
void bl_sheet_label(bl_sheet *sheet, const char *label);
/* Text in so many columns: cut down, or blanks before it. */
void bl_sheet_right(bl_sheet *sheet, bl_text text, uint32_t columns);
/* A bar in so many columns, `share` in 1/10000, and blanks behind it. */
void bl_sheet_bar(bl_sheet *sheet, uint32_t share, uint32_t columns);
/*
 * Words, broken into lines of the sheet's width, each but the first behind so many blanks; `column`
 * is where it begins. Ends the line.
 */
void bl_sheet_words(bl_sheet *sheet, bl_text text, uint32_t column, uint32_t indent);

enum { BL_STATUS_WIDTH = 9 };
/* "✓ elected", "✗ out", or nothing. */
void bl_sheet_status(bl_sheet *sheet, bl_standing standing);
bl_tally_mark bl_tally_mark_of(bl_standing standing);

/* A number with sheet->places, right in so many columns at least, and how many it takes. */
void bl_sheet_amount(bl_sheet *sheet, bl_text number, uint32_t columns);
uint32_t bl_sheet_amount_columns(bl_sheet *sheet, bl_text number);
/* What is between two: bl_tally_difference. */
void bl_sheet_difference(bl_sheet *sheet, bl_text now, bl_text before, uint32_t columns);
/* What the numbers of all rounds take, with sheet->places. */
typedef struct bl_tally_columns {
    uint32_t tally;
    uint32_t difference; /* to the round before; 0: there is none */
} bl_tally_columns;
bl_tally_columns bl_sheet_columns(bl_sheet *sheet);
/* The places that all numbers of the rounds are shown with. */
uint32_t bl_tally_places_of(const bl_count *count);
/* Whether candidates go out in rounds, so that votes move between them: tally_json.c. */
bool bl_tally_eliminates(bl_method method);
/* A candidate's tally in the round before, where votes move from round to round; empty. Rounds are
 * numbered from 0 here. */
bl_text bl_tally_before(const bl_count *count, size_t round, uint32_t candidate);

/* What is said of a round beside tallies, in this order. */
typedef enum bl_tally_figure {
    BL_TALLY_THRESHOLD,
    BL_TALLY_EXHAUSTED,
    BL_TALLY_LOST,
    BL_TALLY_FIGURE_COUNT
} bl_tally_figure;
bl_text bl_tally_figure_of(const bl_round *round, bl_tally_figure which);
const char *bl_tally_figure_word(bl_tally_figure which);

/* All rounds in one table, in pieces, and their sentences: tally_table.c. */
void bl_sheet_rounds(bl_sheet *sheet);
void bl_sheet_sentences(bl_sheet *sheet); /* alone */
/* A cell for each two candidates: tally_table.c. */
void bl_sheet_matrix(bl_sheet *sheet, const bl_figure *figure);
/* Lists of a cell for each candidate, side by side: tally_table.c. */
void bl_sheet_lists(bl_sheet *sheet);

/* ---- numbers as text: tally_number.c ---- */

/* Whether JSON takes it as a number: "12", "12.5". */
bool bl_tally_is_decimal(bl_text text);
enum { BL_TALLY_PLACES_MOST = 5 };
/* How many decimal places show a number without zeros at its end, at most BL_TALLY_PLACES_MOST. */
uint32_t bl_tally_places(bl_text number);
/* Appends a number with so many decimal places, the rest cut off; true where that was not zero. An
 * empty text stays empty. */
bool bl_tally_write(bl_buffer *out, bl_text number, uint32_t places);
/* Its value, exactly where that fits, else as it is shown; false: neither. What needs room takes it
 * at the end of `room` and leaves that as it was, but for `failed`. */
bool bl_tally_value(bl_buffer *room, bl_text number, bl_rational *out);
/* Appends "+15" or "-2.50", what is between two numbers as they are shown; nothing where they are
 * the same. An empty text is zero. */
void bl_tally_difference(bl_buffer *out, bl_text now, bl_text before, uint32_t places);

#endif
