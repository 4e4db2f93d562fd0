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
done <"$work/codes"
