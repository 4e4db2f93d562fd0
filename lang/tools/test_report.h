/*
 * Test reports: results of scenarios as text, JSON Lines, TAP or JUnit XML.
 *
 * One report is about one run of `bylaw test`; its results come file by file. Text goes where the
 * report is told to, which is standard error where standard output is a page.
 */
#ifndef TOOLS_TEST_REPORT_H
#define TOOLS_TEST_REPORT_H

#include "growing_text.h"
#include "options.h"
#include "output.h"

typedef struct test_report {
    const tool_arguments *arguments;
    tool_output *output;
    const char *file; /* whose results come now */
    uint32_t number; /* of the last result of all, for TAP */
    uint32_t count; /* of the file's, for JUnit */
    uint32_t failed;
    growing_text cases; /* of JUnit, which counts before it lists */
    growing_text covered; /* said of the file's coverage */
} test_report;

void report_begin(test_report *report, const tool_arguments *arguments, tool_output *output);
/* A file begins, and ends. */
void report_file(test_report *report, const char *file);
void report_file_end(test_report *report);
void report_result(test_report *report, const bylaw_scenario_result *result);
/* The file has no results: what is wrong with it is on standard error. */
void report_broken(test_report *report, const char *why);
/* Whether enough is covered, where a threshold was named; it is not where a file has no results. */
void report_threshold(test_report *report, uint32_t percent, bool is_whole);
/* For a bylaw_writer that takes what is to say of coverage; `context` is the report. */
void report_coverage(void *context, const char *bytes, size_t size);
/* False: memory did not suffice. */
bool report_end(test_report *report, uint32_t passed, uint32_t failed);

#endif
