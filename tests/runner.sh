#!/bin/sh
# The runner of the tests, tests/run.sh, with parts made for it: what it prints does not depend on how many run at a time;
# builds come first and alone; a part that breaks is a failure; and nothing is left of a run that is ended. And what tests/setup.sh
# says on a machine where nothing is installed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

house="$work/a house" # with a space in its name
mkdir -p "$house/tests" "$work/marks" "$work/scratch"
cp tests/run.sh tests/lib.sh "$house/tests/"
marks=$work/marks
TMPDIR=$work/scratch
export marks TMPDIR
unset VERBOSE JOBS TESTED

part() { # name; what it does on standard input
    cat >"$house/tests/$1.sh"
}
run_parts() { # jobs, into, parts…
    jobs=$1 into=$2
    shift 2
    JOBS=$jobs sh "$house/tests/run.sh" "$@" >"$into" 2>&1 </dev/null
}

# ---- what is printed ----

part good <<'END'
echo "ok one"
sleep 0.3
echo "ok two"
END
part quick <<'END'
echo "ok quick"
END
part bad <<'END'
echo "ok before"
echo "FAIL this one"
echo "    details"
echo "ok behind"
exit 1
END
part broken <<'END'
echo "ok before"
echo "a word about it"
exit 3
END
part silent <<'END'
exit 0
END
part killed <<'END'
kill -KILL $$
END
cat >"$work/expected" <<'END'
ok   good             2 passed, 0 failed
ok   quick            1 passed, 0 failed
FAIL this one
    details
FAIL bad              2 passed, 1 failed
FAIL broken: it ended with status 3 after 1 tests
    ok before
    a word about it
FAIL broken           1 passed, 1 failed
FAIL silent: it ended with status 0 after 0 tests
FAIL silent           0 passed, 1 failed
FAIL killed: it ended with status 137 after 0 tests
FAIL killed           0 passed, 1 failed
FAIL missing: it ended with status 2 after 0 tests
FAIL missing          0 passed, 1 failed
ok   quick            1 passed, 0 failed
7 passed, 5 failed
END
for jobs in 1 2 7; do
    run_parts "$jobs" "$work/all" good quick bad broken silent killed missing quick
    echo "exit status $?" >"$work/status"
    # What the shell itself says of a part that it cannot end or begin differs from shell to shell.
    grep -v -i -e '^    .*killed' -e '^    .*missing\.sh' -e '^[^F ].*missing\.sh' -e '^Killed' "$work/all" >"$work/got"
    same "what is printed, $jobs at a time" "$work/expected" "$work/got"
    if grep -q '^exit status 1$' "$work/status"; then ok "failures are status 1, $jobs at a time"; else
        fail "failures are status 1, $jobs at a time" <"$work/status"
    fi
done
if run_parts 2 "$work/got" good quick; then ok "no failure is status 0"; else fail "no failure is status 0" <"$work/got"; fi
VERBOSE=1
export VERBOSE
run_parts 2 "$work/all" quick bad
unset VERBOSE
sed 's/ [0-9]*\(,\|$\)/ N\1/g; s/^\(seconds: \)bad N, quick N$/\1quick N, bad N/' "$work/all" >"$work/got"
cat >"$work/expected" <<'END'
ok quick
ok   quick            1 passed, 0 failed
ok before
FAIL this one
    details
ok behind
FAIL bad              2 passed, 1 failed
seconds: quick N, bad N
3 passed, 1 failed
END
same "VERBOSE prints every test and how long each part took" "$work/expected" "$work/got"
for wrong in 0 -1 many 1.5; do
    run_parts "$wrong" "$work/got" quick
    echo "$?" >>"$work/got"
    if grep -q 'JOBS' "$work/got" && tail -n 1 "$work/got" | grep -q '^2$'; then ok "JOBS=$wrong is refused"; else
        fail "JOBS=$wrong is refused" <"$work/got"
    fi
done

