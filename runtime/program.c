/*
 * Words for a program's parts, and its readable dump.
 *
 * The dump shows every table and all code with its places, so that a change in what the compiler
 * makes shows as a change of text. It walks the rows in their order and is the same on every
 * machine.
 */
#include "program.h"

/* ---- words ---- */

const char *bl_opcode_name(bl_opcode op)
{
    static const char *const names[] = {
#define OPCODE(name, a, b, pops, pushes, does) #name,
#include "opcodes.def"
#undef OPCODE
    };
    return (unsigned)op < BL_OPCODE_COUNT ? names[op] : "?";
}

const char *bl_verb_word(bl_verb verb)
{
    static const char *const words[] = {
#define VERB(name, word) word,
#include "verbs.def"
#undef VERB
    };
    return (unsigned)verb < BL_VERB_COUNT ? words[verb] : "?";
}

const char *bl_outcome_word(bl_outcome_type type)
{
    static const char *const words[] = {
#define OUTCOME(name, word) word,
#include "outcomes.def"
#undef OUTCOME
    };
    return (unsigned)type < BL_OUTCOME_COUNT ? words[type] : "?";
}

void bl_program_place(const bl_program *program, bl_span span, bl_buffer *out)
{
    if (span.file >= program->source_count) return;
    const bl_source *source = &program->sources[span.file];
    bl_buffer_text(out, source->name);
    bl_buffer_format(out, ":%u", bl_source_place(source, span.start).line);
}

/* ---- pieces of lines ---- */

typedef struct dump {
    const bl_program *program;
    bl_buffer *out;
} dump;

static void put(const dump *d, const char *words)
{
    bl_buffer_cstring(d->out, words);
}

static void put_name(const dump *d, uint32_t name)
{
    if (name == BL_NONE)
        put(d, "-");
    else
        bl_buffer_text(d->out, bl_names_text(d->program->names, name));
}

/* " word 12", nothing for BL_NONE. */
static void put_index(const dump *d, const char *word, uint32_t index)
{
    if (index != BL_NONE) bl_buffer_format(d->out, " %s %u", word, index);
}

/* " word 3..5", nothing where empty. */
static void put_range(const dump *d, const char *word, bl_range range)
{
    if (range.count == 1) bl_buffer_format(d->out, " %s %u", word, range.first);
    if (range.count > 1)
        bl_buffer_format(d->out, " %s %u..%u", word, range.first, range.first + range.count - 1);
}

static void put_flag(const dump *d, const char *words, bool is_set)
{
    if (!is_set) return;
    bl_buffer_char(d->out, ' ');
    put(d, words);
}

static void put_quoted(const dump *d, bl_text text)
{
    static const char hex[] = "0123456789abcdef";
    bl_buffer_char(d->out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '"' || byte == '\\') bl_buffer_char(d->out, '\\');
        if (byte == '\n') {
            put(d, "\\n");
        } else if (byte < ' ') {
            put(d, "\\x");
            bl_buffer_char(d->out, hex[byte >> 4]);
            bl_buffer_char(d->out, hex[byte & 15]);
        } else {
            bl_buffer_char(d->out, (char)byte);
        }
    }
    bl_buffer_char(d->out, '"');
}

/* " word "text"", nothing where empty. */
static void put_text(const dump *d, const char *word, bl_text text)
{
    if (text.size == 0) return;
    bl_buffer_format(d->out, "%s%s ", word[0] ? " " : "", word);
    put_quoted(d, text);
}

/* " word name name", from a range of `indexes`; `names` tells the name of each, NULL shows numbers.
 */
static void put_indexes(const dump *d, const char *word, bl_range range,
                        uint32_t (*name_of)(const bl_program *, uint32_t))
{
    if (range.count == 0) return;
    bl_buffer_format(d->out, " %s", word);
    for (uint32_t i = 0; i < range.count && range.first + i < d->program->index_count; i++) {
        uint32_t index = d->program->indexes[range.first + i];
        bl_buffer_char(d->out, ' ');
        if (name_of)
            put_name(d, name_of(d->program, index));
        else
            bl_buffer_number(d->out, index);
    }
}

static uint32_t role_name(const bl_program *program, uint32_t role)
{
    return role < program->role_count ? program->roles[role].name : BL_NONE;
}

