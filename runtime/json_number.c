/*
 * The uncommon numbers of an event line: fractions, exponents, long ones. Exact or refused.
 *
 * A decimal is kept as its digits without the zeros at either end, and a power of ten; 1.500e3,
 * 1500 and 15e2 are the same. The ratio is reduced by twos and fives before it is built, so that
 * every value that fits is accepted as long as its digits fit 64 bits.
 */
#include "json_scan.h"

/* digits * 10^(zero_count - place_count + exponent); `digits` never ends in 0 unless it is 0. */
typedef struct decimal {
    uint64_t digits;
    int64_t zero_count; /* zeros seen behind `digits` */
    int64_t place_count; /* digits behind the point */
    int64_t exponent;
    bool is_negative;
    bool is_too_long;
} decimal;

static bool scale(uint64_t *number, unsigned factor, int64_t times)
{
    for (; times > 0; times--) {
        if (*number > UINT64_MAX / factor) return false;
        *number *= factor;
    }
    return true;
}

static void add_digit(decimal *number, unsigned digit)
{
    if (digit == 0) {
        number->zero_count += number->digits != 0;
        return;
    }
    if (number->digits != 0 && !scale(&number->digits, 10, number->zero_count + 1))
        number->is_too_long = true;
    if (number->digits > UINT64_MAX - digit)
        number->is_too_long = true;
    else
        number->digits += digit;
    number->zero_count = 0;
}

/* Moves `*at` over digits; false where there is none. */
static bool read_digits(const char **at, const char *end, decimal *number)
{
    if (!bl_json_is_digit(*at, end)) return false;
    for (; bl_json_is_digit(*at, end); ++*at)
        add_digit(number, (unsigned)(**at - '0'));
    return true;
}

/* `*at` is the letter e. */
static bool read_exponent(const char **at, const char *end, decimal *number)
{
    const int64_t most = INT64_C(1) << 40; /* past every line's digits, far from overflow */
    ++*at;
    const bool is_negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+')) ++*at;
    if (!bl_json_is_digit(*at, end)) return false;
    int64_t exponent = 0;
    for (; bl_json_is_digit(*at, end); ++*at)
        exponent = exponent < most ? exponent * 10 + (**at - '0') : most;
    number->exponent = is_negative ? -exponent : exponent;
    return true;
}

/* Divides `number` by `factor` while that is exact, at most `*times`, which counts down. */
static void reduce(uint64_t *number, unsigned factor, int64_t *times)
{
    for (; *times > 0 && *number % factor == 0; --*times)
        *number /= factor;
}

/* The exact value in lowest terms; false where it does not fit. */
static bool decimal_value(const decimal *number, bl_rational *out)
{
    uint64_t num = number->digits;
    uint64_t den = 1;
    const int64_t power = number->zero_count - number->place_count + number->exponent;
    if (number->is_too_long) return false;
    if (num != 0 && power >= 0 && !scale(&num, 10, power)) return false;
    if (num != 0 && power < 0) {
        int64_t twos = -power;
        int64_t fives = -power;
        reduce(&num, 2, &twos);
        reduce(&num, 5, &fives);
        if (!scale(&den, 2, twos) || !scale(&den, 5, fives)) return false;
    }
    if (den > INT64_MAX || num > (uint64_t)INT64_MAX + number->is_negative) return false;
    /* INT64_MIN has no positive counterpart. */
    out->num = number->is_negative && num > 0 ? -(int64_t)(num - 1) - 1 : (int64_t)num;
    out->den = (int64_t)den;
    return true;
}

/* The written form, strictly as RFC 8259 has it; on false `*expected` is set. */
static bool read_form(const char **at, const char *end, decimal *number, const char **expected)
{
    const char *const start = *at;
    number->is_negative = *start == '-';
    *at += number->is_negative;
    if (*at < end && **at == '0' && bl_json_is_digit(*at + 1, end)) {
        *expected = "a number without a leading zero";
        *at = start;
        return false;
    }
    *expected = "a digit after `-`";
    if (!read_digits(at, end, number)) return false;
    if (*at < end && **at == '.') {
        const char *const point = (*at)++;
        *expected = "a digit after `.`";
        if (!read_digits(at, end, number)) return false;
        number->place_count = *at - point - 1;
    }
    *expected = "a digit in the exponent";
    return *at == end || (**at != 'e' && **at != 'E') || read_exponent(at, end, number);
}

bool bl_json_read_decimal(const char **at, const char *end, bl_rational *out, const char **expected)
{
    const char *const start = *at;
    decimal number = {0};
    if (!read_form(at, end, &number, expected)) return false;
    *expected = NULL;
    if (decimal_value(&number, out)) return true;
    *at = start;
    return false;
}
