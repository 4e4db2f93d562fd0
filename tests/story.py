"""Replays a page that tells a story: what stands behind `$ ` is typed, and the page must show what is answered.

    python3 tests/story.py PAGE FOLDER [--update]

In PAGE a block fenced ```file NAME is written to FOLDER/NAME; a block fenced ```story is typed in FOLDER, each line behind `$ `
by itself (one that ends in a backslash goes on in the next), and what stands below it, to the next `$ ` or the end of the
block, must be its answer: standard output and standard error, in order. Blocks go in the order of the page. --update writes
the answers into the page.
"""
import difflib
import os
import re
import signal
import subprocess
import sys

FENCE = re.compile(r"^```(file +(?P<name>[A-Za-z0-9._-]+)|story)\s*$")
SECONDS = 60


class Step:
    """A command on the page, with the lines it takes there and those of its answer."""

    def __init__(self, at, typed):
        self.at = at
        self.typed = typed
        self.answer = []

    def command(self):
        return "\n".join([self.typed[0][2:], *self.typed[1:]])


def read_block(lines, at):
    """The lines of the block that begins at `at`, and where it ends."""
    end = at
    while end < len(lines) and not lines[end].startswith("```"):
        end += 1
    if end == len(lines):
        raise SystemExit(f"line {at}: the block has no end")
    return lines[at:end], end


def read_steps(block, at):
    steps = []
    for offset, line in enumerate(block):
        if line.startswith("$ "):
            steps.append(Step(at + offset, [line]))
        elif not steps:
            raise SystemExit(f"line {at + offset + 1}: a story begins with a command, `$ `")
        elif not steps[-1].answer and steps[-1].typed[-1].endswith("\\"):
            steps[-1].typed.append(line)
        else:
            steps[-1].answer.append(line)
    return steps


def run(command, folder):
    """What is answered. A signal is no answer that a page could show."""
    done = subprocess.run(["sh", "-c", command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS)
    status = done.returncode
    if status < 0 or status > 128:
        number = -status if status < 0 else status - 128
        return [f"ended by {signal.Signals(number).name}"]
    return done.stdout.decode().splitlines()


def tell(page, step, got):
    name = f"{page}:{step.at + 1} {step.typed[0]}"
    if got == step.answer:
        print("ok", name)
        return
    print("FAIL", name)
    for line in difflib.unified_diff(step.answer, got, "the page", "the answer", lineterm=""):
        print("    " + line)


def replay(page, folder, is_update):
    with open(page, encoding="utf-8") as file:
        lines = file.read().splitlines()
    written = []  # the page, as it should be
    count = 0
    at = 0
    while at < len(lines):
        written.append(lines[at])
        fence = FENCE.match(lines[at])
        at += 1
        if not fence:
            continue
        block, end = read_block(lines, at)
        if fence["name"]:
            with open(os.path.join(folder, fence["name"]), "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in block)
            written += block
        else:
            for step in read_steps(block, at):
                got = run(step.command(), folder)
                written += step.typed + got
                count += 1
                if not is_update:
                    tell(page, step, got)
        at = end
    if is_update:
        with open(page, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in written)
    elif count == 0:
        print(f"FAIL {page} types nothing")


def main():
    words = [word for word in sys.argv[1:] if word != "--update"]
    if len(words) != 2:
        sys.exit("usage: story.py PAGE FOLDER [--update]")
    replay(words[0], words[1], "--update" in sys.argv)


main()
