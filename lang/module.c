/*
 * The files of one policy: `use` and `extends`, and the one list of declarations they make.
 *
 * Files form layers. Layer 0 is the main file with what it uses; each `extends` adds a deeper
 * layer, with what that file uses. A declaration replaces whole the ones of deeper layers that have
 * the same head: the same name, the same kind of actor, `every proposal` on the same scope, `on`
 * the same event. Within a layer a second one is a duplicate, which resolve.c reports. Each file is
 * read once.
 */
#include "check.h"
#include "emit.h"
#include "library.h"

#include "../runtime/bytecode.h"
#include "../runtime/limits.h"

typedef struct module {
    bl_text name; /* as shown: it also tells files apart */
    uint32_t file;
    uint32_t parent; /* the module that named it; BL_NONE for the main one */
    bool is_used; /* by `use`: its policy line says nothing */
    bool is_open; /* what it names is being read: naming it again is a circle */
} module;

/* A declaration with its layer, in the order of the program. */
typedef struct item {
    bl_node *node;
    uint32_t layer;
    struct item *next;
} item;

typedef struct loader {
    bl_compiler *compiler;
    bl_compilation *compilation;
    bl_load load;
    void *load_context;
    module modules[BL_MODULE_COUNT_MAX];
    uint32_t module_count;
    item *first;
    item **end;
    bl_node **scenarios_end;
    bl_node **heads_end;
} loader;

static bool read_module(loader *l, uint32_t index, uint32_t layer);

/* ---- sources ---- */

static bool add_source(loader *l, bl_text name, bl_text text, uint32_t *file)
{
    bl_compiler *compiler = l->compiler;
    bl_compilation *compilation = l->compilation;
    bl_source *grown = bl_arena_array(compiler->arena, compilation->source_count + 1,
                                      sizeof *grown);
    if (!grown) return bl_check_nomem(compiler);
    for (uint32_t i = 0; i < compilation->source_count; i++)
        grown[i] = compilation->sources[i];
    *file = compilation->source_count;
    if (!bl_source_init(&grown[*file], compiler->arena, name, text))
        return bl_check_nomem(compiler);
    compilation->sources = grown;
    compilation->source_count++;
    if (!bl_table_row(compiler, source)) return bl_check_nomem(compiler);
    bl_program *program = compiler->program;
    if (!bl_source_init(&program->sources[*file], program->arena, name, text))
        return bl_check_nomem(compiler);
    return true;
}

static bool add_module(loader *l, bl_text name, bl_text text, uint32_t parent, uint32_t *index)
{
    uint32_t file = BL_NONE;
    if (!add_source(l, name, text, &file)) return false;
    *index = l->module_count++;
    l->modules[*index] = (module){
        .name = l->compilation->sources[file].name, .file = file, .parent = parent};
    return true;
}

/* ---- naming other files ---- */

/* "a -> b -> a": from where the circle begins to the file that closes it. */
static bl_text chain_words(loader *l, uint32_t from, uint32_t to)
{
    uint32_t chain[BL_MODULE_COUNT_MAX];
    uint32_t count = 0;
    for (uint32_t at = from; at != BL_NONE && count < BL_MODULE_COUNT_MAX;
         at = l->modules[at].parent) {
        chain[count++] = at;
        if (at == to) break;
    }
    bl_buffer words;
    bl_buffer_init(&words, l->compiler->arena->memory);
    while (count > 0) {
        bl_buffer_text(&words, l->modules[chain[--count]].name);
        bl_buffer_cstring(&words, " -> ");
    }
    bl_buffer_text(&words, l->modules[to].name);
    return bl_check_words(l->compiler, &words);
}

static void report_circle(loader *l, const bl_node *path, uint32_t from, uint32_t to)
{
    bl_diagnostics *diagnostics = l->compiler->diagnostics;
    bl_text chain = chain_words(l, from, to);
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0205, path->span,
                               "these files bring each other in: %.*s", BL_NAME_ARGUMENT(chain));
    bl_diag_label(diagnostics, d, "this closes the circle");
}

