#!/usr/bin/env python3
# What lang/words.def says: `words.py page` prints docs/words.md, `words.py examples FOLDER` writes each example to a file of
# its own, put where its words stand, `words.py missing` prints the keywords that no entry names.
import json
import os
import re
import sys

GROUPS = {
    "DECLARATION": ("Declarations", "{}"),
    "ROLE": ("Clauses of roles", "role sample of module {{ {} }}"),
    "PROPOSAL": ("Clauses of proposals", "proposal sample on module {{ {} }}"),
    "PROCEDURE": ("Clauses of procedures", "procedure sample {{ {} }}"),
    "EFFECT": ("Effects", "on sample {{ {} }}"),
    "EXPRESSION": ("Expressions", "let sample = {}"),
    "SCENARIO": ("Statements of scenarios", 'scenario "sample" {{ {} }}'),
    "EVENT": ("Events", None),
    "OUTCOME": ("Outcomes", None),
    "TERM": ("Terms of the field", None),
    "CONVERSATION": ("The conversation", None),
}


def rows():
    text = r'"((?:[^"\\]|\\.)*)"'
    row = re.compile(r"^WORD\((\w+), " + ", ".join([text] * 4) + r"\)$")
    for number, line in enumerate(open("lang/words.def", encoding="utf-8"), 1):
        if not line.startswith("WORD("):
            continue
        found = row.match(line.rstrip("\n"))
        if not found:
            sys.exit("lang/words.def:%d is no row" % number)
        yield (found.group(1), *(json.loads('"%s"' % part) for part in found.groups()[1:]))


def cell(text):
    return text.replace("|", "\\|")


def code(text):
    return "`%s`" % cell(text) if text else ""


def page():
    print("# Words\n")
    print("What each word means, and an example. `bylaw help WORD` and `help WORD` in the conversation tell the same. The page is")
    print("written by `make words` from `lang/words.def`. [The language](language.md) says everything in full.")
    group = None
    for own, word, usage, meaning, example in rows():
        if own != group:
            group = own
            has_usage = GROUPS[own][1] is not None or own in ("EVENT", "CONVERSATION")
            print("\n## %s\n" % GROUPS[own][0])
            if has_usage:
                print("| word | usage | meaning | example |\n|---|---|---|---|")
            else:
                print("| word | meaning |\n|---|---|")
        if has_usage:
            use = cell(usage) if own == "EVENT" else code(usage)
            print("| `%s` | %s | %s | %s |" % (cell(word), use, cell(meaning), code(example)))
        else:
            print("| %s | %s |" % (cell(word) if own == "TERM" else "`%s`" % cell(word), cell(meaning)))


def examples(folder):
    events = open(os.path.join(folder, "events.jsonl"), "w", encoding="utf-8")
    for number, (group, word, _, _, example) in enumerate(rows()):
        if group == "EVENT":
            events.write(example + "\n")
        frame = GROUPS[group][1]
        if not frame or not example:
            continue
        name = "%03d-%s.bylaw" % (number, word.replace(" ", "-"))
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(frame.format(example) + "\n")


# A word stands in its own entry's example, so that the example is one of it.
def strange():
    for group, word, _, _, example in rows():
        if example and GROUPS[group][1] and word != "duration" and word.split()[0] not in re.findall(r"\w+", example):
            print("the example of `%s` is without it" % word)
        if group == "EVENT" and json.loads(example)["type"] != word:
            print("the example of the event `%s` is another event" % word)
        if group == "CONVERSATION" and example.split()[: len(word.split())] != word.split():
            print("the example of `%s` does not begin with it" % word)


def missing():
    named = set()
    for _, word, usage, meaning, example in rows():
        for text in (word, usage, example):
            named.update(re.findall(r"\w+", text))
    for path, pattern in (("lang/keywords.def", r"^KEYWORD\((\w+),"), ("runtime/verbs.def", r'^VERB\(\w+, "(\w+)"'),
                          ("runtime/outcomes.def", r'^OUTCOME\(\w+, "(\w+)"')):
        for line in open(path, encoding="utf-8"):
            found = re.match(pattern, line)
            if found and found.group(1) not in named:
                print("%s has `%s`" % (path, found.group(1)))


if sys.argv[1] == "page":
    page()
elif sys.argv[1] == "examples":
    examples(sys.argv[2])
elif sys.argv[1] == "strange":
    strange()
else:
    missing()
