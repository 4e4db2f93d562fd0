#!/bin/sh
# The command itself: verbs, options, exit statuses, inputs and outputs that break.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

cat >"$work/vote.bylaw" <<'POLICY'
policy vote "A vote"
use "parts/majority"
role member
proposal change {
  raised  by member
  decided by member using plain_majority within 7 days
}
scenario "two of three suffice" {
  given @ana, @bo, @chi are member
  @ana proposes change as clocks
  @ana approves clocks
  @bo approves clocks
  expect clocks is accepted
}
POLICY
mkdir "$work/parts"
cat >"$work/parts/majority.bylaw" <<'POLICY'
policy majority "Part of a vote"
procedure plain_majority {
  passes when approve > 1/2 of body
  fails  when reject >= 1/2 of body
}
POLICY
cat >"$work/events.jsonl" <<'EVENTS'
{"time":"2024-01-01T00:00:00Z","type":"grant","role":"member","to":"ana"}
{"type":"grant","role":"member","to":"bo"}
{"type":"founded"}
{"time":"2024-01-02T00:00:00Z","type":"propose","kind":"change","id":"clocks","actor":"ana"}
{"type":"approve","actor":"ana","proposal":"clocks"}
{"type":"approve","actor":"bo","proposal":"clocks"}
EVENTS
echo 'policy broken "No such thing" role role role' >"$work/broken.bylaw"
cp "$work/events.jsonl" "$work/malformed.jsonl"
echo '{"type":' >>"$work/malformed.jsonl"
echo '{"type":"tick","time":"2024-02-01T00:00:00Z"}' >>"$work/malformed.jsonl"

echo '{"type":"approve","actor":"ana","proposal":"clocks"}' >"$work/later.jsonl" # too late: refused
mkdir "$work/saved"

# Exit status and what must stand in standard output and standard error (extended patterns; '' is "nothing at all").
gives() { # name, status, output pattern, error pattern, words…
    name=$1 wanted=$2 output=$3 errors=$4
    shift 4
    status=0
    (cd "$work" && "$bylaw" "$@" >"$work/out" 2>"$work/err" <"${input:-/dev/null}") || status=$?
    {
        [ "$status" -eq "$wanted" ] || echo "exit status $status, not $wanted"
        matches output "$output" "$work/out"
        matches "standard error" "$errors" "$work/err"
    } >"$work/wrong"
    if [ -s "$work/wrong" ]; then cat "$work/wrong" "$work/out" "$work/err" | fail "$name"; else ok "$name"; fi
}

matches() { # what, pattern, file
    if [ -z "$2" ]; then
        [ ! -s "$3" ] || echo "there is something on $1"
    elif ! grep -q -E -e "$2" "$3"; then
        echo "no '$2' in $1"
    fi
}

# ---- help and usage ----
gives "bylaw alone tells how" 2 '' 'bylaw help'
gives "--version" 0 '^bylaw [0-9]+\.[0-9]+\.[0-9]+$' '' --version
gives "--help lists the verbs" 0 '^  run ' '' --help
gives "help lists the verbs" 0 '^  check ' '' help
for verb in run check test repl why needs who pending timeline compare render graph fmt compile dump tally; do
    gives "help $verb" 0 "^Usage: bylaw $verb " '' help "$verb"
    gives "$verb --help" 0 "^Usage: bylaw $verb " '' "$verb" --help
    gives "$verb refuses an unknown option" 2 '' "no option --colour" "$verb" --colour never
done
for verb in simulate analyse verify; do
    gives "$verb is told to be missing" 2 '' "bylaw $verb. is not available yet" "$verb" x
done
gives "a slip in a verb finds the nearest" 2 '' 'did you mean `bylaw check`' chekc
gives "a slip in an option finds the nearest" 2 '' 'did you mean --roster' run --rooster x
gives "an option of another verb is refused" 2 '' 'no option --until' check --until x vote.bylaw
gives "an option without its value" 2 '' 'wants a value' run --policy
gives "a switch with a value" 2 '' 'takes no value' run --state=yes
gives "an unknown format" 2 '' 'text\|json' run --format xml
gives "an option before the verb" 2 '' 'verb comes first' --quiet run
gives "two policies" 2 '' 'two policies' vote.bylaw -p vote.bylaw
gives "check without a file" 2 '' 'wants a policy' check
gives "why without a proposal" 2 '' 'wants the id' why
gives "an unknown library policy finds the nearest" 2 '' 'did you mean `std/pytorch`' run -p std/pytroch
gives "no time after --until" 2 '' 'wants a time' run -p vote.bylaw --until soon events.jsonl

