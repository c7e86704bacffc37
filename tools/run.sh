#!/usr/bin/env bash
# Builds and runs the demonstration. What follows goes to `motcua demo`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/build.sh
exec build/release/motcua demo "$@"
