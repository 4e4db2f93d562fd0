#!/bin/sh
# Policies with a mistake, the same every time, under sanitizers: see tests/mistyped.py. BYLAW_MISTAKES=100000 tries so
# many, a thousand of each seed from 1 on.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

if [ "$build" = build ]; then build=build/sanitize; fi
program=$build/tests/unit/mistyped
if [ ! -x "$program" ]; then
    echo "$program was not built" | fail "mistyped"
    exit 1
fi
seq -f 'env PYTHONDONTWRITEBYTECODE=1 python3 tests/mistyped.py try '"$program"' %.0f 1000' $((${BYLAW_MISTAKES:-3000} / 1000)) >"$work/runs"
side_by_side "$work/runs" .
