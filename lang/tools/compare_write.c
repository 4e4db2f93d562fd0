/*
 * Telling what differs between two policies: sentences for people, lines of JSON for programs.
 *
 * Acts are written as they come, proposals and the summary at the end.
 */
#include "compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const policy_words[] = {"old", "new"};

static const char *const aspect_words[] = {
    [ASPECT_RAISED] = "raised",  [ASPECT_ENDING] = "ending",   [ASPECT_WINNER] = "winner",
    [ASPECT_FORCE] = "in_force", [ASPECT_EFFECTS] = "effects", [ASPECT_FINAL] = "final",
    [ASPECT_DUTIES] = "duties",  [ASPECT_ACTS] = "acts"};

/* ---- putting ---- */

__attribute__((format(printf, 2, 3))) static void put(compare_writer *w, const char *format, ...)
{
    char text[512]; /* our own words, numbers, and words of policies and times, which are short */
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size > 0)
        output_write(w->output, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

/* Bytes at `at` that must not reach a terminal: controls, marks that turn the direction of writing;
 * 0 where there are none. */
static size_t hidden_size(const unsigned char *at, size_t left)
{
    if (at[0] < 0x20 || at[0] == 0x7F) return 1;
    if (left >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0) return 2;
    if (left < 3 || at[0] != 0xE2) return 0;
    const bool is_mark = at[1] == 0x80 &&
                         (at[2] == 0x8E || at[2] == 0x8F || (at[2] >= 0xAA && at[2] <= 0xAE));
    const bool is_isolate = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;
    return is_mark || is_isolate ? 3 : 0;
}

/* Text that people wrote. */
static void show(compare_writer *w, const kept_text *text)
{
    const unsigned char *bytes = (const unsigned char *)text->bytes;
    for (size_t at = 0, start = 0; at <= text->size; at++) {
        const size_t hidden = at < text->size ? hidden_size(bytes + at, text->size - at) : 1;
        if (hidden == 0) continue;
        output_write(w->output, text->bytes ? text->bytes + start : "", at - start);
        if (at == text->size) break;
        output_text(w->output, bytes[at] == '\n' || bytes[at] == '\t' ? " " : "\xEF\xBF\xBD");
        at += hidden - 1;
        start = at + 1;
    }
}

static void put_place(compare_writer *w, const kept_text *clause)
{
    if (clause->size == 0) return;
    put(w, "  [");
    show(w, clause);
    put(w, "]");
}

static void put_bold(compare_writer *w, const kept_text *text)
{
    if (w->color) put(w, "\x1b[1m");
    show(w, text);
    if (w->color) put(w, "\x1b[0m");
}

/* ---- acts, in words ---- */

static void put_event_number(compare_writer *w, uint64_t seq)
{
    if (seq == 0)
        put(w, "in the roster");
    else
        put(w, "event %" PRIu64, seq);
}

/* "veto by @ana (event 7) is refused under the new policy only: why  [clause]" */
static void put_act(compare_writer *w, const pending_outcome *refused, compare_policy refuser)
{
    show(w, &refused->event);
    if (refused->event.size == 0) put(w, "an effect");
    if (refused->actor.size > 0) {
        put(w, " by @");
        show(w, &refused->actor);
    }
    put(w, " (");
    put_event_number(w, refused->seq);
    put(w, ") is refused under the %s policy only: ", policy_words[refuser]);
    show(w, &refused->because);
    put_place(w, &refused->clause);
}

static void put_heading(compare_writer *w)
{
    if (!w->has_acts) put(w, "Outside of proposals:\n");
    w->has_acts = true;
}

/* An act in a proposal waits there; what stands alone is told at once. */
static void text_act(compare_writer *w, const pending_outcome *refused, compare_policy refuser)
{
    compared_proposal *p = compare_find(w->comparison, refused->proposal.bytes,
                                        refused->proposal.size);
    if (!p) {
        put_heading(w);
        put(w, "  ");
        put_act(w, refused, refuser);
        put(w, "\n");
        return;
    }
    tool_output line; /* the same words, into a text to keep */
    output_init(&line, -1);
    compare_writer into = *w;
    into.output = &line;
    put_act(&into, refused, refuser);
    compare_note_act(w->comparison, &p->sides[refuser].acts, line.bytes, line.size);
}

/* ---- acts, as JSON ---- */

static void put_json(compare_writer *w, const char *key, const kept_text *text)
{
    if (text->size == 0) return;
    put(w, ",\"%s\":", key);
    output_json_text(w->output, (bylaw_text){text->bytes, text->size});
}

static void put_json_time(compare_writer *w, uint64_t seq, const char *time)
{
    if (seq > 0) put(w, ",\"seq\":%" PRIu64, seq);
    if (time[0]) put(w, ",\"time\":\"%s\"", time);
}

static void json_refusal(compare_writer *w, const pending_outcome *refused)
{
    put(w, "{\"allowed\":false");
    put_json(w, "because", &refused->because);
    put_json(w, "clause", &refused->clause);
    put(w, "}");
}

static void json_act_head(compare_writer *w, const char *type, const pending_outcome *act)
{
    put(w, "{\"type\":\"%s\"", type);
    put_json_time(w, act->seq, act->time);
    put_json(w, "event", &act->event);
    put_json(w, "actor", &act->actor);
    put_json(w, "proposal", &act->proposal);
}

static void json_act(compare_writer *w, const pending_outcome *refused, compare_policy refuser,
                     const pending_outcome *answer)
{
    json_act_head(w, "act", refused);
    for (int side = OLD; side < SIDE_COUNT; side++) {
        put(w, ",\"%s\":", policy_words[side]);
        if (side == (int)refuser) {
            json_refusal(w, refused);
            continue;
        }
        put(w, "{\"allowed\":true");
        if (answer) put(w, ",\"outcome\":\"%s\"", answer->word);
        if (answer) put_json(w, "because", &answer->because);
        if (answer) put_json(w, "clause", &answer->clause);
        put(w, "}");
    }
    put(w, "}\n");
}

/* ---- what the comparison calls ---- */

static void on_act(comparison *c, const pending_outcome *refused, compare_policy refuser,
                   const pending_outcome *answer)
{
    compare_writer *w = c->context;
    if (w->is_json)
        json_act(w, refused, refuser, answer);
    else
        text_act(w, refused, refuser);
}

static void on_reason(comparison *c, const pending_outcome *old, const pending_outcome *new)
{
    compare_writer *w = c->context;
    if (w->is_json) {
        json_act_head(w, "reason", old);
        put(w, ",\"old\":");
        json_refusal(w, old);
        put(w, ",\"new\":");
        json_refusal(w, new);
        put(w, "}\n");
        return;
    }
    put_event_number(w, old->seq);
    put(w, ": ");
    show(w, &old->event);
    put(w, " is refused under both policies, for other reasons:\n    old: ");
    show(w, &old->because);
    put_place(w, &old->clause);
    put(w, "\n    new: ");
    show(w, &new->because);
    put_place(w, &new->clause);
    put(w, "\n");
}

static void on_world(comparison *c, const pending_outcome *effect, compare_policy only)
{
    compare_writer *w = c->context;
    if (w->is_json) {
        put(w, "{\"type\":\"effect\"");
        put_json_time(w, effect->seq, effect->time);
        put_json(w, "effect", &effect->sentence);
        put(w, ",\"only\":\"%s\"", policy_words[only]);
        put_json(w, "because", &effect->because);
        put_json(w, "clause", &effect->clause);
        put(w, "}\n");
        return;
    }
    put_heading(w);
    put(w, "  ");
    put_event_number(w, effect->seq);
    put(w, ", under the %s policy only: ", policy_words[only]);
    show(w, &effect->sentence);
    put_place(w, &effect->clause);
    put(w, "\n");
}

static void on_malformed(comparison *c, const pending_outcome *line)
{
    compare_writer *w = c->context;
    if (w->is_json) {
        put(w, "{\"type\":\"malformed\",\"seq\":%" PRIu64, line->seq);
        put_json(w, "because", &line->because);
        put(w, ",\"line\":%u,\"column\":%u}\n", line->line, line->column);
        return;
    }
    put(w, "%.300s:%u:%u: this line is no event: ", w->file, line->line, line->column);
    show(w, &line->because);
    put(w, "\n");
}

/* ---- a proposal in words ---- */

static void put_date(compare_writer *w, const told *of)
{
    put(w, " on %.10s", of->time);
}

/* "still open, disputed to `core_maintainer`" */
static void put_open(compare_writer *w, const told *standing)
{
    put(w, "still open");
    const bool is_moved = strcmp(standing->word, "disputed") == 0 ||
                          strcmp(standing->word, "escalated") == 0;
    if (!is_moved) return;
    put(w, ", %s", standing->word);
    if (standing->to.size == 0) return;
    put(w, " to `");
    show(w, &standing->to);
    put(w, "`");
}

/* "accepted on 2024-03-04", "never raised (refused on 2024-03-01)" */
static void put_standing(compare_writer *w, const proposal_side *side)
{
    if (side->raised_state == RAISED_NOT) {
        put(w, "never opened");
    } else if (side->raised_state == RAISED_REFUSED) {
        put(w, "never raised (refused");
        put_date(w, &side->raised);
        put(w, ")");
    } else if (compare_is_open(&side->standing)) {
        put_open(w, &side->standing);
    } else {
        put(w, "%s", side->standing.word);
        put_date(w, &side->standing);
    }
}

static void put_winner(compare_writer *w, const proposal_side *side)
{
    for (size_t i = 0; i < side->winner_count; i++) {
        put(w, i == 0 ? ", electing " : ", ");
        if (!side->is_winner_option) put(w, "@");
        show(w, &side->winners[i]);
    }
}

static bool is_same_day(const proposal_side *old, const proposal_side *new)
{
    return memcmp(old->standing.time, new->standing.time, 10) == 0;
}

/* "rename (change on nn): accepted under the old policy on …, still open under the new one." */
static void put_headline(compare_writer *w, const compared_proposal *p, unsigned aspects)
{
    const proposal_side *old = &p->sides[OLD], *new = &p->sides[NEW];
    put_bold(w, &p->id);
    put(w, " (");
    show(w, &w->comparison->kinds[p->kind].name);
    if (p->on.size > 0) put(w, " on ");
    show(w, &p->on);
    put(w, "): ");
    if (!(aspects & (HAS(ASPECT_ENDING) | HAS(ASPECT_WINNER)))) {
        put_standing(w, old);
        put(w, " under both policies");
        if (old->raised_state == RAISED_OPENED && !compare_is_open(&old->standing) &&
            !is_same_day(old, new))
            put(w, " (under the new one on %.10s)", new->standing.time);
        put(w, "\n");
        return;
    }
    put_standing(w, old);
    put_winner(w, old);
    put(w, " under the old policy; ");
    put_standing(w, new);
    put_winner(w, new);
    put(w, " under the new one\n");
}

/* The outcome that says why it stands where it stands. */
static const told *reason_of(const proposal_side *side)
{
    return side->raised_state == RAISED_OPENED ? &side->standing : &side->raised;
}

static void put_reason(compare_writer *w, const compared_proposal *p, compare_policy policy)
{
    const proposal_side *side = &p->sides[policy];
    const told *reason = reason_of(side);
    put(w, "    %s", policy_words[policy]);
    if (side->raised_state == RAISED_NOT) {
        put(w, ": nobody raised it, and no effect opened it\n");
        return;
    }
    if (side->raised_state == RAISED_REFUSED && reason->seq > 0)
        put(w, ", event %" PRIu64, reason->seq);
    put(w, ": ");
    if (reason->because.size > 0)
        show(w, &reason->because);
    else
        put(w, "%s on %.10s", reason->word, reason->time);
    if (side->raised_state == RAISED_OPENED && compare_is_open(&side->standing) && side->tally[0])
        put(w, "; so far %s", side->tally);
    put_place(w, &reason->clause);
    put(w, "\n");
}

static bool has_effect(const proposal_side *side, const kept_text *effect)
{
    for (size_t i = 0; i < side->effect_count; i++)
        if (compare_same_text(&side->effects[i], effect)) return true;
    return false;
}

static void put_effects(compare_writer *w, const compared_proposal *p, compare_policy policy)
{
    const proposal_side *side = &p->sides[policy], *other = &p->sides[1 - policy];
    for (size_t i = 0; i < side->effect_count; i++) {
        if (has_effect(other, &side->effects[i])) continue;
        put(w, "    under the %s policy only: ", policy_words[policy]);
        show(w, &side->effects[i]);
        put(w, "\n");
    }
}

static void put_flag(compare_writer *w, const char *words, bool under_old)
{
    put(w, "    %s under the %s policy only\n", words, policy_words[under_old ? OLD : NEW]);
}

static void put_duties(compare_writer *w, const compared_proposal *p)
{
    for (int side = OLD; side < SIDE_COUNT; side++) {
        const proposal_side *of = &p->sides[side];
        put(w, "    duties under the %s policy: %u owed, %u fulfilled, %u violated",
            policy_words[side], of->owed_count, of->fulfilled_count, of->violated_count);
        if (of->violated_count > 0) {
            put(w, ": ");
            show(w, &of->violated.because);
            put_place(w, &of->violated.clause);
        }
        put(w, "\n");
    }
}

static void put_acts(compare_writer *w, const compared_proposal *p, compare_policy policy)
{
    const act_list *acts = &p->sides[policy].acts;
    if (acts->count == 0) return;
    if (acts->orphan_count == acts->count && !w->comparison->is_verbose) {
        put(w, "    %" PRIu64 " later act%s in it %s nothing to act on under the %s policy\n",
            acts->count, acts->count == 1 ? "" : "s", acts->count == 1 ? "has" : "have",
            policy_words[policy]);
        return;
    }
    for (size_t i = 0; i < acts->line_count; i++) {
        put(w, "    ");
        show(w, &acts->lines[i]);
        put(w, "\n");
    }
    if (acts->count > acts->line_count)
        put(w, "    and %" PRIu64 " more act%s that only the %s policy refuses\n",
            acts->count - acts->line_count, acts->count - acts->line_count == 1 ? "" : "s",
            policy_words[policy]);
}

static void text_proposal(compare_writer *w, const compared_proposal *p, unsigned aspects)
{
    const proposal_side *old = &p->sides[OLD], *new = &p->sides[NEW];
    put_headline(w, p, aspects);
    const unsigned decisive = HAS(ASPECT_ENDING) | HAS(ASPECT_WINNER);
    if (aspects & decisive || (w->comparison->is_verbose && compare_differs_in_reason(p))) {
        put_reason(w, p, OLD);
        put_reason(w, p, NEW);
    }
    if (aspects & HAS(ASPECT_RAISED))
        put(w,
            "    raised by event %" PRIu64 " under the old policy, by event %" PRIu64
            " under the new one\n",
            old->raised.seq, new->raised.seq);
    const bool are_both = old->raised_state == new->raised_state;
    if (aspects & HAS(ASPECT_FORCE)) put_flag(w, "in force", old->is_in_force);
    if (aspects & HAS(ASPECT_EFFECTS)) {
        put_effects(w, p, OLD);
        put_effects(w, p, NEW);
    }
    if (aspects & HAS(ASPECT_FINAL) && are_both) put_flag(w, "final", old->is_final);
    if (aspects & HAS(ASPECT_DUTIES)) put_duties(w, p);
    put_acts(w, p, OLD);
    put_acts(w, p, NEW);
}

/* ---- a proposal as JSON ---- */

static const char *status_of(const proposal_side *side)
{
    if (side->raised_state == RAISED_NOT) return "absent";
    if (side->raised_state == RAISED_REFUSED) return "refused";
    if (!compare_is_open(&side->standing)) return side->standing.word;
    return strcmp(side->standing.word, "escalated") == 0  ? "escalated"
           : strcmp(side->standing.word, "disputed") == 0 ? "disputed"
                                                          : "open";
}

static void json_texts(compare_writer *w, const char *key, const kept_text *texts, size_t count)
{
    if (count == 0) return;
    put(w, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) put(w, ",");
        output_json_text(w->output, (bylaw_text){texts[i].bytes, texts[i].size});
    }
    put(w, "]");
}

