#!/usr/bin/env python3
"""compare.py OLD NEW COMPARED: finds in the outcomes of two runs what `bylaw compare` must have found, and compares.

It knows endings, winners and refusals, in the plainest way: the last outcome of a kind wins.
"""
import json
import sys

ENDING = {"accepted", "rejected", "vetoed", "withdrawn", "lapsed"}
MOVING = {"opened", "escalated", "disputed"}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def endings(outcomes):
    ends, winners, refused, unknown = {}, {}, set(), set()
    for o in outcomes:
        name, kind = o.get("proposal"), o["type"]
        if kind in ENDING or kind in MOVING:
            ends[name] = kind
        elif kind == "overridden":
            ends[name] = "accepted"
        elif kind == "elected":
            winners[name] = o["to"]
        elif kind == "refused" and o.get("event") and "seq" in o:
            refused.add((o["seq"], o["event"], o.get("actor"), name))
            if o["because"].startswith("the policy knows no ") and not o.get("clause"):
                unknown.add(o["seq"])
                if o["event"] == "propose":
                    ends.setdefault(name, "unknown")
            elif o["event"] == "propose":
                ends.setdefault(name, "refused")
    return ends, winners, refused, unknown


def is_open(end):
    return end in MOVING


def main():
    old, new = endings(lines(sys.argv[1])), endings(lines(sys.argv[2]))
    compared = lines(sys.argv[3])
    wrong = []
    told = {c["proposal"]: c for c in compared if c["type"] == "proposal"}
    for name in sorted(set(old[0]) | set(new[0])):
        a, b = old[0].get(name, "absent"), new[0].get(name, "absent")
        if "unknown" in (a, b):
            if name in told:
                wrong.append(f"{name} is told, though one policy does not know its kind")
            continue
        differs = a != b and not {a, b} <= {"refused", "absent"}
        has_ending = "ending" in told.get(name, {}).get("differs", [])
        if differs and not has_ending:
            wrong.append(f"{name}: {a} and {b}, and it is not told")
        if has_ending and not differs and not (is_open(a) and is_open(b)):
            wrong.append(f"{name}: told as different, and it is {a} under both")
        if (old[1].get(name) != new[1].get(name)) != ("winner" in told.get(name, {}).get("differs", [])):
            wrong.append(f"{name}: winners {old[1].get(name)} and {new[1].get(name)}")
    acts = {(c["seq"], c["event"], c.get("actor"), c.get("proposal")) for c in compared if c["type"] == "act" and "seq" in c}
    unknown = old[3] | new[3]
    gone = {n for ends in (old[0], new[0]) for n, end in ends.items() if end == "unknown"}
    for act in sorted(old[2] ^ new[2], key=str):
        is_raising = act[1] == "propose" and (act[3] in told or act[3] in gone)
        if act not in acts and not is_raising and act[0] not in unknown and act[3] not in gone:
            wrong.append(f"only one policy refuses {act}, and it is not told")
    for act in sorted(acts - (old[2] ^ new[2]), key=str):
        wrong.append(f"{act} is told, and both policies treat it alike")
    summary = compared[-1]
    if summary["type"] != "summary" or summary["proposals"] != len(set(old[0]) | set(new[0])):
        wrong.append(f"the summary counts otherwise: {summary}")
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
