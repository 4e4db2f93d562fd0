#!/usr/bin/env python3
"""Long conversations, drawn: what is said, taken back, done again and asked must fit together.

    conversations.py talk BYLAW SEED COUNT ENTRIES     COUNT conversations of so many entries with `bylaw repl`
    conversations.py one BYLAW SEED NUMBER ENTRIES     prints what is typed in that one, and what is answered
    conversations.py speak PROGRAM SEED COUNT ENTRIES  the same statements, said to engines: PROGRAM is tests/unit/spoken
    conversations.py grow BYLAW                        four times as many entries take four times as long, and no more memory

A conversation takes the scenarios of a policy, several at a time and again and again with other names, and draws in between: new
values, persons and times, slips, questions, declarations, undoing, branches, the past, files. What must hold of it:

- it says the same when all that led to where one stands is typed into a conversation of its own, and when that is loaded in pieces;
- undoing and doing again changes nothing, nor does what happens on another branch;
- the past at a moment is what it was when the clock stood there;
- what `save` writes passes.

The same tree and the same numbers make the same conversations.
"""
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

from mistyped import ask

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS_MOST = 60  # for one answer
WRONGS_MOST = 3  # conversations: what hangs takes its time
ASKED = ('state', 'roles', 'time', 'policy')
# What must not be in any answer.
BROKEN = re.compile(r'out of memory|the engine is gone|Sanitizer|runtime error|Assertion|\(null\)|4294967295|\bBL_|\bOP_|cannot compare|does not pass')
BRANCH = re.compile(r'^([* ]) (\S+): (\d+) entr(?:y|ies)(?:, (\S+))?$')
SLIPS = ['wyh p', 'exit', 'approve p', '}', '"text"', '?', '@', '@ana', '@ana approves', 'given', 'expect', 'expect (', 'expect [1,',
         'given @ana is', 'undo x', 'redo 0', 'undo 0', 'branch', 'branch main', 'switch nowhere', 'diff nowhere', 'at never', 'why', 'needs',
         'who can', 'who can fly p', 'pending @nobody_here', 'timeline', 'state nothing_such', 'roles nothing_such', 'history 3', 'help given',
         'help veto', 'help nothing_such', 'load no_such_file', 'events no_such_file', 'policy no_such_policy', 'now', 'branches x', 'emit nothing',
         'let', 'let x =', 'role', 'role {', 'proposal p {', 'let broken = nothing_such + 1', 'proposal broken { raised by nobody_such }',
         'after 1 fortnight', 'after -1 days', 'at 2024-13-41', 'expect 1 == "a"', 'expect 1 / 0 == 1', 'expect no_such is open',
         'expect @nobody_here is member', '@nobody_here approves no_such_thing', 'expect refused { }', 'seed "x"', '# nothing', '\t', 'given @ana is is']
CLOSERS = '} ] ) } ] )'


# ---- policies, as scenarios to take statements from ----

def statements_of(body):
    """Of the lines of a scenario in canonical layout: one begins where a line is indented by two."""
    found = []
    for line in body:
        words = re.sub(r'\s+#(?=([^"]*"[^"]*")*[^"]*$).*', '', line.rstrip())
        if not words.strip() or words.strip().startswith('#'):
            continue
        if re.match(r'  [^\s})\]]', words):
            found.append(words.strip())
        elif found:
            found[-1] += ' ' + words.strip()
    return found


class Policy:
    def __init__(self, path):
        with open(os.path.join(ROOT, path), encoding='utf-8') as file:
            self.text = file.read()
        self.path = path
        self.name = self.shown = 'std/' + path[7:-6] if path.startswith('stdlib/') else path
        lines = self.text.splitlines()
        self.scenarios, self.declarations, at = [], [], 0
        while at < len(lines):
            end = at + 1
            if lines[at].endswith(('{', '[', '(')) and not lines[at].startswith((' ', '#')):
                while end < len(lines) and not lines[end].startswith(('}', ']', ')')):
                    end += 1
                end += 1
            if lines[at].startswith('scenario '):
                self.scenarios.append(statements_of(lines[at + 1:end - 1]))
            elif re.match(r'(let|body|procedure|function|proposal|role) ', lines[at]):
                words = [re.sub(r'\s+#.*', '', line).strip() for line in lines[at:end] if not line.strip().startswith('#')]
                self.declarations.append(' '.join(words))
            at = end
        self.scenarios = [scenario for scenario in self.scenarios if scenario]
        self.roles = re.findall(r'^role (\w+)', self.text, re.MULTILINE)
        self.kinds = re.findall(r'^proposal (\w+)', self.text, re.MULTILINE)
        self.handles = sorted(set(re.findall(r'@\w+', ' '.join(' '.join(scenario) for scenario in self.scenarios))))


