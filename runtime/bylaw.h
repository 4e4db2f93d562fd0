/*
 * Bylaw: compile a governance policy, feed it events, get outcomes with their reasons.
 *
 *     bylaw_compile_options what = {.name = name, .text = source};
 *     bylaw_policy *policy;
 *     bylaw_policy_compile(&what, &policy);
 *
 *     bylaw_engine_options how = {.outcome = show};
 *     bylaw_engine *engine;
 *     bylaw_engine_create(policy, &how, &engine);
 *     bylaw_engine_feed(engine, BYLAW_EVENTS, lines, size);
 *     bylaw_engine_end(engine, BYLAW_EVENTS);
 *
 *     bylaw_engine_destroy(engine);
 *     bylaw_policy_destroy(policy);
 *
 * Ownership: what a create, compile or load function gives is yours to destroy; a policy must
 * outlive its engines. What you hand in is not needed any more when the call is over, but for the
 * functions in options and their contexts, which live as long as the handle. What is handed to a
 * callback lives until the callback returns; a callback must return, and must not call back into
 * the handle that called it.
 *
 * Threads: there are no globals. A handle belongs to one thread at a time, different handles to any
 * threads. A policy may be shared: what takes a `const bylaw_policy *` only reads it, engines made
 * from it only read it, and any threads may do so at once, if its allocator can be called from
 * them. What takes a policy without `const` wants it, and its engines, for itself. What takes no
 * handle may be called from any threads at once; nothing may be called from a signal handler.
 *
 * Failure: a status, never an exit, never a print. Nothing is written to a bylaw_writer unless the
 * status is BYLAW_OK or the function says otherwise. Every function with a status can give
 * BYLAW_NOMEM: a handle it was given without `const` can then only be destroyed, and an engine says
 * BYLAW_NOMEM to all else. A function that gives false leaves what it was to fill in as it was.
 * NULL for a handle to destroy is allowed and does nothing, and bytes may be NULL where their size
 * is 0; any other NULL is a mistake of the host where it is not offered (asserted in debug builds),
 * and so is a number that its enumeration does not have.
 *
 * Two libraries: libbylaw has all of this. libbylaw-run has no front end, and policies come to it
 * by bylaw_policy_load: it lacks bylaw_policy_compile, bylaw_policy_error_count,
 * bylaw_policy_warning_count, bylaw_policy_diagnostics, bylaw_policy_render, bylaw_policy_format,
 * bylaw_policy_test, bylaw_policy_coverage, bylaw_coverage_page_begin, bylaw_coverage_page_end,
 * bylaw_scenario_write, bylaw_engine_say, bylaw_entry_of, bylaw_session_text, bylaw_library_find,
 * bylaw_library_at, bylaw_word_at, bylaw_word_find, bylaw_word_nearest and bylaw_word_write.
 *
 * The library opens no file, reads no clock, no environment and no locale, and uses no floating
 * point: the same input gives the same bytes everywhere. docs/embedding.md tells more.
 */
#ifndef BYLAW_H
#define BYLAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* ---- in common ---- */

#define BYLAW_VERSION "0.1.0"
/* The version of the library that runs; BYLAW_VERSION is that of the header a host was built with.
 * Both begin with the same number, or they do not fit together: it rises when a structure grows,
 * and whenever else hosts must be built again. The text lives for ever. */
const char *bylaw_version(void);

typedef enum bylaw_status {
    BYLAW_OK,
    BYLAW_NOMEM, /* out of memory, of the allocator's or of memory_size */
    BYLAW_ERRORS, /* what was handed in has errors: a policy (see its diagnostics), or ballots */
    BYLAW_STOPPED, /* it stopped where it was to stop: each function says where that is */
    BYLAW_LIMIT, /* something handed in is out of range, such as a time that is none */
    BYLAW_ABSENT, /* no such proposal or person, or no such run of scenarios */
    BYLAW_NO_WORD, /* no such outcome, verb, picture, method or option */
    BYLAW_NO_SOURCE /* the policy was loaded in compiled form: this needs its source */
} bylaw_status;
/* A few words for a status, with a NUL at the end; also for a number that is none. They live for
 * ever. */
