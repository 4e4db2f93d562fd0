#!/bin/sh
# Compiled policies: every story says the same from source and from a file, in a host without the front end too; files
# that are damaged are refused; what the documentation lists is what there is.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

# ---- lists that must agree ----

awk -f tests/opcodes.awk runtime/opcodes.def >"$work/opcodes"
same "docs/opcodes.md lists runtime/opcodes.def" docs/opcodes.md "$work/opcodes"

# A member of a row that is not in rows.def would be lost in a file.
awk '
    /^typedef struct bl_[a-z_]+ \{/ { name = substr($3, 4); next }
    /^typedef bl_range bl_[a-z]+;/ { name = $3; gsub(/bl_|;/, "", name); print name " first"; name = ""; next }
    /^}/ { name = "" }
    name != "" && /^    [a-z]/ {
        line = $0; sub(/\/\*.*/, "", line); gsub(/[;,*]/, " ", line)
        count = split(line, words, " ")
        for (i = 2; i <= count; i++) print name " " words[i]
    }' runtime/program.h | grep -v -E '^(instruction|range|program) ' | sort >"$work/members"
sed -n 's/^CELL(\([a-z_]*\), \([a-z_]*\),.*/\1 \2/p' runtime/rows.def | grep -v '^program ' | sort >"$work/cells"
same "runtime/rows.def has every member of every row" "$work/members" "$work/cells"

# ---- the library for running alone ----

nm "$build/libbylaw-run.a" 2>/dev/null | awk '$NF ~ /^(yy|bl_parse|bl_compile|bl_lex|bylaw_policy_compile)/' >"$work/front"
if [ -s "$build/libbylaw-run.a" ] && [ ! -s "$work/front" ]; then ok "libbylaw-run.a has nothing of the front end"; else
    fail "libbylaw-run.a has nothing of the front end" <"$work/front"
fi
cat >"$work/host.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include "bylaw.h"
static char bytes[1 << 24];
static void put(void *context, const char *text, size_t size)
{
    (void)context;
    fwrite(text, 1, size, stdout);
}
static void show(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, (bylaw_writer){put, NULL});
}
static size_t read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) exit(5);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return size;
}
int main(int count, char **words)
{
    bylaw_policy *policy;
    bylaw_engine *engine;
    bylaw_load_options what = {.bytes = bytes, .size = read_file(words[1]), .complaint = {put, NULL}};
    bylaw_engine_options how = {.outcome = show};
    if (bylaw_policy_load(&what, &policy) != BYLAW_OK || bylaw_engine_create(policy, &how, &engine) != BYLAW_OK) return 3;
    for (int i = 2; i < count; i++) {
        bylaw_stream stream = i + 1 < count ? BYLAW_ROSTER : BYLAW_EVENTS;
        size_t size = read_file(words[i]);
        if (bylaw_engine_feed(engine, stream, bytes, size) != BYLAW_OK || bylaw_engine_end(engine, stream) != BYLAW_OK) return 4;
    }
    bylaw_engine_destroy(engine);
    bylaw_policy_destroy(policy);
    return 0;
}
END
flags=
if [ "$build" = build/sanitize ]; then flags=-fsanitize=address,undefined; fi
# shellcheck disable=SC2086
if ${CC:-cc} -std=c11 $flags -Iruntime -o "$work/host" "$work/host.c" "$build/libbylaw-run.a" -lutf8proc -lgmp >"$work/log" 2>&1; then
    ok "a host links with libbylaw-run.a alone"
else
    fail "a host links with libbylaw-run.a alone" <"$work/log"
fi

# ---- every story ----

said_by() { # policy, roster, events, into: outcomes and the answers about the first proposal
    about=$(sed -n 's/.*"type":"propose".*"id":"\([^"]*\)".*/\1/p' "$3" | head -n 1)
    facts=${2:+-r $2}
    # shellcheck disable=SC2086
    {
        "$bylaw" run -v --state --format json -p "$1" $facts "$3"
        "$bylaw" run --format text -p "$1" $facts "$3"
        for verb in why needs timeline; do "$bylaw" "$verb" -p "$1" $facts "$about" "$3"; done
        "$bylaw" why --depth all -p "$1" $facts "$about" "$3"
        "$bylaw" who -p "$1" $facts can veto "$about" "$3"
        "$bylaw" pending -p "$1" $facts all "$3"
    } >"$4" 2>&1 </dev/null
}