def file_of(policy):
    return policy.name if policy.name.startswith('std/') else os.path.join(ROOT, policy.path)


def all_policies():
    paths = []
    for folder in ('stdlib', 'tests/policies'):
        paths += [f'{folder}/{name}' for name in os.listdir(os.path.join(ROOT, folder)) if name.endswith('.bylaw')]
    return [policy for policy in map(Policy, sorted(paths)) if policy.scenarios]


# ---- statements ----

class Drawn:
    """Statements, one after the other, with the names of proposals that they open."""

    def __init__(self, policy, key):
        self.policy, self.random, self.count = policy, random.Random(key), 0
        self.opened, self.streams = ['no_such'], []
        begun = [self.taken(True) for _ in range(self.random.randint(2, 5))]
        self.streams = [[s for s in stream if not s.startswith('given')] for stream in begun]
        self.facts = [s for stream in begun for s in stream if s.startswith('given')]

    def taken(self, with_facts):
        """A scenario, with names of its own."""
        self.count += 1
        stream = list(self.random.choice(self.policy.scenarios))
        if not with_facts:
            stream = [s for s in stream if not s.startswith(('given', 'seed'))]
        for name in set(re.findall(r' as ([a-z_]\w*)', ' '.join(stream))) - set(self.policy.kinds + self.policy.roles):
            stream = [re.sub(rf'(?<![\w."@]){name}(?!\w)', f'{name}_{self.count}x', s) for s in stream]
        return stream

    def following(self):
        at = self.random.randrange(len(self.streams))
        if not self.streams[at]:
            self.streams[at] = self.taken(False) or ['after 1 hour']
        said = self.streams[at].pop(0)
        self.opened += re.findall(r' as ("[^"]*"|\w+)', said) if ' proposes ' in said else []
        return said

    def person(self):
        return self.random.choice(self.policy.handles or ['@ana']) if self.random.random() < 0.8 else f'@p{self.random.randrange(40)}'

    def proposal(self):
        return self.random.choice(self.opened[-12:])

    def length(self):
        return f'{self.random.randrange(1, 4000)} {self.random.choice(["minutes", "hours", "days", "weeks"])}'

    def number(self):
        n = self.random.randrange(10 ** self.random.randint(1, 9))
        return self.random.choice([str(n), f'{n}.{self.random.randrange(100)}', f'{n}/7', f'{n}%'])

    def expectation(self):
        number, length, text = self.number(), self.length(), f'"{self.random.choice("abcdefg")}{self.random.randrange(100000)}"'
        person, role = self.person(), self.random.choice(self.policy.roles or ['member'])
        return 'expect ' + self.random.choice([
            f'{number} >= 0', f'{number} + 1 > {number}', f'now > 1999-01-01 + {length}', f'{length} < 90000 weeks', f'{text} != "other"',
            f'not {text} == "x"', f'{text} in [{text}, "b"]', f'{person} in [{person}, {self.person()}]', f'{person} is {role}',
            f'not {person} is {role}', f'{self.proposal()} is open', f'{self.proposal()}.opened <= now',
            f'{self.proposal()} is {self.random.choice(["accepted", "rejected", "vetoed", "withdrawn", "final", "effective"])}',
            f'{self.proposal()}.opened + {length} > now', f'{number} in [{number}, {self.number()}]', f'{number} < 3'])

    def act(self):
        verb = self.random.choice(['approves', 'rejects', 'vetoes', 'withdraws', 'disputes', 'seconds', 'abstains on', 'recuses from'])
        because = f' because "reason {self.random.randrange(1000)}"' if self.random.random() < 0.3 else ''
        return f'{self.person()} {verb} {self.proposal()}{because}'

    def event(self):
        """One in a file, from behind its time on."""
        person, proposal = self.person()[1:], json.dumps(self.proposal().strip('"'))
        if self.random.random() < 0.1:
            return '"type":"tick"}' if self.random.random() < 0.7 else '"type":"nonsense"}'
        if self.random.random() < 0.2:
            self.count += 1
            self.opened.append(f'filed_{self.count}')
            return f'"type":"propose","kind":"{self.random.choice(self.policy.kinds or ["x"])}","id":"{self.opened[-1]}","actor":"{person}"}}'
        return f'"type":"{self.random.choice(["approve", "reject", "abstain", "veto", "withdraw"])}","actor":"{person}","proposal":{proposal},"reason":"r"}}'

    def slip(self):
        """One that is known, or a statement with one; it may leave brackets open."""
        if self.random.random() < 0.5:
            return self.random.choice(SLIPS)
        words = self.following().split(' ')
        at = self.random.randrange(len(words))
        way = self.random.randrange(4)
        if way == 0:
            del words[at]
        elif way == 1:
            words.insert(at, words[self.random.randrange(len(words))])
        elif way == 2:
            words[at] = words[at][:-1] + self.random.choice('xs"{([é@#\x01\x7f')
        else:
            words = words[:at]
        return ' '.join(words)

    def statement(self):
        chance = self.random.random()
        if chance < 0.70:
            return self.following()
        if chance < 0.86:
            return self.expectation()
        if chance < 0.95:
            return self.act()
        return f'after {self.random.randrange(1, 50)} {self.random.choice(["minutes", "hours"])}'


