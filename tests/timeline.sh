#!/bin/sh
# `bylaw timeline` against what `bylaw run` says of the same stream (timeline.py), over all stories and over lives made for
# drawing (timeline_worlds.py); and drawings that must stay as somebody has seen them: tests/timeline/CLAIM.expected.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
mkdir "$work/worlds"
if ! python3 tests/timeline_worlds.py "$work/worlds" >"$work/log" 2>&1; then
    fail "tests/timeline_worlds.py" <"$work/log"
fi

compare() { # name: what `record` wrote to $work/got
    if [ -z "$update" ]; then
        same "timeline $1" "$2" "$work/got"
    elif ! cmp -s "$2" "$work/got"; then
        cp "$work/got" "$2"
        echo "rewrote $2"
    fi
}

drawn() { # claim world proposal [options]
    claim=$1 folder=$work/worlds/$2
    shift 2
    # In the folder itself, so that clauses are named without it.
    (cd "$folder" && record "$work/got" "$bylaw" timeline "$@" -p policy.bylaw events.jsonl)
    compare "$claim" "tests/timeline/$claim.expected"
}

drawn every_turn_has_its_place every_turn_of_a_life road
drawn what_is_to_come_is_told_apart every_turn_of_a_life road --at 2024-02-28T21:00:00Z
drawn side_by_side_each_vote_has_a_lane side_by_side_and_waiting hall
drawn a_vote_that_waits_says_when_it_opens side_by_side_and_waiting wait
drawn an_override_is_a_vote_of_its_own struck_down_and_overridden bridge
drawn discarded_ballots_are_told_apart ballots_are_discarded patch
drawn rankings_are_told an_election head
drawn a_life_of_five_minutes_has_seconds five_minutes now
drawn a_life_of_three_years_has_years three_years charter
drawn without_any_time_all_is_at_one_place without_any_time once
drawn a_crowd_is_counted three_hundred_at_once crowd
drawn json_has_one_object_a_line struck_down_and_overridden tunnel --format json
drawn no_such_proposal_names_the_nearest every_turn_of_a_life raod

# The picture of docs/timeline.md.
(cd examples/pytorch && record "$work/got" "$bylaw" timeline drop-legacy-ops --format svg --at-seq 13 -r roster.jsonl dispute.jsonl)
compare "the picture in the docs" docs/timeline.svg

if [ -z "$update" ]; then
    # shellcheck disable=SC2046 # paths without spaces
    set -- $(stories) "$work"/worlds/*/events.jsonl
    status=0
    python3 tests/timeline.py "$bylaw" "$@" >"$work/log" 2>&1 || status=$?
    sed "s|$work/||g" "$work/log"
    if [ "$status" -ne 0 ]; then tail -n 20 "$work/log" | fail "tests/timeline.py ended with status $status"; fi
fi
