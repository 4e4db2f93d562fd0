#!/usr/bin/env python3
"""A long history under std/pytorch, the same for the same arguments on every machine: for `make bench`.

    generate.py roster            the founding facts: modules, a few hundred people, who maintains what
    generate.py events COUNT      COUNT events: changes and their approvals, votes, vetoes, disputes, roles given and
                                  taken, and acts that are refused

It knows the policy only roughly: it remembers what it proposed lately, not what came of it, so that some acts come too
late or from the wrong people, as they do in life. The mix is the same from the first event to the last.
"""
import sys

MODULE_COUNT = 60
PEOPLE_COUNT = 400
CORE_COUNT = 15
REMEMBERED = 400  # proposals that somebody may still act in


class Dice:
    """A generator of our own (Knuth's MMIX constants): Python's may change between versions."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def of(self, items):
        return items[self.below(len(items))]


def module(number):
    return f"module-{number}"


def person(number):
    return f"contributor{number}"


def maintainers(number):
    """3 to 12 people; the same each time."""
    return [person((number * 37 + i * 11) % PEOPLE_COUNT) for i in range(3 + number * 7 % 10)]


CORE = [person(i * 23) for i in range(CORE_COUNT)]


def write_roster(out):
    time = '"time":"2020-01-01T00:00:00Z",'
    for number in range(MODULE_COUNT):
        out(f'{{{time}"type":"create","scope":"module","id":"{module(number)}","name":"Module {number}",'
            f'"paths":["src/{module(number)}/**"]}}\n')
        time = ""
        for handle in maintainers(number):
            out(f'{{"type":"grant","role":"maintainer","on":"{module(number)}","to":"{handle}"}}\n')
    for handle in CORE:
        out(f'{{"type":"grant","role":"core_maintainer","to":"{handle}"}}\n')
    out(f'{{"type":"grant","role":"lead_core_maintainer","to":"{CORE[0]}"}}\n')


def stamp(seconds):
    """RFC 3339 of seconds since 2020-01-01, by the civil calendar."""
    days, rest = divmod(seconds, 86400)
    days += 18262 + 719468  # from 0000-03-01
    era, of_era = divmod(days, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    year += era * 400 + (month <= 2)
    return f"{year:04}-{month:02}-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z"


class History:
    def __init__(self, out):
        self.out = out
        self.dice = Dice(20231106)
        self.seconds = 86400
        self.count = 0
        self.changes = []  # (id, module), the latest last
        self.votes = []
        self.waiting = []  # lines that follow one another
        self.decided = set()  # of those remembered, as far as we know
        self.owners = []  # (module, handle), of code owners

    def write(self, rest):
        self.seconds += self.dice.below(120)
        self.out(f'{{"time":"{stamp(self.seconds)}",{rest}}}\n')

    def act(self, verb, actor, proposal, more=""):
        self.write(f'"type":"{verb}","actor":"{actor}","proposal":"{proposal}"{more}')

    def remember(self, list_, number, author):
        """What falls out of memory undecided is withdrawn, or open proposals would pile up."""
        list_.append((f"p{self.count}", number, author))
        if len(list_) > REMEMBERED:
            proposal, _, author = list_.pop(0)
            if proposal not in self.decided:
                self.waiting.append(f'"type":"withdraw","actor":"{author}","proposal":"{proposal}"')
            self.decided.discard(proposal)

    def propose_change(self):
        number = self.dice.below(MODULE_COUNT)
        author = person(self.dice.below(PEOPLE_COUNT))
        self.remember(self.changes, number, author)
        self.write(f'"type":"propose","kind":"change","on":"{module(number)}","id":"p{self.count}",'
                   f'"actor":"{author}","labels":["bug fix"],'
                   f'"files":["src/{module(number)}/part{self.dice.below(90)}.py"]')

    def propose_vote(self):
        number = self.dice.below(MODULE_COUNT)
        author = person(self.dice.below(PEOPLE_COUNT))
        self.remember(self.votes, number, author)
        self.decided.add(f"p{self.count}")  # by its deadline at the latest
        self.write(f'"type":"propose","kind":"controversial_change","on":"{module(number)}","id":"p{self.count}",'
                   f'"actor":"{author}","issue":"#{self.count}","labels":["removal"]')

    def approve_change(self):
        proposal, _, _ = self.dice.of(self.changes[-60:])
        self.decided.add(proposal)
        self.act("approve", self.dice.of(maintainers(self.dice.below(MODULE_COUNT))), proposal)

    def vote(self):
        proposal, number, _ = self.dice.of(self.votes[-30:])
        voters = CORE if self.dice.below(3) else maintainers(number)
        verb = self.dice.of(["approve", "approve", "approve", "reject", "abstain"])
        self.act(verb, self.dice.of(voters), proposal)

    def veto(self):
        proposal, _, _ = self.dice.of(self.changes + self.votes)
        verb = "uphold" if self.dice.below(4) == 0 else "veto"
        self.act(verb, self.dice.of(CORE), proposal, ',"reason":"it breaks what others rely on"')

    def dispute(self):
        proposal, _, _ = self.dice.of(self.changes + self.votes)
        other = self.dice.of(maintainers(self.dice.below(MODULE_COUNT)))
        self.act("dispute", other, proposal, ',"reason":"the exporter still needs it"')

    def change_role(self):
        """As many are given as are taken, so that the world stays as large as it is."""
        if len(self.owners) < MODULE_COUNT:
            number, other = self.dice.below(MODULE_COUNT), person(self.dice.below(PEOPLE_COUNT))
            self.owners.append((number, other))
            verb, to = "grant", "to"
        else:
            number, other = self.owners.pop(0)
            verb, to = "revoke", "from"
        owner = self.dice.of(maintainers(number))
        self.write(f'"type":"{verb}","actor":"{owner}","role":"code_owner","on":"{module(number)}","{to}":"{other}"')

    def nominate(self):
        """Somebody becomes a maintainer, and resigns soon."""
        number = self.dice.below(MODULE_COUNT)
        nominee = person((number * 37 + 5) % PEOPLE_COUNT)
        self.write(f'"type":"propose","kind":"confirm_maintainer","on":"{module(number)}","id":"p{self.count}",'
                   f'"actor":"{person(self.dice.below(PEOPLE_COUNT))}",'
                   f'"nominee":"{nominee}","contributions":"twenty reviewed changes",'
                   '"testimonials":"two","support":"the maintainers"')
        self.waiting = [f'"type":"approve","actor":"{handle}","proposal":"p{self.count}"' for handle in CORE[1:9]]
        self.waiting.append(f'"type":"resign","actor":"{nominee}","role":"maintainer","on":"{module(number)}"')

    def refused(self):
        proposal, _, _ = self.dice.of(self.changes)
        if self.dice.below(2):
            self.act("approve", f"visitor{self.dice.below(50)}", proposal)
        else:
            self.write(f'"type":"propose","kind":"change","on":"{module(self.dice.below(MODULE_COUNT))}",'
                       f'"id":"p{self.count}","actor":"{person(3)}","labels":["removal"]')

    def step(self):
        self.count += 1
        if self.waiting:
            self.write(self.waiting.pop(0))
            return
        die = self.dice.below(100)
        if die < 24 or not self.changes:
            self.propose_change()
        elif die < 52:
            self.approve_change()
        elif die < 57 or not self.votes:
            self.propose_vote()
        elif die < 86:
            self.vote()
        elif die < 90:
            self.veto()
        elif die < 91:
            self.dispute()
        elif die < 94:
            self.change_role()
        elif die < 95:
            self.nominate()
        else:
            self.refused()


def main(arguments):
    out = sys.stdout.write
    if arguments == ["roster"]:
        write_roster(out)
        return 0
    if len(arguments) == 2 and arguments[0] == "events" and arguments[1].isdigit():
        history = History(out)
        for _ in range(int(arguments[1])):
            history.step()
        return 0
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
