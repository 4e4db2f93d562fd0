#!/bin/sh
# Builds the Debian packages into build/deb: `make deb`. The same commit gives the same bytes: the time in the packages is that
# of the commit, and the sources are what git has.
set -eu
cd "$(dirname "$0")/../.."
into=${1:-build/deb}

version=$(sed -n 's/^.define BYLAW_VERSION "\(.*\)"/\1/p' runtime/bylaw.h)
commit=$(git rev-parse --short HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
rm -rf "$into"
mkdir -p "$into/bylaw-$version"
git archive HEAD | tar -x -C "$into/bylaw-$version"
cd "$into/bylaw-$version"
cp -r docs/debian debian
rm debian/package.sh
chmod +x debian/rules
mkdir debian/source
echo '3.0 (native)' >debian/source/format
cat >debian/changelog <<LOG
bylaw ($version) unstable; urgency=medium

  * As of commit $commit.

 -- The Bylaw authors <maintainers@bylaw.example>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
LOG
LC_ALL=C.UTF-8 dpkg-buildpackage -us -uc -b -j2 >../log 2>&1 || {
    tail -n 30 ../log
    exit 1
}
cd ..
rm -rf "bylaw-$version"
ls ./*.deb
