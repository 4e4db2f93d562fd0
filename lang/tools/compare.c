/*
 * What two policies made of one history: from outcomes to what is kept of each proposal, and what
 * differs.
 */
#include "compare.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACT_LINE_MAX 3 /* told of each side of a proposal; the rest is counted */

/* ---- texts and lists of our own ---- */

static kept_text keep(comparison *c, bylaw_text text)
{
    kept_text kept = {NULL, 0};
    if (text.size == 0) return kept;
    kept.bytes = malloc(text.size);
    if (!kept.bytes) {
        c->has_failed = true;
        return kept;
    }
    memcpy(kept.bytes, text.bytes, text.size);
    kept.size = text.size;
    return kept;
}

static void drop(kept_text *text)
{
    free(text->bytes);
    *text = (kept_text){NULL, 0};
}

static void keep_time(char time[32], bylaw_text text)
{
    const size_t size = text.size < 31 ? text.size : 31;
    memcpy(time, text.bytes ? text.bytes : "", size);
    time[size] = '\0';
}

/* Room for one more item; false out of memory. */
static bool grow(comparison *c, void **items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity) return true;
    const size_t wanted = *capacity ? *capacity * 2 : 16;
    void *larger = realloc(*items, wanted * item_size);
    if (!larger) {
        c->has_failed = true;
        return false;
    }
    *items = larger;
    *capacity = wanted;
    return true;
}

static bool is_word(bylaw_text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.bytes, word, text.size) == 0;
}

bool compare_same_text(const kept_text *a, const kept_text *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->bytes, b->bytes, a->size) == 0);
}

/* The words of the outcomes that are kept; the same pointer for the same word. */
static const char *word_of(bylaw_text type)
{
    static const char *const words[] = {
        "opened",   "passed",   "unresolved", "escalated", "disputed", "vetoed",   "lapsed",
        "accepted", "rejected", "overridden", "withdrawn", "refused",  "granted",  "revoked",
        "created",  "removed",  "changed",    "emitted",   "counted",  "violated", "malformed"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is_word(type, words[i])) return words[i];
    return "";
}

static void drop_told(told *of)
{
    drop(&of->to);
    drop(&of->because);
    drop(&of->clause);
}

static void tell(comparison *c, told *to, const bylaw_outcome *o)
{
    drop_told(to);
    to->word = word_of(o->type);
    to->seq = o->seq;
    to->stage = o->stage;
    keep_time(to->time, o->time);
    to->to = keep(c, o->to);
    to->because = keep(c, o->because);
    to->clause = keep(c, o->clause);
}

/* ---- proposals ---- */

static int order_of(const void *left, const void *right)
{
    const compared_proposal *a = left, *b = right;
    const size_t least = a->id.size < b->id.size ? a->id.size : b->id.size;
    const int order = least ? memcmp(a->id.bytes, b->id.bytes, least) : 0;
    if (order != 0) return order;
    return a->id.size < b->id.size ? -1 : a->id.size > b->id.size;
}

compared_proposal *compare_find(const comparison *c, const char *id, size_t size)
{
    union {
        const char *given;
        char *ours;
    } bytes = {.given = id};
    const compared_proposal key = {.id = {bytes.ours, size}};
    void *const *found = tfind(&key, &c->by_id, order_of);
    return found ? *found : NULL;
}

static size_t find_kind(comparison *c, bylaw_text name)
{
    for (size_t i = 0; i < c->kind_count; i++)
        if (c->kinds[i].name.size == name.size &&
            (name.size == 0 || memcmp(c->kinds[i].name.bytes, name.bytes, name.size) == 0))
            return i;
    if (!grow(c, (void **)&c->kinds, c->kind_count, &c->kind_capacity, sizeof *c->kinds)) return 0;
    c->kinds[c->kind_count] = (compared_kind){.name = keep(c, name)};
    return c->kind_count++;
}

