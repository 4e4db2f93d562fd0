/*
 * Clauses as a page: Markdown, HTML, or JSON Lines. All three walk the same list, so that a clause
 * has one number everywhere.
 *
 * Text of policies may hold anything. What would be markup is escaped here, and nowhere else.
 */
#include "render.h"

#include <string.h>

#include "../runtime/json.h"
#include "../runtime/machine.h"
#include "../runtime/markup.h"

typedef enum page_format { PAGE_MARKDOWN, PAGE_HTML, PAGE_PLAIN } page_format;

typedef struct page {
    const bl_render *render;
    bl_buffer *out;
    page_format format;
    const bl_clause *clause; /* whose text is written */
    uint32_t *linked; /* by target: the ordinal of the last clause that led there */
    bl_words *refs; /* numbers of clauses that this one leads to; NULL where nobody asks */
    bl_render *arena_of; /* where `refs` grow */
} page;

/* ---- text ---- */

/* What Markdown would take as markup gets a backslash; controls and direction marks are shown. */
static void markdown_text(bl_buffer *out, bl_text text)
{
    size_t start = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (!strchr("\\`*_{}[]<>#|~&!$", text.bytes[at]) || text.bytes[at] == '\0') continue;
        bl_outcome_show(out, (bl_text){text.bytes + start, at - start});
        bl_buffer_char(out, '\\');
        bl_buffer_char(out, text.bytes[at]);
        start = at + 1;
    }
    bl_outcome_show(out, (bl_text){text.bytes + start, text.size - start});
}

static void plain(page *p, bl_text text)
{
    if (p->format == PAGE_HTML)
        bl_markup_text(p->out, text);
    else if (p->format == PAGE_MARKDOWN)
        markdown_text(p->out, text);
    else
        bl_buffer_text(p->out, text);
}

static void open_link(page *p, bl_text number)
{
    if (p->format == PAGE_HTML) {
        bl_buffer_cstring(p->out, "<a href=\"#c-");
        bl_markup_text(p->out, number);
        bl_buffer_cstring(p->out, "\">");
    } else if (p->format == PAGE_MARKDOWN) {
        bl_buffer_char(p->out, '[');
    }
}

static void close_link(page *p, bl_text number)
{
    if (p->format == PAGE_HTML) {
        bl_buffer_cstring(p->out, "</a>");
    } else if (p->format == PAGE_MARKDOWN) {
        bl_buffer_cstring(p->out, "](#c-");
        bl_buffer_text(p->out, number);
        bl_buffer_char(p->out, ')');
    }
}

/* ---- marks ---- */

/* The digits at `*at`, which moves behind them. */
static uint32_t read_number(bl_text text, size_t *at)
{
    uint32_t number = 0;
    while (*at < text.size && text.bytes[*at] >= '0' && text.bytes[*at] <= '9')
        number = number * 10 + (uint32_t)(text.bytes[(*at)++] - '0');
    return number;
}

static bl_text read_until_mark(bl_text text, size_t *at)
{
    const size_t start = *at;
    while (*at < text.size && (unsigned char)text.bytes[*at] >= ' ')
        (*at)++;
    return (bl_text){text.bytes + start, *at - start};
}

static void note_ref(page *p, bl_text number)
{
    if (p->refs) bl_words_add(p->arena_of, p->refs, number);
}

/* Where a link goes: nowhere from the clause itself, and once from each clause. */
static const bl_clause *target_of(page *p, uint32_t number, bool is_once)
{
    if (number >= p->render->target_count) return NULL;
    const bl_clause *target = p->render->targets[number];
    if (!target || target == p->clause) return NULL;
    const bool is_new = p->linked[number] != p->clause->ordinal;
    p->linked[number] = p->clause->ordinal;
    if (is_new) note_ref(p, target->number);
    return is_new || !is_once ? target : NULL;
}

static void write_link(page *p, bl_text text, size_t *at)
{
    const bl_clause *target = target_of(p, read_number(text, at), true);
    (*at)++; /* BODY */
    if (target) open_link(p, target->number);
    plain(p, read_until_mark(text, at));
    if (target) close_link(p, target->number);
}

