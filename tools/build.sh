#!/usr/bin/env bash
# Installs what is missing, builds styles and scripts, configures and compiles; leaves build/release/motcua.
# What follows goes to ninja as targets (default: motcua).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/install.sh build
node web/build.mjs
tools/configure.sh
targets=("$@")
[ ${#targets[@]} -eq 0 ] && targets=(motcua)
ninja -C build/release "${targets[@]}"
