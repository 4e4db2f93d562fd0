#!/usr/bin/env python3
"""Random events under std/pytorch, most of them plausible: what must hold whatever people do.

    random_events.py PROGRAM SEED COUNT

COUNT events are made from the seed, the same on every machine. The program reads them and must end well (a build with
sanitizers tells more), say the same bytes a second time, and the same when the stream comes as two files; each line
must have an outcome of its own, so that nothing is dropped in silence. The first thing that does not hold is told, the
events are kept in a file, and the exit status is 1.
"""
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

ROSTER = "examples/pytorch/roster.jsonl"
# Kinds of the standard policy with the fields each needs; those marked are about a module.
KINDS = [
    ("change", True, {}),
    ("controversial_change", True, {"issue": "i"}),
    ("adopt_procedure", True, {"procedure": "majority"}),
    ("confirm_maintainer", True, {"nominee": "zoe", "contributions": "c", "testimonials": "t"}),
    ("remove_maintainer", True, {"subject": "albanD", "grounds": "g"}),
    ("change_scope", True, {"paths": ["a"]}),
    ("remove_module", True, {}),
    ("add_module", False, {"name": "q"}),
    ("confirm_core", False, {"nominee": "albanD", "letters": "l"}),
    ("remove_core", False, {"subject": "gchanan", "grounds": "g"}),
    ("remove_lead", False, {}),
    ("elect_lead", False, {}),
    ("declare_lead_unavailable", False, {}),
]
ACTS = (["approve"] * 6 + ["reject"] * 3 + ["veto"] * 2
        + ["abstain", "uphold", "dispute", "withdraw", "recuse", "conflict", "publish", "rank"])
ELECTIONS = ["elect_lead_1", "elect_lead_2"]  # as the policy names those that it opens itself
# These change nothing that is worth an outcome, or only what others do later.
SILENT = {"tick", "seed", "founded"}


class Dice:
    """A generator of our own (Knuth's MMIX constants): Python's may change between versions."""

    def __init__(self, seed):
        self.state = seed * 2654435769 + 1

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def of(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent


class People:
    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            facts = [json.loads(line) for line in lines]
        grants = [fact for fact in facts if fact["type"] == "grant"]
        self.all = sorted({grant["to"] for grant in grants})
        self.core = sorted({grant["to"] for grant in grants if grant["role"] == "core_maintainer"})
        self.modules = [fact["id"] for fact in facts if fact["type"] == "create"]


class Stream:
    def __init__(self, seed, people):
        self.dice, self.people = Dice(seed), people
        self.now = datetime(2024, 1, 1, tzinfo=timezone.utc)
        self.proposals = []

    def somebody(self):
        die = self.dice.below(100)
        if die < 50:
            return self.dice.of(self.people.core)
        return self.dice.of(self.people.all) if die < 95 else f"nobody{self.dice.below(5)}"

    def propose(self, number):
        kind, has_module, fields = self.dice.of(KINDS)
        event = {"type": "propose", "kind": kind, "id": f"p{number}", **fields}
        if has_module:
            event["on"] = self.dice.of(self.people.modules)
        self.proposals.append(event["id"])
        return event

    def act(self):
        event = {"type": self.dice.of(ACTS), "proposal": self.dice.of((self.proposals + ELECTIONS)[-12:])}
        if self.dice.chance(80):
            event["reason"] = "because"
        if event["type"] == "rank":
            left = list(self.people.core)
            event["ranking"] = [left.pop(self.dice.below(len(left))) for _ in range(1 + self.dice.below(len(left)))]
        return event

    def other(self):
        module = self.dice.of(self.people.modules)
        return self.dice.of([
            {"type": "resign", "role": "maintainer", "on": module},
            {"type": "resign", "role": "core_maintainer"},
            {"type": "grant", "role": "maintainer", "on": module, "to": self.somebody()},
            {"type": "create", "scope": "module", "id": "m"},
            {"type": "seed", "seed": "s"},
            {"type": "set", "on": module, "paths": ["b"]},
            {"type": "bogus"},
            {"type": "tick"},
        ])

    def event(self, number):
        self.now += timedelta(seconds=self.dice.of([0, 0, 60, 3600, 86400, 5 * 86400, 15 * 86400, 31 * 86400]))
        die = self.dice.below(100)
        body = self.propose(number) if die < 12 or not self.proposals else self.act() if die < 90 else self.other()
        return {"time": self.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "actor": self.somebody(), **body}


class Broken(Exception):
    pass


def run(program, *files):
    command = [program, "run", "--format", "json", "--roster", ROSTER, "--state", "--verbose", "--quiet",
               "--until", "2100-01-01T00:00:00Z", *files]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    if done.returncode != 0 or done.stderr:
        raise Broken(f"exit status {done.returncode}\n{done.stderr.decode(errors='replace')[:3000]}")
    return done.stdout


def check_answered(events, output):
    """Each line with an act has an outcome with its number."""
    answered = set()
    for line in output.decode().splitlines():
        outcome = json.loads(line)
        if outcome["type"] != "state":
            answered.add(outcome.get("seq"))
    for seq, event in enumerate(events, 1):
        if event["type"] not in SILENT and seq not in answered:
            raise Broken(f"line {seq} has no outcome: {json.dumps(event)}")


def write(path, events):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    return path


def check(program, events, folder):
    whole = write(os.path.join(folder, "whole.jsonl"), events)
    first = run(program, whole)
    if run(program, whole) != first:
        raise Broken("a second run says something else")
    half = len(events) // 2
    parts = [write(os.path.join(folder, "first.jsonl"), events[:half]),
             write(os.path.join(folder, "second.jsonl"), events[half:])]
    if run(program, *parts) != first:
        raise Broken("in two files the events give something else")
    check_answered(events, first)
    return len(first.splitlines())


def main(arguments):
    if len(arguments) != 3 or not all(word.isdigit() for word in arguments[1:]):
        sys.stderr.write(__doc__)
        return 2
    program, seed, count = arguments[0], int(arguments[1]), int(arguments[2])
    stream = Stream(seed, People(ROSTER))
    events = [stream.event(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcomes = check(program, events, folder)
        except Broken as broken:
            kept = write(os.path.join(tempfile.gettempdir(), f"random-events-{seed}.jsonl"), events)
            print(f"seed {seed}: {broken}\nthe events are in {kept}")
            return 1
    print(f"seed {seed}: {count} events, {outcomes} outcomes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
