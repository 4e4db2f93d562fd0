/*
 * From checked declarations to a program: the shared state of the passes and what they offer each
 * other.
 *
 *   parse.c    text -> tree of one file
 *   module.c   `use` and `extends`: trees of all files -> one list of declarations
 *   resolve.c  names and signatures: a symbol and a table row for every declaration
 *   check_*.c, compile.c  clauses of each declaration -> rows of the program's tables
 *   typing.c   types of expressions; writes node->type, node->ref
 *   emit.c     typed expressions -> chunks, bodies, conditions, effects
 *
 * A pass that finds an error reports it and goes on; nothing runs where error_count > 0.
 */
#ifndef BL_COMPILE_H
#define BL_COMPILE_H

#include "../runtime/diag.h"
#include "ast.h"

typedef enum bl_symbol_kind {
    BL_SYMBOL_SCOPE,
    BL_SYMBOL_ROLE,
    BL_SYMBOL_BODY, /* index: BL_NONE; its expression is compiled where it is used */
    BL_SYMBOL_LADDER, /* index: BL_NONE; its rungs are compiled for each kind that climbs it */
    BL_SYMBOL_KIND,
    BL_SYMBOL_PROCEDURE,
    BL_SYMBOL_EVENT,
    BL_SYMBOL_LET, /* a function without parameters */
    BL_SYMBOL_FUNCTION
} bl_symbol_kind;

typedef struct bl_symbol {
    bl_symbol_kind kind;
    uint32_t name; /* in program->names */
    uint32_t index; /* row in the program's table of that kind (functions for LET and FUNCTION) */
    bl_node *node;
    bool is_typed; /* of a body: some expression has brought it in */
} bl_symbol;

/* Declarations of one sort, in their order. */
typedef struct bl_declared {
    bl_node **items;
    uint32_t count;
} bl_declared;

/* Marks on numbers, all taken away at once by another stamp. Zero-initialise it. */
typedef struct bl_marks {
    uint32_t *stamps;
    uint32_t size;
    uint32_t stamp; /* of what is marked */
} bl_marks;

/* A name that stands for a value where an expression is: parameters, binders, the instances and
 * proposals of a scenario. */
typedef struct bl_local {
    bl_text name;
    bl_type type;
    uint32_t slot; /* of a chunk's local; BL_NONE for a scenario's name, which is looked up by its
                      id when it runs */
    const struct bl_local *next;
    const struct bl_local_table *table; /* that has this one and others behind it; NULL */
} bl_local;

/* Locals that stand in one chain, and may be many: the names of a scenario. */
typedef struct bl_local_table bl_local_table;

/* Where an expression stands: what its names can mean. Copied and narrowed by value. */
typedef struct bl_env {
    bool has_proposal; /* `proposal`, `author`, `conflicted` */
    uint32_t
        kind; /* the proposal's kind: its fields by bare name; BL_NONE where any kind may come */
    uint32_t instance_scope; /* that scope's name (`module`) stands for the context's instance;
                                BL_NONE */
    bool has_ballots; /* `approve`, `reject`, `abstain`, `cast`, `body`: conditions of stages */
    bool has_body; /* `body` alone: options of a count, when nobody has voted */
    bool is_weighed; /* sets stand for weights: `weigh` in the procedure */
    uint32_t weight_chunk;
    uint32_t weight_attribute;
    uint32_t event; /* the context's event (of an on-rule); BL_NONE */
    bool is_scenario; /* handles and ids of the scenario may be used; `can` */
    const bl_local *locals;
    uint32_t local_count; /* slots taken */
    /* whose effects these are, for `granted by`, `revoked by`, `changed by`: a kind, an event, or
     * neither */
    uint32_t effects_kind;
    uint32_t effects_event;
    /* where the aggregates of this procedure or plan begin, so that its conditions share equal
     * ones; NULL: each condition has its own */
    const uint32_t *aggregates_from;
    bl_span given_to; /* where that is declared which is given the value of the whole expression: a
                         field, an attribute, a parameter; BL_SPAN_NONE */
} bl_env;
/* Nothing is in scope but the declarations. */
extern const bl_env bl_env_empty;
/* The same for a value that goes to what is declared there. */
static inline bl_env bl_env_giving(const bl_env *env, bl_span declared)
{
    bl_env giving = *env;
    giving.given_to = declared;
    return giving;
}

