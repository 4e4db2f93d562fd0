#!/usr/bin/env python3
"""Stages close exactly when nothing can change any more: `settling.py BYLAW [SEED]`.

Some hundred procedures with linear conditions are made at random, small bodies cast ballots one at a time,
and an oracle that tries every way the remaining members could vote says when each stage must have closed and
how. It shares nothing with the machine: it evaluates whole tables of ballots with exact fractions, all brought
to the denominator SCALE so that it is quick. The result is one line per procedure, `ok NAME` or `FAIL NAME` with the story indented below.
"""

import datetime
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

TRUE, FALSE, UNKNOWN = True, False, None
BALLOTS = ("none", "approve", "reject", "abstain")
START = datetime.datetime(2024, 1, 1)
WINDOW_HOURS = 7 * 24
HELD_HOURS = 3 * 24
SCALE = 24


def scaled(number):
    whole = number * SCALE
    assert whole.denominator == 1
    return int(whole)


class Member:
    def __init__(self, handle, tokens, stake, is_senior):
        self.handle, self.tokens, self.stake, self.is_senior = handle, tokens, stake, is_senior


# ---- sets of members: a way to write one, and who is in it with which ballot ----

SETS = {
    "approve": ("approve",),
    "reject": ("reject",),
    "abstain": ("abstain",),
    "cast": ("approve", "reject", "abstain"),
    "body": BALLOTS,
    "(approve or reject)": ("approve", "reject"),
    "(body except cast)": ("none",),
    "(cast except reject)": ("approve", "abstain"),
}


class Term:
    """coefficient * (how many, or how heavy, the members of a set are)"""

    def __init__(self, rng, weight):
        self.name = rng.choice(list(SETS))
        self.ballots = SETS[self.name]
        self.among = rng.choice(("", "", "", "senior", "other"))
        self.how = rng.choice(("plain", "plain", "plain", "count", "tokens"))
        self.coefficient = rng.choice([Fraction(1)] * 4 + [Fraction(2), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)])
        self.weight = {"plain": weight, "count": None, "tokens": "tokens"}[self.how]

    def text(self):
        text = self.name + {"": "", "senior": " among senior", "other": " among junior"}[self.among]
        if self.how == "count":
            text = "count " + text
        elif self.how == "tokens":
            text = "total tokens of " + text
        if self.coefficient == 1:
            return text
        if self.coefficient == 2:
            return "2 * (" + text + ")"
        return "%s of (%s)" % ("75%" if self.coefficient == Fraction(3, 4) else self.coefficient, text)

    def of(self, member, ballot):
        if ballot not in self.ballots:
            return Fraction(0)
        if self.among and member.is_senior != (self.among == "senior"):
            return Fraction(0)
        heavy = getattr(member, self.weight) if self.weight else 1
        return self.coefficient * heavy


def contribution(terms, member, ballot):
    return scaled(sum((sign * term.of(member, ballot) for sign, term in terms), Fraction(0)))


class Comparison:
    def __init__(self, rng, weight):
        self.left = [(rng.choice((1, 1, -1)) if i else 1, Term(rng, weight)) for i in range(rng.choice((1, 1, 2)))]
        self.right = [(rng.choice((1, 1, -1)) if i else 1, Term(rng, weight)) for i in range(rng.choice((0, 1, 1, 2)))]
        self.constant = Fraction(0)
        if not self.right or rng.random() < 0.3:
            self.constant = rng.choice((Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2)))
        self.known = {}
        self.sign = rng.choice((">", ">", ">=", ">=", "<", "<=", "==", "!="))
        if self.sign in ("==", "!="):
            # Two sets side by side would be compared as sets: a number beside them makes numbers of both.
            self.constant = self.constant or Fraction(1)

    def is_loose(self, is_fixed):
        return not is_fixed and any(term.weight == "stake" for _, term in self.left + self.right)

    @staticmethod
    def side(terms):
        text = ""
        for i, (sign, term) in enumerate(terms):
            text += ("" if i == 0 else " + " if sign > 0 else " - ") + term.text()
        return text

    def text(self):
        right = self.side(self.right)
        if self.constant or not right:
            right += (" + " if right else "") + str(self.constant)
        return "%s %s %s" % (self.side(self.left), self.sign, right)

    def difference(self, table):
        total = -scaled(self.constant)
        for member, ballot in table:
            key = (member.handle, ballot)
            if key not in self.known:
                self.known[key] = contribution(self.left, member, ballot) - contribution(self.right, member, ballot)
            total += self.known[key]
        return total

    def now(self, table):
        d = self.difference(table)
        return {">": d > 0, ">=": d >= 0, "<": d < 0, "<=": d <= 0, "==": d == 0, "!=": d != 0}[self.sign]

    def settled(self, tables, is_fixed):
        if self.is_loose(is_fixed):
            return UNKNOWN
        differences = [self.difference(table) for table in tables]
        if self.sign in ("==", "!="):
            # `==` is `>=` and `<=`, each settled for itself.
            equal = kleene_and(agreed(d >= 0 for d in differences), agreed(d <= 0 for d in differences))
            return equal if self.sign == "==" else kleene_not(equal)
        return agreed(self.now(table) for table in tables)