for events in $(stories); do
    folder=${events%/*}
    policy=$(policy_of "$folder")
    policy=${policy:-std/pytorch}
    roster=$(roster_of "$folder")
    "$bylaw" compile "$policy" -o "$work/policy.bylawc" >"$work/log" 2>&1 || { fail "$events compiles" <"$work/log"; continue; }
    said_by "$policy" "$roster" "$events" "$work/source"
    said_by "$work/policy.bylawc" "$roster" "$events" "$work/compiled"
    same "$events is the same from source and compiled" "$work/source" "$work/compiled"
    # shellcheck disable=SC2086
    "$bylaw" run --format json -p "$policy" ${roster:+-r $roster} "$events" >"$work/source" 2>/dev/null </dev/null
    "$work/host" "$work/policy.bylawc" $roster "$events" >"$work/hosted" 2>&1
    same "$events is the same in a host without the front end" "$work/source" "$work/hosted"
    "$bylaw" compile --strip "$policy" -o "$work/stripped.bylawc"
    # shellcheck disable=SC2086
    "$bylaw" run --format json -p "$work/stripped.bylawc" ${roster:+-r $roster} "$events" 2>/dev/null </dev/null >"$work/compiled"
    sed 's/,"clause":"[^"]*"//' "$work/source" >"$work/bare"
    same "$events is the same without places" "$work/bare" "$work/compiled"
done

# ---- every policy ----

for policy in stdlib/*.bylaw examples/*/*.bylaw tests/policies/*.bylaw; do
    [ -e "$policy" ] || continue
    "$bylaw" compile "$policy" -o "$work/policy.bylawc" >"$work/log" 2>&1 || { fail "$policy compiles" <"$work/log"; continue; }
    "$bylaw" dump "$policy" >"$work/source" 2>&1
    "$bylaw" dump "$work/policy.bylawc" >"$work/compiled" 2>&1
    same "$policy has the same program in a file" "$work/source" "$work/compiled"
    "$bylaw" graph --format json "$policy" >"$work/source" 2>&1
    "$bylaw" graph --format json "$work/policy.bylawc" >"$work/compiled" 2>&1
    same "$policy is drawn the same from a file" "$work/source" "$work/compiled"
done

# ---- the command ----

expect() { # name, status, text that standard error has; command…
    name=$1 wanted=$2 said=$3
    shift 3
    status=0
    "$@" >"$work/out" 2>&1 </dev/null || status=$?
    if [ "$status" -eq "$wanted" ] && grep -q -F -e "$said" "$work/out"; then ok "$name"; else
        { echo "exit status $status, and:"; cat "$work/out"; } | fail "$name"
    fi
}
file=$work/apache.bylawc
"$bylaw" compile std/apache -o "$file"
"$bylaw" compile std/apache -o - >"$work/again"
same "standard output gets the same bytes as a file" "$file" "$work/again"
"$bylaw" compile "$file" -o "$work/again"
same "a compiled policy compiles to itself" "$file" "$work/again"
cp "$file" "$work/apache.txt"
expect "a compiled policy is told by its content" 0 "chunk 0" "$bylaw" dump "$work/apache.txt"
head -c 500 "$file" >"$work/cut"
expect "a file that is cut off is refused" 5 "the file is cut off" "$bylaw" dump "$work/cut"
{ head -c 600 "$file" && printf X && tail -c +602 "$file"; } >"$work/changed"
expect "a damaged file is refused" 5 "the file is damaged" "$bylaw" dump "$work/changed"
{ head -c 16 "$file" && printf '\377\377' && tail -c +19 "$file"; } >"$work/later"
expect "another format is refused with its number" 5 "its format is 65535" "$bylaw" dump "$work/later"
{ cat "$file" && printf X; } >"$work/more"
expect "bytes behind the end are refused" 5 "more behind its end" "$bylaw" dump "$work/more"
for damage in "" "role member"; do
    printf '%s' "$damage" >"$work/other.bylawc"
    expect "what is named like a compiled policy must be one: '$damage'" 5 "other.bylawc: this is no compiled policy" "$bylaw" run -p "$work/other.bylawc" /dev/null
done
expect "a folder is no policy" 5 "cannot read $work: Is a directory" "$bylaw" run -p "$work" /dev/null
expect "rendering wants the source" 5 "cannot render $file: this policy was compiled: that needs its source" "$bylaw" render "$file"
expect "checking wants the source" 5 "that needs its source" "$bylaw" check "$file"
expect "testing wants the source" 5 "that needs its source" "$bylaw" test "$file"
expect "formatting wants the source" 5 "that needs its source" "$bylaw" fmt "$file"
expect "compile wants a place to write to" 2 "wants one policy, and -o FILE" "$bylaw" compile std/apache
expect "a full disk is told" 5 "cannot write /dev/full" "$bylaw" compile std/apache -o /dev/full
expect "a policy with errors is not written" 3 "error[" "$bylaw" compile tests/diagnostics/anyone_cannot_decide.bylaw -o "$work/none"
if [ -e "$work/none" ]; then echo "it was written" | fail "no file is left of a policy with errors"; else ok "no file is left of a policy with errors"; fi

# ---- where it is written ----

cp stdlib/apache.bylaw "$work/own.bylaw"
ln -s own.bylaw "$work/link"
for output in own.bylaw ./own.bylaw link; do
    expect "a policy is not written over itself, $output" 2 "would be written over the policy itself" "$bylaw" compile "$work/own.bylaw" -o "$work/$output"
    same "and is as it was, $output" stdlib/apache.bylaw "$work/own.bylaw"
done
# A limit of the size of files stops the writing half way: what was compiled before stays, and nothing else.
mkdir "$work/there"
cp "$file" "$work/there/old.bylawc"
expect "a write that fails is told" 5 "cannot write $work/there/old.bylawc: File too large" \
    sh -c "trap '' XFSZ; ulimit -f 2; '$bylaw' compile std/pytorch -o '$work/there/old.bylawc'"
same "and leaves the file that was there" "$file" "$work/there/old.bylawc"
expect "so does one of a new file" 5 "cannot write $work/there/new.bylawc: File too large" \
    sh -c "trap '' XFSZ; ulimit -f 2; '$bylaw' compile std/pytorch -o '$work/there/new.bylawc'"
ls -A "$work/there" >"$work/out"
echo old.bylawc >"$work/expected"
same "and leaves nothing half written" "$work/expected" "$work/out"
expect "a folder that is not there is told" 5 "cannot write $work/nowhere/a.bylawc: No such file or directory" "$bylaw" compile std/apache -o "$work/nowhere/a.bylawc"
expect "a folder is not written to" 5 "Is a directory" "$bylaw" compile std/apache -o "$work/there"

# ---- files that are too large ----

head -c 16777216 /dev/zero >"$work/large.bylawc"
expect "a file that is too large is told so" 5 "cannot load $work/large.bylawc: it has 16777216 bytes or more" \
    "$bylaw" run -p "$work/large.bylawc" /dev/null
many_texts() { # letter behind the names: almost as large a policy as there may be
    echo "role member_$1 procedure most_$1 { passes when approve > reject fails otherwise }"
    seq 8300 | awk -v at="$1" '{
        printf "proposal %s%d { raised by member_%s decided by member_%s using most_%s within 1 day ", at, $1, at, at, at
        text = sprintf("%0180d", $1)
        printf "refuses \"%s\" when not (author is member_%s) and \"%s\" == \"\" }\n", text, at, text
    }'
}
many_texts a >"$work/a.bylaw"
many_texts b >"$work/b.bylaw"
printf 'use "a"\nuse "b"\n' >"$work/ab.bylaw"
rm -f "$work/ab.bylawc"
expect "a policy that would be too large is not written" 5 "cannot write $work/ab.bylawc: it would be larger" \
    "$bylaw" compile "$work/ab.bylaw" -o "$work/ab.bylawc"
if [ ! -e "$work/ab.bylawc" ]; then ok "nothing is left of it"; else ls -l "$work/ab.bylawc" | fail "nothing is left of it"; fi
if "$bylaw" compile --strip "$work/ab.bylaw" -o "$work/ab.bylawc" >"$work/out" 2>&1; then ok "without what explains it, it is small enough"; else
    fail "without what explains it, it is small enough" <"$work/out"
fi
