/*
 * What the instructions that work on values alone do: numbers, text, time, lists, loops, sets.
 *
 * Each pops its operands off the frame and pushes what comes of them, or faults. Nothing here looks
 * at the world.
 */
#include "vm.h"

#include <string.h>

static bl_result too_large(const bl_frame *f)
{
    return BL_FRAME_FAIL(f, "a number too large");
}

static bl_result not_given(const bl_frame *f)
{
    return BL_FRAME_FAIL(f, "a value that was not given");
}

static bl_result wrong_type(const bl_frame *f)
{
    return BL_FRAME_FAIL(f, "a value of another type than is wanted here");
}

bl_result bl_frame_expect(const bl_frame *f, const bl_value *value, bl_base base)
{
    if (value->base == base) return BL_OK;
    return value->base == BL_BASE_NOTHING ? not_given(f) : wrong_type(f);
}

bl_result bl_frame_pop_as(bl_frame *f, bl_base base, bl_value *out)
{
    *out = bl_frame_pop(f);
    return bl_frame_expect(f, out, base);
}

static void push_boolean(bl_frame *f, bool boolean)
{
    bl_frame_push(f, bl_value_boolean(boolean));
}

/* ---- time ---- */

static bl_value time_value(bl_time time)
{
    return (bl_value){.base = BL_BASE_TIME, .as.time = time};
}

/* ---- numbers, text, durations ---- */

/* The numbers of two operands; false: *result is a fault. */
static bl_result numbers(const bl_frame *f, bl_opcode op, bl_rational a, bl_rational b,
                         bl_value *out)
{
    bl_rational number = a;
    bool fits = true;
    if (op == OP_ADD) fits = bl_rational_add(a, b, &number);
    if (op == OP_SUBTRACT) fits = bl_rational_subtract(a, b, &number);
    if (op == OP_MULTIPLY) fits = bl_rational_multiply(a, b, &number);
    if (op == OP_DIVIDE) {
        if (b.num == 0) return BL_FRAME_FAIL(f, "division by zero");
        fits = bl_rational_divide(a, b, &number);
    }
    if (op == OP_MINIMUM && bl_rational_compare(b, a) < 0) number = b;
    if (op == OP_MAXIMUM && bl_rational_compare(b, a) > 0) number = b;
    if (!fits) return too_large(f);
    *out = bl_value_number(number);
    return BL_OK;
}

static bl_value duration_value(bl_duration duration)
{
    return (bl_value){.base = BL_BASE_DURATION, .as.duration = duration};
}

static bl_result durations(const bl_frame *f, bl_opcode op, bl_duration a, bl_duration b,
                           bl_value *out)
{
    if (op != OP_ADD && op != OP_SUBTRACT) return wrong_type(f);
    if (op == OP_SUBTRACT && !bl_duration_multiply(b, -1, &b)) return too_large(f);
    bl_duration sum;
    if (!bl_duration_add(a, b, &sum)) return BL_FRAME_FAIL(f, "a duration too long");
    *out = duration_value(sum);
    return BL_OK;
}

/* One part of a duration times a number, which must come out whole. */
static bl_result scale(const bl_frame *f, int64_t part, bl_rational factor, int64_t *out)
{
    bl_rational product;
    if (!bl_rational_multiply(BL_RATIONAL(part), factor, &product))
        return BL_FRAME_FAIL(f, "a duration too long");
    if (!bl_rational_is_integer(product))
        return BL_FRAME_FAIL(f, "a duration that is no whole number of months or of microseconds");
    *out = product.num;
    return BL_OK;
}

static bl_result scaled_duration(const bl_frame *f, bl_duration a, bl_rational factor,
                                 bl_value *out)
{
    bl_duration product;
    BL_TRY(scale(f, a.months, factor, &product.months));
    BL_TRY(scale(f, a.micros, factor, &product.micros));
    *out = duration_value(product);
    return BL_OK;
}

static bl_result moved_time(const bl_frame *f, bl_opcode op, bl_time time, bl_duration by,
                            bl_value *out)
{
    bl_time moved;
    if (op != OP_ADD && op != OP_SUBTRACT) return wrong_type(f);
    if (!(op == OP_ADD ? bl_time_add(time, by, &moved) : bl_time_subtract(time, by, &moved)))
        return BL_FRAME_FAIL(f, "a time outside of the years 1 to 9999");
    *out = time_value(moved);
    return BL_OK;
}

