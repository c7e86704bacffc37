#!/usr/bin/env bash
# The browser through every page of a demonstration town. `--built`: do not install and build before. Other words: parts to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1:-}" = "--built" ]; then
  shift
else
  tools/install.sh build test
  tools/build.sh
fi
exec node tests/e2e/run.mjs "$@"
