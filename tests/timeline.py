#!/usr/bin/env python3
"""What `bylaw timeline` draws is what happened: `timeline.py BYLAW STORY…`, each story a file of events.

The outcomes of `bylaw run --verbose` are the independent reading. For every proposal of a story, at several moments,
each outcome must stand as one mark in the JSON, in the text, in the picture and in the tables of the page; marks and
bars must stand where their times are, within a pixel; what is said to be still to come must come when the run goes on.
One line per story, `ok NAME` or `FAIL NAME` with what is wrong indented below.
"""

import datetime
import html.parser
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
CLOSINGS = ("passed", "failed", "unresolved")
MOMENTS = 4  # at which a story is looked at, its end among them
PROPOSALS = 12  # of a story at most: the first and the last


class Wrong(Exception):
    pass


def check(holds, *words):
    if not holds:
        raise Wrong(" ".join(str(word) for word in words))


def moment(text):
    """Microseconds: exact, and good for differences."""
    text = text.replace("Z", "+00:00")
    since = datetime.datetime.fromisoformat(text) - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (since.days * 86400 + since.seconds) * 1000000 + since.microseconds


EPOCH = "1970-01-01T00:00:00Z"


class Story:
    def __init__(self, bylaw, events):
        folder = os.path.dirname(events)
        self.bylaw, self.events, self.inputs = bylaw, events, []
        for name, option in (("policy.bylaw", "-p"), ("roster.jsonl", "-r"), ("rules.jsonl", "-r")):
            path = os.path.join(folder, name)
            if os.path.exists(path):
                self.inputs += [option, path]
        with open(events, "rb") as file:
            self.line_count = sum(1 for _ in file)

    def call(self, verb, *words):
        done = subprocess.run([self.bylaw, *verb, *self.inputs, *words, self.events], capture_output=True)
        check(done.returncode in (0, 4), verb, words, "ended with", done.returncode, done.stderr.decode())
        return done.stdout.decode("utf-8")

    def run(self, *words):
        lines = self.call(["run"], "--verbose", "--format", "json", "--quiet", *words).split("\n")
        return [json.loads(line) for line in lines if line]

    def timeline(self, proposal, form, *words):
        return self.call(["timeline", proposal], "--format", form, "--quiet", "--color", "never", *words)


def lives(outcomes):
    """The outcomes of each proposal, from its opening."""
    found = {}
    for outcome in outcomes:
        name = outcome.get("proposal")
        if name is None or outcome["type"] == "state":
            continue
        if outcome["type"] == "opened":
            found.setdefault(name, [])
        # What is refused before the proposal is asked (a time that goes back, a word nobody knows) names no kind.
        is_elsewhere = outcome["type"] == "refused" and ("kind" not in outcome or outcome.get("event") == "propose")
        if name in found and not is_elsewhere:
            found[name].append(outcome)
    return found


def kind_of(outcome):
    return outcome["event"] if outcome["type"] == "counted" else outcome["type"]


def facts(outcome):
    return (outcome.get("seq", 0), outcome.get("time", EPOCH), kind_of(outcome))


# ---- JSON ----


def check_json(life, lines):
    head = json.loads(lines[0])
    spans = [line for line in map(json.loads, lines) if line["type"] == "span"]
    marks = [line for line in map(json.loads, lines) if line["type"] == "mark"]
    past = [mark for mark in marks if mark["when"] == "past"]
    check(len(past) == len(life), "there are", len(past), "marks, and", len(life), "outcomes")
    for mark, outcome in zip(past, life):
        check((mark.get("seq", 0), mark["time"], mark["what"]) == facts(outcome), mark, "is not", outcome)
        for key in ("actor", "because", "clause", "to", "from", "role", "due"):
            check(mark.get(key) == outcome.get(key), key, "of", mark, "is not that of", outcome)
    check([mark["when"] for mark in marks if mark["when"] != "past"][:1] == ["now"], "now does not follow the past")
    check_ballots(life, past)
    check_votes(life, spans)
    for span in spans:
        check_span(head, span)
    return head, spans, marks


def check_ballots(life, past):
    latest = {}
    ballots = [(m, o) for m, o in zip(past, life) if o["type"] == "counted" and "stage" in m]
    for mark, outcome in ballots:
        check(mark["stage"] == outcome["stage"], mark, "stands in another vote than", outcome)
        latest[outcome["stage"], outcome["actor"]] = outcome["seq"]
    for mark, outcome in ballots:
        is_latest = latest[outcome["stage"], outcome["actor"]] == outcome["seq"]
        check((mark.get("spoilt") == "replaced") == (not is_latest), mark, "is replaced, or is not")


