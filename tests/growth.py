"""Checking a policy takes time in proportion to its size, whatever it has many of: each sort of policy below is checked once and
four times as large, and must take less than eight times as long. What grows with the square takes sixteen times.

    python3 tests/growth.py BYLAW FOLDER [NAME]...    prints a line for each, "ok …" or "FAIL …"; files go to FOLDER
"""

import resource
import subprocess
import sys

FACTOR = 4  # how much larger
RATIO_MOST = 8.0  # how much longer it may take
SECONDS_LEAST = 0.15  # of the larger one: below that, starting the program is most of it
TRIES = 4  # the machine may be busy: the best of them counts

HEAD = 'use "std/procedures"\nrole member\n'
DECISION = " decided by member using majority within 3 days\n"
KIND = "proposal k {\n raised by member\n" + DECISION + "}\n"


def each(count, line):
    return "".join(line(i) for i in range(count))


def kind(clauses):
    return HEAD + "proposal k {\n raised by member\n requires who : person\n requires x : number\n" + clauses + "}\n"


# Name: number of things, the policy with so many of them, and what is said of it: "" for nothing, or a diagnostic's code.
POLICIES = {
    "roles": (4000, lambda n: each(n, lambda i: f"role r{i}\n"), ""),
    "roles that include one": (4000, lambda n: "role all\n" + each(n, lambda i: f"role r{i} {{ includes all }}\n"), ""),
    "a role that includes all": (4000, lambda n: each(n, lambda i: f"role r{i}\n") + "role all {\n" + each(n, lambda i: f" includes r{i}\n") + "}\n", ""),
    "kinds": (2500, lambda n: HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by member\n{DECISION}}}\n"), ""),
    "kinds with a clause for every proposal": (2500, lambda n: HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by member\n{DECISION}}}\n") + 'every proposal { refuses "no" when member >= 9 }\n', ""),
    "kinds that every proposal excepts": (2500, lambda n: HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by member\n{DECISION}}}\n") + KIND + "every proposal except " + ", ".join(f"p{i}" for i in range(n)) + ' { refuses "no" when member >= 9 }\n', ""),
    "fields": (100, lambda n: HEAD + each(n, lambda k: f"proposal p{k} {{\n raised by member\n" + each(100, lambda i: f" requires f{i} : number\n") + DECISION + "}\n"), ""),
    "refusals": (4000, lambda n: kind(each(n, lambda i: f' refuses "no {i}" when x == {i}\n') + DECISION), ""),
    "vetoes": (2000, lambda n: HEAD + each(n, lambda i: f"role r{i}\n") + "proposal k {\n raised by member\n" + DECISION + each(n, lambda i: f" veto by r{i} while open\n") + "}\n", ""),
    "effects": (5000, lambda n: kind(DECISION + " on accepted {\n" + each(n, lambda i: "  grant member to who\n") + " }\n"), ""),
    "handlers": (4000, lambda n: kind(DECISION + each(n, lambda i: " on accepted { grant member to who }\n")), ""),
    "rungs": (3000, lambda n: HEAD + "ladder l {\n" + each(n, lambda i: f" escalates to member using majority within {i + 1} days\n") + "}\nproposal k {\n raised by member\n" + DECISION + " along l\n}\n", ""),
    "ladders": (4000, lambda n: HEAD + each(n, lambda i: f"ladder l{i} {{\n escalates to member using majority within 3 days\n}}\n") + KIND, "W0502"),
    "bodies": (4000, lambda n: "role member\n" + each(n, lambda i: f"body b{i} = member\n"), ""),
    "bodies that are wrong everywhere": (3000, lambda n: each(n, lambda i: f"body b{i} = nobody{i}\n") + HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by member\n{DECISION}}}\n"), "W0502"),
    "bodies that mean no instance": (6000, lambda n: HEAD + "scope s\nrole lead of s\n" + each(n, lambda i: f"role r{i}\n") + each(300, lambda i: f"proposal p{i} {{\n raised by member\n{DECISION}}}\n") + each(n // 380, lambda i: f"body b{i} = lead of s\n"), "W0502"),
    "numbers": (4000, lambda n: each(n, lambda i: f"let x{i} = {i}\n"), ""),
    "texts": (4000, lambda n: each(n, lambda i: f'let x{i} = "text {i}"\n'), ""),
    "functions": (4000, lambda n: each(n, lambda i: f"function f{i}(x : number) = x + {i}\n"), ""),
    "procedures": (4000, lambda n: each(n, lambda i: f"procedure q{i} {{\n passes when approve > {i}\n fails otherwise\n}}\n"), ""),
    "attributes": (4000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\n", ""),
    "attributes of people": (4000, lambda n: "person {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\n", ""),
    "rules": (4000, lambda n: each(n, lambda i: f"event e{i} {{ n : number }}\non e{i} when event.n == {i} {{ }}\n"), ""),
    "a chain of events": (4000, lambda n: each(n + 1, lambda i: f"event e{i}\n") + each(n, lambda i: f"on e{i} {{ emit e{i + 1}() }}\n"), ""),
    "a circle of events": (4000, lambda n: each(n, lambda i: f"event e{i}\n") + each(n, lambda i: f"on e{i} {{ emit e{(i + 1) % n}() }}\n"), "B0416"),
    "scenarios": (4000, lambda n: HEAD + KIND + each(n, lambda i: f'scenario "s{i}" {{\n given @ana is member\n @ana proposes k as a{i}\n expect a{i} is open\n}}\n'), ""),
    "proposals of a scenario": (3000, lambda n: HEAD + KIND + 'scenario "s" {\n given @ana is member\n' + each(n, lambda i: f" @ana proposes k as a{i}\n expect a{i} is open\n") + "}\n", ""),
    "kinds and scenarios": (1500, lambda n: HEAD + each(n, lambda i: f'proposal p{i} {{\n raised by member\n{DECISION}}}\nscenario "s{i}" {{\n given @ana is member\n @ana proposes p{i} as a{i}\n expect a{i} is open\n}}\n'), ""),
    "names that are not declared": (4000, lambda n: HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by membr{i}\n{DECISION}}}\n"), "B0201"),
    "one name that is not declared": (4000, lambda n: HEAD + each(n, lambda i: f"proposal p{i} {{\n raised by membr\n{DECISION}}}\n"), "B0201"),
    "fields that are not there": (4000, lambda n: kind(each(n, lambda i: f' refuses "no {i}" when y{i} == {i}\n') + DECISION), "B0201"),
    "names that a scenario does not have": (3000, lambda n: HEAD + KIND + 'scenario "s" {\n given @ana is member\n' + each(n, lambda i: f" @ana proposes k as a{i}\n expect nothere{i} is open\n") + "}\n", "B0201"),
    "attributes that a scenario does not know": (2000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + '}\nscenario "s" {\n' + each(n, lambda i: f" given s r{i} {{ nothere{i} : 3 }}\n") + "}\n", "B0304"),
    "attributes that nobody has": (3000, lambda n: "person {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\nevent e { who : person }\n" + each(n, lambda i: f"on e when event.who.nothere{i} > 3 {{ }}\n"), "B0304"),
    "attributes that are not created": (3000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\nevent e { name : text }\n" + each(n, lambda i: f"on e {{ create s(event.name) {{ nothere{i} : 3 }} }}\n"), "B0304"),
    "attributes that are set": (8000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\nevent e { at : s }\n" + each(n, lambda i: f"on e {{ set event.at.a{i} = 3 }}\n"), ""),
    "scopes with too many attributes to create": (1000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\nevent e { name : text }\n" + each(n, lambda i: "on e { create s(event.name) }\n"), "B0315"),
    "a scope with too many attributes to create": (6000, lambda n: "scope s {\n" + each(n, lambda i: f" a{i} : number = 0\n") + "}\nevent e { name : text }\non e { create s(event.name) { " + ", ".join(f"a{i} : 3" for i in range(n)) + " } }\n", "B0315"),
    "names that are declared twice": (4000, lambda n: each(2, lambda k: each(n, lambda i: f"role r{i}\n")), "B0202"),
    "words that cannot stand": (7000, lambda n: "role role\n" * n, "B0203"),
    "bytes that cannot stand": (200000, lambda n: "?" * n + "\n", "B0102"),
    "slips on one line": (2500, lambda n: "proposal k { " + "raised by member = " * n + "}\n", "B0101"),
    "comments": (80000, lambda n: "# a comment\n" * n, ""),
    "a long line": (1000000, lambda n: "# " + "x" * n + "\n", ""),
}


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of(bylaw, path):
    """Processor time of a check, and what was said. Of a short run only the sum of its two kinds is exact."""
    before = processor_seconds()
    done = subprocess.run([bylaw, "check", "--color", "never", path], capture_output=True, text=True, errors="replace")
    return processor_seconds() - before, done.stdout + done.stderr


def first_code(said):
    first = said.split("\n", 1)[0]
    return first[first.index("[") + 1 : first.index("]")] if "[" in first else first


def grows(bylaw, folder, name):
    """Why it does not grow as it should; ""."""
    count, write, expected = POLICIES[name]
    paths = [f"{folder}/small.bylaw", f"{folder}/large.bylaw"]
    for path, factor in zip(paths, (1, FACTOR)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(write(count * factor))
    small = large = float("inf")
    for _ in range(TRIES):
        time, said = seconds_of(bylaw, paths[0])
        if first_code(said) != expected:
            return f"expected {expected or 'nothing'}, is: {said[:200]}"
        small = min(small, time)
        time, said = seconds_of(bylaw, paths[1])
        if first_code(said) != expected:
            return f"of the larger one expected {expected or 'nothing'}, is: {said[:200]}"
        large = min(large, time)
        if large < SECONDS_LEAST or large < small * RATIO_MOST:
            return ""
    return f"{small:.3f} s, and {FACTOR} times as large {large:.3f} s"


def main():
    bylaw, folder, *names = sys.argv[1:]
    for name in names or POLICIES:
        why = grows(bylaw, folder, name)
        print(f"FAIL {name}\n    {why}" if why else f"ok {name}", flush=True)


main()
