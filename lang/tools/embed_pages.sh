#!/bin/sh
# Writes C that holds the pages on messages as bytes: lang/tools/embed_pages.sh docs/errors/B0101.md … > pages.c
# What it fills in is declared in lang/tools/pages.h.
set -eu
export LC_ALL=C

echo '/* Generated from docs/errors/ by lang/tools/embed_pages.sh. */'
echo '#include "tools/pages.h"'
number=0
for file; do
    echo "static const unsigned char text_$number[] = {"
    od -An -v -tu1 "$file" | sed 's/[0-9][0-9]*/&,/g'
    echo '0};'
    number=$((number + 1))
done
echo 'const tool_page tool_pages[] = {'
number=0
for file; do
    code=${file##*/}
    echo "    {\"${code%.md}\", (const char *)text_$number, sizeof text_$number - 1},"
    number=$((number + 1))
done
echo '    {0, 0, 0},'
echo '};'
echo "const size_t tool_page_count = $number;"
