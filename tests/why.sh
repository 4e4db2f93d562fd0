#!/bin/sh
# What `bylaw why` says, in every depth: each line of tests/why/NAME/ask is what follows `bylaw why` in that folder, and
# `expected` is the answers as text and as JSON. Then why.py holds every number told against the outcomes of the run
# itself. `sh tests/why.sh --update` writes what is expected anew.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

answer_all() { # in the folder: all answers on standard output
    while read -r words; do
        for depth in sentence rules all; do
            for format in text json; do
                echo "\$ bylaw why --depth $depth --format $format $words"
                # shellcheck disable=SC2086 # words are words
                record "$work/answer" "$bylaw" why --color never --depth "$depth" --format "$format" $words
                cat "$work/answer"
            done
        done
    done <ask
}

for folder in tests/why/*/; do
    folder=${folder%/}
    (cd "$folder" && answer_all >"$work/got")
    if [ -z "$update" ]; then
        same "why ${folder##*/}" "$folder/expected" "$work/got"
    elif ! cmp -s "$folder/expected" "$work/got"; then
        cp "$work/got" "$folder/expected"
        echo "rewrote $folder/expected"
    fi
    [ -n "$update" ] || (cd "$folder" && python3 ../../why.py "$bylaw" ask) || fail "why.py ended early in $folder" </dev/null
done
