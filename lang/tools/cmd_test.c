/*
 * bylaw test: the scenarios of policies; of a folder, those of every *.bylaw file below it, in the
 * order of their names.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"
#include "policy_folder.h"
#include "test_report.h"

typedef struct test_run {
    const tool_arguments *arguments;
    uint32_t passed;
    uint32_t failed;
    uint32_t goals; /* of coverage, in all files */
    uint32_t reached;
    exit_status status;
    tool_output output; /* standard output */
    tool_output beside; /* standard error, where standard output is a page */
    test_report report;
} test_run;

static void note_status(test_run *run, exit_status status)
{
    if (status > run->status) run->status = status;
}

static void drop(void *context, const char *bytes, size_t size)
{
    (void)context;
    (void)bytes;
    (void)size;
}

static bool is_page(const test_run *run)
{
    return run->arguments->coverage == COVERAGE_PAGE;
}

static void complain_memory(test_run *run)
{
    fprintf(stderr, "bylaw: %s\n", bylaw_status_text(BYLAW_NOMEM));
    note_status(run, STATUS_FAILED);
}

/* ---- one file ---- */

static void print_result(void *context, const bylaw_scenario_result *result)
{
    test_run *run = context;
    report_result(&run->report, result);
}

/* Colors are for terminals: not inside of other forms. */
static bool is_colored(const test_run *run)
{
    return run->arguments->format == BYLAW_TEXT &&
           wants_color(run->arguments, run->report.output->descriptor);
}

static void print_coverage(test_run *run, const bylaw_policy *policy)
{
    const tool_arguments *arguments = run->arguments;
    uint32_t reached = 0, goals = 0;
    bylaw_writer out = {report_coverage, &run->report};
    bylaw_format format = arguments->format == BYLAW_JSON ? BYLAW_JSON : BYLAW_TEXT;
    if (is_page(run)) {
        out = output_writer(&run->output);
        format = BYLAW_HTML;
    }
    if (arguments->quiet && !is_page(run)) out.write = drop;
    if (bylaw_policy_coverage(policy, format, is_colored(run), out, &reached, &goals) != BYLAW_OK)
        complain_memory(run);
    run->reached += reached;
    run->goals += goals;
}

static void test_policy(test_run *run, bylaw_policy *policy, const char *path)
{
    const bylaw_test_options options = {
        .result = print_result,
        .context = run,
        .only = {run->arguments->only, strlen(run->arguments->only)},
        .color = is_colored(run),
        .coverage = run->arguments->coverage != COVERAGE_NONE};
    uint32_t passed = 0, failed = 0;
    const bylaw_status status = bylaw_policy_test(policy, &options, &passed, &failed);
    run->passed += passed;
    run->failed += failed;
    if (failed > 0) note_status(run, STATUS_FINDINGS);
    if (status == BYLAW_OK && options.coverage) print_coverage(run, policy);
    if (status == BYLAW_OK) return;
    fprintf(stderr, "bylaw: cannot test %s: %s\n", path, bylaw_status_text(status));
    note_status(run, STATUS_FAILED);
}

static exit_status test_file(void *context, const char *path)
{
    test_run *run = context;
    bylaw_policy *policy;
    const exit_status opened = policy_open(run->arguments, path, &policy);
    report_file(&run->report, path);
    if (opened == STATUS_FINE) {
        test_policy(run, policy, path);
        bylaw_policy_destroy(policy);
    } else {
        report_broken(&run->report,
                      opened == STATUS_POLICY ? "it does not compile\n" : "it cannot be read\n");
    }
    report_file_end(&run->report);
    return opened;
}

/* ---- the verb ---- */

/* What the files together come to, where there are several and somebody asked. */
static void end_coverage(test_run *run)
{
    const tool_arguments *arguments = run->arguments;
    if (arguments->coverage == COVERAGE_NONE) return;
    const uint32_t percent = run->goals == 0
                                 ? 100
                                 : (uint32_t)((uint64_t)run->reached * 100 / run->goals);
    const bool is_whole = run->status < STATUS_POLICY; /* every file was tested */
    if (percent < arguments->threshold) note_status(run, STATUS_FINDINGS);
    report_file(&run->report, "coverage");
    report_threshold(&run->report, percent, is_whole);
    if (run->report.count > 0) report_file_end(&run->report);
}

/* False: a page is text, and nothing else. */
static bool check_forms(const tool_arguments *arguments)
{
    if (arguments->coverage != COVERAGE_PAGE || arguments->format == BYLAW_TEXT) return true;
    fputs("bylaw: --coverage=html writes a page: say it without --format\n", stderr);
    return false;
}

static void test_operands(test_run *run)
{
    const tool_arguments *arguments = run->arguments;
    if (arguments->operand_count == 0) note_status(run, policy_folder_visit(".", test_file, run));
    for (size_t i = 0; i < arguments->operand_count; i++)
        note_status(run, policy_folder_visit(arguments->operands[i], test_file, run));
}

/* A slip in a pattern must not look like success. */
static void check_pattern(test_run *run)
{
    const char *only = run->arguments->only;
    if (only[0] == '\0' || run->passed + run->failed > 0) return;
    fprintf(stderr, "bylaw: no scenario has `%s` in its name\n", only);
    note_status(run, STATUS_FINDINGS);
}

exit_status cmd_test(const tool_arguments *arguments)
{
    test_run run = {.arguments = arguments};
    if (!check_forms(arguments)) return STATUS_USAGE;
    output_init(&run.output, STDOUT_FILENO);
    output_init(&run.beside, STDERR_FILENO);
    report_begin(&run.report, arguments, is_page(&run) ? &run.beside : &run.output);
    const bylaw_writer page = output_writer(&run.output);
    if (is_page(&run) && bylaw_coverage_page_begin(NULL, page) != BYLAW_OK) complain_memory(&run);
    test_operands(&run);
    if (is_page(&run) && bylaw_coverage_page_end(NULL, page) != BYLAW_OK) complain_memory(&run);
    end_coverage(&run);
    check_pattern(&run);
    if (!report_end(&run.report, run.passed, run.failed)) complain_memory(&run);
    output_flush(&run.beside);
    return output_finish(&run.output) ? run.status : STATUS_FAILED;
}
