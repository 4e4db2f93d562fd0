/*
 * Test reports: one function for each form of a result, and what stands around them.
 *
 * TAP is version 13, which parsers of 14 read and many that know no other, with a YAML block
 * below what failed. JUnit has a suite for each file, a case for each scenario.
 */
#include "test_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bylaw_text slice(const char *words)
{
    return (bylaw_text){words, strlen(words)};
}

static bool is_format(const test_report *report, int format)
{
    return (int)report->arguments->format == format;
}

/* ---- JSON ---- */

static void put_json(test_report *report, const bylaw_scenario_result *result)
{
    tool_output *output = report->output;
    output_text(output, "{\"file\":");
    output_json_text(output, slice(report->file));
    output_text(output, ",\"scenario\":");
    output_json_text(output, result->name);
    output_text(output, ",\"place\":");
    output_json_text(output, result->place);
    output_text(output, result->passed ? ",\"passed\":true" : ",\"passed\":false");
    if (!result->passed) {
        output_text(output, ",\"report\":");
        output_json_text(output, result->report);
    }
    output_text(output, "}\n");
}

/* ---- text ---- */

/* Marks that turn the direction of what is written, and ends of lines that are not ours. */
static bool plays_tricks(const unsigned char *bytes)
{
    if (bytes[0] != 0xE2) return false;
    const bool is_mark = bytes[1] == 0x80 &&
                         (bytes[2] == 0x8E || bytes[2] == 0x8F ||
                          (bytes[2] >= 0xA8 && bytes[2] <= 0xAE)); /* U+200E, 200F, 2028 to 202E */
    return is_mark || (bytes[1] == 0x81 && bytes[2] >= 0xA6 && bytes[2] <= 0xA9); /* 2066 to 2069 */
}

/* How many bytes the character at `at` has; 0: it is none, or one that no terminal should get, such
 * as controls, which XML cannot hold either. */
static size_t character_size(bylaw_text text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes + at;
    const size_t left = text.size - at;
    if (bytes[0] < 0x80)
        return bytes[0] >= ' ' || bytes[0] == '\n' || bytes[0] == '\t' ? bytes[0] != 0x7F : 0;
    const size_t size = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC2 ? 2 : 0;
    if (size == 0 || size > left || bytes[0] > 0xF4) return 0;
    if (bytes[0] == 0xC2 && bytes[1] < 0xA0) return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    const bool is_surrogate = bytes[0] == 0xED && bytes[1] >= 0xA0;
    const bool is_too_long = (bytes[0] == 0xE0 && bytes[1] < 0xA0) ||
                             (bytes[0] == 0xF0 && bytes[1] < 0x90);
    const bool is_too_large = bytes[0] == 0xF4 && bytes[1] >= 0x90;
    const bool is_none = bytes[0] == 0xEF && bytes[1] == 0xBF && bytes[2] >= 0xBE;
    if (size == 3 && plays_tricks(bytes)) return 0;
    return is_surrogate || is_too_long || is_too_large || is_none ? 0 : size;
}