for wrong in 0 -1 '1 2' long; do
    MINUTES=$wrong sh "$house/tests/run.sh" quick >"$work/got" 2>&1
    echo "$?" >>"$work/got"
    if grep -q 'MINUTES' "$work/got" && tail -n 1 "$work/got" | grep -q '^2$'; then ok "MINUTES=$wrong is refused"; else
        fail "MINUTES=$wrong is refused" <"$work/got"
    fi
done

# ---- what hangs ----

part hangs <<'END'
. tests/lib.sh
echo "ok before"
sh -c 'echo $$ >>"$marks/hangs"; while :; do :; done'
END
part hangs_beside <<'END'
. tests/lib.sh
printf '%s\n' 'echo ok\ one' 'sh -c echo\ $$\ >>"$marks/hangs";sleep\ 300' 'echo ok\ two' >"$work/commands"
side_by_side "$work/commands" .
END
part slow_program <<'END'
. tests/lib.sh
limited sh -c 'echo $$ >>"$marks/hangs"; exec sleep 300' && echo "FAIL it ended"
echo "ok ended with $?"
END
# Where a minute is short.
mkdir "$work/fast"
cat >"$work/fast/timeout" <<END
#!/bin/sh
for word in "\$@"; do
    shift
    case \$word in 1m) word=1.5s ;; 30s) word=0.5s ;; esac
    set -- "\$@" "\$word"
done
exec $(command -v timeout) "\$@"
END
chmod +x "$work/fast/timeout"
: >"$marks/hangs"
MINUTES=1 JOBS=3 PATH="$work/fast:$PATH" sh "$house/tests/run.sh" hangs quick hangs_beside slow_program >"$work/all" 2>&1 </dev/null
echo "exit status $?" >>"$work/all"
grep -v '^    Terminated' "$work/all" >"$work/got" # not all shells say so
cat >"$work/expected" <<'END'
FAIL hangs: it took longer than 1 minutes, and was ended after 1 tests
    ok before
FAIL hangs            1 passed, 1 failed
ok   quick            1 passed, 0 failed
FAIL hangs_beside: it took longer than 1 minutes, and was ended after 2 tests
    ok one
    ok two
FAIL hangs_beside     2 passed, 1 failed
ok   slow_program     1 passed, 0 failed
5 passed, 2 failed
exit status 1
END
same "what hangs is ended, and told" "$work/expected" "$work/got"
# Whose parent ended before is taken note of by the first process of all, in its time.
tries=0
while
    while read -r one; do
        if kill -0 "$one" 2>/dev/null; then echo "$one runs on"; fi
    done <"$marks/hangs" >"$work/left"
    [ -s "$work/left" ] && [ "$tries" -lt 100 ]
do
    sleep 0.1
    tries=$((tries + 1))
done
[ "$(wc -l <"$marks/hangs")" -eq 3 ] || echo "they did not begin" >>"$work/left"
same "nothing is left of what hung" /dev/null "$work/left"

# ---- in which order ----

for one in here:there there:here; do
    part "${one%:*}" <<END
: >"\$marks/${one%:*}"
tries=0
while [ ! -e "\$marks/${one#*:}" ] && [ \$tries -lt 300 ]; do sleep 0.1; tries=\$((tries + 1)); done
[ -e "\$marks/${one#*:}" ] && echo "ok both run"
END
done
run_parts 2 "$work/got" here there
if [ "$(tail -n 1 "$work/got")" = "2 passed, 0 failed" ]; then ok "two run side by side"; else
    fail "two run side by side" <"$work/got"
fi
for name in first second third; do
    part "$name" <<'END'
if mkdir "$marks/alone"; then echo "ok alone"; else echo "FAIL alone"; fi
sleep 0.3
rmdir "$marks/alone"
END
done
run_parts 1 "$work/got" first second third
if [ "$(tail -n 1 "$work/got")" = "3 passed, 0 failed" ]; then ok "JOBS=1 runs one after the other"; else
    fail "JOBS=1 runs one after the other" <"$work/got"
fi
part builds <<'END'
sleep 0.5
: >"$marks/built"
echo "ok built, by $JOBS"
END
for name in user another; do
    part "$name" <<'END'
