# For the test runners: where things are, and how a result is told. Sourced from the root of the checkout.
#
# A runner prints a line `ok NAME` or `FAIL NAME` for each test, details of a failure indented below it, and nothing
# else at the beginning of a line. run.sh counts these lines.

# The programs must not see the user's settings, nor make that it is called by make.
unset NO_COLOR BYLAW CDPATH MAKEFLAGS MFLAGS MAKELEVEL
LC_ALL=C
TZ=UTC
export LC_ALL TZ
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
export ASAN_OPTIONS

# So many programs run side by side, and each of `make`.
jobs=${JOBS:-$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)}
case $jobs in '' | *[!0-9]* | 0*)
    echo "JOBS says how much runs side by side, 1 at least; it is \`$jobs\`" >&2
    exit 2
    ;;
esac

# A part may take so long, and a program of one half of that: what hangs is told, and ended.
MINUTES=${MINUTES:-20}
case $MINUTES in *[!0-9]* | 0*)
    echo "MINUTES says how long a part may take, 1 at least; it is \`$MINUTES\`" >&2
    exit 2
    ;;
esac
limited() { # command…; status 124 when it was ended
    timeout --foreground -k 10 "$((MINUTES * 30))s" "$@"
}

build=${1:-build}
root=$(pwd)
bylaw=$root/$build/bylaw

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# It may be told so twice: while it cleans up, it does not listen.
end_part='trap "" HUP INT TERM; exit 1'
trap "$end_part" HUP INT TERM

ok() {
    echo "ok $*"
}

fail() { # name; details on standard input
    echo "FAIL $*"
    head -n 40 | sed 's/^/    /'
}

same() { # name, expected file, file
    if cmp -s "$2" "$3"; then
        ok "$1"
    elif [ ! -e "$2" ]; then
        echo "$2 is missing; there was:" | cat - "$3" | fail "$1"
    else
        diff -u "$2" "$3" | fail "$1"
    fi
}

# Policies for people are text, and outcomes for programs begin with a brace: an expectation tells which it is.
format_of() { # file
    case $(head -c 1 "$1" 2>/dev/null) in
    '{') echo json ;;
    *) echo text ;;
    esac
}

# Runs a command, its standard output and error into a file; a status other than 0 becomes its last line.
record() { # file, command…
    into=$1
    shift
    status=0
    "$@" >"$into" 2>&1 </dev/null || status=$?
    [ "$status" -eq 0 ] || echo "exit status $status" >>"$into"
}

# A folder of examples holds stories, and for all of them a policy (else the standard one) and founding facts.
policy_of() { # folder
    if [ -e "$1/policy.bylaw" ]; then echo "$1/policy.bylaw"; fi
}
roster_of() { # folder
    for facts in "$1/roster.jsonl" "$1/rules.jsonl"; do
        if [ -e "$facts" ]; then
            echo "$facts"
            break
        fi
    done
}
stories() { # of all examples and golden runs
    for events in examples/*/*.jsonl tests/golden/*/events.jsonl; do
        case ${events##*/} in roster.jsonl | rules.jsonl | '*.jsonl') continue ;; esac
        if [ -e "$events" ]; then echo "$events"; fi
    done
}

# Runs the commands of a file, one on each line, side by side. What they say comes in the order of the lines, also where
# the part is ended because one of them hangs.
side_by_side() { # file, pattern of those that take longest and begin first
    mkdir "$work/said"
    awk '{ sub(/ *$/, ""); print NR, $0 }' "$1" >"$work/plan"
    trap "tell_said; $end_part" TERM
    { grep -e "$2" "$work/plan"; grep -v -e "$2" "$work/plan"; } |
        xargs -r -L 1 -P "$jobs" sh -c 'said=$0/$1; shift; "$@" >"$said" 2>&1; exit 0' "$work/said"
    trap "$end_part" TERM
    tell_said
    rm -r "$work/said"
}
tell_said() {
    while read -r number command; do
        cat "$work/said/$number" 2>/dev/null || echo "it was not run" | fail "$command"
    done <"$work/plan"
}

# make, as the build was made, so that nothing is built again; one at a time, because others make in the same build.
make_alone() { # make's words…
    mkdir -p "$build"
    set -- "CC=$(cut -d ' ' -f 1 "$build/flags" 2>/dev/null || echo gcc)" "$@"
    if grep -q -e ' -Werror ' "$build/flags" 2>/dev/null; then set -- WERROR=1 "$@"; fi
    flock "$build" make BUILD="$build" "$@"
}