static bl_result joined_text(const bl_frame *f, bl_text a, bl_text b, bl_value *out)
{
    if (a.size > BL_TEXT_SIZE_MAX || b.size > BL_TEXT_SIZE_MAX - a.size)
        return BL_FRAME_FAIL(f, "a text of more than %u bytes", BL_TEXT_SIZE_MAX);
    bl_frame_charge(f, a.size + b.size);
    char *bytes = bl_arena_alloc(&f->engine->scratch, a.size + b.size);
    if (!bytes) return bl_no_memory(f->engine);
    if (a.size) memcpy(bytes, a.bytes, a.size);
    if (b.size) memcpy(bytes + a.size, b.bytes, b.size);
    *out = bl_value_text((bl_text){bytes, a.size + b.size});
    return BL_OK;
}

/* The operations that pop two values and push one, by the types they find. */
bl_result bl_do_arithmetic(bl_frame *f, bl_opcode op)
{
    const bl_value b = bl_frame_pop(f), a = bl_frame_pop(f);
    if (a.base == BL_BASE_NOTHING || b.base == BL_BASE_NOTHING) return not_given(f);
    bl_value out;
    if (a.base == BL_BASE_NUMBER && b.base == BL_BASE_NUMBER)
        BL_TRY(numbers(f, op, a.as.number, b.as.number, &out));
    else if (a.base == BL_BASE_DURATION && b.base == BL_BASE_DURATION)
        BL_TRY(durations(f, op, a.as.duration, b.as.duration, &out));
    else if (a.base == BL_BASE_DURATION && b.base == BL_BASE_NUMBER && op == OP_MULTIPLY)
        BL_TRY(scaled_duration(f, a.as.duration, b.as.number, &out));
    else if (a.base == BL_BASE_NUMBER && b.base == BL_BASE_DURATION && op == OP_MULTIPLY)
        BL_TRY(scaled_duration(f, b.as.duration, a.as.number, &out));
    else if (a.base == BL_BASE_TIME && b.base == BL_BASE_DURATION)
        BL_TRY(moved_time(f, op, a.as.time, b.as.duration, &out));
    else if (a.base == BL_BASE_DURATION && b.base == BL_BASE_TIME && op == OP_ADD)
        BL_TRY(moved_time(f, op, b.as.time, a.as.duration, &out));
    else if (a.base == BL_BASE_TIME && b.base == BL_BASE_TIME && op == OP_SUBTRACT)
        out = duration_value((bl_duration){0, a.as.time - b.as.time});
    else if (a.base == BL_BASE_TEXT && b.base == BL_BASE_TEXT && op == OP_ADD)
        BL_TRY(joined_text(f, a.as.text, b.as.text, &out));
    else
        return wrong_type(f);
    bl_frame_push(f, out);
    return BL_OK;
}

bl_result bl_do_unary(bl_frame *f, bl_opcode op)
{
    bl_value value;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &value));
    bl_rational number = value.as.number;
    if (op == OP_NEGATE && !bl_rational_negate(number, &number)) return too_large(f);
    if (op == OP_FLOOR) number = BL_RATIONAL(bl_rational_floor(number));
    if (op == OP_CEILING) number = BL_RATIONAL(bl_rational_ceiling(number));
    bl_frame_push(f, bl_value_number(number));
    return BL_OK;
}

/* -1, 0, 1 for a before, at or behind b. */
static bl_result order_of(const bl_frame *f, const bl_value *a, const bl_value *b, int *sign)
{
    if (a->base == BL_BASE_NOTHING || b->base == BL_BASE_NOTHING) return not_given(f);
    if (a->base != b->base) return wrong_type(f);
    if (a->base == BL_BASE_NUMBER) {
        *sign = bl_rational_compare(a->as.number, b->as.number);
    } else if (a->base == BL_BASE_TIME) {
        *sign = (a->as.time > b->as.time) - (a->as.time < b->as.time);
    } else if (a->base == BL_BASE_DURATION) {
        if (!bl_duration_compare(a->as.duration, b->as.duration, sign))
            return BL_FRAME_FAIL(f, "durations in months and in days have no order");
    } else {
        return wrong_type(f);
    }
    return BL_OK;
}

