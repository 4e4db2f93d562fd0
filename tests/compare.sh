#!/bin/sh
# `bylaw compare`: one history under two policies. What is expected stands in tests/compare/; an oracle in Python finds the
# same differences from two runs of `bylaw run`. `sh tests/compare.sh --update` writes what is expected anew.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

keep_or_compare() { # name, expected, got
    if [ -z "$update" ]; then
        same "$1" "$2" "$3"
    elif ! cmp -s "$2" "$3"; then
        cp "$3" "$2"
        echo "rewrote $2"
    fi
}

expect_status() { # name, status, command…
    name=$1 wanted=$2
    shift 2
    status=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    if [ "$status" -eq "$wanted" ]; then ok "$name"; else
        { echo "status $status instead of $wanted:"; cat "$work/out" "$work/err"; } | fail "$name"
    fi
}

has() { # name, words, file
    if grep -F -q -- "$2" "$3"; then ok "$1"; else { echo "no \`$2\` in:"; cat "$3"; } | fail "$1"; fi
}

# Both runs as they are, for the oracle.
agrees_with_runs() { # name, old, new, roster, events
    "$bylaw" run --format json -p "$2" -r "$4" "$5" >"$work/old" 2>/dev/null
    "$bylaw" run --format json -p "$3" -r "$4" "$5" >"$work/new" 2>/dev/null
    "$bylaw" compare --format json "$2" "$3" -r "$4" "$5" >"$work/compared" 2>/dev/null
    if python3 tests/compare.py "$work/old" "$work/new" "$work/compared" >"$work/wrong" 2>&1; then
        ok "$1: two runs differ in the same"
    else
        fail "$1: two runs differ in the same" <"$work/wrong"
    fi
}

# ---- one thing changed ----

club="-r roster.jsonl events.jsonl"
for changed in threshold window veto fewer; do
    for format in text json; do
        # shellcheck disable=SC2086 # words
        (cd tests/compare && record "$work/got" "$bylaw" compare --color never --format $format club.bylaw $changed.bylaw $club)
        keep_or_compare "compare $changed, as $format" "tests/compare/$changed.$format" "$work/got"
    done
    [ -n "$update" ] || agrees_with_runs "compare $changed" tests/compare/club.bylaw "tests/compare/$changed.bylaw" \
        tests/compare/roster.jsonl tests/compare/events.jsonl
done
# shellcheck disable=SC2086 # words
(cd tests/compare && record "$work/got" "$bylaw" compare --verbose --color never club.bylaw window.bylaw $club)
keep_or_compare "compare window, with the reasons of what is alike" tests/compare/window.verbose "$work/got"

# Of several seats all who have one are told, and options are no people.
for format in text json; do
    (cd tests/compare && record "$work/got" "$bylaw" compare --color never --format $format seats.bylaw one_seat.bylaw elections.jsonl)
    keep_or_compare "compare elections, as $format" "tests/compare/elections.$format" "$work/got"
done

# ---- the stories ----

for story in dispute lead-removal nomination uncontroversial veto; do
    events=examples/pytorch/$story.jsonl
    for format in text json; do
        record "$work/got" "$bylaw" compare --color never --format "$format" std/pytorch std/pytorch-2026 \
            -r examples/pytorch/roster.jsonl "$events"
        keep_or_compare "pytorch then and in 2026: $story, as $format" "tests/compare/pytorch-$story.$format" "$work/got"
    done
    [ -n "$update" ] || agrees_with_runs "pytorch then and in 2026: $story" std/pytorch std/pytorch-2026 \
        examples/pytorch/roster.jsonl "$events"
done
[ -z "$update" ] || exit 0

# ---- a policy and itself ----

stories >"$work/stories"
while IFS= read -r events; do
    folder=$(dirname "$events")
    policy=$(policy_of "$folder")
    roster=$(roster_of "$folder")
    wanted=0
    if "$bylaw" run -q -p "${policy:-std/pytorch}" ${roster:+-r "$roster"} "$events" 2>/dev/null </dev/null |
        grep -q '"type":"malformed"'; then wanted=4; fi
    expect_status "$events: a policy differs in nothing from itself" "$wanted" \
        "$bylaw" compare --verbose --format json "${policy:-std/pytorch}" "${policy:-std/pytorch}" ${roster:+-r "$roster"} "$events"
    grep -v -e '"type":"malformed"' -e '"differences":0,"acts":0,"effects":0' "$work/out" >"$work/more"
    if [ -s "$work/more" ]; then fail "$events: nothing is told of a policy and itself" <"$work/more"; else
        ok "$events: nothing is told of a policy and itself"
    fi
