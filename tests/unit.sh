#!/bin/sh
# The unit tests of the base and of programs: tests/unit/test_*.c, as built and with sanitizers, side by side.
#
#   sh tests/unit.sh [BUILD]
#   sh tests/unit.sh --program BUILD NAME    one of them, build/sanitize for that with sanitizers
set -u
cd "$(dirname "$0")/.." || exit 1
only=
if [ "${1:-}" = --program ]; then
    only=$3
    shift
fi
. tests/lib.sh

# cmocka's TAP into our lines; the plan says how many there must be.
translate() { # prefix
    awk -v prefix="$1" '
        /^1\.\./ { planned = substr($1, 4) + 0; next }
        /^ok [0-9]+ - / { sub(/^ok [0-9]+ - /, ""); print "ok " prefix " " $0; seen++; next }
        /^not ok [0-9]+ - / { sub(/^not ok [0-9]+ - /, ""); print "FAIL " prefix " " $0; seen++; failed++; next }
        { print "    " $0 }
        END { if (!planned || seen != planned) print "FAIL " prefix ": " seen + 0 " of " planned + 0 " tests ended" }'
}

run_program() { # build, name
    program=$1/tests/unit/$2
    if [ ! -x "$program" ]; then
        echo "$program was not built" | fail "$1 $2"
        return
    fi
    status=0
    CMOCKA_MESSAGE_OUTPUT=TAP limited "$program" >"$work/tap" 2>&1 || status=$?
    translate "$1 $2" <"$work/tap" >"$work/lines"
    cat "$work/lines"
    if [ "$status" -ne 0 ] && ! grep -q '^FAIL ' "$work/lines"; then
        tail -n 20 "$work/tap" | fail "$1 $2 ended with status $status"
    fi
}

if [ -n "$only" ]; then
    run_program "$build" "$only"
    exit 0
fi

for source in tests/unit/test_*.c; do
    name=$(basename "$source" .c)
    echo "sh tests/unit.sh --program $build $name"
    if [ "$build" = build ]; then echo "sh tests/unit.sh --program build/sanitize $name"; fi
done >"$work/programs"
side_by_side "$work/programs" 'sanitize test_\(bytecode\|who\)'