/* A text of one and a list of several, as the state of a proposal has them. */
static void json_winners(compare_writer *w, const proposal_side *side)
{
    if (side->winner_count == 1)
        put_json(w, "elected", &side->winners[0]);
    else
        json_texts(w, "elected", side->winners, side->winner_count);
}

static void json_side(compare_writer *w, const proposal_side *side)
{
    const told *reason = reason_of(side);
    put(w, "{\"status\":\"%s\"", status_of(side));
    if (side->raised_state != RAISED_NOT) put_json_time(w, reason->seq, reason->time);
    if (side->raised_state == RAISED_OPENED && reason->stage > 0)
        put(w, ",\"stage\":%u", reason->stage);
    put_json(w, "to", &reason->to);
    put_json(w, "because", &reason->because);
    put_json(w, "clause", &reason->clause);
    json_winners(w, side);
    if (side->raised_state == RAISED_OPENED) {
        put(w, ",\"raised\":%" PRIu64 ",\"in_force\":%s,\"final\":%s", side->raised.seq,
            side->is_in_force ? "true" : "false", side->is_final ? "true" : "false");
        json_texts(w, "effects", side->effects, side->effect_count);
    }
    if (side->owed_count + side->fulfilled_count + side->violated_count > 0)
        put(w, ",\"owed\":%u,\"fulfilled\":%u,\"violated\":%u", side->owed_count,
            side->fulfilled_count, side->violated_count);
    if (side->acts.count > 0) put(w, ",\"acts_refused\":%" PRIu64, side->acts.count);
    put(w, "}");
}

