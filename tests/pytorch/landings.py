#!/usr/bin/env python3
"""Whose approval would let it merge: `bylaw needs` against every approval, and every two, by the oracle.

    landings.py PROGRAM FOLDER [CASES]

Takes the recorded cases and every so many of the drawn ones (CASES in all of them, 500 if not said), each with its
reviews and once more without any. For each the events are written to FOLDER, with one stranger whom no rule names
among those who may review, and the program is asked what the landing needs. The sets it tells are compared, person by
person, with those that decide.py finds by trying: every person alone, every two (of many people, every two of some),
and all together of those who are not enough alone. Prints what differs, and the counts.
"""

import concurrent.futures
import importlib.util
import itertools
import json
import pathlib
import random
import subprocess
import sys

import decide

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "pytorch-merge"
STRANGER = "stranger-to-all"
PAIRED_MOST = 40


def load_converter():
    spec = importlib.util.spec_from_file_location("case_to_events", EXAMPLE / "case-to-events.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONVERT = load_converter()


class Oracle:
    """One case; which people could approve besides, and whether it merges when they do."""

    def __init__(self, case, all_rules):
        self.case, self.all_rules = case, all_rules
        self.rules = decide.rules_for(case, all_rules)
        named = {name for rule in self.rules for name in rule["approved_by"] if "/" not in name}
        members = {member for team in case.get("teams", {}).values() for member in team}
        self.people = sorted(named | members | {review["author"] for review in case["reviews"]} | {STRANGER})
        self.approvers = decide.approvers_of(case["reviews"])
        self.ready = [rule for rule in self.rules if self.is_ready(rule)]

    def is_ready(self, rule):
        pending, failed = decide.judge_checks(rule, self.case["checks"], self.case.get("force", False))
        return not pending and not failed and all(decide.rule_covers(rule, path) for path in self.case["files"])

    def merges(self, more):
        approvers = self.approvers | set(more)
        return any(decide.approval_suffices(rule, approvers, self.case.get("teams", {})) for rule in self.ready)

    def decides(self, more):
        """The same, asked of the whole of decide.py."""
        reviews = self.case["reviews"] + [{"author": who, "state": "APPROVED"} for who in more]
        return decide.decide(self.rules, dict(self.case, reviews=reviews))["decision"] == "merge"

    def minimal_sets(self, rng):
        """Sets of one and two; and whether sets of more could be needed."""
        if self.merges(()):
            return {frozenset()}, False
        alone = [who for who in self.people if self.merges((who,))]
        rest = [who for who in self.people if who not in alone and who not in self.approvers]
        some = rest if len(rest) <= PAIRED_MOST else rng.sample(rest, PAIRED_MOST)
        pairs = [pair for pair in itertools.combinations(some, 2) if self.merges(pair)]
        return {frozenset((who,)) for who in alone} | set(map(frozenset, pairs)), self.merges(rest) and not pairs


def write_events(case, facts, path):
    time = {"time": CONVERT.START}
    with open(path, "w", encoding="utf-8") as file:
        for event in CONVERT.events(case, *facts):
            if event["type"] == "pull_request":
                file.write(json.dumps({"type": "grant", "role": "reviewer", "to": STRANGER}) + "\n")
            file.write(json.dumps({**time, **event}) + "\n")
            time = {}


def told(program, policy, case, path):
    """The sets told, person by person; None where an act is no approval."""
    done = subprocess.run([program, "needs", case["id"], "-p", policy, "--format", "json", path],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{case['id']}: {done.stderr or done.stdout}")
    *sets, last = map(json.loads, done.stdout.splitlines())
    if last["possible"] in ("already", "by-itself"):
        return {frozenset()}, last
    found = set()
    for line in sets:
        choices = []
        for act in line["acts"]:
            if act["verb"] != "approve":
                return None, last
            choices.append(map(frozenset, itertools.combinations(act["of"], act["any"])))
        found.update(frozenset().union(*parts) for parts in itertools.product(*choices))
    return found, last


def compare(program, policy, folder, case, all_rules, facts):
    oracle = Oracle(case, all_rules)
    rng = random.Random(case["id"])
    expected, is_more = oracle.minimal_sets(rng)
    probes = [()] + [(who,) for who in rng.sample(oracle.people, min(2, len(oracle.people)))] + [oracle.people]
    for probe in probes:
        if oracle.merges(probe) != oracle.decides(probe):
            return f"{case['id']}: the oracle disagrees with itself about {probe}", None
    path = pathlib.Path(folder) / (case["id"] + ".jsonl")
    write_events(case, facts, path)
    got, last = told(program, policy, case, path)
    path.unlink()
    if got != expected or is_more or not last["complete"]:
        return f"{case['id']}: expected {sorted(map(sorted, expected))}, got {got and sorted(map(sorted, got))}, {last}", None
    kind = "met already" if frozenset() in got else "nothing can" if not got else "approvals"
    if kind == "nothing can":
        reason = decide.decide(oracle.rules, dict(case, reviews=[{"author": who, "state": "APPROVED"} for who in oracle.people]))["reason"]
        words = {"files": "is_covered", "checks failed": "no_check_failed", "checks pending": "no_check_is_pending"}
        if words.get(reason, "approver") not in last["because"]:
            return f"{case['id']}: the reason is {reason}, told was {last['because']}", None
    return None, kind


def main(args):
    if len(args) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    most = int(args[2]) if len(args) == 3 else 500
    all_rules = decide.read_rules(HERE / "merge_rules.yaml")
    awk = ["awk", "-f", str(EXAMPLE / "rules-to-events.awk"), str(HERE / "merge_rules_2023.yaml")]
    rules_2023 = [json.loads(line) for line in subprocess.run(awk, capture_output=True, text=True, check=True).stdout.splitlines()]
    facts = (CONVERT.read_lines(EXAMPLE / "rules.jsonl"), rules_2023)
    drawn = decide.read_cases(HERE / "hypothetical.jsonl")
    cases = decide.read_cases(HERE / "recorded.jsonl") + drawn[::max(1, len(drawn) // most)]
    cases += [dict(case, id=case["id"] + "-unreviewed", reviews=[]) for case in cases]
    # Compiled once: most of each run would be compiling.
    policy = str(pathlib.Path(args[1]) / "policy.bylawc")
    subprocess.run([args[0], "compile", str(EXAMPLE / "policy.bylaw"), "-o", policy], check=True)
    kinds, wrong = {}, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for message, kind in pool.map(lambda case: compare(args[0], policy, args[1], case, all_rules, facts), cases):
            kinds[kind] = kinds.get(kind, 0) + 1
            if message:
                wrong += 1
                print(message[:600])
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=str))
    print(f"{len(cases)} landings compared, {wrong} differ: {counts}")
    return 1 if wrong or len(kinds) < 3 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
