#!/bin/sh
# The manual pages are clean and whole, and the shells complete what the command takes: both are made from its tables.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

verbs=$("$bylaw" help | awk '/^  [a-z]/ { print $1 }' | grep -v '^help$')

# All that mandoc has to say, down to style; that it does not find the pages beside this one comes of their not being installed.
lint() { # page
    mandoc -Tlint "$1" | grep -v 'STYLE: referenced manual not found: Xr bylaw [135]'
}

# ---- bylaw(1) ----

"$bylaw" manual >"$work/bylaw.1"
lint "$work/bylaw.1" >"$work/lint" 2>&1
same "mandoc has nothing to say of bylaw(1)" /dev/null "$work/lint"
mandoc -Tutf8 "$work/bylaw.1" | sed 's/.\x08//g' >"$work/page"
for verb in $verbs; do
    grep -q "^   bylaw $verb\( \|$\)" "$work/page" || echo "no section for $verb"
    "$bylaw" help "$verb" | grep -o -e '--[a-z][a-z-]*' | sort -u >"$work/said"
    awk -v verb="$verb" '/^   bylaw / { inside = $2 == verb } inside' "$work/page" | grep -o -e '--[a-z][a-z-]*' | sort -u >"$work/written"
    comm -23 "$work/said" "$work/written" | sed "s/^/$verb lacks /"
done >"$work/lacking"
same "bylaw(1) has every verb and option that the help has" /dev/null "$work/lacking"
for policy in stdlib/*.bylaw; do
    policy=${policy#stdlib/}
    grep -q "std/${policy%.bylaw}\([ ,.]\|$\)" "$work/page" || echo "std/${policy%.bylaw} is not there"
done >"$work/lacking"
same "bylaw(1) has every policy of the library" /dev/null "$work/lacking"
sed -n 's/.*getenv("\([A-Z_]*\)").*/\1/p; s/.*, \*[a-z]* = getenv("\([A-Z_]*\)").*/\1/p' lang/tools/*.c | sort -u | while read -r variable; do
    grep -q "^     .*$variable" "$work/page" || echo "$variable is not there"
done >"$work/lacking"
same "bylaw(1) has every variable that the program reads" /dev/null "$work/lacking"
echo '{"type":"tick"}' | "$bylaw" who can nothing p 2>&1 | sed -n 's/.*none of these: //p' | tr -d ' ' | tr ',' '\n' | sort >"$work/expected"
"$bylaw" help who | tr -s ' \n' '  ' | sed 's/.*event would say: //; s/\. .*//; s/ or /, /' | tr -d ' ' | tr ',' '\n' | sort >"$work/written"
same "the help has every verb that can be asked about" "$work/expected" "$work/written"

# ---- bylaw(5) ----

"$bylaw" manual 5 >"$work/bylaw.5"
lint "$work/bylaw.5" >"$work/lint" 2>&1
same "mandoc has nothing to say of bylaw(5)" /dev/null "$work/lint"
mandoc -Tutf8 "$work/bylaw.5" | sed 's/.\x08//g' >"$work/lines"
tr -s ' \n' '  ' <"$work/lines" >"$work/page"
# The meanings as the table has them, up to their first full stop.
sed -n 's/^WORD([A-Z]*, "[^"]*", "\([^"\\]\|\\.\)*", "\([^."\\]*\)\..*/\2/p' lang/words.def | while read -r meaning; do
    grep -q -F -e "$meaning" "$work/page" || echo "not there: $meaning"
done >"$work/lacking"
same "bylaw(5) has every word" /dev/null "$work/lacking"

sed -n 's/^WORD(EVENT, "\([^"]*\)".*/\1/p' lang/words.def >"$work/expected"
sed -n '/^   Events$/,/^   Outcomes$/s/^     \([a-z][a-z]*\)\(  .*\|\)$/\1/p' "$work/lines" >"$work/written"
same "bylaw(5) has every event by its name" "$work/expected" "$work/written"

# ---- bylaw(3) ----