static void report_unreadable(loader *l, const bl_node *path)
{
    bl_diagnostics *diagnostics = l->compiler->diagnostics;
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0204, path->span,
                               "there is no file or library `%.*s`", BL_NAME_ARGUMENT(path->name));
    bl_diag_label(diagnostics, d, "not found");
    bl_nearest nearest = bl_nearest_to(path->name);
    for (size_t i = 0; i < bl_library_file_count; i++)
        bl_nearest_offer(&nearest, bl_text_of(bl_library_files[i].path));
    bl_nearest_help(l->compiler, d, &nearest);
    if (nearest.best.size) return;
    bl_diag_help(diagnostics, d,
                 "a library is named like `std/procedures`, a file by its path from this one");
}

static void report_compiled(loader *l, const bl_node *path)
{
    bl_diagnostics *diagnostics = l->compiler->diagnostics;
    bl_diagnostic *d = bl_diag(diagnostics, BL_B0210, path->span,
                               "`%.*s` is a compiled policy, and what it declares can only be "
                               "used from its text",
                               BL_NAME_ARGUMENT(path->name));
    bl_diag_label(diagnostics, d, "compiled");
    bl_diag_help(diagnostics, d,
                 "name the file it was compiled from; a compiled policy has all it uses in it");
}

static uint32_t find_module(const loader *l, bl_text name)
{
    for (uint32_t i = 0; i < l->module_count; i++)
        if (bl_text_equal(l->modules[i].name, name)) return i;
    return BL_NONE;
}

/* Reads the file that `path` (a TEXT) names, unless it was read already. */
static bool bring_in(loader *l, uint32_t from, bl_node *path, uint32_t layer, bool is_used)
{
    bl_text shown = path->name, text;
    if (!l->load || !l->load(l->load_context, path->name, l->modules[from].name, &shown, &text)) {
        report_unreadable(l, path);
        return true;
    }
    if (bl_bytecode_begins(text)) {
        report_compiled(l, path);
        return true;
    }
    uint32_t known = find_module(l, shown);
    if (known != BL_NONE) {
        path->ref = l->modules[known].file;
        if (l->modules[known].is_open) report_circle(l, path, from, known);
        return true;
    }
    if (l->module_count == BL_MODULE_COUNT_MAX) {
        bl_diagnostic *d = bl_diag(l->compiler->diagnostics, BL_B0206, path->span,
                                   "a policy may consist of %d files at most", BL_MODULE_COUNT_MAX);
        bl_diag_label(l->compiler->diagnostics, d, "one too many");
        return true;
    }
    uint32_t index;
    if (!add_module(l, shown, text, from, &index)) return false;
    l->modules[index].is_used = is_used;
    path->ref = l->modules[index].file;
    return read_module(l, index, layer);
}

/* ---- collecting ---- */

static bool add_item(loader *l, bl_node *node, uint32_t layer)
{
    item *added = bl_arena_alloc(l->compiler->arena, sizeof *added);
    if (!added) return bl_check_nomem(l->compiler);
    *added = (item){.node = node, .layer = layer};
    *l->end = added;
    l->end = &added->next;
    return true;
}

/* The policy's face: the main file's, with gaps filled from what it extends. */
static bool take_face(loader *l, const bl_node *policy, uint32_t layer)
{
    bl_compiler *compiler = l->compiler;
    bl_program *program = compiler->program;
    if (policy->flags & BL_FLAG_EXACT) program->handles_exact = true;
    if (layer == 0 && !bl_program_text(compiler, policy->name, &program->policy_name)) return false;
    const bl_node *title = policy->kids[BL_POLICY_TITLE];
    if (layer > 0 && program->policy_title.size > 0) return true;
    return bl_program_title(compiler, title, &program->policy_title);
}

