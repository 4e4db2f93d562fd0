#!/bin/sh
# Builds the Debian packages into build/deb: `make deb`. The same commit gives the same bytes: the time in the packages is that
# of the commit, and the sources are what git has.
set -eu
umask 022
cd "$(dirname "$0")/../.."
into=${1:-build/deb}

version=$(sed -n 's/^.define BYLAW_VERSION "\(.*\)"/\1/p' runtime/bylaw.h)
commit=$(git rev-parse HEAD | cut -c 1-12) # git's own short form has as many digits as the clone needs
SOURCE_DATE_EPOCH=$(git log -1 --no-show-signature --format=%ct)
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
# Nothing of who builds gets in: no variables of make, such as BUILD, no flags, no language.
env -i PATH="$PATH" LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" dpkg-buildpackage -us -uc -b -j2 >../log 2>&1 || {
    tail -n 30 ../log
    exit 1
}
cd ..
rm -rf "bylaw-$version"
ls ./*.deb
