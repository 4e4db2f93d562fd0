#!/usr/bin/env python3
"""An oracle for `bylaw fmt`: what it may change, and what it must not.

    format.py tree BYLAW FILE…      every policy of the tree, and every one on pages of documentation
    format.py random BYLAW COUNT    policies made at random, and all white space of real ones made at random

It reads tokens and comments by itself, knows nothing of the layout but a few plain rules (below), and asks the compiler
whether the program is the same.
"""
import random
import re
import shutil
import subprocess
import sys
import tempfile
import os

TOKEN = re.compile(r'''
    (?P<comment>\#[^\n]*) | (?P<space>[ \t\r\n\f\v]+) |
    (?P<text>@?"(?:[^"\\\r\n]|\\[^\r\n])*") | (?P<handle>@[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?) |
    (?P<time>\d{4}-\d\d-\d\d(?:[Tt]\d[0-9:.]*(?:[Zz]|[+-]\d\d:\d\d)?)?) | (?P<number>\d+(?:\.\d+)?%?) |
    (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*) | (?P<mark>==|!=|<=|>=|[{}()\[\],:.=<>+\-*/])
''', re.VERBOSE)
WIDTH = 140


def scan(text):
    """All there is but white space: tokens and comments in their order, and how deep braces go."""
    found, at = [], 1 if text.startswith('\ufeff') else 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f'no token at {text[at:at + 20]!r}')
        if match.lastgroup == 'comment':
            found.append(match.group().rstrip(' \t\r\f\v'))
        elif match.lastgroup != 'space':
            found.append(match.group())
        at = match.end()
    return found


def run(bylaw, words, text=None):
    done = subprocess.run([bylaw, *words], input=text, capture_output=True)
    return done.returncode, done.stdout, done.stderr


COPIES = {}


def beside(folder):
    """A copy of the policies of a folder, which may use each other: the tests that run meanwhile read the folder itself."""
    if folder not in COPIES:
        COPIES[folder] = tempfile.TemporaryDirectory()
        for name in os.listdir(folder):
            if name.endswith('.bylaw') and os.path.isfile(os.path.join(folder, name)):
                shutil.copy(os.path.join(folder, name), COPIES[folder].name)
    return COPIES[folder].name


def dump(bylaw, text, folder):
    """The compiled program without places and without the white space of what it quotes."""
    path = os.path.join(beside(folder), 'policy-to-dump.bylaw')
    with open(path, 'w', newline='') as out:
        out.write(text)
    status, out, _ = run(bylaw, ['dump', path])
    os.unlink(path)
    lines = [re.sub(r'\s+# \S*:\d+$', '', line) for line in out.decode().splitlines()]
    return status, [re.sub(r'\s+', '', line) for line in lines]


def wrong_lines(text):
    """What no formatted text has, whatever stands in it."""
    if text and (not text.endswith('\n') or text.endswith('\n\n') or text.startswith('\n')):
        yield 'the text does not end in one line end, or begins with one'
    if '\n\n\n' in text:
        yield 'two blank lines in a row'
    for number, line in enumerate(text.split('\n')[:-1], 1):
        where = f'line {number}: {line!r}'
        if line != line.rstrip(' \t\r'):
            yield f'white space ends {where}'
        if '\t' in re.match(r'\s*', line).group() or len(re.match(' *', line).group()) % 2:
            yield f'odd indentation in {where}'
        # What can be broken fits, but for a word or two and what alignment adds.
        width = sum(len(m.group()) for m in TOKEN.finditer(line) if m.lastgroup not in ('text', 'comment'))
        if len(line) > WIDTH and width > WIDTH + 24:
            yield f'too long is {where}'


def check(bylaw, text, folder, with_dump):
    """The formatted text, or None where it does not parse; raises ValueError where something is wrong."""
    status, out, err = run(bylaw, ['fmt', '-'], text.encode())
    if status == 3 and err and not out:
        return None
    if status != 0:
        raise ValueError(f'exit status {status}: {err.decode()}')
    formatted = out.decode()
    if scan(formatted) != scan(text):
        before, after = scan(text), scan(formatted)
        at = next((i for i, pair in enumerate(zip(before, after)) if pair[0] != pair[1]), min(len(before), len(after)))
        raise ValueError(f'tokens differ: {before[at:at + 3]} became {after[at:at + 3]}')
    for complaint in wrong_lines(formatted):
        raise ValueError(complaint)
    again = run(bylaw, ['fmt', '-'], out)[1]
    if again != out:
        changed = [pair for pair in zip(out.decode().split('\n'), again.decode().split('\n')) if pair[0] != pair[1]]
        raise ValueError(f'formatted twice it differs: {changed[:2]}')
    if with_dump:
        before, after = dump(bylaw, text, folder), dump(bylaw, formatted, folder)
        if before != after:
            raise ValueError('the compiled program differs')
    return formatted


