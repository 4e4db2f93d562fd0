#!/usr/bin/env python3
"""Compares the policy's outcomes with the decisions expected.

    compare.py CASES.jsonl FOLDER

FOLDER holds ID.jsonl.out, the outcomes, for each case. The last outcome of type `emitted` is the decision:
`merged` with a rule, or `blocked` with a reason and the rule that came nearest. Prints every difference and
the counts; exit status 1 if there is a difference.
"""

import collections
import json
import pathlib
import sys


def decision_of(path):
    decision = None
    for line in path.read_text(encoding="utf-8").splitlines():
        outcome = json.loads(line)
        if outcome["type"] == "emitted":
            decision = outcome
    if decision is None:
        return {"decision": "none", "reason": path.with_suffix(".err").read_text()[:200], "rule": None}
    is_merged = decision["event"] == "merged"
    fields = decision["fields"]
    return {"decision": "merge" if is_merged else "refuse",
            "reason": "merge" if is_merged else fields["reason"], "rule": fields.get("rule")}


def main(args):
    if len(args) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    wrong = 0
    reasons = collections.Counter()
    with open(args[0], encoding="utf-8") as file:
        cases = [json.loads(line) for line in file if line.strip()]
    for case in cases:
        expected = case["expect"]
        got = decision_of(pathlib.Path(args[1]) / (case["id"] + ".jsonl.out"))
        reasons[got["reason"]] += 1
        if any(got[key] != expected[key] for key in expected):
            wrong += 1
            print(f"{case['id']}: expected {expected}, got {got}")
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    print(f"{len(cases)} cases compared, {wrong} differ: {counts}")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
