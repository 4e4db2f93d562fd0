/*
 * The machine: a world, its open questions and its clock, driven by events.
 *
 * The idea to have: every stage keeps running sums, so that a ballot or a change of roles costs the
 * same whatever came before. Whoever changes something about an actor that a stage may count calls
 * bl_touch_role, bl_touch_attribute or bl_touch_proposal with sign -1 (the actor's part is taken
 * out, under the old world), makes the change, and calls it again with 1 (the part is put back,
 * under the new one). Stages that were touched are tested again when the event's own work is done.
 *
 * The second idea: effects are journaled. A block that fails is rolled back from the journal; a
 * decision that falls is undone from it.
 *
 * Everything long-lived is in engine->arena or in vectors of engine->memory; scratch holds one
 * event's work.
 */
#ifndef BL_MACHINE_H
#define BL_MACHINE_H

#include "bylaw.h"
#include "coverage.h"
#include "diag.h"
#include "json.h"
#include "limits.h"
#include "markup.h"
#include "program.h"

typedef struct bylaw_engine bl_engine;
typedef struct bl_stage bl_stage;
typedef struct bl_proposal bl_proposal;

/* What a call came to. FAULT: the policy asked for something without an answer (engine->fault says
 * what and where). */
typedef enum bl_result { BL_OK, BL_FAULT, BL_NOMEM } bl_result;

/* An event as rules and conditions see it. */
typedef struct bl_record {
    uint32_t event; /* type in program->events; BL_NONE for a built-in one */
    uint32_t actor; /* BL_NONE: nobody (emitted) */
    bl_time time;
    const bl_value *fields; /* by slot */
} bl_record;

/* What code can see beside its locals. */
typedef struct bl_context {
    uint32_t proposal; /* BL_NONE */
    uint32_t instance; /* BL_NONE */
    uint32_t stage; /* BL_NONE */
    const bl_record *event;
    uint8_t ballot; /* when not 0: the ballot state to assume of every actor (settling) */
    uint32_t decision; /* whose effects these are; 0: none's (rules, founding) */
} bl_context;
#define BL_CONTEXT_NONE ((bl_context){BL_NONE, BL_NONE, BL_NONE, NULL, 0, 0})

/* ---- world ---- */

typedef struct bl_actor {
    bl_text shown; /* first spelling */
    uint8_t kind; /* BL_ACTOR_…, 0: not said yet, counts as a person */
    bl_value *attributes; /* by slot; NULL until one is set */
    uint32_t *attribute_decisions; /* which decision set each; NULL with attributes */
} bl_actor;

typedef struct bl_instance {
    uint32_t scope;
    uint32_t id; /* in engine->ids */
    bl_value *attributes;
    uint32_t *attribute_decisions; /* which decision set each; 0 none */
    uint32_t decision; /* that created it; 0 none */
    uint32_t built_upon; /* how often something was done to it since: roles, proposals, sets */
    bool is_removed;
} bl_instance;

typedef struct bl_support {
    uint32_t decision; /* 0: the founding, a rule or a person with the right */
    struct bl_support *next;
} bl_support;

/* Somebody holding a role. Ends with its last support. */
typedef struct bl_holding {
    uint32_t role, instance, actor;
    bool is_held;
    bl_time since;
    uint64_t since_seq;
    bl_support *supports;
} bl_holding;

/* All holders of one role in one instance, by actor. */
typedef struct bl_post {
    uint32_t role, instance;
    bl_vector(uint32_t) actors;
} bl_post;

/* ---- stages ---- */

typedef struct bl_ballot {
    uint32_t actor;
    uint8_t choice; /* one BL_BALLOT_… bit; NONE when void */
    bool has_reason;
    uint64_t seq;
    bl_time time;
    bl_text reason; /* kept with `record` only */
    const bl_mark *marks; /* of an election: see contest.h; candidates by index in the stage */
    uint32_t mark_count;
} bl_ballot;

typedef enum bl_purpose {
    BL_PURPOSE_DECISION,
    BL_PURPOSE_RUNG,
    BL_PURPOSE_VETO,
    BL_PURPOSE_OVERRIDE
} bl_purpose;
typedef enum bl_stage_state { BL_STAGE_WAITING, BL_STAGE_OPEN, BL_STAGE_CLOSED } bl_stage_state;
typedef enum bl_stage_result {
    BL_RESULT_NONE,
    BL_RESULT_PASSED,
    BL_RESULT_FAILED,
    BL_RESULT_UNRESOLVED
} bl_stage_result;

/* A comparison of a stage's conditions, with what is fixed at opening and what is kept up. */
typedef struct bl_compare {
    uint32_t condition;
    const bl_rational *coefficients; /* one for each term; NULL when the comparison is not linear */
    bl_rational constant;
    bl_rational
        low; /* what members without a ballot could add at the least, beyond what they add now */
    bl_rational high; /* and at the most */
} bl_compare;

