/*
 * What the readers of ballot files share: where they are in a text, whom a name means, the ballot
 * that is being read, and how a problem is told. Only for ballots*.c.
 */
#ifndef BL_BALLOTS_READ_H
#define BL_BALLOTS_READ_H

#include <stdarg.h>

#include "ballots.h"

/* What people call the number of seats. */
#define BL_BALLOTS_SEATS                                                                           \
    "seats|number of seats|num seats|n seats|seat count|seats to fill|number of winners|"          \
    "num winners|n winners|winner count|vacancies|positions|to elect"

typedef struct bl_ballots_reader {
    const bl_ballots_request *request;
    bl_arena *arena; /* of the contest */
    const bl_memory *memory;
    bl_contest_builder *builder;
    bl_ballot_file *out;
    bl_text file; /* its name */
    const char *start; /* of the text that is being read */
    const char *at;
    const char *end;
    bl_arena scratch; /* forgotten after each ballot */
    bl_vector(bl_mark) marks; /* of the ballot that is being read, ranks from 1 */
    int32_t rank; /* of the marks that come next, of a ranking */
    bl_ballot_kind kind; /* what the contest's ballots are to be */
    bool is_kind_known; /* by the method, or by the first ballot */
    bool is_closed; /* who stands is known: a name that is new is a problem */
    bool is_other_method; /* the file names another than the request: its options are left out */
    bool has_settled; /* the request's settings are in the options */
    bool has_no_opinions; /* a ballot says so of a candidate */
    uint32_t weight_scale;
    uint32_t score_scale;
    uint32_t default_option; /* BL_NONE */
    bl_vector(bl_text) unused; /* options that are none of the method's */
    bl_vector(bl_ballots_passed) passed; /* keys that nothing was made of */
    bl_text title;
    bl_text seed;
    const uint32_t *order;
    const bl_resolution *resolutions;
    uint32_t resolution_count;
    bool is_casting; /* what is added now are the ballots that break ties */
    bl_vector(bl_mark) casting_marks;
    bl_vector(bl_pile) casting; /* in casting_marks */
    bool is_second; /* what is added now are the ballots of a second round held on another day */
    bl_vector(bl_mark) second_marks;
    bl_vector(bl_pile) second; /* in second_marks */
    uint64_t second_total; /* their weight */
    uint32_t until_progress; /* ballots until it is told next */
    uint32_t ballot; /* its number, for `seen` */
    uint32_t *seen; /* by candidate: the last ballot that chose it */
    bool is_inside; /* a file that another names */
} bl_ballots_reader;

/* One for each format: reads from `at` to `end`. False: a problem was told, or memory ended. */
bool bl_ballots_read_json(bl_ballots_reader *r);
bool bl_ballots_read_blt(bl_ballots_reader *r);
bool bl_ballots_read_preflib(bl_ballots_reader *r);
bool bl_ballots_read_abif(bl_ballots_reader *r);
bool bl_ballots_read_csv(bl_ballots_reader *r);
bool bl_ballots_read_scottish(bl_ballots_reader *r);

/* What a file that is said to be CSV has instead, by what stands at `at`, unless `how` says of it
 * what only a table has: BLT, or the rows of ballots_scottish.c. */
bool bl_ballots_is_blt(const bl_ballots_reader *r);
bool bl_ballots_is_scottish(const bl_ballots_reader *r);

bool bl_ballots_find_format(const bl_ballots_reader *r, bl_text name, bl_ballots_format *out);
/*
 * Reads another text into the same contest: checks that it is UTF-8, finds its format where that is
 * BL_BALLOTS_AUTO, and comes back to where it was.
 */
bool bl_ballots_read_text(bl_ballots_reader *r, bl_text file, bl_text bytes,
                          bl_ballots_format format);
/*
 * Adds the candidates of a text: for rules that name some, which are read before the ballots. All
 * of it is read for that, and once more for its ballots. The list is closed where the text declares
 * them; where ballots alone tell who stands, rules may name others.
 */
bool bl_ballots_read_candidates(bl_ballots_reader *r, bl_text file, bl_text bytes,
                                bl_ballots_format format);

/* ---- problems: each returns false ---- */

/* `at` lies in the text that is being read; NULL: it has no place. */
bool bl_ballots_fail(bl_ballots_reader *r, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));
bool bl_ballots_nomem(bl_ballots_reader *r);
enum { BL_BALLOTS_PASSED_MOST = 20 };
/* What stands at this key was not used: told once for each key, with the first place, of the first
 * BL_BALLOTS_PASSED_MOST. False: memory ended. */
