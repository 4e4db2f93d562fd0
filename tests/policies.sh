#!/bin/sh
# Every policy that is meant to be good: it compiles without a warning, and its scenarios hold.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

find stdlib examples tests -name '*.bylaw' ! -path 'tests/diagnostics/*' | sort >"$work/policies"

while IFS= read -r policy; do
    record "$work/check" "$bylaw" check --color never "$policy"
    if [ -s "$work/check" ]; then fail "check $policy" <"$work/check"; else ok "check $policy"; fi
    status=0
    "$bylaw" test --verbose --quiet --color never "$policy" >"$work/test" 2>"$work/errors" </dev/null || status=$?
    sed -e '/^ok /!{/^FAIL /!s/^/    /;}' -e 's/^ok  */ok scenario /' -e 's/^FAIL  */FAIL scenario /' "$work/test"
    if [ "$status" -gt 1 ]; then fail "test $policy ended with status $status" <"$work/errors"; fi
done <"$work/policies"
