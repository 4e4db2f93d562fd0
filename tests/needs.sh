#!/bin/sh
# What `bylaw needs` tells, against an oracle that tries every set of acts: see tests/needs.py. And in the stories, against
# what then happens: see tests/needs_stories.py.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

for seed in 1 2; do
    status=0
    PYTHONDONTWRITEBYTECODE=1 python3 tests/needs.py "$bylaw" "$seed" 25 >"$work/log" 2>&1 || status=$?
    sed "s/^\(ok\|FAIL\) needs /&seed $seed, /" "$work/log"
    if [ "$status" -ne 0 ] && ! grep -q '^FAIL ' "$work/log"; then
        tail -n 20 "$work/log" | fail "tests/needs.py ended with status $status"
    fi
done

if python3 tests/needs_elections.py "$bylaw" "$work" >"$work/log" 2>&1; then cat "$work/log"; else
    tail -n 20 "$work/log" | fail "tests/needs_elections.py ended with an error"
fi

for events in $(stories); do
    folder=${events%/*}
    case $folder in examples/pytorch | examples/pytorch-merge | tests/golden/*) ;; *) continue ;; esac
    case $folder in tests/*) name=${folder#tests/} ;; *) name=${events%.jsonl} ;; esac
    status=0
    PYTHONDONTWRITEBYTECODE=1 python3 tests/needs_stories.py "$bylaw" "$name" "$events" "$(policy_of "$folder")" \
        "$(roster_of "$folder")" >"$work/log" 2>&1 || status=$?
    if [ "$status" -eq 0 ] || grep -q '^FAIL ' "$work/log"; then
        cat "$work/log"
    else
        tail -n 20 "$work/log" | fail "tests/needs_stories.py for $name ended with status $status"
    fi
done
