/*
 * Verifying: what the machine takes for granted of a program is so.
 *
 * A program from a file has indexes that are in their tables (bytecode_read.c sees to that) and
 * nothing else yet. verify.c looks at rows together: who owns which fields, trees without circles,
 * which code belongs to what. verify_code.c follows code: operands, jumps, stacks. verify_type.c
 * knows types: what each instruction takes and gives.
 */
#ifndef BL_VERIFY_H
#define BL_VERIFY_H

#include "bytecode.h"
#include "limits.h"

/* BL_LOAD_OK: the machine can run it. Scratch memory is taken from the program's arena. */
bl_load_result bl_verify(const bl_program *program, bl_load_error *error);

/* ---- verify_code.c ---- */

/* What code sees beside its locals, as far as a policy tells; BL_NONE: nothing, or not known. */
typedef struct bl_code_context {
    uint32_t kind; /* of the proposal */
    uint32_t scope; /* of the instance */
    uint32_t event;
} bl_code_context;
#define BL_CODE_NOWHERE ((bl_code_context){BL_NONE, BL_NONE, BL_NONE})

/* What a chunk is used for: what it is given, and what must come of it. */
typedef struct bl_use {
    bl_code_context context;
    bool is_effects; /* it ends with END and gives nothing */
    bl_type result;
    bl_range parameters; /* fields, whose values are its first locals */
    bl_type given; /* without parameters: what local 0 is given; of BL_BASE_NOTHING: nothing */
    bl_range aggregates; /* whose sums it may ask for */
    bl_range more_aggregates;
} bl_use;

typedef struct bl_code_check bl_code_check;
/* Looks at every chunk and instruction by itself. *out is to be freed whatever came of it. */
bl_load_result bl_code_check_begin(const bl_program *program, bl_load_error *error,
                                   bl_code_check **out);
/* Follows the code of a chunk that is used so; BL_NONE is no chunk, and fine. A chunk has one use,
 * however often. */
bl_load_result bl_code_check_use(bl_code_check *check, uint32_t chunk, bl_use use);
/* When all uses are known: chunks that run chunks do so in no circle. */
bl_load_result bl_code_check_end(bl_code_check *check);
void bl_code_check_free(bl_code_check *check);

/* ---- verify_type.c ---- */

/*
 * Types are bl_type without is_optional and is_date: a value of any type may be nothing, which only
 * the world knows, and taking it for something is a fault when it happens. BL_BASE_NOTHING is the
 * type of what is always nothing, and of the items of an empty list; it may stand for any other.
 * The index BL_NONE of an instance, proposal or event says that only the world knows of which
 * scope, kind or type it is; the machine looks where that matters.
 *
 * Locals have two types more, which no value on the stack has.
 */
#define BL_TYPE_UNKNOWN                                                                            \
    ((bl_type){.base = 0xFF, .index = BL_NONE}) /* nothing was stored, or this or that */
#define BL_TYPE_PLACE ((bl_type){.base = 0xFE, .index = BL_NONE}) /* how far a loop has come */

static inline bl_type bl_type_plain(bl_base base)
{
    return (bl_type){.base = (uint8_t)base, .index = BL_NONE};
}
/* A type of a row of the program as a type of a value. */
bl_type bl_type_of_row(bl_type type);
/* Whether what is found may stand where `wanted` is wanted. */
bool bl_type_is_within(bl_type wanted, bl_type found);
/* Makes *type one that both are within; false where there is none. */
bool bl_type_join(bl_type *type, bl_type other);

/* A chunk at one of its instructions. */
typedef struct bl_walk {
    const bl_program *program;
    bl_load_error *error;
    const bl_chunk *chunk;
    uint32_t number; /* of the chunk */
    const bl_use *use;
    uint32_t at; /* the instruction, in the chunk */
    bl_instruction in;
    bl_type stack[BL_STACK_MAX];
    uint32_t depth;
    uint32_t deepest;
    bl_type locals[BL_STACK_MAX];
    bl_type result; /* of the instruction, once it took its operands */
} bl_walk;

/* Before the first instruction: what is given is in the first locals. */
void bl_walk_begin(bl_walk *walk, const bl_program *program, bl_load_error *error, uint32_t chunk,
                   const bl_use *use);
/* Takes what the instruction takes from the stack. */
bl_load_result bl_walk_take(bl_walk *walk);
/* Puts what it gives on the stack. */
bl_load_result bl_walk_give(bl_walk *walk);
/* Notes what locals hold behind it, where it does not jump. */
void bl_walk_set_locals(bl_walk *walk);
/* Names chunk and instruction, and says why; always BL_LOAD_REFUSED. */
bl_load_result bl_walk_refuse(const bl_walk *walk, const char *why);
/* The same for two types that do not go together, and for a local that is not of the type that is
 * wanted. */
bl_load_result bl_walk_refuse_pair(const bl_walk *walk, bl_type a, bl_type b);
bl_load_result bl_walk_refuse_local(const bl_walk *walk, uint32_t local, bl_type wanted);

#endif