static void write_number(page *p, bl_text text, size_t *at)
{
    const bl_clause *target = target_of(p, read_number(text, at), false);
    if (!target) return;
    open_link(p, target->number);
    plain(p, target->number);
    close_link(p, target->number);
}

static void write_local(page *p, bl_text text, size_t *at)
{
    const char *const before[] = {"*", "<em>", ""}, *const behind[] = {"*", "</em>", ""};
    bl_buffer_cstring(p->out, before[p->format]);
    plain(p, read_until_mark(text, at));
    bl_buffer_cstring(p->out, behind[p->format]);
}

static void write_marked(page *p, bl_text text)
{
    size_t at = 0;
    while (at < text.size) {
        const char byte = text.bytes[at];
        if (byte == BL_MARK_LINK || byte == BL_MARK_NUMBER || byte == BL_MARK_NAME) {
            at++;
            if (byte == BL_MARK_LINK) write_link(p, text, &at);
            if (byte == BL_MARK_NUMBER) write_number(p, text, &at);
            if (byte == BL_MARK_NAME) write_local(p, text, &at);
            at++; /* END */
        } else if ((unsigned char)byte < ' ') {
            at++;
        } else {
            plain(p, read_until_mark(text, &at));
        }
    }
}

/* ---- where a clause comes from ---- */

static bool is_library(bl_text name)
{
    return name.size >= 4 && memcmp(name.bytes, "std/", 4) == 0;
}

/* The path of `name` from the folder of `base`; both are as the host gave them. */
static void write_relative(bl_buffer *out, bl_text base, bl_text name)
{
    size_t same = 0; /* behind the last folder that both share */
    for (size_t i = 0; i < base.size && i < name.size && base.bytes[i] == name.bytes[i]; i++)
        if (base.bytes[i] == '/') same = i + 1;
    for (size_t i = same; i < base.size; i++)
        if (base.bytes[i] == '/') bl_buffer_cstring(out, "../");
    for (size_t i = same; i < name.size; i++) {
        const unsigned char byte = (unsigned char)name.bytes[i];
        const bool is_safe = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                             (byte >= '0' && byte <= '9') ||
                             (byte != 0 && strchr("-._~/+,=@", byte));
        if (is_safe)
            bl_buffer_char(out, (char)byte);
        else
            bl_buffer_format(out, "%%%c%c", "0123456789ABCDEF"[byte >> 4],
                             "0123456789ABCDEF"[byte & 15]);
    }
}

static bool source_of(const page *p, const bl_clause *clause, const bl_source **source,
                      uint32_t *line)
{
    if (clause->span.file >= p->render->compilation->source_count) return false;
    *source = &p->render->compilation->sources[clause->span.file];
    *line = bl_source_place(*source, clause->span.start).line;
    return true;
}

/* " `std/pytorch:49`", with a link where there is a file to go to. */
static void write_source(page *p, const bl_clause *clause)
{
    const bl_source *source;
    uint32_t line;
    if (!source_of(p, clause, &source, &line)) return;
    const bool has_link = !is_library(source->name);
    const bool is_html = p->format == PAGE_HTML;
    bl_buffer_cstring(p->out, is_html ? " <small class=\"source\">" : " <sub>");
    if (has_link) {
        bl_buffer_cstring(p->out, is_html ? "<a href=\"" : "[");
        if (!is_html) plain(p, source->name);
        if (!is_html) bl_buffer_format(p->out, ":%u](", line);
        write_relative(p->out, p->render->compilation->sources[0].name, source->name);
        bl_buffer_format(p->out, "#L%u", line);
        bl_buffer_cstring(p->out, is_html ? "\">" : ")");
    }
    if (is_html || !has_link) {
        plain(p, source->name);
        bl_buffer_format(p->out, ":%u", line);
    }
    if (is_html && has_link) bl_buffer_cstring(p->out, "</a>");
    bl_buffer_cstring(p->out, is_html ? "</small>" : "</sub>");
}

/* ---- the page ---- */

static bl_text title_of(const bl_render *r)
{
    const bl_program *program = r->compilation->program;
    if (program->policy_title.size > 0) return program->policy_title;
    if (program->policy_name.size > 0) return program->policy_name;
    return r->compilation->sources[0].name;
}

