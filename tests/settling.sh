#!/bin/sh
# When stages close, against an oracle that tries every way the rest could vote: see tests/settling.py.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

for seed in 1; do
    status=0
    PYTHONDONTWRITEBYTECODE=1 python3 tests/settling.py "$bylaw" "$seed" >"$work/log" 2>&1 || status=$?
    sed "s/^\(ok\|FAIL\) settling /&seed $seed, /" "$work/log"
    if [ "$status" -ne 0 ] && ! grep -q '^FAIL ' "$work/log"; then
        tail -n 20 "$work/log" | fail "tests/settling.py ended with status $status"
    fi
done
