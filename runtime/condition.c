/*
 * Conditions of stages: what they are now, what they must come to, and in words.
 *
 * A comparison that is linear in the stage's sums is brought to `sum of coefficient * sum +
 * constant (cmp) 0` by the compiler; its coefficients are fixed when the stage opens. What the
 * members without a ballot could still add lies between `low` and `high`, kept up member by member
 * in stage.c, so that asking whether a condition is settled costs the same for three members and
 * for three thousand.
 */
#include "machine.h"

static bl_compare *find_compare(const bl_stage *stage, uint32_t condition)
{
    for (uint32_t i = 0; i < stage->compare_count; i++)
        if (stage->compares[i].condition == condition) return &stage->compares[i];
    return NULL;
}

static uint32_t count_compares(const bl_program *program, uint32_t condition, int depth)
{
    if (condition == BL_NONE || depth > BL_AST_DEPTH_MAX) return 0;
    const bl_condition *row = &program->conditions[condition];
    if (row->kind == BL_CONDITION_COMPARE) return 1;
    return count_compares(program, row->left, depth + 1) +
           count_compares(program, row->right, depth + 1);
}

static bl_result number_of(bl_engine *engine, const bl_stage *stage, uint32_t chunk,
                           bl_rational *out)
{
    const bl_context context = bl_stage_context(engine, stage);
    bl_value value;
    const bl_result result = bl_vm_value(engine, chunk, &context, stage->arguments,
                                         stage->argument_count, BL_BASE_NUMBER, &value);
    if (result == BL_OK) *out = value.as.number;
    return result;
}

static bl_result prepare_compare(bl_engine *engine, bl_stage *stage, uint32_t condition)
{
    const bl_condition *row = &engine->program->conditions[condition];
    bl_compare *compare = &stage->compares[stage->compare_count++];
    *compare = (bl_compare){condition, NULL, BL_RATIONAL(0), BL_RATIONAL(0), BL_RATIONAL(0)};
    stage->is_of_members = stage->is_of_members && row->is_linear;
    if (!row->is_linear) return BL_OK;
    bl_rational *coefficients = bl_arena_array(&engine->arena, row->terms.count + 1,
                                               sizeof *coefficients);
    if (coefficients == NULL) return bl_no_memory(engine);
    for (uint32_t i = 0; i < row->terms.count; i++) {
        const bl_term *term = &engine->program->terms[row->terms.first + i];
        const bl_result result = number_of(engine, stage, term->coefficient_chunk,
                                           &coefficients[i]);
        if (result != BL_OK) return result;
    }
    compare->coefficients = coefficients;
    return row->constant_chunk == BL_NONE
               ? BL_OK
               : number_of(engine, stage, row->constant_chunk, &compare->constant);
}

static bl_result prepare_tree(bl_engine *engine, bl_stage *stage, uint32_t condition, int depth)
{
    if (condition == BL_NONE || depth > BL_AST_DEPTH_MAX) return BL_OK;
    const bl_condition *row = &engine->program->conditions[condition];
    if (row->kind == BL_CONDITION_COMPARE) return prepare_compare(engine, stage, condition);
    stage->is_of_members = stage->is_of_members && row->kind != BL_CONDITION_TEST;
    const bl_result result = prepare_tree(engine, stage, row->left, depth + 1);
    return result != BL_OK ? result : prepare_tree(engine, stage, row->right, depth + 1);
}

bl_result bl_condition_prepare(bl_engine *engine, bl_stage *stage)
{
    const bl_program *program = engine->program;
    const bl_procedure *procedure = &program->procedures[stage->procedure];
    const uint32_t roots[] = {procedure->quorum, procedure->passes, procedure->fails,
                              program->plans[stage->plan].quorum};
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        count += count_compares(program, roots[i], 0);
    stage->compares = bl_arena_array(&engine->arena, count, sizeof *stage->compares);
    if (stage->compares == NULL) return bl_no_memory(engine);
    stage->compare_count = 0;
    bl_result result = BL_OK;
    for (size_t i = 0; i < sizeof roots / sizeof *roots && result == BL_OK; i++)
        result = prepare_tree(engine, stage, roots[i], 0);
    return result;
}

