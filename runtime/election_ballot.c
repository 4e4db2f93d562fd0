/*
 * Ballots of elections: what an event says of candidates becomes marks, or is refused.
 *
 * Nothing is guessed. What the form or the rules of the count do not take is refused with a
 * sentence that says what they take.
 */
#include "machine.h"

#include <string.h>

typedef struct reader {
    bl_engine *engine;
    const bl_stage *stage;
    bl_mark *marks; /* room for one of each candidate */
    uint32_t count;
    bylaw_text because; /* why it is refused; NULL bytes: it is not */
} reader;

#define REFUSE(r, ...)                                                                             \
    do {                                                                                           \
        (r)->because = bl_say((r)->engine, __VA_ARGS__);                                           \
        return;                                                                                    \
    } while (0)

/* Adds a candidate by name, once. */
static void add_mark(reader *r, bl_text name, int32_t value)
{
    const uint32_t candidate = bl_candidate_find(r->engine, r->stage, name);
    if (candidate == BL_NONE) REFUSE(r, "`%.*s` is not a candidate", BL_SAID(name));
    if (bl_candidate_is_withdrawn(r->engine, r->stage, candidate))
        REFUSE(r, "`%.*s` has withdrawn and stands no longer", BL_SAID(name));
    for (uint32_t i = 0; i < r->count; i++)
        if (r->marks[i].candidate == candidate) REFUSE(r, "`%.*s` is named twice", BL_SAID(name));
    r->marks[r->count++] = (bl_mark){candidate, value};
}

/* ---- rankings ---- */

/* Whether the count knows what to do with several at one rank: pairs and points do, eliminations
 * where the policy says it by `overvote`. */
static bool takes_equal_ranks(const bl_engine *engine, const bl_stage *stage)
{
    static const char said[] = " overvote=";
    bl_count_options any = *stage->rules;
    if (!bl_count_option_set(&any, BL_TEXT("overvote"), BL_TEXT("skip"), NULL)) return true;
    const bl_text count = engine->program->procedures[stage->procedure].count;
    for (size_t at = 0; at + sizeof said - 1 <= count.size; at++)
        if (memcmp(count.bytes + at, said, sizeof said - 1) == 0) return true;
    return false;
}

static void read_rank(reader *r, const bl_json *rank, uint32_t number)
{
    if (rank->kind == BL_JSON_TEXT) {
        add_mark(r, rank->as.text, (int32_t)number);
        return;
    }
    if (rank->kind != BL_JSON_ARRAY) REFUSE(r, "a ranking is a list of candidates, best first");
    if (rank->count == 0) REFUSE(r, "rank %u is empty", number);
    if (rank->count > 1 && !takes_equal_ranks(r->engine, r->stage))
        REFUSE(r, "this count takes one candidate a rank, without ties");
    for (uint32_t i = 0; i < rank->count && !r->because.bytes; i++) {
        if (rank->as.items[i].kind != BL_JSON_TEXT)
            REFUSE(r, "a ranking is a list of candidates, best first");
        add_mark(r, rank->as.items[i].as.text, (int32_t)number);
    }
}

static void read_ranking(reader *r, const bl_json *ranking)
{
    for (uint32_t i = 0; i < ranking->count && !r->because.bytes; i++)
        read_rank(r, &ranking->as.items[i], i + 1);
    if (r->count == 0 && !r->because.bytes) REFUSE(r, "the ranking names nobody");
}

/* ---- choices ---- */

static uint32_t most_choices(const bl_count_options *rules)
{
    if (rules->method == BL_METHOD_DHONDT || rules->method == BL_METHOD_SAINTE_LAGUE) return 1;
    if (rules->choices_most != BL_NO_MOST) return rules->choices_most;
    return rules->method == BL_METHOD_PLURALITY ? rules->seats : BL_NO_MOST;
}

static void read_choice(reader *r, const bl_json *choice)
{
    const uint32_t most = most_choices(r->stage->rules);
    if (choice->kind == BL_JSON_TEXT) {
        add_mark(r, choice->as.text, 1);
        return;
    }
    for (uint32_t i = 0; i < choice->count && !r->because.bytes; i++) {
        if (choice->as.items[i].kind != BL_JSON_TEXT) REFUSE(r, "a choice is a list of candidates");
        add_mark(r, choice->as.items[i].as.text, 1);
    }
    if (r->because.bytes) return;
    if (r->count == 0) REFUSE(r, "the choice names nobody");
    if (r->count > most)
        REFUSE(r, "%u are chosen, and a ballot has %u %s", r->count, most,
               most == 1 ? "choice" : "choices");
}

/* ---- scores ---- */

static void say_number(reader *r, bl_rational number, char *out, size_t size)
{
    bl_buffer text;
    bl_buffer_init(&text, &r->engine->memory);
    bl_rational_write_decimal(&text, number);
    const size_t fits = text.size < size ? text.size : size - 1;
    if (text.bytes) memcpy(out, text.bytes, fits);
    out[text.bytes ? fits : 0] = '\0';
    if (text.failed) bl_no_memory(r->engine);
    bl_buffer_free(&text);
}