def agreed(truths):
    truths = set(truths)
    return truths.pop() if len(truths) == 1 else UNKNOWN


def kleene_not(a):
    return UNKNOWN if a is UNKNOWN else not a


def kleene_and(a, b):
    if a is FALSE or b is FALSE:
        return FALSE
    return UNKNOWN if a is UNKNOWN or b is UNKNOWN else TRUE


class Joined:
    def __init__(self, rng, weight, depth):
        self.word = rng.choice(("and", "or", "not"))
        self.parts = [condition(rng, weight, depth + 1) for _ in range(1 if self.word == "not" else 2)]

    def text(self):
        if self.word == "not":
            return "not (%s)" % self.parts[0].text()
        return (" %s " % self.word).join("(%s)" % part.text() for part in self.parts)

    def join(self, truths):
        if self.word == "not":
            return kleene_not(truths[0])
        if self.word == "and":
            return kleene_and(*truths)
        return kleene_not(kleene_and(*map(kleene_not, truths)))

    def now(self, table):
        return self.join([part.now(table) for part in self.parts])

    def settled(self, tables, is_fixed):
        return self.join([part.settled(tables, is_fixed) for part in self.parts])


def condition(rng, weight, depth=0):
    if depth < 2 and rng.random() < (0.45 if depth == 0 else 0.25):
        return Joined(rng, weight, depth)
    return Comparison(rng, weight)


class Procedure:
    def __init__(self, rng, number):
        self.name = "p%d" % number
        self.weight = rng.choice((None, None, "tokens", "stake"))
        self.quorums = [condition(rng, self.weight) if rng.random() < 0.35 else None for _ in range(2)]
        self.passes = condition(rng, self.weight)
        self.fails = rng.choice(("none", "otherwise", "when", "when"))
        self.fails_when = condition(rng, self.weight) if self.fails == "when" else None
        self.closes = rng.choice(("settled",) * 5 + ("default", "once", "deadline", "held"))
        self.is_as_of_opening = rng.random() < 0.3

    def text(self):
        lines = ["procedure %s {" % self.name]
        if self.weight:
            lines.append("  weigh " + self.weight)
        if self.quorums[0]:
            lines.append("  quorum " + self.quorums[0].text())
        lines.append("  passes when " + self.passes.text())
        if self.fails == "otherwise":
            lines.append("  fails otherwise")
        elif self.fails_when:
            lines.append("  fails when " + self.fails_when.text())
        lines.append({"settled": "  closes when settled", "default": "", "once": "  closes at once",
                      "deadline": "  closes at deadline", "held": "  open for at least 3 days"}[self.closes])
        lines += ["}", "proposal k_%s on team {" % self.name, "  raised by voter of team",
                  "  decided by voter of team using %s within 7 days%s%s" % (
                      self.name, " as of opening" if self.is_as_of_opening else "",
                      " quorum " + self.quorums[1].text() if self.quorums[1] else ""), "}"]
        return "\n".join(line for line in lines if line) + "\n"

    # How the stage ends if these were the last ballots.
    def result(self, table):
        if not all(quorum.now(table) for quorum in self.quorums if quorum):
            return "unresolved"
        if self.passes.now(table):
            return "passed"
        if self.fails == "otherwise" or (self.fails_when and self.fails_when.now(table)):
            return "failed"
        return "unresolved"

    def at_once(self, table):
        if not all(quorum.now(table) for quorum in self.quorums if quorum):
            return None
        if self.passes.now(table):
            return "passed"
        return "failed" if self.fails_when and self.fails_when.now(table) else None

    # How the stage ends whatever the others do, in three-valued logic, or None.
    def settled(self, tables):
        def truth(part):
            return part.settled(tables, self.is_as_of_opening) if part else TRUE

        quorum = kleene_and(truth(self.quorums[0]), truth(self.quorums[1]))
        passes = truth(self.passes)
        fails = truth(self.fails_when) if self.fails_when else FALSE
        if self.fails == "otherwise":
            fails = kleene_not(passes)
        if quorum is FALSE or (passes is FALSE and fails is FALSE):
            return "unresolved"
        if quorum is not TRUE or passes is UNKNOWN:
            return None
        return "passed" if passes else {TRUE: "failed", FALSE: "unresolved", UNKNOWN: None}[fails]