static bl_node *policy_of(loader *l, bl_node *file)
{
    bl_node *first = NULL;
    for (bl_node *node = file->kids[BL_FILE_DECLS]; node; node = node->next) {
        if (node->kind != BL_NODE_POLICY) continue;
        if (!first) {
            first = node;
            continue;
        }
        bl_diagnostic *d = bl_diag(l->compiler->diagnostics, BL_B0202, bl_name_span(node),
                                   "a file has one `policy` line");
        bl_diag_label(l->compiler->diagnostics, d, "a second one");
        bl_diag_note(l->compiler->diagnostics, d, bl_name_span(first), "the first is here");
    }
    return first;
}

static bool collect(loader *l, bl_node *node, uint32_t index, uint32_t layer)
{
    if (node->kind == BL_NODE_POLICY || node->kind == BL_NODE_USE) {
        const bool is_said = node->kind == BL_NODE_USE || !l->modules[index].is_used;
        if (is_said) {
            *l->heads_end = node;
            l->heads_end = &node->next;
        }
        return true;
    }
    if (node->kind == BL_NODE_SCENARIO) {
        if (index == 0) {
            *l->scenarios_end = node;
            l->scenarios_end = &node->next;
        }
        return true;
    }
    return add_item(l, node, layer);
}

static bool read_policy_line(loader *l, uint32_t index, bl_node *policy, uint32_t layer)
{
    if (!take_face(l, policy, layer)) return false;
    bl_node *base = policy->kids[BL_POLICY_EXTENDS];
    return !base || bring_in(l, index, base, layer + 1, false);
}

/* The order is: what the file extends, what it uses, what it declares. */
static bool read_declarations(loader *l, uint32_t index, bl_node *file, uint32_t layer)
{
    bl_node *policy = policy_of(l, file);
    if (policy && !l->modules[index].is_used && !read_policy_line(l, index, policy, layer))
        return false;
    for (bl_node *node = file->kids[BL_FILE_DECLS]; node; node = node->next)
        if (node->kind == BL_NODE_USE && !bring_in(l, index, node->kids[BL_USE_PATH], layer, true))
            return false;
    bl_node *next;
    for (bl_node *node = file->kids[BL_FILE_DECLS]; node; node = next) {
        next = node->next;
        node->next = NULL;
        if (!collect(l, node, index, layer)) return false;
    }
    return true;
}

/* Recursion is bounded by BL_MODULE_COUNT_MAX: each file is read once. */
static bool read_module(loader *l, uint32_t index, uint32_t layer)
{
    bl_compiler *compiler = l->compiler;
    uint32_t file = l->modules[index].file;
    bl_node *tree = bl_parse(compiler->arena, file, l->compilation->sources[file].content,
                             compiler->diagnostics);
    if (!tree) return bl_check_nomem(compiler);
    l->modules[index].is_open = true;
    bool done = read_declarations(l, index, tree, layer);
    l->modules[index].is_open = false;
    return done;
}

/* ---- replacing ---- */

static bl_text scope_word(const bl_node *every)
{
    const bl_node *scope = every->kids[BL_EVERY_PROPOSAL_SCOPE];
    return scope ? scope->name : BL_TEXT("");
}

/* What two declarations share of which one would stand in place of the other. */
typedef struct head {
    uint32_t sort; /* 0: of nothing else */
    bl_text word;
} head;

static head head_of(const bl_node *node)
{
    const uint32_t actors = BL_FLAG_PERSON | BL_FLAG_ORGANIZATION | BL_FLAG_AGENT;
    bl_symbol_kind kind;
    if (bl_symbol_kind_of(node, &kind))
        return (head){1, node->name}; /* all share one space of names */
    switch (node->kind) {
    case BL_NODE_ACTOR: return (head){2 + (node->flags & actors) * 8, BL_TEXT("")};
    case BL_NODE_EVERY_PROPOSAL: return (head){3, scope_word(node)};
    case BL_NODE_RULE: return (head){4, node->name};
    case BL_NODE_CONFLICTS: return (head){5, BL_TEXT("")};
    default: return (head){0, BL_TEXT("")};
    }
}

