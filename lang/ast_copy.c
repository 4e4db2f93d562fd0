/*
 * Deep copies of trees, for clauses that are compiled more than once.
 *
 * Rungs of a ladder, clauses for every proposal and named bodies are typed anew in each place they
 * are used, and typing writes into the nodes: each place gets its own copy. Text stays shared.
 */
#include "ast.h"
#include "../runtime/limits.h"

static bl_node *copy_list(bl_arena *arena, const bl_node *list, unsigned depth);

static bl_node *copy_node(bl_arena *arena, const bl_node *node, unsigned depth)
{
    if (depth > BL_AST_DEPTH_MAX) return NULL;
    bl_node *copy = bl_arena_alloc(arena, sizeof *copy);
    if (!copy) return NULL;
    *copy = *node;
    copy->next = NULL;
    for (unsigned i = 0; i < BL_NODE_KIDS; i++) {
        if (!node->kids[i]) continue;
        copy->kids[i] = copy_list(arena, node->kids[i], depth + 1);
        if (!copy->kids[i]) return NULL;
    }
    return copy;
}

static bl_node *copy_list(bl_arena *arena, const bl_node *list, unsigned depth)
{
    bl_node *first = NULL;
    bl_node **link = &first;
    for (; list; list = list->next) {
        *link = copy_node(arena, list, depth);
        if (!*link) return NULL;
        link = &(*link)->next;
    }
    return first;
}

bl_node *bl_node_copy(bl_arena *arena, const bl_node *node)
{
    return node ? copy_node(arena, node, 1) : NULL;
}

bl_node *bl_node_copy_list(bl_arena *arena, const bl_node *list)
{
    return list ? copy_list(arena, list, 1) : NULL;
}
