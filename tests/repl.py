"""Drives `bylaw repl` over pipes: a history of many events, gone through back and forth.

Usage: repl.py BYLAW FOLDER. Prints ok and FAIL lines, and how long each step took. The history is made here: proposals that are
approved, a few that are not, a minute apart.
"""
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta

bylaw, folder = sys.argv[1], sys.argv[2]
COUNT = 100_000
SLOWEST = 3.0  # seconds for one step; here and idle it is a tenth of one, a replay takes about one
PATIENCE = 0.5  # where so much else runs that reading the history takes longer, this part of what that takes


def moment(minute):
    return (datetime(2024, 1, 1) + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_history():
    roster = os.path.join(folder, "roster.jsonl")
    events = os.path.join(folder, "events.jsonl")
    with open(roster, "w") as out:
        out.write('{"time":"2023-12-01T00:00:00Z","type":"create","scope":"module","id":"nn"}\n')
        for name in ("ana", "bo", "chi"):
            out.write('{"type":"grant","role":"maintainer","on":"nn","to":"%s"}\n' % name)
    with open(events, "w") as out:
        for i in range(COUNT // 2):
            at = moment(i * 8)
            out.write('{"time":"%s","type":"propose","kind":"change","on":"nn","id":"p%d","actor":"zoe"}\n' % (at, i))
            act, who = ("reject", "bo") if i % 7 == 0 else ("approve", "ana")
            out.write('{"type":"%s","actor":"%s","proposal":"p%d"}\n' % (act, who, i))
    return roster, events


class Session:
    """Answers are told apart by an unknown word behind each line, which is complained about."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([bylaw, "repl", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, bufsize=0, start_new_session=True)
        self.count = 0

    def ask(self, line):
        self.say(line)
        return self.answer()

    def say(self, line):
        self.count += 1
        self.process.stdin.write(line.encode() + b"\nmark%d\n" % self.count)

    def answer(self):
        mark = b"`mark%d`" % self.count
        answer = b""
        while mark not in answer or not answer.endswith(b"\n"):
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if not piece:
                break
            answer += piece
        return answer[:answer.rfind(b"line ")].decode()

    def process_count(self):
        told = subprocess.run(["ps", "-A", "-o", "sid="], capture_output=True, check=True, text=True).stdout
        return told.split().count(str(self.process.pid))

    def interrupt(self):
        """^C, once copies stand inside of what is being read: the first stands where the whole began."""
        tries = 0
        while self.process_count() < 5 and tries < 300:
            tries += 1
            time.sleep(0.02)
        self.process.send_signal(signal.SIGINT)

    def end(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)


def tell(is_right, name, details=""):
    print(("ok " if is_right else "FAIL ") + name)
    if not is_right:
        print("    " + details[:2000].replace("\n", "\n    "))


def main():
    roster, events = write_history()
    begun = time.monotonic()
    session = Session("-r", roster, events)
    session.ask("time")
    allowed = max(SLOWEST, PATIENCE * (time.monotonic() - begun))
    slowest = {}

    def step(line):
        before = time.monotonic()
        answer = session.ask(line)
        took = time.monotonic() - before
        slowest[line] = took
        return answer

    whole = step("state open")
    last = step("time")
    step("@ana approves p49999")
    step("undo")
    tell(step("time") == last, "undo goes back behind a statement")
    step("undo")
    tell("2023-12-01" in step("time"), "undo goes back before the events")
    step("redo")
    tell(step("state open") == whole, "redo brings the same world back")
    middle = moment(COUNT // 4 * 8)
    step("at " + middle)
    past = step("state open")
    tell(step("time").strip() == middle, "at tells the time that is looked at")
    step("branch other")
    step("@chi withdraws p7")
    step("@bo approves p7")
    other = step("state open")
    tell(other != past, "a branch from the past goes on by itself")
    step("switch main")
    tell(step("state open") == whole, "switch brings the same world back")
    step("diff other")
    step("switch other")
    tell(step("state open") == other, "the other branch stays as it was")
    session.end()

    fresh = Session("-r", roster)
    with open(events) as lines, open(os.path.join(folder, "begin.jsonl"), "w") as out:
        for line in lines:
            if line.startswith('{"time":"') and line[9:29] > middle:
                break
            out.write(line)
    fresh.ask("events " + os.path.join(folder, "begin.jsonl"))
    fresh.ask("at " + middle)
    tell(fresh.ask("state open") == past, "the past is what a replay up to it gives", past[-400:])
    fresh.end()

    stopped = Session("-r", roster)
    stopped.say("events " + events)
    stopped.interrupt()
    tell("interrupted" in stopped.answer(), "^C stops a file of events")
    with open(events) as lines, open(os.path.join(folder, "other.jsonl"), "w") as out:
        out.writelines(line.replace('":"p', '":"q').replace("qropose", "propose") for line in lines)
    told = stopped.ask("events " + os.path.join(folder, "other.jsonl"))
    tell("%d opened" % (COUNT // 2) in told and "there is no proposal" in stopped.ask("why p5"),
         "nothing of it is left in the next one", told)
    stopped.end()

    for line, took in slowest.items():
        print("    %-24s %7.1f ms" % (line[:24], took * 1000))
    late = [line for line, took in slowest.items() if took > allowed]
    tell(not late, "each step among %d events takes less than %d s" % (COUNT, SLOWEST), "\n".join(late))


main()
