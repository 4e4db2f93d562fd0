#!/usr/bin/env python3
"""Lives that a timeline must be able to draw: `timeline_worlds.py FOLDER` writes each as FOLDER/NAME/{policy.bylaw,events.jsonl}.

Long and short ones, crowds, names in many scripts, hostile texts, every turn that a proposal can take. Drawn with a fixed
seed, so that they are the same each time.
"""

import datetime
import json
import os
import random
import sys

START = datetime.datetime(2024, 2, 27, 9, 0, 0)
POLICY = """
policy lives "for drawing"
use "std/procedures"
role voter
role guard
role court
role chair
proposal plain {
  raised by anyone
  decided by voter using more_than_half within 14 days
  veto by guard using more_than_half within 3 days
  veto by chair within 2 days with reason
    overridden { by voter using supermajority(3/4) within 5 days then by court using fiat within 5 days }
  dispute by voter within 4 days when proposal.rung <= 1
  escalates to court using majority within 10 days reasoned within 7 days
  escalates to chair using fiat within 30 days
  takes effect after 1 day
  on accepted { emit told(proposal.id) }
}
proposal slow { raised by anyone decided by voter using majority within 3 years dispute by voter within 1 year escalates to chair using fiat within 1 year }
proposal quick { raised by anyone decided by voter using majority within 5 minutes veto by chair within 90 seconds }
proposal joint {
  raised by anyone
  decided by voter using unanimity after 1 day through 5 days together with court using majority within 3 days
  then by chair using fiat
  veto by guard while open
}
proposal fresh {
  raised by anyone
  decided by voter using more_than_half within 9 days
  on unresolved { emit told("nothing") }
}
proposal pick { raised by anyone candidates from voter decided by voter using ranked_choice within 10 days }
event told { what : text }
event pushed { change : proposal }
on pushed(x) by anyone { discard ballots of x.change }
"""


class World:
    def __init__(self, name, founding=START):
        self.name, self.time, self.lines = name, founding, []

    def at(self, **step):
        self.time += datetime.timedelta(**step)
        return self

    def add(self, event, **fields):
        stamp = {} if self.time is None else {"time": self.time.isoformat() + "Z"}
        self.lines.append({**stamp, "type": event, **fields})
        return self

    def roles(self, role, *names):
        for name in names:
            self.add("grant", role=role, to=name)
        return self

    def vote(self, proposal, **choices):
        for name, choice in choices.items():
            self.add(choice, actor=name, proposal=proposal)
        return self

    def write(self, folder):
        folder = os.path.join(folder, self.name)
        os.makedirs(folder)
        with open(os.path.join(folder, "policy.bylaw"), "w", encoding="utf-8") as file:
            file.write(POLICY)
        with open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8") as file:
            for line in self.lines:
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def found(world, voters=("ana", "bo", "chi", "dee", "eli")):
    return (world.roles("voter", *voters).roles("guard", "gus", "gil", "gia")
            .roles("court", "kim", "kai", "kat").roles("chair", "lee").add("founded"))


def propose(world, kind, name, actor="zoe"):
    return world.add("propose", kind=kind, id=name, actor=actor)


def every_turn():
    w = found(World("every_turn_of_a_life"))
    propose(w, "plain", "road")
    w.at(hours=5).vote("road", ana="reject").at(days=1).vote("road", ana="approve", bo="approve")
    w.at(hours=1).add("recuse", actor="eli", proposal="road")
    w.at(hours=1).add("veto", actor="gus", proposal="road", reason="too wide").at(hours=2).add("uphold", actor="gil", proposal="road")
    w.at(hours=3).vote("road", chi="approve").at(hours=4).add("uphold", actor="gia", proposal="road")
    w.at(days=2).add("dispute", actor="dee", proposal="road", reason="unfair")
    w.at(days=1).vote("road", kim="approve", kai="abstain").at(hours=2).add("withdraw", actor="ana", proposal="road")
    w.at(hours=2).vote("road", kat="reject").at(days=3).add("tick")
    w.at(days=8).vote("road", lee="approve").at(days=3).add("tick").at(days=20).add("tick")
    return w


def struck_and_overridden():
    w = found(World("struck_down_and_overridden"))
    propose(w, "plain", "bridge").at(days=1).vote("bridge", ana="approve", bo="approve", chi="approve")
    w.at(hours=30).add("veto", actor="lee", proposal="bridge", reason="no money")
    w.at(days=1).vote("bridge", ana="approve", bo="approve", chi="approve", dee="approve")
    w.at(days=1).vote("bridge", kim="approve").at(days=30).add("tick")
    propose(w, "plain", "tunnel").at(days=1).vote("tunnel", ana="approve", bo="approve", chi="approve")
    w.at(hours=3).add("veto", actor="lee", proposal="tunnel", reason="no").at(days=9).add("tick")
    return w


