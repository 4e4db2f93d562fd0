#!/bin/sh
# Random events, the same every time, under sanitizers: see tests/fuzz/random_events.py.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

if [ -x build/sanitize/bylaw ] && [ "$build" = build ]; then bylaw=$root/build/sanitize/bylaw; fi
for seed in 1 2 3 4; do
    status=0
    PYTHONDONTWRITEBYTECODE=1 python3 tests/fuzz/random_events.py "$bylaw" "$seed" 400 >"$work/log" 2>&1 || status=$?
    if [ "$status" -eq 0 ]; then ok "random events: $(cat "$work/log")"; else fail "random events, seed $seed" <"$work/log"; fi
done
