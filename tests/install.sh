#!/bin/sh
# What `make install` leaves: a program that runs, libraries that a host links in every way, names of the header only; and
# what `make uninstall` leaves: nothing.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

there=$work/tree
prefix=/opt/bylaw
if make_alone install DESTDIR="$there" PREFIX=$prefix >"$work/log" 2>&1; then
    ok "make install"
else
    fail "make install" <"$work/log"
fi

"$there$prefix/bin/bylaw" --version >"$work/out" 2>&1
sed -n 's/^.define BYLAW_VERSION "\(.*\)"/bylaw \1/p' runtime/bylaw.h >"$work/expected"
same "the installed program runs" "$work/expected" "$work/out"
if "$there$prefix/bin/bylaw" check "$there$prefix"/share/bylaw/stdlib/*.bylaw >"$work/out" 2>&1; then
    ok "the library's policies are there"
else
    fail "the library's policies are there" <"$work/out"
fi

# ---- names ----

header=$(grep -o 'bylaw_[a-z_]*(' runtime/bylaw.h | tr -d '(' | sort -u)
for library in libbylaw libbylaw-run; do
    nm -g --defined-only "$there$prefix/lib/$library.a" | awk 'NF == 3 { print $3 }' | grep -v '^bylaw_' >"$work/foreign"
    nm -D --defined-only "$there$prefix/lib/$library.so" | awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' |
        grep -v '^bylaw_' >>"$work/foreign"
    same "$library has names of the header only" /dev/null "$work/foreign"
done
nm -D --defined-only "$there$prefix/lib/libbylaw.so" | awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/shown"
echo "$header" | comm -3 - "$work/shown" >"$work/differing"
same "libbylaw.so shows what the header declares" /dev/null "$work/differing"

# The header says in one paragraph what the half for compiled policies lacks.
nm -D --defined-only "$there$prefix/lib/libbylaw-run.so" | awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort |
    comm -23 "$work/shown" - >"$work/expected"
awk '/^ \* Two libraries:/ { inside = 1 } /^ \*$/ { inside = 0 } inside' runtime/bylaw.h | grep -o 'bylaw_[a-z_]*' |
    grep -v '^bylaw_policy_load$' | sort >"$work/out"
same "the header says what libbylaw-run lacks" "$work/expected" "$work/out"

# ---- hosts, as pkg-config tells them to build ----

cat >"$work/host.c" <<'HOST'
#include <bylaw.h>
#include <stdio.h>
int main(void)
{
    puts(bylaw_status_text(BYLAW_OK));
    return 0;
}
HOST
echo "all is well" >"$work/expected"
PKG_CONFIG_PATH="$there$prefix/lib/pkgconfig"
PKG_CONFIG_SYSROOT_DIR=$there
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR


host() { # name, compiler and its words, pkg-config's words…
    name=$1
    compiler=$2
    shift 2
    if eval "$compiler -Wall -Wextra -Wpedantic -Werror -o '$work/host' '$work/host.c' $(pkg-config --cflags --libs "$@")" >"$work/log" 2>&1 &&
        LD_LIBRARY_PATH="$there$prefix/lib" "$work/host" >"$work/out" 2>>"$work/log"; then
        same "$name" "$work/expected" "$work/out"
    else
        fail "$name" <"$work/log"
    fi
}
host "a host with the shared library" "gcc -std=c11" bylaw
host "a host with the shared library, in C++" "g++ -x c++" bylaw
# Of two libraries with one name the linker prefers the shared one, so it is told which is meant.
sed -i 's/^Libs: .*/Libs: -L${libdir} -l:libbylaw.a/' "$there$prefix/lib/pkgconfig/bylaw.pc"
host "a host with the static library" "gcc -std=c11" --static bylaw

# ---- and away again ----

# Everybody reads what root installs, whatever root lets others read; what is there already keeps its mode.
mkdir -m 700 "$work/a place"
(umask 077 && make_alone install DESTDIR="$work/a place" PREFIX=$prefix) >"$work/log" 2>&1
find "$work/a place" -mindepth 1 ! -type l ! -perm -444 -o -mindepth 1 -type d ! -perm -755 >"$work/hidden"
find "$work/a place" -maxdepth 0 ! -perm 700 >>"$work/hidden"
if [ -x "$work/a place$prefix/bin/bylaw" ]; then same "all can read what is installed" /dev/null "$work/hidden"; else
    fail "all can read what is installed" <"$work/log"
fi

touch "$there$prefix/share/a-file-of-somebody-else"
make_alone uninstall DESTDIR="$there" PREFIX=$prefix >"$work/log" 2>&1
find "$there" ! -type d >"$work/left"
echo "$there$prefix/share/a-file-of-somebody-else" >"$work/expected"
same "make uninstall leaves nothing of ours" "$work/expected" "$work/left"
find "$there" -depth -type d -name bylaw ! -path "$there$prefix" >"$work/left"
same "make uninstall leaves no folder of ours" /dev/null "$work/left"

# ---- folders of any name; what is not one ----

