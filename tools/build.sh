#!/usr/bin/env bash
# Everything installed and built; leaves build/release/motcua. What follows goes to ninja as targets (default: motcua).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/install.sh
node web/build.mjs
if [ ! -f build/release/build.ninja ]; then
  cmake --preset release -Wno-dev >build-configure.log 2>&1 || { cat build-configure.log >&2; exit 3; }
  rm -f build-configure.log
fi
targets=("$@")
[ ${#targets[@]} -eq 0 ] && targets=(motcua)
ninja -C build/release "${targets[@]}"
