"""Holds the numbers that `bylaw why` tells against the outcomes of the run: `why.py BYLAW ASK`.

ASK has a line for each question, as tests/why.sh describes. A line `ok NAME` or `FAIL NAME` for each.
"""
import fractions
import json
import operator
import re
import subprocess
import sys

SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
CLOSING = ("passed", "failed", "unresolved")
CHOICES = {"approve": "approve", "veto": "approve", "reject": "reject", "uphold": "reject", "abstain": "abstain"}
NUMBERS = {"the one": 1, "none": 0}


def run(bylaw, words):
    done = subprocess.run([bylaw] + words, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return done.stdout


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def number(value):
    return fractions.Fraction(str(value))


def tree_holds(leaves, at=0):
    """The truth of the condition that begins at leaves[at], and where the next one begins."""
    row = leaves[at]
    if "joins" not in row:
        return row["holds"], at + 1
    parts = []
    depth = row["depth"]
    at += 1
    while at < len(leaves) and leaves[at]["depth"] > depth:
        holds, at = tree_holds(leaves, at)
        parts.append(holds)
    return {"and": all, "or": any, "not": lambda p: not p[0]}[row["joins"]](parts), at


def check_records(told, outcomes):
    """Without what they add, the answers are what the run said of the proposal, line by line."""

    def is_raising(line):
        return line["type"] == "refused" and line["event"] == "propose"

    said = [line for line in told["rules"] if line["type"] != "ballot"]
    life = [line for line in outcomes if not is_raising(line)]
    assert said == life or said == outcomes, "the life told is not what the run said"
    said = [line for line in told["all"] if "time" in line and line["type"] != "ballot"]
    assert [line for line in said if not is_raising(line)] == life, "not all is what the run said"
    assert [line for line in said if is_raising(line)] == [line for line in outcomes if is_raising(line)]


def check_votes(told, outcomes):
    ends = {(o["stage"]): o for o in outcomes if o["type"] in CLOSING}
    for vote in (line for line in told if line["type"] == "vote"):
        end = ends.get(vote["stage"])
        if not end:
            continue
        assert vote["result"] == end["type"], vote
        tally = vote["tally"]
        assert end.get("tally", tally) == tally, (vote, end)
        cast = tally["approve"] + tally["reject"] + tally["abstain"]
        assert vote["missing"] == tally["body"] - cast, vote
        counts = {"approve": 0, "reject": 0, "abstain": 0}
        for ballot in told:
            if ballot["type"] == "ballot" and ballot["stage"] == vote["stage"]:
                counts[CHOICES.get(ballot["choice"], "approve")] += 1
        assert all(counts[key] == tally[key] for key in counts), (counts, tally)


def check_conditions(told, outcomes):
    for line in told:
        if line["type"] != "condition" or "left" not in line:
            continue
        sign = re.findall(r" (<=|>=|==|!=|<|>) ", line["text"])[0]
        assert SIGNS[sign](number(line["left"]), number(line["right"])) == line["holds"], line
    for end in outcomes:
        parts = {}
        for line in told:
            if line["type"] == "condition" and line["stage"] == end.get("stage"):
                parts.setdefault(line["part"], []).append(line)
        if end["type"] not in CLOSING or any("holds" not in p and "joins" not in p for ps in parts.values() for p in ps):
            continue
        if "passes" in parts:
            assert tree_holds(parts["passes"])[0] == (end["type"] == "passed"), end
        # Numbers that the outcome gives stand in the parts too.
        for left, right in re.findall(r"\((\S+) (?:<=|>=|==|!=|<|>) (\S+?)(?: is not so)?\)", end["because"]):
            sides = [(number(p["left"]), number(p["right"])) for ps in parts.values() for p in ps if "left" in p]
            assert (number(left), number(right)) in sides, (end["because"], sides)


def check_sentence(sentence, told):
    """Each `N of the M in BODY did` is the tally of a vote of that body."""
    votes = [line for line in told if line["type"] == "vote"]
    found = re.findall(r"(\d+) of the (\d+) in `([^`]*)` (approved|rejected|vetoed|voted to override|abstained)", sentence)
    for count, size, body, did in found:
        key = {"rejected": "reject", "abstained": "abstain"}.get(did, "approve")
        tallies = [v["tally"] for v in votes if v["body"] == body]
        assert any(t[key] == int(count) and t["body"] == int(size) for t in tallies), (sentence, tallies)
    return len(found)


def check(bylaw, words):
    proposal = words[0]
    rest = [word for word in words[1:] if word != "--not"]
    told = {
        depth: lines_of(run(bylaw, ["why", "--depth", depth, "--format", "json", proposal] + rest))
        for depth in ("sentence", "rules", "all")
    }
    run_words = list(rest)
    limit = None
    if "--at-seq" in run_words:
        at = run_words.index("--at-seq")
        limit = int(run_words[at + 1])
        del run_words[at : at + 2]
    outcomes = [o for o in lines_of(run(bylaw, ["run", "--verbose", "--format", "json"] + run_words)) if o.get("proposal") == proposal]
    if limit:
        # What is due before the line behind the last one has not happened yet.
        last = max((line["time"] for line in told["all"] if "time" in line), default="")
        outcomes = [o for o in outcomes if o["seq"] <= limit and o["time"] <= last]
    check_records(told, outcomes)
    assert len(told["sentence"]) == 1
    if told["sentence"][0]["fields"]["status"] == "refused":
        return
    check_votes(told["all"], outcomes)
    check_conditions(told["all"], outcomes)
    check_sentence(told["sentence"][0]["because"], told["all"])
    text = run(bylaw, ["why", "--depth", "sentence", proposal] + rest)
    assert text == told["sentence"][0]["because"] + "\n", "text and JSON differ"


def main():
    bylaw = sys.argv[1]
    with open(sys.argv[2], encoding="utf-8") as asked:
        for line in asked:
            try:
                check(bylaw, line.split())
                print("ok numbers of why", line.strip())
            except AssertionError as error:
                print("FAIL numbers of why", line.strip())
                print("   ", error)


main()
