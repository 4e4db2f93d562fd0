"""Elections that really happened, counted again: tests/tally_cases.py BYLAW FOLDER.

Every *.json below the folder is an election with its ballots, its method, and under `expected` (or a word like it) what its source
published. `bylaw tally FILE --format json` counts each, and what it says is compared with all of that: winners always, and rounds,
rankings and figures where the source gives them. A line `ok` or `FAIL` for each, and last how many agree in what.
"""
import json
import os
import subprocess
import sys
from fractions import Fraction

EXPECTED = ("expected", "result", "results", "published", "outcome")
WINNERS = ("winners", "winner", "elected")
FIGURES = ("quota", "pairwise", "paths", "scores")


def first(of, keys):
    """The value of the first of the keys that is there, else None."""
    return next((of[key] for key in keys if key in of), None)


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def names_of(case):
    """What ballots and results may call each candidate, and its name."""
    names = {}
    candidates = case.get("candidates", [])
    pairs = candidates.items() if isinstance(candidates, dict) else enumerate(candidates, 1)
    for key, candidate in pairs:
        name = candidate.get("name", candidate.get("id", key)) if isinstance(candidate, dict) else str(candidate)
        names[str(name)] = str(name)
        if isinstance(candidate, dict):
            names.update({str(candidate[k]): str(name) for k in ("id", "code", "number", "short") if k in candidate})
        elif isinstance(candidates, dict):
            names[str(key)] = str(name)
    return names


class Comparison:
    """Compares what is expected with what was counted; notes what differs."""

    def __init__(self, names):
        self.names = names
        self.wrong = []

    def name(self, value):
        if isinstance(value, dict):
            value = value.get("name", value.get("id"))
        return self.names.get(str(value), str(value))

    def number(self, value):
        """Exactly: a number, or a text such as "7/3" or "12.50"; None where it is neither."""
        try:
            return Fraction(str(value).replace(",", ""))
        except (ValueError, ZeroDivisionError):
            return None

    def same(self, where, expected, found):
        if expected != found:
            self.wrong.append(f"{where}: expected {expected!r}, counted {found!r}")

    def people(self, where, expected, found):
        """The same people, in any order: sources list those of one round as they like."""
        self.same(where, sorted(map(self.name, as_list(expected))), sorted(map(self.name, found)))

    def numbers(self, where, expected, found):
        """By candidate: one that is left out has nothing."""
        wanted = {self.name(key): self.number(value) for key, value in expected.items()}
        counted = {self.name(key): self.number(value) for key, value in found.items()}
        for name in wanted:
            if wanted[name] is not None and wanted[name] != counted.get(name, 0):
                self.wrong.append(f"{where}: {name} has {wanted[name]} in the source, {counted.get(name, 0)} was counted")
        for name in counted.keys() - wanted.keys():
            if counted[name] and len(wanted) == len(self.names):
                self.wrong.append(f"{where}: {name} has nothing in the source, {counted[name]} was counted")

    def round(self, number, expected, found):
        where = f"round {number}"
        tally = first(expected, ("tally", "tallies", "votes"))
        if isinstance(tally, dict):
            self.numbers(where, tally, found["tally"])
        for key in ("elected", "eliminated"):
            if key in expected:
                self.people(f"{where}, {key}", expected[key], found[key])
        for key in ("exhausted", "threshold"):
            wanted = self.number(expected[key]) if key in expected else None
            if wanted is not None and key in found:
                self.same(f"{where}, {key}", wanted, self.number(found[key]))

    def ranking(self, expected, found):
        def places(ranking):
            return [sorted(map(self.name, as_list(place))) for place in ranking]
        self.same("ranking", places(expected), places(found))

    def figure(self, key, expected, found):
        if not isinstance(expected, dict):
            self.same(key, self.number(expected), self.number(found))
        elif all(isinstance(row, dict) for row in expected.values()):
            for name, row in expected.items():
                mine = {self.name(n): r for n, r in found.items()}.get(self.name(name), {})
                self.numbers(f"{key} of {name}", row, mine)
        else:
            self.numbers(key, expected, found)


def compare(case, lines):
    """What differs, and whether rounds were compared."""
    expected = first(case, EXPECTED)
    expected = expected if isinstance(expected, dict) else case
    *rounds, result = lines
    comparison = Comparison(names_of(case))
    winners = first(expected, WINNERS)
    if winners is None and "rounds" not in expected and "ranking" not in expected:
        comparison.wrong.append("the case does not say who won")
        return comparison.wrong, False
    if winners is not None:
        comparison.people("winners", winners, result["winners"])
    published = [r for r in as_list(expected.get("rounds")) if isinstance(r, dict)]
    for i, one in enumerate(published, 1):
        number = one.get("round", i)
        mine = next((r for r in rounds if r["round"] == number), None)
        if mine is None:
            comparison.wrong.append(f"round {number} was not counted: there are {len(rounds)}")
        else:
            comparison.round(number, one, mine)
    if published and len(published) < len(rounds) and all("tally" in r for r in published):
        comparison.wrong.append(f"{len(rounds)} rounds were counted, the source has {len(published)}")
    if isinstance(expected.get("ranking"), list) and "ranking" in result:
        comparison.ranking(expected["ranking"], result["ranking"])
    for key in FIGURES:
        if expected.get(key) is not None and key in result:
            comparison.figure(key, expected[key], result[key])
    return comparison.wrong, bool(published)


def count(bylaw, path):
    """The lines of the count; or a text, what went wrong."""
    run = subprocess.run([bylaw, "tally", path, "--format", "json"], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        return f"status {run.returncode}: {run.stderr.strip()}"
    return [json.loads(line) for line in run.stdout.splitlines()]


def main(bylaw, folder):
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".json"))
    by_rounds = by_winners = disagree = 0
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                case = json.load(file)
            if not isinstance(case, dict) or not ("ballots" in case or "candidates" in case):
                continue
            lines = count(bylaw, path)
        except ValueError as error:
            lines = str(error)
        name = os.path.relpath(path, folder)
        wrong, has_rounds = ([lines], False) if isinstance(lines, str) else compare(case, lines)
        if wrong:
            disagree += 1
            print(f"FAIL election {name}")
            for line in wrong[:20]:
                print(f"    {line}")
            continue
        by_rounds += has_rounds
        by_winners += not has_rounds
        print(f"ok election {name}")
    print(f"elections beside the checkout: {by_rounds} agree round by round, {by_winners} by winners, {disagree} disagree")
    if by_rounds + by_winners + disagree == 0:
        print("FAIL elections: the folder has none")
    return 1 if disagree else 0


sys.exit(main(*sys.argv[1:]))
