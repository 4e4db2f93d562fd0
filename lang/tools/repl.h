/*
 * What the parts of the conversation share: repl.c reads entries and hands them on, repl_ask.c has
 * the questions, repl_explore.c the words that move about in the session and bring files in.
 */
#ifndef TOOLS_REPL_H
#define TOOLS_REPL_H

#include "output.h"
#include "repl_reader.h"
#include "session.h"

typedef struct repl {
    session session;
    repl_reader *reader;
    tool_output output;
    bool is_terminal;
    bool has_ended; /* `quit` */
    bool was_wrong; /* something was: the exit status of a script */
    char place[80]; /* what to call the entry in messages: "line 12" */
    uint32_t line; /* of the script */
    uint32_t load_depth; /* files that load files */
    char *saved; /* the file this session was last saved in, or NULL */
} repl;

/* One word of a line, or what stands between quotes; false at its end. Moves `rest` behind it. */
bool repl_next_word(bylaw_text *rest, bylaw_text *out);
bool repl_is_word(bylaw_text word, const char *text);
/* How to type it, after something that cannot be. */
session_status repl_complain_usage(repl *r, const char *usage);

/* A question; false: the line is none. */
bool repl_ask(repl *r, bylaw_text line, session_status *out);
/* A command; false: the line is none. */
bool repl_explore(repl *r, bylaw_text line, session_status *out);
/* Whether a line that begins with this word is a question or a command. */
bool repl_is_question(bylaw_text word);
bool repl_is_command(bylaw_text word);
/* The first words of questions and commands; NULL past the last. */
const char *repl_word_at(size_t index);
/* All there is to be typed, from the tables. */
void repl_list_words(repl *r);

/* Everything a text says, entry by entry. False: something was wrong, or ^C came. */
session_status repl_do_text(repl *r, bylaw_text text, const char *name);

#endif
