/*
 * The life of a proposal as lists: what was recorded becomes marks; votes, windows and duties
 * become spans. Nothing is drawn here.
 *
 * What is recorded has times as text and is read back; where the engine knows more than it said
 * (when a vote was abandoned, how long a window was) it is asked. Lanes are numbered in the order
 * they are shown: life, votes, windows, duties, effects, refusals; those without anything are
 * dropped at the end.
 */
#include "timeline.h"

#include <assert.h>
#include <string.h>

typedef struct maker {
    bl_timeline *t;
    bl_engine *engine;
    const bl_proposal *proposal;
    uint32_t record_count;
    uint32_t first_window, duty, effect, refused; /* lanes */
} maker;

static bl_text to_text(bylaw_text text)
{
    return (bl_text){text.bytes, text.size};
}

static bool is_word(bl_text text, const char *word)
{
    return bl_text_equal(text, bl_text_of(word));
}

static bool is_outcome(const bl_timeline_mark *mark, bl_outcome_type type)
{
    return is_word(to_text(mark->outcome.type), bl_outcome_word(type));
}

/* ---- looks ---- */

static const bl_look looks[] = {
    {"approve", "+", BL_SHAPE_DOT, "good"},        {"reject", "−", BL_SHAPE_CROSS, "bad"},
    {"abstain", "○", BL_SHAPE_RING, "quiet"},      {"veto", "▼", BL_SHAPE_DOWN, "bad"},
    {"uphold", "▲", BL_SHAPE_UP, "good"},          {"rank", "■", BL_SHAPE_SQUARE, "now"},
    {"passed", "◆", BL_SHAPE_DIAMOND, "good"},     {"failed", "◆", BL_SHAPE_DIAMOND, "bad"},
    {"unresolved", "◆", BL_SHAPE_DIAMOND, "warn"}, {"accepted", "●", BL_SHAPE_DOT, "good"},
    {"effective", "●", BL_SHAPE_DOT, "good"},      {"elected", "●", BL_SHAPE_DOT, "good"},
    {"overridden", "●", BL_SHAPE_DOT, "good"},     {"rejected", "●", BL_SHAPE_DOT, "bad"},
    {"vetoed", "●", BL_SHAPE_DOT, "bad"},          {"lapsed", "●", BL_SHAPE_DOT, "bad"},
    {"withdrawn", "●", BL_SHAPE_DOT, "warn"},      {"disputed", "●", BL_SHAPE_DOT, "warn"},
    {"escalated", "●", BL_SHAPE_DOT, "warn"},      {"undone", "●", BL_SHAPE_DOT, "warn"},
    {"owed", "○", BL_SHAPE_RING, "warn"},          {"fulfilled", "●", BL_SHAPE_DOT, "good"},
    {"violated", "×", BL_SHAPE_CROSS, "bad"},      {"refused", "×", BL_SHAPE_CROSS, "warn"},
    {"deadline", "╎", BL_SHAPE_RING, "now"},
};

static const bl_look *look_of(bl_text word)
{
    static const bl_look other = {"", "●", BL_SHAPE_DOT, "now"};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (is_word(word, looks[i].word)) return &looks[i];
    return &other;
}

/* ---- lanes ---- */

static const char *vote_word(const bl_stage *stage)
{
    switch (stage->purpose) {
    case BL_PURPOSE_DECISION: return "vote";
    case BL_PURPOSE_RUNG: return "rung vote";
    case BL_PURPOSE_VETO: return "veto vote";
    case BL_PURPOSE_OVERRIDE: return "override vote";
    }
    return "vote";
}

static const bl_stage *stage_at(const maker *m, size_t index)
{
    return m->engine->stages.items[m->proposal->stages.items[index]];
}

static bl_result add_lane(maker *m, bl_lane_sort sort, uint32_t stage, const char *word,
                          uint32_t plan)
{
    bl_timeline_lane *lane = &m->t->lanes[m->t->lane_count++];
    *lane = (bl_timeline_lane){.sort = sort, .stage = stage, .word = word};
    if (plan == BL_NONE) return BL_OK;
    const bl_stage_plan *row = &m->engine->program->plans[plan];
    lane->clause = row->text;
    lane->place = to_text(bl_say_place(m->engine, row->span));
    return m->engine->out_of_memory ? BL_NOMEM : BL_OK;
}

