/*
 * Code of a program from a file: is it code that the machine can run?
 *
 * Each instruction's operands are looked at by their kinds in opcodes.def. Then each chunk is
 * followed once from its beginning to its end, with the type of every value on the stack and in
 * locals; what instructions make of them is in verify_type.c. Jumps forward carry the types to
 * their target, where those of all ways are joined. Jumps back must come with the types that were
 * taken for granted there the first time, so that one walk is enough.
 */
#include "verify.h"

#include <string.h>

#include "limits.h"

enum {
    STORED_MAX = 1 << 20 /* types that jumps of one chunk carry at once: far more than any has */
};
#define NO_LOCAL UINT16_MAX
#define NO_JUMP UINT32_MAX

/* What is on the stack and in locals where a jump goes to. */
typedef struct state {
    struct state *next_free;
    uint32_t depth;
    bl_type *stack; /* as many as the chunk has at most */
    bl_type *locals;
} state;

typedef struct walk {
    bl_walk now;
    bl_arena *arena;
    bool is_reached; /* the instruction before goes on to this one */
    uint32_t *last_jumps; /* for each instruction the last one that jumps to it; NO_JUMP */
    state **carried; /* what jumps bring to each instruction; NULL: nothing, or no more needed */
    state *free;
    uint32_t stored;
} walk;

struct bl_code_check {
    const bl_program *program;
    bl_load_error *error;
    bl_arena arena; /* for one chunk */
    walk walk; /* of one chunk */
    bl_use *uses; /* of each chunk */
    bool *is_used;
};

#define REFUSE(c, ...) return bl_load_refuse((c)->error, __VA_ARGS__)
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const bl_load_result tried = (call);                                                       \
        if (tried != BL_LOAD_OK) return tried;                                                     \
    } while (0)

/* ---- operands ---- */

static const struct {
    bl_operand a;
    bl_operand b;
    int pops;
    int pushes;
} instructions[] = {
#define OPCODE(name, a, b, pops, pushes, does) {OPERAND_##a, OPERAND_##b, pops, pushes},
#include "opcodes.def"
#undef OPCODE
};

/* How many numbers an operand can have; locals and targets depend on the chunk. */
static uint64_t operand_count(const bl_program *program, bl_operand kind)
{
    switch (kind) {
    case OPERAND_NO: return 1;
    case OPERAND_LOCAL:
    case OPERAND_TARGET:
    case OPERAND_COUNT: return (uint64_t)UINT32_MAX + 1;
    case OPERAND_MASK: return 16;
    case OPERAND_CONSTANT: return program->constant_count;
    case OPERAND_NAME: return bl_names_count(program->names);
    case OPERAND_SCOPE: return program->scope_count;
    case OPERAND_FIELD: return program->field_count;
    case OPERAND_PROPERTY: return BL_PROPERTY_EVENT_TIME + 1;
    case OPERAND_ATTRIBUTE: return program->attribute_count;
    case OPERAND_STATE: return BL_STATE_ELECTED + 1;
    case OPERAND_FUNCTION: return program->function_count;
    case OPERAND_ROLE: return program->role_count;
    case OPERAND_CHUNK: return program->chunk_count;
    case OPERAND_AGGREGATE: return program->aggregate_count;
    case OPERAND_VERB: return BL_VERB_COUNT;
    case OPERAND_KIND: return program->kind_count;
    case OPERAND_EVENT: return program->event_count;
    }
    return 0;
}

static bl_load_result check_operands(const bl_code_check *c)
{
    for (uint32_t i = 0; i < c->program->code_count; i++) {
        const bl_instruction in = c->program->code[i];
        if (in.op >= BL_OPCODE_COUNT) REFUSE(c, "instruction %u: there is no such one", i);
        uint64_t a_count = operand_count(c->program, instructions[in.op].a);
        if (in.op == OP_INSTANCE_NAMED) a_count = c->program->scope_count;
        if (in.op == OP_COMPARE_ROOT) a_count = BL_UNEQUAL + 1;
        if (in.a >= a_count || in.b >= operand_count(c->program, instructions[in.op].b))
            REFUSE(c, "instruction %u: %s cannot have these operands", i,
                   bl_opcode_name((bl_opcode)in.op));
    }
    return BL_LOAD_OK;
}

/* The code of one chunk begins where that of the chunk before ends. */
static bl_load_result check_chunks(const bl_code_check *c)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < c->program->chunk_count; i++) {
        const bl_chunk *chunk = &c->program->chunks[i];
        if (chunk->count == 0 || chunk->first != end || chunk->count > c->program->code_count - end)
            REFUSE(c, "chunk %u: its code is not there", i);
        end += chunk->count;
    }
    if (end != c->program->code_count) REFUSE(c, "there is code of no chunk");
    return BL_LOAD_OK;
}

