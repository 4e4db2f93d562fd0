#!/bin/sh
# The conversation: docs/repl.md is typed again and must answer as it stands there; scripts and their exit statuses; going
# back and forth in a long history; where no process can be made; what is left when it is killed; and, in tmux, the terminal.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
export XDG_STATE_HOME="$work/state" TERM=xterm
mkdir "$work/here"

# What comes soon where nothing else runs may take long where much does.
comes() { # command…: whether it succeeds within a minute
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || return 1
        sleep 0.2
    done
}

talk() { # file of what was said, into; more words for the command
    said=$1 into=$2
    shift 2
    status=0
    (cd "$work/here" && "$bylaw" repl --color never "$@" <"$said" >"$into" 2>&1) || status=$?
    [ "$status" -eq 0 ] || echo "exit status $status" >>"$into"
}

expect() { # name, what was said; what is expected on standard input
    printf '%s\n' "$2" >"$work/said"
    cat >"$work/expected"
    talk "$work/said" "$work/got"
    same "$1" "$work/expected" "$work/got"
}

# ---- the page ----

# What was typed stands behind a prompt, in blocks fenced ```conversation; a script's complaints begin with their line.
awk '/^```/ { inside = $0 == "```conversation"; next } inside' docs/repl.md >"$work/page"
sed -n -E 's/^(bylaw[^>]*> |   \.\.\. )//p' "$work/page" >"$work/typed"
grep -v -E '^(bylaw[^>]*> |   \.\.\. )' "$work/page" | sed 's/^ --> what you typed:/ --> :/' >"$work/answers"
echo "exit status 1" >>"$work/answers" # it makes mistakes on purpose
replay_page() { # name
    rm -f "$work/here/dispute.bylaw"
    talk "$work/typed" "$work/all"
    sed -E 's/^line [0-9]+: //; s/^ --> line [0-9]+:/ --> :/' "$work/all" >"$work/got"
    same "$1" "$work/answers" "$work/got"
}
replay_page "docs/repl.md is what is answered"
record "$work/got" "$bylaw" test "$work/here/dispute.bylaw"
echo "1 passed, 0 failed" >"$work/expected"
same "the scenario it saves passes" "$work/expected" "$work/got"

# ---- scripts ----

expect "a script that is right ends with status 0" 'given module nn
time' <<'END'
2024-01-01T00:00:00Z
END
expect "an expectation that fails is told, and the script goes on" 'given module nn
expect nn is accepted
time' <<'END'
this expectation has no answer
 --> line 2:1
  |
1 | expect nn is accepted
  |        ^^^^^^^^^^^^^^
  = it is 2024-01-01T00:00:00Z
  = there is no proposal `nn`
2024-01-01T00:00:00Z
exit status 1
END
expect "an entry that is not finished is told" '@ana proposes change on nn as rename {
  labels : ["a"],' <<'END'
it ends where more must come: nothing was done
exit status 1
END
expect "words have small letters" 'Undo' <<'END'
line 1: words are written in small letters: `undo`
exit status 1
END
expect "a byte that is no text is told in what it was to be" "$(printf 'given module n\377\nlet x = 3 \377')" <<'END'
error[B0106]: this byte does not belong to any character: the text is not UTF-8
 --> line 1:1:15
  |
1 | given module n�
  |               ^
error[B0106]: this byte does not belong to any character: the text is not UTF-8
 --> session:1:11
  |
1 | let x = 3 �
  |           ^
exit status 1
END
expect "what is near is offered" 'brunch a
swich main
at never
branch main
diff man' <<'END'
line 1: `brunch` begins nothing that is known; did you mean `branch`?
line 2: `swich` begins nothing that is known; did you mean `switch`?
line 3: `never` is no time; one is 2024-03-01, or 2024-03-01T10:00:00Z
line 4: there is a branch `main` already; `switch main` goes there
line 5: there is no branch `man`; did you mean `main`?
exit status 1
END
expect "words of other conversations are answered with those of this one" 'wait 3 days
exit
show rename
run year.jsonl
{"type":"approve","actor":"ana","proposal":"rename"}
ana approves rename' <<'END'
line 1: `wait` begins nothing that is known; did you mean `after`?
line 2: `exit` begins nothing that is known; did you mean `quit`?
line 3: `show` begins nothing that is known; did you mean `state`?
line 4: `run` begins nothing that is known; did you mean `events`?
line 5: events are read from files: `events FILE`; here they are said, as in `@ana approves rename`
line 6: a person is written with `@`: `@ana`
exit status 1
END
expect "the clock moves before anything happened, too" 'given module nn
after 3 days
undo
time
redo
given @ana is maintainer of nn
roles @ana' <<'END'
back at 1, 2024-01-01T00:00:00Z: given module nn
2024-01-01T00:00:00Z
again at 2, 2024-01-04T00:00:00Z: after 3 days
maintainer of nn
  @ana                    since 2024-01-04 00:00, event 2
