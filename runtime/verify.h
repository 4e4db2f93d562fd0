/*
 * Verifying: what the machine takes for granted of a program is so.
 *
 * A program from a file has indexes that are in their tables (bytecode_read.c sees to that) and
 * nothing else yet. verify.c looks at rows together: who owns which fields, trees without circles,
 * which code belongs to what. verify_code.c looks at code: operands, jumps, stacks, and what each
 * value can be.
 */
#ifndef BL_VERIFY_H
#define BL_VERIFY_H

#include "bytecode.h"

/* BL_LOAD_OK: the machine can run it. Scratch memory is taken from the program's arena. */
bl_load_result bl_verify(const bl_program *program, bl_load_error *error);

/* ---- verify_code.c ---- */

/* What a value can be: a bit for each bl_base. Nothing may be anywhere and is not said: taking it
 * for something is a fault when it happens. 0: not known. */
typedef uint32_t bl_sorts;
#define BL_SORT(base) ((bl_sorts)1 << (base))
bl_sorts bl_sorts_of_type(bl_type type);

/* What a chunk is used for: what it is given, and what must come of it. */
typedef struct bl_use {
    bool is_effects; /* it ends with END and gives nothing */
    bl_sorts result;
    bl_range parameters; /* fields, whose values are its first locals */
    bl_sorts given; /* without parameters: what local 0 is given; 0: nothing */
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

#endif
