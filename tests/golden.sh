#!/bin/sh
# Runs whose output is known: tests/golden/NAME holds events.jsonl, expected, and where needed policy.bylaw,
# roster.jsonl and args (more words for `bylaw run`). `sh tests/golden.sh --update` writes what is expected anew:
# here, in tests/diagnostics, in examples and in tests/why. Then a person reads the difference.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

# The words of `bylaw run` for a golden folder, which is the current one.
run_golden() { # output file
    set -- "$1" "$bylaw" run --color never
    if [ -e policy.bylaw ]; then set -- "$@" -p policy.bylaw; fi
    if [ -e roster.jsonl ]; then set -- "$@" -r roster.jsonl; fi
    # shellcheck disable=SC2046 # args are words
    if [ -e args ]; then set -- "$@" $(cat args); fi
    record "$@" events.jsonl
}

keep_or_compare() { # name, expected, got
    if [ -z "$update" ]; then
        same "$1" "$2" "$3"
    elif ! cmp -s "$2" "$3"; then
        cp "$3" "$2"
        echo "rewrote $2"
    fi
}

for folder in tests/golden/*/; do
    [ -e "$folder" ] || continue
    name=$(basename "$folder")
    (cd "$folder" && run_golden "$work/got")
    keep_or_compare "golden $name" "$folder/expected" "$work/got"
done
if [ -n "$update" ]; then
    sh tests/diagnostics.sh --update "$build"
    sh tests/examples.sh --update "$build"
    sh tests/why.sh --update "$build"
fi