static void read_score(reader *r, const bl_json_member *member)
{
    const bl_count_options *rules = r->stage->rules;
    bl_rational units, score;
    if (member->value.kind == BL_JSON_NUMBER)
        score = member->value.as.number;
    else if (member->value.kind != BL_JSON_TEXT ||
             !bl_rational_parse(member->value.as.text,
                                &score)) /* "17/2", as fractions are written */
        REFUSE(r, "the score of `%.*s` is no number", BL_SAID(member->key));
    if (bl_rational_compare(score, rules->lowest) < 0 ||
        bl_rational_compare(score, rules->highest) > 0) {
        char lowest[32], highest[32];
        say_number(r, rules->lowest, lowest, sizeof lowest);
        say_number(r, rules->highest, highest, sizeof highest);
        REFUSE(r, "the score of `%.*s` is outside the range from %s to %s", BL_SAID(member->key),
               lowest, highest);
    }
    if (!bl_rational_multiply(score, BL_RATIONAL(BL_SCORE_SCALE), &units) || units.den != 1 ||
        units.num > INT32_MAX || units.num < INT32_MIN)
        REFUSE(r, "the score of `%.*s` has more than three decimal places", BL_SAID(member->key));
    add_mark(r, member->key, (int32_t)units.num);
}

static void read_scores(reader *r, const bl_json *scores)
{
    for (uint32_t i = 0; i < scores->count && !r->because.bytes; i++)
        read_score(r, &scores->as.members[i]);
    if (r->count == 0 && !r->because.bytes) REFUSE(r, "the ballot scores nobody");
}

/* In the order that a contest wants: by ranks, and then by candidates. */
static void sort_marks(bl_mark *marks, uint32_t count, bool by_value)
{
    for (uint32_t i = 1; i < count; i++) {
        const bl_mark own = marks[i];
        uint32_t at = i;
        while (at > 0 && ((by_value && marks[at - 1].value > own.value) ||
                          ((!by_value || marks[at - 1].value == own.value) &&
                           marks[at - 1].candidate > own.candidate))) {
            marks[at] = marks[at - 1];
            at--;
        }
        marks[at] = own;
    }
}

bl_result bl_election_read(bl_engine *engine, const bl_stage *stage, bl_verb verb,
                           const bl_json *says, bl_ballot *ballot, bylaw_text *because)
{
    reader r = {.engine = engine, .stage = stage};
    r.marks = bl_arena_array(&engine->scratch, (size_t)stage->candidate_count + 1, sizeof *r.marks);
    if (!r.marks) return bl_no_memory(engine);
    if (!stage->rules)
        r.because = bl_say(engine, "it cannot be counted: %.*s", BL_SAID(stage->fault));
    else if (verb == BL_VERB_RANK)
        read_ranking(&r, says);
    else if (verb == BL_VERB_CHOOSE)
        read_choice(&r, says);
    else
        read_scores(&r, says);
    *because = r.because;
    if (engine->out_of_memory) return BL_NOMEM;
    if (r.because.bytes) return BL_OK;
    bl_mark *marks = bl_arena_array(&engine->arena, r.count, sizeof *marks);
    if (!marks) return bl_no_memory(engine);
    sort_marks(r.marks, r.count, verb == BL_VERB_RANK);
    memcpy(marks, r.marks, r.count * sizeof *marks);
    ballot->marks = marks;
    ballot->mark_count = r.count;
    return BL_OK;
}

bl_verb bl_election_verb(bl_ballot_form form)
{
    switch (form) {
    case BL_FORM_YES_NO: return BL_VERB_APPROVE;
    case BL_FORM_RANKING: return BL_VERB_RANK;
    case BL_FORM_CHOICE: return BL_VERB_CHOOSE;
    case BL_FORM_SCORES: return BL_VERB_SCORE;
    }
    return BL_VERB_APPROVE;
}

/* ---- for people, and as JSON ---- */

static void say_score(int32_t value, bl_buffer *out)
{
    bl_rational score;
    if (bl_rational_make(value, BL_SCORE_SCALE, &score)) bl_rational_write_decimal(out, score);
}

void bl_election_say(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                     bl_buffer *out)
{
    const bl_ballot_form form = engine->program->procedures[stage->procedure].form;
    for (uint32_t i = 0; i < ballot->mark_count; i++) {
        const bl_mark *mark = &ballot->marks[i];
        if (i > 0 && form == BL_FORM_RANKING)
            bl_buffer_cstring(out, mark->value == mark[-1].value ? " = " : " > ");
        else if (i > 0)
            bl_buffer_cstring(out, ", ");
        bl_outcome_show(out, bl_candidate_name(engine, stage, mark->candidate));
        if (form != BL_FORM_SCORES) continue;
        bl_buffer_char(out, ' ');
        say_score(mark->value, out);
    }
}

static void write_ranking(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                          bl_buffer *out)
{
    bl_buffer_cstring(out, "\"ranking\":[");
    for (uint32_t i = 0, next = 0; i < ballot->mark_count; i = next) {
        while (next < ballot->mark_count && ballot->marks[next].value == ballot->marks[i].value)
            next++;
        if (i > 0) bl_buffer_char(out, ',');
        if (next - i > 1) bl_buffer_char(out, '[');
        for (uint32_t k = i; k < next; k++) {
            if (k > i) bl_buffer_char(out, ',');
            bl_json_write_text(out, bl_candidate_name(engine, stage, ballot->marks[k].candidate));
        }
        if (next - i > 1) bl_buffer_char(out, ']');
    }
    bl_buffer_char(out, ']');
}

void bl_election_write(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot,
                       bl_buffer *out)
{
    const bl_ballot_form form = engine->program->procedures[stage->procedure].form;
    if (form == BL_FORM_RANKING) {
        write_ranking(engine, stage, ballot, out);
        return;
    }
    const bool is_choice = form == BL_FORM_CHOICE;
    bl_buffer_cstring(out, is_choice ? "\"chosen\":[" : "\"scores\":{");
    for (uint32_t i = 0; i < ballot->mark_count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, bl_candidate_name(engine, stage, ballot->marks[i].candidate));
        if (is_choice) continue;
        bl_buffer_char(out, ':');
        say_score(ballot->marks[i].value, out);
    }
    bl_buffer_char(out, is_choice ? ']' : '}');
}
