#!/bin/sh
# Every limit of runtime/limits.h at it, where things work, and one beyond it, where there is a clear diagnostic or
# outcome and never a crash. The values are read from the header; the table below says where each limit is tested, and
# a limit that is not in the table, or a line of the table without a limit, is a failure.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

# "here": below. A file: a unit test that names the limit, because only there it can be met exactly, or at all.
table='
BL_LINE_SIZE_MAX         tests/unit/test_json.c
BL_JSON_DEPTH_MAX        tests/unit/test_json.c
BL_HANDLE_SIZE_MAX       here
BL_TEXT_SIZE_MAX         here
BL_POLICY_SIZE_MAX       here
BL_MODULE_COUNT_MAX      here
BL_PARSER_DEPTH_MAX      here
BL_AST_DEPTH_MAX         here
BL_EXPANSION_MAX         here
BL_CHUNK_SIZE_MAX        here
BL_WALK_MAX              here
BL_GROUP_MAX             here
BL_DECLARATION_COUNT_MAX here
BL_EVERY_CLAUSE_MAX      here
BL_CLAUSE_COPIES_MAX     here
BL_FIELD_COUNT_MAX       here
BL_CODE_COUNT_MAX        here
BL_INDEX_COUNT_MAX       here
BL_DIAGNOSTICS_MAX       here
BL_STACK_MAX             here
BL_CALL_DEPTH_MAX        here
BL_STEP_MAX              tests/unit/test_limits.c
BL_CASCADE_MAX           here
BL_ACTOR_COUNT_MAX       tests/unit/test_limits.c
BL_PROPOSAL_COUNT_MAX    tests/unit/test_limits.c
BL_INSTANCE_COUNT_MAX    tests/unit/test_limits.c
BL_LIST_COUNT_MAX        here
BL_NEEDS_SETS_MAX        here
BL_NEEDS_STATES_MAX      here
BL_NEEDS_LATTICE_MAX     here
BL_NEEDS_WAYS_MAX        here
BL_NEEDS_DEPTH_MAX       here
BL_REFUSED_KEPT_MAX      here
BL_GRAPH_PLACES_MAX      here
BL_RERUN_MAX             here
BL_EXACT_LIMBS_MAX       tests/unit/test_exact.c
BL_CANDIDATE_COUNT_MAX   here
BL_MARK_COUNT_MAX        tests/unit/test_contest.c
BL_WEIGHT_MAX            tests/unit/test_contest.c
BL_BALLOT_NAME_SIZE_MAX  tests/unit/test_ballots.c
BL_BALLOT_MARKS_MAX      tests/unit/test_ballots.c
BL_BALLOT_SCALE_MAX      tests/unit/test_ballots.c
BL_RATIO_LIMBS_MAX       tests/unit/test_count_stv.c
BL_MEEK_PASSES_MAX       tests/unit/test_count_meek.c
BL_LINEAR_CELLS_MAX      tests/unit/test_margin.c
BL_LINEAR_DEPTH_MAX      tests/unit/test_margin.c
BL_MARGIN_PLACES_MAX     tests/unit/test_margin.c
BL_PAIRS_MAX             tests/unit/test_count_pairs.c
BL_KEMENY_MAX            tests/unit/test_count_pairs.c
BL_STEPS_TOLD_MAX        tests/unit/test_count_pairs.c
'

# Sanitizers tell more of what goes wrong beyond a limit.
if [ -x build/sanitize/bylaw ] && [ "$build" = build ]; then bylaw=$root/build/sanitize/bylaw; fi
header=runtime/limits.h

value_of() { # limit
    expression=$(sed -n "s|^#define $1  *\(.*\)|\1|p" "$header" | sed 's|/\*.*||; s/\([0-9]\)u/\1/g')
    echo $(($expression))
}

repeat() { # count, text
    awk -v count="$1" -v text="$2" 'BEGIN { for (i = 0; i < count; i++) printf "%s", text }'
}

# What a policy needs besides the thing that is tried.
basis() {
    echo 'role member procedure most { passes when approve > reject fails otherwise }'
}
decision() { # body, more clauses
    echo "proposal change { raised by $1 decided by member using most within 1 day ${2:-} }"
}

