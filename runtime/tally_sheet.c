/*
 * What all parts of a count for people are made of: names, numbers and bars in their columns, words
 * broken into lines.
 */
#include "markup.h"
#include "tally.h"

/* ---- a line ---- */

void bl_sheet_paint(const bl_sheet *sheet, bl_tally_mark mark)
{
    static const char *const codes[] = {"\033[0m", "\033[32m", "\033[31m", "\033[2m"};
    if (sheet->color) bl_buffer_cstring(sheet->out, codes[mark]);
}

void bl_sheet_strong(const bl_sheet *sheet)
{
    if (sheet->color) bl_buffer_cstring(sheet->out, "\033[1m");
}

void bl_sheet_spaces(bl_sheet *sheet, uint32_t count)
{
    sheet->blanks += count;
}

void bl_sheet_text(bl_sheet *sheet, bl_text text)
{
    if (text.size == 0) return;
    for (; sheet->blanks > 0; sheet->blanks--)
        bl_buffer_char(sheet->out, ' ');
    bl_buffer_text(sheet->out, text);
}

void bl_sheet_cstring(bl_sheet *sheet, const char *text)
{
    bl_sheet_text(sheet, bl_text_of(text));
}

void bl_sheet_number(bl_sheet *sheet, uint32_t number)
{
    char digits[12];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    bl_sheet_text(sheet, (bl_text){digits + at, sizeof digits - at});
}

void bl_sheet_line(bl_sheet *sheet)
{
    sheet->blanks = 0;
    bl_buffer_char(sheet->out, '\n');
}

/* ---- words ---- */

bl_text bl_sheet_show(bl_sheet *sheet, bl_text text)
{
    bl_buffer shown;
    bl_buffer_init(&shown, sheet->count->memory);
    bl_outcome_show(&shown, text);
    const bl_text kept = {bl_arena_copy(&sheet->arena, shown.bytes, shown.size), shown.size};
    if (shown.failed || !kept.bytes) sheet->out->failed = true;
    bl_buffer_free(&shown);
    return sheet->out->failed ? BL_TEXT("") : kept;
}

/* Cut down to so many columns, with an ellipsis; the columns it takes. */
static uint32_t put_cut(bl_sheet *sheet, bl_text text, uint32_t columns)
{
    const uint32_t all = bl_markup_columns(text);
    if (all > columns) text.size = bl_markup_cut(text, columns - 1);
    bl_sheet_text(sheet, text);
    if (all <= columns) return all;
    bl_sheet_cstring(sheet, "…");
    return bl_markup_columns(text) + 1;
}

static void put_filled(bl_sheet *sheet, bl_text text)
{
    const uint32_t taken = put_cut(sheet, text, sheet->name_width);
    bl_sheet_spaces(sheet, sheet->name_width - taken);
}

void bl_sheet_name(bl_sheet *sheet, uint32_t candidate)
{
    put_filled(sheet, sheet->names[candidate]);
}

void bl_sheet_label(bl_sheet *sheet, const char *label)
{
    put_filled(sheet, bl_text_of(label));
}

void bl_sheet_right(bl_sheet *sheet, bl_text text, uint32_t columns)
{
    const uint32_t all = bl_markup_columns(text);
    bl_sheet_spaces(sheet, all < columns ? columns - all : 0);
    put_cut(sheet, text, columns);
}

void bl_sheet_words(bl_sheet *sheet, bl_text text, uint32_t column, uint32_t indent)
{
    for (bool is_first = true; text.size > 0; is_first = false) {
        bl_text word = {text.bytes, 0};
        while (word.size < text.size && text.bytes[word.size] != ' ')
            word.size++;
        const uint32_t columns = bl_markup_columns(word);
        if (!is_first && column + 1 + columns > sheet->width) {
            bl_sheet_line(sheet);
            bl_sheet_spaces(sheet, column = indent);
        } else if (!is_first) {
            bl_sheet_spaces(sheet, 1);
            column++;
        }
        bl_sheet_text(sheet, word);
        column += columns;
        const size_t behind = word.size < text.size ? word.size + 1 : word.size;
        text = (bl_text){text.bytes + behind, text.size - behind};
    }
    bl_sheet_line(sheet);
}

/* ---- bars and signs ---- */

/* Eighths of a column; whoever has anything has a bar. */
void bl_sheet_bar(bl_sheet *sheet, uint32_t share, uint32_t columns)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    uint32_t eighths = (uint32_t)((uint64_t)share * columns * 8 / 10000);
    if (eighths == 0 && share > 0 && columns > 0) eighths = 1;
    for (uint32_t i = 0; i < eighths / 8; i++)
        bl_sheet_cstring(sheet, "█");
    bl_sheet_cstring(sheet, parts[eighths % 8]);
    bl_sheet_spaces(sheet, columns - (eighths + 7) / 8);
}

