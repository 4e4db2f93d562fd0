" Vim syntax file of Bylaw, made by generate.sh from the table of words: do not edit.
if exists("b:current_syntax")
  finish
endif

syntax keyword bylawBoolean false true
syntax keyword bylawClause about accepts activity adopt after agent agents along always any anyone are as at ballot
syntax keyword bylawClause ballots because becomes body broken candidates chooses cites closes conflict conflicted
syntax keyword bylawClause conflicts continue count counts create creates deadline decided declared declares default
syntax keyword bylawClause delegates delegation discard dispute duty each effect emit emits escalates event every
syntax keyword bylawClause exact exactly expect extended extends fails final first for from function given grant
syntax keyword bylawClause granted grants handles held highest includes ladder lapse last least let list lowest
syntax keyword bylawClause measure most must needs never on once open opening optional options organization
syntax keyword bylawClause organizations other otherwise overridden passes people per person policy probability
syntax keyword bylawClause procedure property proposal proposals proposes quorum raised ranks reached reason
syntax keyword bylawClause reasoned recuses refused refuses remove removes reopens requires resigns restart revoke
syntax keyword bylawClause revoked revokes role run scenario scope scores seats seconded seed set sets settled
syntax keyword bylawClause simulation takes term through ties times to together total undelegates use using veto
syntax keyword bylawClause weigh when while with within without
syntax keyword bylawOperator among and begins by can changed else except if in is matches not of or then
syntax keyword bylawUnit day days hour hours minute minutes month months quarter quarters second seconds week
syntax keyword bylawUnit weeks year years
syntax keyword bylawVerb abstain abstains approve approves disputes publish publishes reject rejects uphold
syntax keyword bylawVerb upholds vetoes withdraw withdraws
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
