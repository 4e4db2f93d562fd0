#!/usr/bin/env python3
"""Reads the reports of `bylaw test` as other programs would, and holds what they say against each other.

    coverage.py BYLAW POLICY…
    coverage.py counts BYLAW POLICY    prints the counts, a line each

Forms: TAP, JUnit XML, JSON Lines and the page of --coverage=html are read by readers of their own and agree on names,
results and figures. Counting: what all scenarios of a policy reach is the sum of what each reaches alone, run by itself.
"""
import html.parser
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET


class Wrong(Exception):
    pass


def check(holds, why):
    if not holds:
        raise Wrong(why)


def run(*words):
    done = subprocess.run(words, capture_output=True, timeout=300)
    check(done.returncode in (0, 1), f"{' '.join(words)} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def read_tap(text):
    """The results of a TAP 13 stream, by its grammar: version, results with YAML blocks, comments, one plan."""
    lines = text.splitlines()
    check(lines[0] == "TAP version 13", "no version")
    results, plan, inside = [], None, False
    for line in lines[1:]:
        if inside:
            check(line.startswith("  "), f"a block is not indented: {line!r}")
            inside = line != "  ..."
            continue
        found = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\.)*)", line)
        if found:
            check(plan is None, "a result behind the plan")
            check(int(found[2]) == len(results) + 1, f"numbers do not follow: {line!r}")
            results.append((re.sub(r"\\(.)", r"\1", found[3]), found[1] is None))
        elif line == "  ---":
            check(results and not results[-1][1], "a block below no failure")
            inside = True
        elif re.fullmatch(r"1\.\.\d+", line):
            check(plan is None, "two plans")
            plan = int(line[3:])
        else:
            check(line.startswith("#"), f"no line of TAP: {line!r}")
    check(plan == len(results) and not inside, "the plan does not fit")
    return results


def count_by_prove(text):
    """How many results, and how many that passed, the parser behind `prove` finds, which says when something is wrong."""
    program = ('use TAP::Parser; local $/; my $p = TAP::Parser->new({ tap => <STDIN> }); $p->run;'
               ' die join("; ", $p->parse_errors) if $p->parse_errors; print scalar $p->actual_passed + $p->actual_failed, " ",'
               ' scalar $p->actual_passed')
    done = subprocess.run(["perl", "-e", program], input=text.encode(), capture_output=True)
    check(done.returncode == 0, f"prove refuses: {done.stderr.decode()}")
    return [int(word) for word in done.stdout.split()]


def read_junit(text):
    results = []
    for suite in ET.fromstring(text).findall("testsuite"):
        cases = suite.findall("testcase")
        failed = [case for case in cases if case.find("failure") is not None]
        check(int(suite.get("tests")) == len(cases), "tests are counted wrong")
        check(int(suite.get("failures")) == len(failed), "failures are counted wrong")
        results += [(case.get("classname") + " " + case.get("name"), case not in failed) for case in cases]
    return results


class Page(html.parser.HTMLParser):
    """Tags that match, ids that are there for each link, and the lines of the source."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.sorts, self.lines, self.source = [], [], [], [], [], False

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag in ("meta", "br"):
            return
        if "id" in known:
            self.ids.append(known["id"])
            self.sorts.append(known.get("class"))
            self.lines.append("")
        if "href" in known:
            self.links.append(known["href"])
        self.open.append(tag)

    def handle_endtag(self, tag):
        check(self.open and self.open.pop() == tag, f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] == "code" and self.lines and "small" not in self.open:
            self.lines[-1] += data


def read_page(text, policy):
    page = Page()
    page.feed(text)
    check(page.open in ([], ["html"]), f"left open: {page.open}")
    check(len(set(page.ids)) == len(page.ids), "an id comes twice")
    for link in page.links:
        check(link[1:] in page.ids, f"{link} leads nowhere")
    with open(policy, encoding="utf-8") as file:
        check(page.lines == file.read().removesuffix("\n").split("\n"), "the page does not show the source")
    return page


def goals_of(bylaw, policy, *more):
    out, _ = run(bylaw, "test", "--coverage", "--format", "json", *more, policy)
    rows = [json.loads(line) for line in out.splitlines()]
    goals = {}
    for row in rows:
        if row.get("type") == "goal":
            key = (row["line"], row["column"], row["clause"], row["goal"])
            check(key not in goals, f"{key} comes twice")
            goals[key] = row["count"]
    figure = [row for row in rows if row.get("type") == "coverage"][-1]
    check(figure["goals"] == len(goals), "the figure counts other goals")
    check(figure["reached"] == sum(count > 0 for count in goals.values()), "the figure counts otherwise")
    check(figure["percent"] == (figure["reached"] * 100 // len(goals) if goals else 100), "the percentage is wrong")
    return goals, figure, [row for row in rows if "scenario" in row]


def forms(bylaw, policy):
    _, _, rows = goals_of(bylaw, policy)
    expected = [(row["place"] + " " + row["scenario"], row["passed"]) for row in rows]
    tap = run(bylaw, "test", "--coverage", "--format", "tap", policy)[0]
    check(read_tap(tap) == expected, "TAP says otherwise")
    check(count_by_prove(tap) == [len(expected), sum(passed for _, passed in expected)], "prove reads TAP otherwise")
    junit = read_junit(run(bylaw, "test", "--coverage", "--format", "junit", policy)[0])
    check(junit == expected, "JUnit says otherwise")


def page(bylaw, policy):
    goals, figure, _ = goals_of(bylaw, policy)
    out, beside = run(bylaw, "test", "--coverage=html", policy)
    shown = read_page(out, policy)
    check(re.search(r"\d+ passed, \d+ failed\n$", beside), "standard error has no summary")
    check(f"{figure['percent']}\u00a0% covered" in out, "the page has another figure")
    for number, sort in enumerate(shown.sorts, 1):
        counts = [count for key, count in goals.items() if key[0] == number]
        wanted = None if not counts else "all" if all(counts) else "some" if any(counts) else "none"
        check(sort == wanted, f"line {number} is {sort}, not {wanted}")


def sums(bylaw, policy):
    goals, _, rows = goals_of(bylaw, policy)
    names = [row["scenario"] for row in rows]
    single = [name for name in names if sum(name in other for other in names) == 1]
    if len(single) < len(names):
        raise Wrong("a scenario's name is part of another's: it cannot run alone")
    total = dict.fromkeys(goals, 0)
    for name in names:
        for key, count in goals_of(bylaw, policy, "--run", name)[0].items():
            total[key] += count
    different = [key for key in goals if goals[key] != total[key]]
    check(not different, f"together and alone differ: {different[:3]}")


def print_counts(bylaw, policy):
    for (line, column, clause, goal), count in goals_of(bylaw, policy)[0].items():
        print(f"{line}:{column} {goal} {count}  {clause}")


def main():
    if sys.argv[1] == "counts":
        print_counts(*sys.argv[2:])
        return
    bylaw, policies = sys.argv[1], sys.argv[2:]
    for policy in policies:
        for claim, test in (("is reported alike in every form", forms), ("is shown as it is counted", page),
                            ("is reached by all what each reaches alone", sums)):
            try:
                test(bylaw, policy)
                print(f"ok {policy} {claim}")
            except (Wrong, ET.ParseError, ValueError, KeyError, IndexError) as error:
                print(f"FAIL {policy} {claim}\n    {error}")


main()
