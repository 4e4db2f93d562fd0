#!/bin/sh
# The library inside other programs: the examples of examples/embedding against an installed tree, the header in several
# languages, what the library asks of its host, and many engines at once in threads.
#
#   sh tests/embedding.sh [--update] [BUILD]    --update writes the expected outputs anew
set -u
cd "$(dirname "$0")/.." || exit 1
update=
if [ "${1:-}" = --update ]; then
    update=1
    shift
fi
. tests/lib.sh

there=$work/tree
prefix=/opt/bylaw
hosts=$work/hosts # a copy: nothing but the installed tree may be needed
cp -r examples/embedding "$hosts"
if ! make_alone install DESTDIR="$there" PREFIX=$prefix >"$work/log" 2>&1; then
    fail "make install" <"$work/log"
    exit 1
fi
lib=$there$prefix/lib
PKG_CONFIG_PATH=$lib/pkgconfig
PKG_CONFIG_SYSROOT_DIR=$there
PYTHONDONTWRITEBYTECODE=1
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR PYTHONDONTWRITEBYTECODE

# ---- the examples ----

builds() { # name, compiler and its words, program, words of pkg-config…: into $hosts/PROGRAM
    name=$1
    cc=$2
    program=$3
    shift 3
    if (cd "$hosts" && eval "$cc -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -o $program $program.c \
        $(pkg-config --cflags --libs "$@")") >"$work/log" 2>&1; then
        return 0
    fi
    fail "$name: it builds" <"$work/log"
    return 1
}

gives() { # name, expected file, input, LD_LIBRARY_PATH, command…
    name=$1
    expected=$2
    input=$3
    path=$4
    shift 4
    (cd "$hosts" && LD_LIBRARY_PATH=$path "$@" <"$input" >"$work/out" 2>&1)
    if [ -n "$update" ]; then
        cp "$work/out" "examples/embedding/$expected"
        return
    fi
    same "$name" "$hosts/$expected" "$work/out"
}

for compiler in gcc clang; do
    if builds "smallest.c, $compiler" "$compiler -std=c11" smallest bylaw; then
        gives "smallest.c, $compiler, shared" smallest.txt /dev/null "$lib" ./smallest
    fi
    if builds "bot.c, $compiler" "$compiler -std=c11" bot bylaw; then
        gives "bot.c, $compiler, shared" answers.txt questions.txt "$lib" ./bot merge.bylaw
    fi
done
for program in smallest bot; do
    builds "$program.c, static" "gcc -std=c11 -static" $program --static bylaw || continue
    case $program in
    smallest) gives "smallest.c, static" smallest.txt /dev/null "" ./smallest ;;
    bot) gives "bot.c, static" answers.txt questions.txt "" ./bot merge.bylaw ;;
    esac
done
gives "bot.py finds the library as the loader does" answers.txt questions.txt "$lib" python3 bot.py merge.bylaw
BYLAW_LIBRARY=$lib/libbylaw.so
export BYLAW_LIBRARY
gives "bot.py finds the library it is told" answers.txt questions.txt "" python3 bot.py merge.bylaw

if [ -n "$update" ]; then
    echo "Now read what changed, line by line: git diff -- examples/embedding"
    exit 0
fi

# What the README shows is what comes.
sed -n 's/^    //p' "$hosts/README.md" | grep -e '^fix-typo: ' -e '^  ' >"$work/shown"
head -n "$(wc -l <"$work/shown")" "$hosts/answers.txt" >"$work/expected"
same "README.md shows the answer that comes" "$work/expected" "$work/shown"

# The bots say what is wrong with a policy, and what a call that cannot be says.
echo 'role member {' >"$hosts/wrong.bylaw"
for bot in "./bot" "python3 bot.py"; do
    # shellcheck disable=SC2086 # a command and its word
    (cd "$hosts" && $bot wrong.bylaw </dev/null >"$work/out" 2>&1)
    echo "exit status $?" >>"$work/out"
    if grep -q '^error\[B' "$work/out" && grep -q '^exit status 1$' "$work/out"; then
        ok "$bot tells what is wrong with its policy"
    else
        fail "$bot tells what is wrong with its policy" <"$work/out"
    fi
done

# Every structure of bylaw.py lies as C lays it: name, field, offset, and its size.
(cd "$hosts" && python3 - >"$work/expected" 2>&1 <<'PYTHON'
import bylaw
import ctypes
names = {"_Text": "text", "_Writer": "writer", "_Limits": "limits", "_CompileOptions": "compile_options",
         "_EngineOptions": "engine_options", "_Question": "question"}
for ours in [of for of in vars(bylaw).values() if isinstance(of, type) and issubclass(of, ctypes.Structure)]:
    for field, _ in ours._fields_:
        print("bylaw_" + names[ours.__name__], field, getattr(ours, field).offset)
    print("bylaw_" + names[ours.__name__], "sizeof", ctypes.sizeof(ours))
PYTHON
)
{
    echo '#include <bylaw.h>'
    echo '#include <stdio.h>'
    echo 'int main(void) {'
    while read -r type field number; do
        case $field in
        sizeof) printf '%s\n' "printf(\"$type sizeof %zu\\n\", sizeof($type));" ;;
        *) printf '%s\n' "printf(\"$type $field %zu\\n\", offsetof($type, $field));" ;;
        esac
    done <"$work/expected"
    echo '}'
} >"$work/offsets.c"
gcc -I"$there$prefix/include" -o "$work/offsets" "$work/offsets.c" >"$work/got" 2>&1 && "$work/offsets" >"$work/got"
same "bylaw.py has the structures of bylaw.h" "$work/expected" "$work/got"

