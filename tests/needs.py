#!/usr/bin/env python3
"""What `bylaw needs` tells is all there is, and no more: `needs.py BYLAW [SEED [COUNT]]`.

Kinds of proposals are made at random: quorums, weights, `among`, votes side by side, steps, ladders, vetoes by one and
by vote, overrides, disputes. For each, some ballots are cast; then every set of acts, up to a size, is tried in every
order and at every time that makes a difference, each as a proposal of its own in one long run of `bylaw run`. The
smallest sets that bring an outcome about are compared with what `bylaw needs --format json` tells, person by person.
It knows nothing of how votes are decided: it only looks whether the outcome came. One line a kind, `ok NAME` or
`FAIL NAME`.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

START = "2024-01-01T00:00:00Z"
NOW = "2024-01-01T02:00:00Z"
FOREVER = "2030-01-01T00:00:00Z"
BALLOTS = ("approve", "reject", "abstain")
VERBS = BALLOTS + ("veto", "uphold", "dispute", "withdraw")
WANTED = {"accepted": ("accepted",), "rejected": ("rejected",), "vetoed": ("vetoed",), "overridden": ("overridden",),
          "escalated": ("escalated",), "disputed": ("disputed",), "withdrawn": ("withdrawn",), "lapsed": ("lapsed",),
          "final": ("final", "lapsed", "withdrawn")}
ROLES = {"alpha": ("ana", "bo", "chi"), "beta": ("bo", "dee"), "gamma": ("eli",), "quad": ("ana", "bo", "chi", "dee"),
         "pair": ("ana", "eli")}
SENIORS = ("ana", "dee")
TOKENS = {"ana": 3, "bo": 2, "chi": 2, "dee": 1, "eli": 4}
PEOPLE = tuple(sorted(TOKENS))
AUTHOR = "zoe"


def side(rng):
    text = rng.choice(("approve", "approve", "reject", "cast", "(approve or reject)", "abstain"))
    return text + rng.choice(("", "", "", " among senior"))


def comparison(rng):
    if rng.random() < 0.5:
        right = rng.choice(("1", "2", "1/2 of body", "2/3 of (approve or reject)", "1/2 of cast", "reject"))
        return "%s %s %s" % (rng.choice(("approve", "approve", "approve among senior", "cast")),
                             rng.choice((">", ">=")), right)
    return "%s %s %s + %d" % (side(rng), rng.choice((">", ">=", "<", "<=")), side(rng), rng.choice((0, 0, 1)))


def condition(rng):
    text = comparison(rng)
    if rng.random() < 0.3:
        text += rng.choice((" and ", " or ")) + comparison(rng)
    return text


def procedure(rng, name):
    lines = ["procedure %s {" % name]
    if rng.random() < 0.25:
        lines.append("  weigh tokens")
    if rng.random() < 0.35:
        lines.append("  quorum " + rng.choice(("cast >= 2", "cast > 1/2 of body", condition(rng))))
    lines.append("  passes when " + rng.choice(("approve > reject", "approve >= 1 and reject == 0", condition(rng),
                                                  condition(rng), "approve > 1/2 of body")))
    lines.append(rng.choice(("  fails otherwise", "  fails when reject > approve", "  fails when " + condition(rng), "")))
    lines.append(rng.choice(("", "", "  closes at once", "  closes at deadline", "  open for at least 1 day")))
    return [line for line in lines if line] + ["}"]


class Kind:
    """One kind of proposal, with its lines; what stands side by side has one name."""

    def __init__(self, rng, number):
        self.name = "k%d" % number
        self.head, self.body, self.joined = [], [], []
        self.count = 0
        big = rng.random() < 0.35
        roles = ("quad", "alpha") if big else ("alpha", "beta", "gamma", "pair")
        clause = self.clause
        lines = ["proposal %s {" % self.name, "  raised by anyone"]
        lines.append("  decided by " + clause(rng, rng.choice(roles), 3))
        if not big and rng.random() < 0.3:
            lines.append("  together with " + clause(rng, rng.choice(roles), rng.choice((2, 3, 4))))
        if not big and rng.random() < 0.25:
            lines.append("  then by " + clause(rng, rng.choice(roles), 3))
        for _ in range(0 if big else rng.choice((0, 0, 1, 2))):
            lines.append("  escalates to " + clause(rng, rng.choice(("gamma", "beta", "pair")), 3))
        if rng.random() < 0.35:
            role = rng.choice(("beta", "gamma", "pair"))
            using = " using " + self.procedure(rng) if rng.random() < 0.5 else ""
            veto = "  veto by %s%s %s" % (role, using, rng.choice(("within 2 days", "while open")))
            if rng.random() < 0.3:
                veto += " overridden { by " + clause(rng, "beta", 2) + " }"
            lines.append(veto)
        if not big and any("escalates" in line for line in lines) and rng.random() < 0.4:
            lines.append("  dispute by %s within 2 days" % rng.choice(("beta", "gamma")))
        self.lines = self.head + lines + ["}"]
        self.most = 4 if big else 3
        ballots = rng.choice((0, 0, 1, 2))
        who = rng.sample(PEOPLE, ballots)
        self.before = [{"type": rng.choice(BALLOTS), "actor": person} for person in who]

    def procedure(self, rng):
        self.count += 1
        name = "%s_p%d" % (self.name, self.count)
        self.head += procedure(rng, name)
        return name

    def clause(self, rng, role, days):
        end = rng.choice((" as of opening", "", "")) + rng.choice((" with reason", "", ""))
        within = " within %d days" % days
        return "%s using %s%s%s" % (role, self.procedure(rng), within, end)


class World:
    """A policy of all kinds, and a place to run it."""

    def __init__(self, bylaw, folder, kinds):
        self.bylaw, self.folder = bylaw, folder
        self.policy = os.path.join(folder, "needs.bylaw")
        lines = ["policy needs \"made by tests/needs.py\"", "person { tokens : number = 0 }", "role senior"]
        lines += ["role " + role for role in ROLES]
        self.joins = {}
        for kind in kinds:
            for line in kind.lines:
                lines.append(line)
                # What stands beside another body is the same vote.
                self.joins[len(lines)] = self.joins[len(lines) - 1] if "together with" in line else len(lines)
        with open(self.policy, "w") as file:
            file.write("\n".join(lines) + "\n")
        self.roster = os.path.join(folder, "roster.jsonl")
        with open(self.roster, "w") as file:
            for role, people in sorted(ROLES.items()):
                for person in people:
                    file.write(json.dumps({"type": "grant", "role": role, "to": person}) + "\n")
            for person in PEOPLE:
                file.write(json.dumps({"type": "set", "actor": person, "tokens": TOKENS[person]}) + "\n")
            for person in SENIORS:
                file.write(json.dumps({"type": "grant", "role": "senior", "to": person}) + "\n")
        # Compiled once: most of each of some hundred runs would be compiling.
        compiled = self.policy + "c"
        self.call("compile", self.policy, "-o", compiled)
        self.policy = compiled

    def clause(self, place):
        return self.joins.get(int(place.rsplit(":", 1)[1]), 0) if place else 0

    def call(self, *words):
        done = subprocess.run([self.bylaw] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, check=False)
        if done.returncode != 0:
            raise SystemExit("bylaw %s ended with status %d: %s" % (" ".join(words), done.returncode, done.stderr[:2000]))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def run(self, kind, stories):
        """The outcomes of each story, a list of (time, event), told as proposals of one run."""
        lines = []
        for number, story in enumerate(stories):
            name = "n%d" % number
            lines.append((START, number, 0, {"type": "propose", "kind": kind.name, "id": name, "actor": AUTHOR}))
            for at, (time, event) in enumerate(story):
                lines.append((time, number, at + 1, dict(event, proposal=name, reason="because")))
        lines.sort(key=lambda line: line[:3])
        path = os.path.join(self.folder, "events.jsonl")
        with open(path, "w") as file:
            for line in lines:
                file.write(json.dumps(dict(line[3], time=line[0])) + "\n")
        outcomes = [[] for _ in stories]
        for outcome in self.call("run", "--format", "json", "--verbose", "--until", FOREVER, "-p", self.policy, "-r",
                                 self.roster, path):
            if "proposal" in outcome:
                outcomes[int(outcome["proposal"][1:])].append(outcome)
        return outcomes

    def ask(self, kind, wanted):
        path = os.path.join(self.folder, "ask.jsonl")
        with open(path, "w") as file:
            file.write(json.dumps({"time": START, "type": "propose", "kind": kind.name, "id": "n0", "actor": AUTHOR}) + "\n")
            for event in kind.before:
                file.write(json.dumps(dict(event, time=START, proposal="n0", reason="because")) + "\n")
            file.write(json.dumps({"time": NOW, "type": "tick"}) + "\n")
        return self.call("needs", "n0", "--for", wanted, "--format", "json", "-p", self.policy, "-r", self.roster, path)


# ---- what is told ----

def persons(told, world):
    """The sets told, person by person: each act as (verb, person, vote)."""
    sets = set()
    for line in told:
        if "set" not in line:
            continue
        choices = []
        for act in line["acts"]:
            vote = world.clause(act["clause"]) if act["verb"] in BALLOTS else None
            choices.append([[(act["verb"], person, vote) for person in some]
                            for some in itertools.combinations(act["of"], act["any"])])
        for chosen in itertools.product(*choices):
            acts = [act for some in chosen for act in some]
            voters = [act[1:] for act in acts if act[0] in BALLOTS]
            callers = [act[1] for act in acts if act[0] in ("veto", "uphold")]
            if len(set(voters)) == len(voters) and len(set(callers)) == len(callers):
                sets.add(frozenset(numbered(acts)))
    return sets


def numbered(acts):
    """Disputes by one person are different acts at different times."""
    seen = {}
    for act in acts:
        seen[act] = seen.get(act, 0) + 1
        yield act + (seen[act],)


# ---- what there is ----

class Node:
    def __init__(self, story, acts, time):
        self.story, self.acts, self.time = story, acts, time
        self.outcomes = None

    def turns(self):
        """What happened beside ballots, up to each moment at which something may come next."""
        times = sorted({self.time} | {o["time"] for o in self.outcomes if o["time"] > self.time})
        for time in times:
            yield time, tuple((o["type"], o.get("clause")) for o in self.outcomes
                              if o["time"] <= time and o["type"] != "counted")

    def key(self):
        return (self.acts, self.time, tuple((o["type"], o["time"], o.get("clause")) for o in self.outcomes
                                            if o["type"] != "counted"))


def vote_of(node, world):
    """The vote that the last act of the story counted in; None: it was refused, or is no ballot."""
    event = node.story[-1][1]
    for o in reversed(node.outcomes):
        if o["type"] == "counted" and o["event"] == event["type"] and o["actor"] == event["actor"] and \
                o["time"] == node.time:
            votes = [world.clause(other["clause"]) for other in node.outcomes
                     if other["type"] == "counted" and other["seq"] == o["seq"]]
            return votes[0]
    return None


def came(node, types, since):
    return any(o["type"] in types for o in node.outcomes[since:])


def brute_force(world, kind):
    """For each outcome wanted, all smallest sets of acts up to kind.most."""
    start = Node([(START, event) for event in kind.before], (), NOW)
    start.outcomes = world.run(kind, [start.story])[0]
    # What follows from the time up to NOW has happened already.
    start_refused = sum(o["type"] == "refused" for o in start.outcomes)
    past = [o for o in start.outcomes if o["time"] <= NOW]
    found = {wanted: set() for wanted in WANTED}
    refused, seen, total = set(), set(), 0
    level = [start]
    for size in range(kind.most + 1):
        for node in level:
            for wanted, types in WANTED.items():
                if came(node, types, len(past)):
                    acts = frozenset(numbered(node.acts))
                    if not any(known <= acts for known in found[wanted]):
                        found[wanted].add(acts)
        if size == kind.most:
            break
        fresh = []
        for node in level:
            for time, turn in node.turns():
                for verb in VERBS:
                    for person in (PEOPLE if verb != "withdraw" else (AUTHOR,)):
                        called = any(e["type"] == "veto" for _, e in node.story)
                        if (turn, called, verb, person) in refused:
                            continue
                        child = Node(node.story + [(time, {"type": verb, "actor": person})], node.acts, time)
                        child.turn = (turn, called, verb, person)
                        fresh.append(child)
        total += len(fresh)
        level = []
        for node, outcomes in zip(fresh, world.run(kind, [node.story for node in fresh]) if fresh else []):
            node.outcomes = outcomes
            verb, person = node.story[-1][1]["type"], node.story[-1][1]["actor"]
            if sum(o["type"] == "refused" for o in outcomes) > start_refused:
                refused.add(node.turn)
                continue
            vote = vote_of(node, world) if verb in BALLOTS else None
            if verb in BALLOTS and any(a[1:] == (person, vote) and a[0] in BALLOTS for a in node.acts):
                continue
            if verb in ("veto", "uphold") and any(a[1] == person and a[0] in ("veto", "uphold") for a in node.acts):
                continue
            if verb in BALLOTS and {"type": verb, "actor": person} in kind.before and is_repeated(node, world, person, verb):
                continue
            node.acts = tuple(sorted(node.acts + ((verb, person, vote),), key=repr))
            key = node.key()
            if key not in seen:
                seen.add(key)
                level.append(node)
        if total > 60000:
            return None, None, past
    return found, start, past


def is_repeated(node, world, person, verb):
    """Whether the last act only casts again the ballot that stands."""
    counted = [o for o in node.outcomes if o["type"] == "counted" and o["actor"] == person and o["event"] == verb]
    return len(counted) > 1 and world.clause(counted[0]["clause"]) == world.clause(counted[-1]["clause"])


HOLDS = {"escalated", "disputed", "overridden"}  # what once came stays so


def check(world, kind):
    found, start, past = brute_force(world, kind)
    if found is None:
        return "too many"
    wrong = []
    for wanted, types in WANTED.items():
        told = world.ask(kind, wanted)
        last = told[-1]
        expected = found[wanted]
        if any(o["type"] in types for o in past):
            continue
        if frozenset() in expected:
            if last["possible"] != "by-itself":
                wrong.append("%s comes by itself, told: %s" % (wanted, json.dumps(last)))
            continue
        if not last["complete"]:
            wrong.append("%s: not complete" % wanted)
        sets = {s for s in persons(told, world) if len(s) <= kind.most}
        for s in sorted(expected - sets, key=repr):
            wrong.append("%s: left out: %s" % (wanted, sorted(s, key=repr)))
        for s in sorted(sets - expected, key=repr):
            wrong.append("%s: told wrongly: %s" % (wanted, sorted(s, key=repr)))
        if expected and last["possible"] != "sets":
            wrong.append("%s: told: %s" % (wanted, json.dumps(last)))
    return wrong


def main():
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    kinds = [Kind(rng, i) for i in range(int(sys.argv[3]) if len(sys.argv) > 3 else 40)]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        world = World(sys.argv[1], folder, kinds)
        for kind in kinds:
            wrong = check(world, kind)
            if wrong == "too many":
                print("ok needs %s, passed over: too many sets to try" % kind.name)
                continue
            print("%s needs %s" % ("FAIL" if wrong else "ok", kind.name))
            for line in (kind.lines + ["before: %s" % json.dumps(kind.before)] + wrong[:12]) if wrong else []:
                print("    " + line)
            failed = failed or bool(wrong)
            sys.stdout.flush()
    sys.exit(1 if failed else 0)


main()