works() { # name: policy on standard input compiles
    cat >"$work/policy.bylaw"
    (cd "$work" && record got "$bylaw" check --color never policy.bylaw)
    if grep -q -e '^error' -e '^exit status' "$work/got"; then cut -c 1-200 "$work/got" | fail "$1 works"; else ok "$1 works"; fi
}

diagnosed() { # name, code, words: policy on standard input has this error and no other
    cat >"$work/policy.bylaw"
    (cd "$work" && record got "$bylaw" check --color never policy.bylaw)
    if grep '^error' "$work/got" | head -n 1 | grep -q "^error\[$2\].*$3" && grep -q '^exit status 3' "$work/got"; then
        ok "$1 is a diagnostic"
    else
        cut -c 1-200 "$work/got" | fail "$1 is a diagnostic"
    fi
}

# Runs the event on standard input under $work/policy.bylaw; the outcomes are in $work/got.
run_event() {
    cat >"$work/events.jsonl"
    (cd "$work" && record got "$bylaw" run --format json --state -p policy.bylaw events.jsonl)
}
gives() { # name, pattern: the last run has a line like that, and ended well
    if grep -q "$2" "$work/got" && ! grep -q -e 'exit status [^4]' -e ERROR: -e 'runtime error' "$work/got"; then
        ok "$1"
    else
        cut -c 1-200 "$work/got" | head -n 5 | fail "$1"
    fi
}
event() { # type, other keys
    echo "{\"time\":\"2024-03-01T12:00:00Z\",\"type\":\"$1\",\"actor\":\"ana\"${2:+,$2}}"
}

# ---- input ----

test_BL_HANDLE_SIZE_MAX() {
    name=$(repeat "$1" x)
    { basis && echo 'scope module { } ' &&
        decision anyone; } >"$work/policy.bylaw"
    for at in 0 1; do
        if [ "$at" = 1 ]; then name=${name}x; fi
        { event grant "\"role\":\"member\",\"to\":\"$name\"" && event create "\"scope\":\"module\",\"id\":\"$name\"" &&
            event propose "\"kind\":\"change\",\"id\":\"$name\""; } | run_event
        if [ "$at" = 0 ]; then
            gives "a handle of $1 bytes works" "\"type\":\"state\",\"role\":\"member\",\"to\":\"$name\""
            gives "an id of an instance of $1 bytes works" "\"type\":\"state\",\"scope\":\"module\",\"id\":\"$name\""
            gives "an id of a proposal of $1 bytes works" '"type":"opened"'
        else
            gives "a longer handle is reported" "^{\"seq\":1,.*\"\(malformed\|refused\)\".*at most $1 bytes"
            gives "a longer id of an instance is reported" "^{\"seq\":2,.*\"\(malformed\|refused\)\".*at most $1"
            gives "a longer id of a proposal is reported" "^{\"seq\":3,.*\"\(malformed\|refused\)\".*at most $1"
        fi
    done
}

test_BL_TEXT_SIZE_MAX() {
    echo 'event go { t : text } event made { t : text } on go by anyone { emit made(event.t + event.t) }' >"$work/policy.bylaw"
    event go "\"t\":\"$(repeat $(($1 / 2)) x)\"" | run_event
    gives "a text of $1 bytes made by + works" '"type":"emitted"'
    event go "\"t\":\"$(repeat $(($1 / 2 + 1)) x)\"" | run_event
    gives "a longer text made by + is refused" "\"refused\".*a text of more than $1 bytes"
    echo "let t = \"$(repeat "$1" x)\"" | works "a text of $1 bytes in a policy"
    echo "let t = \"$(repeat $(($1 + 1)) x)\"" | diagnosed "a longer text in a policy" B0315 "more than $1 bytes"
}

test_BL_POLICY_SIZE_MAX() {
    repeat "$1" ' ' | works "a policy of $1 bytes"
    repeat $(($1 + 1)) ' ' | diagnosed "a policy of $(($1 + 1)) bytes" B0107 "more than $1 bytes"
    repeat $((17 << 20)) ' ' | diagnosed "a policy of more bytes than are read" B0107 "more than $1 bytes"
}

