#!/usr/bin/env python3
"""graph.py DUMP SVG JSON DOTJSON: reads one graph back from its pictures and from the dump of the same policy.

DUMP is `bylaw dump`, SVG and JSON are `bylaw graph`, DOTJSON is what `dot -Tjson` makes of `bylaw graph --format dot`.
All must have the same nodes and edges, the dump must ask for just these, and the SVG must be readable: no box on another,
no label on a box, no text out of its box, nothing out of the picture.
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
wrong = []


def complain(*words):
    wrong.append(" ".join(str(word) for word in words))


# ---- the dump, read on its own ----

def span(text, key):
    """The rows behind ` key 3..5` or ` key 3`."""
    found = re.search(rf" {key} (\d+)(?:\.\.(\d+))?(?= |$)", text)
    if not found:
        return []
    first = int(found.group(1))
    return list(range(first, int(found.group(2) or first) + 1))


def one(text, key):
    found = span(text, key)
    return found[0] if found else None


def bare(line):
    """Without quoted texts and without the place behind."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', "", line.split("  # ")[0])


def read_dump(path):
    tables = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            found = re.match(r"(\w+) (\d+)(?: (.*))?$", bare(line.rstrip("\n")))
            if found and not line.startswith(" "):
                tables.setdefault(found.group(1), {})[int(found.group(2))] = " " + (found.group(3) or "")
    return tables


class Expected:
    def __init__(self, tables):
        self.t = tables
        self.nodes = set()
        self.edges = set()

    def row(self, table, index):
        return self.t.get(table, {}).get(index, "")

    def name(self, table, index):
        return self.row(table, index).split()[0]

    def when(self, plan):
        return one(self.row("plan", plan), "when chunk") is not None

    def by_vote(self, plan):
        text = self.row("plan", plan)
        return one(text, "procedure") is not None or one(text, "procedure chunk") is not None

    def can_fail(self, plan):
        text = self.row("plan", plan)
        procedure = one(text, "procedure")
        if procedure is None:
            return one(text, "procedure chunk") is not None
        of = self.row("procedure", procedure)
        return one(of, "fails") is not None or " fails otherwise" in of

    def step(self, step):
        return [span(self.row("alternative", a), "plans") for a in span(self.row("step", step), "alternatives")]

    def life(self, index):
        text = self.row("kind", index)
        kind = self.name("kind", index)
        node = lambda word: f"{kind}.{word}"
        edge = lambda a, b: self.edges.add((node(a), node(b)))
        steps = [self.step(s) for s in span(text, "steps")]
        rungs = span(text, "rungs plans")
        stages = [p for step in steps for plans in step for p in plans]
        disputes = span(text, "disputes plans")
        ups = f"plan{rungs[0]}" if rungs else "lapsed"
        edges_of_refused = bool(span(text, "refusals"))
        guarded = bool(steps and steps[0]) and all(self.when(plans[0]) for plans in steps[0])
        self.nodes.add(node("raised"))
        if edges_of_refused or guarded:
            edge("raised", "refused")
        before = ["raised"]
        for step in steps:
            here = [f"plan{p}" for plans in step for p in plans]
            for a in before:
                for b in here:
                    edge(a, b)
            before = here
        for a in before:
            edge(a, "accepted")
        for p in stages:
            edge(f"plan{p}", ups)
            if self.can_fail(p):
                edge(f"plan{p}", "rejected")
            for d in disputes:
                edge(f"plan{p}", f"plan{d}")
        for i, p in enumerate(rungs):
            edge(f"plan{p}", "accepted")
            edge(f"plan{p}", f"plan{rungs[i + 1]}" if i + 1 < len(rungs) else "lapsed")
            if self.can_fail(p):
                edge(f"plan{p}", "rejected")
        for d in disputes:
            self.nodes.add(node(f"plan{d}"))
            if rungs:
                edge(f"plan{d}", f"plan{rungs[0]}")
        for v in span(text, "vetoes"):
            self.veto(v, edge, stages)
        for h in span(text, "handlers"):
            self.handler(h, edge, rungs, disputes)

    def veto(self, v, edge, stages):
        row = self.row("veto", v)
        plan = one(row, "plan")
        if " while-open" in self.row("plan", plan):
            for p in stages:
                edge(f"plan{p}", f"veto{v}")
        else:
            edge("accepted", f"veto{v}")
        edge(f"veto{v}", "vetoed")
        before = "vetoed"
        for s in span(row, "overridden by steps"):
            last = before
            for plans in self.step(s):
                for p in plans:
                    edge(before, f"plan{p}")
                    last = f"plan{p}"
            before = last
        if before != "vetoed":
            edge(before, "overridden")

    def handler(self, h, edge, rungs, disputes):
        outcome = re.search(r" on (\w+)", self.row("handler", h)).group(1)
        places = {"elected": "accepted", "effective": "accepted", "final": "accepted",
                  "disputed": f"plan{disputes[0]}" if disputes else "raised",
                  "escalated": f"plan{rungs[0]}" if rungs else "raised"}
        ends = {"accepted", "rejected", "vetoed", "lapsed", "overridden", "withdrawn"}
        if outcome == "withdrawn":
            edge("raised", "withdrawn")
        edge(places.get(outcome, outcome if outcome in ends else "raised"), f"handler{h}")

    def roles(self):
        roles = self.t.get("role", {})
        names = {self.name("role", r): r for r in roles}
        # A role of a scope may share its name with another's: rows, not names, would be surer; stdlib has none.
        by = {}
        for r, text in roles.items():
            self.nodes.add(f"roles.role{r}")
            for word, label in (("granters", "grants"), ("revokers", "revokes")):
                for c in span(text, word):
                    sort, index = re.match(r" (\w+) (\d+)", self.row("changer", c)).groups()
                    self.edges.add((f"roles.{sort}{index}", f"roles.role{r}"))
            found = re.search(r" included-by((?: [\w]+)+?)(?= has-granters| granters| has-revokers| revokers|$)", text)
            by[r] = {names[n] for n in found.group(1).split()} if found else set()
            body = one(text, "from body")
            if body is not None:
                found = re.search(r" roles((?: \w+)+?) text", self.row("body", body) + " ")
                for n in found.group(1).split() if found else []:
                    self.edges.add((f"roles.role{names[n]}", f"roles.role{r}"))
        for r, others in by.items():
            for o in others:
                if not any(third != o and o in by[third] for third in others):
                    self.edges.add((f"roles.role{o}", f"roles.role{r}"))

    def all(self):
        for index in self.t.get("kind", {}):
            self.life(index)
        self.roles()
        for a, b in self.edges:
            self.nodes |= {a, b}
        return self.nodes, self.edges