bool bl_comparison_holds(bl_comparison comparison, int sign)
{
    switch (comparison) {
    case BL_LESS: return sign < 0;
    case BL_LESS_EQUAL: return sign <= 0;
    case BL_GREATER: return sign > 0;
    case BL_GREATER_EQUAL: return sign >= 0;
    case BL_EQUAL: return sign == 0;
    case BL_UNEQUAL: return sign != 0;
    }
    assert(false && "a comparison");
    return false;
}

bl_result bl_do_compare(bl_frame *f, bl_comparison comparison)
{
    const bl_value b = bl_frame_pop(f), a = bl_frame_pop(f);
    int sign;
    BL_TRY(order_of(f, &a, &b, &sign));
    push_boolean(f, bl_comparison_holds(comparison, sign));
    return BL_OK;
}

bl_result bl_do_compare_root(bl_frame *f, bl_comparison comparison)
{
    bl_value a, b, c;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &c));
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &b));
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &a));
    if (c.as.number.num < 0) return BL_FRAME_FAIL(f, "the square root of a number below zero");
    int sign;
    if (!bl_rational_compare_root(a.as.number, b.as.number, c.as.number, &sign))
        return too_large(f);
    push_boolean(f, bl_comparison_holds(comparison, sign));
    return BL_OK;
}

bl_result bl_do_ceiling_root(bl_frame *f)
{
    bl_value b, c;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &c));
    BL_TRY(bl_frame_pop_as(f, BL_BASE_NUMBER, &b));
    if (c.as.number.num < 0) return BL_FRAME_FAIL(f, "the square root of a number below zero");
    int64_t least;
    if (!bl_rational_ceiling_root(b.as.number, c.as.number, &least)) return too_large(f);
    bl_frame_push(f, bl_value_number(BL_RATIONAL(least)));
    return BL_OK;
}

void bl_do_equal(bl_frame *f, bool wanted)
{
    const bl_value b = bl_frame_pop(f), a = bl_frame_pop(f);
    if (a.base == BL_BASE_LIST && b.base == BL_BASE_LIST) bl_frame_charge(f, a.as.list.count);
    push_boolean(f, bl_value_equal(&a, &b) == wanted);
}

bl_result bl_do_contains(bl_frame *f)
{
    bl_value text, part;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_TEXT, &part));
    BL_TRY(bl_frame_pop_as(f, BL_BASE_TEXT, &text));
    bl_frame_charge(f, text.as.text.size);
    push_boolean(f, bl_text_contains(text.as.text, part.as.text));
    return BL_OK;
}

/* A text against one glob or any of a list. */
bl_result bl_do_matches(bl_frame *f, bool (*test)(bl_text pattern, bl_text text))
{
    const bl_value glob = bl_frame_pop(f);
    bl_value text;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_TEXT, &text));
    const bool is_list = glob.base == BL_BASE_LIST;
    const bl_value *globs = is_list ? glob.as.list.items : &glob;
    const uint32_t count = is_list ? glob.as.list.count : 1;
    bool is_match = false;
    for (uint32_t i = 0; i < count && !is_match; i++) {
        BL_TRY(bl_frame_expect(f, &globs[i], BL_BASE_TEXT));
        bl_frame_charge(f, (globs[i].as.text.size + 1) * text.as.text.size / 8);
        if (f->engine->steps > f->engine->options.limits.step_count)
            break; /* the next instruction faults */
        is_match = test(globs[i].as.text, text.as.text);
    }
    push_boolean(f, is_match);
    return BL_OK;
}

/* ---- lists and loops ---- */

bl_result bl_do_list(bl_frame *f, uint32_t count)
{
    assert(count <= (size_t)(f->top - f->stack));
    f->top -= count;
    for (uint32_t i = 0; i < count; i++) {
        if (f->top[i].base == BL_BASE_NOTHING) return not_given(f);
        if (f->top[i].base == BL_BASE_LIST) return BL_FRAME_FAIL(f, "a list of lists");
    }
    bl_value *items = bl_arena_array(&f->engine->scratch, count, sizeof *items);
    if (!items) return bl_no_memory(f->engine);
    if (count) memcpy(items, f->top, count * sizeof *items);
    bl_frame_push(f, (bl_value){.base = BL_BASE_LIST, .as.list = {items, count}});
    return BL_OK;
}

static uint32_t character_count(bl_text text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    return count;
}