test_BL_MODULE_COUNT_MAX() {
    for i in $(seq "$1"); do
        echo "role member_$i" >"$work/part$i.bylaw"
    done
    seq -f 'use "part%.0f"' $(($1 - 1)) | works "a policy of $1 files"
    seq -f 'use "part%.0f"' "$1" | diagnosed "a policy of $(($1 + 1)) files" B0206 "$1 files at most"
}

# ---- compiling ----

test_BL_PARSER_DEPTH_MAX() { # on the stack stand, besides the parentheses, the declaration's beginning and the end
    for more in 0 1; do
        count=$(($1 - 9 + more))
        { printf 'let x = ' && repeat $count '(' && printf 1 && repeat $count ')' && echo; } >"$work/deep"
        if [ $more = 0 ]; then
            works "a stack of $1 symbols" <"$work/deep"
        else
            diagnosed "a deeper stack" B0105 'nested too deeply' <"$work/deep"
        fi
    done
}

test_BL_AST_DEPTH_MAX() { # the constant and its value stand above
    { printf 'let x = 1' && repeat $(($1 - 2)) ' + 1' && echo; } | works "a tree of depth $1"
    { printf 'let x = 1' && repeat $(($1 - 1)) ' + 1' && echo; } | diagnosed "a deeper tree" B0105 'nested too deeply'
}

test_BL_EXPANSION_MAX() { # four times a body with a quarter of them, itself counted
    {
        basis
        printf 'body voters = member body many = voters'
        repeat $(($1 / 4 - 2)) ' or voters'
        echo
    } >"$work/bodies"
    { cat "$work/bodies" && decision 'many or many or many or many'; } | works "$1 bodies in one expression"
    { cat "$work/bodies" && decision 'many or many or many or many or voters'; } |
        diagnosed "one body more" B0315 "more than $1 bodies"
}

test_BL_CHUNK_SIZE_MAX() { # one instruction for each effect, and the end
    for count in $(($1 - 1)) "$1"; do
        { echo 'event go { } event made { } on go by anyone {' && repeat "$count" 'emit made() ' && echo '}'; } >"$work/block"
        if [ "$count" -lt "$1" ]; then
            works "a block of $1 instructions" <"$work/block"
        else
            diagnosed "one instruction more" B0315 "more than $1 instructions" <"$work/block"
        fi
    done
}

# A set of as many nodes: `or` and `member` are one each, the name of a body is one besides what it stands for.
write_walk() { # nodes
    basis
    awk -v total="$1" '
        function repeat(text, count,   i, all) { all = text; for (i = 1; i < count; i++) all = all " or " text; return all }
        BEGIN {
            print "body one = member"
            print "body some = " repeat("(" repeat("member", 20) ")", 20); some = 799
            print "body many = " repeat("some", 15); many = 15 * (some + 1) + 14
            nodes = -1
            while (nodes + many + 2 <= total - 10) { all = all " many or"; nodes += many + 2 }
            while (nodes + some + 2 <= total - 10) { all = all " some or"; nodes += some + 2 }
            if ((total - nodes) % 2) { all = all " one or"; nodes += 3 }
            for (; nodes < total; nodes += 2) all = all " member or"
            sub(/ or$/, "", all)
            print "proposal change { raised by" all " decided by member using most within 1 day }"
        }'
}
held_again() { # times
    echo 'procedure seat { ballot ranking counts by irv ties broken by rerun at most' "$1" 'times }'
    echo 'role voter proposal poll { raised by voter candidates from voter decided by voter using seat within 1 day }'
}
test_BL_RERUN_MAX() {
    held_again "$1" | works "a vote that is held again $1 times"
    held_again $(($1 + 1)) | diagnosed "one time more" B0423 "from 1 to $1"
}

test_BL_WALK_MAX() { # so large a set is at the limit of the walk and beyond that of instructions, which then speaks
    write_walk "$1" | diagnosed "an expression of $1 parts is walked, and then" B0315 'instructions'
    write_walk $(($1 + 1)) | diagnosed "an expression of $(($1 + 1)) parts" B0315 "more than $1 parts"
}

