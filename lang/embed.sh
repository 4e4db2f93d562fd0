#!/bin/sh
# Writes C that holds the library's policies as bytes: lang/embed.sh stdlib/a.bylaw … > library.c
# The path of stdlib/a.bylaw is "std/a". What it fills in is declared in lang/library.h.
set -eu
export LC_ALL=C

bytes_of() { # as numbers with commas; a 0 behind the last that does not count
    od -An -v -tu1 "$1" | sed 's/[0-9][0-9]*/&,/g'
    echo '0'
}

echo '/* Generated from stdlib/ by lang/embed.sh. */'
echo '#include "library.h"'
number=0
for file; do
    echo "static const unsigned char text_$number[] = {"
    bytes_of "$file"
    echo '};'
    number=$((number + 1))
done
echo 'const bl_library_file bl_library_files[] = {'
number=0
for file; do
    name=${file##*/}
    echo "    {\"std/${name%.bylaw}\", text_$number, sizeof text_$number - 1},"
    number=$((number + 1))
done
echo '    {0, 0, 0},'
echo '};'
echo "const size_t bl_library_file_count = $number;"
