"""What `bylaw needs` tells of elections by plurality and approval, against counting by hand.

Usage: needs_elections.py BYLAW FOLDER. Random ballots and withdrawals; for each candidate further ballots are added one by one
until nobody else has as many votes.
"""
import json
import os
import random
import re
import subprocess
import sys

bylaw, folder = sys.argv[1], sys.argv[2]
POLICY = """role member
procedure one { quorum cast >= 20  ballot choice  counts by %s }
proposal seat { raised by anyone  candidates from member default nobody  decided by member using one within 7 days }
"""
chance = random.Random(7)


def further(votes, who):
    added = 0
    while any(votes[who] + added <= votes[other] for other in votes if other != who):
        added += 1
    return added


def expected(votes, left):
    needs = {who: further(votes, who) for who in votes}
    leader = next((who for who in votes if needs[who] == 0), None)
    able = sorted((n, i, who) for i, (who, n) in enumerate(needs.items()) if 0 < n <= left)
    return leader, [(who, n) for n, _, who in able[:5]], max(len(able) - 5, 0), sum(n > left for n in needs.values())


def told(text):
    leader = re.search(r"; (\S+) leads with (\d+) votes?[;.]", text)
    listed = re.search(r"; to lead alone (.*?)(;|\.$)", text)
    pairs = re.findall(r"(@?\w+) needs (\d+)", listed.group(1)) if listed else []
    more = re.search(r"; (\d+) others? needs? no fewer", text)
    unable = re.search(r"; (\d+) can no longer", text)
    open_ballots = re.search(r"; (\d+) of \d+ (has|have) not voted yet", text)
    return (
        open_ballots and (int(open_ballots.group(1)), open_ballots.group(2)),
        leader and (leader.group(1), int(leader.group(2))),
        [(who, int(n)) for who, n in pairs],
        int(more.group(1)) if more else 0,
        int(unable.group(1)) if unable else 0,
    )


def one_case(number):
    method = chance.choice(["plurality", "approval"])
    people = ["p%02d" % i for i in range(chance.randint(2, 9))]
    policy, events = os.path.join(folder, "seat.bylaw"), os.path.join(folder, "seat.jsonl")
    with open(policy, "w") as out:
        out.write(POLICY % method)
    lines = [{"time": "2024-01-01T00:00:00Z", "type": "grant", "role": "member", "to": p} for p in people]
    lines.append({"type": "propose", "kind": "seat", "id": "lead", "actor": "zoe"})
    votes = {"@" + p: 0 for p in people} | {"nobody": 0}
    ballots = {}
    for voter in people:
        if chance.random() < 0.6:
            size = 1 if method == "plurality" else chance.randint(1, 3)
            ballots[voter] = chance.sample(people + ["nobody"], min(size, len(people)))
            lines.append({"type": "choose", "proposal": "lead", "actor": voter, "choice": ballots[voter]})
    gone = chance.sample(people, chance.randint(0, 1))
    lines += [{"type": "withdraw", "proposal": "lead", "actor": p, "candidate": p} for p in gone]
    for choice in ballots.values():
        for name in choice:
            votes["@" + name if name in people else name] += 1
    for p in gone:
        del votes["@" + p]
    with open(events, "w") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)
    if len(ballots) == len(people):
        return False
    text = subprocess.run(
        [bylaw, "needs", "lead", "-p", policy, events], capture_output=True, text=True, timeout=60
    ).stdout.strip()
    leader, able, more, unable = expected(votes, len(people) - len(ballots))
    left = len(people) - len(ballots)
    wanted = ((left, "has" if left == 1 else "have"), leader and (leader, votes[leader]), able, more, unable)
    if told(text) != wanted:
        print("FAIL needs of election %d" % number)
        print("    told %s\n    wanted %s\n    %s" % (told(text), wanted, text))
    return True


done = sum(one_case(number) for number in range(60))
print("ok needs of %d elections" % done if done > 30 else "FAIL only %d elections were open" % done)
