/*
 * Ballots as they are told: who cast them, what they say, and by what right.
 *
 * Ballots of a closed stage stay as closing froze them, so that they need no record.
 */
#include "explain.h"

static bool is_void(const bl_ballot *ballot)
{
    return ballot->choice == 0 || ballot->choice == BL_BALLOT_NONE;
}

/* "approve", "veto", "ranked" … */
static const char *choice_word(const bl_engine *engine, const bl_stage *stage,
                               const bl_ballot *ballot)
{
    if (bl_stage_is_election(engine, stage)) {
        const bl_ballot_form form = engine->program->procedures[stage->procedure].form;
        return form == BL_FORM_RANKING ? "ranked" : form == BL_FORM_CHOICE ? "chose" : "scored";
    }
    const bool is_veto = stage->purpose == BL_PURPOSE_VETO;
    if (ballot->choice == BL_BALLOT_APPROVE) return is_veto ? "veto" : "approve";
    if (ballot->choice == BL_BALLOT_REJECT) return is_veto ? "uphold" : "reject";
    return "abstain";
}

/*
 * The holding that gave the caster its ballot, where it is simple: of a role the body names,
 * without scope or where the proposal is, and held still.
 */
static const bl_holding *holding_of(const bl_engine *engine, const bl_stage *stage, uint32_t actor)
{
    const bl_program *program = engine->program;
    const bl_range roles = program->bodies[program->plans[stage->plan].body].roles;
    const uint32_t instance = engine->proposals.items[stage->proposal]->instance;
    for (uint32_t i = 0; i < roles.count; i++) {
        const uint32_t role = program->indexes[roles.first + i];
        const bool has_scope = program->roles[role].scope != BL_NONE;
        const bl_holding *found = bl_holding_find(engine, role, has_scope ? instance : BL_NONE,
                                                  actor);
        if (found && found->is_held) return found;
    }
    return NULL;
}

static bl_text role_name(const bl_engine *engine, uint32_t role)
{
    return bl_names_text(engine->program->names, engine->program->roles[role].name);
}

/* ---- all roles, with their sources ---- */

/* The proposal whose decision gave something, where that decision is still in force. */
static const bl_proposal *decided_by(const bl_engine *engine, uint32_t decision)
{
    for (size_t i = 0; decision > 0 && i < engine->proposals.count; i++)
        if (engine->proposals.items[i]->decision == decision) return engine->proposals.items[i];
    return NULL;
}

static bool counts_for(const bl_engine *engine, const bl_stage *stage, const bl_holding *holding)
{
    const bl_program *program = engine->program;
    const bl_range roles = program->bodies[program->plans[stage->plan].body].roles;
    if (!holding->is_held) return false;
    for (uint32_t i = 0; i < roles.count; i++)
        if (program->indexes[roles.first + i] == holding->role) return true;
    return false;
}

static bool is_here(const bl_engine *engine, const bl_stage *stage, const bl_holding *holding)
{
    return holding->instance == BL_NONE ||
           holding->instance == engine->proposals.items[stage->proposal]->instance;
}

/*
 * Runs over what the actor holds of the roles that the body names: those without scope and those
 * where the proposal is, and only of somebody who has none of them, those elsewhere. *at from 0.
 * NULL: no more.
 */
static const bl_holding *next_holding(const bl_engine *engine, const bl_stage *stage,
                                      uint32_t actor, bool here, size_t *at)
{
    while (*at < engine->holdings.count) {
        const bl_holding *holding = &engine->holdings.items[(*at)++];
        if (holding->actor == actor && counts_for(engine, stage, holding) &&
            is_here(engine, stage, holding) == here)
            return holding;
    }
    return NULL;
}

static bool holds_here(const bl_engine *engine, const bl_stage *stage, uint32_t actor)
{
    size_t at = 0;
    return next_holding(engine, stage, actor, true, &at) != NULL;
}

static void tell_source(const bl_teller *t, const bl_holding *holding)
{
    bl_buffer *out = t->out;
    bl_tell_indent(t, 1);
    bl_buffer_text(out, role_name(t->engine, holding->role));
    if (holding->instance != BL_NONE) {
        bl_buffer_cstring(out, " of ");
        bl_outcome_show(out, bl_instance_id(t->engine, holding->instance));
    }
    if (holding->since_seq == 0)
        bl_buffer_cstring(out, " since the founding");
    else
        bl_buffer_format(out, " since event %llu", (unsigned long long)holding->since_seq);
    for (const bl_support *s = holding->supports; s; s = s->next) {
        const bl_proposal *by = decided_by(t->engine, s->decision);
        if (!by) continue;
        bl_buffer_cstring(out, ", by the decision on ");
        bl_outcome_show(out, bl_proposal_id(t->engine, by));
    }
    bl_buffer_char(out, '\n');
}

