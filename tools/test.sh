#!/usr/bin/env bash
# All tests: unit and store tests on SQLite and PostgreSQL (ctest), then the browser. The closing lines say what failed and count both;
# the exit status is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install.sh build test || exit 3
tools/build.sh all || exit 3

results=$PWD/build/release/test-results
rm -rf "$results" && mkdir -p "$results"
GTEST_OUTPUT="xml:$results/" ctest --test-dir build/release --output-on-failure --no-tests=error -j "$(nproc)"
programs=$?
# <testsuites tests="41" failures="0" disabled="0" errors="0" ...
attribute() { sed -n "s/^<testsuites .*\b$1=\"\([0-9]*\)\".*/\1/p" "$results"/*.xml | awk '{ n += $1 } END { print n + 0 }'; }
tests=$(attribute tests)
failed=$(($(attribute failures) + $(attribute errors)))
[ "$programs" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1 # a program that ended early says nothing of its tests

tools/e2e.sh --built | tee "$results/e2e.txt"
# "e2e: 120 checks passed, 0 failed"
checks=$(sed -n 's/^e2e: \([0-9]*\) checks passed.*/\1/p' "$results/e2e.txt")
unheld=$(sed -n 's/^e2e: [0-9]* checks passed, \([0-9]*\) failed/\1/p' "$results/e2e.txt")
checks=${checks:-0} unheld=${unheld:-1}

echo
echo "ctest:   $tests tests, $failed failed"
echo "browser: $((checks + unheld)) checks, $unheld failed"
echo "$((tests - failed + checks)) passed, $((failed + unheld)) failed"
[ "$((failed + unheld))" -eq 0 ]