bool bl_has_same_head(const bl_node *a, const bl_node *b)
{
    const head one = head_of(a), other = head_of(b);
    return one.sort != 0 && one.sort == other.sort && bl_text_equal(one.word, other.word);
}

/* The lowest layer that has each head. */
typedef struct layers {
    const bl_memory *memory;
    bl_names *words;
    bl_map lowest; /* sort in the upper half, word in the lower */
} layers;

/* False when out of memory. */
static bool note_layer(layers *known, const item *at)
{
    const head own = head_of(at->node);
    if (own.sort == 0) return true;
    const uint32_t word = bl_names_add(known->words, own.word);
    if (word == BL_NONE) return false;
    const uint64_t key = (uint64_t)own.sort << 32 | word;
    return bl_map_get(&known->lowest, key) <= at->layer || /* BL_NONE is above all */
           bl_map_put(known->memory, &known->lowest, key, at->layer);
}

static bool is_replaced(const layers *known, const item *old)
{
    const head own = head_of(old->node);
    if (own.sort == 0) return false;
    const uint64_t key = (uint64_t)own.sort << 32 | bl_names_find(known->words, own.word);
    return bl_map_get(&known->lowest, key) < old->layer;
}

static void link_items(loader *l, const layers *known)
{
    bl_node **link = &l->compiler->declarations;
    for (const item *at = l->first; at; at = at->next) {
        if (at->layer > 0 && is_replaced(known, at)) continue;
        *link = at->node;
        link = &at->node->next;
    }
    *link = NULL;
}

/* What a policy declares stands in place of what it extends. */
static bool link_declarations(loader *l)
{
    const bl_memory *memory = l->compiler->arena->memory;
    layers known = {.memory = memory, .words = bl_names_create(memory, (uintptr_t)l)};
    bool done = known.words != NULL;
    for (const item *at = l->first; at && done; at = at->next)
        done = note_layer(&known, at);
    if (done) link_items(l, &known);
    bl_map_free(memory, &known.lowest);
    if (known.words) bl_names_destroy(known.words);
    return done || bl_check_nomem(l->compiler);
}

/* Those of one sort, so that nobody looks for them among all others again and again. */
static bool list_declared(bl_compiler *compiler, bl_node_kind kind, bl_declared *out)
{
    uint32_t most = 0;
    for (const bl_node *node = compiler->declarations; node; node = node->next)
        most += node->kind == kind;
    out->items = bl_arena_array(compiler->arena, most, sizeof(bl_node *));
    if (!out->items) return bl_check_nomem(compiler);
    for (bl_node *node = compiler->declarations; node; node = node->next)
        if (node->kind == kind) out->items[out->count++] = node;
    return true;
}

bool bl_modules_load(bl_compiler *compiler, bl_compilation *compilation, bl_text name, bl_text text,
                     bl_load load, void *load_context, bl_node **scenarios)
{
    loader *l = bl_arena_alloc(compiler->arena, sizeof *l);
    if (!l) return bl_check_nomem(compiler);
    *l = (loader){.compiler = compiler,
                  .compilation = compilation,
                  .load = load,
                  .load_context = load_context,
                  .scenarios_end = scenarios,
                  .heads_end = &compilation->heads};
    l->end = &l->first;
    *scenarios = NULL;
    uint32_t index;
    if (!add_module(l, name, text, BL_NONE, &index) || !read_module(l, index, 0)) return false;
    return link_declarations(l) &&
           list_declared(compiler, BL_NODE_EVERY_PROPOSAL, &compiler->every) &&
           list_declared(compiler, BL_NODE_RULE, &compiler->rules);
}
