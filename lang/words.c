/*
 * What the words of the language and of the field mean: the table words.def, for help at a prompt.
 */
#include <string.h>

#include "../runtime/bylaw.h"
#include "../runtime/text.h"

typedef enum word_group {
    DECLARATION,
    ROLE,
    PROPOSAL,
    PROCEDURE,
    EFFECT,
    EXPRESSION,
    SCENARIO,
    EVENT,
    OUTCOME,
    TERM,
    CONVERSATION
} word_group;

static const char *const group_names[] = {
    [DECLARATION] = "declarations",
    [ROLE] = "clauses of roles",
    [PROPOSAL] = "clauses of proposals",
    [PROCEDURE] = "clauses of procedures",
    [EFFECT] = "effects",
    [EXPRESSION] = "expressions",
    [SCENARIO] = "statements of scenarios",
    [EVENT] = "events",
    [OUTCOME] = "outcomes",
    [TERM] = "terms of the field",
    [CONVERSATION] = "the conversation",
};

typedef struct word_row {
    word_group group;
    const char *word, *usage, *meaning, *example;
} word_row;

static const word_row rows[] = {
#define WORD(group, word, usage, meaning, example) {group, word, usage, meaning, example},
#include "words.def"
#undef WORD
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static bylaw_text text_of(const char *text)
{
    return (bylaw_text){text, strlen(text)};
}

bool bylaw_word_at(size_t index, bylaw_word *out)
{
    if (index >= ROW_COUNT) return false;
    const word_row *row = &rows[index];
    *out = (bylaw_word){text_of(group_names[row->group]), text_of(row->word), text_of(row->usage),
                        text_of(row->meaning), text_of(row->example)};
    return true;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || byte == '_';
}

static bool has_word(bl_text text, bl_text wanted)
{
    for (size_t at = 0; at + wanted.size <= text.size; at++) {
        const size_t end = at + wanted.size;
        if (memcmp(text.bytes + at, wanted.bytes, wanted.size) == 0 &&
            (at == 0 || !is_letter(text.bytes[at - 1])) &&
            (end == text.size || !is_letter(text.bytes[end])))
            return true;
    }
    return false;
}

/* How an entry is about a word: it is the word, has it among its words, or in its usage. */
typedef enum nearness { IS_WORD, HAS_WORD, USES_WORD, NEARNESS_COUNT } nearness;

static nearness nearness_of(const word_row *row, bl_text wanted)
{
    const bl_text word = bl_text_of(row->word);
    if (bl_text_equal(word, wanted)) return IS_WORD;
    if (wanted.size == 0) return NEARNESS_COUNT;
    if (has_word(word, wanted)) return HAS_WORD;
    return has_word(bl_text_of(row->usage), wanted) ? USES_WORD : NEARNESS_COUNT;
}

bool bylaw_word_find(bylaw_text word, size_t from, size_t *index)
{
    const bl_text wanted = {word.bytes, word.size};
    nearness best = NEARNESS_COUNT;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const nearness own = nearness_of(&rows[i], wanted);
        if (own < best) best = own;
    }
    for (size_t i = from; i < ROW_COUNT && best < NEARNESS_COUNT; i++) {
        if (nearness_of(&rows[i], wanted) != best) continue;
        *index = i;
        return true;
    }
    return false;
}

bool bylaw_word_nearest(bylaw_text word, bylaw_word *out)
{
    size_t least = word.size / 3 + 1, best = ROW_COUNT;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const size_t distance = bl_text_distance((bl_text){word.bytes, word.size},
                                                 bl_text_of(rows[i].word), least);
        if (distance > least || (best < ROW_COUNT && distance == least)) continue;
        best = i;
        least = distance;
    }
    return best < ROW_COUNT && bylaw_word_at(best, out);
}

static void put(bylaw_writer out, bylaw_text text)
{
    if (text.size > 0) out.write(out.context, text.bytes, text.size);
}

void bylaw_word_write(const bylaw_word *word, bool color, bylaw_writer out)
{
    put(out, text_of(color ? "\033[1m" : ""));
    put(out, word->word);
    put(out, text_of(color ? "\033[0m  (" : "  ("));
    put(out, word->group);
    put(out, text_of(")\n    "));
    put(out, word->meaning);
    if (word->usage.size > 0) put(out, text_of("\n    usage:   "));
    put(out, word->usage);
    if (word->example.size > 0) put(out, text_of("\n    example: "));
    put(out, word->example);
    put(out, text_of("\n"));
}
