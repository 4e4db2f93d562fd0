/*
 * Formats one text after the other, in one process, and tells what each compiles to:
 * tests/format_gaps.py tries every gap between two tokens, which is too much for a process each.
 *
 * A text comes on standard input as a line `NAME SIZE` and as many bytes; what it names is read
 * beside NAME. The answer is a line `STATUS SIZE NUMBER`, then the formatted text or what is wrong
 * with it. NUMBER is one for all programs that are the same but for places; 0 where there are
 * errors. With NAME `-` nothing is compiled.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handed.h"

enum { NAME_SIZE = 512 };

/* ---- one text ---- */

static uint64_t number_of(const bytes *program)
{
    uint64_t number = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < program->size; i++)
        number = (number ^ (unsigned char)program->at[i]) * UINT64_C(1099511628211);
    return number;
}

static uint64_t compile(bylaw_text name, bylaw_text text)
{
    loaded *files = NULL;
    const bylaw_compile_options options = {
        .name = name, .text = text, .load = load_named, .load_context = &files};
    bylaw_policy *policy;
    const bylaw_status status = bylaw_policy_compile(&options, &policy);
    bytes program = {0};
    if (status == BYLAW_OK) bylaw_policy_write(policy, true, into(&program));
    const uint64_t number = status == BYLAW_OK ? number_of(&program) : 0;
    free(program.at);
    bylaw_policy_destroy(policy);
    free_loaded(files);
    return number;
}

static void answer(bylaw_text name, const bytes *text)
{
    bytes out = {0};
    const bylaw_writer writer = into(&out);
    const bylaw_text given = text_of(text);
    const bylaw_status status = bylaw_policy_format(name, given, NULL, writer, writer);
    const bool is_compiled = name.size != 1 || name.bytes[0] != '-';
    printf("%d %zu %" PRIu64 "\n", (int)status, out.size, is_compiled ? compile(name, given) : 0);
    fwrite(out.at ? out.at : "", 1, out.size, stdout);
    fflush(stdout);
    free(out.at);
}

int main(void)
{
    char name[NAME_SIZE];
    size_t size;
    while (scanf("%511s %zu", name, &size) == 2 && getchar() == '\n') {
        bytes text = {0};
        add(&text, "", 0);
        for (size_t i = 0; i < size; i++) {
            const char byte = (char)getchar();
            add(&text, &byte, 1);
        }
        answer((bylaw_text){name, strlen(name)}, &text);
        free(text.at);
    }
    return feof(stdin) ? 0 : 1;
}