const char *bylaw_status_text(bylaw_status status);

typedef struct bylaw_text {
    const char *bytes; /* UTF-8, not always with a NUL at the end; NULL only with size 0 */
    size_t size;
} bylaw_text;

/* Where text is written to: called with its pieces in their order, before the function returns. */
typedef struct bylaw_writer {
    void (*write)(void *context, const char *bytes, size_t size);
    void *context;
} bylaw_writer;

/*
 * The host's allocator. `resize(c, NULL, 0, n)` allocates, `resize(c, p, m, n)` makes m bytes n and
 * may move them, `resize(c, p, m, 0)` frees; aligned as malloc does. NULL from it is out of memory.
 * It is copied; the context lives as long as the handle. A pointer to one that is NULL: malloc.
 */
typedef struct bylaw_allocator {
    void *(*resize)(void *context, void *pointer, size_t old_size, size_t new_size);
    void *context;
} bylaw_allocator;

/*
 * What one handle may use, where the library's own limits (runtime/limits.h) are too high for the
 * host. 0, or more than the library's own: the library's own. An event that goes beyond one comes
 * back as a `refused` or `malformed` outcome that says so, and the engine goes on; only memory_size
 * is the end of the handle.
 */
typedef struct bylaw_limits {
    size_t memory_size; /* bytes held at once; beyond, BYLAW_NOMEM. 0: no limit */
    uint32_t line_size; /* bytes of an event line: 1 MiB */
    uint32_t step_count; /* instructions one event may cost: 16 Mi */
    uint32_t actor_count; /* 16 Mi */
    uint32_t instance_count; /* of scopes: 16 Mi */
    uint32_t proposal_count; /* 64 Mi */
} bylaw_limits;

/* Each function says which of them it writes; one it does not write is taken as BYLAW_TEXT. */
typedef enum bylaw_format {
    BYLAW_TEXT,
    BYLAW_JSON, /* JSON Lines */
    BYLAW_MARKDOWN,
    BYLAW_HTML, /* a page that needs nothing beside it */
    BYLAW_SVG,
    BYLAW_DOT /* for Graphviz */
} bylaw_format;

/* ---- policies ---- */

/* A compiled policy, or what is wrong with one. */
typedef struct bylaw_policy bylaw_policy;

/*
 * Reads a policy named by `use` or `extends` that is not of the library: `path` as written, `from`
 * the name of the file that names it. Gives the name to show and the content, yours, and valid
 * until compiling ends. False: there is none, which becomes an error of the policy.
 */
typedef bool (*bylaw_load)(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                           bylaw_text *content);

typedef struct bylaw_compile_options {
    bylaw_text name; /* shown in messages: "chess.bylaw" */
    bylaw_text text;
    bylaw_load load; /* NULL: only library policies can be named */
    void *load_context;
    const bylaw_allocator *allocator; /* NULL: malloc */
    bylaw_limits limits; /* memory_size is known here */
} bylaw_compile_options;

/*
 * Compiles a policy and all that it uses. BYLAW_OK: *out may have warnings. BYLAW_ERRORS: *out has
 * nothing but its diagnostics; it is yours to destroy all the same. BYLAW_NOMEM: *out is NULL.
 */
bylaw_status bylaw_policy_compile(const bylaw_compile_options *options, bylaw_policy **out);
/*
 * Whether the bytes begin like a policy in compiled form; of any others it says no. Such a policy
 * is one file that needs nothing beside it: no library, no front end. It comes from
 * bylaw_policy_write or `bylaw compile`, and is the same on every machine. docs/bytecode.md says
 * what it holds.
 */
bool bylaw_policy_is_compiled(const char *bytes, size_t size);

