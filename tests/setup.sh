#!/bin/sh
# What Bylaw needs from the system, said once, and how to get it on Debian.
#
#   sh tests/setup.sh missing build|check   names what is missing and the line that installs it; status 1 if anything is
#   sh tests/setup.sh install build|check   installs what is missing, saying what and why before; does nothing else
#   sh tests/setup.sh check-tools           for the Makefile: silent when building can begin
#
# `build` is what the compiler needs, `check` is that and what the tests need. Things are looked for by what they
# bring (a command, a header), not by package, so that other systems and own installations work too.
set -eu

# package, what is looked for, why
needs() {
    cat <<'TABLE'
build make             command make        to run the Makefile
build gcc              command gcc         to compile
build libc6-dev        header  stdio.h     to compile: the C library
build flex             command flex        to make the scanner
build bison            command bison       to make the parser
build uthash-dev       header  uthash.h    to compile: tables of names
build libxxhash-dev    header  xxhash.h    to compile: hashing
build libutf8proc-dev  header  utf8proc.h  to compile: names in any script
build libgmp-dev       header  gmp.h       to compile: exact fractions of any size
build zlib1g-dev       header  zlib.h      to read .gz files
build libedit-dev      header  histedit.h  to edit lines in the REPL
check libcmocka-dev    header  cmocka.h    to test: unit tests
check libjansson-dev   header  jansson.h   to test: another reader of JSON to compare with
check clang            command clang       to test: a second compiler must agree
check vim               command vim         to test: the grammar for editors
check mandoc            command mandoc      to test: the manual pages
check zsh               command zsh         to test: completion
check fish              command fish        to test: completion
check pkg-config        command pkg-config  to test: building hosts of the library
check g++               command g++         to test: building hosts of the library
check graphviz         command dot         to test: another reader of pictures
check python3          command python3     to test: independent oracles
check tmux             command tmux        to test: the REPL at a terminal
check procps           command ps          to test: what processes are left
check git              command git         to test: packages of a commit
check perl             command prove       to test: another reader of test reports
TABLE
}

compiler() {
    if [ -n "${CC:-}" ] && command -v "${CC%% *}" >/dev/null 2>&1; then
        echo "${CC%% *}"
    elif command -v gcc >/dev/null 2>&1; then
        echo gcc
    else
        echo clang
    fi
}

is_there() { # command|header NAME
    case $1 in
    command)
        # A compiler the user chose stands in for gcc.
        if [ "$2" = gcc ] && [ -n "${CC:-}" ]; then set -- "$1" "${CC%% *}"; fi
        command -v "$2" >/dev/null 2>&1
        ;;
    header)
        # cmocka's header wants these before it; they do no harm to the others.
        printf '#include <stddef.h>\n#include <stdarg.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <%s>\n' "$2" |
            "$(compiler)" -E -x c - >/dev/null 2>&1
        ;;
    esac
}

# The rows of what is missing.
missing_rows() { # build|check
    needs | while read -r level package sort name why; do
        [ "$level" = build ] || [ "$1" = check ] || continue
        is_there "$sort" "$name" || echo "$package $why"
    done
}

names_of() {
    cut -d' ' -f1 | tr '\n' ' ' | sed 's/ $//'
}

tell_missing() { # rows
    echo "Bylaw needs these Debian packages, which are not installed:"
    echo "$1" | while read -r package why; do printf '  %-16s %s\n' "$package" "$why"; done
}

apt_line() { # packages
    echo "apt-get update && apt-get install --no-install-recommends $1" # a fresh system has no lists of packages
}

# Runs as root, by itself or through sudo; the environment is set behind sudo, which drops it.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
            ${https_proxy:+https_proxy="$https_proxy"} "$@"
    fi
}

can_install() { # packages
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "This system has no apt-get. Please install the like of these with its own means, then run this again."
        return 1
    fi
    # sudo asks for the password here, where it can be seen.
    if [ "$(id -u)" -ne 0 ] && ! { command -v sudo >/dev/null 2>&1 && sudo true; }; then
        echo "Installing needs root, and there is no sudo here that gives it. Please ask somebody who may to run:"
        echo "  $(apt_line "$1")"
        return 1
    fi
}

run_quietly() { # log, command…
    log=$1
    shift
    "$@" >>"$log" 2>&1 </dev/null
}

install_packages() { # packages
    log=$(mktemp)
    echo "Installing with apt-get; this takes a minute or two."
    if ! run_quietly "$log" as_root apt-get -o DPkg::Lock::Timeout=120 update; then
        echo "(apt-get update failed; trying with the package lists that are here)"
    fi
    # shellcheck disable=SC2086 # the packages are words
    if ! run_quietly "$log" as_root apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $1; then
        tail -n 20 "$log"
        echo "Installing failed; the last lines of apt-get are above. The line was:"
        echo "  $(apt_line "$1")"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    echo "Installed."
}

install_missing() { # build|check
    rows=$(missing_rows "$1")
    [ -n "$rows" ] || return 0
    packages=$(echo "$rows" | names_of)
    tell_missing "$rows"
    can_install "$packages" || return 1
    install_packages "$packages" || return 1
    rows=$(missing_rows "$1")
    [ -z "$rows" ] && return 0
    echo "Still missing after the installation: $(echo "$rows" | names_of)"
    return 1
}

show_missing() { # build|check
    rows=$(missing_rows "$1")
    if [ -z "$rows" ]; then
        echo "Nothing is missing."
        return 0
    fi
    tell_missing "$rows"
    echo "To install them:"
    echo "  $(apt_line "$(echo "$rows" | names_of)")"
    return 1
}

case "${1:-} ${2:-}" in
"missing build" | "missing check") show_missing "$2" ;;
"install build" | "install check") install_missing "$2" ;;
"check-tools ") [ -z "$(missing_rows build)" ] || show_missing build >&2 ;;
*)
    echo "usage: sh tests/setup.sh missing|install build|check, or check-tools" >&2
    exit 2
    ;;
esac