# Structures of another interface may lie otherwise, so bylaw.py does not even begin.
echo 'const char *bylaw_version(void); const char *bylaw_version(void) { return "9.1.0"; }' >"$work/other.c"
gcc -shared -fPIC -o "$work/other.so" "$work/other.c" >"$work/log" 2>&1 || fail "a library of another interface" <"$work/log"
(cd "$hosts" && BYLAW_LIBRARY=$work/other.so python3 -c 'import bylaw') 2>&1 | tail -n 1 >"$work/out"
echo "ImportError: bylaw.py describes libbylaw $(sed -n 's/^.define BYLAW_VERSION "\([0-9]*\)\..*/\1/p' runtime/bylaw.h); there is 9.1.0" >"$work/expected"
same "bylaw.py refuses a library of another interface" "$work/expected" "$work/out"

# ---- the header ----

speaks() { # name, compiler and its words
    echo '#include <bylaw.h>' >"$work/header.c"
    if $2 -Wall -Wextra -Wpedantic -pedantic-errors -Werror -I"$there$prefix/include" -fsyntax-only "$work/header.c" >"$work/log" 2>&1; then
        ok "the header is $1"
    else
        fail "the header is $1" <"$work/log"
    fi
}
for standard in c99 c11 c17; do speaks $standard "gcc -std=$standard"; done
for standard in c++98 c++11 c++20; do speaks $standard "g++ -x c++ -Wno-long-long -std=$standard"; done
speaks "C++ of clang" "clang -x c++ -std=c++17"

# ---- what the library asks of its host ----

# No output, no exit, no file, no clock, no environment. stdin and stdout are named by flex's scanner, which reads neither.
for library in libbylaw libbylaw-run; do
    nm -D --undefined-only "$lib/$library.so" | awk '{ sub(/@.*/, "", $2); print $2 }' |
        grep -v -E '^(_ITM_.*|__cxa_finalize|__gmon_start__|utf8proc_.*|__gmpn_.*|mem[a-z]*|str[a-z]*|std(in|out)|v?snprintf|__v?snprintf_chk|__stack_chk_fail|__errno_location|qsort|realloc|free)$' >"$work/foreign"
    same "$library asks only for texts and memory" /dev/null "$work/foreign"
    size -A "$lib/$library.a" | awk '($1 == ".data" || $1 == ".bss" || $1 ~ /^\.t(data|bss)/) && $2 > 0' >"$work/variables"
    same "$library has no variables" /dev/null "$work/variables"
done
major=$(sed -n 's/^.define BYLAW_VERSION "\([0-9]*\)\..*/\1/p' runtime/bylaw.h)
for library in libbylaw libbylaw-run; do
    nm -D --defined-only "$lib/$library.so" | awk '$2 == "T"' | grep -v "@@BYLAW_$major\$" >"$work/unversioned"
    same "every function of $library has its version" /dev/null "$work/unversioned"
    readelf -d "$lib/$library.so" >"$work/dynamic"
    if grep -q "SONAME.*\[$library.so.$major\]" "$work/dynamic"; then ok "the soname of $library has the version"; else
        fail "the soname of $library has the version" <"$work/dynamic"
    fi
done
python3 -c "
import ctypes
library = ctypes.CDLL('$lib/libbylaw.so')
library.bylaw_version.restype = ctypes.c_char_p
print(library.bylaw_version().decode())" >"$work/out" 2>&1
pkg-config --modversion bylaw >"$work/expected"
same "the library knows its version" "$work/expected" "$work/out"

# ---- threads ----

threads_log=$work/log
if make -j "$jobs" BUILD=build/threads CC=gcc CFLAGS='-O1 -fsanitize=thread' LDFLAGS=-fsanitize=thread build/threads/libbylaw.a >"$threads_log" 2>&1 &&
    gcc -std=c11 -g -Wall -Wextra -Wpedantic -Werror -fsanitize=thread -Iruntime -o "$work/threads" tests/embedding/threads.c \
        build/threads/libbylaw.a -lutf8proc -lgmp -pthread >"$threads_log" 2>&1; then
    TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$work/threads" examples/pytorch/roster.jsonl examples/pytorch/dispute.jsonl \
        examples/pytorch/lead-removal.jsonl examples/pytorch/nomination.jsonl examples/pytorch/uncontroversial.jsonl \
        examples/pytorch/veto.jsonl >"$work/out" 2>&1
    echo "8 threads, the same bytes" >"$work/expected"
    same "many engines at once, with and without one policy" "$work/expected" "$work/out"
else
    fail "the library builds with the thread sanitizer" <"$threads_log"
fi
