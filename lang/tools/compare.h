/*
 * Comparing what two policies make of one history: what is kept of each proposal under either, and
 * what differs.
 *
 * The idea to have: outcomes are not kept. Of a proposal each side keeps how it was raised, how it
 * stands and what came of it; acts are compared a piece of the input at a time and then forgotten.
 */
#ifndef TOOLS_COMPARE_H
#define TOOLS_COMPARE_H

#include "options.h"
#include "output.h"

typedef enum compare_policy { OLD, NEW, SIDE_COUNT } compare_policy;

/* A text of our own, to be freed. */
typedef struct kept_text {
    char *bytes;
    size_t size;
} kept_text;

/* One outcome, as much as is told of it. */
typedef struct told {
    const char *word; /* its type; NULL: nothing yet */
    uint64_t seq;
    uint32_t stage;
    char time[32];
    kept_text to; /* who decides now: of what went up the ladder */
    kept_text because;
    kept_text clause;
} told;

typedef enum raised_state { RAISED_NOT, RAISED_REFUSED, RAISED_OPENED } raised_state;

typedef struct act_list {
    uint64_t count; /* acts that this side refuses and the other allows */
    uint64_t orphan_count; /* those of them that found no proposal */
    kept_text *lines; /* the first few, as sentences */
    size_t line_count;
} act_list;

/* What one policy made of a proposal. */
typedef struct proposal_side {
    raised_state raised_state;
    bool is_kind_unknown; /* it was refused because the policy has no such kind */
    bool has_author; /* raised by somebody, not by an effect */
    bool is_in_force;
    bool is_final;
    told raised;
    told standing; /* the outcome that brought it to where it is */
    const char *decision; /* the word before a veto, which an override brings back */
    char tally[128]; /* of the ballots so far: "2 approve, 0 reject, 0 abstain, of 5" */
    kept_text *winners; /* in the order of their election */
    size_t winner_count;
    bool is_winner_option; /* and no person */
    kept_text *effects; /* in their order, as sentences */
    size_t effect_count;
    uint32_t owed_count, fulfilled_count, violated_count;
    told violated; /* the last one */
    act_list acts;
} proposal_side;

typedef struct compared_proposal {
    kept_text id;
    kept_text on;
    size_t kind; /* index into the comparison's kinds */
    proposal_side sides[SIDE_COUNT];
    bool is_settled; /* the same under both, for good: what was kept is freed */
} compared_proposal;

/* What can differ, as bits. */
typedef enum aspect {
    ASPECT_RAISED,
    ASPECT_ENDING,
    ASPECT_WINNER,
    ASPECT_FORCE,
    ASPECT_EFFECTS,
    ASPECT_FINAL,
    ASPECT_DUTIES,
    ASPECT_ACTS,
    ASPECT_COUNT
} aspect;
#define HAS(aspect) (1u << (aspect))

typedef struct compared_kind {
    kept_text name; /* empty: acts outside of proposals */
    uint64_t proposal_count;
    uint64_t unknown_count; /* of a kind that one policy does not know */
    uint64_t same_count;
    uint64_t aspect_counts[ASPECT_COUNT];
} compared_kind;

/* What one policy does not know: a kind of proposal, a role, a scope, an event. */
typedef struct unknown_thing {
    compare_policy policy;
    kept_text sort;
    kept_text name;
    uint64_t first_seq;
    uint64_t event_count;
    uint64_t act_count; /* in proposals of the kind */
} unknown_thing;

typedef struct pending_outcome pending_outcome;
typedef struct pending_list {
    pending_outcome *items;
    size_t count;
    size_t capacity;
} pending_list;

typedef struct comparison comparison;
struct comparison {
    bool is_verbose;
    void (*act_differs)(comparison *c, const pending_outcome *refused, compare_policy refuser,
                        const pending_outcome *other);
    void (*reason_differs)(comparison *c, const pending_outcome *old, const pending_outcome *new);
    void (*world_differs)(comparison *c, const pending_outcome *effect, compare_policy only);
    void (*malformed)(comparison *c, const pending_outcome *line);
    void *context; /* of those who write */

    compared_proposal **proposals; /* in the order of their first mention */
    size_t proposal_count, proposal_capacity;
    void *by_id; /* a tree of <search.h> */
    compared_kind *kinds;
    size_t kind_count, kind_capacity;
    unknown_thing *unknown;
    size_t unknown_count, unknown_capacity;
    pending_list pending[SIDE_COUNT];
    compared_proposal **finished; /* that became final in this piece */
    size_t finished_count, finished_capacity;
    uint64_t act_count; /* acts outside of proposals that differ */
    uint64_t world_count; /* effects outside of proposals that differ */
    bool has_failed; /* out of memory */
};

typedef enum pending_sort {
    PENDING_REFUSED,
    PENDING_ALLOWED,
    PENDING_WORLD, /* an effect that belongs to no proposal */
    PENDING_MALFORMED
} pending_sort;

/* An outcome that waits for the other side's. Texts are of our own. */
struct pending_outcome {
    pending_sort sort;
    bool is_matched;
    uint64_t seq; /* 0: of the roster */
    uint32_t line, column;
    char time[32];
    const char *word; /* the type of outcome */
    kept_text event;
    kept_text actor;
    kept_text proposal;
    kept_text sentence; /* of an effect on the world */
    kept_text because;
    kept_text clause;
};

/* Takes one outcome of an engine. */
void compare_outcome(comparison *c, compare_policy policy, const bylaw_outcome *outcome);
/* Both engines have read the same so far: compares what waits, and forgets it. */
void compare_piece(comparison *c);
/* After the last piece: what differs of one proposal, as bits; 0 nothing. */
unsigned compare_proposal(const compared_proposal *proposal);
/* Whether it is of a kind that one of the policies does not know. */
bool compare_is_unknown(const compared_proposal *proposal);
/* Whether it stands the same under both, for other reasons or at another time. */
bool compare_differs_in_reason(const compared_proposal *proposal);
/* NULL where there is none of that id. */
compared_proposal *compare_find(const comparison *c, const char *id, size_t size);
void compare_free(comparison *c);

/* Whether the proposal is undecided by this outcome of its. */
bool compare_is_open(const told *standing);
/* Whether both texts say the same. */
bool compare_same_text(const kept_text *a, const kept_text *b);
/* Adds a line to what one side refuses in a proposal, as long as there are few. */
void compare_note_act(comparison *c, act_list *acts, const char *bytes, size_t size);

/* ---- compare_write.c ---- */

typedef struct compare_writer {
    comparison *comparison;
    const tool_arguments *arguments;
    tool_output *output;
    const char *names[SIDE_COUNT];
    const char *file; /* that is being read */
    bool is_json;
    bool color;
    bool has_acts; /* the heading of acts outside of proposals is out */
    uint64_t difference_count;
} compare_writer;

/* Sets what the comparison calls. */
void compare_write_begin(compare_writer *writer);
/* Proposals, what is unknown, the summary. */
void compare_write_end(compare_writer *writer);

#endif
