/*
 * One policy from text to program: the passes, in their order.
 *
 * Signatures come before expressions, so that a policy may be written in any order. What a pass
 * finds wrong is reported and the next pass still runs, on what is whole: names that could not be
 * declared would only cause errors that are none, so expressions are looked at only where all names
 * are there.
 */
#include <string.h>

#include "check.h"
#include "limits.h"

/* ---- small things that all checks share ---- */

bl_text bl_check_words(bl_compiler *compiler, bl_buffer *buffer)
{
    char *copy = buffer->failed ? NULL
                                : bl_arena_copy(compiler->arena, buffer->bytes, buffer->size);
    bl_text words = {copy ? copy : "", copy ? buffer->size : 0};
    if (!copy) bl_check_nomem(compiler);
    bl_buffer_free(buffer);
    return words;
}

void bl_check_single(bl_compiler *compiler, const bl_node *first, const bl_node *again)
{
    bool is_other = first->kind != again->kind || first->kind == BL_NODE_CARDINALITY;
    bl_diagnostic *d = is_other ? bl_diag(compiler->diagnostics, BL_B0401, again->span,
                                          "this contradicts or repeats another clause")
                                : bl_diag(compiler->diagnostics, BL_B0401, again->span,
                                          "`%s` is said twice", bl_node_words(again->kind));
    bl_diag_label(compiler->diagnostics, d,
                  is_other ? "only one of the two can stand" : "said again here");
    bl_diag_note(compiler->diagnostics, d, first->span, "the first is here");
}

/* A property and a simulation ask about the policy; leaving them out changes nothing in it. */
static bool decides_nothing(const bl_node *later)
{
    return bl_text_equal(later->name, BL_TEXT("a property")) ||
           bl_text_equal(later->name, BL_TEXT("a simulation"));
}

/* The message about the first of the same sort. */
static bl_diagnostic *later_before(bl_compiler *compiler, const bl_node *later)
{
    for (bl_diagnostic *d = compiler->diagnostics->first; d; d = d->next)
        if ((d->code == BL_B0499 || d->code == BL_W0599) && d->message.size > later->name.size &&
            memcmp(d->message.bytes, later->name.bytes, later->name.size) == 0)
            return d;
    return NULL;
}

void bl_check_later(bl_compiler *compiler, const bl_node *later)
{
    bl_diagnostics *diagnostics = compiler->diagnostics;
    bool is_skipped = decides_nothing(later);
    if (is_skipped && later->span.file != 0) return; /* nobody asked for another file's */
    bl_diagnostic *before = later_before(compiler, later);
    if (before) {
        bl_diag_again(diagnostics, before, bl_name_span(later));
        return;
    }
    bl_diagnostic *d = bl_diag(diagnostics, is_skipped ? BL_W0599 : BL_B0499, bl_name_span(later),
                               "%.*s is not available yet%s", BL_NAME_ARGUMENT(later->name),
                               is_skipped ? " and is skipped" : "");
    bl_diag_label(diagnostics, d, is_skipped ? "skipped" : "not available yet");
    bl_diag_note(diagnostics, d, BL_SPAN_NONE, "it is planned");
}

bool bl_check_cites(bl_compiler *compiler, const bl_node *clauses, bl_text *out)
{
    bl_buffer words;
    bl_buffer_init(&words, compiler->arena->memory);
    for (; clauses; clauses = clauses->next) {
        if (clauses->kind != BL_NODE_CITES) continue;
        for (const bl_node *text = clauses->kids[BL_CITES_TEXTS]; text; text = text->next) {
            if (words.size > 0) bl_buffer_cstring(&words, "; ");
            bl_buffer_text(&words, text->name);
        }
    }
    bl_text joined = bl_check_words(compiler, &words);
    return bl_program_text(compiler, joined, out) && bl_check_memory(compiler);
}

/* ---- the passes ---- */

/* Everything that the grammar knows and the rest does not yet. The parser bounds the depth of
 * trees. */
static void check_later(bl_compiler *compiler, const bl_node *list)
{
    for (; list; list = list->next) {
        if (list->kind == BL_NODE_LATER) bl_check_later(compiler, list);
        for (unsigned i = 0; i < BL_NODE_KIDS; i++)
            check_later(compiler, list->kids[i]);
    }
}

