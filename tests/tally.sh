#!/bin/sh
# Elections counted from files: `bylaw tally` says what tests/tally/*.expected says, refuses what makes no sense, and counts the
# elections in tests/tally/published, and those in ../shared/cases/elections where they lie beside the checkout, as their sources did.
#
#   sh tests/tally.sh [--update] [BUILD]    --update writes the expected outputs anew
#
# tests/tally/CLAIM.args are the words behind `bylaw tally`, of a run in that folder.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

# ---- whole outputs ----

for args in tests/tally/*.args; do
    claim=${args##*/}
    claim=${claim%.args}
    (cd tests/tally && eval "record \"\$work/out\" \"\$bylaw\" tally $(cat "$claim.args")")
    if [ -n "$update" ]; then
        cp "$work/out" "tests/tally/$claim.expected"
    else
        same "$claim" "tests/tally/$claim.expected" "$work/out"
    fi
done
if [ -n "$update" ]; then
    echo "Now read what changed, line by line: git diff -- tests/tally"
    exit 0
fi

# The example of the docs is what is printed.
sed -n '/^\$ bylaw tally/,/^```$/p' docs/commands.md | sed '1d;$d' >"$work/shown"
"$bylaw" tally irv examples/elections/tennessee.abif >"$work/out"
same "docs/commands.md shows what is printed" "$work/out" "$work/shown"

python3 tests/elections_page.py "$bylaw" docs/elections.md >"$work/out"
same "docs/elections.md has a section of each method, with all its options" /dev/null "$work/out"

# Keys of JSON that are passed over without a word are those of the docs.
sed -n '/said_to_people\[\] =/,/;/s/^ *"\(.*\)".*/\1/p' runtime/ballots_json_said.c | tr -d '\n' | tr '| ' '\n_' | sort >"$work/table"
sed -n '/id="said-to-people"/,/^$/p' docs/ballots.md | sed 1d | tr -d '.\n' | sed 's/,\([^ ]\)/, \1/g; s/, /,/g' | tr ',' '\n' | sort | sed '/^$/d' >"$work/told"
same "docs/ballots.md has the keys that describe" "$work/table" "$work/told"

# What a method is has its page, and what is printed stays within the columns asked for.
for method in $("$bylaw" tally --help | sed -n '/^Methods/,/^$/s/^  \([a-z_]*\) .*/\1/p'); do
    [ -e "tests/tally/the_capital_by_$method.args" ] || echo "no election by $method"
    "$bylaw" tally "$method" --help >"$work/page" || echo "no help of $method"
    case $("$bylaw" help "$method") in # the word of the language may stand before it, the procedure of the library behind it
    *"$(cat "$work/page")"*) ;;
    *) echo "other help of $method" ;;
    esac
    awk -v method="$method" 'length($0) > 100 { print method ": " $0 }' "$work/page"