struct bl_stage {
    uint32_t index;
    uint32_t proposal;
    uint32_t plan;
    uint32_t procedure; /* BL_NONE: veto by one has no stage at all */
    uint32_t number; /* in the proposal's life, from 1 */
    bl_purpose purpose;
    uint32_t veto; /* of BL_PURPOSE_VETO and OVERRIDE: which */
    uint32_t group; /* number of stages side by side; the first has the lowest index */
    bl_stage_state state;
    bl_stage_result result;
    bl_time opened, deadline, earliest_end; /* deadline BL_TIME_MAX: none */
    bl_time closed; /* once it is BL_STAGE_CLOSED */
    bool is_through;
    bool is_touched; /* waits to be tested again */
    bool is_uniform; /* counts are enough: no sums, no slacks */
    bool is_faulty; /* something had no answer, told in fault: unresolved */
    bool is_of_members; /* only what its members are and do decides it */
    bl_text fault;
    const bl_value *arguments;
    uint32_t argument_count;
    bl_compare *compares;
    uint32_t compare_count;
    bl_rational *sums; /* for each aggregate: the procedure's, then the plan's */
    uint32_t sum_count;
    uint32_t counts[4]; /* members without ballot, approve, reject, abstain */
    uint32_t body_count;
    bl_set snapshot; /* `as of opening`: the members */
    const bl_rational *snapshot_weights; /* members by aggregates */
    bl_map ballot_of; /* actor -> ballot */
    bl_vector(bl_ballot) ballots;
    const bl_rational *voter_weights; /* of an election: of the snapshot's members */
    const uint32_t *candidates; /* actors, or option names; the default option is always a name */
    uint32_t candidate_count;
    uint32_t default_option; /* index of a candidate; BL_NONE */
    const bl_count_options *rules; /* of its count; NULL: no election, or it cannot be counted */
    const uint32_t *winners; /* indexes of candidates, in the order of their election */
    uint32_t winner_count;
    uint32_t vacant; /* seats that nobody took */
    bool is_tied; /* a tie was left that nothing broke */
    bl_stage_result came_to; /* of the count */
    uint32_t held_before; /* how often the vote was held before because of ties */
    bl_text sentences; /* a line for each round, with `record` */
    bl_text rounds; /* the count as a JSON list; without `record` in scratch, until it is told */
};

/* ---- proposals ---- */

typedef enum bl_change_kind {
    BL_CHANGE_GRANTED, /* holding: it is held now */
    BL_CHANGE_SUPPORTED, /* holding: one support more */
    BL_CHANGE_REVOKED, /* holding: with `supports` as they were */
    BL_CHANGE_SET, /* attribute of target: old value */
    BL_CHANGE_CREATED, /* instance */
    BL_CHANGE_REMOVED, /* instance */
    BL_CHANGE_OPENED /* proposal */
} bl_change_kind;

typedef struct bl_change {
    bl_change_kind kind;
    uint32_t index; /* holding, instance, proposal, or the attribute's target */
    uint32_t attribute;
    uint32_t old_decision;
    bl_value old_value, new_value;
    bl_support *supports;
    bl_time since;
    uint64_t since_seq;
    uint32_t built_upon; /* of the instance when it was made */
} bl_change;

typedef enum bl_status {
    BL_STATUS_OPEN,
    BL_STATUS_ACCEPTED,
    BL_STATUS_REJECTED,
    BL_STATUS_VETOED,
    BL_STATUS_WITHDRAWN,
    BL_STATUS_LAPSED
} bl_status;

typedef struct bl_veto_state {
    bool is_spent; /* its vote was held */
    uint32_t stage; /* of its vote; BL_NONE */
} bl_veto_state;

/* How long a veto or dispute could come after a decision; kept with `record` only. */
typedef struct bl_window {
    uint32_t plan;
    bool is_through;
    bl_time from, end; /* end BL_TIME_MAX: never */
    uint32_t record_count; /* what was recorded before it began */
    struct bl_window *next;
} bl_window;

struct bl_proposal {
    uint32_t index;
    uint32_t kind;
    uint32_t id; /* in engine->ids */
    uint32_t instance;
    uint32_t author; /* BL_NONE: opened by an effect */
    bl_value *fields;
    bl_time opened;
    uint64_t opened_seq;
    bl_status status;
    bl_status before_dispute; /* what stands while a dispute is open: OPEN, ACCEPTED or REJECTED */
    uint32_t rung; /* 0: as decided; n: the nth rung */
    uint32_t step;
    bool is_disputed;
    bool is_escalated;
    bool is_overriding; /* an override is under way or passed */
    bool is_veto_proof;
    bool has_run; /* its effects were tried, once for a decision */
    bool is_effective; /* they happened, and stand */
    bool is_final;
    bool has_ballots;
    bool owes_reasons;
    bl_time reasons_due; /* while it owes them */
    uint32_t veto; /* that struck it down */
    uint32_t stage; /* first of the stages that decide now; BL_NONE */
    uint32_t group;
    uint32_t stage_count;
    bl_time decided;
    bl_time final_at; /* BL_TIME_MAX: never or not known */
    uint32_t decision; /* number of the decision in force; 0 none */
    const uint32_t *winners; /* actors or option names, in the order of their election */
    uint32_t winner_count;
    bl_vector(uint32_t) withdrawn; /* actors who stand no longer */
    bl_stage *reasoned_stage; /* whose members owe reasons */
    bl_veto_state *vetoes; /* one for each of the kind's */
    bl_change *changes; /* of the decision in force */
    uint32_t change_count;
    bl_vector(uint32_t) conflicts;
    bl_vector(uint32_t) recusals;
    bl_vector(uint32_t) stages; /* all, in order */
    bl_vector(const char *) records; /* explain_record.c */
    bl_window *windows; /* the latest first */
    bl_text seed;
};