END
expect "nothing happens in the past" 'given module nn
after 3 days
at 2024-01-02
@zoe proposes change on nn as rename
now
time' <<'END'
as it was at 2024-01-02T00:00:00Z; `now` returns
line 4: nothing can happen at 2024-01-02T00:00:00Z: `now` returns, `branch NAME` goes on from there
at 2, 2024-01-04T00:00:00Z: after 3 days
2024-01-04T00:00:00Z
exit status 1
END
cat >"$work/here/through.bylaw" <<'END'
role voter
procedure most { passes when approve > reject  fails otherwise  closes at deadline }
proposal small { raised by anyone  decided by voter using most through 2 days }
END
printf 'given @ana is voter\n@zoe proposes small as p\nafter 2 days\nstate\nafter 1 day\nat 2024-01-03\nstate\nbranch other\nstate\n' >"$work/said"
talk "$work/said" "$work/all" -p through.bylaw
grep '^p  ' "$work/all" | uniq -c | sed 's/^ *//' >"$work/got"
echo '3 p                   small                       open, waits for `voter` through 2024-01-03 00:00' >"$work/expected"
same "what a deadline includes is seen from later too, and goes on from there" "$work/expected" "$work/got"
expect "a branch from before the first act may be given more" 'given module nn
after 3 days
at 2024-01-02
branch early
given module optim
time' <<'END'
as it was at 2024-01-02T00:00:00Z; `now` returns
a new branch, at 2, 2024-01-02T00:00:00Z: at 2024-01-02T00:00:00Z
2024-01-02T00:00:00Z
END
expect "there is an end to undoing and redoing" 'undo
redo
given module nn
undo 7
redo 7
undo 0' <<'END'
line 1: there is nothing to undo
line 2: there is nothing to redo
back at the beginning
again at 1, 2024-01-01T00:00:00Z: given module nn
line 6: it is typed: undo [N]
exit status 1
END
printf 'mine\n' >"$work/here/mine.bylaw"
expect "a file of somebody else is not written over" 'given module nn
save mine.bylaw' <<'END'
line 2: mine.bylaw is there already, and not by `save`: it is left alone
exit status 1
END
printf 'given module nn\ngiven @ana is maintainer of nn\nload more.txt\n' >"$work/here/some.txt"
printf '@zoe proposes change on nn as rename\nstate\n' >"$work/here/more.txt"
expect "files load files" 'load some.txt
history' <<'END'
2024-01-01 00:00  rename is open: change on nn, raised by @zoe
                    under std/pytorch:163
rename              change on nn                open, waits for `approver except author`
   1  2024-01-01T00:00:00Z  given module nn …
   2  2024-01-01T00:00:00Z  @zoe proposes change on nn as rename
END
(printf 'given module nn\n' && head -c 17000000 /dev/zero | tr '\0' '\n') >"$work/here/long.txt"
expect "of a file that is too large nothing is loaded" 'load long.txt
history' <<'END'
line 1: long.txt is too large: it has 16777216 bytes or more
nothing has happened yet
exit status 1
END
printf 'load self.txt\n' >"$work/here/self.txt"
printf 'load self.txt\n' >"$work/said"
talk "$work/said" "$work/got"
if grep -q "load each other, more than 16 deep" "$work/got"; then ok "files that load each other end"; else
    fail "files that load each other end" <"$work/got"
fi
printf 'given module nn\n@zoe proposes change on nn as rename\nundo\n' >"$work/said"
talk "$work/said" "$work/got" --format json
if python3 -c 'import json, sys; print([json.loads(line)["type"] for line in sys.stdin])' <"$work/got" >"$work/types" 2>&1 &&
    [ "$(cat "$work/types")" = "['opened', 'note']" ]; then
    ok "--format json gives lines of JSON"
else
    fail "--format json gives lines of JSON" <"$work/types"
fi

# ---- every story, and back ----

for events in examples/pytorch/*.jsonl; do
    case $events in */roster.jsonl) continue ;; esac
    name=$(basename "$events" .jsonl)
    printf 'state\nundo\nredo\nstate\nsave %s.bylaw\n' "$name" >"$work/said"
    talk "$work/said" "$work/got" -r "$root/examples/pytorch/roster.jsonl" "$root/$events"
    if grep -q "passes$" "$work/got"; then ok "$name is saved as a scenario"; else fail "$name is saved as a scenario" <"$work/got"; fi