/* The left side of a linear comparison, now. */
static bl_result total_now(bl_engine *engine, const bl_stage *stage, const bl_compare *compare,
                           bl_rational *total)
{
    const bl_condition *row = &engine->program->conditions[compare->condition];
    *total = compare->constant;
    for (uint32_t i = 0; i < row->terms.count; i++) {
        bl_rational sum;
        const bl_result result = bl_stage_aggregate(
            engine, stage, engine->program->terms[row->terms.first + i].aggregate, &sum);
        if (result != BL_OK) return result;
        if (!bl_rational_multiply(sum, compare->coefficients[i], &sum) ||
            !bl_rational_add(*total, sum, total))
            return bl_fail(engine, row->span, "a number too large in `%.*s`", BL_SAID(row->text));
    }
    return BL_OK;
}

static void count_side(const bl_engine *engine, uint32_t condition, bool is_true)
{
    bl_coverage *coverage = bl_coverage_now(engine);
    if (coverage) bl_coverage_side(coverage->conditions, condition, is_true);
}

static bl_result run_test(bl_engine *engine, const bl_stage *stage, const bl_condition *row,
                          bool *out)
{
    const bl_context context = bl_stage_context(engine, stage);
    return bl_vm_boolean(engine, row->test_chunk, &context, stage->arguments, stage->argument_count,
                         out);
}

static bl_result now_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                        bool *out);

static bl_result now_of(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                        bool *out)
{
    if (depth > BL_AST_DEPTH_MAX)
        return bl_fail(engine, BL_SPAN_NONE, "a condition nested too deeply");
    const bl_condition *row = &engine->program->conditions[condition];
    bl_result result = BL_OK;
    switch (row->kind) {
    case BL_CONDITION_TEST: return run_test(engine, stage, row, out);
    case BL_CONDITION_COMPARE: {
        const bl_compare *compare = find_compare(stage, condition);
        if (compare == NULL || compare->coefficients == NULL)
            return run_test(engine, stage, row, out);
        bl_rational total;
        result = total_now(engine, stage, compare, &total);
        if (result == BL_OK)
            *out = bl_comparison_holds(row->comparison, bl_rational_compare(total, BL_RATIONAL(0)));
        return result;
    }
    case BL_CONDITION_NOT:
        result = now_at(engine, stage, row->left, depth + 1, out);
        *out = !*out;
        return result;
    case BL_CONDITION_AND:
    case BL_CONDITION_OR:
        result = now_at(engine, stage, row->left, depth + 1, out);
        if (result != BL_OK || *out == (row->kind == BL_CONDITION_OR)) return result;
        return now_at(engine, stage, row->right, depth + 1, out);
    }
    return result;
}

static bl_result now_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                        bool *out)
{
    const bl_result result = now_of(engine, stage, condition, depth, out);
    if (result == BL_OK) count_side(engine, condition, *out);
    return result;
}

bl_result bl_condition_now(bl_engine *engine, const bl_stage *stage, uint32_t condition, bool *out)
{
    *out = true;
    return condition == BL_NONE ? BL_OK : now_at(engine, stage, condition, 0, out);
}

/* What lies between the two signs: settled only where both ends agree with everything between. */
static bl_truth between(bl_comparison comparison, int low, int high)
{
    if (comparison == BL_EQUAL || comparison == BL_UNEQUAL) {
        const bl_truth equal = low > 0 || high < 0     ? BL_FALSE
                               : low == 0 && high == 0 ? BL_TRUE
                                                       : BL_UNKNOWN;
        if (equal == BL_UNKNOWN || comparison == BL_EQUAL) return equal;
        return equal == BL_TRUE ? BL_FALSE : BL_TRUE;
    }
    const bool at_low = bl_comparison_holds(comparison, low);
    return at_low != bl_comparison_holds(comparison, high) ? BL_UNKNOWN
           : at_low                                        ? BL_TRUE
                                                           : BL_FALSE;
}

