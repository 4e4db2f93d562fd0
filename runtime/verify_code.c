/*
 * Code of a program from a file: is it code that the machine can run?
 *
 * Each instruction's operands are looked at by their kinds in opcodes.def. Then each chunk is
 * followed once from its beginning to its end, with a stack of what each value can be. Jumps
 * forward carry the stack to their target, jumps back must come with as many values as were there.
 * So depths are exact. What values can be is not proved but looked through: what cannot be right on
 * a way is refused, and the machine looks at the tag of every value it takes anyway, because the
 * world may not have given one.
 */
#include "verify.h"

#include <string.h>

#include "limits.h"

enum {
    ANY = 0, /* not known: it may be anything */
    NO_DEPTH = UINT16_MAX,
    STORED_MAX = 1 << 20 /* values of stacks that jumps of one chunk carry: far more than any has */
};
#define NO_LOCAL UINT16_MAX

struct bl_code_check {
    const bl_program *program;
    bl_load_error *error;
    bl_arena arena; /* for one chunk */
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

/* ---- what values can be ---- */

#define NUMBER BL_SORT(BL_BASE_NUMBER)
#define BOOLEAN BL_SORT(BL_BASE_BOOLEAN)
#define TEXT BL_SORT(BL_BASE_TEXT)
#define DURATION BL_SORT(BL_BASE_DURATION)
#define TIME BL_SORT(BL_BASE_TIME)
#define ACTOR BL_SORT(BL_BASE_ACTOR)
#define INSTANCE BL_SORT(BL_BASE_INSTANCE)
#define PROPOSAL BL_SORT(BL_BASE_PROPOSAL)
#define EVENT BL_SORT(BL_BASE_EVENT)
#define SET BL_SORT(BL_BASE_SET)
#define LIST BL_SORT(BL_BASE_LIST)

bl_sorts bl_sorts_of_type(bl_type type)
{
    return type.is_list ? LIST : BL_SORT(type.base);
}

/*
 * What each instruction takes, the deepest first, and gives. Where it depends on operands, ANY
 * stands here and the functions below know better.
 */
static const struct {
    bl_sorts takes[3];
    bl_sorts gives;
} signatures[BL_OPCODE_COUNT] = {
    [OP_PROPOSAL] = {{0}, PROPOSAL},
    [OP_INSTANCE] = {{0}, INSTANCE},
    [OP_EVENT] = {{0}, EVENT},
    [OP_NOW] = {{0}, TIME},
    [OP_ACTOR_NAMED] = {{0}, ACTOR},
    [OP_INSTANCE_NAMED] = {{0}, INSTANCE},
    [OP_PROPOSAL_NAMED] = {{0}, PROPOSAL},
    [OP_INSTANCES] = {{0}, LIST},
    [OP_FIELD] = {{PROPOSAL}, ANY},
    [OP_EVENT_FIELD] = {{EVENT}, ANY},
    [OP_IS_GIVEN] = {{ANY}, BOOLEAN},
    [OP_STATE] = {{PROPOSAL}, BOOLEAN},
    [OP_ADD] = {{NUMBER | DURATION | TIME | TEXT, NUMBER | DURATION | TIME | TEXT},
                NUMBER | DURATION | TIME | TEXT},
    [OP_SUBTRACT] = {{NUMBER | DURATION | TIME, NUMBER | DURATION | TIME},
                     NUMBER | DURATION | TIME},
    [OP_MULTIPLY] = {{NUMBER | DURATION, NUMBER | DURATION}, NUMBER | DURATION},
    [OP_DIVIDE] = {{NUMBER, NUMBER}, NUMBER},
    [OP_NEGATE] = {{NUMBER}, NUMBER},
    [OP_FLOOR] = {{NUMBER}, NUMBER},
    [OP_CEILING] = {{NUMBER}, NUMBER},
    [OP_MINIMUM] = {{NUMBER, NUMBER}, NUMBER},
    [OP_MAXIMUM] = {{NUMBER, NUMBER}, NUMBER},
    [OP_EQUAL] = {{ANY, ANY}, BOOLEAN},
    [OP_UNEQUAL] = {{ANY, ANY}, BOOLEAN},
    [OP_LESS] = {{NUMBER | TIME | DURATION, NUMBER | TIME | DURATION}, BOOLEAN},
    [OP_LESS_EQUAL] = {{NUMBER | TIME | DURATION, NUMBER | TIME | DURATION}, BOOLEAN},
    [OP_GREATER] = {{NUMBER | TIME | DURATION, NUMBER | TIME | DURATION}, BOOLEAN},
    [OP_GREATER_EQUAL] = {{NUMBER | TIME | DURATION, NUMBER | TIME | DURATION}, BOOLEAN},
    [OP_COMPARE_ROOT] = {{NUMBER, NUMBER, NUMBER}, BOOLEAN},
    [OP_CEILING_ROOT] = {{NUMBER, NUMBER}, NUMBER},
    [OP_NOT] = {{BOOLEAN}, BOOLEAN},
    [OP_CONTAINS] = {{TEXT, TEXT}, BOOLEAN},
    [OP_MATCHES] = {{TEXT, TEXT | LIST}, BOOLEAN},
    [OP_BEGINS_WITH] = {{TEXT, TEXT | LIST}, BOOLEAN},
    [OP_LIST] = {{0}, LIST},
    [OP_SIZE] = {{LIST | SET | TEXT}, NUMBER},
    [OP_IN] = {{ANY, LIST | SET}, BOOLEAN},
    [OP_LOOP] = {{LIST | SET}, ANY},
    [OP_JUMP_IF_FALSE] = {{BOOLEAN}, ANY},
    [OP_AND] = {{BOOLEAN}, BOOLEAN},
    [OP_OR] = {{BOOLEAN}, BOOLEAN},
    [OP_SET_ROLE] = {{0}, SET},
    [OP_SET_ROLE_OF] = {{INSTANCE}, SET},
    [OP_SET_ROLE_ANY] = {{0}, SET},
    [OP_SET_ROLE_OTHER] = {{INSTANCE}, SET},
    [OP_SET_ACTOR] = {{ACTOR | LIST | SET}, SET},
    [OP_SET_CONFLICTED] = {{0}, SET},
    [OP_SET_BALLOT] = {{0}, SET},
    [OP_SET_UNION] = {{SET, SET}, SET},
    [OP_SET_AMONG] = {{SET, SET}, SET},
    [OP_SET_EXCEPT] = {{SET, SET}, SET},
    [OP_SET_TOTAL] = {{SET}, NUMBER},
    [OP_HOLDS] = {{0}, BOOLEAN},
    [OP_HOLDS_OF] = {{INSTANCE}, BOOLEAN},
    [OP_HOLDS_ANY] = {{0}, BOOLEAN},
    [OP_HOLDS_OTHER] = {{INSTANCE}, BOOLEAN},
    [OP_IS_CONFLICTED] = {{0}, BOOLEAN},
    [OP_BALLOT_IN] = {{0}, BOOLEAN},
    [OP_SAME_ACTOR] = {{ACTOR | LIST | SET}, BOOLEAN},
    [OP_AGGREGATE] = {{0}, NUMBER},
    [OP_REMOVE] = {{INSTANCE}, ANY},
    [OP_DISCARD] = {{PROPOSAL}, ANY},
};

static bool is_effect(bl_opcode op)
{
    return op == OP_GRANT || op == OP_REVOKE || op == OP_SET_ATTRIBUTE || op == OP_CREATE ||
           op == OP_REMOVE || op == OP_OPEN || op == OP_EMIT || op == OP_DISCARD;
}

static bl_sorts property_owner(uint32_t property)
{
    if (property <= BL_PROPERTY_PROPOSAL_RUNG) return PROPOSAL;
    if (property <= BL_PROPERTY_ACTOR_KIND) return ACTOR;
    return property == BL_PROPERTY_INSTANCE_ID ? INSTANCE : EVENT;
}

/* ---- following a chunk ---- */

typedef struct walk {
    bl_code_check *check;
    const bl_chunk *chunk;
    uint32_t number; /* of the chunk */
    bl_use use;
    uint32_t at; /* the instruction, in the chunk */
    bl_instruction in;
    bl_sorts stack[BL_STACK_MAX];
    uint32_t depth;
    uint32_t deepest;
    bool is_reached; /* the instruction before goes on to this one */
    uint16_t *depths; /* at each instruction; NO_DEPTH: not reached yet */
    bl_sorts **carried; /* stacks that jumps bring to each instruction; NULL: none */
    uint32_t stored;
} walk;

static bl_load_result refuse(const walk *w, const char *why)
{
    return bl_load_refuse(w->check->error, "chunk %u, instruction %u, %s: %s", w->number, w->at,
                          bl_opcode_name((bl_opcode)w->in.op), why);
}

static bl_load_result take(walk *w, bl_sorts wanted)
{
    if (w->depth == 0) return refuse(w, "it takes a value and none is there");
    const bl_sorts found = w->stack[--w->depth];
    if (wanted != ANY && found != ANY && (wanted & found) == 0)
        return refuse(w, "it takes another sort of value than is there");
    return BL_LOAD_OK;
}

static bl_load_result give(walk *w, bl_sorts sorts)
{
    if (w->depth >= w->chunk->stack_size) return refuse(w, "its chunk's stack is too small");
    w->stack[w->depth++] = sorts;
    if (w->depth > w->deepest) w->deepest = w->depth;
    return BL_LOAD_OK;
}

/* The values of fields, the last on top. */
static bl_load_result take_fields(walk *w, bl_range fields)
{
    for (uint32_t i = fields.count; i > 0; i--)
        TRY(take(w, bl_sorts_of_type(w->check->program->fields[fields.first + i - 1].type)));
    return BL_LOAD_OK;
}

static bl_load_result take_instance(walk *w, uint32_t scope)
{
    return scope == BL_NONE ? BL_LOAD_OK : take(w, INSTANCE);
}

static bl_load_result take_attributes(walk *w, const bl_scope *scope)
{
    for (uint32_t i = scope->attributes.count; i > 0; i--) {
        const uint32_t row = scope->attributes.first + i - 1;
        TRY(take(w, bl_sorts_of_type(w->check->program->attributes[row].type)));
    }
    return take(w, TEXT);
}

/* What the instruction takes; operands tell where signatures do not. */
static bl_load_result take_operands(walk *w)
{
    const bl_program *program = w->check->program;
    const bl_instruction in = w->in;
    switch (in.op) {
    case OP_LIST:
        for (uint32_t i = 0; i < in.a; i++)
            TRY(take(w, ANY));
        return BL_LOAD_OK;
    case OP_CALL: return take_fields(w, program->functions[in.b].parameters);
    case OP_GRANT:
    case OP_REVOKE:
        TRY(take(w, ACTOR | SET | LIST));
        return take_instance(w, program->roles[in.b].scope);
    case OP_OPEN:
        TRY(take_fields(w, program->kinds[in.b].fields));
        return take_instance(w, program->kinds[in.b].scope);
    case OP_EMIT: return take_fields(w, program->events[in.b].fields);
    case OP_CREATE: return take_attributes(w, &program->scopes[in.b]);
    case OP_SET_ATTRIBUTE:
        TRY(take(w, bl_sorts_of_type(program->attributes[in.b].type)));
        return take(w, program->attributes[in.b].scope == BL_NONE ? ACTOR : INSTANCE);
    case OP_ATTRIBUTE:
        return take(w, program->attributes[in.b].scope == BL_NONE ? ACTOR : INSTANCE);
    case OP_PROPERTY: return take(w, property_owner(in.b));
    case OP_RETURN: return take(w, w->use.result);
    default: break;
    }
    for (int i = instructions[in.op].pops; i > 0; i--)
        TRY(take(w, signatures[in.op].takes[i - 1]));
    return BL_LOAD_OK;
}

static bl_sorts given_by(const walk *w)
{
    const bl_program *program = w->check->program;
    const bl_instruction in = w->in;
    switch (in.op) {
    case OP_CONSTANT: return BL_SORT(program->constants[in.b].base);
    case OP_FIELD:
    case OP_EVENT_FIELD: return bl_sorts_of_type(program->fields[in.b].type);
    case OP_ATTRIBUTE: return bl_sorts_of_type(program->attributes[in.b].type);
    case OP_CALL: return bl_sorts_of_type(program->functions[in.b].type);
    default: return signatures[in.op].gives;
    }
}

/* ---- locals ---- */

/* The last local that the instruction touches, counted from the one it names. */
static uint32_t locals_behind(bl_opcode op)
{
    if (op == OP_NEXT) return 2;
    return op == OP_LOOP ? 1 : 0;
}

static bl_load_result check_local(const walk *w)
{
    if (instructions[w->in.op].a != OPERAND_LOCAL) return BL_LOAD_OK;
    if (w->in.op == OP_CREATE && w->in.a == NO_LOCAL) return BL_LOAD_OK;
    if (w->in.a + locals_behind((bl_opcode)w->in.op) >= w->chunk->local_count)
        return refuse(w, "there is no such local");
    return BL_LOAD_OK;
}

/* ---- jumps ---- */

/* The stack comes to an instruction further on. */
static bl_load_result carry(walk *w, uint32_t target)
{
    bl_sorts *there = w->carried[target];
    if (!there) {
        w->stored += w->depth + 1;
        if (w->stored > STORED_MAX) return refuse(w, "its chunk has too many jumps to follow");
        there = bl_arena_array(&w->check->arena, (size_t)w->depth + 1, sizeof *there);
        if (!there) return BL_LOAD_NOMEM;
        memcpy(there, w->stack, w->depth * sizeof *there);
        w->carried[target] = there;
        w->depths[target] = (uint16_t)w->depth;
        return BL_LOAD_OK;
    }
    if (w->depths[target] != w->depth) return refuse(w, "it comes with another stack than others");
    for (uint32_t i = 0; i < w->depth; i++)
        there[i] = there[i] == ANY || w->stack[i] == ANY ? ANY : there[i] | w->stack[i];
    return BL_LOAD_OK;
}

static bl_load_result jump(walk *w)
{
    const uint32_t target = w->in.b;
    if (target >= w->chunk->count) return refuse(w, "it goes out of its chunk");
    if (target > w->at) return carry(w, target);
    if (w->depths[target] == NO_DEPTH) return refuse(w, "it goes to code that is not reached");
    if (w->depths[target] != w->depth) return refuse(w, "it comes with another stack than others");
    return BL_LOAD_OK;
}

/* The stack an instruction begins with: of the one before, of jumps, or of both. */
static bl_load_result arrive(walk *w)
{
    const bl_sorts *carried = w->carried[w->at];
    if (w->is_reached && carried) TRY(carry(w, w->at));
    if (carried) {
        w->depth = w->depths[w->at];
        memcpy(w->stack, carried, w->depth * sizeof *carried);
        w->is_reached = true;
    }
    if (w->is_reached) w->depths[w->at] = (uint16_t)w->depth;
    return BL_LOAD_OK;
}

/* ---- instructions ---- */

static bool is_within(bl_range range, uint32_t row)
{
    return row >= range.first && row - range.first < range.count;
}

/* What an instruction may do depends on what its chunk is used for. */
static bl_load_result check_use(const walk *w)
{
    const bl_opcode op = (bl_opcode)w->in.op;
    if (is_effect(op) && !w->use.is_effects) return refuse(w, "its chunk may change nothing");
    if ((op == OP_END && !w->use.is_effects) || (op == OP_RETURN && w->use.is_effects))
        return refuse(w, "its chunk does not end so");
    if (op == OP_CAN) return refuse(w, "only scenarios ask so");
    if (op == OP_AGGREGATE && !is_within(w->use.aggregates, w->in.b) &&
        !is_within(w->use.more_aggregates, w->in.b))
        return refuse(w, "its stage has no such sum");
    return BL_LOAD_OK;
}

static bl_load_result follow_instruction(walk *w)
{
    const bl_opcode op = (bl_opcode)w->in.op;
    TRY(check_use(w));
    TRY(check_local(w));
    TRY(take_operands(w));
    if (op == OP_AND || op == OP_OR) {
        /* Only where it jumps it leaves its value. */
        TRY(give(w, BOOLEAN));
        TRY(jump(w));
        w->depth--;
        return BL_LOAD_OK;
    }
    if (instructions[op].pushes) TRY(give(w, given_by(w)));
    if (instructions[op].b == OPERAND_TARGET) TRY(jump(w));
    w->is_reached = op != OP_JUMP && op != OP_RETURN && op != OP_END;
    return BL_LOAD_OK;
}

static bl_load_result follow(walk *w)
{
    w->is_reached = true;
    for (w->at = 0; w->at < w->chunk->count; w->at++) {
        w->in = w->check->program->code[w->chunk->first + w->at];
        TRY(arrive(w));
        if (w->is_reached) TRY(follow_instruction(w));
    }
    w->at = w->chunk->count - 1;
    if (w->is_reached) return refuse(w, "the chunk goes on behind its end");
    if (w->deepest != w->chunk->stack_size) return refuse(w, "its chunk's stack is too large");
    return BL_LOAD_OK;
}

static bool same_range(bl_range a, bl_range b)
{
    return a.first == b.first && a.count == b.count;
}

static bool same_use(const bl_use *a, const bl_use *b)
{
    return a->is_effects == b->is_effects && a->result == b->result && a->given == b->given &&
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
    walk *w = bl_arena_alloc(&check->arena, sizeof *w);
    if (!w) return BL_LOAD_NOMEM;
    *w = (walk){.check = check, .chunk = row, .number = chunk, .use = use};
    w->depths = bl_arena_array(&check->arena, row->count, sizeof *w->depths);
    w->carried = bl_arena_array(&check->arena, row->count, sizeof *w->carried);
    if (!w->depths || !w->carried) return BL_LOAD_NOMEM;
    memset(w->depths, 0xFF, row->count * sizeof *w->depths);
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
    const bl_use use = {.result = NUMBER, .given = ACTOR};
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
    *check = (bl_code_check){.program = program, .error = error};
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
