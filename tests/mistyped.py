#!/usr/bin/env python3
"""Policies with a mistake: each is refused with a message that has its place, or works whole. Nothing in between.

    mistyped.py try PROGRAM SEED COUNT     COUNT policies of the tree and of its pages, each with a mistake or some
    mistyped.py one PROGRAM SEED NUMBER    prints the one with that number, and what is said of it
    mistyped.py count PROGRAM SEED COUNT   how many messages a single mistake has, and the ten that have most

PROGRAM is tests/unit/mistyped, which asks all there is to ask of each. A mistake is one of tokens, names, values, clauses or
declarations, drawn so that about half of the policies still parse: the parser has fuzzers of its own (tests/fuzz).
The same tree and the same numbers make the same policies.
"""
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from format import TOKEN, policies_of

EVENTS_MOST = 20_000  # bytes of a story that is told under a policy with mistakes
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def keywords():
    with open(os.path.join(ROOT, 'lang/keywords.def'), encoding='utf-8') as file:
        return re.findall(r'^KEYWORD\((\w+),', file.read(), re.MULTILINE)


KEYWORDS = keywords()
RESERVED = set(KEYWORDS)
# One or more of each type, and some that begin like another.
LITERALS = ['0', '1', '7', '-3', '2/3', '75%', '1.5', '99999999999999999999', 'true', 'false', '"text"', '""', '"["', '3 days',
            '2 months', '1 hour', '0 days', '@ana', '@"some one"', '2024-01-31', '2024-02-30', '2024-03-01T12:00:00Z', '[]', '[1]',
            '["a", "b"]', '[@ana, @bo]', '[[1]]', 'nobody', 'anyone', 'now', 'proposal', 'body', 'ballots', 'people', 'organizations']
TYPES = ['number', 'text', 'boolean', 'person', 'date', 'duration', 'proposal', 'list of text', 'list of person', 'optional number',
         'optional person', 'list of proposal', 'list of number', 'set', 'list of list of text']
BEHIND_NAMES = ['of any', 'of any other', 'of this', 'of proposal', 'of proposal.on', 'except proposer', 'among proposal', 'of', 'on',
                '.on', '.size', '.id', '(1)', '()', '(1, 2)', 'or nobody', 'and', 'by name', 'per person', 'without', 'in', 'is open',
                'within 3 days', 'as of opening', 'held by', 'with reason', 'at least 2', '+ 1', '== 1', '> 1/2 of body', 'is not']
# What stands where another of its group could.
GROUPS = [group.split() for group in (
    '== != <= >= < >', '+ - * /', 'and or except', 'is in', 'begins contains matches', 'any every no', 'highest lowest first last',
    'approve reject abstain body ballots', 'second minute hour day week month quarter year',
    'seconds minutes hours days weeks months years', 'person people organization organizations', 'passes fails',
    'raised decided', 'veto dispute',
    'most least', 'accepted rejected vetoed withdrawn final opened', 'grant revoke set', 'granted revoked', 'count total',
    'now body nobody anyone proposal proposer ballots true', 'approves rejects abstains vetoes withdraws seconds upholds disputes',
    'given expect', 'role scope procedure function attribute event measure', 'module proposal person text number', 'use extends',
    'deadline opening lapse term', 'with without', 'from on by to in')]
VALUES_BEGIN = ('when', 'by', ':', '=', 'if', 'from', 'using', '(', '>', '==', 'in', 'to', 'of', 'except', 'among', 'and', 'or', '+',
                'then', 'else', '<', '>=', '*', 'not', 'is', 'within', 'expect', 'granted')
# What begins a line of a kind of proposals, a role or a body: there any of them may be refused by what it means.
CLAUSES = ('raised', 'decided', 'requires', 'veto', 'override', 'overridden', 'dispute', 'on', 'escalates', 'final', 'seconded', 'reopens',
           'withdraw', 'granted', 'revoked', 'from', 'term', 'at', 'exactly', 'grant', 'revoke', 'set', 'emit', 'create', 'remove')
UNITS = ('second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months',
         'quarters', 'years')
