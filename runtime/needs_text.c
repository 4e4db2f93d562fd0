/*
 * Telling what it needs: as lines for people, as JSON, or in a sentence.
 */
#include "needs.h"

#include <string.h>

enum { PEOPLE_SHOWN_MAX = 12, SETS_SHOWN_MAX = 20, SETS_BRIEF_MAX = 2 };

static bl_text name_of(const bl_search *search, uint32_t actor)
{
    return search->trial.engine->actors.items[actor].shown;
}

static const bl_stage_plan *plan_of(const bl_search *search, const bl_need *need)
{
    return need->plan == BL_NONE ? NULL : &search->trial.engine->program->plans[need->plan];
}

static const char *ballot_word(const bl_need *need)
{
    const bool is_veto = need->verb == BL_VERB_VETO || need->verb == BL_VERB_UPHOLD;
    if (need->before == BL_BALLOT_APPROVE) return is_veto ? "veto" : "approve";
    if (need->before == BL_BALLOT_REJECT) return is_veto ? "uphold" : "reject";
    return "abstain";
}

/* ---- for people ---- */

/* "2024-03-04 12:00", seconds only where there are some. */
static void write_time(bl_time time, bl_buffer *out)
{
    const size_t from = out->size;
    bl_time_write(out, time);
    if (out->failed) return;
    char *text = out->bytes + from;
    for (size_t i = 0; i < out->size - from; i++)
        if (text[i] == 'T') text[i] = ' ';
    out->size--; /* Z */
    if (memcmp(out->bytes + out->size - 3, ":00", 3) == 0) out->size -= 3;
}

static void write_people(const bl_search *search, const bl_need *need, bl_buffer *out)
{
    const bl_set people = need->people;
    const uint32_t shown = people.count > PEOPLE_SHOWN_MAX ? PEOPLE_SHOWN_MAX : people.count;
    if (need->is_anyone) {
        bl_buffer_cstring(out, "anyone");
        return;
    }
    if (need->any < people.count) bl_buffer_format(out, "any %u of ", need->any);
    if (need->any == people.count && shown < people.count)
        bl_buffer_format(out, "all %u of ", need->any);
    for (uint32_t i = 0; i < shown; i++) {
        if (i > 0) bl_buffer_cstring(out, i + 1 == people.count ? " and @" : ", @");
        if (i == 0) bl_buffer_char(out, '@');
        bl_outcome_show(out, name_of(search, people.actors[i]));
    }
    if (shown < people.count) bl_buffer_format(out, " and %u more", people.count - shown);
}

/* "@ana approves", "any 2 of @ana, @bo and @chi change reject to approve"; or with "to". */
static void write_act(const bl_search *search, const bl_need *need, bool is_infinitive,
                      bl_buffer *out)
{
    const char *ending = need->any == 1 && !is_infinitive ? "s" : "";
    write_people(search, need, out);
    bl_buffer_cstring(out, is_infinitive ? " to " : " ");
    if (need->before)
        bl_buffer_format(out, "change%s %s to %s", ending, ballot_word(need),
                         bl_verb_word(need->verb));
    else
        bl_buffer_format(out, "%s%s", bl_verb_word(need->verb),
                         *ending && need->verb == BL_VERB_VETO ? "es" : ending);
    if (need->needs_reason) bl_buffer_cstring(out, " with a reason");
}

static void write_until(const bl_search *search, const bl_need *need, bl_buffer *out)
{
    const bl_stage_plan *plan = plan_of(search, need);
    const bool is_vote = need->stage > 0;
    if (need->from != BL_TIME_MIN) {
        bl_buffer_cstring(out, " from ");
        write_time(need->from, out);
        bl_buffer_cstring(out, " on,");
    }
    if (need->by != BL_TIME_MAX) {
        bl_buffer_cstring(out, plan && plan->is_through ? " until " : " before ");
        write_time(need->by, out);
    }
    if (need->is_later && is_vote)
        bl_buffer_format(out, " in the vote of `%.*s`",
                         BL_SAID(search->trial.engine->program->bodies[plan->body].text));
    if (!need->has_within) return;
    bl_buffer_cstring(out, " within ");
    bl_duration_write(out, need->within);
    bl_buffer_cstring(out, is_vote ? " of its opening" : " of that decision");
}