static compared_proposal *find_or_add(comparison *c, const bylaw_outcome *o)
{
    compared_proposal *found = compare_find(c, o->proposal.bytes, o->proposal.size);
    if (found) return found;
    if (!grow(c, (void **)&c->proposals, c->proposal_count, &c->proposal_capacity,
              sizeof *c->proposals))
        return NULL;
    compared_proposal *added = calloc(1, sizeof *added);
    if (!added) {
        c->has_failed = true;
        return NULL;
    }
    added->id = keep(c, o->proposal);
    added->on = keep(c, o->on);
    added->kind = find_kind(c, o->kind);
    if (!c->has_failed && !tsearch(added, &c->by_id, order_of)) c->has_failed = true;
    if (c->has_failed) {
        drop(&added->id);
        drop(&added->on);
        free(added);
        return NULL;
    }
    return c->proposals[c->proposal_count++] = added;
}

static void drop_texts(kept_text **texts, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        drop(&(*texts)[i]);
    free(*texts);
    *texts = NULL;
    *count = 0;
}

static void drop_side(proposal_side *side)
{
    drop_told(&side->raised);
    drop_told(&side->standing);
    drop_told(&side->violated);
    drop_texts(&side->winners, &side->winner_count);
    drop_texts(&side->effects, &side->effect_count);
    drop_texts(&side->acts.lines, &side->acts.line_count);
}

static void add_text(comparison *c, kept_text **texts, size_t *count, bylaw_text text)
{
    kept_text *larger = realloc(*texts, (*count + 1) * sizeof *larger);
    if (!larger) {
        c->has_failed = true;
        return;
    }
    *texts = larger;
    larger[*count] = keep(c, text);
    (*count)++;
}

/* ---- effects as sentences ---- */

typedef struct sentence {
    char bytes[1024]; /* longer ones are cut: they are compared and shown, nothing else */
    size_t size;
} sentence;

static void say(sentence *s, const char *before, bylaw_text text)
{
    if (text.size == 0) return;
    const size_t left = sizeof s->bytes - s->size;
    const int size = snprintf(s->bytes + s->size, left, "%s%.*s", before,
                              text.size > left ? (int)left : (int)text.size, text.bytes);
    if (size > 0) s->size += (size_t)size < left ? (size_t)size : left - 1;
}

/* "granted maintainer of nn to @ana" */
static bylaw_text say_effect(sentence *s, const bylaw_outcome *o)
{
    s->size = 0;
    say(s, "", o->type);
    say(s, " ", o->event);
    say(s, " ", o->role);
    say(s, " ", o->scope);
    say(s, " ", o->id);
    say(s, " ", o->attribute);
    say(s, " of ", o->on);
    say(s, " to ", o->value_json);
    say(s, " to @", o->to);
    say(s, " from @", o->from);
    for (size_t i = 0; i < o->field_count; i++) {
        say(s, i == 0 ? " with " : ", ", o->fields[i].name);
        say(s, " ", o->fields[i].json);
    }
    if (is_word(o->type, "refused")) say(s, ": ", o->because);
    return (bylaw_text){s->bytes, s->size};
}

static bool is_effect(bylaw_text type)
{
    static const char *const words[] = {"granted", "revoked", "created",
                                        "removed", "changed", "emitted"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is_word(type, words[i])) return true;
    return false;
}

/* ---- one outcome of a proposal ---- */

bool compare_is_open(const told *standing)
{
    static const char *const words[] = {"opened", "passed", "unresolved", "escalated", "disputed"};
    for (size_t i = 0; standing->word && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(standing->word, words[i]) == 0) return true;
    return false;
}