bl_tally_mark bl_tally_mark_of(bl_standing standing)
{
    if (standing == BL_STANDING_ELECTED) return BL_TALLY_GOOD;
    return standing == BL_STANDING_ELIMINATED ? BL_TALLY_BAD : BL_TALLY_PLAIN;
}

void bl_sheet_status(bl_sheet *sheet, bl_standing standing)
{
    const bl_tally_mark mark = bl_tally_mark_of(standing);
    if (mark == BL_TALLY_PLAIN) return;
    bl_sheet_paint(sheet, mark);
    bl_sheet_cstring(sheet, mark == BL_TALLY_GOOD ? "✓ elected" : "✗ out");
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
}

/* ---- numbers ---- */

/* The columns of what was appended behind `mark`, which is taken back. */
static uint32_t measure(bl_sheet *sheet, size_t mark)
{
    bl_buffer *const out = sheet->out;
    if (out->failed) return 0;
    const uint32_t columns = bl_markup_columns((bl_text){out->bytes + mark, out->size - mark});
    out->size = mark;
    return columns;
}

uint32_t bl_sheet_amount_columns(bl_sheet *sheet, bl_text number)
{
    const size_t mark = sheet->out->size;
    bl_tally_write(sheet->out, number, sheet->places);
    return measure(sheet, mark);
}

static uint32_t columns_of_difference(bl_sheet *sheet, bl_text now, bl_text before)
{
    const size_t mark = sheet->out->size;
    bl_tally_difference(sheet->out, now, before, sheet->places);
    return measure(sheet, mark);
}

/* Blanks before something of `taken` columns; false where there is nothing. */
static bool put_blanks(bl_sheet *sheet, uint32_t taken, uint32_t columns)
{
    bl_sheet_spaces(sheet, taken < columns ? columns - taken : 0);
    if (taken == 0) return false;
    for (; sheet->blanks > 0; sheet->blanks--)
        bl_buffer_char(sheet->out, ' ');
    return true;
}

void bl_sheet_amount(bl_sheet *sheet, bl_text number, uint32_t columns)
{
    if (!put_blanks(sheet, bl_sheet_amount_columns(sheet, number), columns)) return;
    if (bl_tally_write(sheet->out, number, sheet->places)) sheet->has_cut = true;
}

void bl_sheet_difference(bl_sheet *sheet, bl_text now, bl_text before, uint32_t columns)
{
    bl_sheet_paint(sheet, BL_TALLY_QUIET);
    if (put_blanks(sheet, columns_of_difference(sheet, now, before), columns))
        bl_tally_difference(sheet->out, now, before, sheet->places);
    bl_sheet_paint(sheet, BL_TALLY_PLAIN);
}

bl_text bl_tally_before(const bl_count *count, size_t round, uint32_t candidate)
{
    if (round == 0 || !bl_tally_eliminates(count->options->method)) return BL_TEXT("");
    return count->rounds.items[round - 1].tally[candidate].text;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

bl_tally_columns bl_sheet_columns(bl_sheet *sheet)
{
    const bl_count *count = sheet->count;
    bl_tally_columns columns = {1, 0};
    for (size_t i = 0; i < count->rounds.count; i++) {
        for (uint32_t c = 0; c < count->contest->candidate_count; c++) {
            const bl_text now = count->rounds.items[i].tally[c].text;
            const bl_text before = bl_tally_before(count, i, c);
            columns.tally = larger(columns.tally, bl_sheet_amount_columns(sheet, now));
            if (before.size == 0) continue;
            columns.difference = larger(columns.difference,
                                        columns_of_difference(sheet, now, before));
        }
    }
    return columns;
}

uint32_t bl_tally_places_of(const bl_count *count)
{
    uint32_t places = 0;
    for (size_t i = 0; i < count->rounds.count; i++) {
        const bl_round *round = &count->rounds.items[i];
        for (uint32_t c = 0; c < count->contest->candidate_count; c++)
            places = larger(places, bl_tally_places(round->tally[c].text));
        for (bl_tally_figure f = BL_TALLY_THRESHOLD; f < BL_TALLY_FIGURE_COUNT; f++)
            places = larger(places, bl_tally_places(bl_tally_figure_of(round, f)));
    }
    return places;
}

bl_text bl_tally_figure_of(const bl_round *round, bl_tally_figure which)
{
    switch (which) {
    case BL_TALLY_THRESHOLD: return round->threshold.text;
    case BL_TALLY_EXHAUSTED: return round->exhausted.text;
    case BL_TALLY_LOST: return round->lost.text;
    case BL_TALLY_FIGURE_COUNT: break;
    }
    return BL_TEXT("");
}

const char *bl_tally_figure_word(bl_tally_figure which)
{
    static const char *const words[] = {"threshold", "exhausted", "lost"};
    return words[which];
}
