#!/usr/bin/env bash
# kill -9 under imports and HTTP writes, on SQLite and PostgreSQL. What follows goes to tests/kill/kill.mjs (--kills N, --seed S, --only ENGINE).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install.sh build test
tools/build.sh
exec node tests/kill/kill.mjs "$@"
