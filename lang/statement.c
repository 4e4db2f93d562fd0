/*
 * Statements that a person says in a living world: compiled against its policy, run by its engine.
 */
#include "statement.h"

#include <assert.h>

#include "emit.h"
#include "scenario_run.h"

/* ---- names ---- */

/* What the statements name, looked up in the world. */
typedef struct lookup {
    bl_statements *statements;
    const bl_engine *engine;
    bl_names *seen;
    const bl_local *known;
    bool offers; /* near names too, for messages */
    bool out_of_memory;
} lookup;

static void know(lookup *l, bl_text name, bl_base base, uint32_t index)
{
    bl_local *local = bl_arena_alloc(&l->statements->arena, sizeof *local);
    if (!local) {
        l->out_of_memory = true;
        return;
    }
    const bl_type type = {.base = (uint8_t)base, .index = index};
    *local = (bl_local){.name = name, .type = type, .slot = BL_NONE, .next = l->known};
    l->known = local;
}

/* The kind in front of the number, where the machine could make this id; BL_NONE. */
static uint32_t kind_of_generated(const lookup *l, bl_text name)
{
    size_t size = name.size;
    while (size > 0 && name.bytes[size - 1] >= '0' && name.bytes[size - 1] <= '9')
        size--;
    if (size == name.size || size < 2 || name.bytes[size - 1] != '_') return BL_NONE;
    const bl_symbol *symbol = bl_symbol_find(&l->statements->compiler,
                                             (bl_text){name.bytes, size - 1});
    return symbol && symbol->kind == BL_SYMBOL_KIND ? symbol->index : BL_NONE;
}

/* What nobody has that name is perhaps a slip for another: known, it is offered in the message. */
static void offer_nearest(lookup *l, bl_text name)
{
    bl_nearest nearest = bl_nearest_to(name);
    for (uint32_t i = 0; i < bl_names_count(l->engine->ids); i++)
        bl_nearest_offer(&nearest, bl_names_text(l->engine->ids, i));
    if (nearest.best.size > 0) know(l, nearest.best, BL_BASE_PROPOSAL, BL_NONE);
}

static void look_up(lookup *l, bl_text name)
{
    const uint32_t count = bl_names_count(l->seen);
    const uint32_t number = bl_names_add(l->seen, name);
    if (number == BL_NONE) l->out_of_memory = true;
    if (number != count || bl_name_is_taken(&l->statements->compiler, name)) return;
    for (uint32_t scope = 0; scope < l->engine->program->scope_count; scope++)
        if (bl_instance_find(l->engine, scope, name) != BL_NONE)
            know(l, name, BL_BASE_INSTANCE, scope);
    const bl_proposal *proposal = bl_proposal_find(l->engine, name);
    const uint32_t kind = proposal ? proposal->kind : kind_of_generated(l, name);
    if (kind != BL_NONE)
        know(l, name, BL_BASE_PROPOSAL, kind);
    else if (l->offers)
        offer_nearest(l, name);
}

/* The depth is bounded: the parser leaves out what is too deep. */
static void look_up_all(lookup *l, const bl_node *list)
{
    for (const bl_node *node = list; node && !l->out_of_memory; node = node->next) {
        if (node->kind == BL_NODE_NAME || node->kind == BL_NODE_TEXT) look_up(l, node->name);
        for (int i = 0; i < BL_NODE_KIDS; i++)
            look_up_all(l, node->kids[i]);
    }
}

static bool find_names(bl_statements *statements, const bl_engine *engine, const bl_memory *memory,
                       bool offers, const bl_local **known)
{
    lookup l = {.statements = statements, .engine = engine, .offers = offers};
    l.seen = bl_names_create(memory, (uint64_t)(uintptr_t)statements);
    l.out_of_memory = !l.seen;
    if (l.seen) look_up_all(&l, statements->first);
    bl_names_destroy(l.seen);
    *known = l.known;
    return !l.out_of_memory;
}

/* ---- compiling ---- */

static bool add_source(bl_statements *s, bl_text name, bl_text text, uint32_t *file)
{
    *file = s->program.source_count;
    if (!bl_table_row(&s->compiler, source)) return false;
    bl_source *source = &s->program.sources[*file];
    if (bl_source_init(source, &s->arena, name, text)) return true;
    s->program.source_count--;
    return false;
}

/* False when out of memory. */
static bool compile(bl_statements *s, const bl_memory *memory, const bl_engine *engine,
                    bl_text name, bl_text text, bool offers)
{
    uint32_t file;
    const bl_local *known;
    if (!s->program.names || !add_source(s, name, text, &file)) return false;
    s->first = bl_parse_statements(&s->arena, file, text, &s->diagnostics);
    if (s->diagnostics.out_of_memory) return false;
    if (s->diagnostics.error_count > 0) return true; /* what is broken has other names */
    return find_names(s, engine, memory, offers, &known) &&
           bl_scenario_check(&s->compiler, known, s->first) && !s->diagnostics.out_of_memory;
}