/* The clause of a kind that a window lane is about, vetoes first. */
static uint32_t clause_plan(const maker *m, uint32_t clause)
{
    const bl_kind *kind = bl_kind_of(m->engine, m->proposal);
    return clause < kind->vetoes.count
               ? m->engine->program->vetoes[kind->vetoes.first + clause].plan
               : kind->disputes.first + clause - kind->vetoes.count;
}

static uint32_t clause_count(const maker *m)
{
    const bl_kind *kind = bl_kind_of(m->engine, m->proposal);
    return kind->vetoes.count + kind->disputes.count;
}

static bl_result make_lanes(maker *m)
{
    const size_t count = m->proposal->stages.count + clause_count(m) + 4;
    m->t->lanes = bl_arena_array(&m->engine->scratch, count, sizeof *m->t->lanes);
    if (!m->t->lanes) return bl_no_memory(m->engine);
    bl_result result = add_lane(m, BL_LANE_LIFE, 0, "life", BL_NONE);
    for (size_t i = 0; i < m->proposal->stages.count && result == BL_OK; i++) {
        const bl_stage *stage = stage_at(m, i);
        result = add_lane(m, BL_LANE_VOTE, stage->number, vote_word(stage), stage->plan);
    }
    m->first_window = m->t->lane_count;
    const uint32_t veto_count = bl_kind_of(m->engine, m->proposal)->vetoes.count;
    for (uint32_t i = 0; i < clause_count(m) && result == BL_OK; i++)
        result = add_lane(m, BL_LANE_WINDOW, 0, i < veto_count ? "veto" : "dispute",
                          clause_plan(m, i));
    m->duty = m->t->lane_count;
    if (result == BL_OK) result = add_lane(m, BL_LANE_DUTY, 0, "duties", BL_NONE);
    m->effect = m->t->lane_count;
    if (result == BL_OK) result = add_lane(m, BL_LANE_EFFECT, 0, "effects", BL_NONE);
    m->refused = m->t->lane_count;
    return result == BL_OK ? add_lane(m, BL_LANE_REFUSED, 0, "refused", BL_NONE) : result;
}

/* The lane of a vote by its number in the proposal's life; BL_NONE. Numbers are in order from 1. */
static uint32_t lane_of_stage(const maker *m, uint32_t number)
{
    return number >= 1 && number <= m->proposal->stages.count ? number : BL_NONE;
}

static uint32_t lane_of_mark(const maker *m, const bl_timeline_mark *mark)
{
    static const bl_outcome_type in_votes[] = {BL_OUTCOME_PASSED, BL_OUTCOME_FAILED,
                                               BL_OUTCOME_UNRESOLVED};
    static const bl_outcome_type duties[] = {BL_OUTCOME_OWED, BL_OUTCOME_FULFILLED,
                                             BL_OUTCOME_VIOLATED};
    static const bl_outcome_type effects[] = {
        BL_OUTCOME_GRANTED, BL_OUTCOME_REVOKED, BL_OUTCOME_CREATED,  BL_OUTCOME_REMOVED,
        BL_OUTCOME_CHANGED, BL_OUTCOME_EMITTED, BL_OUTCOME_SCHEDULED};
    if (is_outcome(mark, BL_OUTCOME_REFUSED)) return m->refused;
    bool is_vote = is_outcome(mark, BL_OUTCOME_COUNTED) && mark->look->word[0] != '\0';
    for (size_t i = 0; i < sizeof in_votes / sizeof *in_votes; i++)
        is_vote = is_vote || is_outcome(mark, in_votes[i]);
    const uint32_t vote = lane_of_stage(m, mark->outcome.stage);
    if (is_vote && vote != BL_NONE) return vote;
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++)
        if (is_outcome(mark, duties[i])) return m->duty;
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (is_outcome(mark, effects[i])) return m->effect;
    return 0;
}

/* ---- marks ---- */