/* ---- following a chunk ---- */

static uint32_t state_size(const bl_chunk *chunk)
{
    return chunk->local_count + chunk->stack_size + 1;
}

static bl_load_result add_state(walk *w, state **out)
{
    const bl_chunk *chunk = w->now.chunk;
    w->stored += state_size(chunk);
    if (w->stored > STORED_MAX)
        return bl_walk_refuse(&w->now, "its chunk has too many jumps to follow");
    state *made = w->free;
    if (made) {
        w->free = made->next_free;
    } else {
        bl_type *types = bl_arena_array(w->arena, state_size(chunk), sizeof *types);
        made = bl_arena_alloc(w->arena, sizeof *made);
        if (!types || !made) return BL_LOAD_NOMEM;
        *made = (state){.stack = types + chunk->local_count, .locals = types};
    }
    made->depth = w->now.depth;
    memcpy(made->stack, w->now.stack, w->now.depth * sizeof *made->stack);
    memcpy(made->locals, w->now.locals, chunk->local_count * sizeof *made->locals);
    *out = made;
    return BL_LOAD_OK;
}

static void drop_state(walk *w, uint32_t target)
{
    state *there = w->carried[target];
    there->next_free = w->free;
    w->free = there;
    w->stored -= state_size(w->now.chunk);
    w->carried[target] = NULL;
}

/* ---- locals ---- */

/* The last local that the instruction touches, counted from the one it names. */
static uint32_t locals_behind(bl_opcode op)
{
    return op == OP_NEXT || op == OP_LOOP ? 2 : 0;
}

static bl_load_result check_local(const bl_walk *w)
{
    if (instructions[w->in.op].a != OPERAND_LOCAL) return BL_LOAD_OK;
    if (w->in.op == OP_CREATE && w->in.a == NO_LOCAL) return BL_LOAD_OK;
    if (w->in.a + locals_behind((bl_opcode)w->in.op) >= w->chunk->local_count)
        return bl_walk_refuse(w, "there is no such local");
    return BL_LOAD_OK;
}

/* ---- jumps ---- */

/* What is here comes to an instruction further on, or to this one from the one before. On the stack
 * the types must be joined; a local whose types cannot be is not known there any more. */
static bl_load_result carry(walk *w, uint32_t target)
{
    const bl_walk *now = &w->now;
    state *there = w->carried[target];
    if (!there) return add_state(w, &w->carried[target]);
    if (there->depth != now->depth)
        return bl_walk_refuse(now, "it comes with another stack than others");
    for (uint32_t i = 0; i < now->depth; i++)
        if (!bl_type_join(&there->stack[i], now->stack[i]))
            return bl_walk_refuse_pair(now, there->stack[i], now->stack[i]);
    for (uint32_t i = 0; i < now->chunk->local_count; i++)
        if (!bl_type_join(&there->locals[i], now->locals[i])) there->locals[i] = BL_TYPE_UNKNOWN;
    return BL_LOAD_OK;
}

/* The code between was followed with the types that were there: these must be such. */
static bl_load_result jump_back(walk *w, uint32_t target)
{
    const bl_walk *now = &w->now;
    const state *there = w->carried[target];
    if (!there) return bl_walk_refuse(now, "it goes to code that is not reached");
    if (there->depth != now->depth)
        return bl_walk_refuse(now, "it comes with another stack than others");
    for (uint32_t i = 0; i < now->depth; i++)
        if (!bl_type_is_within(there->stack[i], now->stack[i]))
            return bl_walk_refuse_pair(now, there->stack[i], now->stack[i]);
    for (uint32_t i = 0; i < now->chunk->local_count; i++)
        if (there->locals[i].base != BL_TYPE_UNKNOWN.base &&
            !bl_type_is_within(there->locals[i], now->locals[i]))
            return bl_walk_refuse_local(now, i, there->locals[i]);
    if (w->last_jumps[target] == now->at) drop_state(w, target);
    return BL_LOAD_OK;
}

static bl_load_result jump(walk *w)
{
    const uint32_t target = w->now.in.b;
    if (target >= w->now.chunk->count) return bl_walk_refuse(&w->now, "it goes out of its chunk");
    return target > w->now.at ? carry(w, target) : jump_back(w, target);
}

/* What an instruction begins with: of the one before, of jumps, or of both. It is kept as long as
 * jumps back come to it. */