static uint32_t scope_name(const bl_program *program, uint32_t scope)
{
    return scope < program->scope_count ? program->scopes[scope].name : BL_NONE;
}

static uint32_t itself(const bl_program *program, uint32_t name)
{
    (void)program;
    return name;
}

static void put_scope(const dump *d, const char *word, uint32_t scope)
{
    if (scope == BL_NONE) return;
    bl_buffer_format(d->out, " %s ", word);
    put_name(d, scope_name(d->program, scope));
}

static void put_type(const dump *d, bl_type type)
{
    static const char *const words[] = {"nothing",  "number", "boolean",  "text", "duration",
                                        "time",     "actor",  "instance", "role", "procedure",
                                        "proposal", "event",  "set",      "list"};
    if (type.is_optional) put(d, "optional ");
    if (type.is_list) put(d, "list of ");
    if (type.base == BL_BASE_TIME && type.is_date)
        put(d, "date");
    else
        put(d, type.base <= BL_BASE_LIST ? words[type.base] : "?");
    if (type.base == BL_BASE_INSTANCE) put_scope(d, "of", type.index);
    if (type.base == BL_BASE_PROPOSAL || type.base == BL_BASE_EVENT) put_index(d, "of", type.index);
}

static void put_place(const dump *d, bl_span span)
{
    if (span.file == BL_NONE) return;
    put(d, "  # ");
    bl_program_place(d->program, span, d->out);
}

/* "role 3", and the name. */
static void begin(const dump *d, const char *table, uint32_t index, uint32_t name)
{
    bl_buffer_format(d->out, "%s %u", table, index);
    if (name != BL_NONE) {
        bl_buffer_char(d->out, ' ');
        put_name(d, name);
    }
}

static void end(const dump *d, bl_span span)
{
    put_place(d, span);
    bl_buffer_char(d->out, '\n');
}

/* ---- tables ---- */

static void dump_face(const dump *d)
{
    const bl_program *program = d->program;
    put(d, "policy ");
    bl_buffer_text(d->out, program->policy_name);
    put_text(d, "title", program->policy_title);
    put_flag(d, "handles exact", program->handles_exact);
    put_index(d, "conflicts declared by body", program->conflicts_body);
    put(d, "\n");
    for (uint32_t i = 0; i < program->source_count; i++) {
        begin(d, "source", i, BL_NONE);
        put_text(d, "named", program->sources[i].name);
        put(d, "\n");
    }
}

static void put_actor_kinds(const dump *d, const char *word, uint8_t mask)
{
    if (mask == 0) return;
    bl_buffer_format(d->out, " %s", word);
    put_flag(d, "person", (mask & BL_ACTOR_PERSON) != 0);
    put_flag(d, "organization", (mask & BL_ACTOR_ORGANIZATION) != 0);
    put_flag(d, "agent", (mask & BL_ACTOR_AGENT) != 0);
}

static void dump_scopes(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->scope_count; i++) {
        const bl_scope *scope = &program->scopes[i];
        begin(d, "scope", i, scope->name);
        if (scope->parent_name != BL_NONE) {
            put(d, " in ");
            put_name(d, scope->parent_name);
        }
        put_text(d, "title", scope->title);
        put_range(d, "attributes", scope->attributes);
        end(d, scope->span);
    }
    for (uint32_t i = 0; i < program->attribute_count; i++) {
        const bl_attribute *attribute = &program->attributes[i];
        begin(d, "attribute", i, attribute->name);
        put(d, " : ");
        put_type(d, attribute->type);
        put_scope(d, "of", attribute->scope);
        put_actor_kinds(d, "of", attribute->actor_kinds);
        put_index(d, "slot", attribute->slot);
        put_index(d, "default chunk", attribute->default_chunk);
        put_flag(d, "can-change", attribute->can_change);
        put_flag(d, "has-changers", attribute->has_changers);
        put_range(d, "changers", attribute->changers);
        end(d, attribute->span);
    }
}

static void dump_changers(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->changer_count; i++) {
        const bl_changer *changer = &program->changers[i];
        begin(d, "changer", i, BL_NONE);
        switch (changer->kind) {
        case BL_CHANGER_KIND: put_index(d, "kind", changer->index); break;
        case BL_CHANGER_EVENT: put_index(d, "event", changer->index); break;
        case BL_CHANGER_BODY: put_index(d, "body", changer->index); break;
        }
        end(d, changer->span);
    }
}

