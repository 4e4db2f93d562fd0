/*
 * What the JSON reader and writer share: characters of UTF-8, and the fast way over plain text.
 *
 * Only for json.c, json_number.c and json_write.c. Everything here is inline because it runs for
 * every byte of every event; the one function that is not, reads the uncommon numbers.
 */
#ifndef BL_JSON_SCAN_H
#define BL_JSON_SCAN_H

#include <string.h>

#include "json.h"

/*
 * The number at `*at` (a digit or `-`), any form, and `*at` moved behind it. False: `*at` is
 * where it goes wrong and `*expected` what should stand there, or NULL where the number is one
 * but does not fit.
 */
bool bl_json_read_decimal(const char **at, const char *end, bl_rational *out,
                          const char **expected);

static inline unsigned char bl_byte_at(const char *at)
{
    return (unsigned char)*at;
}

static inline bool bl_json_is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

static inline bool bl_character_continues(const char *at)
{
    return (bl_byte_at(at) & 0xC0u) == 0x80u;
}

/* Bytes of the well-formed character at `at` (Unicode, table 3-7), 0 where there is none. */
static inline size_t bl_character_size(const char *at, const char *end)
{
    const unsigned first = bl_byte_at(at);
    if (first < 0x80) return 1;
    const size_t left = (size_t)(end - at);
    if (first < 0xC2 || first > 0xF4 || left < 2 || !bl_character_continues(at + 1)) return 0;
    if (first < 0xE0) return 2;
    const unsigned second = bl_byte_at(at + 1);
    if (left < 3 || !bl_character_continues(at + 2)) return 0;
    if (first < 0xF0)
        return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3;
    if (left < 4 || !bl_character_continues(at + 3)) return 0;
    return (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ? 0 : 4;
}

/* The code point of a well-formed character. */
static inline uint32_t bl_character_code(const char *at, size_t size)
{
    static const unsigned char first_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = bl_byte_at(at) & first_mask[size];
    for (size_t i = 1; i < size; i++)
        code = (code << 6) | (bl_byte_at(at + i) & 0x3Fu);
    return code;
}

static inline char *bl_character_put(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    if (code < 0x800) {
        *out++ = (char)(0xC0u | (code >> 6));
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0u | (code >> 12));
        } else {
            *out++ = (char)(0xF0u | (code >> 18));
            *out++ = (char)(0x80u | ((code >> 12) & 0x3Fu));
        }
        *out++ = (char)(0x80u | ((code >> 6) & 0x3Fu));
    }
    *out++ = (char)(0x80u | (code & 0x3Fu));
    return out;
}

/*
 * Eight bytes at a time: the high bit of a byte of the result is set where the byte is `"`, `\`,
 * below the blank or above ASCII. Borrows can set a bit too many, but only behind the first true
 * one.
 */
static inline uint64_t bl_json_special_bytes(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t quotes = (word ^ (ones * '"')) - ones;
    const uint64_t slashes = (word ^ (ones * '\\')) - ones;
    return (quotes | slashes | (word - ones * ' ') | word) & (ones * 0x80);
}

/* The first byte, lowest in the word, whatever the machine's order. */
static inline uint64_t bl_json_load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline bool bl_json_is_plain(const char *at)
{
    const unsigned byte = bl_byte_at(at);
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
}

/* The first byte that does not simply stand for itself inside a text, or `end`. */
static inline const char *bl_json_skip_plain(const char *at, const char *end)
{
    while (end - at >= 8) {
        const uint64_t special = bl_json_special_bytes(bl_json_load_word(at));
        if (special != 0) return at + __builtin_ctzll(special) / 8;
        at += 8;
    }
    while (at < end && bl_json_is_plain(at))
        at++;
    return at;
}

/* Whether the byte belongs to what a person takes for one word or number. */
static inline bool bl_json_is_word_byte(const char *at)
{
    const unsigned byte = bl_byte_at(at);
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_' || byte == '.' || byte == '+' || byte == '-';
}

#endif