static void tell_sources(const bl_teller *t, const bl_stage *stage, uint32_t actor)
{
    size_t at = 0;
    const bool here = holds_here(t->engine, stage, actor);
    const bl_holding *holding;
    while ((holding = next_holding(t->engine, stage, actor, here, &at)))
        tell_source(t, holding);
}

static void write_source(const bl_teller *t, const bl_holding *holding)
{
    bl_buffer *out = t->out;
    bl_buffer_cstring(out, "{\"role\":");
    bl_json_write_text(out, role_name(t->engine, holding->role));
    if (holding->instance != BL_NONE) {
        bl_buffer_cstring(out, ",\"on\":");
        bl_json_write_text(out, bl_instance_id(t->engine, holding->instance));
    }
    if (holding->since_seq > 0)
        bl_buffer_format(out, ",\"since\":%llu", (unsigned long long)holding->since_seq);
    const char *before = ",\"by\":[";
    for (const bl_support *s = holding->supports; s; s = s->next) {
        const bl_proposal *by = decided_by(t->engine, s->decision);
        if (!by) continue;
        bl_buffer_cstring(out, before);
        bl_json_write_text(out, bl_proposal_id(t->engine, by));
        before = ",";
    }
    bl_buffer_cstring(out, before[1] == '\0' ? "]}" : "}");
}

static void write_sources(const bl_teller *t, const bl_stage *stage, uint32_t actor)
{
    size_t at = 0;
    const bool here = holds_here(t->engine, stage, actor);
    const bl_holding *holding;
    const char *before = ",\"roles\":[";
    while ((holding = next_holding(t->engine, stage, actor, here, &at))) {
        bl_buffer_cstring(t->out, before);
        write_source(t, holding);
        before = ",";
    }
    if (before[1] == '\0') bl_buffer_char(t->out, ']');
}

/* ---- one ballot ---- */

static void tell_since(const bl_teller *t, const bl_holding *holding)
{
    const bl_text role = role_name(t->engine, holding->role);
    bl_buffer_cstring(t->out, t->color ? "  \033[2m" : "  ");
    if (holding->since_seq == 0)
        bl_buffer_format(t->out, "%.*s since the founding", BL_SAID(role));
    else
        bl_buffer_format(t->out, "%.*s since event %llu", BL_SAID(role),
                         (unsigned long long)holding->since_seq);
    bl_buffer_cstring(t->out, t->color ? "\033[0m" : "");
}

/* `@chi on 2024-03-04: veto, "breaks callers"    core_maintainer since event 3` */
static void tell_ballot(const bl_teller *t, const bl_stage *stage, const bl_ballot *ballot)
{
    bl_tell_indent(t, 0);
    bl_buffer_char(t->out, '@');
    bl_outcome_show(t->out, t->engine->actors.items[ballot->actor].shown);
    if (ballot->time != BL_TIME_MIN) {
        bl_buffer_cstring(t->out, " on ");
        bl_date_write(t->out, ballot->time);
    }
    bl_buffer_format(t->out, ": %s", choice_word(t->engine, stage, ballot));
    if (ballot->mark_count > 0) {
        bl_buffer_char(t->out, ' ');
        bl_election_say(t->engine, stage, ballot, t->out);
    }
    if (ballot->reason.size > 0) {
        bl_buffer_cstring(t->out, ", \"");
        bl_outcome_show(t->out, ballot->reason);
        bl_buffer_char(t->out, '"');
    }
    const bl_holding *holding = t->is_everything ? NULL
                                                 : holding_of(t->engine, stage, ballot->actor);
    if (holding) tell_since(t, holding);
    if (t->is_everything) bl_buffer_format(t->out, ", event %llu", (unsigned long long)ballot->seq);
    bl_buffer_char(t->out, '\n');
    if (t->is_everything) tell_sources(t, stage, ballot->actor);
}

static void put_json_text(bl_buffer *out, const char *key, bl_text text)
{
    if (text.size == 0) return;
    bl_buffer_format(out, ",\"%s\":", key);
    bl_json_write_text(out, text);
}

static void put_json_time(bl_buffer *out, bl_time time)
{
    if (time == BL_TIME_MIN) return;
    bl_buffer_cstring(out, ",\"time\":\"");
    bl_time_write(out, time);
    bl_buffer_char(out, '"');
}

static const char *verb_of(const bl_engine *engine, const bl_stage *stage, const bl_ballot *ballot)
{
    if (!bl_stage_is_election(engine, stage)) return choice_word(engine, stage, ballot);
    return bl_verb_word(bl_election_verb(engine->program->procedures[stage->procedure].form));
}

