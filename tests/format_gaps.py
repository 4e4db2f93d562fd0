#!/usr/bin/env python3
"""What `bylaw fmt` makes of policies that somebody typed in haste: something in each gap between two tokens.

    format_gaps.py PROGRAM FILE…    PROGRAM is tests/unit/formatted; BYLAW_GAPS=1 tries every gap, 20 one of 20

Into gaps of all declarations of the tree go comments, line ends, blank lines, tabs; names and texts become long. The formatted
text must have the same tokens and comments, each comment behind the same token and on the same side of a line end, the
blank lines that somebody put, no line that is longer than it has to be; and formatted again it must be the same. Whole
policies with all that in them must compile to the same program.
"""
import os
import random
import re
import subprocess
import sys

from format import TOKEN, WIDTH, Writer, policies_of, tell

GAPS = (' # told\n', '\n# on its own\n', ' # told\n\n# on its own\n\n', '\n', '\n\n', '\n\n\n', '\r\n', '\t\t', '  \t\n  ')
ONE_GAP_OF = int(os.environ.get('BYLAW_GAPS', '20'))
STRETCHED = 4000


class Formatter:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, text, name='-'):
        """The formatted text, or None where it does not parse, and the number of its program."""
        content = text.encode()
        self.process.stdin.write(b'%s %d\n' % (name.encode(), len(content)) + content)
        self.process.stdin.flush()
        status, size, number = self.process.stdout.readline().split()
        out = self.process.stdout.read(int(size)).decode()
        return (out if int(status) == 0 else None), int(number)


def parts(text):
    """Tokens and comments, each with the line ends in front of it."""
    found, line_ends = [], 0
    for match in TOKEN.finditer(text, text.startswith('\ufeff')):
        if match.lastgroup == 'space':
            line_ends += match.group().count('\n')
            continue
        is_comment = match.lastgroup == 'comment'
        found.append((match.group().rstrip(' \t\r\f\v') if is_comment else match.group(), is_comment, line_ends))
        line_ends = 0
    return found


def moved(given, made):
    """What is not where somebody put it."""
    if [part[:2] for part in given] != [part[:2] for part in made]:
        yield 'tokens or comments differ'
        return
    token = '{'
    for number, ((word, is_comment, before), (_, _, after)) in enumerate(zip(given, made)):
        if is_comment and number > 0 and (before == 0) != (after == 0):
            yield f'the comment {word!r} stands on another line'
        if number > 0 and before > 1 and after == 1 and token != '{' and (word != '}' or is_comment):
            yield f'a blank line is lost before {word!r}'
        if before < 2 and after > 1:
            yield f'a blank line was made before {word!r}'
        if not is_comment:
            token = word


def too_long(text):
    """Lines that could have been broken."""
    for line in text.split('\n'):
        if len(line) <= WIDTH:
            continue
        words = [match for match in TOKEN.finditer(line) if match.lastgroup not in ('space', 'comment')]
        breaks = [word.start() for word in words[1:] if line[word.start() - 1] == ' ' and word.group() not in '{}']
        if words and words[-1].end() > WIDTH and any(at <= WIDTH + 1 for at in breaks):
            yield f'too long is {line!r}'


def check(formatter, text):
    out, _ = formatter.ask(text)
    if out is None:
        raise ValueError('it is refused')
    for complaint in moved(parts(text), parts(out)):
        raise ValueError(complaint)
    for complaint in too_long(out):
        raise ValueError(complaint)
    if '\n\n\n' in out or re.search(r'[ \t\r]$', out, re.MULTILINE) or not re.fullmatch(r'(?s)|[^\n].*[^\n]\n|[^\n]\n', out):
        raise ValueError('it has white space that stands for nothing')
    if formatter.ask(out)[0] != out:
        raise ValueError('formatted twice it differs')
    return out


def declarations(text):
    """Of a formatted text, each with its comments."""
    begun = []
    for line in text.split('\n'):
        begins = re.match('[a-z]', line)
        if begins and any(re.match('[a-z]', other) for other in begun):
            yield '\n'.join(begun) + '\n'
            begun = []
        begun.append(line)
    yield '\n'.join(begun) + '\n'


def gaps_of(text):
    """Where white space is or could be: pairs of what stands before and behind."""
    ends = [0] + [match.end() for match in TOKEN.finditer(text) if match.lastgroup not in ('space', 'comment')]
    for end in ends:
        behind = text[end:].lstrip(' \n')
        if not text[end:].lstrip(' ').startswith('#'):
            yield text[:end], behind


def stretched(draw, text, keywords):
    """Names and texts as long as a line, and white space as it came."""
    most, chance, names, out = draw.choice([20, 80, 160]), draw.choice([.1, .3, 1]), {}, ''
    for match in TOKEN.finditer(text):
        word = match.group()
        if match.lastgroup == 'word' and word not in keywords:
            names.setdefault(word, word + '_' + 'x' * (draw.randrange(most) if draw.random() < chance else 0))
            word = names[word]
        elif match.lastgroup == 'text' and draw.random() < chance:
            word = word[:-1] + ' w' * draw.randrange(most) + '"'
        elif word == ' ' and draw.random() < .1:
            word = draw.choice(GAPS)
        out += word
    return out


def main():
    formatter, draw, known, whole = Formatter(sys.argv[1]), random.Random(1), set(), []
    with open('lang/keywords.def', encoding='utf-8') as file:
        keywords = set(re.findall(r'^KEYWORD\((\w+),', file.read(), re.MULTILINE))
    for path in sys.argv[2:]:
        for name, _, text in policies_of(path):
            out, number = formatter.ask(text, path)
            if out is not None:
                known.update(declarations(out))
                whole.append((path, name, out, number))
    pieces, tried = sorted(known), 0

    def attempt(claim, text):
        nonlocal tried
        tried += 1
        try:
            return check(formatter, text)
        except ValueError as complaint:
            tell(f'format: {claim}', str(complaint), text)
            sys.exit()  # the failure is told

    for piece in pieces:
        for before, behind in gaps_of(piece):
            for gap in GAPS:
                if draw.randrange(ONE_GAP_OF) == 0:
                    attempt('something in a gap', before + gap + behind)
    for seed in range(STRETCHED):
        attempt('long names and texts', stretched(draw, draw.choice(pieces), keywords))
    for path, name, text, number in whole:
        shaken = Writer(len(text)).shaken(text, True)
        if number != 0 and (formatter.ask(shaken, path)[1] != number or formatter.ask(attempt(name, shaken), path)[1] != number):
            tell(f'format: {name} with other white space', 'the program differs', shaken)
            sys.exit()  # the failure is told
    compiled = sum(number != 0 for *_, number in whole)
    if len(pieces) < 1000 or compiled < 200:
        print(f'FAIL format: {len(pieces)} declarations in {compiled} policies that compile were found')
    else:
        print(f'ok format: {tried} texts with something in their gaps keep it where it stands, in lines that fit')


main()
