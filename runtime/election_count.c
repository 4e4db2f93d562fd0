/*
 * A stage's ballots as a contest, counted: who is elected, and how it went.
 *
 * The contest lives in an arena of its own that ends with the count. What is kept is little: the
 * winners, and with `record` the sentences and the rounds as JSON, for `why`.
 */
#include "machine.h"

#include "count.h"
#include "tally.h"

#include <string.h>

typedef struct counting {
    bl_engine *engine;
    bl_stage *stage;
    bl_arena arena;
    bl_contest_builder *builder;
    bl_rational *weights; /* by ballot; num 0: it does not count */
    uint32_t weight_scale;
    bl_vector(bl_mark) casting_marks;
    bl_vector(bl_pile) casting; /* whose marks are among those, from 0 */
} counting;

static const bl_kind *kind_of(const counting *c)
{
    return bl_kind_of(c->engine, c->engine->proposals.items[c->stage->proposal]);
}

static const bl_procedure *procedure_of(const counting *c)
{
    return &c->engine->program->procedures[c->stage->procedure];
}

static bl_result no_memory(counting *c)
{
    return bl_no_memory(c->engine);
}

/* ---- candidates ---- */

/* What winners may share: the text of the attribute; the empty one is nobody's. */
static bl_result take_group(counting *c, uint32_t candidate, bl_candidate *row)
{
    const bl_kind *kind = kind_of(c);
    row->group = BL_NONE;
    if (kind->cap_attribute == BL_NONE || candidate == c->stage->default_option) return BL_OK;
    bl_value value;
    const bl_result result = bl_world_attribute(
        c->engine, kind->cap_attribute, c->stage->candidates[candidate], kind->cap_span, &value);
    if (result != BL_OK || value.base != BL_BASE_TEXT || value.as.text.size == 0) return result;
    row->group = bl_contest_add_group(c->builder, value.as.text);
    return row->group == BL_NONE ? no_memory(c) : BL_OK;
}

static void take_majority(const counting *c, uint32_t candidate, bl_candidate *row)
{
    const bl_program *program = c->engine->program;
    const bl_range majorities = kind_of(c)->majorities;
    if (candidate >= majorities.count) return;
    row->majority = program->constants[program->indexes[majorities.first + candidate]].as.number;
}