static bool is_same_vote(const bl_need *a, const bl_need *b)
{
    return a->plan == b->plan && a->from == b->from && a->stage == b->stage &&
           a->is_later == b->is_later;
}

static void write_set(const bl_search *search, const bl_needed *set, bool is_infinitive,
                      bl_buffer *out)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const bl_need *need = &set->needs[i];
        const bool is_last = i + 1 == set->count || !is_same_vote(need, &set->needs[i + 1]);
        if (i > 0)
            bl_buffer_cstring(out, is_same_vote(need, &set->needs[i - 1]) ? ", and " : "; then ");
        write_act(search, need, is_infinitive, out);
        if (is_last) write_until(search, need, out);
    }
}

/* ---- why ---- */

static const bl_stage *open_stage(const bl_search *search)
{
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    for (uint32_t i = 0; proposal->stage != BL_NONE && i < proposal->group; i++) {
        const bl_stage *stage = search->trial.engine->stages.items[proposal->stage + i];
        if (stage->state == BL_STAGE_OPEN) return stage;
    }
    return NULL;
}

/*
 * The parts of a condition that do not hold and that no ballot can change; how many there are.
 * Parts of `or` and `not` are left alone: there the whole is what fails. `out` NULL only counts.
 */
static uint32_t write_obstacles(bl_search *search, const bl_stage *stage, uint32_t condition,
                                uint32_t found, int depth, bl_buffer *out)
{
    bl_engine *engine = search->trial.engine;
    const bl_condition *row = &engine->program->conditions[condition];
    if (depth > BL_AST_DEPTH_MAX) return found;
    if (row->kind == BL_CONDITION_AND) {
        found = write_obstacles(search, stage, row->left, found, depth + 1, out);
        return write_obstacles(search, stage, row->right, found, depth + 1, out);
    }
    const bool is_leaf = row->kind == BL_CONDITION_TEST || row->kind == BL_CONDITION_COMPARE;
    if (!is_leaf || row->rises_with || row->falls_with) return found;
    bool holds = false;
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    if (bl_condition_now(engine, stage, condition, &holds) != BL_OK || holds) return found;
    if (!out) return found + 1;
    bl_buffer_cstring(out, found == 0 ? "whatever ballots come, " : " and ");
    if (bl_condition_explain(engine, stage, condition, out) == BL_NOMEM) out->failed = true;
    if (row->kind == BL_CONDITION_TEST) bl_buffer_cstring(out, " does not hold");
    return found + 1;
}

static uint32_t count_obstacles(bl_search *search, bl_buffer *out)
{
    const bl_stage *stage = open_stage(search);
    if (search->wanted != BL_WANTED_ACCEPTED || !stage || stage->procedure == BL_NONE) return 0;
    const uint32_t passes = search->trial.engine->program->procedures[stage->procedure].passes;
    return passes == BL_NONE ? 0 : write_obstacles(search, stage, passes, 0, 0, out);
}

/* The numbers of a vote that cannot bring it. */
static void write_vote(bl_search *search, const bl_stage *stage, bl_buffer *out)
{
    bl_engine *engine = search->trial.engine;
    const bl_procedure *procedure = &engine->program->procedures[stage->procedure];
    const bl_text body = engine->program->bodies[engine->program->plans[stage->plan].body].text;
    if (stage->body_count == 0) {
        bl_buffer_format(out, "nobody is in `%.*s`", BL_SAID(body));
        return;
    }
    if (count_obstacles(search, out) > 0) return;
    bl_buffer_format(out, "the vote of `%.*s` cannot bring it, nor what follows from it",
                     BL_SAID(body));
    if (procedure->passes == BL_NONE) return;
    bl_arena_reset(&engine->scratch);
    engine->steps = 0;
    bl_buffer_cstring(out, ": it passes when ");
    if (bl_condition_explain(engine, stage, procedure->passes, out) == BL_NOMEM) out->failed = true;
    bl_buffer_format(out, ", with %u of %u still to vote", stage->counts[0], stage->body_count);
}