static void dump_roles(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->role_count; i++) {
        const bl_role *role = &program->roles[i];
        begin(d, "role", i, role->name);
        put_scope(d, "of", role->scope);
        put_text(d, "title", role->title);
        put_flag(d, "anyone", role->is_anyone);
        put_actor_kinds(d, "held-by", role->held_by);
        put_index(d, "from body", role->from_body);
        if (role->at_least) put_index(d, "at-least", role->at_least);
        put_index(d, "at-most", role->at_most);
        put_indexes(d, "included-by", role->included_by, role_name);
        put_flag(d, "has-granters", role->has_granters);
        put_range(d, "granters", role->granters);
        put_flag(d, "has-revokers", role->has_revokers);
        put_range(d, "revokers", role->revokers);
        end(d, role->span);
    }
}

static void dump_bodies(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->body_count; i++) {
        const bl_body *body = &program->bodies[i];
        begin(d, "body", i, BL_NONE);
        put_flag(d, "anyone", body->is_anyone);
        put_index(d, "set chunk", body->set_chunk);
        put_index(d, "member chunk", body->member_chunk);
        put_flag(d, "uses-conflicts", body->uses_conflicts);
        put_indexes(d, "roles", body->roles, role_name);
        put_text(d, "text", body->text);
        end(d, body->span);
    }
}

static void put_ballots(const dump *d, const char *word, uint32_t mask)
{
    bl_buffer_format(d->out, " %s", word);
    put_flag(d, "none", (mask & BL_BALLOT_NONE) != 0);
    put_flag(d, "approve", (mask & BL_BALLOT_APPROVE) != 0);
    put_flag(d, "reject", (mask & BL_BALLOT_REJECT) != 0);
    put_flag(d, "abstain", (mask & BL_BALLOT_ABSTAIN) != 0);
}

static void dump_aggregates(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->aggregate_count; i++) {
        const bl_aggregate *aggregate = &program->aggregates[i];
        begin(d, "aggregate", i, BL_NONE);
        put_flag(d, "outside", aggregate->is_outside);
        if (aggregate->is_uniform) put_ballots(d, "ballots", aggregate->mask);
        put_index(d, "member chunk", aggregate->member_chunk);
        put_index(d, "set chunk", aggregate->set_chunk);
        put_index(d, "weight chunk", aggregate->weight_chunk);
        put_index(d, "weight attribute", aggregate->weight_attribute);
        put_flag(d, "weight-fixed", aggregate->is_weight_fixed);
        put_flag(d, "uses-conflicts", aggregate->uses_conflicts);
        put_indexes(d, "roles", aggregate->roles, role_name);
        put_text(d, "text", aggregate->text);
        put(d, "\n");
    }
    for (uint32_t i = 0; i < program->term_count; i++) {
        begin(d, "term", i, BL_NONE);
        put_index(d, "aggregate", program->terms[i].aggregate);
        put_index(d, "coefficient chunk", program->terms[i].coefficient_chunk);
        put(d, "\n");
    }
}

static const char *comparison_word(bl_comparison comparison)
{
    switch (comparison) {
    case BL_LESS: return "<";
    case BL_LESS_EQUAL: return "<=";
    case BL_GREATER: return ">";
    case BL_GREATER_EQUAL: return ">=";
    case BL_EQUAL: return "==";
    case BL_UNEQUAL: return "!=";
    }
    return "?";
}

static void put_condition_kind(const dump *d, const bl_condition *condition)
{
    switch (condition->kind) {
    case BL_CONDITION_AND: put(d, " and"); break;
    case BL_CONDITION_OR: put(d, " or"); break;
    case BL_CONDITION_NOT: put(d, " not"); break;
    case BL_CONDITION_COMPARE:
        bl_buffer_format(d->out, " compare %s", comparison_word(condition->comparison));
        break;
    case BL_CONDITION_TEST: put(d, " test"); break;
    }
}

