#!/usr/bin/env python3
"""Writes hypothetical.jsonl and paths.jsonl from merge_rules.yaml, always the same bytes.

Situations are drawn at random from a fixed seed, so that they mix traps nobody would think of
combining; what each comes to is what decide.py says. `generate.py --check` compares the files with
what would be written and changes nothing.
"""

import json
import pathlib
import random
import sys

import decide

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20230201
SITUATION_COUNT = 2000
RANDOM_PATH_COUNT = 440

TEAM = "pytorch/pytorch-dev-infra"
TEAMS = {TEAM: ["kit1980", "huydhn", "seemethere", "clee2000", "weiwangmeta"]}
NOBODYS_FILES = ["README.md", "setup.py", "c10/core/Device.h", "torch/nn/modules/linear.py",
                 "torch/optim/adam.py", "test/test_nn.py", "caffe2/CMakeLists.txt", ".gitignore"]
OUTSIDERS = ["zoe", "mallory", "alban", "pytorch", "EzYang", "albanD", "alband", "Chillee", "chillee"]
FAILING = ["FAILURE", "TIMED_OUT", "CANCELLED", "ACTION_REQUIRED", "STALE", "STARTUP_FAILURE"]
UNRULY = [
    {"name": "nobody named", "patterns": ["tools/**"], "approved_by": [],
     "mandatory_checks_name": ["EasyCLA", "Lint"]},
    {"name": "strict about flakes", "patterns": ["tools/**", "docs/*"], "approved_by": ["ana", TEAM],
     "mandatory_checks_name": ["pull"], "ignore_flaky_failures": False},
    {"name": "no checks", "patterns": ["docs/s**"], "approved_by": ["bo"], "mandatory_checks_name": []},
    {"name": "a team only", "patterns": ["docs/**", "c10/*"], "approved_by": ["pytorch/nobody-knows"],
     "mandatory_checks_name": ["Lint"]},
]