typedef struct bylaw_load_options {
    const char *bytes; /* all of the file; not needed any more when loading is done */
    size_t size;
    bylaw_writer complaint; /* why it is refused: a few words without an end of line; or NULL */
    const bylaw_allocator *allocator;
    bylaw_limits limits; /* memory_size is known here */
} bylaw_load_options;
/*
 * Loads a policy in compiled form. It need not be trusted: whatever the bytes are, either they are
 * refused here, or what runs stays within the limits and the policy's own world. BYLAW_ERRORS: they
 * are refused, *out is NULL. BYLAW_NOMEM: *out is NULL. A loaded policy does all that engines do,
 * and is dumped, drawn and written; functions that need its text give BYLAW_NO_SOURCE.
 */
bylaw_status bylaw_policy_load(const bylaw_load_options *options, bylaw_policy **out);
/*
 * Writes a policy in compiled form, without its scenarios. `strip` leaves out the text of its
 * sources and all places: it decides the same, and cannot say by which line. BYLAW_ERRORS: the
 * policy has errors. BYLAW_LIMIT: it is larger than 4 GiB.
 */
bylaw_status bylaw_policy_write(const bylaw_policy *policy, bool strip, bylaw_writer out);
/* Its engines must be gone. NULL is fine. */
void bylaw_policy_destroy(bylaw_policy *policy);

/* How many errors and warnings it has; those beyond what is shown count too. They cannot fail. */
uint32_t bylaw_policy_error_count(const bylaw_policy *policy);
uint32_t bylaw_policy_warning_count(const bylaw_policy *policy);
/* Errors and warnings, in the order of their places, for people (`color`: with escape sequences of
 * a terminal) or as BYLAW_JSON, one a line. Nothing where there are none. */
bylaw_status bylaw_policy_diagnostics(const bylaw_policy *policy, bylaw_format format, bool color,
                                      bylaw_writer out);
/* The compiled program as readable text, for those who work on Bylaw. BYLAW_ERRORS: there is none.
 */
bylaw_status bylaw_policy_dump(const bylaw_policy *policy, bylaw_writer out);
/*
 * The whole policy in plain English, as numbered clauses, each with its place in the source:
 * BYLAW_MARKDOWN, BYLAW_HTML, or BYLAW_JSON (an object a clause: `number`, `heading`, `text`,
 * `file`, `line`, and `refs`, the numbers of clauses it leads to; before them one with the
 * `title`). Any other format is taken as BYLAW_MARKDOWN. BYLAW_ERRORS: the policy has errors.
 */
bylaw_status bylaw_policy_render(const bylaw_policy *policy, bylaw_format format, bylaw_writer out);
/*
 * Pictures of the compiled program: SVG, DOT, JSON (a line for each picture, node and edge), or an
 * outline in text. `what` names them, with commas or blanks between: kinds of proposals by name,
 * "life" for all of these, "roles"; empty: all there is. BYLAW_NO_WORD: there is no such picture;
 * those there are were written instead. BYLAW_LIMIT: a picture is too large for SVG. BYLAW_ERRORS:
 * the policy has errors.
 */
bylaw_status bylaw_policy_graph(const bylaw_policy *policy, bylaw_text what, bylaw_format format,
                                bylaw_writer out);
/*
 * Writes a policy's text in its one canonical layout, as `bylaw fmt` does: only white space
 * changes, and the compiled program stays the same. It need not compile, only parse: names may be
 * unknown. BYLAW_ERRORS: it does not parse; `diagnostics` then gets them as text, with `name` for
 * the file, and `out` nothing. BYLAW_NO_SOURCE: it is a compiled policy. `allocator` may be NULL.
 */
bylaw_status bylaw_policy_format(bylaw_text name, bylaw_text text, const bylaw_allocator *allocator,
                                 bylaw_writer out, bylaw_writer diagnostics);

/* ---- the library's policies ---- */

/* The text of a library policy such as "std/pytorch"; false where there is none. It lives for ever.
 */
bool bylaw_library_find(bylaw_text path, bylaw_text *content);
/* The library's policies by number from 0, by name; false past the last. Texts live for ever. */
bool bylaw_library_at(size_t index, bylaw_text *path, bylaw_text *content);

/* ---- outcomes ---- */

typedef struct bylaw_field {
    bylaw_text name;
    bylaw_text json; /* the value as JSON */
} bylaw_field;

