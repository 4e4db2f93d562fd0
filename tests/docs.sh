#!/bin/sh
# Every example in the documentation runs. In README.md and docs/: a block fenced ```bylaw must compile without a
# warning and its scenarios must hold; ```events after it are run under it and must give the next ```outcomes; ```roster
# before the events is given to the run. In docs/errors/CODE.md the first ```bylaw block is the one with the error CODE,
# every later one is without it; there, what cannot stand on a page (too large, not UTF-8, several files) is written by
# the commands of a block fenced ```bylaw-from, which run in a folder of their own. ```ballots NAME is a file, and in a
# block ```tally each line behind `$ ` is a command, run beside those files, with its whole answer below it.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

find README.md docs -name '*.md' 2>/dev/null | sort >"$work/pages"

mkdir "$work/bin"
ln -s "$bylaw" "$work/bin/bylaw"

# Each fenced block of the sorts above into "$work/blocks/NUMBER.SORT"; prints "NUMBER SORT LINE".
split_blocks() { # page
    rm -rf "$work/blocks"
    mkdir "$work/blocks" "$work/blocks/files"
    awk -v folder="$work/blocks" '
        !sort && /^```ballots [a-z0-9.-]+$/ {
            sort = "ballots"; file = folder "/files/" $2; printf "" > file; next
        }
        !sort && /^```(bylaw|bylaw-from|events|outcomes|roster|tally)[ \t]*$/ {
            sort = substr($0, 4); sub(/[ \t]+$/, "", sort); number++
            file = sprintf("%s/%04d.%s", folder, number, sort); printf "" > file
            print sprintf("%04d", number), sort, FNR; next
        }
        sort && /^```[ \t]*$/ { close(file); sort = ""; next }
        sort { print > file }' "$1"
}

check_example() { # name, file
    record "$work/got" "$bylaw" check --color never "$2"
    if [ -s "$work/got" ]; then fail "$1 compiles" <"$work/got"; else ok "$1 compiles"; fi
    status=0
    "$bylaw" test --color never "$2" >"$work/got" 2>&1 </dev/null || status=$?
    if [ "$status" -eq 0 ]; then ok "$1 holds"; else fail "$1 holds" <"$work/got"; fi
}

check_run() { # name, policy or empty, roster or empty, events, outcomes
    name=$1 policy=$2 roster=$3 events=$4 outcomes=$5
    set -- run --color never --format "$(format_of "$outcomes")"
    if [ -n "$policy" ]; then set -- "$@" -p "$policy"; fi
    if [ -n "$roster" ]; then set -- "$@" -r "$roster"; fi
    record "$work/got" "$bylaw" "$@" "$events"
    # Blocks have no files' names on paper.
    sed "s|$work/blocks/[0-9]*\\.bylaw|example.bylaw|g; s|[0-9][0-9][0-9][0-9]\\.bylaw|example.bylaw|g
        s|$work/blocks/[0-9]*\\.events|events.jsonl|g; s|$work/blocks/[0-9]*\\.roster|roster.jsonl|g" \
        "$work/got" >"$work/shown"
    same "$name" "$outcomes" "$work/shown"
}

check_tally() { # name, commands with their answers
    while IFS= read -r line; do
        case $line in
        '$ '*)
            echo "$line"
            status=0
            (cd "$work/blocks/files" && PATH=$work/bin:$PATH && eval "${line#??}") </dev/null 2>&1 || status=$?
            [ "$status" -eq 0 ] || echo "exit status $status"
            ;;
        esac
    done <"$2" >"$work/got"
    same "$1" "$2" "$work/got"
}

check_page() { # page
    split_blocks "$1" >"$work/list"
    policy='' roster='' events=''
    while read -r number sort line; do
        block=$work/blocks/$number.$sort
        case $sort in
        bylaw)
            check_example "$1:$line" "$block"
            policy=$block roster='' events=''
            ;;
        roster) roster=$block ;;
        events) events=$block ;;
        tally) check_tally "$1:$line is answered so" "$block" ;;
        outcomes)
            if [ -n "$events" ]; then
                check_run "$1:$line outcomes" "$policy" "$roster" "$events" "$block"
            else
                echo "no events come before these outcomes" | fail "$1:$line outcomes"
            fi
            ;;
        esac
    done <"$work/list"
}

# Runs the commands of NUMBER.bylaw-from; prints the name of the policy they wrote.
write_policy() { # path without its end
    mkdir "$1" && (cd "$1" && sh "../$(basename "$1").bylaw-from" >example.bylaw)
    echo "$1/example.bylaw"
}

# Warnings are told of as errors are; other findings of an example do not matter here.
check_error_page() { # page
    code=$(basename "$1" .md)
    split_blocks "$1" >"$work/list"
    seen=0
    while read -r number sort line; do
        case $sort in
        bylaw) policy=$work/blocks/$number.bylaw ;;
        bylaw-from) policy=$(write_policy "$work/blocks/$number") ;;
        *) continue ;;
        esac
        seen=$((seen + 1))
        record "$work/got" "$bylaw" check --color never "$policy"
        has=no
        if grep -q "\[$code\]" "$work/got"; then has=yes; fi
        case $seen,$has in
        1,yes) ok "$1:$line has $code" ;;
        1,no) fail "$1:$line has $code" <"$work/got" ;;
        *,no) ok "$1:$line is without $code" ;;
        *) fail "$1:$line is without $code" <"$work/got" ;;
        esac
    done <"$work/list"
    [ "$seen" -ge 2 ] || echo "it wants an example that fails and one that passes" | fail "$1"
}

if [ ! -s README.md ]; then echo "it is missing" | fail README.md; fi
while IFS= read -r page; do
    case $page in
    docs/errors/[BW][0-9]*) check_error_page "$page" ;;
    *) check_page "$page" ;;
    esac
    # Links to files of ours lead somewhere.
    folder=$(dirname "$page")
    grep -o '](\([^)#]*\)' "$page" | sed 's/^](//' | grep -v -E '^(https?:|mailto:|$)' | while IFS= read -r link; do
        [ -e "$folder/$link" ] || echo "$link"
    done >"$work/broken"
    if [ -s "$work/broken" ]; then fail "$page links to what is not there" <"$work/broken"; else ok "$page links"; fi
done <"$work/pages"
