"""Elections that really happened, counted again: tests/tally_cases.py BYLAW FOLDER [WHICH].

Every *.json below the folder is an election with its ballots, its method, and under `expected` (or a word like it) what its source
published. `bylaw tally FILE --format json` counts each, and what it says is compared with all of that: winners always, and rounds,
rankings and figures where the source gives them. A line `ok` or `FAIL` for each, and last how many agree in what.

Sources write the same in many ways, and all of these are read: numbers as numbers or texts; a tally as an object or a list; who has
nothing left out or given as 0; rounds numbered from 0, from 1 or not at all; one name, a list or null; those who are elected in a
round, or until then.
"""
import json
import os
import subprocess
import sys
from fractions import Fraction

EXPECTED = ("expected", "expected_results", "result", "results", "published", "outcome")
WINNERS = ("winners", "winner", "elected")
ROUNDS = ("rounds", "results", "counts", "stages")
TALLIES = ("tally", "tallies", "votes", "candidates", "totals")
SEATS = ("apportioned", "apportionment", "allocation", "seats", "seats_by_party")
FIGURES = ("quota", "pairwise", "paths", "scores")
NUMBERS = ("votes", "tally", "count", "total", "score", "points", "seats")
NAMES = ("name", "candidate", "option", "party", "id")


def first(of, keys):
    """The value of the first of the keys that is there, else None."""
    return next((of[key] for key in keys if of.get(key) is not None), None)


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def names_of(case):
    """What ballots and results may call each candidate, and its name."""
    names = {}
    inner = case.get("election") if isinstance(case.get("election"), dict) else case
    candidates = first(inner, ("candidates", "alternatives", "parties", "lists")) or []
    pairs = candidates.items() if isinstance(candidates, dict) else enumerate(candidates, 1)
    for key, candidate in pairs:
        name = candidate.get("name", candidate.get("id", key)) if isinstance(candidate, dict) else str(candidate)
        names[str(name)] = str(name)
        if isinstance(candidate, dict):
            names.update({str(candidate[k]): str(name) for k in ("id", "code", "number", "short") if k in candidate})
        if isinstance(candidates, dict):
            names[str(key)] = str(name)
    return names


