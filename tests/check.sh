#!/bin/sh
# Installs what is missing, builds everything, tests everything: `sh tests/check.sh`. The last line is "N passed, N failed".
cd "$(dirname "$0")/.." || exit 1
if ! sh tests/setup.sh install check; then
    echo "FAIL setup: the packages above are needed"
    echo "0 passed, 1 failed"
    exit 1
fi
[ $# -gt 0 ] || echo "Building in four ways and testing everything: some ten minutes on two cores."
exec sh tests/run.sh "$@"