done

# ---- long histories ----

python3 tests/repl.py "$bylaw" "$work"

# ---- conversations that are drawn, with this build and with sanitizers, and what long ones take ----

drawn() { # words for tests/conversations.py
    if env PYTHONDONTWRITEBYTECODE=1 python3 tests/conversations.py "$@" >"$work/drawn" 2>&1; then cat "$work/drawn"; else
        tail -n 20 "$work/drawn" | fail "conversations.py $*"
    fi
}

# BYLAW_TALKS=200 has so many of each, of 2000 entries.
talks=${BYLAW_TALKS:-}
long=${talks:+2000}
sane=build/sanitize
case $build in *sanitize*) sane=$build ;; esac
drawn talk "$bylaw" 1 "${talks:-18}" "${long:-150}"
drawn talk "$sane/bylaw" 2 "${talks:-9}" "${long:-80}"
drawn speak "$build/tests/unit/spoken" 3 "${talks:-36}" "${long:-200}"
drawn speak "$sane/tests/unit/spoken" 4 "${talks:-18}" "${long:-100}"
case $build in
*sanitize*) ;; # it takes as long as it takes
*) drawn grow "$bylaw" ;;
esac

# ---- where no process can be made: one engine in this process, the same answers ----

case $build in
*sanitize*) ;; # a preloaded library comes before the sanitizer's own
*)
    printf '#include <errno.h>\n#include <sys/types.h>\npid_t fork(void);\npid_t fork(void)\n{\n    errno = EAGAIN;\n    return -1;\n}\n' >"$work/nofork.c"
    "${CC:-cc}" -shared -fPIC -o "$work/nofork.so" "$work/nofork.c"
    LD_PRELOAD=$work/nofork.so replay_page "without processes the answers are the same"
    printf '#!/bin/sh\nLD_PRELOAD=%s exec "%s" "$@"\n' "$work/nofork.so" "$bylaw" >"$work/alone"
    chmod +x "$work/alone"
    drawn talk "$work/alone" 5 "${talks:-6}" "${long:-150}"
    ;;
esac

# ---- with sanitizers ----

if [ "$build" = build ]; then
    bylaw=$root/build/sanitize/bylaw
    replay_page "with sanitizers the answers are the same"
    bylaw=$root/build/bylaw
fi

# ---- killed ----

mkfifo "$work/pipe"
"$bylaw" repl <"$work/pipe" >/dev/null 2>&1 &
front=$!
exec 7>"$work/pipe"
echo "given module nn" >&7
# Not those that have ended and wait to be taken note of.
children() { ps -A -o pid= -o ppid= -o stat= | awk -v parent="$front" '$2 == parent && $3 !~ /Z/ { print $1 }'; }
engines=
have_begun() { engines=$(children) && [ -n "$engines" ]; }
comes have_begun
kill -9 "$front"
wait "$front" 2>/dev/null
left=
have_ended() {
    left=
    for engine in $engines; do
        case $(ps -o stat= -p "$engine") in '' | Z*) ;; *) left="$left $engine" ;; esac
    done
    [ -z "$left" ]
}
comes have_ended
exec 7>&-
if [ -n "$engines" ] && [ -z "$left" ]; then ok "nothing is left of one that was killed"; else
    echo "engines: $engines; left: $left" | fail "nothing is left of one that was killed"
fi

# ---- a terminal ----

screen=0 # each has a server of its own: one that ends takes its time
terminal() { tmux -L "bylaw$$-$screen" "$@"; }
# ^C goes to the shell there too: dash would end on it, once the command has ended.
begin() { # command
    screen=$((screen + 1))
    terminal -f /dev/null new-session -d -s repl -x 120 -y 40 "trap : INT; $1; echo status \$?; sleep 60"
}
is_shown() { terminal capture-pane -p -t repl | grep -q -E -e "$1"; } # pattern
shows() { # name, pattern
    if comes is_shown "$2"; then ok "$1"; else terminal capture-pane -p -t repl | fail "$1"; fi
}
# Where the cursor is, from 0; an entry that was taken leaves it at the beginning of a line without a prompt.
column() { terminal display-message -p -t repl '#{cursor_x}'; }
is_taken() { [ "$(column)" = 0 ]; }
type_line() { terminal send-keys -t repl -l "$1" && terminal send-keys -t repl Enter; }

