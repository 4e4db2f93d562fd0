/*
 * Between what does not fit (parse_error.c) and what to do about it (parse_advice.c).
 */
#ifndef BL_PARSE_ERROR_H
#define BL_PARSE_ERROR_H

#include "parse.h"

#define PHRASE_COUNT_MAX 6
#define FOUND_SIZE_MAX 40

typedef struct finding {
    bl_parser *parser;
    const bl_expected *expected;
    size_t count;
    bool *is_said; /* one for each expected token: taken up into a phrase, or left out */
    bool names_only; /* every word is expected, because any may be a name here */
    bool has_list; /* the beginnings of clauses, declarations …: it does not matter what came before
                    */
    const char *phrases[PHRASE_COUNT_MAX + 1];
    size_t phrase_count; /* may pass the limit; then the rest is not kept */
} finding;

/* What is being advised on: the token that was found, and the one before it. */
typedef struct slip {
    const finding *f;
    bl_diagnostic *diagnostic;
    bl_span span;
    int found;
    bl_text text;
    bl_text before;
} slip;

/* ---- parse_error.c ---- */
bool bl_is_expected(const finding *f, int token);
/* The class by which a token may be a name; RESERVED for what is no word. */
bl_keyword_class bl_class_of(int token);
/* The bytes of a span, cut at a character's end. */
bl_text bl_parse_slice(const bl_parser *parser, bl_span span);
bool bl_token_begins_declaration(int token);
/* Whether a word of the language stands for a name, which a declaration of the file has. */
bool bl_slip_names_declaration(const slip *s);

/* ---- parse_advice.c ---- */
bool bl_is_word_byte(char byte);
/* Whether this token begins a line, so that what is missing is missing behind the one before. */
bool bl_slip_is_on_new_line(const slip *s);
/* The word that ends in front of a place, or begins behind it, on the same line; empty where a sign
 * does, and then it lies at that. */
bl_text bl_parse_word_before(const bl_parser *parser, bl_span span);
bl_text bl_parse_word_behind(const bl_parser *parser, bl_span span);
/* Adds the one piece of help that fits, if any. */
void bl_slip_advise(const slip *s);

/* ---- parse_habits.c ---- */
/* Adds the help for a habit of another language; false where it is none that is known. */
bool bl_slip_advise_habit(const slip *s);

#endif
