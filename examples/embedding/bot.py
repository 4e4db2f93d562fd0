#!/usr/bin/env python3
"""The bot of bot.c in Python: answers "may this merge, and if not, what is missing?".

    python3 bot.py merge.bylaw <questions.txt

A line of standard input that begins with a brace is an event, any other the name of a pull request to be told about.
"""
import sys

import bylaw

VERDICTS = {"already": "yes", "no": "no"}


def show(text):
    for line in text.splitlines():
        print("  " + line)


def answer(engine, name):
    try:
        _, summary = engine.needs_sets(name)
    except bylaw.Absent as absent:
        print(f"{name}: there is no such pull request" + (f"; do you mean {absent.nearest}?" if absent.nearest else ""))
        return
    verdict = VERDICTS.get(summary["possible"], "not yet")
    print(f"{name}: {verdict}")
    show(engine.needs(name) if verdict == "not yet" else engine.why(name))


def take(engine, event):
    for outcome in engine.feed(event):
        if outcome["type"] in ("refused", "malformed"):
            print(f"{outcome['type']}: {outcome['because']}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: bot.py POLICY <EVENTS-AND-QUESTIONS")
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with bylaw.Policy(path, text) as policy, bylaw.Engine(policy, memory_size=256 << 20) as engine:
        for line in sys.stdin:
            line = line.rstrip("\r\n")
            if line.startswith("{"):
                take(engine, line)
            elif line:
                answer(engine, line)
            sys.stdout.flush()  # whoever asked is waiting


if __name__ == "__main__":
    try:
        main()
    except bylaw.Error as error:
        sys.exit(str(error).rstrip())
