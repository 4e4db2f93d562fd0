/*
 * Names that stand for values where an expression is: a chain, the innermost first.
 *
 * Parameters and binders are few and looked through one by one. A scenario may name thousands of
 * proposals: those are in a table as well, and who comes to one of them asks the table for all.
 */
#include "compile.h"

struct bl_local_table {
    const bl_local *after; /* the chain behind those of the table */
    const bl_local **slots; /* the innermost of each name, or NULL */
    uint32_t count; /* of slots that are taken */
    uint32_t capacity; /* a power of two */
};

enum { CAPACITY_LEAST = 16 };

/* Where the name is, or the empty slot where it belongs. */
static const bl_local **slot_of(const bl_local_table *table, bl_text name)
{
    uint32_t at = (uint32_t)bl_text_hash(name, (uintptr_t)table) & (table->capacity - 1);
    while (table->slots[at] && !bl_text_equal(table->slots[at]->name, name))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

const bl_local *bl_local_find(const bl_local *locals, bl_text name)
{
    while (locals) {
        if (locals->table) {
            const bl_local *found = *slot_of(locals->table, name);
            if (found) return found;
            locals = locals->table->after;
        } else {
            if (bl_text_equal(locals->name, name)) return locals;
            locals = locals->next;
        }
    }
    return NULL;
}

/* At most half of the slots are taken. */
static bool grow(bl_arena *arena, bl_local_table *table)
{
    if (table->count * 2 < table->capacity) return true;
    bl_local_table grown = *table;
    grown.capacity = table->capacity ? table->capacity * 2 : CAPACITY_LEAST;
    grown.slots = bl_arena_array(arena, grown.capacity, sizeof *grown.slots);
    if (!grown.slots) return false;
    const bl_local_table old = *table;
    *table = grown; /* names are spread by its address */
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.slots[i]) *slot_of(table, old.slots[i]->name) = old.slots[i];
    return true;
}

bool bl_local_add(bl_arena *arena, bl_local_table **table, const bl_local **locals, bl_text name,
                  bl_type type)
{
    bl_local *local = bl_arena_alloc(arena, sizeof *local);
    if (!*table) {
        *table = bl_arena_alloc(arena, sizeof **table);
        if (*table) **table = (bl_local_table){.after = *locals};
    }
    if (!local || !*table || !grow(arena, *table)) return false;
    *local = (bl_local){name, type, BL_NONE, *locals, *table};
    const bl_local **slot = slot_of(*table, name);
    (*table)->count += !*slot;
    *slot = local;
    *locals = local;
    return true;
}
