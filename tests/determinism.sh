#!/bin/sh
# Same policy and events, same bytes out: whatever compiler, optimisation, sanitizer, locale, time zone, file or pipe,
# plain or packed. One build writes down everything all examples and golden runs give; the others must repeat it.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

# Policy, roster and events of every run there is; "-" where there is none.
list_runs() {
    stories | while IFS= read -r events; do
        policy=$(policy_of "${events%/*}")
        roster=$(roster_of "${events%/*}")
        echo "${policy:--} ${roster:--} $events"
    done
}

run_one() { # program, format, policy, roster, events
    program=$1 format=$2 policy=$3 roster=$4 events=$5
    set -- run --color never --format "$format" --verbose --state --until 2035-01-01T00:00:00Z
    if [ "$policy" != - ]; then set -- "$@" -p "$policy"; fi
    if [ "$roster" != - ]; then set -- "$@" -r "$roster"; fi
    echo "== $* $events"
    "$program" "$@" "$events" 2>&1 </dev/null
    echo "== $?"
}

everything() { # program
    while read -r policy roster events; do
        run_one "$1" json "$policy" "$roster" "$events"
        run_one "$1" text "$policy" "$roster" "$events"
    done <"$work/runs"
    for policy in stdlib/*.bylaw; do
        "$1" dump "$policy" 2>&1 </dev/null
    done
    for policy in tests/diagnostics/*.bylaw; do
        if [ -e "$policy" ]; then "$1" check --format json "$policy" 2>&1 </dev/null; fi
    done
}

list_runs >"$work/runs"
run_count=$(wc -l <"$work/runs")
if [ "$run_count" -eq 0 ]; then echo "there are no examples to run" | fail "determinism"; fi
everything build/bylaw >"$work/first"

repeat() { # name, program
    if [ ! -x "$2" ]; then
        echo "$2 was not built" | fail "same bytes: $1"
        return
    fi
    everything "$2" >"$work/again"
    same "same bytes: $1" "$work/first" "$work/again"
}

repeat "a second time" build/bylaw
repeat "gcc -O0 with assertions" build/debug/bylaw
repeat "clang -O2" build/clang/bylaw
repeat "sanitizers" build/sanitize/bylaw

for locale in C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8; do # where one is not installed the C library falls back to C
    (export LC_ALL=$locale LANG=$locale && repeat "locale $locale" build/bylaw)
done
for zone in UTC Asia/Kolkata America/Sao_Paulo XYZ+11:30; do
    (export TZ=$zone && repeat "time zone $zone" build/bylaw)
done
(umask 077 && HOME=/nonexistent && export HOME && repeat "no home" build/bylaw)

# Input in other shapes: standard input, byte by byte as a slow writer would, packed, without the last line end.
shapes() { # policy, roster, events
    set -- "$1" "$2" "$3" run --color never --format json
    if [ "$1" != - ]; then set -- "$@" -p "$1"; fi
    if [ "$2" != - ]; then set -- "$@" -r "$2"; fi
    events=$3
    shift 3
    "$bylaw" "$@" "$events" >"$work/file" 2>/dev/null </dev/null
    "$bylaw" "$@" - <"$events" >"$work/stdin" 2>/dev/null
    cat "$events" | "$bylaw" "$@" >"$work/pipe" 2>/dev/null
    dd if="$events" ibs=7 obs=7 2>/dev/null | "$bylaw" "$@" - >"$work/drops" 2>/dev/null
    gzip -c "$events" >"$work/events.gz"
    "$bylaw" "$@" "$work/events.gz" >"$work/packed" 2>/dev/null </dev/null
    end=0
    if [ "$(tail -c 1 "$events" | od -An -tx1 | tr -d ' ')" = 0a ]; then end=1; fi
    head -c "$(($(wc -c <"$events") - end))" "$events" | "$bylaw" "$@" >"$work/open" 2>/dev/null
    for shape in stdin pipe drops packed open; do
        cmp -s "$work/file" "$work/$shape" || echo "$events as $shape gives something else"
    done
}
while read -r policy roster events; do
    shapes "$policy" "$roster" "$events"
done <"$work/runs" >"$work/wrong"
if [ -s "$work/wrong" ]; then fail "same bytes in any shape" <"$work/wrong"; else ok "same bytes in any shape"; fi