/*
 * One outcome. Empty texts and zero counts mean "not said". Keys of the JSON form come in this
 * struct's order. All that it points to is the library's, and gone when the callback returns.
 * docs/events.md says which type says what.
 */
typedef struct bylaw_outcome {
    uint64_t seq; /* number of the input line that caused it, from 1 */
    bylaw_text time; /* RFC 3339 */
    bylaw_text type; /* "opened", "refused" … */
    bylaw_text event; /* what was refused or emitted: "approve" … */
    bylaw_text proposal;
    bylaw_text kind;
    bylaw_text on;
    uint32_t stage; /* number of the stage in the proposal's life, from 1 */
    bylaw_text actor;
    bylaw_text role;
    bylaw_text scope;
    bylaw_text id; /* of what was created or removed */
    bylaw_text to; /* who was granted, elected … */
    bylaw_text from;
    bylaw_text attribute;
    bylaw_text value_json; /* new value of `changed` */
    bylaw_text due; /* of a duty */
    const bylaw_field *fields; /* of an emitted event, of a state */
    size_t field_count;
    bool has_tally;
    bylaw_text approve, reject, abstain, body; /* numbers as JSON */
    bylaw_text because; /* a sentence */
    bylaw_text clause; /* file:line of the policy */
    uint32_t line, column; /* of a malformed line */
    const uint64_t *events; /* seqs of the events it followed from */
    size_t event_count;
    bylaw_text rounds; /* of a counted election: a JSON list, an object a round and the result */
} bylaw_outcome;

/* One line of JSON with its line end; or one or more lines of text for people. Needs no engine:
 * from within the callback is where it is mostly called. `allocator` may be NULL. */
bylaw_status bylaw_outcome_write(const bylaw_outcome *outcome, bylaw_format format, bool color,
                                 const bylaw_allocator *allocator, bylaw_writer out);

/* ---- engines ---- */

/* A world under a policy: who holds what, which proposals there are, what time it is. */
typedef struct bylaw_engine bylaw_engine;

typedef struct bylaw_engine_options {
    /* Called for each outcome, in order, before the function that brought it returns. NULL: nobody
     * hears them. */
    void (*outcome)(void *context, const bylaw_outcome *outcome);
    void *context;
    bool verbose; /* `counted` outcomes too, and what founding facts bring */
    bool ballots; /* `counted` outcomes too */
    bool record; /* keep what questions need */
    bool stop_on_malformed; /* feed returns BYLAW_STOPPED after the first malformed line */
    /* To look at an earlier moment: events later than this time (RFC 3339), and those behind this
     * line, are left unread. */
    bylaw_text at; /* empty: all are read */
    uint64_t at_seq; /* 0: all are read */
    const bylaw_allocator *allocator; /* NULL: malloc */
    bylaw_limits limits;
} bylaw_engine_options;

/* A world in which nothing has happened. `options` may be NULL. The policy must outlive it, and
 * takes no part in what it allocates. BYLAW_ERRORS: the policy has errors. BYLAW_LIMIT: `at` is no
 * time. Whatever fails, *out is NULL. */
bylaw_status bylaw_engine_create(const bylaw_policy *policy, const bylaw_engine_options *options,
                                 bylaw_engine **out);
/* NULL is fine. */
void bylaw_engine_destroy(bylaw_engine *engine);

typedef enum bylaw_stream {
    BYLAW_ROSTER, /* founding facts; lines are not counted in seq */
    BYLAW_EVENTS
} bylaw_stream;
/*
 * Bytes of JSON Lines, in pieces of any size. A line that is no event comes back as a `malformed`
 * outcome and the next one is read: what stands in the bytes is never a failure. An end of input
 * without a line end is closed by bylaw_engine_end. Both streams may be fed at any time, but a line
 * that one has begun must have ended before bytes of the other come. BYLAW_STOPPED: a line was
 * malformed, and `stop_on_malformed` is set; what stands behind it in these bytes was not read, and
 * what is fed next is the next line. BYLAW_NOMEM: part of an event may have happened; the engine
 * can only be destroyed.
 */
bylaw_status bylaw_engine_feed(bylaw_engine *engine, bylaw_stream stream, const char *bytes,
                               size_t size);