VALUES = ['now', 'proposal', 'proposer', 'body', 'approve', 'reject', 'ballots', 'people', 'proposals', 'organizations', 'nobody',
          'conflicted', 'proposal . on', 'proposal . proposer', 'event', 'organization', 'deadline', 'opening', 'voter', 'winner',
          'candidates']
# E: an expression, N: a name, R: a role, S: a scope.
FORMS = ['( E )', 'E and E', 'E or E', 'E except E', 'not E', 'E + E', 'E - E', 'E * E', 'E / E', 'E == E', 'E != E', 'E < E', 'E >= E',
         'E in E', 'E is E', 'E is not E', 'E is open', 'R of E', 'R of any S', 'R of any other S', 'N among E', 'E among R', 'N ( E )',
         'N ( E , E )', 'N ( )', 'max ( E , E )', 'min ( E )', 'count E', 'count ( E )', 'count ( E among E )', 'any x in E : E',
         'every x in E : E', '( any x in N : x . N == E )', 'highest x in E by E', 'lowest x in N by x . N', 'total N of E', 'E . N',
         'N . on . N', '( E ) . id', 'if E then E else E', '[ E , E ]', '[ E ]', '[ ]', 'E contains E', 'E begins with E',
         'E matches E', '- E', 'N of E', '1/2 of E', 'E since E', 'days ( E )', 'E as of opening', 'N held by E', 'R at E', 'E for 3 days', 'E of E']