/* It moves the proposal to where it stands. */
static bool moves(const proposal_side *side, bylaw_text type)
{
    static const char *const always[] = {"escalated", "disputed", "vetoed",   "overridden",
                                         "withdrawn", "lapsed",   "accepted", "rejected"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        if (is_word(type, always[i])) return true;
    const bool is_step = is_word(type, "passed") || is_word(type, "unresolved");
    return is_step && compare_is_open(&side->standing);
}

static void take_standing(comparison *c, proposal_side *side, const bylaw_outcome *o)
{
    if (is_word(o->type, "vetoed")) side->decision = side->standing.word;
    tell(c, &side->standing, o);
    if (is_word(o->type, "overridden"))
        side->standing.word = side->decision && strcmp(side->decision, "rejected") == 0
                                  ? "rejected"
                                  : "accepted";
    if (strcmp(side->standing.word, "accepted") != 0) side->is_in_force = false;
    if (compare_is_open(&side->standing)) side->tally[0] = '\0'; /* the next vote begins */
}

static void take_tally(proposal_side *side, const bylaw_outcome *o)
{
    if (!o->has_tally) return;
    snprintf(side->tally, sizeof side->tally, "%.*s approve, %.*s reject, %.*s abstain, of %.*s",
             (int)o->approve.size, o->approve.bytes, (int)o->reject.size, o->reject.bytes,
             (int)o->abstain.size, o->abstain.bytes, (int)o->body.size, o->body.bytes);
}

static void note_final(comparison *c, compared_proposal *p)
{
    if (!grow(c, (void **)&c->finished, c->finished_count, &c->finished_capacity,
              sizeof *c->finished))
        return;
    c->finished[c->finished_count++] = p;
}

static void take_duty(comparison *c, proposal_side *side, const bylaw_outcome *o)
{
    if (is_word(o->type, "owed")) side->owed_count++;
    if (is_word(o->type, "fulfilled")) side->fulfilled_count++;
    if (!is_word(o->type, "violated")) return;
    side->violated_count++;
    tell(c, &side->violated, o);
}

static void take_effect(comparison *c, proposal_side *side, const bylaw_outcome *o)
{
    sentence s;
    add_text(c, &side->effects, &side->effect_count, say_effect(&s, o));
}

static void take_opened(comparison *c, proposal_side *side, const bylaw_outcome *o)
{
    side->raised_state = RAISED_OPENED;
    side->is_kind_unknown = false;
    side->has_author = o->actor.size > 0;
    tell(c, &side->raised, o);
    tell(c, &side->standing, o);
}

/* One more of those elected. */
static void take_winner(comparison *c, proposal_side *side, const bylaw_outcome *o)
{
    side->is_winner_option = o->value_json.size > 0;
    add_text(c, &side->winners, &side->winner_count, o->to);
}

static void take_life(comparison *c, compared_proposal *p, proposal_side *side,
                      const bylaw_outcome *o)
{
    if (is_word(o->type, "opened")) take_opened(c, side, o);
    if (moves(side, o->type)) take_standing(c, side, o);
    if (is_word(o->type, "counted")) take_tally(side, o);
    if (is_word(o->type, "effective")) side->is_in_force = true;
    if (is_word(o->type, "undone")) side->is_in_force = false;
    if (is_word(o->type, "accepted")) /* those of a decision before */
        drop_texts(&side->winners, &side->winner_count);
    if (is_word(o->type, "elected")) take_winner(c, side, o);
    if (is_effect(o->type)) take_effect(c, side, o);
    take_duty(c, side, o);
    if (!is_word(o->type, "final")) return;
    side->is_final = true;
    note_final(c, p);
}

/* ---- what waits for the other side ---- */

static void wait_for_other(comparison *c, compare_policy policy, const bylaw_outcome *o,
                           pending_sort sort)
{
    pending_list *list = &c->pending[policy];
    if (!grow(c, (void **)&list->items, list->count, &list->capacity, sizeof *list->items)) return;
    pending_outcome *waiting = &list->items[list->count++];
    sentence s;
    *waiting = (pending_outcome){
        .seq = o->seq, .line = o->line, .column = o->column, .word = word_of(o->type)};
    waiting->sort = sort;
    keep_time(waiting->time, o->time);
    waiting->event = keep(c, o->event);
    waiting->actor = keep(c, o->actor);
    waiting->proposal = keep(c, o->proposal);
    waiting->because = keep(c, o->because);
    waiting->clause = keep(c, o->clause);
    if (sort == PENDING_WORLD) waiting->sentence = keep(c, say_effect(&s, o));
}

static void forget_pending(pending_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        pending_outcome *waiting = &list->items[i];
        drop(&waiting->event);
        drop(&waiting->actor);
        drop(&waiting->proposal);
        drop(&waiting->sentence);
        drop(&waiting->because);
        drop(&waiting->clause);
    }
    list->count = 0;
}

