/*
 * A compiled policy: code for conditions, bodies and effects; tables for the rest.
 *
 * Everything is indexes into tables, no pointers between rows, so that a program can be written to
 * a file and read back. Rows that belong together stand together (`first`, `count`). BL_NONE means
 * "none". The front end fills it (lang/compile.c), the machine walks it; neither knows the other.
 */
#ifndef BL_PROGRAM_H
#define BL_PROGRAM_H

#include "method.h"
#include "source.h"
#include "value.h"

typedef enum bl_opcode {
#define OPCODE(name, a, b, pops, pushes, does) OP_##name,
#include "opcodes.def"
#undef OPCODE
    BL_OPCODE_COUNT
} bl_opcode;

/* What an operand is, by the words of opcodes.def. */
typedef enum bl_operand {
    OPERAND_NO,
    OPERAND_LOCAL,
    OPERAND_COUNT,
    OPERAND_MASK,
    OPERAND_TARGET,
    OPERAND_CONSTANT,
    OPERAND_NAME,
    OPERAND_SCOPE,
    OPERAND_FIELD,
    OPERAND_PROPERTY,
    OPERAND_ATTRIBUTE,
    OPERAND_STATE,
    OPERAND_FUNCTION,
    OPERAND_ROLE,
    OPERAND_CHUNK,
    OPERAND_AGGREGATE,
    OPERAND_VERB,
    OPERAND_KIND,
    OPERAND_EVENT
} bl_operand;

typedef struct bl_instruction {
    uint16_t op;
    uint16_t a;
    uint32_t b;
} bl_instruction;

typedef enum bl_comparison {
    BL_LESS,
    BL_LESS_EQUAL,
    BL_GREATER,
    BL_GREATER_EQUAL,
    BL_EQUAL,
    BL_UNEQUAL
} bl_comparison;

/* Ballot states of a member of a body, as bits: `body` is all four, `cast` the last three. */
enum { BL_BALLOT_NONE = 1, BL_BALLOT_APPROVE = 2, BL_BALLOT_REJECT = 4, BL_BALLOT_ABSTAIN = 8 };

/* Built-in properties (OP_PROPERTY). */
typedef enum bl_property {
    BL_PROPERTY_PROPOSAL_ID, /* text */
    BL_PROPERTY_PROPOSAL_KIND, /* text */
    BL_PROPERTY_PROPOSAL_AUTHOR, /* actor, or nothing when opened by an effect */
    BL_PROPERTY_PROPOSAL_ON, /* instance */
    BL_PROPERTY_PROPOSAL_OPENED, /* time */
    BL_PROPERTY_PROPOSAL_DECIDED, /* time, or nothing */
    BL_PROPERTY_PROPOSAL_RUNG, /* number: 0 before any escalation */
    BL_PROPERTY_ACTOR_HANDLE, /* text */
    BL_PROPERTY_ACTOR_KIND, /* text: person, organization, agent */
    BL_PROPERTY_INSTANCE_ID, /* text */
    BL_PROPERTY_EVENT_ACTOR, /* actor, or nothing */
    BL_PROPERTY_EVENT_TIME /* time */
} bl_property;

/* States of a proposal that a policy or scenario can ask for (OP_STATE). */
typedef enum bl_state_test {
    BL_STATE_OPEN, /* not decided yet, at whatever rung */
    BL_STATE_ACCEPTED,
    BL_STATE_REJECTED,
    BL_STATE_VETOED,
    BL_STATE_WITHDRAWN,
    BL_STATE_LAPSED,
    BL_STATE_DISPUTED, /* open, at a rung that a dispute opened */
    BL_STATE_ESCALATED, /* open, at a rung that an unresolved stage opened */
    BL_STATE_EFFECTIVE, /* its effects ran and stand */
    BL_STATE_FINAL, /* nothing can overturn it */
    BL_STATE_ELECTED /* accepted, and it elected somebody */
} bl_state_test;

/* The built-in event types; words in verbs.def. */
typedef enum bl_verb {
#define VERB(name, word) BL_VERB_##name,
#include "verbs.def"
#undef VERB
    BL_VERB_COUNT
} bl_verb;

/* What came of it: the types of outcomes; words in outcomes.def. */
typedef enum bl_outcome_type {
#define OUTCOME(name, word) BL_OUTCOME_##name,
#include "outcomes.def"
#undef OUTCOME
    BL_OUTCOME_COUNT
} bl_outcome_type;