static bl_load_result arrive(walk *w)
{
    const uint32_t at = w->now.at;
    const bool is_kept = w->last_jumps[at] != NO_JUMP && w->last_jumps[at] >= at;
    if (w->is_reached && (w->carried[at] || is_kept)) TRY(carry(w, at));
    const state *there = w->carried[at];
    if (!there) return BL_LOAD_OK;
    w->now.depth = there->depth;
    memcpy(w->now.stack, there->stack, there->depth * sizeof *there->stack);
    memcpy(w->now.locals, there->locals, w->now.chunk->local_count * sizeof *there->locals);
    w->is_reached = true;
    if (!is_kept) drop_state(w, at);
    return BL_LOAD_OK;
}

/* ---- instructions ---- */

static bool is_effect(bl_opcode op)
{
    return op == OP_GRANT || op == OP_REVOKE || op == OP_SET_ATTRIBUTE || op == OP_CREATE ||
           op == OP_REMOVE || op == OP_OPEN || op == OP_EMIT || op == OP_DISCARD;
}

static bool is_within(bl_range range, uint32_t row)
{
    return row >= range.first && row - range.first < range.count;
}

/* What an instruction may do depends on what its chunk is used for. */
static bl_load_result check_use(const bl_walk *w)
{
    const bl_opcode op = (bl_opcode)w->in.op;
    if (is_effect(op) && !w->use->is_effects)
        return bl_walk_refuse(w, "its chunk may change nothing");
    if ((op == OP_END && !w->use->is_effects) || (op == OP_RETURN && w->use->is_effects))
        return bl_walk_refuse(w, "its chunk does not end so");
    if (op == OP_CAN) return bl_walk_refuse(w, "only scenarios ask so");
    if (op == OP_AGGREGATE && !is_within(w->use->aggregates, w->in.b) &&
        !is_within(w->use->more_aggregates, w->in.b))
        return bl_walk_refuse(w, "its stage has no such sum");
    return BL_LOAD_OK;
}

static bl_load_result follow_instruction(walk *w)
{
    const bl_opcode op = (bl_opcode)w->now.in.op;
    TRY(check_use(&w->now));
    TRY(check_local(&w->now));
    TRY(bl_walk_take(&w->now));
    if (op == OP_AND || op == OP_OR) {
        /* Only where it jumps it leaves its value. */
        TRY(bl_walk_give(&w->now));
        TRY(jump(w));
        w->now.depth--;
        return BL_LOAD_OK;
    }
    if (instructions[op].pushes) TRY(bl_walk_give(&w->now));
    if (instructions[op].b == OPERAND_TARGET) TRY(jump(w));
    bl_walk_set_locals(&w->now);
    w->is_reached = op != OP_JUMP && op != OP_RETURN && op != OP_END;
    return BL_LOAD_OK;
}

static bl_load_result follow(walk *w)
{
    bl_walk *now = &w->now;
    w->is_reached = true;
    for (now->at = 0; now->at < now->chunk->count; now->at++) {
        now->in = now->program->code[now->chunk->first + now->at];
        TRY(arrive(w));
        if (w->is_reached) TRY(follow_instruction(w));
    }
    now->at = now->chunk->count - 1;
    if (w->is_reached) return bl_walk_refuse(now, "the chunk goes on behind its end");
    if (now->deepest != now->chunk->stack_size)
        return bl_walk_refuse(now, "its chunk's stack is too large");
    return BL_LOAD_OK;
}

static void find_last_jumps(walk *w)
{
    const bl_chunk *chunk = w->now.chunk;
    for (uint32_t i = 0; i < chunk->count; i++)
        w->last_jumps[i] = NO_JUMP;
    for (uint32_t i = 0; i < chunk->count; i++) {
        const bl_instruction in = w->now.program->code[chunk->first + i];
        if (instructions[in.op].b == OPERAND_TARGET && in.b < chunk->count) w->last_jumps[in.b] = i;
    }
}

static bool same_range(bl_range a, bl_range b)
{
    return a.first == b.first && a.count == b.count;
}

static bool same_type(bl_type a, bl_type b)
{
    return a.base == b.base && a.is_list == b.is_list && a.index == b.index;
}

static bool same_use(const bl_use *a, const bl_use *b)
{
    return a->is_effects == b->is_effects && same_type(a->result, b->result) &&
           same_type(a->given, b->given) && a->context.kind == b->context.kind &&
           a->context.scope == b->context.scope && a->context.event == b->context.event &&
           same_range(a->parameters, b->parameters) && same_range(a->aggregates, b->aggregates) &&
           same_range(a->more_aggregates, b->more_aggregates);
}

