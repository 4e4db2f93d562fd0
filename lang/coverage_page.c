/*
 * Coverage as a section of a page: what is missing, then the source with its counts.
 *
 * A line is as good as the worst that begins on it. Color says it, and a sign says the same to whom
 * color says nothing.
 */
#include "../runtime/markup.h"
#include "coverage.h"

#define WORDS_MOST 160

void bl_coverage_write_style(bl_buffer *out)
{
    bl_buffer_cstring(
        out, "<style>.source{font:.82rem/1.5 ui-monospace,monospace;border:1px solid var(--rule)}"
             ".source div{display:grid;grid-template-columns:3.2em 1.6em 4.4em minmax(0,1fr);"
             "border-left:.3rem solid transparent}"
             ".source span{color:var(--quiet);text-align:right;padding-right:.6em}"
             ".source code{white-space:pre-wrap;overflow-wrap:anywhere;font-size:1em}"
             ".source .all{border-color:var(--good)}.source .all b{color:var(--good)}"
             ".source .some{border-color:var(--warn);background:var(--fill)}"
             ".source .some b,.source .some small{color:var(--warn)}"
             ".source .none{border-color:var(--bad);background:var(--fill)}"
             ".source .none b,.source .none small{color:var(--bad)}"
             ".source small{display:block;font-family:system-ui,sans-serif}"
             ".source div:target{outline:2px solid var(--now)}"
             ".bar{display:flex;height:.6rem;max-width:30rem;background:var(--bad)}"
             ".bar i{background:var(--good)}"
             ".missing{font-size:.9rem;padding-left:1.2rem}.missing code{overflow-wrap:anywhere}"
             "@media (max-width:599px){.source div{grid-template-columns:2.6em 1.4em minmax(0,1fr)}"
             ".source span+b+span{display:none}}"
             "@media print{.source div{break-inside:avoid}}</style>\n");
}

static uint32_t line_of(const bl_goals *goals, size_t at)
{
    return bl_source_place(goals->source, goals->goals.items[at].span.start).line;
}

/* A place in this section: names of files and numbers of lines. */
static void put_anchor(const bl_goals *goals, uint32_t line, bl_buffer *out)
{
    bl_markup_text(out, goals->source->name);
    bl_buffer_format(out, ":%u", line);
}

/* "never passed, never failed" for what begins at goal `first`. */
static size_t put_missing(const bl_goals *goals, size_t first, bl_buffer *out)
{
    size_t shown = 0;
    for (size_t i = first; i < first + bl_goals_at(goals, first); i++) {
        const bl_goal *goal = &goals->goals.items[i];
        if (goal->count > 0 || bl_goal_is_implied(goals, first, i)) continue;
        if (shown++ > 0) bl_buffer_cstring(out, ", ");
        bl_buffer_cstring(out, bl_goal_missing(goal->what));
    }
    return shown;
}

static bool lacks_something(const bl_goals *goals, size_t first)
{
    for (size_t i = first; i < first + bl_goals_at(goals, first); i++)
        if (goals->goals.items[i].count == 0) return true;
    return false;
}

static void put_words(const bl_goals *goals, size_t at, bl_buffer *out)
{
    bl_buffer words;
    bl_buffer_init(&words, goals->memory);
    bl_source_snippet(goals->source, goals->goals.items[at].span, WORDS_MOST, &words);
    bl_buffer_cstring(out, "<code>");
    bl_markup_text(out, (bl_text){words.bytes, words.size});
    bl_buffer_cstring(out, "</code>");
    if (words.failed) out->failed = true;
    bl_buffer_free(&words);
}