static void dump_conditions(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->condition_count; i++) {
        const bl_condition *condition = &program->conditions[i];
        bool is_compare = condition->kind == BL_CONDITION_COMPARE;
        begin(d, "condition", i, BL_NONE);
        put_condition_kind(d, condition);
        put_index(d, "left", condition->left);
        put_index(d, "right", condition->right);
        put_index(d, "test chunk", condition->test_chunk);
        if (is_compare) {
            put_index(d, "left chunk", condition->left_chunk);
            put_index(d, "right chunk", condition->right_chunk);
            put_flag(d, "linear", condition->is_linear);
            put_range(d, "terms", condition->terms);
            put_index(d, "constant chunk", condition->constant_chunk);
        }
        put_flag(d, "fixed", condition->is_fixed);
        if (condition->rises_with) put_ballots(d, "rises with", condition->rises_with);
        if (condition->falls_with) put_ballots(d, "falls with", condition->falls_with);
        put_text(d, "text", condition->text);
        end(d, condition->span);
    }
}

static const char *form_word(bl_ballot_form form)
{
    switch (form) {
    case BL_FORM_YES_NO: return "yes_no";
    case BL_FORM_RANKING: return "ranking";
    case BL_FORM_CHOICE: return "choice";
    case BL_FORM_SCORES: return "scores";
    }
    return "?";
}

static const char *closing_word(bl_closing closing)
{
    switch (closing) {
    case BL_CLOSES_SETTLED: return "closes when settled";
    case BL_CLOSES_AT_ONCE: return "closes at once";
    case BL_CLOSES_AT_DEADLINE: return "closes at deadline";
    }
    return "?";
}

/* The options of a count that are expressions. */
static void put_settings(const dump *d, bl_range settings)
{
    for (uint32_t i = settings.first; i < settings.first + settings.count; i++) {
        bl_buffer_char(d->out, ' ');
        bl_buffer_text(d->out, bl_names_text(d->program->names, d->program->settings[i].name));
        put_index(d, "chunk", d->program->settings[i].chunk);
    }
}

static void dump_procedures(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->procedure_count; i++) {
        const bl_procedure *procedure = &program->procedures[i];
        begin(d, "procedure", i, procedure->name);
        put_text(d, "title", procedure->title);
        put_range(d, "parameters", procedure->parameters);
        bl_buffer_format(d->out, " ballot %s", form_word(procedure->form));
        put_text(d, "counts by", procedure->count);
        put_settings(d, procedure->settings);
        put_index(d, "casting body", procedure->casting_body);
        if (procedure->rerun_most > 0)
            bl_buffer_format(d->out, " reruns %u", procedure->rerun_most);
        put_index(d, "weight chunk", procedure->weight_chunk);
        put_flag(d, closing_word(procedure->closing), true);
        put_index(d, "quorum", procedure->quorum);
        put_index(d, "passes", procedure->passes);
        put_index(d, "fails", procedure->fails);
        put_flag(d, "fails otherwise", procedure->fails_otherwise);
        put_index(d, procedure->open_for_at_least ? "open for at least chunk" : "open for chunk",
                  procedure->open_for_chunk);
        put_range(d, "aggregates", procedure->aggregates);
        end(d, procedure->span);
    }
}

static void dump_fields(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->field_count; i++) {
        const bl_field *field = &program->fields[i];
        begin(d, "field", i, field->name);
        put(d, " : ");
        put_type(d, field->type);
        put_flag(d, "required", field->is_required);
        put_index(d, "slot", field->slot);
        end(d, field->span);
    }
}

static void dump_plan(const dump *d, uint32_t i)
{
    const bl_stage_plan *plan = &d->program->plans[i];
    begin(d, "plan", i, BL_NONE);
    put_index(d, "body", plan->body);
    put_index(d, "procedure", plan->procedure);
    put_index(d, "procedure chunk", plan->procedure_chunk);
    put_indexes(d, "argument chunks", plan->arguments, NULL);
    put_index(d, plan->is_through ? "through chunk" : "within chunk", plan->window_chunk);
    put_index(d, "after chunk", plan->after_chunk);
    put_index(d, "reasoned chunk", plan->reasoned_chunk);
    put_index(d, "when chunk", plan->when_chunk);
    put_index(d, "quorum", plan->quorum);
    put_range(d, "aggregates", plan->aggregates);
    put_flag(d, "while-open", plan->is_while_open);
    put_flag(d, "with-reason", plan->needs_reason);
    put_flag(d, "as-of-opening", plan->is_as_of_opening);
    put_text(d, "text", plan->text);
    end(d, plan->span);
}

