#!/bin/sh
# Lines made to hurt: too long, too deep, with too many keys. Each is one malformed outcome (or a plain event, where it
# keeps to the limits), the next line is read as if nothing had been, and memory stays bounded.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

line_size_max=1048576  # BL_LINE_SIZE_MAX
memory_max=65536       # KiB of address space: a line of 100 MB that is kept does not fit

cat >"$work/policy.bylaw" <<'POLICY'
policy club "A club that is sent hostile lines"
role member
procedure most { passes when approve > reject }
proposal change {
  raised  by member
  decided by member using most within 7 days
}
POLICY
echo '{"time":"2024-01-01T00:00:00Z","type":"grant","role":"member","to":"ana"}' >"$work/roster.jsonl"
propose='{"time":"2024-01-02T00:00:00Z","type":"propose","kind":"change","id":"clocks","actor":"ana"}'

# Whether the limit here is the one of the program.
if grep -q 'define BL_LINE_SIZE_MAX (1u << 20)' runtime/limits.h; then
    ok "the limit of a line is the one tested"
else
    grep BL_LINE_SIZE_MAX runtime/limits.h | fail "the limit of a line is the one tested"
fi

# The address sanitizer reserves terabytes of address space: it cannot run under a limit of it.
limit_memory() {
    case $build in *sanitize*) ;; *) ulimit -v "$memory_max" ;; esac
}

repeated() { # text, times
    awk -v text="$1" -v times="$2" 'BEGIN { for (i = 0; i < times; i++) printf "%s", text }'
}

# The hostile line from standard input, between it and the end a proposal that must be opened; what is told of the
# hostile line is compared with the words given, without its prefix.
tells() { # name, expected outcomes but the last, one a line
    name=$1 expected=$2
    { cat; echo; echo "$propose"; } >"$work/events.jsonl"
    status=0
    (
        limit_memory
        cd "$work" && exec "$bylaw" run --quiet --color never -p policy.bylaw -r roster.jsonl events.jsonl
    ) >"$work/got" 2>&1 </dev/null || status=$?
    last='{"seq":2,"time":"2024-01-02T00:00:00Z","type":"opened","proposal":"clocks","kind":"change","actor":"ana","clause":"policy.bylaw:5"}'
    {
        [ -z "$expected" ] || echo "$expected"
        echo "$last"
    } >"$work/expected"
    wanted=0
    case $expected in *malformed*) wanted=4 ;; esac
    [ "$status" -eq "$wanted" ] || echo "exit status $status" >>"$work/got"
    same "$name" "$work/expected" "$work/got"
}

malformed() { # because, column
    printf '{"seq":1,"time":"2024-01-01T00:00:00Z","type":"malformed","because":"%s","line":1,"column":%s}' "$1" "$2"
}
too_long() { malformed "a line of $1 bytes: at most $line_size_max" 1; } # bytes
too_deep() { malformed 'nested too deep: at most 64 objects and lists inside each other' "$1"; }

# ---- size ----

# An event of exactly so many bytes, padded in a field that the policy does not know.
event_of() { # bytes
    head='{"type":"tick","pad":"' tail='"}'
    printf '%s' "$head"
    repeated a $(($1 - ${#head} - ${#tail}))
    printf '%s' "$tail"
}

event_of "$line_size_max" | tells "a line of the greatest size is read" ""
event_of $((line_size_max + 1)) | tells "a line of one byte more is malformed" "$(too_long $((line_size_max + 1)))"
event_of $((line_size_max * 2)) | tells "a line of twice the size is one malformed line" "$(too_long $((line_size_max * 2)))"
head -c 100000000 /dev/zero | tr '\0' 'a' | tells "a line of 100 MB is malformed" "$(too_long 100000000)"
head -c 100000000 /dev/zero | tells "100 MB of zero bytes are one malformed line" "$(too_long 100000000)"
head -c 100000000 /dev/zero | tr '\0' ' ' | tells "100 MB of blanks are one malformed line" "$(too_long 100000000)"
head -c 20000000 /dev/zero | tr '\0' '\n' >"$work/blank"
printf '%s\n' "$propose" | cat "$work/blank" - >"$work/events.jsonl"
(
    limit_memory
    cd "$work" && exec "$bylaw" run --quiet --color never -p policy.bylaw -r roster.jsonl events.jsonl
) 2>&1 </dev/null | tail -n 1 | cut -d, -f1 >"$work/got"
echo '{"seq":20000001' >"$work/expected"
same "20 million blank lines are counted and nothing else" "$work/expected" "$work/got"

# ---- depth ----

{ printf '{"type":"tick","x":'; repeated '[' 63; repeated ']' 63; printf '}'; } | tells "64 levels are read" ""
{ printf '{"type":"tick","x":'; repeated '[' 64; repeated ']' 64; printf '}'; } | tells "65 levels are malformed" "$(too_deep 83)"
{ printf '{"type":"tick","x":'; repeated '[' 1000000; printf '}'; } | tells "a million brackets are malformed" "$(too_deep 83)"
repeated '[' 1000000 | tells "a million brackets and nothing else are malformed" \
    "$(malformed 'expected an object, found a list: each event is an object on a line of its own' 1)"
repeated '{"a":' 200000 | tells "200,000 objects in each other are malformed" "$(too_deep 321)"

# ---- keys ----

keys() { # count
    awk -v count="$1" 'BEGIN {
        printf "{\"type\":\"tick\""
        for (i = 0; i < count; i++) printf ",\"k%d\":0", i
        printf "}"
    }'
}
# Numbered in hexadecimal, 100,000 keys keep to the size of a line.
short_keys() { # more members
    awk -v more="$1" 'BEGIN {
        printf "{\"type\":\"tick\""
        for (i = 0; i < 100000; i++) printf ",\"%x\":0", i
        printf "%s}", more
    }'
}
keys 100000 | tells "100,000 long keys are too long a line" "$(too_long "$(keys 100000 | wc -c)")"
short_keys '' | tells "100,000 keys are read" ""
size=$(short_keys '' | wc -c)
short_keys ',"7":1' | tells "one of 100,000 keys twice is malformed" "$(malformed '`7` stands twice in this object' "$((size + 1))")"