/* Whether weights in the comparison can still change by themselves. */
static bool has_loose_weights(const bl_engine *engine, const bl_stage *stage,
                              const bl_condition *row)
{
    if (engine->program->plans[stage->plan].is_as_of_opening) return false;
    for (uint32_t i = 0; i < row->terms.count; i++) {
        const bl_term *term = &engine->program->terms[row->terms.first + i];
        const bl_aggregate *aggregate = &engine->program->aggregates[term->aggregate];
        if (aggregate->weight_chunk != BL_NONE && !aggregate->is_weight_fixed) return true;
    }
    return false;
}

/* Members that all count alike: the slack is one member's, times how many there are. */
static bool uniform_slack(const bl_engine *engine, const bl_stage *stage, const bl_compare *compare,
                          bl_rational *low, bl_rational *high)
{
    const bl_condition *row = &engine->program->conditions[compare->condition];
    bl_rational least = BL_RATIONAL(0), most = BL_RATIONAL(0);
    for (int ballot = 1; ballot < 4; ballot++) {
        bl_rational gain = BL_RATIONAL(0);
        for (uint32_t i = 0; i < row->terms.count; i++) {
            const uint32_t number = engine->program->terms[row->terms.first + i].aggregate;
            const bl_aggregate *aggregate = &engine->program->aggregates[number];
            if (aggregate->is_outside) continue;
            const int change = (aggregate->mask >> ballot & 1) - (aggregate->mask & 1);
            bl_rational part;
            if (!bl_rational_multiply(compare->coefficients[i], BL_RATIONAL(change), &part) ||
                !bl_rational_add(gain, part, &gain))
                return false;
        }
        if (bl_rational_compare(gain, least) < 0) least = gain;
        if (bl_rational_compare(gain, most) > 0) most = gain;
    }
    const bl_rational members = BL_RATIONAL(stage->counts[0]);
    return bl_rational_multiply(least, members, low) && bl_rational_multiply(most, members, high);
}

static bl_result settle_compare(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                                bl_truth *out)
{
    const bl_condition *row = &engine->program->conditions[condition];
    const bl_compare *compare = find_compare(stage, condition);
    *out = BL_UNKNOWN;
    if (compare == NULL || compare->coefficients == NULL || has_loose_weights(engine, stage, row)) {
        bool is_true = false;
        if (!row->is_fixed || stage->counts[0] > 0) return BL_OK;
        const bl_result result = run_test(engine, stage, row, &is_true);
        *out = is_true ? BL_TRUE : BL_FALSE;
        return result;
    }
    bl_rational total, low = compare->low, high = compare->high;
    const bl_result result = total_now(engine, stage, compare, &total);
    if (result != BL_OK) return result;
    if ((stage->is_uniform && !uniform_slack(engine, stage, compare, &low, &high)) ||
        !bl_rational_add(total, low, &low) || !bl_rational_add(total, high, &high))
        return bl_fail(engine, row->span, "a number too large in `%.*s`", BL_SAID(row->text));
    *out = between(row->comparison, bl_rational_compare(low, BL_RATIONAL(0)),
                   bl_rational_compare(high, BL_RATIONAL(0)));
    return BL_OK;
}

static bl_result settled_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                            bl_truth *out);

static bl_result settled_of(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                            bl_truth *out)
{
    if (depth > BL_AST_DEPTH_MAX)
        return bl_fail(engine, BL_SPAN_NONE, "a condition nested too deeply");
    const bl_condition *row = &engine->program->conditions[condition];
    bl_result result = BL_OK;
    switch (row->kind) {
    case BL_CONDITION_TEST: {
        bool is_true = false;
        *out = BL_UNKNOWN;
        if (!row->is_fixed) return BL_OK;
        result = run_test(engine, stage, row, &is_true);
        *out = is_true ? BL_TRUE : BL_FALSE;
        return result;
    }
    case BL_CONDITION_COMPARE: return settle_compare(engine, stage, condition, out);
    case BL_CONDITION_NOT:
        result = settled_at(engine, stage, row->left, depth + 1, out);
        *out = *out == BL_UNKNOWN ? BL_UNKNOWN : *out == BL_TRUE ? BL_FALSE : BL_TRUE;
        return result;
    case BL_CONDITION_AND:
    case BL_CONDITION_OR: {
        const bl_truth decisive = row->kind == BL_CONDITION_OR ? BL_TRUE : BL_FALSE;
        bl_truth left;
        result = settled_at(engine, stage, row->left, depth + 1, &left);
        if (result == BL_OK && left != decisive)
            result = settled_at(engine, stage, row->right, depth + 1, out);
        if (left == decisive)
            *out = decisive;
        else if (left == BL_UNKNOWN && *out != decisive)
            *out = BL_UNKNOWN;
        return result;
    }
    }
    return result;
}