def tell(name, complaint, text):
    print(f'FAIL {name}')
    for line in (complaint.split('\n') + ['of:'] + text.split('\n'))[:40]:
        print(f'    {line}')


# ---- the tree ----

def policies_of(path):
    with open(path, newline='', encoding='utf-8') as file:
        text = file.read()
    if not path.endswith('.md'):
        yield path, os.path.dirname(path) or '.', text
        return
    for number, block in enumerate(re.findall(r'^```bylaw\n(.*?)^```', text, re.MULTILINE | re.DOTALL), 1):
        yield f'{path}, example {number}', os.path.dirname(path) or '.', block


def tree(bylaw, paths):
    count = refused = 0
    for path in paths:
        for name, folder, text in policies_of(path):
            try:
                if check(bylaw, text, folder, True) is None:
                    refused += 1
                count += 1
            except ValueError as complaint:
                tell(f'format: {name}', str(complaint), text)
                return
    if count - refused < 300:
        print(f'FAIL format: {count} policies were found, {refused} of them do not parse')
    else:
        print(f'ok format: {count} policies keep tokens, comments and program, {refused} of them refused')


# ---- policies made at random: they parse, and mean nothing ----

class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, *ways):
        return self.random.choice(ways)()

    def maybe(self, words, chance=0.4):
        return words() if self.random.random() < chance else ''

    def name(self):
        return self.random.choice(['ana', 'module', 'size', 'é_lan', 'a_rather_long_name_of_something', 'x', 'review', 'body'])

    def text(self):
        return self.random.choice(['"a text"', '"with # no comment"', '"{ (\\" ["', '"' + 'long ' * self.random.randint(1, 30) + '"', '""'])

    def handle(self):
        return self.random.choice(['@ana', '@bo-2', '@"some one"'])

    def listed(self, what, most=4, mark=', '):
        return mark.join(what() for _ in range(self.random.randint(1, self.random.choice([1, most, most * 4]))))

    def duration(self):
        return f'{self.random.randint(1, 99)} {self.random.choice(["days", "months", "hour"])}'

    def primary(self, depth):
        r = self.random
        if depth <= 0:
            return r.choice([self.name(), '12', '75%', '2/3', self.duration(), 'true', self.handle(), self.text(), '2024-01-31',
                             'proposal.size', 'e.when', '-x', '2024-03-01T12:00:00Z', '1.5', 'e.within'])
        return self.some(lambda: f'( {self.expression(depth - 1)} )', lambda: f'[{self.listed(lambda: self.expression(depth - 2))}]',
                         lambda: '[]', lambda: f'max({self.listed(lambda: self.expression(depth - 2))})', lambda: 'now()',
                         lambda: f'-({self.expression(depth - 1)})', lambda: f'member of {self.name()}', lambda: f'count ({self.name()})',
                         lambda: 'maintainer of any other module', lambda: f'total size of ({self.name()})', lambda: self.primary(0))

    def expression(self, depth):
        if depth <= 0:
            return self.primary(0)
        sub = lambda: self.primary(depth - 1)
        return self.some(sub, lambda: f' {self.random.choice(["or", "and", "except"])} '.join(sub() for _ in range(self.random.randint(2, 9))),
                         lambda: f'{sub()} {self.random.choice(["==", "!=", "<", ">=", "in", "matches", "begins with", "contains"])} {sub()}',
                         lambda: f'{sub()} {self.random.choice("+-*")} {sub()}', lambda: f'not ({sub()})', lambda: f'{sub()} is not ({sub()})',
                         lambda: f'(any x in {sub()} : {self.expression(depth - 1)})', lambda: f'highest x in {self.name()} by {sub()}',
                         lambda: f'(if {sub()} then {sub()} else if {sub()} then {sub()} else {sub()})', lambda: f"{sub()} among {self.name()}")

    def term(self):
        return self.expression(self.random.randint(0, 4))

    def field(self):
        return f'{self.name()} : {self.random.choice(["text", "list of text", "optional number", "module"])}'

    def record(self):
        return '{ ' + self.listed(lambda: f'{self.random.choice(["subject", "when", "from", "price"])} : {self.expression(1)}') + ' }'

    def modifiers(self):
        return ' '.join(self.some(lambda: f'within {self.term()}', lambda: f'through {self.duration()}', lambda: 'with reason',
                                  lambda: f'when {self.term()}', lambda: f'reasoned within {self.duration()}', lambda: 'as of opening',
                                  lambda: f'quorum {self.term()}', lambda: f'after {self.duration()}', lambda: 'while open')
                        for _ in range(self.random.randint(0, 4)))

    def effect(self, depth=2):
        inner = lambda: self.block(lambda: self.effect(depth - 1))
        plain = [lambda: f'grant role_of of {self.name()} to {self.expression(1)}', lambda: f'set {self.name()}.price = {self.term()}',
                 lambda: f'create module ({self.term()}) as fresh {self.record()}', lambda: f'emit merged(e, rule = {self.term()})',
                 lambda: f'open vote on x {self.record()}', lambda: 'discard ballots', lambda: 'remove (module)', lambda: 'emit told']
        if depth <= 0:
            return self.some(*plain)
        return self.some(*plain, lambda: f'if {self.term()} {inner()} else if {self.term()} {inner()} else {inner()}',
                         lambda: f'if {self.term()} {inner()}', lambda: f'for each x in {self.term()} {inner()}')

    def block(self, what, most=4):
        return '{ ' + ' '.join(what() for _ in range(self.random.randint(0, most))) + ' }'

    def stage(self):
        return f'{self.term()}{self.maybe(lambda: " using vote(1/2)")} {self.modifiers()}'

    def clause(self):
        return self.some(lambda: f'cites {self.listed(self.text)}', lambda: f'raised by {self.term()} {self.maybe(lambda: "when " + self.term())}',
                         lambda: f'requires {self.listed(self.field)}', lambda: f'accepts {self.listed(self.field)}',
                         lambda: f'decided by {self.stage()}', lambda: f'then by {self.stage()}', lambda: f'together with {self.stage()}',
                         lambda: f'escalates to {self.stage()}', lambda: 'along upwards', lambda: f'dispute by {self.term()} {self.modifiers()}',
                         lambda: f'veto by {self.stage()} {self.maybe(lambda: "overridden { by " + self.stage() + " then by " + self.stage() + " }")}',
                         lambda: f'refuses {self.text()} when {self.term()}', lambda: 'takes effect when final', lambda: 'takes effect after 3 days',
                         lambda: f'options {self.listed(self.name)} default x', lambda: f'candidates from {self.term()}',
                         lambda: f'on {self.random.choice(["accepted", "vetoed", "elected winner"])} {self.block(self.effect)}',
                         lambda: 'open proposals continue', lambda: f'seconded by {self.term()} within 2 days')

    def procedure_clause(self):
        return self.some(lambda: f'passes when {self.term()}', lambda: f'fails when {self.term()}', lambda: 'fails otherwise',
                         lambda: 'closes at once', lambda: 'closes when settled', lambda: f'quorum {self.term()}', lambda: 'weigh tokens',
                         lambda: f'open for at least {self.duration()}', lambda: 'ballot ranking', lambda: 'counts by irv(1)',
                         lambda: f'ties broken by {self.term()}', lambda: f'reopens for 3 days when {self.term()} at most 3 times')

    def role_clause(self):
        return self.some(lambda: 'held by people or agents', lambda: f'from {self.term()}', lambda: f'at most ({self.term()})',
                         lambda: f'exactly {self.term()}', lambda: 'includes member of any room', lambda: f'granted by {self.listed(self.name)}',
                         lambda: 'revoked by x or y of z', lambda: f'term {self.duration()}', lambda: 'at most 1/3 per employer',
                         lambda: 'becomes emeritus after 2 years without activity')

    def attribute(self):
        return f'{self.field()}{self.maybe(lambda: " = " + self.expression(1))}{self.maybe(lambda: " changed by " + self.listed(self.name, 3, " or "))}'

    def act(self):
        who = self.listed(self.handle, 3)
        return who + ' ' + self.some(lambda: f'proposes vote on ({self.term()}) as p {self.maybe(self.record)}', lambda: 'approves p', lambda: 'vetoes p',
                                     lambda: 'ranks @ana > @bo = @cy in p', lambda: 'scores @ana 5, @bo 3 in p', lambda: 'recuses from p',
                                     lambda: f'emits e {self.record()}', lambda: f'sets x.y = {self.term()}', lambda: 'resigns member of nn',
                                     lambda: f'creates module nn {self.record()}') + self.maybe(lambda: f' because {self.text()}')

    def statement(self):
        return self.some(self.act, self.act, lambda: f'given module {self.listed(self.name)} {self.maybe(self.record)}',
                         lambda: f'given {self.listed(self.handle)} are member of nn', lambda: f'given person {self.listed(self.handle)} {self.maybe(self.record)}',
                         lambda: f'after {self.duration()}', lambda: 'at 2024-03-01', lambda: f'expect {self.term()}', lambda: 'expect not @ana can veto p',
                         lambda: f'expect refused {self.block(self.act)} {self.maybe(lambda: "because " + self.text())}',
                         lambda: f'given x.y = {self.term()}', lambda: 'seed "a" in p')

    def declaration(self):
        title = lambda: self.maybe(lambda: ' ' + self.text())
        return self.some(
            lambda: f'use {self.text()}', lambda: f'let {self.name()}{self.maybe(lambda: " : number")} = {self.term()}',
            lambda: f'let {self.name()} = {self.primary(0)}', lambda: f'event {self.name()} {self.block(self.field)}',
            lambda: f'function f({self.listed(self.field)}) : boolean = {self.term()}', lambda: f'body b of module{title()} = {self.term()}',
            lambda: f'proposal p on module{title()} {self.block(self.clause, 9)}', lambda: f'proposal q {self.block(self.clause, 9)}',
            lambda: f'every proposal on module except {self.listed(self.name)} {self.block(self.clause)}',
            lambda: f'procedure v({self.field()}){title()} {self.block(self.procedure_clause, 6)}', lambda: f'ladder l {{ cites "a" escalates to {self.stage()} }}',
            lambda: f'role r of module{title()} {self.block(self.role_clause, 6)}', lambda: 'role r is anyone', lambda: f'conflicts declared by {self.term()}',
            lambda: f'scope s in project{title()} {self.block(self.attribute)}', lambda: f'person {self.block(self.attribute)}',
            lambda: f'on label(e) by {self.term()} {self.maybe(lambda: "when " + self.term())} {self.block(self.effect, 6)}',
            lambda: f'scenario {self.text()} {self.block(self.statement, 12)}', lambda: f'scenario {self.text()} {self.block(self.statement, 12)}',
            lambda: f'policy x{title()} {self.maybe(lambda: "extends " + self.text())} {{ source {self.text()} version {self.text()} handles exact }}',
            lambda: f'every 3 months from 2024-01-01 {self.text()} {self.block(self.effect)}',
            lambda: f'duty {self.text()} {{ cites "x" {self.term()} must publish within 3 days after accepted each of x must emit every 2 months }}',
            lambda: f'property {self.text()} {{ given @ana is member never {self.term()} always {self.term()} }}',
            lambda: f'simulation s {{ given 5 people are member every 3 days : member proposes vote on x run 100 times for 2 years measure a of b }}')

    def policy(self):
        return ' '.join(self.declaration() for _ in range(self.random.randint(0, 8)))

    def shaken(self, text, with_lines):
        """The same tokens and comments with other white space; comments of its own where lines may change."""
        out = ''
        for token in scan(text):
            gap = self.random.choice(['', ' ', ' ', ' ', '  ', '\t', ' \t ']) if with_lines else ' '
            if with_lines:
                gap += self.random.choice([''] * 12 + ['\n', '\r\n', '\n\n', '\n\n\n   ', ' # told\n', '\n# on its own\n', '\n#!\n\n'])
            glued = out and not gap and (re.match(r'[\w@"%.:+-]', token) or token in '=<>!') and re.search(r'[\w@"%.:+=<>!-]$', out)
            out += (' ' if glued else gap) + token + ('\n' if token.startswith('#') else '')
        return out + self.random.choice(['', '\n', '  \r\n', '\n\n\n'])


