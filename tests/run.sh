#!/bin/sh
# Runs all tests of what is installed and prints, at the end, "N passed, N failed". For a machine without the packages
# use tests/check.sh. `sh tests/run.sh unit golden` runs those parts only; VERBOSE=1 prints every test.
set -u
cd "$(dirname "$0")/.." || exit 1

# Builds come first: the others use what they make.
parts=${*:-builds layers unit settling needs policies coverage golden hostile diagnostics examples why timeline command tally repl compare graph bytecode memory docs story who words pytorch determinism limits random editors manual install embedding render format}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
all_passed=0
all_failed=0

show_part() { # part
    if [ -n "${VERBOSE:-}" ]; then
        cat "$log"
    else
        # Failures with their details; what stands before the first test too, it may tell what went wrong.
        awk '/^ok / { shown = 0; next } /^FAIL / { shown = 1 } shown' "$log"
    fi
}

run_part() { # part
    status=0
    sh "tests/$1.sh" build >"$log" 2>&1 </dev/null || status=$?
    passed=$(grep -c '^ok ' "$log")
    failed=$(grep -c '^FAIL ' "$log")
    show_part "$1"
    # A part that breaks, or has nothing to say, is no success.
    if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
        failed=1
        echo "FAIL $1: it ended with status $status after $passed tests"
        tail -n 20 "$log" | sed 's/^/    /'
    fi
    verdict=ok
    [ "$failed" -eq 0 ] || verdict=FAIL
    printf '%-4s %-12s %5d passed, %d failed\n' "$verdict" "$1" "$passed" "$failed"
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
}

for part in $parts; do
    run_part "$part"
done
echo "$all_passed passed, $all_failed failed"
[ "$all_failed" -eq 0 ]