class Comparison:
    """Compares what is expected with what was counted; notes what differs."""

    def __init__(self, names):
        self.names = names
        self.wrong = []

    def name(self, value):
        if isinstance(value, dict):
            value = first(value, NAMES)
        return self.names.get(str(value), str(value))

    def number(self, value):
        """Exactly: a number, or a text such as "7/3" or "12.50"; None where it is neither."""
        if isinstance(value, dict):
            value = first(value, NUMBERS)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return Fraction(str(value).replace(",", "").strip())
        except (ValueError, ZeroDivisionError):
            return None

    def by_name(self, value):
        """An object, or a list of {"candidate": …, "votes": …} or [name, number], as numbers by name; None where it is neither."""
        if isinstance(value, dict):
            return {self.name(key): self.number(one) for key, one in value.items()}
        rows = as_list(value)
        if rows and all(isinstance(row, dict) and first(row, NAMES) is not None for row in rows):
            return {self.name(row): self.number(row) for row in rows}
        if rows and all(isinstance(row, list) and len(row) == 2 for row in rows):
            return {self.name(row[0]): self.number(row[1]) for row in rows}
        return None

    def differ(self, where, expected, found):
        self.wrong.append(f"{where}: expected {show(expected)}, counted {show(found)}")

    def people_of(self, value):
        return sorted(map(self.name, as_list(value)))

    def people(self, where, expected, found, until_then=None):
        """The same people, in any order: sources list those of one round as they like."""
        wanted = self.people_of(expected)
        if wanted not in (self.people_of(found), self.people_of(until_then) if until_then is not None else None):
            self.differ(where, wanted, self.people_of(found))

    def numbers(self, where, expected, found, is_all=True):
        """By candidate: one that is left out has nothing, where the source gives all."""
        counted = {self.name(key): self.number(value) for key, value in found.items()}
        for name, number in expected.items():
            if number is not None and number != (counted.get(name) or 0):
                self.differ(f"{where}, {name}", number, counted.get(name) or 0)
        for name in sorted(counted.keys() - expected.keys()):
            if is_all and counted[name]:
                self.differ(f"{where}, {name}", "nothing", counted[name])

    def round(self, number, expected, found, elected):
        where = f"round {number}"
        said = first(expected, TALLIES)
        if said is None and expected and all(self.name(key) in self.names.values() for key in expected):
            said = expected
        tally = self.by_name(said)
        if tally is not None:
            # who was elected before may have left the source's columns
            gone = {self.name(name) for name in elected} - tally.keys()
            self.numbers(where, tally, {key: value for key, value in found["tally"].items() if self.name(key) not in gone})
        moves = [move for move in as_list(expected.get("tallyResults")) if isinstance(move, dict)]
        for key in ("elected", "eliminated"):
            if key in expected:
                self.people(f"{where}, {key}", expected[key], found[key], elected + found[key] if key == "elected" else None)
            elif moves:
                self.people(f"{where}, {key}", [move[key] for move in moves if key in move], found[key])
        for key, words in (("exhausted", ("exhausted", "inactive")), ("threshold", ("threshold", "quota"))):
            value = first(expected, words)
            wanted = sum(filter(None, map(self.number, value.values()))) if isinstance(value, dict) else self.number(value)
            if wanted is not None and key in found and wanted != self.number(found[key]):
                self.differ(f"{where}, {key}", wanted, self.number(found[key]))

    def ranking(self, expected, found):
        def places(ranking):
            return [self.people_of(place) for place in ranking]
        if isinstance(expected, dict):
            by_place = {}
            for key, value in expected.items():
                place, who = (self.number(key), value) if self.number(key) is not None and key not in self.names else (self.number(value), key)
                by_place.setdefault(place, []).extend(as_list(who))
            expected = [by_place[place] for place in sorted(by_place)]
        elif expected and all(isinstance(row, dict) and first(row, ("rank", "place")) is not None for row in expected):
            by_place = {}
            for row in expected:
                by_place.setdefault(self.number(first(row, ("rank", "place"))), []).append(row)
            expected = [by_place[place] for place in sorted(by_place)]
        # a source may rank the first few only
        if places(expected) != places(found)[:len(expected)]:
            self.differ("ranking", places(expected), places(found))

    def matrix(self, key, expected, found):
        """By row and column: objects in an object, "A>B" to a number, or lists in the order of the candidates."""
        rows = {self.name(name): {self.name(n): self.number(v) for n, v in row.items()} for name, row in found.items()}
        order = list(dict.fromkeys(self.names.values()))
        cells = {}
        if isinstance(expected, list):
            cells = {(order[i], order[k]): value for i, row in enumerate(expected) for k, value in enumerate(row) if i != k and i < len(order) and k < len(order)}
        elif all(isinstance(row, dict) for row in expected.values()):
            cells = {(name, other): value for name, row in expected.items() for other, value in row.items() if name != other}
        else:
            for pair, value in expected.items():
                sides = next((pair.split(mark) for mark in (">", ",", "|", " over ") if pair.count(mark) == 1), None)
                if sides:
                    cells[sides[0].strip(), sides[1].strip()] = value
        for (name, other), value in cells.items():
            wanted, mine = self.number(value), rows.get(self.name(name), {}).get(self.name(other)) or 0
            if wanted is not None and wanted != mine:
                self.differ(f"{key}, {self.name(name)} over {self.name(other)}", wanted, mine)

    def figure(self, key, expected, found):
        if isinstance(found, dict) and found and all(isinstance(row, dict) for row in found.values()):
            if isinstance(expected, (dict, list)):
                self.matrix(key, expected, found)
        elif isinstance(found, dict):
            wanted = self.by_name(expected)
            if wanted is not None:
                self.numbers(key, wanted, found, False)
        elif self.number(expected) is not None and self.number(expected) != self.number(found):
            self.differ(key, self.number(expected), self.number(found))


def show(value):
    """A fraction as people write it."""
    if not isinstance(value, Fraction):
        return repr(value)
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10g}"
    return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"


def rounds_of(expected):
    """The rounds that a source gives, each with its number from 1."""
    said = first(expected, ROUNDS)
    if isinstance(said, dict):
        said = [dict(one, round=one.get("round", key)) if isinstance(one, dict) else one for key, one in said.items()]
    rounds = [one for one in as_list(said) if isinstance(one, dict)]
    numbers = []
    for i, one in enumerate(rounds, 1):
        digits = "".join(c for c in str(first(one, ("round", "stage", "count"))) if c.isdigit())
        numbers.append(int(digits) if digits else i)
    start = 1 if 0 in numbers else 0
    return [(number + start, one) for number, one in zip(numbers, rounds)]