def make_random(bylaw, count):
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            writer = Writer(seed)
            text = writer.shaken(writer.policy(), True)
            try:
                refused += check(bylaw, text, folder, False) is None
            except ValueError as complaint:
                tell(f'format: random policy {seed}', str(complaint), text)
                return
    if refused > count / 20:
        print(f'FAIL format: {refused} of {count} random policies do not parse')
    else:
        print(f'ok format: {count} random policies keep tokens and comments, and are formatted once')


def shake_library(bylaw):
    """Blanks and line breaks of real policies made at random: the program stays, and blanks alone make no difference."""
    for seed, name in enumerate(sorted(os.listdir('stdlib'))):
        with open(os.path.join('stdlib', name), encoding='utf-8') as file:
            text = file.read()
        try:
            check(bylaw, Writer(seed).shaken(text, True), 'stdlib', True)
            lines = [re.sub(r'^ *', lambda _: ' ' * (seed * 7 % 5), line) + ' ' * (seed % 3) for line in text.split('\n')]
            if check(bylaw, '\r\n'.join(lines), 'stdlib', False) != check(bylaw, text, 'stdlib', False):
                raise ValueError('indentation and line ends make a difference')
        except ValueError as complaint:
            tell(f'format: stdlib/{name} with other white space', str(complaint), text)
            return
    print('ok format: library policies with other white space compile to the same')


if __name__ == '__main__':
    if sys.argv[1] == 'tree':
        tree(sys.argv[2], sys.argv[3:])
    else:
        make_random(sys.argv[2], int(sys.argv[3]))
        shake_library(sys.argv[2])