/* A raising that failed: the proposal may never be. */
static void take_refused_raising(comparison *c, compare_policy policy, const bylaw_outcome *o)
{
    if (!is_word(o->event, "propose") || o->proposal.size == 0) return;
    compared_proposal *p = find_or_add(c, o);
    if (!p || p->sides[policy].raised_state == RAISED_OPENED) return;
    p->sides[policy].raised_state = RAISED_REFUSED;
    tell(c, &p->sides[policy].raised, o);
}

static void take_refused(comparison *c, compare_policy policy, const bylaw_outcome *o)
{
    compared_proposal *p = compare_find(c, o->proposal.bytes, o->proposal.size);
    if (o->event.size == 0 && p) {
        take_effect(c, &p->sides[policy], o); /* a block that did not happen */
        return;
    }
    take_refused_raising(c, policy, o);
    wait_for_other(c, policy, o, PENDING_REFUSED);
}

static bool is_answer(bylaw_text type)
{
    return is_word(type, "counted") || is_word(type, "opened") || is_word(type, "vetoed") ||
           is_word(type, "disputed") || is_word(type, "withdrawn");
}

void compare_outcome(comparison *c, compare_policy policy, const bylaw_outcome *o)
{
    if (is_word(o->type, "refused")) {
        take_refused(c, policy, o);
        return;
    }
    if (is_word(o->type, "malformed")) {
        wait_for_other(c, policy, o, PENDING_MALFORMED);
        return;
    }
    if (is_answer(o->type)) wait_for_other(c, policy, o, PENDING_ALLOWED);
    if (o->proposal.size == 0) {
        if (is_effect(o->type)) wait_for_other(c, policy, o, PENDING_WORLD);
        return;
    }
    compared_proposal *p = is_word(o->type, "opened")
                               ? find_or_add(c, o)
                               : compare_find(c, o->proposal.bytes, o->proposal.size);
    if (p && !p->is_settled) take_life(c, p, &p->sides[policy], o);
}

/* ---- comparing a piece ---- */

typedef struct pending_range {
    pending_outcome *items;
    size_t count;
} pending_range;

/* Without the offer of a near name, which depends on what else a policy has. */
static size_t said_size(const kept_text *because)
{
    static const char offer[] = "; did you mean";
    for (size_t i = 0; i + sizeof offer - 1 <= because->size; i++)
        if (memcmp(because->bytes + i, offer, sizeof offer - 1) == 0) return i;
    return because->size;
}

static bool same_reason(const kept_text *a, const kept_text *b)
{
    const size_t size = said_size(a);
    return size == said_size(b) && (size == 0 || memcmp(a->bytes, b->bytes, size) == 0);
}

/* Lines of a roster have no number: there the reason tells them apart. */
static bool is_same_act(const pending_outcome *a, const pending_outcome *b)
{
    if (a->sort != b->sort) return false;
    if (a->sort == PENDING_MALFORMED) return a->line == b->line && a->column == b->column;
    if (a->sort == PENDING_WORLD) return compare_same_text(&a->sentence, &b->sentence);
    return compare_same_text(&a->event, &b->event) && compare_same_text(&a->actor, &b->actor) &&
           compare_same_text(&a->proposal, &b->proposal) &&
           (a->seq > 0 || same_reason(&a->because, &b->because));
}

/* Places in different files say nothing; in one file, where both look, they do. */
static bool is_other_clause(const kept_text *a, const kept_text *b)
{
    if (compare_same_text(a, b) || a->size == 0 || b->size == 0) return false;
    size_t colon = a->size;
    while (colon > 0 && a->bytes[colon - 1] != ':')
        colon--;
    return colon > 0 && colon < b->size && memcmp(a->bytes, b->bytes, colon) == 0;
}

