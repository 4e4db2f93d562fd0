autocmd BufNewFile,BufRead *.bylaw setfiletype bylaw
autocmd BufNewFile,BufRead * if getline(1) =~# '^#!.*\<bylaw\>' | setfiletype bylaw | endif
