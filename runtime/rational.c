/*
 * Exact ratios of 64-bit integers.
 *
 * Every operation computes in 128 bits, where nothing can overflow (|num| <= 2^63, den < 2^63),
 * brings the result to lowest terms and only then asks whether it fits.
 */
#include "rational.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

static uint64_t gcd_narrow(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static unsigned_wide gcd(unsigned_wide a, unsigned_wide b)
{
    while (b > UINT64_MAX) {
        unsigned_wide rest = a % b;
        a = b;
        b = rest;
    }
    return b ? gcd_narrow((uint64_t)b, (uint64_t)(a % b)) : a;
}

/* Stores num / den in lowest terms, if it fits. den is not 0, and neither is the least 128-bit
 * integer. */
static bool settle(wide num, wide den, bl_rational *out)
{
    if (den < 0) {
        num = -num;
        den = -den;
    }
    wide common = (wide)gcd((unsigned_wide)(num < 0 ? -num : num), (unsigned_wide)den);
    num /= common;
    den /= common;
    if (num < INT64_MIN || num > INT64_MAX || den > INT64_MAX) return false;
    *out = (bl_rational){(int64_t)num, (int64_t)den};
    return true;
}

bool bl_rational_make(int64_t num, int64_t den, bl_rational *out)
{
    if (den == 0) return false;
    return settle(num, den, out);
}

bool bl_rational_add(bl_rational a, bl_rational b, bl_rational *out)
{
    if (a.den == b.den) return settle((wide)a.num + b.num, a.den, out);
    return settle((wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den, out);
}

bool bl_rational_subtract(bl_rational a, bl_rational b, bl_rational *out)
{
    if (a.den == b.den) return settle((wide)a.num - b.num, a.den, out);
    return settle((wide)a.num * b.den - (wide)b.num * a.den, (wide)a.den * b.den, out);
}

bool bl_rational_multiply(bl_rational a, bl_rational b, bl_rational *out)
{
    return settle((wide)a.num * b.num, (wide)a.den * b.den, out);
}

bool bl_rational_divide(bl_rational a, bl_rational b, bl_rational *out)
{
    if (b.num == 0) return false;
    return settle((wide)a.num * b.den, (wide)a.den * b.num, out);
}

bool bl_rational_negate(bl_rational a, bl_rational *out)
{
    if (a.num == INT64_MIN) return false;
    *out = (bl_rational){-a.num, a.den};
    return true;
}

int64_t bl_rational_floor(bl_rational a)
{
    return a.num / a.den - (a.num % a.den < 0);
}

int64_t bl_rational_ceiling(bl_rational a)
{
    return a.num / a.den + (a.num % a.den > 0);
}

int bl_rational_compare(bl_rational a, bl_rational b)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return (left > right) - (left < right);
}

bool bl_rational_is_integer(bl_rational a)
{
    return a.den == 1;
}

/* A product of up to five factors of at most 2^63 each, lowest limb first. */
#define FACTOR_COUNT 5
typedef struct product {
    uint64_t limbs[FACTOR_COUNT];
} product;

static product multiply_all(const uint64_t factors[FACTOR_COUNT])
{
    product result = {{1}};
    for (size_t f = 0; f < FACTOR_COUNT; f++) {
        uint64_t carry = 0;
        for (size_t i = 0; i < FACTOR_COUNT; i++) {
            unsigned_wide part = (unsigned_wide)result.limbs[i] * factors[f] + carry;
            result.limbs[i] = (uint64_t)part;
            carry = (uint64_t)(part >> 64);
        }
    }
    return result;
}

static int product_compare(const product *a, const product *b)
{
    for (size_t i = FACTOR_COUNT; i-- > 0;)
        if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static int sign_of(int64_t number)
{
    return (number > 0) - (number < 0);
}

/*
 * Where both sides have the same sign, their squares decide: a^2 against b^2 * c, each side
 * multiplied by the other's denominators. Those products have up to 315 bits and always fit.
 */
bool bl_rational_compare_root(bl_rational a, bl_rational b, bl_rational c, int *sign)
{
    if (c.num < 0) return false;
    int left_sign = sign_of(a.num);
    int right_sign = c.num == 0 ? 0 : sign_of(b.num);
    if (left_sign != right_sign || left_sign == 0) {
        *sign = (left_sign > right_sign) - (left_sign < right_sign);
        return true;
    }
    uint64_t a_num = magnitude(a.num), a_den = (uint64_t)a.den;
    uint64_t b_num = magnitude(b.num), b_den = (uint64_t)b.den;
    uint64_t c_num = (uint64_t)c.num, c_den = (uint64_t)c.den;
    product left = multiply_all((const uint64_t[]){a_num, a_num, b_den, b_den, c_den});
    product right = multiply_all((const uint64_t[]){b_num, b_num, c_num, a_den, a_den});
    *sign = left_sign * product_compare(&left, &right);
    return true;
}

/* By halving the range where it can be: above `low`, at most `high`. */
bool bl_rational_ceiling_root(bl_rational b, bl_rational c, int64_t *out)
{
    int64_t low = INT64_MIN, high = INT64_MAX;
    int sign;
    if (!bl_rational_compare_root(BL_RATIONAL(low), b, c, &sign) || sign >= 0) return false;
    if (!bl_rational_compare_root(BL_RATIONAL(high), b, c, &sign) || sign < 0) return false;
    while (low + 1 < high) {
        const int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
        bl_rational_compare_root(BL_RATIONAL(middle), b, c, &sign);
        if (sign < 0)
            low = middle;
        else
            high = middle;
    }
    *out = high;
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t count_digits(bl_text text, size_t at)
{
    size_t count = 0;
    while (at + count < text.size && is_digit(text.bytes[at + count]))
        count++;
    return count;
}

/* A number in parts: digits before and behind the point (or the fraction bar), and what stands
 * after. */
typedef struct spelling {
    const char *whole;
    const char *behind; /* NULL: nothing behind */
    size_t whole_count;
    size_t behind_count;
    bool is_negative;
    bool is_ratio;
    bool is_percent;
} spelling;

static bool spell(bl_text text, spelling *out)
{
    *out = (spelling){0};
    size_t at = 0;
    if (text.size && text.bytes[0] == '-') {
        out->is_negative = true;
        at++;
    }
    out->whole_count = count_digits(text, at);
    if (out->whole_count == 0) return false;
    out->whole = text.bytes + at;
    at += out->whole_count;
    if (at < text.size && (text.bytes[at] == '.' || text.bytes[at] == '/')) {
        out->is_ratio = text.bytes[at++] == '/';
        out->behind_count = count_digits(text, at);
        if (out->behind_count == 0) return false;
        out->behind = text.bytes + at;
        at += out->behind_count;
    }
    if (at < text.size && text.bytes[at] == '%' && !out->is_ratio) {
        out->is_percent = true;
        at++;
    }
    return at == text.size;
}

/* The digits as an integer, up to 2^63. */
static bool digits_value(const char *digits, size_t count, wide *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        *out = *out * 10 + (digits[i] - '0');
        if (*out > (wide)INT64_MAX + 1) return false;
    }
    return true;
}

/* *fraction becomes (digit + fraction) / 10. */
static bool shift_in(char digit, bl_rational *fraction)
{
    return settle((wide)(digit - '0') * fraction->den + fraction->num, (wide)fraction->den * 10,
                  fraction);
}

/*
 * A decimal's fraction is built from its last digit to its first: if 0.123 fits then so do 0.23 and
 * 0.3, hence nothing that fits in the end is refused on the way, however many digits it has. A
 * percent sign moves the point two places to the left.
 */
static bool decimal_value(const spelling *s, wide sign, bl_rational *out)
{
    bl_rational fraction = {0, 1};
    for (size_t i = s->behind_count; i-- > 0;)
        if (!shift_in(s->behind[i], &fraction)) return false;
    size_t whole_count = s->whole_count;
    for (int moved = 0; s->is_percent && moved < 2; moved++) {
        char digit = whole_count ? s->whole[--whole_count] : '0';
        if (!shift_in(digit, &fraction)) return false;
    }
    wide whole;
    if (!digits_value(s->whole, whole_count, &whole)) return false;
    return settle(sign * (whole * fraction.den + fraction.num), fraction.den, out);
}

bool bl_rational_parse(bl_text text, bl_rational *out)
{
    spelling s;
    if (!spell(text, &s)) return false;
    wide sign = s.is_negative ? -1 : 1;
    if (!s.is_ratio) return decimal_value(&s, sign, out);
    wide num, den;
    if (!digits_value(s.whole, s.whole_count, &num)) return false;
    if (!digits_value(s.behind, s.behind_count, &den) || den == 0) return false;
    return settle(sign * num, den, out);
}

void bl_rational_write(bl_buffer *buffer, bl_rational a)
{
    bl_buffer_number(buffer, a.num);
    if (a.den == 1) return;
    bl_buffer_char(buffer, '/');
    bl_buffer_number(buffer, a.den);
}

/* The places a denominator wants after the point; negative where no decimal ends. */
static int places_of(int64_t den)
{
    int twos = 0, fives = 0;
    for (; den % 2 == 0; twos++)
        den /= 2;
    for (; den % 5 == 0; fives++)
        den /= 5;
    return den != 1 ? -1 : twos > fives ? twos : fives;
}

void bl_rational_write_decimal(bl_buffer *buffer, bl_rational a)
{
    const int places = places_of(a.den);
    if (places <= 0 || places > 18) {
        bl_rational_write(buffer, a);
        return;
    }
    wide scaled = a.num < 0 ? -(wide)a.num : a.num, scale = 1;
    for (int i = 0; i < places; i++)
        scale *= 10;
    scaled *= scale / a.den;
    char digits[19];
    wide behind = scaled % scale;
    for (int i = places; i-- > 0; behind /= 10)
        digits[i] = (char)('0' + (int)(behind % 10));
    if (a.num < 0) bl_buffer_char(buffer, '-');
    bl_buffer_number(buffer, (int64_t)(scaled / scale));
    bl_buffer_char(buffer, '.');
    bl_buffer_bytes(buffer, digits, (size_t)places);
}