# Traps with the answer worked out by hand: (pattern, path, matches).
BY_HAND = [
    ("*", "README.md", True), ("*", "torch/nn/init.py", True), ("*", "/", True),
    ("docs/**", "docs/", True), ("docs/**", "docs", False), ("docs/**", "xdocs/a.md", False),
    ("docs/**", "docs/source/a/b.rst", True), ("docs/**", "Docs/a.md", False),
    ("torch/*docs.py", "torch/_torch_docs.py", True), ("torch/*docs.py", "torch/docs.py", True),
    ("torch/*docs.py", "torch/a/docs.py", False), ("torch/*docs.py", "torch/_docs.pyc", True),
    ("torch/*docs.py", "torch/_docsxpy", False), ("torch/*docs.py", "torch/_tensor_docs_py", False),
    ("mypy.ini", "mypy.ini", True), ("mypy.ini", "mypy.ini.bak", True), ("mypy.ini", "mypyXini", False),
    ("mypy.ini", "tools/mypy.ini", False), ("mypy.ini", "mypy.in", False),
    ("third_party/onnx", "third_party/onnx", True),
    ("third_party/onnx", "third_party/onnx-tensorrt/a.cpp", True),
    ("third_party/onnx", "caffe2/third_party/onnx", False),
    ("benchmarks/sparse", "benchmarks/sparse_matmul.py", True),
    ("benchmarks/sparse", "benchmarks/Sparse/a.py", False),
    ("docs/source/onnx*", "docs/source/onnx/a/b.rst", True),
    ("docs/source/onnx*", "docs/source/on", False),
    (".ci/onnx/*", ".ci/onnx/", True), (".ci/onnx/*", ".ci/onnx/sub/test.sh", True),
    (".ci/onnx/*", "xci/onnx/test.sh", False), (".ci/onnx/*", ".ci/onnx", False),
    (".github/**", ".github/workflows/pull.yml", True), (".github/**", "agithub/x", False),
    (".github/**", ".githubx", False),
    ("**rocm**", "rocm", True), ("**rocm**", "torch/utils/hipify/rocm_x.py", True),
    ("**rocm**", "torch/ROCm/x.py", False), ("**hip**", "docs/ownership.md", True),
    ("**hip**", "docs/shi/p.md", False), ("**xpu**", "torch/csrc/xpu/Module.cpp", True),
    ("**XPU**", "torch/csrc/xpu/Module.cpp", False), ("**vmap**", "test/test_vmap.py", True),
    ("torch/**sparse/**", "torch/sparse/a.py", True), ("torch/**sparse/**", "torch/a/b_sparse/c.py", True),
    ("torch/**sparse/**", "torch/sparse.py", False), ("torch/**sparse*", "torch/sparse.py", True),
    ("test/*_masked*", "test/test_masked.py", True), ("test/*_masked*", "test/a/test_masked.py", False),
    ("test/**sparse*", "test/a/b/test_sparse.py", True),
    ("aten/src/ATen/*Sparse*", "aten/src/ATen/native/SparseX.cpp", False),
    ("aten/src/ATen/**Sparse*", "aten/src/ATen/native/SparseX.cpp", True),
    ("aten/src/ATen/native/**LinearAlgebra*", "aten/src/ATen/native/BatchLinearAlgebra.cpp", True),
    ("aten/src/ATen/native/cuda/*FFT*.h", "aten/src/ATen/native/cuda/CuFFTPlan.h", True),
    ("aten/src/ATen/native/cuda/*FFT*.h", "aten/src/ATen/native/cuda/CuFFTPlan.hpp", True),
    ("aten/src/ATen/native/cuda/*FFT*.h", "aten/src/ATen/native/cuda/sub/CuFFT.h", False),
    ("aten/src/ATen/native/cuda/*FFT*.h", "aten/src/ATen/native/cuda/CuFFTPlan_h", False),
    ("torch/csrc/jit/passes/onnx.*", "torch/csrc/jit/passes/onnx.cpp", True),
    ("torch/csrc/jit/passes/onnx.*", "torch/csrc/jit/passes/onnx/a.cpp", False),
    ("torch/csrc/jit/passes/onnx.*", "torch/csrc/jit/passes/onnx_x.cpp", False),
    ("test/test_mkl*.py", "test/test_mkldnn.py", True), ("test/test_mkl*.py", "test/test_mkl.py", True),
    ("test/test_mkl*.py", "test/test_mkl/a.py", False),
]


# -- paths -------------------------------------------------------------------------------------

def matches_without_regex(pattern, path):
    """A second matcher, that shares nothing with decide.py: which path positions can the pattern's
    first so many signs have reached? Met as soon as its end is reached, for the end is not anchored."""
    reached = {0}
    at = 0
    while at < len(pattern):
        if pattern[at] != "*":
            reached = {i + 1 for i in reached if i < len(path) and path[i] == pattern[at]}
            at += 1
            continue
        crosses = pattern.startswith("**", at)
        spread = set(reached)
        for start in reached:
            for end in range(start, len(path)):
                if path[end] == "/" and not crosses:
                    break
                spread.add(end + 1)
        reached = spread
        at += 2 if crosses else 1
    return bool(reached)


def path_for(pattern, rng):
    """A path that the pattern matches: each star becomes something it may stand for."""
    text = pattern.replace("**", "\0")
    out = []
    for char in text:
        if char == "\0":
            out.append(rng.choice(["", "x", "a/b", "deep/er/still/x_y"]))
        elif char == "*":
            out.append(rng.choice(["", "foo", "_x", "test_a"]))
        else:
            out.append(char)
    path = "".join(out)
    if path.endswith("/"):
        path += "file.py"
    return path or "Makefile"


def bent(path, rng):
    """Something near a path: longer, shorter, moved, another case, another sign for the dot."""
    kind = rng.randrange(8)
    if kind == 0:
        return path + rng.choice([".bak", "x", "/more.py"])
    if kind == 1:
        return path[:-1] or "x"
    if kind == 2:
        return rng.choice(["x/", "/", "./", "x"]) + path
    if kind == 3:
        return path.swapcase()
    if kind == 4:
        return path.replace(".", "_")
    if kind == 5:
        return path.replace("/", "-", 1)
    if kind == 6:
        middle = rng.randrange(len(path) + 1)
        return path[:middle] + "/" + path[middle:]
    return path