typedef struct bl_compiler {
    bl_arena *arena; /* compile time only: trees, symbols */
    bl_program *program; /* with its own arena; its tables grow while compiling
                            (emit_tables.c) */
    bl_diagnostics *diagnostics;
    bl_symbol *symbols; /* indexed by symbol number */
    uint32_t symbol_count;
    bl_map symbol_of_name; /* name number -> symbol number */
    bl_map constant_of_key; /* what a constant hashes to -> row, which may be gone */
    bl_map attribute_of_name; /* scope in the upper half, name number in the lower -> row */
    bl_node *declarations; /* of all files, replaced ones left out */
    bl_declared every, rules; /* those declarations that are EVERY_PROPOSAL, and RULE */
    bool **is_excepted; /* by the EVERY_PROPOSAL's place in `every`, its node's ref: by kind; NULL
                           of one without exceptions */
    bool out_of_memory;
    bool is_full; /* a table of the program is as large as it may be, which was told */
    bl_marks role_marks, function_marks; /* of what one expression depends on (emit_set.c) */
    uint32_t *roles_used; /* those marked, in the order of finding */
    uint32_t role_used_count;
} bl_compiler;

/* The slips that show at each use of what is declared, and are told at the first (bl_slip). */
typedef enum bl_slip_kind {
    BL_SLIP_NONE,
    BL_SLIP_SCOPE, /* declared with a scope and used without, or the other way round; the name is
                      that of the scope, where it is known */
    BL_SLIP_SORT, /* something else than is wanted, which is the name */
    BL_SLIP_PART, /* no such field or attribute */
    BL_SLIP_ARGUMENTS, /* too many or too few */
    BL_SLIP_FILE, /* declares what another file has, which begins at `declared` */
    BL_SLIP_FORM, /* no form of ballot */
    BL_SLIP_TIES, /* breaks no ties */
    BL_SLIP_OUTCOME, /* no outcome */
    BL_SLIP_WORD, /* a word of the language for a name, in the file that `declared` begins */
    BL_SLIP_CHARACTER /* one that cannot stand anywhere, in that file */
} bl_slip_kind;

/* ---- compile.c ---- */
/* Gives back what a compiler holds outside of its arenas. */
void bl_compiler_free_maps(bl_compiler *compiler, const bl_memory *memory);
/*
 * One for what is compiled on top of `base` and goes again: it knows what that declares, and
 * declares nothing itself. `program` begins as a copy of the other's. What it learns while it
 * compiles is its own: afterwards free its constant_of_key, with the arena's memory, and no other
 * map.
 */
bl_compiler bl_compiler_over(const bl_compiler *base, bl_arena *arena, bl_program *program,
                             bl_diagnostics *diagnostics);

/* ---- locals.c ---- */
/* The first of the chain that has this name; NULL. */
const bl_local *bl_local_find(const bl_local *locals, bl_text name);
/*
 * Puts one that has no slot before `*locals` and into the table, which is made where `*table` is
 * NULL. All in the arena; false when out of memory.
 */
bool bl_local_add(bl_arena *arena, bl_local_table **table, const bl_local **locals, bl_text name,
                  bl_type type);

/* ---- resolve.c ---- */
/* The declaration called `name`, or NULL. */
bl_symbol *bl_symbol_find(const bl_compiler *compiler, bl_text name);
/* The word of the language for an outcome that people call otherwise; NULL. */
const char *bl_outcome_meant(bl_text word);
/* Reports that `name` is not declared, with the nearest name of the given kinds (mask of 1 <<
 * bl_symbol_kind), else where it is declared as something else. */
void bl_symbol_missing(bl_compiler *compiler, bl_span span, bl_text name, unsigned kinds,
                       const char *what);
/* The message that there is no such name, for help to be added; NULL where it was told of another
 * place, which this one is added to. */
bl_diagnostic *bl_report_unknown(bl_compiler *compiler, bl_span span, bl_text name,
                                 const char *what);
/* Adds to that message what bl_symbol_missing says: the nearest name of the kinds, or what there
 * is. */
void bl_advise_missing(bl_compiler *compiler, bl_diagnostic *d, bl_text name, unsigned kinds,
                       const char *what);
/* Whether a declaration has the name, or it means something by itself, such as `now`. */
bool bl_name_is_taken(const bl_compiler *compiler, bl_text name);
/* A type as written -> bl_type; reports unknown ones. */
bool bl_type_of_node(bl_compiler *compiler, const bl_node *node, bl_type *out);
/* An actor attribute by name, or an attribute of a scope; BL_NONE. */
uint32_t bl_attribute_find(const bl_compiler *compiler, uint32_t scope, bl_text name);
/* A field by name in a range of fields; BL_NONE. */
uint32_t bl_field_find(const bl_compiler *compiler, bl_range fields, bl_text name);
/* "number", "list of text", "maintainer … set of actors", in the words of the policy. */
void bl_type_write(const bl_compiler *compiler, bl_type type, bl_buffer *out);

/* ---- typing.c ---- */
/* Types the expression in its place and writes node->type. `want` may be NULL (anything). Reports
 * and returns false on an error. */