static void match_range(comparison *c, pending_range old, pending_range new)
{
    for (size_t i = 0; i < old.count; i++) {
        pending_outcome *a = &old.items[i];
        for (size_t k = 0; k < new.count && !a->is_matched; k++) {
            pending_outcome *b = &new.items[k];
            if (b->is_matched || !is_same_act(a, b)) continue;
            a->is_matched = b->is_matched = true;
            if (a->sort == PENDING_MALFORMED) c->malformed(c, a);
            if (a->sort == PENDING_REFUSED && c->is_verbose &&
                (!same_reason(&a->because, &b->because) || is_other_clause(&a->clause, &b->clause)))
                c->reason_differs(c, a, b);
        }
    }
}

/* "the policy knows no role `x`": the sort and the name. Only the engine says that without a
 * clause. */
static bool names_unknown(const pending_outcome *refused, bylaw_text *sort, bylaw_text *name)
{
    static const char begin[] = "the policy knows no ";
    const kept_text *because = &refused->because;
    if (refused->clause.size > 0 || because->size < sizeof begin) return false;
    if (memcmp(because->bytes, begin, sizeof begin - 1) != 0) return false;
    const char *word = because->bytes + sizeof begin - 1;
    const char *end = because->bytes + because->size;
    const char *quote = memchr(word, '`', (size_t)(end - word));
    const char *close = quote ? memchr(quote + 1, '`', (size_t)(end - quote - 1)) : NULL;
    if (!close || quote == word) return false;
    *sort = (bylaw_text){word, (size_t)(quote - word) - 1};
    *name = (bylaw_text){quote + 1, (size_t)(close - quote) - 1};
    return true;
}

static unknown_thing *find_unknown(comparison *c, compare_policy policy, bylaw_text sort,
                                   bylaw_text name)
{
    for (size_t i = 0; i < c->unknown_count; i++) {
        unknown_thing *thing = &c->unknown[i];
        if (thing->policy == policy && thing->sort.size == sort.size &&
            memcmp(thing->sort.bytes, sort.bytes, sort.size) == 0 &&
            thing->name.size == name.size && memcmp(thing->name.bytes, name.bytes, name.size) == 0)
            return thing;
    }
    if (!grow(c, (void **)&c->unknown, c->unknown_count, &c->unknown_capacity, sizeof *c->unknown))
        return NULL;
    unknown_thing *thing = &c->unknown[c->unknown_count++];
    *thing = (unknown_thing){.policy = policy, .sort = keep(c, sort), .name = keep(c, name)};
    return thing;
}

/* What one policy does not know is counted, not told event by event. */
static bool count_unknown(comparison *c, const pending_outcome *refused, compare_policy policy,
                          compared_proposal *p)
{
    bylaw_text sort, name;
    if (names_unknown(refused, &sort, &name)) {
        unknown_thing *thing = find_unknown(c, policy, sort, name);
        if (!thing) return true;
        if (thing->event_count++ == 0) thing->first_seq = refused->seq;
        if (p && is_word(sort, "proposal")) p->sides[policy].is_kind_unknown = true;
        return true;
    }
    if (!p || !p->sides[policy].is_kind_unknown) return false;
    const kept_text *kind = &c->kinds[p->kind].name;
    unknown_thing *thing = find_unknown(c, policy, (bylaw_text){"proposal", 8},
                                        (bylaw_text){kind->bytes, kind->size});
    if (thing) thing->act_count++;
    return true;
}

/* What came of the act on the side that allows it, where that is known. */
static const pending_outcome *answer_to(const pending_outcome *refused, pending_range other)
{
    for (size_t i = 0; i < other.count; i++) {
        const pending_outcome *o = &other.items[i];
        if (o->sort == PENDING_ALLOWED && strcmp(o->time, refused->time) == 0 &&
            compare_same_text(&o->proposal, &refused->proposal))
            return o;
    }
    return NULL;
}

