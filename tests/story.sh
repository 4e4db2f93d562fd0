#!/bin/sh
# The story of a newcomer, docs/story.md: all of it is typed again, against an installed tree, and must be answered as it stands there.
#
#   sh tests/story.sh [--update] [BUILD]    --update writes the answers anew; read the difference
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=--update
    shift
fi
. tests/lib.sh

there=$work/tree
if ! make_alone install DESTDIR= PREFIX="$there" >"$work/log" 2>&1; then
    fail "make install" <"$work/log"
    exit 1
fi
PATH=$there/bin:$PATH
PKG_CONFIG_PATH=$there/lib/pkgconfig
LD_LIBRARY_PATH=$there/lib
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH

mkdir "$work/home"
python3 tests/story.py docs/story.md "$work/home" $update
[ -z "$update" ] || exit 0

# A page that says something else must be noticed.
mkdir "$work/other"
sed 's/^7 passed, 0 failed$/8 passed, 0 failed/' docs/story.md >"$work/wrong.md"
python3 tests/story.py "$work/wrong.md" "$work/other" >"$work/out" 2>&1
if [ "$(grep -c '^FAIL .*bylaw test' "$work/out")" -ge 1 ]; then ok "a wrong answer is noticed"; else
    fail "a wrong answer is noticed" <"$work/out"
fi