def check_votes(life, spans):
    votes = {span["stage"]: span for span in spans if "stage" in span}
    for outcome in life:
        if outcome["type"] in CLOSINGS:
            vote = votes[outcome["stage"]]
            check(vote["state"] == outcome["type"], vote, "ended as", outcome["type"])
            check(vote["until"] == outcome.get("time", EPOCH), vote, "ended at", outcome.get("time"))
            check(vote.get("tally") == outcome.get("tally"), vote, "had the tally", outcome.get("tally"))
        elif outcome["type"] == "counted" and "tally" in outcome:
            vote = votes[outcome["stage"]]
            check(vote["from"] <= outcome.get("time", EPOCH) <= vote.get("until", "9999"), outcome, "outside", vote)
    closed = {outcome["stage"] for outcome in life if outcome["type"] in CLOSINGS}
    for number, vote in votes.items():
        if number not in closed:
            check(vote["state"] in ("open", "waiting", "abandoned", "never opened"), vote, "never closed")
    climbs = [o.get("time", EPOCH) for o in life if o["type"] in ("escalated", "disputed")]
    rungs = [votes[n]["from"] for n in sorted(votes) if votes[n]["lane"].startswith("rung")]
    check(rungs == climbs, "rungs opened at", rungs, "and were climbed at", climbs)


def check_span(head, span):
    check(moment(span["from"]) <= moment(span.get("until", "9999-12-31T00:00:00Z")), span, "ends before it begins")
    if "deadline" not in span:
        check("deadline_is" not in span, span, "has no deadline")
    elif "until" not in span:
        check(span["deadline_is"] == "to come", span)
        check(moment(span["deadline"]) >= moment(head["now"]), span, "is over")
    else:
        is_met = span["until"] == span["deadline"]
        check(span["deadline_is"] == ("reached" if is_met else "not needed"), span)


def check_windows(life, spans):
    """A veto or dispute that counted stands in a window of its sort."""
    for outcome in life:
        if outcome["type"] == "counted" and outcome["event"] in ("veto", "uphold"):
            sort = "veto"
        elif outcome["type"] in ("vetoed", "disputed"):
            sort = outcome["type"][:-2] if outcome["type"] == "vetoed" else "dispute"
        else:
            continue
        time = outcome.get("time", EPOCH)
        windows = [span for span in spans if span["lane"].startswith(sort + " window")]
        check(any(w["from"] <= time <= w.get("until", "9999") for w in windows), outcome, "is in no window", windows)


# ---- the picture ----


class Axis:
    def __init__(self, group):
        self.x, self.width = int(group.get("data-x")), int(group.get("data-width"))
        self.start, self.end = moment(group.get("data-from")), moment(group.get("data-until"))

    def check_at(self, x, time, what):
        at = min(max(moment(time), self.start), self.end)
        share = (at - self.start) * (self.width - 1) / (self.end - self.start) if self.end > self.start else 0
        check(abs(x - self.x - share) <= 1, what, "is drawn at", x, "and belongs to", self.x + share)


def check_svg(text, head, spans, marks):
    root = ElementTree.fromstring(text)
    axis = Axis(next(g for g in root.iter(SVG + "g") if g.get("class") == "axis"))
    check(root.find(SVG + "script") is None, "there is a script")
    drawn = [g for g in root.iter(SVG + "g") if g.get("data-kind")]
    shown = [m for m in marks if m["when"] != "now" or moment(head["now"]) <= axis.end]
    told = sorted((m.get("seq", 0), m["time"], m["what"], m["when"], m["lane"]) for m in shown)
    seen = sorted((int(g.get("data-seq", 0)), g.get("data-time"), g.get("data-kind"), g.get("data-when"),
                   g.get("data-lane")) for g in drawn)
    check(told == seen, "marks are", seen, "and should be", told)
    places = {}
    for g in drawn:
        x, y = map(int, re.fullmatch(r"translate\((\d+),(\d+)\)", g.get("transform")).groups())
        axis.check_at(x, g.get("data-time"), g.attrib)
        check(g.find(SVG + "title").text, g.attrib, "has no title")
        check(0 <= x <= int(root.get("width")) and 0 < y < int(root.get("height")), g.attrib, "is outside")
        is_stroke = g.find(SVG + "path[@class='due']") is not None
        if g.get("data-when") == "past" and g.get("data-lane") != "life" and not is_stroke:
            places.setdefault((g.get("data-lane"), y), []).append((x, g.get("data-kind")))
    for lane, row in places.items():
        row.sort()
        for (left, a), (right, b) in zip(row, row[1:]):
            check(right - left >= 10 or a in CLOSINGS or b in CLOSINGS, "marks", left, "and", right, "of", lane, "overlap")
    check_bars(root, axis, spans)
    check_labels(root)
    return len(drawn)