/* ---- agenda ---- */

typedef enum bl_due {
    BL_DUE_STAGE_CLOSES,
    BL_DUE_WINDOW_CLOSES, /* of vetoes and disputes */
    BL_DUE_STAGE_OPENS,
    BL_DUE_EFFECT,
    BL_DUE_REASONS
} bl_due;

typedef struct bl_entry {
    bl_time time;
    uint8_t order; /* 0 closings, 1 openings and effects, 2 `through` closings: after the events of
                      the instant */
    uint8_t due;
    uint32_t index; /* stage or proposal */
    uint32_t generation; /* of the decision it is about, for windows, effects and reasons */
    uint64_t number; /* order of creation */
} bl_entry;

/* What follows a block of effects. */
typedef struct bl_follow {
    bool is_event; /* else a proposal to open or lapse */
    bool is_lapse;
    uint32_t index; /* event, kind, or proposal */
    uint32_t instance;
    bl_value *fields;
    bl_span span;
    uint32_t decision;
    uint32_t proposal; /* whose effect it was */
} bl_follow;

typedef struct bl_fault {
    char message[200];
    bl_span span;
} bl_fault;

/* An open stage, and the scope instance where a change concerns it: BL_NONE for any. */
typedef struct bl_watcher {
    uint32_t stage, instance;
} bl_watcher;
typedef bl_vector(bl_watcher) bl_watchers;

struct bylaw_engine {
    bl_memory memory;
    const bl_program *program;
    bylaw_engine_options options; /* its limits are those in force, none is 0 but memory_size */
    bl_arena arena;
    bl_arena scratch;
    bl_arena reading; /* the tree of the line that is being handled */
    bl_buffer buffer; /* for building text; contents are copied to scratch */
    bl_buffer line; /* a line that came in pieces */
    bool is_line_too_long;
    uint64_t line_size_seen;
    uint32_t line_number; /* in the file */
    uint64_t seq;
    uint64_t malformed_count;
    bool is_roster;
    bool is_founded;
    bool has_time;
    bl_time at; /* events later than this are left unread; BL_TIME_MAX */
    bool is_past; /* such an event has come */
    bl_time now;
    uint64_t steps; /* spent on this event */
    uint32_t cascade;
    bl_fault fault;
    bl_text seed; /* of the world */
    bool out_of_memory; /* for ever: what it holds may be half of an event */

    bl_names *ids; /* proposals, instances, options */
    bl_names *handles; /* keys; number = actor */
    bl_map names_of_program[4]; /* kinds, roles, scopes, events by name */
    bl_vector(bl_actor) actors;
    bl_vector(bl_instance) instances;
    bl_map instance_of; /* scope << 32 | id */
    bl_vector(bl_holding) holdings;
    bl_map holding_of; /* bl_holding_key */
    bl_vector(bl_post) posts;
    bl_map post_of; /* role << 32 | instance */
    bl_map held_anywhere; /* role << 32 | actor -> count */
    uint32_t *role_heads; /* people in each role, all instances */
    bl_vector(bl_proposal *) proposals;
    bl_map proposal_of; /* id */
    uint32_t *opened_by_effects; /* for each kind: number of the last generated id */
    bl_vector(bl_stage *) stages;
    bl_watchers *role_stages; /* open stages that depend on each role */
    bl_watchers *attribute_stages; /* … on each attribute */
    bl_vector(uint32_t) touched; /* stages to test: a heap, the earliest first */
    bl_vector(bl_entry) agenda;
    uint64_t agenda_number;
    uint32_t decision_count;
    bl_vector(bl_change) journal;
    bl_vector(bl_follow) follows;
    bl_vector(bylaw_outcome *) queue; /* outcomes of the running block */
    uint32_t block_depth;
    uint32_t events_of_decision_count;
    uint32_t call_depth; /* chunks inside chunks that run now */
    bl_coverage *coverage; /* counts what is used; NULL */
    bool is_trial; /* needs_trial.c tries acts: blocks of effects do not run, nothing is watched */
    bl_names *said; /* texts that records share */
    bl_vector(bl_text) refused; /* records of proposals that were refused, a ring */
    uint32_t refused_first; /* the oldest */
};