static void put_list(const bl_goals *goals, bl_buffer *out)
{
    if (goals->reached == goals->goals.count) return;
    bl_buffer_cstring(out, "<h3>What no scenario reached</h3>\n<ul class=\"missing\">\n");
    for (size_t i = 0; i < goals->goals.count; i += bl_goals_at(goals, i)) {
        if (!lacks_something(goals, i)) continue;
        const uint32_t line = line_of(goals, i);
        bl_buffer_cstring(out, "<li><a href=\"#");
        put_anchor(goals, line, out);
        bl_buffer_format(out, "\">line %u</a> ", line);
        put_words(goals, i, out);
        bl_buffer_cstring(out, ": <span class=\"bad\">");
        put_missing(goals, i, out);
        bl_buffer_cstring(out, "</span></li>\n");
    }
    bl_buffer_cstring(out, "</ul>\n");
}

/* What stands on one line: its goals, and how often the most used of them was reached. */
typedef struct line_count {
    size_t goals;
    size_t reached;
    uint32_t most;
} line_count;

static line_count count_line(const bl_goals *goals, size_t first, size_t end)
{
    line_count count = {end - first, 0, 0};
    for (size_t i = first; i < end; i++) {
        const uint32_t own = goals->goals.items[i].count;
        count.reached += own > 0;
        if (own > count.most) count.most = own;
    }
    return count;
}

static const char *sort_of(const line_count *count)
{
    if (count->reached == count->goals) return "all";
    return count->reached > 0 ? "some" : "none";
}

static const char *sign_of(const line_count *count)
{
    if (count->reached == count->goals) return "\xE2\x9C\x93"; /* a check mark */
    return count->reached > 0 ? "\xC2\xB1" : "\xE2\x9C\x97"; /* plus-minus, a cross */
}

static void put_notes(const bl_goals *goals, size_t first, size_t end, bl_buffer *out)
{
    for (size_t i = first; i < end; i += bl_goals_at(goals, i)) {
        if (!lacks_something(goals, i)) continue;
        bl_buffer_cstring(out, "<small>");
        put_words(goals, i, out);
        bl_buffer_cstring(out, ": ");
        put_missing(goals, i, out);
        bl_buffer_cstring(out, "</small>");
    }
}

static void put_line(const bl_goals *goals, uint32_t line, size_t first, size_t end, bl_buffer *out)
{
    const line_count count = count_line(goals, first, end);
    bl_buffer_cstring(out, "<div id=\"");
    put_anchor(goals, line, out);
    if (count.goals > 0)
        bl_buffer_format(out,
                         "\" class=\"%s\" title=\"%zu of %zu reached\"><span>%u</span>"
                         "<b>%s</b><span>%u\xC3\x97</span>",
                         sort_of(&count), count.reached, count.goals, line, sign_of(&count),
                         count.most);
    else
        bl_buffer_format(out, "\"><span>%u</span><b></b><span></span>", line);
    bl_buffer_cstring(out, "<code>");
    bl_markup_text(out, bl_source_line(goals->source, line));
    put_notes(goals, first, end, out);
    bl_buffer_cstring(out, "</code></div>\n");
}

void bl_coverage_write_section(const bl_goals *goals, bl_buffer *out)
{
    const uint32_t percent = bl_goals_percent(goals);
    bl_buffer_cstring(out, "<section>\n<h2>");
    bl_markup_text(out, goals->source->name);
    bl_buffer_format(out,
                     "</h2>\n<p>%u\xC2\xA0%% covered, %u of %zu</p>\n"
                     "<div class=\"bar\"><i style=\"width:%u%%\"></i></div>\n",
                     percent, goals->reached, goals->goals.count, percent);
    put_list(goals, out);
    bl_buffer_cstring(out, "<h3>The policy</h3>\n<div class=\"source\">\n");
    size_t at = 0;
    uint32_t last = goals->source->line_count;
    /* Behind the last line end no line begins. */
    if (last > 1 && bl_source_line(goals->source, last).size == 0) last--;
    for (uint32_t line = 1; line <= last; line++) {
        const size_t first = at;
        while (at < goals->goals.count && line_of(goals, at) == line)
            at++;
        put_line(goals, line, first, at, out);
    }
    bl_buffer_cstring(out, "</div>\n</section>\n");
}