static void dump_steps(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->plan_count; i++)
        dump_plan(d, i);
    for (uint32_t i = 0; i < program->alternative_count; i++) {
        begin(d, "alternative", i, BL_NONE);
        put_range(d, "plans", program->alternatives[i]);
        put(d, "\n");
    }
    for (uint32_t i = 0; i < program->step_count; i++) {
        begin(d, "step", i, BL_NONE);
        put_range(d, "alternatives", program->steps[i]);
        put(d, "\n");
    }
    for (uint32_t i = 0; i < program->veto_count; i++) {
        begin(d, "veto", i, BL_NONE);
        put_index(d, "plan", program->vetoes[i].plan);
        put_range(d, "overridden by steps", program->vetoes[i].overrides);
        end(d, program->vetoes[i].span);
    }
}

static void dump_refusals_and_handlers(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->refusal_count; i++) {
        begin(d, "refusal", i, BL_NONE);
        put_text(d, "text", program->refusals[i].text);
        put_index(d, "when chunk", program->refusals[i].when_chunk);
        end(d, program->refusals[i].span);
    }
    for (uint32_t i = 0; i < program->handler_count; i++) {
        begin(d, "handler", i, BL_NONE);
        bl_buffer_format(d->out, " on %s", bl_outcome_word(program->handlers[i].outcome));
        put_index(d, "chunk", program->handlers[i].chunk);
        end(d, program->handlers[i].span);
    }
}

static const char *effect_time_word(bl_effect_time effect_time)
{
    switch (effect_time) {
    case BL_EFFECT_DEFAULT: return "";
    case BL_EFFECT_AT_ONCE: return "effect at once";
    case BL_EFFECT_AFTER: return "effect after";
    case BL_EFFECT_FINAL: return "effect when final";
    }
    return "?";
}

static void dump_kind(const dump *d, uint32_t i)
{
    const bl_kind *kind = &d->program->kinds[i];
    begin(d, "kind", i, kind->name);
    put_scope(d, "on", kind->scope);
    put_text(d, "title", kind->title);
    put_index(d, "raised by body", kind->raised_body);
    put_index(d, "raised when chunk", kind->raised_when);
    put_range(d, "fields", kind->fields);
    put_range(d, "steps", kind->steps);
    put_range(d, "rungs plans", kind->rungs);
    put_range(d, "vetoes", kind->vetoes);
    put_range(d, "disputes plans", kind->disputes);
    put_range(d, "refusals", kind->refusals);
    put_range(d, "handlers", kind->handlers);
    put_flag(d, effect_time_word(kind->effect_time), kind->effect_time != BL_EFFECT_DEFAULT);
    put_index(d, "effect after chunk", kind->effect_after_chunk);
    put_index(d, "candidates body", kind->candidates_body);
    put_indexes(d, "options", kind->options, itself);
    put_indexes(d, "majorities", kind->majorities, NULL);
    if (kind->default_option != BL_NONE) {
        put(d, " default ");
        bl_buffer_text(d->out, bl_names_text(d->program->names, kind->default_option));
    }
    put_index(d, "cap chunk", kind->cap_chunk);
    put_index(d, "cap attribute", kind->cap_attribute);
    put_text(d, "cites", kind->cites);
    end(d, kind->span);
}

static void dump_events(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->event_count; i++) {
        begin(d, "event", i, program->events[i].name);
        put_range(d, "fields", program->events[i].fields);
        put_range(d, "rules", program->events[i].rules);
        end(d, program->events[i].span);
    }
    for (uint32_t i = 0; i < program->rule_count; i++) {
        begin(d, "rule", i, BL_NONE);
        put_index(d, "event", program->rules[i].event);
        put_index(d, "by body", program->rules[i].body);
        put_index(d, "when chunk", program->rules[i].when_chunk);
        put_index(d, "effects chunk", program->rules[i].effects_chunk);
        put_text(d, "title", program->rules[i].title);
        end(d, program->rules[i].span);
    }
    for (uint32_t i = 0; i < program->function_count; i++) {
        begin(d, "function", i, program->functions[i].name);
        put(d, " : ");
        put_type(d, program->functions[i].type);
        put_range(d, "parameters", program->functions[i].parameters);
        put_index(d, "chunk", program->functions[i].chunk);
        end(d, program->functions[i].span);
    }
}