static bool is_heading(const bl_clause *clause)
{
    return clause->text.size == 0;
}

/* Articles, and what is in an annex, by their headings. */
static bool is_listed(const bl_clause *clause)
{
    return clause->level == 0 || (clause->level == 1 && is_heading(clause));
}

static const char *article_word(const bl_clause *clause)
{
    if (clause->level > 0) return "";
    return clause->number.bytes[0] >= 'A' ? "Annex " : "Article ";
}

static void write_contents(page *p)
{
    const bool is_html = p->format == PAGE_HTML;
    bl_buffer_cstring(p->out, is_html ? "<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n"
                                      : "## Contents\n\n");
    for (const bl_clause *clause = p->render->first; clause; clause = clause->next) {
        if (!is_listed(clause)) continue;
        p->clause = clause;
        if (is_html)
            bl_buffer_format(p->out, "<li class=\"level-%u\">", clause->level);
        else
            bl_buffer_cstring(p->out, clause->level == 0 ? "- " : "  - ");
        open_link(p, clause->number);
        bl_buffer_cstring(p->out, article_word(clause));
        plain(p, clause->number);
        bl_buffer_cstring(p->out, ". ");
        plain(p, clause->heading);
        close_link(p, clause->number);
        bl_buffer_cstring(p->out, is_html ? "</li>\n" : "\n");
    }
    bl_buffer_cstring(p->out, is_html ? "</ul>\n</nav>\n" : "\n");
}

static void markdown_clause(page *p, const bl_clause *clause)
{
    p->clause = clause;
    if (is_heading(clause)) {
        bl_buffer_cstring(p->out, clause->level == 0 ? "## " : "### ");
        bl_buffer_format(p->out, "<a id=\"c-%.*s\"></a>%s%.*s. ", (int)clause->number.size,
                         clause->number.bytes, article_word(clause), (int)clause->number.size,
                         clause->number.bytes);
        plain(p, clause->heading);
    } else {
        bl_buffer_format(p->out, "<a id=\"c-%.*s\"></a>**%.*s", (int)clause->number.size,
                         clause->number.bytes, (int)clause->number.size, clause->number.bytes);
        if (clause->heading.size > 0) {
            bl_buffer_char(p->out, ' ');
            plain(p, clause->heading);
            bl_buffer_char(p->out, '.');
        }
        bl_buffer_cstring(p->out, "** ");
        write_marked(p, clause->text);
    }
    write_source(p, clause);
    bl_buffer_cstring(p->out, "\n\n");
}

static bool page_init(page *p, bl_render *r, bl_buffer *out, page_format format)
{
    *p = (page){.render = r, .out = out, .format = format, .arena_of = r};
    p->linked = bl_arena_array(&r->arena, r->target_count, sizeof *p->linked);
    if (!p->linked) r->failed = true;
    return p->linked != NULL;
}

void bl_render_markdown(bl_render *r, bl_buffer *out)
{
    page p;
    if (!page_init(&p, r, out, PAGE_MARKDOWN)) return;
    bl_buffer_cstring(out, "# ");
    plain(&p, bl_phrase_source(r, title_of(r)));
    bl_buffer_cstring(out, "\n\n");
    write_contents(&p);
    for (const bl_clause *clause = r->first; clause; clause = clause->next)
        markdown_clause(&p, clause);
}

/* Beside the style that all pages share. */
static const char style[] =
    "<style>nav ul{list-style:none;padding:0;columns:20rem}nav li.level-1{padding-left:1rem}"
    "nav li{break-inside:avoid}.clause{margin:.5rem 0}.clause b{font-weight:600}"
    ".number{font-variant-numeric:tabular-nums;margin-right:.35rem}"
    ".level-2{margin-left:1.25rem}.level-3{margin-left:2.5rem}.level-4{margin-left:3.75rem}"
    "h2{margin-top:2.25rem;border-bottom:1px solid var(--rule);padding-bottom:.25rem}"
    ".source,.source a{color:var(--quiet);font-size:.75rem;font-weight:400;white-space:nowrap}"
    ":target{background:var(--fill)}.clause a{text-decoration:none}.clause "
    "a:hover{text-decoration:underline}"
    "@media(max-width:40rem){.level-2,.level-3,.level-4{margin-left:.75rem}.source{white-space:"
    "normal}}"
    "</style>\n";

