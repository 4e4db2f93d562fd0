" :make checks the policy in this window; its errors and warnings come into the quickfix list.
let current_compiler = "bylaw"

CompilerSet makeprg=bylaw\ check\ --color\ never\ %:S
CompilerSet errorformat=%Eerror[%\\w%#]:\ %m,%Wwarning[%\\w%#]:\ %m,%Inote:\ %m,%C%*[\ ]-->\ %f:%l:%c,%-G%.%#
