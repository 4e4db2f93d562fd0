/*
 * Defaults of attributes, and who may change an attribute, grant or revoke a role.
 */
#include "check.h"

static bl_env env_of_scope(uint32_t scope)
{
    bl_env env = bl_env_empty;
    env.instance_scope = scope;
    return env;
}

/* ---- changers ---- */

static bool body_changer(bl_check *check, const bl_env *env, bl_node *ref, bl_changer *out)
{
    out->kind = BL_CHANGER_BODY;
    return bl_emit_body(check->compiler, env, ref, &out->index);
}

/* One REF; *is_good is false where it names nothing that can change things. */
static bool changer_of(bl_check *check, const bl_env *env, bl_node *ref, bl_changer *out,
                       bool *is_good)
{
    bl_compiler *compiler = check->compiler;
    const bl_symbol *symbol = ref->kind == BL_NODE_NAME ? bl_symbol_find(compiler, ref->name)
                                                        : NULL;
    *out = (bl_changer){.span = ref->span};
    *is_good = true;
    if (symbol && (symbol->kind == BL_SYMBOL_KIND || symbol->kind == BL_SYMBOL_EVENT)) {
        out->kind = symbol->kind == BL_SYMBOL_KIND ? BL_CHANGER_KIND : BL_CHANGER_EVENT;
        out->index = symbol->index;
        return true;
    }
    bool is_body = ref->kind != BL_NODE_NAME || bl_text_equal(ref->name, BL_TEXT("anyone")) ||
                   (symbol && (symbol->kind == BL_SYMBOL_ROLE || symbol->kind == BL_SYMBOL_BODY));
    if (is_body) {
        *is_good = body_changer(check, env, ref, out);
        return bl_check_memory(compiler);
    }
    *is_good = false;
    const unsigned kinds = BL_SYMBOL_BIT(BL_SYMBOL_KIND) | BL_SYMBOL_BIT(BL_SYMBOL_EVENT) |
                           BL_SYMBOL_BIT(BL_SYMBOL_ROLE) | BL_SYMBOL_BIT(BL_SYMBOL_BODY);
    bl_symbol_missing(compiler, bl_name_span(ref), ref->name, kinds,
                      "proposal kind, event, role or body");
    return true;
}

bool bl_check_changers(bl_check *check, const bl_env *env, bl_node *refs, bl_range *out)
{
    bl_compiler *compiler = check->compiler;
    uint32_t most = 0, count = 0;
    for (const bl_node *ref = refs; ref; ref = ref->next)
        most++;
    bl_changer *changers = bl_arena_array(compiler->arena, most, sizeof *changers);
    if (!changers) return bl_check_nomem(compiler);
    for (bl_node *ref = refs; ref; ref = ref->next) {
        bool is_good;
        if (!changer_of(check, env, ref, &changers[count], &is_good)) return false;
        count += is_good;
    }
    *out = (bl_range){compiler->program->changer_count, count};
    for (uint32_t i = 0; i < count; i++) {
        bl_changer *row = bl_table_row(compiler, changer);
        if (!row) return bl_check_nomem(compiler);
        *row = changers[i];
    }
    return true;
}

/* ---- attributes ---- */

static bool check_attribute(bl_check *check, uint32_t scope, bl_node *node)
{
    bl_compiler *compiler = check->compiler;
    bl_program *program = compiler->program;
    uint32_t index = bl_attribute_find(compiler, scope, node->name);
    if (index == BL_NONE) return true; /* its type was wrong */
    bl_attribute row = program->attributes[index];
    const bl_env env = env_of_scope(scope);
    const bl_env giving = bl_env_giving(&bl_env_empty, row.span);
    bl_node *value = node->kids[BL_ATTRIBUTE_DEFAULT];
    bl_node *changers = node->kids[BL_ATTRIBUTE_CHANGERS];
    if (value && row.default_chunk == BL_NONE &&
        !bl_emit_expression(compiler, &giving, value, &row.type, &row.default_chunk) &&
        !bl_check_memory(compiler))
        return false;
    if (changers) {
        row.has_changers = row.can_change = true;
        if (!bl_check_changers(check, &env, changers, &row.changers)) return false;
    }
    program->attributes[index] = row;
    return true;
}

bool bl_check_attributes(bl_check *check)
{
    for (const bl_node *node = check->compiler->declarations; node; node = node->next) {
        bl_node *attributes = NULL;
        uint32_t scope = BL_NONE;
        if (node->kind == BL_NODE_ACTOR) attributes = node->kids[BL_ACTOR_ATTRIBUTES];
        if (node->kind == BL_NODE_SCOPE) {
            const bl_symbol *symbol = bl_symbol_find(check->compiler, node->name);
            if (!symbol || symbol->node != node) continue;
            attributes = node->kids[BL_SCOPE_ATTRIBUTES];
            scope = symbol->index;
        }
        for (; attributes; attributes = attributes->next)
            if (!check_attribute(check, scope, attributes)) return false;
    }
    return true;
}
