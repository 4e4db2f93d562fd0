/*
 * Ballot files: from the bytes of a file to a contest, and its rules where the file tells them.
 *
 * Five formats, each described in docs/ballots.md: JSON cases, BLT, PrefLib, ABIF and CSV. The
 * whole file lies in memory; nothing is opened here. What a voter wrote is kept as it is written
 * (contest.h); what cannot be read is one sentence with its place.
 */
#ifndef BL_BALLOTS_H
#define BL_BALLOTS_H

#include "method.h"

typedef enum bl_ballots_format {
    BL_BALLOTS_AUTO, /* by the name's ending, else by what the file begins with */
    BL_BALLOTS_JSON,
    BL_BALLOTS_BLT,
    BL_BALLOTS_PREFLIB,
    BL_BALLOTS_ABIF,
    BL_BALLOTS_CSV
} bl_ballots_format;

/* The format of a word as people give it ("blt", "soi" …); false: none. */
bool bl_ballots_format_named(bl_text word, bl_ballots_format *out);

/* How the cells of CSV are read, where the file does not tell. Empty texts and zeros: as is usual.
 */
typedef enum bl_ballots_values {
    BL_BALLOTS_VALUES_BY_METHOD,
    BL_BALLOTS_VALUES_RANKS,
    BL_BALLOTS_VALUES_SCORES,
    BL_BALLOTS_VALUES_CHOICES
} bl_ballots_values;
typedef struct bl_ballots_how {
    char separator; /* 0: the one of `,` `;` and tab that the first line has most of */
    bl_text between; /* what stands between several names in one cell */
    bl_text overvote; /* other words beside the usual ones, docs/ballots.md */
    bl_text skipped;
    bl_text write_in;
    bl_text contest; /* only columns whose heading has it, where a file has several contests */
    uint32_t first_column; /* from here on, counted from 1, all columns are ranks */
    bool has_no_header;
    bl_ballots_values values; /* what numbers below the names of candidates are */
} bl_ballots_how;
/*
 * Sets one by name: separator, between, overvote, skipped, write_in, contest, first_column, header,
 * values. The text must live as long as `how`. False: it does not fit, and `problem` says why.
 */
bool bl_ballots_how_set(bl_ballots_how *how, bl_text name, bl_text value, bl_buffer *problem);

typedef struct bl_ballots_setting {
    bl_text name; /* of an option of the count, or "seats" */
    bl_text value;
} bl_ballots_setting;

typedef struct bl_ballots_request {
    bl_text name; /* of the file, for its ending and for problems */
    bl_text bytes;
    bl_ballots_format format;
    bl_text method; /* or a preset, where somebody says it; empty: as the file says */
    const bl_ballots_setting *settings; /* go before what the file says */
    size_t setting_count;
    bl_ballots_how how;
    uint64_t seed; /* of hash tables, never seen in a result */
    /*
     * Another file that this one names, by its name as it stands there. The bytes must stay until
     * the contest is made. False: there is none, `*why` says why in words (a sentence's second
     * half). NULL: a file that names another is refused.
     */
    bool (*open)(void *context, bl_text name, bl_text *bytes, const char **why);
    /* Told now and then how many bytes of how many are read. May be NULL. */
    void (*progress)(void *context, size_t done, size_t all);
    void *context; /* of both */
} bl_ballots_request;

typedef enum bl_ballots_status {
    BL_BALLOTS_OK,
    BL_BALLOTS_NOMEM,
    BL_BALLOTS_PROBLEM
} bl_ballots_status;

/* A key of JSON that nothing was made of. */
typedef struct bl_ballots_passed {
    bl_text key;
    bl_text shown; /* as a message shows it */
    bl_text file; /* that the request's file names; empty: that file itself */
    uint32_t line;
    uint32_t column; /* in characters, from 1 */
} bl_ballots_passed;

typedef struct bl_ballot_file {
    bl_ballots_format format; /* as it was found */
    const bl_contest *contest;
    /*
     * The method, what the file says of it, and the request's settings; BL_METHOD_NONE where
     * neither names one. Where the request names another method than the file, the file's options
     * are left out, but for the seats.
     */
    bl_count_options options;
    bool says_seats; /* the file does, or the settings */
    const bl_text *unused; /* options of the file that are none of the method's, as it names them */
    uint32_t unused_count;
    const bl_ballots_passed *passed; /* keys that are known to nobody, each once */
    uint32_t passed_count;
    bool has_passed_more; /* there are others */
    /* of a problem */
    bl_text problem; /* a sentence in small letters, without a full stop */
    bl_text file; /* where: the request's name, or that of the file it names */
    uint32_t line; /* from 1; 0: of no place */
    uint32_t column; /* from 1, in characters */
} bl_ballot_file;

/*
 * Reads a ballot file. The contest and all texts of `*out` are in `arena`; `memory` is for tables
 * while reading. The contest's ballots are of the kind that the method takes: see docs/ballots.md
 * for what becomes of others.
 */
bl_ballots_status bl_ballots_read(const bl_ballots_request *request, bl_arena *arena,
                                  const bl_memory *memory, bl_ballot_file *out);

#endif
