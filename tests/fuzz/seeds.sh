#!/bin/sh
# What the fuzzer of compiled policies begins with: sh tests/fuzz/seeds.sh PROGRAM FOLDER. From nothing it would not find
# a policy that loads in years. An input is a byte of flags and what stands behind the header of a file (fuzz_bytecode.c).
set -u
program=$1
folder=$2
mkdir -p "$folder"
for policy in stdlib/*.bylaw tests/policies/*.bylaw; do
    seed=$folder/$(basename "$policy" .bylaw)
    "$program" compile --strip "$policy" -o "$seed.bylawc" || exit 1
    { printf '\001' && tail -c +25 "$seed.bylawc"; } >"$seed"
    rm -f "$seed.bylawc"
done