/* ---- constants ---- */

static void put_scalar(const dump *d, const bl_value *value)
{
    switch ((bl_base)value->base) {
    case BL_BASE_NOTHING: put(d, "nothing"); break;
    case BL_BASE_NUMBER: bl_rational_write(d->out, value->as.number); break;
    case BL_BASE_BOOLEAN: put(d, value->as.boolean ? "true" : "false"); break;
    case BL_BASE_TEXT: put_quoted(d, value->as.text); break;
    case BL_BASE_DURATION: bl_duration_write(d->out, value->as.duration); break;
    case BL_BASE_TIME: bl_time_write(d->out, value->as.time); break;
    case BL_BASE_ACTOR: bl_buffer_format(d->out, "actor %u", value->as.index); break;
    case BL_BASE_INSTANCE: bl_buffer_format(d->out, "instance %u", value->as.index); break;
    case BL_BASE_ROLE:
        put(d, "role ");
        put_name(d, role_name(d->program, value->as.index));
        break;
    case BL_BASE_PROCEDURE:
        put(d, "procedure ");
        if (value->as.index < d->program->procedure_count)
            put_name(d, d->program->procedures[value->as.index].name);
        break;
    case BL_BASE_PROPOSAL: bl_buffer_format(d->out, "proposal %u", value->as.index); break;
    case BL_BASE_EVENT: put(d, "event"); break;
    case BL_BASE_SET: bl_buffer_format(d->out, "set of %u", value->as.set.count); break;
    case BL_BASE_LIST: break;
    }
}

/* Constants are scalars or flat lists of them; what is deeper shows only its size. */
static void put_value(const dump *d, const bl_value *value)
{
    if (value->base != BL_BASE_LIST) {
        put_scalar(d, value);
        return;
    }
    put(d, "[");
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        const bl_value *item = &value->as.list.items[i];
        if (i > 0) put(d, ", ");
        if (item->base == BL_BASE_LIST)
            bl_buffer_format(d->out, "list of %u", item->as.list.count);
        else
            put_scalar(d, item);
    }
    put(d, "]");
}

/* ---- code ---- */

static const struct {
    bl_operand a;
    bl_operand b;
} operands[] = {
#define OPCODE(name, a, b, pops, pushes, does) {OPERAND_##a, OPERAND_##b},
#include "opcodes.def"
#undef OPCODE
};

static const char *property_word(uint32_t property)
{
    static const char *const words[] = {
        [BL_PROPERTY_PROPOSAL_ID] = "id",          [BL_PROPERTY_PROPOSAL_KIND] = "kind",
        [BL_PROPERTY_PROPOSAL_AUTHOR] = "author",  [BL_PROPERTY_PROPOSAL_ON] = "on",
        [BL_PROPERTY_PROPOSAL_OPENED] = "opened",  [BL_PROPERTY_PROPOSAL_DECIDED] = "decided",
        [BL_PROPERTY_PROPOSAL_RUNG] = "rung",      [BL_PROPERTY_ACTOR_HANDLE] = "handle",
        [BL_PROPERTY_ACTOR_KIND] = "actor kind",   [BL_PROPERTY_INSTANCE_ID] = "instance id",
        [BL_PROPERTY_EVENT_ACTOR] = "event actor", [BL_PROPERTY_EVENT_TIME] = "event time",
    };
    return property < sizeof words / sizeof *words && words[property] ? words[property] : "?";
}

static const char *state_word(uint32_t state)
{
    static const char *const words[] = {
        [BL_STATE_OPEN] = "open",           [BL_STATE_ACCEPTED] = "accepted",
        [BL_STATE_REJECTED] = "rejected",   [BL_STATE_VETOED] = "vetoed",
        [BL_STATE_WITHDRAWN] = "withdrawn", [BL_STATE_LAPSED] = "lapsed",
        [BL_STATE_DISPUTED] = "disputed",   [BL_STATE_ESCALATED] = "escalated",
        [BL_STATE_EFFECTIVE] = "effective", [BL_STATE_FINAL] = "final",
        [BL_STATE_ELECTED] = "elected",
    };
    return state < sizeof words / sizeof *words && words[state] ? words[state] : "?";
}