done >"$work/lacking"
same "every method is told in the help and counts the capital" /dev/null "$work/lacking"
python3 - tests/tally/*.expected >"$work/wide" <<'PY'
import re, sys, unicodedata
for path in sys.argv[1:]:
    wanted = re.search(r"--width (\d+)", open(path[:-len("expected")] + "args").read())
    for line in open(path, encoding="utf-8"):
        line = re.sub("\033\\[[0-9]*m", "", line.rstrip("\n"))
        columns = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        if line[:1] != "{" and not line.startswith("bylaw:") and columns > int(wanted.group(1) if wanted else 100):
            print(f"{path}: {columns} columns: {line}")
        if line != line.rstrip():
            print(f"{path}: blanks at the end: {line}")
PY
same "tables stay within the width" /dev/null "$work/wide"

# ---- the command ----

# name, status, pattern of standard output, pattern of standard error, words…; $input is standard input. '' wants nothing there.
input=/dev/null
gives() {
    name=$1
    wanted=$2
    out=$3
    err=$4
    shift 4
    status=0
    "$bylaw" tally "$@" <"$input" >"$work/out" 2>"$work/err" || status=$?
    if [ "$status" -eq "$wanted" ] && holds "$work/out" "$out" && holds "$work/err" "$err"; then
        ok "$name"
    else
        { echo "status $status, not $wanted; wanted \`$out\` and \`$err\`, there was:" && cat "$work/out" "$work/err"; } | fail "$name"
    fi
}
holds() { # file, pattern
    if [ -z "$2" ]; then [ ! -s "$1" ]; else grep -q -E -e "$2" "$1"; fi
}

capital=examples/elections/tennessee.abif
gives "no ballots" 2 '' 'wants the file of the ballots'
gives "a method alone" 2 '' 'wants the file of the ballots too' irv
gives "two files" 2 '' 'one file of ballots' irv "$capital" "$capital"
gives "no such file" 5 '' 'cannot read none\.blt' irv none.blt
gives "an unknown method finds the nearest" 2 '' 'no method `ivr`; did you mean `irv`' ivr "$capital"
gives "a method is known by its other names" 0 'Knoxville' '' "Ranked choice" "$capital"
gives "what parts the words of a name may be left out" 0 'counted by sainte_lague, .*first_divisor 1\.4' '' modifiedSainteLague "$capital"
gives "a rule is known by the name that a counting program has" 0 'by stv, .*elimination batch, quota droop_exact, .*decimals 4' '' \
    wigm-prf-batch --width 200 "$capital"
gives "an unknown option finds the nearest" 2 '' '`quotaa` is no option of stv; did you mean `quota`' stv --set quotaa=hare "$capital"
gives "an option of another method" 2 '' '`quota` is no option of irv; it takes seats' irv --set quota=hare "$capital"
gives "an unknown value is told what fits" 2 '' '`drop` .*it is one of droop, hare' stv --set quota=drop "$capital"
gives "an option without a value" 2 '' 'wants NAME=VALUE, not `quota`' stv --set quota "$capital"
gives "an unknown way to read CSV" 2 '' 'separator' irv --csv sep=x "$capital"
gives "no seats" 2 '' '`0` is no number of seats' irv --seats 0 "$capital"
gives "more seats than the method fills" 2 '' 'irv fills one seat, not 2' irv --seats 2 "$capital"
gives "an unknown format of ballots" 2 '' 'ballots-format is one of auto\|json' irv --ballots-format xls "$capital"
gives "a width that is none" 2 '' 'width wants columns' irv --width 0 "$capital"
gives "ballots that say no method" 2 '' 'tennessee\.abif: it does not say by which method' "$capital"
gives "ballots that are malformed are told with their place, and nothing else is" 4 '' '^bylaw: tests/tally/malformed\.blt:3:5: ' \
    irv tests/tally/malformed.blt
if grep -q 'Try' "$work/err"; then fail "a malformed file is no matter of usage" <"$work/err"; else ok "a malformed file is no matter of usage"; fi
gives "an empty file" 4 '' 'empty' irv /dev/null
gives "a method that does not count such ballots" 4 '' 'no scores, and score counts scores' score tests/tally/tied.abif
gives "a folder is no file" 5 '' 'cannot read' irv tests
gives "a result is status 0" 0 'Elected: Knoxville$' '' irv "$capital"
gives "no result is status 1" 1 'Nobody is elected' '' irv tests/tally/tied.abif
gives "more seats than candidates leave seats vacant" 0 '3 seats stay vacant|"vacant":3' '' approval --seats 7 --format json "$capital"
gives "options may come again" 0 'counted by stv, 2 seats, quota hare, decimals 2' '' stv --set quota=hare --set decimals=2 --seats 2 "$capital"
input=$capital
gives "- is standard input" 0 'Elected: Knoxville' '' irv -
gives "problems in standard input name it" 4 '' 'standard input:1:1: ' irv --ballots-format json -
input=/dev/null
gzip -c "$capital" >"$work/capital.gz"
gives "a packed file is unpacked" 0 'Elected: Knoxville' '' irv "$work/capital.gz"
head -c 100 "$work/capital.gz" >"$work/cut.gz"
gives "a packed file that is cut off" 5 '' 'cut off' irv "$work/cut.gz"
gives "color where asked for" 0 "$(printf '\033')" '' irv --color always "$capital"
gives "no color into a file" 0 'Elected' '' irv "$capital"
if grep -q "$(printf '\033')" "$work/out"; then fail "no color into a file" <"$work/out"; else ok "no escape sequence without color"; fi
gives "the same seed draws the same lot" 0 '"winners":\["(ana|bo)"\]' '' irv --set ties=lot --seed one --format json tests/tally/tied.abif
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
    "$bylaw" tally irv --set ties=lot --seed $seed --format json tests/tally/tied.abif | sed -n 's/.*"winners":\[\("[a-z]*"\)\].*/\1/p'