def side_by_side():
    w = found(World("side_by_side_and_waiting"))
    propose(w, "joint", "hall").at(hours=2).vote("hall", kim="approve", ana="approve").at(days=1)
    w.vote("hall", ana="approve", bo="approve", kai="approve").at(hours=5).vote("hall", chi="approve", dee="approve", eli="approve")
    w.at(days=2).vote("hall", lee="approve").at(days=1).add("tick")
    propose(w, "joint", "stall").at(days=2).add("veto", actor="gus", proposal="stall").at(days=9).add("tick")
    propose(w, "joint", "wait").at(hours=1).add("tick")
    return w


def discarded():
    w = found(World("ballots_are_discarded"))
    propose(w, "fresh", "patch").at(days=1).vote("patch", ana="approve", bo="reject")
    w.at(days=1).add("pushed", actor="zoe", change="patch").at(days=1).vote("patch", ana="approve").at(hours=1).vote("patch", ana="reject")
    w.at(days=1).add("withdraw", actor="zoe", proposal="patch")
    propose(w, "fresh", "silent").at(days=10).add("tick")
    return w


def crowd(name, kind, count, spread):
    chance = random.Random(count)
    names = [f"voter-{i:03}" for i in range(count)]
    w = found(World(name), names)
    propose(w, kind, "crowd")
    begin = w.time
    for i, moment in enumerate(sorted(spread(chance) for _ in names)):
        w.time = begin + datetime.timedelta(seconds=moment)
        w.add(chance.choice(["approve", "approve", "approve", "reject", "abstain"]), actor=names[i], proposal="crowd")
    return w.at(days=20).add("tick")


def slow_life():
    w = found(World("three_years"))
    propose(w, "slow", "charter").at(days=200).vote("charter", ana="approve").at(days=300).vote("charter", bo="reject")
    w.at(days=500).vote("charter", chi="approve").at(days=200).add("tick").at(days=20).add("dispute", actor="bo", proposal="charter")
    return w.at(days=100).vote("charter", lee="approve").at(days=1).add("tick")


def quick_life():
    w = found(World("five_minutes"))
    propose(w, "quick", "now").at(seconds=20).vote("now", ana="approve").at(seconds=70, microseconds=250000).vote("now", bo="reject")
    w.at(seconds=100).vote("now", chi="approve", dee="approve").at(seconds=80).vote("now", eli="reject").at(seconds=200).add("tick")
    propose(w, "quick", "alone").at(seconds=1).vote("alone", ana="approve")
    return w


def timeless():
    w = World("without_any_time")
    w.time = None
    found(w)
    return propose(w, "quick", "once").vote("once", ana="approve", bo="approve", chi="approve")


def many_scripts():
    names = ("علي", "李小龙", "José", "Zoe\u0308", "Наталья", "น้ำ")
    w = found(World("names_in_many_scripts"), names)
    for name in ("مشروع", "新提案新提案新提案新提案", "e\u0301lan"):
        propose(w, "plain", name, "علي").at(hours=3).vote(name, **{names[0]: "approve"})
        w.at(hours=3).vote(name, **{names[1]: "reject", names[2]: "abstain"}).at(hours=1)
        w.add("approve", actor=names[3], proposal=name, reason="日本語 و عربي و \u202eesrever")
    return w


def hostile():
    w = found(World("hostile_texts"))
    for name in ("<script>alert(1)</script>", "a&b\"c'd", "]]><svg/onload=x>", "x" * 100):
        propose(w, "plain", name).at(hours=3)
        w.add("approve", actor="ana", proposal=name, reason="<img src=x onerror=alert(1)> & \"quoted\" 'text' ]]> <!-- ")
        w.add("veto", actor="lee", proposal=name, reason="line\nbreak\ttab \u202e\u2066 \u0085 end</title></text></svg><script>x</script>")
        w.at(days=6)
    return w


def election():
    w = found(World("an_election"))
    propose(w, "pick", "head").at(days=1).add("rank", actor="ana", proposal="head", ranking=["bo", "chi"])
    w.at(days=1).add("rank", actor="bo", proposal="head", ranking=["chi", "bo"]).at(hours=1).add("rank", actor="bo", proposal="head", ranking=["bo"])
    w.at(days=1).add("rank", actor="chi", proposal="head", ranking=["dee"]).at(days=9).add("tick")
    propose(w, "pick", "nobody").at(days=12).add("tick")
    return w


def worlds():
    day = 86400
    return [
        every_turn(), struck_and_overridden(), side_by_side(), discarded(), slow_life(), quick_life(), timeless(),
        many_scripts(), hostile(), election(),
        crowd("three_hundred_voters", "plain", 300, lambda chance: min(chance.randrange(13 * day) for _ in range(3))),
        crowd("three_hundred_at_once", "plain", 300, lambda chance: chance.choice([3600, 5 * day])),
        crowd("one_voter", "slow", 1, lambda chance: day),
    ]


for world in worlds():
    world.write(sys.argv[1])
