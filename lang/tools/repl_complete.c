/*
 * What the Tab key offers: words that begin a statement, what people do behind their handles, who
 * and what a ballot may name, and else every name there is.
 */
#include "repl_complete.h"

#include <string.h>

#include "repl.h"

static void take_names(void *context, session_answer answer, const char *bytes, size_t size)
{
    const bylaw_writer *out = context;
    if (answer == ANSWER_TEXT) out->write(out->context, bytes, size);
}

static void offer(bylaw_text known, bylaw_text word, bylaw_writer out)
{
    if (known.size < word.size || strncmp(known.bytes, word.bytes, word.size) != 0) return;
    out.write(out.context, known.bytes, known.size);
    out.write(out.context, "\n", 1);
}

static void offer_beginnings(bylaw_text word, bylaw_writer out)
{
    const char *known;
    for (size_t i = 0; (known = repl_word_at(i)); i++)
        offer((bylaw_text){known, strlen(known)}, word, out);
}

/* ---- what people do ---- */

static bool contains(bylaw_text text, const char *part, size_t size)
{
    for (size_t at = 0; at + size <= text.size; at++)
        if (memcmp(text.bytes + at, part, size) == 0) return true;
    return false;
}

/* Whether a usage has "@X WORD", of what there is. */
static bool is_act(const bylaw_word *word)
{
    char wanted[64] = "@X ";
    static const char missing[] = "Not available yet";
    if (word->word.size + 3 > sizeof wanted) return false;
    if (contains(word->meaning, missing, sizeof missing - 1)) return false;
    memcpy(wanted + 3, word->word.bytes, word->word.size);
    return contains(word->usage, wanted, word->word.size + 3);
}

static void offer_acts(bylaw_text word, bylaw_writer out)
{
    bylaw_word known;
    for (size_t i = 0; bylaw_word_at(i, &known); i++)
        if (is_act(&known)) offer(known.word, word, out);
}

/* ---- where the word stands ---- */

typedef enum place { BEGINNING, ACT, BALLOT, ANYWHERE } place;

static bool is_word(bylaw_text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.bytes, word, text.size) == 0;
}

static bool is_ballot(bylaw_text text)
{
    return is_word(text, "ranks") || is_word(text, "chooses") || is_word(text, "scores");
}

/* Behind handles comes an act, but behind a comma another handle; a ballot ends at `in`. */
static place after(place before, bylaw_text text)
{
    if (is_ballot(text) && before == ACT) return BALLOT;
    if (before == BALLOT) return is_word(text, "in") ? ANYWHERE : BALLOT;
    const bool is_handle = before != ANYWHERE && text.bytes[0] == '@';
    if (!is_handle) return ANYWHERE;
    return text.bytes[text.size - 1] == ',' ? BEGINNING : ACT;
}

static place place_of(bylaw_text line, bylaw_text word)
{
    place found = BEGINNING;
    bylaw_text rest = {line.bytes, line.size - word.size}, before;
    while (repl_next_word(&rest, &before))
        found = after(found, before);
    return found;
}

void repl_complete(session *s, bylaw_text line, bylaw_text word, bylaw_writer out)
{
    const place where = place_of(line, word);
    if (where == BEGINNING) offer_beginnings(word, out);
    if (where == ACT) offer_acts(word, out);
    if (where == ACT || (where == BEGINNING && word.size == 0)) return;
    const session_command command = {.verb = where == BALLOT ? SESSION_COMPLETE_CANDIDATE
                                                             : SESSION_COMPLETE,
                                     .text_size = word.size};
    session_done done;
    session_call(s, &command, word.bytes, (session_sink){take_names, &out}, &done);
}