test_BL_GROUP_MAX() {
    together=' together with member using most within 1 day'
    { basis && decision member "$(repeat $(($1 - 1)) "$together")"; } | works "$1 bodies side by side"
    {
        event grant '"role":"member","to":"ana"'
        event propose '"kind":"change","id":"one"'
        event approve '"proposal":"one"'
    } | run_event
    gives "a ballot counts in all $1" "\"accepted\".*\"stage\":$1,"
    { basis && decision member "$(repeat "$1" "$together")"; } | diagnosed "one body more side by side" B0421 "at most $1 bodies"
    # The same holds for each step, not for their number.
    { basis && decision member "$(repeat 1000 'then by member using most within 1 day ')"; } | works "1000 steps one after the other"
    { basis && decision member "$(repeat 1000 'escalates to member using most within 1 day ')"; } | works "1000 rungs"
}

test_BL_DECLARATION_COUNT_MAX() {
    seq -f 'let a%.0f = 1' "$1" | works "$1 declarations"
    seq -f 'let a%.0f = 1' $(($1 + 1)) | diagnosed "one declaration more" B0209 "$1 declarations at most"
}

# Clauses that refuse nothing, for every proposal.
every_clauses() { # count
    basis
    decision member
    echo 'every proposal {'
    seq -f ' refuses "%.0f" when false' "$1"
    echo '}'
}

test_BL_EVERY_CLAUSE_MAX() {
    every_clauses "$1" | works "$1 clauses for every proposal"
    every_clauses $(($1 + 1)) | diagnosed "one clause for every proposal more" B0209 "$1 clauses for every proposal at most"
    { every_clauses "$1" && echo 'every proposal { }'; } | diagnosed "an empty block more" B0209 "$1 clauses for every proposal at most"
}

test_BL_FIELD_COUNT_MAX() {
    for more in 0 1; do
        fields=$(seq -f 'f%.0f : number' $(($1 + more)))
        { basis && decision member "requires $(echo "$fields" | tr '\n' ',' | sed 's/,$//')"; } >"$work/kind"
        echo "event e { $fields }" >"$work/event"
        if [ "$more" -eq 0 ]; then
            works "$1 fields of a kind" <"$work/kind"
            works "$1 fields of an event" <"$work/event"
        else
            diagnosed "one field of a kind more" B0209 "$1 fields at most" <"$work/kind"
            diagnosed "one field of an event more" B0209 "$1 fields at most" <"$work/event"
        fi
    done
}

# Of ballots in a file: tests/unit/test_contest.c.
test_BL_CANDIDATE_COUNT_MAX() {
    for more in 0 1; do
        {
            echo 'use "std/elections"  role member  proposal choice { raised by member'
            echo "options $(seq -f 'o%.0f,' $(($1 + more - 2)) | tr -d '\n') o, none"
            echo 'decided by member using schulze within 1 day }'
        } >"$work/choice"
        if [ "$more" -eq 0 ]; then
            works "$1 options" <"$work/choice"
        else
            diagnosed "one option more" B0209 "$1 options at most" <"$work/choice"
        fi
    done
}

# Kinds that climb a ladder, and one that climbs another.
climbers() { # kinds, rungs, rungs of the other
    basis
    echo "ladder high { $(repeat "$2" 'escalates to member using most within 1 day ')}"
    echo "ladder low { $(repeat "$3" 'escalates to member using most within 1 day ')}"
    seq -f 'proposal p%.0f { raised by member decided by member using most within 1 day along high }' "$1"
    echo 'proposal elsewhere { raised by member decided by member using most within 1 day along low }'
}

test_BL_CLAUSE_COPIES_MAX() {
    rungs=$(($1 / 64 - 1))
    climbers 64 $rungs 64 | works "$1 clauses of ladders"
    climbers 64 $rungs 65 | diagnosed "one clause of a ladder more" B0209 "$1 clauses at most from"
}

