#!/bin/sh
# The table of words, lang/words.def: docs/words.md says what it says, every word of the language stands in it, and every
# example is one. `bylaw help` tells each word.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

python3 tests/words.py page >"$work/page" 2>&1
same "docs/words.md is the table of words" docs/words.md "$work/page"

verdict() { # name; what is wrong on standard input
    cat >"$work/wrong"
    if [ -s "$work/wrong" ]; then fail "$1" <"$work/wrong"; else ok "$1"; fi
}
python3 tests/words.py missing 2>&1 | verdict "every keyword, event and outcome stands in the table"
python3 tests/words.py strange 2>&1 | verdict "every example shows its word"

# Names in the examples mean nothing here: what must hold is that the words stand where they can.
mkdir "$work/examples"
python3 tests/words.py examples "$work/examples" 2>&1 | verdict "the examples can be written"
count=0
for example in "$work"/examples/*.bylaw; do
    "$bylaw" check --color never "$example" >"$work/got" 2>&1 </dev/null
    status=$?
    if [ "$status" -gt 3 ] || grep -q '\[B01' "$work/got"; then cat "$example" "$work/got"; fi
    count=$((count + 1))
done | verdict "every example parses"
ls "$work"/examples/*.bylaw | wc -l | awk '$1 < 100 { print "only " $1 " examples" }' | verdict "there are examples"
"$bylaw" run --format text "$work/examples/events.jsonl" 2>&1 | grep malformed | verdict "every example of an event is one"

for word in quorum 'decided by' vetoes 'instant runoff' branch second; do
    # shellcheck disable=SC2086 # words are words
    if "$bylaw" help $word >"$work/got" 2>&1 && grep -q "$word" "$work/got"; then
        ok "help knows $word"
    else
        fail "help knows $word" <"$work/got"
    fi
done
{
    "$bylaw" help majority && "$bylaw" help lazy_consensus && "$bylaw" help committee_majority
    echo 'help lazy_consensus' | "$bylaw" repl -q
} >"$work/got" 2>&1
same "help tells procedures of the library, and how to read them" tests/words/procedures.expected "$work/got"
# Whatever procedure the library declares is found by its name, whole.
for policy in stdlib/*.bylaw; do
    path=std/$(basename "$policy" .bylaw)
    sed -n 's/^procedure \([a-z_0-9]*\).*/\1/p' "$policy" | while read -r name; do
        "$bylaw" help "$name" >"$work/got" 2>&1 && grep -q "procedure of $path" "$work/got" && grep -q '}$' "$work/got" || echo "$path: $name"
    done
done >"$work/missing"
if [ -s "$work/missing" ]; then fail "help knows each procedure of the library" <"$work/missing"; else ok "help knows each procedure of the library"; fi
record "$work/got" "$bylaw" help quorun
printf 'bylaw: there is no verb or word `quorun`; did you mean `bylaw help quorum`?\nexit status 2\n' >"$work/expected"
same "help offers the nearest word" "$work/expected" "$work/got"
record "$work/got" "$bylaw" help treasurer
printf 'bylaw: there is no verb or word `treasurer`; what a policy names, `bylaw render FILE` tells\nexit status 2\n' >"$work/expected"
same "help tells who knows the names of a policy" "$work/expected" "$work/got"
