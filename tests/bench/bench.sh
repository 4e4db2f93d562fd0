#!/bin/sh
# Measures, in one run on the same events: `bylaw run`, finding line ends alone, the reader alone, and whether the cost
# grows with history. Usage: sh tests/bench/bench.sh BUILD [COUNT]; `make bench` calls it. See docs/benchmark.md.
set -eu
cd "$(dirname "$0")/../.."
build=$1
count=${2:-1000000}
data=$build/bench
roster=$data/roster.jsonl
events=$data/events-$count.jsonl

mkdir -p "$data"
# Made once: the generator gives the same bytes each time.
if [ ! -s "$events" ] || [ tests/bench/generate.py -nt "$events" ]; then
    echo "making $count events"
    python3 tests/bench/generate.py roster >"$roster"
    python3 tests/bench/generate.py events "$count" >"$events.part"
    mv "$events.part" "$events"
fi

echo "== lines and the reader"
"$build/tests/bench/bench_json" "$events" | tee "$data/json"
echo "== the engine, by quarters of the stream"
"$build/tests/bench/bench_engine" "$roster" "$events"
echo "== questions after 100,000 events"
head -n 100000 "$events" >"$data/events-asked.jsonl"
"$build/tests/bench/bench_questions" "$roster" "$data/events-asked.jsonl"
echo "== ballot files: reading, and counting by several methods"
"$build/tests/bench/bench_elections" "$count"
echo "== bylaw run -p std/pytorch -r roster.jsonl events.jsonl >/dev/null"
LC_ALL=C TIMEFORMAT= sh -c 'time -p "$@" >/dev/null' sh \
    "$build/bylaw" run --format json -p std/pytorch -r "$roster" "$events" 2>"$data/time"
cat "$data/time"
awk -v count="$count" '
    FNR == NR { if ($1 == "reading" || $1 == "splitting") rate[$1] = $2; next }
    $1 == "user" || $1 == "sys" { spent += $2 }
    $1 == "real" { real = $2 }
    END {
        if (real <= 0 || spent <= 0) exit
        printf "events/s   %12.0f by the clock, %.0f by processor time\n", count / real, count / spent
        printf "against reading alone   1 : %.1f\n", rate["reading"] * spent / count
        printf "against lines alone     1 : %.1f\n", rate["splitting"] * spent / count
    }' "$data/json" "$data/time"
