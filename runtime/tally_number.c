/*
 * Numbers of a count as they are shown: exact texts, cut down to what a table has room for.
 *
 * A count tells its numbers as text, which may be a ratio of hundreds of digits. People get a few
 * decimal places, as many in all numbers of a table; JSON has the text itself.
 */
#include "tally.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { DIGITS_MOST = 18 }; /* that 64 bits hold, whatever they are */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool bl_tally_is_decimal(bl_text text)
{
    size_t at = text.size > 0 && text.bytes[0] == '-', digits = 0, places = 0;
    while (at < text.size && is_digit(text.bytes[at]))
        at++, digits++;
    if (at == text.size) return digits > 0;
    if (text.bytes[at++] != '.') return false;
    while (at < text.size && is_digit(text.bytes[at]))
        at++, places++;
    return at == text.size && digits > 0 && places > 0;
}

/* The number that the first so many digits make. */
static uint64_t read_digits(const char *digits, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    return value;
}

static size_t find(bl_text text, char byte)
{
    const char *const at = text.size > 0 ? memchr(text.bytes, byte, text.size) : NULL;
    return at ? (size_t)(at - text.bytes) : text.size;
}

uint32_t bl_tally_places(bl_text number)
{
    if (find(number, '/') < number.size) return BL_TALLY_PLACES_MOST;
    const size_t point = find(number, '.');
    uint32_t places = 0;
    for (uint32_t i = 1; i <= BL_TALLY_PLACES_MOST && point + i < number.size; i++)
        if (number.bytes[point + i] != '0') places = i;
    return places;
}

/* A decimal as it is, with as many places as asked for. */
static bool write_decimal(bl_buffer *out, bl_text number, uint32_t places)
{
    const size_t point = find(number, '.');
    size_t behind = point < number.size ? point + 1 : point;
    bl_buffer_bytes(out, number.bytes, point);
    if (places > 0) bl_buffer_char(out, '.');
    for (uint32_t i = 0; i < places; i++)
        bl_buffer_char(out, behind < number.size ? number.bytes[behind++] : '0');
    for (; behind < number.size; behind++)
        if (number.bytes[behind] != '0') return true;
    return false;
}

/* A ratio as a decimal, from the 18 leading digits of both sides: enough for what is shown. */
static bool write_ratio(bl_buffer *out, bl_text number, uint32_t places)
{
    const size_t slash = find(number, '/');
    const char *const den = number.bytes + slash + 1;
    const size_t den_size = number.size - slash - 1;
    const size_t longer = slash > den_size ? slash : den_size;
    const size_t dropped = longer > DIGITS_MOST ? longer - DIGITS_MOST : 0;
    const uint64_t below = dropped < den_size ? read_digits(den, den_size - dropped) : 0;
    const uint64_t above = dropped < slash ? read_digits(number.bytes, slash - dropped) : 0;
    if (below == 0) {
        bl_buffer_text(out, number);
        return false;
    }
    wide scale = 1;
    for (uint32_t i = 0; i < places; i++)
        scale *= 10;
    const wide value = above * scale / below;
    bl_buffer_format(out, "%llu", (unsigned long long)(value / scale));
    if (places > 0) bl_buffer_char(out, '.');
    for (wide part = scale / 10; part > 0; part /= 10)
        bl_buffer_char(out, (char)('0' + (int)(value / part % 10)));
    return true;
}

bool bl_tally_write(bl_buffer *out, bl_text number, uint32_t places)
{
    if (number.size == 0) return false;
    const size_t slash = find(number, '/');
    bool is_ratio = slash > 0 && slash + 1 < number.size;
    for (size_t i = 0; i < number.size && is_ratio; i++)
        is_ratio = i == slash || is_digit(number.bytes[i]);
    if (is_ratio) return write_ratio(out, number, places);
    if (bl_tally_is_decimal(number)) return write_decimal(out, number, places);
    bl_buffer_text(out, number);
    return false;
}

/* What was appended behind `mark` is taken back. */
static bl_text take_back(bl_buffer *out, size_t mark)
{
    const bl_text text = {out->failed ? "" : out->bytes + mark, out->failed ? 0 : out->size - mark};
    if (!out->failed) out->size = mark;
    return text;
}

/* The value of what is shown of a number; zero of none. */
static bool read_shown(bl_buffer *room, bl_text number, uint32_t places, bl_rational *out)
{
    const size_t mark = room->size;
    *out = BL_RATIONAL(0);
    if (number.size == 0) return true;
    bl_tally_write(room, number, places);
    return bl_rational_parse(take_back(room, mark), out);
}

bool bl_tally_value(bl_buffer *room, bl_text number, bl_rational *out)
{
    return bl_rational_parse(number, out) || read_shown(room, number, BL_TALLY_PLACES_MOST, out);
}

void bl_tally_difference(bl_buffer *out, bl_text now, bl_text before, uint32_t places)
{
    bl_rational a, b, between;
    if (!read_shown(out, now, places, &a) || !read_shown(out, before, places, &b) ||
        !bl_rational_subtract(a, b, &between) || between.num == 0)
        return;
    const size_t mark = out->size;
    if (between.num > 0) bl_buffer_char(out, '+');
    bl_rational_write_decimal(out, between);
    if (out->failed) return;
    const bl_text written = {out->bytes + mark, out->size - mark};
    for (uint32_t has = bl_tally_places(written); has < places; has++)
        bl_buffer_cstring(out, has == 0 ? ".0" : "0");
}