# As many blocks as long as one may be, in files that are as long as they may be: one instruction for each effect, and the end.
write_blocks() { # blocks
    block=$(repeat $(($(value_of BL_CHUNK_SIZE_MAX) - 1)) 'emit m() ')
    for at in $(seq "$1"); do
        file=$work/blocks$(((at + 3) / 4)).bylaw
        if [ $((at % 4)) -eq 1 ]; then echo "event e$at { }" >"$file"; else echo "event e$at { }" >>"$file"; fi
        echo "on e$at by anyone { $block}" >>"$file"
    done
    seq -f 'use "blocks%.0f"' $((($1 + 3) / 4))
    echo 'event m { }'
}

test_BL_CODE_COUNT_MAX() {
    blocks=$(($1 / $(value_of BL_CHUNK_SIZE_MAX)))
    write_blocks "$blocks" >"$work/uses"
    works "$1 instructions" <"$work/uses"
    { cat "$work/uses" && echo 'let more = 1 let again = 2'; } | diagnosed "instructions more" B0209 "$1 instructions at most"
    if [ "$(grep -c '^error\[' "$work/got")" -eq 1 ]; then ok "they are told once"; else fail "they are told once" <"$work/got"; fi
}

# A chain of 1,448 roles is 1,447 * 1,448 / 2 inclusions, and one role may include the others that are missing.
inclusions() { # all of them
    seq 1448 | awk '{ printf NR == 1 ? "role r1\n" : "role r%d { includes r%d }\n", $1, $1 - 1 }'
    left=$(($1 - 1447 * 1448 / 2))
    seq -f 'role s%.0f' "$left"
    echo "role all { $(seq -f 'includes s%.0f ' "$left" | tr -d '\n') }"
}

test_BL_INDEX_COUNT_MAX() {
    inclusions "$1" | works "$1 inclusions of roles"
    inclusions $(($1 + 1)) | diagnosed "one inclusion more" B0209 "list $1 roles and options at most"
}

test_BL_DIAGNOSTICS_MAX() {
    for count in "$1" $(($1 + 1)); do
        seq "$count" | sed 's/.*/let a& = nothing_there_&/' | diagnosed "$count errors" B0201 nothing_there
        shown=$(grep -c '^error\[' "$work/got")
        if [ "$shown" -eq "$1" ]; then ok "$count errors: $1 are shown"; else echo "$shown" | fail "$count errors: $1 are shown"; fi
    done
    if grep -q '^1 \|one \| 1 more' "$work/got"; then
        ok "the one that is left out is counted"
    else
        tail -n 3 "$work/got" | fail "the one that is left out is counted"
    fi
}

# ---- running ----

test_BL_STACK_MAX() {
    { printf 'let l : list of number = [1' && repeat $(($1 - 1)) ', 1' && echo ']'; } | works "$1 values at once"
    { printf 'let l : list of number = [1' && repeat "$1" ', 1' && echo ']'; } | diagnosed "one value more" B0315 "more than $1 values"
}

write_calls() { # depth
    echo 'event go { } event made { } function a1(x : number) : number = x + 1'
    awk -v count="$1" 'BEGIN { for (i = 2; i <= count; i++) printf "function a%d(x : number) : number = a%d(x) + 1\n", i, i - 1 }'
    echo "on go by anyone when a$1(0) == $1 { emit made() }"
}
test_BL_CALL_DEPTH_MAX() {
    write_calls "$1" | works "functions $1 deep"
    event go | run_event
    gives "functions $1 deep run" '"emitted"'
    write_calls $(($1 + 1)) | diagnosed "functions deeper" B0415 "more than $1 constants and functions"
}

test_BL_CASCADE_MAX() {
    for count in "$1" $(($1 + 1)); do
        { echo 'event go { } event made { } on go by anyone {' && repeat "$count" 'emit made() ' && echo '}'; } >"$work/policy.bylaw"
        event go | run_event
        emitted=$(grep -c '"emitted"' "$work/got")
        if [ "$emitted" -eq "$1" ]; then ok "$count events: $1 happen"; else echo "$emitted" | fail "$count events: $1 happen"; fi
        refused=$(grep -c "\"refused\".*more than $1 others" "$work/got")
        if [ "$refused" -eq $((count - $1)) ]; then
            ok "$count events: the outcomes tell it"
        else
            tail -n 1 "$work/got" | fail "$count events: the outcomes tell it"
        fi
    done
}

