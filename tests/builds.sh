#!/bin/sh
# Each way of building, without a warning. The other parts use the programs.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

build_with() { # name, make's words…
    name=$1
    shift
    if make -k -j "$jobs" "$@" >"$work/log" 2>&1; then
        ok "build $name"
    else
        grep -v "^  cc " "$work/log" | grep -E 'error|warning|\*\*\*|undefined' | fail "build $name"
    fi
}

build_with "gcc -O2" CC=gcc WERROR=1 all unit-programs bench-programs
build_with "gcc -O0 with assertions" CC=gcc WERROR=1 DEBUG=1 all
build_with "gcc with sanitizers" CC=gcc WERROR=1 SANITIZE=1 all unit-programs
build_with "clang -O2" CC=clang WERROR=1 BUILD=build/clang all

# The header alone, as a host sees it, in C and in C++ where there is such a compiler.
printf '#include "bylaw.h"\nint main(void) { return bylaw_status_text(BYLAW_OK)[0] == 0; }\n' >"$work/host.c"
if gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -Iruntime -o "$work/host" "$work/host.c" build/libbylaw.a -lutf8proc -lgmp \
    >"$work/log" 2>&1 && "$work/host"; then
    ok "a host needs bylaw.h, libbylaw.a, libutf8proc and libgmp only"
else
    fail "a host needs bylaw.h, libbylaw.a, libutf8proc and libgmp only" <"$work/log"
fi

# Nothing is built again when nothing changed.
second_make() { make CC=gcc WERROR=1 "$@" all unit-programs bench-programs; }
if second_make -q >/dev/null 2>&1 || [ -z "$(second_make | grep -v 'Nothing to be done')" ]; then
    ok "a second make does nothing"
else
    second_make -n | fail "a second make does nothing"
fi