def check_bars(root, axis, spans):
    drawn = [g for g in root.iter(SVG + "g") if g.get("class") == "span"]
    told = [(s["lane"], s["state"], s["from"], s.get("until"), s.get("deadline")) for s in spans]
    seen = [tuple(g.get("data-" + key) for key in ("lane", "state", "from", "until", "deadline")) for g in drawn]
    check(sorted(map(str, told)) == sorted(map(str, seen)), "bars are", seen, "and should be", told)
    for g in drawn:
        solid = [r for r in g.findall(SVG + "rect") if "faint" not in r.get("class")]
        for rect in solid:
            left, width = int(rect.get("x")), int(rect.get("width"))
            axis.check_at(left, g.get("data-from"), g.attrib)
            if g.get("data-until") and width > 2:
                axis.check_at(left + width, g.get("data-until"), g.attrib)


def check_labels(root):
    """Texts on one line do not overlap, at eight pixels a letter, and stay inside."""
    width, rows = int(root.get("width")), {}
    for text in root.iter(SVG + "text"):
        letters = "".join(text.itertext() if text.find(SVG + "title") is None else [text[0].tail])
        size = sum(0 if unicodedata.combining(c) else 7 for c in letters)
        left = int(text.get("x")) - (size if text.get("text-anchor") == "end" else 0)
        check(left >= 0 and left + size <= width + 8, "the text", letters, "leaves the picture")
        rows.setdefault(text.get("y"), []).append((left, left + size, letters))
    for row in rows.values():
        row.sort()
        for (_, end, a), (start, _, b) in zip(row, row[1:]):
            check(end <= start + 2, "the texts", a, "and", b, "overlap")


# ---- the page ----


class Page(html.parser.HTMLParser):
    """The rows of its tables as lists of cells: (text, times)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.tags = {}, set()
        self.rows = self.cell = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        attributes = dict(attributes)
        if tag == "table":
            self.rows = self.tables.setdefault(attributes["class"].split()[-1], [])
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag == "td":
            self.cell = ["", []]
            self.rows[-1].append(self.cell)
        elif tag == "time" and self.cell:
            self.cell[1].append(attributes["datetime"])

    def handle_endtag(self, tag):
        if tag == "td":
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[0] += data


def shown(text):
    """As people's text is shown: controls and marks of direction are replaced."""
    return re.sub("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", "\ufffd", re.sub("[\n\t]", " ", text))


def check_html(text, head, spans, marks):
    page = Page(text)
    check("script" not in page.tags and "img" not in page.tags, "the page has", page.tags)
    rows = [row for row in page.tables["marks"] if row]
    check(len(rows) == len(marks), "the table has", len(rows), "rows for", len(marks), "marks")
    for row, mark in zip(rows, marks):
        time, event, where, what, because = row
        check(time[1] == [mark["time"]] and event[0] == str(mark.get("seq", "")), row, "is not", mark)
        check(where[0] == mark["lane"], row, "is not", mark)
        check(mark["what"] in what[0], row, "is not", mark)
        for key in ("actor", "spoilt", "ranking"):
            check(shown(mark.get(key, "")) in what[0], key, "of", mark, "is missing in", row)
        for key in ("because", "clause"):
            check(shown(mark.get(key, "")) in because[0], key, "of", mark, "is missing in", row)
    rows = [row for row in page.tables.get("spans", []) if row]
    check(len(rows) == len(spans), "the table has", len(rows), "rows for", len(spans), "spans")
    for row, span in zip(rows, spans):
        where, start, end, deadline, state, rule = row
        check(where[0] == span["lane"] and start[1] == [span["from"]], row, "is not", span)
        check(end[1] == ([span["until"]] if "until" in span else []), row, "is not", span)
        check(deadline[1] == ([span["deadline"]] if "deadline" in span else []), row, "is not", span)
        check(span.get("deadline_is", "") in deadline[0] and span["state"] in state[0], row, "is not", span)
        for choice in ("approve", "reject"):
            if "tally" in span:
                is_veto = span["lane"].startswith("veto vote")
                word = {"approve": "veto", "reject": "uphold"}[choice] if is_veto else choice
                check(f'{span["tally"][choice]} {word}' in state[0], row, "is not", span)
        check(shown(span.get("rule", "")) in rule[0] and span.get("clause", "") in rule[0], row, "is not", span)
    pictures = re.findall(r"<svg .*?</svg>", text, re.S)
    check(len(pictures) == 3, "there are", len(pictures), "pictures")
    for picture in pictures:
        check_svg(picture, head, spans, marks)