bl_load_result bl_code_check_use(bl_code_check *check, uint32_t chunk, bl_use use)
{
    if (chunk == BL_NONE) return BL_LOAD_OK;
    if (check->is_used[chunk]) {
        if (same_use(&check->uses[chunk], &use)) return BL_LOAD_OK;
        return bl_load_refuse(check->error, "chunk %u: it is used for two things", chunk);
    }
    check->is_used[chunk] = true;
    check->uses[chunk] = use;
    const bl_chunk *row = &check->program->chunks[chunk];
    bl_arena_reset(&check->arena);
    walk *w = &check->walk;
    w->arena = &check->arena;
    w->free = NULL;
    w->stored = 0;
    w->last_jumps = bl_arena_array(&check->arena, row->count, sizeof *w->last_jumps);
    w->carried = bl_arena_array(&check->arena, row->count, sizeof *w->carried);
    if (!w->last_jumps || !w->carried) return BL_LOAD_NOMEM;
    bl_walk_begin(&w->now, check->program, check->error, chunk, &check->uses[chunk]);
    find_last_jumps(w);
    return follow(w);
}

/* ---- chunks that run chunks ---- */

/* The chunk that an instruction runs; BL_NONE. */
static uint32_t chunk_run_by(const bl_program *program, bl_instruction in)
{
    if (in.op == OP_CALL) return program->functions[in.b].chunk;
    return in.op == OP_SET_TOTAL ? in.b : BL_NONE;
}

/* Goes over the chunks that a chunk runs, and counts (1) or takes out (-1) their callers. What then
 * has none is added to `ready`. */
static void count_callers(const bl_program *program, uint32_t chunk, uint32_t *callers, int step,
                          uint32_t *ready, uint32_t *ready_count)
{
    const bl_chunk *row = &program->chunks[chunk];
    for (uint32_t i = 0; i < row->count; i++) {
        const uint32_t other = chunk_run_by(program, program->code[row->first + i]);
        if (other == BL_NONE) continue;
        callers[other] += (uint32_t)step;
        if (step < 0 && callers[other] == 0) ready[(*ready_count)++] = other;
    }
}

/* Taking out chunks that nobody runs leaves nothing exactly where there is no circle. */
static bl_load_result check_circles(bl_code_check *check)
{
    const bl_program *program = check->program;
    bl_arena_reset(&check->arena);
    uint32_t *callers = bl_arena_array(&check->arena, program->chunk_count, sizeof *callers);
    uint32_t *ready = bl_arena_array(&check->arena, program->chunk_count, sizeof *ready);
    if (!callers || !ready) return BL_LOAD_NOMEM;
    uint32_t ready_count = 0;
    for (uint32_t i = 0; i < program->chunk_count; i++)
        count_callers(program, i, callers, 1, ready, &ready_count);
    for (uint32_t i = 0; i < program->chunk_count; i++)
        if (callers[i] == 0) ready[ready_count++] = i;
    for (uint32_t i = 0; i < ready_count; i++)
        count_callers(program, ready[i], callers, -1, ready, &ready_count);
    if (ready_count == program->chunk_count) return BL_LOAD_OK;
    uint32_t chunk = 0;
    while (callers[chunk] == 0)
        chunk++;
    REFUSE(check, "chunk %u: it runs itself", chunk);
}

/* Code that is run for a sum is given the member. */
static bl_load_result use_totals(bl_code_check *check)
{
    const bl_program *program = check->program;
    const bl_use use = {.context = BL_CODE_NOWHERE,
                        .result = bl_type_plain(BL_BASE_NUMBER),
                        .given = bl_type_plain(BL_BASE_ACTOR)};
    for (uint32_t i = 0; i < program->code_count; i++)
        if (program->code[i].op == OP_SET_TOTAL)
            TRY(bl_code_check_use(check, program->code[i].b, use));
    return BL_LOAD_OK;
}

bl_load_result bl_code_check_end(bl_code_check *check)
{
    TRY(use_totals(check));
    return check_circles(check);
}

/* ---- from the beginning to the end ---- */

bl_load_result bl_code_check_begin(const bl_program *program, bl_load_error *error,
                                   bl_code_check **out)
{
    bl_code_check *check = bl_arena_alloc(program->arena, sizeof *check);
    *out = check;
    if (!check) return BL_LOAD_NOMEM;
    check->program = program;
    check->error = error;
    bl_arena_init(&check->arena, program->arena->memory);
    check->uses = bl_arena_array(program->arena, program->chunk_count, sizeof *check->uses);
    check->is_used = bl_arena_array(program->arena, program->chunk_count, sizeof *check->is_used);
    if (!check->uses || !check->is_used) return BL_LOAD_NOMEM;
    TRY(check_operands(check));
    return check_chunks(check);
}

void bl_code_check_free(bl_code_check *check)
{
    if (check) bl_arena_destroy(&check->arena);
}