# ---- run ----
gives "run prints outcomes as json into a file" 0 '"type":"accepted"' '' run -p vote.bylaw events.jsonl
gives "run prints text when told" 0 'accepted' '' run -p vote.bylaw --format text events.jsonl
gives "--format=json is the same as two words" 0 '"type":"accepted"' '' run --format=json -pvote.bylaw events.jsonl
gives "the standard policy is std/pytorch" 0 '"type":"refused"' '' run events.jsonl
gives "a policy in the verb's place is run" 0 '"type":"accepted"' '' ./vote.bylaw events.jsonl
gives "what is used is found beside the policy" 0 '"type":"accepted"' '' run -p "$work/vote.bylaw" events.jsonl
gives "-- ends the options" 0 '"type":"accepted"' '' run -p vote.bylaw -- events.jsonl
input=$work/events.jsonl
gives "no file is standard input" 0 '"type":"accepted"' '' run -p vote.bylaw
gives "- is standard input" 0 '"type":"accepted"' '' run -p vote.bylaw -
unset input
gives "several files are one stream" 0 '"seq":7' '' run -p vote.bylaw events.jsonl later.jsonl
gives "a roster is not counted" 0 '"seq":6' '' run -p vote.bylaw -r /dev/null events.jsonl
gives "a malformed line gives 4 and the run goes on" 4 '"type":"malformed"' '1 malformed line$' run -p vote.bylaw malformed.jsonl
gives "--on-error stop ends there" 4 '"type":"malformed"' '1 malformed' run -p vote.bylaw --on-error stop malformed.jsonl
gives "--state tells what the world looks like" 0 '"type":"state"' '' run -p vote.bylaw --state events.jsonl
gives "--until lets deadlines pass" 0 'accepted' '' run -p vote.bylaw --until 2025-01-01T00:00:00Z events.jsonl
gives "no such events" 5 '' 'cannot read none.jsonl' run -p vote.bylaw none.jsonl
gives "no such policy" 5 '' 'cannot read none.bylaw' run -p none.bylaw events.jsonl
gives "a folder is no file" 5 '' 'cannot read' run -p vote.bylaw .
gives "a policy that does not compile runs nothing" 3 '' 'error\[B' run -p broken.bylaw events.jsonl
gives "--save-scenario keeps the run" 0 '"type":"accepted"' '' run -p vote.bylaw events.jsonl --save-scenario saved/vote.bylaw
gives "what was saved is a test that passes" 0 '^ok .* events$' '' test -v saved/vote.bylaw
gives "what no statement says is told" 4 'malformed' 'not said' run -p vote.bylaw malformed.jsonl --save-scenario saved/part.bylaw
gives "and the rest is a test that passes" 0 '^1 passed, 0 failed$' '' test saved/part.bylaw
chmod 640 "$work/saved/vote.bylaw"
ln -s vote.bylaw "$work/saved/link.bylaw"
gives "a scenario is written over, through a link" 0 'accepted' '' run -p vote.bylaw events.jsonl --save-scenario saved/link.bylaw
if [ "$(cd "$work/saved" && stat -c '%a %F' vote.bylaw link.bylaw | tr '\n' ' ')" = '640 regular file 777 symbolic link ' ] &&
    [ "$(find "$work/saved" | wc -l)" -eq 4 ]; then
    ok "which stays a link, with the mode of the file, and nothing else"
else
    ls -l "$work/saved" | fail "which stays a link, with the mode of the file, and nothing else"
fi
gives "a scenario goes to a device" 0 'policy history extends' '' run -p vote.bylaw events.jsonl --save-scenario /dev/stdout
gives "a scenario is not saved from standard input" 2 '' 'name the files' run -p vote.bylaw --save-scenario saved/none.bylaw
gives "a scenario that cannot be written" 5 'accepted' 'cannot write nowhere/x' run -p vote.bylaw events.jsonl --save-scenario nowhere/x
rm -r "$work/saved"
gives "nothing at all is no event" 0 '' '' run -p vote.bylaw /dev/null
head -c 100 /dev/urandom >"$work/noise" 2>/dev/null
gives "noise is malformed, not fatal" 4 'malformed' 'malformed' run -p vote.bylaw noise

# ---- packed input ----
gzip -c "$work/events.jsonl" >"$work/events.gz"
cp "$work/events.gz" "$work/packed" && gzip -c "$work/later.jsonl" | cat "$work/events.gz" - >"$work/twice.gz"
head -c 60 "$work/events.gz" >"$work/cut.gz"
gives "packed events, whatever their name" 0 '"type":"accepted"' '' run -p vote.bylaw packed
gives "packed files behind each other in one" 0 '"seq":7' '' run -p vote.bylaw twice.gz
gives "a packed file that is cut off" 5 '' 'cut off' run -p vote.bylaw cut.gz

# ---- output that breaks ----
if [ -c /dev/full ]; then
    status=0
    "$bylaw" run -p "$work/vote.bylaw" "$work/events.jsonl" >/dev/full 2>"$work/err" || status=$?
    if [ "$status" -eq 5 ] && grep -q 'cannot write' "$work/err"; then
        ok "a full disk gives 5"
    else
        echo "status $status" | cat - "$work/err" | fail "a full disk gives 5"
    fi
fi
{
    status=0
    { sleep 1 && cat "$work/events.jsonl"; } | "$bylaw" run -p "$work/vote.bylaw" 2>"$work/err" || status=$?
    echo "$status" >"$work/status"
} | true
tries=0
while [ ! -s "$work/status" ] && [ "$tries" -lt 60 ]; do sleep 1 && tries=$((tries + 1)); done
if [ "$(cat "$work/status")" = 5 ] && grep -q 'cannot write' "$work/err"; then
    ok "a reader that goes away gives 5"
