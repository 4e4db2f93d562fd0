"""Reads policies with a scanner of its own and holds what `bylaw render` writes against them.

usage: render.py BYLAW FOLDER

Of every policy of the library, of tests/policies and of docs/language.md: each name, number, duration and text stands in the
clauses of its declaration; each clause names the line where it starts; numbers have no gaps; links lead to clauses; Markdown, HTML
and JSON say the same; HTML is well-formed. Then policies made to break out of the page.
"""

import glob
import html.parser
import json
import re
import subprocess
import sys

BYLAW, FOLDER = sys.argv[1], sys.argv[2]
TOKEN = re.compile(
    r'(?P<comment>\#[^\n]*)|(?P<text>"(?:\\.|[^"\\])*")|(?P<handle>@[\w.-]+)|(?P<date>\d{4}-\d\d-\d\d[T\d:Z.+-]*)'
    r'|(?P<number>\d+(?:\.\d+)?%?)|(?P<name>[A-Za-z_]\w*)|(?P<space>\s+)|(?P<other>.)', re.S)
UNITS = {unit + end for unit in ("second", "minute", "hour", "day", "week", "month", "quarter", "year") for end in ("", "s")}
WORDS = "zero one two three four five six seven eight nine ten".split()
# How the few numbers that English has other words for may be told.
TOLD = {"0": ["zero", " no ", "not been escalated", "has been escalated"], "1": ["one", " a ", "half", "full number", "has been escalated"],
        "2": ["two", "half"], "3": ["three", "third"], "4": ["four", "quarter"], "5": ["five", "fifth"], "6": ["six", "sixth"],
        "8": ["eight", "eighth"], "10": ["ten", "tenth"]}
# Words of the language that are told by a sentence, not by their name.
SENTENCES = {"irv", "yes_no", "lot", "ranking", "number", "boolean", "duration", "time", "sqrt", "min", "max", "floor", "ceiling", "size",
             "author", "now", "event", "proposal", "body", "anyone", "conflicted", "cast", "rung", "opened", "on", "id", "person", "actor", "text",
             "unresolved", "final", "effective", "organization", "agent", "given", "handles", "decided", "choice", "scores",
             "previous_round", "first_round", "earlier_ballots", "order", "rerun"}
DECLARATIONS = {"policy", "use", "person", "organization", "agent", "scope", "role", "body", "ladder", "proposal", "every", "procedure",
                "event", "on", "let", "function", "conflicts", "scenario", "property", "simulation", "duty"}
KEYWORDS = set(re.findall(r"^KEYWORD\((\w+),", open("lang/keywords.def").read(), re.M))
# What the line of a clause says, by the clause's heading.
STARTS = {"Name": "policy", "Library": "use", "Foundation": '"', "Basis": "cites", "Who may hold it": "held by", "Eligibility": "from",
          "Number": "exactly|at least|at most", "Included role": "includes", "Appointment": "granted by", "Removal": "revoked by",
          "Declaration": "conflicts", "Ballots": "ballot", "Counting": "counts by", "Quorum": "quorum", "Weight": "weigh",
          "Passing": "passes", "Failing": "fails", "No decision": "procedure", "Closing": "closes|procedure", "Duration": "open",
          "Ties": "ties|procedure", "Seats": "seats", "What the elected may share": "at most", "Subject": "proposal", "Who may raise it": "raised|proposal", "What it must state": "requires",
          "What it may state": "accepts", "When it is refused": "refuses", "Candidates": "candidates", "Options": "options",
          "Decision": "decided", "Further decision": "then", "Decision side by side": "together", "Escalation": "along",
          "Veto": "veto", "Override": "by", "Dispute": "dispute", "Taking effect": "takes", "Effects": "on", "General clauses": "proposal"}


def report(name, wrong):
    print(("FAIL " if wrong else "ok ") + name)
    for line in wrong[:20]:
        print("    " + line)


def render(path, form, folder=None):
    done = subprocess.run([BYLAW, "render", "--format", form, path], capture_output=True, cwd=folder)
    if done.returncode:
        raise SystemExit("render %s: status %d: %s" % (path, done.returncode, done.stderr.decode()))
    return done.stdout.decode()


def scan(source):
    """Tokens as (kind, text, line), comments and white space left out."""
    line = 1
    for match in TOKEN.finditer(source):
        kind, text = match.lastgroup, match.group()
        if kind not in ("comment", "space"):
            yield kind, text, line
        line += text.count("\n")


