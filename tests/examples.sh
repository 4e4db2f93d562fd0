#!/bin/sh
# Each example does what it says: examples/FOLDER/STORY.jsonl gives STORY.expected under the folder's policy.bylaw (or
# the standard one) and its roster.jsonl, and each folder tells its story in README.md.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

# In the folder itself, so that places are named as its reader sees them.
run_story() { # story: into $work/got
    set -- "$1" "$bylaw" run --color never --format "$(format_of "$1.expected")"
    story=$1
    shift
    policy=$(policy_of .)
    roster=$(roster_of .)
    if [ -n "$policy" ]; then set -- "$@" -p "${policy#./}"; fi
    if [ -n "$roster" ]; then set -- "$@" -r "${roster#./}"; fi
    # shellcheck disable=SC2046 # args are words
    if [ -e "$story.args" ]; then set -- "$@" $(cat "$story.args"); fi
    record "$work/got" "$@" "$story.jsonl"
}

for folder in examples/*/; do
    folder=${folder%/}
    if [ -z "$update" ]; then
        if [ -s "$folder/README.md" ]; then ok "$folder/README.md"; else fail "$folder/README.md is missing" </dev/null; fi
    fi
    for events in "$folder"/*.jsonl; do
        [ -e "$events" ] || continue # a folder of something else than stories
        case ${events##*/} in roster.jsonl | rules.jsonl) continue ;; esac
        if [ -z "$update" ] && [ ! -e "${events%.jsonl}.expected" ]; then
            fail "${events%.jsonl}.expected is missing" </dev/null
        fi
    done
    for expected in "$folder"/*.expected; do
        [ -e "$expected" ] || continue
        story=$(basename "$expected" .expected)
        (cd "$folder" && run_story "$story")
        if [ -z "$update" ]; then
            same "example $folder/$story" "$expected" "$work/got"
        elif ! cmp -s "$expected" "$work/got"; then
            cp "$work/got" "$expected"
            echo "rewrote $expected"
        fi
    done
done