/* ---- vm.c ---- */
/* Runs a chunk with its arguments. *out may be NULL for effects. */
bl_result bl_vm_run(bl_engine *engine, uint32_t chunk, const bl_context *context,
                    const bl_value *arguments, uint32_t argument_count, bl_value *out);
/* The same for one kind of value. */
bl_result bl_vm_boolean(bl_engine *engine, uint32_t chunk, const bl_context *context,
                        const bl_value *arguments, uint32_t argument_count, bool *out);
bl_result bl_vm_value(bl_engine *engine, uint32_t chunk, const bl_context *context,
                      const bl_value *arguments, uint32_t argument_count, bl_base base,
                      bl_value *out);
/* Whether an actor is a member of a body of the program in this context. */
bl_result bl_body_has(bl_engine *engine, uint32_t body, const bl_context *context, uint32_t actor,
                      bool *out);
bl_result bl_body_set(bl_engine *engine, uint32_t body, const bl_context *context, bl_set *out);
/* Notes a fault; always BL_FAULT. */
bl_result bl_fail(bl_engine *engine, bl_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bl_result bl_no_memory(bl_engine *engine);

/* ---- world.c ---- */
bool bl_world_init(bl_engine *engine);
void bl_world_destroy(bl_engine *engine);
/* The actor with this handle, created when new. BL_NONE: *why says what is wrong with the handle,
 * or is NULL (no memory). */
uint32_t bl_actor_of(bl_engine *engine, bl_text handle, const char **why);
/* The same without creating; BL_NONE where nobody has it. */
uint32_t bl_actor_find(bl_engine *engine, bl_text handle);
uint8_t bl_actor_kind(const bl_engine *engine, uint32_t actor);
uint32_t bl_instance_find(const bl_engine *engine, uint32_t scope, bl_text id);
bl_text bl_instance_id(const bl_engine *engine, uint32_t instance);
/* Whether the actor holds the role there, by itself or by a role that includes it. instance BL_NONE
 * for a role without scope. */
bool bl_holds(const bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor);
bool bl_holds_any(const bl_engine *engine, uint32_t role, uint32_t actor);
bool bl_holds_other(const bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor);
/* The holders; `mode` 0: there, 1: anywhere, 2: anywhere but there. */
bl_result bl_holders(bl_engine *engine, uint32_t role, uint32_t instance, int mode, bl_set *out);
uint32_t bl_holder_count(const bl_engine *engine, uint32_t role, uint32_t instance);
const bl_holding *bl_holding_find(const bl_engine *engine, uint32_t role, uint32_t instance,
                                  uint32_t actor);
/*
 * Changes, journaled. Each checks the bounds (kind of actor, `from`, cardinality) and faults with
 * the clause where one would break; each adds its outcome. because: a sentence, may be empty.
 */
bl_result bl_world_grant(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                         const bl_context *context, bl_span clause, bl_text because);
bl_result bl_world_revoke(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                          const bl_context *context, bl_span clause, bl_text because);
bl_result bl_world_set(bl_engine *engine, uint32_t attribute, uint32_t target,
                       const bl_value *value, const bl_context *context, bl_span clause,
                       bl_text because);
bl_result bl_world_create(bl_engine *engine, uint32_t scope, bl_text id, const bl_value *attributes,
                          const bl_context *context, bl_span clause, bl_text because,
                          uint32_t *instance);
bl_result bl_world_remove(bl_engine *engine, uint32_t instance, const bl_context *context,
                          bl_span clause, bl_text because);
/* An attribute's value, its default where none was set; faults where there is neither. */
bl_result bl_world_attribute(bl_engine *engine, uint32_t attribute, uint32_t target, bl_span span,
                             bl_value *out);

/*
 * The bare changes, for rolling back and undoing: no check, no journal, no outcome, no touching of
 * stages. False when out of memory. bl_holding_put leaves supports and since as they are;
 * bl_instance_put keeps the way from id to instance.
 */
bool bl_holding_put(bl_engine *engine, uint32_t holding, bool is_held);
bool bl_instance_put(bl_engine *engine, uint32_t instance, bool is_there);
/* Where an attribute of an actor or instance is kept (BL_NOTHING: not set) and who set it; false
 * when out of memory. */
bool bl_attribute_place(bl_engine *engine, uint32_t attribute, uint32_t target, bl_value **value,
                        uint32_t **decision);

/* ---- effect.c ---- */
/* Runs a block of effects, whole or not at all. false in *done: it was refused (the outcome is
 * out). */
bl_result bl_effects_run(bl_engine *engine, uint32_t chunk, const bl_context *context,
                         const bl_value *arguments, uint32_t argument_count, bl_span clause,
                         bool *done);
/* Notes an opening or emission that follows the block. */
bl_result bl_effects_follow(bl_engine *engine, const bl_follow *follow);
/* Rolls the journal back to `mark`. */
void bl_journal_roll_back(bl_engine *engine, size_t mark);
bool bl_journal_add(bl_engine *engine, const bl_change *change);
/* Undoes the effects of a decision that fell. */
bl_result bl_effects_undo(bl_engine *engine, bl_proposal *proposal, bl_span clause);
/* Runs the on-rules of an event; *admitted false: no rule admits the actor (refused with *clause).
 */
bl_result bl_rules_run(bl_engine *engine, const bl_record *record, bool *admitted, bl_span *clause,
                       bool *any);

/* ---- touch.c ---- */
/* Has the stage tested when the event's own work is done. */
bl_result bl_stage_touch(bl_engine *engine, bl_stage *stage);
/* From now on the stage is weighed when a role or attribute that it counts by changes. */
bl_result bl_touch_watch(bl_engine *engine, const bl_stage *stage);
/* Takes an actor's part out of all open stages that depend on the role (or attribute, or the
 * proposal), and puts it back. */
bl_result bl_touch_role(bl_engine *engine, uint32_t role, uint32_t instance, uint32_t actor,
                        int sign);
bl_result bl_touch_attribute(bl_engine *engine, uint32_t attribute, uint32_t target, int sign);
bl_result bl_touch_proposal(bl_engine *engine, bl_proposal *proposal, uint32_t actor, int sign);
/* Tests the touched stages, in the order of their creation. */
bl_result bl_touched_test(bl_engine *engine);

/* ---- stage.c ---- */
/*
 * Adds (sign 1) or takes out (-1) the actor's part, as the world is now. A fault makes the stage
 * faulty. *is_counted: there was a part, or a fault instead of one.
 */
bl_result bl_stage_weigh(bl_engine *engine, bl_stage *stage, uint32_t actor, int sign,
                         bool *is_counted);
/* Opens a stage, now or when its `after` has passed. */
bl_result bl_stage_open(bl_engine *engine, bl_proposal *proposal, uint32_t plan, bl_purpose purpose,
                        uint32_t veto, uint32_t group, bl_stage **out);
bl_result bl_stage_begin(bl_engine *engine, bl_stage *stage); /* its `after` has passed */
bl_result bl_stage_has_member(bl_engine *engine, const bl_stage *stage, uint32_t actor, bool *out);
/* Counts a ballot; the stage is not tested yet (bl_stage_test). */
bl_result bl_stage_cast(bl_engine *engine, bl_stage *stage, const bl_ballot *ballot);
bl_result bl_stage_discard(bl_engine *engine, bl_stage *stage);
/* It cannot be decided: engine->fault says why. It closes as unresolved when it is tested. */
void bl_stage_become_faulty(bl_engine *engine, bl_stage *stage);
/* ---- closing.c ---- */
/* Closes it where its procedure says so. */
bl_result bl_stage_test(bl_engine *engine, bl_stage *stage);
bl_result bl_stage_deadline(bl_engine *engine, bl_stage *stage);
/* What it would come to were it tested now, or at its deadline; NONE: it would stay open. */
bl_result bl_stage_would_close(bl_engine *engine, const bl_stage *stage, bool at_deadline,
                               bl_stage_result *out);
/* Closes without a result (withdrawn, vetoed, disputed). */
void bl_stage_abandon(bl_engine *engine, bl_stage *stage);
bl_result bl_stage_set_deadline(bl_engine *engine, bl_stage *stage, bl_time deadline,
                                bool is_through);
uint8_t bl_stage_ballot_of(const bl_stage *stage, uint32_t actor);
bl_context bl_stage_context(const bl_engine *engine, const bl_stage *stage);
/* The row of the program's table for the stage's n-th aggregate, and back. */
uint32_t bl_stage_aggregate_at(const bl_engine *engine, const bl_stage *stage, uint32_t slot);
uint32_t bl_stage_slot_of(const bl_engine *engine, const bl_stage *stage, uint32_t aggregate);
/* The value of an aggregate now. */
bl_result bl_stage_aggregate(bl_engine *engine, const bl_stage *stage, uint32_t aggregate,
                             bl_rational *out);

/* ---- builtins.c ---- */
/* Whether a comparison holds of two sides whose difference has this sign. */
bool bl_comparison_holds(bl_comparison comparison, int sign);

/* ---- condition.c ---- */
typedef enum bl_truth { BL_FALSE, BL_TRUE, BL_UNKNOWN } bl_truth;
/* What the condition is now; BL_NONE is true. */
bl_result bl_condition_now(bl_engine *engine, const bl_stage *stage, uint32_t condition, bool *out);
/* What it must come to whatever members without a ballot do. */
bl_result bl_condition_settled(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                               bl_truth *out);
/* "`approve > reject`: 2 > 1" for each comparison that decided, joined. */
bl_result bl_condition_explain(bl_engine *engine, const bl_stage *stage, uint32_t condition,
                               bl_buffer *out);
/* Collects the comparisons of a stage's conditions and evaluates their coefficients. */
bl_result bl_condition_prepare(bl_engine *engine, bl_stage *stage);

/* ---- election.c ---- */
bool bl_stage_is_election(const bl_engine *engine, const bl_stage *stage);
/* Who stands, and the rules with their values: when the stage opens. Faults where nothing can be
 * counted so. */
bl_result bl_election_open(bl_engine *engine, bl_stage *stage);
/* Of candidates by index in the stage. */
bool bl_candidate_is_actor(const bl_engine *engine, const bl_stage *stage, uint32_t candidate);
bl_text bl_candidate_name(const bl_engine *engine, const bl_stage *stage, uint32_t candidate);
uint32_t bl_candidate_find(bl_engine *engine, const bl_stage *stage, bl_text name); /* or BL_NONE */
bool bl_candidate_is_withdrawn(const bl_engine *engine, const bl_stage *stage, uint32_t candidate);
/* Whether the actor stands in a vote that is under way. */
bool bl_election_is_candidate(const bl_engine *engine, const bl_proposal *proposal, uint32_t actor);
/* Whether the actor's ballot breaks ties; whether some of those have not cast one yet. */
bl_result bl_election_is_casting(bl_engine *engine, const bl_stage *stage, uint32_t actor,
                                 bool *out);
bl_result bl_election_awaits_casting(bl_engine *engine, const bl_stage *stage, bool *out);
/* What a voter's ballot weighs. */
bl_result bl_election_weight(bl_engine *engine, const bl_stage *stage, const bl_context *context,
                             uint32_t actor, bl_rational *out);

/* ---- election_ballot.c ---- */
enum { BL_SCORE_SCALE = 1000 }; /* units of a score: three decimal places */
/* `says` is what the event has for its verb: a list, a text, an object. *because: why it is refused
 * (in scratch), or without bytes. */
bl_result bl_election_read(bl_engine *engine, const bl_stage *stage, bl_verb verb,
                           const bl_json *says, bl_ballot *ballot, bylaw_text *because);
/* The verb of a ballot of this form; of yes or no `approve`. */
bl_verb bl_election_verb(bl_ballot_form form);
/* "chi > dee = ana"; "chi, dee"; "chi 5, dee 2". */
void bl_election_say(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                     bl_buffer *out);
/* The same as a member of a JSON object: `"ranking":["chi",["ana","dee"]]`. */
void bl_election_write(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                       bl_buffer *out);

/* ---- election_count.c ---- */
/* Counts the stage's ballots: sets came_to, winners, vacant, is_tied, sentences and rounds.
 * *because: the result in a sentence, in scratch. */
bl_result bl_election_count(bl_engine *engine, bl_stage *stage, bl_text *because);

/* ---- opening.c, proposal.c ---- */
typedef struct bl_opening {
    uint32_t kind, instance, author;
    bl_text id; /* empty: generated */
    const bl_value *fields;
    uint32_t decision;
    uint32_t parent;
    bl_span span;
} bl_opening;
/* Opens a proposal; *out NULL when refused (the outcome is out). */
bl_result bl_proposal_open(bl_engine *engine, const bl_opening *opening, bl_proposal **out);
/* The first alternative of a step whose `when` holds; *out without rows where none does. */
bl_result bl_proposal_find_alternative(bl_engine *engine, const bl_proposal *proposal,
                                       uint32_t step, bl_range *out);
bl_result bl_proposal_open_step(bl_engine *engine, bl_proposal *proposal, uint32_t step,
                                bl_purpose purpose, uint32_t veto);
bl_result bl_proposal_stage_closed(bl_engine *engine, bl_stage *stage, bl_text because);
/* Runs what the proposal's kind does on the outcome. */
bl_result bl_proposal_handle(bl_engine *engine, bl_proposal *proposal, bl_outcome_type outcome);
bl_result bl_proposal_strike(bl_engine *engine, bl_proposal *proposal, uint32_t veto,
                             bl_text because);
bl_result bl_proposal_dispute(bl_engine *engine, bl_proposal *proposal, uint32_t plan,
                              uint32_t actor, bl_text reason);
bl_result bl_proposal_withdraw(bl_engine *engine, bl_proposal *proposal, bl_text because);
bl_result bl_proposal_lapse(bl_engine *engine, bl_proposal *proposal, bl_span clause,
                            bl_text because);
bl_result bl_proposal_windows_closed(bl_engine *engine, bl_proposal *proposal);
bl_result bl_proposal_effect(bl_engine *engine, bl_proposal *proposal);
bl_result bl_proposal_reasons_due(bl_engine *engine, bl_proposal *proposal);
bool bl_proposal_is_undecided(const bl_proposal *proposal);
bool bl_proposal_test(const bl_proposal *proposal, bl_state_test test);
/* Until when a veto or dispute may come; BL_TIME_MAX without end. false: not any more. */
bl_result bl_window_is_open(bl_engine *engine, const bl_proposal *proposal, uint32_t plan,
                            bool *out);
/* When a veto's or dispute's window for the decision in force ends; BL_TIME_MIN: there is none,
 * BL_TIME_MAX: it has no end. */
bl_result bl_window_end(bl_engine *engine, const bl_proposal *proposal, uint32_t plan,
                        bl_time *out);
bl_context bl_proposal_context(const bl_proposal *proposal);
/* A time and the duration that a chunk gives; a fault of the clause past the last year. */
bl_result bl_proposal_time_after(bl_engine *engine, const bl_proposal *proposal, bl_time from,
                                 uint32_t chunk, bl_span clause, bl_time *out);
bl_text bl_proposal_id(const bl_engine *engine, const bl_proposal *proposal);

/* ---- act.c: what people do in a proposal ---- */
typedef struct bl_act {
    bl_verb verb;
    uint32_t actor;
    bl_proposal *proposal;
    bl_text reason;
    const bl_json *says; /* of rank, choose and score: what the ballot says */
    uint32_t other; /* of conflict: whom it is about; of withdraw: who stands no longer; BL_NONE */
    bool is_question; /* only ask whether it would be allowed: nothing changes, nothing is said */
} bl_act;
/* *allowed: it had standing. Refusals are out as outcomes, but for questions. */
bl_result bl_act_perform(bl_engine *engine, const bl_act *act, bool *allowed);
/* Whether an act would be allowed now, and by what. */
typedef struct bl_entitlement {
    bool is_allowed;
    bl_span clause; /* that lets it, or refuses it */
    uint32_t plan; /* whose body may do it; BL_NONE: the clause names no body */
    uint32_t stage; /* the vote it goes to; BL_NONE: none, or none yet */
    bool is_member; /* of that body */
    bylaw_text because; /* why it is refused: in scratch */
} bl_entitlement;
/* Asks with is_question set. Nothing changes but scratch. BL_NOMEM or BL_OK. */
bl_result bl_act_ask(bl_engine *engine, const bl_act *act, bl_entitlement *out);
/* Opens the vote on a veto, the `which`-th of its kind, under its plan. */
bl_result bl_act_open_veto_vote(bl_engine *engine, bl_proposal *proposal, uint32_t which,
                                uint32_t plan, bl_stage **stage);

/* ---- agenda.c ---- */
bool bl_agenda_add(bl_engine *engine, bl_time time, uint8_t order, bl_due due, uint32_t index,
                   uint32_t generation);
/* Fires all that is due before `time`, and at it up to order `order`. */
bl_result bl_agenda_fire(bl_engine *engine, bl_time time, uint8_t order);
/* effect.c: all that follows at once: touched stages are tested, what blocks asked for is done,
 * until nothing is left. */
bl_result bl_settle(bl_engine *engine);

/* ---- outcome.c ---- */
/* A fresh outcome in scratch; NULL out of memory. proposal may be NULL. */
bylaw_outcome *bl_outcome_begin(bl_engine *engine, bl_outcome_type type,
                                const bl_proposal *proposal);
void bl_outcome_end(bl_engine *engine, bylaw_outcome *outcome);
/* Text in scratch. */
bylaw_text bl_say(bl_engine *engine, const char *format, ...) __attribute__((format(printf, 2, 3)));
bylaw_text bl_say_place(bl_engine *engine, bl_span span);
/*
 * Takes what was written to engine->buffer behind `mark`, its size before. Whoever builds a text
 * there may ask for another one meanwhile.
 */
bylaw_text bl_say_built(bl_engine *engine, size_t mark);
bylaw_text bl_say_copy(bl_engine *engine, bl_text text); /* a copy in scratch */
bylaw_text bl_say_value(bl_engine *engine, const bl_value *value); /* as JSON */
void bl_value_write(const bl_engine *engine, const bl_value *value, bl_buffer *out); /* as JSON */
void bl_outcome_tally(bl_engine *engine, bylaw_outcome *outcome, const bl_stage *stage);
void bl_outcome_events(bl_engine *engine, bylaw_outcome *outcome, const bl_stage *stage);
/* One outcome at once: type, proposal, clause and a sentence. */
void bl_announce(bl_engine *engine, bl_outcome_type type, const bl_proposal *proposal,
                 bl_span clause, bylaw_text because);
void bl_queue_flush(bl_engine *engine);

/* ---- outcome_text.c ---- */
/* Appends the outcome as one line of JSON, or as lines for people. */
void bl_outcome_write(const bylaw_outcome *outcome, bylaw_format format, bool color,
                      bl_buffer *out);

/* ---- event.c, fact.c ---- */
/* One line: from bytes to what follows. */
bl_result bl_event_line(bl_engine *engine, bl_text line);
/* A line that is no event: a `malformed` outcome. */
void bl_event_malformed(bl_engine *engine, uint32_t column, bylaw_text because);

/* An event being handled: what every event may have, read. */
typedef struct bl_event {
    const bl_json *json;
    bl_text line;
    bl_text type;
    bl_verb verb; /* BL_VERB_COUNT for an event of the policy's own */
    bl_text actor_handle; /* empty: none */
    uint32_t actor; /* BL_NONE: none */
    bl_text reason;
} bl_event;
/* A text member, or the empty text; false: it is something else, and that was reported as
 * malformed. */
bool bl_event_text(bl_engine *engine, const bl_event *event, const char *key, bool is_needed,
                   bl_text *out);
/* Refuses an event: the outcome is out. */
void bl_event_refuse(bl_engine *engine, const bl_event *event, bl_span clause, bylaw_text because);
/* The actor a handle names, created when new; BL_NONE: that was reported. */
uint32_t bl_event_actor(bl_engine *engine, const bl_event *event, bl_text handle);
/* A member of the line as a value of the type, in scratch; a fault says what does not fit. */
bl_result bl_event_value(bl_engine *engine, const bl_json *json, bl_type type, bl_span span,
                         bl_value *out);
/* create, remove, set, grant, revoke, resign. */
bl_result bl_fact_state(bl_engine *engine, const bl_event *event);
/* Names that are near: ", did you mean `x`?" or nothing; table 0 kinds, 1 roles, 2 scopes, 3
 * events. */
bylaw_text bl_event_nearest(bl_engine *engine, int table, bl_text name);

/* ---- explain_record.c ---- */
/* Keeps an outcome with its proposal, or a refused `propose` without one. */
void bl_record_keep(bl_engine *engine, bl_outcome_type type, const bl_proposal *proposal,
                    const bylaw_outcome *outcome);
void bl_records_destroy(bl_engine *engine);
/*
 * What was recorded of a proposal, by number, in the order it came. What `out` names lives in
 * engine->scratch or longer; false: out of memory.
 */
uint32_t bl_record_count(const bl_proposal *proposal);
bool bl_record_read(bl_engine *engine, const bl_proposal *proposal, uint32_t index,
                    bylaw_outcome *out);
bl_outcome_type bl_record_type(const bl_proposal *proposal, uint32_t index);
/* The last BL_REFUSED_KEPT_MAX refusals of `propose`, the oldest first. */
uint32_t bl_refused_count(const bl_engine *engine);
bool bl_refused_read(bl_engine *engine, uint32_t index, bylaw_outcome *out);

/* ---- explain.c ---- */
/* NULL where there is no such proposal. */
bl_proposal *bl_proposal_find(const bl_engine *engine, bl_text id);
/* The proposal a question is about; BYLAW_ABSENT: the nearest one's id was written. */
bylaw_status bl_question_proposal(const bl_engine *engine, const bylaw_question *question,
                                  bylaw_writer out, const bl_proposal **proposal);
/* The same of a person; the handle may have its @. (listing.c) */
bylaw_status bl_question_actor(bl_engine *engine, bylaw_text about, bylaw_writer out,
                               uint32_t *actor);
/* Hands over an answer and frees it; BYLAW_NOMEM: it could not be built. */
bylaw_status bl_answer_deliver(bl_buffer *text, bylaw_writer out);
/* The same of a question, whose engine is then out of memory. */
bylaw_status bl_question_answer(bl_engine *engine, bl_buffer *text, bylaw_writer out);
/* "open", "disputed", "accepted" …: how it stands, in one word. */
const char *bl_explain_status(const bl_proposal *proposal);

/* ---- needs.c ---- */
/*
 * Appends one or two plain sentences on what would bring the outcome about: "It needs any 2 of
 * @ana, @bo and @chi to approve before 2024-03-15T00:00:00Z." An empty outcome is `accepted`, an
 * unknown one appends nothing. BL_NOMEM or BL_OK.
 */
bl_result bl_needs_brief(bl_engine *engine, const bl_proposal *proposal, bl_text outcome,
                         bl_buffer *out);

/* Where to count what happens now; NULL: nowhere. What is only tried does not happen. */
static inline bl_coverage *bl_coverage_now(const bl_engine *engine)
{
    return engine->is_trial ? NULL : engine->coverage;
}
/* What vetoes and disputes decisions stood without: once, when the world ends. BL_NOMEM or BL_OK.
 * (coverage_life.c) */
bl_result bl_coverage_end(bl_engine *engine);
void bl_coverage_stage(const bl_engine *engine, const bl_stage *stage);
static inline void bl_coverage_plan(const bl_engine *engine, uint32_t plan, bl_plan_count what)
{
    bl_coverage *coverage = bl_coverage_now(engine);
    if (coverage) coverage->plans[plan][what]++;
}

static inline const bl_kind *bl_kind_of(const bl_engine *engine, const bl_proposal *proposal)
{
    return &engine->program->kinds[proposal->kind];
}
#define BL_SAID(text) (int)(text).size, (text).bytes /* for %.*s */

#endif