/* The end of one file: takes what is left as its last line. Line numbers of malformed lines start
 * again; seq goes on. Fails as bylaw_engine_feed does. */
bylaw_status bylaw_engine_end(bylaw_engine *engine, bylaw_stream stream);
/* Moves the clock: all deadlines up to and including the time (RFC 3339, or a date) pass. An
 * earlier time than the engine's moves nothing. BYLAW_LIMIT: it is no time, and nothing was done.
 */
bylaw_status bylaw_engine_until(bylaw_engine *engine, bylaw_text time);
/* How many lines were malformed so far. Cannot fail. */
uint64_t bylaw_engine_malformed_count(const bylaw_engine *engine);
/* A `state` outcome for each proposal, role holding and scope instance, to the engine's callback.
 */
bylaw_status bylaw_engine_state(bylaw_engine *engine);

#define BYLAW_TIME_SIZE 32
/* The engine's clock (RFC 3339), written to `buffer`; empty before the first event, where
 * bylaw_engine_until has not set it. Cannot fail. */
bylaw_text bylaw_engine_time(const bylaw_engine *engine, char buffer[BYLAW_TIME_SIZE]);

/* ---- questions to an engine ---- */

typedef enum bylaw_depth {
    BYLAW_RULES, /* what happened, by which clauses, with the numbers */
    BYLAW_SENTENCE, /* how it stands, and what decided that */
    BYLAW_EVERYTHING /* every event, ballot, role and number behind it too */
} bylaw_depth;

typedef struct bylaw_question {
    bylaw_text about; /* the id of a proposal, unless the question says otherwise */
    bylaw_text word; /* of some questions: see there */
    bylaw_depth depth; /* of bylaw_engine_why and bylaw_engine_why_not */
    bylaw_format format; /* text and JSON are known to all */
    bool color; /* of text */
} bylaw_question;

/*
 * Questions change nothing that a later event or question could notice, and need an engine with
 * `record`; without, what they say lacks what was not kept. They may be asked at any time but from
 * within a callback. An answer is written at once, when it is whole.
 *
 * BYLAW_ABSENT: there is nothing of the name `about`; the nearest name is then written to `out`, or
 * nothing. BYLAW_NO_WORD: `word` is none the question knows; those it knows are then written,
 * separated by ", ". Both leave the engine as it was.
 */

/* Why a proposal stands as it does: each outcome of its life with the clause, the ballots and the
 * numbers. Of a proposal that was refused: by which clause. */
bylaw_status bylaw_engine_why(bylaw_engine *engine, const bylaw_question *question,
                              bylaw_writer out);
/* Why a proposal is not `word` ("accepted" where it is empty): what stood against that first, how
 * it stands now, and what is missing. */
bylaw_status bylaw_engine_why_not(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out);
/*
 * What it needs: all minimal sets of acts of people (who, what, until when) that, from now on and
 * with nothing else happening, bring the outcome `word` about: `accepted` when empty. Or that it is
 * so already, comes by itself, or cannot be any more, and why. docs/needs.md says what an act is
 * and what is left out.
 */
bylaw_status bylaw_engine_needs(bylaw_engine *engine, const bylaw_question *question,
                                bylaw_writer out);
/*
 * The life of a proposal in time: votes, windows and duties as spans, ballots and all that followed
 * as marks, what is now and what is still to come. Text for 80 columns; JSON, one span or mark a
 * line; SVG, a picture; HTML, the picture with tables of all that is in it.
 */
bylaw_status bylaw_engine_timeline(bylaw_engine *engine, const bylaw_question *question,
                                   bylaw_writer out);

/*
 * Who can do something in a proposal now: `word` is a verb, "veto". Everybody whose act would be
 * allowed, by the clause that lets them, with the time until which it can come; where nobody can,
 * the clause that refuses, and who is in its body where only something else stops them. A JSON line
 * is one clause: `type` "can" or "cannot", `actors` or `anyone`.
 */