# ---- the terminal ----


def columns(line):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    return len(line) + wide - sum(unicodedata.category(c) in ("Mn", "Me", "Cf") for c in line)


def check_text(text, marks):
    drawing, below = text.split("\n\n", 2)[1:2][0], text
    for line in drawing.split("\n"):
        check(columns(line) <= 80, "the line", line, "has", columns(line), "columns")
    order = below[below.index("In order, "):].strip("\n").split("\n")[1:]
    listed = [line for line in order if not line.startswith("     ")]
    check(len(listed) == len(marks), "the text lists", len(listed), "of", len(marks), "marks")
    for line, mark in zip(listed, marks):
        check(mark["time"].replace("T", " ")[:16] == line[:16], line, "is not", mark)
        check(mark["what"] in line and shown(mark.get("actor", "")) in line, line, "is not", mark)
        if "seq" in mark:
            check(line.endswith(f'[{mark["seq"]}]'), line, "is not", mark)


# ---- what is to come ----


def check_to_come(story, name, moment_words, life, marks):
    """Nobody does anything more: then each of these comes, at the latest when it was said."""
    for mark in marks:
        if mark["when"] != "to come":
            continue
        later = lives(story.run(*moment_words, "--until", mark["time"]))[name][len(life):]
        if mark["what"] == "deadline" and "stage" in mark:
            ends = [o for o in later if o.get("stage") == mark["stage"] and o["type"] in CLOSINGS]
            moved = [o for o in later if o["type"] in ("vetoed", "lapsed", "accepted", "rejected", "escalated")]
            check(ends or moved, mark, "did not come:", later)
        elif mark["what"] in ("final", "effective"):
            changed = [o for o in later if o["type"] in ("vetoed", "disputed", "lapsed", "passed", "failed")]
            came = [o for o in later if o["type"] == mark["what"] and o["time"] == mark["time"]]
            check(came or changed, mark, "did not come:", later)
        elif mark["lane"] == "duties":
            check([o for o in later if o["type"] == "violated" and o["time"] == mark["time"]], mark, "did not come")


def check_proposal(story, name, life, words):
    lines = story.timeline(name, "json", *words).strip("\n").split("\n")
    head, spans, marks = check_json(life, lines)
    check(head["proposal"] == name, "it is about", head["proposal"])
    check_windows(life, spans)
    check_text(story.timeline(name, "text", *words), marks)
    check_svg(story.timeline(name, "svg", *words), head, spans, marks)
    check_html(story.timeline(name, "html", *words), head, spans, marks)
    if not words:
        check_to_come(story, name, words, life, marks)
    return len(marks)


def check_story(story):
    outcomes = story.run()
    lengths = sorted({max(1, story.line_count * part // MOMENTS) for part in range(1, MOMENTS)})
    moments = [(number, ["--at-seq", str(number)]) for number in lengths] + [(None, [])]
    count = 0
    for last, words in moments:
        told = [o for o in outcomes if last is None or o.get("seq", 0) <= last]
        every = list(lives(told).items())
        chosen = every if len(every) <= PROPOSALS else every[: PROPOSALS // 2] + every[-PROPOSALS // 2 :]
        for name, life in chosen:
            try:
                count += check_proposal(story, name, life, words)
            except Wrong as wrong:
                raise Wrong(f"{name} {' '.join(words)}: {wrong}") from wrong
    return count


def main():
    bylaw, stories = os.path.abspath(sys.argv[1]), sys.argv[2:]
    total = 0
    for events in stories:
        try:
            total += check_story(Story(bylaw, events))
            print("ok timeline", events)
        except (Wrong, ValueError, KeyError, IndexError, ElementTree.ParseError) as wrong:
            print("FAIL timeline", events)
            print("   ", f"{type(wrong).__name__}: {wrong}"[:2000])
    print(("ok" if total > 0 else "FAIL") + f" timeline: {total} marks were compared" if total > 0 else "FAIL timeline")
    return 0


if __name__ == "__main__":
    sys.exit(main())
