#!/bin/sh
# Runs all tests of what is installed and prints, at the end, "N passed, N failed". For a machine without the packages
# use tests/check.sh. `sh tests/run.sh unit golden` runs those parts only; VERBOSE=1 prints every test, and how long each
# part took, TESTED=build/mine tests another build.
#
# Parts run side by side, JOBS of them at a time, one for each processor else; what they say is printed in the order in
# which they are named here, each whole. JOBS=1 runs one after the other. One that takes longer than MINUTES (20) is ended, and
# has failed.
set -u
cd "$(dirname "$0")/.." || exit 1

# Builds come first, and alone: the others use what they make.
all_parts='builds layers unit settling needs policies coverage golden hostile growth diagnostics mistyped examples why timeline command tally repl compare graph bytecode memory docs story who words pytorch determinism limits random editors manual install embedding render format runner'
# The longest begin first, or the last of them would run alone at the end.
longest='unit memory needs embedding'

# ---- one part ----

run_part() { # number, name: what it says into $kept/NUMBER.log, its status and seconds into $kept/NUMBER.end
    echo "begin $2"
    begun=$(date +%s)
    # A group of its own, known to end_all; what begins in the background does not hear of ^C, hence env.
    env --default-signal=INT,QUIT timeout -k 10 "${MINUTES}m" sh "tests/$2.sh" "${TESTED:-build}" >"$kept/$1.log" 2>&1 </dev/null &
    echo "$!" >"$kept/$1.group"
    status=0
    wait "$!" || status=$?
    rm "$kept/$1.group"
    echo "$status $(($(date +%s) - begun))" >"$kept/$1.end"
    echo "end $2"
}

# ---- what is printed ----

show_log() { # log
    if [ -n "${VERBOSE:-}" ]; then
        cat "$1"
    else
        # Failures with their details.
        awk '/^ok / { shown = 0; next } /^FAIL / { shown = 1 } shown' "$1"
    fi
}

show_part() { # number, name
    log=$kept/$1.log
    status=none seconds=0 # of one that never ended
    if [ -e "$kept/$1.end" ]; then read -r status seconds <"$kept/$1.end"; else touch "$log"; fi
    passed=$(grep -c '^ok ' "$log")
    failed=$(grep -c '^FAIL ' "$log")
    show_log "$log"
    # A part that breaks, or has nothing to say, is no success.
    if [ "$failed" -eq 0 ] && { [ "$status" != 0 ] || [ "$passed" -eq 0 ]; }; then
        failed=1
        case $status in
        124) echo "FAIL $2: it took longer than $MINUTES minutes, and was ended after $passed tests" ;;
        *) echo "FAIL $2: it ended with status $status after $passed tests" ;;
        esac
        tail -n 20 "$log" | sed 's/^/    /'
    fi
    verdict=ok
    [ "$failed" -eq 0 ] || verdict=FAIL
    printf '%-4s %-12s %5d passed, %d failed\n' "$verdict" "$2" "$passed" "$failed"
    echo "$seconds $2" >>"$kept/seconds"
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
}

# On a terminal the last line tells what is running, until something is printed there.
tell_running() {
    [ -t 2 ] && printf '\r\033[K%.79s' "${running:+running:$running}" >&2
}
tell_nothing() {
    [ -t 2 ] && printf '\r\033[K' >&2
}

note() { # begin|end, name
    case $1 in
    begin) running="$running $2" ;;
    end) running=$(echo "$running " | sed "s/ $2 / /; s/ \$//") ;;
    esac
}

# Reads which parts begin and end; prints each as soon as those before it are printed.
report() {
    all_passed=0 all_failed=0 running='' next=1
    while read -r what name; do
        note "$what" "$name"
        tell_nothing
        while [ -e "$kept/$next.end" ]; do
            show_part "$next" "$(sed -n "${next}p" "$kept/parts")"
            next=$((next + 1))
        done
        tell_running
    done
    tell_nothing
    # Nobody runs any more: a part that has not ended was ended.
    sed "1,$((next - 1))d" "$kept/parts" >"$kept/missing"
    while read -r name; do
        show_part "$next" "$name"
        next=$((next + 1))
    done <"$kept/missing"
    if [ -n "${VERBOSE:-}" ]; then
        sort -k1,1nr "$kept/seconds" | awk '{ line = line ", " $2 " " $1 } END { print "seconds: " substr(line, 3) }'
    fi
    echo "$all_passed passed, $all_failed failed"
    [ "$all_failed" -eq 0 ]
}

# ---- all of them ----

# Those of a plan, so many at a time, each told how many programs it may run side by side itself.
run_rows() { # parts, programs of each; "NUMBER NAME" a line on standard input
    env "JOBS=$2" xargs -r -n 2 -P "$1" sh tests/run.sh --part "$kept"
}

run_all() { # jobs
    awk '{ print NR, $0 }' "$kept/parts" >"$kept/plan"
    if [ "$1" -eq 1 ]; then
        run_rows 1 1 <"$kept/plan"
        return
    fi
    grep ' builds$' "$kept/plan" | run_rows 1 "$1"
    {
        for part in $longest; do grep " $part\$" "$kept/plan"; done
        for part in builds $longest; do echo " $part\$"; done >"$kept/patterns"
        grep -v -f "$kept/patterns" "$kept/plan"
    } | run_rows "$1" $((($1 + 1) / 2))
}

case ${1:-} in
--part) # folder, number, name: one of the lines below
    kept=$2
    run_part "$3" "$4"
    exit 0
    ;;
--all) # folder, jobs
    kept=$2
    run_all "$3" | report
    exit
    ;;
esac

. tests/lib.sh

# All of it ends as one, whoever ends it: the group of this run, and that of each part. Each cleans up behind itself.
end_all() {
    trap '' HUP INT TERM
    tell_nothing
    kill_all TERM
    tries=0
    while kill_all 0 && [ "$tries" -lt 100 ]; do sleep 0.1 && tries=$((tries + 1)); done
    kill_all KILL
    exit 1
}
kill_all() { # signal; false when nobody is there
    there=1
    for group in "$!" $(cat "$work"/*.group 2>/dev/null); do
        kill -s "$1" -- "-$group" 2>/dev/null && there=0
    done
    kill -s "$1" "$!" 2>/dev/null # before it has a group
    return "$there"
}

export MINUTES
# shellcheck disable=SC2086 # parts are words
printf '%s\n' ${*:-$all_parts} >"$work/parts"
env --default-signal=INT,QUIT setsid sh tests/run.sh --all "$work" "$jobs" &
trap end_all HUP INT TERM
wait "$!"
