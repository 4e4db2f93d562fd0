#!/bin/sh
# What `who can` and `pending` print: each file tests/who/CLAIM holds the words of the command on its first line, behind `$`,
# and what must be printed below. `sh tests/who.sh --update` writes the files anew, for a person to read.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

for case in tests/who/*; do
    head -n 1 "$case" >"$work/got"
    # shellcheck disable=SC2046 # words are words
    record "$work/said" "$bylaw" $(sed -n '1s/^\$ bylaw //p' "$case") --color never
    cat "$work/said" >>"$work/got"
    if [ -z "$update" ]; then
        same "who $(basename "$case")" "$case" "$work/got"
    elif ! cmp -s "$case" "$work/got"; then
        cp "$work/got" "$case"
        echo "rewrote $case"
    fi
done