MARKS = ['==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '/', '=', ':', ',', '.', '(', ')', '{', '}', '[', ']']
LIBRARY = ['std/procedures', 'std/elections', 'std/pytorch', 'std/debian-committee', 'std/us']


class Policy:
    """A policy as tokens, each with the white space before it."""

    def __init__(self, name, shown, text, events):
        self.name, self.shown, self.text, self.events = name, shown, text, events
        self.gaps, self.words = [], []
        kinds, gap, at = [], '', 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(text[at:at + 20])
            if match.lastgroup in ('space', 'comment'):
                gap += match.group()
            else:
                self.gaps.append(gap)
                self.words.append(match.group())
                kinds.append(match.lastgroup)
                gap = ''
            at = match.end()
        self.names = sorted({word for word, kind in zip(self.words, kinds) if kind == 'word' and word not in RESERVED}) or ['ana']
        self.is_told = self.scenarios()
        self.roles, self.scopes = self.declared('role'), self.declared('scope')

    def declared(self, keyword):
        return [self.words[i + 1] for i in range(len(self.words) - 1)
                if self.words[i] == keyword and '\n' in self.gaps[i] and self.words[i + 1] in self.names]

    def scenarios(self):
        """Of each token, whether it is one of a scenario."""
        told, depth, within = [], 0, False
        for word in self.words:
            within = within or (depth == 0 and word == 'scenario')
            told.append(within)
            depth += (word == '{') - (word == '}')
            within = within and not (depth == 0 and word == '}')
        return told


def joined(gaps, words):
    return ''.join(gap + word for gap, word in zip(gaps, words)) + '\n'


# ---- mistakes: each takes a copy of the tokens, and gives whether it made one ----

WAYS = []  # by name


def mistake(way):
    WAYS.append(way.__name__)
    return way


class Mistakes:
    def __init__(self, seed, policy, names):
        self.random = random.Random(seed)
        self.policy, self.library_names = policy, names
        self.gaps, self.words = list(policy.gaps), list(policy.words)

    def insert(self, at, words, gap=' '):
        self.words[at:at] = words
        self.gaps[at:at] = [gap] * len(words)

    def cut(self, start, end):
        taken = self.gaps[start:end], self.words[start:end]
        del self.gaps[start:end], self.words[start:end]
        return taken

    def paste(self, at, taken):
        self.gaps[at:at], self.words[at:at] = taken

    def chosen(self, places):
        """Of tokens in declarations mostly: of most policies scenarios are the larger part."""
        ruling = [i for i in places if i < len(self.policy.is_told) and not self.policy.is_told[i]]
        places = ruling if ruling and self.random.random() < 0.85 else places
        return self.random.choice(places) if places else None

    def place(self, wanted=lambda word: True):
        return self.chosen([i for i, word in enumerate(self.words) if wanted(word)])

    def value_place(self, is_name):
        """A token that is a value, or begins one; of names most others are declared there, or are fields."""
        wanted = re.compile(r'[A-Za-z_]' if is_name else r'[A-Za-z_\d"@]')
        places = [i for i in range(1, len(self.words)) if self.words[i - 1] in VALUES_BEGIN and wanted.match(self.words[i]) and
                  self.words[i] not in VALUES_BEGIN]
        return self.chosen(places)

    def name_place(self):
        return self.place(lambda word: word not in RESERVED and re.match(r'[A-Za-z_]', word))

    def end_of(self, at):
        """Behind the bracket that closes the one at `at`."""
        depth = 0
        for i in range(at, len(self.words)):
            depth += (self.words[i] in '([{') - (self.words[i] in ')]}')
            if depth == 0:
                return i + 1
        return len(self.words)

    def lines(self):
        """Where clauses begin and end: what stands on a line of its own, to the brace that closes it."""
        starts = [i for i, gap in enumerate(self.gaps) if i == 0 or '\n' in gap]
        for start, after in zip(starts, starts[1:] + [len(self.words)]):
            brace = next((i for i in range(start, after) if self.words[i] == '{'), None)
            if self.words[start] != '}':
                yield start, max(after, self.end_of(brace)) if brace is not None else after

    def line(self, is_whole=False):
        depth, found = 0, []
        depths = []
        for word in self.words:
            depths.append(depth)
            depth += (word == '{') - (word == '}')
        for start, end in self.lines():
            if (depths[start] == 0) == is_whole:
                found.append((start, end))
        return self.random.choice(found) if found else None

    # tokens

    @mistake
    def other_of_group(self):
        grouped = {word for group in GROUPS for word in group}
        at = self.place(lambda word: word in grouped)
        if at is None:
            return False
        self.words[at] = self.random.choice(self.random.choice([group for group in GROUPS if self.words[at] in group]))
        return True

    @mistake
    def delete_token(self):
        at = self.place()
        return self.cut(at, at + self.random.choice([1, 1, 1, 2]))

    @mistake
    def double_token(self):
        at = self.place()
        self.insert(at, [self.words[at]])
        return True

    @mistake
    def swap_tokens(self):
        at = self.place()
        if at + 1 == len(self.words):
            return False
        self.words[at], self.words[at + 1] = self.words[at + 1], self.words[at]
        return True

    @mistake
    def other_keyword(self):
        at = self.place(lambda word: word in RESERVED)
        if at is None:
            return False
        self.words[at] = self.random.choice(KEYWORDS)
        return True

    @mistake
    def other_mark(self):
        at = self.place(lambda word: word in MARKS)
        if at is None:
            return False
        self.words[at] = self.random.choice(MARKS)
        return True

    @mistake
    def keyword_between(self):
        self.insert(self.place(), [self.random.choice(KEYWORDS + MARKS)])
        return True

    @mistake
    def misspelled(self):
        at = self.place(lambda word: re.match(r'[A-Za-z_]{3}', word))
        if at is None:
            return False
        word = self.words[at]
        i = self.random.randrange(1, len(word))
        self.words[at] = word[:i] + self.random.choice([word[i - 1], '', 'x']) + word[i + 1:]
        return True

    # names and values

    @mistake
    def other_name(self):
        at = self.name_place()
        if at is None:
            return False
        like = [self.words[i] for i in range(1, len(self.words))
                if self.words[i - 1] == self.words[at - 1] and self.words[i] in self.policy.names]
        self.words[at] = self.random.choice(like if at and len(set(like)) > 1 and self.random.random() < 0.7 else self.policy.names)
        return True

    @mistake
    def library_name(self):
        at = self.name_place()
        if at is None:
            return False
        self.words[at] = self.random.choice(self.library_names)
        return True

    @mistake
    def renamed(self):
        """A name becomes another wherever it stands: two things have one name."""
        at = self.name_place()
        if at is None:
            return False
        word = self.words[at]
        other = self.random.choice(self.policy.names if self.random.random() < 0.9 else KEYWORDS)
        self.words = [other if each == word else each for each in self.words]
        return True

    @mistake
    def name_for_literal(self):
        at = self.place(lambda word: re.match(r'[\d"@]', word))
        if at is None:
            return False
        self.words[at] = self.random.choice(self.policy.names)
        return True

    @mistake
    def other_literal(self):
        at = self.place(lambda word: re.match(r'[\d"@]', word))
        if at is None:
            return False
        self.words[at] = self.random.choice(LITERALS)
        return True

    @mistake
    def literal_for_name(self):
        at = self.value_place(True)
        if at is None:
            return False
        self.words[at] = self.random.choice(LITERALS)
        return True

    @mistake
    def other_type(self):
        at = self.place(lambda word: word == ':')
        if at is None or at + 1 >= len(self.words):
            return False
        self.words[at + 1] = self.random.choice(TYPES + self.policy.names)
        return True

    @mistake
    def behind_name(self):
        at = self.value_place(True)
        if at is None:
            return False
        words = self.random.choice(BEHIND_NAMES).split()
        self.insert(at + 1, [self.random.choice(self.policy.names) if self.random.random() < 0.1 else word for word in words])
        return True

    @mistake
    def of_added(self):
        """`chair of any other team`, where chair is a role, and perhaps one of no scope."""
        scopes = self.policy.scopes + ['organization', 'person', 'proposal']
        at = self.place(lambda word: word in self.policy.roles)
        if at is None:
            return False
        self.insert(at + 1, ['of'] + self.random.choice([['any'], ['any', 'other'], [], ['proposal', '.']]) + [self.random.choice(scopes)])
        return True

    @mistake
    def of_dropped(self):
        """`of any other module`, `except proposer`, `among maintainer`, `on module`, `as of opening`, with what follows or without."""
        opening = ('of', 'except', 'among', 'on', 'from', 'as', 'by', 'within', 'any', 'other', 'with', 'to', 'per')
        at = self.place(lambda word: word in opening)
        if at is None:
            return False
        return self.cut(at, at + self.random.choice([1, 2, 2, 3, 4]))

    @mistake
    def brackets_dropped(self):
        at = self.place(lambda word: word in '([')
        if at is None:
            return False
        end = self.end_of(at)
        return self.cut(at, end) if self.random.random() < 0.7 else self.cut(at + 1, end - 1)

    @mistake
    def one_argument_less(self):
        at = self.place(lambda word: word == ',')
        if at is None:
            return False
        return self.cut(at, at + 2)

    @mistake
    def value_copied(self):
        """What stands behind one word of the kind stands behind another: it parses, and has another type or means nothing there."""
        opens = [i for i, word in enumerate(self.words) if word in VALUES_BEGIN]
        if len(opens) < 2:
            return False
        first = self.chosen(opens)
        like = [i for i in opens if i != first and (self.words[i] == self.words[first] or self.random.random() < 0.2)]
        if not like:
            return False
        ends = set('{},)') | {'when', 'within', 'then', 'else', 'using'}
        parts = []
        for at in (first, self.random.choice(like)):
            end = at + 1
            while end < len(self.words) and self.words[end] not in ends and '\n' not in self.gaps[end]:
                end = self.end_of(end) if self.words[end] in '([' else end + 1
            parts.append((at + 1, end))
        (start, end), (other, other_end) = parts
        copied = self.gaps[other:other_end], self.words[other:other_end]
        self.cut(start, end)
        self.paste(start, ([' '] * len(copied[0]), copied[1]))
        return True

    def value(self, depth):
        """An expression of names of the policy. It parses; what type it has, and whether it has one, is another matter."""
        r, names = self.random, self.policy.names
        if depth <= 0 or r.random() < 0.2:
            return r.choice([r.choice(names), r.choice(names), r.choice(LITERALS), 'proposal . ' + r.choice(names),
                             r.choice(VALUES)])
        ways = r.choice(FORMS)
        return ' '.join(self.value(depth - 1) if word == 'E' else r.choice(names) if word == 'N' else
                        r.choice(self.policy.roles or names) if word == 'R' else
                        r.choice(self.policy.scopes or names) if word == 'S' else word for word in ways.split())

    @mistake
    def value_made(self):
        at = self.value_place(False)
        if at is None or (self.words[at - 1] == ':' and self.random.random() < 0.8):
            return False  # a field, mostly
        end = at + 1
        while end < len(self.words) and self.words[end] in ('.', 'of', '(', 'any', 'other') and '\n' not in self.gaps[end]:
            end = self.end_of(end) if self.words[end] == '(' else end + 2
        if end < len(self.words) and self.words[end] in UNITS:
            end += 1
        self.cut(at, end)
        self.insert(at, self.value(self.random.randint(1, 3)).split())
        return True

    # clauses and declarations

    @mistake
    def clause_dropped(self):
        found = self.line()
        return found and self.cut(*found)

    @mistake
    def clause_doubled(self):
        found = self.line()
        if not found:
            return False
        start, end = found
        self.paste(end, (self.gaps[start:end], self.words[start:end]))
        return True

    @mistake
    def clause_moved(self):
        found = self.line()
        if not found:
            return False
        taken = self.cut(*found) if self.random.random() < 0.7 else (self.gaps[slice(*found)], self.words[slice(*found)])
        like = [line for line in self.lines() if line[0] and self.words[line[0]] in CLAUSES and taken[1][0] in CLAUSES]
        to = self.random.choice(like) if like and self.random.random() < 0.8 else self.line() or self.line(True)
        if not to:
            return False
        self.paste(to[0], taken)
        return True

    @mistake
    def declaration_dropped(self):
        found = self.line(True)
        return found and self.cut(*found)

    @mistake
    def declaration_doubled(self):
        found = self.line(True)
        if not found:
            return False
        start, end = found
        taken = self.gaps[start:end], self.words[start:end]
        if self.random.random() < 0.5 and end - start > 1:
            taken[1][1] = self.random.choice(self.policy.names)
        self.paste(end, taken)
        return True

    @mistake
    def declaration_within(self):
        found = self.line(True)
        if not found:
            return False
        taken = self.cut(*found)
        to = self.line()
        if not to:
            return False
        self.paste(to[0], taken)
        return True

    @mistake
    def scope_added(self):
        at = self.place(lambda word: word in ('role', 'proposal', 'scope'))
        if at is None or at + 1 >= len(self.words):
            return False
        word = {'role': 'of', 'proposal': 'on', 'scope': 'in'}[self.words[at]]
        self.insert(at + 2, [word, self.random.choice(self.policy.scopes or self.policy.names)])
        return True

    @mistake
    def scope_dropped(self):
        places = [i for i, word in enumerate(self.words) if word in ('on', 'of') and i > 1 and
                  self.words[i - 2] in ('role', 'proposal', 'procedure', 'event')]
        at = self.random.choice(places) if places else None
        return at is not None and self.cut(at, at + 2)

    @mistake
    def library_used(self):
        found = self.line(True)
        words = [self.random.choice(['use', 'extends']), f'"{self.random.choice(LIBRARY)}"']
        self.insert(found[0] if found else 0, words, '\n')
        return True

    def make(self):
        """One mistake, sometimes more: the text, and what was done to it."""
        done = []
        for _ in range(self.random.choice([1, 1, 1, 1, 2, 3])):
            way = self.random.choice(WAYS)
            if self.words and getattr(self, way)():
                done.append(way)
        return joined(self.gaps, self.words), done


# Those that leave what still parses come more often: the parser has tests of its own.
WAYS += ['other_name', 'other_literal', 'clause_moved', 'clause_dropped', 'one_argument_less', 'declaration_dropped', 'renamed',
         'scope_dropped', 'of_added'] * 3
WAYS += ['value_copied', 'other_of_group', 'value_made'] * 8


# ---- all policies, and mistakes in them ----

def stories_of(path):
    """Founding facts and events of the stories beside a policy, as one stream each."""
    folder = os.path.dirname(path)
    if path == 'stdlib/pytorch.bylaw':
        folder = 'examples/pytorch'
    elif os.path.basename(path) != 'policy.bylaw':
        return []
    found = sorted(name for name in os.listdir(folder) if name.endswith('.jsonl'))
    read = {}
    for name in found:
        with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
            read[name] = file.read()
    facts = read.get('roster.jsonl', read.get('rules.jsonl', ''))
    stories = [facts + text for name, text in read.items() if name not in ('roster.jsonl', 'rules.jsonl')]
    return [story for story in stories if len(story) < EVENTS_MOST]


class Pool:
    def __init__(self, paths):
        self.policies, library = [], set()
        for path in paths:
            for name, folder, text in policies_of(path):
                try:
                    policy = Policy(f'{folder}/{os.path.basename(path)}', name, text, stories_of(path))
                except ValueError:
                    continue  # it has bytes that are no token
                if policy.words:
                    self.policies.append(policy)
                    if path.startswith('stdlib/'):
                        library.update(policy.names)
        self.library = sorted(library)
        self.wrong = [policy for policy in self.policies if '/diagnostics/' in policy.shown or '/errors/' in policy.shown]
        self.good = [policy for policy in self.policies if policy not in self.wrong]

    def mutant(self, seed, number):
        chosen = random.Random(f'{seed} {number}')
        policy = chosen.choice(self.wrong if self.wrong and chosen.random() < 0.15 else self.good)
        text, done = Mistakes(f'{seed} {number} mistake', policy, self.library).make()
        return policy, text, done, chosen.choice(policy.events) if policy.events else ''


# ---- asking of many at once ----

Answer = collections.namedtuple('Answer', 'defects messages errors warnings')


def packed(policy, text, events):
    text, events = text.encode(), events.encode()
    return f'{policy.name} {len(text)} {len(events)}\n'.encode() + text + events


def read_answers(lines):
    """The answers that are whole."""
    defects, messages, answers = [], [], []
    for line in lines:
        if line.startswith('defect '):
            defects.append(line[7:])
        elif line.startswith('{'):
            messages.append(json.loads(line))
        elif line.startswith('end '):
            answers.append(Answer(defects, messages, *map(int, line.split()[1:])))
            defects, messages = [], []
    return answers


def how_it_ended(done):
    said = done.stderr.decode(errors='replace')
    line = re.search(r'^(SUMMARY:.*|.*runtime error:.*|.*Assertion.*)$', said, re.MULTILINE)
    if done.returncode == -14:
        return 'it runs for a minute'
    return f'it ends with status {done.returncode}: {line.group(1) if line else said[-300:]}'


def ask(program, mutants):
    """An Answer of each. One that ends the program is answered by how it ended; the rest goes to another."""
    answers = []
    while len(answers) < len(mutants):
        with tempfile.TemporaryFile() as given:
            for policy, text, _, events in mutants[len(answers):]:
                given.write(packed(policy, text, events))
            given.seek(0)
            done = subprocess.run([program], stdin=given, capture_output=True, check=False)
        answers += read_answers(done.stdout.decode().splitlines())
        if done.returncode != 0 and len(answers) < len(mutants):
            answers.append(Answer([how_it_ended(done)], [], 0, 0))
        elif done.returncode != 0:
            answers[-1].defects.append(how_it_ended(done))
        elif len(answers) < len(mutants):
            raise ValueError(f'{len(mutants) - len(answers)} policies have no answer')
    return answers


# ---- what must hold of messages ----

class Files:
    """The size and the lines of each file that a message can name."""

    def __init__(self):
        self.known = {}

    def content(self, name):
        if name not in self.known:
            path = re.sub(r'^std/', 'stdlib/', name) + ('.bylaw' if name.startswith('std/') else '')
            with open(path, 'rb') as file:
                self.known[name] = file.read()
        return self.known[name]


def wrong_place(message, policy, text, files):
    if 'file' not in message:
        return None
    try:
        content = text.encode() if message['file'] == policy.name else files.content(message['file'])
    except OSError:
        return f'there is no file {message["file"]}'
    if not 0 <= message['offset'] <= message['endOffset'] <= len(content):
        return f'{message["offset"]} to {message["endOffset"]} of {len(content)} bytes'
    if content[:message['offset']].count(b'\n') + 1 != message['line']:
        return f'byte {message["offset"]} is not in line {message["line"]}'
    return None


def wrongs_of(answer, policy, text, files):
    yield from answer.defects
    for message in answer.messages:
        if not message['message'] or re.search(r'[\x00-\x1f]|\(null\)|4294967295|BL_|OP_', message['message']):
            yield f'{message["code"]} says {message["message"]!r}'
        if 'file' not in message:
            yield f'{message["code"]} has no place'
        for told in [message] + message.get('notes', []):
            wrong = wrong_place(told, policy, text, files)
            if wrong:
                yield f'{message["code"]} has a wrong place: {wrong}'


def kind_of(wrong):
    """What is the same of the same defect in two policies."""
    return re.sub(r'\d+|`[^`]*`|0x[0-9a-f]+', 'N', wrong)


# ---- commands ----

def batches(pool, seed, count):
    for first in range(0, count, 200):
        yield range(first, min(first + 200, count)), [pool.mutant(seed, n) for n in range(first, min(first + 200, count))]


def try_all(program, seed, count, pool):
    files, found, compiled, refused = Files(), {}, 0, 0
    for numbers, mutants in batches(pool, seed, count):
        for number, mutant, answer in zip(numbers, mutants, ask(program, mutants)):
            compiled += answer.errors == 0
            refused += answer.errors > 0
            for wrong in wrongs_of(answer, mutant[0], mutant[1], files):
                found.setdefault(kind_of(wrong), []).append((number, mutant, wrong))
    for all_of_kind in found.values():
        number, (policy, _, done, _), wrong = all_of_kind[0]
        print(f'FAIL mistyped: {policy.shown} with {", ".join(done)}, seed {seed}, number {number}; {len(all_of_kind)} like it')
        print(f'    {wrong}')
    if compiled < count / 10 or refused < count / 10:
        print(f'FAIL mistyped: of {count} policies {compiled} compile and {refused} do not')
    elif not found:
        print(f'ok mistyped: of {count} policies with mistakes {compiled} work and {refused} are refused with words, seed {seed}')


def show_one(program, seed, number, pool):
    policy, text, done, events = pool.mutant(seed, number)
    answer = ask(program, [(policy, text, done, events)])[0]
    print(text)
    print(f'# {policy.shown}: {", ".join(done)}', file=sys.stderr)
    for wrong in wrongs_of(answer, policy, text, Files()):
        print(f'# {wrong}', file=sys.stderr)
    for message in answer.messages:
        print(f'# {message["line"]}: {message["code"]} {message["message"]}', file=sys.stderr)


def count_messages(program, seed, count, pool):
    """Of policies that had none."""
    clean = {policy for policy, answer in zip(pool.policies, ask(program, [(p, p.text, [], '') for p in pool.policies]))
             if not answer.messages}
    counts, most = collections.Counter(), []
    for numbers, mutants in batches(pool, seed, count):
        for number, mutant, answer in zip(numbers, mutants, ask(program, mutants)):
            if len(mutant[2]) == 1 and mutant[0] in clean:
                counts[answer.errors + answer.warnings] += 1
                most.append((answer.errors + answer.warnings, number, mutant[0].shown, mutant[2][0],
                             collections.Counter(message['code'] for message in answer.messages).most_common(3)))
    for messages, times in sorted(counts.items()):
        print(f'{messages:6} messages: {times}')
    for messages, number, shown, way, codes in sorted(most, key=lambda one: (-one[0], one[1]))[:10]:
        print(f'{messages:6} of number {number}, {shown}: {way}; {codes}')


def all_paths():
    paths = ['README.md']
    for top, ending in (('stdlib', '.bylaw'), ('examples', '.bylaw'), ('tests', '.bylaw'), ('docs', '.md')):
        for folder, _, names in os.walk(top):
            paths += [os.path.join(folder, name) for name in names if name.endswith(ending)]
    return sorted(paths)


COMMANDS = {'try': try_all, 'one': show_one, 'count': count_messages}

if __name__ == '__main__':
    command, program, seed, number = sys.argv[1:]
    program = os.path.abspath(program)
    os.chdir(ROOT)
    COMMANDS[command](program, seed, int(number), Pool(all_paths()))