/* Nothing can: the numbers of the vote, or how it stands. */
static void write_hopeless(bl_search *search, bl_buffer *out)
{
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    const bl_stage *stage = open_stage(search);
    if (stage && stage->procedure != BL_NONE)
        write_vote(search, stage, out);
    else
        bl_buffer_format(out, "it is %s%s, and no act that is open to anybody changes that",
                         bl_explain_status(proposal), proposal->is_final ? " and final" : "");
}

static void write_election(const bl_search *search, bl_buffer *out)
{
    const bl_stage *stage = open_stage(search);
    bl_buffer_cstring(out, "an election decides it, and sets of its ballots are not listed");
    if (!stage) return;
    if (bl_needs_write_leading(search->trial.engine, stage, out) == BL_NOMEM) out->failed = true;
    bl_buffer_format(out, "; %u of %u %s not voted yet", stage->counts[0], stage->body_count,
                     stage->counts[0] == 1 ? "has" : "have");
    if (stage->deadline == BL_TIME_MAX) return;
    bl_buffer_cstring(out, ", and can before ");
    write_time(stage->deadline, out);
}

typedef enum possible { ALREADY, BY_ITSELF, BY_SETS, NOT_AT_ALL } possible;

static possible possibility(const bl_search *search)
{
    if (search->is_now) return ALREADY;
    if (search->sets.count == 1 && search->sets.items[0].size == 0) return BY_ITSELF;
    return search->sets.count > 0 || search->has_election || !search->is_complete ? BY_SETS
                                                                                  : NOT_AT_ALL;
}

static bl_span clause_of(const bl_search *search)
{
    const bl_engine *engine = search->trial.engine;
    const bl_stage *stage = open_stage(search);
    return stage ? engine->program->plans[stage->plan].span
                 : bl_kind_of(engine, bl_trial_proposal(&search->trial))->span;
}

/* " (std/pytorch:184)" */
static void write_clause(const bl_search *search, bl_buffer *out)
{
    bl_buffer_cstring(out, " (");
    bl_program_place(search->trial.engine->program, clause_of(search), out);
    bl_buffer_char(out, ')');
}

/* "it comes by itself on 2024-01-15 00:00 (std/pytorch:184) unless somebody acts" */
static void write_by_itself(const bl_search *search, bl_buffer *out)
{
    bl_buffer_cstring(out, "nothing more is needed: that comes by itself on ");
    write_time(search->comes_at, out);
    write_clause(search, out);
    bl_buffer_cstring(out, " unless somebody acts");
}

/* What the search left out. */
static void write_rest(const bl_search *search, bl_buffer *out)
{
    if (search->has_election) {
        write_election(search, out);
        return;
    }
    if (search->sets.count == 0)
        bl_buffer_cstring(out, "the search ended before it found a way");
    else
        bl_buffer_format(out, "there may be more: the search ended at %zu", search->sets.count);
}

static void write_because(bl_search *search, bl_buffer *out)
{
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    switch (possibility(search)) {
    case ALREADY: bl_buffer_format(out, "it is %s already", bl_wanted_word(search->wanted)); return;
    case BY_ITSELF: write_by_itself(search, out); return;
    case BY_SETS:
        if (!search->has_election) bl_buffer_format(out, "it is %s", bl_explain_status(proposal));
        if (!search->has_election && !search->is_complete) bl_buffer_cstring(out, "; ");
        if (search->has_election || !search->is_complete) write_rest(search, out);
        return;
    case NOT_AT_ALL: write_hopeless(search, out); return;
    }
}

