/*
 * Inside of the interpreter: a frame, its stack, and what the longer instructions do.
 *
 * vm.c runs the chunks and reads the machine; builtins.c works on values alone. Taking a value off
 * the stack checks its type: what it is can depend on the world (a field that was not given), so
 * the wrong one is a fault, never a wrong answer.
 */
#ifndef BL_VM_H
#define BL_VM_H

#include "machine.h"

#include <assert.h>

typedef struct bl_frame {
    bl_engine *engine;
    const bl_program *program;
    const bl_context *context;
    bl_value *locals;
    bl_value *stack;
    bl_value *top; /* behind the topmost value */
    uint32_t at; /* the running instruction, in the program's code */
} bl_frame;

static inline bl_span bl_frame_span(const bl_frame *f)
{
    return f->program->code_spans ? f->program->code_spans[f->at] : BL_SPAN_NONE;
}

#define BL_FRAME_FAIL(f, ...) bl_fail((f)->engine, bl_frame_span(f), __VA_ARGS__)
#define BL_TRY(call)                                                                               \
    do {                                                                                           \
        const bl_result tried = (call);                                                            \
        if (tried != BL_OK) return tried;                                                          \
    } while (0)

static inline void bl_frame_push(bl_frame *f, bl_value value)
{
    *f->top++ = value;
}

static inline bl_value bl_frame_pop(bl_frame *f)
{
    assert(f->top > f->stack);
    return *--f->top;
}

/* What works on many things at once costs as many steps, or so. */
static inline void bl_frame_charge(const bl_frame *f, size_t things)
{
    f->engine->steps += things / 8;
}

/* A fault where the value is nothing or of another type. */
bl_result bl_frame_expect(const bl_frame *f, const bl_value *value, bl_base base);
bl_result bl_frame_pop_as(bl_frame *f, bl_base base, bl_value *out);

/* ---- builtins.c: each pops its operands and pushes what comes of them ---- */
bl_result bl_do_arithmetic(bl_frame *f, bl_opcode op); /* ADD to DIVIDE, MINIMUM, MAXIMUM */
bl_result bl_do_unary(bl_frame *f, bl_opcode op); /* NEGATE, FLOOR, CEILING */
bl_result bl_do_compare(bl_frame *f, bl_comparison comparison);
bl_result bl_do_compare_root(bl_frame *f, bl_comparison comparison);
bl_result bl_do_ceiling_root(bl_frame *f);
void bl_do_equal(bl_frame *f, bool wanted);
bl_result bl_do_contains(bl_frame *f);
bl_result bl_do_matches(bl_frame *f, bool (*test)(bl_text pattern, bl_text text));
bl_result bl_do_list(bl_frame *f, uint32_t count);
bl_result bl_do_size(bl_frame *f);
bl_result bl_do_in(bl_frame *f);
bl_result bl_do_loop(bl_frame *f, uint32_t local);
/* Whether there is a next item; it is in the third local then. */
bool bl_do_next(const bl_frame *f, uint32_t local);
bl_result bl_do_set(bl_frame *f);
bl_result bl_do_combine(bl_frame *f,
                        bool (*operation)(bl_arena *arena, bl_set a, bl_set b, bl_set *out));
void bl_frame_push_set(bl_frame *f, bl_set set);
/* A set, an actor or a list of actors as a set. */
bl_result bl_frame_set_of(const bl_frame *f, const bl_value *value, bl_set *out);

#endif
