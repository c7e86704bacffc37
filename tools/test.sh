#!/usr/bin/env bash
# All tests: unit and store tests on SQLite and PostgreSQL (ctest), then the browser. The last line counts both.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/build.sh all || exit 3

log=$(mktemp)
trap 'rm -f "$log"' EXIT
ctest --test-dir build/release --output-on-failure --no-tests=error -j "$(nproc)" 2>&1 | tee "$log"
# "98% tests passed, 1 tests failed out of 21"
failed=$(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of.*/\1/p' "$log")
total=$(sed -n 's/.*tests failed out of \([0-9]*\).*/\1/p' "$log")
[ -n "$failed" ] || { failed=1; total=1; }
passed=$((total - failed))

tools/e2e.sh --built 2>&1 | tee "$log"
# "e2e: 120 checks passed, 0 failed"
browser_passed=$(sed -n 's/^e2e: \([0-9]*\) checks passed.*/\1/p' "$log")
browser_failed=$(sed -n 's/^e2e: [0-9]* checks passed, \([0-9]*\) failed/\1/p' "$log")
passed=$((passed + ${browser_passed:-0}))
failed=$((failed + ${browser_failed:-1}))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