static void json_aspects(compare_writer *w, unsigned aspects)
{
    const char *comma = "";
    put(w, ",\"differs\":[");
    for (unsigned i = 0; i < ASPECT_COUNT; i++) {
        if (!(aspects & 1u << i)) continue;
        put(w, "%s\"%s\"", comma, aspect_words[i]);
        comma = ",";
    }
    put(w, "]");
}

static void json_proposal(compare_writer *w, const compared_proposal *p, unsigned aspects)
{
    put(w, "{\"type\":\"proposal\"");
    put_json(w, "proposal", &p->id);
    put_json(w, "kind", &w->comparison->kinds[p->kind].name);
    put_json(w, "on", &p->on);
    json_aspects(w, aspects);
    put(w, ",\"old\":");
    json_side(w, &p->sides[OLD]);
    put(w, ",\"new\":");
    json_side(w, &p->sides[NEW]);
    put(w, "}\n");
}

/* ---- all proposals ---- */

static void count_proposal(compare_writer *w, const compared_proposal *p, unsigned aspects)
{
    compared_kind *kind = &w->comparison->kinds[p->kind];
    kind->proposal_count++;
    if (compare_is_unknown(p)) {
        kind->unknown_count++;
        return;
    }
    if (aspects == 0) kind->same_count++;
    if (aspects != 0) w->difference_count++;
    for (unsigned i = 0; i < ASPECT_COUNT; i++)
        if (aspects & 1u << i) kind->aspect_counts[i]++;
}