bl_result bl_do_size(bl_frame *f)
{
    const bl_value value = bl_frame_pop(f);
    uint32_t size;
    if (value.base == BL_BASE_LIST)
        size = value.as.list.count;
    else if (value.base == BL_BASE_SET)
        size = value.as.set.count;
    else if (value.base == BL_BASE_TEXT)
        size = character_count(value.as.text);
    else
        return bl_frame_expect(f, &value, BL_BASE_LIST);
    bl_frame_push(f, bl_value_number(BL_RATIONAL(size)));
    return BL_OK;
}

bl_result bl_do_in(bl_frame *f)
{
    const bl_value all = bl_frame_pop(f), value = bl_frame_pop(f);
    if (value.base == BL_BASE_NOTHING) return not_given(f);
    if (all.base == BL_BASE_SET) {
        BL_TRY(bl_frame_expect(f, &value, BL_BASE_ACTOR));
        push_boolean(f, bl_set_has(all.as.set, value.as.index));
        return BL_OK;
    }
    BL_TRY(bl_frame_expect(f, &all, BL_BASE_LIST));
    bool is_found = false;
    for (uint32_t i = 0; i < all.as.list.count && !is_found; i++)
        is_found = bl_value_equal(&all.as.list.items[i], &value);
    bl_frame_charge(f, all.as.list.count);
    push_boolean(f, is_found);
    return BL_OK;
}

bl_result bl_do_loop(bl_frame *f, uint32_t local)
{
    const bl_value all = bl_frame_pop(f);
    if (all.base != BL_BASE_SET) BL_TRY(bl_frame_expect(f, &all, BL_BASE_LIST));
    f->locals[local] = all;
    f->locals[local + 1] = bl_value_number(BL_RATIONAL(0));
    f->locals[local + 2] = BL_NOTHING;
    return BL_OK;
}

bool bl_do_next(const bl_frame *f, uint32_t local)
{
    const bl_value *all = &f->locals[local];
    int64_t *at = &f->locals[local + 1].as.number.num;
    assert(f->locals[local + 1].base == BL_BASE_NUMBER && *at >= 0);
    if (all->base == BL_BASE_SET) {
        if (*at >= all->as.set.count) return false;
        f->locals[local + 2] = bl_value_index(BL_BASE_ACTOR, all->as.set.actors[(*at)++]);
        return true;
    }
    if (all->base != BL_BASE_LIST || *at >= all->as.list.count) return false;
    f->locals[local + 2] = all->as.list.items[(*at)++];
    return true;
}

/* ---- sets of actors ---- */

void bl_frame_push_set(bl_frame *f, bl_set set)
{
    bl_frame_charge(f, set.count);
    bl_frame_push(f, (bl_value){.base = BL_BASE_SET, .as.set = set});
}

bl_result bl_frame_set_of(const bl_frame *f, const bl_value *value, bl_set *out)
{
    if (value->base == BL_BASE_SET) {
        *out = value->as.set;
        return BL_OK;
    }
    const bool is_list = value->base == BL_BASE_LIST;
    const bl_value *items = is_list ? value->as.list.items : value;
    const uint32_t count = is_list ? value->as.list.count : 1;
    uint32_t *actors = bl_arena_array(&f->engine->scratch, count, sizeof *actors);
    if (!actors) return bl_no_memory(f->engine);
    for (uint32_t i = 0; i < count; i++) {
        BL_TRY(bl_frame_expect(f, &items[i], BL_BASE_ACTOR));
        actors[i] = items[i].as.index;
    }
    bl_frame_charge(f, count);
    return bl_set_of(&f->engine->scratch, actors, count, out) ? BL_OK : bl_no_memory(f->engine);
}

bl_result bl_do_set(bl_frame *f)
{
    const bl_value value = bl_frame_pop(f);
    bl_set set = {NULL, 0};
    if (value.base != BL_BASE_NOTHING) BL_TRY(bl_frame_set_of(f, &value, &set));
    bl_frame_push_set(f, set);
    return BL_OK;
}

bl_result bl_do_combine(bl_frame *f,
                        bool (*operation)(bl_arena *arena, bl_set a, bl_set b, bl_set *out))
{
    bl_value a, b;
    BL_TRY(bl_frame_pop_as(f, BL_BASE_SET, &b));
    BL_TRY(bl_frame_pop_as(f, BL_BASE_SET, &a));
    bl_set set;
    if (!operation(&f->engine->scratch, a.as.set, b.as.set, &set)) return bl_no_memory(f->engine);
    bl_frame_charge(f, (size_t)a.as.set.count + b.as.set.count);
    bl_frame_push_set(f, set);
    return BL_OK;
}