/* Code of one expression or one block of effects. Its arguments are its first locals. */
typedef struct bl_chunk {
    uint32_t first; /* into code */
    uint32_t count;
    uint32_t local_count; /* arguments included */
    uint32_t stack_size; /* the most values on its stack at once, calls not included */
    bl_span span;
} bl_chunk;

typedef struct bl_range {
    uint32_t first;
    uint32_t count;
} bl_range;

/* A field of a proposal kind, an event, or a parameter. */
typedef struct bl_field {
    uint32_t name;
    bl_type type;
    bool is_required;
    uint32_t slot; /* position among the fields of its owner */
    bl_span span;
} bl_field;

enum { BL_ACTOR_PERSON = 1, BL_ACTOR_ORGANIZATION = 2, BL_ACTOR_AGENT = 4 };

/* Who or what may change an attribute, grant or revoke a role. */
typedef enum bl_changer_kind { BL_CHANGER_KIND, BL_CHANGER_EVENT, BL_CHANGER_BODY } bl_changer_kind;
typedef struct bl_changer {
    bl_changer_kind kind;
    uint32_t index; /* a proposal kind, an event (its on-rules), or a body */
    bl_span span;
} bl_changer;

typedef struct bl_attribute {
    uint32_t name;
    bl_type type;
    uint8_t actor_kinds; /* mask BL_ACTOR_…; 0 for an attribute of a scope */
    uint32_t scope; /* BL_NONE for an attribute of actors */
    uint32_t slot; /* among all actor attributes, or among the scope's */
    uint32_t default_chunk; /* BL_NONE: no default, reading it unset is a fault */
    bool can_change; /* has changers, or some effect sets it */
    bool has_changers; /* `changed by` was written; without it only the founding and effects may set
                          it */
    bl_range changers;
    bl_span span;
} bl_attribute;

typedef struct bl_scope {
    uint32_t name;
    uint32_t parent_name; /* of `in project`: for show; BL_NONE */
    bl_text title;
    bl_range attributes; /* in slot order */
    bl_span span;
} bl_scope;

typedef struct bl_role {
    uint32_t name;
    uint32_t scope; /* BL_NONE: one for the whole world */
    bl_text title;
    bool is_anyone;
    uint8_t held_by; /* mask BL_ACTOR_…; 7 when not said */
    uint32_t from_body; /* BL_NONE; its context's instance is the role's */
    uint32_t at_least; /* 0: no lower bound */
    uint32_t at_most; /* BL_NONE: no upper bound */
    bl_range included_by; /* role indexes (in `indexes`) whose holders hold this one too, closed
                             under inclusion, itself left out */
    bool has_granters; /* `granted by` was written */
    bool has_revokers;
    bl_range granters;
    bl_range revokers;
    bl_span span;
    bl_span from_span;
    bl_span cardinality_span;
    bl_span granters_span;
    bl_span revokers_span;
} bl_role;

/*
 * A set of actors as the policy wrote it, compiled twice: to make it, and to ask for one member
 * (local 0). A change of (role, actor) can change it only for that actor and only if the role is in
 * `roles`.
 */
typedef struct bl_body {
    uint32_t set_chunk; /* BL_NONE for anyone */
    uint32_t member_chunk; /* BL_NONE for anyone */
    bool is_anyone;
    bool uses_conflicts;
    bl_range roles; /* in `indexes`: roles it depends on, included_by closed */
    bl_text text; /* as written, one line */
    bl_span span;
} bl_body;

/*
 * A sum over actors that conditions of a stage use: `approve among permanent`, `total population of
 * body`. Its members are members of the stage's body, told by member_chunk (local 0: the actor;
 * OP_BALLOT_IN sees the ballot). Outside of the body (is_outside: a role that has nothing to do
 * with the ballots) set_chunk makes the set instead.
 */
typedef struct bl_aggregate {
    bool is_outside;
    bool is_uniform; /* member told by the ballot alone: mask; member_chunk then is BL_NONE */
    uint8_t mask; /* of BL_BALLOT_… when is_uniform */
    uint32_t member_chunk; /* BL_NONE when uniform or outside */
    uint32_t set_chunk; /* for is_outside */
    uint32_t weight_chunk; /* local 0: the actor; BL_NONE: heads */
    bool is_weight_fixed; /* the weight cannot change while a stage is open */
    bl_range roles; /* in `indexes`: roles that member_chunk or set_chunk depends on */
    uint32_t weight_attribute; /* the attribute the weight reads, or BL_NONE */
    bool uses_conflicts;
    bl_text text;
} bl_aggregate;