def write_paths(rules):
    rng = random.Random(SEED + 1)
    owner = {}
    for rule in rules:
        for pattern in rule["patterns"]:
            owner.setdefault(pattern, rule)
    triples = []
    for pattern, path, matches in BY_HAND:
        assert decide.pattern_matches(pattern, path) == matches, (pattern, path)
        triples.append((pattern, path, "by hand"))
    patterns = sorted(owner)
    for number in range(RANDOM_PATH_COUNT):
        pattern = patterns[number % len(patterns)]
        path = path_for(pattern, rng)
        triples.append((pattern, path if rng.random() < 0.3 else bent(path, rng), "drawn"))
    lines = []
    for pattern, path, origin in triples:
        matches = decide.pattern_matches(pattern, path)
        assert matches == matches_without_regex(pattern, path), (pattern, path)
        lines.append({"rule": owner[pattern]["name"], "pattern": pattern, "path": path, "matches": matches,
                      "rule_matches": decide.rule_covers(owner[pattern], path), "origin": origin})
    return lines


# -- reviews -----------------------------------------------------------------------------------

def named_people(rule, rng):
    """Somebody the rule names; a team stands for one of its members."""
    if not rule["approved_by"]:
        return "bo"
    name = rng.choice(rule["approved_by"])
    return rng.choice(TEAMS.get(name, OUTSIDERS)) if "/" in name else name


def other_case(name, rng):
    return rng.choice([name.swapcase(), name.upper(), name.lower(), name.capitalize()])


def reviews_of(person, kind):
    states = {
        "approved": ["APPROVED"],
        "comment only": ["COMMENTED"],
        "approved, then changes requested": ["APPROVED", "CHANGES_REQUESTED"],
        "approved, then comment": ["APPROVED", "COMMENTED"],
        "changes requested, then approved": ["CHANGES_REQUESTED", "APPROVED"],
        "approved, then dismissed": ["APPROVED", "DISMISSED"],
        "approved, changes, comment": ["APPROVED", "CHANGES_REQUESTED", "COMMENTED"],
        "dismissed, then approved twice": ["DISMISSED", "APPROVED", "APPROVED"],
        "pending": ["PENDING"],
        "many comments, then approved": ["COMMENTED"] * 120 + ["APPROVED"],
    }[kind]
    return [{"author": person, "state": state} for state in states]


REVIEW_KINDS = ["approved"] * 12 + ["approved, then comment"] * 4 + ["changes requested, then approved"] * 3 + [
    "comment only", "approved, then changes requested", "approved, then changes requested",
    "approved, then dismissed", "approved, changes, comment", "dismissed, then approved twice", "pending"]


def draw_reviews(rules, target, number, rng):
    draw = rng.random()
    if draw < 0.06:
        return []
    kind = "many comments, then approved" if number % 100 == 7 else rng.choice(REVIEW_KINDS)
    if draw < 0.14:
        return reviews_of(rng.choice(OUTSIDERS), kind)
    if draw < 0.24:
        return reviews_of(other_case(named_people(target, rng), rng), kind)
    reviews = reviews_of(named_people(target, rng), kind)
    if draw < 0.50:
        other = rng.choice(rules)
        reviews += reviews_of(named_people(other, rng), rng.choice(REVIEW_KINDS))
    if draw > 0.90:
        reviews = interleaved(reviews, reviews_of(rng.choice(OUTSIDERS), rng.choice(REVIEW_KINDS)), rng)
    return reviews


def interleaved(first, second, rng):
    out, first, second = [], list(first), list(second)
    while first or second:
        source = first if first and (not second or rng.random() < 0.5) else second
        out.append(source.pop(0))
    return out


# -- checks ------------------------------------------------------------------------------------

def check(name, conclusion, flaky=False):
    record = {"name": name, "conclusion": conclusion}
    if flaky:
        record["flaky"] = True
    return record


