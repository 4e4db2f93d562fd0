#!/bin/sh
# What one build writes is what build/ writes, to the byte: every policy compiled, and the other's file read; every story
# run and asked about. Usage: sh tests/foreign_bytes.sh BUILD; tests/foreign.sh has it run for another machine.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
here=$root/build/bylaw

if [ "$bylaw" = "$here" ]; then
    echo "usage: sh tests/foreign_bytes.sh BUILD, another than build" >&2
    exit 2
fi

# Standard output, standard error and status of each, one behind the other.
say() { # command…
    echo "== $*"
    "$@" 2>&1 </dev/null
    echo "== status $?"
}

compile() { # program, folder, policy
    mkdir -p "$2"
    rm -f "$2"/*
    say "$1" compile "$3" -o "$2/policy.bylawc"
    say "$1" compile --strip "$3" -o "$2/stripped.bylawc"
}

# Everything that is told of a policy alone. Read and laid out from its source, asked from the file this machine wrote.
tell_policy() { # program, policy
    say "$1" check --format json "$2"
    "$1" fmt - <"$2" 2>&1
    for form in markdown html json; do say "$1" render --format "$form" "$2"; done
    say "$1" test --coverage --format json "$2"
    for file in "$2" "$work/here/policy.bylawc" "$work/here/stripped.bylawc"; do
        say "$1" dump "$file"
        for form in text json svg dot; do say "$1" graph --format "$form" "$file"; done
    done
}

tell_story() { # program, policy, roster, events
    tell=$1 policy=$2 facts=${3:+-r $3} events=$4
    about=$(sed -n 's/.*"type":"propose".*"id":"\([^"]*\)".*/\1/p' "$events" | head -n 1)
    ask() { # verb and words…; roster and policy are behind them
        # shellcheck disable=SC2086 # facts are words
        say "$tell" "$@" -p "$policy" $facts "$events"
    }
    for form in json text; do
        ask run --verbose --state --until 2035-01-01T00:00:00Z --format "$form"
        ask needs "$about" --format "$form"
        ask why "$about" --depth all --format "$form"
        ask pending all --format "$form"
    done
    ask why --not "$about"
    for form in text json svg html; do ask timeline "$about" --format "$form"; done
}

compare() { # name, function, words…: said by both
    name=$1 function=$2
    shift 2
    "$function" "$here" "$@" >"$work/wanted"
    "$function" "$bylaw" "$@" | sed "s|^== $bylaw |== $here |" >"$work/said"
    same "$name" "$work/wanted" "$work/said"
}

for policy in $(find stdlib examples tests -name '*.bylaw' ! -path 'tests/diagnostics/*' | sort); do
    compile "$here" "$work/here" "$policy" >"$work/wanted"
    compile "$bylaw" "$work/there" "$policy" >"$work/said"
    if [ ! -s "$work/here/policy.bylawc" ]; then fail "$policy compiles" <"$work/wanted"; continue; fi
    for file in policy stripped; do
        if cmp "$work/here/$file.bylawc" "$work/there/$file.bylawc" >"$work/wrong" 2>&1; then ok "$policy, $file, is compiled to the same bytes"; else
            cat "$work/said" "$work/wrong" | fail "$policy, $file, is compiled to the same bytes"
        fi
    done
    compare "$policy is told the same" tell_policy "$policy"
done

for events in $(stories); do
    policy=$(policy_of "${events%/*}")
    "$here" compile "${policy:-std/pytorch}" -o "$work/story.bylawc" || echo "$events has no policy" | fail "$events compiles"
    compare "$events is told the same" tell_story "$work/story.bylawc" "$(roster_of "${events%/*}")" "$events"
done