/* No set is to be listed: one sentence. */
static void write_sentence(bl_search *search, possible how, bl_buffer *out)
{
    const bl_text id = bl_proposal_id(search->trial.engine, bl_trial_proposal(&search->trial));
    const char *word = bl_wanted_word(search->wanted);
    if (how == BY_ITSELF || how == BY_SETS) bl_buffer_cstring(out, "To have ");
    bl_outcome_show(out, id);
    switch (how) {
    case ALREADY: bl_buffer_format(out, " is %s already", word); break;
    case BY_ITSELF:
        bl_buffer_format(out, " %s ", word);
        write_by_itself(search, out);
        break;
    case BY_SETS:
        bl_buffer_format(out, " %s: ", word);
        write_rest(search, out);
        break;
    case NOT_AT_ALL:
        bl_buffer_format(out, " cannot be %s %s: ", word,
                         count_obstacles(search, NULL) > 0 ? "as things are" : "any more");
        write_hopeless(search, out);
        write_clause(search, out);
        break;
    }
    bl_buffer_cstring(out, ".\n");
}

void bl_needs_write_text(bl_search *search, bl_buffer *out)
{
    const bl_proposal *proposal = bl_trial_proposal(&search->trial);
    const char *word = bl_wanted_word(search->wanted);
    const possible how = possibility(search);
    if (how != BY_SETS || search->sets.count == 0) {
        write_sentence(search, how, out);
        return;
    }
    bl_outcome_show(out, bl_proposal_id(search->trial.engine, proposal));
    bl_buffer_format(out, " is %s. To have it %s, %s:\n", bl_explain_status(proposal), word,
                     search->sets.count == 1 ? "this is needed" : "one of these is needed");
    for (size_t i = 0; i < search->sets.count && i < SETS_SHOWN_MAX; i++) {
        bl_buffer_cstring(out, "  - ");
        write_set(search, &search->sets.items[i], false, out);
        bl_buffer_char(out, '\n');
    }
    if (search->sets.count > SETS_SHOWN_MAX)
        bl_buffer_format(out, "  and %zu more\n", search->sets.count - SETS_SHOWN_MAX);
    if (search->has_election || !search->is_complete) {
        bl_buffer_cstring(out, "  (");
        write_rest(search, out);
        bl_buffer_cstring(out, ")\n");
    }
}

void bl_needs_write_brief(bl_search *search, bl_buffer *out)
{
    const possible how = possibility(search);
    if (how == BY_SETS && search->sets.count > 0) {
        bl_buffer_cstring(out, "It needs ");
        for (size_t i = 0; i < search->sets.count && i < SETS_BRIEF_MAX; i++) {
            if (i > 0) bl_buffer_cstring(out, "; or ");
            write_set(search, &search->sets.items[i], true, out);
        }
        bl_buffer_char(out, '.');
        if (search->sets.count > SETS_BRIEF_MAX)
            bl_buffer_format(out, " There are %zu ways.", search->sets.count);
        return;
    }
    if (how == NOT_AT_ALL)
        bl_buffer_cstring(out, count_obstacles(search, NULL) > 0
                                   ? "As things are nothing can bring it about: "
                                   : "Nothing can bring it about any more: ");
    const size_t from = out->size;
    write_because(search, out);
    if (how != NOT_AT_ALL && out->size > from)
        out->bytes[from] = (char)(out->bytes[from] - 'a' + 'A'); /* each begins with a letter */
    bl_buffer_char(out, '.');
}

/* ---- JSON ---- */

static void write_head(const bl_search *search, bl_buffer *out)
{
    bl_buffer_cstring(out, "{\"proposal\":");
    bl_json_write_text(out, bl_proposal_id(search->trial.engine, search->trial.proposal));
    bl_buffer_format(out, ",\"outcome\":\"%s\"", bl_wanted_word(search->wanted));
}