static void tell_refusals(comparison *c, pending_range range, compare_policy refuser,
                          pending_range other, bool *has_refused)
{
    for (size_t i = 0; i < range.count; i++) {
        const pending_outcome *refused = &range.items[i];
        if (refused->sort == PENDING_MALFORMED && !refused->is_matched) c->malformed(c, refused);
        if (refused->sort != PENDING_REFUSED || refused->is_matched) continue;
        *has_refused = true;
        compared_proposal *p = compare_find(c, refused->proposal.bytes, refused->proposal.size);
        if (count_unknown(c, refused, refuser, p)) continue;
        if (!p)
            c->act_count++;
        else {
            const bool is_orphan = p->sides[refuser].raised_state != RAISED_OPENED;
            const bool is_raising = is_orphan && refused->event.size == 7 &&
                                    memcmp(refused->event.bytes, "propose", 7) == 0;
            if (is_raising) continue; /* the proposal's own line says it */
            p->sides[refuser].acts.count++;
            if (is_orphan) p->sides[refuser].acts.orphan_count++;
        }
        c->act_differs(c, refused, refuser, answer_to(refused, other));
    }
}

static void tell_world(comparison *c, pending_range range, compare_policy policy)
{
    for (size_t i = 0; i < range.count; i++) {
        const pending_outcome *effect = &range.items[i];
        if (effect->sort != PENDING_WORLD || effect->is_matched) continue;
        c->world_count++;
        c->world_differs(c, effect, policy);
    }
}

/* Those of one line: `*at` moves behind them. */
static pending_range take_range(const pending_list *list, size_t *at, uint64_t seq)
{
    const size_t first = *at;
    while (*at < list->count && list->items[*at].seq == seq)
        (*at)++;
    return (pending_range){list->items + first, *at - first};
}

/* The same under both, for good: no more need be kept. */
static void settle(comparison *c)
{
    for (size_t i = 0; i < c->finished_count; i++) {
        compared_proposal *p = c->finished[i];
        const proposal_side *old = &p->sides[OLD], *new = &p->sides[NEW];
        const bool is_done = old->is_final && new->is_final &&
                             old->owed_count <=
                                 old->fulfilled_count + old->violated_count &&new->owed_count <=
                                 new->fulfilled_count + new->violated_count;
        if (p->is_settled || !is_done || c->is_verbose || compare_proposal(p) != 0) continue;
        drop_side(&p->sides[OLD]);
        drop_side(&p->sides[NEW]);
        p->is_settled = true;
    }
    c->finished_count = 0;
}

void compare_piece(comparison *c)
{
    const pending_list *old = &c->pending[OLD], *new = &c->pending[NEW];
    size_t old_at = 0, new_at = 0;
    while (!c->has_failed && (old_at < old->count || new_at < new->count)) {
        const uint64_t old_seq = old_at < old->count ? old->items[old_at].seq : UINT64_MAX;
        const uint64_t new_seq = new_at < new->count ? new->items[new_at].seq : UINT64_MAX;
        const uint64_t seq = old_seq < new_seq ? old_seq : new_seq;
        const pending_range a = take_range(old, &old_at, seq), b = take_range(new, &new_at, seq);
        bool has_refused = false;
        match_range(c, a, b);
        tell_refusals(c, a, OLD, b, &has_refused);
        tell_refusals(c, b, NEW, a, &has_refused);
        if (has_refused) continue; /* what differs in the world is what the act did */
        tell_world(c, a, OLD);
        tell_world(c, b, NEW);
    }
    forget_pending(&c->pending[OLD]);
    forget_pending(&c->pending[NEW]);
    settle(c);
}

void compare_note_act(comparison *c, act_list *acts, const char *bytes, size_t size)
{
    if (acts->line_count < ACT_LINE_MAX || c->is_verbose)
        add_text(c, &acts->lines, &acts->line_count, (bylaw_text){bytes, size});
}

/* ---- what differs ---- */