static void say_ranking(maker *m, const bl_stage *stage, const bl_ballot *ballot,
                        bylaw_text *ranking)
{
    const size_t mark = m->engine->buffer.size;
    bl_election_say(m->engine, stage, ballot, &m->engine->buffer);
    *ranking = bl_say_built(m->engine, mark);
}

/* Whether a ballot that was counted still is, and whom it ranks: the vote has the latest ballot of
 * each. */
static void look_at_ballot(maker *m, bl_timeline_mark *mark)
{
    if (m->t->lanes[mark->lane].sort != BL_LANE_VOTE || !is_outcome(mark, BL_OUTCOME_COUNTED))
        return;
    const bl_stage *stage = stage_at(m, mark->lane - 1);
    const uint32_t actor = bl_actor_find(m->engine, to_text(mark->outcome.actor));
    const uint32_t at = actor == BL_NONE ? BL_NONE : bl_map_get(&stage->ballot_of, actor);
    if (at == BL_NONE) return;
    const bl_ballot *ballot = &stage->ballots.items[at];
    if (ballot->seq != mark->outcome.seq) {
        mark->spoilt = "replaced";
        return;
    }
    if (ballot->choice == BL_BALLOT_NONE || ballot->choice == 0) mark->spoilt = "discarded";
    if (ballot->mark_count > 0) say_ranking(m, stage, ballot, &mark->ranking);
}

static bl_result make_mark(maker *m, uint32_t record)
{
    bl_timeline_mark *mark = &m->t->marks[m->t->mark_count++];
    *mark = (bl_timeline_mark){.when = BL_MARK_PAST};
    if (!bl_record_read(m->engine, m->proposal, record, &mark->outcome))
        return bl_no_memory(m->engine);
    const char *why;
    if (mark->outcome.time.size == 0 ||
        !bl_time_parse(to_text(mark->outcome.time), &mark->time, &why))
        mark->time = m->proposal->opened;
    mark->word = to_text(is_outcome(mark, BL_OUTCOME_COUNTED) ? mark->outcome.event
                                                              : mark->outcome.type);
    mark->look = look_of(mark->word);
    mark->lane = lane_of_mark(m, mark);
    look_at_ballot(m, mark);
    return m->engine->out_of_memory ? BL_NOMEM : BL_OK;
}

static void add_mark(maker *m, uint32_t lane, bl_mark_when when, bl_time time, const char *word)
{
    bl_timeline_mark mark = {.lane = lane, .when = when, .time = time, .word = bl_text_of(word)};
    mark.look = look_of(mark.word);
    uint32_t at = m->t->mark_count++;
    /* What is to come is kept in order of time, among equals as it was added. */
    for (; when == BL_MARK_TO_COME && at > 0 && m->t->marks[at - 1].when == BL_MARK_TO_COME &&
           m->t->marks[at - 1].time > time;
         at--)
        m->t->marks[at] = m->t->marks[at - 1];
    m->t->marks[at] = mark;
}

static bl_result make_marks(maker *m)
{
    /* Beside records: now; each vote may open and close, each window and duty end; effect, final.
     */
    const size_t most = 2 * (size_t)m->record_count + 2 * m->proposal->stages.count +
                        clause_count(m) + 8;
    m->t->marks = bl_arena_array(&m->engine->scratch, most, sizeof *m->t->marks);
    if (!m->t->marks) return bl_no_memory(m->engine);
    for (uint32_t i = 0; i < m->record_count; i++) {
        const bl_result result = make_mark(m, i);
        if (result != BL_OK) return result;
    }
    add_mark(m, 0, BL_MARK_NOW, m->engine->now, "now");
    return BL_OK;
}

/* ---- spans ---- */

static bl_timeline_span *add_span(maker *m, uint32_t lane, bl_time from, bl_time until)
{
    bl_timeline *t = m->t;
    uint32_t at = t->span_count++;
    for (; at > 0 && t->spans[at - 1].lane == lane && t->spans[at - 1].from > from; at--)
        t->spans[at] = t->spans[at - 1];
    t->spans[at] = (bl_timeline_span){.lane = lane,
                                      .from = from,
                                      .until = until,
                                      .deadline = BL_TIME_MAX,
                                      .state = until == BL_TIME_MAX ? "open" : "over",
                                      .tone = until == BL_TIME_MAX ? "now" : "quiet"};
    return &t->spans[at];
}