# ---- `bylaw repl`, over pipes ----

class Lost(Exception):
    pass


class Repl:
    """Each entry is followed by `branches`, which tells where one stands, and by a word that nobody knows, which tells the end."""

    def __init__(self, bylaw, policy, folder, shown=None):
        environment = dict(os.environ, XDG_STATE_HOME=folder, LC_ALL='C')
        self.process = subprocess.Popen([bylaw, 'repl', '--color', 'never', '--no-history', '-p', file_of(policy)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0, cwd=folder, env=environment)
        self.count, self.shown, self.may_be_gone = 0, shown, False
        self.branch, self.depth, self.clock = 'main', 0, None

    def read(self, mark):
        answer = b''
        while mark not in answer[-300:] or not answer.endswith(b'\n'):
            if not select.select([self.process.stdout], [], [], SECONDS_MOST)[0]:
                raise Lost(f'no answer for {SECONDS_MOST} seconds')
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if not piece:
                raise Lost(f'it ended with status {self.process.wait()}: {answer.decode(errors="replace")[-600:]}')
            answer += piece
        return answer.decode(errors='replace')

    def say(self, entry):
        self.count += 1
        try:
            self.process.stdin.write(f'{entry}\nbranches\nmark{self.count}\n'.encode())
        except BrokenPipeError:
            pass
        lines = self.read(b'`mark%d` begins' % self.count).splitlines()[:-1]
        while lines and BRANCH.match(lines[-1]):
            star, name, depth, clock = BRANCH.match(lines.pop()).groups()
            if star == '*':
                self.branch, self.depth, self.clock = name, int(depth), clock
        answer = '\n'.join(lines)
        if self.shown:
            print(f'bylaw> {entry}\n{answer}', file=self.shown)
        broken = BROKEN.search(answer)
        if broken and not (self.may_be_gone and 'the engine is gone' in answer):
            raise Lost(f'`{entry}` is answered with `{broken.group()}`: {answer[:600]}')
        return answer

    def kill(self, chooser):
        """One of the processes of engines, or all of them."""
        told = subprocess.run(['ps', '-A', '-o', 'pid=,ppid=,stat='], capture_output=True, check=True, text=True).stdout
        rows, ours = [line.split() for line in told.splitlines()], {str(self.process.pid)}
        for _ in range(3):
            ours |= {row[0] for row in rows if row[1] in ours}
        ours = [int(row[0]) for row in rows if row[0] in ours and row[2][0] != 'Z' and row[0] != str(self.process.pid)]
        for number in [chooser.choice(ours)] if chooser and ours else ours:
            os.kill(number, signal.SIGKILL)

    def world(self):
        return [self.say(asked) for asked in ASKED]

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(timeout=SECONDS_MOST)
        if status not in (0, 1):
            raise Lost(f'it ended with status {status}')

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


# ---- a conversation ----

class Branch:
    """What leads to where one stands: typed lines, one an entry, each with the clock behind it. What comes before is `begun`."""

    def __init__(self, begun, base, path=()):
        self.begun, self.base, self.path = list(begun), base, list(path)

    def lines(self, depth):
        return self.begun + [line for line, _ in self.path[:depth - self.base]]


class Conversation:
    def __init__(self, bylaw, policy, key, entries, folder, shown=None):
        self.bylaw, self.policy, self.entries, self.folder = bylaw, policy, entries, folder
        self.drawn = Drawn(policy, key)
        self.random = self.drawn.random
        self.repl = Repl(bylaw, policy, folder, shown)
        self.branches = {'main': Branch([], 0)}
        self.left = {}  # what the world was like when a branch was left
        self.wrongs, self.saved = [], 0

    def here(self):
        return self.branches[self.repl.branch]

    def require(self, is_right, what, details=''):
        if not is_right:
            self.wrongs.append(f'{what}{": " if details else ""}{details}')

    def same(self, ours, theirs, what):
        for asked, mine, other in zip(ASKED, ours, theirs):
            self.require(mine == other, f'{what}, `{asked}` is', f'{difference(mine, other)}')

    # what becomes an entry

    def enter(self, line):
        branch, before = self.repl.branch, self.repl.depth
        answer = self.repl.say(line)
        if self.repl.branch == branch and self.repl.depth == before + 1:
            here = self.here()
            del here.path[before - here.base:]
            here.path.append((line, self.repl.clock))
        elif (self.repl.branch, self.repl.depth) != (branch, before):
            self.require(False, f'`{line}` leads from {branch} {before} to {self.repl.branch} {self.repl.depth}')
        return answer

    def say_something(self):
        count = self.random.choice([1, 1, 1, 2, 3])
        said = ' '.join(self.drawn.statement() for _ in range(count))
        if re.match(r'at \S+$', said):
            return self.look(said)
        return self.enter(said)

    def slip(self):
        line = self.drawn.slip()
        if re.match(r'\s*(at|now|undo|redo|branch|switch|load|events|policy|roster|save|quit)\b', line) and line not in SLIPS:
            return
        self.enter(line.replace('\n', ' ') + '\n' + CLOSERS)

    def load(self):
        name = f'piece{self.repl.count}.txt'
        self.write(name, [self.drawn.statement() for _ in range(self.random.randint(2, 8))])
        self.enter('load ' + name)

    def declare(self):
        r = self.random
        if r.random() < 0.5 or not self.policy.declarations:
            return self.enter(f'let mine_{r.randrange(6)} = {r.choice([self.drawn.number(), self.drawn.length(), "true"])}')
        declared = r.choice(self.policy.declarations)
        if r.random() < 0.6:
            declared = re.sub(r'(\d+) (days|hours|weeks)', lambda m: f'{r.randrange(1, 40)} {m.group(2)}', declared, count=1)
        return self.enter(declared)

    def other_policy(self):
        """All happens again under another one, or under the first."""
        return self.enter('policy ' + file_of(self.random.choice([self.policy, self.random.choice(all_policies())])))

    # moving about

    def undo_and_redo(self):
        if self.repl.depth <= self.here().base:
            return
        before, steps = self.repl.world(), self.random.randint(1, min(self.repl.depth - self.here().base, 60))
        depth = self.repl.depth
        self.repl.say(f'undo {steps}')
        self.require(self.repl.depth == depth - steps, f'undo {steps} leads from {depth} to {self.repl.depth}')
        self.ask()
        if self.random.random() < 0.5:
            self.repl.say(f'redo {steps}')
        else:
            for _ in range(steps):
                self.repl.say('redo')
        self.require(self.repl.depth == depth, f'redo {steps} leads to {self.repl.depth} and not {depth}')
        self.same(self.repl.world(), before, 'undone and done again')

    def undo(self):
        if self.repl.depth > self.here().base:
            self.repl.say(f'undo {self.random.randint(1, min(self.repl.depth - self.here().base, 5))}')

    def branch(self):
        name = f'b{len(self.branches)}'
        if len(self.branches) > 8:
            return
        here = self.here()
        new = Branch(here.begun, here.base, here.path[:self.repl.depth - here.base])
        self.left[self.repl.branch] = self.repl.world()
        self.repl.say('branch ' + name)
        self.branches[name] = new

    def switch(self):
        self.left[self.repl.branch] = self.repl.world()
        name = self.random.choice(sorted(self.branches))
        if name not in self.left:
            return
        self.repl.say('switch ' + name)
        self.require(self.repl.branch == name, f'switch {name} leads to {self.repl.branch}')
        self.same(self.repl.world(), self.left[name], f'left and come back to, on {name}')

    def look(self, said):
        """`at` a time: a statement where it is still to come."""
        depth = self.repl.depth
        answer = self.repl.say(said)
        if 'as it was at' not in answer:
            if self.repl.depth == depth + 1:
                here = self.here()
                del here.path[depth - here.base:]
                here.path.append((said, self.repl.clock))
            return
        self.ask()
        if self.random.random() < 0.4 and len(self.branches) < 9 and not any(line.startswith('branch') for line in self.here().begun):
            return self.branch_from_past(said)
        self.enter('@ana approves something')
        self.repl.say('now')

    def branch_from_past(self, said):
        name = f'b{len(self.branches)}'
        begun = self.here().lines(self.repl.depth) + [said, 'branch ' + name]
        world = self.repl.world()
        left = self.repl.branch
        self.repl.say('branch ' + name)
        self.branches[name] = Branch(begun, self.repl.depth)
        self.left.pop(left, None)
        self.same(self.repl.world()[:3], world[:3], 'on a branch from the past')

    def events(self):
        """A file of what people do, some minutes apart."""
        name, lines = f'events{self.repl.count}.jsonl', []
        clock = read_time(self.repl.clock or '2024-01-01T00:00:00Z')
        for _ in range(self.random.randint(1, 30)):
            clock += timedelta(minutes=self.random.choice([0, 0, 1, 60, 600, 1440]))
            lines.append(f'{{"time":"{told_time(clock)}",{self.drawn.event()}')
        self.write(name, lines)
        self.enter('events ' + name)

    def write(self, name, lines):
        with open(os.path.join(self.folder, name), 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')

    def begun_until(self, path, moment):
        """The lines that lead to a moment; None where an entry lies on both sides of it and is no file of events."""
        at = 0
        while at < len(path) and (path[at][1] or '') <= moment:
            at += 1
        lines, rest = [line for line, _ in path[:at]], [line for line, _ in path[at:]]
        if rest and rest[0].startswith('events '):
            with open(os.path.join(self.folder, rest[0][7:]), encoding='utf-8') as file:
                before = [line for line in file.read().splitlines() if line[9:29] <= moment]
            self.write('before.jsonl', before)
            lines += ['events before.jsonl'] * bool(before)
        elif rest and not re.match(r'(after|at) [\w :-]+$', rest[0]):
            return None
        return lines + [line for line in rest if not is_statement(line)] + ['at ' + moment]

    def past(self):
        """The past is what it was."""
        here, depth = self.here(), self.repl.depth
        path = here.path[:depth - here.base]
        clocks = sorted({clock for _, clock in path if clock})
        if here.begun or len(clocks) < 2:
            return
        moment = self.random.choice(clocks[:-1])
        if self.random.random() < 0.5:
            first, last = read_time(clocks[0]), read_time(clocks[-1])
            moment = told_time(first + timedelta(minutes=int(self.random.random() * (last - first).total_seconds()) // 60))
        lines = self.begun_until(path, moment)
        if lines is None:
            return
        other = Repl(self.bylaw, self.policy, self.folder)
        try:
            for line in lines:
                other.say(line)
            self.repl.say('at ' + moment)
            self.same(self.repl.world()[:3], other.world()[:3], f'seen from later, at {moment}')
            if self.random.random() < 0.3:
                self.kill_in_past()
            self.repl.say('now')
            other.end()
        finally:
            other.stop()

    # asking

    def questions(self):
        d, r = self.drawn, self.random
        return [f'why {d.proposal()}', f'why {d.proposal()} in full', f'why {d.proposal()} in a sentence', f'why not {d.proposal()}',
                f'why not {d.proposal()} {r.choice(["final", "rejected", "effective", "vetoed"])}', f'needs {d.proposal()}',
                f'needs {d.proposal()} rejected', f'timeline {d.proposal()}', f'pending {d.person()}', 'pending', f'roles {d.person()}',
                f'who can {r.choice(["approve", "veto", "dispute", "withdraw"])} {d.proposal()}', 'state open', 'state accepted', 'state',
                f'roles {r.choice(self.policy.roles or ["x"])}', 'history', 'branches', 'policy', 'time']

    def ask(self):
        self.repl.say(self.random.choice(self.questions()))

    def diff(self):
        self.repl.say('diff ' + self.random.choice(sorted(self.branches)))

    def save(self):
        self.saved += 1
        answer = self.repl.say(f'save saved{self.saved % 3}.bylaw')
        self.require('saved in' in answer, '`save` is answered with', answer[:400])

    # the same, said again

    def replay(self, in_pieces):
        lines = self.here().lines(self.repl.depth)
        asked = [self.random.choice(self.questions()) for _ in range(6)]
        told = self.repl.world() + [self.repl.say(question) for question in asked]
        other = Repl(self.bylaw, self.policy, self.folder)
        try:
            for line in joined(lines, self.folder) if in_pieces else lines:
                other.say(line)
            again = other.world() + [other.say(question) for question in asked if question not in ('history', 'branches')]
            told = [told[i] for i in range(len(told)) if i < len(ASKED) or asked[i - len(ASKED)] not in ('history', 'branches')]
            how = 'loaded in pieces' if in_pieces else 'typed again'
            for question, mine, theirs in zip(list(ASKED) + [q for q in asked if q not in ('history', 'branches')], told, again):
                self.require(without_places(mine) == without_places(theirs), f'{how}, `{question}` is', difference(mine, theirs))
            other.end()
        finally:
            other.stop()

    def kill(self):
        """An engine is gone, as where memory ends: what is said then is done or told, and all goes on."""
        self.repl.kill(self.random)
        self.repl.may_be_gone = True
        self.say_something()
        self.repl.may_be_gone = False

    def kill_in_past(self):
        told = self.repl.world()
        self.repl.kill(None)
        self.repl.may_be_gone = True
        self.repl.say('state')
        self.repl.may_be_gone = False
        self.same(self.repl.world(), told, 'asked of the past again, when its engine was gone')
        self.repl.say('now')
        self.repl.may_be_gone = True
        self.repl.say('state')
        self.repl.may_be_gone = False

    def replay_as_json(self):
        """All that is no complaint is lines of JSON then."""
        lines = self.here().lines(self.repl.depth) + [*ASKED, 'help', *(self.random.choice(self.questions()) for _ in range(10))]
        done = subprocess.run([self.bylaw, 'repl', '--format', 'json', '--no-history', '-p', file_of(self.policy)], cwd=self.folder,
                              input='\n'.join(lines) + '\n', capture_output=True, check=False, text=True, errors='replace')
        self.require(done.returncode in (0, 1), f'with JSON it ends with status {done.returncode}', done.stderr[-400:])
        for line in done.stdout.splitlines():
            try:
                json.loads(line)
            except ValueError:
                self.require(False, 'this is no JSON', line[:300])

    WAYS = [('say_something', 60), ('slip', 6), ('ask', 12), ('undo_and_redo', 1.5), ('undo', 1.5), ('branch', 0.6), ('switch', 1.5),
            ('declare', 1.5), ('load', 1), ('events', 0.7), ('diff', 0.7), ('past', 0.6), ('save', 0.3), ('kill', 0.5), ('other_policy', 0.2)]

    def go(self):
        try:
            for fact in self.drawn.facts:
                self.enter(fact)
            for _ in range(self.entries):
                way = self.random.choices([way for way, _ in self.WAYS], [weight for _, weight in self.WAYS])[0]
                getattr(self, way)()
            self.save()
            self.replay(False)
            self.replay(True)
            self.replay_as_json()
            self.repl.end()
        except Lost as lost:
            self.wrongs.append(str(lost))
        finally:
            self.repl.stop()
        return self.wrongs


def is_statement(line):
    return re.match(r'(given|after|at|expect|emit|seed|load|events)\b|@', line) is not None


def read_time(text):
    return datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ')


def told_time(moment):
    return moment.strftime('%Y-%m-%dT%H:%M:%SZ')


def without_places(answer):
    return re.sub(r'(what you typed|line \d+|\S+, from line \d+)', 'PLACE', answer)


def difference(mine, other):
    for a, b in zip(mine.splitlines() + [''], other.splitlines() + ['']):
        if a != b:
            return f'`{a[:300]}` and `{b[:300]}`'
    return f'{len(mine.splitlines())} lines and {len(other.splitlines())}'


def joined(lines, folder):
    """The lines as files to load, where several statements follow each other."""
    pieces, made, at = [], 0, 0
    while at < len(lines):
        end = at
        while end < len(lines) and end < at + 20 and re.match(r'(given|@)', lines[end]) and ' expect' not in lines[end] and '\n' not in lines[end]:
            end += 1
        if end < at + 2:
            pieces.append(lines[at])
            at += 1
            continue
        made += 1
        with open(os.path.join(folder, f'joined{made}.txt'), 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines[at:end]) + '\n')
        pieces.append(f'load joined{made}.txt')
        at = end
    return pieces


# ---- commands ----

def policy_of(seed, number):
    policies = all_policies()
    return policies[(int(seed) + number) % len(policies)]


def talk(bylaw, seed, count, entries):
    found = 0
    for number in range(count):
        policy = policy_of(seed, number)
        with tempfile.TemporaryDirectory() as folder:
            wrongs = Conversation(bylaw, policy, f'{seed} {number}', entries, folder).go()
        if wrongs:
            print(f'FAIL a conversation under {policy.shown}, seed {seed}, number {number}; {len(wrongs)} in all')
            print('    ' + wrongs[0].replace('\n', '\n    '))
        found += bool(wrongs)
        if found == WRONGS_MOST:
            break
    if not found:
        print(f'ok {count} conversations of {entries} entries say the same however they are gone through, seed {seed}')


def one(bylaw, seed, number, entries):
    with tempfile.TemporaryDirectory() as folder:
        conversation = Conversation(bylaw, policy_of(seed, number), f'{seed} {number}', entries, folder, sys.stdout)
        for wrong in conversation.go():
            print(f'# {wrong}')


def spoken(policy, key, entries):
    """Statements, some with slips, an entry a line."""
    drawn = Drawn(policy, key)
    lines = list(drawn.facts)
    for _ in range(entries):
        count = drawn.random.choice([1, 1, 2])
        lines.append(drawn.slip() if drawn.random.random() < 0.1 else ' '.join(drawn.statement() for _ in range(count)))
    return '\n'.join(line.replace('\n', ' ') for line in lines) + '\n'


def speak(program, seed, count, entries):
    found = done = refused = 0
    for number in range(count):
        policy = policy_of(seed, number)
        policy.name = policy.path
        answer, = ask(program, [(policy, policy.text, [], spoken(policy, f'{seed} {number} speak', entries))])
        done, refused = done + answer.errors, refused + answer.warnings
        if answer.defects:
            print(f'FAIL engines spoken to under {policy.shown}, seed {seed}, number {number}; {len(answer.defects)} in all')
            print('    ' + answer.defects[0])
        found += bool(answer.defects)
        if found == WRONGS_MOST:
            return
    if not found and (refused == 0 or done < refused):
        print(f'FAIL engines spoken to: of the statements {done} are done and {refused} refused')
    elif not found:
        print(f'ok {count} conversations with engines: {done} statements come to what their lines do, {refused} do not compile, seed {seed}')


# ---- how much it takes ----

WORLD = ['given module nn', 'given @ana, @bo are maintainer of nn', '@zoe proposes change on nn as p0']
# What an entry is like, how many of them are typed at first, and whether nothing stays of them that takes memory.
LINES = {
    'ballots': (lambda i: '@ana approves p0' if i % 2 else '@ana abstains on p0', 3000, False),
    'proposals': (lambda i: f'@zoe proposes change on nn as p{i + 1}', 2000, False),
    'values that are new each time': (lambda i: f'expect p0.opened < now + {i + 1} days expect {i + 7} > {i}.5 expect "t{i}" != "u"', 2000, True),
    'slips': (lambda i: ['@ana approves p', 'wyh p0', 'expect', '@zoe vetoes p0', f'expect {i} == "t{i}"', 'given @cy is nn'][i % 6], 2000, False),
    'questions': (lambda i: ['why p0', 'needs p0', 'state', 'pending', 'roles', 'history'][i % 6], 1500, True),
    'undoing': (lambda i: ['@ana approves p0', 'undo'][i % 2], 500, True),
    'declarations': (lambda i: f'let mine_{i} = {i}', 40, True),
}


def processes(group):
    """Of each process of a group, its time in seconds and the memory that it had at most, in KiB."""
    for number in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{number}/stat', encoding='utf-8') as file:
                told = file.read().rpartition(')')[2].split()
            if int(told[2]) != group:
                continue
            with open(f'/proc/{number}/status', encoding='utf-8') as file:
                most = re.search(r'VmHWM:\s*(\d+)', file.read())
        except OSError:
            continue  # it has ended meanwhile
        yield (int(told[11]) + int(told[12])) / os.sysconf('SC_CLK_TCK'), int(most.group(1)) if most else 0


def cost(bylaw, lines, folder):
    script = os.path.join(folder, 'script')
    with open(script, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')
    reader, writer = os.pipe()
    with subprocess.Popen([bylaw, 'repl', '--color', 'never'], stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True) as process:
        os.close(reader)
        feeder = subprocess.Popen(['sh', '-c', f'cat "{script}"; echo all_is_said; exec sleep 600'], stdout=writer)
        os.close(writer)
        said = b''
        while b'`all_is_said`' not in said:
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                break
            said = said[-100:] + piece
        took = list(processes(process.pid))
        feeder.kill()
        feeder.wait()
        process.stdout.read()
    return sum(seconds for seconds, _ in took), max([most for _, most in took] or [0])


def grow(bylaw):
    """Four times as many entries may take six times as long, where much else runs."""
    for name, (line, count, is_flat) in LINES.items():
        with tempfile.TemporaryDirectory() as folder:
            once, memory = cost(bylaw, WORLD + [line(i) for i in range(count)], folder)
            again, more = cost(bylaw, WORLD + [line(i) for i in range(4 * count)], folder)
        told = f'{count} and {4 * count} {name}: {once:.2f} and {again:.2f} s, {memory // 1024} and {more // 1024} MiB'
        if again > 6 * once + 0.3:
            print(f'FAIL conversations grow with what is typed\n    {told}')
        elif is_flat and more > memory + 4096:
            print(f'FAIL conversations keep what is needed\n    {told}')
        else:
            print(f'ok {told}')


COMMANDS = {'talk': talk, 'one': one, 'speak': speak, 'grow': grow}

if __name__ == '__main__':
    command, program, *words = sys.argv[1:]
    program = os.path.abspath(program)
    os.chdir(ROOT)
    COMMANDS[command](program, *words[:1], *map(int, words[1:]))