bool compare_is_unknown(const compared_proposal *p)
{
    return p->sides[OLD].is_kind_unknown != p->sides[NEW].is_kind_unknown;
}

static bool same_standing(const proposal_side *old, const proposal_side *new)
{
    if (old->raised_state == RAISED_OPENED || new->raised_state == RAISED_OPENED) {
        if (old->raised_state != new->raised_state) return false;
    } else {
        return true; /* raised under neither */
    }
    if (strcmp(old->standing.word, new->standing.word) != 0) return false;
    return !compare_is_open(&old->standing) || old->standing.stage == new->standing.stage;
}

static bool same_texts(const kept_text *old, size_t old_count, const kept_text *new,
                       size_t new_count)
{
    if (old_count != new_count) return false;
    for (size_t i = 0; i < old_count; i++)
        if (!compare_same_text(&old[i], &new[i])) return false;
    return true;
}

/* Acts in a proposal that one policy never saw raised are no difference of their own. */
static bool has_own_acts(const act_list *acts)
{
    return acts->count > acts->orphan_count;
}

unsigned compare_proposal(const compared_proposal *p)
{
    const proposal_side *old = &p->sides[OLD], *new = &p->sides[NEW];
    unsigned aspects = 0;
    if (p->is_settled)
        return has_own_acts(&old->acts) || has_own_acts(&new->acts) ? HAS(ASPECT_ACTS) : 0;
    const bool are_both = old->raised_state == RAISED_OPENED && new->raised_state == RAISED_OPENED;
    if (are_both && old->has_author && new->has_author && old->raised.seq != new->raised.seq)
        aspects |= HAS(ASPECT_RAISED);
    if (!same_texts(old->winners, old->winner_count, new->winners, new->winner_count))
        aspects |= HAS(ASPECT_WINNER);
    if (!same_texts(old->effects, old->effect_count, new->effects, new->effect_count))
        aspects |= HAS(ASPECT_EFFECTS);
    if (old->violated_count != new->violated_count || old->owed_count != new->owed_count ||
        old->fulfilled_count != new->fulfilled_count)
        aspects |= HAS(ASPECT_DUTIES);
    if (has_own_acts(&old->acts) || has_own_acts(&new->acts)) aspects |= HAS(ASPECT_ACTS);
    if (!same_standing(old, new)) return aspects | HAS(ASPECT_ENDING);
    /* Where it ends otherwise, these go without saying. */
    if (old->is_in_force != new->is_in_force) aspects |= HAS(ASPECT_FORCE);
    if (old->is_final != new->is_final) aspects |= HAS(ASPECT_FINAL);
    return aspects;
}

bool compare_differs_in_reason(const compared_proposal *p)
{
    const told *old = &p->sides[OLD].standing, *new = &p->sides[NEW].standing;
    if (p->sides[OLD].raised_state != RAISED_OPENED) {
        old = &p->sides[OLD].raised;
        new = &p->sides[NEW].raised;
    }
    return strcmp(old->time, new->time) != 0 || !same_reason(&old->because, &new->because) ||
           is_other_clause(&old->clause, &new->clause);
}

/* ---- the end ---- */

void compare_free(comparison *c)
{
    for (size_t i = 0; i < c->proposal_count; i++) {
        compared_proposal *p = c->proposals[i];
        tdelete(p, &c->by_id, order_of);
        drop_side(&p->sides[OLD]);
        drop_side(&p->sides[NEW]);
        drop(&p->id);
        drop(&p->on);
        free(p);
    }
    for (size_t i = 0; i < c->kind_count; i++)
        drop(&c->kinds[i].name);
    for (size_t i = 0; i < c->unknown_count; i++) {
        drop(&c->unknown[i].sort);
        drop(&c->unknown[i].name);
    }
    for (int side = OLD; side < SIDE_COUNT; side++) {
        forget_pending(&c->pending[side]);
        free(c->pending[side].items);
    }
    free(c->proposals);
    free(c->kinds);
    free(c->unknown);
    free(c->finished);
}
