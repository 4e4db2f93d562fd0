" :make checks the policy in this window; its errors and warnings come into the quickfix list.
let current_compiler = "bylaw"

CompilerSet makeprg=bylaw\ check\ --color\ never\ %:S
CompilerSet errorformat=%Eerror[%\\w%#]:\ %m,%Wwarning[%\\w%#]:\ %m,%Inote:\ %m,%C%*[\ ]-->\ %f:%l:%c,%-G%.%#

" `bylaw check` counts columns in characters, Vim's lists count bytes: put right before Vim jumps there.
function! s:CountBytes(entry) abort
  if !a:entry.valid || a:entry.col < 2 || a:entry.bufnr == 0
    return a:entry
  endif
  let lines = bufloaded(a:entry.bufnr) ? getbufline(a:entry.bufnr, a:entry.lnum)
        \ : filereadable(bufname(a:entry.bufnr)) ? readfile(bufname(a:entry.bufnr), '', a:entry.lnum)[a:entry.lnum - 1 :] : []
  let bytes = empty(lines) ? -1 : byteidxcomp(lines[0], a:entry.col - 1)
  return bytes < 0 ? a:entry : extend(a:entry, {'col': bytes + 1})
endfunction

function! s:Mend(command) abort
  if &makeprg !~# '^bylaw check '
    return
  endif
  if a:command ==# 'lmake'
    call setloclist(0, [], 'r', {'items': map(getloclist(0), 's:CountBytes(v:val)')})
  else
    call setqflist([], 'r', {'items': map(getqflist(), 's:CountBytes(v:val)')})
  endif
endfunction

augroup bylaw_columns
  autocmd!
  autocmd QuickFixCmdPost make,lmake call s:Mend(expand('<amatch>'))
augroup END