static bl_result add_candidates(counting *c)
{
    for (uint32_t i = 0; i < c->stage->candidate_count; i++) {
        uint32_t number;
        const bl_contest_status status = bl_contest_add_candidate(
            c->builder, bl_candidate_name(c->engine, c->stage, i), &number);
        if (status == BL_CONTEST_NOMEM) return no_memory(c);
        if (status != BL_CONTEST_OK)
            return bl_fail(c->engine, kind_of(c)->candidates_span,
                           status == BL_CONTEST_TWICE ? "two candidates have one name"
                                                      : "there are more candidates than %d",
                           BL_CANDIDATE_COUNT_MAX);
        bl_candidate *row = bl_contest_candidate(c->builder, number);
        row->is_withdrawn = bl_candidate_is_withdrawn(c->engine, c->stage, i);
        take_majority(c, i, row);
        const bl_result result = take_group(c, i, row);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* ---- weights ---- */

/* As it was at the opening where the vote goes by that. */
static bl_result weight_of(counting *c, uint32_t actor, bl_rational *out)
{
    bl_engine *engine = c->engine;
    const uint32_t chunk = procedure_of(c)->weight_chunk;
    *out = BL_RATIONAL(1);
    if (chunk == BL_NONE) return BL_OK;
    for (uint32_t i = 0; c->stage->voter_weights && i < c->stage->snapshot.count; i++)
        if (c->stage->snapshot.actors[i] == actor) {
            *out = c->stage->voter_weights[i];
            return BL_OK;
        }
    const bl_context context = bl_stage_context(engine, c->stage);
    return bl_election_weight(engine, c->stage, &context, actor, out);
}

static uint64_t divisor_of(uint64_t a, uint64_t b)
{
    while (b > 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The smallest unit that all weights are whole numbers of. */
static bl_result add_to_scale(counting *c, bl_rational weight)
{
    const uint64_t den = (uint64_t)weight.den;
    const uint64_t factor = den / divisor_of(den, c->weight_scale);
    if (den > UINT32_MAX || factor > UINT32_MAX / c->weight_scale)
        return bl_fail(c->engine, procedure_of(c)->span,
                       "the weights of the ballots have no common unit that is large enough");
    c->weight_scale *= (uint32_t)factor;
    return BL_OK;
}

static bl_result weigh_ballots(counting *c)
{
    const bl_stage *stage = c->stage;
    c->weight_scale = 1;
    c->weights = bl_arena_array(&c->arena, stage->ballots.count + 1, sizeof *c->weights);
    if (!c->weights) return no_memory(c);
    for (size_t i = 0; i < stage->ballots.count; i++) {
        const bl_ballot *ballot = &stage->ballots.items[i];
        bool is_member = false;
        c->weights[i] = BL_RATIONAL(0);
        if (ballot->choice == BL_BALLOT_NONE) continue;
        bl_result result = bl_stage_has_member(c->engine, stage, ballot->actor, &is_member);
        if (result == BL_OK && is_member) result = weight_of(c, ballot->actor, &c->weights[i]);
        if (result == BL_OK && c->weights[i].num > 0) result = add_to_scale(c, c->weights[i]);
        if (result != BL_OK) return result;
    }
    return BL_OK;
}

/* ---- ballots ---- */

/* Ballots may be reordered by the builder: it gets copies. */
static bl_result add_ballots(counting *c)
{
    bl_mark *marks = bl_arena_array(&c->arena, (size_t)c->stage->candidate_count + 1,
                                    sizeof *marks);
    if (!marks) return no_memory(c);
    for (size_t i = 0; i < c->stage->ballots.count; i++) {
        const bl_ballot *ballot = &c->stage->ballots.items[i];
        bl_rational units;
        if (c->weights[i].num <= 0) continue;
        bl_contest_status status = BL_CONTEST_TOO_MANY;
        memcpy(marks, ballot->marks, ballot->mark_count * sizeof *marks);
        if (bl_rational_multiply(c->weights[i], BL_RATIONAL(c->weight_scale), &units))
            status = bl_contest_add_ballot(c->builder, marks, ballot->mark_count,
                                           (uint64_t)units.num);
        if (status == BL_CONTEST_NOMEM) return no_memory(c);
        if (status != BL_CONTEST_OK)
            return bl_fail(c->engine, procedure_of(c)->span,
                           "the weights of the ballots are too large together");
    }
    return BL_OK;
}

static bl_result add_casting(counting *c)
{
    const bl_memory *memory = &c->engine->memory;
    for (size_t i = 0; i < c->stage->ballots.count; i++) {
        const bl_ballot *ballot = &c->stage->ballots.items[i];
        bool is_casting = false;
        if (ballot->choice == BL_BALLOT_NONE) continue;
        const bl_result result = bl_election_is_casting(c->engine, c->stage, ballot->actor,
                                                        &is_casting);
        if (result != BL_OK) return result;
        if (!is_casting) continue;
        if (!bl_vector_reserve(memory, &c->casting_marks, ballot->mark_count) ||
            !bl_vector_reserve(memory, &c->casting, 1))
            return no_memory(c);
        c->casting.items[c->casting.count++] = (bl_pile){(uint32_t)c->casting_marks.count,
                                                         ballot->mark_count, 1};
        memcpy(c->casting_marks.items + c->casting_marks.count, ballot->marks,
               ballot->mark_count * sizeof *ballot->marks);
        c->casting_marks.count += ballot->mark_count;
    }
    return BL_OK;
}

/* Marks of casting ballots stand behind those of the others. */
static bl_result join_casting(counting *c, bl_contest *contest)
{
    if (c->casting.count == 0) return BL_OK;
    const size_t all = contest->mark_count + c->casting_marks.count;
    bl_mark *marks = bl_arena_array(&c->arena, all, sizeof *marks);
    bl_pile *piles = bl_arena_array(&c->arena, c->casting.count, sizeof *piles);
    if (!marks || !piles) return no_memory(c);
    if (contest->mark_count > 0) memcpy(marks, contest->marks, contest->mark_count * sizeof *marks);
    memcpy(marks + contest->mark_count, c->casting_marks.items,
           c->casting_marks.count * sizeof *marks);
    for (size_t i = 0; i < c->casting.count; i++) {
        piles[i] = c->casting.items[i];
        piles[i].first_mark += contest->mark_count;
    }
    contest->marks = marks;
    contest->mark_count = (uint32_t)all;
    contest->casting = piles;
    contest->casting_count = (uint32_t)c->casting.count;
    return BL_OK;
}

static bl_result fill_contest(counting *c)
{
    bl_result result = add_candidates(c);
    if (result == BL_OK) result = weigh_ballots(c);
    if (result == BL_OK) result = add_ballots(c);
    if (result == BL_OK) result = add_casting(c);
    if (result != BL_OK) bl_contest_abandon(c->builder);
    return result;
}

static bl_result make_contest(counting *c, const bl_contest **out)
{
    const bl_proposal *proposal = c->engine->proposals.items[c->stage->proposal];
    c->builder = bl_contest_begin(&c->arena, &c->engine->memory, 0);
    if (!c->builder) return no_memory(c);
    bl_result result = fill_contest(c);
    if (result != BL_OK) return result;
    bl_contest *contest = bl_contest_end(c->builder, bl_methods[c->stage->rules->method].ballots);
    if (!contest) return no_memory(c);
    contest->weight_scale = c->weight_scale;
    contest->score_scale = BL_SCORE_SCALE;
    contest->default_option = c->stage->default_option;
    contest->seed = proposal->seed.size > 0 ? proposal->seed : c->engine->seed;
    result = join_casting(c, contest);
    *out = contest;
    return result;
}

/* ---- what came out ---- */

static bool has_open_tie(const bl_count *count)
{
    for (size_t i = 0; i < count->ties.count; i++)
        if (count->ties.items[i].chosen == BL_NONE) return true;
    return false;
}

/* A sentence as a part of another: "Round 3: …." becomes "round 3: …". */
static void say_part(bl_text sentence, bl_buffer *out)
{
    static const char word[] = "Round ";
    if (sentence.size > sizeof word && memcmp(sentence.bytes, word, sizeof word - 1) == 0) {
        bl_buffer_char(out, 'r');
        sentence.bytes++;
        sentence.size--;
    }
    if (sentence.size > 0 && sentence.bytes[sentence.size - 1] == '.') sentence.size--;
    bl_buffer_text(out, sentence);
}

static void say_winners(const counting *c, bl_buffer *out)
{
    const bl_stage *stage = c->stage;
    for (uint32_t i = 0; i < stage->winner_count; i++) {
        const bool is_last = i + 1 == stage->winner_count;
        bl_buffer_cstring(out, i == 0 ? "" : is_last ? " and " : ", ");
        bl_buffer_text(out, bl_candidate_name(c->engine, stage, stage->winners[i]));
    }
    bl_buffer_cstring(out, stage->winner_count == 1 ? " is elected" : " are elected");
    if (stage->vacant > 0)
        bl_buffer_format(out, "; %u of %u seats %s vacant", stage->vacant, stage->rules->seats,
                         stage->vacant == 1 ? "stays" : "stay");
}

/* Whether the last round elected the only winner, and nothing else is to be said. */
static bool tells_all(const counting *c, const bl_count *count)
{
    if (count->rounds.count == 0 || c->stage->winner_count != 1 || c->stage->vacant > 0)
        return false;
    const bl_round *last = &count->rounds.items[count->rounds.count - 1];
    for (uint32_t i = 0; i < last->elected_count; i++)
        if (last->elected[i] == c->stage->winners[0]) return true;
    return false;
}

/* The result in one sentence: who, how the last round went, why nobody. */
static void say_result(const counting *c, const bl_count *count, bl_buffer *out)
{
    const bool is_decided = c->stage->came_to == BL_RESULT_PASSED;
    if (is_decided && tells_all(c, count)) {
        say_part(count->rounds.items[count->rounds.count - 1].sentence, out);
        return;
    }
    if (is_decided) say_winners(c, out);
    if (count->none_because.size > 0) {
        if (is_decided) bl_buffer_cstring(out, ": ");
        say_part(count->none_because, out);
    } else if (!is_decided) {
        bl_buffer_cstring(out, "nothing comes before the default option");
        if (c->stage->default_option != BL_NONE) {
            bl_buffer_cstring(out, ", ");
            bl_buffer_text(out, bl_candidate_name(c->engine, c->stage, c->stage->default_option));
        }
    }
    if (count->rounds.count == 0 || count->none_because.size > 0) return;
    bl_buffer_cstring(out, "; ");
    say_part(count->rounds.items[count->rounds.count - 1].sentence, out);
}

static bool has_text(bl_text text, bl_text part)
{
    for (size_t at = 0; at + part.size <= text.size; at++)
        if (memcmp(text.bytes + at, part.bytes, part.size) == 0) return true;
    return false;
}

/* Ties of which no round tells. */
static void say_ties(const bl_count *count, bl_buffer *out)
{
    for (size_t i = 0; i < count->ties.count; i++) {
        const bl_text tie = count->ties.items[i].sentence;
        bool is_told = false;
        for (size_t r = 0; r < count->rounds.count && !is_told; r++)
            is_told = has_text(count->rounds.items[r].sentence, tie);
        if (!is_told) bl_buffer_format(out, "Tie: %.*s\n", (int)tie.size, tie.bytes);
    }
}

static void say_rounds(const bl_count *count, bl_buffer *out)
{
    for (size_t i = 0; i < count->rounds.count; i++) {
        bl_buffer_text(out, count->rounds.items[i].sentence);
        bl_buffer_char(out, '\n');
    }
    say_ties(count, out);
    for (size_t i = 0; i < count->notes.count; i++) {
        bl_buffer_text(out, count->notes.items[i]);
        bl_buffer_char(out, '\n');
    }
}

/* "[{…},{…}]": the lines of a count as a list. */
static void write_rounds(const bl_count *count, bl_buffer *out)
{
    bl_buffer_char(out, '[');
    const size_t start = out->size;
    bl_tally_write_json(count, out);
    if (out->failed) return;
    out->size--; /* the last line end */
    for (size_t i = start; i < out->size; i++)
        if (out->bytes[i] == '\n') out->bytes[i] = ',';
    bl_buffer_char(out, ']');
}

/* Winners without the default option, which only says that no more seats are filled. */
static bl_result keep_winners(counting *c, const bl_count *count)
{
    bl_stage *stage = c->stage;
    uint32_t *winners = bl_arena_array(&c->engine->arena, (size_t)count->winner_count + 1,
                                       sizeof *winners);
    if (!winners) return no_memory(c);
    for (uint32_t i = 0; i < count->winner_count; i++)
        if (count->winners[i] != stage->default_option)
            winners[stage->winner_count++] = count->winners[i];
    stage->winners = winners;
    stage->vacant = stage->rules->seats > stage->winner_count
                        ? stage->rules->seats - stage->winner_count
                        : 0;
    return BL_OK;
}

/*
 * Elected, where anybody is and no tie keeps a seat open; where nobody comes before the default
 * option it fails; all else is without a result.
 */
static bl_stage_result result_of(const counting *c, const bl_count *count)
{
    const bl_stage *stage = c->stage;
    if (stage->vacant > 0 && has_open_tie(count)) return BL_RESULT_UNRESOLVED;
    if (stage->winner_count > 0) return BL_RESULT_PASSED;
    return bl_count_default_wins(count) ? BL_RESULT_FAILED : BL_RESULT_UNRESOLVED;
}

static bool keep_text(bl_arena *arena, const bl_buffer *buffer, bl_text *out)
{
    out->bytes = bl_arena_copy(arena, buffer->bytes ? buffer->bytes : "", buffer->size);
    out->size = out->bytes ? buffer->size : 0;
    return !buffer->failed && out->bytes;
}

static bl_result keep_texts(counting *c, const bl_count *count, bl_text *because)
{
    bl_engine *engine = c->engine;
    const bylaw_engine_options *options = &engine->options;
    bl_arena *arena = options->record ? &engine->arena : &engine->scratch;
    bl_buffer text;
    bl_buffer_init(&text, &engine->memory);
    say_result(c, count, &text);
    bool is_kept = keep_text(&engine->scratch, &text, because);
    bl_buffer_clear(&text);
    if (is_kept && options->record) {
        say_rounds(count, &text);
        is_kept = keep_text(arena, &text, &c->stage->sentences);
        bl_buffer_clear(&text);
    }
    if (is_kept && (options->outcome || options->record)) {
        write_rounds(count, &text);
        is_kept = keep_text(arena, &text, &c->stage->rounds);
    }
    bl_buffer_free(&text);
    return is_kept ? BL_OK : no_memory(c);
}

static bl_result run(counting *c, bl_text *because)
{
    const bl_contest *contest = NULL;
    bl_result result = make_contest(c, &contest);
    if (result != BL_OK) return result;
    bl_count count;
    const bl_count_status status = bl_count_run(contest, c->stage->rules, &c->arena,
                                                &c->engine->memory, &count);
    if (status == BL_COUNT_NOMEM) {
        result = no_memory(c);
    } else if (status == BL_COUNT_REFUSED) {
        result = bl_fail(c->engine, procedure_of(c)->span, "%.*s", BL_SAID(count.problem));
    } else {
        result = keep_winners(c, &count);
        c->stage->is_tied = has_open_tie(&count);
        c->stage->came_to = result_of(c, &count);
        if (c->stage->came_to != BL_RESULT_PASSED) c->stage->winner_count = 0;
        if (result == BL_OK) result = keep_texts(c, &count, because);
    }
    bl_count_free(&count);
    return result;
}

bl_result bl_election_count(bl_engine *engine, bl_stage *stage, bl_text *because)
{
    counting c = {.engine = engine, .stage = stage};
    stage->winner_count = 0;
    stage->is_tied = false;
    bl_arena_init(&c.arena, &engine->memory);
    const bl_result result = run(&c, because);
    bl_vector_free(&engine->memory, &c.casting_marks);
    bl_vector_free(&engine->memory, &c.casting);
    bl_arena_destroy(&c.arena);
    return result;
}