begin "env XDG_STATE_HOME='$work/state' '$bylaw' repl --color never -r '$work/roster.jsonl'"
trap 'terminal kill-server 2>/dev/null; rm -rf "$work"' EXIT
shows "a terminal gets a prompt" '^bylaw>'
type_line "events $work/events.jsonl"
comes is_taken
sleep 0.1
terminal send-keys -t repl C-c
shows "^C stops what takes long" 'interrupted: nothing was done'
type_line time
shows "and nothing of it happened" '^2023-12-01T00:00:00Z'
terminal send-keys -t repl -l 'proposal half {'
terminal send-keys -t repl Enter
shows "an open bracket asks for more" '^   \.\.\.'
terminal send-keys -t repl C-c
shows "^C forgets what was typed" '\^C'
printf '@zoe proposes change on nn as pasted\n@ana approves pasted\n' | terminal load-buffer -
terminal paste-buffer -p -t repl
comes is_shown '@ana approves pasted'
terminal send-keys -t repl Enter
shows "what is pasted is done" 'pasted is accepted'
type_line undo
shows "and is one entry" '^back at 1,'
terminal send-keys -t repl -l '@zoe prop'
terminal send-keys -t repl -l 'oses change on nn as tabbed'
terminal send-keys -t repl Enter
shows "a proposal is open" 'tabbed is open'
terminal send-keys -t repl -l 'why tab'
terminal send-keys -t repl Tab
shows "the Tab key completes names" 'why tabbed'
terminal send-keys -t repl Enter
# What is pressed while an answer comes is for that, and goes with it.
is_asking() { terminal capture-pane -p -t repl | grep -v '^ *$' | tail -n 1 | grep -q -x 'bylaw> *'; }
comes is_asking
terminal send-keys -t repl C-d
shows "^D ends" '^status 0'
case $(ls -l "$work/state/bylaw/history" 2>&1) in
-rw-------*) ok "the history is for nobody else" ;;
*) ls -l "$work/state/bylaw" 2>&1 | fail "the history is for nobody else" ;;
esac
terminal kill-server 2>/dev/null
begin "env XDG_STATE_HOME='$work/state' '$bylaw' repl --color never"
shows "another session begins" '^bylaw>'
terminal send-keys -t repl Up
shows "the arrow key brings back what was typed in another session" '^bylaw> why tabbed'
terminal kill-server 2>/dev/null
cat >"$work/seats.bylaw" <<'END'
role member
procedure best { ballot ranking  counts by irv }
proposal seat { raised by member  candidates from member default nobody  decided by member using best within 7 days }
proposal colour { raised by member  options red, "light blue" default none  decided by member using best within 7 days }
END
begin "env XDG_STATE_HOME='$work/state' '$bylaw' repl --color never -p '$work/seats.bylaw'"
shows "a session with elections begins" '^bylaw>'
type_line 'given @ana, @bea, @bo, @chi are member'
type_line '@ana proposes seat as lead'
type_line '@ana proposes colour as paint'
type_line '@bea withdraws from lead'
shows "there are two elections" 'paint is open'
# Each is on the screen before its Tab is pressed, and what the Tab brings before the next.
keys() {
    for key in "$@"; do
        terminal send-keys -t repl -l "$key"
        comes is_last "${key% }" # the screen keeps no blanks at the end of a line
        before=$(terminal capture-pane -p -t repl)
        terminal send-keys -t repl Tab
        comes has_changed
    done
}
is_last() { terminal capture-pane -p -t repl | grep '^bylaw>' | tail -n 1 | grep -q -F -e "$1"; }
has_changed() { [ "$(terminal capture-pane -p -t repl)" != "$before" ]; }
keys '@ana ran' '@b' '> nob' 'in le'
shows "the Tab key completes what people do, and whom a ballot may name" '^bylaw> @ana ranks @bo > nobody in lead *$'
terminal send-keys -t repl Enter
keys '@bo ran' '"li' '>re' 'in pai'
shows "and options" '^bylaw> @bo ranks "light blue" >red in paint *$'
terminal send-keys -t repl Enter
keys '@chi r'
shows "and lists what people do" '^rejects  ranks  recuses  revokes  resigns  removes$'
keys 'anks '
shows "and who stands" '^@ana  @bo  @chi  nobody  none  red  "light blue"$'
terminal kill-server 2>/dev/null
: >"$work/notafolder"
begin "env XDG_STATE_HOME='$work/notafolder' '$bylaw' repl --color never"
shows "a session without a history begins" '^bylaw>'
type_line "given module nn"
type_line time
shows "and works" '^2024-01-01T00:00:00Z'
terminal kill-server 2>/dev/null