def declarations(source):
    """Lists of tokens, one a declaration of the file."""
    depth, all_of, previous = 0, [], ""
    for token in scan(source):
        kind, text, _ = token
        begins = depth == 0 and kind == "name" and text in DECLARATIONS and previous not in (
            "=", "of", "or", "among", "except", "on", "in", ":", "by", "and", "is", "+", "-", "*", "/", "(", ",", "count") + (
                ("conflicts", "every", "scope", "role", "body", "proposal", "event", "let", "function") if all_of and len(all_of[-1]) == 1 else ())
        if begins or not all_of:
            all_of.append([])
        all_of[-1].append(token)
        depth += {"{": 1, "}": -1, "(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
        previous = text
    return all_of


def fold(text):
    return re.sub(r"\s+", " ", text).casefold()


def has_name(name, told):
    words = name.replace("_", " ").casefold()
    plural = words[:-1] + "ies" if words.endswith("y") else words
    return words in told or plural in told


def has_number(number, told):
    if re.search(r"(?<![\d.])" + re.escape(number) + r"(?![\d])", told):
        return True
    return any(word in told for word in TOLD.get(number, WORDS[int(number):int(number) + 1] if number.isdigit() and int(number) <= 10 else []))


def lost_of(tokens, told, declared):
    """What a declaration says and its clauses do not."""
    lost = []
    for i, (kind, text, line) in enumerate(tokens):
        behind = tokens[i + 1][1] if i + 1 < len(tokens) else ""
        if kind == "number" and behind in UNITS:
            word = WORDS[int(text)] if int(text) <= 10 else text
            is_told = word + " " + behind in told
        elif kind == "number":
            is_told = has_number(text, told)
        elif kind == "text":
            content = fold(re.sub(r"\\(.)", r"\1", text[1:-1]))
            is_told = content in told if content else "empty" in told
        elif kind in ("handle", "date"):
            is_told = fold(text) in told
        elif kind == "name" and text not in SENTENCES and (text not in KEYWORDS or text in declared):
            is_told = has_name(text, told)
        else:
            continue
        if not is_told:
            lost.append("line %d: %s" % (line, text))
    return lost


def check_lost(name, source, clauses):
    lost = []
    all_of = [tokens for tokens in declarations(source) if tokens[0][1] not in ("scenario",)]
    declared = {tokens[1][1] for tokens in all_of if len(tokens) > 1 and tokens[1][0] == "name" and tokens[0][1] not in ("every", "conflicts")}
    for tokens in all_of:
        first, last = tokens[0][2], tokens[-1][2]
        told = fold(" ".join(" %s %s " % (c.get("heading", ""), c.get("text", "")) for c in clauses if first <= c["line"] <= last))
        lost += lost_of(tokens, told, declared)
    report("render %s loses nothing" % name, lost)
    titles = [tokens[1][1][1:-1].replace('\\"', '"') for tokens in declarations(source) if tokens[0][1] == "scenario"]
    told = fold(" ".join(c.get("text", "") for c in clauses))
    report("render %s names its scenarios" % name, [title for title in titles if fold(title) not in told])


def check_lines(name, source, clauses):
    lines, wrong = source.split("\n"), []
    for clause in clauses:
        heading, line = clause.get("heading", ""), lines[clause["line"] - 1]
        start = "escalates" if heading.startswith("Rung ") else STARTS.get(heading)
        is_known_heading = start and clause.get("text")
        own = re.escape(heading.replace(" ", "_")) if heading else ""
        named = own and re.search(r"(?i)\b%s\b" % own, line)
        if is_known_heading and not named and not re.search(start if start == '"' else r"\b(%s)\b" % start, line):
            wrong.append("%s %s: line %d is: %s" % (clause["number"], heading, clause["line"], line))
        if not line.strip() or line.strip().startswith("#") and clause["line"] > 1:
            wrong.append("%s: line %d holds nothing" % (clause["number"], clause["line"]))
    report("render %s leads to its lines" % name, wrong)


def check_numbers(name, clauses):
    wrong, kids, last = [], {}, {}
    for clause in clauses:
        parts = clause["number"].split(".")
        parent, own = ".".join(parts[:-1]), parts[-1]
        if parent and parent not in last:
            wrong.append("%s stands before its parent" % clause["number"])
        sort = (parent, own.isdigit())
        kids[sort] = kids.get(sort, 0) + 1
        expected = str(kids[sort]) if own.isdigit() else chr(ord("A") + kids[sort] - 1)
        if own != expected:
            wrong.append("%s where %s was expected" % (clause["number"], expected))
        last[clause["number"]] = True
    report("render %s numbers without gaps" % name, wrong)


VOID = {"meta", "br", "link"}


class Page(html.parser.HTMLParser):
    """Collects ids, links and texts of clauses; complains of what is not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.ids, self.links, self.tags, self.clauses = [], [], [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append("never closed: %s" % self.open)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "href" in attributes:
            self.links.append(attributes["href"])
        if "clause" in (attributes.get("class") or ""):
            self.clauses.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("</%s> closes nothing" % tag)

    def handle_data(self, data):
        if self.clauses and "p" in self.open and "small" not in self.open:
            self.clauses[-1] += data


def plain_of_markdown(text):
    text = re.sub(r'<a id="[^"]*"></a>|<sub>.*</sub>', "", text)
    text = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(#[^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)\*+", "", text)
    return re.sub(r"\\(.)", r"\1", text)


def check_formats(name, path, clauses):
    wrong = []
    numbers = [clause["number"] for clause in clauses]
    markdown, page = render(path, "markdown"), Page(render(path, "html"))
    anchors = re.findall(r'<a id="c-([^"]*)"></a>', markdown)
    if anchors != numbers:
        wrong.append("Markdown has other numbers: %s" % [n for n in anchors if n not in numbers][:5])
    if [i[2:] for i in page.ids if i.startswith("c-")] != numbers:
        wrong.append("HTML has other numbers")
    said = [fold("%s %s %s" % (c["number"], c["heading"] + "." if "heading" in c else "", c["text"])).replace("  ", " ").strip()
            for c in clauses if "text" in c]
    marked = [fold(plain_of_markdown(line)).strip() for line in markdown.split("\n") if re.match(r'<a id="c-[^"]*"></a>\*\*', line)]
    shown = [fold(text).strip() for text in page.clauses]
    for form, texts in (("Markdown", marked), ("HTML", shown)):
        wrong += ["%s says %s, JSON %s" % (form, a, b) for a, b in zip(texts, said) if a != b]
        if len(texts) != len(said):
            wrong.append("%s has %d clauses, JSON %d" % (form, len(texts), len(said)))
    report("render %s says the same in each format" % name, wrong)
    links = re.findall(r"\]\(#c-([^)]*)\)", markdown) + [l[3:] for l in page.links if l.startswith("#c-")]
    links += [ref for clause in clauses for ref in clause.get("refs", [])]
    report("render %s links to clauses" % name, sorted({l for l in links if l not in numbers}))
    report("render %s is well-formed HTML" % name, page.wrong)


def clauses_of(path, folder=None):
    lines = [json.loads(line) for line in render(path, "json", folder).splitlines()]
    return lines[1:]


def check_policy(name, path, source):
    clauses = clauses_of(path)
    own = [clause for clause in clauses if clause.get("file") == path]
    check_lost(name, source, own)
    check_lines(name, source, own)
    check_numbers(name, clauses)
    check_formats(name, path, clauses)


def check_all():
    paths = sorted(glob.glob("stdlib/*.bylaw") + glob.glob("tests/policies/*.bylaw")) + ["examples/pytorch-merge/policy.bylaw"]
    for path in paths:
        check_policy(path, path, open(path, encoding="utf-8").read())
    blocks = re.findall(r"```bylaw\n(.*?)```", open("docs/language.md", encoding="utf-8").read(), re.S)
    for number, block in enumerate(blocks):
        path = "%s/language-%d.bylaw" % (FOLDER, number)
        with open(path, "w", encoding="utf-8") as file:
            file.write(block)
        if [t for t in declarations(block) if t[0][1] != "scenario"]:
            check_policy("docs/language.md, example %d" % (number + 1), path, block)


# ---- sense ----

SENSE = [
    ("(approve > 1 or reject == 0) and cast > 2", "either there is more than one vote for or there is no vote against"),
    ("approve > 1 or reject == 0 and cast > 2", "or both there is no vote against and there are more than two ballots cast"),
    ("not (approve > 1 or reject == 0) and cast > 2", "it is not true that (there is more than one vote for or there is no vote against)"),
    ("2 * (approve + 1) > 3 + 2 * reject", "two times (the votes for plus one) is more than three plus (two times the votes against)"),
    ("approve >= 55% of (body except abstain)", "55% of the number of the members of the body, except those who abstain"),
    ("(any m in member : m is elder) and approve > 2", "(at least one of the members is an elder) and there are more than two votes for"),
    ("count ((member or elder) except chair) > 3", "the number of the members and the elders together, except the chair is more than three"),
    ("count (member or (elder except chair)) > 3", "the number of the members and (the elders, except the chair) is more than three"),
    ("approve > if cast > 3 then 2 else 1", "(if there are more than three ballots cast (abstentions included), two, and otherwise one)"),
]


def check_sense():
    for number, (condition, wanted) in enumerate(SENSE):
        path = "%s/sense-%d.bylaw" % (FOLDER, number)
        with open(path, "w", encoding="utf-8") as file:
            file.write("role member role elder role chair { at most 1 }\nprocedure p { passes when %s fails otherwise }\n"
                       "proposal q { raised by member decided by member using p within 7 days }\n" % condition)
        passing = [c["text"] for c in clauses_of(path) if c.get("heading") == "Passing"][0]
        report("render tells the sense of %s" % condition, [] if wanted in passing else [passing, "should hold: " + wanted])


# ---- hostile ----

HOSTILE = ["<script>alert(1)</script>", "</title><h1>x", "[x](javascript:alert(1))", "![x](http://x/y.png)", "a*b_c`d`|e~f", "\\\\*x\\\\",
           "&lt;b&gt; &amp;", "<!-- x", "]](#c-1)", "\u202eoverride", "a\tb\nc", "# heading", "$1 $2", "]]>", "\x7f"]


def check_hostile():
    texts = [text.replace('"', '\\"').replace("\n", "\\n") for text in HOSTILE]
    body = "".join('role r%d "%s" { cites "%s" }\n' % (i, text, text) for i, text in enumerate(texts))
    body += "".join('proposal k%d "%s" { raised by r0 requires who : text refuses "%s" when who == "%s" decided by r0 }\n'
                    % (i, text, text, text) for i, text in enumerate(texts)).replace("decided by r0 }", "decided by r0 using p within 1 day }")
    body += 'procedure p "<b>" { passes when approve > reject }\n'
    name = 'a](b) <x>&"\'%.bylaw'
    with open("%s/%s" % (FOLDER, name), "w", encoding="utf-8") as file:
        file.write('policy h "%s" { source "%s" }\n' % (texts[0], texts[2]) + body)
    page = Page(render(name, "html", FOLDER))
    plain = Page(render("std/unsc", "html"))
    wrong = list(page.wrong)
    wrong += ["a tag of its own: <%s>" % tag for tag in set(page.tags) - set(plain.tags)]
    wrong += ["a link of its own: %s" % link for link in page.links if not re.match(r"#c-[\w.]+$|a%5D%28b%29%20%3Cx%3E%26%22%27%25\.bylaw#L\d+$", link)]
    report("render keeps hostile texts out of HTML", wrong)
    markdown = render(name, "markdown", FOLDER)
    bare = re.sub(r'<a id="c-[\w.]+"></a>|</?sub>', "", markdown)
    wrong = ["markup: " + line for line in bare.split("\n") if re.search(r"(?<!\\)[<>`]|(?<!\\)!\[", line)]
    wrong += ["a link of its own: " + link for link in re.findall(r"(?<!\\)\]\(([^)]*)\)", markdown)
              if not re.match(r"#c-[\w.]+$|a%5D%28b%29%20%3Cx%3E%26%22%27%25\.bylaw#L\d+$", link)]
    report("render keeps hostile texts out of Markdown", wrong)
    clauses = clauses_of(name, FOLDER)
    told = " ".join(c.get("text", "") for c in clauses)
    report("render keeps hostile texts whole in JSON", [t for t in HOSTILE if fold(t.replace("\\\\", "\\")) not in fold(told)])
    check_numbers("of hostile texts", clauses)


def check_elsewhere():
    """A file in another folder is linked to by the way that leads there from the policy."""
    subprocess.run(["mkdir", "-p", FOLDER + "/here/deep", FOLDER + "/there"], check=True)
    with open(FOLDER + "/there/base.bylaw", "w") as file:
        file.write("role base_role\n")
    with open(FOLDER + "/here/deep/own.bylaw", "w") as file:
        file.write('use "../../there/base.bylaw"\nrole own_role { includes base_role }\n')
    markdown = render("here/deep/own.bylaw", "markdown", FOLDER)
    wanted = ["](own.bylaw#L2)", "](../../there/base.bylaw#L1)"]
    report("render links to files by the way from the policy", [w for w in wanted if w not in markdown])


def check_page_of_docs():
    """What docs/render.md shows is what its example gives."""
    page = open("docs/render.md", encoding="utf-8").read()
    path = FOLDER + "/club.bylaw"
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.search(r"```bylaw\n(.*?)```", page, re.S).group(1))
    told = [fold(plain_of_markdown(line)).strip() for line in render(path, "markdown").split("\n")]
    shown = [fold(plain_of_markdown(line[2:])).strip() for line in page.split("\n") if line.startswith("> ")]
    report("render gives what docs/render.md shows", [line for line in shown if line and line not in told] + ([] if shown else ["nothing"]))


check_all()
check_page_of_docs()
check_sense()
check_hostile()
check_elsewhere()
