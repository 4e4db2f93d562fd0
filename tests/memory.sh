#!/bin/sh
# Out of memory is an ordinary failure: tests/unit/memory_fails fails each allocation in turn, with sanitizers watching.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

program=build/sanitize/tests/unit/memory_fails

fails_well() { # name, words of memory_fails…
    name=$1
    shift
    record "$work/log" "$program" "$@"
    if tail -n 1 "$work/log" | grep -q '^exit status'; then
        fail "memory fails: $name" <"$work/log"
    else
        ok "memory fails: $name ($(cat "$work/log"))"
    fi
}

if [ ! -x "$program" ]; then
    echo "$program was not built" | fail "memory fails"
    exit 1
fi
for policy in stdlib/*.bylaw; do
    fails_well "$policy" "$policy"
done
for policy in tests/diagnostics/*.bylaw; do
    if [ -e "$policy" ]; then fails_well "$policy" "$policy"; fi
done
stories >"$work/stories"
while IFS= read -r events; do
    policy=$(policy_of "${events%/*}")
    roster=$(roster_of "${events%/*}")
    set -- "${policy:-stdlib/pytorch.bylaw}" "$events"
    if [ -n "$roster" ]; then set -- "$@" "$roster"; fi
    fails_well "$events" "$@"
done <"$work/stories"
