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