bylaw_status bylaw_engine_who_can(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out);
/*
 * What waits for a person, `about` (a handle, with or without @), and what else is open to them:
 * votes, ballots that can be changed, vetoes, disputes, withdrawals, reasons that are owed; what
 * waits first, by deadline. Without `about`, what waits for anybody. A JSON line is one such thing.
 */
bylaw_status bylaw_engine_pending(bylaw_engine *engine, const bylaw_question *question,
                                  bylaw_writer out);
/* Who holds which role, since when, by whose decision. `about`: a role, an instance of a scope, a
 * handle, or empty for all. */
bylaw_status bylaw_engine_roles(bylaw_engine *engine, const bylaw_question *question,
                                bylaw_writer out);
/* How each proposal stands, and what it waits for; undecided ones first. `about`: a kind, a state
 * such as "accepted" or "final", or empty for all. */
bylaw_status bylaw_engine_proposals(bylaw_engine *engine, const bylaw_question *question,
                                    bylaw_writer out);

/* ---- scenarios ---- */

typedef struct bylaw_scenario_result {
    bylaw_text name;
    bylaw_text place; /* file:line of the scenario */
    bool passed;
    bylaw_text report; /* for a failed one: what was expected, what is, and where; several lines */
} bylaw_scenario_result;

typedef struct bylaw_test_options {
    void (*result)(void *context, const bylaw_scenario_result *result);
    void *context;
    bylaw_text only; /* run scenarios whose name contains this; empty: all */
    bool color;
    bool coverage; /* count what they reach, for bylaw_policy_coverage */
} bylaw_test_options;

/*
 * Runs the scenarios of the policy's file, each in a fresh world, and tells of each when it has
 * run. `result` and the counts may be NULL; the counts are set whatever happens. A scenario that
 * does not hold is no failure of the call. BYLAW_ERRORS: the policy has errors. BYLAW_NO_SOURCE: it
 * was loaded in compiled form.
 */
bylaw_status bylaw_policy_test(bylaw_policy *policy, const bylaw_test_options *options,
                               uint32_t *passed, uint32_t *failed);

/*
 * What the scenarios of the last run with `coverage` reached of the policy's own file, and what
 * they did not: docs/testing-policies.md says what there is to reach. BYLAW_TEXT: a line with the
 * figure, then each clause that lacks something; BYLAW_JSON: a line of type `goal` for each thing
 * to reach, with its `count`, then one of type `coverage`; BYLAW_HTML: a section of a page, the
 * source with its counts. The numbers may be NULL, and are set with BYLAW_OK. BYLAW_ABSENT: there
 * was no such run.
 */
bylaw_status bylaw_policy_coverage(const bylaw_policy *policy, bylaw_format format, bool color,
                                   bylaw_writer out, uint32_t *reached, uint32_t *goals);
/* What stands before and behind the sections of a page. NULL: malloc. */
bylaw_status bylaw_coverage_page_begin(const bylaw_allocator *allocator, bylaw_writer out);
bylaw_status bylaw_coverage_page_end(const bylaw_allocator *allocator, bylaw_writer out);

/*
 * Writes a scenario called `name` that gives these events and expects what came of them:
 * `bylaw test` passes it in the policy's file, or in one that extends it. `roster` and `events` are
 * JSON Lines. BYLAW_STOPPED: something in them cannot be said as a statement, and stands as a
 * comment that begins with "not said:"; all is written. BYLAW_ERRORS: the policy has errors.
 * BYLAW_NO_SOURCE: it was loaded in compiled form.
 */
bylaw_status bylaw_scenario_write(bylaw_policy *policy, bylaw_text name, bylaw_text roster,
                                  bylaw_text events, bylaw_writer out);

/* ---- statements, as a person types them ---- */

typedef enum bylaw_entry {
    BYLAW_ENTRY_BLANK, /* nothing but blanks and comments */
    BYLAW_ENTRY_OPEN, /* a bracket is not closed, or it ends where more must come */
    BYLAW_ENTRY_STATEMENTS, /* begins like a statement of a scenario */
    BYLAW_ENTRY_DECLARATIONS, /* begins like a declaration of a policy */
    BYLAW_ENTRY_OTHER /* neither: the caller may know it */
} bylaw_entry;
/* What was typed so far, told by its first words, its brackets and its last word. Compiles nothing;
 * uses malloc for a moment, and says BYLAW_ENTRY_OTHER without memory. */