static bylaw_status begin(bl_statements *s, const bl_memory *memory, const bylaw_policy *policy,
                          const bl_engine *engine, bl_text name, bl_text text, bool offers)
{
    *s = (bl_statements){.program = *policy->program};
    bl_arena_init(&s->arena, memory);
    bl_diagnostics_init(&s->diagnostics, &s->arena);
    s->program.arena = &s->arena;
    s->program.names = bl_names_create_over(policy->program->names, memory);
    s->compiler = bl_compiler_over(bl_policy_compilation(policy)->compiler, &s->arena, &s->program,
                                   &s->diagnostics);
    if (!compile(s, memory, engine, name, text, offers)) return BYLAW_NOMEM;
    return s->diagnostics.error_count > 0 ? BYLAW_ERRORS : BYLAW_OK;
}

/* To look for near names takes long in a large world: only where there is something to tell. */
bylaw_status bl_statements_compile(bl_statements *s, const bl_memory *memory,
                                   const bylaw_policy *policy, const bl_engine *engine,
                                   bl_text name, bl_text text)
{
    assert(policy->program && bl_policy_compilation(policy));
    const bylaw_status status = begin(s, memory, policy, engine, name, text, false);
    if (status != BYLAW_ERRORS) return status;
    bl_statements_free(s);
    return begin(s, memory, policy, engine, name, text, true);
}

void bl_statements_free(bl_statements *s)
{
    bl_map_free(s->arena.memory, &s->compiler.constant_of_key);
    bl_names_destroy(s->program.names);
    bl_arena_destroy(&s->arena);
}

/* ---- saying ---- */

static bylaw_status complain(const bl_statements *s, const bl_memory *memory,
                             const bylaw_say_options *options)
{
    if (!options->complaints.write) return BYLAW_ERRORS;
    bl_buffer text;
    bl_buffer_init(&text, memory);
    bl_diagnostics_write(&s->diagnostics, s->program.sources, s->program.source_count,
                         (bl_style){options->color}, &text);
    const bylaw_status status = text.failed ? BYLAW_NOMEM : BYLAW_ERRORS;
    if (!text.failed) options->complaints.write(options->complaints.context, text.bytes, text.size);
    bl_buffer_free(&text);
    return status;
}

bylaw_status bl_statements_live(bl_engine *engine, const bl_statements *s,
                                const bylaw_say_options *options)
{
    if (!engine->has_time && engine->now == 0) engine->now = BL_SCENARIO_START;
    bl_runner r;
    bl_runner_init(&r, &engine->memory);
    r.program = &s->program;
    r.sources = s->program.sources;
    r.engine = engine;
    r.color = options->color;
    r.is_live = true;
    r.lines = options->lines;
    r.clock = engine->now;
    r.host = engine->options;
    engine->options.outcome = bl_runner_notice;
    engine->options.context = &r;
    bl_runner_do(&r, s->first);
    engine->options.outcome = r.host.outcome;
    engine->options.context = r.host.context;
    bylaw_status status = r.status;
    if (status == BYLAW_OK && r.has_failed) {
        status = BYLAW_STOPPED;
        if (options->complaints.write)
            options->complaints.write(options->complaints.context, r.report.bytes, r.report.size);
    }
    bl_runner_free(&r);
    return status;
}

bylaw_status bylaw_engine_say(bylaw_engine *engine, bylaw_policy *policy, bylaw_text statements,
                              const bylaw_say_options *options)
{
    assert(engine && policy && options && (statements.bytes || statements.size == 0));
    if (engine->out_of_memory) return BYLAW_NOMEM;
    assert(engine->line_size_seen == 0);
    if (!bl_policy_compilation(policy)) return BYLAW_NO_SOURCE;
    if (!policy->program) return BYLAW_ERRORS;
    assert(engine->program == policy->program);
    bl_statements s;
    bylaw_status status = bl_statements_compile(&s, &engine->memory, policy, engine,
                                                (bl_text){options->name.bytes, options->name.size},
                                                (bl_text){statements.bytes, statements.size});
    if (status == BYLAW_OK)
        status = bl_statements_live(engine, &s, options);
    else if (status == BYLAW_ERRORS)
        status = complain(&s, &engine->memory, options);
    bl_statements_free(&s);
    if (status == BYLAW_NOMEM) engine->out_of_memory = true;
    return status;
}
