#!/bin/sh
# Shows Bylaw at work: builds it (installing what building needs) and tells four stories under PyTorch's governance,
# then lets PyTorch's merge rules decide some recorded pull requests. Usage: sh examples/demo.sh, from anywhere.
set -eu
cd "$(dirname "$0")/.."

sh tests/setup.sh install build

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
[ -x build/bylaw ] || echo "Building Bylaw; this takes a minute."
if ! make -j "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)" all >"$log" 2>&1; then
    tail -n 30 "$log"
    echo "Building failed; the last lines of make are above."
    exit 1
fi

heading() {
    printf '\n\n%s\n' "$1"
    echo "$1" | sed 's/./=/g'
}

tell() { # paragraphs on standard input
    echo
    fold -s -w 100 | sed 's/ *$//; s/^/  /'
    echo
}

# Does the command, its output in $log; it must go well.
run_well() { # words of bylaw
    status=0
    build/bylaw "$@" --format text >"$log" 2>&1 || status=$?
    [ "$status" -eq 0 ] && return
    cat "$log"
    echo "bylaw ended with status $status, which it should not."
    exit 1
}

# Shows the command as one would type it, then what it says.
show() { # words of bylaw
    printf '  $ bylaw'
    printf ' %s' "$@"
    printf '\n\n'
    run_well "$@"
    sed 's/^/  /' "$log"
}

# A pull request has dozens of checks: only what was decided is shown.
show_decision() { # words of bylaw
    printf '  $ bylaw'
    printf ' %s' "$@"
    printf ' | grep -A 1 emitted\n\n'
    run_well "$@"
    grep -A 1 emitted "$log" | sed 's/^/  /'
    echo
}

story() { # name
    show run -r examples/pytorch/roster.jsonl "examples/pytorch/$1.jsonl"
}

echo "Bylaw decides by written rules and says why. The rules here are PyTorch's (stdlib/pytorch.bylaw), the modules and"
echo "their maintainers are real. What they do in these stories is invented and says nothing about them."

heading "One approval"
tell <<'TEXT'
Zoe corrects a word in module nn. Her own approval is refused, a maintainer's lets the change in at once. Her second change is approved by somebody who does not maintain the module: it gets in, and a maintainer of the module has it reverted. The third removes something, which needs an issue first.
TEXT
story uncontroversial

heading "A dispute, up to the lead core maintainer"
tell <<'TEXT'
A change removes old operators from torchvision. A maintainer of another module disputes it. The module's own maintainers cannot conclude, the core maintainers find no consensus in their thirty days, and the lead core maintainer has the last word.
TEXT
story dispute

echo
echo "  And in the end, its whole life as a drawing:"
echo
show timeline drop-legacy-ops -r examples/pytorch/roster.jsonl examples/pytorch/dispute.jsonl

heading "A veto by the core maintainers as a group"
tell <<'TEXT'
The two maintainers of fft agree that one of them shall suffice for every decision. Two vetoes of four core maintainers are not more than half; the third strikes the decision down.
TEXT
story veto

echo
echo "  After the first two vetoes one could have asked what it takes, and who may still act:"
echo
show needs one-suffices --for vetoed -r examples/pytorch/roster.jsonl --at-seq 6 examples/pytorch/veto.jsonl
echo
show who can veto one-suffices -r examples/pytorch/roster.jsonl --at-seq 6 examples/pytorch/veto.jsonl

echo
echo "  Every outcome can be asked for its reasons:"
echo
show why one-suffices -r examples/pytorch/roster.jsonl examples/pytorch/veto.jsonl

heading "Removing the lead, and electing a new one"
tell <<'TEXT'
Three of five core maintainers are not 75 %, four are: the lead is removed. An election opens by itself, and nobody has more than half of the first choices.
TEXT
story lead-removal

heading "Merge rules: who may merge a pull request"
tell <<'TEXT'
The 32 rules of pytorch/pytorch's merge_rules.yaml are founding facts; what a rule means is a policy, examples/pytorch-merge/policy.bylaw. One invented pull request first, from opening to merging.
TEXT
show run -p examples/pytorch-merge/policy.bylaw -r examples/pytorch-merge/rules.jsonl \
    examples/pytorch-merge/wait-then-merge.jsonl

tell <<'TEXT'
Now recorded pull requests, with the people, reviews and checks of the day. Not all rules of that day are at hand: where one is missing a small one stands in its place, and tests/pytorch/README.md says where. What was decided then is decided here: one is merged, one is refused because checks failed, one has to wait for its checks and is merged when they are done.
TEXT
for pull in pr71759 pr74649 pr77700-at-first-request pr77700; do
    show_decision run -p examples/pytorch-merge/policy.bylaw "examples/pytorch-merge/recorded/$pull.jsonl"
done

heading "The same rules as bylaws in plain English"
tell <<'TEXT'
bylaw render writes a whole policy as numbered clauses; these are the ones about a change that somebody may object to.
TEXT
build/bylaw render --format markdown std/pytorch >"$log"
sed -n '/^## .*Article 13\./,/^## .*Article 14\./p' "$log" | grep '^<a' |
    sed -E 's/<[^>]*>//g; s/\[([^]]*)\]\([^)]*\)/\1/g; s/\*\*//g; s/\\(.)/\1/g; s/ *std\/pytorch:[0-9]+$//' | fold -s -w 100 | sed 's/ *$//; s/^/  /'

echo
echo "To try it yourself: build/bylaw repl"
echo "Each outcome above names its clause: file and line of the policy. sh tests/check.sh tests all of this and more."