bool bl_type_expression(bl_compiler *compiler, const bl_env *env, bl_node *node,
                        const bl_type *want);

/* ---- emit.c and emit_*.c: each types, then emits; false after an error or out of memory ---- */
/* One value. */
bool bl_emit_expression(bl_compiler *compiler, const bl_env *env, bl_node *node,
                        const bl_type *want, uint32_t *chunk);
/* The same of a part of what was typed before, in the same place, as it was typed there. */
bool bl_emit_typed(bl_compiler *compiler, const bl_env *env, const bl_node *node, bl_type want,
                   uint32_t *chunk);
/* The least whole number that is not below a number times a square root. */
bool bl_emit_least_whole(bl_compiler *compiler, const bl_env *env, bl_node *node, uint32_t *chunk);
/* A set of actors, compiled both ways. `anyone` gives a body with is_anyone. */
bool bl_emit_body(bl_compiler *compiler, const bl_env *env, bl_node *node, uint32_t *body);
/* A condition of a stage; its aggregates are appended to program->aggregates (consecutive while one
 * procedure or plan is compiled). */
bool bl_emit_condition(bl_compiler *compiler, const bl_env *env, bl_node *node,
                       uint32_t *condition);
/* A block of effects; ends in END. */
bool bl_emit_effects(bl_compiler *compiler, const bl_env *env, bl_node *effects, uint32_t *chunk);
/* Notes of which names a block of effects sets the attributes, whosever they are: by name. */
bool bl_emit_mark_changes(bl_compiler *compiler, const bl_node *effects, bool *is_changed);
/* The number of a name in program->names; BL_NONE and out_of_memory when memory ends. */
uint32_t bl_emit_name(bl_compiler *compiler, bl_text name);
/* The number of an equal constant, or of a new one; BL_NONE when memory ends. */
uint32_t bl_emit_constant(bl_compiler *compiler, bl_value value);
/* The policy's own words for a span, one line, owned by the program. */
bl_text bl_emit_text(bl_compiler *compiler, bl_span span);
/* Appends `count` indexes (chunks, roles, names) to program->indexes. */
bool bl_emit_indexes(bl_compiler *compiler, bl_span span, const uint32_t *indexes, uint32_t count,
                     bl_range *out);
/* Appends one zeroed row to a table of the program and returns it; NULL out of memory. Rows move
 * when their table grows: keep indexes, not pointers. */
void *bl_table_add(bl_compiler *compiler, void *table_pointer, uint32_t *count, size_t row_size);
#define bl_table_row(compiler, table)                                                              \
    bl_table_add((compiler), &(compiler)->program->table##s, &(compiler)->program->table##_count,  \
                 sizeof *(compiler)->program->table##s)

/* ---- compile.c ---- */
/* How files named by `use` and `extends` are read: text in *out (it must stay valid until compiling
 * ends); false where there is none. */
typedef bool (*bl_load)(void *context, bl_text path, bl_text from, bl_text *shown_name,
                        bl_text *out);

typedef struct bl_compilation {
    bl_program *program; /* NULL after errors or out of memory */
    bl_diagnostics diagnostics;
    bl_source *sources; /* all files read, for showing diagnostics */
    uint32_t source_count;
    bl_node *heads; /* POLICY and USE nodes of the main file and of what it extends; USE also of
                       what those use. The `ref` of a path is the source it led to */
    bl_node *scenarios; /* SCENARIO nodes of the main file and of those it extends, in order; live
                           in `arena` */
    bl_compiler
        *compiler; /* kept so that scenario.c can compile expectations against the symbols */
} bl_compilation;
/* Compiles one policy. Everything but the program's own parts lives in `arena`; the program has
 * `program_arena`. */
bool bl_compile(bl_arena *arena, bl_arena *program_arena, bl_text name, bl_text text, bl_load load,
                void *load_context, bl_compilation *out);

/* ---- scenario_check.c ---- */
/* Compiles what the scenarios ask, after bl_compile; reports their mistakes. False when out of
 * memory. */
bool bl_scenario_compile(bl_compilation *compilation);
/* The same for statements alone; `known` are names that hold already, beside those they give. */
bool bl_scenario_check(bl_compiler *compiler, const bl_local *known, bl_node *statements);

/* ---- parse.c ---- */
/* Text of one file -> FILE node (also after errors, with what could be read). Source index `file`
 * goes into every span. */
bl_node *bl_parse(bl_arena *arena, uint32_t file, bl_text text, bl_diagnostics *diagnostics);
/* One or more statements of a scenario, as the REPL takes them. */
bl_node *bl_parse_statements(bl_arena *arena, uint32_t file, bl_text text,
                             bl_diagnostics *diagnostics);

#endif