static void write_proposals(compare_writer *w)
{
    const comparison *c = w->comparison;
    for (size_t i = 0; i < c->proposal_count; i++) {
        const compared_proposal *p = c->proposals[i];
        const unsigned aspects = compare_proposal(p);
        count_proposal(w, p, aspects);
        if (compare_is_unknown(p)) continue;
        if (aspects == 0 && !(c->is_verbose && compare_differs_in_reason(p))) continue;
        if (w->is_json)
            json_proposal(w, p, aspects);
        else
            text_proposal(w, p, aspects);
    }
}

static const char *sort_word(const unknown_thing *thing)
{
    return thing->sort.size == 8 && memcmp(thing->sort.bytes, "proposal", 8) == 0 ? "kind of " : "";
}

static void write_unknown(compare_writer *w)
{
    const comparison *c = w->comparison;
    for (size_t i = 0; i < c->unknown_count; i++) {
        const unknown_thing *thing = &c->unknown[i];
        w->difference_count++;
        if (w->is_json) {
            put(w, "{\"type\":\"unknown\",\"policy\":\"%s\"", policy_words[thing->policy]);
            put_json(w, "sort", &thing->sort);
            put_json(w, "name", &thing->name);
            put(w, ",\"first\":%" PRIu64 ",\"events\":%" PRIu64 ",\"acts\":%" PRIu64 "}\n",
                thing->first_seq, thing->event_count, thing->act_count);
            continue;
        }
        put(w, "The %s policy knows no %s", policy_words[thing->policy], sort_word(thing));
        show(w, &thing->sort);
        put(w, " `");
        show(w, &thing->name);
        put(w, "`: %" PRIu64 " event%s, first ", thing->event_count,
            thing->event_count == 1 ? "" : "s");
        put_event_number(w, thing->first_seq);
        if (thing->act_count > 0)
            put(w, ", and %" PRIu64 " act%s in what they raised", thing->act_count,
                thing->act_count == 1 ? "" : "s");
        put(w, "\n");
    }
}