done | sort -u | tr '\n' ' ' >"$work/drawn"
echo '"ana" "bo" ' | tr -d '\n' >"$work/expected"
same "seeds draw one or the other" "$work/expected" "$work/drawn"
"$bylaw" tally irv "$capital" >/dev/full 2>"$work/err"
if [ $? -eq 5 ] && grep -q 'cannot write the output' "$work/err"; then ok "a full disk is told"; else fail "a full disk is told" <"$work/err"; fi

gives "a case in JSON is counted by its own method" 0 'Elected: Knoxville' '' examples/elections/tennessee.json
gives "another method goes before that of the case" 0 'Elected: Nashville' '' schulze examples/elections/tennessee.json

# ---- elections that really happened ----

# What compares them finds what differs.
mkdir "$work/cases"
cp examples/elections/tennessee.json "$work/cases/right.json"
sed 's/"Knoxville": 58/"Knoxville": 57/' examples/elections/tennessee.json >"$work/cases/wrong_votes.json"
sed 's/"winners": \["Knoxville"\]/"winners": ["Memphis"]/' examples/elections/tennessee.json >"$work/cases/wrong_winner.json"
python3 - examples/elections/tennessee.json "$work/cases" <<'PY'
import json, sys
# What a source says in another form agrees too; what it says otherwise does not.
case = json.load(open(sys.argv[1]))
rounds = case["expected"].pop("rounds")
written = [{"round": str(i), "tally": [{"candidate": name, "votes": f"{votes}.0"} for name, votes in one["tally"].items()],
            "elected": one.get("elected", [None])[0], "threshold": "51"} for i, one in enumerate(rounds)]
case["expected"] = {"winners": "Knoxville", "rounds": written}
json.dump(case, open(sys.argv[2] + "/right_in_other_forms.json", "w"))
case["method"], case["expected"] = "copeland", {
    "winners": ["Nashville"], "ranking": [{"rank": 1, "candidate": "Nashville"}, {"rank": 2, "candidate": "Chattanooga"}],
    "scores": {"Nashville": "3", "Memphis": 0}, "pairwise": {"Nashville>Memphis": 58, "Memphis>Nashville": "42"}}
json.dump(case, open(sys.argv[2] + "/right_pairs.json", "w"))
case["expected"]["pairwise"]["Nashville>Memphis"] = 57
json.dump(case, open(sys.argv[2] + "/wrong_pairs.json", "w"))
PY
sed 's/{"round": 2.*/{}/' examples/elections/tennessee.json >"$work/cases/malformed.json"
python3 tests/tally_cases.py "$bylaw" "$work/cases" 2>&1 | grep -e '^ok' -e '^FAIL' -e '^elections' | sed 's/^/told: /' >"$work/out"
cat >"$work/expected" <<'TOLD'
told: FAIL election malformed.json
told: ok election right.json
told: ok election right_in_other_forms.json
told: ok election right_pairs.json
told: FAIL election wrong_pairs.json: the winners agree
told: FAIL election wrong_votes.json: the winners agree
told: FAIL election wrong_winner.json
told: elections beside the checkout: 2 agree round by round, 1 by winners, 2 in winners but not in all else, 2 disagree
TOLD
same "an election that is not counted as its source did is told" "$work/expected" "$work/out"

python3 tests/tally_cases.py "$bylaw" tests/tally/published "published elections"
if [ -d ../shared/cases/elections ]; then
    python3 tests/tally_cases.py "$bylaw" ../shared/cases/elections
else
    echo "elections beside the checkout: none, not run"
fi