static void write_need(const bl_search *search, const bl_need *need, bl_buffer *out)
{
    bl_buffer_format(out, "{\"verb\":\"%s\",\"any\":%u,\"of\":", bl_verb_word(need->verb),
                     need->any);
    if (need->is_anyone) bl_buffer_cstring(out, "\"anyone\"");
    if (!need->is_anyone) bl_buffer_char(out, '[');
    for (uint32_t i = 0; i < need->people.count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        bl_json_write_text(out, name_of(search, need->people.actors[i]));
    }
    if (!need->is_anyone) bl_buffer_char(out, ']');
    if (need->from != BL_TIME_MIN) {
        bl_buffer_cstring(out, ",\"from\":\"");
        bl_time_write(out, need->from);
        bl_buffer_char(out, '"');
    }
    bl_buffer_cstring(out, ",\"by\":");
    if (need->by == BL_TIME_MAX) {
        bl_buffer_cstring(out, "null");
    } else {
        bl_buffer_char(out, '"');
        bl_time_write(out, need->by);
        bl_buffer_char(out, '"');
    }
    if (need->has_within) {
        bl_buffer_cstring(out, ",\"within\":\"");
        bl_duration_write(out, need->within);
        bl_buffer_char(out, '"');
    }
    if (need->stage > 0) bl_buffer_format(out, ",\"stage\":%u", need->stage);
    bl_buffer_format(out, ",\"reason_needed\":%s", need->needs_reason ? "true" : "false");
    if (need->before) bl_buffer_format(out, ",\"now\":\"%s\"", ballot_word(need));
    const bl_stage_plan *plan = plan_of(search, need);
    if (plan) {
        bl_buffer_cstring(out, ",\"clause\":\"");
        bl_program_place(search->trial.engine->program, plan->span, out);
        bl_buffer_char(out, '"');
    }
    bl_buffer_char(out, '}');
}

static void write_json_set(const bl_search *search, size_t index, bl_buffer *out)
{
    const bl_needed *set = &search->sets.items[index];
    write_head(search, out);
    bl_buffer_format(out, ",\"set\":%zu,\"acts\":[", index + 1);
    for (uint32_t i = 0; i < set->count; i++) {
        if (i > 0) bl_buffer_char(out, ',');
        write_need(search, &set->needs[i], out);
    }
    bl_buffer_cstring(out, "]}\n");
}

void bl_needs_write_json(bl_search *search, bl_buffer *out)
{
    static const char *const words[] = {"already", "by-itself", "sets", "no"};
    const possible how = possibility(search);
    for (size_t i = 0; how == BY_SETS && i < search->sets.count; i++)
        write_json_set(search, i, out);
    write_head(search, out);
    bl_buffer_format(out, ",\"possible\":\"%s\"", words[how]);
    if (how == BY_ITSELF) {
        bl_buffer_cstring(out, ",\"at\":\"");
        bl_time_write(out, search->comes_at);
        bl_buffer_char(out, '"');
    }
    bl_buffer because, place;
    bl_buffer_init(&because, &search->trial.memory);
    bl_buffer_init(&place, &search->trial.memory);
    write_because(search, &because);
    bl_program_place(search->trial.engine->program, clause_of(search), &place);
    bl_buffer_cstring(out, ",\"because\":");
    bl_json_write_text(out, (bl_text){because.bytes, because.size});
    bl_buffer_cstring(out, ",\"clause\":");
    bl_json_write_text(out, (bl_text){place.bytes, place.size});
    const bool is_all = search->is_complete && !search->has_election;
    bl_buffer_format(out, ",\"complete\":%s}\n",
                     is_all || how == ALREADY || how == BY_ITSELF ? "true" : "false");
    out->failed = out->failed || because.failed || place.failed;
    bl_buffer_free(&because);
    bl_buffer_free(&place);
}
