#!/usr/bin/env python3
"""Checks that examples/pytorch/roster.jsonl states exactly the facts of examples/pytorch/people.json:
every module, maintainer, emeritus, core maintainer and the lead, nothing twice and nothing besides."""

import json
import pathlib
import sys

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "pytorch"


def facts_of_people(people):
    facts = [("core_maintainer", None, person["handle"]) for person in people["core"]]
    facts.append(("lead_core_maintainer", None, people["lead"]["handle"]))
    for module in people["modules"]:
        facts.append(("module", module["id"], module["name"]))
        facts += [("maintainer", module["id"], p["handle"]) for p in module["maintainers"]]
        facts += [("emeritus", module["id"], p["handle"]) for p in module["emeritus"]]
    return facts


def facts_of_roster(events):
    facts = []
    for event in events:
        if event["type"] == "create":
            assert event["scope"] == "module", event
            facts.append(("module", event["id"], event["name"]))
        else:
            assert event["type"] == "grant", event
            facts.append((event["role"], event.get("on"), event["to"]))
    return facts


def problems(people, events):
    wanted, stated = facts_of_people(people), facts_of_roster(events)
    for fact in sorted(set(wanted) - set(stated), key=str):
        yield f"missing from the roster: {fact}"
    for fact in sorted(set(stated) - set(wanted), key=str):
        yield f"not in people.json: {fact}"
    # Handles are compared without regard to case, so one person must not stand twice either way.
    folded = [(role, on, who.lower()) for role, on, who in stated]
    for fact in sorted({fact for fact in folded if folded.count(fact) > 1}, key=str):
        yield f"stated twice: {fact}"
    if "time" not in events[0]:
        yield "the first line has no time"
    created = set()
    for event in events:
        if event["type"] == "create":
            created.add(event["id"])
        elif "on" in event and event["on"] not in created:
            yield f"used before it is created: {event['on']}"


def main():
    people = json.loads((EXAMPLE / "people.json").read_text(encoding="utf-8"))
    lines = (EXAMPLE / "roster.jsonl").read_text(encoding="utf-8").splitlines()
    found = list(problems(people, [json.loads(line) for line in lines]))
    for line in found:
        print(line)
    print(f"{len(lines)} facts, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