def compare_rounds(comparison, published, rounds):
    for number, one in published:
        mine = next((r for r in rounds if r["round"] == number), None)
        if mine is None:
            comparison.wrong.append(f"round {number} was not counted: there are {len(rounds)}")
            continue
        before = [name for r in rounds if r["round"] < number for name in r["elected"]]
        comparison.round(number, one, mine, before)
    if published and len(published) < len(rounds) and all(first(r, TALLIES) is not None for _, r in published):
        comparison.wrong.append(f"{len(rounds)} rounds were counted, the source has {len(published)}")


def compare_winners(comparison, expected, result):
    """Whether the source says who won."""
    seats = next((expected[key] for key in SEATS if isinstance(expected.get(key), (dict, list))), None)
    winners = next((expected[key] for key in WINNERS if key in expected), None)
    if seats is None and isinstance(winners, dict) and all(comparison.number(v) is not None for v in winners.values()):
        seats, winners = winners, None
    if seats is not None and comparison.by_name(seats) is not None and "apportioned" in result:
        comparison.numbers("seats", comparison.by_name(seats), result["apportioned"])
    elif winners is not None or any(key in expected for key in WINNERS):
        comparison.people("winners", winners, result["winners"])
    else:
        return False
    return True


def compare(case, lines):
    """What differs in winners, what else differs, and whether rounds were compared."""
    expected = first(case, EXPECTED)
    if isinstance(expected, list):
        expected = {"rounds": [r for r in expected if isinstance(r, dict) and "winners" not in r]} | \
            next(({"winners": r["winners"]} for r in expected if isinstance(r, dict) and "winners" in r), {})
    expected = expected if isinstance(expected, dict) else case
    *rounds, result = lines
    names = names_of(case) or {name: name for r in rounds for name in r["tally"]}
    comparison = Comparison(names)
    says_winners = compare_winners(comparison, expected, result)
    in_winners, comparison.wrong = comparison.wrong, []
    published = rounds_of(expected)
    if not says_winners and not published and "ranking" not in expected:
        in_winners.append("the case does not say who won")
    compare_rounds(comparison, published, rounds)
    if expected.get("ranking") and "ranking" in result:
        comparison.ranking(expected["ranking"], result["ranking"])
    for key in FIGURES:
        if expected.get(key) is not None and key in result:
            comparison.figure(key, expected[key], result[key])
    return in_winners, comparison.wrong, bool(published)


def count(bylaw, path):
    """The lines of the count; or a text, what went wrong."""
    run = subprocess.run([bylaw, "tally", path, "--format", "json"], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        return f"status {run.returncode}: {run.stderr.strip()}"
    return [json.loads(line) for line in run.stdout.splitlines()]


def compare_file(bylaw, path):
    """What differs in winners, what else differs, whether rounds were compared; None where the file is no election."""
    try:
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        if not isinstance(case, dict) or not {"ballots", "candidates", "election", "ballots_file", "method"} & case.keys():
            return None
        lines = count(bylaw, path)
    except ValueError as error:
        lines = str(error)
    return ([lines], [], False) if isinstance(lines, str) else compare(case, lines)


def main(bylaw, folder, which="elections beside the checkout"):
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".json"))
    by_rounds = by_winners = in_winners_only = disagree = 0
    for path in paths:
        found = compare_file(bylaw, path)
        if found is None:
            continue
        in_winners, wrong, has_rounds = found
        name = os.path.relpath(path, folder)
        if not in_winners and not wrong:
            by_rounds += has_rounds
            by_winners += not has_rounds
            print(f"ok election {name}")
            continue
        in_winners_only += not in_winners
        disagree += bool(in_winners)
        print(f"FAIL election {name}" + ("" if in_winners else ": the winners agree"))
        for line in (in_winners + wrong)[:20]:
            print(f"    {line}")
    print(f"{which}: {by_rounds} agree round by round, {by_winners} by winners, "
          f"{in_winners_only} in winners but not in all else, {disagree} disagree")
    if by_rounds + by_winners + in_winners_only + disagree == 0:
        print("FAIL elections: the folder has none")
    return 1 if in_winners_only + disagree else 0


sys.exit(main(*sys.argv[1:]))
