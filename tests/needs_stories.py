#!/usr/bin/env python3
"""What `bylaw needs` tells in the stories is what then happens: `needs_stories.py BYLAW NAME EVENTS [POLICY [ROSTER]]`.

After each event of a story it is asked of each proposal that is not final what is needed to have it accepted,
rejected and vetoed. What is told is then done: the acts of a set bring the outcome about, and do not with any one of
them left out; where nothing is needed it comes at the time told; where it cannot come, no single act of anybody
brings it. Only outcomes are looked at. Many ways to go on are tried in one run, on copies of the proposal; whatever
seems to disagree is tried again alone, and that decides. One line a story, `ok NAME` or `FAIL NAME`.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

WANTED = ("accepted", "rejected", "vetoed")
TAKEN = ("counted", "vetoed", "disputed", "withdrawn")
OVER = ("final", "lapsed", "withdrawn")
VERBS = ("approve", "reject", "abstain", "veto", "uphold", "dispute")
FOREVER = "2034-01-01T00:00:00Z"
SETS = 6        # of those told for a question, this many are tried
PEOPLE = 30     # who try single acts
ALONE = 40      # runs for a question about a proposal that cannot be copied


def once(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def parsed(line):
    """The event of a line, or None where it is none that could be copied."""
    try:
        event = json.loads(line.decode("utf-8"), object_pairs_hook=once)
    except ValueError:
        return None
    return event if isinstance(event, dict) and b"\\u" not in line else None


def about(event, proposal):
    key = "id" if event and event.get("type") == "propose" else "proposal"
    return bool(event) and event.get(key) == proposal


class Story:
    def __init__(self, bylaw, folder, events, policy, roster):
        self.bylaw, self.events = bylaw, events
        self.scratch = os.path.join(folder, "events.jsonl")
        # Compiled once: most of each of some hundred runs would be compiling.
        compiled = os.path.join(folder, "policy.bylawc")
        self.words = ["-p", compiled] + (["-r", roster] if roster else [])
        with open(events, "rb") as file:
            self.lines = file.read().splitlines(keepends=False)
        self.parsed = [parsed(line) for line in self.lines]
        self.groups = self.people_of(roster)
        self.counts = {"already": 0, "by-itself": 0, "sets": 0, "no": 0}
        self.sets = self.runs = 0
        self.wrong = []
        self.call("compile", policy or "std/pytorch", "-o", compiled)

    def people_of(self, roster):
        """Everybody named: who acts in the story, then the roles, those with few people first."""
        roles = {}
        if roster:
            with open(roster, "rb") as file:
                for event in map(parsed, file):
                    if event and event.get("type") == "grant":
                        roles.setdefault((event["role"], event.get("on")), []).append(event["to"])
        acting = [e["actor"] for e in self.parsed if e and isinstance(e.get("actor"), str) and e["actor"]]
        sizes = {}
        for (role, _), people in roles.items():
            sizes.setdefault(role, []).extend(people)
        return [acting] + sorted(sizes.values(), key=len)

    def some_people(self, rng):
        chosen = []
        for group in self.groups:
            group = sorted(set(group) - set(chosen))
            rng.shuffle(group)
            chosen += group[:PEOPLE - len(chosen)]
        return chosen

    def call(self, *words):
        self.runs += 1
        done = subprocess.run([self.bylaw] + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1, 4):
            raise SystemExit("bylaw %s ended with status %d: %s" % (" ".join(words), done.returncode, done.stderr[:2000]))
        return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]

    def run(self, lines, *words):
        with open(self.scratch, "wb") as file:
            file.write(b"".join(line + b"\n" for line in lines))
        return self.call("run", "--format", "json", "--verbose", "-q", *words, *self.words, self.scratch)

    def ask(self, number, proposal, wanted):
        return self.call("needs", proposal, "--for", wanted, "--format", "json", "-q", "--at-seq", str(number), *self.words,
                         self.events)


def line_of(proposal, act):
    time, verb, person, _ = act
    event = dict({"time": time} if time else {}, type=verb, actor=person, proposal=proposal, reason="because")
    return json.dumps(event).encode()


class Moment:
    """A proposal after an event of a story, and the ways it may go on from there."""

    def __init__(self, story, number, proposal):
        self.story, self.number, self.proposal = story, number, proposal
        self.lines = story.lines[:number]
        self.past = self.of(story.run(self.lines), proposal)
        self.copied = any(about(e, proposal) for e in story.parsed[:number])
        self.alone = {}

    @staticmethod
    def of(outcomes, proposal):
        return [o for o in outcomes if o.get("proposal") == proposal]

    def since(self, outcomes, acts, seqs):
        """What followed, or nothing where an act did not count in the vote it was told for: those were other acts."""
        for act, seq in zip(acts, seqs):
            taken = [(o.get("clause"), o.get("stage")) for o in outcomes if o.get("seq") == seq and o["type"] in TAKEN]
            if act[3] and not any(clause == act[3][0] and act[3][1] in (stage, None) for clause, stage in taken):
                return []
        return outcomes[len(self.past):]

    def go_on(self, acts):
        """What follows of these acts, each (time or None, verb, person, (clause, vote) or None)."""
        acts = tuple(acts)
        if acts not in self.alone:
            lines = self.lines + [line_of(self.proposal, act) for act in acts]
            outcomes = self.of(self.story.run(lines, "--until", FOREVER), self.proposal)
            self.alone[acts] = self.since(outcomes, acts, range(self.number + 1, len(lines) + 1))
        return self.alone[acts]

    def go_on_all(self, ways):
        """The same for many ways at once, as long as they do not meddle with one another."""
        if not self.copied:
            return [self.go_on(acts) for acts in ways]
        lines = []
        names = ["way-%d" % i for i in range(len(ways))]
        for line, event in zip(self.lines, self.story.parsed):
            if about(event, self.proposal):
                key = "id" if event["type"] == "propose" else "proposal"
                head, *rest = [dict(event, **{key: name}) for name in names]
                lines += [json.dumps(e).encode() for e in [head] + rest]
            else:
                lines.append(line)
        # Acts at a time told come after those at once, in the order of time.
        timed = []
        for name, acts in zip(names, ways):
            latest = ""
            for act in acts:
                latest = max(latest, act[0] or "")
                timed.append((latest, name, line_of(name, (latest or None,) + act[1:])))
        timed.sort(key=lambda entry: entry[0])
        seqs = {name: [] for name in names}
        for _, name, line in timed:
            lines.append(line)
            seqs[name].append(len(lines))
        outcomes = {name: [] for name in names}
        for o in self.story.run(lines, "--until", FOREVER):
            if o.get("proposal") in outcomes:
                outcomes[o["proposal"]].append(o)
        return [self.since(outcomes[name], acts, seqs[name]) for name, acts in zip(names, ways)]

    def complain(self, wanted, text):
        self.story.wrong.append("after event %d, %s to be %s: %s" % (self.number, self.proposal, wanted, text))


def came(outcomes, wanted):
    return any(o["type"] == wanted for o in outcomes)


def acts_of(told, last):
    """The acts of a set, of each class the first people or the last ones, nobody twice in a vote; None: there are not enough."""
    used, acts = set(), []
    for act in told["acts"]:
        people = ["somebody-%d" % i for i in range(act["any"])] if act["of"] == "anyone" else list(act["of"])
        if last:
            people.reverse()
        kind = act["verb"] if act["verb"] in ("dispute", "withdraw") else "ballot"
        where = (kind, act.get("stage"), act["clause"])
        some = [person for person in people if (where, person) not in used][:act["any"]]
        if len(some) < act["any"]:
            return None
        used.update((where, person) for person in some)
        acts += [(act.get("from"), act["verb"], person, (act["clause"], act.get("stage"))) for person in some]
    return acts


def times_that_work(moment, wanted, acts):
    """The acts with times, in their order, so that the outcome comes: later acts once something has happened by itself."""
    ways = [tuple(acts)]
    for split in range(len(acts)):
        done, rest = acts[:split], acts[split:]
        turns = sorted({o["time"] for o in moment.go_on(done)})[:4]
        ways += [tuple(done) + tuple((max(turn, act[0] or ""),) + act[1:] for act in rest) for turn in turns]
    for acts in ways:
        if came(moment.go_on(acts), wanted):
            return acts
    # Two turns: a second wait behind the first.
    for acts in ways[1:]:
        for split in range(1, len(acts)):
            turns = sorted({o["time"] for o in moment.go_on(acts[:split])})[:6]
            for turn in turns:
                later = acts[:split] + tuple((max(turn, act[0] or ""),) + act[1:] for act in acts[split:])
                if came(moment.go_on(later), wanted):
                    return later
    return None


def told_of(acts):
    return ", ".join("@%s %s%s" % (person, verb, " at " + time if time else "") for time, verb, person, _ in acts) or "nothing"


def check(moment, rng):
    story = moment.story
    single = [((None, verb, person, None),) for person in story.some_people(rng) for verb in VERBS]
    ways, claims = [], []  # each claim: (wanted, acts, whether it comes, what was told)
    for wanted in WANTED:
        told = story.ask(moment.number, moment.proposal, wanted)
        last = told[-1]
        story.counts[last["possible"]] += 1
        if last["possible"] == "already":
            if not came(moment.past, wanted):
                moment.complain(wanted, "told to be so already, and it is not")
        elif last["possible"] == "by-itself":
            outcomes = moment.go_on(())
            if not came(outcomes, wanted):
                moment.complain(wanted, "told to come by itself, and does not")
            elif last["at"] not in [o["time"] for o in outcomes if o["type"] == wanted]:
                moment.complain(wanted, "told to come at %s, and does at another time" % last["at"])
        elif last["possible"] == "sets":
            claims.append((wanted, (), False, "told to need acts"))
            lines = [line for line in told if "set" in line]
            rest = lines[SETS // 2:]
            for line in lines[:SETS // 2] + rng.sample(rest, min(len(rest), SETS - SETS // 2)):
                acts = acts_of(line, rng.random() < 0.5) or acts_of(line, False) or acts_of(line, True)
                if acts is None:
                    continue
                story.sets += 1
                if not came(moment.go_on(acts), wanted):
                    timed = times_that_work(moment, wanted, acts)
                    if timed is None:
                        moment.complain(wanted, "told to come of %s, and does not" % told_of(acts))
                        continue
                    acts = timed
                for i in range(len(acts)):
                    claims.append((wanted, tuple(acts[:i]) + tuple(acts[i + 1:]), False,
                                   "told to need @%s %s beside" % (acts[i][2], acts[i][1])))
        elif last["complete"]:
            for acts in [()] + (single if moment.copied else rng.sample(single, min(len(single), ALONE))):
                claims.append((wanted, acts, False, "told to be impossible"))
    ways = list(dict.fromkeys(claim[1] for claim in claims))
    happened = {}
    for start in range(0, len(ways), 400):
        some = ways[start:start + 400]
        happened.update(zip(some, moment.go_on_all(some)))
    for wanted, acts, comes, why in claims:
        if came(happened[acts], wanted) != comes and came(moment.go_on(acts), wanted) != comes:
            moment.complain(wanted, "%s, and comes of %s" % (why, told_of(acts)))


def moments(story):
    """Each proposal after each event that changed anything, as long as it is not final."""
    seen, time = set(), None
    for number in range(1, len(story.lines) + 1):
        if not story.lines[number - 1].strip():
            continue
        state = {}
        time = (story.parsed[number - 1] or {}).get("time", time)
        outcomes = [o for o in story.run(story.lines[:number]) if o["type"] != "refused"]
        for o in outcomes:
            if "proposal" in o:
                if o["type"] == "opened":
                    state[o["proposal"]] = True
                elif o["type"] in OVER:
                    state.pop(o["proposal"], None)
        key = (time, len(outcomes))
        if key in seen:
            continue
        seen.add(key)
        for proposal in sorted(state):
            yield number, proposal


def main():
    bylaw, name, events = sys.argv[1:4]
    policy, roster = (sys.argv[4:6] + ["", ""])[:2]
    rng = random.Random(name)
    with tempfile.TemporaryDirectory() as folder:
        story = Story(bylaw, folder, events, policy, roster)
        asked = 0
        for number, proposal in moments(story):
            asked += 1
            check(Moment(story, number, proposal), rng)
        if os.environ.get("VERBOSE"):
            print("    %d moments, %s, %d sets, %d runs" % (asked, story.counts, story.sets, story.runs))
        if asked:
            print("%s needs in %s" % ("FAIL" if story.wrong else "ok", name))
        for line in story.wrong[:12]:
            print("    " + line)
    sys.exit(1 if story.wrong else 0)


main()