/* When a vote that waits for its `after` will open. */
static bl_time opening_of(const maker *m, const bl_stage *stage)
{
    for (size_t i = 0; i < m->engine->agenda.count; i++) {
        const bl_entry *entry = &m->engine->agenda.items[i];
        if (entry->due == BL_DUE_STAGE_OPENS && entry->index == stage->index) return entry->time;
    }
    return stage->opened;
}

static void name_result(const bl_stage *stage, bl_timeline_span *span)
{
    if (stage->state == BL_STAGE_WAITING) {
        span->state = "waiting";
        span->tone = "quiet";
    }
    if (stage->state != BL_STAGE_CLOSED) return;
    switch (stage->result) {
    case BL_RESULT_PASSED:
        span->state = "passed";
        span->tone = "good";
        break;
    case BL_RESULT_FAILED:
        span->state = "failed";
        span->tone = "bad";
        break;
    case BL_RESULT_UNRESOLVED:
        span->state = "unresolved";
        span->tone = "warn";
        break;
    case BL_RESULT_NONE:
        span->state = stage->sums || stage->is_faulty ? "abandoned" : "never opened";
        span->tone = "quiet";
        break;
    }
}

static void make_vote(maker *m, const bl_stage *stage, uint32_t lane)
{
    const bool is_waiting = stage->state == BL_STAGE_WAITING;
    const bl_time from = is_waiting ? opening_of(m, stage) : stage->opened;
    const bl_time until = stage->state == BL_STAGE_CLOSED ? stage->closed : BL_TIME_MAX;
    bl_timeline_span *span = add_span(m, lane, from, until);
    name_result(stage, span);
    span->deadline = stage->deadline;
    const bool is_yes_no = stage->procedure != BL_NONE &&
                           m->engine->program->procedures[stage->procedure].form == BL_FORM_YES_NO;
    span->has_tally = is_yes_no && stage->sums;
    span->is_veto = stage->purpose == BL_PURPOSE_VETO;
    span->approve = stage->counts[1];
    span->reject = stage->counts[2];
    span->abstain = stage->counts[3];
    span->body = stage->body_count;
    span->ballot_count = is_yes_no ? 0 : stage->counts[1];
    if (is_waiting) add_mark(m, lane, BL_MARK_TO_COME, from, "opening");
    if (stage->state == BL_STAGE_OPEN && stage->deadline != BL_TIME_MAX)
        add_mark(m, lane, BL_MARK_TO_COME, stage->deadline, "deadline");
}

/* ---- windows ---- */

static const bl_outcome_type endings[] = {
    BL_OUTCOME_ACCEPTED, BL_OUTCOME_REJECTED, BL_OUTCOME_VETOED,  BL_OUTCOME_WITHDRAWN,
    BL_OUTCOME_LAPSED,   BL_OUTCOME_FINAL,    BL_OUTCOME_DISPUTED};
enum { ENDING_OF_OPEN_COUNT = 5 }; /* the first of them end the time when it is undecided */

/* The first of the marks from `first` on that is one of these outcomes; BL_NONE. */
static uint32_t find_mark(const maker *m, uint32_t first, const bl_outcome_type *types,
                          size_t count)
{
    for (uint32_t i = first; i < m->record_count; i++)
        for (size_t k = 0; k < count; k++)
            if (is_outcome(&m->t->marks[i], types[k])) return i;
    return BL_NONE;
}

static bl_time mark_time(const maker *m, uint32_t mark)
{
    return mark == BL_NONE ? BL_TIME_MAX : m->t->marks[mark].time;
}

static bl_time earlier(bl_time a, bl_time b)
{
    return a < b ? a : b;
}

/* When the vote on a veto was held, after which its clause is of no use any more. */
static bl_time spent_at(const maker *m, uint32_t clause)
{
    if (clause >= bl_kind_of(m->engine, m->proposal)->vetoes.count) return BL_TIME_MAX;
    for (size_t i = 0; i < m->proposal->stages.count; i++) {
        const bl_stage *stage = stage_at(m, i);
        if (stage->purpose == BL_PURPOSE_VETO && stage->veto == clause &&
            stage->state == BL_STAGE_CLOSED && stage->result != BL_RESULT_NONE)
            return stage->closed;
    }
    return BL_TIME_MAX;
}