if [ -e "$marks/built" ]; then echo "ok it is built, $JOBS of mine"; else echo "FAIL it is not built"; fi
END
done
for jobs in 2 8; do
    rm -f "$marks/built"
    VERBOSE=1
    export VERBOSE
    run_parts "$jobs" "$work/all" user builds another
    unset VERBOSE
    grep -e '^ok [bi]' -e 'failed$' "$work/all" >"$work/got"
    cat >"$work/expected" <<END
ok it is built, $((jobs / 2)) of mine
ok   user             1 passed, 0 failed
ok built, by $jobs
ok   builds           1 passed, 0 failed
ok it is built, $((jobs / 2)) of mine
ok   another          1 passed, 0 failed
3 passed, 0 failed
END
    same "builds end before others begin, $jobs at a time" "$work/expected" "$work/got"
done

# ---- ended ----

part long <<'END'
. tests/lib.sh
sh -c 'echo $$ >>"$marks/long"; sleep 300'
END
for signal in INT TERM HUP; do
    rm -f "$marks/long"
    : >"$marks/long"
    # A shell lets its background children ignore ^C, hence env.
    JOBS=2 env --default-signal=INT sh "$house/tests/run.sh" long quick long >"$work/got" 2>&1 </dev/null &
    runner=$!
    tries=0
    while [ "$(wc -l <"$marks/long")" -lt 2 ] && [ "$tries" -lt 300 ]; do sleep 0.1 && tries=$((tries + 1)); done
    kill -"$signal" "$runner"
    status=0
    wait "$runner" || status=$?
    {
        [ "$status" -eq 1 ] || echo "exit status $status"
        [ "$(wc -l <"$marks/long")" -eq 2 ] || echo "they did not begin"
        while read -r one; do
            if kill -0 "$one" 2>/dev/null; then echo "$one runs on"; fi
        done <"$marks/long"
        ls "$TMPDIR"
    } >"$work/left"
    same "nothing is left of a run that is ended by $signal" /dev/null "$work/left"
done

# ---- programs of one part ----

TMPDIR=$work
for number in 1 2 3 4 5 6 7 8 9 10 11; do
    echo "sh -c sleep\\ 0.$((9 - number % 9));echo\\ said\\ $number"
done >"$work/commands"
echo "sh -c exit\\ 255" >>"$work/commands"
echo "echo at the end " >>"$work/commands"
for jobs in 1 5; do
    side_by_side "$work/commands" 'said\\ [37]' >"$work/got" 2>&1
    { seq -f 'said %.0f' 11 && echo "at the end"; } >"$work/expected"
    same "commands side by side are told in their order, $jobs at a time" "$work/expected" "$work/got"
done

# ---- packages ----

# A machine that has next to nothing, and a user who may not install: what to ask for is told to the word.
bare=$work/bare
mkdir "$bare"
for tool in cat cut tr sed; do ln -s "$(command -v "$tool")" "$bare/$tool"; done
printf '#!/bin/sh\necho 1000\n' >"$bare/id"
printf '#!/bin/sh\nexit 1\n' | tee "$bare/apt-get" >"$bare/sudo"
chmod +x "$bare"/id "$bare"/apt-get "$bare"/sudo
cat >"$work/expected" <<'END'
Installing needs root, and there is no sudo here that gives it. Please ask somebody who may to run:
  apt-get update && apt-get install --no-install-recommends make gcc libc6-dev flex bison uthash-dev libxxhash-dev libutf8proc-dev libgmp-dev zlib1g-dev libedit-dev
exit status 1
END
for sudo in "that gives nothing" "that is missing"; do
    [ "$sudo" = "that gives nothing" ] || rm "$bare/sudo"
    record "$work/said" env -u CC PATH="$bare" /bin/sh tests/setup.sh install build
    tail -n 3 "$work/said" >"$work/got"
    same "what to install is told where sudo is one $sudo" "$work/expected" "$work/got"
done