test_BL_LIST_COUNT_MAX() {
    echo 'event go { l : list of number } event made { } on go by anyone when 2 in event.l { emit made() }' >"$work/policy.bylaw"
    event go "\"l\":[$(repeat $(($1 - 1)) 1,)2]" | run_event
    gives "a list of $1 items works" '"emitted"'
    event go "\"l\":[$(repeat "$1" 1,)2]" | run_event
    gives "one item more is reported" "\"\(refused\|malformed\)\".*at most $1"
}

# ---- questions ----

test_BL_REFUSED_KEPT_MAX() {
    { basis && decision member; } >"$work/policy.bylaw"
    for more in 0 1; do
        awk -v count=$(($1 + more)) 'BEGIN {
            for (i = 1; i <= count; i++)
                printf "{\"type\":\"propose\",\"kind\":\"change\",\"id\":\"p%d\",\"actor\":\"ana\"}\n", i
        }' >"$work/events.jsonl"
        (cd "$work" && record got "$bylaw" why p1 -p policy.bylaw events.jsonl)
        if [ "$more" = 0 ]; then
            gives "of $1 refused proposals the first is known" 'p1 was never raised'
        elif grep -q 'there is no proposal `p1`' "$work/got"; then
            ok "one more and it is forgotten"
        else
            fail "one more and it is forgotten" <"$work/got"
        fi
    done
    (cd "$work" && record got "$bylaw" why p2 -p policy.bylaw events.jsonl)
    gives "the second is known still" 'p2 was never raised'
}

# ---- what it needs ----

# Asks under $work/policy.bylaw what `change_1` needs, after the events on standard input; the answer is in $work/got.
ask_needs() { # words of needs…
    cat >"$work/events.jsonl"
    (cd "$work" && record got "$bylaw" needs change_1 --format json -p policy.bylaw "$@" events.jsonl)
}
# So many people, @v1, @v2 …, become members and have so many tokens each as their number; then the proposal is opened.
electorate() { # count
    awk -v count="$1" 'BEGIN { for (i = 1; i <= count; i++) {
        printf "{\"type\":\"grant\",\"role\":\"member\",\"to\":\"v%d\"}\n", i
        printf "{\"type\":\"set\",\"actor\":\"v%d\",\"tokens\":%d}\n", i, i } }'
    event propose '"kind":"change","id":"change_1"'
}
voting() { # conditions
    echo "person { tokens : number = 0 } role member procedure most { $1 }"
    decision anyone
}
answers() { # name, sets, complete
    sets=$(grep -c '"set":' "$work/got")
    if [ "$sets" -eq "$2" ] && tail -n 1 "$work/got" | grep -q "\"complete\":$3"; then
        ok "$1"
    else
        { echo "$sets sets"; tail -n 1 "$work/got" | cut -c 1-300; } | fail "$1"
    fi
}

# A life of n votes, one after the other: an arrow from each to each end passes all ranks between, 2 n^2 + 2 n + 5 places.
test_BL_GRAPH_PLACES_MAX() {
    count=1
    while [ $((2 * (count + 1) * (count + 2) + 5)) -le "$1" ]; do count=$((count + 1)); done
    for votes in "$count" $((count + 1)); do
        {
            echo 'role member procedure most { passes when approve > reject fails otherwise }'
            echo 'proposal change { raised by member decided by member using most within 1 day'
            repeat $((votes - 1)) ' then by member using most within 1 day '
            echo '}'
        } >"$work/policy.bylaw"
        (cd "$work" && record got "$bylaw" graph --of change --format svg policy.bylaw)
        if [ "$votes" = "$count" ]; then
            gives "a life of $votes votes is drawn" '^</svg>'
        elif grep -q 'too large to be drawn' "$work/got"; then
            ok "one of $votes votes is too large, and says so"
        else
            head -n 5 "$work/got" | fail "one of $votes votes is too large, and says so"
        fi
    done
}

