/*
 * HTML and SVG: escaping, and the frame and style that all pages and pictures share.
 */
#include "markup.h"

#include <utf8proc.h>

#include "machine.h"

static const char *entity_of(char byte)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void bl_markup_text(bl_buffer *out, bl_text text)
{
    size_t start = 0;
    for (size_t at = 0; at < text.size; at++) {
        const char *entity = entity_of(text.bytes[at]);
        if (!entity) continue;
        bl_outcome_show(out, (bl_text){text.bytes + start, at - start});
        bl_buffer_cstring(out, entity);
        start = at + 1;
    }
    bl_outcome_show(out, (bl_text){text.bytes + start, text.size - start});
}

/* ---- frame and style ---- */

/* Colors by what they mean; dark ones where the reader's system is dark. */
static const char colors[] =
    ":root{--paper:#fff;--ink:#1c2128;--quiet:#59636e;--rule:#d1d9e0;--fill:#f6f8fa;--good:#1a7f37;"
    "--bad:#cf222e;--warn:#9a6700;--now:#0969da}"
    "@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--quiet:#9198a1;"
    "--rule:#3d444d;--fill:#151b23;--good:#3fb950;--bad:#f85149;--warn:#d29922;--now:#4493f8}}";

/* Viewers without variables take the light color that stands before each. */
static const char picture_style[] =
    "text{font:13px system-ui,sans-serif;fill:#1c2128;fill:var(--ink)}"
    ".quiet{fill:#59636e;fill:var(--quiet)}.strong{font-weight:600}"
    ".line{stroke:#59636e;stroke:var(--quiet);fill:none}"
    ".frame{stroke:#d1d9e0;stroke:var(--rule);fill:#f6f8fa;fill:var(--fill)}"
    ".good{fill:#1a7f37;fill:var(--good)}.bad{fill:#cf222e;fill:var(--bad)}"
    ".warn{fill:#9a6700;fill:var(--warn)}.now{fill:#0969da;fill:var(--now)}"
    ".paper{fill:#fff;fill:var(--paper)}.small{font-size:12px}.large{font-size:16px}"
    ".grid{stroke:#d1d9e0;stroke:var(--rule)}"
    ".mark{stroke:#fff;stroke:var(--paper);stroke-width:1.5px}"
    ".ring{fill:#fff;fill:var(--paper);stroke:#59636e;stroke:var(--quiet);stroke-width:2}"
    ".come{fill:#fff;fill:var(--paper);stroke:#0969da;stroke:var(--now);stroke-width:2}"
    ".faint{opacity:.3}"
    ".halo{paint-order:stroke;stroke:#fff;stroke:var(--paper);stroke-width:4px;"
    "stroke-linejoin:round}.due{stroke:#1c2128;stroke:var(--ink);stroke-width:2;fill:none}"
    ".soft{opacity:.55}"
    ".nowline{stroke:#0969da;stroke:var(--now);stroke-dasharray:4 3;fill:none}";

static const char page_style[] =
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
    "max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:break-word}"
    "h1,h2,h3{line-height:1.25}a{color:var(--now)}.quiet{color:var(--quiet)}"
    "code{font-family:ui-monospace,monospace;font-size:.9em}"
    "pre{background:var(--fill);padding:.75rem;overflow-x:auto}"
    ".wide{overflow-x:auto}table{border-collapse:collapse}"
    "th,td{border:1px solid var(--rule);padding:.25rem .6rem;text-align:left;vertical-align:top}"
    "th{background:var(--fill)}td.number{text-align:right;font-variant-numeric:tabular-nums}"
    ".good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}"
    "time span{white-space:nowrap}.cards{font-size:.9rem}.cards "
    ".quiet{overflow-wrap:anywhere}.picture "
    "svg{display:block;width:100%;height:auto}.picture{display:none;margin:1rem 0}"
    "@media (max-width:599px){.picture.narrow{display:block}"
    ".cards thead{display:none}.cards,.cards tbody,.cards tr,.cards td{display:block;border:0}"
    ".cards tr{border-top:1px solid var(--rule);padding:.4rem 0}.cards td{padding:.05rem 0}"
    ".cards td:empty{display:none}.cards td[data-label]::before{content:attr(data-label) \": \";"
    "color:var(--quiet)}}"
    "@media (min-width:600px) and (max-width:899px){.picture.middle{display:block}}"
    "@media (min-width:900px){.picture.broad{display:block}}"
    "@media print{body{max-width:none;padding:0}a{color:inherit}}";

void bl_markup_svg_begin(bl_buffer *out, uint32_t width, uint32_t height, bl_text title,
                         bl_text description)
{
    bl_buffer_format(out,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                     "viewBox=\"0 0 %u %u\" role=\"img\">\n<title>",
                     width, height, width, height);
    bl_markup_text(out, title);
    bl_buffer_cstring(out, "</title>\n<desc>");
    bl_markup_text(out, description);
    bl_buffer_cstring(out, "</desc>\n<style>");
    bl_buffer_cstring(out, colors);
    bl_buffer_cstring(out, picture_style);
    bl_buffer_format(out, "</style>\n<rect class=\"paper\" width=\"%u\" height=\"%u\"/>\n", width,
                     height);
}

void bl_markup_svg_end(bl_buffer *out)
{
    bl_buffer_cstring(out, "</svg>\n");
}

void bl_markup_page_begin(bl_buffer *out, bl_text title)
{
    bl_buffer_cstring(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    bl_markup_text(out, title);
    bl_buffer_cstring(out, "</title>\n<style>");
    bl_buffer_cstring(out, colors);
    bl_buffer_cstring(out, page_style);
    bl_buffer_cstring(out, "</style>\n<body>\n");
}

void bl_markup_page_end(bl_buffer *out)
{
    bl_buffer_cstring(out, "</body>\n</html>\n");
}

/* The size of the character at the beginning of a text that is not empty, and its columns. */
static size_t measure(bl_text text, uint32_t *columns)
{
    utf8proc_int32_t point;
    const utf8proc_ssize_t size = utf8proc_iterate((const uint8_t *)text.bytes,
                                                   (utf8proc_ssize_t)text.size, &point);
    *columns = 1;
    if (size <= 0) return 1;
    const int width = utf8proc_charwidth(point);
    *columns = width > 0 ? (uint32_t)width : 0;
    return (size_t)size;
}

uint32_t bl_markup_columns(bl_text text)
{
    uint32_t columns = 0, own;
    for (size_t at = 0; at < text.size;) {
        at += measure((bl_text){text.bytes + at, text.size - at}, &own);
        columns += own;
    }
    return columns;
}

size_t bl_markup_cut(bl_text text, uint32_t columns)
{
    uint32_t taken = 0, own;
    for (size_t at = 0; at < text.size;) {
        const size_t size = measure((bl_text){text.bytes + at, text.size - at}, &own);
        if (taken + own > columns) return at;
        taken += own;
        at += size;
    }
    return text.size;
}
