#!/bin/sh
# Writes the two grammars for editors from the language's table of words, so that they cannot lag behind it:
#
#   sh examples/editors/generate.sh vim       > examples/editors/vim/syntax/bylaw.vim
#   sh examples/editors/generate.sh textmate  > examples/editors/vscode/bylaw.tmLanguage.json
#
# `sh tests/editors.sh` holds that the files here are what this writes.
set -eu
cd "$(dirname "$0")/../.."

# The words of one group, in the table's order, separated by $2. Groups follow from the token and the class.
words() { # group, separator
    awk -F'[(,) ]+' -v group="$1" -v separator="$2" '
        $1 != "KEYWORD" { next }
        {
            of = "clause"
            if ($3 == "TRUE" || $3 == "FALSE") of = "boolean"
            else if ($3 == "UNIT") of = "unit"
            else if ($3 == "VERB" || $3 == "VERBS") of = "verb"
            else if ($4 == "RESERVED") of = "operator"
            if (of == group) { printf "%s%s", before, $2; before = separator }
        }' lang/keywords.def
}

vim() {
    cat <<'TOP'
" Vim syntax file of Bylaw, made by generate.sh from the table of words: do not edit.
if exists("b:current_syntax")
  finish
endif

TOP
    for pair in boolean:Boolean clause:Keyword operator:Operator unit:Type verb:Function; do
        group=${pair%:*}
        name=$(printf '%s' "$group" | cut -c1 | tr a-z A-Z)$(printf '%s' "$group" | cut -c2-)
        # `contains` in a list of keywords would be an argument of Vim's own.
        words "$group" ' ' | sed 's/\bcontains\b *//' | fold -s -w 90 | sed 's/ *$//' |
            while read -r line || [ -n "$line" ]; do echo "syntax keyword bylaw$name $line"; done
    done
    cat <<'REST'
syntax match bylawOperator /\<contains\>/

syntax match bylawNumber /\<\d\+\(\.\d\+\)\?%\?/
syntax match bylawTime /\<\d\{4}-\d\d-\d\d\([Tt][0-9:.]\+\([Zz]\|[+-]\d\d:\d\d\)\?\)\?/
syntax match bylawHandle /@[A-Za-z0-9]\([A-Za-z0-9_-]*[A-Za-z0-9_]\)\?/
syntax region bylawHandle start=/@"/ skip=/\\./ end=/"/ oneline
syntax region bylawText start=/"/ skip=/\\./ end=/"/ oneline contains=bylawEscape
syntax match bylawEscape /\\\(u[0-9A-Fa-f]\{4}\|.\)/ contained
syntax match bylawComment /#.*$/ contains=bylawTodo,@Spell
syntax keyword bylawTodo TODO FIXME XXX contained

highlight default link bylawBoolean Boolean
highlight default link bylawClause Keyword
highlight default link bylawOperator Operator
highlight default link bylawUnit Type
highlight default link bylawVerb Function
highlight default link bylawNumber Number
highlight default link bylawTime Constant
highlight default link bylawHandle Identifier
highlight default link bylawText String
highlight default link bylawEscape SpecialChar
highlight default link bylawComment Comment
highlight default link bylawTodo Todo

let b:current_syntax = "bylaw"
REST
}

textmate() {
    cat <<TOP
{
  "\$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
  "name": "Bylaw",
  "scopeName": "source.bylaw",
  "fileTypes": ["bylaw"],
  "firstLineMatch": "^#!.*\\\\bbylaw\\\\b",
  "patterns": [
    { "name": "comment.line.number-sign.bylaw", "match": "#.*\$" },
    { "name": "variable.other.handle.bylaw", "match": "@(?:\"(?:[^\"\\\\\\\\]|\\\\\\\\.)*\"|[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)" },
    {
      "name": "string.quoted.double.bylaw",
      "begin": "\"",
      "end": "\"|\$",
      "patterns": [{ "name": "constant.character.escape.bylaw", "match": "\\\\\\\\(?:u[0-9A-Fa-f]{4}|.)" }]
    },
    {
      "name": "constant.other.time.bylaw",
      "match": "\\\\b\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d(?:[Tt][0-9:.]+(?:[Zz]|[+-]\\\\d\\\\d:\\\\d\\\\d)?)?"
    },
    { "name": "constant.numeric.bylaw", "match": "\\\\b\\\\d+(?:\\\\.\\\\d+)?%?" },
TOP
    for pair in boolean:constant.language clause:keyword.control operator:keyword.operator.word unit:support.type \
        verb:support.function; do
        printf '    { "name": "%s.bylaw", "match": "\\\\b(?:%s)\\\\b" },\n' "${pair#*:}" "$(words "${pair%:*}" '|')"
    done
    cat <<'REST'
    { "name": "keyword.operator.bylaw", "match": "==|!=|<=|>=|[-+*/<>=]" }
  ]
}
REST
}

case ${1:-} in
vim) vim ;;
textmate) textmate ;;
*)
    echo "usage: sh examples/editors/generate.sh vim|textmate" >&2
    exit 2
    ;;
esac
