#!/bin/sh
# The house rules a program can check: includes point down, never up; memory, files, clocks and floats stay out of the
# core; no file grows past its size.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

verdict() { # name; what is wrong on standard input
    cat >"$work/wrong"
    if [ -s "$work/wrong" ]; then fail "$1" <"$work/wrong"; else ok "$1"; fi
}

# "file:included" for each include in quotes, the path made relative to the root.
includes_of() { # files…
    awk '
        /^[ \t]*#[ \t]*include[ \t]*"/ {
            split($0, parts, "\""); name = parts[2]; folder = FILENAME; sub(/[^\/]*$/, "", folder)
            while (name ~ /^\.\.\//) { sub(/^\.\.\//, "", name); sub(/[^\/]*\/$/, "", folder) }
            print FILENAME ":" folder name
        }' "$@"
}

# Code without comments and texts, as file:line:code.
code_of() { # files…
    awk '
        FNR == 1 { inside = 0 }
        {
            line = $0; code = ""
            gsub(/\\./, "", line); gsub(/"[^"]*"/, "\"\"", line)
            while (length(line)) {
                if (inside) {
                    if (!(at = index(line, "*/"))) break
                    line = substr(line, at + 2); inside = 0
                } else {
                    at = index(line, "/*"); slash = index(line, "//")
                    if (slash && (!at || slash < at)) { code = code substr(line, 1, slash - 1); break }
                    if (!at) { code = code line; break }
                    code = code substr(line, 1, at - 1); line = substr(line, at + 2); inside = 1
                }
            }
            if (code ~ /[^ \t]/) print FILENAME ":" FNR ":" code
        }' "$@"
}

# ---- includes ----