def green_checks():
    names = ["EasyCLA", "Lint / lintrunner", "Lint / quick-checks", "pull / linux / build",
             "pull / linux / test", "inductor / test", "slow / test", "trunk / macos"]
    return [check(name, "SUCCESS") for name in names]


def draw_checks(rng):
    """Green checks, bent in up to two ways; then in an order of their own."""
    checks = green_checks()
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2])):
        checks = bent_checks(checks, rng)
    return checks


def bent_checks(checks, rng):
    checks = [dict(record) for record in checks]
    victim = rng.randrange(len(checks))
    name = checks[victim]["name"]
    kind = rng.randrange(12)
    if kind == 0:
        prefix = name.split(" / ")[0]
        return [record for record in checks if not record["name"].startswith(prefix)] or checks
    if kind == 1:
        checks[victim] = check(name, None)
    elif kind == 2:
        checks[victim] = check(name, rng.choice(FAILING))
    elif kind == 3:
        checks[victim] = check(name, rng.choice(["SKIPPED", "NEUTRAL"]))
    elif kind == 4:
        checks.append(check(name, "CANCELLED"))
    elif kind == 5:
        checks.insert(0, check(name, "CANCELLED"))
    elif kind == 6:
        checks.append(check(name, rng.choice(["SUCCESS", "FAILURE", None])))
    elif kind in (7, 8):
        count = rng.randrange(1, 6)
        checks += [check(f"pull / flake {i}", rng.choice(FAILING), flaky=True) for i in range(count)]
    elif kind == 9:
        checks.append(check("docker-pull / image", rng.choice(["FAILURE", None, "SUCCESS"])))
    elif kind == 10:
        checks = [check(r["name"].replace("Lint", "lint"), r["conclusion"]) for r in checks]
    else:
        checks.append(check("unrelated / job", rng.choice(FAILING)))
    return checks


# -- situations --------------------------------------------------------------------------------

def draw_files(rules, target, number, rng):
    if number % 250 == 3:
        return [f"{path_for(target['patterns'][0], rng)}{i}" for i in range(350)]
    draw = rng.random()
    sources = [target]
    if draw < 0.20:
        sources.append(rng.choice(rules))
    files = []
    for _ in range(rng.randrange(1, 5)):
        files.append(path_for(rng.choice(rng.choice(sources)["patterns"]), rng))
    if draw > 0.85:
        files.append(rng.choice(NOBODYS_FILES))
    if draw > 0.97:
        files = rng.sample(NOBODYS_FILES, 2)
    return sorted(set(files))


def situation(number, all_rules, rng):
    case = {"id": f"h{number:04d}"}
    draw = rng.random()
    if draw < 0.06:
        case["rules"] = UNRULY
    else:
        case["rules"] = "all" if draw < 0.55 else "named"
    rules = decide.rules_for(case, all_rules)
    target = rng.choice(rules)
    case["files"] = draw_files(rules, target, number, rng)
    case["reviews"] = draw_reviews(rules, target, number, rng)
    # The author may be the one who approves: the tool does not mind.
    people = sorted({review["author"] for review in case["reviews"]})
    case["author"] = rng.choice(people) if people and rng.random() < 0.15 else "zoe"
    case["checks"] = draw_checks(rng)
    if rng.random() < 0.07:
        case["force"] = True
    case["teams"] = {} if rng.random() < 0.15 else TEAMS
    case["expect"] = decide.decide(rules, case)
    return case


def write_situations(all_rules):
    rng = random.Random(SEED)
    return [situation(number, all_rules, rng) for number in range(SITUATION_COUNT)]


def text_of(lines):
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def main(args):
    rules = decide.read_rules(HERE / "merge_rules.yaml")
    files = {"hypothetical.jsonl": text_of(write_situations(rules)), "paths.jsonl": text_of(write_paths(rules))}
    stale = []
    for name, text in files.items():
        if args == ["--check"]:
            if (HERE / name).read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            (HERE / name).write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} is not what generate.py writes")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
