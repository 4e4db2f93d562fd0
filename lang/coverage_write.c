/*
 * Coverage in words and as JSON, and the public bodies of it.
 */
#include <assert.h>

#include "../runtime/json.h"
#include "../runtime/machine.h"
#include "../runtime/markup.h"
#include "coverage.h"

#define WORDS_MOST 90 /* bytes of a clause that are shown */

#define RED "\033[1;31m"
#define GREEN "\033[1;32m"
#define PLAIN "\033[0m"

/* ---- text ---- */

static void put_figure(const bl_goals *goals, bool color, bl_buffer *out)
{
    const bool is_whole = goals->reached == goals->goals.count;
    bl_outcome_show(out, goals->source->name);
    bl_buffer_cstring(out, ": ");
    if (color) bl_buffer_cstring(out, is_whole ? GREEN : RED);
    bl_buffer_format(out, "%u %%", bl_goals_percent(goals));
    if (color) bl_buffer_cstring(out, PLAIN);
    bl_buffer_format(out, " covered, %u of %zu\n", goals->reached, goals->goals.count);
}

static bool lacks_something(const bl_goals *goals, size_t first)
{
    for (size_t i = first; i < first + bl_goals_at(goals, first); i++)
        if (goals->goals.items[i].count == 0) return true;
    return false;
}

/* What is missing at one place. */
static void put_missing(const bl_goals *goals, size_t first, bool color, bl_buffer *out)
{
    const bl_goal *items = goals->goals.items;
    const bl_span span = items[first].span;
    bl_buffer_cstring(out, "  ");
    bl_program_place(goals->program, span, out);
    bl_buffer_cstring(out, " `");
    bl_source_snippet(goals->source, span, WORDS_MOST, out);
    bl_buffer_cstring(out, "`: ");
    if (color) bl_buffer_cstring(out, RED);
    size_t shown = 0;
    for (size_t i = first; i < first + bl_goals_at(goals, first); i++) {
        if (items[i].count > 0 || bl_goal_is_implied(goals, first, i)) continue;
        if (shown++ > 0) bl_buffer_cstring(out, ", ");
        bl_buffer_cstring(out, bl_goal_missing(items[i].what));
    }
    if (color) bl_buffer_cstring(out, PLAIN);
    bl_buffer_char(out, '\n');
}

static void write_text(const bl_goals *goals, bool color, bl_buffer *out)
{
    put_figure(goals, color, out);
    for (size_t i = 0; i < goals->goals.count; i += bl_goals_at(goals, i))
        if (lacks_something(goals, i)) put_missing(goals, i, color, out);
}

/* ---- JSON ---- */

static void put_goal(const bl_goals *goals, const bl_goal *goal, bl_buffer *out)
{
    const bl_place place = bl_source_place(goals->source, goal->span.start);
    bl_buffer words;
    bl_buffer_init(&words, goals->memory);
    bl_source_snippet(goals->source, goal->span, WORDS_MOST, &words);
    bl_buffer_cstring(out, "{\"type\":\"goal\",\"file\":");
    bl_json_write_text(out, goals->source->name);
    bl_buffer_format(out, ",\"line\":%u,\"column\":%u,\"clause\":", place.line, place.column);
    bl_json_write_text(out, (bl_text){words.bytes, words.size});
    bl_buffer_format(out, ",\"goal\":\"%s\",\"count\":%u}\n", bl_goal_word(goal->what),
                     goal->count);
    if (words.failed) out->failed = true;
    bl_buffer_free(&words);
}

static void write_json(const bl_goals *goals, bl_buffer *out)
{
    for (size_t i = 0; i < goals->goals.count; i++)
        put_goal(goals, &goals->goals.items[i], out);
    bl_buffer_cstring(out, "{\"type\":\"coverage\",\"file\":");
    bl_json_write_text(out, goals->source->name);
    bl_buffer_format(out, ",\"goals\":%zu,\"reached\":%u,\"percent\":%u}\n", goals->goals.count,
                     goals->reached, bl_goals_percent(goals));
}

/* ---- for the host ---- */

static bylaw_status deliver(bl_buffer *buffer, bool has_failed, bylaw_writer out)
{
    const bylaw_status status = buffer->failed || has_failed ? BYLAW_NOMEM : BYLAW_OK;
    if (status == BYLAW_OK && buffer->size > 0) out.write(out.context, buffer->bytes, buffer->size);
    bl_buffer_free(buffer);
    return status;
}

bylaw_status bylaw_policy_coverage(const bylaw_policy *policy, bylaw_format format, bool color,
                                   bylaw_writer out, uint32_t *reached, uint32_t *goals)
{
    assert(policy && out.write);
    if (!policy->coverage) return BYLAW_ABSENT;
    bl_goals found;
    bl_goals_find(policy, &found);
    bl_buffer text;
    bl_buffer_init(&text, &policy->memory);
    if (found.has_failed)
        ; /* told below */
    else if (format == BYLAW_JSON)
        write_json(&found, &text);
    else if (format == BYLAW_HTML)
        bl_coverage_write_section(&found, &text);
    else
        write_text(&found, color, &text);
    const bylaw_status status = deliver(&text, found.has_failed, out);
    if (reached && status == BYLAW_OK) *reached = found.reached;
    if (goals && status == BYLAW_OK) *goals = (uint32_t)found.goals.count;
    bl_goals_free(&found);
    return status;
}

static bl_memory memory_of(const bylaw_allocator *allocator)
{
    return allocator ? (bl_memory){allocator->resize, allocator->context} : bl_memory_default;
}

bylaw_status bylaw_coverage_page_begin(const bylaw_allocator *allocator, bylaw_writer out)
{
    assert(out.write);
    const bl_memory memory = memory_of(allocator);
    bl_buffer text;
    bl_buffer_init(&text, &memory);
    bl_markup_page_begin(&text, BL_TEXT("Coverage"));
    bl_coverage_write_style(&text);
    bl_buffer_cstring(&text, "<h1>What scenarios reach</h1>\n");
    return deliver(&text, false, out);
}

bylaw_status bylaw_coverage_page_end(const bylaw_allocator *allocator, bylaw_writer out)
{
    assert(out.write);
    const bl_memory memory = memory_of(allocator);
    bl_buffer text;
    bl_buffer_init(&text, &memory);
    bl_markup_page_end(&text);
    return deliver(&text, false, out);
}
