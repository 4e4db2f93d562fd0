/*
 * Questions: read by the table in session_question.c, put to the engine where the session stands.
 */
#include "repl.h"

#include <stdlib.h>
#include <string.h>

#include "growing_text.h"

bool repl_is_word(bylaw_text word, const char *text)
{
    return word.size == strlen(text) && memcmp(word.bytes, text, word.size) == 0;
}

bool repl_next_word(bylaw_text *rest, bylaw_text *out)
{
    while (rest->size > 0 && strchr(" \t\r\n", rest->bytes[0])) {
        rest->bytes++;
        rest->size--;
    }
    if (rest->size == 0 || rest->bytes[0] == '#') return false;
    const bool is_quoted = rest->bytes[0] == '"';
    const char *begin = rest->bytes + is_quoted;
    size_t size = 0;
    const size_t most = rest->size - (size_t)is_quoted;
    while (size < most && (is_quoted ? begin[size] != '"' : !strchr(" \t\r\n", begin[size])))
        size++;
    const size_t taken = size + (is_quoted ? (size < most ? 2u : 1u) : 0u);
    *out = (bylaw_text){begin, size};
    rest->bytes += taken;
    rest->size -= taken;
    return true;
}

session_status repl_complain_usage(repl *r, const char *usage)
{
    session_complain(&r->session, "it is typed: %s", usage);
    return SESSION_WRONG;
}

/* ---- reading a question ---- */

/* Whether the line begins with these words; `rest` is then what stands behind them. */
static bool begins_with(bylaw_text line, const char *words, bylaw_text *rest)
{
    *rest = line;
    bylaw_text wanted = {words, strlen(words)}, one, word;
    while (repl_next_word(&wanted, &one))
        if (!repl_next_word(rest, &word) || word.size != one.size ||
            memcmp(word.bytes, one.bytes, one.size) != 0)
            return false;
    return true;
}

static const session_question *find_question(bylaw_text line, bylaw_text *rest, uint32_t *number)
{
    const session_question *question;
    for (uint32_t i = 0; (question = session_question_at(i)); i++) {
        *number = i;
        if (begins_with(line, question->words, rest)) return question;
    }
    return NULL;
}

typedef struct asked {
    bylaw_text about, word;
    bylaw_depth depth;
} asked;

/* "in a sentence", "in full", or nothing. */
static bool read_depth(bylaw_text *rest, bylaw_depth *out)
{
    bylaw_text word;
    *out = BYLAW_RULES;
    if (!repl_next_word(rest, &word)) return true;
    if (!repl_is_word(word, "in") || !repl_next_word(rest, &word)) return false;
    *out = BYLAW_EVERYTHING;
    if (repl_is_word(word, "full")) return true;
    *out = BYLAW_SENTENCE;
    return repl_is_word(word, "a") && repl_next_word(rest, &word) && repl_is_word(word, "sentence");
}

static bool read_asked(question_shape shape, bylaw_text rest, asked *out)
{
    bylaw_text more;
    *out = (asked){{"", 0}, {"", 0}, BYLAW_RULES};
    switch (shape) {
    case QUESTION_PROPOSAL:
        if (!repl_next_word(&rest, &out->about)) return false;
        break;
    case QUESTION_PROPOSAL_DEPTH:
        if (!repl_next_word(&rest, &out->about) || !read_depth(&rest, &out->depth)) return false;
        break;
    case QUESTION_PROPOSAL_WORD:
        if (!repl_next_word(&rest, &out->about)) return false;
        repl_next_word(&rest, &out->word);
        break;
    case QUESTION_WORD_PROPOSAL:
        if (!repl_next_word(&rest, &out->word) || !repl_next_word(&rest, &out->about)) return false;
        break;
    case QUESTION_PERSON:
    case QUESTION_NAME: repl_next_word(&rest, &out->about); break;
    }
    if (shape == QUESTION_PERSON && out->about.size > 0 && out->about.bytes[0] == '@') {
        out->about.bytes++;
        out->about.size--;
    }
    return !repl_next_word(&rest, &more);
}

/* ---- putting it ---- */

static void take_answer(void *context, session_answer sort, const char *bytes, size_t size)
{
    if (sort == ANSWER_TEXT) growing_text_write(context, bytes, size);
}

/* What was written instead of an answer names what there is. */
static session_status tell_missing(repl *r, const session_question *question, const asked *what,
                                   bylaw_status status, const growing_text *near)
{
    session *s = &r->session;
    const int about = (int)what->about.size, word = (int)what->word.size, size = (int)near->size;
    if (status == BYLAW_NO_WORD && size > 0)
        session_complain(s, "`%.*s` is none of these: %.*s", word, what->word.bytes, size,
                         near->bytes);
    else if (status != BYLAW_ABSENT)
        session_complain(s, "%s", bylaw_status_text(status));
    else if (size > 0)
        session_complain(s, "there is no %s `%.*s`; did you mean `%.*s`?", question->sort, about,
                         what->about.bytes, size, near->bytes);
    else
        session_complain(s, "there is no %s `%.*s`", question->sort, about, what->about.bytes);
    return SESSION_WRONG;
}

static session_status put(repl *r, const session_question *question, uint32_t number,
                          const asked *what)
{
    const session_command command = {.verb = SESSION_ASK,
                                     .number = number,
                                     .depth = what->depth,
                                     .about_size = what->about.size,
                                     .word_size = what->word.size};
    char *texts = malloc(what->about.size + what->word.size + 1);
    if (!texts) return session_complain_memory(&r->session);
    memcpy(texts, what->about.bytes, what->about.size);
    memcpy(texts + what->about.size, what->word.bytes, what->word.size);
    growing_text told = {0};
    session_done done;
    session_status status = session_call(&r->session, &command, texts,
                                         (session_sink){take_answer, &told}, &done);
    free(texts);
    if (told.is_cut) {
        status = session_complain_memory(&r->session);
    } else if (status == SESSION_FINE && done.status == BYLAW_OK) {
        output_write(&r->output, told.bytes, told.size);
        if (told.size > 0 && told.bytes[told.size - 1] != '\n') output_text(&r->output, "\n");
    } else if (status == SESSION_FINE) {
        status = tell_missing(r, question, what, done.status, &told);
    }
    growing_text_free(&told);
    return status;
}

bool repl_is_question(bylaw_text word)
{
    const session_question *question;
    for (size_t i = 0; (question = session_question_at(i)); i++) {
        bylaw_text words = {question->words, strlen(question->words)}, first;
        repl_next_word(&words, &first);
        if (first.size == word.size && memcmp(first.bytes, word.bytes, word.size) == 0) return true;
    }
    return false;
}

bool repl_ask(repl *r, bylaw_text line, session_status *out)
{
    bylaw_text rest, first = line, word;
    uint32_t number;
    const session_question *question = find_question(line, &rest, &number);
    if (question) {
        asked what;
        if (read_asked(question->shape, rest, &what))
            *out = put(r, question, number, &what);
        else
            *out = repl_complain_usage(r, question->usage);
        return true;
    }
    if (!repl_next_word(&first, &word) || !repl_is_question(word)) return false;
    for (size_t i = 0; (question = session_question_at(i)); i++) /* "who may …" */
        if (strncmp(question->words, word.bytes, word.size) == 0) break;
    *out = repl_complain_usage(r, question ? question->usage : "help");
    return true;
}