/* Numbers of roles and scopes are kept in 16 bits, in instructions and in the keys of holdings. */
static bool report_count(bl_compiler *compiler)
{
    _Static_assert(BL_DECLARATION_COUNT_MAX < UINT16_MAX, "numbers of declarations have 16 bits");
    uint32_t count = 0;
    const bl_node *node = compiler->declarations;
    while (node && count < BL_DECLARATION_COUNT_MAX) {
        count++;
        node = node->next;
    }
    if (!node) return false;
    bl_diagnostic *d = bl_diag(compiler->diagnostics, BL_B0209, node->span,
                               "a policy may have %u declarations at most, those of the files it "
                               "uses counted too",
                               BL_DECLARATION_COUNT_MAX);
    bl_diag_label(compiler->diagnostics, d, "one too many");
    return true;
}

static bool declare(bl_check *check)
{
    if (report_count(check->compiler)) return bl_check_memory(check->compiler);
    return bl_symbols_declare(check->compiler) && bl_declare_signatures(check) &&
           bl_declare_every_clauses(check) && bl_check_memory(check->compiler);
}

static bool has_errors(const bl_check *check)
{
    return check->compiler->diagnostics->error_count > 0;
}

static bool compile_clauses(bl_check *check)
{
    return bl_check_attributes(check) && bl_check_roles(check) && bl_check_procedures(check) &&
           bl_check_kinds(check) && bl_check_rules(check) && bl_check_unused(check) &&
           bl_check_effect_circles(check);
}

static bool run_passes(bl_check *check)
{
    check_later(check->compiler, check->compiler->declarations);
    if (!declare(check)) return false;
    if (has_errors(check)) return true;
    if (!bl_check_mark_changes(check) || !bl_check_functions(check)) return false;
    if (has_errors(check)) return true; /* what calls a broken function has no type */
    if (!compile_clauses(check)) return false;
    return has_errors(check) || bl_lint(check);
}

/* ---- setting up ---- */

void bl_compiler_free_maps(bl_compiler *compiler, const bl_memory *memory)
{
    bl_map_free(memory, &compiler->symbol_of_name);
    bl_map_free(memory, &compiler->constant_of_key);
    bl_map_free(memory, &compiler->attribute_of_name);
}

/* The seed only spreads names over a table; it shows in no output. */
static uint64_t seed_of(const void *address)
{
    return (uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15);
}

static bl_compiler *compiler_create(bl_arena *arena, bl_arena *program_arena, bl_compilation *out)
{
    bl_compiler *compiler = bl_arena_alloc(arena, sizeof *compiler);
    bl_program *program = bl_arena_alloc(program_arena, sizeof *program);
    if (!compiler || !program) return NULL;
    program->names = bl_names_create(program_arena->memory, seed_of(program_arena));
    if (!program->names) return NULL;
    program->arena = program_arena;
    program->conflicts_body = BL_NONE;
    compiler->arena = arena;
    compiler->program = program;
    compiler->diagnostics = &out->diagnostics;
    return compiler;
}

bl_compiler bl_compiler_over(const bl_compiler *base, bl_arena *arena, bl_program *program,
                             bl_diagnostics *diagnostics)
{
    bl_compiler over = *base;
    over.arena = arena;
    over.program = program;
    over.diagnostics = diagnostics;
    over.constant_of_key = (bl_map){0};
    over.role_marks = over.function_marks = (bl_marks){0};
    over.roles_used = NULL;
    over.role_used_count = 0;
    return over;
}

bool bl_compile(bl_arena *arena, bl_arena *program_arena, bl_text name, bl_text text, bl_load load,
                void *load_context, bl_compilation *out)
{
    *out = (bl_compilation){0};
    bl_diagnostics_init(&out->diagnostics, arena);
    bl_compiler *compiler = compiler_create(arena, program_arena, out);
    if (!compiler) {
        out->diagnostics.out_of_memory = true;
        return false;
    }
    out->compiler = compiler;
    bl_check check = {.compiler = compiler};
    bl_node *scenarios = NULL;
    bool done = bl_modules_load(compiler, out, name, text, load, load_context, &scenarios);
    out->scenarios = scenarios;
    if (done && out->diagnostics.error_count == 0) done = run_passes(&check);
    if (!done || !bl_check_memory(compiler)) {
        out->diagnostics.out_of_memory = true;
        return false;
    }
    if (out->diagnostics.error_count > 0) return false;
    out->program = compiler->program;
    return true;
}