# Half of them have voted no: any of these may change, any of the others may vote, so that n are needed in n + 1 ways.
test_BL_NEEDS_SETS_MAX() {
    for needed in $(($1 - 1)) "$1"; do
        voting "passes when approve >= $needed fails otherwise" >"$work/policy.bylaw"
        { electorate $((2 * needed)) &&
            awk -v count="$needed" 'BEGIN { for (i = 1; i <= count; i++)
                printf "{\"type\":\"reject\",\"actor\":\"v%d\",\"proposal\":\"change_1\"}\n", i }'; } | ask_needs
        if [ "$needed" -lt "$1" ]; then
            answers "$1 sets are listed" "$1" true
        else
            answers "of one set more, it says so" "$1" false
        fi
    done
}

# Which of so many people with different weights make up half: a few can be gone through, many cannot.
test_BL_NEEDS_STATES_MAX() {
    voting 'weigh tokens passes when approve > 1/2 of body fails otherwise' >"$work/policy.bylaw"
    electorate 5 | ask_needs
    answers "what takes few of $1 states is all told" 5 true
    electorate 60 | ask_needs
    gives "what takes more than $1 states says so" '"complete":false'
}

# Of n people who may vote yes or no, (n + 1)(n + 2) / 2 states.
test_BL_NEEDS_LATTICE_MAX() {
    voting 'passes when approve > reject fails when reject > approve' >"$work/policy.bylaw"
    count=1
    while [ $(((count + 2) * (count + 3) / 2)) -le "$1" ]; do count=$((count + 1)); done
    for people in "$count" $((count + 1)); do
        electorate "$people" | ask_needs
        answers "$people people, in either way of searching" 1 true
    done
}

# Each person with another weight can vote yes or no: two ways a person.
test_BL_NEEDS_WAYS_MAX() {
    voting 'weigh tokens passes when approve >= 1 fails when reject > 1000000' >"$work/policy.bylaw"
    electorate $(($1 / 2)) | ask_needs --for rejected
    answers "$1 ways to act are all looked at" 0 true
    electorate $(($1 / 2 + 1)) | ask_needs --for rejected
    answers "of more ways, it says so" 0 false
}

# A ladder: the proposal's own vote, its rungs and the end of it.
test_BL_NEEDS_DEPTH_MAX() {
    for rungs in $(($1 - 2)) $(($1 - 1)); do
        { basis && decision anyone "$(repeat "$rungs" 'escalates to member using hopeless within 1 day ')" &&
            echo 'procedure hopeless { passes when approve > 5 fails when reject > 5 closes at deadline }'; } |
            sed 's/using most/using hopeless/' >"$work/policy.bylaw"
        { event grant '"role":"member","to":"ana"' && event propose '"kind":"change","id":"change_1"'; } | ask_needs
        if [ "$rungs" -eq $(($1 - 2)) ]; then
            answers "a ladder of $rungs rungs is looked through" 0 true
        else
            answers "of a longer one, it says so" 0 false
        fi
    done
}

# ---- all of them ----

echo "$table" | while read -r limit where; do
    if [ -z "$limit" ]; then continue; fi
    if ! grep -q "^#define $limit " "$header"; then
        echo "the table names it, $header does not" | fail "$limit is a limit"
    elif [ "$where" = here ]; then
        "test_$limit" "$(value_of "$limit")"
    elif grep -q "$limit" "$where"; then
        ok "$limit is tested in $where"
    else
        echo "$where does not name it" | fail "$limit is tested in $where"
    fi
done
sed -n 's/^#define \(BL_[A-Z_]*_MAX\) .*/\1/p' "$header" >"$work/limits"
if [ "$(grep -c '^#define BL_[A-Z]*_[A-Z_]* ' "$header")" -ne "$(wc -l <"$work/limits")" ]; then
    echo "a limit's name ends in _MAX" | fail "limits have names of limits"
fi
while IFS= read -r limit; do
    if echo "$table" | grep -q "^$limit "; then
        ok "$limit has a test"
    else
        echo "tests/limits.sh does not name it" | fail "$limit has a test"
    fi
done <"$work/limits"
