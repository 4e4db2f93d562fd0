#!/usr/bin/env python3
"""Turns recorded pull requests into events for policy.bylaw, one file for each case.

    case-to-events.py CASES.jsonl RULES.jsonl RULES-2023.jsonl FOLDER

It decides nothing. A case brings its own rules, or names those of a file: `all` and `named` (all but the
catch-all) of RULES.jsonl, `2023` of RULES-2023.jsonl. Founding facts come first (rules, teams, who may review),
then the pull request, its reviews, its checks and the request to merge. A check without a conclusion has "".
At last the same request as a proposal, `landing` with the id of the case, and as its ballots the last review of
each person that is more than a comment: APPROVED approves, CHANGES_REQUESTED rejects.
"""

import json
import pathlib
import sys

START = "2023-02-01T00:00:00Z"


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def rule_facts(case, all_rules, rules_2023):
    chosen = case.get("rules", "all")
    if chosen == "all":
        return all_rules
    if chosen == "named":
        return [fact for fact in all_rules if fact.get("patterns") != ["*"]]
    if chosen == "2023":
        return rules_2023
    return [{"type": "create", "scope": "rule", "id": rule["name"], "patterns": rule["patterns"],
             "approvers": rule.get("approved_by", []), "checks": rule.get("mandatory_checks_name", []),
             "ignore_flaky": rule.get("ignore_flaky_failures", True)} for rule in chosen]


def team_facts(case):
    for team, members in case.get("teams", {}).items():
        yield {"type": "create", "scope": "team", "id": team}
        for member in members:
            yield {"type": "grant", "role": "member", "on": team, "to": member}


def is_person(name):
    return "/" not in name


def reviewer_facts(case, rules):
    """Whoever a rule names or a team has, and whoever has reviewed."""
    named = [name for rule in rules if rule["type"] == "create" for name in rule["approvers"] if is_person(name)]
    members = [member for team in case.get("teams", {}).values() for member in team]
    authors = [review["author"] for review in case["reviews"]]
    for who in dict.fromkeys(named + members + authors):
        yield {"type": "grant", "role": "reviewer", "to": who}


def landing(case):
    """The request to merge as a proposal, and the reviews as its ballots."""
    standing = {}
    for review in case["reviews"]:
        if review["state"] != "COMMENTED":
            standing[review["author"]] = review["state"]
    yield {"type": "propose", "kind": "landing", "on": case["id"], "id": case["id"],
           "actor": case.get("author") or "nobody", "force": bool(case.get("force"))}
    for who, state in standing.items():
        if state in ("APPROVED", "CHANGES_REQUESTED"):
            yield {"type": "approve" if state == "APPROVED" else "reject", "actor": who, "proposal": case["id"]}


def happenings(case):
    pull = case["id"]
    author = {"actor": case["author"]} if case.get("author") else {}
    yield {"type": "pull_request", **author, "number": pull, "files": case["files"]}
    for review in case["reviews"]:
        yield {"type": "review", "actor": review["author"], "pull": pull, "state": review["state"]}
    for run, check in enumerate(case["checks"], 1):
        yield {"type": "check_run", "pull": pull, "run": str(run), "name": check["name"],
               "conclusion": check["conclusion"] or "", "flaky": bool(check.get("flaky"))}
    yield {"type": "merge", "pull": pull, "force": bool(case.get("force"))}


def events(case, all_rules, rules_2023):
    rules = [fact for fact in rule_facts(case, all_rules, rules_2023) if fact["type"] == "create"]
    yield from rules
    yield from team_facts(case)
    yield from reviewer_facts(case, rules)
    yield from happenings(case)
    yield from landing(case)


def main(args):
    if len(args) != 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    cases, all_rules, rules_2023 = (read_lines(path) for path in args[:3])
    folder = pathlib.Path(args[3])
    for case in cases:
        with open(folder / (case["id"] + ".jsonl"), "w", encoding="utf-8") as file:
            time = {"time": START}
            for event in events(case, all_rules, rules_2023):
                file.write(json.dumps({**time, **event}) + "\n")
                time = {}
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
