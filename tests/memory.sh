#!/bin/sh
# Out of memory is an ordinary failure: tests/unit/memory_fails fails each allocation in turn, with sanitizers watching.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

program=build/sanitize/tests/unit/memory_fails

if [ ! -x "$program" ]; then
    echo "$program was not built" | fail "memory fails"
    exit 1
fi

# What to run, a line each: the words of memory_fails.
{
    ls -d stdlib/*.bylaw tests/diagnostics/*.bylaw tests/policies/elections.bylaw
    stories | while IFS= read -r events; do
        policy=$(policy_of "${events%/*}")
        echo "${policy:-stdlib/pytorch.bylaw} $events $(roster_of "${events%/*}")"
    done
} >"$work/runs"

# Every second line, from the given one on.
fail_each() { # 0 or 1
    awk -v rest="$1" 'NR % 2 == rest' "$work/runs" | while IFS= read -r words; do
        # shellcheck disable=SC2086 # words are words
        record "$work/log.$1" "$program" $words
        set -- "$1" $words
        name=${3:-$2}
        if tail -n 1 "$work/log.$1" | grep -q '^exit status'; then
            fail "memory fails: $name" <"$work/log.$1"
        else
            ok "memory fails: $name ($(cat "$work/log.$1"))"
        fi
    done
}

# Two at a time: the long ones need minutes else.
fail_each 1 >"$work/odd" &
fail_each 0 >"$work/even"
wait
cat "$work/odd" "$work/even"
awk 'END { exit NR > 100 ? 0 : 1 }' "$work/runs" || echo "only $(wc -l <"$work/runs") runs" | fail "memory fails in many runs"