static void write_ballot(const bl_teller *t, const bl_stage *stage, const bl_ballot *ballot)
{
    bl_buffer_format(t->out, "{\"seq\":%llu", (unsigned long long)ballot->seq);
    put_json_time(t->out, ballot->time);
    bl_buffer_cstring(t->out, ",\"type\":\"ballot\"");
    put_json_text(t->out, "proposal", bl_proposal_id(t->engine, t->proposal));
    bl_buffer_format(t->out, ",\"stage\":%u", stage->number);
    put_json_text(t->out, "actor", t->engine->actors.items[ballot->actor].shown);
    const bl_holding *holding = holding_of(t->engine, stage, ballot->actor);
    if (holding) {
        put_json_text(t->out, "role", role_name(t->engine, holding->role));
        if (holding->since_seq > 0)
            bl_buffer_format(t->out, ",\"since\":%llu", (unsigned long long)holding->since_seq);
    }
    put_json_text(t->out, "choice", bl_text_of(verb_of(t->engine, stage, ballot)));
    if (ballot->mark_count > 0) {
        bl_buffer_char(t->out, ',');
        bl_election_write(t->engine, stage, ballot, t->out);
    }
    put_json_text(t->out, "reason", ballot->reason);
    if (t->is_everything) write_sources(t, stage, ballot->actor);
    bl_buffer_cstring(t->out, "}\n");
}

void bl_tell_ballots(const bl_teller *t, const bl_stage *stage)
{
    for (size_t i = 0; i < stage->ballots.count; i++)
        if (!is_void(&stage->ballots.items[i])) tell_ballot(t, stage, &stage->ballots.items[i]);
}

void bl_write_ballots(const bl_teller *t, const bl_stage *stage)
{
    for (size_t i = 0; i < stage->ballots.count; i++)
        if (!is_void(&stage->ballots.items[i])) write_ballot(t, stage, &stage->ballots.items[i]);
}

/* ---- how many ---- */

static void put_many(bl_buffer *out, uint32_t count, const char *did)
{
    if (count == 0)
        bl_buffer_format(out, ", none %s", did);
    else
        bl_buffer_format(out, ", %u %s", count, did);
}

/* What the first number of the sentence is about: approvals where there are any. */
static unsigned leading_choice(const bl_stage *stage)
{
    for (unsigned choice = 1; choice < 4; choice++)
        if (stage->counts[choice] > 0) return choice;
    return 0;
}

static bool is_open(const bl_stage *stage)
{
    return stage->state != BL_STAGE_CLOSED;
}

void bl_tell_count(const bl_teller *t, const bl_stage *stage)
{
    static const char *const decision[] = {"voted", "approved it", "rejected it", "abstained"};
    static const char *const veto[] = {"voted", "vetoed it", "upheld it", "abstained"};
    static const char *const override[] = {"voted", "voted to override it", "voted against that",
                                           "abstained"};
    static const char *const election[] = {"voted", "voted", "voted", "abstained"};
    const bool is_election = bl_stage_is_election(t->engine, stage);
    const char *const *did = is_election                             ? election
                             : stage->purpose == BL_PURPOSE_VETO     ? veto
                             : stage->purpose == BL_PURPOSE_OVERRIDE ? override
                                                                     : decision;
    const bl_program *program = t->engine->program;
    const bl_text body = program->bodies[program->plans[stage->plan].body].text;
    const unsigned lead = leading_choice(stage);
    bl_buffer *out = t->out;
    if (stage->body_count == 0)
        bl_buffer_format(out, "nobody is in `%.*s`", BL_SAID(body));
    else if (stage->body_count == 1)
        bl_buffer_format(out, "the one in `%.*s` %s", BL_SAID(body),
                         lead             ? did[lead]
                         : is_open(stage) ? "has not voted yet"
                                          : "did not vote");
    else if (lead == 0)
        bl_buffer_format(out, "none of the %u in `%.*s` %s", stage->body_count, BL_SAID(body),
                         is_open(stage) ? "has voted yet" : "voted");
    else
        bl_buffer_format(out, "%u of the %u in `%.*s` %s", stage->counts[lead], stage->body_count,
                         BL_SAID(body), did[lead]);
    if (stage->body_count <= 1 || lead == 0 || is_election) return;
    if (lead == 1) put_many(out, stage->counts[2], did[2]);
    if (lead == 2) put_many(out, 0, did[1]);
    if (lead < 3 && stage->counts[3] > 0) put_many(out, stage->counts[3], did[3]);
}