/* On which rung it was after a mark: each escalation and dispute has opened one vote. */
static uint32_t rung_after(const maker *m, uint32_t mark)
{
    uint32_t climbed = 0, rung = 0;
    for (uint32_t i = 0; i <= mark; i++)
        if (is_outcome(&m->t->marks[i], BL_OUTCOME_ESCALATED) ||
            is_outcome(&m->t->marks[i], BL_OUTCOME_DISPUTED))
            climbed++;
    for (size_t i = 0; i < m->proposal->stages.count && climbed > 0; i++) {
        const bl_stage *stage = stage_at(m, i);
        if (stage->purpose != BL_PURPOSE_RUNG) continue;
        rung = stage->plan - bl_kind_of(m->engine, m->proposal)->rungs.first + 1;
        climbed--;
    }
    return rung;
}

/*
 * Whether a clause was of use on a rung: its `when` holds there, and a dispute has where to go. The
 * rest of the world is as it is now; the rung is put back.
 */
static bool is_of_use(maker *m, uint32_t clause, uint32_t rung)
{
    const bl_kind *kind = bl_kind_of(m->engine, m->proposal);
    const uint32_t chunk = m->engine->program->plans[clause_plan(m, clause)].when_chunk;
    if (clause >= kind->vetoes.count && rung >= kind->rungs.count) return false;
    if (chunk == BL_NONE) return true;
    bl_proposal *own = m->engine->proposals.items[m->proposal->index];
    const bl_context context = bl_proposal_context(own);
    const uint32_t rung_now = own->rung;
    bool holds = false;
    own->rung = rung;
    m->engine->steps = 0;
    const bl_result result = bl_vm_boolean(m->engine, chunk, &context, NULL, 0, &holds);
    own->rung = rung_now;
    return result == BL_OK && holds;
}

/* While it is undecided, from a mark to another (BL_NONE: until now), a veto or dispute may come.
 */
static void make_open_windows(maker *m, uint32_t clause, uint32_t first, uint32_t end)
{
    const bl_time spent = spent_at(m, clause);
    bl_time start = BL_TIME_MAX;
    for (uint32_t i = first; i < m->record_count && i < end; i++) {
        const bl_timeline_mark *mark = &m->t->marks[i];
        if (i > first && !is_outcome(mark, BL_OUTCOME_ESCALATED) &&
            !is_outcome(mark, BL_OUTCOME_DISPUTED))
            continue;
        const bool may_come = mark->time < spent && is_of_use(m, clause, rung_after(m, i));
        if (may_come && start == BL_TIME_MAX) start = mark->time;
        if (may_come || start == BL_TIME_MAX) continue;
        add_span(m, m->first_window + clause, start, earlier(mark->time, spent));
        start = BL_TIME_MAX;
    }
    if (start != BL_TIME_MAX)
        add_span(m, m->first_window + clause, start, earlier(mark_time(m, end), spent));
}

static void make_all_open_windows(maker *m, uint32_t clause)
{
    static const bl_outcome_type opening[] = {BL_OUTCOME_OPENED, BL_OUTCOME_DISPUTED};
    for (uint32_t at = find_mark(m, 0, opening, 2); at != BL_NONE;) {
        const uint32_t end = find_mark(m, at + 1, endings, ENDING_OF_OPEN_COUNT);
        make_open_windows(m, clause, at, end);
        at = end == BL_NONE ? BL_NONE : find_mark(m, end + 1, opening + 1, 1);
    }
}

/* After a decision it may for the time the clause gives. */
static void make_window(maker *m, uint32_t clause, const bl_window *window)
{
    const uint32_t cut = find_mark(m, window->record_count, endings,
                                   sizeof endings / sizeof *endings);
    const bl_time now = m->engine->now;
    bl_time until = earlier(mark_time(m, cut), spent_at(m, clause));
    if (until < window->from) until = window->from;
    const bool is_over = now > window->end || (now == window->end && !window->is_through);
    if (until > window->end && is_over) until = window->end;
    bl_timeline_span *span = add_span(m, m->first_window + clause, window->from, until);
    span->deadline = window->end;
    if (until == BL_TIME_MAX && window->end != BL_TIME_MAX)
        add_mark(m, m->first_window + clause, BL_MARK_TO_COME, window->end, "deadline");
}