static bl_result settled_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                            bl_truth *out)
{
    const bl_result result = settled_of(engine, stage, condition, depth, out);
    if (result == BL_OK && *out != BL_UNKNOWN) count_side(engine, condition, *out == BL_TRUE);
    return result;
}

bl_result bl_condition_settled(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                               bl_truth *out)
{
    *out = BL_TRUE;
    return condition == BL_NONE ? BL_OK : settled_at(engine, stage, condition, 0, out);
}

static bl_result explain_compare(bl_engine *engine, const bl_stage *stage, const bl_condition *row,
                                 bl_buffer *out)
{
    static const char *const signs[] = {"<", "<=", ">", ">=", "==", "!="};
    bl_buffer_format(out, "`%.*s`", BL_SAID(row->text));
    if (row->kind != BL_CONDITION_COMPARE || row->left_chunk == BL_NONE ||
        row->right_chunk == BL_NONE)
        return BL_OK;
    bl_rational left, right;
    bl_result result = number_of(engine, stage, row->left_chunk, &left);
    if (result == BL_OK) result = number_of(engine, stage, row->right_chunk, &right);
    if (result != BL_OK) return result;
    bool is_true = false;
    result = run_test(engine, stage, row, &is_true);
    bl_buffer_cstring(out, " (");
    bl_rational_write(out, left);
    bl_buffer_format(out, " %s ", signs[row->comparison]);
    bl_rational_write(out, right);
    bl_buffer_cstring(out, is_true ? ")" : " is not so)");
    return result;
}

static bl_result explain_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                            bl_buffer *out);

/* A part in parentheses where it would read as something else without them. */
static bl_result explain_part(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                              bl_condition_kind outer, int depth, bl_buffer *out)
{
    const bl_condition_kind kind = engine->program->conditions[condition].kind;
    const bool is_joined = kind == BL_CONDITION_AND || kind == BL_CONDITION_OR;
    const bool needs_them = is_joined && kind != outer;
    if (needs_them) bl_buffer_char(out, '(');
    const bl_result result = explain_at(engine, stage, condition, depth + 1, out);
    if (needs_them) bl_buffer_char(out, ')');
    return result;
}

static bl_result explain_at(bl_engine *engine, const bl_stage *stage, uint32_t condition, int depth,
                            bl_buffer *out)
{
    const bl_condition *row = &engine->program->conditions[condition];
    if (depth > BL_AST_DEPTH_MAX) return BL_OK;
    bl_result result = BL_OK;
    switch (row->kind) {
    case BL_CONDITION_TEST:
    case BL_CONDITION_COMPARE: return explain_compare(engine, stage, row, out);
    case BL_CONDITION_NOT:
        bl_buffer_cstring(out, "not ");
        return explain_part(engine, stage, row->left, row->kind, depth, out);
    case BL_CONDITION_AND:
    case BL_CONDITION_OR:
        result = explain_part(engine, stage, row->left, row->kind, depth, out);
        bl_buffer_cstring(out, row->kind == BL_CONDITION_AND ? " and " : " or ");
        return result == BL_OK ? explain_part(engine, stage, row->right, row->kind, depth, out)
                               : result;
    }
    return result;
}

bl_result bl_condition_explain(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                               bl_buffer *out)
{
    return condition == BL_NONE ? BL_OK : explain_at(engine, stage, condition, 0, out);
}
