#!/bin/sh
# Out of memory is an ordinary failure: tests/unit/memory_fails fails each allocation in turn, with sanitizers watching.
#
#   sh tests/memory.sh
#   sh tests/memory.sh --run WORDS…    one of its runs: the words of memory_fails
set -u
cd "$(dirname "$0")/.." || exit 1
words=
if [ "${1:-}" = --run ]; then
    shift
    words=$*
    name=${2:-$1} # the events; of a policy that is compiled alone, the policy
    set --
fi
. tests/lib.sh

program=build/sanitize/tests/unit/memory_fails

if [ ! -x "$program" ]; then
    echo "$program was not built" | fail "memory fails"
    exit 1
fi

if [ -n "$words" ]; then
    # shellcheck disable=SC2086 # words are words
    record "$work/log" limited "$program" $words
    if tail -n 1 "$work/log" | grep -q '^exit status'; then
        fail "memory fails: $name" <"$work/log"
    else
        ok "memory fails: $name ($(cat "$work/log"))"
    fi
    exit 0
fi

# What to run, a line each.
{
    ls -d stdlib/*.bylaw tests/diagnostics/*.bylaw tests/policies/elections.bylaw
    stories | while IFS= read -r events; do
        policy=$(policy_of "${events%/*}")
        echo "${policy:-stdlib/pytorch.bylaw} $events $(roster_of "${events%/*}")"
    done
} | sed 's/^/sh tests\/memory.sh --run /' >"$work/runs"
side_by_side "$work/runs" ' examples/'
awk 'END { exit NR > 100 ? 0 : 1 }' "$work/runs" || echo "only $(wc -l <"$work/runs") runs" | fail "memory fails in many runs"
