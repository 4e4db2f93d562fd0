#!/bin/sh
# PyTorch's rules against independent oracles: see tests/pytorch/README.md.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

for test in tests/pytorch/*_test.py; do
    if PYTHONDONTWRITEBYTECODE=1 python3 "$test" >"$work/log" 2>&1; then ok "$test"; else fail "$test" <"$work/log"; fi
done

status=0
PYTHONDONTWRITEBYTECODE=1 sh tests/pytorch/run.sh "$bylaw" >"$work/log" 2>&1 || status=$?
# Details come before the line they belong to.
sed -e '/^ok /!{/^not ok /!s/^/    /;}' -e 's/^not ok /FAIL /' "$work/log"
if [ "$status" -ne 0 ] && ! grep -q '^not ok ' "$work/log"; then
    tail -n 20 "$work/log" | fail "tests/pytorch/run.sh ended with status $status"
fi
