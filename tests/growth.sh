#!/bin/sh
# Policies with many of one thing are checked in a time that grows as they do: see tests/growth.py.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh

PYTHONDONTWRITEBYTECODE=1 python3 tests/growth.py "$bylaw" "$work"