else
    cat "$work/status" "$work/err" | fail "a reader that goes away gives 5"
fi

# ^C: what was said so far is written, and the shell sees an interrupt (128 + 2). A shell lets its background children
# ignore it, hence env.
mkfifo "$work/fifo"
env --default-signal=INT "$bylaw" run -p "$work/vote.bylaw" "$work/fifo" >"$work/out" 2>"$work/err" &
child=$!
exec 9<>"$work/fifo" # never waits for a reader
cat "$work/events.jsonl" >&9
# Until all of it is read, and then what a few lines take.
python3 -c '
import fcntl, struct, termios, time
for _ in range(600):
    if struct.unpack("i", fcntl.ioctl(0, termios.FIONREAD, bytes(4)))[0] == 0:
        break
    time.sleep(0.1)' <&9
sleep 1
kill -INT "$child" 2>/dev/null
status=0
wait "$child" || status=$?
exec 9>&-
if grep -q accepted "$work/out" && [ ! -s "$work/err" ] && [ "$status" -eq 130 ]; then
    ok "what came before an interrupt is written"
else
    echo "status $status" | cat - "$work/out" "$work/err" | fail "what came before an interrupt is written"
fi

# ---- check, test, why, dump ----
gives "check says nothing when all is well" 0 '' '' check vote.bylaw
gives "check shows errors" 3 'error\[B[0-9]+\]' '' check broken.bylaw
gives "check shows errors as json" 3 '"code":"B[0-9]+"' '' check --format json broken.bylaw
gives "check --quiet only has a status" 3 '' '' check --quiet broken.bylaw
gives "check of several files gives the gravest" 3 'error' '' check vote.bylaw broken.bylaw
gives "check of a library policy" 0 '' '' check std/pytorch
gives "check of what is not there" 5 '' 'cannot read' check none.bylaw
gives "explain prints the page on a message" 0 '^B0404: stages out of order$' '' explain b0404
gives "explain sets blocks apart" 0 '^    proposal change \{$' '' explain B0404
gives "explain knows warnings" 0 '^W0504: ' '' explain B0404 W0504
gives "explain alone lists all codes" 0 '^W0599  ' '' explain
gives "explain as json" 0 '"code":"B0404","severity":"error","title":"stages out of order","markdown":"# B0404' '' explain --format json B0404
gives "explain of no code finds the nearest" 2 '' 'did you mean `bylaw explain W0504`' explain B0504
gives "explain of a word says where words are told" 2 '' '`bylaw help quorum`' explain quorum
if [ "$("$bylaw" explain | wc -l)" -eq "$(grep -c '^DIAG(' runtime/diag.def)" ]; then
    ok "explain lists each code once"
else
    "$bylaw" explain | fail "explain lists each code once"
fi
if sed -n 's/^DIAG(\([BW][0-9]*\),.*/\1/p' runtime/diag.def | xargs "$bylaw" explain | awk 'length($0) > 100 { print; bad = 1 } END { exit bad }' >"$work/long"; then
    ok "explain fits a terminal"
else
    fail "explain fits a terminal" <"$work/long"
fi
gives "test runs scenarios" 0 '^1 passed, 0 failed$' '' test vote.bylaw
gives "test names them when told" 0 'two of three suffice' '' test --verbose vote.bylaw
gives "test as json" 0 '"passed":true' '' test --format json vote.bylaw
gives "test --run tells where nothing has such a name" 1 '^0 passed, 0 failed$' 'no scenario has `nothing` in its name' test --run nothing vote.bylaw
gives "a file without scenarios is fine" 0 '^0 passed, 0 failed$' '' test parts
sed 's/expect clocks is accepted/expect clocks is rejected/' "$work/vote.bylaw" >"$work/wrong.bylaw"
gives "a failing scenario gives 1" 1 '^FAIL .*two of three' '' test wrong.bylaw
gives "a folder is tested with all below it" 3 '^1 passed, 1 failed$' 'broken' test .
gives "why explains" 0 'clocks' '' why clocks -p vote.bylaw events.jsonl
gives "why as json" 0 '^\{' '' why clocks -p vote.bylaw --format json events.jsonl
gives "why of an unknown proposal finds the nearest" 1 '' 'did you mean `clocks`' why clokcs -p vote.bylaw events.jsonl
gives "why of an earlier moment, by line" 0 'clocks is open' '' why clocks -p vote.bylaw --at-seq 4 events.jsonl
gives "why of an earlier moment, by time" 0 'clocks is accepted' '' why clocks -p vote.bylaw --at 2030-01-01T00:00:00Z events.jsonl
gives "why at no time" 2 '' '--at wants a time' why clocks -p vote.bylaw --at noon events.jsonl
gives "why at no line" 2 '' '--at-seq wants the number' why clocks -p vote.bylaw --at-seq 0 events.jsonl
gives "dump shows the program" 0 'change' '' dump vote.bylaw
gives "color only where wanted" 0 "$(printf '\033')" '' run -p vote.bylaw --format text --color always events.jsonl