bylaw_entry bylaw_entry_of(bylaw_text text);

typedef struct bylaw_say_options {
    bylaw_writer lines; /* each event line that was fed, with its line end; `write` may be NULL */
    bylaw_writer complaints; /* diagnostics, or what an expectation found, as text; or NULL */
    bool color; /* of complaints */
    bylaw_text name; /* shown in messages as the file: "line 12" */
} bylaw_say_options;

/*
 * Does what statements of the scenario language say (docs/language.md) in the engine's world, at
 * its time; an engine without any event yet stands at 2024-01-01T00:00:00Z. `policy` is the one the
 * engine was made from. Outcomes go to the engine's callback; an act that is refused is an outcome.
 * BYLAW_ERRORS: the statements do not compile; nothing was done. BYLAW_STOPPED: an `expect` does
 * not hold; what stands before it was done, what stands behind it was not. Other failures are those
 * of bylaw_engine_feed. What was fed before must have ended with its line. Nothing is kept but what
 * the engine keeps of its events: it may be called as often as you like. The policy is changed
 * while it runs: no other thread may use it, nor engines of it. BYLAW_NO_SOURCE: it was loaded in
 * compiled form.
 */
bylaw_status bylaw_engine_say(bylaw_engine *engine, bylaw_policy *policy, bylaw_text statements,
                              const bylaw_say_options *options);

/*
 * The text of a policy that extends `base` (a path, as behind `extends`; empty: nothing) by
 * declarations as they were typed, each entry one or more of them. A later declaration replaces an
 * earlier one of the same sort and name, which is left blank: line 1 of the text is line 1 of the
 * first entry, and lines never move when entries follow. An entry that does not parse stands there
 * as it is; compiling the text tells. A `policy` line among the entries stands instead of ours.
 * Uses malloc while it runs.
 */
bylaw_status bylaw_session_text(bylaw_text base, const bylaw_text *entries, size_t count,
                                bylaw_writer out);

/*
 * The names that begin with the prefix, at most so many, each with a line end: handles with their
 * @ first, then by bytes the ids of proposals and instances, and the names of kinds, roles, scopes,
 * events, fields, attributes and procedures. Handles come for a prefix that is empty or begins with
 * @. BYLAW_OK or BYLAW_NOMEM.
 */
bylaw_status bylaw_engine_complete(const bylaw_engine *engine, bylaw_text prefix, size_t most,
                                   bylaw_writer out);
/*
 * The same for what a ballot may name: who stands in the elections that are open and has not
 * withdrawn, and their options, those that are no plain names in quotation marks, with which a
 * prefix for them begins. Handles come first, then names, then what is quoted.
 */
bylaw_status bylaw_engine_complete_candidate(const bylaw_engine *engine, bylaw_text prefix,
                                             size_t most, bylaw_writer out);

/* ---- elections ---- */

/* A way of counting votes. All texts live for ever. */
typedef struct bylaw_method {
    bylaw_text name; /* "irv", "schulze" */
    bylaw_text ballots; /* "rankings", "choices" or "scores" */
    bool has_seats; /* fills several at once */
    bylaw_text help; /* what it is, in a few words */
} bylaw_method;
/* The methods by number from 0; false past the last. */
bool bylaw_method_at(size_t index, bylaw_method *out);
/* The method of a name, or of another name that people know it by ("ranked_choice"); `-`, `_` and
 * blanks are one, and case does not count. False: there is none. */
bool bylaw_method_find(bylaw_text name, bylaw_method *out);
/*
 * What a method is, its other names, and its options with what each may be: text for people.
 * BYLAW_NO_WORD: there is none of that name; a few words on the nearest, or on all there are, were
 * written instead. `allocator` may be NULL.
 */
bylaw_status bylaw_method_write(bylaw_text name, const bylaw_allocator *allocator,
                                bylaw_writer out);