typedef struct bl_term {
    uint32_t aggregate;
    uint32_t coefficient_chunk; /* a number that is fixed when the stage opens (locals: the
                                   procedure's arguments) */
} bl_term;

/* A condition of a stage as a tree, so that settling can ask three-valued questions of it. */
typedef enum bl_condition_kind {
    BL_CONDITION_AND,
    BL_CONDITION_OR,
    BL_CONDITION_NOT, /* left only */
    BL_CONDITION_COMPARE, /* of two numbers */
    BL_CONDITION_TEST /* anything boolean */
} bl_condition_kind;
typedef struct bl_condition {
    bl_condition_kind kind;
    uint32_t left; /* conditions; BL_NONE where the kind has none */
    uint32_t right;
    bl_comparison comparison;
    uint32_t test_chunk; /* the whole comparison or test as a boolean; locals: the procedure's
                            arguments */
    uint32_t left_chunk; /* of a comparison: both sides as numbers, for explanations; BL_NONE where
                            roots stand in it */
    uint32_t right_chunk;
    bool is_linear; /* comparison: sum of terms + constant (comparison) 0 */
    bl_range terms;
    uint32_t constant_chunk; /* BL_NONE: 0 */
    bool is_fixed; /* a test that cannot change while the stage is open */
    uint8_t rises_with; /* of a comparison or test: ballots of which more may make it true */
    uint8_t falls_with; /* and those of which more may make it false */
    bl_text text; /* as written, one line */
    bl_text left_text;
    bl_text right_text;
    bl_span span;
} bl_condition;

typedef enum bl_ballot_form {
    BL_FORM_YES_NO,
    BL_FORM_RANKING,
    BL_FORM_CHOICE,
    BL_FORM_SCORES
} bl_ballot_form;
typedef enum bl_closing { BL_CLOSES_SETTLED, BL_CLOSES_AT_ONCE, BL_CLOSES_AT_DEADLINE } bl_closing;

/* An option of a count that is an expression: its number, when the stage opens. */
typedef struct bl_setting {
    uint32_t name; /* of the option, such as `seats` */
    uint32_t chunk; /* locals: the procedure's arguments */
    bl_span span;
} bl_setting;

typedef struct bl_procedure {
    uint32_t name;
    bl_text title;
    bl_range parameters; /* fields */
    bl_ballot_form form;
    bl_method method; /* of `count` */
    bl_text count; /* "stv quota=droop ties=previous_round,lot": bl_count_options_read */
    bl_range settings;
    uint32_t casting_body; /* whose ballots break ties; BL_NONE */
    uint32_t rerun_most; /* how often a tie opens the vote again; 0: never */
    uint32_t weight_chunk; /* local 0: the voter; BL_NONE: heads */
    bl_closing closing;
    uint32_t quorum; /* conditions */
    uint32_t passes;
    uint32_t fails;
    bool fails_otherwise;
    uint32_t open_for_chunk; /* duration; locals: the arguments */
    bool open_for_at_least; /* holds back an early end; else it is the window */
    bl_range aggregates;
    bl_span span;
    bl_span passes_span;
    bl_span fails_span;
    bl_span quorum_span;
} bl_procedure;

/* One body, one procedure, one window: also a veto's and a dispute's. */
typedef struct bl_stage_plan {
    uint32_t body;
    uint32_t procedure; /* BL_NONE with procedure_chunk, or none at all (veto by one, dispute) */
    uint32_t procedure_chunk; /* `using module.procedure`: a procedure without parameters */
    bl_range arguments; /* in `indexes`: chunks, evaluated when the stage opens */
    uint32_t window_chunk; /* duration of within or through; BL_NONE */
    bool is_through; /* the deadline itself included */
    uint32_t after_chunk; /* duration; BL_NONE */
    uint32_t reasoned_chunk; /* duration; BL_NONE */
    uint32_t when_chunk; /* BL_NONE */
    uint32_t quorum; /* a condition beside the procedure's; BL_NONE */
    bl_range aggregates; /* of that quorum */
    bool is_while_open;
    bool needs_reason;
    bool is_as_of_opening;
    bl_text text; /* the clause as written, one line */
    bl_span span;
} bl_stage_plan;

/* Stages side by side, all needed; the first one's when_chunk guards it. */
typedef bl_range bl_alternative; /* of stage plans */
/* One step of the life: the first alternative whose guard holds when the step opens. */
typedef bl_range bl_step; /* of alternatives */

typedef struct bl_veto {
    uint32_t plan; /* a stage plan; with a procedure: only the body does, by its own vote */
    bl_range overrides; /* steps; none: cannot be overridden */
    bl_span span;
} bl_veto;