static void make_windows(maker *m)
{
    for (uint32_t i = 0; i < clause_count(m); i++) {
        make_all_open_windows(m, i);
        for (const bl_window *w = m->proposal->windows; w; w = w->next)
            if (w->plan == clause_plan(m, i)) make_window(m, i, w);
    }
}

/* ---- duties ---- */

/* The mark that ended what `owed` says is owed: fulfilled, or violated when it was due. */
static uint32_t end_of_duty(const maker *m, uint32_t owed, bl_time due)
{
    const bl_text clause = to_text(m->t->marks[owed].outcome.clause);
    for (uint32_t i = owed + 1; i < m->record_count; i++) {
        const bl_timeline_mark *mark = &m->t->marks[i];
        if (!bl_text_equal(to_text(mark->outcome.clause), clause)) continue;
        if (is_outcome(mark, BL_OUTCOME_OWED) || is_outcome(mark, BL_OUTCOME_FULFILLED)) return i;
        if (is_outcome(mark, BL_OUTCOME_VIOLATED) && mark->time == due) return i;
    }
    return BL_NONE;
}

static void make_duty(maker *m, uint32_t owed)
{
    bl_time due;
    const char *why;
    if (!bl_time_parse(to_text(m->t->marks[owed].outcome.due), &due, &why)) return;
    const uint32_t end = end_of_duty(m, owed, due);
    const bl_time now = m->engine->now;
    bl_timeline_span *span = add_span(m, m->duty, m->t->marks[owed].time, mark_time(m, end));
    span->deadline = due;
    if (end == BL_NONE) {
        const bool is_owed = now < due && m->proposal->owes_reasons;
        span->state = is_owed ? "owed" : "dropped";
        span->tone = is_owed ? "warn" : "quiet";
        if (is_owed)
            add_mark(m, m->duty, BL_MARK_TO_COME, due, "deadline");
        else
            span->until = earlier(due, now);
        return;
    }
    const bool is_fulfilled = is_outcome(&m->t->marks[end], BL_OUTCOME_FULFILLED);
    const bool is_violated = is_outcome(&m->t->marks[end], BL_OUTCOME_VIOLATED);
    span->state = is_fulfilled ? "fulfilled" : is_violated ? "violated" : "dropped";
    span->tone = is_fulfilled ? "good" : is_violated ? "bad" : "quiet";
}

/* ---- what is to come ---- */

static void make_effect_to_come(maker *m)
{
    const bl_proposal *p = m->proposal;
    for (size_t i = 0; i < m->engine->agenda.count; i++) {
        const bl_entry *entry = &m->engine->agenda.items[i];
        if (entry->due == BL_DUE_EFFECT && entry->index == p->index &&
            entry->generation == p->decision && p->status == BL_STATUS_ACCEPTED && !p->has_run) {
            add_mark(m, 0, BL_MARK_TO_COME, entry->time, "effective");
            return;
        }
    }
}

static void make_final_to_come(maker *m)
{
    const bl_proposal *p = m->proposal;
    const bool is_decided = p->status == BL_STATUS_ACCEPTED || p->status == BL_STATUS_REJECTED;
    if (is_decided && !p->is_final && p->final_at != BL_TIME_MAX && p->final_at >= m->engine->now)
        add_mark(m, 0, BL_MARK_TO_COME, p->final_at, "final");
}