/* How many bytes what cannot be shown has: they become one character. */
static size_t hidden_size(bylaw_text text, size_t at)
{
    size_t size = 1;
    while (at + size < text.size && ((unsigned char)text.bytes[at + size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* A name on one line, as it can be shown. */
static void put_words(tool_output *output, bylaw_text text)
{
    for (size_t at = 0; at < text.size;) {
        const size_t size = character_size(text, at);
        const bool is_blank = text.bytes[at] == '\n' || text.bytes[at] == '\t';
        if (size == 0)
            output_text(output, "\xEF\xBF\xBD");
        else
            output_write(output, is_blank ? " " : text.bytes + at, size);
        at += size > 0 ? size : hidden_size(text, at);
    }
}

static void put_text(test_report *report, const bylaw_scenario_result *result)
{
    tool_output *output = report->output;
    output_text(output, result->passed ? "ok   " : "FAIL ");
    output_write(output, result->place.bytes, result->place.size);
    output_text(output, " ");
    put_words(output, result->name);
    output_text(output, "\n");
    if (result->passed || result->report.size == 0) return;
    output_write(output, result->report.bytes, result->report.size);
    if (result->report.bytes[result->report.size - 1] != '\n') output_text(output, "\n");
}

/* ---- TAP ---- */

/* A description: `#` begins no directive. */
static void put_tap_words(tool_output *output, bylaw_text text)
{
    size_t done = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] != '#' && text.bytes[i] != '\\') continue;
        put_words(output, (bylaw_text){text.bytes + done, i - done});
        output_text(output, "\\");
        done = i;
    }
    put_words(output, (bylaw_text){text.bytes + done, text.size - done});
}

/* Each line behind a prefix. */
static void put_lines(tool_output *output, const char *prefix, bylaw_text text)
{
    bool is_start = true;
    for (size_t i = 0; i < text.size; i++) {
        if (is_start) output_text(output, prefix);
        output_write(output, &text.bytes[i], 1);
        is_start = text.bytes[i] == '\n';
    }
    if (!is_start) output_text(output, "\n");
}

static void put_tap(test_report *report, const bylaw_scenario_result *result)
{
    tool_output *output = report->output;
    char number[32];
    snprintf(number, sizeof number, "ok %lu - ", (unsigned long)report->number);
    if (!result->passed) output_text(output, "not ");
    output_text(output, number);
    put_tap_words(output, result->place);
    if (result->place.size > 0) output_text(output, " ");
    put_tap_words(output, result->name);
    output_text(output, "\n");
    if (result->passed || result->report.size == 0) return;
    output_text(output, "  ---\n  message: |\n");
    put_lines(output, "    ", result->report);
    output_text(output, "  ...\n");
}

/* ---- JUnit ---- */

static void append_xml(growing_text *to, bylaw_text text)
{
    for (size_t at = 0; at < text.size;) {
        const size_t size = character_size(text, at);
        switch (text.bytes[at]) {
        case '&': growing_text_add(to, "&amp;"); break;
        case '<': growing_text_add(to, "&lt;"); break;
        case '>': growing_text_add(to, "&gt;"); break;
        case '"': growing_text_add(to, "&quot;"); break;
        default:
            if (size == 0)
                growing_text_add(to, "\xEF\xBF\xBD");
            else
                growing_text_write(to, text.bytes + at, size);
        }
        at += size > 0 ? size : hidden_size(text, at);
    }
}

static bylaw_text first_line(bylaw_text text)
{
    const char *end = text.size > 0 ? memchr(text.bytes, '\n', text.size) : NULL;
    return end ? (bylaw_text){text.bytes, (size_t)(end - text.bytes)} : text;
}

static void put_junit(test_report *report, const bylaw_scenario_result *result)
{
    growing_text *cases = &report->cases;
    growing_text_add(cases, "    <testcase classname=\"");
    append_xml(cases, result->place.size > 0 ? result->place : slice(report->file));
    growing_text_add(cases, "\" name=\"");
    append_xml(cases, result->name);
    if (result->passed) {
        growing_text_add(cases, "\"/>\n");
        return;
    }
    growing_text_add(cases, "\">\n      <failure message=\"");
    append_xml(cases, first_line(result->report));
    growing_text_add(cases, "\">");
    append_xml(cases, result->report);
    growing_text_add(cases, "</failure>\n    </testcase>\n");
}

static void put_text_of(tool_output *output, const growing_text *text)
{
    if (text->size > 0) output_write(output, text->bytes, text->size);
}

static void put_suite(test_report *report)
{
    tool_output *output = report->output;
    growing_text name = {NULL, 0, 0, false};
    char counts[64];
    snprintf(counts, sizeof counts, "\" tests=\"%lu\" failures=\"%lu\">\n",
             (unsigned long)report->count, (unsigned long)report->failed);
    append_xml(&name, slice(report->file));
    output_text(output, "  <testsuite name=\"");
    put_text_of(output, &name);
    output_text(output, counts);
    put_text_of(output, &report->cases);
    if (report->covered.size > 0) {
        name.size = 0;
        append_xml(&name, (bylaw_text){report->covered.bytes, report->covered.size});
        output_text(output, "    <system-out>");
        put_text_of(output, &name);
        output_text(output, "</system-out>\n");
    }
    output_text(output, "  </testsuite>\n");
    report->cases.is_cut = report->cases.is_cut || name.is_cut;
    growing_text_free(&name);
}

/* ---- the report ---- */

void report_begin(test_report *report, const tool_arguments *arguments, tool_output *output)
{
    *report = (test_report){.arguments = arguments, .output = output};
    if (is_format(report, FORMAT_TAP)) output_text(output, "TAP version 13\n");
    if (is_format(report, FORMAT_JUNIT))
        output_text(output, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

void report_file(test_report *report, const char *file)
{
    report->file = file;
    report->count = report->failed = 0;
    report->cases.size = report->covered.size = 0;
}

void report_result(test_report *report, const bylaw_scenario_result *result)
{
    report->number++;
    report->count++;
    report->failed += !result->passed;
    if (is_format(report, BYLAW_JSON))
        put_json(report, result);
    else if (is_format(report, FORMAT_TAP))
        put_tap(report, result);
    else if (is_format(report, FORMAT_JUNIT))
        put_junit(report, result);
    else if (!result->passed || report->arguments->verbose)
        put_text(report, result);
}

/* What is no scenario is a result in the forms that only know results. */
static void put_other(test_report *report, const char *name, bool passed, const char *why)
{
    if (!is_format(report, FORMAT_TAP) && !is_format(report, FORMAT_JUNIT)) return;
    const bylaw_scenario_result result = {
        .name = slice(name), .place = slice(""), .passed = passed, .report = slice(why)};
    report_result(report, &result);
}

void report_broken(test_report *report, const char *why)
{
    char name[512];
    snprintf(name, sizeof name, "%s can be tested", report->file);
    put_other(report, name, false, why);
}

static void put_json_threshold(test_report *report, uint32_t percent, bool is_whole, bool is_enough)
{
    char line[96];
    snprintf(line, sizeof line, "{\"type\":\"threshold\",\"wanted\":%lu",
             (unsigned long)report->arguments->threshold);
    output_text(report->output, line);
    snprintf(line, sizeof line, ",\"percent\":%lu", (unsigned long)percent);
    if (is_whole) output_text(report->output, line);
    output_text(report->output, is_enough ? ",\"met\":true}\n" : ",\"met\":false}\n");
}

void report_threshold(test_report *report, uint32_t percent, bool is_whole)
{
    const uint32_t wanted = report->arguments->threshold;
    char name[64], why[96];
    if (wanted == 0) return;
    snprintf(name, sizeof name, "at least %lu %% is covered", (unsigned long)wanted);
    if (is_whole)
        snprintf(why, sizeof why, "%lu %% is covered, %lu %% is wanted\n", (unsigned long)percent,
                 (unsigned long)wanted);
    else
        snprintf(why, sizeof why, "not every file could be tested: what is covered is not known\n");
    const bool is_enough = is_whole && percent >= wanted;
    put_other(report, name, is_enough, why);
    if (is_format(report, BYLAW_JSON)) put_json_threshold(report, percent, is_whole, is_enough);
    const bool is_text = is_format(report, BYLAW_TEXT);
    if (is_text && !is_enough && !report->arguments->quiet) output_text(report->output, why);
}

void report_coverage(void *context, const char *bytes, size_t size)
{
    test_report *report = context;
    if (is_format(report, FORMAT_JUNIT))
        growing_text_write(&report->covered, bytes, size);
    else if (is_format(report, FORMAT_TAP))
        put_lines(report->output, "# ", (bylaw_text){bytes, size});
    else
        output_write(report->output, bytes, size);
}

void report_file_end(test_report *report)
{
    if (is_format(report, FORMAT_JUNIT)) put_suite(report);
}

bool report_end(test_report *report, uint32_t passed, uint32_t failed)
{
    char line[64];
    if (is_format(report, FORMAT_TAP)) {
        snprintf(line, sizeof line, "1..%lu\n", (unsigned long)report->number);
        output_text(report->output, line);
    } else if (is_format(report, FORMAT_JUNIT)) {
        output_text(report->output, "</testsuites>\n");
    } else if (is_format(report, BYLAW_TEXT) && !report->arguments->quiet) {
        snprintf(line, sizeof line, "%lu passed, %lu failed\n", (unsigned long)passed,
                 (unsigned long)failed);
        output_text(report->output, line);
    }
    const bool is_whole = !report->cases.is_cut && !report->covered.is_cut;
    growing_text_free(&report->cases);
    growing_text_free(&report->covered);
    return is_whole;
}
