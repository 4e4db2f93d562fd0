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

# What the demo shows is what was recorded.
awk -f examples/pytorch-merge/rules-to-events.awk tests/pytorch/merge_rules_2023.yaml >"$work/rules-2023.jsonl"
mkdir "$work/recorded"
python3 examples/pytorch-merge/case-to-events.py tests/pytorch/recorded.jsonl examples/pytorch-merge/rules.jsonl \
    "$work/rules-2023.jsonl" "$work/recorded"
for events in examples/pytorch-merge/recorded/*.jsonl; do
    same "$events is as recorded" "$work/recorded/${events##*/}" "$events"
done
awk -f examples/pytorch-merge/rules-to-events.awk tests/pytorch/merge_rules.yaml >"$work/rules.jsonl"
same "rules.jsonl is merge_rules.yaml" "$work/rules.jsonl" examples/pytorch-merge/rules.jsonl

# Whose approval would let it merge.
mkdir "$work/landings"
status=0
PYTHONDONTWRITEBYTECODE=1 python3 tests/pytorch/landings.py "$bylaw" "$work/landings" 100 >"$work/log" 2>&1 || status=$?
if [ "$status" -eq 0 ]; then
    ok "needs: $(tail -n 1 "$work/log")"
else
    fail "needs and the oracle differ" <"$work/log"
fi
