#!/usr/bin/env python3
"""Decides a change by merge rules, as PyTorch's merging tool of 2023 is described to do.

This is an oracle: a second, independent opinion to hold against Bylaw's own decision. It is written
from the rules M1 to M9 in README.md and from nothing else, and it favours being obvious over being
fast. It is not a copy of the tool and knows nothing of GitHub.

    decide.py RULES.yaml CASES.jsonl          prints one decision a line
    decide.py --check RULES.yaml CASES.jsonl  compares with each case's `expect`; exit status 1 if one differs
    decide.py --paths PATHS.jsonl             compares (pattern, path, matches) triples
"""

import json
import pathlib
import re
import sys

PASSING = ("SUCCESS", "SKIPPED", "NEUTRAL")
MAX_IGNORED_FAILURES = 3

# How near a rule came to being met. Files rank by how many of them matched, so the next step is far up.
RANK_APPROVER = 10_000
RANK_PENDING = 20_000
RANK_FAILED = 30_000


# -- the rules' file ---------------------------------------------------------------------------

def unquoted(text):
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


def parse_rules(text):
    """Reads the one YAML layout that merge_rules.yaml uses; anything else is an error."""
    rules = []
    items = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith("- name: "):
            rules.append({"name": unquoted(line[8:]), "patterns": [], "approved_by": [],
                          "mandatory_checks_name": [], "ignore_flaky_failures": True})
            items = None
        elif line.startswith("  - ") and items is not None:
            items.append(unquoted(line[4:]))
        elif line.startswith("  ignore_flaky_failures: ") and rules:
            rules[-1]["ignore_flaky_failures"] = {"true": True, "false": False}[line.split()[1]]
        elif rules and line.strip()[:-1] in ("patterns", "approved_by", "mandatory_checks_name"):
            items = rules[-1][line.strip()[:-1]]
        else:
            raise ValueError(f"line {number}: not understood: {line!r}")
    return rules


def read_rules(path):
    with open(path, encoding="utf-8") as file:
        return parse_rules(file.read())


# -- M2: paths ---------------------------------------------------------------------------------

def pattern_matches(pattern, path):
    """`**` is anything, `*` is anything but a slash; only the beginning of the path is anchored."""
    out = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        char = pattern[at]
        if char == "*":
            out.append("[^/]*")
        elif char in ".+":
            out.append("\\" + char)
        else:
            out.append(char)
        at += 1
    return re.match("".join(out), path) is not None


def rule_covers(rule, path):
    return any(pattern_matches(pattern, path) for pattern in rule["patterns"])


# -- M3, M4: people ----------------------------------------------------------------------------

def approvers_of(reviews):
    """Whoever's last review that is more than a comment says APPROVED; the author may be among them."""
    standing = {}
    for review in reviews:
        if review["state"] != "COMMENTED":
            standing[review["author"]] = review["state"]
    return {author for author, state in standing.items() if state == "APPROVED"}


def expand_approvers(names, teams):
    """`org/team` stands for its members; a team nobody knows has none, and that is only a warning."""
    people = set()
    for name in names:
        people.update(teams.get(name, ()) if "/" in name else (name,))
    return people


def approval_suffices(rule, approvers, teams):
    if not rule["approved_by"]:
        return True
    entitled = expand_approvers(rule["approved_by"], teams)
    if not entitled:
        return bool(approvers)
    return bool(approvers & entitled)


# -- M5, M6, M9: checks ------------------------------------------------------------------------

def latest_checks(checks):
    """One record a name: the last one, but a CANCELLED record never replaces an earlier one."""
    latest = {}
    for check in checks:
        if check["conclusion"] == "CANCELLED" and check["name"] in latest:
            continue
        latest[check["name"]] = check
    return latest


def judge_checks(rule, checks, forced):
    """Returns (pending, failed): names that stand in the way. A required name matches as a substring."""
    required = [name for name in rule["mandatory_checks_name"] if not forced or "EasyCLA" in name]
    known = latest_checks(checks)
    pending = [name for name in required if not any(name in check for check in known)]
    failed = []
    excused = []
    for name, check in known.items():
        if not any(part in name for part in required):
            continue
        if check["conclusion"] is None:
            pending.append(name)
        elif check["conclusion"] not in PASSING:
            (excused if check.get("flaky") else failed).append(name)
    if len(excused) > (MAX_IGNORED_FAILURES if rule["ignore_flaky_failures"] else 0):
        failed += excused
    return pending, failed


# -- M1, M8: the decision ----------------------------------------------------------------------

def judge_rule(rule, case, approvers):
    """Returns (rank, reason); reason `merge` means that the rule is fully met."""
    matching = sum(rule_covers(rule, path) for path in case["files"])
    if matching < len(case["files"]):
        return matching, "files"
    if not approval_suffices(rule, approvers, case.get("teams", {})):
        return RANK_APPROVER, "approver"
    pending, failed = judge_checks(rule, case["checks"], case.get("force", False))
    if failed:
        return RANK_FAILED, "checks failed"
    if pending:
        return RANK_PENDING, "checks pending"
    return None, "merge"


def decide(rules, case):
    """Returns {"decision", "reason", "rule"}. The first rule fully met wins; if there is none, the
    reason that came nearest is given, of the first rule that came so near."""
    approvers = approvers_of(case["reviews"])
    best_rank, best = 0, {"decision": "refuse", "reason": "files", "rule": None}
    for rule in rules:
        rank, reason = judge_rule(rule, case, approvers)
        if reason == "merge":
            return {"decision": "merge", "reason": "merge", "rule": rule["name"]}
        if rank > best_rank:
            best_rank = rank
            best = {"decision": "refuse", "reason": reason, "rule": rule["name"]}
    return best


def is_catch_all(rule):
    return rule["patterns"] == ["*"]


def rules_for(case, all_rules):
    """A case brings its own rules, or names them: `all` of the file, the `named` ones (no catch-all),
    or those of `2023`."""
    chosen = case.get("rules", "all")
    if chosen == "all":
        return all_rules
    if chosen == "named":
        return [rule for rule in all_rules if not is_catch_all(rule)]
    if chosen == "2023":
        return read_rules(pathlib.Path(__file__).with_name("merge_rules_2023.yaml"))
    return [dict({"ignore_flaky_failures": True}, **rule) for rule in chosen]


# -- the command -------------------------------------------------------------------------------

def read_cases(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def check_cases(rules, cases):
    wrong = checked = 0
    for case in cases:
        expected = case.get("expect")
        if expected is None:
            continue
        checked += 1
        got = decide(rules_for(case, rules), case)
        if any(got[key] != expected[key] for key in expected):
            wrong += 1
            print(f"{case['id']}: expected {expected}, got {got}")
    print(f"{checked} decisions compared, {wrong} differ")
    return wrong


def check_paths(triples):
    wrong = 0
    for triple in triples:
        got = pattern_matches(triple["pattern"], triple["path"])
        if got != triple["matches"]:
            wrong += 1
            print(f"{triple['pattern']} on {triple['path']}: expected {triple['matches']}, got {got}")
    print(f"{len(triples)} paths compared, {wrong} differ")
    return wrong


def main(args):
    if len(args) == 2 and args[0] == "--paths":
        return 1 if check_paths(read_cases(args[1])) else 0
    if len(args) == 3 and args[0] == "--check":
        return 1 if check_cases(read_rules(args[1]), read_cases(args[2])) else 0
    if len(args) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    rules = read_rules(args[0])
    for case in read_cases(args[1]):
        print(json.dumps({"id": case["id"], **decide(rules_for(case, rules), case)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