bool bl_ballots_pass_over(bl_ballots_reader *r, const char *at, bl_text key);
/* Whether a key describes, and decides nothing: ballots_json_said.c */
bool bl_ballots_is_said(bl_text key);
/* Turns what the builder says into a problem; true where it is BL_CONTEST_OK. */
bool bl_ballots_check(bl_ballots_reader *r, const char *at, bl_contest_status status);
/* A piece of the file as a message shows it: cut, without what could spoil the message. */
const char *bl_ballots_show(bl_ballots_reader *r, bl_text text);
/* The same of a whole sentence. */
const char *bl_ballots_show_all(bl_ballots_reader *r, bl_text text);
/* The same of one character, or words for what cannot be shown; `at` may be the end. */
const char *bl_ballots_found(bl_ballots_reader *r, const char *at);

/* ---- text ---- */

bl_text bl_ballots_trim(bl_text text); /* without blanks around it */
/* Whether two words are the same when only letters and digits count, and no capitals. */
bool bl_ballots_is(bl_text text, const char *word);
bool bl_ballots_is_word(bl_text text, bl_text word);
/* Whether the text is one of `words`, which are parted by `|`. */
bool bl_ballots_is_any(bl_text text, const char *words);
/* The next line without its end, and `at` moved behind it; false at the end of the text. */
bool bl_ballots_line(bl_ballots_reader *r, bl_text *line);
/* A whole number of digits alone, up to `most`. */
bool bl_ballots_whole(bl_text text, uint64_t most, uint64_t *out);

/* ---- candidates ---- */

/* Whether a name may be shown: not empty, not too long, no control or hidden characters. */
bool bl_ballots_check_name(bl_ballots_reader *r, const char *at, bl_text name, const char *what);
/* A new candidate; the name is trimmed and checked, and one that is there already is a problem. */
bool bl_ballots_add_candidate(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out);
/* Another name for a candidate. */
bool bl_ballots_add_name(bl_ballots_reader *r, const char *at, uint32_t candidate, bl_text name);
/* Who is meant: a candidate, who is added where is_closed does not hold. */
bool bl_ballots_whom(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out);
/* Who is meant where somebody must be known already. */
bool bl_ballots_known(bl_ballots_reader *r, const char *at, bl_text name, uint32_t *out);
/* The words everybody understands for a rank without a name, several names, or a name that is no
 * candidate; also those of request->how. */
bool bl_ballots_is_skipped(const bl_ballots_reader *r, bl_text word);
/* Whether it says nothing where a rank may stand, or "no opinion", which is noted. */
bool bl_ballots_is_unranked(bl_ballots_reader *r, bl_text word);
bool bl_ballots_is_overvote(const bl_ballots_reader *r, bl_text word);
bool bl_ballots_is_write_in(const bl_ballots_reader *r, bl_text word);

/* ---- ballots ---- */

void bl_ballots_begin(bl_ballots_reader *r); /* a ballot without marks, at rank 1 */
bool bl_ballots_mark(bl_ballots_reader *r, uint32_t candidate, int32_t value);
/* A mark at r->rank. */
static inline bool bl_ballots_rank(bl_ballots_reader *r, uint32_t candidate)
{
    return bl_ballots_mark(r, candidate, r->rank);
}
/* A score: exact, in units of r->score_scale, which grows where it has to. */
bool bl_ballots_score(bl_ballots_reader *r, const char *at, uint32_t candidate, bl_rational score);
/*
 * The ballot is read: it counts so often. Marks of another kind than wanted become that, where this
 * can be done without guessing.
 */
bool bl_ballots_add(bl_ballots_reader *r, const char *at, bl_ballot_kind kind, uint64_t weight);
/* The same with any exact weight. */
bool bl_ballots_add_weighted(bl_ballots_reader *r, const char *at, bl_ballot_kind kind,
                             bl_rational weight);
/* A weight as it is written: above zero, or zero, which counts nothing. */
bool bl_ballots_weight(bl_ballots_reader *r, const char *at, bl_text text, bl_rational *out);

/* Gives the contest the ballots that were added while is_casting or is_second held. */
bool bl_ballots_end_others(bl_ballots_reader *r, bl_contest *contest);

/* ---- rules: all before the first ballot ---- */

/* The method of the file by name. The request's goes before it. */
bool bl_ballots_set_method(bl_ballots_reader *r, const char *at, bl_text name);
/* An option of the file, "seats" too; what does not fit is a problem. Left out where the file's
 * method is not the one that counts. */
bool bl_ballots_set_option(bl_ballots_reader *r, const char *at, bl_text name, bl_text value);
/* An option of the file is none of the method's: it is counted without, and the result tells so. */
bool bl_ballots_leave_out(bl_ballots_reader *r, bl_text name);
/* Puts the request's settings into the options; done by the first ballot. */
bool bl_ballots_settle(bl_ballots_reader *r);
/* Whether the method that counts has such an option, by any of its names. */
bool bl_ballots_has_option(const bl_ballots_reader *r, bl_text name);

#endif
