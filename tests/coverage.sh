#!/bin/sh
# `bylaw test --coverage` and the forms of test reports. coverage.py reads all forms and holds the counts against each
# other; here are the figures that must stay as somebody has read them, thresholds, and what a failing scenario says.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

for policy in tests/coverage/*.bylaw; do
    record "$work/got" "$bylaw" test --coverage "$policy"
    same "coverage of $policy" "${policy%.bylaw}.expected" "$work/got"
done

python3 tests/coverage.py counts "$bylaw" tests/coverage/counted.bylaw >"$work/got" 2>&1
same "what is counted is what happened" tests/coverage/counted.counts "$work/got"

# A failing scenario: what was expected, what is, and the words of `why`. It stands here because policies in files hold.
sed '/^scenario/,$d' tests/coverage/half_reached.bylaw >"$work/wrong.bylaw"
cat >>"$work/wrong.bylaw" <<'END'
scenario "one of three is enough & </failure>" {
  given @ana, @bo, @cy are member
  @ana proposes spend as paint { amount : 20 }
  @ana approves paint
  expect paint is accepted
}
scenario "anybody may veto #1" {
  given @ana, @bo are member
  given @bo is chair
  @ana proposes spend as paint { amount : 20 }
  expect @ana can veto paint
}
scenario "it is not vetoed" {
  given @ana, @bo, @cy are member
  given @cy is chair
  @ana proposes spend as paint { amount : 20 }
  @ana, @bo approve paint
  @cy vetoes paint because "grey"
  expect not (paint is vetoed)
}
scenario "one part of several does not hold" {
  given @ana, @bo are member
  expect count member == 2 and not (@ana is member or count chair > 3)
}
scenario "none of them is so" {
  given @ana, @bo are member
  given @bo is chair
  expect (any m in member : m is not member) or period in [1 day, 2 days] or count chair == count member
}
scenario "a ballot that counts is no refusal" {
  given @ana, @bo are member
  @ana proposes spend as paint { amount : 20 }
  expect refused { @ana approves paint }
}
END
(cd "$work" && record got "$bylaw" test wrong.bylaw)
same "a failing expectation says why" tests/coverage/wrong.expected "$work/got"

# A scope and a role mean something where they stand that they do not mean alone.
cat >"$work/parts.bylaw" <<'END'
scope room { size : number = 4 }
role keeper of room
role member
procedure majority { passes when approve > reject }
proposal change {
  requires which : list of role
  raised by member
  decided by member using majority within 7 days
}
scenario "a scope is gone through" {
  given room attic  given room cellar
  given @ana is keeper of attic
  expect any r in room : @ana is keeper of r
  expect not (every r in room : r.size > 4) and 1 == count every r in room : @ana is keeper of r
}
scenario "a scope is told" {
  given room attic  given room cellar
  expect any r in room : r.size > 4
}
scenario "a role is in a list" {
  given @ana is member
  @ana proposes change as locks { which : [keeper] }
  expect keeper in locks.which
}
scenario "a role is told as a role" {
  given @ana is member
  @ana proposes change as locks { which : [keeper] }
  expect member in locks.which and locks is open
}
END
(cd "$work" && record got "$bylaw" test -v parts.bylaw)
same "parts of an expectation mean what they mean in it" tests/coverage/parts.expected "$work/got"

python3 tests/coverage.py "$bylaw" stdlib/*.bylaw tests/coverage/*.bylaw "$work/wrong.bylaw" 2>&1 |
    sed "s|$work/||" >"$work/log"
grep -E '^(ok|FAIL|    )' "$work/log"
if ! grep -q '^ok ' "$work/log"; then fail "tests/coverage.py" <"$work/log"; fi

ends_with() { # name, status, pattern in what it prints, words…
    name=$1 wanted=$2 pattern=$3
    shift 3
    record "$work/got" "$bylaw" "$@"
    if [ "$status" -eq "$wanted" ] && grep -q -e "$pattern" "$work/got"; then
        ok "$name"
    else
        { echo "status $status, $wanted expected; no '$pattern' in:" && cat "$work/got"; } | fail "$name"
    fi
}

half=tests/coverage/half_reached.bylaw
figure=$("$bylaw" test --coverage $half | sed -n 's/.*: \([0-9]*\) % covered.*/\1/p')
ends_with "std/pytorch is covered whole" 0 ': 100 % covered' test --coverage --threshold 100 stdlib/pytorch.bylaw
# Those of the library that are policies, and not there for others to use; and the elections of projects.
for policy in $(grep -l '^policy ' stdlib/*.bylaw) examples/elections/*.bylaw; do
    ends_with "$policy is covered to 95 % at least" 0 '% covered' test --coverage --threshold 95 "$policy"
done
ends_with "a threshold that is met" 0 'passed' test --threshold "$figure" $half
ends_with "a threshold that is one too high" 1 "% is covered, $((figure + 1)) % is wanted" test --threshold $((figure + 1)) $half
ends_with "a missed threshold is a result in TAP" 1 '^not ok 3 - at least 99 % is covered' \
    test --format tap --threshold 99 $half
ends_with "a missed threshold is a failure in JUnit" 1 'name="at least 99 % is covered"' \
    test --format junit --threshold 99 $half
ends_with "a threshold is of all files together" 0 passed test --threshold 90 $half stdlib/pytorch.bylaw
ends_with "a policy that does not compile fails in TAP" 3 '^not ok 1 - .* can be tested' \
    test --format tap tests/diagnostics/a_comparison_is_not_an_assignment.bylaw
ends_with "what could not be tested is not covered" 3 '^not ok 2 - at least 1 % is covered' \
    test --format tap --threshold 1 tests/diagnostics/a_comparison_is_not_an_assignment.bylaw
ends_with "a pattern that no name has is told" 1 'no scenario has `nothing` in its name' test --run nothing $half
printf 'scenario "red \033[31m\\n# and more" { }\n' >"$work/controls.bylaw"
ends_with "a name cannot play tricks on a terminal" 0 '^ok   [^ ]*:1 red �\[31m # and more$' test -v "$work/controls.bylaw"
printf 'scenario "turned \\u{202e} and \\u{2028} cut" { }\n' >"$work/turned.bylaw"
ends_with "nor turn what is written" 0 '^ok   [^ ]*:1 turned � and � cut$' test -v "$work/turned.bylaw"
ends_with "nor in TAP" 0 '^ok 1 - [^ ]*:1 red �\[31m \\# and more$' test --format tap "$work/controls.bylaw"
ends_with "a missed threshold is a line of JSON" 1 "^{\"type\":\"threshold\",\"wanted\":99,\"percent\":$figure,\"met\":false}\$" \
    test --format json --threshold 99 $half
ends_with "a threshold that is met is one too" 0 '^{"type":"threshold","wanted":100,"percent":100,"met":true}$' \
    test --format json --threshold 100 stdlib/pytorch.bylaw
for threshold in 101 99.99 100.01 abc '' -1 99999999999999999999; do
    ends_with "a threshold is a whole percentage, not '$threshold'" 2 'whole percentage from 0 to 100' test --threshold "$threshold" $half
done
# 2,009 of 2,010 goals, 99.95 %, are not all.
python3 - >"$work/nearly.bylaw" <<'END'
print('role member\nscope room { n : number = 0 }\nevent ping { where : room }')
print('\n'.join(f'let l{i} = {i}' for i in range(2000)))
for first in range(0, 2000, 400):
    print('on ping(e) by member { set e.where.n =', ' + '.join(f'l{i}' for i in range(first, min(first + 400, 1999))), '}')
print('scenario "all but one" { given room r  given @a is member  @a emits ping { where : r } }')
END
ends_with "what is missing is not rounded away" 1 '^99 % is covered, 100 % is wanted' test --threshold 100 "$work/nearly.bylaw"
ends_with "nor are 99.95 % less than 99" 0 'covered, 2009 of 2010' test --threshold 99 "$work/nearly.bylaw"
ends_with "coverage is told or a page" 2 'alone or --coverage=html' test --coverage=xml $half
ends_with "a page has no other form" 2 'without --format' test --coverage=html --format json $half
record "$work/got" "$bylaw" test --coverage --quiet $half
if [ -s "$work/got" ]; then fail "quiet prints no figure" <"$work/got"; else ok "quiet prints no figure"; fi