# ---- the pictures ----

def read_json(path):
    nodes, edges, rows = set(), [], {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            o = json.loads(line)
            if o["type"] == "node":
                nodes.add(o["id"])
                rows[o["id"]] = (o.get("table"), o.get("index"))
            if o["type"] == "edge":
                edges.append((o["from"], o["to"], o.get("label", "")))
    return nodes, edges, rows


def read_dot(path):
    with open(path, encoding="utf-8") as file:
        graph = json.load(file)
    objects = {o["_gvid"]: o["name"] for o in graph.get("objects", [])}
    nodes = {o["name"] for o in graph.get("objects", []) if "nodes" not in o and "subgraphs" not in o}
    nodes = {n for n in nodes if not n.startswith("cluster_")}
    edges = [(objects[e["tail"]], objects[e["head"]], e.get("label", "")) for e in graph.get("edges", [])]
    return nodes, edges


def box_of(rect):
    x, y, w, h = (int(rect.get(k)) for k in ("x", "y", "width", "height"))
    return x, y, x + w, y + h


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def touches(point, box):
    x, y = point
    inside = box[0] <= x <= box[2] and box[1] <= y <= box[3]
    return inside and (x in (box[0], box[2]) or y in (box[1], box[3]))


def width_of(words, is_bold):
    """In DejaVu Sans, the widest of the usual fonts, at 13 pixels: tenths of a pixel a letter."""
    tenths = {"narrow": 37, "slim": 54, "plain": 80, "upper": 91, "wide": 121}
    total = 0
    for letter in words:
        sort = ("narrow" if letter in "ijlI.,:;'| " else "slim" if letter in "ftr()[]-/_" else
                "wide" if letter in "mwMW@%" else "upper" if letter.isupper() else "plain")
        total += tenths[sort] * (11 if is_bold else 10) // 10
    return total // 10


def check_text(text, box, where, size=13):
    """What stands in the middle reaches both ways."""
    words = text.text or ""
    wide = width_of(words, "strong" in text.get("class", "")) * size // 13
    x, y = int(text.get("x")), int(text.get("y"))
    left = x - wide // 2 if text.get("text-anchor") == "middle" else x
    if left < box[0] or left + wide > box[2] or y - 10 < box[1] or y + 2 > box[3]:
        complain(where, "text does not fit its box:", words)


def read_svg(path):
    root = ElementTree.parse(path).getroot()
    view = [int(n) for n in root.get("viewBox").split()]
    boxes, rows, edges, labels, paths = {}, {}, [], [], []
    for group in root.iter(SVG + "g"):
        kind = (group.get("class") or "").split(" ")[0]
        if kind == "node":
            name = group.get("id")
            if name in boxes:
                complain("two nodes are called", name)
            box = boxes[name] = box_of(group.find(SVG + "rect"))
            index = group.get("data-index")
            rows[name] = (group.get("data-table"), None if index is None else int(index))
            for text in group.findall(SVG + "text"):
                check_text(text, box, name)
            if rows[name][0] and group.find(SVG + "title") is None:
                complain(name, "has no clause")
        if kind == "edge":
            ends = group.get("data-from"), group.get("data-to")
            edges.append((*ends, group.get("data-label") or ""))
            numbers = [int(n) for n in re.findall(r"-?\d+", group.find(SVG + "path").get("d"))]
            paths.append((ends, (numbers[0], numbers[1]), (numbers[-2], numbers[-1])))
            rect = group.find(SVG + "rect")
            if rect is not None:
                labels.append((ends, box_of(rect)))
                check_text(group.find(SVG + "text"), box_of(rect), ends)
    whole = (view[0], view[1], view[0] + view[2], view[1] + view[3])
    check_places(boxes, labels, paths, whole)
    for text in root.iter(SVG + "text"):
        if "heading" in text.get("class", ""):
            check_text(text, whole, "a title", 16)
    return set(boxes), edges, rows


def check_places(boxes, labels, paths, whole):
    everything = list(boxes.items()) + labels
    for i, (name, box) in enumerate(everything):
        if box[0] < whole[0] or box[1] < whole[1] or box[2] > whole[2] or box[3] > whole[3]:
            complain(name, "is out of the picture:", box, whole)
        for other, second in everything[i + 1:]:
            if overlap(box, second):
                complain(name, box, "lies on", other, second)
    for (source, target), begin, end in paths:
        straight = touches(begin, boxes[source]) and touches(end, boxes[target])
        turned = touches(begin, boxes[target]) and touches(end, boxes[source])
        if not straight and not turned:
            complain(source, "->", target, "does not reach from box to box:", begin, end)


def same(what, a, b):
    a, b = sorted(a, key=str), sorted(b, key=str)
    if a == b:
        return
    complain(what, "only the first:", [x for x in a if x not in b][:5], "only the second:", [x for x in b if x not in a][:5])


def main():
    nodes, edges, rows = read_json(sys.argv[3])
    svg_nodes, svg_edges, svg_rows = read_svg(sys.argv[2])
    dot_nodes, dot_edges = read_dot(sys.argv[4])
    wanted_nodes, wanted_edges = Expected(read_dump(sys.argv[1])).all()
    same("nodes of SVG and JSON:", svg_nodes, nodes)
    same("edges of SVG and JSON:", svg_edges, edges)
    same("rows of SVG and JSON:", svg_rows.items(), rows.items())
    same("nodes of DOT and JSON:", dot_nodes, nodes)
    same("edges of DOT and JSON:", dot_edges, edges)
    same("nodes of the dump and JSON:", wanted_nodes, nodes)
    same("edges of the dump and JSON:", wanted_edges, {(a, b) for a, b, _ in edges})
    for name, (table, index) in rows.items():
        word = name.rsplit(".", 1)[1]
        if table and re.fullmatch(r"[a-z]+\d+", word) and word != f"{table}{index}":
            complain(name, "names row", table, index)
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