typedef struct bl_refusal {
    bl_text text;
    uint32_t when_chunk;
    bl_span span;
} bl_refusal;

typedef struct bl_handler {
    bl_outcome_type outcome;
    uint32_t chunk; /* of an `elected` handler local 0 is the winner */
    bl_span span;
} bl_handler;

typedef enum bl_effect_time {
    BL_EFFECT_DEFAULT,
    BL_EFFECT_AT_ONCE,
    BL_EFFECT_AFTER,
    BL_EFFECT_FINAL
} bl_effect_time;

typedef struct bl_kind {
    uint32_t name;
    uint32_t scope; /* BL_NONE: about the whole world */
    bl_text title;
    uint32_t raised_body; /* BL_NONE: only opened by effects */
    uint32_t raised_when; /* chunk */
    bl_span raised_span;
    bl_range fields; /* required and accepted, in the order of writing */
    bl_range steps; /* decided, then … */
    bl_range rungs; /* stage plans */
    bl_range vetoes;
    bl_range disputes; /* stage plans */
    bl_range refusals;
    bl_range handlers;
    bl_effect_time effect_time;
    uint32_t effect_after_chunk;
    bl_span effect_span;
    uint32_t candidates_body; /* of an election of actors; BL_NONE */
    bl_range options; /* in `indexes`: names of options, the default last where there is one */
    bl_range majorities; /* in `indexes`: a constant for each option, its majority over the default;
                            empty: none says one */
    uint32_t default_option; /* its name, also beside candidates who are people; BL_NONE */
    uint32_t cap_chunk; /* winners who may share the attribute, or their share; BL_NONE */
    uint32_t cap_attribute; /* of actors, a text; BL_NONE */
    bl_span candidates_span;
    bl_span cap_span;
    bl_text cites;
    bl_span span;
} bl_kind;

typedef struct bl_event_type {
    uint32_t name;
    bl_range fields;
    bl_range rules; /* its on-rules, in the order of writing */
    bl_span span;
} bl_event_type;

typedef struct bl_rule {
    uint32_t event;
    uint32_t body; /* who may send it; BL_NONE: whoever */
    uint32_t when_chunk; /* the context's event is the event */
    uint32_t effects_chunk;
    bl_text title;
    bl_span span;
} bl_rule;

typedef struct bl_function {
    uint32_t name;
    bl_range parameters; /* fields */
    bl_type type;
    uint32_t chunk;
    bl_span span;
} bl_function;

typedef struct bl_program {
    bl_arena *arena; /* owns all of it */
    bl_names *names; /* every identifier: kinds, roles, fields … */
    bl_text policy_name;
    bl_text policy_title;
    bool handles_exact;
    uint32_t conflicts_body; /* who may declare conflicts of others; BL_NONE: nobody */

    bl_source *sources;
    bl_instruction *code;
    bl_span *code_spans; /* one for each instruction */
    bl_value *constants;
    bl_chunk *chunks;
    uint32_t *indexes;
    bl_field *fields;
    bl_attribute *attributes;
    bl_changer *changers;
    bl_scope *scopes;
    bl_role *roles;
    bl_body *bodies;
    bl_aggregate *aggregates;
    bl_term *terms;
    bl_condition *conditions;
    bl_procedure *procedures;
    bl_setting *settings;
    bl_stage_plan *plans;
    bl_alternative *alternatives;
    bl_step *steps;
    bl_veto *vetoes;
    bl_refusal *refusals;
    bl_handler *handlers;
    bl_kind *kinds;
    bl_event_type *events;
    bl_rule *rules;
    bl_function *functions;
    uint32_t source_count, code_count, constant_count, chunk_count, index_count, field_count,
        attribute_count, actor_attribute_count, changer_count, scope_count, role_count, body_count,
        aggregate_count, term_count, condition_count, procedure_count, setting_count, plan_count,
        alternative_count, step_count, veto_count, refusal_count, handler_count, kind_count,
        event_count, rule_count, function_count;
} bl_program;

/* "OP_ADD" without its prefix. */
const char *bl_opcode_name(bl_opcode op);
/* Readable text of everything: tables, then code with its places. */
void bl_program_dump(const bl_program *program, bl_buffer *out);
/* "std/pytorch:49"; nothing for BL_SPAN_NONE. */
void bl_program_place(const bl_program *program, bl_span span, bl_buffer *out);
const char *bl_verb_word(bl_verb verb);
const char *bl_outcome_word(bl_outcome_type type);

#endif
