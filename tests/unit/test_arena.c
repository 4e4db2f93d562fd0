/* Memory by lifetime: arenas and growable arrays, with an allocator that counts and can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"

typedef struct meter {
    size_t held;
    size_t allocations;
    size_t fail_from; /* allocations from this one on fail; 0: none does */
} meter;

static void *metered_resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    meter *m = context;
    if (new_size && m->fail_from && m->allocations + 1 >= m->fail_from) return NULL;
    if (new_size) m->allocations++;
    m->held = m->held - old_size + new_size;
    return bl_memory_default.resize(NULL, pointer, old_size, new_size);
}

static void a_piece_is_zeroed_and_aligned(void **state)
{
    (void)state;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    for (size_t size = 1; size < 300; size++) {
        unsigned char *piece = bl_arena_alloc(&arena, size);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xFF, size);
    }
    bl_arena_destroy(&arena);
}

static void a_piece_is_zeroed_after_a_reset_too(void **state)
{
    (void)state;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    memset(bl_arena_alloc(&arena, 1000), 0xFF, 1000);
    bl_arena_reset(&arena);
    const unsigned char *piece = bl_arena_alloc(&arena, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(piece[i], 0);
    bl_arena_destroy(&arena);
}

static void pieces_of_no_size_are_different(void **state)
{
    (void)state;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    void *a = bl_arena_alloc(&arena, 0);
    void *b = bl_arena_alloc(&arena, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_ptr_not_equal(a, b);
    bl_arena_destroy(&arena);
}

static void a_copy_has_a_nul_behind_it(void **state)
{
    (void)state;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    const char *copy = bl_arena_copy(&arena, "ab\0cd", 5);
    assert_memory_equal(copy, "ab\0cd", 6);
    assert_string_equal(bl_arena_copy(&arena, NULL, 0), "");
    bl_arena_destroy(&arena);
}

static void an_array_that_overflows_is_null(void **state)
{
    (void)state;
    bl_arena arena;
    bl_arena_init(&arena, &bl_memory_default);
    assert_null(bl_arena_array(&arena, SIZE_MAX / 2, 4));
    assert_null(bl_arena_alloc(&arena, SIZE_MAX));
    assert_null(bl_arena_alloc(&arena, SIZE_MAX - 20));
    assert_null(bl_arena_copy(&arena, "", SIZE_MAX));
    assert_non_null(bl_arena_array(&arena, 0, 8));
    assert_non_null(bl_arena_array(&arena, 8, 0));
    bl_arena_destroy(&arena);
}

static void fill(bl_arena *arena, int from)
{
    for (int i = 0; i < 50; i++)
        assert_non_null(bl_arena_alloc(arena, (size_t)((i + from) % 50) * 700));
}

static void no_allocation_happens_in_steady_state(void **state)
{
    (void)state;
    meter m = {0};
    bl_memory memory = {metered_resize, &m};
    bl_arena arena;
    bl_arena_init(&arena, &memory);
    fill(&arena, 0);
    size_t allocations = m.allocations;
    for (int round = 0; round < 100; round++) {
        bl_arena_reset(&arena);
        fill(&arena, 0);
    }
    assert_int_equal(m.allocations, allocations);
    bl_arena_destroy(&arena);
    assert_int_equal(m.held, 0);
}

static void changing_patterns_do_not_grow_an_arena_for_ever(void **state)
{
    (void)state;
    meter m = {0};
    bl_memory memory = {metered_resize, &m};
    bl_arena arena;
    bl_arena_init(&arena, &memory);
    size_t settled = 0;
    for (int round = 0; round < 1000; round++) {
        fill(&arena, round * 7);
        bl_arena_reset(&arena);
        if (round == 100) settled = m.held;
    }
    assert_int_equal(m.held, settled);
    bl_arena_destroy(&arena);
    assert_int_equal(m.held, 0);
}

static void an_arena_out_of_memory_can_be_used_on_and_destroyed(void **state)
{
    (void)state;
    for (size_t n = 1; n < 8; n++) {
        meter m = {.fail_from = n};
        bl_memory memory = {metered_resize, &m};
        bl_arena arena;
        bl_arena_init(&arena, &memory);
        bool has_failed = false;
        for (int i = 0; i < 100 && !has_failed; i++)
            has_failed = bl_arena_alloc(&arena, 5000) == NULL;
        assert_true(has_failed);
        m.fail_from = 0;
        assert_non_null(bl_arena_alloc(&arena, 5000));
        bl_arena_destroy(&arena);
        assert_int_equal(m.held, 0);
    }
}

static void a_vector_keeps_its_items_while_it_grows(void **state)
{
    (void)state;
    meter m = {0};
    bl_memory memory = {metered_resize, &m};
    bl_vector(int) v = {0};
    for (int i = 0; i < 10000; i++) {
        assert_true(bl_vector_reserve(&memory, &v, 1));
        v.items[v.count++] = i;
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(v.items[i], i);
    assert_in_range(m.allocations, 1, 14);
    bl_vector_free(&memory, &v);
    assert_int_equal(m.held, 0);
    assert_true(bl_vector_reserve(&memory, &v, 1));
    bl_vector_free(&memory, &v);
}

static void a_vector_that_cannot_grow_is_left_as_it_was(void **state)
{
    (void)state;
    meter m = {0};
    bl_memory memory = {metered_resize, &m};
    bl_vector(int) v = {0};
    assert_true(bl_vector_reserve(&memory, &v, 1));
    v.items[v.count++] = 7;
    m.fail_from = 1;
    assert_false(bl_vector_reserve(&memory, &v, 1000));
    assert_false(bl_vector_reserve(&memory, &v, SIZE_MAX));
    assert_false(bl_vector_reserve(&memory, &v, SIZE_MAX / 4));
    assert_int_equal(v.items[0], 7);
    bl_vector_free(&memory, &v);
    assert_int_equal(m.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_is_zeroed_and_aligned),
        cmocka_unit_test(a_piece_is_zeroed_after_a_reset_too),
        cmocka_unit_test(pieces_of_no_size_are_different),
        cmocka_unit_test(a_copy_has_a_nul_behind_it),
        cmocka_unit_test(an_array_that_overflows_is_null),
        cmocka_unit_test(no_allocation_happens_in_steady_state),
        cmocka_unit_test(changing_patterns_do_not_grow_an_arena_for_ever),
        cmocka_unit_test(an_arena_out_of_memory_can_be_used_on_and_destroyed),
        cmocka_unit_test(a_vector_keeps_its_items_while_it_grows),
        cmocka_unit_test(a_vector_that_cannot_grow_is_left_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
