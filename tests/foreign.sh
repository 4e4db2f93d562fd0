#!/bin/sh
# Builds Bylaw for another machine, runs it here under qemu, and holds it against the same expectations and against
# this machine's own build, byte by byte: `make foreign FOREIGN=s390x`, or
#
#   sh tests/foreign.sh [ARCHITECTURE [PART…]]    s390x (the default: its byte order is the other one), arm64, ppc64el, riscv64
#
# Beside the tests: it takes an hour, a cross compiler, qemu, and libraries of that architecture.
set -u
cd "$(dirname "$0")/.." || exit 1

architecture=${1:-s390x}
if [ $# -gt 0 ]; then shift; fi
# What runs the program and says something of its own; the parts that ask of this machine are left out.
parts=${*:-foreign_bytes unit policies golden diagnostics examples why who timeline tally compare needs coverage render}

case $architecture in
s390x) triplet=s390x-linux-gnu emulator=qemu-s390x ;;
arm64) triplet=aarch64-linux-gnu emulator=qemu-aarch64 ;;
ppc64el) triplet=powerpc64le-linux-gnu emulator=qemu-ppc64le ;;
riscv64) triplet=riscv64-linux-gnu emulator=qemu-riscv64 ;;
*)
    echo "usage: sh tests/foreign.sh [s390x|arm64|ppc64el|riscv64 [PART…]]" >&2
    exit 2
    ;;
esac

# ---- what is needed ----

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
trap 'exit 1' HUP INT TERM
echo 'int main(void) { return 0; }' >"$probe/empty.c"

# Whether a program with this library is linked, and runs.
has_library() { # name
    "$triplet-gcc" -o "$probe/empty" "$probe/empty.c" -Wl,--no-as-needed "-l$1" 2>/dev/null && "$emulator" "$probe/empty" 2>/dev/null
}

missing=
for command in "$triplet-gcc:gcc-$triplet" "$emulator:qemu-user"; do
    command -v "${command%%:*}" >/dev/null 2>&1 || missing="$missing ${command#*:}"
done
for library in c:libc6-dev utf8proc:libutf8proc-dev gmp:libgmp-dev z:zlib1g-dev edit:libedit-dev cmocka:libcmocka-dev jansson:libjansson-dev; do
    has_library "${library%%:*}" || missing="$missing ${library#*:}:$architecture"
done
status=0
sh tests/setup.sh missing check >"$probe/here" || status=1
if [ "$status" -ne 0 ]; then cat "$probe/here"; fi
if [ -n "$missing" ]; then
    echo "Testing for $architecture needs, and this machine has not:$missing"
    echo "On Debian:"
    echo "  dpkg --add-architecture $architecture && apt-get update"
    echo "  apt-get install --no-install-recommends$missing"
    status=1
fi
if [ "$status" -ne 0 ]; then exit 1; fi

# ---- both builds ----

foreign=build/$architecture
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
build() { # make's words…
    if make -j "$jobs" WERROR=1 "$@" >"$probe/log" 2>&1; then return; fi
    grep -v '^  [a-z]* ' "$probe/log" | tail -n 30
    echo "Building failed; the last lines of make are above."
    exit 1
}
build all
build CC="$triplet-gcc" AR="$triplet-ar" LD="$triplet-ld" OBJCOPY="$triplet-objcopy" BUILD="$foreign" all unit-programs

# The programs again, below run/: what is called there is run by the emulator. The parts take it for a build.
rm -rf "$foreign/run"
mkdir -p "$foreign/run/tests/unit"
for program in "$foreign/bylaw" "$foreign"/tests/unit/test_*; do
    case $program in *.[do]) continue ;; esac
    shim=$foreign/run/${program#"$foreign/"}
    printf '#!/bin/sh\nexec %s "${0%%/run/*}/${0##*/run/}" "$@"\n' "$emulator" >"$shim"
    chmod +x "$shim"
done

rm -rf "$probe"
# shellcheck disable=SC2086 # the parts are words
MINUTES=${MINUTES:-120} TESTED=$foreign/run exec sh tests/run.sh $parts
