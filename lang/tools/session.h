/*
 * A session: a tree of entries, branches in it, and an engine that stands at one of them.
 *
 * The idea to have: an engine is only ever fed lines of the log. Going somewhere is taking the
 * nearest copy that stands before it and feeding what lies between; what cannot be copied is fed
 * again from the beginning.
 */
#ifndef TOOLS_SESSION_H
#define TOOLS_SESSION_H

#include "session_channel.h"

#define SESSION_COPIES_MAX 16
#define SESSION_POLICIES_MAX 8 /* of those that declarations make; others are compiled again */

typedef struct session_engine {
    session_channel channel;
    uint32_t policy; /* the entry that says under which policy it runs */
    uint32_t entry; /* what it was fed last */
    uint64_t offset; /* and how much of that */
    char time[SESSION_TIME_SIZE];
} session_engine;

typedef struct session_branch {
    char *name;
    uint32_t head; /* where it stands */
    uint32_t tip; /* how far it came: what can be redone */
} session_branch;

typedef struct session_policy {
    uint32_t entry;
    bylaw_policy *policy;
} session_policy;

typedef struct session {
    session_tree tree;
    session_ends ends;
    const char *base; /* the policy it began with */
    bylaw_format format;
    bool color;
    session_sink sink; /* what is shown */
    char place[96]; /* what a complaint begins with: "line 12: " in a script, else nothing */
    session_policy *policies; /* compiled; what was asked for last stands last */
    size_t policy_count;
    session_branch *branches;
    size_t branch_count, branch; /* `branch` is the one that is worked on */
    session_engine live;
    session_engine copies[SESSION_COPIES_MAX];
    size_t copy_count;
    bool is_looking; /* at the past: `past` answers instead of `live` */
    session_engine past;
    char past_time[SESSION_TIME_SIZE];
} session;

typedef enum session_status {
    SESSION_FINE,
    SESSION_WRONG, /* something was wrong, and has been told */
    SESSION_INTERRUPTED /* by ^C: nothing was done */
} session_status;

/* The words for opening: what was wrong goes to the sink. */
session_status session_open(session *s, const char *base, bylaw_format format, bool color,
                            session_sink sink);
void session_close(session *s);

/* What stands where one is: the branch's head. */
uint32_t session_head(const session *s);
/* Tells a complaint: a line of text, with the place in front. */
void session_complain(session *s, const char *format, ...);
/* The same of memory that ended: SESSION_WRONG. */
session_status session_complain_memory(session *s);
/* For complaints that are written as they are, without a place. */
bylaw_writer session_complaints(session *s);
/* Shows a line of text that is no answer of the engine. */
void session_note(session *s, const char *format, ...);

/* Statements; `name` is what to call them in messages. */
session_status session_say(session *s, bylaw_text statements, const char *name);
/* A file of facts (SESSION_ROSTER) or events (SESSION_EVENTS). */
session_status session_read(session *s, session_sort sort, const char *path);
/* Declarations (SESSION_DECLARED), or the name of a policy (SESSION_POLICY): everything happens
 * again under them; shows what went otherwise. */
session_status session_declare(session *s, session_sort sort, bylaw_text typed);
/* Any command to the engine where one stands, the past included. */
session_status session_call(session *s, const session_command *command, const char *texts,
                            session_sink sink, session_done *done);

/* Goes to an entry; the branch's head is then there. */
session_status session_go(session *s, uint32_t entry);
/* Looks at the past; `time` is as the clock tells it. */
session_status session_look(session *s, const char *time);
/* Back from the past. */
void session_return(session *s);
/* A branch that begins where one stands, in the past too; goes there. */
session_status session_branch_off(session *s, const char *name);
session_status session_switch(session *s, size_t branch);
/* The policy an entry happened under, until the next one is asked for; NULL after telling what is
 * wrong. */
bylaw_policy *session_policy_at(session *s, uint32_t entry);
/* The same as a text, of declarations and `policy … extends` a name, which is that of
 * session_base or another of the same file; false out of memory. */
bool session_policy_text(const session *s, uint32_t entry, const char *name, bylaw_writer out);
/* The name of the policy that is extended. */
const char *session_base(const session *s, uint32_t entry);
/* Everything an engine at `entry` says of the world, as ANSWER_RECORDs. */
session_status session_state(session *s, uint32_t entry, session_sink sink);
/* All outcomes of the lines up to `entry`, under the policy that stands at `policy`. */
session_status session_outcomes(session *s, uint32_t entry, uint32_t policy, session_sink sink);

#endif
