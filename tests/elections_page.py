"""Holds docs/elections.md against `bylaw tally --help`: a section for each method with all its options, and a row for each
option. Prints what differs; nothing when all is well.

    python3 tests/elections_page.py BYLAW PAGE [--update]    --update writes these parts of the page anew
"""

import re
import subprocess
import sys
import textwrap


def help_of(bylaw, *words):
    return subprocess.run([bylaw, "tally", *words, "--help"], capture_output=True, text=True, check=True).stdout


def methods_of(bylaw):
    listed = re.search(r"^Methods.*?\n(.*?)\n\n", help_of(bylaw), re.S | re.M)
    return re.findall(r"^  (\w+) ", listed.group(1), re.M)


def options_of(text):
    """Name, values and explanation of each option in the help of a method."""
    found = re.findall(r"^  (\w+)=(.*)\n((?:      .*\n)+)", text.split("Options:\n")[1], re.M)
    return [(name, values, " ".join(said.split())) for name, values, said in found]


def paragraph(text):
    """What a section says of options."""
    said = "**Options.** " + ", ".join(f"`{name}`" for name, _, _ in options_of(text)) + "."
    return "\n".join(textwrap.wrap(said, 150, break_long_words=False, break_on_hyphens=False))


def table(texts):
    rows = {}
    for text in texts:
        for name, values, said in options_of(text):
            default = re.search(r" \(default: ([^)]*)\)$", said)
            shown = ", ".join(f"`{value}`" for value in values.split(", "))
            said = said[: default.start()] if default else said
            rows.setdefault(name, f"| `{name}` | {shown} | {said} | {default.group(1) if default else ''} |")
    return "\n".join(["| option | values | what it says | default |", "|---|---|---|---|", *rows.values()])


def main():
    bylaw, path = sys.argv[1:3]
    page = open(path, encoding="utf-8").read()
    texts = {method: help_of(bylaw, method) for method in methods_of(bylaw)}
    wanted = page
    for method, text in texts.items():
        section = re.search(rf"^## {method}\n.*?(?=^## |\Z)", wanted, re.S | re.M)
        if not section:
            print(f"no section of {method}")
            continue
        new, count = re.subn(r"^\*\*Options\.\*\*.*?(?=\n\n)", lambda _: paragraph(text), section.group(0), count=1, flags=re.S | re.M)
        if count == 0:
            print(f"no options of {method}")
        for part in ("**Rule.**", "**Source.**", "```tally", "**When.**", "**Fails"):
            if part not in re.sub(r"\s+", " ", new):
                print(f"no {part} of {method}")
        wanted = wanted.replace(section.group(0), new)
    wanted = re.sub(r"^\| option \| values .*?(?=\n\n)", lambda _: table(texts.values()), wanted, count=1, flags=re.S | re.M)
    for name in re.findall(r"^## ([a-z_]+)$", page, re.M):
        if name not in texts:
            print(f"{name} is no method")
    if "--update" in sys.argv:
        open(path, "w", encoding="utf-8").write(wanted)
    elif wanted != page:
        now, then = page.splitlines(), wanted.splitlines()
        for line in [line for line in then if line not in now]:
            print(f"lacks: {line}")
        for line in [line for line in now if line not in then]:
            print(f"says:  {line}")


main()
