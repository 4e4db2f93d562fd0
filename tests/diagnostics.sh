#!/bin/sh
# Each diagnostic, word for word: tests/diagnostics/X.bylaw and what `bylaw check` says to it in X.expected.
# tests/diagnostics/newcomer/ has whole policies with one mistake each, as people make them who begin: no mistake may
# give more than two messages, and nearly all give one.
# A policy that is too large for a file here, or is several files, is written by X.sh, in a folder of its own.
# Every code of runtime/diag.def must be provoked by one of them, and has a page in docs/errors.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

compare() { # name, below tests/diagnostics
    expected=tests/diagnostics/$1.expected
    if [ -z "$update" ]; then
        same "diagnostic $1" "$expected" "$work/got"
    elif ! cmp -s "$expected" "$work/got"; then
        cp "$work/got" "$expected"
        echo "rewrote $expected"
    fi
}

for policy in tests/diagnostics/*.bylaw; do
    [ -e "$policy" ] || continue
    name=$(basename "$policy" .bylaw)
    (cd tests/diagnostics && record "$work/got" "$bylaw" check --color never "$name.bylaw")
    compare "$name"
done
several=0
newcomers=0
for policy in tests/diagnostics/newcomer/*.bylaw; do
    [ -e "$policy" ] || continue
    name=$(basename "$policy" .bylaw)
    (cd tests/diagnostics/newcomer && record "$work/got" "$bylaw" check --color never "$name.bylaw")
    compare "newcomer/$name"
    count=$(grep -c '^\(error\|warning\)\[' "$work/got")
    newcomers=$((newcomers + 1))
    [ "$count" -eq 1 ] || several=$((several + 1))
    if [ -z "$update" ] && { [ "$count" -lt 1 ] || [ "$count" -gt 2 ]; }; then
        echo "$count messages for one mistake" | fail "newcomer/$name has one message, or two"
    fi
done
for script in tests/diagnostics/*.sh; do
    [ -e "$script" ] || continue
    name=$(basename "$script" .sh)
    mkdir "$work/$name"
    (cd "$work/$name" && sh "$root/$script" >"$name.bylaw" && record "$work/got" "$bylaw" check --color never "$name.bylaw")
    compare "$name"
done
[ -z "$update" ] || exit 0

if [ "$newcomers" -ge 50 ] && [ $((several * 10)) -le "$newcomers" ]; then
    ok "one mistake has one message, in nine of ten policies at least"
else
    echo "$several of $newcomers have another number" | fail "one mistake has one message, in nine of ten policies at least"
fi

sed -n 's/^DIAG(\([BW][0-9]*\),.*/\1/p' runtime/diag.def >"$work/codes"
while IFS= read -r code; do
    if cat tests/diagnostics/*.expected tests/diagnostics/newcomer/*.expected 2>/dev/null | grep -q "\[$code\]"; then
        ok "diagnostic $code is provoked"
    else
        echo "no .expected below tests/diagnostics has it" | fail "diagnostic $code is provoked"
    fi
    if [ -s "docs/errors/$code.md" ]; then
        ok "diagnostic $code has a page"
    else
        echo "docs/errors/$code.md is missing" | fail "diagnostic $code has a page"
    fi
    title=$(sed -n "s/^DIAG($code, [A-Z_]*, \"\(.*\)\")$/\1/p" runtime/diag.def)
    if [ "$(head -n 1 "docs/errors/$code.md" 2>/dev/null)" = "# $code: $title" ]; then
        ok "diagnostic $code has its title on its page"
    else
        echo "runtime/diag.def says: $title" | fail "diagnostic $code has its title on its page"
    fi
done <"$work/codes"

# An editor underlines by what the JSON says: by lines and columns in characters, or by bytes.
printf 'role café_members\nlet b = café_member\n' >"$work/places.bylaw"
"$bylaw" check --format json "$work/places.bylaw" >"$work/places" 2>&1
if grep -q '"line":2,"column":9,"endLine":2,"endColumn":20,"offset":27,"endOffset":39' "$work/places"; then
    ok "diagnostics as JSON tell the place in characters and in bytes"
else
    fail "diagnostics as JSON tell the place in characters and in bytes" <"$work/places"
fi
python3 - "$work/places.bylaw" "$bylaw" "$root/tests/diagnostics/newcomer" >"$work/underlined" 2>&1 <<'END'
import glob, json, subprocess, sys
policy, bylaw, folder = sys.argv[1:]
for path in sorted(glob.glob(folder + "/*.bylaw")) + [policy]:
    data = open(path, "rb").read()
    lines = data.decode().split("\n")
    out = subprocess.run([bylaw, "check", "--format", "json", path], capture_output=True, text=True).stdout
    for line in out.splitlines():
        d = json.loads(line)
        for place in [d] + [n for n in d.get("notes", []) if n.get("file") == path]:
            by_bytes = data[place["offset"]:place["endOffset"]].decode()
            first, last = place["line"] - 1, place["endLine"] - 1
            part = lines[first:last + 1]
            part[-1] = part[-1][:place["endColumn"] - 1]
            part[0] = part[0][place["column"] - 1:]
            assert "\n".join(part) == by_bytes, (path, place, part, by_bytes)
END
if [ -s "$work/underlined" ]; then
    fail "places in characters and in bytes are the same" <"$work/underlined"
else
    ok "places in characters and in bytes are the same"
fi
