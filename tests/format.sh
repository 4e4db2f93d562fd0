#!/bin/sh
# `bylaw fmt`: the one canonical layout. An oracle in Python asks that nothing but white space changes, over every policy there
# is and over random ones; what a layout looks like stands in tests/format/.
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

# ---- what it looks like ----

for given in tests/format/*.in; do
    expected=${given%.in}.expected
    "$bylaw" fmt - <"$given" >"$work/out" 2>&1
    if [ -z "$update" ]; then
        same "format: $(basename "$given" .in)" "$expected" "$work/out"
    elif ! cmp -s "$expected" "$work/out"; then
        cp "$work/out" "$expected"
        echo "rewrote $expected"
    fi
done
[ -z "$update" ] || exit 0

# ---- what changes, and what must not ----

oracle() { # words of python3…: it tells its results, and must come to its end
    PYTHONDONTWRITEBYTECODE=1 python3 "$@" 2>"$work/errors" || fail "format: $1 ends" <"$work/errors"
}
# shellcheck disable=SC2046 # names without blanks
set -- $(find stdlib examples tests -name '*.bylaw' | LC_ALL=C sort) README.md docs/*.md docs/errors/*.md
oracle tests/format.py tree "$bylaw" "$@"
oracle tests/format.py random "$bylaw" 400
oracle tests/format_gaps.py "$build/tests/unit/formatted" "$@"

"$bylaw" fmt --check stdlib examples tests/policies >"$work/out" 2>&1
if [ $? -eq 0 ] && [ ! -s "$work/out" ]; then ok "format: our own policies are formatted"; else
    fail "format: our own policies are formatted" <"$work/out"
fi

# ---- the command ----

expect() { # name, status, what standard output and error say together, command…
    name=$1 wanted=$2 said=$3
    shift 3
    status=0
    "$@" >"$work/out" 2>&1 || status=$?
    if [ "$status" -eq "$wanted" ] && [ "$(cat "$work/out")" = "$said" ]; then ok "format: $name"; else
        { echo "status $status instead of $wanted, and it said:"; cat "$work/out"; } | fail "format: $name"
    fi
}

yes_if() { # name, command…
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then ok "format: $name"; else fail "format: $name" <"$work/out"; fi
}

folder=$work/policies
mkdir -p "$folder/below/.hidden"
untidy='role   member{at most 3}'
tidy='role member { at most 3 }'
for file in a.bylaw below/b.bylaw below/.hidden/c.bylaw; do echo "$untidy" >"$folder/$file"; done
echo "$tidy" >"$folder/tidy.bylaw"
echo "$untidy" >"$folder/no-policy.txt"
echo 'role member { at mst 3 }' >"$folder/below/broken.bylaw.not"
cd "$folder" || exit 1

expect "--check names what would change, in order" 1 "./a.bylaw
./below/b.bylaw" "$bylaw" fmt --check ./
expect "--check --quiet says it by the status alone" 1 "" "$bylaw" fmt -q --check .
yes_if "--check writes nothing" sh -c "[ \"\$(cat a.bylaw)\" = '$untidy' ]"
chmod 640 a.bylaw
touch -d 2001-01-01T00:00:00Z tidy.bylaw
inode=$(ls -i tidy.bylaw)
expect "a folder is formatted in place, without a word" 0 "" "$bylaw" fmt .
yes_if "the new text is there" sh -c "[ \"\$(cat a.bylaw below/b.bylaw)\" = '$tidy
$tidy' ]"
yes_if "what is no policy, and hidden ones, are left alone" sh -c "[ \"\$(cat no-policy.txt below/.hidden/c.bylaw)\" = '$untidy
$untidy' ]"
yes_if "the mode is kept" sh -c "ls -l a.bylaw | grep -q '^-rw-r-----'"
yes_if "a file that is formatted is not touched" sh -c "[ '$inode' = \"\$(ls -i tidy.bylaw)\" ] && [ -n \"\$(find tidy.bylaw ! -newermt 2001-01-02)\" ]"
yes_if "nothing is left behind" sh -c "[ \"\$(ls -A | tr '\n' ' ')\" = 'a.bylaw below no-policy.txt tidy.bylaw ' ]"
expect "then there is nothing to do" 0 "" "$bylaw" fmt --check .

echo "$untidy" >target.bylaw
ln -s target.bylaw link.bylaw
expect "a link is followed" 0 "" "$bylaw" fmt link.bylaw
yes_if "and stays a link" sh -c "[ -L link.bylaw ] && [ \"\$(cat target.bylaw)\" = '$tidy' ]"
rm link.bylaw

printf '%s' 'role member { at mst 3 }' >broken.bylaw
expect "what does not parse is told" 3 "$("$bylaw" check broken.bylaw 2>&1)" "$bylaw" fmt broken.bylaw
yes_if "and left alone" sh -c "[ \"\$(cat broken.bylaw)\" = 'role member { at mst 3 }' ]"
expect "the others are formatted all the same" 3 "$("$bylaw" check broken.bylaw 2>&1)
a.bylaw" sh -c "echo '$untidy' >a.bylaw; '$bylaw' fmt --check broken.bylaw a.bylaw tidy.bylaw"
echo 'role r{from nobody_knows}' >names.bylaw
expect "names need not be known" 0 "" "$bylaw" fmt names.bylaw
expect "standard input goes to standard output" 0 "$tidy" sh -c "echo '$untidy' | '$bylaw' fmt -"
expect "--check of standard input" 1 "-" sh -c "echo '$untidy' | '$bylaw' fmt --check -"
expect "an empty file stays empty" 0 "" sh -c ": | '$bylaw' fmt -"
printf '\357\273\277#!/usr/bin/env bylaw\r\n\r\n\r\nrole a\r\n  # said   \r\n' >windows.bylaw
"$bylaw" fmt windows.bylaw
printf '#!/usr/bin/env bylaw\n\nrole a\n# said\n' >wanted
yes_if "line ends of other systems become ours" cmp windows.bylaw wanted

expect "no operand is a mistake" 2 'bylaw: `bylaw fmt` wants policies, or - for standard input
Try `bylaw help fmt`.' "$bylaw" fmt
expect "a file that is not there" 5 "bylaw: cannot format nowhere.bylaw: No such file or directory" "$bylaw" fmt nowhere.bylaw
mkfifo pipe.bylaw
expect "a pipe is no file" 5 'bylaw: cannot format pipe.bylaw: it is no file; `-` is standard input' "$bylaw" fmt pipe.bylaw
expect "a name that begins like an option, behind --" 0 "" sh -c "echo '$untidy' >-x.bylaw; '$bylaw' fmt -- -x.bylaw"
yes_if "and it is formatted" sh -c "[ \"\$(cat ./-x.bylaw)\" = '$tidy' ]"
cat >typed.bylaw <<'END'
role member role chair { at most 1 }
procedure share(n : number) { passes when approve*2>= ( n + - 1 ) *count ( body) and reject< 2 / 3 of body fails otherwise }
proposal change { raised by member  decided by member  except ( chair ) using share ( n= max( 1,2 ) ) # enough
  within 3 days }
END
"$bylaw" compile --strip typed.bylaw -o typed.bylawc
"$bylaw" fmt typed.bylaw
"$bylaw" compile --strip typed.bylaw -o formatted.bylawc
yes_if "what is compiled has the same bytes" cmp typed.bylawc formatted.bylawc
# Lines as long as the file, with and without slips: half a minute each when their beginning was looked for at every token.
python3 - >long.bylaw <<'END'
print('scenario "x" { ' + '@ana proposes x as p { a : [1, 2, 3], b : "x" } ' * 40000 + '}')
END
python3 - >slips.bylaw <<'END'
print('simulation s { ' + 'given 5 people are member { a : 1 } ' * 40000 + '}')
END
expect "a line may be as long as the file" 0 "" timeout 20 "$bylaw" fmt long.bylaw
status=0
timeout 20 "$bylaw" fmt slips.bylaw >/dev/null 2>&1 || status=$?
yes_if "and have many slips" [ "$status" -eq 3 ]
expect "a full disk is told" 5 "bylaw: cannot write the output: No space left on device" \
    sh -c "echo '$untidy' | '$bylaw' fmt - >/dev/full"

# Whoever is not root may not write everywhere.
mkdir locked
echo "$untidy" >locked/a.bylaw
chmod 555 locked
if [ "$(id -u)" -ne 0 ]; then
    expect "a folder that cannot be written" 5 "bylaw: cannot format locked/a.bylaw: Permission denied" "$bylaw" fmt locked/a.bylaw
    chmod 755 locked
fi
# A limit of the size of files stops the writing half way: the old text stays, and nothing else.
python3 - >big.bylaw <<'END'
for i in range(20000): print(f'role   r{i}')
END
cp big.bylaw big.before
expect "a write that fails changes nothing" 5 "bylaw: cannot format big.bylaw: File too large" \
    sh -c "trap '' XFSZ; ulimit -f 100; '$bylaw' fmt big.bylaw"
yes_if "and leaves nothing behind" sh -c "cmp big.bylaw big.before && ! ls big.bylaw.?*"

# Ended at any moment: the old text or the new one, whole.
"$bylaw" fmt - <big.before >big.after
whole=0
for delay in 0 0.001 0.002 0.004 0.006 0.008 0.01 0.012 0.015 0.02 0.03 0.05; do
    cp big.before big.bylaw
    "$bylaw" fmt big.bylaw 2>/dev/null &
    sleep "$delay"
    kill -TERM $! 2>/dev/null
    wait $! 2>/dev/null
    { cmp -s big.bylaw big.before || cmp -s big.bylaw big.after; } && ! ls big.bylaw.?* >/dev/null 2>&1 && whole=$((whole + 1))
done
yes_if "ended at any moment it leaves a whole file, and nothing else" [ "$whole" -eq 12 ]
