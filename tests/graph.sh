#!/bin/sh
# `bylaw graph`: the same nodes and edges in every form, those the compiled program has, and pictures that can be read. graph.py
# reads them back and asks the dump for them, on its own.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

if ! command -v dot >/dev/null 2>&1; then
    echo "dot is missing: see tests/setup.sh" | fail "Graphviz is there"
    exit 1
fi

draw() { # policy: all forms into $work
    "$bylaw" dump "$1" >"$work/dump" && "$bylaw" graph --format svg "$1" >"$work/svg" &&
        "$bylaw" graph --format json "$1" >"$work/json" && "$bylaw" graph --format dot "$1" >"$work/dot" &&
        dot -Tjson "$work/dot" >"$work/dotjson"
}

check_forms() { # name, JSON
    if python3 tests/graph.py "$work/dump" "$work/svg" "$2" "$work/dotjson" >"$work/wrong" 2>&1; then
        ok "$1"
    else
        fail "$1" <"$work/wrong"
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

has_not() { # name, words, file
    if grep -F -q -- "$2" "$3"; then { echo "\`$2\` in:"; cat "$3"; } | fail "$1"; else ok "$1"; fi
}

# ---- every policy there is ----

for policy in stdlib/*.bylaw examples/*/*.bylaw tests/policies/*.bylaw tests/compare/club.bylaw tests/graph/*.bylaw; do
    [ -e "$policy" ] || continue
    if draw "$policy" 2>"$work/err"; then check_forms "$policy: all forms and the dump agree" "$work/json"; else
        fail "$policy is drawn" <"$work/err"
    fi
done

# What checks must be able to say no.
draw std/us
grep -v '"label":"fails"' "$work/json" >"$work/less"
if python3 tests/graph.py "$work/dump" "$work/svg" "$work/less" "$work/dotjson" >"$work/wrong" 2>&1; then
    fail "a missing edge is noticed" </dev/null
else
    ok "a missing edge is noticed"
fi
sed 's/class="frame" x="[0-9]*"/class="frame" x="30"/' "$work/svg" >"$work/moved"
if python3 tests/graph.py "$work/dump" "$work/moved" "$work/json" "$work/dotjson" >"$work/wrong" 2>&1; then
    fail "boxes on each other are noticed" </dev/null
else
    ok "boxes on each other are noticed"
fi

# ---- what a picture says ----

"$bylaw" graph --format text --of bill std/us >"$work/got"
same "the life of a bill, as text" tests/graph/bill.text "$work/got"
"$bylaw" graph --format json --of roles std/us >"$work/got"
has_not "--of roles draws no life" '"picture":"bill"' "$work/got"
has "--of roles draws the roles" '"lines":["president","held by people","at most 1","vetoes bill"]' "$work/got"
"$bylaw" graph --format json --of life std/us >"$work/got"
has_not "--of life draws no roles" '"picture":"roles"' "$work/got"
"$bylaw" graph --format json --of change,retire,change std/pytorch | grep -c '"type":"picture"' >"$work/got"
echo 2 >"$work/wanted"
same "--of takes several kinds, each once" "$work/wanted" "$work/got"
"$bylaw" graph std/us >"$work/got"
"$bylaw" graph --format svg std/us >"$work/wanted"
same "into a file it draws SVG" "$work/wanted" "$work/got"

# ---- what people wrote is shown, not obeyed ----

cat >"$work/hostile.bylaw" <<'POLICY'
policy hostile "<script>alert(\"&\")</script>"
role member "</title><script>x</script>"
proposal purchase "\"; } evil [label=\"x\\" {
  raised by member
  refuses "</text><script>alert(1)</script> and averyveryveryverylongwordthatdoesnotfitintoanyboxofapicture" when false
  decided by member using vote
}
procedure vote { passes when approve > 1/2 of body }
POLICY
if draw "$work/hostile.bylaw" 2>"$work/err"; then check_forms "hostile texts are drawn" "$work/json"; else
    fail "hostile texts are drawn" <"$work/err"
fi
has_not "no markup comes from a policy" "<script" "$work/svg"
has "it is shown" "&lt;script&gt;" "$work/svg"

# ---- what makes no sense ----

expect_status "one policy is wanted" 2 "$bylaw" graph
expect_status "a picture that is none" 2 "$bylaw" graph --of lives std/us
has "those there are are told" '`lives` is none of these: life, roles, bill' "$work/err"
expect_status "a form that is none" 2 "$bylaw" graph --format html std/us
echo 'policy p { } nonsense' >"$work/bad.bylaw"
expect_status "a policy that does not compile" 3 "$bylaw" graph "$work/bad.bylaw"
expect_status "output that cannot be written" 5 sh -c '"$1" graph std/us >/dev/full' - "$bylaw"