/* An option by name: of a count "seats", "quota" …, of reading CSV "separator", "values" … */
typedef struct bylaw_setting {
    bylaw_text name;
    bylaw_text value; /* as a person would write it: "3", "droop", "2/3", "previous_round lot" */
} bylaw_setting;

#define BYLAW_MARGIN_EFFORT (UINT64_C(1) << 33)

typedef struct bylaw_ballots_options {
    bylaw_text name; /* of the file: its ending tells the format, and messages name it */
    bylaw_text ballots; /* all of the file */
    bylaw_text ballots_format; /* "json", "blt", "preflib", "abif" or "csv"; empty or "auto": by its
                                  name, else by how it begins */
    bylaw_text method; /* empty: the one that the file names */
    const bylaw_setting *settings; /* of the count; they go before those in the file */
    size_t setting_count;
    const bylaw_setting *reading; /* of CSV: docs/commands.md, tally */
    size_t reading_count;
    bylaw_text seed; /* what lots are drawn from; empty: the one in the file */
    bylaw_load load; /* a file that this one names; NULL: then it is refused */
    void *load_context;
    bylaw_format format; /* BYLAW_TEXT or BYLAW_JSON */
    bool color; /* of text */
    uint32_t width; /* columns of text; 0: 100 */
    /* How much may be spent to find how many changed ballots would elect another, in
     * multiplications: the same effort gives the same answer everywhere. 0: only what the last
     * round tells; BYLAW_MARGIN_EFFORT: half a minute to a minute at the most. */
    uint64_t margin_effort;
    /* Told now and then how many bytes of how many are read; once all are, counting begins. May be
     * NULL. */
    void (*progress)(void *context, size_t done, size_t all);
    void *progress_context;
    const bylaw_allocator *allocator; /* NULL: malloc */
    bylaw_limits limits; /* memory_size is known here */
    bylaw_writer complaint; /* why it is not counted: a line without its end; or NULL */
} bylaw_ballots_options;

typedef struct bylaw_ballots_result {
    bool is_decided; /* somebody is elected, and no tie was left as it was */
    uint32_t winner_count; /* of lists: that got a seat */
    uint32_t vacant_count; /* seats that nobody took */
    uint32_t line, column; /* of what cannot be read, from 1; 0: of no place */
} bylaw_ballots_result;

/*
 * Counts a ballot file, and writes every round and the result: BYLAW_TEXT, tables with bars;
 * BYLAW_JSON, an object for each round and last one with the result (docs/commands.md, tally).
 * Where nobody is elected it is counted all the same, and the result says why. Nothing is kept.
 *
 * BYLAW_NO_WORD: there is no such method, option, value or format, or neither the file nor `method`
 * names a method. BYLAW_ERRORS: the ballots cannot be read, or not counted so. Of both `complaint`
 * gets a sentence, with the place before it where there is one, and nothing is written.
 * `*result` is set whatever happens. Takes some three times the size of the file in memory.
 */
bylaw_status bylaw_ballots_count(const bylaw_ballots_options *options, bylaw_writer out,
                                 bylaw_ballots_result *result);

/* ---- what words mean ---- */

/* A word of the language, of events, of the field or of the conversation. All texts live for ever,
 * and may be empty but for the first two and `meaning`. */
typedef struct bylaw_word {
    bylaw_text group; /* where it stands: "clauses of proposals" */
    bylaw_text word; /* one or more words: "decided by" */
    bylaw_text usage;
    bylaw_text meaning;
    bylaw_text example;
} bylaw_word;
/* The words by number, group by group; false past the last. */
bool bylaw_word_at(size_t index, bylaw_word *out);
/* The number of the first entry from number `from` on that is this word; where no entry is, that
 * has it among its words; where none has, in its usage. False where there is none. */
bool bylaw_word_find(bylaw_text word, size_t from, size_t *index);
/* The entry whose word is nearest; false where none is near. */
bool bylaw_word_nearest(bylaw_text word, bylaw_word *out);
/* What it means, with usage and example: a few lines of text. Needs no memory. */
void bylaw_word_write(const bylaw_word *word, bool color, bylaw_writer out);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
