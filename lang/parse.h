/*
 * What lexer, grammar and parser share; nobody else includes it.
 *
 * The way of a byte: lexer.l finds tokens, lexeme.c gives them their values, parse.c joins texts
 * and skips what a slip broke, grammar.y builds the tree through the constructors below,
 * parse_error.c puts into words what was expected. Constructors return NULL only out of memory.
 */
#ifndef BL_PARSE_H
#define BL_PARSE_H

#include "../runtime/diag.h"
#include "ast.h"

/* A token's text (of a text: what it stands for) and its place. */
typedef struct bl_word {
    bl_text text;
    bl_span span;
} bl_word;

/* A list being built: adding at its end costs the same however long it is. */
typedef struct bl_nodes {
    bl_node *first;
    bl_node *last;
} bl_nodes;

#define BL_BRACES_KEPT 16 /* open braces whose places are known */
#define BL_LEXER_MEMORY_SIZE 1024 /* flex asks for about 250 bytes, once */

typedef struct bl_parser {
    bl_arena *arena;
    bl_diagnostics *diagnostics;
    uint32_t file;
    bl_text text; /* the lexer's own copy; names point into it */
    bl_text given; /* the same bytes, the caller's: flex ends the current token of its copy with a
                      zero byte */
    uint32_t text_offset; /* of its first byte in the file: behind a byte order mark */
    bl_nodes results; /* declarations, or statements */
    bool out_of_memory;
    bool has_broken_lexer;
    bool has_told_unseen; /* a blank that is none was reported */
    bl_span odd; /* the last character that cannot stand where it does; file BL_NONE: none */
    bool has_told_broad; /* a broad digit was reported */
    /* the lexer */
    void *scanner;
    char *lexer_memory; /* BL_LEXER_MEMORY_SIZE bytes, handed to flex, which cannot live with a
                           refusal */
    size_t lexer_memory_used;
    /* the stream of tokens */
    int start_token; /* delivered first, chooses what is parsed; 0: delivered already */
    bool is_statements;
    bool is_in_scenario; /* whose words begin nothing else */
    bool has_pending; /* a token read ahead, to see whether texts go on */
    int pending_token;
    bl_word pending;
    bl_span before; /* the token before the last one delivered */
    bl_span last; /* the last one */
    uint32_t depth; /* open braces */
    int64_t nesting; /* the same, whatever the parser makes of them: below 0 one is too many */
    int64_t missing; /* braces that were asked for */
    bl_span braces[BL_BRACES_KEPT]; /* the outermost of them */
    bl_span suspect; /* a `{` that a `}` of another indentation closed; file BL_NONE: none */
    bool is_skipping;
    uint32_t skip_depth; /* the depth where skipping may end */
    bool is_closing; /* the open braces are closed in front of the token kept, one for one */
    int kept_token; /* begins a declaration: a `}` further up is missing */
    bl_word kept; /* the last such one, if any */
} bl_parser;

typedef enum bl_keyword_class {
    BL_KEYWORD_RESERVED,
    BL_KEYWORD_NAMING,
    BL_KEYWORD_LABEL,
    BL_KEYWORD_UNIT
} bl_keyword_class;

typedef struct bl_keyword {
    const char *word;
    int token;
    bl_keyword_class class;
} bl_keyword;

/* ---- lexeme.c ---- */
extern const bl_keyword bl_keywords[];
extern const size_t bl_keyword_count;
/* The keyword's token, or that of a name. */
int bl_lexeme_name_token(bl_text text);
/* How much of `text`, which the lexer took for a name, is one: up to a character that is no letter
 * or digit. */
size_t bl_lexeme_name_size(bl_text text);
/* What a text between quotes stands for; `at` is where `inside` begins in the file. */
bl_text bl_lexeme_text(bl_parser *parser, bl_text inside, uint32_t at);
/* Reports a text that does not end on its line. */
void bl_lexeme_unterminated(bl_parser *parser, bl_text text, bl_span span);
/* Reports what cannot be a token; returns the one that is meant, or 0. */
int bl_lexeme_odd_character(bl_parser *parser, bl_text character, bl_span span);
/* Reports letters of other alphabets in a Latin name, and writes the name as it was meant. */
void bl_lexeme_fold(bl_parser *parser, bl_word *word);

/* ---- lexer.l ---- */
bool bl_lexer_open(bl_parser *parser, char *bytes, size_t size_with_two_nuls);
/* 0 at the end. */
int bl_lexer_next(bl_parser *parser, bl_word *word);

/* ---- constructors (parse.c) ---- */
bl_nodes bl_nodes_of(bl_node *node);
bl_nodes bl_nodes_add(bl_nodes list, bl_node *node);
/* A node with its name (or BL_NO_WORD) and its kids in the order of ast.def. */
bl_node *bl_make(bl_parser *parser, bl_node_kind kind, bl_span span, uint32_t flags, bl_word name,
                 bl_node *const kids[BL_NODE_KIDS]);
#define BL_NO_WORD ((bl_word){{"", 0}, BL_SPAN_NONE})
bl_node *bl_make_name(bl_parser *parser, bl_node_kind kind, bl_word name);
bl_node *bl_make_number(bl_parser *parser, bl_word number);
bl_node *bl_make_duration(bl_parser *parser, bl_span span, bl_word number, bl_word unit);
bl_node *bl_make_time(bl_parser *parser, bl_word time, bool is_date);
bl_node *bl_make_divide(bl_parser *parser, bl_span span, bl_node *left, bl_node *right);
bl_node *bl_make_parentheses(bl_node *node, bl_span span);
bl_node *bl_make_type(bl_node *element, bl_span span, uint32_t flag);
bl_node *bl_make_policy(bl_parser *parser, bl_span span, bl_word name, bl_node *title,
                        bl_node *extends, bl_node *faces);
bl_node *bl_make_option(bl_parser *parser, bl_span span, bl_node *option, bl_node *more,
                        bl_node *less);
/* Puts the actors and the reason to an act. */
bl_node *bl_make_act(bl_node *act, bl_span span, bl_node *actors, bl_node *reason);
/* The act a word names, in its base form: `vetoes` is `veto`. */
bl_word bl_base_form(bl_word verb);
/* Takes a finished declaration, or statements. */
void bl_parser_take(bl_parser *parser, bl_nodes nodes);

/* ---- parse.c ---- */
/* Reports what does not fit in the parser's stack; says nothing where memory ended. */
void bl_parser_exhausted(bl_parser *parser, bl_span span);
/* What the tokens of a text tell, without parsing it. */
typedef struct bl_outline {
    bool is_blank; /* there is none */
    bool starts_statement;
    bool starts_declaration;
    bool is_open; /* more brackets open than close, or a comma ends it */
} bl_outline;
/* False when out of memory. A text with a byte that is none is not blank, and has the tokens that
 * stand before the byte. */
bool bl_parse_outline(bl_arena *arena, bl_text text, bl_outline *out);
/* The rest of a broken clause or declaration is not to be parsed. */
void bl_parser_skip(bl_parser *parser, int found);
/* Whether the token begins a clause, an effect or a statement of scenarios. */
bool bl_token_starts_clause(int token);
/* Whether nothing but white space, or a brace, stands on its line in front of what is at `at`. */
bool bl_parser_is_line_start(const bl_parser *parser, uint32_t at);

/* ---- parse_error.c ---- */
typedef struct bl_expected {
    int token;
    const char *words;
} bl_expected;
/* Reports that `found` is none of what was expected. */
void bl_parse_unexpected(bl_parser *parser, bl_span span, int found, const char *found_words,
                         const bl_expected *expected, size_t count);

#endif