awkward="$work/it's a place"
make_alone install DESTDIR= PREFIX="$awkward" >"$work/log" 2>&1
"$awkward/bin/bylaw" --version >"$work/out" 2>>"$work/log"
sed -n 's/^.define BYLAW_VERSION "\(.*\)"/bylaw \1/p' runtime/bylaw.h >"$work/expected"
same "a folder may have blanks and quotation marks in its name" "$work/expected" "$work/out"
unset PKG_CONFIG_SYSROOT_DIR
PKG_CONFIG_PATH="$awkward/lib/pkgconfig"
there=$awkward
prefix=
echo "all is well" >"$work/expected"
host "a host finds a library in such a folder" "gcc -std=c11" bylaw
make_alone uninstall DESTDIR= PREFIX="$awkward" >"$work/log" 2>&1
find "$awkward" ! -type d >"$work/left" 2>&1
same "make uninstall leaves nothing in such a folder" /dev/null "$work/left"

# Where make runs is no place for what pkg-config and the loader are to find later.
for folder in PREFIX=tree "PREFIX=~/tree" LIBDIR=lib DATADIR=; do
    make_alone install DESTDIR="$work/nowhere/" "$folder" >"$work/log" 2>&1 && echo "$folder is taken"
    make_alone uninstall DESTDIR="$work/nowhere/" "$folder" >>"$work/log" 2>&1 && echo "$folder is taken"
    grep -q "^${folder%%=*} is a whole path" "$work/log" || cat "$work/log"
done >"$work/out"
find "$work/nowhere" >>"$work/out" 2>/dev/null
same "a folder that depends on where make runs is refused" /dev/null "$work/out"

# ---- over another version ----

# A loader takes the one library that its name leads to, and ldconfig leads it to the highest version: no other one may stay.
others=$work/others
version=$(sed -n 's/^.define BYLAW_VERSION "\(.*\)"/\1/p' runtime/bylaw.h)
major=${version%%.*}
mkdir -p "$others$awkward/lib"
for name in libbylaw libbylaw-run; do
    for version_there in "$major.0.9" "$major.99.0" "9$major.0.0"; do
        echo "version $version_there" >"$others$awkward/lib/$name.so.$version_there"
    done
    ln -s "$name.so.$major.99.0" "$others$awkward/lib/$name.so.$major"
    ln -s "$name.so.$major" "$others$awkward/lib/$name.so"
done
make_alone install DESTDIR="$others" PREFIX="$awkward" >"$work/log" 2>&1
for name in libbylaw libbylaw-run; do
    printf '%s\n' "$name.so" "$name.so.$major" "$name.so.$version" "$name.so.9$major.0.0"
done | sort >"$work/expected"
(cd "$others$awkward/lib" && printf '%s\n' lib*.so*) | sort >"$work/out"
same "another version with the same interface goes, one with another stays" "$work/expected" "$work/out"
readlink -f "$others$awkward/lib/libbylaw.so" >"$work/out"
echo "$(readlink -f "$others$awkward/lib")/libbylaw.so.$version" >"$work/expected"
same "hosts are led to the new version" "$work/expected" "$work/out"
touch "$others$awkward/lib/libbylaw.so.$major.99.0"
make_alone uninstall DESTDIR="$others" PREFIX="$awkward" >"$work/log" 2>&1
find "$others" ! -type d | sort >"$work/out"
printf '%s\n' "$others$awkward/lib/libbylaw.so.9$major.0.0" "$others$awkward/lib/libbylaw-run.so.9$major.0.0" | sort >"$work/expected"
same "make uninstall takes other versions of the interface along" "$work/expected" "$work/out"

# ---- Debian packages ----

# What `make deb` gives to the tool that builds them, whoever calls it: the same sources, times and variables. The tool stands
# in for the real one here, which takes minutes.
mkdir -p "$work/bin" "$work/commit/docs" "$work/commit/runtime"
cat >"$work/bin/dpkg-buildpackage" <<'TOOL'
#!/bin/sh
echo "$*" >../told
env | grep -v -e '^PWD=' -e '^OLDPWD=' -e '^_=' -e '^SHLVL=' | sort >>../told
find . -type f -exec stat -c '%a %n' {} + | sort >>../told
find . -type f -exec sha256sum {} + | sort >>../told
touch ../a.deb
TOOL
chmod +x "$work/bin/dpkg-buildpackage"
cp -r docs/debian "$work/commit/docs"
cp runtime/bylaw.h "$work/commit/runtime"
(
    cd "$work/commit" && git init -q && git add . &&
        git -c user.name=nobody -c user.email=nobody@example.org -c commit.gpgsign=false commit -q -m "a commit"
) >"$work/log" 2>&1 || fail "a commit to build from" <"$work/log"
packed() { # folder, environment…
    into=$1
    shift
    (cd "$work/commit" && env PATH="$work/bin:$PATH" "$@" sh docs/debian/package.sh "$into") >"$work/log" 2>&1
    cat "$into/told" >"$work/out" 2>>"$work/log"
}
packed "$work/plain"
cp "$work/out" "$work/expected"
if grep -q 'debian/rules' "$work/expected"; then ok "make deb builds from the commit"; else fail "make deb builds from the commit" <"$work/log"; fi
(
    umask 077
    git -C "$work/commit" config core.abbrev 30
    packed "$work/elsewhere/and/deeper" BUILD=build/other MAKEFLAGS=" -- BUILD=build/other PREFIX=/opt" CFLAGS=-O0 LANG=tr_TR.UTF-8 \
        LC_ALL=de_DE.UTF-8 TZ=Asia/Kathmandu HOME="$work" DEB_BUILD_OPTIONS=noopt
)
same "make deb builds the same, whoever builds it and wherever" "$work/expected" "$work/out"