/* ---- the summary ---- */

static const struct {
    aspect aspect;
    const char *heading;
} columns[] = {{ASPECT_RAISED, "raised"},  {ASPECT_ENDING, "ending"},   {ASPECT_WINNER, "winner"},
               {ASPECT_FORCE, "in force"}, {ASPECT_EFFECTS, "effects"}, {ASPECT_FINAL, "final"},
               {ASPECT_DUTIES, "duties"},  {ASPECT_ACTS, "acts"}};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

/* Only columns in which something stands. */
static bool has_column(const comparison *c, aspect of)
{
    for (size_t i = 0; i < c->kind_count; i++)
        if (c->kinds[i].aspect_counts[of] > 0) return true;
    return false;
}

static void put_count(compare_writer *w, uint64_t count, size_t width)
{
    if (count == 0)
        put(w, "  %*s", (int)width, "-");
    else
        put(w, "  %*" PRIu64, (int)width, count);
}

static void text_row(compare_writer *w, const compared_kind *kind, size_t width)
{
    show(w, &kind->name);
    put(w, "%*s", (int)(width - kind->name.size), "");
    put_count(w, kind->proposal_count, 9);
    put_count(w, kind->same_count, 4);
    if (kind->unknown_count > 0) {
        put(w, "  not a kind of both policies\n");
        return;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (has_column(w->comparison, columns[i].aspect))
            put_count(w, kind->aspect_counts[columns[i].aspect], strlen(columns[i].heading));
    put(w, "\n");
}

static void text_table(compare_writer *w)
{
    const comparison *c = w->comparison;
    size_t width = 4;
    for (size_t i = 0; i < c->kind_count; i++)
        if (c->kinds[i].name.size > width) width = c->kinds[i].name.size;
    put(w, "\n%-*s  proposals  same", (int)width, "kind");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (has_column(c, columns[i].aspect)) put(w, "  %s", columns[i].heading);
    put(w, "\n");
    for (size_t i = 0; i < c->kind_count; i++)
        text_row(w, &c->kinds[i], width);
}

static void text_summary(compare_writer *w)
{
    const comparison *c = w->comparison;
    if (w->difference_count > 0) {
        if (c->kind_count > 0) text_table(w);
        return;
    }
    put(w, "Nothing differs: %zu proposal%s, the same under both policies.\n", c->proposal_count,
        c->proposal_count == 1 ? "" : "s");
}

static void json_kind(compare_writer *w, const compared_kind *kind)
{
    put(w, "{\"kind\":");
    output_json_text(w->output, (bylaw_text){kind->name.bytes, kind->name.size});
    put(w, ",\"proposals\":%" PRIu64 ",\"same\":%" PRIu64, kind->proposal_count, kind->same_count);
    if (kind->unknown_count > 0) put(w, ",\"unknown\":%" PRIu64, kind->unknown_count);
    for (unsigned i = 0; i < ASPECT_COUNT; i++)
        if (kind->aspect_counts[i] > 0)
            put(w, ",\"%s\":%" PRIu64, aspect_words[i], kind->aspect_counts[i]);
    put(w, "}");
}

static void json_summary(compare_writer *w)
{
    const comparison *c = w->comparison;
    put(w, "{\"type\":\"summary\",\"old\":");
    output_json_text(w->output, (bylaw_text){w->names[OLD], strlen(w->names[OLD])});
    put(w, ",\"new\":");
    output_json_text(w->output, (bylaw_text){w->names[NEW], strlen(w->names[NEW])});
    put(w,
        ",\"proposals\":%zu,\"differences\":%" PRIu64 ",\"acts\":%" PRIu64 ",\"effects\":%" PRIu64
        ",\"kinds\":[",
        c->proposal_count, w->difference_count, c->act_count, c->world_count);
    for (size_t i = 0; i < c->kind_count; i++) {
        if (i > 0) put(w, ",");
        json_kind(w, &c->kinds[i]);
    }
    put(w, "]}\n");
}

void compare_write_begin(compare_writer *w)
{
    comparison *c = w->comparison;
    c->context = w;
    c->act_differs = on_act;
    c->reason_differs = on_reason;
    c->world_differs = on_world;
    c->malformed = on_malformed;
    if (!w->is_json && !w->arguments->quiet)
        put(w, "The old policy is %.200s, the new one %.200s.\n\n", w->names[OLD], w->names[NEW]);
}

void compare_write_end(compare_writer *w)
{
    const comparison *c = w->comparison;
    if (w->has_acts) put(w, "\n");
    w->difference_count = c->act_count + c->world_count;
    write_proposals(w);
    write_unknown(w);
    if (w->is_json)
        json_summary(w);
    else if (!w->arguments->quiet)
        text_summary(w);
}
