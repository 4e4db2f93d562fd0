#!/bin/sh
# Holds examples/pytorch-merge/policy.bylaw against the recorded and the hypothetical cases: the same decision, reason and rule.
# Usage: sh tests/pytorch/run.sh [PROGRAM]; from anywhere. Prints a line for each file of cases and one with the counts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=${1:-${BYLAW:-$root/build/bylaw}}
example=$root/examples/pytorch-merge
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk -f "$example/rules-to-events.awk" "$here/merge_rules_2023.yaml" > "$work/rules-2023.jsonl"

# Compiled once: most of each run would be compiling.
"$program" compile "$example/policy.bylaw" -o "$work/policy.bylawc"

status=0
for cases in recorded hypothetical; do
    mkdir "$work/$cases"
    python3 "$example/case-to-events.py" "$here/$cases.jsonl" "$example/rules.jsonl" "$work/rules-2023.jsonl" "$work/$cases"
    for events in "$work/$cases"/*.jsonl; do
        "$program" run -p "$work/policy.bylawc" "$events" > "$events.out" 2> "$events.err" || true
    done
    if python3 "$here/compare.py" "$here/$cases.jsonl" "$work/$cases"; then
        echo "ok pytorch $cases"
    else
        echo "not ok pytorch $cases"
        status=1
    fi
done
exit $status