static bl_result make_spans(maker *m)
{
    size_t most = m->proposal->stages.count + m->record_count +
                  (size_t)clause_count(m) * (m->record_count + 1);
    for (const bl_window *w = m->proposal->windows; w; w = w->next)
        most += clause_count(m);
    m->t->spans = bl_arena_array(&m->engine->scratch, most + 1, sizeof *m->t->spans);
    if (!m->t->spans) return bl_no_memory(m->engine);
    for (size_t i = 0; i < m->proposal->stages.count; i++)
        make_vote(m, stage_at(m, i), (uint32_t)i + 1);
    make_windows(m);
    for (uint32_t i = 0; i < m->record_count; i++)
        if (is_outcome(&m->t->marks[i], BL_OUTCOME_OWED)) make_duty(m, i);
    make_effect_to_come(m);
    make_final_to_come(m);
    return BL_OK;
}

/* ---- all of it ---- */

/* Lanes with nothing in them go; the line of life stays. */
static bl_result drop_lanes(maker *m)
{
    bl_timeline *t = m->t;
    uint32_t *number = bl_arena_array(&m->engine->scratch, t->lane_count, sizeof *number);
    if (!number) return bl_no_memory(m->engine);
    number[0] = 1;
    for (uint32_t i = 0; i < t->span_count; i++)
        number[t->spans[i].lane] = 1;
    for (uint32_t i = 0; i < t->mark_count; i++)
        number[t->marks[i].lane] = 1;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->lane_count; i++) {
        if (number[i] == 0) continue;
        number[i] = kept;
        t->lanes[kept++] = t->lanes[i];
    }
    t->lane_count = kept;
    for (uint32_t i = 0; i < t->span_count; i++)
        t->spans[i].lane = number[t->spans[i].lane];
    for (uint32_t i = t->mark_count; i-- > 0;) {
        t->marks[i].lane = number[t->marks[i].lane];
        t->lanes[t->marks[i].lane].first_mark = i;
    }
    return BL_OK;
}

static void widen(bl_timeline *t, bl_time time)
{
    if (time != BL_TIME_MAX && time > t->until) t->until = time;
}

/* From the opening to the last that happened or will; to now, where something goes on. */
static void find_range(bl_timeline *t)
{
    t->from = t->until = t->proposal->opened;
    bool goes_on = !t->proposal->is_final;
    for (uint32_t i = 0; i < t->span_count; i++) {
        widen(t, t->spans[i].until);
        goes_on = goes_on || t->spans[i].until == BL_TIME_MAX;
    }
    for (uint32_t i = 0; i < t->mark_count; i++)
        if (t->marks[i].when != BL_MARK_NOW || goes_on) widen(t, t->marks[i].time);
}

static bl_result make_timeline(bl_engine *engine, const bl_proposal *proposal, bl_timeline *out)
{
    *out = (bl_timeline){.engine = engine, .proposal = proposal};
    maker m = {.t = out,
               .engine = engine,
               .proposal = proposal,
               .record_count = bl_record_count(proposal)};
    bl_result result = make_lanes(&m);
    if (result == BL_OK) result = make_marks(&m);
    if (result == BL_OK) result = make_spans(&m);
    if (result == BL_OK) result = drop_lanes(&m);
    if (result == BL_OK) find_range(out);
    return result;
}

bylaw_status bylaw_engine_timeline(bylaw_engine *engine, const bylaw_question *question,
                                   bylaw_writer out)
{
    assert(engine && question && out.write);
    if (engine->out_of_memory) return BYLAW_NOMEM;
    const bl_proposal *proposal;
    const bylaw_status status = bl_question_proposal(engine, question, out, &proposal);
    if (status != BYLAW_OK) return status;
    bl_timeline timeline;
    bl_buffer text;
    bl_arena_reset(&engine->scratch);
    bl_buffer_init(&text, &engine->memory);
    bl_result result = make_timeline(engine, proposal, &timeline);
    if (result == BL_OK) switch (question->format) {
        case BYLAW_JSON: bl_timeline_write_json(&timeline, &text); break;
        case BYLAW_SVG: result = bl_timeline_write_svg(&timeline, 960, true, &text); break;
        case BYLAW_HTML: result = bl_timeline_write_html(&timeline, &text); break;
        case BYLAW_TEXT:
        case BYLAW_MARKDOWN:
        case BYLAW_DOT: result = bl_timeline_write_text(&timeline, question->color, &text); break;
        }
    if (result != BL_OK || engine->out_of_memory) text.failed = true;
    return bl_question_answer(engine, &text, out);
}