done <"$work/stories"

# ---- inputs ----

compare_club() { # words…
    (cd tests/compare && exec "$bylaw" compare --color never "$@")
}

head -n 8 tests/compare/events.jsonl >"$work/first"
tail -n +9 tests/compare/events.jsonl >"$work/second"
compare_club club.bylaw threshold.bylaw -r roster.jsonl "$work/first" "$work/second" >"$work/got" 2>&1
echo "exit status 1" >>"$work/got"
same "events in two files are one history" tests/compare/threshold.text "$work/got"
compare_club club.bylaw threshold.bylaw -r roster.jsonl <tests/compare/events.jsonl >"$work/got" 2>&1
echo "exit status 1" >>"$work/got"
same "events come from standard input too" tests/compare/threshold.text "$work/got"
compare_club --format json threshold.bylaw club.bylaw -r roster.jsonl events.jsonl | grep '"type":"proposal"' |
    sed 's/"old":\(.*\),"new":\(.*\)}$/"old":\2,"new":\1}/' >"$work/turned"
grep '"type":"proposal"' tests/compare/threshold.json >"$work/straight"
same "the other way round the same differs" "$work/straight" "$work/turned"

{ cat tests/compare/events.jsonl; echo '{"type":"approve"'; echo '[]'; } >"$work/broken"
expect_status "a malformed line is status 4" 4 "$bylaw" compare tests/compare/club.bylaw tests/compare/veto.bylaw \
    -r tests/compare/roster.jsonl "$work/broken"
has "malformed lines are counted once" "2 malformed lines" "$work/err"
if [ "$(grep -c 'this line is no event' "$work/out")" -eq 2 ]; then ok "each malformed line is told once"; else
    fail "each malformed line is told once" <"$work/out"
fi
expect_status "--on-error stop ends both" 4 "$bylaw" compare --on-error stop tests/compare/club.bylaw \
    tests/compare/veto.bylaw -r tests/compare/roster.jsonl "$work/broken"
{ cat tests/compare/events.jsonl; echo '{"type":"visit","actor":"bo","guest":"\u202e\u001b[31mgus"}'; } >"$work/hostile"
sed 's/"id":"lamp"/"id":"\\u001b[31mlamp"/' "$work/hostile" >"$work/hostile2"
compare_club club.bylaw veto.bylaw -v -r roster.jsonl "$work/hostile2" >"$work/got" 2>&1
if LC_ALL=C grep -q "$(printf '\033')" "$work/got"; then fail "controls do not reach the terminal" <"$work/got"; else
    ok "controls do not reach the terminal"
fi

# ---- what makes no sense ----

echo 'policy p { } nonsense' >"$work/bad.bylaw"
expect_status "an old policy that does not compile is status 3" 3 "$bylaw" compare "$work/bad.bylaw" std/pytorch
has "it is named as the old one" "the old policy, $work/bad.bylaw, does not compile" "$work/err"
expect_status "a new policy that does not compile is status 3" 3 "$bylaw" compare std/pytorch "$work/bad.bylaw"
has "it is named as the new one" "the new policy, $work/bad.bylaw, does not compile" "$work/err"
expect_status "two policies are wanted" 2 "$bylaw" compare std/pytorch
expect_status "a policy of the library that is none" 2 "$bylaw" compare std/pytorch std/pytorch-2027
expect_status "--until wants a time" 2 "$bylaw" compare std/pytorch std/pytorch --until soon
expect_status "events that cannot be read" 5 "$bylaw" compare std/pytorch std/pytorch "$work/none"
expect_status "output that cannot be written" 5 sh -c '"$1" compare std/pytorch std/pytorch tests/compare/events.jsonl >/dev/full' - "$bylaw"
expect_status "with --until deadlines pass under both" 1 "$bylaw" compare --until 2024-06-01 tests/compare/club.bylaw \
    tests/compare/window.bylaw -r tests/compare/roster.jsonl tests/compare/events.jsonl
