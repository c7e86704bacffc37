#!/usr/bin/env bash
# All tests, after `./x build`: CTest (unit tests, stores on SQLite and PostgreSQL, house rules), then the browser.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
ctest --test-dir build/release --output-on-failure -j "${MOTCUA_JOBS:-$(nproc)}" || failed=1
node tests/e2e/run.mjs || failed=1
exit $failed