# What stands beside the file, in runtime/ or lang/, or is generated; the -I path makes short names of both possible.
includes_of runtime/*.[ch] | while IFS=: read -r file included; do
    [ -e "$included" ] && [ "${included%/*}" = runtime ] || echo "$file includes $included"
done | verdict "runtime/ includes nothing of lang/"

includes_of lang/*.[chyl] | while IFS=: read -r file included; do
    case $included in
    lang/tools/*) echo "$file includes $included" ;;
    lang/grammar.h | lang/lexer.h) ;; # generated
    lang/*) [ -e "$included" ] || [ -e "runtime/${included#lang/}" ] || echo "$file includes $included" ;;
    runtime/*) [ -e "$included" ] || echo "$file includes $included" ;;
    *) echo "$file includes $included" ;;
    esac
done | verdict "lang/ includes nothing of lang/tools/"

includes_of lang/tools/*.[ch] | while IFS=: read -r file included; do
    case $included in
    runtime/bylaw.h) ;;
    lang/tools/*) [ -e "$included" ] || echo "$file includes $included" ;;
    *) echo "$file includes $included" ;;
    esac
done | verdict "lang/tools/ includes runtime/bylaw.h and nothing else of the core"

# ---- what the core does without ----

code_of runtime/*.[ch] lang/*.[chyl] >"$work/core"

forbidden() { # name, pattern, files left out
    grep -E "^[^:]*:[0-9]*:.*(^|[^A-Za-z0-9_>.])($2)" "$work/core" | grep -v -E "^($3):" | verdict "$1"
}

forbidden "only arena.c calls malloc and free" '(malloc|calloc|realloc|free|strdup|strndup)[ ]*\(' 'runtime/arena\.c'
forbidden "the core prints nothing and opens nothing" \
    '(printf|fprintf|vprintf|puts|putchar|fputs|perror|fopen|open|read|write|close)[ ]*\(|FILE[ ]*\*|(stdin|stdout|stderr)[^A-Za-z0-9_]' 'none'
forbidden "the core never exits" '(exit|_exit|quick_exit|abort|longjmp|setjmp|raise)[ ]*\(' 'none'
forbidden "the core reads no clock, no environment, no locale, no chance" \
    '(time|clock|clock_gettime|gettimeofday|localtime|gmtime|getenv|setlocale|rand|random|strtod|atof|tolower|isalpha)[ ]*\(' 'none'
forbidden "the core has no floating point" '(float|double|long double)[^A-Za-z0-9_]' 'none'

# The same asked of the compiled library, which knows better: what it wants from the C library.
# The scanner flex writes names stdin and stdout as defaults that are never used.
nm -A -u "$build/core/libbylaw.a" 2>/dev/null | sed 's/^[^:]*:\([^:]*\):.* \([^ ]*\)$/\1 \2/' | sort -u >"$work/wanted"
if [ -s "$work/wanted" ]; then
    grep -v -E '^(arena\.o (malloc|realloc|free)|lexer\.o (stdin|stdout|getc|fread|ferror|clearerr|fwrite))$' "$work/wanted" |
        grep -E ' (exit|_exit|abort|printf|fprintf|__printf_chk|__fprintf_chk|puts|putchar|fputs|fputc|fwrite|fopen|open|read|write|malloc|calloc|realloc|free|time|clock|clock_gettime|getenv|setlocale|rand|random|stdin|stdout|stderr)$' |
        verdict "the compiled library wants nothing it must not"
else
    echo "$build/libbylaw.a is missing" | verdict "the compiled library wants nothing it must not"
fi

# The ground floor stands alone: of names with bl_ it wants only what a policy's owner gives it.
nm "$build/libbylaw-run.a" 2>/dev/null | awk 'NF == 2 && $1 == "U" { wanted[$2] } NF == 3 { has[$3] }
    END { for (name in wanted) if (name ~ /^(bl_|bylaw_)/ && !(name in has)) print name }' |
    sort | verdict "libbylaw-run.a needs nothing of lang/"

# ---- sizes and names ----

wc -l runtime/*.c lang/*.c lang/tools/*.c lang/*.[yl] tests/unit/*.[ch] | awk '$2 != "total" && $1 > 900 { print $2 " has " $1 " lines" }' |
    verdict "no file has more than 900 lines"
find runtime lang -name 'util*' -o -name 'common*' -o -name 'misc*' -o -name 'helper*' |
    verdict "every file is named for its idea"
for file in runtime/*.[ch] lang/*.[chyl] lang/tools/*.[ch] runtime/*.def lang/*.def lang/tools/*.def; do
    case $(head -c 2 "$file") in '/*') ;; *) echo "$file does not begin with what it is for" ;; esac
done | verdict "every file begins with what it is for"

# ---- docs/architecture.md ----

# What stands between backticks in the section that begins so.
names_in() { # heading
    awk -v heading="## $1" '
        /^## / { inside = index($0, heading) == 1 }
        inside {
            while (match($0, /`[a-z_]+(\.[a-z]+)?`/)) {
                print substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH)
            }
        }' docs/architecture.md
}

# A name without an ending is of all files called so; a header may go with its .c.
files_are_named() { # folder, heading
    names_in "$2" >"$work/named"
    for file in "$1"/*.[chyl] "$1"/*.def "$1"/*.sh; do
        name=${file##*/}
        [ ! -e "$file" ] || grep -q -x -e "$name" -e "${name%.*}" "$work/named" ||
            { [ "$name" != "${name%.h}" ] && grep -q -x "${name%.h}.c" "$work/named"; } || echo "$file is missing"
    done
    grep -E '\.(c|h|y|l|def|sh)$' "$work/named" | while read -r name; do
        [ -e "$1/$name" ] || [ -e "runtime/$name" ] || echo "$name is not in $1/"
    done
}

files_are_named runtime 'The ground floor' | verdict "docs/architecture.md names every file of runtime/"
files_are_named lang 'The first floor' | verdict "docs/architecture.md names every file of lang/"
files_are_named lang/tools 'The second floor' | verdict "docs/architecture.md names every file of lang/tools/"