def tables_of(members, ballots):
    choices = [[ballots[m.handle]] if m.handle in ballots else BALLOTS for m in members]
    return [list(zip(members, row)) for row in itertools.product(*choices)]


def clock(hours):
    return (START + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Story:
    """One proposal: its events, and how the oracle says it ends."""

    def __init__(self, rng, procedure, team, members, at):
        self.procedure, self.team, self.members = procedure, team, members
        self.id = "%s-%s" % (procedure.name, team)
        self.opened = at
        self.lines = [(at, {"type": "propose", "kind": "k_" + procedure.name, "on": team, "id": self.id,
                            "actor": members[0].handle})]
        self.ballots = {}
        self.end = None
        if procedure.closes in ("settled", "default"):
            self.close_if(procedure.settled(self.tables()), at)
        step = rng.choice((6, 18, 30))
        for i in range(rng.choice((len(members) - 1, len(members), len(members) + 2))):
            self.cast(rng, at + 1 + step * (i + 1))
            if self.end:
                break
        self.to_deadline()

    def tables(self):
        return tables_of(self.members, self.ballots)

    def now(self):
        return [(m, self.ballots.get(m.handle, "none")) for m in self.members]

    def close_if(self, result, at):
        if result and not self.end:
            self.end = (result, clock(at))
            if self.procedure.closes != "once":
                # No way to go on may come to anything else.
                assert {self.procedure.result(table) for table in self.tables()} == {result}, self.id

    def pass_holding(self, at):
        """What is held back for three days closes then, before the ballots of that instant."""
        held_until = self.opened + HELD_HOURS
        if self.procedure.closes == "held" and at >= held_until:
            self.close_if(self.procedure.settled(self.tables()), held_until)

    def cast(self, rng, at):
        if at >= self.opened + WINDOW_HOURS:
            return
        self.pass_holding(at)
        if self.end:
            return
        fresh = [m for m in self.members if m.handle not in self.ballots]
        member = rng.choice(fresh if fresh and rng.random() < 0.8 else self.members)
        ballot = rng.choice(("approve", "approve", "reject", "reject", "abstain"))
        self.lines.append((at, {"type": ballot, "actor": member.handle, "proposal": self.id}))
        self.ballots[member.handle] = ballot
        closes = self.procedure.closes
        if closes == "once":
            self.close_if(self.procedure.at_once(self.now()), at)
        elif closes in ("settled", "default") or (closes == "held" and at >= self.opened + HELD_HOURS):
            self.close_if(self.procedure.settled(self.tables()), at)

    def to_deadline(self):
        self.pass_holding(self.opened + WINDOW_HOURS)
        if not self.end:
            self.end = (self.procedure.result(self.now()), clock(self.opened + WINDOW_HOURS))


POLICY = """policy settling "made by tests/settling.py"
person {
  tokens : number = 0
  stake : number = 0 changed by rebase
}
scope team
role senior
role junior
role voter of team
event rebase
"""


def decimal(number):
    return float(number) if number.denominator != 1 else int(number)


def founding(teams):
    for team, members in teams.items():
        yield {"type": "create", "scope": "team", "id": team}
        for m in members:
            yield {"type": "set", "actor": m.handle, "tokens": decimal(m.tokens), "stake": decimal(m.stake)}
            yield {"type": "grant", "role": "senior" if m.is_senior else "junior", "to": m.handle}
            yield {"type": "grant", "role": "voter", "on": team, "to": m.handle}


def make(seed):
    rng = random.Random(seed)
    teams = {}
    for size in (1, 2, 3, 4, 5, 3, 4, 5):
        team = "t%d" % len(teams)
        teams[team] = [Member("%s_%d" % (team, i), Fraction(rng.randrange(0, 9), 2), Fraction(rng.randrange(0, 5)),
                              rng.random() < 0.5) for i in range(size)]
    procedures = [Procedure(rng, i) for i in range(160)]
    stories = [Story(rng, procedure, team, teams[team], i)
               for i, procedure in enumerate(procedures) for team in rng.sample(sorted(teams), 4)]
    return teams, procedures, stories


def run(bylaw, folder, procedures, teams, stories):
    policy = os.path.join(folder, "settling.bylaw")
    with open(policy, "w") as file:
        file.write(POLICY + "".join(p.text() for p in procedures))
    lines = [(at, i, event) for i, story in enumerate(stories) for at, event in story.lines]
    lines.sort(key=lambda line: line[:2])
    events = os.path.join(folder, "settling.jsonl")
    with open(events, "w") as file:
        for fact in founding(teams):
            file.write(json.dumps(dict(time=clock(0), **fact)) + "\n")
        for at, _, event in lines:
            file.write(json.dumps(dict(time=clock(at), **event)) + "\n")
    done = subprocess.run([bylaw, "run", "--format", "json", "-p", policy, "--until", "2025-01-01T00:00:00Z", events],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
    if done.returncode != 0:
        sys.exit("bylaw ended with status %d:\n%s%s" % (done.returncode, done.stderr[:3000], done.stdout[:1000]))
    return [json.loads(line) for line in done.stdout.splitlines()]


def report(procedure, wrong, outcomes):
    if not wrong:
        print("ok settling %s" % procedure.name)
        return
    print("FAIL settling %s" % procedure.name)
    for line in procedure.text().splitlines():
        print("    " + line)
    for story in wrong[:2]:
        for m in story.members:
            print("    @%s: %s tokens, stake %s, %s" % (m.handle, m.tokens, m.stake, "senior" if m.is_senior else "junior"))
        for at, event in story.lines:
            print("    %s %s %s" % (clock(at), event["actor"], event["type"]))
        print("    must be %s at %s; outcomes:" % story.end)
        for outcome in outcomes.get(story.id, []):
            print("      %s %s %s" % (outcome["time"], outcome["type"], outcome.get("because", "")))


def main():
    teams, procedures, stories = make(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    outcomes = {}
    with tempfile.TemporaryDirectory() as folder:
        for outcome in run(sys.argv[1], folder, procedures, teams, stories):
            outcomes.setdefault(outcome.get("proposal"), []).append(outcome)
    wrong = {}
    for story in stories:
        got = [o for o in outcomes.get(story.id, []) if o["type"] != "opened"]
        ends = [(o["type"], o["time"]) for o in got if o["type"] in ("passed", "failed", "unresolved")]
        follows = {"passed": "accepted", "failed": "rejected", "unresolved": "lapsed"}[story.end[0]]
        if ends != [story.end] or got[1]["type"] != follows or any(o["type"] == "refused" for o in got):
            wrong.setdefault(story.procedure.name, []).append(story)
    for procedure in procedures:
        report(procedure, wrong.get(procedure.name, []), outcomes)
    sys.exit(1 if wrong else 0)


main()