#define INDENT_MAX 4 /* deeper clauses stand no further in */

static void html_clause(page *p, const bl_clause *clause)
{
    p->clause = clause;
    const unsigned level = clause->level < INDENT_MAX ? clause->level : INDENT_MAX;
    const unsigned heading = clause->level == 0 ? 2 : 3;
    if (is_heading(clause)) {
        bl_buffer_format(p->out, "<h%u id=\"c-%.*s\">%s%.*s. ", heading, (int)clause->number.size,
                         clause->number.bytes, article_word(clause), (int)clause->number.size,
                         clause->number.bytes);
        plain(p, clause->heading);
        write_source(p, clause);
        bl_buffer_format(p->out, "</h%u>\n", heading);
        return;
    }
    bl_buffer_format(
        p->out, "<p class=\"clause level-%u\" id=\"c-%.*s\"><span class=\"number\">%.*s</span> ",
        level, (int)clause->number.size, clause->number.bytes, (int)clause->number.size,
        clause->number.bytes);
    if (clause->heading.size > 0) {
        bl_buffer_cstring(p->out, "<b>");
        plain(p, clause->heading);
        bl_buffer_cstring(p->out, ".</b> ");
    }
    write_marked(p, clause->text);
    write_source(p, clause);
    bl_buffer_cstring(p->out, "</p>\n");
}

void bl_render_html(bl_render *r, bl_buffer *out)
{
    page p;
    if (!page_init(&p, r, out, PAGE_HTML)) return;
    const bl_text title = bl_phrase_source(r, title_of(r));
    bl_markup_page_begin(out, title);
    bl_buffer_cstring(out, style);
    bl_buffer_cstring(out, "<h1>");
    bl_markup_text(out, title);
    bl_buffer_cstring(out, "</h1>\n");
    write_contents(&p);
    for (const bl_clause *clause = r->first; clause; clause = clause->next)
        html_clause(&p, clause);
    bl_markup_page_end(out);
}

/* ---- JSON ---- */

static void write_member(bl_buffer *out, const char *key, bl_text text)
{
    bl_buffer_format(out, ",\"%s\":", key);
    bl_json_write_text(out, text);
}

static void json_text(page *p, bl_buffer *out, const bl_clause *clause)
{
    bl_buffer text;
    bl_buffer_init(&text, p->render->arena.memory);
    p->out = &text;
    write_marked(p, clause->text);
    p->out = out;
    write_member(out, "text", (bl_text){text.bytes, text.size});
    if (text.failed) out->failed = true;
    bl_buffer_free(&text);
}

static void json_clause(page *p, const bl_clause *clause)
{
    bl_buffer *out = p->out;
    bl_words refs = {0};
    p->refs = &refs;
    p->clause = clause;
    bl_buffer_cstring(out, "{\"number\":");
    bl_json_write_text(out, clause->number);
    if (clause->heading.size > 0) write_member(out, "heading", clause->heading);
    if (clause->text.size > 0) json_text(p, out, clause);
    const bl_source *source;
    uint32_t line;
    if (source_of(p, clause, &source, &line)) {
        write_member(out, "file", source->name);
        bl_buffer_format(out, ",\"line\":%u", line);
    }
    for (size_t i = 0; i < refs.count; i++) {
        bl_buffer_cstring(out, i == 0 ? ",\"refs\":[" : ",");
        bl_json_write_text(out, refs.items[i]);
    }
    bl_buffer_cstring(out, refs.count > 0 ? "]}\n" : "}\n");
    p->refs = NULL;
}

void bl_render_json(bl_render *r, bl_buffer *out)
{
    page p;
    if (!page_init(&p, r, out, PAGE_PLAIN)) return;
    bl_buffer_cstring(out, "{\"title\":");
    bl_json_write_text(out, title_of(r));
    bl_buffer_cstring(out, "}\n");
    for (const bl_clause *clause = r->first; clause; clause = clause->next)
        json_clause(&p, clause);
}
