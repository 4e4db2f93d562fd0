#!/bin/sh
# The grammars for editors are what the table of words makes, Vim colors by them, and editors find the errors that
# `bylaw check` tells.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

editors=examples/editors
for pair in vim:vim/syntax/bylaw.vim textmate:vscode/bylaw.tmLanguage.json; do
    sh $editors/generate.sh "${pair%%:*}" >"$work/made"
    same "the grammar for ${pair%%:*} is up to date" "$editors/${pair#*:}" "$work/made"
done

python3 - $editors >"$work/out" 2>&1 <<'PYTHON' && ok "every word is in both grammars, and JSON files are JSON" || fail "grammars" <"$work/out"
import json, pathlib, re, sys
editors = pathlib.Path(sys.argv[1])
words = re.findall(r"^KEYWORD\((\w+),", open("lang/keywords.def").read(), re.M)
assert len(words) > 150
vim = (editors / "vim/syntax/bylaw.vim").read_text()
lists = " ".join(re.findall(r"^syntax keyword bylaw\w+ (.*)", vim, re.M)).split() + re.findall(r"\\<(\w+)\\>/$", vim, re.M)
textmate = json.loads((editors / "vscode/bylaw.tmLanguage.json").read_text())
patterns = [re.compile(p["match"]) for p in textmate["patterns"] if "match" in p and "(?:" in p["match"]]
for word in words:
    assert word in lists, "Vim lacks " + word
    assert any(p.fullmatch(word) for p in patterns), "TextMate lacks " + word
for name in editors.glob("vscode/*.json"):
    json.loads(name.read_text())
PYTHON

# Vim, asked without a terminal what it shows.
cat >"$work/club.bylaw" <<'POLICY'
policy club
role member
role chair
proposal p {
  raised by member
  decided by member using chair within 7 days
}
function f(t: text) = t contains "x" # by the way
POLICY
cat >"$work/ask.vim" <<'VIM'
function! Group(line, word)
  call cursor(a:line, 1)
  call search('\V' . a:word, 'c', a:line)
  return a:line . ' ' . a:word . ' ' . synIDattr(synID(line('.'), col('.'), 1), 'name')
endfunction
silent make
let found = map(getqflist(), 'v:val.type . v:val.lnum . ":" . v:val.col . " " . v:val.text')
call writefile(found + [Group(1, 'policy'), Group(2, 'member'), Group(6, 'by'), Group(6, '7'), Group(6, 'days'), Group(8, 'contains'), Group(8, '"x"'), Group(8, 'the')], $ANSWER)
qall!
VIM
cat >"$work/expected" <<'ANSWER'
E6:27 `chair` is a role, not a procedure
I3:6 it is declared here
1 policy bylawClause
2 member 
6 by bylawOperator
6 7 bylawNumber
6 days bylawUnit
8 contains bylawOperator
8 "x" bylawText
8 the bylawComment
ANSWER
ANSWER=$work/answer PATH="$root/$build:$PATH" vim -N -i NONE -u NONE -es --cmd "let &rtp = '$root/$editors/vim,' . &rtp" --cmd 'filetype plugin on' \
    --cmd 'syntax on' -S "$work/ask.vim" "$work/club.bylaw" >"$work/out" 2>&1 </dev/null
same "Vim colors a policy and finds its error" "$work/expected" "$work/answer"

# Places: where letters take several bytes, behind a tab, a byte order mark and ends of lines of another system; also in a
# file that no window shows. Vim counts bytes.
printf '\357\273\277role \303\251 x\r\nuse "other.bylaw"\r\n' >"$work/mark.bylaw"
printf 'role m\nprocedure p "\303\251\360\237\230\200 e\314\201\t" {\tpasses when approve > nosuch }\r\n' >"$work/other.bylaw"
printf 'use "other.bylaw"\nprocedure q "\360\237\217\263\357\270\217" { passes when reject > nothing_such }\n' >"$work/letters.bylaw"
printf '\357\273\277role m\r\nprocedure p "\360\237\230\200" { passes when approve > nosuch }\r\n' >"$work/crlf.bylaw"
cat >"$work/jump.vim" <<'VIM'
silent make
call writefile(map(filter(getqflist(), 'v:val.valid'), 'bufname(v:val.bufnr) . " " . v:val.lnum . " " . v:val.col'), $ANSWER)
qall!
VIM
for policy in mark letters crlf; do
    (cd "$work" && ANSWER=$work/answer PATH="$root/$build:$PATH" vim -N -i NONE -u NONE -es --cmd 'set encoding=utf-8' \
        --cmd "let &rtp = '$root/$editors/vim,' . &rtp" --cmd 'filetype plugin on' -S jump.vim $policy.bylaw >"$work/out" 2>&1 </dev/null)
    cat "$work/answer"
done >"$work/got"
cat >"$work/expected" <<'PLACES'
mark.bylaw 1 9
letters.bylaw 2 46
other.bylaw 2 51
crlf.bylaw 2 44
PLACES
same "Vim goes to the very character" "$work/expected" "$work/got"

# What the JSON form underlines, for an editor that counts characters, bytes or UTF-16.
for policy in mark other letters crlf club; do (cd "$work" && "$bylaw" check --format json $policy.bylaw); done >"$work/told"
python3 - "$work" >"$work/out" 2>&1 <<'PYTHON' && ok "every way of counting underlines the same" || fail "places" <"$work/out"
import json, pathlib, sys
work, found = pathlib.Path(sys.argv[1]), []
for line in open(work / "told", encoding="utf-8"):
    told = json.loads(line)
    for place in [told] + [note for note in told.get("notes", []) if "line" in note]:
        data = (work / place["file"]).read_bytes()
        meant = data[place["offset"]:place["endOffset"]].decode()
        shown = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")[place["line"] - 1] # as editors have it
        assert shown[place["column"] - 1:place["endColumn"] - 1] == meant, (place, meant)
        start, end = (c - 1 + sum(ch > "\uffff" for ch in shown[:c - 1]) for c in (place["column"], place["endColumn"]))
        assert shown.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le") == meant, (place, meant)
        found.append(meant)
assert {"nosuch", "nothing_such", "chair"} <= set(found) and len(found) >= 6, found
PYTHON

# The matcher of the other editor, applied as it would be.
"$bylaw" check --color never "$work/club.bylaw" >"$work/told"
python3 - $editors "$work/told" "$work/club.bylaw" >"$work/out" 2>&1 <<'PYTHON' && ok "the problem matcher finds the error" || fail "matcher" <"$work/out"
import json, re, sys
matcher = json.load(open(sys.argv[1] + "/vscode/package.json"))["contributes"]["problemMatchers"][0]
lines = open(sys.argv[2]).read().split("\n")
first, second = (re.match(p["regexp"], line) for p, line in zip(matcher["pattern"], lines))
assert (first.group(1), first.group(2)) == ("error", "B0207"), first
assert second.groups() == (sys.argv[3], "6", "27"), second.groups()
PYTHON