LC_ALL=C awk -f docs/man/functions.awk runtime/bylaw.h >"$work/bylaw.3"
lint "$work/bylaw.3" >"$work/lint" 2>&1
same "mandoc has nothing to say of bylaw(3)" /dev/null "$work/lint"
mandoc -Tutf8 "$work/bylaw.3" | sed 's/.\x08//g' >"$work/page"
grep -o 'bylaw_[a-z_]*(' runtime/bylaw.h | sort -u | while read -r name; do
    grep -q -F "$name" "$work/page" || echo "$name is not there"
done >"$work/lacking"
sed -n 's/^#define \(BYLAW_[A-Z_]* \)/\1/p' runtime/bylaw.h | while read -r constant; do
    grep -q -F "#define $constant" "$work/page" || echo "$constant is not there"
done >>"$work/lacking"
same "bylaw(3) has every function and constant" /dev/null "$work/lacking"
sed -n 's,^/\* ---- \(.*\) ---- \*/$,\1,p' runtime/bylaw.h >"$work/expected"
sed -n 's/^   \([A-Z<].*\)$/\l\1/p' "$work/page" >"$work/written"
same "bylaw(3) has every section of the header" "$work/expected" "$work/written"

# ---- completion ----

for shell in bash zsh fish; do
    "$bylaw" completion $shell >"$work/completion.$shell"
    if $shell -n "$work/completion.$shell" >"$work/out" 2>&1 && [ -s "$work/completion.$shell" ]; then
        ok "$shell reads its completion"
    else
        fail "$shell reads its completion" <"$work/out"
    fi
done

mkdir -p "$work/there/sub"
touch "$work/there/sub/two words.bylaw" "$work/there/club.bylaw" "$work/there/events.jsonl" "$work/there/notes.txt"

# What bash offers for the words typed, the last of them unfinished. Blanks within an answer are shown as `_`.
offered() { # words…
    (cd "$work/there" && bash --norc -c '
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _bylaw
        printf "%s\n" "${COMPREPLY[@]// /_}"' bash "$work/completion.bash" "$@" 2>&1 | sort | tr '\n' ' ' | sed 's/ $//')
}
offers() { # expected, words…
    expected=$1
    shift
    shown=$*
    answer=$(offered "$@")
    if [ "$answer" = "$expected" ]; then ok "bash completes: $shown"; else echo "$answer" | fail "bash completes: $shown"; fi
}
offers "check" bylaw che
offers "sub" bylaw su
offers "sub/two_words.bylaw" bylaw sub/
offers "json text" bylaw check --format ''
offers "json" bylaw check --format = j
offers "always auto never" bylaw run --color ''
offers "std/unsc std/us" bylaw run -p std/u
offers "club.bylaw sub" bylaw check ''
offers "events.jsonl sub" bylaw run ''
offers "--until" bylaw run --u
offers "bash fish zsh" bylaw completion ''
offers "" bylaw run --until ''
offers "sub/two_words.bylaw" bylaw check sub/
offers "schulze score" bylaw tally sc
offers "club.bylaw" bylaw tally irv cl

for verb in $verbs; do
    "$bylaw" help "$verb" | grep -o -e '--[a-z][a-z-]*' | sort -u | while read -r option; do
        for shell in bash zsh fish; do
            case $shell in fish) pattern="from $verb' -l ${option#--}\( \|$\)" ;; bash) pattern="^ *$verb) .*$option\( \|'\)" ;; zsh) pattern="'\*$option" ;; esac
            grep -q -e "$pattern" "$work/completion.$shell" || echo "$shell lacks $option of $verb"
        done
    done
done >"$work/lacking"
same "every option is completed in every shell" /dev/null "$work/lacking"

# Letters too: what stands behind one is its value.
for option in p r o q h v; do
    grep -q -F -e "'*-$option" "$work/completion.zsh" || echo "zsh lacks -$option"
done >"$work/lacking"
same "every letter is completed in zsh" /dev/null "$work/lacking"

# The fish shell asked for real.
fish --no-config -c "source $work/completion.fish; complete -C 'bylaw run --col'" 2>&1 | cut -f1 >"$work/answer"
echo '--color' >"$work/expected"
same "fish completes an option" "$work/expected" "$work/answer"