/* The name of row `index` of a table with named rows. */
static uint32_t row_name(const bl_program *program, bl_operand kind, uint32_t index)
{
#define NAME_IN(table)                                                                             \
    return index < program->table##_count ? program->table##s[index].name : BL_NONE
    switch (kind) {
    case OPERAND_SCOPE: NAME_IN(scope);
    case OPERAND_FIELD: NAME_IN(field);
    case OPERAND_ATTRIBUTE: NAME_IN(attribute);
    case OPERAND_FUNCTION: NAME_IN(function);
    case OPERAND_ROLE: NAME_IN(role);
    case OPERAND_KIND: NAME_IN(kind);
    case OPERAND_EVENT: NAME_IN(event);
    case OPERAND_NAME: return index;
    case OPERAND_NO:
    case OPERAND_LOCAL:
    case OPERAND_COUNT:
    case OPERAND_MASK:
    case OPERAND_TARGET:
    case OPERAND_CONSTANT:
    case OPERAND_PROPERTY:
    case OPERAND_STATE:
    case OPERAND_CHUNK:
    case OPERAND_AGGREGATE:
    case OPERAND_VERB: break;
    }
#undef NAME_IN
    return BL_NONE;
}

static void put_operand(const dump *d, bl_operand kind, uint32_t value)
{
    switch (kind) {
    case OPERAND_NO: return;
    case OPERAND_LOCAL: put_index(d, "local", value); return;
    case OPERAND_COUNT: bl_buffer_format(d->out, " %u", value); return;
    case OPERAND_MASK: put_ballots(d, "ballots", value); return;
    case OPERAND_TARGET: put_index(d, "to", value); return;
    case OPERAND_CONSTANT:
        bl_buffer_char(d->out, ' ');
        if (value < d->program->constant_count) put_value(d, &d->program->constants[value]);
        return;
    case OPERAND_PROPERTY: put_flag(d, property_word(value), true); return;
    case OPERAND_STATE: put_flag(d, state_word(value), true); return;
    case OPERAND_CHUNK: put_index(d, "chunk", value); return;
    case OPERAND_AGGREGATE: put_index(d, "aggregate", value); return;
    case OPERAND_VERB: put_flag(d, bl_verb_word((bl_verb)value), true); return;
    case OPERAND_NAME:
    case OPERAND_SCOPE:
    case OPERAND_FIELD:
    case OPERAND_ATTRIBUTE:
    case OPERAND_FUNCTION:
    case OPERAND_ROLE:
    case OPERAND_KIND:
    case OPERAND_EVENT:
        bl_buffer_char(d->out, ' ');
        put_name(d, row_name(d->program, kind, value));
        return;
    }
}

static void dump_instruction(const dump *d, uint32_t first, uint32_t i)
{
    const bl_instruction *instruction = &d->program->code[first + i];
    bl_buffer_format(d->out, "  %4u %s", i, bl_opcode_name((bl_opcode)instruction->op));
    if (instruction->op < BL_OPCODE_COUNT) {
        put_operand(d, operands[instruction->op].a, instruction->a);
        put_operand(d, operands[instruction->op].b, instruction->b);
    }
    end(d, d->program->code_spans ? d->program->code_spans[first + i] : BL_SPAN_NONE);
}

static void dump_code(const dump *d)
{
    const bl_program *program = d->program;
    for (uint32_t i = 0; i < program->chunk_count; i++) {
        const bl_chunk *chunk = &program->chunks[i];
        bl_buffer_format(d->out, "chunk %u locals %u stack %u", i, chunk->local_count,
                         chunk->stack_size);
        end(d, chunk->span);
        for (uint32_t k = 0; k < chunk->count && chunk->first + k < program->code_count; k++)
            dump_instruction(d, chunk->first, k);
    }
}

void bl_program_dump(const bl_program *program, bl_buffer *out)
{
    const dump d = {program, out};
    dump_face(&d);
    dump_scopes(&d);
    dump_changers(&d);
    dump_roles(&d);
    dump_bodies(&d);
    dump_aggregates(&d);
    dump_conditions(&d);
    dump_fields(&d);
    dump_procedures(&d);
    dump_steps(&d);
    dump_refusals_and_handlers(&d);
    for (uint32_t i = 0; i < program->kind_count; i++)
        dump_kind(&d, i);
    dump_events(&d);
    dump_code(&d);
}
