#!/usr/bin/env bash
# Makes build/release (CMake's preset `release`) once; ninja repeats it by itself when CMake's files change. What follows goes to cmake.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ $# -eq 0 ] && [ -f build/release/build.ninja ]; then exit 0; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --preset release -Wno-dev "$@" >"$log" 2>&1 || {
  cat "$log" >&2
  exit 3
}
