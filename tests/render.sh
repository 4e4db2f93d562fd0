#!/bin/sh
# `bylaw render`: nothing of a policy gets lost, numbers and links hold, hostile text stays text (tests/render.py), and whole
# pages are what tests/render/*.md say. `sh tests/render.sh build --update` writes those anew: read what changed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

for page in tests/render/*.md; do
    name=${page##*/}
    name=${name%.md}
    policy=std/$name
    if [ -e "tests/policies/$name.bylaw" ]; then policy=tests/policies/$name.bylaw; fi
    record "$work/page.md" "$bylaw" render "$policy"
    if [ "${2:-}" = --update ]; then cp "$work/page.md" "$page"; fi
    same "render $policy" "$page" "$work/page.md"
done

status=0
PYTHONDONTWRITEBYTECODE=1 python3 tests/render.py "$bylaw" "$work" >"$work/log" 2>&1 || status=$?
cat "$work/log"
if [ "$status" -ne 0 ] && ! grep -q '^FAIL ' "$work/log"; then
    tail -n 20 "$work/log" | fail "tests/render.py ended with status $status"
fi
