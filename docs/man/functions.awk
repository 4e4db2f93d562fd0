# The manual page bylaw(3) from the public header: each section, declaration and comment, in the header's order.
#
#   awk -f docs/man/functions.awk runtime/bylaw.h > bylaw.3

function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}

# A line of text in lines of at most 79 bytes, as mdoc wants them, broken between words.
function put_text(text,    at) {
    while (length(text) > 79) {
        for (at = 79; at > 1 && !(substr(text, at, 1) == " " && substr(text, at + 1, 1) ~ /[^ .\047]/); at--) { }
        if (at == 1) break
        print substr(text, 1, at - 1)
        text = substr(text, at + 1)
    }
    print text
}

# A comment as paragraphs: an empty line begins another one, what is indented stands as it is.
function put_comment(text,    lines, count, i, line, is_literal) {
    count = split(text, lines, "\n")
    for (i = 1; i <= count; i++) {
        line = lines[i]
        if (line == "" && is_literal) { print ".Ed"; is_literal = 0 }
        if (line == "") { if (i > 1 && i < count) pending = 1; continue }
        if (line ~ /^    / && !is_literal) { print ".Bd \\-literal \\-offset indent"; is_literal = 1; pending = 0 }
        if (pending && !is_literal) print ".Pp"
        pending = 0
        # Behind a full stop the next sentence begins a line, as mdoc wants it.
        if (!is_literal) gsub(/\. /, ".\n", line)
        parts = split(line, sentences, "\n")
        for (j = 1; j <= parts; j++)
            if (is_literal) print escaped(sentences[j])
            else put_text(escaped(sentences[j]))
    }
    if (is_literal) print ".Ed"
}

function put_declaration(text) {
    print ".Bd -literal"
    parts = split(text, rows, "\n")
    for (j = 1; j <= parts; j++) print escaped(rows[j])
    print ".Ed"
}

BEGIN {
    print ".\\\" Made from runtime/bylaw.h: do not edit."
    print ".Dd $Mdocdate$"
    print ".Dt BYLAW 3\n.Os\n.Sh NAME\n.Nm bylaw\n.Nd compile governance policies, evaluate events, explain outcomes"
    print ".Sh LIBRARY"
    put_text("The Bylaw library (libbylaw, \\-lbylaw), or the half of it that runs policies (libbylaw\\-run, \\-lbylaw\\-run).")
    print ".Sh SYNOPSIS\n.In bylaw.h\n.Sh DESCRIPTION"
}

/^#define BYLAW_[A-Z_]+ / { put_declaration($0); next }
/^#|^extern "C"|^}$/ && depth == 0 && !in_comment { next }

# ---- sections and comments ----

match($0, /^\/\* ---- .* ---- \*\/$/) {
    print ".Ss \\&" toupper(substr($0, 9, 1)) substr($0, 10, length($0) - 17) # `In` alone would be a macro
    comment = ""
    next
}
/^\/\*/ && declaration == "" && !in_comment {
    in_comment = 1
    comment = ""
    sub(/^\/\*/, "")
}
in_comment {
    is_last = sub(/ *\*\/$/, "")
    sub(/^ \* ?/, "")
    sub(/^ /, "")
    if ($0 != "" || comment != "") comment = comment (comment == "" ? "" : "\n") $0
    if (is_last) {
        in_comment = 0
        if (!has_begun) { put_comment(comment); comment = ""; has_begun = 1 }
    }
    next
}

# ---- declarations ----

/^$/ && declaration == "" {
    # What is said of those below it together.
    if (comment != "") { print ".Pp"; put_comment(comment); comment = "" }
    next
}
{
    declaration = declaration (declaration == "" ? "" : "\n") $0
    line = $0
    sub(/\/\*.*/, "", line)
    depth += gsub(/{/, "{", line) - gsub(/}/, "}", line)
    if (depth == 0 && line ~ /;[ \t]*$/) {
        put_declaration(declaration)
        if (comment != "") put_comment(comment)
        declaration = comment = ""
    }
}
END { print ".Sh SEE ALSO\n.Xr bylaw 1 ,\n.Xr bylaw 5" }
